"""Table of sites: one row a site, a column for each field that it states; what a row leaves empty is unknown, never that of the model."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pope_foncier.decision.balayage.morceaux import Brut, SiteABalayer
from pope_foncier.etude.fiche import Etude
from pope_foncier.etude.scenarios import BASE, Dossier, en_clair, varier
from pope_foncier.etude.surcharges import poser
from pope_foncier.lieu.site import Site
from pope_foncier.modele.declaration import ChampAbsent, declaration_de, lire_champ
from pope_foncier.modele.donnee import Donnee
from pope_foncier.socle.chemins import chemin_court
from pope_foncier.socle.csv_strict import charger_csv
from pope_foncier.socle.erreurs import PROBLEMES_MAX, ErreurDonnees, Probleme, abreger
from pope_foncier.socle.fiches import valider
from pope_foncier.socle.nombres import lire_nombre
from pope_foncier.socle.xlsx_strict import charger_xlsx

NOM = "nom"
"""Column of the name of the site."""
DU_MODELE = "modele"
"""Word of a cell that keeps the value of the model."""
_DU_SITE = "site."
"""Beginning of the columns that change the sheet of the place."""
_JAMAIS = ("site", "scenarios", "doute", "questions_ouvertes")
"""Fields that a table cannot change."""


@dataclass(frozen=True)
class Colonne:
    """Column of the table: a field of the study or of its place; or an end of the range of the field of another column."""

    rang: int
    titre: str
    champ: str
    bout: str = ""
    """``bas`` or ``haut`` when it is an end of a range."""
    est_donnee: bool = False
    """Whether the field holds an assumption, so that an empty cell is an unknown."""

    @property
    def du_site(self) -> bool:
        """Whether it changes the sheet of the place."""
        return self.champ.startswith(_DU_SITE)

    @property
    def pas(self) -> str:
        """Path within the sheet that it changes."""
        return self.champ.removeprefix(_DU_SITE)


def lire_table(chemin: Path, dossier: Dossier, modele: str) -> tuple[SiteABalayer, ...]:
    """Sites of a table, each tried on the model so that all the faults come at once.

    Raises:
        ErreurDonnees: unknown columns, rows that the sheet refuses, names that come twice.
    """
    fichier = chemin_court(chemin)
    rangs = charger_xlsx(chemin) if chemin.suffix.lower() == ".xlsx" else charger_csv(chemin, latin=True)
    if len(rangs) < 2:
        raise ErreurDonnees(
            [Probleme(fichier, None, "", "aucun site.", "écrire les titres, puis une ligne pour chaque site.")]
        )
    place_du_nom, colonnes = _colonnes(fichier, rangs[0], dossier)
    problemes: list[Probleme] = []
    sites: dict[str, SiteABalayer] = {}
    for ligne, cellules in rangs[1:]:
        if len(problemes) >= PROBLEMES_MAX:
            break
        nom = cellules[place_du_nom].strip() if place_du_nom < len(cellules) else ""
        if not nom:
            problemes.append(Probleme(fichier, ligne, NOM, "case vide.", "nommer le site."))
        site = _site(fichier, ligne, nom, cellules, colonnes, dossier, modele, problemes)
        if nom in sites:
            problemes.append(Probleme(fichier, ligne, NOM, f"« {nom} » est déjà un autre site.", "le renommer."))
        sites[nom] = site
    if problemes:
        raise ErreurDonnees(problemes)
    return tuple(sites.values())


def _colonnes(fichier: str, titres: tuple[int, Sequence[str]], dossier: Dossier) -> tuple[int, list[Colonne]]:
    """Rank of the column of the names, and the columns of the fields."""
    ligne, noms = titres
    propres = [t.strip() for t in noms]
    problemes = []
    if NOM not in propres:
        problemes.append(Probleme(fichier, ligne, NOM, "colonne absente.", "ajouter le nom de chaque site."))
    problemes += [
        Probleme(fichier, ligne, titre, "colonne en double.", "n'en garder qu'une.")
        for titre in sorted({t for t in propres if t and propres.count(t) > 1})
    ]
    colonnes = []
    for rang, titre in enumerate(propres):
        if titre in ("", NOM):
            continue
        champ, _, bout = titre.partition(" ")
        try:
            colonnes.append(_colonne(rang, titre, champ, bout.strip(), dossier))
        except ChampAbsent as erreur:
            remede = "écrire le chemin d'un champ de l'étude, ou de son lieu après « site. »."
            problemes.append(Probleme(fichier, ligne, titre, f"{erreur}", remede))
    seules = {c.champ for c in colonnes if c.bout} - {c.champ for c in colonnes if not c.bout}
    problemes += [
        Probleme(fichier, ligne, champ, "une fourchette sans sa valeur.", f"ajouter la colonne « {champ} ».")
        for champ in sorted(seules)
    ]
    if problemes:
        raise ErreurDonnees(problemes)
    return propres.index(NOM), colonnes


def _colonne(rang: int, titre: str, champ: str, bout: str, dossier: Dossier) -> Colonne:
    """Column by its title.

    Raises:
        ChampAbsent: no such field, or one that a table cannot change.
    """
    if champ in _JAMAIS or bout not in ("", "bas", "haut"):
        attendu = "le titre d'une colonne est le chemin d'un champ, suivi de « bas » ou « haut » pour sa fourchette"
        raise ChampAbsent(f"« {abreger(titre)} » ne se lit pas dans une table : {attendu}.")
    fiche: Etude | Site = dossier.site if champ.startswith(_DU_SITE) else dossier.etude
    lu = lire_champ(fiche, champ.removeprefix(_DU_SITE))
    est_donnee = isinstance(lu, Donnee)
    if lu is None:
        try:
            declaration_de(fiche, champ.removeprefix(_DU_SITE))
            est_donnee = True
        except ChampAbsent:
            pass
    return Colonne(rang, titre, champ, bout, est_donnee)


def _site(
    fichier: str,
    ligne: int,
    nom: str,
    cellules: Sequence[str],
    colonnes: Sequence[Colonne],
    dossier: Dossier,
    modele: str,
    problemes: list[Probleme],
) -> SiteABalayer:
    """Site of a row; its faults are added to the others."""
    lues = {c.titre: cellules[c.rang].strip() if c.rang < len(cellules) else "" for c in colonnes}
    base = f"{Path(fichier).name}, ligne {ligne}"
    changes: tuple[Brut, Brut] = ({}, {})
    for colonne in colonnes:
        if colonne.bout or lues[colonne.titre] == DU_MODELE:
            continue
        bouts = [lues.get(f"{colonne.champ} {bout}", "") for bout in ("bas", "haut")]
        try:
            changes[colonne.du_site][colonne.pas] = _valeur(colonne, lues[colonne.titre], bouts, base)
        except ValueError as erreur:
            problemes.append(Probleme(fichier, ligne, colonne.titre, f"{erreur}.", "corriger la case."))
    site = SiteABalayer(nom, modele, *changes)
    try:
        appliquer(dossier, site)
    except ErreurDonnees as erreur:
        problemes += [
            Probleme(fichier, ligne, p.champ.rpartition("→ ")[2], p.message, p.remede) for p in erreur.problemes
        ]
    return site


def _valeur(colonne: Colonne, texte: str, bouts: Sequence[str], base: str) -> Any:
    """What a cell sets: an assumption with its basis, an unknown, or a plain value.

    Raises:
        ValueError: an empty cell where nothing can be unknown, or a range that is not two numbers.
    """
    if not colonne.est_donnee:
        if not texte:
            raise ValueError(f"case vide : ce champ ne peut pas être inconnu ; écrire sa valeur, ou « {DU_MODELE} »")
        return date.fromisoformat(texte) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", texte) else texte
    if not texte:
        return {"valeur": None, "a_obtenir_de": f"qui tient {base}"}
    donnee: Brut = {"valeur": texte, "base": base}
    if any(bouts):
        donnee["intervalle"] = [lire_nombre(b) for b in bouts]
    return donnee


def appliquer(dossier: Dossier, site: SiteABalayer) -> Dossier:
    """Study of one site: the model with what its row changes; a row leaves the scenarios of the model aside.

    Raises:
        ErreurDonnees: what the sheet refuses of it.
    """
    lieu = dossier.site
    if site.du_site:
        brut = lieu.model_dump(mode="python", exclude_defaults=True)
        for champ, valeur in site.du_site.items():
            poser(brut, champ, valeur, site.nom)
        lieu = valider(Site, brut, site.nom)
    if not site.surcharges:
        return Dossier(site.nom, dossier.etude, lieu, dossier.variantes)
    etude = varier(dossier, site.nom or "site", site.surcharges)
    return Dossier(site.nom, etude, lieu, {BASE: etude})


def en_donnees(dossier: Dossier) -> tuple[Brut, Brut]:
    """Plain data of a study and of its place."""
    return en_clair(dossier.etude), dossier.site.model_dump(mode="python", exclude_defaults=True)
