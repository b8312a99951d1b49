"""A small language for statements that tables can decide: read, checked and walked, never run.

``count("2022", "IE-MN") == 40`` is parsed by Python's own grammar, and then only numbers,
texts, comparisons, ``+ - * /``, ``and``, ``or``, ``not`` and the functions given are known.
Whatever else stands there is a fault, found before anything is worked out.
"""

from __future__ import annotations

import ast
import operator
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, TypeAlias

from roxham.geo.errors import shown
from roxham.layers.intervals import Interval

__all__ = ["Function", "Parameter", "Problem", "Value", "Verdict", "kind_of", "parse"]

Verdict = Literal["supported", "contradicted", "partly", "cannot be decided here"]
Comparison: TypeAlias = Literal["<", "<=", "==", "!=", ">=", ">"]
Value: TypeAlias = Interval | str | None
"""A number as what it can be, a text or a verdict; None where it is not known."""

LONGEST = 500
DEEPEST = 12
MOST_PARTS = 120
LARGEST = 10**12
NUMBER = "number"
"""The kind of a plain number. Another kind (interceptions, km) adds only to its like."""

ARITHMETIC: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
COMPARISONS: dict[type[ast.cmpop], Comparison] = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.GtE: ">=",
    ast.Gt: ">",
}


class Problem(NamedTuple):
    """What is wrong in an expression, and at which of its characters (from 1)."""

    position: int
    problem: str
    remedy: str = ""


@dataclass(frozen=True)
class Parameter:
    """What one place of a function takes.

    ``kind`` is ``text`` (written out between quotes), ``number`` (of any kind, but like the
    other numbers) or ``any``. ``check`` says what is wrong with a text, or None.
    """

    name: str
    kind: Literal["text", "number", "any"] = "text"
    check: Callable[[str], str | None] | None = None
    required: bool = True


@dataclass(frozen=True)
class Function:
    """A function of the language: its places, the kind of its result, and what finds it.

    ``call`` takes what it is to look into before what stands in its places. ``returns`` is
    ``text``, ``truth``, ``number`` or a measure such as ``interceptions``. With
    ``judges`` the first number is what was found, as in a comparison.
    """

    parameters: tuple[Parameter, ...]
    returns: str
    call: Callable[..., Value]
    judges: bool = False


def parse(text: str, functions: Mapping[str, Function]) -> tuple[ast.expr | None, list[Problem]]:
    """Read a statement and hold it to the language.

    Parameters
    ----------
    text
        One line.
    functions
        The functions known, by name.

    Returns
    -------
    tuple
        The tree to evaluate, None where there are problems; and every problem.

    Examples
    --------
    >>> parse("__import__('os')", {})[1][0].problem
    '__import__ is no function of this language'
    """
    if problems := _unreadable(text):
        return None, problems
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            tree = ast.parse(text, mode="eval").body
    except SyntaxError as error:
        at = max(1, min(error.offset or 1, len(text)))
        return None, [Problem(at, "cannot be read from here on", "Compare figures, as in 1 == 1.")]
    except (ValueError, RecursionError, MemoryError):
        return None, [Problem(1, "cannot be read", "Write a shorter comparison.")]
    for byte, character in _outside_texts(text, tree):
        if character > 127 or character == ord("#"):
            at = len(text.encode()[:byte].decode()) + 1
            odd = f"{shown(text[at - 1])} stands outside of a quoted text"
            return None, [Problem(at, odd, "Write plain letters; no comments.")]
    checker = _Checker(text, functions)
    kind = checker.kind(tree)
    if not checker.problems and kind != "truth":
        checker.note(tree, f"gives {kind} and decides nothing", "Compare it, or write beside(…).")
    return (None, checker.problems) if checker.problems else (tree, [])


def _unreadable(text: str) -> list[Problem]:
    """Return why a text is not even to be parsed."""
    if len(text) > LONGEST:
        return [Problem(LONGEST + 1, f"has {len(text)} characters", f"{LONGEST} are the most.")]
    depth = 0
    for at, character in enumerate(text, start=1):
        if not character.isprintable() or character == "\\":
            return [Problem(at, "holds a character that is not allowed", "Write one plain line.")]
        depth += (character in "([{") - (character in ")]}")
        if depth > DEEPEST:
            return [Problem(at, "is nested too deep", f"{DEEPEST} brackets are the most.")]
    return []


def _outside_texts(text: str, tree: ast.expr) -> Iterator[tuple[int, int]]:
    """Yield place and value of each byte that stands in no quoted text, if one may be odd."""
    if text.isascii() and "#" not in text:
        return
    quoted = {
        byte
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes)
        for byte in range(node.col_offset, node.end_col_offset or 0)
    }
    yield from ((i, byte) for i, byte in enumerate(text.encode()) if i not in quoted)


