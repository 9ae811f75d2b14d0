"""Static fallback of a workshop: one self-contained page with the pictures and the tables of all scenarios, made the day before."""

from __future__ import annotations

from collections.abc import Iterator

from pope_foncier.ateliers import chiffres, epreuves, lecture, pieces_du_site
from pope_foncier.ateliers.etat import Atelier
from pope_foncier.ateliers.journal import Journal
from pope_foncier.ateliers.modele import Modele
from pope_foncier.ateliers.textes import image, tables
from pope_foncier.etude.resultats import Resultat, Vue
from pope_foncier.socle.erreurs import ErreurPope
from pope_foncier.vues.decision import tableaux_soutien
from pope_foncier.vues.etude import graphiques, tableaux, tableaux_bouclage, tableaux_financement
from pope_foncier.vues.formes import lectures, page
from pope_foncier.vues.formes.gabarits import balises
from pope_foncier.vues.formes.proteger import proteger
from pope_foncier.vues.formes.table import Table
from pope_foncier.vues.places import locaux_du_scenario
from pope_foncier.vues.travaux import tableaux_cout

_STYLE = (
    "body{max-width:72em;margin:1em auto;padding:0 1em;font-size:17px}figure{margin:.5em 0}figure svg{width:100%;max-width:960px;height:auto}"
    ".pf-table{overflow-x:auto}table{width:auto}section{border-top:2px solid #0b4a78;margin-top:1.5em}@media print{section{break-before:page}}"
)


def rediger(modele: Modele, journal: Journal) -> str:
    """Write the page: scenarios of the study, then those that the workshop's journal holds."""
    resultat = Resultat.calculer(modele.dossier, modele.moteur)
    vues = {vue.titre: vue for vue in resultat.vues()}
    lecture = journal.lire()
    refus = [lecture.en_clair(journal.nom)] if lecture.illisibles else []
    for scenario in Atelier.rejouer(lecture.entrees).scenarios.values():
        titre = f"{scenario.titre} (proposé par {scenario.entree.qui})"
        try:
            etude = modele.varier(modele.dossier.etude, {s.champ: s.valeur for s in scenario.fiche.surcharges})
            vues[titre] = modele.voir_bouclee(etude)
        except ErreurPope as erreur:
            refus.append(f"{titre} : ne se calcule plus ({erreur})")
    etude, outils = modele.dossier.etude, _Outils(modele)
    corps = page.remplir(
        "secours.html",
        etude=etude,
        titres=list(vues),
        groupes=[balises(_groupe(groupe, outils)) for groupe in _par_trois(vues)],
        refus=refus,
        sections=[
            (lectures.phrase(vue), balises(page.a_part(_section(titre, vue, outils), f"s{rang}-")))
            for rang, (titre, vue) in enumerate(vues.items())
        ],
        tables=balises(
            tables(tableaux.tableau_a_confirmer(resultat.vue()), tableaux.hypotheses_de_travail(resultat.vue()))
        ),
    )
    return page.page(f"Atelier : {etude.titre}", corps, _STYLE)


def _groupe(vues: dict[str, Vue], outils: _Outils) -> str:
    """Scenarios side by side: who gives what, as a picture and a table, then what a lender and a municipality compare."""
    return image(graphiques.ressources(vues, outils.teintes)) + tables(
        lecture.qui_donne_quoi(vues),
        chiffres.cote_a_cote(vues),
        chiffres.comparer("Ce que compare un financeur", vues),
    )


def _par_trois(vues: dict[str, Vue]) -> Iterator[dict[str, Vue]]:
    """Views by groups that fit across a page."""
    noms = list(vues)
    for debut in range(0, len(noms), 3):
        yield {nom: vues[nom] for nom in noms[debut : debut + 3]}


def _section(titre: str, vue: Vue, outils: _Outils) -> str:
    """Premises, then figures of a scenario; the premises alone when it holds no place."""
    locaux = outils.locaux(titre, vue)
    if vue.aucune_place:
        return locaux
    return (
        tables(tableaux_financement.plan_de_financement(vue), lecture.aides(vue), tableaux_bouclage.bouclage(vue))
        + locaux
        + tables(tableaux_cout.cout(vue))
        + pieces_du_site.calendrier(vue)
        + image(graphiques.tresorerie(vue))
        + tables(tableaux_financement.tresorerie(vue), tableaux.ratios(vue), outils.epreuves(vue))
        + tables(tableaux.budget_commune(vue), tableaux_soutien.devrait(vue))
    )


class _Outils:
    """What the sections of a page share: colours by name, premises already shown."""

    def __init__(self, modele: Modele) -> None:
        self.modele = modele
        self.teintes = graphiques.teintes_de(modele.base)
        self.mots = epreuves.mots_d_epreuve(modele.regles)
        self._locaux: dict[str, str] = {}

    def locaux(self, titre: str, vue: Vue) -> str:
        """Capacity curve and plan of a scenario, or the scenario that has the same."""
        lieu = locaux_du_scenario.lieu_de(vue)
        surface, cour = (vue.valeur(g) for g in locaux_du_scenario.surfaces(vue))
        dense = vue.ev.capacite.dense
        cle = f"{lieu.mode} {surface} {cour} {dense} {vue.valeur(vue.ev.capacite.places)}"
        if cle in self._locaux:
            return f"<h2>Locaux</h2><p>Les mêmes que ceux de « {proteger(self._locaux[cle])} ».</p>"
        self._locaux[cle] = titre
        courbe = pieces_du_site.courbe(vue, lieu) + pieces_du_site.table_de_la_courbe(lieu)
        try:
            schema = pieces_du_site.schema(vue, lieu)
        except ErreurPope as erreur:
            schema = f'<p class="hypothese">{proteger(str(erreur))}</p>'
        return f"<h2>Locaux</h2>{courbe}{schema}"

    def epreuves(self, vue: Vue) -> Table:
        """Stresses of a scenario."""
        return epreuves.table(vue, epreuves.eprouver(vue, self.mots))
