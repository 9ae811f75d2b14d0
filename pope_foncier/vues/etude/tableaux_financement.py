"""Tables of the funding: grants, plan, schedules, treasury, bridge, trials."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from pope_foncier.decision.essais import Chance, EffetDeLevier, LectureRelais
from pope_foncier.decision.plans_des_aides import PlanDesAides, PlansDesAides
from pope_foncier.etude.caisses import caisses
from pope_foncier.etude.flux_de_caisse import flux_de
from pope_foncier.etude.resultats import Vue
from pope_foncier.modele.lignes import FAMILLES, Poste
from pope_foncier.modele.livre import Ligne
from pope_foncier.modele.registre_des_lignes import libelle
from pope_foncier.prets.relais import Relais
from pope_foncier.socle.nombres import formater, formater_nombre, pourcent
from pope_foncier.vues.formes import cases, lectures, mots_de_caisse
from pope_foncier.vues.formes.cases import Case, Rang
from pope_foncier.vues.formes.table import Table


def aides(vue: Vue) -> Table | None:
    """Each grant: amount, what sets it, what its conditions say and what would satisfy them."""
    etats = {"remplie": "oui", "non_remplie": "NON", "a_verifier": "à vérifier", "dispensee": "levée par l'étude"}
    lignes: list[Rang] = []
    for s in vue.ev.subventions:
        conditions = [f"{c.phrase} : {etats[c.etat(vue.rang)]}" for c in s.conditions]
        lignes.append(
            (
                s.aide.libelle,
                lectures.STATUTS[s.aide.statut],
                cases.grandeur(s.subvention, vue.rang),
                s.limite_en_clair(vue.rang),
                " ; ".join(conditions) or (s.aide.remarque or ""),
            )
        )
    lignes += [
        (a.libelle, "non demandée", "non comptée", "", a.remarque or "")
        for a in vue.ev.ctx.etude.aides
        if a.statut == "non_demandee"
    ]
    if not lignes:
        return None
    return Table(
        lectures.nommer("Aides à l'investissement", lectures.lecture_de(vue)),
        ("Aide", "Statut", "Montant", "Ce qui le fixe", "Conditions"),
        tuple(lignes),
        texte=True,
    )


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


def statut(vue: Vue, code: str) -> str:
    """Status of an aid in brackets, nothing for another resource."""
    for aide in vue.ev.ctx.etude.aides:
        if code == f"ressources.{aide.id}":
            return f" ({lectures.STATUTS[aide.statut]})"
    return ""


def echeancier(vue: Vue) -> Table | None:
    """Yearly schedule of each loan of the closed plan; None without any."""
    vue = vue.bouclee
    if not vue.ev.dettes:
        return None
    lignes: list[Rang] = []
    totaux = []
    for dette in vue.ev.dettes:
        code = f"emprunts.{dette.id}"
        interets, capital = vue.annuel(f"{code}.interets"), vue.annuel(f"{code}.remboursement")
        restants = vue.mensuel(f"{code}.restant")
        fins = [*vue.ev.ctx.echelle.debuts_annee[1:] - 1, vue.ev.ctx.echelle.duree_mois - 1]
        if vue.valeur(dette.capital) == 0:
            continue
        debut, fin_pret = vue.mois_de(f"{code}.deblocage"), vue.valeur(dette.fin)
        lignes.append((dette.libelle, "", "", "", ""))
        totaux.append(len(lignes) - 1)
        annuels = [
            (annee, i, c, restants[dernier])
            for annee, i, c, premier, dernier in zip(
                vue.annees, interets, capital, vue.ev.ctx.echelle.debuts_annee, fins, strict=True
            )
            if dernier >= debut and not premier > fin_pret
        ]
        if all(np.isnan(c) for _, _, c, _ in annuels):
            lignes.append((f"{annuels[0][0]} à {annuels[-1][0]}", *["inconnu"] * 4))
            continue
        lignes += [
            (cases.annee(annee), cases.montant(i), cases.montant(c), cases.montant(i + c), cases.montant(r))
            for annee, i, c, r in annuels
        ]
    if not lignes:
        return None
    return Table(
        lectures.nommer("Échéancier des emprunts par année civile", lectures.BOUCLE),
        ("Année", "Intérêts", "Capital", "Annuité", "Restant dû"),
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


def leviers(titre: str, liste: Sequence[EffetDeLevier]) -> Table:
    """Levers against the base: places when one changes them, gap and its change, change of the contribution once closed."""
    bougent = any(e.ecart_places for e in liste)
    lignes: list[Rang] = [
        (
            e.libelle,
            *((_places(e),) if bougent else ()),
            cases.montant(e.reste_a_financer),
            _signe(e.ecart_reste),
            _signe(e.ecart_contribution),
        )
        for e in liste
    ]
    entetes = (
        "Essai",
        *(("Places",) if bougent else ()),
        "Reste à financer (plan tel quel)",
        "Écart",
        "Commune, écart par an (plan bouclé)",
    )
    return Table(titre, entetes, tuple(lignes))


def _places(effet: EffetDeLevier) -> Case:
    places = cases.nombre(effet.places)
    return places.dite(f"{places} ({effet.ecart_places:+.0f})") if effet.ecart_places else places


def chances(chance: Chance) -> Table:
    """Gap of the plan when the grants are drawn at their probability."""
    lignes: list[Rang] = [
        ("En moyenne", cases.montant(chance.moyenne)),
        *(
            (f"{nom} fois sur dix, au plus", cases.montant(chance.quantiles[q]))
            for nom, q in (("Une", 10), ("Cinq", 50), ("Neuf", 90))
        ),
        ("Toutes les aides obtenues", _des_tirages(chance.toutes)),
    ]
    note = f"Aides tirées, obtenues ou refusées sans lien entre elles : {', '.join(chance.tirees)}. Les probabilités sont des hypothèses."
    return Table(
        lectures.nommer("Reste à financer selon les aides obtenues", lectures.TEL_QUEL),
        ("Lecture", libelle("ressources.reste_a_financer")),
        tuple(lignes),
        note=note,
    )


def _des_tirages(part: float) -> Case:
    return cases.part(part).dite(f"{formater_nombre(100 * part)} % des tirages")


def plans_des_aides(plans: PlansDesAides) -> Table:
    """The expected plan, that with every grant and that with none, side by side: uses, each resource, gap."""

    def ligne(nom: str, lire: Callable[[PlanDesAides], float]) -> Rang:
        return (nom, *(cases.montant(lire(plans.plans[lecture])) for lecture in _LECTURES))

    lignes: list[Rang] = [ligne("Besoins", lambda p: p.besoins)]
    for cle, nom in plans.libelles.items():
        chance = f" (chance de {pourcent(plans.chances[cle], 0)})" if cle in plans.chances else " (acquise)"
        lignes.append(ligne(f"{nom}{chance}", lambda p, cle=cle: p.aides.get(cle, 0.0)))  # type: ignore[misc]
    lignes += [
        ligne("Autres ressources", lambda p: p.autres),
        ligne(libelle("ressources.total"), lambda p: p.ressources),
        ligne(libelle("ressources.reste_a_financer"), lambda p: p.reste),
        ("Subventions et fonds propres / besoins", *(formater(plans.plans[x].part_propre, "%") for x in _LECTURES)),
    ]
    note = "Plan attendu : chaque aide comptée à sa chance d'être obtenue, qui est une hypothèse. Une aide acquise est dans les trois plans."
    if plans.sans_probabilite:
        note += f" Sans chance déclarée, comptées entières : {', '.join(plans.sans_probabilite)}."
    return Table(
        lectures.nommer("Trois plans selon les aides obtenues", lectures.TEL_QUEL),
        ("", *_LECTURES.values()),
        tuple(lignes),
        note=note,
        totaux=(len(lignes) - 3, len(lignes) - 2),
    )


_LECTURES = {"attendu": "Plan attendu", "toutes": "Toutes obtenues", "aucune": "Aucune obtenue"}


def _signe(valeur: float) -> Case:
    return cases.montant(valeur).signee()


def relais(ponts: Sequence[tuple[LectureRelais, Relais]]) -> Table:
    """Bridge of a study under each reading: need, size, uncovered, interest, duration."""
    lignes: list[Rang] = []
    for lecture, pont in ponts:
        valeurs = (pont.besoin_maximal, pont.taille, pont.non_couvert, pont.cout)
        lignes.append(
            (
                lecture.libelle,
                *(cases.montant(float(v.flat[0])) for v in valeurs),
                _duree(float(pont.duree_mois.flat[0])),
            )
        )
    entetes = ("Lecture", "Besoin au creux", "Relais", "Resté à découvert", "Intérêts", "Durée")
    note = "Lectures de travail ; le taux est le dernier publié pour un prêt comparable, prolongé par hypothèse."
    return Table(lectures.nommer("Prêt relais sur les aides", lectures.BOUCLE), entetes, tuple(lignes), note=note)


def _duree(mois: float) -> Case:
    return cases.nombre(mois, unite="mois").dite(f"{mois:.0f} mois")
