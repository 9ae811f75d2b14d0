"""Proof of a workbook: LibreOffice computes it again, and every number is that of the engine; then again under random inputs.

What is compared with is computed by the engine for the same inputs, never read in the cells. A draw that changes the structure of the
study is told as such: the workbook must then say so itself.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from pope_foncier.etude.deplacements import EVOLUTION, portee
from pope_foncier.etude.fiche import Etude
from pope_foncier.etude.moteur import Moteur
from pope_foncier.etude.scenarios import BASE, Dossier, varier
from pope_foncier.lieu.site import Site
from pope_foncier.modele.contexte import Contexte
from pope_foncier.socle.erreurs import ErreurPope
from pope_foncier.socle.grandeur import Grandeur
from pope_foncier.vues.classeur import controles
from pope_foncier.vues.classeur.classeur import Classeur, contexte_de
from pope_foncier.vues.classeur.disposition import Posee
from pope_foncier.vues.classeur.entrees import EntreeVive
from pope_foncier.vues.classeur.feuilles_vives import INFINI, Attendu, attendus
from pope_foncier.vues.classeur.formules import lettres
from pope_foncier.vues.classeur.hypotheses import FEUILLE as HYPOTHESES
from pope_foncier.vues.classeur.modele_du_classeur import Modele, modeler
from pope_foncier.vues.classeur.rangees import Rangee
from pope_foncier.vues.classeur.tableur import Cellules, changer, lire_nombres, noms_definis, recalculer

EUROS, TAUX = 0.01, 1e-9
"""Largest difference of an amount [€], of a rate or of any other number, next to its size."""
TIRAGES, GRAINE = 20, 20261129
_PART = 0.5
"""How far of its range an input is moved: most draws then keep the structure of the study."""
_ESSAIS = 12
"""Draws tried for one that the engine accepts."""


@dataclass(frozen=True, slots=True)
class Ecart:
    """Cell that differs most: where, what the engine gives, what the workbook gives, next to what is admitted."""

    feuille: str
    cellule: str
    attendu: float
    trouve: float
    rapport: float


@dataclass(frozen=True, slots=True)
class Tirage:
    """One recalculation: what was changed, how many cells were compared, the worst one, the cells out of tolerance.

    Attributes:
        perime: whether the workbook says that a part of it is stale.
        structure: whether the engine gives other lines than those of the workbook: nothing is compared.
    """

    change: Mapping[str, float]
    comparees: int
    fausses: int
    pire: Ecart | None
    perime: bool = False
    structure: bool = False


@dataclass(frozen=True)
class Verification:
    """Result of the proof of one workbook."""

    base: Tirage
    tirages: tuple[Tirage, ...]
    dependantes: int
    vivantes: int
    refuses: int = 0
    immobiles: tuple[str, ...] = ()
    tenues: tuple[str, ...] = field(default=())

    @property
    def part_vivante(self) -> float:
        """Share of the cells that an input moves which are formulas."""
        return self.vivantes / max(self.dependantes, 1)

    @property
    def compares(self) -> list[Tirage]:
        """Recalculations whose numbers were compared and must be right."""
        return [self.base, *(t for t in self.tirages if not t.structure and not t.perime)]

    @property
    def est_juste(self) -> bool:
        """Whether each number compared is that of the engine, and what is stale says so."""
        return (
            not self.base.perime
            and not any(t.fausses for t in self.compares)
            and all(t.perime for t in self.tirages if t.structure)
        )


def verifier(
    moteur: Moteur, fait: Classeur, tirages: int = TIRAGES, graine: int = GRAINE, octets: bytes | None = None
) -> Verification:
    """Prove a workbook.

    Args:
        fait: workbook, as it was written.
        tirages: random changes of its inputs.
        graine: seed.
        octets: its file, when it is not the one that was written.
    """
    fichier = fait.octets if octets is None else octets
    essais, refuses = _tirer(moteur, fait, tirages, graine)
    cases = _cases(fichier, fait.modele.entrees)
    copies = [changer(fichier, HYPOTHESES, {cases[c]: v for c, v in change.items()}) for change, _ in essais]
    lus = [lire_nombres(o) for o in recalculer([fichier, *copies])]
    depend = Dependance(fait.modele)
    references = attendus(fait.modele, depend)
    base = _comparer({}, references, lus[0])
    faits = []
    for (change, modele), cellules in zip(essais, lus[1:], strict=True):
        if forme(modele) != forme(fait.modele):
            faits.append(Tirage(change, 0, 0, None, _perime(cellules), structure=True))
        else:
            faits.append(_comparer(change, attendus(modele, depend.de(modele)), cellules))
    bougent = [a for a in references if a.depend]
    moved = {c for change, _ in essais for c in change}
    return Verification(
        base,
        tuple(faits),
        len(bougent),
        sum(a.vivante for a in bougent),
        refuses,
        tuple(e.champ for e in fait.modele.entrees if e.nature in ("etude", "evolution") and e.cellule not in moved),
        tuple(p.rangee.nom for p, _ in fait.modele.disposition.posees if p.rangee.genre == "tenue"),
    )


class Dependance:
    """Whether an input moves a row."""

    def __init__(self, modele: Modele) -> None:
        self._connues: dict[int, bool] = {}
        self._gardees = modele

    def __call__(self, rangee: Rangee) -> bool:
        """Whether an input of the study, of its site, of a path or of the law moves it."""
        pile = [rangee]
        while pile:
            r = pile[-1]
            if id(r) in self._connues:
                pile.pop()
                continue
            if r.genre in ("entree", "donnee", "rang"):
                self._connues[id(r)] = r.genre == "entree" and bool(r.cle)
                pile.pop()
                continue
            en_cours = {id(x) for x in pile}
            manquent = [x for x in r.lues if id(x) not in self._connues and id(x) not in en_cours]
            if manquent:
                pile += manquent[:1]
                continue
            self._connues[id(r)] = any(self._connues.get(id(x), False) for x in r.lues)
            pile.pop()
        return self._connues[id(rangee)]

    def de(self, modele: Modele) -> Dependance:
        """The same question on another workbook."""
        return Dependance(modele)


def forme(modele: Modele) -> list[tuple[str, ...]]:
    """What tells the structure of a workbook: its rows in order, without their numbers."""
    return [
        (nom, x.rangee.nom, x.rangee.unite, x.rangee.axe, x.rangee.genre, str(x.rangee.valeur.size), *x.codes)
        for nom, feuille in modele.disposition.feuilles.items()
        for x in feuille.lignes
        if isinstance(x, Posee)
    ]


def _comparer(change: Mapping[str, float], references: Sequence[Attendu], lus: Mapping[str, Cellules]) -> Tirage:
    pire, fausses = None, 0
    for a in references:
        trouve = lus.get(a.feuille, {}).get((a.ligne, a.colonne))
        rapport = _rapport(a, trouve)
        fausses += rapport > 1.0
        if pire is None or rapport > pire.rapport:
            pire = Ecart(
                a.feuille,
                f"{lettres(a.colonne)}{a.ligne + 1}",
                a.valeur,
                math.nan if trouve is None else trouve,
                rapport,
            )
    return Tirage(change, len(references), fausses, pire, _perime(lus))


def _rapport(a: Attendu, trouve: float | None) -> float:
    """Difference of a cell over what is admitted; an unknown must be unknown."""
    if trouve is None:
        return math.inf
    if math.isnan(a.valeur) or math.isnan(trouve):
        return 0.0 if math.isnan(a.valeur) and math.isnan(trouve) else math.inf
    if abs(a.valeur) >= INFINI:
        return 0.0 if abs(trouve) >= _TRES_GRAND else math.inf
    admis = EUROS if a.unite.startswith("€") else TAUX * max(1.0, abs(a.valeur))
    return abs(trouve - a.valeur) / admis


_TRES_GRAND = 1e200
"""Number that stands for an infinite one, once computed with."""


def _perime(lus: Mapping[str, Cellules]) -> bool:
    return lus[controles.FEUILLE].get((controles.LIGNE_DES_PERIMES, controles.ECART), 1.0) > 0.0


def _cases(octets: bytes, entrees: Sequence[EntreeVive]) -> dict[str, str]:
    """Cell to type in, by the name of the cell that formulas read."""
    noms = noms_definis(octets)
    return {e.cellule: "B" + noms[e.cellule].rpartition("$")[2] for e in entrees}


def _tirer(
    moteur: Moteur, fait: Classeur, tirages: int, graine: int
) -> tuple[list[tuple[dict[str, float], Modele]], int]:
    """Random changes that the engine accepts, with its answer; each input is moved by one draw at least."""
    hasard, refuses = np.random.default_rng(graine), 0
    portees = {e.cellule: (e, p) for e in fait.modele.entrees if (p := _portee(fait, e)) is not None}
    cellules = list(portees)
    hasard.shuffle(cellules)
    essais = []
    for k in range(tirages):
        groupe = cellules[k::tirages]
        for _ in range(_ESSAIS):
            change = {c: _valeur(portees[c], hasard) for c in groupe}
            try:
                modele = _repondre(moteur, fait, {c: (portees[c][0], v) for c, v in change.items()})
            except ErreurPope:
                refuses += 1
                continue
            essais.append((change, modele))
            break
    return essais, refuses


def _portee(fait: Classeur, entree: EntreeVive) -> tuple[float, float, bool] | None:
    """Lowest and highest value that a draw gives to an input, and whether it counts whole; nothing for one that does not move."""
    if math.isnan(entree.valeur):
        return None
    if entree.nature == "etude":
        trouvee = portee(fait.lu.ouverte, entree.champ, entree.valeur, large=False)
    elif entree.nature == "evolution":
        trouvee = portee(fait.lu.ouverte, EVOLUTION + entree.champ, entree.valeur, large=False)
    else:
        return None
    if trouvee is None:
        return None
    bas, haut = (entree.valeur + _PART * (borne - entree.valeur) for borne in (trouvee.bas, trouvee.haut))
    entier = trouvee.origine == "mois" or (entree.unite in _ENTIERES and entree.valeur == int(entree.valeur))
    return (trouvee.bas, trouvee.haut, True) if entier else (bas, haut, False)


_ENTIERES = ("mois", "ans", "places")


def _valeur(lue: tuple[EntreeVive, tuple[float, float, bool]], hasard: np.random.Generator) -> float:
    _, (bas, haut, entier) = lue
    valeur = float(hasard.uniform(bas, haut))
    return float(math.floor(valeur + 0.5)) if entier else float(f"{valeur:.6g}")


def _repondre(moteur: Moteur, fait: Classeur, change: Mapping[str, tuple[EntreeVive, float]]) -> Modele:
    """What the engine computes under other inputs."""
    lu = fait.lu
    depart = lu.dossier.variantes[lu.scenario]
    seul = Dossier(lu.dossier.nom, depart, lu.dossier.site, {BASE: depart})
    surcharges = {e.champ: (int(v) if v == int(v) else v) for e, v in change.values() if e.nature == "etude"}
    etude = varier(seul, "essai", surcharges) if surcharges else depart
    ctx: Contexte[Etude, Site] = contexte_de(moteur, replace(seul, variantes={BASE: etude}))
    for e, v in change.values():
        if e.nature == "evolution":
            ctx._memoire["evolution", e.champ] = Grandeur(np.atleast_1d(v), e.libelle, e.unite)
    return modeler(ctx, lu.scenario, tours=len(fait.modele.tours) - 1)
