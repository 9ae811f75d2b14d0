"""Colours of the workshops: readable words, neighbours told apart by every eye, the same number always of one colour."""

from __future__ import annotations

import numpy as np
import pytest

from pope_foncier.ateliers import teintes
from pope_foncier.ateliers.teintes import Teinte

# Machado, Oliveira and Fernandes 2009, « A Physiologically-based Model for Simulation of Color Vision Deficiency », severity 1.0.
YEUX = {
    "ordinaire": np.eye(3),
    "deuteranope": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "protanope": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "tritanope": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}


def _lineaire(couleur: str) -> np.ndarray:
    brut = np.array([int(couleur[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(brut <= 0.04045, brut / 12.92, ((brut + 0.055) / 1.055) ** 2.4)


def _contraste(a: str, b: str) -> float:
    """Contrast of WCAG 2.1."""
    bas, haut = sorted(float(_lineaire(x) @ [0.2126, 0.7152, 0.0722]) for x in (a, b))
    return (haut + 0.05) / (bas + 0.05)


def _lab(couleur: str, oeil: np.ndarray) -> np.ndarray:
    """CIE 1976 L*a*b* of what an eye sees, D65."""
    vers_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    xyz = vers_xyz @ np.clip(oeil @ _lineaire(couleur), 0, 1) / np.array([0.95047, 1.0, 1.08883])
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("teinte", [*teintes.PALETTE, teintes.DEPART], ids=lambda t: t.nom)
def test_words_are_read_on_every_colour(teinte: Teinte) -> None:
    assert _contraste(teinte.fond, teinte.encre) >= 4.5


@pytest.mark.parametrize("oeil", YEUX.values(), ids=YEUX)
def test_three_scenarios_in_a_row_are_told_apart_by_every_eye(oeil: np.ndarray) -> None:
    vus = [_lab(t.fond, oeil) for t in teintes.PALETTE]
    for rang, vu in enumerate(vus):
        for suivant in (vus[(rang + 1) % 12], vus[(rang + 2) % 12]):
            assert np.linalg.norm(vu - suivant) > 10  # just noticeable: 2.3


def test_a_number_keeps_its_colour_and_is_always_written() -> None:
    assert teintes.du_scenario(3) == teintes.PALETTE[2]
    assert teintes.du_scenario(15) == teintes.du_scenario(3)
    assert "n°\u00a015" in teintes.pastille(15)
    assert teintes.PALETTE[2].fond in teintes.pastille(15)
    assert "départ" in teintes.pastille(None)
    assert "&lt;b&gt;" in teintes.jeton("<b>", 0)
