"""Comparison of montages on one horizon: cost of use, cash, debt, cost for the commune, what is left, early withdrawal."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np

from pope_foncier.analyse import indicateurs
from pope_foncier.analyse.avoirs import reserve_gardee, retour_au_bailleur
from pope_foncier.analyse.chaine import Evaluation, Moteur
from pope_foncier.analyse.montages import Cas
from pope_foncier.analyse.scenarios import BASE, Dossier, varier
from pope_foncier.finances.entree import FLUX_ENTREE
from pope_foncier.finances.immobilier import actualiser
from pope_foncier.projet.foncier import Foncier
from pope_foncier.socle.grandeur import Tableau, sommes_annuelles

_MURS = (
    *FLUX_ENTREE,
    "tresorerie.etudes",
    "tresorerie.assurances",
    "tresorerie.travaux",
    "tresorerie.equipement",
    "tresorerie.aide.",
    "tresorerie.reversement.",
    "tresorerie.compensation_tva",
    "tresorerie.loyer",
    "bail.",
    "bailleur.",
    "portage.",
    "immobilier.",
    "emprunts.",
    "relais.",
)
"""Flows that the premises cause, by beginning of their code; equity and operation are left out."""

_MURS_SANS_DETTE = tuple(c for c in _MURS if c not in ("emprunts.", "relais."))

_TAXES = {
    "Droits de mutation": "besoins.droits_mutation",
    "Taxe de publicité foncière du bail": "besoins.droit_bail",
    "Contribution de sécurité immobilière du bail": "besoins.securite_bail",
    "Taxe d'aménagement": "besoins.taxe_amenagement",
    "Taxe sur les bureaux": "besoins.taxe_bureaux",
    "Taxe foncière, toute la durée": "immobilier.taxe_fonciere",
    "TVA rendue": "tresorerie.compensation_tva",
    "TVA des loyers": "bail.tva",
    "TVA du loyer du titre": "tresorerie.loyer.tva",
}

_PREMIER_HAUT = 400.0
"""First upper bound of the search of a rent [€/m²/year]; widened as long as it is bearable."""

DEPARTS_ANS = (5, 10, 15)
"""Dates of an early withdrawal shown, years after the opening."""


@dataclass(frozen=True)
class Retrait:
    """Early withdrawal some years after the opening, shape (…, 1) [€]."""

    annees: int
    travaux_non_amortis: Tableau
    """Works not yet written off, and rent paid at once for the years left."""
    dette: Tableau
    aides_a_rendre: Tableau
    """Grants to give back: all of it when the scheme says so, else pro rata of the commitment left (reading)."""


@dataclass(frozen=True)
class Mesures:
    """Measures of one montage, each of shape (…, 1).

    Attributes:
        annees_ouvertes: years open within the study; the comparison is made by place and open year, so that a short tenure
            and a long one stand side by side.
        cout_complet: cost of the premises for operator and holder together (and for a lessor that buys to let), by place and
            year [€]: present value of their flows with the others, resale taken off and debts settled, over the present value of the open places.
        cout_gestionnaire: the same for the operator alone, its rent included.
        avant_ouverture: cash that the holder must find before the opening [€].
        dette: debt at the opening, by borrower [€].
        couverture: lowest yearly cover of the debt service by the holder's income [ratio].
        commune_investissement: what the commune pays for the premises before the opening, before loans [€].
        commune_fonctionnement: its contributions to the operation, nominal, by open year [€/year].
        commune_valeur: present value of all that the commune pays, resale taken off, by place and year [€].
        possede: what the holder finds again at the end: walls, or the rent paid at once that is left [€].
        reserve: rent that the holder keeps in reserve within its cash at the end [€].
        taxes: taxes by kind [€].
        loyer_m2: rent of the operator, first year, before VAT [€/m²/year].
        retraits: early withdrawals.
    """

    annees_ouvertes: Tableau
    cout_complet: Tableau
    cout_gestionnaire: Tableau
    avant_ouverture: Tableau
    dette: dict[str, Tableau]
    couverture: Tableau
    commune_investissement: Tableau
    commune_fonctionnement: Tableau
    commune_valeur: Tableau
    possede: Tableau
    reserve: Tableau
    taxes: dict[str, Tableau]
    loyer_m2: Tableau
    retraits: tuple[Retrait, ...]


def mesurer(cas: Cas, foncier: Foncier) -> Mesures:
    """Measure one montage that is not impossible."""
    ev = cas.evaluation
    assert ev is not None
    acteurs = ev.ctx.etude.acteurs
    taux = np.array([[foncier.taux_actualisation.valeur if foncier.taux_actualisation.valeur is not None else np.nan]])
    porteur = acteurs.nom_maitre_ouvrage
    bailleur_achete = ev.ctx.etude.achat_bailleur is not None
    ensemble = {acteurs.gestionnaire, porteur} | ({acteurs.proprietaire} if bailleur_achete else set())
    commune = {acteurs.commune} | ({acteurs.proprietaire} if cas.a_la_commune else set())
    fin = (1.0 + taux) ** (-(ev.ctx.echelle.duree_mois - 1) / 12.0)
    revente = (ev.revente.valeur - ev.reste_du.valeur) * fin
    retour = retour_au_bailleur(ev) * (1.0 + taux) ** (-ev.calendrier.fin_usage.valeur / 12.0)
    a_commune = revente if cas.montage.porteur == "commune" else retour if cas.a_la_commune else 0.0
    murs_commune = flux_des_murs(ev, commune)
    contribution = _tout(ev, ev.compte.contribution.valeur) if ev.compte is not None else _tout(ev, np.zeros(1))
    ouvertes = _tout(ev, ev.calendrier.ouvert.valeur).sum(axis=-1, keepdims=True) / 12.0
    return Mesures(
        annees_ouvertes=ouvertes,
        cout_complet=_par_place(
            ev,
            -(actualiser(flux_des_murs(ev, ensemble), taux) + revente + (retour if bailleur_achete else 0.0)),
            taux,
        ),
        cout_gestionnaire=_par_place(
            ev,
            -(
                actualiser(flux_des_murs(ev, {acteurs.gestionnaire}), taux)
                + (revente if porteur == acteurs.gestionnaire else 0.0)
            ),
            taux,
        ),
        avant_ouverture=_creux(ev, porteur),
        dette=_dettes(ev),
        couverture=_couverture(ev, porteur),
        commune_investissement=-(flux_des_murs(ev, commune, dette=False) * ev.calendrier.avant_ouverture.valeur).sum(
            axis=-1, keepdims=True
        ),
        commune_fonctionnement=_diviser(contribution.sum(axis=-1, keepdims=True), ouvertes),
        commune_valeur=_par_place(ev, actualiser(contribution - murs_commune, taux) - a_commune, taux),
        possede=ev.revente.valeur,
        reserve=reserve_gardee(ev),
        taxes=_taxes(ev),
        loyer_m2=ev.loyers.par_m2.valeur if ev.loyers.par_m2 is not None else np.full((1, 1), np.nan),
        retraits=tuple(_retrait(ev, annees) for annees in DEPARTS_ANS),
    )


def flux_des_murs(ev: Evaluation, acteurs: Collection[str], dette: bool = True) -> Tableau:
    """Net flows of the premises between some parties and all the others, shape (…, M) [€]: received minus paid.

    Args:
        dette: whether drawdowns, interest and repayments are counted.
    """
    total = np.zeros((1, ev.ctx.echelle.duree_mois))
    for ligne in ev.livre.lignes.values():
        if not ligne.est_flux or not ligne.code.startswith(_MURS if dette else _MURS_SANS_DETTE):
            continue
        signe = (ligne.receveur in acteurs) - (ligne.payeur in acteurs)
        if signe:
            total = total + signe * ligne.grandeur.valeur
    return total


def loyer_supportable(cas: Cas, dossier: Dossier, foncier: Foncier, moteur: Moteur) -> float:
    """Largest rent at which the commune's yearly contribution by place stays within what it accepts [€/m²/year].

    The account is evaluated at once for a range of rents, then read between two of them: it is linear but for the ceilings
    of the PSU. NaN without letting, without operation or when something is unknown; minus infinity when even a free rent
    asks for more.
    """
    plafond = foncier.contribution_max_par_place.valeur
    if cas.etude is None or cas.etude.bail_gestionnaire is None or cas.etude.exploitation is None or plafond is None:
        return float("nan")
    surcharges = {
        "bail_gestionnaire": {
            "loyer": "fixe",
            "loyer_m2_an": {"valeur": 1, "base": "essai"},
            "tva": cas.etude.bail_gestionnaire.tva,
        }
        | ({"bailleur": cas.etude.bail_gestionnaire.bailleur} if cas.etude.bail_gestionnaire.bailleur else {})
    }
    fixe = varier(replace(dossier, etude=cas.etude, variantes={BASE: cas.etude}), "loyer", surcharges)
    haut = _PREMIER_HAUT
    for _ in range(12):
        loyers = np.linspace(0.0, haut, 241)
        ev = moteur.tirer(replace(dossier, etude=fixe), {"bail_gestionnaire.loyer_m2_an": loyers}, fixe)
        par_place = np.broadcast_to(indicateurs.calculer(ev)["contribution_par_place"].valeur, (len(loyers), 1))[:, 0]
        if np.isnan(par_place).any():
            return float("nan")
        if par_place[0] > plafond:
            return float("-inf")
        if par_place[-1] >= plafond:
            return float(np.interp(plafond, par_place, loyers))
        haut *= 4.0
    return float("inf")


def _tout(ev: Evaluation, valeur: Tableau) -> Tableau:
    return np.broadcast_to(valeur, (*valeur.shape[:-1], ev.ctx.echelle.duree_mois))


def _taxes(ev: Evaluation) -> dict[str, Tableau]:
    """Taxes by kind: VAT paid on works, equipment and new purchase, then the other lines of the ledger."""
    taux = ev.ctx.bareme("fiscalite.tva.taux_normal").valeur
    equipement = ev.cout.equipement_ttc.valeur * taux / (1.0 + taux)
    tva = ev.cout.tva.valeur + equipement
    achat = ev.ctx.etude.acquisition
    if achat is not None and achat.regime == "neuf_ou_vefa":
        tva = tva + ev.entree.prix.valeur * taux / (1.0 + taux)
    taxes = {"TVA payée (travaux, équipement, achat neuf)": tva}
    for nom, code in _TAXES.items():
        if code in ev.livre.lignes:
            valeur = ev.livre[code].valeur
            mensuel = ev.livre[code].axe == "mois"
            taxes[nom] = _tout(ev, valeur).sum(axis=-1, keepdims=True) if mensuel else valeur
    return taxes


def _diviser(a: Tableau, b: Tableau) -> Tableau:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(b > 0, a / b, np.nan))


def _par_place(ev: Evaluation, valeur: Tableau, taux: Tableau) -> Tableau:
    ouvertes = actualiser(ev.capacite.places.valeur * ev.calendrier.ouvert.valeur / 12.0, taux)
    return _diviser(valeur, ouvertes)


def _creux(ev: Evaluation, acteur: str) -> Tableau:
    """Cash to find before the opening: lowest cumulated flow up to the opening, as a positive amount."""
    avant = _tout(ev, ev.livre[f"solde.{acteur}"].valeur) * ev.calendrier.avant_ouverture.valeur
    return np.asarray(np.maximum(-np.cumsum(avant, axis=-1).min(axis=-1, keepdims=True), 0.0))


def _dettes(ev: Evaluation) -> dict[str, Tableau]:
    dettes: dict[str, Tableau] = {}
    for dette in ev.dettes:
        dettes[dette.emprunteur] = dettes.get(dette.emprunteur, 0.0) + dette.capital.valeur
    return {nom: v for nom, v in dettes.items() if np.any(v != 0)}


def _couverture(ev: Evaluation, porteur: str) -> Tableau:
    """Lowest cover over the full open years: income of the holder before debt, over interest and repayments."""
    mois = ev.ctx.echelle
    siennes = [d for d in ev.dettes if d.emprunteur == porteur]
    service = sum((d.interets.valeur + d.remboursement.valeur for d in siennes), np.zeros((1, mois.duree_mois)))
    if porteur == ev.ctx.etude.acteurs.gestionnaire:
        if ev.compte is None:
            return np.full((1, 1), np.nan)
        interets = sum((d.interets.valeur for d in siennes), np.zeros((1, 1)))
        revenu = ev.compte.capacite_autofinancement.valeur + interets * ev.calendrier.ouvert.valeur
    else:
        revenu = np.zeros((1, mois.duree_mois))
        for ligne in ev.livre.lignes.values():
            if ligne.est_flux and ligne.code.startswith(("bail.loyer", "immobilier.", "tresorerie.loyer")):
                revenu = revenu + ((ligne.receveur == porteur) - (ligne.payeur == porteur)) * ligne.grandeur.valeur
    annees = [sommes_annuelles(_tout(ev, v), mois) for v in (revenu, service, ev.calendrier.ouvert.valeur)]
    recu, paye, ouverts = np.broadcast_arrays(*annees)
    with np.errstate(divide="ignore", invalid="ignore"):
        rapports = np.where((paye > 0.005) & (ouverts > 11.5), recu / paye, np.inf)
    minimum = rapports.min(axis=-1, keepdims=True)
    return np.asarray(np.where(np.isinf(minimum), np.nan, minimum))


def _retrait(ev: Evaluation, annees: int) -> Retrait:
    ouverture, fin = ev.calendrier.ouverture.valeur, ev.calendrier.fin_titre.valeur
    vie = np.minimum(
        ev.ctx.entree("travaux.duree_vie_mois", "Durée de vie des travaux", "mois").valeur, fin - ouverture
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        reste = np.clip(1.0 - 12.0 * annees / vie, 0.0, 1.0)
    rang = np.floor(ouverture + 0.5) + 12 * annees
    connu = rang < ev.ctx.echelle.duree_mois
    position = np.where(connu, np.nan_to_num(rang), 0).astype(np.intp)
    dette = np.zeros((1, 1))
    for d in ev.dettes:
        restant = _tout(ev, d.restant.valeur)
        forme = np.broadcast_shapes(restant.shape[:-1], position.shape[:-1])
        lignes = np.broadcast_to(restant, (*forme, restant.shape[-1]))
        dette = dette + np.take_along_axis(lignes, np.broadcast_to(position, (*forme, 1)), axis=-1)
    dette = np.where(connu, dette, np.nan)
    rendre = np.zeros((1, 1))
    for aide in ev.subventions:
        if aide.aide.engagement_ans is not None:
            ans = ev.ctx.entree(f"aides[{aide.aide.id}].engagement_ans", "Engagement d'usage", "ans").valeur
            part = np.clip(1.0 - annees / ans, 0.0, 1.0)
            if aide.reversement == "total":
                part = (part > 0.0).astype(np.float64)
            rendre = rendre + aide.subvention.valeur * part
    duree = fin - ev.calendrier.debut_travaux.valeur
    avance = np.clip((fin - ouverture - 12.0 * annees) / np.maximum(duree, 1.0), 0.0, 1.0)
    perdus = ev.cout.immobilier_ttc.valeur * reste + ev.entree.loyer_capitalise.valeur * avance
    return Retrait(annees, perdus, dette, rendre)
