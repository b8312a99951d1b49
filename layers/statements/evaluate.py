"""Decide a statement that was found sound: intervals, texts and verdicts, and no more than that."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

from roxham.geo import DataError
from roxham.layers.intervals import Interval

from .language import ARITHMETIC, COMPARISONS, Comparison, Function, Value, Verdict, kind_of

__all__ = ["UNDECIDED", "Result", "evaluate"]

UNDECIDED: Verdict = "cannot be decided here"


@dataclass
class Result:
    """How a statement was decided.

    Attributes
    ----------
    verdict
        What the tables say to it.
    found
        Kind and value of each thing compared that is not written in the statement itself.
    missed
        Numbers of the statement that what was found certainly is not.
    """

    verdict: Verdict = UNDECIDED
    found: list[tuple[str, Value]] = field(default_factory=list)
    missed: list[float] = field(default_factory=list)


def evaluate(tree: ast.expr, functions: Mapping[str, Function], tables: object) -> Result:
    """Decide a statement that ``parse`` found sound.

    A comparison is supported where it holds for every number that the two sides can be,
    contradicted where it holds for none, else undecided; so is one with a side that is not
    known. ``and`` is partly supported where some parts are supported and others contradicted;
    with a contradicted part and none supported it is contradicted. ``or`` takes its best part.
    A chain such as ``1 < x < 5`` is one comparison, and never partly.

    Parameters
    ----------
    tree, functions
        The statement and the functions that it was parsed with.
    tables
        What each function is given to look into.
    """
    walk = _Walk(functions, tables)
    walk.result.verdict = walk.judge(tree)
    return walk.result


@dataclass
class _Walk:
    """One walk over a statement, with what it meets on the way."""

    functions: Mapping[str, Function]
    tables: object
    result: Result = field(default_factory=Result)

    def judge(self, node: ast.expr) -> Verdict:
        match node:
            case ast.BoolOp(op=ast.And(), values=parts):
                return _all([self.judge(part) for part in parts])
            case ast.BoolOp(values=parts):
                return _any([self.judge(part) for part in parts])
            case ast.UnaryOp(op=ast.Not(), operand=part):
                verdict = self.judge(part)
                return TURNED.get(verdict, verdict)
            case ast.Compare():
                return self.compare(node)
        return cast("Verdict", self.value(node) or UNDECIDED)

    def compare(self, node: ast.Compare) -> Verdict:
        sides = [node.left, *node.comparators]
        values = [self.value(side) for side in sides]
        for side, value in zip(sides, values, strict=True):
            self.note(side, value)
        pairs = zip(values, node.ops, values[1:], strict=False)
        steps = [_step(left, COMPARISONS[type(op)], right) for left, op, right in pairs]
        if "contradicted" not in steps:
            return _all(steps)
        if isinstance(node.ops[0], ast.Eq):
            written = [v for side, v in zip(sides, values, strict=True) if _written(side)]
            self.result.missed += [v.low for v in written if isinstance(v, Interval)]
        return "contradicted"

    def note(self, node: ast.expr, value: Value) -> None:
        """Keep what was found, unless it stands in the statement itself."""
        if not _written(node):
            self.result.found.append((kind_of(node, self.functions), value))

    def value(self, node: ast.expr) -> Value:
        match node:
            case ast.Constant(value=str() as text):
                return text
            case ast.Constant(value=int() | float() as number):
                return Interval(number, number)
            case ast.UnaryOp(op=ast.UAdd(), operand=part):
                return self.value(part)
            case ast.UnaryOp(op=ast.USub(), operand=part):
                inner = cast("Interval | None", self.value(part))
                return None if inner is None else -inner
            case ast.BinOp():
                return _calculate(node.op, self.value(node.left), self.value(node.right))
            case ast.Call(func=ast.Name(id=name)):
                return self.call(self.functions[name], node)
        return self.judge(node)

    def call(self, function: Function, node: ast.Call) -> Value:
        places = [place.name for place in function.parameters]
        given = dict(zip(places, node.args, strict=False))
        given |= {str(keyword.arg): keyword.value for keyword in node.keywords}
        values = {name: self.value(part) for name, part in given.items()}
        if function.judges:
            self.note(given[places[0]], values[places[0]])
        return function.call(self.tables, **values)


TURNED: dict[Verdict, Verdict] = {"supported": "contradicted", "contradicted": "supported"}


def _all(parts: list[Verdict]) -> Verdict:
    if "partly" in parts or {"supported", "contradicted"} <= set(parts):
        return "partly"
    if "contradicted" in parts:
        return "contradicted"
    return UNDECIDED if UNDECIDED in parts else "supported"


def _any(parts: list[Verdict]) -> Verdict:
    best: tuple[Verdict, ...] = ("supported", "partly", UNDECIDED)
    return next((verdict for verdict in best if verdict in parts), "contradicted")


def _step(left: Value, op: Comparison, right: Value) -> Verdict:
    if isinstance(left, Interval) and isinstance(right, Interval):
        if left.certainly(op, right):
            return "supported"
        return UNDECIDED if left.possibly(op, right) else "contradicted"
    if left is None or right is None:
        return UNDECIDED
    return "supported" if (left == right) == (op == "==") else "contradicted"


def _calculate(op: ast.operator, left: Value, right: Value) -> Value:
    """Return a sum, difference, product or quotient; None where there is no such number."""
    if left is None or right is None:
        return None
    try:
        return cast("Interval", ARITHMETIC[type(op)](left, right))
    except (DataError, OverflowError):
        return None


def _written(node: ast.expr) -> bool:
    """Whether a part stands in the statement itself, without a look into any table."""
    return not any(isinstance(part, ast.Call) for part in ast.walk(node))
