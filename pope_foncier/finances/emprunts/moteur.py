"""Loan engine: from terms to a schedule, for one loan or D different loans, by one code path.

The life of a loan is cut at its events (rate stages, drawdowns, early repayments). Between two events the rate is
constant, so a segment is a closed form over (draws × rows); only what forces a recurrence (cents, real days, payment
caps) is unrolled row by row (``contractuel``). There is no loop over draws.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from pope_foncier.finances.emprunts import cout, rembourse_anticipe
from pope_foncier.finances.emprunts.clauses import Anticipe, Deblocage
from pope_foncier.finances.emprunts.contractuel import Deroule, Lignes, au_centime, derouler
from pope_foncier.finances.emprunts.conversions import Tableau, fraction_annee, periodes, temps_annexe
from pope_foncier.finances.emprunts.deblocage import Tirages, tirages_de
from pope_foncier.finances.emprunts.profils import PROFILS, Situation, au_plus, nombre_echeances
from pope_foncier.finances.emprunts.resultat import Echeancier, dates_echeances
from pope_foncier.finances.emprunts.revision import Etape, etapes
from pope_foncier.finances.emprunts.termes import Emprunt, colonne
from pope_foncier.socle.erreurs import ErreurCalcul, IdentiteRompue

_TOLERANCE = 0.005
_HORIZON_ANNEES = 100
"""Longest loan whose length is computed."""


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
    etat = _Etat.ouvrir(e)
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
class _Etat:
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
    def ouvrir(cls, e: Emprunt) -> _Etat:
        capital = cout.capital_emprunte(e)
        tirages = tirages_de(e, capital)
        differe, nombre = _longueurs(e, capital)
        total = int((differe + nombre).max())
        stages = {s.rang: s for s in etapes(e, total)}
        anticipes = {int(periodes(a.mois, e.periodes_par_an, "Remboursement anticipé")): a for a in e.anticipes}
        if anticipes and max(anticipes) >= total:
            raise ErreurCalcul(
                "Remboursement anticipé : le prêt est déjà remboursé à cette date ; choisir un mois plus tôt."
            )
        fractions = _fractions(e, total)
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
        self.etape = self.etapes.get(rang, self.etape) if rang else self.etape

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


def _longueurs(e: Emprunt, capital: Tableau) -> tuple[Tableau, Tableau]:
    """Rows without principal and rows of repayment, each (1 or D, 1)."""
    if e.tableau is not None and e.differe not in ("total_capitalise", "total_simple") and not e.prefinancement_mois:
        somme = np.atleast_2d(np.asarray(e.tableau, dtype=np.float64)).sum(axis=1, keepdims=True)
        if np.any(np.abs(somme - capital) > _TOLERANCE):
            raise ErreurCalcul(
                f"Tableau libre : les remboursements font {float(somme.flat[0]):.2f} € pour un prêt de "
                f"{float(capital.flat[0]):.2f} € ; les accorder."
            )
    differe = e.periodes_differe
    if e.duree_mois is None:
        if e.profil == "echeance_fixe":
            hausse = (differe - e.periodes_prefinancement) if e.differe == "total_capitalise" else 0.0 * differe
            nombre = _nombre_a_echeance_fixe(e, capital * (1.0 + e.taux_periode) ** hausse, differe)
        else:
            donnee = e.service if e.service is not None else e.tableau
            nombre = np.full((1, 1), float(np.atleast_2d(np.asarray(donnee)).shape[1]))
        return differe, np.maximum(nombre, 1.0)
    duree = periodes(colonne(e.duree_mois, "Durée"), e.periodes_par_an, "Durée du prêt")
    propre = differe - e.periodes_prefinancement
    nombre = duree if e.differe_en_plus else duree - propre
    if e.profil == "in_fine" and np.any(nombre == 0):
        differe, nombre = np.where(nombre == 0, differe - 1, differe), np.where(nombre == 0, 1.0, nombre)
    if np.any(nombre < 1):
        raise ErreurCalcul("Le différé est aussi long que le prêt : l'écourter, ou écrire « differe_en_plus: true ».")
    for donnee, nom in ((e.service, "service"), (e.tableau, "tableau")):
        if donnee is not None and np.any(nombre != np.atleast_2d(np.asarray(donnee)).shape[1]):
            raise ErreurCalcul(f"Le champ « {nom} » ne compte pas autant de périodes que la durée : les accorder.")
    return differe, nombre


def _nombre_a_echeance_fixe(e: Emprunt, solde: Tableau, differe: Tableau) -> Tableau:
    """Number of instalments when they are fixed, rate after rate (a revisable loan whose length adjusts), (1 or D, 1)."""
    assert e.echeance is not None
    echeance = colonne(e.echeance, "Échéance")
    debut = int(differe.max())
    suite = etapes(e, _HORIZON_ANNEES * e.periodes_par_an)
    bornes = [max(s.rang - debut, 0) for s in suite[1:]] + [_HORIZON_ANNEES * e.periodes_par_an]
    nombre, vif, rang = np.zeros(np.broadcast_shapes(solde.shape, echeance.shape)), solde > 0, 0
    for etape, borne in zip(suite, bornes, strict=True):
        taux, largeur = e.en_taux_periode(etape.taux), borne - rang
        if largeur <= 0:
            continue
        reste = nombre_echeances(np.where(vif, solde, 0.0), taux, echeance)
        fini = reste <= largeur + 1e-9
        nombre = np.where(vif, rang + np.where(fini, np.ceil(reste - 1e-9), 0.0), nombre)
        vif = vif & ~fini
        if not vif.any():
            break
        acquis = (1.0 + taux) ** largeur
        with np.errstate(divide="ignore", invalid="ignore"):
            rente = np.where(taux == 0, largeur, (acquis - 1.0) / taux)
        solde, rang = np.where(vif, solde * acquis - echeance * rente, 0.0), borne
    return np.asarray(nombre)


def _fractions(e: Emprunt, total: int) -> Tableau | None:
    """Length of each row in years when it is not one period; in advance, the first row has no length."""
    if e.terme == "a_echoir":
        fractions = np.full((1, total), 1.0 / e.periodes_par_an)
        fractions[0, 0] = 0.0
        return fractions
    if e.date_debut is None or (e.base_jours == "30/360" and e.date_premiere_echeance is None):
        return None
    dates = dates_echeances(e, total)
    if e.base_jours in ("30/360", "mois_normalise"):
        fractions = np.full((1, total), 1.0 / e.periodes_par_an)
        normalise = e.base_jours == "mois_normalise"
        premiere = temps_annexe(dates[0], dates[1], e.periodes_par_an) if normalise else None
        fractions[0, 0] = fraction_annee(dates[0], dates[1], e.base_jours) if premiere is None else premiere
        return fractions
    return np.array([[fraction_annee(a, b, e.base_jours) for a, b in pairwise(dates)]])


def _retenir(etat: _Etat) -> None:
    """Interest of the grace withheld from the first drawdown: moved to index 0."""
    interets = etat.colonnes["interets"]
    fin = etat.differe
    if etat.emprunt.profil == "in_fine":
        fin = etat.differe + etat.nombre
    rangs = np.arange(interets.shape[1])[None, :] <= fin
    interets[:, 0] = np.sum(interets * rangs, axis=1)
    interets[:, 1:] *= ~rangs[:, 1:]


def _segment(etat: _Etat, debut: int, fin: int) -> None:
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
        capital = capital * (1.0 + _taux_lignes(etat, taux, 0, 1)) / (1.0 + taux)
    plafonne = e.revision is not None and e.revision.coefficient_echeance_max is not None
    ligne_a_ligne = etat.fractions is not None or e.arrondi != "aucun" or plafonne or bool(etat.tirages.fractions)
    plan = etat.remboursements(etat.situation(debut, capital, taux, largeur))
    if ligne_a_ligne:
        _ligne_a_ligne(etat, debut, fin, taux, capital, plan, mode)
    else:
        _direct(etat, debut, fin, taux, plan, mode, avant)
    etat.solde = etat.colonnes["capital_restant_du"][:, fin : fin + 1]


def _mode(e: Emprunt, rang: int) -> str:
    if rang < e.periodes_prefinancement:
        return "partiel" if e.interets_prefinancement == "payes" else "total_capitalise"
    return e.differe if e.differe in ("total_capitalise", "total_simple") else "partiel"


def _direct(etat: _Etat, debut: int, fin: int, taux: Tableau, plan: Tableau, mode: str, avant: Tableau) -> None:
    """Closed form: balances by cumulated sums, interest on the balance before."""
    c = etat.colonnes
    soldes, interets = c["capital_restant_du"], c["interets"]
    lignes = slice(debut + 1, fin + 1)
    capitalises = _capitalises_differe(etat, taux, fin - debut, mode, avant)
    if plan.min() < -1e-9 and etat.emprunt.profil != "tableau_libre":
        hausse = np.maximum(-plan, 0.0)
        capitalises = hausse if capitalises is None else capitalises + hausse
        etat.alertes.append(_alerte_negatif(debut, plan))
        plan = np.maximum(plan, 0.0)
        c["remboursement"][:, lignes] = plan
        net = plan - capitalises
    else:
        c["remboursement"][:, lignes] = plan
        net = plan if capitalises is None else plan - capitalises
    cumul = soldes[:, lignes]
    np.cumsum(net, axis=1, out=cumul) if net.shape == cumul.shape else np.copyto(cumul, np.cumsum(net, axis=1))
    np.subtract(etat.solde, cumul, out=cumul)
    np.multiply(soldes[:, debut:fin], taux, out=interets[:, lignes])
    if capitalises is not None or "interets_payes" in c:
        payes = etat.colonne("interets_payes")[:, lignes]
        payes[...] = interets[:, lignes]
        if capitalises is not None:
            etat.colonne("interets_capitalises")[:, lignes] = capitalises
            if mode.startswith("total"):
                payes *= np.arange(1, fin - debut + 1)[None, :] > avant
            payes -= np.where(np.arange(1, fin - debut + 1)[None, :] > avant, capitalises, 0.0)
    if fin in etat.tirages.rangs:
        soldes[:, fin : fin + 1] += etat.tirages.a(fin)


def _capitalises_differe(etat: _Etat, taux: Tableau, largeur: int, mode: str, avant: Tableau) -> Tableau | None:
    """Interest added to the balance during a total grace, (D, w) or None."""
    if mode == "partiel":
        return None
    k = np.arange(1.0, largeur + 1)[None, :]
    if mode == "total_capitalise":
        return np.asarray(np.where(k <= avant, etat.solde * taux * (1.0 + taux) ** (np.minimum(k, avant) - 1), 0.0))
    du = etat.attente + etat.solde * taux * np.minimum(avant, largeur)
    fini = (avant <= largeur) & (avant > 0)
    etat.attente = np.where(fini, 0.0, du)
    return np.asarray(np.where((k == avant) & fini, du, 0.0))


def _taux_lignes(etat: _Etat, taux: Tableau, debut: int, fin: int) -> Tableau:
    """True period rate of the rows debut+1..fin."""
    if etat.fractions is None:
        return np.broadcast_to(taux, (taux.shape[0], fin - debut))
    e, fractions = etat.emprunt, etat.fractions[:, debut:fin]
    if e.conversion == "proportionnelle" and e.capitalisations_par_an in (None, e.periodes_par_an):
        return etat.etape.taux * fractions
    return np.asarray(np.expm1(np.log1p(taux) * fractions * e.periodes_par_an))


def _ligne_a_ligne(
    etat: _Etat, debut: int, fin: int, taux: Tableau, capital: Tableau, plan: Tableau, mode: str
) -> None:
    """Unroll the rows of a segment one after the other."""
    e, c, largeur = etat.emprunt, etat.colonnes, fin - debut
    par_echeance = PROFILS[e.profil].tient == "echeance"
    rangs = np.arange(debut + 1.0, fin + 1)[None, :]
    if par_echeance:
        avant = capital - np.cumsum(plan, axis=1) + plan
        plan = plan + avant * taux
        plan = _plafonner(etat, debut, plan)
        etat.derniere_echeance = au_centime(plan[:, -1:]) if e.arrondi != "aucun" else plan[:, -1:]
    lignes_taux = _taux_lignes(etat, taux, debut, fin)
    supplement = np.zeros((1, largeur))
    if debut == 0 and etat.fractions is not None and e.premiere_periode == "interets_en_plus" and e.terme == "echu":
        normale = etat.solde * taux
        reelle = etat.solde * lignes_taux[:, :1]
        if e.date_premiere_echeance is not None:
            supplement = np.concatenate([reelle - normale, np.zeros((reelle.shape[0], largeur - 1))], axis=1)
    d: Deroule = derouler(
        etat.solde,
        etat.attente,
        Lignes(
            taux=lignes_taux,
            plan=plan,
            par_echeance=par_echeance,
            differe=(rangs <= etat.differe).astype(np.float64),
            capitalise=mode == "total_capitalise",
            simple=mode == "total_simple",
            fin_differe=((rangs == etat.differe) & (mode == "total_simple")).astype(np.float64),
            dernier=(rangs == etat.differe + etat.nombre).astype(np.float64),
            en_plus=etat.tirages.interets_partiels(etat.etape.taux, debut, fin),
            supplement=supplement,
            tirages=etat.tirages.lignes(debut, fin),
        ),
        e.arrondi,
    )
    lignes = slice(debut + 1, fin + 1)
    c["interets"][:, lignes], c["remboursement"][:, lignes] = d.interets, d.remboursement
    c["capital_restant_du"][:, lignes] = d.solde
    etat.attente = d.en_attente
    if d.capitalises.any() or "interets_payes" in c:
        etat.colonne("interets_payes")[:, lignes] = d.payes
        etat.colonne("interets_capitalises")[:, lignes] = d.capitalises
        if mode == "partiel" and (d.capitalises > 1e-9).any():
            etat.alertes.append(_alerte_negatif(debut, -d.capitalises))


def _plafonner(etat: _Etat, debut: int, plan: Tableau) -> Tableau:
    r = etat.emprunt.revision
    if r is None or r.coefficient_echeance_max is None or not etat.etape.revisee or etat.derniere_echeance is None:
        return plan
    if debut not in etat.etapes:
        return plan
    return np.minimum(plan, etat.derniere_echeance * r.coefficient_echeance_max)


def _alerte_negatif(debut: int, plan: Tableau) -> str:
    premier = debut + 1 + int(np.flatnonzero((plan < -1e-9).any(axis=0))[0])
    return (
        f"L'échéance ne couvre pas les intérêts à partir de l'échéance {premier} : la différence s'ajoute au capital "
        "restant dû (amortissement négatif)."
    )
