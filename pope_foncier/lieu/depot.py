"""Filing date of a site, and new building or not: those of its study, when exactly one study uses it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pope_foncier.socle.chemins import chemin_court, dossier_donnees
from pope_foncier.socle.erreurs import ErreurCalcul, ErreurDonnees
from pope_foncier.socle.yaml_strict import charger_yaml, lire_texte

_A_DIRE = "dire à quelle date, année-mois-jour, par exemple 2026-12-01."


def depot_du_site(fiche: Path) -> tuple[date, Path]:
    """Filing date of the only study of a site, and the file of that study.

    Only the two fields are read, so that a study still being written serves; a file that is not YAML is passed over.

    Raises:
        ErreurDonnees: the sheet cannot be read.
        ErreurCalcul: no study of this site, several, or a date that cannot be read.
    """
    lire_texte(fiche)
    etudes = _etudes_du_site(fiche)
    if not etudes:
        raise ErreurCalcul(f"Aucune date, et aucune étude n'emploie {chemin_court(fiche)} : {_A_DIRE}")
    if len(etudes) > 1:
        noms = ", ".join(chemin_court(e) for e in etudes)
        raise ErreurCalcul(f"Aucune date, et plusieurs études emploient {chemin_court(fiche)} ({noms}) : {_A_DIRE}")
    ((etude, jour),) = etudes.items()
    if not isinstance(jour, date):
        raise ErreurCalcul(f"{chemin_court(etude)} : « date_demande » illisible ; {_A_DIRE}")
    return jour, etude


def dit_neuf(etude: Path) -> bool | None:
    """Whether the works of a study make a new building, as its file says; None when it does not."""
    travaux = charger_yaml(etude, ("travaux",))[0].get("travaux")
    dit = travaux.get("construction_neuve") if isinstance(travaux, dict) else None
    return dit if isinstance(dit, bool) else None


def _etudes_du_site(fiche: Path) -> dict[Path, object]:
    """Studies of a site, by file, with what they write as their date."""
    trouvees = {}
    for etude in sorted((dossier_donnees() / "etudes").glob("*.yaml")):
        try:
            champs = charger_yaml(etude, ("site", "date_demande"))[0]
        except ErreurDonnees:
            continue
        site = dossier_donnees() / "sites" / f"{champs.get('site')}.yaml"
        if site.resolve() == fiche.resolve():
            trouvees[etude] = champs.get("date_demande")
    return trouvees
