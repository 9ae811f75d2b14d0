"""Tables of rooms, CSV or XLSX, and the room schedule of COBie: lines as they are written, what was left out, the totals checked."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pope_foncier.lieu.fichiers.niveaux import Etage, numeroter
from pope_foncier.lieu.fichiers.noms_de_pieces import lire_nom, niveau_du_nom
from pope_foncier.lieu.locaux import lire_fonctions
from pope_foncier.lieu.vraisemblance import lire_vraisemblance
from pope_foncier.socle.enregistrements import enregistrement
from pope_foncier.socle.erreurs import PROBLEMES_MAX, ErreurDonnees, Probleme, abreger
from pope_foncier.socle.nombres import formater_nombre, lire_nombre
from pope_foncier.socle.tables_lues import Cumul, TableLue, cle, genre_de_total, lire_table
from pope_foncier.socle.xlsx_strict import lire_feuille

_COLONNES = {
    "nom": "nom nom_du_local nom_de_la_piece nom_local local piece designation libelle intitule room_name "
    "space_name room space name",
    "description": "description long_name longname",
    "numero": "numero n no num repere code room_number number",
    "fonction": "fonction usage affectation destination function room_function",
    "categorie": "categorie category type",
    "surface": "surface surface_m surface_utile surface_utile_m su su_m surface_nette surface_nette_m superficie "
    "netarea net_area net_area_m area area_m floor_area room_area surface_plancher surface_brute "
    "grossarea gross_area m area_sq_ft area_sf area_ft surface_unitaire surface_unitaire_m",
    "total": "surface_totale surface_totale_m total total_m total_area total_area_m",
    "nombre": "quantite nombre nb qte nombre_de_pieces quantity qty count",
    "hauteur": "hauteur hauteur_m hauteur_libre hauteur_libre_m hauteur_sous_plafond hauteur_sous_plafond_m hsp "
    "hsp_m height height_m usableheight ceiling_height clear_height hauteur_cm hauteur_mm height_ft",
    "largeur": "largeur largeur_m largeur_utile largeur_utile_m width width_m",
    "niveau": "niveau etage niv floorname floor_name floor level storey",
    "secteur": "secteur pole zone departement service department suite_name",
}
"""Usual headings of room tables in French and English, without signs nor digits."""
_METRES = {
    "mm": 0.001,
    "cm": 0.01,
    "ft": 0.3048,
    "feet": 0.3048,
    "foot": 0.3048,
    "pied": 0.3048,
    "millimeters": 0.001,
    "centimeters": 0.01,
}


@enregistrement
class LocalLu:
    """Row of a table: a room, or several alike."""

    ligne: int
    nom: str
    fonction: str
    """Function that the row or its name tells; empty when it must be asked."""
    a_confirmer: bool
    """The name only suggests the function."""
    surface_m2: float
    """Area of one room [m²]."""
    nombre: int = 1
    niveau: int = 0
    secteur: str = ""
    hauteur_m: float | None = None
    largeur_m: float | None = None

    @property
    def total_m2(self) -> float:
        """Area of all the rooms of the row [m²]."""
        return self.surface_m2 * self.nombre


@enregistrement
class LocauxLus:
    """Rooms of a table."""

    format: str
    titre: str
    locaux: tuple[LocalLu, ...]
    laisses: Mapping[str, int] = field(default_factory=dict)
    avis: tuple[str, ...] = ()

    @property
    def total_m2(self) -> float:
        """Area of all the rooms [m²]."""
        return sum(x.total_m2 for x in self.locaux)

    @property
    def nombre(self) -> int:
        """Number of rooms."""
        return sum(x.nombre for x in self.locaux)


@dataclass(slots=True)
class _Lecture:
    """Table being read."""

    table: TableLue
    metres2: float
    metres: float
    niveaux: Mapping[str, int]
    """Number of the storeys that the workbook names."""
    a_virgules: frozenset[str]
    problemes: list[Probleme] = field(default_factory=list)
    avis: list[str] = field(default_factory=list)
    locaux: list[LocalLu] = field(default_factory=list)
    sans_surface: list[str] = field(default_factory=list)
    nulles: list[str] = field(default_factory=list)
    dehors: list[str] = field(default_factory=list)
    flous: dict[str, None] = field(default_factory=dict)
    """Storeys that no number tells."""
    batis: list[str] = field(default_factory=list)
    titre: tuple[str, int | None] = ("", None)
    """Title of the part being read: sector, storey."""


def lire_locaux(chemin: Path) -> LocauxLus:
    """Rooms of a table.

    Headings are found where they are; numbers take a comma or a dot; rows of totals are left out and checked; a height of 0 is unknown;
    what is no room (a roof, the outside, a row of 0 m²) is left out and counted.

    Raises:
        ErreurDonnees: no column of names or of areas, cells that cannot be read, or no room at all.
    """
    table = lire_table(chemin, {c: noms.split() for c, noms in _COLONNES.items()}, "vérifier le nom et le dossier.")
    absentes = [c for c in ("nom", "surface") if c not in table.places and (c == "nom" or "total" not in table.places)]
    if absentes:
        message = f"colonnes absentes : {', '.join(absentes)} ; trouvé : {abreger(', '.join(table.titres))}."
        remede = "donner à chaque colonne son titre, par exemple « Nom » et « Surface (m²) », sur une même ligne."
        raise ErreurDonnees.une(table.fichier, message, remede, ligne=table.ligne_des_titres)
    cobie = {"floorname", "usableheight"} <= {cle(t) for t in table.titres}
    lecture = _Lecture(
        table, *_unites(table, chemin if cobie else None), _etages(chemin) if cobie else {}, _a_virgules(table)
    )
    cumul = Cumul()
    for n, cellules in table.rangs:
        if len(lecture.problemes) < PROBLEMES_MAX:
            _ranger(lecture, n, cellules, cumul)
    if lecture.problemes:
        raise ErreurDonnees(lecture.problemes)
    if not lecture.locaux:
        raise ErreurDonnees.une(table.fichier, "aucune pièce avec une surface.", "remplir le tableau sous ses titres.")
    laisses = {
        "lignes de 0 m²": len(lecture.nulles),
        "lignes qui ne sont pas des pièces": len(lecture.dehors),
        "pièces sans surface": len(lecture.sans_surface),
    }
    quoi = "COBie" if cobie else "tableau de locaux"
    return LocauxLus(
        quoi, chemin.stem, tuple(lecture.locaux), {k: v for k, v in laisses.items() if v}, tuple(_avis(lecture))
    )


def _ranger(lecture: _Lecture, n: int, cellules: Sequence[str], cumul: Cumul) -> None:
    """Read a row: a room, a total, the title of a part, or what is left out."""
    table = lecture.table
    premier = next(c.strip() for c in cellules if c.strip())
    if genre := genre_de_total(table.texte(cellules, "nom") or premier):
        _verifier_le_total(lecture, n, cellules, cumul, genre)
        return
    if sum(bool(c.strip()) for c in cellules) == 1 and not table.texte(cellules, "surface"):
        lecture.titre = (premier, niveau_du_nom(premier))
        return
    nom = _nom(table, cellules) or f"ligne {n}"
    nombre = _nombre(lecture, n, cellules)
    surface = _mesure(lecture, n, cellules, "surface", lecture.metres2)
    if surface is None and (total := _mesure(lecture, n, cellules, "total", lecture.metres2)) is not None:
        surface = total / nombre
    if surface is None or surface == 0:
        (lecture.nulles if surface == 0 else lecture.sans_surface).append(nom)
        return
    if surface > lire_vraisemblance().bornes["piece"].surface_m2[1]:
        message = f"« {abreger(nom, 40)} » ferait {formater_nombre(surface)} m²."
        lecture.problemes.append(
            Probleme(table.fichier, n, "surface", message, "vérifier le nombre, ou l'unité dans le titre.")
        )
    cumul.ajouter(surface * nombre)
    lu = lire_nom(nom)
    if lu is not None and lu.dehors:
        lecture.dehors.append(f"{nom} ({formater_nombre(surface * nombre, 2)} m²)")
        return
    fonction, a_confirmer = _fonction(lecture, cellules, nom)
    secteur, du_titre = lecture.titre
    lecture.locaux.append(
        LocalLu(
            n,
            nom,
            fonction,
            a_confirmer,
            round(surface, 6),
            nombre,
            _niveau(lecture, cellules, du_titre),
            table.texte(cellules, "secteur") or ("" if du_titre is not None else secteur),
            _hauteur(lecture, n, cellules),
            _mesure(lecture, n, cellules, "largeur", 1.0) or None,
        )
    )


def _nom(table: TableLue, cellules: Sequence[str]) -> str:
    """Name of a room: its number and its name, or its code and its description."""
    nom, numero, description = (" ".join(table.texte(cellules, c).split()) for c in ("nom", "numero", "description"))
    if numero and numero.lower() != nom.lower() and "nom" in table.places:
        return f"{numero} {nom}".strip()
    if description and description.lower() not in ("n/a", nom.lower()) and (not nom or re.search(r"[0-9]", nom)):
        return f"{nom} {description}".strip()
    return nom


def _fonction(lecture: _Lecture, cellules: Sequence[str], nom: str) -> tuple[str, bool]:
    """Function of a room, and whether it is only suggested: its column, then its name, then its category."""
    dite = lecture.table.texte(cellules, "fonction")
    for identifiant, fonction in lire_fonctions().items():
        if dite and cle(dite) in (identifiant, cle(fonction.libelle)):
            return identifiant, False
    for texte in (dite, nom, lecture.table.texte(cellules, "categorie")):
        lu = lire_nom(texte) if texte else None
        if lu is not None and lu.nature:
            lecture.batis.append(nom)
            return "technique", False
        if lu is not None and lu.fonction:
            return lu.fonction, lu.a_confirmer
    return "", False


def _niveau(lecture: _Lecture, cellules: Sequence[str], du_titre: int | None) -> int:
    ecrit = lecture.table.texte(cellules, "niveau")
    if not ecrit:
        return du_titre or 0
    if ecrit in lecture.niveaux:
        return lecture.niveaux[ecrit]
    if re.fullmatch(r"[+-]?[0-9]{1,2}", ecrit):
        return int(ecrit)
    dit = niveau_du_nom(ecrit)
    if dit is None:
        lecture.flous[ecrit] = None
    return dit or 0


def _nombre(lecture: _Lecture, n: int, cellules: Sequence[str]) -> int:
    lu = _mesure(lecture, n, cellules, "nombre", 1.0)
    if lu is None:
        return 1
    if lu != int(lu) or lu < 1:
        message = f"« {abreger(lecture.table.texte(cellules, 'nombre'))} » n'est pas un nombre de pièces."
        lecture.problemes.append(
            Probleme(lecture.table.fichier, n, "nombre", message, "écrire un nombre entier, 1 ou plus.")
        )
        return 1
    return int(lu)


def _hauteur(lecture: _Lecture, n: int, cellules: Sequence[str]) -> float | None:
    """Height of a room; software writes 0 for unknown."""
    lue = _mesure(lecture, n, cellules, "hauteur", lecture.metres)
    bornes = lire_vraisemblance().bornes["piece"].hauteur_m
    if lue is not None and bornes is not None and lue > bornes[1]:
        message = f"hauteur de {formater_nombre(lue, 2, 0)} m : sans doute des {'millimètres' if lue > 500 else 'centimètres'}."
        remede = "écrire l'unité dans le titre, par exemple « Hauteur (mm) », ou des mètres."
        lecture.problemes.append(Probleme(lecture.table.fichier, n, "hauteur", message, remede))
    return round(lue, 3) if lue else None


def _mesure(lecture: _Lecture, n: int, cellules: Sequence[str], colonne: str, facteur: float) -> float | None:
    """Number of a cell; None when it is empty or says that it is unknown."""
    texte = re.sub(
        r"\s*(?:m2|m²|m|sq\.? ?ft|sf|ft²|pi²)$", "", lecture.table.texte(cellules, colonne), flags=re.IGNORECASE
    ).strip()
    if texte.lower() in ("", "n/a", "na", "-", "–", "—", "?", "nc", "inconnu", "inconnue"):
        return None
    if colonne not in lecture.a_virgules and re.fullmatch(r"[0-9]+\.[0-9]+", texte):
        texte = texte.replace(".", ",")
    try:
        valeur = lire_nombre(texte)
    except ValueError as erreur:
        lecture.problemes.append(
            Probleme(lecture.table.fichier, n, colonne, f"{erreur}.", "écrire un nombre, par exemple 12,5.")
        )
        return None
    if valeur < 0:
        lecture.problemes.append(Probleme(lecture.table.fichier, n, colonne, "nombre négatif.", "vérifier le signe."))
        return None
    return valeur * facteur


def _a_virgules(table: TableLue) -> frozenset[str]:
    """Columns that write their decimals with a comma: « 1.250 » there is a thousand, and must be asked."""
    return frozenset(c for c in table.places if any("," in table.texte(cellules, c) for _, cellules in table.rangs))


def _verifier_le_total(lecture: _Lecture, n: int, cellules: Sequence[str], cumul: Cumul, genre: str) -> None:
    colonne = next((c for c in ("total", "surface") if lecture.table.texte(cellules, c)), "surface")
    ecrit = _mesure(lecture, n, cellules, colonne, lecture.metres2)
    attendu = None if ecrit is None else cumul.ecart(ecrit, genre)
    if ecrit is not None and attendu is not None:
        nom = abreger(lecture.table.texte(cellules, "nom") or "total", 40)
        dits = f"{formater_nombre(ecrit, 2)} m² écrits, {formater_nombre(attendu, 2)} m² dans les lignes au-dessus"
        lecture.avis.append(f"Ligne {n}, « {nom} » : {dits} ; les lignes sont gardées.")


def _unites(table: TableLue, cobie: Path | None) -> tuple[float, float]:
    """Square metres and metres of the units that headings, or the sheet of the building, name; metres when nothing is named."""
    titres = {
        c: table.titres[table.places[c]].lower() if c in table.places else "" for c in ("surface", "total", "hauteur")
    }
    surface, hauteur = titres["surface"] or titres["total"], titres["hauteur"]
    if cobie is not None and cobie.suffix.lower() != ".csv":
        cases = _feuille(cobie, "Facility")
        valeurs = dict(zip(cases[0], cases[1], strict=False)) if len(cases) > 1 else {}
        surface, hauteur = valeurs.get("AreaUnits", "").lower(), valeurs.get("LinearUnits", "").lower()
    pieds = re.search(r"ft²|ft2|sq\.? ?ft|square ?f|\bsf\b|pi²|pied", surface)
    mots = re.findall(r"[a-z]+", hauteur)
    return (_METRES["ft"] ** 2 if pieds else 1.0), next((_METRES[m] for m in mots if m in _METRES), 1.0)


def _etages(classeur: Path) -> dict[str, int]:
    """Storeys of a COBie workbook by name, numbered from their levels."""
    if classeur.suffix.lower() == ".csv":
        return {}
    titres, *rangs = _feuille(classeur, "Floor") or [[]]
    if not {"Name", "Elevation"} <= set(titres):
        return {}
    etages = []
    for rang in rangs:
        champs = dict(zip(titres, rang, strict=False))
        try:
            etages.append(Etage(None, champs["Name"], float(champs["Elevation"])))
        except (KeyError, ValueError):
            return {}
    etages.sort(key=lambda e: e.altitude_m)
    return {e.nom: numero for e, numero in zip(etages, numeroter(etages)[0], strict=True)}


def _feuille(classeur: Path, nom: str) -> list[list[str]]:
    """Cells of a sheet as text; empty without that sheet."""
    try:
        lignes = lire_feuille(classeur, nom).lignes
    except ErreurDonnees:
        return []
    return [["" if c.valeur is None else str(c.valeur) for c in cases] for _, cases in lignes]


def _avis(lecture: _Lecture) -> list[str]:
    """What a reader of the table must know."""
    avis = list(lecture.avis)
    for noms, dit in (
        (lecture.dehors, "Lignes qui ne sont pas des pièces, laissées"),
        (lecture.nulles, "Lignes de 0 m², laissées"),
        (lecture.sans_surface, "Pièces sans surface, laissées"),
        (lecture.batis, "Escaliers et ascenseurs, portés en « technique » : ils ne comptent pour personne"),
        (list(lecture.flous), "Niveaux non compris, lus au rez-de-chaussée, à vérifier"),
    ):
        if noms:
            plus = f" et {len(noms) - 12} autres" if len(noms) > 12 else ""
            avis.append(f"{dit} : {', '.join(noms[:12])}{plus}.")
    if "hauteur" in lecture.table.places and all(x.hauteur_m is None for x in lecture.locaux):
        avis.append("Hauteur vide ou à 0 partout : elle est inconnue.")
    return avis
