"""What is given back of a grant when the use of the premises ends before its commitment, and what is not known of it."""

from __future__ import annotations

from typing import Literal

from pope_foncier.baremes.dispositif import FicheDispositif
from pope_foncier.modele.calendrier import Calendrier
from pope_foncier.modele.contexte import Contexte
from pope_foncier.modele.financement import Aide
from pope_foncier.modele.registre_des_lignes import nommer
from pope_foncier.socle.grandeur import Grandeur, dire
from pope_foncier.socle.vocabulaire import borner, si, superieur

Reversement = Literal["prorata_restant", "total", "inconnu"]


def regle_de(aide: Aide, dispositif: FicheDispositif | None) -> Reversement:
    """What the study says of the refund, else the scheme."""
    return aide.reversement or (dispositif.reversement if dispositif else "inconnu")


def engagement(ctx: Contexte, aide: Aide, dispositif: FicheDispositif | None) -> Grandeur | None:
    """Years of use that the grant asks for: those of the study, else those of the scheme; None when neither says it."""
    if aide.engagement_ans is not None:
        return ctx.entree(f"aides[{aide.id}].engagement_ans")
    conditions = dispositif.conditions if dispositif else ()
    du_titre = (c.bareme for c in conditions if c.type == "titre_couvre_engagement" and c.bareme)
    return next((ctx.bareme(f"subventions.{aide.dispositif}.{bareme}") for bareme in du_titre), None)


def montant_a_rendre(
    ctx: Contexte, cal: Calendrier, aide: Aide, dispositif: FicheDispositif | None, montant: Grandeur
) -> Grandeur | None:
    """Grant given back when the use ends, shape (…, 1) [€]: pro rata of the commitment left, or whole, as the rule says.

    Nothing when the use outlasts the commitment or the study, or when the tenure is renewed. None when the commitment or the
    rule is not known: the amount is then to confirm, never zero.
    """
    regle, annees = regle_de(aide, dispositif), engagement(ctx, aide, dispositif)
    if regle == "inconnu" or annees is None or ctx.etude.titre_occupation.renouvellement is not None:
        return None
    horizon = float(ctx.echelle.duree_mois)

    mois = 12.0 * annees
    reste = borner((cal.ouverture + mois - cal.fin_usage) / mois, 0.0, 1.0)
    if regle == "total":
        reste = superieur(reste, 0.0)
    part = si(superieur(cal.fin_usage, horizon), 0.0, reste)
    quoi = "le tout" if regle == "total" else "le prorata"
    gabarit = f"{quoi} de ce qui reste, au mois {{}}, d'un engagement pris au mois {{}} pour {{}}"
    part = dire(part, gabarit, cal.fin_usage, cal.ouverture, annees).nommer(f"{aide.libelle}, part à rendre", "%")
    return nommer(f"tresorerie.reversement.{aide.id}", montant * part, aide.libelle)


def inconnu_a_la_fin(ctx: Contexte, aide: Aide, dispositif: FicheDispositif | None) -> bool:
    """Whether the grant may have to be given back at the end of the use, for an amount that nobody has said."""
    return regle_de(aide, dispositif) == "inconnu" or engagement(ctx, aide, dispositif) is None
