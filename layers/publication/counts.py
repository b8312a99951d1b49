"""The rule on small counts: none is told, by itself or as the difference of two that are."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from functools import cache, lru_cache, partial
from typing import Any

import pandas as pd

from roxham.geo.region import active_region
from roxham.geo.region.active import using_region
from roxham.geo.region.shipped import DEFAULT
from roxham.geo.tables.edtf import date_span, is_date
from roxham.layers.facts.counts import PERIOD_WORDS, counts_contract
from roxham.layers.facts.datasets import DATASETS
from roxham.layers.facts.incidents import INCIDENTS
from roxham.layers.mapping.periods import month_in, period_in
from roxham.layers.privacy.embargo import by_government
from roxham.layers.privacy.personal import column_name
from roxham.layers.privacy.plain_text import plain_text

from .places import HARM, is_public
from .rules import NOTHING, Answer, Frames, some

__all__ = ["bundled", "counts_groups", "rest_of", "small_cells", "wholes"]

Drawn = Callable[[], frozenset[str]]
"""What charts may draw, asked for where a table needs it."""
CHARTED = ("period", "province", "count")
"""Columns of the counts that charts draw."""
SMALLEST = 5
"""Below this a count may point at a person."""
COUNTS = re.compile(
    r"(.*_)?(count|counts|n|number|total|persons?|people|cases|claims|claimants|interceptions"
    r"|encounters|detections|apprehensions|migrants|deaths|injured|victims|nombre|personnes|cas"
    r"|demandes|deces|blesses|intercepted|interceptes|apprehended|detained|detenus|arrested"
    r"|arrests|arretes|rescued|drowned|noyes|killed|dead|morts|missing|disparus|headcount)"
    r"(_(?:19|20)\d\d)?"
)
"""Names of columns of counts, in tables that are none of ours."""
PERIODS = ("period", "year", "month", "date")
"""What a column is called that says when something was counted, in tables that are none of ours."""
LABELS = re.compile(
    r"(.*_)?(province|state|place|area|region|county|port|port_id|sector|mode|counted_by|kind|type"
    r"|category|group|sex|gender|nationality|country|age_group|lieu|endroit|categorie|groupe|sexe"
    r"|pays|from|to)"
)
"""Names of columns of what was counted, there."""
OF_ALL = (
    "insgesamt gesamt gesamtzahl summe razem ogółem общо всего итого усього σύνολο toplam totaal "
    "totalt celkem összesen ukupno yhteensä 合計 总计 合计 المجموع الإجمالي sum σ national "
    "everywhere"
)
"""What such a row is called in further languages, as it is written."""
TOTAL = re.compile(
    r"(grand |sub|.* )?totale?s?(\W.*)?|overall|both sexes|ensemble|les deux sexes|[a-z]+-wide"
    rf"|(?:{'|'.join(re.escape(plain_text(word).plain) for word in OF_ALL.split())})\b.*"
    r"|(the )?(whole|entire) .*|suma|todos|todas|all|tous"
    r"|(all|toute?s les) (areas|places|provinces|states|ports|sectors|ages|groups|countries|others"
    r"|lieux|etats|secteurs|regions|pays)"
)
"""What a row is called that holds the others."""


WHOLE = re.compile(r"(.*_)?(total|all|overall|tous|toutes|ensemble)(_.*)?")
"""A column of counts that holds the others of its row."""
OF_PEOPLE = re.compile(r"people|persons|personnes|personas")
"""A column of counts that may hold the others, or of which a share is told."""
PART_OF_LAND = re.compile(r"^([A-Z]{2})-[A-Z0-9]{1,3}$")
"""A code of ISO 3166-2, which names the country that it is of."""
UNCOUNTED = re.compile(
    r"(.*_)?(id|ids|lat|latitude|lon|lng|long|longitude|x|y|code|codes|year|month|day|week|quarter"
    r"|hour|hours|minutes|km|m|radius|rate|index|rank|order|version|fid|objectid|row|key|page"
    r"|phase|level|class|score|population|boats?|vehicles?|buses|trucks|trains|flights)(_.*)?"
)
"""A column of whole numbers that counts nobody."""
RUNNING = re.compile(
    r"(.*_)?(cumul\w*|running|ytd|fytd|to_date|so_far|since|depuis|desde|seit)(_.*)?"
)
"""A column of counts that go on from period to period."""
SHARE = re.compile(
    r"(.*_)?(pct|percent|percentage|per_cent|share|proportion|pourcentage|pour_cent)(_.*)?"
)
"""A column of shares of a whole, in parts of a hundred if any is above 1."""
ONE_NUMBER = re.compile(
    r"(?:[^\d.,-]|\. ){0,20}?(\d+)(?:[.,]0{1,2})?(?: ?(?:/|of|sur|de|or|ou|o) ?\d+)?[^\d.,-]{0,40}"
)
NUMBER_OR_SIGN = re.compile(r"[<>≤≥~]?\s*\d[\d\s.,'’]*|\W{0,3}|\[?[A-Za-z]{1,3}\]?")
THOUSANDS = re.compile(r"\d{1,3}(?:[.,'’\s]\d{3})+")
"""Nobody counts thousandths of people."""
IN_WORDS = (
    "one un une uno una ein eine um uma een jeden jedna един една один одна bir ένα ενα واحد i",
    "two deux dos zwei due dois duas twee dwa dwie две два iki δύο اثنان ii",
    "three trois tres drei tre três drie trzy три üç τρία ثلاثة iii",
    "four quatre cuatro vier quattro quatro cztery четири четыре dört τέσσερα أربعة iv",
)
WORDS = {
    plain_text(word).plain: str(number)
    for number, words in enumerate(IN_WORDS, 1)
    for word in words.split()
}
MOST_WORDS = 6
"""A cell of more is a sentence, and no count in words."""


def small_cells(frames: Frames) -> Answer:
    """No count is below 5 but a government's, or one that was public before: it ships here."""
    bad, seen = [], 0
    drawn = cache(lambda: _drawn_beside(frames))
    for name, rows in frames.items():
        for column in _count_columns(name, rows):
            count = _numbers(rows[column])
            seen += int(count.notna().sum())
            if count.isna().all():
                continue
            small = count.between(1, SMALLEST - 1).fillna(False)
            known = by_government(rows) | _shipped(name, rows, column) | _told(drawn, name, rows)
            bad += [
                f"{name}.{column} {_row(name, rows, i)}: {count[i]:g}"
                for i in rows.index[small & ~known]
            ]
            if not known.all():
                bad += _small_differences(name, rows, column, known)
                bad += _small_spans(name, rows, column, known)
        bad += [*_small_between(name, rows), *_small_shares(name, rows), *_small_bounds(name, rows)]
        bad += _small_steps(name, rows)
    bad += _small_across(frames, drawn)
    if bad:
        why = "below 5, and neither by source_url a known government's nor among what ships"
        return False, f"{why}: {some(bad)}"
    told = f"{seen} counts, none below 5 but a government's, or one that ships"
    return (True, told) if seen else NOTHING


