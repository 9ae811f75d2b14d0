"""Sheets of the modes d'accueil, in Markdown: words of the project, figures of the model, at a date; written by command."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from pope_foncier.analyse.a_confirmer import a_confirmer
from pope_foncier.analyse.chaine import Moteur
from pope_foncier.analyse.modes import ResumeMode, prix_par_famille, resumer
from pope_foncier.analyse.reperes import ecarts_au_national
from pope_foncier.analyse.resultats import Resultat
from pope_foncier.analyse.scenarios import ouvrir
from pope_foncier.projet.fiche_mode import FicheMode, lire_fiches_modes, remplir
from pope_foncier.projet.regles_en_attente import regles_du_mode
from pope_foncier.socle.chemins import dossier_donnees
from pope_foncier.socle.temps import date_en_clair
from pope_foncier.vues import tableaux_exploitation as tables
from pope_foncier.vues.table import Table

REVENUS = np.array([1000.0, 1500.0, 2000.0, 3000.0, 4500.0, 7000.0])
"""Monthly incomes of the table of families [€]: points of reading, not data."""
HEURES_MOIS = 150.0


def rediger_tout(moteur: Moteur, donnees: Path | None = None) -> dict[str, str]:
    """Every page by file name: one per mode, and the page that compares them."""
    fiches = lire_fiches_modes()
    dossier = ouvrir((donnees or dossier_donnees()) / "etudes" / f"{fiches.etude}.yaml", donnees)
    resultat = Resultat.calculer(dossier, moteur)
    resumes = resumer_tout(resultat, moteur)
    pages = {f"{nom}.md": _page(f, resumes[nom], resultat, moteur) for nom, f in fiches.modes.items()}
    pages["README.md"] = _comparaison(fiches.modes, resumes, resultat, moteur)
    return pages


def resumer_tout(resultat: Resultat, moteur: Moteur) -> dict[str, ResumeMode]:
    """Figures of every mode that has a sheet, by name of the sheet, once its plan is closed."""
    return {
        nom: resumer(resultat.vue(f.scenario).bouclee, resultat, moteur, f.titre)
        for nom, f in lire_fiches_modes().modes.items()
    }


def _entete(resultat: Resultat) -> list[str]:
    etude = resultat.dossier.etude
    return [
        "",
        f"Page écrite par `pope-foncier fiches` à partir de `data/fiches/modes.yaml` et de l'étude "
        f"`{resultat.dossier.nom}` : ne pas la modifier à la main. Droit lu au {date_en_clair(etude.date_demande)}. Le lieu est "
        "une démonstration : loyers, effectifs et charges sont des hypothèses à remplacer par les comptes des gestionnaires.",
        "",
    ]


def _page(fiche: FicheMode, resume: ResumeMode, resultat: Resultat, moteur: Moteur) -> str:
    jour = resultat.dossier.etude.date_demande
    vue = resultat.vue(fiche.scenario)
    corps = [f"# {fiche.titre}", *_entete(resultat)]
    for titre, textes in (
        ("Fonctionnement", fiche.fonctionnement),
        ("Règles", fiche.regles),
        ("Économie", fiche.economie),
    ):
        corps += [f"## {titre}", "", *(f"- {remplir(t, moteur.catalogue, jour)}" for t in textes), ""]
    attente = regles_du_mode(fiche.mode)
    if attente:
        corps += [
            "## Règles dont la date n'est pas sûre",
            "",
            *(f"- {_majuscule(r.avertissement())}" for r in attente),
            "",
        ]
    libelles = {x.code: x.libelle for x in vue.ev.livre.du_groupe("charges")}
    corps += _markdown(tables.table_couts(resume, libelles))
    corps += _markdown(tables.table_qui_paie(resume))
    corps += [f"**Locaux** : {tables.locaux_en_clair(resume)}.", ""]
    corps += [f"**Équilibre sans la commune** : {tables.point_mort_en_clair(resume.equilibre)}.", ""]
    if resume.mode != "mam":
        note = f"Modèle aux prix de {resume.couts.annee_prix}, moyenne nationale de 2024 ; l'écart mêle prix, taille et loyer."
        ecarts = ecarts_au_national(resume.couts, moteur.catalogue, jour)
        corps += _markdown(tables.table_ecarts("Écart à la moyenne nationale des crèches PSU", ecarts, note))
    corps += ["## Gouvernance", "", *(f"- {remplir(t, moteur.catalogue, jour)}" for t in fiche.gouvernance)]
    if fiche.membres:
        corps.append(f"- Membres du PôPE qui le pratiquent : {', '.join(fiche.membres)}.")
    demandes = [x for x in a_confirmer(vue) if x.aupres_de and x.quoi not in _HORS_EXPLOITATION]
    corps += ["", "## À obtenir avant de s'en servir", ""]
    corps += [f"- {x.quoi} : {x.valeur} ; {x.aupres_de}." for x in demandes]
    return "\n".join(corps) + "\n"


def _majuscule(texte: str) -> str:
    return texte[:1].upper() + texte[1:]


_HORS_EXPLOITATION = ("Surface du site", "Surface extérieure du site")


def _comparaison(
    fiches: dict[str, FicheMode], resumes: dict[str, ResumeMode], resultat: Resultat, moteur: Moteur
) -> str:
    acteurs = resultat.dossier.etude.acteurs
    choix = list(resumes.values())
    scenarios = {f.mode: f.scenario for f in fiches.values()}
    prix = prix_par_famille(moteur, resultat, REVENUS, HEURES_MOIS, scenarios["micro_creche_paje"], scenarios["mam"])
    corps = ["# Fiches par mode d'accueil", *_entete(resultat)]
    corps += [f"- [{f.titre}]({nom}.md)" for nom, f in fiches.items()]
    corps.append("")
    corps += _markdown(tables.table_modes(choix, acteurs.caf_locale, acteurs.commune))
    corps += _markdown(tables.table_equilibres(choix))
    corps += _markdown(tables.table_familles(prix))
    return "\n".join(corps).rstrip("\n") + "\n"


def _markdown(table: Table) -> list[str]:
    lignes = [f"### {table.titre}", "", f"| {' | '.join(table.entetes)} |", "|---" * len(table.entetes) + "|"]
    for rang, ligne in enumerate(table.lignes):
        cellules = [f"**{c}**" if rang in table.totaux and c else c for c in ligne]
        lignes.append(f"| {' | '.join(cellules)} |")
    return [*lignes, "", *([table.note, ""] if table.note else [])]
