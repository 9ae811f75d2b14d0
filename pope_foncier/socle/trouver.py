"""Sheets by name: ``gare_saint_denis`` is the file of that name in a folder of the data; a path stays a path."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path

from pope_foncier.socle.chemins import dossier_donnees
from pope_foncier.socle.erreurs import ErreurDonnees, Probleme
from pope_foncier.socle.lecture import existe


def fiches_livrees(dossier: str) -> dict[str, Path]:
    """Sheets of a folder of the data, by name."""
    return {f.stem: f for f in sorted((dossier_donnees() / dossier).glob("*.yaml"))}


def trouver(nom: str | Path, dossier: str) -> Path:
    """File of a sheet, given by its path, or by its name in a folder of the data.

    Args:
        nom: a path (whatever holds a separator or an extension, or exists), else a name.
        dossier: folder of the data, for instance ``etudes``.

    Raises:
        ErreurDonnees: a name that the folder does not have; the nearest ones are offered.
    """
    chemin = Path(nom)
    if chemin.suffix or len(chemin.parts) != 1 or existe(chemin):
        return chemin
    livrees = fiches_livrees(dossier)
    if str(nom) not in livrees:
        proches = get_close_matches(str(nom), livrees, n=3, cutoff=0.5)
        remede = f"peut-être : {', '.join(proches)}." if proches else f"noms connus : {', '.join(livrees)}."
        message = "ni fichier, ni nom d'une fiche livrée."
        raise ErreurDonnees([Probleme(f"{nom}", None, "", message, f"{remede} Sinon, donner le chemin d'un fichier.")])
    return livrees[str(nom)]
