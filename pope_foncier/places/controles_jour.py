"""Checks of daylight, air and views: windows of each room, opening lights, sills, depth of the light, sleep seen from play."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pope_foncier.lieu.constats import Constat, StatutConstat
from pope_foncier.lieu.covisibilite import part_vue
from pope_foncier.lieu.locaux import lire_fonctions
from pope_foncier.lieu.reseau import DEHORS, Baie, Reseau, longueur_devant_m
from pope_foncier.places.acces_du_public import EPS, au_niveau, metres
from pope_foncier.places.usages_du_plan import lire_usages
from pope_foncier.socle.nombres import formater_nombre

_A_DEMANDER = "l'architecte, puis la PMI"


def controler_jour(reseaux: Sequence[Reseau]) -> list[Constat]:
    """Check the windows of the rooms of children, storey by storey."""
    constats: list[Constat] = []
    fonctions = lire_fonctions()
    for reseau in reseaux:
        enfants = [r for r in range(len(reseau.pieces)) if fonctions[reseau.fonction(r)].compte == "strict"]
        if enfants and not reseau.fenetres:
            sujet = f"Fenêtres{au_niveau(reseau.niveau)}"
            constats.append(Constat("fenetre", sujet, "a_verifier", "fenêtres non dessinées", a_demander_a=_A_DEMANDER))
        elif enfants:
            constats += [_jour(reseau, r) for r in enfants]
            constats += [*_ouvrants(reseau, enfants), *_alleges(reseau, enfants), *_profondeurs(reseau, enfants)]
            constats += _travail(reseau)
        constats += _vues(reseau)
    return constats


def _directes(reseau: Reseau, rang: int) -> list[Baie]:
    return [f for f in reseau.fenetres_de(rang) if DEHORS in f.cotes]


def _jour(reseau: Reseau, rang: int) -> Constat:
    """Light of a room: from the open air where the law wants it direct, at second hand elsewhere."""
    fonction, nom = lire_fonctions()[reseau.fonction(rang)], reseau.nom(rang)
    directes, toutes = _directes(reseau, rang), reseau.fenetres_de(rang)
    sujet = f"{nom} : fenêtres"
    source = lire_usages().source_du_jour if fonction.jour == "exige" else lire_usages().source_de_l_air
    exigee = "une fenêtre sur l'extérieur" if fonction.jour == "exige" else "une fenêtre, second jour admis, ou une VMC"
    vues = f"{len(directes)} sur l'extérieur, {len(toutes) - len(directes)} en second jour"
    if not toutes:
        return Constat("fenetre", sujet, "a_verifier", "aucune dessinée sur cette pièce", exigee, source, _A_DEMANDER)
    tient = bool(directes) or fonction.jour != "exige"
    return Constat("fenetre", sujet, "respecte" if tient else "non_respecte", vues, exigee, source, _A_DEMANDER)


def _ouvrants(reseau: Reseau, enfants: list[int]) -> Iterator[Constat]:
    """Opening light of each room that has windows to the open air: wanted « de préférence »."""
    fixes: list[str] = []
    muettes: list[str] = []
    for rang in enfants:
        lus = [f.trace.element.ouvrante for f in _directes(reseau, rang)]
        if lus and not any(lus):
            (muettes if None in lus else fixes).append(reseau.nom(rang))
    sujet, source = f"Fenêtres qui s'ouvrent{au_niveau(reseau.niveau)}", lire_usages().source_de_l_air
    if fixes:
        valeur = f"vitrage fixe seulement : {', '.join(fixes)}"
        yield Constat("ouvrant", sujet, "a_surveiller", valeur, "une par pièce, de préférence", source)
    if muettes:
        valeur = f"ouvrante ou fixe, à dire : {', '.join(muettes)}"
        yield Constat("ouvrant", sujet, "a_verifier", valeur, "une par pièce, de préférence", source, _A_DEMANDER)


def _alleges(reseau: Reseau, enfants: list[int]) -> Iterator[Constat]:
    """Sill of the windows that open, within reach of children: a habit, its article was not read."""
    mini = lire_usages().allege_min_m
    basses: list[str] = []
    muettes: list[str] = []
    for fenetre in dict.fromkeys(f for r in enfants for f in _directes(reseau, r)):
        element = fenetre.trace.element
        if not element.ouvrante:
            continue
        dite = f"{fenetre.nom} ({reseau.nom(max(fenetre.cotes))})"
        if element.allege_m is None:
            muettes.append(dite)
        elif element.allege_m < mini - EPS:
            basses.append(f"{dite} {metres(element.allege_m)}")
    sujet, source = f"Allège des fenêtres qui s'ouvrent{au_niveau(reseau.niveau)}", lire_usages().source_des_alleges
    seuil, suite = f"{metres(mini)}, ou entrebâilleur", "limiter l'ouverture, ou poser un garde-corps"
    if basses:
        yield Constat("allege", sujet, "a_surveiller", ", ".join(basses), seuil, source, repere="habitude", suite=suite)
    if muettes:
        valeur = f"hauteur non donnée : {', '.join(muettes)}"
        yield Constat("allege", sujet, "a_verifier", valeur, seuil, source, _A_DEMANDER, "habitude")


def _profondeurs(reseau: Reseau, enfants: list[int]) -> Iterator[Constat]:
    """Depth of the rooms that need daylight against the height of their windows: a habit of design."""
    prudente, large = lire_usages().profondeur_en_linteaux
    for rang in enfants:
        if lire_fonctions()[reseau.fonction(rang)].jour != "exige":
            continue
        lues = [
            (longueur_devant_m(reseau, f, rang), f.trace.element.linteau_m)
            for f in _directes(reseau, rang)
            if f.trace.element.linteau_m is not None
        ]
        if not lues:
            continue
        profondeur, linteau = max(lues, key=lambda x: large * (x[1] or 0.0) - x[0])
        eclaire = large * (linteau or 0.0)
        statut: StatutConstat = "respecte" if profondeur <= eclaire + EPS else "a_surveiller"
        valeur = f"{metres(profondeur)} devant la fenêtre"
        seuil = f"{metres(prudente * (linteau or 0.0))} à {metres(eclaire)}, selon la hauteur du linteau"
        sujet = f"{reseau.nom(rang)} : profondeur éclairée"
        yield Constat("profondeur", sujet, statut, valeur, seuil, lire_usages().base, repere="habitude")


def _travail(reseau: Reseau) -> Iterator[Constat]:
    """Rooms where the staff works without a window to the open air."""
    usages = lire_usages()
    sans = [
        reseau.nom(r)
        for r in range(len(reseau.pieces))
        if reseau.fonction(r) in usages.travail and not _directes(reseau, r)
    ]
    if sans:
        sujet, seuil = f"Locaux de travail{au_niveau(reseau.niveau)} : lumière et vue", "une fenêtre sur l'extérieur"
        valeur = f"sans fenêtre dessinée : {', '.join(sans)}"
        yield Constat("travail", sujet, "a_verifier", valeur, seuil, usages.source_du_travail, "l'architecte")


def _vues(reseau: Reseau) -> Iterator[Constat]:
    """Share of each sleeping room in sight from the play rooms: a measure, and the glazing that the law wants."""
    jeux = [r for r in range(len(reseau.pieces)) if reseau.fonction(r) in lire_usages().jeux]
    for rang in range(len(reseau.pieces)):
        if reseau.fonction(rang) != "sommeil" or not jeux:
            continue
        sujet, seuil = f"{reseau.nom(rang)} : vue depuis la salle de jeux", "une baie vitrée, si aucun adulte n'y reste"
        source = lire_usages().source_du_sommeil
        entre = {j: [f for f in reseau.fenetres_de(rang) if j in f.cotes] for j in jeux}
        portes = {j: [p for p in reseau.portes_de(rang) if j in p.cotes] for j in jeux}
        vitree = any(entre.values())
        baies = entre if vitree else portes
        lues = [
            (part_vue(reseau.libres[j], reseau.libres[rang], [b.trace.forme for b in lot]), j)
            for j, lot in baies.items()
            if lot
        ]
        if not lues:
            yield Constat(
                "vue", sujet, "a_verifier", "aucune ouverture dessinée entre les deux", seuil, source, _A_DEMANDER
            )
            continue
        part, jeu = max(lues)
        par = "par la baie vitrée" if vitree else "par la porte ouverte seule"
        valeur = f"{formater_nombre(100 * part)} % de la chambre vus en moyenne depuis {reseau.nom(jeu)}, {par}"
        yield Constat("vue", sujet, "respecte" if vitree else "a_verifier", valeur, seuil, source, _A_DEMANDER)
