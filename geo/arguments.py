"""Arguments of public functions, held to what these declare.

``@checked()`` reads the annotations of a function once, at its first call. What does not fit
ends in one :class:`DataError` that lists every such argument, what was found and what to give.
A number whose name ends in its unit (``within_m``) is 0 or more, and none is NaN; a
GeoDataFrame is in EPSG:4326, and its coordinates are degrees.
"""

from __future__ import annotations

import builtins
import datetime as dt
import inspect
import sys
import types
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Sized
from dataclasses import fields
from functools import cache, wraps
from numbers import Integral, Real
from os import PathLike
from pathlib import Path
from typing import (
    Annotated,
    Any,
    ForwardRef,
    Literal,
    ParamSpec,
    TypeVar,
    Union,
    get_args,
    get_origin,
)

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.geometry.base import BaseGeometry

from .crs import require_wgs84
from .errors import CallError, DataError, Fault, nearest, shown
from .partitions import is_partitioned

__all__ = [
    "checked",
    "declared_fields",
    "is_folder",
    "require_cells",
    "require_columns",
    "require_fields",
    "require_length",
]

P = ParamSpec("P")
_Kind = inspect._ParameterKind
R = TypeVar("R")

LONGEST_NAME = 256
"""Bytes that no name of a file has, nor of a folder, on the usual file systems."""
UNITS = ("_m", "_km", "_s", "_bytes", "minutes", "metres", "kmh", "scale", "width")
"""Ends of names of numbers that are never below 0."""

WORDS = {
    type(None): "None",
    str: "a text",
    bytes: "bytes",
    bool: "True or False",
    int: "a whole number",
    float: "a number",
    Path: "a path",
    np.ndarray: "an array",
    pd.DataFrame: "a DataFrame",
    gpd.GeoDataFrame: "a GeoDataFrame",
    gpd.GeoSeries: "a GeoSeries",
}
MADE_BY = {
    "Base": "load_base()",
    "Border": "load_border() or read_border()",
    "Catchments": "catchments()",
    "Layers": "load_layers()",
    "Region": "load_region()",
    "Roads": "read_roads() of a file or of a frame of lines, Roads.from_networkx() or load_roads()",
    "Series": "load_series()",
    "Sheet": "map_sheet()",
}
"""What returns values of our classes."""
FRAME_OF = {"Border": ".line", "Roads": ".edges"}
"""Where values of our classes have the frame that is drawn."""

FRAMES = (pd.DataFrame, gpd.GeoSeries)
LOOKED_INTO = (int, float, np.ndarray)
"""Of these not every value is fit."""


def checked(**columns: Sequence[str]) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Hold the arguments of a function to its annotations, and its frames to their columns.

    Parameters
    ----------
    **columns
        For an argument that is a frame, the columns that it must have.

    Examples
    --------
    >>> @checked(table=["count"])
    ... def total(table: pd.DataFrame, *, within_m: float = 0.0) -> int:
    ...     return int(table["count"].sum())
    >>> total(pd.DataFrame({"count": [1, 2]}))
    3
    >>> try:
    ...     total("counts.csv", within_m=-1)
    ... except DataError as error:
    ...     print(error)
    table: is the text “counts.csv”. Give a DataFrame.
    within_m: is -1. Give a number, 0 or more.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        signature = inspect.signature(function)
        kinds = {name: parameter.kind for name, parameter in signature.parameters.items()}
        rest = next((n for n, kind in kinds.items() if kind is kind.VAR_KEYWORD), "")
        hints: dict[str, Any] = {}
        own = list(signature.parameters)[:1] == ["self"]
        named = (function.__qualname__ if own else function.__name__).removesuffix(".__init__")

        @wraps(function)
        def call(*args: P.args, **kwargs: P.kwargs) -> R:
            if not hints:
                hints.update(declared(function))
            faults: list[Fault] = []
            given, unbound = _bound(named, signature, hints, args, kwargs)
            further = given.pop(rest, {})  # each by its own name
            given |= further
            for name, value in given.items():
                faults += _faults(name, value, hints.get(rest if name in further else name, Any))
            for name, needed in columns.items():
                if isinstance(given.get(name), pd.DataFrame):
                    faults += _missing(given[name], name, needed)
            if unbound:
                raise CallError([*faults, *unbound])
            if faults:
                raise DataError(faults)
            return function(*args, **kwargs)

        return call

    return decorate


