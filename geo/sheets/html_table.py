"""Tables of a web page that was saved: one of them as cells of text.

The page is read as text. Nothing that it names is opened, and none of its scripts runs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

from roxham.geo.bounds import bound, require_size, spend
from roxham.geo.bounds import require as require_bound
from roxham.geo.errors import DataError, Fault, shown

from .cells import Cells, Unread
from .decoding import encoding_of
from .encodings import encoding_named
from .reading import Reading, fullest, header_at, joined_header

__all__ = ["is_html", "read_html", "read_tables", "sound_references"]

UNSAID = {"script", "style", "template", "sup", "noscript"}
"""What is no part of a cell: marks of notes, and what nobody reads."""
SPENT_EACH = 5_000
"""So many rows are read until it is asked how long they took."""
MOST_TITLES = 12
"""So many tables of a page are named where one must be chosen."""
CHARSET = re.compile(rb"<meta\b[^>]*\bcharset\s*=\s*[\"']?([\w-]+)", re.IGNORECASE)
MOST_ROWS, MOST_COLUMNS = 65_534, 1_000
"""A cell spans no more, as HTML has it."""
GROUPS = ("thead", "tbody", "tfoot")
"""Groups of rows: no cell spans two."""
FREE, CELL = 1_000_000, 8
"""So many cells a page may have, whatever its size; more by ``ratio``, and so many bytes each."""


@dataclass
class Table:
    """A table as it is written, cells that span several laid out."""

    caption: str = ""
    rows: list[list[str]] = field(default_factory=list)
    spans: dict[int, list[tuple[int, str]]] = field(default_factory=dict)
    """By column the cells that reach down, each until a row: the last one holds."""

    def reach(self) -> int:
        """Lay out the cells that reach into the end of the last row; return how many."""
        row, at = self.rows[-1], len(self.rows) - 1
        before = len(row)
        while cells := self.spans.get(len(row)):
            while cells and cells[-1][0] <= at:
                cells.pop()
            if not cells:
                break
            row.append(cells[-1][1])
        return len(row) - before


class Tables(HTMLParser):
    """Gathers the tables of a page, those within a cell too."""

    def __init__(self, name: str, size: int) -> None:
        super().__init__(convert_charrefs=True)
        self.name, self.size = name, size
        self.tables: list[Table] = []
        self._open: list[Table] = []
        self._text: list[str] | None = None
        self._span = (1, 1)
        self._unsaid = 0
        self._in_caption = False
        self._cells = 0
        self._most = min(bound("points"), FREE + bound("ratio") * size // CELL)
        self._widest = bound("columns")
        self.title = ""
        self._in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a table, a row or a cell."""
        self._in_title = tag == "title" and not self.title
        if tag in UNSAID:
            self._unsaid += 1
        elif tag == "table":
            self.tables.append(Table())
            self._open.append(self.tables[-1])
            self._text = None
        elif not self._open:
            return
        elif tag == "caption":
            self._text, self._in_caption = [], True
        elif tag == "tr":
            self._end_row()
            self._open[-1].rows.append([])
            if len(self._open[-1].rows) % SPENT_EACH == 0:
                spend()
        elif tag in ("td", "th"):
            self._end()
            given = dict(attrs)
            down, across = given.get("rowspan"), given.get("colspan")
            self._span = _span(down, MOST_ROWS), _span(across, MOST_COLUMNS)
            self._text = []
        elif tag in GROUPS:
            self._end_row()
            self._open[-1].spans.clear()
        elif tag in ("br", "p", "div", "li") and self._text is not None:
            self._text.append(" ")

    def handle_endtag(self, tag: str) -> None:
        """Close what was opened."""
        self._in_title = False
        if tag in UNSAID:
            self._unsaid = max(self._unsaid - 1, 0)
        elif not self._open:
            return
        elif tag in ("td", "th", "tr", "caption"):
            self._end()
        elif tag in GROUPS:
            self._end_row()
            self._open[-1].spans.clear()
        elif tag == "table":
            self._end_row()
            self._open.pop()

    def handle_data(self, data: str) -> None:
        """Take what stands in a cell, a caption or the title."""
        if self._in_title:
            self.title += data
        if self._text is not None and not self._unsaid:
            self._text.append(data)

    def _end(self) -> None:
        if self._text is None:
            return
        said, self._text = " ".join("".join(self._text).split()), None
        table = self._open[-1]
        if self._in_caption:
            table.caption, self._in_caption = said, False
            return
        if not table.rows:
            table.rows.append([])
        row = table.rows[-1]
        laid = table.reach()
        down, across = self._span
        if down > 1:
            for column in range(len(row), len(row) + across):
                table.spans.setdefault(column, []).append((len(table.rows) - 1 + down, said))
        row += [said] * across
        self._count(laid + across)

    def _end_row(self) -> None:
        """End a row, or what stands before the first."""
        self._end()
        if self._open[-1].rows:
            self._count(self._open[-1].reach())

    def _count(self, cells: int) -> None:
        """Raise if there are too many cells, or columns."""
        self._cells += cells
        if self._cells > self._most:
            require_bound("points", self._cells, self.name)
            laid = CELL * (self._cells - FREE)
            require_bound("ratio", -(-laid // self.size), self.name)
        if (width := len(self._open[-1].rows[-1])) > self._widest:
            require_bound("columns", width, self.name)


def _span(text: str | None, most: int) -> int:
    if not text or not text.isdecimal():
        return 1
    return min(max(int(text.lstrip("0")[:9] or 1), 1), most)


def sound_references(text: str) -> str:
    """Return a page whose references to characters that there are none of are those of no letter.

    What reads references makes numbers of them, which Python does not of thousands of digits.

    Examples
    --------
    >>> sound_references(f"&#65;&#{'0' * 5000}66;&#{'9' * 5000};")
    '&#65;&#66;&#65533;'
    """
    return BEYOND.sub("&#65533;", ZEROS.sub("&#", text))


ZEROS, BEYOND = re.compile(r"&#0+(?=[0-9])"), re.compile(r"&#[0-9]{8,};?")


HTML = re.compile(rb"<!doctype\s+html|<html|<table", re.IGNORECASE)


def is_html(path: Path) -> bool:
    """Whether a file that begins as XML does is a web page."""
    with path.open("rb") as file:
        return HTML.search(file.read(4096)) is not None


def read_html(
    path: Path,
    *,
    name: str,
    reading: Reading,
    known: set[str],
    require: Callable[[list[str]], None],
) -> tuple[Cells, list[str]]:
    """Read a table of a saved page as cells of text; see ``read_workbook``.

    Raises
    ------
    DataError
        If there is no table, or several of which one must be named.
    """
    gathered, full, said = _gathered(path, name, reading.encoding)
    table, told = _chosen(full, name, reading, known)
    at = header_at(table.rows, known) if reading.header is None else reading.header - 1
    if at >= len(table.rows):
        raise DataError(Fault(name, "is empty.", "Give a table with a header."))
    body = at + reading.header_rows
    header = table.rows[at]
    if reading.header_rows > 1:
        header = joined_header(table.rows[at:body], reach=False)
    twice = sorted({column for column in header if column and header.count(column) > 1})
    if twice:
        raise DataError(
            [Fault(name, "two columns have this name.", "Rename one.", at + 1, c) for c in twice]
        )
    require(header)
    titles = [" ".join(title.split()) for title in (table.caption or "", gathered.title)]
    cells = Cells(header, above=at, title="\n".join(filter(None, titles)))
    for number, row in enumerate(table.rows[body:], start=body + 1):
        if len(row) == len(header):
            cells.rows.append(row)
            cells.lines.append(number)
        elif any(row):
            problem = f"has {len(row)} cells where the header has {len(header)}"
            cells.unread.append(Unread(number, row, header[-1], f"{len(row)} cells", problem))
    return cells, [*said, *told]


def read_tables(path: Path, *, name: str) -> Iterator[list[list[str]]]:
    """Read every table of a saved page, its rows as they stand, all as long as the longest."""
    for table in _gathered(path, name, None)[1]:
        width = max(map(len, table.rows))
        yield [[*row, *[""] * (width - len(row))] for row in table.rows]


def _gathered(path: Path, name: str, said: str | None) -> tuple[Tables, list[Table], list[str]]:
    """Return what a page holds, its tables of more than one row, and how its letters were read."""
    require_size(path, name)
    encoding, told = encoding_of(path, name, said or _declared(path))
    text = path.read_bytes().decode(encoding)
    gathered = Tables(name, max(len(text), 1))
    gathered.feed(bare(sound_references(text)))
    gathered.close()
    tables = [_finished(table) for table in gathered.tables]
    return gathered, [table for table in tables if len(table.rows) > 1], told


PASSED_OVER = re.compile(r"<!--|<(script|style)\b", re.IGNORECASE)
DECLARED = re.compile(r"<[!?][^>]*>")


def bare(text: str) -> str:
    """Return a page without what is no part of its text, and without tags that never end.

    At each of those the parser looks to the end of the page, and at each piece of one again.

    Examples
    --------
    >>> bare("<p>a<!-- <b> --><script>if (a<b)</script><![if x]>b</p><i <i")
    '<p>ab</p>&lt;i &lt;i'
    """
    kept, at = [], 0
    while found := PASSED_OVER.search(text, at):
        kept.append(text[at : found.start()])
        ends = f"</{found[1]}" if found[1] else "-->"
        end = re.compile(ends + r"[^>]*>" if found[1] else ends, re.I).search(text, found.end())
        at = end.end() if end else len(text)
    kept.append(text[at:])
    whole, bracket, tail = "".join(kept).rpartition(">")
    return DECLARED.sub("", whole + bracket) + tail.replace("<", "&lt;")


def _declared(path: Path) -> str | None:
    """Return the encoding that a page names, as browsers read it."""
    with path.open("rb") as file:
        found = CHARSET.search(file.read(4096))
    named = encoding_named(found[1].decode("ascii")) if found else None
    return "cp1252" if named in ("iso8859-1", "ascii") else named


def _finished(table: Table) -> Table:
    """Return a table whose last row is ended, without rows that have no cells."""
    if table.rows:
        table.reach()
    table.rows = [row for row in table.rows if row]
    return table


def _chosen(
    tables: list[Table], name: str, reading: Reading, known: set[str]
) -> tuple[Table, list[str]]:
    if not tables:
        raise DataError(Fault(name, "holds no table.", "Save the page that shows one."))
    titles = [table.caption or str(k) for k, table in enumerate(tables, start=1)]
    if (asked := reading.sheet) is not None:
        named = [t for t, title in zip(tables, titles, strict=True) if title == asked]
        if len(named) == 1:
            return named[0], []
        if asked.isdecimal() and 1 <= int(asked) <= len(tables):
            return tables[int(asked) - 1], []
        found = f"has no table {shown(asked)}; found {_listed(titles)}."
        raise DataError(Fault(name, found, "Name one by its caption or its number."))
    if len(tables) == 1:
        return tables[0], []
    ours = fullest([table.rows for table in tables], known)
    if ours is None:
        found = f"holds {len(tables)} tables: {_listed(titles)}."
        raise DataError(Fault(name, found, "Say which, as in --sheet 1."))
    said = f"of {len(tables)} tables, “{shown(titles[ours])}” has most of the columns"
    return tables[ours], [said]


def _listed(titles: list[str]) -> str:
    """Say which tables there are, each by its number."""
    told = [f"{k} “{shown(t)}”" if t != str(k) else t for k, t in enumerate(titles, start=1)]
    return ", ".join(told[:MOST_TITLES]) + (" …" if len(told) > MOST_TITLES else "")
