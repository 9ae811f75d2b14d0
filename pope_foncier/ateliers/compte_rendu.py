"""Minutes of a workshop: scenarios as YAML for a study file, minutes as Markdown and HTML; a scenario file read back strictly."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

import yaml
from pydantic import Field, model_validator

from pope_foncier.ateliers.journal import Atelier, Journal
from pope_foncier.ateliers.journal_entrees import Decision, EntreeJournal, Proposition, Remarque, Seance, Vote
from pope_foncier.ateliers.mots import valeur_en_clair
from pope_foncier.ateliers.regles import lire_ateliers
from pope_foncier.etude.fiche import Scenario
from pope_foncier.socle.ecriture import ecrire_ensemble
from pope_foncier.socle.erreurs import ErreurDonnees, ErreurSortie, Probleme
from pope_foncier.socle.fiches import Fiche, lire_fiche, sans_double
from pope_foncier.socle.temps import date_en_clair
from pope_foncier.vues.formes import page
from pope_foncier.vues.formes.proteger import proteger

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


def exporter(journal: Journal, dossier: Path) -> list[Path]:
    """Write ``scenarios.yaml``, ``compte_rendu.md`` and ``compte_rendu.html`` of the sound entries; what cannot be read is named."""
    lecture = journal.lire()
    entrees = lecture.entrees
    if not entrees and lecture.illisibles:
        raise ErreurSortie(lecture.en_clair(journal.nom))
    if not entrees:
        raise ErreurDonnees(
            [Probleme(journal.chemin.name, None, "", "journal vide ou absent.", "tenir d'abord un atelier.")]
        )
    atelier = Atelier.rejouer(entrees)
    varies = any(_proposition(e).surcharges for e in atelier.scenarios.values())
    contenus: dict[Path, str | bytes] = {dossier / "scenarios.yaml": en_yaml(atelier)} if varies else {}
    contenus |= {
        dossier / "compte_rendu.md": en_markdown(atelier, lecture.illisibles),
        dossier / "compte_rendu.html": en_html(atelier, lecture.illisibles),
    }
    return ecrire_ensemble(contenus)


def en_yaml(atelier: Atelier) -> str:
    """Scenarios of a workshop in the form of a scenario file; the last proposal of each name; one that changes nothing is said."""
    etude = atelier.seance.contenu.etude if atelier.seance and isinstance(atelier.seance.contenu, Seance) else ""
    scenarios, tels_quels = [], []
    for entree in atelier.scenarios.values():
        fiche = _proposition(entree)
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
    lignes = [f"# Compte rendu d'atelier : {_md(_titre(atelier))}", ""]
    if atelier.seance:
        lignes += [f"Ouvert le {_quand(atelier.seance)} par {_md(atelier.seance.qui)}.", ""]
    lignes += ["## Décision", "", _decision(atelier, _md), "", "## Scénarios", ""]
    for entree in _classement(atelier):
        fiche = _proposition(entree)
        lignes += [f"### {_md(fiche.titre)}", "", f"Proposé par {_md(entree.qui)}, {_quand(entree)}."]
        lignes += [f"Points : {_points(atelier, fiche.nom, _md)}.", ""]
        lignes += [
            "| Chiffre | Valeur |",
            "|---|---|",
            *(f"| {_md(c.libelle)} | {_md(c.valeur)} |" for c in fiche.chiffres),
        ]
        lignes += ["", *_hypotheses(fiche), *(f"- {_md(x)}" for x in reglages_en_clair(fiche)), ""]
    lignes += ["## Remarques", ""]
    for entree in atelier.remarques:
        sur, texte = _remarque(atelier, entree)
        lignes.append(f"- {_md(entree.qui)}, {_quand(entree)}{_md(sur)} : « {_md(texte)} »")
    if not atelier.remarques:
        lignes.append("Aucune.")
    lignes += [
        "",
        "## Fil de l'atelier",
        "",
        *(f"- {_quand(e)}, {_md(e.qui)} : {_md(_en_une_ligne(atelier, e))}" for e in atelier.fil),
    ]
    if illisibles:
        lignes += ["", "## Entrées illisibles", "", *(f"- {_md(x)}" for x in illisibles)]
    return "\n".join(lignes) + "\n"


def en_html(atelier: Atelier, illisibles: Sequence[str] = ()) -> str:
    """Minutes as a self-contained HTML page."""
    corps = [f"<h1>Compte rendu d'atelier : {proteger(_titre(atelier))}</h1>"]
    if atelier.seance:
        corps.append(f"<p>Ouvert le {_quand(atelier.seance)} par {proteger(atelier.seance.qui)}.</p>")
    corps += ["<h2>Décision</h2>", f"<p>{_decision(atelier, proteger)}</p>", "<h2>Scénarios</h2>"]
    for entree in _classement(atelier):
        fiche = _proposition(entree)
        chiffres = "".join(
            f'<tr><th scope="row">{proteger(c.libelle)}</th><td>{proteger(c.valeur)}</td></tr>' for c in fiche.chiffres
        )
        champs = "".join(f"<li>{proteger(x)}</li>" for x in reglages_en_clair(fiche))
        corps.append(
            f"<h3>{proteger(fiche.titre)}</h3><p>Proposé par {proteger(entree.qui)}, {_quand(entree)}. "
            f"Points : {_points(atelier, fiche.nom, proteger)}.</p><table><tbody>{chiffres}</tbody></table>"
            f"{''.join(f'<p>{x}</p>' for x in _hypotheses(fiche) if x)}<ul>{champs}</ul>"
        )
    corps.append("<h2>Remarques</h2>")
    remarques = []
    for entree in atelier.remarques:
        sur, texte = _remarque(atelier, entree)
        remarques.append(f"<li>{proteger(entree.qui)}, {_quand(entree)}{proteger(sur)} : « {proteger(texte)} »</li>")
    corps.append(f"<ul>{''.join(remarques)}</ul>" if remarques else "<p>Aucune.</p>")
    fil = "".join(
        f"<li>{_quand(e)}, {proteger(e.qui)} : {proteger(_en_une_ligne(atelier, e))}</li>" for e in atelier.fil
    )
    corps.append(f"<h2>Fil de l'atelier</h2><ol>{fil}</ol>")
    if illisibles:
        corps.append(f"<h2>Entrées illisibles</h2><ul>{''.join(f'<li>{proteger(x)}</li>' for x in illisibles)}</ul>")
    style = "body{max-width:52em;margin:1em auto;padding:0 1em;font-size:16px}table{width:auto}th{font-weight:normal;text-align:left}"
    return page.page(f"Compte rendu d'atelier : {_titre(atelier)}", "\n".join(corps), style)


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


def _hypotheses(fiche: Proposition) -> list[str]:
    """What the values of a scenario are worth, said before them; nothing when it changes nothing."""
    return (
        ["Ce qui change, réglé en atelier : des hypothèses, personne ne s'y est engagé.", ""]
        if fiche.surcharges
        else []
    )


def _en_une_ligne(atelier: Atelier, entree: EntreeJournal) -> str:
    match entree.contenu:
        case Proposition(titre=titre):
            return f"propose « {titre} »"
        case Vote(scenario=nom, points=points):
            return f"donne {points} point{'s' if points > 1 else ''} à « {_titre_du_scenario(atelier, nom) or nom} »"
        case Remarque(texte=texte):
            return f"remarque : « {texte} »"
        case Decision(texte=texte):
            return f"décision : « {texte} »"
        case _:
            return "ouvre l'atelier"


def _titre(atelier: Atelier) -> str:
    seance = atelier.seance.contenu if atelier.seance else None
    return seance.titre if isinstance(seance, Seance) else "sans titre"


def _proposition(entree: EntreeJournal) -> Proposition:
    assert isinstance(entree.contenu, Proposition)
    return entree.contenu


def _titre_du_scenario(atelier: Atelier, nom: str | None) -> str:
    return _proposition(atelier.scenarios[nom]).titre if nom in atelier.scenarios and nom is not None else ""


def _classement(atelier: Atelier) -> list[EntreeJournal]:
    """Scenarios by points, the first proposed first when equal."""
    return sorted(atelier.scenarios.values(), key=lambda e: -atelier.points(_proposition(e).nom))


def _points(atelier: Atelier, nom: str, ecrire_mot: Callable[[str], str]) -> str:
    votes = atelier.votes.get(nom, {})
    if not votes:
        return "aucun vote"
    detail = ", ".join(f"{ecrire_mot(qui)} {points}" for qui, points in votes.items())
    return f"{atelier.points(nom)} ({detail})"


def _decision(atelier: Atelier, ecrire_mot: Callable[[str], str]) -> str:
    if atelier.decision is None or not isinstance(atelier.decision.contenu, Decision):
        return "Aucune décision notée."
    fiche = atelier.decision.contenu
    titre = _titre_du_scenario(atelier, fiche.scenario)
    sur = f" (scénario « {ecrire_mot(titre)} »)" if titre else ""
    return (
        f"« {ecrire_mot(fiche.texte)} »{sur}, notée par {ecrire_mot(atelier.decision.qui)}, {_quand(atelier.decision)}."
    )


def _remarque(atelier: Atelier, entree: EntreeJournal) -> tuple[str, str]:
    assert isinstance(entree.contenu, Remarque)
    titre = _titre_du_scenario(atelier, entree.contenu.scenario)
    return (f", sur « {titre} »" if titre else ""), entree.contenu.texte


def _quand(entree: EntreeJournal) -> str:
    ici = entree.quand.astimezone(FUSEAU)
    return f"{date_en_clair(ici.date())}, {ici:%H h %M}"


def _md(texte: str) -> str:
    """Text that Markdown shows as it is."""
    return proteger(texte, markdown=True)
