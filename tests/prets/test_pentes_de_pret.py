"""Slopes of a schedule: random loans against the plain loop run on numbers that carry their own slope; closed forms by hand."""

from datetime import date
from decimal import Decimal, getcontext

import numpy as np
import pytest

from pope_foncier.modele.clauses_de_pret import Indexation
from pope_foncier.modele.declaration import declaration_de, lire_champ
from pope_foncier.modele.donnee import DonneeTaux
from pope_foncier.modele.fiche_pret import Pret
from pope_foncier.prets.colonnes import ECHEANCIER, Structure
from pope_foncier.prets.depuis_fiche import entrees_donnees
from pope_foncier.prets.mensualites import est_ordinaire
from pope_foncier.prets.pentes_ordinaires import PentesOrdinaires
from pope_foncier.socle.erreurs import ErreurCalcul, ErreurPope
from pope_foncier.socle.fiches import valider
from pope_foncier.socle.temps import Echelle
from tests.prets.boucle import Boucle
from tests.prets.test_boucle import au_hasard

DEBUT, MOIS = 3, 1200
ECHELLE = Echelle(date(2026, 12, 10), MOIS)
COLONNES = {"interets": "interets_payes", "remboursement": "remboursement", "assurance": "assurance"}
QUI = {"id": "p", "libelle": "Essai", "preteur": "Banque", "emprunteur": "gestionnaire"}


getcontext().prec = 40


class Pentu:
    """Number and its slope, in forty digits."""

    __slots__ = ("pente", "valeur")

    def __init__(self, valeur, pente):
        self.valeur = valeur if type(valeur) is Decimal else Decimal(valeur)
        self.pente = pente if type(pente) is Decimal else Decimal(pente)

    @staticmethod
    def de(x):
        return x if isinstance(x, Pentu) else Pentu(x, 0.0)

    def __add__(self, autre):
        autre = Pentu.de(autre)
        return Pentu(self.valeur + autre.valeur, self.pente + autre.pente)

    def __neg__(self):
        return Pentu(-self.valeur, -self.pente)

    def __mul__(self, autre):
        autre = Pentu.de(autre)
        return Pentu(self.valeur * autre.valeur, self.pente * autre.valeur + self.valeur * autre.pente)

    def __truediv__(self, autre):
        autre = Pentu.de(autre)
        rapport = self.valeur / autre.valeur
        return Pentu(rapport, (self.pente - rapport * autre.pente) / autre.valeur)

    def __pow__(self, entier):
        return Pentu(self.valeur**entier, entier * self.valeur ** (entier - 1) * self.pente)

    def __rtruediv__(self, autre):
        return Pentu.de(autre) / self

    def __rsub__(self, autre):
        return -self + autre

    def __sub__(self, autre):
        return self + -Pentu.de(autre)

    def __lt__(self, autre):
        return self.valeur < Pentu.de(autre).valeur

    def __le__(self, autre):
        return self.valeur <= Pentu.de(autre).valeur

    def __gt__(self, autre):
        return self.valeur > Pentu.de(autre).valeur

    def __ge__(self, autre):
        return self.valeur >= Pentu.de(autre).valeur

    def __eq__(self, autre):
        return self.valeur == Pentu.de(autre).valeur

    __hash__ = None
    __radd__, __rmul__ = __add__, __mul__

    def __bool__(self):
        return self.valeur != 0.0


def en_pret(p):
    """Loan of a study, from the fields of the loop."""
    autres = {"montant": p["capital"], **QUI}
    if "garantie" in p:
        autres["garantie"] = {"garant": "Garant", **p["garantie"]}
    sans = ("capital", "part_de_frais", *autres)
    return valider(Pret, {n: v for n, v in p.items() if n not in sans} | autres, "pret")


def structure_et_operandes(fiche):
    chemins = [*entrees_donnees(fiche)]
    unites = {c: declaration_de(fiche, c).unite for c in chemins}
    seuls = [lire_champ(fiche, c).valeur for c in ("taux", "montant", *chemins)]
    taux, capital, *lues = (np.array([[float(x)]]) for x in seuls)
    return Structure(fiche, unites, ECHELLE, True, False, False), [taux, np.array([[float(DEBUT)]]), capital, *lues]


