"""Axes and unit of a file: what the user says, what the file says, or a guess, which is asked."""

from __future__ import annotations

from typing import NamedTuple

from pope_foncier.lieu.etendues import FRANCE_DEGRES_INVERSES, Etendue, dans, ressemblance
from pope_foncier.lieu.fichiers import systemes
from pope_foncier.lieu.fichiers.choix import Choix, lire_unite
from pope_foncier.lieu.fichiers.releve import Releve
from pope_foncier.lieu.geometrie import WGS84
from pope_foncier.lieu.vraisemblance import UNITES, unites_possibles
from pope_foncier.socle.erreurs import ErreurDonnees
from pope_foncier.socle.nombres import formater_nombre


class Lu(NamedTuple):
    """System or unit, and who says it."""

    valeur: str
    dit: str
    sur: bool
    """Whether somebody said it: a guess is asked."""


def lire_le_systeme(releve: Releve, choix: Choix, bornes: Etendue, pres_de: tuple[float, float] | None) -> Lu:
    """Reference system: of the options, of the file, or guessed from the numbers; sure when it brings them to the site."""
    if choix.systeme:
        return Lu(systemes.lire_systeme(choix.systeme), "dit à l'importation", True)
    if releve.systeme:
        return Lu(systemes.lire_systeme(releve.systeme), "d'après le fichier", True)
    code, confirme = systemes.deviner(bornes, pres_de)
    if releve.format == "GeoJSON" and code == WGS84:
        return Lu(code, "le système d'un GeoJSON qui n'en dit pas", True)
    if confirme:
        return Lu(code, "deviné, le tracé tombe près de la position du site", True)
    if code == systemes.LOCAL:
        return Lu(code, "aucun système dans le fichier", True)
    autre = "" if code else ressemblance(bornes[:2])
    return Lu(code, f"ressemble à du {autre}, à reprojeter" if autre else "deviné d'après les coordonnées", False)


def lire_l_unite(releve: Releve, choix: Choix, systeme: str, attendue_m2: float | None) -> Lu:
    """Unit of the drawing: of the options, of the system, of the file, or guessed from the areas.

    Args:
        systeme: reference system; one of the ground has its own unit.
        attendue_m2: area of the sheet of the site.
    """
    if choix.unite:
        return Lu(lire_unite(choix.unite), "dite à l'importation", True)
    if systeme != systemes.LOCAL:
        return Lu("degré" if systemes.en_degres(systeme) else "m", "celle du système", True)
    if releve.unite_probable is not None:
        metres, raison = releve.unite_probable
        return Lu(nom_de_l_unite(metres), raison, False)
    if releve.metres_par_unite is not None:
        return Lu(nom_de_l_unite(releve.metres_par_unite), "d'après le fichier", True)
    surfaces = [float(o.forme.area) for o in releve.objets]
    possibles = unites_possibles(max(surfaces, default=0.0), attendue_m2=attendue_m2)
    return Lu(possibles[0] if possibles else "m", "devinée d'après les surfaces", False)


def nom_de_l_unite(metres: float) -> str:
    """Unit of that length; its metres when it has no name here."""
    return next((u for u, m in UNITES.items() if abs(m / metres - 1) < 1e-6), f"{formater_nombre(metres, 6, 0)} m")


def exiger_des_degres(bornes: Etendue, fichier: str, pres_de: tuple[float, float] | None) -> None:
    """Refuse numbers that cannot be degrees, or whose latitude and longitude are swapped.

    Raises:
        ErreurDonnees: says the point, and the system that it looks like.
    """
    x, y = (formater_nombre(v, 4, 0) for v in bornes[:2])
    if not systemes.sont_des_degres(bornes):
        autre = systemes.deviner(bornes, pres_de)[0]
        message = f"le point ({x} ; {y}) n'est pas en degrés, le système du fichier."
        remede = f"essayer « --systeme {autre} »." if autre else "dire le système par --systeme."
        raise ErreurDonnees.une(fichier, message, remede)
    if dans(bornes[:2], FRANCE_DEGRES_INVERSES):
        message = f"le point ({x} ; {y}) : latitude et longitude semblent inversées."
        raise ErreurDonnees.une(fichier, message, "exporter la longitude, puis la latitude.")
