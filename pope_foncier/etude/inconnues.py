"""Unknown inputs that a figure reads, and the study where each takes the middle of the interval that its sheet states."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pope_foncier.etude.bouclage import RESTE_INCONNU
from pope_foncier.etude.evaluation import Evaluation
from pope_foncier.etude.moteur import Moteur
from pope_foncier.etude.pentes import est_du_champ
from pope_foncier.etude.resultats import Resultat, Vue
from pope_foncier.etude.scenarios import BASE, Dossier, varier
from pope_foncier.modele.declaration import lire_champ
from pope_foncier.modele.donnee import Donnee
from pope_foncier.socle.grandeur import Grandeur

BASE_DU_MILIEU = "milieu de l'intervalle de l'étude, la valeur étant inconnue"


def inconnues(ev: Evaluation, grandeur: Grandeur, scenario: int) -> tuple[list[str], list[str]]:
    """Unknown inputs that a figure reads, by field, and what they are in words with whom to ask; the amounts that close the plan followed."""
    lues = [grandeur, *ev.parts.values()] if ev.parts else [grandeur]
    origines = dict.fromkeys(o for g in lues for o in g.origines_du_scenario(scenario) if o.nature == "inconnu")
    manques = {m for g in lues for m in g.manques if m != RESTE_INCONNU}
    return [o.reference for o in origines], sorted(manques)


def milieux(vue: Vue, champs: Sequence[str]) -> dict[str, float]:
    """Middle of the interval of each unknown input whose sheet states one."""
    etude = vue.ev.ctx.variantes[vue.rang if len(vue.ev.ctx.variantes) > 1 else 0]
    lus = {champ: lire_champ(etude, champ) for champ in champs if est_du_champ(champ)}
    return {
        champ: sum(donnee.intervalle) / 2.0
        for champ, donnee in lus.items()
        if isinstance(donnee, Donnee) and donnee.intervalle is not None
    }


def au_milieu(vue: Vue, valeurs: Mapping[str, float]) -> Vue:
    """The same scenario, its unknown inputs at stated values: a working reading, never shown as a value of the study."""
    ctx = vue.ev.ctx
    etude = ctx.variantes[vue.rang if len(ctx.variantes) > 1 else 0]
    dossier = Dossier(vue.nom, etude, ctx.site, {BASE: etude})
    dits = {
        champ: {"valeur": valeur, "base": BASE_DU_MILIEU, "intervalle": list(lire_champ(etude, champ).intervalle)}
        for champ, valeur in valeurs.items()
    }
    posee = varier(dossier, BASE, dits)
    moteur = Moteur(ctx.catalogue, ctx.evolutions)
    return Resultat.calculer(Dossier(vue.nom, posee, ctx.site, {BASE: posee}), moteur).vue()
