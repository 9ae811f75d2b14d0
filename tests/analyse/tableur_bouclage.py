"""A spreadsheet in plain Python: the closed plan of the Saint-Denis study month by month, without the project's code.

Numbers come from the study file and from the scales, read as plain YAML. The operating income and costs before the commune
(families, PSU, bonuses, staff, other charges) are given: they have their own tests. Everything else is computed here: calendar,
works, rent, loans, bridge, depreciation, grants released, contribution of the commune in each mode, covers, cash, closing.

One list of ``M`` numbers per monthly line; months count from the start of the study.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml

M = 360
TVA = "fiscalite.tva.taux_normal"
BT01 = "indices.bt01.bt01"


# --- reading the files -----------------------------------------------------------------------------------------------


def lire_bareme(donnees: Path, chemin: str) -> list[dict[str, Any]]:
    """Dated values of a scale, oldest first."""
    dossier, fichier, nom = chemin.split(".")
    texte = (donnees / "baremes" / dossier / f"{fichier}.yaml").read_text(encoding="utf-8")
    return yaml.safe_load(texte)["baremes"][nom]["valeurs"]


def bareme_au(donnees: Path, chemin: str, jour: date) -> float:
    """Value of a scale in force on a day."""
    for valeur in lire_bareme(donnees, chemin):
        if valeur["depuis"] <= jour <= valeur.get("jusqu_au", date.max):
            return valeur["valeur"]
    raise LookupError(f"{chemin} au {jour}")


def mois_depuis(debut: date, fin: date) -> int:
    """Whole months between two days."""
    return (fin.year - debut.year) * 12 + fin.month - debut.month


@dataclass
class Entrees:
    """What the study says, in plain numbers."""

    depart: date
    surface: float
    places: int
    etudes: int
    travaux: int
    titre: int
    montee: int
    cout_m2: float
    revision: float
    honoraires: float
    controles: float
    aleas: float
    tva: float
    equipement_par_place: float
    vie_travaux: int
    vie_equipement: int
    delai_facture: int
    retenue: float
    retenue_mois: int
    loyer_m2: float
    hausse_loyer: float
    hausse_prix: float
    annee_prix: int
    aides: dict[str, dict[str, Any]]
    prets: list[dict[str, Any]]
    acompte_caf: float
    mois_solde_caf: int
    relais: dict[str, Any] | None = None
    bouclage: list[dict[str, Any]] = field(default_factory=list)

    @property
    def debut(self) -> int:
        """Month of the start of works: the tenure begins, the loans are drawn, the rent is due."""
        return self.etudes

    @property
    def ouverture(self) -> int:
        """Month of the opening, when the works are received."""
        return self.etudes + self.travaux

    @property
    def fin(self) -> int:
        """First month after the tenure."""
        return self.debut + self.titre

    @property
    def ouverts(self) -> range:
        """Months of operation."""
        return range(self.ouverture, min(self.fin, M))

    def annee(self, mois: int) -> int:
        """Calendar year of a month."""
        return self.depart.year + (self.depart.month - 1 + mois) // 12

    def mois_de_l_annee(self, annee: int) -> list[int]:
        """Months open in a calendar year."""
        return [m for m in self.ouverts if self.annee(m) == annee]

    def annees_ouvertes(self) -> list[int]:
        """Calendar years with at least a month of operation."""
        return sorted({self.annee(m) for m in self.ouverts})

    def rang(self, annee: int, mois: int) -> int:
        """Month of the study of a month (1 to 12) of a calendar year."""
        return mois_depuis(self.depart, date(annee, mois, 1))


def lire_entrees(etude: Path, donnees: Path) -> Entrees:
    """Read the study and the scales at the date of the request."""
    fiche = yaml.safe_load(etude.read_text(encoding="utf-8"))
    demande = fiche["date_demande"]

    def nombre(donnee: Any) -> float:
        if not isinstance(donnee, dict):
            return donnee
        return donnee["valeur"] if "valeur" in donnee else bareme_au(donnees, donnee["bareme"], demande)

    hausses = yaml.safe_load((donnees / "hypotheses" / "evolutions.yaml").read_text(encoding="utf-8"))["chemins"]
    travaux, delais, programme = fiche["travaux"], fiche["delais"], fiche["programme"]
    etudes, chantier = nombre(delais["etudes_mois"]), nombre(delais["travaux_mois"])
    places = places_possibles(
        nombre(programme["surface_m2"]),
        nombre(programme["coefficient_sdo_su"]),
        nombre(programme["services_fixes_m2"]),
        nombre(programme["services_par_place_m2"]),
    )
    milieu = etudes + chantier / 2
    caf = fiche["exploitation"]["versements_caf"]
    reglements = fiche["reglements"]
    return Entrees(
        depart=fiche["date_depart"],
        surface=nombre(programme["surface_m2"]),
        places=places,
        etudes=etudes,
        travaux=chantier,
        titre=nombre(fiche["titre_occupation"]["duree_mois"]),
        montee=nombre(delais["montee_en_charge_mois"]),
        cout_m2=nombre(travaux["cout_m2_ht"]),
        revision=reviser(donnees, travaux["date_valeur"], fiche["date_depart"], milieu, hausses["bt01"]["central"]),
        honoraires=nombre(travaux["honoraires_part"]),
        controles=nombre(travaux["etudes_assurances_part"]),
        aleas=nombre(travaux["aleas_part"]),
        tva=bareme_au(donnees, TVA, demande),
        equipement_par_place=nombre(travaux["equipement_par_place_ttc"]),
        vie_travaux=nombre(travaux["duree_vie_mois"]),
        vie_equipement=nombre(travaux["duree_vie_equipement_mois"]),
        delai_facture=nombre(reglements["delai_paiement_mois"]),
        retenue=nombre(reglements["retenue_garantie_part"]),
        retenue_mois=nombre(reglements["retenue_garantie_mois"]),
        loyer_m2=nombre(fiche["titre_occupation"]["loyer_m2_an"]),
        hausse_loyer=hausses["ilat"]["central"],
        hausse_prix=hausses["prix"]["central"],
        annee_prix=fiche["exploitation"]["annee_prix"],
        aides=lire_aides(fiche, donnees, places, nombre),
        prets=[lire_pret(pret, nombre) for pret in fiche["prets"]],
        acompte_caf=nombre(caf["acompte_part"]),
        mois_solde_caf=nombre(caf["mois_solde"]),
    )


def places_possibles(surface: float, coefficient: float, fixes: float, par_place: float) -> int:
    """Places in a very dense square without yard: 5.5 m² each, services, and 15 m² (up to 12 places) or 20 m² (up to 24)."""
    places = 0
    for n in range(1, 25):
        compensation = 15 if n <= 12 else 20
        if (5.5 * n + fixes + par_place * n + compensation) * coefficient <= surface:
            places = n
    return places


def reviser(donnees: Path, du: date, depart: date, milieu: float, hausse: float) -> float:
    """BT01 from the date of the price to its last known value, then the path to the middle of the works."""
    derniere = lire_bareme(donnees, BT01)[-1]
    mois = mois_depuis(derniere["depuis"], depart) + milieu
    return derniere["valeur"] / bareme_au(donnees, BT01, du) * (1 + hausse) ** (mois / 12)


def lire_aides(fiche: dict[str, Any], donnees: Path, places: int, nombre: Any) -> dict[str, dict[str, Any]]:
    """Grants asked for: amount by place, within the cap by place; paid so many months after the opening."""
    aides = {}
    for aide in fiche["aides"]:
        if aide["statut"] == "non_demandee":
            continue
        if aide.get("dispositif") == "piaje":
            par_place = bareme_au(donnees, "subventions.piaje.base_par_place", fiche["date_demande"])
            plafond = bareme_au(donnees, "subventions.piaje.plafond_par_place", fiche["date_demande"])
            part_max = bareme_au(donnees, "subventions.piaje.part_max", fiche["date_demande"])
        else:
            par_place, plafond = nombre(aide["par_place"]), float("inf")
            part_max = nombre(aide["part_max"])
        aides[aide["id"]] = {
            "statut": aide["statut"],
            "montant": places * min(par_place, plafond),
            "part_max": part_max,
            "delai": nombre(aide["delai_versement_mois"]),
        }
    return aides


def lire_pret(pret: dict[str, Any], nombre: Any) -> dict[str, Any]:
    """Terms of a loan."""
    return {
        "id": pret["id"],
        "montant": nombre(pret["montant"]),
        "taux": nombre(pret["taux"]),
        "duree": nombre(pret["duree_mois"]),
        "differe": nombre(pret["differe_mois"]),
    }


# --- monthly lines -----------------------------------------------------------------------------------------------------

Mois = list[float]


def vide() -> Mois:
    """A line of zeros."""
    return [0.0] * M


def au(mois: int, montant: float) -> Mois:
    """An amount in one month; beyond the horizon it is not paid."""
    ligne = vide()
    if mois < M:
        ligne[mois] += montant
    return ligne


def etale(montant: float, mois: list[int] | range) -> Mois:
    """An amount spread evenly over months."""
    ligne = vide()
    for m in mois:
        ligne[m] = montant / len(mois)
    return ligne


def plus(*lignes: Mois) -> Mois:
    """Sum of lines."""
    return [sum(x) for x in zip(*lignes, strict=True)]


def moins(ligne: Mois, *autres: Mois) -> Mois:
    """A line less others."""
    return [x - sum(y) for x, *y in zip(ligne, *autres, strict=True)]


def cumul(ligne: Mois) -> Mois:
    """Running total."""
    total, suite = 0.0, []
    for x in ligne:
        total += x
        suite.append(total)
    return suite


def restreint(ligne: Mois, mois: range | list[int]) -> Mois:
    """A line kept on some months only."""
    garde = set(mois)
    return [x if m in garde else 0.0 for m, x in enumerate(ligne)]


def decale(ligne: Mois, retard: int) -> Mois:
    """A line moved later."""
    return ([0.0] * retard + ligne)[:M]


def somme_de(ligne: Mois, mois: list[int] | range) -> float:
    """Total of a line over some months."""
    return sum(ligne[m] for m in mois)


# --- works, rent -------------------------------------------------------------------------------------------------------


def cout_des_travaux(e: Entrees) -> dict[str, float]:
    """Cost lines; a crèche recovers no VAT."""
    travaux = e.cout_m2 * e.surface * e.revision
    lignes = {
        "travaux_ht": travaux,
        "honoraires_ht": travaux * e.honoraires,
        "etudes_assurances_ht": travaux * e.controles,
        "aleas_ht": travaux * e.aleas,
    }
    hors_taxe = sum(lignes.values())
    return lignes | {"tva": hors_taxe * e.tva, "equipement": e.equipement_par_place * e.places}


def immobilier(e: Entrees) -> float:
    """Works, fees and contingencies with VAT, without equipment."""
    return sum(montant for nom, montant in cout_des_travaux(e).items() if nom != "equipement")


def paiements_du_chantier(e: Entrees) -> dict[str, Mois]:
    """Fees over studies and works; works on an S curve, paid late, less the retention; equipment the month before opening."""
    cout = cout_des_travaux(e)
    ttc = 1 + e.tva
    etudes = etale((cout["honoraires_ht"] + cout["etudes_assurances_ht"]) * ttc, range(e.ouverture))
    a_payer = (cout["travaux_ht"] + cout["aleas_ht"]) * ttc
    travaux = vide()
    for k in range(e.travaux):
        fait = avancement((k + 1) / e.travaux) - avancement(k / e.travaux)
        travaux = plus(travaux, au(e.debut + k + e.delai_facture, a_payer * fait * (1 - e.retenue)))
    travaux = plus(travaux, au(e.ouverture + e.retenue_mois, a_payer * e.retenue))
    return {"etudes": etudes, "travaux": travaux, "equipement": au(e.ouverture - 1, cout["equipement"])}


def avancement(x: float) -> float:
    """Share of the works done at a share of their duration: slow, fast, slow."""
    return 3 * x**2 - 2 * x**3


def loyer(e: Entrees) -> Mois:
    """Rent from the start of works to the end of the tenure, raised each calendar year from the first."""
    ligne = vide()
    for m in range(e.debut, min(e.fin, M)):
        ligne[m] = e.loyer_m2 * e.surface / 12 * (1 + e.hausse_loyer) ** (e.annee(m) - e.depart.year)
    return ligne


# --- loans -------------------------------------------------------------------------------------------------------------


def echeancier(e: Entrees, capital: float, taux: float, duree: int, differe: int) -> dict[str, Mois]:
    """Drawn at the start of works; interest alone during the grace, then equal payments; first payment a month after."""
    interets, remboursement = vide(), vide()
    t, n = taux / 12, duree - differe
    echeance = capital * t / (1 - (1 + t) ** -n)
    reste = capital
    for k in range(1, duree + 1):
        m = e.debut + k
        interet = reste * t
        rendu = echeance - interet if k > differe else 0.0
        reste -= rendu
        if m < M:
            interets[m], remboursement[m] = interet, rendu
    return {"deblocage": au(e.debut, capital), "interets": interets, "remboursement": remboursement}


# --- operating account -------------------------------------------------------------------------------------------------


def dotation(e: Entrees) -> Mois:
    """Depreciation: works over what the tenure leaves, equipment over its life."""
    reste_du_titre = e.fin - e.ouverture
    duree = min(e.vie_travaux, reste_du_titre)
    duree_eq = min(e.vie_equipement, reste_du_titre)
    travaux = etale(immobilier(e), range(e.ouverture, e.ouverture + duree))
    equipement = etale(cout_des_travaux(e)["equipement"], range(e.ouverture, e.ouverture + duree_eq))
    return plus(travaux, equipement)


def quote_part(e: Entrees, subventions: float) -> Mois:
    """Grants released over the life of the works, up to the cost that is depreciated."""
    duree = min(e.vie_travaux, e.fin - e.ouverture)
    a_reprendre = min(subventions, sum(dotation(e)))
    return etale(a_reprendre, range(e.ouverture, e.ouverture + duree))


def versements_de_la_caf(e: Entrees, droits: Mois) -> Mois:
    """Advances over the open months of the year, balance in a month of the next year."""
    verse = vide()
    for annee in e.annees_ouvertes():
        mois = e.mois_de_l_annee(annee)
        droit = somme_de(droits, mois)
        verse = plus(verse, etale(droit * e.acompte_caf, mois))
        verse = plus(verse, au(e.rang(annee + 1, e.mois_solde_caf), droit * (1 - e.acompte_caf)))
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
    creance_caf: Mois


def contribution(e: Entrees, regle: dict[str, Any], compte: SansCommune) -> dict[str, Mois]:
    """Contribution earned, evenly over the open months of each year, and paid, at the dates agreed."""
    montants = montants_de_l_annee(e, regle, compte)
    acquis, verse = vide(), vide()
    for annee, montant in montants.items():
        acquis = plus(acquis, etale(montant, e.mois_de_l_annee(annee)))
        for mois, part in echeances(e, regle, annee):
            verse = plus(verse, au(mois + regle.get("decalage_mois", 0), montant * part))
    return {"acquis": acquis, "verse": verse}


def echeances(e: Entrees, regle: dict[str, Any], annee: int) -> list[tuple[int, float]]:
    """Months and shares of the payments of a year; never before the opening nor after the end."""
    mois = e.mois_de_l_annee(annee)
    if not regle.get("versements"):
        return [(m, 1 / len(mois)) for m in mois]
    return [(min(max(e.rang(annee, v["mois"]), mois[0]), mois[-1]), v["part"]) for v in regle["versements"]]


def montants_de_l_annee(e: Entrees, regle: dict[str, Any], compte: SansCommune) -> dict[int, float]:
    """Amount of each year by the rule of the mode."""
    mode = regle["mode"]
    if mode == "equilibre_tresorerie":
        return tenir_la_tresorerie(e, regle, compte)
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
    return montant * e.places * (1 + e.hausse_prix) ** (annee - e.annee_prix) * len(e.mois_de_l_annee(annee)) / 12


def tenir_la_tresorerie(e: Entrees, regle: dict[str, Any], compte: SansCommune) -> dict[int, float]:
    """Least amount of each year that keeps the operating cash above the floor every month, debt served.

    What the Caf owes is carried by the working capital of the plan, as far as it goes. The year ends ready for the highest floor
    of the next one (the sheet of the contribution says so), else amounts would swing from one year to the next.
    """
    fonds = max(compte.creance_caf[e.ouverture : fin_du_cycle(e)])
    plancher = [regle.get("plancher", 0.0) + max(0.0, x - fonds) for x in compte.creance_caf]
    caisse, montants = 0.0, {}
    for annee in e.annees_ouvertes():
        mois = e.mois_de_l_annee(annee)
        parts = dict.fromkeys(mois, 0.0)
        for m, part in echeances(e, regle, annee):
            parts[m] += part
        deja, solde, besoin = 0.0, caisse, 0.0
        for m in mois:
            deja += parts[m]
            solde += compte.disponible[m] - compte.service[m]
            voulu = plancher[m]
            if m == mois[-1]:
                voulu = max([voulu, *(plancher[suivant] for suivant in e.mois_de_l_annee(annee + 1))])
            if deja > 0:
                besoin = max(besoin, (voulu - solde) / deja)
        montants[annee] = besoin
        caisse = solde + besoin
    return montants


# --- start of the operation --------------------------------------------------------------------------------------------


def fin_du_cycle(e: Entrees) -> int:
    """Month after the first full cycle of the Caf: a year after the ramp-up."""
    return min(e.ouverture + e.montee + 12, M)


def pertes_d_ouverture(e: Entrees, autofinancement: Mois) -> float:
    """How low the self-financing of the ramp-up falls."""
    montee = range(e.ouverture, min(e.ouverture + e.montee, M))
    return max(0.0, -min(cumul(restreint(autofinancement, montee))))


def fonds_de_roulement(e: Entrees, creances: Mois) -> float:
    """Highest receivable on public payers up to a year after the ramp-up."""
    return max(creances[e.ouverture : fin_du_cycle(e)])


# --- bridge ------------------------------------------------------------------------------------------------------------


def relayer(e: Entrees, flux: Mois, aides: Mois) -> dict[str, Mois]:
    """Bridge drawn when cash is missing, up to a share of the grants still to come; interest is paid the month after."""
    assert e.relais is not None
    caisse, encours = 0.0, 0.0
    encours_par_mois, interets = vide(), vide()
    for m in range(M):
        interets[m] = encours * e.relais["taux"] / 12
        caisse += flux[m] - interets[m]
        limite = e.relais["taux_avance"] * sum(aides[m + 1 :])
        encours = min(max(0.0, -caisse), max(0.0, limite))
        encours_par_mois[m] = encours
    return {"encours": encours_par_mois, "interets": interets}


# --- whole plan, for given amounts of the closers ----------------------------------------------------------------------


def calculer(e: Entrees, exploitation: dict[str, Mois], regle: dict[str, Any], apports: dict[str, float]) -> dict[str, Any]:
    """Plan, account, covers and cash when each closer brings ``apports[id]``."""
    chantier = paiements_du_chantier(e)
    redevance = loyer(e)
    aides = {nom: aide_plafonnee(e, aide) for nom, aide in e.aides.items()}
    versements = {nom: au(e.ouverture + e.aides[nom]["delai"], montant) for nom, montant in aides.items()}
    dons = {b["id"]: apports.get(b["id"], 0.0) for b in e.bouclage if b["nature"] in ("subvention", "a_trouver")}
    verses = {b["id"]: verser_le_don(e, b, dons[b["id"]]) for b in e.bouclage if b["id"] in dons}
    prets = {p["id"]: echeancier(e, p["montant"], p["taux"], p["duree"], p["differe"]) for p in e.prets}
    for b in e.bouclage:
        if b["nature"] == "pret":
            t = b["pret"]
            prets[b["id"]] = echeancier(e, apports.get(b["id"], 0.0), t["taux"], t["duree_mois"], t["differe_mois"])
    fonds = {b["id"]: au(b["mois_versement"], apports.get(b["id"], 0.0)) for b in e.bouclage if b["nature"] == "fonds_propres"}

    interets = plus(vide(), *(p["interets"] for p in prets.values()))
    rendu = plus(vide(), *(p["remboursement"] for p in prets.values()))
    compte = etablir_le_compte(e, exploitation, regle, sum(aides.values()) + sum(dons.values()), redevance, interets, rendu)

    flux = plus(
        *versements.values(),
        *verses.values(),
        *fonds.values(),
        *(p["deblocage"] for p in prets.values()),
        exploitation["familles"],
        compte["caf_verse"],
        compte["commune_verse"],
    )
    flux = moins(flux, *chantier.values(), redevance, interets, rendu, exploitation["personnel"], exploitation["autres"])
    relais = {"encours": vide(), "interets": vide()}
    if e.relais is not None:
        acceptees = plus(vide(), *versements.values(), *(v for nom, v in verses.items() if nom != "a_trouver"))
        relais = relayer(e, flux, acceptees)
    tirages = moins(relais["encours"], decale(relais["encours"], 1))
    tresorerie = cumul(moins(plus(flux, tirages), relais["interets"]))

    besoins = cout_des_travaux(e) | {
        "loyer_travaux": somme_de(redevance, range(e.ouverture)),
        "interets_travaux": somme_de(interets, range(e.ouverture)),
        "interets_relais": sum(relais["interets"]),
        "pertes_ouverture": pertes_d_ouverture(e, compte["autofinancement"]),
        "fonds_de_roulement": fonds_de_roulement(e, plus(compte["creance_caf"], compte["creance_commune"])),
    }
    ressources = aides | {p["id"]: p["montant"] for p in e.prets}
    return {
        "besoins": besoins,
        "ressources": ressources,
        "manque": sum(besoins.values()) - sum(ressources.values()),
        "apports": apports,
        "chantier": chantier,
        "loyer": redevance,
        "versements": versements | verses | fonds,
        "prets": prets,
        "relais": relais,
        "tresorerie": tresorerie,
        **compte,
    }


def aide_plafonnee(e: Entrees, aide: dict[str, Any]) -> float:
    """Amount of a grant, within its share of the cost with VAT."""
    return min(aide["montant"], aide["part_max"] * sum(cout_des_travaux(e).values()))


def verser_le_don(e: Entrees, boucleur: dict[str, Any], montant: float) -> Mois:
    """Payment of a closing grant: its instalments, else all at the start of works."""
    evenements = {"demarrage_travaux": e.debut, "reception": e.ouverture}
    versements = boucleur.get("versements") or [{"evenement": "demarrage_travaux", "part": 1.0, "delai_mois": 0}]
    return plus(*(au(evenements[v["evenement"]] + v["delai_mois"], montant * v["part"]) for v in versements))


def etablir_le_compte(
    e: Entrees,
    exploitation: dict[str, Mois],
    regle: dict[str, Any],
    subventions: float,
    redevance: Mois,
    interets: Mois,
    rendu: Mois,
) -> dict[str, Any]:
    """Operating account: what is paid before the opening belongs to the investment."""
    amorti, reprise = dotation(e), quote_part(e, subventions)
    loyer_ouvert, interets_ouverts = restreint(redevance, e.ouverts), restreint(interets, range(e.ouverture, M))
    rendu_ouvert = restreint(rendu, range(e.ouverture, M))
    produits = plus(exploitation["familles"], exploitation["caf"], reprise)
    charges = plus(exploitation["personnel"], exploitation["autres"], loyer_ouvert, interets_ouverts, amorti)
    caf_verse = versements_de_la_caf(e, exploitation["caf"])
    creance_caf = creance(exploitation["caf"], caf_verse)
    avant = moins(produits, charges)
    sans = SansCommune(
        produits=produits,
        charges=charges,
        disponible=moins(plus(avant, amorti, interets_ouverts), reprise),
        service=plus(interets_ouverts, rendu_ouvert),
        creance_caf=creance_caf,
    )
    commune = contribution(e, regle, sans)
    resultat = plus(avant, commune["acquis"])
    autofinancement = moins(plus(resultat, amorti), reprise)
    return {
        "dotation": amorti,
        "quote_part": reprise,
        "interets_ouverts": interets_ouverts,
        "service": sans.service,
        "disponible": plus(sans.disponible, commune["acquis"]),
        "contribution": commune["acquis"],
        "commune_verse": commune["verse"],
        "creance_commune": creance(commune["acquis"], commune["verse"]),
        "caf_verse": caf_verse,
        "creance_caf": creance_caf,
        "resultat": resultat,
        "autofinancement": autofinancement,
    }


# --- closing -----------------------------------------------------------------------------------------------------------

A_TROUVER = {"id": "a_trouver", "nature": "a_trouver"}


def boucler(e: Entrees, exploitation: dict[str, Mois], regle: dict[str, Any]) -> dict[str, Any]:
    """Call the closers in order, again and again, until what they bring no longer moves."""
    e = copy.copy(e)
    e.bouclage = [*(b for b in e.bouclage if b["nature"] != "a_trouver"), A_TROUVER]
    apports: dict[str, float] = {b["id"]: 0.0 for b in e.bouclage}
    for _ in range(500):
        plan = calculer(e, exploitation, regle, apports)
        suite = appeler(e, plan)
        if max(abs(suite[nom] - apports[nom]) for nom in apports) < 1e-7:
            return plan
        apports = suite
    raise AssertionError("le bouclage ne converge pas")


def appeler(e: Entrees, plan: dict[str, Any]) -> dict[str, float]:
    """What each closer brings, in order, of what the plan lacks."""
    manque = max(0.0, plan["manque"])
    reste, apports = manque, {}
    for b in e.bouclage:
        if b["nature"] == "pret":
            voulu = min(reste, plus_grand_pret(e, plan, b))
        elif "montant" in b:
            voulu = b["montant"]
        elif "part" in b:
            voulu = b["part"] * manque
        else:
            voulu = reste
        apports[b["id"]] = min(reste, voulu, b.get("plafond", float("inf")))
        reste -= apports[b["id"]]
    return apports


def plus_grand_pret(e: Entrees, plan: dict[str, Any], boucleur: dict[str, Any]) -> float:
    """Largest loan whose service leaves the cover of each full year at the target."""
    termes = boucleur["pret"]
    un_euro = echeancier(e, 1.0, termes["taux"], termes["duree_mois"], termes["differe_mois"])
    autres = [p for nom, p in plan["prets"].items() if nom != boucleur["id"]]
    possible = float("inf")
    for annee in e.annees_ouvertes():
        mois = e.mois_de_l_annee(annee)
        service = somme_de(un_euro["interets"], mois) + somme_de(un_euro["remboursement"], mois)
        if len(mois) < 12 or service == 0:
            continue
        deja = sum(somme_de(p["interets"], mois) + somme_de(p["remboursement"], mois) for p in autres)
        possible = min(possible, (somme_de(plan["disponible"], mois) / termes["couverture_cible"] - deja) / service)
    return max(0.0, possible)


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
