"""State of a workshop, replayed from the entries of its journal: people, scenarios that keep their identity, sessions, how it is led."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from pope_foncier.ateliers.journal_entrees import (
    POINTS_MAX,
    CarteDeNom,
    Conduite,
    Decision,
    EntreeJournal,
    Proposition,
    Rapprochement,
    Remarque,
    Retrait,
    Seance,
    Vote,
    personne,
)

_RECUL = timedelta(minutes=1)
"""Smallest step back of the clock between two entries that is said: two processes may differ by some milliseconds."""


@dataclass(frozen=True, slots=True)
class Personne:
    """Participant: the name shown, every name under which he wrote, his colour when he took a card."""

    cle: str
    nom: str
    noms: tuple[str, ...]
    teinte: int | None = None


@dataclass(frozen=True, slots=True)
class ScenarioPropose:
    """Scenario of a workshop, under the identity that it keeps for ever.

    Attributes:
        nom: its name in the journal, never that of another one.
        numero: rank of its first proposal among the scenarios, from 1: « n° 3 » is never another one.
        versions: its proposals, in order; the last one is in force.
    """

    nom: str
    numero: int
    versions: tuple[EntreeJournal, ...]

    @property
    def entree(self) -> EntreeJournal:
        """Proposal in force."""
        return self.versions[-1]

    @property
    def fiche(self) -> Proposition:
        """What it proposes."""
        return _proposition(self.entree)

    @property
    def titre(self) -> str:
        """Title, which the number tells apart from any other."""
        return self.titre_de(self.entree)

    def titre_de(self, version: EntreeJournal) -> str:
        """Title that a proposal gave it."""
        return f"n° {self.numero} · {_proposition(version).titre}"

    def au(self, rang: int) -> EntreeJournal | None:
        """Proposal in force at an entry of the journal; None before the first one."""
        return next((e for e in reversed(self.versions) if e.rang <= rang), None)

    def est_de(self, etude: str) -> bool:
        """Whether it varies a study; an older journal holds one, and does not name it."""
        return self.fiche.etude in (None, etude)

    def version(self, rang: int | None) -> EntreeJournal | None:
        """Proposal of a rank, whose figures somebody saw; None when the journal does not say."""
        return next((e for e in self.versions if e.rang == rang), None)


@dataclass(frozen=True, slots=True)
class SeanceTenue:
    """Session: its opening, none for what was written before any, and what was said in it.

    Attributes:
        votes: last entry of each participant, by key of the person, by scenario.
        retirees: ranks of the entries that no longer count.
    """

    numero: int
    ouverture: EntreeJournal | None
    entrees: tuple[EntreeJournal, ...] = ()
    votes: Mapping[str, Mapping[str, EntreeJournal]] = field(default_factory=dict)
    retirees: frozenset[int] = frozenset()

    @property
    def fiche(self) -> Seance | None:
        """What its opening says."""
        return self.ouverture.contenu if self.ouverture and isinstance(self.ouverture.contenu, Seance) else None

    @property
    def jour(self) -> date:
        """Day of the session: the one that its opening says, else that of its first entry by the clock of the room."""
        dit = self.fiche.jour if self.fiche else None
        return dit or self.entrees[0].ici.date()

    @property
    def remarques(self) -> tuple[EntreeJournal, ...]:
        """Remarks made in it."""
        return tuple(e for e in self.entrees if isinstance(e.contenu, Remarque) and e.rang not in self.retirees)

    @property
    def decision(self) -> EntreeJournal | None:
        """Last decision taken in it."""
        dites = (e for e in reversed(self.entrees) if isinstance(e.contenu, Decision))
        return next((e for e in dites if e.rang not in self.retirees), None)

    @property
    def vide(self) -> bool:
        """Whether nobody has marked, remarked nor decided in it."""
        return not (self.votes or self.remarques or self.decision)

    @property
    def votants(self) -> int:
        """People who gave points."""
        return len({cle for votes in self.votes.values() for cle in votes})

    @property
    def plafond(self) -> int:
        """Points of a scenario to which each of them would give the most."""
        return POINTS_MAX * self.votants

    def points(self, scenario: str) -> int:
        """Sum of the points of a scenario."""
        return sum(points for _, points in self._donnes(scenario))

    def _donnes(self, scenario: str) -> Iterator[tuple[str, int]]:
        for cle, entree in self.votes.get(scenario, {}).items():
            assert isinstance(entree.contenu, Vote)
            yield cle, entree.contenu.points


@dataclass(frozen=True)
class Atelier:
    """State of a workshop.

    Attributes:
        scenarios: by name, in the order of their first proposal.
        personnes: by key, in the order of their first word; those that the facilitator brought together are one.
        seances: in order; the last one is in progress.
        conduite: how the facilitator leads now; a session opens at the first step.
        reculs: entries whose date comes before that of the one before them: the clock was moved back.
        corrections: corrections of names in force, the last said last.
        retirees: ranks of the remarks, decisions and openings that the facilitator took back.
        fil: every entry, in order: what was replaced stays readable.
    """

    scenarios: Mapping[str, ScenarioPropose]
    personnes: Mapping[str, Personne]
    seances: tuple[SeanceTenue, ...]
    conduite: Conduite
    reculs: tuple[EntreeJournal, ...]
    corrections: tuple[EntreeJournal, ...]
    retirees: frozenset[int]
    fil: tuple[EntreeJournal, ...]
    _cles: Mapping[str, str]

    @classmethod
    def rejouer(cls, entrees: Sequence[EntreeJournal]) -> Atelier:
        """State after some entries."""
        corrections, retirees = _rapprocher(entrees), _retirees(entrees)
        cles = {de: _au_bout(corrections, de) for de in corrections}
        versions: dict[str, list[EntreeJournal]] = {}
        conduite = Conduite()
        for entree in entrees:
            match entree.contenu:
                case Proposition(nom=nom):
                    versions.setdefault(nom, []).append(entree)
                case Conduite():
                    conduite = entree.contenu
                case Seance() if entree.rang not in retirees:
                    conduite = Conduite()
        scenarios = {nom: ScenarioPropose(nom, n, tuple(v)) for n, (nom, v) in enumerate(versions.items(), 1)}
        return cls(
            scenarios,
            _personnes(entrees, cles, corrections),
            _seances(entrees, cles, retirees),
            conduite,
            _reculs(entrees),
            tuple(corrections.values()),
            retirees,
            tuple(entrees),
            cles,
        )

    @property
    def a_plusieurs_lieux(self) -> bool:
        """Whether its scenarios are of several places, which their titles must then tell."""
        return len({s.fiche.lieu for s in self.scenarios.values()}) > 1

    @property
    def seance(self) -> SeanceTenue | None:
        """Session in progress; None when nothing was written."""
        return self.seances[-1] if self.seances else None

    @property
    def votes(self) -> dict[str, dict[str, int]]:
        """Points of the session in progress, by name shown, by scenario."""
        return {} if self.seance is None else self.votes_de(self.seance)

    def votes_de(self, seance: SeanceTenue) -> dict[str, dict[str, int]]:
        """Points of a session, by name shown, by scenario."""
        return {s: {self.personnes[c].nom: p for c, p in seance._donnes(s)} for s in seance.votes}

    def points(self, scenario: str) -> int:
        """Sum of the points of a scenario in the session in progress."""
        return 0 if self.seance is None else self.seance.points(scenario)

    @property
    def remarques(self) -> tuple[EntreeJournal, ...]:
        """Remarks of all sessions."""
        return tuple(e for s in self.seances for e in s.remarques)

    @property
    def decision(self) -> EntreeJournal | None:
        """Last decision, whatever its session."""
        return next((d for s in reversed(self.seances) if (d := s.decision)), None)

    def qui(self, nom: str) -> Personne:
        """Person who writes under a name, known or not yet."""
        cle = self._cles.get(personne(nom), personne(nom))
        return self.personnes.get(cle, Personne(cle, nom, (nom,)))

    def titre(self, scenario: str | None) -> str:
        """Title of a scenario with its number; empty when the journal does not know it."""
        return self.scenarios[scenario].titre if scenario in self.scenarios and scenario is not None else ""

    def version_de(self, contenu: Vote | Decision, rang: int) -> EntreeJournal | None:
        """Proposal that a vote or a decision is about, as it was on the screen.

        Args:
            contenu: what it says.
            rang: its rank: in an older journal, which names no version, the one in force then.
        """
        scenario = self.scenarios.get(contenu.scenario or "")
        if scenario is None:
            return None
        return scenario.version(contenu.version) or scenario.au(rang)


def _proposition(entree: EntreeJournal) -> Proposition:
    assert isinstance(entree.contenu, Proposition)
    return entree.contenu


def _rapprocher(entrees: Sequence[EntreeJournal]) -> dict[str, EntreeJournal]:
    """Correction in force of each name, by its key: the last word on it counts, and undoes one that said the contrary."""
    dites: dict[str, EntreeJournal] = {}
    for entree in entrees:
        if not isinstance(entree.contenu, Rapprochement):
            continue
        de = personne(entree.contenu.nom)
        dites.pop(de, None)
        if entree.contenu.est is None:
            continue
        vers = personne(entree.contenu.est)
        if vers != de and _au_bout(dites, vers) == de:
            dites.pop(vers, None)
        dites[de] = entree
    return dites


def _est(entree: EntreeJournal) -> str:
    """Name that a correction in force gives."""
    assert isinstance(entree.contenu, Rapprochement)
    assert entree.contenu.est is not None
    return entree.contenu.est


def _au_bout(dites: Mapping[str, EntreeJournal], cle: str) -> str:
    """Key of the person at the end of the corrections."""
    while cle in dites and (suite := personne(_est(dites[cle]))) != cle:
        cle = suite
    return cle


def _personnes(
    entrees: Sequence[EntreeJournal], cles: Mapping[str, str], corrections: Mapping[str, EntreeJournal]
) -> dict[str, Personne]:
    """People in the order of their first word, each under the name given first, or under that which the facilitator gave."""
    noms: dict[str, dict[str, None]] = {}
    teintes: dict[str, int] = {}
    voulus = {personne(_est(dite)): _est(dite) for dite in corrections.values()}
    for entree in entrees:
        cle = cles.get(personne(entree.qui), personne(entree.qui))
        noms.setdefault(cle, {})[entree.qui] = None
        if isinstance(entree.contenu, CarteDeNom):
            teintes[cle] = entree.contenu.teinte
    lus = {}
    for cle, dits in noms.items():
        premier = voulus.get(cle) or next((n for n in dits if personne(n) == cle), next(iter(dits)))
        lus[cle] = Personne(cle, premier, tuple(dits), teintes.get(cle))
    return lus


def _retirees(entrees: Sequence[EntreeJournal]) -> frozenset[int]:
    """Entries taken back: remarks, decisions, and an opening as long as no other session was opened after it, so that none changes its number."""
    dites: set[int] = set()
    ouvertes: list[int] = []
    retirees: set[int] = set()
    for entree in entrees:
        match entree.contenu:
            case Seance():
                ouvertes.append(entree.rang)
            case Remarque() | Decision():
                dites.add(entree.rang)
            case Retrait(rang=rang) if rang in dites:
                retirees.add(rang)
            case Retrait(rang=rang) if ouvertes and rang == ouvertes[-1]:
                retirees.add(ouvertes.pop())
    return frozenset(retirees)


def _seances(
    entrees: Sequence[EntreeJournal], cles: Mapping[str, str], retirees: frozenset[int]
) -> tuple[SeanceTenue, ...]:
    """Sessions: one begins at each opening, and what was written before any is a session without opening."""
    groupes: list[tuple[EntreeJournal | None, list[EntreeJournal]]] = []
    for entree in entrees:
        ouvre = isinstance(entree.contenu, Seance) and entree.rang not in retirees
        if ouvre or not groupes:
            groupes.append((entree if ouvre else None, []))
        groupes[-1][1].append(entree)
    return tuple(
        SeanceTenue(rang, ouverture, tuple(dites), _votes(dites, cles), retirees)
        for rang, (ouverture, dites) in enumerate(groupes, 1)
    )


def _votes(entrees: Sequence[EntreeJournal], cles: Mapping[str, str]) -> dict[str, dict[str, EntreeJournal]]:
    votes: dict[str, dict[str, EntreeJournal]] = {}
    for entree in entrees:
        if isinstance(entree.contenu, Vote):
            cle = personne(entree.qui)
            votes.setdefault(entree.contenu.scenario, {})[cles.get(cle, cle)] = entree
    return votes


def _reculs(entrees: Sequence[EntreeJournal]) -> tuple[EntreeJournal, ...]:
    reculs, dernier = [], datetime.min
    for entree in entrees:
        ici = entree.quand.replace(tzinfo=None)
        if dernier != datetime.min and ici < dernier - _RECUL:
            reculs.append(entree)
        dernier = ici
    return tuple(reculs)
