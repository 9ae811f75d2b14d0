"""Data sheets: pydantic models at the border, their errors told in French with file, line and remedy."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from inspect import signature
from pathlib import Path
from typing import Annotated, Any, TypeVar, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError, WithJsonSchema
from pydantic_core import ErrorDetails, PydanticCustomError

from pope_foncier.socle.chemins import chemin_court
from pope_foncier.socle.erreurs import PROBLEMES_MAX, ErreurDonnees, Probleme, abreger, sans_controle
from pope_foncier.socle.lecture import AuRepos
from pope_foncier.socle.nombres import formater_nombre, lire_nombre
from pope_foncier.socle.yaml_strict import Chemin, Lignes, champ_en_clair, charger_yaml

ANNEES = (1900, 2200)
"""First and last year that a sheet may name: outside, a typing mistake."""
SURFACE_MAX_M2 = 1e6
"""Largest area of a sheet or of an option [m²]."""


class Fiche(BaseModel):
    """Base of every data sheet: frozen, unknown fields refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


F = TypeVar("F", bound=Fiche)


def champs_dits(fiche: Fiche) -> dict[str, Any]:
    """What a sheet says, field by field, the sheets that it holds as they were read: another is made of them without reading them again."""
    dits = fiche.model_fields_set
    return {nom: valeur for nom, valeur in vars(fiche).items() if nom in dits}


def faute(message: str, remede: str) -> PydanticCustomError:
    """Build the error that a validator raises: French message and remedy."""
    return PydanticCustomError("pope", "{message}", {"message": message, "remede": remede})


def sans_double(quoi: str, noms: Sequence[str], remede: str = "donner un nom différent à chacun.") -> None:
    """Check that no name comes twice.

    Raises:
        PydanticCustomError: names the doubles.
    """
    doubles = sorted({n for n in noms if noms.count(n) > 1})
    if doubles:
        raise faute(f"{quoi} en double : {', '.join(doubles)}.", remede)


def dans_l_annee(quoi: str, mois: float | None) -> None:
    """Check a month of the year; an unknown one is not refused.

    Raises:
        PydanticCustomError: a month out of 1 to 12.
    """
    if mois is not None and not 1 <= mois <= 12:
        raise faute(f"{quoi} {mois}.", "choisir un mois de 1 à 12.")


def parts_completes(quoi: str, parts: Sequence[float]) -> None:
    """Check that shares, if any, make a whole.

    Raises:
        PydanticCustomError: shares whose sum is not 1.
    """
    if parts and abs(sum(parts) - 1.0) > 1e-9:
        raise faute(f"{quoi} font {formater_nombre(sum(parts), 6, 0)} au lieu de 1.", "corriger les parts.")


def _nombre(brut: Any) -> float:
    if isinstance(brut, bool) or not isinstance(brut, int | float | str):
        raise faute(
            f"un nombre est attendu ; trouvé : {_montrer(brut)}.", "écrire un nombre, par exemple 1200 ou « 3,5 % »."
        )
    if isinstance(brut, str):
        try:
            return lire_nombre(brut)
        except ValueError as erreur:
            raise faute(f"{erreur}.", "corriger le nombre.") from None
    try:
        valeur = float(brut)
    except OverflowError:
        valeur = math.inf
    if not math.isfinite(valeur):
        raise faute(
            "un nombre fini est attendu ; trouvé : hors de toute mesure.", "corriger, ou laisser vide si inconnu."
        )
    return valeur


@dataclass(frozen=True)
class Bornes:
    """Lowest and highest value that a number may take; calling it checks what a file says."""

    mini: float
    maxi: float
    quoi: str = "ce nombre"
    entier: bool = False

    def __call__(self, brut: Any) -> float:
        """Number of a file within the bounds.

        Raises:
            PydanticCustomError: no number, or out of the bounds.
        """
        valeur = _nombre(brut)
        if self.entier and valeur != int(valeur):
            raise faute(
                f"un nombre entier est attendu ; trouvé : {_francais(valeur)}.", "écrire un nombre sans décimale."
            )
        for borne, dehors, mots in ((self.mini, valeur < self.mini, "moins"), (self.maxi, valeur > self.maxi, "plus")):
            if dehors:
                raise faute(
                    f"{self.quoi} : au {mots} {_francais(borne)} attendu ; trouvé : {_francais(valeur)}.", "corriger."
                )
        return int(valeur) if self.entier else valeur


