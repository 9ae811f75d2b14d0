"""One-word stresses of a lender: the funding of the closed plan is frozen, then the word strikes; an overrun makes a hole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pope_foncier.ateliers.comite import ENSEMBLE
from pope_foncier.ateliers.regles import ReglesAteliers
from pope_foncier.decision.epreuves import (
    Effet,
    frapper_ensemble,
    mesurer,
    plus_grosse_aide,
)
from pope_foncier.decision.fiche_epreuves import FicheEpreuve, lire_epreuves
from pope_foncier.decision.gel import frapper, geler
from pope_foncier.etude.evaluation import Evaluation
from pope_foncier.etude.resultats import Vue
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.vues.decision import tableaux_epreuves
from pope_foncier.vues.formes.table import Table

SANS = "Sans épreuve"


@dataclass(frozen=True, slots=True)
class Eprouvee:
    """Frozen plan under a word.

    Attributes:
        effet: what it leaves to the project owner.
        vue: the struck plan, to draw its cash and its tables.
        sans_effet: why nothing moves, in a sentence; empty when something does.
    """

    effet: Effet
    vue: Vue
    sans_effet: str = ""


def mots_d_epreuve(regles: ReglesAteliers) -> dict[str, FicheEpreuve]:
    """Stress of each word.

    Raises:
        ErreurCalcul: a word on a stress that the assumptions do not have.
    """
    fiches = {e.id: e for e in lire_epreuves().epreuves}
    inconnues = [x.epreuve for x in regles.epreuves if x.epreuve not in fiches]
    if inconnues:
        raise ErreurCalcul(
            f"Épreuves d'atelier inconnues : {', '.join(inconnues)}. Les choisir parmi : {', '.join(fiches)}."
        )
    return {x.mot: fiches[x.epreuve] for x in regles.epreuves}


def eprouver(vue: Vue, mots: Mapping[str, FicheEpreuve], ensemble: Sequence[FicheEpreuve] = ()) -> dict[str, Eprouvee]:
    """Frozen plan without a shock, then under each word, then under the stresses chosen together."""
    gele = geler(vue)
    base = frapper(gele, ())
    calme = mesurer(SANS, base, base)
    eprouvees = {SANS: Eprouvee(calme, _vue(vue, base))}
    for mot, fiche in mots.items():
        ev = frapper_ensemble(gele, base, [fiche])
        quoi = f"{fiche.libelle[:1].lower()}{fiche.libelle[1:]}"
        effet = mesurer(fiche.libelle if quoi.startswith(mot.lower()) else f"{mot} : {quoi}", ev, base)
        eprouvees[mot] = Eprouvee(effet, _vue(vue, ev), _sans_objet(mot, fiche, base) if effet.sans_effet else "")
    if ensemble:
        ev = frapper_ensemble(gele, base, ensemble)
        effet = mesurer(f"{ENSEMBLE} : {' + '.join(f.libelle for f in ensemble)}", ev, base)
        eprouvees[ENSEMBLE] = Eprouvee(effet, _vue(vue, ev), _RIEN.format(ENSEMBLE) if effet.sans_effet else "")
    return eprouvees


def table(vue: Vue, eprouvees: Mapping[str, Eprouvee]) -> Table:
    """Words one a line: hole, covers with and without the commune, cash, who bears it; then why some change nothing."""
    effets = [e.effet for e in eprouvees.values()]
    lue = tableaux_epreuves.epreuves("Épreuves d'un mot", vue, effets, sans_commune=True)
    dits = [e.sans_effet for e in eprouvees.values() if e.sans_effet]
    return replace(lue, note=" ".join([*dits, lue.note]))


def _vue(vue: Vue, ev: Evaluation) -> Vue:
    return Vue(vue.nom, vue.titre, ev, 0)


def _sans_objet(mot: str, fiche: FicheEpreuve, base: Evaluation) -> str:
    """Why a stress has nothing to act on, in a sentence."""
    if fiche.aide is not None and plus_grosse_aide(base) is None:
        return f"{mot} : aucune aide comptée dans cette pile, l'épreuve ne change rien ici."
    return _RIEN.format(mot)


_RIEN = "{} : rien dans ce plan ne dépend de ce que l'épreuve fait varier, elle ne change rien ici."
