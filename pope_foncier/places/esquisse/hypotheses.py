"""Assumptions of a sketch: sizes, neighbours, weights of the search; habits of design, none of them law."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from pope_foncier.lieu.locaux import lire_fonctions
from pope_foncier.socle.chemins import chemin_court, dossier_donnees
from pope_foncier.socle.erreurs import ErreurDonnees, Probleme
from pope_foncier.socle.fiches import Fiche, Positif, Texte, lire_fiche

Facade = Literal["due", "souhaitee", "indifferente"]


class Valeur(Fiche):
    """Number of the file, with its reason."""

    valeur: Positif
    base: Texte


class Piece(Fiche):
    """What a room of a function asks for."""

    largeur_m: Positif
    allongement: Positif
    """Length over width, at most."""
    en_moins: Positif
    en_plus: Positif
    """Parts of the wanted area that may be missing or in excess."""
    facade: Facade
    couper_m2: Positif | None = None
    """Area from which the room is cut in two."""
    base: Texte


class Voisinage(Fiche):
    """Pair of functions, from +2 (a door between them) to −2 (never)."""

    entre: tuple[Texte, Texte]
    poids: Annotated[int, Field(ge=-2, le=2)]
    base: Texte


class Enfilade(Fiche):
    """Room behind another in the depth of a building, and what it is reached through."""

    devant: Texte
    derriere: Texte
    acces: tuple[Texte, ...]
    base: Texte


class Poids(Fiche):
    """Points of the search; a shortage weighs more than any preference."""

    absente: Positif
    facade_par_m: Positif
    surface_par_m2: Positif
    enfants_par_m2: Positif
    voisinage: Positif
    humides: Positif
    distance_par_m: Positif
    ecart_par_m2: Positif
    surplus_par_m2: Positif
    affecter_par_m2: Positif
    jour_souhaite: Positif
    cote_voies: Positif
    cour: Positif
    baie: Positif


class Hypotheses(Fiche):
    """File of assumptions."""

    base: Texte
    trame_m: Valeur
    mur_m: Valeur
    cloison_m: Valeur
    couloir_m: Valeur
    porte_m: Valeur
    porte_service_m: Valeur
    entree_m: Valeur
    contact_m: Valeur
    jour_profondeur_m: Valeur
    jour_minimum_m: Valeur
    rail_m: Valeur
    places_par_groupe: Valeur
    groupes_par_change: Valeur
    issue_loin_m: Valeur
    baie_part: Valeur
    baie_hauteur_m: Valeur
    montant_m: Valeur
    poteau_degage_m: Valeur
    deux_vantaux_m: Valeur
    baie_min_m: Valeur
    bande_mince_m: Valeur
    un_rang_m: Valeur
    tete_min_m: Valeur
    tete_max_m: Valeur
    front_large_m: Valeur
    front_entree_m: Valeur
    front_reste_m: Valeur
    couloir_max_m: Valeur
    serree_part: Valeur
    reserve_m2: Valeur
    tolere_m2: Valeur
    pieces: dict[str, Piece]
    voisinages: tuple[Voisinage, ...]
    enfilades: tuple[Enfilade, ...]
    humides: tuple[Texte, ...]
    par_une_autre: dict[str, tuple[Texte, ...]]
    poids: Poids

    def voisins(self, a: str, b: str) -> int:
        """Weight of two functions side by side, 0 when nothing is said."""
        return next((v.poids for v in self.voisinages if v.entre in ((a, b), (b, a))), 0)


@lru_cache(maxsize=4)
def lire_hypotheses(chemin: Path | None = None) -> Hypotheses:
    """Read the assumptions of the project.

    Raises:
        ErreurDonnees: all the faults of the file, functions that the list does not have included.
    """
    chemin = chemin or dossier_donnees() / "hypotheses" / "esquisse.yaml"
    lues = lire_fiche(Hypotheses, chemin)
    citees = {*lues.pieces, *lues.humides, *lues.par_une_autre}
    citees |= {f for v in lues.voisinages for f in v.entre} | {
        f for e in lues.enfilades for f in (e.devant, e.derriere)
    }
    connues = lire_fonctions()
    if inconnues := sorted(citees - set(connues)):
        message = f"fonctions inconnues : {', '.join(inconnues)}."
        raise ErreurDonnees(
            [Probleme(chemin_court(chemin), None, "", message, f"choisir parmi : {', '.join(connues)}.")]
        )
    return lues
