"""Law register, generated from ``data/baremes``: each scale, each dated value, its source and how sure it is."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from pages import Page

from pope_foncier.baremes.catalogue import Catalogue
from pope_foncier.baremes.fiabilite import FIABILITE_EN_CLAIR
from pope_foncier.baremes.modele import ValeurDatee
from pope_foncier.baremes.registre import lire_registre
from pope_foncier.socle.nombres import formater, formater_nombre
from pope_foncier.socle.temps import date_en_clair
from pope_foncier.vues.baremes.tableaux import table_dispositifs
from pope_foncier.vues.formes.proteger import proteger

SUJETS = {
    "delais": "Délais et règlements",
    "exploitation": "Exploitation",
    "fiscalite": "Taxes et droits",
    "indices": "Indices de prix",
    "prets": "Prêts",
    "referentiel": "Locaux et encadrement",
    "subventions": "Subventions d'investissement",
    "suretes": "Sûretés",
    "taux": "Taux",
}
"""Folders of ``data/baremes``, in French."""
_TETE = ["| Barème | Valeur | En vigueur | Source | Fiabilité |", "|---|---|---|---|---|"]


def pages_de_la_loi() -> list[Page]:
    """One page a subject, and the register of the known aid schemes."""
    catalogue = Catalogue()
    chemins = {s: list(c) for s, c in groupby(catalogue.chemins(), key=lambda c: c.partition(".")[0])}
    pages = [Page("loi", f"loi/{sujet}.md", _sujet(sujet, liste, catalogue)) for sujet, liste in chemins.items()]
    return [*pages, Page("loi", "loi/dispositifs.md", _dispositifs())]


def _sujet(sujet: str, chemins: list[str], catalogue: Catalogue) -> str:
    corps = [
        f"# {SUJETS.get(sujet, sujet)}",
        "",
        "Chaque valeur porte la date depuis laquelle elle vaut, la source où elle a été lue, le jour de la lecture et sa fiabilité. Une "
        "case vide n'est jamais comptée pour zéro. Page écrite à partir de `data/baremes`.",
        "",
    ]
    for prefixe, groupe in groupby(chemins, key=lambda c: c.rpartition(".")[0]):
        corps += [f"## {_mots(catalogue.fichier(prefixe).titre)}", "", *_TETE]
        for chemin in groupe:
            bareme = catalogue.bareme(chemin)
            noms = [f"{_mots(bareme.libelle)}<br>`{chemin}`", *[""] * (len(bareme.valeurs) - 1)]
            corps += [_ligne(nom, v) for nom, v in zip(noms, reversed(bareme.valeurs), strict=True)]
        corps.append("")
    return "\n".join(corps)


def _ligne(nom: str, v: ValeurDatee) -> str:
    source = _mots(v.source.titre)
    if v.source.url:
        source = f"[{source}](<{v.source.url}>)"
    source += f", lu le {date_en_clair(v.source.consulte_le)}"
    valeur = _mots(_valeur(v)) if v.valeur is not None else f"case vide ; demander : {_mots(v.document)}"
    note = f"<br>{_mots(v.note)}" if v.note else ""
    return f"| {nom} | {valeur} | {v.periode_en_clair()} | {source}{note} | {FIABILITE_EN_CLAIR[v.fiabilite]} |"


def _valeur(v: ValeurDatee) -> str:
    valeur: Any = v.valeur
    if isinstance(valeur, dict):
        return " ; ".join(f"{cas} : {formater(x, v.unite)}" for cas, x in valeur.items())
    if isinstance(valeur, tuple):
        bornes = ["au-delà" if t.jusqu_a is None else f"jusqu'à {formater_nombre(t.jusqu_a)}" for t in valeur]
        return " ; ".join(f"{formater(t.taux, '%')} {borne}" for t, borne in zip(valeur, bornes, strict=True))
    return formater(float(valeur), v.unite)


def _dispositifs() -> str:
    table = table_dispositifs(lire_registre())
    corps = [f"# {table.titre}", "", f"| {' | '.join(table.entetes)} |", "|---" * len(table.entetes) + "|"]
    return "\n".join([*corps, *(f"| {' | '.join(map(_mots, ligne))} |" for ligne in table.lignes), ""])


def _mots(texte: str) -> str:
    return proteger(texte, markdown=True)
