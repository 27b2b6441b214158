"""The search page: hits as cards, facets beside them, and the result as CSV."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple, cast

from starlette.responses import RedirectResponse, Response, StreamingResponse

from ..errors import QueryError
from ..index.export import Options, exporters
from ..index.facets import NAMES
from ..index.hits import Hit, Snippet
from . import render
from .ask import HIDDEN, LEVELS, Ask
from .shelf import Shelf
from .state import EVERYTHING, LAST, PAGE, SORTS, Choice, State

EXAMPLES = (
    ("vampire motel", "both words, anywhere"),
    ('"thanks to my cat"', "a phrase"),
    ("beta:trisha -fandom:angel", "in a field, and not in another"),
    ("title:moth* OR note:moth", "a beginning; either of two"),
    ("text:refrigerator character:tara", "the word in the story, and Tara in it"),
    ("words:>10000 published:2003", "numbers and dates"),
    ('NOT (rating:R OR rating:"NC-17")', "none of these"),
    ("beta:* -summary:*", "something, nothing is known"),
)
VALUES = 8
"""Values of a facet that are shown."""
SPOOLED = 4_000_000
BLOCK = 65_536
A_YEAR = 365 * 24 * 3600


class Card(NamedTuple):
    """A work on the page: its record, and the passages that show why it was found, by field."""

    record: dict[str, Any]
    snippets: dict[str, Snippet]


class Value(NamedTuple):
    """A facet's value with its count, and where it leads."""

    value: str
    works: int
    included: bool
    include: str
    exclude: str


def search(shelf: Shelf, ask: Ask) -> Response:
    """A page of hits."""
    state = State.of(ask.values)
    try:
        query = state.query(ask.hidden)
        hits = shelf.index.find(query, limit=PAGE, offset=(state.page - 1) * PAGE, sort=state.order)
    except QueryError as problem:
        return _misunderstood(ask, state, problem)
    counts = shelf.kept(query, lambda: _counts(shelf, query))
    found: dict[str, Any] = {
        "state": state,
        "problem": None,
        "total": hits.total,
        "cut": hits.cut,
        "widened": hits.widened,
        "meant": [(query, count, replace(state, q=query, page=1).url()) for query, count in hits.meant],
        "cards": _cards(shelf, hits.hits),
        "pages": min(-(-hits.total // PAGE), LAST),
        "facets": {name: _values(state, name, counts[name]) for name in NAMES},
    }
    return render.page(ask, "search.html", **found, **_always(state))


def warm(shelf: Shelf) -> None:
    """Read what the first pages need."""
    shelf.index.find(EVERYTHING, limit=1)
    shelf.facets(None, NAMES, VALUES)


def _always(state: State) -> dict[str, Any]:
    """What the page shows whatever was found."""
    return {
        "examples": EXAMPLES,
        "sorts": [(sort, state.sorted_by(sort).url(), sort == state.order) for sort in SORTS],
        "chosen": [(choice, state.toggled(choice).url()) for choice in state.choices],
        "csv": state.url("/works.csv"),
    }


def _misunderstood(ask: Ask, state: State, problem: QueryError) -> Response:
    """The page for a query that cannot be understood; it points at the place, if that is in what was typed."""
    at = problem.position if problem.query == state.q else None
    shown = {"state": state, "problem": problem.problem, "at": at, "total": 0, "cards": [], "pages": 0}
    shown |= {"cut": (), "widened": (), "meant": ()}
    return render.page(ask, "search.html", 400, **shown, facets={}, **_always(state))


def _counts(shelf: Shelf, query: str) -> dict[str, list[tuple[str, int]]]:
    ids = None if query == EVERYTHING else list(shelf.index.ids(query))
    return shelf.facets(ids, NAMES, VALUES)


def _values(state: State, facet: str, counts: Sequence[tuple[str, int]]) -> list[Value]:
    def value(name: str, count: int) -> Value:
        include, exclude = Choice(facet, name), Choice(facet, name, wanted=False)
        return Value(name, count, include in state.choices, state.toggled(include).url(), state.toggled(exclude).url())

    return [value(name, count) for name, count in counts]


def _cards(shelf: Shelf, hits: Sequence[Hit]) -> list[Card]:
    records = {cast("int", r["id"]): r for r in shelf.catalog.records([hit.id for hit in hits])}
    return [Card(records[hit.id], {s.field: s for s in hit.snippets}) for hit in hits if hit.id in records]


def csv(shelf: Shelf, ask: Ask) -> Response:
    """The whole result as `ficdex export` writes it."""
    state = State.of(ask.values)
    try:
        ids = list(shelf.index.ids(state.query(ask.hidden)))
    except QueryError as problem:
        return _misunderstood(ask, state, problem)
    file = tempfile.SpooledTemporaryFile(SPOOLED)  # noqa: SIM115  (closed by who reads it last)
    text = io.TextIOWrapper(cast("Any", file), encoding="utf-8", errors="replace", newline="", write_through=True)
    exporters()["csv"].write(shelf.catalog.records(ids), text, Options())
    text.detach()
    file.seek(0)
    headers = {"Content-Disposition": 'attachment; filename="ficdex.csv"'}
    return StreamingResponse(_read(file.read, file.close), headers=headers, media_type="text/csv; charset=utf-8")


def _read(read: Callable[[int], bytes], close: Callable[[], None]) -> Iterator[bytes]:
    try:
        while block := read(BLOCK):
            yield block
    finally:
        close()


def hide(shelf: Shelf, ask: Ask) -> Response:
    """Remembers in the browser which ratings are left out of what is searched."""
    levels = [level for level in LEVELS if ask.form.get(level)]
    response = RedirectResponse(own(ask.form.get("back", "/")), 303)
    response.set_cookie(HIDDEN, "+".join(levels), max_age=A_YEAR, httponly=True, samesite="strict")
    return response


def own(address: str) -> str:
    """An address of this server; any other becomes the search page."""
    plain = address.startswith("/") and not address.startswith("//") and address.isprintable() and "\\" not in address
    return address if plain else "/"