class BornesDePart(Bornes):
    """Bounds of a rate or of a share, which a file writes as a fraction of 1 or as a percentage."""

    def __call__(self, brut: Any) -> float:
        """Fraction of a file within the bounds.

        Raises:
            PydanticCustomError: no number, or out of the bounds; a percentage without its sign is shown the fraction.
        """
        valeur = _nombre(brut)
        if valeur > self.maxi and not isinstance(brut, str) and valeur <= 100:
            propose = f"{_francais(valeur)} %"
            raise faute(
                f"trouvé : {_francais(valeur)} ; un taux s'écrit en fraction de 1.",
                f"écrire {formater_nombre(valeur / 100, 6, 0).replace(',', '.')} ou « {propose} ».",
            )
        if not self.mini <= valeur <= self.maxi:
            raise faute(
                f"un taux entre {_francais(self.mini * 100)} % et {_francais(self.maxi * 100)} % est attendu ; "
                f"trouvé : {_francais(valeur * 100)} %.",
                "corriger.",
            )
        return valeur


def bornes_dans(validateurs: Iterable[Any]) -> Bornes | None:
    """Bounds among the validators of a type; None when it has none."""
    return next((v.func for v in validateurs if isinstance(v, BeforeValidator) and isinstance(v.func, Bornes)), None)


def _annee(brut: Any) -> int:
    annee = _nombre(brut)
    if annee != int(annee) or not ANNEES[0] <= annee <= ANNEES[1]:
        dit = _montrer(brut) if isinstance(brut, str) or abs(annee) > 9999 else f"{annee:g}"
        raise faute(f"une année de {ANNEES[0]} à {ANNEES[1]} est attendue ; trouvé : {dit}.", "corriger.")
    return int(annee)


def _francais(valeur: float) -> str:
    return formater_nombre(valeur, 4, 0)


def _code_insee(brut: Any) -> str:
    if isinstance(brut, int | float) and not isinstance(brut, bool):
        code = f"{brut:05.0f}" if 0 <= brut < 100_000 else "93066"
        raise faute(
            f"le code INSEE {abreger(str(brut))} est lu comme un nombre.", f'le mettre entre guillemets : "{code}".'
        )
    if not isinstance(brut, str) or not re.fullmatch(r"[0-9][0-9AB][0-9]{3}", brut):
        raise faute(f"un code INSEE de 5 caractères est attendu ; trouvé : {_montrer(brut)}.", 'exemple : "93066".')
    return brut


def _jour(brut: Any) -> date:
    if isinstance(brut, str) and re.fullmatch(r"[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}", brut):
        jour, mois, annee = (int(p) for p in brut.split("/"))
        try:
            brut = date(annee, mois, jour)
        except ValueError:
            raise faute(
                f"la date « {brut} » n'existe pas.", "écrire année-mois-jour, par exemple 2027-01-15."
            ) from None
    if not isinstance(brut, date):
        raise faute(
            f"une date est attendue ; trouvé : {_montrer(brut)}.", "écrire année-mois-jour, par exemple 2027-01-15."
        )
    if not ANNEES[0] <= brut.year <= ANNEES[1]:
        raise faute(
            f"une date de l'an {ANNEES[0]} à l'an {ANNEES[1]} est attendue ; trouvé : l'an {brut.year}.", "corriger."
        )
    return brut


def _texte(brut: Any) -> str:
    if not isinstance(brut, str):
        raise faute(f"un texte est attendu ; trouvé : {_montrer(brut)}.", "mettre la valeur entre guillemets.")
    if not brut.strip():
        raise faute("un texte est attendu ; trouvé : un texte vide.", "le remplir.")
    return sans_controle(brut).strip()


def _identifiant(brut: Any) -> str:
    nom = _texte(brut)
    if not re.fullmatch(r"[^\[\]<>\n\t]{1,80}", nom):
        raise faute(
            f"« {abreger(nom)} » n'est pas un identifiant.",
            "prendre un mot sans crochet ni chevron, 80 signes au plus, par exemple pret_bancaire.",
        )
    return nom


def _nom_de_fichier(brut: Any) -> str:
    nom = _texte(brut)
    if not re.fullmatch(r"(?!\.)[^/\\\n\t]{1,120}", nom):
        raise faute(
            f"« {abreger(nom)} » n'est pas le nom d'un fichier du projet.", "écrire le nom seul, sans dossier devant."
        )
    return nom


