"""Plausibility of a drawn plan: sizes that no building has, the unit that was meant, and the plan beside the sheet of its site."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache

from pope_foncier.lieu.constats import Constat
from pope_foncier.lieu.geometrie import WGS84, projeter, surface_m2
from pope_foncier.lieu.plan import Element, PlanTrace
from pope_foncier.lieu.site import Site
from pope_foncier.socle.chemins import dossier_donnees
from pope_foncier.socle.enregistrements import enregistrement
from pope_foncier.socle.erreurs import ErreurDonnees
from pope_foncier.socle.fiches import Fiche, Part, Positif, lire_fiche
from pope_foncier.socle.nombres import formater_nombre

UNITES: Mapping[str, float] = {"m": 1.0, "cm": 0.01, "mm": 0.001, "pouce": 0.0254, "pied": 0.3048}
"""Metres of one unit of a drawing."""
EN_UNITES: Mapping[str, str] = {
    "m": "mètres",
    "cm": "centimètres",
    "mm": "millimètres",
    "pouce": "pouces",
    "pied": "pieds",
}
_EN_CLAIR = {"batiment": "un bâtiment", "piece": "une pièce", "parcelle": "une parcelle", "cour": "une cour"}


class Bornes(Fiche):
    """Sizes that an element of a nature may have."""

    surface_m2: tuple[Positif, Positif]
    usuelle_m2: Positif
    hauteur_m: tuple[Positif, Positif] | None = None


class Vraisemblance(Fiche):
    """Bounds of a plan, and how far it may be from the sheet of its site."""

    bornes: dict[str, Bornes]
    surface_ecart_admis: Part
    surface_rapport_refuse: Positif
    position_ecart_admis_m: Positif
    position_refus_m: Positif


@lru_cache(maxsize=4)
def lire_vraisemblance() -> Vraisemblance:
    """Read the bounds of the project."""
    return lire_fiche(Vraisemblance, dossier_donnees() / "controles" / "plans.yaml")


def unites_possibles(surface: float, nature: str = "batiment", attendue_m2: float | None = None) -> list[str]:
    """Units in which an area of a drawing, in its own units squared, is plausible; the likeliest first.

    Args:
        surface: area in units of the drawing, squared.
        nature: what is drawn.
        attendue_m2: area of the sheet of the site, which settles between units; a usual size by default.
    """
    bornes = lire_vraisemblance().bornes[nature]
    attendue = attendue_m2 or bornes.usuelle_m2
    ecarts = {unite: abs(math.log(surface * metres**2 / attendue)) for unite, metres in UNITES.items() if surface > 0}
    bas, haut = bornes.surface_m2
    return sorted((u for u in ecarts if bas <= surface * UNITES[u] ** 2 <= haut), key=ecarts.__getitem__)


def est_vraisemblable(nature: str, surface: float) -> bool:
    """Whether an area may be that of an element of a nature; one without bounds may have any."""
    bornes = lire_vraisemblance().bornes.get(nature)
    return bornes is None or bornes.surface_m2[0] <= surface <= bornes.surface_m2[1]


def faute_de_mesure(element: Element, surface: float) -> tuple[str, str] | None:
    """Size that no element of its nature has: message and remedy, with the unit that was probably meant."""
    bornes = lire_vraisemblance().bornes.get(element.nature)
    if bornes is None:
        return None
    quoi = _EN_CLAIR[element.nature]
    bas, haut = bornes.surface_m2
    if not est_vraisemblable(element.nature, surface):
        unites = [u for u in unites_possibles(surface, element.nature) if u != "m"]
        message = f"{en_m2(surface)} pour {quoi} : ce n'est pas vraisemblable (de {en_m2(bas)} à {en_m2(haut)})."
        if not unites:
            return message, "vérifier l'unité et le système du tracé : les longueurs sont en mètres."
        unite = unites[0]
        probable = f"Unité probable : le tracé est en {EN_UNITES[unite]}, soit {en_m2(surface * UNITES[unite] ** 2)}."
        return f"{message} {probable}", f"écrire des mètres, ou importer le fichier avec « --unite {unite} »."
    hauteur = element.hauteur_m
    if hauteur is None or bornes.hauteur_m is None or bornes.hauteur_m[0] <= hauteur <= bornes.hauteur_m[1]:
        return None
    bas, haut = bornes.hauteur_m
    limites = f"de {formater_nombre(bas, 1, 0)} à {formater_nombre(haut, 1, 0)} m"
    message = f"hauteur de {formater_nombre(hauteur, 2, 0)} m pour {quoi} : ce n'est pas vraisemblable ({limites})."
    for unite in ("cm", "mm"):
        if bas <= hauteur * UNITES[unite] <= haut:
            lue = formater_nombre(hauteur * UNITES[unite], 2)
            return f"{message} Unité probable : {EN_UNITES[unite]}, soit {lue} m.", "écrire la hauteur en mètres."
    return message, "écrire la hauteur en mètres, ou la retirer si elle est inconnue."


@enregistrement
class _Ecart:
    """Area drawn beside that of the sheet."""

    dessinee_m2: float
    fiche_m2: float

    @property
    def rapport(self) -> float:
        """How many times larger, or smaller, the plan is; at least 1."""
        return max(self.dessinee_m2 / self.fiche_m2, self.fiche_m2 / self.dessinee_m2)


def exiger_du_site(plan: PlanTrace, site: Site, fichier: str) -> None:
    """Refuse a plan that cannot be that of a site, its area being ten times larger or smaller than the sheet says.

    Raises:
        ErreurDonnees: says both areas, and the unit that would bring them together.
    """
    ecart = _ecart_de_surface(plan, site)
    if ecart is None or ecart.rapport < lire_vraisemblance().surface_rapport_refuse:
        return
    sens = "plus grand" if ecart.dessinee_m2 > ecart.fiche_m2 else "plus petit"
    message = (
        f"le plan dessine {en_m2(ecart.dessinee_m2)}, {formater_nombre(ecart.rapport)} fois {sens} que les "
        f"{en_m2(ecart.fiche_m2)} de la fiche du site « {site.nom} »."
    )
    remede = "vérifier l'unité du plan, le site, et la surface de la fiche."
    for unite in unites_possibles(ecart.dessinee_m2, attendue_m2=ecart.fiche_m2)[:1]:
        if unite != "m":
            lue = en_m2(ecart.dessinee_m2 * UNITES[unite] ** 2)
            message += f" Unité probable : le tracé est en {EN_UNITES[unite]}, soit {lue}."
            remede = f"importer le fichier avec « --unite {unite} », ou corriger la fiche du site."
    raise ErreurDonnees.une(fichier, message, remede)


def comparer_au_site(plan: PlanTrace, site: Site) -> list[Constat]:
    """Plan beside the sheet of its site: area, position, storeys; what one of them does not say stays to verify."""
    return [_constat_de_surface(plan, site), _constat_de_niveaux(plan, site), _constat_de_position(plan, site)]


def _ecart_de_surface(plan: PlanTrace, site: Site) -> _Ecart | None:
    fiche = site.surface_m2.valeur
    dessinee = surface_dessinee_m2(plan)
    return _Ecart(dessinee, float(fiche)) if fiche and dessinee else None


def surface_dessinee_m2(plan: PlanTrace) -> float:
    """Floor area drawn [m²]: outlines of the storeys above ground, or their rooms when they have no outline; 0 when none."""
    total = 0.0
    for niveau in sorted({e.element.niveau for e in plan.elements if e.element.nature in ("batiment", "piece")}):
        contours, pieces = (plan.de_nature(nature, niveau) for nature in ("batiment", "piece"))
        total += 0.0 if niveau < 0 else sum(surface_m2(e.forme) for e in contours or pieces)
    return total


def _constat_de_surface(plan: PlanTrace, site: Site) -> Constat:
    sujet, dessinee = "Surface du plan et de la fiche", surface_dessinee_m2(plan)
    ecart = _ecart_de_surface(plan, site)
    if ecart is None:
        manque = "rien de mesurable sur le plan" if not dessinee else "surface inconnue dans la fiche du site"
        lue = f"{en_m2(dessinee)} dessinés ; " if dessinee else ""
        demander = site.surface_m2.a_obtenir_de or "le propriétaire du lieu"
        return Constat("plan_surface", sujet, "a_verifier", lue + manque, a_demander_a=demander)
    admis = float(lire_vraisemblance().surface_ecart_admis)
    part = ecart.dessinee_m2 / ecart.fiche_m2 - 1
    statut = "respecte" if abs(part) <= admis + 1e-9 else "a_surveiller"
    valeur = f"{en_m2(ecart.dessinee_m2)} dessinés, {en_m2(ecart.fiche_m2)} dans la fiche ({_pour_cent(part)})"
    return Constat(
        "plan_surface",
        sujet,
        statut,  # type: ignore[arg-type]
        valeur,
        f"{_pour_cent(admis)} d'écart",
        repere="tolérance",
        suite="dire lequel des deux fait foi : un plan partiel, un autre bâtiment ou une autre façon de mesurer",
    )


def _constat_de_niveaux(plan: PlanTrace, site: Site) -> Constat:
    sujet = "Niveaux du plan et de la fiche"
    dessines = sorted({e.element.niveau for e in plan.elements if e.element.nature in ("batiment", "piece")})
    lus = ", ".join("rez-de-chaussée" if n == 0 else f"niveau {n}" for n in dessines) or "aucun"
    if site.niveaux is None:
        valeur = f"dessinés : {lus} ; nombre inconnu dans la fiche du site"
        return Constat("plan_niveaux", sujet, "a_verifier", valeur, a_demander_a="le propriétaire du lieu")
    return Constat(
        "plan_niveaux",
        sujet,
        "respecte" if not dessines or dessines[-1] < site.niveaux else "a_surveiller",
        f"dessinés : {lus} ; {site.niveaux} dans la fiche, rez-de-chaussée compris",
        suite="vérifier les niveaux du plan, ou la fiche du site",
    )


def _constat_de_position(plan: PlanTrace, site: Site) -> Constat:
    from shapely import union_all
    from shapely.geometry import Point

    sujet = "Position du plan et de la fiche"
    if plan.fiche.systeme == "local" or site.position is None:
        pourquoi = "axes locaux" if plan.fiche.systeme == "local" else "position inconnue dans la fiche du site"
        return Constat("plan_position", sujet, "a_verifier", pourquoi, a_demander_a="l'auteur du plan")
    ici = projeter(Point(site.position.longitude, site.position.latitude), WGS84)
    formes = plan.formes("batiment") or [e.forme for e in plan.elements]
    ecart = float(union_all(formes).distance(ici))
    admis = lire_vraisemblance().position_ecart_admis_m
    return Constat(
        "plan_position",
        sujet,
        "respecte" if ecart <= admis else "a_surveiller",
        f"tracé à {formater_nombre(ecart)} m du point de la fiche",
        f"{formater_nombre(admis)} m",
        repere="tolérance",
        suite="vérifier que le bâtiment dessiné est bien celui du site",
    )


def en_m2(surface: float) -> str:
    """Area in French, with the decimals that its size asks for."""
    return f"{formater_nombre(surface, 0 if surface >= 100 else 1 if surface >= 10 else 3, 0)}\u00a0m²"


def _pour_cent(part: float) -> str:
    signe = "+" if part > 0 else ""
    return f"{signe}{formater_nombre(part * 100, 0)}\u00a0%"
