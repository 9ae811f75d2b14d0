"""Minutes of a workshop, by session: one content in every form, and the files that replay its scenarios."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from pope_foncier.ateliers.compte_rendu_document import lire_les_seances, rediger
from pope_foncier.ateliers.compte_rendu_etude import Etudes
from pope_foncier.ateliers.compte_rendu_lue import Lue, fiche_de
from pope_foncier.ateliers.etat import Atelier
from pope_foncier.ateliers.fichier_scenarios import en_yaml, etude_dite
from pope_foncier.ateliers.formats import Format
from pope_foncier.ateliers.journal import Journal, LectureJournal
from pope_foncier.ateliers.modele import Modele
from pope_foncier.socle.ecriture import ecrire_ensemble
from pope_foncier.socle.erreurs import ErreurDonnees, ErreurSortie, Probleme
from pope_foncier.vues.formes.document import Document, en_html, en_markdown
from pope_foncier.vues.word import compte_rendu as en_word


def octets(
    journal: Journal,
    modele: Modele | None,
    format: Format,
    seance: int | None = None,
    lieu: str = "",
    autres: Sequence[Modele] = (),
) -> bytes:
    """Minutes of a session in one form, or its scenarios as a file; the same bytes at each run.

    Args:
        journal: journal of the workshop.
        modele: its study; without it, scenarios are told as they were displayed, and nothing is said of assumptions nor of the law.
        format: one of ``formats.NOMS``; the file of scenarios holds those of one study, the first that has some, and names the others.
        seance: number of the session, 0 (``TOUTES``) for all of them; by default, the last one where something is noted.
        lieu: where it was held, when its opening does not say.
        autres: other studies of the workshop.

    Raises:
        ErreurDonnees: empty journal, session that it does not have, no scenario to write as a file.
        ErreurSortie: the journal cannot be read.
        ErreurCalcul: python-docx is not installed.
    """
    lecture, lues = _lire(journal, modele, seance, lieu, autres)
    if format != "yaml":
        return _en(format, rediger(lecture, lues, journal.nom))
    ecrits = dict(_scenarios(lues[-1]))
    if not ecrits:
        raise _refus(journal, "aucun scénario ne change l'étude : il n'y a pas de fichier à écrire.", "en proposer un.")
    premiere, *suivantes = ecrits
    tues = " ; ".join(" ".join(lues[-1].etudes.titre(nom).split()) for nom in suivantes)
    note = f"# Un fichier par étude, qu'écrit « pope-foncier compte-rendu » ; celui-ci tait : {tues}.\n" if tues else ""
    return f"{note}{ecrits[premiere]}".encode()


def nom_du_fichier(journal: Journal, format: Format, seance: int | None = None) -> str:
    """Name under which the minutes of a session are saved; the session is told when the journal has several."""
    _, lues = _lire(journal, None, seance)
    return f"{'scenarios' if format == 'yaml' else 'compte_rendu'}{_suffixe(lues)}.{format}"


def exporter(
    journal: Journal,
    dossier: Path,
    modele: Modele | None = None,
    seance: int | None = None,
    word: bool = False,
    lieu: str = "",
    autres: Sequence[Modele] = (),
) -> list[Path]:
    """Write the scenarios, those decided on, and the minutes as files; the same arguments as ``octets``, the same refusals.

    Args:
        word: whether the minutes are written for Word too.
    """
    lecture, lues = _lire(journal, modele, seance, lieu, autres)
    redige, suffixe = rediger(lecture, lues, journal.nom), _suffixe(lues)
    premiere = lues[-1].etudes.premiere
    contenus: dict[Path, str | bytes] = {
        dossier / f"scenarios{suffixe}{'' if nom == premiere else f'_{nom}'}.yaml": texte
        for nom, texte in _scenarios(lues[-1])
    }
    contenus |= {dossier / nom: texte for lue in lues for nom, texte in _retenu(lue)}
    formes: tuple[Format, ...] = ("md", "html", "docx") if word else ("md", "html")
    return ecrire_ensemble(contenus | {dossier / f"compte_rendu{suffixe}.{f}": _en(f, redige) for f in formes})


def _en(format: Format, redige: Document) -> bytes:
    """Minutes in one form."""
    if format == "docx":
        return en_word.rediger(redige)
    return (en_html if format == "html" else en_markdown)(redige).encode()


def _lire(
    journal: Journal, modele: Modele | None, seance: int | None, lieu: str = "", autres: Sequence[Modele] = ()
) -> tuple[LectureJournal, list[Lue]]:
    """What a journal says, and the sessions of it that the minutes tell."""
    lecture = journal.lire()
    if not lecture.entrees and lecture.illisibles:
        raise ErreurSortie(lecture.en_clair(journal.nom))
    if not lecture.entrees:
        raise _refus(journal, "journal vide ou absent.", "tenir d'abord un atelier.")
    atelier = Atelier.rejouer(lecture.entrees)
    modeles = {m.dossier.nom: m for m in (modele, *autres) if m is not None}
    etudes = Etudes(next(iter(modeles), etude_dite(atelier)), modeles)
    return lecture, lire_les_seances(atelier, etudes, seance, lieu)


def _refus(journal: Journal, message: str, remede: str) -> ErreurDonnees:
    return ErreurDonnees([Probleme(journal.nom, None, "", message, remede)])


def _suffixe(lues: Sequence[Lue]) -> str:
    """End of the names of the files: the session, when the journal has several."""
    if len(lues[-1].atelier.seances) == 1:
        return ""
    return "_toutes" if len(lues) > 1 else f"_seance_{lues[-1].seance.numero}"


def _scenarios(lue: Lue) -> Iterator[tuple[str, str]]:
    """File of the scenarios of each study, as they stood at the end of a session; none for a study that none of them changes."""
    for nom, tenus in lue.par_etude().items():
        versions = [version for _, version in tenus]
        if any(fiche_de(v).surcharges for v in versions):
            yield nom, en_yaml(lue.atelier, versions, nom)


def _retenu(lue: Lue) -> Iterator[tuple[str, str]]:
    """File of the scenario that a session decided on, as it was then; none when it changes nothing."""
    if lue.retenu and fiche_de(lue.retenu[1]).surcharges:
        version = lue.retenu[1]
        yield (
            f"scenario_retenu{_suffixe([lue])}.yaml",
            en_yaml(lue.atelier, [version], lue.etudes.nom(fiche_de(version))),
        )


def ce_qui_est_ecrit(journal: Journal, seance: int | None = None) -> str:
    """Which sessions the minutes tell, and how to have the others, in one sentence."""
    _, lues = _lire(journal, None, seance)
    tenues = len(lues[-1].atelier.seances)
    if tenues == 1:
        return "Le journal tient une seule séance."
    numeros = ", ".join(str(lue.seance.numero) for lue in lues)
    dites = f"Séances {numeros}" if len(lues) > 1 else f"Séance {numeros}"
    choix = "" if seance is not None else ", la dernière où quelque chose est noté"
    return f"{dites} sur {tenues}{choix} (une autre : --seance N ; toutes : --toutes)."
