"""Tables of the montages: what is possible and why, what each costs and to whom, taxes, early withdrawal, sites side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from pope_foncier.analyse.comparaison import DEPARTS_ANS, Mesures
from pope_foncier.analyse.montages import Cas
from pope_foncier.socle.grandeur import Tableau
from pope_foncier.socle.nombres import euros, formater_nombre
from pope_foncier.vues.tableaux import Table

ETATS = {"possible": "possible", "a_confirmer": "à confirmer", "impossible": "impossible"}


def possibilites(cas: Sequence[Cas]) -> Table:
    """Each montage: holder's tenure, state, and the reason or what must be confirmed."""
    lignes = [(c.montage.titre, c.titre.libelle, ETATS[c.etat], " ".join(_phrases(c.raisons)) or "—") for c in cas]
    return Table(
        "Montages possibles, à confirmer, impossibles",
        ("Montage", "Titre du porteur", "État", "Pourquoi, ou à confirmer"),
        tuple(lignes),
        texte=True,
    )


def _phrases(raisons: Sequence[str]) -> list[str]:
    return [r if r.endswith((".", "?")) else f"{r[:1].upper()}{r[1:]}." for r in raisons]


def couts(mesures: Mapping[str, Mesures], cas: Sequence[Cas], supportables: Mapping[str, float], note: str) -> Table:
    """What the premises cost, who must find cash, and what rent closes the holder's account."""
    lignes = [
        (
            c.montage.titre,
            montant(m.cout_complet),
            montant(m.cout_gestionnaire),
            montant(m.avant_ouverture),
            _dettes(m),
            _rapport(c, m),
            _loyer(float(np.ravel(m.loyer_m2)[0]), c),
            _loyer(supportables.get(c.nom, np.nan), c),
            _ecart(supportables.get(c.nom, np.nan) - float(np.ravel(m.loyer_m2)[0]), c),
        )
        for c, m in retenus(mesures, cas)
    ]
    entetes = (
        "Montage",
        "Coût des murs, par place et par an",
        "Payé par le gestionnaire",
        "À trouver avant l'ouverture",
        "Dette (emprunteur)",
        "Couverture minimale",
        "Loyer d'équilibre, €/m²/an",
        "Loyer supportable, €/m²/an",
        "Marge, €/m²/an",
    )
    return Table("Ce que coûtent les murs", entetes, tuple(lignes), note=note)


def commune(mesures: Mapping[str, Mesures], cas: Sequence[Cas]) -> Table:
    """What each montage leaves to the commune, and what the holder owns at the end."""
    lignes = [
        (
            c.montage.titre,
            formater_nombre(float(np.ravel(m.annees_ouvertes)[0]), 1),
            montant(m.commune_investissement),
            montant(m.commune_fonctionnement),
            montant(m.commune_valeur),
            _possede(c, m),
        )
        for c, m in retenus(mesures, cas)
    ]
    entetes = (
        "Montage",
        "Années d'ouverture",
        "Investissement de la commune, avant l'ouverture",
        "Contribution d'équilibre moyenne, par an d'ouverture",
        "Coût actualisé, par place et par an",
        "Ce que possède le porteur à la fin",
    )
    note = (
        "Tout est rapporté aux années d'ouverture, sans renouvellement du titre. Investissement avant emprunts, aides et FCTVA "
        "reçus après l'ouverture. Contributions en euros courants, sans les charges des murs que la commune porte ; coût actualisé après revente, ou retour, du bien de la commune."
    )
    return Table("Ce qui reste à la commune", entetes, tuple(lignes), note=note)


def taxes(mesures: Mapping[str, Mesures], cas: Sequence[Cas]) -> Table:
    """Taxes of each montage by kind."""
    mesures_des_cas = retenus(mesures, cas)
    genres = list(dict.fromkeys(nom for _, m in mesures_des_cas for nom in m.taxes))
    lignes = [
        (c.montage.titre, *(montant(m.taxes[nom]) if nom in m.taxes else "—" for nom in genres))
        for c, m in mesures_des_cas
    ]
    return Table("Taxes par montage", ("Montage", *genres), tuple(lignes))


def bureaux(cas: Sequence[Cas], lectures: tuple[float, Mapping[str, float]]) -> Table:
    """Tax on the creation of offices: who pays, before and after the cap on land and ground works."""
    brute, plafonds = lectures
    lignes = []
    for c in cas:
        if c.etat == "impossible":
            continue
        due = c.bureaux.due
        lignes.append((c.montage.titre, euros(brute * due), euros(plafonds[c.nom] * due), c.bureaux.raison))
    note = "Le plafond de 30 % porte sur le terrain et sa préparation seulement ; sans achat il tend vers zéro. À demander par écrit à la Drieat."
    entetes = ("Montage", "Sans le plafond", "Avec le plafond", "Qui doit")
    return Table("Taxe pour création de bureaux, deux lectures", entetes, tuple(lignes), note=note, texte=True)


