"""What was printed, held against the tables: each statement with what decides it."""

from __future__ import annotations

import ast
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from roxham.geo import DataError
from roxham.geo.arguments import checked
from roxham.geo.io.sources import Source
from roxham.geo.region import active_region
from roxham.geo.tables.contract import SOURCE, Checked, Column, Contract
from roxham.geo.tables.failures import faults_of
from roxham.layers.facts.checks import no_example, read_layer, unique, with_french
from roxham.layers.intervals import Interval
from roxham.layers.model import Layers

from .asked import Tables
from .evaluate import UNDECIDED, Result, evaluate
from .evidence import Evidence
from .functions import FUNCTIONS
from .language import Value, parse
from .words import named, suffixed, written

__all__ = ["CLAIMS", "check_claims", "judge", "load_claims"]


def _known_figures(rows: pd.DataFrame) -> Iterator[tuple[int, str, str]]:
    """Yield figures that the region at work does not list."""
    details = active_region().details
    known = [figure.id for figure in details.figures] if details else []
    for i in rows.index[rows["figure"].notna() & ~rows["figure"].isin(known)]:
        yield int(i), "figure", f"is not one of {', '.join(known)}"


def _sound_expressions(rows: pd.DataFrame) -> Iterator[tuple[int, str, str]]:
    """Yield every problem of every expression, with its place in it."""
    cells = zip(rows.index, rows["expression"], rows["tolerance"], rows["explanation"], strict=True)
    for i, text, tolerance, explanation in cells:
        if pd.isna(text):
            if pd.isna(explanation):
                yield i, "explanation", "is empty; say why no table can decide the statement"
            continue
        tree, problems = parse(text, FUNCTIONS)
        for at, problem, remedy in problems:
            yield i, "expression", f"at character {at}: {problem}. {remedy}".rstrip(". ")
        if tree is not None and pd.isna(tolerance) and _names(tree) & {"nearly", "about"}:
            yield i, "tolerance", "is empty, though nearly or about needs one, such as 0.1"


CLAIMS = Contract(
    name="claims",
    columns=(
        Column("claim_id", meaning="stable identifier"),
        Column("statement", meaning="what was said, in other words than the source's"),
        Column("statement_fr", meaning="the same in French", required=False),
        Column("expression", meaning="what decides it; empty where no table can", required=False),
        Column(
            "tolerance",
            "number",
            "share of the printed number that nearly (below it) and about (around it) allow",
            required=False,
            minimum=0,
            maximum=0.5,
        ),
        Column("explanation", meaning="how it is decided, or why it is not", required=False),
        Column("explanation_fr", meaning="the same in French", required=False),
        Column(
            "figure",
            meaning="key figure that it speaks of",
            required=False,
        ),
        *SOURCE,
    ),
    checks=(unique("claim_id"), _sound_expressions, _known_figures, no_example()),
)


@checked()
def load_claims(path: Source | None = None) -> Checked[pd.DataFrame]:
    """Load statements and what decides them; nothing of an expression is run.

    Parameters
    ----------
    path
        A file, an address or a frame of your own, with the same columns; by default those of the
        newspaper article of February 2023 that this project began with.

    Returns
    -------
    Checked
        ``rows``: ``claim_id, statement, statement_fr, expression`` (null where no table can
        decide), ``tolerance, explanation, explanation_fr, figure`` and the source columns: of
        what made the statement; and ``rejected``: every problem of every expression has a row.

    Raises
    ------
    DataError
        If the file cannot be read as this table.

    Examples
    --------
    >>> load_claims().rows.set_index("claim_id").at["A02", "expression"]
    'count("2022", "CA-QC") == 39540'
    """
    return with_french(read_layer("statements", path, CLAIMS), "statement", "explanation")


@checked(claims=("claim_id", "expression", "tolerance", "source_url"))
def check_claims(layers: Layers, claims: str | Path | pd.DataFrame | None = None) -> pd.DataFrame:
    """Hold statements against the tables.

    Parameters
    ----------
    layers
        The tables, as ``load_layers`` returns them. Rows that they leave out, for their
        months, decide nothing.
    claims
        A CSV file of your own, or rows of :func:`load_claims`; the bundled ones by default.

    Returns
    -------
    pandas.DataFrame
        One row for each: ``claim_id, statement, statement_fr``; ``verdict`` (supported,
        contradicted, partly: some of its parts hold and others do not; cannot be decided
        here: an interval leaves it open, a row is not there, or no table speaks of it);
        ``found, found_fr`` (in words; the first
        language of the region has no suffix); ``low, high`` (of the one number found; null where
        there is none, or more than one); ``belongs_to`` (period and province whose count a
        number that is wrong here is); ``reason, reason_fr`` (what is not known); ``rows``
        (layer and id of each row used, with semicolons); ``sources`` (their addresses, with
        spaces); ``explanation, explanation_fr, expression, tolerance, figure``; and
        ``source_title, source_publisher, source_url, source_date`` of the statement. A row
        that rests on the statement's own source alone is no evidence for it.

    Raises
    ------
    DataError
        With every fault of the file: bad expressions among them, with row and character.

    Examples
    --------
    >>> from roxham.layers import load_layers
    >>> found = check_claims(load_layers()).set_index("claim_id")
    >>> found.loc["A02", ["verdict", "found", "belongs_to"]].tolist()
    ['contradicted', '39,171 interceptions', '2022 CA']
    """
    if not isinstance(claims, pd.DataFrame):
        claims, rejected = load_claims(claims)
        if len(rejected):
            raise DataError(faults_of(rejected))
    return judge(layers.tables, claims)


