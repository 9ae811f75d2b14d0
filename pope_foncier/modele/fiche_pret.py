"""Loan sheet: the terms of a loan, declared once, for a bank's offer, a loan of a study and a loan that closes a plan.

Each number is an input: a fact, an assumption, a scale, or unknown; written bare, it is a term of the sheet. The records of the
engine (``prets``) have the same fields: ``prets.conditions`` makes one of the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from pope_foncier.modele.declaration import Declaration, classes_dans
from pope_foncier.modele.donnee import (
    Donnee,
    DonneeEntier,
    DonneeEuros,
    DonneeMois,
    DonneeMoisSigne,
    DonneeNombre,
    DonneePart,
    DonneeTaux,
)
from pope_foncier.socle.fiches import Fiche, Identifiant, Jour, Nombre, Texte, faute

NomProfil = Literal[
    "annuite_constante",
    "capital_constant",
    "in_fine",
    "ballon",
    "progressif",
    "echeances_par_paliers",
    "echeance_fixe",
    "sculpte",
    "tableau_libre",
]
PROGRESSIFS: tuple[NomProfil, ...] = ("progressif",)
"""Profiles whose instalments grow each year."""
Rythme = Literal[12, 6, 4, 2, 1]
Terme = Literal["echu", "a_echoir"]
Conversion = Literal["proportionnelle", "equivalente"]
BaseJours = Literal["30/360", "exact/365", "exact/360", "exact/exact", "mois_normalise"]
Differe = Literal["aucun", "partiel", "total_capitalise", "total_simple", "interets_stockes", "interets_retenus"]
Arrondi = Literal["aucun", "echeance", "centime"]
InteretsPrefinancement = Literal["payes", "avance", "capitalises", "finances"]
PremierePeriode = Literal["repartie", "interets_en_plus"]
ModeRevision = Literal["simple", "double", "double_limitee"]
AssietteGarantie = Literal["initiale", "initiale_annuelle", "restante"]
ModeAssurance = Literal["capital_initial", "capital_restant_du", "prime_unique"]
ModeAnticipe = Literal["reduire_echeance", "reduire_duree"]
SortDesInterets = Literal["payes", "capitalises"]
ModeIndemnite = Literal[
    "aucune", "pourcentage", "mois_interets", "mois_interets_plafonnes", "plafond_legal", "actuarielle"
]

CONDITION_ECRITE = "condition écrite dans la fiche du prêt"
"""Basis of a bare number."""
FRAIS_DE_DOSSIER = "Frais de dossier"
"""Label of a fee written as one amount."""


class Clause(Fiche):
    """Part of a loan sheet whose numbers may be written bare; in a list it has an identifier, its rank when left out."""

    @model_validator(mode="before")
    @classmethod
    def _nombres_nus(cls, brut: Any) -> Any:
        return en_donnees(cls, brut, CONDITION_ECRITE) if isinstance(brut, Mapping) else brut


def en_donnees(modele: type[Fiche], brut: Mapping[str, Any], base: Any) -> dict[str, Any]:
    """Plain data of a loan whose bare numbers are inputs.

    Args:
        modele: sheet that the data are those of.
        base: basis of the bare numbers, or their source (plain data of a ``Reference``).
    """
    dit = {"source": base} if isinstance(base, Mapping) else {"base": base}
    lus: dict[str, Any] = {}
    for nom, valeur in brut.items():
        champ = modele.model_fields.get(nom)
        classe, multiple = next(iter(classes_dans(champ.annotation)), (object, False)) if champ else (object, False)
        if nom == "frais" and multiple and valeur is not None and not isinstance(valeur, list | tuple):
            valeur = [{"libelle": FRAIS_DE_DOSSIER, "montant": valeur}]  # noqa: PLW2901
        if multiple and isinstance(valeur, list | tuple) and issubclass(classe, Clause):
            lus[nom] = [_numerote(classe, x, rang, base) for rang, x in enumerate(valeur, 1)]
        elif issubclass(classe, Donnee) and not multiple and not isinstance(valeur, Mapping | Donnee | None):
            lus[nom] = {"valeur": valeur, **dit}
        elif issubclass(classe, Clause) and isinstance(valeur, Mapping):
            lus[nom] = en_donnees(classe, valeur, base)
        else:
            lus[nom] = valeur
    return lus


def _numerote(classe: type[Clause], brut: Any, rang: int, base: Any) -> Any:
    """Element of a list of clauses, known by its rank when nothing else names it."""
    if not isinstance(brut, Mapping):
        return brut
    nomme = {"id": str(rang)} if "id" in classe.model_fields else {}
    return {**nomme, **en_donnees(classe, brut, base)}


class FichePalier(Clause):
    """Known rate stage."""

    id: Identifiant = ""
    mois: Annotated[DonneeMois, Declaration("{libelle_pret}, palier {id}, durée", "mois")]
    taux: Annotated[DonneeTaux, Declaration("{libelle_pret}, palier {id}, taux", "%")]


class FichePalierEcheance(Clause):
    """Known payment stage."""

    id: Identifiant = ""
    mois: Annotated[DonneeMois, Declaration("{libelle_pret}, palier d'échéance {id}, durée", "mois")]
    montant: Annotated[DonneeEuros | None, Declaration("{libelle_pret}, palier d'échéance {id}, montant", "€")] = None
    coefficient: Annotated[
        DonneeNombre | None, Declaration("{libelle_pret}, palier d'échéance {id}, coefficient", "")
    ] = None


class FicheIndice(Clause):
    """Index from a month on."""

    id: Identifiant = ""
    a_partir_du_mois: Annotated[DonneeMois, Declaration("{libelle_pret}, indice {id}, premier mois", "mois")]
    indice: Annotated[DonneeTaux, Declaration("{libelle_pret}, indice {id}", "%")]


class FicheRevision(Clause):
    """Rate revision along an index path, which is a scenario: written here, or that of the study (``indexation``)."""

    indices: tuple[FicheIndice, ...] = Field((), max_length=1200)
    marge: Annotated[DonneeTaux | None, Declaration("{libelle_pret}, marge sur l'indice", "%")] = None
    premiere_mois: Annotated[DonneeMois | None, Declaration("{libelle_pret}, mois de la première révision", "mois")] = (
        None
    )
    tous_les_mois: Annotated[DonneeMois | None, Declaration("{libelle_pret}, mois entre deux révisions", "mois")] = None
    mode: ModeRevision = "simple"
    plafond: Annotated[DonneeTaux | None, Declaration("{libelle_pret}, plafond du taux", "%")] = None
    plancher: Annotated[DonneeTaux | None, Declaration("{libelle_pret}, plancher du taux", "%")] = None
    variation_max: Annotated[DonneeTaux | None, Declaration("{libelle_pret}, plus forte variation du taux", "%")] = None
    coefficient_echeance_max: Annotated[
        DonneeNombre | None, Declaration("{libelle_pret}, plus forte hausse de l'échéance", "")
    ] = None

    @model_validator(mode="after")
    def _ordre(self) -> Self:
        mois = [i.a_partir_du_mois.valeur for i in self.indices]
        connus = [m for m in mois if m is not None]
        if self.indices and (mois[0] != 0 or connus != sorted(set(connus))):
            raise faute(
                "les mois des indices ne partent pas de 0 ou ne croissent pas.", "les ranger à partir du mois 0."
            )
        return self


class FicheDeblocage(Clause):
    """Drawdown."""

    id: Identifiant = ""
    mois: Annotated[DonneeMois, Declaration("{libelle_pret}, déblocage {id}, mois", "mois")]
    part: Annotated[DonneePart | None, Declaration("{libelle_pret}, déblocage {id}, part", "%")] = None
    montant: Annotated[DonneeEuros | None, Declaration("{libelle_pret}, déblocage {id}, montant", "€")] = None


class FicheFrais(Clause):
    """Fee; ``mois`` may be negative, ``a_la_fin`` takes its place for an exit fee."""

    id: Identifiant = ""
    libelle: Texte = "frais"
    montant: Annotated[DonneeEuros | None, Declaration("{libelle_pret}, {libelle}, montant", "€")] = None
    taux: Annotated[DonneePart | None, Declaration("{libelle_pret}, {libelle}, part du capital", "%")] = None
    mois: Annotated[DonneeMoisSigne | None, Declaration("{libelle_pret}, {libelle}, mois", "mois")] = None
    a_la_fin: bool = False
    finances: bool = False
    dans_teg: bool = True


class Garantie(Clause):
    """Security of a loan, and what it costs: a mortgage by the scales of the deed, a guarantor's commission, or the commune for free."""

    genre: Literal["hypotheque", "caution", "garantie_communale"] = "caution"
    garant: Texte | None = None
    """Guarantor: who receives the commission; that of a guarantee of the commune is the commune of the study."""
    quotite: Annotated[DonneePart | None, Declaration("{libelle_pret}, quotité garantie", "%")] = None
    """Share of the loan that the guarantor covers."""
    commission: Annotated[DonneePart | None, Declaration("{libelle_pret}, commission de garantie", "%")] = None
    """Commission over the amount guaranteed: paid once, or each year (``assiette``)."""
    plafond: Annotated[DonneeEuros | None, Declaration("{libelle_pret}, montant garanti maximal", "€")] = None
    """Largest amount guaranteed [€]."""
    assiette: AssietteGarantie = "initiale"
    dans_teg: bool = True

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.genre == "garantie_communale":
            if self.quotite is None or any(x is not None for x in (self.garant, self.commission, self.plafond)):
                raise faute(
                    "une garantie de la commune a une quotité, et rien d'autre : la commune de l'étude est garante, sans commission.",
                    "garder « genre » et « quotite ».",
                )
        elif (self.genre == "caution") != (self.quotite is not None) or (
            self.genre == "hypotheque" and any(x is not None for x in (self.garant, self.commission, self.plafond))
        ):
            raise _garantie_incomplete()
        return self


