"""Loans unrolled row after row in plain Python, apart from the engine: what a clerk would do with a pocket calculator.

It shares nothing with the engine but the words of the sheet. At each row: interest on the balance, then the instalment of
the profile, recomputed on what remains whenever something happened (rate, drawdown, holiday, early repayment).
"""

from __future__ import annotations

import math
from datetime import date

import numpy as np


def au_centime(x: float) -> float:
    return math.floor(x * 100 + 0.500001) / 100


def tel_quel(x: float) -> float:
    return x


def rente(taux: float, n: float) -> float:
    """Level instalment of 1 €."""
    return 1 / n if taux == 0 else taux / (1 - (1 + taux) ** -n)


def jours(debut: date, fin: date, base: str, rythme: int) -> float:
    """Length of the first period in years."""
    if base == "exact/360":
        return (fin - debut).days / 360
    if base == "exact/365":
        return (fin - debut).days / 365
    mois = (fin.year - debut.year) * 12 + fin.month - debut.month
    return (mois * 30 + min(fin.day, 30) - min(debut.day, 30)) / 360


def derouler(p: dict) -> dict[str, list[float]]:
    """Columns of one loan: ``p`` holds the fields of the sheet that are given, clauses as plain dictionaries."""
    return Boucle(p).faire()


def taux_annuel(flux: list[tuple[float, float]]) -> float:
    """Yearly rate that brings dated sums to zero, by bisection."""
    bas, haut = -0.5, 1.0
    annees, sommes = (np.array(x) for x in zip(*((-mois / 12, f) for mois, f in flux), strict=True))
    for _ in range(45):
        milieu = (bas + haut) / 2
        valeur = (sommes * (1 + milieu) ** annees).sum()
        bas, haut = (milieu, haut) if valeur < 0 else (bas, milieu)
    return bas


