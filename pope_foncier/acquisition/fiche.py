"""Property sheets of a study: what the owner accepts, prices and terms, running charges, letting to the operator."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import model_validator

from pope_foncier.acquisition.titres import GenreTitre, Voie, titre_de
from pope_foncier.modele.declaration import Declaration
from pope_foncier.modele.donnee import DonneeEuros, DonneeMois, DonneePart, DonneePositif, DonneeTaux
from pope_foncier.modele.financement import refuser_l_activite_du_neuf
from pope_foncier.socle.fiches import Annee, Fiche, Texte, faute


class Immobilier(Fiche):
    """Running charges of the premises, borne by whoever holds them, from the start of works to the end of the tenure."""

    taxe_fonciere_m2_an: Annotated[DonneePositif, Declaration("Taxe foncière", "€/m²/an")]
    assurance_m2_an: Annotated[DonneePositif, Declaration("Assurance du bâtiment", "€/m²/an")]
    entretien_m2_an: Annotated[DonneePositif, Declaration("Gros entretien", "€/m²/an")]
    """Heavy maintenance and renewal, spent as it is set aside [€/m²/year]."""
    annee_prix: Annee
    part_revente: Annotated[DonneePart, Declaration("Part du coût retrouvée à la revente", "%")]
    """Share of price and works found again at the end of the study by a holder who may sell."""


class Renouvellement(Fiche):
    """Renewal of a tenure, term after term, up to the end of the study: a reading for a common horizon, never a right."""

    hausse_part: Annotated[DonneeTaux, Declaration("Hausse du loyer à chaque renouvellement", "%")]
    """Step of the rent at each renewal, over indexation [fraction]."""
    reinstallation_part: Annotated[DonneePart, Declaration("Travaux refaits à chaque renouvellement", "%")]
    """Works done again at each renewal, over the first works before indexation."""


class TitreOccupation(Fiche):
    """Tenure: right to use the premises."""

    genre: GenreTitre
    droits_reels: bool
    duree_mois: Annotated[DonneeMois, Declaration("Durée du titre d'occupation", "mois")]
    loyer_m2_an: Annotated[DonneePositif, Declaration("Loyer ou redevance", "€/m²/an")]
    """Rent before VAT [€/m²/year], paid from the start of works, or from the handover of premises that their owner makes."""
    tva_part: Annotated[DonneePart | None, Declaration("Part du loyer soumise à la TVA", "%")] = None
    """Share of the rent that bears VAT, which a crèche does not recover: 1 when the lessor charges it; the basis says why."""
    franchise_mois: Annotated[DonneeMois | None, Declaration("Franchise de loyer", "mois")] = None
    """Months free of rent, from the start of the tenure; recoverable charges stay due."""
    charges_m2_an: Annotated[DonneePositif | None, Declaration("Charges récupérables", "€/m²/an")] = None
    """Recoverable charges: common parts, services, taxes of the occupier [€/m²/year]."""
    depot_garantie_mois: Annotated[DonneeMois | None, Declaration("Dépôt de garantie, mois de loyer", "mois")] = None
    """Deposit, in months of rent before VAT, paid at the start of the tenure and given back in the last month of use."""
    remise_en_etat_m2: Annotated[DonneePositif | None, Declaration("Remise en état des lieux", "€/m²")] = None
    """Restoring of the premises, with VAT, paid in the last month of use, at the prices of the year of departure [€/m²]."""
    notaire_bail: Annotated[DonneeEuros | None, Declaration("Notaire du bail, devis TTC", "€")] = None
    """Notary's fee of a published lease, with VAT, when a quote is known: in place of the scale [€]."""
    loyer_capitalise: Annotated[DonneeEuros | None, Declaration("Loyers de tout le bail, payés d'avance", "€")] = None
    """Rents of the whole term paid at once when the works start, in place of the yearly rent [€]."""
    droit_bail_du: bool = True
    """Whether a long lease bears the land-registration tax; works that make a new building may spare it."""
    renouvellement: Renouvellement | None = None

    @model_validator(mode="after")
    def _capitalisable(self) -> TitreOccupation:
        titre = titre_de(self.genre)
        if self.loyer_capitalise is not None and not titre.loyer_capitalise:
            raise faute(
                f"{titre.libelle} : un loyer capitalisé n'existe que pour un bail emphytéotique.",
                "retirer « loyer_capitalise », ou changer « genre ».",
            )
        if self.loyer_capitalise is not None and self.renouvellement is not None:
            raise faute(
                "un loyer payé d'avance ne dit rien du terme suivant.",
                "retirer « renouvellement », ou donner un loyer annuel.",
            )
        return self


SUITES_DU_TITRE = (
    "tva_part",
    "franchise_mois",
    "charges_m2_an",
    "depot_garantie_mois",
    "remise_en_etat_m2",
    "notaire_bail",
    "droit_bail_du",
)
"""What goes with the rent of a tenure: what a montage under the tenure of the study keeps of it."""


