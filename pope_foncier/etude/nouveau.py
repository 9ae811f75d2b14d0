"""New site: from a few answers to a commented study that runs."""

from __future__ import annotations

import re
import tempfile
import unicodedata
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from string import Template

from pope_foncier.baremes.catalogue import Catalogue
from pope_foncier.etude.scenarios import BASE, Dossier, ouvrir, varier
from pope_foncier.lieu.site import Site
from pope_foncier.prets.tranches_de_taux import tranche_de
from pope_foncier.socle.chemins import dossier_a_completer, dossier_donnees
from pope_foncier.socle.ecriture import ecrire, ecrire_ensemble
from pope_foncier.socle.erreurs import ErreurDonnees, Probleme
from pope_foncier.socle.fiches import ANNEES, SURFACE_MAX_M2, DureeMois, Fiche, Jour, Texte, lire_fiche
from pope_foncier.socle.nombres import formater_nombre, lire_nombre
from pope_foncier.travaux.cout import CoutsAuRatio, lire_couts

_MAXIMA = {"surface": SURFACE_MAX_M2, "exterieur": SURFACE_MAX_M2, "habitants_carreau": 1e6, "loyer": 1e5}
_NOM_MAX = 120

_DATE_DEMANDE = date(2026, 12, 1)
"""Day of the requests of a new study: its law and its scales."""


class _Titre(Fiche):
    droits_reels: bool
    duree_mois: DureeMois


class _SiteSeul(Fiche):
    genre: Texte
    genre_domaine_public: Texte
    etat: Texte
    depart: Jour


class _Titres(Fiche):
    genres: dict[str, _Titre]
    site_seul: _SiteSeul
    redevable: Texte
    """Why the holder of a real right owes the office-creation tax."""
    non_redevable: Texte
    pret_duree_max_mois: DureeMois
    pret_marge_avant_fin_du_titre_mois: DureeMois


@dataclass(frozen=True, slots=True)
class Reponses:
    """Answers of the user, as typed; « ? » means unknown."""

    nom: str
    commune: str
    code_insee: str
    surface: str
    exterieur: str
    habitants_carreau: str
    genre: str
    loyer: str
    etat: str
    depart: str


def creer(reponses: Reponses, donnees: Path | None = None) -> tuple[Path, Path]:
    """Write the site and the study of a new place; both are complete and valid, or nothing is written.

    Returns:
        Paths of the site file and of the study file.

    Raises:
        ErreurDonnees: every unusable answer, at once, or a study of that name already there.
    """
    base = donnees or dossier_a_completer()
    couts = lire_couts(base / "hypotheses" / "couts.yaml")
    titres = lire_fiche(_Titres, base / "hypotheses" / "titres.yaml")
    identifiant = _identifiant(reponses.nom)
    site, etude = base / "sites" / f"{identifiant}.yaml", base / "etudes" / f"{identifiant}.yaml"
    problemes = _verifier(reponses, couts, titres, identifiant, (site, etude))
    if problemes:
        raise ErreurDonnees(problemes)
    valeurs = _valeurs(reponses, couts, titres, identifiant)
    textes = {
        chemin: Template((dossier_donnees() / "modeles" / nom).read_text(encoding="utf-8")).substitute(valeurs)
        for chemin, nom in ((site, "site.yaml"), (etude, "etude.yaml"))
    }
    with tempfile.TemporaryDirectory() as essai:
        for chemin, texte in textes.items():
            ecrire(Path(essai) / chemin.parent.name / chemin.name, texte)
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
    couts = lire_couts(base / "hypotheses" / "couts.yaml")
    titres = lire_fiche(_Titres, base / "hypotheses" / "titres.yaml")
    seul = titres.site_seul
    genre = seul.genre_domaine_public if site.du_domaine_public else seul.genre
    reponses = Reponses(
        site.nom, site.commune, site.code_insee, "?", "?", "?", genre, "?", seul.etat, seul.depart.isoformat()
    )
    valeurs = _valeurs(reponses, couts, titres, fichier.stem)
    texte = Template((dossier_donnees() / "modeles" / "etude.yaml").read_text(encoding="utf-8")).substitute(valeurs)
    with tempfile.TemporaryDirectory() as essai:
        dossier = ouvrir(ecrire(Path(essai) / f"{fichier.stem}.yaml", texte), base)
    faits = {
        "programme.surface_m2": site.surface_m2.model_dump(exclude_defaults=True),
        "programme.surface_exterieure_m2": site.surface_exterieure_m2.model_dump(exclude_defaults=True),
        "taxes.surface_bureaux_m2": site.surface_m2.model_dump(exclude_defaults=True),
    }
    variantes = {nom: varier(replace(dossier, etude=e), nom, faits) for nom, e in dossier.variantes.items()}
    return replace(dossier, etude=variantes[BASE], variantes=variantes)


