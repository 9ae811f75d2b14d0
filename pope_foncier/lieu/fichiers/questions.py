"""What is still to say before a file makes a plan: asked one after the other, or told all at once with the option of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from pope_foncier.lieu.fichiers import systemes
from pope_foncier.lieu.fichiers.axes import nom_de_l_unite
from pope_foncier.lieu.fichiers.candidats import CARTES, RIEN, Candidat, contours, plages, qui_contient_les_autres
from pope_foncier.lieu.fichiers.choix import STATUTS, lire_les_fonctions, lire_natures, lire_unite
from pope_foncier.lieu.fichiers.importer import Importation
from pope_foncier.lieu.locaux import lire_fonctions
from pope_foncier.lieu.vraisemblance import EN_UNITES, UNITES
from pope_foncier.socle.chemins import chemin_court
from pope_foncier.socle.erreurs import ErreurCalcul, ErreurDonnees, Probleme
from pope_foncier.socle.nombres import formater_nombre


class Question(NamedTuple):
    """What is missing to make the plan: the option that says it, the question in French, and the answer proposed."""

    option: str
    invite: str
    propose: str = ""
    sujet: str = ""
    """Layer or room that it is about."""


def questions(importation: Importation) -> list[Question]:
    """What is still to say, in the order in which it is asked."""
    if not importation.releve.objets:
        return []
    posees = []
    systeme, unite = importation.systeme, importation.unite
    if not systeme.sur:
        nom = f" Probable : {systemes.en_clair(systeme.valeur)}." if systeme.valeur else f" Inconnu ({systeme.dit})."
        invite = f"Système des coordonnées ?{nom} (EPSG:2154, CC42 à CC50, EPSG:4326, EPSG:3857, local)"
        posees.append(Question("--systeme", invite, systeme.valeur))
    if not unite.sur:
        posees.append(Question("--unite", _question_d_unite(importation), unite.valeur))
    natures = _sur_les_natures(importation)
    return [*posees, *(natures or [*_sur_le_choix(importation), *_sur_les_fonctions(importation)])]


def exiger_tout_dit(importation: Importation) -> None:
    """Refuse to go on without an answer.

    Raises:
        ErreurDonnees: everything that is still to say, each with its option and the answer proposed.
    """
    court = chemin_court(importation.chemin)
    if posees := questions(importation):
        raise ErreurDonnees([_a_dire(court, q) for q in posees])


def repondre(importation: Importation, question: Question, texte: str) -> Importation:
    """Same file, a question answered; an empty answer takes what was proposed.

    Raises:
        ErreurCalcul: an answer that cannot be read.
    """
    reponse, choix = texte.strip() or question.propose, importation.choix
    if not reponse:
        raise ErreurCalcul("Une réponse est attendue.")
    if question.option == "--nature":
        par_rang = lire_natures(reponse.split(";")) if "=" in reponse else {}
        tous = RIEN if par_rang else lire_natures([reponse])[""]
        return importation.avec(repondues={**choix.repondues, **par_rang, question.sujet: tous})
    if question.option == "--fonction":
        return importation.avec(fonctions={**choix.fonctions, question.sujet: lire_les_fonctions([reponse])[""]})
    if question.option == "--choisir":
        suivante = importation.avec(choisir=tuple(p.strip() for p in reponse.split(";")))
        if not suivante.retenus:
            raise ErreurCalcul(f"« {reponse} » ne garde aucun tracé du plan.")
        return suivante
    if question.option == "--systeme":
        return importation.avec(systeme=systemes.lire_systeme(reponse))
    return importation.avec(unite=lire_unite(reponse))


def _question_d_unite(importation: Importation) -> str:
    unite, declaree = importation.unite, importation.releve.metres_par_unite
    dit = (
        f" Le fichier déclare : {EN_UNITES.get(nom_de_l_unite(declaree), nom_de_l_unite(declaree))}."
        if declaree
        else ""
    )
    grand = max((c.surface for c in importation.candidats), default=0.0)
    lue = f" En {EN_UNITES.get(unite.valeur, unite.valeur)}, le plus grand contour fait {m2(grand)}." if grand else ""
    return f"Unité du dessin ?{dit} Probable : {unite.valeur} ({unite.dit}).{lue} ({', '.join(UNITES)})"


def _sur_les_natures(importation: Importation) -> list[Question]:
    """One question a layer, when neither the file nor the user says what anything is."""
    choix = importation.choix
    if choix.natures or any(c.nature and c.objet.couche not in choix.repondues for c in importation.candidats):
        return []
    posees = []
    for couche in (c for c in importation.releve.couches() if c not in choix.repondues):
        dessins = [c for c in importation.candidats if c.objet.couche == couche and c.forme.geom_type != "Point"]
        if not dessins:
            continue
        surface = sum(c.surface for c in dessins)
        s = "s" if len(dessins) > 1 else ""
        quoi = f"{len(dessins)} contour{s}, {m2(surface)}" if surface else f"{len(dessins)} ligne{s}"
        nom = f"la couche « {couche} »" if couche else "le fichier"
        invite = f"Que dessine {nom} ({quoi}) ? (batiment, parcelle, piece, cour, quai, voie… ; rien pour la laisser"
        autour, dedans = qui_contient_les_autres(dessins)
        par_rang = " ; ".join([f"{autour.rang}=parcelle", *(f"{p}=batiment" for p in plages(dedans))]) if autour else ""
        invite += f" ; ou par rang : {par_rang or '1=parcelle ; 6=batiment'})" if len(dessins) > 1 else ")"
        if autour:
            invite += f" Le n° {autour.rang} contient tous les autres : sans doute la parcelle."
        posees.append(Question("--nature", invite, par_rang or ("batiment" if surface else "rien"), couche))
    return posees


def _sur_le_choix(importation: Importation) -> list[Question]:
    """Which outlines are the place, when there are several and nobody chose; a plan of ours is taken whole."""
    if importation.choix.choisir or importation.releve.tete:
        return []
    for nature, nom in (("batiment", "bâtiments : lesquels"), ("parcelle", "parcelles : lesquelles")):
        siens = contours(importation.retenus, nature)
        if max(Counter(c.objet.niveau or 0 for c in siens).values(), default=0) < 2:
            continue
        situes = all(c.distance_m is not None for c in siens)
        proche = ", « proche » (du site)" if situes else ""
        champ = _champ_qui_distingue(siens)
        autour, dedans = qui_contient_les_autres(siens)
        dit = f" « {autour.nom} » contient tous les autres." if autour else ""
        invite = f"{len(siens)} {nom} garder ? (rang de la liste, « plus_grand »{proche}{champ}, « tout »){dit}"
        lieu = _le_lieu(importation, siens, dedans)
        return [Question("--choisir", invite, " ; ".join([lieu, *_autour(importation.retenus)]) if lieu else "")]
    return []


def _le_lieu(importation: Importation, siens: Sequence[Candidat], dedans: Sequence[Candidat]) -> str:
    """Choice proposed among outlines: the only one of its layer, the nearest, the largest of a drawing; none on a map that is not placed."""
    couches = Counter(c.objet.couche for c in siens)
    seules = [couche for couche, n in couches.items() if couche and n == 1]
    if len(seules) == 1 and len(couches) > 1:
        return f"couche={seules[0]}"
    if all(c.distance_m is not None for c in siens):
        return "proche"
    if dedans:
        return str(max(dedans, key=lambda c: c.surface).rang)
    return "" if importation.releve.format in CARTES else "plus_grand"


def _autour(retenus: Sequence[Candidat]) -> list[str]:
    """Choices that keep what lies around a building: tracks and platforms, the only plot or yard."""
    nombres = Counter(c.nature for c in retenus)
    seuls = [n for n in ("parcelle", "cour") if nombres[n] == 1]
    return [f"nature={n}" for n in (*seuls, *(n for n in ("voie", "quai") if nombres[n]))]


def _champ_qui_distingue(candidats: Sequence[Candidat]) -> str:
    """Field of the file that tells most things apart (a name, an identifier), as a choice is typed; empty when none does."""
    valeurs: dict[str, set[str]] = {"nom": {c.objet.nom for c in candidats if c.objet.nom}}
    for candidat in candidats:
        for champ, valeur in candidat.objet.attributs.items():
            valeurs.setdefault(champ, set()).add(valeur)
    meilleur = max(valeurs, key=lambda champ: len(valeurs[champ]))
    return f", {meilleur}=…" if len(valeurs[meilleur]) > len(candidats) / 2 else ""


def _sur_les_fonctions(importation: Importation) -> list[Question]:
    connues = ", ".join(lire_fonctions())
    return [
        Question("--fonction", f"À quoi sert la pièce « {c.nom} » ({m2(c.surface)}) ? ({connues})", "", c.nom)
        for c in importation.retenus
        if c.nature == "piece" and not importation.fonction_de(c)[0]
    ]


def _a_dire(court: str, question: Question) -> Probleme:
    valeur = question.propose or "…"
    if question.option == "--choisir" or (question.option == "--nature" and "=" in valeur):  # one option a choice
        valeur = f" {question.option} ".join(p.strip() for p in valeur.split(";"))
    elif question.sujet:
        valeur = f'"{question.sujet}={valeur}"'
    return Probleme(court, None, question.option, question.invite, f"ajouter {question.option} {valeur}.")


def lire_statut(texte: str) -> str:
    """Status of a plan as typed.

    Raises:
        ErreurCalcul: none of the three.
    """
    mot = texte.strip().lower().replace("é", "e").replace("è", "e")
    if mot not in STATUTS:
        raise ErreurCalcul(f"--statut : « {texte} » inconnu. Choisir parmi : {', '.join(STATUTS)}.")
    return mot


def m2(surface: float) -> str:
    """Area in French."""
    return f"{formater_nombre(surface, 1)} m²"
