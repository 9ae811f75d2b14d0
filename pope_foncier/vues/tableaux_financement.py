"""Tables of the funding: grants, plan, schedules, treasury, bridge, trials."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pope_foncier.analyse.essais import Chance, EffetDeLevier, LectureRelais
from pope_foncier.analyse.resultats import Vue
from pope_foncier.finances.entree import FLUX_ENTREE
from pope_foncier.finances.livre import Ligne
from pope_foncier.finances.relais import Relais
from pope_foncier.socle.nombres import euros, formater_nombre
from pope_foncier.vues.tableaux import Table

_STATUTS = {"acquise": "acquise", "demandee": "demandée", "esperee": "espérée", "non_demandee": "non demandée"}


def aides(vue: Vue) -> Table | None:
    """Each grant: amount, what sets it, what its conditions say and what would satisfy them."""
    etats = {"remplie": "oui", "non_remplie": "NON", "a_verifier": "à vérifier", "dispensee": "levée par l'étude"}
    lignes = []
    for s in vue.ev.subventions:
        conditions = [f"{c.phrase} : {etats[c.etat(vue.rang)]}" for c in s.conditions]
        lignes.append(
            (
                s.aide.libelle,
                _STATUTS[s.aide.statut],
                s.subvention.lire(vue.rang),
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
        "Aides à l'investissement",
        ("Aide", "Statut", "Montant", "Ce qui le fixe", "Conditions"),
        tuple(lignes),
        texte=True,
    )


def plan_de_financement(vue: Vue) -> Table:
    """Sources and uses, with the signed gap that closes them."""
    besoins = [(x.libelle, vue.montant(x.code)) for x in vue.ev.livre.du_groupe("besoins")]
    besoins = [(nom, montant) for nom, montant in besoins if montant != 0]
    ressources = [
        (f"{ligne.libelle}{_statut(vue, ligne.code)}", vue.montant(ligne.code)) for ligne in ressources_comptees(vue)
    ]
    ressources.append(("Reste à financer", vue.montant("ressources.reste_a_financer")))
    hauteur = max(len(besoins), len(ressources))
    vide = ("", float("nan"))
    lignes = [
        (b[0], euros(b[1]) if b[0] else "", r[0], euros(r[1]) if r[0] else "")
        for b, r in zip(
            besoins + [vide] * (hauteur - len(besoins)), ressources + [vide] * (hauteur - len(ressources)), strict=True
        )
    ]
    total_besoins = vue.montant("besoins.total")
    total_ressources = vue.montant("ressources.total") + vue.montant("ressources.reste_a_financer")
    lignes.append(
        ("Total des besoins", euros(total_besoins), "Total des ressources et du reste", euros(total_ressources))
    )
    return Table("Plan de financement", ("Besoins", "€", "Ressources", "€ "), tuple(lignes), totaux=(len(lignes) - 1,))


def ressources_comptees(vue: Vue) -> list[Ligne]:
    """Resources of the plan, without the loan part of an aid that is wholly a grant."""
    return [
        x
        for x in vue.ev.livre.du_groupe("ressources")
        if not (x.code.startswith("ressources.pret_") and vue.montant(x.code) == 0)
    ]


def _statut(vue: Vue, code: str) -> str:
    cle = code.split(".")[1]
    for aide in vue.ev.ctx.etude.aides:
        if aide.id == cle:
            return f" ({_STATUTS[aide.statut]})"
    return ""


def echeancier(vue: Vue) -> Table | None:
    """Yearly schedule of each loan."""
    if not vue.ev.dettes:
        return None
    lignes: list[tuple[str, ...]] = []
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
        lignes += [(str(annee), euros(i), euros(c), euros(i + c), euros(r)) for annee, i, c, r in annuels]
    if not lignes:
        return None
    return Table(
        "Échéancier des emprunts par année civile",
        ("Année", "Intérêts", "Capital", "Annuité", "Restant dû"),
        tuple(lignes),
        totaux=tuple(totaux),
    )


def tresorerie(vue: Vue) -> Table:
    """Cash of the project owner at the end of each year, its lowest month."""
    echelle = vue.ev.ctx.echelle
    porteur = vue.ev.ctx.etude.acteurs.nom_maitre_ouvrage
    cumul, solde = vue.mensuel(f"tresorerie.cumul.{porteur}"), vue.annuel(f"solde.{porteur}")
    fins = [*echelle.debuts_annee[1:] - 1, echelle.duree_mois - 1]
    fin_titre = vue.valeur(vue.ev.calendrier.fin_titre)
    lignes = [
        (str(annee), euros(s), euros(float(cumul[fin])))
        for annee, s, fin in zip(echelle.annees, solde, fins, strict=True)
        if np.isnan(fin_titre) or fin < fin_titre + 12
    ]
    creux = int(np.argmin(np.nan_to_num(cumul, nan=np.inf)))
    note = f"Point bas : {euros(float(cumul[creux]))} en {echelle.mois_en_clair(creux)}. Le reste à financer n'étant apporté par personne, il creuse la trésorerie."
    return Table(
        f"Trésorerie : {porteur}", ("Année", "Solde de l'année", "Trésorerie au 31 décembre"), tuple(lignes), note=note
    )


def tresorerie_mensuelle(vue: Vue, acteur: str | None = None) -> Table:
    """Cash of a party month by month, one column per kind of flow, up to a year after the opening.

    Args:
        acteur: name of the party; the project owner by default.
    """
    qui = acteur or vue.ev.ctx.etude.acteurs.nom_maitre_ouvrage
    flux = {titre: np.zeros(vue.ev.ctx.echelle.duree_mois) for titre in (*_COLONNES, "Exploitation")}
    for ligne in vue.ev.livre.lignes.values():
        if ligne.est_flux and qui in (ligne.payeur, ligne.receveur):
            signe = 1.0 if ligne.receveur == qui else -1.0
            flux[_colonne(ligne)] += signe * vue.mensuel(ligne.code)
    utiles = {titre: v for titre, v in flux.items() if np.any(v != 0.0)}
    cumul = np.cumsum(vue.mensuel(f"solde.{qui}"))
    fin = int(min(np.nan_to_num(vue.valeur(vue.ev.calendrier.ouverture)) + 13, len(cumul)))
    lignes = [
        (vue.ev.ctx.echelle.mois_en_clair(m), *(euros(float(v[m])) for v in utiles.values()), euros(float(cumul[m])))
        for m in range(fin)
    ]
    return Table(f"Trésorerie mensuelle : {qui}", ("Mois", *utiles, "Trésorerie"), tuple(lignes))


_COLONNES: dict[str, tuple[str, ...]] = {
    "Achat et taxes": FLUX_ENTREE,
    "Travaux, études, équipement": ("tresorerie.etudes", "tresorerie.travaux", "tresorerie.equipement"),
    "Aides": ("tresorerie.aide.",),
    "Apports et TVA rendue": ("tresorerie.apport.", "tresorerie.reprise.", "tresorerie.compensation_tva"),
    "Emprunts": ("emprunts.", "relais."),
    "Loyer": ("tresorerie.loyer", "bail."),
    "Charges de propriété": ("immobilier.",),
}
"""Columns of the monthly treasury, by beginning of the code of the flow; the others belong to the operation."""


def _colonne(ligne: Ligne) -> str:
    return next((titre for titre, debuts in _COLONNES.items() if ligne.code.startswith(debuts)), "Exploitation")


def leviers(titre: str, liste: Sequence[EffetDeLevier]) -> Table:
    """Levers against the base: places when one changes them, gap and its change, change of the contribution once closed."""
    bougent = any(e.ecart_places for e in liste)
    lignes = [
        (
            e.libelle,
            *((_places(e),) if bougent else ()),
            euros(e.reste_a_financer),
            _signe(e.ecart_reste),
            _signe(e.ecart_contribution),
        )
        for e in liste
    ]
    entetes = (
        "Essai",
        *(("Places",) if bougent else ()),
        "Reste à financer",
        "Écart",
        "Commune, écart par an (plan bouclé)",
    )
    return Table(titre, entetes, tuple(lignes))


def _places(effet: EffetDeLevier) -> str:
    ecart = f" ({effet.ecart_places:+.0f})" if effet.ecart_places else ""
    return f"{formater_nombre(effet.places)}{ecart}"


def chances(chance: Chance) -> Table:
    """Gap of the plan when the grants are drawn at their probability."""
    lignes = [
        ("En moyenne", euros(chance.moyenne)),
        *(
            (f"{nom} fois sur dix, au plus", euros(chance.quantiles[q]))
            for nom, q in (("Une", 10), ("Cinq", 50), ("Neuf", 90))
        ),
        ("Toutes les aides obtenues", f"{formater_nombre(100 * chance.toutes)} % des tirages"),
    ]
    note = f"Aides tirées, obtenues ou refusées sans lien entre elles : {', '.join(chance.tirees)}. Les probabilités sont des hypothèses."
    return Table("Reste à financer selon les aides obtenues", ("Lecture", "Reste à financer"), tuple(lignes), note=note)


def _signe(valeur: float) -> str:
    return ("+" if valeur > 0.5 else "") + euros(valeur if abs(valeur) > 0.5 or np.isnan(valeur) else 0.0)


def relais(lectures: Sequence[tuple[LectureRelais, Relais]]) -> Table:
    """Bridge of a study under each reading: need, size, uncovered, interest, duration."""
    lignes = []
    for lecture, pont in lectures:
        valeurs = (pont.besoin_maximal, pont.taille, pont.non_couvert, pont.cout)
        lignes.append(
            (lecture.libelle, *(euros(float(v.flat[0])) for v in valeurs), f"{pont.duree_mois.flat[0]:.0f} mois")
        )
    entetes = ("Lecture", "Besoin au creux", "Relais", "Resté à découvert", "Intérêts", "Durée")
    note = "Lectures de travail ; le taux est le dernier publié pour un prêt comparable, prolongé par hypothèse."
    return Table("Prêt relais sur les aides", entetes, tuple(lignes), note=note)
