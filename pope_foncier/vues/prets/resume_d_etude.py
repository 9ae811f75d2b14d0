"""Loans of a study, each on one page: its terms as the study reads them, its dates those of the closed plan, what is assumed said so."""

from __future__ import annotations

from pope_foncier.etude.pret_lu import emprunt_de
from pope_foncier.etude.resultats import Vue
from pope_foncier.etude.suretes import suretes
from pope_foncier.modele.donnee import Donnee
from pope_foncier.modele.fiche_pret import Pret as FichePret
from pope_foncier.prets import echeancier
from pope_foncier.prets.fiche_offre import FicheOffre, NatureEmprunteur
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.vues.prets import resume, tableaux_suretes

_NATURES: dict[str, NatureEmprunteur] = {"collectivite": "collectivite", "association": "association"}
"""Kind of borrower of each legal form; the others are companies, and a party whose form nobody says a professional."""


def resumer(vue: Vue, pret: str) -> resume.Pret:
    """Loan of the closed plan, to sum up.

    Raises:
        Inconnu: a loan that the study does not have.
        ErreurCalcul: no place, or a term that is unknown.
    """
    if vue.aucune_place:
        raise ErreurCalcul(f"Aucun prêt à résumer : aucune place ({vue.aucune_place}).")
    bouclee = vue.bouclee
    tableau = echeancier(emprunt_de(bouclee.ev, pret, bouclee.rang))
    etude = bouclee.ev.ctx.etude
    fiche = next(p for p in etude.prets if p.id == pret)
    porte = fiche.emprunteur == etude.acteurs.maitre_ouvrage
    nature = _NATURES.get(etude.acteurs.forme_maitre_ouvrage, "societe") if porte else "professionnel"
    offre = FicheOffre(
        preteur=fiche.preteur,
        emprunteur=getattr(etude.acteurs, fiche.emprunteur),
        nature_emprunteur=nature,
        objet=fiche.objet or etude.titre,
        suretes=tuple(_suretes(vue, pret)),
    )
    return resume.Pret(tableau, fiche.libelle, offre, tuple(_reserves(vue, fiche)))


def page(vue: Vue, pret: str | None = None) -> str:
    """Page of one loan of a scenario, or of all of them, a sheet each.

    Raises:
        Inconnu, ErreurCalcul: as ``resumer``; or a study without loan.
    """
    noms = [pret] if pret is not None else [p.id for p in vue.ev.ctx.etude.prets]
    if not noms:
        raise ErreurCalcul("L'étude n'a aucun prêt à résumer.")
    return resume.rediger([resumer(vue, nom) for nom in noms])


def rediger(vue: Vue) -> str | None:
    """Page of all the loans of a scenario, a sheet each; None without a place or a loan, or when none is known well enough."""
    if vue.aucune_place:
        return None
    pages, refus = [], []
    for pret in vue.ev.ctx.etude.prets:
        try:
            pages.append(resumer(vue, pret.id))
        except ErreurCalcul as erreur:
            refus.append(f"{pret.libelle} : {erreur}")
    if not pages:
        return None
    premiere = pages[0]
    pages[0] = resume.Pret(premiere.tableau, premiere.titre, premiere.offre, (*premiere.reserves, *refus))
    return resume.rediger(pages)


def _suretes(vue: Vue, pret: str) -> list[str]:
    fiche = next(p for p in vue.ev.ctx.etude.prets if p.id == pret)
    if fiche.garantie is None:
        return []
    lue = next(s for s in suretes(vue.bouclee.ev) if s.libelle == fiche.libelle)
    return [tableaux_suretes.en_clair(lue, vue.bouclee.rang)]


def _reserves(vue: Vue, fiche: FichePret) -> list[str]:
    """Terms of the study that are assumptions, and whom to ask."""
    dites = []
    for nom, quoi in (("montant", "montant"), ("taux", "taux"), ("duree_mois", "durée"), ("differe_mois", "différé")):
        donnee = getattr(fiche, nom)
        if isinstance(donnee, Donnee) and donnee.base is not None:
            demander = f", à obtenir de {donnee.a_obtenir_de}" if donnee.a_obtenir_de else ""
            dites.append(f"{quoi.capitalize()}, hypothèse : {donnee.base}{demander}.")
    if vue.est_ouverte:
        dites.append("Le plan de l'étude ne se ferme pas de lui-même : ce prêt y est lu une fois le plan bouclé.")
    return dites
