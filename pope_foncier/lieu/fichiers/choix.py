"""What the user says of a file: which things to keep, what each is, in which unit and system; read as typed in French."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field
from typing import get_args

from pope_foncier.lieu.fichiers.candidats import RIEN, Candidat, cle
from pope_foncier.lieu.locaux import lire_fonctions
from pope_foncier.lieu.plan import Nature, Statut
from pope_foncier.lieu.vraisemblance import UNITES
from pope_foncier.socle.enregistrements import enregistrement
from pope_foncier.socle.erreurs import ErreurCalcul, abreger
from pope_foncier.socle.refus import proposer

NATURES: tuple[str, ...] = get_args(Nature)
STATUTS: tuple[str, ...] = get_args(Statut)
_UNITES = {
    "metre": "m",
    "centimetre": "cm",
    "millimetre": "mm",
    "inch": "pouce",
    "in": "pouce",
    "foot": "pied",
    "feet": "pied",
    "ft": "pied",
}


@enregistrement
class Choix:
    """Choices of the user; what is empty was not said."""

    choisir: tuple[str, ...] = ()
    """Each keeps what it names, all of them together."""
    natures: Mapping[str, str] = field(default_factory=dict)
    """Nature by layer; the empty name stands for every layer. Layers that none names are left out when the file says nothing of them."""
    calques: Mapping[str, str] = field(default_factory=dict)
    """Role by layer of a drawing, from a file of the user: ``lieu.fichiers.calques.ROLES``."""
    repondues: Mapping[str, str] = field(default_factory=dict)
    """Nature by layer, answered to a question: the other layers are asked too."""
    fonctions: Mapping[str, str] = field(default_factory=dict)
    """Function by name of room; the empty name stands for every room that has none."""
    systeme: str = ""
    unite: str = ""
    statut: str = ""
    titre: str = ""
    site: str = ""

    def roles(self) -> dict[str, str]:
        """Role by layer of a drawing: the file of the user, then his natures."""
        dites = {n: "hors_plan" if nature == RIEN else nature for n, nature in self.natures.items() if n}
        return {**self.calques, **dites}


def lire_paires(option: str, textes: Iterable[str], connus: Sequence[str]) -> dict[str, str]:
    """Pairs « couche=nature » of an option; a lone word stands for all.

    Raises:
        ErreurCalcul: a word that is not known; the near ones are offered.
    """
    paires = {}
    for texte in textes:
        nom, _, valeur = texte.rpartition("=")
        mot = "_".join(mots_de_saisie(valeur))
        if mot not in connus:
            raise ErreurCalcul(f"{option} : « {abreger(valeur)} » inconnu. {proposer(mot, connus, nombre=4)}")
        paires[nom.strip()] = mot
    return paires


def lire_natures(textes: Iterable[str]) -> dict[str, str]:
    """Natures of an option, « couche=nature »."""
    return lire_paires("--nature", textes, (*NATURES, RIEN))


def lire_les_fonctions(textes: Iterable[str]) -> dict[str, str]:
    """Functions of an option, « nom de pièce=fonction »."""
    return lire_paires("--fonction", textes, tuple(lire_fonctions()))


def lire_unite(texte: str) -> str:
    """Unit of a drawing as typed: « mm », « millimètres », « pouces ».

    Raises:
        ErreurCalcul: a unit that is not known.
    """
    mot = "".join(mots_de_saisie(texte))
    unite = _UNITES.get(mot.rstrip("s"), _UNITES.get(mot, mot if mot in UNITES else mot.rstrip("s")))
    if unite not in UNITES:
        raise ErreurCalcul(f"--unite : « {abreger(texte)} » inconnue. Choisir parmi : {', '.join(UNITES)}.")
    return unite


def mots_de_saisie(texte: str) -> list[str]:
    """Words typed, in small letters without accents."""
    nu = unicodedata.normalize("NFKD", texte).encode("ascii", "ignore").decode().lower()
    return re.findall(r"[a-z0-9]+", nu)


def rangs_de(texte: str) -> range:
    """Ranks that a choice names, « 6 » or « 2-5 »; none when it names something else."""
    trouve = re.fullmatch(r"(\d{1,6})(?:-(\d{1,6}))?", texte.strip())
    return range(int(trouve[1]), int(trouve[2] or trouve[1]) + 1) if trouve else range(0)


def retenir(texte: str, candidats: Sequence[Candidat]) -> list[Candidat]:
    """Things that a choice names: « tout », a rank, « plus_grand », « proche », « couche=… », « nature=… », « nom=… », « champ=valeur ».

    Parts joined by commas apply one after the other: « couche=batiments,plus_grand ».

    Raises:
        ErreurCalcul: a choice that names nothing; says what exists.
    """
    restants = list(candidats)
    for partie in (p.strip() for p in texte.split(",") if p.strip()):
        restants = _filtre(partie, candidats)(restants)
        if not restants:
            raise ErreurCalcul(
                f"--choisir {abreger(texte)} : rien ne répond à « {abreger(partie)} ». {_existants(partie, candidats)}"
            )
    return restants


Filtre = Callable[[list[Candidat]], list[Candidat]]


def _filtre(partie: str, candidats: Sequence[Candidat]) -> Filtre:
    mot = "_".join(mots_de_saisie(partie)) if "=" not in partie else ""
    if mot in ("tout", "tous", "toutes"):
        return lambda restants: restants
    if mot in ("plus_grand", "le_plus_grand", "plus_grande"):
        return _plus_grand
    if mot in ("proche", "plus_proche", "le_plus_proche"):
        return _plus_proche
    rangs = rangs_de(partie)
    if any(c.rang in rangs for c in candidats):  # else « 214 » is the name of a plot
        return lambda restants: [c for c in restants if c.rang in rangs]
    champ, egal, valeur = partie.partition("=")
    if not egal:
        return lambda restants: [c for c in restants if cle(partie) in (cle(c.nom), cle(c.objet.couche))]
    voulue = cle(valeur)
    return lambda restants: [c for c in restants if any(cle(v) == voulue for v in c.dits(champ.strip()))]


def _plus_grand(restants: list[Candidat]) -> list[Candidat]:
    contours = [c for c in restants if c.surface > 0]
    batiments = [c for c in contours if c.nature == "batiment"] or contours
    return sorted(batiments, key=lambda c: -c.surface)[:1]


def _plus_proche(restants: list[Candidat]) -> list[Candidat]:
    places = [c for c in restants if c.distance_m is not None and c.surface > 0]
    if not places:
        raise ErreurCalcul(
            "--choisir proche : demande un site dont la fiche porte la position, et un fichier situé sur la carte."
        )
    batiments = [c for c in places if c.nature == "batiment"] or places
    return sorted(batiments, key=lambda c: c.distance_m or 0.0)[:1]


def _existants(partie: str, candidats: Sequence[Candidat]) -> str:
    champ, egal, valeur = partie.partition("=")
    if not egal:
        return f"Rangs : 1 à {len(candidats)} ; sinon « plus_grand », « proche », « tout » ou champ=valeur."
    valeurs = [v for c in candidats for v in c.dits(champ.strip())]
    if valeurs:
        return f"Champ « {abreger(champ)} ». {proposer(valeur, valeurs)}"
    champs = dict.fromkeys(a for c in candidats for a in c.objet.attributs)
    return f"Champs du fichier : {', '.join(('couche', 'nom', 'nature', *list(champs)[:12]))}."
