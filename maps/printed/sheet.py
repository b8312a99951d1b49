"""A printed sheet as a list of drawn things, in pixels from the upper left corner."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from roxham.geo._types import Floats
from roxham.maps.resources import SCRIPTS, asset, widths

__all__ = [
    "Box",
    "Disc",
    "Path",
    "Sheet",
    "Text",
    "Typeface",
    "readable",
    "spread",
    "text_width",
    "tokens",
    "wrapped",
]

TOKEN = re.compile(r"--rx-([a-z-]+):\s*([^;]+);")
ALPHA = re.compile(r"rgba\((\d+), (\d+), (\d+), ([\d.]+)\)")
WIDE = 1000
"""Width of a character the vendored fonts lack, in thousandths of the size."""
BIDI = {*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C}


@cache
def tokens() -> dict[str, tuple[str, float]]:
    """Return the page's colours of its light scheme: name to hexadecimal colour and opacity.

    Examples
    --------
    >>> tokens()["site"]
    ('#bd3413', 1.0)
    """
    light = asset("map.css").split("@media", 1)[0]
    found: dict[str, tuple[str, float]] = {}
    for name, value in TOKEN.findall(light):
        mixed = ALPHA.fullmatch(value)
        if mixed:
            red, green, blue, alpha = mixed.groups()
            found[name] = (f"#{int(red):02x}{int(green):02x}{int(blue):02x}", float(alpha))
        elif value.startswith("#"):
            found[name] = (value, 1.0)
    return found


@dataclass(frozen=True)
class Typeface:
    """How text is set: size in pixels, weight 400 or 600."""

    size: float
    weight: int = 400
    italic: bool = False
    serif: bool = False

    @property
    def file(self) -> str:
        """Name of the vendored font."""
        family = "serif-4" if self.serif else "sans-3"
        slope = "italic" if self.italic and not self.serif and self.weight == 400 else "normal"
        return f"source-{family}-latin-{self.weight}-{slope}"


@dataclass(frozen=True)
class Path:
    """Lines or rings, each an array of shape (n, 2); rings are filled by the even-odd rule."""

    parts: Sequence[Floats]
    stroke: str | None = None
    width: float = 1.0
    dash: tuple[float, ...] = ()
    fill: str | None = None
    opacity: float = 1.0
    cap: str = "round"


@dataclass(frozen=True)
class Disc:
    """A circle around a point."""

    x: float
    y: float
    radius: float
    fill: str | None = None
    stroke: str | None = None
    width: float = 1.0
    dash: tuple[float, ...] = ()
    opacity: float = 1.0


@dataclass(frozen=True)
class Text:
    """A line of text on its baseline; ``anchor`` is start, middle or end."""

    x: float
    y: float
    text: str
    face: Typeface
    colour: str
    anchor: str = "start"
    halo: float = 0.0
    halo_colour: str = "#ffffff"
    spacing: float = 0.0
    role: str = ""


@dataclass(frozen=True)
class Box:
    """A rectangle that text or a symbol takes up."""

    x: float
    y: float
    w: float
    h: float

    def within(self, other: Box) -> bool:
        """Return whether this one lies wholly in the other."""
        return (
            self.x >= other.x
            and self.y >= other.y
            and self.x + self.w <= other.x + other.w
            and self.y + self.h <= other.y + other.h
        )


@dataclass
class Sheet:
    """What is drawn, the first at the bottom; ``title`` and ``description`` for readers of it."""

    width: float
    height: float
    title: str = ""
    description: str = ""
    language: str = "en"
    items: list[Path | Disc | Text] = field(default_factory=list, repr=False)

    def add(self, *items: Path | Disc | Text) -> None:
        """Draw on top of what is there."""
        self.items.extend(items)

    def texts(self) -> list[str]:
        """Return every text on the sheet."""
        return [item.text for item in self.items if isinstance(item, Text)]


def readable(text: object) -> str:
    r"""Return a text that can stand in any file: no controls, no overrides of direction, one line.

    Examples
    --------
    >>> readable("a\x00b\u202ec\nd")
    'abc d'
    """
    one = re.sub(r"[^\S\u00a0\u202f]+", " ", str(text)).strip()  # a number keeps to one line
    kept = (
        c
        for c in one
        if unicodedata.category(c) not in ("Cc", "Cs", "Cn", "Co") and ord(c) not in BIDI
    )
    return "".join(kept)


@cache
def _widths(file: str) -> dict[str, int]:
    """Return the widths of a font's characters, and of its sisters' for further scripts."""
    sisters = (file.replace("-latin-", f"-{script}-") for script in SCRIPTS)
    return {c: width for name in (*sisters, file) for c, width in widths()[name].items()}


def spread(text: str, spacing: float) -> float:
    """Return the room between letters: none in scripts that join them, or set marks on them.

    Examples
    --------
    >>> spread("Ceuta", 1.5), spread("سبتة", 1.5)
    (1.5, 0.0)
    """
    joined = any(
        unicodedata.bidirectional(c) in ("AL", "R") or unicodedata.category(c)[0] == "M"
        for c in text
    )
    return 0.0 if joined else spacing


def text_width(text: str, face: Typeface, spacing: float = 0.0) -> float:
    """Return the width of a text in pixels, by the advance widths of the vendored fonts."""
    known = _widths(face.file)
    units = sum(known.get(c, WIDE) for c in text)
    return units * face.size / 1000 + spacing * len(text)


def wrapped(text: str, face: Typeface, width: float) -> list[str]:
    """Break a text into lines of at most a width; a word longer than that is broken too.

    Examples
    --------
    >>> wrapped("one two three", Typeface(10), 40)
    ['one two', 'three']
    """
    lines: list[str] = [""]
    for word in readable(text).split(" "):
        joined = f"{lines[-1]} {word}" if lines[-1] else word
        if text_width(joined, face) <= width:
            lines[-1] = joined
            continue
        if lines[-1]:
            lines.append("")
        for letter in word:
            if lines[-1] and text_width(lines[-1] + letter, face) > width:
                lines.append("")
            lines[-1] += letter
    return lines
