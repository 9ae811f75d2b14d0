"""Minutes of a workshop as a Word document: what the journal holds, and ruled blanks for what nobody wrote; nothing is made up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from pope_foncier.vues.formes.image import Image
from pope_foncier.vues.formes.table import Table
from pope_foncier.vues.word.ecrit import Ecrit
from pope_foncier.vues.word.mise_en_forme import CADRE, NOTE

_COTE_A_COTE, _IMAGE_MM = 3, 145.0
"""Scenarios that stand side by side, and width of their picture."""
_A_LA_MAIN_MM, _SIGNATURE_MM, _VIDES = 8.0, 13.0, 4
"""Height of a row filled by hand, of a signature, and how many rows are left."""
_VOTE_MM, _ETAPE_MM, _NOM_MM = (86.0, 28.0, 28.0, 28.0), (90.0, 50.0, 30.0), (50.0, 60.0, 60.0)
"""Columns filled by hand."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ScenarioDit:
    """Scenario as the journal keeps it.

    Attributes:
        chiffres: figures seen in the workshop, by name.
        changements: what it changes, in words.
        reserves: what its figures suppose, and where they differ once computed again.
        votes: points by participant.
    """

    titre: str
    propose: str
    chiffres: dict[str, str]
    changements: Sequence[str]
    reserves: Sequence[str]
    votes: dict[str, int]
    points: int


@dataclass(frozen=True, slots=True)
class DecisionDite:
    """Decision noted: its words, who noted it and when, the scenario that it names, what replays it."""

    texte: str
    notee: str
    titre: str
    changements: Sequence[str]
    fichier: str


@dataclass(frozen=True)
class CompteRendu:
    """What the minutes say.

    Attributes:
        images: resources of the scenarios, by groups that stand side by side.
        remarques: remarks, each with its author and its scenario.
        fil: every entry in order.
        illisibles: entries that cannot be read.
    """

    titre: str
    etude: str
    jour: date
    ouverture: str
    lieu: str
    participants: Sequence[str]
    scenarios: Sequence[ScenarioDit]
    images: Sequence[Image]
    remarques: Sequence[str]
    decision: DecisionDite | None
    a_confirmer: Table | None
    fil: Sequence[str]
    illisibles: Sequence[str]


def cote_a_cote(scenarios: Sequence[T]) -> list[Sequence[T]]:
    """Scenarios by groups that fit across a page."""
    pas = 2 if len(scenarios) == 4 else _COTE_A_COTE
    return [scenarios[debut : debut + pas] for debut in range(0, len(scenarios), pas)]


def rediger(dit: CompteRendu) -> bytes:
    """Minutes as a Word document, the same bytes at each run."""
    ecrit = Ecrit(f"Compte rendu d'atelier : {dit.titre}", dit.etude, dit.jour)
    ecrit.titre(f"Compte rendu d'atelier : {dit.titre}")
    ecrit.dire(dit.etude, "Subtitle")
    _la_seance(ecrit, dit)
    _la_decision(ecrit, dit)
    _les_scenarios(ecrit, dit)
    _les_reserves(ecrit, dit)
    _les_votes(ecrit, dit)
    _la_suite(ecrit, dit)
    _les_annexes(ecrit, dit)
    return ecrit.octets()


def _la_seance(ecrit: Ecrit, dit: CompteRendu) -> None:
    ecrit.section("La séance")
    _dire_ou_remplir(ecrit, "Lieu", dit.lieu)
    _dire_ou_remplir(ecrit, "Ouverture de l'atelier", dit.ouverture)
    ecrit.dire(f" {', '.join(dit.participants)}.", tete="Participants, d'après le journal :")
    ecrit.a_remplir("Autres présents", 2)
    ecrit.dire("Les lignes vides se remplissent à la main : le journal de l'atelier n'en dit rien.", NOTE)


def _dire_ou_remplir(ecrit: Ecrit, quoi: str, texte: str) -> None:
    if texte:
        ecrit.dire(f" {texte}.", tete=f"{quoi} :")
    else:
        ecrit.a_remplir(quoi)


