"""Tables of a site: places and what limits them, equipment due, steps, rooms, constraints."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from pope_foncier.baremes.catalogue import Catalogue
from pope_foncier.lieu.carreau import Densite
from pope_foncier.lieu.constats import CONSTAT_EN_CLAIR, Constat
from pope_foncier.lieu.locaux import LECTURES, ProgrammeLocaux, lire_fonctions
from pope_foncier.lieu.mesures import MesuresPlan, surfaces_dessinees
from pope_foncier.lieu.plan import PlanTrace
from pope_foncier.modele.modes import mode_accueil
from pope_foncier.places.capacite_site import CapaciteSite, LigneCapacite, categorie_en_clair, marches
from pope_foncier.places.controles_locaux import LECTURE_EN_CLAIR
from pope_foncier.places.programme_type import lire_programme_type, surface_de_sommeil
from pope_foncier.places.selon_la_pmi import lues_sur_le_site
from pope_foncier.socle.nombres import formater_nombre
from pope_foncier.socle.temps import date_en_clair
from pope_foncier.vues.formes import cases
from pope_foncier.vues.formes.cases import Case, Cellule, Rang
from pope_foncier.vues.formes.table import Table


def table_places(reponse: CapaciteSite) -> Table:
    """Places by way of counting, with the limit; low to high when the area has a range."""
    mode = mode_accueil(reponse.regles.mode)
    lignes: list[Rang] = [(x.regime, x.lecture or "—", plage(x), x.phrase) for x in reponse.lignes]
    note = [
        f"Surface : {_trois(reponse.surfaces.plancher_m2, 'm²')} ({reponse.surfaces.origine}) ; cour : "
        f"{_trois(reponse.surfaces.cour_m2, 'm²')}.",
        f"Densité : {reponse.densite.mention}.",
        *reponse.a_verifier,
        _selon_la_pmi(reponse),
        *(f"{x}." for x in lignes_des_pieces_ecartees(reponse)),
        a_savoir(reponse),
    ]
    return Table(
        f"Places : {mode.libelle}, dossier déposé le {date_en_clair(reponse.regles.jour)}",
        ("Façon de compter", "Lecture", "Places", "Ce qui limite, et ce qui vient derrière"),
        tuple(lignes),
        note=" ".join(x for x in note if x),
        texte=True,
        cles=2,
    )


def _selon_la_pmi(reponse: CapaciteSite) -> str:
    """Places by the answer of the PMI; nothing when it changes nothing."""
    lues = lues_sur_le_site(reponse)
    return f"{lues.phrase[:1].upper()}{lues.phrase[1:]}." if lues else ""


def table_densites(reponses: Mapping[str, CapaciteSite], densite: Densite) -> Table:
    """Places of one place under each reading of the density of its square."""
    lignes: list[Rang] = [
        (lecture, ligne.regime, plage(ligne), ligne.phrase)
        for lecture, reponse in reponses.items()
        for ligne in reponse.lignes
    ]
    habitants = densite.habitants_km2
    combien = "un nombre inconnu d'" if math.isnan(habitants) else f"{formater_nombre(habitants)} "
    note = (
        f"Le carreau compte {combien}habitants, près du seuil : à l'erreur de la grille près, l'une ou l'autre règle s'applique. "
        "À lire avec le service de la PMI au dépôt du dossier."
    )
    entetes = ("Lecture du carreau", "Façon de compter", "Places", "Ce qui limite, et ce qui vient derrière")
    return Table(
        "Le même lieu sous les deux lectures de la densité", entetes, tuple(lignes), note=note, texte=True, cles=2
    )


def a_savoir(reponse: CapaciteSite) -> str:
    """What a user must know of the mode: beds assumed, children under three, assistants, categories, then its note."""
    mode, catalogue, jour = mode_accueil(reponse.regles.mode), Catalogue(), reponse.regles.jour
    phrases = []
    if any(c.code == "sommeil" for x in reponse.lignes for c in x.solution.contraintes):
        par_place = lire_programme_type().lits_par_place
        lits = "Un lit" if par_place == 1 else f"{formater_nombre(par_place, 2, 0)} lit"
        phrases.append(f"{lits} par place : hypothèse.")
    if mode.moins_3_ans is not None:
        nombre = formater_nombre(mode.moins_3_ans.lire(catalogue, jour))
        phrases.append(f"Dont {nombre} enfants de moins de trois ans au plus.")
    if mode.assistants is not None:
        nombre = formater_nombre(mode.assistants.lire(catalogue, jour))
        phrases.append(f"{nombre} assistants présents à la fois au plus.")
    if mode.categories is not None:
        phrases.append(f"Catégories : {mode.categories.en_clair(catalogue, jour)}.")
    return " ".join([*phrases, mode.precision])


def plage(ligne: LigneCapacite) -> Case:
    """Places for the central area, with the range when the area has one."""
    bas, central, haut = ligne.solution.places
    if math.isnan(central):
        return cases.nombre(central)
    if ligne.solution.limite[1] < 0:
        return cases.nombre(math.inf).dite("sans limite")
    places = cases.nombre(central, unite="places")
    return places if bas == haut else places.dite(f"{places} ({formater_nombre(bas)} à {formater_nombre(haut)})")


def table_equipement(reponse: CapaciteSite, places: int) -> Table:
    """What a number of places asks for, whatever the site."""
    r, n = reponse.regles, np.array(float(places))
    chambres = lire_programme_type().chambres(places)
    qualifie = "un adulte présent est diplômé" if places > r.places_sans_diplome else "non exigé par la taille"
    lignes: list[Rang] = [
        ("Catégorie", categorie_en_clair(r, places)),
        ("Unités d'accueil", _entier(r.unites(n))),
        ("Adultes auprès des enfants, tous présents", _entier(r.adultes(n))),
        ("Adulte diplômé présent", qualifie),
        ("Effectif maximal d'un instant (115 %)", f"{_entier(r.effectif_maximal(n))} enfants, sans m² de plus"),
        ("Tables de change", _entier(r.tables_change(n))),
        ("Cuvettes, si tous marchent", _entier(r.toilettes(n))),
        (
            f"Sommeil, {chambres} chambres (hypothèse)",
            f"{formater_nombre(surface_de_sommeil(r, places), 1)} m² au moins",
        ),
    ]
    return Table(f"Ce que demandent {places} places", ("Point", "Dû"), tuple(lignes), texte=True)


def table_marches(reponse: CapaciteSite, maximum: int = 66) -> Table:
    """Steps places ↔ m², around each change of category."""
    r = reponse.regles
    dense = bool(reponse.densite.dense)
    cour = float(np.nan_to_num(reponse.surfaces.cour_dense_m2[1]))
    seuils = {int(s) for s in r.seuils}
    choisis = sorted({1, 6, 12, 13, 18, 24, 25, 32, 39, 40, 50, 59, 60, 66} & set(range(1, maximum + 1)) | seuils)
    lignes: list[Rang] = []
    for places, enfants, dehors, plancher in marches(r, dense, cour, maximum):
        if places in choisis:
            lignes.append(
                (
                    cases.nombre(places),
                    categorie_en_clair(r, places),
                    cases.nombre(enfants, 1),
                    cases.nombre(dehors, 0),
                    cases.nombre(plancher, 0),
                )
            )
    inconnue = math.isnan(reponse.surfaces.cour_dense_m2[1])
    dehors_en_clair = (
        "Cour inconnue : aucune n'est comptée." if inconnue else f"Cour comptée : {formater_nombre(cour, 1, 0)} m²."
    )
    if dense:
        dehors_en_clair += " La compensation de la catégorie est comprise dans la surface d'enfants."
    remplacables = r.seuils[r.alternative[:4] > 0]
    if not dense and remplacables.size:
        dehors_en_clair += (
            f" Cour due : jusqu'à {formater_nombre(remplacables.max())} places, un espace à distance admis la remplace."
        )
    zone = "très dense" if dense else "ordinaire" if reponse.densite.dense is False else "ordinaire (densité inconnue)"
    return Table(
        f"Marches places ↔ m², zone {zone}",
        ("Places", "Catégorie", "Surface d'enfants due", "Cour due", "Surface de plancher, confort"),
        tuple(lignes),
        note=f"En m². {dehors_en_clair} Confort : programme paramétrique, estimation.",
    )


def table_programme(programme: ProgrammeLocaux) -> Table:
    """Rooms of a programme, with their mark."""
    fonctions = lire_fonctions()
    lignes: list[Rang] = [
        (
            x.nom,
            fonctions[x.fonction].libelle,
            cases.nombre(x.surface_m2, 1),
            cases.nombre(x.nombre),
            cases.nombre(x.total_m2, 1),
        )
        for x in programme.locaux
    ]
    lignes.append(("Surface utile", "", "", "", cases.nombre(programme.utile_m2, 1)))
    modele = lire_programme_type()
    k, (bas, haut) = modele.coefficient_sdo_su, modele.plancher_m2(programme.utile_m2)
    note = (
        f"{(programme.base or (programme.source.titre if programme.source else '')).capitalize()}. "
        f"Surface de plancher, à {formater_nombre(k.bas, 2)} – {formater_nombre(k.haut, 2)} : "
        f"{formater_nombre(bas)} à {formater_nombre(haut)} m²."
    )
    entetes = ("Local", "Fonction", "m² chacun", "Nombre", "m²")
    return Table(programme.titre, entetes, tuple(lignes), note=note, totaux=(len(lignes) - 1,))


def table_locaux(reponse: CapaciteSite) -> Table:
    """Rooms: area, and where each counts; of a drawing, the narrowest passage and the façade that can take daylight too."""
    fonctions, dessin = lire_fonctions(), reponse.programme is None
    ecartes = dict(reponse.comptees.ecartes) if reponse.comptees is not None else {}
    lignes: list[Rang] = []
    for x in reponse.locaux:
        f = fonctions[x.fonction]
        compte = "ne compte pas" if not f.enfants else f"dès la lecture {LECTURE_EN_CLAIR[f.compte]}"
        if x in ecartes:
            compte = f"ne compte pas : {ecartes[x]}"
        mesures = (
            "—" if x.largeur_m is None else cases.nombre(x.largeur_m, 2, unite="m"),
            "—" if x.jour_m is None else cases.nombre(x.jour_m, 1, unite="m"),
        )
        nom = x.nom if x.nombre == 1 else f"{x.nom} (× {x.nombre})"
        lignes.append((nom, f.libelle, cases.nombre(x.surface_m2, 1), *(mesures if dessin else ()), compte))
    note, utile, ratio = "", reponse.utile_m2, reponse.plancher_sur_utile
    if utile:
        du = "dessinée" if dessin else "du programme"
        note = f"Surface utile {du} : {formater_nombre(utile, 1)} m² ; surface de plancher sur surface utile : {formater_nombre(ratio, 2)}."
    mesurees = ("Passage le plus étroit (m)", "Façade (m)") if dessin else ()
    entetes = ("Local", "Fonction", "m²", *mesurees, "Surface d'enfants")
    titre = "Locaux dessinés, mesurés" if reponse.programme is None else f"Locaux de « {reponse.programme.titre} »"
    return Table(titre, entetes, tuple(lignes), note=note, texte=True)


def table_mesures(plan: PlanTrace, mesures: MesuresPlan) -> Table:
    """Measures of a plan."""
    lignes: list[Rang] = [
        ("Parcelle", _mesure(mesures.parcelle_m2, "m²")),
        ("Emprise du bâtiment", _mesure(mesures.emprise_m2, "m²")),
        ("Longueur × largeur, le long du bâtiment", _dimensions(mesures)),
        ("Périmètre", _mesure(mesures.perimetre_m, "m")),
        ("Compacité (1 pour un disque, 0,79 pour un carré)", _mesure(mesures.compacite, "")),
        ("Cour", _cour(plan, mesures.cour_m2)),
        ("Cour comptée en zone très dense", _cour(plan, mesures.cour_comptee_dense_m2)),
        ("Distance au quai ou à la voie", _mesure(mesures.au_rail_m, "m")),
        ("Parcs à portée", ", ".join(f"{n} à {formater_nombre(d)} m" for n, d in mesures.parcs) or "aucun dessiné"),
    ]
    suppose = "Plan supposé : mesures d'un tracé, non d'un bâtiment relevé." if plan.fiche.statut == "hypothese" else ""
    note = " ".join(x for x in (suppose, *plan.remarques) if x)
    return Table(f"Mesures : {plan.fiche.titre}", ("Mesure", "Valeur"), tuple(lignes), note=note, texte=True)


def _dimensions(mesures: MesuresPlan) -> str:
    """Length and width of each building."""
    return (
        " ; ".join(f"{formater_nombre(a, 2)} × {formater_nombre(b, 2)}\u00a0m" for a, b in mesures.dimensions_m) or "—"
    )


def _cour(plan: PlanTrace, valeur: float) -> Cellule:
    return _mesure(valeur, "m²") if plan.formes("cour") else "aucune" if plan.fiche.sans_cour else "non dessinée"


def _mesure(valeur: float, unite: str) -> Case:
    mesure = cases.nombre(valeur, 2, 0, unite)
    if not math.isfinite(valeur):
        return cases.sans_valeur("non dessiné")
    return mesure.unitee() if unite else mesure


def table_constats(titre: str, constats: Sequence[Constat]) -> Table:
    """Findings with status, evidence against threshold, what follows or whom to ask, and source."""
    lignes: list[Rang] = []
    for c in constats:
        suite = f"à demander : {c.a_demander_a}" if c.statut == "a_verifier" and c.a_demander_a else c.suite
        if c.statut in ("respecte", "sans_objet"):
            suite = ""
        sait = " ; ".join(x for x in (c.valeur, f"{c.repere} : {c.seuil}" if c.seuil else "") if x)
        lignes.append((c.sujet, CONSTAT_EN_CLAIR[c.statut], sait or "—", suite or "—", c.source or "—"))
    entetes = ("Point", "Statut", "Ce que l'on sait", "Suite, ou à qui demander", "Source")
    return Table(titre, entetes, tuple(lignes), texte=True)


def tables_du_plan(par_sujet: Mapping[str, Sequence[Constat]], ouverts: bool = False) -> list[Table]:
    """Findings on the doors, windows, stairs and rooms drawn, one table a subject.

    Args:
        ouverts: leave out what is met or has no object.
    """
    tables = []
    for sujet, constats in par_sujet.items():
        gardes = [c for c in constats if not ouverts or c.statut not in ("respecte", "sans_objet")]
        if gardes:
            titre = f"Règles lues sur le plan : {_sans_majuscule(sujet)}"
            tables.append(table_constats(f"{titre}, ce qui reste ouvert" if ouverts else titre, gardes))
    return tables


def lignes_de_surfaces(reponse: CapaciteSite) -> tuple[str, ...]:
    """Areas and places in a few lines, for a drawing."""
    lignes = [f"Surface de plancher : {_trois(reponse.surfaces.plancher_m2, 'm²')}"]
    if reponse.comptees is not None:
        lignes.append(f"Surface utile dessinée : {formater_nombre(reponse.comptees.utile, 1)} m²")
        detail = " ; ".join(
            f"{LECTURE_EN_CLAIR[x]} {formater_nombre(reponse.comptees.comptees[x], 1)} m²" for x in LECTURES
        )
        lignes.append(f"Surface d'enfants : {detail}")
    lignes += lignes_des_pieces_ecartees(reponse)
    lignes.append(f"Cour : {_trois(reponse.surfaces.cour_m2, 'm²')}")
    usuelle = reponse.usuelle or reponse.lignes[0]
    lignes.append(f"{usuelle.regime} ({usuelle.lecture}) : {usuelle.phrase}")
    if reponse.confort is not None:
        lignes.append(f"Confort : {reponse.confort.phrase}")
    return tuple(lignes)


def lignes_sans_site(plan: PlanTrace, niveau: int) -> tuple[str, ...]:
    """Areas of a storey whose plan names no site, for a drawing; the places stay unknown."""
    noms = {"parcelle": "Parcelle", "batiment": "Bâtiment", "piece": "Pièces", "cour": "Cour"}
    lignes = [
        f"{noms[nature]} : {formater_nombre(surface, 1)} m²" + (f" ({nombre})" if nombre > 1 else "")
        for nature, nombre, surface in surfaces_dessinees(plan, niveau)
    ]
    return (*lignes, "Places, contrôles et contraintes : inconnus, le plan ne nomme aucun site")


def lignes_des_pieces_ecartees(reponse: CapaciteSite) -> list[str]:
    """Rooms of children drawn that do not count, with the check that each fails."""
    ecartes = reponse.comptees.ecartes if reponse.comptees is not None else ()
    return [f"Pièces non comptées : {', '.join(f'{x.nom} ({dit})' for x, dit in ecartes)}"] if ecartes else []


def lignes_de_controles(constats: Sequence[Constat]) -> tuple[str, ...]:
    """Checks that fail or are to watch, for a drawing, then how many stay open: a short list is no clean bill."""
    dits = [
        f"{c.sujet} : {CONSTAT_EN_CLAIR[c.statut]}, {c.valeur}" + (f" (seuil {c.seuil})" if c.seuil else "")
        for c in constats
        if c.statut in ("non_respecte", "a_surveiller")
    ]
    if ouverts := len([c for c in constats if c.statut == "a_verifier"]):
        dits.append(f"À vérifier : {ouverts} point{'s' if ouverts > 1 else ''}, au tableau du lieu")
    return tuple(dits)


def lignes_de_contraintes(constats: Sequence[Constat]) -> tuple[str, ...]:
    """Constraints to show on a drawing: what applies or fails, then what stays to verify, in one line."""
    dits = [
        f"{c.sujet} : {CONSTAT_EN_CLAIR[c.statut]} ; {c.valeur}"
        for c in constats
        if c.statut in ("concerne", "non_respecte", "a_surveiller")
    ]
    ouverts = [_sans_majuscule(c.sujet.partition(" :")[0]) for c in constats if c.statut == "a_verifier"]
    if ouverts:
        dits.append(f"À vérifier : {', '.join(dict.fromkeys(ouverts))}")
    return tuple(dits)


def _sans_majuscule(texte: str) -> str:
    """Text inside a sentence; an acronym keeps its capitals."""
    return texte if texte[:2].isupper() else texte[:1].lower() + texte[1:]


def _entier(valeur: np.ndarray) -> Case:
    return cases.nombre(float(valeur))


def _trois(valeurs: np.ndarray, unite: str) -> str:
    bas, central, haut = valeurs
    if math.isnan(central):
        return "inconnue"
    texte = f"{formater_nombre(central, 1, 0)}\u00a0{unite}"
    return texte if bas == haut else f"{texte} ({formater_nombre(bas, 1, 0)} à {formater_nombre(haut, 1, 0)})"
