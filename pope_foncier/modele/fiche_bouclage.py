"""Closing of a plan: who brings what is missing, in what order, up to what amount, and when it is paid."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from pope_foncier.modele.declaration import Declaration
from pope_foncier.modele.donnee import DonneeEuros, DonneeMois, DonneePart, DonneePositif
from pope_foncier.modele.fiche_pret import TermesDansUneEtude
from pope_foncier.modele.financement import StatutAide, Versement, couvrir_la_dette
from pope_foncier.socle.fiches import Fiche, Identifiant, Texte, faute, parts_completes

NatureBouclage = Literal["subvention", "fonds_propres", "droit_de_reprise", "pret", "report_travaux", "a_trouver"]

A_TROUVER = "À trouver"
"""Party of an unattributed grant: a working reading, never an actor."""

_CHAMPS: dict[str, tuple[tuple[NatureBouclage, ...], bool]] = {
    "apporteur": (("subvention", "fonds_propres", "droit_de_reprise", "pret"), True),
    "statut": (("subvention",), False),
    "versements": (("subvention", "a_trouver"), False),
    "mois_versement": (("fonds_propres", "droit_de_reprise"), True),
    "reprise_differe_mois": (("droit_de_reprise",), True),
    "reprise_duree_mois": (("droit_de_reprise",), True),
    "pret": (("pret",), True),
    "report_mois": (("report_travaux",), True),
}
"""Fields by nature: which natures take them, and whether they ask for them."""


class PretDeBouclage(TermesDansUneEtude):
    """Terms of a loan to the project owner; its amount is what is missing, within its limits."""

    duree_mois: Annotated[DonneeMois, Declaration("{libelle}, durée", "mois")]
    couverture_cible: Annotated[DonneePositif | None, Declaration("{libelle}, couverture visée", "")] = None
    """Cover of the debt service that no year may go below, ramp-up included: it limits the amount."""

    @model_validator(mode="after")
    def _couverture(self) -> PretDeBouclage:
        couvrir_la_dette(self.couverture_cible.valeur if self.couverture_cible is not None else None)
        return self


class Boucleur(Fiche):
    """Closer: brings what the plan lacks when its turn comes.

    Without amount nor share it takes all that is missing; ``plafond`` limits it. The order of the list is that of the calls.
    """

    id: Identifiant
    libelle: Texte
    nature: NatureBouclage
    apporteur: Texte | None = None
    montant: Annotated[DonneeEuros | None, Declaration("{libelle}, montant", "€")] = None
    part: Annotated[DonneePart | None, Declaration("{libelle}, part du manque", "%")] = None
    """Share of what the plan lacks before any closer."""
    plafond: Annotated[DonneeEuros | None, Declaration("{libelle}, plafond", "€")] = None
    statut: StatutAide = "esperee"
    versements: tuple[Versement, ...] = Field((), max_length=50)
    """Instalments of a grant; without them, it is paid when the works start, and what is to be found when the cash needs it."""
    mois_versement: Annotated[DonneeMois | None, Declaration("{libelle}, mois du versement", "mois")] = None
    """Own funds and contributions: months after the start."""
    reprise_differe_mois: Annotated[DonneeMois | None, Declaration("{libelle}, différé de reprise", "mois")] = None
    reprise_duree_mois: Annotated[DonneeMois | None, Declaration("{libelle}, durée de la reprise", "mois")] = None
    pret: PretDeBouclage | None = None
    report_mois: Annotated[DonneeMois | None, Declaration("{libelle}, report", "mois")] = None
    """Works put off: months after the opening at which they are done and paid, at the prices of that day."""
    remarque: Texte | None = None

    @model_validator(mode="after")
    def _champs_de_la_nature(self) -> Boucleur:
        for champ, (natures, exige) in _CHAMPS.items():
            donne = champ in self.model_fields_set and getattr(self, champ) not in (None, ())
            if donne and self.nature not in natures:
                raise faute(f"« {champ} » ne va pas avec « nature: {self.nature} ».", "le retirer.")
            if exige and not donne and self.nature in natures:
                raise faute(f"« nature: {self.nature} » demande « {champ} ».", f"ajouter « {champ} ».")
        if self.montant is not None and self.part is not None:
            raise faute("« montant » et « part » à la fois.", "n'en garder qu'un ; « plafond » limite une part.")
        if self.statut == "non_demandee":
            raise faute("un apport de bouclage « non demandé » ne boucle rien.", "le retirer, ou changer « statut ».")
        if self.reprise_duree_mois is not None and self.reprise_duree_mois.valeur == 0:
            raise faute("reprise sur 0 mois : l'apport ne serait jamais rendu.", "écrire au moins 1 mois.")
        parts_completes("les parts des versements", [v.part for v in self.versements])
        return self

    @property
    def libelle_pret(self) -> str:
        """Label, as the words of the clauses of its loan quote it."""
        return self.libelle

    @property
    def prend_le_reste(self) -> bool:
        """Whether it takes all that is missing, without a limit."""
        sans_cible = self.pret is None or self.pret.couverture_cible is None
        return self.montant is None and self.part is None and self.plafond is None and sans_cible

    @property
    def cle(self) -> str:
        """Its identifier among the resources of the ledger, whose others cannot have a dot."""
        return f"bouclage.{self.id}"

    @property
    def nom_apporteur(self) -> str:
        """Who brings it, « À trouver » when nobody was named."""
        return self.apporteur or A_TROUVER

    @property
    def est_a_trouver(self) -> bool:
        """Whether it is money that nobody was named for: a working reading. Works put off ask nobody for money."""
        return self.nature != "report_travaux" and self.nom_apporteur == A_TROUVER

    @property
    def sur_appel(self) -> bool:
        """Whether it is paid when the cash needs it: money of nobody, to which no date was given."""
        return self.nature == "a_trouver" and not self.versements


RESTE = Boucleur.model_construct(id="a_trouver", libelle="À trouver (lecture de travail)", nature="a_trouver")
"""What is still missing, read as a grant that nobody has promised."""

RESTE_EN_CAPITAL = Boucleur.model_construct(
    id="a_trouver",
    libelle="À trouver en capital (lecture de travail)",
    nature="fonds_propres",
    apporteur=A_TROUVER,
    mois_versement=DonneeMois.model_construct(valeur=0, base="apporté au départ, lecture de travail"),
)
"""The same for an owner that orders the works and lets: its rent pays what it brings, so a grant would pay for it twice."""

DEMARRAGE = Boucleur.model_construct(
    id="a_trouver_demarrage", libelle="Démarrage du gestionnaire, à trouver (lecture de travail)", nature="a_trouver"
)
"""What the operator of premises that their owner makes needs before its income comes, read as a grant that nobody has promised."""
