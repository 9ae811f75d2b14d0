"""Closers that a lender adds to a plan: who brings what is missing, up to what, on what terms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ipywidgets as w

from pope_foncier.ateliers import champs, textes
from pope_foncier.ateliers.modele import Plats, donnee
from pope_foncier.ateliers.regles import BoucleurPropose, ReglesAteliers
from pope_foncier.etude.fiche import Etude

REGLES_PAR_CURSEUR = (
    ("montant", "montant_bouclage"),
    ("plafond", "plafond_bouclage"),
    ("pret.couverture_cible", "couverture"),
)
"""Fields of a closer of the study that a lender moves, and their levers."""


class BoucleurEnPlus:
    """Closer added: its payer, and what sliders set; called after those before it, for what they leave."""

    genre = "bouclage"

    def __init__(
        self,
        cle: str,
        propose: BoucleurPropose,
        commune: str,
        regles: ReglesAteliers,
        bouge: Callable[[], None],
        retirer: Callable[[], None],
    ) -> None:
        self.cle, self.propose, self._muet = cle, propose, False
        self.titre = f"{propose.libelle} ({cle.rsplit('_', 1)[-1]})"
        self.apporteur = w.Text(
            propose.apporteur or commune,
            description=f"{self.titre}, qui l'apporte",
            continuous_update=False,
            style={"description_width": "initial"},
            layout=w.Layout(width="auto"),
        )
        self.apporteur.observe(lambda _: None if self._muet else bouge(), "value")
        self.curseurs = {}
        for reglage in propose.reglages:
            levier = regles.levier(reglage.levier)
            quoi = "taux" if reglage.levier == "taux" else f"{levier.libelle[:1].lower()}{levier.libelle[1:]}"
            renomme = levier.model_copy(update={"libelle": f"{self.titre}, {quoi}"})
            self.curseurs[reglage.champ] = champs.Curseur(renomme, reglage.depart, bouge)
        note = w.HTML(textes.note(f"{propose.note}."))
        boites = [c.boite for c in self.curseurs.values()]
        self.boite = w.VBox([self.apporteur, *boites, note, champs.bouton(f"Retirer : {self.titre}", retirer)])

    def fiche(self, etude: Etude) -> dict[str, Any]:
        """Closer of the study."""
        fiche: dict[str, Any] = {
            "id": self.cle,
            "libelle": self.titre,
            "nature": self.propose.nature,
            "apporteur": self.apporteur.value.strip() or etude.acteurs.commune,
        }
        if self.propose.profil is not None:
            fiche["pret"] = {"profil": self.propose.profil}
        for champ, curseur in self.curseurs.items():
            if curseur.valeur is not None:
                *tables, nom = champ.split(".")
                (fiche[tables[0]] if tables else fiche)[nom] = donnee(curseur.valeur * curseur.levier.facteur)
        return fiche

    def a_plat(self) -> Plats:
        """Kind, payer, and the levers that are set."""
        plats: dict[str, int | str | bool] = {"quoi": self.propose.nature, "apporteur": self.apporteur.value}
        return plats | {champ: c.valeur for champ, c in self.curseurs.items() if c.valeur is not None}

    def poser(self, plats: Plats) -> None:
        """Take back a plain form, without telling anybody."""
        self._muet = True
        self.apporteur.value = str(plats.get("apporteur", self.apporteur.value))
        self._muet = False
        for champ, curseur in self.curseurs.items():
            curseur.poser(int(plats[champ]) if champ in plats else None)
