"""Card of a site: facts with their source, and what is not published."""

from __future__ import annotations

import numpy as np

from pope_foncier.etude.resultats import Vue
from pope_foncier.lieu.site import Site
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
    for nom, champ in (("Surface publiée", "surface_m2"), ("Extérieur publié", "surface_exterieure_m2")):
        lignes.append((nom, _donnee(site, champ), _source(lire_champ(site, champ))))
    return Table(
        site.nom, ("Fait", "Valeur", "Source"), tuple(lignes), note=" ".join(site.remarques), texte=True, melee=True
    )


def _donnee(site: Site, champ: str) -> Case:
    """Value of a fact of the site in its unit."""
    valeur, unite = lire_champ(site, champ).valeur, declaration_de(site, champ).unite
    return cases.mesure(np.nan if valeur is None else float(valeur), unite).sinon("non publiée")


def _source(donnee: Donnee[float] | Donnee[int]) -> str:
    if donnee.source is not None:
        return donnee.source.titre
    return f"à obtenir {de(donnee.a_obtenir_de or '')}" if donnee.valeur is None else "hypothèse"
