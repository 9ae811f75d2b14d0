"""LibreOffice as an independent calculator: opens a workbook without a screen, types inputs in its cells, and gives its numbers back.

A macro of its own language does it, from a profile of its own, so that several may run at once: the file is opened once, whatever the number
of sets of inputs, as somebody at a desk would do, and every formula is computed anew, nothing of what the file holds being believed.
The numbers come one file a set: one that does not come in time ends the whole of LibreOffice, its children included.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from html import escape
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pope_foncier.socle.erreurs import ErreurCalcul

Nombres = NDArray[np.float64]
"""Numbers of a sheet, shape (rows, columns); NaN for a word, an error or an empty cell."""
Saisies = Mapping[tuple[str, str], float | str]
"""What is typed, by sheet and cell (``B12``)."""
_PROFIL = {
    "registrymodifications.xcu": """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>1</value></prop></item>
<item oor:path="/org.openoffice.Setup/Office"><prop oor:name="ooSetupInstCompleted" oor:op="fuse"><value>true</value></prop></item>
</oor:items>
""",
    "basic/script.xlc": """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE library:libraries PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "libraries.dtd">
<library:libraries xmlns:library="http://openoffice.org/2000/library" xmlns:xlink="http://www.w3.org/1999/xlink">
<library:library library:name="Standard" xlink:href="$(USER)/basic/Standard/script.xlb/" xlink:type="simple" library:link="false"/>
</library:libraries>
""",
    "basic/Standard/script.xlb": """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE library:library PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "library.dtd">
<library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard" library:readonly="false"
 library:passwordprotected="false"><library:element library:name="Module1"/></library:library>
