"""A recorded plan run on blocks of draws: what does not depend on the closers once, the rest at each round of the closing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from pope_foncier.etude.enregistrement import Enregistrement, Lues, tient
from pope_foncier.socle.factorise import factoriser
from pope_foncier.socle.grandeur import Tableau
from pope_foncier.socle.programme import CheminRompu, Etape, Pas, Programme, derouler, en_etapes, parcourir, utiles


class PlanTire:
    """Runs of a recorded plan.

    Args:
        enregistre: plan as it stands, or closed.
        fixes: inputs that differ from those recorded, and are not drawn, by field.
        tires: fields drawn.
        lues: figures wanted of it, of shape (…, 1) each.
        nombreux: whether the rows are many enough to pay for the rewriting of their months (``socle.factorise``), and for letting go of what is read.
    """

    def __init__(
        self,
        enregistre: Enregistrement,
        fixes: Mapping[str, Tableau],
        tires: Iterable[str],
        lues: Lues,
        nombreux: bool = True,
    ) -> None:
        self.enregistre, self.fixes = enregistre, fixes
        lus = {champ: enregistre.entree(champ) for champ in (*fixes, *tires) if enregistre.lit(champ)}
        bouclage = enregistre.ev.ctx.bouclage
        programme = self.programme = Programme((), [*lus.values(), *bouclage.values()])
        self.sorties = {nom: programme.ajouter(g) for nom, g in lues.grandeurs.items()}
        self.parts = {cle: programme.ajouter(g) for cle, g in enregistre.ev.parts.items()}
        self.entrees = {champ: programme.ajouter(g) for champ, g in lus.items()}
        self.montants = {cle: programme.ajouter(g) for cle, g in bouclage.items()}
        decides = ((programme.ajouter(c.condition), c.trouve) for c in lues.aiguillages)
        self.aiguillages = {rang: trouve for rang, trouve in decides if programme.depend(rang)}
        aiguillages, bouges = frozenset(self.aiguillages), programme.bits(self.entrees.values())
        apportes = programme.bits(self.montants.values())
        voulues = frozenset(self.sorties.values()) | frozenset(self.parts.values()) | aiguillages
        pas = [*programme.aval(bouges | apportes)]
        if nombreux:
            varient = programme.bits(r for c, r in self.entrees.items() if c not in fixes) | apportes
            pas = factoriser(programme, pas, bouges | apportes, varient, voulues)
        debut, ensuite = [p for p in pas if not p.depend & apportes], [p for p in pas if p.depend & apportes]
        tour = utiles(ensuite, frozenset(self.parts.values()) | aiguillages)
        faits = {p.ecrite for p in tour}
        blocs: tuple[Sequence[Pas], ...] = (debut, tour, [p for p in ensuite if p.ecrite not in faits])
        self.debut: Sequence[Any]
        self.tour: Sequence[Any]
        self.fin: Sequence[Any]
        self.debut, self.tour, self.fin = self._liberer(blocs, voulues) if nombreux else blocs
        self.jouer: Callable[[Iterable[Any], list[Any]], None] = parcourir if nombreux else derouler

    def _liberer(self, blocs: Sequence[Sequence[Pas]], voulues: frozenset[int]) -> tuple[Sequence[Etape], ...]:
        """The three blocks, each cell let go after the last operation of the last block that reads it."""
        debut, tour, fin = blocs
        a_la_fin = en_etapes(fin, frozenset(self.sorties.values()))
        gardees = voulues | self.programme.lues_par(a_la_fin)
        du_tour = en_etapes(tour, gardees)
        return en_etapes(debut, gardees | self.programme.lues_par(du_tour)), du_tour, a_la_fin

    def lancer(self, tirages: Mapping[str, Tableau]) -> Essai:
        """Start a block.

        Raises:
            CheminRompu: the recorded path does not hold.
        """
        essai = Essai(self, tirages)
        if not self.montants:
            essai.tenir()
        return essai


class Essai:
    """One block of draws under a recorded plan."""

    def __init__(self, plan: PlanTire, tirages: Mapping[str, Tableau]) -> None:
        self._plan = plan
        self.valeurs: list[Any] = plan.programme.valeurs()
        for champ, rang in plan.entrees.items():
            fixe = plan.fixes.get(champ)
            self.valeurs[rang] = plan.enregistre.tirer(champ, tirages[champ]) if fixe is None else fixe
        plan.jouer(plan.debut, self.valeurs)

    def partager(self, montants: Mapping[str, Tableau] | None = None) -> dict[str, Tableau]:
        """What the gap gives to each closer under some amounts, shape (…, 1) each [€]; under those recorded, by default.

        Raises:
            CheminRompu: the recorded path does not hold.
        """
        for cle, rang in self._plan.montants.items():
            self.valeurs[rang] = self._plan.programme.valeur(rang) if montants is None else montants[cle]
        self._plan.jouer(self._plan.tour, self.valeurs)
        self.tenir()
        return {cle: self.valeurs[rang] for cle, rang in self._plan.parts.items()}

    def tenir(self) -> None:
        """Refuse to go on when a decision is found otherwise than recorded.

        Raises:
            CheminRompu: it is.
        """
        if not tient(self._plan.programme, self._plan.aiguillages, self.valeurs):
            raise CheminRompu("Une décision de la chaîne n'est plus celle qui est enregistrée.")

    def sorties(self) -> dict[str, Tableau]:
        """Figures wanted, under the amounts of the last round."""
        self._plan.jouer(self._plan.fin, self.valeurs)
        return {nom: self.valeurs[rang] for nom, rang in self._plan.sorties.items()}
