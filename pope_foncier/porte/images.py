"""Pictures of a result by name, on the axes of the reader or on new ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from pope_foncier.etude.resultats import Vue
from pope_foncier.socle.refus import refuser
from pope_foncier.vues.formes.figures import montrable, nouveaux_axes

if TYPE_CHECKING:
    from pope_foncier.vues.formes.figures import Axes, Figure
    from pope_foncier.vues.formes.image import Image


def image_nommee(quoi: str) -> Callable[[Vue], Image]:
    """Function that draws a picture, by its name.

    Raises:
        Inconnu: no such picture.
    """
    from pope_foncier.vues.decision import graphiques as graphiques_decision
    from pope_foncier.vues.etude import graphiques

    images: dict[str, Callable[[Vue], Image]] = {
        "plan": graphiques.plan,
        "tresorerie": graphiques.tresorerie,
        "exploitation": graphiques.exploitation,
        "commune": graphiques_decision.commune,
    }
    if quoi not in images:
        raise refuser("Image inconnue", quoi, images)
    return images[quoi]


def dessiner(image: Image, ax: Axes | None) -> Axes:
    """Axes on which a picture is drawn, new ones by default."""
    from pope_foncier.vues.formes import image_en_axes

    return image_en_axes.tracer(image, nouveaux_axes(*image_en_axes.mesures(image)) if ax is None else ax)


def en_figure(image: Image) -> Figure:
    """New figure of a picture, which a notebook displays."""
    from pope_foncier.vues.formes import image_en_axes

    return montrable(image_en_axes.en_figure(image))
