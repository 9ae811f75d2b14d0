"""Doubt about the study on the screen: ranges and the first risk, in sentences, made once the hand rests."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pope_foncier.ateliers import textes
from pope_foncier.ateliers.cartes import Carte
from pope_foncier.ateliers.modele import Modele
from pope_foncier.ateliers.reponse import douter_de
from pope_foncier.decision.doute.lecture import LectureDuDoute, douter_en_bref
from pope_foncier.etude.fiche import Etude
from pope_foncier.etude.scenarios import BASE, Dossier
from pope_foncier.socle.erreurs import ErreurPope
from pope_foncier.vues.decision.doute import phrases

_GARDES = 30
"""Doubts kept by scenario."""
_TITRE = "<h2>Fourchettes et premier risque</h2>"


def du_financeur(modele: Modele, etude: Etude) -> str:
    """What a lender reads: how often the cover falls under its threshold, and what is left to find."""
    chiffres = ("couverture_minimale", "a_trouver", "tresorerie_manquante")
    return _page(modele, etude, chiffres, phrases.du_financeur)


def de_l_architecte(modele: Modele, etude: Etude) -> str:
    """What an architect reads: range of the cost and of the opening."""
    return _page(modele, etude, ("cout_total", "ouverture"), phrases.de_l_architecte)


class Doutes:
    """Doubts of the scenarios of the cards, the last ones kept: going back to one shows its ranges at once."""

    def __init__(self, modele: Modele) -> None:
        self._modele = modele
        self._lus: dict[object, LectureDuDoute | str] = {}

    def connu(self, carte: Carte) -> LectureDuDoute | str | None:
        """Doubt of a card, or why there is none; None while nobody has made it."""
        return self._lus.get(carte.cle)

    def de(self, carte: Carte) -> LectureDuDoute | str:
        """Doubt of a card, made once."""
        if carte.cle not in self._lus:
            while len(self._lus) >= _GARDES:
                del self._lus[next(iter(self._lus))]
            self._lus[carte.cle] = douter_de(self._modele, carte.etude(self._modele))
        return self._lus[carte.cle]


def _page(
    modele: Modele,
    etude: Etude,
    chiffres: Sequence[str],
    dire: Callable[[LectureDuDoute], dict[str, str]],
) -> str:
    """Sentences of one reader, or why there are none."""
    dossier = Dossier(modele.dossier.nom, etude, modele.dossier.site, {BASE: etude})
    du_compte = etude.exploitation is not None
    voulus = [c for c in chiffres if du_compte or c in ("a_trouver", "cout_total", "ouverture")]
    try:
        lu = douter_en_bref(dossier, modele.moteur, voulus)
    except ErreurPope as erreur:
        return _TITRE + textes.message(str(erreur), bon=False)
    return _TITRE + textes.liste(dire(lu)) + textes.note(phrases.comment(lu))
