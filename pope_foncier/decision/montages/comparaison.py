"""Comparison of montages on one horizon: cost of use, what is to be found, debt, cost for the commune, what is left, withdrawal.

What the premises cost is what they really cost: money that closes the plan without anybody having promised it lowers nothing.
Contributions and covers are read on the closed plan, where they mean something.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from pope_foncier.acquisition.fiche import Foncier
from pope_foncier.acquisition.immobilier import actualiser
from pope_foncier.decision.fiche_recherches import lire_recherches
from pope_foncier.decision.montages.avoirs import reserve_gardee, retour_au_bailleur
from pope_foncier.decision.montages.flux_murs import flux_a_trouver, flux_apportes, flux_des_murs, investi
from pope_foncier.decision.montages.possibles import Cas
from pope_foncier.decision.montages.retraits import Retrait, partir
from pope_foncier.etude.annees import CROISIERE, a_l_annee, annee_de_croisiere
from pope_foncier.etude.bouclage import apports_de_bouclage
from pope_foncier.etude.evaluation import Evaluation
from pope_foncier.etude.moteur import Moteur
from pope_foncier.etude.scenarios import BASE, Dossier, varier
from pope_foncier.etude.service_dette import pire_couverture
from pope_foncier.exploitation.compte import RESULTAT_SANS_A_TROUVER
from pope_foncier.modele.fiche_bouclage import RESTE_EN_CAPITAL
from pope_foncier.modele.registre_des_lignes import libelle
from pope_foncier.socle.grandeur import Tableau, par_annee
from pope_foncier.socle.operations_de_calcul import quotient

_AU_PLAN = ("besoins.droits_mutation", "besoins.droit_bail", "besoins.securite_bail", "besoins.taxe_amenagement")
_TAXES = {
    **{libelle(code): code for code in _AU_PLAN},
    "Taxe sur les bureaux": "besoins.taxe_bureaux",
    "Taxe foncière, toute la durée": "immobilier.taxe_fonciere",
    "TVA rendue": "tresorerie.compensation_tva",
    "TVA des loyers": "bail.tva",
    "TVA du loyer du titre": "tresorerie.loyer.tva",
}


@dataclass(frozen=True)
class Mesures:
    """Measures of one montage, each of shape (…, 1).

    Attributes:
        annees_ouvertes: years open within the study; the comparison is made by place and open year, so that a short tenure
            and a long one stand side by side.
        cout_complet: cost of the premises for operator and holder together (and for a lessor that buys to let), by place and
            year [€]: present value of their flows with the others, resale taken off and debts settled, over the present value of the open places.
        cout_gestionnaire: the same for the operator alone, its rent included.
        reste: what the plan lacks as it stands, signed [€].
        apporte: what named closers bring to the closed plan, by who brings it [€].
        a_trouver: what the closed plan asks of nobody in particular [€].
        capital_a_trouver: part of it that is read as a capital, which the rent of the holder pays [€].
        a_trouver_par_place: present value of what is asked of nobody as a grant, by place and year [€]: what the commune would pay on
            top if it brought it. A capital is paid back by the rent, and what a commune that holds the walls lacks is its own spending
            already: neither counts here.
        avant_ouverture: cash that the holder must find before the opening, on the plan as it stands [€].
        caisse_manquante: cash that the holder still lacks at the lowest month of the closed plan [€].
        dette: debt at the opening, by borrower, loans that close the plan included [€].
        couverture: lowest yearly cover of the debt service by the holder's income, on the closed plan [ratio].
        commune_investissement: what the commune pays for the premises and brings to the plan, whatever the date, before loans [€].
        commune_fonctionnement: what it pays to the operation whatever the route, closed plan, nominal, by open year [€/year].
        commune_par_place: the same by place [€/place/year].
        resultat_par_place: mean result of the operator on the closed plan [€/place/year]; below zero, nobody pays it.
        resultat_sans_a_trouver: the same without the grant quota of what nobody has promised [€/place/year].
        commune_valeur: present value of all that the commune pays, closed plan, resale taken off, by place and year [€].
        possede: what the holder finds again at the end: walls, or the rent paid at once that is left [€].
        reserve: rent that the holder keeps in reserve within its cash at the end [€].
        taxes: taxes by kind [€].
        loyer_m2: rent of the operator, first year, before VAT [€/m²/year].
        retraits: early withdrawals.
    """

    annees_ouvertes: Tableau
    cout_complet: Tableau
    cout_gestionnaire: Tableau
    reste: Tableau
    apporte: dict[str, Tableau]
    a_trouver: Tableau
    capital_a_trouver: Tableau
    a_trouver_par_place: Tableau
    avant_ouverture: Tableau
    caisse_manquante: Tableau
    dette: dict[str, Tableau]
    couverture: Tableau
    commune_investissement: Tableau
    commune_fonctionnement: Tableau
    commune_par_place: Tableau
    resultat_par_place: Tableau
    resultat_sans_a_trouver: Tableau
    commune_valeur: Tableau
    possede: Tableau
    reserve: Tableau
    taxes: dict[str, Tableau]
    loyer_m2: Tableau
    retraits: tuple[Retrait, ...]

    @property
    def dette_en_tout(self) -> Tableau:
        """Debt of all the borrowers at the opening [€]."""
        return np.asarray(sum(self.dette.values()))

    @property
    def a_trouver_en_don(self) -> Tableau:
        """What the closed plan asks of nobody in particular as a grant, the capital left out [€]."""
        return self.a_trouver - self.capital_a_trouver

    @property
    def commune_avec_le_reste(self) -> Tableau:
        """Present value of what the commune would pay if it also brought what is asked of nobody, by place and year [€]."""
        return self.commune_valeur + self.a_trouver_par_place

    def marge_de_loyer(self, supportable: float) -> float:
        """Largest bearable rent less the rent [€/m²/year]; below zero, the rent is too high."""
        return supportable - float(np.ravel(self.loyer_m2)[0])

    def ecarts(self, autre: Mesures) -> tuple[Tableau, Tableau]:
        """What another reading changes in the cost of the premises, and in what is to be found."""
        return autre.cout_complet - self.cout_complet, autre.a_trouver - self.a_trouver

    def taxe_par_an(self, genre: str) -> Tableau:
        """One of the taxes paid every year, by open year, since tenures do not last as long [€/year]."""
        return self.taxes[genre] / self.annees_ouvertes


def mesurer(cas: Cas, foncier: Foncier) -> Mesures:
    """Measure one montage that is not impossible."""
    ouverte, ev = cas.evaluation, cas.bouclee
    assert ouverte is not None
    acteurs = ev.ctx.etude.acteurs
    taux = np.array([[foncier.taux_actualisation.valeur if foncier.taux_actualisation.valeur is not None else np.nan]])
    porteur = acteurs.nom_maitre_ouvrage
    bailleur_achete = ev.ctx.etude.achat_bailleur is not None
    gestionnaire = acteurs.gestionnaire
    ensemble = {gestionnaire, porteur} | ({acteurs.proprietaire} if bailleur_achete else set())
    commune = {acteurs.commune} | ({acteurs.proprietaire} if cas.a_la_commune else set())
    fin = (1.0 + taux) ** (-(ev.ctx.echelle.duree_mois - 1) / 12.0)
    revente = (ev.revente.valeur - _dette_finale(ev, porteur)) * fin
    retour = retour_au_bailleur(ev) * (1.0 + taux) ** (-ev.calendrier.fin_usage.valeur / 12.0)
    a_commune = revente if cas.montage.porteur == "commune" else retour if cas.a_la_commune else 0.0
    apporte_commune = flux_apportes(ev, commune)
    fonctionnement = _exploitation(ev, ev.compte.commune.valeur if ev.compte else 0.0)
    resultat, resultat_sans = _resultats(ev)
    ouvertes = _tout(ev, ev.calendrier.ouvert.valeur).sum(axis=-1, keepdims=True) / 12.0
    par_an = _diviser(fonctionnement.sum(axis=-1, keepdims=True), ouvertes)
    places_ouvertes = ouvertes * ev.capacite.places.valeur
    murs_gestionnaire = actualiser(flux_des_murs(ev, {gestionnaire}), taux)
    apporte, a_trouver, en_capital = _bouclage(ev)
    return Mesures(
        annees_ouvertes=ouvertes,
        cout_complet=_par_place(
            ev,
            -(actualiser(flux_des_murs(ev, ensemble), taux) + revente + (retour if bailleur_achete else 0.0)),
            taux,
        ),
        cout_gestionnaire=_par_place(ev, -(murs_gestionnaire + (revente if porteur == gestionnaire else 0.0)), taux),
        reste=ouverte.plan.reste_a_financer.valeur,
        apporte=apporte,
        a_trouver=a_trouver,
        capital_a_trouver=en_capital,
        a_trouver_par_place=_par_place(ev, actualiser(_tout(ev, flux_a_trouver(ev, commune)), taux), taux),
        avant_ouverture=_creux(ouverte, porteur, ouverte.calendrier.avant_ouverture.valeur),
        caisse_manquante=_creux(ev, porteur),
        dette=_dettes(ev),
        couverture=pire_couverture(ev, porteur),
        commune_investissement=investi(ev, commune),
        commune_fonctionnement=par_an,
        commune_par_place=_diviser(par_an, ev.capacite.places.valeur),
        resultat_par_place=_diviser(resultat, places_ouvertes),
        resultat_sans_a_trouver=_diviser(resultat_sans, places_ouvertes),
        commune_valeur=_par_place(
            ev,
            actualiser(fonctionnement - flux_des_murs(ev, commune) - apporte_commune, taux) - a_commune,
            taux,
        ),
        possede=ev.revente.valeur,
        reserve=reserve_gardee(ev),
        taxes=_taxes(ev),
        loyer_m2=ev.loyers.par_m2.valeur if ev.loyers.par_m2 is not None else np.full((1, 1), np.nan),
        retraits=tuple(partir(ev, annees) for annees in lire_recherches().retraits.annees),
    )


def _bouclage(ev: Evaluation) -> tuple[dict[str, Tableau], Tableau, Tableau]:
    """What named closers bring, by who brings it, what nobody has promised, and its part as capital, shape (…, 1) [€]."""
    apporte: dict[str, Tableau] = {}
    a_trouver = en_capital = np.zeros((1, 1))
    for apport in apports_de_bouclage(ev):
        if apport.est_a_trouver:
            a_trouver = a_trouver + apport.montant.valeur
            if apport.boucleur.nature == RESTE_EN_CAPITAL.nature:
                en_capital = en_capital + apport.montant.valeur
        else:
            qui = apport.boucleur.apporteur or apport.boucleur.libelle
            apporte[qui] = apporte.get(qui, 0.0) + apport.montant.valeur
    return {qui: v for qui, v in apporte.items() if np.any(v != 0)}, a_trouver, en_capital


def _exploitation(ev: Evaluation, valeur: Tableau | float) -> Tableau:
    """Line of the operation by month; zero without operation."""
    return _tout(ev, np.zeros(1) + valeur)


def _resultats(ev: Evaluation) -> tuple[Tableau, Tableau]:
    """Result of the operator over the study, whole, and without the grant quota of what nobody has promised, shape (…, 1) [€]."""
    sans = RESULTAT_SANS_A_TROUVER if RESULTAT_SANS_A_TROUVER in ev.livre.lignes else "exploitation.resultat"
    resultat = _exploitation(ev, ev.compte.resultat.valeur if ev.compte else 0.0)
    resultat_sans = _exploitation(ev, ev.livre[sans].valeur if ev.compte else 0.0)
    return resultat.sum(axis=-1, keepdims=True), resultat_sans.sum(axis=-1, keepdims=True)


def loyer_supportable(cas: Cas, dossier: Dossier, foncier: Foncier, moteur: Moteur) -> float:
    """Largest rent at which balancing a cruising year asks the commune for no more by place than it accepts [€/m²/year].

    What the balance would take is read, whatever the study says that the commune pays. The account is evaluated at once for a
    range of rents, then read between two of them: it is linear but for the ceilings of the PSU; the rent being stated, the
    plan of the holder does not move it. NaN without letting, without operation or when something is unknown; minus infinity
    when even a free rent asks for more.
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
    haut = lire_recherches().loyer_supportable.premier_haut_m2_an
    for _ in range(12):
        loyers = np.linspace(0.0, haut, 241)
        ev = moteur.tirer(replace(dossier, etude=fixe), {"bail_gestionnaire.loyer_m2_an": loyers}, fixe)
        par_place = np.broadcast_to(_equilibre_par_place(ev), (len(loyers), 1))[:, 0]
        if np.isnan(par_place).any():
            return float("nan")
        if par_place[0] > plafond:
            return float("-inf")
        if par_place[-1] >= plafond:
            return float(np.interp(plafond, par_place, loyers))
        haut *= 4.0
    return float("inf")


