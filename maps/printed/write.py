"""Writers of a sheet: SVG by itself, PNG and PDF through Matplotlib."""

from __future__ import annotations

import io
import re
import tempfile
import warnings
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from functools import cache
from importlib import import_module
from importlib.resources import files
from itertools import groupby
from pathlib import Path as File
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import numpy as np

from roxham.geo import DataError
from roxham.geo._types import Floats
from roxham.geo.arguments import checked
from roxham.geo.extras import install_line
from roxham.geo.io.atomic import require_writable, unwritable, write_atomic
from roxham.maps.content.small_map import path_data
from roxham.maps.resources import FONTS, scripts_of

from .sheet import Disc, Path, Sheet, Text, readable, text_width

__all__ = ["FORMATS", "save_picture", "sheet_svg", "sheets_svg"]

FORMATS = (".svg", ".png", ".pdf")
TEXT = re.compile("<text ")
POINTS = 0.75
"""Points in a pixel of the sheet: 96 pixels make an inch."""
FAMILIES = {
    False: "'Source Sans 3', 'Source Sans Pro', system-ui, sans-serif",
    True: "'Source Serif 4', 'Source Serif Pro', Georgia, serif",
}


@checked()
def save_picture(sheet: Sheet, path: str | File, *, scale: float = 2.0) -> File:
    """Write a sheet as SVG, PNG or PDF, by the name's ending; the same sheet gives the same bytes.

    Parameters
    ----------
    sheet
        From ``map_sheet``.
    path
        A name ending in ``.svg``, ``.png`` or ``.pdf``.
    scale
        Pixels of a PNG for each pixel of the sheet.

    Returns
    -------
    pathlib.Path
        The file, replaced as a whole.

    Raises
    ------
    DataError
        If the ending is another, or Matplotlib is wanted and not installed.

    Examples
    --------
    >>> import tempfile
    >>> from roxham.maps.printed.sheet import Sheet
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     written = save_picture(Sheet(300.0, 100.0, "A sheet"), folder + "/a.svg")
    ...     written.name
    'a.svg'
    """
    path = require_writable(path)
    kind = path.suffix.lower()
    if kind not in FORMATS:
        raise DataError(f"{path} is not a picture. Give a name ending in {', '.join(FORMATS)}.")
    if kind == ".svg":
        content = (
            '<?xml version="1.0" encoding="UTF-8"?>\n' + sheet_svg(sheet, alone=True) + "\n"
        ).encode()
    else:
        content = _printed(sheet, kind[1:], scale)
    return write_atomic(path, content)


def sheet_svg(sheet: Sheet, *, alone: bool = False, fit: bool = False) -> str:
    """Return a sheet as an SVG element: no scripts, styles or references, texts as texts.

    With ``fit`` it is as wide as what it stands in, where no style may say so; nor may one bring
    our fonts there, or to a file of its own (``alone``), so that each text says how wide it is.
    """
    body = _grouped(sheet.items)
    if alone or fit:
        texts = iter([item for item in sheet.items if isinstance(item, Text)])
        body = TEXT.sub(lambda _: f"<text{_extent(next(texts))} ", body)
    return _element(sheet, sheet.height, body, fit=fit)


def _extent(item: Text) -> str:
    """Return how wide a text is in our fonts, as an attribute that other fonts are fitted to."""
    width = text_width(item.text, item.face, item.spacing)
    return f' textLength="{_n(width)}" lengthAdjust="spacingAndGlyphs"'


def sheets_svg(sheets: Sequence[Sheet]) -> str:
    """Return one sheet in several languages as an SVG element.

    What all draw alike stands there once, the rest in ``g lang``, of which the page shows one.
    """
    items = {id(item): item for sheet in sheets for item in sheet.items}
    written = {key: _svg(item, _style(item)) for key, item in items.items()}
    drawn = [[written[id(item)] for item in sheet.items] for sheet in sheets]
    shared = [*range(len(drawn[0]))]
    for other in drawn[1:]:
        runs = SequenceMatcher(None, drawn[0], other, autojunk=False).get_matching_blocks()
        common = {start + k for start, _, size in runs for k in range(size)}
        shared = [i for i in shared if i in common]
    at = [0] * len(sheets)
    body: list[str] = []
    alike: list[Path | Disc | Text] = []
    for i in [*shared, None]:
        ends = [
            len(d) if i is None else d.index(drawn[0][i], a) for d, a in zip(drawn, at, strict=True)
        ]
        if ends != at:
            body.append(_grouped(alike))
            alike.clear()
        for sheet, start, end in zip(sheets, at, ends, strict=True):
            if own := _grouped(sheet.items[start:end]):
                body.append(f"<g lang={quoteattr(sheet.language)}>{own}</g>")
        if i is not None:
            alike.append(sheets[0].items[i])
        at = [end + 1 for end in ends]
    body.append(_grouped(alike))
    return _element(sheets[0], max(sheet.height for sheet in sheets), "".join(body))


