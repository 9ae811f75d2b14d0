"""Conclusion of a study in plain French: what the place carries, what it costs, who could hold it, what to ask first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from pope_foncier.decision.montages.comparaison import Mesures
from pope_foncier.decision.montages.possibles import Cas
from pope_foncier.decision.soutien import annonce, besoins
from pope_foncier.etude.a_confirmer import a_confirmer, urgence
from pope_foncier.etude.resultats import Vue
from pope_foncier.places.capacite_site import CapaciteSite
from pope_foncier.places.places_du_mode import mode_de_l_etude
from pope_foncier.socle.nombres import euros, formater_nombre
from pope_foncier.vues.formes import lectures, mots_de_caisse
from pope_foncier.vues.formes.proteger import proteger
from pope_foncier.vues.lieu.tableaux import plage

DEMANDES = 6
"""Questions that a conclusion names; the whole list stands in « À confirmer »."""


def conclure(
    vue: Vue, cas: Sequence[Cas], mesures: Mapping[str, Mesures], densites: Mapping[str, CapaciteSite]
) -> list[str]:
    """Paragraphs of the conclusion in Markdown; what is unknown is said unknown, with what is missing.

    Args:
        vue: scenario concluded on.
        cas: montages of its site, empty when the study does not describe its property.
        mesures: measures of the montages.
        densites: places under each reading of the density, empty when there is only one.
    """
    if vue.aucune_place:
        return [
            f"**Le lieu.** {proteger(lectures.sans_place(vue), markdown=True)}{_densites(densites)}",
            _demandes(vue),
            _suite(vue),
        ]
    return [
        _lieu(vue) + _densites(densites),
        _argent(vue),
        *_commune(vue),
        *_montages(cas, mesures),
        _demandes(vue),
        _suite(vue),
    ]


def _lieu(vue: Vue) -> str:
    ev = vue.ev
    places, ouverture = vue.valeur(ev.capacite.places), vue.valeur(ev.calendrier.ouverture)
    quand = "à une date inconnue" if np.isnan(ouverture) else f"en {ev.ctx.echelle.mois_en_clair(int(ouverture))}"
    combien = "un nombre inconnu de" if np.isnan(places) else formater_nombre(places)
    mode = mode_de_l_etude(ev.ctx.etude.mode_accueil).libelle
    return f"**Le lieu.** L'étude retient {combien} places ({mode}) et une ouverture {quand}."


def _densites(densites: Mapping[str, CapaciteSite]) -> str:
    if not densites:
        return ""
    lectures = []
    for nom, reponse in densites.items():
        lignes = [x for x in reponse.lignes if x.regime == "Programme de confort"]
        noms = [f" ({x.lecture})" if len(lignes) > 1 else "" for x in lignes]
        places = " ou ".join(
            f"{plage(x)}{proteger(suite, markdown=True)}" for x, suite in zip(lignes, noms, strict=True)
        )
        lectures.append(f"{nom} : {places or 'aucune'}")
    return f" Le carreau est près du seuil de densité ; places en confort, {' ; '.join(lectures)}."


def _argent(vue: Vue) -> str:
    total, reste = vue.ev.plan.besoins, vue.ev.plan.reste_a_financer
    if np.isnan(vue.valeur(reste)):
        manques = " ; ".join(proteger(x, markdown=True) for x in sorted(reste.manques)) or "une donnée"
        return f"**L'argent.** Le reste à financer est inconnu tant qu'il manque : {manques}."
    aides, prets = vue.indicateurs["subventions"], vue.indicateurs["emprunts"]
    solde = vue.valeur(reste)
    fin = f"il reste {euros(solde)} à financer (plan tel quel)" if solde > 0.5 else "le plan est financé"
    esperees = any(s.aide.statut == "esperee" and vue.valeur(s.subvention) > 0 for s in vue.ev.subventions)
    reserve = " Les aides espérées ne sont pas obtenues." if esperees else ""
    return (
        f"**L'argent.** Il faut {total.lire(vue.rang)} ; les aides comptées apportent {aides.lire(vue.rang)}, les prêts "
        f"{prets.lire(vue.rang)} : {fin}.{reserve} {proteger(lectures.phrase(vue), markdown=True)} "
        f"{' '.join(proteger(x, markdown=True) for x in (lectures.capital(vue), mots_de_caisse.caisse(vue)) if x)} "
        f"Couverture de la dette du plan bouclé, en croisière (pire année) : {lectures.couverture(vue)}."
    )


def _commune(vue: Vue) -> list[str]:
    dite = annonce(vue)
    if dite is None or np.isnan(dite.par_place):
        return []
    montee = euros(vue.valeur(vue.bouclee.indicateurs["contribution_par_place_montee"]))
    demandes = " ; ".join(f"{b.libelle.lower()} : {euros(b.par_place)}" for b in besoins(vue))
    return [
        f"**La commune.** Dans l'étude : {proteger(lectures.soutien(vue), markdown=True)}. Cela fait {euros(dite.par_place)} par place en "
        f"{vue.annee_de_croisiere}, année de croisière (plan bouclé), et {montee} la première année pleine. Ce qu'il faudrait, par "
        f"place en croisière : {demandes}."
    ]


def _montages(cas: Sequence[Cas], mesures: Mapping[str, Mesures]) -> list[str]:
    if not cas:
        return []
    possibles = [c for c in cas if c.etat == "possible"]
    doutes = [c.etat for c in cas].count("a_confirmer")
    couts = {c.montage.titre: float(np.ravel(mesures[c.nom].cout_complet)[0]) for c in possibles if c.nom in mesures}
    connus = {titre: v for titre, v in couts.items() if not np.isnan(v)}
    texte = f"**Qui tient les murs.** {len(possibles)} montages sont possibles, {doutes} à confirmer."
    if connus:
        titre = min(connus, key=lambda t: connus[t])
        texte += f" Parmi les possibles, le moins coûteux par place et par an est « {proteger(titre, markdown=True)} », {euros(connus[titre])}, aides et revente déduites."
    return [texte + " Le calcul suit les conditions des aides telles qu'elles sont écrites, sans dispense."]


def _demandes(vue: Vue) -> str:
    lignes = sorted((x for x in a_confirmer(vue) if x.aupres_de), key=urgence)
    demandes = list(dict.fromkeys(proteger(f"{x.quoi} ({x.aupres_de})", markdown=True) for x in lignes))
    if not demandes:
        return "**À demander d'abord.** Rien que l'étude ne sache déjà."
    reste = len(demandes) - DEMANDES
    suite = f" ; et {reste} autres points dans « À confirmer »" if reste > 0 else ""
    return f"**À demander d'abord.** {' ; '.join(demandes[:DEMANDES])}{suite}."


def _suite(vue: Vue) -> str:
    return (
        "**Que faire ensuite.** Poser ces questions par écrit, visiter le lieu avec l'architecte, remplacer les hypothèses par les "
        "réponses dans le fichier de l'étude, et relancer ce carnet ; puis ouvrir l'atelier avec la commune (`make atelier`)."
    )
