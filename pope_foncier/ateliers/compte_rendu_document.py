"""Minutes of a workshop as blocks: which sessions they tell, then the sessions, what the study supposes, what is to be done, annexes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pope_foncier.ateliers import compte_rendu_avis, compte_rendu_etude, compte_rendu_seance
from pope_foncier.ateliers.compte_rendu_etude import Etudes
from pope_foncier.ateliers.compte_rendu_lue import Lue, fiche_de
from pope_foncier.ateliers.etat import Atelier, SeanceTenue
from pope_foncier.ateliers.fichier_scenarios import en_yaml
from pope_foncier.ateliers.journal import LectureJournal
from pope_foncier.ateliers.journal_entrees import Proposition
from pope_foncier.etude.resultats import Vue
from pope_foncier.socle.erreurs import ErreurDonnees, Probleme
from pope_foncier.socle.temps import date_en_clair
from pope_foncier.vues.formes.document import ARemplir, Bloc, Document, Fichier, Liste, Phrase, Section, Tableau
from pope_foncier.vues.formes.table import Table

TOUTES = 0
"""Number that stands for every session."""
_ETAPE, _NOM = (90.0, 50.0, 30.0), (50.0, 60.0, 60.0)
_ETAPE_MM, _SIGNATURE_MM, _VIDES = 8.0, 13.0, 4
"""Widths of the columns filled by hand, heights of their rows, and how many are left."""
_SIGNENT = 8
"""People up to whom everybody signs; beyond, who opened the session."""


def choisir(atelier: Atelier, seance: int | None) -> list[SeanceTenue]:
    """Sessions that the minutes tell: the one asked for, all those where something is noted, or the last of them.

    Raises:
        ErreurDonnees: a session that the journal does not have.
    """
    tenues = [s for s in atelier.seances if _tient_quelque_chose(s)] or list(atelier.seances[-1:])
    if seance is None:
        return tenues[-1:]
    if seance == TOUTES:
        return tenues
    voulue = [s for s in atelier.seances if s.numero == seance]
    if not voulue:
        dites = " ; ".join(f"{s.numero} ({date_en_clair(s.jour)})" for s in atelier.seances)
        raise ErreurDonnees(
            [
                Probleme(
                    "Compte rendu",
                    None,
                    "séance",
                    f"le journal n'a pas de séance {seance}.",
                    f"en choisir une : {dites}.",
                )
            ]
        )
    return voulue


def _tient_quelque_chose(seance: SeanceTenue) -> bool:
    """Whether something is noted in a session beside its opening and how it was led."""
    return not seance.vide or any(isinstance(e.contenu, Proposition) for e in seance.entrees)


def lire_les_seances(atelier: Atelier, etudes: Etudes, seance: int | None, lieu: str) -> list[Lue]:
    """Sessions that the minutes tell, ready to be told."""
    choisies = choisir(atelier, seance)
    return [Lue(atelier, s, etudes, 1 if len(choisies) == 1 else 2, lieu) for s in choisies]


def rediger(lecture: LectureJournal, lues: Sequence[Lue], nom: str) -> Document:
    """Minutes as blocks, which each form shows.

    Args:
        lecture: what the journal says, unreadable entries included.
        lues: sessions told.
        nom: name of its file.
    """
    seule = len(lues) == 1
    jours = [date_en_clair(lue.jour) for lue in lues]
    sujet = (
        f"Séance n° {lues[0].seance.numero} du {jours[0]}"
        if seule
        else f"{len(lues)} séances, du {jours[0]} au {jours[-1]}"
    )
    blocs = [*_en_tete(lecture, lues, nom)]
    for lue, jour in zip(lues, jours, strict=True):
        blocs += [] if seule else [Section(f"Séance n° {lue.seance.numero} du {jour}")]
        blocs += compte_rendu_seance.raconter(lue)
    blocs += [*_l_etude(lues), *_la_suite(lues), *_annexes(lues), *_ce_qui_ne_se_lit_pas(lecture)]
    return Document(f"Compte rendu d'atelier : {_titre(lues[-1])}", sujet, lues[-1].jour, blocs)


def _titre(lue: Lue) -> str:
    """Title of the last session, else that of the study."""
    fiches = [s.fiche for s in lue.atelier.seances if s.fiche and s.numero <= lue.seance.numero]
    return fiches[-1].titre if fiches else lue.etudes.titre(lue.etudes.premiere)


def _en_tete(lecture: LectureJournal, lues: Sequence[Lue], nom: str) -> Iterator[Bloc]:
    """What these minutes are worth, which sessions they tell, on which studies."""
    etudes, atelier = lues[-1].etudes, lues[-1].atelier
    entrees = [e for lue in lues for e in lue.seance.entrees]
    yield Phrase(
        "Compte rendu d'une réunion de travail. Ce n'est pas une délibération : les points donnés sont des avis, et rien de ce qui est "
        "noté ici n'engage la commune ni ses partenaires.",
        genre="cadre",
    )
    for modele in etudes.modeles.values():
        etude = modele.dossier.etude
        yield Phrase(f"« {etude.titre} », {modele.dossier.site.commune}. {etude.question}", "Étude :")
    autres = [s.numero for s in atelier.seances if s not in [lue.seance for lue in lues]]
    suite = (
        f" Le journal tient {len(atelier.seances)} séances ; les autres ont leur propre compte rendu." if autres else ""
    )
    yield Phrase(
        f"Écrit d'après le journal de l'atelier, fichier « {nom} », entrées {entrees[0].rang} à {entrees[-1].rang}.{suite}",
        genre="note",
    )
    if lecture.illisibles:
        nombre = len(lecture.illisibles)
        pluriel = "s" if nombre > 1 else ""
        yield Phrase(f"Le journal a {nombre} faute{pluriel} de lecture, nommée{pluriel} à la fin.", "Attention :")


def _l_etude(lues: Sequence[Lue]) -> Iterator[Bloc]:
    """Questions, assumptions and law of each study, on the scenario retained when it is one of its own."""
    for nom, modele in lues[-1].etudes.modeles.items():
        vue, de_quoi = _sur_quoi(lues, nom)
        if len(lues[-1].etudes.modeles) > 1:
            yield Section(f"L'étude « {modele.dossier.etude.titre} »")
        niveau = 2 if len(lues[-1].etudes.modeles) > 1 else 1
        yield from compte_rendu_etude.ce_qui_reste_ouvert(modele, vue, de_quoi, lues[-1].jour, niveau)


def _sur_quoi(lues: Sequence[Lue], nom: str) -> tuple[Vue, str]:
    """Scenario of a study whose questions and assumptions are told: the one retained, else the study as it is."""
    etudes = lues[-1].etudes
    for lue in reversed(lues):
        retenu = lue.retenu
        if retenu and etudes.nom(fiche_de(retenu[1])) == nom and (vue := etudes.relire(retenu[1]).vue):
            return vue, f"le scénario retenu, « {retenu[0].titre_de(retenu[1])} »"
    return etudes.modeles[nom].base, "l'étude telle quelle"


def _la_suite(lues: Sequence[Lue]) -> Iterator[Bloc]:
    yield Section("Prochaines étapes, à remplir")
    etapes = Table("Prochaines étapes", ("Quoi faire", "Qui", "Pour le"), (("",) * 3,) * _VIDES, texte=True)
    yield Tableau(etapes, _ETAPE_MM, _ETAPE)
    yield ARemplir("Prochaine séance")
    yield ARemplir("Diffusé à", 2)
    yield Section("Signatures")
    presents = dict.fromkeys(p.nom for lue in lues for p in lue.presents.values())
    animent = dict.fromkeys(lue.qui(lue.seance.ouverture) for lue in lues if lue.seance.ouverture)
    noms = presents if len(presents) <= _SIGNENT else animent
    rangees = (*((nom, "", "") for nom in noms), *(("",) * 3,) * 2)
    yield Tableau(
        Table("Signatures", ("Nom", "Organisme, fonction", "Signature"), rangees, texte=True), _SIGNATURE_MM, _NOM
    )


def _annexes(lues: Sequence[Lue]) -> Iterator[Bloc]:
    etudes = lues[-1].etudes
    for lue in lues:
        retenu = lue.retenu
        if retenu and fiche_de(retenu[1]).surcharges:
            fiche = fiche_de(retenu[1])
            yield Section(f"Annexe : le fichier du scénario retenu, « {retenu[0].titre_de(retenu[1])} »")
            yield Phrase(
                "À recopier dans la section « scenarios » de l'étude, ou à rouvrir dans l'atelier : le calcul redonne le scénario.",
                genre="note",
            )
            yield Fichier("scenario_retenu.yaml", en_yaml(lue.atelier, [retenu[1]], etudes.nom(fiche)))
    for lue in lues:
        detail = list(compte_rendu_seance.tous_les_chiffres(lue))
        if detail:
            yield Section(f"Annexe : tous les chiffres affichés{_de_la_seance(lues, lue)}")
            yield from detail
    for lue in lues:
        remplacees = list(compte_rendu_seance.versions_remplacees(lue))
        if remplacees:
            yield Section(f"Annexe : les versions remplacées{_de_la_seance(lues, lue)}")
            yield from remplacees
    for lue in lues:
        yield Section(f"Annexe : le fil de la séance{_de_la_seance(lues, lue)}")
        yield Tableau(compte_rendu_avis.fil(lue))
    for nom, modele in etudes.modeles.items():
        suite = f", {modele.dossier.etude.titre}" if len(etudes.modeles) > 1 else ""
        yield Section(f"Annexe : droit et barèmes lus{suite}")
        yield from compte_rendu_etude.annexe_du_droit(_sur_quoi(lues, nom)[0])


def _de_la_seance(lues: Sequence[Lue], lue: Lue) -> str:
    return "" if len(lues) == 1 else f", séance n° {lue.seance.numero}"


def _ce_qui_ne_se_lit_pas(lecture: LectureJournal) -> Iterator[Bloc]:
    if lecture.illisibles:
        yield Section("Annexe : entrées illisibles")
        yield Liste(lecture.illisibles)
