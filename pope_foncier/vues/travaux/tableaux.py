"""Tables of works: lots, range, fees, landmarks, modes, a project given up, back-test."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from pope_foncier.decision.cout_au_calage import CoutAuCalage
from pope_foncier.decision.travaux_compares import Abandon, ModeTravaux
from pope_foncier.etude.evaluation import Evaluation
from pope_foncier.etude.fourchette_cout import fourchette_totale
from pope_foncier.etude.resultats import Vue
from pope_foncier.modele.registre_des_lignes import libelle
from pope_foncier.socle.nombres import formater, formater_nombre, pourcent
from pope_foncier.socle.temps import date_en_clair, mois_en_clair
from pope_foncier.travaux.calage import Calage
from pope_foncier.travaux.calage_modele import lire_reglages as lire_reglages_du_calage
from pope_foncier.travaux.cout import BT01, age_du_bt01
from pope_foncier.travaux.lots import cout_terres, lire_lots
from pope_foncier.travaux.postes import NIVEAU_EN_CLAIR, Poste, fourchette, part_estimee
from pope_foncier.vues.formes import cases
from pope_foncier.vues.formes.cases import Case, Rang
from pope_foncier.vues.formes.table import Table
from pope_foncier.vues.travaux.page_calage import GROUPES, NOMS, part


def _milliers(montant: float) -> Case:
    """Amount shown to the thousand."""
    return cases.montant(montant).arrondie(-3)


def _part(part: float) -> Case:
    return cases.part(part, 1).sinon("—")


def lots(vue: Vue) -> Table | None:
    """Works by lot: line, level, amount, share; range and share still at the ratio in the note. None without a plan by lots."""
    ev, plan = vue.ev, vue.ev.ctx.etude.travaux.plan
    if plan is None:
        return None
    total = vue.valeur(ev.cout.travaux_ht)
    noms, detaille = lire_lots().lots, any(_est_compte(p) for p in ev.cout.postes)
    lignes: list[Rang] = []
    for p in ev.cout.postes:
        montant = vue.valeur(p.montant)
        lignes.append(
            (
                noms[p.lot].libelle,
                *(_ligne(vue, p) if detaille else ()),
                NIVEAU_EN_CLAIR[p.niveau],
                cases.montant(montant),
                _part(ev.cout.part_des_travaux(p.montant, vue.rang)),
            )
        )
    lignes.append((libelle("besoins.travaux_ht"), *(("",) * 4 if detaille else ()), "", cases.montant(total), ""))
    f = fourchette(ev.cout.postes, plan)
    note = (
        f"Fourchette P10–P90 : {_milliers(vue.au_rang(f.bas))} à {_milliers(vue.au_rang(f.haut))}. Part encore estimée au ratio : "
        f"{pourcent(vue.au_rang(part_estimee(ev.cout.postes)), 0)}. Répartition du ratio entre les lots : hypothèse. {_age_indice(vue)}"
    )
    return Table(
        "Travaux par lots",
        (
            "Lot",
            *(("Ligne", "Quantité", "Prix unitaire HT", "Prix de") if detaille else ()),
            *("Niveau", "Montant HT", "Part"),
        ),
        tuple(lignes),
        note=note,
        totaux=(len(lignes) - 1,),
        cles=2 if detaille else 1,
    )


def _est_compte(p: Poste) -> bool:
    """Whether a line is counted, quantity by price, instead of being a share of the ratio."""
    return p.quantite is not None and p.prix is not None and p.date_prix is not None


def _ligne(vue: Vue, p: Poste) -> Rang:
    """What a line counts: name, quantity, unit price before revision, date of the price; nothing for a share of the ratio."""
    if p.quantite is None or p.prix is None or p.date_prix is None:
        return ("",) * 4
    quantite, prix = cases.mesure(vue.valeur(p.quantite), p.quantite.unite), vue.valeur(p.prix)
    return p.libelle, quantite, cases.montant(prix, 0 if prix.is_integer() else 2), cases.mois_du(p.date_prix)


def _age_indice(vue: Vue) -> str:
    """Last known BT01 and its age at the middle of the works, prolonged by the path of the study."""
    ctx = vue.ev.ctx
    dernier = ctx.catalogue.derniere(BT01, ctx.etude.date_demande)
    age = vue.valeur(age_du_bt01(ctx, vue.ev.calendrier))
    if np.isnan(age):
        return f"Dernier BT01 connu : {mois_en_clair(dernier.depuis)}."
    return (
        f"Dernier BT01 connu : {mois_en_clair(dernier.depuis)}, {formater_nombre(age)} mois avant le milieu des travaux ; "
        f"entre les deux, évolution « {ctx.etude.evolution} » (hypothèse)."
    )


def fourchettes(vue: Vue) -> Table:
    """Range of works and of the total, and what would shrink it: next stage, diagnostics still to do."""
    ev, t = vue.ev, fourchette_totale(vue)
    plan = ev.ctx.etude.travaux.plan
    total: Rang = ("Coût total TTC", *(_milliers(x) for x in (t.bas, t.estime, t.haut)))
    if plan is None:
        note = f"{t.sens[0].upper()}{t.sens[1:]}. Sans plan par lots ; essayer « --variante data/exemples/travaux_par_lots.yaml »."
        return Table("Fourchette du coût", ("Coût", "Bas", "Estimé", "Haut"), (total,), note=note)
    h = lire_lots()
    f = fourchette(ev.cout.postes, plan)
    lignes: list[Rang] = [("Travaux HT", *(_milliers(x.item()) for x in (f.bas, f.estime, f.haut))), total]
    suites = list(h.stades)[list(h.stades).index(plan.stade) + 1 :]
    essais: list[tuple[str, dict[str, Any]]] = [
        *(
            (f"Travaux HT si le diagnostic « {d.libelle} » est fait", {"diagnostics": (*plan.diagnostics, c)})
            for c, d in h.diagnostics.items()
            if c not in plan.diagnostics
        ),
        *((f"Travaux HT au stade « {h.stades[s].libelle} »", {"stade": s}) for s in suites),
    ]
    for nom, change in essais:
        g = fourchette(ev.cout.postes, plan.model_copy(update=change))
        lignes.append((nom, *(_milliers(x.item()) for x in (g.bas, g.estime, g.haut))))
    note = f"Stade : {h.stades[plan.stade].libelle}. Dispersion du ratio mesurée par le calage ; ce qui la réduit : valeurs de travail."
    return Table("Fourchette du coût", ("Coût", "P10", "Estimé", "P90"), tuple(lignes), note=note)


def frais(ev: Evaluation) -> Table:
    """Usual fees and contingencies of the stage, beside the study's own shares."""
    travaux = ev.cout.travaux_ht.au_point()
    lignes: list[Rang] = [
        (
            f.libelle,
            cases.part(f.bas, 1),
            cases.part(f.haut, 1),
            *map(_milliers, f.montants(travaux)),
        )
        for groupe in lire_lots().frais.values()
        for f in groupe.values()
    ]
    plan = ev.ctx.etude.travaux.plan
    if plan is not None:
        stade = lire_lots().stades[plan.stade]
        lignes.append(
            (
                f"Aléas usuels à ce stade ({stade.libelle})",
                cases.part(stade.aleas, 1),
                "",
                _milliers(stade.aleas_de(travaux)),
                "",
            )
        )
    for quoi, retenu in (
        ("honoraires", ev.cout.honoraires_ht),
        ("études, contrôles et assurances", ev.cout.etudes_assurances_ht),
        ("aléas", ev.cout.aleas_ht),
    ):
        part_retenue, montant = _part(ev.cout.part_des_travaux(retenu)), cases.montant(retenu.au_point())
        lignes.append((f"Retenu par l'étude : {quoi}", part_retenue, "", montant, ""))
    return Table(
        "Honoraires, études et aléas",
        ("Poste", "Part des travaux HT", "Part au plus", "Montant HT", "Montant HT au plus"),
        tuple(lignes),
        note="Plages de pratique ; aléas par stade : valeurs de travail, entre 5 % en neuf et 12 % en réhabilitation.",
        totaux=tuple(range(len(lignes) - 3, len(lignes))),
    )


