"""Loan sheet: the terms of a loan, declared once, for a bank's offer, a loan of a study and a loan that closes a plan.

Each number is an input: a fact, an assumption, a scale, or unknown; written bare, it is a term of the sheet. The records of the
engine (``prets``) have the same fields: ``prets.conditions`` makes one of the other.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer, model_validator

from pope_foncier.modele import clauses_de_pret as clauses
from pope_foncier.modele.declaration import Declaration
from pope_foncier.modele.donnee import DonneeEntier, DonneeEuros, DonneeMois, DonneePart, DonneeTaux
from pope_foncier.socle.fiches import Identifiant, Jour, Nombre, Texte, faute


class TermesPret(clauses.Clause):
    """Terms of a loan: all that its sheet says but how much is lent, by whom and to whom."""

    taux: Annotated[DonneeTaux | None, Declaration("{libelle}, taux", "%")] = None
    duree_mois: Annotated[DonneeMois | None, Declaration("{libelle}, durée", "mois")] = None
    profil: clauses.NomProfil = "annuite_constante"
    periodes_par_an: clauses.Rythme = 12
    terme: clauses.Terme = "echu"
    conversion: clauses.Conversion = "proportionnelle"
    capitalisations_par_an: Annotated[DonneeEntier | None, Declaration("{libelle}, capitalisations par an", "")] = None
    base_jours: clauses.BaseJours = "30/360"
    base_premiere_periode: clauses.BaseJours | None = None
    date_debut: Jour | None = None
    """Day of the first drawdown; in a study it sets the month, instead of the start of the works."""
    date_premiere_echeance: Jour | None = None
    premiere_periode: clauses.PremierePeriode = "interets_en_plus"
    differe: clauses.Differe | None = None
    """Kind of grace; in a study, a grace whose kind is not said is partial: interest is paid."""
    differe_mois: Annotated[DonneeMois | None, Declaration("{libelle}, différé", "mois")] = None
    differe_en_plus: bool = False
    prefinancement_mois: Annotated[DonneeMois | None, Declaration("{libelle}, préfinancement", "mois")] = None
    interets_prefinancement: clauses.InteretsPrefinancement = "payes"
    commission_non_utilisation: Annotated[
        DonneePart | None, Declaration("{libelle}, commission de non-utilisation", "%")
    ] = None
    progression: Annotated[DonneeTaux | None, Declaration("{libelle}, progression des échéances", "%")] = None
    progression_annees: Annotated[DonneeEntier | None, Declaration("{libelle}, années de progression", "ans")] = None
    duree_profil_mois: Annotated[DonneeMois | None, Declaration("{libelle}, durée de calcul du ballon", "mois")] = None
    echeance: Annotated[DonneeEuros | None, Declaration("{libelle}, échéance fixe", "€")] = None
    paliers: tuple[clauses.FichePalier, ...] = Field((), max_length=1200)
    paliers_echeance: tuple[clauses.FichePalierEcheance, ...] = Field((), max_length=1200)
    service: tuple[Nombre, ...] | None = Field(None, max_length=1200)
    tableau: tuple[Nombre, ...] | None = Field(None, max_length=1200)
    revision: clauses.FicheRevision | None = None
    deblocages: tuple[clauses.FicheDeblocage, ...] = Field((), max_length=200)
    frais: tuple[clauses.FicheFrais, ...] = Field((), max_length=100)
    """Fees; one amount alone is the file fee, paid with the drawdown [€]."""
    garantie: clauses.Garantie | None = None
    assurance: clauses.FicheAssurance | None = None
    anticipes: tuple[clauses.FicheAnticipe, ...] = Field((), max_length=200)
    suspensions: tuple[clauses.FicheSuspension, ...] = Field((), max_length=200)
    participation: clauses.FicheParticipation | None = None
    arrondi: clauses.Arrondi = "aucun"

    @model_validator(mode="after")
    def _rien_a_deviner(self) -> Self:
        """A grace that is named has a length (interest withheld: the whole term), rising instalments a rise: left out, neither is zero."""
        if self.differe not in (None, "aucun", "interets_retenus") and self.differe_mois is None:
            raise faute("« differe » sans sa durée.", "ajouter « differe_mois », ou retirer « differe ».")
        if self.profil in clauses.PROGRESSIFS and self.progression is None:
            raise faute("des échéances progressives sans leur progression.", "ajouter « progression » (par an).")
        return self

    @model_validator(mode="after")
    def _paliers_jusqu_au_terme(self) -> Self:
        """The last rate stage lasts until the term: beyond it, no rate is known."""
        mois = [p.mois.valeur for p in self.paliers]
        duree = None if self.duree_mois is None else self.duree_mois.valeur
        connus = [m for m in mois if m is not None]
        if mois and len(connus) == len(mois) and duree is not None and sum(connus) < duree:
            raise faute(
                f"les paliers de taux s'arrêtent au mois {sum(connus)}, le prêt au mois {duree}.",
                "allonger le dernier palier.",
            )
        return self


class TermesDansUneEtude(TermesPret):
    """Terms of a loan of a study, which may follow the index of the study and its works."""

    indexation: clauses.Indexation | None = None
    depart: Literal["travaux", "ouverture"] = "travaux"
    """When the loan is first drawn, without a date: with the works, or at the opening."""
    suit_les_travaux: bool = False
    """Drawn month by month as the works are paid, up to their reception."""

    @model_validator(mode="after")
    def _un_taux(self) -> Self:
        if (self.taux is None) == (self.indexation is None):
            raise faute("un prêt a un taux fixe ou une indexation.", "donner « taux » ou « indexation », pas les deux.")
        if self.revision is not None and bool(self.revision.indices) == (self.indexation is not None):
            raise faute(
                "une révision suit un seul indice.",
                "donner « indexation » (l'indice de l'étude), ou « indices » dans « revision ».",
            )
        if self.suit_les_travaux and (self.deblocages or self.date_debut or self.depart != "travaux"):
            raise faute(
                "un prêt débloqué avec les travaux prend les mois de leurs paiements.",
                "retirer « deblocages », « date_debut » et « depart », ou « suit_les_travaux ».",
            )
        g = self.garantie
        if g is not None and g.genre == "caution" and (g.garant is None or g.commission is None):
            raise clauses.garantie_incomplete()
        return self


class FicheRefinancement(clauses.Clause):
    """Another loan of the study that this one pays off, indemnity included."""

    pret: Identifiant
    mois: Annotated[DonneeMois, Declaration("{libelle_pret}, mois du prêt racheté", "mois")]
    """Months after the first drawdown of the loan paid off, one of its instalments."""
    indemnite: clauses.FicheIndemnite = clauses.FicheIndemnite.model_construct()


class Pret(TermesDansUneEtude):
    """Loan of a study: how much is lent, by whom and to whom, and its terms."""

    id: Identifiant
    libelle: Texte
    preteur: Texte
    emprunteur: Literal["proprietaire", "gestionnaire"]
    montant: Annotated[DonneeEuros | None, Declaration("{libelle}, montant", "€")] = None
    part: Annotated[DonneePart | None, Declaration("{libelle}, part du coût", "%")] = None
    """Share of the cost of the works and of the purchase, in place of an amount."""
    refinance: FicheRefinancement | None = None
    """Loan that this one pays off, which gives its amount and its date."""
    produit: Texte | None = None
    """Product of the catalogue that its terms come from and whose bounds it keeps."""
    objet: Texte | None = None
    """What it pays for, when the bounds of its product depend on it."""
    tranche_taux: Literal["moins_2_ans", "2_10_ans", "10_20_ans", "20_ans_et_plus", "variable"] | None = None
    """Band of durations that the rate was published for, to compare with the term."""

    @property
    def libelle_pret(self) -> str:
        """Label, as the words of its clauses quote it."""
        return self.libelle

    @model_serializer(mode="wrap")
    def _dit_contre_son_produit(self, suite: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Plain data; of a loan that comes from a product, with the terms that it would say otherwise, written even at their default."""
        brut: dict[str, Any] = suite(self)
        if self.produit is not None:
            brut |= {"profil": self.profil, "periodes_par_an": self.periodes_par_an}
        return brut

    @property
    def se_cherche(self) -> bool:
        """Whether its amount may be sought alone: it is stated, and no other amount of its sheet has to follow it."""
        lies = [*(d.montant for d in self.deblocages), *(p.montant for p in self.paliers_echeance)]
        fixes = (self.echeance, self.service, self.tableau, *lies)
        return self.montant is not None and all(x is None for x in fixes)

    @model_validator(mode="after")
    def _un_montant(self) -> Self:
        donnes = [x for x in (self.montant, self.part, self.refinance) if x is not None]
        if self.service is None and len(donnes) != 1:
            raise faute(
                "un prêt a un montant, ou une part du coût, ou le prêt qu'il rachète.",
                "donner « montant », « part » ou « refinance », ou « service » pour une dette sculptée ; pour prêter ce qui manque au plan, le mettre dans « bouclage » (nature: pret).",
            )
        if self.refinance is not None and (self.garantie or self.date_debut or self.suit_les_travaux or self.frais):
            raise faute(
                "un prêt qui en rachète un autre part à la date du rachat, sans frais ni sûreté comptés ici.",
                "retirer « frais », « garantie », « date_debut » et « suit_les_travaux » ; ses frais vont dans « indemnite ».",
            )
        if (trop := self._anticipe_de_trop()) is not None:
            raise faute(
                f"remboursement anticipé du mois {trop.mois.valeur} : plus que le prêt.",
                "réduire son « montant », ou le retirer pour tout solder.",
            )
        if all(x is None for x in (self.duree_mois, self.echeance, self.service, self.tableau)):
            raise faute("un prêt sans durée.", "ajouter « duree_mois », ou les échéances qui la font.")
        return self

    def _anticipe_de_trop(self) -> clauses.FicheAnticipe | None:
        """Early repayment larger than the loan, when what is due cannot rise above its amount."""
        finances = any(f.finances for f in self.frais) or (self.assurance is not None and self.assurance.financee)
        hausse = (
            self.differe in ("total_capitalise", "total_simple", "interets_stockes") or self.suspensions or finances
        )
        if hausse or self.interets_prefinancement in ("capitalises", "finances"):
            return None
        prete = None if self.montant is None else self.montant.valeur
        montants = ((a, None if a.montant is None else a.montant.valeur) for a in self.anticipes)
        return next((a for a, m in montants if m is not None and prete is not None and m > prete), None)
