"""What the draws of a study say to its reader: ranges, risks, cover by year, cash by month, and how sure each is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from pope_foncier.decision.commune.accords import plafond_de_la_contribution
from pope_foncier.decision.commune.cout import tout_compris, tout_compris_par_an
from pope_foncier.decision.doute.etude_tiree import EtudeTiree, tirer_l_etude
from pope_foncier.decision.doute.evenements import cle
from pope_foncier.decision.doute.mesures import Probabilite, Quantile, probabilite, quantile
from pope_foncier.decision.doute.reglages import EVOLUTION, Reglages, lire_regles, reglages
from pope_foncier.etude.bouclage import boucler
from pope_foncier.etude.controles import lire_controles
from pope_foncier.etude.evaluation import Evaluation
from pope_foncier.etude.fiche import Etude
from pope_foncier.etude.fiche_doute import Seuils
from pope_foncier.etude.lecteur import Lecteur
from pope_foncier.etude.moteur import Moteur
from pope_foncier.etude.sans_place import dit_le_lieu, raison_sans_place
from pope_foncier.etude.scenarios import BASE, Dossier
from pope_foncier.etude.service_dette import couverture_annuelle
from pope_foncier.etude.tirages import FILS, TAILLE_BLOC
from pope_foncier.modele.declaration import Declaration, declaration_de
from pope_foncier.modele.livre import TOLERANCE
from pope_foncier.socle.grandeur import Grandeur, Tableau
from pope_foncier.socle.nombres import formater, formater_nombre
from pope_foncier.socle.temps import date_en_clair, mois_entre

PARTS = (0.05, 0.10, 0.50, 0.90, 0.95)
"""Percentiles that are told."""
TRESORERIE, COUVERTURE = "tresorerie", "couverture_annuelle"
"""Names of what is kept by month and by year."""
COUT_COMMUNE, COUT_COMMUNE_PAR_AN = "cout_commune", "cout_commune_par_an"
"""Names of what the commune would pay with all that is to be found, by year of opening, by place and in all."""
_DU_PLAN = ("a_trouver", "cout_total", "places", "ouverture")
_DU_COMPTE = (
    COUT_COMMUNE,
    "contribution_par_place",
    "couverture_minimale",
    "tresorerie.point_bas",
    "tresorerie_manquante",
)
_CALCULES: Mapping[str, Callable[[Evaluation], Grandeur]] = {
    COUT_COMMUNE: tout_compris,
    COUT_COMMUNE_PAR_AN: tout_compris_par_an,
}
"""Figures that no code of the reader names."""
_CLASSES = 40
"""Bars of a histogram."""


@dataclass(frozen=True, slots=True)
class Fourchette:
    """Range of a figure.

    Attributes:
        centrale: value of the deterministic study; NaN when it has none.
        quantiles: by share of the draws.
    """

    nom: str
    libelle: str
    unite: str
    centrale: float
    quantiles: Mapping[float, Quantile]
    indefinis: int

    @property
    def est_etalee(self) -> bool:
        """Whether the figure differs from draw to draw, eight times in ten."""
        return self.quantiles[0.90].valeur > self.quantiles[0.10].valeur


@dataclass(frozen=True, slots=True)
class Risque:
    """Something that may go wrong, in words, and how often it does in the draws."""

    nom: str
    phrase: str
    probabilite: Probabilite


@dataclass(frozen=True, slots=True)
class BilanDIssue:
    """Branch of an event in the draws.

    Attributes:
        chance: what the study says of it.
        arrive: how often it came.
        perdu: what is lost where it ends the project, at 10, 50 and 90 %; None when it does not end it.
    """

    evenement: str
    issue: str
    chance: float
    arrive: Probabilite
    perdu: tuple[Quantile, Quantile, Quantile] | None


@dataclass(frozen=True, slots=True)
class Bandes:
    """Percentiles of a series, month by month or year by year.

    Attributes:
        rangs: months (or years) told.
        bandes: by share of the draws, shape (M,).
        centrale: the deterministic study, shape (M,).
        indefinis: draws without a value, by month (or year).
    """

    rangs: Tableau
    bandes: Mapping[float, Tableau]
    centrale: Tableau
    indefinis: Tableau

    def la_plupart(self, nombre: int) -> Bandes:
        """The months (or years) in which half of the draws, or more, have a value."""
        dits = self.indefinis <= nombre / 2
        return Bandes(
            self.rangs[dits], {p: v[dits] for p, v in self.bandes.items()}, self.centrale[dits], self.indefinis[dits]
        )


@dataclass(frozen=True, slots=True)
class Histogramme:
    """How often a figure falls between two values; the ends gather what lies beyond the first and the last hundredth."""

    fourchette: Fourchette
    bords: Tableau
    effectifs: Tableau
    seuils: Mapping[str, float]


@dataclass(frozen=True)
class LectureDuDoute:
    """Draws of one study, as its reader asks for them.

    Attributes:
        ev: deterministic study, its plan closed.
    """

    etude: Etude
    ev: Evaluation
    tiree: EtudeTiree

    @property
    def seuils(self) -> Seuils:
        """Thresholds that the partners name; by default the cover of the controls, and what the commune says it accepts."""
        dits = self.etude.doute.seuils if self.etude.doute else Seuils()
        contribution = plafond_de_la_contribution(self.etude)
        defauts: dict[str, float | None] = {"couverture": lire_controles().ratios["couverture_minimale"].seuil}
        if contribution.est_dit:
            defauts["contribution_par_place"] = contribution.valeur
        return dits.model_copy(update={nom: v for nom, v in defauts.items() if getattr(dits, nom) is None})

    @cached_property
    def _lecteur(self) -> Lecteur:
        return Lecteur(self.ev)

    def fourchette(self, nom: str) -> Fourchette:
        """Range of a figure that was drawn."""
        if nom in _CALCULES:
            grandeur = _CALCULES[nom](self.ev)
            centrale = grandeur.au_point(0)
        else:
            code = self._lecteur.code(nom)
            grandeur, centrale = self._lecteur.grandeur(code), float(self._lecteur.valeurs(code)[0])
            if raison_sans_place(self.ev) and not dit_le_lieu(self.ev.livre, code):
                centrale = float("nan")  # nothing opens: no figure stands for a project
        return Fourchette(
            nom,
            grandeur.nom,
            grandeur.unite,
            centrale,
            {part: self.tiree.quantile(nom, part) for part in PARTS},
            self.tiree.indefinis[nom],
        )

    @property
    def fourchettes(self) -> list[Fourchette]:
        """Range of every figure that was drawn."""
        return [self.fourchette(nom) for nom in self.tiree.chiffres]

    @cached_property
    def risques(self) -> list[Risque]:
        """What may go wrong, against the thresholds that somebody named."""
        seuils, lus = self.seuils, list[Risque]()
        if self.tiree.reglages.evenements and self.tiree.abandonnes.any():
            lus.append(Risque("abandon", "le projet s'arrête avant d'être fait", self.tiree.abandon))
        for nom, phrase, seuil, sous in (
            (
                "couverture_minimale",
                "une année au moins, l'exploitation ne paie pas la dette (couverture sous 1)",
                1.0,
                True,
            ),
            (
                "couverture_minimale",
                f"la couverture de la dette passe sous {_ratio(seuils.couverture)}, son seuil",
                seuils.couverture,
                True,
            ),
            ("tresorerie_manquante", "la trésorerie passe sous zéro, si personne ne la renfloue", TOLERANCE, False),
            (
                "contribution_par_place",
                f"la contribution annuelle de la commune dépasse {_dit(seuils.contribution_par_place, '€/place/an')}, son plafond",
                seuils.contribution_par_place,
                False,
            ),
            (
                COUT_COMMUNE,
                f"la commune dépasse {_dit(seuils.cout_par_place, '€/place/an')}, le plafond de ce que le lieu lui coûte, si elle apporte aussi "
                "tout ce qui est à trouver",
                seuils.cout_par_place,
                False,
            ),
        ):
            if seuil is not None and nom in self.tiree.chiffres:
                lus.append(Risque(nom, phrase, self.tiree.probabilite(nom, seuil, sous=sous)))
        if seuils.ouverture_au_plus_tard is not None and "ouverture" in self.tiree.chiffres:
            rang = mois_entre(self.etude.date_depart, seuils.ouverture_au_plus_tard)
            phrase = f"le lieu ouvre après le {date_en_clair(seuils.ouverture_au_plus_tard)}"
            lus.append(Risque("ouverture", phrase, self.tiree.probabilite("ouverture", float(rang), sous=False)))
        return lus

    @property
    def issues(self) -> list[BilanDIssue]:
        """Branches of every event."""
        lus = []
        for evenement in self.tiree.reglages.evenements:
            for rang, issue in enumerate(evenement.issues, start=1):
                ici = self.tiree.evenements[evenement.id] == rang
                arrive = probabilite(ici, np.zeros(len(ici), dtype=bool))
                perdu = None
                if issue.abandon is not None:
                    valeurs = self.tiree.perdu[ici]
                    perdu = (quantile(valeurs, 0.10), quantile(valeurs, 0.50), quantile(valeurs, 0.90))
                lus.append(BilanDIssue(evenement.libelle, issue.libelle, issue.chance, arrive, perdu))
        return lus

    @property
    def perdu(self) -> Quantile | None:
        """Median of what is lost where the project ends before it is done; None when it never does."""
        valeurs = self.tiree.perdu[self.tiree.abandonnes]
        return quantile(valeurs, 0.50) if len(valeurs) else None

    @property
    def a_une_dette(self) -> bool:
        """Whether the cover of the debt was followed and exists in some draw."""
        return COUVERTURE in self.tiree.entieres and not np.isnan(self.tiree.entieres[COUVERTURE]).all()

    def declaration(self, champ: str) -> Declaration:
        """Label and unit of what was drawn or held."""
        if champ.startswith(EVOLUTION):
            chemin = self.ev.ctx.evolutions.chemins[champ.removeprefix(EVOLUTION)]
            quoi = "Niveau" if chemin.genre == "niveau" else "Évolution"
            return Declaration(
                f"{quoi} {chemin.libelle}, par an" if quoi == "Évolution" else f"{quoi} {chemin.libelle}", "%"
            )
        for evenement in self.tiree.reglages.evenements:
            if champ == cle(evenement):
                return Declaration(evenement.libelle, "")
        return declaration_de(self.etude, champ)

    @property
    def premier_risque(self) -> Risque | None:
        """The most likely of what may go wrong once the project is done, to the hundredth, the first told when several are; None when nothing does."""
        arrives = (r for r in self.risques if r.probabilite.valeur > 0 and r.nom != "abandon")
        return max(arrives, key=lambda r: round(r.probabilite.valeur, 2), default=None)

    @property
    def risques_muets(self) -> int:
        """Risks that no draw tells, once the project is done: without object, or something is unknown."""
        lus = [r.probabilite for r in self.risques if r.nom != "abandon"]
        return sum(p.indefinis == p.tirages for p in lus)

    @property
    def est_muette(self) -> bool:
        """Whether no draw tells any risk."""
        return self.risques_muets == len([r for r in self.risques if r.nom != "abandon"])

    def tresorerie(self) -> Bandes:
        """Cash of the project owner by month."""
        return self._bandes(TRESORERIE, _caisse(self.ev))

    def couvertures(self) -> Bandes:
        """Cover of the debt by calendar year."""
        return self._bandes(COUVERTURE, couverture_annuelle(self.ev), np.array(self.ev.ctx.echelle.annees, dtype=float))

    def _bandes(self, nom: str, centrale: Grandeur, rangs: Tableau | None = None) -> Bandes:
        faits = self.tiree.faits(nom)
        dits = ~np.isnan(faits).all(axis=0) if len(faits) else np.ones(faits.shape[1], dtype=bool)
        lues = _percentiles(faits[:, dits])
        lus = np.arange(faits.shape[1], dtype=float) if rangs is None else rangs
        muets = np.isnan(faits[:, dits]).sum(axis=0).astype(float)
        return Bandes(lus[dits], dict(zip(PARTS, lues, strict=True)), np.ravel(centrale.valeur)[dits], muets)

    def histogramme(self, nom: str) -> Histogramme:
        """How often a figure falls between two values, with the thresholds that bear on it."""
        connues = self.tiree.faits(nom)
        connues = connues[~np.isnan(connues)]
        bas, haut = np.quantile(connues, [0.01, 0.99]) if len(connues) else (0.0, 1.0)
        bords = np.linspace(bas, haut if haut > bas else bas + 1.0, _CLASSES + 1)
        effectifs, _ = np.histogram(np.clip(connues, bords[0], bords[-1]), bords)
        return Histogramme(self.fourchette(nom), bords, effectifs.astype(float), self._seuils_de(nom))

    def _seuils_de(self, nom: str) -> dict[str, float]:
        seuils = self.seuils
        dits = {
            "couverture_minimale": {"la dette est payée": 1.0, "seuil de la couverture": seuils.couverture},
            "contribution_par_place": {"plafond de la commune": seuils.contribution_par_place},
            COUT_COMMUNE: {"plafond de ce que le lieu coûte à la commune": seuils.cout_par_place},
        }.get(nom, {})
        return {mots: valeur for mots, valeur in dits.items() if valeur is not None}

    def convergence(self) -> list[tuple[int, list[Probabilite]]]:
        """Each risk read on the first draws, then on more of them, up to all."""
        etapes = sorted({max(self.tiree.nombre // n, 1) for n in (64, 16, 4, 1)})
        return [(n, [r.probabilite for r in self.sur(n).risques]) for n in etapes]

    def sur(self, nombre: int) -> LectureDuDoute:
        """Same reading of the first draws alone."""
        return LectureDuDoute(self.etude, self.ev, self.tiree.premiers(nombre))


def douter(
    dossier: Dossier,
    moteur: Moteur,
    regles: Reglages | None = None,
    noms: Sequence[str] | None = None,
    suivies: bool = True,
    taille: int = TAILLE_BLOC,
    fils: int = FILS,
) -> LectureDuDoute:
    """Draw the base study of a file and read what its partners ask, its plan closed in each draw.

    Args:
        regles: what is drawn and how; by default, what the study says of its doubt.
        noms: figures wanted; by default those of the plan, and of the account when the study has one.
        suivies: whether the cash is kept by month and the cover by year.
        taille, fils: draws of a block, threads that share the blocks; the figures depend on neither.

    Raises:
        ErreurCalcul: nothing to draw, or a study that does not close.
    """
    etude = dossier.etude
    exploite = etude.exploitation is not None
    voulus = tuple(noms or (*_DU_PLAN, *(_DU_COMPTE if exploite else ())))
    entieres = {TRESORERIE: _caisse, **({COUVERTURE: couverture_annuelle} if exploite else {})} if suivies else {}
    entieres |= {nom: _CALCULES[nom] for nom in voulus if nom in _CALCULES}
    ev = boucler(moteur.reprendre(moteur.contexte(dossier), [BASE]))
    codes = [nom for nom in voulus if nom not in _CALCULES]
    return LectureDuDoute(
        etude, ev, tirer_l_etude(dossier, moteur, codes, regles, entieres=entieres, taille=taille, fils=fils)
    )


_PETIT_BLOC = 256
"""Draws of a block of few draws: a study whose rewritten operations do not hold keeps all the months of each in memory."""


def douter_en_bref(dossier: Dossier, moteur: Moteur, noms: Sequence[str]) -> LectureDuDoute:
    """Some figures of a study on few draws, evenly spread: what a page made at once shows. Made once for who asks of the same study again.

    Raises:
        ErreurCalcul: nothing to draw, or a study that does not close.
    """
    seule = replace(dossier, variantes={BASE: dossier.etude})
    regles = replace(reglages(dossier.etude, moteur), tirages=lire_regles().tirages_atelier, methode="hypercube")
    return moteur.une_fois(
        "doute en bref",
        seule,
        lambda: douter(seule, moteur, regles, noms, suivies=False, taille=_PETIT_BLOC, fils=1),
        (tuple(noms), regles),
    )


def _caisse(ev: Evaluation) -> Grandeur:
    """Cash of the project owner by month."""
    return ev.livre[f"tresorerie.cumul.{ev.ctx.etude.acteurs.nom_maitre_ouvrage}"]


def _percentiles(valeurs: Tableau) -> Tableau:
    """Percentiles of each column, its draws without a value left out, shape (parts, M)."""
    if not np.isnan(valeurs).any():
        return np.quantile(valeurs, PARTS, axis=0)
    colonnes = [c[~np.isnan(c)] for c in valeurs.T]
    return np.array([np.quantile(c, PARTS) if len(c) else np.full(len(PARTS), np.nan) for c in colonnes]).T


def _ratio(valeur: float | None) -> str:
    return "" if valeur is None else formater_nombre(valeur, 2)


def _dit(valeur: float | None, unite: str = "") -> str:
    return "" if valeur is None else formater(valeur, unite)
