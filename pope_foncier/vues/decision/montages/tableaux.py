"""Tables of the montages: what is possible and why, what each costs and to whom, taxes, early withdrawal, sites side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from pope_foncier.decision.montages.comparaison import Mesures
from pope_foncier.decision.montages.possibles import Cas
from pope_foncier.socle.grandeur import Tableau
from pope_foncier.vues.formes import cases
from pope_foncier.vues.formes.cases import Case, Cellule, Rang
from pope_foncier.vues.formes.table import Table

ANNUELLES = {
    "Taxe foncière, toute la durée": "Taxe foncière, par an d'ouverture",
    "TVA des loyers": "TVA des loyers, par an d'ouverture",
}
"""Taxes paid every year, and their heading once brought to an open year."""

ETATS = {"possible": "possible", "a_confirmer": "à confirmer", "impossible": "impossible"}


def possibilites(cas: Sequence[Cas]) -> Table:
    """Each montage: holder's tenure, state, and the reason or what must be confirmed."""
    lignes: list[Rang] = [
        (c.montage.titre, c.titre.libelle, ETATS[c.etat], " ".join(_phrases(c.raisons)) or "—") for c in cas
    ]
    return Table(
        "Montages possibles, à confirmer, impossibles",
        ("Montage", "Titre du porteur", "État", "Pourquoi, ou à confirmer"),
        tuple(lignes),
        texte=True,
    )


def _phrases(raisons: Sequence[str]) -> list[str]:
    return [r if r.endswith((".", "?")) else f"{r[:1].upper()}{r[1:]}." for r in raisons]


def bouclage(mesures: Mapping[str, Mesures], cas: Sequence[Cas]) -> Table:
    """How the plan of each montage closes: what it lacks, who brings it, what nobody has promised, what cash still lacks."""
    lignes: list[Rang] = [
        (
            c.montage.titre,
            montant(m.reste),
            " ; ".join(f"{qui} : {montant(v)}" for qui, v in m.apporte.items()) or "personne",
            a_trouver(c, m),
            montant(m.avant_ouverture),
            _caisse(c, m),
        )
        for c, m in retenus(mesures, cas)
    ]
    entetes = (
        "Montage",
        "Reste à financer (plan tel quel)",
        "Apporté par",
        "À trouver (plan bouclé)",
        "Trésorerie à trouver avant l'ouverture (plan tel quel)",
        "Trésorerie encore manquante (plan bouclé)",
    )
    note = (
        "À trouver : ce que personne n'a promis, lu comme une subvention ; comme un capital quand le porteur fait les travaux et loue : le "
        "loyer d'équilibre rembourse ce qu'il apporte et reste le même, plan bouclé ou non. Démarrage : ce qu'il faut au gestionnaire avant "
        "ses recettes, quand un autre fait les travaux. Trésorerie encore manquante : au mois le plus bas de toute "
        "la durée, aides en retard comprises. Une commune qui porte les murs a son budget : ce qui y manque est sa dépense."
    )
    return Table("Comment chaque plan se boucle", entetes, tuple(lignes), note=note)


def couts(mesures: Mapping[str, Mesures], cas: Sequence[Cas], supportables: Mapping[str, float], note: str) -> Table:
    """What the premises cost, what nobody has promised, who owes what, and what rent closes the holder's account."""
    lignes: list[Rang] = [
        (
            c.montage.titre,
            montant(m.cout_complet),
            montant(m.cout_gestionnaire),
            a_trouver(c, m),
            _dettes(m),
            _rapport(c, m),
            _loyer(float(np.ravel(m.loyer_m2)[0]), c),
            _loyer(supportables.get(c.nom, np.nan), c),
            _ecart(m.marge_de_loyer(supportables.get(c.nom, np.nan)), c),
        )
        for c, m in retenus(mesures, cas)
    ]
    entetes = (
        "Montage",
        "Coût des murs, par place et par an",
        "Payé par le gestionnaire",
        "À trouver",
        "Dette (emprunteur)",
        "Couverture minimale",
        "Loyer d'équilibre, €/m²/an",
        "Loyer supportable, €/m²/an",
        "Marge, €/m²/an",
    )
    return Table("Ce que coûtent les murs (plan bouclé)", entetes, tuple(lignes), note=note)


