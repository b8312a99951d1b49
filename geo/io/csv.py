"""CSV files as people save them: cells as text, each row with its line in the file.

The line is what an editor shows: quoted line breaks and blank lines count, so a
message about row 17 is about line 17.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from roxham.geo.bounds import require as require_bound
from roxham.geo.bounds import require_size, spend
from roxham.geo.errors import DataError, Fault, shown
from roxham.geo.sheets.cells import Cells, Unread, as_cells
from roxham.geo.sheets.decoding import UTF8, encoding_of, is_utf16
from roxham.geo.sheets.dimensions import dimensions_of, parted, says_dimensions
from roxham.geo.sheets.reading import is_title, joined_header

__all__ = ["Cells", "Unread", "active", "as_cells", "inert", "read_cells", "read_parts"]

HEADER_LIMIT = 1_000_000
"""A header longer than this many bytes is not the header of a table."""
DELIMITERS = ",;\t|"
BLANKS = " "
"""Parts columns that only blanks keep apart, where no other separator does."""
HEADER_WITHIN, LINES_OF_HEADER = 30, 20
"""A header begins on one of so many lines, and goes over so many at most."""
FEW_KNOWN = 2
EMPTY, WANTED = "is empty.", "Give a CSV file with a header line."
FLAGS = "letters behind a number, which say how sure it is, are left out"
FORMULA = re.compile("'*(?:[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]|[ \"]+[=@\uff1d\uff20])")
"""A spreadsheet runs a cell that begins so, or takes its apostrophe for a mark."""
DIGITS = r"[+-]?(?:[0-9]++(?:\.[0-9]*+)?+|\.[0-9]++)"
NUMBER = re.compile(rf"{DIGITS}(?:,{DIGITS})?")
"""A number, or a longitude and a latitude with a comma: nothing that could be run."""

_RUN = "(?=[=@\uff1d\uff20]|[+\\-\uff0b\uff0d](?![0-9][0-9.,]*(?:[;\\t\\r\\n]|$)))"
PARTED = re.compile(rf"([;\t\r\n][ \"]*)('*){_RUN}")
"""Where a spreadsheet that parts cells at semicolons begins one within ours, and runs it."""
MARKED = re.compile(rf"([;\t\r\n][ \"]*)'('*){_RUN}")


def inert(value: object) -> object:
    """Mark a text that a spreadsheet would run as text, by an apostrophe; see :func:`active`.

    Some spreadsheets part cells at semicolons, even of a cell that is quoted: what would begin one
    there is marked, too.

    Examples
    --------
    >>> [inert(text) for text in ("=1+1", "-73.5", "-73.5,45", "'=x", "a=b", "a;=b", "1;-2")]
    ["'=1+1", '-73.5', '-73.5,45', "''=x", 'a=b', "a;'=b", '1;-2']
    """
    if not isinstance(value, str):
        return value
    marked = FORMULA.match(value) and not NUMBER.fullmatch(value)
    text = PARTED.sub(r"\1'\2", value)
    return f"'{text}" if marked else text


def active(text: str) -> str:
    """Take the apostrophe of :func:`inert` away again.

    Examples
    --------
    >>> [active(text) for text in ("'=1+1", "-73.5", "''=x", "'tis")]
    ['=1+1', '-73.5', "'=x", "'tis"]
    """
    bare = text[1:] if text.startswith("'") and FORMULA.match(text) else text
    return MARKED.sub(r"\1\2", bare)


def read_cells(
    path: str | Path,
    *,
    name: str,
    known: Iterable[str] = (),
    require: Callable[[list[str]], None] | None = None,
    header_line: int | None = None,
    names: tuple[str, ...] | None = None,
    encoding: str | None = None,
    header_rows: int = 1,
) -> Cells:
    r"""Read a CSV file as text.

    Parameters
    ----------
    path
        UTF-8, UTF-16, or an older encoding that can be told; commas, semicolons, tabs, bars or
        blanks between cells; any line ends.
    name
        What to call the file in messages.
    known
        Column names to expect: the separator that yields most of them is taken, or
        else the one that yields most columns.
    require
        Called with the header before the body is read; raises if it will not do.
    header_line
        The line of the header, counted from 1. By default the first, or the one of the first
        lines in which most columns are known.
    names
        Of columns whose file has no header; a quote is then a letter as any other.
    encoding
        How its letters are written; by default it is found out.
    header_rows
        How many rows the names of the columns stand in; see ``joined_header``.

    Raises
    ------
    DataError
        If the file is missing, a directory, empty, not text or not a table.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "a.csv"
    ...     _ = file.write_text('year;text\n2022;"two\nlines"\n\n2023;one\n')
    ...     cells = read_cells(file, name="a.csv", known={"year", "text"})
    >>> cells.rows, cells.lines
    ([['2022', 'two\nlines'], ['2023', 'one']], [2, 5])
    """
    said = (header_line, header_rows, names, encoding)
    plan = _planned(Path(path), name, set(known), require, *said)
    try:
        text = Path(path).read_bytes().decode(plan.encoding)
    except OSError as error:
        raise DataError(Fault(name, f"cannot be read: {error.strerror}.")) from None
    except UnicodeDecodeError:  # it ends within a letter, or within the mark of its encoding
        raise DataError(Fault(name, "is not a text table.", "Save it as CSV UTF-8.")) from None
    if plan.encoding != UTF8 and "\0" in text:
        raise DataError(Fault(name, "is not a text table.", "Save it as CSV UTF-8."))
    return next(_parts(io.StringIO(text, newline=None), plan, name, None))


def read_parts(
    path: str | Path,
    *,
    name: str,
    size: int,
    known: Iterable[str] = (),
    require: Callable[[list[str]], None] | None = None,
    header_line: int | None = None,
    names: tuple[str, ...] | None = None,
    encoding: str | None = None,
    header_rows: int = 1,
) -> Iterator[Cells]:
    r"""Read a CSV file as text, so many rows at once; see :func:`read_cells`.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "a.csv"
    ...     _ = file.write_text("year\n2021\n2022\n2023\n")
    ...     [(part.rows, part.lines) for part in read_parts(file, name="a.csv", size=2)]
    [([['2021'], ['2022']], [2, 3]), ([['2023']], [4])]
    """
    said = (header_line, header_rows, names, encoding)
    plan = _planned(Path(path), name, set(known), require, *said)
    with Path(path).open(encoding=plan.encoding) as file:
        yield from _parts(file, plan, name, size)


class Plan(NamedTuple):
    """How a file is laid out: its header, the lines above it, and what parts its cells."""

    header: list[str]
    above: int
    delimiter: str
    header_rows: int
    """How many rows its header has; none where the names are given."""
    encoding: str
    told: list[str]
    """What is to be said of how it is read."""
    several: bool = False
    """Whether its first column holds several; see :mod:`roxham.geo.sheets.dimensions`."""


def _planned(
    path: Path,
    name: str,
    known: set[str],
    require: Callable[[list[str]], None] | None,
    header_line: int | None,
    header_rows: int,
    names: tuple[str, ...] | None,
    said: str | None,
) -> Plan:
    head = _require_text(path, name)
    try:
        encoding, told = encoding_of(path, name, said)
    except OSError as error:
        raise DataError(Fault(name, f"cannot be read: {error.strerror}.")) from None
    # A header cut at the limit cannot end in half a character that matters. splitlines() would
    # also break at form feeds and Unicode separators inside cells.
    start = list(io.StringIO(head.decode(encoding, errors="replace"), newline=None))
    if not start:  # a mark of the encoding, and no more
        raise DataError(Fault(name, EMPTY, WANTED))
    if names is not None:
        cut = {d: len(_header(start, d)) == len(names) for d in DELIMITERS}
        delimiter = next((d for d, fits in cut.items() if fits), DELIMITERS[0])
        plan = Plan(list(names), 0, delimiter, 0, encoding, told)
    else:
        above, delimiter = _layout(start, known, header_line)
        header = _header(start[above:], delimiter, header_rows)
        several = dimensions_of(header)
        header = [*several, *header[1:]] if several else header
        plan = Plan(header, above, delimiter, header_rows, encoding, told, bool(several))
    if not any(plan.header) and (header_line is not None or not plan.header):
        found = "holds no names of columns."
        raise DataError(Fault(name, found, "Say which row does.", header_line or plan.above + 1))
    require_bound("columns", len(plan.header), name)
    twice = sorted(column for column, times in Counter(plan.header).items() if column and times > 1)
    if twice:
        raise DataError(
            [Fault(name, "two columns have this name.", "Rename one.", 1, c) for c in twice]
        )
    if require is not None:
        require(plan.header)
    return plan


def _layout(start: list[str], known: set[str], header_line: int | None) -> tuple[int, str]:
    """Return how many lines stand above the header, and what parts its cells."""
    if header_line is not None and header_line > len(start):
        return 0, DELIMITERS[0]
    if header_line is None and start and says_dimensions(start[0]):
        return 0, "\t"
    first = [header_line - 1] if header_line is not None else range(min(len(start), HEADER_WITHIN))
    headers = {
        (k, delimiter): _header(start[k : k + LINES_OF_HEADER], delimiter)
        for k in first
        for delimiter in (*DELIMITERS, BLANKS)
    }
    found = {at: len(known.intersection(header)) for at, header in headers.items()}
    if not max(found.values(), default=0) and header_line is None:
        if (below := _below_titles(start)) is not None:
            return below
        found = {at: n for at, n in found.items() if at[0] == 0}
    for line, delimiter in [at for at in found if at[1] == BLANKS]:
        others = [(line, other) for other in DELIMITERS]
        known_here = found[line, delimiter]
        told = known_here >= FEW_KNOWN and known_here > max(found[at] for at in others)
        # Blanks part the words of any title; they part columns where all lines have as many.
        if not told and (max(len(headers[at]) for at in others) > 1 or not _even(start[line:])):
            del found[line, delimiter]
    return max(found, key=lambda at: (found[at], len(headers[at])))


def _below_titles(start: list[str]) -> tuple[int, str] | None:
    """Return where a header of unknown names stands below titles: lines of one cell each.

    It has as many cells as either of the next two rows; None where no line does, or the first
    one is such a header.
    """
    found = []
    for delimiter in DELIMITERS:
        try:
            rows = list(_reader(start[:HEADER_WITHIN], delimiter))
        except csv.Error:
            continue
        if len(rows) != len(start[:HEADER_WITHIN]):
            continue  # a cell of several lines
        first = next((k for k, row in enumerate(rows) if not is_title(row)), 0)
        widths = [len(row) for row in rows[first:] if any(cell.strip() for cell in row)]
        if len(widths) > 2 and len(set(widths[:3])) == 1 and widths[0] > 1:
            found.append((first, delimiter))
    below = all(line for line, _ in found)
    return min(found, key=lambda at: at[0], default=None) if below else None


def _even(start: list[str]) -> bool:
    """Whether blanks part the first lines into equally many cells, more than one."""
    widths = {len(line.split()) for line in start[:HEADER_WITHIN] if line.strip()}
    return len(widths) == 1 and max(widths) > 1 and len(start) > 1


def _parts(lines: Iterable[str], plan: Plan, name: str, size: int | None) -> Iterator[Cells]:
    """Yield the rows of a file, so many at once, or all; an empty part where there is none."""
    header, above, delimiter, header_rows = plan[:4]
    width = len(header)
    cells = Cells(header, above=above, told=plan.told)
    reader = _reader(islice(lines, above, None), delimiter, quotes=header_rows > 0)
    line = above
    yielded, count = False, 0
    try:
        for _ in islice(reader, header_rows):
            line = above + reader.line_num
        for row in _as_planned(reader, plan):
            if any(cell.strip() for cell in row):
                surplus = any(cell.strip() for cell in row[width:])
                if len(row) < width or surplus:
                    cells.unread.append(_ragged(line + 1, row, header))
                else:
                    plain = [active(c) if "'" in c else c for c in row[:width]]
                    cells.rows.append(plain)
                    cells.lines.append(line + 1)
                if size is not None and len(cells.rows) + len(cells.unread) >= size:
                    yield cells
                    cells, yielded = Cells(header, above=above), True
            if (count := count + 1) % 50_000 == 0:
                spend()
            line = above + reader.line_num
    except csv.Error as error:
        raise DataError(
            Fault(
                name, f"is not a table: {shown(error)}.", "Check quotes and separators.", line + 1
            )
        ) from None
    if cells.rows or cells.unread or not yielded:
        yield cells


def _as_planned(rows: Iterable[list[str]], plan: Plan) -> Iterator[list[str]]:
    """Yield rows, the first column parted where it holds several."""
    for row in rows:
        if not plan.several or not row:
            yield row
            continue
        cells, flagged = parted(row)
        if flagged and FLAGS not in plan.told:
            plan.told.append(FLAGS)
        yield cells


def _ragged(line: int, row: list[str], header: list[str]) -> Unread:
    found, width = len(row), len(header)
    remedy = "quote a cell that holds the separator" if found > width else "fill the row up"
    problem = f"has {found} cells where the header has {width}; {remedy}"
    return Unread(line, row, header[min(found, width - 1)], f"{found} cells", problem)


def _header(start: list[str], delimiter: str, rows: int = 1) -> list[str]:
    try:
        found = list(islice(_reader(start, delimiter), rows))
    except csv.Error:
        return []
    return joined_header(found) if rows > 1 else [cell.strip() for row in found for cell in row]


def _reader(lines: Iterable[str], delimiter: str, *, quotes: bool = True) -> Any:
    """Return a reader of lines; several blanks part two cells as one does."""
    if not quotes:
        return csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_NONE, strict=True)
    if delimiter == BLANKS:
        bare = (line.strip() + "\n" for line in lines)
        return csv.reader(bare, delimiter=" ", skipinitialspace=True, strict=True)
    return csv.reader(lines, delimiter=delimiter, strict=True)


def _require_text(path: Path, name: str) -> bytes:
    try:
        if not path.exists():
            raise DataError(Fault(name, "there is no such file.", "Check the path."))
        if path.is_dir():
            raise DataError(Fault(name, "is a directory, not a file.", "Name a CSV file."))
        require_size(path, name)
        with path.open("rb") as file:
            head = file.read(HEADER_LIMIT)
    except OSError as error:
        raise DataError(Fault(name, f"cannot be read: {error.strerror}.")) from None
    if not head.removeprefix(b"\xef\xbb\xbf").strip():
        raise DataError(Fault(name, EMPTY, WANTED))
    breaks = b"\n" in head or b"\r" in head
    binary = b"\0" in head and not is_utf16(head)
    if binary or (not breaks and len(head) == HEADER_LIMIT):
        raise DataError(
            Fault(name, "is not a text table.", "Give CSV, GeoJSON, GeoPackage or GeoParquet.")
        )
    return head
