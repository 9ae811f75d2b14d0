"""Parts of a dossier about the project: its place, its programme, its works and calendar, who may hold the walls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pope_foncier.decision.delais import tirer_delais
from pope_foncier.decision.montages.possibles import Cas
from pope_foncier.etude.lectures import a_trouver
from pope_foncier.lieu.plan import PlanTrace
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.nombres import euros
from pope_foncier.territoire.fiche import lire_territoire
from pope_foncier.vues.decision import tableaux_plausibilite
from pope_foncier.vues.decision.montages import tableaux as tableaux_montages
from pope_foncier.vues.dossier import abreges, pieces
from pope_foncier.vues.dossier.pieces import Piece
from pope_foncier.vues.dossier.sujet import Sujet
from pope_foncier.vues.dossier.suppositions import suppositions
from pope_foncier.vues.formes import lectures
from pope_foncier.vues.lieu import carte as cartes
from pope_foncier.vues.lieu import dessin_en_svg, plan_simple, tableaux_site
from pope_foncier.vues.lieu import tableaux as tableaux_lieu
from pope_foncier.vues.places import tableaux as tableaux_places
from pope_foncier.vues.territoire import graphiques as graphiques_territoire
from pope_foncier.vues.territoire import tableaux as tableaux_territoire
from pope_foncier.vues.travaux import graphiques as graphiques_travaux
from pope_foncier.vues.travaux import tableaux as tableaux_travaux
from pope_foncier.vues.travaux import tableaux_calendrier, tableaux_cout

TERRITOIRE, HORIZON = "plaine_commune", 2030
_LAISSEES = {
    "bouclage": ("Trésorerie à trouver avant",),
    "couts": ("À trouver", "Dette", "Loyer supportable", "Marge"),
    "commune": ("Années d'ouverture", "À trouver", "Fonctionnement, par an", "Résultat du gestionnaire", "Le même"),
}
"""Tables of the montages, and their columns that the sheet has no room for; the notebook has them."""
_LARGE_MM, _HAUT_MM = 165.0, 110.0
"""Room that a page gives to a plan [mm]."""


def lieu(sujet: Sujet) -> list[Piece]:
    """Card of the site, plan to scale, map of the squares around it, what the place forbids or leaves to verify."""
    lu = sujet.lieu if sujet.lieu.plan is None else replace(sujet.lieu, surface=None, cour=None)
    return [
        *pieces.tableau(tableaux_site.fiche_du_site(sujet.vue)),
        *plan(sujet),
        *carte(sujet),
        *pieces.tableaux(tableaux_lieu.tables_du_plan(lu.regles_du_plan(), ouverts=True)),
        *pieces.tableau(tableaux_lieu.table_constats("Contraintes du lieu", lu.contraintes())),
    ]


def plan(sujet: Sujet) -> list[Piece]:
    """Plan to scale with its rooms by number, or why there is none."""
    trace = sujet.plan
    if not isinstance(trace, PlanTrace):
        return pieces.phrase(trace, "note")
    manques = [c for c in replace(sujet.lieu, surface=None, cour=None).controles() if c.statut == "non_respecte"]
    controles = tableaux_lieu.table_constats("Contrôles des pièces non respectés", manques)
    return [
        *dessin_du_plan(trace, _LARGE_MM, _HAUT_MM),
        *pieces.tableau(plan_simple.table(trace)),
        *(pieces.tableau(controles) if manques else []),
    ]


def carte(sujet: Sujet) -> list[Piece]:
    """Map of the place and what is known around it, or why there is none."""
    alentours = cartes.alentours_de(sujet.lieu)
    lue = cartes.dresser(alentours)
    if isinstance(lue, str):
        return pieces.phrase(lue, "note")
    return pieces.dessin_svg(
        lue.svg, lue.texte, f"{lue.texte}. Source : {lue.source} {lue.absents}", millimetres=lue.large_mm
    )


def dessin_du_plan(trace: PlanTrace, large_mm: float, haut_mm: float) -> list[Piece]:
    """Plan to the largest usual scale that fits."""
    dessin = dessin_en_svg.dessiner(trace, large_mm, haut_mm)
    suppose = f"Plan supposé, à remplacer par un relevé (hypothèse : {trace.fiche.base})"
    origine = f"Source : {trace.fiche.source.titre}" if trace.fiche.source else suppose
    return pieces.dessin_svg(
        dessin.svg,
        f"{trace.fiche.titre}, à l'échelle 1:{dessin.echelle}",
        f"{trace.fiche.titre}, échelle 1:{dessin.echelle} sur A4. {origine}.",
        millimetres=dessin.large_mm,
    )


def programme(sujet: Sujet) -> list[Piece]:
    """Places, staff, how the law counts them; needs of the territory around."""
    return [
        *pieces.tableau(tableaux_places.places(sujet.vue)),
        *pieces.tableau(tableaux_lieu.table_places(sujet.lieu.capacite)),
        *suppositions(sujet, "programme"),
        *_besoins(sujet),
    ]


def _besoins(sujet: Sujet) -> list[Piece]:
    fiche = lire_territoire(TERRITOIRE)
    if sujet.dossier.site.code_insee not in {c.code for c in fiche.communes}:
        return pieces.phrase(f"Aucune table de besoins n'est livrée pour {sujet.dossier.site.commune}.", "note")
    return [
        *pieces.image(graphiques_territoire.besoins(fiche, HORIZON), 90),
        *pieces.tableau(tableaux_territoire.table_manques(fiche, HORIZON)),
    ]


def travaux(sujet: Sujet) -> list[Piece]:
    """Cost with its range, lots, calendar, the cost beside published ones."""
    vue = sujet.vue
    if not sujet.chiffree:
        return pieces.phrase(sujet.sans_chiffre)
    return [
        *pieces.tableaux((tableaux_cout.cout(vue), tableaux_travaux.lots(vue))),
        *_calendrier(sujet),
        *pieces.phrase(tableaux_plausibilite.phrase_de_la_note(vue)),
        *pieces.tableau(abreges.sans_colonnes(tableaux_plausibilite.table(vue), ("Rang",))),
        *suppositions(sujet, "travaux", "delais", "equipement"),
    ]


def _calendrier(sujet: Sujet) -> list[Piece]:
    """Phases with what draws say of them when the study has some, else its stages."""
    vue, texte = sujet.vue, "Calendrier du projet, étape par étape"
    echelle, source = vue.ev.ctx.echelle, lectures.source(vue)
    planning = vue.ev.calendrier.planning
    if planning is None:
        return pieces.image(graphiques_travaux.calendrier(graphiques_travaux.etapes(vue), echelle, texte, source), 90)
    try:
        tirage = tirer_delais(sujet.dossier, sujet.moteur)
    except ErreurCalcul:
        tirage = None
    phases = graphiques_travaux.phases(planning, tirage)
    return [
        *pieces.image(graphiques_travaux.calendrier(phases, echelle, texte, source), 90),
        *pieces.tableau(tableaux_calendrier.phases(vue, tirage)),
        *(pieces.tableau(tableaux_calendrier.ouverture(tirage, echelle)) if tirage is not None else []),
        *pieces.phrase(tableaux_calendrier.chemin_critique(vue), tete="Chemin critique."),
    ]


def montages(sujet: Sujet) -> list[Piece]:
    """Who may hold the walls, how each way closes, what it costs and to whom."""
    comparatif = sujet.comparatif
    if not sujet.chiffree:
        return pieces.phrase(sujet.sans_chiffre)
    if comparatif is None:
        return pieces.phrase(
            "L'étude ne décrit pas son foncier : les manières de tenir les murs ne sont pas comparées."
        )
    ouverts = [c for c in comparatif.cas if c.etat != "impossible"]
    tables = [
        abreges.sans_inconnus(abreges.sans_colonnes(comparatif.table(nom), laissees), "Inconnus en entier")
        for nom, laissees in _LAISSEES.items()
        if comparatif.mesures
    ]
    return [
        *pieces.tableau(abreges.sans_colonnes(tableaux_montages.possibilites(ouverts), ("Titre du porteur",))),
        *pieces.phrase(_impossibles(comparatif.cas)),
        *(pieces.phrase(_entre_eux(sujet)) if tables else []),
        *pieces.tableaux(tables),
        *suppositions(sujet, "titre_occupation", "foncier", "acquisition", "bail"),
    ]


def _entre_eux(sujet: Sujet) -> str:
    """Why the figures of a montage are not those of the plan, even for the montage of the study."""
    manque = f" ({euros(a_trouver(sujet.vue))} à trouver)" if sujet.plan_connu else ""
    return (
        f"Ces montages se comparent entre eux, non au plan de cette étude{manque} : chacun, celui de l'étude compris, prend le titre, "
        "les prêts, les taxes et les fonds propres de son genre, et relit les conditions des aides sans ce que l'étude lève par hypothèse."
    )


def _impossibles(cas: Sequence[Cas]) -> str:
    """Montages that cannot be, by reason, in one sentence."""
    raisons: dict[str, list[str]] = {}
    for c in cas:
        if c.etat == "impossible":
            raisons.setdefault(" ; ".join(c.raisons).rstrip("."), []).append(c.montage.titre)
    dits = " ; ".join(f"{', '.join(f'« {nom} »' for nom in noms)} ({raison})" for raison, noms in raisons.items())
    return f"Impossibles ici : {dits}." if dits else ""
