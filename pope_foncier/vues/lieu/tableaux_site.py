"""Card of a site: facts with their source, and what is not published."""

from __future__ import annotations

import numpy as np

from pope_foncier.etude.resultats import Vue
from pope_foncier.lieu.site import EspaceADistance, Site
from pope_foncier.modele.declaration import declaration_de, lire_champ
from pope_foncier.modele.donnee import Donnee
from pope_foncier.socle.francais import de
from pope_foncier.socle.nombres import formater_nombre
from pope_foncier.vues.formes import cases
from pope_foncier.vues.formes.cases import Case, Rang
from pope_foncier.vues.formes.table import Table


def fiche_du_site(vue: Vue) -> Table:
    """Site card: facts with their source, and what is not published."""
    site = vue.ev.ctx.site
    lignes: list[Rang] = [
        ("Commune", f"{site.commune} ({site.code_insee})", ""),
        ("Usage actuel", site.usage_actuel, ""),
    ]
    if site.adresse:
        lignes.append(("Adresse", site.adresse, ""))
    if site.position is not None:
        p = site.position
        lignes.append(
            (
                "Position (WGS84)",
                f"{formater_nombre(p.latitude, 5)} ; {formater_nombre(p.longitude, 5)}",
                p.source.titre,
            )
        )
    if site.identifiant_gare:
        lignes.append(("Code UIC", site.identifiant_gare, ""))
    if site.carreau is not None:
        lecture = {True: "zone très dense", False: "zone ordinaire", None: "densité inconnue"}[vue.ev.capacite.dense]
        habitants = _donnee(site, "carreau.habitants")
        lignes.append(
            (
                f"Carreau Insee de 1 km ({site.carreau.millesime})",
                habitants.dite(f"{habitants} : {lecture}"),
                _source(site.carreau.habitants),
            )
        )
    if site.frequentation_jour is not None:
        nom = declaration_de(site, "frequentation_jour").libelle
        lignes.append((nom, _donnee(site, "frequentation_jour"), _source(site.frequentation_jour)))
    for nom, champ in (("Surface", "surface_m2"), ("Extérieur", "surface_exterieure_m2")):
        donnee = lire_champ(site, champ)
        publie = "" if donnee.est_hypothese else " publiée" if champ == "surface_m2" else " publié"
        lignes.append((f"{nom}{publie}", _donnee(site, champ), _source(donnee)))
    if site.hauteur_m is not None:
        lignes.append((declaration_de(site, "hauteur_m").libelle, _donnee(site, "hauteur_m"), _source(site.hauteur_m)))
    lignes += [(f"Espace à distance : {e.nom}", *_espace(e)) for e in site.espaces_a_distance]
    if site.sans_espace_a_distance:
        lignes.append(("Espace à distance", "aucun à la distance de la loi", ""))
    return Table(
        site.nom, ("Fait", "Valeur", "Source"), tuple(lignes), note=" ".join(site.remarques), texte=True, melee=True
    )


def _donnee(site: Site, champ: str) -> Case:
    """Value of a fact of the site in its unit."""
    valeur, unite = lire_champ(site, champ).valeur, declaration_de(site, champ).unite
    return cases.mesure(np.nan if valeur is None else float(valeur), unite).sinon("non publiée")


def _espace(espace: EspaceADistance) -> tuple[str, str]:
    """Outdoor space: whose it is, how far, the answer of the PMI; and where the distance comes from."""
    metres = espace.distance_m.valeur
    distance = "distance à mesurer" if metres is None else f"à {formater_nombre(metres)} m"
    avis = "" if espace.pmi is None else f" ; {espace.pmi.en_clair}"
    return f"{'privatif' if espace.genre == 'prive' else 'public'}, {distance}{avis}", _source(espace.distance_m)


def _source(donnee: Donnee[float] | Donnee[int]) -> str:
    if donnee.source is not None:
        return donnee.source.titre
    return f"à obtenir {de(donnee.a_obtenir_de or '')}" if donnee.valeur is None else "hypothèse"
