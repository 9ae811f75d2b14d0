"""Small round study for the committee tables, and the same study computed in plain Python, month by month, from its round numbers."""

from dataclasses import replace

from pope_foncier.etude.scenarios import BASE, varier
from tests.rondes import d, micro_ronde

OUVERTURE, HORIZON = 9, 132
"""The works last nine months: the crèche opens in October 2027; the study lasts eleven years."""


def comite_rond(coque, fonds_propres=60_000, **surcharges):
    """Tenant micro-crèche in round numbers: loan at 6 %, contribution to give back, bridge, fixed support of the commune.

    Its lease lasts twelve years: none of the duties of a longer one.
    """
    micro = micro_ronde(coque)
    pret = micro.etude.prets[0]
    etude = varier(
        micro,
        "comite",
        {
            "delais.travaux_mois": d(OUVERTURE),
            "titre_occupation.duree_mois": d(144),
            "travaux.equipement_par_place_ttc": d(1_000),
            "travaux.duree_vie_equipement_mois": d(84),
            "exploitation.contribution_commune": {"mode": "forfait", "par_place": d(4_000)},
            "prets": [
                pret.model_dump(exclude_defaults=True)
                | {"montant": d(120_000), "taux": d(0.06), "duree_mois": d(60), "differe_mois": d(12)}
            ],
            "apports": [
                {
                    "id": "propres",
                    "libelle": "Fonds propres",
                    "apporteur": "Réserves",
                    "nature": "fonds_propres",
                    "montant": d(fonds_propres),
                    "mois_versement": d(2),
                },
                {
                    "id": "reprise",
                    "libelle": "Apport avec droit de reprise",
                    "apporteur": "Fonds",
                    "nature": "droit_de_reprise",
                    "montant": d(30_000),
                    "mois_versement": d(0),
                    "reprise_differe_mois": d(24),
                    "reprise_duree_mois": d(60),
                },
            ],
            "relais": {"preteur": "Banque", "taux": d(0.03), "taux_avance": d(0.8), "statuts": ["acquise"]},
        }
        | surcharges,
    )
    return replace(micro, etude=etude, variantes={BASE: etude})


def a_la_main(fonds_propres=60_000):
    """Every flow of the operator by month, from the round numbers of the sheet alone; prices never move.

    Works 165,000 HT with contingencies and 22,500 HT of fees, VAT 20 %, paid in nine parts; equipment the month before the opening;
    rent 14,000 a year from month 0. Families 96,000 a year, Caf 24,000 of which 70 % monthly and the rest in July of the next
    year, commune 40,000; staff 105,000, other charges 15,000. Loan: interest only for twelve months, then 48 parts of 2,500.
    """
    mois = range(HORIZON)
    ouvert = [m >= OUVERTURE for m in mois]
    restant = [120_000.0 if m < 13 else max(120_000.0 - 2_500.0 * (m - 12), 0.0) for m in mois]
    capital = [2_500.0 if 13 <= m <= 60 else 0.0 for m in mois]
    interets = [0.0] + [0.06 / 12 * restant[m - 1] for m in mois if m > 0]
    du_caf = [2_000.0 * o for o in ouvert]
    solde_caf = {
        12 * (annee + 1) + 6: 0.3 * sum(du_caf[12 * annee : 12 * annee + 12]) for annee in range(HORIZON // 12 - 1)
    }
    caf = [0.7 * du_caf[m] + solde_caf.get(m, 0.0) for m in mois]
    flux = {
        "travaux": [-22_000.0 if m < OUVERTURE else 0.0 for m in mois],
        "honoraires": [-3_000.0 if m < OUVERTURE else 0.0 for m in mois],
        "equipement": [-10_000.0 if m == OUVERTURE - 1 else 0.0 for m in mois],
        "loyer": [-14_000.0 / 12 for m in mois],
        "interets": [-i for i in interets],
        "capital": [-c for c in capital],
        "pret": [120_000.0 if m == 0 else 0.0 for m in mois],
        "aide": [60_000.0 if m == OUVERTURE + 6 else 0.0 for m in mois],
        "propres": [float(fonds_propres) if m == 2 else 0.0 for m in mois],
        "apport_a_rendre": [30_000.0 if m == 0 else 0.0 for m in mois],
        "reprise": [-500.0 if 24 <= m < 84 else 0.0 for m in mois],
        "familles": [8_000.0 * o for o in ouvert],
        "caf": caf,
        "ville": [40_000.0 / 12 * o for o in ouvert],
        "personnel": [-105_000.0 / 12 * o for o in ouvert],
        "autres": [-15_000.0 / 12 * o for o in ouvert],
    }
    tire, caisse = 0.0, 0.0
    relais, relais_interets, tresorerie = [], [], []
    for m in mois:
        cout = tire * 0.03 / 12
        position = caisse - tire + sum(v[m] for v in flux.values()) - cout
        plafond = 0.8 * sum(flux["aide"][m + 1 :])
        tire = min(max(-position, 0.0), plafond)
        caisse = position + tire
        relais.append(tire)
        relais_interets.append(cout)
        tresorerie.append(caisse)
    return flux | {
        "relais": relais,
        "relais_interets": relais_interets,
        "tresorerie": tresorerie,
        "restant": restant,
        "du_caf": du_caf,
    }


def par_an(valeurs, depuis=0):
    """Sums by calendar year of the months from one on."""
    return [sum(valeurs[m] for m in range(12 * a, 12 * a + 12) if m >= depuis) for a in range(HORIZON // 12)]


def fins(valeurs):
    """Balances of 31 December."""
    return [valeurs[12 * a + 11] for a in range(HORIZON // 12)]
