"""The one gate before anything is published: no rule fails but those somebody answers for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from roxham.geo.errors import DataError, Fault, shown
from roxham.geo.quoting import without_secrets

from .rules import RULES, Finding, failed

__all__ = ["Override", "RuleError", "answered", "is_reason", "overrides_of"]

SHORTEST = 10
"""Letters that a reason has at least."""


class Override(NamedTuple):
    """Why a rule may fail, and who says so."""

    reason: str
    by: str


class RuleError(DataError):
    """Rules of publication fail, and nobody answers for them; nothing was written."""


def overrides_of(
    allow: Mapping[str, str], by: str | None, *, names: tuple[str, str] = ("allow", "by")
) -> dict[str, Override]:
    """Return the rules that may fail, with the reason for each and whoever allows it.

    Parameters
    ----------
    allow
        Reasons by rule, named or numbered as in ``RULES``.
    by
        A person or an office; a reader is shown it.
    names
        What the caller calls the two, for messages.

    Raises
    ------
    DataError
        If a rule is not known, has no reason, or nobody is named.

    Examples
    --------
    >>> overrides_of({"13": "The words of a court"}, "A. Desk")
    {'terms': Override(reason='The words of a court', by='A. Desk')}
    """
    known = {str(rule.number): rule.name for rule in RULES} | {r.name: r.name for r in RULES}
    name = _line(by or "")
    faults, found = [], {}
    if allow and not any(map(str.isalpha, name)):
        told = "nobody is named who allows it."
        who = f'Give {names[1]} "a name or an office"; what is published shows it.'
        faults.append(Fault(names[0], told, who))
    elif by is not None and not allow:
        faults.append(Fault(names[1], f"goes with {names[0]}."))
    for rule, text in allow.items():
        reason = _line(text)
        if rule not in known:
            ways = f"Give one of {', '.join(r.name for r in RULES)}."
            faults.append(Fault(names[0], f"“{shown(rule)}” is not a rule.", ways))
        elif not is_reason(reason):
            told = f"“{rule}” has no reason of ten letters or more."
            faults.append(Fault(names[0], told, f'Write {rule}="why it may fail".'))
        else:
            found[known[rule]] = Override(reason, name)
    if faults:
        raise DataError(faults)
    return found


def is_reason(text: str) -> bool:
    """Whether a text is long enough to say why, and more than signs.

    Examples
    --------
    >>> is_reason("The words of a court"), is_reason("..........")
    (True, False)
    """
    return len(text) >= SHORTEST and sum(map(str.isalpha, text)) >= SHORTEST // 2


def _line(text: str) -> str:
    return " ".join(without_secrets(text).split())


def answered(
    findings: Iterable[Finding], allowed: Mapping[str, Override]
) -> Sequence[dict[str, str]]:
    """Return the rules that fail and that somebody answers for: ``rule, says, reason, by``.

    Raises
    ------
    RuleError
        If any other rule fails; its faults name each, with what was found.
    """
    broken = failed(findings)
    refused = [Fault(one.rule, one.evidence) for one in broken if one.rule not in allowed]
    if refused:
        error = RuleError(refused)
        pairs = ", ".join(f"{fault.file!r}: 'the reason'" for fault in refused)
        error.add_note(
            f"Mend it, or answer for it, which readers see: allow={{{pairs}}}, by='who'."
        )
        raise error
    says = {rule.name: rule.says for rule in RULES}
    return [
        {"rule": one.rule, "says": says[one.rule], **allowed[one.rule]._asdict()} for one in broken
    ]
