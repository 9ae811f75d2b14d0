"""Blocks and inheritance: what a scenario is made of, once the scenarios it starts from and its blocks are laid end to end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import combinations
from pathlib import Path
from typing import Any

from pydantic import Field, model_validator

from pope_foncier.etude.fiche import Etude
from pope_foncier.etude.fiche_scenarios import Bloc, Changement, Scenario
from pope_foncier.etude.surcharges import Inapplicable, changer, se_touchent
from pope_foncier.modele.declaration import entrees_de, entrees_du_modele
from pope_foncier.modele.declaration import proposer as proposer_un_champ
from pope_foncier.socle.chemins import dossier_donnees
from pope_foncier.socle.enregistrements import enregistrement
from pope_foncier.socle.erreurs import Probleme
from pope_foncier.socle.fiches import Fiche, lire_fiche, sans_double
from pope_foncier.socle.francais import en_phrase
from pope_foncier.socle.refus import proposer
from pope_foncier.socle.yaml_strict import Lignes


class _BlocsCommuns(Fiche):
    """Blocks common to all studies."""

    blocs: tuple[Bloc, ...] = Field(max_length=200)

    @model_validator(mode="after")
    def _noms(self) -> _BlocsCommuns:
        sans_double("bloc", [b.nom for b in self.blocs])
        return self


@lru_cache(maxsize=2)
def lire_blocs(chemin: Path | None = None) -> tuple[Bloc, ...]:
    """Blocks common to all studies: assumptions of the project."""
    return lire_fiche(_BlocsCommuns, chemin or dossier_donnees() / "hypotheses" / "blocs.yaml").blocs


def blocs_de(etude: Etude) -> dict[str, Bloc]:
    """Blocks that a scenario of a study may take, by name: its own, then the common ones whose name it does not take again."""
    siens = {b.nom: b for b in etude.blocs}
    return siens | {b.nom: b for b in lire_blocs() if b.nom not in siens}


@enregistrement
class Faute:
    """Fault of a combination, before the file and the line are known."""

    lieu: tuple[str | int, ...]
    message: str
    remede: str

    def situee(self, champ: str, fichier: str, lignes: Lignes) -> Probleme:
        """The same in a file, at the line of the nearest field that the file writes."""
        ligne = next((lignes[self.lieu[:n]] for n in range(len(self.lieu), 0, -1) if self.lieu[:n] in lignes), None)
        return Probleme(fichier, ligne, champ, self.message, self.remede)


@enregistrement
class Groupe:
    """Changes that go together: those of a block, or those of a scenario itself."""

    changements: tuple[Changement, ...]
    bloc: Bloc | None
    lieu: tuple[str | int, ...]
    """Where the file says them, or names their block."""


def derouler(etude: Etude, fichier: str, lignes: Lignes) -> tuple[dict[str, list[Groupe]], list[Probleme]]:
    """Changes of each scenario, in the order they are made: those of the scenario it starts from, of its blocks, then its own.

    Returns:
        Groups by scenario, those at fault left out, and all the faults with their line.
    """
    scenarios = {s.nom: (rang, s) for rang, s in enumerate(etude.scenarios)}
    connus, groupes, problemes = blocs_de(etude), {}, []
    for rang, scenario in enumerate(etude.scenarios):
        fautes = [
            *_lignee_rompue(scenario, scenarios, ("scenarios", rang)),
            *_blocs_inconnus(scenario, connus, ("scenarios", rang)),
        ]
        if not fautes:
            lignee = _lignee(scenario, scenarios)
            if any(nom not in connus for _, s in lignee for nom in s.blocs) or lignee[0][1].depuis:
                continue  # the scenario that it starts from is refused already
            groupes[scenario.nom] = [g for r, s in lignee for g in _groupes(s, r, connus)]
            fautes = contradictions([g.bloc for g in groupes[scenario.nom] if g.bloc], ("scenarios", rang, "blocs"))
        problemes += [f.situee(f"scenarios[{scenario.nom}]", fichier, lignes) for f in fautes]
    return groupes, problemes


def appliquer(brut: dict[str, Any], etude: Etude, groupes: Iterable[Groupe]) -> list[Faute]:
    """Make the changes of a scenario, or of blocks, on the plain data of a study.

    Returns:
        Faults: a field that the study does not have, a value that cannot be moved, a block that changes nothing.
    """
    fautes: list[Faute] = []
    for groupe in groupes:
        poses = 0
        for i, changement in enumerate(groupe.changements):
            lieu = groupe.lieu if groupe.bloc else (*groupe.lieu, i, "champ")
            du_bloc = f"bloc « {groupe.bloc.nom} » : " if groupe.bloc else ""
            try:
                poses += changer(brut, changement)
            except Inapplicable as erreur:
                fautes.append(
                    Faute(lieu, f"{du_bloc}{erreur.args[0]}.", "écrire « valeur », ou retirer le changement.")
                )
            except KeyError as erreur:
                absent = f"le champ « {changement.champ} » n'existe pas dans l'étude ({erreur.args[0]})."
                fautes.append(Faute(lieu, f"{du_bloc}{absent}", _remede(etude, changement.champ)))
            else:
                continue
            poses += 1
        if not poses:
            noms = ", ".join(c.champ for c in groupe.changements)
            du_bloc = f"bloc « {groupe.bloc.nom} »" if groupe.bloc else "surcharges"
            fautes.append(Faute(groupe.lieu, f"{du_bloc} sans effet : l'étude n'a rien à « {noms} ».", "le retirer."))
    return fautes


def _remede(etude: Etude, champ: str) -> str:
    connus = [*entrees_de(etude), *(c for c in entrees_du_modele(Etude) if "[*]" not in c)]
    return en_phrase(proposer_un_champ(champ, list(dict.fromkeys(connus)))) or (
        "reprendre le chemin d'un champ de l'étude, par exemple travaux.cout_m2_ht ou prets[banque].taux."
    )


def _groupes(scenario: Scenario, rang: int, connus: Mapping[str, Bloc]) -> list[Groupe]:
    blocs = [
        Groupe(connus[nom].surcharges, connus[nom], ("scenarios", rang, "blocs", i))
        for i, nom in enumerate(scenario.blocs)
    ]
    propres = Groupe(scenario.surcharges, None, ("scenarios", rang, "surcharges"))
    return [*blocs, propres] if scenario.surcharges else blocs


def _lignee(scenario: Scenario, scenarios: Mapping[str, tuple[int, Scenario]]) -> list[tuple[int, Scenario]]:
    """The scenario after all those it starts from, the first one first."""
    lignee = [scenarios[scenario.nom]]
    while (depuis := lignee[0][1].depuis) is not None and depuis in scenarios:
        if depuis in {s.nom for _, s in lignee}:
            break
        lignee.insert(0, scenarios[depuis])
    return lignee


def _lignee_rompue(
    scenario: Scenario, scenarios: Mapping[str, tuple[int, Scenario]], lieu: tuple[str | int, ...]
) -> Iterable[Faute]:
    """Scenario that starts from an unknown one, or from itself through others."""
    if scenario.depuis is None:
        return
    if scenario.depuis not in scenarios:
        autres = [n for n in scenarios if n != scenario.nom]
        yield Faute(
            (*lieu, "depuis"), f"part d'un scénario inconnu : « {scenario.depuis} ».", proposer(scenario.depuis, autres)
        )
        return
    lignee = _lignee(scenario, scenarios)
    premier = lignee[0][1]
    if premier.depuis == scenario.nom:
        tour = " → ".join([scenario.nom, *(s.nom for _, s in reversed(lignee[:-1])), scenario.nom])
        yield Faute((*lieu, "depuis"), f"part de lui-même : {tour}.", "retirer « depuis » à l'un d'eux.")


def _blocs_inconnus(scenario: Scenario, connus: Mapping[str, Bloc], lieu: tuple[str | int, ...]) -> Iterable[Faute]:
    for i, nom in enumerate(scenario.blocs):
        if nom not in connus:
            yield Faute((*lieu, "blocs", i), f"bloc inconnu : « {nom} ».", proposer(nom, connus))


def contradictions(blocs: Sequence[Bloc], lieu: tuple[str | int, ...] = ()) -> list[Faute]:
    """Blocks that do not go together: one taken twice, or two that give a field different values."""
    noms = [b.nom for b in blocs]
    fautes = [
        Faute(lieu, f"bloc pris deux fois : « {nom} ».", "le garder une seule fois.")
        for nom in dict.fromkeys(noms)
        if noms.count(nom) > 1
    ]
    uniques = list({b.nom: b for b in blocs}.values())
    for un, autre in combinations(uniques, 2):
        champs = [
            x.champ
            for x in un.surcharges
            for y in autre.surcharges
            if se_touchent(x.champ, y.champ) and not _meme_valeur(x, y)
        ]
        if champs:
            dits = ", ".join(f"« {c} »" for c in dict.fromkeys(champs))
            fautes.append(
                Faute(
                    lieu,
                    f"les blocs « {un.nom} » et « {autre.nom} » donnent à {dits} des valeurs différentes.",
                    "n'en garder qu'un, ou écrire un bloc qui dit la valeur voulue.",
                )
            )
    return fautes


def _meme_valeur(un: Changement, autre: Changement) -> bool:
    """Whether two changes leave a field at the same value; two relative ones would add up."""
    return not (un.est_relatif or autre.est_relatif) and un.champ == autre.champ and un.valeur == autre.valeur
