"""First pages of a dossier: cover with its picture and the share of what is supposed, then the decision on one page."""

from __future__ import annotations

import numpy as np

from pope_foncier.decision.soutien import annonce, besoins
from pope_foncier.etude.fiche import Acteurs
from pope_foncier.etude.fourchette_cout import fourchette_totale
from pope_foncier.etude.lectures import a_trouver, a_trouver_en_tout
from pope_foncier.etude.provenance import part_des_chiffres_supposes, provenance
from pope_foncier.etude.resultats import Vue
from pope_foncier.places.places_du_mode import mode_de_l_etude
from pope_foncier.socle.nombres import euros, formater_nombre, pourcent
from pope_foncier.socle.temps import date_en_clair
from pope_foncier.vues.decision import tableaux_epreuves, tableaux_plausibilite
from pope_foncier.vues.decision.sensibilite import mots
from pope_foncier.vues.dossier import pieces
from pope_foncier.vues.dossier.pieces import Piece
from pope_foncier.vues.dossier.sujet import Sujet
from pope_foncier.vues.etude import graphiques, tableaux, tableaux_scenarios
from pope_foncier.vues.formes import lectures, mots_de_caisse

_SEUILS = 3
"""Thresholds that the page of the decision shows."""


def parts_supposees(sujet: Sujet) -> list[tuple[str, str, str]]:
    """Share of the inputs by what they rest on: share, count, words."""
    lu = provenance(sujet.vue)
    genres = (
        (lu.sures, "lue{s} dans la loi, une table, ou constatée{s}"),
        (lu.a_confirmer, "lue{s}, mais à confirmer"),
        (lu.hypotheses, "hypothèse{s}"),
        (lu.inconnues, "inconnue{s}"),
    )
    return [
        (pourcent(lu.part(n), 0), formater_nombre(n), dits.format(s="s" if n > 1 else "")) for n, dits in genres if n
    ]


def phrase_supposee(sujet: Sujet) -> str:
    """How many figures rest on an assumption, in one sentence."""
    lu = provenance(sujet.vue)
    return (
        f"{pourcent(lu.part_douteuse, 0)} des {formater_nombre(lu.lues)} données d'entrée sont supposées, à confirmer ou inconnues ; "
        f"{pourcent(part_des_chiffres_supposes(sujet.vue), 0)} des chiffres calculés en lisent au moins une. Aucun montant de ce dossier "
        "n'est un engagement."
    )


def reperes(sujet: Sujet) -> list[tuple[str, str]]:
    """Who, where and when, for the cover."""
    etude, site = sujet.dossier.etude, sujet.dossier.site
    return [
        ("Scénario", sujet.vue.titre),
        ("Lieu", f"{site.nom}, {site.commune}"),
        ("Accueil", mode_de_l_etude(etude.mode_accueil).libelle),
        ("Qui", _qui(etude.acteurs)),
        ("Départ des études", date_en_clair(etude.date_depart)),
        ("Droit lu au", date_en_clair(etude.date_demande)),
        ("Prix et salaires", f"évolution « {etude.evolution} » (hypothèse), euros courants"),
    ]


def _qui(acteurs: Acteurs) -> str:
    conduit = acteurs.nom_maitre_ouvrage
    return (
        f"{acteurs.proprietaire} (propriétaire), {acteurs.gestionnaire} (gestionnaire) ; travaux conduits par {conduit}"
    )


def decision(sujet: Sujet) -> list[Piece]:
    """One page: key figures, how the plan closes, what would change the answer, picture, hardest stresses."""
    vue = sujet.vue
    if not sujet.chiffree:
        scenarios = tableaux_scenarios.comparaison_courte(sujet.resultat)
        return [*pieces.phrase(sujet.sans_chiffre, "forte"), *pieces.tableau(scenarios)]
    return [
        *pieces.cles(_cles(vue)),
        *pieces.phrase(lectures.phrase(vue), "forte"),
        *pieces.phrase(lectures.capital(vue), tete="Capital."),
        *pieces.phrase(mots_de_caisse.caisse(vue), tete="Trésorerie."),
        *pieces.phrase(tableaux_plausibilite.phrase_courte(vue), tete="Vraisemblance."),
        *_avis(sujet),
        *pieces.image(graphiques.plan(vue), 79),
        *pieces.tableau(
            tableaux_epreuves.les_plus_dures(vue, sujet.epreuves)
            if sujet.plan_connu
            else tableaux.a_demander_d_abord(vue)
        ),
    ]


