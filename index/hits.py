"""What a search answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Sort = Literal["score", "title", "author", "words", "updated", "added"]
"""Best first; by the alphabet; longest first; newest first."""


@dataclass(frozen=True, slots=True)
class Snippet:
    """A passage of one field; `marks` are (start, end) in `text` of the words that were asked for."""

    field: str
    text: str
    marks: list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Hit:
    """A work that was found, and where."""

    id: int
    score: float
    snippets: list[Snippet]


@dataclass(frozen=True, slots=True)
class Widened:
    """A word of the query that is another name for `name` in works of `fandom`, and was looked for as that too."""

    word: str
    name: str
    fandom: str


@dataclass(frozen=True, slots=True)
class Hits:
    """A page of hits; `total` counts all.

    `cut`: words of the query that stand for more words than were looked for. `widened`: what names were taken for too.
    `meant`: queries that find something, with how much, where this one finds nothing.
    """

    total: int
    hits: list[Hit]
    cut: tuple[str, ...] = ()
    widened: tuple[Widened, ...] = ()
    meant: tuple[tuple[str, int], ...] = ()
