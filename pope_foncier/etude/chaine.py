"""The chain: every line of a study, room after room in the order of dependence, and the evaluation that holds them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pope_foncier.acquisition import entree, immobilier
from pope_foncier.acquisition.entree import Entree
from pope_foncier.acquisition.immobilier import Loyers
from pope_foncier.aides import cumul as aides_cumulees
from pope_foncier.aides.cumul import Subvention
from pope_foncier.etude import a_trouver, apports, plan, tresorerie
from pope_foncier.etude import boucleurs as bouclage
from pope_foncier.etude.evaluation import Evaluation
from pope_foncier.etude.fiche import Etude
from pope_foncier.exploitation import compte as compte_exploitation
from pope_foncier.exploitation.compte import CompteExploitation
from pope_foncier.exploitation.demarrage import avant_ouverture
from pope_foncier.modele import calendrier
from pope_foncier.modele.calendrier import Calendrier
from pope_foncier.modele.contexte import Contexte
from pope_foncier.modele.fiche_bouclage import A_TROUVER
from pope_foncier.modele.livre import Livre
from pope_foncier.modele.ressource import Ressource
from pope_foncier.places import capacite, places_du_mode
from pope_foncier.places.capacite import Capacite
from pope_foncier.prets import prets_de_l_etude as prets
from pope_foncier.prets.dette import Dette
from pope_foncier.prets.prets_de_l_etude import ObjetDuFinancement
from pope_foncier.socle.grandeur import Grandeur, somme, total
from pope_foncier.socle.memoire import exiger_memoire, sans_cycles
from pope_foncier.travaux import cout as cout_travaux
from pope_foncier.travaux.cout import CoutTravaux

_TABLEAUX, _TABLEAUX_TIRES = 250, 80
"""Arrays of months alive at the worst moment of an evaluation, by row: of scenarios, which keep their operands, or of draws."""


def exiger_la_memoire(ctx: Contexte) -> None:
    """Refuse an evaluation of more rows than the memory holds."""
    rangees = max([len(ctx.variantes), *(np.size(v) for v in ctx.tirages.values())])
    tableaux = _TABLEAUX_TIRES if ctx.tirages else _TABLEAUX
    octets = 8.0 * rangees * ctx.echelle.duree_mois * tableaux
    exiger_memoire(octets, f"{rangees} tirages ou scénarios à la fois", "En demander moins, ou les évaluer par blocs.")


@sans_cycles()
def calculer(ctx: Contexte, noms: Sequence[str]) -> Evaluation:
    """Compute every line of a study, in the order of dependence; identities are asserted on the way."""
    exiger_la_memoire(ctx)
    livre, etude = Livre(ctx.echelle), ctx.etude
    cal = calendrier.etablir(ctx)
    cap = _retenir_les_places(ctx, livre)
    cout = _chiffrer_les_travaux(ctx, cal, cap)
    redevance = immobilier.redevance(ctx, livre, cal)
    achat = entree.chiffrer(ctx, livre, cal)
    verses = [*apports.apporter(ctx, livre, cal), *bouclage.apporter(ctx, livre, cal)]
    aides = aides_cumulees.calculer(ctx, livre, cal, cap.places, cout, achat, _prives(etude, verses))
    aides += bouclage.donner(ctx, livre, cal, cout.total_ttc)
    factures = _dater_les_paiements(ctx, cal, cout)
    objet = ObjetDuFinancement(_cout_de_l_objet(cout, achat), factures["travaux"])
    dettes = [*prets.calculer(ctx, livre, cal, aides, objet), *bouclage.preter(ctx, livre, cal, objet)]
    porteur = etude.acteurs.nom_maitre_ouvrage
    interets = somme([g for d in dettes if d.emprunteur == porteur for g in d.courus], "Intérêts du porteur")
    _ajouter_les_interets_capitalises(livre, cal, dettes, porteur)
    paiements = tresorerie.payer_travaux(ctx, livre, cal, cout, factures)
    verses += bouclage.reporter(ctx, livre, cal)
    tva_rendue = _compenser_la_tva(ctx, livre, paiements, cout, achat)
    charges = immobilier.charges_du_porteur(ctx, livre, cal, cout)
    revente = immobilier.valeur_de_revente(ctx, cal, achat, cout)
    reste_du = apports.reste_a_rendre(ctx, dettes, verses)
    loyers = Loyers(redevance, redevance)
    if etude.bail_gestionnaire is not None:
        loyers = Loyers(redevance, *immobilier.louer(ctx, livre, cal, revente, verses, reste_du))
    du_plan = _part_du_gestionnaire(etude, aides, dettes, verses, loyers.gestionnaire, charges)
    compte: CompteExploitation | None = None
    avant: list[tuple[str, Grandeur]] = []
    if etude.exploitation is not None:
        compte = compte_exploitation.etablir(ctx, livre, cal, cap, cout, achat, du_plan)
        livre.inscrire("commune.contribution", compte.commune)
        avant = avant_ouverture(ctx, livre, cal)
    aides = a_trouver.appeler(ctx, livre, cal, aides)
    tresorerie.relayer(ctx, livre, aides)
    demarrage = tresorerie.besoins_de_demarrage(ctx, cal, compte) if compte is not None else []
    frais = _frais_du_porteur(etude, cal, dettes, charges)
    depart = [*_bail_avant_les_recettes(etude, cal, achat, loyers, dettes), *avant, *demarrage]
    ordonne = etude.acteurs.maitre_ouvrage == "gestionnaire"
    loyer = redevance if ordonne or etude.bail_gestionnaire is not None else None
    postes = ([*frais, *depart], []) if ordonne else (frais, depart)
    cloture = plan.etablir(livre, cal, cout, loyer, interets, *postes, _prets_du_gestionnaire(etude, dettes))
    livre.cloturer()
    cumuls = {acteur: tresorerie.cumuler(livre, acteur) for acteur in tresorerie.parties_du_projet(etude)}
    a_trouver.mesurer(ctx, livre, cal, cumuls)
    lieu = (livre, cal, cap, cout, achat)
    finances = ((*verses, *([tva_rendue] if tva_rendue else [])), tuple(aides), tuple(dettes), cloture)
    evaluation = Evaluation(ctx, tuple(noms), *lieu, *finances, compte, loyers, revente, reste_du)
    if compte is not None and porteur == etude.acteurs.gestionnaire:
        tresorerie.verifier(evaluation, cumuls[porteur], compte, [besoin for _, besoin in demarrage])
    return evaluation


def _cout_de_l_objet(cout: CoutTravaux, achat: Entree) -> Grandeur:
    """Cost of the works and of the purchase: what a loan given as a share is a share of."""
    return somme([cout.total_ttc, *(d.montant for d in achat.depenses)], "Coût de l'opération, achat compris")


def _ajouter_les_interets_capitalises(livre: Livre, cal: Calendrier, dettes: Sequence[Dette], porteur: str) -> None:
    """Interest added to the debt before the opening: a use of the plan that the loan itself funds."""
    for d in dettes:
        if d.capitalises is not None and d.emprunteur == porteur:
            ajoutes = total(d.capitalises * cal.avant_ouverture).nommer(f"Intérêts capitalisés : {d.libelle}")
            livre.inscrire(f"ressources.{d.id}_interets_capitalises", ajoutes)


def _retenir_les_places(ctx: Contexte, livre: Livre) -> Capacite:
    """Places of the study, written with the area that they ask for."""
    cap = ctx.partager("places", capacite.SECTIONS, lambda seul: places_du_mode.retenir(seul, capacite.calculer(seul)))
    livre.inscrire("programme.places", cap.places)
    livre.inscrire("programme.surface_requise", cap.surface_requise)
    livre.inscrire("programme.surface_place_suivante", cap.surface_suivante)
    return cap


def _chiffrer_les_travaux(ctx: Contexte, cal: Calendrier, cap: Capacite) -> CoutTravaux:
    """Cost of the works at their dates, for the places of the study."""
    return ctx.partager(
        "cout_des_travaux",
        cout_travaux.SECTIONS,
        lambda seul: cout_travaux.chiffrer(seul, cal, cap),
        ("dates", "places"),
    )


def _dater_les_paiements(ctx: Contexte, cal: Calendrier, cout: CoutTravaux) -> dict[str, Grandeur]:
    """Payments of the works by month."""
    return ctx.partager(
        "paiements_des_travaux",
        tresorerie.SECTIONS_DES_PAIEMENTS,
        lambda seul: tresorerie.paiements_des_travaux(seul, cal, cout),
        ("dates", "cout_des_travaux"),
    )


def _compenser_la_tva(
    ctx: Contexte, livre: Livre, travaux: Grandeur, cout: CoutTravaux, achat: Entree
) -> Ressource | None:
    """VAT that the State gives back on what is paid, the purchase with it when it bears VAT."""
    acquisition = ctx.etude.acquisition
    if acquisition is not None and acquisition.regime == "neuf_ou_vefa":
        travaux = (travaux + livre["tresorerie.prix_achat"]).nommer("Dépenses payées TTC, achat compris")
    return apports.compenser_tva(ctx, livre, travaux, cout, achat)


def _part_du_gestionnaire(
    etude: Etude,
    aides: Sequence[Subvention],
    dettes: Sequence[Dette],
    verses: Sequence[Ressource],
    loyer: Grandeur,
    charges_propriete: Grandeur,
) -> compte_exploitation.PartDuPlan:
    """What the plan puts in the account of the operator; grants, premises and contributions are its own when it orders the works."""
    ordonne = etude.acteurs.maitre_ouvrage == "gestionnaire"
    siennes = [d for d in dettes if d.emprunteur == etude.acteurs.gestionnaire]
    rendus = [x for r in verses for x in (r.reprise, r.remuneration) if x is not None]
    rendus += [a.rendu for a in aides if a.rendu is not None]
    return compte_exploitation.PartDuPlan(
        subventions=somme([a.acquise for a in aides] if ordonne else [], "Subventions d'investissement"),
        promises=_promises(aides) if ordonne else None,
        interets=somme([g for d in siennes for g in d.charges], "Intérêts du gestionnaire"),
        loyer=loyer,
        charges_propriete=charges_propriete if ordonne else None,
        remboursements=somme([g for d in siennes for g in d.rendus], "Remboursements du gestionnaire"),
        apports_rendus=somme(rendus if ordonne else [], "Apports et aides rendus par le gestionnaire"),
        accessoires=any(d.accessoires is not None for d in siennes),
    )


def _frais_du_porteur(
    etude: Etude, cal: Calendrier, dettes: Sequence[Dette], charges: Grandeur
) -> list[tuple[str, Grandeur]]:
    """Uses of who orders the works beside them: property charges before the opening, fees of its loans."""
    porteur = etude.acteurs.nom_maitre_ouvrage
    siennes = [d for d in dettes if d.emprunteur == porteur]
    frais = [(f"frais_{d.id}", du) for d in siennes if (du := d.accessoires_avant(cal)) is not None]
    if etude.immobilier is None:
        return frais
    return [("charges_travaux", total(charges * cal.avant_ouverture)), *frais]


def _bail_avant_les_recettes(
    etude: Etude, cal: Calendrier, achat: Entree, loyers: Loyers, dettes: Sequence[Dette]
) -> list[tuple[str, Grandeur]]:
    """What an operator that does not order the works pays before it earns; nothing when the study runs no place."""
    if etude.exploitation is None or etude.acteurs.maitre_ouvrage == "gestionnaire":
        return []
    siennes = [d for d in dettes if d.emprunteur == etude.acteurs.gestionnaire]
    return tresorerie.avant_les_recettes(cal, achat, loyers.gestionnaire, siennes)


def _prets_du_gestionnaire(etude: Etude, dettes: Sequence[Dette]) -> list[Grandeur]:
    """Loans of an operator that does not order the works: they pay for its start."""
    acteurs = etude.acteurs
    if acteurs.maitre_ouvrage == "gestionnaire" or etude.exploitation is None:
        return []
    return [d.capital for d in dettes if d.emprunteur == acteurs.gestionnaire and d.rachat is None]


def _promises(aides: Sequence[Subvention]) -> Grandeur | None:
    """Grants that somebody named gives; None when none is asked of nobody in particular."""
    nommees = [a.acquise for a in aides if a.aide.financeur != A_TROUVER]
    return somme(nommees, "Subventions promises ou demandées") if len(nommees) < len(aides) else None


def _prives(etude: Etude, verses: Sequence[Ressource]) -> list[Grandeur]:
    """Equity of private parties: neither that of the commune nor what nobody has promised, which leave public aid its room."""
    return [a.montant for a in verses if a.apporteur not in (A_TROUVER, etude.acteurs.commune)]
