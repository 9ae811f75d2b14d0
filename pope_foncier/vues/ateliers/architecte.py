"""Application of the architect: site, places, plan, capacity curve, kind of works, cost and calendar."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import ipywidgets as w
import numpy as np

from pope_foncier.analyse.resultats import Vue
from pope_foncier.projet.cout_travaux import lire_couts
from pope_foncier.projet.donnee import Donnee
from pope_foncier.projet.etude import Etude
from pope_foncier.projet.modes import lire_modes
from pope_foncier.projet.places_du_mode import mode_de_l_etude
from pope_foncier.projet.plan import PlanTrace
from pope_foncier.projet.plan_lecture import lire_plan
from pope_foncier.socle.chemins import dossier_donnees
from pope_foncier.socle.erreurs import ErreurPope
from pope_foncier.socle.nombres import euros, formater
from pope_foncier.vues import tableaux, tableaux_site
from pope_foncier.vues.ateliers import champs, dessins, lecture, textes
from pope_foncier.vues.ateliers.commune import etude_de_l_atelier
from pope_foncier.vues.ateliers.modele import MOTIF, Modele, Plats, Reglages
from pope_foncier.vues.ateliers.panneau import Panneau, journal_de
from pope_foncier.vues.journal import Journal
from pope_foncier.vues.lieu import Lieu, composer_lieux
from pope_foncier.vues.tableaux import Table

_STATUTS = {"hypothese": "supposé", "releve": "relevé", "publie": "publié"}


def etudes_connues() -> dict[str, Path]:
    """Studies of the data folder, by the name of their site."""
    return {chemin.stem: chemin for chemin in sorted((dossier_donnees() / "etudes").glob("*.yaml"))}


class AtelierArchitecte:
    """Application of the architect."""

    nom = "architecte"

    def __init__(self, modele: Modele, journal: Journal) -> None:
        self.modele = modele
        etude = modele.dossier.etude
        self.lieu = Lieu.ouvrir(
            dossier_donnees() / "sites" / f"{etude.site}.yaml", "multi_accueil", etude.date_demande, neuf=False
        )
        self.genres = lire_couts().genres
        self.mode = champs.choix(
            "Mode d'accueil", [(m.libelle, nom) for nom, m in lire_modes().items()], "multi_accueil"
        )
        options = [("celui de l'étude", ""), *((g.libelle, nom) for nom, g in self.genres.items())]
        self.genre = champs.choix("Genre de travaux", options, "")
        self.mode.observe(lambda _: self._bouge(), "value")
        self.genre.observe(lambda _: self._choisir_genre(), "value")
        self.curseurs = {
            nom: champs.Curseur(levier, modele.depart(levier), self._bouge)
            for nom in modele.regles.architecte
            for levier in [modele.regles.levier(nom)]
            if modele.admet(levier)
        }
        self.avis, self.courbe, self.places, self.cout = w.HTML(), w.HTML(), w.HTML(), w.HTML()
        self.vue: Vue = modele.base
        self.marches = dessins.Marches()
        self.reste = champs.Apres(self._chiffrer)
        self._bouge()
        self._chiffrer()
        self.panneau = Panneau(modele, journal, self)
        leviers = [self.mode, self.genre, *(c.boite for c in self.curseurs.values()), self.avis]
        gauche = w.VBox([w.HTML("<h2>Leviers</h2>"), *leviers], layout=w.Layout(flex="1 1 330px"))
        droite = w.VBox(
            [self.courbe, self.places, self.cout, self._plans()], layout=w.Layout(flex="3 1 640px", min_width="0")
        )
        self.boite = champs.encadrer(
            champs.titre(
                f"Architecte : {modele.dossier.site.nom}", f"{etude.titre}. {modele.dossier.site.usage_actuel}."
            ),
            w.HBox([gauche, droite], layout=w.Layout(flex_flow="row wrap", grid_gap="18px")),
            self.panneau.boite,
        )

    def etude_affichee(self) -> Etude:
        """Study with the levers on the screen."""
        return self.modele.etude(Reglages.de_plat(self.reglages_affiches()))

    def reglages_affiches(self) -> Plats:
        """Levers moved, in plain form."""
        leviers = {
            nom: c.valeur
            for nom, c in self.curseurs.items()
            if c.valeur is not None and c.valeur != self.modele.depart(c.levier)
        }
        return Reglages(leviers=leviers).a_plat()

    def remettre(self, reglages: Plats) -> None:
        """Put levers back on the screen."""
        leviers = Reglages.de_plat(reglages).leviers
        for nom, curseur in self.curseurs.items():
            curseur.poser(leviers.get(nom, self.modele.depart(curseur.levier)))
        self._bouge()

    def _choisir_genre(self) -> None:
        """Middle of the range of a kind of works; « celui de l'étude » gives back the study's ratio."""
        levier = self.modele.regles.levier("cout")
        genre = self.genres.get(str(self.genre.value))
        valeur = self.modele.depart(levier) if genre is None else round((genre.bas + genre.haut) / 2)
        self.curseurs["cout"].poser(valeur)
        self._bouge()

    def _bouge(self) -> None:
        self.avis.value = ""
        lieu = replace(
            self.lieu, mode=str(self.mode.value), surface=self._supposee("surface"), cour=self._supposee("cour")
        )
        try:
            self._dessiner(lieu)
        except ErreurPope as erreur:
            self.avis.value = textes.message(str(erreur), bon=False)
        self.reste.demander()

    def _supposee(self, nom: str) -> Donnee[float] | None:
        """Area of a lever, as an assumption; None leaves the site or its plan speak."""
        valeur = self.curseurs[nom].valeur
        return None if valeur is None else Donnee[float](valeur=float(valeur), base=MOTIF)

    def _dessiner(self, lieu: Lieu) -> None:
        capacite = lieu.capacite
        if capacite.regles.referentiel:
            dessin = self.marches.montrer(capacite)
            montrees = [capacite.lignes[0], *([capacite.confort] if capacite.confort is not None else [])]
            texte = ". ".join(f"{x.regime} : {x.phrase}" for x in montrees)
            self.courbe.value = textes.image(dessin, f"Places selon la surface. {texte}.", lecture.source(self.vue))
        else:
            self.courbe.value = "<p>La règle des m² par place ne s'applique pas à ce mode d'accueil.</p>"
        self.places.value = textes.tables(tableaux_site.table_places(capacite))

    def _chiffrer(self) -> None:
        """Cost and calendar of the study with the levers on the screen."""
        try:
            self.vue = self.modele.voir(self.etude_affichee())
        except ErreurPope as erreur:
            self.avis.value = textes.message(str(erreur), bon=False)
            return
        genre = self.genres.get(str(self.genre.value))
        fourchette = (
            f"<p class=note>Genre choisi : {genre.libelle}, de {euros(genre.bas)} à {euros(genre.haut)} par m² HT (estimation) ; "
            "le curseur part du milieu.</p>"
            if genre
            else ""
        )
        mode = mode_de_l_etude(self.modele.dossier.etude.mode_accueil).libelle
        avis = f"<p class=note>Coût et calendrier : ceux de l'étude ({mode}) ; le mode choisi ici ne change que les places.</p>"
        self.cout.value = textes.tables(tableaux.cout(self.vue)) + fourchette + textes.tables(self._calendrier()) + avis

    def _calendrier(self) -> Table:
        """Start, works, opening, end of tenure."""
        cal, echelle = self.vue.ev.calendrier, self.vue.ev.ctx.echelle
        lignes: list[tuple[Any, ...]] = [("Départ des études", echelle.mois_en_clair(0), "0")]
        for nom, grandeur in (
            ("Début des travaux", cal.debut_travaux),
            ("Ouverture", cal.ouverture),
            ("Fin du titre d'occupation", cal.fin_titre),
        ):
            mois = self.vue.valeur(grandeur)
            connu = not np.isnan(mois) and mois < echelle.duree_mois
            lignes.append(
                (nom, echelle.mois_en_clair(int(mois)) if connu else "hors de l'étude", formater(mois, "mois"))
            )
        return Table("Calendrier", ("Étape", "Quand", "Mois après le départ"), tuple(lignes), texte=True)

    def _plans(self) -> w.Widget:
        """Plans of the place, drawn when chosen; their absence is said."""
        connus: dict[str, PlanTrace] = {}
        for chemin in sorted((dossier_donnees() / "plans").glob("*.yaml")):
            trace = lire_plan(chemin)
            if trace.fiche.site == self.modele.dossier.etude.site:
                connus[chemin.stem] = trace
        dessin = w.HTML("<p>Aucun plan de ce lieu n'est enregistré.</p>" if not connus else "")
        if not connus:
            return w.VBox([w.HTML("<h2>Plan</h2>"), dessin])
        options = [
            ("aucun", ""),
            *((f"{t.fiche.titre} ({_STATUTS[t.fiche.statut]})", nom) for nom, t in connus.items()),
        ]
        liste = champs.choix("Plan dessiné", options, "")

        def dessiner() -> None:
            trace = connus.get(str(liste.value))
            if trace is None:
                dessin.value = ""
                return
            svg = dessins.svg(composer_lieux([self.lieu.avec_plan(trace)], "A4", None))
            texte = f"Plan : {trace.fiche.titre}, {_STATUTS[trace.fiche.statut]}. Les surfaces des leviers n'en viennent pas."
            dessin.value = textes.image(svg, texte, "")

        liste.observe(lambda _: dessiner(), "value")
        return w.VBox([w.HTML("<h2>Plan</h2>"), liste, dessin])


def application(fichier: Path | str | None = None, journal: Journal | None = None) -> w.VBox:
    """Application of the architect, with a choice of the studies known, ready to show in JupyterLab or Voilà."""
    choisi = Path(fichier or etude_de_l_atelier())
    connues = {**etudes_connues(), choisi.stem: choisi}
    cadre = w.VBox([])
    liste = champs.choix("Site et étude", [(nom.replace("_", " "), nom) for nom in connues], choisi.stem)
    liste.observe(lambda _: ouvrir(), "value")

    def ouvrir() -> None:
        try:
            modele = Modele.ouvrir(connues[str(liste.value)])
            tenu = journal or journal_de(modele.dossier.nom)
            cadre.children = (AtelierArchitecte(modele, tenu).boite,)
        except ErreurPope as erreur:
            cadre.children = (w.HTML(textes.message(str(erreur), bon=False)),)

    ouvrir()
    return champs.encadrer(liste, cadre)
