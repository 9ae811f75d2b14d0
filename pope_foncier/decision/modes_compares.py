"""Modes d'accueil side by side: cost of a place, who pays it, staff, break-even; what a family pays in each mode."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pope_foncier.decision.equilibre import Equilibre, chercher
from pope_foncier.decision.reperes import CoutsUnitaires, couts_unitaires
from pope_foncier.etude.annees import rang_de_croisiere
from pope_foncier.etude.moteur import Moteur
from pope_foncier.etude.reste_a_charge import ASSOCIATION, nom_du_cmg, restes_a_charge
from pope_foncier.etude.resultats import Resultat, Vue
from pope_foncier.exploitation.familles import participation_a_la_date
from pope_foncier.exploitation.paje import assez_d_heures, cmg_a_la_date, ressources_du_cmg, tranche_a_la_date
from pope_foncier.modele.fiche_bouclage import A_TROUVER
from pope_foncier.modele.modes import ModeEtude
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.grandeur import Tableau, par_annee
from pope_foncier.socle.refus import refuser

PAYEURS = ("Familles", "Caf", "Commune", "Autres")
"""Groups of payers, in the order of the charts."""


def groupe_de(payeur: str, caf: str, commune: str) -> str:
    """Group of a payer: families (or the childminders they pay), Caf, commune, others."""
    if payeur in ("Familles", "Assistants maternels"):
        return "Familles"
    if payeur in (caf, nom_du_cmg(caf)):
        return "Caf"
    return "Commune" if payeur == commune else "Autres"


@dataclass(frozen=True, slots=True)
class ResumeMode:
    """Figures of a mode in its cruising year, in euros of that year, on the closed plan.

    Attributes:
        parts: what each party pays [€/place/year]; the sum is the cost.
        a_l_equilibre: what the commune would pay for a year without deficit, whatever the study says that it pays [€/place/year].
        reste_des_locaux: what the plan of the premises lacks as it stands [€/place].
        demarrage: what an operator that rents its premises lacks to start, apart from them [€/place].
        loue: whether the premises are somebody else's: the rent is then what the study says, whoever funds them.
        couts: same cost by line in euros of the year of prices.
    """

    nom: str
    titre: str
    mode: ModeEtude
    annee: int
    places: float
    surface_m2: float
    etp: float
    cout_par_place: float
    cout_par_heure: float
    parts: dict[str, float]
    a_l_equilibre: float
    reste_des_locaux: float
    demarrage: float
    loue: bool
    couts: CoutsUnitaires
    equilibre: Equilibre

    @property
    def a_l_equilibre_du_lieu(self) -> float:
        """What the commune would pay for the whole place in a year without deficit [€/year]."""
        return self.a_l_equilibre * self.places

    @property
    def surface_par_place(self) -> float:
        """Floor area by place [m²/place]."""
        return self.surface_m2 / self.places

    @property
    def etp_par_place(self) -> float:
        """Staff by place [FTE/place]."""
        return self.etp / self.places

    def part(self, qui: str) -> float:
        """Share of the cost that a party pays [fraction]."""
        return self.parts[qui] / self.cout_par_place

    def parts_par_groupe(self, caf: str, commune: str) -> dict[str, float]:
        """What each group of payers brings [€/place/year]; what nobody has promised is a group of its own."""
        sommes = dict.fromkeys(PAYEURS, 0.0)
        for payeur, montant in self.parts.items():
            groupe = payeur if payeur == A_TROUVER else groupe_de(payeur, caf, commune)
            sommes[groupe] = sommes.get(groupe, 0.0) + montant
        return sommes


def resumer(vue: Vue, resultat: Resultat, moteur: Moteur, titre: str = "") -> ResumeMode:
    """Figures of one mode once its plan is closed; ``titre`` replaces the title of its scenario.

    Raises:
        ErreurCalcul: no operating account, or no full year after the ramp-up.
    """
    ouverte = resultat.vue(vue.nom)
    demarrage = ouverte.valeur(ouverte.ev.plan.manque_du_gestionnaire)
    reste = ouverte.montant("ressources.reste_a_financer") - demarrage
    vue = vue.bouclee
    rang = rang_de_croisiere(vue.ev, vue.rang)
    if vue.ev.compte is None or rang is None:
        raise ErreurCalcul(
            f"{vue.titre} : il faut un compte d'exploitation et une année pleine après la montée en charge."
        )
    etude = resultat.dossier.variantes[vue.nom]
    places = vue.valeur(vue.ev.capacite.places)
    if not places > 0:
        raise ErreurCalcul(f"{vue.titre} : aucune place, ou un nombre inconnu ; rien ne se rapporte à une place.")
    echelle = vue.ev.ctx.echelle

    def lire(grandeur: Tableau) -> float:
        lignes = grandeur.reshape(-1, grandeur.shape[-1])
        return float(lignes[vue.rang if len(lignes) > 1 else 0, rang])

    parts = {p: lire(g.valeur) / places for p, g in restes_a_charge(vue.ev).items()}
    cout = lire(par_annee(vue.ev.compte.charges, echelle).valeur)
    heures = lire(par_annee(vue.ev.compte.heures_facturees, echelle).valeur)
    return ResumeMode(
        vue.nom,
        titre or vue.titre,
        etude.mode_accueil,
        echelle.annees[rang],
        places,
        vue.valeur(vue.ev.ctx.entree("programme.surface_m2")),
        vue.montant("exploitation.etp.total"),
        cout / places,
        cout / heures if heures else np.nan,
        parts,
        max(parts[etude.acteurs.commune] + parts[ASSOCIATION], 0.0),
        reste / places,
        demarrage / places,
        etude.acteurs.maitre_ouvrage != "gestionnaire",
        couts_unitaires(vue.ev, vue.rang),
        chercher(moteur, resultat.dossier, etude),
    )


def mesures_publiables(resume: ResumeMode, caf: str, commune: str, familles: str) -> dict[str, float]:
    """Measures of the model that published figures are set beside, in euros of the year of the summary."""
    noms = {caf: (caf, nom_du_cmg(caf)), commune: (commune,), familles: (familles,)}
    payes = {qui: sum(resume.parts.get(nom, 0.0) for nom in siens) for qui, siens in noms.items()}
    return {
        "cout_par_place": resume.cout_par_place,
        "familles_par_place": payes[familles],
        "caf_par_place": payes[caf],
        "commune_par_place": payes[commune],
        "part_familles": payes[familles] / resume.cout_par_place,
        "part_caf": payes[caf] / resume.cout_par_place,
        "etp_par_place": resume.etp_par_place,
    }


@dataclass(frozen=True, slots=True)
class PrixFamille:
    """What a family with one child pays each month by income; shape (incomes,)."""

    revenus: Tableau
    heures_mois: float
    collectif: Tableau
    familial: Tableau
    paje: Tableau
    """Net of the CMG of the bracket of the income."""
    mam_avant_cmg: float


def prix_par_famille(
    moteur: Moteur, resultat: Resultat, revenus: Tableau, heures_mois: float, paje: str, mam: str
) -> PrixFamille:
    """Monthly price in each mode, at the scales of the date of the study.

    Args:
        moteur: engine.
        resultat: study with a scenario of each mode.
        revenus: monthly incomes, shape (n,).
        heures_mois: hours of care billed a month.
        paje: name of the scenario that holds the price of a micro-crèche outside the PSU.
        mam: name of the scenario that holds the price of a childminder.
    """
    jour = resultat.dossier.etude.date_demande
    enfants = np.ones_like(revenus)
    collectif, familial = (
        participation_a_la_date(moteur.catalogue, jour, revenus, enfants, genre) * heures_mois
        for genre in ("collectif", "familial")
    )
    variantes = resultat.dossier.variantes
    for nom in (paje, mam):
        if nom not in variantes:
            raise refuser("Scénario inconnu", nom, variantes)
    tarifs = [variantes[n].exploitation for n in (paje, mam)]
    assert tarifs[0] is not None and tarifs[0].paje is not None  # noqa: PT018
    assert tarifs[1] is not None and tarifs[1].mam is not None  # noqa: PT018
    prix = tarifs[0].paje.tarif_horaire.valeur
    facture = (float("nan") if prix is None else prix) * heures_mois
    tranches = tranche_a_la_date(moteur.catalogue, jour, ressources_du_cmg(moteur.catalogue, jour, revenus * 12))
    ouvert = assez_d_heures(moteur.catalogue, jour, heures_mois)
    aides = [ouvert * float(cmg_a_la_date(moteur.catalogue, jour, np.array(facture), int(t))) for t in tranches]
    horaire = tarifs[1].mam.tarif_horaire.valeur
    return PrixFamille(
        revenus,
        heures_mois,
        collectif,
        familial,
        facture - np.array(aides),
        (float("nan") if horaire is None else horaire) * heures_mois,
    )
