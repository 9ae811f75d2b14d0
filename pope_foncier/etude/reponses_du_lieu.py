"""Answers about a new place, read as a French hand types them: where, plan, yard elsewhere, answer of the PMI; a refusal says how to write."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pope_foncier.lieu.carreau import CarreauTrouve, carreau_du_point, lire_carreaux
from pope_foncier.lieu.plan import PlanTrace
from pope_foncier.lieu.plan_lecture import lire_plan
from pope_foncier.lieu.site import LATITUDES, LONGITUDES
from pope_foncier.lieu.vraisemblance import lire_vraisemblance
from pope_foncier.places.surfaces import mesurer_le_plan
from pope_foncier.socle.chemins import dossier_donnees
from pope_foncier.socle.erreurs import ErreurPope, abreger
from pope_foncier.socle.lecture import existe
from pope_foncier.socle.nombres import formater_nombre, lire_nombre
from pope_foncier.socle.questions import Reponses, lire_texte
from pope_foncier.socle.saisie import lire_jour, lire_mesure
from pope_foncier.territoire.communes import Commune, commune_de_l_adresse, commune_du_point, lire_commune

INCONNU = "?"
"""Answer of who does not know: the sheet says whom to ask."""
_NOM_MAX = 120
_DEUX_NOMBRES = re.compile(
    r"\s*(-?\d{1,3}(?:[.,]\d+)?)\s*°?\s*[NS]?\s*[;, ]\s*(-?\d{1,3}(?:[.,]\d+)?)\s*°?\s*[EOW]?\s*"
)
_DISTANCE = re.compile(
    r"(.+?)(?:\s*[,:]\s*|\s+à\s+|\s+)(\d[\d \u202f\u00a0]*(?:[.,]\d+)?)\s*(m|km)(?:ètres)?", re.IGNORECASE
)
OUI_NON = {"oui": "oui", "non": "non"}


@dataclass(frozen=True, slots=True)
class Ou:
    """Where a place is: a point with its INSEE square, or an address that no table of the project can place."""

    latitude: float | None = None
    longitude: float | None = None
    adresse: str = ""

    @property
    def carreau(self) -> CarreauTrouve | None:
        """Square that holds the point."""
        if self.latitude is None or self.longitude is None:
            return None
        return carreau_du_point(self.longitude, self.latitude)

    @property
    def habitants(self) -> float | None:
        """Inhabitants of the square, when the extract shipped has it."""
        trouve = self.carreau
        return None if trouve is None else lire_carreaux().habitants.get(trouve.identifiant)


@dataclass(frozen=True, slots=True)
class PlanDonne:
    """Plan file given by the user, read."""

    fichier: Path
    trace: PlanTrace
    surface_m2: float | None
    cour_m2: float | None


@dataclass(frozen=True, slots=True)
class EspaceDit:
    """Outdoor space nearby: its name and its distance [m], unknown when not said; an empty name says that there is none."""

    nom: str
    distance_m: float | None = None


@dataclass(frozen=True, slots=True)
class AvisDit:
    """Answer of the PMI, and its day if it was said."""

    reponse: str
    le: date | None = None


def ou_inconnu(lire: Callable[[str, Reponses], object]) -> Callable[[str, Reponses], object]:
    """Reader that takes « ? » for an unknown: None."""
    return lambda brut, avant: None if brut.strip() == INCONNU else lire(brut, avant)


def identifiant(nom: str) -> str:
    """Name of the files of a place: small letters without accents, digits, underscores."""
    sans_accent = unicodedata.normalize("NFKD", nom).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "_", sans_accent).strip("_")[:60]


def lire_nom(base: Path | None) -> Callable[[str, Reponses], str]:
    """Reader of a name that no place has yet."""

    def lire(brut: str, avant: Reponses) -> str:
        propre = lire_texte(brut, avant)
        if len(propre) > _NOM_MAX:
            raise ValueError(f"un nom de {_NOM_MAX} signes au plus est attendu")
        fichier = identifiant(propre)
        if not fichier:
            raise ValueError("le nom ne contient ni lettre ni chiffre : donner un nom au lieu")
        dossiers = [d for d in ("sites", "etudes") if ((base or dossier_donnees()) / d / f"{fichier}.yaml").exists()]
        if dossiers:
            raise ValueError(f"« {fichier} » existe déjà dans {', '.join(dossiers)}/ : choisir un autre nom")
        return propre

    return lire


def mesure(maxi: float, *unites: str) -> Callable[[str, Reponses], object]:
    """Reader of a measure, or of an unknown."""
    return ou_inconnu(lambda brut, _: lire_mesure(brut, maxi, *unites))


def lire_position(brut: str, _: Reponses) -> Ou:
    """Point « 48.93549, 2.34595 » (latitude, longitude), or an address as it is written.

    Raises:
        ValueError: numbers out of France, or the wrong way round.
    """
    texte = lire_texte(brut, _)
    trouve = _DEUX_NOMBRES.fullmatch(texte)
    if trouve is None:
        if not re.search(r"[A-Za-zÀ-ÿ]{2}", texte):
            raise ValueError(
                f"« {abreger(texte)} » : écrire latitude, longitude (48.93549, 2.34595), une adresse, ou ?"
            )
        return Ou(adresse=texte)
    latitude, longitude = (float(x.replace(",", ".")) for x in trouve.groups())
    if not (LATITUDES[0] <= latitude <= LATITUDES[1] and LONGITUDES[0] <= longitude <= LONGITUDES[1]):
        sens = LATITUDES[0] <= longitude <= LATITUDES[1] and LONGITUDES[0] <= latitude <= LONGITUDES[1]
        conseil = f" : écrire d'abord la latitude, {trouve[2]}, {trouve[1]}" if sens else " (degrés décimaux, WGS84)"
        raise ValueError(f"« {abreger(texte)} » est hors de la France métropolitaine{conseil}")
    return Ou(latitude, longitude)


def lire_le_plan(brut: str, _: Reponses) -> PlanDonne:
    """Plan by its file, or by its name among those of the project.

    Raises:
        ValueError: no file of ours; one of another tool is to be imported first.
    """
    fichier = Path(brut.strip().strip("'\""))
    livre = dossier_donnees() / "plans" / f"{fichier.name}.yaml"
    if not fichier.suffix and existe(livre):
        fichier = livre
    if not fichier.suffix:
        raise ValueError(
            f"« {abreger(brut)} » n'est ni un fichier, ni le nom d'un plan du projet : corriger, ou laisser vide"
        )
    if fichier.suffix.lower() not in (".yaml", ".yml", ".geojson", ".json"):
        raise ValueError(
            f"« {abreger(fichier.name)} » n'est pas un plan du projet (YAML ou GeoJSON) : le lire d'abord par "
            f"« pope-foncier plan importer {abreger(fichier.name)} », ou laisser vide"
        )
    try:
        trace = lire_plan(fichier)
    except ErreurPope as erreur:
        raise ValueError(str(erreur).rstrip(".")) from None
    return PlanDonne(fichier, trace, *mesurer_le_plan(trace))


def lire_la_surface(maxi: float, *unites: str) -> Callable[[str, Reponses], object]:
    """Reader of a floor area, which the plan given, if any, may not contradict: ten times more or less is another place or unit."""

    def lire(brut: str, avant: Reponses) -> float:
        surface, plan = lire_mesure(brut, maxi, *unites), avant.get("plan")
        dessinee = None if plan is None else plan.surface_m2
        if dessinee and surface:
            rapport = max(dessinee / surface, surface / dessinee)
            if rapport >= lire_vraisemblance().surface_rapport_refuse:
                raise ValueError(
                    f"le plan dessine {formater_nombre(dessinee, 1, 0)} m², {formater_nombre(rapport)} fois "
                    f"{'plus' if dessinee > surface else 'moins'} : vérifier la surface, ou l'unité du plan"
                )
        return surface

    return ou_inconnu(lire)


def lire_espace(brut: str, _: Reponses) -> EspaceDit | None:
    """Outdoor space « Square des Lilas, 180 m », « non » for none, « ? » when nobody has looked."""
    texte = lire_texte(brut, _)
    if texte == INCONNU:
        return None
    if texte.lower() in ("non", "aucun", "aucune", "0"):
        return EspaceDit("")
    trouve = _DISTANCE.fullmatch(texte)
    if trouve is None:
        return EspaceDit(texte)
    return EspaceDit(trouve[1].strip(), lire_nombre(trouve[2]) * (1000 if trouve[3].lower() == "km" else 1))


def lire_avis(brut: str, _: Reponses) -> AvisDit:
    """« oui », « non », « ? », with the day of the answer: « oui le 12/01/2027 »."""
    texte = lire_texte(brut, _)
    if texte == INCONNU:
        return AvisDit("inconnu")
    mot, _sep, jour = texte.partition(" ")
    if mot.lower().rstrip(",") not in OUI_NON:
        raise ValueError(
            f"« {abreger(texte)} » : répondre oui, non ou ?, avec la date s'il y en a une (oui le 12/01/2027)"
        )
    return AvisDit(mot.lower().rstrip(","), lire_jour(jour.removeprefix("le ").strip()) if jour.strip() else None)


def _commune_dite(r: Reponses) -> Commune | None:
    """Commune that the address ends with, or whose outline holds the point; None when neither says it."""
    ou = r.get("position")
    if ou is None:
        return None
    if ou.latitude is not None and ou.longitude is not None:
        return commune_du_point(ou.longitude, ou.latitude)
    return commune_de_l_adresse(ou.adresse)


def proposer_la_commune(r: Reponses) -> str | None:
    """Commune of the address or of the point, as it is typed."""
    dite = _commune_dite(r)
    return None if dite is None else f"{dite.nom} ({dite.code})"


def lire_commune_du_lieu(brut: str, r: Reponses) -> Commune:
    """Commune typed; another one than that of the address or of the point is taken with its code alone."""
    lue, dite = lire_commune(brut), _commune_dite(r)
    if dite is not None and dite.code != lue.code and lue.code not in brut:
        raise ValueError(
            f"l'adresse ou le point sont à {dite.nom} ({dite.code}) : corriger, ou écrire « {lue.nom} ({lue.code}) » près d'une limite"
        )
    return lue
