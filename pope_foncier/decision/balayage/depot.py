"""Finished parts on the disk: one Parquet file each, whole or absent, named by the print of all that it depends on.

What has another print is another computation: its file is left where it lies and never read. The result joins the parts in the order of the
plan; it says nothing of when, where nor by how many it was computed, so that two runs give the same file.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np

from pope_foncier.decision.balayage.calcul import MorceauFait
from pope_foncier.decision.balayage.colonnes import colonnes
from pope_foncier.decision.balayage.morceaux import Morceau, PlanDeBalayage
from pope_foncier.socle.ecriture import ecrire, exiger_un_dossier
from pope_foncier.socle.erreurs import ErreurSortie
from pope_foncier.socle.extras import bibliotheque

_EMPREINTE, _SECONDES = b"empreinte", b"secondes"
TABLE = "balayage.parquet"
"""Name of the result."""


@dataclass(frozen=True)
class Depot:
    """Folder of a sweep: ``morceaux/`` and the result."""

    dossier: Path

    @property
    def morceaux(self) -> Path:
        """Folder of the finished parts."""
        return self.dossier / "morceaux"

    @property
    def table(self) -> Path:
        """File of the result."""
        return self.dossier / TABLE

    def presents(self) -> list[Path]:
        """Files of parts, of this plan or of another."""
        return sorted(self.morceaux.glob("*.parquet")) if self.morceaux.is_dir() else []

    def exiger_libre(self) -> None:
        """Refuse a folder that holds finished parts, when nobody asked to resume.

        Raises:
            ErreurSortie: it holds some, or cannot be written.
        """
        exiger_un_dossier(self.dossier)
        if deja := len(self.presents()):
            raise ErreurSortie(
                f"{self.dossier} contient déjà {deja} morceau{'x' if deja > 1 else ''} d'un balayage. Ajouter --reprendre pour garder "
                "ceux qui valent encore, ou donner un autre dossier (--sortie)."
            )

    def fichier(self, morceau: Morceau) -> Path:
        """File of a part."""
        return self.morceaux / f"{morceau.empreinte[:32]}.parquet"

    def finis(self, morceaux: Iterable[Morceau]) -> tuple[set[int], list[Path]]:
        """Ranks of the parts that are finished and whole, and files of this plan that are damaged.

        Raises:
            ErreurCalcul: the library that reads and writes them is not installed.
        """
        _parquet()
        la, abimes = set(), []
        presents = set(self.presents())
        for morceau in morceaux:
            chemin = self.fichier(morceau)
            if chemin not in presents:
                continue
            if self._est_entier(chemin, morceau):
                la.add(morceau.rang)
            else:
                abimes.append(chemin)
        return la, abimes

    def _est_entier(self, chemin: Path, morceau: Morceau) -> bool:
        parquet = _parquet()
        try:
            lu = parquet.read_metadata(chemin)
            table = parquet.read_table(chemin)
        except Exception:  # whatever the library raises on a broken file
            return False
        return bool(lu.metadata.get(_EMPREINTE) == morceau.empreinte.encode() and table.num_rows == _taille(morceau))

    def garder(self, fait: MorceauFait, plan: PlanDeBalayage) -> Path:
        """Write a finished part.

        Raises:
            ErreurSortie: the folder cannot be written.
        """
        dits = {_EMPREINTE: fait.empreinte.encode(), _SECONDES: str(round(fait.secondes, 3)).encode()}
        table = en_table(fait.lignes, plan).replace_schema_metadata(dits)
        return ecrire(self.morceaux / f"{fait.empreinte[:32]}.parquet", _octets(table))

    def reunir(self, plan: PlanDeBalayage, morceaux: Sequence[Morceau]) -> Any:
        """Result of a finished sweep as an Arrow table, site by site, and write it.

        Raises:
            ErreurSortie: the folder cannot be written.
        """
        import pyarrow as pa

        parquet = _parquet()
        tables = [parquet.read_table(self.fichier(m)).replace_schema_metadata(None) for m in morceaux]
        reunie = pa.concat_tables(tables).take(pa.array(_rangs(morceaux)))
        ecrire(self.table, _octets(reunie.replace_schema_metadata({b"balayage": plan.titre.encode()})))
        return reunie


def _taille(morceau: Morceau) -> int:
    """Rows of a part."""
    return len(morceau.sites) * len(morceau.bouclages)


def _rangs(morceaux: Sequence[Morceau]) -> np.ndarray:
    """Rows of the parts put one after another, in the order of the sites, then of what is tried on each."""
    debut, blocs = 0, []
    for _, groupe in groupby(morceaux, key=lambda m: m.sites[0].nom):
        suite = list(groupe)
        forme = (len(suite), len(suite[0].sites), len(suite[0].bouclages))
        nombre = math.prod(forme)
        blocs.append(debut + np.arange(nombre).reshape(forme).swapaxes(0, 1).ravel())
        debut += nombre
    return np.concatenate(blocs)


def en_table(lignes: Sequence[Mapping[str, Any]], plan: PlanDeBalayage) -> Any:
    """Rows as an Arrow table whose columns the plan alone says; what a row does not have is missing."""
    pa = bibliotheque("pyarrow", "decider", "Un balayage")
    types = {"texte": pa.string(), "nombre": pa.float64(), "entier": pa.int64(), "nombres": pa.list_(pa.float64())}
    champs = [(nom, types[genre]) for nom, genre in colonnes(plan.tirages)]
    return pa.Table.from_pylist([{nom: ligne.get(nom) for nom, _ in champs} for ligne in lignes], pa.schema(champs))


def _octets(table: Any) -> bytes:
    tampon = io.BytesIO()
    _parquet().write_table(table, tampon, compression="zstd")
    return tampon.getvalue()


def _parquet() -> Any:
    return bibliotheque("pyarrow.parquet", "decider", "Un balayage")
