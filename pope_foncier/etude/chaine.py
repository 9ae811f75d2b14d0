"""The chain: from a study to every line of its result, for one scenario, all its scenarios, or thousands of draws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from pope_foncier.acquisition import entree, immobilier
from pope_foncier.acquisition.entree import Entree
from pope_foncier.acquisition.immobilier import Loyers
from pope_foncier.aides import cumul as aides_cumulees
from pope_foncier.aides.cumul import Subvention
from pope_foncier.baremes.catalogue import Catalogue
from pope_foncier.etude import a_trouver, apports, plan, tresorerie
from pope_foncier.etude import boucleurs as bouclage
from pope_foncier.etude.fiche import Etude
from pope_foncier.etude.plan import PlanDeFinancement
from pope_foncier.etude.scenarios import Dossier, structure
from pope_foncier.exploitation import compte as compte_exploitation
from pope_foncier.exploitation.compte import CompteExploitation
from pope_foncier.exploitation.demarrage import avant_ouverture
from pope_foncier.lieu.site import Site
from pope_foncier.modele import calendrier
from pope_foncier.modele.calendrier import Calendrier
from pope_foncier.modele.contexte import Contexte
from pope_foncier.modele.declaration import ChampAbsent, declaration_de, lire_champ
from pope_foncier.modele.donnee import DonneeEntier, DonneeMois, DonneePart
from pope_foncier.modele.evolutions import Evolutions, lire_evolutions
from pope_foncier.modele.fiche_bouclage import A_TROUVER
from pope_foncier.modele.livre import Livre, verifier_nul
from pope_foncier.modele.ressource import Ressource
from pope_foncier.places import capacite, places_du_mode
from pope_foncier.places.capacite import Capacite
from pope_foncier.prets import prets_de_l_etude as prets
from pope_foncier.prets.dette import Dette
from pope_foncier.prets.prets_de_l_etude import Operation
from pope_foncier.prets.relais import Relais
from pope_foncier.socle.chemins import chemin_court, dossier_donnees
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.grandeur import Grandeur, Tableau, dire, somme, total
from pope_foncier.socle.memoire import exiger_memoire
from pope_foncier.socle.vocabulaire import connu_ou_zero, si, superieur
from pope_foncier.travaux import cout as cout_travaux
from pope_foncier.travaux.cout import CoutTravaux

BOUCLE_A = 0.5
"""Gap under which a plan is closed [€]: half a euro, the figures being shown in euros."""


def plan_ouvert(reste: Grandeur) -> Grandeur:
    """1 where the plan lacks money."""
    return connu_ou_zero(superieur(reste, BOUCLE_A))


def si_le_plan_boucle(grandeur: Grandeur, reste: Grandeur, ouvert: Grandeur) -> Grandeur:
    """Quantity that closing the plan would change: undetermined where the plan is open, by what it lacks."""
    return dire(si(ouvert, float("nan"), grandeur), "{} si le plan boucle ({} à trouver)", grandeur, reste)


@dataclass(frozen=True)
class Evaluation:
    """Result of one array evaluation: the ledger and the pieces that tables and ratios read."""

    ctx: Contexte[Etude, Site]
    noms: tuple[str, ...]
    """Names of the scenarios on the first axis (one name for draws)."""
    livre: Livre
    calendrier: Calendrier
    capacite: Capacite
    cout: CoutTravaux
    entree: Entree
    apports: tuple[Ressource, ...]
    """Equity, contributions and VAT that comes back."""
    subventions: tuple[Subvention, ...]
    dettes: tuple[Dette, ...]
    plan: PlanDeFinancement
    compte: CompteExploitation | None
    relais: Relais | None
    loyers: Loyers
    revente: Grandeur
    """What the holder of the premises finds again at the end, shape (…, 1)."""
    reste_du: Grandeur
    """What the project owner still owes at the end, shape (…, 1)."""
    parts: Mapping[str, Grandeur] = field(default_factory=dict)
    """What the gap gives to each closer, once the plan is closed by them: the expression that its amount equals."""

    def __repr__(self) -> str:
        return f"Evaluation({', '.join(self.noms)}, {'plan bouclé' if self.est_bouclee else 'plan tel quel'})"

    @property
    def est_bouclee(self) -> bool:
        """Whether the closers of the study are called: the closed plan, else the plan as it stands."""
        return bool(self.ctx.bouclage)


@dataclass(frozen=True)
class Moteur:
    """Engine: the law and the assumptions of a data folder, read once."""

    catalogue: Catalogue
    evolutions: Evolutions

    def __repr__(self) -> str:
        return f"Moteur({chemin_court(self.catalogue.dossier)!r})"

    @classmethod
    def ouvrir(cls, donnees: Path | None = None) -> Moteur:
        """Open the data folder of the project, or another one."""
        base = donnees or dossier_donnees()
        return cls(Catalogue(base / "baremes"), lire_evolutions(base / "hypotheses" / "evolutions.yaml"))

    def evaluer(self, dossier: Dossier, scenarios: Sequence[str] | None = None) -> list[Evaluation]:
        """Evaluate the scenarios of a study: one array call per group of the same structure, in order."""
        noms = list(scenarios or dossier.variantes)
        groupes: dict[object, list[str]] = {}
        for nom in noms:
            groupes.setdefault(structure(dossier.variantes[nom]), []).append(nom)
        return [
            calculer(
                Contexte(tuple(dossier.variantes[n] for n in groupe), dossier.site, self.catalogue, self.evolutions),
                groupe,
            )
            for groupe in groupes.values()
        ]

    def tirer(self, dossier: Dossier, tirages: Mapping[str, Tableau], etude: Etude | None = None) -> Evaluation:
        """Evaluate draws of the base study (or another): ``{field: values (D,)}``.

        Raises:
            ErreurCalcul: a field or a path that the study does not have; a draw of nothing would go unseen.
        """
        reference = etude or dossier.etude
        longueurs = sorted({len(v) for v in tirages.values()})
        if len(longueurs) > 1:
            raise ErreurCalcul(
                f"Tirages de longueurs différentes : {longueurs}. Donner le même nombre de valeurs à chaque champ."
            )
        inconnus = [c for c in tirages if not self.se_tire(c, reference)]
        if inconnus:
            raise ErreurCalcul(
                f"Tirages sur des champs que l'étude n'a pas : {', '.join(f'« {c} »' for c in inconnus)}. "
                "Reprendre le chemin d'un champ, par exemple travaux.cout_m2_ht, ou evolution.bt01."
            )
        valeurs = {c: admettre(c, lire_champ(reference, c), v) for c, v in tirages.items() if "evolution." not in c}
        ctx = Contexte((reference,), dossier.site, self.catalogue, self.evolutions, {**tirages, **valeurs})
        return calculer(ctx, ["base"])

    def se_tire(self, champ: str, etude: Etude) -> bool:
        """Whether a field of a study may hold an array of values: a number, an input, or an evolution path."""
        if champ.startswith("evolution."):
            return champ.removeprefix("evolution.") in self.evolutions.chemins
        try:
            declaration_de(etude, champ)
        except ChampAbsent:
            return False
        return lire_champ(etude, champ) is not None


def admettre(champ: str, valeur: Any, tirages: Tableau) -> Tableau:
    """Draws of a field as its sheet would admit them: whole months are rounded, a share stays between 0 and 1."""
    if isinstance(valeur, int) or type(valeur) in (DonneeMois, DonneeEntier):
        return np.floor(tirages + 0.5)
    part = type(valeur) is DonneePart or champ.endswith(".coefficient")
    if part and (np.any(tirages < 0.0) or np.any(tirages > 1.0)):
        raise ErreurCalcul(f"Tirages de « {champ} » : une part va de 0 à 1. Borner les valeurs.")
    return tirages


def moteur_du_projet() -> Moteur:
    """Engine on the project's own data folder, opened once a folder."""
    return _moteur_de(dossier_donnees())


