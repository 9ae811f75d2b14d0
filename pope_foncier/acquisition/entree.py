"""Entry costs: purchase, duties and notary of a sale or a long lease, deposit; urban-planning taxes."""

from __future__ import annotations

from dataclasses import field

import numpy as np

from pope_foncier.acquisition.suites_du_titre import ETAT, depot_de_garantie, frais_de_bail, parties, rendre_le_depot
from pope_foncier.modele.calendrier import Calendrier, au_mois
from pope_foncier.modele.contexte import Contexte
from pope_foncier.modele.financement import Achat
from pope_foncier.modele.livre import Livre
from pope_foncier.modele.registre_des_lignes import libelle, nommer
from pope_foncier.socle.aiguillages import aiguiller
from pope_foncier.socle.enregistrements import enregistrement
from pope_foncier.socle.grandeur import Grandeur, Tableau, maximum, minimum, poser, somme
from pope_foncier.socle.operations import Operation, Phrase, Raison
from pope_foncier.socle.vocabulaire import part_de
from pope_foncier.territoire.communes import ILE_DE_FRANCE, interlocuteurs

NOTAIRE = "Notaire et administrations"
FRAIS_DE_PORTAGE = "Notaire, impôts et garde du bien porté"
_MUTATION, _AMENAGEMENT, _BUREAUX = "fiscalite.mutation", "fiscalite.amenagement", "fiscalite.tcb"


@enregistrement
class Depense:
    """Use of the plan and its payment: amount, shape (…, 1), and what is paid each month, shape (…, M)."""

    code: str
    montant: Grandeur
    paiement: Grandeur


@enregistrement
class Entree:
    """Entry costs of the project, shape (…, 1) [€]."""

    prix: Grandeur
    """Price paid, VAT included when it bears VAT."""
    frais: Grandeur
    """Duties, notary, disbursements, of a purchase or of a long lease."""
    taxes: Grandeur
    loyer_capitalise: Grandeur
    """Rents of a long lease paid at once."""
    depenses: tuple[Depense, ...]
    du_gestionnaire: tuple[Depense, ...] = ()
    """Costs of the tenure that the operator of an owner who orders the works pays: uses of its own start."""
    depot_rendu: Grandeur = field(default_factory=lambda: nommer("tresorerie.depot_rendu", Grandeur(0.0)))
    """Deposit of the tenure given back to the project owner, by month."""

    @property
    def total(self) -> Grandeur:
        """Price and costs of the deed: what a grant that pays for land counts."""
        return (self.prix + self.frais).nommer("Coût d'entrée")


def chiffrer(ctx: Contexte, livre: Livre, cal: Calendrier) -> Entree:
    """Compute the entry costs of a study and write them, as uses and as payments."""
    depenses: list[Depense] = []
    du_gestionnaire: list[Depense] = []
    preneur = depenses if _preneur(ctx) else du_gestionnaire
    prix, frais = _acheter(ctx, livre, cal, depenses)
    capitalise = _capitaliser(ctx, livre, cal, depenses)
    frais = _enregistrer_le_bail(ctx, livre, cal, preneur, frais)
    depot = _deposer(ctx, livre, cal, preneur)
    taxes = _taxer(ctx, livre, cal, depenses)
    if ctx.etude.achat_bailleur is not None:
        _acheter_pour_louer(ctx, livre, cal, ctx.etude.achat_bailleur)
    return Entree(prix, frais, taxes, capitalise, tuple(depenses), tuple(du_gestionnaire), depot)


def taxe_sur_l_activite(ctx: Contexte, regime: str) -> Grandeur | None:
    """Rate of the additional tax of Île-de-France on the sale of offices, shops or storage (1599 sexies CGI); None where it does not exist.

    A new building sold with VAT is out of it (1594 F quinquies, A).
    """
    if regime != "ancien" or interlocuteurs(ctx.site.code_insee).region != ILE_DE_FRANCE:
        return None
    return ctx.bareme(f"{_MUTATION}.activite_ile_de_france")


