"""Portfolio: several sites held by one company — pooled treasury, one balance sheet, and what one failure does to the others."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Annotated

import numpy as np
from pydantic import Field, model_validator

from pope_foncier.analyse.chaine import Evaluation, Moteur
from pope_foncier.analyse.montage_en_etude import CAPITAL_SCI
from pope_foncier.analyse.montages import preparer
from pope_foncier.analyse.scenarios import BASE, Dossier, ouvrir, varier
from pope_foncier.finances.livre import verifier_nul
from pope_foncier.finances.prets import Dette
from pope_foncier.finances.subventions import Subvention
from pope_foncier.projet.donnee import DonneeEuros
from pope_foncier.projet.etude import Etude
from pope_foncier.projet.montages import lire_montages
from pope_foncier.socle.chemins import dossier_donnees
from pope_foncier.socle.erreurs import ErreurDonnees, Probleme
from pope_foncier.socle.fiches import DureeMois, Fiche, Texte, faute, lire_fiche
from pope_foncier.socle.grandeur import Tableau
from pope_foncier.socle.temps import ajouter_mois, mois_en_clair


class PostePartage(Fiche):
    """Cost that the sites share, paid by the company each month."""

    libelle: Texte
    montant_an: DonneeEuros


class LignePortefeuille(Fiche):
    """One site of the portfolio: its study, its montage, and how many months later it starts."""

    id: Texte
    libelle: Texte
    etude: Texte
    montage: Texte
    decalage_mois: DureeMois


class Portefeuille(Fiche):
    """Portfolio of a company that holds several sites."""

    titre: Texte
    capital: DonneeEuros
    postes_partages: tuple[PostePartage, ...] = ()
    annee_prix: int
    lignes: tuple[LignePortefeuille, ...] = Field(min_length=1)
    depart_ans: Annotated[int, Field(ge=1)]
    """Years after its opening at which a site fails, in the trial."""
    retard_mois: DureeMois
    """Delay of the grants of a site, in the trial."""

    @model_validator(mode="after")
    def _noms_uniques(self) -> Portefeuille:
        noms = [x.id for x in self.lignes]
        doubles = sorted({n for n in noms if noms.count(n) > 1})
        if doubles:
            raise faute(f"lieu en double : {', '.join(doubles)}.", "donner un identifiant différent à chacun.")
        return self


@dataclass(frozen=True)
class Lieu:
    """One site on the common axis, shape (M,) [€]; the rest of the balance sheet follows from these flows."""

    libelle: str
    loyers: Tableau
    charges: Tableau
    interets: Tableau
    investissement: Tableau
    subventions: Tableau
    tirages: Tableau
    remboursements: Tableau
    dotation: Tableau
    quote_part: Tableau
    autres: Tableau
    """What else moves the cash: quasi-equity and bridge, drawn less given back; a debt in the balance sheet."""
    ouverture: int
    engagement: Tableau
    """Grants to give back if the use stopped at each month, pro rata of the commitment left."""

    @property
    def tresorerie(self) -> Tableau:
        """Net cash flow by month, without the equity of the company."""
        recu = self.loyers + self.subventions + self.tirages + self.autres
        return recu - self.charges - self.interets - self.investissement - self.remboursements


@dataclass(frozen=True)
class Ensemble:
    """Pooled portfolio, shape (M,) [€]."""

    depart: date
    lieux: tuple[Lieu, ...]
    partages: Tableau
    capital: float

    @property
    def caisse(self) -> Tableau:
        """Cash at the end of each month, equity paid in at the start."""
        flux = sum((lieu.tresorerie for lieu in self.lieux), -self.partages)
        return self.capital + np.cumsum(flux)

    def bilan(self) -> dict[str, Tableau]:
        """Balance sheet at the end of each year: assets then liabilities, equal to the cent, shape (years,).

        Raises:
            IdentiteRompue: assets differ from liabilities.
        """

        def cumul(nom: str) -> Tableau:
            return np.cumsum(sum((getattr(lieu, nom) for lieu in self.lieux), np.zeros(len(self.partages))))

        resultat = cumul("loyers") - cumul("charges") - cumul("interets") - cumul("dotation") + cumul("quote_part")
        postes = {
            "Immeubles et travaux, nets": cumul("investissement") - cumul("dotation"),
            "Trésorerie": self.caisse,
            "Capital": np.full(len(self.partages), self.capital),
            "Résultats cumulés": resultat - np.cumsum(self.partages),
            "Subventions non rapportées": cumul("subventions") - cumul("quote_part"),
            "Emprunts": cumul("tirages") - cumul("remboursements"),
            "Autres apports et dettes (reprises, relais)": cumul("autres"),
        }
        actif = postes["Immeubles et travaux, nets"] + postes["Trésorerie"]
        passif = sum(v for nom, v in list(postes.items())[2:])
        verifier_nul(actif - passif, "actif = passif du portefeuille")
        fins = np.arange(11, len(self.partages), 12)
        return {nom: v[fins] for nom, v in postes.items()}


@dataclass(frozen=True, slots=True)
class Epreuve:
    """Trial on the portfolio: lowest cash, its month, months below zero."""

    libelle: str
    point_bas: float
    quand: str
    mois_negatifs: int
    sans_mutualiser: float
    """Lowest cash of the hit site if it stood alone with its share of the equity [€]."""


def lire_portefeuille(chemin: Path) -> Portefeuille:
    """Read a portfolio."""
    return lire_fiche(Portefeuille, chemin)


def assembler(
    portefeuille: Portefeuille, moteur: Moteur, retards: Mapping[str, int] | None = None, etudes: Path | None = None
) -> Ensemble:
    """Evaluate the sites of a portfolio and pool them on one axis.

    Args:
        retards: months of delay of the grants, by identifier of a site.
        etudes: folder of the studies; that of the project by default.

    Raises:
        ErreurDonnees: unknown montage, or a montage that is impossible or not held by a company, all at once.
    """
    cas, problemes = [], []
    for ligne in portefeuille.lignes:
        dossier = ouvrir((etudes or dossier_donnees() / "etudes") / f"{ligne.etude}.yaml")
        faute = _refus(ligne, dossier)
        if faute:
            problemes.append(Probleme("portefeuille", None, f"lignes[{ligne.id}]", faute, "choisir un autre montage."))
            continue
        assert dossier.etude.foncier is not None
        montage = lire_montages().montages[ligne.montage]
        etude = preparer(dossier, dossier.etude.foncier, ligne.montage, montage).etude
        assert etude is not None
        retard = (retards or {}).get(ligne.id, 0)
        cas.append((ligne, _evaluer(dossier, _retarder_aides(dossier, etude, retard), moteur)))
    porteurs = {lire_montages().montages[x.montage].porteur for x, _ in cas}
    if len(porteurs) > 1:
        noms = ", ".join(sorted(porteurs))
        problemes.append(
            Probleme(
                "portefeuille", None, "lignes", f"plusieurs porteurs : {noms}.", "réunir les lieux d'une même société."
            )
        )
    if problemes:
        raise ErreurDonnees(problemes)
    depart = min(ajouter_mois(ev.ctx.etude.date_depart, ligne.decalage_mois) for ligne, ev in cas)
    debuts = [_ecart(depart, ajouter_mois(ev.ctx.etude.date_depart, ligne.decalage_mois)) for ligne, ev in cas]
    duree = max(d + ev.ctx.echelle.duree_mois for d, (_, ev) in zip(debuts, cas, strict=True))
    lieux = tuple(_lieu(ligne, ev, debut, duree) for debut, (ligne, ev) in zip(debuts, cas, strict=True))
    annuel = sum(p.montant_an.valeur or 0.0 for p in portefeuille.postes_partages)
    if any(p.montant_an.valeur is None for p in portefeuille.postes_partages) or portefeuille.capital.valeur is None:
        annuel = float("nan")
    capital = float("nan") if portefeuille.capital.valeur is None else float(portefeuille.capital.valeur)
    hausse = 1.0 + moteur.evolutions.chemins["prix"].taux("central")
    annees = np.array([ajouter_mois(depart, m).year - portefeuille.annee_prix for m in range(duree)])
    return Ensemble(depart, lieux, annuel / 12.0 * hausse ** np.maximum(annees, 0), capital)


def eprouver(portefeuille: Portefeuille, moteur: Moteur, etudes: Path | None = None) -> list[Epreuve]:
    """Each site failing in turn (its rents stop, its grants are given back pro rata), then each one's grants late: the pooled cash, and the site alone."""
    base = assembler(portefeuille, moteur, etudes=etudes)
    part = base.capital / len(base.lieux)
    epreuves = [_epreuve("Tout se passe comme prévu", base, float("nan"))]
    for rang, (ligne, lieu) in enumerate(zip(portefeuille.lignes, base.lieux, strict=True)):
        loyers, rendu = lieu.loyers.copy(), np.zeros(len(lieu.loyers))
        depart = min(lieu.ouverture + 12 * portefeuille.depart_ans, len(loyers) - 1)
        loyers[depart:] = 0.0
        rendu[depart] = lieu.engagement[depart]
        ferme = replace(lieu, loyers=loyers, charges=lieu.charges + rendu)
        touche = replace(base, lieux=tuple(ferme if i == rang else autre for i, autre in enumerate(base.lieux)))
        libelle = f"{ligne.libelle} : vide {portefeuille.depart_ans} ans après l'ouverture"
        epreuves.append(_epreuve(libelle, touche, part + float(np.cumsum(ferme.tresorerie).min())))
    for rang, ligne in enumerate(portefeuille.lignes):
        touche = assembler(portefeuille, moteur, {ligne.id: portefeuille.retard_mois}, etudes)
        libelle = f"{ligne.libelle} : aides en retard de {portefeuille.retard_mois} mois"
        epreuves.append(_epreuve(libelle, touche, part + float(np.cumsum(touche.lieux[rang].tresorerie).min())))
    return epreuves