def _bound(
    function: str,
    signature: inspect.Signature,
    hints: Mapping[str, Any],
    args: tuple[Any, ...],
    kwargs: Mapping[str, Any],
) -> tuple[dict[str, Any], list[Fault]]:
    """Return the arguments of a call by name, and what keeps it from being one."""
    try:
        return signature.bind(*args, **kwargs).arguments, []
    except TypeError:
        pass
    known = signature.parameters
    of_kind = {kind: [n for n, p in known.items() if p.kind is kind] for kind in _Kind}
    in_order = [*of_kind[_Kind.POSITIONAL_ONLY], *of_kind[_Kind.POSITIONAL_OR_KEYWORD]]
    given = dict(zip(in_order, args, strict=False))
    own = in_order[:1] == ["self"]  # which nobody who calls a method counts
    faults = [
        Fault(name, "is given twice.", "Give it once.") for name in kwargs if name in given
    ] + [
        Fault(name, f"is no argument of {function}().", nearest(name, [*known][own:]))
        for name in kwargs
        if name not in known and not of_kind[_Kind.VAR_KEYWORD]
    ]
    given |= {name: value for name, value in kwargs.items() if name in known}
    if len(args) > len(in_order):
        told = f"takes {len(in_order) - own} without a name, and was given {len(args) - own}."
        named = ", ".join(f"{name}=" for name in of_kind[_Kind.KEYWORD_ONLY] if name not in kwargs)
        faults.append(Fault(f"{function}()", told, f"Name the others: {named}." if named else ""))
    for name, parameter in known.items():
        takes = parameter.kind not in (_Kind.VAR_KEYWORD, _Kind.VAR_POSITIONAL)
        if takes and parameter.default is parameter.empty and name not in given:
            by_name = " by name" if name not in in_order else ""
            remedy = f"{function}() needs it{by_name}: {words_of(hints.get(name, Any))}."
            faults.append(Fault(name, "is missing.", remedy))
    return given, faults


def declared(function: Callable[..., Any]) -> dict[str, Any]:
    """Return what a function declares of each argument."""
    names = getattr(inspect.unwrap(function), "__globals__", {})
    found: dict[str, Any] = {}
    for name, parameter in inspect.signature(function).parameters.items():
        hint = parameter.annotation
        if hint is not inspect.Parameter.empty:
            found[name] = eval(hint, names) if isinstance(hint, str) else hint  # noqa: S307
    return found


class _Names(dict[str, Any]):
    """Names of a module; what only checkers import there is known by its name alone."""

    def __missing__(self, name: str) -> ForwardRef:
        if hasattr(builtins, name):
            raise KeyError(name)
        return ForwardRef(name)


@cache
def declared_fields(kind: type) -> dict[str, Any]:
    """Return what a dataclass, or a named tuple, declares of each field.

    Examples
    --------
    >>> from roxham.geo import Fault
    >>> declared_fields(Fault)["row"]
    int | None
    """
    found: dict[str, Any] = {}
    for one in reversed(kind.__mro__):
        if one.__module__ == "builtins":
            continue
        names = _Names(vars(sys.modules[one.__module__]))
        for name, hint in inspect.get_annotations(one).items():
            hint = getattr(hint, "__forward_arg__", hint)  # as named tuples keep it
            found[name] = eval(hint, {}, names) if isinstance(hint, str) else hint  # noqa: S307
    named = getattr(kind, "_fields", None) or [field.name for field in fields(kind)]
    return {name: found[name] for name in named}


def require_fields(value: Any, **columns: Sequence[str]) -> None:
    """Raise for every field of a dataclass that does not fit what is declared of it.

    Parameters
    ----------
    value
        What has just been made: it is called by ``__post_init__``.
    **columns
        For a field that is a frame, the columns that it must have.
    """
    faults: list[Fault] = []
    kind: Any = type(value)
    for name, hint in declared_fields(kind).items():
        faults += _faults(name, getattr(value, name), hint)
    for name, needed in columns.items():
        if isinstance(frame := getattr(value, name), pd.DataFrame):
            faults += _missing(frame, name, needed)
    if faults:
        raise DataError(faults)


