"""Search as a person asks for it: a query becomes a tree, names are widened by their aliases, and an engine answers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Self

from ..errors import QueryError
from .embedded import Embedded
from .engine import SearchEngine, TooMuch
from .hits import Hits, Sort
from .query import parse
from .query_tree import Node
from .widening import Widening

if TYPE_CHECKING:
    from .catalog import Catalog


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
        tree, widening = self._tree(query)
        with _in_time(query):
            hits = self.engine.find(tree, limit=limit, offset=offset, sort=sort)
        return replace(hits, widened=widening.done)

    def ids(self, query: str) -> Iterator[int]:
        """Every work that a query finds, in the order of their ids.

        Raises:
            QueryError: if the query cannot be understood, or takes too long.
            SearchIndexError: if the index can neither be used nor rebuilt.
        """
        tree, _ = self._tree(query)
        with _in_time(query):
            yield from self.engine.ids(tree)

    def _tree(self, query: str) -> tuple[Node, Widening]:
        widening = Widening(self.catalog.db)
        return widening.widen(parse(query)), widening


@contextmanager
def _in_time(query: str) -> Iterator[None]:
    try:
        yield
    except TooMuch:
        problem = "this takes more than two seconds; ask for fewer words, or for longer ones before a *"
        raise QueryError(query, 0, problem) from None