def _count_columns(name: str, rows: pd.DataFrame) -> list[str]:
    """Return the columns of counts: of a known table the declared one, else by their names.

    Beside a period more names are those of counts, and so is a column that is called after one;
    where none is, all whole numbers that nothing else is known of.
    """
    if name in DATASETS:
        column = DATASETS[name].count
        return [column] if column is not None and column in rows else []
    said = {c: column_name(c) for c in map(str, rows.columns) if c in rows}
    known = [c for c, called in said.items() if COUNTS.fullmatch(called)]
    if is_public(name):
        return known
    rest = {c: called for c, called in said.items() if c not in known}
    known += [c for c in rest if _is_period(c) and _whole(rows[c])]
    if any(map(_is_when, said.values())):
        known += [c for c, called in rest.items() if called in counted_words()]
        if not known:
            known = [
                c for c, called in rest.items()
                if not _told_otherwise(called) and _whole(rows[c])
            ]  # fmt: skip
    return list(dict.fromkeys(known))


def _is_when(called: str) -> bool:
    return called in PERIODS or called in period_words()


@cache
def period_words() -> frozenset[str]:
    """Return what columns of periods are called there."""
    return frozenset(map(column_name, PERIOD_WORDS))


@cache
def counted_words() -> frozenset[str]:
    """Return what columns of counts are called in tables that are mapped, in many languages."""
    columns = (*counts_contract().columns, *INCIDENTS.columns)
    words = (w for c in columns if c.name in ("count", "deaths", "injured") for w in c.also)
    return frozenset(map(column_name, words))


