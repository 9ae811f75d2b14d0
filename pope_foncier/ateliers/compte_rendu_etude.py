"""What the minutes take from the study: scenarios computed again and compared with what people saw, questions, assumptions, law."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeVar

from pope_foncier.ateliers.chiffres import pour_le_journal
from pope_foncier.ateliers.journal_entrees import Chiffre, EntreeJournal, Proposition
from pope_foncier.ateliers.modele import Modele
from pope_foncier.ateliers.reponse import repondre
from pope_foncier.baremes.veille import a_veiller
from pope_foncier.etude.resultats import Vue, entrees
from pope_foncier.socle.erreurs import ErreurPope
from pope_foncier.socle.temps import date_en_clair
from pope_foncier.vues.dossier.annexes import baremes_lus
from pope_foncier.vues.etude import graphiques, tableaux
from pope_foncier.vues.formes import lectures
from pope_foncier.vues.formes.cases import centaines
from pope_foncier.vues.formes.document import Bloc, Dessin, Phrase, Section, Tableau
from pope_foncier.vues.formes.table import Table

HYPOTHESES = "Ce qui change, réglé en atelier : des hypothèses, personne ne s'y est engagé."
"""What the values of a scenario are worth."""
_ECARTS, _HYPOTHESES = 3, 12
"""Figures that a reservation names when the study gives others than those seen; assumptions listed."""
COTE_A_COTE = 3
"""Scenarios that stand side by side across a page."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Relu:
    """Proposal of the journal computed again.

    Attributes:
        vue: what it gives on the study as it is now; none when it is not computed any more.
        refus: why it is not.
        ecarts: figures that are no longer those displayed.
    """

    fiche: Proposition
    vue: Vue | None
    refus: str = ""
    ecarts: Sequence[str] = ()


@dataclass(frozen=True)
class Etudes:
    """Studies of a workshop, that proposals are computed on, once each.

    Attributes:
        premiere: name of the study of the workshop, that a proposal varies when it names none.
        modeles: studies open, by name.
    """

    premiere: str
    modeles: Mapping[str, Modele]
    _relus: dict[int, Relu] = field(default_factory=dict)

    def nom(self, fiche: Proposition) -> str:
        """Study that a proposal varies."""
        return fiche.etude or self.premiere

    def titre(self, nom: str) -> str:
        """Title of a study; its name when it is not open."""
        return self.modeles[nom].dossier.etude.titre if nom in self.modeles else nom

    def relire(self, entree: EntreeJournal) -> Relu:
        """Proposal computed again on the study as it is now."""
        if entree.rang not in self._relus:
            assert isinstance(entree.contenu, Proposition)
            self._relus[entree.rang] = self._calculer(entree.contenu)
        return self._relus[entree.rang]

    def _calculer(self, fiche: Proposition) -> Relu:
        modele = self.modeles.get(self.nom(fiche))
        if modele is None:
            return Relu(fiche, None, f"l'étude « {self.nom(fiche)} » n'est pas ouverte")
        try:
            etude = modele.varier(modele.dossier.etude, {s.champ: s.valeur for s in fiche.surcharges})
            vue = modele.voir_bouclee(etude)
        except ErreurPope as erreur:
            return Relu(fiche, None, str(erreur))
        return Relu(fiche, vue, ecarts=list(_ecarts(fiche, [*pour_le_journal(vue), *repondre(vue).chiffres])))


def _ecarts(fiche: Proposition, maintenant: Sequence[Chiffre]) -> Iterator[str]:
    """Figures that are not those that people saw."""
    vus = {c.libelle: c.valeur for c in (*fiche.chiffres, *fiche.reponse)}
    for libelle, valeur in {c.libelle: c.valeur for c in maintenant}.items():
        if vus.get(libelle, valeur) != valeur:
            yield f"{libelle} {valeur} (affiché en séance : {vus[libelle]})"


def reserves(relu: Relu) -> list[str]:
    """What the figures of a proposal suppose, who has promised nothing, and where the study now gives others than those displayed."""
    fiche, vue = relu.fiche, relu.vue
    lues = [f"Premier risque affiché : {fiche.risque.rstrip('.')}."] if fiche.risque else []
    lues += [HYPOTHESES] if fiche.surcharges else []
    if vue is None:
        return [
            *lues,
            f"Chiffres tels qu'affichés en séance : ce scénario ne se calcule plus ({relu.refus.rstrip('.')}).",
            "Ce que paierait la commune est une hypothèse : personne ne l'a décidée.",
        ]
    soutien = lectures.soutien(vue)
    lues.append(lectures.phrase(vue, centaines))
    if lectures.PAS_EN_TRESORERIE in lues[-1].lower():
        lues.append("« Pas en trésorerie » : même une fois tout l'investissement financé, la caisse passe sous zéro.")
    if soutien:
        suite = " ; personne ne l'a décidée" if soutien.endswith("(hypothèse)") else ""
        lues.append(f"Contribution de la commune : {soutien}{suite}.")
    if relu.ecarts:
        reste = len(relu.ecarts[_ECARTS:])
        suite = f" ; et {reste} autre{'s' if reste > 1 else ''}" if reste else ""
        lues.append(
            "L'étude a changé depuis la séance : les chiffres de ce compte rendu sont ceux affichés alors. Elle donne maintenant : "
            f"{' ; '.join(relu.ecarts[:_ECARTS])}{suite}."
        )
    return lues


