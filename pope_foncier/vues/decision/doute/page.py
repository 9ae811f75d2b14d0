"""Page of the doubt: one HTML file that needs nothing from outside, with its tables and its pictures."""

from __future__ import annotations

from pope_foncier.decision.doute.lecture import LectureDuDoute
from pope_foncier.vues.decision.doute import graphiques, tableaux
from pope_foncier.vues.formes import page
from pope_foncier.vues.formes.image_en_svg import svg
from pope_foncier.vues.formes.proteger import proteger


def en_page(lu: LectureDuDoute, source: str) -> str:
    """Whole page."""
    images = [
        graphiques.eventail(lu, source),
        *(graphiques.histogramme(lu, nom, source) for nom in graphiques.dessines(lu)),
    ]
    images += [graphiques.couverture(lu, source)] if lu.a_une_dette else []
    dessins = "".join(
        f'<figure role="img" aria-label="{proteger(i.texte)}">{svg(i)}<figcaption class="note">Source : {proteger(i.source)}</figcaption></figure>'
        for i in images
    )
    tables = "".join(page.tableau(t) for t in tableaux.toutes(lu))
    titre = f"Le doute : {lu.etude.titre}"
    corps = f"<h1>{proteger(titre)}</h1><p>{proteger(tableaux.phrase(lu))}</p>{dessins}{tables}"
    return page.page(
        titre, f"<main>{corps}</main>", "main{max-width:62em;margin:1em auto;padding:0 1em}figure{margin:1em 0}"
    )