@lru_cache(maxsize=1)
def _moteur_de(donnees: Path) -> Moteur:
    return Moteur.ouvrir(donnees)


_TABLEAUX, _TABLEAUX_TIRES = 250, 80
"""Arrays of months alive at the worst moment of an evaluation, by row: of scenarios, which keep their operands, or of draws."""


def _exiger_la_memoire(ctx: Contexte) -> None:
    """Refuse an evaluation of more rows than the memory holds."""
    rangees = max([len(ctx.variantes), *(np.size(v) for v in ctx.tirages.values())])
    tableaux = _TABLEAUX_TIRES if ctx.tirages else _TABLEAUX
    octets = 8.0 * rangees * ctx.echelle.duree_mois * tableaux
    exiger_memoire(octets, f"{rangees} tirages ou scénarios à la fois", "En demander moins, ou les évaluer par blocs.")


def calculer(ctx: Contexte, noms: Sequence[str]) -> Evaluation:
    """Compute every line of a study, in the order of dependence; identities are asserted on the way."""
    _exiger_la_memoire(ctx)
    livre = Livre(ctx.echelle)
    etude = ctx.etude
    cal = calendrier.etablir(ctx)
    cap = _retenir_les_places(ctx, livre)
    cout = cout_travaux.chiffrer(ctx, cal, cap)
    redevance = immobilier.redevance(ctx, livre, cal)
    achat = entree.chiffrer(ctx, livre, cal)
    verses = [*apports.apporter(ctx, livre, cal), *bouclage.apporter(ctx, livre, cal)]
    aides = aides_cumulees.calculer(ctx, livre, cal, cap.places, cout, achat, _prives(etude, verses))
    aides += bouclage.donner(ctx, livre, cal, cout.total_ttc)
    factures = tresorerie.paiements_des_travaux(ctx, cal, cout)
    operation = Operation(_cout_de_l_operation(cout, achat), factures["travaux"])
    dettes = [*prets.calculer(ctx, livre, cal, aides, operation), *bouclage.preter(ctx, livre, cal, operation)]
    porteur = etude.acteurs.nom_maitre_ouvrage
    interets = somme([g for d in dettes if d.emprunteur == porteur for g in d.courus], "Intérêts du porteur")
    _ajouter_les_interets_capitalises(livre, cal, dettes, porteur)
    paiements = tresorerie.payer_travaux(ctx, livre, cal, cout, factures)
    verses += bouclage.reporter(ctx, livre, cal)
    tva_rendue = _compenser_la_tva(ctx, livre, paiements, cout, achat)
    charges = immobilier.charges_du_porteur(ctx, livre, cal, cout)
    revente = immobilier.valeur_de_revente(ctx, cal, achat, cout)
    reste_du = apports.reste_a_rendre(ctx, dettes, verses)
    loyers = _loyers(ctx, livre, cal, redevance, revente, verses, reste_du)
    compte, avant = None, []
    if etude.exploitation is not None:
        du_plan = _part_du_gestionnaire(etude, aides, dettes, verses, loyers.gestionnaire, charges)
        compte = compte_exploitation.etablir(ctx, livre, cal, cap, cout, achat, du_plan)
        livre.inscrire("commune.contribution", compte.commune)
        avant = avant_ouverture(ctx, livre, cal)
    aides = a_trouver.appeler(ctx, livre, cal, aides)
    pont = tresorerie.relayer(ctx, livre, aides)
    demarrage = tresorerie.besoins_de_demarrage(ctx, cal, compte) if compte is not None else []
    frais = _frais_du_porteur(etude, cal, dettes, charges)
    depart = [*_bail_avant_les_recettes(etude, cal, achat, loyers, dettes), *avant, *demarrage]
    cloture = _fermer_le_plan(ctx, livre, cal, cout, redevance, interets, frais, depart, dettes)
    livre.cloturer()
    cumuls = {acteur: tresorerie.cumuler(livre, acteur) for acteur in parties_du_projet(etude)}
    a_trouver.mesurer(ctx, livre, cal, cumuls)
    evaluation = Evaluation(
        ctx,
        tuple(noms),
        livre,
        cal,
        cap,
        cout,
        achat,
        (*verses, *([tva_rendue] if tva_rendue else [])),
        tuple(aides),
        tuple(dettes),
        cloture,
        compte,
        pont,
        loyers,
        revente,
        reste_du,
    )
    if compte is not None and porteur == etude.acteurs.gestionnaire:
        _verifier_tresorerie(evaluation, cumuls[porteur], compte, [besoin for _, besoin in demarrage])
    return evaluation


