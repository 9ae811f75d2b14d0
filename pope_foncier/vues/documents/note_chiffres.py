"""Key figures of the decision note: what the city pays by place first, then places, cost, what is to find, cash, debt, each with its range."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from pope_foncier.decision.commune.cout import tout_compris
from pope_foncier.decision.doute.lecture import Fourchette, LectureDuDoute, douter_en_bref
from pope_foncier.decision.plans_des_aides import PlansDesAides, plans_des_aides
from pope_foncier.decision.soutien import Besoin, annonce, besoins
from pope_foncier.etude.caisses import caisses
from pope_foncier.etude.fourchette_cout import fourchette_totale
from pope_foncier.etude.lectures import a_trouver, a_trouver_en_tout
from pope_foncier.etude.moteur import Moteur
from pope_foncier.etude.plan import BOUCLE_A
from pope_foncier.etude.resultats import Resultat, Vue
from pope_foncier.socle.erreurs import ErreurPope
from pope_foncier.socle.nombres import euros, formater_nombre, pourcent
from pope_foncier.vues.formes import lectures

HUIT_FOIS_SUR_DIX = 0.10, 0.90
"""Shares of the draws between which a range lies."""
_TIRES = ("contribution_par_place", "cout_commune", "a_trouver", "tresorerie.point_bas")


@dataclass(frozen=True, slots=True)
class Cle:
    """Key figure: its name, its value in words, its range over the draws if there is one, and what to read with it."""

    nom: str
    valeur: str
    fourchette: str
    suite: str


def cles(resultat: Resultat, moteur: Moteur, lu: LectureDuDoute | None) -> list[Cle]:
    """Key figures of a study, that of the city first.

    Args:
        lu: draws that their ranges are read from; no range without any.
    """
    vue = resultat.vue()
    tires = {} if lu is None else {nom: f for nom in _TIRES if (f := lu.fourchette(nom)).est_etalee}
    return [
        _de_la_commune(vue, tires),
        *_avec_le_reste(vue, tires),
        _des_places(vue),
        Cle(
            "Coût total TTC",
            en_milliers(vue.valeur(vue.ev.cout.total_ttc)),
            "",
            lectures.fourchette(fourchette_totale(vue)),
        ),
        Cle(
            "À trouver", en_milliers(a_trouver(vue)), _de_a(tires, "a_trouver"), _part_a_trouver(vue, resultat, moteur)
        ),
        _de_la_caisse(vue, tires),
        _de_la_dette(vue),
    ]


def arrondir(valeur: float) -> float:
    """Round to the thousand: a ratio estimate has no euros."""
    return valeur if np.isnan(valeur) else round(valeur, -3)


def en_milliers(valeur: float) -> str:
    """Amount to the thousand."""
    return euros(arrondir(valeur))


def tirer(resultat: Resultat, moteur: Moteur) -> LectureDuDoute | None:
    """Figures that the draws move; none where the study is not operated, nothing is in doubt or something is unknown."""
    if resultat.dossier.etude.exploitation is None:
        return None
    try:
        return douter_en_bref(resultat.dossier, moteur, _TIRES)
    except ErreurPope:
        return None


def _de_a(tires: Mapping[str, Fourchette], nom: str, decimales: int = -3) -> str:
    """Range of a figure, eight times in ten; nothing without one."""
    if nom not in tires:
        return ""
    bas, haut = (round(tires[nom].quantiles[part].valeur, decimales) for part in HUIT_FOIS_SUR_DIX)
    return "" if bas == haut else f"{formater_nombre(bas)} à {euros(haut)}"


def _de_la_commune(vue: Vue, tires: Mapping[str, Fourchette]) -> Cle:
    """What the study says of the commune by place in the cruising year, and what covering the debt would take."""
    nom, dite, exploitation = "La commune paie, par place et par an", annonce(vue), vue.ev.ctx.etude.exploitation
    if dite is None or exploitation is None:
        return Cle(nom, "sans objet", "", "pas de compte d'exploitation")
    if np.isnan(dite.par_place):
        return Cle(nom, "—", "", "pas d'année de croisière, ou montants inconnus")
    mode = lectures.mode_de_soutien(exploitation.contribution_commune)
    montee = vue.bouclee.valeur(vue.bouclee.indicateurs["contribution_par_place_montee"])
    pleine = f"{euros(montee)} en {vue.annee_pleine} ; " if vue.annee_pleine != vue.annee_de_croisiere else ""
    moyenne = f"{mode}, {euros(dite.par_place_an)} en moyenne" if dite.par_place_an > 0 else mode
    return Cle(
        f"La commune paie, par place, en {vue.annee_de_croisiere}",
        euros(dite.par_place),
        _de_a(tires, "contribution_par_place", -1),
        f"{pleine}{moyenne} ; {_il_faudrait(vue, besoins(vue))}",
    )


def _il_faudrait(vue: Vue, trouves: Sequence[Besoin]) -> str:
    """What the readings of « balance » would take by place the same year, and what would still be to find for the investment."""
    demandes = [b.par_place for b in trouves] or [np.nan]
    restes = [arrondir(b.a_trouver) for b in trouves] or [np.nan]
    reste = (
        euros(max(restes)) if min(restes) == max(restes) else f"{formater_nombre(min(restes))} à {euros(max(restes))}"
    )
    encore = "" if not max(restes) > 0 else f", et encore trouver {reste}"
    return f"il faudrait {formater_nombre(min(demandes))} à {euros(max(demandes))} en {vue.annee_de_croisiere}{encore}"


def _avec_le_reste(vue: Vue, tires: Mapping[str, Fourchette]) -> list[Cle]:
    """The same over the whole life, with all that nobody has promised, cash included; nothing when none is to find or something is unknown."""
    if vue.ev.compte is None or not a_trouver_en_tout(vue)["total"] > BOUCLE_A:
        return []
    valeur = vue.bouclee.valeur(tout_compris(vue.bouclee.ev))
    if np.isnan(valeur):
        return []
    suite = "toute la durée, par place et par an"
    return [
        Cle(
            "… si elle paie aussi tout ce qui est à trouver",
            euros(round(valeur, -1)),
            _de_a(tires, "cout_commune", -1),
            suite,
        )
    ]


def _des_places(vue: Vue) -> Cle:
    ouverture = vue.valeur(vue.ev.calendrier.ouverture)
    quand = "inconnue" if np.isnan(ouverture) else vue.ev.ctx.echelle.mois_en_clair(int(ouverture))
    return Cle("Places", formater_nombre(vue.valeur(vue.ev.capacite.places)), "", f"ouverture : {quand}")


def _part_a_trouver(vue: Vue, resultat: Resultat, moteur: Moteur) -> str:
    """Share of the needs; then what it becomes if the grants come at their chance only, and with the cash at its worst."""
    manque, plans = a_trouver(vue), plans_des_aides(resultat.dossier, moteur)
    if np.isnan(manque):
        return "le plan ne se calcule pas encore"
    if manque <= BOUCLE_A:
        return f"le plan est financé{_si_les_aides(plans)}"
    tout = a_trouver_en_tout(vue)["total"]
    avec = f" ; {en_milliers(tout)} avec la trésorerie" if tout > manque + BOUCLE_A else ""
    part = pourcent(vue.bouclee.part_des_besoins(manque), 0)
    return f"{part} des besoins, promis par personne{_si_les_aides(plans)}{avec}"


def _si_les_aides(plans: PlansDesAides | None) -> str:
    """What is to find on top when the hoped grants do not all come; nothing when there is none or it cannot be told."""
    if plans is None:
        return ""
    attendu, aucune = (plans.reste_de_plus(nom) for nom in ("attendu", "aucune"))
    if not aucune > BOUCLE_A:
        return ""
    chance = f"à leur chance : +{en_milliers(attendu)}, " if attendu > BOUCLE_A else ""
    return f", si toutes les aides viennent ({chance}aucune : +{en_milliers(aucune)})"


def _de_la_caisse(vue: Vue, tires: Mapping[str, Fourchette]) -> Cle:
    """Lowest cash of the party that falls the lowest, and its month."""
    nom, lues = "Trésorerie au plus bas", caisses(vue)
    if not lues or not all(c.est_connue for c in lues):
        return Cle(nom, "inconnue", "", "des montants manquent")
    lue = min(lues, key=lambda c: c.point_bas)
    if lue.premier_mois is None:
        return Cle(nom, "jamais sous zéro", "", "mois par mois, plan bouclé")
    qui = f", {lue.acteur}" if len(lues) > 1 else ""
    suite = f"en {_mois(vue, lue.mois_du_creux)} ; sous zéro dès {_mois(vue, lue.premier_mois)}{qui}"
    du_maitre = lue.acteur == vue.ev.ctx.etude.acteurs.nom_maitre_ouvrage
    return Cle(nom, en_milliers(lue.point_bas), _de_a(tires, "tresorerie.point_bas") if du_maitre else "", suite)


def _mois(vue: Vue, rang: int) -> str:
    return vue.ev.ctx.echelle.mois_en_clair(rang)


def _de_la_dette(vue: Vue) -> Cle:
    ratio = lectures.ratio_de(vue.bouclee, "couverture_minimale")
    valeur, _, statut = lectures.couverture(vue).partition(", ")
    seuil = "" if ratio is None else f"seuil {formater_nombre(ratio.controle.seuil, 2)}, {ratio.controle.origine}"
    pourquoi = "rien ne dit ce qui paie les prêts" if ratio is None and valeur == "inconnue" else ""
    return Cle("Couverture de la dette", valeur, "", " ; ".join(x for x in (statut, seuil, pourquoi) if x))
