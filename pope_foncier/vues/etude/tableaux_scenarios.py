"""Scenarios side by side: what each plan lacks as it stands, and what it asks of everybody once it is closed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from pope_foncier.decision.soutien import annonce
from pope_foncier.etude.a_trouver import EN_TRESORERIE
from pope_foncier.etude.budget_commune import budget
from pope_foncier.etude.caisses import caisses
from pope_foncier.etude.lectures import a_trouver, a_trouver_en_tout
from pope_foncier.etude.resultats import Resultat, Vue
from pope_foncier.etude.sans_place import AUCUNE_PLACE
from pope_foncier.vues.formes import cases, lectures
from pope_foncier.vues.formes.cases import Case, Cellule
from pope_foncier.vues.formes.table import Table

_Lecture = Callable[[Vue], Cellule]


def comparaison(resultat: Resultat) -> Table:
    """Scenarios on the key figures; a plan that lacks money shows what is to find beside what the commune pays."""
    vues = resultat.vues()
    lignes = tuple((nom, *(_cellule(v, nom, lire) for v in vues)) for nom, lire in _lignes(vues).items())
    return Table(
        "Scénarios", ("", *(v.titre for v in vues)), lignes, note=_NOTE + _sans_places(vues), en_lignes="Scénario"
    )


def comparaison_courte(resultat: Resultat, au_plus: int = 12) -> Table:
    """Same on the figures that decide, one scenario a line, at most so many, amounts of investment rounded to the thousand."""
    vues = resultat.vues()
    lignes = tuple((v.titre, *(_cellule(v, nom, lire) for nom, lire in _COURTES.items())) for v in vues[:au_plus])
    reste = len(vues) - au_plus
    suite = f" Et {reste} autre{'s' if reste > 1 else ''} dans le carnet de l'étude." if reste > 0 else ""
    deux = " Trésorerie : celle du propriétaire et celle du gestionnaire, ensemble."
    a_deux = deux if any(len(caisses(v)) > 1 for v in vues) else ""
    note = f"{_NOTE}{_durees(vues[:au_plus])} {_LECTURE_COURTE}{a_deux}{_sans_places(vues)}{suite}"
    return Table(lectures.nommer("Scénarios", lectures.BOUCLE), ("Scénario", *_COURTES), lignes, note=note)


def _cellule(vue: Vue, nom: str, lire: _Lecture) -> Cellule:
    """Figure of a scenario; a scenario that holds no place has none."""
    if not vue.aucune_place:
        return lire(vue)
    return AUCUNE_PLACE if nom == "Places" else "—"


def _sans_places(vues: Sequence[Vue]) -> str:
    """Scenarios that hold no place, and why; those of one reason together."""
    raisons: dict[str, list[str]] = {}
    for v in vues:
        if v.aucune_place:
            raisons.setdefault(v.aucune_place, []).append(v.titre)
    return "".join(f" {', '.join(titres)} : {AUCUNE_PLACE}, {raison}." for raison, titres in raisons.items())


_NOTE = (
    "Un scénario que personne ne finance encore ne coûte pas moins : lire « à trouver en tout » avant ce que paie la commune. "
    "Titres de durées différentes : comparer par place et par an."
)


_LECTURE_COURTE = "Par an : moyenne des années d'ouverture ; couverture : croisière, et pire année."


def _lignes(vues: Sequence[Vue]) -> dict[str, _Lecture]:
    tel_quel, boucle = lectures.TEL_QUEL, lectures.BOUCLE
    lignes: dict[str, _Lecture] = {
        "Places": lambda v: _indicateur(v, "places", 0),
        "Coût total TTC": lambda v: _indicateur(v, "cout_total", 0),
        "Coût par place": lambda v: _indicateur(v, "cout_par_place", 0),
        f"Subventions ({tel_quel})": lambda v: _indicateur(v, "subventions", 0),
        f"Emprunts ({tel_quel})": lambda v: _indicateur(v, "emprunts", 0),
        f"Reste à financer ({tel_quel})": lambda v: _indicateur(v, "reste_a_financer", 0),
        f"À trouver pour l'investissement ({boucle})": lambda v: cases.montant(a_trouver(v)),
        f"{EN_TRESORERIE}, au pire ({boucle})": _par_partie,
        f"… dont rendu plus tard ({boucle})": lambda v: _a_trouver(v, "attente"),
        f"À trouver en tout ({boucle})": lambda v: _a_trouver(v, "total"),
        f"… par place et par an d'ouverture ({boucle})": _par_place_an,
    }
    if any(v.ev.compte is not None for v in vues):
        lignes |= {
            f"Commune, par place et par an, croisière ({boucle})": lambda v: _boucle(v, "contribution_par_place"),
            f"… première année pleine ({boucle})": lambda v: _boucle(v, "contribution_par_place_montee"),
            f"… moyenne des années d'ouverture ({boucle})": _moyenne,
            "Dans l'étude, la commune": _mode,
            "Années d'ouverture": lambda v: "—" if _ne_fait_rien(v) else cases.nombre(v.places.annees, 1, 0),
            f"Commune, par an, croisière ({boucle})": lambda v: _boucle(v, "contribution"),
            f"Couverture de la dette ({boucle})": lectures.case_de_couverture,
        }
    return lignes | {f"Commune, investissement, toute la durée ({boucle})": _investissement}


def _investissement(vue: Vue) -> Case:
    """What the commune brings to the investment, closing included, less what comes back."""
    return cases.montant(budget(vue).totaux["investissement"])


def _a_trouver(vue: Vue, quoi: str, arrondi: int = 0) -> Case:
    """Part of what the closed plan asks to find: a plan may close and its cash not."""
    return cases.montant(a_trouver_en_tout(vue)[quoi]).arrondie(arrondi)


def _par_place_an(vue: Vue) -> Cellule:
    """All that is to be found by place and year of opening, which tenures of different lengths share."""
    total = a_trouver_en_tout(vue)["total"]
    lu = cases.montant(vue.places.par_place_et_par_an(total))
    return lu if vue.places.places_annees > 0 else "—"


def _durees(vues: Sequence[Vue]) -> str:
    """What is to find by place and year of the first scenario and of those open longer or shorter; nothing when none is."""
    ouverts = [v for v in vues if not v.aucune_place and not _ne_fait_rien(v)]
    autres = [v for v in ouverts[1:] if v.places.annees != ouverts[0].places.annees]
    if not autres:
        return ""
    lus = " ; ".join(f"{v.titre} {_par_place_an(v)}" for v in (ouverts[0], *autres))
    return f" À trouver en tout, par place et par an : {lus}."


def _ne_fait_rien(vue: Vue) -> bool:
    """Whether the scenario opens no place on purpose."""
    return vue.places.nombre == 0


def _par_partie(vue: Vue) -> Case:
    """Cash to be found at the worst month, by party when they are two: a plan may close and its cash not."""
    lues = caisses(vue)
    if len(lues) == 1:
        return _a_trouver(vue, "exploitation")
    dit = " ; ".join(f"{c.acteur} : {cases.montant(c.manque)}" for c in lues)
    return _a_trouver(vue, "exploitation").dite(dit)


def _indicateur(vue: Vue, code: str, arrondi: int) -> Case:
    grandeur = vue.indicateurs[code]
    valeur = vue.valeur(grandeur)
    if np.isnan(valeur):
        return cases.montant(valeur).sinon("inconnu" if grandeur.manques else "—")
    return cases.mesure(valeur, "€" if grandeur.unite.startswith("€") else "").arrondie(arrondi)


def _boucle(vue: Vue, code: str) -> Cellule:
    return _indicateur(vue.bouclee, code, 0) if code in vue.bouclee.indicateurs else "sans objet"


def _mode(vue: Vue) -> str:
    exploitation = vue.ev.ctx.etude.exploitation
    if _ne_fait_rien(vue):
        return "—"
    return "sans objet" if exploitation is None else lectures.mode_de_soutien(exploitation.contribution_commune)


def _moyenne(vue: Vue) -> Cellule:
    dite = annonce(vue)
    if dite is None:
        return "sans objet"
    return cases.montant(dite.par_place_an).sinon("—")


def _couverture(vue: Vue) -> Case:
    """Cover without its status."""
    lue = lectures.case_de_couverture(vue)
    return lue.dite(str(lue).rpartition(", ")[0] or str(lue))


_COURTES: dict[str, _Lecture] = {
    "Places": lambda v: _indicateur(v, "places", 0),
    "Coût TTC": lambda v: _indicateur(v, "cout_total", -3),
    "À trouver": lambda v: cases.montant(a_trouver(v)).arrondie(-3),
    "… en tout, trésorerie": lambda v: _a_trouver(v, "total", -3),
    "Commune, investi": _investissement,
    "Commune, par place et par an": _moyenne,
    "Couverture": _couverture,
}
"""Columns of the short comparison, amounts of investment rounded to the thousand."""
