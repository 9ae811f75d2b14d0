"""Closing of a plan: calls the closers in order until resources equal uses, interest and bridge included.

What a closer brings changes the uses (interest during the works, bridge, opening losses), so the plan is computed again with
the amounts found, until they no longer move: a fixed point, all scenarios or draws at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from pope_foncier.etude.boucleurs import champ, cle_de
from pope_foncier.etude.chaine import calculer
from pope_foncier.etude.evaluation import Evaluation
from pope_foncier.etude.service_dette import disponible, service
from pope_foncier.modele.contexte import Contexte
from pope_foncier.modele.fiche_bouclage import A_TROUVER, DEMARRAGE, Boucleur
from pope_foncier.prets.prets_de_l_etude import service_d_un_euro
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.grandeur import Grandeur, Tableau
from pope_foncier.socle.nombres import euros
from pope_foncier.socle.operations_du_temps import sommes_annuelles
from pope_foncier.socle.phrases import Origine

_TOURS = 250
_STABLE = 0.001
"""Change of an amount under which it is settled [€]."""


@dataclass(frozen=True, slots=True)
class ApportDeBouclage:
    """What one closer brings, shape (…, 1) [€]."""

    boucleur: Boucleur
    montant: Grandeur

    @property
    def est_a_trouver(self) -> bool:
        """Whether nobody was named: a working reading."""
        return self.boucleur.est_a_trouver


def apports_de_bouclage(ev: Evaluation) -> list[ApportDeBouclage]:
    """What each closer brings, in order; nothing on the plan as it stands."""
    return [ApportDeBouclage(b, ev.ctx.bouclage[b.id]) for b in ev.ctx.etude.boucleurs if b.id in ev.ctx.bouclage]


def boucler(ouverte: Evaluation) -> Evaluation:
    """Close the plan of an evaluation with the closers of its study.

    Args:
        ouverte: evaluation of the plan as it stands.

    Raises:
        ErreurCalcul: the amounts do not settle; names the closer that moves most and by how much.
    """
    ctx, solveur = ouverte.ctx, _Solveur()
    ev, montants = ouverte, {b.id: np.zeros((1, 1)) for b in ctx.etude.boucleurs}
    for _ in range(_TOURS):
        manque = ev.plan.reste_a_financer.valeur + sum(montants.values())
        nouveaux = solveur.repartir(ev, np.asarray(manque))
        ecarts = {cle: _ecart(nouveaux[cle], montants[cle]) for cle in nouveaux}
        if ev is not ouverte and max(ecarts.values()) <= _STABLE:
            return ev
        montants = nouveaux
        ev = calculer(replace(ctx, bouclage=_grandeurs(ctx, montants)), ouverte.noms)
    pire = max(ecarts, key=lambda cle: ecarts[cle])
    raise ErreurCalcul(
        f"Le bouclage ne se stabilise pas : « {pire} » bouge encore de {euros(ecarts[pire], 2)} après {_TOURS} essais. "
        "Fixer son montant (« montant »), ou lui donner un plafond."
    )


class _Solveur:
    """Amounts of the closers for a given gap."""

    def repartir(self, ev: Evaluation, manque: Tableau) -> dict[str, Tableau]:
        """Share out the gap between the closers, in order, shape (…, 1) each [€]; an operator's start is apart from the owner's gap."""
        du_gestionnaire = ev.plan.manque_du_gestionnaire.valeur
        total = np.maximum(manque - du_gestionnaire, 0.0)
        reste, montants = total, {}
        for boucleur in ev.ctx.etude.boucleurs:
            if boucleur.id == DEMARRAGE.id:
                montants[boucleur.id] = np.asarray(du_gestionnaire)
                continue
            voulu = self._voulu(ev, boucleur, total, reste)
            montant = np.minimum(voulu, reste)
            if boucleur.plafond is not None:
                plafond = ev.ctx.entree(f"{champ(ev.ctx, boucleur)}.plafond")
                montant = np.minimum(montant, plafond.valeur)
            if boucleur.nature == "report_travaux":
                montant = np.minimum(montant, (ev.cout.travaux_ht.valeur + ev.cout.aleas_ht.valeur))
            montants[boucleur.id] = montant = np.asarray(np.maximum(montant, 0.0))
            reste = reste - montant
        return montants

    def _voulu(self, ev: Evaluation, boucleur: Boucleur, total: Tableau, reste: Tableau) -> Tableau:
        ou = champ(ev.ctx, boucleur)
        if boucleur.montant is not None:
            return ev.ctx.entree(f"{ou}.montant").valeur
        if boucleur.part is not None:
            return total * ev.ctx.entree(f"{ou}.part").valeur
        if boucleur.pret is not None and boucleur.pret.couverture_cible is not None:
            return self._capacite(ev, boucleur)
        return reste

    def _capacite(self, ev: Evaluation, boucleur: Boucleur) -> Tableau:
        """Largest loan whose service leaves the cover of each year of debt at the target, shape (…, 1) [€].

        The years are those that the cover is read on: from the opening, ramp-up included.
        """
        echelle, porteur = ev.ctx.echelle, ev.ctx.etude.acteurs.nom_maitre_ouvrage
        du_pret = next((d for d in ev.dettes if d.id == cle_de(boucleur)), None)
        echeances = service_d_un_euro(ev.ctx, ev.calendrier, champ(ev.ctx, boucleur), boucleur)
        unitaire = sommes_annuelles(echeances * (1.0 - ev.calendrier.avant_ouverture.valeur), echelle)
        dispo = disponible(ev, porteur)
        if dispo is None:
            raise ErreurCalcul(
                f"« {boucleur.libelle} » vise une couverture, mais l'étude n'a pas de compte d'exploitation. "
                "Retirer « couverture_cible », ou compléter « exploitation »."
            )
        cible = ev.ctx.entree(f"{champ(ev.ctx, boucleur)}.pret.couverture_cible")
        autres = sommes_annuelles(service(ev, porteur).valeur, echelle)
        if du_pret is not None:
            autres = autres - unitaire * du_pret.capital.valeur
        recu = sommes_annuelles(dispo.valeur, echelle)
        with np.errstate(divide="ignore", invalid="ignore"):
            par_annee = np.where(unitaire > 0, (recu / cible.valeur - autres) / unitaire, np.inf)
            par_annee = np.where(np.isnan(unitaire), np.nan, par_annee)
        return np.asarray(np.maximum(par_annee.min(axis=-1, keepdims=True), 0.0))


def _grandeurs(ctx: Contexte, montants: Mapping[str, Tableau]) -> dict[str, Grandeur]:
    """Amounts as inputs of the plan: an assumption that the closing computes."""
    noms = {b.id: b for b in ctx.etude.boucleurs}
    return {
        cle: Grandeur(
            valeur,
            noms[cle].libelle,
            "€",
            [
                Origine(
                    "hypothese",
                    champ(ctx, noms[cle]),
                    "hypothèse de bouclage : ce qui manque au plan quand vient son tour",
                    "hypothese",
                    a_obtenir_de="" if noms[cle].nom_apporteur == A_TROUVER else noms[cle].nom_apporteur,
                )
            ],
            tracee=not ctx.tirages,
            manques=frozenset({"reste à financer"}) if np.isnan(valeur).any() else frozenset(),
        )
        for cle, valeur in montants.items()
    }


def _ecart(nouveau: Tableau, ancien: Tableau) -> float:
    """Largest change of an amount; unknown on both sides is no change."""
    a, b = np.broadcast_arrays(nouveau, ancien)
    return float(np.where(np.isnan(a) & np.isnan(b), 0.0, np.nan_to_num(np.abs(a - b), nan=np.inf)).max())
