"""What the page finds: headline and first sentences, with figures worked out from its tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from roxham.geo.region import active_region
from roxham.layers import Layers
from roxham.layers.facts.incidents import GOING

from .plain import plain
from .wording import SLOT, Pair, both, counted, filled, languages, number_in

__all__ = ["facts_of", "headline", "standfirst", "ways_of", "ways_told"]

UNKNOWN = "unknown"


def ways_of(incidents: pd.DataFrame) -> dict[str, int]:
    """Return how many incidents happened to people going each way, the most first.

    A row that does not say so counts as unknown, and stands last. Empty where there is no row,
    or where the table says nothing of the way.

    Examples
    --------
    >>> ways_of(pd.DataFrame({"direction": ["southbound", None, "northbound", "southbound"]}))
    {'southbound': 2, 'northbound': 1, 'unknown': 1}
    """
    if incidents.empty or "direction" not in incidents or incidents["direction"].isna().all():
        return {}
    told = incidents["direction"].astype(object)
    told = told.where(told.isin(tuple(GOING.values())), UNKNOWN)
    counts = {str(way): int(count) for way, count in told.value_counts().items()}
    known = sorted(counts, key=lambda way: (way == UNKNOWN, -counts[way], way))
    return {way: counts[way] for way in known}


def ways_told(incidents: pd.DataFrame) -> Pair | None:
    """Say how many incidents the map shows, and which way the people were going."""
    ways = ways_of(incidents)
    if not ways:
        return None
    parts = [counted(f"way.{way}", count=count) for way, count in ways.items()]
    listed = {lang: ", ".join(part[lang] for part in parts) for lang in languages()}
    said = counted(
        "incidents.ways" if len(incidents) > 1 else "incidents.way_one", all=len(incidents)
    )
    return {lang: filled(said[lang], list=listed[lang]) for lang in languages()}


def facts_of(layers: Layers) -> dict[str, Pair]:
    """Return what sentences may speak of, by the name of its slot, as each language writes it.

    Every key figure that is known, by its id (a range as its two ends), and where there are
    incidents, how many (``incidents``) and, where the table says so of any, how many each way
    (``southbound`` …, ``way_unknown``).
    """
    found: dict[str, Pair] = {}
    for row in layers.figures.to_dict("records"):
        ends = dict.fromkeys(plain(row[end]) for end in ("low", "high"))
        digits = 0 if row["unit"] == "interceptions" else 2
        if None not in ends:
            found[str(row["figure_id"])] = {
                lang: "–".join(number_in(lang, float(end or 0), digits) for end in ends)
                for lang in languages()
            }
    counts = {"incidents": len(layers.incidents)} if len(layers.incidents) else {}
    if ways := ways_of(layers.incidents):
        counts |= {way: ways.get(way, 0) for way in (*GOING.values(), UNKNOWN)}
        counts["way_unknown"] = counts.pop(UNKNOWN)
    for name, count in counts.items():
        found[name] = {lang: number_in(lang, count) for lang in languages()}
    return found


def headline(facts: Mapping[str, Pair]) -> Pair:
    """Return the region's headline with its figures; its plain one where one is not known."""
    details = active_region().details
    told = _told(details.headline, facts) if details else None
    return told or both("page.title")


def standfirst(facts: Mapping[str, Pair]) -> Pair | None:
    """Return what stands under the headline: the region's words, and what the tables add to them.

    A sentence is left out where a figure that it speaks of is not known.
    """
    details = active_region().details
    if details is None:
        return None
    said = [
        told for words in (details.standfirst, *details.findings) if (told := _told(words, facts))
    ]
    return {lang: " ".join(told[lang] for told in said) for lang in languages()} if said else None


def _told(words: Mapping[str, str], facts: Mapping[str, Pair]) -> Pair | None:
    """Return a text by language with its slots filled; None if a fact is missing."""
    if not words:
        return None
    first = next(iter(words.values()))
    texts = {lang: words.get(lang, first) for lang in languages()}
    if not slots_of(texts.values()) <= facts.keys():
        return None
    return {
        lang: filled(text, **{name: fact[lang] for name, fact in facts.items()})
        for lang, text in texts.items()
    }


def slots_of(texts: Iterable[str]) -> set[str]:
    """Return the names that stand in braces in texts."""
    return {name for text in texts for name in SLOT.findall(text)}
