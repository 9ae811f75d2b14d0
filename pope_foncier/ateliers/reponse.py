"""Answer that a workshop gives first: what a scenario costs the city, by year and by place, what is to find, when it opens, what may fail.

The same figures are shown by the band, the cards, the phones and the minutes: those of a proposal are kept in the journal as displayed.
Amounts follow one rule, ``cases.centaines``. What is unknown says so; a scenario that holds no place says why in place of its figures.
"""

from __future__ import annotations

from dataclasses import dataclass

from pope_foncier.ateliers.journal_entrees import Chiffre, lecture_en_clair
from pope_foncier.ateliers.modele import Modele
from pope_foncier.decision.commune.cout import ce_que_paie_la_commune
from pope_foncier.decision.doute.lecture import (
    COUT_COMMUNE,
    COUT_COMMUNE_PAR_AN,
    LectureDuDoute,
    douter_en_bref,
)
from pope_foncier.etude.fiche import Etude
from pope_foncier.etude.resultats import Vue
from pope_foncier.etude.sans_place import AUCUNE_PLACE
from pope_foncier.etude.scenarios import BASE, Dossier
from pope_foncier.socle.erreurs import ErreurPope
from pope_foncier.vues.decision.doute import phrases
from pope_foncier.vues.formes import cases, lectures
from pope_foncier.vues.formes.cases import Cellule, centaines

CLES = ("cout_an", "cout_place", "a_trouver", "ouverture", "places")
"""Keys of the figures, in reading order."""
PERSONNE = "personne ne l'a promis"
LIBELLES = {
    "cout_an": "Coût pour la Ville, par an",
    "cout_place": "Coût pour la Ville, par place et par an",
    "a_trouver": f"À trouver, {PERSONNE}",
    "ouverture": "Ouverture",
    "places": "Places",
}
COURTS = LIBELLES | {"cout_place": "Par place et par an", "a_trouver": "À trouver"}
"""Names where the figures stand side by side, the cost by year first."""
TOUT_COMPRIS = f"{lectures.BOUCLE}, la Ville apportant aussi tout ce qui reste à trouver"
EN_CALCUL = "fourchette en calcul"
_LECTURES = {"cout_an": TOUT_COMPRIS, "cout_place": TOUT_COMPRIS, "a_trouver": lectures.BOUCLE}
_TIRES = {"cout_an": COUT_COMMUNE_PAR_AN, "cout_place": COUT_COMMUNE}
_DU_COMPTE = (
    COUT_COMMUNE,
    COUT_COMMUNE_PAR_AN,
    "contribution_par_place",
    "couverture_minimale",
    "tresorerie_manquante",
)


@dataclass(frozen=True, slots=True)
class Reponse:
    """Answer of one scenario.

    Attributes:
        chiffres: figures by key, in the order of ``CLES``.
        risque: first risk in words; what the figures wait for; why there is none; what is being computed.
        sans_place: why the scenario holds no place; nothing when it holds some.
    """

    chiffres: tuple[Chiffre, ...]
    risque: str
    sans_place: str = ""

    @property
    def dite(self) -> str:
        """Reading of its amounts and of its ranges, in one sentence."""
        return lecture_en_clair(self.chiffres)

    def __getitem__(self, cle: str) -> Chiffre:
        return next(c for c in self.chiffres if c.cle == cle)


def douter_de(modele: Modele, etude: Etude) -> LectureDuDoute | str:
    """Doubt about a scenario of a municipality, on few draws; in words, why there is none. Made once for who asks of the same study again."""
    seul = Dossier(modele.dossier.nom, etude, modele.dossier.site, {BASE: etude})
    du_compte = _DU_COMPTE if etude.exploitation is not None else ()
    try:
        return douter_en_bref(seul, modele.moteur, ("ouverture", *du_compte))
    except ErreurPope as erreur:
        return str(erreur)


def repondre(vue: Vue, doute: LectureDuDoute | str | None = None) -> Reponse:
    """Answer of a scenario.

    Args:
        vue: its view, whose plan closes.
        doute: its doubt, made once the hand rests; None while it is being made, words when it cannot be.
    """
    if vue.aucune_place:
        vides = dict.fromkeys(CLES, "sans objet") | {"places": AUCUNE_PLACE}
        return Reponse(tuple(_chiffre(c, v) for c, v in vides.items()), "sans objet", lectures.sans_place(vue))
    payeur = ce_que_paie_la_commune(vue)
    rien_n_ouvre = payeur.places.nombre == 0
    ouverture = cases.mois(vue.ev.ctx.echelle, vue.valeur(vue.ev.calendrier.ouverture))
    lus: dict[str, Cellule] = {
        "cout_an": "sans objet" if rien_n_ouvre else centaines(payeur.tout_compris_par_an),
        "cout_place": "sans objet" if rien_n_ouvre else centaines(payeur.tout_compris),
        "a_trouver": centaines(payeur.a_trouver),
        "ouverture": "sans objet" if rien_n_ouvre else ouverture.sinon("inconnue"),
        "places": cases.nombre(payeur.places.nombre),
    }
    etendues = {} if rien_n_ouvre else _etendues(doute)
    return Reponse(tuple(_chiffre(c, v, etendues.get(c)) for c, v in lus.items()), _manque(vue) or _risque(doute))


def _chiffre(cle: str, valeur: Cellule, etendue: str | None = None) -> Chiffre:
    lecture = _LECTURES.get(cle) if str(valeur) != "sans objet" else None
    return Chiffre(cle=cle, libelle=LIBELLES[cle], valeur=str(valeur), fourchette=(etendue or None), lecture=lecture)


def _etendues(doute: LectureDuDoute | str | None) -> dict[str, str]:
    """Range of each figure that has one, in words."""
    if not isinstance(doute, LectureDuDoute):
        return dict.fromkeys((*_TIRES, "ouverture"), EN_CALCUL if doute is None else "fourchette inconnue")
    lues = {
        cle: phrases.etendue(doute.fourchette(nom)) if nom in doute.tiree.chiffres else "fourchette inconnue"
        for cle, nom in _TIRES.items()
    }
    return {**lues, "ouverture": phrases.etendue_de_l_ouverture(doute)}


def _manque(vue: Vue) -> str:
    """What the figures wait for; nothing when the plan is known."""
    manques = sorted(vue.ev.plan.reste_a_financer.manques)
    return f"inconnu tant qu'il manque {lectures.quelques(manques)}" if manques else ""


def _risque(doute: LectureDuDoute | str | None) -> str:
    if doute is None:
        return "en calcul"
    return phrases.premier_risque(doute) if isinstance(doute, LectureDuDoute) else f"non calculé : {doute}"
