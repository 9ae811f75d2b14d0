"""Panel of the journal: propose, vote, remark, decide; every confirmed entry survives the kernel, the server, the machine."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import partial
from typing import Protocol

import ipywidgets as w
from pydantic import ValidationError

from pope_foncier.ateliers import champs, chiffres, reponse, textes
from pope_foncier.ateliers.brouillon import Brouillon
from pope_foncier.ateliers.ecarts import scenario_du_fichier, surcharges_de
from pope_foncier.ateliers.etat import Atelier
from pope_foncier.ateliers.fichier_scenarios import lire_scenarios
from pope_foncier.ateliers.journal import Journal
from pope_foncier.ateliers.journal_entrees import (
    POINTS_MAX,
    Contenu,
    Decision,
    Proposition,
    Remarque,
    Seance,
    Vote,
    personne,
)
from pope_foncier.ateliers.lecture import RESTE
from pope_foncier.ateliers.modele import Modele, Plats, Reglages
from pope_foncier.ateliers.mots import effets, mots
from pope_foncier.ateliers.regles import lire_ateliers
from pope_foncier.etude.fiche import Etude
from pope_foncier.etude.fiche_scenarios import Scenario
from pope_foncier.socle.erreurs import ErreurDonnees, ErreurPope
from pope_foncier.socle.fiches import valider
from pope_foncier.vues.etude.graphiques import A_TROUVER
from pope_foncier.vues.formes import cases, lectures
from pope_foncier.vues.formes.table import Table


def identifiant(titre: str) -> str:
    """Name of a scenario from its title: small letters without accents, digits, underscores."""
    plat = unicodedata.normalize("NFKD", titre).encode("ascii", "ignore").decode().lower()
    nom = re.sub(r"[^a-z0-9]+", "_", plat).strip("_")[:36].strip("_")
    return nom if nom and nom[0].isalpha() else f"scenario_{nom}".strip("_")


_IDENTITE = ("site", "titre", "question", "scenarios", "foncier")
"""Fields that say which study it is: a scenario file may not move them."""


_LIBELLES = {
    "qui": "Votre nom",
    "titre": "Titre du scénario affiché",
    "nom": "Titre du scénario affiché",
    "scenario": "Scénario noté",
    "points": "Points",
    "texte": "Texte",
}
"""Fields of the journal as the panel shows them."""


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
        """Take up the last proposals of the journal, if nobody has touched the levers."""


class Panneau:
    """Panel on a journal, for an application that shows a scenario."""

    def __init__(self, modele: Modele, journal: Journal, application: Application) -> None:
        self.modele, self.journal, self.application = modele, journal, application
        style = {"description_width": "initial"}
        large = w.Layout(width="auto")
        entier = {"style": style, "layout": large, "continuous_update": False}
        self.qui = w.Text(description="Votre nom", **entier)
        self.nom = w.Text(description="Titre du scénario affiché", **entier)
        self.choix = champs.choix("Scénario noté", [("—", "")], "")
        self.points = w.IntText(5, description=f"Points, de 0 à {POINTS_MAX}", **entier)
        haut = w.Layout(width="auto", height="80px")
        self.remarque = w.Textarea(description="Remarque", style=style, layout=haut, continuous_update=False)
        self.decision = w.Text(description="Décision de l'atelier", **entier)
        self.fichier = w.FileUpload(
            accept=".yaml,.yml",
            multiple=False,
            description="Ouvrir un fichier de scénarios",
            layout=w.Layout(width="max-content"),
        )
        self.fichier.observe(lambda _: self.ouvrir_fichier(), "value")
        self.avis = w.HTML()
        self.etat = w.HTML()
        self.reprise = champs.bouton("Mettre ce journal de côté et en commencer un autre", self.mettre_de_cote)
        self.reprise.layout.display = "none"
        self.rappel = champs.bouton("Afficher ce scénario", self.afficher)
        saisies = [
            self.qui,
            self.nom,
            champs.bouton("Proposer ce scénario", self.proposer),
            self.choix,
            self.rappel,
            self.points,
            champs.bouton("Donner ces points", self.voter),
            self.remarque,
            champs.bouton("Noter la remarque", self.noter_remarque),
            self.decision,
            champs.bouton("Noter la décision", self.decider),
            self.fichier,
            champs.bouton("Relire le journal", self.rouvrir),
        ]
        gauche = w.VBox(saisies, layout=w.Layout(flex="1 1 480px", min_width="0", max_width="980px"))
        droite = w.VBox([self.etat], layout=w.Layout(flex="1 1 620px", min_width="0"))
        corps = w.HBox([gauche, droite], layout=w.Layout(flex_flow="row wrap", grid_gap="0 24px"))
        titre = w.HTML("<h2>Proposer, voter, décider</h2>")
        cle = f"{application.nom}:{modele.dossier.nom}"
        libres = {x.description: x for x in (self.qui, self.nom, self.remarque, self.decision)}
        self.brouillon = Brouillon(cle, libres, application.reglages_affiches, application.remettre, self._dire)
        self.brouillon.suivre()
        self.boite = w.VBox([titre, self.avis, self.reprise, corps, self.brouillon.boite])
        self.boite.add_class("pf-journal")
        self.atelier = Atelier.rejouer([])
        self.relire()

    def _nom_libre(self, titre: str) -> str:
        """Name of a scenario that takes nobody's place: that of its author's own title, else the first free one."""
        nom = identifiant(titre)
        for rang in range(1, 1000):
            essai = nom if rang == 1 else f"{nom}_{rang}"
            pris = self.atelier.scenarios.get(essai)
            sien = pris is not None and personne(pris.entree.qui) == personne(self.qui.value)
            if pris is None or (sien and pris.fiche.titre == titre):
                return essai
        return nom

    def proposer(self) -> None:
        """Record the scenario on the screen; the same title from the same person replaces its own proposal, no other one."""
        self.relire()
        titre = self.nom.value.strip()
        nom = self._nom_libre(titre)

        def contenu() -> Contenu:
            etude = self.application.etude_affichee()
            reglages = Reglages.de_plat(self.application.reglages_affiches())
            return valider(
                Proposition,
                {
                    "nom": nom,
                    "titre": titre,
                    "reglages": {"application": self.application.nom, **self.application.reglages_affiches()},
                    "surcharges": surcharges_de(self.modele.dossier.etude, etude),
                    **_montre(self.modele, etude),
                    "mots": [*mots(self.modele, etude, reglages), effets(self.modele, etude)],
                },
                "Proposition",
            )

        if self._noter(contenu, f"Scénario « {titre} » noté."):
            self.choix.value = nom

    def voter(self) -> None:
        """Record points."""
        self._noter(lambda: valider(Vote, self._vise() | {"points": self.points.value}, "Vote"), "Points notés.")

    def _vise(self) -> dict[str, str | int | None]:
        """Scenario chosen, and the version of it that is on the screen."""
        scenario = self.atelier.scenarios.get(self.choix.value)
        return {"scenario": self.choix.value or None, "version": None if scenario is None else scenario.entree.rang}

    def noter_remarque(self) -> None:
        """Record a remark."""
        brut = {"texte": self.remarque.value, "scenario": self.choix.value or None}
        if self._noter(lambda: valider(Remarque, brut, "Remarque"), "Remarque notée."):
            self.remarque.value = ""

    def decider(self) -> None:
        """Record the decision."""
        brut = {"texte": self.decision.value, **self._vise()}
        self._noter(lambda: valider(Decision, brut, "Décision"), "Décision notée.")

    def afficher(self) -> None:
        """Put the chosen scenario back on the levers."""
        scenario = self.atelier.scenarios.get(self.choix.value)
        if scenario is None:
            self._dire("Choisir d'abord un scénario noté.", bon=False)
        elif scenario.fiche.reglages.get("application") != self.application.nom:
            self._dire("Ce scénario vient d'un fichier ou d'une autre application : il n'a pas ces leviers.", bon=False)
        else:
            self._rendre(scenario.fiche)

    def _rendre(self, fiche: Proposition) -> None:
        try:
            self.application.remettre({c: v for c, v in fiche.reglages.items() if c != "application"})
        except (ErreurPope, ValueError, ArithmeticError, StopIteration, KeyError):
            self._dire("Les leviers ont changé depuis : ce scénario ne peut plus être affiché.", bon=False)
            return
        self._dire(f"Scénario « {fiche.titre} » affiché.")

    def ouvrir_fichier(self) -> None:
        """Read the scenario file that a visitor gives, strictly; each of its scenarios is proposed."""
        if not self.fichier.value:
            return
        donne = self.fichier.value[0]
        self.fichier.value = ()
        octets, nom = bytes(donne["content"]), str(donne["name"])
        try:
            lus = lire_scenarios(octets, nom)
            if lus.etude != self.modele.dossier.nom:
                raise _autre_etude(lus.etude, self.modele.dossier.nom)
            propositions = []
            for scenario in lus.scenarios:
                _refuser_l_identite(scenario)
                etude, surcharges = scenario_du_fichier(self.modele.dossier.etude, scenario, lus.scenarios, nom)
                propositions.append(
                    valider(
                        Proposition,
                        {
                            "nom": scenario.nom,
                            "titre": scenario.titre,
                            "reglages": {},
                            "surcharges": surcharges,
                            **_montre(self.modele, etude),
                            "mots": [*mots(self.modele, etude), effets(self.modele, etude)],
                        },
                        "Proposition",
                    )
                )
        except ArithmeticError:
            self._dire("Une valeur de ce fichier est hors de toute mesure : la corriger.", bon=False)
            return
        except (ErreurPope, ValidationError, ValueError) as erreur:
            self._dire(str(erreur), bon=False)
            return
        fait = f"{len(propositions)} scénario(s) du fichier proposé(s)."
        for proposition in propositions:
            self._noter(partial(_tel_quel, proposition), fait)

    def relire(self) -> None:
        """Read the journal again: what the other visitors wrote appears; what cannot be read is named."""
        try:
            lecture = self.journal.lire()
        except ErreurPope as erreur:
            self._offrir(True)
            self._dire(str(erreur), bon=False)
            return
        self._offrir(lecture.abime)
        if lecture.illisibles:
            self._dire(lecture.en_clair(self.journal.nom), bon=False)
        self.atelier = Atelier.rejouer(lecture.entrees)
        options = [("—", "")]
        options += [(s.titre, nom) for nom, s in self.atelier.scenarios.items()]
        garde, premiere = self.choix.value, len(self.choix.options) == 1
        self.choix.options = options
        if garde not in self.atelier.scenarios:
            garde = options[-1][1] if premiere else ""
        self.choix.value = garde
        self.etat.value = self._en_html()

    def _offrir(self, abime: bool) -> None:
        """Show the button that sets a damaged journal aside, and only then."""
        self.reprise.layout.display = None if abime else "none"

    def mettre_de_cote(self) -> None:
        """Leave the damaged journal as it lies; go on in a new one, which holds its sound entries."""
        try:
            ancien, nouveau = self.journal.mettre_de_cote()
        except ErreurPope as erreur:
            self._dire(str(erreur), bon=False)
            return
        self.relire()
        self._dire(f"Journal « {ancien.name} » gardé tel quel ; « {nouveau.name} » prend la suite.")

    def rouvrir(self) -> None:
        """Read the journal again; an application that nobody has touched takes up its last proposals.

        A page does it once when it opens: its kernel may have been kept ready since before the last entries.
        """
        self.relire()
        self.application.reprendre()

    def _noter(self, contenu: Callable[[], Contenu], fait: str) -> bool:
        try:
            if not self.qui.value.strip():
                raise ErreurPope("Écrire d'abord votre nom : chaque entrée dit de qui elle vient.")
            entree = contenu()
            if self.atelier.seance is None and not self.journal.lire().entrees:
                seance = {"etude": self.modele.dossier.nom, "titre": self.modele.dossier.etude.titre}
                self.journal.noter(self.qui.value, valider(Seance, seance, "Séance"))
            self.journal.noter(self.qui.value, entree)
        except ErreurPope as erreur:
            self.relire()
            self._dire(_refus(erreur), bon=False)
            return False
        self.relire()
        self.application.reprendre()
        self._dire(fait)
        return True

    def _dire(self, texte: str, bon: bool = True) -> None:
        self.avis.value = textes.message(texte, bon)

    def _en_html(self) -> str:
        lignes = []
        for nom, scenario in self.atelier.scenarios.items():
            fiche = scenario.fiche
            manques = (_chiffre(fiche, RESTE), _chiffre(fiche, A_TROUVER))
            votes = self.atelier.votes.get(nom, {})
            lignes.append(
                (
                    scenario.titre,
                    scenario.entree.qui,
                    *manques,
                    cases.nombre(self.atelier.points(nom)),
                    cases.nombre(len(votes)),
                )
            )
        manques = (lectures.nommer(RESTE, lectures.TEL_QUEL), lectures.nommer("À trouver", lectures.BOUCLE))
        entetes = ("Scénario", "Proposé par", *manques, "Points", "Votants")
        table = Table("Scénarios notés", entetes, tuple(lignes), texte=True) if lignes else None
        remarques = [(e.qui, e.contenu.texte) for e in self.atelier.remarques[-8:] if isinstance(e.contenu, Remarque)]
        avis = Table("Dernières remarques", ("Qui", "Remarque"), tuple(remarques), texte=True) if remarques else None
        fin = None
        if self.atelier.decision is not None and isinstance(self.atelier.decision.contenu, Decision):
            texte = ((self.atelier.decision.contenu.texte, self.atelier.decision.qui),)
            fin = Table("Décision", ("Décision", "Notée par"), texte, texte=True)
        return textes.tables(table, avis, fin)


def _refuser_l_identite(scenario: Scenario) -> None:
    """A scenario varies a study; it does not become another one."""
    leviers = {x.champ for x in lire_ateliers().leviers}
    touches = sorted({s.champ for s in scenario.surcharges if s.champ.split(".")[0] in _IDENTITE} - leviers)
    if touches:
        raise ErreurPope(
            f"Scénario « {scenario.titre} » : {', '.join(touches)} dit de quelle étude il s'agit et ne se change pas ici. Le retirer."
        )


def _refus(erreur: ErreurPope) -> str:
    """Refusal of what was typed in the panel, by the label of its field."""
    if not isinstance(erreur, ErreurDonnees) or not all(p.champ in _LIBELLES for p in erreur.problemes):
        return str(erreur)
    return "\n".join(f"{_LIBELLES[p.champ]} : {p.message} À faire : {p.remede}" for p in erreur.problemes)


def _montre(modele: Modele, etude: Etude) -> dict[str, object]:
    """Figures of a scenario that the journal keeps as displayed: those of the table, then the answer with its ranges and its first risk."""
    vue = modele.voir_bouclee(etude)
    lue = reponse.repondre(vue, reponse.douter_de(modele, etude))
    return {
        "chiffres": chiffres.pour_le_journal(vue),
        "reponse": lue.chiffres,
        "risque": lue.sans_place or lue.risque,
    }


def _tel_quel(contenu: Contenu) -> Contenu:
    return contenu


def _chiffre(fiche: Proposition, nom: str) -> str:
    """Figure kept with a proposal, whatever the reading that its name adds; a dash in an older journal without it."""
    return next((c.valeur for c in fiche.chiffres if c.libelle.startswith(nom)), "—")


def _autre_etude(donnee: str, attendue: str) -> ErreurPope:
    return ErreurPope(f"Ce fichier varie l'étude « {donnee} » ; cet atelier porte sur « {attendue} ».")
