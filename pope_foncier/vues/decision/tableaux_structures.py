"""Structures of a loan side by side: what each costs, what it does to the cover and the cash, what binds it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pope_foncier.decision.limites_du_pret import lire_limites
from pope_foncier.decision.structures_de_pret import Structures
from pope_foncier.prets.produits import EcartAuProduit
from pope_foncier.socle.nombres import euros, formater_nombre, pourcent
from pope_foncier.vues.formes import cases, lectures
from pope_foncier.vues.formes.cases import Rang
from pope_foncier.vues.formes.table import Table

_NOTE = (
    "Chaque structure a son plan, bouclé avec elle : ce qu'il laisse à trouver, personne ne l'a promis. Couverture : la plus basse des années où une dette est "
    "servie. Point bas : plus bas de la trésorerie cumulée de l'emprunteur. « Permis » : le plus grand prêt que cette limite admet à ces conditions."
)

_SANS_MONTANT = ("sans limite", "inconnu")


def table(s: Structures) -> Table:
    """One row a structure; the terms that all share are said once, under the table."""
    lignes: list[Rang] = []
    for i in range(len(s)):
        permis = (
            cases.montant(s.permis[i])
            if np.isfinite(s.permis[i])
            else cases.sans_valeur(_SANS_MONTANT[np.isnan(s.permis[i])])
        )
        rang: Rang = (
            nom(s, i),
            cases.part(s.teg[i], 3).sinon("indéterminé"),
            cases.montant(s.cout[i]),
            cases.montant(s.echeance_max[i]),
            cases.nombre(s.couverture[i], 2).sinon("inconnue" if np.isnan(s.permis[i]) else "sans dette"),
            cases.annee(int(s.annee[i])) if np.isfinite(s.annee[i]) else cases.sans_valeur("—"),
            cases.montant(s.point_bas[i]),
            cases.montant(s.a_trouver[i]),
            f"{lire_limites()[s.limite[i]].court} : {_dit(s, i)}",
            permis,
        )
        lignes.append((*rang, _hors_du_produit(s.ecarts[i])) if any(s.ecarts) else rang)
    entetes = (
        "Structure",
        "TEG",
        "Coût",
        "Annuité max",
        "Couverture",
        "En",
        "Point bas",
        "À trouver",
        "Limite",
        "Permis",
    )
    produits = ("Hors du produit",) if any(s.ecarts) else ()
    commun = _commun(s)
    note = f"{'Pour toutes : ' if commun else ''}{commun}{'. ' if commun else ''}{_NOTE}"
    return Table(
        lectures.nommer("Structures de prêt", lectures.BOUCLE), (*entetes, *produits), tuple(lignes), note=note
    )


def _dit(s: Structures, rang: int) -> str:
    if np.isnan(s.permis[rang]):
        return "finit après l'étude"
    return "tient" if s.montant[rang] <= s.permis[rang] + 0.5 else "dépassé"


def _hors_du_produit(ecarts: Sequence[EcartAuProduit]) -> str:
    """What a structure asks beyond its product; else how much nobody published."""
    refus = [e.message for e in ecarts if e.statut == "non_respecte"]
    if refus:
        return " ".join(refus)
    return f"à confirmer : {len(ecarts)} conditions" if len(ecarts) > 1 else "à confirmer" if ecarts else "—"


def _commun(s: Structures) -> str:
    """Terms that every structure shares."""
    partagees = (
        (s.montant, euros),
        (s.duree, lambda v: f"{formater_nombre(v)} mois"),
        (s.taux, lambda v: pourcent(v, 3)),
        (s.differe, lambda v: f"différé {formater_nombre(v)} mois"),
    )
    dites = [s.familles[0]] if len(set(s.familles)) == 1 else []
    return ", ".join([*dites, *(dire(float(v[0])) for v, dire in partagees if len(set(v)) == 1)])


def nom(s: Structures, rang: int) -> str:
    """Structure in a few words, those that all share being left out."""
    morceaux = [s.familles[rang]] if len(set(s.familles)) > 1 else []
    if len(set(s.montant)) > 1:
        morceaux.append(euros(s.montant[rang]))
    if len(set(s.duree)) > 1:
        morceaux.append(f"{formater_nombre(s.duree[rang])} mois")
    if len(set(s.taux)) > 1:
        morceaux.append(pourcent(s.taux[rang], 3))
    if len(set(s.differe)) > 1:
        morceaux.append(f"différé {formater_nombre(s.differe[rang])} mois")
    return ", ".join(morceaux) or s.familles[rang]


def phrase(s: Structures) -> str:
    """How many structures every limit allows, and the one that leaves least to find among them."""
    tiennent = np.flatnonzero(s.tient)
    if not len(tiennent):
        mieux = int(np.argmax(np.where(np.isnan(s.couverture), -np.inf, s.couverture)))
        couverture = "inconnue" if np.isnan(s.couverture[mieux]) else formater_nombre(s.couverture[mieux], 2)
        if len(s) == 1:
            return f"Cette structure ne tient pas dans toutes les limites : couverture {couverture}."
        return f"Aucune des {len(s)} structures ne tient dans toutes les limites ; la mieux couverte : {nom(s, mieux)} ({couverture})."
    moins = tiennent[int(np.argmin(s.a_trouver[tiennent]))]
    compte = "Une structure tient" if len(tiennent) == 1 else f"{len(tiennent)} structures tiennent"
    return (
        f"{compte} dans toutes les limites, sur {len(s)} ; celle qui laisse le moins à trouver : {nom(s, int(moins))} "
        f"({euros(s.a_trouver[moins])} à trouver, TEG {pourcent(s.teg[moins], 3)})."
    )
