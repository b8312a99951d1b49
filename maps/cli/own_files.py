"""Options for files of a user's own, one for each table that takes one."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Annotated, Any

import typer

from roxham.layers.facts.datasets import DATASETS

__all__ = ["with_own_files"]


def with_own_files(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command ``--incidents``, ``--counts``, …; it gets them as one mapping, ``own``.

    The options stand where the command has its argument ``own``.
    """
    options = {
        data.own: inspect.Parameter(
            data.own,
            inspect.Parameter.KEYWORD_ONLY,
            default=None,
            annotation=Annotated[
                str | None, typer.Option(help=f"Your own {data.own}: a file or an address.")
            ],
        )
        for data in DATASETS.values()
        if data.own is not None
    }
    given = inspect.signature(command, eval_str=True)
    parameters: list[inspect.Parameter] = []
    for name, parameter in given.parameters.items():
        kept = parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY)
        parameters += options.values() if name == "own" else [kept]

    @wraps(command)
    def with_options(**words: Any) -> None:
        command(own={name: words.pop(name) for name in options}, **words)

    with_options.__signature__ = given.replace(parameters=parameters)  # type: ignore[attr-defined]
    with_options.__annotations__ = {each.name: each.annotation for each in parameters}
    return with_options
