"""Sheet « Synthèse »: key figures of the plan as it stands and of the closed plan, side by side, each a link to its row."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from pope_foncier.vues.classeur.entrees import EtudeEcrite
from pope_foncier.vues.classeur.feuilles_vives import Attendu, ecriture, en_cache
from pope_foncier.vues.classeur.formules import Place
from pope_foncier.vues.classeur.hypotheses import MODIFIEES
from pope_foncier.vues.classeur.modele_du_classeur import TEL_QUEL, Modele
from pope_foncier.vues.classeur.rangees import Rangee
from pope_foncier.vues.classeur.styles import Styles

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

FEUILLE = "Synthèse"
_PREMIERE = 5
_TEL_QUEL = 2
"""Column of the plan as it stands; the closed plan is in the next one."""
_TOTAUX = ("besoins.total", "ressources.total", "ressources.reste_a_financer")
"""What closes the two sides of the plan, in bold under them."""
_GROUPES: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("Besoins", ("besoins.",), _TOTAUX[:1]),
    ("Ressources", ("ressources.",), _TOTAUX[1:]),
    ("Trésorerie et ce qui reste à trouver", ("tresorerie.point_bas.", "a_trouver."), ()),
    ("Chiffres clés", ("programme.places", "indicateurs."), ()),
    ("Ratios", ("ratios.",), ()),
)
"""Heading, beginnings of the codes under it, then the codes of its totals."""
_INCONNU, _INCOMPLET = "inconnu", "plan incomplet"
"""What a cell says when there is no number: nobody knows an input of it; a ratio is read on a plan that is closed."""


def lignes(modele: Modele) -> list[tuple[str, str]]:
    """Groups and codes of the figures shown, in order; a figure is shown once."""
    par_code = {c: p.rangee for p, _ in modele.disposition.posees for c in p.codes if not p.rangee.axe}
    codes = dict.fromkeys([*modele.bouclee.livre.lignes, *par_code])
    ordre = [c for c in codes if c in par_code or f"{TEL_QUEL}{c}" in par_code]
    vues: set[int] = set()
    lues = []
    for titre, debuts, totaux in _GROUPES:
        siens = [c for c in ordre if c.startswith(debuts) and c not in _TOTAUX]
        for code in (*siens, *(c for c in totaux if c in ordre)):
            rangee = par_code.get(code)
            if rangee is None or id(rangee) not in vues:
                lues.append((titre, code))
                vues.add(id(rangee))
    return lues


def ecrire(feuille: Worksheet, styles: Styles, lu: EtudeEcrite, modele: Modele) -> None:
    """Write the sheet."""
    feuille.write_string(0, 0, f"{lu.dossier.etude.titre} : {lu.ouverte.titre}", styles.titre)
    for colonne, largeur in enumerate((58.0, 20.0, 18.0, 18.0)):
        feuille.set_column(colonne, colonne, largeur)
    dit = '=IF(Contrôles!$B$3>0,"Une partie du classeur est PÉRIMÉE : voir Contrôles",'
    dit += 'IF(Contrôles!$B$2>0,"Un contrôle ne tient pas (ÉCART) : voir Contrôles","Contrôles : tout est OK"))'
    feuille.write_formula(2, 0, dit, styles.controle, "Contrôles : tout est OK")
    change = f'=IF({MODIFIEES}=0,"Entrées : celles de l\'étude",{MODIFIEES}&" entrée(s) changée(s) : voir Hypothèses")'
    feuille.write_formula(3, 0, change, styles.controle, "Entrées : celles de l'étude")
    for colonne, titre in enumerate(("Chiffre", "Unité", "Plan tel quel", "Plan bouclé")):
        feuille.write_string(_PREMIERE - 1, colonne, titre, styles.entete)
    ecrit, ou, groupe = ecriture(modele), Place(FEUILLE, 0, 1), ""
    for rang, titre, code, presentes in _tableau(modele):
        if titre != groupe:
            groupe = titre
            feuille.write_string(rang - 1, 0, titre, styles.sous_titre)
        une = next(r for r in presentes if r is not None)
        total = code in _TOTAUX
        feuille.write_string(rang, 0, une.nom, styles.chiffre if total else styles.libelle)
        feuille.write_string(rang, 1, une.unite, styles.unite)
        for colonne, rangee in enumerate(presentes, start=_TEL_QUEL):
            if rangee is not None:
                case = ecrit.reference(rangee, ou, "")
                sinon = _INCOMPLET if colonne == _TEL_QUEL and code.startswith("ratios.") else _INCONNU
                cache = en_cache(float(rangee.valeur[0]))
                aspect = styles.nombre(une.unite, gras=total, align="right")
                feuille.write_formula(
                    rang, colonne, f'=IF(ISNA({case}),"{sinon}",{case})', aspect, sinon if cache == "#N/A" else cache
                )
    styles.dire_l_indetermine(feuille, _PREMIERE, _TEL_QUEL, rang, _TEL_QUEL + 1, "sans ressource")
    styles.mettre_en_page(feuille, FEUILLE, (_PREMIERE, 1), portrait=True)


def _tableau(modele: Modele) -> Iterator[tuple[int, str, str, tuple[Rangee | None, Rangee | None]]]:
    """Row of the sheet, group, code, and figure of the plan as it stands and of the closed plan; a group begins under its title."""
    par_code = {code: posee.rangee for posee, _ in modele.disposition.posees for code in posee.codes}
    rang, groupe = _PREMIERE, ""
    for titre, code in lignes(modele):
        if titre != groupe:
            groupe = titre
            rang += 1
        yield rang, titre, code, (par_code.get(f"{TEL_QUEL}{code}"), par_code.get(code))
        rang += 1


def attendus(modele: Modele, depend: Callable[[Rangee], bool]) -> Iterator[Attendu]:
    """Every number of the sheet, with the value of the engine."""
    for rang, _, _, presentes in _tableau(modele):
        for colonne, rangee in enumerate(presentes, start=_TEL_QUEL):
            if rangee is not None:
                yield Attendu(FEUILLE, rang, colonne, rangee.valeur, rangee.unite, True, depend(rangee))
