"""Stress of a closed plan whose funding is frozen, as tables: hole, cover, lowest cash and its month, who bears it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from pope_foncier.decision.epreuves import CaisseEprouvee, Effet, eprouver, incidents
from pope_foncier.decision.fiche_epreuves import Epreuves, FicheEpreuve
from pope_foncier.etude.resultats import Vue
from pope_foncier.socle.nombres import formater_nombre
from pope_foncier.vues.formes import cases, lectures
from pope_foncier.vues.formes.cases import Case, Rang
from pope_foncier.vues.formes.table import Table

if TYPE_CHECKING:
    import pandas as pd

NOTE = (
    "Financement arrêté au bouclage du plan, puis le choc frappe : un dépassement fait un trou, jamais une plus grosse aide. "
    "Couverture 0 : rien n'est disponible pour payer la dette. À avancer : ce que l'épreuve prend de trésorerie, au pire mois (le premier où tout manque), sur le plan arrêté. Point bas sous zéro : trésorerie manquante. Qui le porte : qui finit avec moins de trésorerie que sur le plan arrêté, si "
    "personne d'autre ne paie."
)


INCIDENTS = "Si une aide manque, baisse ou tarde"
EPREUVES = "Épreuves"
_GELE = "plan bouclé, financement arrêté"


def tables(vue: Vue) -> list[Table]:
    """Incidents on each grant, stresses, and their cover year by year; nothing when the plan is unknown."""
    if np.isnan(vue.montant("ressources.reste_a_financer")):
        return []
    subis = incidents(vue)
    return [*([epreuves(INCIDENTS, vue, subis)] if subis else []), *deux_tables(vue, eprouver(vue))]


def deux_tables(vue: Vue, effets: Sequence[Effet]) -> list[Table]:
    """Stresses, then their cover year by year when there is a debt."""
    annees = couvertures(EPREUVES, vue, effets)
    return [epreuves(EPREUVES, vue, effets), *([annees] if annees else [])]


def connues(fiches: Epreuves) -> Table:
    """Stresses that one may choose, by identifier, and what each strikes."""
    return Table(
        "Épreuves connues",
        ("Identifiant", "Épreuve", "Ce qu'elle frappe"),
        tuple((e.id, e.libelle, _frappe(e)) for e in fiches.epreuves),
        note="« --choc » à répéter pour les subir ensemble. Elles se changent dans data/hypotheses/epreuves.yaml.",
        texte=True,
    )


def _frappe(fiche: FicheEpreuve) -> str:
    champs = [
        f"{c.champ}{f' × {formater_nombre(c.facteur, 4, 0)}' if c.facteur != 1.0 else ''}"
        f"{f' {_signe(c.ajoute)}' if c.ajoute else ''}"
        for c in fiche.chocs
    ]
    if fiche.aide is not None:
        champs.append("la plus grosse aide comptée")
    if fiche.commune_retard_mois or fiche.sans_commune:
        champs.append("tout ce que paie la commune")
    if fiche.poste_vacant:
        champs.append(f"les heures d'accueil, {fiche.poste_vacant_mois} mois")
    return " ; ".join(champs)


def _signe(valeur: float) -> str:
    return f"{'+' if valeur > 0 else '−'} {formater_nombre(abs(valeur), 4, 0)}"


def cadre(vue: Vue, effets: Sequence[Effet]) -> pd.DataFrame:
    """Same stresses in numbers: amounts [€], months as dates, cover of each year; an unknown is an empty cell."""
    import pandas as pd

    dettes = _annees_de_dette(vue, effets)
    lignes = [
        {
            "epreuve": e.libelle,
            "sans_effet": int(e.sans_effet),
            "sans_financement_euros": max(e.trou, 0.0) if not np.isnan(e.trou) else np.nan,
            "couverture_minimale": e.couverture_minimale,
            "couverture_minimale_sans_commune": e.couverture_minimale_sans_commune,
            **{cle: x for c in e.caisses for cle, x in _en_nombres(vue, c, len(e.caisses) > 1).items()},
            **{f"porte_par_euros ({qui})": dict(e.porte_par).get(qui, np.nan) for qui in _porteurs(effets)},
            **{f"couverture_{vue.annees[r]}": float(e.couvertures[r]) for r in dettes},
        }
        for e in effets
    ]
    return pd.DataFrame(lignes).round(6)


def _en_nombres(vue: Vue, eprouvee: CaisseEprouvee, nommee: bool) -> dict[str, float | str]:
    """Cash of one party in numbers, its name in the headings when there are two."""
    caisse, date = eprouvee.caisse, vue.ev.ctx.echelle.date_du_mois
    de = f" ({caisse.acteur})" if nommee else ""
    connue = caisse.est_connue
    return {
        f"a_avancer_euros{de}": eprouvee.avance,
        f"mois_a_avancer{de}": date(eprouvee.mois_de_l_avance).isoformat() if connue else "",
        f"point_bas_euros{de}": caisse.point_bas,
        f"mois_du_creux{de}": date(caisse.mois_du_creux).isoformat() if connue else "",
        f"mois_sous_zero{de}": eprouvee.mois_negatifs if connue else np.nan,
    }


def _porteurs(effets: Sequence[Effet]) -> tuple[str, ...]:
    """Parties that bear some stress."""
    return tuple(dict.fromkeys(qui for e in effets for qui, _ in e.porte_par))


def _annees_de_dette(vue: Vue, effets: Sequence[Effet]) -> list[int]:
    """Ranks of the years in which some stress leaves a debt to serve."""
    return [r for r in range(len(vue.annees)) if any(not np.isnan(e.couvertures[r]) for e in effets)]


def epreuves(titre: str, vue: Vue, effets: Sequence[Effet], sans_commune: bool = False) -> Table:
    """One stress a line, one more for the cash of the operator when it is another party: hole, lowest cover, lowest cash, who bears it.

    Args:
        sans_commune: whether to show the cover without anything of what the commune pays.
    """
    a_deux = any(len(e.caisses) > 1 for e in effets)
    porteurs = _porteurs(effets)
    entetes = (
        "Épreuve",
        *(("Caisse",) if a_deux else ()),
        "Sans financement",
        "Couverture, minimum",
        "Trésorerie à avancer au pire mois",
        "Pire mois",
        "Point bas de trésorerie",
        "Mois du creux",
        "Mois sous zéro",
        *(("Couverture sans rien de ce que paie la commune",) if sans_commune else ()),
        *(f"Porté par : {qui}" for qui in porteurs),
    )
    lignes = [
        (
            "" if rang else e.libelle,
            *((c.caisse.acteur,) if a_deux else ()),
            *(("", "") if rang else _trou_et_couverture(e)),
            *_caisse(vue, c),
            *((("" if rang else _couverture_sans_commune(e)),) if sans_commune else ()),
            *("" if rang else _porte(e, qui) for qui in porteurs),
        )
        for e in effets
        for rang, c in enumerate(e.caisses)
    ]
    return Table(lectures.nommer(titre, _GELE), entetes, tuple(lignes), note=NOTE, cles=2 if a_deux else 1)


def _trou_et_couverture(effet: Effet) -> Rang:
    trou = cases.montant(effet.trou if np.isnan(effet.trou) else max(effet.trou, 0.0))
    return trou, _couverture(effet.couverture_minimale)


def _caisse(vue: Vue, eprouvee: CaisseEprouvee) -> Rang:
    """Cash of one party: most that it must advance and when, lowest point and when, months below zero."""
    if not eprouvee.caisse.est_connue:
        return ("inconnu",) * 5
    echelle = vue.ev.ctx.echelle
    return (
        cases.montant(eprouvee.avance),
        cases.mois(echelle, eprouvee.mois_de_l_avance) if eprouvee.avance > 0.5 else "—",
        cases.montant(eprouvee.caisse.point_bas),
        cases.mois(echelle, eprouvee.caisse.mois_du_creux),
        cases.nombre(eprouvee.mois_negatifs),
    )


def _porte(effet: Effet, qui: str) -> Case:
    """What a party ends with less than on the frozen plan."""
    return cases.montant(dict(effet.porte_par).get(qui, np.nan)).sinon("—")


def les_plus_dures(vue: Vue, effets: Sequence[Effet], nombre: int = 3) -> Table:
    """Frozen plan, then the stresses that take most cash of all parties: hole, lowest cover if there is a debt, cash to advance at the worst month."""
    reference, *autres = effets
    dures = sorted(autres, key=lambda e: -np.nan_to_num(e.avance, nan=-np.inf))[:nombre]
    avances = [c.caisse.acteur for c in reference.caisses]
    colonnes = [f"à avancer : {acteur}" for acteur in avances] if len(avances) > 1 else ["à avancer"]
    endettee = any(not np.isnan(e.couvertures).all() for e in effets)
    fin = 3 if endettee else 2
    lignes: list[Rang] = [
        (
            *(e.libelle, *_trou_et_couverture(e))[:fin],
            *(cases.montant(c.avance) if c.caisse.est_connue else "inconnu" for c in e.caisses),
        )
        for e in (reference, *dures)
    ]
    entetes = ("Financement arrêté", "sans financement", "couverture")[:fin] + tuple(colonnes)
    return Table(lectures.nommer("Les épreuves les plus dures", lectures.BOUCLE), entetes, tuple(lignes))


def couvertures(titre: str, vue: Vue, effets: Sequence[Effet], annees: int = 10) -> Table | None:
    """Cover of each year of debt, one stress a line, at most so many years from the first one; None without debt."""
    dettes = _annees_de_dette(vue, effets)[:annees]
    if not dettes:
        return None
    lignes: list[Rang] = [(e.libelle, *(_couverture(float(e.couvertures[r])) for r in dettes)) for e in effets]
    nom = lectures.nommer(f"{titre} : couverture de la dette par année", _GELE)
    return Table(nom, ("Épreuve", *(str(vue.annees[r]) for r in dettes)), tuple(lignes))


def _couverture(valeur: float) -> Case:
    couverture = cases.nombre(valeur, 2).sinon("sans dette")
    return couverture.dite("0") if valeur <= 0 else couverture


def _couverture_sans_commune(effet: Effet) -> Case:
    return cases.nombre(effet.couverture_minimale_sans_commune, 2).sinon("sans dette")