def _element(sheet: Sheet, height: float, body: str, *, fit: bool = False) -> str:
    """Return an SVG element with the title and the language of a sheet."""
    size = f"{_n(sheet.width)} {_n(height)}"
    extent = 'width="100%"' if fit else f'width="{_n(sheet.width)}" height="{_n(height)}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}"'
        f' {extent} role="img"'
        f' font-family="{FAMILIES[False]}" stroke-linejoin="round" stroke-linecap="round"'
        f" lang={quoteattr(sheet.language)}>"
        f"<title>{escape(readable(sheet.title))}</title>"
        f"<desc>{escape(readable(sheet.description))}</desc>{body}</svg>"
    )


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _paint(item: Path | Disc) -> str:
    out = [f' fill="{item.fill or "none"}"']
    if item.stroke:
        out.append(f' stroke="{item.stroke}" stroke-width="{_n(item.width)}"')
        if item.dash:
            out.append(f' stroke-dasharray="{" ".join(map(_n, item.dash))}"')
    return "".join(out)


def _style(item: Path | Disc | Text) -> str:
    """Return the attributes that items may have in common, as their group has them."""
    if isinstance(item, Disc):
        return _paint(item) + (' stroke-linecap="butt"' if item.stroke and item.dash else "")
    if isinstance(item, Path):
        rule = ' fill-rule="evenodd"' if item.fill else ""
        ends = f' stroke-linecap="{item.cap}"' if item.stroke and item.cap != "round" else ""
        return _paint(item) + rule + ends
    face = item.face
    style = f' font-size="{_n(face.size)}" fill="{item.colour}"'
    style += f' font-family="{FAMILIES[face.serif]}"' if face.serif else ""
    style += ' font-weight="600"' if face.weight >= 600 else ""
    style += ' font-style="italic"' if face.italic else ""
    style += f' text-anchor="{item.anchor}"' if item.anchor != "start" else ""
    style += f' letter-spacing="{_n(item.spacing)}"' if item.spacing else ""
    if item.halo:
        style += f' stroke="{item.halo_colour}" stroke-width="{_n(item.halo)}"'
        style += ' paint-order="stroke"'
    return style


def _svg(item: Path | Disc | Text, style: str) -> str:
    """Return an item with what is not said of its group."""
    if isinstance(item, Text):
        role = f' class="rx-{item.role}"' if item.role else ""
        words = escape(readable(item.text))
        return f'<text x="{_n(item.x)}" y="{_n(item.y)}"{style}{role}>{words}</text>'
    faint = f' opacity="{item.opacity:.3g}"' if item.opacity < 1 else ""
    if isinstance(item, Disc):
        shape = f'cx="{_n(item.x)}" cy="{_n(item.y)}" r="{_n(item.radius)}"'
        return f"<circle {shape}{style}{faint}/>"
    return f'<path d="{path_data(item.parts)}"{style}{faint}/>' if item.parts else ""


def _grouped(items: Iterable[Path | Disc | Text]) -> str:
    """Return items in their order; those in a row that look alike say so once."""
    out = []
    for style, alike in groupby(items, _style):
        drawn = [*alike]
        if len(drawn) > 1:
            out.append(f"<g{style}>{''.join(_svg(item, '') for item in drawn)}</g>")
        else:
            out.append(_svg(drawn[0], style))
    return "".join(out)


@cache
def _font(name: str, scripts: tuple[str, ...]) -> Any:
    """Return a vendored font for Matplotlib, and its sisters for further scripts."""
    from matplotlib.font_manager import FontProperties

    names = (name, *(name.replace("-latin-", f"-{script}-") for script in scripts))
    # DejaVu comes with Matplotlib, for what the vendored fonts lack; it has no weight of 600.
    return FontProperties(family=[*map(_family, names), "DejaVu Sans"])


