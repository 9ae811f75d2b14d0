"""Words of the two readings: which one a table shows, how the plan is closed, how the commune pays, what cash still lacks."""

from __future__ import annotations

import numpy as np

from pope_foncier.analyse.annees import rang_de_croisiere
from pope_foncier.analyse.lectures import apports
from pope_foncier.analyse.ratios import STATUT_EN_CLAIR, Ratio
from pope_foncier.analyse.resultats import Vue
from pope_foncier.analyse.service_dette import couvertures_par_annee
from pope_foncier.finances.exploitation.compte import QUOTE_A_TROUVER, RESULTAT_SANS_A_TROUVER
from pope_foncier.projet.fiche_bouclage import RESTE_EN_CAPITAL, Boucleur
from pope_foncier.projet.fiche_contribution import Contribution
from pope_foncier.socle.nombres import euros, formater_nombre
from pope_foncier.vues.modes_de_soutien import MODES

TEL_QUEL = "plan tel quel"
BOUCLE = "plan bouclé"
OPTION = "option --boucle, ou boucle=True dans un carnet"
"""How to ask for the explanation of a line on the closed plan."""

_NATURES = {
    "subvention": "subvention",
    "fonds_propres": "fonds propres",
    "droit_de_reprise": "apport à rendre",
    "pret": "prêt",
    "report_travaux": "travaux reportés",
    "a_trouver": "à trouver",
}
STATUTS = {"acquise": "acquise", "demandee": "demandée", "esperee": "espérée", "non_demandee": "non demandée"}

_DITS = 2
"""Missing things that a banner names; the whole list stands in « À confirmer »."""


def nommer(titre: str, lecture: str) -> str:
    """Title of a table with the reading that its figures belong to."""
    return f"{titre} ({lecture})"


def lecture_de(vue: Vue) -> str:
    """Reading that a scenario is seen under."""
    return BOUCLE if vue.ev.est_bouclee else TEL_QUEL


def phrase(vue: Vue) -> str:
    """Banner of a scenario: how its plan is closed, and what nobody has promised."""
    reste = vue.ev.plan.reste_a_financer
    besoin = vue.valeur(reste)
    if np.isnan(besoin):
        return f"Plan bouclé inconnu : le reste à financer ne se calcule pas, il manque {_quelques(sorted(reste.manques))}."
    apportes = [(a, m) for a, m in apports(vue) if m > 0.5]
    if not apportes:
        trop = f", {euros(-besoin)} de trop" if besoin < -0.5 else ""
        return f"Plan financé par les ressources déclarées{trop} : rien à trouver, les deux lectures se confondent."
    dits = [f"{qui_apporte(a.boucleur)} {euros(m)} ({nature(a.boucleur)})" for a, m in apportes if not a.est_a_trouver]
    manque = [(a, m) for a, m in apportes if a.est_a_trouver]
    if not manque:
        return f"Plan bouclé : {' ; '.join(dits)} ; rien ne reste à trouver."
    somme = sum(m for _, m in manque)
    capital = manque[0][0].boucleur.nature == RESTE_EN_CAPITAL.nature
    lu = (
        "lus comme un capital que personne n'a promis"
        if capital
        else "lus comme une subvention que personne n'a promise"
    )
    suite = f"{' ; '.join(dits)} ; restent " if dits else ""
    return f"Plan bouclé : {suite}{euros(somme)} à trouver, {lu}."


def _quelques(manques: list[str]) -> str:
    """First things that are missing, and how many more."""
    dits = " ; ".join(manques[:_DITS]) or "une donnée de l'étude"
    reste = len(manques) - _DITS
    return f"{dits} ; et {reste} autre{'s' if reste > 1 else ''}" if reste > 0 else dits


def qui_apporte(boucleur: Boucleur) -> str:
    """Who brings a closer; works put off ask nobody for money."""
    return boucleur.libelle if boucleur.apporteur is None else boucleur.apporteur


def nature(boucleur: Boucleur) -> str:
    """Kind of a closer, with the status of a grant."""
    if boucleur.nature == "subvention":
        return f"{_NATURES['subvention']} {STATUTS[boucleur.statut]}"
    return _NATURES[boucleur.nature]


def mode_de_soutien(contribution: Contribution) -> str:
    """How the study says that the commune pays, in a few words."""
    return MODES[contribution.mode].court


