"""Editor of a plan by handles: a small widget on SVG, whose areas, places and checks follow; nothing is asked outside.

The page draws and moves (``editeur.js``); what is moved comes here, is checked and read, and goes back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from pope_foncier.lieu.cloisons import cloisons
from pope_foncier.lieu.edition import Edition
from pope_foncier.lieu.plan import LIGNES, POINTS, Element, Plan, PlanTrace
from pope_foncier.lieu.plan_ecriture import en_yaml
from pope_foncier.lieu.repere import Repere
from pope_foncier.socle.ecriture import ecrire
from pope_foncier.socle.erreurs import ErreurPope
from pope_foncier.vues.lieu.dessin import COUR, GROUPES, PARC
from pope_foncier.vues.lieu.lecture_de_l_edition import dire_les_fautes, lire, numeroter
from pope_foncier.vues.lieu.lieu_ouvert import Lieu

_AUTOUR = ("voie", "quai", "parc", "parcelle", "controle")
"""What stands around the building: shown, without handles."""
_FONDS = {
    "cour": COUR[0],
    "parc": PARC[0],
    "quai": "#E4E4E4",
    "parcelle": "#FAF8F2",
    "poteau": "#3A3A3A",
    "noyau": "#9A9A9A",
}
_COMMENTAIRE = "Plan repris dans l'éditeur de pope_foncier. Mètres."


class Editeur(anywidget.AnyWidget):
    """Plan on the screen with its handles.

    Args:
        plan: plan to edit.
        lieu: its place, whose places and checks follow; without it, areas and faults alone.
        apres: called once something has moved.
    """

    _esm = Path(__file__).parent / "editeur.js"
    dessin = traitlets.Dict().tag(sync=True)
    """What is drawn, in the axes of the screen."""
    lecture = traitlets.Unicode().tag(sync=True)
    """Areas, places, faults and checks, as markup."""

    def __init__(self, plan: Plan, lieu: Lieu | None = None, apres: Callable[[], None] | None = None) -> None:
        super().__init__()
        self.edition, self._lieu, self._apres = Edition(plan), lieu, apres
        self._repere = Repere.du_plan(self.edition.etat.trace)
        niveaux = {e.niveau for e in self.edition.plan.elements if e.nature in ("piece", "batiment")}
        self._niveaux, self._niveau = sorted(niveaux) or [0], min(niveaux, key=abs, default=0)
        self.on_msg(self._recevoir)
        self._montrer(0)

    @property
    def plan(self) -> PlanTrace:
        """Plan as it stands, traced; the elements that cannot be are left out, and ``fautes`` says why."""
        return self.edition.etat.trace

    @property
    def fautes(self) -> list[str]:
        """Faults of the plan as it stands, in words."""
        return dire_les_fautes(self.edition)

    def yaml(self) -> str:
        """Plan as it stands, as the text of its file."""
        return en_yaml(self.edition.plan, _COMMENTAIRE)

    def enregistrer(self, chemin: str | Path) -> Path:
        """Write the plan as it stands, faults included: the commands that read it say them again.

        Raises:
            ErreurSortie: the file cannot be written.
        """
        return ecrire(Path(chemin), self.yaml())

    def _recevoir(self, _: object, message: Mapping[str, Any], __: object) -> None:
        """What the page asks: points moved, undone, done again, another storey, the text of the file."""
        genre, rang = message.get("genre"), int(message.get("n", 0))
        if genre == "yaml":
            self.send({"genre": "yaml", "texte": self.yaml()})
            return
        try:
            if genre == "deplacer":
                traces = message["elements"]
                self.edition.deplacer(
                    {int(e): [self._repere.depuis(a) for a in anneaux] for e, anneaux in traces.items()}
                )
            elif genre == "annuler":
                self.edition.annuler()
            elif genre == "retablir":
                self.edition.retablir()
            elif genre == "niveau" and message.get("niveau") in self._niveaux:
                self._niveau = int(message["niveau"])
        except (ErreurPope, TypeError, ValueError, KeyError):
            pass  # what the page sends back is what it drew: a message that is none of its own leaves the plan as it is
        self._montrer(rang)
        if self._apres is not None and genre != "niveau":
            self._apres()

    def _montrer(self, rang: int) -> None:
        """Send the state shown to the page, as the answer to its message of that rank."""
        etat = self.edition.etat
        lieu = None if self._lieu is None else replace(self._lieu, plan=etat.trace)
        with self.hold_sync():
            self.dessin = self._dessiner(rang)
            self.lecture = lire(self.edition, self._niveau, lieu)

    def _dessiner(self, rang: int) -> dict[str, Any]:
        plan, aires = self.edition.plan, self.edition.etat.aires()
        fautifs = {f.champ for f in self.edition.etat.fautes}
        numeros = numeroter(plan, self._niveau)
        dessines = [
            self._element(e, element, numeros.get(e, ""), aires.get(e), f"elements[{e + 1}]" in fautifs)
            for e, element in enumerate(plan.elements)
            if element.niveau == self._niveau or element.nature in ("cour", *_AUTOUR)
        ]
        murs = cloisons(plan.elements, self._niveau)
        return {
            "n": rang,
            "elements": dessines,
            "murs": [
                {"cotes": [list(c) for c in cotes], "sommets": [list(s) for s in points]} for cotes, points in murs
            ],
            "annulable": self.edition.annulable,
            "retablissable": self.edition.retablissable,
            "niveaux": self._niveaux,
            "niveau": self._niveau,
            "titre": plan.titre,
        }

    def _element(self, e: int, element: Element, numero: str, aire: float | None, fautif: bool) -> dict[str, Any]:
        fonction = element.fonction or ""
        fond = next((c for qui, c, _ in GROUPES.values() if fonction in qui), _FONDS.get(element.nature, "#FFFFFF"))
        nom = element.nom or element.fonction or element.nature
        return {
            "e": e,
            "nature": element.nature,
            "nom": f"{numero}. {nom}" if numero else nom,
            "numero": numero,
            "anneaux": [self._repere.vers(a) for a in (element.points, *element.trous)],
            "trait": "point" if element.nature in POINTS else "ligne" if element.nature in LIGNES else "contour",
            "fond": fond,
            "mobile": element.nature not in _AUTOUR,
            "fautif": fautif,
            "aire": aire or 0.0,
        }