@lru_cache(maxsize=10_000)
def _is_period(column: str) -> bool:
    return month_in(column) is not None or period_in(column) is not None


def _told_otherwise(called: str) -> bool:
    return called in period_words() or any(
        p.fullmatch(called) for p in (LABELS, UNCOUNTED, RUNNING)
    )


def _whole(cells: pd.Series) -> bool:
    """Whether a column holds whole numbers alone, beside signs for what is not told."""
    if not pd.api.types.is_numeric_dtype(cells.dtype):
        texts = cells.dropna().astype(str).str.strip()
        if not texts.str.fullmatch(NUMBER_OR_SIGN).all():
            return False
    number = _numbers(cells).dropna()
    return bool(len(number)) and bool((number.mod(1).eq(0) & number.ge(0)).all())


def _row(name: str, rows: pd.DataFrame, label: Any) -> str:
    """Call a row of a known table by what it counts, as it may stand elsewhere in its file."""
    data = DATASETS.get(name)
    keys = [c for c in data.key if c in rows] if data is not None else []
    cells: list[Any] = [rows.at[label, c] for c in keys]
    told = [str(cell) for cell in cells if pd.notna(cell)]
    return f"of {', '.join(told)}" if told else f"row {label}"


def counts_groups(name: str, rows: pd.DataFrame) -> bool:
    """Whether every row of a table counts five people or more, or none, or is a government's."""
    columns = [c for c in _count_columns(name, rows) if not HARM.fullmatch(column_name(c))]
    if name in DATASETS or not columns or rows[columns].isna().all(axis=1).any():
        return False
    known = by_government(rows)
    counts = [_numbers(rows[column]) for column in columns]
    return any(c.notna().any() for c in counts) and all(
        bool((c.isna() | c.eq(0) | c.ge(SMALLEST) | known).all()) for c in counts
    )


def _numbers(cells: pd.Series) -> pd.Series[Any]:
    """Return the counts of a column, those in words and beside words too."""
    if pd.api.types.is_numeric_dtype(cells.dtype):
        return cells
    return pd.to_numeric(cells.astype(object).map(_number, na_action="ignore"), errors="coerce")


def _number(cell: object) -> object:
    if not isinstance(cell, str):
        return cell
    read = plain_text(cell).plain.strip()
    if THOUSANDS.fullmatch(read):
        return re.sub(r"\D", "", read)
    found = ONE_NUMBER.fullmatch(read)
    if found is not None:
        return found[1]
    words = read.split()
    told = [WORDS[word] for word in words if word in WORDS] if len(words) <= MOST_WORDS else []
    return told[0] if told else cell


def _by(name: str, rows: pd.DataFrame) -> tuple[str | None, list[str]]:
    """Return the column of periods, and those of what was counted."""
    data = DATASETS.get(name)
    said = {column_name(c): c for c in map(str, rows) if c in rows}
    whens = data.when[:1] if data else ()
    period = next((said[c] for c in (*whens, *PERIODS) if c in said), None)
    named = data.key if data else [
        c for c in map(str, rows) if LABELS.fullmatch(column_name(c)) or _has_total(rows, c)
    ]  # fmt: skip
    when = data.when if data else ()
    return period, [c for c in named if c in rows and c != period and c not in when]


