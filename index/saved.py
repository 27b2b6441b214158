"""Saved searches: queries that the owner gave a name, which `@name` stands for in any query."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..errors import CatalogError, QueryError
from .query import parse
from .sequence import now

if TYPE_CHECKING:
    from .catalog import Catalog

_NAME = re.compile(r"[^\W_][\w\-]*")


class SavedSearches:
    """Those of one catalogue."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog

    def query(self, name: str) -> str | None:
        """The query that was saved under a name; None if there is none."""
        row = self.catalog.db.execute("SELECT query FROM saved_searches WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else None

    def all(self) -> list[tuple[str, str]]:
        """(name, query) of each, by name."""
        found = self.catalog.db.execute("SELECT name, query FROM saved_searches ORDER BY name")
        return [(str(name), str(query)) for name, query in found]

    def save(self, name: str, query: str) -> None:
        """Give a query a name, in the place of the one that had it.

        Raises:
            QueryError: if the query cannot be understood, or nobody could write the name in a query.
        """
        if not _NAME.fullmatch(name):
            raise QueryError(name, 0, "a search is saved under a name of letters, digits, - and _")
        parse(query, lambda other: query if other == name else self.query(other))
        with self.catalog.transaction():
            self.catalog.db.execute("INSERT OR REPLACE INTO saved_searches VALUES (?, ?, ?)", (name, query, now()))

    def forget(self, name: str) -> None:
        """Take a name back.

        Raises:
            CatalogError: if no search is saved under it.
        """
        with self.catalog.transaction():
            gone = self.catalog.db.execute("DELETE FROM saved_searches WHERE name = ?", (name,)).rowcount
        if not gone:
            raise CatalogError(f"no search is saved as {name!r}; `ficdex search --saved` lists them")
