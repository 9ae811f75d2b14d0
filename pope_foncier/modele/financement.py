"""Funding sheets of a study: entry costs and taxes, payment terms, grants, equity, loans, bridge."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from pope_foncier.baremes.dispositif import Evenement, TypeCondition
from pope_foncier.modele.declaration import Declaration
from pope_foncier.modele.donnee import DonneeEuros, DonneeMois, DonneeNombre, DonneePart, DonneeSurface, DonneeTaux
from pope_foncier.socle import fiches
from pope_foncier.socle.fiches import DureeMois, Fiche, Identifiant, Jour, Part, Texte, faute
from pope_foncier.socle.nombres import formater_nombre

StatutAide = Literal["acquise", "demandee", "esperee", "non_demandee"]


def couvrir_la_dette(cible: float | None) -> None:
    """Check a cover aimed at; an unknown one is not refused.

    Raises:
        PydanticCustomError: a cover under which the debt would not be paid.
    """
    if cible is not None and cible < 1.0:
        dite = formater_nombre(cible, 6, 0)
        raise faute(f"couverture visée de {dite} : la dette ne serait pas payée.", "écrire au moins 1.")


class Portage(Fiche):
    """Carrying by a public land body: it buys from the owner, holds, then sells at what it has spent."""

    porteur: Texte
    duree_mois: Annotated[DonneeMois, Declaration("Durée du portage", "mois")]
    """Months between its purchase and its sale; a purchase before the study starts is written in month 0."""
    frais_part: Annotated[DonneePart, Declaration("Frais de portage, part du prix", "%")]
    """Deed and works of safety, over the price, once."""
    frais_an_part: Annotated[DonneePart, Declaration("Frais de portage par an, part du prix", "%")]
    """Taxes, insurance and guarding less rents, over the price, each year of carrying."""


def refuser_l_activite_du_neuf(regime: str, part: DonneePart | None) -> None:
    """Refuse business premises stated for a new building: the additional tax of Île-de-France leaves it out (1594 F quinquies CGI, A).

    Raises:
        PydanticCustomError: field that nothing would read.
    """
    if regime == "neuf_ou_vefa" and part is not None:
        raise faute(
            "« locaux_d_activite_part » : la taxe additionnelle d'Île-de-France ne touche pas une vente neuve.",
            "le retirer, ou choisir « regime: ancien ».",
        )


class Achat(Fiche):
    """Purchase of the premises, paid when the works start; a lessor that does not order the works has no depreciation here."""

    vendeur: Texte
    portage: Portage | None = None
    droits_part_due: Annotated[DonneePart | None, Declaration("Droits de mutation, part due", "%")] = None
    """Share of the transfer duties that is due: 1 when left out, 0 for a local authority; the basis says why."""
    regime: Literal["ancien", "neuf_ou_vefa"]
    """Transfer duties at the common rate, or reduced for a new building or an off-plan purchase, whose price bears VAT."""
    prix: Annotated[DonneeEuros, Declaration("Prix convenu", "€")]
    """Price, before VAT for a new building [€]."""
    debours: Annotated[DonneeEuros, Declaration("Débours du notaire", "€")]
    """Disbursements of the notary [€]."""
    locaux_d_activite_part: Annotated[
        DonneePart | None, Declaration("Bureaux, commerces et stockage, part du prix", "%")
    ] = None
    """Share of the price that pays for offices, shops or storage on the day of the deed (1599 sexies CGI); not counted when left out."""

    @model_validator(mode="after")
    def _activite_ancienne(self) -> Achat:
        refuser_l_activite_du_neuf(self.regime, self.locaux_d_activite_part)
        return self


class Acquisition(Achat):
    """Purchase by the party that orders the works, whose account depreciates the building."""

    part_terrain: Annotated[DonneePart, Declaration("Part du terrain dans le prix", "%")]
    """Share of the price that is land, never depreciated."""
    duree_vie_mois: Annotated[DonneeMois, Declaration("Durée de vie du bâtiment", "mois")]
    """Life of the building bought, for its depreciation."""


class Taxes(Fiche):
    """Urban-planning taxes of the project: taxe d'aménagement, and the Île-de-France tax on the creation of offices."""

    surface_taxable_m2: Annotated[DonneeSurface, Declaration("Surface taxable", "m²")]
    """Area created, or whose use changes from an exempt one (taxe d'aménagement)."""
    taux_commune: Annotated[DonneePart, Declaration("Taxe d'aménagement, taux de la commune", "%")]
    taux_departement: Annotated[DonneePart, Declaration("Taxe d'aménagement, taux du département", "%")]
    taux_region: Annotated[DonneePart, Declaration("Taxe d'aménagement, taux de la région", "%")]
    amenagement_part_due: Annotated[DonneePart, Declaration("Taxe d'aménagement, part due", "%")]
    """1 when the tax is due, 0 when exempt; the basis says why."""
    amenagement_delai_mois: Annotated[DonneeMois, Declaration("Taxe d'aménagement, délai après la réception", "mois")]
    """Months from the reception of the works to the payment."""
    surface_bureaux_m2: Annotated[DonneeSurface, Declaration("Surface comptée en bureaux", "m²")]
    """Area that the office-creation tax counts."""
    bureaux_part_due: Annotated[DonneePart, Declaration("Taxe sur les bureaux, part supportée", "%")]
    """Share of the office-creation tax that the project bears: payer by real right, exemptions, contract."""
    terrain: Annotated[DonneeEuros, Declaration("Terrain, préparation et démolitions", "€")]
    """Price of land, preparation and demolition: base of the 30 % cap of the office-creation tax [€]."""
    terrain_part_imputable: Annotated[
        DonneePart | None, Declaration("Terrain, part imputable à la surface créée", "%")
    ] = None
    """Land already built upon in part: the cap counts it only for the share of the new area (R. 520-9 C. urb.); all of it when left out."""
    locaux: Literal["bureaux", "commerces"] | None = None
    """What the office-creation tax counts the place as; without it, shops for a company that runs what it builds, offices otherwise."""
    lecture_plafond: Literal["plafonnee", "brute"]
    """Whether the cap applies as the text reads, or not (prudent reading)."""


