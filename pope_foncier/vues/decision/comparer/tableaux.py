"""Tables and sentences of options compared: figures, front, ranking with its parts, what is impossible and why."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pope_foncier.decision.comparer.combinaisons import Option
from pope_foncier.decision.comparer.comparaison import Comparaison
from pope_foncier.decision.comparer.criteres import Critere
from pope_foncier.decision.comparer.difference import differencier
from pope_foncier.decision.comparer.mesures import Chiffres, Fourchette
from pope_foncier.etude.plan import BOUCLE_A
from pope_foncier.etude.resultats import Resultat
from pope_foncier.etude.scenarios import BASE
from pope_foncier.socle.nombres import euros, formater_nombre, pourcent
from pope_foncier.vues.decision.comparer import mots
from pope_foncier.vues.formes import cases
from pope_foncier.vues.formes.cases import Case, Cellule, Rang
from pope_foncier.vues.formes.table import Table

if TYPE_CHECKING:
    import pandas as pd

_CITES_AU_FRONT = 6
_CITES = 3
"""Unknowns, reasons or names that a cell quotes."""
_NOTE = (
    "Plan bouclé. À trouver : investissement et trésorerie. Commune : tout ce qu'elle paie, investissement et fonctionnement, par place et par an d'ouverture. « Avec le reste » : si elle "
    "payait aussi tout ce qui est à trouver, trésorerie comprise (sauf ce qu'elle avance et qui lui revient), sauf le capital d'un propriétaire que son loyer d'équilibre rémunère ; un plan que personne ne "
    "finance n'y paraît pas moins cher. Entre crochets : "
    "aux deux bouts de la fourchette du prix des travaux. Couverture : pire année, de qui porte les travaux."
)


def options(comparaison: Comparaison, au_plus: int = 20) -> Table:
    """Options that have figures, the best ranked first, at most so many."""
    ordre = _ordre(comparaison)
    rangs = tuple(_rang(comparaison, comparaison.evaluees[i]) for i in ordre[:au_plus])
    entetes = (
        "Option",
        "Places",
        "Ouverture",
        "Coût par place",
        "À trouver",
        "Commune",
        "Avec le reste",
        "Couverture",
        "Inconnus",
    )
    reste = len(ordre) - au_plus
    suite = f" Et {reste} autre{'s' if reste > 1 else ''}." if reste > 0 else ""
    manques = dict.fromkeys(m for i in ordre[:au_plus] for m in comparaison.chiffres[i].inconnus)
    inconnu = f" Inconnu : {inconnus(list(manques))}." if manques else ""
    titre = f"Options comparées : {len(comparaison.options)}, dont {len(comparaison.evaluees)} calculées"
    return Table(titre, entetes, rangs, note=_NOTE + inconnu + suite)


def _ordre(comparaison: Comparaison) -> list[int]:
    classees = comparaison.classement.rangs
    return [*classees, *(i for i in range(len(comparaison.evaluees)) if i not in set(classees))]


def _rang(comparaison: Comparaison, option: Option) -> Rang:
    assert option.chiffres is not None
    x = option.chiffres
    a_confirmer = " (à confirmer)" if option.etat == "a_confirmer" else ""
    return (
        f"{comparaison.nommer(option)}{a_confirmer}",
        cases.nombre(x.places).sinon("inconnu"),
        cases.mois_du(x.ouverture) if x.ouverture is not None else cases.sans_valeur("inconnu"),
        _montant(x.cout_par_place),
        cases.montant(x.a_trouver_en_tout).sinon("inconnu"),
        _montant(x.commune),
        _montant(x.avec_le_reste),
        _couverture(x),
        cases.nombre(len(x.inconnus)),
    )


def _montant(lu: Fourchette) -> Case:
    """Amount with its range in brackets; « inconnu » without a value."""
    case = cases.montant(lu.valeur)
    if math.isnan(lu.valeur):
        return case.sinon("inconnu")
    if math.isnan(lu.bas) or round(lu.bas) == round(lu.haut):
        return case
    return case.dite(f"{euros(lu.valeur)} [{formater_nombre(lu.bas)} – {formater_nombre(lu.haut)}]")


def _couverture(x: Chiffres) -> Case:
    if math.isinf(x.couverture):
        return cases.sans_valeur("sans dette")
    return cases.nombre(x.couverture, 2, 2).sinon("inconnu")


def inconnus(noms: Sequence[str]) -> str:
    """How many things are unknown, and the first ones."""
    suite = " ; …" if len(noms) > _CITES else ""
    return f"{len(noms)} : {' ; '.join(noms[:_CITES])}{suite}"


def impossibles(comparaison: Comparaison, au_plus: int = 12) -> Table | None:
    """Options that have no figure, by reason; nothing when all have some."""
    if not comparaison.impossibles:
        return None
    rangees = sorted(comparaison.impossibles.items(), key=lambda x: -len(x[1]))
    rangs = tuple(
        (" ; ".join(raisons), cases.nombre(len(siennes)), _exemples(comparaison, siennes))
        for raisons, siennes in rangees[:au_plus]
    )
    reste = len(rangees) - au_plus
    note = f"Et {reste} autre{'s' if reste > 1 else ''} raison{'s' if reste > 1 else ''}." if reste > 0 else ""
    return Table("Options impossibles, et pourquoi", ("Raison", "Options", "Par exemple"), rangs, note=note)


def _exemples(comparaison: Comparaison, siennes: Sequence[Option]) -> str:
    return comparaison.nommer(siennes[0])


def classement(comparaison: Comparaison, au_plus: int = 12) -> Table:
    """Ranking: for each criterion its mark and what it brings to the score, then how often the option is first when weights are drawn."""
    lu = comparaison.classement
    titres = [f"{c.libelle} ({pourcent(p, 0)})" for c, p in zip(lu.criteres, lu.poids, strict=True)]
    rangs: list[Rang] = []
    for place, i in zip(lu.places[:au_plus], lu.rangs, strict=False):
        parts = [_part(float(n), float(p)) for n, p in zip(lu.notes[i], lu.parts[i], strict=True)]
        score, premiere = cases.nombre(float(lu.scores[i]), 3, 3), cases.part(float(lu.premieres[i]), 0)
        rangs.append((cases.nombre(place), comparaison.nommer(comparaison.evaluees[i]), *parts, score, premiere))
    entetes = ("Rang", "Option", *titres, "Note", "Première si les poids changent")
    return Table("Classement selon les critères", entetes, tuple(rangs), note=_note_des_criteres(lu.criteres), cles=2)


def _part(note: float, part: float) -> Case:
    return cases.nombre(part, 3, 3).dite(f"{formater_nombre(part, 3)} (note {formater_nombre(note, 2)})")


def _note_des_criteres(criteres: Sequence[Critere]) -> str:
    dits = []
    for c in criteres:
        if c.bornes is not None:
            zero, un = (formater_nombre(b, 2, 0) for b in c.bornes)
            dits.append(f"{c.libelle}, note 0 à {zero} et 1 à {un}")
    sauf = f", sauf : {' ; '.join(dits)}" if dits else ""
    return (
        f"Chaque part est poids × note. Note 1 à la meilleure des options comparées, 0 à la moins bonne{sauf}. "
        "Poids : des choix à débattre (data/hypotheses/criteres.yaml)."
    )


def phrases(comparaison: Comparaison) -> list[str]:
    """Front, dominated options, ties, options left out, and what would change the first."""
    dites = [_front(comparaison), *_dominees(comparaison), *_egales(comparaison), *_non_classables(comparaison)]
    return [d for d in [*dites, _bascule(comparaison)] if d]


def _nom(comparaison: Comparaison, i: int) -> str:
    return comparaison.nommer(comparaison.evaluees[i])


def _axes(comparaison: Comparaison) -> list[str]:
    return [c.libelle[:1].lower() + c.libelle[1:] for c in comparaison.fiches.axes()]


def _front(comparaison: Comparaison) -> str:
    tetes = comparaison.front.non_dominees
    if not tetes:
        return "Aucune option dont tous les chiffres soient connus : rien ne se compare."
    noms = " ; ".join(_nom(comparaison, i) for i in tetes[:_CITES_AU_FRONT])
    suite = " ; …" if len(tetes) > _CITES_AU_FRONT else ""
    verbe = "Aucune autre ne fait mieux que" if len(tetes) == 1 else f"{len(tetes)} options que rien ne bat à la fois"
    sur = f"({', '.join(_axes(comparaison))})"
    return f"{verbe} {sur} : {noms}{suite}." if len(tetes) > 1 else f"{verbe} {noms} {sur}."


def _dominees(comparaison: Comparaison) -> list[str]:
    """Who beats whom: each option of the front, and the options that it beats."""
    axes, par_tete = _axes(comparaison), dict[int, list[tuple[int, tuple[int, ...]]]]()
    for d in comparaison.front.dominees:
        par_tete.setdefault(d.par, []).append((d.option, d.mieux_sur))
    dites = []
    for tete, battues in list(par_tete.items())[:_CITES_AU_FRONT]:
        partout = [i for i, mieux in battues if len(mieux) == len(axes)]
        for siennes, comment in (
            (partout, "fait mieux sur tout que"),
            ([i for i, m in battues if len(m) < len(axes)], "fait aussi bien partout, et mieux ailleurs, que"),
        ):
            if siennes:
                noms = " ; ".join(_nom(comparaison, i) for i in siennes[:_CITES])
                reste = len(siennes) - _CITES
                dites.append(f"{_nom(comparaison, tete)} {comment} : {noms}{_et_autres(reste)}.")
    return dites


def _et_autres(reste: int) -> str:
    return f" ; et {reste} autre{'s' if reste > 1 else ''}" if reste > 0 else ""


def _egales(comparaison: Comparaison) -> list[str]:
    tetes = set(comparaison.front.non_dominees)
    groupes = [g for g in comparaison.front.egales if tetes & set(g)]
    return [
        f"À égalité : {' ; '.join(_nom(comparaison, i) for i in g[:_CITES_AU_FRONT])}{' ; …' if len(g) > _CITES_AU_FRONT else ''}."
        for g in groupes
    ]


def _non_classables(comparaison: Comparaison) -> list[str]:
    """Options that an unknown leaves out, by what is missing."""
    axes = _axes(comparaison)
    par_manque: dict[tuple[int, ...], list[int]] = {}
    for i, manques in comparaison.front.non_classables:
        par_manque.setdefault(manques, []).append(i)
    dites = []
    for manques, siennes in par_manque.items():
        noms = " ; ".join(_nom(comparaison, i) for i in siennes[:_CITES])
        reste = len(siennes) - _CITES
        quoi = ", ".join(axes[j] for j in manques)
        dites.append(f"Non classable{'s' if len(siennes) > 1 else ''} (inconnu : {quoi}) : {noms}{_et_autres(reste)}.")
    return dites


def _bascule(comparaison: Comparaison) -> str:
    lu = comparaison.classement
    if not lu.rangs:
        return ""
    tete = _nom(comparaison, lu.rangs[0])
    if len(lu.a_egalite) > 1:
        return f"Premières à égalité selon les critères : {' ; '.join(_nom(comparaison, i) for i in lu.a_egalite[:_CITES])}."
    part = f"première selon les critères, et dans {pourcent(float(lu.premieres[lu.rangs[0]]), 0)} des poids tirés au hasard"
    part += _sans_financeur(comparaison.chiffres[lu.rangs[0]])
    if lu.bascule is None:
        return f"{tete} : {part} ; aucun poids, changé seul, n'en met une autre devant."
    b = lu.bascule
    avant, apres = pourcent(b.avant, 0), pourcent(b.apres, 1)
    poids = f"le poids de « {lu.criteres[b.critere].libelle} » ({avant})"
    autre = f"« {_nom(comparaison, b.gagnante)} »"
    if not b.passe_devant:
        return f"{tete} : {part} ; aucun poids, changé seul, n'en met une autre devant : {poids} à {apres}, {autre} n'est qu'à égalité."
    sens = "sous" if b.ecart < 0 else "au-dessus de"
    return f"{tete} : {part} ; il suffit que {poids} passe {sens} {apres} pour que {autre} passe devant ; à {apres} juste, elles sont à égalité."


def _sans_financeur(x: Chiffres) -> str:
    """Says of an option that nobody funds it."""
    if not x.a_trouver_en_tout > BOUCLE_A:
        return ""
    return f" (personne ne la finance encore : {euros(x.a_trouver_en_tout)} à trouver)"


def differences(resultat: Resultat) -> Table | None:
    """What each scenario changes, in a sentence; nothing for a study of one scenario."""
    vues = [v for v in resultat.vues() if v.nom != BASE]
    if not vues:
        return None
    base = resultat.vue()
    rangs: list[tuple[Cellule, ...]] = [(v.titre, mots.phrase(differencier(base, v))) for v in vues]
    return Table(
        "Ce que change chaque scénario (plan bouclé)",
        ("Scénario", "Par rapport au projet de base"),
        tuple(rangs),
        texte=True,
    )


def changements(resultat: Resultat) -> Table | None:
    """Inputs that each scenario changes, its figures being elsewhere; nothing for a study of one scenario."""
    base = resultat.vue()
    rangs = [(v.titre, mots.entrees_changees(differencier(base, v))) for v in resultat.vues() if v.nom != BASE]
    entetes = ("Scénario", "Ce qu'il change au projet de base")
    return Table("Ce que change chaque scénario", entetes, tuple(rangs), texte=True) if rangs else None


_EN_NOMBRES = (
    *("etat", "places", "cout_total", "cout_par_place", "cout_par_place_bas", "cout_par_place_haut", "a_trouver"),
    *("a_trouver_en_tout", "commune", "commune_bas", "commune_haut", "avec_le_reste", "avec_le_reste_bas"),
    *("avec_le_reste_haut", "couverture"),
)


def cadre(comparaison: Comparaison) -> pd.DataFrame:
    """Every option in numbers, indexed by study, mode, montage and way of closing; ``raisons`` says why there is no figure."""
    import pandas as pd

    rangs = [_en_nombres(o) for o in comparaison.options]
    index = pd.MultiIndex.from_tuples(
        [o.cle for o in comparaison.options], names=["etude", "mode", "montage", "bouclage"]
    )
    lu = pd.DataFrame(rangs, index=index, columns=[*_EN_NOMBRES, "ouverture", "inconnus", "raisons"])
    lues = zip(comparaison.classement.rangs, comparaison.classement.places, strict=True)
    classees = {comparaison.evaluees[i].cle: place for i, place in lues}
    front = {comparaison.evaluees[i].cle for i in comparaison.front.non_dominees}
    lu["rang"] = [float(classees.get(o.cle, float("nan"))) for o in comparaison.options]
    lu["non_dominee"] = [o.cle in front for o in comparaison.options]
    lu["ouverture"] = pd.to_datetime(lu["ouverture"])
    return lu


def _en_nombres(option: Option) -> tuple[object, ...]:
    raisons = " ; ".join(option.raisons)
    x = option.chiffres
    if x is None:
        return (option.etat, *([float("nan")] * 14), None, "", raisons)
    return (
        *(option.etat, x.places, x.cout_total, x.cout_par_place.valeur, x.cout_par_place.bas, x.cout_par_place.haut),
        *(x.a_trouver, x.a_trouver_en_tout, x.commune.valeur, x.commune.bas, x.commune.haut),
        *(x.avec_le_reste.valeur, x.avec_le_reste.bas, x.avec_le_reste.haut, x.couverture),
        *(x.ouverture, " ; ".join(x.inconnus), raisons),
    )
