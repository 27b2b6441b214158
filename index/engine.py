"""The seam between a query and whatever answers it: a tree goes in; hits, ids and suggestions come out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from .hits import Hits, Sort
from .query_tree import Node


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What stands `at` this place of the query may have been meant as `text`, words or a whole name."""

    at: tuple[int, int]
    text: str


class TooMuch(Exception):
    """A query takes longer than anybody waits."""


class SearchEngine(Protocol):
    """Answers queries about the works of one catalogue. tests/index/engine_suite.py says what has to be found."""

    def find(self, query: Node, *, limit: int = 20, offset: int = 0, sort: Sort = "score") -> Hits:
        """A page of the works that a query finds, with the passages that show why.

        Raises:
            TooMuch: if that would take more than two seconds.
            SearchIndexError: if the engine cannot be used.
        """

    def ids(self, query: Node) -> Iterator[int]:
        """Every work that a query finds, in the order of their ids; raises what `find` does."""

    def suggestions(self, query: Node, until: float) -> list[Suggestion]:
        """What may have been meant by words of a query that no work has, likeliest first; raises what `find` does.

        They are looked for until time.monotonic() is `until`.
        """

    def catch_up(self) -> int:
        """Be in step with the catalogue; how many works that concerned.

        While another process does that, this one goes on with what there is.

        Raises:
            SearchIndexError: if the engine cannot be used.
        """

    def rebuild(self) -> int:
        """Learn the catalogue anew; what was known serves until that is done. How many works there are.

        Raises:
            SearchIndexError: if that is not possible, or another process is doing it.
        """

    def ailment(self) -> str:
        """What is wrong with what the engine keeps; "" if it is in step, or is still to be made by the first search."""

    def close(self) -> None:
        """Let go of files; the next search opens them again."""
