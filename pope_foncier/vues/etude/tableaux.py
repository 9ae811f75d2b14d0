"""Tables of a study: site, cost, account, ratios, budget of the commune, what is to confirm."""

from __future__ import annotations

import numpy as np

from pope_foncier.etude import effort
from pope_foncier.etude.a_confirmer import SI_ELLE_MANQUE, AConfirmer, a_confirmer, a_demander
from pope_foncier.etude.annees import CROISIERE, PLEINE
from pope_foncier.etude.budget_commune import budget
from pope_foncier.etude.compte_annuel import COMPTE, lignes_du_compte, total_du_compte
from pope_foncier.etude.controles import STATUT_EN_CLAIR, Ratio
from pope_foncier.etude.fourchette_cout import fourchette_totale
from pope_foncier.etude.resultats import Vue
from pope_foncier.etude.resultats import faits as faits_de
from pope_foncier.exploitation.compte import RESULTAT_SANS_A_TROUVER
from pope_foncier.lieu.site import Site
from pope_foncier.modele.declaration import declaration_de, lire_champ
from pope_foncier.modele.donnee import Donnee
from pope_foncier.modele.registre_des_lignes import libelle
from pope_foncier.socle.francais import de
from pope_foncier.socle.nombres import formater_nombre
from pope_foncier.socle.temps import date_en_clair
from pope_foncier.vues.formes import cases, lectures
from pope_foncier.vues.formes.cases import Case, Cellule, Rang
from pope_foncier.vues.formes.table import Table


def faits(vue: Vue) -> Table | None:
    """What was published or seen, with its source; None without any."""
    lignes = tuple((fait.nom, cases.grandeur(fait, vue.rang), source) for fait, source in faits_de(vue))
    return Table("Ce qui est publié ou constaté", ("Quoi", "Valeur", "Source"), lignes, texte=True) if lignes else None


def fiche_du_site(vue: Vue) -> Table:
    """Site card: facts with their source, and what is not published."""
    site = vue.ev.ctx.site
    lignes: list[Rang] = [
        ("Commune", f"{site.commune} ({site.code_insee})", ""),
        ("Usage actuel", site.usage_actuel, ""),
    ]
    if site.position is not None:
        p = site.position
        lignes.append(
            (
                "Position (WGS84)",
                f"{formater_nombre(p.latitude, 5)} ; {formater_nombre(p.longitude, 5)}",
                p.source.titre,
            )
        )
    if site.identifiant_gare:
        lignes.append(("Code UIC", site.identifiant_gare, ""))
    if site.carreau is not None:
        lecture = {True: "zone très dense", False: "zone ordinaire", None: "densité inconnue"}[vue.ev.capacite.dense]
        habitants = _donnee(site, "carreau.habitants")
        lignes.append(
            (
                f"Carreau Insee de 1 km ({site.carreau.millesime})",
                habitants.dite(f"{habitants} : {lecture}"),
                _source(site.carreau.habitants),
            )
        )
    if site.frequentation_jour is not None:
        nom = declaration_de(site, "frequentation_jour").libelle
        lignes.append((nom, _donnee(site, "frequentation_jour"), _source(site.frequentation_jour)))
    for nom, champ in (("Surface publiée", "surface_m2"), ("Extérieur publié", "surface_exterieure_m2")):
        lignes.append((nom, _donnee(site, champ), _source(lire_champ(site, champ))))
    return Table(
        site.nom, ("Fait", "Valeur", "Source"), tuple(lignes), note=" ".join(site.remarques), texte=True, melee=True
    )


def _donnee(site: Site, champ: str) -> Case:
    """Value of a fact of the site in its unit."""
    valeur, unite = lire_champ(site, champ).valeur, declaration_de(site, champ).unite
    return cases.mesure(np.nan if valeur is None else float(valeur), unite).sinon("non publiée")


def _source(donnee: Donnee[float] | Donnee[int]) -> str:
    if donnee.source is not None:
        return donnee.source.titre
    return f"à obtenir {de(donnee.a_obtenir_de or '')}" if donnee.valeur is None else "hypothèse"


def cout(vue: Vue) -> Table:
    """Cost plan at the ratio level."""
    c = vue.ev.cout
    postes = [c.travaux_ht, c.honoraires_ht, c.etudes_assurances_ht, c.aleas_ht, c.tva, c.equipement_ttc, c.total_ttc]
    lignes: list[Rang] = []
    for poste in postes:
        valeur = vue.valeur(poste)
        lignes.append((poste.nom, cases.montant(valeur), _par_place(vue, valeur)))
    note = f"Estimation au ratio : {vue.ev.ctx.entree('travaux.cout_m2_ht').lire(vue.rang)}, prix au {date_en_clair(vue.ev.ctx.etude.travaux.date_valeur)}, révisés par le BT01. Coût total TTC : {lectures.fourchette(fourchette_totale(vue))}."
    return Table(
        "Plan de coûts", ("Poste", "Montant", "Par place"), tuple(lignes), note=note, totaux=(len(lignes) - 1,)
    )


