"""Page of the municipality: the answer, the cards beside the levers, the story in order, the paper, the journal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import ipywidgets as w

from pope_foncier.ateliers import champs, recit
from pope_foncier.etude.fiche import Etude


def encadrer(
    etude: Etude,
    bande: w.Widget,
    cartes: w.Box,
    leviers: Sequence[w.Widget],
    recits: Mapping[str, Sequence[w.Widget]],
    papier: w.DOMWidget,
    panneau: w.DOMWidget,
) -> w.Widget:
    """Whole page, and the button of its projector mode.

    Args:
        recits: parts of the story by title, in order.
    """
    cote = w.VBox([w.HTML("<h2>Leviers</h2>"), *leviers])
    histoire = w.VBox([x for titre, suite in recits.items() for x in (w.HTML(recit.chapitre(titre)), *suite)])
    plan = w.Box([cartes, cote, histoire])
    entete = w.HBox([champs.titre(f"Atelier commune : {etude.titre}", etude.question)])
    page = champs.encadrer(entete, bande, plan, papier, panneau)
    for boite, classe in (
        (plan, "plan"),
        (cote, "leviers"),
        (histoire, "recit"),
        (papier, "papier"),
        (panneau, "panneau"),
        (entete, "entete"),
        (page, "commune"),
    ):
        boite.add_class(f"pf-{classe}")
    entete.children = (*entete.children, champs.bascule("Mode projecteur", page, "pf-projecteur"))
    return page