class Boucle:
    """One loan being unrolled."""

    def __init__(self, p: dict) -> None:
        self.p = p
        self.rythme = p.get("periodes_par_an", 12)
        self.pas = 12 // self.rythme
        self.prefin = p.get("prefinancement_mois", 0) // self.pas
        self.differe = p.get("differe_mois", 0) // self.pas
        self.sans_capital = self.prefin + self.differe
        self.n = 10**6 if p["profil"] == "echeance_fixe" else p["duree_mois"] // self.pas
        self.arrondir = au_centime if p.get("arrondi") == "centime" else tel_quel
        self.tirages = self.montants()
        self.solde = self.du = self.tenue = 0.0
        self.faits = 0
        self.refaire = True
        self.derniere = self.rangs_exacts()
        self.colonnes: dict[str, list[float]] = {
            nom: [0.0] for nom in ("interets_payes", "interets_capitalises", "remboursement", "assurance", "frais")
        }
        self.colonnes["capital_restant_du"] = []

    def taux(self, rang: int) -> float:
        """Period rate of the row ``rang``."""
        mois, passe = (rang - 1) * self.pas, 0
        for palier in self.p.get("paliers", ()):
            passe += palier["mois"]
            if mois < passe:
                return palier["taux"] / self.rythme
        return self.p["taux"] / self.rythme

    def rangs_exacts(self) -> int:
        """Rows of a loan that stores interest, before any rounding: the last one takes the cents that remain."""
        if self.p["differe"] != "interets_stockes" or self.p["arrondi"] == "aucun":
            return 0
        return len(derouler({**self.p, "arrondi": "aucun"})["remboursement"]) - 1

    def montants(self) -> list[tuple[float, int]]:
        """Amount and month of each drawdown, the last one being what remains."""
        suite, reste = [], self.p["capital"]
        for d in self.p.get("deblocages", ())[:-1]:
            suite.append((self.arrondir(self.p["capital"] * d["part"]), d["mois"]))
            reste -= suite[-1][0]
        return [*suite, (reste, self.p["deblocages"][-1]["mois"])] if suite else []

    def tire(self, rang: int) -> float:
        """What is drawn at the end of a row."""
        if "deblocages" not in self.p:
            return self.p["capital"] if rang == 0 else 0.0
        return sum(m for m, mois in self.tirages if math.ceil(mois / self.pas) == rang)

    def suspension(self, rang: int) -> dict | None:
        for s in self.p.get("suspensions", ()):
            if s["mois"] < rang * self.pas <= s["mois"] + s["duree_mois"]:
                return s
        return None

    def flux(self) -> list[tuple[float, float]]:
        """Months and sums of the borrower, received > 0, of a loan unrolled without dates."""
        c = self.colonnes
        tirages = self.tirages or [(self.p["capital"], 0)]
        recus = [(float(mois), montant) for montant, mois in tirages]
        noms = ("interets_payes", "remboursement", "assurance", "frais")
        return recus + [(float(k * self.pas), -sum(c[nom][k] for nom in noms)) for k in range(len(c["frais"]))]

    def faire(self) -> dict[str, list[float]]:
        self.solde = self.tire(0)
        self.colonnes["capital_restant_du"].append(self.solde)
        rang = 0
        while True:
            rang += 1
            if rang > 1 and self.taux(rang) != self.taux(rang - 1):
                self.refaire = True
            self.ligne(rang)
            tire = self.tire(rang)
            self.solde += tire
            self.refaire |= tire > 0
            self.anticiper(rang)
            self.commission(rang)
            self.assurer(rang)
            self.colonnes["capital_restant_du"].append(self.solde)
            if rang > self.sans_capital and self.solde + self.du < 0.005 and self.finie(rang):
                break
        self.colonnes["capital_restant_du"][-1] = 0.0
        self.garantir()
        if self.p.get("interets_prefinancement") == "avance":
            payes = self.colonnes["interets_payes"]
            payes[: self.prefin + 1] = [*payes[1 : self.prefin + 1], 0.0]
        return self.colonnes

    def finie(self, rang: int) -> bool:
        return self.p["profil"] == "echeance_fixe" or self.faits >= self.n or self.solde == 0.0

    def interet(self, rang: int) -> float:
        taux, p = self.taux(rang), self.p
        if rang == 1 and "date_premiere_echeance" in p:
            base = p.get("base_premiere_periode", "30/360")
            return self.solde * p["taux"] * jours(p["date_debut"], p["date_premiere_echeance"], base, self.rythme)
        partiels = 0.0
        for montant, mois in self.tirages:
            reste = math.ceil(mois / self.pas) * self.pas - mois
            if reste and math.ceil(mois / self.pas) == rang:
                partiels += montant * taux * self.rythme * reste / 12
        return self.solde * taux + partiels

    def ligne(self, rang: int) -> None:
        interet, arret = self.arrondir(self.interet(rang)), self.suspension(rang)
        paye = capitalise = principal = 0.0
        if rang <= self.prefin:
            if self.p.get("interets_prefinancement", "payes") == "capitalises":
                capitalise = interet
            else:
                paye = interet
            self.refaire = True
        elif rang <= self.sans_capital:
            paye, capitalise = self.attendre(interet, rang == self.sans_capital)
        elif arret is not None:
            paye, capitalise = (interet, 0.0) if arret["interets"] == "payes" else (0.0, interet)
            self.faits += 0 if arret["allonge"] else 1
            self.refaire = True
        else:
            paye, principal, capitalise = self.rembourser(rang, interet)
        self.solde = self.solde - principal + capitalise
        if self.p.get("arrondi") == "centime":
            self.solde = au_centime(self.solde)
        for nom, valeur in (
            ("interets_payes", paye),
            ("interets_capitalises", capitalise),
            ("remboursement", principal),
            ("frais", 0.0),
            ("assurance", 0.0),
        ):
            self.colonnes[nom].append(valeur)

    def attendre(self, interet: float, dernier: bool) -> tuple[float, float]:
        """Interest of the grace: paid, and joined to the balance."""
        genre, self.refaire = self.p["differe"], True
        if genre == "partiel":
            return interet, 0.0
        if genre == "total_capitalise":
            return 0.0, interet
        self.du += interet
        if genre == "total_simple" and dernier:
            du, self.du = self.du, 0.0
            return 0.0, du
        return 0.0, 0.0

    def rembourser(self, rang: int, interet: float) -> tuple[float, float, float]:
        """Interest paid, principal, and interest joined to the balance, of a row of repayment."""
        taux, reste = self.taux(rang), self.n - self.faits
        if self.refaire:
            self.depart = self.faits
            self.base = self.calculer(taux, reste)
            self.refaire = False
        self.faits += 1
        if self.p["differe"] == "interets_stockes":
            return self.payer_le_stock(interet, rang)
        if reste == 1:
            return interet, self.solde, 0.0
        if self.p["profil"] in ("capital_constant", "in_fine"):
            return interet, self.arrondir(self.base if self.p["profil"] == "capital_constant" else 0.0), 0.0
        echeance = self.arrondir(self.base * self.coefficient(self.faits))
        if rang == 1 and "date_premiere_echeance" in self.p:
            echeance += interet - self.arrondir(self.solde * taux)
        principal = echeance - interet
        if principal < 0:
            return interet + principal, 0.0, -principal
        if principal >= self.solde:
            return interet, self.solde, 0.0
        return interet, principal, 0.0

    def payer_le_stock(self, interet: float, rang: int) -> tuple[float, float, float]:
        self.du += interet
        verse = self.arrondir(self.base)
        if verse >= self.du + self.solde or rang == self.derniere:
            paye, principal = self.du, self.solde
        else:
            paye = min(self.du, verse)
            principal = verse - paye
        self.du = self.arrondir(self.du - paye)
        return paye, principal, 0.0

    def coefficient(self, k: int) -> float:
        """Instalment number ``k`` of the contract over the first of those that are being paid since the last event."""
        p = self.p
        if p["profil"] != "progressif":
            return 1.0
        return (1 + p["progression"]) ** ((k - 1) // self.rythme - self.depart // self.rythme)

    def calculer(self, taux: float, reste: int) -> float:
        p, c = self.p, self.solde
        if p["profil"] == "capital_constant":
            return c / reste
        if p["profil"] == "in_fine":
            return 0.0
        if p["profil"] == "echeance_fixe":
            return p["echeance"]
        if p["profil"] == "ballon":
            return c * rente(taux, p["duree_profil_mois"] // self.pas - self.faits)
        if p["profil"] == "annuite_constante":
            return c * rente(taux, reste)
        valeur = sum(self.coefficient(self.faits + j) * (1 + taux) ** -j for j in range(1, reste + 1))
        return c / valeur

    def anticiper(self, rang: int) -> None:
        for a in self.p.get("anticipes", ()):
            if a["mois"] == rang * self.pas:
                rembourse = self.arrondir(self.solde * a["part"])
                self.colonnes["remboursement"][-1] += rembourse
                self.solde -= rembourse
                self.refaire = True

    def commission(self, rang: int) -> None:
        taux = self.p.get("commission_non_utilisation", 0.0)
        if not taux:
            return
        montant = 0.0
        for tire, mois in self.tirages:
            debut, fin = (rang - 1) * self.pas, rang * self.pas
            montant += tire * taux * max(min(mois, fin) - debut, 0) / 12
        self.colonnes["frais"][-1] += self.arrondir(montant)

    def assurer(self, rang: int) -> None:
        a, suite = self.p.get("assurance"), self.colonnes["assurance"]
        if a is None:
            return
        if a["mode"] == "prime_unique":
            suite[0] = self.arrondir(self.p["capital"] * a["taux"])
        elif a["mode"] == "capital_initial":
            suite[rang] = self.arrondir(self.p["capital"] * a["taux"] / self.rythme)
        else:
            suite[rang] = self.arrondir(self.colonnes["capital_restant_du"][rang - 1] * a["taux"] / self.rythme)

    def garantir(self) -> None:
        """File fee as a share of the capital, and commission of the guarantee once, or at each anniversary."""
        frais, soldes, p = self.colonnes["frais"], self.colonnes["capital_restant_du"], self.p
        frais[0] += self.arrondir(p["capital"] * p.get("part_de_frais", 0.0))
        g = p.get("garantie")
        if g is None:
            return
        for rang in range(0, len(soldes) - 1, self.rythme):
            assiette = soldes[rang] if g["assiette"] == "restante" else p["capital"]
            if rang == 0 or g["assiette"] != "initiale":
                frais[rang] += self.arrondir(min(assiette * g["quotite"], g["plafond"]) * g["commission"])
