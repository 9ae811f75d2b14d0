"""Sketches of a programme in an outline: schemes tried, the best three that truly differ, or what is missing and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from pope_foncier.lieu.plan import PlanTrace
from pope_foncier.places.esquisse.besoins import Besoin
from pope_foncier.places.esquisse.hypotheses import Hypotheses
from pope_foncier.places.esquisse.modele import Placement, couper
from pope_foncier.places.esquisse.partis import partis
from pope_foncier.places.esquisse.recherche import Rangs, Recherche
from pope_foncier.places.esquisse.refus import motifs
from pope_foncier.places.esquisse.terrain import Terrain, terrain_du_plan
from pope_foncier.places.esquisse.trace import Trace, dessiner
from pope_foncier.socle.enregistrements import enregistrement
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.nombres import formater_nombre

if TYPE_CHECKING:
    from collections.abc import Callable

BASE = "esquisse, pas un plan d'exécution"
_PREMIERS_ESSAIS, _ESSAIS = 7_000, 70_000
"""Tries of the search on every scheme, then on those kept, shared by the rooms: more rooms make each try longer."""
_PRESQUE = 12
"""Square metres missing below which a scheme that does not hold is worth more tries."""
_JUSTE_M2 = 1e-6
"""Below the area wanted by more than this, a room that admits nothing less is too small."""
_GARDES = 8
"""Schemes that the search goes on with."""
_DIFFERENCES = ((0.3, True), (0.3, False), (0.2, False))
"""Part of the floor whose use must differ between two sketches, mirrored or not, and whether their corridors must be of two
kinds: as wished, then at least."""


_Tracee = tuple[Placement, Trace, list[list[str]]]
"""Placing drawn, and the use of its floor."""


@enregistrement
class Esquisse:
    """Sketch: its plan, its scheme, the areas by room, and what it says of itself."""

    parti: str
    trace: Trace
    besoins: tuple[Besoin, ...]
    remarques: tuple[str, ...]

    @property
    def plan(self) -> PlanTrace:
        """Plan, like another."""
        return self.trace.plan


@enregistrement
class Esquisses:
    """Answer: sketches, or why there is none."""

    variantes: tuple[Esquisse, ...]
    motifs: tuple[str, ...]
    """What is missing, in words, and what would make it fit; empty when three sketches hold."""


def esquisser(
    depart: PlanTrace,
    besoins: Sequence[Besoin],
    h: Hypotheses,
    graine: int = 1,
    combien: int = 3,
    niveau: int = 0,
    titre: str = "Esquisse",
    precision: str = "",
    percer: bool = True,
) -> Esquisses:
    """Sketches of some rooms in the outline of a plan; same seed, same sketches.

    Args:
        depart: plan whose outline, cores, columns, openings and surroundings are kept; its rooms are left out.
        besoins: rooms wanted.
        graine: seed of the search.
        combien: sketches wanted.
        titre: title of the plans, numbered.
        precision: what the base of the plans says beside.
        percer: whether windows may be opened beside those drawn.

    Raises:
        ErreurCalcul: no outline, or one too thin for a corridor and a room.
    """
    besoins = tuple(besoins)
    terrain = terrain_du_plan(depart, h, niveau, percer)
    coupees: list[Placement] = []
    traces: list[_Tracee] = []
    gardees: list[int] = []
    petites: list[_Tracee] = []
    for placement in _complets(_suivies(terrain, besoins, h, graine), h, coupees):
        base = f"{BASE} ; {placement.squelette.parti} ; murs de {formater_nombre(100 * h.mur_m.valeur)} cm supposés"
        trace = dessiner(depart, placement, besoins, h, titre, base + (f" ; {precision}" if precision else ""), niveau)
        if trace.sans_porte:
            continue
        tracee = (placement, trace, _usages(trace, terrain, niveau))
        if trop_petites(trace.surfaces, besoins):
            petites.append(tracee)
            continue
        traces.append(tracee)
        _garder(traces, gardees, combien, [len(traces) - 1], *_DIFFERENCES[0])
        if len(gardees) == combien:
            break
    if not any(p.complet for p in coupees):
        return Esquisses((), motifs(sorted(coupees, key=lambda p: p.points), besoins, h))
    if not (traces := traces or petites):
        return Esquisses(
            (), ("Aucune esquisse ne tient : les pièces entrent, mais l'une d'elles au moins reste sans porte.",)
        )
    for seuil, autrement in _DIFFERENCES:
        _garder(traces, gardees, combien, range(len(traces)), seuil, autrement)
    variantes = []
    for rang, k in enumerate(sorted(gardees), 1):
        placement, trace, _ = traces[k]
        trace = trace.nommee(f"{titre} {rang}")
        variantes.append(Esquisse(placement.squelette.parti, trace, besoins, _remarques(placement, trace, besoins, h)))
    n = len(variantes)
    manque = f"{n} esquisse{'s' if n > 1 else ''} sur {combien} : aucun autre parti, vraiment différent, ne tient dans ce contour."
    return Esquisses(tuple(variantes), (manque,) if n < combien else ())


def trop_petites(surfaces: Sequence[float], besoins: Sequence[Besoin]) -> tuple[str, ...]:
    """Rooms that admit nothing less (a square metre is a bed) and are drawn below the area wanted."""
    lues = zip(besoins, surfaces, strict=True)
    return tuple(b.nom for b, s in lues if not b.piece.en_moins and s < b.surface_m2 - _JUSTE_M2)


def tient(terrain: Terrain, besoins: Sequence[Besoin], h: Hypotheses, graine: int) -> bool:
    """Whether some rooms hold in an outline, by a shorter search: what it finds holds, what it misses may hold."""
    for r in _essayer(terrain, besoins, h, graine)[:2]:
        r.ameliorer(3 * _PREMIERS_ESSAIS // len(besoins))
        if couper(r).complet:
            return True
    return False


def _essayer(terrain: Terrain, besoins: Sequence[Besoin], h: Hypotheses, graine: int) -> list[Recherche]:
    """Every scheme tried a little, then the better half a little more; the best first.

    Raises:
        ErreurCalcul: the outline is too thin for a corridor and a room.
    """
    recherches = [Recherche(s, besoins, h, graine) for s in partis(terrain, besoins, h)]
    if not recherches:
        raise ErreurCalcul(
            "Aucune esquisse : le contour est trop mince pour une circulation de "
            f"{formater_nombre(h.couloir_m.valeur, 2)} m et une pièce à côté."
        )
    essais = _PREMIERS_ESSAIS // len(besoins)
    for r in recherches:
        r.ameliorer(essais // 3)
    recherches.sort(key=lambda r: r.points)
    for r in recherches[: max(_GARDES, len(recherches) // 3)]:
        r.ameliorer(essais)
    return sorted(recherches, key=lambda r: r.points)


def _suivies(terrain: Terrain, besoins: Sequence[Besoin], h: Hypotheses, graine: int) -> list[Recherche]:
    """Searches that go on: the best of each kind only, the best first."""
    recherches = _essayer(terrain, besoins, h, graine)
    premieres: dict[str, Recherche] = {}
    for r in recherches:
        premieres.setdefault(r.squelette.famille, r)
    secondes: dict[str, Recherche] = {}
    for r in recherches:
        if r is not premieres[r.squelette.famille]:
            secondes.setdefault(r.squelette.parti, r)
    suivies = [*premieres.values(), *secondes.values()][:_GARDES]
    for r in suivies:
        r.ameliorer(_ESSAIS // len(besoins))
    return sorted(suivies, key=lambda r: r.points)


def _complets(suivies: Sequence[Recherche], h: Hypotheses, coupees: list[Placement]) -> Iterator[Placement]:
    """Placings that lack nothing, the best first, each cut when it is asked for; all those cut are put in a list."""
    bonnes = [r for r in suivies if r.points < 3 * h.poids.surface_par_m2]
    faites: dict[Recherche, tuple[Rangs, Placement]] = {}
    for r in bonnes or suivies[:2]:
        coupees.append(couper(r))
        faites[r] = r.rangs, coupees[-1]
        if coupees[-1].complet:
            yield coupees[-1]
    if not any(p.complet for p in coupees) and suivies[0].points < _PRESQUE * h.poids.surface_par_m2:
        for rang, r in enumerate(suivies[:2]):
            r.ameliorer(3 * _ESSAIS // len(r.besoins))
            rangs, placement = faites.get(r, (None, None))
            coupees.insert(rang, couper(r) if placement is None or rangs is not r.rangs else placement)
        yield from sorted((p for p in coupees if p.complet), key=lambda p: p.points)


def _garder(
    traces: Sequence[_Tracee], gardees: list[int], combien: int, rangs: Iterable[int], seuil: float, autrement: bool
) -> None:
    """Keep, among some sketches, those that differ enough from all that are kept."""
    for k in rangs:
        placement, _, usage = traces[k]
        couloirs = {traces[g][0].squelette.couloir for g in gardees} if autrement else set()
        libre = len(gardees) < combien and placement.squelette.couloir not in couloirs
        if libre and all(_ecart(usage, traces[g][2]) >= seuil for g in gardees):
            gardees.append(k)


def _usages(trace: Trace, terrain: Terrain, niveau: int) -> list[list[str]]:
    """Use of the floor on a grid of the outline, row by row; empty outside of the rooms."""
    import numpy as np
    from shapely import STRtree, points
    from shapely.affinity import rotate

    pieces = trace.plan.de_nature("piece", niveau)
    arbre = STRtree([rotate(p.forme, terrain.angle, origin=terrain.pivot) for p in pieces])
    x0, y0, x1, y1 = terrain.libre.bounds
    xs, ys = (np.linspace(a, b, 2 * max(4, int(b - a)) + 1) for a, b in ((x0, x1), (y0, y1)))
    grille = [["" for _ in xs] for _ in ys]
    for j, y in enumerate(ys):
        for k, rang in zip(*arbre.query(points(xs, np.full_like(xs, y)), predicate="within"), strict=True):
            grille[j][int(k)] = _GROUPES.get(pieces[int(rang)].element.fonction or "", "service")
    return grille


_GROUPES = {
    **dict.fromkeys(("eveil", "repas", "motricite", "activites"), "vie"),
    "sommeil": "sommeil",
    "change": "change",
    "circulation": "passage",
    "hall": "hall",
    "a_affecter": "",
}


def _ecart(une: list[list[str]], autre: list[list[str]]) -> float:
    """Part of the floor whose use differs, at least, with the second as it is or mirrored."""
    miroirs: list[Callable[[list[list[str]]], list[list[str]]]] = [
        lambda g: g,
        lambda g: [ligne[::-1] for ligne in g],
        lambda g: g[::-1],
        lambda g: [ligne[::-1] for ligne in g[::-1]],
    ]
    parts = []
    for miroir in miroirs:
        paires = [(a, b) for u, v in zip(une, miroir(autre), strict=True) for a, b in zip(u, v, strict=True) if a or b]
        parts.append(sum(a != b for a, b in paires) / max(len(paires), 1))
    return min(parts)


def _remarques(placement: Placement, trace: Trace, besoins: Sequence[Besoin], h: Hypotheses) -> tuple[str, ...]:
    """What a reader must know of a sketch: rooms below the wanted area, rooms without a façade, single way out."""
    dits = []
    serrees = [
        f"{b.nom} ({formater_nombre(s, 1)} m² pour {formater_nombre(b.surface_m2, 1)} m² voulus)"
        for b, s in zip(besoins, trace.surfaces, strict=True)
        if s < h.serree_part.valeur * b.surface_m2
    ]
    if perdues := trop_petites(trace.surfaces, besoins):
        dits.append(f"Au moins un lit de moins que voulu : {', '.join(perdues)}.")
    if serrees:
        dits.append(f"Sous la surface voulue : {' ; '.join(serrees)}.")
    sombres, sur_voies = [], []
    for pose in placement.poses:
        bande = placement.squelette.bandes[pose.bande]
        jour = (bande.jour_cm[pose.fin] - bande.jour_cm[pose.debut]) / 100
        voies = (bande.voies_cm[pose.fin] - bande.voies_cm[pose.debut]) / 100
        if pose.article and min(jour, voies) >= h.jour_minimum_m.valeur:
            derriere = besoins[pose.article[-1]]
            if derriere.enfants and derriere.piece.facade != "indifferente":
                sur_voies.append(derriere.nom)
        for rang, r in enumerate(pose.article):
            if besoins[r].fonction == "sommeil" and (jour < h.jour_minimum_m.valeur or rang < len(pose.article) - 1):
                sombres.append(besoins[r].nom)
    if sombres:
        dits.append(f"Sans façade, second jour et ventilation à prévoir : {', '.join(sombres)}.")
    if sur_voies:
        dits.append(
            f"Une façade à moins de {formater_nombre(h.rail_m.valeur)} m d'un quai ou d'une voie, bruit et air à étudier : {', '.join(sur_voies)}."
        )
    ouvertes = [e.nom.partition(" : ")[2] for e in trace.plan.de_nature("fenetre") if e.nom.startswith("Baie à ouvrir")]
    if ouvertes:
        dits.append(f"Baies à ouvrir dans une façade : {', '.join(ouvertes)}.")
    sorties = [e for e in trace.plan.de_nature("porte") if e.element.issue]
    if len(sorties) == 1:
        dits.append("Une seule issue dessinée : longueur des culs-de-sac et parcours à vérifier.")
    return tuple(dits)
