"""Role colours: enough contrast, and apart for every kind of colour vision."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from tests.display.contrast import contrast, linear_rgb
from w2s_widgets.display.palette import INK, PAPER, ROLES, css_variables

THEMES = ("light", "dark")

# Machado, Oliveira and Fernandes (2009), severity 1.0, on linear RGB.
VISION = {
    "normal": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}

XYZ_OF_RGB = np.array(  # sRGB primaries, white D65
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)

LEAST_DISTANCE = 15.0
"""In CIE 1976 Lab units, of which about 2.3 are just noticeable side by side."""


def lab(rgb: np.ndarray) -> np.ndarray:
    relative = XYZ_OF_RGB @ np.clip(rgb, 0, 1) / XYZ_OF_RGB.sum(axis=1)
    bent = np.where(relative > (6 / 29) ** 3, np.cbrt(relative), relative / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * bent[1] - 16, 500 * (bent[0] - bent[1]), 200 * (bent[1] - bent[2])])


def test_the_measures_know_black_white_and_red():
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    np.testing.assert_allclose(lab(linear_rgb("#ff0000")), [53.24, 80.09, 67.20], atol=0.05)
    red, green = (VISION["deuteranopia"] @ linear_rgb(c) for c in ("#b04040", "#607030"))
    seen_by_all = np.linalg.norm(lab(linear_rgb("#b04040")) - lab(linear_rgb("#607030")))
    assert np.linalg.norm(lab(red) - lab(green)) < seen_by_all / 2


@pytest.mark.parametrize("theme", THEMES)
def test_text_in_every_role_colour_meets_wcag_aa(theme: str):
    colours = {name: getattr(role, theme) for name, role in ROLES.items()} | {"ink": INK[theme]}
    for name, colour in colours.items():
        assert contrast(colour, PAPER[theme]) >= 4.5, name


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("vision", VISION)
def test_roles_stay_apart_for_every_kind_of_colour_vision(theme: str, vision: str):
    seen = {name: lab(VISION[vision] @ linear_rgb(getattr(role, theme))) for name, role in ROLES.items()}
    for one, other in itertools.combinations(seen, 2):
        assert np.linalg.norm(seen[one] - seen[other]) >= LEAST_DISTANCE, (one, other)


def test_meaning_is_never_colour_alone():
    assert len({role.marker for role in ROLES.values()}) == len(ROLES)
    corners = [ROLES[name].marker for name in ("truth", "teacher", "student", "ceiling")]
    lines = [ROLES[name].dash for name in ("teacher", "student", "misfit", "gain", "slack")]
    assert len(set(corners)) == 4
    assert len(set(lines)) == 5


def test_style_sheets_get_every_role():
    for theme in THEMES:
        variables = css_variables(theme)
        for name, role in ROLES.items():
            assert f"--w2s-{name}: {getattr(role, theme)};" in variables