class Reglements(Fiche):
    """Payment terms of the works: progress curve, delay on invoices, retention released after the reception."""

    courbe: Literal["reguliere", "en_s"]
    delai_paiement_mois: Annotated[DonneeMois, Declaration("Délai de paiement des factures", "mois")]
    retenue_garantie_part: Annotated[DonneePart, Declaration("Retenue de garantie", "%")]
    retenue_garantie_mois: Annotated[DonneeMois, Declaration("Durée de la retenue de garantie", "mois")]


class CompensationTva(Fiche):
    """VAT that comes back: deducted by an owner subject to VAT, or compensated to a local authority (FCTVA)."""

    nature: Literal["recuperation", "fctva"]
    delai_mois: Annotated[DonneeMois | None, Declaration("Délai de retour de la TVA", "mois")] = None
    """Deduction, or FCTVA of the same year: months from the payment of an invoice to the refund."""
    annees: Literal[1, 2] | None = None
    """FCTVA: years from the spending to the payment."""
    mois_versement: Annotated[DonneeMois | None, Declaration("Mois de versement du FCTVA", "")] = None
    """FCTVA: month of the year of the payment, 1 to 12."""
    accord_prefecture: Texte | None = None
    """FCTVA: answer of the prefecture that admits the spending, with its date; it settles the conditions that the text leaves open."""

    @model_validator(mode="after")
    def _complete(self) -> CompensationTva:
        if self.nature == "recuperation" and self.accord_prefecture is not None:
            raise faute(
                "« accord_prefecture » d'une TVA récupérée : rien ne le lirait.",
                "le retirer, ou écrire « nature: fctva ».",
            )
        fiches.dans_l_annee(
            "mois de versement", self.mois_versement.valeur if self.mois_versement is not None else None
        )
        par_an = self.annees is not None and self.mois_versement is not None
        if (self.delai_mois is not None) == par_an or (self.nature == "recuperation" and par_an):
            raise faute(
                "calendrier du retour de TVA incomplet ou en double.",
                "récupération, ou FCTVA de l'année même : « delai_mois » ; FCTVA différé : « annees » (1 ou 2) et "
                "« mois_versement » (1 à 12).",
            )
        return self