def reperes() -> Table:
    """Price landmarks, and the three ways to remove soil, on the example of the assumptions."""
    h = lire_lots()
    exemple = h.terres.exemple
    lignes: list[Rang] = [
        (h.lots[r.lot].libelle, r.libelle, *(cases.mesure(x, r.unite) for x in (r.bas, r.haut)), r.base)
        for r in h.reperes
    ]
    quoi = f"{formater(exemple.surface_m2, 'm²')} sur {formater(exemple.profondeur_m, 'm')}"
    for nom, (bas, haut) in cout_terres(exemple.surface_m2, exemple.profondeur_m).items():
        prix = cases.montant(bas), "" if bas == haut else cases.montant(haut)
        lignes.append((h.lots["sols"].libelle, f"{nom}, {quoi}", *prix, "alcor-controles.fr, non daté"))
    return Table(
        "Prix repères (ordres de grandeur)",
        ("Lot", "Ouvrage", "Prix HT", "Prix HT au plus", "Source"),
        tuple(lignes),
        cles=2,
    )


def modes(comparaison: tuple[ModeTravaux, ...]) -> Table:
    """Kinds of works on one site."""
    lignes: list[Rang] = [
        (
            m.libelle,
            cases.nombre(m.places),
            _milliers(m.bas),
            _milliers(m.total),
            _milliers(m.haut),
            _milliers(m.par_place).sinon("—"),
        )
        for m in comparaison
    ]
    note = (
        "Coût total TTC, au stade de la faisabilité, sans diagnostic ni terrain ; le neuf, sans démolition. « neuf » : moitié centrale des "
        "opérations publiées ; un standard départemental ou la RE2020 mènent vers le haut de la fourchette."
    )
    return Table(
        "Un même lieu, cinq façons",
        ("Travaux", "Places", "P10", "Estimé", "P90", "Par place"),
        tuple(lignes),
        note=note,
    )


