"""Sheet « Hypothèses »: one row an input, the cell to type in, the one that formulas read, range, source, whom to ask.

What is typed stands in column B; column C, which has the name of the input, reads it: an empty cell or a word makes ``#N/A``, so that an
unknown spreads to all that depends on it and is never taken for zero. The last columns, apart from the print, hold the field of the study
and the value as it was written: they tell what a partner changed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from pope_foncier.socle.fiches import Bornes
from pope_foncier.socle.nombres import formater_nombre
from pope_foncier.vues.classeur.entrees import EntreeVive, EtudeEcrite, nom_de_cellule
from pope_foncier.vues.classeur.placement import court, ensemble, hauteur
from pope_foncier.vues.classeur.saisies import Saisie, saisies
from pope_foncier.vues.classeur.styles import GENRE_EN_CLAIR, Styles
from pope_foncier.vues.formes.lectures import STATUTS

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

FEUILLE = "Hypothèses"
MODIFIEES = "entrees_modifiees"
"""Name of the cell that counts the inputs changed since the workbook was written."""
INCONNU = "inconnu"
"""Word of an input cell that nobody knows."""
COLONNES: tuple[tuple[str, float], ...] = (
    ("Entrée", 44),
    ("Valeur à saisir", 13),
    ("Lue par les formules", 13),
    ("Unité", 12),
    ("État", 12),
    ("Bas", 9),
    ("Haut", 9),
    ("Nature", 12),
    ("Fiabilité", 12),
    ("Ce sur quoi elle repose", 52),
    ("À demander à", 22),
    ("Votre commentaire", 26),
    ("Nom de la cellule", 36),
    ("Champ de l'étude", 36),
    ("Valeur écrite", 12),
)
"""Headings and widths; the first twelve are printed."""
LIBELLE, SAISIE, LUE, UNITE, ETAT, BAS, HAUT, NATURE, FIABILITE, RAISON, AUPRES, COMMENTAIRE, NOM, CHAMP, ECRITE = (
    range(15)
)
_IMPRIMEES = COMMENTAIRE
HORS_BORNES, ILLISIBLE, A_RENVOYER = "hors bornes", "illisible", "à renvoyer"
_CHANGEE = ("modifiée", "vidée", ILLISIBLE, HORS_BORNES)
"""Words of the column of states that tell a change."""
ENTETES, GEL = 3, 4
"""Row of the headings (from zero), and rows that stay in sight."""
_SANS_BORNE = 1e9
"""From here on, a bound stops typing mistakes alone, and is not said."""
_AIDE = (
    "Tapez dans la colonne « Valeur à saisir » : tout le classeur se recalcule. Un taux se tape en pour cent (4,2 %). Une case vidée devient "
    "inconnue, et tout ce qui en dépend avec elle. La colonne « État » dit ce qui a changé. Dites pourquoi dans « Votre commentaire ». Pour renvoyer vos valeurs : voir Lisez-moi."
)


def ecrire(
    classeur: Workbook, feuille: Worksheet, styles: Styles, lu: EtudeEcrite, vives: Sequence[EntreeVive]
) -> dict[str, tuple[int, int]]:
    """Write the sheet, and define the name of each input that the formulas read on its cell of column C.

    Returns:
        Row and column, from zero, of the cell to type in, by the field of the study.
    """
    _preparer(feuille, styles)
    cases: dict[str, tuple[int, int]] = {}
    ligne = GEL
    for salle, siennes in groupby(saisies(lu, vives), key=lambda s: s.salle):
        for colonne in range(_IMPRIMEES + 1):
            feuille.write_string(ligne, colonne, salle if colonne == 0 else "", styles.sous_titre)
        ligne += 1
        for saisie in siennes:
            _ecrire_une(classeur, feuille, styles, ligne, saisie)
            if saisie.champ:
                cases[saisie.champ] = (ligne, SAISIE)
            ligne += 1
    etats = f"$E${GEL + 1}:$E${ligne}"
    compte = "+".join(f'COUNTIF({etats},"{mot}")' for mot in _CHANGEE)
    feuille.write_string(2, LIBELLE, "Entrées changées depuis que ce classeur a été écrit", styles.note)
    feuille.write_formula(2, SAISIE, f"={compte}", styles.format(bold=True, num_format="0"), 0)
    classeur.define_name(MODIFIEES, f"='{FEUILLE}'!$B$3")
    feuille.print_area(0, 0, ligne - 1, _IMPRIMEES)
    feuille.autofilter(ENTETES, 0, ligne - 1, _IMPRIMEES)
    return cases


def _preparer(feuille: Worksheet, styles: Styles) -> None:
    styles.mettre_en_page(feuille, FEUILLE, (GEL, 1))
    feuille.write_string(0, 0, FEUILLE, styles.titre)
    feuille.set_row(0, 24)
    feuille.merge_range(1, 0, 1, _IMPRIMEES, _AIDE, styles.note)
    feuille.set_row(1, hauteur((_AIDE, ensemble(largeur for _, largeur in COLONNES[: _IMPRIMEES + 1])), corps=9))
    for colonne, (titre, largeur) in enumerate(COLONNES):
        replie = {"level": 1, "hidden": True} if colonne >= CHAMP else {}
        feuille.set_column(colonne, colonne, largeur, None, replie)
        feuille.write_string(ENTETES, colonne, titre, styles.entete)
    feuille.set_row(ENTETES, 30)


def _ecrire_une(classeur: Workbook, feuille: Worksheet, styles: Styles, ligne: int, saisie: Saisie) -> None:
    n = ligne + 1
    feuille.write_string(ligne, LIBELLE, saisie.libelle, styles.texte)
    _ecrire_la_valeur(feuille, styles, ligne, saisie)
    _ecrire_ce_qui_est_lu(feuille, styles, ligne, saisie)
    feuille.write_string(ligne, UNITE, saisie.unite, styles.unite)
    for colonne, borne in ((BAS, saisie.bas), (HAUT, saisie.haut)):
        if borne is not None:
            feuille.write_number(ligne, colonne, borne, styles.de_l_entree(saisie.unite, "calcul", borne))
    dits = {
        NATURE: GENRE_EN_CLAIR[saisie.genre],
        FIABILITE: saisie.fiabilite,
        RAISON: saisie.repose_sur,
        AUPRES: saisie.aupres_de,
    }
    for colonne, texte in dits.items():
        feuille.write_string(ligne, colonne, texte, styles.unite if colonne == NATURE else styles.texte)
    textes = {**dits, LIBELLE: saisie.libelle}
    feuille.set_row(ligne, hauteur(*((texte, COLONNES[colonne][1]) for colonne, texte in textes.items())))
    if saisie.champ:
        feuille.write_blank(ligne, COMMENTAIRE, None, styles.du_genre("a_remplir", text_wrap=True))
    etat, ecrit = _etat(n, saisie), "inconnue" if saisie.est_inconnue else ""
    feuille.write_formula(ligne, ETAT, etat, styles.controle, ecrit)
    if saisie.lue:
        classeur.define_name(saisie.cellule, f"='{FEUILLE}'!$C${n}")
        feuille.write_string(ligne, NOM, saisie.cellule, styles.detail)
    feuille.write_string(ligne, CHAMP, saisie.champ, styles.detail)
    if isinstance(saisie.valeur, str) or saisie.est_inconnue:
        feuille.write_string(ligne, ECRITE, INCONNU if saisie.est_inconnue else str(saisie.valeur), styles.detail)
    else:
        feuille.write_number(ligne, ECRITE, float(saisie.valeur), styles.detail)


def _ecrire_la_valeur(feuille: Worksheet, styles: Styles, ligne: int, saisie: Saisie) -> None:
    """Cell to type in, with what it admits; an evolution path follows the reading that the study chooses."""
    valeur = saisie.valeur
    if isinstance(valeur, str):
        feuille.write_string(ligne, SAISIE, valeur, styles.du_genre(saisie.genre, align="right"))
        feuille.data_validation(ligne, SAISIE, ligne, SAISIE, _liste(saisie))
        return
    nombre = 0.0 if saisie.est_inconnue else float(valeur)
    forme = styles.de_l_entree(saisie.unite, saisie.genre, nombre)
    if saisie.chemins is not None:
        lecture = saisie.chemins
        n = ligne + 1
        formule = f'=IF(e_evolution="bas",F{n},IF(e_evolution="haut",G{n},{lecture["central"]!r}))'
        feuille.write_formula(ligne, SAISIE, formule, forme, nombre)
    elif saisie.est_inconnue:
        feuille.write_string(ligne, SAISIE, INCONNU, forme)
    else:
        feuille.write_number(ligne, SAISIE, nombre, forme)
    if saisie.champ and saisie.bornes is not None:
        feuille.data_validation(ligne, SAISIE, ligne, SAISIE, _bornes(saisie))


def _ecrire_ce_qui_est_lu(feuille: Worksheet, styles: Styles, ligne: int, saisie: Saisie) -> None:
    """Cell that the formulas read: the number typed, else ``#N/A``; the word of a choice."""
    n, valeur = ligne + 1, saisie.valeur
    if not saisie.lue:
        return
    if isinstance(valeur, str):
        feuille.write_formula(ligne, LUE, f"=B{n}", styles.du_genre("calcul", align="right"), valeur)
        return
    forme = styles.de_l_entree(saisie.unite, "calcul", 0.0 if saisie.est_inconnue else float(valeur))
    tapee = f"B{n}"
    for suivie, statut, alors in _SELON_LE_STATUT:
        aide = suivie.fullmatch(saisie.champ)
        if aide is not None:
            tapee = f'IF({nom_de_cellule(f"{aide[1]}.statut")}="{STATUTS[statut]}",{alors},B{n})'
    lue = f"=IF(ISNUMBER(B{n}),{tapee},NA())"
    feuille.write_formula(ligne, LUE, lue, forme, "#N/A" if saisie.est_inconnue else float(valeur))


