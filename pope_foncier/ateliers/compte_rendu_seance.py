"""What the minutes say of a session: when, where, who, what was decided on which figures, scenarios side by side, votes, remarks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from pope_foncier.ateliers import compte_rendu_etude as etude
from pope_foncier.ateliers.compte_rendu_etude import Etudes
from pope_foncier.ateliers.etat import Atelier, Personne, ScenarioPropose, SeanceTenue
from pope_foncier.ateliers.journal_entrees import (
    POINTS_MAX,
    CarteDeNom,
    Chiffre,
    Conduite,
    Decision,
    EntreeJournal,
    Proposition,
    Rapprochement,
    Remarque,
    Retrait,
    Seance,
    Vote,
    qui_et_quand,
)
from pope_foncier.ateliers.mots import reglages_en_clair
from pope_foncier.ateliers.salle.contenu import ETAPES
from pope_foncier.socle.temps import date_en_clair
from pope_foncier.vues.formes import lectures
from pope_foncier.vues.formes.document import ARemplir, Bloc, Liste, Phrase, Section, Tableau
from pope_foncier.vues.formes.table import Table

_A_LA_MAIN_MM, _VOTE = 8.0, (86.0, 28.0, 28.0, 28.0)
"""Height of a row filled by hand, and widths of the columns of a show of hands."""
_A_LA_MAIN = "Les lignes vides se remplissent à la main : le journal de l'atelier n'en dit rien."
NON_AFFICHE = "—"


@dataclass(frozen=True)
class Lue:
    """Session that is told.

    Attributes:
        niveau: level of the titles of its parts.
        lieu: where it was held, when its opening does not say.
    """

    atelier: Atelier
    seance: SeanceTenue
    etudes: Etudes
    niveau: int = 1
    lieu: str = ""

    @property
    def jour(self) -> date:
        """Day of the session."""
        return self.seance.jour

    @property
    def presents(self) -> dict[str, Personne]:
        """Who wrote in it, by key."""
        return {p.cle: p for p in (self.atelier.qui(e.qui) for e in self.seance.entrees)}

    @property
    def retenu(self) -> tuple[ScenarioPropose, EntreeJournal] | None:
        """Scenario that its decision names, and the proposal that was on the screen."""
        return self.vise(self.seance.decision) if self.seance.decision else None

    @property
    def fin(self) -> int:
        """Rank of its last entry."""
        return self.seance.entrees[-1].rang

    def qui(self, entree: EntreeJournal) -> str:
        """Name of the author, as corrected."""
        return self.atelier.qui(entree.qui).nom

    def quand(self, entree: EntreeJournal) -> str:
        """Time of an entry, with its day when it is not that of the session."""
        ici = entree.ici
        return f"{ici:%H h %M}" if ici.date() == self.jour else f"{date_en_clair(ici.date())}, {ici:%H h %M}"

    def tenus(self) -> list[tuple[ScenarioPropose, EntreeJournal]]:
        """Scenarios known at the end of the session, each with its proposal in force then."""
        return [(s, v) for s in self.atelier.scenarios.values() if (v := s.au(self.fin))]

    def par_etude(self) -> dict[str, list[tuple[ScenarioPropose, EntreeJournal]]]:
        """The same, by study."""
        groupes: dict[str, list[tuple[ScenarioPropose, EntreeJournal]]] = {}
        for scenario, version in self.tenus():
            groupes.setdefault(self.etudes.nom(fiche_de(version)), []).append((scenario, version))
        return groupes

    def vise(self, entree: EntreeJournal) -> tuple[ScenarioPropose, EntreeJournal] | None:
        """Scenario that a vote or a decision names, and the proposal that was on the screen."""
        contenu = entree.contenu
        assert isinstance(contenu, Vote | Decision)
        scenario = self.atelier.scenarios.get(contenu.scenario or "")
        version = self.atelier.version_de(contenu, entree.rang)
        return None if scenario is None or version is None else (scenario, version)


def fiche_de(entree: EntreeJournal) -> Proposition:
    """What a proposal says."""
    assert isinstance(entree.contenu, Proposition)
    return entree.contenu


def raconter(lue: Lue) -> Iterator[Bloc]:
    """Session as blocks."""
    yield from _la_seance(lue)
    yield from _la_decision(lue)
    for nom, tenus in lue.par_etude().items():
        yield from _les_scenarios(lue, nom, tenus)
    if not lue.tenus():
        yield Section("Les scénarios", lue.niveau)
        yield Phrase("Aucun scénario n'est proposé dans le journal.")
    yield from _les_votes(lue)
    yield from _les_remarques(lue)


def _la_seance(lue: Lue) -> Iterator[Bloc]:
    seance, fiche = lue.seance, lue.seance.fiche
    premiere, derniere = seance.entrees[0], seance.entrees[-1]
    yield Section("La séance", lue.niveau)
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
    yield Phrase(f"{' ; '.join(map(_nomme, presents.values()))}.", f"Présents, d'après le journal ({len(presents)}) :")
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


def _nomme(personne: Personne) -> str:
    """Name of a participant, with the other names under which he wrote."""
    autres = [n for n in personne.noms if n != personne.nom]
    return f"{personne.nom} (a écrit sous : {', '.join(f'« {n} »' for n in autres)})" if autres else personne.nom


def _la_decision(lue: Lue) -> Iterator[Bloc]:
    yield Section("La décision", lue.niveau)
    entree = lue.seance.decision
    if entree is None:
        yield Phrase("Aucune décision n'est notée dans le journal de cette séance.")
        avant = [e for e in lue.atelier.fil if e.rang < lue.fin and isinstance(e.contenu, Decision)]
        avant = [e for e in avant if e.rang not in lue.atelier.retirees]
        if avant:
            yield Phrase(f"{_decision_dite(lue, avant[-1])}.", "Dernière décision d'une séance d'avant :")
        yield ARemplir("Décision", 3)
        return
    assert isinstance(entree.contenu, Decision)
    yield Phrase(f"« {entree.contenu.texte} »", genre="cadre")
    yield Phrase(f"Notée par {lue.qui(entree)}, {lue.quand(entree)}.")
    yield from _ce_qui_est_retenu(lue, entree)
    d_avant = [e for e in lue.seance.entrees if isinstance(e.contenu, Decision) and e is not entree]
    d_avant = [e for e in d_avant if e.rang not in lue.atelier.retirees]
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
    yield Phrase(
        f"« {scenario.titre_de(version)} »{sur}, proposé par {_quand_et_qui(lue, version)}.", "Scénario retenu :"
    )
    if isinstance(entree.contenu, Decision) and entree.contenu.version is None and len(scenario.versions) > 1:
        yield Phrase(
            "Le journal ne dit pas quelle version était à l'écran : c'est la dernière proposée avant la décision.",
            genre="note",
        )
    if version is not scenario.entree:
        yield Phrase(
            f"Ce scénario a été proposé de nouveau depuis ({_quand_et_qui(lue, scenario.entree)}). La décision porte sur la version "
            "d'avant : ce qui suit est cette version, telle qu'elle était à l'écran.",
            genre="cadre",
        )
    yield Phrase("Chiffres affichés quand la décision a été notée :")
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
        "« plan bouclé », les mêmes, plus ce qui ferme le plan et que personne n'a promis.",
        genre="note",
    )
    titres = {version.rang: scenario.titre_de(version) for scenario, version in tenus}
    for groupe in etude.par_groupes(tenus):
        yield Tableau(_chiffres([(titres[v.rang], fiche_de(v).reponse or fiche_de(v).chiffres) for _, v in groupe]))
    if nom in lue.etudes.modeles:
        yield from etude.dessins(lue.etudes.modeles[nom], {titres[v.rang]: lue.etudes.relire(v) for _, v in tenus})
    for scenario, version in tenus:
        yield Section(titres[version.rang], lue.niveau + 1)
        yield Phrase(f"Proposé par {_quand_et_qui(lue, version)}.{_versions(lue, scenario, version)}")
        if lue.retenu and lue.retenu[1] is version:
            yield Phrase("C'est le scénario retenu : ce qu'il change et ce qu'il suppose sont dits avec la décision.")
        else:
            yield from _ce_qu_il_dit(lue, version)


def _chiffres(colonnes: Sequence[tuple[str, Sequence[Chiffre]]]) -> Table:
    """Figures as they were displayed, one line each, under the name of their reading, with their range."""
    lus = [{_nom(c): _valeur(c) for c in chiffres} for _, chiffres in colonnes]
    rangees = tuple((nom, *(c.get(nom, NON_AFFICHE) for c in lus)) for nom in dict.fromkeys(x for c in lus for x in c))
    etendues = any(c.fourchette for _, chiffres in colonnes for c in chiffres)
    return Table(
        "Chiffres affichés",
        ("Chiffre affiché", *(titre for titre, _ in colonnes)),
        rangees,
        note="Entre parenthèses, de … à … : huit fois sur dix, quand les entrées incertaines varient."
        if etendues
        else "",
        texte=True,
    )


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
            yield Section(f"« {scenario.titre_de(avant)} », proposé par {_quand_et_qui(lue, avant)}", 2)
            yield Tableau(_chiffres([(scenario.titre_de(avant), fiche_de(avant).reponse or fiche_de(avant).chiffres)]))
            yield Liste(reglages_en_clair(fiche_de(avant)))


def _valeur(chiffre: Chiffre) -> str:
    return f"{chiffre.valeur} ({chiffre.fourchette})" if chiffre.fourchette else chiffre.valeur


def _quand_et_qui(lue: Lue, entree: EntreeJournal) -> str:
    return f"{lue.qui(entree)}, {lue.quand(entree)}"


def _versions(lue: Lue, scenario: ScenarioPropose, version: EntreeJournal) -> str:
    """What was proposed under the same number before, and after."""
    avant = [lue.quand(v) for v in scenario.versions if v.rang < version.rang]
    apres = [lue.quand(v) for v in scenario.versions if v.rang > version.rang]
    dit = f" Il remplace sa version de {', de '.join(avant)}." if avant else ""
    return dit + (f" Après cette séance, il a été proposé de nouveau : {', '.join(apres)}." if apres else "")


def _les_votes(lue: Lue) -> Iterator[Bloc]:
    yield Section("Les votes", lue.niveau)
    tenus = [(s, v) for s, v in lue.tenus() if lue.seance.votes.get(s.nom)]
    votants = list(dict.fromkeys(cle for s, _ in tenus for cle in lue.seance.votes[s.nom]))
    if not votants:
        yield Phrase("Aucun point n'est donné dans le journal de cette séance.")
    else:
        yield Phrase(
            f"De 0 à {POINTS_MAX} points par personne et par scénario ; le dernier donné compte. Ce sont des avis, pas un scrutin."
        )
        for groupe in etude.par_groupes(tenus):
            yield Tableau(_points(lue, groupe, votants))
        vieux = list(_sur_une_autre_version(lue, tenus))
        if vieux:
            yield Phrase("", "* Votes donnés avant que le scénario change ; le total les compte :")
            yield Liste(vieux)
            yield Phrase("L'annexe donne les versions remplacées, avec les chiffres affichés alors.", genre="note")
        else:
            yield Phrase("Tous ces votes ont été donnés sur les versions ci-dessus.")
        conduites = [e.contenu for e in lue.seance.entrees if isinstance(e.contenu, Conduite)]
        if conduites and not any(c.noms for c in conduites):
            yield Phrase(
                "En séance, les noms des votants n'ont pas été montrés : voir, avant de diffuser ce compte rendu, s'ils y restent.",
                genre="note",
            )
    yield Phrase("", "Vote à main levée, à remplir :")
    vides = tuple((s.titre_de(v), "", "", "") for s, v in lue.tenus())
    entetes = ("Proposition mise aux voix", "Pour", "Contre", "Abstention")
    yield Tableau(Table("Vote à main levée", entetes, (*vides, ("",) * 4), texte=True), _A_LA_MAIN_MM, _VOTE)


def _points(lue: Lue, tenus: Sequence[tuple[ScenarioPropose, EntreeJournal]], votants: Sequence[str]) -> Table:
    """Points by participant and scenario; a star marks those given on another version."""
    rangees = [(lue.atelier.personnes[cle].nom, *(_donne(lue, s, v, cle) for s, v in tenus)) for cle in votants]
    rangees.append(("Total", *(str(lue.seance.points(s.nom)) for s, _ in tenus)))
    rangees.append(("Personnes", *(str(len(lue.seance.votes[s.nom])) for s, _ in tenus)))
    entetes = ("Points donnés", *(s.titre_de(v) for s, v in tenus))
    return Table("Points donnés", entetes, tuple(rangees), totaux=(len(votants),), texte=True)


def _donne(lue: Lue, scenario: ScenarioPropose, version: EntreeJournal, cle: str) -> str:
    entree = lue.seance.votes[scenario.nom].get(cle)
    if entree is None or not isinstance(entree.contenu, Vote):
        return NON_AFFICHE
    vise = lue.vise(entree)
    return f"{entree.contenu.points}{'' if vise is None or vise[1] is version else ' *'}"


def _sur_une_autre_version(lue: Lue, tenus: Sequence[tuple[ScenarioPropose, EntreeJournal]]) -> Iterator[str]:
    """Votes whose scenario changed after them, each with the version that was on the screen."""
    for scenario, version in tenus:
        for cle, entree in lue.seance.votes[scenario.nom].items():
            vise = lue.vise(entree)
            if vise is not None and vise[1] is not version and isinstance(entree.contenu, Vote):
                yield (
                    f"{lue.atelier.personnes[cle].nom} : {entree.contenu.points} à « {scenario.titre_de(vise[1])} », vote donné sur la "
                    f"version de {lue.quand(vise[1])}, remplacée par celle de {lue.quand(version)}"
                )


def _les_remarques(lue: Lue) -> Iterator[Bloc]:
    yield Section("Les remarques", lue.niveau)
    dites = list(_remarques(lue))
    yield Liste(dites) if dites else Phrase("Aucune dans le journal de cette séance.")
    yield ARemplir("Autres remarques ou réserves", 2)


def _remarques(lue: Lue) -> Iterator[str]:
    for entree in lue.seance.remarques:
        assert isinstance(entree.contenu, Remarque)
        sur = _sur(lue.atelier, entree.contenu.scenario, entree)
        yield f"{lue.qui(entree)}, {lue.quand(entree)}{sur} : « {entree.contenu.texte} »"


def fil(lue: Lue) -> Table:
    """Every entry of the session, in order, under the name that wrote it."""
    rangees = tuple((str(e.rang), lue.quand(e), e.qui, _en_une_ligne(lue.atelier, e)) for e in lue.seance.entrees)
    return Table("Fil de la séance", ("Entrée", "Heure", "Écrit par", "Quoi"), rangees, texte=True)


def _en_une_ligne(atelier: Atelier, entree: EntreeJournal) -> str:
    match entree.contenu:
        case Proposition(nom=nom):
            return f"propose « {_titre_alors(atelier, nom, entree)} »"
        case Vote(scenario=nom, points=points):
            return f"donne {points} point{'s' if points > 1 else ''} à « {_titre_alors(atelier, nom, entree)} »"
        case Remarque(texte=texte, scenario=nom):
            return f"remarque{_sur(atelier, nom, entree)} : « {texte} »"
        case Decision(texte=texte, scenario=nom):
            return f"décision{_sur(atelier, nom, entree)} : « {texte} »"
        case CarteDeNom():
            return "rejoint la séance"
        case Rapprochement(nom=nom, est=est):
            return f"« {nom} » se lit « {est} »" if est else f"« {nom} » est une personne à part"
        case Conduite() as conduite:
            return f"conduite : {', '.join(_conduite(conduite))}"
        case Seance():
            return "ouvre la séance"
        case Retrait(rang=rang):
            return f"retire l'entrée {rang}, qui ne compte plus"
        case _:
            return "—"


def _titre_alors(atelier: Atelier, nom: str, entree: EntreeJournal) -> str:
    """Title of a scenario when an entry was written; its name, when the journal does not hold its proposal any more."""
    scenario = atelier.scenarios.get(nom)
    version = scenario and scenario.au(entree.rang)
    return scenario.titre_de(version) if scenario and version else nom


def _sur(atelier: Atelier, nom: str | None, entree: EntreeJournal) -> str:
    return f", sur « {_titre_alors(atelier, nom, entree)} »" if nom else ""


def _conduite(conduite: Conduite) -> list[str]:
    dits = {"téléphones figés": conduite.figee, "résultats montrés": conduite.resultats, "noms montrés": conduite.noms}
    return [f"étape « {ETAPES[conduite.etape]} »", *(dit for dit, vrai in dits.items() if vrai)]
