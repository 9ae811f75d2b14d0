"""Three scenarios on the screen, each under the identity that it keeps: a start by its title, a proposal by its number, else an attempt.

Nobody's title is ever given to other levers: what moves a scenario makes an attempt after it, until somebody proposes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pope_foncier.ateliers.etat import Atelier, ScenarioPropose
from pope_foncier.ateliers.modele import Modele, Plats, Reglages
from pope_foncier.etude.fiche import Etude

NOMBRE = 3
"""Cards on the screen."""
ETUDE, SANS_AIDES, COMBLE = "Le projet de l'étude", "Sans les aides espérées", "La Ville comble ce qui manque"


@dataclass(frozen=True)
class Origine:
    """Scenario that a card may show: a start, or a proposal.

    Attributes:
        cle: what tells it apart on the screen.
        titre: its title, the same everywhere.
        numero: number of a proposal.
        reglages: its levers; None when it came from a file or from another application.
        surcharges: overrides of one without levers.
        rang: rank of its proposal in the journal.
    """

    cle: str
    titre: str
    numero: int | None = None
    reglages: Reglages | None = None
    surcharges: Mapping[str, Any] = field(default_factory=dict)
    rang: int = 0

    @property
    def court(self) -> str:
        """Its number, or its title in quotes."""
        return f"« {self.titre} »" if self.numero is None else f"n°\u00a0{self.numero}"


@dataclass
class Carte:
    """Card: the scenario that it shows, and its levers as they are set now."""

    origine: Origine
    reglages: Reglages | None

    @property
    def est_un_essai(self) -> bool:
        """Whether its levers are no longer those of its scenario."""
        return self.reglages != self.origine.reglages

    @property
    def titre(self) -> str:
        """Title of its scenario, or of the attempt made after it."""
        return f"Essai d'après {self.origine.court} (pas encore proposé)" if self.est_un_essai else self.origine.titre

    @property
    def numero(self) -> int | None:
        """Number of its scenario; none for a start or an attempt."""
        return None if self.est_un_essai else self.origine.numero

    @property
    def pastille(self) -> str:
        """Word of its chip when it has no number."""
        return "essai" if self.est_un_essai else "départ"

    @property
    def cle(self) -> tuple[object, ...]:
        """What tells its study apart."""
        return (
            (self.origine.cle, self.origine.rang)
            if self.reglages is None
            else tuple(sorted(self.reglages.a_plat().items()))
        )

    def etude(self, modele: Modele) -> Etude:
        """Study that it shows.

        Raises:
            ErreurPope: levers or overrides that the study no longer takes.
        """
        if self.reglages is None:
            return modele.varier(modele.dossier.etude, self.origine.surcharges)
        return modele.etude(self.reglages)


def departs(modele: Modele) -> list[Origine]:
    """Starting scenarios: the study; the grants that it hopes of others refused; the city fills the gap, rounded up to the slider's step."""
    ville = modele.regles.levier("ville")
    reste = modele.base.montant("ressources.reste_a_financer")
    comble = Reglages()
    if reste > 0:
        pas = ville.pas * ville.facteur
        comble = Reglages(leviers={"ville": (modele.depart(ville) or 0) + int(-(-reste // pas)) * ville.pas})
    etude = modele.dossier.etude
    esperees = (a.id for a in etude.aides if a.statut == "esperee" and a.financeur != etude.acteurs.commune)
    refus = Reglages(refusees=frozenset(esperees))
    return [
        Origine("depart.etude", ETUDE, reglages=Reglages()),
        Origine("depart.sans_aides", SANS_AIDES, reglages=refus),
        Origine("depart.comble", COMBLE, reglages=comble),
    ]


class Cartes:
    """Cards on the screen, what they may show, and the one that the levers set: the last proposals first, then the starts."""

    def __init__(self, modele: Modele, application: str, atelier: Atelier) -> None:
        self._application, self._etude = application, modele.dossier.nom
        self._departs = departs(modele)
        self.origines = self._lues(atelier)
        derniers = sorted(self._reglees(), key=lambda o: o.rang)[-NOMBRE:]
        montrees = [*self._departs[: NOMBRE - len(derniers)], *sorted(derniers, key=lambda o: o.numero or 0)]
        self.cartes = [Carte(o, o.reglages) for o in montrees]
        self.rang = montrees.index(derniers[-1]) if derniers else 0

    def __getitem__(self, rang: int) -> Carte:
        return self.cartes[rang]

    @property
    def active(self) -> Carte:
        """Card that the levers set."""
        return self.cartes[self.rang]

    @property
    def titres(self) -> list[str]:
        """Titles in order, two alike being told apart by their place."""
        lus = [c.titre for c in self.cartes]
        return [f"{t}, carte {r}" if lus.count(t) > 1 else t for r, t in enumerate(lus, 1)]

    @property
    def etat(self) -> list[tuple[str, Reglages | None]]:
        """What the cards show now."""
        return [(c.titre, c.reglages) for c in self.cartes]

    def montrer(self, rang: int, cle: str) -> None:
        """Show another scenario on a card; one that another card shows as it is takes its place in exchange."""
        autre = next((r for r, c in enumerate(self.cartes) if c.origine.cle == cle and not c.est_un_essai), None)
        if autre is not None:
            self.cartes[autre], self.cartes[rang] = self.cartes[rang], self.cartes[autre]
            return
        self.cartes[rang] = Carte(self.origines[cle], self.origines[cle].reglages)

    def suivre(self, atelier: Atelier) -> None:
        """Follow the journal: a card shows the last version of its scenario; an attempt that somebody proposed takes its number."""
        essais = [c.est_un_essai for c in self.cartes]
        self.origines = self._lues(atelier)
        for carte, essai in zip(self.cartes, essais, strict=True):
            carte.origine = self.origines[carte.origine.cle]
            if not essai:
                carte.reglages = carte.origine.reglages
            elif egales := [o for o in self._reglees() if o.reglages == carte.reglages]:
                carte.origine = max(egales, key=lambda o: o.rang)

    def _reglees(self) -> list[Origine]:
        """Proposals that have levers, in the order of their numbers."""
        return [o for o in self.origines.values() if o.numero is not None and o.reglages is not None]

    def _lues(self, atelier: Atelier) -> dict[str, Origine]:
        siennes = [s for s in atelier.scenarios.values() if s.est_de(self._etude)]
        proposees = [_proposee(s, self._application) for s in siennes]
        return {o.cle: o for o in (*self._departs, *proposees)}


def _proposee(scenario: ScenarioPropose, application: str) -> Origine:
    fiche = scenario.fiche
    return Origine(
        f"propose.{scenario.nom}",
        scenario.titre,
        scenario.numero,
        _leviers(fiche.reglages) if fiche.reglages.get("application") == application else None,
        {s.champ: s.valeur for s in fiche.surcharges},
        scenario.entree.rang,
    )


def _leviers(plats: Plats) -> Reglages | None:
    """Levers of a proposal; None for what is not of this version."""
    try:
        return Reglages.de_plat({c: v for c, v in plats.items() if c != "application"})
    except (ValueError, ArithmeticError):
        return None
