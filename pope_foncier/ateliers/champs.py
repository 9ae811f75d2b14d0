"""Widgets of the workshops: a slider with its typed field and its French label, pictures with their words, tables, messages."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import ClassVar

import ipywidgets as w

from pope_foncier.ateliers.regles import LevierAtelier
from pope_foncier.ateliers.teintes import feuille
from pope_foncier.ateliers.textes import message
from pope_foncier.socle.lecture import lire_octets
from pope_foncier.socle.nombres import formater_nombre, lire_nombre
from pope_foncier.vues.formes.page import STYLE_CARTES
from pope_foncier.vues.formes.proteger import proteger

_NOMMER = Path(__file__).parent / "gabarit" / "voila" / "templates" / "pope" / "nommer.js"
_FEUILLES = (
    Path(__file__).parent / nom for nom in ("atelier.css", "salle/bulles.css", "commune.css", "impression.css")
)
STYLE = f"<style>{''.join(lire_octets(f).decode() for f in _FEUILLES)}{feuille()}{STYLE_CARTES.replace('.pf-carte', '.pf-atelier .pf-carte')}</style>"
"""Style of the applications: what all of them share, then the page of the municipality, on the screen and on paper, chips and cards of variants."""


class Apres:
    """Work done once the hand rests: asked again within the delay, it starts over; without a running loop, done at once."""

    def __init__(self, action: Callable[[], None], delai_s: float = 0.15) -> None:
        self._action, self._delai_s = action, delai_s
        self._attente: asyncio.TimerHandle | None = None

    def demander(self) -> None:
        """Ask for the work."""
        if self._attente is not None:
            self._attente.cancel()
            self._attente = None
        try:
            boucle = asyncio.get_running_loop()
        except RuntimeError:
            self._action()
            return
        self._attente = boucle.call_later(self._delai_s, self.tout_de_suite)

    def tout_de_suite(self) -> None:
        """Do what waits, if anything does, without waiting longer."""
        if self._attente is not None:
            self._attente.cancel()
            self._attente = None
            self._action()


class Curseur:
    """Lever on the screen: label and typed field in French, then a slider in whole units; both say the same value.

    Attributes:
        valeur: value in slider units; None while unknown, or without a limit.
        boite: widget to show.
    """

    _refuse: ClassVar[Curseur | None] = None
    """Lever that refused what was typed last: its message leaves when any other one is right."""

    def __init__(self, levier: LevierAtelier, valeur: int | None, au_changement: Callable[[], None]) -> None:
        self.levier = levier
        self.valeur = valeur
        self.vide = levier.vide or ("" if valeur is not None else "inconnu")
        self._au_changement = au_changement
        self._muet = False
        mini, maxi = levier.mini, levier.maxi
        if valeur is not None:
            mini, maxi = min(mini, valeur), max(maxi, valeur)
        depart = valeur if valeur is not None else maxi if levier.vide else mini
        pas = levier.pas if (depart - mini) % levier.pas == 0 else 1
        self.curseur = w.IntSlider(
            depart, min=mini, max=maxi, step=pas, readout=False, layout=w.Layout(width="auto", margin="0 8px")
        )
        self.saisie = w.Text(
            self.texte(),
            description=levier.libelle,
            continuous_update=False,
            style={"description_width": "initial"},
            layout=w.Layout(width="auto"),
        )
        self.avis = w.HTML()
        self.boite = w.VBox([self.saisie, self.curseur, self.avis], layout=w.Layout(margin="0 0 6px 0"))
        self.boite.add_class("pf-levier")
        self.curseur.observe(self._glisse, "value")
        self.saisie.observe(self._tape, "value")

    def poser(self, valeur: int | None) -> None:
        """Set the value without telling anybody."""
        self._muet = True
        try:
            self.valeur = valeur
            if valeur is not None:
                self.curseur.min = min(self.curseur.min, valeur)
                self.curseur.max = max(self.curseur.max, valeur)
                if (valeur - self.curseur.min) % self.curseur.step:
                    self.curseur.step = 1  # the page would round a value that is not on a step, and send it back
                self.curseur.value = valeur
            else:
                self.curseur.value = self.curseur.max if self.levier.vide else self.curseur.min
            self.saisie.value = self.texte()
            self.avis.value = ""
        finally:
            self._muet = False

    def texte(self) -> str:
        """French text of the value, in the unit shown."""
        return (self.vide or "inconnu") if self.valeur is None else self.levier.texte(self.valeur)

    def _glisse(self, _: object) -> None:
        if self._muet:
            return
        self._changer(int(self.curseur.value))

    def _tape(self, _: object) -> None:
        if self._muet:
            return
        if self.vide and self.saisie.value.strip().lower() in ("", self.vide):
            self._changer(None)
            return
        try:
            valeur = self._lire(self.saisie.value)
        except ValueError as erreur:
            self.poser(self.valeur)
            self._oublier_le_refus()
            self.avis.value = message(f"{str(erreur).rstrip('.')}. La valeur d'avant reste.", bon=False)
            Curseur._refuse = self
            return
        self._changer(valeur)

    def _lire(self, texte: str) -> int:
        brut = texte.strip()
        unite = self.levier.unite
        if unite not in ("%", "k€") and brut.endswith(unite):
            brut = brut[: -len(unite)].strip()
        nombre = lire_nombre(brut)
        if unite == "%":
            nombre = nombre / self.levier.facteur if brut.endswith("%") else nombre / 100 / self.levier.facteur
        elif unite == "k€" and brut.endswith("€"):
            nombre /= self.levier.facteur
        valeur = round(nombre)
        if abs(valeur - nombre) > 1e-6:
            raise ValueError(f"« {texte} » : un pas entier est attendu.")
        if not self.curseur.min <= valeur <= self.curseur.max:
            bornes = f"de {formater_nombre(self.curseur.min)} à {formater_nombre(self.curseur.max)} {unite}"
            if unite == "%":
                mini, maxi = (100 * self.levier.facteur * v for v in (self.curseur.min, self.curseur.max))
                bornes = f"de {formater_nombre(mini, 2, 0)} à {formater_nombre(maxi, 2, 0)} %"
            raise ValueError(f"« {texte} » sort du curseur : {bornes}.")
        return valeur

    @staticmethod
    def _oublier_le_refus() -> None:
        if Curseur._refuse is not None:
            Curseur._refuse.avis.value, Curseur._refuse = "", None

    def _changer(self, valeur: int | None) -> None:
        self._oublier_le_refus()
        self.poser(valeur)
        self._au_changement()


def titre(texte: str, suite: str = "") -> w.HTML:
    """Heading of an application."""
    return w.HTML(f"{STYLE}<h1>{proteger(texte)}</h1>" + (f"<p>{proteger(suite)}</p>" if suite else ""))


def choix(libelle: str, options: list[tuple[str, str]], valeur: str) -> w.Dropdown:
    """Labelled list of choices."""
    return w.Dropdown(
        options=options,
        value=valeur,
        description=libelle,
        style={"description_width": "initial"},
        layout=w.Layout(width="auto"),
    )


def bouton(libelle: str, action: Callable[[], None]) -> w.Button:
    """Button with a plain action."""
    b = w.Button(description=libelle, layout=w.Layout(width="max-content", align_self="flex-start"))
    b.on_click(lambda _: action())
    return b


def bascule(libelle: str, page: w.DOMWidget, classe: str) -> w.ToggleButton:
    """Button that gives a page a class, and takes it back."""
    b = w.ToggleButton(description=libelle, layout=w.Layout(width="max-content", align_self="flex-end"))
    b.observe(lambda _: (page.add_class if b.value else page.remove_class)(classe), "value")
    return b


def rangee(morceaux: Sequence[w.Widget]) -> w.HBox:
    """Levers one under the other, or side by side as far as the width lets them; titles and messages keep a line each."""
    for morceau in morceaux:
        large = "0 1 auto" if isinstance(morceau, w.Button) else "1 1 300px"
        morceau.layout.flex = "1 1 100%" if isinstance(morceau, w.HTML | w.HBox) else large
        morceau.layout.min_width = "0"
    return w.HBox(morceaux, layout=w.Layout(flex_flow="row wrap", align_content="flex-start", grid_gap="0 18px"))


def deux_colonnes(gauche: list[w.Widget], droite: list[w.Widget]) -> w.HBox:
    """Levers beside what follows them; one under the other on a narrow page."""
    leviers = rangee(gauche)
    leviers.layout.flex = "1 1 320px"
    suites = w.VBox(droite, layout=w.Layout(flex="3 1 790px", min_width="0"))
    return w.HBox([leviers, suites], layout=w.Layout(flex_flow="row wrap", grid_gap="18px"))


def nommer_les_poignees() -> None:
    """Give each slider handle its French name in JupyterLab, whose sliders have none; the page of Voilà does it by itself."""
    from IPython import get_ipython
    from IPython.display import Javascript, display

    if get_ipython() is not None and not os.environ.get("SERVER_SOFTWARE", "").startswith("voila"):
        display(Javascript(_NOMMER.read_text(encoding="utf-8")))


def encadrer(*morceaux: w.Widget) -> w.VBox:
    """Whole application."""
    boite = w.VBox(list(morceaux))
    boite.add_class("pf-atelier")
    return boite
