"""Checks of changes of level: steps under doors, ramps, stairs, lift."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pope_foncier.lieu.constats import Constat, StatutConstat
from pope_foncier.lieu.gabarits import grand_cote_m, rampe_pour
from pope_foncier.lieu.plan import PlanTrace
from pope_foncier.lieu.reseau import Baie, Reseau, longueur_devant_m
from pope_foncier.places.acces_du_public import EPS, au_niveau, metres, nom_de_porte, portes_du_public, selon
from pope_foncier.places.issues import accorder
from pope_foncier.places.regles_du_jour import ReglesDuJour
from pope_foncier.places.situation import Regime, Situation
from pope_foncier.places.usages_du_plan import lire_usages
from pope_foncier.socle.nombres import formater_nombre

_A_DEMANDER = "l'architecte"


def controler_niveaux(
    plan: PlanTrace, reseaux: Sequence[Reseau], situation: Situation, regles: ReglesDuJour
) -> list[Constat]:
    """Check the changes of level of a plan, and what leads from one to the other."""
    constats: list[Constat] = []
    for reseau in reseaux:
        constats += _ressauts(reseau, situation, regles)
    constats += [*_rampes(plan, situation, regles), *_escaliers(plan, situation, regles)]
    return [*constats, *_ascenseur(plan, situation, regles), *_demi_niveaux(plan, regles)]


def _ressauts(reseau: Reseau, situation: Situation, regles: ReglesDuJour) -> Iterator[Constat]:
    """Steps under the doors of the public, and the ramp that would make up each."""
    seuils, source = regles.table("ressaut_m"), regles.source("ressaut_m")
    inconnus = []
    for porte in portes_du_public(reseau):
        haut = _marche(reseau, porte)
        sujet = f"{nom_de_porte(reseau, porte)} : ressaut"
        if haut is None:
            inconnus.append(nom_de_porte(reseau, porte))
            continue
        if haut <= seuils["droit"] + EPS:
            continue
        if haut <= seuils["chanfreine"] + EPS:
            valeur = f"{metres(haut)} : à chanfreiner à un pour trois"
            yield Constat("ressaut", sujet, "a_verifier", valeur, metres(seuils["droit"]), source, _A_DEMANDER)
            continue
        libre = max(longueur_devant_m(reseau, porte, c) for c in porte.cotes if c >= 0)
        statut, suite = place_d_une_rampe(haut, libre, situation, regles)
        yield Constat("ressaut", sujet, statut, metres(haut), metres(seuils["droit"]), source, _A_DEMANDER, suite=suite)
    if inconnus:
        sujet = f"Ressauts aux portes du public{au_niveau(reseau.niveau)}"
        valeur = f"non donnés : {', '.join(inconnus)}"
        yield Constat("ressaut", sujet, "a_verifier", valeur, metres(seuils["droit"]), source, _A_DEMANDER)


def _marche(reseau: Reseau, porte: Baie) -> float | None:
    """Step at a door: written on it, or the difference of the floors that it joins; None when nobody says."""
    if porte.trace.element.ressaut_m is not None:
        return porte.trace.element.ressaut_m
    sols = [reseau.pieces[c].element.sol_m for c in porte.cotes if c >= 0]
    connus = [s for s in sols if s is not None]
    return abs(connus[0] - connus[1]) if len(connus) == 2 else None


def place_d_une_rampe(
    denivele_m: float, libre_m: float, situation: Situation, regles: ReglesDuJour
) -> tuple[StatutConstat, str]:
    """Whether the ramp of a step fits in a free length, and what it takes."""
    mesures, lus = regles.table("rampe_m"), []
    dites: dict[Regime, str] = {}
    for regime in situation.regimes:
        rampe = rampe_pour(denivele_m, regles.table(f"{regime}_pentes"), mesures)
        tient = rampe.avec_paliers_m <= libre_m + EPS
        pente_seule = rampe.longueur_m <= libre_m + EPS
        statut: StatutConstat = "a_surveiller" if tient else "a_verifier"
        if not tient and not pente_seule and regime == "neuf":
            statut = "non_respecte"
        lus.append(statut)
        pente = f"rampe de {formater_nombre(100 * rampe.pente)} %, {metres(rampe.longueur_m)} de pente"
        place = f"{metres(rampe.avec_paliers_m)} avec ses paliers, {metres(libre_m)} libres"
        reste = "" if tient else ", paliers manquants : rampe amovible ou dérogation à étudier"
        dites[regime] = f"{pente}, {place}{reste}"
    return accorder(lus), selon(dites)


def _rampes(plan: PlanTrace, situation: Situation, regles: ReglesDuJour) -> Iterator[Constat]:
    """Slope and width of the ramps drawn."""
    for rampe in plan.de_nature("rampe"):
        element, sujet = rampe.element, f"{rampe.nom} : pente et largeur"
        tables = {r: regles.table(f"{r}_pentes") for r in situation.regimes}
        exigee = selon({r: f"{formater_nombre(100 * t['courante'])} % au plus" for r, t in tables.items()})
        source = regles.source(f"{situation.regimes[0]}_pentes")
        if element.denivele_m is None:
            yield Constat("rampe", sujet, "a_verifier", "dénivelé non donné", exigee, source, _A_DEMANDER)
            continue
        longueur = grand_cote_m(rampe.forme)
        pente = element.denivele_m / longueur
        largeur = element.largeur_m if element.largeur_m is not None else float(rampe.forme.area) / longueur
        lus = [_statut_de_rampe(pente, longueur, largeur, r, regles) for r in situation.regimes]
        valeur = f"{formater_nombre(100 * pente, 1)} % sur {metres(longueur)}, large de {metres(largeur)}"
        yield Constat("rampe", sujet, accorder(lus), valeur, exigee, source, _A_DEMANDER)


def _statut_de_rampe(
    pente: float, longueur: float, largeur: float, regime: Regime, regles: ReglesDuJour
) -> StatutConstat:
    pentes, mesures = regles.table(f"{regime}_pentes"), regles.table("rampe_m")
    cle = "courante"
    for courte in ("deux_metres", "demi_metre"):
        if longueur <= mesures[courte] + EPS:
            cle = courte
    large = largeur >= regles.table(f"{regime}_largeurs_m")["cheminement"] - EPS
    return "respecte" if pente <= pentes[cle] + EPS and large else "non_respecte"


def _escaliers(plan: PlanTrace, situation: Situation, regles: ReglesDuJour) -> Iterator[Constat]:
    """Width of the stairs drawn: a figure of existing buildings; that of new ones was not read."""
    largeur, source = regles.nombre("escalier_m"), regles.source("escalier_m")
    for escalier in plan.de_nature("escalier"):
        vue, sujet = escalier.element.largeur_m, f"{escalier.nom} : largeur entre mains courantes"
        if vue is None:
            yield Constat("escalier", sujet, "a_verifier", "largeur non donnée", metres(largeur), source, _A_DEMANDER)
            continue
        lus: list[StatutConstat] = []
        for regime in situation.regimes:
            assez = vue >= largeur - EPS
            lus.append(("respecte" if assez else "a_surveiller") if regime == "existant" else "a_verifier")
        suite = "un escalier que l'on ne touche pas garde ses dimensions" if "a_surveiller" in lus else ""
        yield Constat("escalier", sujet, accorder(lus), metres(vue), metres(largeur), source, _A_DEMANDER, suite=suite)


def _ascenseur(plan: PlanTrace, situation: Situation, regles: ReglesDuJour) -> Iterator[Constat]:
    """Lift of each storey of the public other than the ground floor."""
    seuils, source = regles.table("ascenseur_personnes"), regles.source("ascenseur_personnes")
    publiques = [p for p in plan.de_nature("piece") if p.element.fonction in lire_usages().public]
    en_bas = {p.element.fonction for p in publiques if p.element.niveau == 0}
    connus, dessine = {*en_bas, *lire_usages().circulations}, bool(plan.de_nature("ascenseur"))
    for niveau in sorted({p.element.niveau for p in publiques} - {0}):
        absents = sorted({p.nom for p in publiques if p.element.niveau == niveau and p.element.fonction not in connus})
        personnes = situation.personnes_au(niveau)
        compte = "effectif inconnu" if personnes is None else f"{personnes} personnes"
        exigee = f"{formater_nombre(seuils['courant'])} personnes, ou un service absent du rez-de-chaussée"
        du = bool(absents) or (personnes is not None and personnes >= seuils["courant"])
        valeur = f"{compte}{' ; services absents du rez-de-chaussée : ' + ', '.join(absents) if absents else ''}"
        statut: StatutConstat = "a_verifier"
        if du:
            statut = "respecte" if dessine else "non_respecte"
        suite = "ascenseur dû, aucun dessiné" if du and not dessine else ""
        if (
            suite
            and situation.cinquieme
            and not situation.neuf
            and personnes is not None
            and personnes < seuils["contrainte_de_structure"]
        ):
            plafond = formater_nombre(seuils["contrainte_de_structure"])
            suite += f" ; {plafond} personnes en 5e catégorie si la structure l'empêche, à demander"
        yield Constat(
            "ascenseur", f"Ascenseur, niveau {niveau}", statut, valeur, exigee, source, _A_DEMANDER, suite=suite
        )


def _demi_niveaux(plan: PlanTrace, regles: ReglesDuJour) -> Iterator[Constat]:
    """Rooms so far above or below the entrance that they count as a storey."""
    ecart, source = regles.nombre("niveau_decale_m"), regles.source("niveau_decale_m")
    for piece in plan.de_nature("piece", 0):
        sol = piece.element.sol_m
        if sol is not None and abs(sol) >= ecart - EPS and piece.element.fonction in lire_usages().public:
            valeur = f"sol à {metres(sol)} de l'entrée : compte comme un étage"
            yield Constat(
                "demi_niveau", piece.nom, "concerne", valeur, metres(ecart), source, suite="règle de l'ascenseur"
            )
