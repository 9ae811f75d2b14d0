"""Workbook that a partner filled and sent back: read as a named scenario that holds what changed, all its faults at once with their cell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from pope_foncier.etude.fiche_scenarios import Surcharge
from pope_foncier.etude.scenarios import BASE
from pope_foncier.lieu.fichiers.lecteurs import LECTEURS
from pope_foncier.porte.cases_rendues import Valeur, citer, dire, entrees, lettre, lu_dans, memes
from pope_foncier.porte.etude import Etude, ouvrir
from pope_foncier.porte.textes import en_html
from pope_foncier.socle.chemins import chemin_court
from pope_foncier.socle.erreurs import ErreurDonnees, Probleme
from pope_foncier.socle.phrases import minuscule
from pope_foncier.socle.xlsx_strict import CaseLue, FeuilleLue, lire_feuille
from pope_foncier.vues.classeur import origine
from pope_foncier.vues.classeur.hypotheses import FEUILLE

_COLONNES = ("Entrée", "Valeur à saisir", "Champ de l'étude", "Valeur écrite")
"""Headings without which a sheet cannot be read again."""
_LUE = "Lue par les formules"
"""Heading of the cells that formulas read: nothing is typed there."""
_COMMENTAIRE = "Votre commentaire"
"""Heading of the reasons that a partner gives."""


@dataclass(frozen=True)
class ClasseurRendu:
    """Scenario that a workbook sent back makes of its study.

    Attributes:
        etude: study under that scenario, ready to compute.
        depuis: scenario that the workbook was written of.
        surcharges: what the partner changed, in the form of a file of study.
        changements: the same in words, with the cell and the value before.
        remarques: what else is to be known: a study changed since, cells left aside.
    """

    nom: str
    titre: str
    etude: Etude
    depuis: str
    surcharges: tuple[Surcharge, ...]
    changements: tuple[str, ...]
    remarques: tuple[str, ...]

    def yaml(self) -> str:
        """Scenario in the form of a file of study, to copy under « scenarios: »."""
        fiche: dict[str, Any] = {"nom": self.nom, "titre": self.titre}
        if self.depuis != BASE:
            fiche["depuis"] = self.depuis
        fiche["surcharges"] = [s.model_dump(mode="json") for s in self.surcharges]
        dits = yaml.safe_dump(
            {"etude": self.etude.nom, "scenarios": [fiche] if self.surcharges else []},
            allow_unicode=True,
            sort_keys=False,
            width=110,
        )
        return f"# Scénario d'un classeur rendu : à recopier dans la section « scenarios » de l'étude.\n{dits}"

    def __repr__(self) -> str:
        dits = " ; ".join(self.changements) or "rien n'a changé"
        return f"Classeur rendu, étude {self.etude.nom}, scénario {self.depuis} : {dits}"

    def _repr_html_(self) -> str:
        lignes = [("Changé", x) for x in self.changements] or [("Changé", "rien")]
        return en_html(f"Classeur rendu, étude {self.etude.nom}", [*lignes, *(("À savoir", r) for r in self.remarques)])


def relire(chemin: Path, etude: str | Path | None = None, nom: str = "classeur_rendu") -> ClasseurRendu:
    """Read a workbook that a partner filled: a scenario of its study that holds what changed and nothing else.

    A cell emptied, or « inconnu », makes the input unknown; a formula counts for its last value; a row taken off leaves its input as it is.

    Args:
        chemin: workbook written by the command ``classeur``, sheet « Hypothèses » filled.
        etude: study, when the workbook was written of a file of yours; by default the one that it names.
        nom: name of the scenario.

    Raises:
        ErreurDonnees: not a workbook, not one of ours, or all the cells that cannot be read, each with what is expected.
    """
    if chemin.suffix.lower() in LECTEURS:
        message = f"c'est un {LECTEURS[chemin.suffix.lower()][0]}, non un classeur rendu."
        remede = f"pour en faire un plan : « pope-foncier plan importer {chemin.name} --site … »."
        raise ErreurDonnees.une(chemin_court(chemin), message, remede)
    lue = lire_feuille(chemin, FEUILLE)
    depart = _etude_du_classeur(chemin, lue, etude)
    lecture = _Lecture(chemin, depart, lue.proprietes.get(origine.EMPREINTE))
    nomme = lue.proprietes.get(origine.ETUDE, depart.nom)
    if nomme != depart.nom:
        lecture.remarques.append(
            f"Ce classeur dit venir de l'étude « {nomme} », et il est lu sur l'étude « {depart.nom} » : vérifier que c'est la même."
        )
    lecture.lire(_lignes(chemin, lue))
    surcharges = tuple(lecture.surcharge(champ) for champ in lecture.valeurs)
    changements = tuple(lecture.entrees[c].dire_le_changement(v, ou) for c, (ou, v) in lecture.valeurs.items())
    variee = lecture.varier(surcharges)
    titre = f"Valeurs rendues dans {chemin.name}"
    return ClasseurRendu(nom, titre, variee, depart.scenario, surcharges, changements, tuple(lecture.remarques))


def _etude_du_classeur(chemin: Path, lue: FeuilleLue, etude: str | Path | None) -> Etude:
    """Study and scenario that a workbook was written of.

    Raises:
        ErreurDonnees: a workbook that does not say it, a study that is no more, a scenario that it has no more.
    """
    nomme, scenario = lue.proprietes.get(origine.ETUDE), lue.proprietes.get(origine.SCENARIO, BASE)
    if etude is None and nomme is None:
        raise _refus(
            chemin,
            "ce classeur ne dit pas de quelle étude il vient.",
            "reprendre celui que « pope-foncier classeur » a écrit, ou donner l'étude.",
        )
    try:
        case_lueetude = ouvrir(etude if etude is not None else str(nomme))
    except ErreurDonnees as erreur:
        if etude is not None:
            raise
        raise _refus(chemin, f"l'étude « {nomme} » du classeur est introuvable.", "donner son fichier.") from erreur
    if scenario not in case_lueetude.scenarios:
        raise _refus(
            chemin,
            f"le classeur vient du scénario « {scenario} », que l'étude {case_lueetude.nom} n'a pas.",
            f"prendre l'étude d'où il vient ; scénarios connus : {', '.join(case_lueetude.scenarios)}.",
        )
    return case_lueetude.scenarios[scenario]


def _refus(chemin: Path, message: str, remede: str, ou: str = "") -> ErreurDonnees:
    return ErreurDonnees([Probleme(chemin_court(chemin), None, ou, message, remede)])


@dataclass(frozen=True, slots=True)
class _Ligne:
    """Row of the sheet: what names it, the cell to type in, its content, the field of the study, the value as it was written, the cell read, why."""

    libelle: str
    cellule: str
    saisie: CaseLue
    champ: str
    ecrite: CaseLue
    lue: CaseLue
    commentaire: str

    @property
    def change(self) -> bool:
        """Whether the cell no longer holds what was written in it."""
        return bool(self.saisie.formule) or not memes(lu_dans(self.saisie.valeur), lu_dans(self.ecrite.valeur))


def _lignes(chemin: Path, lue: FeuilleLue) -> Iterator[_Ligne]:
    """Rows under the headings, wherever their columns are.

    Raises:
        ErreurDonnees: headings that are there no more.
    """
    ou: dict[str, int] = {}
    for numero, cases in lue.lignes:
        if ou:
            places = [ou.get(titre, len(cases)) for titre in (*_COLONNES, _LUE, _COMMENTAIRE)]
            libelle, saisie, champ, ecrite, case_lue, mots = (
                cases[p] if p < len(cases) else CaseLue(None) for p in places
            )
            cellule = f"{FEUILLE}!{lettre(ou[_COLONNES[1]])}{numero}"
            dit, nom, pourquoi = (" ".join(str(c.valeur or "").split()) for c in (libelle, champ, mots))
            yield _Ligne(minuscule(dit), cellule, saisie, nom, ecrite, case_lue, pourquoi)
            continue
        titres = {str(c.valeur).strip(): rang for rang, c in enumerate(cases) if c.valeur is not None}
        if set(_COLONNES) <= set(titres):
            ou = titres
    if not ou:
        dits = ", ".join(f"« {t} »" for t in _COLONNES)
        remede = "reprendre le classeur rendu, sans ôter ni renommer ses colonnes (les deux dernières sont repliées à droite)."
        raise _refus(chemin, f"les titres de colonnes n'y sont plus ({dits}).", remede, FEUILLE)


class _Lecture:
    """Reading of a sheet « Hypothèses »: what changed, and all the cells that cannot be read."""

    def __init__(self, chemin: Path, depart: Etude, empreinte: str | None) -> None:
        self.chemin, self.depart, self.empreinte = chemin, depart, empreinte
        self.entrees = dict(entrees(depart.fiche))
        self.valeurs: dict[str, tuple[str, Valeur]] = {}
        """Cell and value of each input that changed."""
        self.raisons: dict[str, str] = {}
        """What the partner says of an input."""
        self.remarques: list[str] = []
        self._problemes: list[Probleme] = []
        self._vus: dict[str, str] = {}
        """Cell of each input of the sheet."""
        self._bougees: list[str] = []
        """Inputs whose value in the study is no longer the one that the workbook was written with."""

    def lire(self, lignes: Iterator[_Ligne]) -> None:
        """Read every row.

        Raises:
            ErreurDonnees: all that cannot be read, at once.
        """
        for ligne in lignes:
            if not ligne.champ:
                self._lire_hors_de_l_etude(ligne)
            elif ligne.champ in self._vus:
                message = f"{ligne.libelle} : deux lignes pour la même entrée, l'autre en {self._vus[ligne.champ]}."
                self._refuser(ligne, message, "n'en garder qu'une.")
            elif ligne.champ in self.entrees:
                self._vus[ligne.champ] = ligne.cellule
                self._lire_l_entree(ligne)
            elif ligne.change:
                message = f"{ligne.libelle} : l'étude n'a pas, ou n'a plus, cette entrée ({ligne.champ})."
                self._refuser(ligne, message, "vérifier l'étude, ou remettre la valeur d'avant.")
        if self._problemes:
            raise ErreurDonnees(self._problemes)
        self._remarquer()

    def _lire_hors_de_l_etude(self, ligne: _Ligne) -> None:
        """Row that no scenario changes: a heading, the law, the site, a path of evolution; or a row that somebody added."""
        if ligne.saisie.formule or ligne.saisie.valeur in (None, "") or not ligne.change:
            return
        if ligne.ecrite.valeur is None:
            message = f"ligne ajoutée ({ligne.libelle or 'sans libellé'}), trouvé {citer(ligne.saisie)}."
            self._refuser(ligne, message, "la décrire dans l'étude : ici, seules les lignes du classeur se lisent.")
        else:
            message = f"{ligne.libelle}, trouvé {citer(ligne.saisie)} : un barème, un fait du site ou une évolution ne change pas d'un scénario à l'autre."
            remede = (
                f"remettre {dire(ligne.ecrite.valeur)} ; pour une évolution, choisir sa lecture (bas, central, haut)."
            )
            self._refuser(ligne, message, remede)

    def _lire_l_entree(self, ligne: _Ligne) -> None:
        entree = self.entrees[ligne.champ]
        ecrite = lu_dans(ligne.ecrite.valeur)
        if entree.valeur is not None and not memes(ecrite, entree.valeur):
            self._bougees.append(minuscule(entree.libelle))
        if (
            not ligne.lue.formule
            and not memes(lu_dans(ligne.lue.valeur), lu_dans(ligne.saisie.valeur))
            and ligne.lue.valeur is not None
        ):
            message = f"{minuscule(entree.libelle)}, {citer(ligne.lue)} tapé dans la case que lisent les formules."
            self._refuser(ligne, message, "le taper ici, dans la colonne « Valeur à saisir ».")
            return
        if not ligne.change:
            self._commenter(ligne)
            return
        try:
            valeur = entree.lire(ligne.saisie)
        except ValueError as erreur:
            self._refuser(ligne, f"{minuscule(entree.libelle)}, {erreur}.", f"écrire {entree.attendu}.")
            return
        if ligne.saisie.formule:
            self.remarques.append(f"{ligne.cellule} : une formule, lue pour sa dernière valeur, {entree.dire(valeur)}.")
        if not memes(valeur, ecrite):
            self.valeurs[ligne.champ] = (ligne.cellule, valeur)
            self.raisons[ligne.champ] = ligne.commentaire

    def _commenter(self, ligne: _Ligne) -> None:
        """Comment on an input that did not change."""
        if ligne.commentaire:
            self.remarques.append(f"{ligne.libelle}, commentaire ({ligne.cellule}) : « {ligne.commentaire} »")

    def _refuser(self, ligne: _Ligne, message: str, remede: str) -> None:
        self._problemes.append(Probleme(chemin_court(self.chemin), None, ligne.cellule, message, remede))

    def _remarquer(self) -> None:
        """What is to be known beside the changes."""
        if manquent := len(self.entrees) - len(self._vus):
            dit = "1 entrée de l'étude n'est" if manquent == 1 else f"{manquent} entrées de l'étude ne sont"
            self.remarques.append(f"{dit} pas dans le classeur : laissées telles quelles.")
        if self.empreinte is not None and self.empreinte != origine.empreinte(self.depart.fiche):
            quoi = f" ({', '.join(self._bougees)})" if self._bougees else ", hors des entrées du classeur"
            self.remarques.append(
                f"L'étude a changé depuis que ce classeur a été écrit{quoi} : le scénario part de l'étude d'aujourd'hui."
            )

    def surcharge(self, champ: str) -> Surcharge:
        """Override of an input in the form of a file of study; the comment of the partner is its reason."""
        motif = f"valeur rendue dans {self.chemin.name}"
        if self.raisons[champ]:
            motif += f" : {self.raisons[champ]}"
        return Surcharge(champ=champ, valeur=self.entrees[champ].ecrire(self.valeurs[champ][1], motif), motif=motif)

    def varier(self, surcharges: tuple[Surcharge, ...]) -> Etude:
        """Study under the scenario.

        Raises:
            ErreurDonnees: what the sheet refuses of several inputs together, at the cell of one of those that changed.
        """
        try:
            return self.depart.varier({s.champ: s.valeur for s in surcharges})
        except ErreurDonnees as erreur:
            court, problemes = chemin_court(self.chemin), []
            for p in erreur.problemes:
                ou = next((c for champ, (c, _) in self.valeurs.items() if _se_touchent(p.champ, champ)), p.champ)
                problemes.append(Probleme(court, None, ou, p.message, p.remede))
            raise ErreurDonnees(problemes) from None


def _se_touchent(faute: str, champ: str) -> bool:
    """Whether a fault is about an input, or about the sheet that holds it."""
    return bool(faute) and (faute.startswith(champ) or champ.startswith(f"{faute}."))