_SELON_LE_STATUT = (
    (re.compile(r"(aides\[.+\])\.coefficient"), "non_demandee", 0),
    (re.compile(r"(aides\[.+\])\.probabilite"), "acquise", 1),
)
"""What a grant counts for, whatever is typed, as its status says: nothing when nobody asks for it, its whole chance once obtained."""


def _etat(n: int, saisie: Saisie) -> str:
    """Formula that says what became of an input since the workbook was written."""
    change = '"modifiée"' if saisie.lue else f'"{A_RENVOYER}"'
    modifiee = f'IF(B{n}=O{n},"",{change})'
    if isinstance(saisie.valeur, str):
        admis = ",".join(f'B{n}="{mot}"' for mot in (saisie.choix or {}).values())
        return f'=IF(OR({admis}),{modifiee},"{ILLISIBLE}")' if admis else f"={modifiee}"
    hors = ""
    if saisie.bornes is not None and saisie.champ:
        entier = f",B{n}<>INT(B{n})" if saisie.bornes.entier else ""
        hors = f'IF(OR(B{n}<{saisie.bornes.mini!r},B{n}>{saisie.bornes.maxi!r}{entier}),"{HORS_BORNES}",'
    vide = '"inconnue"' if saisie.est_inconnue else f'IF(OR(B{n}="",B{n}="{INCONNU}"),"vidée","{ILLISIBLE}")'
    return f"=IF(ISNUMBER(B{n}),{hors}{modifiee}{')' if hors else ''},{vide})"


