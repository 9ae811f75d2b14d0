"""Plan of a sweep: its sheet read strictly, its studies opened, its table tried row by row; all the faults come at once, in French."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

from pope_foncier.acquisition.montages import lire_montages
from pope_foncier.decision.autres_modes import lire_passages
from pope_foncier.decision.balayage.colonnes import MESURES
from pope_foncier.decision.balayage.fiche_balayage import TOUS, FicheBalayage, ReglesDuBalayage, lire_regles
from pope_foncier.decision.balayage.morceaux import Modele, PlanDeBalayage, SeuilCompte, SiteABalayer, TiragesVoulus
from pope_foncier.decision.balayage.table_des_sites import en_donnees, lire_table
from pope_foncier.decision.comparer.bouclages import lire_bouclages
from pope_foncier.decision.comparer.combinaisons import DE_L_ETUDE, TEL_QUEL
from pope_foncier.etude.bouclage import boucler
from pope_foncier.etude.lecteur import Lecteur
from pope_foncier.etude.moteur import moteur_du_projet
from pope_foncier.etude.scenarios import BASE, Dossier, ouvrir
from pope_foncier.socle.chemins import chemin_court
from pope_foncier.socle.erreurs import ErreurCalcul, ErreurDonnees, Probleme
from pope_foncier.socle.fiches import valider
from pope_foncier.socle.refus import Inconnu
from pope_foncier.socle.trouver import trouver
from pope_foncier.socle.yaml_strict import Lignes, charger_yaml


@dataclass
class _Lecture:
    """Reading of one plan, and the faults found on the way."""

    chemin: Path
    fiche: FicheBalayage
    lignes: Lignes
    problemes: list[Probleme] = field(default_factory=list)

    def refuser(self, champ: Sequence[str | int], message: str, remede: str) -> None:
        """Add a fault at a field of the plan."""
        ligne = next(
            (self.lignes[c] for fin in range(len(champ), 0, -1) if (c := tuple(champ[:fin])) in self.lignes), None
        )
        self.problemes.append(
            Probleme(chemin_court(self.chemin), ligne, ".".join(str(c) for c in champ), message, remede)
        )

    def parmi(self, champ: str, noms: Sequence[str], connus: Sequence[str], sien: str, quoi: str) -> tuple[str, ...]:
        """Names of a list, « tous » unfolded, the unknown ones refused; one more stands for what the study itself says."""
        if tuple(noms) == (TOUS,):
            return tuple(connus)
        for rang, nom in enumerate(noms):
            if nom not in (*connus, sien):
                tous = [*connus, sien]
                proches = get_close_matches(nom, tous, n=3, cutoff=0.5)
                remede = f"peut-être : {', '.join(proches)}." if proches else f"choisir parmi : {', '.join(tous)}."
                self.refuser((champ, rang), f"{quoi} : « {nom} ».", remede)
        return tuple(noms)


def lire_plan(chemin: Path) -> PlanDeBalayage:
    """Read the plan of a sweep.

    Raises:
        ErreurDonnees: all the faults of the plan, of its studies and of its table.
    """
    brut, lignes = charger_yaml(chemin)
    lu = _Lecture(chemin, valider(FicheBalayage, brut, chemin_court(chemin), lignes), lignes)
    fiche, regles = lu.fiche, lire_regles()
    modes = lu.parmi("modes", fiche.modes, list(lire_passages()), DE_L_ETUDE, "mode d'accueil inconnu")
    montages = lu.parmi("montages", fiche.montages, list(lire_montages().montages), TEL_QUEL, "montage inconnu")
    bouclages = lu.parmi("bouclages", fiche.bouclages, list(lire_bouclages().noms()), DE_L_ETUDE, "bouclage inconnu")
    dossiers, sites = _sites(lu)
    critere = fiche.critere or regles.critere
    if critere.mesure not in MESURES:
        lu.refuser(
            ("critere", "mesure"), f"mesure inconnue : « {critere.mesure} ».", f"choisir parmi : {', '.join(MESURES)}."
        )
    tirages = _tirages(lu, next(iter(dossiers.values()), None), regles)
    if lu.problemes:
        raise ErreurDonnees(lu.problemes)
    return PlanDeBalayage(
        chemin.stem,
        fiche.titre,
        {nom: Modele(*en_donnees(d)) for nom, d in dossiers.items()},
        sites,
        modes,
        montages,
        bouclages,
        (critere.mesure, critere.sens == "plus_bas"),
        tirages,
        fiche.sites_par_morceau or regles.sites_par_morceau,
    )


def _sites(lu: _Lecture) -> tuple[dict[str, Dossier], tuple[SiteABalayer, ...]]:
    """Studies by name, and the sites that start from them."""
    voulus = lu.fiche.sites
    if voulus.etudes:
        dossiers: dict[str, Dossier] = {}
        for rang, nom in enumerate(voulus.etudes):
            dossier = _ouvrir(lu, nom, ("sites", "etudes", rang))
            if dossier is not None and dossier.nom in dossiers:
                lu.refuser(("sites", "etudes", rang), f"deux études nommées « {dossier.nom} ».", "renommer un fichier.")
            elif dossier is not None:
                dossiers[dossier.nom] = dossier
        return dossiers, tuple(SiteABalayer(nom, nom) for nom in dossiers)
    assert voulus.modele is not None
    assert voulus.table is not None
    modele = _ouvrir(lu, voulus.modele, ("sites", "modele"))
    if modele is None:
        return {}, ()
    try:
        return {modele.nom: modele}, lire_table(lu.chemin.parent / voulus.table, modele, modele.nom)
    except ErreurDonnees as erreur:
        lu.problemes += erreur.problemes
        return {modele.nom: modele}, ()


def _ouvrir(lu: _Lecture, nom: str, champ: tuple[str | int, ...]) -> Dossier | None:
    """Study by its name, or its file beside the plan; its faults join those of the plan."""
    try:
        chemin = trouver(nom, "etudes")
        return ouvrir(chemin if chemin.is_absolute() or chemin.is_file() else lu.chemin.parent / chemin)
    except ErreurDonnees as erreur:
        if any(p.fichier == nom for p in erreur.problemes):
            lu.refuser(champ, f"étude « {nom} » : {erreur.problemes[0].message}", erreur.problemes[0].remede)
        else:
            lu.problemes += erreur.problemes
        return None


def _tirages(lu: _Lecture, dossier: Dossier | None, regles: ReglesDuBalayage) -> TiragesVoulus | None:
    voulus = lu.fiche.tirages
    if voulus is None:
        return None
    chiffres = tuple(voulus.chiffres or regles.chiffres)
    if dossier is not None:
        _verifier_les_chiffres(lu, chiffres, dossier)
    for rang, seuil in enumerate(voulus.seuils):
        if seuil.chiffre not in chiffres:
            champ = ("tirages", "seuils", rang, "chiffre")
            lu.refuser(champ, f"« {seuil.chiffre} » n'est pas parmi les chiffres tirés.", "l'ajouter à « chiffres ».")
    seuils = tuple(SeuilCompte(s.nom, s.chiffre, s.valeur, s.sous is not None) for s in voulus.seuils)
    quantiles = tuple(voulus.quantiles or regles.quantiles)
    return TiragesVoulus(chiffres, voulus.nombre, voulus.graine, voulus.methode, quantiles, seuils, voulus.garder)


def _verifier_les_chiffres(lu: _Lecture, chiffres: Sequence[str], dossier: Dossier) -> None:
    """Refuse the figures that the first study does not have; in a combination that lacks one of the others, it has no value."""
    moteur = moteur_du_projet()
    try:
        lecteur = Lecteur(boucler(moteur.reprendre(moteur.contexte(dossier), [BASE])))
    except ErreurCalcul as erreur:
        lu.refuser(("sites",), f"l'étude « {dossier.nom} » ne se calcule pas : {erreur}", "la corriger.")
        return
    for rang, nom in enumerate(chiffres):
        try:
            lecteur.code(nom)
        except Inconnu as erreur:
            lu.refuser(("tirages", "chiffres", rang), f"{erreur}", "corriger le code du chiffre.")
