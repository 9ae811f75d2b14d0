"""Clauses of a loan as a sheet writes them (rates, stages, drawdowns, fees, securities, events), and the words that they take."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from pope_foncier.modele.declaration import Declaration, classes_dans
from pope_foncier.modele.donnee import (
    Donnee,
    DonneeEuros,
    DonneeMois,
    DonneeMoisSigne,
    DonneeNombre,
    DonneePart,
    DonneeTaux,
)
from pope_foncier.socle.fiches import Fiche, Identifiant, Texte, faute

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
_PALIER, _ANTICIPE = "{libelle_pret}, palier d'échéance {id}", "{libelle_pret}, remboursement anticipé {id}"
_INDEMNITE = f"{_ANTICIPE}, indemnité"
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
    classes = _classes_des_champs(modele)
    for nom, valeur in brut.items():
        classe, multiple = classes.get(nom, (object, False))
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


@cache
def _classes_des_champs(modele: type[Fiche]) -> dict[str, tuple[type, bool]]:
    """Class of each field of a sheet, and whether it holds several."""
    return {nom: next(iter(classes_dans(c.annotation)), (object, False)) for nom, c in modele.model_fields.items()}


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
    mois: Annotated[DonneeMois, Declaration(f"{_PALIER}, durée", "mois")]
    montant: Annotated[DonneeEuros | None, Declaration(f"{_PALIER}, montant", "€")] = None
    coefficient: Annotated[DonneeNombre | None, Declaration(f"{_PALIER}, coefficient", "")] = None


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
            raise garantie_incomplete()
        return self


def garantie_incomplete() -> Exception:
    """Refusal of a security whose terms do not go together."""
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
    pourcentage: Annotated[DonneePart | None, Declaration(f"{_INDEMNITE}, part", "%")] = None
    mois: Annotated[DonneeNombre | None, Declaration(f"{_INDEMNITE}, mois d'intérêts", "mois")] = None
    taux_reference: Annotated[DonneeTaux | None, Declaration(f"{_INDEMNITE}, taux de référence", "%")] = None
    taux_moyen: Annotated[DonneeTaux | None, Declaration(f"{_INDEMNITE}, taux moyen du prêt", "%")] = None


class FicheAnticipe(Clause):
    """Early repayment."""

    id: Identifiant = ""
    mois: Annotated[DonneeMois, Declaration(f"{_ANTICIPE}, mois", "mois")]
    montant: Annotated[DonneeEuros | None, Declaration(f"{_ANTICIPE}, montant", "€")] = None
    part: Annotated[DonneePart | None, Declaration(f"{_ANTICIPE}, part", "%")] = None
    mode: ModeAnticipe = "reduire_echeance"
    indemnite: FicheIndemnite = FicheIndemnite.model_construct()


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
