"""One file a format; a reader is a module of this package with a `READER`.

Content decides first and the name second: each reader says how sure it is of a blob, the surest reads it.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from ...errors import UnsupportedFormat
from ...model import Document
from ..blob import Blob


@dataclass(frozen=True, slots=True)
class Reader:
    """A format. `sniff(blob)` is how sure it is (0: no; 1: the content proves it), `read(blob)` yields
    Documents, and for a container further Blobs, which are read in their turn.
    """

    name: str
    sniff: Callable[[Blob], float]
    read: Callable[[Blob], Iterator[Document | Blob]]


@cache
def readers() -> tuple[Reader, ...]:
    """Every reader, in order of name."""
    package = importlib.import_module(__name__)
    modules = (importlib.import_module(f"{__name__}.{m.name}") for m in pkgutil.iter_modules(package.__path__))
    return tuple(sorted((m.READER for m in modules if hasattr(m, "READER")), key=lambda r: r.name))


def reader_for(blob: Blob) -> Reader:
    """The reader that is surest of `blob`.

    Raises:
        UnsupportedFormat: if none is.
    """
    sure, reader = max(((r.sniff(blob), r) for r in readers()), key=lambda pair: pair[0])
    if sure <= 0:
        known = ", ".join(r.name for r in readers())
        raise UnsupportedFormat(blob.uri, f"its content is of no format that ficdex reads ({known})")
    return reader
