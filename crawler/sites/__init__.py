"""One file a site engine; a site is a module of this package with a `SITE`.

readers/html.py asks them in order of name; the first that recognises a page reads it.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from selectolax.lexbor import LexborHTMLParser

from ...model import Document
from ..blob import Blob, DocumentBuilder


@dataclass(frozen=True, slots=True)
class Site:
    """An engine: `recognises(tree)` from the page alone, `read(tree, blob, builder)` yields its Documents.

    `builder` is a fresh one that knows how the bytes were decoded; a listing makes one for each work.
    """

    name: str
    recognises: Callable[[LexborHTMLParser], bool]
    read: Callable[[LexborHTMLParser, Blob, DocumentBuilder], Iterator[Document]]


@cache
def sites() -> tuple[Site, ...]:
    """Every site engine, in order of name."""
    package = importlib.import_module(__name__)
    modules = (importlib.import_module(f"{__name__}.{m.name}") for m in pkgutil.iter_modules(package.__path__))
    return tuple(sorted((m.SITE for m in modules if hasattr(m, "SITE")), key=lambda s: s.name))
