"""Bridge on subsidies: how much cash is missing each month, what a bridge may cover, what it costs.

The interest of the bridge is paid in cash the month after, so it deepens the need; going month by month over all the
draws at once gives the settled amounts to full precision, without iterating on the whole plan.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from pope_foncier.socle.enregistrements import enregistrement
from pope_foncier.socle.grandeur import Grandeur, Tableau, maximum, total
from pope_foncier.socle.operations import Bloc, LignesDuBloc, Operation, Phrase
from pope_foncier.socle.operations_du_temps import a_venir
from pope_foncier.socle.vocabulaire import cumul


@enregistrement
class Relais:
    """Bridge of D treasuries over M months [€].

    Attributes:
        besoin: cash missing each month if nothing bridged it, (D, M).
        encours: bridge drawn at the end of each month, (D, M).
        interets: interest paid each month, (D, M).
        tresorerie: cash after the bridge, (D, M); negative where the need stays uncovered.
    """

    besoin: Tableau
    encours: Tableau
    interets: Tableau
    tresorerie: Tableau

    @property
    def taille(self) -> Tableau:
        """Size of the bridge: its highest balance, (D, 1)."""
        return np.asarray(self.encours.max(axis=-1, keepdims=True))

    @property
    def besoin_maximal(self) -> Tableau:
        """Deepest trough of the treasury, (D, 1)."""
        return np.asarray(self.besoin.max(axis=-1, keepdims=True))

    @property
    def non_couvert(self) -> Tableau:
        """Deepest need that the bridge leaves uncovered, (D, 1)."""
        return np.asarray(np.maximum(-self.tresorerie, 0.0).max(axis=-1, keepdims=True))

    @property
    def cout(self) -> Tableau:
        """Interest of the bridge, (D, 1)."""
        return np.asarray(self.interets.sum(axis=-1, keepdims=True))

    @property
    def duree_mois(self) -> Tableau:
        """Months during which the bridge is drawn, (D, 1)."""
        return np.asarray((self.encours > 0.005).sum(axis=-1, keepdims=True), dtype=np.float64)

    @property
    def deblocage(self) -> Tableau:
        """Draws by month, (D, M)."""
        return np.asarray(np.maximum(np.diff(self.encours, axis=-1, prepend=0.0), 0.0))

    @property
    def remboursement(self) -> Tableau:
        """Repayments by month, (D, M)."""
        return np.asarray(np.maximum(-np.diff(self.encours, axis=-1, prepend=0.0), 0.0))


def dimensionner(flux: Tableau, aides: Tableau, taux_avance: Tableau | float, taux: Tableau | float) -> Relais:
    """Size a bridge on the grants still to come.

    Args:
        flux: net cash flow of each month without a bridge, (D, M) [€]; opening cash goes in month 0.
        aides: payments of the notified and unconditional grants, (D, M) [€]: at the end of a month the bridge may not
            exceed ``taux_avance`` of what is still to come.
        taux_avance: share of those grants that the lender advances [fraction].
        taux: annual rate of the bridge, interest paid monthly [fraction].

    Returns:
        The bridge: drawn only when cash is missing, repaid as soon as there is cash.
    """
    flux = np.atleast_2d(flux)
    aides = np.atleast_2d(aides)
    draws = max(flux.shape[0], aides.shape[0], np.size(taux), np.size(taux_avance))
    mensuel = np.broadcast_to(np.asarray(taux, dtype=np.float64).reshape(-1) / 12.0, (draws,))
    avance = np.broadcast_to(np.asarray(taux_avance, dtype=np.float64).reshape(-1), (draws,))
    a_venir = aides.sum(axis=-1, keepdims=True) - np.cumsum(aides, axis=-1)
    plafond = np.broadcast_to(np.maximum(avance[:, None] * a_venir, 0.0), (draws, flux.shape[1]))
    colonnes = np.broadcast_to(flux, plafond.shape)
    besoin = np.maximum(-np.cumsum(colonnes, axis=-1), 0.0)
    encours, interets, caisse = (np.empty((flux.shape[1], draws)) for _ in range(3))
    utiles = _mois_utiles(colonnes, plafond, mensuel)
    if draws == 1 and utiles < flux.shape[1]:
        _un_tirage(
            colonnes[0, :utiles].tolist(), plafond[0, :utiles].tolist(), mensuel.item(), encours, interets, caisse
        )
    else:
        tire, solde = np.zeros(draws), np.zeros(draws)
        for mois, (recu, au_plus) in enumerate(zip(colonnes.T[:utiles], plafond.T[:utiles], strict=True)):
            interet = np.multiply(tire, mensuel, out=interets[mois])
            position = solde - tire + recu - interet
            tire = np.minimum(np.maximum(0.0 - position, 0.0), au_plus, out=encours[mois])
            solde = np.add(position, tire, out=caisse[mois])
    encours[utiles:], interets[utiles:], caisse[utiles:] = 0.0, 0.0, colonnes.T[utiles:]
    np.add.accumulate(caisse[utiles - 1 :], axis=0, out=caisse[utiles - 1 :])
    return Relais(besoin, *(np.ascontiguousarray(x.T) for x in (encours, interets, caisse)))


def _mois_utiles(flux: Tableau, plafond: Tableau, mensuel: Tableau) -> int:
    """Months after which no bridge is left: all, unless every number is known and the ceiling comes down to nothing before the end."""
    if np.isnan(flux).any() or np.isnan(plafond).any() or np.isnan(mensuel).any():
        return int(flux.shape[1])
    portes = np.flatnonzero((plafond > 0.0).any(axis=0))
    return min(int(portes[-1]) + 2 if portes.size else 1, int(flux.shape[1]))


def _un_tirage(
    flux: list[float], plafond: list[float], mensuel: float, encours: Tableau, interets: Tableau, caisse: Tableau
) -> None:
    """First months of the bridge of one draw, in plain numbers: the same sums as those of several draws, in the same order."""
    tire = solde = 0.0
    for mois, (recu, au_plus) in enumerate(zip(flux, plafond, strict=True)):
        interet = tire * mensuel
        position = solde - tire + recu - interet
        tire = min(max(0.0 - position, 0.0), au_plus)
        solde = position + tire
        encours[mois], interets[mois], caisse[mois] = tire, interet, solde


def tirer(taux: Tableau, avance: Tableau, aides: Tableau, solde: Tableau, duree: int) -> Relais:
    """Bridge of a study over its months, in the order of the operands of ``RELAIS``."""
    mois = np.zeros(duree)
    return dimensionner(solde + mois, aides + mois, avance, taux)


def _colonne(taux: Tableau, avance: Tableau, aides: Tableau, solde: Tableau, duree: int, nom: str) -> Tableau:
    colonne: Tableau = getattr(tirer(taux, avance, aides, solde, duree), nom)
    return colonne


@lru_cache(maxsize=2)
def _lu(taux: bytes, avance: bytes, aides: bytes, solde: bytes, duree: int) -> Relais:
    """Bridge computed once for the slopes of its four columns."""
    t, a = (np.frombuffer(x).reshape(-1, 1) for x in (taux, avance))
    versees, sans = (np.frombuffer(x).reshape(-1, duree) for x in (aides, solde))
    return tirer(t, a, versees, sans, duree)


def _pente(
    g: Tableau, y: Tableau, taux: Tableau, avance: Tableau, aides: Tableau, solde: Tableau, duree: int, nom: str
) -> tuple[Tableau | None, ...]:
    """Backwards: each month the bridge takes what cash is missing, or its ceiling, or nothing; interest deepens the next month.

    One euro more of own cash in a month is one more in all that follow, and the interest on what the bridge no longer takes.
    """
    mois = np.zeros(duree)
    aides = aides + mois
    relais = _lu(taux.tobytes(), avance.tobytes(), aides.tobytes(), (solde + mois).tobytes(), duree)
    encours, tresorerie = relais.encours.reshape(y.shape), relais.tresorerie.reshape(y.shape)
    du = aides.sum(axis=-1, keepdims=True) - np.cumsum(aides, axis=-1)
    libre, plein = (encours > 0.0) & (tresorerie == 0.0), (encours > 0.0) & (tresorerie < 0.0)
    sur_encours, sur_interets = _sur_les_colonnes(g, y, nom)
    direct = sur_encours + taux / 12.0 * _le_mois_suivant(sur_interets)
    croissance = np.flip(np.cumprod(np.flip(1.0 + taux / 12.0 * libre, axis=-1), axis=-1), axis=-1)
    sur_position = -croissance * a_venir(libre * direct / croissance)
    sur_plafond = plein * (direct - taux / 12.0 * _le_mois_suivant(sur_position))
    veille = np.concatenate([np.zeros((*encours.shape[:-1], 1)), encours[..., :-1]], axis=-1)
    return (
        ((sur_interets - sur_position) * veille).sum(axis=-1, keepdims=True) / 12.0,
        (sur_plafond * du).sum(axis=-1, keepdims=True),
        avance * (np.cumsum(sur_plafond, axis=-1) - sur_plafond),
        sur_position,
    )


def _sur_les_colonnes(g: Tableau, y: Tableau, nom: str) -> tuple[Tableau, Tableau]:
    """Slope on the balance and on the interest, from that on one column."""
    if nom == "interets":
        return np.zeros(g.shape), g
    if nom == "encours":
        return g, np.zeros(g.shape)
    bouge = g * (y > 0.0)
    return (bouge - _le_mois_suivant(bouge)) * (1.0 if nom == "deblocage" else -1.0), np.zeros(g.shape)


def _le_mois_suivant(flux: Tableau) -> Tableau:
    """Value of the month after, nothing after the last one, same shape."""
    return np.concatenate([flux[..., 1:], np.zeros((*flux.shape[:-1], 1))], axis=-1)


def _ecrire(taux: Grandeur, avance: Grandeur, aides: Grandeur, solde: Grandeur, duree: int) -> LignesDuBloc:
    """Month after month: what is missing before the draw, the draw within its ceiling, interest on the month before."""
    nul = Grandeur(np.zeros(duree), "Rien", axe="mois")
    versees = aides if aides.axe else aides + nul
    attendues = maximum(avance * (total(versees) - cumul(versees)), 0.0).nommer("Plafond du relais")
    sans = solde if solde.axe else solde + nul
    aides_du_bloc = {"plafond": attendues, "manque": maximum(0.0 - cumul(sans), 0.0).nommer("Besoin sans relais")}
    position = "{tresorerie:avant}-{encours:avant}+{3}-{interets}"
    return LignesDuBloc(
        aides_du_bloc,
        {
            "interets": "{encours:avant}*{0}/12",
            "encours": f"MIN(MAX(-({position}),0),{{plafond}})",
            "tresorerie": f"{position}+{{encours}}",
            "deblocage": "MAX({encours}-{encours:avant},0)",
            "remboursement": "MAX({encours:avant}-{encours},0)",
            "besoin": "{manque}",
        },
    )


RELAIS = Operation(
    "relais",
    _colonne,
    Phrase("relais à {}, plafonné à {} de [{}], pour couvrir [{}]"),
    Bloc(_ecrire),
    _pente,
    "mois",
    ensemble=tirer,
)
"""Bridge: one operation, four columns; operands: rate, share advanced, grants to come, cash without it."""
