"""Second sheet of a spreadsheet in plain Python, without the project's code: the closed plan month by month.

The operating income and costs before the commune (families, aid of the Caf, staff, other charges) are given: they have their own
tests. Everything else is computed here: depreciation, grants released, contribution of the commune in each mode, payments of the
Caf, bridge, uses and resources, closers called in order to a fixed point, covers by year, cash.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from tests.etude.tableur_etude import (
    Entrees,
    M,
    Mois,
    aides,
    au,
    cout_des_travaux,
    cumul,
    decale,
    echeancier,
    etale,
    immobilier,
    loyer,
    moins,
    paiements_du_chantier,
    plus,
    restreint,
    somme_de,
    vide,
)

# --- operating account -------------------------------------------------------------------------------------------------


def dotation(e: Entrees) -> Mois:
    """Depreciation: works over what the tenure leaves, equipment over its life."""
    travaux = etale(immobilier(e), vie(e, "duree_vie_mois"))
    equipement = etale(cout_des_travaux(e)["equipement"], vie(e, "duree_vie_equipement_mois"))
    return plus(travaux, equipement)


def vie(e: Entrees, champ: str) -> range:
    """Months over which an asset is used up: its life, or what the tenure leaves."""
    return range(e.ouverture, e.ouverture + min(e.fiche["travaux"][champ], e.fin - e.ouverture))


def quote_part(e: Entrees, subventions: float) -> Mois:
    """Grants released over the life of the works, up to the cost that is depreciated."""
    return etale(min(subventions, sum(dotation(e))), vie(e, "duree_vie_mois"))


def versements_de_la_caf(e: Entrees, droits: Mois) -> Mois:
    """Advances over the open months of the year, balance in a month of the next year."""
    verse, regle = vide(), e.fiche["exploitation"]["versements_caf"]
    for annee in e.annees_ouvertes():
        mois = e.mois_de_l_annee(annee)
        droit = somme_de(droits, mois)
        verse = plus(verse, etale(droit * regle["acompte_part"], mois))
        verse = plus(verse, au(e.rang(annee + 1, regle["mois_solde"]), droit * (1 - regle["acompte_part"])))
    return verse


def creance(acquis: Mois, verse: Mois) -> Mois:
    """What is earned and not yet paid; an advance is not a negative receivable."""
    return [max(0.0, x) for x in cumul(moins(acquis, verse))]


# --- contribution of the commune ---------------------------------------------------------------------------------------


@dataclass
class SansCommune:
    """Account before the commune: what a contribution must look at."""

    produits: Mois
    charges: Mois
    disponible: Mois  # self-financing before interest
    service: Mois  # interest and capital once open
    reversements: Mois  # grants given back at the end of the use
    creance_caf: Mois


def contribution(e: Entrees, compte: SansCommune) -> dict[str, Mois]:
    """Contribution earned, evenly over the open months of each year, and paid, at the dates agreed."""
    acquis, verse = acquis_et_verse(e, montants_de_l_annee(e, compte))
    return {"acquis": acquis, "verse": verse}


def echeances(e: Entrees, annee: int) -> list[tuple[int, float]]:
    """Months and shares of the payments of a year; never before the opening nor after the end."""
    mois = e.mois_de_l_annee(annee)
    if not e.regle.get("versements"):
        return [(m, 1 / len(mois)) for m in mois]
    return [(min(max(e.rang(annee, v["mois"]), mois[0]), mois[-1]), v["part"]) for v in e.regle["versements"]]


def montants_de_l_annee(e: Entrees, compte: SansCommune) -> dict[int, float]:
    """Amount of each year by the rule of the mode."""
    regle = e.regle
    mode = regle["mode"]
    if mode == "equilibre_tresorerie":
        return tenir_la_tresorerie(e, compte)
    montants = {}
    for annee in e.annees_ouvertes():
        mois = e.mois_de_l_annee(annee)
        perte = max(0.0, somme_de(compte.charges, mois) - somme_de(compte.produits, mois))
        if mode == "aucune":
            montants[annee] = 0.0
        elif mode == "equilibre_comptable":
            montants[annee] = perte
        elif mode == "couverture":
            voulu = regle["cible"] * somme_de(compte.service, mois)
            montants[annee] = max(0.0, voulu - somme_de(compte.disponible, mois))
        elif mode == "forfait":
            montants[annee] = par_place(e, regle["par_place"], annee)
        elif mode == "plafonnee":
            montants[annee] = min(perte, par_place(e, regle["plafond_par_place"], annee))
    return montants


def par_place(e: Entrees, montant: float, annee: int) -> float:
    """Amount by place and year at the prices of the study, indexed, pro rata of the open months."""
    return (
        montant
        * e.places
        * (1 + e.hausse_prix) ** (annee - e.fiche["exploitation"]["annee_prix"])
        * len(e.mois_de_l_annee(annee))
        / 12
    )


def tenir_la_tresorerie(e: Entrees, compte: SansCommune) -> dict[int, float]:
    """Least amount of each year that keeps the operating cash above the floor every month, debt served.

    The plan sets aside the highest receivable of the first cycle, on the Caf and on the commune: the commune brings what holds the
    balance as earned, and later what holds the cash as paid when receivables outgrow that sum. The sum depends on the
    amounts, so both are computed again until they no longer move.
    """

    def plus_haute_creance(montants: dict[int, float]) -> float:
        du_par_la_commune = moins(*acquis_et_verse(e, montants))
        return fonds_de_roulement(e, plus(compte.creance_caf, cumul(du_par_la_commune)))

    bas, haut = 0.0, 2 * plus_haute_creance(une_passe(e, compte, None))
    while haut - bas > 1e-6:  # a larger sum lowers the amounts, hence what the commune owes
        milieu = (bas + haut) / 2
        if plus_haute_creance(une_passe(e, compte, milieu)) > milieu:
            bas = milieu
        else:
            haut = milieu
    return une_passe(e, compte, haut)


def acquis_et_verse(e: Entrees, montants: dict[int, float]) -> tuple[Mois, Mois]:
    """What the commune owes, evenly over the open months of each year, and what it pays, at its dates."""
    acquis, verse = vide(), vide()
    for annee, montant in montants.items():
        acquis = plus(acquis, etale(montant, e.mois_de_l_annee(annee)))
        verse = plus(verse, *(au(m, montant * part) for m, part in paiements(e, annee)))
    return acquis, verse


def paiements(e: Entrees, annee: int) -> list[tuple[int, float]]:
    """Months and shares of the payments of a year, late by so many months."""
    return [(m + e.regle.get("decalage_mois", 0), part) for m, part in echeances(e, annee)]


@dataclass
class Caisse:
    """One reading of the cash: shares of each year that it receives, its floor, and the months by which its years come late."""

    parts: dict[int, list[tuple[int, float]]]
    plancher: Mois
    retard: int

    def exercice(self, e: Entrees, annee: int) -> range:
        """Months over which the payments of a year come."""
        return range(e.rang(annee, 1) + self.retard, min(e.rang(annee + 1, 1) + self.retard, M))

    def part_payee(self, annee: int, mois: int) -> float:
        """Share of a year paid up to a month."""
        return sum(part for m, part in self.parts.get(annee, []) if m <= mois)


def une_passe(e: Entrees, compte: SansCommune, fonds: float | None) -> dict[int, float]:
    """Amounts for a given working capital; without one, the balance as earned alone is held."""
    annees, seuil = e.annees_ouvertes(), e.regle.get("plancher", 0.0)
    en_droits = {a: [(m, 1 / len(e.mois_de_l_annee(a))) for m in e.mois_de_l_annee(a)] for a in annees}
    caisses = [Caisse(en_droits, [seuil] * M, 0)]
    if fonds is not None:
        plancher = [seuil + x - fonds for x in compte.creance_caf]
        caisses.append(Caisse({a: paiements(e, a) for a in annees}, plancher, e.regle.get("decalage_mois", 0)))
    flux = moins(compte.disponible, compte.service, compte.reversements)
    montants: dict[int, float] = {}
    for annee in annees:
        montants[annee] = max(0.0, *(besoin(e, c, flux, montants, annee) for c in caisses))
    return montants


def besoin(e: Entrees, caisse: Caisse, flux: Mois, montants: dict[int, float], annee: int) -> float:
    """Amount of a year that one reading asks for: its floor once a payment has come, and the start of the next year."""
    mois = caisse.exercice(e, annee)
    voulus = []
    for m in mois:
        paye = caisse.part_payee(annee, m)
        if m not in e.ouverts or paye == 0:
            continue
        sans = sum(flux[: m + 1]) + sum(x * caisse.part_payee(a, m) for a, x in montants.items())
        voulus.append((caisse.plancher[m] - sans) / paye)
    if voulus:
        fin = sum(flux[: mois[-1] + 1]) + sum(montants.values())
        voulus.append((reserve_au_depart(e, caisse, flux, annee + 1) - fin) / caisse.part_payee(annee, mois[-1]))
    return max(voulus, default=0.0)


def reserve_au_depart(e: Entrees, caisse: Caisse, flux: Mois, annee: int) -> float:
    """Cash that a year needs on its first day if the commune then pays its deficit by its instalments.

    What is set aside for the receivables is never counted on beyond its amount, even when the year is closed.
    """
    mois = caisse.exercice(e, annee)
    deficit = max(0.0, -somme_de(flux, mois))
    reserve, solde = min(0.0, *(caisse.plancher[m] for m in mois)), 0.0
    for m in mois:
        solde += flux[m]
        if m in e.ouverts:
            reserve = max(reserve, caisse.plancher[m] - solde - deficit * caisse.part_payee(annee, m))
    return reserve


# --- start of the operation --------------------------------------------------------------------------------------------


def fin_du_cycle(e: Entrees) -> int:
    """Month after the first full cycle of the Caf: a year after the ramp-up."""
    return min(e.ouverture + e.fiche["delais"]["montee_en_charge_mois"] + 12, M)


def pertes_d_ouverture(e: Entrees, autofinancement: Mois) -> float:
    """How low the self-financing of the ramp-up falls."""
    montee = range(e.ouverture, e.ouverture + e.fiche["delais"]["montee_en_charge_mois"])
    return max(0.0, -min(cumul(restreint(autofinancement, montee))))


def fonds_de_roulement(e: Entrees, creances: Mois) -> float:
    """Highest receivable on public payers up to a year after the ramp-up."""
    return max(creances[e.ouverture : fin_du_cycle(e)])


# --- bridge ------------------------------------------------------------------------------------------------------------


def relayer(regle: dict[str, Any], flux: Mois, aides_acceptees: Mois) -> dict[str, Mois]:
    """Bridge drawn when cash is missing, up to a share of the grants still to come; interest is paid the month after."""
    caisse, encours = 0.0, 0.0
    suite, interets = vide(), vide()
    for m in range(M):
        interets[m] = encours * regle["taux"] / 12
        caisse += flux[m] - interets[m]
        limite = regle["taux_avance"] * sum(aides_acceptees[m + 1 :])
        encours = min(max(0.0, -caisse), max(0.0, limite))
        suite[m] = encours
    mouvement = moins(suite, decale(suite, 1))
    return {
        "encours": suite,
        "interets": interets,
        "deblocage": [max(0.0, x) for x in mouvement],
        "remboursement": [max(0.0, -x) for x in mouvement],
    }


# --- whole plan, for given amounts of the closers ----------------------------------------------------------------------


def calculer(e: Entrees, exploitation: dict[str, Mois], apports: dict[str, float]) -> dict[str, Any]:
    """Plan, account and cash when each closer brings ``apports[id]``; nothing is called on the plan as it stands."""
    redevance, chantier, demandees = loyer(e), paiements_du_chantier(e), aides(e)
    dons, fonds, prets = apports_par_nature(e, apports)
    for pret in e.fiche["prets"]:
        prets[pret["id"]] = echeancier(e, pret["montant"], pret)
    interets = plus(vide(), *(p["interets"] for p in prets.values()))
    rendu = plus(vide(), *(p["remboursement"] for p in prets.values()))
    recues = {nom: a["versement"] for nom, a in demandees.items()} | dons
    montants = {nom: sum(x) for nom, x in recues.items()} | {"a_trouver": apports.get("a_trouver", 0.0)}
    reverse = plus(vide(), *(a["rendu"] for a in demandees.values()))
    acquises = sum(montants.values()) - sum(reverse)
    compte = etablir_le_compte(e, exploitation, acquises, redevance, interets, rendu, reverse)

    entrees = [*recues.values(), *fonds.values(), *(p["deblocage"] for p in prets.values())]
    entrees += [exploitation["familles"], compte["caf_verse"], compte["commune_verse"]]
    sorties = [
        *chantier.values(),
        redevance,
        interets,
        rendu,
        reverse,
        exploitation["personnel"],
        exploitation["autres"],
    ]
    flux = moins(plus(*entrees), *sorties)
    if "a_trouver" in apports:
        dons["a_trouver"] = appeler_au_besoin(e, flux, apports["a_trouver"])
        flux = plus(flux, dons["a_trouver"])
    relais = {nom: vide() for nom in ("encours", "interets", "deblocage", "remboursement")}
    if "relais" in e.fiche:
        relais = relayer(e.fiche["relais"], flux, aides_a_relayer(e, recues))
    tresorerie = cumul(moins(plus(flux, relais["deblocage"]), relais["remboursement"], relais["interets"]))

    besoins = cout_des_travaux(e) | {
        "loyer_travaux": somme_de(redevance, range(e.ouverture)),
        "interets_travaux": somme_de(interets, range(e.ouverture)),
        "interets_relais": sum(relais["interets"]),
        "pertes_ouverture": pertes_d_ouverture(e, compte["autofinancement"]),
        "fonds_de_roulement": fonds_de_roulement(e, plus(compte["creance_caf"], compte["creance_commune"])),
    }
    ressources = {nom: a["montant"] for nom, a in demandees.items()}
    ressources |= {p["id"]: p["montant"] for p in e.fiche["prets"]}
    return {
        "besoins": besoins,
        "ressources": ressources,
        "manque": sum(besoins.values()) - sum(ressources.values()),
        "apports": apports,
        "chantier": chantier,
        "loyer": redevance,
        "aides": {nom: a["versement"] for nom, a in demandees.items()},
        "reversements": {nom: a["rendu"] for nom, a in demandees.items() if sum(a["rendu"])},
        "dons": dons,
        "fonds": fonds,
        "prets": prets,
        "relais": relais,
        "tresorerie": tresorerie,
        **compte,
    }


def apports_par_nature(
    e: Entrees, apports: dict[str, float]
) -> tuple[dict[str, Mois], dict[str, Mois], dict[str, Any]]:
    """Grants, own funds and loans that close the plan, month by month."""
    dons, fonds, prets = {}, {}, {}
    for b in e.boucleurs:
        montant = apports.get(b["id"], 0.0)
        if b["nature"] == "subvention":
            dons[b["id"]] = verser_le_don(e, b, montant)
        elif b["nature"] == "fonds_propres":
            fonds[b["id"]] = au(b["mois_versement"], montant)
        elif b["nature"] == "pret":
            prets[b["id"]] = echeancier(e, montant, b["pret"])
    return dons, fonds, prets


def appeler_au_besoin(e: Entrees, flux: Mois, montant: float) -> Mois:
    """What is to be found, paid when the cash runs out and no sooner; what is left of it at the opening."""
    verse, caisse, reste = vide(), 0.0, montant
    for m in range(M):
        caisse += flux[m]
        verse[m] = reste if m == e.ouverture else min(reste, max(0.0, -caisse))
        reste -= verse[m]
        caisse += verse[m]
    return verse


def a_trouver_en_tout(plan: dict[str, Any]) -> dict[str, float]:
    """What must be found: for the plan, then for the cash at its worst; how much of the second is never given back."""
    manque = [max(0.0, -x) for x in plan["tresorerie"]]
    investissement = plan["apports"]["a_trouver"]
    return {
        "investissement": investissement,
        "exploitation": max(manque),
        "total": investissement + max(manque),
        "definitif": manque[-1],
        "attente": max(manque) - manque[-1],
    }


def verser_le_don(e: Entrees, boucleur: dict[str, Any], montant: float) -> Mois:
    """Payment of a closing grant: its instalments, else all at the start of works."""
    evenements = {"demarrage_travaux": e.debut, "reception": e.ouverture}
    versements = boucleur.get("versements") or [{"evenement": "demarrage_travaux", "part": 1.0, "delai_mois": 0}]
    return plus(*(au(evenements[v["evenement"]] + v["delai_mois"], montant * v["part"]) for v in versements))


def aides_a_relayer(e: Entrees, recues: dict[str, Mois]) -> Mois:
    """Payments of the grants whose status the lender accepts; nobody lends on a grant that nobody promised."""
    statuts = {a["id"]: a["statut"] for a in e.fiche["aides"]}
    statuts |= {b["id"]: b.get("statut", "esperee") for b in e.boucleurs if b["nature"] == "subvention"}
    acceptes = e.fiche["relais"]["statuts"]
    return plus(vide(), *(versement for nom, versement in recues.items() if statuts.get(nom) in acceptes))


def etablir_le_compte(
    e: Entrees,
    exploitation: dict[str, Mois],
    subventions: float,
    redevance: Mois,
    interets: Mois,
    rendu: Mois,
    reversements: Mois,
) -> dict[str, Any]:
    """Operating account: what is paid before the opening belongs to the investment, what will be given back is no income."""
    amorti, reprise = dotation(e), quote_part(e, subventions)
    apres = range(e.ouverture, M)
    loyer_ouvert, interets_ouverts = restreint(redevance, apres), restreint(interets, apres)
    produits = plus(exploitation["familles"], exploitation["caf"], reprise)
    charges = plus(exploitation["personnel"], exploitation["autres"], loyer_ouvert, interets_ouverts, amorti)
    caf_verse = versements_de_la_caf(e, exploitation["caf"])
    avant = moins(produits, charges)
    sans = SansCommune(
        produits=produits,
        charges=charges,
        disponible=moins(plus(avant, amorti, interets_ouverts), reprise),
        service=plus(interets_ouverts, restreint(rendu, apres)),
        reversements=reversements,
        creance_caf=creance(exploitation["caf"], caf_verse),
    )
    commune = contribution(e, sans)
    resultat = plus(avant, commune["acquis"])
    return {
        "dotation": amorti,
        "quote_part": reprise,
        "loyer_ouvert": loyer_ouvert,
        "interets_ouverts": interets_ouverts,
        "service": sans.service,
        "disponible": plus(sans.disponible, commune["acquis"]),
        "contribution": commune["acquis"],
        "commune_verse": commune["verse"],
        "creance_commune": creance(commune["acquis"], commune["verse"]),
        "caf_verse": caf_verse,
        "creance_caf": sans.creance_caf,
        "resultat": resultat,
        "autofinancement": moins(plus(resultat, amorti), reprise),
    }


# --- closing -----------------------------------------------------------------------------------------------------------

A_TROUVER = {"id": "a_trouver", "nature": "a_trouver"}


def boucler(e: Entrees, exploitation: dict[str, Mois]) -> tuple[Entrees, dict[str, Any]]:
    """Call the closers in order, again and again, until what they bring no longer moves; « à trouver » takes the rest."""
    e = replace(e, boucleurs=[*e.boucleurs, A_TROUVER])
    apports: dict[str, float] = {b["id"]: 0.0 for b in e.boucleurs}
    for _ in range(200):
        plan = calculer(e, exploitation, apports)
        suite = appeler(e, plan)
        if max(abs(suite[nom] - apports[nom]) for nom in apports) < 1e-7:
            return e, plan
        apports = suite
    raise AssertionError("le bouclage ne converge pas")


def appeler(e: Entrees, plan: dict[str, Any]) -> dict[str, float]:
    """What each closer brings, in order, of what the plan lacks."""
    manque = max(0.0, plan["manque"])
    reste, apports = manque, {}
    for b in e.boucleurs:
        voulu = reste
        if b["nature"] == "pret" and "couverture_cible" in b["pret"]:
            voulu = plus_grand_pret(e, plan, b)
        elif "montant" in b:
            voulu = b["montant"]
        elif "part" in b:
            voulu = b["part"] * manque
        apports[b["id"]] = min(reste, voulu, b.get("plafond", float("inf")))
        reste -= apports[b["id"]]
    return apports


def plus_grand_pret(e: Entrees, plan: dict[str, Any], boucleur: dict[str, Any]) -> float:
    """Largest loan whose service leaves the cover of each year of debt at the target, the opening year included."""
    un_euro = service_de(echeancier(e, 1.0, boucleur["pret"]))
    autres = plus(vide(), *(service_de(p) for nom, p in plan["prets"].items() if nom != boucleur["id"]))
    possible = float("inf")
    for annee in e.annees_ouvertes():
        mois = e.mois_de_l_annee(annee)
        service = somme_de(un_euro, mois)
        if service > 0:
            supportable = somme_de(plan["disponible"], mois) / boucleur["pret"]["couverture_cible"]
            possible = min(possible, (supportable - somme_de(autres, mois)) / service)
    return max(0.0, possible)


def service_de(pret: dict[str, Mois]) -> Mois:
    """Interest and capital of a loan."""
    return plus(pret["interets"], pret["remboursement"])


# --- what a lender reads -----------------------------------------------------------------------------------------------


def couvertures(e: Entrees, plan: dict[str, Any]) -> dict[int, float]:
    """Cover of the debt service by calendar year, opening year included; years without debt are left out."""
    suite = {}
    for annee in e.annees_ouvertes():
        mois = e.mois_de_l_annee(annee)
        service = somme_de(plan["service"], mois)
        if service > 0.005:
            suite[annee] = max(0.0, somme_de(plan["disponible"], mois) / service)
    return suite


def point_bas(plan: dict[str, Any]) -> tuple[float, int]:
    """Lowest cash of the association, and its first month."""
    bas = min(plan["tresorerie"])
    return bas, plan["tresorerie"].index(bas)
