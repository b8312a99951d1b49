"""Workbooks as people have them, xlsx and ods: one sheet as cells of text.

A workbook is a zip archive of XML. Its parts are unpacked here, within bounds and without what
leads elsewhere, and what is left is given to python-calamine, which runs no formula and opens no
other file. It lays a sheet out as a rectangle, so how far the cells of one reach is asked first.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from xml.parsers import expat

import pandas as pd

from roxham.geo.bounds import Bounded, bound, spend, within_bounds
from roxham.geo.bounds import require as require_bound
from roxham.geo.errors import DataError, Fault, shown
from roxham.geo.extras import install_line

from .cells import Cells, Unread, as_cells
from .reading import HEADER_WITHIN, Reading, fullest, header_at, joined_header

if TYPE_CHECKING:
    import python_calamine as calamine

__all__ = ["is_workbook", "read_sheets", "read_workbook"]

ODS = b"application/vnd.oasis.opendocument.spreadsheet"
PARTS = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|mimetype|content\.xml|META-INF/manifest\.xml"
    r"|xl/(?:workbook|sharedStrings|styles|worksheets/[^/]+)\.xml"
    r"|xl/(?:worksheets/)?_rels/[^/]+\.rels"
)
"""What is read of a workbook; links, macros, pictures and pivots are not."""
SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
OF_EXCEL = re.compile(r"xl/.+\.xml")
ROW = re.compile(rb"<(?:\w+:)?row\b")
CELL = re.compile(rb"\br\s*=\s*[\"']([A-Za-z]*)([0-9]+)[\"']")
NAMELESS = re.compile(rb"<(?:\w+:)?c\b(?!(?:\s+[\w:.-]+\s*=\s*(?:\"[^\"]*\"|'[^']*'))*?\s+r\s*=)")
"""A cell that does not say where it stands; ``r=`` within another attribute says nothing."""
UNCALCULATED = re.compile(
    rb"</(?:\w+:)?f>\s*+(?:<(?:\w+:)?v(?:\s*+/>|></(?:\w+:)?v>)\s*+)?</(?:\w+:)?c>"
)
"""A cell with a formula that no program has worked out. Groups of it are not possessive: those of
Python before 3.11.5 match too little."""
ERROR = re.compile(rb"(<(?:\w+:)?c\b[^<>]*\s)t=[\"']e[\"']")
"""A cell that holds an error; what it says is to be read as a text, not as nothing."""
PARTED = "Part them in the spreadsheet, or say --merged fill to give each their value."
NAMES_ABOVE = (
    "If they are names of columns in several rows, roxham adapt reads them; or say --merged fill "
    "to give each cell their value."
)
COPIES = 4
"""Of a text: the library's, Python's, and what is made of it."""
STRINGS = "xl/sharedStrings.xml"
STRING = re.compile(rb"<(?:\w+:)?si\b")
VALUE = re.compile(rb"<(?:\w+:)?v\b[^<>]*>\s*([0-9]{1,9})\s*<")
LETTERS = 8
"""Of a column's name that are looked at: three are the most there may be."""
A_CELL = 8
"""Bytes that a cell needs at least: a sheet is laid out as a rectangle."""
DAMAGED = (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, RuntimeError, ValueError)
LAYOUT = "table:"
"""As the reader of workbooks has it, whatever a document lets it stand for."""
Area = tuple[tuple[int, int], tuple[int, int]]