def en_pentu(p, chemin):
    """Fields of a loan whose number at a path carries a slope of one; None when the loop has it not."""
    if chemin == "capital":
        return {**p, "capital": Pentu(p["capital"], 1.0)}
    nom, _, suite = chemin.partition(".")
    if not suite:
        return {**p, nom: Pentu(p[nom], 1.0)} if nom in p else None
    liste, _, rang = nom.partition("[")
    if not rang:
        return {**p, nom: p[nom] | {suite: Pentu(p[nom][suite], 1.0)}}
    i = int(rang[:-1]) - 1
    change = p[liste][i] | {suite: Pentu(p[liste][i][suite], 1.0)}
    return {**p, liste: [*p[liste][:i], change, *p[liste][i + 1 :]]}


def en_chiffres(x):
    """Fields whose numbers are all in forty digits."""
    if isinstance(x, dict):
        return {n: en_chiffres(v) for n, v in x.items()}
    if isinstance(x, list):
        return [en_chiffres(v) for v in x]
    return Pentu(x, 0.0) if isinstance(x, float) else x


def pentes_de_la_boucle(p):
    """Slope of each column at each month of the study."""
    colonnes, pas = Boucle(en_chiffres(p)).faire(), 12 // p["periodes_par_an"]
    premiere = 1 if "date_premiere_echeance" in p else pas
    rangs = range(len(colonnes["remboursement"]) - 1)
    mois, rendues = [DEBUT, *(DEBUT + premiere + pas * k for k in rangs)], {}
    for nom, de_la_boucle in COLONNES.items():
        rendues[nom] = np.zeros(MOIS)
        pentes = [float(Pentu.de(x).pente) for x in colonnes[de_la_boucle]]
        dans = [(m, x) for m, x in zip(mois, pentes, strict=True) if m < MOIS]
        np.add.at(rendues[nom], [m for m, _ in dans], [x for _, x in dans])
    return rendues


def comparer(p, hasard):
    """Number of slopes compared; none when the loan is refused. Where the contract rounds to cents, the loop does not."""
    try:
        structure, operandes = structure_et_operandes(en_pret(p))
        m = structure.calculer(operandes)
    except (ErreurPope, ErreurCalcul):
        return 0
    comptees, de_la_boucle = 0, {}
    for nom in (n for n in COLONNES if getattr(m, n) is not None):
        poids = hasard.normal(size=(1, MOIS))
        rendues = ECHEANCIER.pente(poids, getattr(m, nom), *operandes, structure, nom)
        for rang, ((chemin, unite), rendue) in enumerate(zip(structure.operandes, rendues, strict=True)):
            if unite == "mois" or chemin.startswith("deblocages"):
                assert rendue is None, chemin
                continue
            if (rang, chemin) not in de_la_boucle:
                pentu = None if rang > 2 and chemin == "taux" else en_pentu(p | {"arrondi": "aucun"}, chemin)
                de_la_boucle[rang, chemin] = dict.fromkeys(COLONNES, np.zeros(MOIS))
                if pentu is not None:
                    de_la_boucle[rang, chemin] = pentes_de_la_boucle(pentu)
            attendue = de_la_boucle[rang, chemin][nom]
            assert rendue is not None, (nom, chemin, p)
            juste = pytest.approx((poids * attendue).sum(), rel=1e-6, abs=1e-7 * np.abs(attendue).sum())
            assert rendue.item() == juste, (nom, chemin, p)
            comptees += bool(attendue.any())
    return comptees


@pytest.mark.parametrize("graine", range(12))
def test_la_pente_est_celle_de_la_boucle(graine):
    hasard, comptees = np.random.default_rng(300 + graine), 0
    for _ in range(25):
        p = au_hasard(hasard)
        if p["taux"] == 0.0 or any(x["taux"] == 0.0 for x in p.get("paliers", ())):
            continue
        comptees += comparer(p, hasard)
    assert comptees > 100


