"""Tables of the doubt: ranges, risks, what is drawn and what is held, events, cover by year, and how sure each number is."""

from __future__ import annotations

import math

from pope_foncier.decision.doute.lecture import COUT_COMMUNE, PARTS, Fourchette, LectureDuDoute
from pope_foncier.decision.doute.mesures import Probabilite, Quantile
from pope_foncier.socle.nombres import formater, formater_nombre, pourcent
from pope_foncier.vues.formes import cases
from pope_foncier.vues.formes.cases import Case, Cellule, Rang
from pope_foncier.vues.formes.table import Table

METHODES = {"hasard": "au hasard", "hypercube": "par hypercube latin", "sobol": "par une suite de Sobol"}
"""How chances are drawn, in words."""
_TETES = tuple(f"{100 * part:.0f} %" for part in PARTS)
_BORNES = {0.10: "1 fois sur 10 au-dessous", 0.50: "1 fois sur 2", 0.90: "1 fois sur 10 au-dessus"}


def phrase(lu: LectureDuDoute) -> str:
    """How the study was drawn, in one sentence."""
    regles = lu.tiree.reglages
    nombre = len(regles.correlations)
    liens = f", {nombre} lien{'s' if nombre > 1 else ''} entre elles" if nombre else ""
    evenements = len(regles.evenements)
    liens += f", {evenements} événement{'s' if evenements > 1 else ''}" if evenements else ""
    return (
        f"{formater_nombre(lu.tiree.nombre)} tirages {METHODES[regles.methode]}, graine {regles.graine} : {len(lu.tiree.tirages)} entrées tirées{liens}, "
        f"le plan étant bouclé à chaque tirage."
    )


def fourchettes(lu: LectureDuDoute) -> Table:
    """Percentiles of every figure, beside the study as it is written."""
    lignes: list[Rang] = []
    for f in lu.fourchettes:
        muets = formater_nombre(f.indefinis) if f.indefinis else "—"
        lignes.append(
            (f.libelle, *(_case(lu, f, v) for v in (f.centrale, *(f.quantiles[p].valeur for p in PARTS))), muets)
        )
    return Table(
        "Fourchette de chaque chiffre, plan bouclé",
        ("Chiffre", "Étude", *_TETES, "Sans valeur"),
        tuple(lignes),
        note=f"Sous « 10 % » : dans un tirage sur dix, le chiffre est au-dessous ; sous « 90 % », dans neuf sur dix. {_sans_valeur(lu)}",
    )


def precision(lu: LectureDuDoute) -> Table:
    """Interval of the percentiles that are told first: how far they may be from those of endless draws."""
    lignes = [
        (
            f.libelle,
            *(
                _entre(_case(lu, f, f.quantiles[p].bas), _case(lu, f, f.quantiles[p].haut), f.quantiles[p])
                for p in _BORNES
            ),
        )
        for f in lu.fourchettes
    ]
    return Table(
        "Précision des fourchettes",
        ("Chiffre", *_BORNES.values()),
        tuple(lignes),
        note="Intervalle qui contient 95 fois sur 100 la valeur que donnerait un nombre infini de tirages ; un tirage sans valeur l'élargit.",
        texte=True,
    )


def risques(lu: LectureDuDoute) -> Table:
    """What may go wrong, how often, and how sure that is."""
    lignes = [(r.phrase[:1].upper() + r.phrase[1:], *_chances(r.probabilite)) for r in lu.risques]
    return Table(
        "Ce qui peut mal tourner",
        ("Risque", "Chances", "Précision, 95 fois sur 100", "Sans réponse"),
        tuple(lignes),
        note=f"Part des tirages où le risque survient{_parmi(lu)}. {_sans_valeur(lu)} Sans seuil nommé par un partenaire, rien n'est comparé.{_sans_plafond(lu)}",
    )


def _sans_plafond(lu: LectureDuDoute) -> str:
    """Says that the whole cost is read against nothing when nobody names its ceiling."""
    if COUT_COMMUNE not in lu.tiree.chiffres or lu.seuils.cout_par_place is not None:
        return ""
    return " De ce que le lieu coûterait à la commune, tout compris, aucun plafond n'est donné (doute.seuils.cout_par_place)."