def is_workbook(path: Path) -> bool:
    """Whether a zip archive is a workbook of a kind that is read."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            if "xl/workbook.xml" in names:
                return True
            return "mimetype" in names and archive.open("mimetype").read(len(ODS)) == ODS
    except DAMAGED:
        return path.suffix.lower() in (".xlsx", ".ods")  # cut off, and told so
    except OSError:
        return False


def read_workbook(
    path: Path,
    *,
    name: str,
    reading: Reading,
    known: set[str],
    require: Callable[[list[str]], None],
) -> tuple[Cells, list[str]]:
    """Read one sheet of a workbook as cells of text.

    Parameters
    ----------
    path
        An xlsx or ods file.
    name
        What to call it in messages.
    reading
        Which sheet, where the header stands, and whether cells made one share their value.
    known
        Names of columns to expect.
    require
        Called with the header; raises if it will not do.

    Returns
    -------
    tuple
        The cells, each row with its number in the sheet, and what is to be said of how it was read.

    Raises
    ------
    DataError
        If it is damaged, too large, has several sheets of which one must be named, cells made
        one, or formulas that were never worked out.
    """
    with within_bounds(name):
        book, joined = _opened(path, name)
        with _told_whole(name):
            sheet, told = _chosen(book, name, reading, known)
            rows, merged = _laid_out(sheet), _merged(sheet, joined)
    return _table(rows, merged, name, reading, known, require), told


def read_sheets(path: Path, *, name: str) -> Iterator[tuple[str, Cells]]:
    """Read every sheet of a workbook that holds anything; cells made one each have their value.

    Raises
    ------
    DataError
        As :func:`read_workbook`.
    """
    filled = Reading(merged="fill")
    with within_bounds(name):
        book, joined = _opened(path, name)
        for title in _titles(book):
            with _told_whole(name):
                sheet = book.get_sheet_by_name(title)
                rows, merged = _laid_out(sheet), _merged(sheet, joined)
            if any(map(any, rows)):
                yield title, _table(rows, merged, f"{name}, {title}", filled, set(), _any_header)


def _any_header(header: list[str]) -> None:
    """Take any header."""


def _opened(path: Path, name: str) -> tuple[calamine.CalamineWorkbook, Mapping[str, list[Area]]]:
    """Open a workbook, and say which cells of each sheet of an ods are made one."""
    try:
        import python_calamine as calamine
    except ImportError:
        raise DataError(
            Fault(
                name, "is a workbook, which needs python-calamine.", f"Run {install_line('excel')}."
            )
        ) from None
    bare, joined, uncalculated = _bare(path, name)
    if uncalculated:
        raise DataError(
            Fault(
                name,
                "holds formulas that no program has worked out.",
                "Open it in a spreadsheet, save it, and give that.",
            )
        )
    with _told_whole(name):
        return calamine.CalamineWorkbook.from_filelike(io.BytesIO(bare)), joined


@contextmanager
def _told_whole(name: str) -> Iterator[None]:
    try:
        yield
    except DataError:
        raise
    except Exception as error:  # of Rust's: each kind of damage has a class of its own
        raise DataError(Fault(name, f"is not a whole workbook: {shown(error)}.")) from None


def _laid_out(sheet: calamine.CalamineSheet) -> list[list[str]]:
    """Return the cells of a sheet as text."""
    spend()
    values = sheet.to_python(skip_empty_area=False)
    spend()
    columns: list[list[str]] = []
    for column in zip(*values, strict=True):
        columns.append(as_cells(pd.Series(column, dtype=object)))
        spend()
    return [list(row) for row in zip(*columns, strict=True)]


def _merged(sheet: calamine.CalamineSheet, joined: Mapping[str, list[Area]]) -> list[Area]:
    """Return the cells of a sheet that are made one."""
    told = sheet.merged_cell_ranges
    return joined.get(sheet.name, []) if told is None else list(told)


def _titles(book: calamine.CalamineWorkbook) -> list[str]:
    return [s.name for s in book.sheets_metadata if str(s.typ).endswith("WorkSheet")]


def _bare(path: Path, name: str) -> tuple[bytes, dict[str, list[Area]], bool]:
    """Return a workbook without all that is not read, each part counted as it is unpacked."""
    packed = path.stat().st_size
    out, total, uncalculated = io.BytesIO(), 0, False
    joined: dict[str, list[Area]] = {}
    try:
        with zipfile.ZipFile(path) as archive, zipfile.ZipFile(out, "w") as kept:
            names = archive.namelist()
            require_bound("columns", len(names), name)
            if len(set(names)) < len(names):
                raise DataError(Fault(name, "has a part twice.", "Save it anew."))
            sizes: list[int] = []
            for part in sorted(filter(PARTS.fullmatch, names), key=STRINGS.__ne__):
                with archive.open(part) as file:
                    data = Bounded(file, name, packed).read()
                total += len(data)
                require_bound("whole_bytes", total, name)
                if b"<!DOCTYPE" in data or b"<!ENTITY" in data or b"\0" in data:
                    raise DataError(
                        Fault(
                            name, f"declares entities in {part}, or is no UTF-8.", "Save it anew."
                        )
                    )
                if OF_EXCEL.fullmatch(part):  # a sheet may stand in any of them
                    _require_small(*_reach(data, name), name)
                    _require_texts(data, sizes, name)
                if part == STRINGS:
                    sizes = [len(text) for text in STRING.split(data)[1:]]
                if SHEET.fullmatch(part):
                    data = ERROR.sub(rb'\1t="str"', data)
                    uncalculated |= UNCALCULATED.search(data) is not None
                elif part == "content.xml":
                    joined = Layout(name).read(data)
                kept.writestr(part, data)
    except DataError:
        raise
    except (*DAMAGED, expat.ExpatError, OSError) as error:
        raise DataError(Fault(name, f"is not a whole workbook: {shown(error)}.")) from None
    return out.getvalue(), joined, uncalculated


def _reach(data: bytes, name: str) -> tuple[int, int]:
    """Return how many rows and columns a sheet of an xlsx may have; no fewer than it has."""
    last, letters = 0, {b""}
    for column, row in CELL.findall(data):
        letters.add(column[:LETTERS].upper())
        last = max(last, int(row))
    widest = max((_number(column) for column in letters), default=0)
    require_bound("rows", len(ROW.findall(data)), name)
    pieces = ROW.split(data)
    # Rows and cells without a name follow the one before.
    most = max(len(NAMELESS.findall(piece)) for piece in pieces)
    return last + len(pieces), widest + most


def _require_texts(data: bytes, sizes: list[int], name: str) -> None:
    """Raise if the shared texts that a sheet names, each as often as it does, are too much."""
    longest = max(sizes, default=0)
    if COPIES * longest * data.count(b"<") <= bound("memory"):
        return
    named = (int(value) for value in VALUE.findall(data))
    require_bound("memory", COPIES * sum(sizes[k] for k in named if k < len(sizes)), name)


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _require_small(rows: int, columns: int, name: str) -> None:
    require_bound("rows", rows, name)
    require_bound("columns", columns, name)
    require_bound("points", rows * columns, name)
    require_bound("memory", A_CELL * rows * columns, name)


class Layout:
    """How far the tables of an ods reach, what they hold, and which cells were made one."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.joined: dict[str, list[Area]] = {}
        self._areas: list[Area] = []
        self._row = self._column = self._width = 0
        self._filled = False
        self._letters = self._held = self._total = self._repeated = 0

    def read(self, data: bytes) -> dict[str, list[Area]]:
        """Return the cells made one of each table; raise if one reaches too far."""
        parser = expat.ParserCreate()
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.Parse(data, True)
        return self.joined

    def _start(self, tag: str, given: dict[str, str]) -> None:
        if tag == f"{LAYOUT}table":
            self._row = self._width = 0
            self._areas = self.joined.setdefault(given.get(f"{LAYOUT}name", ""), [])
        elif tag == f"{LAYOUT}table-row":
            self._column, self._filled, self._held = 0, False, 0
            self._times = int(given.get(f"{LAYOUT}number-rows-repeated", "1"))
        elif tag in (f"{LAYOUT}table-cell", f"{LAYOUT}covered-table-cell"):
            down, across, times = (
                int(given.get(f"{LAYOUT}number-{of}", "1"))
                for of in ("rows-spanned", "columns-spanned", "columns-repeated")
            )
            if down > 1 or across > 1:
                last = (self._row + down - 1, self._column + across - 1)
                self._areas.append(((self._row, self._column), last))
            self._column += times
            self._repeated, self._letters = 0, len(given.get("office:string-value", ""))
            if any(not key.startswith(LAYOUT) for key in given):
                self._filled, self._width = True, max(self._width, self._column)
                self._repeated = times
        elif tag == "text:s":  # so many blanks
            self._letters += int(given.get("text:c", "1"))

    def _text(self, text: str) -> None:
        self._letters += len(text)

    def _end(self, tag: str) -> None:
        if tag in (f"{LAYOUT}table-cell", f"{LAYOUT}covered-table-cell"):
            self._held += self._letters * self._repeated
        elif tag == f"{LAYOUT}table-row":
            self._row += self._times
            self._total += self._held * self._times
            require_bound("memory", COPIES * self._total, self.name)
            if self._filled:
                _require_small(self._row, self._width, self.name)


