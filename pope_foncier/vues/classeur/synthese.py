"""Sheet « Synthèse »: key figures of the plan as it stands and of the closed plan, side by side, each a link to its row."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from pope_foncier.vues.classeur.entrees import EtudeEcrite
from pope_foncier.vues.classeur.feuilles_vives import Attendu, ecriture, en_cache
from pope_foncier.vues.classeur.formules import Place
from pope_foncier.vues.classeur.modele_du_classeur import TEL_QUEL, Modele
from pope_foncier.vues.classeur.rangees import Rangee
from pope_foncier.vues.classeur.styles import Styles

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

FEUILLE = "Synthèse"
_PREMIERE = 5
_TEL_QUEL = 2
"""Column of the plan as it stands; the closed plan is in the next one."""
_GROUPES = (
    ("Plan de financement", ("besoins.", "ressources.")),
    ("Chiffres clés", ("indicateurs.",)),
    ("Ratios", ("ratios.",)),
)


def lignes(modele: Modele) -> list[tuple[str, str]]:
    """Groups and codes of the figures shown, in order."""
    seuls = [c for p, _ in modele.disposition.posees if not p.rangee.axe for c in p.codes]
    ordre = [c for c in _ordre(modele) if c in seuls or f"{TEL_QUEL}{c}" in seuls]
    return [(titre, code) for titre, debuts in _GROUPES for code in ordre if code.startswith(debuts)]


def _ordre(modele: Modele) -> list[str]:
    codes = [*modele.bouclee.livre.lignes]
    lus = [c for p, _ in modele.disposition.posees for c in p.codes]
    return [*codes, *(c for c in lus if c.startswith(("indicateurs.", "ratios.")))]


def ecrire(feuille: Worksheet, styles: Styles, lu: EtudeEcrite, modele: Modele) -> None:
    """Write the sheet."""
    feuille.write_string(0, 0, f"{lu.dossier.etude.titre} : {lu.ouverte.titre}", styles.titre)
    for colonne, largeur in enumerate((58.0, 20.0, 18.0, 18.0)):
        feuille.set_column(colonne, colonne, largeur)
    dit = '=IF(Contrôles!$B$3>0,"Une partie du classeur est PÉRIMÉE : voir Contrôles",'
    dit += 'IF(Contrôles!$B$2>0,"Un contrôle ne tient pas (ÉCART) : voir Contrôles","Contrôles : tout est OK"))'
    feuille.write_formula(2, 0, dit, styles.controle, "Contrôles : tout est OK")
    for colonne, titre in enumerate(("Chiffre", "Unité", "Plan tel quel", "Plan bouclé")):
        feuille.write_string(_PREMIERE - 1, colonne, titre, styles.entete)
    ecrit, ou, groupe = ecriture(modele), Place(FEUILLE, 0, 1), ""
    for rang, titre, presentes in _tableau(modele):
        if titre != groupe:
            groupe = titre
            feuille.write_string(rang - 1, 0, titre, styles.sous_titre)
        une = next(r for r in presentes if r is not None)
        feuille.write_string(rang, 0, une.nom, styles.libelle)
        feuille.write_string(rang, 1, une.unite, styles.unite)
        for colonne, rangee in enumerate(presentes, start=_TEL_QUEL):
            if rangee is not None:
                texte = f"={ecrit.reference(rangee, ou, '')}"
                cache = en_cache(float(rangee.valeur[0]))
                feuille.write_formula(rang, colonne, texte, styles.nombre(une.unite), cache)
    styles.dire_l_indetermine(feuille, _PREMIERE, _TEL_QUEL, rang, _TEL_QUEL + 1)
    styles.mettre_en_page(feuille, FEUILLE, (_PREMIERE, 1), portrait=True)


def _tableau(modele: Modele) -> Iterator[tuple[int, str, tuple[Rangee | None, Rangee | None]]]:
    """Row of the sheet, group, and figure of the plan as it stands and of the closed plan; a group begins under its title."""
    par_code = {code: posee.rangee for posee, _ in modele.disposition.posees for code in posee.codes}
    rang, groupe = _PREMIERE, ""
    for titre, code in lignes(modele):
        if titre != groupe:
            groupe = titre
            rang += 1
        yield rang, titre, (par_code.get(f"{TEL_QUEL}{code}"), par_code.get(code))
        rang += 1


def attendus(modele: Modele, depend: Callable[[Rangee], bool]) -> Iterator[Attendu]:
    """Every number of the sheet, with the value of the engine."""
    for rang, _, presentes in _tableau(modele):
        for colonne, rangee in enumerate(presentes, start=_TEL_QUEL):
            if rangee is not None:
                yield Attendu(FEUILLE, rang, colonne, rangee.valeur, rangee.unite, True, depend(rangee))