def _epreuve(libelle: str, ensemble: Ensemble, seul: float) -> Epreuve:
    caisse = ensemble.caisse
    if np.isnan(caisse).any():
        return Epreuve(libelle, float("nan"), "inconnu", 0, seul)
    creux = int(np.argmin(caisse))
    quand = mois_en_clair(ajouter_mois(ensemble.depart, creux))
    return Epreuve(libelle, float(caisse[creux]), quand, int((caisse < -0.005).sum()), seul)


def _refus(ligne: LignePortefeuille, dossier: Dossier) -> str:
    montages = lire_montages().montages
    if ligne.montage not in montages:
        return f"montage « {ligne.montage} » inconnu ; montages connus : {', '.join(montages)}."
    if dossier.etude.foncier is None:
        return f"l'étude « {ligne.etude} » n'a pas de section « foncier »."
    montage = montages[ligne.montage]
    if montage.bail is None:
        return f"« {montage.titre} » ne loue à personne : un portefeuille réunit des lieux loués par leur porteur."
    cas = preparer(dossier, dossier.etude.foncier, ligne.montage, montage)
    return f"« {montage.titre} » est impossible ici : {' ; '.join(cas.raisons)}." if cas.etat == "impossible" else ""


def _retarder_aides(dossier: Dossier, etude: Etude, retard: int) -> Etude:
    comptees = [a for a in etude.aides if a.statut != "non_demandee"]
    if not retard or not comptees:
        return etude
    surcharges = {f"aides[{a.id}].retard_mois": a.retard_mois + retard for a in comptees}
    return varier(replace(dossier, etude=etude, variantes={BASE: etude}), "retard", surcharges)