def commune(mesures: Mapping[str, Mesures], cas: Sequence[Cas]) -> Table:
    """What each montage leaves to the commune beside what is still to find, and what the holder owns at the end."""
    mesures_des_cas = retenus(mesures, cas)
    deficits = any(abs(float(np.ravel(m.resultat_par_place)[0])) >= 0.5 for _, m in mesures_des_cas)
    lignes: list[Rang] = [
        (
            c.montage.titre,
            cases.nombre(float(np.ravel(m.annees_ouvertes)[0]), 1),
            a_trouver(c, m),
            montant(m.commune_investissement),
            montant(m.commune_fonctionnement),
            montant(m.commune_par_place),
            *((montant(m.resultat_par_place), montant(m.resultat_sans_a_trouver)) if deficits else ()),
            montant(m.commune_valeur),
            montant(m.commune_avec_le_reste),
            _possede(c, m),
        )
        for c, m in mesures_des_cas
    ]
    entetes = (
        "Montage",
        "Années d'ouverture",
        "À trouver",
        "Investissement de la commune",
        "Fonctionnement, par an d'ouverture",
        "Fonctionnement, par place et par an",
        *(
            ("Résultat du gestionnaire, par place et par an", "Le même, sans ce qui reste à trouver")
            if deficits
            else ()
        ),
        "Coût actualisé, par place et par an",
        "Coût actualisé si elle apportait ce qui reste à trouver",
        "Ce que possède le porteur à la fin",
    )
    note = (
        f"{_soutien(cas)} Tout est rapporté aux années d'ouverture, sans renouvellement du titre : des durées différentes se comparent par "
        "an et par place. Investissement : ce qu'elle paie pour les murs et donne au plan, quelle qu'en soit la date, avant emprunts, et avant "
        "ce qu'elle reçoit une fois le lieu ouvert (aides, FCTVA, apports rendus). Fonctionnement : tout ce qu'elle verse au gestionnaire, en euros courants, sans les charges des murs qu'elle porte. Coût "
        "actualisé après revente, ou retour, du bien de la commune. Deux montages ne se comparent qu'avec ce qui leur reste à trouver : "
        "l'avant-dernière colonne le lui fait payer quand c'est une subvention ; un capital est remboursé par le loyer, et ce que la "
        "commune porte elle-même est déjà dans son coût."
    )
    if deficits:
        note += (
            " Résultat du gestionnaire négatif : personne ne le couvre. Ce qui reste à trouver y est rapporté comme une subvention "
            "d'équipement que personne n'a promise : le résultat est aussi donné sans elle."
        )
    return Table("Ce qui reste à la commune (plan bouclé)", entetes, tuple(lignes), note=note)


def _soutien(cas: Sequence[Cas]) -> str:
    """Whether the commune pays what it takes, an assumption, or what the study says that it announced."""
    exploitations = [c.etude.exploitation for c in cas if c.etude is not None]
    fiche = exploitations[0].contribution_commune if exploitations and exploitations[0] is not None else None
    if fiche is None:
        return "L'étude n'a pas de compte d'exploitation : aucune contribution."
    if fiche.est_calculee():
        return "Contribution : hypothèse, ce qu'il faudrait pour équilibrer ; personne ne l'a décidé."
    return "Contribution : celle que dit l'étude ; elle ne suit pas le montage."


def taxes(mesures: Mapping[str, Mesures], cas: Sequence[Cas]) -> Table:
    """Taxes of each montage by kind; those paid every year by open year, since tenures do not last as long."""
    mesures_des_cas = retenus(mesures, cas)
    genres = list(dict.fromkeys(nom for _, m in mesures_des_cas for nom in m.taxes))

    def lire(m: Mesures, genre: str) -> Cellule:
        if genre not in m.taxes:
            return "—"
        return montant(m.taxe_par_an(genre) if genre in ANNUELLES else m.taxes[genre])

    lignes: list[Rang] = [(c.montage.titre, *(lire(m, nom) for nom in genres)) for c, m in mesures_des_cas]
    entetes = ("Montage", *(ANNUELLES.get(nom, nom) for nom in genres))
    note = "Taxes annuelles en euros courants, par an d'ouverture : les titres ne durent pas tous autant. Les autres se paient une fois."
    return Table("Taxes par montage", entetes, tuple(lignes), note=note)


def bureaux(cas: Sequence[Cas], dus: Mapping[str, tuple[float, float]]) -> Table:
    """Tax on the creation of offices: who pays, before and after the cap on land and ground works."""
    lignes: list[Rang] = [
        (c.montage.titre, *map(cases.montant, dus[c.nom]), c.bureaux.raison) for c in cas if c.nom in dus
    ]
    note = "Le plafond de 30 % porte sur le terrain et sa préparation seulement ; sans achat il tend vers zéro. À demander par écrit à la Drieat."
    entetes = ("Montage", "Sans le plafond", "Avec le plafond", "Qui doit")
    return Table("Taxe pour création de bureaux, deux lectures", entetes, tuple(lignes), note=note, texte=True)


def retraits(mesures: Mapping[str, Mesures], cas: Sequence[Cas]) -> Table:
    """Early withdrawal: works not yet written off, debt left, grants to give back; montages with the same answer together."""
    groupes: dict[tuple[tuple[tuple[str, ...], ...], str], list[str]] = {}
    dits: dict[tuple[tuple[str, ...], ...], tuple[Rang, ...]] = {}
    for c, m in retenus(mesures, cas):
        departs: tuple[Rang, ...] = tuple(
            (
                cases.nombre(r.annees, unite="ans").dite(f"{r.annees} ans"),
                *map(montant, (r.travaux_non_amortis, r.dette, r.aides_a_rendre)),
            )
            for r in m.retraits
        )
        cle = tuple(tuple(map(str, depart)) for depart in departs)
        dits.setdefault(cle, departs)
        groupes.setdefault((cle, c.titre.depart_anticipe), []).append(c.montage.titre)
    lignes: list[Rang] = []
    for (cle, suite), titres in groupes.items():
        for rang, cellules in enumerate(dits[cle]):
            tete, fin = (" ; ".join(titres), suite) if rang == 0 else ("", "")
            lignes.append((tete, *cellules, fin))
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
    return Table("Si l'on part plus tôt", entetes, tuple(lignes), note=note, cles=2)


