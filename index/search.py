"""Search as a person asks for it: a query becomes a tree, names are widened by their aliases, and an engine answers."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Self

from ..errors import QueryError
from .embedded import Embedded
from .engine import SearchEngine, Suggestion, TooMuch
from .hits import Hits, Sort
from .query import parse
from .query_tree import Node, Words, leaves
from .saved import SavedSearches
from .widening import Widening

if TYPE_CHECKING:
    from .catalog import Catalog

SUGGESTING = 1.5
"""Seconds after which no more suggestions are looked for."""
MOST = 5
"""Suggestions that are tried."""


class SearchIndex:
    """The search of a catalogue."""

    def __init__(self, catalog: Catalog, engine: SearchEngine) -> None:
        self.catalog, self.engine = catalog, engine

    @classmethod
    def open(cls, catalog: Catalog) -> Self:
        """The catalogue's search; a missing, older or damaged index is rebuilt when it is first used.

        Raises:
            SearchIndexError: if there is no place to keep it.
        """
        return cls(catalog, Embedded(catalog))

    def close(self) -> None:
        self.engine.close()

    def catch_up(self) -> int:
        """Bring the index in step with the catalogue; how many works that concerned.

        While another process does that, this one goes on with what there is.

        Raises:
            SearchIndexError: if the index cannot be written.
        """
        return self.engine.catch_up()

    def rebuild(self) -> int:
        """Make the index anew; the old one serves until the new one is whole.

        Raises:
            SearchIndexError: if it cannot be written, or another process is writing it.
        """
        return self.engine.rebuild()

    def ailment(self) -> str:
        """What is wrong with the index; "" if it is in step, or is still to be made by the first search."""
        return self.engine.ailment()

    def find(self, query: str, *, limit: int = 20, offset: int = 0, sort: Sort = "score") -> Hits:
        """A page of the works that a query finds, with the passages that show why.

        Raises:
            QueryError: if the query cannot be understood, or takes too long.
            SearchIndexError: if the index can neither be used nor rebuilt.
        """
        started = time.monotonic()
        tree, widening = self._tree(query)
        with _in_time(query):
            hits = self.engine.find(tree, limit=limit, offset=offset, sort=sort)
        meant = () if hits.total else tuple(self._meant(query, tree, started + SUGGESTING))
        return replace(hits, widened=widening.done, meant=meant)

    def ids(self, query: str) -> Iterator[int]:
        """Every work that a query finds, in the order of their ids.

        Raises:
            QueryError: if the query cannot be understood, or takes too long.
            SearchIndexError: if the index can neither be used nor rebuilt.
        """
        tree, _ = self._tree(query)
        with _in_time(query):
            yield from self.engine.ids(tree)

    def _meant(self, query: str, tree: Node, until: float) -> Iterator[tuple[str, int]]:
        """Queries like one that finds nothing, and how much they find; best first."""
        with suppress(TooMuch):
            others = [*without_role(query, tree), *rewritten(query, self.engine.suggestions(tree, until))]
            for other in islice(dict.fromkeys(others), MOST):
                if time.monotonic() > until:
                    return
                if count := sum(1 for _ in self.engine.ids(self._tree(other)[0])):
                    yield other, count

    def _tree(self, query: str) -> tuple[Node, Widening]:
        widening = Widening(self.catalog.db)
        return widening.widen(parse(query, SavedSearches(self.catalog).query)), widening


def rewritten(query: str, suggestions: Sequence[Suggestion]) -> Iterator[str]:
    """A query with what may have been meant: the likeliest everywhere, then the others one at a time."""
    best = {suggestion.at: suggestion.text for suggestion in reversed(suggestions)}
    others = [suggestion for suggestion in suggestions if suggestion.text != best[suggestion.at]]
    for changed in ({}, *({other.at: other.text} for other in others)):
        words = query
        for (start, end), text in sorted({**best, **changed}.items(), reverse=True):
            words = words[:start] + (text if _PLAIN.fullmatch(text) else f'"{text}"') + words[end:]
        if words != query:
            yield words


def without_role(query: str, tree: Node) -> Iterator[str]:
    """A query that asks for people whatever they did, or wherever they stand: `credit:tom` for `beta:tom`."""
    for leaf in leaves(tree):
        if isinstance(leaf, Words) and leaf.role and (name := _NAME.search(query[: leaf.at[0]])):
            yield query[: name.start()] + f"{_ANY_ROLE[leaf.field or '']}:" + query[leaf.at[0] :]


_NAME = re.compile(r"[\w-]+:\s*$")
_PLAIN = re.compile(r"[^\W_]+")
_ANY_ROLE = {"betas": "credit", "characters": "character"}


@contextmanager
def _in_time(query: str) -> Iterator[None]:
    try:
        yield
    except TooMuch:
        problem = "this takes more than two seconds; ask for fewer words, or for longer ones before a *"
        raise QueryError(query, 0, problem) from None
