"""Look of the Word documents: French, real styles that a partner changes once for all, page numbers as fields, no trace of the clock."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, date, datetime, time
from typing import Any

from pope_foncier.socle.erreurs import abreger
from pope_foncier.socle.extras import bibliotheque

LARGEUR_MM, MARGE_MM, HAUTEUR_MM, UTILE_MM = 210.0, 20.0, 297.0, 170.0
"""Sheet A4, its margins, and the width between them."""
POLICE, ENCRE, GRIS = "Arial", "1A1A1A", "5A5A5A"
TABLEAU, CELLULE, SERREE, NOTE, CADRE, CODE, A_REMPLIR = (
    "Tableau du dossier",
    "Cellule",
    "Cellule serrée",
    "Note",
    "Cadre",
    "Texte de fichier",
    "À remplir",
)
"""Styles that the documents add to those of Word."""
CORPS = {CELLULE: 9.0, SERREE: 8.0}
"""Size of the letters of the tables [pt]."""
_TITRES = {"Title": (20, 0, 4), "Heading 1": (14, 16, 4), "Heading 2": (11.5, 10, 3), "Heading 3": (10.5, 8, 2)}
"""Size, space before and after of the titles [pt]."""
_PROPRIETE = 255
"""Signs that a property of a document holds."""


def docx(module: str = "") -> Any:
    """Module of python-docx.

    Raises:
        ErreurCalcul: it is not installed; how to install it.
    """
    return bibliotheque(f"docx{module}", "dossier", "Écrire un document Word")


def nouveau(titre: str, sujet: str, jour: date) -> Any:
    """Empty document: A4, French, its styles, its footer; dated by the day of what it tells.

    Args:
        titre: title of its properties and of its footer.
        sujet: subject of its properties.
        jour: day written as that of its making.
    """
    document = docx().Document()
    _sans_vignette(document)
    _proprietes(document, titre, sujet, jour)
    _en_francais(document)
    _styles(document)
    _page(document, titre)
    return document


def octets(document: Any, jour: date) -> bytes:
    """Bytes of a document, the same at each run: every part bears the day of the document, never that of the machine."""
    brut, propre = io.BytesIO(), io.BytesIO()
    document.save(brut)
    quand = (max(jour.year, 1980), jour.month, jour.day, 0, 0, 0)
    with zipfile.ZipFile(brut) as lu, zipfile.ZipFile(propre, "w", zipfile.ZIP_DEFLATED) as ecrit:
        for nom in lu.namelist():
            ecrit.writestr(zipfile.ZipInfo(nom, quand), lu.read(nom), zipfile.ZIP_DEFLATED)
    return propre.getvalue()


def _proprietes(document: Any, titre: str, sujet: str, jour: date) -> None:
    lues, quand = document.core_properties, datetime.combine(jour, time(12), UTC).replace(tzinfo=None)
    lues.title, lues.subject = (abreger(texte, _PROPRIETE) for texte in (titre, sujet))
    lues.author = lues.last_modified_by = "pope_foncier"
    lues.created = lues.modified = quand
    lues.language, lues.comments, lues.keywords, lues.category, lues.revision = "fr-FR", "", "", "", 1


def _sans_vignette(document: Any) -> None:
    """The model of the library carries a picture of another document."""
    liees = document.part.package.rels
    for cle in [cle for cle, lue in liees.items() if lue.reltype.endswith("/thumbnail")]:
        del liees[cle]


def _en_francais(document: Any) -> None:
    """Language of every text, and of the numbers that a partner types."""
    qn, reglages = docx(".oxml.ns").qn, document.settings.element
    for langue in document.styles.element.iter(qn("w:lang")):
        langue.set(qn("w:val"), "fr-FR")
    reglages.find(qn("w:themeFontLang")).set(qn("w:val"), "fr-FR")
    reglages.find(qn("w:decimalSymbol")).set(qn("w:val"), ",")
    reglages.find(qn("w:listSeparator")).set(qn("w:val"), ";")
    for regle in reglages.iter(qn("w:compatSetting")):
        if regle.get(qn("w:name")) == "compatibilityMode":
            regle.set(qn("w:val"), "15")


def _styles(document: Any) -> None:
    """Letters of the body and of the titles; styles of the cells, the notes, what is framed, typed files, what is filled by hand."""
    styles, genre = document.styles, docx(".enum.style").WD_STYLE_TYPE
    _ecrire_en(styles["Normal"], 10.5, apres=6)
    for nom, (taille, avant, apres) in _TITRES.items():
        _ecrire_en(styles[nom], taille, avant, apres, gras=True)
        styles[nom].paragraph_format.keep_with_next = True
    _ecrire_en(styles["List Bullet"], 10.5, apres=3)
    _ecrire_en(styles["Subtitle"], 11.5, apres=6)
    _espacement(styles["Subtitle"])
    _ecrire_en(styles["Caption"], 9, apres=10, couleur=GRIS)
    _ecrire_en(styles["Footer"], 8.5, couleur=GRIS)
    for nom, taille, apres, couleur in (
        (CELLULE, CORPS[CELLULE], 0, ENCRE),
        (SERREE, CORPS[SERREE], 0, ENCRE),
        (NOTE, 9, 8, GRIS),
        (CADRE, 10.5, 8, ENCRE),
        (CODE, 8.5, 0, ENCRE),
        (A_REMPLIR, 10.5, 8, ENCRE),
    ):
        style = styles.add_style(nom, genre.PARAGRAPH)
        style.base_style, style.quick_style = styles["Normal"], True
        _ecrire_en(style, taille, apres=apres, couleur=couleur)
    police(styles[CODE], "Courier New")
    for nom in CORPS:
        styles[nom].paragraph_format.line_spacing = 1.0
    _bord_gauche(styles[CADRE])
    _style_de_tableau(styles.element)


def _ecrire_en(
    style: Any, taille: float, avant: float = 0, apres: float = 0, gras: bool = False, couleur: str = ENCRE
) -> None:
    partage = docx(".shared")
    police(style, POLICE)
    style.font.size, style.font.bold, style.font.italic = partage.Pt(taille), gras, False
    style.font.color.rgb = partage.RGBColor.from_string(couleur)
    style.paragraph_format.space_before, style.paragraph_format.space_after = partage.Pt(avant), partage.Pt(apres)
    style.paragraph_format.line_spacing = 1.1


def _espacement(style: Any) -> None:
    """No more room between the letters than in the body."""
    qn = docx(".oxml.ns").qn
    for balise in style.element.rPr.findall(qn("w:spacing")):
        style.element.rPr.remove(balise)


def police(style: Any, nom: str) -> None:
    """Font of a style, for every script, in place of that of a theme."""
    qn = docx(".oxml.ns").qn
    style.font.name = nom
    polices = style.element.rPr.rFonts
    for attribut in list(polices.attrib):
        if "heme" in attribut:
            del polices.attrib[attribut]
    for ecriture in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        polices.set(qn(ecriture), nom)


def _bord_gauche(style: Any) -> None:
    """Rule at the left of what a reader must see first."""
    bord = _balise('<w:pBdr {ns}><w:left w:val="single" w:sz="24" w:space="8" w:color="1A1A1A"/></w:pBdr>')
    style.element.get_or_add_pPr().insert_element_before(bord, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc")


def _style_de_tableau(styles: Any) -> None:
    """Table: thin rules between rows, heading in bold on grey between two strong rules."""
    styles.append(
        _balise(
            f'<w:style {{ns}} w:type="table" w:customStyle="1" w:styleId="TableauDuDossier"><w:name w:val="{TABLEAU}"/>'
            '<w:basedOn w:val="TableNormal"/><w:uiPriority w:val="59"/><w:qFormat/><w:tblPr><w:tblBorders>'
            '<w:top w:val="single" w:sz="8" w:space="0" w:color="1A1A1A"/><w:bottom w:val="single" w:sz="8" w:space="0" w:color="1A1A1A"/>'
            '<w:insideH w:val="single" w:sz="4" w:space="0" w:color="BFBFBF"/></w:tblBorders>'
            '<w:tblCellMar><w:top w:w="30" w:type="dxa"/><w:left w:w="70" w:type="dxa"/><w:bottom w:w="30" w:type="dxa"/>'
            '<w:right w:w="70" w:type="dxa"/></w:tblCellMar></w:tblPr><w:tblStylePr w:type="firstRow"><w:rPr><w:b/></w:rPr><w:tcPr>'
            '<w:tcBorders><w:bottom w:val="single" w:sz="8" w:space="0" w:color="1A1A1A"/></w:tcBorders>'
            '<w:shd w:val="clear" w:color="auto" w:fill="EDEDED"/></w:tcPr></w:tblStylePr></w:style>'
        )
    )


def _page(document: Any, titre: str) -> None:
    """Sheet, and its footer: title, then page and number of pages as fields."""
    mm, section = docx(".shared").Mm, document.sections[0]
    section.page_width, section.page_height = mm(LARGEUR_MM), mm(HAUTEUR_MM)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = mm(MARGE_MM)
    pied = section.footer.paragraphs[0]
    document.styles["Footer"].paragraph_format.tab_stops.clear_all()
    pied.paragraph_format.tab_stops.add_tab_stop(mm(UTILE_MM), docx(".enum.text").WD_TAB_ALIGNMENT.RIGHT)
    pied.add_run(f"{titre}\tPage ")
    _champ(pied, "PAGE")
    pied.add_run(" sur ")
    _champ(pied, "NUMPAGES")


def _champ(paragraphe: Any, nom: str) -> None:
    """Field that Word fills: a number of page."""
    for morceau in (
        '<w:fldChar {ns} w:fldCharType="begin"/>',
        f'<w:instrText {{ns}} xml:space="preserve"> {nom} </w:instrText>',
        '<w:fldChar {ns} w:fldCharType="separate"/>',
        "<w:t {ns}>1</w:t>",
        '<w:fldChar {ns} w:fldCharType="end"/>',
    ):
        paragraphe.add_run()._r.append(_balise(morceau))


def lien(paragraphe: Any, adresse: str) -> Any:
    """Link at the end of a paragraph, still empty."""
    relation = paragraphe.part.relate_to(adresse, docx(".opc.constants").RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    balise = docx(".oxml").OxmlElement("w:hyperlink")
    balise.set(docx(".oxml.ns").qn("r:id"), relation)
    paragraphe._p.append(balise)
    return balise


def _balise(texte: str) -> Any:
    """Element of WordprocessingML; nothing that a user wrote goes through here."""
    oxml = docx(".oxml")
    return oxml.parse_xml(texte.format(ns=oxml.ns.nsdecls("w")))
