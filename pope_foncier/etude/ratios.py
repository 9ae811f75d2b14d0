"""Ratios that a funder looks at: value, threshold, source of the threshold and status — never a verdict."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from pope_foncier.aides.cumul import Subvention
from pope_foncier.etude.annees import CROISIERE, a_l_annee, annee_de_croisiere
from pope_foncier.etude.controles import Controle, Controles, Ratio, lire_controles
from pope_foncier.etude.evaluation import Evaluation
from pope_foncier.etude.flux_emprunteur import dette_financiere
from pope_foncier.etude.plan import plan_ouvert, si_le_plan_boucle
from pope_foncier.etude.service_dette import couverture_minimale, couverture_moyenne, disponible, service
from pope_foncier.exploitation.compte import CompteExploitation
from pope_foncier.exploitation.equipe_exigee import marges_de_l_equipe
from pope_foncier.modele.registre_des_lignes import nommer
from pope_foncier.prets.dette import Dette
from pope_foncier.socle.grandeur import Grandeur, dire, maximum, par_annee, somme
from pope_foncier.socle.vocabulaire import cumul, decaler, pareil, plus_haut, si, superieur


def calculer(ev: Evaluation, controles: Controles | None = None) -> list[Ratio]:
    """Compute the ratios of an evaluation, in the order of the thresholds file.

    On a plan that lacks money, a ratio that closing it could change is undetermined: no verdict on an open plan.
    """
    seuils = (controles or lire_controles()).ratios
    grandeurs = _grandeurs(ev, seuils)
    reste = ev.plan.reste_a_financer
    ouvert = plan_ouvert(reste)
    lus = []
    for code, controle in seuils.items():
        if code not in grandeurs:
            continue
        suspendu = controle.depend_du_bouclage and not ev.est_bouclee
        grandeur = si_le_plan_boucle(grandeurs[code], reste, ouvert) if suspendu else grandeurs[code]
        nomme = grandeur.nommer(controle.libelle, controle.unite)
        lus.append(Ratio(code, controle, nomme, reste if suspendu else None))
    return lus


def _grandeurs(ev: Evaluation, seuils: Mapping[str, Controle]) -> dict[str, Grandeur]:
    """Value of each ratio by code: those of the plan, and those of the operation when the study runs a place."""
    du_plan = {"ressources_propres": _ressources_propres(ev)} | _dans_le_titre(ev)
    if ev.compte is None:
        return du_plan
    periode = seuils["surcompensation"].periode if "surcompensation" in seuils else None
    surcompensation = {} if periode is None else {"surcompensation": _surcompensation(ev, ev.compte, periode.annees)}
    annuite = par_annee(service(ev, ev.ctx.etude.acteurs.gestionnaire), ev.ctx.echelle).nommer("Annuité")
    ressource = _disponible(ev, "Disponible pour la dette")
    couvertures = _couvertures(ev, ressource, annuite)
    equipe = marges_de_l_equipe(ev.ctx, ev.livre, ev.capacite)
    return du_plan | surcompensation | couvertures | _charges(ev, ev.compte, ressource, annuite) | equipe


def _ressources_propres(ev: Evaluation) -> Grandeur:
    """Grants, each at its chance, and contributions of a stated amount, over the uses of the plan."""
    sans_montant = {b.cle for b in ev.ctx.boucleurs if b.montant is None}
    propres = [r.montant for r in ev.apports if r.est_apport and r.id not in sans_montant]
    aides = [_a_sa_chance(ev, a) for a in ev.subventions if a.aide.id not in sans_montant]
    donnees = somme([*aides, *propres], "Subventions, chacune à sa chance, et apports")
    return donnees / maximum(ev.plan.besoins, 0.0).nommer("Besoins")


def _dans_le_titre(ev: Evaluation) -> dict[str, Grandeur]:
    """Months that the tenure lasts beyond the loans, and beyond what the grants ask for."""
    resultat = {}
    fin_prets = _plus_tard([_fin_si_prete(d) for d in ev.dettes])
    if ev.ctx.etude.titre_occupation.genre != "propriete":
        indetermine = Grandeur(np.nan).alias()
        resultat["pret_dans_le_titre"] = ev.calendrier.fin_titre - fin_prets if fin_prets is not None else indetermine
    engagees = [a.aide.id for a in ev.subventions if a.aide.engagement_ans is not None]
    limite = _plus_tard([ev.ctx.entree(f"aides[{cle}].engagement_ans") * 12 for cle in engagees])
    if limite is not None:
        resultat["engagement_dans_le_titre"] = ev.calendrier.fin_titre - ev.calendrier.ouverture - limite
    return resultat


def _surcompensation(ev: Evaluation, compte: CompteExploitation, annees: int) -> Grandeur:
    """Highest result over the public compensation, on so many full years in a row: undetermined when there are none."""
    echelle = ev.ctx.echelle
    resultat, ouvert = par_annee(ev.livre["exploitation.resultat"], echelle), par_annee(ev.calendrier.ouvert, echelle)
    publique = par_annee(compte.produits + compte.contribution - compte.usagers, echelle)
    publique = publique.nommer("Compensation publique de l'année")
    recu, paye, pleines = (_de_suite(x, annees) for x in (resultat, publique, superieur(ouvert, _ANNEE_PLEINE)))
    comptee = superieur(pleines, annees - 0.5) * superieur(paye, _RIEN)
    pire = plus_haut(si(comptee, recu / paye, float("-inf")))
    phrase = f"plus haut, sur {annees} années pleines de suite, de [{{}}] ÷ [{{}}] (années : [{{}}])"
    return dire(si(superieur(pire, float("-inf")), pire, float("nan")), phrase, resultat, publique, ouvert)


def _de_suite(grandeur: Grandeur, annees: int) -> Grandeur:
    """Sum of each year and of those just before it, so many in all."""
    cumule = cumul(grandeur)
    return cumule - decaler(cumule, float(annees))


def _disponible(ev: Evaluation, nom: str, sans_commune: bool = False) -> Grandeur:
    """What the operator has to pay its debt, by year."""
    ressource = disponible(ev, ev.ctx.etude.acteurs.gestionnaire, sans_commune=sans_commune)
    assert ressource is not None
    return par_annee(ressource, ev.ctx.echelle).nommer(nom)


def _couvertures(ev: Evaluation, ressource: Grandeur, annuite: Grandeur) -> dict[str, Grandeur]:
    """Covers of the debt service of the operator: worst year, with and without the commune, and mean."""
    seul = _disponible(ev, "Disponible pour la dette sans la commune", sans_commune=True)
    return {
        "couverture_minimale": couverture_minimale(ressource, annuite),
        "couverture_sans_commune": couverture_minimale(seul, annuite),
        "couverture_moyenne": couverture_moyenne(ressource, annuite),
    }


def _charges(ev: Evaluation, compte: CompteExploitation, ressource: Grandeur, annuite: Grandeur) -> dict[str, Grandeur]:
    """What the operator owes over what it has, in the cruising year, and its highest debt over its self-financing."""
    echelle, rang = ev.ctx.echelle, annee_de_croisiere(ev)
    interets = par_annee(ev.livre["exploitation.charges.interets"], echelle).nommer("Intérêts de l'année")
    capacite = par_annee(compte.capacite_autofinancement, echelle).nommer("Capacité d'autofinancement de l'année")
    loyer = par_annee(ev.livre["exploitation.charges.loyer"], echelle)
    quote_part = ev.livre["exploitation.produits.quote_part"]
    produits = par_annee(compte.produits - quote_part + compte.contribution, echelle)
    produits = produits.nommer("Produits de l'année, hors quote-part")
    dette, ouvert = dette_financiere(ev, ev.ctx.etude.acteurs.gestionnaire), ev.calendrier.ouvert
    plus_haute = plus_haut(si(pareil(ouvert, 1.0), dette, 0.0 * dette))
    plus_haute = dire(plus_haute, "plus haut de [{}] depuis l'ouverture", dette, ouvert)
    plus_haute = plus_haute.nommer("Dette la plus haute, relais et découvert compris")
    en_croisiere = nommer("exploitation.capacite_autofinancement", a_l_annee(capacite, rang, CROISIERE))
    return {
        "interets_sur_ebe": _charge_sur(interets, ressource, rang),
        "annuite_sur_capacite": _charge_sur(annuite, ressource, rang),
        "dette_sur_capacite": _diviser_par_positif(plus_haute, en_croisiere),
        "loyer_et_annuite": a_l_annee((loyer + annuite) / produits, rang, CROISIERE),
    }


def _a_sa_chance(ev: Evaluation, aide: Subvention) -> Grandeur:
    """Grant at its chance: whole once obtained, or when nobody has stated one; a draw has already decided."""
    fiche = aide.aide
    sans_chance = fiche.probabilite is None or fiche.probabilite.valeur is None
    if fiche.statut == "acquise" or sans_chance or f"aides[{fiche.id}].coefficient" in ev.ctx.tirages:
        return aide.subvention
    chance = ev.ctx.entree(f"aides[{fiche.id}].probabilite")
    return (aide.subvention * chance).nommer(f"{fiche.libelle}, à sa chance")


_RIEN = 0.005
"""Half a cent."""
_ANNEE_PLEINE = 11.5
"""Open months above which a year is a full one."""


def _charge_sur(charge: Grandeur, ressource: Grandeur, rang: Grandeur) -> Grandeur:
    """Charge over what is available, in the cruising year."""
    return _diviser_par_positif(*(a_l_annee(g, rang, CROISIERE).nommer(g.nom) for g in (charge, ressource)))


def _diviser_par_positif(charge: Grandeur, ressource: Grandeur) -> Grandeur:
    """Quotient; infinite when there is a charge and nothing to pay it, undefined when there is neither."""
    sans_ressource = si(superieur(charge, _RIEN), float("inf"), float("nan"))
    return dire(si(superieur(ressource, 0.0), charge / ressource, sans_ressource), "{} ÷ {}", charge, ressource)


def _plus_tard(termes: list[Grandeur]) -> Grandeur | None:
    if not termes:
        return None
    return maximum(*termes) if len(termes) > 1 else termes[0]


def _fin_si_prete(dette: Dette) -> Grandeur:
    """End of a loan, 0 when nothing is lent."""
    fin = si(superieur(dette.capital, 0.0), dette.fin, 0.0 * dette.fin + 0.0 * dette.capital)
    return dire(fin, "{0} si {1} est prêté", dette.fin, dette.capital)
