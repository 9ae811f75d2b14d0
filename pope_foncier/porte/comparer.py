"""Compare: two studies in words; sites, modes, montages and closings side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pope_foncier.decision.comparer.difference import Difference as Ecarts
from pope_foncier.decision.comparer.difference import differencier
from pope_foncier.porte.attendu import donnee_par, verifie
from pope_foncier.porte.etude import Etude
from pope_foncier.socle.refus import NomsProches
from pope_foncier.vues.decision.comparer import mots
from pope_foncier.vues.formes.page import STYLE_CARNET, tableau

if TYPE_CHECKING:
    import pandas as pd


@donnee_par('pf.difference(pf.ouvrir("gare_saint_denis"), pf.ouvrir("gare_saint_denis").avec_blocs("travaux_plus_15"))')
@dataclass(frozen=True, repr=False)
class Difference(NomsProches):
    """Difference of two studies: printed, it is a sentence; its tables hold the numbers.

    >>> import pope_foncier as pf
    >>> etude = pf.ouvrir("gare_saint_denis")
    >>> pf.difference(etude, etude).phrase
    'Aucune entrée ne change : aucun chiffre ne bouge.'
    """

    _ecarts: Ecarts
    _nom: str = ""

    @property
    def phrase(self) -> str:
        """Difference in one sentence."""
        return mots.phrase(self._ecarts, self._nom)

    @property
    def entrees(self) -> pd.DataFrame:
        """Inputs that differ, by path: label, unit, value before and after (NaN when it is no known number, or a choice)."""
        import pandas as pd

        rangs = []
        for e in self._ecarts.entrees:
            avant, apres = e.nombres or (float("nan"), float("nan"))
            rangs.append((e.champ, e.libelle, e.unite, avant, apres, mots.dire_l_entree(e)))
        return pd.DataFrame(rangs, columns=["champ", "libelle", "unite", "avant", "apres", "dit"]).set_index("champ")

    @property
    def effets(self) -> pd.DataFrame:
        """Figures of the closed plan that differ, by code: value before, after and change; NaN says why in ``dit``."""
        import pandas as pd

        rangs = [
            (e.code, e.etage, e.libelle, e.unite, e.avant, e.apres, e.ecart, e.franchit, mots.dire_l_effet(e))
            for e in self._ecarts.effets
        ]
        colonnes = ["code", "etage", "libelle", "unite", "avant", "apres", "ecart", "franchit_un_seuil", "dit"]
        return pd.DataFrame(rangs, columns=colonnes).set_index("code")

    def __repr__(self) -> str:
        return self.phrase

    def _repr_html_(self) -> str:
        return f'{STYLE_CARNET}<div class="pf">{tableau(mots.table(self._ecarts), titre="caption", repete=False)}</div>'


@verifie
def difference(avant: Etude, apres: Etude) -> Difference:
    """What separates two studies, or two scenarios of one, on their closed plans: inputs, then figures, thresholds crossed.

    >>> import pope_foncier as pf
    >>> etude = pf.ouvrir("gare_saint_denis")
    >>> lue = pf.difference(etude, etude.avec_blocs("travaux_plus_15"))
    >>> lue.effets.loc["besoins.travaux_ht", ["avant", "apres"]].round().tolist()
    [524748.0, 603460.0]
    """
    titres = [_titre(e) for e in (avant, apres)]
    nom = ""
    if avant.scenario == apres.scenario and apres.retouches[: len(avant.retouches)] == avant.retouches:
        nom = " ; ".join(apres.retouches[len(avant.retouches) :])
    vues = [e.calculer()._ouverte for e in (avant, apres)]
    return Difference(differencier(vues[0], vues[1], (titres[0], titres[1])), nom)


def _titre(etude: Etude) -> str:
    """Title of the scenario, and the changes made since."""
    return " ; ".join((etude._dossier.titre(etude.scenario), *etude.retouches))
