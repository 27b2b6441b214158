"""Templates: everything that comes from the catalogue is escaped, and nothing else decides how a page looks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from .. import __version__
from ..fields import BY_KEY, people
from ..text import counted
from .ask import LEVELS, Ask
from .state import State, of_facet

HERE = Path(__file__).parent
LABELS = {
    "fandom": "Fandom", "character": "Character", "beta": "Beta", "author": "Author", "relationship": "Relationship",
    "rating": "Rating", "language": "Language", "status": "Status", "year": "Year", "words": "Length", "tag": "Tag",
    "source": "Source",
}  # fmt: skip
"""How facets are called."""


@cache
def environment() -> Environment:
    """Jinja, as all pages use it."""
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, auto_reload=False,
    )  # fmt: skip
    made.filters |= {"number": "{:,}".format, "people": people, "pieces": pieces, "spoken": spoken}
    made.globals |= {
        "version": __version__, "labels": LABELS, "levels": LEVELS, "labelled": BY_KEY, "counted": counted,
        "facet_url": of_facet, "person_url": person_url, "fandom_url": fandom_url, "query_url": query_url,
    }  # fmt: skip
    return made


def page(ask: Ask, template: str, status: int = 200, **values: object) -> HTMLResponse:
    """A page of a template."""
    made = environment().get_template(template).render(ask=ask, **values)
    return HTMLResponse(made, status)


def person_url(name: str) -> str:
    """The page of a person."""
    return f"/person?{urlencode({'name': name})}"


def fandom_url(title: str) -> str:
    """The page of a fandom."""
    return f"/fandom?{urlencode({'title': title})}"


def query_url(query: str) -> str:
    """The search page of a query."""
    return State(q=query).url()


def pieces(text: str, marks: Iterable[tuple[int, int]]) -> Iterator[tuple[str, bool]]:
    """`text` in pieces, and whether each is one of `marks`."""
    at = 0
    for start, end in marks:
        yield text[at:start], False
        yield text[start:end], True
        at = end
    yield text[at:], False


def spoken(value: str, facet: str) -> str:
    """A facet's value as a person says it: "1000..4999" is "1,000 to 4,999 words"."""
    if facet != "words":
        return value
    low, _, high = value.partition("..")
    if not high:
        return f"{int(low):,} words and more"
    return f"under {int(high) + 1:,} words" if low == "0" else f"{int(low):,} to {int(high):,} words"
