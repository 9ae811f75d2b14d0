"""Structures of a loan side by side: amount × term × rate × grace × terms, each on its own closed plan.

Families of terms (a profile, a product, a bank's offer) are studies whose loan has these terms; amounts, rates, terms and graces are
rows of one array evaluation, and the plan is closed again for every row: the cover, the cash and what is left to find are those of
that loan, not of another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
from numpy.typing import NDArray

from pope_foncier.decision.assise_du_pret import exiger_connu
from pope_foncier.decision.familles_de_pret import Famille
from pope_foncier.decision.limites_du_pret import Code, Seuils
from pope_foncier.etude.annees import a_l_annee, annee_de_croisiere
from pope_foncier.etude.bouclage import apports_de_bouclage, boucler
from pope_foncier.etude.evaluation import Evaluation
from pope_foncier.etude.flux_emprunteur import lire_flux
from pope_foncier.etude.moteur import Moteur
from pope_foncier.etude.pret_lu import emprunt_de
from pope_foncier.etude.ratios_annuels import calculer
from pope_foncier.etude.scenarios import BASE, Dossier
from pope_foncier.etude.service_dette import dettes_de
from pope_foncier.prets import cout_total, echeancier, taux_effectif
from pope_foncier.prets.dimensionnement import soutenable
from pope_foncier.prets.produits import EcartAuProduit
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.grandeur import Grandeur, Tableau, par_annee, somme

STRUCTURES_MAX = 500
"""Largest grid: beyond, nobody reads the table."""
Champ = str


@dataclass(frozen=True)
class Structures:
    """Structures, one a row; arrays of shape (n,).

    Attributes:
        familles: name of the terms of each.
        montant, taux, duree, differe: amount [€], initial rate, term and grace [months].
        teg, cout, echeance_max: effective rate, cost of the credit [€], highest yearly service [€].
        couverture, annee: lowest yearly cover of all the debt, and its year; NaN without debt, or for a loan that outlives the study.
        point_bas: lowest cash of the borrower [€].
        a_trouver: what the closed plan leaves to find [€].
        limite, permis: test that binds, and the amount that it allows [€]; NaN when the cover is not known to the end.
        ecarts: what each asks beyond its product, in words.
    """

    familles: tuple[str, ...]
    montant: Tableau
    taux: Tableau
    duree: Tableau
    differe: Tableau
    teg: Tableau
    cout: Tableau
    echeance_max: Tableau
    couverture: Tableau
    annee: Tableau
    point_bas: Tableau
    a_trouver: Tableau
    limite: tuple[Code, ...]
    permis: Tableau
    ecarts: tuple[tuple[EcartAuProduit, ...], ...]

    def __len__(self) -> int:
        return len(self.familles)

    @property
    def tient(self) -> NDArray[np.bool_]:
        """Whether every test allows the amount, and the product the terms."""
        hors = np.array([any(e.statut == "non_respecte" for e in ecarts) for ecarts in self.ecarts])
        return np.asarray((self.montant <= self.permis + 0.5) & ~hors)


def comparer(
    moteur: Moteur,
    dossier: Dossier,
    pret: str,
    familles: Sequence[Famille],
    axes: Mapping[Champ, Sequence[float]],
    seuils: Seuils,
    depuis: int | None = None,
) -> Structures:
    """Every combination of the values of the axes, for every family.

    Args:
        moteur: engine.
        dossier: study.
        pret: loan of the study whose terms vary.
        familles: terms compared.
        axes: values of ``montant``, ``taux``, ``duree_mois``, ``differe_mois``; one left out keeps that of each family.
        seuils: thresholds of the tests.
        depuis: first calendar year that counts in the cover.

    Raises:
        ErreurCalcul: too many structures, or terms that contradict each other.
    """
    grille = list(product(*axes.values()))
    if len(grille) * len(familles) > STRUCTURES_MAX:
        raise ErreurCalcul(f"Plus de {STRUCTURES_MAX} structures : en comparer moins.")
    rangees = {champ: np.array([g[i] for g in grille], dtype=np.float64) for i, champ in enumerate(axes)}
    lues = [_lire(moteur, dossier, pret, famille, rangees, len(grille), seuils, depuis) for famille in familles]
    colonnes = {nom: np.concatenate([lue[0][nom] for lue in lues]) for nom in lues[0][0]}
    return Structures(
        familles=tuple(f.nom for f in familles for _ in grille),
        limite=tuple(code for _, codes in lues for code in codes),
        ecarts=tuple(
            f.ecarts({nom: float(colonnes[nom][i]) for nom in ("montant", "duree", "taux", "differe")})
            for i, f in enumerate(f for f in familles for _ in grille)
        ),
        **colonnes,
    )


def _lire(
    moteur: Moteur,
    dossier: Dossier,
    pret: str,
    famille: Famille,
    rangees: Mapping[Champ, Tableau],
    nombre: int,
    seuils: Seuils,
    depuis: int | None,
) -> tuple[dict[str, Tableau], list[Code]]:
    """Measures of the rows of one family, and the test that binds each."""

    def en_ligne(v: object) -> Tableau:
        return np.broadcast_to(np.ravel(np.asarray(v, dtype=np.float64)), (nombre,))

    champs = {f"prets[{pret}].{champ}": valeurs for champ, valeurs in rangees.items()}
    seule = replace(dossier, etude=famille.etude, variantes={BASE: famille.etude})
    ouverte = moteur.tirer(seule, champs, famille.etude) if champs else moteur.evaluer(seule)[0]
    ev = boucler(ouverte)
    emprunt = emprunt_de(ev, pret)
    tableau, dette = echeancier(emprunt), {d.id: d for d in ev.dettes}[pret]
    ratio = calculer(ev, dette.emprunteur)["couverture"]
    compte = ratio.concerne & (np.asarray(ratio.annees) >= (depuis or 0))
    couvertures = np.broadcast_to(np.where(compte, ratio.grandeur.valeur, np.inf), (nombre, len(ratio.annees)))
    connue = np.isfinite(couvertures.min(axis=-1)) & (en_ligne(dette.fin.valeur) <= ev.ctx.echelle.duree_mois)
    permis = permettre(ouverte, ev, pret, seuils, depuis)
    codes, pile = list(permis), np.stack([en_ligne(v) for v in permis.values()])
    a_trouver = somme([a.montant for a in apports_de_bouclage(ev) if a.est_a_trouver], "À trouver").valeur
    caisse = np.cumsum(ev.livre[f"solde.{dette.emprunteur}"].valeur, axis=-1)
    colonnes = {
        "montant": en_ligne(dette.capital.valeur),
        "taux": en_ligne(emprunt.taux),
        "duree": en_ligne(tableau.mois[tableau.nombre.astype(np.intp).ravel() + tableau.premier_rang - 1]),
        "differe": en_ligne(emprunt.differe_mois),
        "teg": en_ligne(taux_effectif(tableau).teg),
        "cout": en_ligne(cout_total(tableau)),
        "echeance_max": en_ligne(tableau.par_annee_de_pret("versement").max(axis=1)),
        "couverture": np.where(connue, couvertures.min(axis=-1), np.nan),
        "annee": np.where(connue, np.asarray(ratio.annees)[couvertures.argmin(axis=-1)], np.nan),
        "point_bas": en_ligne(caisse.min(axis=-1)),
        "a_trouver": en_ligne(a_trouver),
        "permis": pile.min(axis=0),
    }
    return colonnes, [codes[i] for i in pile.argmin(axis=0)]


def permettre(
    ouverte: Evaluation, ev: Evaluation, pret: str, seuils: Seuils, depuis: int | None = None
) -> dict[Code, Tableau]:
    """Amount that each test allows to a loan of the study, at its terms, for every row, shape (D,) each [€].

    As ``taille_du_pret``, whose sentences explain one loan at a time, without the pledge and the product.

    Raises:
        ErreurCalcul: cash that is unknown.
    """
    echelle = ev.ctx.echelle
    dette = {d.id: d for d in ev.dettes}[pret]
    apres = 1.0 - ev.calendrier.avant_ouverture
    autres = [d for d in dettes_de(ev, dette.emprunteur) if d.id != pret]
    flux = lire_flux(ev, dette.emprunteur)
    exiger_connu(flux.disponible, flux.disponible.valeur)

    def annuel(g: Grandeur) -> Tableau:
        return par_annee(g, echelle).valeur

    service = annuel(somme(dette.echeances, "Échéances") * apres)
    du = annuel(somme([g for d in autres for g in d.echeances], "Autres prêts") * apres)
    capital, capitaux = dette.capital.valeur, somme([d.capital for d in autres], "Autres prêts").valeur
    with np.errstate(divide="ignore", invalid="ignore"):
        un_euro = np.where(capital > 0, service / capital, 0.0)
    porte = soutenable(annuel(flux.disponible), un_euro, seuils.valeur("couverture"), du)
    porte = np.where(np.asarray(echelle.annees) >= (depuis or 0), porte, np.inf)
    porte = np.where(dette.fin.valeur > echelle.duree_mois, np.nan, porte)
    croisiere = a_l_annee(par_annee(flux.disponible, echelle), annee_de_croisiere(ev)).valeur
    reste = {d.id: d for d in ouverte.dettes}[pret].capital.valeur + ouverte.plan.reste_a_financer.valeur
    permis: dict[Code, Tableau] = {
        "couverture": porte.min(axis=-1),
        "ltc": ev.plan.besoins.valeur * seuils.valeur("ltc") - capitaux,
        "rendement_dette": croisiere / seuils.valeur("rendement_dette") - capitaux,
        "besoin": reste,
    }
    if ev.ctx.etude.titre_occupation.genre != "propriete":
        tenu = dette.fin.valeur <= ev.calendrier.fin_titre.valeur - seuils.valeur("titre")
        permis["titre"] = np.where(tenu, np.inf, 0.0)
    return {c: np.maximum(np.ravel(v), 0.0) for c, v in permis.items() if c == "couverture" or not np.isnan(v).all()}