def _la_decision(ecrit: Ecrit, dit: CompteRendu) -> None:
    ecrit.section("La décision")
    decision = dit.decision
    if decision is None:
        ecrit.dire("Aucune décision n'est notée dans le journal.")
        ecrit.a_remplir("Décision", 3)
        return
    ecrit.dire(f"« {decision.texte} »", CADRE)
    ecrit.dire(f"Notée par {decision.notee}.")
    if not decision.titre:
        ecrit.dire("Elle ne nomme aucun scénario : il n'y a rien à rejouer.")
        ecrit.a_remplir("Scénario retenu")
        return
    ecrit.dire(f" « {decision.titre} ». Ce qu'il change à l'étude :", tete="Scénario retenu :")
    ecrit.lister(decision.changements)
    if decision.fichier:
        ecrit.dire("L'annexe en donne le fichier exact : le rejouer redonne ce scénario.", NOTE)


def _les_scenarios(ecrit: Ecrit, dit: CompteRendu) -> None:
    ecrit.section("Les scénarios côte à côte")
    if not dit.scenarios:
        ecrit.dire("Aucun scénario n'est proposé dans le journal.")
        return
    for image in dit.images:
        ecrit.image(image, _IMAGE_MM)
    for groupe in cote_a_cote(dit.scenarios):
        libelles = list(dict.fromkeys(nom for s in groupe for nom in s.chiffres))
        ecrit.grille(
            ("Chiffres vus en séance", *(s.titre for s in groupe)),
            [(nom, *(s.chiffres.get(nom, "—") for s in groupe)) for nom in libelles],
        )
    for scenario in dit.scenarios:
        ecrit.section(scenario.titre, 2)
        ecrit.dire(f"Proposé par {scenario.propose}.")
        ecrit.lister(scenario.changements)


def _les_reserves(ecrit: Ecrit, dit: CompteRendu) -> None:
    ecrit.section("Les réserves")
    for scenario in dit.scenarios:
        ecrit.section(scenario.titre, 2)
        ecrit.lister(scenario.reserves)
    ecrit.section("Remarques des participants", 2)
    ecrit.lister(dit.remarques or ["Aucune dans le journal."])
    ecrit.a_remplir("Autres réserves", 2)


def _les_votes(ecrit: Ecrit, dit: CompteRendu) -> None:
    ecrit.section("Les votes")
    votants = list(dict.fromkeys(qui for s in dit.scenarios for qui in s.votes))
    if votants:
        ecrit.grille(
            ("Points donnés en atelier", *(s.titre for s in dit.scenarios)),
            [
                *((qui, *(str(s.votes.get(qui, "—")) for s in dit.scenarios)) for qui in votants),
                ("Total", *(str(s.points) for s in dit.scenarios)),
            ],
            totaux=(len(votants),),
        )
    else:
        ecrit.dire("Aucun point n'est donné dans le journal.")
    ecrit.section("Vote à main levée, à remplir", 2)
    ecrit.grille(
        ("Proposition mise aux voix", "Pour", "Contre", "Abstention"),
        [*((s.titre, "", "", "") for s in dit.scenarios), ("", "", "", "")],
        hauteur_mm=_A_LA_MAIN_MM,
        largeurs_mm=_VOTE_MM,
    )


def _la_suite(ecrit: Ecrit, dit: CompteRendu) -> None:
    if dit.a_confirmer is not None:
        ecrit.section("À confirmer")
        ecrit.tableau(dit.a_confirmer, titre=False)
    ecrit.section("Prochaines étapes, à remplir")
    ecrit.grille(
        ("Quoi faire", "Qui", "Pour le"), [("", "", "")] * _VIDES, hauteur_mm=_A_LA_MAIN_MM, largeurs_mm=_ETAPE_MM
    )
    ecrit.section("Signatures")
    vides = [("", "", "")] * 2
    ecrit.grille(
        ("Nom", "Organisme, fonction", "Signature"),
        [*((qui, "", "") for qui in dit.participants), *vides],
        hauteur_mm=_SIGNATURE_MM,
        largeurs_mm=_NOM_MM,
    )


def _les_annexes(ecrit: Ecrit, dit: CompteRendu) -> None:
    if dit.decision is not None and dit.decision.fichier:
        ecrit.section("Annexe : le fichier du scénario retenu")
        ecrit.dire(
            "À recopier dans la section « scenarios » de l'étude, ou à rouvrir dans l'atelier : le calcul redonne le scénario.",
            NOTE,
        )
        ecrit.fichier(dit.decision.fichier)
    ecrit.section("Annexe : le fil de l'atelier")
    ecrit.lister(dit.fil, numeros=True)
    if dit.illisibles:
        ecrit.section("Annexe : entrées illisibles")
        ecrit.lister(dit.illisibles)