def frais_de_mutation(
    ctx: Contexte, prix: Grandeur, regime: str, debours: Grandeur, activite: Grandeur | None = None
) -> dict[str, Grandeur]:
    """Cost of the deed of a sale [€]: transfer duties, notary with VAT, land-registry contribution, disbursements.

    Args:
        prix: price before VAT.
        regime: ``ancien`` (common rate: département, commune, collection) or ``neuf_ou_vefa`` (reduced rate).
        activite: share of the price that pays for offices, shops or storage; not counted when None.
    """
    if regime == "ancien":
        departement = ctx.bareme(f"{_MUTATION}.dmto_departement")
        en_plus = ctx.bareme(f"{_MUTATION}.dmto_commune"), ctx.bareme(f"{_MUTATION}.dmto_frais_assiette")
        taux = departement + en_plus[0] + departement * en_plus[1]
        additionnelle = taxe_sur_l_activite(ctx, regime)
        if activite is not None and additionnelle is not None:
            taux = taux + part_de(additionnelle, activite)
        taux = taux.nommer("Taux des droits de mutation", "%")
    else:
        taux = ctx.bareme(f"{_MUTATION}.dmto_neuf")
    emoluments = ctx.bareme_par_tranches(f"{_MUTATION}.notaire_vente", prix).nommer("Émoluments du notaire HT")
    frais = {
        "droits_mutation": prix * taux,
        "notaire": emoluments * (1.0 + ctx.bareme("fiscalite.tva.taux_normal")),
        "securite_immobiliere": prix * ctx.bareme(f"{_MUTATION}.csi_vente"),
        "debours": debours,
    }
    return {code: nommer(f"besoins.{code}", montant) for code, montant in frais.items()}


def _rien(surface: Tableau) -> Tableau:
    return np.multiply(surface, 0.0)


RIEN_A_TAXER = Operation(
    "rien_a_taxer",
    _rien,
    Phrase("rien à taxer : {}"),
    "{0}*0",
    Raison("marche", "la taxe ne se calcule que s'il y a quelque chose à taxer"),
)


def terrain_du_plafond(ctx: Contexte) -> Grandeur:
    """Land, preparation and demolition that the cap of the office-creation tax counts: the share of the new area of a plot already built [€]."""
    terrain = ctx.entree("taxes.terrain")
    if ctx.etude.taxes.terrain_part_imputable is None:
        return terrain
    return part_de(terrain, ctx.entree("taxes.terrain_part_imputable")).nommer("Terrain imputable à la surface créée")


def _tarif_des_locaux(ctx: Contexte) -> Grandeur:
    """Rate of the tax [€/m²]: a place run for profit receives its customers in a shop, any other crèche is an office.

    Conseil d'État, 27 January 2023, no. 452256: payment for a service is not enough to make it one for profit.
    """
    acteurs = ctx.etude.acteurs
    lucratif = acteurs.forme_maitre_ouvrage == "entreprise" and acteurs.maitre_ouvrage == "gestionnaire"
    locaux = ctx.etude.taxes.locaux or ("commerces" if lucratif else "bureaux")
    return ctx.bareme(f"{_BUREAUX}.{locaux}_zone2")


def taxe_bureaux(ctx: Contexte, surface: Grandeur, terrain: Grandeur) -> dict[str, Grandeur]:
    """Tax on the creation of offices in Île-de-France, zone 2 [€]: without the cap, and capped (L. 520-9 C. urb.)."""
    brute = (surface * _tarif_des_locaux(ctx)).nommer("Taxe sur les bureaux avant plafond")
    plafond = (terrain * ctx.bareme(f"{_BUREAUX}.plafond_part")).nommer("Plafond de la taxe sur les bureaux")
    return {"brute": brute, "plafonnee": minimum(brute, plafond).nommer("Taxe sur les bureaux plafonnée")}


def _acheter(ctx: Contexte, livre: Livre, cal: Calendrier, depenses: list[Depense]) -> tuple[Grandeur, Grandeur]:
    """Purchase by the project owner: price and cost of the deed, as uses of its plan."""
    fiche = ctx.etude.acquisition
    if fiche is None:
        return nommer("besoins.prix_achat", Grandeur(0.0)), Grandeur(0.0, "Frais d'acquisition", "€")
    prix, frais = _prix_et_frais(ctx, "acquisition", fiche)
    vendeur = _porter(ctx, livre, cal, "acquisition", fiche)
    quand, regime = cal.debut_travaux, _regime_de_tva(fiche)
    depenses.append(_inscrire(ctx, livre, "prix_achat", prix, quand, vendeur, regime))
    depenses += [_inscrire(ctx, livre, code, montant, quand, NOTAIRE) for code, montant in frais.items()]
    return prix, somme(frais.values(), "Frais d'acquisition")