def require_columns(frame: pd.DataFrame, name: str, columns: Iterable[str]) -> None:
    """Raise for every column that a frame of someone's own lacks."""
    if faults := _missing(frame, name, columns):
        raise DataError(faults)


def _missing(frame: pd.DataFrame, name: str, columns: Iterable[str]) -> list[Fault]:
    lacking = [column for column in columns if column not in frame]
    free = [str(there) for there in frame.columns if there not in columns]
    faults = []
    for column in lacking:
        near = nearest(column, free)
        remedy = f"{near} Rename it, or add one." if near.startswith("Is it") else "Add it."
        faults.append(Fault(name, "has no such column.", remedy, column=column))
    return faults


def is_folder(path: str | Path) -> bool:
    """Whether a path leads to a folder; to one that is closed to us it does not.

    Examples
    --------
    >>> is_folder("."), is_folder("nowhere")
    (True, False)
    """
    try:
        return Path(path).is_dir()
    except PermissionError:
        return False


def require_cells(
    frame: pd.DataFrame,
    name: str,
    *,
    texts: Sequence[str] = (),
    numbers: Sequence[str] = (),
    days: Sequence[str] = (),
) -> None:
    """Raise for columns, where a frame has them, that hold something else than they must."""
    faults = []
    wanted: tuple[tuple[Any, Sequence[str], str], ...] = (
        (str, texts, "text"),
        (Real, numbers, "number"),
        (str | dt.date, days, "day"),
    )
    for kinds, columns, told in wanted:
        for column in columns:
            cells = frame[column].dropna().tolist() if column in frame else ()
            if not all(isinstance(cell, kinds) for cell in cells):
                faults.append(Fault(name, f"holds what is no {told}.", "Mend it.", column=column))
    if faults:
        raise DataError(faults)


def require_length(name: str, array: np.ndarray[Any, Any], length: int) -> None:
    """Raise for an array that has not one number, or yes or no, for each of so many things."""
    if array.dtype.kind not in "biuf":
        raise DataError(Fault(name, f"holds {array.dtype.str.lstrip('|=>')}.", "Give numbers."))
    if array.shape != (length,):
        found, wanted = " × ".join(map(str, array.shape)), f"Give {length}, one for each."
        raise DataError(Fault(name, f"holds {found} values.", wanted))


def _faults(name: str, value: object, hint: Any) -> Iterator[Fault]:
    """Yield what is wrong with one argument; of one that nothing is declared of, nothing is."""
    if is_partitioned(value):
        return  # a frame of Dask's: what takes one looks at its partitions
    if not fits(value, hint):
        told = words_of(hint)
        if name.endswith(UNITS):
            told = told.replace("a number", "a number, 0 or more", 1)
        yield Fault(name, f"is {found(value)}.", _remedy(value, told, _words_in(hint)))
    elif wrong := _unfit(value, hint):
        yield Fault(name, *wrong)
    elif isinstance(value, tuple) and hasattr(value, "_fields"):
        for part, of_part in declared_fields(type(value)).items():
            yield from _faults(f"{name}.{part}", getattr(value, part), of_part)
    elif isinstance(value, Real) and not isinstance(value, bool) and name.endswith(UNITS):
        if not 0 <= float(value) < np.inf:
            yield Fault(name, f"is {found(value)}.", "Give a number, 0 or more.")
    elif isinstance(value, gpd.GeoDataFrame | gpd.GeoSeries) and _takes_places(hint):
        try:
            require_wgs84(value, name)
        except DataError as error:
            yield Fault(name, str(error).partition(": ")[2])
            return
        if np.isinf(value.total_bounds).any():
            yield Fault(name, "holds coordinates without end.", "Leave their rows out.")


def _unfit(value: object, hint: Any) -> tuple[str, str] | None:
    """Return what is wrong with a value of the right kind, and what to do about it."""
    if isinstance(value, pd.DataFrame):
        twice = value.columns[value.columns.duplicated()]
        if len(twice):
            return f"has two columns named “{shown(twice[0])}”.", "Rename one, or take it out."
    elif isinstance(value, BaseGeometry):
        if value.is_empty or not np.isfinite(value.bounds).all():
            return f"is {found(value)} without a place.", f"Give {words_of(hint)}."
    elif isinstance(value, str | PathLike):
        text = str(value)
        if "\0" in text or any("\ud800" <= sign <= "\udfff" for sign in text):
            return "holds characters that stand for none.", "Write it anew."
        if Path in _choices(hint) and "://" not in text and not _is_filename(text):
            return f"is {found(value)}, which no file can be called.", "Give a shorter name."
    return None


