"""Sheets written for the tests: a study, a few inputs that formulas would read, and the workbook read again by another library."""

from io import BytesIO

import xlsxwriter
from openpyxl import load_workbook

from pope_foncier.modele.declaration import lire_champ
from pope_foncier.vues.classeur import hypotheses
from pope_foncier.vues.classeur.entrees import EntreeVive, EtudeEcrite, nom_de_cellule
from pope_foncier.vues.classeur.origine import signer
from pope_foncier.vues.classeur.styles import Styles

CHAMPS = (
    "programme.surface_m2",
    "travaux.cout_m2_ht",
    "travaux.honoraires_part",
    "titre_occupation.duree_mois",
    "aides[caf93].par_place",
    "prets[banque].taux",
    "exploitation.taux_occupation",
)


def lu(resultat, scenario="base"):
    vue = resultat.vue(scenario)
    return EtudeEcrite(resultat.dossier, scenario, vue, vue.bouclee)


def vives(ecrite, champs=CHAMPS):
    ctx = ecrite.bouclee.ev.ctx
    fiche = ecrite.dossier.variantes[ecrite.scenario]
    lues = []
    for champ in champs:
        grandeur, donnee = ctx.entree(champ), lire_champ(fiche, champ)
        lues.append(
            EntreeVive(champ, nom_de_cellule(champ), float(grandeur.valeur.reshape(-1)[0]), grandeur.unite, grandeur.nom, "etude",
                       getattr(donnee, "intervalle", None), grandeur.origines[0])
        )  # fmt: skip
    return lues


def classeur(ecrire, pied="essai"):
    """Workbook of one sheet, as bytes; ``ecrire`` is given the workbook, the sheet and the styles."""
    tampon = BytesIO()
    livre = xlsxwriter.Workbook(tampon, {"in_memory": True})
    ecrire(livre, livre.add_worksheet("Hypothèses"), Styles(livre, pied))
    livre.close()
    return tampon.getvalue()


def relu(octets, valeurs=False):
    return load_workbook(BytesIO(octets), data_only=valeurs)


def hypotheses_de(ecrite, champs=CHAMPS):
    """Bytes of a workbook that holds the sheet of the inputs alone, and says where it comes from."""

    def ecrire(livre, feuille, styles):
        signer(livre, ecrite)
        hypotheses.ecrire(livre, feuille, styles, ecrite, vives(ecrite, champs))

    return classeur(ecrire)


def case_de(feuille, champ, colonne=hypotheses.SAISIE):
    """Cell of a column in the row of an input."""
    rang = next(r for r in range(5, feuille.max_row + 1) if feuille.cell(r, hypotheses.CHAMP + 1).value == champ)
    return feuille.cell(rang, colonne + 1)