def _has_total(rows: pd.DataFrame, column: str) -> bool:
    """Whether a column names a whole of its others."""
    if column not in rows or pd.api.types.is_numeric_dtype(rows[column].dtype):
        return False
    texts = {text for text in rows[column].dropna().tolist() if isinstance(text, str)}
    return any(len(text) < 60 and TOTAL.fullmatch(plain_text(text).plain) for text in texts)


def _small_between(name: str, rows: pd.DataFrame) -> list[str]:
    """Return what stands below 5 between a column of counts and another that it holds."""
    columns = {} if name in DATASETS else {column_name(c): c for c in _count_columns(name, rows)}
    found = []
    for whole, part in ((a, b) for a in columns for b in columns if a != b):
        within = part.endswith(f"_{whole}") or part.startswith(f"{whole}_")
        if WHOLE.fullmatch(part) or not (WHOLE.fullmatch(whole) or within):
            continue
        rest = _numbers(rows[columns[whole]]) - _numbers(rows[columns[part]])
        bad = rest.between(1, SMALLEST - 1).fillna(False) & ~by_government(rows)
        found += [
            f"{name} row {i}: {whole} less {part} leaves {rest[i]:g}" for i in rows.index[bad]
        ]
    return [*found, *_small_beside(name, rows)]


def _small_beside(name: str, rows: pd.DataFrame) -> list[str]:
    """Return what stands below 5 between a total and all other counts of its row."""
    said = {} if name in DATASETS else {column_name(c): c for c in map(str, rows.columns)}
    whole = [*filter(WHOLE.fullmatch, said)] or [*filter(OF_PEOPLE.fullmatch, said)]
    parts = [
        c for called, c in said.items()
        if c in rows and called not in whole and not _told_otherwise(called) and _whole(rows[c])
    ]  # fmt: skip
    if len(whole) != 1 or not parts or not any(map(_is_when, said)):
        return []
    rest = _numbers(rows[said[whole[0]]]) - sum(_numbers(rows[c]) for c in parts)
    bad = rest.between(1, SMALLEST - 1).fillna(False) & ~by_government(rows)
    return [
        f"{name} row {i}: {whole[0]} less its parts leaves {rest[i]:g}" for i in rows.index[bad]
    ]


def _small_shares(name: str, rows: pd.DataFrame) -> list[str]:
    """Return what stands below 5 where a share stands beside the whole that it is of."""
    said = {} if name in DATASETS else {column_name(c): c for c in map(str, rows.columns)}
    counts = {c: column_name(c) for c in _count_columns(name, rows)}
    wholes_ = [c for c, one in counts.items() if WHOLE.fullmatch(one) or OF_PEOPLE.fullmatch(one)]
    found = []
    for share in (c for called, c in said.items() if SHARE.fullmatch(called) or "%" in c):
        part = pd.to_numeric(
            rows[share].astype("string").str.replace(r"\s*%$", "", regex=True), errors="coerce"
        )
        part = (
            part / 100
            if (part > 1).any() or rows[share].astype("string").str.contains("%").any()
            else part
        )
        for whole in wholes_:
            count = part * _numbers(rows[whole])
            bad = count.between(0.5, SMALLEST - 0.5, inclusive="left") & ~by_government(rows)
            found += [
                f"{name} row {i}: {share} of {whole} is {count[i]:.0f}"
                for i in rows.index[bad.fillna(False).astype(bool)]
            ]
    return found


def _small_bounds(name: str, rows: pd.DataFrame) -> list[str]:
    """Return the bounds that leave a withheld count no way out of 1 to 4.

    Of statements they may be a ratio's or kilometres; the tables these count from are asked.
    """
    said = {column_name(c): c for c in map(str, rows.columns)}
    if not {"low", "high"} <= said.keys() or is_public(name):
        return []
    low, high = (_numbers(rows[said[end]]) for end in ("low", "high"))
    bad = (low.ge(1) & high.lt(SMALLEST)).fillna(False).astype(bool)
    for column in _count_columns(name, rows):
        bad &= _numbers(rows[column]).isna() & ~_shipped(name, rows, column)
    bad &= ~by_government(rows) & ~_told(partial(_drawn_beside, {}), name, rows)
    return [f"{name} row {i}: from {low[i]:g} to {high[i]:g}" for i in rows.index[bad]]


