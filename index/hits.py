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
class Hits:
    """A page of hits; `total` counts all. `cut`: words of the query that stand for more words than were looked for."""

    total: int
    hits: list[Hit]
    cut: tuple[str, ...] = ()
