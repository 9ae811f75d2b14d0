"""Workbook of a study as rows on sheets, with the values of the engine: nothing is written yet.

The plan as it stands and the closed plan come from one evaluation each. The closed plan reads the amounts of its closers on the sheet
« Bouclage », which unrolls the rounds of their search: what depends on the amounts and gives what the plan then lacks.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pope_foncier.etude import bilan_du_projet, indicateurs, plan_pluriannuel, ratios, ratios_annuels, service_dette
from pope_foncier.etude.bouclage import boucler_de_pres
from pope_foncier.etude.chaine import calculer
from pope_foncier.etude.evaluation import Evaluation
from pope_foncier.etude.fiche import Etude
from pope_foncier.etude.partage import repartir
from pope_foncier.lieu.site import Site
from pope_foncier.modele.contexte import Contexte
from pope_foncier.modele.declaration import lire_champ
from pope_foncier.modele.lignes import Groupe
from pope_foncier.socle.aiguillages import Aiguillage, relever_les_aiguillages
from pope_foncier.socle.grandeur import Grandeur, par_annee
from pope_foncier.vues.classeur.disposition import Disposition, Domaine, Racine
from pope_foncier.vues.classeur.entrees import EntreeVive, Nature, nom_de_cellule
from pope_foncier.vues.classeur.rangees import Rangee, Rangees

_DE_PLUS = 2
"""Rounds written beyond those that the closing asks for."""
_STABLE = 0.001
"""Change of an amount under which it is settled [€]."""
TEL_QUEL = "tel_quel:"
"""What stands before the code of a figure of the plan as it stands."""
PLURIANNUEL, PRETS, BILAN = "plan_pluriannuel", "prets", "bilan"
"""What stands before the names of the rows of a table by year."""
_PROGRAMME = Domaine("Programme et coûts", "Trésorerie", "Exploitation par an")
_PLAN = Domaine("Plan de financement", "Trésorerie", "Exploitation par an")
_CAISSE = Domaine("Trésorerie", "Trésorerie", "Exploitation par an")
_COMPTE = Domaine("Exploitation", "Exploitation", "Exploitation par an")
_RATIOS = Domaine("Ratios par année", "Trésorerie", "Ratios par année")
_PLURIANNUEL = Domaine("Plan pluriannuel", "Trésorerie", "Plan pluriannuel")
_PRETS = Domaine("Emprunts par an", "Trésorerie", "Emprunts par an")
_BILAN = Domaine("Bilan", "Trésorerie", "Bilan")
_CHIFFRES = Domaine("Chiffres clés", "Trésorerie", "Ratios par année")
_TEL_QUEL = Domaine("Tel quel", "Tel quel (mois)", "Tel quel (ans)", 1, attend=False)
_TOURS = Domaine("Bouclage", "Bouclage (mois)", "Bouclage (ans)", 2)
_DECISIONS = Domaine("Contrôles (calcul)", "Contrôles (mois)", "Contrôles (ans)", 3, attend=False)
_DOMAINES: dict[Groupe, Domaine] = {
    "site": _PROGRAMME, "programme": _PROGRAMME, "besoins": _PROGRAMME, "ressources": _PLAN, "emprunts": _CAISSE,
    "produits": _COMPTE, "charges": _COMPTE, "resultat": _PLAN, "tresorerie": _CAISSE, "commune": _COMPTE,
}  # fmt: skip
_TITRES: dict[Groupe, str] = {
    "site": "Lieu", "programme": "Programme", "besoins": "Besoins", "ressources": "Ressources", "emprunts": "Emprunts",
    "produits": "Produits", "charges": "Charges", "resultat": "Totaux et résultats", "tresorerie": "Trésorerie",
    "commune": "Commune",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Decision:
    """What the engine decided on a value, and found."""

    rangee: Rangee
    trouve: bool


@dataclass(frozen=True, repr=False)
class Modele:
    """Rows of a workbook on their sheets.

    Attributes:
        decisions: conditions whose answer is built in the formulas.
        tours: amounts of the closers, round by round; the last ones are those of the closed plan.
        parts: what the closed plan then gives to each closer.
    """

    ouverte: Evaluation
    bouclee: Evaluation
    disposition: Disposition
    entrees: tuple[EntreeVive, ...]
    cellules: Mapping[int, str]
    decisions: tuple[Decision, ...]
    tours: Sequence[Mapping[str, Rangee]]
    parts: Mapping[str, Rangee]


def modeler(ctx: Contexte[Etude, Site], nom: str, tours: int | None = None) -> Modele:
    """Rows of a study in one scenario.

    Args:
        ctx: context of the scenario.
        nom: name of the scenario.
        tours: rounds of the closing to write; as many as it asks for, and two more, by default.
    """
    with relever_les_aiguillages() as aiguillages:
        ouverte = calculer(ctx, [nom])
        indices_ouverts = _chiffres(ouverte)
    bouclee, demandes = boucler_de_pres(ouverte, _STABLE)
    with relever_les_aiguillages() as autres:
        bouclee = calculer(bouclee.ctx, [nom])
        indices = _chiffres(bouclee)
    rangees = Rangees({**bouclee.ctx._memoire})
    parts = repartir(bouclee)
    suite = _derouler(rangees, ouverte, bouclee, parts, demandes + _DE_PLUS if tours is None else tours)
    montants = {bouclee.ctx.bouclage[cle]: rangee for cle, rangee in suite[-1].items()} if suite else {}
    racines = _racines(rangees, bouclee, indices, montants, "")
    racines += _par_annee(rangees, bouclee, montants) + _compte_par_an(rangees, bouclee, montants)
    finales = dict(zip(parts, rangees.toutes([*parts.values()], montants), strict=True))
    racines += _racines(rangees, ouverte, indices_ouverts, {}, TEL_QUEL)
    decisions = _decisions(rangees, aiguillages, {}) | _decisions(rangees, autres, montants)
    racines += [
        Racine(r, f"bouclage.{t}.{cle}", _TOURS, f"Tour {t + 1}")
        for t, tour in enumerate(suite)
        for cle, r in tour.items()
    ]
    racines += [Racine(r, f"bouclage.verifie.{cle}", _TOURS, "Vérification") for cle, r in finales.items()]
    racines += [Racine(d.rangee, "", _DECISIONS) for d in decisions.values()]
    disposition = Disposition(racines)
    entrees, cellules = _entrees(ouverte.ctx, [r.rangee for r in racines])
    return Modele(ouverte, bouclee, disposition, entrees, cellules, tuple(decisions.values()), suite, finales)


def _chiffres(ev: Evaluation) -> dict[str, Grandeur]:
    """Key figures, ratios, ratios by year, by code."""
    lus = {f"indicateurs.{cle}": g for cle, g in indicateurs.calculer(ev).items()}
    lus |= {f"ratios.{r.code}": r.grandeur for r in ratios.calculer(ev)}
    if ev.dettes:
        annuels = ratios_annuels.calculer(ev, ev.dettes[0].emprunteur)
        lus |= {f"ratios_annuels.{r.code}": r.grandeur for r in (*annuels.par_annee, annuels.llcr)}
    return lus


def _racines(
    rangees: Rangees, ev: Evaluation, chiffres: Mapping[str, Grandeur], montants: Mapping[Grandeur, Rangee], avant: str
) -> list[Racine]:
    lignes = list(ev.livre.lignes.values())
    faites = rangees.toutes([x.grandeur for x in lignes] + list(chiffres.values()), montants)
    racines = []
    for ligne, rangee in zip(lignes, faites[: len(lignes)], strict=True):
        groupe = ligne.groupe
        domaine = _DOMAINES[groupe]
        if ligne.code.startswith("emprunts."):
            domaine = _du_pret(ev, ligne.code) or domaine
        racines.append(
            Racine(rangee, avant + ligne.code, _TEL_QUEL if avant else domaine, _TITRES[groupe], ligne.est_flux)
        )
    for (code, _), rangee in zip(chiffres.items(), faites[len(lignes) :], strict=True):
        domaine = _RATIOS if code.startswith("ratios_annuels") else _CHIFFRES
        titre = "Ratios" if code.startswith("ratios") else "Chiffres clés"
        racines.append(Racine(rangee, avant + code, _TEL_QUEL if avant else domaine, titre))
    return racines


def _par_annee(rangees: Rangees, ev: Evaluation, montants: Mapping[Grandeur, Rangee]) -> list[Racine]:
    """Tables by year of the closed plan, a heading then its rows: plan of the project owner, loans, balance sheet of the project."""
    tables = (
        (PLURIANNUEL, _PLURIANNUEL, plan_pluriannuel.quantites(ev)),
        (PRETS, _PRETS, service_dette.prets_par_annee(ev)),
        (BILAN, _BILAN, bilan_du_projet.quantites(ev)),
    )
    lues = [(avant, domaine, titre, g) for avant, domaine, t in tables for titre, siennes in t.items() for g in siennes]
    seuls = Counter((avant, g.nom) for avant, _, _, g in lues)
    faites = rangees.toutes([g for *_, g in lues], montants)
    return [
        Racine(r, f"{avant}.{titre}.{g.nom}" if seuls[avant, g.nom] > 1 else f"{avant}.{g.nom}", domaine, titre)
        for (avant, domaine, titre, g), r in zip(lues, faites, strict=True)
    ]


def _compte_par_an(rangees: Rangees, ev: Evaluation, montants: Mapping[Grandeur, Rangee]) -> list[Racine]:
    """Operating account by year, from the closed plan: income, charges and results, as the months add up."""
    lignes = [
        x for x in ev.livre.lignes.values() if x.grandeur.axe == "mois" and x.groupe in _DU_COMPTE and not x.stock
    ]
    sommes = [par_annee(x.grandeur, ev.ctx.echelle).nommer(x.libelle, x.grandeur.unite) for x in lignes]
    faites = rangees.toutes(sommes, montants)
    return [
        Racine(r, f"par_an.{x.code}", _COMPTE, f"{_TITRES[x.groupe]} de l'année")
        for x, r in zip(lignes, faites, strict=True)
    ]


_DU_COMPTE: tuple[Groupe, ...] = ("produits", "charges", "resultat", "commune")
"""Tables of the operating account."""


def _du_pret(ev: Evaluation, code: str) -> Domaine | None:
    for dette in ev.dettes:
        if code.startswith(f"emprunts.{dette.id}."):
            feuille = f"Échéancier {dette.id}"[:31].replace("[", "(").replace("]", ")")
            return Domaine(feuille, feuille, "Exploitation par an")
    return None


def _derouler(
    rangees: Rangees, ouverte: Evaluation, bouclee: Evaluation, parts: Mapping[str, Grandeur], tours: int
) -> list[dict[str, Rangee]]:
    """Amounts of the closers at each round: those that the plan as it stands lacks, then what the plan closed by them gives back."""
    if not parts:
        return []
    suite = [dict(zip(parts, rangees.toutes([*repartir(ouverte).values()]), strict=True))]
    for _ in range(tours):
        montants = {bouclee.ctx.bouclage[cle]: rangee for cle, rangee in suite[-1].items()}
        suite.append(dict(zip(parts, rangees.toutes([*parts.values()], montants), strict=True)))
    return suite


def _decisions(
    rangees: Rangees, aiguillages: Sequence[Aiguillage], montants: Mapping[Grandeur, Rangee]
) -> dict[int, Decision]:
    faites = rangees.toutes([a.condition for a in aiguillages], montants)
    return {id(r): Decision(r, a.trouve) for r, a in zip(faites, aiguillages, strict=True) if _depend(r)}


def _depend(rangee: Rangee) -> bool:
    """Whether a row reads an input."""
    pile, vues = [rangee], set()
    while pile:
        r = pile.pop()
        if r.genre == "entree" and r.cle:
            return True
        if id(r) not in vues:
            vues.add(id(r))
            pile += r.lues
    return False


_NATURES: dict[str, tuple[Nature, str]] = {
    "entree": ("etude", "e"),
    "site": ("site", "s"),
    "evolution": ("evolution", "v"),
    "bareme": ("bareme", "b"),
}


def _entrees(ctx: Contexte[Etude, Site], racines: Sequence[Rangee]) -> tuple[tuple[EntreeVive, ...], dict[int, str]]:
    """Inputs that the rows read, and the name of the cell of each."""
    trouvees: dict[int, Rangee] = {}
    pile, vues = list(reversed(racines)), set()
    while pile:
        r = pile.pop()
        if id(r) in vues:
            continue
        vues.add(id(r))
        if r.genre == "entree":
            trouvees[id(r)] = r
        pile += r.lues
    entrees, cellules, pris = [], {}, set()
    for cle, r in trouvees.items():
        genre, champ = (r.cle[0], r.cle[1]) if r.cle and r.cle[0] in _NATURES else ("", "")
        if not champ:
            champ = r.origine.reference if r.origine and r.origine.reference else r.nom or "nombre fixe du calcul"
        nature: Nature
        nature, prefixe = _NATURES.get(
            genre, ("bareme" if r.origine and r.origine.nature == "bareme" else "constante", "c")
        )
        cellule = nom_de_cellule(_ascii(champ), prefixe)
        rang = 2
        while cellule in pris:
            cellule = f"{nom_de_cellule(_ascii(champ), prefixe)}_{rang}"
            rang += 1
        pris.add(cellule)
        cellules[cle] = cellule
        intervalle = _intervalle(ctx, champ) if nature == "etude" else None
        entrees.append(
            EntreeVive(champ, cellule, float(r.valeur[0]), r.unite, r.nom or champ, nature, intervalle, r.origine)
        )
    ordre = {"etude": 0, "site": 1, "evolution": 2, "bareme": 3, "constante": 4}
    return tuple(sorted(entrees, key=lambda e: ordre[e.nature])), cellules


def _ascii(texte: str) -> str:
    return unicodedata.normalize("NFKD", texte).encode("ascii", "ignore").decode()


def _intervalle(ctx: Contexte[Etude, Site], champ: str) -> tuple[float, float] | None:
    donnee = lire_champ(ctx.etude, champ)
    intervalle = getattr(donnee, "intervalle", None)
    return None if intervalle is None else (float(intervalle[0]), float(intervalle[1]))