def _garantie_incomplete() -> Exception:
    return faute(
        "une caution a un garant, une quotité et une commission ; une hypothèque n'en a pas.",
        "accorder « genre », « garant », « quotite », « commission » et « plafond ».",
    )


class FicheAssurance(Clause):
    """Borrower insurance."""

    mode: ModeAssurance = "capital_initial"
    taux: Annotated[DonneePart | None, Declaration("{libelle_pret}, assurance, taux", "%")] = None
    montant: Annotated[DonneeEuros | None, Declaration("{libelle_pret}, assurance, montant", "€")] = None
    financee: bool = False
    quotite: Annotated[DonneePart | None, Declaration("{libelle_pret}, assurance, quotité", "%")] = None


class FicheIndemnite(Clause):
    """Early repayment indemnity."""

    mode: ModeIndemnite = "aucune"
    pourcentage: Annotated[
        DonneePart | None, Declaration("{libelle_pret}, remboursement anticipé {id}, indemnité, part", "%")
    ] = None
    mois: Annotated[
        DonneeNombre | None,
        Declaration("{libelle_pret}, remboursement anticipé {id}, indemnité, mois d'intérêts", "mois"),
    ] = None
    taux_reference: Annotated[
        DonneeTaux | None, Declaration("{libelle_pret}, remboursement anticipé {id}, indemnité, taux de référence", "%")
    ] = None
    taux_moyen: Annotated[
        DonneeTaux | None,
        Declaration("{libelle_pret}, remboursement anticipé {id}, indemnité, taux moyen du prêt", "%"),
    ] = None


