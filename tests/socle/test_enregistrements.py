"""A record does what ``dataclass(frozen=True, slots=True)`` of Python does: the two are made of the same class and compared."""

from __future__ import annotations

import copy
import inspect
import pickle
from dataclasses import FrozenInstanceError, dataclass, field, fields, is_dataclass, replace
from typing import Any

import pytest

from pope_foncier.socle.enregistrements import enregistrement


class Modele:
    """Every kind of field that the house writes."""

    nom: str
    taux: float = 0.5
    mois: list[int] = field(default_factory=list)
    motif: str = field(default="", compare=False, repr=False)
    total: float = field(init=False, default=1.0)
    double: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "double", 2 * self.nom)


@enregistrement
class Rente:
    """Record at the first rank of a module, which pickling needs."""

    nom: str
    taux: float = 0.5


@enregistrement
class Montree:
    """Record that shows and compares itself in its own way."""

    nom: str

    def __repr__(self) -> str:
        return "à moi"

    def __eq__(self, autre: object) -> bool:
        return True

    __hash__ = None  # type: ignore[assignment]


@enregistrement
class Fille(Montree):
    """Record of a parent that shows itself."""

    taux: float = 0.5


def fabriquer(comment: Any) -> Any:
    """The same class under a decorator."""
    return comment(type("Modele", (), {c: v for c, v in vars(Modele).items() if c not in ("__dict__", "__weakref__")}))


NOTRE = fabriquer(enregistrement)
PYTHON = fabriquer(dataclass(frozen=True, slots=True))


@pytest.mark.parametrize("valeurs", [("a",), ("a", 0.25), ("b", 0.5, [1, 2], "dit")])
def test_montre_compte_et_compare_comme_python(valeurs: tuple[Any, ...]) -> None:
    notre, python = NOTRE(*valeurs), PYTHON(*valeurs)
    assert repr(notre) == repr(python)
    assert [getattr(notre, c.name) for c in fields(notre)] == [getattr(python, c.name) for c in fields(python)]
    assert notre == NOTRE(*valeurs)
    assert notre == replace(notre, motif="autre")
    assert notre != replace(notre, nom="c")
    assert notre != python
    assert NOTRE.__match_args__ == PYTHON.__match_args__
    assert is_dataclass(notre)


def test_la_signature_est_celle_de_python() -> None:
    notre, python = inspect.signature(NOTRE), inspect.signature(PYTHON)
    assert [(p.name, p.annotation, p.kind) for p in notre.parameters.values()] == [
        (p.name, p.annotation, p.kind) for p in python.parameters.values()
    ]
    assert notre.parameters["taux"].default == 0.5
    with pytest.raises(TypeError, match=r"Modele\.__init__\(\) missing 1 required positional argument: 'nom'"):
        NOTRE()
    assert NOTRE("a").mois is not NOTRE("a").mois


def test_ne_change_pas_et_n_a_que_ses_champs() -> None:
    rente = Rente("a")
    for agir in (lambda: setattr(rente, "nom", "b"), lambda: setattr(rente, "autre", 1), lambda: delattr(rente, "nom")):
        with pytest.raises(FrozenInstanceError):
            agir()
    assert not hasattr(rente, "__dict__")
    assert rente == Rente("a", 0.5)
    assert hash(rente) == hash(Rente("a", 0.5))
    with pytest.raises(TypeError, match="unhashable"):
        hash(NOTRE("a"))


def test_se_copie_et_se_range() -> None:
    rente = Rente("a", 0.25)
    assert pickle.loads(pickle.dumps(rente)) == rente
    assert copy.copy(rente) == rente
    assert copy.deepcopy(rente) == rente


def test_garde_ce_que_la_classe_ecrit() -> None:
    assert repr(Montree("a")) == "à moi"
    assert repr(Fille("a")) == "à moi"
    assert Fille("a") != Fille("a", 0.25)
    assert Montree("a") == Montree("b")
    with pytest.raises(TypeError, match="unhashable"):
        hash(Montree("a"))
