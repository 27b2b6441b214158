"""The queue of doubts that the owner is at, kept between requests."""

from __future__ import annotations

import threading

from ..index.catalog import Catalog
from ..index.review import REVIEWED, Queue

BELOW = 0.8
MOST = 500
"""Values of one queue."""


class Desk:
    """The queue that the owner is at; it lasts as long as the server, and is the same in every window."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.queue: Queue | None = None
        self.fields: tuple[str, ...] = ()

    def of(self, catalog: Catalog, fields: tuple[str, ...]) -> Queue:
        """The queue of some fields; another one than before is filled anew."""
        if self.queue is None or fields != self.fields:
            self.queue, self.fields = Queue(catalog.doubts(fields or REVIEWED, BELOW)[:MOST]), fields
        return self.queue
