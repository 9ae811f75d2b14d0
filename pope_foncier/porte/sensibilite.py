"""What moves the figures of a study, as a Python user reads it: tornado, thresholds."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pope_foncier.decision.sensibilite import tornade as tornades
from pope_foncier.decision.sensibilite.bascules import Question, basculer, d_un_ratio
from pope_foncier.decision.sensibilite.entrees import entrees_en_doute
from pope_foncier.decision.sensibilite.grille import grille
from pope_foncier.decision.sensibilite.parts import POINTS, parts_du_doute
from pope_foncier.etude.moteur import moteur_du_projet
from pope_foncier.porte.attendu import verifie
from pope_foncier.porte.etude import Etude, ouvrir
from pope_foncier.socle.refus import NomsProches

if TYPE_CHECKING:
    import pandas as pd

    from pope_foncier.decision.sensibilite.tornade import Tornade
    from pope_foncier.etude.resultats import Vue
    from pope_foncier.vues.formes.figures import Figure

A_TROUVER = "a_trouver.total"
"""Figure read when none is asked for."""


@dataclass(frozen=True, repr=False)
class Sensibilite(NomsProches):
    """What moves the figures of a study, the plan being closed again each time.

    >>> import pope_foncier as pf
    >>> tornade = pf.sensibilite("gare_saint_denis").tornade("a_trouver.total")
    >>> tornade.index[0]
    'exploitation.taux_occupation'
    """

    etude: Etude

    def _tornade(self, chiffre: str, centiles: bool = False) -> Tornade:
        entrees = entrees_en_doute(self.etude.fiche, moteur_du_projet(), centiles)
        return tornades.tornade(self._ouverte(), chiffre, entrees)

    def _ouverte(self) -> Vue:
        resultat = self.etude.calculer()
        resultat._exiger_une_place()
        return resultat._ouverte

    @verifie
    def bascules(self, chiffre: str, seuil: float | None = None) -> pd.DataFrame:
        """Value of each input, alone, at which a ratio passes its threshold, or a figure the one given: NaN when it does not over its range.

        Raises:
            Inconnu: no such figure.
            ErreurCalcul: a figure without a threshold of its own, and none given.
        """
        return cadre_des_bascules(d_un_ratio(self._ouverte(), chiffre, seuil))

    @verifie
    def tornade(self, chiffre: str = A_TROUVER, centiles: bool = False) -> pd.DataFrame:
        """Each input in doubt moved alone from end to end: one row an input that moves the figure, the longest swing first.

        ``pente_bas`` and ``pente_haut`` are what the slope would tell; NaN for an input that acts by steps. ``motif_bas`` and
        ``motif_haut`` say why a figure has no value at an end. The figure of the study and its unit are in ``attrs``.

        Args:
            centiles: from the tenth to the ninetieth percentile of each law, instead of its ends.

        Raises:
            Inconnu: no such figure.
        """
        import pandas as pd

        lue = self._tornade(chiffre, centiles)
        lignes = [
            (
                b.entree.champ,
                b.entree.libelle,
                b.entree.centrale,
                b.bas.valeur,
                b.haut.valeur,
                b.entree.unite,
                *(v for bout in b.bouts for v in (bout.chiffre, bout.par_la_pente, bout.places, bout.motif)),
            )
            for b in lue.barres
        ]
        des_bouts = [f"{quoi}_{bout}" for bout in ("bas", "haut") for quoi in ("chiffre", "pente", "places", "motif")]
        colonnes = ["entree", "libelle", "etude", "bas", "haut", "unite", *des_bouts]
        cadre = pd.DataFrame(lignes, columns=colonnes).set_index("entree")
        cadre.attrs = {"chiffre": lue.code, "libelle": lue.libelle, "unite": lue.unite, "etude": lue.centrale}
        return cadre

    @verifie
    def parts(self, chiffre: str = A_TROUVER, points: int = POINTS) -> pd.DataFrame:
        """Share of the doubt of a figure that each input explains: Sobol indices, alone and in all, with half of their interval at 95 %.

        Inputs linked by a correlation are one row. How far the indices have converged is in ``attrs`` (``ecart``, ``a_converge``).

        Args:
            points: points of the sequence, a power of two.

        Raises:
            Inconnu: no such figure.
            ErreurCalcul: SALib is not installed, nothing is in doubt, or a draw has no figure.
        """
        import pandas as pd

        lues = parts_du_doute(self._ouverte(), chiffre, points)
        trouves = lues.indices.indices
        cadre = pd.DataFrame(
            [(i.premier, i.premier_pres, i.total, i.total_pres) for i in trouves],
            columns=["seule", "seule_pres", "en_tout", "en_tout_pres"],
            index=pd.Index([" + ".join(i.champs) for i in trouves], name="entree"),
        )
        cadre.attrs = {"ecart": lues.indices.ecart, "a_converge": lues.indices.a_converge}
        return cadre

    @verifie
    def grille(self, x: str, y: str, chiffre: str = A_TROUVER) -> pd.DataFrame:
        """Figure over two inputs, each over what it may be: values of ``x`` in columns, of ``y`` in rows; ``pf.croiser`` takes any values.

        Raises:
            Inconnu: no such figure.
            ErreurCalcul: twice the same input, or one without interval.
        """
        import pandas as pd

        lue = grille(self._ouverte(), x, y, chiffre)
        colonnes, lignes = (pd.Index(v, name=nom) for v, nom in ((lue.valeurs_x, x), (lue.valeurs_y, y)))
        return pd.DataFrame(lue.chiffres, index=lignes, columns=colonnes)

    @verifie
    def dessiner_la_grille(self, x: str, y: str, chiffre: str = A_TROUVER, seuil: float | None = None) -> Figure:
        """The same as a picture, with the line where the figure passes its threshold and a cross at the study."""
        from pope_foncier.porte.images import en_figure
        from pope_foncier.vues.decision.sensibilite import graphiques
        from pope_foncier.vues.formes.cellules import source_etude

        return en_figure(graphiques.grille(grille(self._ouverte(), x, y, chiffre, seuil), source_etude(self.etude.nom)))

    @verifie
    def dessiner(self, chiffre: str = A_TROUVER) -> Figure:
        """Tornado of a figure, as a picture."""
        from pope_foncier.porte.images import en_figure
        from pope_foncier.vues.decision.sensibilite import graphiques
        from pope_foncier.vues.formes.cellules import source_etude

        return en_figure(graphiques.tornade(self._tornade(chiffre), source_etude(self.etude.nom)))

    def __repr__(self) -> str:
        return f"Sensibilité de l'étude {self.etude.nom}, scénario {self.etude.scenario}"


@verifie
def sensibilite(etude: str | Path | Etude) -> Sensibilite:
    """What moves the figures of a study, by its name, its file, or open with its changes.

    >>> import pope_foncier as pf
    >>> pf.sensibilite("gare_saint_denis")
    Sensibilité de l'étude gare_saint_denis, scénario base
    """
    return Sensibilite(etude if isinstance(etude, Etude) else ouvrir(etude))


def cadre_des_bascules(question: Question) -> pd.DataFrame:
    """Thresholds of a question: one row an input, the nearest to its value in the study first."""
    import pandas as pd

    lignes = [
        (b.cle, b.entree.libelle, b.entree.centrale, b.seuils[0] if b.seuils else float("nan"), *b.aux_bouts)
        for b in basculer(question)
    ]
    colonnes = ["entree", "libelle", "etude", "seuil", "au_bout_bas", "au_bout_haut"]
    cadre = pd.DataFrame(lignes, columns=colonnes).set_index("entree")
    cadre.attrs = {
        "libelle": question.libelle,
        "unite": question.unite,
        "cible": question.cible,
        "etude": question.centrale,
    }
    return cadre
