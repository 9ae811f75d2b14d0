"""Four faces of each operation that the six studies use: value, sentence, slope, formula, and its unit and axis."""

from functools import cache
from operator import attrgetter
from string import Formatter
from zlib import crc32

import numpy as np
import pytest

from pope_foncier.etude import ratios_annuels
from pope_foncier.etude.resultats import Resultat
from pope_foncier.etude.scenarios import ouvrir
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.grandeur import Grandeur
from pope_foncier.socle.operations import OPERATIONS, SEULE, Bloc, Detail, LignesDuBloc, Raison
from pope_foncier.socle.phrases import minuscule
from tests.conftest import DONNEES
from tests.etude import variantes_du_graphe
from tests.tableur import derouler, evaluer

ETUDES = sorted((DONNEES / "etudes").glob("*.yaml"))
ECHANTILLON = 60
"""Nodes of each operation whose slope and formula are checked, spread over the six studies."""
GRAINES, PAR_GRAINE = range(20, 44), 8
"""Draws that search for a slope that is wrong, and nodes of each operation that each of them takes, others than the one before."""


def descendre(racines, feuilles=False, operandes=attrgetter("operandes")):
    """Nodes with an operation (or inputs) below some quantities, each once, by what they are computed from and what they say."""
    pile, vus = list(racines), {}
    while pile:
        g = pile.pop()
        if id(g) not in vus:
            vus[id(g)] = g
            pile.extend(o for o in (*operandes(g), *g.dits) if isinstance(o, Grandeur))
    return [g for g in vus.values() if (g.operation is None) == feuilles]


def racines(vue):
    """Lines, indicators and ratios of a view, what the Caf gives to the families, and the ratios of a borrower by year."""
    cmg = getattr(vue.ev.compte, "cmg", None)
    lignes = (ligne.grandeur for ligne in vue.ev.livre.lignes.values())
    par_an = ()
    if vue.ev.dettes:
        annuels = ratios_annuels.calculer(vue.ev, vue.ev.dettes[0].emprunteur)
        par_an = (r.grandeur for r in (*annuels.par_annee, annuels.llcr))
    aux_familles = () if cmg is None else (cmg,)
    return (*lignes, *vue.indicateurs.values(), *(r.grandeur for r in vue.ratios), *par_an, *aux_familles)


@pytest.fixture(scope="module")
def noeuds(moteur):
    """Nodes of the six studies and of some variants, open and closed, by operation, with the axis of their study."""
    par_operation = {}
    for dossier in (*(ouvrir(f) for f in ETUDES), *variantes_du_graphe.dossiers()):
        vue = Resultat.calculer(dossier, moteur).vue()
        for lue in (vue, vue.bouclee):
            for g in descendre(racines(lue)):
                par_operation.setdefault(g.operation, []).append((g, lue.ev.ctx.echelle))
    yield par_operation
    a_une_pente.cache_clear()


def proche(trouvee, attendue, rel, abs=0.0):
    """What ``pytest.approx`` says of two arrays of known, infinite or unknown numbers, all at once."""
    trouvee, attendue = np.asarray(trouvee, dtype=float), np.asarray(attendue, dtype=float)
    with np.errstate(invalid="ignore"):
        pres = np.abs(trouvee - attendue) <= np.maximum(rel * np.abs(attendue), abs)
    pareils = (trouvee == attendue) | (np.isnan(trouvee) & np.isnan(attendue))
    return trouvee.shape == attendue.shape and bool((pareils | (pres & np.isfinite(attendue))).all())


