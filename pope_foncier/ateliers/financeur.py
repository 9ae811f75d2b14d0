"""Application of the lender: a stack of loans, grants and closers, its treasury and ratios, stresses, structures kept."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import ipywidgets as w

from pope_foncier.ateliers import champs, chiffres, doute, epreuves, lecture, textes
from pope_foncier.ateliers.comite import ENSEMBLE, Cherche, Choisies
from pope_foncier.ateliers.epreuves import SANS, Eprouvee
from pope_foncier.ateliers.gardees import Gardees
from pope_foncier.ateliers.journal import Journal
from pope_foncier.ateliers.modele import Modele, Plats
from pope_foncier.ateliers.ouverture import ouvrir
from pope_foncier.ateliers.panneau import Panneau
from pope_foncier.ateliers.pile import Pile
from pope_foncier.ateliers.prets_au_choix import PretAuChoix
from pope_foncier.etude.fiche import Etude
from pope_foncier.etude.resultats import Vue
from pope_foncier.socle.erreurs import ErreurPope
from pope_foncier.vues.etude import graphiques, tableaux, tableaux_bouclage, tableaux_financement
from pope_foncier.vues.formes import lectures
from pope_foncier.vues.formes.table import Table


class AtelierFinanceur:
    """Application of the lender."""

    nom = "financeur"

    def __init__(self, modele: Modele, journal: Journal) -> None:
        self.modele = modele
        etude = modele.dossier.etude
        self.pile = Pile(modele, self._bouge)
        self.mots = epreuves.mots_d_epreuve(modele.regles)
        self.ensemble, self.cherche = Choisies(self._choisir), Cherche(lambda: self.vue)
        self.au_choix = PretAuChoix(modele, lambda: self.vue, self.etude_affichee)
        self.epreuve = w.ToggleButtons(options=[SANS, *self.mots, ENSEMBLE], value=SANS, description="Épreuve montrée")
        self.epreuve.style.description_width = "initial"
        self.epreuve.observe(lambda _: self._montrer_epreuve(), "value")
        self.avis, self.image, self.courbe, self.compare = w.HTML(), w.HTML(), w.HTML(), w.HTML()
        self.detail, self.questions, self.doute = w.HTML(), w.HTML(), w.HTML()
        self.teintes = graphiques.teintes_de(modele.base)
        self.gardees = Gardees("structure", lambda: self.vue, _structures, self._dessiner)
        self.vue: Vue = modele.base
        self.eprouvees: dict[str, Eprouvee] = {}
        self._tracee: Vue | None = None
        self.reste = champs.Apres(self._eprouver, delai_s=0.3)
        self.ensuite = champs.Apres(self._questionner, delai_s=1.0)
        self._calculer()
        self.reste.tout_de_suite()
        self.panneau = Panneau(modele, journal, self)
        droite = [
            self.epreuve,
            self.courbe,
            self.compare,
            self.ensemble.boite,
            self.cherche.boite,
            self.au_choix.boite,
            *self.gardees.boites,
            self.image,
            self.doute,
            self.questions,
            self.detail,
        ]
        self.boite = champs.encadrer(
            champs.titre(f"Financeur : {etude.titre}", etude.question),
            champs.deux_colonnes([self.avis, self.pile.boite], droite),
            self.panneau.boite,
        )

    @property
    def curseurs(self) -> dict[str, champs.Curseur]:
        """Levers of the stack."""
        return self.pile.curseurs

    def etude_affichee(self) -> Etude:
        """Study with the stack on the screen."""
        return self.pile.etude()

    def reglages_affiches(self) -> Plats:
        """Levers moved and what was added, in plain form."""
        return self.pile.reglages()

    def reprendre(self) -> None:
        """Nothing to take up: this application opens on the study."""

    def remettre(self, reglages: Plats) -> None:
        """Put a stack back on the screen."""
        self.pile.poser(reglages)
        self._bouge()

    def _bouge(self) -> None:
        try:
            self._calculer()
        except ErreurPope as erreur:
            self.avis.value = textes.message(textes.refus(erreur), bon=False)

    def _calculer(self) -> None:
        """Compute and draw: the curve first, because the eye waits for it, then the stresses and the tables."""
        self.vue = self.modele.voir_bouclee(self.etude_affichee())
        self.avis.value = ""
        self.eprouvees = {}
        self.cherche.oublier()
        self.au_choix.proposer()
        if self.epreuve.value == SANS:
            self._tracer(self.vue)
        self.reste.demander()

    def _eprouver(self) -> None:
        """Stresses and tables of the stack on the screen."""
        try:
            sans = self.vue.aucune_place
            self.eprouvees = {} if sans else epreuves.eprouver(self.vue, self.mots, self.ensemble.epreuves())
        except ErreurPope as erreur:
            self.avis.value = textes.message(str(erreur), bon=False)
        self._dessiner()
        self.ensuite.demander()

    def _douter(self) -> None:
        """How often the stack on the screen does not hold: the last thing computed, once nothing else waits."""
        self.doute.value = "" if self.vue.aucune_place else doute.du_financeur(self.modele, self.etude_affichee())

    def _questionner(self) -> None:
        """Which questions weigh most on the stack shown, then the doubt: computed last, once nothing else waits."""
        self._douter()
        try:
            self.questions.value = textes.tables(tableaux.a_demander_d_abord(self.vue))
        except ErreurPope as erreur:
            self.questions.value = textes.message(str(erreur), bon=False)

    def _tracer(self, vue: Vue, suite: str = "") -> None:
        self._tracee = vue
        self.courbe.value = textes.image(graphiques.tresorerie(vue), suite, lectures.phrase(self.vue))

    def _choisir(self) -> None:
        """Strike with the stresses ticked, once the hand rests."""
        self._tracee = None
        self.reste.demander()

    def _montrer_epreuve(self) -> None:
        self._tracee = None
        self._dessiner()

    def _dessiner(self) -> None:
        mot = str(self.epreuve.value)
        eprouvee = None if mot == SANS else self.eprouvees.get(mot)
        vue = self.vue if eprouvee is None else eprouvee.vue
        sans_effet = "" if eprouvee is None else eprouvee.sans_effet
        if mot == ENSEMBLE and eprouvee is None and self.eprouvees:
            sans_effet = f"{ENSEMBLE} : cocher d'abord des épreuves, sous le tableau."
        if vue is not self._tracee:
            dite = "" if eprouvee is None else f" Épreuve : {eprouvee.effet.libelle}, financement arrêté. {sans_effet}"
            self._tracer(vue, dite)
        table = epreuves.table(self.vue, self.eprouvees) if self.eprouvees else None
        self.compare.value = textes.message(sans_effet, bon=False) + textes.tables(table)
        self.gardees.montrer()
        self.pile.montrer_le_bouclage(self.vue)
        montrees = self.gardees.cote_a_cote() if eprouvee is None else {SANS: self.vue, mot: vue}
        image = textes.image(graphiques.ressources(montrees, self.teintes))
        self.image.value = image + textes.repli(lecture.qui_donne_quoi(montrees))
        if vue.aucune_place:
            self.detail.value = textes.message(lectures.sans_place(vue), bon=False)
            return
        self.detail.value = textes.tables(
            chiffres.comparer("Ce que compare un financeur", {"À l'écran": self.vue}) if eprouvee is None else None,
            tableaux.ratios(vue),
            tableaux_financement.plan_de_financement(vue),
            tableaux_bouclage.bouclage(vue) if eprouvee is None else None,
            lecture.aides(vue) if eprouvee is None else None,
            tableaux_financement.echeancier(vue),
            tableaux_financement.tresorerie(vue),
        )


def _structures(vues: Mapping[str, Vue]) -> Table:
    return chiffres.comparer("Structures côte à côte", vues)


def application(fichier: Path | str | None = None, journal: Journal | None = None) -> w.Widget:
    """Application of the lender, ready to show in JupyterLab or Voilà."""
    champs.nommer_les_poignees()
    return ouvrir(fichier, journal, lambda modele, tenu: AtelierFinanceur(modele, tenu).boite)
