"""Tables of what moves a decision: thresholds, options and their regret, unknowns and their worth, studies to order."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from pope_foncier.decision.sensibilite.bascules import Bascule, Question
from pope_foncier.decision.sensibilite.decisions import CONTRIBUTION
from pope_foncier.decision.sensibilite.grille import Grille
from pope_foncier.decision.sensibilite.parts import Indice, PartsDuDoute
from pope_foncier.decision.sensibilite.savoir import Commande, Savoir
from pope_foncier.socle.grandeur import Tableau
from pope_foncier.socle.nombres import formater, formater_nombre, pourcent
from pope_foncier.vues.decision.sensibilite import mots
from pope_foncier.vues.formes import cases
from pope_foncier.vues.formes.cases import Rang
from pope_foncier.vues.formes.table import Table

_INCONNUES_DITES = 12
_PART_DITE = 0.01
"""Share of the variance under which an input is not shown."""


def bascules(question: Question, lues: Sequence[Bascule]) -> Table:
    """Where an answer changes along each input; those that change nothing say how near they bring it."""
    lignes = tuple(
        (
            mots.nom_de(b),
            b.entree.dire(b.entree.centrale),
            mots.seuils(b),
            mots.au_plus_pres(b, question) if not b.seuils else "—",
            b.entree.choix or b.entree.aupres_de or "—",
        )
        for b in lues
    )
    cible, lu = formater(question.cible, question.unite), formater(question.centrale, question.unite)
    titre = f"Ce qui ferait changer d'avis : {question.libelle}, {lu} dans l'étude, à comparer à {cible}"
    sans = [mots.nom_de(b) for b in lues if b.sans_chiffre]
    vides = f" Sans chiffre sur une partie de la plage : {', '.join(sans)}." if sans else ""
    note = (
        f"Réponse de l'étude : {question.repondre(question.centrale)}. Chaque entrée bouge seule dans ce qu'elle peut être, le plan refermé ; la plus "
        f"proche de basculer d'abord.{vides}"
    )
    entetes = ("Entrée", "Étude", "Bascule à", "Au plus près", "Qui le sait, ou pourquoi elle se choisit")
    return Table(titre, entetes, lignes, note=note)


def options(lu: Savoir) -> Table:
    """Options of a decision: worth, regret, how often each is the best."""
    lignes = tuple(
        (
            nom,
            cases.montant(r.moyenne).arrondie(-3),
            cases.montant(r.regret_moyen).arrondie(-3),
            cases.montant(r.regret_90).arrondie(-3),
            cases.part(r.part_meilleure, 0),
        )
        for nom, r in lu.regrets.items()
    )
    entetes = ("Option", "Vaut en moyenne", "Regret moyen", "Regret, 9 fois sur 10 au plus", "La meilleure dans")
    taux = f"actualisés à {pourcent(lu.lues.taux)}"
    note = " ".join(
        x for x in (f"Euros {taux}, sur {formater_nombre(lu.tirages)} tirages.", _sens(lu), mots.sans_issue(lu)) if x
    )
    return Table("Les options, et ce qu'on regretterait", entetes, lignes, note=note)


def _sens(lu: Savoir) -> str:
    """What an option is worth."""
    if lu.choix.plafond == lu.choix.plafond:  # a ceiling is stated
        return (
            "Une option vaut ce que la commune accepte de payer pour ses places, moins ce qu'elles lui coûtent si elle apporte aussi ce que "
            "personne n'a promis et avance ce qui manque en caisse ; ne rien faire vaut zéro."
        )
    if lu.choix.lit == CONTRIBUTION:
        return (
            "Une option vaut ce que la commune accepte de payer au fonctionnement pour ses places, moins ce qu'elle y paie en croisière ; celle qui "
            "laisse à trouver ne se bâtit pas et vaut zéro, comme ne rien faire."
        )
    if lu.choix.avec_rien:
        return "Une option vaut la somme que l'on peut trouver, moins ce qu'elle demande de trouver ; ne rien faire vaut zéro."
    dit = "Une option vaut l'opposé de ce qu'elle coûte à la commune par place et par an, reste compris, pour autant de places que la première."
    if any(lu.lues.abandons.values()):
        dit = f"{dit} Arrêtée par un événement, elle perd ce qui y est payé, et ses places se font au coût d'une autre option."
    return dit


def inconnues(lu: Savoir) -> Table:
    """Unknowns that count, those worth most first, beside what would settle each."""
    lues = [x for x in lu.inconnues if x.vaut.valeur > 0][:_INCONNUES_DITES]
    lignes = tuple(
        (
            mots.nom_de(x),
            x.entree.portee,
            cases.montant(x.vaut.valeur).arrondie(-2) if x.vaut.est_mesurable else cases.sans_valeur("non mesurable"),
            cases.montant(x.vaut.erreur).arrondie(-2),
            "personne ne le dit d'avance" if x.etude is None else x.etude.libelle,
            "—" if x.etude is None else mots.prix(x.etude),
            "—" if x.etude is None else mots.delai(x.etude),
        )
        for x in lues
    )
    nulles = len(lu.inconnues) - len(lues)
    note = (
        f"Jusqu'à : valeur de le savoir tout à fait, avant de choisir ; une étude en dit moins. Erreur : écart-type de cette valeur. Tout savoir à la "
        f"fois vaudrait {mots.en_gros(lu.tout.valeur)}. {nulles} autres inconnues, seules, ne valent rien."
    )
    entetes = ("Inconnue", "Ce qu'elle peut être", "Vaut jusqu'à", "Erreur", "Ce qui le dirait", "Prix", "Délai")
    return Table("Ce qu'il faut savoir d'abord", entetes, lignes, note=note)


def commandes(lu: Savoir) -> Table:
    """Studies to order, with all that each settles; those that would change nothing are named."""
    utiles = [c for c in lu.commandes if c.vaut.valeur > 0]
    lignes = tuple(
        (
            _nom_de(c),
            ", ".join(e.libelle for e in c.entrees),
            cases.montant(c.vaut.valeur).arrondie(-2) if c.vaut.est_mesurable else cases.sans_valeur("non mesurable"),
            mots.prix(c.etude),
            mots.delai(c.etude),
            c.etude.a_qui,
            "oui" if c.vaut_son_prix else "non" if c.etude.cout[1] else "sans frais",
        )
        for c in utiles
    )
    autres = [_nom_de(c) for c in lu.commandes if c not in utiles]
    note = "Prix et délais : valeurs de travail ou pages publiées. Vaut son prix : plus que le milieu de la fourchette."
    if autres:
        note = f"{note} Ne changeraient pas ce choix : {' ; '.join(autres)}."
    entetes = ("Étude", "Ce qu'elle règle", "Vaut jusqu'à", "Prix", "Délai", "À qui", "Vaut son prix")
    return Table("Les études à commander", entetes, lignes, note=note, texte=True)


def _nom_de(commande: Commande) -> str:
    """Study, and its site when several are compared."""
    return f"{commande.etude.libelle}{f' ({commande.site})' if commande.site else ''}"


def en_petit(valeurs: Tableau, unite: str) -> tuple[Callable[[float], str], str]:
    """How to write figures short, and their unit: thousands of euros, per cent, a few decimals."""
    grand = float(np.abs(valeurs).max())
    if unite == "€" and grand >= 10_000:
        return (lambda v: formater_nombre(v / 1000)), "milliers d'euros"
    if unite == "%":
        return (lambda v: formater_nombre(v * 100, 1, 0)), "%"
    return (lambda v: formater_nombre(v, 0 if grand >= 100 else 2, 0)), unite or "nombre"


def grille(lue: Grille) -> Table:
    """Figure over two inputs: one row a value of the second, one column a value of the first."""
    lignes: list[Rang] = []
    for b, rang, motifs in zip(lue.valeurs_y, lue.chiffres, lue.motifs, strict=True):
        lus = (cases.mesure(float(v), lue.unite).sinon(str(m)) for v, m in zip(rang, motifs, strict=True))
        lignes.append((lue.y.dire(float(b)), *lus))
    titre = f"« {lue.libelle} » selon « {lue.x.libelle} » (colonnes) et « {lue.y.libelle} » (lignes), plan bouclé"
    seuil = "" if np.isnan(lue.seuil) else f" Seuil : {formater(lue.seuil, lue.unite)}."
    note = f"L'étude : {lue.x.dire(lue.x.centrale)} et {lue.y.dire(lue.y.centrale)}, {formater(lue.centrale, lue.unite)}.{seuil}"
    return Table(titre, (lue.y.libelle, *(lue.x.dire(float(a)) for a in lue.valeurs_x)), tuple(lignes), note=note)


def nom_du_groupe(lues: PartsDuDoute, indice: Indice) -> str:
    """Input, or inputs that the study links by a correlation."""
    return " + ".join(lues.entrees[c].libelle for c in indice.champs)


def convergence(lues: PartsDuDoute) -> str:
    """Whether more draws would change the shares."""
    i = lues.indices
    dit = "les parts ont convergé" if i.a_converge else "les parts n'ont pas convergé, augmenter les points"
    ecart = formater_nombre(i.ecart * 100, 1)
    return f"{formater_nombre(i.evaluations)} évaluations ; de la moitié des points à tous, la part qui change le plus bouge de {ecart} points : {dit}."


def parts(lues: PartsDuDoute) -> Table:
    """Share of the doubt that each input explains."""
    lignes = tuple(
        (
            nom_du_groupe(lues, i),
            cases.part(i.premier, 0),
            cases.part(i.premier_pres, 0),
            cases.part(i.total, 0),
            cases.part(i.total_pres, 0),
        )
        for i in lues.indices.indices
        if i.total >= _PART_DITE
    )
    groupes = [nom_du_groupe(lues, i) for i in lues.indices.indices if len(i.champs) > 1]
    lies = f" Liées par une corrélation, lues ensemble : {' ; '.join(groupes)}." if groupes else ""
    note = (
        f"Seule : part de la variance qui disparaîtrait si l'on ne savait que cette entrée. En tout : part qui resterait si l'on savait toutes les "
        f"autres. ± : demi-intervalle à 95 %. Moins de {pourcent(_PART_DITE, 0)} : non montrées. {convergence(lues)}{lies}"
    )
    entetes = ("Entrée", "Seule", "±", "En tout", "±\u00a0")
    return Table(f"D'où vient le doute sur « {lues.libelle} » (plan bouclé)", entetes, lignes, note=note)
