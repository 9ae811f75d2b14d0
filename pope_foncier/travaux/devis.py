"""Quote table: CSV or XLSX with French numbers and headings, checked line by line, all faults at once."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

from pope_foncier.socle.chemins import chemin_court
from pope_foncier.socle.csv_strict import charger_csv
from pope_foncier.socle.enregistrements import enregistrement
from pope_foncier.socle.erreurs import PROBLEMES_MAX, ErreurDonnees, Probleme, abreger
from pope_foncier.socle.fiches import ANNEES
from pope_foncier.socle.nombres import euros, formater_nombre, lire_nombre
from pope_foncier.socle.xlsx_strict import charger_xlsx

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

    Headings are matched without case, accents nor signs: lot, désignation, quantité, unité, prix unitaire HT, total HT (then
    checked), TVA, date, entreprise. Empty rows are left aside.

    Raises:
        ErreurDonnees: every fault of the table at once.
    """
    fichier = chemin_court(chemin)
    remede, xlsx = "vérifier le nom et le dossier data/devis.", chemin.suffix.lower() == ".xlsx"
    rangs = charger_xlsx(chemin, remede) if xlsx else charger_csv(chemin, remede=remede, latin=True)
    if not rangs:
        raise ErreurDonnees.une(fichier, "tableau vide.", "le remplir.")
    places = _reconnaitre(rangs[0][1])
    absentes = [_TITRES.get(c, c) for c in _OBLIGATOIRES if c not in places]
    if absentes:
        message = f"colonnes absentes : {', '.join(absentes)} ; trouvé : {abreger(', '.join(rangs[0][1]))}."
        raise ErreurDonnees.une(fichier, message, "corriger les titres de la première ligne.", ligne=rangs[0][0])
    if not rangs[1:]:
        raise ErreurDonnees.une(fichier, "aucune ligne de devis.", "remplir le tableau sous ses titres.")
    problemes: list[Probleme] = []
    lignes = []
    for n, cellules in rangs[1:]:
        if len(problemes) < PROBLEMES_MAX:
            lignes.append(_ligne(fichier, n, places, cellules, problemes))
    if problemes:
        raise ErreurDonnees(problemes)
    return tuple(x for x in lignes if x is not None)


def _reconnaitre(titres: Sequence[str]) -> dict[str, int]:
    propres = [_cle(t) for t in titres]
    return {c: propres.index(nom) for c, noms in _COLONNES.items() for nom in noms[::-1] if nom in propres}


def _cle(titre: str) -> str:
    sans_accent = unicodedata.normalize("NFKD", titre).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z]+", "_", sans_accent.replace("(", " ").replace(")", " ")).strip("_")


def _ligne(
    fichier: str, rang: int, places: dict[str, int], cellules: Sequence[str], problemes: list[Probleme]
) -> LigneDevis | None:
    avant = len(problemes)

    def texte(colonne: str) -> str:
        place = places.get(colonne)
        return cellules[place].strip() if place is not None and place < len(cellules) else ""

    def refuser(colonne: str, message: str, remede: str) -> None:
        problemes.append(Probleme(fichier, rang, _TITRES.get(colonne, colonne), message, remede))

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