def echantillon(liste, nombre=ECHANTILLON, depart=0):
    pas = max(len(liste) // nombre, 1)
    return liste[depart % pas :: pas]


def tirer(operation, rang, graine):
    """Stream of one node: neither another node, nor the order of the tests, changes what is drawn for it."""
    return np.random.default_rng([graine, crc32(operation.cle.encode()), rang])


def valeurs(g):
    return [o.valeur if isinstance(o, Grandeur) else np.float64(o) for o in g.operandes]


def test_chaque_operation_est_declaree_et_sert(noeuds):
    assert {o.cle for o in noeuds} == set(OPERATIONS)
    assert all(OPERATIONS[o.cle] is o for o in noeuds)


def test_la_valeur_se_refait_des_operandes(noeuds):
    for operation, liste in noeuds.items():
        for g, _ in liste:
            refaite = operation.valeur(*valeurs(g), *g.parametres)
            assert np.array_equal(refaite, g.valeur, equal_nan=True), (operation.cle, g.nom)


def cites(g):
    """Operands that the template of a sentence asks for."""
    champs = [c for _, c, _, _ in Formatter().parse(g.phrase.gabarit) if c is not None]
    if g.phrase.infixe or champs.count("") == 2:
        return g.dits
    return [g.dits[int(c) if c else i] for i, c in enumerate(champs)]


def test_la_phrase_tient_ses_operandes(noeuds):
    for operation, liste in noeuds.items():
        for g, echelle in echantillon([g for g in liste if not g[0].est_entree]):
            _, rang, rang_annee = g.instant(0, None, echelle)
            phrase = g.formule(0, rang, rang_annee)
            for o in cites(g):
                if isinstance(o, Grandeur):
                    dit = minuscule(o.nom) or o.lire(0, rang, rang_annee)
                    assert not o.nom or dit in phrase, (operation.cle, phrase)


def comptes(g, deplaces):
    """Operands of a quantity; of a loan, those that move this column of its schedule when they move alone.

    Args:
        deplaces: schedules already computed with one operand moved, which the columns of a loan share.
    """
    if g.operation is None or g.operation.cle != "echeancier":
        return g.operandes
    lues, (structure, colonne) = valeurs(g), g.parametres

    def bouge(i):
        unite = structure.operandes[i][1]
        autre = lues[i] + 12.0 if unite == "mois" else lues[i] * 1.01 + 0.001 * (lues[i].size == 1)
        cle = (id(structure), *map(id, g.operandes), i)
        if cle not in deplaces:
            try:
                deplaces[cle] = structure.calculer([*lues[:i], autre, *lues[i + 1 :]])
            except ErreurCalcul:
                deplaces[cle] = None
        return i < 3 if deplaces[cle] is None else not np.array_equal(getattr(deplaces[cle], colonne), g.valeur)

    return [o for i, o in enumerate(g.operandes) if bouge(i)]


def test_aucune_entree_ne_compte_sans_etre_dite(noeuds):
    """Inputs with an origin that a value reads, and that neither its sentence nor those of the lines it quotes would name."""
    deja, deplaces = {}, {}

    def lues_par(g):
        if id(g) not in deja:
            deja[id(g)] = comptes(g, deplaces)
        return deja[id(g)]

    for operation, liste in noeuds.items():
        for g, _ in echantillon(liste):
            lues = {id(f): f for f in descendre([g], feuilles=True, operandes=lues_par) if f.origines}
            dites = {id(f) for f in g.feuilles()}
            assert [f.nom for i, f in lues.items() if i not in dites] == [], (operation.cle, g.nom)


def test_l_axe_suit_sa_regle(noeuds):
    for operation, liste in noeuds.items():
        for g, _ in liste:
            axes = {o.axe for o in g.operandes if isinstance(o, Grandeur)} - {""}
            if operation.axe != "commun":
                assert g.axe == operation.axe, operation.cle
            elif operation.cle != "echeancier":
                assert g.axe == (axes.pop() if axes else ""), (operation.cle, g.nom)
                assert not axes


@cache
def a_une_pente(g):
    """Whether each operand has a slope: the same whatever the draw."""
    with np.errstate(all="ignore"):
        rendues = g.operation.pente(np.ones(g.valeur.shape), g.valeur, *valeurs(g), *g.parametres)
    return [rendue is not None for rendue in rendues]


PRESQUE_RIEN = (-6.0, -3.0)
"""Powers of ten between which what is added to an operand is drawn."""


def pentes_verifiees(operation, g, hasard):
    """Ranks of the operands that have a slope, each with whether it was compared with central differences: steps and kinks are left aside.

    Operands that have a slope are first moved a little, since many are equal (zeros of a cash, of a month without flow); by amounts of all
    sizes, since what is nearly nothing is where an operation changes its months.
    """
    lues, verifiees = valeurs(g), {}
    if not all(np.isfinite(v).all() for v in (*lues, g.valeur)):
        return verifiees
    poids = hasard.normal(size=g.valeur.shape)
    suivies = a_une_pente(g)
    with np.errstate(all="ignore"):
        lues = [
            v * (1.0 + 1e-3 * hasard.uniform(size=v.shape)) + 10.0 ** hasard.uniform(*PRESQUE_RIEN, v.shape)
            if suivie
            else v
            for v, suivie in zip(lues, suivies, strict=True)
        ]
        valeur = operation.valeur(*lues, *g.parametres)
        rendues = operation.pente(poids, valeur, *lues, *g.parametres)
    derives = [i for i, r in enumerate(rendues) if r is not None and isinstance(g.operandes[i], Grandeur)]
    sens = {i: hasard.normal(size=lues[i].shape) * np.maximum(np.abs(lues[i]), 1.0) for i in derives}
    pas = 1e-7
    ici, *images = images_de(operation, g, lues, [(i, s * pas * sens[i]) for i in derives for s in (-1, 1)])
    ici, images = poids * ici, [float((poids * image).sum()) for image in images]
    taille, ici = max(float(np.abs(ici).sum()), 1.0), float(ici.sum())
    for i, avant, apres in zip(derives, images[::2], images[1::2], strict=True):
        droite, gauche = (apres - ici) / pas, (ici - avant) / pas
        verifiees[i] = False
        if not np.isfinite([avant, apres]).all() or abs(droite - gauche) > 1e-6 * abs(droite) + 1e-7 * taille:
            continue
        rendue = rendues[i]
        trouvee = float((np.broadcast_to(rendue, np.broadcast_shapes(rendue.shape, sens[i].shape)) * sens[i]).sum())
        centree = (apres - avant) / (2 * pas)
        assert trouvee == pytest.approx(centree, rel=2e-6, abs=2e-7 * taille), (operation.cle, g.nom, i)
        verifiees[i] = True
    return verifiees


def images_de(operation, g, lues, deplacements):
    """Values of an operation at its operands, then with one of them moved each time: rows of one computation, as the draws of a study."""
    combien = 1 + len(deplacements)
    with np.errstate(all="ignore"):
        if any(v.ndim > 1 and len(v) > 1 for v in (*lues, g.valeur)):
            bougees = [[v + de if j == i else v for j, v in enumerate(lues)] for i, de in deplacements]
            return [operation.valeur(*operandes, *g.parametres) for operandes in (lues, *bougees)]
        rangees = list(lues)
        for i in {i for i, _ in deplacements}:
            rangees[i] = np.repeat(lues[i].reshape(1, -1), combien, axis=0)
        for rang, (i, de) in enumerate(deplacements, 1):
            rangees[i][rang] += de.reshape(-1)
        valeur = operation.valeur(*rangees, *g.parametres)
    return np.broadcast_to(valeur, (combien, g.valeur.shape[-1])).reshape(combien, *g.valeur.shape)


def test_la_pente_est_celle_des_differences_centrees(noeuds):
    """For each operand that has a slope, in one node at least."""
    sans = []
    for operation, liste in noeuds.items():
        if isinstance(operation.pente, Raison):
            assert operation.pente.genre == "marche"
            continue
        lus = enumerate(echantillon(liste))
        vues = [pentes_verifiees(operation, g, tirer(operation, rang, 0)) for rang, (g, _) in lus]
        rangs = {i for v in vues for i in v}
        assert rangs, operation.cle
        sans += [(operation.cle, i) for i in rangs if not any(v.get(i) for v in vues)]
    assert sans == []


@pytest.mark.parametrize("graine", GRAINES)
def test_aucun_tirage_ne_trouve_une_pente_fausse(noeuds, graine):
    """A slope measured across the month in which a loan is first drawn was once wrong by ten million, in one draw out of many."""
    for operation, liste in noeuds.items():
        if not isinstance(operation.pente, Raison):
            for rang, (g, _) in enumerate(echantillon(liste, PAR_GRAINE, graine)):
                pentes_verifiees(operation, g, tirer(operation, rang, graine))


def test_une_entree_sans_pente_dit_pourquoi(noeuds):
    """Operands that an operation sees by steps only: the user reads « marche : … »."""
    for operation, liste in noeuds.items():
        for g, _ in echantillon(liste):
            rendues = (None,) * len(g.operandes)
            if not isinstance(operation.pente, Raison):
                with np.errstate(all="ignore"):
                    rendues = operation.pente(np.ones(g.valeur.shape), g.valeur, *valeurs(g), *g.parametres)
            assert len(rendues) == len(g.operandes), operation.cle
            for rang, (o, rendue) in enumerate(zip(g.operandes, rendues, strict=True)):
                if isinstance(o, Grandeur) and rendue is None:
                    assert len(operation.raison_de_la_marche(rang, g.parametres)) > 10, (operation.cle, rang)


def test_plusieurs_chiffres_descendent_ensemble(noeuds):
    """The slope of an operation taken for several figures at once, one row each, is that of each figure."""
    hasard = np.random.default_rng(21)
    for operation, liste in noeuds.items():
        if isinstance(operation.pente, Raison):
            continue
        for g, _ in liste[:: max(len(liste) // 5, 1)]:
            rangee, lues = g.valeur.reshape(-1, g.valeur.shape[-1])[0], []
            for v in valeurs(g):
                lues.append(v.reshape(-1, v.shape[-1])[0] if v.ndim else v)
            poids = hasard.normal(size=(3, len(rangee)))
            with np.errstate(all="ignore"):
                ensemble = operation.pente(poids, rangee, *lues, *g.parametres)
                seules = [operation.pente(p, rangee, *lues, *g.parametres) for p in poids]
            for rang, rendue in enumerate(ensemble):
                for k in range(3) if rendue is not None else ():
                    attendue = np.broadcast_to(seules[k][rang], rendue[k].shape)
                    assert proche(rendue[k], attendue, 1e-12, 1e-12), operation.cle


def cellules(g, o, k, echelle):
    """Cell of an operand that the result reads at column ``k``, and the rows around it; None where it is unknown."""
    v = np.asarray(o.valeur if isinstance(o, Grandeur) else o, dtype=float)
    ligne = v.reshape(-1, v.shape[-1])[0] if v.ndim else v.reshape(1)
    mensuel = isinstance(o, Grandeur) and o.axe == "mois"
    if mensuel and g.axe == "annee":
        mois = np.flatnonzero(echelle.rang_annee == k)
        annee = np.broadcast_to(ligne, (echelle.duree_mois,))[mois]
        return {"": annee[0], "annee": annee, "ligne": ligne, "cumul": ligne}
    position = k if len(ligne) > k else 0
    if isinstance(o, Grandeur) and o.axe == "annee" and g.axe == "mois":
        position = int(echelle.rang_annee[k]) if len(ligne) > 1 else 0
    entiere = np.broadcast_to(ligne, (g.valeur.shape[-1],)) if len(ligne) == 1 and g.axe else ligne
    annee = np.broadcast_to(ligne, (echelle.duree_mois,))[:12] if len(ligne) == 1 else ligne
    return {"": ligne[position], "ligne": entiere, "cumul": entiere[: k + 1], "annee": annee}


def en_nombres(parametre):
    if isinstance(parametre, np.ndarray):
        return ",".join(map(repr, parametre.ravel().tolist()))
    return parametre if isinstance(parametre, float) else 0.0


def detaillee(g):
    """A formula of several cells gives the value again."""
    operandes = [o if isinstance(o, Grandeur) else Grandeur(o) for o in g.operandes]
    ecrite = g.operation.tableur.ecrire(*operandes, *g.parametres)
    if isinstance(ecrite, LignesDuBloc):
        return seule(g, ecrite)
    trouvee = np.broadcast_to(ecrite.valeur, g.valeur.shape)
    assert proche(trouvee, g.valeur, 1e-12, 1e-9), (g.operation.cle, g.nom)
    return bool(np.isfinite(g.valeur).any())


def seule(g, lignes):
    """A formula that reads rows beside its operands gives the value of each year."""
    lues, attendue = [np.ravel(v) for v in map(np.asarray, valeurs(g))], np.ravel(g.valeur)
    aides = {n: np.ravel(a.valeur) for n, a in lignes.aides.items()}
    trouvee = [
        derouler(lignes, [v[k : k + 1] if len(v) > 1 else v for v in lues], aides, 1)[SEULE][0]
        for k in range(len(attendue))
    ]
    assert trouvee == pytest.approx(attendue, rel=1e-12), (g.operation.cle, g.nom)
    return True


def en_bloc(g):
    """Rows unrolled month after month give the value again; whether there were some."""
    *partages, nom = g.parametres
    lignes = g.operation.tableur.ecrire(*g.operandes, *partages)
    lues = [np.ravel(v) if v.ndim < 2 else v[0] for v in map(np.asarray, valeurs(g))]
    if isinstance(lignes, Raison) or nom not in lignes.formules or not all(np.isfinite(v).all() for v in lues):
        return False
    aides = {n: np.ravel(a.valeur) if a.valeur.ndim < 2 else a.valeur[0] for n, a in lignes.aides.items()}
    attendue = g.valeur.reshape(-1, g.valeur.shape[-1])[0]
    trouvee = derouler(lignes, lues, aides, len(attendue))[nom]
    assert proche(trouvee, attendue, 1e-9, 1e-6), (g.operation.cle, g.nom, nom)
    return True


FACES = {Detail: detaillee, Bloc: en_bloc}
"""How a formula of several cells is checked."""


def test_la_formule_donne_la_valeur(noeuds):
    """Cells that are known; three columns of each node."""
    sans = []
    for operation, liste in noeuds.items():
        if isinstance(operation.tableur, Raison):
            assert operation.tableur.genre == "valeur tenue"
            continue
        if not isinstance(operation.tableur, str):
            assert any([FACES[type(operation.tableur)](g) for g, _ in echantillon(liste)]), operation.cle
            continue
        verifiees = 0
        for g, echelle in echantillon(liste):
            duree = g.valeur.shape[-1]
            attendues = g.valeur.reshape(-1, duree)[0]
            for k in {0, duree // 3, duree - 1}:
                lues = [cellules(g, o, k, echelle) for o in g.operandes]
                if not all(np.isfinite(v).all() for c in lues for v in c.values()):
                    continue
                numeriques = [en_nombres(p) for p in g.parametres]
                trouvee = evaluer(operation.tableur, lues, numeriques, k)
                assert trouvee == pytest.approx(attendues[k], rel=1e-12, abs=1e-9, nan_ok=True), (
                    operation.cle,
                    g.nom,
                    k,
                )
                verifiees += 1
        if not verifiees:
            sans.append(operation.cle)
    assert sans == []