def compte_exploitation(vue: Vue) -> Table | None:
    """Operating account of the cruising year on the closed plan, the first full year beside; None without a full year."""
    bouclee = vue.bouclee
    annees = _annees_du_compte(vue)
    if bouclee.ev.compte is None or not annees:
        return None
    rangs = [vue.annees.index(annee) for annee in annees.values()]
    lignes: list[Rang] = []

    def ajouter(nom: str, valeurs: np.ndarray) -> None:
        premier, *autres = (float(valeurs[r]) for r in rangs)
        lignes.append((nom, cases.montant(premier), _par_place(vue, premier), *map(cases.montant, autres)))

    for titre, groupe in COMPTE:
        lignes.append((titre, "", "", *[""] * (len(rangs) - 1)))
        for ligne in lignes_du_compte(bouclee, groupe):
            ajouter(cases.sous_un_titre(ligne.libelle), bouclee.annuel(ligne.code))
        ajouter(f"Total des {groupe}", total_du_compte(bouclee, groupe))
    ajouter("Résultat", bouclee.annuel("exploitation.resultat"))
    promesse = lectures.resultat_sans_promesse(vue)
    if promesse:
        ajouter("Résultat sans ce qui reste à trouver", bouclee.annuel(RESULTAT_SANS_A_TROUVER))
    ajouter(libelle("exploitation.capacite_autofinancement"), bouclee.annuel("exploitation.capacite_autofinancement"))
    quand, annee = next(iter(annees.items()))
    return Table(
        lectures.nommer(f"Compte d'exploitation {annee}, {quand}", lectures.BOUCLE),
        ("Poste", str(annee), "Par place", *(f"{a}, {q}" for q, a in list(annees.items())[1:])),
        tuple(lignes),
        note=f"Contribution de la commune : {lectures.soutien(vue)}. {promesse}".strip(),
        totaux=cases.hors_des_titres(lignes),
    )


def _annees_du_compte(vue: Vue) -> dict[str, int]:
    """Years of the account by name: the cruising year, then the first full year when it is another one."""
    annees = {CROISIERE: vue.annee_de_croisiere, PLEINE: vue.annee_pleine}
    connues = {quand: a for quand, a in annees.items() if a is not None}
    return connues if len(set(connues.values())) == len(connues) else {CROISIERE: connues[CROISIERE]}


def ratios(vue: Vue) -> Table:
    """Ratios on both readings, with threshold, source of the threshold, and status on the closed plan."""
    bouclee = vue.bouclee
    ouverts = {} if vue.ev.est_bouclee else {r.code: r for r in vue.ratios}
    lignes: list[Rang] = []
    for ratio in bouclee.ratios:
        seuil = cases.mesure(ratio.controle.seuil, ratio.controle.unite)
        signe = "≤" if ratio.controle.sens == "au_plus" else "≥"
        lignes.append(
            (
                ratio.controle.libelle,
                *((_valeur_de_ratio(ouverts[ratio.code], vue.rang),) if ouverts else ()),
                _valeur_de_ratio(ratio, bouclee.rang),
                seuil.dite(f"{signe}\u00a0{seuil}"),
                STATUT_EN_CLAIR[ratio.statut(bouclee.rang)],
                ratio.controle.origine,
            )
        )
    colonnes = ("Plan tel quel", "Plan bouclé") if ouverts else ("Plan bouclé",)
    return Table(
        "Ratios",
        ("Ratio", *colonnes, "Seuil", "Statut, plan bouclé", "Origine du seuil"),
        tuple(lignes),
        note=lectures.phrase(vue),
        texte=True,
    )


def _valeur_de_ratio(ratio: Ratio, rang: int) -> Cellule:
    """Value of a ratio, or why it has none, the amount being in the note."""
    motif = ratio.motif(rang)
    if ratio.sans_ressource(rang):
        return motif
    if motif:
        return f"indéterminé : {motif.split(' : ')[0]}"
    valeur = ratio.grandeur.au_point(rang)
    return cases.nombre(valeur, 2) if ratio.controle.unite == "" else cases.grandeur(ratio.grandeur, rang)


