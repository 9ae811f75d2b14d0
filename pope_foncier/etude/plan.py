"""Sources and uses: besoins, ressources, and the signed line « reste à financer » that closes the plan."""

from __future__ import annotations

from collections.abc import Sequence

from pope_foncier.modele.calendrier import Calendrier
from pope_foncier.modele.livre import Livre, verifier_nul
from pope_foncier.socle.enregistrements import enregistrement
from pope_foncier.socle.grandeur import Grandeur, dire, minimum, somme, total
from pope_foncier.socle.vocabulaire import connu_ou_zero, si, superieur
from pope_foncier.travaux.cout import CoutTravaux

BOUCLE_A = 0.5
"""Gap under which a plan is closed [€]: half a euro, the figures being shown in euros."""


def plan_ouvert(reste: Grandeur) -> Grandeur:
    """1 where the plan lacks money."""
    return connu_ou_zero(superieur(reste, BOUCLE_A))


def si_le_plan_boucle(grandeur: Grandeur, reste: Grandeur, ouvert: Grandeur) -> Grandeur:
    """Quantity that closing the plan would change: undetermined where the plan is open, by what it lacks."""
    return dire(si(ouvert, float("nan"), grandeur), "{} si le plan boucle ({} à trouver)", grandeur, reste)


@enregistrement
class PlanDeFinancement:
    """Totals of the plan, shape (…, 1)."""

    besoins: Grandeur
    ressources: Grandeur
    reste_a_financer: Grandeur
    manque_du_gestionnaire: Grandeur
    """Part of the gap that is the start of an operator who does not order the works; zero when the plan is its own."""


def etablir(
    livre: Livre,
    cal: Calendrier,
    cout: CoutTravaux,
    loyer: Grandeur | None,
    interets: Grandeur,
    autres: Sequence[tuple[str, Grandeur]] = (),
    du_gestionnaire: Sequence[tuple[str, Grandeur]] = (),
    prets_du_gestionnaire: Sequence[Grandeur] = (),
) -> PlanDeFinancement:
    """Close the plan of the party that orders the works, and of the start of its operator when they are two.

    Resources and entry costs are read in the ledger (groups ``ressources`` and ``besoins``). A plan that does not balance
    is an answer: the gap is a signed line, and resources + gap = uses is asserted.

    Args:
        loyer: rent by month, when the project owner pays one during the works.
        interets: interest by month, of which the part before the opening is a use.
        autres: last uses of the plan: loan fees, opening losses, working-capital need.
        du_gestionnaire: uses of the start of an operator who does not order the works.
        prets_du_gestionnaire: its own loans, counted up to that start: they pay for nothing of the owner's.
    """
    des_travaux = ("travaux_ht", "honoraires_ht", "etudes_assurances_ht", "aleas_ht", "tva")
    postes = [*((code, getattr(cout, code)) for code in des_travaux), ("equipement", cout.equipement_ttc)]
    if loyer is not None:
        postes.append(("loyer_travaux", total(loyer * cal.avant_ouverture)))
    postes.append(("interets_travaux", total(interets * cal.avant_ouverture)))
    if "relais.interets" in livre.lignes:
        postes.append(("interets_relais", total(livre["relais.interets"])))
    for code, grandeur in (*postes, *autres, *du_gestionnaire):
        livre.inscrire(f"besoins.{code}", grandeur)
    demarrage = somme([g for _, g in du_gestionnaire], "Besoins de démarrage du gestionnaire")
    couvert = somme(prets_du_gestionnaire, "Emprunts du gestionnaire")
    if prets_du_gestionnaire:
        couvert = livre.inscrire("ressources.prets_du_gestionnaire", minimum(couvert, demarrage))
    besoins = livre.inscrire("besoins.total", somme(f.grandeur for f in livre.du_groupe("besoins")))
    ressources = livre.inscrire("ressources.total", somme(f.grandeur for f in livre.du_groupe("ressources")))
    reste = livre.inscrire("ressources.reste_a_financer", besoins - ressources)
    lus, dus = (sum(f.grandeur.valeur for f in livre.du_groupe(groupe)) for groupe in ("ressources", "besoins"))
    verifier_nul(lus + reste.valeur - dus, "ressources + reste à financer = besoins")
    manque = (demarrage - couvert).nommer("Démarrage du gestionnaire, à financer")
    return PlanDeFinancement(besoins, ressources, reste, manque)