def _chosen(
    book: calamine.CalamineWorkbook, name: str, reading: Reading, known: set[str]
) -> tuple[calamine.CalamineSheet, list[str]]:
    """Return the sheet that is meant, or raise and name those there are."""
    titles = _titles(book)
    if reading.sheet is not None:
        if reading.sheet not in titles:
            found = f"has no sheet {shown(reading.sheet)}; found {shown(', '.join(titles))}."
            raise DataError(Fault(name, found, "Name one of them."))
        return book.get_sheet_by_name(reading.sheet), []
    sheets = [book.get_sheet_by_name(title) for title in titles]
    full = [sheet for sheet in sheets if sheet.height]
    if len(full) <= 1:
        return (full or sheets)[0], []
    ours = fullest([_first(sheet) for sheet in full], known)
    if ours is None:
        found = f"has several sheets: {shown(', '.join(sheet.name for sheet in full))}."
        raise DataError(Fault(name, found, "Say which, as in --sheet NAME."))
    return full[ours], [f"of {len(full)} sheets, {full[ours].name} has most of the columns"]


def _first(sheet: calamine.CalamineSheet) -> list[list[str]]:
    rows = sheet.to_python(nrows=HEADER_WITHIN)
    return [[str(cell).strip() for cell in row] for row in rows]


