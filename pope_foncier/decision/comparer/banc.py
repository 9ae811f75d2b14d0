"""Measure of the comparison: two studies in every mode, under fifteen montages and every way of closing, each on its closed plan."""

from __future__ import annotations

from pope_foncier.acquisition.montages import lire_montages
from pope_foncier.decision.comparer.combinaisons import Demande, combiner
from pope_foncier.etude.banc import Ampleur, mediane
from pope_foncier.etude.moteur import Moteur
from pope_foncier.etude.scenarios import ouvrir
from pope_foncier.socle.chemins import dossier_donnees

_ETUDES = ("gare_saint_denis", "coque_la_courneuve")


def mesurer_la_comparaison(ampleur: Ampleur) -> dict[str, float]:
    """``comparer_900_s``: the median of some repeats, by the clock, by an engine that has read the law and seen no study."""
    dossiers = [ouvrir(dossier_donnees() / "etudes" / f"{nom}.yaml") for nom in _ETUDES]
    demande = Demande.lire(("tous",), tuple(lire_montages().montages)[: ampleur.montages], ("tous",))
    projet = Moteur.ouvrir()

    def comparer() -> None:
        combiner(dossiers, demande, Moteur(projet.catalogue, projet.evolutions))

    comparer()
    return {"comparer_900_s": mediane(comparer, ampleur.repetitions)}
