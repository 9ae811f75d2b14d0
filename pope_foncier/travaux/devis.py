"""Quote table: CSV or XLSX with French numbers and headings, checked line by line, all faults at once."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path

from pope_foncier.socle.enregistrements import enregistrement
from pope_foncier.socle.erreurs import PROBLEMES_MAX, ErreurDonnees, Probleme, abreger
from pope_foncier.socle.fiches import ANNEES
from pope_foncier.socle.nombres import euros, formater_nombre, lire_nombre
from pope_foncier.socle.tables_lues import Cumul, TableLue, cle, genre_de_total, lire_table

_COLONNES = {
    "lot": ("lot", "code_lot"),
    "designation": ("designation", "libelle", "ouvrage", "description"),
    "quantite": ("quantite", "qte", "q"),
    "unite": ("unite", "u"),
    "prix_unitaire": ("prix_unitaire_ht", "pu_ht", "prix_unitaire", "pu"),
    "total": ("total_ht", "montant_ht", "montant"),
    "tva": ("tva", "taux_tva", "taux_de_tva"),
    "date": ("date", "date_prix", "date_du_prix", "date_devis"),
    "entreprise": ("entreprise", "source", "fournisseur"),
}
_OBLIGATOIRES = ("lot", "designation", "quantite", "prix_unitaire", "date")
_TITRES = {"designation": "désignation", "quantite": "quantité", "prix_unitaire": "prix unitaire HT"}
_NOMBRE_MAX = 1e9


@enregistrement
class LigneDevis:
    """Line of a quote [€ HT]."""

    lot: str
    designation: str
    quantite: float
    unite: str
    prix_unitaire_ht: float
    tva: float | None
    """VAT rate, when the table states it."""
    date_prix: date
    entreprise: str

    @property
    def montant_ht(self) -> float:
        """Quantity × unit price [€ HT]."""
        return self.quantite * self.prix_unitaire_ht


def lire_devis(chemin: Path) -> tuple[LigneDevis, ...]:
    """Read a quote table.

    Headings are matched without case, accents nor signs, on the row where they are: lot, désignation, quantité, unité, prix unitaire
    HT, total HT (then checked), TVA, date, entreprise. Empty rows and titles without a number are left aside; rows of totals count
    for nothing, and are checked against the sum of the lines above.

    Raises:
        ErreurDonnees: every fault of the table at once.
    """
    table = lire_table(chemin, _COLONNES, "vérifier le nom et le dossier data/devis.")
    absentes = [_TITRES.get(c, c) for c in _OBLIGATOIRES if c not in table.places]
    if absentes:
        message = f"colonnes absentes : {', '.join(absentes)} ; trouvé : {abreger(', '.join(table.titres))}."
        remede = "corriger les titres des colonnes, tous sur une même ligne."
        raise ErreurDonnees.une(table.fichier, message, remede, ligne=table.ligne_des_titres)
    problemes: list[Probleme] = []
    lignes: list[LigneDevis | None] = []
    cumul = Cumul()  # unknown from the first wrong line on: no total is judged against it
    for n, cellules in table.rangs:
        if len(problemes) >= PROBLEMES_MAX:
            break
        if genre := _genre_de_total(table, cellules):
            problemes += _total_faux(table, n, cellules, genre, lignes, cumul)
        elif not _est_un_titre(table, cellules):
            lignes.append(_ligne(table, n, cellules, problemes))
            cumul.ajouter(lignes[-1].montant_ht if lignes[-1] else float("nan"))
    if not problemes and not lignes:
        message = "aucune ligne de devis."
        raise ErreurDonnees.une(
            table.fichier, message, "remplir le tableau sous ses titres.", ligne=table.ligne_des_titres
        )
    if problemes:
        raise ErreurDonnees(problemes)
    return tuple(x for x in lignes if x is not None)


def _est_un_titre(table: TableLue, cellules: Sequence[str]) -> bool:
    """Row that prices nothing: the title of a part, a note."""
    return not any(table.texte(cellules, c) for c in ("lot", "quantite", "prix_unitaire", "total"))


def _genre_de_total(table: TableLue, cellules: Sequence[str]) -> str:
    """Whether a row is one of totals: it has no quantity, and its lot, its designation or its first words say so."""
    if table.texte(cellules, "quantite"):
        return ""
    premiers = next((c for c in cellules if c.strip()), "")
    for texte in (table.texte(cellules, "designation"), table.texte(cellules, "lot"), premiers):
        mots = cle(texte.replace(".", "")).split("_")
        if "ttc" in mots or mots[:3] == ["net", "a", "payer"]:
            return "ttc"
        if genre := "tva" if "tva" in mots[:2] else genre_de_total(texte):
            return genre
    return ""


def _total_faux(
    table: TableLue, n: int, cellules: Sequence[str], genre: str, lignes: Sequence[LigneDevis | None], cumul: Cumul
) -> list[Probleme]:
    """Fault of a row of totals that the lines above do not make; none where a line is wrong already or states no tax."""
    nom = abreger(table.texte(cellules, "designation") or next(c.strip() for c in cellules if c.strip()), 40)
    try:
        ecrit = _montant_ecrit(table, cellules)
    except ValueError as erreur:
        return [Probleme(table.fichier, n, nom, f"{erreur}.", "écrire un nombre, par exemple 1 250,50.")]
    if ecrit is None:
        return []
    if genre in ("tva", "ttc"):
        parts = [(x.tva or 0.0) + (genre == "ttc") if x and x.tva is not None else float("nan") for x in lignes]
        du = sum(x.montant_ht * part if x else part for x, part in zip(lignes, parts, strict=True))
        attendu = du if abs(ecrit - du) > 0.01 * (len(lignes) + 1) else None
    else:
        attendu = cumul.ecart(ecrit, genre)
    if attendu is None or math.isnan(attendu):
        return []
    message = f"{euros(ecrit, 2)} écrit, les lignes au-dessus font {euros(attendu, 2)}."
    return [Probleme(table.fichier, n, nom, message, "corriger ce total, ou la ligne qui manque.")]


def _montant_ecrit(table: TableLue, cellules: Sequence[str]) -> float | None:
    """Amount of a row of totals: in its column, else the last number after the designation; None when it has none.

    Raises:
        ValueError: a total that is no number, with a French message.
    """
    if total := table.texte(cellules, "total"):
        return lire_nombre(total)
    for texte in reversed(cellules[table.places["designation"] + 1 :]):
        with suppress(ValueError):
            return lire_nombre(texte)
    return None


def _ligne(table: TableLue, rang: int, cellules: Sequence[str], problemes: list[Probleme]) -> LigneDevis | None:
    avant = len(problemes)

    def texte(colonne: str) -> str:
        return table.texte(cellules, colonne)

    def refuser(colonne: str, message: str, remede: str) -> None:
        problemes.append(Probleme(table.fichier, rang, _TITRES.get(colonne, colonne), message, remede))

    def nombre(colonne: str) -> float:
        try:
            valeur = lire_nombre(texte(colonne))
        except ValueError as erreur:
            refuser(colonne, f"{erreur}.", "écrire un nombre, par exemple 1 250,50.")
            return float("nan")
        if valeur > _NOMBRE_MAX:
            refuser(colonne, "nombre trop grand.", f"vérifier le nombre : {formater_nombre(_NOMBRE_MAX)} au plus.")
        if valeur < 0:
            refuser(colonne, "nombre négatif.", "écrire une remise comme un prix plus bas.")
        return valeur

    for colonne in ("lot", "designation"):
        if not texte(colonne):
            refuser(colonne, "case vide.", "la remplir.")
    quantite, prix = nombre("quantite"), nombre("prix_unitaire")
    if texte("total") and abs((ecrit := nombre("total")) - quantite * prix) > 0.01:
        message = f"{euros(ecrit, 2)} écrit, {euros(quantite * prix, 2)} calculé."
        refuser("total", message, "accorder les trois nombres.")
    tva = nombre("tva") if texte("tva") else None
    jour = _jour(texte("date"))
    if jour is None:
        refuser("date", f"date illisible : « {texte('date')} ».", "écrire 15/01/2027 ou 2027-01-15.")
    if len(problemes) > avant or jour is None:
        return None
    taux = tva / 100 if tva is not None and tva >= 1 else tva
    lus = (texte("lot"), texte("designation"), quantite, texte("unite"), prix)
    return LigneDevis(*lus, taux, jour, texte("entreprise"))


def _jour(brut: str) -> date | None:
    try:
        if trouve := re.fullmatch(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})", brut):
            jour = date(int(trouve[3]), int(trouve[2]), int(trouve[1]))
        elif re.fullmatch(r"[0-9]{5}(\.0*)?", brut):
            jour = date(1899, 12, 30) + timedelta(days=int(float(brut)))
        else:
            jour = date.fromisoformat(brut)
    except ValueError:
        return None
    return jour if ANNEES[0] <= jour.year <= ANNEES[1] else None
