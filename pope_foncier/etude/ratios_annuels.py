"""Ratios of a borrower year by year, from the opening: cover, interest cover, debt, fixed charges; cover over the loans' life.

What is counted. The opening year counts its months from the opening on; a year of ramp-up counts like any other. Interest and capital
paid before the opening belong to the investment. A year without debt service, without interest or without debt has no such
ratio (« sans objet »). Debt is that of 31 December, bridge and overdraft included; self-financing of a year open for fewer than
twelve months is brought to twelve months, as a debt is compared with a full year. Once the use has ended and the loans are repaid,
an overdraft that is left is no ratio but a hole, which the multi-year plan shows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pope_foncier.etude.annees import DOUZE_MOIS
from pope_foncier.etude.controles import STATUTS, Controle, Controles, Ratio, Statut, lire_controles
from pope_foncier.etude.evaluation import Evaluation
from pope_foncier.etude.flux_emprunteur import FluxEmprunteur, lire_flux
from pope_foncier.etude.plan import BOUCLE_A
from pope_foncier.etude.service_dette import couverture, dettes_de
from pope_foncier.modele.livre import TOLERANCE, verifier_nul
from pope_foncier.socle.grandeur import Grandeur, Tableau, dire, maximum, par_annee, somme, total
from pope_foncier.socle.vocabulaire import (
    decaler,
    dernier,
    fin_d_annee,
    inferieur,
    inferieur_ou_egal,
    produit_cumule,
    si,
    superieur,
)

SANS_OBJET = -1
"""Rank of a year to which a ratio does not apply."""
_INDETERMINE = STATUTS.index("indetermine")

_LIBELLES = {
    "couverture": "Couverture du service de la dette",
    "couverture_interets": "Couverture des intérêts",
    "dette_sur_capacite": "Dette / capacité d'autofinancement",
    "loyer_et_annuite": "(Loyer + annuité) / produits",
    "llcr": "Couverture sur la vie des prêts (LLCR)",
}
_CONTROLES = {"couverture": "couverture_minimale"}
"""Ratio whose threshold stands under another name in the thresholds file."""


@dataclass(frozen=True, slots=True)
class RatioAnnuel:
    """Ratio by calendar year.

    Attributes:
        code: code of the ratio.
        controle: threshold, with its source or what it is.
        annees: calendar years.
        grandeur: value, shape (…, years).
        concerne: whether the ratio applies to the year, shape (…, years).
        plan_ouvert: whether the plan as it stands lacks money, shape (…, 1): every status is then undetermined.
    """

    code: str
    controle: Controle
    annees: tuple[int, ...]
    grandeur: Grandeur
    concerne: NDArray[np.bool_]
    plan_ouvert: NDArray[np.bool_]

    @property
    def libelle(self) -> str:
        """French label."""
        return _LIBELLES[self.code]

    def statuts(self) -> Tableau:
        """Ranks in ``STATUTS`` by year, ``SANS_OBJET`` where the ratio does not apply, shape (…, years)."""
        rangs = Ratio(self.code, self.controle, self.grandeur).statuts()
        return np.asarray(np.where(self.concerne, np.where(self.plan_ouvert, _INDETERMINE, rangs), SANS_OBJET))

    def statut(self, rang: int, scenario: int = 0) -> Statut | None:
        """Status of a year by its rank; None where the ratio does not apply."""
        statut = int(_ligne(self.statuts(), scenario)[rang])
        return None if statut == SANS_OBJET else STATUTS[statut]

    def valeurs(self, scenario: int = 0) -> Tableau:
        """Values of a scenario, NaN where the ratio does not apply, shape (years,)."""
        return _ligne(self._utiles(np.nan), scenario)

    def pire(self) -> Tableau:
        """Worst year: the lowest value of a floor, the highest of a cap, shape (…, 1); NaN when unknown or never due."""
        signe = 1.0 if self.controle.sens == "au_moins" else -1.0
        pire = (signe * self._utiles(signe * np.inf)).min(axis=-1, keepdims=True)
        return np.asarray(np.where(self.concerne.any(axis=-1, keepdims=True), signe * pire, np.nan))

    def annee_du_pire(self) -> Tableau:
        """Calendar year of the worst value, shape (…, 1); NaN when there is none."""
        signe = 1.0 if self.controle.sens == "au_moins" else -1.0
        rangs = (signe * self._utiles(signe * np.inf)).argmin(axis=-1)
        annees = np.asarray(self.annees, dtype=np.float64)[rangs][..., None]
        return np.asarray(np.where(np.isnan(self.pire()), np.nan, annees))

    def moyenne(self) -> Tableau:
        """Mean of the years, each weighing the same, shape (…, 1)."""
        nombre = np.broadcast_to(self.concerne, self._utiles(0.0).shape).sum(axis=-1, keepdims=True)
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(self._utiles(0.0).sum(axis=-1, keepdims=True) / nombre)

    def premiere_annee(self, *statuts: Statut) -> Tableau:
        """First calendar year with one of these statuses, shape (…, 1); NaN when there is none."""
        mauvais = np.isin(self.statuts(), [STATUTS.index(s) for s in statuts])
        annees = np.asarray(self.annees, dtype=np.float64)[mauvais.argmax(axis=-1)][..., None]
        return np.asarray(np.where(mauvais.any(axis=-1, keepdims=True), annees, np.nan))

    def _utiles(self, ailleurs: float) -> Tableau:
        return np.asarray(np.where(self.concerne, self.grandeur.valeur, ailleurs))


@dataclass(frozen=True, slots=True)
class RatiosAnnuels:
    """Ratios of a borrower: year by year, and over the life of its loans."""

    emprunteur: str
    annees: tuple[int, ...]
    par_annee: tuple[RatioAnnuel, ...]
    llcr: RatioAnnuel
    """Present value at the opening of what is available until the last repayment, over the debt then; one value by scenario."""
    mois_ouverts: Tableau
    """Open months of each year, shape (…, years)."""
    dette: Tableau
    """Debt of 31 December, bridge and overdraft included, shape (…, years) [€]."""
    flux: FluxEmprunteur

    def __getitem__(self, code: str) -> RatioAnnuel:
        return next(r for r in (*self.par_annee, self.llcr) if r.code == code)


def calculer(ev: Evaluation, emprunteur: str | None = None, controles: Controles | None = None) -> RatiosAnnuels:
    """Compute the yearly ratios of a borrower (the project owner by default).

    Raises:
        ErreurCalcul: a party that does not borrow in the study, or an operator without an operating account.
        IdentiteRompue: the debt service, discounted at the rate of the loans, is not the debt at the opening.
    """
    flux = lire_flux(ev, emprunteur)
    annuels = _annualiser(ev, flux)
    seuils = (controles or lire_controles()).ratios
    reste = ev.plan.reste_a_financer.valeur
    ouvert = np.zeros(reste.shape, dtype=bool) if ev.est_bouclee else ~(reste <= BOUCLE_A)
    couples = _charges_et_rapports(annuels)

    def ratio(code: str, valeur: Grandeur, concerne: NDArray[np.bool_], annees: tuple[int, ...]) -> RatioAnnuel:
        controle = seuils[_CONTROLES.get(code, code)]
        return RatioAnnuel(code, controle, annees, valeur.nommer(_LIBELLES[code], controle.unite), concerne, ouvert)

    servie = (annuels.ouverts.valeur > 0) | ~(annuels.annuite.valeur <= TOLERANCE)
    concernes = {
        code: (annuels.apres > 0) & ~(charge.valeur <= TOLERANCE) & (servie | (code != "dette_sur_capacite"))
        for code, (_, charge) in couples.items()
    }
    vie, annees = _vie_des_prets(ev, flux), ev.ctx.echelle.annees
    return RatiosAnnuels(
        flux.emprunteur,
        annees,
        tuple(ratio(c, valeur, concernes[c], annees) for c, (valeur, _) in couples.items()),
        ratio("llcr", vie, np.broadcast_to(_a_une_dette(flux, annuels.apres), vie.valeur.shape), annees[:1]),
        annuels.ouverts.valeur,
        annuels.dette.valeur,
        flux,
    )


@dataclass(frozen=True, slots=True)
class _Annuels:
    """What the ratios read of a borrower by calendar year, shape (…, years) [€]; months open, and months after the opening."""

    ouverts: Grandeur
    apres: Tableau
    disponible: Grandeur
    capacite: Grandeur
    produits: Grandeur
    loyer: Grandeur
    interets: Grandeur
    annuite: Grandeur
    dette: Grandeur
    """Debt of 31 December."""


def _annualiser(ev: Evaluation, flux: FluxEmprunteur) -> _Annuels:
    echelle = ev.ctx.echelle
    dette = fin_d_annee(flux.dette, echelle).nommer("Dette au 31 décembre")

    def annee(mensuel: Grandeur) -> Grandeur:
        return par_annee(mensuel, echelle).nommer(f"{mensuel.nom}, année")

    return _Annuels(
        par_annee(ev.calendrier.ouvert, echelle).nommer("Mois d'ouverture", "mois"),
        par_annee(1.0 - ev.calendrier.avant_ouverture, echelle).valeur,
        annee(flux.disponible),
        annee(flux.capacite),
        annee(flux.produits),
        annee(flux.loyer),
        annee(flux.interets),
        annee(flux.service),
        dette,
    )


def _charges_et_rapports(a: _Annuels) -> dict[str, tuple[Grandeur, Grandeur]]:
    """Ratio of each year by code, and the charge without which it has no sense."""
    entamee = superieur(a.ouverts, 0.0) * inferieur(a.ouverts, DOUZE_MOIS)
    ramenee = si(entamee, 12.0 * a.capacite / maximum(a.ouverts, 1.0), a.capacite)
    phrase = "{} ramenée à douze mois d'ouverture ([{}])"
    douze_mois = dire(ramenee, phrase, a.capacite, a.ouverts).nommer("Capacité d'autofinancement de douze mois")
    fixes = (a.loyer + a.annuite).nommer("Loyer et annuité, année")
    return {
        "couverture": (couverture(a.disponible, a.annuite), a.annuite),
        "couverture_interets": (_au_dessus(a.disponible, a.interets), a.interets),
        "dette_sur_capacite": (_sur(a.dette, douze_mois), a.dette),
        "loyer_et_annuite": (_sur(fixes, a.produits), fixes),
    }


def _vie_des_prets(ev: Evaluation, flux: FluxEmprunteur) -> Grandeur:
    """Loan life cover, shape (…, 1): value at the end of the opening month of what is available later, over the debt.

    A month is discounted at the rate that the debt bears that month (its interest over what was left the month before), so several
    loans, a revised rate or a free loan need no other rule: the debt service, so discounted, is worth exactly the debt, which is
    asserted. A loan drawn later is added to the debt at its own value, but for one that pays off another; what is repaid early by choice
    stays in the debt of the opening. Undetermined when the study ends before the loans.
    """
    avant, siennes = ev.calendrier.avant_ouverture, dettes_de(ev, flux.emprunteur)
    rachats = somme(d.rachat for d in siennes if d.rachat is not None)
    anticipes = somme(d.anticipes for d in siennes if d.anticipes is not None)
    ouvert, veille = 1.0 - avant, decaler(flux.restant, 1.0)
    suite, du = ouvert * decaler(ouvert, 1.0), superieur(veille, TOLERANCE)
    valeur = suite / produit_cumule(1.0 + si(du, flux.interets / veille, 0.0) * suite)
    dette = total(flux.restant * (ouvert - suite)) + total(valeur * (flux.deblocages - rachats))
    reste = dernier(flux.restant)
    ecart = total(valeur * (flux.service + anticipes - rachats)) + dernier(valeur) * reste - dette
    verifier_nul(ecart.valeur, "annuités au taux des prêts = dette à l'ouverture")
    finie = superieur(dette, TOLERANCE) * inferieur_ou_egal(reste, TOLERANCE)
    return dire(
        si(finie, total(valeur * du * flux.disponible) / dette, float("nan")),
        "valeur à l'ouverture de [{}], au taux des prêts, ÷ dette à l'ouverture ([{}], [{}], [{}], [{}], [{}])",
        flux.disponible,
        flux.interets,
        flux.service,
        flux.restant,
        flux.deblocages,
        avant,
    )


def _au_dessus(ressource: Grandeur, charge: Grandeur) -> Grandeur:
    """What is available over what is due."""
    due = superieur(charge, TOLERANCE)
    return dire(si(due, ressource / charge, float("nan")), "{} ÷ {}", ressource, charge)


def _sur(charge: Grandeur, ressource: Grandeur) -> Grandeur:
    """Charge over a resource; infinite when there is a charge and nothing to pay it with."""
    sans_ressource = 0.0 * charge + float("inf")
    return dire(si(superieur(ressource, 0.0), charge / ressource, sans_ressource), "{} ÷ {}", charge, ressource)


def _a_une_dette(flux: FluxEmprunteur, apres: Tableau) -> NDArray[np.bool_]:
    du = flux.service.valeur.sum(axis=-1, keepdims=True)
    return np.asarray(apres.any(axis=-1, keepdims=True) & ~(du <= TOLERANCE))


def _ligne(valeurs: Tableau, scenario: int) -> Tableau:
    lignes = valeurs.reshape(-1, valeurs.shape[-1])
    return np.asarray(lignes[scenario if len(lignes) > 1 else 0])
