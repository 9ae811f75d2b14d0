"""Levers of the city on the page: the first ones with the reason why, the others folded in a few groups."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import ipywidgets as w

from pope_foncier.ateliers import textes
from pope_foncier.ateliers.premiers_leviers import AIDE, Pesee
from pope_foncier.ateliers.regles import GroupeDeLeviers, ReglesAteliers


class Pli:
    """Levers under a title that a click or a key opens.

    Attributes:
        boite: widget to show.
    """

    def __init__(self, titre: str) -> None:
        self._titre = titre
        self._bouton = w.Button(layout=w.Layout(width="auto"))
        self._bouton.add_class("pf-pli")
        self._contenu = w.VBox(layout=w.Layout(display="none", padding="4px 0 8px"))
        self._bouton.on_click(lambda _: self._montrer(self._contenu.layout.display == "none"))
        self.boite = w.VBox([self._bouton, self._contenu])

    def remplir(self, leviers: Sequence[w.Widget]) -> None:
        """Put levers in it; without any, it does not show."""
        if self._contenu.children != tuple(leviers):
            self._contenu.children = tuple(leviers)
        self.boite.layout.display = None if leviers else "none"

    def nommer(self, changes: int) -> None:
        """Say on its title how many of its levers left the starting point."""
        suite = f" ({changes} changé{'s' if changes > 1 else ''})" if changes else ""
        self._bouton.description = f"{self._titre}{suite}"

    def _montrer(self, ouvert: bool) -> None:
        self._contenu.layout.display = None if ouvert else "none"
        (self._bouton.add_class if ouvert else self._bouton.remove_class)("pf-ouvert")


class GroupesDeLeviers:
    """Levers of the city, the first ones out of their groups.

    Attributes:
        boite: widget to show.
    """

    def __init__(self, regles: ReglesAteliers, pieces: Mapping[str, w.Widget]) -> None:
        self._premiers, self._pieces = regles.premiers, dict(pieces)
        self._plis = [(g, Pli(g.titre)) for g in regles.groupes]
        self._raison = w.HTML()
        self._tete = w.VBox()
        self._sortis: tuple[str, ...] = ()
        self._changes: frozenset[str] = frozenset()
        self.boite = w.VBox([self._raison, self._tete, *(pli.boite for _, pli in self._plis)])
        self.classer(())

    def classer(self, pesees: Sequence[Pesee]) -> None:
        """Show the heaviest levers first, each with what its step changes; the others go to their groups."""
        premiers = [p for p in pesees if p.nom in self._pieces and p.compte][: self._premiers]
        self._sortis = tuple(p.nom for p in premiers)
        for groupe, pli in self._plis:
            pli.remplir([self._pieces[nom] for nom in self._noms(groupe) if nom not in self._sortis])
        self._tete.children = [self._avec_sa_raison(p) for p in premiers]
        self._raison.value = textes.note(_raison(premiers))
        self.marquer(self._changes)

    def marquer(self, changes: Collection[str]) -> None:
        """Say on each group how many of its levers left the starting point: folded, they still show that they moved."""
        self._changes = frozenset(changes)
        for groupe, pli in self._plis:
            pli.nommer(len(self._changes & (set(self._noms(groupe)) - set(self._sortis))))

    def _noms(self, groupe: GroupeDeLeviers) -> list[str]:
        """Levers of a group that the study has."""
        noms = []
        for nom in groupe.leviers:
            noms += [x for x in self._pieces if x.startswith(AIDE)] if nom == "aides" else [nom]
        return [nom for nom in noms if nom in self._pieces]

    def _avec_sa_raison(self, pesee: Pesee) -> w.Widget:
        boite = w.VBox([self._pieces[pesee.nom], w.HTML(textes.note(pesee.pourquoi))])
        boite.add_class("pf-premier")
        return boite


def _raison(premiers: Sequence[Pesee]) -> str:
    """Why these levers come first."""
    if not premiers:
        return ""
    if premiers[0].effet is None:
        return "D'abord ce qui manque à l'étude :"
    return "Ce qui change le plus ce que paie la Ville ou ce qui manque, depuis le point de départ :"