def convergence(lu: LectureDuDoute) -> Table:
    """Each risk on the first draws, then on more: what is still moving is not known."""
    lus = lu.convergence()
    noms = [r.phrase for r in lu.risques]
    lignes = [
        (
            f"{formater_nombre(nombre)} tirages",
            *(f"{_part(p.valeur)} ({_part(p.bas)} à {_part(p.haut)})" for p in probabilites),
        )
        for nombre, probabilites in lus
        if len(probabilites) == len(noms)
    ]
    return Table("À mesure que les tirages s'ajoutent", ("", *noms), tuple(lignes), texte=True)


def tires(lu: LectureDuDoute) -> Table:
    """What is drawn, by which law, and where the law comes from."""
    regles = lu.tiree.reglages
    lignes = [
        (lu.declaration(champ).libelle, loi.en_clair(lu.declaration(champ).unite), _origine(lu, champ))
        for champ, loi in regles.lois.items()
        if champ in lu.tiree.tirages
    ]
    note = (
        "Déclarée : l'étude dit la loi ; intervalle : loi par défaut entre ses bornes, la valeur de l'étude étant la plus probable ; chemin : "
        "entre ses valeurs basse et haute ; chance dite : celle d'obtenir l'aide. Une entrée de plus à tirer n'en change aucune autre."
    )
    return Table("Ce qui est tiré", ("Entrée", "Loi", "D'où elle vient"), tuple(lignes), note=note, texte=True)


def tenus(lu: LectureDuDoute) -> Table:
    """What might have been drawn and keeps its value, and why."""
    lignes = [(lu.declaration(champ).libelle, raison) for champ, raison in lu.tiree.reglages.tenus.items()]
    note = "Une entrée sans intervalle ni loi garde sa valeur : l'étude ne dit rien de son doute."
    return Table("Ce qui garde sa valeur", ("Entrée", "Pourquoi"), tuple(lignes), note=note, texte=True)


def liens(lu: LectureDuDoute) -> Table:
    """What moves together."""
    lignes = [
        (lu.declaration(a).libelle, lu.declaration(b).libelle, formater_nombre(v, 2, 0))
        for (a, b), v in lu.tiree.reglages.correlations.items()
    ]
    note = "1 : ils montent ensemble ; −1 : l'un monte quand l'autre baisse ; 0 : sans lien, comme toutes les autres paires."
    return Table("Ce qui bouge ensemble", ("Entrée", "Entrée", "Corrélation"), tuple(lignes), note=note)


def evenements(lu: LectureDuDoute) -> Table:
    """Branches of the events: their chance, how often they came, and what is lost when one ends the project."""
    lignes: list[Rang] = []
    for bilan in lu.issues:
        perdu: Cellule = "—"
        if bilan.perdu is not None:
            bas, milieu, haut = (cases.montant(q.valeur).arrondie(-2) for q in bilan.perdu)
            perdu = milieu.dite(f"{milieu} (de {bas} à {haut})").sinon(
                "inconnu" if bilan.arrive.valeur > 0 else "jamais arrivé"
            )
        lignes.append((bilan.evenement, bilan.issue, cases.part(bilan.chance), cases.part(bilan.arrive.valeur), perdu))
    return Table(
        "Événements",
        ("Événement", "Issue", "Chance dite", "Dans les tirages", "Perdu si le projet s'arrête"),
        tuple(lignes),
        note="Perdu : ce que le projet a payé avant le mois de l'arrêt, lu dans ses lignes (médiane, de 10 à 90 %).",
        cles=2,
    )


def couvertures(lu: LectureDuDoute) -> Table:
    """Cover of the debt, year by year."""
    bandes = lu.couvertures()
    lignes: list[Rang] = [
        (
            cases.annee(int(annee)),
            cases.nombre(bandes.centrale[i], 2).sinon("sans dette"),
            *(cases.nombre(bandes.bandes[p][i], 2) for p in PARTS),
            formater_nombre(bandes.indefinis[i]) if bandes.indefinis[i] else "—",
        )
        for i, annee in enumerate(bandes.rangs)
    ]
    note = "Sans valeur : tirages où rien n'est dû cette année-là, ou qui n'ont pas encore ouvert."
    return Table(
        "Couverture de la dette, par année", ("Année", "Étude", *_TETES, "Sans valeur"), tuple(lignes), note=note
    )


