"""Draws: sums over the months taken through sums and products, so that most monthly arrays of rows are never made.

Over draws, a line of months is most often a product: figures of a draw, one or one a year, by a profile of months that no draw moves
(``heures facturées de l'année × mois ouverts``). Its sum over a year is then the yearly figure times the sum of the profile; the sum of
several lines is the sum of theirs. The operations of a programme are rewritten so: arrays of (draws × months) are left to what reads each
month (a balance, the lowest cash). The same values, to the last digits.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np

from pope_foncier.socle import operations_de_calcul as calcul
from pope_foncier.socle import operations_du_temps as temps
from pope_foncier.socle.mois_de_tirages import Plan, assembler, cumul_par_tranches, etendue
from pope_foncier.socle.operations import OPERATIONS, Tableau
from pope_foncier.socle.programme import CheminRompu, Pas, Programme, resultat
from pope_foncier.socle.temps import Echelle


class Produit(NamedTuple):
    """Months that are a product, by the cells of its terms.

    Attributes:
        rangees: figures of a draw, one or one a year.
        profil: months, or numbers, that no draw moves.
    """

    rangees: tuple[int, ...]
    profil: tuple[int, ...]


class Somme(NamedTuple):
    """Months that are a sum, or a difference, of others.

    Attributes:
        calcul: of the terms, whether months or years.
        termes: cells.
        par_les_termes: whether the months themselves are made from those of the terms, rather than by the operation recorded.
    """

    calcul: Callable[..., Any]
    termes: tuple[int, ...]
    par_les_termes: bool


def factoriser(programme: Programme, pas: Sequence[Pas], bouges: int, tires: int, voulues: Iterable[int]) -> list[Pas]:
    """Operations that give the same cells with fewer arrays of months.

    Args:
        programme: where they come from; it gains cells.
        pas: operations, in order.
        bouges: inputs that differ from those recorded, one bit each.
        tires: those that differ from draw to draw.
        voulues: cells that are read afterwards.
    """
    echelles = {p.parametres[0] for p in pas if p.calcul in (temps.PAR_ANNEE.valeur, temps.VERS_MOIS.valeur)}
    if len(echelles) != 1:
        return list(pas)
    return _Factorisation(programme, pas, bouges, tires, echelles.pop()).faire(voulues)


_QUI_ATTENDENT = (
    *(o.valeur for o in (calcul.PLUS, calcul.MOINS, calcul.FOIS, calcul.EGAL)),
    *(o.valeur for o in (temps.VERS_MOIS, temps.ETALER, temps.AU_RYTHME, temps.AU_MOIS)),
    resultat,
)


class _Factorisation:
    """Rewriting of some operations, in order: a product or a sum waits until its months, or its years, are read."""

    def __init__(self, programme: Programme, pas: Sequence[Pas], bouges: int, tires: int, echelle: Echelle) -> None:
        self._programme, self._pas, self._bouges, self._tires, self._echelle = programme, pas, bouges, tires, echelle
        self._lectures = self._lectures_de_mois()
        self._formes: dict[int, Produit | Somme] = {}
        self._recus = {p.ecrite: p for p in pas}
        self._faits: list[Pas] = []
        self._mensuels: set[int] = set()
        """Cells whose months are made."""
        self._annuels: dict[int, int] = {}
        self._poses: dict[tuple[Any, ...], int] = {}
        self._vus: dict[bytes, int] = {}
        self._un = programme.constante(np.ones(echelle.duree_mois))
        self._euro = programme.constante(np.ones(1))
        self._facteurs = {o.ensemble: o.facteur for o in OPERATIONS.values() if o.facteur is not None}

    def _lectures_de_mois(self) -> Counter[int]:
        """How many operations read the months of a cell; one that may wait reads them when its own are read."""
        lectures: Counter[int] = Counter()
        for p in reversed(self._pas):
            attend = p.calcul in _QUI_ATTENDENT and self._est_de_mois(p.ecrite) and not lectures[p.ecrite]
            if not attend and p.calcul not in (temps.PAR_ANNEE.valeur, temps.TOTAL.valeur):
                lectures.update(p.lues)
        return lectures

    def faire(self, voulues: Iterable[int]) -> list[Pas]:
        """All the operations, those of products and sums where they are read."""
        for p in self._pas:
            forme = self._forme(p) if self._est_de_mois(p.ecrite) else None
            if forme is not None:
                self._formes[p.ecrite] = forme
            elif p.calcul is temps.PAR_ANNEE.valeur and self._est_de_mois(p.lues[0]):
                self._prendre(p, self._par_annee(p.lues[0]))
            elif p.calcul is resultat and (un := self._pour_un(p)) is not None and not un.rangees:
                self._prendre(p, un.profil[0])
            elif p.calcul is temps.TOTAL.valeur and p.lues[0] in self._formes:
                self._faire(p, (self._par_annee(p.lues[0]),))
            else:
                par_tranches = p.calcul is temps.CUMUL.valeur and self._est_de_mois(p.ecrite)
                q = p._replace(calcul=cumul_par_tranches) if par_tranches else p
                self._faire(q, [self._par_mois(rang) for rang in p.lues])
        for rang in voulues:
            self._par_mois(rang)
        return self._faits

    # --- forms ------------------------------------------------------------------------------------------------
    def _forme(self, p: Pas) -> Produit | Somme | None:
        """Product or sum that an operation is, if it is one."""
        if p.calcul is temps.VERS_MOIS.valeur:
            return Produit(p.lues, ())
        if p.calcul is calcul.FOIS.valeur:
            return self._fois(*p.lues)
        if p.calcul in (calcul.PLUS.valeur, calcul.MOINS.valeur, calcul.EGAL.valeur):
            pleins = sum(self._termes(rang) is None for rang in p.lues)
            return Somme(p.calcul, p.lues, par_les_termes=True) if 2 * pleins <= len(p.lues) else None
        if p.calcul is resultat:
            return self._pour_un(p)
        if p.calcul in (temps.ETALER.valeur, temps.AU_RYTHME.valeur):
            return self._reparti(p, 0)
        if p.calcul is temps.AU_MOIS.valeur and not np.isnan(self._programme.valeur(p.lues[1])).any():
            return self._reparti(p, 1)
        return None

    def _termes(self, rang: int) -> Produit | Somme | None:
        """Form of an operand; None for months of which nothing more is known."""
        if rang in self._formes:
            return self._formes[rang]
        if self._fixe(rang):
            return Produit((), (self._pareil(rang),))
        return Produit((rang,), ()) if self._longueur(rang) == 1 else None

    def _fois(self, *lues: int) -> Produit | Somme | None:
        a, b = (self._termes(rang) for rang in lues)
        if isinstance(a, Produit) and isinstance(b, Produit):
            return Produit(tuple(sorted(a.rangees + b.rangees)), tuple(sorted(a.profil + b.profil)))
        for somme, autre, rang in ((a, b, lues[1]), (b, a, lues[0])):
            if isinstance(somme, Somme) and isinstance(autre, Produit) and not autre.rangees:
                termes = tuple(self._multiple(t, self._pareil(rang)) for t in somme.termes)
                produits = all(isinstance(self._termes(t), Produit) for t in termes)
                self._lectures.update(termes)
                return Somme(somme.calcul, termes, par_les_termes=produits or self._est_court(rang))
        return None

    def _multiple(self, terme: int, par: int) -> int:
        """Cell of a term of a sum times months that no draw moves."""
        cle = (calcul.FOIS.valeur, (terme, par))
        if cle not in self._poses:
            if self._fixe(terme):
                return self._poser(*cle, ())
            depend = self._programme.depend(terme) | self._programme.depend(par)
            rang = self._poses[cle] = self._programme.cellule(depend, self._echelle.duree_mois)
            self._recus[rang] = Pas.de(*cle, (), rang, depend)
            forme = self._fois(terme, par)
            if forme is None:
                self._faire(self._recus[rang], (self._par_mois(terme), par))
            else:
                self._formes[rang] = forme
        return self._poses[cle]

    def _reparti(self, p: Pas, montant: int) -> Produit | None:
        """Amount of a draw spread over months that no draw moves."""
        reste = [rang for i, rang in enumerate(p.lues) if i != montant]
        if self._longueur(p.lues[montant]) != 1 or not all(self._fixe(rang) for rang in reste):
            return None
        lues = tuple(self._euro if i == montant else r for i, r in enumerate(p.lues))
        pose = p.lues[montant]
        if montant:
            pose = self._poser(_connu, (pose,), ())
        return Produit((pose,), (self._poser(p.calcul, lues, p.parametres),))

    def _est_de_mois(self, rang: int) -> bool:
        """Whether a cell holds months that differ from draw to draw."""
        return self._longueur(rang) == self._echelle.duree_mois and not self._fixe(rang)

    def _pour_un(self, p: Pas) -> Produit | None:
        """One of several results, from that of one euro: a multiple of the amount, or what the amount does not change."""
        ensemble = self._recus.get(p.lues[0])
        dire = None if ensemble is None else self._facteurs.get(ensemble.calcul)
        if ensemble is None or dire is None:
            return None
        facteur = dire(*ensemble.parametres, *p.parametres)
        if facteur is None or not all(self._fixe(rang) for i, rang in enumerate(ensemble.lues) if i != facteur.rang):
            return None
        lues = tuple(self._euro if i == facteur.rang else r for i, r in enumerate(ensemble.lues))
        un = self._poser(ensemble.calcul, lues, ensemble.parametres)
        lu = self._poser(resultat, (un,), p.parametres, self._longueur(p.ecrite))
        return Produit((ensemble.lues[facteur.rang],) if facteur.multiple else (), (lu,))

    def _pareil(self, rang: int) -> int:
        """First cell of the same months, when nothing moves them."""
        if self._bouge(rang):
            return rang
        return self._vus.setdefault(np.asarray(self._programme.valeur(rang)).tobytes(), rang)

    def _est_court(self, rang: int) -> bool:
        """Whether months that nothing moves are zero but for a short time."""
        if self._bouge(rang) or self._longueur(rang) == 1:
            return False
        debut, fin = etendue(np.asarray(self._programme.valeur(rang)))
        return 4 * (fin - debut) <= self._echelle.duree_mois

    def _bouge(self, rang: int) -> bool:
        return bool(self._programme.depend(rang) & self._bouges)

    def _fixe(self, rang: int) -> bool:
        return not self._programme.depend(rang) & self._tires

    def _longueur(self, rang: int) -> int:
        return self._programme.longueur(rang)

    # --- operations written -----------------------------------------------------------------------------------
    def _faire(self, p: Pas, lues: Sequence[int]) -> None:
        self._faits.append(Pas.de(p.calcul, tuple(lues), p.parametres, p.ecrite, p.depend))

    def _prendre(self, p: Pas, rang: int) -> None:
        """Write that a cell is another."""
        self._faire(p._replace(calcul=calcul.EGAL.valeur, parametres=()), (rang,))

    def _poser(
        self, fonction: Callable[..., Any], lues: tuple[int, ...], parametres: tuple[Any, ...], longueur: int = 0
    ) -> int:
        """Cell of one more operation, written once; its value when nothing moves it."""
        cle = (fonction, lues, *map(id, parametres))
        if cle not in self._poses:
            depend = 0
            for rang in lues:
                depend |= self._programme.depend(rang)
            if depend & self._bouges:
                rang = self._programme.cellule(depend, longueur or max(self._longueur(rang) for rang in lues))
                self._faits.append(Pas.de(fonction, lues, parametres, rang, depend))
            else:
                rang = self._programme.constante(fonction(*map(self._programme.valeur, lues), *parametres))
            self._poses[cle] = rang
        return self._poses[cle]

    def _produit(self, rangs: Sequence[int]) -> int:
        """Cell of a product."""
        produit = rangs[0]
        for rang in rangs[1:]:
            produit = self._poser(calcul.FOIS.valeur, (produit, rang), ())
        return produit

    def _profil(self, rangs: Sequence[int]) -> int:
        """Cell of a profile: all the months."""
        sans = all(self._longueur(rang) == 1 for rang in rangs)
        return self._produit((self._un, *rangs) if sans else rangs)

    def _par_annee(self, rang: int) -> int:
        """Cell of the sums by year of some months."""
        if rang not in self._annuels:
            forme = self._termes(rang)
            if isinstance(forme, Somme):
                annuel = self._poser(forme.calcul, tuple(self._par_annee(t) for t in forme.termes), ())
            elif forme is None:
                annuel = self._annee(self._par_mois(rang))
            else:
                annuel = self._annee(self._profil(forme.profil))
                if forme.rangees:
                    annuel = self._produit((self._produit(forme.rangees), annuel))
            self._annuels[rang] = annuel
        return self._annuels[rang]

    def _annee(self, mois: int) -> int:
        return self._poser(temps.PAR_ANNEE.valeur, (mois,), (self._echelle,), len(self._echelle.annees))

    def _par_mois(self, rang: int) -> int:
        """Cell of the months themselves, once written."""
        forme = self._formes.get(rang)
        if forme is None or rang in self._mensuels:
            return rang
        self._mensuels.add(rang)
        recu = self._recus[rang]
        if isinstance(forme, Somme) and not forme.par_les_termes:
            self._faire(recu, [self._par_mois(r) for r in recu.lues])
        else:
            self._assembler(recu)
        return rang

    def _assembler(self, recu: Pas) -> None:
        """Write months as a sum: whole arrays, months that no draw moves, then products, those of a same profile together."""
        entiers: dict[int, list[int]] = {1: [], -1: []}
        fixes: dict[int, list[int]] = {1: [], -1: []}
        produits: dict[tuple[int, ...], dict[int, list[int]]] = {}
        for signe, rang in self._feuilles(recu.ecrite):
            forme = self._termes(rang)
            if isinstance(forme, Produit) and forme.rangees:
                produits.setdefault(forme.profil, {1: [], -1: []})[signe].append(self._produit(forme.rangees))
            elif isinstance(forme, Produit):
                fixes[signe].append(rang)
            else:
                entiers[signe].append(self._par_mois(rang))
        lues = [*entiers[1], *entiers[-1]]
        if any(fixes.values()):
            lues.append(self._poser(calcul.FOIS.valeur, (self._un, self._solde(fixes)), ()))
        ou = []
        for rangs, signes in produits.items():
            profil = self._profil(rangs)
            lues += [self._solde(signes), profil]
            ou.append(None if self._bouge(profil) else etendue(self._programme.valeur(profil)))
        plan = Plan(len(entiers[1]), len(entiers[-1]), any(fixes.values()), tuple(ou), self._echelle)
        self._faits.append(Pas.de(assembler, tuple(lues), (plan,), recu.ecrite, recu.depend))

    def _feuilles(self, rang: int) -> list[tuple[int, int]]:
        """Terms of some months with their signs, those of a sum that nothing else reads in its place."""
        feuilles, pile = [], [(1, rang)]
        while pile:
            signe, r = pile.pop()
            forme = self._formes.get(r)
            if isinstance(forme, Somme) and forme.par_les_termes and (r == rang or self._lectures[r] == 1):
                moins = forme.calcul is calcul.MOINS.valeur
                pile += [(-signe if moins and i else signe, t) for i, t in enumerate(forme.termes)]
            else:
                feuilles.append((signe, r))
        return feuilles

    def _solde(self, signes: dict[int, list[int]]) -> int:
        """Cell of a sum less another."""
        plus, moins = (self._poser(calcul.PLUS.valeur, tuple(s), ()) if s else None for s in (signes[1], signes[-1]))
        if plus is None:
            assert moins is not None
            return self._poser(np.negative, (moins,), ())
        return plus if moins is None else self._poser(calcul.MOINS.valeur, (plus, moins), ())


def _connu(montant: Tableau) -> Tableau:
    """Amount that is known: times a profile, an unknown would spread to the months without payment."""
    if np.isnan(montant).any():
        raise CheminRompu("Un montant versé à une date est inconnu dans un tirage.")
    return montant
