"""Slopes of one figure of a result, as a Python user reads them: effect of each input, weight, next steps."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from pope_foncier.etude.bouclage import boucler
from pope_foncier.etude.evaluation import Evaluation
from pope_foncier.etude.inconnues import au_milieu, inconnues, milieux
from pope_foncier.etude.lecteur import BOUCLE, Lecteur, Lecture
from pope_foncier.etude.pentes import Effet, effets
from pope_foncier.etude.poids import OUI_OU_NON, Poids, peser
from pope_foncier.etude.prochaines_marches import Marches, chercher
from pope_foncier.etude.rangees import lire_rangees
from pope_foncier.etude.resultats import Vue
from pope_foncier.etude.voies import Voie, voies
from pope_foncier.porte.refus import Indetermine
from pope_foncier.socle.grandeur import Grandeur, Tableau
from pope_foncier.socle.nombres import formater
from pope_foncier.socle.pentes import Sortie, rangee
from pope_foncier.vues.etude.tableaux_pentes import en_mots, voie_en_mots

if TYPE_CHECKING:
    import pandas as pd

_QUI_COMPTENT = 3
"""Inputs that an explanation names."""
_RIEN = 1e-9
"""Share of a figure under which a weight is rounding."""


class Pentes:
    """Slopes of one figure, under one reading of the plan.

    Args:
        ouverte: scenario, on the plan as it stands.
        code: full code of the figure.
        rang: month (and calendar year) to read; without it, the total of a flow or the last balance of a stock.
        milieux: unknown inputs that the scenario holds at the middle of their interval.
    """

    def __init__(
        self,
        ouverte: Vue,
        lecture: Lecture,
        code: str,
        rang: tuple[int, int] | None = None,
        milieux: Mapping[str, float] | None = None,
    ) -> None:
        self._ouverte = ouverte
        self._milieux = dict(milieux or {})
        self._lecture = lecture
        self._code = code
        self._rang = rang

    @classmethod
    def de(cls, ouverte: Vue, lecture: Lecture, code: str, rang: tuple[int, int] | None = None) -> Pentes:
        """Slopes of a figure; when it is unknown, those where each unknown input is at the middle of its interval.

        Raises:
            Indetermine: an unknown input without interval, or a figure that has no value.
        """
        pentes = cls(ouverte, lecture, code, rang)
        if pentes.est_connue:
            return pentes
        champs, manques = inconnues(pentes._lecteur.ev, pentes.grandeur, ouverte.rang)
        valeurs = milieux(ouverte, champs)
        if champs and len(valeurs) == len(champs):
            pentes = cls(au_milieu(ouverte, valeurs), lecture, code, rang, valeurs)
            if pentes.est_connue:
                return pentes
        motif = f"il manque {' ; '.join(manques)}" if manques else "rien à rapporter"
        raise Indetermine(
            f"« {code} » est inconnu, donc sans pente : {motif}. Donner une valeur à ce qui manque, ou un « intervalle » dont le "
            "milieu sera lu."
        )

    @property
    def est_connue(self) -> bool:
        """Whether the figure has a value."""
        return bool(np.isfinite(self._valeur))

    @property
    def _valeur(self) -> float:
        """Value of the figure; NaN when a month that it reads is unknown."""
        lue, poids = rangee(self.grandeur.valeur, self._ouverte.rang), self._sortie.poids
        return float((lue * poids)[poids != 0.0].sum())

    @cached_property
    def _lecteur(self) -> Lecteur:
        return Lecteur(self._ouverte.bouclee.ev if self._lecture == BOUCLE else self._ouverte.ev)

    @property
    def _sortie(self) -> Sortie[Grandeur]:
        return self._lecteur.sortie(self._code, self._rang)

    @property
    def grandeur(self) -> Grandeur:
        """Quantity of the figure."""
        return self._sortie.grandeur

    @cached_property
    def effets(self) -> list[Effet]:
        """Effect of every input; none when the figure is unknown."""
        return effets(self._lecteur.ev, [self._sortie], self._ouverte.rang)[0]

    @cached_property
    def poids(self) -> list[Poids]:
        """Weight of the inputs of the study and of its paths, the heaviest first."""
        return peser(self._ouverte, [e for e in self.effets if e.genre != "bareme"], self._lire)

    @cached_property
    def poids_des_baremes(self) -> list[Poids]:
        """Weight of what the law sets, the heaviest first."""
        return peser(self._ouverte, [e for e in self.effets if e.genre == "bareme"], self._lire)

    @cached_property
    def voies(self) -> dict[str, Voie]:
        """Line of the plan by which each input moves most what is to find, by field; none for another figure, or for one month of it."""
        return voies(self._lecteur.ev, self._code, self.effets, self._ouverte.rang) if self._rang is None else {}

    @cached_property
    def marches(self) -> dict[str, Marches]:
        """Next steps of the inputs of the study that act by steps, by field."""
        return chercher(self._ouverte, [e for e in self.effets if e.par_marches], self._lire)

    def _lire(self, ev: Evaluation) -> Tableau:
        """Figure of an evaluation on the plan as it stands, one value a row."""
        if self._rang is None:
            return lire_rangees(ev, [self._code], self._lecture)[self._code]
        lecteur = Lecteur(boucler(ev) if self._lecture == BOUCLE else ev)
        grandeur, poids = lecteur.sortie(self._code, self._rang)
        return np.ravel((grandeur.valeur * poids).sum(axis=-1))

    # --- shown ------------------------------------------------------------------------------------------------
    def cadre(self, baremes: bool) -> pd.DataFrame:
        """One row an input, the heaviest first."""
        import pandas as pd

        lignes = [
            (
                p.effet.champ,
                p.effet.libelle,
                p.effet.valeur,
                p.effet.unite,
                p.effet.une_unite if _est_dite(p) else np.nan,
                p.effet.un_pour_cent if _est_dite(p) and p.selon != OUI_OU_NON else np.nan,
                p.montant,
                p.selon,
                en_mots(p, self.marches.get(p.effet.champ), self.grandeur.unite),
                voie_en_mots(self.voies.get(p.effet.champ) if _est_dite(p) else None, self.grandeur.unite),
            )
            for p in self._qui_pesent(baremes)
        ]
        colonnes = [
            "entree",
            "libelle",
            "valeur",
            "unite",
            "effet_unite",
            "effet_1pc",
            "poids",
            "selon",
            "marche",
            "par",
        ]
        cadre = pd.DataFrame(lignes, columns=colonnes).set_index("entree")
        cadre.attrs = {"chiffre": self._code, "libelle": self.grandeur.nom, "unite": self.grandeur.unite}
        if self._milieux:
            cadre.attrs["au_milieu"] = self._milieux
        if baremes:
            cadre.attrs["baremes"] = True
        return cadre

    def _qui_pesent(self, baremes: bool) -> list[Poids]:
        """Inputs that move the figure, beyond rounding; a weight that nobody knows is no proof that it does not."""
        seuil = _RIEN * max(abs(self._valeur), 1.0)
        return [p for p in (self.poids_des_baremes if baremes else self.poids) if not p.montant <= seuil]

    def ce_qui_compte(self) -> str:
        """The heaviest inputs in one sentence; nothing when the figure is unknown or nothing moves it."""
        lourds = [p for p in self.poids if p.montant > 0][:_QUI_COMPTENT]
        unite = self.grandeur.unite
        dits = [f"{p.effet.libelle} (± {formater(p.montant, unite)}, {p.selon})" for p in lourds]
        return f"Ce qui compte le plus : {' ; '.join(dits)}." if dits else ""


def _est_dite(poids: Poids) -> bool:
    """Whether one more unit of an input, the others as they are, has an effect to tell."""
    return poids.effet.est_lisse and not poids.liee


class PentesDUnResultat:
    """Slopes of the figures of a result, each computed once."""

    def __init__(self, ouverte: Vue, lecture: Lecture) -> None:
        self._ouverte, self._lecture = ouverte, lecture
        self._lues: dict[tuple[str, int | None], Pentes] = {}

    def de(self, code: str, rang: int | None = None) -> Pentes:
        """Slopes of a figure by its full code: at a month, else of its total or of its last balance."""
        if (code, rang) not in self._lues:
            lu = None if rang is None else (rang, int(self._ouverte.ev.ctx.echelle.rang_annee[rang]))
            self._lues[code, rang] = Pentes.de(self._ouverte, self._lecture, code, lu)
        return self._lues[code, rang]

    def ce_qui_compte(self, code: str, rang: int | None = None) -> str:
        """What counts most in a figure; nothing when it is unknown."""
        try:
            return self.de(code, rang).ce_qui_compte()
        except Indetermine:
            return ""
