"""Minutes of a workshop: scenarios as YAML for a study file, minutes as Markdown and HTML; a scenario file read back strictly."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from pydantic import Field, model_validator

from pope_foncier.ateliers.etat import Atelier, ScenarioPropose
from pope_foncier.ateliers.journal import Journal
from pope_foncier.ateliers.journal_entrees import Decision, EntreeJournal, Proposition, Remarque, Vote
from pope_foncier.ateliers.mots import valeur_en_clair
from pope_foncier.ateliers.regles import lire_ateliers
from pope_foncier.etude.fiche_scenarios import Scenario
from pope_foncier.socle.ecriture import ecrire_ensemble
from pope_foncier.socle.erreurs import ErreurDonnees, ErreurSortie, Probleme
from pope_foncier.socle.fiches import Fiche, lire_fiche, sans_double
from pope_foncier.socle.temps import date_en_clair
from pope_foncier.vues.formes import page
from pope_foncier.vues.formes.gabarits import rendre

FUSEAU = ZoneInfo("Europe/Paris")
"""Clock of the minutes; the journal itself is in universal time."""
TAILLE_MAX_OCTETS = 200_000
"""Largest scenario file that a visitor may give."""


_NOM_DE_FICHIER = re.compile(r"(?!\.)[^/\\\x00-\x1f]{1,120}\.ya?ml", re.IGNORECASE)


class FichierScenarios(Fiche):
    """Scenario file: the study that it varies, its scenarios."""

    etude: str
    scenarios: tuple[Scenario, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _noms(self) -> FichierScenarios:
        sans_double("scénario", [s.nom for s in self.scenarios])
        return self


def exporter(
    journal: Journal, dossier: Path, en_word: Callable[[Atelier, Sequence[str]], bytes] | None = None
) -> list[Path]:
    """Write ``scenarios.yaml``, ``compte_rendu.md`` and ``compte_rendu.html`` of the sound entries; what cannot be read is named.

    Args:
        en_word: what makes the minutes for Word; ``compte_rendu.docx`` is then written too.
    """
    lecture = journal.lire()
    entrees = lecture.entrees
    if not entrees and lecture.illisibles:
        raise ErreurSortie(lecture.en_clair(journal.nom))
    if not entrees:
        raise ErreurDonnees(
            [Probleme(journal.chemin.name, None, "", "journal vide ou absent.", "tenir d'abord un atelier.")]
        )
    atelier = Atelier.rejouer(entrees)
    varies = any(s.fiche.surcharges for s in atelier.scenarios.values())
    contenus: dict[Path, str | bytes] = {dossier / "scenarios.yaml": en_yaml(atelier)} if varies else {}
    contenus |= {
        dossier / "compte_rendu.md": en_markdown(atelier, lecture.illisibles),
        dossier / "compte_rendu.html": en_html(atelier, lecture.illisibles),
    }
    if en_word is not None:
        contenus[dossier / "compte_rendu.docx"] = en_word(atelier, lecture.illisibles)
    return ecrire_ensemble(contenus)


def en_yaml(atelier: Atelier, seul: str = "") -> str:
    """Scenarios of a workshop, or one of them, in the form of a scenario file; the last proposal of each name; one that changes nothing is said."""
    ouverte = atelier.seance and atelier.seance.fiche
    etude = ouverte.etude if ouverte else ""
    scenarios, tels_quels = [], []
    for scenario in atelier.scenarios.values():
        fiche = scenario.fiche
        if seul not in ("", fiche.nom):
            continue
        if not fiche.surcharges:
            tels_quels.append(f"# « {' '.join(fiche.titre.split())} » : l'étude telle quelle, rien à varier.\n")
        else:
            surcharges = [s.model_dump(mode="json") for s in fiche.surcharges]
            scenarios.append({"nom": fiche.nom, "titre": fiche.titre, "surcharges": surcharges})
    texte = yaml.safe_dump({"etude": etude, "scenarios": scenarios}, allow_unicode=True, sort_keys=False, width=110)
    return (
        "# Scénarios d'un atelier : à recopier dans la section « scenarios » de l'étude, ou à rouvrir dans l'atelier.\n"
        + "".join(tels_quels)
        + texte
    )


def lire_scenarios(octets: bytes, nom: str = "scenarios.yaml") -> FichierScenarios:
    """Read a scenario file given by a visitor, with the strict loader.

    Raises:
        ErreurDonnees: a name that is not that of a YAML file, too large, not YAML, or any fault of its content, all at once.
    """
    if not _NOM_DE_FICHIER.fullmatch(nom):
        raise ErreurDonnees(
            [
                Probleme(
                    nom_affiche(nom),
                    None,
                    "",
                    "ce n'est pas le nom d'un fichier de scénarios.",
                    "choisir un fichier dont le nom finit par .yaml, sans dossier devant.",
                )
            ]
        )
    if len(octets) > TAILLE_MAX_OCTETS:
        message = f"fichier de {len(octets) // 1000} ko, trop gros."
        raise ErreurDonnees(
            [Probleme("scénarios", None, "", message, f"{TAILLE_MAX_OCTETS // 1000} ko au plus sont admis.")]
        )
    with tempfile.TemporaryDirectory() as essai:
        fichier = Path(essai) / "scenarios.yaml"
        fichier.write_bytes(octets)
        try:
            return lire_fiche(FichierScenarios, fichier)
        except ErreurDonnees as erreur:
            problemes = [Probleme(nom_affiche(nom), p.ligne, p.champ, p.message, p.remede) for p in erreur.problemes]
            raise ErreurDonnees(problemes) from None


def nom_affiche(nom: str) -> str:
    """File name as shown: no folder, no strange character."""
    return re.sub(r"[^\w .-]", "", re.split(r"[/\\]", nom)[-1])[:60] or "fichier"


def en_markdown(atelier: Atelier, illisibles: Sequence[str] = ()) -> str:
    """Minutes as Markdown; what visitors typed is escaped and quoted, so that it stays text everywhere."""
    return str(rendre("compte_rendu.md", **contenu(atelier), illisibles=illisibles))


def en_html(atelier: Atelier, illisibles: Sequence[str] = ()) -> str:
    """Minutes as a self-contained HTML page."""
    corps = rendre("compte_rendu.html", **contenu(atelier), illisibles=illisibles)
    style = "body{max-width:52em;margin:1em auto;padding:0 1em;font-size:16px}table{width:auto}th{font-weight:normal;text-align:left}"
    return page.page(f"Compte rendu d'atelier : {_titre(atelier)}", corps, style)


def contenu(atelier: Atelier) -> dict[str, Any]:
    """What the minutes say, as the templates read it: nothing here is protected yet."""
    ouverture = atelier.seance and atelier.seance.ouverture
    return {
        "titre": _titre(atelier),
        "seance": ouverture and qui_et_quand(ouverture),
        "decision": _decision(atelier),
        "scenarios": [_scenario(atelier, scenario) for scenario in classement(atelier)],
        "remarques": [_remarque(atelier, entree) for entree in atelier.remarques],
        "fil": [qui_et_quand(e) | {"quoi": _en_une_ligne(atelier, e)} for e in atelier.fil],
    }


def _scenario(atelier: Atelier, scenario: ScenarioPropose) -> dict[str, Any]:
    fiche = scenario.fiche
    return qui_et_quand(scenario.entree) | {
        "titre": scenario.titre,
        "points": atelier.points(scenario.nom),
        "votes": list(atelier.votes.get(scenario.nom, {}).items()),
        "chiffres": fiche.chiffres,
        "hypotheses": HYPOTHESES if fiche.surcharges else "",
        "reglages": reglages_en_clair(fiche),
    }


def reglages_en_clair(fiche: Proposition) -> list[str]:
    """What a scenario changes, in the words kept with it; in an older journal without words, its choices and fields by code."""
    if fiche.mots:
        return list(fiche.mots)
    choix = {"montage": "Montage", "mode": "Mode d'accueil", "depart": "Point de départ"}
    clair = [f"{libelle} : {fiche.reglages[nom]}" for nom, libelle in choix.items() if fiche.reglages.get(nom)]
    libelles = {x.champ: f"{x.libelle} ({x.unite})" for x in lire_ateliers().leviers if x.champ is not None}
    for s in fiche.surcharges:
        libelle = libelles.get(s.champ)
        clair.append(
            f"{libelle} : {valeur_en_clair(s.valeur)} [{s.champ}]"
            if libelle
            else f"{s.champ} : {valeur_en_clair(s.valeur)}"
        )
    return clair or ["l'étude telle quelle"]


HYPOTHESES = "Ce qui change, réglé en atelier : des hypothèses, personne ne s'y est engagé."
"""What the values of a scenario are worth, said before them."""


def _en_une_ligne(atelier: Atelier, entree: EntreeJournal) -> str:
    match entree.contenu:
        case Proposition(titre=titre):
            return f"propose « {titre} »"
        case Vote(scenario=nom, points=points):
            return f"donne {points} point{'s' if points > 1 else ''} à « {atelier.titre(nom) or nom} »"
        case Remarque(texte=texte):
            return f"remarque : « {texte} »"
        case Decision(texte=texte):
            return f"décision : « {texte} »"
        case _:
            return "ouvre l'atelier"


def _titre(atelier: Atelier) -> str:
    seance = atelier.seance and atelier.seance.fiche
    return seance.titre if seance else "sans titre"


def classement(atelier: Atelier) -> list[ScenarioPropose]:
    """Scenarios by points, the first proposed first when equal."""
    return sorted(atelier.scenarios.values(), key=lambda s: -atelier.points(s.nom))


def _decision(atelier: Atelier) -> dict[str, str] | None:
    """Last decision noted, and the scenario that it takes, by its name and its title; None without any."""
    if atelier.decision is None or not isinstance(atelier.decision.contenu, Decision):
        return None
    fiche = atelier.decision.contenu
    titre = atelier.titre(fiche.scenario)
    return qui_et_quand(atelier.decision) | {"texte": fiche.texte, "titre": titre, "scenario": fiche.scenario or ""}


def _remarque(atelier: Atelier, entree: EntreeJournal) -> dict[str, str]:
    assert isinstance(entree.contenu, Remarque)
    titre = atelier.titre(entree.contenu.scenario)
    return qui_et_quand(entree) | {"sur": titre, "texte": entree.contenu.texte}


def qui_et_quand(entree: EntreeJournal) -> dict[str, str]:
    """Author of an entry, and when it was written, in French."""
    ici = entree.quand.astimezone(FUSEAU)
    return {"qui": entree.qui, "quand": f"{date_en_clair(ici.date())}, {ici:%H h %M}"}
