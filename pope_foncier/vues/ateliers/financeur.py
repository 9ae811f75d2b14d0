"""Application of the lender: a stack of loans and grants, its schedules, treasury and ratios, one-word stresses, structures kept."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import ipywidgets as w

from pope_foncier.analyse.resultats import Vue
from pope_foncier.projet.etude import Etude
from pope_foncier.socle.erreurs import ErreurPope
from pope_foncier.vues import tableaux, tableaux_financement
from pope_foncier.vues.ateliers import champs, dessins, epreuves, lecture, textes
from pope_foncier.vues.ateliers.gardees import Gardees
from pope_foncier.vues.ateliers.modele import Modele, Plats
from pope_foncier.vues.ateliers.ouverture import ouvrir
from pope_foncier.vues.ateliers.panneau import Panneau
from pope_foncier.vues.ateliers.pile import Pile
from pope_foncier.vues.feuilles import svg
from pope_foncier.vues.journal import Journal
from pope_foncier.vues.tableaux import Table

SANS = "Sans épreuve"


class AtelierFinanceur:
    """Application of the lender."""

    nom = "financeur"

    def __init__(self, modele: Modele, journal: Journal) -> None:
        self.modele = modele
        etude = modele.dossier.etude
        self.pile = Pile(modele, self._bouge)
        mots = [SANS, *(e.mot for e in modele.regles.epreuves)]
        self.epreuve = w.ToggleButtons(options=mots, value=SANS, description="Épreuve montrée")
        self.epreuve.style.description_width = "initial"
        self.epreuve.observe(lambda _: self._montrer_epreuve(), "value")
        self.avis, self.image, self.courbe, self.compare = w.HTML(), w.HTML(), w.HTML(), w.HTML()
        self.detail = w.HTML()
        self.trace = dessins.Courbes("Trésorerie cumulée de celui qui conduit les travaux, milliers d'euros")
        self.teintes = dessins.Teintes.de_l_etude(modele.base)
        self.gardees = Gardees("structure", lambda: self.vues[SANS], _structures, self._dessiner)
        self.vues: dict[str, Vue] = {}
        self.sans_effet: dict[str, str] = {}
        self._tracee: Vue | None = None
        self.reste = champs.Apres(self._eprouver)
        self._calculer()
        self._eprouver()
        self.panneau = Panneau(modele, journal, self)
        droite = [
            self.epreuve,
            self.courbe,
            self.compare,
            *self.gardees.boites,
            self.image,
            self.detail,
        ]
        self.boite = champs.encadrer(
            champs.titre(f"Financeur : {etude.titre}", etude.question),
            champs.deux_colonnes([self.pile.boite, self.avis], droite),
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
            self.avis.value = textes.message(str(erreur), bon=False)

    def _calculer(self) -> None:
        """Compute and draw: the curve first, because the eye waits for it, then the stresses and the tables."""
        etude = self.etude_affichee()
        seule = self.modele.voir(etude)
        self.avis.value = ""
        if self.epreuve.value == SANS:
            self._tracer(seule, SANS)
        self.vues = {SANS: seule}
        self.reste.demander()

    def _eprouver(self) -> None:
        """Stresses and tables of the stack on the screen."""
        seule = self.vues[SANS]
        try:
            etudes, self.sans_effet = epreuves.etudes_eprouvees(
                seule.ev.ctx.etude, seule, self.modele.regles.epreuves, self.modele.varier
            )
            self.vues = {SANS: seule, **(self.modele.voir_tous(etudes) if etudes else {})}
        except ErreurPope as erreur:
            self.avis.value = textes.message(str(erreur), bon=False)
        self._dessiner()

    def _tracer(self, vue: Vue, mot: str) -> None:
        self._tracee = vue
        x, y, nom, phrase = dessins.tresorerie(vue)
        if mot in self.sans_effet:
            phrase += f" {self.sans_effet[mot]}"
        self.courbe.value = textes.image(self.trace.montrer(x, y, nom), phrase, lecture.source(vue))

    def _montrer_epreuve(self) -> None:
        self._tracee = None
        self._dessiner()

    def _dessiner(self) -> None:
        mot = str(self.epreuve.value)
        vue = self.vues.get(mot, self.vues[SANS])
        if vue is not self._tracee:
            self._tracer(vue, mot)
        note = " ; ".join(f"{e.mot} : {e.libelle}" for e in self.modele.regles.epreuves) + "."
        self.compare.value = textes.tables(epreuves.comparer("Épreuves d'un mot", self.vues, note, self.sans_effet))
        if mot in self.sans_effet:
            self.compare.value = textes.message(self.sans_effet[mot], bon=False) + self.compare.value
        self.gardees.montrer()
        montrees = self.gardees.cote_a_cote() if mot == SANS else {SANS: self.vues[SANS], mot: vue}
        restes = [f"{nom} : {lecture.reste(v.montant('ressources.reste_a_financer'))}" for nom, v in montrees.items()]
        parts = [dessins.parts_des_ressources(v) for v in montrees.values()]
        dessin = dessins.colonnes(list(montrees), parts, self.teintes)
        self.image.value = textes.image(
            svg(dessin), f"Ressources du plan. Reste à financer : {' ; '.join(restes)}.", lecture.source(vue)
        ) + textes.repli(lecture.qui_donne_quoi(montrees))
        self.detail.value = textes.tables(
            tableaux.ratios(vue),
            tableaux_financement.plan_de_financement(vue),
            lecture.aides(vue),
            tableaux_financement.echeancier(vue),
            tableaux_financement.tresorerie(vue),
        )


def _structures(vues: Mapping[str, Vue]) -> Table:
    return epreuves.comparer("Structures côte à côte", vues)


def application(fichier: Path | str | None = None, journal: Journal | None = None) -> w.Widget:
    """Application of the lender, ready to show in JupyterLab or Voilà."""
    champs.nommer_les_poignees()
    return ouvrir(fichier, journal, lambda modele, tenu: AtelierFinanceur(modele, tenu).boite)
