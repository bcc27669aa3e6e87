"""The palette, computed from the style sheet itself.

Contrast after WCAG 2, distances in OKLab (Ottosson 2020), colour visions after Machado, Oliveira and
Fernandes (2009) at full severity.
"""

import re
from itertools import combinations
from math import dist
from pathlib import Path

import pytest

import bigpandamon_core

CSS = Path(bigpandamon_core.__file__).parent / "static/bigpandamon/bigpandamon.css"
THEMES = ("light", "dark")
GROUPS = ("waiting", "launch", "running", "post", "good", "bad", "ended")
SERIES = tuple(f"series-{place}" for place in range(1, 9))

Colour = tuple[float, float, float]
Matrix = tuple[Colour, Colour, Colour]
VISIONS: dict[str, Matrix] = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protan": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deutan": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritan": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
TO_LMS: Matrix = (
    (0.4122214708, 0.5363325363, 0.0514459929),
    (0.2119034982, 0.6806995451, 0.1073969566),
    (0.0883024619, 0.2817188376, 0.6299787005),
)
TO_OKLAB: Matrix = (
    (0.2104542553, 0.7936177850, -0.0040720468),
    (1.9779984951, -2.4285922050, 0.4505937099),
    (0.0259040371, 0.7827717662, -0.8086757660),
)


def tokens() -> dict[str, tuple[str, str]]:
    """Every colour token with its light and its dark value."""
    layer = CSS.read_text(encoding="utf-8").partition("@layer tokens {")[2].partition("@layer base")[0]
    found = re.findall(r"--([\w-]+): (?:light-dark\((#\w+), (#\w+)\)|(#\w+));", layer)
    return {name: (light or one, dark or one) for name, light, dark, one in found}


TOKENS = tokens()


def linear(name: str, theme: str) -> Colour:
    digits = TOKENS[name][THEMES.index(theme)].lstrip("#")
    if len(digits) == 3:
        digits = "".join(2 * digit for digit in digits)
    red, green, blue = (int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4))
    return _linear(red), _linear(green), _linear(blue)


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def contrast(first: str, second: str, theme: str) -> float:
    weights = (0.2126, 0.7152, 0.0722)
    bright = sorted(
        sum(weight * part for weight, part in zip(weights, linear(name, theme), strict=True))
        for name in (first, second)
    )
    return (bright[1] + 0.05) / (bright[0] + 0.05)


def times(matrix: Matrix, colour: Colour) -> Colour:
    red, green, blue = (sum(a * b for a, b in zip(row, colour, strict=True)) for row in matrix)
    return red, green, blue


def oklab(name: str, theme: str, vision: str) -> Colour:
    seen = [min(max(part, 0), 1) for part in times(VISIONS[vision], linear(name, theme))]
    long, middle, short = (max(part, 0) ** (1 / 3) for part in times(TO_LMS, (seen[0], seen[1], seen[2])))
    return times(TO_OKLAB, (long, middle, short))


def least_distance(names: tuple[str, ...], theme: str, vision: str) -> float:
    """Smallest distance between any two, in hundredths of OKLab."""
    places = [oklab(name, theme, vision) for name in names]
    return 100 * min(dist(first, second) for first, second in combinations(places, 2))


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("group", GROUPS)
def test_a_state_is_seen_and_its_word_is_read(group, theme):
    assert contrast(group, "surface", theme) >= 3
    assert contrast(f"{group}-ink", f"{group}-tint", theme) >= 4.5
    assert contrast(f"{group}-ink", "surface", theme) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("back", ["surface", "page", "hover", "sunken"])
@pytest.mark.parametrize("text", ["text", "soft", "faint", "link"])
def test_text_is_read_on_every_ground(text, back, theme):
    assert contrast(text, back, theme) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(
    ("text", "back"),
    [
        ("text", "rate-1"),
        ("text", "rate-2"),
        ("on-rate-3", "rate-3"),
        ("on-rate-4", "rate-4"),
        ("on-accent", "accent"),
    ],
)
def test_text_is_read_on_its_own_ground(text, back, theme):
    assert contrast(text, back, theme) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
def test_controls_have_an_outline(theme):
    assert contrast("field", "surface", theme) >= 3
    assert contrast("focus", "surface", theme) >= 3
    assert contrast("focus", "page", theme) >= 3


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("vision", VISIONS)
def test_no_two_groups_look_alike(vision, theme):
    assert least_distance(GROUPS, theme, vision) >= 7


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("vision", VISIONS)
def test_no_two_series_look_alike(vision, theme):
    assert least_distance(SERIES, theme, vision) >= 7


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("series", SERIES)
def test_a_line_is_seen(series, theme):
    assert contrast(series, "surface", theme) >= 3
