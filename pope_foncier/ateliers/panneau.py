"""Panel of the journal: name card, session, propose, give points, remark, decide; every confirmed entry survives the kernel, the server, the machine.

The panel follows the journal by itself: what others write appears, what is on the levers or typed here stays.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import ipywidgets as w

from pope_foncier.ateliers import champs, tableau_du_journal, textes
from pope_foncier.ateliers.brouillon import Brouillon
from pope_foncier.ateliers.carte_du_visiteur import CarteDuVisiteur
from pope_foncier.ateliers.depot_de_scenarios import DepotDeScenarios
from pope_foncier.ateliers.etat import Atelier, ScenarioPropose
from pope_foncier.ateliers.journal import Journal
from pope_foncier.ateliers.journal_entrees import (
    POINTS_MAX,
    Contenu,
    Decision,
    Proposition,
    Remarque,
    Seance,
    Vote,
)
from pope_foncier.ateliers.modele import Modele, Plats
from pope_foncier.ateliers.propositions import nom_libre, proposition
from pope_foncier.ateliers.saisie import Annonces, Saisie, bloc, en_clair, texte
from pope_foncier.ateliers.salle.gestes import Champs, seance
from pope_foncier.ateliers.seance_en_cours import SeanceEnCours
from pope_foncier.ateliers.suivi import Suivi
from pope_foncier.ateliers.teintes import pastille
from pope_foncier.etude.fiche import Etude
from pope_foncier.socle.erreurs import ErreurPope
from pope_foncier.socle.fiches import valider
from pope_foncier.socle.lecture import lire_octets
from pope_foncier.vues.formes.gabarits import balises, morceau

_VUS = ("cout_place", "a_trouver")
"""Figures of the answer beside the scenario that a vote or a decision is about."""


class Application(Protocol):
    """What the panel asks of an application."""

    nom: str

    def etude_affichee(self) -> Etude:
        """Study of the scenario on the screen."""

    def reglages_affiches(self) -> Plats:
        """Its levers, in plain form."""

    def remettre(self, reglages: Plats) -> None:
        """Put levers back on the screen."""

    def reprendre(self) -> None:
        """Follow the journal; a lever that somebody moved and did not propose stays where it is."""


class Panneau:
    """Panel on a journal, for an application that shows a scenario.

    Attributes:
        etudes: titles of the studies of the workshop, by name: a session that opens names them all.
    """

    def __init__(self, modele: Modele, journal: Journal, application: Application) -> None:
        self.modele, self.journal, self.application = modele, journal, application
        self.etudes = {modele.dossier.nom: modele.dossier.etude.titre}
        self.atelier = Atelier.rejouer([])
        self.annonces = Annonces()
        self._suivi = Suivi(journal, self.suivre)
        self.carte = CarteDuVisiteur(self.annonces, self.noter)
        self.seance = SeanceEnCours(self.nouvelle_seance, self.annonces, self.noter)
        self.nom = texte("Titre du scénario affiché")
        self.choix = champs.choix("Scénario noté", [("—", "")], "")
        self.choix.observe(lambda _: self._situer(), "value")
        self.points = w.IntText(
            5,
            description=f"Points, de 0 à {POINTS_MAX}",
            continuous_update=False,
            style={"description_width": "initial"},
            layout=w.Layout(width="auto"),
        )
        self.remarque = bloc("Remarque", "Entrée l'envoie ; Maj et Entrée vont à la ligne")
        self.decision = texte("Décision de l'atelier")
        self.depot = DepotDeScenarios(self)
        self._vise, self.alerte, self.etat = w.HTML(), w.HTML(), w.HTML()
        self.reprise = champs.bouton("Mettre ce journal de côté et en commencer un autre", self.mettre_de_cote)
        self.reprise.layout.display = "none"
        self.boite = self._assembler()
        self.boite.add_class("pf-journal")
        self.relire()
        self._suivi.commencer()
        self.brouillon.suivre()

    def _assembler(self) -> w.Widget:
        self._propose = Saisie(self.annonces, "Proposer ce scénario", self.proposer, [self.nom])
        self._choisi = Saisie(self.annonces, "Afficher ce scénario", self.afficher, [self.choix], [self._vise])
        self._note = Saisie(self.annonces, "Donner ces points", self.voter, [self.points])
        self._remarque = Saisie(self.annonces, "Noter la remarque", self.noter_remarque, [self.remarque])
        self._decide = Saisie(self.annonces, "Noter la décision", self.decider, [self.decision])
        saisies = [self._propose, self._choisi, self._note, self._remarque, self._decide]
        boites = [self.carte.boite, *(s.boite for s in saisies), self.depot.boite]
        gauche = w.VBox(boites, layout=w.Layout(flex="1 1 480px", min_width="0", max_width="980px"))
        droite = w.VBox([self.seance.boite, self.etat], layout=w.Layout(flex="1 1 620px", min_width="0"))
        corps = w.HBox([gauche, droite], layout=w.Layout(flex_flow="row wrap", grid_gap="0 24px"))
        cle, libres = (
            f"{self.application.nom}:{self.modele.dossier.nom}",
            (self.qui, self.carte.sienne, self.nom, self.remarque, self.decision),
        )
        self.brouillon = Brouillon(
            cle,
            {x.description: x for x in libres},
            self.application.reglages_affiches,
            self.application.remettre,
            lambda texte, bon: self.annonces.dire(self.alerte, texte, bon),
        )
        style = lire_octets(Path(__file__).with_name("panneau.css")).decode()
        titre = w.HTML(f"<style>{style}</style><h2>Proposer, noter, décider</h2>")
        return w.VBox([titre, self.alerte, self.reprise, corps, self.brouillon.boite])

    @property
    def qui(self) -> w.Text:
        """Field of the name."""
        return self.carte.qui

    @property
    def avis(self) -> w.HTML:
        """Last message."""
        return self.annonces.avis

    @property
    def scenario(self) -> ScenarioPropose | None:
        """Scenario chosen, as it is on the screen."""
        return self.atelier.scenarios.get(self.choix.value)

    def proposer(self) -> None:
        """Record the scenario on the screen; the same title from the same person replaces its own proposal, no other one."""
        self.relire()
        titre = self.nom.value.strip()
        nom = nom_libre(self.atelier, self.modele.dossier.nom, titre, self.qui.value)

        def contenu() -> Proposition:
            affiche = self.application.etude_affichee(), nom, titre
            return proposition(self.modele, *affiche, self.application.nom, self.application.reglages_affiches())

        if self.noter(contenu, f"Scénario « {titre} » noté.", self._propose.dit, self.proposer):
            self.choix.value = nom

    def voter(self) -> None:
        """Record points, on the version that is on the screen."""
        fait = f"Points notés. {self.points.value} pour {self.atelier.titre(self.choix.value)}."
        self.noter(
            lambda: valider(Vote, self._sur() | {"points": self.points.value}, "Vote"), fait, self._note.dit, self.voter
        )

    def noter_remarque(self) -> None:
        """Record a remark."""
        brut = {"texte": self.remarque.value, "scenario": self.choix.value or None}
        if self.noter(
            lambda: valider(Remarque, brut, "Remarque"), "Remarque notée.", self._remarque.dit, self.noter_remarque
        ):
            self.remarque.value = ""

    def decider(self) -> None:
        """Record the decision, on the version that is on the screen."""
        brut = {"texte": self.decision.value, **self._sur()}
        sur = f" Elle porte sur {self.scenario.titre}." if self.scenario is not None else ""
        fait = f"Décision notée.{sur}"
        if self.noter(lambda: valider(Decision, brut, "Décision"), fait, self._decide.dit, self.decider):
            self.decision.value = ""

    def _sur(self) -> dict[str, str | int | None]:
        """Scenario chosen, and the version of it that is on the screen."""
        scenario = self.scenario
        return {"scenario": self.choix.value or None, "version": None if scenario is None else scenario.entree.rang}

    def afficher(self) -> None:
        """Put the chosen scenario back on the levers."""
        scenario = self.scenario
        if scenario is None:
            refus = "Choisir d'abord un scénario noté."
        elif not scenario.est_de(self.modele.dossier.nom):
            refus = f"Ce scénario est celui d'un autre lieu ({scenario.fiche.lieu}) : choisir d'abord ce lieu."
        elif scenario.fiche.reglages.get("application") != self.application.nom:
            refus = "Ce scénario vient d'un fichier ou d'une autre application : il n'a pas ces leviers."
        else:
            refus = self._rendre(scenario.fiche)
        fait = f"Scénario « {scenario.fiche.titre} » affiché." if scenario is not None else ""
        self.annonces.dire(self._choisi.dit, refus or fait, bon=not refus)

    def _rendre(self, fiche: Proposition) -> str:
        """Put a proposal back; why it cannot be, when its study no longer takes it."""
        try:
            self.application.remettre({c: v for c, v in fiche.reglages.items() if c != "application"})
        except (ErreurPope, ValueError, ArithmeticError, StopIteration, KeyError):
            return "Les leviers ont changé depuis : ce scénario ne peut plus être affiché."
        return ""

    def relire(self) -> None:
        """Read the journal again: what the other visitors wrote appears; what cannot be read is named."""
        self._suivi.prendre()
        try:
            lecture = self.journal.lire()
        except ErreurPope as erreur:
            self._alerter(str(erreur), abime=True)
            return
        self._alerter(lecture.en_clair(self.journal.nom), lecture.abime)
        self.atelier = Atelier.rejouer(lecture.entrees)
        self._offrir()
        self.carte.suivre(self.atelier)
        self.seance.suivre(self.atelier)
        self.etat.value = tableau_du_journal.en_html(self.atelier)

    def _offrir(self) -> None:
        """Scenarios to choose from; the one chosen stays, the first ones to come are offered."""
        plusieurs = self.atelier.a_plusieurs_lieux
        options = [("—", "")]
        options += [
            (f"{s.titre} ({s.fiche.lieu})" if plusieurs else s.titre, n) for n, s in self.atelier.scenarios.items()
        ]
        garde, premiere = self.choix.value, len(self.choix.options) == 1
        if tuple(self.choix.options) != tuple(options):
            self.choix.options = options
            if garde not in self.atelier.scenarios:
                garde = options[-1][1] if premiere else ""
            self.choix.value = garde
        self._situer()

    def _situer(self) -> None:
        """Say which scenario, and which version of it, the points and the decision are about."""
        scenario = self.scenario
        if scenario is None:
            self._vise.value = ""
            return
        dit = f"proposé par {self.atelier.qui(scenario.entree.qui).nom}"
        if len(scenario.versions) > 1:
            dit += f", version {len(scenario.versions)}"
        dit += "".join(f" ; {c.libelle} : {c.valeur}" for c in scenario.fiche.reponse if c.cle in _VUS)
        dits = balises(pastille(scenario.numero)), scenario.fiche.titre, dit
        self._vise.value = str(morceau("morceaux.html", "vise", *dits))

    def _alerter(self, texte: str, abime: bool) -> None:
        """Say what is wrong with the file; the button that sets it aside shows when it is damaged, and only then."""
        self.alerte.value = textes.message(texte, bon=False)
        self.reprise.layout.display = None if abime else "none"

    def mettre_de_cote(self) -> None:
        """Leave the damaged journal as it lies; go on in a new one, which holds its sound entries."""
        try:
            ancien, nouveau = self.journal.mettre_de_cote()
        except ErreurPope as erreur:
            self.annonces.dire(self.alerte, str(erreur), bon=False)
            return
        self.relire()
        self.annonces.dire(
            self.alerte, f"Journal « {ancien.name} » gardé tel quel ; « {nouveau.name} » prend la suite."
        )

    def suivre(self) -> None:
        """The journal changed: what others wrote appears here and in the application."""
        self.relire()
        self.application.reprendre()

    def fermer(self) -> None:
        """The page shows another application: this one follows the journal no more."""
        self._suivi.arreter()

    def noter(
        self, contenu: Callable[[], Contenu], fait: str, place: w.HTML, encore: Callable[[], object] | None = None
    ) -> bool:
        """Write an entry and say it at a place; ``encore`` is done again once the visitor says who they are."""
        try:
            self.carte.exiger(encore or (lambda: self.noter(contenu, fait, place)))
            self.ecrire(contenu())
        except ErreurPope as erreur:
            self.relire()
            self.annonces.dire(place, en_clair(erreur), bon=False)
            return False
        self.annonces.dire(place, fait)
        return True

    def nouvelle_seance(self, champs: Champs) -> Seance:
        """Opening of a session of the workshop, on all its studies."""
        return seance(champs, list(self.etudes), " ; ".join(self.etudes.values()))

    def ecrire(self, entree: Contenu) -> None:
        """Write an entry, after the opening of a session when it is the first of all; the page then shows what it changed."""
        if not isinstance(entree, Seance) and self.atelier.seance is None and not self.journal.lire().entrees:
            self.journal.noter(self.qui.value, self.nouvelle_seance({}))
        self.journal.noter(self.qui.value, entree)
        self.relire()
        self.carte.confirmer()
        self.application.reprendre()
