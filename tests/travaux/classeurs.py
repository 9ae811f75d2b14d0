"""Workbooks for the tests: written by openpyxl, or around a sheet whose XML is given as it is."""

import zipfile

from openpyxl import Workbook

_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PAQUET = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_PIECES = {
    "[Content_Types].xml": f'<Types xmlns="{_PAQUET}/content-types"><Default Extension="rels" '
    f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" '
    f'ContentType="{_TYPE}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PAQUET}/relationships"><Relationship Id="r1" Type="{_REL}/officeDocument" '
    'Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook {NS} xmlns:r="{_REL}"><sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PAQUET}/relationships"><Relationship Id="r1" Type="{_REL}/worksheet" '
    'Target="worksheets/sheet1.xml"/></Relationships>',
}


def classeur(chemin, rangs):
    """Workbook of one sheet, its rows given."""
    livre = Workbook()
    for rang in rangs:
        livre.active.append(rang)
    livre.save(chemin)


def classeur_brut(chemin, feuille):
    """Workbook whose only sheet is this XML."""
    with zipfile.ZipFile(chemin, "w", zipfile.ZIP_DEFLATED) as z:
        for nom, texte in (_PIECES | {"xl/worksheets/sheet1.xml": feuille}).items():
            z.writestr(nom, texte)