@cache
def _family(name: str) -> str:
    """Make a vendored font known to Matplotlib, which reads no WOFF2; return its family."""
    tools = import_module("fontTools.ttLib")
    from matplotlib.font_manager import fontManager

    folder = FONTS["sans" in name]
    packed = files("roxham.maps").joinpath("assets", folder, f"{name}.woff2").read_bytes()
    font = tools.TTFont(io.BytesIO(packed))
    font.flavor = None
    # A family of its own for each file, so that Matplotlib never picks another weight.
    family = f"Roxham {name}"
    for record in font["name"].names:
        if record.nameID in (1, 16):
            record.string = family
    loose = File(_fonts().name) / f"{name}.ttf"
    font["OS/2"].usWeightClass = 400
    try:
        font.save(loose)
    except OSError as error:
        raise unwritable(loose, error) from error
    fontManager.addfont(loose)
    return family


@cache
def _fonts() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="roxham-fonts-")


def _printed(sheet: Sheet, kind: str, scale: float) -> bytes:
    """Return a sheet as PNG or PDF."""
    try:
        import_module("fontTools.ttLib")
        import matplotlib as mpl
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.backends.backend_pdf import FigureCanvasPdf
        from matplotlib.figure import Figure
    except ImportError as error:
        raise DataError(
            f"A .{kind} needs Matplotlib, which is not installed ({error.name}). "
            f"Run {install_line('static')}, or write an .svg, which needs nothing more."
        ) from error
    figure = Figure(figsize=(sheet.width / 96, sheet.height / 96), dpi=96 * scale)
    canvas = FigureCanvasAgg(figure) if kind == "png" else FigureCanvasPdf(figure)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, sheet.width), ylim=(sheet.height, 0))
    axes.axis("off")
    settings: Any = {
        "pdf.fonttype": 42,
        "path.simplify": False,
        "text.parse_math": False,
        "text.hinting": "none",
    }
    with mpl.rc_context(settings), warnings.catch_warnings():
        # A script that no font has is drawn as boxes.
        warnings.filterwarnings("ignore", message="Glyph .* missing", category=UserWarning)
        for item in sheet.items:
            for artist in _artists(item):
                axes.add_artist(artist)
        out = io.BytesIO()
        # Neither the hour nor the version of Matplotlib: the same sheet gives the same bytes.
        fixed = (
            {"Software": None, "Title": readable(sheet.title)}
            if kind == "png"
            else {
                "CreationDate": None,
                "Creator": "roxham",
                "Producer": None,
                "Title": readable(sheet.title),
            }
        )
        canvas.print_figure(out, format=kind, dpi=96 * scale, metadata=fixed)
    return out.getvalue()


def _artists(item: Path | Disc | Text) -> Iterable[Any]:
    from matplotlib.patches import Circle, PathPatch
    from matplotlib.path import Path as Outline
    from matplotlib.patheffects import withStroke
    from matplotlib.text import Text as Writing

    if isinstance(item, Text):
        face = item.face
        letters = [item.text] if not item.spacing else list(item.text)
        x = item.x
        for letter in letters:
            text = Writing(
                x,
                item.y,
                readable(letter) if not item.spacing else letter,
                color=item.colour,
                fontproperties=_font(face.file, scripts_of(item.text)),
                fontsize=face.size * POINTS,
                ha={"start": "left", "middle": "center", "end": "right"}[item.anchor],
                va="baseline",
                parse_math=False,
                zorder=2,
            )
            if item.halo:
                stroke = withStroke(linewidth=item.halo * POINTS, foreground=item.halo_colour)
                text.set_path_effects([stroke])
            yield text
            x += text_width(letter, face, item.spacing)
        return
    look: dict[str, Any] = {
        "facecolor": item.fill or "none",
        "edgecolor": item.stroke or "none",
        "linewidth": item.width * POINTS if item.stroke else 0,
        "alpha": item.opacity,
        "zorder": 2,
    }
    if item.stroke and item.dash:
        # Matplotlib counts dashes in widths of the line.
        look["linestyle"] = (0, tuple(d / item.width for d in item.dash))
    if isinstance(item, Disc):
        yield Circle((item.x, item.y), item.radius, **look)
    elif item.parts:
        outline = Outline.make_compound_path(
            *(_outline(part, filled=bool(item.fill)) for part in item.parts)
        )
        look |= {"capstyle": item.cap, "joinstyle": "round"}
        yield PathPatch(outline, **look)


def _outline(part: Floats, *, filled: bool) -> Any:
    from matplotlib.path import Path as Outline

    closed = filled or (len(part) > 3 and bool(np.all(part[0] == part[-1])))
    if closed and not np.all(part[0] == part[-1]):
        part = np.vstack([part, part[:1]])
    return Outline(part, closed=closed)
