"""Draft of a page: levers and words not given yet, which the page keeps by itself and gives back to the kernel that follows a cut.

A hidden field is the link: the kernel writes in it the levers on the screen, the page keeps them with what is being typed
(``brouillon.js``, for its tab alone); opened again, the page writes in it what it kept.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Callable, Mapping

import ipywidgets as w

from pope_foncier.ateliers.journal_entrees import Proposition
from pope_foncier.ateliers.modele import Plats
from pope_foncier.socle.erreurs import ErreurPope
from pope_foncier.socle.fiches import valider
from pope_foncier.socle.json_strict import decoder

REVENUS = "Les leviers que vous aviez bougés sont revenus ; rien n'en est noté."
PERDUS = "Les leviers que vous aviez bougés ne vont plus avec cette étude : ce sont ceux du départ."
TAILLE_MAX, _TOUR_S = 60_000, 0.4


class Brouillon:
    """Draft of a page.

    Args:
        cle: what the draft is of: application and study.
        champs: fields of free text, by label.
        affiches: gives the levers on the screen.
        remettre: puts levers back on the screen.
        dire: says something, and whether it is good news.

    Attributes:
        boite: hidden widget to put in the page.
    """

    def __init__(
        self,
        cle: str,
        champs: Mapping[str, w.ValueWidget],
        affiches: Callable[[], Plats],
        remettre: Callable[[Plats], None],
        dire: Callable[[str, bool], None],
    ) -> None:
        self._cle, self._champs, self._dire = cle, champs, dire
        self._affiches, self._remettre = affiches, remettre
        self.boite = w.Text("", continuous_update=False, layout=w.Layout(display="none"))
        self.boite.add_class("pf-brouillon")
        self.boite.observe(lambda _: self._reprendre(self.boite.value), "value")

    def suivre(self) -> None:
        """Keep the levers on the screen from the next turn of the loop on, as long as the kernel lives; nothing without a loop."""
        with contextlib.suppress(RuntimeError):
            asyncio.get_running_loop().call_later(_TOUR_S, self._tour)

    def _tour(self) -> None:
        self.garder()
        self.suivre()

    def garder(self) -> None:
        """Write the levers on the screen where the page reads them."""
        self.boite.value = json.dumps({"cle": self._cle, "reglages": dict(self._affiches())}, ensure_ascii=False)

    def _reprendre(self, texte: str) -> None:
        """Take back what the page kept: words in the fields still empty, then levers; what does not fit any more is said."""
        try:
            lu = decoder(texte) if len(texte) <= TAILLE_MAX else {}
        except (ValueError, RecursionError):
            return
        if not isinstance(lu, dict) or lu.get("rendre") != self._cle:
            return
        textes = lu.get("textes")
        for libelle, tape in textes.items() if isinstance(textes, dict) else ():
            champ = self._champs.get(libelle)
            if champ is not None and not champ.value and isinstance(tape, str):
                champ.value = tape
        self._rendre(lu.get("reglages"))

    def _rendre(self, brut: object) -> None:
        depart = dict(self._affiches())
        if brut in (None, depart):
            return
        try:
            fiche = valider(Proposition, {"nom": "a", "titre": "a", "reglages": brut, "surcharges": ()}, "Brouillon")
            self._remettre(fiche.reglages)
            self._dire(REVENUS, True)
        except (ErreurPope, ValueError, ArithmeticError, StopIteration, KeyError):
            self._dire(PERDUS, False)
