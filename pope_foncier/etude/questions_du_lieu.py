"""Questions about a new place, once for the terminal and for the workshop: how each answer is read, and when it is asked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import lru_cache
from pathlib import Path

from pope_foncier.acquisition.titres import titre_de
from pope_foncier.baremes.catalogue import Catalogue, exiger
from pope_foncier.etude.genres_de_lieu import lire_lieux, lire_titres
from pope_foncier.etude.reponses_du_lieu import (
    INCONNU,
    OUI_NON,
    Ou,
    lire_avis,
    lire_commune_du_lieu,
    lire_espace,
    lire_la_surface,
    lire_le_plan,
    lire_nom,
    lire_position,
    mesure,
    ou_inconnu,
    proposer_la_commune,
)
from pope_foncier.lieu.vraisemblance import lire_vraisemblance
from pope_foncier.places.programme_type import lire_programme_type
from pope_foncier.socle.erreurs import abreger
from pope_foncier.socle.fiches import SURFACE_MAX_M2
from pope_foncier.socle.nombres import formater_nombre
from pope_foncier.socle.questions import Question, Reponses, choisir
from pope_foncier.socle.saisie import lire_jour, lire_montant
from pope_foncier.territoire.communes import ILE_DE_FRANCE, Commune, interlocuteurs
from pope_foncier.travaux.cout import lire_couts

_NE_SAIT_PAS = "on ne sait pas"
_M2, _HABITANTS = ("m²", "m2", "m^2", "mètres carrés"), ("habitants", "habitant", "hab.", "hab")
_EUROS_M2 = ("€/m²/an", "€/m2/an", "€/m² par an", "€/m2 par an", "€/m²", "€/m2", "€")


def _genre(r: Reponses) -> str:
    return str(r["genre"])


def _est(champ: str, *valeurs: str) -> Callable[[Reponses], bool]:
    return lambda r: r.get(champ) in valeurs


def _achat_en_ile_de_france(r: Reponses) -> bool:
    """Whether the place is bought where the sale of business premises bears a tax of the region."""
    return r.get("titre") == "propriete" and interlocuteurs(r["commune"].code).region == ILE_DE_FRANCE


def _carreau_inconnu(r: Reponses) -> bool:
    ou = r.get("position")
    return ou is None or ou.habitants is None


def _habitants(r: Reponses) -> float | None:
    """Inhabitants of the square: those of the extract, else as answered."""
    ou = r.get("position")
    return r.get("habitants") if _carreau_inconnu(r) else ou.habitants  # type: ignore[union-attr]


def zone_dense(r: Reponses) -> bool | None:
    """Whether the square of the answers is very dense; None when its inhabitants are unknown."""
    habitants = _habitants(r)
    return None if habitants is None else bool(habitants >= _bareme("seuil_densite"))


def autre_zone(r: Reponses, indecise: float) -> str:
    """Other reading of the density that a study should hold; nothing where the square decides.

    Args:
        r: answers.
        indecise: share of the threshold, on both sides, within which it does not [fraction].
    """
    habitants, dense = _habitants(r), zone_dense(r)
    if habitants is None:
        return "tres_dense"
    proche = abs(habitants / _bareme("seuil_densite") - 1.0) <= indecise
    return "" if not proche else "ordinaire" if dense else "tres_dense"


def rayon_en_clair() -> str:
    """Distance within which a space may stand for the yard, in words."""
    return f"{formater_nombre(_bareme('distance_alternative_m'))} m"


def _bareme(nom: str) -> float:
    return float(exiger(Catalogue().a_la_date(f"referentiel.locaux.{nom}", lire_lieux().date_demande)).valeur)


def _hauteur_max_m() -> float:
    """Largest height that a room may have [m]."""
    bornes = lire_vraisemblance().bornes["piece"].hauteur_m
    return float("inf") if bornes is None else bornes[1]


def cour_a_remplacer(r: Reponses) -> bool:
    """Whether a space at a distance may matter: where the zone may be ordinary, a yard unknown or under what the places of the law would ask."""
    cour, surface = r.get("exterieur"), r.get("surface")
    if zone_dense(r) is True:
        return False
    if not cour or surface is None:
        return True
    utile = surface / lire_programme_type().coefficient_sdo_su.central
    return bool(cour < utile / _bareme("surface_par_place") * _bareme("exterieur_par_place"))


def _lire_depart(brut: str, _: Reponses) -> date:
    """Day when the studies begin, not before the year of the requests: the law that a new study reads is that of today.

    Raises:
        ValueError: no day, or one of the past.
    """
    jour = lire_jour(brut)
    premiere = lire_lieux().date_demande.year
    if jour.year < premiere:
        raise ValueError(f"« {abreger(brut)} » est passé : une étude neuve part en {premiere} ou après")
    return jour


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
        Question("nom", "Nom du lieu, par exemple Local du 12 rue des Lilas", lire_nom(base)),
        choisir("Genre de lieu", "genre", {nom: x.libelle for nom, x in lieux.items()}),
        Question(
            "position",
            "Adresse, ou coordonnées (latitude, longitude)",
            ou_inconnu(lire_position),
            INCONNU,
            aide="les coordonnées donnent le carreau Insee : un clic droit sur une carte en ligne (Géoportail, OpenStreetMap) les donne, par exemple 48.93549, 2.34595",
            dire=_dire_position,
        ),
        Question("commune", "Commune", lire_commune_du_lieu, proposer_la_commune, dire=_dire_commune),
        Question(
            "habitants",
            "Habitants du carreau Insee de 1 km",
            mesure(1e6, *_HABITANTS),
            INCONNU,
            _carreau_inconnu,
            aide="à lire sur statistiques-locales.insee.fr, données carroyées de 1 km ; la densité de la commune ne le remplace pas",
        ),
        Question("plan", "Plan du lieu (fichier YAML ou GeoJSON)", lire_le_plan, ""),
        Question(
            "surface",
            "Surface de plancher, par exemple 240 m²",
            lire_la_surface(SURFACE_MAX_M2, *_M2),
            _du_plan("surface_m2", None),
            aide="? si inconnue ; sur un terrain, celle du bâtiment à construire, pas celle du terrain",
        ),
        Question(
            "exterieur",
            "Cour ou jardin privatif, par exemple 60 m² (0 si aucun)",
            mesure(SURFACE_MAX_M2, *_M2),
            _du_plan("cour_m2", INCONNU),
        ),
        Question(
            "espace",
            f"Espace extérieur à moins de {metres}, avec sa distance, par exemple Square des Lilas, 180 m",
            lire_espace,
            INCONNU,
            cour_a_remplacer,
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
            lire_avis,
            INCONNU,
            lambda r: bool(r.get("espace") and r["espace"].nom),
        ),
        Question("hauteur", "Hauteur libre sous plafond, par exemple 2,60 m", mesure(_hauteur_max_m(), "m"), INCONNU),
        choisir("Titre", "titre", titres, lambda r: titres[lieux[_genre(r)].titre]),  # type: ignore[index]
        Question(
            "prix",
            "Prix d'achat, par exemple 450 000 €",
            ou_inconnu(lambda b, _: lire_montant(b)),
            INCONNU,
            _est("titre", "propriete"),
        ),
        choisir(
            "Le local est-il un bureau, un commerce ou un lieu de stockage le jour de la vente",
            "activite",
            OUI_NON | {INCONNU: _NE_SAIT_PAS},
            _NE_SAIT_PAS,
            _achat_en_ile_de_france,
            "une taxe de la Région s'ajoute alors aux droits de mutation ; l'usage se lit avec le notaire",
        ),
        Question(
            "loyer",
            "Loyer ou redevance par an, hors taxe, par exemple 150 €/m²",
            mesure(1e5, *_EUROS_M2),
            INCONNU,
            lambda r: r.get("titre") != "propriete",
        ),
        choisir(
            "Travaux",
            "travaux",
            {nom: x.libelle for nom, x in couts.items()},
            lambda r: couts[lieux[_genre(r)].travaux].libelle,  # type: ignore[index]
        ),
        choisir(
            "Des voies ferrées bordent-elles le lieu",
            "voies",
            OUI_NON,
            lambda r: lieux[_genre(r)].voies,  # type: ignore[index]
            lambda r: _genre(r) != "gare",
        ),
        Question("depart", "Départ des études, par exemple 01/03/2027", _lire_depart),
        Question(
            "referent_sante",
            "Référent santé et accueil inclusif, heures par an, par exemple 30 h",
            mesure(1e4, "h", "heures", "h/an"),
            INCONNU,
            aide="la loi en demande selon la taille ; ? si personne n'est encore trouvé",
        ),
    )
