"""The palette: contrast, and what is left of it for readers who see fewer colours.

Contrast is WCAG 2.2's ratio of relative luminances. Colour blindness is simulated by the
matrices of Machado, Oliveira and Fernandes (2009) at full severity, on linear light, and
colours are compared by their distance in Oklab, where 0.02 is about the least one can see.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray

from roxham.maps.resources import asset

Colours = dict[str, str]
TEXT, GRAPHIC = 4.5, 3.0
APART = 0.04
"""Twice what can just be seen; no sign that shares a legend differs by its colour alone."""

SIGHTS = {
    "usual": np.eye(3),
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
LMS = [
    [0.4122214708, 0.5363325363, 0.0514459929],
    [0.2119034982, 0.6806995451, 0.1073969566],
    [0.0883024619, 0.2817188376, 0.6299787005],
]
OKLAB = [
    [0.2104542553, 0.7936177850, -0.0040720468],
    [1.9779984951, -2.4285922050, 0.4505937099],
    [0.0259040371, 0.7827717662, -0.8086757660],
]


def palette(name: str, prefix: str) -> dict[str, Colours]:
    """Return the colours of a style sheet in its light and its dark scheme."""
    light, dark = asset(name).split("@media screen and (prefers-color-scheme: dark)", 1)
    token = re.compile(rf"--{prefix}([a-z][a-z0-9-]*): (#[0-9a-f]{{6}});")
    # What follows the dark scheme's block sets no colour anew.
    found = {"light": dict(token.findall(light)), "dark": dict(token.findall(dark))}
    assert found["light"].keys() == found["dark"].keys()
    return found


MAP, PAGE = palette("map.css", "rx-"), palette("page.css", "")
SCHEMES = ["light", "dark"]


def linear(colour: str) -> NDArray[np.float64]:
    parts = np.array([int(colour[k : k + 2], 16) for k in (1, 3, 5)]) / 255
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    weights = np.array([0.2126, 0.7152, 0.0722])
    low, high = sorted(float(linear(c) @ weights) for c in (one, other))
    return (high + 0.05) / (low + 0.05)


def oklab(light: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(OKLAB) @ np.cbrt(np.asarray(LMS) @ light)


def distance(one: str, other: str, sight: str) -> float:
    """Return how far apart two colours look to a kind of sight."""
    matrix = np.asarray(SIGHTS[sight])
    seen = [oklab(np.clip(matrix @ linear(colour), 0, 1)) for colour in (one, other)]
    return float(np.linalg.norm(seen[0] - seen[1]))


def faint(
    colours: Colours, pairs: Iterable[tuple[str, str]], least: float
) -> list[tuple[str, str, float]]:
    found = [(a, b, round(contrast(colours[a], colours[b]), 2)) for a, b in pairs]
    return [pair for pair in found if pair[2] < least]


def test_the_measures_themselves() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert oklab(np.ones(3)) == pytest.approx([1, 0, 0], abs=1e-6)
    assert distance("#ff0000", "#00ff00", "usual") == pytest.approx(0.519, abs=0.002)
    # Red and green of the same lightness come together; blue and yellow do not.
    assert distance("#c8504a", "#7d7d32", "deuteranopia") < 0.3 * distance(
        "#c8504a", "#7d7d32", "usual"
    )
    for matrix in SIGHTS.values():
        assert np.asarray(matrix).sum(axis=1) == pytest.approx(1, abs=2e-6)


GROUND = ("land-first", "land-second")
NAMES = ("ink", "muted", "port", "site", "route", "reach", *(f"gate-{k}" for k in range(4)))
INCIDENTS = ("death", "missing", "injury", "rescue", "smuggling")
CLASSES = tuple(f"class-{k}" for k in range(1, 8))
SIGNS = (
    *("border", "port", "closed", "site", "select", "route", "reach"),
    *(*INCIDENTS, *CLASSES, *(f"gate-{k}" for k in range(4))),
    *("road-motorway", "road-trunk"),
)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_text_on_the_map_can_be_read(scheme: str) -> None:
    pairs = [(name, ground) for name in NAMES for ground in (*GROUND, "halo")]
    pairs += [("water-ink", "water"), ("shield-ink", "shield")]
    pairs += [("shield-major-ink", "shield-major"), ("paper", "ink")]
    pairs += [(name, "paper") for name in ("ink", "muted", "port")]
    assert faint(MAP[scheme], pairs, TEXT) == []


@pytest.mark.parametrize("scheme", SCHEMES)
def test_signs_on_the_map_can_be_seen(scheme: str) -> None:
    assert faint(MAP[scheme], [(sign, g) for sign in SIGNS for g in GROUND], GRAPHIC) == []
    # Small roads are the ground on which the others stand; they are read in their table.
    small = [(f"road-{k}", g) for k in ("secondary", "local") for g in GROUND]
    assert faint(MAP[scheme], small, 1.5) == []


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_page_can_be_read(scheme: str) -> None:
    text = [(name, on) for name in ("ink", "muted", "link") for on in ("paper", "wash")]
    assert faint(PAGE[scheme], text, TEXT) == []
    graphics = [(name, "paper") for name in ("area", "rest", "site", "focus")]
    assert faint(PAGE[scheme], graphics, GRAPHIC) == []


@pytest.mark.parametrize("sight", SIGHTS)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_what_shares_a_legend_stays_apart(scheme: str, sight: str) -> None:
    legends = [
        (MAP, INCIDENTS),
        (MAP, ("port", "closed", "site")),
        (MAP, tuple(f"gate-{k}" for k in range(4))),
        (MAP, CLASSES),
        (MAP, ("land-first", "water")),
        (PAGE, ("area", "rest", "site")),
    ]
    close = [
        (a, b, round(found, 3))
        for colours, names in legends
        for a, b in combinations(names, 2)
        if (found := distance(colours[scheme][a], colours[scheme][b], sight)) < APART
    ]
    assert close == []