def _cout_de_l_operation(cout: CoutTravaux, achat: Entree) -> Grandeur:
    """Cost of the works and of the purchase: what a loan given as a share is a share of."""
    return somme([cout.total_ttc, *(d.montant for d in achat.depenses)], "Coût de l'opération, achat compris")


def _ajouter_les_interets_capitalises(livre: Livre, cal: Calendrier, dettes: Sequence[Dette], porteur: str) -> None:
    """Interest added to the debt before the opening: a use of the plan that the loan itself funds."""
    for d in dettes:
        if d.capitalises is not None and d.emprunteur == porteur:
            ajoutes = total(d.capitalises * cal.avant_ouverture)
            livre.inscrire(
                f"ressources.{d.id}_interets_capitalises", ajoutes.nommer(f"Intérêts capitalisés : {d.libelle}")
            )


def _loyers(
    ctx: Contexte,
    livre: Livre,
    cal: Calendrier,
    redevance: Grandeur,
    revente: Grandeur,
    verses: Sequence[Ressource],
    reste_du: Grandeur,
) -> Loyers:
    """Rents: of the tenure, and of the operator, which pays that of its own letting when there is one."""
    if ctx.etude.bail_gestionnaire is None:
        return Loyers(redevance, redevance)
    return Loyers(redevance, *immobilier.louer(ctx, livre, cal, revente, verses, reste_du))


