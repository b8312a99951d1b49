"""Topology in arrays: which nodes stay, and which steps from node to node make one edge."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from roxham.geo._types import AnyInts, Bools
from roxham.geo.columns import Ragged, distinct, ends
from roxham.geo.network.graph import weak_components

__all__ = ["Steps", "chain_steps", "is_endpoint"]


class Steps(NamedTuple):
    """Directed steps from node to node, in OSMnx's order: way by way, there and back."""

    tail: AnyInts
    head: AnyInts
    way: AnyInts
    back: Bools


def is_endpoint(tail: AnyInts, head: AnyInts, count: int) -> Bools:
    """Return which nodes end edges, by OSMnx's rules 1 to 3."""
    out, into = np.bincount(tail, minlength=count), np.bincount(head, minlength=count)
    low, high = np.minimum(tail, head).astype(np.int64), np.maximum(tail, head)
    pairs = distinct(low * count + high)
    low, high = pairs // max(count, 1), pairs % max(count, 1)
    looped = np.zeros(count, dtype=bool)
    looped[low[low == high]] = True
    neighbours = np.bincount(np.concatenate([low, high]), minlength=count)
    degree = out + into
    through = (neighbours == 2) & ((degree == 2) | (degree == 4)) & (out > 0) & (into > 0)
    ends_here: Bools = looped | ~through
    return ends_here


def chain_steps(steps: Steps, stays: Bools) -> tuple[Ragged, int, Bools]:
    """Return the steps of each edge, the number of isolated rings, and the nodes that stay.

    A step between two nodes that stay is an edge. The others are chained: each
    link of two nodes is seen from both, every such half-link knows the next one
    through a node that does not stay, and doubling these pointers finds the last
    half-link of each chain and the distance to it. A chain is an edge where every
    link of it is open in its direction. Where none of its ends leads into a chain
    (streets drawn twice, one-way and two-way), OSMnx merges nothing: its nodes stay.
    """
    direct = np.flatnonzero(stays[steps.tail] & stays[steps.head])
    tail, head, first = _half_links(steps, stays)
    follower = _followers(tail, head, stays)
    last, distance = _follow(follower)
    ended = follower[last] < 0
    rings = _ring_count(tail[~ended], head[~ended], len(stays))
    terminal = np.cumsum(follower < 0) - 1
    rows = np.flatnonzero(ended)
    chain, rest = terminal[last[rows]], distance[rows]
    size = np.bincount(chain, minlength=int((follower < 0).sum()))
    offsets = ends(size)
    ordered = np.empty(len(rows), dtype=np.int64)
    ordered[offsets[1:][chain] - 1 - rest] = rows
    if not len(rows):
        return Ragged(np.arange(len(direct) + 1), direct), rings, stays
    unled = (first[ordered[offsets[:-1]]] < 0) & (first[ordered[offsets[1:] - 1] ^ 1] < 0)
    if unled.any():
        loose = np.zeros(len(stays), dtype=bool)
        loose[head[Ragged(offsets, ordered).take(np.flatnonzero(unled)).values]] = True
        return chain_steps(steps, stays | loose)
    is_open = np.minimum.reduceat(first[ordered], offsets[:-1]) >= 0
    chains = Ragged(offsets, first[ordered].astype(np.int64)).take(np.flatnonzero(is_open))
    offsets = np.concatenate([np.arange(len(direct) + 1), chains.offsets[1:] + len(direct)])
    return Ragged(offsets, np.concatenate([direct, chains.values])), rings, stays


def _half_links(steps: Steps, stays: Bools) -> tuple[AnyInts, AnyInts, AnyInts]:
    """Return tail, head and first step (-1: none) of each half-link; 2i and 2i + 1 are one link."""
    inner = np.flatnonzero(~(stays[steps.tail] & stays[steps.head]))
    tail, head = steps.tail[inner], steps.head[inner]
    low, high = np.minimum(tail, head).astype(np.int64), np.maximum(tail, head)
    count = len(stays)
    pairs, link = np.unique(low * count + high, return_inverse=True)
    half = 2 * link + (tail > head)
    first = np.full(2 * len(pairs), -1, dtype=np.int32)
    first[half[::-1]] = inner[::-1]  # of parallel steps the first one counts, as in OSMnx
    ends_of = np.empty((len(pairs), 2), dtype=np.int32)
    ends_of[:, 0], ends_of[:, 1] = pairs // max(count, 1), pairs % max(count, 1)
    return ends_of.ravel(), ends_of[:, ::-1].ravel(), first


def _followers(tail: AnyInts, head: AnyInts, stays: Bools) -> AnyInts:
    """Return the half-link that follows each one, -1 where it ends at a node that stays."""
    leaving = np.flatnonzero(~stays[tail])
    leaving = leaving[np.argsort(tail[leaving], kind="stable")]
    one, other = leaving[::2], leaving[1::2]  # two leave each such node
    follower = np.full(len(tail), -1, dtype=np.int32)
    follower[one ^ 1], follower[other ^ 1] = other, one
    return follower


def _follow(follower: AnyInts) -> tuple[AnyInts, AnyInts]:
    """Return the end of each pointer chain and the number of steps to it."""
    own = np.arange(len(follower), dtype=np.int32)
    last = np.where(follower < 0, own, follower)
    distance = (follower >= 0).astype(np.int32)
    for _ in range(len(follower).bit_length()):
        if np.array_equal(last[last], last):
            break
        distance += distance[last]
        last = last[last]
    return last, distance


def _ring_count(tail: AnyInts, head: AnyInts, count: int) -> int:
    _, part = weak_components(tail, head, count)
    return len(distinct(part[tail]))
