"""Communes, departments and regions by name and code: who is asked about a place (Caf, PMI, Département, Région)."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from pope_foncier.modele.donnee import Reference
from pope_foncier.socle.chemins import dossier_donnees
from pope_foncier.socle.csv_strict import charger_csv
from pope_foncier.socle.erreurs import abreger
from pope_foncier.socle.fiches import Fiche, Texte, lire_fiche

if TYPE_CHECKING:
    from shapely.geometry import Polygon

ILE_DE_FRANCE = "11"
"""Code of the region whose own taxes weigh on premises."""
_FIN_D_ADRESSE = re.compile(r"(?:\b(\d{5})\s+|,\s*)([^\d,]{2,60})$")
"""Postal code or comma, then a name of commune, at the end of an address."""
_CODE = re.compile(r"[0-9][0-9AB][0-9]{3}", re.IGNORECASE)
_ENTRE_PARENTHESES = re.compile(r"(.*?)\s*\(?\s*([0-9][0-9AB][0-9]{0,3})\s*\)?", re.IGNORECASE)
_HOMONYMES_MAX, _SIGNES_MAX = 6, 80


class Departement(Fiche):
    """Department: its name alone, its name after « de », and the code of its region."""

    nom: Texte
    de: Texte
    region: Texte


class Departements(Fiche):
    """Departments and regions by code."""

    source: Reference
    regions: dict[str, Texte]
    departements: dict[str, Departement]


@dataclass(frozen=True, slots=True)
class Interlocuteurs:
    """Whom to ask about a place, from its department: a name that is derived, to check before writing to it."""

    departement: str
    """Code of the department."""
    region: str
    """Code of the region."""
    nom_departement: str
    caf_locale: str
    pmi: str
    conseil_departemental: str
    conseil_regional: str


@dataclass(frozen=True, slots=True)
class Commune:
    """Commune of today."""

    code: str
    nom: str
    dite: str = ""
    """Name of the former commune that was typed, when it is now part of this one."""

    @property
    def en_clair(self) -> str:
        """Name as the sheets show it."""
        return f"{self.nom} ({self.dite})" if self.dite else self.nom


@lru_cache(maxsize=2)
def lire_departements() -> Departements:
    """Read the table of departments and regions."""
    return lire_fiche(Departements, dossier_donnees() / "territoires" / "departements.yaml")


def interlocuteurs(code_insee: str) -> Interlocuteurs:
    """Whom to ask about a place of a commune; a department that the table does not have is named by its code."""
    code = code_insee[:3] if code_insee.startswith("97") else code_insee[:2]
    table = lire_departements()
    connu = table.departements.get(code)
    if connu is None:
        dit = f"du département {code}"
        return Interlocuteurs(code, "", code, f"Caf {dit}", f"PMI {dit}", f"Département {code}", f"Région ({dit})")
    region = f"Région {table.regions.get(connu.region, connu.region)}"
    dit = connu.de
    return Interlocuteurs(code, connu.region, connu.nom, f"Caf {dit}", f"PMI {dit}", f"Département {dit}", region)


@lru_cache(maxsize=2)
def _lignes(chemin: Path) -> tuple[tuple[str, str, str], ...]:
    return tuple((r[0], r[1], r[2]) for _, r in charger_csv(chemin, ";")[1:] if len(r) == 3)


def _table() -> tuple[tuple[str, str, str], ...]:
    """Rows (code, name, code of the commune that it is part of today), the former communes included."""
    return _lignes(dossier_donnees() / "territoires" / "communes.csv")


@lru_cache(maxsize=2)
def _par_nom(chemin: Path) -> dict[str, list[tuple[str, str, str]]]:
    """Rows by folded name."""
    par_nom: dict[str, list[tuple[str, str, str]]] = {}
    for ligne in _lignes(chemin):
        par_nom.setdefault(plier(ligne[1]), []).append(ligne)
    return par_nom


def commune_de_code(code: str) -> Commune | None:
    """Commune of a code, or the one that it became part of; None when the table does not have it."""
    for lu, nom, dans in _table():
        if lu == code:
            return Commune(code, nom) if not dans else _devenue(dans, nom)
    return None


def commune_du_point(longitude: float, latitude: float) -> Commune | None:
    """Commune whose outline holds a point in degrees (WGS84), among those shipped; None elsewhere. Outlines are simplified: near an edge, to check."""
    from shapely.geometry import Point

    point = Point(longitude, latitude)
    for code, contour in _contours(dossier_donnees() / "territoires" / "contours_communes.csv"):
        if contour.contains(point):
            return commune_de_code(code)
    return None


def commune_de_l_adresse(adresse: str) -> Commune | None:
    """Commune that an address ends with, after its postal code or a comma; None when it is not said or not sure."""
    trouve = _FIN_D_ADRESSE.search(adresse)
    if trouve is None:
        return None
    postal, nom = trouve[1] or "", trouve[2]
    departement = postal[:3] if postal.startswith("97") else postal[:2]
    try:
        return lire_commune(f"{nom} ({departement})" if departement else nom)
    except ValueError:
        return None


@lru_cache(maxsize=2)
def _contours(chemin: Path) -> tuple[tuple[str, Polygon], ...]:
    """Outlines shipped, by code."""
    from shapely.geometry import Polygon

    lues = [(r[0], [tuple(map(float, p.split(","))) for p in r[1].split()]) for _, r in charger_csv(chemin, ";")[1:]]
    return tuple((code, Polygon(points)) for code, points in lues)


def lire_commune(texte: str) -> Commune:
    """Commune as a French hand types it: « Sevran », « Saint-Denis (93) », « 93071 », « Sevran (93071) ».

    A commune that the table does not have is taken with its code, in brackets.

    Raises:
        ValueError: unknown, several of that name, or a name and a code of two communes; says how to write it.
    """
    propre = " ".join(texte.split())
    if not texte.strip().isprintable() or len(propre) > _SIGNES_MAX:
        raise ValueError(f"un nom de commune de {_SIGNES_MAX} signes au plus est attendu")
    if _CODE.fullmatch(propre):
        trouvee = commune_de_code(propre.upper())
        if trouvee is None:
            raise ValueError(
                f"« {propre} » n'est le code Insee d'aucune commune (le code postal en est un autre) : écrire son nom, ou « Nom ({propre}) »"
            )
        return trouvee
    trouve = _ENTRE_PARENTHESES.fullmatch(propre)
    nom, code = (trouve[1], trouve[2].upper()) if trouve else (propre, "")
    candidates = _par_nom(dossier_donnees() / "territoires" / "communes.csv").get(plier(nom), [])
    if len(code) == 5:
        return _de_nom_et_code(nom, code, candidates)
    ici = [x for x in candidates if x[0].startswith(code)]
    actuelles = [x for x in ici if not x[2]] or ici
    if len(actuelles) == 1:
        lu, officiel, dans = actuelles[0]
        return Commune(lu, officiel) if not dans else _devenue(dans, officiel)
    if actuelles:
        raise ValueError(
            f"plusieurs communes portent ce nom : {_enumerer(actuelles)} ; écrire « {nom} (93) », par exemple"
        )
    raise ValueError(_inconnue(nom, code, candidates))


def _de_nom_et_code(nom: str, code: str, candidates: list[tuple[str, str, str]]) -> Commune:
    """Commune of a name and of its whole code, which must agree."""
    du_code = commune_de_code(code)
    if any(code in (lu, dans) for lu, _, dans in candidates) and du_code is not None:
        return next((_devenue(dans, n) for lu, n, dans in candidates if dans and code in (lu, dans)), du_code)
    if du_code is not None:
        sien = f" ; {nom} : {_enumerer(candidates)}" if candidates else ""
        raise ValueError(f"le code {code} est celui de {du_code.en_clair}, pas de {abreger(nom)}{sien}")
    if candidates:
        raise ValueError(f"le code {code} n'est celui d'aucune commune ; {nom} : {_enumerer(candidates)}")
    if not nom or not nom.isprintable():
        raise ValueError("un nom de commune est attendu avant son code")
    return Commune(code, nom)


def _devenue(code: str, ancienne: str) -> Commune:
    return next(Commune(code, nom, ancienne) for lu, nom, dans in _table() if lu == code and not dans)


def _inconnue(nom: str, code: str, ailleurs: list[tuple[str, str, str]]) -> str:
    """Why no commune is found, with the near names of the department, if one is said."""
    dit = plier(nom)
    connus = {plier(n): f"{n} ({lu[:2]})" for lu, n, dans in _table() if lu.startswith(code) and not dans}
    debuts = [p for p in connus if dit and p.startswith(f"{dit} ")][:3]
    proches = [connus[p] for p in debuts or get_close_matches(dit, connus, n=3, cutoff=0.7)]
    dits = [f"peut-être {', '.join(proches)}"] if proches else []
    dits += [f"ce nom existe ailleurs : {_enumerer(ailleurs)}"] if ailleurs else []
    ou = f"dans le {code}" if ailleurs else "connue"
    suite = "".join(f" ; {d}" for d in dits)
    return f"« {abreger(nom)} » n'est pas une commune {ou}{suite} ; sinon écrire « Nom (code Insee) », par exemple Sevran (93071)"


def _enumerer(lignes: list[tuple[str, str, str]]) -> str:
    """Communes with their code and department, a few at most."""
    departements = lire_departements().departements
    dites = [
        f"{lu} ({d.nom if (d := departements.get(lu[:3] if lu.startswith('97') else lu[:2])) else lu[:2]})"
        for lu, _, _ in lignes
    ]
    suite = f" et {len(dites) - _HOMONYMES_MAX} autres" if len(dites) > _HOMONYMES_MAX else ""
    return ", ".join(dites[:_HOMONYMES_MAX]) + suite


def plier(nom: str) -> str:
    """Name without accents, capitals, hyphens or « St » for « Saint », to compare it."""
    plat = (
        unicodedata.normalize("NFKD", nom.replace("œ", "oe").replace("Œ", "oe"))
        .encode("ascii", "ignore")
        .decode()
        .lower()
    )
    plat = " ".join(re.sub(r"[^a-z0-9]+", " ", plat).split())
    return re.sub(r"\bste\b", "sainte", re.sub(r"\bst\b", "saint", plat))
