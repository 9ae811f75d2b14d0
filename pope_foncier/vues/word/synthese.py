"""Editable synthesis of a study: the decision in a few lines, figures under both readings, plan, cash, montage, questions, sources."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from pope_foncier.acquisition.titres import titre_de
from pope_foncier.decision.doute.lecture import LectureDuDoute
from pope_foncier.etude import lectures as deux_lectures
from pope_foncier.etude.budget_commune import budget
from pope_foncier.etude.caisses import caisses
from pope_foncier.etude.lectures import a_trouver
from pope_foncier.etude.moteur import Moteur
from pope_foncier.etude.resultats import Resultat, Vue, entrees
from pope_foncier.etude.scenarios import BASE
from pope_foncier.modele.donnee import Donnee
from pope_foncier.places.places_du_mode import mode_de_l_etude
from pope_foncier.socle.ecriture import ecrire
from pope_foncier.socle.erreurs import ErreurPope
from pope_foncier.socle.nombres import formater_nombre
from pope_foncier.socle.phrases import minuscule
from pope_foncier.socle.temps import date_en_clair
from pope_foncier.vues.aides.tableaux import statut
from pope_foncier.vues.decision import tableaux_plausibilite
from pope_foncier.vues.decision.montages import tableaux as tableaux_montages
from pope_foncier.vues.decision.montages.carnet import Comparatif
from pope_foncier.vues.documents import note, note_chiffres
from pope_foncier.vues.etude import graphiques, tableaux, tableaux_bouclage, tableaux_financement, tableaux_scenarios
from pope_foncier.vues.formes import cases, lectures, mots_de_caisse
from pope_foncier.vues.formes.cases import Cellule, Rang
from pope_foncier.vues.formes.table import Table
from pope_foncier.vues.lieu import plan_simple
from pope_foncier.vues.places import locaux_du_scenario
from pope_foncier.vues.word.ecrit import Ecrit
from pope_foncier.vues.word.mise_en_forme import CADRE, NOTE

NOM = "synthese.docx"
_CODES = (
    "places",
    "cout_total",
    "cout_par_place",
    "subventions",
    "emprunts",
    "reste_a_financer",
    "part_publique",
    "contribution_par_place",
    "contribution_totale",
    "charges_par_place",
    "etp",
)
"""Figures shown under both readings."""


def ecrire_synthese(resultat: Resultat, moteur: Moteur, chemin: Path, scenario: str = BASE) -> Path:
    """Write the synthesis of a scenario as a Word document that its partners edit; that of the base shows the others beside it.

    Raises:
        ErreurCalcul: python-docx is not installed; how to install it.
        ErreurSortie: the file cannot be written.
    """
    return ecrire(chemin, rediger(resultat, moteur, scenario))


def rediger(resultat: Resultat, moteur: Moteur, scenario: str = BASE, doute: LectureDuDoute | None = None) -> bytes:
    """The same as bytes, equal at each run.

    Args:
        doute: draws that its ranges are read from; the few of the decision note by default.
    """
    titre = resultat.vue(scenario).titre
    if scenario != BASE:
        seule = resultat.dossier.variantes[scenario]
        resultat = Resultat.calculer(replace(resultat.dossier, etude=seule, variantes={BASE: seule}), moteur)
    etude, vue = resultat.dossier.etude, resultat.vue()
    ecrit = Ecrit(f"Synthèse : {etude.titre}", etude.question, etude.date_depart)
    ecrit.titre(etude.titre)
    ecrit.dire(etude.question, "Subtitle")
    ecrit.dire(
        f"Synthèse de l'étude « {resultat.dossier.nom} », scénario « {titre} », départ le {date_en_clair(etude.date_depart)}, droit lu au "
        f"{date_en_clair(etude.date_demande)}, euros courants, évolution « {etude.evolution} ». Document à compléter par ses lecteurs : les "
        "chiffres viennent du calcul, une phrase changée ici ne les change pas.",
        NOTE,
    )
    _la_decision(ecrit, resultat, moteur, doute)
    _le_lieu(ecrit, vue)
    if not vue.aucune_place:
        _l_argent(ecrit, vue)
    _le_montage(ecrit, resultat, moteur)
    _les_questions(ecrit, vue)
    _les_sources(ecrit, vue)
    return ecrit.octets()


def _la_decision(ecrit: Ecrit, resultat: Resultat, moteur: Moteur, doute: LectureDuDoute | None) -> None:
    vue = resultat.vue()
    ecrit.section("La décision en quelques lignes")
    ecrit.dire(lectures.phrase(vue), CADRE)
    if vue.aucune_place:
        return
    for phrase in (lectures.capital(vue), mots_de_caisse.caisse(vue)):
        ecrit.dire(phrase)
    _ce_qui_decide(ecrit, resultat, moteur)
    ecrit.dire(f" {tableaux_plausibilite.phrase_courte(vue)}", tete="Vraisemblance.")
    ecrit.dire(f" {note.d_ou_viennent_les_chiffres(vue)}", tete="D'où viennent les chiffres.")
    ecrit.section("Les chiffres clés")
    ecrit.tableau(_chiffres(resultat, moteur, doute or note_chiffres.tirer(resultat, moteur)), titre=False)
    ecrit.tableau(_sous_deux_lectures(vue))
    if len(resultat.vues()) > 1:
        ecrit.tableau(tableaux_scenarios.comparaison_courte(resultat))


def _ce_qui_decide(ecrit: Ecrit, resultat: Resultat, moteur: Moteur) -> None:
    """What would change the answer and what to know first, in the words of the decision note."""
    dit = note.choix(resultat, moteur)
    if dit is not None:
        ecrit.dire(
            f" {dit['constat']} (hypothèse). {dit['renverse']} : {dit['avis']}.", tete="Ce qui ferait changer d'avis."
        )
    if dit is not None and dit["savoir"]:
        savoir = f"{dit['savoir'][:1].upper()}{dit['savoir'][1:]}"
        ecrit.dire(f" {savoir}.", tete="Ce qu'il faut savoir d'abord, et ce que le savoir vaudrait.")
    elif demandes := note.attendus(resultat.vue()):
        ecrit.dire(f" {' ; '.join(demandes)}.", tete="À confirmer d'abord, par place et par an.")


def _chiffres(resultat: Resultat, moteur: Moteur, doute: LectureDuDoute | None) -> Table:
    """Key figures with their range."""
    tires = (
        "" if doute is None else f" Fourchette : {formater_nombre(doute.tiree.nombre)} tirages des entrées incertaines."
    )
    lignes: tuple[Rang, ...] = tuple(
        (c.nom, c.valeur, c.fourchette or "—", c.suite) for c in note_chiffres.cles(resultat, moteur, doute)
    )
    return Table(
        lectures.nommer("Chiffres clés", lectures.BOUCLE),
        ("Chiffre", "Valeur", "Huit fois sur dix, entre", "À lire avec"),
        lignes,
        note=f"Plan bouclé.{tires}",
        texte=True,
    )


def _sous_deux_lectures(vue: Vue) -> Table:
    """Figures of the plan as it stands and of the closed plan; one that closing would change has none on the first."""
    lignes: list[Rang] = []
    bouclees = vue.bouclee.indicateurs
    for code in (c for c in _CODES if c in bouclees):
        ouverte, bouclee = vue.indicateurs.get(code), bouclees[code]
        tel_quel: Cellule = "—"
        if ouverte is not None:
            changee = deux_lectures.change(vue, f"indicateurs.{code}", ouverte, bouclee)
            tel_quel = "indéterminé" if changee else cases.grandeur(ouverte, vue.rang)
        lignes.append((bouclee.nom, tel_quel, cases.grandeur(bouclee, vue.bouclee.rang)))
    lignes.append(("À trouver, promis par personne", "—", cases.montant(a_trouver(vue))))
    lignes += [
        (f"Trésorerie au plus bas : {c.acteur}", "indéterminé" if vue.est_ouverte else "—", cases.montant(c.point_bas))
        for c in caisses(vue)
    ]
    lignes.append(("Couverture de la dette", "indéterminé" if vue.est_ouverte else "—", lectures.couverture(vue)))
    motif = deux_lectures.motif(vue)
    return Table(
        "Plan tel quel, plan bouclé",
        ("Chiffre", "Plan tel quel", "Plan bouclé"),
        tuple(lignes),
        note=f"Indéterminé : {motif}." if motif else "",
    )


def _le_lieu(ecrit: Ecrit, vue: Vue) -> None:
    etude, site = vue.ev.ctx.etude, vue.ev.ctx.site
    ecrit.section("Le lieu et le projet")
    surface = _mention(etude.programme.surface_m2, "m²")
    ecrit.dire(f"{mode_de_l_etude(etude.mode_accueil).libelle}, {surface} ; {site.nom}, {site.commune}.")
    try:
        trace = locaux_du_scenario.plan_ou_schema(vue, locaux_du_scenario.lieu_dessine(vue))
    except ErreurPope as erreur:
        ecrit.dire(str(erreur))
        return
    if isinstance(trace, str):
        ecrit.dire(trace)
        return
    texte = f"{trace.fiche.titre}, à l'échelle. Pièces : {plan_simple.noms(trace)}."
    ecrit.dessin(
        lambda: plan_simple.figure(trace), f"{trace.fiche.titre}, à l'échelle", texte, trace.fiche.base or "", 140
    )


def _l_argent(ecrit: Ecrit, vue: Vue) -> None:
    ecrit.section("Le plan de financement")
    ecrit.image(graphiques.plan(vue))
    ecrit.tableau(replace(tableaux_financement.plan_de_financement(vue), note=""))
    bouclage = tableaux_bouclage.bouclage(vue)
    ecrit.tableau(None if bouclage is None else replace(bouclage, note=mots_de_caisse.en_tout(vue)))
    ecrit.section("La trésorerie")
    ecrit.image(graphiques.tresorerie(vue))
    if all(c.est_connue for c in caisses(vue)):
        ecrit.tableau(replace(tableaux_financement.tresorerie(vue), note=""))
    if vue.ev.compte is not None or budget(vue).investissement.any():
        ecrit.section("Ce que paie la commune")
        budget_lu = tableaux.budget_commune(vue)
        ecrit.tableau(replace(budget_lu, note=budget_lu.note.removeprefix(lectures.phrase(vue)).strip()), titre=False)
    ecrit.section("Ce qu'un prêteur lit")
    ecrit.tableau(replace(tableaux.ratios(vue), note=""), titre=False)


def _le_montage(ecrit: Ecrit, resultat: Resultat, moteur: Moteur) -> None:
    vue = resultat.vue()
    etude, acteurs = resultat.dossier.etude, resultat.dossier.etude.acteurs
    titre = etude.titre_occupation
    droits = "avec droits réels" if titre.droits_reels else "sans droits réels"
    duree, loyer = _mention(titre.duree_mois, "mois"), _mention(titre.loyer_m2_an, "€/m²/an")
    lignes: list[Rang] = [
        ("Possède", acteurs.proprietaire),
        ("Gère le lieu d'accueil", acteurs.gestionnaire),
        ("Conduit et paie les travaux, reçoit les aides", acteurs.nom_maitre_ouvrage),
        ("Titre d'occupation", f"{titre_de(titre.genre).libelle} {droits}, {duree}, loyer ou redevance {loyer}"),
        *(
            (
                f"Prêt : {p.libelle}",
                f"{cases.montant(vue.bouclee.montant(f'ressources.{p.id}')) if f'ressources.{p.id}' in vue.bouclee.ev.livre.lignes else '—'}",
            )
            for p in etude.prets
        ),
        *(
            (
                f"Aide : {a.aide.libelle}",
                f"{cases.montant(vue.valeur(a.subvention))}{statut(vue, f'ressources.{a.aide.id}')}",
            )
            for a in vue.ev.subventions
        ),
        ("La commune, au fonctionnement", lectures.soutien(vue) or "pas de compte d'exploitation"),
    ]
    ecrit.section("Le montage")
    ecrit.tableau(Table("Qui fait quoi", ("Rôle", "Qui, ou combien"), tuple(lignes), texte=True), titre=False)
    if etude.foncier is not None:
        cas = Comparatif.de(resultat.dossier, moteur).cas
        ouverts = [c for c in cas if c.etat != "impossible"]
        ecrit.tableau(tableaux_montages.possibilites(ouverts))
        ecrit.dire(
            f"Montages examinés : {len(cas)} ; possibles ou à confirmer : {len(ouverts)} ; les autres sont impossibles ici.",
            NOTE,
        )


def _les_questions(ecrit: Ecrit, vue: Vue) -> None:
    ecrit.section("Ce qui reste ouvert")
    ecrit.lister(vue.ev.ctx.etude.questions_ouvertes)
    ecrit.tableau(tableaux.a_demander_d_abord(vue))
    ecrit.a_remplir("Réserves ou questions d'un partenaire", 3)


def _les_sources(ecrit: Ecrit, vue: Vue) -> None:
    """What was read, by its source: texts in force, published or seen facts."""
    lus: dict[str, dict[str, None]] = {}
    adresses: dict[str, str] = {}
    for grandeur, origine in entrees(vue):
        if origine.nature in ("bareme", "fait") and origine.titre_source:
            lus.setdefault(origine.titre_source, {})[minuscule(grandeur.nom)] = None
            adresses.setdefault(origine.titre_source, origine.url or "")
    ecrit.section("Les sources")
    for source, noms in sorted(lus.items()):
        ecrit.citer(source, adresses[source], f" : {' ; '.join(noms)}.")
    ecrit.dire(
        "Le reste est hypothèse : resultats.json donne pour chaque chiffre sa formule, ses sources et sa fiabilité.",
        NOTE,
    )


def _mention(donnee: Donnee[float] | Donnee[int], unite: str) -> str:
    """Value with its unit, « inconnue » without one, and whether it is an assumption."""
    if donnee.valeur is None:
        return "inconnu"
    return f"{formater_nombre(float(donnee.valeur), 2, 0)} {unite}{' (hypothèse)' if donnee.est_hypothese else ''}"
