"""Which parts of a tree a proof names: spans of leaves ``[start, end)``, as in RFC 6962 §2.1.

A *span* stands for the node MTH(D[start:end]). It is *whole* if it has 2^height leaves and begins
at a multiple of that: whole spans never change as the log grows, and any other is made of whole
ones.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import NamedTuple

from tanzhang.engine.log.tree import TreeHash


class Span(NamedTuple):
    """The leaves from ``start`` up to ``end``, which is not one of them."""

    start: int
    end: int


#: Gives the hash of the whole span of 2^height leaves with this number, counted from 0.
WholeNode = Callable[[int, int], bytes]


def split(span: Span) -> tuple[Span, Span]:
    """Both halves of a span of at least two leaves: the left has the largest power of two."""
    middle = span.start + (1 << (span.end - span.start - 1).bit_length() - 1)
    return Span(span.start, middle), Span(middle, span.end)


def inclusion_spans(index: int, size: int) -> list[Span]:
    """The nodes beside the way from leaf ``index`` up to the root over ``size``; PATH(m, D[n])."""
    if not 0 <= index < size:
        raise ValueError(f"leaf {index} is not below {size}")
    beside, span = [], Span(0, size)
    while span.end - span.start > 1:
        left, right = split(span)
        span, other = (left, right) if index < left.end else (right, left)
        beside.append(other)
    return beside[::-1]


def consistency_spans(old: int, new: int) -> list[Span]:
    """The nodes that show the first ``old`` of ``new`` leaves unchanged; PROOF(m, D[n])."""
    if not 0 < old <= new:
        raise ValueError(f"{old} is not a size from 1 to {new}")
    beside, span = [], Span(0, new)
    while span.end != old:
        left, right = split(span)
        span, other = (left, right) if old <= left.end else (right, left)
        beside.append(other)
    if span.start:  # the old root itself is known to whoever asks
        beside.append(span)
    return beside[::-1]


def shared_spans(indexes: Collection[int], size: int) -> Iterator[Span]:
    """The nodes that, with the leaves at ``indexes``, give the root: from left to right."""
    wanted = sorted(set(indexes))
    if not wanted or not 0 <= wanted[0] <= wanted[-1] < size:
        raise ValueError("a proof is of at least one leaf, and of leaves that are there")
    waiting = [(Span(0, size), wanted)]
    while waiting:
        span, inside = waiting.pop()
        if not inside:
            yield span
        elif span.end - span.start > 1:
            left, right = split(span)
            waiting.append((right, [index for index in inside if index >= left.end]))
            waiting.append((left, [index for index in inside if index < left.end]))


def span_hash(digest: TreeHash, span: Span, whole: WholeNode) -> bytes:
    """The node of a span, from whole ones."""
    rest = list(_whole_parts(span))
    found = whole(*rest.pop())
    while rest:
        found = digest.node(whole(*rest.pop()), found)
    return found


def _whole_parts(span: Span) -> Iterator[tuple[int, int]]:
    """(height, number) of the whole spans that make up one, from left to right.

    The start of a span of a proof is a multiple of any power of two that fits into the span.
    """
    start = span.start
    while start < span.end:
        height = (span.end - start).bit_length() - 1
        yield height, start >> height
        start += 1 << height
