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
from pope_foncier.etude.moteur import Moteur
from pope_foncier.etude.scenarios import BASE, Dossier, varier
from pope_foncier.socle.erreurs import ErreurPope
from pope_foncier.socle.grandeur import Grandeur
from pope_foncier.vues.classeur import controles, feuilles_vives, synthese
from pope_foncier.vues.classeur.classeur import Classeur, contexte_de
from pope_foncier.vues.classeur.disposition import Posee
from pope_foncier.vues.classeur.entrees import EntreeVive, nom_de_cellule
from pope_foncier.vues.classeur.feuilles_vives import INFINI, Attendu
from pope_foncier.vues.classeur.formules import PREMIERE, SEULE, lettres
from pope_foncier.vues.classeur.hypotheses import FEUILLE as HYPOTHESES
from pope_foncier.vues.classeur.modele_du_classeur import Modele, modeler
from pope_foncier.vues.classeur.rangees import Rangee
from pope_foncier.vues.classeur.tableur import Nombres, recalculer
from pope_foncier.vues.formes.lectures import STATUTS

EUROS, TAUX = 0.01, 1e-9
"""Largest difference of an amount [€], of a rate or of any other number, next to its size."""
TIRAGES, GRAINE = 20, 20261129
_PART = 0.5
"""How far of its range an input is moved: most draws then keep the structure of the study."""
_LUE_A_LA_DEMANDE = "b_"
"""Beginning of the name of the cells of the law that the study reads as one number, at the date of its request."""
_LOI = 0.05
"""How far a number of the law is moved that is not whole: to prove the formulas, not to say what the law might be."""
_ESSAIS, _AVANT_D_OTER = 24, 3
"""Draws tried for one that the engine accepts, and how many before one more input is left where it is."""


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

    change: Mapping[str, float | str]
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
    jeux = [{(HYPOTHESES, fait.cases[c]): v for c, v in change.items()} for change, _ in essais]
    lues = [*fait.modele.disposition.feuilles, synthese.FEUILLE, controles.FEUILLE]
    base, *autres = recalculer(fichier, fait.feuilles, lues, jeux)
    references = _attendus(fait.modele)
    bougent = [a for a in references if a.depend]
    moved = {c for change, _ in essais for c in change}
    return Verification(
        _comparer({}, references, base),
        tuple(_juger(fait.modele, change, modele, lus) for (change, modele), lus in zip(essais, autres, strict=True)),
        sum(a.valeurs.size for a in bougent),
        sum(a.valeurs.size for a in bougent if a.vivante),
        refuses,
        tuple(e.champ for e in fait.modele.entrees if e.nature != "constante" and e.cellule not in moved),
        tuple(p.rangee.nom for p, _ in fait.modele.disposition.posees if p.rangee.genre == "tenue"),
    )


def _juger(ecrit: Modele, change: Mapping[str, float | str], modele: Modele, lus: Mapping[str, Nombres]) -> Tirage:
    """One draw: compared, unless its study has other lines than the workbook, which then says so.

    A workbook that does not say so holds lines that the study has no longer: they must be nil, the other figures right.
    """
    if forme(modele) == forme(ecrit):
        return _comparer(change, _attendus(modele), lus)
    if _perime(lus):
        return Tirage(change, 0, 0, None, perime=True, structure=True)
    return _comparer(change, _figures(ecrit, modele), lus)


def _figures(ecrit: Modele, modele: Modele) -> list[Attendu]:
    """Figures of a workbook by their code, with the values of a study of fewer lines."""
    siennes = {code: posee.rangee for posee, _ in modele.disposition.posees for code in posee.codes}
    lues = []
    for posee, place in ecrit.disposition.posees:
        rangee = posee.rangee
        if posee.codes:
            sienne = siennes.get(posee.codes[0])
            valeurs = np.zeros(rangee.valeur.size) if sienne is None else sienne.valeur
            premiere = PREMIERE if rangee.axe else SEULE
            lues.append(Attendu(place.feuille, place.ligne, premiere, valeurs, rangee.unite, True, True))
    return lues


def _attendus(modele: Modele) -> list[Attendu]:
    depend = Dependance()
    return [*feuilles_vives.attendus(modele, depend), *synthese.attendus(modele, depend)]


class Dependance:
    """Whether an input moves a row."""

    def __init__(self) -> None:
        self._connues: dict[int, bool] = {}

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


def forme(modele: Modele) -> list[tuple[str, ...]]:
    """What tells the structure of a workbook: its rows in order, without their numbers."""
    return [
        (nom, x.rangee.nom, x.rangee.unite, x.rangee.axe, x.rangee.genre, str(x.rangee.valeur.size), *x.codes)
        for nom, feuille in modele.disposition.feuilles.items()
        for x in feuille.lignes
        if isinstance(x, Posee)
    ]