def _cles(vue: Vue) -> list[tuple[str, str, str]]:
    bouclee, ev = vue.bouclee, vue.ev
    ouverture = vue.valeur(ev.calendrier.ouverture)
    quand = "inconnue" if np.isnan(ouverture) else ev.ctx.echelle.mois_en_clair(int(ouverture))
    manque, tout = a_trouver(vue), a_trouver_en_tout(vue)["total"]
    return [
        ("Places", formater_nombre(vue.valeur(ev.capacite.places)), f"ouverture : {quand}"),
        ("Coût total TTC", euros(vue.valeur(ev.cout.total_ttc)), lectures.fourchette(fourchette_totale(vue))),
        ("À trouver, personne ne l'a promis", euros(manque), f"{euros(tout)} avec la trésorerie au pire mois"),
        _commune(bouclee),
        _dette(vue),
    ]


def _dette(vue: Vue) -> tuple[str, str, str]:
    valeur, _, statut = lectures.couverture(vue).partition(", ")
    ratio = lectures.ratio_de(vue.bouclee, "couverture_minimale")
    seuil = "" if ratio is None else f"seuil {formater_nombre(ratio.controle.seuil, 2)} ({ratio.controle.origine})"
    return ("Couverture de la dette", valeur, " ; ".join(x for x in (statut, seuil) if x))


def _commune(vue: Vue) -> tuple[str, str, str]:
    dite = annonce(vue)
    if dite is None:
        return ("Commune, par place", "sans objet", "pas de compte d'exploitation")
    if np.isnan(dite.par_place):
        return ("Commune, par place", "inconnu", "pas d'année de croisière, ou montants inconnus")
    return (f"Commune, par place en {vue.annee_de_croisiere}", euros(dite.par_place), _ce_qu_elle_paie(vue))


def _ce_qu_elle_paie(vue: Vue) -> str:
    """What the study says of it, then what each sense of balance would take the same year: never beside the mean of all years."""
    exploitation = vue.ev.ctx.etude.exploitation
    assert exploitation is not None
    mode, trouves = lectures.soutien(vue), [b.par_place for b in besoins(vue) if not np.isnan(b.par_place)]
    if exploitation.contribution_commune.est_calculee():
        return (
            f"{lectures.mode_de_soutien(exploitation.contribution_commune)} : ce qu'il faudrait, personne ne l'a décidé"
        )
    if not trouves:
        return mode
    return f"{mode} ; il faudrait {formater_nombre(min(trouves))} à {euros(max(trouves))} en {vue.annee_de_croisiere}"


def _avis(sujet: Sujet) -> list[Piece]:
    """Ceiling of the commune, what would change the answer, what to know first."""
    bref = sujet.bref
    if bref is None:
        return []
    avis = f"{mots.constat(bref)} (hypothèse). {mots.ce_qui_renverse(bref)} : {mots.changer_d_avis(bref, _SEUILS)}."
    return [
        *pieces.phrase(avis, tete="Ce qui ferait changer d'avis."),
        *pieces.phrase(mots.savoir_d_abord(bref.savoir)),
    ]


def lecture(sujet: Sujet) -> list[Piece]:
    """How to read the dossier: the two readings of a plan, what is supposed, what is unknown, what it is computed with."""
    etude = sujet.dossier.etude
    points = [
        "« Plan tel quel » : les ressources que l'étude déclare, et ce qui manque, avec son signe. « Plan bouclé » : le même, une fois ce "
        "manque apporté par ceux que l'étude nomme ; ce que personne n'apporte est « à trouver ».",
        "Aucun ratio n'a de valeur sur un plan qui ne boucle pas : il est « indéterminé ».",
        "« Hypothèse » : une valeur que l'étude suppose, avec sa raison et à qui la demander. « Espérée », « demandée », « acquise » : où en "
        "est une aide. « Inconnu » n'est jamais zéro : ce qui en dépend est inconnu aussi, et la partie « À confirmer » dit à qui demander.",
        "« Croisière » : première année pleine après la montée en charge. « Par place et par an » : rapporté aux places et aux années "
        "d'ouverture.",
        f"Euros courants ; prix, salaires et loyers suivent l'évolution « {etude.evolution} » (hypothèse). Droit lu au "
        f"{date_en_clair(etude.date_demande)}.",
        "Chaque chiffre, sa formule et sa source sont dans resultats.json ; « pope-foncier expliquer » dit comment il est calculé. Le "
        "manifeste joint donne les versions, les empreintes des fichiers et les barèmes lus avec leurs dates.",
        "Les montants sont écrits à l'euro pour se recouper d'une partie à l'autre, non parce qu'ils seraient connus à l'euro : la "
        "fourchette du coût et les tirages disent ce qu'ils valent.",
    ]
    demander = tableaux.a_demander_d_abord(sujet.vue) if sujet.plan_connu else None
    return [*pieces.liste(points), *pieces.tableau(demander)]
