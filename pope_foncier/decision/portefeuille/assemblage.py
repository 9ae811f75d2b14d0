"""Pool the sites: open the studies of a portfolio, refuse what cannot be pooled, evaluate, put on one axis."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from pope_foncier.acquisition.montages import lire_montages
from pope_foncier.decision.montages.possibles import preparer
from pope_foncier.decision.portefeuille.employeur import employeur_commun
from pope_foncier.decision.portefeuille.ensemble import Ensemble
from pope_foncier.decision.portefeuille.fiche import LignePortefeuille, Portefeuille
from pope_foncier.decision.portefeuille.financement import PlanDuLieu, financer, sans_capital_propre
from pope_foncier.decision.portefeuille.lecture import lire_lieu
from pope_foncier.decision.portefeuille.postes import calculer_postes
from pope_foncier.decision.portefeuille.prepare import Prepare
from pope_foncier.decision.portefeuille.tirages import Tirages
from pope_foncier.etude.moteur import Moteur
from pope_foncier.etude.scenarios import Dossier, ouvrir
from pope_foncier.socle.chemins import dossier_donnees
from pope_foncier.socle.erreurs import ErreurCalcul, ErreurDonnees, Probleme
from pope_foncier.socle.temps import ajouter_mois, mois_entre

_FORMES = {"association": "association qui exploite", "scic": "Scic qui exploite"}


def preparer_lieux(
    portefeuille: Portefeuille, etudes: Path | None = None, dossiers: Mapping[str, Dossier] | None = None
) -> list[Prepare]:
    """Open the studies and build the study of each montage.

    Args:
        portefeuille: sheet of the portfolio.
        etudes: folder of the studies; that of the project by default.
        dossiers: studies already open, by name, instead of files.

    Raises:
        ErreurDonnees: montage unknown or impossible, study without property or operation, several holders, a trial without its
            assumption — all at once.
    """
    ouverts: dict[str, Dossier] = dict(dossiers or {})
    prepares, problemes = [], []
    for ligne in portefeuille.lignes:
        if ligne.etude not in ouverts:
            ouverts[ligne.etude] = ouvrir((etudes or dossier_donnees() / "etudes") / f"{ligne.etude}.yaml")
        dossier = ouverts[ligne.etude]
        refus = _refus(ligne, dossier)
        if refus:
            problemes.append(_probleme(f"lignes[{ligne.id}]", refus, "choisir un autre montage."))
            continue
        assert dossier.etude.foncier is not None
        etude = preparer(dossier, dossier.etude.foncier, ligne.montage, lire_montages().montages[ligne.montage]).etude
        assert etude is not None
        prepares.append(Prepare(ligne, dossier, sans_capital_propre(etude)))
    problemes += _refus_communs(portefeuille, prepares)
    if problemes:
        raise ErreurDonnees(problemes)
    return prepares


def reunir(
    portefeuille: Portefeuille,
    prepares: list[Prepare],
    moteur: Moteur,
    retards: Mapping[str, int] | None = None,
    tirages: Tirages | None = None,
) -> Ensemble:
    """Evaluate prepared sites, fund them with the equity of the company, and pool them, for one scenario or for draws.

    Args:
        portefeuille: sheet of the portfolio.
        prepares: its sites, prepared.
        moteur: engine.
        retards: months of delay of the grants, by identifier of a site.
        tirages: draws common to the sites or of one site; without them the portfolio has one row.

    Raises:
        ErreurDonnees: opening unknown, or a shared job that the law or the studies refuse.
        ErreurCalcul: draws of a site that the portfolio does not have, or of a field that its study does not have.
    """
    plans = financer_lieux(portefeuille, prepares, moteur, retards, tirages)
    return mettre_en_commun(portefeuille, prepares, plans, moteur, tirages)


def financer_lieux(
    portefeuille: Portefeuille,
    prepares: list[Prepare],
    moteur: Moteur,
    retards: Mapping[str, int] | None = None,
    tirages: Tirages | None = None,
) -> list[PlanDuLieu]:
    """Evaluate prepared sites and close their plans with the equity of the company; arguments and errors of ``reunir``."""
    tires = tirages or Tirages()
    etrangers = sorted(set(tires.propres) - {p.ligne.id for p in prepares})
    if etrangers:
        raise ErreurCalcul(
            f"Tirages de lieux absents du portefeuille : {', '.join(etrangers)}. Reprendre un identifiant de « lignes »."
        )
    prepares = employeur_commun(prepares, moteur)
    ouvertes = [p.evaluer(moteur, (retards or {}).get(p.ligne.id, 0), tires.du_lieu(p.ligne.id)) for p in prepares]
    inconnues = [
        p.ligne.id for p, ev in zip(prepares, ouvertes, strict=True) if np.isnan(ev.calendrier.ouverture.valeur).any()
    ]
    if inconnues:
        raise ErreurDonnees(
            [_probleme(f"lignes[{n}]", "la date d'ouverture est inconnue.", "donner les délais.") for n in inconnues]
        )
    return financer(ouvertes, portefeuille.capital_verse)


def mettre_en_commun(
    portefeuille: Portefeuille,
    prepares: list[Prepare],
    plans: list[PlanDuLieu],
    moteur: Moteur,
    tirages: Tirages | None = None,
) -> Ensemble:
    """Put funded sites on one axis, with the jobs that they share."""
    tires = tirages or Tirages()
    departs = [
        ajouter_mois(x.bouclee.ctx.etude.date_depart, p.ligne.decalage_mois)
        for p, x in zip(prepares, plans, strict=True)
    ]
    depart = min(departs)
    debuts = [mois_entre(depart, d) for d in departs]
    duree = max(d + x.bouclee.ctx.echelle.duree_mois for d, x in zip(debuts, plans, strict=True))
    lieux = tuple(lire_lieu(p.ligne, x, debut, duree) for debut, p, x in zip(debuts, prepares, plans, strict=True))
    hausse = 1.0 + moteur.evolutions.chemins["salaires"].taux(prepares[0].etude.evolution) + tires.ecart("salaires")
    annees = np.array([ajouter_mois(depart, m).year - portefeuille.annee_prix for m in range(duree)])
    postes, refus = calculer_postes(portefeuille, lieux, hausse ** np.maximum(annees, 0), depart, moteur.catalogue)
    if refus:
        raise ErreurDonnees([_probleme("postes_partages", r, "corriger « etp » ou « remplace ».") for r in refus])
    return Ensemble(portefeuille, depart, lieux, tuple(postes))


def assembler(
    portefeuille: Portefeuille,
    moteur: Moteur,
    retards: Mapping[str, int] | None = None,
    etudes: Path | None = None,
    tirages: Tirages | None = None,
) -> Ensemble:
    """Open, evaluate and pool the sites of a portfolio, for one scenario or for draws.

    Args:
        portefeuille: sheet of the portfolio.
        moteur: engine.
        retards: months of delay of the grants, by identifier of a site.
        etudes: folder of the studies; that of the project by default.
        tirages: draws common to the sites or of one site.

    Raises:
        ErreurDonnees: what cannot be pooled, all at once.
    """
    return reunir(portefeuille, preparer_lieux(portefeuille, etudes), moteur, retards, tirages)


def _probleme(champ: str, quoi: str, remede: str) -> Probleme:
    return Probleme("portefeuille", None, champ, quoi, remede)


def _refus(ligne: LignePortefeuille, dossier: Dossier) -> str:
    montages = lire_montages().montages
    if ligne.montage not in montages:
        return f"montage « {ligne.montage} » inconnu ; montages connus : {', '.join(montages)}."
    if dossier.etude.foncier is None:
        return f"l'étude « {ligne.etude} » n'a pas de section « foncier »."
    montage = montages[ligne.montage]
    if montage.porteur == "gestionnaire" and dossier.etude.exploitation is None:
        return f"« {montage.titre} » exploite, et l'étude « {ligne.etude} » n'a pas de section « exploitation »."
    cas = preparer(dossier, dossier.etude.foncier, ligne.montage, montage)
    return f"« {montage.titre} » est impossible ici : {' ; '.join(cas.raisons)}." if cas.etat == "impossible" else ""


def _refus_communs(portefeuille: Portefeuille, prepares: list[Prepare]) -> list[Probleme]:
    """What forbids one company for all these sites, or a trial without its assumption."""
    problemes = []
    montages = {p.ligne.id: lire_montages().montages[p.ligne.montage] for p in prepares}
    porteurs = {
        _FORMES.get(m.forme, m.forme) if m.porteur == "gestionnaire" else f"{m.porteur} qui loue"
        for m in montages.values()
    }
    if len(porteurs) > 1:
        faute = f"plusieurs porteurs : {', '.join(sorted(porteurs))}."
        remede = "réunir les lieux d'une même société, qui loue partout ou exploite partout."
        problemes.append(_probleme("lignes", faute, remede))
    chemins = sorted({p.etude.evolution for p in prepares})
    if len(chemins) > 1:
        faute = f"les études suivent plusieurs chemins d'évolution : {', '.join(chemins)}."
        problemes.append(_probleme("lignes", faute, "donner le même « evolution » aux études."))
    exploite = any(m.porteur == "gestionnaire" for m in montages.values())
    preavis = portefeuille.preavis_salaires_mois
    if exploite and (preavis is None or preavis.valeur is None):
        faute = "la société exploite : combien de mois de salaires paie-t-elle quand un lieu ferme ?"
        problemes.append(_probleme("preavis_salaires_mois", faute, "ajouter « valeur » et « base » (hypothèse)."))
    return problemes
