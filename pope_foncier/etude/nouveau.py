"""New place: from answers, or from a site sheet alone, to a commented study that runs."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from pope_foncier.etude.fiches_du_lieu import rediger
from pope_foncier.etude.genres_de_lieu import lire_titres
from pope_foncier.etude.questions_du_lieu import questions
from pope_foncier.etude.reponses_du_lieu import identifiant
from pope_foncier.etude.scenarios import BASE, Dossier, ouvrir, varier
from pope_foncier.lieu.plan_lecture import lire_plan
from pope_foncier.lieu.site import GenreDeLieu, Site
from pope_foncier.lieu.vraisemblance import exiger_du_site
from pope_foncier.socle.chemins import dossier_a_completer
from pope_foncier.socle.ecriture import ecrire, ecrire_ensemble
from pope_foncier.socle.erreurs import ErreurDonnees, Probleme
from pope_foncier.socle.fiches import lire_fiche
from pope_foncier.socle.questions import Question
from pope_foncier.territoire.communes import Commune

BROUILLON = "nouveau_site"
"""Name of the draft of a new place, in the data folder."""


def lire_reponses(textes: Mapping[str, str], donnees: Path | None = None) -> dict[str, Any]:
    """Answers typed all at once, read; a question that is left out takes what it proposes.

    Args:
        textes: what was typed, by question.
        donnees: data folder to complete; that of the project by default.

    Raises:
        ErreurDonnees: every answer that cannot be read, missing, or of no question.
    """
    posees = questions(donnees)
    lues, fautes = repondre(posees, textes)
    inconnues = sorted(set(textes) - {q.champ for q in posees})
    if inconnues:
        noms = ", ".join(q.champ for q in posees)
        fautes |= {champ: f"aucune question ne porte ce nom ; questions : {noms}" for champ in inconnues}
    if fautes:
        raise ErreurDonnees(
            [Probleme("réponses", None, champ, f"{faute}.", "corriger la réponse.") for champ, faute in fautes.items()]
        )
    return lues


def repondre(posees: Sequence[Question], textes: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """Answers read, and what is wrong with the others, by question; a question that waits for a faulty one is left aside."""
    lues: dict[str, Any] = {}
    fautes: dict[str, str] = {}
    for question in posees:
        try:
            if question.si(lues):
                lues[question.champ] = question.repondre(textes.get(question.champ, ""), lues)
        except ValueError as erreur:
            fautes[question.champ] = str(erreur)
        except KeyError:
            continue
    return lues, fautes


def creer(reponses: Mapping[str, Any], donnees: Path | None = None) -> tuple[Path, Path]:
    """Write the site and the study of a new place, and its plan if one is given; all valid, or nothing is written.

    Args:
        reponses: answers read, by question.
        donnees: data folder to complete; that of the project by default.

    Returns:
        Paths of the site file and of the study file.

    Raises:
        ErreurDonnees: a place of that name already there, or answers that make no study together.
    """
    base = donnees or dossier_a_completer()
    nom = identifiant(reponses["nom"])
    site, etude = base / "sites" / f"{nom}.yaml", base / "etudes" / f"{nom}.yaml"
    deja = [f for f in (site, etude, base / "plans" / f"{nom}.yaml") if f.exists()]
    if deja:
        message = f"« {nom} » existe déjà dans {', '.join(f.parent.name for f in deja)}/."
        raise ErreurDonnees([Probleme("réponses", None, "nom", message, "choisir un autre nom.")])
    textes = {base / relatif: texte for relatif, texte in rediger(reponses, nom, base).items()}
    with tempfile.TemporaryDirectory() as essai:
        for chemin, texte in textes.items():
            ecrire(Path(essai) / chemin.relative_to(base), texte)
        plan = Path(essai) / "plans" / f"{nom}.yaml"
        if plan.exists():
            exiger_du_site(lire_plan(plan), lire_fiche(Site, Path(essai) / "sites" / site.name), plan.name)
        ouvrir(Path(essai) / "etudes" / etude.name, Path(essai))
    ecrire_ensemble(textes)
    return site, etude


def ouvrir_site(fichier: Path) -> Dossier:
    """Open a site sheet that has no study, with the model study: the facts of the sheet, and assumptions marked as such.

    Raises:
        ErreurDonnees: the faults of the sheet.
    """
    base = fichier.parent.parent
    site = lire_fiche(Site, fichier)
    reponses = _supposees(site, base)
    texte = rediger(reponses, fichier.stem, base)[Path("etudes") / f"{fichier.stem}.yaml"]
    with tempfile.TemporaryDirectory() as essai:
        dossier = ouvrir(ecrire(Path(essai) / f"{fichier.stem}.yaml", texte), base)
    faits = {
        "programme.surface_m2": site.surface_m2.model_dump(exclude_defaults=True),
        "programme.surface_exterieure_m2": site.surface_exterieure_m2.model_dump(exclude_defaults=True),
        "taxes.surface_bureaux_m2": site.surface_m2.model_dump(exclude_defaults=True),
    }
    variantes = {nom: varier(replace(dossier, etude=e), nom, faits) for nom, e in dossier.variantes.items()}
    return replace(dossier, etude=variantes[BASE], variantes=variantes)


_GENRE_DU_DOMAINE: dict[str, GenreDeLieu] = {"public_ferroviaire": "gare", "public_communal": "ecole"}


def _supposees(site: Site, base: Path) -> dict[str, Any]:
    """Answers of a site that nobody studied: its facts, then what ``titres.yaml`` supposes of a site by itself."""
    seul = lire_titres(base).site_seul
    inconnues = ("position", "habitants", "plan", "surface", "exterieur", "espace", "hauteur", "loyer")
    return {
        **dict.fromkeys(inconnues),
        "nom": site.nom,
        "commune": Commune(site.code_insee, site.commune),
        "genre": site.genre or _GENRE_DU_DOMAINE.get(site.domaine, "coque"),
        "titre": seul.genre_domaine_public if site.du_domaine_public else seul.genre,
        "travaux": seul.etat,
        "voies": site.voies_ferrees if site.voies_ferrees != "inconnu" else None,
        "depart": seul.depart,
    }
