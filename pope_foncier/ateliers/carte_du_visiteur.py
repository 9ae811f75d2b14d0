"""Name card of the visitor of a page: a name and a colour, no account; a name that is known already asks « c'est vous ? »."""

from __future__ import annotations

from collections.abc import Callable

import ipywidgets as w

from pope_foncier.ateliers import champs
from pope_foncier.ateliers.etat import Atelier, Personne
from pope_foncier.ateliers.journal_entrees import CarteDeNom, Contenu
from pope_foncier.ateliers.saisie import Annonces, Saisie, texte
from pope_foncier.ateliers.teintes import PALETTE, jeton
from pope_foncier.socle.erreurs import ErreurPope
from pope_foncier.vues.formes.gabarits import balises, morceau

_STYLE = "".join(
    f".pf-atelier .pf-teintes .jupyter-button:nth-child({rang}){{background:{t.fond}!important;color:{t.encre}!important}}"
    for rang, t in enumerate(PALETTE, 1)
)


class CarteDuVisiteur:
    """Name card on a page.

    Attributes:
        qui: field of the name.
        sienne: key of the person that the visitor of this page is known to be; a hidden field, which the draft of the page keeps with the name.
        teinte: colour.
        boite: widget to show.
    """

    def __init__(self, annonces: Annonces, noter: Callable[[Callable[[], Contenu], str, w.HTML], bool]) -> None:
        self._annonces, self._noter = annonces, noter
        self._atelier = Atelier.rejouer([])
        self._en_attente: Callable[[], object] | None = None
        self._choisie = False
        self.sienne = w.Text("", description="Carte", layout=w.Layout(display="none"))
        self.sienne.observe(lambda _: self._rencontrer(), "value")
        self.qui = texte("Votre nom", "prénom et initiale, par exemple Karim B.")
        self.qui.observe(lambda _: self._rencontrer(), "value")
        self.teinte = w.ToggleButtons(
            options=[(t.nom, rang) for rang, t in enumerate(PALETTE)],
            description="Votre couleur",
            style={"description_width": "initial"},
        )
        self.teinte.add_class("pf-teintes")
        self.teinte.observe(lambda _: self._choisir(), "value")
        self._question, self._carte = w.HTML(), w.HTML()
        reponses = [
            champs.bouton("Oui, c'est moi", self.c_est_moi),
            champs.bouton("Non, quelqu'un d'autre", self.un_autre),
        ]
        self._rencontre = w.VBox([self._question, w.HBox(reponses, layout=w.Layout(flex_flow="row wrap"))])
        self._rencontre.layout.display = "none"
        self._changer = champs.bouton("Changer de couleur", lambda: self._ouvrir(True))
        self._prise = w.HBox([self._carte, self._changer], layout=w.Layout(flex_flow="row wrap", align_items="center"))
        self._saisie = Saisie(
            annonces, "Prendre cette carte", self.prendre, [self.qui, self.teinte], [self._rencontre, self._prise]
        )
        self.boite = w.VBox([w.HTML(f"<style>{_STYLE}</style>"), self._saisie.boite, self.sienne])

    @property
    def dit(self) -> w.HTML:
        """Where the card says what is right or wrong with it."""
        return self._saisie.dit

    def suivre(self, atelier: Atelier) -> None:
        """State of the workshop: who is there, under which colour."""
        self._atelier = atelier
        if not self._choisie and not self.sienne.value:
            prises = {p.teinte for p in atelier.personnes.values()}
            self._poser_la_teinte(next((rang for rang in range(len(PALETTE)) if rang not in prises), 0))
        self._montrer()

    def exiger(self, action: Callable[[], object]) -> None:
        """Let somebody write: a name is there, and it is theirs; else the action waits for the answer.

        Raises:
            ErreurPope: no name, or that of somebody who spoke elsewhere, as long as the visitor does not say that it is them.
        """
        if not self.qui.value.strip():
            raise ErreurPope("Écrire d'abord votre nom : chaque entrée dit de qui elle vient.")
        connue = self._connue()
        if connue is not None:
            self._en_attente = action
            raise ErreurPope(f"« {connue.nom} » participe déjà : dire d'abord, sous votre nom, si c'est vous.")

    def confirmer(self) -> None:
        """What was written under this name from this page was written by its visitor."""
        self.sienne.value = self._atelier.qui(self.qui.value).cle
        self._rencontre.layout.display = "none"
        self._montrer()

    def prendre(self) -> None:
        """Take the card: the name and its colour, said to all."""
        teinte = int(self.teinte.value)
        self._noter(lambda: CarteDeNom(teinte=teinte), "Vous voilà dans l'atelier.", self.dit)

    def c_est_moi(self) -> None:
        """The visitor is the person who is known under this name; what waited for the answer is done."""
        connue = self._atelier.qui(self.qui.value)
        self.sienne.value = connue.cle
        self.qui.value = connue.nom
        if connue.teinte is not None:
            self._poser_la_teinte(connue.teinte)
        self._rencontre.layout.display = "none"
        self._annonces.dire(self.dit, f"Vous retrouvez la carte de « {connue.nom} ».")
        self._montrer()
        action, self._en_attente = self._en_attente, None
        if action is not None:
            action()

    def reprendre(self, autre: CarteDuVisiteur) -> None:
        """Same visitor on the page of another place of the workshop: name, colour, and who they are known to be."""
        if autre.qui.value and not self.qui.value:
            self.sienne.value = autre.sienne.value
            self.qui.value = autre.qui.value
            self._poser_la_teinte(int(autre.teinte.value))
            self._montrer()

    def un_autre(self) -> None:
        """The visitor is somebody else: another name tells them apart."""
        nom, self._en_attente = self.qui.value.strip(), None
        self.qui.value = ""
        self._annonces.dire(
            self.dit, f"Ajouter de quoi vous distinguer, par exemple « {nom}, parent », ou votre nom entier.", bon=False
        )

    def _connue(self) -> Personne | None:
        """Person known under the name typed, whom the visitor has not said to be."""
        connue = self._atelier.qui(self.qui.value) if self.qui.value.strip() else None
        if connue is None or connue.cle not in self._atelier.personnes or connue.cle == self._ma_cle:
            return None
        return connue

    @property
    def _ma_cle(self) -> str:
        """Key of the visitor, wherever the facilitator brought their name."""
        return self._atelier.qui(self.sienne.value).cle if self.sienne.value else ""

    def _rencontrer(self) -> None:
        connue = self._connue()
        self._rencontre.layout.display = "none" if connue is None else None
        if connue is not None:
            puce = balises(jeton(connue.nom, connue.teinte))
            self._question.value = str(morceau("morceaux.html", "rencontre", puce))
        self._montrer()

    def _montrer(self) -> None:
        """Card of the visitor, once it is theirs."""
        moi = self._atelier.personnes.get(self._ma_cle)
        sienne = moi is not None and self._atelier.qui(self.qui.value).cle == moi.cle
        puce = balises(jeton(moi.nom, moi.teinte)) if moi is not None and sienne else None
        self._carte.value = "" if puce is None else str(morceau("morceaux.html", "carte", puce))
        self._ouvrir(puce is None or moi is None or moi.teinte is None)

    def _ouvrir(self, ouverte: bool) -> None:
        """Show the colours to choose from; once the card is taken, its chip alone."""
        choix, prise = (None, "none") if ouverte else ("none", None)
        self.teinte.layout.display = self._saisie.bouton.layout.display = choix
        self._prise.layout.display = prise

    def _poser_la_teinte(self, teinte: int) -> None:
        choisie = self._choisie
        self.teinte.value = teinte
        self._choisie = choisie

    def _choisir(self) -> None:
        self._choisie = True
