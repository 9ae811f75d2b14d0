"""Places that fit on a site, under each way to count."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date as Date
from pathlib import Path
from typing import TYPE_CHECKING

from pope_foncier.lieu.depot import depot_du_site
from pope_foncier.modele.donnee import DonneeSurface
from pope_foncier.modele.modes import mode_accueil
from pope_foncier.places.capacite_site import CapaciteSite
from pope_foncier.porte.attendu import donnee_par, verifie
from pope_foncier.porte.champs import essayer
from pope_foncier.porte.textes import Texte, en_html
from pope_foncier.socle.fiches import valider
from pope_foncier.socle.nombres import formater_nombre
from pope_foncier.socle.refus import NomsProches
from pope_foncier.socle.temps import date_en_clair, en_date
from pope_foncier.socle.trouver import trouver
from pope_foncier.vues.lieu.lieu_ouvert import Lieu
from pope_foncier.vues.lieu.tableaux import lignes_des_pieces_ecartees

if TYPE_CHECKING:
    import pandas as pd

    from pope_foncier.modele.donnee import Donnee


@donnee_par('pf.capacite("gare_saint_denis")')
@dataclass(frozen=True, repr=False)
class Capacite(NomsProches):
    """Places of a site: one row a way to count, for the low, central and high area.

    >>> import pope_foncier as pf
    >>> lieu = pf.capacite("gare_saint_denis", surface=200, cour=0)
    >>> lieu.tableau.columns.tolist()
    ['bas', 'central', 'haut']
    """

    _lieu: Lieu

    @property
    def _reponse(self) -> CapaciteSite:
        return self._lieu.capacite

    @property
    def places(self) -> float:
        """Places to keep: comfort programme, or law in the usual reading when rooms are drawn; NaN when unknown."""
        return self._lieu.places

    @property
    def tableau(self) -> pd.DataFrame:
        """Places by way of counting and reading of what is unknown."""
        import pandas as pd

        lignes = {(x.regime, x.lecture or "—"): x.solution.places for x in self._reponse.lignes}
        index = pd.MultiIndex.from_tuples(list(lignes), names=["facon_de_compter", "lecture"])
        return pd.DataFrame(list(lignes.values()), index=index, columns=["bas", "central", "haut"], dtype=float)

    def expliquer(self) -> Texte:
        """What limits each way to count, what comes behind, and the rooms drawn that do not count."""
        lignes = [f"{x.regime}, {x.lecture or '—'} : {x.phrase}" for x in self._reponse.lignes]
        return Texte("\n".join([*lignes, *lignes_des_pieces_ecartees(self._reponse)]))

    def __repr__(self) -> str:
        places = "inconnues" if math.isnan(self.places) else formater_nombre(self.places)
        return f"Capacité de {self._lieu.site.nom}, {self._lieu.mode}, au {date_en_clair(self._lieu.jour)} : places {places}"

    def _repr_html_(self) -> str:
        return en_html(repr(self), [(f"{x.regime}, {x.lecture or '—'}", x.phrase) for x in self._reponse.lignes])


@verifie
def capacite(
    site: str | Path,
    date: str | Date | None = None,
    mode: str = "multi_accueil",
    *,
    surface: float | None = None,
    cour: float | None = None,
    plan: str | Path | None = None,
) -> Capacite:
    """How many places fit on a site.

    Args:
        site: name of a site of the project, or its file.
        date: filing day; by default that of the only study of the site.
        mode: mode d'accueil.
        surface, cour: areas that you suppose [m²]; those of the sheet by default.
        plan: drawn plan, by name or file.

    Raises:
        ErreurDonnees: no such site, or an area out of its bounds.
        ErreurCalcul: no such mode; or no date, and no study or several studies of the site.

    >>> import pope_foncier as pf
    >>> pf.capacite("gare_saint_denis", "2026-12-01", surface=200)  # doctest: +ELLIPSIS
    Capacité de ..., multi_accueil, au 1er décembre 2026 : places ...
    """
    fichier, _ = trouver(site, "sites"), mode_accueil(mode)
    jour = depot_du_site(fichier)[0] if date is None else en_date(date)
    lieu = Lieu.ouvrir(fichier, mode, jour, None if plan is None else trouver(plan, "plans"))
    return Capacite(
        Lieu(lieu.site, lieu.catalogue, mode, jour, lieu.plan, _supposee(surface, "surface"), _supposee(cour, "cour"))
    )


def _supposee(valeur: float | None, nom: str) -> Donnee[float] | None:
    """Area that the user supposes, as an assumption."""
    return None if valeur is None else valider(DonneeSurface, essayer(valeur), nom)