def _evaluer(dossier: Dossier, etude: Etude, moteur: Moteur) -> Evaluation:
    return moteur.evaluer(replace(dossier, etude=etude, variantes={BASE: etude}))[0]


def _ecart(depart: date, jour: date) -> int:
    return (jour.year - depart.year) * 12 + jour.month - depart.month


def _lieu(ligne: LignePortefeuille, ev: Evaluation, debut: int, duree: int) -> Lieu:
    """Flows of the holder of one site, moved to the common axis."""
    mois = ev.ctx.echelle.duree_mois
    porteur = ev.ctx.etude.acteurs.proprietaire

    def poser(valeur: Tableau) -> Tableau:
        axe = np.zeros(duree)
        axe[debut : debut + mois] = np.broadcast_to(valeur.reshape(-1, valeur.shape[-1])[0], (mois,))
        return axe

    def somme(*debuts: str, recu: bool) -> Tableau:
        total = np.zeros(duree)
        for x in ev.livre.lignes.values():
            if x.est_flux and x.code.startswith(debuts) and (x.receveur if recu else x.payeur) == porteur:
                total = total + poser(x.grandeur.valeur)
        return total

    investi = somme("tresorerie.", recu=False) - somme("tresorerie.loyer", "tresorerie.reprise.", recu=False)
    investi = investi - somme("tresorerie.compensation_tva", recu=True)
    aides = somme("tresorerie.aide.", recu=True)
    ouverture = int(np.ravel(ev.calendrier.ouverture.valeur)[0])
    achat = ev.ctx.etude.acquisition
    terrain = 0.0
    if achat is not None and achat.part_terrain.valeur is not None:
        terrain = float(ev.entree.prix.valeur.flat[0]) * achat.part_terrain.valeur
    vie = np.arange(duree) >= debut + ouverture
    reste = max(int(vie[: debut + mois].sum()), 1)
    etale = np.where(vie & (np.arange(duree) < debut + mois), 1.0 / reste, 0.0)
    siennes = [d for d in ev.dettes if d.emprunteur == porteur]
    nul = np.zeros(duree)
    parts = {
        "loyers": somme("bail.", recu=True),
        "charges": somme("immobilier.", "tresorerie.loyer", recu=False) + _frais(siennes, ev, poser, nul),
        "interets": somme("relais.interets", recu=False) + sum((poser(d.interets.valeur) for d in siennes), nul),
        "investissement": investi,
        "subventions": aides,
        "tirages": sum((poser(ev.livre[f"emprunts.{d.id}.deblocage"].valeur) for d in siennes), nul),
        "remboursements": sum((poser(d.remboursement.valeur) for d in siennes), nul),
    }
    propres = sum((poser(a.encaisse.valeur) for a in ev.apports if a.id == CAPITAL_SCI), nul)
    recu = parts["loyers"] + parts["subventions"] + parts["tirages"]
    paye = parts["charges"] + parts["interets"] + parts["investissement"] + parts["remboursements"]
    engagement = sum((_a_rendre(ev, a, debut + ouverture, duree) for a in ev.subventions), nul)
    return Lieu(
        libelle=ligne.libelle,
        **parts,
        dotation=(investi.sum() - terrain) * etale,
        quote_part=aides.sum() * etale,
        autres=poser(ev.livre[f"solde.{porteur}"].valeur) - propres - (recu - paye),
        ouverture=debut + ouverture,
        engagement=engagement,
    )


def _frais(dettes: Sequence[Dette], ev: Evaluation, poser: Callable[[Tableau], Tableau], nul: Tableau) -> Tableau:
    codes = (f"emprunts.{d.id}.{x}" for d in dettes for x in ("frais", "garantie"))
    return sum((poser(ev.livre[c].valeur) for c in codes if c in ev.livre.lignes), nul)


def _a_rendre(ev: Evaluation, aide: Subvention, ouverture: int, duree: int) -> Tableau:
    """Grant to give back month by month if the use stopped, pro rata of the commitment left after the opening."""
    if aide.aide.engagement_ans is None:
        return np.zeros(duree)
    ans = float(np.ravel(ev.ctx.entree(f"aides[{aide.aide.id}].engagement_ans", "Engagement", "ans").valeur)[0])
    reste = np.clip(1.0 - (np.arange(duree) - ouverture) / (12.0 * ans), 0.0, 1.0)
    return np.asarray(float(aide.subvention.valeur.flat[0]) * reste)