class FicheAnticipe(Clause):
    """Early repayment."""

    id: Identifiant = ""
    mois: Annotated[DonneeMois, Declaration("{libelle_pret}, remboursement anticipé {id}, mois", "mois")]
    montant: Annotated[DonneeEuros | None, Declaration("{libelle_pret}, remboursement anticipé {id}, montant", "€")] = (
        None
    )
    part: Annotated[DonneePart | None, Declaration("{libelle_pret}, remboursement anticipé {id}, part", "%")] = None
    mode: ModeAnticipe = "reduire_echeance"
    indemnite: FicheIndemnite = FicheIndemnite()


class FicheSuspension(Clause):
    """Holiday in mid-life: no principal for a time, after the instalment of a month."""

    id: Identifiant = ""
    mois: Annotated[DonneeMois, Declaration("{libelle_pret}, suspension {id}, mois", "mois")]
    duree_mois: Annotated[DonneeMois, Declaration("{libelle_pret}, suspension {id}, durée", "mois")]
    interets: SortDesInterets = "payes"
    allonge: bool = True


class FicheParticipation(Clause):
    """Participating remuneration."""

    valeur: Annotated[DonneeEuros, Declaration("{libelle_pret}, valeur de référence", "€")]
    croissance: Annotated[DonneeTaux, Declaration("{libelle_pret}, croissance de la valeur", "%")]
    part: Annotated[DonneePart, Declaration("{libelle_pret}, part de la croissance", "%")]