def ordinaire(h):
    """Monthly loan without a clause, which the closed form knows."""
    duree = int(h.integers(2, 300))
    return {
        "capital": float(np.round(h.uniform(1e4, 1e6), 2)),
        "taux": float(h.choice([1e-7, 3e-6, 1e-4, 0.004, 0.03, 0.08, -0.003])),
        "duree_mois": duree + 6,
        "differe_mois": int(h.integers(0, 7)),
        "differe": "partiel",
        "profil": str(h.choice(["annuite_constante", "capital_constant", "in_fine"])),
        "periodes_par_an": 12,
    }


def en_boucle(p):
    """The loop counts the grace on top of the repayments."""
    return p | {"duree_mois": p["duree_mois"] - p["differe_mois"]}


@pytest.mark.parametrize("graine", range(6))
def test_un_pret_ordinaire_a_ses_pentes_en_formule(graine):
    """Capital and rate, from rates near nothing to the highest, against the loop; a loan of nothing has the slope of its first euro."""
    h = np.random.default_rng(700 + graine)
    for _ in range(12):
        p = ordinaire(h)
        structure, operandes = structure_et_operandes(en_pret(p))
        assert est_ordinaire(structure.fiche)
        assert isinstance(structure.pentes(operandes), PentesOrdinaires)
        attendues = {c: pentes_de_la_boucle(en_pentu(en_boucle(p), c)) for c in ("taux", "capital")}
        for nom in ("interets", "remboursement"):
            poids = h.normal(size=(1, MOIS))
            taux, _, capital, *_ = ECHEANCIER.pente(poids, np.zeros((1, MOIS)), *operandes, structure, nom)
            for trouvee, chemin in ((taux, "taux"), (capital, "capital")):
                attendue = attendues[chemin][nom]
                taille = np.abs(attendue).sum()
                assert trouvee.item() == pytest.approx((poids * attendue).sum(), rel=1e-7, abs=1e-9 * taille), p
        operandes[2] = np.zeros((1, 1))
        rien, _, un_euro, *_ = ECHEANCIER.pente(poids, np.zeros((1, MOIS)), *operandes, structure, nom)
        assert un_euro.item() == capital.item()
        assert not rien.any()


