"""Application of the lender: a stack of loans and grants, its schedules, treasury and ratios, one-word stresses, structures kept."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import ipywidgets as w

from pope_foncier.analyse.resultats import Vue
from pope_foncier.projet.etude import Etude
from pope_foncier.projet.financement import Pret
from pope_foncier.socle.erreurs import ErreurPope
from pope_foncier.vues import tableaux, tableaux_financement
from pope_foncier.vues.ateliers import champs, dessins, epreuves, lecture, textes
from pope_foncier.vues.ateliers.commune import etude_de_l_atelier
from pope_foncier.vues.ateliers.modele import Modele, Plats, donnee
from pope_foncier.vues.ateliers.panneau import Panneau, journal_de
from pope_foncier.vues.ateliers.regles import LevierAtelier
from pope_foncier.vues.journal import Journal

AJOUTES = ("ajoute_1", "ajoute_2")
SANS = "Sans épreuve"
GARDEES_MAX = 3


class AtelierFinanceur:
    """Application of the lender."""

    nom = "financeur"

    def __init__(self, modele: Modele, journal: Journal) -> None:
        self.modele = modele
        self.curseurs: dict[str, champs.Curseur] = {}
        self.departs: dict[str, int | None] = {}
        etude = modele.dossier.etude
        pile: list[w.Widget] = [w.HTML("<h2>Prêts</h2>")]
        for pret in etude.prets:
            pile += self._pret(pret.id, pret.libelle, pret)
        for rang, cle in enumerate(AJOUTES, 1):
            pile += self._pret(cle, f"Prêt ajouté {rang}", None)
        pile.append(w.HTML("<h2>Aides</h2>"))
        self.aides = [a for a in etude.aides if a.statut != "non_demandee"]
        for aide in self.aides:
            levier = self._levier("part_aide", f"{aide.libelle}, part obtenue")
            pile.append(self._curseur(f"aide.{aide.id}", levier, round(aide.coefficient / levier.facteur)))
        mots = [SANS, *(e.mot for e in modele.regles.epreuves)]
        self.epreuve = w.ToggleButtons(options=mots, value=SANS, description="Épreuve montrée")
        self.epreuve.style.description_width = "initial"
        self.epreuve.observe(lambda _: self._montrer_epreuve(), "value")
        self.avis, self.image, self.courbe, self.compare = w.HTML(), w.HTML(), w.HTML(), w.HTML()
        self.detail, self.gardees_html = w.HTML(), w.HTML()
        self.trace = dessins.Courbes("Trésorerie cumulée de celui qui conduit les travaux, milliers d'euros")
        self.gardees: dict[str, Vue] = {}
        self.vues: dict[str, Vue] = {}
        self.sans_effet: list[str] = []
        self._tracee: Vue | None = None
        self.reste = champs.Apres(self._eprouver)
        self._calculer()
        self._eprouver()
        self.panneau = Panneau(modele, journal, self)
        garder = champs.bouton("Garder cette structure pour comparer", self.garder)
        gauche = w.VBox([*pile, self.avis], layout=w.Layout(flex="1 1 330px"))
        droite = w.VBox(
            [self.epreuve, self.courbe, self.compare, garder, self.gardees_html, self.image, self.detail],
            layout=w.Layout(flex="3 1 640px", min_width="0"),
        )
        self.boite = champs.encadrer(
            champs.titre(f"Financeur : {etude.titre}", etude.question),
            w.HBox([gauche, droite], layout=w.Layout(flex_flow="row wrap", grid_gap="18px")),
            self.panneau.boite,
        )

    def _levier(self, nom: str, libelle: str) -> LevierAtelier:
        return self.modele.regles.levier(nom).model_copy(update={"libelle": libelle})

    def _curseur(self, cle: str, levier: LevierAtelier, valeur: int | None) -> w.Widget:
        self.departs[cle] = valeur
        self.curseurs[cle] = champs.Curseur(levier, valeur, self._bouge)
        return self.curseurs[cle].boite

    def _pret(self, cle: str, libelle: str, pret: Pret | None) -> list[w.Widget]:
        """Levers of a loan of the study, or of one that may be added."""
        regle = self.modele.regles.pret_ajoute
        morceaux: list[w.Widget] = []
        for nom, champ, defaut in (
            ("montant_pret", "montant", 0.0),
            ("taux", "taux", regle.taux),
            ("duree_pret", "duree_mois", regle.duree_mois),
            ("differe_pret", "differe_mois", 0),
        ):
            quoi = {"taux": "taux"}.get(nom, self.modele.regles.levier(nom).libelle.lower())
            lu = champ
            if pret is not None and champ == "taux" and pret.taux is None:
                lu, quoi = "indexation.marge", "marge sur l'indice"
            levier = self._levier(nom, f"{libelle}, {quoi}")
            valeur = defaut if pret is None else epreuves.lire_entree(self.modele.base, f"prets[{pret.id}].{lu}")
            entier = None if math.isnan(valeur) else round(valeur / levier.facteur)
            morceaux.append(self._curseur(f"pret.{cle}.{lu}", levier, entier))
        return morceaux

    def etude_affichee(self) -> Etude:
        """Study with the stack on the screen."""
        etude = self.modele.dossier.etude
        surcharges: dict[str, Any] = {}
        for cle, curseur in self.curseurs.items():
            genre, ident, *champ = cle.split(".")
            if curseur.valeur is None or curseur.valeur == self.departs[cle] or ident in AJOUTES:
                continue
            valeur = curseur.valeur * curseur.levier.facteur
            if genre == "aide":
                surcharges[f"aides[{ident}].coefficient"] = round(valeur, 9)
            else:
                surcharges[f"prets[{ident}].{'.'.join(champ)}"] = donnee(valeur)
        variee = self.modele.varier(etude, surcharges)
        ajoutes = [p for p in map(self._ajoute, AJOUTES) if p is not None]
        if not ajoutes:
            return variee
        prets = [p.model_dump(exclude_defaults=True) for p in variee.prets]
        return self.modele.varier(variee, {"prets": [*prets, *ajoutes]})

    def _ajoute(self, cle: str) -> dict[str, Any] | None:
        lus = {}
        for champ in ("montant", "taux", "duree_mois", "differe_mois"):
            curseur = self.curseurs[f"pret.{cle}.{champ}"]
            lus[champ] = (curseur.valeur or 0) * curseur.levier.facteur
        if not lus["montant"]:
            return None
        acteurs = self.modele.dossier.etude.acteurs
        return {
            "id": cle,
            "libelle": f"Prêt {cle.replace('_', ' ')}",
            "preteur": self.modele.regles.pret_ajoute.preteur,
            "emprunteur": acteurs.maitre_ouvrage,
            "profil": "annuite_constante",
            **{champ: donnee(valeur) for champ, valeur in lus.items()},
        }

    def reglages_affiches(self) -> Plats:
        """Levers moved, in plain form."""
        return {
            cle: c.valeur for cle, c in self.curseurs.items() if c.valeur is not None and c.valeur != self.departs[cle]
        }

    def remettre(self, reglages: Plats) -> None:
        """Put levers back on the screen."""
        inconnus = set(reglages) - set(self.curseurs)
        if inconnus:
            raise KeyError(", ".join(sorted(inconnus)))
        for cle, curseur in self.curseurs.items():
            curseur.poser(int(reglages[cle]) if cle in reglages else self.departs[cle])
        self._bouge()

    def garder(self) -> None:
        """Keep the structure on the screen beside the next ones; the oldest leaves."""
        self.gardees[f"Structure {len(self.gardees) + 1}"] = self.vues[SANS]
        if len(self.gardees) > GARDEES_MAX:
            self.gardees = {
                f"Structure {rang}": v for rang, v in enumerate(list(self.gardees.values())[-GARDEES_MAX:], 1)
            }
        self.gardees_html.value = textes.tables(epreuves.comparer("Structures gardées", self.gardees))

    def _bouge(self) -> None:
        try:
            self._calculer()
        except ErreurPope as erreur:
            self.avis.value = textes.message(str(erreur), bon=False)

    def _calculer(self) -> None:
        """Compute and draw: the curve first, because the eye waits for it, then the stresses and the tables."""
        etude = self.etude_affichee()
        seule = self.modele.voir(etude)
        self.avis.value = ""
        if self.epreuve.value == SANS:
            self._tracer(seule, SANS)
        self.vues = {SANS: seule}
        self.reste.demander()

    def _eprouver(self) -> None:
        """Stresses and tables of the stack on the screen."""
        seule = self.vues[SANS]
        try:
            etudes, self.sans_effet = epreuves.etudes_eprouvees(
                seule.ev.ctx.etude, seule, self.modele.regles.epreuves, self.modele.varier
            )
            self.vues = {SANS: seule, **(self.modele.voir_tous(etudes) if etudes else {})}
        except ErreurPope as erreur:
            self.avis.value = textes.message(str(erreur), bon=False)
        self._dessiner()

    def _tracer(self, vue: Vue, mot: str) -> None:
        self._tracee = vue
        x, y, nom, phrase = dessins.tresorerie(vue)
        if mot in self.sans_effet:
            phrase += f" L'épreuve « {mot} » n'a rien sur quoi agir dans cette pile."
        self.courbe.value = textes.image(self.trace.montrer(x, y, nom), phrase, lecture.source(vue))

    def _montrer_epreuve(self) -> None:
        self._tracee = None
        self._dessiner()

    def _dessiner(self) -> None:
        mot = str(self.epreuve.value)
        vue = self.vues.get(mot, self.vues[SANS])
        if vue is not self._tracee:
            self._tracer(vue, mot)
        note = " ; ".join(f"{e.mot} : {e.libelle}" for e in self.modele.regles.epreuves)
        note += f". Sans effet ici : {', '.join(self.sans_effet)}." if self.sans_effet else "."
        self.compare.value = textes.tables(epreuves.comparer("Épreuves d'un mot", self.vues, note))
        montrees = {SANS: self.vues[SANS], mot: vue}
        reste = vue.indicateurs["reste_a_financer"].lire(vue.rang)
        dessin = dessins.colonnes(list(montrees), [dessins.parts_des_ressources(v) for v in montrees.values()])
        self.image.value = textes.image(
            dessins.svg(dessin), f"Ressources du plan ; reste à financer : {reste}.", lecture.source(vue)
        )
        self.detail.value = textes.tables(
            tableaux.ratios(vue),
            tableaux_financement.plan_de_financement(vue),
            tableaux_financement.echeancier(vue),
            tableaux_financement.tresorerie(vue),
        )


def application(fichier: Path | str | None = None, journal: Journal | None = None) -> w.VBox:
    """Application of the lender, ready to show in JupyterLab or Voilà."""
    modele = Modele.ouvrir(fichier or etude_de_l_atelier())
    return AtelierFinanceur(modele, journal or journal_de(modele.dossier.nom)).boite
