"""Proposals of scenarios: what the journal keeps of the one on the screen, and of those of a file given again."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from pope_foncier.ateliers import chiffres, reponse
from pope_foncier.ateliers.ecarts import scenario_du_fichier, surcharges_de
from pope_foncier.ateliers.etat import Atelier, ScenarioPropose
from pope_foncier.ateliers.fichier_scenarios import lire_scenarios
from pope_foncier.ateliers.journal_entrees import Proposition, personne
from pope_foncier.ateliers.modele import Modele, Plats, Reglages
from pope_foncier.ateliers.mots import effets, mots
from pope_foncier.ateliers.regles import lire_ateliers
from pope_foncier.etude.fiche import Etude
from pope_foncier.etude.fiche_scenarios import Scenario, Surcharge
from pope_foncier.socle.erreurs import ErreurPope
from pope_foncier.socle.fiches import valider

_IDENTITE = ("site", "titre", "question", "scenarios", "foncier")
"""Fields that say which study it is: a scenario file may not move them."""
_ESSAIS = 1_000
"""Names tried beside the one wished."""


@dataclass(frozen=True, slots=True)
class ScenarioDepose:
    """Scenario of a file given to the workshop.

    Attributes:
        proposition: what to note; None when it is there already.
        deja: scenario of the workshop that it equals.
    """

    titre: str
    proposition: Proposition | None
    deja: ScenarioPropose | None = None


def identifiant(titre: str) -> str:
    """Name of a scenario from its title: small letters without accents, digits, underscores."""
    plat = unicodedata.normalize("NFKD", titre).encode("ascii", "ignore").decode().lower()
    nom = re.sub(r"[^a-z0-9]+", "_", plat).strip("_")[:36].strip("_")
    return nom if nom and nom[0].isalpha() else f"scenario_{nom}".strip("_")


def nom_libre(atelier: Atelier, etude: str, titre: str, qui: str, nom: str = "", autres: Collection[str] = ()) -> str:
    """Name of a scenario that takes nobody's place: that of its author's own proposal of the same title, else the first free one.

    Args:
        atelier: state of the workshop.
        etude: study that the scenario varies; that of another one is never taken.
        titre: title.
        qui: author.
        nom: name that a file gives it: his own scenario under this name is taken, whatever its title.
        autres: names taken by what is proposed with it.
    """
    voulu = nom or identifiant(titre)
    for rang in range(1, _ESSAIS):
        essai = voulu if rang == 1 else f"{voulu[:35]}_{rang}"
        pris = atelier.scenarios.get(essai)
        if essai in autres:
            continue
        if pris is None:
            return essai
        du_meme = personne(pris.versions[0].qui) == personne(qui) and pris.est_de(etude)
        if du_meme and (pris.fiche.titre == titre or essai == nom):
            return essai
    return voulu


def proposition(modele: Modele, etude: Etude, nom: str, titre: str, application: str, plats: Plats) -> Proposition:
    """Proposal of the scenario on the screen of an application: its levers, what they change, the figures as displayed."""
    return valider(
        Proposition,
        {
            "nom": nom,
            "titre": titre,
            "reglages": {"application": application, **plats},
            "surcharges": surcharges_de(modele.dossier.etude, etude),
            **_montre(modele, etude),
            "mots": [*mots(modele, etude, Reglages.de_plat(plats)), effets(modele, etude)],
        },
        "Proposition",
    )


def lire_le_depot(modele: Modele, atelier: Atelier, qui: str, octets: bytes, fichier: str) -> list[ScenarioDepose]:
    """Scenarios of a file given by a visitor, read strictly: what the workshop holds already is told, the rest is to be proposed.

    One of its author's own names becomes a new version of it; under a name taken by somebody else, a scenario apart.

    Raises:
        ErreurPope: the file, or one of its scenarios, does not hold; nothing is then to be proposed.
    """
    try:
        lus = lire_scenarios(octets, fichier)
        if lus.etude != modele.dossier.nom:
            raise ErreurPope(
                f"Ce fichier varie l'étude « {lus.etude} » ; cet atelier porte sur « {modele.dossier.nom} »."
            )
        connus = _par_contenu(modele, atelier)
        deposes: list[ScenarioDepose] = []
        for scenario in lus.scenarios:
            pris = [d.proposition.nom for d in deposes if d.proposition is not None]
            etude, surcharges = _lire_un(modele, scenario, lus.scenarios, fichier)
            contenu = _contenu(modele, etude)
            deja = next((s for lu, s in connus if lu == contenu), None)
            if deja is not None:
                deposes.append(ScenarioDepose(scenario.titre, None, deja))
                continue
            nom = nom_libre(atelier, modele.dossier.nom, scenario.titre, qui, scenario.nom, pris)
            brut: dict[str, Any] = {"nom": nom, "titre": scenario.titre, "reglages": {}, "surcharges": surcharges}
            brut |= _montre(modele, etude) | {"mots": [*mots(modele, etude), effets(modele, etude)]}
            deposes.append(ScenarioDepose(scenario.titre, valider(Proposition, brut, "Proposition")))
        return deposes
    except ArithmeticError:
        raise ErreurPope("Une valeur de ce fichier est hors de toute mesure : la corriger.") from None
    except (ValidationError, ValueError) as erreur:
        raise ErreurPope(str(erreur)) from erreur


def _lire_un(
    modele: Modele, scenario: Scenario, freres: tuple[Scenario, ...], fichier: str
) -> tuple[Etude, tuple[Surcharge, ...]]:
    """Study of a scenario of a file, and its overrides; it varies the study, and does not become another one."""
    leviers = {x.champ for x in lire_ateliers().leviers}
    touches = sorted({s.champ for s in scenario.surcharges if s.champ.split(".")[0] in _IDENTITE} - leviers)
    if touches:
        raise ErreurPope(
            f"Scénario « {scenario.titre} » : {', '.join(touches)} dit de quelle étude il s'agit et ne se change pas ici. Le retirer."
        )
    return scenario_du_fichier(modele.dossier.etude, scenario, freres, fichier)


def _par_contenu(modele: Modele, atelier: Atelier) -> list[tuple[Any, ScenarioPropose]]:
    """Scenarios in force by what they change; those that the study no longer takes are left out."""
    lus = []
    for scenario in atelier.scenarios.values():
        if not scenario.est_de(modele.dossier.nom):
            continue
        try:
            etude = modele.varier(modele.dossier.etude, {s.champ: s.valeur for s in scenario.fiche.surcharges})
        except (ErreurPope, ValueError, ArithmeticError):
            continue
        lus.append((_contenu(modele, etude), scenario))
    return lus


def _contenu(modele: Modele, etude: Etude) -> list[tuple[str, Any]]:
    """What a study changes, whatever the way in which it was written."""
    return [(s.champ, s.valeur) for s in surcharges_de(modele.dossier.etude, etude)]


def _montre(modele: Modele, etude: Etude) -> dict[str, object]:
    """Study and place of a scenario, its figures as displayed: those of the table, then the answer with its ranges and its first risk."""
    vue = modele.voir_bouclee(etude)
    lue = reponse.repondre(vue, reponse.douter_de(modele, etude))
    return {
        "etude": modele.dossier.nom,
        "lieu": modele.dossier.site.nom,
        "chiffres": chiffres.pour_le_journal(vue),
        "reponse": lue.chiffres,
        "risque": lue.sans_place or lue.risque,
    }
