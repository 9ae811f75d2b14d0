"""Key figures of an evaluation, each a named quantity that can be explained."""

from __future__ import annotations

from pope_foncier.aides.cumul import part_publique
from pope_foncier.etude.annees import CROISIERE, PLEINE, a_l_annee, annee_de_croisiere, annee_pleine
from pope_foncier.etude.evaluation import Evaluation
from pope_foncier.etude.plan import plan_ouvert, si_le_plan_boucle
from pope_foncier.modele.fiche_bouclage import A_TROUVER
from pope_foncier.socle.grandeur import Grandeur, dire, par_annee, somme, total


def calculer(ev: Evaluation) -> dict[str, Grandeur]:
    """Compute the key figures: cost per place, aids, debt, gap, yearly contribution of the commune, opening, jobs."""
    places = ev.capacite.places
    nommees = [a for a in ev.subventions if a.aide.financeur != A_TROUVER]
    fctva, reste = [r.montant for r in ev.apports if r.nature == "fctva"], ev.plan.reste_a_financer
    chiffres = {
        "places": ev.capacite.places,
        "cout_total": ev.cout.total_ttc,
        "cout_par_place": (ev.cout.total_ttc / places).nommer("Coût total par place", "€/place"),
        "subventions": somme([a.subvention for a in nommees], "Subventions d'investissement"),
        "part_publique": part_publique(ev.ctx, nommees, fctva, ev.plan.besoins),
        "emprunts": somme([d.capital for d in ev.dettes if d.rachat is None], "Emprunts"),
        "reste_a_financer": reste,
        "reste_a_financer_par_place": (reste / places).nommer("Reste à financer par place", "€/place"),
        "ouverture": ev.calendrier.ouverture,
    }
    if ev.compte is not None:
        contribution = _si_le_plan_boucle(ev, par_annee(ev.compte.commune, ev.ctx.echelle))
        charges = par_annee(ev.compte.charges, ev.ctx.echelle)
        for suffixe, quand, rang in (("", CROISIERE, annee_de_croisiere(ev)), ("_montee", PLEINE, annee_pleine(ev))):
            annee = a_l_annee(contribution, rang, quand).nommer(f"Contribution de la commune, {quand}", "€/an")
            chiffres[f"contribution{suffixe}"] = annee
            par_place = {"contribution": annee / places, "charges": a_l_annee(charges, rang, quand) / places}
            for code, quoi in (("contribution", "Contribution de la commune"), ("charges", "Charges")):
                nom = f"{quoi} par place, {quand}"
                chiffres[f"{code}_par_place{suffixe}"] = par_place[code].nommer(nom, "€/place/an")
        chiffres["etp"] = ev.livre["exploitation.etp.total"]
        toutes = dire(total(contribution), "somme des années de {}", contribution)
        chiffres["contribution_totale"] = toutes.nommer("Contribution de la commune sur toute la durée", "€")
    return chiffres


def _si_le_plan_boucle(ev: Evaluation, contribution: Grandeur) -> Grandeur:
    """What the commune pays, undetermined on a plan that lacks money when closing it would change the amount.

    A fixed amount does not change, nor the account of an operator whose rent does not follow the plan of the owner.
    """
    etude, fiche = ev.ctx.etude, ev.ctx.etude.exploitation
    assert fiche is not None
    a_l_equilibre = etude.bail_gestionnaire is not None and etude.bail_gestionnaire.loyer == "equilibre"
    chez_un_autre = etude.acteurs.maitre_ouvrage != "gestionnaire" and not a_l_equilibre
    if ev.est_bouclee or chez_un_autre or fiche.contribution_commune.mode in ("forfait", "arretee", "aucune"):
        return contribution
    reste = ev.plan.reste_a_financer
    return si_le_plan_boucle(contribution.nommer("Payé par la commune, année"), reste, plan_ouvert(reste))