class _Checker:
    """Walks a tree once and notes each thing that the language does not know."""

    def __init__(self, text: str, functions: Mapping[str, Function]) -> None:
        self.bytes = text.encode()
        self.functions = functions
        self.problems: list[Problem] = []
        self.parts = 0
        self.depth = 0

    def note(self, node: ast.expr | ast.keyword, problem: str, remedy: str = "") -> str:
        at = len(self.bytes[: node.col_offset].decode(errors="replace")) + 1
        self.problems.append(Problem(at, problem, remedy))
        return "unknown"

    def kind(self, node: ast.expr) -> str:
        """Return the kind of a part; ``unknown`` where a problem was noted."""
        self.parts += 1
        self.depth += 1
        try:
            if self.parts > MOST_PARTS or self.depth > 3 * DEEPEST:
                if not any("too long" in p.problem for p in self.problems):
                    self.note(node, "is too long or nested too deep", "Cut it into two claims.")
                return "unknown"
            match node:
                case ast.Constant():
                    return self.constant(node)
                case ast.UnaryOp(op=ast.USub() | ast.UAdd()):
                    return self.want(node.operand, "a number", self.is_number)
                case ast.UnaryOp(op=ast.Not()):
                    return self.want(node.operand, "a comparison", lambda kind: kind == "truth")
                case ast.BinOp() if type(node.op) in ARITHMETIC:
                    return self.arithmetic(node)
                case ast.BoolOp():
                    for part in node.values:
                        self.want(part, "a comparison", lambda kind: kind == "truth")
                    return "truth"
                case ast.Compare():
                    return self.comparison(node)
                case ast.Call():
                    return self.call(node)
            what = shown(ast.unparse(node)) if self.depth < DEEPEST else "this"
            return self.note(node, f"{what} is not of this language", _KNOWN)
        finally:
            self.depth -= 1

    def is_number(self, kind: str) -> bool:
        return kind not in ("text", "truth")

    def want(self, node: ast.expr, what: str, fits: Callable[[str], bool]) -> str:
        kind = self.kind(node)
        if kind == "unknown" or fits(kind):
            return kind
        return self.note(node, f"gives {kind} where {what} is needed")

    def constant(self, node: ast.Constant) -> str:
        value = node.value
        if isinstance(value, str):
            return "text"
        if type(value) is int or type(value) is float:
            if abs(value) <= LARGEST:
                return NUMBER
            return self.note(node, "is too large a number", f"{LARGEST:,} is the largest.")
        return self.note(node, f"{shown(value)} is neither a number nor a text", _KNOWN)

    def alike(self, node: ast.expr, kinds: list[str], done: str) -> str:
        """Return the one measure of some numbers; plain numbers go with any."""
        measures = [k for k in dict.fromkeys(kinds) if k != NUMBER]
        if "unknown" in measures:
            return "unknown"
        if len(measures) > 1:
            two = " and ".join(measures)
            return self.note(node, f"{two} are different things and cannot be {done}")
        return measures[0] if measures else NUMBER

    def arithmetic(self, node: ast.BinOp) -> str:
        kinds = [self.want(n, "a number", self.is_number) for n in (node.left, node.right)]
        if isinstance(node.op, ast.Add | ast.Sub):
            return self.alike(node, kinds, "added")
        one = self.alike(node, kinds, "multiplied or divided")
        if "unknown" in kinds or one == "unknown":
            return "unknown"
        both = NUMBER not in kinds
        if isinstance(node.op, ast.Mult):
            return self.note(node, f"{one} times {one} means nothing") if both else one
        return kinds[0] if kinds[1] == NUMBER else NUMBER

    def comparison(self, node: ast.Compare) -> str:
        parts = [node.left, *node.comparators]
        kinds = [self.want(n, "a number or a text", lambda kind: kind != "truth") for n in parts]
        for op in node.ops:
            if type(op) not in COMPARISONS:
                self.note(node, "compares by a word", "Compare by == != < <= > >=.")
        if "text" in kinds:
            if set(kinds) - {"text", "unknown"}:
                self.note(node, "compares a text with a number")
            if any(not isinstance(op, ast.Eq | ast.NotEq) for op in node.ops):
                self.note(node, "puts texts in an order", "Compare texts by == or != only.")
        else:
            self.alike(node, kinds, "compared")
        return "truth"

    def call(self, node: ast.Call) -> str:
        if not isinstance(node.func, ast.Name):
            what = shown(ast.unparse(node.func)) if self.depth < DEEPEST else "this"
            return self.note(node, f"{what} is not of this language", _KNOWN)
        name = node.func.id
        function = self.functions.get(name)
        if function is None:
            known = ", ".join(sorted(self.functions))
            return self.note(
                node, f"{shown(name)} is no function of this language", f"Known: {known}."
            )
        known_names = [p.name for p in function.parameters]
        given: dict[str, ast.expr] = dict(zip(known_names, node.args, strict=False))
        if len(node.args) > len(known_names):
            self.note(node, f"{name} takes {len(known_names)} values at most", "Leave some out.")
        for keyword in node.keywords:
            if keyword.arg not in known_names or keyword.arg in given:
                self.note(keyword, f"{name} has no place for {shown(keyword.arg)}")
            else:
                given[keyword.arg] = keyword.value
        numbers = []
        for place in function.parameters:
            if place.name not in given:
                if place.required:
                    self.note(
                        node, f"{name} lacks its {place.name}", f"{name}({', '.join(known_names)})"
                    )
                continue
            kind = self.argument(given[place.name], name, place)
            if place.kind == "number":
                numbers.append(kind)
        self.alike(node, numbers, "set beside each other")
        return function.returns

    def argument(self, node: ast.expr, name: str, place: Parameter) -> str:
        if place.kind == "any":
            return self.kind(node)
        if place.kind == "number":
            return self.want(node, "a number", self.is_number)
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
            return self.note(node, f"{place.name} of {name} is no quoted text", 'Write it as "…".')
        problem = place.check(node.value) if place.check else None
        return self.note(node, f"{place.name} {shown(node.value)} {problem}") if problem else "text"


_KNOWN = "Use numbers, quoted texts, comparisons, + - * /, and, or, not and the functions."


def kind_of(node: ast.expr, functions: Mapping[str, Function]) -> str:
    """Return the kind of a part that is known to be sound."""
    return _Checker("", functions).kind(node)
