"""Tables of the funding: plan, schedules, treasury."""

from __future__ import annotations

import numpy as np

from pope_foncier.etude.caisses import caisses
from pope_foncier.etude.flux_de_caisse import flux_de
from pope_foncier.etude.resultats import Vue
from pope_foncier.modele.lignes import FAMILLES, Poste
from pope_foncier.modele.livre import Ligne
from pope_foncier.modele.registre_des_lignes import libelle
from pope_foncier.vues.aides.tableaux import statut
from pope_foncier.vues.formes import cases, lectures, mots_de_caisse
from pope_foncier.vues.formes.cases import Rang
from pope_foncier.vues.formes.table import Table


def plan_de_financement(vue: Vue) -> Table:
    """Sources and uses of the plan as it stands, who was not asked, and the signed gap; ``tableaux_bouclage`` says how it is closed."""
    besoins = [(x.libelle, vue.montant(x.code)) for x in vue.ev.livre.du_groupe("besoins")]
    gauche: list[Rang] = [(nom, cases.montant(montant)) for nom, montant in besoins if montant != 0]
    droite: list[Rang] = [
        (f"{x.libelle}{statut(vue, x.code)}", cases.montant(vue.montant(x.code))) for x in ressources_comptees(vue)
    ]
    droite += [
        (f"{a.libelle} (non demandée)", "non comptée") for a in vue.ev.ctx.etude.aides if a.statut == "non_demandee"
    ]
    droite.append((libelle("ressources.reste_a_financer"), cases.montant(vue.montant("ressources.reste_a_financer"))))
    hauteur = max(len(gauche), len(droite))
    gauche, droite = (cote + [("", "")] * (hauteur - len(cote)) for cote in (gauche, droite))
    total_ressources = vue.montant("ressources.total") + vue.montant("ressources.reste_a_financer")
    lignes: list[Rang] = [(*g, *d) for g, d in zip(gauche, droite, strict=True)]
    lignes.append(
        (
            libelle("besoins.total"),
            cases.montant(vue.montant("besoins.total")),
            "Total des ressources et du reste",
            cases.montant(total_ressources),
        )
    )
    return Table(
        lectures.nommer("Plan de financement", lectures.lecture_de(vue)),
        ("Besoins", "€", "Ressources", "€ "),
        tuple(lignes),
        note=lectures.phrase(vue),
        totaux=(len(lignes) - 1,),
        deux_cotes=True,
    )


def ressources_comptees(vue: Vue) -> list[Ligne]:
    """Resources of the plan, without the loan part of an aid that is wholly a grant."""
    pretees = {f"ressources.pret_{a.aide.id}" for a in vue.ev.subventions if a.pret is not None}
    return [x for x in vue.ev.livre.du_groupe("ressources") if not (x.code in pretees and vue.montant(x.code) == 0)]


def echeancier(vue: Vue) -> Table | None:
    """Yearly schedule of each loan of the closed plan; None without any."""
    vue = vue.bouclee
    if not vue.ev.dettes:
        return None
    lignes: list[Rang] = []
    totaux = []
    accessoires = any(d.accessoires is not None for d in vue.ev.dettes)
    for dette in vue.ev.dettes:
        code = f"emprunts.{dette.id}"
        autres, annuites = vue.accessoires_du_pret(dette.id), vue.annuites_du_pret(dette.id)
        interets, capital = vue.annuel(f"{code}.interets"), vue.annuel(f"{code}.remboursement")
        restants = vue.mensuel(f"{code}.restant")
        fins = [*vue.ev.ctx.echelle.debuts_annee[1:] - 1, vue.ev.ctx.echelle.duree_mois - 1]
        if vue.valeur(dette.capital) == 0:
            continue
        debut, fin_pret = vue.mois_de(f"{code}.deblocage"), vue.valeur(dette.fin)
        lignes.append((dette.libelle, *[""] * (4 + accessoires)))
        totaux.append(len(lignes) - 1)
        annuels = [
            (annee, (i, c, *([a] if accessoires else []), annuite, restants[dernier]))
            for annee, i, c, a, annuite, premier, dernier in zip(
                vue.annees, interets, capital, autres, annuites, vue.ev.ctx.echelle.debuts_annee, fins, strict=True
            )
            if dernier >= debut and not premier > fin_pret
        ]
        if all(np.isnan(montants[1]) for _, montants in annuels):
            lignes.append((f"{annuels[0][0]} à {annuels[-1][0]}", *["inconnu"] * (4 + accessoires)))
            continue
        lignes += [(cases.annee(annee), *map(cases.montant, montants)) for annee, montants in annuels]
    if not lignes:
        return None
    return Table(
        lectures.nommer("Échéancier des emprunts par année civile", lectures.BOUCLE),
        ("Année", "Intérêts", "Capital", *(["Assurance et frais"] if accessoires else []), "Annuité", "Restant dû"),
        tuple(lignes),
        totaux=tuple(totaux),
    )


