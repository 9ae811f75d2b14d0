"""Plan of a sweep: its sheet read strictly, its studies opened, its table tried row by row; all the faults come at once, in French."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

from pope_foncier.acquisition.montages import lire_montages
from pope_foncier.decision.autres_modes import lire_passages
from pope_foncier.decision.balayage.fiche_balayage import (
    DE_L_ETUDE,
    TOUS,
    BouclageEssaye,
    FicheBalayage,
    ReglesDuBalayage,
    lire_regles,
)
from pope_foncier.decision.balayage.morceaux import (
    Bouclage,
    Modele,
    PlanDeBalayage,
    SeuilCompte,
    SiteABalayer,
    TiragesVoulus,
)
from pope_foncier.decision.balayage.table_des_sites import en_donnees, lire_table
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

    def parmi(self, champ: str, noms: Sequence[str], connus: Sequence[str], quoi: str) -> tuple[str, ...]:
        """Names of a list, « tous » unfolded, the unknown ones refused."""
        if tuple(noms) == (TOUS,):
            return tuple(connus)
        for rang, nom in enumerate(noms):
            if nom not in (*connus, DE_L_ETUDE):
                proches = get_close_matches(nom, connus, n=3, cutoff=0.5)
                remede = f"peut-être : {', '.join(proches)}." if proches else f"choisir parmi : {', '.join(connus)}."
                self.refuser((champ, rang), f"{quoi} inconnu : « {nom} ».", remede)
        return tuple(noms)


def lire_plan(chemin: Path) -> PlanDeBalayage:
    """Read the plan of a sweep.

    Raises:
        ErreurDonnees: all the faults of the plan, of its studies and of its table.
    """
    brut, lignes = charger_yaml(chemin)
    lu = _Lecture(chemin, valider(FicheBalayage, brut, chemin_court(chemin), lignes), lignes)
    fiche, regles = lu.fiche, lire_regles()
    modes = lu.parmi("modes", fiche.modes, list(lire_passages()), "mode d'accueil")
    montages = lu.parmi("montages", fiche.montages, list(lire_montages().montages), "montage")
    dossiers, sites = _sites(lu)
    if any(m != DE_L_ETUDE for m in montages):
        _exiger_le_foncier(lu, dossiers)
    chiffres = tuple(fiche.chiffres or regles.chiffres)
    libelles = _libelles(lu, chiffres, next(iter(dossiers.values()), None))
    critere = fiche.critere or regles.critere
    if critere.chiffre not in chiffres:
        lu.refuser(
            ("critere", "chiffre"),
            f"« {critere.chiffre} » n'est pas parmi les chiffres du plan.",
            "l'ajouter à « chiffres ».",
        )
    tirages = _tirages(lu, chiffres, regles)
    if lu.problemes:
        raise ErreurDonnees(lu.problemes)
    return PlanDeBalayage(
        chemin.stem,
        fiche.titre,
        {nom: Modele(*en_donnees(d)) for nom, d in dossiers.items()},
        sites,
        modes,
        montages,
        tuple(_bouclage(b) for b in fiche.bouclages),
        chiffres,
        libelles,
        (critere.chiffre, critere.sens == "plus_bas"),
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


def _exiger_le_foncier(lu: _Lecture, dossiers: Mapping[str, Dossier]) -> None:
    for nom, dossier in dossiers.items():
        if dossier.etude.foncier is None:
            lu.refuser(
                ("montages",),
                f"l'étude « {nom} » ne dit pas ce que le propriétaire accepte.",
                f"lui ajouter la section « foncier », ou n'essayer que « {DE_L_ETUDE} ».",
            )


def _libelles(lu: _Lecture, chiffres: Sequence[str], dossier: Dossier | None) -> dict[str, tuple[str, str]]:
    """Label and unit of each figure in the first study, which refuses those that it does not have; another may lack one, which has then no value."""
    if dossier is None:
        return {}
    moteur = moteur_du_projet()
    try:
        lecteur = Lecteur(boucler(moteur.reprendre(moteur.contexte(dossier), [BASE])))
    except ErreurCalcul as erreur:
        lu.refuser(("sites",), f"l'étude « {dossier.nom} » ne se calcule pas : {erreur}", "la corriger.")
        return {}
    libelles = {}
    for rang, nom in enumerate(chiffres):
        try:
            lue = lecteur.grandeur(lecteur.code(nom))
            libelles[nom] = (lue.nom, lue.unite)
        except Inconnu as erreur:
            lu.refuser(("chiffres", rang), f"{erreur}", "corriger le code du chiffre.")
    return libelles


def _tirages(lu: _Lecture, chiffres: Sequence[str], regles: ReglesDuBalayage) -> TiragesVoulus | None:
    voulus = lu.fiche.tirages
    if voulus is None:
        return None
    for rang, seuil in enumerate(voulus.seuils):
        if seuil.chiffre not in chiffres:
            champ = ("tirages", "seuils", rang, "chiffre")
            lu.refuser(champ, f"« {seuil.chiffre} » n'est pas parmi les chiffres du plan.", "l'ajouter à « chiffres ».")
    seuils = tuple(SeuilCompte(s.nom, s.chiffre, s.valeur, s.sous is not None) for s in voulus.seuils)
    quantiles = tuple(voulus.quantiles or regles.quantiles)
    return TiragesVoulus(voulus.nombre, voulus.graine, voulus.methode, quantiles, seuils, voulus.garder)


def _bouclage(essaye: BouclageEssaye) -> Bouclage:
    if essaye.nom == DE_L_ETUDE:
        return Bouclage(essaye.nom, essaye.titre)
    boucleurs = tuple(b.model_dump(mode="python", exclude_defaults=True) for b in essaye.bouclage)
    return Bouclage(essaye.nom, essaye.titre, boucleurs)
