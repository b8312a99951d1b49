"""What the chart, the circles and the printed twin draw, held against the numbers of a table."""

import io
import math
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page

from roxham.layers import Layers, load_layers
from roxham.maps import border_map, save_html
from roxham.maps.content.chart import chart_data
from roxham.maps.printed.layout import chart_picture
from roxham.maps.printed.sheet import Path as Drawn
from roxham.maps.printed.sheet import Text
from roxham.maps.printed.symbols import colour
from tests.maps import samples
from tests.maps.conftest import Open

KEYS = """() => [...document.querySelectorAll(".rx-areas .rx-circle-key")].map((circle) =>
  [circle.getBoundingClientRect().width, Number(circle.nextSibling.textContent)])"""

Cell = str
"""As a file has it: a count, ``~`` before one that is rounded to five, ``--``, or nothing."""
Span = tuple[float, float]

TABLES: dict[str, list[tuple[Cell, Cell]]] = {
    "exact": [("50", "80"), ("55", "140"), ("60", "60"), ("0", "200")],
    "rounded": [("~50", "~80"), ("~55", "~140"), ("~60", "~60"), ("~0", "~200")],
    "withheld": [("--", "80"), ("55", "--"), ("--", "--"), ("--", "200")],
    "mixed": [("~50", "80"), ("--", "~140"), ("60", ""), ("0", "--")],
}
"""Quebec and Canada, by month."""
MONTHS = [f"2018-{month:02}" for month in range(5, 9)]
SIZES = [(1280, 900), (360, 740)]

FRAME = """() => {
  const svg = document.querySelector("#rx-chart svg");
  const found = (name) => [...svg.querySelectorAll(name)];
  const boxes = (name) => found(name).map((node) => node.getBoundingClientRect());
  const style = getComputedStyle(document.querySelector(".rx-page"));
  const ink = (name) => style.getPropertyValue(name).trim();
  return {
    boxes: boxes(".rx-bar, .rx-bar-rest").map(({ x, y, width, height }) => [x, y, width, height]),
    axes: boxes(".rx-grid, .rx-axis").map(({ x, y, width }) => [x, y, width]),
    ticks: found("[text-anchor=end]").map((text) => Number(text.textContent)),
    inks: {
      quebec: ink("--area"), rest: ink("--rest"),
      paper: ink("--paper"), rule: ink("--rule"),
    },
  };
}"""
CIRCLES = """() => [...document.querySelectorAll(".rx-areas .rx-circle")].map((circle) => {
  const { cursor, display, margin } = getComputedStyle(circle);
  const uncertain = circle.classList.contains("rx-uncertain");
  return [circle.getBoundingClientRect().width, uncertain, [cursor, display, margin]];
})"""


def span(cell: Cell) -> Span | None:
    """Return the least and the most that a cell stands for."""
    if cell == "--":
        return 0, 5
    if cell.startswith("~"):
        return max(0, int(cell[1:]) - 2), int(cell[1:]) + 2
    return (int(cell), int(cell)) if cell else None


def stack(quebec: Cell, canada: Cell) -> list[tuple[str, float, float]]:
    """Return what a column is made of: whose it is and whether it is certain, from, to."""
    low, high = span(quebec) or (0, 0)
    whole = span(canada)
    if whole is None or whole[1] < low:  # none, or one that contradicts its part
        whole = (high, high)
    sure = max(high, whole[0])
    parts = [("quebec", 0.0, low), ("quebec?", low, high), ("rest", high, sure)]
    parts.append(("rest?", sure, whole[1]))
    return [part for part in parts if part[2] > part[1]]


def layers_of(table: Sequence[tuple[Cell, Cell]], path: Path) -> Layers:
    """Return the layers with a table of counts, written as a file and read back."""
    rows = ["period,province,count,precision,source_title,source_publisher,source_url,confidence"]
    for month, pair in zip([*MONTHS, "2018"], [*table, table[0]], strict=True):
        for place, cell in zip(("CA-QC", "CA"), pair, strict=True):
            if cell:
                read = "rounded_5" if cell.startswith("~") else "" if cell == "--" else "exact"
                source = "A table,An office,https://example.org/a,single"
                rows.append(f"{month},{place},{cell.removeprefix('~')},{read},{source}")
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return load_layers(counts=path)


def rgb(value: str) -> np.ndarray:
    return np.array([int(value[k : k + 2], 16) for k in (1, 3, 5)], dtype=float)


def runs(column: np.ndarray, inks: dict[str, np.ndarray]) -> dict[str, int]:
    """Return how many pixels of a column are nearest to each ink, but for paper and lines on it."""
    names = list(inks)
    apart = np.abs(column[:, None, :3] - np.stack([inks[name] for name in names])).sum(axis=2)
    nearest = apart.argmin(axis=1)
    return {
        name: int((nearest == k).sum())
        for k, name in enumerate(names)
        if name not in ("paper", "rule")
    }