def budget_commune(vue: Vue, annees: int = 12) -> Table:
    """What the commune pays on the closed plan: first years, the others together, whole life, and by place and year."""
    du_plan = budget(vue)
    colonnes = {
        "Investissement": "investissement",
        "Fonctionnement": "fonctionnement",
        "Ensemble": "ensemble",
        "À trouver (personne)": "a_trouver",
    }
    if du_plan.paie_autrement:
        colonnes["Versé au fonctionnement"] = "verse"
    valeurs = [getattr(du_plan, nom) for nom in colonnes.values()]
    par_place, totaux, apres = du_plan.fonctionnement_par_place, du_plan.totaux, du_plan.apres(annees)
    lignes: list[Rang] = [
        (cases.annee(a), *(cases.montant(float(v[rang])) for v in valeurs), _ou_tiret(float(par_place[rang])))
        for rang, a in enumerate(vue.annees[:annees])
    ]
    payees = np.flatnonzero((np.abs(np.array(valeurs)[:, annees:]) > 0.5).any(axis=0))
    if payees.size:
        derniere = vue.annees[annees + int(payees[-1])]
        seule = derniere == vue.annees[annees]
        quand = cases.annee(derniere) if seule else f"{vue.annees[annees]} à {derniere}"
        lignes.append((quand, *(cases.montant(apres[nom]) for nom in colonnes.values()), ""))
    lignes.append(("Toute la durée", *(cases.montant(totaux[nom]) for nom in colonnes.values()), ""))
    moyennes = [du_plan.par_place_et_par_an(v) for v in colonnes.values()]
    lignes.append(("Par place et par an d'ouverture", *map(_ou_tiret, moyennes), ""))
    suite = f" Fonctionnement : {lectures.soutien(vue)}." if vue.ev.compte is not None else ""
    return Table(
        lectures.nommer("Reste à charge de la commune", lectures.BOUCLE),
        ("Année", *colonnes, "Fonctionnement par place"),
        tuple(lignes),
        note=f"{lectures.phrase(vue)}{suite} Ensemble : investissement et fonctionnement ; ce qui est à trouver n'y est pas.",
        totaux=(len(lignes) - 2, len(lignes) - 1),
    )


def _par_place(vue: Vue, montant: float) -> Cellule:
    """Amount by place; a dash in a scenario that opens none, « inconnu » when nobody knows."""
    return "—" if vue.places.nombre == 0 else cases.montant(vue.places.par_place(montant))


def _ou_tiret(valeur: float) -> Case:
    return cases.montant(valeur).sinon("—")


def tableau_a_confirmer(vue: Vue) -> Table:
    """What is missing, then every figure that somebody must confirm, the heaviest first."""
    demandes = [x for x in a_confirmer(vue) if x.rang < 2]
    lignes: list[Rang] = [(x.quoi, _retenue(x), _pese(x), x.pourquoi, x.aupres_de) for x in demandes]
    manquent = [x.rang for x in demandes].count(0)
    note = f"{manquent} inconnu(s) d'abord, puis {len(lignes) - manquent} point(s) à demander, le plus lourd d'abord. {_PESE}"
    return Table(
        "À confirmer",
        ("Quoi", "Valeur retenue", "Pèse", "Pourquoi", "Auprès de"),
        tuple(lignes),
        note=note,
        texte=True,
        melee=True,
    )


_DEMANDES = 5
"""Questions that a workshop shows."""


def a_demander_d_abord(vue: Vue) -> Table | None:
    """Which questions to ask first, and to whom; nothing when nobody has anything to answer that weighs."""
    demandes = a_demander(vue, _DEMANDES)
    if not demandes:
        return None
    lignes: tuple[Rang, ...] = tuple((x.quoi, x.aupres_de, _retenue(x), _pese(x)) for x in demandes)
    entetes = ("Quoi", "Auprès de", "Valeur retenue", "Pèse")
    return Table("À demander d'abord", entetes, lignes, note=_PESE, texte=True, melee=True)


def hypotheses_de_travail(vue: Vue) -> Table:
    """Assumptions that nobody in particular is asked to confirm, the heaviest first."""
    lignes: list[Rang] = [(x.quoi, _retenue(x), _pese(x), x.pourquoi) for x in a_confirmer(vue) if x.rang == 2]
    return Table(
        "Hypothèses de travail",
        ("Quoi", "Valeur retenue", "Pèse", "D'où elle vient"),
        tuple(lignes),
        note=_PESE,
        texte=True,
        melee=True,
    )


_PESE = (
    f"Pèse : ce que la ligne déplace, en plus ou en moins, de l'effort demandé ({effort.EN_CLAIR}) sur son intervalle, sinon sur dix "
    "pour cent."
)


def _pese(ligne: AConfirmer) -> Cellule:
    """Weight of a row on the effort asked, and over what; a dash where it has none."""
    if np.isnan(ligne.poids):
        return ligne.selon or "—"
    suite = f" {ligne.selon}" if ligne.selon == SI_ELLE_MANQUE else f" ({ligne.selon})"
    return cases.mesure(ligne.poids, effort.UNITE).dite(f"{pese_en_bref(ligne)}{suite}")


def pese_en_bref(ligne: AConfirmer, unite: str = effort.UNITE) -> str:
    """Weight of a row without its range: more or less, or more when it is a grant that may be refused; « inconnu » without any."""
    if np.isnan(ligne.poids):
        return ligne.valeur
    signe = "+" if ligne.selon == SI_ELLE_MANQUE else "±"
    return f"{signe}\u00a0{cases.mesure(round(ligne.poids), unite)}"


def _retenue(ligne: AConfirmer) -> Cellule:
    """Value of a figure to confirm, or the words that stand for it."""
    return ligne.valeur if np.isnan(ligne.nombre) else cases.mesure(ligne.nombre, ligne.unite).dite(ligne.valeur)
