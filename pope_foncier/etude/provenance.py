"""What the figures of a study rest on: how many of the inputs that they read are law or facts, assumptions, to confirm, or missing."""

from __future__ import annotations

from dataclasses import dataclass

from pope_foncier.etude.export import fiabilite
from pope_foncier.etude.par_place import diviser
from pope_foncier.etude.pentes import REALISER
from pope_foncier.etude.resultats import Vue, douteuse, entrees
from pope_foncier.modele.contexte import CHOIX_DE_L_ETUDE


@dataclass(frozen=True, slots=True)
class Provenance:
    """Inputs that a study reads, each once, what it decides itself left out.

    Attributes:
        hypotheses: assumptions of the study or ours.
        a_confirmer: law or facts whose source is not sure.
        inconnues: without value.
    """

    lues: int
    hypotheses: int
    a_confirmer: int
    inconnues: int

    @property
    def sures(self) -> int:
        """Law and facts whose source is sure."""
        return self.lues - self.hypotheses - self.a_confirmer - self.inconnues

    @property
    def part_douteuse(self) -> float:
        """Share that is assumption, to confirm or unknown [fraction]; NaN when nothing is read."""
        return self.part(self.hypotheses + self.a_confirmer + self.inconnues)

    def part(self, nombre: int) -> float:
        """Share of the inputs that some of them are [fraction]; NaN when nothing is read."""
        return diviser(float(nombre), float(self.lues))


def provenance(vue: Vue) -> Provenance:
    """Count of the inputs of a scenario by what they rest on; amounts that the closing calls are none of them."""
    appeles = {id(g) for g in vue.ev.ctx.bouclage.values()}
    origines = {
        o.reference: o
        for g, o in entrees(vue)
        if o.reference != REALISER and o.mention != CHOIX_DE_L_ETUDE and id(g) not in appeles
    }.values()
    doutes = [o for o in origines if douteuse(o)]
    inconnues = sum(o.nature == "inconnu" for o in doutes)
    hypotheses = sum("hypothese" in (o.nature, o.fiabilite) for o in doutes)
    return Provenance(len(origines), hypotheses, len(doutes) - hypotheses - inconnues, inconnues)


def part_des_chiffres_supposes(vue: Vue) -> float:
    """Share of the lines and key figures of the closed plan that read an assumption or something unknown [fraction]; NaN without any."""
    bouclee = vue.bouclee
    chiffres = [*(ligne.grandeur for ligne in bouclee.ev.livre.lignes.values()), *bouclee.indicateurs.values()]
    supposes = [g for g in chiffres if fiabilite(g.origines_du_scenario(bouclee.rang)) in ("hypothese", "inconnu")]
    return diviser(float(len(supposes)), float(len(chiffres)))
