"""Three scenarios put in discussion at once, when nobody has proposed any: the room then has something to look at and to mark."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import ipywidgets as w

from pope_foncier.ateliers.cartes import Carte, Cartes
from pope_foncier.ateliers.modele import Modele, Plats
from pope_foncier.ateliers.panneau import Panneau
from pope_foncier.ateliers.propositions import nom_libre, proposition
from pope_foncier.ateliers.saisie import Saisie, texte
from pope_foncier.ateliers.textes import note
from pope_foncier.etude.fiche import Etude
from pope_foncier.socle.erreurs import ErreurPope

_TITRE_MAX = 60
"""Signs of a title kept before what tells it apart."""


class MiseEnDiscussion:
    """Button under the cards; it leaves once the journal holds a scenario.

    Attributes:
        boite: widget to show.
    """

    def __init__(self, modele: Modele, panneau: Panneau, application: str, cartes: Callable[[], Cartes]) -> None:
        self._modele, self._panneau, self._application, self._cartes = modele, panneau, application, cartes
        self.qui = texte("Votre nom, pour les proposer", "prénom et initiale, par exemple Karim B.")
        w.link((panneau.qui, "value"), (self.qui, "value"))
        self._phrase = w.HTML(note("Aucun scénario n'est en discussion : la salle n'a rien à noter."))
        self._saisie = Saisie(
            panneau.annonces, "Mettre ces trois scénarios en discussion", self.mettre_en_discussion, [self.qui]
        )
        self._offerts = (self._phrase, self.qui, self._saisie.bouton)
        self.boite = w.VBox([self._phrase, self._saisie.boite])
        self.boite.add_class("pf-discussion")
        self.suivre()

    def suivre(self) -> None:
        """Offer it as long as nobody has proposed a scenario of this study."""
        siens = [s for s in self._panneau.atelier.scenarios.values() if s.est_de(self._modele.dossier.nom)]
        for offert in self._offerts:
            offert.layout.display = "none" if siens else None

    def mettre_en_discussion(self) -> None:
        """Propose what each card shows, under the title of its start; what is proposed already is left as it is."""
        self._panneau.relire()
        for titre, etude, plats in self._montres():
            nom = nom_libre(self._panneau.atelier, self._modele.dossier.nom, titre, self._panneau.qui.value)
            contenu = partial(proposition, self._modele, etude, nom, titre, self._application, plats)
            if not self._panneau.noter(contenu, _FAIT, self._saisie.dit, self.mettre_en_discussion):
                return

    def _montres(self) -> list[tuple[str, Etude, Plats]]:
        """Title, study and levers of each card not proposed yet, two of the same levers once; one that is not computed any more is left out."""
        montres: dict[tuple[object, ...], tuple[str, Etude, Plats]] = {}
        for rang, carte in enumerate(self._cartes().cartes, 1):
            if carte.reglages is None or carte.numero is not None:
                continue
            try:
                lu = (_titre(carte, rang), carte.etude(self._modele), carte.reglages.a_plat())
            except (ErreurPope, ValueError, ArithmeticError, StopIteration):
                continue
            montres.setdefault(carte.cle, lu)
        return list(montres.values())


_FAIT = "Ces scénarios sont en discussion : ils ont leur numéro, les téléphones les montrent."


def _titre(carte: Carte, rang: int) -> str:
    """Title of a start; an attempt made after it says so, and which card it is."""
    titre = carte.origine.titre[:_TITRE_MAX]
    return f"{titre}, modifié (carte {rang})" if carte.est_un_essai else titre
