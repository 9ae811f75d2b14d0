"""Session that the minutes tell, as its parts read it: names as corrected, times, scenarios in force at its end, what each vote was about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pope_foncier.ateliers.compte_rendu_etude import Etudes
from pope_foncier.ateliers.etat import Atelier, Personne, ScenarioPropose, SeanceTenue
from pope_foncier.ateliers.journal_entrees import Decision, EntreeJournal, Proposition, Vote
from pope_foncier.socle.temps import date_en_clair


@dataclass(frozen=True)
class Lue:
    """Session that is told.

    Attributes:
        niveau: level of the titles of its parts.
        lieu: where it was held, when its opening does not say.
    """

    atelier: Atelier
    seance: SeanceTenue
    etudes: Etudes
    niveau: int = 1
    lieu: str = ""

    @property
    def jour(self) -> date:
        """Day of the session."""
        return self.seance.jour

    @property
    def presents(self) -> dict[str, Personne]:
        """Who wrote in it, by key."""
        return {p.cle: p for p in (self.atelier.qui(e.qui) for e in self.seance.entrees)}

    @property
    def retenu(self) -> tuple[ScenarioPropose, EntreeJournal] | None:
        """Scenario that its decision names, and the proposal that was on the screen."""
        return self.vise(self.seance.decision) if self.seance.decision else None

    @property
    def fin(self) -> int:
        """Rank of its last entry."""
        return self.seance.entrees[-1].rang

    def qui(self, entree: EntreeJournal) -> str:
        """Name of the author, as corrected."""
        return self.atelier.qui(entree.qui).nom

    def quand(self, entree: EntreeJournal) -> str:
        """Time of an entry, with its day when it is not that of the session."""
        ici = entree.ici
        return f"{ici:%H h %M}" if ici.date() == self.jour else f"{date_en_clair(ici.date())}, {ici:%H h %M}"

    def de_quand(self, entree: EntreeJournal) -> str:
        """The same after a noun: « de 14 h 05 », « du 1er décembre 2026, 14 h 05 »."""
        return f"{'de' if entree.ici.date() == self.jour else 'du'} {self.quand(entree)}"

    def tenus(self) -> list[tuple[ScenarioPropose, EntreeJournal]]:
        """Scenarios known at the end of the session, each with its proposal in force then."""
        return [(s, v) for s in self.atelier.scenarios.values() if (v := s.au(self.fin))]

    def par_etude(self) -> dict[str, list[tuple[ScenarioPropose, EntreeJournal]]]:
        """The same, by study."""
        groupes: dict[str, list[tuple[ScenarioPropose, EntreeJournal]]] = {}
        for scenario, version in self.tenus():
            groupes.setdefault(self.etudes.nom(fiche_de(version)), []).append((scenario, version))
        return groupes

    def vise(self, entree: EntreeJournal) -> tuple[ScenarioPropose, EntreeJournal] | None:
        """Scenario that a vote or a decision names, and the proposal that was on the screen."""
        contenu = entree.contenu
        assert isinstance(contenu, Vote | Decision)
        scenario = self.atelier.scenarios.get(contenu.scenario or "")
        version = self.atelier.version_de(contenu, entree.rang)
        return None if scenario is None or version is None else (scenario, version)

    def decisions(self, entrees: Sequence[EntreeJournal]) -> list[EntreeJournal]:
        """Decisions among entries, those that the facilitator took back left out."""
        return [e for e in entrees if isinstance(e.contenu, Decision) and e.rang not in self.atelier.retirees]

    def signe(self, entree: EntreeJournal) -> str:
        """Who wrote an entry, and when."""
        return f"{self.qui(entree)}, {self.quand(entree)}"

    def titre_alors(self, nom: str, entree: EntreeJournal) -> str:
        """Title of a scenario when an entry was written; its name, when the journal does not hold its proposal any more."""
        scenario = self.atelier.scenarios.get(nom)
        version = scenario and scenario.au(entree.rang)
        return scenario.titre_de(version) if scenario and version else nom

    def sur(self, nom: str | None, entree: EntreeJournal) -> str:
        """« , sur … » with the title that a scenario had when an entry was written; nothing without one."""
        return f", sur « {self.titre_alors(nom, entree)} »" if nom else ""


def fiche_de(entree: EntreeJournal) -> Proposition:
    """What a proposal says."""
    assert isinstance(entree.contenu, Proposition)
    return entree.contenu
