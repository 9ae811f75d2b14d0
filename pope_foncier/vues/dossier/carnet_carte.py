"""Notebook view of the map of a place: drawing, what is around, one page to print."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pope_foncier.socle.ecriture import ecrire_ensemble
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.temps import date_en_clair
from pope_foncier.vues.dossier import pieces
from pope_foncier.vues.dossier.composition import CARTE, composer
from pope_foncier.vues.formes.cellules import html_de
from pope_foncier.vues.formes.pages_de_carnet import Pages
from pope_foncier.vues.formes.proteger import proteger
from pope_foncier.vues.lieu.carte import RAYON_M, Alentours, Carte, distances, dresser
from pope_foncier.vues.lieu.lieu_ouvert import Lieu

if TYPE_CHECKING:
    from IPython.display import HTML


@dataclass(frozen=True, repr=False)
class CarnetCarte(Pages):
    """Map of a place opened in a notebook."""

    lieu: Lieu
    alentours_lus: Alentours
    rayon_m: float = RAYON_M

    def carte(self) -> HTML:
        """Map with its source and what it does not show, or why there is none."""
        from IPython.display import HTML

        lue = dresser(self.alentours_lus, self.rayon_m)
        if isinstance(lue, str):
            return HTML(f"<p>{proteger(lue)}</p>")
        dessin = lue.svg.replace("<svg ", f'<svg role="img" aria-label="{proteger(lue.texte)}" ', 1)
        return HTML(
            f"<figure>{dessin}<figcaption>Source : {proteger(lue.source)}<br>{proteger(lue.absents)} {proteger(lue.remede)}</figcaption></figure>"
        )

    def alentours(self) -> HTML:
        """Nearest things and their distance."""
        return html_de(distances(self.alentours_lus))

    def ecrire(self, dossier: str | Path) -> list[Path]:
        """Write the map as SVG, and as a page in PDF with its distances.

        Raises:
            ErreurCalcul: no position, hence no map; the typesetting library is not installed.
            ErreurSortie: a file cannot be written.
        """
        lue = dresser(self.alentours_lus, self.rayon_m)
        if isinstance(lue, str):
            raise ErreurCalcul(lue)
        return ecrire_ensemble({Path(dossier, "carte.svg"): lue.svg, Path(dossier, "carte.pdf"): self._page(lue)})

    def _page(self, lue: Carte) -> bytes:
        site, jour = self.lieu.site, self.lieu.jour
        contenu = [
            *pieces.dessin_svg(lue.svg, lue.texte, f"Source : {lue.source}", millimetres=lue.large_mm),
            *pieces.phrase(lue.absents, "note"),
            *pieces.tableau(distances(self.alentours_lus)),
        ]
        donnees = {
            "titre": site.nom,
            "sous_titre": f"{site.commune} ; {site.usage_actuel}. Densité lue au {date_en_clair(jour)}.",
            "date": [jour.year, jour.month, jour.day],
            "pieces": contenu,
        }
        return composer(pieces.en_francais(donnees), jour, CARTE)
