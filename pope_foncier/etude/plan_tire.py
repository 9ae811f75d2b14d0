"""A recorded plan run on blocks of draws: what does not depend on the closers once, the rest at each round of the closing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pope_foncier.etude.enregistrement import Enregistrement
from pope_foncier.etude.partage import repartir
from pope_foncier.socle.factorise import factoriser
from pope_foncier.socle.grandeur import Grandeur, Tableau
from pope_foncier.socle.programme import CheminRompu, en_etapes, parcourir


class PlanTire:
    """Runs of a recorded plan.

    Args:
        enregistre: plan as it stands, or closed.
        fixes: inputs that differ from those recorded, and are not drawn, by field.
        tires: fields drawn.
        sorties: figures wanted, of shape (…, 1) each.
        ferme: whether its gap is to be shared between closers.
    """

    def __init__(
        self,
        enregistre: Enregistrement,
        fixes: Mapping[str, Tableau],
        tires: Iterable[str],
        sorties: Mapping[str, Grandeur],
        ferme: bool,
    ) -> None:
        self.enregistre, self.programme, self.fixes = enregistre, enregistre.trace.programme.copie(), fixes
        programme = self.programme
        parts = {} if not ferme else enregistre.ev.parts or repartir(enregistre.ev)
        self.sorties = {nom: programme.ajouter(g) for nom, g in sorties.items()}
        self.parts = {cle: programme.ajouter(g) for cle, g in parts.items()}
        self.entrees = {
            champ: programme.ajouter(enregistre.entree(champ)) for champ in (*fixes, *tires) if enregistre.lit(champ)
        }
        self.montants = {cle: programme.rang(g) for cle, g in enregistre.ev.ctx.bouclage.items()}
        aiguillages, bouges = frozenset(enregistre.trace.aiguillages), programme.bits(self.entrees.values())
        apportes = programme.bits(self.montants.values())
        voulues = frozenset(self.sorties.values()) | frozenset(self.parts.values()) | aiguillages
        pas = [etape.pas for etape in programme.trajet(bouges | apportes, voulues)]
        varient = programme.bits(r for c, r in self.entrees.items() if c not in fixes) | apportes
        pas = factoriser(programme, pas, bouges | apportes, varient, voulues)
        ensuite = [p for p in pas if p.depend & apportes]
        self.tour = en_etapes(ensuite, frozenset(self.parts.values()) | aiguillages)
        self.fin = en_etapes(ensuite, frozenset(self.sorties.values()))
        lues = programme.lues_par(self.tour) | programme.lues_par(self.fin)
        self.debut = en_etapes([p for p in pas if not p.depend & apportes], voulues | lues)

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
        parcourir(plan.debut, self.valeurs)

    def parts(self) -> dict[str, Tableau]:
        """What the gap gives to each closer, shape (…, 1) [€]."""
        return {cle: self.valeurs[rang] for cle, rang in self._plan.parts.items()}

    def partager(self, montants: Mapping[str, Tableau]) -> dict[str, Tableau]:
        """What it gives under some amounts.

        Raises:
            CheminRompu: the recorded path does not hold.
        """
        for cle, rang in self._plan.montants.items():
            self.valeurs[rang] = montants[cle]
        parcourir(self._plan.tour, self.valeurs)
        self.tenir()
        return self.parts()

    def tenir(self) -> None:
        """Refuse to go on when a decision is found otherwise than recorded.

        Raises:
            CheminRompu: it is.
        """
        if not self._plan.enregistre.tient(self.valeurs):
            raise CheminRompu("Une décision de la chaîne n'est plus celle qui est enregistrée.")

    def sorties(self, montants: Mapping[str, Tableau] | None = None) -> dict[str, Tableau]:
        """Figures wanted, once the closers bring some amounts."""
        if montants is not None:
            for cle, rang in self._plan.montants.items():
                self.valeurs[rang] = montants[cle]
            parcourir(self._plan.fin, self.valeurs)
        return {nom: self.valeurs[rang] for nom, rang in self._plan.sorties.items()}
