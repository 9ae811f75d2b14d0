"""Page of the register of lines: every figure of the ledger, by family, with its label, unit, table, and who pays whom."""

from __future__ import annotations

from pope_foncier.modele.lignes import FAMILLES, Famille, Groupe, LigneDeclaree
from pope_foncier.modele.registre_des_lignes import LIGNES

_FAMILLES: dict[Famille, str] = {
    "lieu": "Le lieu",
    "plan": "Le plan de financement",
    "murs": "Les murs",
    "aide": "Les aides à l'investissement",
    "bouclage": "Les dons qui bouclent le plan",
    "apport": "Les apports",
    "dette": "La dette",
    "exploitation": "L'exploitation",
    "caisse": "La caisse de chacun",
    "a_trouver": "Ce qui reste à trouver",
}
_TABLES: dict[Groupe, str] = {
    "site": "site",
    "programme": "programme",
    "besoins": "besoins",
    "ressources": "ressources",
    "emprunts": "emprunts",
    "produits": "produits",
    "charges": "charges",
    "resultat": "résultats",
    "tresorerie": "trésorerie",
    "commune": "commune",
}
_ENTETE = """# Lignes du livre

Page écrite par `pope-foncier lignes` à partir du registre (`pope_foncier/modele/registre_des_lignes.py`) : ne pas la
modifier à la main.

Chaque chiffre d'une étude qui va d'un acteur à un autre, ou qui s'en déduit, est une ligne du livre. Le code est celui de
`resultats.json` et de `resultat["…"]` en Python. Entre accolades, ce que l'étude nomme ; « … » dans un libellé, le nom
qu'elle donne. Aucun calcul n'écrit de libellé : le livre nomme la ligne par ce registre. Un code absent d'ici est refusé, et
les calculs choisissent les lignes par famille ou par poste, jamais par l'orthographe du code.
"""


def rediger() -> str:
    """Page of the register, in Markdown."""
    parties = [_ENTETE]
    for famille in FAMILLES:
        lignes = [_rang(x) for x in LIGNES if x.famille == famille]
        entete = ["| Code | Libellé | Poste | Table | Unité | Nature | De | À |", "|---|---|---|---|---|---|---|---|"]
        parties.append("\n".join([f"## {_FAMILLES[famille]} (`{famille}`)", "", *entete, *lignes]) + "\n")
    return "\n".join(parties)


def _rang(ligne: LigneDeclaree) -> str:
    libelle = "celui de l'étude" if ligne.libelle == "…" else " ; ou ".join((ligne.libelle, *ligne.variantes.values()))
    nature = "solde de fin de mois" if ligne.stock else "flux" if ligne.payeur else "montant"
    cellules = (
        *(f"`{ligne.modele}`", libelle, f"`{ligne.poste}`", _TABLES[ligne.groupe], ligne.unite),
        *(f"{nature}, ou montant" if ligne.parfois else nature, ligne.payeur or "—", ligne.receveur or "—"),
    )
    return f"| {' | '.join(cellules)} |"