class BailGestionnaire(Fiche):
    """Letting by the project owner to the operator, from the opening to the end of the tenure."""

    bailleur: Texte | None = None
    """Who gives its tenure to the project owner, when it does not own."""
    genre: GenreTitre = "bail_civil"
    """Tenure of the letting, which gives the index of its rent."""
    loyer: Literal["fixe", "equilibre", "gratuit"]
    """``equilibre``: the rent at which the owner's account closes at the return wanted."""
    loyer_m2_an: Annotated[DonneePositif | None, Declaration("Loyer du gestionnaire", "€/m²/an")] = None
    rendement: Annotated[DonneeTaux | None, Declaration("Rendement voulu par le porteur", "%")] = None
    """Return wanted by the owner on what it brings [fraction a year]."""
    reserve_part: Annotated[DonneePart | None, Declaration("Part du loyer mise en réserve", "%")] = None
    """Share of the rent that the owner keeps in reserve to the end: it does not serve the return."""
    tva: bool = False
    """Whether the rent bears VAT, by option of an owner who recovers its own."""

    @model_validator(mode="after")
    def _complete(self) -> BailGestionnaire:
        if (self.loyer == "fixe") != (self.loyer_m2_an is not None):
            raise faute(
                "loyer fixe sans montant, ou montant sans loyer fixe.", "accorder « loyer » et « loyer_m2_an »."
            )
        if self.reserve_part is not None and self.reserve_part.valeur == 1:
            raise faute("tout le loyer mis en réserve : rien ne servirait la dette.", "écrire une part inférieure à 1.")
        if self.loyer == "equilibre" and self.rendement is None:
            raise faute("loyer d'équilibre sans rendement voulu.", "ajouter « rendement » (0 pour une commune).")
        return self


class Possibilite(Fiche):
    """Whether the site opens a way to a tenure, and why."""

    reponse: Literal["oui", "non", "inconnu"]
    raison: Texte
    aupres_de: Texte | None = None

    @model_validator(mode="after")
    def _qui(self) -> Possibilite:
        if self.reponse == "inconnu" and self.aupres_de is None:
            raise faute("possibilité inconnue sans personne à qui la demander.", "ajouter « aupres_de ».")
        return self


class Foncier(Fiche):
    """What the montages of a site choose from: facts and assumptions on its property."""

    proprietaire_actuel: Texte
    regime: Literal["ancien", "neuf_ou_vefa"]
    voies: dict[Voie, Possibilite]
    portage_public: Possibilite
    """Whether the public land body (EPFIF) may buy first."""
    prix: Annotated[DonneeEuros, Declaration("Prix d'achat supposé", "€")]
    debours: Annotated[DonneeEuros, Declaration("Débours du notaire, achat supposé", "€")]
    locaux_d_activite_part: Annotated[
        DonneePart | None, Declaration("Bureaux, commerces et stockage, part du prix d'achat supposé", "%")
    ] = None
    """What the property is used for on the day of the deed: share of the price under the additional tax of Île-de-France."""
    part_terrain: Annotated[DonneePart, Declaration("Part du terrain dans le prix d'achat supposé", "%")]
    duree_vie_mois: Annotated[DonneeMois, Declaration("Durée de vie du bâtiment acheté", "mois")]
    frais_portage_part: Annotated[DonneePart, Declaration("Frais du portage public, part du prix", "%")]
    """Cost of the carrying over the price, once."""
    frais_portage_an_part: Annotated[DonneePart, Declaration("Frais du portage public par an, part du prix", "%")]
    """Cost of the carrying over the price, each year."""
    portage_mois: Annotated[DonneeMois, Declaration("Durée du portage public", "mois")]
    """Months between the purchase by the public land body and its sale."""
    loyer_simple_m2_an: Annotated[DonneePositif, Declaration("Loyer supposé d'un bail simple", "€/m²/an")]
    loyer_long_m2_an: Annotated[DonneePositif, Declaration("Redevance supposée d'un bail de longue durée", "€/m²/an")]
    redevance_m2_an: Annotated[
        DonneePositif, Declaration("Redevance supposée d'une convention d'occupation", "€/m²/an")
    ]
    bail_simple_mois: Annotated[DonneeMois, Declaration("Durée d'un bail simple", "mois")]
    bail_long_mois: Annotated[DonneeMois, Declaration("Durée d'un bail de longue durée", "mois")]
    convention_mois: Annotated[DonneeMois, Declaration("Durée d'une convention d'occupation", "mois")]
    immobilier: Immobilier
    rendement_sci: Annotated[DonneeTaux, Declaration("Rendement voulu par une SCI", "%")]
    rendement_fonciere: Annotated[DonneeTaux, Declaration("Rendement voulu par une foncière", "%")]
    apport_sci: Annotated[DonneeEuros, Declaration("Fonds propres d'une SCI solidaire", "€")]
    """Equity of the solidarity property company: members and solidarity savers [€]."""
    apport_scic: Annotated[DonneeEuros, Declaration("Parts d'une Scic qui achète et gère", "€")]
    """Shares of a Scic that buys and operates: staff, users, supporters, savers [€]."""
    reserve_part: Annotated[DonneePart, Declaration("Part du loyer mise en réserve par un porteur qui loue", "%")]
    """Share of the rent that a letting owner keeps in reserve."""
    renouvellement: Renouvellement
    """What a renewal of a tenure costs, for the comparison on one horizon."""
    pret_duree_max_mois: Annotated[DonneeMois, Declaration("Durée maximale d'un prêt", "mois")]
    pret_marge_mois: Annotated[DonneeMois, Declaration("Marge entre la fin du prêt et celle du titre", "mois")]
    """Months between the end of the loan and that of the tenure."""
    tva_delai_mois: Annotated[DonneeMois, Declaration("Délai de retour de la TVA d'un porteur qui loue", "mois")]
    fctva_mois: Annotated[DonneeMois, Declaration("Mois de versement du FCTVA d'une commune", "")]
    fctva_annees: Literal[1, 2]
    taux_actualisation: Annotated[DonneeTaux, Declaration("Taux d'actualisation", "%")]
    contribution_max_par_place: Annotated[DonneeEuros, Declaration("Contribution maximale de la commune", "€/place/an")]
    """Highest contribution that the commune pays to the operation by place, in the cruising year and in the euros of that year: what is paid, not its
    lump at the prices of the study, nor its whole cost."""

    @model_validator(mode="after")
    def _activite_ancienne(self) -> Foncier:
        refuser_l_activite_du_neuf(self.regime, self.locaux_d_activite_part)
        return self