def picture(page: Page) -> np.ndarray:
    shot = page.screenshot(animations="disabled")
    return np.asarray(Image.open(io.BytesIO(shot)).convert("RGB"), dtype=float)


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Return a function that draws the page of a table, once for all sizes."""
    folder = tmp_path_factory.mktemp("charts")

    @cache
    def page(name: str) -> Path:
        layers = layers_of(TABLES[name], folder / f"{name}.csv")
        return save_html(border_map(layers, base=samples.base()), folder / f"{name}.html")

    return page


@pytest.mark.browser
@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("name", TABLES)
def test_the_columns_are_as_tall_as_the_numbers(
    open_page: Open, pages: Callable[[str], Path], name: str, size: tuple[int, int]
) -> None:
    opened = open_page(pages(name), width=size[0], height=size[1])
    page = opened.page
    page.locator("#rx-chart svg").evaluate("(svg) => svg.scrollIntoView({ block: 'center' })")
    found = page.evaluate(FRAME)
    lines = [line for line in found["axes"] if line[2] > 100]
    first, zero, wide = max(lines, key=lambda line: line[1])
    top, step, most = min(line[1] for line in lines), wide / len(MONTHS), max(found["ticks"])
    assert most >= 60
    scale = (zero - top) / most  # pixels a count
    inks = {key: rgb(value) for key, value in found["inks"].items()}
    for key in ("quebec", "rest"):
        inks[f"{key}?"] = inks[key] * 0.45 + inks["paper"] * 0.55
    drawn = picture(page)
    frame = page.locator("#rx-chart svg").bounding_box()
    assert frame is not None
    for k, (quebec, canada) in enumerate(TABLES[name]):
        x = int(first + step * k + step * 0.3)
        seen = runs(drawn[int(top) - 6 : math.ceil(zero) - 1, x], inks)
        wanted = dict.fromkeys(seen, 0.0)
        for part, low, high in stack(quebec, canada):
            wanted[part] = max((high - low) * scale, 3 if part.endswith("?") else 0)
        off = {part: seen[part] - wanted[part] for part in seen}
        assert all(abs(pixels) <= 3 for pixels in off.values()), (k, seen, wanted)
        height = max((high for _, _, high in stack(quebec, canada)), default=0) * scale
        assert sum(seen.values()) == pytest.approx(height, abs=3), k
    # No mark is wider than its month, or lies outside the chart.
    for x, y, wide, tall in found["boxes"]:
        assert wide <= step + 1
        assert frame["x"] - 1 <= x <= x + wide <= frame["x"] + frame["width"] + 1
        assert frame["y"] - 1 <= y <= y + tall <= frame["y"] + frame["height"] + 1
    opened.quiet()


@pytest.mark.browser
@pytest.mark.parametrize("quebec", ["50", "~50", "--"])
def test_the_circles_have_the_area_of_the_numbers(
    open_page: Open, tmp_path: Path, quebec: Cell
) -> None:
    rows = ["period,province,count,precision,source_title,source_publisher,source_url,confidence"]
    source = "A table,An office,https://example.org/a,single"
    read = "rounded_5" if quebec.startswith("~") else ""
    rows.append(f"2018,CA-QC,{quebec.removeprefix('~')},{read},{source}")
    rows.append(f"2018,CA-ON,200,exact,{source}")
    (tmp_path / "counts.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    layers = load_layers(counts=tmp_path / "counts.csv")
    path = save_html(border_map(layers, base=samples.base()), tmp_path / "page.html")
    opened = open_page(path)
    circles = opened.page.evaluate(CIRCLES)
    whole, *others = sorted(circles, reverse=True)
    share = {uncertain: (width / whole[0]) ** 2 for width, uncertain, _ in others}
    low, high = span(quebec) or (0, 0)
    wanted = {False: low / 200, True: high / 200}
    if low == high:
        del wanted[True]
    if low == 0:
        del wanted[False]
    assert share == pytest.approx(wanted, abs=0.01)
    # The key is drawn to their scale, and no larger than the largest of them.
    keys = opened.page.evaluate(KEYS)
    assert [count for _, count in keys] == [100, 10]
    for width, count in keys:
        assert (width / whole[0]) ** 2 == pytest.approx(count / 200, abs=0.01)
    # Nothing of another part of the page hits them.
    assert {tuple(style) for *_, style in circles} == {("auto", "inline", "0px")}
    opened.quiet()


@pytest.mark.parametrize("name", TABLES)
def test_the_printed_columns_are_as_tall_as_the_numbers(tmp_path: Path, name: str) -> None:
    layers = layers_of(TABLES[name], tmp_path / "counts.csv")
    data = chart_data(layers.interceptions, layers.policy_events)
    assert data is not None
    sheet = chart_picture(data)
    levels = {
        int(item.text): item.y - 4
        for item in sheet.items
        if isinstance(item, Text) and item.anchor == "end" and item.text.isdigit()
    }
    most = max(levels)
    scale = (levels[0] - levels[most]) / most
    looks = {
        ("port", 1.0): "quebec",
        ("port", 0.35): "quebec?",
        ("closed", 0.6): "rest",
        ("closed", 0.25): "rest?",
    }
    found: dict[str, list[tuple[float, float, float]]] = {}
    for item in sheet.items:
        for (ink, opacity), part in looks.items():
            if isinstance(item, Drawn) and item.fill == colour(ink) and item.opacity == opacity:
                boxes = [box for box in item.parts if len(box) == 4]
                found.setdefault(part, []).extend(
                    (box[:, 0].min(), levels[0] - box[:, 1].max(), levels[0] - box[:, 1].min())
                    for box in boxes
                )
    left = sorted({round(x, 3) for boxes in found.values() for x, _, _ in boxes})
    seen = {
        (part, left.index(round(x, 3))): (low, high)
        for part, boxes in found.items()
        for x, low, high in boxes
    }
    columns = [stack(*pair) for pair in TABLES[name]]
    wanted = {
        (part, k): (low * scale, max(high * scale, low * scale + 3 * part.endswith("?")))
        for k, column in enumerate(columns)
        for part, low, high in column
    }
    assert seen.keys() == wanted.keys()
    for key, edges in wanted.items():
        assert seen[key] == pytest.approx(edges, abs=0.01), key
