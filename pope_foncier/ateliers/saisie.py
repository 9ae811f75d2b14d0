"""Fields of the panel and the button that sends them: Enter sends too; what is said of them stands just below, one message at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import ipywidgets as w

from pope_foncier.ateliers import champs, textes
from pope_foncier.socle.erreurs import ErreurDonnees, ErreurPope

_LIBELLES = {
    "qui": "Votre nom",
    "titre": "Titre du scénario affiché",
    "nom": "Titre du scénario affiché",
    "scenario": "Scénario noté",
    "points": "Points",
    "texte": "Texte",
    "lieu": "Lieu",
    "participants": "Personnes attendues",
}
"""Fields of the journal as the panel shows them."""


class Annonces:
    """What the panel says: one message at a time, beside what it is about; an error leaves as soon as a field is right again.

    Attributes:
        avis: place of the last message.
    """

    def __init__(self) -> None:
        self.avis = w.HTML()
        self._erreur = False

    def dire(self, place: w.HTML, texte: str, bon: bool = True) -> None:
        """Say something at a place, and nothing any more elsewhere."""
        if place is not self.avis:
            self.avis.value = ""
        self.avis, self._erreur = place, not bon
        place.value = textes.message(texte, bon)

    def corriger(self) -> None:
        """A field changed: an error is no longer about what is on the screen."""
        if self._erreur:
            self.avis.value, self._erreur = "", False


class Saisie:
    """Fields sent together.

    Attributes:
        boite: widget to show.
        dit: what is said of them.
    """

    def __init__(
        self,
        annonces: Annonces,
        libelle: str,
        action: Callable[[], None],
        saisies: Sequence[w.Widget],
        apres: Sequence[w.Widget] = (),
    ) -> None:
        self.dit = w.HTML()
        self.bouton = champs.bouton(libelle, action)
        self.bouton.add_class("pf-envoi")
        self.boite = w.VBox([*saisies, self.bouton, *apres, self.dit])
        self.boite.add_class("pf-saisie")
        for champ in saisies:
            if "value" in champ.trait_names():
                champ.observe(lambda _: annonces.corriger(), "value")


def texte(libelle: str, indication: str = "") -> w.Text:
    """Field of a line; sent whole, on Enter or when it is left."""
    return w.Text(
        description=libelle,
        placeholder=indication,
        continuous_update=False,
        style={"description_width": "initial"},
        layout=w.Layout(width="auto"),
    )


def bloc(libelle: str, indication: str = "") -> w.Textarea:
    """Field of several lines: Enter sends, with shift it goes to the next line."""
    return w.Textarea(
        description=libelle,
        placeholder=indication,
        continuous_update=False,
        style={"description_width": "initial"},
        layout=w.Layout(width="auto", height="80px"),
    )


def en_clair(erreur: ErreurPope) -> str:
    """Refusal of what was typed in the panel, by the label of its field."""
    if not isinstance(erreur, ErreurDonnees) or not all(p.champ in _LIBELLES for p in erreur.problemes):
        return str(erreur)
    return "\n".join(f"{_LIBELLES[p.champ]} : {p.message} À faire : {p.remede}" for p in erreur.problemes)
