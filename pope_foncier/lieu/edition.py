"""Plan being edited: points moved, undone and done again; its faults are told and never lose what was drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pope_foncier.lieu.geometrie import LAMBERT93, WGS84, projeter
from pope_foncier.lieu.plan import Element, Plan, PlanTrace, Point
from pope_foncier.lieu.plan_controles import controler, tracer
from pope_foncier.socle.enregistrements import enregistrement
from pope_foncier.socle.erreurs import ErreurCalcul, Probleme
from pope_foncier.socle.fiches import valider
from pope_foncier.socle.yaml_strict import Lignes

ETATS_MAX = 200
"""States kept to be undone; beyond, the oldest leaves."""
_MODIFIE = "tracé modifié à la main dans l'éditeur de plan"
_DECIMALES = 3
"""Points moved are written to the millimetre."""
Anneaux = Sequence[Sequence[Point]]
"""Outline of an element, then its holes."""


@enregistrement
class Etat:
    """One state of a plan: its sheet, what of it can be traced, its faults."""

    plan: Plan
    trace: PlanTrace
    fautes: tuple[Probleme, ...]

    @classmethod
    def de(cls, plan: Plan) -> Etat:
        """State of a plan, checked."""
        trace, fautes = tracer(plan, "", Lignes())
        return cls(plan, trace, tuple(fautes or controler(trace, "", Lignes())))

    def aires(self) -> dict[int, float]:
        """Area of each outline that can be traced, by its rank in the plan [m²]."""
        rangs = {id(e): rang for rang, e in enumerate(self.plan.elements)}
        return {rangs[id(e.element)]: e.forme.area for e in self.trace.elements if e.forme.area > 0}


class Edition:
    """States of a plan, one of them shown.

    A plan in degrees is edited in Lambert-93: handles move by metres.
    """

    def __init__(self, plan: Plan) -> None:
        self._etats: list[Etat] = [Etat.de(en_metres(plan))]
        self._rang = 0
        self._depart = self._etats[0].aires()

    @property
    def etat(self) -> Etat:
        """State shown."""
        return self._etats[self._rang]

    @property
    def plan(self) -> Plan:
        """Sheet of the state shown."""
        return self.etat.plan

    @property
    def annulable(self) -> bool:
        """Whether something can be undone."""
        return self._rang > 0

    @property
    def retablissable(self) -> bool:
        """Whether something undone can be done again."""
        return self._rang < len(self._etats) - 1

    def annuler(self) -> None:
        """Show the state before; nothing without one."""
        self._rang = max(self._rang - 1, 0)

    def retablir(self) -> None:
        """Show the state that was undone; nothing without one."""
        self._rang = min(self._rang + 1, len(self._etats) - 1)

    def deplacer(self, traces: Mapping[int, Anneaux]) -> None:
        """Give some elements other points; what was undone is forgotten.

        Args:
            traces: outline and holes by rank of the element, in metres.

        Raises:
            ErreurCalcul: a rank that the plan does not have.
            ErreurDonnees: points that are no numbers, too few or too many.
        """
        elements = list(self.plan.elements)
        for rang, anneaux in traces.items():
            if not 0 <= rang < len(elements):
                raise ErreurCalcul(f"Le plan n'a pas d'élément {rang + 1} : il en compte {len(elements)}.")
            contour, *trous = ([[round(float(v), _DECIMALES) for v in p] for p in anneau] for anneau in anneaux)
            brut = elements[rang].model_dump(exclude_none=True) | {"points": contour, "trous": trous}
            relu = valider(Element, brut, "éditeur")
            elements[rang] = relu.model_copy(update={"vers": _suivre(elements[rang], relu)})
        nouveau = _dit_modifie(self.plan).model_copy(update={"elements": tuple(elements)})
        self._etats = [*self._etats[: self._rang + 1], Etat.de(nouveau)][-ETATS_MAX:]
        self._rang = len(self._etats) - 1

    def ecarts_m2(self) -> dict[int, float]:
        """What each area has gained since the plan was opened, by rank, to the tenth [m²]; those that did not move left out."""
        ecarts = {rang: round(aire - self._depart.get(rang, 0.0), 1) for rang, aire in self.etat.aires().items()}
        return {rang: ecart for rang, ecart in ecarts.items() if ecart}


def en_metres(plan: Plan) -> Plan:
    """Same plan in metres: one in degrees is put in Lambert-93."""
    if plan.systeme != "wgs84":
        return plan
    return plan.model_copy(
        update={"systeme": "lambert93", "elements": tuple(_projete(e) for e in plan.elements)},
    )


def _projete(element: Element) -> Element:
    from shapely import LineString, get_coordinates

    def metres(points: Sequence[Point]) -> tuple[Point, ...]:
        ligne = projeter(LineString([*points, points[0]]), WGS84, LAMBERT93)
        return tuple((round(x, _DECIMALES), round(y, _DECIMALES)) for x, y in get_coordinates(ligne)[:-1].tolist())

    vers = None if element.vers is None else metres([element.vers])[0]
    trous = tuple(metres(t) for t in element.trous)
    return element.model_copy(update={"points": metres(element.points), "trous": trous, "vers": vers})


def _suivre(avant: Element, apres: Element) -> Point | None:
    """Side to which a door swings, moved as its first point was."""
    if avant.vers is None:
        return None
    dx, dy = (n - a for n, a in zip(apres.points[0], avant.points[0], strict=True))
    return round(avant.vers[0] + dx, _DECIMALES), round(avant.vers[1] + dy, _DECIMALES)


def _dit_modifie(plan: Plan) -> Plan:
    """Same plan, said to be an assumption: a survey whose walls were moved is a survey no more."""
    if plan.base is not None and plan.base.endswith(_MODIFIE):
        return plan
    d_ou = plan.base or (f"d'après {plan.source.titre}" if plan.source else plan.titre)
    return plan.model_copy(update={"statut": "hypothese", "base": f"{d_ou} ; {_MODIFIE}"})