class Apport(Fiche):
    """Equity and quasi-equity: own funds, self-financing, or a contribution given back later without interest."""

    id: Identifiant
    libelle: Texte
    apporteur: Texte
    nature: Literal["fonds_propres", "autofinancement", "droit_de_reprise"]
    montant: Annotated[DonneeEuros, Declaration("{libelle}, montant", "€")]
    mois_versement: Annotated[DonneeMois, Declaration("{libelle}, mois du versement", "mois")]
    """Months after the start."""
    reprise_differe_mois: Annotated[DonneeMois | None, Declaration("{libelle}, différé de reprise", "mois")] = None
    """Right of recovery: months after the payment before the first return."""
    reprise_duree_mois: Annotated[DonneeMois | None, Declaration("{libelle}, durée de la reprise", "mois")] = None
    """Right of recovery: months over which equal returns are made."""
    remuneration: Annotated[DonneeTaux | None, Declaration("{libelle}, rémunération", "%")] = None
    """Shares: capped return, paid each year from the opening to the end of the study [fraction a year]."""

    @model_validator(mode="after")
    def _reprise(self) -> Apport:
        dates = (self.reprise_differe_mois, self.reprise_duree_mois)
        if (self.nature == "droit_de_reprise") != all(d is not None for d in dates) or (None in dates and any(dates)):
            raise faute(
                "un apport avec droit de reprise a un différé et une durée de reprise, les autres n'en ont pas.",
                "accorder « nature », « reprise_differe_mois » et « reprise_duree_mois ».",
            )
        if self.remuneration is not None and self.nature != "fonds_propres":
            raise faute(
                "seules des parts (fonds propres) portent une rémunération.",
                "retirer « remuneration », ou écrire « nature: fonds_propres ».",
            )
        if self.reprise_duree_mois is not None and self.reprise_duree_mois.valeur == 0:
            raise faute("reprise sur 0 mois : l'apport ne serait jamais rendu.", "écrire au moins 1 mois.")
        return self


class Dispense(Fiche):
    """Condition that the study sets aside, and why: the aid stays counted, visibly to confirm."""

    condition: TypeCondition
    motif: Texte


class Versement(Fiche):
    """Instalment of an aid as agreed with the funder."""

    evenement: Evenement
    part: Part
    delai_mois: DureeMois


class Aide(Fiche):
    """Capital grant: a scheme of the catalogue, or a reading of the study; what the study states wins over the scheme."""

    id: Identifiant
    libelle: Texte
    financeur: Texte
    statut: StatutAide
    dispositif: Texte | None = None
    """Scheme of the catalogue (``piaje``), which then gives base, rule, caps, conditions and payments."""
    probabilite: Annotated[DonneePart | None, Declaration("{libelle}, chance de l'obtenir", "%")] = None
    """Chance to obtain it, for draws, the expected plan and the ratio of grants; the plan as written counts the full amount."""
    personne_publique: Literal["oui", "non", "deux_lectures"] = "oui"
    """Whether the funder is a public person, for an aid without a scheme (80 % rule of a public client)."""
    montant: Annotated[DonneeEuros | None, Declaration("{libelle}, montant énoncé", "€")] = None
    """Amount stated, when the funder or the study gives it in euros."""
    coefficient: Annotated[Part, Declaration("{libelle}, part accordée", "%")] = 1.0
    """Share really granted: 0 refused, 0.8 reduced by a fifth."""
    retard_mois: Annotated[DureeMois, Declaration("{libelle}, retard", "mois")] = 0
    date_avis: Jour | None = None
    """Day of the funder's opinion, which the works must wait for."""
    dispenses: tuple[Dispense, ...] = Field((), max_length=50)
    versements: tuple[Versement, ...] = Field((), max_length=50)
    par_place: Annotated[DonneeEuros | None, Declaration("{libelle}, montant par place", "€/place")] = None
    plafond_par_place: Annotated[DonneeEuros | None, Declaration("{libelle}, plafond par place", "€/place")] = None
    part_max: Annotated[DonneePart | None, Declaration("{libelle}, part maximale", "%")] = None
    engagement_ans: Annotated[DonneeNombre | None, Declaration("{libelle}, engagement d'usage", "ans")] = None
    reversement: Literal["prorata_restant", "total", "inconnu"] | None = None
    """What is given back when the use ends before the commitment; without it, what the scheme says."""
    part_subvention: Annotated[DonneePart | None, Declaration("{libelle}, part versée en subvention", "%")] = None
    """Share paid as a grant, the rest being a loan of the same funder."""
    pret_duree_mois: Annotated[DonneeMois | None, Declaration("{libelle}, durée de la part prêtée", "mois")] = None
    delai_versement_mois: Annotated[DonneeMois | None, Declaration("{libelle}, délai de versement", "mois")] = None
    remarque: Texte | None = None

    @model_validator(mode="after")
    def _complete(self) -> Aide:
        fiches.parts_completes("les parts des versements", [v.part for v in self.versements])
        if self.part_subvention is not None and self.pret_duree_mois is None:
            raise faute("une part est prêtée, sans durée du prêt.", "ajouter « pret_duree_mois ».")
        return self


class PretRelais(Fiche):
    """Bridge on the grants still to come: only those notified, and only the share that the lender advances."""

    preteur: Texte
    taux: Annotated[DonneeTaux, Declaration("Prêt relais, taux", "%")]
    taux_avance: Annotated[DonneePart, Declaration("Prêt relais, part avancée", "%")]
    statuts: tuple[StatutAide, ...] = ("acquise",)
    """Statuses of the aids that the lender accepts; the prudent reading keeps the notified ones."""