def _table(
    rows: list[list[str]],
    merged: list[Area],
    name: str,
    reading: Reading,
    known: set[str],
    require: Callable[[list[str]], None],
) -> Cells:
    """Return the cells under the header of a sheet."""
    if reading.merged == "fill":
        areas = (max(min(b, len(rows)) - t + 1, 0) for (t, _), (b, _) in merged)
        widths = (right - left + 1 for (_, left), (_, right) in merged)
        require_bound("points", sum(a * b for a, b in zip(areas, widths, strict=True)), name)
        for (top, left), (bottom, right) in merged:
            for row in rows[top : bottom + 1]:
                row[left : right + 1] = [rows[top][left]] * (right + 1 - left)
    filled = [[cell.strip() for cell in row] for row in rows]
    first = next((k for k, row in enumerate(filled) if any(row)), 0)
    at = first + header_at(filled[first:], known) if reading.header is None else reading.header - 1
    body = at + reading.header_rows
    if at >= len(rows):
        raise DataError(Fault(name, "is empty.", "Give a sheet with a header."))
    first = at if reading.header_rows == 1 else body
    within = [area for area in merged if area[1][0] >= first and reading.merged is None]
    if within:
        raise DataError(
            [
                Fault(
                    name,
                    "is part of several cells made one.",
                    NAMES_ABOVE if top < HEADER_WITHIN and left < right else PARTED,
                    top + 1,
                    (filled[at][left] if left < len(filled[at]) else None) or None,
                )
                for (top, left), (_, right) in within[:20]
            ]
        )
    header = filled[at] if reading.header_rows == 1 else _grouped(filled[at:body], merged, at)
    while header and not header[-1]:
        header = header[:-1]
    if not header:
        raise DataError(Fault(name, "has no names of columns here.", "Say --header.", at + 1))
    twice = sorted({column for column in header if column and header.count(column) > 1})
    if twice:
        raise DataError(
            [Fault(name, "two columns have this name.", "Rename one.", at + 1, c) for c in twice]
        )
    require(header)
    cells = Cells(header, above=at)
    for number, row in enumerate(rows[body:], start=body + 1):
        if not any(cell.strip() for cell in row):
            continue
        if any(cell.strip() for cell in row[len(header) :]):
            problem = "has a cell beyond the header; name its column, or empty it"
            cells.unread.append(Unread(number, row, header[-1], f"{len(row)} cells", problem))
            continue
        cells.rows.append([*row[: len(header)], *[""] * (len(header) - len(row))])
        cells.lines.append(number)
    return cells


def _grouped(rows: list[list[str]], merged: list[Area], at: int) -> list[str]:
    """Return the names of a header of several rows, of which cells were made one."""
    within = [area for area in merged if at <= area[0][0] < at + len(rows)]
    for (top, left), (bottom, right) in within:
        for row in rows[top - at : bottom + 1 - at]:
            row[left : right + 1] = [rows[top - at][left]] * (right + 1 - left)
    names = joined_header(rows, reach=not any(left < right for (_, left), (_, right) in within))
    for (_, left), (bottom, right) in within:  # one name for several columns, none below it
        if left < right and bottom == at + len(rows) - 1 and names[left]:
            said = names[left]
            names[left : right + 1] = [f"{said} {k}" for k in range(1, right + 2 - left)]
    return names