_UN_BRUT = signature(_nombre)


def _lu_par(lecteur: Callable[[Any], Any]) -> BeforeValidator:
    """What reads a field: it says its one parameter, which pydantic would otherwise work out again at each field."""
    vars(lecteur)["__signature__"] = _UN_BRUT
    return BeforeValidator(lecteur)


Nombre = Annotated[float, _lu_par(Bornes(-1e12, 1e12, "ce nombre"))]
Positif = Annotated[float, _lu_par(Bornes(0.0, 1e12, "cette quantité"))]
AuMoinsUn = Annotated[float, _lu_par(Bornes(1.0, 1e6, "cette quantité"))]
Euros = Annotated[float, _lu_par(Bornes(0.0, 1e9, "un montant"))]
SurfaceM2 = Annotated[float, _lu_par(Bornes(0.0, SURFACE_MAX_M2, "une surface en m²"))]
Taux = Annotated[float, _lu_par(BornesDePart(-0.05, 0.5))]
Part = Annotated[float, _lu_par(BornesDePart(0.0, 1.0))]
DureeMois = Annotated[int, _lu_par(Bornes(0, 1200, "une durée en mois", entier=True))]
Entier = Annotated[int, _lu_par(Bornes(0, 1_000_000, "ce nombre", entier=True))]
Annee = Annotated[int, _lu_par(_annee)]
Niveau = Annotated[int, _lu_par(Bornes(-20, 200, "un niveau", entier=True))]
MoisSigne = Annotated[int, _lu_par(Bornes(-1200, 1200, "un rang de mois", entier=True))]
CodeInsee = Annotated[str, _lu_par(_code_insee)]
Jour = Annotated[date, _lu_par(_jour), WithJsonSchema({"type": "string", "format": "date"})]
Texte = Annotated[str, _lu_par(_texte)]
Identifiant = Annotated[str, _lu_par(_identifiant)]
NomDeFichier = Annotated[str, _lu_par(_nom_de_fichier)]


def _montrer(valeur: Any) -> str:
    if valeur is None:
        return "rien"
    if isinstance(valeur, bool):
        return "« true »" if valeur else "« false »"
    if isinstance(valeur, date):
        return f"la date {valeur.isoformat()}"
    if isinstance(valeur, Mapping):
        return "une table"
    if isinstance(valeur, list):
        return "une liste"
    return f"« {abreger(str(valeur))} »"


_MESSAGES: dict[str, tuple[str, str]] = {
    "missing": ("champ obligatoire absent.", "l'ajouter."),
    "model_type": (
        "une table (champ : valeur) est attendue ; trouvé : {trouve}.",
        "écrire les champs en retrait dessous.",
    ),
    "dict_type": (
        "une table (champ : valeur) est attendue ; trouvé : {trouve}.",
        "écrire les champs en retrait dessous.",
    ),
    "list_type": (
        "une liste est attendue ; trouvé : {trouve}.",
        "écrire chaque élément sur une ligne commençant par « - ».",
    ),
    "tuple_type": (
        "une liste est attendue ; trouvé : {trouve}.",
        "écrire chaque élément sur une ligne commençant par « - ».",
    ),
    "bool_type": ("« true » ou « false » est attendu ; trouvé : {trouve}.", "écrire true ou false."),
    "bool_parsing": ("« true » ou « false » est attendu ; trouvé : {trouve}.", "écrire true ou false."),
    "int_type": ("un nombre entier est attendu ; trouvé : {trouve}.", "écrire un nombre sans décimale."),
    "int_parsing": ("un nombre entier est attendu ; trouvé : {trouve}.", "écrire un nombre sans décimale."),
    "int_from_float": ("un nombre entier est attendu ; trouvé : {trouve}.", "écrire un nombre sans décimale."),
    "greater_than_equal": ("au moins {ge} attendu ; trouvé : {trouve}.", "corriger."),
    "string_type": ("un texte est attendu ; trouvé : {trouve}.", "mettre la valeur entre guillemets."),
    "too_short": ("liste trop courte : {actual_length} élément(s), au moins {min_length} attendu(s).", "compléter."),
    "too_long": ("liste trop longue : {actual_length} élément(s), au plus {max_length} attendu(s).", "raccourcir."),
}


_FICHES = AuRepos(gardes=250)


