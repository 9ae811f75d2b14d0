"""Lines of a loan of a study: what was asked, the quantities it comes from, and the sentence of each column of its schedule."""

from __future__ import annotations

from pope_foncier.modele.fiche_pret import Pret, TermesDansUneEtude
from pope_foncier.modele.registre_des_lignes import nommer
from pope_foncier.prets import PROFILS
from pope_foncier.prets.colonnes import Echeances
from pope_foncier.prets.pret_sur_les_mois import Mensualites
from pope_foncier.socle.enregistrements import enregistrement
from pope_foncier.socle.grandeur import Grandeur, dire
from pope_foncier.socle.vocabulaire import decaler

RYTHMES_EN_CLAIR = {12: "mensuel", 6: "bimestriel", 4: "trimestriel", 2: "semestriel", 1: "annuel"}
DIFFERES_EN_CLAIR = {
    "partiel": "différé partiel",
    "total_capitalise": "différé total, intérêts capitalisés",
    "total_simple": "différé total, intérêts simples",
    "interets_stockes": "différé total, intérêts stockés",
    "interets_retenus": "intérêts retenus au déblocage",
}
AUTRES_FRAIS = ("frais[", "participation.", "commission_non_utilisation", "indemnite.")
_ACCESSOIRES = ("assurance.", "garantie.", *AUTRES_FRAIS)
"""Terms that move no instalment, unless the loan finances them."""


@enregistrement
class Demande:
    """Loan asked by the study, by one of its aids or by a closer."""

    cle: str
    libelle: str
    fiche: TermesDansUneEtude
    champ: str
    """Where its terms are read."""
    emprunteur: str
    preteur: str
    capital: Grandeur | None
    debut: Grandeur
    choc: str
    """Where a shock on its date strikes."""
    duree: Grandeur | None = None
    """Term, when the sheet of the loan does not hold it."""
    rachete_par: Pret | None = None
    """Loan that pays it off."""
    rachat: bool = False
    """Whether it pays off another."""


@enregistrement
class Operandes:
    """Quantities that a loan comes from: capital, rate, term, grace and month of the drawdown, then the other terms by path."""

    principales: tuple[Grandeur, ...]
    autres: dict[str, Grandeur]
    finance: bool
    """Whether accessory terms move the capital."""
    indexe: tuple[Grandeur, ...] = ()
    """Index and margin of a rate that follows one."""

    @classmethod
    def de(
        cls,
        demande: Demande,
        lues: dict[str, Grandeur],
        taux: Grandeur,
        suivis: tuple[Grandeur, ...],
        indexe: tuple[Grandeur, ...],
    ) -> Operandes:
        """Quantities of a loan asked, the payments that it follows with them."""
        premieres = (g for g in (demande.capital, taux, lues.get("duree_mois")) if g is not None)
        differe = lues.get("differe_mois", Grandeur(0.0, "Différé", "mois"))
        a_part = ("taux", "duree_mois", "differe_mois")
        autres = {n: g for n, g in lues.items() if n not in a_part} | {str(r): g for r, g in enumerate(suivis)}
        return cls((*premieres, differe, demande.debut), autres, finance_ses_frais(demande.fiche), indexe)

    @property
    def toutes(self) -> tuple[Grandeur, ...]:
        """All of them."""
        return (*self.principales, *self.autres.values())

    def avec(self, *accessoires: str) -> tuple[Grandeur, ...]:
        """Those of the schedule, and those of some accessories."""

        def retenue(chemin: str) -> bool:
            genre = next((a for a in _ACCESSOIRES if a in chemin), None)
            return genre is None or genre in accessoires or self.finance

        return (*self.principales, *(g for n, g in self.autres.items() if retenue(n)))


def finance_ses_frais(fiche: TermesDansUneEtude) -> bool:
    """Whether the loan finances fees or a premium: the capital drawn is more than what was asked."""
    return any(f.finances for f in fiche.frais) or (fiche.assurance is not None and fiche.assurance.financee)


@enregistrement
class LignesDuPret:
    """Lines of one loan: their sentence names its terms, and the rate and the balance of the month when its loan is no ordinary one."""

    demande: Demande
    echeances: Echeances
    operandes: Operandes

    @property
    def m(self) -> Mensualites:
        """Columns of the schedule."""
        return self.echeances.m

    def ligne(self, code: str, nom: str, quoi: str, avec: tuple[str, ...] = ()) -> Grandeur:
        """Monthly line of the schedule, by the end of its code: what it is in the sentence, and the accessory terms that it comes from."""
        dits = self._dits(avec)
        dite = dire(self.echeances.colonne(nom), self.gabarit(quoi, len(dits), du_mois=True), *dits)
        return nommer(f"emprunts.{self.demande.cle}.{code}", dite, self.demande.libelle)

    def fin(self) -> Grandeur:
        """Month after the last payment."""
        dits = self.operandes.avec()
        dite = dire(self.echeances.colonne("fin", axe=""), self.gabarit("fin", len(dits)), *dits)
        return dite.nommer(f"Fin : {self.demande.libelle}", "mois")

    def _dits(self, avec: tuple[str, ...]) -> tuple[Grandeur, ...]:
        dits = (*self.operandes.avec(*avec), *self.operandes.indexe)
        if self.m.taux is None:
            return dits
        avant = decaler(self.echeances.colonne("restant"), Grandeur(1.0)).nommer("restant dû le mois d'avant")
        return *dits, avant, self.echeances.colonne("taux").nommer("taux annuel du moment", "%")

    def gabarit(self, quoi: str, nombre: int, du_mois: bool = False) -> str:
        """Sentence of a line: what it is of, then the terms in the order of the operands."""
        fiche = self.demande.fiche
        en_clair = PROFILS[fiche.profil].libelle
        indexe, du_mois = du_mois and bool(self.operandes.indexe), du_mois and self.m.taux is not None
        suite = " ; taux : {} plus {}" if indexe else ""
        suite += " ; ce mois-ci : {}, {}" if du_mois else ""
        if self.m.fin is None:
            return f"{quoi} d'un prêt de {{}} à {{}} sur {{}} ({en_clair}, différé partiel {{}}, départ au mois {{}}){suite}"
        mots = [en_clair, RYTHMES_EN_CLAIR[fiche.periodes_par_an]]
        if fiche.differe in DIFFERES_EN_CLAIR:
            mots.append(DIFFERES_EN_CLAIR[fiche.differe])
        nombre -= 2 * (indexe + du_mois)
        return f"{quoi} d'un prêt ({', '.join(mots)}) : {', '.join(['{}'] * nombre)}{suite}"
