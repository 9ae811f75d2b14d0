"""Explanation of a figure: an indented tree, one operand a line, the source of each input under it."""

from __future__ import annotations

import textwrap

from pope_foncier.etude.lectures import est_indeterminee, motif
from pope_foncier.etude.resultats import Vue
from pope_foncier.socle.explication import Etape, detailler
from pope_foncier.vues.formes import lectures

_LARGEUR = 100


def arbre(vue: Vue, code: str, mois: int | None = None) -> str:
    """Tree of a line of a study, under the reading of the scenario, at a month of the study or at the first where it is not zero.

    A line that closing the plan would change has no value on the plan as it stands: it says why, and its value once closed.
    """
    if code not in vue.ev.livre.lignes:
        return _absente(vue, code)
    grandeur = vue.ev.livre[code]
    quand, rang, rang_annee = grandeur.instant(vue.rang, mois if grandeur.axe == "mois" else None, vue.ev.ctx.echelle)
    if est_indeterminee(vue, code):
        return _indeterminee(vue, code)
    nom = f"{grandeur.nom} ({lectures.BOUCLE})" if vue.ev.est_bouclee else grandeur.nom
    lignes = [f"{nom}{quand} : {grandeur.lire(vue.rang, rang, rang_annee)}"]
    dites: set[tuple[str, str]] = set()
    for etape in detailler(grandeur, vue.rang, rang, rang_annee):
        lignes += _ecrire(etape, (etape.nom, etape.mention) in dites)
        dites.add((etape.nom, etape.mention))
    if grandeur.manques:
        lignes.append(_couper(f"Manque : {', '.join(sorted(grandeur.manques))}.", "", "  "))
    return "\n".join(lignes)


def _absente(vue: Vue, code: str) -> str:
    if code in vue.bouclee.ev.livre.lignes:
        return f"{code} : absent du plan tel quel, à lire sur le plan bouclé ({lectures.OPTION})."
    return f"{code} : absent de cette étude."


def _indeterminee(vue: Vue, code: str) -> str:
    """Why a line has no value on the plan as it stands, and the one that it has once the plan is closed."""
    bouclee = vue.bouclee
    lignes = [_couper(f"{vue.ev.livre[code].nom} : indéterminé sur le plan tel quel, {motif(vue)}.", "", "  ")]
    if code in bouclee.ev.livre.lignes:
        grandeur = bouclee.ev.livre[code]
        quand, rang, rang_annee = grandeur.instant(bouclee.rang, echelle=bouclee.ev.ctx.echelle)
        lu = grandeur.lire(bouclee.rang, rang, rang_annee)
        lignes.append(
            _couper(f"Sur le plan bouclé ({lectures.OPTION}){quand} : {lu}. {lectures.phrase(vue)}", "", "  ")
        )
    return "\n".join(lignes)


def _ecrire(etape: Etape, deja_dite: bool) -> list[str]:
    """Lines of a step: sign, value and name, then its source unless it was given above."""
    retrait = "    " * etape.niveau
    tete = f"{etape.signe:1s} " if len(etape.signe) < 2 else f"{etape.signe} "
    texte = " — ".join(x for x in (etape.valeur, etape.nom) if x)
    ecrits = [_couper(texte, retrait + tete, retrait + " " * (len(tete) + 2))]
    if etape.mention and not deja_dite:
        ecrits.append(_couper(etape.mention, f"{retrait}      ↳ ", f"{retrait}        "))
    return ecrits


def _couper(texte: str, tete: str, suite: str) -> str:
    return textwrap.fill(
        texte, _LARGEUR, initial_indent=tete, subsequent_indent=suite, break_long_words=False, break_on_hyphens=False
    )