def lire_fiche(modele: type[F], chemin: Path) -> F:
    """Load and validate a YAML file as a sheet; read again once it has changed.

    Raises:
        ErreurDonnees: all the faults of the file at once, in French.
    """

    def lire() -> F:
        donnees, lignes = charger_yaml(chemin)
        return valider(modele, donnees, chemin_court(chemin), lignes)

    return _FICHES.lire(chemin, modele, lire)


def valider(modele: type[F], donnees: Mapping[str, Any], fichier: str, lignes: Lignes | None = None) -> F:
    """Validate plain data as a sheet; faults become ``ErreurDonnees`` with the line of each field."""
    try:
        return modele.model_validate(donnees)
    except ValidationError as erreur:
        raise ErreurDonnees(problemes_de(modele, erreur, fichier, lignes or {})) from None


def problemes_de(modele: type[BaseModel], erreur: ValidationError, fichier: str, lignes: Lignes) -> list[Probleme]:
    """Translate the errors of pydantic into French faults, as many as one could ever mend."""
    problemes = []
    details = erreur.errors(include_url=False)
    for detail in details[:PROBLEMES_MAX]:
        if detail["type"] == "too_short" and any(_sous(autre["loc"], detail["loc"]) for autre in details):
            continue
        lieu = detail["loc"]
        fin = lieu[-1:] if detail["type"] == "extra_forbidden" else ()
        chemin = (*(pas for pas in lieu[: len(lieu) - len(fin)] if not _interne(pas)), *fin)
        message, remede = _traduire(modele, detail, chemin)
        problemes.append(Probleme(fichier, _ligne(lignes, chemin), champ_en_clair(chemin), message, remede))
    return problemes


def _sous(chemin: tuple[str | int, ...], parent: tuple[str | int, ...]) -> bool:
    """Whether a path lies strictly under another."""
    return len(chemin) > len(parent) and chemin[: len(parent)] == parent


def _interne(pas: str | int) -> bool:
    """Steps that pydantic adds for unions and validators, absent from the file."""
    return isinstance(pas, str) and ("[" in pas or pas.startswith("function-"))


def _ligne(lignes: Lignes, chemin: Chemin) -> int | None:
    for fin in range(len(chemin), 0, -1):
        if chemin[:fin] in lignes:
            return lignes[chemin[:fin]]
    return None


def _traduire(modele: type[BaseModel], detail: ErrorDetails, chemin: Chemin) -> tuple[str, str]:
    genre, contexte = detail["type"], detail.get("ctx", {})
    if genre == "pope":
        return str(contexte["message"]), str(contexte["remede"])
    if genre == "extra_forbidden":
        return _champ_inconnu(modele, chemin)
    if genre in ("literal_error", "enum"):
        attendus = str(contexte.get("expected", "")).replace("'", "").replace(" or ", ", ")
        return f"{_montrer(detail['input'])} n'est pas un choix connu.", f"choisir parmi : {attendus}."
    message, remede = _MESSAGES.get(genre, ("valeur refusée ; trouvé : {trouve}.", "corriger."))
    return message.format(trouve=_montrer(detail["input"]), **contexte), remede


def _champ_inconnu(modele: type[BaseModel], chemin: Chemin) -> tuple[str, str]:
    admis = _champs_admis(modele, chemin[:-1])
    nom = str(chemin[-1])
    proches = difflib.get_close_matches(nom, admis, n=3, cutoff=0.52)
    if proches:
        return "champ inconnu.", f"peut-être : {', '.join(proches)}."
    return "champ inconnu.", f"champs admis : {', '.join(admis)}." if admis else "le retirer."


def _champs_admis(modele: type[BaseModel], chemin: Chemin) -> list[str]:
    courant: Any = modele
    for pas in chemin:
        if isinstance(pas, str) and _est_modele(courant) and pas in courant.model_fields:
            courant = _deballer(courant.model_fields[pas].annotation)
        elif not _est_modele(courant):
            courant = _deballer(courant)
        if courant is None:
            return []
    courant = _deballer(courant)
    return list(courant.model_fields) if _est_modele(courant) else []


def _est_modele(quoi: Any) -> bool:
    return isinstance(quoi, type) and issubclass(quoi, BaseModel)


def _deballer(annotation: Any) -> Any:
    """First model found inside an annotation (``X | None``, ``list[X]``, ``dict[str, X]``)."""
    if _est_modele(annotation):
        return annotation
    for argument in get_args(annotation):
        trouve = _deballer(argument)
        if trouve is not None:
            return trouve
    return None
