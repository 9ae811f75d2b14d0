"""Best plan in words and tables: the plan beside today's, the rules that bind, the worth of a euro, other kinds of plans, what is left out."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from pope_foncier.decision.choisir.plan_arrete import PlanArrete, RegleLue
from pope_foncier.decision.choisir.plan_optimal import DE_L_ETUDE, MeilleurPlan
from pope_foncier.decision.choisir.recherche_du_plan import Impossible
from pope_foncier.decision.choisir.regles import OBJECTIFS, Objectif
from pope_foncier.decision.choisir.structures import DEMARRAGE, FONDS, FONDS_PROPRES, LOYER, Structure
from pope_foncier.etude.lecteur import Lecteur
from pope_foncier.etude.tresorerie import relais_tire
from pope_foncier.modele.fiche_bouclage import A_TROUVER
from pope_foncier.socle.nombres import euros, formater, formater_nombre, pourcent
from pope_foncier.vues.formes import cases
from pope_foncier.vues.formes.cases import Case, Cellule, Rang
from pope_foncier.vues.formes.table import Table

_RIEN = "—"
_ARTICLES: dict[Objectif, str] = {
    "cout_ville": "le plus bas coût actualisé de la commune",
    "contribution": "la plus basse contribution de la commune",
    "fonds_propres": "le moins de fonds propres",
}
_MANQUES = {
    "couverture": "la couverture de la dette",
    "tresorerie": "la trésorerie",
    "propres": "les ressources propres",
    "titre": "la fin du titre d'occupation",
    "demarrage": "le démarrage du gestionnaire",
    "manque": "le plan bouclé",
    "publique": "la part que le maître d'ouvrage public garde des financements publics",
    "contribution": "le plafond de la contribution de la commune, par place et par an",
    "investissement": "le plafond de la subvention d'investissement de la commune",
    "cout_ville": "le plafond du coût de la commune",
}


def phrase(trouve: MeilleurPlan) -> str:
    """The best plan in a few sentences, or which rule nothing keeps."""
    regles, plan = trouve.regles, trouve.plan
    if plan is None:
        proche = trouve.le_moins_loin
        dit = "Aucun plan ne tient toutes les règles."
        return dit if proche is None else f"{dit} Le moins loin : {_structure(proche.structure)} ; {manques(proche)}."
    aides = {x.code for x in plan.structure.leviers if x.genre == "aide"}
    tus = {*aides, "manque"}
    if all(v.libelle != FONDS_PROPRES for v in trouve.valeurs):
        tus.add("fonds_propres")  # nothing would be gained with more of them
    lient = [_sans_majuscule(r.libelle) for r in plan.regles if r.lie and r.code not in tus]
    a_l_annee = " par place et par an" if regles.objectif == "cout_ville" and _plusieurs_montages(trouve) else ""
    liens = f" Ce qui lie : {' ; '.join(lient)}." if lient else ""
    return (
        f"Meilleur plan pour {_ARTICLES[regles.objectif]}{a_l_annee} : {_de_l_objectif(trouve, plan)}. "
        f"{_structure(plan.structure, plan)} ; {_aides(plan)}{_fonds(plan)} ; commune : {euros(plan.ville)} aux travaux et "
        f"{formater_nombre(plan.montants['contribution'], 2)}\u00a0€ par place et par an.{liens}{reserves(trouve)}"
    )


def reserves(trouve: MeilleurPlan) -> str:
    """What the plan rests on that nobody has granted: a bridge on grants that are not notified, grants taken in part."""
    assert trouve.plan is not None
    relais, notifiee = trouve.plan.relais
    dites = []
    if relais > 0.5 and notifiee < 1.0:
        combien = "aucune n'est notifiée" if notifiee == 0.0 else f"{pourcent(notifiee, 0)} seulement sont notifiés"
        dites.append(
            f"Le relais, {euros(relais)} au plus, avance des aides espérées ({combien}) : une banque ne prête que sur une aide notifiée ; sans "
            "elles, ce plan ne tient pas"
        )
    for aide in trouve.en_partie:
        entiere = (
            f"aucun montant ne tient, {_lacunes(aide.manques)}"
            if np.isnan(aide.de_plus)
            else f"le plan coûte {_gain_en_mots(trouve, aide.de_plus)} de plus"
        )
        dites.append(
            f"« {aide.libelle} » n'est prise qu'en partie, {euros(aide.montant)} sur {euros(aide.entier)} : en entier, {entiere} ; demander "
            "au financeur si une part se demande"
        )
    return f" {'. '.join(dites)}." if dites else ""


def _gain_en_mots(trouve: MeilleurPlan, valeur: float) -> str:
    par_place = trouve.regles.objectif == "contribution"
    return f"{formater_nombre(valeur, 2)}\u00a0€ par place et par an" if par_place else euros(valeur)


def _fonds(plan: PlanArrete) -> str:
    return f" ; fonds propres : {euros(plan.fonds)}" if plan.fonds >= 1.0 else ""


def cote_a_cote(trouve: MeilleurPlan) -> Table | None:
    """The plan proposed beside the plan of the study as it closes today; None when there is none."""
    plan = trouve.plan
    if plan is None:
        return None
    avant, apres = Lecteur(trouve.aujourd_hui), Lecteur(plan.ev)
    lignes: list[Rang] = [("Prêts", _prets(avant), _prets(apres, plan))]
    nommees = {
        s.aide.id: s.aide for s in (*avant.ev.subventions, *apres.ev.subventions) if s.aide.financeur != A_TROUVER
    }
    lignes += [(aide.libelle, _aide(avant, id), _aide(apres, id)) for id, aide in nommees.items()]
    if FONDS in plan.montants:
        lignes.append(("Fonds propres du plan", _RIEN, cases.montant(plan.montants[FONDS])))
    lignes.append(("Prêt relais sur les aides", _relais(avant), _relais(apres)))
    for code, libelle in (
        ("a_trouver", "À trouver, promis par personne"),
        ("tresorerie_manquante", "Trésorerie manquante, au pire mois de chacun"),
    ):
        lignes.append((libelle, _montant(avant, code), _montant(apres, code)))
    for code, libelle in (
        ("contribution_par_place", "Contribution de la commune par place, année de croisière"),
        ("ressources_propres", "Subventions, à leur chance, et fonds propres sur les besoins"),
    ):
        lignes.append((libelle, _chiffre(avant, code), _chiffre(apres, code)))
    lignes.append(("Couverture de la dette, année la plus basse", _couverture(avant), _couverture(apres)))
    cout = cases.montant(plan.cout_ville)
    lignes.append(("Coût actualisé de la commune", cases.montant(trouve.cout_aujourd_hui), cout))
    taux = pourcent(trouve.regles.actualisation)
    note = (
        f"Coût de la commune : ce qu'elle paie, travaux et fonctionnement, moins ce qui lui revient, actualisé à {taux} par an "
        f"({trouve.regles.origines['actualisation']}). Aujourd'hui, ce qui reste à trouver n'y est pas compté : personne ne l'a promis. "
        f"Les aides que la commune n'a pas votées sont reprises dans sa subvention aux travaux.{_chances(plan)}"
    )
    entetes = ("", "Étude, plan bouclé", "Plan proposé")
    return Table("Plan proposé à côté de celui de l'étude", entetes, tuple(lignes), note=note)


def _chances(plan: PlanArrete) -> str:
    """Chance of each grant that the plan asks for, as the study states it."""
    dites = []
    for lue in plan.ev.subventions:
        chance = lue.aide.probabilite
        if lue.aide.statut != "acquise" and chance is not None and chance.valeur is not None:
            dites.append(f"{lue.aide.libelle} {pourcent(chance.valeur)}")
    return f" Une aide demandée n'est pas obtenue ; chances dites par l'étude : {', '.join(dites)}." if dites else ""


def tables(trouve: MeilleurPlan) -> list[Table]:
    """All the tables of a search, in order."""
    du_plan = [] if trouve.plan is None else [regles(trouve.plan)]
    toutes = [cote_a_cote(trouve), *du_plan, valeurs(trouve), autres(trouve), laisses(trouve)]
    return [table for table in toutes if table is not None]


def regles(plan: PlanArrete) -> Table:
    """Every rule on the plan: its value, its threshold, whether it binds, and where it comes from."""
    aides = {x.code for x in plan.structure.leviers if x.genre == "aide"}
    lignes = tuple(
        (
            r.libelle,
            _mesure(r, r.valeur) if not np.isnan(r.valeur) else "à vérifier" if r.code == "garantie" else "sans objet",
            f"{'au plus' if r.au_plus else 'au moins'} {_mesure(r, r.seuil)}",
            _etat(r, aides),
        )
        for r in plan.regles
    )
    origines = " ; ".join(f"« {r.libelle} » : {r.origine}" for r in plan.regles if r.origine and r.code not in aides)
    note = f"D'où vient chaque limite. {origines}."
    return Table("Règles du plan proposé", ("Règle", "Plan", "Limite", "État"), lignes, note=note)


def _etat(regle: RegleLue, aides: set[str]) -> str:
    if regle.code in aides:
        return "prise en entier" if regle.lie else "prise en partie"
    return "lie" if regle.lie else "tenue"


def valeurs(trouve: MeilleurPlan) -> Table | None:
    """Worth of one more unit of each resource that binds; None when none does."""
    if not trouve.valeurs:
        return None
    unite = "€/place/an" if trouve.regles.objectif == "contribution" else "€"
    lignes = tuple(
        (v.libelle, f"1 {v.unite}", _gain(v.duale, unite), _gain(v.retrouvee, unite)) for v in trouve.valeurs
    )
    note = (
        "Lu sur le programme linéaire autour du plan ; en face, le plan cherché de nouveau avec un peu plus de cette ressource "
        "(un peu moins pour une aide entière), le moteur recalculant tout."
    )
    titre = f"Ce que vaut un euro de plus : de combien baisse « {OBJECTIFS[trouve.regles.objectif]} »"
    return Table(titre, ("Ressource", "Une unité de plus", "Baisse", "Retrouvée"), lignes, note=note)


def autres(trouve: MeilleurPlan) -> Table | None:
    """Next best plans, each of another kind; None when there is none."""
    if trouve.plan is None or not trouve.autres:
        return None
    de_plus = trouve.regles.objectif == "fonds_propres"
    lignes = tuple(
        (
            cases.nombre(rang),
            f"{_structure(plan.structure, plan)} ; {_aides(plan)}{_fonds(plan)}",
            cases.montant(plan.ville),
            cases.nombre(plan.montants["contribution"], 2),
            *((_objectif(plan),) if de_plus else ()),
            cases.montant(plan.cout_ville),
            cases.montant(plan.cout_par_place_an),
        )
        for rang, plan in enumerate((trouve.plan, *trouve.autres), start=1)
    )
    vise = OBJECTIFS[trouve.regles.objectif]
    entetes = (
        *("Rang", "Plan", "Commune, travaux", "Commune, par place et par an"),
        *((f"{vise[:1].upper()}{vise[1:]}",) if de_plus else ()),
        "Coût actualisé de la commune",
        "Le même par place et par an",
    )
    note = (
        "Chaque plan diffère des précédents par le montage, les prêts, le relais, qui boucle, ou parce qu'il ne demande aucune aide ; le même plan moins une "
        "aide n'en est pas un autre. Chacun tient toutes les règles au centime. "
        "Les titres n'ont pas tous la même durée : le coût se compare par place et par an d'ouverture, places et années actualisées comme lui."
    )
    return Table("Plans d'un autre genre", entetes, lignes, note=note, totaux=(0,))


def laisses(trouve: MeilleurPlan) -> Table | None:
    """Structures that keep no rule, terms and grants left out: what to check first."""
    rangs: list[Rang] = [
        (_structure(i.structure, avec_montage=True), "impossible", manques(i)) for i in trouve.impossibles
    ]
    rangs += [(a.libelle, "refusée" if a.refusee else "aide à vérifier", a.raison) for a in trouve.a_verifier]
    rangs += [(e.nom, "écarté", e.raison) for e in trouve.ecartees]
    if trouve.plan is not None:
        sien = _structure(trouve.plan.structure)
        rangs += [(sien, "à vérifier", a) for a in trouve.plan.structure.a_verifier]
    return (
        Table("Ce qui n'est pas proposé, et pourquoi", ("Quoi", "État", "Raison"), tuple(rangs), texte=True)
        if rangs
        else None
    )


def manques(impossible: Impossible) -> str:
    """What a structure lacks, rule by rule."""
    return _lacunes(impossible.manques)


def _lacunes(manques: Mapping[str, float]) -> str:
    if not manques:
        return "aucun montant ne tient toutes les règles à la fois"
    return "il manque " + " et ".join(
        f"{formater_nombre(m, 0)} mois pour {_MANQUES[nom]}" if nom == "titre" else f"{euros(m)} pour {_MANQUES[nom]}"
        for nom, m in manques.items()
    )


def _structure(s: Structure, plan: PlanArrete | None = None, avec_montage: bool = True) -> str:
    prets = s.conditions
    if plan is not None and plan.candidat.prets:
        montants = [f"{euros(plan.montants[id])}" for id in plan.candidat.prets]
        prets = f"{s.conditions} : {montants[0]} sur {formater_nombre(plan.candidat.duree)} mois"
        prets += f", et {s.complement} : {montants[1]}" if s.complement else ""
    elif s.complement:
        prets = f"{s.conditions}, et {s.complement}"
    if plan is not None and plan.montants.get(DEMARRAGE, 0.0) >= 1.0:
        prets += f", démarrage du gestionnaire : {euros(plan.montants[DEMARRAGE])} empruntés"
    if plan is not None and LOYER in plan.montants:
        prets += f", loyer du gestionnaire : {formater(plan.montants[LOYER], '€/m²/an')}"
    relais = "avec relais sur les aides" if s.relais else "sans relais"
    return f"{s.montage}, {prets}, {relais}" if avec_montage else f"{prets}, {relais}"


def _aides(plan: PlanArrete) -> str:
    prises = [x for x in plan.structure.leviers if x.genre == "aide" and plan.montants[x.code] > 0.0]
    return ", ".join(f"{x.libelle} {euros(plan.montants[x.code])}" for x in prises) or "aucune aide nouvelle"


def _sans_majuscule(libelle: str) -> str:
    return libelle[:1].lower() + libelle[1:]


def _objectif(plan: PlanArrete) -> Case:
    return cases.montant(plan.objectif)


def _de_l_objectif(trouve: MeilleurPlan, plan: PlanArrete) -> str:
    if trouve.regles.objectif == "contribution":
        return f"{formater_nombre(plan.objectif, 2)}\u00a0€ par place et par an"
    if trouve.regles.objectif == "fonds_propres":
        return euros(plan.objectif)
    par_place = f"{euros(plan.cout_par_place_an)} par place et par an d'ouverture, actualisés"
    if _plusieurs_montages(trouve):
        return f"{par_place}, soit {euros(plan.objectif)} en tout"
    return f"{euros(plan.objectif)}, soit {par_place}"


def _plusieurs_montages(trouve: MeilleurPlan) -> bool:
    """Whether plans of several montages were found: their tenures differ, so that the cost by place and year ranks them."""
    plans = () if trouve.plan is None else (trouve.plan, *trouve.autres)
    return any(p.structure.montage != DE_L_ETUDE for p in plans)


def _gain(valeur: float, unite: str) -> Case:
    return cases.mesure(valeur, unite).dite(
        "non retrouvée" if np.isnan(valeur) else f"{formater_nombre(valeur, 4, 2)}\u00a0{unite}"
    )


def _mesure(regle: RegleLue, valeur: float) -> str:
    if regle.unite == "":
        return formater_nombre(valeur, 2, 2)
    return formater(valeur if abs(valeur) >= 0.005 else 0.0, regle.unite)


def _chiffre(lecteur: Lecteur, nom: str) -> Cellule:
    lue = lecteur.grandeur(lecteur.code(nom))
    return cases.grandeur(lue)


def _couverture(lecteur: Lecteur) -> Case:
    return cases.nombre(lecteur.grandeur("ratios.couverture_minimale").au_point(0), 2, 2).sinon("sans dette")


def _montant(lecteur: Lecteur, nom: str) -> Case:
    return cases.montant(lecteur.grandeur(lecteur.code(nom)).au_point(0))


def _aide(lecteur: Lecteur, id: str) -> Cellule:
    montants = [s.subvention.au_point(0) for s in lecteur.ev.subventions if s.aide.id == id]
    return cases.montant(montants[0]) if montants else _RIEN


def _prets(lecteur: Lecteur, plan: PlanArrete | None = None) -> str:
    dits = [f"{d.libelle} {euros(d.capital.au_point(0))}" for d in lecteur.ev.dettes if d.capital.au_point(0) > 0.0]
    return ", ".join(dits) or "aucun"


def _relais(lecteur: Lecteur) -> Cellule:
    relais = relais_tire(lecteur.ev.livre)
    return _RIEN if relais is None else cases.montant(float(relais.taille[0, 0]))
