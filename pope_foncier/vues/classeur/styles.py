"""Looks of a workbook: French formats, colours by kind of cell that a black-and-white print still tells apart, pages of A4."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any, Literal

from pope_foncier.vues.classeur.placement import CORPS, dernier_rang, derniers, en_pied, pages_des_mois

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

Genre = Literal["fait", "hypothese", "loi", "a_confirmer", "inconnu", "calcul", "tenu", "a_remplir"]
"""Kind of a cell: an input that is a sourced fact, an assumption, the law, a number to confirm or an unknown; a computed cell, one that
the engine computed and the workbook holds, an empty cell to fill."""
GENRE_EN_CLAIR: dict[Genre, str] = {
    "a_remplir": "à remplir",
    "fait": "fait",
    "hypothese": "hypothèse",
    "loi": "loi",
    "a_confirmer": "à confirmer",
    "inconnu": "inconnu",
    "calcul": "calculé ici",
    "tenu": "calculé par le moteur",
}
SENS_DU_GENRE: dict[Genre, str] = {
    "a_remplir": "case vide à remplir : commentaire, réponse d'un partenaire",
    "fait": "fait publié, avec sa source : à changer si vous avez mieux",
    "hypothese": "hypothèse de l'étude, avec sa raison : à discuter et à changer",
    "loi": "barème ou règle publique, à sa date : se lit, ne se négocie pas",
    "a_confirmer": "nombre qu'une personne nommée doit confirmer",
    "inconnu": "personne ne l'a dit : ce qui en dépend est inconnu aussi, jamais zéro",
    "calcul": "formule : se recalcule dès qu'une entrée change",
    "tenu": "valeur écrite par le moteur : ne suit pas les entrées, et le dit quand elle est périmée",
}
_BLEU, _GRIS, _TRAIT = "#0B4A78", "#595959", "#8C8C8C"
_FILET: dict[str, Any] = {"bottom": 7, "bottom_color": "#BFBFBF"}
"""Hairline under a row, which guides the eye on paper."""
_DU_GENRE: dict[Genre, dict[str, Any]] = {
    "a_remplir": {"bg_color": "#FFFFFF", "border": 4, "font_color": _BLEU},
    "fait": {"bg_color": "#EAF3FA", "border": 1, "font_color": _BLEU},
    "hypothese": {"bg_color": "#FFF6D6", "border": 1, "font_color": _BLEU},
    "loi": {"bg_color": "#E3F1E4", "border": 6, "font_color": "#1E4D2B"},
    "a_confirmer": {"bg_color": "#FDE3C8", "border": 5, "font_color": _BLEU, "bold": True},
    "inconnu": {"bg_color": "#FFFFFF", "fg_color": "#B4B4B4", "pattern": 14, "border": 5, "bold": True},
    "calcul": _FILET,
    "tenu": {"bg_color": "#ECECEC", "italic": True} | _FILET,
}
"""Fill, and a frame that differs without its colour: dotted, plain, double, thick, hatched; grey italics for what is held."""

_EUROS, _EUROS_CENTS = '#,##0\\ "€";\\-#,##0\\ "€";0\\ "€"', '#,##0.00\\ "€";\\-#,##0.00\\ "€";0\\ "€"'
_TAUX, _TAUX_SAISI, _LIBRE = "0.00\\ %", "0.0##\\ %", "General"
_ENTIER, _MESURE = "#,##0", "#,##0.00"
DATE = "dd/mm/yyyy"
POLICE = "Calibri"
_ENTIERES = ("mois", "places", "jours", "points", "€/place", "€/an")
"""Beginnings of the units that are shown whole."""
_SANS_FIN = 1e12
"""From here on, what stands for an infinite number (a debt over no cash) is no number to read."""


def format_de(unite: str, valeur: float | None = None) -> str:
    """Number format of a unit, written as a workbook stores it; the reader's own separators show it: ``1 234 €``, ``4,22 %``, ``185,25``.

    Euros and per cent say their unit; any other stands in the column beside.

    Args:
        valeur: number shown, when it decides: an amount under a thousand that is not whole keeps its cents.
    """
    if unite == "€":
        cents = valeur is not None and abs(valeur) < 1000 and valeur != round(valeur)
        return _EUROS_CENTS if cents else _EUROS
    if unite in ("%", "date"):
        return _TAUX if unite == "%" else DATE
    return _ENTIER if unite.startswith(_ENTIERES) else _MESURE


def format_d_entree(unite: str, valeur: float) -> str:
    """Number format of an input cell: what is typed shows in full, its unit stands in the next column."""
    if unite == "%":
        return _TAUX_SAISI
    return _ENTIER if unite.startswith("€") and abs(valeur) >= 1000 and valeur == round(valeur) else _LIBRE


class Styles:
    """Formats of one workbook, each made once.

    Args:
        pied: study, scenario and date, to the left of each footer.
    """

    def __init__(self, classeur: Workbook, pied: str = "") -> None:
        self.classeur = classeur
        self.pied = pied
        self._faits: dict[tuple[tuple[str, Any], ...], Format] = {}

    def format(self, **quoi: Any) -> Format:
        """Format of some properties of the library."""
        tout = {"font_name": POLICE, "font_size": CORPS, "valign": "top"} | quoi
        cle = tuple(sorted(tout.items()))
        if cle not in self._faits:
            self._faits[cle] = self.classeur.add_format(dict(cle))
        return self._faits[cle]

    # --- words ------------------------------------------------------------------------------------------------
    @property
    def titre(self) -> Format:
        """Title of a sheet."""
        return self.format(bold=True, font_size=16, font_color=_BLEU, valign="vcenter")

    @property
    def sous_titre(self) -> Format:
        """Heading of a group of rows."""
        return self.format(bold=True, font_size=11, font_color=_BLEU, bottom=2, bottom_color=_BLEU)

    @property
    def entete(self) -> Format:
        """Heading of a column."""
        return self.format(bold=True, font_color="#FFFFFF", bg_color=_BLEU, text_wrap=True, valign="vcenter", border=1)

    @property
    def libelle(self) -> Format:
        """Label of a row."""
        return self.format(text_wrap=True, quote_prefix=True, **_FILET)

    @property
    def chiffre(self) -> Format:
        """Label of a figure, among the rows that it is computed from."""
        return self.format(bold=True, text_wrap=True, quote_prefix=True, **_FILET)

    @property
    def texte(self) -> Format:
        """Text on several lines; what looks like a formula stays text, even typed again."""
        return self.format(text_wrap=True, quote_prefix=True, **_FILET)

    @property
    def unite(self) -> Format:
        """Unit after its number, or a word."""
        return self.format(indent=1, text_wrap=True, quote_prefix=True, **_FILET)

    @property
    def detail(self) -> Format:
        """Small grey text: source line, name of a cell."""
        return self.format(font_size=8, font_color=_GRIS)

    @property
    def note(self) -> Format:
        """Grey remark on several lines."""
        return self.format(font_size=9, font_color=_GRIS, text_wrap=True)

    @property
    def controle(self) -> Format:
        """Cell that says OK, PÉRIMÉ or ÉCART."""
        return self.format(bold=True, align="center", **_FILET)

    # --- numbers ----------------------------------------------------------------------------------------------
    def nombre(self, unite: str, gras: bool = False, **plus: Any) -> Format:
        """Number of a computed cell."""
        trait = {"bold": True, "top": 1, "top_color": _TRAIT} if gras else _FILET
        return self.format(**({"num_format": format_de(unite)} | trait | plus))

    def tenue(self, unite: str) -> Format:
        """Number that the engine computed and the workbook holds."""
        return self.du_genre("tenu", num_format=format_de(unite))

    def de_l_entree(self, unite: str, genre: Genre, valeur: float = 0.0) -> Format:
        """Number of an input cell, by its kind."""
        return self.du_genre(genre, num_format=format_d_entree(unite, valeur), align="right")

    def du_genre(self, genre: Genre, **plus: Any) -> Format:
        """Format of a kind of cell."""
        trait = {"border_color": _TRAIT} if "border" in _DU_GENRE[genre] else {}
        return self.format(**(_DU_GENRE[genre] | trait | plus))

    def dire_l_indetermine(
        self, feuille: Worksheet, ligne: int, colonne: int, fin: int, derniere: int, sans_fin: str = "indéterminé"
    ) -> None:
        """Show a word in the cells of a range where a number goes beyond any measure.

        Args:
            sans_fin: word of what goes beyond above.
        """
        # a format with conditions inside would drop the sign of negative numbers in LibreOffice
        for critere, borne, dit in ((">=", _SANS_FIN, sans_fin), ("<=", -_SANS_FIN, "indéterminé")):
            forme = self.classeur.add_format({"num_format": f'"{dit}"'})
            regle = {"type": "cell", "criteria": critere, "value": borne, "format": forme}
            feuille.conditional_format(ligne, colonne, fin, derniere, regle)

    # --- pages ------------------------------------------------------------------------------------------------
    def mettre_en_page(
        self, feuille: Worksheet, titre: str, gel: tuple[int, int] = (0, 0), entetes: int = 1, portrait: bool = False
    ) -> None:
        """A4 landscape as wide as the page, its first rows and columns frozen, headings repeated on each page, a footer.

        Args:
            gel: rows and columns that stay in sight; the columns come again on each page.
            entetes: rows of headings, the last of those in sight, which come again on each page.
        """
        if not portrait:
            feuille.set_landscape()
        feuille.set_paper(9)
        feuille.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        feuille.fit_to_pages(1, 0)
        feuille.hide_gridlines(2)
        lignes, colonnes = gel
        if lignes or colonnes:
            feuille.freeze_panes(lignes, colonnes)
        if lignes:
            feuille.repeat_rows(*derniers(lignes, entetes))
        if colonnes:
            feuille.repeat_columns(0, colonnes - 1)
        dits = (en_pied(self.pied, _PIED_MAX), en_pied(titre, _TITRE_MAX))
        feuille.set_footer(f"&L&8 {dits[0]}&C&8 {dits[1]}&R&8 Page &P / &N")


_PIED_MAX, _TITRE_MAX = 150, 50
"""Longest texts of a footer, which holds 255 signs in all."""

ANNEES_DEPLIEES = 3
"""Years whose months are in sight when a workbook opens: works and opening; a click unfolds the others."""


def replier_les_mois(
    feuille: Worksheet, annees: Sequence[float], premiere: int, largeur: float = 11.0, depliees: int = ANNEES_DEPLIEES
) -> None:
    """Columns of months under an outline by year; a folded year shows its last month. Printed, a year takes a page.

    Args:
        annees: year of each month, or its rank.
        premiere: column of the first month.
        depliees: years whose months are in sight.
    """
    debut = premiere
    for rang, (_, siens) in enumerate(groupby(annees)):
        fin, replie = dernier_rang(debut, siens), rang >= depliees
        if fin > debut:
            feuille.set_column(debut, fin - 1, largeur, None, {"level": 1, "hidden": replie})
        feuille.set_column(fin, fin, largeur, None, {"collapsed": replie})
        debut = fin + 1
    feuille.fit_to_pages(pages_des_mois(len(set(annees)), depliees), 0)