def soutien(vue: Vue) -> str:
    """What the study says that the commune pays to the operation, in one sentence; nothing without operation."""
    exploitation = vue.ev.ctx.etude.exploitation
    if exploitation is None:
        return ""
    fiche = exploitation.contribution_commune
    mots = MODES[fiche.mode]
    texte = mots.phrase
    if mots.champ is not None:
        base = "" if mots.champ == "cible" else _base(getattr(fiche, mots.champ))
        texte = f"{texte.format(_terme(vue, mots.champ))}{base}"
    votes = " ; ".join(f"{d.annee} : {d.motif}" for d in fiche.decisions)
    return f"{texte} (votes supposés : {votes})" if votes else texte


def _terme(vue: Vue, champ: str) -> str:
    """Amount or target of the sheet of the contribution, as the scenario reads it; nothing when its mode has none."""
    fiche = vue.ev.ctx.etude.exploitation
    assert fiche is not None
    if getattr(fiche.contribution_commune, champ) is None:
        return ""
    unite = "" if champ == "cible" else "€/place/an"
    return vue.ev.ctx.entree(f"exploitation.contribution_commune.{champ}", champ, unite).lire(vue.rang)


def _base(donnee: object) -> str:
    return " (hypothèse)" if getattr(donnee, "est_hypothese", False) else ""


def resultat_sans_promesse(vue: Vue) -> str:
    """How the result of the closed plan reads what nobody has promised, in one sentence; nothing when nothing is asked so."""
    if RESULTAT_SANS_A_TROUVER not in vue.bouclee.ev.livre.lignes or vue.bouclee.montant(QUOTE_A_TROUVER) < 0.5:
        return ""
    return (
        "Résultat : ce qui reste à trouver y est lu comme une subvention d'équipement, rapportée au résultat avec l'amortissement de ce "
        "qu'elle paie, après les subventions nommées. Personne ne l'a promise : sans elle, le résultat est celui de la ligne « sans ce "
        "qui reste à trouver », et l'amortissement pèse en entier."
    )


def caisse(vue: Vue) -> str:
    """What the cash of the closed plan still lacks, and when, in one sentence."""
    bouclee = vue.bouclee
    cumul = bouclee.mensuel(f"tresorerie.cumul.{bouclee.ev.ctx.etude.acteurs.nom_maitre_ouvrage}")
    if np.isnan(cumul).any():
        return "Trésorerie inconnue : des montants manquent."
    creux, mois = int(np.argmin(cumul)), vue.ev.ctx.echelle.mois_en_clair
    if cumul[creux] >= -0.5:
        return "Trésorerie jamais négative, mois par mois."
    premier = int(np.argmax(cumul < -0.5))
    des = f" ; sous zéro dès {mois(premier)}" if premier < creux else ""
    return f"Trésorerie encore manquante : {euros(-float(cumul[creux]))} en {mois(creux)}{des}."


def ratio_de(vue: Vue, code: str) -> Ratio | None:
    """One ratio of a scenario by its code; None when the study does not have it."""
    return next((r for r in vue.ratios if r.code == code), None)


def couverture_de_croisiere(vue: Vue) -> float:
    """Cover of the project owner's debt in the cruising year of the closed plan; NaN without one, or without debt."""
    ev, rang = vue.bouclee.ev, rang_de_croisiere(vue.bouclee.ev, vue.rang)
    if rang is None:
        return float("nan")
    annees = couvertures_par_annee(ev, ev.ctx.etude.acteurs.gestionnaire)
    return float(annees.reshape(-1, annees.shape[-1])[vue.rang if annees.size > annees.shape[-1] else 0, rang])


def couverture(vue: Vue) -> str:
    """Cover of the closed plan in the cruising year and at worst, with its status, in a few words."""
    ratio = ratio_de(vue.bouclee, "couverture_minimale")
    if ratio is None:
        return "sans objet"
    valeur = ratio.grandeur.au_point(vue.rang)
    if np.isnan(valeur):
        return "inconnue" if ratio.grandeur.manques else "sans dette"
    croisiere = couverture_de_croisiere(vue)
    pire, annee = (formater_nombre(v, 2) if v > 0 else "0" for v in (valeur, croisiere))
    lue = pire if np.isnan(croisiere) else f"{annee} (pire {pire})"
    return f"{lue}, {STATUT_EN_CLAIR[ratio.statut(vue.rang)]}"
