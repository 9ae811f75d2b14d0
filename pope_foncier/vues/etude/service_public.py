"""What the State already pays to a commune for its childcare service, in words, beside what a place costs it."""

from __future__ import annotations

from pope_foncier.etude.resultats import Vue
from pope_foncier.etude.service_public import SoutienDeLEtat, soutien_de_l_etat
from pope_foncier.socle.nombres import euros, formater_nombre


def soutien_en_bref(vue: Vue) -> str:
    """One sentence for a page short of room; nothing when there is no such support."""
    lu = soutien_de_l_etat(vue)
    if lu is None:
        return ""
    montants = f"{formater_nombre(lu.plancher)} à {euros(lu.grandes_villes)}"
    return f"{_ce_que_c_est(lu.annee)}, le plus souvent {montants}."


def soutien_en_clair(vue: Vue) -> str:
    """Amounts of the last year published, what is not known of this commune, and what they are not."""
    lu = soutien_de_l_etat(vue)
    if lu is None:
        return ""
    commune = vue.ev.ctx.etude.acteurs.commune
    si = f", si elle a plus de {formater_nombre(lu.seuil)} habitants" if lu.habitants is None else ""
    ensuite = f" ; montants de {lu.millesime_inconnu} inconnus" if lu.millesime_inconnu is not None else ""
    return (
        f"{_ce_que_c_est(lu.annee)} ({euros(lu.plancher)} au moins, {euros(lu.moyen)} en moyenne, "
        f"{euros(lu.grandes_villes)} pour la plupart des grandes villes{ensuite}). {commune} : {_attribution(lu)}, à lire dans "
        f"l'arrêté de l'année{si}. La commune l'emploie librement : ce n'est pas une recette du lieu."
    )


def _attribution(lu: SoutienDeLEtat) -> str:
    """Amount of the commune by the coefficients of the law: one, a range, or unknown."""
    if lu.attribution is None:
        return "montant inconnu"
    bas, haut = lu.attribution
    if bas == haut:
        return f"environ {euros(bas)} d'après ses naissances et son potentiel financier"
    return f"{euros(bas)} à {euros(haut)} d'après ses naissances et selon son potentiel financier"


def _ce_que_c_est(annee: int) -> str:
    return (
        "À côté de ce que paie la commune, sans en être déduit : ce que l'État lui verse pour son service public de la petite "
        f"enfance, en {annee}"
    )