def abandon(a: Abandon) -> Table:
    """From the first announcement to the last estimate, and the range of the model."""
    lignes: list[Rang] = [
        ("Première annonce", cases.montant(a.premiere)),
        *((f"+ {nom}", cases.montant(m)) for nom, m in a.postes),
        ("Dernière estimation", cases.montant(a.derniere)),
        ("Modèle, sans cette opération : P10", _milliers(a.bas)),
        ("Modèle : médiane", _milliers(a.prevu)),
        ("Modèle : P90", _milliers(a.haut)),
    ]
    fois = formater_nombre(a.hausse, 1)
    note = f"{a.operation.nom}, {a.operation.commune} : coût multiplié par {fois}, projet abandonné. Source : {a.operation.source.titre}."
    return Table(
        "Un réemploi qui échoue", ("Étape", "Montant"), tuple(lignes), note=note, totaux=(0, len(a.postes) + 1)
    )


def _part_lue(valeur: float) -> Case:
    return cases.part(valeur).dite(part(valeur))


_NATURES = {"total": "Coût total HT", "travaux": "Travaux HT"}
_DEDANS = {True: "dans la fourchette", False: "hors de la fourchette", None: "inconnu"}


def au_calage(couts: Sequence[CoutAuCalage]) -> Table | None:
    """Cost of a study beside the law of the published operations; None when it has nothing to say."""
    if not couts:
        return None
    lignes: list[Rang] = [
        (
            _NATURES[c.nature],
            _milliers(c.etude).sinon("inconnu"),
            *map(_milliers, (c.loi.bas, c.loi.prevu, c.loi.haut)),
            cases.nombre(c.rapport, 2).sinon("—"),
            _DEDANS[c.dans_la_fourchette],
        )
        for c in couts
    ]
    jour = date_en_clair(lire_reglages_du_calage().date_prix)
    note = (
        f"Hors taxe, prix du {jour} (BT01). Loi apprise des opérations publiées, celles de la commune exceptées : même genre et même "
        "profondeur de travaux (une restructuration est lue comme des travaux lourds), même taille, même département ; un genre non dit "
        "élargit la fourchette. Ce qu'elle vaut : docs/calage.md."
    )
    entetes = ("Coût", "Étude", "P10", "Prévu", "P90", "Étude ÷ prévu", "Position")
    return Table("Le coût de l'étude face aux opérations publiées", entetes, tuple(lignes), note=note)


def calage(c: Calage) -> Table:
    """Back-test by kind, beside the constants."""
    lignes: list[Rang] = []
    for groupe in ("tout", "neuf", "reemploi", "surface"):
        masque = c.groupe(groupe)
        for methode in ("modele", "par_place", "par_m2"):
            s = c.score(methode, masque)
            couverture = _part_lue(c.couverture(masque)) if methode == "modele" else ""
            lignes.append(
                (
                    GROUPES[groupe],
                    NOMS[methode],
                    cases.nombre(s.nombre),
                    _part_lue(s.erreur_moyenne),
                    _part_lue(s.erreur_mediane),
                    _part_lue(s.dans_la_tolerance),
                    couverture,
                )
            )
    return Table(
        "Coût prévu face au coût publié",
        (
            "Lignes",
            "Méthode",
            "n",
            "Erreur moyenne",
            "Erreur médiane",
            f"À {part(c.reglages.tolerance)} près",
            "P10–P90",
        ),
        tuple(lignes),
    )
