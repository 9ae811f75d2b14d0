"""Tables and sentences of a sweep."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from pope_foncier.acquisition.montages import lire_montages
from pope_foncier.decision.autres_modes import lire_passages
from pope_foncier.decision.balayage.calcul import Ligne, nom_du_quantile
from pope_foncier.decision.balayage.deroule import Bilan, Etat
from pope_foncier.decision.balayage.fiche_balayage import DE_L_ETUDE
from pope_foncier.decision.balayage.morceaux import PlanDeBalayage
from pope_foncier.decision.balayage.projection import Projection
from pope_foncier.decision.balayage.resume import ResumeDuBalayage, ResumeDuSite, bouts
from pope_foncier.socle.nombres import formater, formater_nombre
from pope_foncier.socle.temps import duree_en_clair, en_date, mois_en_clair
from pope_foncier.vues.formes import cases
from pope_foncier.vues.formes.cases import Cellule, Rang
from pope_foncier.vues.formes.table import Table

SITES_MONTRES = 20
"""Sites of the table on a screen: the first by the criterion; the file has them all."""
_RIEN = "—"


def phrase_du_plan(plan: PlanDeBalayage) -> str:
    """What a plan counts."""
    dit = (
        f"{_n(len(plan.sites), 'site')} × {_n(len(plan.modes), 'mode')} × {_n(len(plan.montages), 'montage')} × "
        f"{_n(len(plan.bouclages), 'bouclage')} = {_n(plan.nombre, 'combinaison')}"
    )
    if plan.tirages is not None:
        dit += f", {_n(plan.tirages.nombre, 'tirage')} chacune"
    return (
        f"{dit}. {_n(plan.nombre_de_morceaux, 'morceau', 'morceaux')} de {_n(plan.sites_par_morceau, 'site')} au plus."
    )


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
    autres = [c for c in plan.chiffres if c != critere]
    montres = resume.sites[:SITES_MONTRES]
    entetes = ("Site", "Possibles", "À confirmer", "Impossibles", "En tête", _libelle(plan, critere))
    fourchette = bouts(plan)
    rangs = tuple(_rang(s, plan, critere, autres, bool(fourchette)) for s in montres)
    note = f"En tête : {'le plus bas' if plus_bas else 'le plus haut'} de « {_libelle(plan, critere)} », ce n'est pas un avis."
    if len(resume.sites) > len(montres):
        note += (
            f" Les {SITES_MONTRES} premiers sites sur {formater_nombre(len(resume.sites))} ; tous sont dans le fichier."
        )
    if fourchette:
        note += f" Fourchette : {' et '.join(nom_du_quantile(q)[1:].replace('_', ',') for q in fourchette)} % des tirages sont dessous."
    return Table(
        "Ce qui vient en tête, site par site",
        (*entetes, *(("fourchette",) if fourchette else ()), *(_libelle(plan, c) for c in autres), "Ouverture"),
        rangs,
        note=note,
    )


def _rang(lu: ResumeDuSite, plan: PlanDeBalayage, critere: str, autres: Sequence[str], fourchette: bool) -> Rang:
    comptes = tuple(cases.nombre(lu.etats.get(e, 0)) for e in ("possible", "a_confirmer", "impossible"))
    premiere = lu.premiere
    if premiere is None:
        vides = (_RIEN,) * (len(autres) + (2 if fourchette else 1))
        pourquoi = "chiffre inconnu" if lu.sans_valeur else "rien de possible"
        return (lu.site, *comptes, _RIEN, cases.sans_valeur(pourquoi), *vides)
    nom = _combinaison(premiere, plan) + (f" (et {lu.egales} à égalité)" if lu.egales else "")
    ouverture = premiere["ouverture_le"]
    return (
        lu.site,
        *comptes,
        nom,
        _case(plan, critere, premiere[critere]),
        *((_fourchette(plan, premiere),) if fourchette else ()),
        *(_case(plan, c, premiere[c]) for c in autres),
        mois_en_clair(en_date(ouverture)) if ouverture else "inconnue",
    )


def _combinaison(ligne: Ligne, plan: PlanDeBalayage) -> str:
    """Mode, montage and closing of a row, those that the plan makes vary."""
    dits = []
    if len(plan.modes) > 1:
        dits.append(titre_du_mode(ligne["mode"]))
    if len(plan.montages) > 1:
        dits.append(titre_du_montage(ligne["montage"]))
    if len(plan.bouclages) > 1:
        dits.append(next(b.titre for b in plan.bouclages if b.nom == ligne["bouclage"]))
    a_confirmer = " — à confirmer" if ligne["etat"] == "a_confirmer" else ""
    return (" ; ".join(dits) or "étude") + a_confirmer


def titre_du_mode(nom: str) -> str:
    """Mode of a row in words."""
    return "mode de l'étude" if nom == DE_L_ETUDE else lire_passages()[nom].libelle  # type: ignore[index]


def titre_du_montage(nom: str) -> str:
    """Montage of a row in words."""
    return "montage de l'étude" if nom == DE_L_ETUDE else lire_montages().montages[nom].titre


def _fourchette(plan: PlanDeBalayage, ligne: Ligne) -> str:
    critere = plan.critere[0]
    lus = [ligne[f"{critere}.{nom_du_quantile(q)}"] for q in bouts(plan)]
    if any(v is None or math.isnan(v) for v in lus):
        return "indéterminée"
    bas, haut = (formater(v, plan.libelles[critere][1]) for v in lus)
    return f"de {bas} à {haut}"


def _case(plan: PlanDeBalayage, chiffre: str, valeur: float | None) -> Cellule:
    if valeur is None or math.isnan(valeur):
        return cases.sans_valeur("inconnu")
    return cases.mesure(valeur, plan.libelles[chiffre][1])


def _libelle(plan: PlanDeBalayage, chiffre: str) -> str:
    return plan.libelles[chiffre][0]


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