def judge(tables: Mapping[str, pd.DataFrame], claims: pd.DataFrame) -> pd.DataFrame:
    """Hold statements of :func:`load_claims` against tables, by the names of their layers."""
    asked = Tables(tables)
    rows = [{**claim, **_judged(claim, asked)} for claim in claims.to_dict("records")]
    columns = _columns()
    frame = pd.DataFrame(rows, columns=columns)
    numbers = dict.fromkeys(("low", "high", "tolerance"), "Float64")
    texts = {name: "str" for name in columns if name not in numbers}
    return frame.astype({**texts, **numbers})


def _columns() -> list[str]:
    """Return the columns of judged statements: texts once for each language of the region."""
    statement, found, reason, explanation = (
        tuple(suffixed(name).values()) for name in ("statement", "found", "reason", "explanation")
    )
    return [
        *("claim_id", *statement, "verdict", *found, "low", "high", "belongs_to", *reason),
        *("rows", "sources", *explanation, "expression", "tolerance", "figure"),
        *("source_title", "source_publisher", "source_url", "source_date"),
    ]


def _judged(claim: Mapping[Any, Any], tables: Tables) -> dict[str, Any]:
    if pd.isna(claim["expression"]):
        return {"verdict": UNDECIDED}
    tolerance = 0.0 if pd.isna(claim["tolerance"]) else float(claim["tolerance"])
    evidence = Evidence(tables, str(claim["source_url"]), tolerance)
    tree, problems = parse(str(claim["expression"]), FUNCTIONS)
    if tree is None:
        at, problem, remedy = problems[0]
        raise DataError(f"{claim['claim_id']}, at character {at}: {problem}. {remedy}".strip())
    result = evaluate(tree, FUNCTIONS, evidence)
    found, reasons = suffixed("found"), suffixed("reason")
    numbers = {value for _, value in result.found if isinstance(value, Interval)}
    low, high = _bounds(numbers.pop()) if len(numbers) == 1 else (None, None)
    unknown = evidence.reasons.values() if result.verdict == UNDECIDED else ()
    return {
        "verdict": result.verdict,
        **{name: _told(result, evidence, lang) or None for lang, name in found.items()},
        "low": low,
        "high": high,
        "belongs_to": _belongs_to(result, evidence),
        **{name: "; ".join(r[lang] for r in unknown) or None for lang, name in reasons.items()},
        "rows": "; ".join(f"{layer} {key}" for layer, key, _ in evidence.used) or None,
        "sources": " ".join(dict.fromkeys(url for *_, url in evidence.used)) or None,
    }


def _told(result: Result, evidence: Evidence, lang: str) -> str:
    """Say what was found: numbers with their units, and the words of rows."""
    parts = [_figure(kind, value, lang) for kind, value in result.found if value is not None]
    parts += [said[lang].rstrip(".") for said in evidence.said]
    return "; ".join(dict.fromkeys(part for part in parts if part))


def _figure(kind: str, value: Value, lang: str) -> str:
    if isinstance(value, Interval):
        return written(kind, value)[lang]
    return named(str(value))[lang] if kind == "text" else ""


def _bounds(found: Interval) -> tuple[float, float]:
    """Return the bounds with two decimals, widened to them where they are not equal."""
    if found.is_exact:
        return round(float(found.low), 2), round(float(found.high), 2)
    return math.floor(found.low * 100) / 100, math.ceil(found.high * 100) / 100


def _belongs_to(result: Result, evidence: Evidence) -> str | None:
    """Return whose count a number is that is not the one said, in the same period."""
    if not result.missed:
        return None
    interceptions = evidence.tables["interceptions"]
    used = {key.split(" ")[0] for layer, key, _ in evidence.used if layer == "interceptions"}
    names = []
    for at in sorted(k for period in used for k in interceptions.rows({"period": period}).at):
        found = interceptions.intervals("count")[at]
        if found is not None and found.is_exact and found.low in result.missed:
            period, province = (interceptions.cells(c)[at] for c in ("period", "province"))
            names.append(f"{period} {province}")
    return "; ".join(names) or None


def _names(tree: ast.expr) -> set[str]:
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
