"""Several studies in one workshop: a place is chosen and its page opens; places side by side; what was kept stays when another is chosen."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from pathlib import Path

import ipywidgets as w

from pope_foncier.ateliers import champs, recit, textes
from pope_foncier.ateliers.cartes import Carte
from pope_foncier.ateliers.commune import AtelierCommune
from pope_foncier.ateliers.journal import Journal
from pope_foncier.ateliers.modele import Modele
from pope_foncier.ateliers.ouverture import ouvrir
from pope_foncier.etude.resultats import Vue
from pope_foncier.vues.formes.gabarits import balises, morceau
from pope_foncier.vues.lieu.dessin_des_lieux import dresser_ensemble

GARDES_MAX = 6
"""Scenarios kept beside the places; the oldest leaves."""


@dataclass(frozen=True)
class Garde:
    """Scenario kept as it was: place, title, card, view."""

    lieu: str
    titre: str
    carte: Carte
    vue: Vue


class AtelierDesLieux:
    """Page of a workshop on several studies, under one journal.

    Attributes:
        ateliers: application of each study opened, by name: a place left keeps its levers.
        gardes: scenarios kept, the oldest first.
        boite: widget to show.
    """

    def __init__(self, modeles: Sequence[Modele], journal: Journal) -> None:
        self.modeles = {m.dossier.nom: m for m in modeles}
        self._journal = journal
        self.ateliers: dict[str, AtelierCommune] = {}
        self.gardes: list[Garde] = []
        options = [(m.dossier.etude.titre, nom) for nom, m in self.modeles.items()]
        self.choix = champs.choix("Lieu réglé", options, next(iter(self.modeles)))
        self.choix.observe(self._aller, "value")
        self.cote, self.gardees, self.carte = w.HTML(), w.HTML(), w.HTML()
        self._pli = w.VBox([w.HTML("<h1>Les lieux côte à côte</h1>"), self.cote, self.gardees, self.carte])
        self._cadre = w.VBox([])
        self._dessiner = champs.Apres(self._cote_a_cote, delai_s=0.3)
        boutons = w.HBox(
            [
                self.choix,
                champs.bouton("Garder ce scénario pour comparer", self.garder),
                champs.bouton("Oublier les scénarios gardés", self.oublier),
            ]
        )
        boutons.add_class("pf-choix-du-lieu")
        self.carte.value = self._sur_la_carte()
        tete = w.VBox([w.HTML(champs.STYLE), boutons, self._pli])
        tete.add_class("pf-commune")
        self.boite = champs.encadrer(tete, self._cadre)
        self.boite.add_class("pf-lieux")
        for nom in self.modeles:
            self._ouvrir(nom)
        self._montrer()

    @property
    def affiche(self) -> AtelierCommune:
        """Application of the place chosen."""
        return self._ouvrir(str(self.choix.value))

    def garder(self) -> None:
        """Keep the scenario on the levers beside the places, whatever place is chosen next."""
        ici, modele = self.affiche, self.modeles[str(self.choix.value)]
        if ici.vue is not None:
            titre = ici.cartes.titres[ici.cartes.rang]
            self.gardes = [*self.gardes, Garde(modele.dossier.site.nom, titre, copy(ici.cartes.active), ici.vue)]
            self.gardes = self.gardes[-GARDES_MAX:]
        self._cote_a_cote()

    def oublier(self) -> None:
        """Forget the scenarios kept."""
        self.gardes = []
        self._cote_a_cote()

    def _ouvrir(self, nom: str) -> AtelierCommune:
        if nom not in self.ateliers:
            self.ateliers[nom] = AtelierCommune(self.modeles[nom], self._journal, self._dessiner.demander)
            self.ateliers[nom].panneau.etudes = {n: m.dossier.etude.titre for n, m in self.modeles.items()}
        return self.ateliers[nom]

    def _aller(self, changement: dict[str, str]) -> None:
        """Another place is chosen: the visitor keeps their name card."""
        self.affiche.panneau.relire()
        self.affiche.panneau.carte.reprendre(self.ateliers[changement["old"]].panneau.carte)
        self._montrer()

    def _montrer(self) -> None:
        self._cadre.children = (self.affiche.boite,)
        self._cote_a_cote()

    def _cote_a_cote(self) -> None:
        """Scenario on the levers of each place, then those kept, each as its own page shows it; all their figures under a fold."""
        cartes, vues = [], dict[str, Vue]()
        for nom, ici in self.ateliers.items():
            lieu = self.modeles[nom].dossier.site.nom
            cartes.append((lieu, balises(ici.carte_affichee())))
            if ici.vue is not None:
                vues[lieu] = ici.vue
        gardees = [(g.lieu, balises(self._gardee(g))) for g in self.gardes]
        vues |= {f"Gardé {rang} : {g.titre}, {g.lieu}": g.vue for rang, g in enumerate(self.gardes, 1)}
        self.cote.value = str(morceau("vitrine.html", "lieux", "", cartes)) + recit.cote_a_cote(vues)
        self.gardees.value = str(morceau("vitrine.html", "lieux", "Scénarios gardés", gardees)) if gardees else ""

    def _gardee(self, garde: Garde) -> str:
        ici = next(a for nom, a in self.ateliers.items() if self.modeles[nom].dossier.site.nom == garde.lieu)
        return ici.en_carte(garde.titre, garde.carte, garde.vue)

    def _sur_la_carte(self) -> str:
        dressee = dresser_ensemble([m.dossier.site for m in self.modeles.values()])
        if isinstance(dressee, str):
            return textes.note(dressee)
        dessin = textes.figure(dressee.svg, dressee.texte, dressee.source, dressee.absents)
        return str(morceau("vitrine.html", "pli", "Carte des lieux", balises(dessin)))


def application(fichier: Path | str | None = None, journal: Journal | None = None) -> w.Widget:
    """Application of the municipality, on the study or on those of the workshop, ready to show in JupyterLab or Voilà."""
    champs.nommer_les_poignees()
    return ouvrir(
        fichier,
        journal,
        lambda modele, tenu: AtelierCommune(modele, tenu).boite,
        lambda modeles, tenu: AtelierDesLieux(modeles, tenu).boite,
    )
