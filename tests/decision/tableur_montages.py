"""A spreadsheet in plain Python: montages of the shell of La Courneuve month by month, without the project's code.

Inputs are those of the study file (250 m², 17 places, 1,600 €/m² of 2025, purchase of 500,000 € before VAT…) and of the scales
(BT01 133.3 over 132.0 then 1.5 % a year, prices and ILAT 1.8 %, ICC 1.5 %). Equipment is bought at the prices of the month
before the opening. One list of M numbers per flow.
"""

from __future__ import annotations

M = 360
SURFACE, PLACES = 250.0, 17
TRAVAUX, OUVERTURE = 9, 18
PRIX, TVA = 500_000.0, 0.2
CAPITAL, TAUX, DUREE, DIFFERE = 300_000.0, 0.0436, 180, 12
ACTUALISATION = 0.03


def annee(mois):
    return 2027 + mois // 12


def vide():
    return [0.0] * M


def a(mois, montant):
    flux = vide()
    if mois < M:
        flux[mois] = montant
    return flux


def plus(*flux):
    return [sum(x) for x in zip(*flux, strict=True)]


def moins(flux):
    return [-x for x in flux]


def valeur(flux, taux):
    return sum(x * (1 + taux) ** (-m / 12) for m, x in enumerate(flux))


def tranches(montant, bareme):
    total, bas = 0.0, 0.0
    for haut, taux in bareme:
        total += max(min(montant, haut) - bas, 0.0) * taux
        bas = haut
    return total


TRAVAUX_HT = SURFACE * 1_600 * 133.3 / 132.0 * 1.015 ** ((14 + 13.5) / 12)
IMMOBILIER = TRAVAUX_HT * (1 + 0.12 + 0.08 + 0.10) * (1 + TVA)
EQUIPEMENT = PLACES * 3_750.0 * 1.018 ** ((24 + OUVERTURE - 1) / 12)
INFINI = float("inf")


def chantier():
    """Fees spread to the opening; works on an S curve paid a month later, 5 % kept a year; equipment in the last month."""
    flux = vide()
    for m in range(OUVERTURE):
        flux[m] += TRAVAUX_HT * 0.20 * (1 + TVA) / OUVERTURE
    facture = TRAVAUX_HT * 1.10 * (1 + TVA)

    def courbe(x):
        return x * x * (3 - 2 * x)

    duree = OUVERTURE - TRAVAUX
    for k in range(duree):
        flux[TRAVAUX + 1 + k] += facture * 0.95 * (courbe((k + 1) / duree) - courbe(k / duree))
    flux[OUVERTURE + 12] += facture * 0.05
    flux[OUVERTURE - 1] += EQUIPEMENT
    return flux


def charges(taxe=15, assurance=3, entretien=20, fin=M):
    par_m2 = taxe + assurance + entretien
    return [SURFACE * par_m2 / 12 * 1.018 ** (annee(m) - 2026) if TRAVAUX <= m < fin else 0.0 for m in range(M)]


def pret():
    """Net flow of the borrower, and what is left to repay in the last month."""
    mensuel = TAUX / 12
    echeance = CAPITAL * mensuel / (1 - (1 + mensuel) ** -(DUREE - DIFFERE))
    flux, reste = a(TRAVAUX, CAPITAL), CAPITAL
    restants = {TRAVAUX: CAPITAL}
    for rang in range(1, DUREE + 1):
        interets = reste * mensuel
        capital = 0.0 if rang <= DIFFERE else echeance - interets
        reste -= capital
        mois = TRAVAUX + rang
        restants[mois] = reste
        if mois < M:
            flux[mois] -= interets + capital
    return flux, restants.get(M - 1, 0.0)


def hypotheque():
    notaire = tranches(CAPITAL, [(6_500, 0.0129), (17_000, 0.00532), (60_000, 0.00355), (INFINI, 0.00266)])
    return CAPITAL * 1.2 * (0.00715 + 0.0005) + notaire * (1 + TVA)


def frais_d_acte(hors_taxe, droits):
    notaire = tranches(hors_taxe, [(6_500, 0.0387), (17_000, 0.01596), (60_000, 0.01064), (INFINI, 0.00799)])
    return hors_taxe * (0.00715 * droits + 0.001) + notaire * (1 + TVA) + 1_200


def frais_de_bail(loyers):
    """Lease of more than twelve years: duty of 0.70 %, land registry 0.10 %, notary on the sum of the rents."""
    notaire = tranches(loyers, [(6_500, 0.01645), (17_000, 0.00905), (30_000, 0.00617), (INFINI, 0.00452)])
    return loyers * 0.008 + notaire * (1 + TVA)


def aides():
    return plus(a(OUVERTURE + 12, 8_000.0 * PLACES), a(OUVERTURE + 6, 3_250.0 * PLACES))