def retraits(mesures: Mapping[str, Mesures], cas: Sequence[Cas]) -> Table:
    """Early withdrawal: works not yet written off, debt left, grants to give back; montages with the same answer together."""
    groupes: dict[tuple[str, ...], list[str]] = {}
    for c, m in retenus(mesures, cas):
        cellules = [montant(v) for r in m.retraits for v in (r.travaux_non_amortis, r.dette, r.aides_a_rendre)]
        groupes.setdefault((*cellules, c.titre.depart_anticipe), []).append(c.montage.titre)
    lignes = []
    for (*montants, suite), titres in groupes.items():
        for rang, annees in enumerate(DEPARTS_ANS):
            tete, fin = (" ; ".join(titres), suite) if rang == 0 else ("", "")
            lignes.append((tete, f"{annees} ans", *montants[3 * rang : 3 * rang + 3], fin))
    note = (
        "Départ compté depuis l'ouverture. Aides à rendre au prorata de l'engagement restant (lecture prudente, formule non publiée). "
        "Un porteur qui possède peut revendre ; un titulaire de bail ou de convention perd ses travaux."
    )
    entetes = (
        "Montages",
        "Départ après",
        "Travaux non amortis",
        "Dette restante",
        "Aides à rendre",
        "Ce que dit le titre",
    )
    return Table("Si l'on part plus tôt", entetes, tuple(lignes), note=note)


def matrice(titres: Sequence[str], sites: Sequence[tuple[Sequence[Cas], Mapping[str, Mesures]]]) -> Table:
    """Sites × montages: state, and cost of the premises by place and year when it is known."""
    lignes = []
    for rang, c in enumerate(sites[0][0]):
        cellules = []
        for cas, mesures in sites:
            un = cas[rang]
            cout = float(np.ravel(mesures[un.nom].cout_complet)[0]) if un.nom in mesures else np.nan
            suite = "" if un.etat == "impossible" else f", {euros(cout)}" if not np.isnan(cout) else ", coût inconnu"
            cellules.append(f"{ETATS[un.etat]}{suite}")
        lignes.append((c.montage.titre, *cellules))
    possibles = tuple(str(sum(c.etat == "possible" for c in cas)) for cas, _ in sites)
    lignes.append(("Montages possibles", *possibles))
    note = "Coût des murs par place et par an, gestionnaire et porteur ensemble."
    return Table(
        "Sites et montages", ("Montage", *titres), tuple(lignes), note=note, totaux=(len(lignes) - 1,), texte=True
    )


def retenus(mesures: Mapping[str, Mesures], cas: Sequence[Cas]) -> list[tuple[Cas, Mesures]]:
    """Montages that are measured, in the order of the tables."""
    return [(c, mesures[c.nom]) for c in cas if c.nom in mesures]


def montant(valeur: Tableau) -> str:
    """First value of an array in euros, French format; a cent or so of nothing reads 0."""
    v = float(np.ravel(valeur)[0])
    return euros(0.0 if abs(v) < 0.5 else v)


def _rapport(cas: Cas, mesures: Mesures) -> str:
    if cas.montage.bail is not None and cas.montage.bail.loyer == "gratuit":
        return "sans loyer"
    v = float(np.ravel(mesures.couverture)[0])
    if np.isnan(v):
        return "inconnu" if any(np.isnan(d).any() for d in mesures.dette.values()) else "sans dette ou sans compte"
    return formater_nombre(v, 2) + (" (insuffisante)" if v < 1.0 else "")


def _dettes(mesures: Mesures) -> str:
    return " ; ".join(f"{montant(v)} ({nom})" for nom, v in mesures.dette.items()) or "—"


def _loyer(valeur: float, cas: Cas) -> str:
    if cas.montage.bail is None:
        return "—"
    if np.isinf(valeur):
        return "aucun" if valeur < 0 else "sans limite"
    return "inconnu" if np.isnan(valeur) else formater_nombre(valeur, 0)


def _ecart(valeur: float, cas: Cas) -> str:
    if cas.montage.bail is None or not np.isfinite(valeur):
        return "—"
    return ("+" if valeur > 0 else "") + formater_nombre(valeur, 0)


def _possede(cas: Cas, mesures: Mesures) -> str:
    if cas.titre.sortie == "revente":
        return f"le bien, {montant(mesures.possede)} (hypothèse)"
    if np.any(mesures.possede > 0.5):
        return f"loyer d'avance non consommé, {montant(mesures.possede)}"
    a_qui = "à la commune" if cas.a_la_commune else "au propriétaire"
    return f"rien : retour {a_qui}" if cas.titre.sortie == "retour_sans_indemnite" else "rien"
