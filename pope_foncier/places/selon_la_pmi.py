"""Places by the answer that the PMI has not given yet: refused or admitted, an outdoor space at a distance stands for the yard or not."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from pope_foncier.modele.contexte import Contexte
from pope_foncier.places.capacite import calculer, espace_admis, est_dense
from pope_foncier.places.capacite_site import CONFORT, CapaciteSite, capacite_du_site
from pope_foncier.places.places_du_mode import mode_de_l_etude, nom_du_mode
from pope_foncier.socle.nombres import formater_nombre


@dataclass(frozen=True, slots=True)
class Fourchette:
    """Places under one reading: in the comfort programme, and all the usable area counted, as the law allows at most."""

    confort: float
    droit: float

    @property
    def en_clair(self) -> str:
        """French words: one number, or the two with what each is."""
        if self.confort == self.droit:
            return _places(self.confort)
        return f"{formater_nombre(self.confort)} (programme de confort) à {formater_nombre(self.droit)} (droit, au plus) places"


@dataclass(frozen=True, slots=True)
class SelonLaPmi:
    """Both readings of an answer that is still to ask."""

    refuse: Fourchette
    admet: Fourchette
    tres_dense: Fourchette | None
    """In a very dense zone, where no yard is due; None when the zone is known."""
    aupres_de: str

    @property
    def phrase(self) -> str:
        """French sentence, without its full stop."""
        zone = "en zone ordinaire, " if self.tres_dense else ""
        dit = (
            f"{zone}{self.refuse.en_clair} si la PMI refuse un espace à distance en place de la cour, "
            f"{self.admet.en_clair} si elle l'admet"
        )
        if self.tres_dense:
            dit += f" ; en zone très dense, {self.tres_dense.en_clair}"
        return f"{dit} : à demander à {self.aupres_de}"


def selon_la_pmi(ctx: Contexte, rang: int = 0) -> SelonLaPmi | None:
    """Readings of a scenario; None when the answer is known, asks for nothing, or changes nothing.

    Args:
        ctx: context of an evaluation.
        rang: rank of the scenario.
    """
    etude = ctx.variantes[rang if len(ctx.variantes) > 1 else 0]
    seul = replace(ctx, variantes=(etude,), tirages={}, chocs=())
    dense = est_dense(seul)
    if not mode_de_l_etude(etude.mode_accueil).referentiel or dense or espace_admis(seul) is not None:
        return None
    lues = [_lire(seul, etude, dense=False, admis=False), _lire(seul, etude, dense=False, admis=True)]
    return _si_elles_different(lues, _lire(seul, etude, dense=True, admis=None) if dense is None else None, ctx.site)


def lues_sur_le_site(reponse: CapaciteSite) -> SelonLaPmi | None:
    """Readings of a site by itself; None when one of them alone is left, or when they agree."""
    ordinaires = {x.ailleurs for x in reponse.lignes if not x.dense}
    if not reponse.regles.referentiel or len(ordinaires) < 2:
        return None
    lues = [_de(reponse, dense=False, admis=admis) for admis in (False, True)]
    denses = any(x.dense for x in reponse.lignes)
    return _si_elles_different(lues, _de(reponse, dense=True, admis=False) if denses else None, reponse.site)


def _si_elles_different(lues: Sequence[Fourchette], tres_dense: Fourchette | None, site: Any) -> SelonLaPmi | None:
    refuse, admet = lues
    if math.isnan(admet.confort) or math.isnan(refuse.confort) or refuse == admet:
        return None
    a_qui = next((e.pmi.aupres_de for e in site.espaces_a_distance if e.pmi is not None), "la PMI du département")
    return SelonLaPmi(refuse, admet, tres_dense, a_qui)


def _lire(ctx: Contexte, etude: Any, *, dense: bool, admis: bool | None) -> Fourchette:
    """Places of a study under one reading: its own chain for comfort, the law on all the usable area at most."""
    lecture = {
        "lecture_densite": "tres_dense" if dense else "ordinaire",
        "lecture_espace": "site" if admis is None else "admis" if admis else "refuse",
    }
    lue = replace(ctx, variantes=(etude.model_copy(update=lecture),), _memoire={})
    programme = etude.programme
    rapport = lue.entree("programme.coefficient_sdo_su").au_point()
    du_droit = capacite_du_site(
        ctx.site,
        ctx.catalogue,
        nom_du_mode(etude.mode_accueil),
        etude.date_demande,
        surface=programme.surface_m2,
        cour=programme.surface_exterieure_m2,
        coefficient=None if math.isnan(rapport) else rapport,
        lecture_dense=dense,
        lecture_espace=bool(admis),
    )
    droit = next(x for x in du_droit.lignes if x.regime != CONFORT)
    return Fourchette(calculer(lue).places_possibles.au_point(), float(droit.solution.places[1]))


def _de(reponse: CapaciteSite, *, dense: bool, admis: bool) -> Fourchette:
    """Places of a site under one reading, for its central area."""
    siennes = [x for x in reponse.lignes if x.dense == dense and (dense or x.ailleurs == admis)]
    confort = next(x for x in siennes if x.regime == CONFORT)
    droit = max(float(x.solution.places[1]) for x in siennes if x.regime != CONFORT)
    return Fourchette(float(confort.solution.places[1]), droit)


def _places(nombre: float) -> str:
    return f"{formater_nombre(nombre)} place{'s' if nombre > 1 else ''}"