def _small_steps(name: str, rows: pd.DataFrame) -> list[str]:
    """Return what stands below 5 from one period to the next where a count goes on."""
    period, labels = _by(name, rows)
    if period is None or name in DATASETS or is_public(name):
        return []
    cells = {"when": rows[period].astype("string"), "by": _keys(rows, labels) if labels else ""}
    known, found = by_government(rows), list[str]()
    for column in (c for c in map(str, rows.columns) if RUNNING.fullmatch(column_name(c))):
        if not _whole(rows[column]):
            continue
        table = pd.DataFrame({**cells, "count": _numbers(rows[column])}, index=rows.index)
        table = table.sort_values("when")
        rest = table.groupby("by")["count"].diff().fillna(table["count"])
        bad = rest.between(1, SMALLEST - 1).fillna(False) & ~known
        found += [f"{name} row {i}: {rest[i]:g} more than before" for i in table.index[bad]]
    return found


def _small_spans(name: str, rows: pd.DataFrame, column: str, known: pd.Series[bool]) -> list[str]:
    """Return what stands below 5 between a period and those within it, where not all are plain.

    Years and months are, and :func:`_small_differences` looks at them; quarters, what has a column
    of its beginning and one of its end, and other stretches are not.
    """
    period, labels = _by(name, rows)
    said = {column_name(c).removesuffix("_date"): c for c in map(str, rows.columns)}
    if {"start", "end"} <= said.keys():
        start, end = (rows[said[one]].astype("string").fillna("") for one in ("start", "end"))
        when, labels = start.str.cat(end, sep="/"), [c for c in labels if c != said["end"]]
    elif period is not None:
        when = rows[period].astype("string").fillna("")
    else:
        return []
    if when.str.fullmatch(r"(?:\d{4}(?:-\d\d)?)?").all():
        return []
    told = pd.DataFrame({"count": _numbers(rows[column]), "own": ~known, "span": when.map(_span)})
    told = told.assign(by=_keys(rows, labels) if labels else "").dropna()
    return [
        f"{name} {what}"
        for _, alike in told.groupby("by")
        for what in _span_rests(*(alike[c].tolist() for c in ("span", "count", "own")))
    ]


@lru_cache(maxsize=10_000)
def _span(text: str) -> tuple[pd.Timestamp, pd.Timestamp] | None:
    """Return the first and the last day of a period as tables write it; None if it is none."""
    found = next((one for one in (text, period_in(text) or "") if is_date(one)), None)
    return None if found is None else date_span(found)


def _span_rests(
    spans: Sequence[tuple[pd.Timestamp, pd.Timestamp]], counts: Sequence[float], own: Sequence[bool]
) -> Iterator[str]:
    """Yield the small differences of stretches of time and those within, each and side by side."""
    rows: dict[tuple[pd.Timestamp, pd.Timestamp], list[int]] = {}
    for row, (first, last) in enumerate(spans):
        rows.setdefault((first, last), []).append(row)
    for span, inside in _nested(sorted(rows)).items():
        for row in rows[span]:
            within = [k for one in inside for k in rows[one] if own[row] or own[k]]
            beside, end = 0.0, None
            for k in within:
                yield from _left(counts[row], counts[k], *span)
                if end is None or spans[k][0] > end:
                    beside, end = beside + counts[k], spans[k][1]
            yield from _left(counts[row], beside, *span) if within else ()


