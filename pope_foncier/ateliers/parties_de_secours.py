"""Parts of the fallback page: what is printed of a scenario, what the screen adds, and what all scenarios share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from pope_foncier.ateliers import chiffres, clair, epreuves, lecture, pieces_du_site, textes
from pope_foncier.ateliers.epreuves import Eprouvee
from pope_foncier.ateliers.modele import Modele
from pope_foncier.ateliers.reponse import Reponse
from pope_foncier.decision.comparer.difference import Difference, differencier
from pope_foncier.decision.doute.lecture import LectureDuDoute
from pope_foncier.etude.resultats import Vue
from pope_foncier.socle.erreurs import ErreurPope
from pope_foncier.vues.decision import tableaux_soutien
from pope_foncier.vues.decision.comparer import mots
from pope_foncier.vues.decision.doute import phrases
from pope_foncier.vues.etude import graphiques, tableaux, tableaux_bouclage, tableaux_financement
from pope_foncier.vues.etude.service_public import soutien_en_clair
from pope_foncier.vues.formes import lectures, mots_de_caisse, page
from pope_foncier.vues.formes.cases import centaines
from pope_foncier.vues.formes.gabarits import balises
from pope_foncier.vues.formes.proteger import proteger
from pope_foncier.vues.formes.table import Table
from pope_foncier.vues.places import locaux_du_scenario
from pope_foncier.vues.travaux import tableaux_cout


@dataclass(frozen=True, slots=True)
class Scenario:
    """Scenario of the page, as its template reads it.

    Attributes:
        ancre: name of its section.
        phrase: how its plan is closed, or why it opens no place.
        reponse: its figures; None when it opens no place.
        entrees: what separates it from the base project.
        differe: the same, and what it does to the figures.
        papier: what is printed of it, as HTML.
        ecran: what the screen adds, as HTML.
    """

    ancre: str
    titre: str
    phrase: str
    reponse: Reponse | None
    entrees: str
    differe: str
    papier: str
    ecran: str


def qui_donne_quoi(vues: Mapping[str, Vue], modele: Modele) -> str:
    """Who gives what, the scenarios side by side, as a picture."""
    return textes.image(graphiques.ressources(vues, graphiques.teintes_de(modele.base)))


def trois_par_trois(vues: Mapping[str, Vue]) -> str:
    """Scenarios side by side, by groups that fit across a page: who gives what, what a municipality compares, what a lender does."""
    noms = list(vues)
    groupes = [{nom: vues[nom] for nom in noms[debut : debut + 3]} for debut in range(0, len(noms), 3)]
    return "".join(
        textes.tables(
            lecture.qui_donne_quoi(groupe),
            chiffres.cote_a_cote(groupe),
            chiffres.comparer("Ce que compare un financeur", groupe),
        )
        for groupe in groupes
    )


def commun(vue: Vue, doute: LectureDuDoute | str) -> str:
    """What the scenarios share, read on the first: calendar, ranges and first risk, what the State pays the city, what to know first."""
    if isinstance(doute, str):
        dits = textes.message(doute, bon=False)
    else:
        dits = textes.liste(phrases.de_la_commune(doute)) + textes.note(phrases.comment_en_clair(doute))
    dits += textes.note(soutien_en_clair(vue))
    return pieces_du_site.dessin_du_calendrier(vue) + dits + textes.tables(tableaux.a_demander_d_abord(vue))


class Parties:
    """Scenarios of the page one after the other: each says its premises once, whatever scenario has the same."""

    def __init__(self, modele: Modele, base: Vue) -> None:
        self._mots = epreuves.mots_d_epreuve(modele.regles)
        self._base = base
        self._locaux: dict[str, str] = {}
        self._rang = -1

    def scenario(self, titre: str, vue: Vue, reponse: Reponse | None) -> Scenario:
        """One scenario; one that opens no place has its sentence, and its premises when they are what forbids it."""
        if reponse is None:
            locaux = self.locaux(titre, vue) if vue.aucune_place else ""
            return self._ecrit(titre, clair.sans_projet(vue), None, None, locaux, "")
        lue, subies = differencier(self._base, vue), epreuves.eprouver(vue, self._mots)
        papier, ecran = self._du_papier(vue, subies), self._de_l_ecran(titre, vue, subies)
        return self._ecrit(titre, lectures.phrase(vue, centaines), reponse, lue, papier, ecran)

    def _ecrit(
        self, titre: str, phrase: str, reponse: Reponse | None, lue: Difference | None, papier: str, ecran: str
    ) -> Scenario:
        self._rang += 1
        ancre, changee = f"s{self._rang}", lue is not None and bool(lue.entrees)
        entrees = f"{mots.entrees_changees(lue)}." if lue is not None and changee else ""
        differe = clair.ce_qui_change(lue) if lue is not None and changee else ""
        dits = (balises(page.a_part(x, f"{ancre}-")) for x in (papier, ecran))
        return Scenario(ancre, titre, phrase, reponse, _majuscule(entrees), _majuscule(differe), *dits)

    @staticmethod
    def _du_papier(vue: Vue, subies: Mapping[str, Eprouvee]) -> str:
        """Who pays, what the city pays year by year, the cash, what a bad turn costs, what balance would ask: amounts to the hundred."""
        return (
            _tables(vue, tableaux_financement.plan_de_financement(vue), lecture.aides(vue))
            + _tables(vue, _bouclage(vue))
            + textes.image(graphiques.tresorerie(vue, centaines))
            + _tables(vue, tableaux.budget_commune(vue))
            + _tables(vue, clair.si_cela_tourne_mal(epreuves.table(vue, subies), list(subies.values())))
            + _tables(vue, tableaux_soutien.devrait(vue))
        )

    def _de_l_ecran(self, titre: str, vue: Vue, subies: Mapping[str, Eprouvee]) -> str:
        """Premises, cost, calendar, cash by year, ratios, every figure of the stresses: to the euro."""
        return (
            self.locaux(titre, vue)
            + textes.tables(tableaux_cout.cout(vue))
            + pieces_du_site.calendrier(vue)
            + textes.tables(tableaux_financement.tresorerie(vue), tableaux.ratios(vue))
            + textes.tables(epreuves.table(vue, subies))
        )

    def locaux(self, titre: str, vue: Vue) -> str:
        """Capacity curve and plan of a scenario, or the scenario that has the same."""
        lieu = locaux_du_scenario.lieu_de(vue)
        surface, cour = (vue.valeur(g) for g in locaux_du_scenario.surfaces(vue))
        cle = f"{lieu.mode} {surface} {cour} {vue.ev.capacite.dense} {vue.valeur(vue.ev.capacite.places)}"
        if cle in self._locaux:
            return f"<p>Locaux : les mêmes que ceux de « {proteger(self._locaux[cle])} ».</p>"
        self._locaux[cle] = titre
        courbe = pieces_du_site.courbe(vue, lieu) + pieces_du_site.table_de_la_courbe(lieu)
        try:
            return courbe + pieces_du_site.schema(vue, lieu)
        except ErreurPope as erreur:
            return f'{courbe}<p class="hypothese">{proteger(str(erreur))}</p>'


def _bouclage(vue: Vue) -> Table | None:
    """How the plan is closed, and what is to find in all; its cash is told by the picture."""
    table = tableaux_bouclage.bouclage(vue)
    dits = (lectures.capital(vue, centaines), mots_de_caisse.en_tout(vue, centaines))
    return table and replace(table, note=" ".join(x for x in dits if x))


def _tables(vue: Vue, *liste: Table | None) -> str:
    """Tables of a scenario, to the hundred; how its plan is closed is said once, above them, what the State pays with what all share."""
    dite, de_l_etat = lectures.phrase(vue), soutien_en_clair(vue)
    ecrites = [t for t in liste if t is not None]
    notes = [t.note.removeprefix(dite).removesuffix(de_l_etat).strip() for t in ecrites]
    return textes.tables(*(replace(clair.arrondie(t), note=note) for t, note in zip(ecrites, notes, strict=True)))


def _majuscule(texte: str) -> str:
    return f"{texte[:1].upper()}{texte[1:]}"