def _verifier(
    r: Reponses, couts: CoutsAuRatio, titres: _Titres, identifiant: str, fichiers: tuple[Path, Path]
) -> list[Probleme]:
    fautes: list[tuple[str, str, str]] = []
    if not identifiant:
        fautes.append(("nom", "le nom ne contient ni lettre ni chiffre.", "donner un nom au lieu."))
    for fichier in fichiers:
        if fichier.exists():
            fautes.append(
                ("nom", f"« {fichier.stem} » existe déjà dans {fichier.parent.name}/.", "choisir un autre nom.")
            )
    for champ in ("nom", "commune"):
        texte = getattr(r, champ)
        if not texte.strip() or len(texte) > _NOM_MAX or not texte.strip().isprintable():
            message = f"un nom d'une ligne et de {_NOM_MAX} signes au plus est attendu ; trouvé : « {texte} »."
            fautes.append((champ, message, "l'écrire sur une ligne."))
    if not re.fullmatch(r"[0-9][0-9AB][0-9]{3}", r.code_insee.strip()):
        fautes.append(
            ("code_insee", f"« {r.code_insee} » n'est pas un code INSEE.", "cinq caractères, par exemple 93066.")
        )
    for champ, maxi in _MAXIMA.items():
        texte = getattr(r, champ).strip()
        if texte == "?":
            continue
        try:
            nombre = lire_nombre(texte)
            if nombre < 0:
                fautes.append((champ, f"« {texte} » est négatif.", "corriger."))
            elif nombre > maxi:
                fautes.append((champ, f"« {texte} » : {formater_nombre(maxi)} au plus.", "corriger."))
        except ValueError as erreur:
            fautes.append((champ, f"{erreur}.", "corriger, ou écrire « ? »."))
    if r.genre not in titres.genres:
        fautes.append(
            ("genre", f"« {r.genre} » n'est pas un titre connu.", f"choisir parmi : {', '.join(titres.genres)}.")
        )
    if r.etat not in couts.genres:
        fautes.append(
            (
                "etat",
                f"« {r.etat} » n'est pas un genre de travaux connu.",
                f"choisir parmi : {', '.join(couts.genres)}.",
            )
        )
    try:
        annee = date.fromisoformat(r.depart).year
    except ValueError:
        annee = 0
    if not ANNEES[0] <= annee <= ANNEES[1]:
        message = f"« {r.depart} » n'est pas une date de l'an {ANNEES[0]} à l'an {ANNEES[1]}."
        fautes.append(("depart", message, "écrire année-mois-jour, par exemple 2027-01-01."))
    return [Probleme("réponses", None, champ, message, remede) for champ, message, remede in fautes]


def _valeurs(r: Reponses, couts: CoutsAuRatio, titres: _Titres, identifiant: str) -> dict[str, str]:
    cout = couts.genres[r.etat]
    titre = titres.genres[r.genre]
    duree_pret = min(titre.duree_mois - titres.pret_marge_avant_fin_du_titre_mois, titres.pret_duree_max_mois)
    catalogue = Catalogue(dossier_donnees() / "baremes")
    tranche, publie = tranche_de(catalogue, duree_pret, _DATE_DEMANDE)
    carreau = "null"
    if r.habitants_carreau.strip() != "?":
        carreau = (
            '{identifiant: "à relever (Insee, statistiques locales)", millesime: "à préciser", habitants: {valeur: '
            f'{lire_nombre(r.habitants_carreau):g}, base: "réponse de l\'utilisateur, à sourcer"}}}}'
        )
    return {
        "nom": r.nom.strip().replace('"', "'").replace("\\", "/"),
        "identifiant": identifiant,
        "commune": r.commune.strip().replace('"', "'").replace("\\", "/"),
        "code_insee": r.code_insee.strip(),
        "carreau": carreau,
        "genre": r.genre,
        "droits_reels": "true" if titre.droits_reels else "false",
        "bureaux_due": "1" if titre.droits_reels else "0",
        "bureaux_base": titres.redevable if titre.droits_reels else titres.non_redevable,
        "duree_titre": str(titre.duree_mois),
        "duree_pret": str(duree_pret),
        "date_demande": _DATE_DEMANDE.isoformat(),
        "tranche_taux": tranche,
        "taux_pret": f"{publie.valeur:g}",
        "taux_base": f"{publie.libelle}, valeur {publie.periode_en_clair()}",
        "loyer": _donnee(r.loyer),
        "surface": _donnee(r.surface),
        "exterieur": _donnee(r.exterieur),
        "depart": r.depart,
        "date_valeur": couts.date_valeur.isoformat(),
        "cout": f"{(cout.bas + cout.haut) / 2:g}",
        "cout_bas": f"{cout.bas:g}",
        "cout_haut": f"{cout.haut:g}",
        "etat": r.etat,
        "genre_travaux": cout.libelle,
        "neuf": "true" if cout.neuf else "false",
    }


def _donnee(reponse: str) -> str:
    if reponse.strip() == "?":
        return "{a_obtenir_de: le propriétaire}"
    return f'{{valeur: {lire_nombre(reponse):g}, base: "réponse de l\'utilisateur, à confirmer par relevé ou par le bail", a_obtenir_de: le propriétaire}}'


def _identifiant(nom: str) -> str:
    sans_accent = unicodedata.normalize("NFKD", nom).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "_", sans_accent).strip("_")[:60]
