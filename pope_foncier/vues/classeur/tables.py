"""Plain tables as a workbook: a tidy sheet each, French formats by unit, an unknown said in words and never left as zero."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

from pope_foncier.socle.nombres import formater_nombre
from pope_foncier.vues.classeur.placement import court, hauteur, largeur_de, pages_de_large
from pope_foncier.vues.classeur.styles import Styles, format_de

if TYPE_CHECKING:
    import pandas as pd
    from xlsxwriter.worksheet import Worksheet

_NOM_MAX = 31
"""Longest name of a sheet."""
_INTERDITS = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
UNITE = "unite"
"""Column of a frame that gives the unit of each row."""
_SANS_HORLOGE = datetime(1980, 1, 1)
"""Day of making of a file that reads no clock: the same tables are the same bytes."""


def en_classeur(cadres: Mapping[str, pd.DataFrame], pied: str = "") -> bytes:
    """Workbook of some tables, one sheet each; ``attrs`` may hold a title, a note, ``unites`` by column and the ``unite`` of the others.

    Args:
        pied: source, in the footer of each page.
    """
    import xlsxwriter

    tampon = BytesIO()
    classeur = xlsxwriter.Workbook(tampon, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    classeur.set_properties({"created": _SANS_HORLOGE})
    styles, noms = Styles(classeur, pied), set[str]()
    for nom, cadre in cadres.items():
        _ecrire(classeur.add_worksheet(_nom_de_feuille(nom, noms)), styles, nom, cadre)
    classeur.close()
    return tampon.getvalue()


def _nom_de_feuille(nom: str, pris: set[str]) -> str:
    """Name that a spreadsheet admits, and that no other sheet has."""
    propre = " ".join(nom.translate(_INTERDITS).split()).strip("'")[:_NOM_MAX] or "Tableau"
    rang, seul = 1, propre
    while seul.lower() in pris:
        rang += 1
        seul = f"{propre[: _NOM_MAX - 4]} ({rang})"
    pris.add(seul.lower())
    return seul


def _ecrire(feuille: Worksheet, styles: Styles, nom: str, cadre: pd.DataFrame) -> None:
    cles = [str(n or "") for n in cadre.index.names]
    titres = [*cles, *(_titre(c) for c in cadre.columns)]
    debut = 2
    styles.mettre_en_page(feuille, nom, (debut + 1, len(cles)))
    feuille.write_string(0, 0, str(cadre.attrs.get("titre", nom)), styles.titre)
    for colonne, titre in enumerate(titres):
        feuille.write_string(debut, colonne, titre, styles.entete)
    unites, commune = cadre.attrs.get("unites", {}), cadre.attrs.get("unite", "")
    des_lignes = list(cadre[UNITE]) if UNITE in cadre.columns else None
    textes: list[list[str]] = [[titre] for titre in titres]
    for rang, (cle, valeurs) in enumerate(zip(cadre.index, cadre.itertuples(index=False, name=None), strict=True)):
        ligne = debut + 1 + rang
        for colonne, valeur in enumerate(cle if isinstance(cle, tuple) else (cle,)):
            textes[colonne].append(_poser(feuille, styles, ligne, colonne, valeur, ""))
        for suite, (titre, valeur) in enumerate(zip(cadre.columns, valeurs, strict=True)):
            unite = des_lignes[rang] if des_lignes is not None else unites.get(titre, commune)
            colonne = len(cles) + suite
            textes[colonne].append(_poser(feuille, styles, ligne, colonne, valeur, str(unite)))
    largeurs = [largeur_de(dits) for dits in textes]
    for colonne, largeur in enumerate(largeurs):
        feuille.set_column(colonne, colonne, largeur)
    feuille.set_row(debut, hauteur(*zip(titres, largeurs, strict=True)))
    feuille.fit_to_pages(pages_de_large(largeurs), 0)
    note = str(cadre.attrs.get("note", ""))
    if note:
        feuille.write_string(debut + 2 + len(cadre), 0, note, styles.detail)


def _titre(colonne: Any) -> str:
    return " · ".join(str(x) for x in colonne) if isinstance(colonne, tuple) else str(colonne)


def _poser(feuille: Worksheet, styles: Styles, ligne: int, colonne: int, valeur: Any, unite: str) -> str:
    """Write a cell; returns what it shows, for the width of its column."""
    if hasattr(valeur, "to_timestamp"):  # a period: its first day, shown as a month or a year
        mois = valeur.freqstr.startswith("M")
        jour = valeur.to_timestamp().to_pydatetime()
        if mois:
            feuille.write_datetime(ligne, colonne, jour, styles.nombre("", num_format="mm/yyyy"))
        else:
            feuille.write_number(ligne, colonne, jour.year, styles.nombre("", num_format="0"))
        return "00/0000"
    if hasattr(valeur, "strftime"):
        feuille.write_datetime(ligne, colonne, valeur, styles.nombre("date"))
        return "00/00/0000"
    if isinstance(valeur, str) or valeur is None:
        feuille.write_string(ligne, colonne, valeur or "", styles.texte)
        return court(valeur or "", 60)
    if isinstance(valeur, bool):
        feuille.write_string(ligne, colonne, "oui" if valeur else "non", styles.texte)
        return "oui"
    nombre = float(valeur)
    if not math.isfinite(nombre):
        feuille.write_string(ligne, colonne, "inconnu", styles.du_genre("inconnu", align="right"))
        return "inconnu"
    if isinstance(valeur, int) or (hasattr(valeur, "dtype") and valeur.dtype.kind in "iu"):
        feuille.write_number(ligne, colonne, nombre, styles.nombre("", num_format="0"))
        return str(int(nombre))
    forme = format_de(unite, nombre) if unite else "#,##0.00##"
    feuille.write_number(ligne, colonne, nombre, styles.nombre(unite, num_format=forme))
    return f"{formater_nombre(nombre, 2, 2)} {unite}"
