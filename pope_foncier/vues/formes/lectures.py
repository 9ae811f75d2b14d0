"""Words of the two readings: which one a table shows, how the plan is closed, how the commune pays."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from pope_foncier.etude.annees import rang_de_croisiere
from pope_foncier.etude.capital import remuneration
from pope_foncier.etude.controles import STATUT_EN_CLAIR, Ratio
from pope_foncier.etude.fourchette_cout import FourchetteCout
from pope_foncier.etude.lectures import apports, est_boucle_en_tresorerie
from pope_foncier.etude.resultats import Vue
from pope_foncier.etude.sans_place import AUCUNE_PLACE
from pope_foncier.etude.service_dette import couvertures_par_annee
from pope_foncier.exploitation.compte import QUOTE_A_TROUVER, RESULTAT_SANS_A_TROUVER
from pope_foncier.exploitation.conditions import commune_paie, produits_sous_condition
from pope_foncier.exploitation.fiche_contribution import Contribution
from pope_foncier.exploitation.versements import verse_apres_l_horizon
from pope_foncier.modele.fiche_bouclage import DEMARRAGE, RESTE_EN_CAPITAL, Boucleur
from pope_foncier.places.selon_la_pmi import selon_la_pmi
from pope_foncier.socle.grandeur import par_annee
from pope_foncier.socle.nombres import euros, formater_nombre, pourcent
from pope_foncier.socle.temps import date_en_clair
from pope_foncier.vues.formes import cases
from pope_foncier.vues.formes.cases import Case, Cellule, Dire
from pope_foncier.vues.formes.modes_de_soutien import MODES

TEL_QUEL = "plan tel quel"
BOUCLE = "plan bouclé"
PAS_EN_TRESORERIE = "bouclé au plan, pas en trésorerie"
"""State of a plan whose uses are all funded, and whose cash still goes below zero."""
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

Ecrire = Callable[[float], object]
"""How an amount is rounded and written."""

_DITS = 2
"""Missing things that a banner names; the whole list stands in « À confirmer »."""


def nommer(titre: str, lecture: str) -> str:
    """Title of a table with the reading that its figures belong to."""
    return f"{titre} ({lecture})"


def lecture_de(vue: Vue) -> str:
    """Reading that a scenario is seen under."""
    return BOUCLE if vue.ev.est_bouclee else TEL_QUEL


def source(vue: Vue) -> str:
    """What a picture of a study is drawn from."""
    etude = vue.ev.ctx.etude
    return (
        f"étude « {etude.titre} », départ le {date_en_clair(etude.date_depart)}, règles en vigueur au {date_en_clair(etude.date_demande)}, "
        f"évolution « {etude.evolution} », hypothèses comprises"
    )


def sans_place(vue: Vue) -> str:
    """Sentence in place of every figure of a scenario that holds no place, with the reason; nothing when it holds some.

    What the answer of the PMI on a space at a distance would change follows.
    """
    if not vue.aucune_place:
        return ""
    dit = f"{AUCUNE_PLACE[:1].upper()}{AUCUNE_PLACE[1:]} : {vue.aucune_place}."
    return " ".join(x for x in (dit, espace_a_distance(vue)) if x)


def espace_a_distance(vue: Vue) -> str:
    """Places if the PMI refuses a space at a distance and if it admits it; nothing when it changes nothing."""
    return vue.une_fois(_espace_a_distance)


def _espace_a_distance(vue: Vue) -> str:
    lues = selon_la_pmi(vue.ev.ctx, vue.rang)
    return f"{lues.phrase[:1].upper()}{lues.phrase[1:]}." if lues else ""


def phrase(vue: Vue, ecrire: Ecrire = euros) -> str:
    """Banner of a scenario: how its plan is closed, what nobody has promised, what hangs on a signature nobody has checked.

    A scenario that holds no place says so, and why.

    Args:
        vue: scenario.
        ecrire: how its amounts are rounded: those of the tables beside it.
    """
    if vue.aucune_place:
        return sans_place(vue)
    return " ".join(x for x in (_bouclage(vue, ecrire), espace_a_distance(vue), ctg(vue, ecrire)) if x)


def ctg(vue: Vue, ecrire: Ecrire = euros) -> str:
    """Income counted because the CTG is supposed signed, or left out because nobody said; nothing when it is known."""
    bouclee = vue.bouclee
    compte, ctx = bouclee.ev.compte, bouclee.ev.ctx
    lies = [p.libelle for p in produits_sous_condition(ctx.etude.exploitation)]
    if compte is None or not lies or ctx.etude.territoire.ctg_signee not in ("supposee", "inconnu"):
        return ""
    noms = ", ".join(lies)
    if ctx.etude.territoire.ctg_signee == "inconnu":
        return f"{noms} : non compté, signature de la CTG inconnue." if _commune_paie(bouclee) else ""
    total, annee = bouclee.valeur(compte.liees_a_la_commune), vue.annee_de_croisiere
    if not total > 0.5:
        return ""
    annuel = bouclee._ligne(par_annee(compte.liees_a_la_commune, ctx.echelle))
    par_an = "" if annee is None else f"{ecrire(float(annuel[vue.annees.index(annee)]))} en {annee}, "
    apres = 0.0
    if {p.payeur for p in produits_sous_condition(ctx.etude.exploitation)} == {ctx.etude.acteurs.caf_locale}:
        apres = bouclee.valeur(verse_apres_l_horizon(ctx, bouclee.ev.calendrier, compte.liees_a_la_commune))
    tard = f" (dont {ecrire(apres)} de solde versés après la fin de l'étude)" if apres > 0.5 else ""
    return f"{noms} : {par_an}{ecrire(total)} en tout{tard}, comptés en supposant la CTG signée."


def _commune_paie(vue: Vue) -> bool:
    paie = commune_paie(vue.ev.ctx, vue.ev.calendrier, vue.ev.capacite.places)
    return bool(np.any(vue._ligne(paie) > 0.0))


def _bouclage(vue: Vue, ecrire: Ecrire) -> str:
    """How the plan of a scenario is closed, and what nobody has promised."""
    reste = vue.ev.plan.reste_a_financer
    besoin = vue.valeur(reste)
    if np.isnan(besoin):
        return (
            f"Plan bouclé inconnu : le reste à financer ne se calcule pas, il manque {quelques(sorted(reste.manques))}."
        )
    apportes = [(a, m) for a, m in apports(vue) if m > 0.5]
    if not apportes:
        dit = str(ecrire(-besoin))
        trop = f", {dit} de trop" if besoin < -0.5 and dit != str(ecrire(0.0)) else ""
        caisse = "" if est_boucle_en_tresorerie(vue) else f" {PAS_EN_TRESORERIE[0].upper()}{PAS_EN_TRESORERIE[1:]}."
        return f"Plan financé par les ressources déclarées{trop} : rien à trouver, les deux lectures se confondent.{caisse}"
    dits = [f"{qui_apporte(a.boucleur)} {ecrire(m)} ({nature(a.boucleur)})" for a, m in apportes if not a.est_a_trouver]
    manques = [_a_trouver_en_clair(vue, a.boucleur, m, ecrire) for a, m in apportes if a.est_a_trouver]
    etat = "Plan bouclé" if est_boucle_en_tresorerie(vue) else f"Plan {PAS_EN_TRESORERIE}"
    if not manques:
        return f"{etat} : {' ; '.join(dits)} ; rien ne reste à trouver pour l'investissement."
    suite = f"{' ; '.join(dits)} ; restent " if dits else ""
    return f"{etat} : {suite}{' ; '.join(manques)}."


def _a_trouver_en_clair(vue: Vue, boucleur: Boucleur, montant: float, ecrire: Ecrire) -> str:
    """What nobody has promised, and how it is read: a capital that the rent of its owner pays, a start, a grant."""
    acteurs = vue.ev.ctx.etude.acteurs
    if boucleur.id == DEMARRAGE.id:
        return f"{ecrire(montant)} à trouver pour démarrer « {acteurs.gestionnaire} », lus comme une subvention que personne n'a promise"
    if boucleur.nature == RESTE_EN_CAPITAL.nature:
        return (
            f"{ecrire(montant)} à trouver par « {acteurs.proprietaire} », lus comme un capital que personne n'a promis"
        )
    return f"{ecrire(montant)} à trouver pour l'investissement, lus comme une subvention que personne n'a promise"


def capital(vue: Vue, dire: Dire = euros) -> str:
    """What a capital to be found asks: the rent pays it, once; nothing when none is to be found."""
    lu = None if vue.aucune_place else remuneration(vue)
    if lu is None:
        return ""
    bail = vue.ev.ctx.etude.bail_gestionnaire
    loyer = f"{formater_nombre(lu.loyer_m2, 1, 0)} €/m²/an"
    if np.isnan(lu.rendu):
        return "Un capital se paie par le loyer : ce que celui-ci en rend est inconnu, des montants manquent."
    if bail is not None and bail.loyer == "equilibre":
        rendement = vue.ev.ctx.entree("bail_gestionnaire.rendement").lire(vue.rang)
        return f"Le loyer d'équilibre, {loyer}, rend ce capital et le rémunère à {rendement} : il n'est compté qu'une fois."
    revente = "revente comprise" if lu.revente > 0.5 else "sans revente comptée"
    rendu = (
        f"Ce capital se paie par le loyer, une seule fois : à {loyer}, il en rend {dire(max(lu.rendu, 0.0))} sur la durée de l'étude, "
        f"{revente}"
    )
    if not np.isnan(lu.taux):
        return f"{rendu}, {pourcent(lu.taux, 1)} par an."
    if np.isnan(lu.loyer_qui_rend) or lu.rendu >= lu.apporte:
        return f"{rendu}."
    return (
        f"{rendu}, soit {pourcent(lu.part_rendue, 0)} ; il faudrait {formater_nombre(lu.loyer_qui_rend, 0)} €/m²/an pour le "
        "rendre, sans rémunération."
    )


def quelques(manques: list[str]) -> str:
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
    return vue.ev.ctx.entree(f"exploitation.contribution_commune.{champ}").lire(vue.rang)


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
    """Cover of the closed plan in the cruising year and at worst, with its status, in a few words; unknown when nothing says what pays the loans."""
    ratio = ratio_de(vue.bouclee, "couverture_minimale")
    if ratio is None:
        return "inconnue" if vue.ev.ctx.etude.prets else "sans objet"
    valeur = ratio.grandeur.au_point(vue.rang)
    if np.isnan(valeur):
        return "inconnue" if ratio.grandeur.manques else "sans dette"
    croisiere = couverture_de_croisiere(vue)
    pire, annee = (formater_nombre(v, 2) if v > 0 else "0" for v in (valeur, croisiere))
    lue = pire if np.isnan(croisiere) else f"{annee} (pire {pire})"
    return f"{lue}, {STATUT_EN_CLAIR[ratio.statut(vue.rang)]}"


def case_de_couverture(vue: Vue) -> Case:
    """Same as a cell: the cover of the cruising year, or the worst one without a cruising year."""
    dit, ratio = couverture(vue), ratio_de(vue.bouclee, "couverture_minimale")
    if ratio is None:
        return cases.sans_valeur(dit)
    croisiere = couverture_de_croisiere(vue)
    return cases.nombre(ratio.grandeur.au_point(vue.rang) if np.isnan(croisiere) else croisiere, 2).dite(dit)


def fourchette(f: FourchetteCout) -> str:
    """Range of the total cost, to the thousand, and what it means."""
    if np.isnan(f.haut):
        return "fourchette inconnue"
    bas, haut = (euros(round(v, -3)) for v in (f.bas, f.haut))
    return f"de {bas} à {haut} ({f.sens})"


def par_place(vue: Vue, montant: float) -> Cellule:
    """Amount by place; a dash in a scenario that opens none, « inconnu » when nobody knows."""
    return "—" if vue.places.nombre == 0 else cases.montant(vue.places.par_place(montant))
