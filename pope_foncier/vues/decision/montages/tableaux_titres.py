"""Tables of the tenures: what each gives, the same horizon for all, what each unsettled point of law changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from pope_foncier.acquisition.montages import Lecture
from pope_foncier.acquisition.titres import Titre, titre_de
from pope_foncier.decision.montages.comparaison import Mesures
from pope_foncier.decision.montages.possibles import Cas
from pope_foncier.socle.grandeur import Tableau
from pope_foncier.vues.decision.montages.tableaux import a_trouver, montant, retenus
from pope_foncier.vues.formes import cases
from pope_foncier.vues.formes.cases import Case, Rang
from pope_foncier.vues.formes.table import Table

_SORTIES = {
    "revente": "revente par le titulaire",
    "retour_sans_indemnite": "retour au bailleur sans indemnité",
    "neant": "rien de compté pour le titulaire",
}


def titres(cas: Sequence[Cas]) -> Table:
    """What each tenure of the montages gives and takes: real right, mortgage, works, taxes, rent index, exit, departure."""
    genres = list(dict.fromkeys(c.genre for c in cas))
    lignes: list[Rang] = []
    for genre in genres:
        t = titre_de(genre)
        lignes.append(
            (
                t.libelle,
                _duree(t),
                t.reconduction,
                {"oui": "oui", "non": "non", "selon_contrat": "selon le contrat"}[t.droits_reels],
                {"oui": "oui", "non": "non", "limitee": "limitée aux travaux du lieu"}[t.hypotheque],
                f"gros travaux : {t.gros_travaux} ; taxe foncière : {t.taxe_fonciere}".replace(
                    "proprietaire", "propriétaire"
                ),
                t.tva,
                t.indexation.upper() if t.indexation else "—",
                "oui" if t.loyer_capitalise else "—",
                _SORTIES[t.sortie],
                t.depart_anticipe,
            )
        )
    entetes = (
        "Titre",
        "Durée légale",
        "Renouvellement",
        "Droit réel",
        "Hypothèque",
        "À la charge de",
        "TVA",
        "Indice du loyer",
        "Loyer capitalisé compté par la Piaje",
        "À la fin",
        "Départ anticipé",
    )
    return Table("Ce que donne chaque titre", entetes, tuple(lignes), texte=True)


def horizon(mesures: Mapping[str, Mesures], renouvelees: Mapping[str, Mesures], cas: Sequence[Cas], note: str) -> Table:
    """Every montage to the end of the study: tenures that end are renewed, at the cost of a rent step and of works done again."""
    lignes: list[Rang] = []
    for c, m in retenus(mesures, cas):
        r = renouvelees[c.nom]
        prolonge = float(np.ravel(r.annees_ouvertes)[0]) > float(np.ravel(m.annees_ouvertes)[0]) + 0.04
        lignes.append(
            (
                c.montage.titre,
                cases.nombre(float(np.ravel(m.annees_ouvertes)[0]), 1),
                montant(m.cout_complet),
                cases.nombre(float(np.ravel(r.annees_ouvertes)[0]), 1),
                montant(r.cout_complet),
                a_trouver(c, r),
                montant(r.commune_valeur),
                c.titre.reconduction if prolonge else "—",
            )
        )
    entetes = (
        "Montage",
        "Années d'ouverture, premier titre",
        "Coût des murs, par place et par an",
        "Années d'ouverture, titre renouvelé",
        "Coût des murs, titre renouvelé",
        "À trouver, titre renouvelé",
        "Coût pour la commune, titre renouvelé",
        "Ce que dit le titre",
    )
    return Table("Sur un même horizon (plan bouclé)", entetes, tuple(lignes), note=note)


def lectures(
    mesures: Mapping[str, Mesures], autres: Mapping[str, Sequence[tuple[Lecture, Mesures]]], cas: Sequence[Cas]
) -> Table:
    """What the other answer to each unsettled point of law changes in the cost and in what is to be found; same effects together."""
    groupes: dict[tuple[str, str, str, str], list[str]] = {}
    dits: dict[tuple[str, str, str, str], tuple[Case, Case]] = {}
    for c, m in retenus(mesures, cas):
        for lecture, autre in autres[c.nom]:
            cout, trouver = map(_effet, m.ecarts(autre))
            question = f"{lecture.question} (demander : {lecture.aupres_de})"
            cle = (question, f"{lecture.autre} (suivie : {lecture.retenue})", str(cout), str(trouver))
            dits.setdefault(cle, (cout, trouver))
            groupes.setdefault(cle, []).append(c.montage.titre)
    ordre = list(dict.fromkeys(question for question, *_ in groupes))
    lignes: list[Rang] = [
        (*cle[:2], " ; ".join(titres), *dits[cle])
        for cle, titres in sorted(groupes.items(), key=lambda x: ordre.index(x[0][0]))
    ]
    entetes = ("Point à confirmer", "Autre lecture", "Montages", "Écart, par place et par an", "Écart, à trouver")
    note = (
        "Écart du coût des murs, gestionnaire et porteur ensemble, et de ce que personne n'a promis (plan bouclé), d'une lecture à l'autre ; une "
        "seule réponse change à la fois."
    )
    return Table("Ce que change chaque point à confirmer", entetes, tuple(lignes), note=note, cles=3)


def _duree(titre: Titre) -> str:
    bas, haut = titre.duree_min_mois, titre.duree_max_mois
    if bas is None and haut is None:
        return "libre"
    debut = "" if bas is None else f"{'plus de ' if bas % 12 else ''}{bas // 12}"
    fin = "" if haut is None else f"{haut // 12} ans au plus"
    return " à ".join(x for x in (debut, fin) if x) if fin else f"{debut} ans au moins"


def _effet(ecart: Tableau) -> Case:
    effet = montant(ecart)
    return effet.dite("aucun") if abs(float(np.ravel(ecart)[0])) < 0.5 else effet.signee()
