"""Nothing counted twice, nothing forgotten: natures of charges that a study enters apart against what its lines really count."""

from __future__ import annotations

from pope_foncier.projet.fiche_charges import NATURES_EN_CLAIR, ChargesNationales, NatureCharge
from pope_foncier.projet.fiche_exploitation import Exploitation
from pope_foncier.projet.foncier import BailGestionnaire, TitreOccupation
from pope_foncier.socle.fiches import faute

_CHAMP = "exploitation.charges_nationales.saisies_a_part"


def paie_un_loyer(titre: TitreOccupation, bail: BailGestionnaire | None) -> bool:
    """Whether the operator pays a rent, known or not: that of its own letting, else that of the tenure."""
    if bail is not None:
        return bail.loyer != "gratuit"
    return titre.loyer_capitalise is not None or titre.loyer_m2_an.valeur != 0


def verifier_charges(exploitation: Exploitation, *, loyer: bool, travaux: bool, propriete: bool) -> None:
    """Check the natures that the national cost leaves to other lines of the study.

    Args:
        exploitation: operation sheet.
        loyer: whether the operator pays a rent, known or not.
        travaux: whether the operator orders the works: its account then holds their depreciation.
        propriete: whether it bears the charges of the premises (insurance, heavy maintenance).

    Raises:
        PydanticCustomError: a nature counted twice, or left to lines that do not exist.
    """
    nationales = exploitation.charges_nationales
    if nationales is None:
        return
    _details(exploitation, nationales)
    ailleurs: dict[NatureCharge, str] = {}
    if loyer:
        ailleurs["services_exterieurs"] = "le loyer (titre_occupation ou bail_gestionnaire)"
    elif propriete:
        ailleurs["services_exterieurs"] = "l'assurance et l'entretien des murs (immobilier)"
    if travaux:
        ailleurs["dotations"] = "l'amortissement des travaux et de l'équipement (travaux)"
    for nature in nationales.gardees:
        if nature in ailleurs:
            raise faute(
                f"nature « {NATURES_EN_CLAIR[nature]} » comptée deux fois : dans le coût national, et par {ailleurs[nature]}.",
                f"ajouter « {nature} » à « {_CHAMP} ».",
            )
    comptees = {c.nature for c in exploitation.charges} | ({"services_exterieurs"} if propriete else set())
    for nature in nationales.saisies_a_part:
        if nature != "dotations" and nature not in comptees:
            suite = (
                " : le loyer seul ne couvre ni l'entretien ni les assurances" if nature == "services_exterieurs" else ""
            )
            raise faute(
                f"nature « {NATURES_EN_CLAIR[nature]} » dite saisie à part, et aucune ligne ne la compte{suite}.",
                f"ajouter une ligne de nature « {nature} » à « exploitation.charges », ou la retirer de « {_CHAMP} ».",
            )


def _details(exploitation: Exploitation, nationales: ChargesNationales) -> None:
    for charge in exploitation.charges:
        if charge.nature is None:
            raise faute(
                f"charge « {charge.id} » sans nature : rien ne dit si le coût national la contient déjà.",
                f"ajouter « nature » ({', '.join(NATURES_EN_CLAIR)}).",
            )
        if charge.nature in nationales.gardees:
            raise faute(
                f"charge « {charge.id} » comptée deux fois : le coût national contient les {NATURES_EN_CLAIR[charge.nature]}.",
                f"ajouter « {charge.nature} » à « {_CHAMP} », ou retirer la ligne.",
            )
