"""Sheet « Contrôles »: identities as formulas, decisions built in the formulas, values that the engine computed; all must read OK."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pope_foncier.etude import bilan_du_projet
from pope_foncier.modele.livre import TOLERANCE
from pope_foncier.vues.classeur import hypotheses
from pope_foncier.vues.classeur.feuilles_vives import ecriture
from pope_foncier.vues.classeur.formules import OUI_OU_NON, Place, nombre
from pope_foncier.vues.classeur.modele_du_classeur import BILAN, TEL_QUEL, Modele
from pope_foncier.vues.classeur.rangees import Rangee
from pope_foncier.vues.classeur.saisies import choix_de
from pope_foncier.vues.classeur.styles import Styles
from pope_foncier.vues.formes.lectures import STATUTS

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

FEUILLE = "Contrôles"
PREMIERE_LIGNE = 5
ECART, ETAT = 1, 2
"""Columns from zero: number to compare with nothing, word."""
LIGNE_DES_ECARTS, LIGNE_DES_PERIMES = 1, 2
"""Rows from zero of what counts the lines that do not read OK."""
BOUCLE_EN_CLAIR = {"": "plan bouclé", TEL_QUEL: "plan tel quel"}
_STABLE = 0.001


@dataclass(frozen=True, slots=True)
class Controle:
    """Line of the sheet: what is checked, the number that must be nil, the tolerance, and whether a difference means stale."""

    libelle: str
    formule: str
    tolerance: float
    perime: bool = False
    cause: str = ""


def lister(modele: Modele) -> list[Controle]:
    """All the checks of a workbook."""
    return [
        *_identites(modele),
        *_saisies(),
        *_bouclage(modele),
        *_statuts(modele),
        *_decisions(modele),
        *_tenues(modele),
    ]


def ecrire(feuille: Worksheet, styles: Styles, modele: Modele) -> None:
    """Write the sheet, and name the cells that count."""
    controles = lister(modele)
    feuille.write_string(0, 0, "Contrôles", styles.titre)
    for colonne, largeur in ((0, 78.0), (ECART, 14.0), (ETAT, 12.0), (3, 70.0)):
        feuille.set_column(colonne, colonne, largeur)
    fin = PREMIERE_LIGNE + len(controles)
    etats = f"$C${PREMIERE_LIGNE + 1}:$C${fin}"
    for rang, mot, libelle in (
        (LIGNE_DES_ECARTS, "ÉCART", "Identités rompues"),
        (LIGNE_DES_PERIMES, "PÉRIMÉ", "Parties périmées : rappeler le moteur"),
    ):
        feuille.write_string(rang, 0, libelle, styles.libelle)
        feuille.write_formula(rang, ECART, f'=COUNTIF({etats},"{mot}")', styles.format(bold=True, num_format="0"), 0)
    for colonne, titre in enumerate(("Contrôle", "Écart", "État", "Ce que veut dire un écart")):
        feuille.write_string(PREMIERE_LIGNE - 1, colonne, titre, styles.entete)
    for rang, controle in enumerate(controles, start=PREMIERE_LIGNE):
        mot = "PÉRIMÉ" if controle.perime else "ÉCART"
        feuille.write_string(rang, 0, controle.libelle, styles.libelle)
        feuille.write_formula(rang, ECART, f"={controle.formule}", styles.nombre(""), 0)
        dit = f'=IF(ISERROR(B{rang + 1}),"inconnu",IF(ABS(B{rang + 1})<={nombre(controle.tolerance)},"OK","{mot}"))'
        feuille.write_formula(rang, ETAT, dit, styles.controle, "OK")
        feuille.write_string(rang, 3, controle.cause, styles.detail)
    styles.mettre_en_page(feuille, FEUILLE, (PREMIERE_LIGNE, 1))


def _identites(modele: Modele) -> Iterator[Controle]:
    par_code = {code: posee.rangee for posee, _ in modele.disposition.posees for code in posee.codes}
    ecrit, ou = ecriture(modele), Place(FEUILLE, 0, 1)

    def seul(code: str) -> str:
        return ecrit.reference(par_code[code], ou, "")

    def ligne(code: str) -> str:
        return ecrit.ligne(par_code[code], ou)

    cotes = [f"{BILAN}.{total}" for total in (bilan_du_projet.ACTIF, bilan_du_projet.PASSIF)]
    if all(c in par_code for c in cotes):
        ecart = f"SUMPRODUCT(ABS({ligne(cotes[0])}-{ligne(cotes[1])}))"
        yield Controle("Bilan : actif = passif, chaque année, plan bouclé", ecart, _TOLERANCE_DES_SOMMES)
    for avant, plan in BOUCLE_EN_CLAIR.items():
        totaux = [f"{avant}{c}" for c in ("ressources.total", "ressources.reste_a_financer", "besoins.total")]
        if all(c in par_code for c in totaux):
            trouve = f"{seul(totaux[0])}+{seul(totaux[1])}-{seul(totaux[2])}"
            yield Controle(f"Ressources + reste à financer = besoins, {plan}", trouve, TOLERANCE)
        soldes = [c for c in par_code if c.startswith(f"{avant}solde.")]
        if soldes:
            somme = "+".join(f"SUM({ligne(c)})" for c in soldes)
            yield Controle(f"Les flux de toutes les parties s'annulent, {plan}", somme, _TOLERANCE_DES_SOMMES)
        for code in (c for c in par_code if c.startswith(f"{avant}tresorerie.cumul.")):
            solde = code.replace("tresorerie.cumul.", "solde.")
            if solde in par_code:
                fin = f"SUM({ligne(solde)})-INDEX({ligne(code)},COLUMNS({ligne(code)}))"
                yield Controle(
                    f"{par_code[code].nom} : dernier solde = somme des flux, {plan}", fin, _TOLERANCE_DES_SOMMES
                )
        for code in (c for c in par_code if c.startswith(f"{avant}emprunts.") and c.endswith(".restant")):
            lus = [code.removesuffix("restant") + x for x in ("deblocage", "remboursement")]
            if all(x in par_code for x in lus):
                rendu = f"SUM({ligne(lus[0])})-SUM({ligne(lus[1])})-INDEX({ligne(code)},COLUMNS({ligne(code)}))"
                yield Controle(f"{par_code[code].nom} : prêté = rendu + dû, {plan}", rendu, _TOLERANCE_DES_SOMMES)


_TOLERANCE_DES_SOMMES = 0.01
"""Difference that a sum over all the months may have [€]."""


def _saisies() -> Iterator[Controle]:
    """What was typed that no input admits, or that the formulas do not follow."""

    def nombre_de(*mots: str) -> str:
        return "+".join(f'COUNTIF({hypotheses.FEUILLE}!$E:$E,"{mot}")' for mot in mots)

    refusees = nombre_de(hypotheses.HORS_BORNES, hypotheses.ILLISIBLE)
    cause = "Une valeur tapée n'est pas admise : voir la colonne État de la feuille Hypothèses."
    yield Controle("Entrées hors bornes ou illisibles", refusees, 0.0, cause=cause)
    cause = "Les formules ne suivent pas ces entrées : renvoyer le classeur, le moteur dira ce qu'elles changent."
    yield Controle(
        "Entrées changées que les formules ne suivent pas", nombre_de(hypotheses.A_RENVOYER), 0.0, True, cause
    )


def _bouclage(modele: Modele) -> Iterator[Controle]:
    ecrit, ou = ecriture(modele), Place(FEUILLE, 0, 1)
    for cle, part in modele.parts.items():
        montant = modele.tours[-1][cle]
        ecart = f"{ecrit.reference(part, ou, '')}-{ecrit.reference(montant, ou, '')}"
        cause = "Les tours de bouclage écrits ne suffisent plus : refaire le classeur."
        yield Controle(f"Bouclage stabilisé : {part.nom}", ecart, _STABLE, perime=True, cause=cause)


def _statuts(modele: Modele) -> Iterator[Controle]:
    """Choices in words that the formulas do not follow: a grant left out that is asked for now, one that a bridge may advance or not.

    The other way round, a grant that is no longer asked for brings nothing: the share of it that is granted reads its status.
    """
    etude = modele.ouverte.ctx.etude
    for choix in choix_de(etude):
        if not choix.champ.endswith(".statut"):
            continue
        est_une_aide, ecarte = choix.champ.startswith("aides["), choix.valeur == STATUTS["non_demandee"]
        if est_une_aide and etude.relais is not None:
            trouve = f'IF({choix.cellule}="{choix.valeur}",0,1)'
        elif est_une_aide and not ecarte:
            continue
        else:
            trouve = f'IF(({choix.cellule}="{STATUTS["non_demandee"]}")=({int(ecarte)}=1),0,1)'
        cause = "Le classeur n'a pas les lignes de cette aide : refaire le classeur avec ce statut."
        yield Controle(f"Même statut : {choix.libelle}", trouve, 0.0, perime=True, cause=cause)


def _decisions(modele: Modele) -> Iterator[Controle]:
    ecrit, ou = ecriture(modele), Place(FEUILLE, 0, 1)
    for decision in modele.decisions:
        rangee = decision.rangee
        if decision.trouve and not rangee.gabarit.endswith(OUI_OU_NON):
            continue  # an amount that made lines: once it is nil they are nil too
        if rangee.axe:
            oui = f"IF(SUMPRODUCT(ABS({ecrit.ligne(rangee, ou)}))<>0,1,0)"
        else:
            oui = f"IF({ecrit.reference(rangee, ou, '')}<>0,1,0)"
        libelle = f"Structure inchangée : {rangee.dite}"
        cause = "Une ligne du modèle paraîtrait, disparaîtrait ou changerait de forme : refaire le classeur."
        yield Controle(libelle, f"IFERROR({oui},1)-{int(decision.trouve)}", 0.0, perime=True, cause=cause)


def _tenues(modele: Modele) -> Iterator[Controle]:
    """What each held value was computed from, compared with what it was then."""
    ecrit, ou = ecriture(modele), Place(FEUILLE, 0, 1)
    for posee, _ in modele.disposition.posees:
        if posee.rangee.genre != "tenue":
            continue
        for o in posee.rangee.operandes:
            if isinstance(o, Rangee) and not np.isnan(o.valeur).any():
                nom = posee.rangee.nom or posee.rangee.detail
                libelle = f"Calculé par le moteur : {nom}, selon {o.nom or o.detail}"
                yield Controle(libelle, _change(o, ecrit, ou), _ecart_admis(o), True, posee.rangee.raison)


def _change(o: Rangee, ecrit: object, ou: Place) -> str:
    """How far an operand is from what it was: of a row, its sum and its sum weighted by rank."""
    if not o.axe:
        return f"{ecrit.reference(o, ou, '')}-{nombre(float(o.valeur[0]))}"  # type: ignore[attr-defined]
    ligne = ecrit.ligne(o, ou)  # type: ignore[attr-defined]
    carres = float(np.square(o.valeur).sum())
    return f"ABS(SUM({ligne})-{nombre(float(o.valeur.sum()))})+ABS(SUMSQ({ligne})-{nombre(carres)})/{nombre(max(carres, 1.0) ** 0.5)}"


def _ecart_admis(o: Rangee) -> float:
    """Difference that rounding explains."""
    return 1e-9 * max(1.0, float(np.abs(o.valeur).sum()))