def _nested(
    spans: Sequence[tuple[pd.Timestamp, pd.Timestamp]],
) -> dict[tuple[pd.Timestamp, pd.Timestamp], list[tuple[pd.Timestamp, pd.Timestamp]]]:
    """Return which of some sorted stretches lie within one that is longer, by their ends."""
    starts, found = [first for first, _ in spans], {}
    for first, last in spans:
        after = spans[bisect_left(starts, first) : bisect_right(starts, last)]
        inside = [one for one in after if one[1] <= last and one != (first, last)]
        if inside:
            found[first, last] = sorted(inside, key=lambda one: (one[1], one[0]))
    return found


def _left(count: float, less: float, first: pd.Timestamp, last: pd.Timestamp) -> Iterator[str]:
    if 1 <= count - less < SMALLEST:
        told = f"from {first.date()} to {last.date()}"
        yield f"{told}: {count:g} less {less:g} leaves {count - less:g}"


def _small_across(frames: Frames, drawn: Drawn) -> list[str]:
    """Return what stands below 5 between the wholes of one table and the parts of another."""
    alike: dict[tuple[str, ...], list[pd.DataFrame]] = {}
    for name, rows in frames.items():
        if name in DATASETS or not _count_columns(name, rows):
            continue
        period, labels = _by(name, rows)
        for column in _count_columns(name, rows):
            keep = [c for c in (period, *labels) if c is not None]
            known = by_government(rows) | _told(drawn, name, rows)
            part = rows[keep].assign(count=_numbers(rows[column]), known=known)
            names = [column_name(c) for c in (*keep, column)]
            part.columns = pd.Index([*names[:-1], "count", "known"])
            alike.setdefault(tuple(sorted(names)), []).append(part)
    found = []
    for parts in alike.values():
        if len(parts) > 1:
            both = pd.concat(parts, ignore_index=True)
            rows = both.drop(columns="known")
            found += _small_differences("of two tables", rows, "count", both["known"])
    return found


def _keys(rows: pd.DataFrame, columns: Sequence[str]) -> pd.Series[str]:
    """Return the cells of some columns as one text a row; a number is the same as its text."""
    cells = [
        rows[c].astype("string").str.replace(r"\.0$", "", regex=True).fillna("") for c in columns
    ]
    keys = ["|".join(row) for row in zip(*cells, strict=True)]
    return pd.Series(keys, index=rows.index, dtype="str")


def _shipped(name: str, rows: pd.DataFrame, column: str) -> pd.Series[bool]:
    """Return which rows stand, count and source alike, in the table that ships."""
    none = pd.Series(False, index=rows.index)
    data = DATASETS.get(name)
    if data is None:
        return none
    key = (k for k in data.key if k not in data.when)
    columns = (*data.when, *key, column, "source_url")
    if not set(columns) <= set(rows):
        return none
    return _keys(rows, columns).isin(_bundled_keys(name, columns))


@cache
def _bundled_keys(name: str, columns: tuple[str, ...]) -> pd.Series[str]:
    return _keys(bundled(name), columns)


@cache
def bundled(name: str) -> pd.DataFrame:
    """Return a table that ships, whichever region is at work."""
    with using_region(DEFAULT):
        return pd.DataFrame(DATASETS[name].load(None).rows)


def _told(drawn: Drawn, name: str, rows: pd.DataFrame) -> pd.Series[bool]:
    """Return which counts of a chart are those of a table beside it, or of what ships."""
    if name in DATASETS or not set(CHARTED) <= set(rows):
        return pd.Series(False, index=rows.index)
    return _keys(rows, CHARTED).isin(drawn())


def _drawn_beside(frames: Frames) -> frozenset[str]:
    """Return what charts draw of the table beside them, and of the one that ships."""
    known = _drawn_of_shipped(tuple(wholes(bundled("interceptions")["province"])))
    beside = frames.get("interceptions")
    if beside is not None and set(CHARTED) <= set(beside):
        known |= _drawn_of(beside, wholes(beside["province"]))
    return known


@lru_cache(maxsize=16)
def _drawn_of_shipped(held: tuple[str, ...]) -> frozenset[str]:
    """Return what a chart draws of the table that ships; which areas hold others, a region says."""
    return _drawn_of(bundled("interceptions"), held)


