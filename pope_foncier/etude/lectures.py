"""Two readings of a scenario: the plan as it stands, where what the gap could change is undetermined, and the closed plan."""

from __future__ import annotations

import numpy as np

from pope_foncier.etude.a_trouver import GROUPE as A_TROUVER
from pope_foncier.etude.bouclage import ApportDeBouclage, apports_de_bouclage
from pope_foncier.etude.plan import BOUCLE_A
from pope_foncier.etude.resultats import Vue
from pope_foncier.modele.fiche_bouclage import RESTE_EN_CAPITAL
from pope_foncier.modele.livre import TOLERANCE, Ligne, Livre
from pope_foncier.socle.grandeur import Grandeur

_MOINDRE = 0.5
"""Amount that a closer is not said to bring [€]."""
_DU_PLAN = (
    "ressources.total",
    "ressources.reste_a_financer",
    "besoins.total",
    "indicateurs.subventions",
    "indicateurs.emprunts",
    "indicateurs.reste_a_financer",
    "indicateurs.reste_a_financer_par_place",
)
"""Totals of the plan as it stands, which the lines of its uses and resources go with."""


def apports(vue: Vue) -> list[tuple[ApportDeBouclage, float]]:
    """What each closer brings to the closed plan of a scenario, in order [€]."""
    bouclee = vue.bouclee
    return [(apport, bouclee.valeur(apport.montant)) for apport in apports_de_bouclage(bouclee.ev)]


def a_trouver(vue: Vue) -> float:
    """What the closed plan asks of nobody in particular [€]; NaN when unknown."""
    return sum((montant for apport, montant in apports(vue) if apport.est_a_trouver), 0.0)


def compte(vue: Vue) -> float:
    """What somebody brings to the closed plan, hoped grants included: declared resources and named closers [€]."""
    bouclee = vue.bouclee
    declarees = (bouclee.montant(x.code) for x in bouclee.ev.livre.du_groupe("ressources") if not x.boucle)
    return sum(declarees, 0.0) + sum((m for a, m in apports(vue) if not a.est_a_trouver), 0.0)


def apporte_en_tout(vue: Vue) -> float:
    """What all the closers bring to the closed plan, what is to find included [€]."""
    return sum(montant for _, montant in apports(vue) if not montant <= _MOINDRE)


def ce_que_boucler_change(vue: Vue) -> float:
    """What closing the plan adds to what it lacks as it stands: interest, bridge and opening losses follow the amounts found [€]."""
    return apporte_en_tout(vue) - vue.montant("ressources.reste_a_financer")


def besoins_que_boucler_change(vue: Vue) -> list[Ligne]:
    """Uses whose amount the closed plan changes, or that it alone has."""
    return [
        x
        for x in vue.bouclee.ev.livre.du_groupe("besoins")
        if x.code not in vue.ev.livre.lignes or abs(vue.bouclee.montant(x.code) - vue.montant(x.code)) > 0.5
    ]


def a_trouver_en_tout(vue: Vue) -> dict[str, float]:
    """What the closed plan asks to find, by name [€]; NaN when unknown.

    ``investissement``, ``exploitation`` (cash at its worst) and their ``total``; of the second, ``attente`` is what comes back, and
    ``interets_decouvert`` what an overdraft of that size would bear.
    """
    noms = ("investissement", "exploitation", "total", "attente", "interets_decouvert")
    return {nom: vue.bouclee.montant(f"{A_TROUVER}{nom}") for nom in noms}


def est_boucle_en_tresorerie(vue: Vue) -> bool:
    """Whether the cash of the closed plan is never below zero; an unknown cash is not."""
    return vue.bouclee.montant(f"{A_TROUVER}exploitation") <= BOUCLE_A


def capital_a_trouver(vue: Vue) -> float:
    """Part of it that is read as a capital, which the rent of its owner pays [€]; NaN when unknown."""
    en_capital = [m for a, m in apports(vue) if a.est_a_trouver and a.boucleur.nature == RESTE_EN_CAPITAL.nature]
    return sum(en_capital, 0.0)


def motif(vue: Vue) -> str:
    """Why a figure that closing could change is undetermined on the plan as it stands; nothing when the plan closes."""
    reste = vue.ev.plan.reste_a_financer
    if vue.ev.est_bouclee or not vue.est_ouverte:
        return ""
    if vue.valeur(reste) > BOUCLE_A:
        return f"le plan ne boucle pas : {reste.lire(vue.rang)} à trouver"
    return f"le reste à financer est inconnu : il manque {' ; '.join(sorted(reste.manques)) or 'une donnée'}"


def est_indeterminee(vue: Vue, code: str) -> bool:
    """Whether a line of the ledger is undetermined on the plan as it stands: closing the plan changes it."""
    closes = vue.bouclee.ev.livre.lignes
    return change(vue, code, vue.ev.livre[code], closes[code].grandeur if code in closes else None)


def change(vue: Vue, code: str, ouverte: Grandeur, bouclee: Grandeur | None) -> bool:
    """Whether closing the plan changes a figure of a scenario, by a cent at least in some month.

    Args:
        vue: scenario on the plan as it stands.
        code: code of the figure; what describes the plan as it stands has a value on it, whatever closes it.
        ouverte: figure on the plan as it stands.
        bouclee: same figure on the closed plan; None when it has none.
    """
    if not motif(vue) or decrit_le_plan(vue.ev.livre, code):
        return False
    if bouclee is None:
        return True
    avant, apres = np.broadcast_arrays(vue._ligne(ouverte), vue.bouclee._ligne(bouclee))
    return not bool(np.allclose(avant, apres, rtol=0.0, atol=TOLERANCE, equal_nan=True))


def decrit_le_plan(livre: Livre, code: str) -> bool:
    """Whether a figure says what the plan as it stands holds and lacks."""
    ligne = livre.lignes.get(code)
    return code in _DU_PLAN or (ligne is not None and ligne.groupe in ("besoins", "ressources"))