def _acheter_pour_louer(ctx: Contexte, livre: Livre, cal: Calendrier, fiche: Achat) -> None:
    """Purchase by the lessor, which then gives the tenure: its own flows, outside the plan of the project owner."""
    prix, frais = _prix_et_frais(ctx, "achat_bailleur", fiche)
    bailleur = ctx.etude.acteurs.proprietaire
    vendeur = _porter(ctx, livre, cal, "achat_bailleur", fiche)
    du_prix = au_mois(ctx, prix, cal.debut_travaux)
    livre.inscrire("bailleur.prix", du_prix, bailleur, vendeur, _regime_de_tva(fiche))
    des_frais = au_mois(ctx, somme(frais.values(), "Frais d'acquisition du bailleur"), cal.debut_travaux)
    livre.inscrire("bailleur.frais", des_frais, bailleur, NOTAIRE)


def _prix_et_frais(ctx: Contexte, champ: str, fiche: Achat) -> tuple[Grandeur, dict[str, Grandeur]]:
    """Price, VAT included for a new building, and each cost of the deed [€]; a carried purchase sells at cost."""
    realiser = ctx.entree("realiser")
    hors_taxe = (ctx.entree(f"{champ}.prix") * realiser).nommer("Prix hors taxe")
    if fiche.portage is not None:
        hors_taxe = (hors_taxe * (1.0 + _frais_de_portage(ctx, champ))).nommer("Prix de sortie du portage, hors taxe")
    debours = ctx.entree(f"{champ}.debours") * realiser
    activite = None if fiche.locaux_d_activite_part is None else ctx.entree(f"{champ}.locaux_d_activite_part")
    frais = frais_de_mutation(ctx, hors_taxe, fiche.regime, debours, activite)
    if fiche.droits_part_due is not None:
        due = ctx.entree(f"{champ}.droits_part_due")
        frais["droits_mutation"] = nommer("besoins.droits_mutation", part_de(frais["droits_mutation"], due))
    prix = _avec_taxe(ctx, hors_taxe) if fiche.regime == "neuf_ou_vefa" else hors_taxe
    return nommer("besoins.prix_achat", prix, _regime_de_tva(fiche)), frais


def _regime_de_tva(fiche: Achat) -> str:
    """Word of the label of a price: a new building is sold with VAT."""
    return "ttc" if fiche.regime == "neuf_ou_vefa" else ""


def _avec_taxe(ctx: Contexte, hors_taxe: Grandeur) -> Grandeur:
    return hors_taxe * (1.0 + ctx.bareme("fiscalite.tva.taux_normal"))


def _porter(ctx: Contexte, livre: Livre, cal: Calendrier, champ: str, fiche: Achat) -> str:
    """Flows of a public land body that buys first, spends while it holds and sells at cost; who sells in the end.

    It buys that many months before its sale, in month 0 at the earliest; what it spends is written in the month of the sale.
    """
    portage = fiche.portage
    if portage is None:
        return fiche.vendeur
    prix = (ctx.entree(f"{champ}.prix") * ctx.entree("realiser")).nommer("Prix payé par le porteur foncier")
    frais = nommer("portage.frais", prix * _frais_de_portage(ctx, champ))
    if fiche.regime == "neuf_ou_vefa":
        prix, frais = _avec_taxe(ctx, prix).nommer(prix.nom), nommer("portage.frais", _avec_taxe(ctx, frais))
    avant = maximum(cal.debut_travaux - ctx.entree(f"{champ}.portage.duree_mois"), 0.0)
    quand = avant.nommer(libelle("portage.achat"), "mois après le départ")
    livre.inscrire("portage.achat", au_mois(ctx, prix, quand), portage.porteur, fiche.vendeur)
    livre.inscrire("portage.frais", au_mois(ctx, frais, cal.debut_travaux), portage.porteur, FRAIS_DE_PORTAGE)
    return portage.porteur


def _frais_de_portage(ctx: Contexte, champ: str) -> Grandeur:
    """What a public land body spends while it holds, over the price: once, then by year of carrying."""
    annees = ctx.entree(f"{champ}.portage.duree_mois") / 12
    par_an = ctx.entree(f"{champ}.portage.frais_an_part")
    return (ctx.entree(f"{champ}.portage.frais_part") + par_an * annees).nommer("Frais de portage, part du prix", "%")


def _capitaliser(ctx: Contexte, livre: Livre, cal: Calendrier, depenses: list[Depense]) -> Grandeur:
    """Rents of a long lease paid at once when the works start."""
    if ctx.etude.titre_occupation.loyer_capitalise is None:
        return nommer("besoins.loyer_capitalise", Grandeur(0.0))
    loyer = ctx.entree("titre_occupation.loyer_capitalise") * ctx.entree("realiser")
    proprietaire = ctx.etude.acteurs.proprietaire
    depenses.append(_inscrire(ctx, livre, "loyer_capitalise", loyer, cal.debut_travaux, proprietaire))
    return depenses[-1].montant


