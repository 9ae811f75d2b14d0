"""Static fallback of a workshop: one self-contained page with the pictures and the tables of all scenarios, made the day before."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from pope_foncier.analyse.resultats import Resultat, Vue
from pope_foncier.socle.erreurs import ErreurPope
from pope_foncier.vues import page, tableaux, tableaux_financement
from pope_foncier.vues.ateliers import dessins, epreuves, lecture
from pope_foncier.vues.ateliers.modele import Modele
from pope_foncier.vues.ateliers.textes import image, tables
from pope_foncier.vues.journal import Atelier, Journal, Proposition

_STYLE = (
    "body{max-width:72em;margin:1em auto;padding:0 1em;font-size:17px}figure{margin:.5em 0}figure svg{width:100%;height:auto}"
    "table{width:auto}section{border-top:2px solid #0b4a78;margin-top:1.5em}@media print{section{break-before:page}}"
)


def rediger(modele: Modele, journal: Journal) -> str:
    """Write the page: scenarios of the study, then those that the workshop's journal holds."""
    resultat = Resultat.calculer(modele.dossier, modele.moteur)
    vues = {vue.titre: vue for vue in resultat.vues()}
    refus = []
    for entree in Atelier.rejouer(journal.entrees()).scenarios.values():
        if isinstance(entree.contenu, Proposition):
            titre = f"{entree.contenu.titre} (proposé par {entree.qui})"
            try:
                etude = modele.varier(modele.dossier.etude, {s.champ: s.valeur for s in entree.contenu.surcharges})
                vues[titre] = modele.voir(etude)
            except ErreurPope as erreur:
                refus.append(f"{titre} : ne se calcule plus ({erreur})")
    etude = modele.dossier.etude
    sommaire = "".join(f'<li><a href="#s{rang}">{escape(titre)}</a></li>' for rang, titre in enumerate(vues))
    corps = [
        f"<main><h1>Atelier : {escape(etude.titre)}</h1><p><i>{escape(etude.question)}</i></p><ol>{sommaire}</ol>",
        *(
            tables(epreuves.comparer("Tous les scénarios", groupe), lecture.cote_a_cote(groupe))
            for groupe in _par_quatre(vues)
        ),
        *(f'<p class="hypothese">{escape(x)}</p>' for x in refus),
        *(_section(rang, titre, vue) for rang, (titre, vue) in enumerate(vues.items())),
        tables(tableaux.tableau_a_confirmer(resultat.vue())),
        "</main>",
    ]
    return page.page(f"Atelier : {etude.titre}", "\n".join(corps), _STYLE)


def _par_quatre(vues: dict[str, Vue]) -> Iterator[dict[str, Vue]]:
    """Views by groups that fit across a page."""
    noms = list(vues)
    for debut in range(0, len(noms), 4):
        yield {nom: vues[nom] for nom in noms[debut : debut + 4]}


def _section(rang: int, titre: str, vue: Vue) -> str:
    source = lecture.source(vue)
    reste = vue.indicateurs["reste_a_financer"].lire(vue.rang)
    colonnes = dessins.svg(dessins.colonnes([""], [dessins.parts_des_ressources(vue)]))
    x, y, nom, phrase = dessins.tresorerie(vue)
    courbe = dessins.Courbes("Trésorerie cumulée, milliers d'euros").montrer(x, y, nom)
    return (
        f'<section id="s{rang}"><h2>{escape(titre)}</h2>'
        + image(colonnes, f"Qui donne quoi ; reste à financer : {reste}.", source)
        + image(courbe, phrase, source)
        + tables(lecture.etapes(vue), lecture.aides(vue))
        + tables(tableaux_financement.plan_de_financement(vue), tableaux.ratios(vue), tableaux.budget_commune(vue))
        + "</section>"
    )