def tresorerie(vue: Vue) -> Table:
    """Cash of each party of the project on the closed plan at the end of each year, its lowest month."""
    vue = vue.bouclee
    echelle, lues = vue.ev.ctx.echelle, caisses(vue)
    soldes = [vue.annuel(f"solde.{c.acteur}") for c in lues]
    fins = [*echelle.debuts_annee[1:] - 1, echelle.duree_mois - 1]
    fin_titre = vue.valeur(vue.ev.calendrier.fin_titre)
    lignes: list[Rang] = [
        (
            cases.annee(annee),
            *(
                x
                for c, s in zip(lues, soldes, strict=True)
                for x in (cases.montant(s[r]), cases.montant(float(c.cumul[fin])))
            ),
        )
        for r, (annee, fin) in enumerate(zip(echelle.annees, fins, strict=True))
        if np.isnan(fin_titre) or fin < fin_titre + 12
    ]
    de_qui = [f", {c.acteur}" if len(lues) > 1 else "" for c in lues]
    return Table(
        lectures.nommer(f"Trésorerie : {' ; '.join(c.acteur for c in lues)}", lectures.BOUCLE),
        ("Année", *(f"{x}{qui}" for qui in de_qui for x in ("Solde de l'année", "Trésorerie au 31 décembre"))),
        tuple(lignes),
        note=f"{mots_de_caisse.caisse(vue)} Un 31 décembre positif peut suivre un mois qui ne l'est pas.",
    )


def tresorerie_mensuelle(vue: Vue, acteur: str | None = None) -> Table:
    """Cash of a party on the closed plan month by month, one column per kind of flow, up to a year after the opening.

    Args:
        acteur: name of the party; the project owner by default.
    """
    vue = vue.bouclee
    qui = acteur or vue.ev.ctx.etude.acteurs.nom_maitre_ouvrage
    lus = flux_de(vue.ev, qui, _colonne, vue.rang)
    utiles = {titre: lus.flux[titre] for titre in (*_COLONNES, "Exploitation") if titre in lus.flux}
    cumul = lus.fin
    fin = int(min(np.nan_to_num(vue.valeur(vue.ev.calendrier.ouverture)) + 13, len(cumul)))
    lignes: list[Rang] = [
        (
            cases.mois(vue.ev.ctx.echelle, m),
            *(cases.montant(float(v[m])) for v in utiles.values()),
            cases.montant(float(cumul[m])),
        )
        for m in range(fin)
    ]
    return Table(
        lectures.nommer(f"Trésorerie mensuelle : {qui}", lectures.BOUCLE),
        ("Mois", *utiles, "Trésorerie"),
        tuple(lignes),
        note=mots_de_caisse.caisse(vue) if acteur is None else "",
    )


_COLONNES: dict[str, tuple[Poste, ...]] = {
    "Achat et taxes": ("acquisition", "depot"),
    "Travaux, études, équipement": ("travaux", "equipement"),
    "Bouclage": ("don", "report"),
    "Aides": ("aide", "aide_rendue"),
    "Apports et TVA rendue": ("apport", "reprise", "tva_rendue"),
    "Emprunts": FAMILLES["dette"],
    "Loyer": ("loyer", "bail"),
    libelle("exploitation.charges.propriete"): ("propriete",),
    "Avant l'ouverture": ("avant_ouverture",),
}
"""Columns of the monthly treasury by heading; the other flows belong to the operation."""


def _colonne(ligne: Ligne) -> str:
    if ligne.boucle and ligne.famille == "apport":
        return "Bouclage"
    return next((titre for titre, postes in _COLONNES.items() if ligne.poste in postes), "Exploitation")
