"""Questions about a new place, once for the terminal and for the workshop: how each answer is read, and when it is asked."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from pope_foncier.acquisition.titres import titre_de
from pope_foncier.baremes.catalogue import Catalogue, exiger
from pope_foncier.etude.genres_de_lieu import lire_lieux, lire_titres
from pope_foncier.lieu.carreau import CarreauTrouve, carreau_du_point, lire_carreaux
from pope_foncier.lieu.plan import PlanTrace
from pope_foncier.lieu.plan_lecture import lire_plan
from pope_foncier.lieu.site import LATITUDES, LONGITUDES
from pope_foncier.places.surfaces import mesurer_le_plan
from pope_foncier.socle.chemins import dossier_donnees
from pope_foncier.socle.erreurs import ErreurPope, abreger
from pope_foncier.socle.fiches import SURFACE_MAX_M2
from pope_foncier.socle.nombres import formater_nombre, lire_nombre
from pope_foncier.socle.questions import Question, Reponses, choisir, lire_texte, parmi
from pope_foncier.socle.saisie import lire_jour, lire_mesure, lire_montant
from pope_foncier.territoire.communes import Commune, interlocuteurs, lire_commune
from pope_foncier.travaux.cout import lire_couts

INCONNU = "?"
"""Answer of who does not know: the sheet says whom to ask."""
DATE_DEMANDE = date(2026, 12, 1)
"""Day of the requests of a new study: its law and its scales."""
_NOM_MAX = 120
_M2, _HABITANTS = ("m²", "m2", "m^2", "mètres carrés"), ("habitants", "habitant", "hab.", "hab")
_EUROS_M2 = ("€/m²/an", "€/m2/an", "€/m² par an", "€/m2 par an", "€/m²", "€/m2", "€")
_DEUX_NOMBRES = re.compile(
    r"\s*(-?\d{1,3}(?:[.,]\d+)?)\s*°?\s*[NS]?\s*[;, ]\s*(-?\d{1,3}(?:[.,]\d+)?)\s*°?\s*[EOW]?\s*"
)
_DISTANCE = re.compile(
    r"(.+?)(?:\s*[,:]\s*|\s+à\s+|\s+)(\d[\d \u202f\u00a0]*(?:[.,]\d+)?)\s*(m|km)(?:ètres)?", re.IGNORECASE
)
_OUI_NON = {"oui": "oui", "non": "non"}


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


def _ou_inconnu(lire: Callable[[str, Reponses], object]) -> Callable[[str, Reponses], object]:
    """Reader that takes « ? » for an unknown: None."""
    return lambda brut, avant: None if brut.strip() == INCONNU else lire(brut, avant)


def identifiant(nom: str) -> str:
    """Name of the files of a place: small letters without accents, digits, underscores."""
    sans_accent = unicodedata.normalize("NFKD", nom).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "_", sans_accent).strip("_")[:60]


def _nom(base: Path | None) -> Callable[[str, Reponses], str]:
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


def _mesure(maxi: float, *unites: str) -> Callable[[str, Reponses], object]:
    return _ou_inconnu(lambda brut, _: lire_mesure(brut, maxi, *unites))


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


def _plan(brut: str, _: Reponses) -> PlanDonne:
    fichier = Path(brut.strip().strip("'\""))
    if not fichier.suffix and (dossier_donnees() / "plans" / f"{fichier.name}.yaml").is_file():
        fichier = dossier_donnees() / "plans" / f"{fichier.name}.yaml"
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


def _espace(brut: str, _: Reponses) -> EspaceDit | None:
    texte = lire_texte(brut, _)
    if texte == INCONNU:
        return None
    if texte.lower() in ("non", "aucun", "aucune", "0"):
        return EspaceDit("")
    trouve = _DISTANCE.fullmatch(texte)
    if trouve is None:
        return EspaceDit(texte)
    return EspaceDit(trouve[1].strip(), lire_nombre(trouve[2]) * (1000 if trouve[3].lower() == "km" else 1))


def _avis(brut: str, _: Reponses) -> AvisDit:
    """« oui », « non », « ? », with the day of the answer: « oui le 12/01/2027 »."""
    texte = lire_texte(brut, _)
    if texte == INCONNU:
        return AvisDit("inconnu")
    mot, _sep, jour = texte.partition(" ")
    if mot.lower().rstrip(",") not in _OUI_NON:
        raise ValueError(
            f"« {abreger(texte)} » : répondre oui, non ou ?, avec la date s'il y en a une (oui le 12/01/2027)"
        )
    return AvisDit(mot.lower().rstrip(","), lire_jour(jour.removeprefix("le ").strip()) if jour.strip() else None)


def _genre(r: Reponses) -> str:
    return str(r["genre"])


def _est(champ: str, *valeurs: str) -> Callable[[Reponses], bool]:
    return lambda r: r.get(champ) in valeurs


def _carreau_inconnu(r: Reponses) -> bool:
    ou = r.get("position")
    return ou is None or ou.habitants is None


def zone_dense(r: Reponses) -> bool | None:
    """Whether the square of the answers is very dense; None when its inhabitants are unknown."""
    ou = r.get("position")
    habitants = r.get("habitants") if _carreau_inconnu(r) else ou.habitants  # type: ignore[union-attr]
    if habitants is None:
        return None
    return bool(habitants >= _bareme("seuil_densite"))


def rayon_en_clair() -> str:
    """Distance within which a space may stand for the yard, in words."""
    return f"{formater_nombre(_bareme('distance_alternative_m'))} m"


def _bareme(nom: str) -> float:
    return float(exiger(Catalogue().a_la_date(f"referentiel.locaux.{nom}", DATE_DEMANDE)).valeur)


def _cour_a_remplacer(r: Reponses) -> bool:
    """Whether a space at a distance may matter: no yard, or an unknown one, where the zone may be ordinary."""
    return not r.get("exterieur") and zone_dense(r) is not True


def _du_plan(quoi: str, sinon: str | None) -> Callable[[Reponses], str | None]:
    """Default of an area: what the plan given measures."""

    def defaut(r: Reponses) -> str | None:
        mesure = getattr(r.get("plan"), quoi, None)
        return sinon if mesure is None else f"{formater_nombre(mesure, 1, 0)} m²"

    return defaut


def _dire_commune(commune: Commune) -> str:
    dit = interlocuteurs(commune.code)
    return f"{commune.en_clair}, code {commune.code}, {dit.nom_departement}"


def _dire_position(ou: Ou | None) -> str:
    if ou is None or ou.carreau is None:
        return "carreau Insee à relever" if ou is not None else ""
    if ou.habitants is None:
        return f"carreau {ou.carreau.identifiant}, absent de l'extrait livré"
    zone = "très dense" if ou.habitants >= _bareme("seuil_densite") else "ordinaire"
    bord = formater_nombre(ou.carreau.bord_m)
    return (
        f"carreau {ou.carreau.identifiant} : {formater_nombre(ou.habitants)} habitants, zone {zone} (bord à {bord} m)"
    )


@lru_cache(maxsize=2)
def questions(base: Path | None = None) -> tuple[Question, ...]:
    """Questions about a new place, in their order; ``base`` is the data folder whose kinds, tenures and works are proposed."""
    lieux = lire_lieux(base).genres
    titres = {nom: titre_de(nom).libelle for nom in lire_titres(base).genres}  # type: ignore[arg-type]
    couts = lire_couts(None if base is None else base / "hypotheses" / "couts.yaml").genres
    metres = rayon_en_clair()
    return (
        Question("nom", "Nom du lieu, par exemple Local du 12 rue des Lilas", _nom(base)),
        choisir("Genre de lieu", "genre", {nom: x.libelle for nom, x in lieux.items()}),
        Question("commune", "Commune", lambda b, _: lire_commune(b), dire=_dire_commune),
        Question(
            "position",
            "Coordonnées (latitude, longitude) ou adresse",
            _ou_inconnu(lire_position),
            INCONNU,
            aide="un clic droit sur une carte en ligne (Géoportail, OpenStreetMap) donne 48.93549, 2.34595 ; ? si inconnu",
            dire=_dire_position,
        ),
        Question(
            "habitants",
            "Habitants du carreau Insee de 1 km",
            _mesure(1e6, *_HABITANTS),
            INCONNU,
            _carreau_inconnu,
            aide="à lire sur statistiques-locales.insee.fr, données carroyées de 1 km ; la densité de la commune ne le remplace pas",
        ),
        Question("plan", "Plan du lieu (fichier YAML ou GeoJSON)", _plan, ""),
        Question(
            "surface",
            "Surface de plancher, par exemple 240 m²",
            _mesure(SURFACE_MAX_M2, *_M2),
            _du_plan("surface_m2", None),
            aide="? si inconnue",
        ),
        Question(
            "exterieur",
            "Cour ou jardin privatif, par exemple 60 m² (0 si aucun)",
            _mesure(SURFACE_MAX_M2, *_M2),
            _du_plan("cour_m2", INCONNU),
        ),
        Question(
            "espace",
            f"Espace extérieur à moins de {metres}, avec sa distance, par exemple Square des Lilas, 180 m",
            _espace,
            INCONNU,
            _cour_a_remplacer,
            aide="sans cour, il peut en tenir lieu si la PMI l'admet ; non s'il n'y en a pas, ? si personne n'a regardé",
        ),
        choisir(
            "Cet espace est-il public ou privatif",
            "espace_genre",
            {"public": "public", "prive": "privatif"},
            "public",
            lambda r: bool(r.get("espace") and r["espace"].nom),
        ),
        Question(
            "pmi",
            "La PMI l'admet-elle en place de la cour ? oui, non ou ?, avec la date de sa réponse",
            _avis,
            INCONNU,
            lambda r: bool(r.get("espace") and r["espace"].nom),
        ),
        Question("hauteur", "Hauteur libre sous plafond, par exemple 2,60 m", _mesure(30.0, "m"), INCONNU),
        choisir("Titre", "titre", titres, lambda r: titres[lieux[_genre(r)].titre]),  # type: ignore[index]
        Question(
            "prix",
            "Prix d'achat, par exemple 450 000 €",
            _ou_inconnu(lambda b, _: lire_montant(b)),
            INCONNU,
            _est("titre", "propriete"),
        ),
        Question(
            "loyer",
            "Loyer ou redevance par an, hors taxe, par exemple 150 €/m²",
            _mesure(1e5, *_EUROS_M2),
            INCONNU,
            lambda r: r.get("titre") != "propriete",
        ),
        choisir(
            "Travaux",
            "travaux",
            {nom: x.libelle for nom, x in couts.items()},
            lambda r: couts[lieux[_genre(r)].travaux].libelle,  # type: ignore[index]
        ),
        Question(
            "voies",
            "Des voies ferrées bordent-elles le lieu ? oui ou non",
            parmi(_OUI_NON),
            lambda r: lieux[_genre(r)].voies,  # type: ignore[index]
            lambda r: _genre(r) != "gare",
        ),
        Question("depart", "Départ des études, par exemple 01/03/2027", lambda b, _: lire_jour(b)),
    )