@pytest.mark.parametrize("graine", range(4))
def test_un_taux_qui_suit_un_indice_a_une_pente_par_an(graine):
    """Path of a rate read at the drawdown and each year after it, against the loop whose rate changes every twelve months."""
    h = np.random.default_rng(800 + graine)
    p = ordinaire(h) | {"profil": "annuite_constante", "taux": 0.03}
    fiche = en_pret(p).model_copy(
        update={
            "taux": None,
            "indexation": Indexation(bareme="x", evolution="x", marge=DonneeTaux(valeur=0.0, base="x")),
        }
    )
    chemin = np.repeat(h.uniform(0.01, 0.06, MOIS // 12), 12)[None, :]
    chemin = np.concatenate([np.full((1, DEBUT), 0.5), chemin], axis=1)[:, :MOIS]
    _, (_, debut, capital, *lues) = structure_et_operandes(en_pret(p))
    chemins = [c for c in entrees_donnees(fiche)]
    structure = Structure(fiche, dict.fromkeys(chemins, "mois"), ECHELLE, True, False, False)
    operandes = [chemin, debut, capital, *lues[1:]]
    annees = -(-p["duree_mois"] // 12)
    paliers = [{"mois": 12, "taux": float(t)} for t in chemin[0, DEBUT::12][:annees]]
    change = en_boucle(p | {"paliers": paliers})
    attendues = [pentes_de_la_boucle(en_pentu(change, f"paliers[{k + 1}].taux")) for k in range(annees)]
    for nom in ("interets", "remboursement"):
        poids = h.normal(size=(1, MOIS))
        taux = ECHEANCIER.pente(poids, np.zeros((1, MOIS)), *operandes, structure, nom)[0]
        assert np.flatnonzero(taux[0]).tolist() == [DEBUT + 12 * k for k in range(annees)]
        for k in range(annees):
            attendue = attendues[k][nom]
            juste = pytest.approx((poids * attendue).sum(), rel=1e-7, abs=1e-9 * np.abs(attendue).sum())
            assert taux[0, DEBUT + 12 * k] == juste


@pytest.mark.parametrize(
    "clauses", [{}, {"assurance": {"taux": 0.004}}, {"differe": "total_capitalise", "differe_mois": 6}]
)
def test_plusieurs_scenarios_ont_chacun_leur_pente(clauses):
    """Rates and amounts that differ by row, one of them nothing: each row as if it were alone."""
    p = ordinaire(np.random.default_rng(1)) | {"profil": "annuite_constante", "taux": 0.03} | clauses
    structure, operandes = structure_et_operandes(en_pret(p))
    taux, capital = np.array([[0.01], [0.03], [0.05]]), np.array([[1e5], [0.0], [3e5]])
    poids = np.random.default_rng(2).normal(size=(3, MOIS))
    y = np.zeros((3, MOIS))
    ensemble = ECHEANCIER.pente(poids, y, taux, operandes[1], capital, *operandes[3:], structure, "interets")
    for i in range(3):
        lus = [taux[i : i + 1], operandes[1], capital[i : i + 1], *operandes[3:]]
        seule = ECHEANCIER.pente(poids[i : i + 1], y[:1], *lus, structure, "interets")
        for toutes, une in zip(ensemble, seule, strict=True):
            assert une is None or toutes[i] == pytest.approx(une[0], rel=1e-6)


@pytest.mark.parametrize("place", [0, 1])
@pytest.mark.parametrize("presque_rien", [4e-6, 1e-5, 0.3])
def test_un_paiement_de_presque_rien_n_ouvre_pas_un_autre_mois(place, presque_rien):
    """Drawdowns Dk = C × pk ÷ Σp as the works are paid, the first one being at least a billionth of the capital, the last one the rest.

    A payment smaller than the move of a measure keeps its month: without it, the loan would be drawn in another one.
    """
    paiements = np.array([90_000.0, 120_000.0, 60_000.0, 30_000.0])
    paiements[place] = presque_rien
    total, capital = paiements.sum(), 200_000.0
    termes = {"profil": "annuite_constante", "taux": 0.04, "duree_mois": 120, "prefinancement_mois": 6}
    fiche = en_pret(termes | {"capital": capital, "suit_les_travaux": True})
    chemins = [*entrees_donnees(fiche)]
    unites = {c: declaration_de(fiche, c).unite for c in chemins}
    lues = [np.array([[float(lire_champ(fiche, c).valeur)]]) for c in chemins]
    payes = np.zeros((1, MOIS))
    payes[0, DEBUT : DEBUT + 4] = paiements
    taux, debut, reception = (np.array([[x]]) for x in (0.04, float(DEBUT), float(DEBUT + 3)))
    operandes = [taux, debut, np.array([[capital]]), *lues, payes, reception]
    structure = Structure(fiche, unites, ECHELLE, True, True, False)
    for k in (1, 2):
        poids = np.zeros((1, MOIS))
        poids[0, DEBUT + k] = 1.0
        rendues = ECHEANCIER.pente(poids, np.zeros((1, MOIS)), *operandes, structure, "deblocages")
        attendues = capital / total * ((np.arange(4) == k) - paiements[k] / total)
        trouvees = rendues[-2][0, DEBUT : DEBUT + 4]
        assert trouvees == pytest.approx(attendues, rel=1e-5, abs=1e-6)
    for nom in ("interets", "remboursement"):
        poids = np.arange(MOIS)[None, :] * 1.0
        rendues = ECHEANCIER.pente(poids, np.zeros((1, MOIS)), *operandes, structure, nom)
        assert np.abs(rendues[-2]).max() < 10.0 * capital / total, "un euro de travaux ne déplace pas l'échéancier"