""",
}
_MODULE = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1" script:language="StarBasic">{}</script:module>
"""
_MACRO = """
' Recalculates one workbook under several sets of inputs and writes the numbers of its sheets as text.
' dossier holds classeur.xlsx, feuilles.txt (rank of a sheet, a line each), cases.txt (rank of the sheet and cell of each input that moves)
' and entrees.txt (rank of the set, of the input, n or t, value).
' A cell typed again marks all that follows from it, which takes longer than computing: each number or word reads its value by a function
' instead, and all is computed anew for each set; an input that is itself a formula is typed over, and written again for the next set. The caller ends the program.
Private saisies(5000) As Variant

Sub Recalculer(dossier As String)
    Dim doc As Object, cellule As Object, lignes As Variant, feuilles As Variant, cases As Variant, champs As Variant
    Dim cachee(0) As New com.sun.star.beans.PropertyValue
    Dim anciennes(5000) As Variant, formules(5000) As String, cellules(5000) As Object
    Dim k As Long, rang As Long, n As Long
    On Error Goto Echec
    cachee(0).Name = "Hidden"
    cachee(0).Value = True
    doc = StarDesktop.loadComponentFromURL(ConvertToURL(dossier & "/classeur.xlsx"), "_blank", 0, cachee())
    feuilles = Lire(dossier & "/feuilles.txt")
    cases = Lire(dossier & "/cases.txt")
    lignes = Lire(dossier & "/entrees.txt")
    doc.calculateAll()
    Ecrire(doc, feuilles, dossier & "/sortie_0.txt")
    doc.enableAutomaticCalculation(False)
    For n = 0 To UBound(cases) - 1
        champs = Split(cases(n), Chr(9))
        If UBound(champs) < 1 Then Exit For
        cellule = doc.Sheets.getByIndex(CLng(champs(0))).getCellRangeByName(champs(1))
        cellules(n) = cellule
        If cellule.Type = com.sun.star.table.CellContentType.FORMULA Then
            formules(n) = cellule.getFormula()
        Else
            If cellule.Type = com.sun.star.table.CellContentType.TEXT Then anciennes(n) = cellule.getString() Else anciennes(n) = cellule.getValue()
            cellule.setFormula("=SAISIE(" & n & ")")
        End If
    Next n
    k = 0
    Do While k < UBound(lignes)
        champs = Split(lignes(k), Chr(9))
        If UBound(champs) < 3 Then Exit Do
        rang = CLng(champs(0))
        For n = 0 To UBound(cases) - 1
            saisies(n) = anciennes(n)
            If formules(n) <> "" Then
                If cellules(n).getFormula() <> formules(n) Then cellules(n).setFormula(formules(n))
            End If
        Next n
        Do While k < UBound(lignes)
            champs = Split(lignes(k), Chr(9))
            If CLng(champs(0)) <> rang Then Exit Do
            n = CLng(champs(1))
            If champs(2) = "n" Then saisies(n) = Val(champs(3)) Else saisies(n) = champs(3)
            If formules(n) <> "" Then
                If champs(2) = "n" Then cellules(n).setValue(saisies(n)) Else cellules(n).setString(saisies(n))
            End If
            k = k + 1
        Loop
        doc.calculateAll()
        Ecrire(doc, feuilles, dossier & "/sortie_" & rang & ".txt")
    Loop
    Exit Sub
Echec:
    Open dossier & "/echec.txt" For Output As #9
    Print #9, Error$ & " (" & Erl & ")"
    Close #9
End Sub

Function Saisie(n As Double) As Variant
    Saisie = saisies(CLng(n))
End Function

Function Lire(chemin As String) As Variant
    Dim acces As Object, flux As Object, tout() As String, nombre As Long
    acces = createUnoService("com.sun.star.ucb.SimpleFileAccess")
    flux = createUnoService("com.sun.star.io.TextInputStream")
    flux.setInputStream(acces.openFileRead(ConvertToURL(chemin)))
    flux.setEncoding("UTF-8")
    ReDim tout(0)
    nombre = 0
    Do While Not flux.isEOF()
        texte = flux.readLine()
        If Len(texte) > 0 Then
            ReDim Preserve tout(nombre + 1)
            tout(nombre) = texte
            nombre = nombre + 1
        End If
    Loop
    flux.closeInput()
    Lire = tout()
End Function

Sub Ecrire(doc As Object, feuilles As Variant, chemin As String)
    Dim feuille As Object, curseur As Object, donnees As Variant, i As Long, r As Long, canal As Integer
    canal = FreeFile()
    Open chemin For Output As #canal
    For i = 0 To UBound(feuilles) - 1
        feuille = doc.Sheets.getByIndex(CLng(feuilles(i)))
        curseur = feuille.createCursor()
        curseur.gotoEndOfUsedArea(True)
        donnees = curseur.getDataArray()
        Print #canal, "#" & i
        For r = 0 To UBound(donnees)
            Print #canal, Join(donnees(r), Chr(9))
        Next r
    Next i
    Print #canal, "fin"
    Close #canal
End Sub
"""
_FIN = b"fin\n"
_DELAI, _DELAI_PAR_JEU = 240.0, 60.0
"""Longest time of the opening, and of one set of inputs [s]: some twenty times what they take on a machine that does little else."""
_PAS = 0.1
"""Time between two looks at what LibreOffice wrote [s]."""


def est_la() -> bool:
    """Whether LibreOffice may be called."""
    return shutil.which("soffice") is not None


def recalculer(
    octets: bytes, noms: Sequence[str], lues: Iterable[str], jeux: Sequence[Saisies] = ()
) -> list[dict[str, Nombres]]:
    """Numbers of some sheets of a workbook, as it is then under each set of inputs, one at a time.

    Args:
        octets: workbook.
        noms: all its sheets, in order.
        lues: sheets to read.
        jeux: sets of inputs.

    Raises:
        ErreurCalcul: LibreOffice is not there, gives nothing, or is too slow.
    """
    if not est_la():
        raise ErreurCalcul(
            "LibreOffice est introuvable : l'installer (commande « soffice ») pour vérifier un classeur."
        )
    lues = list(lues)
    with tempfile.TemporaryDirectory(prefix="classeur_", ignore_cleanup_errors=True) as lieu:
        dossier = Path(lieu)
        _preparer(dossier, octets, [noms.index(nom) for nom in lues], noms, jeux)
        sorties = [dossier / f"sortie_{k}.txt" for k in range(len(jeux) + 1)]
        _calculer(dossier, sorties)
        return [dict(zip(lues, _lire(s), strict=True)) for s in sorties]


