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
from pope_foncier.socle.grandeur import Grandeur, Tableau, maximum, minimum, par_annee, somme
from pope_foncier.socle.nombres import euros
from pope_foncier.socle.phrases import Origine
from pope_foncier.socle.vocabulaire import plus_bas, si, superieur

_TOURS = 250
_STABLE = 0.001
"""Change of an amount under which it is settled [€]."""
RESTE_INCONNU = "reste à financer"
"""What an amount lacks when the gap of the plan is unknown."""


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
    ctx, ev = ouverte.ctx, ouverte
    montants = {b.id: np.zeros((1, 1)) for b in ctx.etude.boucleurs}
    for _ in range(_TOURS):
        parts = repartir(ev)
        ecarts = {cle: _ecart(parts[cle].valeur, montants[cle]) for cle in parts}
        if ev is not ouverte and max(ecarts.values()) <= _STABLE:
            return replace(ev, parts=parts)
        montants = {cle: np.atleast_2d(part.valeur) for cle, part in parts.items()}
        ev = calculer(replace(ctx, bouclage=_grandeurs(ctx, montants)), ouverte.noms)
    pire = max(ecarts, key=lambda cle: ecarts[cle])
    raise ErreurCalcul(
        f"Le bouclage ne se stabilise pas : « {pire} » bouge encore de {euros(ecarts[pire], 2)} après {_TOURS} essais. "
        "Fixer son montant (« montant »), ou lui donner un plafond."
    )


def repartir(ev: Evaluation) -> dict[str, Grandeur]:
    """Share out what the plan lacks between the closers, in order, shape (…, 1) each [€]; an operator's start is apart from the owner's gap.

    Each part is an expression of the amounts called in the evaluation and of its inputs: at the fixed point it equals the amount itself.
    """
    ctx, du_gestionnaire = ev.ctx, ev.plan.manque_du_gestionnaire
    manque = ev.plan.reste_a_financer + somme(ctx.bouclage.values()) - du_gestionnaire
    total = reste = maximum(manque, 0.0).nommer("Manque du plan avant tout apport de bouclage")
    parts = {}
    for boucleur in ctx.etude.boucleurs:
        if boucleur.id == DEMARRAGE.id:
            parts[boucleur.id] = du_gestionnaire
            continue
        bornes = [_voulu(ev, boucleur, total, reste), reste]
        if boucleur.plafond is not None:
            bornes.append(ctx.entree(f"{champ(ctx, boucleur)}.plafond"))
        if boucleur.nature == "report_travaux":
            bornes.append(ev.cout.travaux_ht + ev.cout.aleas_ht)
        part = maximum(minimum(*bornes), 0.0).nommer(boucleur.libelle)
        parts[boucleur.id] = part
        reste = (reste - part).nommer(f"Manque du plan après {boucleur.libelle}")
    return parts


def _voulu(ev: Evaluation, boucleur: Boucleur, total: Grandeur, reste: Grandeur) -> Grandeur:
    ou = champ(ev.ctx, boucleur)
    if boucleur.montant is not None:
        return ev.ctx.entree(f"{ou}.montant")
    if boucleur.part is not None:
        return total * ev.ctx.entree(f"{ou}.part")
    if boucleur.pret is not None and boucleur.pret.couverture_cible is not None:
        return _capacite(ev, boucleur)
    return reste


def _capacite(ev: Evaluation, boucleur: Boucleur) -> Grandeur:
    """Largest loan whose service leaves the cover of each year of debt at the target, shape (…, 1) [€].

    The years are those that the cover is read on: from the opening, ramp-up included.
    """
    echelle, porteur = ev.ctx.echelle, ev.ctx.etude.acteurs.nom_maitre_ouvrage
    du_pret = next((d for d in ev.dettes if d.id == cle_de(boucleur)), None)
    echeances = service_d_un_euro(ev.ctx, ev.calendrier, champ(ev.ctx, boucleur), boucleur)
    unitaire = par_annee(echeances * (1.0 - ev.calendrier.avant_ouverture), echelle)
    dispo = disponible(ev, porteur)
    if dispo is None:
        raise ErreurCalcul(
            f"« {boucleur.libelle} » vise une couverture, mais l'étude n'a pas de compte d'exploitation. "
            "Retirer « couverture_cible », ou compléter « exploitation »."
        )
    cible = ev.ctx.entree(f"{champ(ev.ctx, boucleur)}.pret.couverture_cible")
    autres = par_annee(service(ev, porteur), echelle)
    if du_pret is not None:
        autres = autres - unitaire * du_pret.capital
    capacite = (par_annee(dispo, echelle) / cible - autres) / unitaire
    return maximum(plus_bas(si(superieur(unitaire, 0.0), capacite, np.inf)), 0.0)


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
            manques=frozenset({RESTE_INCONNU}) if np.isnan(valeur).any() else frozenset(),
        )
        for cle, valeur in montants.items()
    }


def _ecart(nouveau: Tableau, ancien: Tableau) -> float:
    """Largest change of an amount; unknown on both sides is no change."""
    a, b = np.broadcast_arrays(nouveau, ancien)
    return float(np.where(np.isnan(a) & np.isnan(b), 0.0, np.nan_to_num(np.abs(a - b), nan=np.inf)).max())