def _enregistrer_le_bail(
    ctx: Contexte, livre: Livre, cal: Calendrier, depenses: list[Depense], frais: Grandeur
) -> Grandeur:
    """Duties and fees of a long lease, paid by whoever takes it; their total with the cost of a purchase in the plan."""
    du_bail = frais_de_bail(ctx)
    for code, montant in du_bail.items():
        _payer_par_le_preneur(ctx, livre, cal, depenses, code, montant, NOTAIRE)
    return somme((frais, *du_bail.values()), "Frais d'acquisition ou de bail") if du_bail and _preneur(ctx) else frais


def _deposer(ctx: Contexte, livre: Livre, cal: Calendrier, depenses: list[Depense]) -> Grandeur:
    """Deposit of the tenure; what comes back of it to the project owner, by month."""
    if ctx.etude.titre_occupation.depot_garantie_mois is None:
        return nommer("tresorerie.depot_rendu", Grandeur(0.0))
    depot = depot_de_garantie(ctx)
    _payer_par_le_preneur(ctx, livre, cal, depenses, "depot_garantie", depot, parties(ctx)[1])
    rendu = rendre_le_depot(ctx, livre, cal, depot)
    return rendu if _preneur(ctx) else Grandeur(0.0, "Dépôt de garantie rendu au gestionnaire", "€")


def _preneur(ctx: Contexte) -> bool:
    """Whether the project owner is the one that takes the tenure: what it costs then belongs to the plan."""
    return bool(parties(ctx)[0] == ctx.etude.acteurs.nom_maitre_ouvrage)


def _payer_par_le_preneur(
    ctx: Contexte, livre: Livre, cal: Calendrier, depenses: list[Depense], code: str, montant: Grandeur, receveur: str
) -> None:
    """Cost of the tenure when it starts: a use of the plan, or of the start of the operator that takes it from who orders the works."""
    if _preneur(ctx):
        depenses.append(_inscrire(ctx, livre, code, montant, cal.debut_titre, receveur))
        return
    paiement = livre.inscrire(f"tresorerie.{code}", au_mois(ctx, montant, cal.debut_titre), parties(ctx)[0], receveur)
    depenses.append(Depense(code, montant, paiement))


def _taxer(ctx: Contexte, livre: Livre, cal: Calendrier, depenses: list[Depense]) -> Grandeur:
    fiche = ctx.etude.taxes
    if fiche is None:
        return Grandeur(0.0, "Taxes d'urbanisme", "€")
    realiser = ctx.entree("realiser")
    des_trois = [ctx.entree(f"taxes.taux_{qui}") for qui in ("commune", "departement", "region")]
    taux = somme(des_trois, "Taux de la taxe d'aménagement", "%")
    due = part_de(ctx.entree("taxes.surface_taxable_m2"), ctx.entree("taxes.amenagement_part_due"))
    taxable = (due * realiser).nommer("Surface taxée", "m²")
    amenagement = poser(RIEN_A_TAXER, taxable)
    if aiguiller(taxable):
        amenagement = taxable * ctx.bareme(f"{_AMENAGEMENT}.valeur_idf") * taux
    quand = cal.reception + ctx.entree("taxes.amenagement_delai_mois")
    depenses.append(_inscrire(ctx, livre, "taxe_amenagement", amenagement, quand, ETAT))
    part = ctx.entree("taxes.bureaux_part_due")
    surface_taxee = part_de(ctx.entree("taxes.surface_bureaux_m2"), part).nommer("Surface taxée en bureaux", "m²")
    bureaux = poser(RIEN_A_TAXER, surface_taxee)
    if aiguiller(surface_taxee):
        lectures = taxe_bureaux(ctx, surface_taxee, part_de(terrain_du_plafond(ctx), part))
        bureaux = lectures[fiche.lecture_plafond] * realiser
    depenses.append(_inscrire(ctx, livre, "taxe_bureaux", bureaux, cal.debut_travaux, ETAT))
    return somme((amenagement, bureaux), "Taxes d'urbanisme")


def _inscrire(
    ctx: Contexte, livre: Livre, code: str, montant: Grandeur, rang: Grandeur, receveur: str, nom: str = ""
) -> Depense:
    """Write a use of the plan and its payment."""
    montant = livre.inscrire(f"besoins.{code}", montant, nom=nom)
    qui = (ctx.etude.acteurs.nom_maitre_ouvrage, receveur, nom)
    return Depense(code, montant, livre.inscrire(f"tresorerie.{code}", au_mois(ctx, montant, rang), *qui))
