"""Treasury by month: payments of the works, net flow of each party, cash of the parties that decide, and its identity."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np

from pope_foncier.acquisition.entree import Entree
from pope_foncier.acquisition.immobilier import ASSUREURS
from pope_foncier.aides.cumul import Subvention
from pope_foncier.etude.evaluation import Evaluation
from pope_foncier.etude.fiche import Etude
from pope_foncier.exploitation.compte import CompteExploitation
from pope_foncier.exploitation.demarrage import fin_de_montee, fonds_de_roulement
from pope_foncier.modele.calendrier import Calendrier, au_mois, entre
from pope_foncier.modele.contexte import Contexte
from pope_foncier.modele.fiche_bouclage import A_TROUVER
from pope_foncier.modele.livre import Livre, verifier_nul
from pope_foncier.modele.registre_des_lignes import libelle, nommer
from pope_foncier.prets.dette import Dette
from pope_foncier.prets.relais import RELAIS, Relais, tirer
from pope_foncier.socle.grandeur import Grandeur, Tableau, dire, maximum, poser, somme, total
from pope_foncier.socle.vocabulaire import borner, cumul, etaler, plus_bas
from pope_foncier.travaux.cout import CoutTravaux, achat_de_l_equipement

ENTREPRISES = "Entreprises et bureaux d'études"
SECTIONS_DES_PAIEMENTS = ("travaux", "reglements")
"""Sections of the study that the payments of the works come from, beside their dates and their cost."""


def paiements_des_travaux(ctx: Contexte, cal: Calendrier, cout: CoutTravaux) -> dict[str, Grandeur]:
    """Payments that bear VAT, by month, shape (…, M) [€]: fees, works, equipment.

    Fees are paid evenly over studies and works, equipment on the month before the opening, the insurance of the works, which
    bears no VAT, when they start. Works follow the payment terms of the study: progress curve, delay on the invoices,
    retention released after the reception (law 71-584 of 1971); without terms they are paid evenly and at once.
    """
    tva = 1.0 + ctx.bareme("fiscalite.tva.taux_normal")
    assurees = ctx.etude.travaux.assurances_part is not None
    controles = cout.etudes_assurances_ht - cout.assurances if assurees else cout.etudes_assurances_ht
    factures = ((cout.travaux_ht + cout.aleas_ht) * tva).nommer("Travaux et aléas TTC")
    payes = {
        "etudes": etaler((cout.honoraires_ht + controles) * tva, cal.en_etudes),
        "travaux": _payer_factures(ctx, cal, factures),
        "equipement": au_mois(ctx, cout.equipement_ttc, achat_de_l_equipement(cal)),
    }
    return {quoi: nommer(f"tresorerie.{quoi}", paye) for quoi, paye in payes.items()}


def payer_travaux(
    ctx: Contexte, livre: Livre, cal: Calendrier, cout: CoutTravaux, paiements: Mapping[str, Grandeur]
) -> Grandeur:
    """Write the payments of the works and return by month the total of those that bear VAT, shape (…, M)."""
    maitre_ouvrage = ctx.etude.acteurs.nom_maitre_ouvrage
    payes = [livre.inscrire(f"tresorerie.{x}", g, maitre_ouvrage, ENTREPRISES) for x, g in paiements.items()]
    if ctx.etude.travaux.assurances_part is not None:
        primes = au_mois(ctx, cout.assurances, cal.debut_travaux)
        livre.inscrire("tresorerie.assurances", primes, maitre_ouvrage, ASSUREURS)
    return somme(payes, "Dépenses payées TTC")


def _payer_factures(ctx: Contexte, cal: Calendrier, factures: Grandeur) -> Grandeur:
    termes = ctx.etude.reglements
    if termes is None:
        return etaler(factures, cal.en_travaux)
    lus = ("delai_paiement_mois", "retenue_garantie_part", "retenue_garantie_mois")
    delai, retenue, attente = (ctx.entree(f"reglements.{x}") for x in lus)
    nom, fait = _COURBES[termes.courbe]
    duree = maximum(cal.reception - cal.debut_travaux, _SANS_DUREE)
    avance = (ctx.mois - cal.debut_travaux - delai) / duree
    part = fait(borner(avance + 1.0 / duree, 0.0, 1.0)) - fait(borner(avance, 0.0, 1.0))
    phrase = f"part facturée au mois {{}} ({nom}, travaux de {{}} à {{}}, payés {{}} plus tard)"
    part = dire(part, phrase, ctx.mois, cal.debut_travaux, cal.reception, delai)
    retenu = (factures * retenue).nommer("Retenue de garantie")
    return (factures - retenu) * part + au_mois(ctx, retenu, cal.reception + attente)


_SANS_DUREE = 1e-9
"""Works of no month are done at once."""


def _reguliere(avance: Grandeur) -> Grandeur:
    return avance


def _en_s(avance: Grandeur) -> Grandeur:
    return avance * avance * (3.0 - 2.0 * avance)


_COURBES: dict[str, tuple[str, Callable[[Grandeur], Grandeur]]] = {
    "reguliere": ("avancement régulier", _reguliere),
    "en_s": ("courbe en S", _en_s),
}
"""Share of the works done at each share of their duration; the S curve is slow, then fast, then slow (3x² − 2x³)."""


def besoins_de_demarrage(ctx: Contexte, cal: Calendrier, compte: CompteExploitation) -> list[tuple[str, Grandeur]]:
    """Uses of the plan that nobody invoices: losses of the ramp-up, and the aid of the Caf that is advanced.

    Returns:
        Opening losses: how low the self-financing of the ramp-up falls. Working-capital need: highest receivable on the Caf
        up to a year after the ramp-up (a full cycle of advances and balance), when the study says how the Caf pays.
    """
    plein = fin_de_montee(ctx, cal)
    demarre = entre(ctx, cal.ouverture, plein).nommer("Mois de montée en charge", "")
    autofinancement = compte.capacite_autofinancement
    pertes = maximum(0.0 - plus_bas(cumul(autofinancement * demarre)), 0.0)
    pertes = dire(pertes, "plus bas du cumul de [{}] sur les [{}]", autofinancement, demarre)
    besoins = [("pertes_ouverture", nommer("besoins.pertes_ouverture", pertes))]
    fiche = ctx.etude.exploitation
    if fiche is not None and (fiche.versements_caf is not None or fiche.contribution_commune.est_differee()):
        besoins.append(("fonds_de_roulement", fonds_de_roulement(ctx, cal, compte.creances)))
    arretes = ctx.besoins_arretes
    return [(code, maximum(besoin, arretes[code]) if code in arretes else besoin) for code, besoin in besoins]


def avant_les_recettes(
    cal: Calendrier, entree: Entree, loyer: Grandeur, dettes: Sequence[Dette]
) -> list[tuple[str, Grandeur]]:
    """Uses of an operator that its owner delivers premises to: entry in the lease, rent, fees and interest before the opening."""
    interets = somme([d.interets for d in dettes], "Intérêts du gestionnaire")
    return [
        *((d.code, d.montant) for d in entree.du_gestionnaire),
        ("loyer_avant_ouverture", total(loyer * cal.avant_ouverture)),
        ("interets_avant_ouverture", total(interets * cal.avant_ouverture)),
        *((f"frais_{d.id}", du) for d in dettes if (du := d.accessoires_avant(cal)) is not None),
    ]


def relayer(ctx: Contexte, livre: Livre, aides: Sequence[Subvention]) -> None:
    """Draw the bridge of the study on the accepted grants, never on what is still to be found; write its draws, repayments and interest in the ledger."""
    fiche = ctx.etude.relais
    if fiche is None:
        return
    porteur = ctx.etude.acteurs.nom_maitre_ouvrage
    solde = livre.solde(porteur)
    connues = [a for a in aides if a.aide.financeur != A_TROUVER and a.aide.statut in fiche.statuts]
    admises = somme([a.versement for a in connues], "Aides que le relais avance")
    taux, avance, duree = ctx.entree("relais.taux"), ctx.entree("relais.taux_avance"), ctx.echelle.duree_mois
    relais = tirer(taux.valeur, avance.valeur, admises.valeur, solde.valeur, duree)

    def colonne(nom: str, quoi: str) -> Grandeur:
        phrase = f"{quoi} d'un relais à {{}}, plafonné à {{}} de [{{}}], pour couvrir [{{}}]"
        lue = getattr(relais, nom)
        return poser(RELAIS, taux, avance, admises, solde, parametres=(duree, nom), phrase=phrase, valeur=lue)

    for nom in ("deblocage", "remboursement", "interets"):
        code = f"relais.{nom}"
        payeur, receveur = (fiche.preteur, porteur) if nom == "deblocage" else (porteur, fiche.preteur)
        livre.inscrire(code, colonne(nom, libelle(code).lower()), payeur, receveur)
    livre.inscrire("relais.encours", colonne("encours", "encours"))


def relais_tire(livre: Livre) -> Relais | None:
    """Bridge that the ledger holds, as it was sized; None without one."""
    if "relais.encours" not in livre.lignes:
        return None
    tire: Relais = livre["relais.encours"].refaire_l_ensemble()
    return tire


def cumuler(livre: Livre, acteur: str) -> Grandeur:
    """Cumulated cash of a party, from zero, by month; its lowest point."""
    solde = livre[f"solde.{acteur}"]
    caisse = livre.inscrire(f"tresorerie.cumul.{acteur}", cumul(solde, "cumul depuis le départ de {}"), nom=acteur)
    livre.inscrire(f"tresorerie.point_bas.{acteur}", plus_bas(caisse, "plus bas niveau de {}"), nom=acteur)
    return caisse


def parties_du_projet(etude: Etude) -> tuple[str, ...]:
    """Parties whose cash decides: who orders the works, and the operator when it is another and the study runs the place."""
    porteur, gestionnaire = etude.acteurs.nom_maitre_ouvrage, etude.acteurs.gestionnaire
    return (porteur,) if porteur == gestionnaire or etude.exploitation is None else (porteur, gestionnaire)


def verifier(ev: Evaluation, cumul: Grandeur, compte: CompteExploitation, demarrage: list[Grandeur]) -> None:
    """The treasury against the account and the plan.

    Final cash = self-financing − what is given back − what the plan left unfunded + what it set aside for the start (opening
    losses, working capital: uses that nobody invoices), each part of the plan being counted for what is really paid or
    received within the horizon, and the aid of the Caf for what it has paid.
    """
    livre, achats = ev.livre, ev.entree.depenses
    siennes = [d for d in ev.dettes if d.emprunteur == ev.ctx.etude.acteurs.nom_maitre_ouvrage]
    neuves = [d for d in siennes if d.rachat is None]
    apres = 1.0 - ev.calendrier.avant_ouverture.valeur
    factures = (f"tresorerie.{x}" for x in ("etudes", "assurances", "travaux", "equipement"))
    frais = (f"emprunts.{d.id}.{x}" for d in siennes for x in ("frais", "garantie"))

    plus: list[Grandeur | None] = [compte.capacite_autofinancement, *demarrage]
    moins: list[Grandeur | None] = [ev.plan.reste_a_financer, compte.reste_du]
    # given back, less what comes back
    moins += [*(d.remboursement for d in siennes), *(a.rendu for a in ev.subventions)]
    moins += [x for r in ev.apports for x in (r.reprise, r.remuneration)]
    plus += [*(d.rachat for d in siennes), ev.entree.depot_rendu]
    # due and not paid within the horizon
    plus += [ev.cout.total_ttc, *(d.montant for d in achats), *(d.frais for d in siennes)]
    moins += [*(livre[c] for c in (*factures, *frais) if c in livre.lignes), *(d.paiement for d in achats)]
    # promised and not received within the horizon
    moins += [*(a.subvention for a in ev.subventions), *(r.montant for r in ev.apports), *(d.capital for d in neuves)]
    plus += [*(a.versement for a in ev.subventions), *(r.encaisse for r in ev.apports)]
    plus += [livre[f"emprunts.{d.id}.deblocage"] for d in neuves]

    relais = livre["relais.encours"].valeur[..., -1] if "relais.encours" in livre.lignes else 0.0
    ajoutes = sum((d.capitalises.valeur * apres).sum(axis=-1) for d in siennes if d.capitalises is not None)
    attendu = _en_tout(plus) - _en_tout(moins) + ajoutes + relais
    quoi = "trésorerie finale = autofinancement − remboursements − reste à financer"
    verifier_nul(cumul.valeur[..., -1] - attendu, quoi)


def _en_tout(flux: Iterable[Grandeur | None]) -> Tableau:
    return np.asarray(sum(f.valeur.sum(axis=-1) for f in flux if f is not None))