def dessins(modele: Modele, relus: Mapping[str, Relu]) -> Iterator[Bloc]:
    """Who gives what, scenarios side by side; one whose figures are no longer those displayed is left out, and said."""
    tenus = [(titre, r.vue) for titre, r in relus.items() if r.vue is not None and not r.ecarts]
    teintes = graphiques.teintes_de(modele.base)
    for groupe in par_groupes(tenus):
        yield Dessin(graphiques.ressources(dict(groupe), teintes))
    sautes = [titre for titre, r in relus.items() if r.vue is None or r.ecarts]
    if sautes:
        yield Phrase(
            f"Sans dessin, parce que l'étude ne donne plus les chiffres affichés : {' ; '.join(sautes)}.", genre="note"
        )


def par_groupes(scenarios: Sequence[T], pas: int = COTE_A_COTE) -> list[Sequence[T]]:
    """Scenarios by groups that fit across a page."""
    pas = 2 if len(scenarios) == 4 and pas == COTE_A_COTE else pas
    return [scenarios[debut : debut + pas] for debut in range(0, len(scenarios), pas)]


def ce_qui_reste_ouvert(modele: Modele, vue: Vue, de_quoi: str, jour: date, niveau: int) -> Iterator[Bloc]:
    """First questions, assumptions of the study, date of the law, on a scenario that is named."""
    demandes = tableaux.a_demander_d_abord(vue)
    yield Section("À confirmer", niveau)
    yield Phrase(f"Les premières questions à poser, pour {de_quoi}.")
    if demandes is None:
        yield Phrase("Aucune question ne pèse sur ses chiffres.")
    else:
        yield Tableau(demandes)
    yield from _hypotheses(vue, de_quoi, niveau)
    yield from _le_droit(modele, vue, jour, niveau)


def _hypotheses(vue: Vue, de_quoi: str, niveau: int) -> Iterator[Bloc]:
    toutes = tableaux.hypotheses_de_travail(vue)
    reste = len(toutes.cellules[_HYPOTHESES:])
    suite = f" Les {reste} autres, qui pèsent moins, sont dans l'étude." if reste else ""
    yield Section("Hypothèses de l'étude", niveau)
    yield Phrase(
        f"Ce que suppose {de_quoi}, les plus lourdes d'abord. Ce sont les choix de qui a monté l'étude : personne ne s'y est engagé.{suite}"
    )
    yield Tableau(replace(toutes, cellules=toutes.cellules[:_HYPOTHESES], note=""))


def _le_droit(modele: Modele, vue: Vue, jour: date, niveau: int) -> Iterator[Bloc]:
    etude = vue.ev.ctx.etude
    lus = {o.reference for _, o in entrees(vue.bouclee) if o.nature == "bareme"}
    vieux = [v for v in a_veiller(modele.moteur.catalogue, jour) if v.valeur.chemin in lus]
    yield Section("Droit et barèmes lus", niveau)
    yield Phrase(
        f"Textes et barèmes tels qu'en vigueur au {date_en_clair(etude.date_demande)} ; prix et salaires suivent ensuite l'évolution "
        f"« {etude.evolution} » de l'étude. Valeurs lues : {len(lus)} ; l'annexe les donne, avec leur date et leur source."
    )
    if vieux:
        catalogue = modele.moteur.catalogue
        rangees = tuple(
            (
                catalogue.bareme(v.valeur.chemin).libelle,
                v.motif,
                v.valeur.document if v.valeur.valeur is None else v.valeur.source.titre,
            )
            for v in vieux
        )
        yield Phrase(f"À vérifier de nouveau au {date_en_clair(jour)} :")
        yield Tableau(Table("À vérifier de nouveau", ("Valeur", "Pourquoi", "Source"), rangees, texte=True))
    else:
        yield Phrase(f"Aucune n'est à vérifier de nouveau au {date_en_clair(jour)}.")


def annexe_du_droit(vue: Vue) -> Iterator[Bloc]:
    """Values of law that a scenario reads: since when, where, how sure."""
    rangees = tuple((" ; ".join(quoi), mention) for mention, quoi in baremes_lus(vue).items())
    yield Tableau(Table("Barèmes lus", ("Valeur lue", "Date, source, fiabilité"), rangees, texte=True))