def toutes(lu: LectureDuDoute) -> list[Table]:
    """All the tables, in reading order."""
    lues = [fourchettes(lu), risques(lu)]
    lues += [evenements(lu)] if lu.issues else []
    lues += [couvertures(lu)] if lu.a_une_dette else []
    lues += [precision(lu)] + ([convergence(lu)] if lu.risques else []) + [tires(lu), tenus(lu)]
    return [*lues, *([liens(lu)] if lu.tiree.reglages.correlations else [])]


def en_une_phrase(f: Fourchette, decimales: int = -2) -> str:
    """Range as one says it: « 9 500 €, de 8 100 à 11 900 »."""
    milieu, bas, haut = (f.quantiles[p].valeur for p in (0.50, 0.10, 0.90))
    if math.isnan(milieu):
        return "inconnu"
    dits = [round(v, decimales) for v in (milieu, bas, haut)]
    if dits[1] == dits[2]:
        return formater(dits[0], f.unite)
    return f"{formater(dits[0], f.unite)}, de {formater_nombre(dits[1])} à {formater_nombre(dits[2])}"


def en_chances(p: Probabilite, cas: str = "tirages") -> str:
    """Probability as one says it.

    Args:
        p: probability.
        cas: what the draws are called.
    """
    if p.indefinis == p.tirages:
        return f"sans objet ou inconnu dans tous les {cas}"
    dite = f"{_part(p.valeur)} des {cas}"
    return f"{dite}, {formater_nombre(p.indefinis)} ne disant rien" if p.indefinis else dite


def _chances(p: Probabilite) -> tuple[Cellule, ...]:
    part = cases.part(p.valeur).dite(_part(p.valeur)).sinon("sans objet ou inconnu")
    return part, f"de {_part(p.bas)} à {_part(p.haut)}", formater_nombre(p.indefinis) if p.indefinis else "—"


def _part(valeur: float) -> str:
    """Share as one reads it: a decimal near its ends alone."""
    if math.isnan(valeur):
        return "inconnu"
    ronde = valeur in (0.0, 1.0) or 0.1 <= valeur <= 0.9
    return pourcent(valeur, 0 if ronde else 1 if 0.01 <= valeur <= 0.99 else 2)


def _case(lu: LectureDuDoute, f: Fourchette, valeur: float) -> Case:
    if f.nom == "ouverture" and math.isfinite(valeur):
        return cases.mois(lu.ev.ctx.echelle, valeur)
    if f.unite in ("€", "€/place", "€/place/an") and math.isfinite(valeur):
        return cases.montant(valeur, unite=f.unite).arrondie(-2)
    if not f.unite and math.isfinite(valeur):
        return cases.nombre(valeur, 2)
    return cases.mesure(valeur, f.unite) if math.isfinite(valeur) else cases.sans_valeur("—")


def _entre(bas: Case, haut: Case, lu: Quantile) -> str:
    if math.isinf(lu.bas) or math.isinf(lu.haut):
        return "indéterminé"
    return str(bas) if str(bas) == str(haut) else f"{bas} à {haut}"


def _origine(lu: LectureDuDoute, champ: str) -> str:
    if champ not in lu.tiree.reglages.par_defaut:
        return "chance dite" if champ.endswith(".coefficient") else "déclarée"
    return "chemin" if champ.startswith("evolution.") else "intervalle"


def _parmi(lu: LectureDuDoute) -> str:
    arretes = lu.tiree.abandon
    return f", parmi les {_part(arretes.contraire)} où le projet se fait" if arretes.valeur else ""


def _sans_valeur(lu: LectureDuDoute) -> str:
    faits = "tirages où le projet se fait et où" if lu.tiree.abandon.valeur else "tirages où"
    return f"Sans valeur, sans réponse : {faits} le chiffre n'existe pas ou n'est pas connu ; ils sont comptés, jamais ôtés."