def _retenir_les_places(ctx: Contexte, livre: Livre) -> Capacite:
    """Places of the study, written with the area that they ask for."""
    cap = places_du_mode.retenir(ctx, capacite.calculer(ctx))
    livre.inscrire("programme.places", cap.places)
    livre.inscrire("programme.surface_requise", cap.surface_requise)
    livre.inscrire("programme.surface_place_suivante", cap.surface_suivante)
    return cap


def _compenser_la_tva(
    ctx: Contexte, livre: Livre, travaux: Grandeur, cout: CoutTravaux, achat: Entree
) -> Ressource | None:
    """VAT that the State gives back on what is paid, the purchase with it when it bears VAT."""
    acquisition = ctx.etude.acquisition
    if acquisition is not None and acquisition.regime == "neuf_ou_vefa":
        travaux = (travaux + livre["tresorerie.prix_achat"]).nommer("Dépenses payées TTC, achat compris")
    return apports.compenser_tva(ctx, livre, travaux, cout, achat)


def _fermer_le_plan(
    ctx: Contexte,
    livre: Livre,
    cal: Calendrier,
    cout: CoutTravaux,
    redevance: Grandeur,
    interets: Grandeur,
    frais: list[tuple[str, Grandeur]],
    depart: list[tuple[str, Grandeur]],
    dettes: Sequence[Dette],
) -> PlanDeFinancement:
    """Close the plan of who orders the works; the start of the operator is in it when they are one, beside it otherwise."""
    etude = ctx.etude
    chez_gestionnaire = etude.acteurs.maitre_ouvrage == "gestionnaire"
    au_bail = chez_gestionnaire or etude.bail_gestionnaire is not None
    siens = [] if chez_gestionnaire or etude.exploitation is None else dettes
    return plan.etablir(
        livre,
        cal,
        cout,
        redevance if au_bail else None,
        interets,
        [*frais, *depart] if chez_gestionnaire else frais,
        [] if chez_gestionnaire else depart,
        [d.capital for d in siens if d.emprunteur == etude.acteurs.gestionnaire and d.rachat is None],
    )


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


def parties_du_projet(etude: Etude) -> tuple[str, ...]:
    """Parties whose cash decides: who orders the works, and the operator when it is another and the study runs the place."""
    porteur, gestionnaire = etude.acteurs.nom_maitre_ouvrage, etude.acteurs.gestionnaire
    return (porteur,) if porteur == gestionnaire or etude.exploitation is None else (porteur, gestionnaire)


def _bail_avant_les_recettes(
    etude: Etude, cal: Calendrier, achat: Entree, loyers: Loyers, dettes: Sequence[Dette]
) -> list[tuple[str, Grandeur]]:
    """What an operator that does not order the works pays before it earns; nothing when the study runs no place."""
    if etude.exploitation is None or etude.acteurs.maitre_ouvrage == "gestionnaire":
        return []
    siennes = [d for d in dettes if d.emprunteur == etude.acteurs.gestionnaire]
    return tresorerie.avant_les_recettes(cal, achat, loyers.gestionnaire, siennes)


