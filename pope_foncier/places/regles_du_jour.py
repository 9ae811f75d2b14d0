"""Rules of one file of scales on one day: each number, each table, and where it was read."""

from __future__ import annotations

from datetime import date

from pope_foncier.baremes.catalogue import Catalogue, exiger
from pope_foncier.socle.enregistrements import enregistrement


@enregistrement
class ReglesDuJour:
    """File of scales read on a day."""

    catalogue: Catalogue
    prefixe: str
    jour: date

    def nombre(self, nom: str) -> float:
        """Number of a scale."""
        return float(exiger(self.catalogue.a_la_date(f"{self.prefixe}.{nom}", self.jour)).valeur)

    def table(self, nom: str) -> dict[str, float]:
        """Table of a scale."""
        return dict(exiger(self.catalogue.a_la_date(f"{self.prefixe}.{nom}", self.jour)).valeur)

    def source(self, nom: str) -> str:
        """Article and text of a scale."""
        valeur = self.catalogue.a_la_date(f"{self.prefixe}.{nom}", self.jour)
        article = (valeur.note or "").partition(" ;")[0]
        if not article.startswith(("article", "annexe")):
            return valeur.source.titre
        return f"{article[:1].upper()}{article[1:]} ; {valeur.source.titre}"
