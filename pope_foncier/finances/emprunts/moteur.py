"""Loan engine: from terms to a schedule, for one loan or D different loans, by one code path.

The life of a loan is cut at its events (rate stages, drawdowns, early repayments). Between two events the rate is
constant, so a segment is a closed form over (draws × rows); only what forces a recurrence (cents, real days, payment
caps) is unrolled row by row (``contractuel``). There is no loop over draws.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from pope_foncier.finances.emprunts import cout, rembourse_anticipe
from pope_foncier.finances.emprunts.clauses import Anticipe, Deblocage
from pope_foncier.finances.emprunts.contractuel import au_centime
from pope_foncier.finances.emprunts.conversions import Tableau
from pope_foncier.finances.emprunts.deblocage import Tirages, tirages_de
from pope_foncier.finances.emprunts.durees import fractions_annee, longueurs
from pope_foncier.finances.emprunts.profils import PROFILS, Situation, au_plus, nombre_echeances
from pope_foncier.finances.emprunts.resultat import Echeancier
from pope_foncier.finances.emprunts.revision import Etape, etapes
from pope_foncier.finances.emprunts.segments import capital_apres_differe, direct, par_lignes, taux_lignes
from pope_foncier.finances.emprunts.termes import Emprunt, colonne
from pope_foncier.socle.erreurs import ErreurCalcul, IdentiteRompue
from pope_foncier.socle.temps import ajouter_mois

_TOLERANCE = 0.005


def echeancier(emprunt: Emprunt) -> Echeancier:
    """Amortisation schedule of a loan, or of D loans at once.

    Args:
        emprunt: terms; its numbers may be scalars or arrays (D,) or (D, 1).

    Returns:
        Schedule whose columns are (D, N+1) [€].

    Raises:
        ErreurCalcul: terms that contradict each other.
        IdentiteRompue: what is repaid is not what was lent (a fault of the engine).
    """
    e = emprunt
    if e.interets_prefinancement == "finances" and e.prefinancement_mois:
        return _finances(e)
    etat = EtatPret.ouvrir(e)
    for debut, fin in zip(etat.bornes, [*etat.bornes[1:], etat.total], strict=True):
        etat.evenements(debut)
        _segment(etat, debut, fin)
    return etat.fermer()


def _finances(e: Emprunt) -> Echeancier:
    """Interest financed in the draws: the sums received are scaled so that the balance after drawdown is the capital."""
    assert e.capital is not None
    essai = e.avec(interets_prefinancement="capitalises", arrondi="aucun", revision=None, anticipes=(), frais=())
    atteint = echeancier(essai).capital_restant_du[:, e.periodes_prefinancement][:, None]
    capital = colonne(e.capital, "Capital")
    facteur = capital / atteint
    if e.arrondi != "aucun":
        facteur = au_centime(capital * facteur) / capital
    deblocages = tuple(
        d if d.montant is None else Deblocage(d.mois, montant=np.reshape(d.montant, (-1, 1)) * facteur)
        for d in e.deblocages
    )
    return echeancier(e.avec(capital=capital * facteur, interets_prefinancement="capitalises", deblocages=deblocages))


@dataclass
class EtatPret:
    """State of the unrolling: the columns being filled and the balance at the last row done."""

    emprunt: Emprunt
    capital: Tableau
    solde: Tableau
    differe: Tableau
    """Rows without principal, drawdown phase included, (1 or D, 1)."""
    nombre: Tableau
    """Rows of repayment."""
    total: int
    etapes: dict[int, Etape]
    tirages: Tirages
    anticipes: dict[int, Anticipe]
    bornes: list[int]
    fractions: Tableau | None
    """Year fraction of each row, (1, N), when it is not one period."""
    colonnes: dict[str, Tableau]
    etape: Etape
    attente: Tableau = field(default_factory=lambda: np.zeros((1, 1)))
    derniere_echeance: Tableau | None = None
    echeance_tenue: Tableau | None = None
    alertes: list[str] = field(default_factory=list)

    @classmethod
    def ouvrir(cls, e: Emprunt) -> EtatPret:
        """State before the first row: lengths, events and empty columns."""
        capital = cout.capital_emprunte(e)
        tirages = tirages_de(e, capital)
        differe, nombre = longueurs(e, capital)
        total = int((differe + nombre).max())
        stages = {s.rang: s for s in etapes(e, total)}
        anticipes = {e.rang_du_mois(a.mois, "Remboursement anticipé"): a for a in e.anticipes}
        if anticipes and max(anticipes) >= total:
            raise ErreurCalcul(
                "Remboursement anticipé : le prêt est déjà remboursé à cette date ; choisir un mois plus tôt."
            )
        if e.date_debut is not None:
            ajouter_mois(e.date_debut, e.mois_du_rang(total))  # refuses a last date out of the calendar
        fractions = fractions_annee(e, total)
        evenements = {0, *stages, *anticipes, *tirages.rangs, e.periodes_prefinancement}
        if (fractions is not None or e.arrondi != "aucun") and differe.size == 1:
            evenements.add(int(differe[0, 0]))
        draws = max(a.shape[0] for a in (capital, e.taux_periode, differe, nombre, *_draws(e, stages)))
        forme = (draws, total + 1)
        colonnes = {n: np.empty(forme) for n in ("interets", "remboursement", "capital_restant_du")}
        for nom in ("interets", "remboursement"):
            colonnes[nom][:, 0] = 0.0
        colonnes["capital_restant_du"][:, :1] = tirages.a(0)
        bornes = sorted(b for b in evenements if b < total)
        return cls(
            e,
            capital,
            tirages.a(0),
            differe,
            nombre,
            total,
            stages,
            tirages,
            anticipes,
            bornes,
            fractions,
            colonnes,
            stages[0],
        )

    def colonne(self, nom: str) -> Tableau:
        """Column filled only by some loans, created when first needed."""
        if nom not in self.colonnes:
            modele = self.colonnes["interets"]
            if nom == "interets_payes":
                self.colonnes[nom] = modele.copy()
            else:
                self.colonnes[nom] = np.zeros(modele.shape)
        return self.colonnes[nom]

    def evenements(self, rang: int) -> None:
        """Apply what happens after the row ``rang``: early repayment, then the new rate."""
        if rang in self.anticipes:
            rembourse_anticipe.appliquer(self, rang, self.anticipes[rang])
        if rang and rang in self.etapes:
            self.etape = self.etapes[rang]
            if self.anticipes and self.emprunt.profil == "echeance_fixe":
                self.accorder_duree(rang)

    def accorder_duree(self, rang: int) -> None:
        """Number of rows that an instalment held after an early repayment asks from here on, at the present rate."""
        tenue = self.echeance_tenue
        if tenue is None:
            assert self.emprunt.echeance is not None
            tenue = colonne(self.emprunt.echeance, "Échéance")
        avant = np.maximum(self.differe - rang, 0.0)
        taux = self.emprunt.en_taux_periode(self.etape.taux)
        solde = (
            self.solde * (1.0 + taux) ** avant
            if self.emprunt.differe == "total_capitalise"
            else self.solde + self.attente
        )
        vif = solde > 0
        reste = np.maximum(np.ceil(nombre_echeances(np.where(vif, solde, 0.0), taux, tenue) - 1e-9), 1.0)
        self.nombre = np.where(
            vif, np.minimum(np.maximum(rang - self.differe, 0.0) + reste, self.total - self.differe), self.nombre
        )

    def situation(self, rang: int, capital: Tableau, taux: Tableau, largeur: int) -> Situation:
        """What the profile is told at a rank, for the ``largeur`` rows that follow."""
        e = self.emprunt
        avant = np.maximum(self.differe - rang, 0.0)
        reste = np.maximum(self.nombre - np.maximum(rang - self.differe, 0.0), 0.0)
        rangs = np.arange(1.0, largeur + 1)[None, :]
        decale = bool(avant.any())
        entier = not decale and bool((reste >= largeur).all())
        return Situation(
            capital,
            taux,
            reste,
            rangs - avant if decale else rangs,
            np.maximum(rang - self.differe, 0.0),
            self.etape.progression,
            e,
            entier,
        )

    def remboursements(self, situation: Situation) -> Tableau:
        """Principal planned by the profile, or by the instalment kept after an early repayment."""
        if not np.any(situation.nombre > 0):
            return np.zeros((1, situation.rang.shape[1]))
        if self.echeance_tenue is not None:
            return au_plus(self.echeance_tenue, situation)
        if self.emprunt.profil == "annuite_constante" and np.any(situation.progression):
            return PROFILS["progressif"].remboursements(situation)
        return PROFILS[self.emprunt.profil].remboursements(situation)

    def fermer(self) -> Echeancier:
        """Check the identities, clean the columns, add insurance and fees."""
        e, c = self.emprunt, self.colonnes
        forme = c["interets"].shape
        zeros = np.broadcast_to(np.zeros((1, 1)), forme)
        tirages = self.tirages.colonne(forme, self.capital)
        capitalises = c.get("interets_capitalises", zeros)
        rembourse = c["remboursement"]
        ecart = tirages.sum(axis=1) - rembourse.sum(axis=1)
        if "interets_capitalises" in c:
            ecart = ecart + capitalises.sum(axis=1)
        tolerance = _TOLERANCE + 1e-9 * float(self.capital.max())
        if np.any(np.abs(ecart) > tolerance):
            pire = int(np.argmax(np.abs(ecart)))
            raise IdentiteRompue(
                f"Échéancier « {e.libelle} » : au tirage {pire}, le capital prêté et les intérêts capitalisés diffèrent du "
                f"capital remboursé de {ecart[pire]:.2f} € ; signaler ce prêt."
            )
        fins = np.broadcast_to((self.differe + self.nombre).astype(np.intp), (forme[0], 1))
        if int(fins.min()) == self.total:
            c["capital_restant_du"][:, -1] = 0.0
        else:
            vivant = np.arange(forme[1])[None, :] < fins
            for nom in ("capital_restant_du", "interets", "interets_payes"):
                if nom in c:
                    vue, garde = (c[nom], vivant) if nom == "capital_restant_du" else (c[nom][:, 1:], vivant[:, :-1])
                    np.multiply(vue, garde, out=vue)
        if e.differe == "interets_retenus":
            _retenir(self)
        return cout.completer(self, tirages, np.asarray(capitalises), fins)


def _draws(e: Emprunt, stages: dict[int, Etape]) -> list[Tableau]:
    autres = [e.progression, e.echeance, e.duree_profil_mois, *(a.montant for a in e.anticipes)]
    tableaux = [colonne(a, "Paramètre") for a in autres if a is not None]
    tableaux += [np.atleast_2d(np.asarray(a, dtype=np.float64)) for a in (e.service, e.tableau) if a is not None]
    return tableaux + [s.taux for s in stages.values()]


def _retenir(etat: EtatPret) -> None:
    """Interest of the grace withheld from the first drawdown: moved to index 0."""
    interets = etat.colonnes["interets"]
    fin = etat.differe
    if etat.emprunt.profil == "in_fine":
        fin = etat.differe + etat.nombre
    rangs = np.arange(interets.shape[1])[None, :] <= fin
    interets[:, 0] = np.sum(interets * rangs, axis=1)
    interets[:, 1:] *= ~rangs[:, 1:]


def _segment(etat: EtatPret, debut: int, fin: int) -> None:
    """Fill the rows debut+1..fin, between two events."""
    e, largeur = etat.emprunt, fin - debut
    if largeur == 0:
        return
    taux = e.en_taux_periode(etat.etape.taux)
    avant = np.maximum(etat.differe - debut, 0.0)
    mode = _mode(e, debut) if avant.any() else "partiel"
    capital = etat.solde
    if mode == "total_capitalise":
        capital = etat.solde * (1.0 + taux) ** avant
    elif mode == "total_simple":
        capital = etat.solde * (1.0 + taux * avant) + etat.attente
    premiere = etat.fractions is not None and debut == 0 and not avant.any()
    if (
        premiere
        and (e.premiere_periode == "repartie" or e.terme == "a_echoir")
        and PROFILS[e.profil].tient == "echeance"
    ):
        assert etat.fractions is not None
        capital = capital * (1.0 + taux_lignes(etat, taux, 0, 1)) / (1.0 + taux)
    plafonne = e.revision is not None and e.revision.coefficient_echeance_max is not None
    ligne_a_ligne = etat.fractions is not None or e.arrondi != "aucun" or plafonne or bool(etat.tirages.fractions)
    if ligne_a_ligne and mode.startswith("total"):
        capital = capital_apres_differe(etat, taux_lignes(etat, taux, debut, fin), avant, mode)
    plan = etat.remboursements(etat.situation(debut, capital, taux, largeur))
    if ligne_a_ligne:
        par_lignes(etat, debut, fin, taux, capital, plan, mode)
    else:
        direct(etat, debut, fin, taux, plan, mode, avant)
    etat.solde = etat.colonnes["capital_restant_du"][:, fin : fin + 1]


def _mode(e: Emprunt, rang: int) -> str:
    if rang < e.periodes_prefinancement:
        return "partiel" if e.interets_prefinancement == "payes" else "total_capitalise"
    return e.differe if e.differe in ("total_capitalise", "total_simple") else "partiel"
