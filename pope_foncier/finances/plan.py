"""Sources and uses: besoins, ressources, and the signed line « reste à financer » that closes the plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pope_foncier.finances.livre import Livre, verifier_nul
from pope_foncier.projet.calendrier import Calendrier
from pope_foncier.projet.cout_travaux import CoutTravaux
from pope_foncier.socle.grandeur import Grandeur, somme, total


@dataclass(frozen=True, slots=True)
class PlanDeFinancement:
    """Totals of the plan, shape (…, 1)."""

    besoins: Grandeur
    ressources: Grandeur
    reste_a_financer: Grandeur


def etablir(
    livre: Livre,
    cal: Calendrier,
    cout: CoutTravaux,
    loyer: Grandeur | None,
    interets: Grandeur,
    autres: Sequence[tuple[str, Grandeur]] = (),
) -> PlanDeFinancement:
    """Close the plan of the party that orders the works.

    Resources and entry costs are read in the ledger (groups ``ressources`` and ``besoins``). A plan that does not balance
    is an answer: the gap is a signed line, and resources + gap = uses is asserted.

    Args:
        loyer: rent by month, when the project owner pays one during the works.
        interets: interest by month, of which the part before the opening is a use.
        autres: last uses of the plan: loan fees, opening losses, working-capital need.
    """
    postes = [
        ("travaux_ht", cout.travaux_ht),
        ("honoraires_ht", cout.honoraires_ht),
        ("etudes_assurances_ht", cout.etudes_assurances_ht),
        ("aleas_ht", cout.aleas_ht),
        ("tva", cout.tva),
        ("equipement", cout.equipement_ttc),
    ]
    if loyer is not None:
        avant = total(loyer * cal.avant_ouverture)
        postes.append(("loyer_travaux", avant.nommer("Loyer pendant les travaux")))
    postes.append(("interets_travaux", total(interets * cal.avant_ouverture).nommer("Intérêts pendant les travaux")))
    if "relais.interets" in livre.lignes:
        postes.append(("interets_relais", total(livre["relais.interets"]).nommer("Intérêts du prêt relais")))
    for code, grandeur in (*postes, *autres):
        livre.inscrire(f"besoins.{code}", "besoins", grandeur)
    ressources = somme((f.grandeur for f in livre.du_groupe("ressources")), "Total des ressources")
    besoins = somme((f.grandeur for f in livre.du_groupe("besoins")), "Total des besoins")
    reste = (besoins - ressources).nommer("Reste à financer")
    livre.inscrire("besoins.total", "resultat", besoins)
    livre.inscrire("ressources.total", "resultat", ressources)
    livre.inscrire("ressources.reste_a_financer", "resultat", reste)
    verifier_nul(
        (sum(f.grandeur.valeur for f in livre.du_groupe("ressources")) + reste.valeur)
        - sum(f.grandeur.valeur for f in livre.du_groupe("besoins")),
        "ressources + reste à financer = besoins",
    )
    return PlanDeFinancement(besoins, ressources, reste)