def _is_filename(text: str) -> bool:
    """Whether a file may be called so: a system tells by an error where one is looked for."""
    return all(len(part.encode("utf-8")) < LONGEST_NAME for part in Path(text).parts)


def _words_in(hint: Any) -> list[str]:
    """Return the words that may be given, of an annotation that lists some."""
    listed = (get_args(kind) for kind in _choices(hint) if get_origin(kind) is Literal)
    return [word for words in listed for word in words if isinstance(word, str)]


def _takes_places(hint: Any) -> bool:
    """Whether geometries are asked for, not merely rows."""
    return any(
        isinstance(kind, type) and issubclass(kind, gpd.GeoDataFrame | gpd.GeoSeries)
        for kind in _choices(hint)
    )


def _choices(hint: Any) -> tuple[Any, ...]:
    if get_origin(hint) in (Union, types.UnionType):
        return tuple(c for part in get_args(hint) for c in _choices(part))
    return (hint,)


def fits(value: Any, hint: Any) -> bool:
    """Whether a value is what an annotation says; what cannot be known of it is taken.

    Examples
    --------
    >>> fits(3, float | None), fits(float("nan"), float), fits("ab", Sequence[str])
    (True, False, False)
    >>> fits("week", Literal["month", "year"]), fits((0.0, "b"), tuple[float, float])
    (False, False)
    """
    if type(value) is hint and hint not in LOOKED_INTO:
        return True
    origin, parts = _opened(hint)
    if origin in (Union, types.UnionType):
        return any(fits(value, part) for part in parts)
    if origin is Literal:
        return any(type(value) is type(part) and value == part for part in parts)
    if origin is Annotated:
        return fits(value, parts[0])
    if origin is tuple and parts[-1:] != (...,):
        return _is_row(value) and len(value) == len(parts) and all(map(fits, value, parts))
    if origin is not None:
        return _holds(value, origin, parts)
    if hint is None or hint is type(None):
        return value is None
    if isinstance(hint, ForwardRef):  # a class whose module is not loaded for its name alone
        return any(kind.__name__ == hint.__forward_arg__ for kind in type(value).__mro__)
    if not isinstance(hint, type) or hint in (Any, object):
        return True  # a type variable, or anything
    if hint is float:
        number = isinstance(value, Real) and not isinstance(value, bool) and bool(value == value)
        return number and _fits_in_64_bits(value)
    if hint is int:
        whole = isinstance(value, Integral) and not isinstance(value, bool)
        return whole and _fits_in_64_bits(value)
    if hint is np.ndarray:
        return isinstance(value, np.ndarray) and value.ndim > 0
    if hint is bool:
        return isinstance(value, bool | np.bool_)
    return isinstance(value, PathLike if hint is Path else hint) or _is_reloaded(value, hint)


@cache
def _opened(hint: Any) -> tuple[Any, tuple[Any, ...]]:
    """Return what an annotation is made of: it is asked at every call of every function."""
    return get_origin(hint), get_args(hint)


def _fits_in_64_bits(number: Any) -> bool:
    """Whether an array can hold it; Python's own whole numbers have no end."""
    return not isinstance(number, int) or abs(number) < 1 << 63


def _is_reloaded(value: object, kind: type) -> bool:
    """Whether it is of the same class of a module that was loaded twice, as notebooks do."""
    return any(
        one.__qualname__ == kind.__qualname__
        and f".{kind.__module__}".endswith(f".{one.__module__.removeprefix('roxham.')}")
        for one in type(value).__mro__
    )


def _is_row(value: Any) -> bool:
    """Whether it is a short row of things, whatever holds them."""
    if isinstance(value, np.ndarray):
        return value.ndim == 1
    return isinstance(value, Sequence) and not isinstance(value, str | bytes)