def places(taux=ACTUALISATION, fin=M):
    return valeur([PLACES / 12 if OUVERTURE <= m < fin else 0.0 for m in range(M)], taux)


def unitaire():
    """Rent of the operator for 1 €/m²/year, ILAT."""
    return [SURFACE / 12 * 1.018 ** (annee(m) - 2027) if m >= OUVERTURE else 0.0 for m in range(M)]


def bail_long():
    """Rent of 60 €/m², ICC."""
    return [SURFACE * 60 / 12 * 1.015 ** (annee(m) - 2027) if m >= TRAVAUX else 0.0 for m in range(M)]


def fin(taux):
    return (1 + taux) ** (-(M - 1) / 12)


BUREAUX = SURFACE * 105.78


def porteur_qui_achete(hors_taxe=PRIX, droits=1, bureaux=BUREAUX, garantie=None, taxe=15):
    """Flows of a buyer before any rent."""
    garantie = hypotheque() if garantie is None else garantie
    entree = a(TRAVAUX, -(hors_taxe * (1 + TVA) + frais_d_acte(hors_taxe, droits) + bureaux + garantie))
    return plus(moins(chantier()), aides(), pret()[0], entree, moins(charges(taxe=taxe)))


def revente(hors_taxe=PRIX):
    return 0.5 * (hors_taxe * (1 + TVA) + IMMOBILIER) - pret()[1]


def loyer_d_equilibre(flux, retrouve, rendement, reserve):
    return -(valeur(flux, rendement) + retrouve * fin(rendement)) / (valeur(unitaire(), rendement) * (1 - reserve))


def cout(flux, retrouve=0.0, dernier=M):
    return -(valeur(flux, ACTUALISATION) + retrouve * fin(ACTUALISATION)) / places(fin=dernier)


def societe(rendement):
    """Rent and cost of a company that buys, lets, and keeps 5 % of the rent."""
    flux = porteur_qui_achete()
    return loyer_d_equilibre(flux, revente(), rendement, 0.05), cout(flux, revente())


def location_simple(renouvelee):
    """Civil lease of 192 months at 140 €/m² (ILAT), heavy works and property tax to the owner, guarantor at 2.5 % of 65 %."""
    terme = TRAVAUX + 192
    dernier = M if renouvelee else terme
    flux = plus(
        moins(chantier()), aides(), pret()[0], a(TRAVAUX, -CAPITAL * 0.65 * 0.025 - frais_de_bail(SURFACE * 140 * 16))
    )
    flux = plus(flux, moins(charges(taxe=0, entretien=0, fin=dernier)))
    for m in range(TRAVAUX, min(dernier, M)):
        flux[m] -= SURFACE * 140 / 12 * 1.018 ** (annee(m) - 2027) * 1.1 ** ((m - TRAVAUX) // 192)
    if renouvelee:
        flux[terme] -= 0.30 * IMMOBILIER * 1.015 ** (annee(terme) - 2027)
    return cout(flux, dernier=dernier)


def bail_capitalise():
    paye = sum(SURFACE * 60 / 12 * 1.03 ** (-k / 12) for k in range(360))
    entree = a(TRAVAUX, -(paye + frais_de_bail(paye) + BUREAUX + hypotheque()))
    flux = plus(moins(chantier()), aides(), pret()[0], entree, moins(charges()))
    reste = paye * max(TRAVAUX + 360 - M, 0) / 360
    return cout(flux, reste)


def commune_puis_bail():
    """Cost of the association and the commune together: lease of 360 months, its reversion discounted to its own end."""
    entree = a(TRAVAUX, -(frais_de_bail(SURFACE * 60 * 30) + hypotheque()))
    association = plus(moins(chantier()), aides(), pret()[0], entree, moins(charges()))
    commune = a(TRAVAUX, -(PRIX * (1 + TVA) + frais_d_acte(PRIX, 0)))
    retour = 0.5 * (PRIX * (1 + TVA) + IMMOBILIER) * 1.03 ** (-(TRAVAUX + 360) / 12)
    return -(valeur(plus(association, commune), ACTUALISATION) + retour) / places()


def commune_par_epfif():
    """Rent and cost: price carried at 2 % and 1 % a year for five years, no duties, FCTVA paid in December of the second year."""
    prix = PRIX * (1 + 0.02 + 0.01 * 5)
    flux = porteur_qui_achete(hors_taxe=prix, droits=0, bureaux=0.0, garantie=0.0)
    depenses = plus(chantier(), a(TRAVAUX, prix * (1 + TVA)))
    for an in range(2027, 2057):
        du = 0.16404 * sum(x for m, x in enumerate(depenses) if annee(m) == an)
        mois = (an + 2 - 2027) * 12 + 11
        if mois < M:
            flux[mois] += du
    return loyer_d_equilibre(flux, revente(prix), 0.0, 0.0), cout(flux, revente(prix))
