"""Application of the architect: site, mode, kind of works, places, areas; plan, capacity curve, cost and calendar follow."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import ipywidgets as w

from pope_foncier.ateliers import champs, doute, pieces_du_site, textes
from pope_foncier.ateliers.edition_du_plan import EditionDuPlan
from pope_foncier.ateliers.esquisses_du_lieu import EsquissesDuLieu
from pope_foncier.ateliers.journal import Journal
from pope_foncier.ateliers.modele import Modele, Plats, Reglages
from pope_foncier.ateliers.mots import ESPACES
from pope_foncier.ateliers.nouveau_lieu import NouveauLieu
from pope_foncier.ateliers.ouverture import etudes_de_l_atelier, journal_de, ouvrir
from pope_foncier.ateliers.panneau import Panneau
from pope_foncier.ateliers.variantes_gardees import VariantesGardees
from pope_foncier.decision.autres_modes import lire_passages
from pope_foncier.etude.fiche import Etude
from pope_foncier.etude.resultats import Vue
from pope_foncier.lieu.plan import PlanTrace
from pope_foncier.socle.chemins import dossier_donnees
from pope_foncier.socle.erreurs import ErreurPope
from pope_foncier.socle.nombres import euros
from pope_foncier.socle.yaml_strict import charger_yaml
from pope_foncier.travaux.cout import lire_couts
from pope_foncier.vues.etude import tableaux
from pope_foncier.vues.etude.variantes import STATUTS, Variante
from pope_foncier.vues.formes import lectures
from pope_foncier.vues.formes.proteger import proteger
from pope_foncier.vues.lieu import tableaux as tableaux_site
from pope_foncier.vues.lieu.lieu_ouvert import Lieu
from pope_foncier.vues.places import locaux_du_scenario
from pope_foncier.vues.travaux import tableaux_cout

_SITE_SEUL = (
    "Ce lieu n'a pas d'étude : l'étude modèle le remplace. Tout y est supposé, sauf ce que dit la fiche du site ; la liste est "
    "sous « À confirmer », plus bas."
)
SCHEMA = ""
"""Value of the list of plans for the block diagram."""


def lieux_connus() -> dict[str, Path]:
    """What can be chosen: studies by their title, then the sites without a study; a file that cannot be read, by its name."""
    donnees, connus, etudies = dossier_donnees(), {}, set()
    for fichier in sorted((donnees / "etudes").glob("*.yaml")):
        lue = _sans_faute(fichier)
        etudies.add(str(lue.get("site")))
        titre = lue.get("titre", fichier.name)
        connus[f"{titre} (étude)" if f"{titre} (étude)" not in connus else f"{titre} (étude {fichier.stem})"] = fichier
    for fichier in sorted((donnees / "sites").glob("*.yaml")):
        if fichier.stem not in etudies:
            nom = _sans_faute(fichier).get("nom", fichier.name)
            connus[f"{nom} (sans étude : étude modèle, tout est supposé)"] = fichier
    return connus


def _sans_faute(fichier: Path) -> dict[str, Any]:
    """Content of a file, empty when it cannot be read: opening it says why."""
    try:
        return dict(charger_yaml(fichier, ("titre", "nom", "site"))[0])
    except ErreurPope:
        return {}


class AtelierArchitecte:
    """Application of the architect."""

    nom = "architecte"

    def __init__(self, modele: Modele, journal: Journal, gardees: VariantesGardees | None = None) -> None:
        self.modele = self.socle = modele
        etude = modele.dossier.etude
        self.lieu = locaux_du_scenario.lieu_de(modele.base)
        self.genres = lire_couts().genres
        self.mode = champs.choix(
            "Mode d'accueil", [(m.libelle, nom) for nom, m in lire_passages().items()], etude.mode_accueil
        )
        options = [("celui de l'étude", ""), *((g.libelle, nom) for nom, g in self.genres.items())]
        self.genre = champs.choix("Genre de travaux", options, "")
        self.plans = pieces_du_site.plans_connus(etude.site)
        self.fichiers: dict[str, Path] = {}
        options = [("schéma des surfaces, calculé", SCHEMA)]
        options += [(f"{t.fiche.titre} ({STATUTS[t.fiche.statut]})", nom) for nom, t in self.plans.items()]
        self.plan = champs.choix("Plan dessiné", options, SCHEMA)
        lues = [("ce que dit l'étude", ""), *((mots, nom) for nom, mots in ESPACES.items())]
        self.espace = champs.choix("Espace à distance", lues, "")
        self.espace.layout.display = "none" if modele.base.ev.capacite.dense else None
        self.curseurs = {
            nom: champs.Curseur(levier, modele.depart(levier), self._bouge)
            for nom in modele.regles.architecte
            for levier in [modele.regles.levier(nom)]
            if modele.admet(levier)
        }
        self._muet = False
        self._surfaces_d_avant = self._surfaces()
        self.mode.observe(lambda _: self._choisir(forces=("places",)), "value")
        self.genre.observe(lambda _: self._choisir(forces=("cout", "travaux")), "value")
        self.plan.observe(lambda _: self._choisir_plan(), "value")
        self.espace.observe(lambda _: None if self._muet else self._bouge(), "value")
        self.edition = EditionDuPlan(self._a_modifier, self._prendre_le_trace)
        self.esquisses = EsquissesDuLieu(
            self._a_esquisser, lambda t, f: self._prendre_le_trace(t, f, f"{t.fiche.titre}, prise")
        )
        self.avis, self.courbe, self.dessin, self.calendrier = w.HTML(), w.HTML(), w.HTML(), w.HTML()
        self.places, self.cout, self.suppose, self.doute = w.HTML(), w.HTML(), w.HTML(), w.HTML()
        self.carte = w.HTML()
        self.vue: Vue = modele.base
        self.gardees = gardees or VariantesGardees()
        self.gardees.suivre(self._variante)
        self.reste = champs.Apres(self._detailler)
        self.ensuite = champs.Apres(self._questionner, delai_s=1.0)
        self._bouge()
        self.reste.tout_de_suite()
        self.panneau = Panneau(modele, journal, self)
        leviers = [self.mode, self.genre, self.plan, self.espace, *(c.boite for c in self.curseurs.values()), self.avis]
        morceaux = [
            self.courbe,
            *self.gardees.boites,
            self.dessin,
            *self.edition.boites,
            *self.esquisses.boites,
            self.calendrier,
            self.cout,
            self.doute,
            self.places,
            self.carte,
            self.suppose,
        ]
        self.boite = champs.encadrer(
            champs.titre(
                f"Architecte : {modele.dossier.site.nom}", f"{etude.titre}. {modele.dossier.site.usage_actuel}."
            ),
            champs.deux_colonnes([w.HTML("<h2>Leviers</h2>"), *leviers], morceaux),
            self.panneau.boite,
        )

    def etude_affichee(self) -> Etude:
        """Study with the levers on the screen."""
        return self.modele.etude(self._reglages())

    def reglages_affiches(self) -> Plats:
        """Levers moved, in plain form."""
        return self._reglages().a_plat()

    def _reglages(self) -> Reglages:
        mode = str(self.mode.value)
        leviers = {
            nom: c.valeur
            for nom, c in self.curseurs.items()
            if c.valeur is not None and c.valeur != self.socle.depart(c.levier)
        }
        return Reglages(
            leviers=leviers,
            depart=self.modele.scenario_du_mode(mode),
            mode="" if mode == self.modele.dossier.etude.mode_accueil else mode,
            genre=str(self.genre.value),
            espace=str(self.espace.value),
        )

    def reprendre(self) -> None:
        """Nothing to take up: this application opens on the study."""

    def remettre(self, reglages: Plats) -> None:
        """Put levers back on the screen."""
        voulus = Reglages.de_plat(reglages)
        socle = self.modele.depuis(voulus.depart, voulus.mode, voulus.genre)
        self._muet = True
        try:
            self.mode.value = voulus.mode or self.modele.dossier.etude.mode_accueil
            self.genre.value, self.plan.value, self.espace.value = voulus.genre, SCHEMA, voulus.espace
        finally:
            self._muet = False
        self.socle = socle
        for nom, curseur in self.curseurs.items():
            curseur.poser(voulus.leviers.get(nom, socle.depart(curseur.levier)))
        self._bouge()

    def _choisir(self, forces: tuple[str, ...]) -> None:
        """Another mode or kind of works: the levers left alone take its values, and those that it sets."""
        if self._muet:
            return
        avant, choix = self.socle, self._reglages()
        try:
            self.socle = self.modele.depuis(choix.depart, choix.mode, choix.genre)
            departs = {nom: self.socle.depart(c.levier) for nom, c in self.curseurs.items()}
        except ErreurPope as erreur:
            self.socle = avant
            self.avis.value = textes.message(str(erreur), bon=False)
            return
        for nom, curseur in self.curseurs.items():
            if nom in forces or curseur.valeur == avant.depart(curseur.levier):
                curseur.poser(departs[nom])
        self._bouge()

    def _choisir_plan(self) -> None:
        """A plan sets the areas."""
        trace = self.plans.get(str(self.plan.value))
        if self._muet:
            return
        if trace is not None:
            surfaces = locaux_du_scenario.lieu_sur(self.vue, trace).capacite.surfaces
            for nom, valeur in (("surface", surfaces.plancher_m2[1]), ("cour", surfaces.cour_m2[1])):
                self.curseurs[nom].poser(None if math.isnan(valeur) else round(float(valeur)))
        self._bouge(garde_le_plan=True)

    def _bouge(self, garde_le_plan: bool = False) -> None:
        """Compute and draw the curve, because the eye waits for it; areas moved by hand leave the plan."""
        if self.plan.value != SCHEMA and not garde_le_plan and self._surfaces() != self._surfaces_d_avant:
            self._muet = True
            self.plan.value = SCHEMA
            self._muet = False
        self._surfaces_d_avant = self._surfaces()
        self.avis.value = ""
        try:
            self.vue = self.modele.voir(self.etude_affichee(), self._fichier_du_plan())
            self._situer()
            espace = textes.note(lectures.espace_a_distance(self.vue))
            self.courbe.value = pieces_du_site.courbe(self.vue, self.lieu) + espace
        except ErreurPope as erreur:
            self.avis.value = textes.message(str(erreur), bon=False)
            return
        self.reste.demander()

    def _surfaces(self) -> tuple[int | None, int | None]:
        return self.curseurs["surface"].valeur, self.curseurs["cour"].valeur

    def _situer(self) -> None:
        """Place as the levers set it: mode, works, and the plan chosen or the areas supposed."""
        self.lieu = locaux_du_scenario.lieu_sur(self.vue, self.plans.get(str(self.plan.value)))

    def _a_modifier(self) -> tuple[PlanTrace, Lieu] | str:
        """Plan chosen, or the block diagram, with its place; or why there is nothing to edit."""
        trace = self.plans.get(str(self.plan.value)) or pieces_du_site.trace_du_schema(self.vue, self.lieu)
        return trace if isinstance(trace, str) else (trace, locaux_du_scenario.lieu_sur(self.vue, trace))

    def _a_esquisser(self) -> tuple[Vue, Lieu]:
        """What is on the screen, on the plan chosen, else on the first one known of the place."""
        trace = self.plans.get(str(self.plan.value)) or next(iter(self.plans.values()), None)
        return self.vue, locaux_du_scenario.lieu_sur(self.vue, trace)

    def _prendre_le_trace(self, trace: PlanTrace, fichier: Path, nom_montre: str = "") -> None:
        """An edited plan, or a sketch, joins the list, and is chosen."""
        nom = fichier.stem
        self.plans[nom], self.fichiers[nom] = trace, fichier
        montre = nom_montre or f"{trace.fiche.titre}, modifié"
        self.plan.options = (*self.plan.options, (f"{montre} {len(self.fichiers)} (plan supposé)", nom))
        self.plan.value = nom

    def _fichier_du_plan(self) -> Path | None:
        nom = str(self.plan.value)
        return self.fichiers.get(nom, dossier_donnees() / "plans" / f"{nom}.yaml") if nom != SCHEMA else None

    def _variante(self) -> Variante:
        """Variant on the screen."""
        return Variante(self.nom, self.vue, self.plans.get(str(self.plan.value)))

    def _detailler(self) -> None:
        """Plan, calendar, tables: made when the hand rests."""
        try:
            self.dessin.value = f"<h2>Plan</h2>{self._plan()}"
        except ErreurPope as erreur:
            self.dessin.value = f"<h2>Plan</h2>{textes.message(str(erreur), bon=False)}"
        self.calendrier.value = f"<h2>Calendrier</h2>{pieces_du_site.calendrier(self.vue)}"
        sans = lectures.sans_place(self.vue)
        cout = textes.message(sans, bon=False) if sans else textes.tables(tableaux_cout.cout(self.vue))
        self.cout.value = cout + self._fourchette()
        places = textes.tables(tableaux_site.table_places(self.lieu.capacite))
        self.places.value = places + pieces_du_site.table_de_la_courbe(self.lieu)
        self.gardees.montrer()
        self.ensuite.demander()

    def _douter(self) -> None:
        """Range of the cost and of the opening: computed last, once nothing else waits."""
        self.doute.value = "" if self.vue.aucune_place else doute.de_l_architecte(self.modele, self.etude_affichee())

    def _questionner(self) -> None:
        """Ranges, which questions weigh most, then all that is to confirm: the last thing computed, once nothing else waits."""
        self._douter()
        if not self.carte.value:  # no lever moves it
            self.carte.value = f"<h2>Autour du lieu</h2>{pieces_du_site.carte(self.lieu)}"
        d_abord = textes.tables(tableaux.a_demander_d_abord(self.vue))
        doutes = (tableaux.tableau_a_confirmer(self.vue), tableaux.hypotheses_de_travail(self.vue))
        self.suppose.value = d_abord + "".join(textes.repli(t) for t in doutes)

    def _fourchette(self) -> str:
        genre = self.genres.get(str(self.genre.value))
        if genre is None:
            return ""
        return (
            f"<p class=note>Genre choisi : {proteger(genre.libelle)}, de {euros(genre.bas)} à {euros(genre.haut)} par m² HT (estimation) ; "
            f"durée des travaux : {proteger(genre.travaux_mois.base or '')}. Les curseurs du coût et de la durée en partent.</p>"
        )

    def _plan(self) -> str:
        """Plan chosen, or the block diagram of the places retained in the areas of the levers."""
        trace = self.plans.get(str(self.plan.value))
        if trace is None:
            return pieces_du_site.schema(self.vue, self.lieu)
        statut = STATUTS[trace.fiche.statut]
        phrase = f"Plan {statut} : {trace.fiche.titre}. Les surfaces des leviers en viennent."
        if ecartees := self.vue.ev.capacite.pieces_ecartees:
            phrase += f" Ne comptent pas : {ecartees}. Le journal note les surfaces de ce scénario, non ses pièces : ses places y seraient plus nombreuses."
        return pieces_du_site.plan(self.vue, trace, phrase)


def application(fichier: Path | str | None = None, journal: Journal | None = None) -> w.Widget:
    """Application of the architect, with a choice of the places known, ready to show in JupyterLab or Voilà; variants kept outlive the place."""
    champs.nommer_les_poignees()
    tenues = [f.resolve() for f in etudes_de_l_atelier()]
    choisi = Path(fichier).resolve() if fichier else tenues[0]
    connus = {nom: f.resolve() for nom, f in lieux_connus().items()}
    if choisi not in connus.values():
        connus[choisi.stem.replace("_", " ")] = choisi
    cadre, gardees = w.VBox([]), VariantesGardees()
    options: list[Any] = [(nom, str(f)) for nom, f in connus.items()]
    liste = champs.choix("Site et étude", options, str(choisi))

    def ouvrir_le_nouveau(etude: Path) -> None:
        nouveaux = [(nom, str(f.resolve())) for nom, f in lieux_connus().items()]
        liste.options = [*nouveaux, *(o for o in options if o[1] not in dict(nouveaux).values())]
        liste.value = str(etude.resolve())

    neuf = w.Accordion([NouveauLieu(ouvrir_le_nouveau).boite], selected_index=None)
    neuf.set_title(0, "Nouveau lieu")
    liste.observe(lambda _: montrer(), "value")

    ouvertes: list[AtelierArchitecte] = []

    def construire(modele: Modele, tenu: Journal) -> w.Widget:
        ouvertes.append(AtelierArchitecte(modele, tenu, gardees))
        return ouvertes[-1].boite

    def montrer() -> None:
        while ouvertes:
            ouvertes.pop().panneau.fermer()
        seul = Path(str(liste.value)).parent.name == "sites"
        ici = journal or (journal_de([f.stem for f in tenues]) if Path(str(liste.value)) in tenues else None)
        boite = ouvrir(str(liste.value), ici, construire)
        cadre.children = (w.HTML(textes.message(_SITE_SEUL, bon=False)), boite) if seul else (boite,)

    montrer()
    return champs.encadrer(liste, neuf, cadre)
