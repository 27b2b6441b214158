"""The tree of a query: what parsing makes of what a person types, and what a search engine answers."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Literal, TypeAlias

TEXT = "text"
"""The story itself: the one field of words that is no key of the work record."""
CROSSOVER = "crossover"
"""What a work of more than one fandom is."""

Kind = Literal["words", "phrase", "exact", "prefix", "wildcard", "fuzzy"]


@dataclasses.dataclass(frozen=True, slots=True)
class Words:
    """Words to find; `field` is a key of the work record, TEXT, or None for anywhere; `near` widens.

    A whole value ("exact") is looked for in fields of names and titles; in prose it is a phrase.

    `role`: only of those with this role (of `betas`) or on this stage (of `characters`). `weight`: how much they
    count. What `also` finds is found too. `at` is where in the query they stand; (0, 0) for words that nobody typed.
    """

    text: str
    field: str | None = None
    kind: Kind = "words"
    near: int = 1
    role: str | None = None
    weight: float = 1.0
    also: tuple[Node, ...] = ()
    at: tuple[int, int] = dataclasses.field(default=(0, 0), compare=False)


@dataclasses.dataclass(frozen=True, slots=True)
class Pair:
    """One relationship of these people, in whatever order; each side is a name or another name for it.

    `whole`: their whole names, not words of them.
    """

    sides: tuple[tuple[str, ...], ...]
    whole: bool = False
    also: tuple[Node, ...] = ()
    at: tuple[int, int] = dataclasses.field(default=(0, 0), compare=False)


@dataclasses.dataclass(frozen=True, slots=True)
class Range:
    """A number or date of the record between `low` and `high`, both included (dates: yyyymmdd).

    `added` is when the work came into the catalogue.
    """

    field: str
    low: int | None
    high: int | None


@dataclasses.dataclass(frozen=True, slots=True)
class Exists:
    """The record says something for `field`, with `role` for somebody of that role; or the work is a CROSSOVER."""

    field: str
    role: str | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class And:
    """All of them."""

    parts: tuple[Node, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Or:
    """At least one of them."""

    parts: tuple[Node, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Not:
    """Everything else."""

    part: Node


Node: TypeAlias = Words | Pair | Range | Exists | And | Or | Not


def leaves(node: Node) -> Iterator[Words | Pair]:
    """What hits may hold: all words and pairs but those behind a NOT."""
    match node:
        case Words() | Pair():
            yield node
        case And(parts) | Or(parts):
            for part in parts:
                yield from leaves(part)


def terms(node: Node) -> Iterator[Words]:
    """The words that hits may show, names that were meant by an alias too."""
    for leaf in leaves(node):
        if isinstance(leaf, Words):
            yield leaf
        else:
            yield from (Words(name, "relationships", "phrase") for side in leaf.sides for name in side)
        for other in leaf.also:
            yield from terms(other)
