"""Table of the places: how many, in which category, what limits or what is missing, and the staff they ask for."""

from __future__ import annotations

import numpy as np

from pope_foncier.etude.resultats import Vue
from pope_foncier.etude.sans_place import AUCUNE_PLACE
from pope_foncier.modele.registre_des_lignes import libelle
from pope_foncier.places.capacite import manques_d_une_place
from pope_foncier.places.places_du_mode import mode_de_l_etude
from pope_foncier.places.regles_locaux import CATEGORIES_EN_CLAIR
from pope_foncier.socle.nombres import formater, formater_nombre
from pope_foncier.vues.formes import cases, lectures
from pope_foncier.vues.formes.cases import Rang
from pope_foncier.vues.formes.table import Table


def categorie_en_clair(vue: Vue) -> str:
    """Category that the places of a scenario fall in."""
    return CATEGORIES_EN_CLAIR[int(vue.valeur(vue.ev.capacite.categorie))]


def places(vue: Vue) -> Table:
    """Places that fit, what binds, and the staff they ask for."""
    cap = vue.ev.capacite
    n = vue.valeur(cap.places)
    lignes: list[Rang] = [(cap.places.nom, cases.grandeur(cap.places, vue.rang))]
    mode = mode_de_l_etude(vue.ev.ctx.etude.mode_accueil)
    if np.isnan(n):
        lignes.append(("Ce qui manque", " ; ".join(sorted(cap.places.manques))))
    if vue.aucune_place:
        lignes[0] = (cap.places.nom, f"{AUCUNE_PLACE} : {vue.aucune_place}")
    if not np.isnan(n) and n > 0:
        categorie = categorie_en_clair(vue)
        limite = ce_qui_limite(vue)
        if mode.referentiel:
            lignes += [
                ("Catégorie", categorie),
                ("Ce qui limite", limite),
                ("Surface de plancher requise", cases.grandeur(cap.surface_requise, vue.rang)),
            ]
        else:
            lignes += [("Mode d'accueil", mode.libelle), ("Ce qui limite", limite)]
    lecture = {
        True: "très dense : 5,5 m² par place et compensation",
        False: "ordinaire",
        None: "inconnue : zone ordinaire appliquée",
    }
    lignes.append(("Densité du carreau", lecture[cap.dense]))
    if dit := lectures.espace_a_distance(vue):
        lignes.append(("Espace extérieur", dit))
    if vue.ev.compte is not None and not vue.aucune_place:
        for code in ("terrain", "direction", "sante", "logistique", "total"):
            ligne = f"exploitation.etp.{code}"
            lignes.append((libelle(ligne), cases.mesure(vue.montant(ligne), "ETP").arrondie(2)))
    return Table("Places qui tiennent", ("Question", "Réponse"), tuple(lignes), texte=True, en_lignes="Question")


def ce_qui_limite(vue: Vue) -> str:
    """What forbids one more place than those retained; what is missing when nobody knows how many they are, or why there is none."""
    cap, mode = vue.ev.capacite, mode_de_l_etude(vue.ev.ctx.etude.mode_accueil)
    retenues, possibles = vue.valeur(cap.places), vue.valeur(cap.places_possibles)
    if vue.aucune_place:
        return vue.aucune_place
    if np.isnan(retenues):
        return f"inconnu : il manque {' ; '.join(sorted(cap.places.manques))}"
    if not mode.referentiel:
        return f"les places voulues. {mode.precision}"
    if retenues < possibles:
        return f"les places voulues ; le lieu en porterait {formater_nombre(possibles)}"
    return _limite(vue)


def _limite(vue: Vue) -> str:
    """What forbids one more place than the site carries: rooms drawn that do not count, the yard due, the floor area, or both."""
    dessinees = vue.ev.capacite.des_pieces
    if dessinees is not None and vue.valeur(dessinees) <= vue.valeur(vue.ev.capacite.places_possibles):
        return f"les pièces dessinées qui comptent ; ne comptent pas : {vue.ev.capacite.pieces_ecartees}"
    surface, cour = manques_d_une_place(vue.ev.ctx, vue.ev.capacite)
    besoins = [("la surface intérieure", vue.valeur(surface), "de plus")]
    if cour is not None:
        besoins.append(("l'espace extérieur", vue.valeur(cour), "de cour de plus"))
    return " et ".join(
        f"{quoi} ; une place de plus demande {formater(round(manque, 1), 'm²')} {suite}"
        for quoi, manque, suite in besoins
        if manque > 1e-9
    )