class Indexation(Clause):
    """Rate revised each year: index read in a scale, then its path, plus a margin."""

    bareme: Texte
    evolution: Texte
    marge: Annotated[DonneeTaux, Declaration("{libelle}, marge", "%")]


class TermesPret(Clause):
    """Terms of a loan: all that its sheet says but how much is lent, by whom and to whom."""

    taux: Annotated[DonneeTaux | None, Declaration("{libelle}, taux", "%")] = None
    duree_mois: Annotated[DonneeMois | None, Declaration("{libelle}, durée", "mois")] = None
    profil: NomProfil = "annuite_constante"
    periodes_par_an: Rythme = 12
    terme: Terme = "echu"
    conversion: Conversion = "proportionnelle"
    capitalisations_par_an: Annotated[DonneeEntier | None, Declaration("{libelle}, capitalisations par an", "")] = None
    base_jours: BaseJours = "30/360"
    base_premiere_periode: BaseJours | None = None
    date_debut: Jour | None = None
    """Day of the first drawdown; in a study it sets the month, instead of the start of the works."""
    date_premiere_echeance: Jour | None = None
    premiere_periode: PremierePeriode = "interets_en_plus"
    differe: Differe | None = None
    """Kind of grace; in a study, a grace whose kind is not said is partial: interest is paid."""
    differe_mois: Annotated[DonneeMois | None, Declaration("{libelle}, différé", "mois")] = None
    differe_en_plus: bool = False
    prefinancement_mois: Annotated[DonneeMois | None, Declaration("{libelle}, préfinancement", "mois")] = None
    interets_prefinancement: InteretsPrefinancement = "payes"
    commission_non_utilisation: Annotated[
        DonneePart | None, Declaration("{libelle}, commission de non-utilisation", "%")
    ] = None
    progression: Annotated[DonneeTaux | None, Declaration("{libelle}, progression des échéances", "%")] = None
    progression_annees: Annotated[DonneeEntier | None, Declaration("{libelle}, années de progression", "ans")] = None
    duree_profil_mois: Annotated[DonneeMois | None, Declaration("{libelle}, durée de calcul du ballon", "mois")] = None
    echeance: Annotated[DonneeEuros | None, Declaration("{libelle}, échéance fixe", "€")] = None
    paliers: tuple[FichePalier, ...] = Field((), max_length=1200)
    paliers_echeance: tuple[FichePalierEcheance, ...] = Field((), max_length=1200)
    service: tuple[Nombre, ...] | None = Field(None, max_length=1200)
    tableau: tuple[Nombre, ...] | None = Field(None, max_length=1200)
    revision: FicheRevision | None = None
    deblocages: tuple[FicheDeblocage, ...] = Field((), max_length=200)
    frais: tuple[FicheFrais, ...] = Field((), max_length=100)
    """Fees; one amount alone is the file fee, paid with the drawdown [€]."""
    garantie: Garantie | None = None
    assurance: FicheAssurance | None = None
    anticipes: tuple[FicheAnticipe, ...] = Field((), max_length=200)
    suspensions: tuple[FicheSuspension, ...] = Field((), max_length=200)
    participation: FicheParticipation | None = None
    arrondi: Arrondi = "aucun"

    @model_validator(mode="after")
    def _rien_a_deviner(self) -> Self:
        """A grace that is named has a length (interest withheld: the whole term), rising instalments a rise: left out, neither is zero."""
        if self.differe not in (None, "aucun", "interets_retenus") and self.differe_mois is None:
            raise faute("« differe » sans sa durée.", "ajouter « differe_mois », ou retirer « differe ».")
        if self.profil in PROGRESSIFS and self.progression is None:
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

    indexation: Indexation | None = None
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
            raise _garantie_incomplete()
        return self


class FicheRefinancement(Clause):
    """Another loan of the study that this one pays off, indemnity included."""

    pret: Identifiant
    mois: Annotated[DonneeMois, Declaration("{libelle_pret}, mois du prêt racheté", "mois")]
    """Months after the first drawdown of the loan paid off, one of its instalments."""
    indemnite: FicheIndemnite = FicheIndemnite()


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

    def _anticipe_de_trop(self) -> FicheAnticipe | None:
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
