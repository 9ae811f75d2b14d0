"""Tables that a committee of lenders reads: ratios year by year, multi-year plan, accounts of the borrower on the same years."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from pope_foncier.decision.recherche import Cherchee
from pope_foncier.etude import lectures
from pope_foncier.etude.caisses import lire_caisse
from pope_foncier.etude.comptes_previsionnels import ComptesPrevisionnels
from pope_foncier.etude.controles import STATUT_EN_CLAIR, STATUTS, Statut
from pope_foncier.etude.plan import BOUCLE_A
from pope_foncier.etude.plan_pluriannuel import CAPACITE, VARIATION, PlanPluriannuel, etablir
from pope_foncier.etude.ratios_annuels import SANS_OBJET as SANS_RANG
from pope_foncier.etude.ratios_annuels import RatioAnnuel, RatiosAnnuels, calculer
from pope_foncier.etude.resultats import Vue
from pope_foncier.modele.livre import TOLERANCE
from pope_foncier.socle.grandeur import Tableau
from pope_foncier.socle.nombres import euros
from pope_foncier.vues.etude import tableaux_bilan
from pope_foncier.vues.formes import cases
from pope_foncier.vues.formes.cases import Case, Cellule, Rang
from pope_foncier.vues.formes.lectures import BOUCLE, lecture_de, nommer
from pope_foncier.vues.formes.table import Table

SANS_OBJET = "sans objet"
_INDETERMINE = "indéterminé"


def ratios_annuels(vue: Vue, emprunteur: str | None = None) -> Table:
    """Ratios year by year from the opening: value and status; then worst, mean, threshold, first years that fail.

    On a plan that lacks money every ratio is undetermined, and the note says what is missing.
    """
    ratios = calculer(vue.ev, emprunteur)
    annees = annees_utiles(ratios, vue.rang)
    lignes: list[Rang]
    if _ouvert(ratios, vue.rang):
        lignes = [(_periode(ratios, annees), *(_INDETERMINE for _ in ratios.par_annee))] if annees else []
    else:
        lignes = [
            (_annee(ratios, rang, vue.rang), *(_cellule(r, rang, vue.rang) for r in ratios.par_annee))
            for rang in annees
        ]
        lignes += _resumes(ratios, vue.rang)
    lignes += [
        ("Seuil", *(_seuil(r) for r in ratios.par_annee)),
        ("Origine du seuil", *(_origine(r) for r in ratios.par_annee)),
    ]
    return Table(
        f"Ratios année par année, {lecture_de(vue)} : {ratios.emprunteur}",
        ("Année", *(r.libelle for r in ratios.par_annee)),
        tuple(lignes),
        note=" ".join(
            x for x in (manque(vue), _vie(ratios, vue.rang), _reste(ratios, vue.rang, annees), _CONVENTION) if x
        ),
        totaux=tuple(i for i, ligne in enumerate(lignes) if ligne[0] in _EN_GRAS),
    )


_EN_GRAS = ("Pire année", "Moyenne")


def _resumes(ratios: RatiosAnnuels, scenario: int) -> list[Rang]:
    """Worst year, mean, first years below the threshold and failed, one row each."""

    def pire(ratio: RatioAnnuel) -> Cellule:
        annee = _un(ratio.annee_du_pire(), scenario)
        lue = lire(ratio, _un(ratio.pire(), scenario))
        return SANS_OBJET if np.isnan(annee) else lue.dite(f"{lue} ({annee:.0f})")

    def moyenne(ratio: RatioAnnuel) -> Cellule:
        valeur = _un(ratio.moyenne(), scenario)
        return SANS_OBJET if np.isnan(valeur) else lire(ratio, valeur)

    def premiere(ratio: RatioAnnuel, *statuts: Statut) -> Case:
        annee = _un(ratio.premiere_annee(*statuts), scenario)
        inconnues = bool((_de(ratio.statuts(), scenario) == STATUTS.index("indetermine")).any())
        return (
            cases.sans_valeur(_INDETERMINE if inconnues else "aucune") if np.isnan(annee) else cases.annee(int(annee))
        )

    return [
        (_EN_GRAS[0], *(pire(r) for r in ratios.par_annee)),
        (_EN_GRAS[1], *(moyenne(r) for r in ratios.par_annee)),
        ("Première année sous le seuil", *(premiere(r, "a_surveiller", "non_respecte") for r in ratios.par_annee)),
        ("Première année non respectée", *(premiere(r, "non_respecte") for r in ratios.par_annee)),
    ]


_CONVENTION = (
    "L'année d'ouverture compte ses mois ouverts, la montée en charge compte comme le reste ; intérêts et capital payés avant "
    "l'ouverture sont de l'investissement. Disponible : excédent brut d'exploitation, quotes-parts de subvention exclues (au compte "
    "747 depuis 2025), avant variation du fonds de roulement, que montre le plan pluriannuel. Dette au 31 décembre, relais et découvert "
    "compris ; capacité ramenée à douze mois quand l'année n'est pas pleine. Les apports rendus ne sont pas de l'annuité : le plan "
    "pluriannuel les compte."
)


def annees_utiles(ratios: RatiosAnnuels, scenario: int = 0) -> list[int]:
    """Ranks of the years in which a debt is served, and on a closed plan of those in which one is still owed."""
    codes = ("couverture",) if _ouvert(ratios, scenario) else ("couverture", "dette_sur_capacite")
    concernes = [_de(ratios[code].statuts(), scenario) != SANS_RANG for code in codes]
    return [int(r) for r in np.flatnonzero(np.any(concernes, axis=0))]


def lire(ratio: RatioAnnuel, valeur: float) -> Case:
    """Value of a ratio in French, in its unit."""
    if np.isnan(valeur):
        return cases.sans_valeur(_INDETERMINE)
    if np.isinf(valeur):
        return cases.nombre(valeur, unite=ratio.controle.unite).dite("sans ressource")
    if ratio.controle.unite == "%":
        return cases.part(valeur, 1)
    if ratio.controle.unite == "ans":
        return cases.nombre(valeur, 1, unite="ans").unitee()
    return cases.nombre(valeur, 2)


def _annee(ratios: RatiosAnnuels, rang: int, scenario: int) -> Case:
    mois = _de(ratios.mois_ouverts, scenario)
    ouverture = mois[rang] > 0 and not mois[:rang].any()
    annee = cases.annee(ratios.annees[rang])
    return annee.dite(f"{annee} (ouverture, {mois[rang]:.0f} mois)") if ouverture else annee


def _periode(ratios: RatiosAnnuels, rangs: list[int]) -> Cellule:
    premiere, derniere = ratios.annees[rangs[0]], ratios.annees[rangs[-1]]
    return f"{premiere} à {derniere}" if derniere > premiere else cases.annee(premiere)


def _cellule(ratio: RatioAnnuel, rang: int, scenario: int) -> Cellule:
    statut = ratio.statut(rang, scenario)
    if statut is None:
        return SANS_OBJET
    if statut == "indetermine":
        return _INDETERMINE
    lue = lire(ratio, float(ratio.valeurs(scenario)[rang]))
    return lue.dite(f"{lue}, {STATUT_EN_CLAIR[statut]}")


def _seuil(ratio: RatioAnnuel) -> Case:
    seuil, alerte = (lire(ratio, v) for v in (ratio.controle.seuil, ratio.controle.alerte))
    plancher = ratio.controle.sens == "au_moins"
    au_dela = "" if alerte == seuil else f", non respecté {'sous' if plancher else 'au-delà de'} {alerte}"
    return seuil.dite(f"{'≥' if plancher else '≤'} {seuil}{au_dela}")


def _origine(ratio: RatioAnnuel) -> str:
    repere = f" ; {ratio.controle.repere}" if ratio.controle.repere else ""
    return f"{ratio.controle.origine}{repere}"


def vie_des_prets(ratios: RatiosAnnuels, scenario: int) -> str:
    """Cover over the life of the loans (LLCR) with its status and threshold, in one sentence; nothing without debt."""
    llcr = ratios.llcr
    statut = llcr.statut(0, scenario)
    if statut is None:
        return ""
    valeur = lire(llcr, float(llcr.valeurs(scenario)[0])) if statut != "indetermine" else _INDETERMINE
    en_clair = f", {STATUT_EN_CLAIR[statut]}" if statut != "indetermine" else ""
    return f"{llcr.libelle} : {valeur}{en_clair}. Seuil {_seuil(llcr)} ({_origine(llcr)})."


def _vie(ratios: RatiosAnnuels, scenario: int) -> str:
    dite = vie_des_prets(ratios, scenario)
    return dite and (
        f"{dite} C'est la valeur à l'ouverture, au taux des prêts, du disponible des mois suivants jusqu'au dernier "
        "remboursement, sur la dette d'alors."
    )


def a_trouver(vue: Vue) -> float:
    """What a closed plan counts and nobody has promised [€]; what the plan as it stands lacks."""
    if not vue.ev.est_bouclee:
        return vue.valeur(vue.ev.plan.reste_a_financer)
    return lectures.a_trouver(vue)


def manque(vue: Vue) -> str:
    """What nobody has promised, or what makes ratios undetermined; nothing when the plan closes."""
    manque = a_trouver(vue)
    if np.isnan(manque):
        return "Plan de financement inconnu en partie : aucun ratio n'est établi."
    if manque <= BOUCLE_A:
        return ""
    if vue.ev.est_bouclee:
        return f"Ce plan compte {euros(manque)} à trouver, lus comme un apport que personne n'a promis."
    return (
        f"Plan non bouclé : il manque {euros(manque)}. La manière de les trouver changerait chaque ratio (dette, quote-part, "
        "contribution) : ils sont indéterminés ici, et se lisent sur le plan bouclé."
    )


def _reste(ratios: RatiosAnnuels, scenario: int, annees: list[int]) -> str:
    """What is still owed when the last year shown ends."""
    if not annees or _ouvert(ratios, scenario):
        return ""
    reste = float(_de(ratios.dette, scenario)[annees[-1]])
    if not reste > BOUCLE_A:
        return ""
    return f"Fin {ratios.annees[annees[-1]]}, il reste {euros(reste)} de dette ou de découvert."


def _ouvert(ratios: RatiosAnnuels, scenario: int) -> bool:
    return bool(_un(ratios.llcr.plan_ouvert.astype(np.float64), scenario))


def plan_pluriannuel(vue: Vue, annees: int = 5, jusqu_aux_prets: bool = False) -> Table:
    """Multi-year plan of the project owner: works, opening and the years after it, or to the end of the loans."""
    plan = etablir(vue.ev)
    rangs = [*plan.rangs(vue.rang, annees, jusqu_aux_prets)]
    lignes: list[Rang] = []
    totaux: list[int] = []
    for titre, postes, total in (
        ("Besoins durables", plan.emplois, plan.total_emplois),
        ("Ressources durables", plan.ressources, plan.total_ressources),
    ):
        totaux += [len(lignes)]
        lignes.append((titre, *[""] * len(rangs)))
        signes = {
            n: v for n, v in postes.items() if n in (CAPACITE, VARIATION) or not np.all(np.abs(_de(v, vue.rang)) < 0.5)
        }
        lignes += [(cases.sous_un_titre(nom), *_montants(v, vue.rang, rangs)) for nom, v in signes.items()]
        totaux.append(len(lignes))
        lignes.append((f"Total des {titre.lower()}", *_montants(total, vue.rang, rangs)))
    totaux += [len(lignes), len(lignes) + 1]
    lignes += [
        ("Solde de l'année", *_montants(plan.solde, vue.rang, rangs)),
        ("Solde cumulé = trésorerie au 31 décembre", *_montants(plan.cumul, vue.rang, rangs)),
    ]
    return Table(
        f"Plan de financement pluriannuel, {lecture_de(vue)} : {plan.porteur}",
        ("Année civile", *(f"{plan.annees[r]}, {plan.periode(r, vue.rang)}" for r in rangs)),
        tuple(lignes),
        note=_lecture_du_plan(vue, plan),
        totaux=tuple(totaux),
    )


def _lecture_du_plan(vue: Vue, plan: PlanPluriannuel) -> str:
    cumul = _de(plan.cumul, vue.rang)
    regle = (
        "Investissement et aides au mois du paiement ; capital remboursé, jamais les intérêts, que la capacité d'autofinancement a déjà "
        "payés ; avant l'ouverture, intérêts et loyers sont de l'investissement. Le solde cumulé est calculé à part de la trésorerie et "
        "lui est égal chaque année ; entre deux 31 décembre, elle peut être plus basse."
    )
    if np.isnan(cumul).any():
        return f"Un montant est inconnu : le solde cumulé l'est aussi. {regle}"
    if cumul.min() >= -TOLERANCE:
        return f"Le solde cumulé ne devient jamais négatif en fin d'année. {regle}"
    caisse = lire_caisse(plan.porteur, vue.mensuel(f"tresorerie.cumul.{plan.porteur}"))
    return (
        f"Un financeur attend un solde cumulé jamais négatif : il l'est dès {plan.annees[int(np.argmax(cumul < -TOLERANCE))]}, et il "
        f"manque {euros(caisse.manque)} au mois le plus bas, {vue.ev.ctx.echelle.mois_en_clair(caisse.mois_du_creux)}. {regle}"
    )


def comptes_de_l_emprunteur(vue: Vue, comptes: ComptesPrevisionnels, annees: int = 5) -> list[Table]:
    """Income statement, intermediate balances, balance sheet and ratios of the borrower on the years of the multi-year plan."""
    rangs = [*etablir(vue.ev).rangs(vue.rang, annees)]
    tables = (
        tableaux_bilan.table_resultat,
        tableaux_bilan.table_soldes_emprunteur,
        tableaux_bilan.table_bilan,
        tableaux_bilan.table_ratios_emprunteur,
    )
    return [table(comptes, vue.rang, rangs) for table in tables]


SANS_RECHERCHE = "Rien à chercher : le maître d'ouvrage n'a pas de compte d'exploitation pour servir une dette."


def recherches(trouvees: Sequence[Cherchee], depuis: int | None = None) -> Table | None:
    """What a target of cover would take: what is sought, its unit, and what was found; None when nothing was sought.

    Args:
        trouvees: what was sought and found.
        depuis: first calendar year that counted; by default that of the opening.
    """
    if not trouvees:
        return None
    lignes: list[Rang] = [
        (
            x.quoi,
            cases.nombre(x.recherche.cible, 2),
            x.recherche.sans_valeur or cases.nombre(x.recherche.valeur, unite=x.unite).unitee(),
            "—" if np.isnan(x.recherche.annee) else cases.annee(int(x.recherche.annee)),
            cases.montant(x.recherche.a_trouver).sinon("—"),
        )
        for x in trouvees
    ]
    rien = next((f" Sans objet : {x.recherche.sans_objet}." for x in trouvees if x.recherche.sans_objet), "")
    debut = "l'ouverture" if depuis is None else depuis
    return Table(
        nommer("Ce qu'une couverture voulue demanderait", BOUCLE),
        ("Recherche", "Couverture visée", "Valeur", "Année qui commande", "Alors à trouver"),
        tuple(lignes),
        note=(
            f"Couverture d'au moins la cible chaque année à partir de {debut}, plan bouclé à chaque essai. Forfait aux "
            "prix de l'étude, suivi comme elle le dit : le même chaque année, la plus dure commande, quand « ce que la commune devrait "
            "apporter » change chaque année ; prêt sous la contribution de l'étude. C'est ce qu'il faudrait, et "
            f"non ce que quelqu'un a promis ; ce qui reste à trouver ne l'est pas non plus.{rien}"
        ),
    )


def _montants(valeurs: Tableau | int, scenario: int, rangs: Iterable[int]) -> list[Case]:
    ligne = _de(np.asarray(valeurs, dtype=np.float64), scenario)
    return [cases.montant(float(ligne[r])) for r in rangs]


def _de(valeurs: Tableau, scenario: int) -> Tableau:
    lignes = valeurs.reshape(-1, valeurs.shape[-1])
    return np.asarray(lignes[scenario if len(lignes) > 1 else 0])


def _un(valeurs: Tableau, scenario: int) -> float:
    return float(_de(valeurs, scenario)[0])
