"""Goal seek, as a Python user reads it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pope_foncier.decision.choisir.but import But
from pope_foncier.decision.choisir.but import viser as viser_le_but
from pope_foncier.decision.choisir.valeur_fonciere import ValeurFonciere, du_montage
from pope_foncier.decision.choisir.valeur_fonciere import valeur_fonciere as calculer_la_valeur
from pope_foncier.etude.lecteur import BOUCLE
from pope_foncier.etude.moteur import moteur_du_projet
from pope_foncier.porte.attendu import donnee_par, verifie
from pope_foncier.porte.champs import chemin_de
from pope_foncier.porte.etude import Etude
from pope_foncier.porte.textes import en_html
from pope_foncier.socle.erreurs import ErreurCalcul
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
        chiffre: code of a figure (``couverture_minimale``, ``a_trouver``, ``contribution_par_place``, a line of the ledger…), or one of the
            commune, what is to find included: ``cout_commune`` (present value), ``cout_commune_par_place`` (by year of opening, with
            the cash and the capital to find too).
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


@donnee_par("pf.valeur_fonciere(etude, cout_commune=9_000)")
@dataclass(frozen=True, repr=False)
class ValeurDuFoncier(NomsProches):
    """Highest purchase price, or rent, that a project bears; the goal seek that it comes from is in ``visee``.

    >>> import pope_foncier as pf
    >>> valeur = pf.valeur_fonciere(pf.ouvrir("gare_saint_denis"), couverture=1.1)
    >>> valeur.champ
    'titre_occupation.loyer_m2_an'
    """

    _valeur: ValeurFonciere

    @property
    def valeur(self) -> float:
        """Highest price [€] or rent [€/m²/year]; NaN when none holds, infinite when the range does not limit it."""
        return self._valeur.valeur

    @property
    def champ(self) -> str:
        """Field that holds it."""
        return self._valeur.but.plage.champ

    @property
    def visee(self) -> Visee:
        """Goal seek that it comes from."""
        return Visee(self._valeur.but)

    def __repr__(self) -> str:
        return tableaux_but.valeur_du_foncier(self._valeur)

    def _repr_html_(self) -> str:
        return en_html("Valeur du foncier", [("En clair", repr(self))])


@verifie
def valeur_fonciere(
    etude: Etude,
    *,
    a_trouver: float | None = None,
    couverture: float | None = None,
    cout_commune: float | None = None,
    montage: str | None = None,
    champ: str | None = None,
    entre: tuple[float, float] | None = None,
) -> ValeurDuFoncier:
    """Highest purchase price that the project bears, or highest rent when it does not buy, the plan being closed at each value.

    One condition is given: what nobody promised stays at most at ``a_trouver`` (0 by default), the cover of every year at least at ``couverture``,
    or what the commune pays by place and year of opening, all that is to find included (cash and capital too), at most at ``cout_commune``.

    Args:
        montage: code of another montage of the site, for instance one that buys (``pf.montages`` lists them).
        champ: another field than the price or the rent.
        entre: lowest and highest value tried.

    Raises:
        ErreurCalcul: several conditions, no price and no rent, or a montage that the site does not allow.
        Inconnu: no such montage or field.

    >>> import pope_foncier as pf
    >>> valeur = pf.valeur_fonciere(pf.ouvrir("coque_la_courneuve"), cout_commune=9_000, montage="achat_association")
    >>> valeur.champ
    'acquisition.prix'
    """
    dits = {"a_trouver": a_trouver, "couverture": couverture, "cout_commune": cout_commune}
    donnees = {nom: v for nom, v in dits.items() if v is not None} or {"a_trouver": 0.0}
    if len(donnees) > 1:
        raise ErreurCalcul(f"Valeur du foncier : une seule condition à la fois ; trouvé : {', '.join(donnees)}.")
    ((condition, cible),) = donnees.items()
    dossier = etude.dossier() if montage is None else du_montage(etude.dossier(), montage)
    chemin = None if champ is None else chemin_de(dossier.etude, champ)
    return ValeurDuFoncier(calculer_la_valeur(moteur_du_projet(), dossier, condition, cible, chemin, entre))
