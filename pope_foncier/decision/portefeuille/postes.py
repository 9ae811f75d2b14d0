"""Shared jobs of a portfolio: what each site would pay alone, what it pays once shared, and the time that the law asks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from pope_foncier.baremes.catalogue import Catalogue, exiger
from pope_foncier.decision.portefeuille.axes import empiler, unique
from pope_foncier.decision.portefeuille.fiche import Portefeuille, PostePartage
from pope_foncier.decision.portefeuille.lieu import Lieu
from pope_foncier.modele.modes import MODES_COLLECTIFS
from pope_foncier.places.regles_locaux import rang_categorie
from pope_foncier.socle.grandeur import Tableau
from pope_foncier.socle.nombres import formater_nombre
from pope_foncier.socle.temps import ajouter_mois

_PARTAGE = "referentiel.direction_partagee."
_NOMS = {"direction": "direction", "sante": "santé"}


@dataclass(frozen=True, slots=True)
class AnneeDuPoste:
    """Shared job over one year: FTE and cost of each site alone and once shared, shape (sites,), and of all together [FTE, €]."""

    etp_seuls: Tableau
    seuls: Tableau
    parts: Tableau
    etp_ensemble: float
    etp_commun: float

    @property
    def economies(self) -> Tableau:
        """Saving of each site [€]."""
        return self.seuls - self.parts

    @property
    def totaux(self) -> tuple[float, float, float]:
        """Alone, shared, saved, all the sites together [€]."""
        return float(self.seuls.sum()), float(self.parts.sum()), float(self.seuls.sum() - self.parts.sum())


@dataclass(frozen=True)
class PosteCalcule:
    """Shared job on the common axis: cost of each site alone, shape (sites, …, M), and once shared, shape (…, M) [€]."""

    poste: PostePartage
    cout: Tableau
    """Monthly cost of one FTE, shape (…, M)."""
    etp_seuls: Tableau
    """FTE of each site alone, month by month, shape (sites, …, M); 0 for a site that does not share it."""
    minimum: Tableau
    """FTE that the law asks for in all the sites once shared, shape (…, 1); NaN when no rule bears on the job."""
    regle: str = ""
    """What the minimum comes from, and what must be confirmed."""

    @property
    def deja_compte(self) -> bool:
        """Whether the account of each site already bears the job alone."""
        return self.poste.nature != "gestion"

    @property
    def etp_commun(self) -> Tableau:
        """FTE once shared: never more than what the open sites would pay alone."""
        etp = np.nan if self.poste.etp.valeur is None else self.poste.etp.valeur
        return np.asarray(np.minimum(etp, self.etp_seuls.sum(axis=0)))

    @property
    def seuls(self) -> Tableau:
        """Cost of each site alone, shape (sites, …, M) [€]."""
        return np.asarray(self.etp_seuls * self.cout)

    @property
    def commun(self) -> Tableau:
        """Cost once shared, shape (…, M) [€]."""
        return np.asarray(self.etp_commun * self.cout)

    @property
    def parts(self) -> Tableau:
        """What each site bears of the shared cost, pro rata of its cost alone, shape (sites, …, M) [€]."""
        total = self.etp_seuls.sum(axis=0)
        part = np.divide(self.etp_seuls, total, out=np.zeros_like(self.etp_seuls), where=total != 0)
        return np.asarray(part * self.commun)

    @property
    def economies(self) -> Tableau:
        """Saving of each site, shape (sites, …, M) [€]."""
        return self.seuls - self.parts

    def premiere_annee_commune(self) -> AnneeDuPoste:
        """First twelve months when all the sites share the job.

        Raises:
            ErreurCalcul: there are several draws.
        """
        etp = unique(self.etp_seuls.swapaxes(0, 1))
        ensemble = etp.sum(axis=0)
        debut = 0 if np.isnan(ensemble).any() else int(np.argmax(ensemble >= ensemble.max() - 1e-9))
        mois = slice(debut, debut + 12)
        seuls, parts = (unique(x.swapaxes(0, 1))[:, mois].sum(axis=1) for x in (self.seuls, self.parts))
        commun = float(unique(self.etp_commun)[mois].max())
        return AnneeDuPoste(etp[:, mois].max(axis=1), seuls, parts, float(ensemble[mois].max()), commun)

    def pour(self, lieux: Sequence[Lieu]) -> PosteCalcule:
        """Same job for other states of the same sites, one of them closed for instance."""
        return replace(self, etp_seuls=_etp_seuls(self.poste, lieux))


def calculer_postes(
    portefeuille: Portefeuille, lieux: Sequence[Lieu], cout: Tableau, depart: date, catalogue: Catalogue
) -> tuple[list[PosteCalcule], list[str]]:
    """Shared jobs of a portfolio, and the reasons why the law or the studies refuse them.

    Args:
        portefeuille: sheet of the portfolio.
        lieux: its sites, in order.
        cout: index of wages by month, 1 in the year of the sheet, shape (…, M).
        depart: month 0 of the common axis.
        catalogue: scales.
    """
    calcules, refus = [], []
    for poste in portefeuille.postes_partages:
        annuel = np.nan if poste.cout_etp_an.valeur is None else poste.cout_etp_an.valeur
        concernes = [x for x in lieux if x.id in poste.remplace]
        minimum, regle = np.full((1, 1), np.nan), ""
        if poste.nature != "gestion":
            faute = _refus_du_site(poste, concernes)
            if not faute:
                minimum, regle, faute = _minimum(poste, concernes, depart, catalogue)
            if faute:
                refus.append(f"« {poste.libelle} » : {faute}")
                continue
        calcules.append(PosteCalcule(poste, annuel / 12.0 * cout, _etp_seuls(poste, lieux), minimum, regle))
    return calcules, refus


def _etp_seuls(poste: PostePartage, lieux: Sequence[Lieu]) -> Tableau:
    lignes = []
    for lieu in lieux:
        donnee = poste.remplace.get(lieu.id)
        etp = 0.0 if donnee is None else (np.nan if donnee.valeur is None else donnee.valeur)
        lignes.append(etp * (lieu.tenu if poste.nature == "gestion" else lieu.emploie))
    return empiler(lignes)


def _refus_du_site(poste: PostePartage, lieux: Sequence[Lieu]) -> str:
    """Why a job of direction or health cannot be shared by these sites, from what their studies count."""
    nom = _NOMS[poste.nature]
    for lieu in lieux:
        if not lieu.exploite:
            return f"{lieu.libelle} est loué, la société n'y emploie personne ; seul un poste de gestion s'y partage."
        demande = poste.remplace[lieu.id].valeur
        compte = float(lieu.etp[poste.nature].min())
        if demande is not None and demande > compte + 1e-9:
            return (
                f"{lieu.libelle} compte {formater_nombre(compte, 2)} ETP de {nom}, le portefeuille veut en remplacer "
                f"{formater_nombre(demande, 2)}."
            )
    return ""


def _minimum(
    poste: PostePartage, lieux: Sequence[Lieu], depart: date, catalogue: Catalogue
) -> tuple[Tableau, str, str]:
    """Time that the law asks for in these sites together, where it comes from, and why it is not reached ('' if it is).

    The law is that of the latest opening. Every draw must keep to it: a refusal tells the draw that is furthest from it.

    One person may direct several establishments within R. 2324-34-2 CSP; their total places then set the direction time of
    R. 2324-46-1. No text read adds up the places for the health time of R. 2324-46-2: each site keeps its own.
    """
    nom = _NOMS[poste.nature]
    etp, remplaces = poste.etp.valeur, [d.valeur for d in poste.remplace.values()]
    minimum = np.asarray(sum((x.etp[poste.nature] for x in lieux), np.zeros((1, 1))))
    present = np.full((1, 1), np.nan)
    if etp is not None and None not in remplaces:
        present = minimum - sum(v for v in remplaces if v is not None) + etp
    regle = "R. 2324-46-1 du CSP"
    if poste.nature == "sante":
        regle = "R. 2324-46-2 du CSP : chaque lieu garde son temps (lecture prudente, à confirmer auprès de la PMI)"
    if poste.nature == "direction" and len(lieux) > 1:
        jour = ajouter_mois(depart, int(max(x.ouverture.max() for x in lieux)))
        refus = _refus_de_direction(lieux, jour, catalogue)
        if refus:
            return minimum, "", refus
        total = sum((x.places for x in lieux), np.zeros((1, 1)))
        seuils = [*exiger(catalogue.derniere("referentiel.categories.seuils", jour)).valeur.values()][:-1]
        table = [*exiger(catalogue.derniere("referentiel.encadrement.etp_direction", jour)).valeur.values()]
        minimum = np.array(table, dtype=np.float64)[rang_categorie(np.array(seuils), total).astype(int)]
        regle = (
            f"R. 2324-34-2 et R. 2324-46-1 du CSP : {formater_nombre(float(total.max()))} places ensemble ; sur autorisation du "
            "président du conseil départemental, rédaction de 2026 à confirmer"
        )
    marge = present - minimum
    if (marge < -1e-9).any():
        pire = np.unravel_index(np.nanargmin(marge), marge.shape)
        reste, loi = (float(np.broadcast_to(x, marge.shape)[pire]) for x in (present, minimum))
        manque = (
            f"il resterait {formater_nombre(reste, 2)} ETP de {nom} dans ces lieux, la loi en veut au moins "
            f"{formater_nombre(loi, 2)} ({regle})."
        )
        return minimum, regle, manque
    return minimum, regle, ""


def _refus_de_direction(lieux: Sequence[Lieu], jour: date, catalogue: Catalogue) -> str:
    """Why one person may not direct these sites (R. 2324-34-2 CSP)."""

    def lire(code: str) -> float:
        return float(exiger(catalogue.derniere(_PARTAGE + code, jour)).valeur)

    autres = [x.libelle for x in lieux if x.mode not in MODES_COLLECTIFS]
    if autres:
        return f"la règle d'une direction commune n'est connue que pour les crèches collectives ({', '.join(autres)})."
    micro = exiger(catalogue.derniere("referentiel.categories.seuils", jour)).valeur["micro_creche"]
    places = empiler(x.places for x in lieux)
    controles = (
        ("établissements", len(lieux), lire("etablissements_max")),
        ("micro-crèches", (places <= micro).sum(axis=0).max(), lire("micro_creches_max")),
        ("places dans un seul lieu", places.max(), lire("places_par_etablissement_max")),
        ("places ensemble", places.sum(axis=0).max(), lire("places_ensemble_max")),
    )
    for quoi, trouve, maximum in controles:
        if trouve > maximum + 1e-9:
            return (
                f"une même personne dirigerait {formater_nombre(float(trouve))} {quoi}, {formater_nombre(maximum)} au plus "
                "(R. 2324-34-2 du CSP)."
            )
    return ""
