"""Works lines of a plan by lots: ratio, study lines or quotes, each replacing the coarser level of its lot; their range."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from statistics import NormalDist
from typing import TYPE_CHECKING, Literal

import numpy as np

from pope_foncier.modele.contexte import Contexte
from pope_foncier.socle.chemins import dossier_donnees
from pope_foncier.socle.enregistrements import enregistrement
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.grandeur import Grandeur, Tableau
from pope_foncier.socle.nombres import pourcent
from pope_foncier.socle.phrases import Origine
from pope_foncier.socle.temps import date_en_clair
from pope_foncier.travaux.lots import HypothesesLots, LigneTravaux, PlanTravaux, lire_lots

if TYPE_CHECKING:
    from pope_foncier.travaux.devis import LigneDevis

Niveau = Literal["ratio", "lot", "devis"]
NIVEAU_EN_CLAIR: dict[Niveau, str] = {"ratio": "ratio", "lot": "métré", "devis": "devis"}


_Z90 = 1.2815515655446004
"""Standard normal quantile at 90 %."""


@enregistrement
class Poste:
    """Works line of one lot [€ HT], revised, shape (…, 1)."""

    lot: str
    libelle: str
    niveau: Niveau
    montant: Grandeur
    quantite: Grandeur | None = None
    prix: Grandeur | None = None
    """Unit price [€ HT] at ``date_prix``, before revision."""
    date_prix: date | None = None
    ecart: float = 0.0
    """Standard deviation of ln(amount); for a line at the ratio, that of the plan stands instead."""


@enregistrement
class FourchetteTravaux:
    """Range of the works cost, log-normal: low, estimate and high [€ HT], shape (…, 1)."""

    bas: Tableau
    estime: Tableau
    haut: Tableau
    ecart: Tableau
    """Standard deviation of ln(cost)."""


def composer(ctx: Contexte, au_ratio: Grandeur, reviser: Callable[[Grandeur, date], Grandeur]) -> tuple[Poste, ...]:
    """Lines of the plan, in the order of the lots: the finest level known for each lot.

    Args:
        ctx: context of a study with a plan by lots.
        au_ratio: whole works at the ratio [€ HT], revised.
        reviser: price revision of an amount from the date of its price.

    Raises:
        ErreurCalcul: unknown kind or lot, or a VAT rate that the treasury does not hold.
        ErreurDonnees: faulty quote table.
    """
    plan = ctx.etude.travaux.plan
    hypotheses = lire_lots()
    loin_des_voies = ctx.site.voies_ferrees == "non"
    parts = hypotheses.parts(plan.genre, loin_des_voies)
    devis = _devis(ctx, plan, hypotheses)
    for ligne in plan.lignes:
        hypotheses.exiger_lot(ligne.lot, f"Ligne de travaux « {ligne.id} »")
    postes: list[Poste] = []
    for code, lot in hypotheses.lots.items():
        chiffrees = [d for d in devis if d.lot == code]
        metrees = [x for x in plan.lignes if x.lot == code]
        if chiffrees:
            postes += [_au_devis(d, plan.devis or "", hypotheses, reviser) for d in chiffrees]
        elif metrees:
            postes += [_au_metre(ctx, x, hypotheses, reviser) for x in metrees]
        elif code in parts:
            part = Grandeur(
                parts[code], f"Part du lot, travaux « {plan.genre} »", "%", [_origine_part(plan.genre, loin_des_voies)]
            )
            postes.append(Poste(code, lot.libelle, "ratio", (au_ratio * part).nommer(lot.libelle)))
    return tuple(postes)


def _devis(ctx: Contexte, plan: PlanTravaux, hypotheses: HypothesesLots) -> tuple[LigneDevis, ...]:
    chemin = fichier_du_devis(plan)
    if chemin is None:
        return ()
    from pope_foncier.travaux.devis import lire_devis  # reading tables and workbooks serves only a study with a quote

    lignes = lire_devis(chemin)
    taux = ctx.bareme("fiscalite.tva.taux_normal").au_point()
    for ligne in lignes:
        hypotheses.exiger_lot(ligne.lot, f"Devis {plan.devis}, « {ligne.designation} »")
        if ligne.tva is not None and abs(ligne.tva - taux) > 1e-9:
            raise ErreurCalcul(
                f"Devis {plan.devis}, « {ligne.designation} » : TVA à {pourcent(ligne.tva)} ; l'outil ne sait compter les travaux "
                f"qu'au taux normal ({pourcent(taux)}). Mettre cette ligne à part, ou corriger le taux."
            )
    return lignes


def fichier_du_devis(plan: PlanTravaux) -> Path | None:
    """File of the quotes that a plan of works names; None when it names none."""
    return None if plan.devis is None else dossier_donnees() / "devis" / plan.devis


def _au_devis(
    d: LigneDevis, fichier: str, hypotheses: HypothesesLots, reviser: Callable[[Grandeur, date], Grandeur]
) -> Poste:
    mention = f"devis {fichier}, {d.entreprise or 'entreprise non nommée'}, {date_en_clair(d.date_prix)}"
    origine = [Origine("fait", f"devis.{fichier}", mention, "secondaire", f"Devis {fichier}")]
    prix = Grandeur(d.prix_unitaire_ht, f"Prix unitaire, {d.designation}", f"€/{d.unite or 'u'} HT", origine)
    quantite = Grandeur(d.quantite, f"Quantité, {d.designation}", d.unite, origine)
    montant = reviser(quantite * prix, d.date_prix).nommer(d.designation)
    return Poste(d.lot, d.designation, "devis", montant, quantite, prix, d.date_prix, hypotheses.dispersion_devis)


def _au_metre(
    ctx: Contexte, x: LigneTravaux, hypotheses: HypothesesLots, reviser: Callable[[Grandeur, date], Grandeur]
) -> Poste:
    lus = ("quantite", "prix_unitaire_ht")
    quantite, prix = (ctx.entree(f"travaux.plan.lignes[{x.id}].{nom}") for nom in lus)
    montant = reviser(quantite * prix, x.date_prix).nommer(x.libelle)
    ecart = max(_ecart_declare(x), hypotheses.dispersion_lot)
    return Poste(x.lot, x.libelle, "lot", montant, quantite, prix, x.date_prix, ecart)


def _ecart_declare(x: LigneTravaux) -> float:
    """Spread that the ranges of a line say: their upper side read as a P90, quantity and price independent."""
    declares = ((d.intervalle, d.valeur) for d in (x.quantite, x.prix_unitaire_ht))
    return math.hypot(
        *(math.log(cotes[1] / valeur) / _Z90 for cotes, valeur in declares if cotes is not None and valeur)
    )


def _origine_part(genre: str, loin_des_voies: bool) -> Origine:
    sans = ", sans celui du bord des voies" if loin_des_voies else ""
    mention = f"répartition du ratio entre les lots{sans}, valeur de travail"
    cle = f"couts_lots.repartition.{genre}"
    return Origine("hypothese", cle, mention, "hypothese", a_obtenir_de="l'architecte")


def part_estimee(postes: Sequence[Poste]) -> Tableau:
    """Share of the works cost that is still at the ratio, shape (…, 1)."""
    total = sum(p.montant.valeur for p in postes)
    estime = sum(p.montant.valeur for p in postes if p.niveau == "ratio")
    return np.asarray(np.divide(estime, total, out=np.full(np.shape(total), np.nan), where=np.asarray(total) > 0))


def fourchette(postes: Sequence[Poste], plan: PlanTravaux, quantile: float = 0.9) -> FourchetteTravaux:
    """Range of the works cost around the estimate: multiplicative, hence wider upwards.

    Lines at the ratio move together (one ratio); the others are independent. The spread of the sum is that of amounts, taken
    as the spread of its logarithm.
    """
    au_ratio = lire_lots().dispersion_ratio(plan.genre, plan.stade, plan.diagnostics)
    estime = np.asarray(sum(p.montant.valeur for p in postes), dtype=np.float64)
    commune = sum((p.montant.valeur for p in postes if p.niveau == "ratio"), np.zeros(1)) * au_ratio
    variance = commune**2 + sum(((p.montant.valeur * p.ecart) ** 2 for p in postes if p.niveau != "ratio"), np.zeros(1))
    rien = np.zeros(np.broadcast_shapes(variance.shape, estime.shape))
    ecart = np.divide(np.sqrt(variance), estime, out=rien, where=estime > 0)
    z = NormalDist().inv_cdf(quantile)
    return FourchetteTravaux(estime * np.exp(-z * ecart), estime, estime * np.exp(z * ecart), ecart)
