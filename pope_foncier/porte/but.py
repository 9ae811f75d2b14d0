"""Goal seek, as a Python user reads it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pope_foncier.decision.choisir.but import But
from pope_foncier.decision.choisir.but import viser as viser_le_but
from pope_foncier.etude.lecteur import BOUCLE
from pope_foncier.etude.moteur import moteur_du_projet
from pope_foncier.porte.attendu import donnee_par, verifie
from pope_foncier.porte.champs import chemin_de
from pope_foncier.porte.etude import Etude
from pope_foncier.porte.textes import en_html
from pope_foncier.socle.refus import NomsProches
from pope_foncier.vues.decision.choisir import tableaux_but

if TYPE_CHECKING:
    import pandas as pd

_EVOLUTION = "evolution."


@donnee_par('pf.viser(etude, "travaux.cout_m2_ht", "a_trouver", 400_000)')
@dataclass(frozen=True, repr=False)
class Visee(NomsProches):
    """Values of a field that bring a figure to a target: all those of the range, or none.

    >>> import pope_foncier as pf
    >>> visee = pf.viser(pf.ouvrir("gare_saint_denis"), "travaux.cout_m2_ht", "a_trouver", 400_000)
    >>> len(visee.valeurs)
    1
    """

    _but: But

    @property
    def valeurs(self) -> list[float]:
        """Values that give the target, in order; those of a stretch are in ``plages``."""
        return [s.valeur for s in self._but.trouve.solutions]

    @property
    def plages(self) -> list[tuple[float, float]]:
        """Stretches of which every value gives the target."""
        return [(p.bas, p.haut) for p in self._but.trouve.plages]

    @property
    def sauts(self) -> pd.DataFrame:
        """Steps that jump over the target: values and figures just before and just after, one row each."""
        import pandas as pd

        rangs = [(s.avant, s.apres, s.chiffre_avant, s.chiffre_apres) for s in self._but.trouve.sauts]
        return pd.DataFrame(rangs, columns=["avant", "apres", "chiffre_avant", "chiffre_apres"], dtype=float)

    @property
    def cherche(self) -> tuple[float, float]:
        """Range sought."""
        return self._but.plage.bas, self._but.plage.haut

    @property
    def courbe(self) -> pd.Series[float]:
        """Figure along the range, as it was read (NaN where there is none)."""
        import pandas as pd

        trouve = self._but.trouve
        index = pd.Index(trouve.valeurs, name=self._but.plage.champ)
        return pd.Series(trouve.chiffres, index=index, name=self._but.chiffre.code)

    @property
    def tableau(self) -> pd.DataFrame:
        """Answers, steps and stretches without a figure, in numbers."""
        return tableaux_but.table(self._but).to_frame()

    def __repr__(self) -> str:
        return tableaux_but.phrase(self._but)

    def _repr_html_(self) -> str:
        return en_html(f"Viser : {self._but.plage.libelle}", [("En clair", repr(self))])


@verifie
def viser(
    etude: Etude,
    champ: str,
    chiffre: str,
    cible: float,
    entre: tuple[float, float] | None = None,
    lecture: str = BOUCLE,
) -> Visee:
    """Every value of a field that brings a figure to a target, the plan being closed at each value tried.

    Args:
        champ: number of the study, by its path or as a keyword of ``varier``; or ``evolution.<path>``.
        chiffre: code of a figure (``couverture_minimale``, ``a_trouver``, ``contribution_par_place``, a line of the ledger…).
        cible: value wanted.
        entre: lowest and highest value tried; by default the interval of the study, else what its sheet admits.
        lecture: ``boucle`` or ``tel_quel``.

    Raises:
        Inconnu: a field or a figure that the study does not have.
        ErreurDonnees: an end of the range that the study refuses.
        ErreurCalcul: a field that is no number, or a range that is none.

    >>> import pope_foncier as pf
    >>> pf.viser(pf.ouvrir("gare_saint_denis"), "programme.surface_m2", "places", 13, entre=(150, 250)).plages[0]  # doctest: +ELLIPSIS
    (201.62..., 211.74...)
    """
    chemin = champ if champ.startswith(_EVOLUTION) else chemin_de(etude.fiche, champ)
    return Visee(viser_le_but(moteur_du_projet(), etude.dossier(), chemin, chiffre, cible, entre, lecture))
