"""Result of a study under one reading of its plan: figures, series, tables, ratios, pictures."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, partial
from typing import TYPE_CHECKING

import numpy as np

from pope_foncier.decision.assise_du_pret import PretADimensionner
from pope_foncier.decision.epreuves import eprouver, eprouver_ensemble
from pope_foncier.decision.taille_du_pret import plafond_du_produit
from pope_foncier.etude import lectures
from pope_foncier.etude.controles import STATUT_EN_CLAIR
from pope_foncier.etude.lecteur import BOUCLE, EN_CLAIR, TEL_QUEL, Lecteur, Lecture, principaux, rang_du_mois
from pope_foncier.etude.pret_lu import emprunt_de
from pope_foncier.etude.resultats import Vue
from pope_foncier.etude.sans_place import AUCUNE_PLACE, dit_le_lieu
from pope_foncier.porte import tableaux
from pope_foncier.porte.attendu import donnee_par, refus, verifie
from pope_foncier.porte.chiffre import Chiffre
from pope_foncier.porte.images import dessiner, image_nommee
from pope_foncier.porte.pentes import PentesDUnResultat
from pope_foncier.porte.pret import Pret, vars_de
from pope_foncier.porte.refus import Indetermine
from pope_foncier.porte.taille import Dimensionnement, dimensionner_sur
from pope_foncier.porte.textes import Texte, en_html
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.grandeur import Grandeur
from pope_foncier.socle.nombres import euros, formater_nombre
from pope_foncier.socle.refus import NomsProches
from pope_foncier.vues.decision import tableaux_epreuves
from pope_foncier.vues.formes import lectures as mots
from pope_foncier.vues.formes.explication import arbre

if TYPE_CHECKING:
    import pandas as pd

    from pope_foncier.vues.formes.figures import Axes


@donnee_par('pf.ouvrir("gare_saint_denis").calculer()')
@dataclass(frozen=True, repr=False)
class Resultat(NomsProches):
    """Result of a study, under one reading of its plan.

    ``tel_quel`` is the plan as it stands: declared resources and what they lack; a figure that closing would change has no value
    there. ``boucle`` is the plan closed by those that the study names; what they leave is « à trouver », promised by nobody.

    >>> import pope_foncier as pf
    >>> resultat = pf.ouvrir("gare_saint_denis").calculer()
    >>> resultat["ressources.piaje"].unite
    '€'
    >>> resultat.serie("tresorerie.cumul").index[0]
    Period('2027-01', 'M')
    >>> sorted(resultat.tableaux)[:3]
    ['aides', 'commune', 'compte']
    >>> resultat.tel_quel.lecture
    'plan tel quel'
    """

    nom: str
    scenario: str
    _ouverte: Vue
    _lecture: Lecture = BOUCLE
    _freres: Callable[[], Mapping[str, Vue]] = field(default=dict, compare=False)
    """All the scenarios of the study, computed when asked for."""
    retouches: tuple[str, ...] = ()
    """Changes made to the study since its file, in words."""

    @property
    def lecture(self) -> str:
        """Reading of the plan: « plan bouclé » or « plan tel quel »."""
        return EN_CLAIR[self._lecture]

    @property
    def boucle(self) -> Resultat:
        """The same result on the closed plan."""
        return Resultat(self.nom, self.scenario, self._ouverte, BOUCLE, self._freres, self.retouches)

    @property
    def tel_quel(self) -> Resultat:
        """The same result on the plan as it stands."""
        return Resultat(self.nom, self.scenario, self._ouverte, TEL_QUEL, self._freres, self.retouches)

    @property
    def _vue(self) -> Vue:
        return self._ouverte.bouclee if self._lecture == BOUCLE else self._ouverte

    @cached_property
    def _lecteur(self) -> Lecteur:
        return Lecteur(self._vue.ev)

    @cached_property
    def _lecteur_boucle(self) -> Lecteur:
        return Lecteur(self._ouverte.bouclee.ev)

    # --- figures ----------------------------------------------------------------------------------------------
    @verifie
    def __getitem__(self, code: str) -> Chiffre:
        """Figure by its code: a line of the ledger, a key figure or a ratio.

        Raises:
            Inconnu: no such figure (a ``KeyError`` too); the near ones are offered.
        """
        if code not in self._vue.ev.livre.lignes and code in self._ouverte.bouclee.ev.livre.lignes:
            ligne = self._ouverte.bouclee.ev.livre[code]
            motif = "absent du plan tel quel, à lire sur le plan bouclé"
            return Chiffre(code, ligne.nom, np.nan, ligne.unite, self.lecture, motif, "", arbre(self._vue, code))
        entier = self._lecteur.code(code)
        grandeur, motif = self._lecteur.grandeur(entier), self._motif(entier)
        rang = self._vue.rang
        valeurs = self._lecteur.valeurs(entier)
        valeur = float("nan") if motif else float(valeurs[rang if len(valeurs) > 1 else 0])
        ratio = self._lecteur.ratios[entier] if entier.startswith("ratios.") else None
        explication = self._expliquer(entier, grandeur, motif)
        if not motif and np.isnan(valeur):
            manques = ", ".join(sorted(grandeur.manques))
            motif = (ratio and ratio.motif(rang)) or (f"il manque {manques}" if manques else "rien à rapporter")
        statut = STATUT_EN_CLAIR["indetermine" if motif else ratio.statut(rang)] if ratio else ""
        compte = str if motif else partial(self._pentes.ce_qui_compte, entier)
        return Chiffre(entier, grandeur.nom, valeur, grandeur.unite, self.lecture, motif, statut, explication, compte)

    @verifie
    def pentes(self, code: str, mois: str | date | None = None, baremes: bool = False) -> pd.DataFrame:
        """What each input changes in a figure, the plan being closed again: one row an input, the heaviest first.

        Effect of one more unit (a point for a percentage) and of 1 %, between the steps of the input; ``poids`` is half of what the figure
        moves by over the interval of the study, else over ten per cent more or less (``selon``); ``marche`` is the next step above and
        below of an input that acts by steps. The unit of the effects is in ``attrs``.

        Args:
            mois: month to read; by default the total of a flow, or the last balance of a stock.
            baremes: what the law sets, instead of the inputs of the study and of its paths.

        Raises:
            Inconnu: no such figure.
            Indetermine: a figure without value under this reading, or unknown, and what is missing. An unknown input whose sheet states an
                interval is read at its middle, which ``attrs`` says.

        >>> import pope_foncier as pf
        >>> pentes = pf.ouvrir("gare_saint_denis").calculer().pentes("cout_total")
        >>> round(pentes.loc["travaux.cout_m2_ht", "effet_unite"], 1)
        260.4
        """
        entier = self._lecteur.code(code)
        rang = None if mois is None else rang_du_mois(self._vue.ev.ctx.echelle, mois)
        if motif := self._motif(entier):
            raise Indetermine(f"« {code} » n'a pas de valeur, donc pas de pente : {motif}.")
        return self._pentes.de(entier, rang).cadre(baremes)

    @cached_property
    def _pentes(self) -> PentesDUnResultat:
        return PentesDUnResultat(self._ouverte, self._lecture)

    @verifie
    def expliquer(self, code: str, mois: str | date | None = None) -> Texte:
        """How a figure is computed, in French; any month of a line: ``resultat.expliquer("emprunts.banque.interets", "2030-05")``.

        Args:
            mois: month to explain; by default the first where the line is not zero.

        Raises:
            Inconnu: no such figure.
            ErreurCalcul: a month out of the study.
        """
        if mois is None:
            return self[code].expliquer()
        entier, rang = self._lecteur.code(code), rang_du_mois(self._vue.ev.ctx.echelle, mois)
        if entier not in self._vue.ev.livre.lignes:
            return self[code].expliquer()
        compte = "" if self._motif(entier) else self._pentes.ce_qui_compte(entier, rang)
        return Texte("\n".join(x for x in (arbre(self._vue, entier, rang), compte) if x))

    def _expliquer(self, code: str, grandeur: Grandeur, motif: str) -> str:
        """How a figure is computed, or why it has no value."""
        if code in self._vue.ev.livre.lignes and not (self._sans_place and motif):
            return arbre(self._vue, code)
        return (
            f"{grandeur.nom} : {motif}."
            if motif
            else grandeur.expliquer(self._vue.rang, echelle=self._vue.ev.ctx.echelle)
        )

    def __iter__(self) -> Iterator[str]:
        return iter(self._lecteur.grandeurs())

    def __contains__(self, code: object) -> bool:
        try:
            return bool(self._lecteur.code(str(code)))
        except ErreurCalcul:
            return False

    def _ipython_key_completions_(self) -> list[str]:
        return list(self)

    @property
    def chiffres(self) -> pd.DataFrame:
        """Every figure of the result: code, French name, value, unit."""
        import pandas as pd

        rangs = []
        for code, grandeur in self._lecteur.grandeurs().items():
            valeurs = self._lecteur.valeurs(code)
            valeur = np.nan if self._motif(code) else valeurs[self._vue.rang if len(valeurs) > 1 else 0]
            rangs.append((code, grandeur.nom, float(valeur), grandeur.unite))
        return pd.DataFrame(rangs, columns=["code", "libelle", "valeur", "unite"]).set_index("code")

    @verifie
    def serie(self, code: str, constants: bool = False) -> pd.Series[float]:
        """Figure month by month (year by year for those that the year sets), indexed by period; unit, name and reading in ``attrs``.

        Args:
            code: code of the figure.
            constants: divide euros by the price index, to read them at the prices of the study's year.

        Raises:
            Inconnu: no such figure.
            Indetermine: closing the plan would change it; the closed plan has it (``resultat.boucle.serie(…)``). Or no place.
            ErreurCalcul: a figure without calendar.
        """
        entier = self._lecteur.code(code)
        if not dit_le_lieu(self._ouverte.ev.livre, entier):
            self._exiger_une_place()
        if motif := self._motif(entier):
            raise Indetermine(
                f"« {code} » est indéterminé sur le plan tel quel : {motif}. Lire resultat.boucle.serie({code!r})."
            )
        return tableaux.serie(self._vue, self._lecteur.grandeur(entier), code, self.lecture, constants)

    def _motif(self, code: str) -> str:
        """Why a figure has no value: no place, or closing the plan would change it under this reading; nothing otherwise."""
        vue = self._ouverte
        if self._sans_place and not dit_le_lieu(self._ouverte.ev.livre, code):
            return self._sans_place
        if self._lecture == BOUCLE or vue.ev.est_bouclee or not vue.est_ouverte:
            return ""
        change = lectures.change(vue, code, self._lecteur.grandeur(code), self._lecteur_boucle.grandeur(code))
        return lectures.motif(vue) if change else ""

    @property
    def _sans_place(self) -> str:
        """Why no figure stands for a project; nothing when the scenario holds a place."""
        raison = self._ouverte.aucune_place
        return f"{AUCUNE_PLACE} : {raison}" if raison else ""

    def _exiger_une_place(self) -> None:
        """Refuse a scenario that holds no place.

        Raises:
            Indetermine: it holds none, and why.
        """
        if self._sans_place:
            raise Indetermine(f"Scénario {self.scenario}, {self._sans_place}. Il n'a pas de chiffre ; lire ses places.")

    # --- tables and pictures ----------------------------------------------------------------------------------
    @property
    def tableaux(self) -> tableaux.Tableaux:
        """Tables of the result by name, each computed when read.

        Raises:
            Indetermine: a scenario that holds no place.
        """
        self._exiger_une_place()
        return tableaux.Tableaux(self._vue, lectures.motif(self._ouverte) if self._lecture == TEL_QUEL else "")

    @verifie
    def tableau(self, nom: str) -> pd.DataFrame:
        """Table by its name (``tableaux`` lists them): a DataFrame of numbers.

        Raises:
            Inconnu: no such table; the near ones are offered.
        """
        return self.tableaux[nom]

    @verifie
    def table(self, *codes: str, par_an: bool = False) -> pd.DataFrame:
        """Series of some figures side by side, one column a code; ``attrs`` holds their units and labels.

        Args:
            par_an: months by calendar year: sums of a flow, last balance of a stock.

        Raises:
            ErreurCalcul: all the codes that cannot be read, with the near ones.

        >>> import pope_foncier as pf
        >>> resultat = pf.ouvrir("gare_saint_denis").calculer()
        >>> resultat.table("emprunts.banque.interets", "emprunts.banque.restant", par_an=True).index[0]
        Period('2027', 'Y-DEC')
        """
        cadre = tableaux.series(self._vue, tableaux.toutes_lues(codes, self._lecteur.code, self.serie), par_an)
        cadre.attrs["lecture"] = self.lecture
        return cadre

    def ratios(self) -> pd.DataFrame:
        """Ratios with threshold and status."""
        return self.tableau("ratios")

    @verifie
    def comparer(self, *autres: Resultat) -> pd.DataFrame:
        """Main figures side by side, one row a scenario: those of the study, or this result and the others given."""
        import pandas as pd

        if autres:
            vues: dict[str, Vue] = {}
            for r in (self, *autres):
                dit = " ; ".join((f"{r.nom}, {r.scenario}", *r.retouches))
                double = f" ({len(vues) + 1})" if dit in vues else ""
                vues[f"{dit}{double}"] = r._ouverte
        else:
            vues = dict(self._freres()) or {self.scenario: self._ouverte}
        exploite = any(v.ev.compte is not None for v in vues.values())
        codes = principaux(exploite, self._lecture)
        rangs = {}
        for nom, vue in vues.items():
            resultat = Resultat(self.nom, nom, vue, self._lecture)
            rangs[nom] = {c: resultat[c].valeur if c in resultat else np.nan for c in codes}
        cadre = pd.DataFrame.from_dict(rangs, orient="index", dtype=float)
        cadre.index.name, cadre.columns.name = "scenario", self.lecture
        return cadre

    @verifie
    def epreuves(self, *chocs: str) -> pd.DataFrame:
        """Stresses on the closed plan whose funding is frozen, one a row: what each leaves unfunded, the cover, the cash of each party.

        Args:
            chocs: stresses by name (``travaux_15``), each alone then together; all of them, alone, by default.

        Raises:
            Inconnu: no such stress; the near ones are offered.
        """
        self._exiger_une_place()
        subies = eprouver_ensemble(self._ouverte, chocs) if chocs else eprouver(self._ouverte)
        return tableaux_epreuves.cadre(self._ouverte, subies).set_index("epreuve")

    @verifie
    def pret(self, id: str) -> Pret:
        """Loan of the plan as a loan alone, dated: its schedule, its rates, its cost.

        Raises:
            Inconnu: a loan that the study does not have.
            ErreurCalcul: a term that is unknown.

        >>> import pope_foncier as pf
        >>> pf.ouvrir("gare_saint_denis").calculer().pret("banque")
        Prêt de 200 000 € à 4,22 % sur 108 mois, annuite_constante
        """
        self._exiger_une_place()
        return Pret(**vars_de(emprunt_de(self._vue.ev, id, self._vue.rang)))

    @verifie
    def dimensionner(
        self,
        pret: str | Pret,
        *,
        a_la_place_de: str | None = None,
        emprunteur: str | None = None,
        valeur: float | None = None,
        depuis: int | None = None,
        seuils: Mapping[str, float] | None = None,
        produit: str | None = None,
    ) -> Dimensionnement:
        """Size a loan on the yearly cash of the closed plan: what binds, what follows and by how much.

        Args:
            pret: loan of the study by its identifier, or terms (whose amount does not matter).
            a_la_place_de: loan of the study whose place the terms take.
            valeur: value of the pledge [€].
            depuis: first calendar year that counts; that of the opening by default.
            produit: product whose largest amount is one more test (``etude.au_produit`` takes its terms).
            seuils: thresholds in place of those of the data: ``couverture``, ``titre``, ``ltv``, ``ltc``, ``rendement_dette``.

        Raises:
            Inconnu: a loan or a test that does not exist.
            ErreurCalcul: cash that is unknown, and what is missing.
        """
        self._exiger_une_place()
        emprunt, nom = (None, pret) if isinstance(pret, str) else (pret, a_la_place_de)
        plafond = None if produit is None else plafond_du_produit(self._ouverte, produit)
        demande = PretADimensionner(emprunt, nom, emprunteur, dict(seuils or {}), valeur, depuis, plafond)
        return dimensionner_sur(self._ouverte, demande)

    @verifie
    def tracer(self, quoi: str = "tresorerie", ax: Axes | None = None) -> Axes:
        """Draw a picture of the closed plan: ``plan``, ``tresorerie``, ``exploitation`` or ``commune``.

        Args:
            ax: axes to draw on; new ones by default.

        Raises:
            Inconnu: no such picture.
        """
        faire = image_nommee(quoi)
        if ax is not None and not hasattr(ax, "get_xlim"):
            raise refus("Resultat.tracer, « ax »", "un repère de Matplotlib (Axes)", ax)
        self._exiger_une_place()
        return dessiner(faire(self._ouverte), ax)

    # --- display ----------------------------------------------------------------------------------------------
    def _faits(self) -> list[tuple[str, str]]:
        if self._sans_place:
            return [("Places", self._sans_place)]
        vue = self._vue
        places, cout = vue.valeur(vue.ev.capacite.places), vue.valeur(vue.ev.cout.total_ttc)
        dits = [("Places", "inconnues" if np.isnan(places) else formater_nombre(places)), ("Coût", euros(cout))]
        if self._lecture == TEL_QUEL:
            return [*dits, (vue.ev.plan.reste_a_financer.nom, euros(vue.valeur(vue.ev.plan.reste_a_financer)))]
        return [*dits, ("À trouver", euros(lectures.a_trouver(self._ouverte)))]

    def __repr__(self) -> str:
        faits = ", ".join(f"{nom.lower()} {valeur}" for nom, valeur in self._faits())
        suite = f" ({' ; '.join(self.retouches)})" if self.retouches else ""
        return f"Résultat de {self.nom}, scénario {self.scenario}, {self.lecture} : {faits}{suite}"

    def _repr_html_(self) -> str:
        titre = f"{self._ouverte.ev.ctx.etude.titre}, scénario « {self.scenario} », {self.lecture}"
        return en_html(titre, [*self._faits(), ("Lecture", mots.phrase(self._ouverte))])
