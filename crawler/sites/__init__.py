"""One file a site engine; a site is a module of this package with a `SITE`.

readers/html.py asks them in order of name, and the first that recognises a page reads it, saved or fetched.
What the crawler must know besides, URLs and links, each site says for its own.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal
from urllib.parse import SplitResult

from selectolax.lexbor import LexborHTMLParser

from ...model import Document
from ..blob import Blob, DocumentBuilder

Kind = Literal["work", "listing", "page"]
"""Of a URL: it shows a work, it lists works, or nobody knows before it is read."""


@dataclass(frozen=True, slots=True)
class Target:
    """A URL as its site's rules see it: `canon` is its one name, `fetch` what to ask for ("" for `canon`)."""

    canon: str
    kind: Kind = "page"
    fetch: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """Where a page leads: an absolute URL, what it is likely to be, and the date that the page says it changed.

    `same_depth`: it goes on with this page (the next page of a listing), and is no step further away.
    """

    url: str
    kind: Kind = "page"
    updated: str | None = None
    same_depth: bool = False


def no_target(url: SplitResult) -> Target | None:
    """A site without rules of its own for URLs."""
    return None


def no_links(tree: LexborHTMLParser, base: str) -> Iterator[Link]:
    """A site whose pages are read and not followed."""
    return iter(())


@dataclass(frozen=True, slots=True)
class Site:
    """An engine: `recognises(tree)` from the page alone, `read(tree, blob, builder)` yields its Documents.

    `builder` is a fresh one that knows how the bytes were decoded; a listing makes one for each work.
    For the crawler: `hosts` that are known to run it (and their subdomains), the `delay` in seconds between
    requests to one, `target(url)` its rules for URLs (None: not one of this engine's), `links(tree, base)`
    the works and further listings that a page leads to, nothing else; `base` is the page's absolute URL.
    """

    name: str
    recognises: Callable[[LexborHTMLParser], bool]
    read: Callable[[LexborHTMLParser, Blob, DocumentBuilder], Iterator[Document]]
    hosts: tuple[str, ...] = ()
    delay: float = 5.0
    target: Callable[[SplitResult], Target | None] = no_target
    links: Callable[[LexborHTMLParser, str], Iterator[Link]] = no_links


@cache
def sites() -> tuple[Site, ...]:
    """Every site engine, in order of name."""
    package = importlib.import_module(__name__)
    modules = (importlib.import_module(f"{__name__}.{m.name}") for m in pkgutil.iter_modules(package.__path__))
    return tuple(sorted((m.SITE for m in modules if hasattr(m, "SITE")), key=lambda s: s.name))
