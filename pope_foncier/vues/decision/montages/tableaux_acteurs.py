"""Tables of the parties of a montage: who does what, the account of each, and what each owns or owes at the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from pope_foncier.decision.montages.avoirs import Avoir, CompteActeur, ensemble
from pope_foncier.decision.montages.possibles import Cas
from pope_foncier.etude.fiche import Etude
from pope_foncier.etude.suretes import suretes
from pope_foncier.socle.nombres import formater_nombre
from pope_foncier.vues.decision.montages.tableaux import montant
from pope_foncier.vues.formes.cases import Rang
from pope_foncier.vues.formes.table import Table
from pope_foncier.vues.prets.tableaux_suretes import en_clair


def qui_fait_quoi(cas: Sequence[Cas]) -> Table:
    """Who holds, gives the tenure, borrows, receives the grants, pays each tax, lets to whom, in each montage."""
    lignes: list[Rang] = []
    for c in cas:
        if c.etude is None or c.evaluation is None:
            continue
        etude, acteurs = c.etude, c.etude.acteurs
        porteur = acteurs.nom_maitre_ouvrage
        donne = "—"
        if etude.acquisition is None:
            donne = acteurs.proprietaire if porteur != acteurs.proprietaire else "déjà propriétaire"
        if etude.bail_gestionnaire is not None and etude.bail_gestionnaire.bailleur:
            donne = etude.bail_gestionnaire.bailleur
        lignes.append(
            (
                c.montage.titre,
                porteur,
                _vendeur(etude),
                donne,
                " ; ".join(dict.fromkeys(d.emprunteur for d in c.evaluation.dettes)) or "personne",
                " ; ".join(dict.fromkeys(en_clair(s) for s in suretes(c.evaluation))) or "—",
                " ; ".join(a.aide.libelle for a in c.evaluation.subventions if np.any(a.subvention.valeur != 0))
                or "aucune",
                _taxes_payees(c, porteur),
                _bail(c),
            )
        )
    entetes = (
        "Montage",
        "Tient les murs, fait les travaux et reçoit les aides",
        "Achète à",
        "Tient son titre de",
        "Emprunte",
        "Sûreté du prêt",
        "Aides reçues",
        "Taxes du porteur",
        "Loue à",
    )
    return Table("Qui fait quoi", entetes, tuple(lignes), texte=True)


def _vendeur(etude: Etude) -> str:
    achat = etude.acquisition
    if achat is None:
        return "—"
    return achat.vendeur if achat.portage is None else f"{achat.portage.porteur}, qui a acheté à {achat.vendeur}"


def _taxes_payees(cas: Cas, porteur: str) -> str:
    assert cas.evaluation is not None
    noms = {
        "tresorerie.droits_mutation": "droits de mutation",
        "tresorerie.droit_bail": "publicité foncière du bail",
        "tresorerie.taxe_amenagement": "aménagement",
        "tresorerie.taxe_bureaux": "bureaux",
        "immobilier.taxe_fonciere": "foncière",
    }
    lignes = cas.evaluation.livre.lignes
    payees = [
        nom
        for code, nom in noms.items()
        if code in lignes and lignes[code].payeur == porteur and np.any(lignes[code].grandeur.valeur != 0)
    ]
    return ", ".join(payees) or "aucune"


def _bail(cas: Cas) -> str:
    assert cas.etude is not None
    bail = cas.etude.bail_gestionnaire
    if bail is None:
        return "exploite elle-même" if cas.montage.forme == "scic" else "exploite lui-même"
    assert cas.evaluation is not None
    assert cas.evaluation.loyers.par_m2 is not None
    loyer = float(np.ravel(cas.evaluation.loyers.par_m2.valeur)[0])
    au_m2 = "loyer inconnu" if np.isnan(loyer) else f"{formater_nombre(loyer, 0)} €/m²/an"
    return f"{cas.etude.acteurs.gestionnaire}, {'gratuit' if bail.loyer == 'gratuit' else au_m2}"


def avoirs_a_la_fin(possessions: Mapping[str, Sequence[Avoir]], cas: Sequence[Cas]) -> Table:
    """What each party owns, or owes when negative, at the end of the study."""
    lignes: list[Rang] = []
    for c in cas:
        for avoir in possessions.get(c.nom, ()):
            lignes.append((c.montage.titre, avoir.acteur, avoir.quoi, montant(avoir.valeur)))
        if c.nom in possessions and not possessions[c.nom]:
            lignes.append(
                (c.montage.titre, "tous", "rien : retour au propriétaire, dettes payées", montant(np.zeros(1)))
            )
    note = (
        "À la fin de l'étude. Valeur des murs : part du prix et des travaux retrouvée (hypothèse), à la fin du bail pour un bailleur. "
        "« À trouver » tient la place de qui apporterait le capital que personne n'a promis. Le capital est rendu au nominal."
    )
    return Table(
        "Ce que chacun possède à la fin (plan bouclé)",
        ("Montage", "Acteur", "Quoi", "Valeur"),
        tuple(lignes),
        note=note,
        cles=3,
    )


def comptes_des_acteurs(titre: str, comptes: Sequence[CompteActeur]) -> Table:
    """Account of each party of one montage over the study."""
    lignes: list[Rang] = [
        (
            c.acteur,
            montant(c.paye),
            montant(c.recu),
            montant(c.solde),
            " ; ".join(f"{a.quoi} : {montant(a.valeur)}" for a in c.avoirs) or "—",
        )
        for c in comptes
    ]
    tous = ensemble(comptes)
    lignes.append(
        (
            tous.acteur,
            montant(tous.paye),
            montant(tous.recu),
            montant(tous.solde),
            "",
        )
    )
    note = (
        "Euros courants, toute la durée de l'étude, exploitation comprise. Ce qu'un acteur paie, un autre le reçoit : l'ensemble fait zéro. "
        "« À trouver » paie ce que personne n'a promis."
    )
    return Table(
        f"Les comptes des acteurs : {titre} (plan bouclé)",
        ("Acteur", "Paie", "Reçoit", "Solde", "Possède ou doit à la fin"),
        tuple(lignes),
        note=note,
        totaux=(len(lignes) - 1,),
    )
