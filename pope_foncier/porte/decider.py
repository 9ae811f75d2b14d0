"""Compare who holds the walls, search a value that holds a cover, join several places in one company."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from pope_foncier.decision.montages import possibles as analyse_montages
from pope_foncier.decision.montages.comparaison import mesurer
from pope_foncier.decision.portefeuille import Ensemble, assembler, lire_portefeuille
from pope_foncier.decision.recherche import contribution_constante, dette_maximale
from pope_foncier.etude.moteur import moteur_du_projet
from pope_foncier.porte.attendu import donnee_par, verifie
from pope_foncier.porte.champs import chemin_de
from pope_foncier.porte.etude import Etude, ouvrir
from pope_foncier.porte.textes import en_html
from pope_foncier.socle.nombres import euros
from pope_foncier.socle.refus import NomsProches
from pope_foncier.socle.trouver import trouver

if TYPE_CHECKING:
    import pandas as pd

_MONTANT_DE_PRET = re.compile(r"prets\[([^\]]+)\]\.montant")
_ETATS = {"possible": "possible", "a_confirmer": "à confirmer", "impossible": "impossible"}
_MESURES = (
    "cout_complet",
    "a_trouver",
    "commune_par_place",
    "couverture",
    "caisse_manquante",
    "possede",
    "loyer_m2",
)


@verifie
def montages(etude: str | Path | Etude) -> pd.DataFrame:
    """Who may hold the walls of a place: one row a montage, its state, its reasons and its measures on the closed plan.

    Columns of euros are those of the comparison: ``cout_complet`` and ``commune_par_place`` by place and year, ``loyer_m2`` by m²
    and year; an impossible montage has no figure. A study is named, given by its file, or is an open one with its changes.

    Raises:
        ErreurDonnees: the study does not say what its owner accepts (``foncier``).

    >>> import pope_foncier as pf
    >>> comparaison = pf.montages("coque_la_courneuve")
    >>> list(comparaison.columns[:3])
    ['montage', 'etat', 'cout_complet']
    """
    import pandas as pd

    ouverte = etude if isinstance(etude, Etude) else ouvrir(etude)
    cas = analyse_montages.comparer(ouverte.dossier(), moteur_du_projet())
    foncier = ouverte.fiche.foncier
    assert foncier is not None
    rangs = {}
    for x in cas:
        mesures = None if x.evaluation is None else mesurer(x, foncier)
        chiffres = {
            nom: float(np.ravel(getattr(mesures, nom))[0]) if mesures is not None else float("nan") for nom in _MESURES
        }
        rangs[x.nom] = {"montage": x.montage.titre, "etat": _ETATS[x.etat], **chiffres, "raisons": " ".join(x.raisons)}
    cadre = pd.DataFrame.from_dict(rangs, orient="index")
    cadre.index.name = "code"
    return cadre


@verifie
def chercher(etude: Etude, champ: str, couverture: float, depuis: int | None = None) -> pd.Series[Any]:
    """Value of a field that holds the cover of the debt every year at a target, on the closed plan.

    Args:
        champ: amount of a loan (``prets[banque].montant``): the largest that holds it; any other field, a contribution for
            instance: the smallest.
        couverture: lowest cover wanted in every year.
        depuis: first calendar year that counts; that of the opening by default.

    Returns:
        What was found in words (``dit``: « trouvé », « aucun prêt », « hors d'atteinte », « inconnu »), then ``valeur`` (0 when no loan
        does, infinite when no value does, NaN when something is unknown), ``couverture`` at its lowest and its ``annee`` (NaN
        without a debt service), and what remains ``a_trouver`` [€].

    Raises:
        Inconnu: no such field.
        Indetermine: a scenario that holds no place, and why.

    >>> import pope_foncier as pf
    >>> list(pf.chercher(pf.ouvrir("gare_saint_denis"), "prets[banque].montant", couverture=1.1).index)
    ['dit', 'valeur', 'couverture', 'annee', 'a_trouver']
    """
    import pandas as pd

    chemin, moteur, dossier = chemin_de(etude.fiche, champ), moteur_du_projet(), etude.dossier()
    etude.calculer()._exiger_une_place()
    pret = _MONTANT_DE_PRET.fullmatch(chemin)
    if pret:
        trouve = dette_maximale(moteur, dossier, pret[1], couverture, etude.fiche, depuis)
    else:
        trouve = contribution_constante(moteur, dossier, chemin, couverture, etude.fiche, depuis)
    lus = {nom: getattr(trouve, nom) for nom in ("valeur", "couverture", "annee", "a_trouver")}
    return pd.Series({"dit": trouve.sans_valeur or "trouvé", **lus}, name=chemin, dtype=object)


@donnee_par('pf.portefeuille("sci_plaine_commune")')
@dataclass(frozen=True, repr=False)
class Portefeuille(NomsProches):
    """Several places held by one company; what nobody brings (`a_trouver`) is missing from its cash.

    >>> import pope_foncier as pf
    >>> sci = pf.portefeuille("sci_plaine_commune")
    >>> sci.tresorerie.index.freqstr
    'M'
    """

    nom: str
    _ensemble: Ensemble

    @property
    def lieux(self) -> list[str]:
        """Names of its places."""
        return [x.id for x in self._ensemble.lieux]

    @property
    def a_trouver(self) -> float:
        """What the equity does not cover: nobody brings it [€]."""
        return float(np.ravel(self._ensemble.a_trouver)[0])

    @property
    def tresorerie(self) -> pd.Series[float]:
        """Common cash at the end of each month [€]."""
        return self._serie(self._ensemble.caisse, "tresorerie")

    @property
    def reserve(self) -> pd.Series[float]:
        """Reserve that the rule of the company asks for at the end of each month [€]."""
        return self._serie(self._ensemble.reserve, "reserve")

    @cached_property
    def bilan(self) -> pd.DataFrame:
        """Balance sheet at the end of each year from the start, one column a year [€]."""
        import pandas as pd

        lu = self._ensemble.bilan()
        cotes = {"actif": lu.actif, "passif": lu.passif}
        rangs = {(cote, poste): np.ravel(v) for cote, postes in cotes.items() for poste, v in postes.items()}
        index = pd.MultiIndex.from_tuples(list(rangs), names=["cote", "poste"])
        valeurs = np.stack(list(rangs.values()))
        return pd.DataFrame(valeurs, index=index, columns=pd.RangeIndex(1, valeurs.shape[1] + 1, name="annee"))

    def _serie(self, valeurs: np.ndarray, nom: str) -> pd.Series[float]:
        import pandas as pd

        mois = pd.period_range(pd.Period(self._ensemble.depart, "M"), periods=self._ensemble.duree, name="mois")
        return pd.Series(np.broadcast_to(np.ravel(valeurs), (len(mois),)).astype(float), index=mois, name=nom)

    def __repr__(self) -> str:
        return f"Portefeuille {self._ensemble.fiche.titre} : {', '.join(self.lieux)}, à trouver {euros(self.a_trouver)}"

    def _repr_html_(self) -> str:
        return en_html(
            self._ensemble.fiche.titre, [("Lieux", ", ".join(self.lieux)), ("À trouver", euros(self.a_trouver))]
        )


@verifie
def portefeuille(fichier: str | Path) -> Portefeuille:
    """Join several places in one company, by the name of a portfolio of the project or by its file.

    Raises:
        ErreurDonnees: no such portfolio, or its faults.

    >>> import pope_foncier as pf
    >>> len(pf.portefeuille("sci_plaine_commune").lieux)
    2
    """
    chemin = trouver(fichier, "portefeuilles")
    return Portefeuille(chemin.stem, assembler(lire_portefeuille(chemin), moteur_du_projet()))