def _equilibre_par_place(ev: Evaluation) -> Tableau:
    """What the commune would pay by place for a cruising year without deficit, its other payments included, shape (…, 1) [€]."""
    assert ev.compte is not None
    rang, echelle = annee_de_croisiere(ev), ev.ctx.echelle
    deficit, autres = (
        a_l_annee(par_annee(g, echelle), rang, CROISIERE).valeur
        for g in (ev.compte.charges - ev.compte.produits, ev.compte.commune - ev.compte.contribution)
    )
    return quotient(np.maximum(deficit, 0.0) + autres, ev.capacite.places.valeur)


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


def _creux(ev: Evaluation, acteur: str, mois: Tableau | float = 1.0) -> Tableau:
    """Lowest cumulated cash of a party as a positive amount; zero when it never lacks any.

    Args:
        mois: 1 for the months whose flows count, such as those before the opening.
    """
    flux = _tout(ev, ev.livre[f"solde.{acteur}"].valeur) * mois
    return np.asarray(np.maximum(-np.cumsum(flux, axis=-1).min(axis=-1, keepdims=True), 0.0))


def _dette_finale(ev: Evaluation, acteur: str) -> Tableau:
    """Loans of a party left to repay at the end of the study, shape (…, 1) [€]."""
    restants = (d.restant.valeur[..., -1:] for d in ev.dettes if d.emprunteur == acteur)
    return np.asarray(sum(restants, np.zeros((1, 1))))


def _dettes(ev: Evaluation) -> dict[str, Tableau]:
    dettes: dict[str, Tableau] = {}
    for dette in (d for d in ev.dettes if d.rachat is None):
        dettes[dette.emprunteur] = dettes.get(dette.emprunteur, 0.0) + dette.capital.valeur
    return {nom: v for nom, v in dettes.items() if np.any(v != 0)}