def _calculer(dossier: Path, sorties: Sequence[Path]) -> None:
    """Have LibreOffice write all the numbers, then end it: its own way out may wait for ever."""
    commande = f'macro:///Standard.Module1.Recalculer("{dossier}")'
    profil = f"-env:UserInstallation={(dossier / 'profil').as_uri()}"
    with subprocess.Popen(
        ["soffice", profil, "--headless", "--norestore", commande],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    ) as programme:  # fmt: skip
        try:
            for rang, sortie in enumerate(sorties):
                _attendre(programme, dossier, sortie, rang, len(sorties) - 1)
        finally:
            # the program is a shell around another: its group is ended whole
            with suppress(ProcessLookupError):
                os.killpg(programme.pid, signal.SIGKILL)


def _attendre(programme: subprocess.Popen[bytes], dossier: Path, sortie: Path, rang: int, derniere: int) -> None:
    """Wait until the numbers of one set of inputs are written whole."""
    delai = _DELAI_PAR_JEU if rang else _DELAI
    fin = time.monotonic() + delai
    while not _est_finie(sortie):
        echec = dossier / "echec.txt"
        if echec.exists() or programme.poll() is not None:
            dit = echec.read_text(encoding="utf-8", errors="replace").strip() if echec.exists() else ""
            raise ErreurCalcul(f"LibreOffice n'a pas recalculé le classeur. {dit}".strip())
        if time.monotonic() > fin:
            quoi = f"le tirage {rang} sur {derniere}" if rang else "l'ouverture du classeur"
            raise ErreurCalcul(
                f"LibreOffice n'a pas fini {quoi} en {delai:.0f} secondes : fermer les programmes qui occupent "
                "l'ordinateur, ou demander moins de tirages, puis recommencer."
            )
        time.sleep(_PAS)


def _est_finie(sortie: Path) -> bool:
    """Whether the last word of a file is written."""
    if not sortie.exists() or sortie.stat().st_size < len(_FIN):
        return False
    with sortie.open("rb") as lu:
        lu.seek(-len(_FIN), os.SEEK_END)
        return lu.read() == _FIN


def _preparer(dossier: Path, octets: bytes, rangs: Sequence[int], noms: Sequence[str], jeux: Sequence[Saisies]) -> None:
    for chemin, texte in {**_PROFIL, "basic/Standard/Module1.xba": _MODULE.format(escape(_MACRO))}.items():
        fichier = dossier / "profil" / "user" / chemin
        fichier.parent.mkdir(parents=True, exist_ok=True)
        fichier.write_text(texte, encoding="utf-8")
    (dossier / "classeur.xlsx").write_bytes(octets)
    (dossier / "feuilles.txt").write_text("\n".join(map(str, rangs)) + "\n", encoding="utf-8")
    cases = {case: k for k, case in enumerate(dict.fromkeys(case for jeu in jeux for case in jeu))}
    placees = [f"{noms.index(feuille)}\t{cellule}" for feuille, cellule in cases]
    saisies = [
        "\t".join((str(k), str(cases[case]), "t" if isinstance(v, str) else "n", f"{v!s}"))
        for k, jeu in enumerate(jeux, start=1)
        for case, v in jeu.items()
    ]
    # the reader of LibreOffice may cut a last line that holds an accent: a word closes the list
    (dossier / "cases.txt").write_text("\n".join([*placees, "fin"]) + "\n", encoding="utf-8")
    (dossier / "entrees.txt").write_text("\n".join([*saisies, "fin"]) + "\n", encoding="utf-8")


def _lire(sortie: Path) -> list[Nombres]:
    """Sheets of one set of inputs, in order."""
    feuilles: list[list[list[str]]] = []
    for ligne in sortie.read_text(encoding="utf-8", errors="replace").split("\n"):
        if ligne == "fin":
            break
        if ligne.startswith("#"):
            feuilles.append([])
        elif feuilles:
            feuilles[-1].append(ligne.split("\t"))
    return [np.array([[_nombre(c) for c in ligne] for ligne in _egales(lignes)]) for lignes in feuilles]


def _egales(lignes: list[list[str]]) -> list[list[str]]:
    largeur = max(map(len, lignes), default=0)
    return [ligne + [""] * (largeur - len(ligne)) for ligne in lignes]


def _nombre(texte: str) -> float:
    try:
        return float(texte)
    except ValueError:
        return float("nan")
