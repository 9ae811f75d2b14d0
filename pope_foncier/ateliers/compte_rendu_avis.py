"""What the minutes say of opinions: points given in a session and on which version, remarks, every entry in order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pope_foncier.ateliers import compte_rendu_etude as etude
from pope_foncier.ateliers.compte_rendu_lue import Lue
from pope_foncier.ateliers.etat import ScenarioPropose
from pope_foncier.ateliers.journal_entrees import (
    POINTS_MAX,
    CarteDeNom,
    Conduite,
    Decision,
    EntreeJournal,
    Proposition,
    Rapprochement,
    Remarque,
    Retrait,
    Seance,
    Vote,
)
from pope_foncier.ateliers.salle.contenu import ETAPES
from pope_foncier.vues.formes.document import ARemplir, Bloc, Liste, Phrase, Section, Tableau
from pope_foncier.vues.formes.table import Table

_A_LA_MAIN_MM, _VOTE = 8.0, (86.0, 28.0, 28.0, 28.0)
"""Height of a row filled by hand, and widths of the columns of a show of hands."""
_NUMEROS = 8
"""Scenarios of a table of votes, told by their numbers when there are many."""
_RIEN = "—"


def les_votes(lue: Lue) -> Iterator[Bloc]:
    """Points given in the session, those given on a version that was replaced since, and a show of hands to fill."""
    yield Section("Les votes", lue.niveau)
    tenus = [(s, v) for s, v in lue.tenus() if lue.seance.votes.get(s.nom)]
    votants = [cle for cle in lue.atelier.personnes if any(cle in lue.seance.votes[s.nom] for s, _ in tenus)]
    if not votants:
        yield Phrase("Aucun point n'est donné dans le journal de cette séance.")
    else:
        yield Phrase(
            f"De 0 à {POINTS_MAX} points par personne et par scénario ; le dernier donné compte. Ce sont des avis, pas un scrutin."
        )
        for groupe in etude.par_groupes(tenus, _NUMEROS):
            yield Tableau(_points(lue, groupe, votants))
        vieux = list(_sur_une_autre_version(lue, tenus))
        if vieux:
            yield Phrase("", "* Votes donnés avant que le scénario change ; le total les compte :")
            yield Liste(vieux)
            yield Phrase("L'annexe donne les versions remplacées, avec les chiffres affichés alors.", genre="note")
        else:
            yield Phrase("Tous ces votes ont été donnés sur les versions ci-dessus.")
        tardifs = list(_apres_la_decision(lue, tenus))
        if tardifs:
            yield Phrase("", "Points donnés ou changés après la décision ; le total les compte :")
            yield Liste(tardifs)
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
    entetes = (
        "Points donnés",
        *(s.titre_de(v) if len(tenus) <= etude.COTE_A_COTE else f"n° {s.numero}" for s, v in tenus),
    )
    return Table("Points donnés", entetes, tuple(rangees), totaux=(len(votants),), texte=True)


def _donne(lue: Lue, scenario: ScenarioPropose, version: EntreeJournal, cle: str) -> str:
    entree = lue.seance.votes[scenario.nom].get(cle)
    if entree is None or not isinstance(entree.contenu, Vote):
        return _RIEN
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
                    f"version {lue.de_quand(vise[1])}, remplacée par celle {lue.de_quand(version)}"
                )


def _apres_la_decision(lue: Lue, tenus: Sequence[tuple[ScenarioPropose, EntreeJournal]]) -> Iterator[str]:
    """Votes that came after the decision of the session, such as those of a phone that was cut off."""
    for scenario, version in tenus:
        for cle, entree in lue.seance.votes[scenario.nom].items():
            if lue.seance.decision and entree.rang > lue.seance.decision.rang and isinstance(entree.contenu, Vote):
                nom, quand = lue.atelier.personnes[cle].nom, lue.quand(entree)
                yield f"{nom}, {quand} : {entree.contenu.points} à « {scenario.titre_de(version)} »"


def les_remarques(lue: Lue) -> Iterator[Bloc]:
    """Remarks of the session, and room for others."""
    yield Section("Les remarques", lue.niveau)
    dites = list(_remarques(lue))
    yield Liste(dites) if dites else Phrase("Aucune dans le journal de cette séance.")
    yield ARemplir("Autres remarques ou réserves", 2)


def _remarques(lue: Lue) -> Iterator[str]:
    for entree in lue.seance.remarques:
        assert isinstance(entree.contenu, Remarque)
        sur = lue.sur(entree.contenu.scenario, entree)
        yield f"{lue.qui(entree)}, {lue.quand(entree)}{sur} : « {entree.contenu.texte} »"


def fil(lue: Lue) -> Table:
    """Every entry of the session, in order, under the name that wrote it."""
    rangees = tuple(
        (
            str(e.rang),
            lue.quand(e),
            e.qui,
            f"{_en_une_ligne(lue, e)}{' (retirée ensuite)' if e.rang in lue.atelier.retirees else ''}",
        )
        for e in lue.seance.entrees
    )
    return Table("Fil de la séance", ("Entrée", "Heure", "Écrit par", "Quoi"), rangees, texte=True)


def _en_une_ligne(lue: Lue, entree: EntreeJournal) -> str:
    match entree.contenu:
        case Proposition(nom=nom):
            return f"propose « {lue.titre_alors(nom, entree)} »"
        case Vote(scenario=nom, points=points):
            return f"donne {points} point{'s' if points > 1 else ''} à « {lue.titre_alors(nom, entree)} »"
        case Remarque(texte=texte, scenario=nom):
            return f"remarque{lue.sur(nom, entree)} : « {texte} »"
        case Decision(texte=texte, scenario=nom):
            return f"décision{lue.sur(nom, entree)} : « {texte} »"
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


def _conduite(conduite: Conduite) -> list[str]:
    dits = {
        "téléphones figés": conduite.figee,
        "résultats montrés": conduite.resultats,
        "noms montrés": conduite.noms,
        "remarques montrées": conduite.remarques,
    }
    return [f"étape « {ETAPES[conduite.etape]} »", *(dit for dit, vrai in dits.items() if vrai)]