def _holds(value: Any, origin: Any, parts: tuple[Any, ...]) -> bool:
    """Whether a value is a container as declared; an iterator is not used up to see."""
    if origin is Callable:
        return callable(value)
    if not isinstance(origin, type):
        return True
    if issubclass(origin, Mapping):
        return isinstance(value, Mapping) and all(
            fits(key, parts[0]) and fits(held, parts[1]) for key, held in value.items()
        )
    if origin is tuple or origin in (Sequence, Collection, Iterable):
        if isinstance(value, str | bytes | Mapping) or not isinstance(value, Iterable):
            return False
        if isinstance(value, FRAMES) or (isinstance(value, np.ndarray) and value.ndim != 1):
            return False
        if not isinstance(value, Sized):
            return origin is Iterable  # an iterator, which is gone once it was looked at
        return all(fits(v, parts[0]) for v in value)
    if origin is np.ndarray:
        return isinstance(value, np.ndarray) and value.ndim > 0 and _is_of(value, parts[-1])
    return isinstance(value, origin)


def _is_of(array: np.ndarray[Any, Any], declared: Any) -> bool:
    """Whether an array holds one kind of thing, where numbers are declared."""
    kind = next(iter(get_args(declared)), Any)
    numbers = isinstance(kind, type) and issubclass(kind, np.number | np.bool_)
    return not numbers or array.dtype.kind != "O"


def found(value: object) -> str:
    """Return a value in words for a message."""
    if value is None or isinstance(value, bool | int | float | np.number):
        return shown(value)
    if isinstance(value, str):
        return f"the text “{shown(value)}”" if value else "an empty text"
    if isinstance(value, PathLike):
        return f"the path {shown(value)}"
    if isinstance(value, list | tuple | set) and 0 < len(value) < 5 and not _deep(value):
        return shown(value)
    name = type(value).__name__
    return f"{_article(name)} {name}"


def _deep(values: Collection[object]) -> bool:
    return not all(v is None or isinstance(v, str | int | float) for v in values)


def _article(name: str) -> str:
    return "an" if name[:1].lower() in "aeiou" else "a"


@cache
def _class_words(kind: type) -> str:
    name = kind.__name__
    made = f" ({MADE_BY[name]})" if name in MADE_BY else ""
    return WORDS.get(kind) or f"{_article(name)} {name}{made}"


def words_of(hint: Any) -> str:
    """Return what an annotation asks for in words.

    Examples
    --------
    >>> words_of(float | None), words_of(Literal["from", "to"]), words_of(Sequence[str])
    ('a number or None', 'one of from, to', 'a list of texts')
    """
    origin, parts = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return " or ".join(dict.fromkeys(words_of(part) for part in parts))
    if origin is Literal:
        return f"one of {', '.join(map(str, parts))}" if len(parts) > 1 else str(parts[0])
    if origin is Annotated:
        return words_of(parts[0])
    if origin is tuple and parts[-1:] != (...,):
        return f"({', '.join(words_of(part) for part in parts)})"
    if origin is Callable:
        return "a function"
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return "a dictionary"
    if origin is tuple or origin in (Sequence, Collection, Iterable):
        each = words_of(parts[0]).removeprefix("a ").removeprefix("an ")
        return "a list" if parts[0] is Any else f"a list of {each}s"
    if isinstance(origin, type):
        return _class_words(origin)
    if isinstance(hint, ForwardRef):
        return f"{_article(hint.__forward_arg__)} {hint.__forward_arg__}"
    return _class_words(hint) if isinstance(hint, type) else "None" if hint is None else "a value"


def _remedy(value: object, told: str, words: Iterable[str] = ()) -> str:
    """Return what to give instead, with a word on the usual slip."""
    if isinstance(value, tuple) and hasattr(value, "_fields") and "rows" in value._fields:
        return f"Give {told}. Of what a loader returns, rows and rejected, give its .rows."
    if "DataFrame" in told and (frame := FRAME_OF.get(type(value).__name__)):
        return f"Give {told}: its {frame}."
    near = nearest(value, words) if isinstance(value, str) else ""
    if near.startswith("Is it"):
        return f"Give {told}. {near}"
    if isinstance(value, pd.DataFrame) and "GeoDataFrame" in told:
        return f"Give {told}: GeoDataFrame(frame, geometry=..., crs='EPSG:4326')."
    return f"Give {told}."
