"""Notebook view of what a committee of lenders reads: one call per cell; what a study cannot show is said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pope_foncier.decision.epreuves import eprouver_ensemble
from pope_foncier.decision.recherche import rechercher
from pope_foncier.etude.bilan import prevoir
from pope_foncier.etude.resultats import Vue
from pope_foncier.exploitation.emprunteur import Emprunteur, lire_emprunteur
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.vues.decision import tableaux_epreuves
from pope_foncier.vues.etude import tableaux_comite
from pope_foncier.vues.etude.graphiques import couverture
from pope_foncier.vues.formes import lectures
from pope_foncier.vues.formes.cellules import html_de, montrer
from pope_foncier.vues.formes.pages_de_carnet import Pages
from pope_foncier.vues.formes.proteger import proteger
from pope_foncier.vues.formes.table import Table

if TYPE_CHECKING:
    from IPython.display import HTML, Image


@dataclass(frozen=True, repr=False)
class CarnetComite(Pages):
    """One scenario of a study, and the accounts of its borrower when they are known."""

    vue: Vue
    etude: str
    """Name of the study, for the source line of the chart."""
    emprunteur: Emprunteur | None = None

    @classmethod
    def de(cls, vue: Vue, etude: str, emprunteur: str | Path | None = None) -> CarnetComite:
        """Open one scenario, with the sheet of its borrower."""
        return cls(vue, etude, lire_emprunteur(Path(emprunteur)) if emprunteur else None)

    @property
    def _lectures(self) -> list[Vue]:
        """Plan as it stands when it lacks money, then closed plan."""
        return [*([self.vue] if self.vue.est_ouverte else []), self.vue.bouclee]

    def ratios(self) -> HTML:
        """Ratios year by year, with thresholds and the first years that fail; on the closed plan, and why not on the other."""
        return self._montrer(lambda: [tableaux_comite.ratios_annuels(v) for v in self._lectures])

    def image_couverture(self) -> Image | HTML:
        """Cover of the debt service year by year on the closed plan, as a picture."""
        if self.vue.aucune_place:
            return self._montrer(list)
        try:
            return montrer(couverture(self.vue.bouclee))
        except ErreurCalcul as erreur:
            return _phrase(erreur)

    def plan(self, jusqu_aux_prets: bool = False) -> HTML:
        """Multi-year plan in both readings, five years after the opening or to the end of the loans."""
        return self._montrer(
            lambda: [tableaux_comite.plan_pluriannuel(v, jusqu_aux_prets=jusqu_aux_prets) for v in self._lectures]
        )

    def recherches(self, *cibles: float, depuis: int | None = None) -> HTML:
        """What a cover wanted would take: lump of the commune, largest amount of each loan; targets of the data by default."""
        from IPython.display import HTML

        if self.vue.aucune_place:
            return self._montrer(list)
        table = tableaux_comite.recherches(rechercher(self.vue, cibles or None, depuis), depuis)
        return HTML(f"<p>{proteger(tableaux_comite.SANS_RECHERCHE)}</p>") if table is None else html_de(table)

    def ensemble(self, *epreuves: str) -> HTML:
        """Stresses chosen by their identifiers, each alone then together, with the cover of each year."""
        return self._montrer(lambda: tableaux_epreuves.deux_tables(self.vue, eprouver_ensemble(self.vue, epreuves)))

    def comptes(self, bouclee: bool = True) -> HTML:
        """Income statement, intermediate balances, balance sheet and ratios of the borrower, on the years of the plan.

        Args:
            bouclee: closed plan; else the plan as it stands, whose hole is an overdraft.
        """
        from IPython.display import HTML

        emprunteur, vue = self.emprunteur, self.vue.bouclee if bouclee else self.vue
        if emprunteur is None:
            return HTML("<p>Comptes de l'emprunteur non donnés : ni bilan ni ratios de l'association entière.</p>")
        return self._montrer(lambda: tableaux_comite.comptes_de_l_emprunteur(vue, prevoir(vue.ev, emprunteur)))

    def _montrer(self, tables: Callable[[], list[Table]]) -> HTML:
        from IPython.display import HTML

        if sans := lectures.sans_place(self.vue):
            return HTML(f"<p>{proteger(sans)}</p>")
        try:
            return HTML("".join(str(html_de(table).data) for table in tables()))
        except ErreurCalcul as erreur:
            return _phrase(erreur)


def _phrase(erreur: ErreurCalcul) -> HTML:
    from IPython.display import HTML

    return HTML(f"<p>{proteger(str(erreur))}</p>")
