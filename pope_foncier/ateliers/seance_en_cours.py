"""Session in progress, as the panel shows it, and the opening of another one: date, place, people expected."""

from __future__ import annotations

from collections.abc import Callable

import ipywidgets as w

from pope_foncier.ateliers.etat import Atelier, SeanceTenue
from pope_foncier.ateliers.formats import NOMS
from pope_foncier.ateliers.groupes_de_leviers import Pli
from pope_foncier.ateliers.journal_entrees import Contenu, Seance
from pope_foncier.ateliers.ouverture import servie
from pope_foncier.ateliers.saisie import Annonces, Saisie, bloc, texte
from pope_foncier.ateliers.salle.gestes import Champs
from pope_foncier.socle.temps import date_en_clair
from pope_foncier.vues.formes.gabarits import morceau

_COMPTE_RENDU = "../../salle/animer/compte_rendu/"
"""Address of the minutes, from the page of an application."""


def titre_de(seance: SeanceTenue) -> str:
    """Name of a session: its rank, its day, its place."""
    lieu = seance.fiche.lieu if seance.fiche else None
    morceaux = [f"Séance {seance.numero}", date_en_clair(seance.jour), lieu]
    return ", ".join(m for m in morceaux if m)


class SeanceEnCours:
    """Session on a page.

    Attributes:
        boite: widget to show.
    """

    def __init__(
        self,
        nouvelle: Callable[[Champs], Seance],
        annonces: Annonces,
        noter: Callable[[Callable[[], Contenu], str, w.HTML], bool],
    ) -> None:
        self._nouvelle, self._noter = nouvelle, noter
        self._dite = w.HTML()
        self.jour = w.DatePicker(
            description="Date", style={"description_width": "initial"}, layout=w.Layout(width="auto")
        )
        self.lieu = texte("Lieu")
        self.participants = bloc("Personnes attendues", "un nom par ligne")
        self._saisie = Saisie(annonces, "Ouvrir la séance", self.ouvrir, [self.jour, self.lieu, self.participants])
        pli = Pli("Ouvrir une autre séance")
        pli.remplir([self._saisie.boite])
        pli.nommer(0)
        self.boite = w.VBox([self._dite, pli.boite])

    def ouvrir(self) -> None:
        """Open a session: points are counted apart from now on, scenarios stay."""
        jour = "" if self.jour.value is None else self.jour.value.isoformat()
        dits = {"jour": jour, "lieu": self.lieu.value, "participants": self.participants.value}
        fait = "Séance ouverte : les points repartent de zéro, les scénarios restent."
        if self._noter(lambda: self._nouvelle(dits), fait, self._saisie.dit):
            self.jour.value, self.lieu.value, self.participants.value = None, "", ""

    def suivre(self, atelier: Atelier) -> None:
        """Say which session is in progress."""
        tenue = atelier.seance
        if tenue is None:
            self._dite.value = str(
                morceau("morceaux.html", "seance", "Aucune séance", ["La première entrée en ouvre une."], {})
            )
            return
        fiche = tenue.fiche
        dits = []
        if fiche is not None and fiche.participants:
            dits.append(f"Attendus : {', '.join(fiche.participants)}.")
        precedentes = atelier.seances[:-1]
        if precedentes:
            dits.append(
                f"Les points et la décision sont ceux de cette séance ; {len(precedentes)} avant elle dans le journal."
            )
        liens = {dite: f"{_COMPTE_RENDU}{tenue.numero}.{forme}" for forme, dite in NOMS.items()} if servie() else {}
        self._dite.value = str(morceau("morceaux.html", "seance", titre_de(tenue), dits, liens))
