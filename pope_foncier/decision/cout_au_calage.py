"""Cost of a scenario beside what the law of the published operations gives for the same place: kind, depth, size, department."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pope_foncier.decision.plausibilite import chiffres, profil_de
from pope_foncier.decision.plausibilite_donnees import lire_reglages
from pope_foncier.etude.resultats import Vue
from pope_foncier.travaux.calage_donnees import NatureCout, OperationDuCalage
from pope_foncier.travaux.calage_prevision import NATURES, CoutPrevu, prevoir


@dataclass(frozen=True, slots=True)
class CoutAuCalage:
    """Cost of a scope in a study and by the law [€ HT, prices of the back-test]; NaN where the study does not know it."""

    nature: NatureCout
    etude: float
    loi: CoutPrevu

    @property
    def rapport(self) -> float:
        """Cost of the study over that of the law."""
        return self.etude / self.loi.prevu

    @property
    def dans_la_fourchette(self) -> bool | None:
        """Whether the cost of the study is between P10 and P90; None when it is not known."""
        return None if np.isnan(self.etude) else bool(self.loi.bas <= self.etude <= self.loi.haut)


def lieu_de(vue: Vue) -> OperationDuCalage | None:
    """Place of a scenario as the law sees it; None without a place, or when its children are kept at home (crèche familiale)."""
    ctx, places, reglages = vue.ev.ctx, vue.valeur(vue.ev.capacite.places), lire_reglages()
    taille, surface = profil_de(vue).taille, places * chiffres(vue)["m2_par_place"]
    if taille is None:
        return None
    genre, code = ctx.etude.travaux.genre, ctx.site.code_insee
    return OperationDuCalage(
        id=ctx.etude.site,
        nom=ctx.etude.titre,
        lieu=ctx.site.commune,
        annee=None,
        genre=reglages.genres[genre] if genre else "autre",
        profondeur=reglages.profondeurs.get(genre) if genre else None,
        modulaire=genre in reglages.en_usine,
        mam=taille == "mam",
        departement=code[:3] if code.startswith("97") else code[:2],
        places=places,
        surface_m2=None if np.isnan(surface) else surface,
        couts={},
        base_aide=False,
        ecarte="",
    )


def au_calage(vue: Vue) -> tuple[CoutAuCalage, ...]:
    """Total and works of a scenario beside the law; empty when the law has nothing to say of it."""
    lieu = lieu_de(vue)
    if lieu is None or not lieu.places:
        return ()
    lus, prevus = chiffres(vue), prevoir(lieu, vue.ev.ctx.catalogue)
    return tuple(CoutAuCalage(n, lus[f"{n}_ht_par_place"] * lieu.places, prevus[n]) for n in NATURES)
