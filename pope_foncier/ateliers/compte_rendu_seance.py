"""What the minutes say of a session: when, where, who, what was decided on which figures, scenarios side by side, votes, remarks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pope_foncier.ateliers import compte_rendu_avis
from pope_foncier.ateliers import compte_rendu_etude as etude
from pope_foncier.ateliers.compte_rendu_lue import Lue, fiche_de
from pope_foncier.ateliers.etat import Personne, ScenarioPropose
from pope_foncier.ateliers.journal_entrees import (
    Chiffre,
    Decision,
    EntreeJournal,
    qui_et_quand,
)
from pope_foncier.ateliers.mots import reglages_en_clair
from pope_foncier.socle.temps import date_en_clair
from pope_foncier.vues.formes import lectures
from pope_foncier.vues.formes.document import ARemplir, Bloc, Liste, Phrase, Section, Tableau
from pope_foncier.vues.formes.table import Table

_A_LA_MAIN = "Les lignes vides se remplissent à la main : le journal de l'atelier n'en dit rien."
_NON_AFFICHE = "—"


def raconter(lue: Lue) -> Iterator[Bloc]:
    """Session as blocks."""
    yield from _la_seance(lue)
    yield from _la_decision(lue)
    for nom, tenus in lue.par_etude().items():
        yield from _les_scenarios(lue, nom, tenus)
    if not lue.tenus():
        yield Section("Les scénarios", lue.niveau)
        yield Phrase("Aucun scénario n'est proposé dans le journal.")
    yield from compte_rendu_avis.les_votes(lue)
    yield from compte_rendu_avis.les_remarques(lue)


def _la_seance(lue: Lue) -> Iterator[Bloc]:
    seance, fiche = lue.seance, lue.seance.fiche
    premiere, derniere = seance.entrees[0], seance.entrees[-1]
    yield Section("La séance", lue.niveau)
    if fiche:
        yield Phrase(f"{fiche.titre.rstrip('.')}.", "Objet :")
    reculs = [e for e in lue.atelier.reculs if e in seance.entrees]
    ouverte = "ouverture" if seance.ouverture else "première entrée du journal"
    heures = f", de {lue.quand(premiere)} ({ouverte}) à {lue.quand(derniere)} (dernière entrée du journal)"
    yield Phrase(f"{date_en_clair(lue.jour)}{'' if reculs else heures}.", "Date :")
    for recul in reculs:
        yield Phrase(
            f"l'horloge de l'ordinateur a reculé avant l'entrée {recul.rang} ({qui_et_quand(recul)['quand']}). L'ordre des entrées est "
            "sûr, leurs heures ne le sont pas.",
            "Horloge :",
        )
    if premiere.ici.date() != lue.jour:
        ecrit = date_en_clair(premiere.ici.date())
        yield Phrase(
            f"Jour dit à l'ouverture : {date_en_clair(lue.jour)} ; le journal est écrit du {ecrit}.", genre="note"
        )
    lieu = (fiche and fiche.lieu) or lue.lieu
    yield Phrase(f"{lieu}.", "Lieu :") if lieu else ARemplir("Lieu")
    if seance.ouverture:
        yield Phrase(f"{lue.qui(seance.ouverture)}.", "Ouverte par :")
    yield from _les_presents(lue)


def _les_presents(lue: Lue) -> Iterator[Bloc]:
    presents = lue.presents
    yield Phrase(
        f"{' ; '.join(_nomme(lue, p) for p in presents.values())}.",
        f"Présents, d'après le journal ({len(presents)}) :",
    )
    fiche = lue.seance.fiche
    if fiche and fiche.participants:
        attendus = {p.cle: p for p in map(lue.atelier.qui, fiche.participants)}
        absents = [p.nom for cle, p in attendus.items() if cle not in presents]
        en_plus = [p.nom for cle, p in presents.items() if cle not in attendus]
        yield Phrase(f"{', '.join(p.nom for p in attendus.values())}.", f"Attendus ({len(attendus)}) :")
        if absents:
            yield Phrase(f"{', '.join(absents)}.", "Attendus dont le journal ne garde rien :")
        if en_plus:
            yield Phrase(f"{', '.join(en_plus)}.", "Présents sans être attendus :")
    yield ARemplir("Autres présents", 2)
    yield ARemplir("Excusés")
    yield ARemplir("Compte rendu rédigé par")
    yield Phrase(_A_LA_MAIN, genre="note")


def _nomme(lue: Lue, personne: Personne) -> str:
    """Name of a participant, with the other names under which he wrote in the session."""
    ecrits = {e.qui for e in lue.seance.entrees}
    autres = [n for n in personne.noms if n != personne.nom and n in ecrits]
    return f"{personne.nom} (a écrit sous : {', '.join(f'« {n} »' for n in autres)})" if autres else personne.nom


def _la_decision(lue: Lue) -> Iterator[Bloc]:
    yield Section("La décision", lue.niveau)
    entree = lue.seance.decision
    if entree is None:
        yield Phrase("Aucune décision n'est notée dans le journal de cette séance.")
        avant = [e for e in lue.decisions(lue.atelier.fil) if e.rang < lue.fin]
        if avant:
            yield Phrase(f"{_decision_dite(lue, avant[-1])}.", "Dernière décision d'une séance d'avant :")
        yield ARemplir("Décision", 3)
        return
    assert isinstance(entree.contenu, Decision)
    yield Phrase(f"« {entree.contenu.texte} »", genre="cadre")
    yield Phrase(f"Notée par {lue.qui(entree)}, {lue.quand(entree)}.")
    yield from _ce_qui_est_retenu(lue, entree)
    d_avant = [e for e in lue.decisions(lue.seance.entrees) if e is not entree]
    if d_avant:
        yield Phrase("", "Décisions notées avant dans la séance, que celle-ci remplace :")
        yield Liste([_decision_dite(lue, e) for e in d_avant])


def _ce_qui_est_retenu(lue: Lue, entree: EntreeJournal) -> Iterator[Bloc]:
    """Scenario decided on, as it was on the screen, whatever replaced it since."""
    vise = lue.vise(entree)
    if vise is None:
        yield Phrase("Elle ne nomme aucun scénario : il n'y a rien à rejouer.")
        yield ARemplir("Scénario retenu")
        return
    scenario, version = vise
    fiche = fiche_de(version)
    sur = f", étude « {lue.etudes.titre(lue.etudes.nom(fiche))} »" if len(lue.par_etude()) > 1 else ""
    yield Phrase(f"« {scenario.titre_de(version)} »{sur}, proposé par {lue.signe(version)}.", "Scénario retenu :")
    if isinstance(entree.contenu, Decision) and entree.contenu.version is None and len(scenario.versions) > 1:
        yield Phrase(
            "Le journal ne dit pas quelle version était à l'écran : c'est la dernière proposée avant la décision.",
            genre="note",
        )
    if version is not scenario.entree:
        yield Phrase(
            f"Ce scénario a été proposé de nouveau depuis ({lue.signe(scenario.entree)}). La décision porte sur la version "
            "d'avant : ce qui suit est cette version, telle qu'elle était à l'écran.",
            genre="cadre",
        )
    yield Phrase(f"Chiffres affichés quand la décision a été notée{_parentheses([version])} :")
    yield Tableau(_chiffres([(scenario.titre_de(version), fiche.reponse or fiche.chiffres)]))
    yield from _ce_qu_il_dit(lue, version)
    fichier = "L'annexe donne le fichier exact qui redonne ce scénario, dans cette version."
    yield Phrase(
        fichier if fiche.surcharges else "C'est l'étude telle quelle : l'ouvrir redonne ce scénario.", genre="note"
    )


def _ce_qu_il_dit(lue: Lue, version: EntreeJournal) -> Iterator[Bloc]:
    """What a proposal changes, and what its figures suppose."""
    yield Phrase("Ce qu'il change à l'étude :")
    yield Liste(reglages_en_clair(fiche_de(version)))
    yield Phrase("À lire avec ses chiffres :")
    yield Liste(etude.reserves(lue.etudes.relire(version)))


def _decision_dite(lue: Lue, entree: EntreeJournal) -> str:
    assert isinstance(entree.contenu, Decision)
    vise = lue.vise(entree)
    sur = f", sur « {vise[0].titre_de(vise[1])} »" if vise else ""
    return f"« {entree.contenu.texte} »{sur}, notée par {lue.qui(entree)}, {lue.quand(entree)}"


def _les_scenarios(lue: Lue, nom: str, tenus: Sequence[tuple[ScenarioPropose, EntreeJournal]]) -> Iterator[Bloc]:
    """Scenarios of a study side by side, then what each one changes and supposes."""
    plusieurs = len(lue.par_etude()) > 1
    yield Section(
        f"Les scénarios de « {lue.etudes.titre(nom)} »" if plusieurs else "Les scénarios côte à côte", lue.niveau
    )
    yield Phrase(
        "Chiffres tels qu'ils étaient affichés en séance, chacun sous sa lecture : « plan tel quel », les seules ressources déclarées ; "
        f"« plan bouclé », les mêmes, plus ce qui ferme le plan et que personne n'a promis{_parentheses([v for _, v in tenus])}.",
        genre="note",
    )
    titres = {version.rang: scenario.titre_de(version) for scenario, version in tenus}
    for groupe in etude.par_groupes(tenus):
        yield Tableau(_chiffres([(titres[v.rang], fiche_de(v).reponse or fiche_de(v).chiffres) for _, v in groupe]))
    if nom in lue.etudes.modeles:
        yield from etude.dessins(lue.etudes.modeles[nom], {titres[v.rang]: lue.etudes.relire(v) for _, v in tenus})
    for scenario, version in tenus:
        yield Section(titres[version.rang], lue.niveau + 1)
        yield Phrase(f"Proposé par {lue.signe(version)}.{_versions(lue, scenario, version)}")
        if lue.retenu and lue.retenu[1] is version:
            yield Phrase("C'est le scénario retenu : ce qu'il change et ce qu'il suppose sont dits avec la décision.")
        else:
            yield from _ce_qu_il_dit(lue, version)


def _chiffres(colonnes: Sequence[tuple[str, Sequence[Chiffre]]]) -> Table:
    """Figures as they were displayed, one line each, under the name of their reading, with their range."""
    lus = [{_nom(c): _valeur(c) for c in chiffres} for _, chiffres in colonnes]
    rangees = tuple((nom, *(c.get(nom, _NON_AFFICHE) for c in lus)) for nom in dict.fromkeys(x for c in lus for x in c))
    return Table("Chiffres affichés", ("Chiffre affiché", *(titre for titre, _ in colonnes)), rangees, texte=True)


def _parentheses(versions: Sequence[EntreeJournal]) -> str:
    """What stands in parentheses beside figures; nothing when none has a range."""
    if not any(c.fourchette for v in versions for c in fiche_de(v).reponse):
        return ""
    return " (entre parenthèses, de … à … : huit fois sur dix, quand les entrées incertaines varient)"


def _nom(chiffre: Chiffre) -> str:
    return lectures.nommer(chiffre.libelle, chiffre.lecture) if chiffre.lecture else chiffre.libelle


def tous_les_chiffres(lue: Lue) -> Iterator[Bloc]:
    """Figures displayed beside those of the band and the cards."""
    tenus = [(s, v) for s, v in lue.tenus() if fiche_de(v).reponse and fiche_de(v).chiffres]
    for groupe in etude.par_groupes(tenus):
        yield Tableau(_chiffres([(s.titre_de(v), fiche_de(v).chiffres) for s, v in groupe]))


def versions_remplacees(lue: Lue) -> Iterator[Bloc]:
    """Proposals that another one replaced by the end of the session: what they changed, the figures displayed then."""
    for scenario, version in lue.tenus():
        for avant in (v for v in scenario.versions if v.rang < version.rang):
            yield Section(f"« {scenario.titre_de(avant)} », proposé par {lue.signe(avant)}", 2)
            yield Tableau(_chiffres([(scenario.titre_de(avant), fiche_de(avant).reponse or fiche_de(avant).chiffres)]))
            yield Liste(reglages_en_clair(fiche_de(avant)))


def _valeur(chiffre: Chiffre) -> str:
    return f"{chiffre.valeur} ({chiffre.fourchette})" if chiffre.fourchette else chiffre.valeur


def _versions(lue: Lue, scenario: ScenarioPropose, version: EntreeJournal) -> str:
    """What was proposed under the same number before, and after."""
    avant = [lue.de_quand(v) for v in scenario.versions if v.rang < version.rang]
    apres = [lue.quand(v) for v in scenario.versions if v.rang > version.rang]
    dit = f" Il remplace sa version {', puis '.join(avant)}." if avant else ""
    return dit + (f" Après cette séance, il a été proposé de nouveau : {' ; '.join(apres)}." if apres else "")
