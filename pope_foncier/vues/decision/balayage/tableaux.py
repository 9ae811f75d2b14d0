"""Tables and sentences of a sweep."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from pope_foncier.acquisition.montages import lire_montages
from pope_foncier.decision.autres_modes import lire_passages
from pope_foncier.decision.balayage.colonnes import MESURES, Ligne
from pope_foncier.decision.balayage.deroule import Bilan, Etat
from pope_foncier.decision.balayage.morceaux import PlanDeBalayage
from pope_foncier.decision.balayage.projection import Projection
from pope_foncier.decision.balayage.resume import ResumeDuBalayage, ResumeDuSite
from pope_foncier.decision.comparer.bouclages import lire_bouclages
from pope_foncier.decision.comparer.combinaisons import DE_L_ETUDE, TEL_QUEL
from pope_foncier.socle.nombres import duree_en_clair, formater_nombre
from pope_foncier.socle.temps import en_date
from pope_foncier.vues.formes import cases
from pope_foncier.vues.formes.cases import Cellule, Rang
from pope_foncier.vues.formes.table import Table

SITES_MONTRES = 20
"""Sites of the table on a screen: the first by the criterion; the file has them all."""
_MONTREES = ("places", "a_trouver_en_tout", "couverture")
_RIEN = "—"
_NOTE = (
    "Plan bouclé. Commune : tout ce qu'elle paie, par place et par an d'ouverture ; « Avec le reste » : si elle payait aussi tout ce qui est à "
    "trouver, trésorerie comprise (sauf ce qu'elle avance et qui lui revient). Entre crochets : aux deux bouts de la fourchette du prix des travaux. Couverture : pire année, de qui porte les travaux."
)


def phrase_du_plan(plan: PlanDeBalayage) -> str:
    """What a plan counts."""
    dit = (
        f"{_n(len(plan.sites), 'site')} × {_n(len(plan.modes), 'mode')} × {_n(len(plan.montages), 'montage')} × "
        f"{_n(len(plan.bouclages), 'bouclage')} = {_n(plan.nombre, 'combinaison')}"
    )
    if plan.tirages is not None:
        dit += f", {_n(plan.tirages.nombre, 'tirage')} chacune"
    return f"{dit}. {_n(plan.nombre_de_morceaux, 'morceau', 'morceaux')}."


def phrase_de_l_etat(trouve: Etat) -> str:
    """What was found in the folder; nothing when it holds no part."""
    dits = []
    if trouve.finis:
        dits.append(f"{_n(len(trouve.finis), 'morceau déjà fini', 'morceaux déjà finis')}, gardés tels quels")
    if trouve.abimes:
        dits.append(f"{_n(len(trouve.abimes), 'morceau illisible', 'morceaux illisibles')}, à refaire")
    if trouve.etrangers:
        dits.append(
            f"{_n(trouve.etrangers, 'morceau', 'morceaux')} d'un autre plan, d'autres données ou d'une autre version, jamais relus"
        )
    return f"Trouvé dans le dossier : {' ; '.join(dits)}." if dits else ""


def phrase_du_bilan(bilan: Bilan) -> str:
    """What a run did."""
    faits = _n(bilan.calcules, "morceau calculé", "morceaux calculés")
    gardes = f", {_n(bilan.gardes, 'gardé')}" if bilan.gardes else ""
    return f"{faits}{gardes}, en {duree_en_clair(bilan.secondes)}."


def projection(lue: Projection) -> Table:
    """Whole of a sweep by extrapolation, then what it rests on."""
    calcul, duree = lue.calcul_en_tout, lue.duree_en_tout
    court, long = lue.etendue
    lignes: tuple[Rang, ...] = (
        ("Temps de calcul de ce qui reste", _de_a(calcul), "temps de processeur, machine libre ou non"),
        (
            f"Durée de ce qui reste, {_n(lue.ouvriers, 'morceau', 'morceaux')} à la fois",
            _de_a(duree),
            "ces mêmes ouvriers, machine aussi occupée que pendant l'essai",
        ),
        (
            "Morceaux mesurés",
            f"{_n(len(lue.mesures), 'morceau', 'morceaux')} sur {formater_nombre(lue.restants)}",
            "tirés au sort parmi ceux qui restent ; gardés comme finis",
        ),
        ("Temps d'un morceau", duree_en_clair(lue.par_morceau), f"de {duree_en_clair(court)} à {duree_en_clair(long)}"),
        (
            "Temps d'une combinaison",
            f"{formater_nombre(lue.par_combinaison * 1000, 1)}\u00a0ms",
            _n(lue.tirages, "tirage") if lue.tirages else "sans tirage",
        ),
        ("Le plan entier", _n(lue.combinaisons, "combinaison"), _n(lue.morceaux, "morceau", "morceaux")),
    )
    note = (
        "Extrapolation : temps moyen des morceaux mesurés × morceaux qui restent ; fourchette à 95 % de cette moyenne."
    )
    return Table("Le balayage entier, par extrapolation", ("Grandeur", "Valeur", "Base"), lignes, note=note, texte=True)


def par_site(resume: ResumeDuBalayage) -> Table:
    """First combination of each site by the criterion of the plan, and how many are possible."""
    plan = resume.plan
    critere, plus_bas = plan.critere
    autres = [c for c in _MONTREES if c != critere]
    montres = resume.sites[:SITES_MONTRES]
    seuils = plan.tirages.seuils if plan.tirages else ()
    entetes = ("Site", "Possibles", "À confirmer", "Impossibles", "En tête", MESURES[critere][0])
    note = f"En tête : le plus {'bas' if plus_bas else 'haut'} de « {MESURES[critere][0]} » ; ce n'est pas un avis. {_NOTE}"
    if len(resume.sites) > len(montres):
        note += (
            f" Les {SITES_MONTRES} premiers sites sur {formater_nombre(len(resume.sites))} ; tous sont dans le fichier."
        )
    if seuils:
        note += " Dernières colonnes : part des tirages, et son intervalle à 95 %."
    return Table(
        "Ce qui vient en tête, site par site",
        (*entetes, *(MESURES[c][0] for c in autres), "Ouverture", *(s.nom for s in seuils)),
        tuple(_rang(s, critere, autres, [f"p.{x.nom}" for x in seuils], plan) for s in montres),
        note=note,
    )


def _rang(lu: ResumeDuSite, critere: str, autres: Sequence[str], chances: Sequence[str], plan: PlanDeBalayage) -> Rang:
    comptes = tuple(cases.nombre(lu.etats.get(e, 0)) for e in ("possible", "a_confirmer", "impossible"))
    premiere = lu.premiere
    if premiere is None:
        pourquoi = cases.sans_valeur("chiffre inconnu" if lu.sans_valeur else "rien de possible")
        return (lu.site, *comptes, _RIEN, pourquoi, *(_RIEN,) * (len(autres) + 1 + len(chances)))
    ouverture = premiere["ouverture_le"]
    return (
        lu.site,
        *comptes,
        _combinaison(premiere, plan) + (f" (et {_n(lu.egales, 'autre')} à égalité)" if lu.egales else ""),
        _case(premiere, critere),
        *(_case(premiere, c) for c in autres),
        cases.mois_du(en_date(ouverture)) if ouverture else cases.sans_valeur("inconnue"),
        *(_chance(premiere, c) for c in chances),
    )


def _combinaison(ligne: Ligne, plan: PlanDeBalayage) -> str:
    """Mode, montage and closing of a row, those that the plan makes vary."""
    dits = []
    if len(plan.modes) > 1:
        dits.append("Mode de l'étude" if ligne["mode"] == DE_L_ETUDE else lire_passages()[ligne["mode"]].libelle)
    if len(plan.montages) > 1:
        montages = lire_montages().montages
        dits.append("Montage de l'étude" if ligne["montage"] == TEL_QUEL else montages[ligne["montage"]].titre)
    if len(plan.bouclages) > 1:
        noms = lire_bouclages().noms()
        dits.append("Bouclage de l'étude" if ligne["bouclage"] == DE_L_ETUDE else noms[ligne["bouclage"]])
    return (" / ".join(dits) or "L'étude") + (", à confirmer" if ligne["etat"] == "a_confirmer" else "")


def _case(ligne: Ligne, mesure: str) -> Cellule:
    """Measure of a row, with both ends of its range when it has one."""
    valeur, unite = ligne[mesure], MESURES[mesure][1]
    if math.isnan(valeur):
        return cases.sans_valeur("inconnu")
    if math.isinf(valeur):
        return cases.sans_valeur("sans dette")
    if not unite:
        return cases.nombre(valeur, 2, 2)
    case = cases.montant(valeur, unite=unite) if unite.startswith("€") else cases.nombre(valeur, unite=unite)
    bas, haut = (ligne.get(f"{mesure}.{bout}", math.nan) for bout in ("bas", "haut"))
    if bas is None or math.isnan(bas) or round(bas) == round(haut):
        return case
    return case.dite(f"{case} [{formater_nombre(bas)} – {formater_nombre(haut)}]")


def _chance(ligne: Ligne, nom: str) -> Cellule:
    """Share of the draws beyond a threshold, and its interval, which the draws without a value widen."""
    part = ligne.get(nom)
    if part is None or math.isnan(part):
        return cases.sans_valeur("indéterminée")
    bas, haut = (cases.part(ligne[f"{nom}.{bout}"], 0) for bout in ("bas", "haut"))
    case = cases.part(part, 0)
    return case.dite(f"{case} [{bas} – {haut}]")


def pourquoi_pas(resume: ResumeDuBalayage) -> Table | None:
    """Why combinations are impossible, without a figure or not drawn, the most frequent first; None when all have one."""
    rangs: list[Rang] = []
    for quoi, comptes in (
        ("impossible", resume.refus),
        ("chiffre inconnu, il manque", resume.inconnus),
        ("sans tirage", resume.sans_tirage),
    ):
        rangs += [(quoi, raison, cases.nombre(combien)) for raison, combien in comptes]
    if not rangs:
        return None
    return Table("Pourquoi pas", ("Ce qui manque", "Raison", "Combinaisons"), tuple(rangs), cles=2)


def phrase_des_etats(resume: ResumeDuBalayage) -> str:
    """How many combinations are possible, to confirm, impossible."""
    etats = resume.etats
    return (
        f"{_n(etats['possible'], 'combinaison possible', 'combinaisons possibles')}, {formater_nombre(etats['a_confirmer'])} à confirmer, "
        f"{_n(etats['impossible'], 'impossible')}."
    )


def en_cadre(table: Any) -> Any:
    """Result as a frame for a spreadsheet: the draws kept, which are lists, are left to the Parquet file."""
    import pyarrow as pa

    lisibles = [champ.name for champ in table.schema if not pa.types.is_list(champ.type)]
    return table.select(lisibles).to_pandas()


def _de_a(trois: tuple[float, float, float]) -> str:
    milieu, bas, haut = trois
    if math.isinf(haut):
        return f"{duree_en_clair(milieu)} (un seul morceau mesuré : sans fourchette)"
    return f"{duree_en_clair(milieu)} (de {duree_en_clair(bas)} à {duree_en_clair(haut)})"


def _n(nombre: int, mot: str, pluriel: str = "") -> str:
    return f"{formater_nombre(nombre)}\u00a0{(pluriel or f'{mot}s') if nombre >= 2 else mot}"