# --- what a cell admits -------------------------------------------------------------------------------------------
def attendu(bornes: Bornes | None, choix: Mapping[str, str] | None, unite: str) -> str:
    """What an input admits, in words: « un nombre entre 0 et 100 % », « un nombre entier entre 0 et 1 200 »."""
    if choix is not None:
        return "un mot parmi : " + ", ".join(choix.values())
    if bornes is None:
        return "un nombre"
    facteur, signe = (100.0, "\u00a0%") if unite == "%" else (1.0, "")
    bas, haut = (formater_nombre(facteur * b, 2, 0) for b in (bornes.mini, bornes.maxi))
    nombre = "un nombre entier" if bornes.entier else "un nombre"
    if bornes.maxi >= _SANS_BORNE:
        return nombre if bornes.mini <= -_SANS_BORNE else f"{nombre} d'au moins {bas}{signe}"
    return f"{nombre} entre {bas} et {haut}{signe}"


def _bornes(saisie: Saisie) -> dict[str, Any]:
    bornes = saisie.bornes
    assert bornes is not None
    return {
        "validate": "integer" if bornes.entier else "decimal",
        "criteria": "between",
        "minimum": bornes.mini,
        "maximum": bornes.maxi,
        **_messages(saisie),
    }


def _liste(saisie: Saisie) -> dict[str, Any]:
    return {"validate": "list", "source": list((saisie.choix or {}).values()), **_messages(saisie)}


def _messages(saisie: Saisie) -> dict[str, Any]:
    """What the cell says when one comes to it, and when one types what it does not admit."""
    dit = attendu(saisie.bornes, saisie.choix, saisie.unite)
    aide = f"{dit[:1].upper()}{dit[1:]}."
    if saisie.choix is None:
        aide += " Vide : inconnu."
    return {
        "ignore_blank": True,
        "input_title": court(saisie.libelle, 32),
        "input_message": court(aide, 255),
        "error_title": "Valeur non admise",
        "error_message": court(f"Écrire {dit}, ou vider la case si personne ne le sait.", 255),
        "error_type": "stop",
    }