def _comparer(change: Mapping[str, float | str], references: Sequence[Attendu], lus: Mapping[str, Nombres]) -> Tirage:
    pire, fausses, comparees = None, 0, 0
    for a in references:
        trouves = _cellules(lus[a.feuille], a)
        rapports = _rapports(a, trouves)
        fausses += int((rapports > 1.0).sum())
        comparees += rapports.size
        k = int(rapports.argmax())
        if pire is None or rapports[k] > pire.rapport:
            cellule = f"{lettres(a.premiere + k)}{a.ligne + 1}"
            pire = Ecart(a.feuille, cellule, float(a.valeurs[k]), float(trouves[k]), float(rapports[k]))
    return Tirage(change, comparees, fausses, pire, _perime(lus))


def _cellules(feuille: Nombres, a: Attendu) -> Nombres:
    """Numbers of the cells of a row; unknown beyond what the sheet holds."""
    trouves = np.full(a.valeurs.size, np.nan)
    if a.ligne < feuille.shape[0]:
        lus = feuille[a.ligne, a.premiere : a.premiere + a.valeurs.size]
        trouves[: lus.size] = lus
    return trouves


def _rapports(a: Attendu, trouves: Nombres) -> Nombres:
    """Difference of each cell over what is admitted; an unknown must be unknown, an infinite number out of all measure."""
    attendus = a.valeurs
    admis = EUROS if a.unite.startswith("€") else TAUX * np.maximum(1.0, np.abs(attendus))
    with np.errstate(invalid="ignore"):
        rapports = np.abs(trouves - attendus) / admis
    inconnus, infinis = np.isnan(attendus), np.abs(attendus) >= INFINI
    rapports = np.where(infinis, np.where(np.abs(trouves) >= _TRES_GRAND, 0.0, np.inf), rapports)
    rapports = np.where(inconnus & np.isnan(trouves), 0.0, rapports)
    return np.asarray(np.where(np.isnan(rapports), np.inf, rapports))


_TRES_GRAND = 1e200
"""Number that stands for an infinite one, once computed with."""


def _perime(lus: Mapping[str, Nombres]) -> bool:
    return bool(lus[controles.FEUILLE][controles.LIGNE_DES_PERIMES, controles.ECART] != 0.0)


def _tirer(
    moteur: Moteur, fait: Classeur, tirages: int, graine: int
) -> tuple[list[tuple[dict[str, float | str], Modele]], int]:
    """Random changes that the engine accepts, with its answer; each input is moved by one draw at least."""
    hasard, refuses = np.random.default_rng(graine), 0
    portees = {e.cellule: (e, p) for e in fait.modele.entrees if (p := _portee(fait, e)) is not None}
    cellules = list(portees)
    hasard.shuffle(cellules)
    aides, essais = _aides(fait), []
    for k in range(tirages):
        groupe = cellules[k :: max(tirages, TIRAGES)]
        for essai in range(_ESSAIS):
            gardees = hasard.permutation(groupe)[: max(len(groupe) - essai // _AVANT_D_OTER, 1)]
            change = {str(c): _valeur(portees[c], hasard) for c in gardees}
            lus = {c: (portees[c][0], v) for c, v in change.items()}
            mots: dict[str, float | str] = {}
            if aides and k % _UN_STATUT_SUR == _UN_STATUT_SUR - 1:
                statut, part = aides[int(hasard.integers(len(aides)))]
                mots, lus[part.cellule] = {statut: STATUTS["non_demandee"]}, (part, 0.0)
            try:
                modele = _repondre(moteur, fait, lus)
            except ErreurPope:
                refuses += 1
                continue
            essais.append(({**change, **mots}, modele))
            break
    return essais, refuses


_UN_STATUT_SUR = 4
"""How often a draw also says that a grant is not asked for."""


def _aides(fait: Classeur) -> list[tuple[str, EntreeVive]]:
    """Grants that are counted: the cell of the status of each, and the share of it that is granted, nothing once nobody asks for it."""
    parts = {e.champ: e for e in fait.modele.entrees if e.champ.startswith("aides[")}
    lues = [(nom_de_cellule(f"aides[{a.id}].statut"), f"aides[{a.id}].coefficient") for a in fait.etude.aides]
    return [(statut, parts[champ]) for statut, champ in lues if champ in parts]


def _portee(fait: Classeur, entree: EntreeVive) -> tuple[float, float, bool] | None:
    """Lowest and highest value that a draw gives to an input, and whether it counts whole; nothing for one that does not move."""
    if math.isnan(entree.valeur):
        return None
    if entree.nature == "etude":
        trouvee = portee(fait.lu.ouverte, entree.champ, entree.valeur, large=False)
    elif entree.nature == "evolution":
        trouvee = portee(fait.lu.ouverte, EVOLUTION + entree.champ, entree.valeur, large=False)
    elif entree.cellule.startswith(_LUE_A_LA_DEMANDE) and entree.valeur != int(entree.valeur):
        return (entree.valeur * (1.0 - _LOI), entree.valeur * (1.0 + _LOI), False)
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
    ctx = replace(contexte_de(moteur, replace(seul, variantes={BASE: etude})), communes=None)
    for e, v in change.values():
        if e.nature != "etude":
            origines = [e.origine] if e.origine else []
            ctx._memoire[e.nature, e.champ] = Grandeur(np.atleast_1d(v), e.libelle, e.unite, origines)
    return modeler(ctx, lu.scenario, tours=len(fait.modele.tours) - 1)