def matrice(titres: Sequence[str], sites: Sequence[tuple[Sequence[Cas], Mapping[str, Mesures]]]) -> Table:
    """Sites × montages: state, cost of the premises by place and year, and what nobody has promised."""
    lignes: list[Rang] = []
    for rang, c in enumerate(sites[0][0]):
        lignes.append((c.montage.titre, *(_du_site(cas[rang], mesures) for cas, mesures in sites)))
    possibles = tuple(cases.nombre([c.etat for c in cas].count("possible")) for cas, _ in sites)
    lignes.append(("Montages possibles", *possibles))
    note = (
        "Coût des murs par place et par an, gestionnaire et porteur ensemble, puis ce que personne n'a encore promis (plan bouclé) : il ne "
        "baisse pas ce coût."
    )
    return Table(
        "Sites et montages", ("Montage", *titres), tuple(lignes), note=note, totaux=(len(lignes) - 1,), texte=True
    )


def _du_site(cas: Cas, mesures: Mapping[str, Mesures]) -> Case:
    """Cost of the premises, told with the state of the montage and what is to find."""
    etat, m = ETATS[cas.etat], mesures.get(cas.nom)
    if cas.etat == "impossible":
        return cases.sans_valeur(etat)
    if m is None or np.isnan(m.cout_complet).any():
        return cases.sans_valeur(f"{etat}, coût inconnu")
    cout = cases.montant(float(np.ravel(m.cout_complet)[0]), unite="€/place/an")
    return cout.dite(f"{etat}, {cout}, à trouver {a_trouver(cas, m)}")


def retenus(mesures: Mapping[str, Mesures], cas: Sequence[Cas]) -> list[tuple[Cas, Mesures]]:
    """Montages that are measured, in the order of the tables."""
    return [(c, mesures[c.nom]) for c in cas if c.nom in mesures]


def montant(valeur: Tableau) -> Case:
    """First value of an array in euros."""
    return cases.montant(float(np.ravel(valeur)[0]))


def a_trouver(cas: Cas, mesures: Mesures) -> Case:
    """What nobody has promised on the closed plan, and what of it is read as a capital."""
    somme = montant(mesures.a_trouver)
    if np.isnan(mesures.a_trouver).any():
        return somme.dite("inconnu")
    en_don = mesures.a_trouver_en_don
    if not np.any(mesures.capital_a_trouver > 0.5):
        return somme.dite(str(montant(en_don)))
    demarrage = f" ; démarrage : {montant(en_don)}" if np.any(en_don > 0.5) else ""
    return somme.dite(f"{montant(mesures.capital_a_trouver)} en capital{demarrage}")


def _caisse(cas: Cas, mesures: Mesures) -> Cellule:
    return "budget de la commune" if cas.montage.porteur == "commune" else montant(mesures.caisse_manquante)


def _rapport(cas: Cas, mesures: Mesures) -> Cellule:
    if cas.montage.bail is not None and cas.montage.bail.loyer == "gratuit":
        return "sans loyer"
    v = float(np.ravel(mesures.couverture)[0])
    if np.isnan(v):
        return "inconnu" if any(np.isnan(d).any() for d in mesures.dette.values()) else "sans dette ou sans compte"
    couverture = cases.nombre(v, 2)
    return couverture.dite(f"{couverture} (insuffisante)") if v < 1.0 else couverture


def _dettes(mesures: Mesures) -> Cellule:
    dit = " ; ".join(f"{montant(v)} ({nom})" for nom, v in mesures.dette.items())
    return montant(mesures.dette_en_tout).dite(dit) if dit else "—"


def _loyer(valeur: float, cas: Cas) -> Cellule:
    if cas.montage.bail is None:
        return "—"
    if np.isinf(valeur):
        return cases.nombre(valeur).dite("aucun" if valeur < 0 else "sans limite")
    return cases.nombre(valeur, unite="€/m²/an")


def _ecart(valeur: float, cas: Cas) -> Cellule:
    if cas.montage.bail is None or not np.isfinite(valeur):
        return "—"
    return cases.nombre(valeur, unite="€/m²/an").signee()


def _possede(cas: Cas, mesures: Mesures) -> Case:
    possede = montant(mesures.possede)
    if cas.titre.sortie == "revente":
        return possede.dite(f"le bien, {possede} (hypothèse)")
    if np.any(mesures.possede > 0.5):
        return possede.dite(f"loyer d'avance non consommé, {possede}")
    a_qui = "à la commune" if cas.a_la_commune else "au propriétaire"
    return possede.dite(f"rien : retour {a_qui}" if cas.titre.sortie == "retour_sans_indemnite" else "rien")
