"""The catalogue as pages read it: a few threads, each with its own connection, while another process may write."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from ..errors import FicdexError
from ..index.catalog import Catalog
from ..index.facet_columns import FacetColumns
from ..index.search import SearchIndex
from ..index.search_folder import SearchFolder

THREADS = 2
KEPT = 64
"""Counts that are kept until the catalogue changes; those of a large result take longer than the rest of its page."""

T = TypeVar("T")
Counts = dict[str, list[tuple[str, int]]]


class Shelf:
    """One thread's catalogue and search index, open for reading."""

    def __init__(self, path: Path, kept: Kept, columns: FacetColumns) -> None:
        self.catalog = Catalog.open(path)
        self.index = SearchIndex.open(self.catalog)
        self._folder = SearchFolder(self.catalog.key)
        self._kept, self._columns, self._stamp = kept, columns, self._folder.stamp()

    def refreshed(self) -> Shelf:
        """The shelf, with an index as others have left it."""
        stamp = self._folder.stamp()
        if stamp != self._stamp:
            self.index.close()
            self._stamp = stamp
        return self

    def facets(self, ids: Sequence[int] | None, names: Sequence[str], limit: int) -> Counts:
        """What facets.facets gives."""
        return self._columns.facets(self.catalog, ids, names, limit)

    def kept(self, key: Hashable, make: Callable[[], T]) -> T:
        """What `make` gives; worked out once for each state of the catalogue."""
        found: T = self._kept.get((self.catalog.last_seq(), key), make)
        return found


class Kept:
    """The answers that were used last, for all threads."""

    def __init__(self) -> None:
        self._answers: OrderedDict[Hashable, Any] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], Any]) -> Any:
        with self._lock:
            if key in self._answers:
                self._answers.move_to_end(key)
                return self._answers[key]
        answer = make()
        with self._lock:
            self._answers[key] = answer
            while len(self._answers) > KEPT:
                self._answers.popitem(last=False)
        return answer


class Shelves:
    """Runs pages in threads that keep their connections: SQLite's are not shared between threads."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="ficdex-page")
        self._own = threading.local()
        self._kept, self._columns = Kept(), FacetColumns()

    async def run(self, page: Callable[[Shelf], T]) -> T:
        """What `page` makes of a shelf."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._run, page)

    async def warmed(self, read: Callable[[Shelf], None]) -> None:
        """Let a thread `read` ahead; what is wrong with the catalogue is said by the pages."""
        with contextlib.suppress(FicdexError, sqlite3.Error):
            await self.run(read)

    def _run(self, page: Callable[[Shelf], T]) -> T:
        if not hasattr(self._own, "shelf"):
            self._own.shelf = Shelf(self.path, self._kept, self._columns)
        return page(self._own.shelf.refreshed())

    @contextlib.contextmanager
    def writing(self) -> Iterator[Catalog]:
        """The catalogue to correct; afterwards the search index is in step.

        Raises:
            CatalogBusy: if another run writes.
        """
        with Catalog.open(self.path, write=True) as catalog:
            yield catalog
            SearchIndex.open(catalog).catch_up()

    def close(self) -> None:
        """No more pages."""
        self._threads.shutdown(cancel_futures=True)


def prepared(path: Path) -> None:
    """Bring the search index in step before threads ask for it; what is wrong is said before a server starts.

    Raises:
        CatalogError: if the catalogue cannot be opened.
        SearchIndexError: if there is no place for its index.
    """
    with Catalog.open(path) as catalog:
        SearchIndex.open(catalog).catch_up()