def _drawn_of(counts: pd.DataFrame, held: Sequence[str]) -> frozenset[str]:
    """Return the counts that a chart draws of a table, and the differences of two."""
    return frozenset(_keys(counts, CHARTED)) | _rests(counts, held)


def rest_of(whole: str, area: str) -> str:
    """Return what the difference of two published counts is called, which a chart draws."""
    return f"{whole} less {area}"


def _rests(counts: pd.DataFrame, held: Sequence[str]) -> set[str]:
    """Return the differences that charts draw; :func:`_small_differences` looks at them."""
    number = pd.to_numeric(counts["count"], errors="coerce")
    by = {
        str(area): number[rows].set_axis(counts.loc[rows, "period"]).groupby(level=0).last()
        for area, rows in counts.groupby("province").groups.items()
    }
    return {
        f"{period}|{rest_of(whole, area)}|{count:g}"
        for whole in held
        for area in by
        if area != whole
        for period, count in (by[whole] - by[area]).dropna().items()
    }


def wholes(areas: pd.Series[Any]) -> list[str]:
    """Return which areas of a table hold others of it, as the region at work has them."""
    details = active_region().details
    held = {area.within for area in details.areas} if details else set()
    return [str(area) for area in areas.dropna().unique() if area in held]


def _small_differences(
    name: str, rows: pd.DataFrame, column: str, known: pd.Series[bool]
) -> list[str]:
    """Return what stands below 5 when one published count is taken from another.

    Of a period, the parts from the whole; of a place or a group, the months from the year.
    Where both are a government's, or ship, they are as they were published.
    """
    period, labels = _by(name, rows)
    by = [*([period] if period else []), *labels]
    table = rows[by].astype("string").fillna("").assign(
        count=_numbers(rows[column]), own=~known
    ).dropna(subset=["count"])  # fmt: skip
    found = []
    for label in labels:
        called = table[label]
        held = [text for text in called.unique() if TOTAL.fullmatch(plain_text(text).plain)]
        whole = called.isin([*wholes(called), *held])
        found += _small_rests(name, table[whole], table[~whole], [c for c in by if c != label])
        land = called.str.extract(PART_OF_LAND, expand=False).where(~called.isin(wholes(called)))
        if land.notna().any():  # by its code, whether or not the region lists it
            lands = called.isin(land.dropna().unique()) & ~whole
            parts = table[land.notna()].assign(**{label: land.dropna()})
            found += _small_rests(name, table[lands], parts, by)
    if period is not None:
        table = table.assign(**{period: table[period].str[:4]})
        size = rows[period].astype("string").str.len().reindex(table.index)
        found += _small_rests(name, table[size.eq(4)], table[size.eq(7)], [*labels, period])
    return found


def _small_rests(
    name: str, whole: pd.DataFrame, parts: pd.DataFrame, by: Sequence[str]
) -> list[str]:
    """Return the small differences of wholes and their parts, each and all of them."""
    if whole.empty or parts.empty:
        return []
    key = {"key": 0} if not by else {}  # one whole for the table
    whole, parts, keys = whole.assign(**key), parts.assign(**key), [*by, *key]
    every = parts.groupby(keys, as_index=False).agg(count=("count", "sum"), own=("own", "any"))
    found = []
    for taken, said in ((parts, "less {:g}"), (every, "less its parts")):
        both = whole.merge(taken, on=keys, suffixes=("", "_less"))
        rest = both["count"] - both["count_less"]
        bad = both[(both["own"] | both["own_less"]) & rest.between(1, SMALLEST - 1)]
        for row in bad.to_dict("records"):
            where = " in ".join(text for c in by if (text := str(row[c]))) or name
            less = said.format(row["count_less"])
            left = row["count"] - row["count_less"]
            found.append(f"{where}: {row['count']:g} {less} leaves {left:g}")
    return list(dict.fromkeys(found))