def _promises(aides: Sequence[Subvention]) -> Grandeur | None:
    """Grants that somebody named gives; None when none is asked of nobody in particular."""
    nommees = [a.acquise for a in aides if a.aide.financeur != A_TROUVER]
    return somme(nommees, "Subventions promises ou demandées") if len(nommees) < len(aides) else None


def _prives(etude: Etude, verses: Sequence[Ressource]) -> list[Grandeur]:
    """Equity of private parties: neither that of the commune nor what nobody has promised, which leave public aid its room."""
    return [a.montant for a in verses if a.apporteur not in (A_TROUVER, etude.acteurs.commune)]


def _verifier_tresorerie(
    ev: Evaluation, cumul: Grandeur, compte: CompteExploitation, demarrage: list[Grandeur]
) -> None:
    """The treasury against the account and the plan.

    Final cash = self-financing − what is given back − what the plan left unfunded + what it set aside for the start (opening
    losses, working capital: uses that nobody invoices), each part of the plan being counted for what is really paid or
    received within the horizon, and the aid of the Caf for what it has paid.
    """
    livre = ev.livre

    def mois(valeur: Tableau) -> Tableau:
        return np.asarray(valeur.sum(axis=-1))

    def hors_horizon(montant: Grandeur, *flux: Grandeur) -> Tableau:
        return np.asarray(montant.valeur[..., 0] - sum(mois(f.valeur) for f in flux))

    payes = (f"tresorerie.{poste}" for poste in ("etudes", "assurances", "travaux", "equipement"))
    postes = (livre[code] for code in payes if code in livre.lignes)
    ecarts = hors_horizon(ev.cout.total_ttc, *postes)
    ecarts = ecarts + sum(hors_horizon(d.montant, d.paiement) for d in ev.entree.depenses)
    ecarts = ecarts - sum(hors_horizon(a.subvention, a.versement) for a in ev.subventions)
    ecarts = ecarts - sum(hors_horizon(r.montant, r.encaisse) for r in ev.apports)
    siennes = [d for d in ev.dettes if d.emprunteur == ev.ctx.etude.acteurs.nom_maitre_ouvrage]
    for dette in siennes:
        if dette.rachat is None:
            ecarts = ecarts - hors_horizon(dette.capital, livre[f"emprunts.{dette.id}.deblocage"])
        if dette.frais is not None:
            codes = (f"emprunts.{dette.id}.{x}" for x in ("frais", "garantie"))
            ecarts = ecarts + hors_horizon(dette.frais, *(livre[c] for c in codes if c in livre.lignes))
    rendus: Tableau | float = sum(mois(d.remboursement.valeur) for d in siennes)
    ouvert = 1.0 - ev.calendrier.avant_ouverture.valeur
    rendus = rendus - sum(mois(d.capitalises.valeur * ouvert) for d in siennes if d.capitalises is not None)
    rendus = rendus - sum(mois(d.rachat.valeur) for d in siennes if d.rachat is not None)
    rendus = rendus + sum(mois(r.reprise.valeur) for r in ev.apports if r.reprise is not None)
    rendus = rendus + sum(mois(r.remuneration.valeur) for r in ev.apports if r.remuneration is not None)
    rendus = rendus + sum(mois(a.rendu.valeur) for a in ev.subventions if a.rendu is not None)
    rendus = rendus - mois(ev.entree.depot_rendu.valeur)
    encours_relais = livre["relais.encours"].valeur[..., -1] if "relais.encours" in livre.lignes else 0.0
    attendu = mois(compte.capacite_autofinancement.valeur) - rendus - ev.plan.reste_a_financer.valeur[..., 0]
    attendu = attendu + sum(besoin.valeur[..., 0] for besoin in demarrage) - compte.reste_du.valeur[..., 0]
    verifier_nul(
        cumul.valeur[..., -1] - attendu - ecarts - encours_relais,
        "trésorerie finale = autofinancement − remboursements − reste à financer",
    )
