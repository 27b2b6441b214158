"""Pages of people and fandoms, and of the whole catalogue in pictures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, cast

from starlette.responses import Response

from ..errors import NoSuchWork
from . import render
from .ask import LEVELS, Ask
from .drawing import drawn
from .render import LABELS, fandom_url, person_url, spoken
from .shelf import Shelf
from .state import Choice, State

DRAWN = 60
"""Pairs of a drawing: more cannot be told apart."""
LISTED = 100
"""Works of a person, and people, that are listed."""
MANY = 1_000
BARS = 12

Counts = Sequence[tuple[str, int]]


class Bar(NamedTuple):
    """A value with its number of works, as it is said, where it leads, and its share of the longest bar."""

    said: str
    works: int
    url: str
    share: float


class Chart(NamedTuple):
    """Bars under one label; years stand side by side."""

    label: str
    bars: list[Bar]
    upright: bool = False


def chart(label: str, counts: Counts, url: Callable[[str], str], facet: str = "", *, upright: bool = False) -> Chart:
    """A chart of counts; `url` says where a value leads."""
    most = max((n for _, n in counts), default=1)
    bars = [Bar(spoken(value, facet), n, url(value), 100 * n / most) for value, n in counts]
    return Chart(label, bars, upright)


def _within(*choices: Choice) -> Callable[[str], Callable[[str], str]]:
    """Makes of a facet what makes of its values the search within some choices."""

    def of(facet: str) -> Callable[[str], str]:
        return lambda value: State(choices=(*choices, Choice(facet, value))).url()

    return of


def _years(counts: Counts) -> Counts:
    """In their order, with those between that have no work."""
    known = {int(year): n for year, n in counts if 1960 <= int(year) <= 2100}
    return [(str(year), known.get(year, 0)) for year in range(min(known), max(known) + 1)] if known else []


def people(shelf: Shelf, ask: Ask) -> Response:
    """Who betas most, who wrote most, who betas for whom; people whose name holds some letters."""
    part = ask.value("q").strip()
    counts = shelf.kept("people", lambda: shelf.facets(None, ("beta", "author"), LISTED))
    ties = shelf.kept("ties", lambda: shelf.catalog.ties(DRAWN))
    return render.page(
        ask,
        "people.html",
        q=part,
        found=shelf.catalog.people(part, LISTED) if part else [],
        charts=[chart(name, counts[facet], person_url) for facet, name in (("beta", "Betas"), ("author", "Authors"))],
        drawing=drawn(ties) if ties else None,
    )


def person(shelf: Shelf, ask: Ask) -> Response:
    """What somebody wrote, and for whom they have betaed."""
    catalog, name = shelf.catalog, ask.value("name")
    found = catalog.person(name)
    if not found.written and not found.credited:
        raise NoSuchWork(f"the catalogue knows nobody of the name {name!r}")
    written = shelf.facets(found.written, ("fandom", "year", "beta"), BARS * 5)
    credited = shelf.facets(list(found.credited), ("author", "fandom", "year"), BARS * 5)
    as_author, as_beta = _within(Choice("author", name)), _within(Choice("beta", name))
    ties = catalog.ties(DRAWN, name)
    return render.page(
        ask,
        "person.html",
        name=name,
        person=found,
        written=_newest(shelf, found.written),
        credited=[(record, found.credited[cast("int", record["id"])]) for record in _newest(shelf, found.credited)],
        as_author=State(choices=(Choice("author", name),)).url(),
        as_beta=State(choices=(Choice("beta", name),)).url(),
        credit_charts=[
            chart("For", credited["author"][:BARS], person_url),
            chart("Fandoms", credited["fandom"][:BARS], as_beta("fandom")),
            chart("Years", _years(credited["year"]), as_beta("year"), upright=True),
        ],
        author_charts=[
            chart("Fandoms", written["fandom"][:BARS], as_author("fandom")),
            chart("Betaed by", written["beta"][:BARS], person_url),
            chart("Years", _years(written["year"]), as_author("year"), upright=True),
        ],
        drawing=drawn(ties) if len(ties) > 1 else None,
    )


def _newest(shelf: Shelf, ids: Sequence[int] | dict[int, Any]) -> list[dict[str, Any]]:
    """Records of some works, by their dates, the newest first."""
    records = list(shelf.catalog.records(sorted(ids, reverse=True)[:LISTED]))
    return sorted(records, key=lambda r: str(r["published"] or r["updated"] or ""), reverse=True)


def fandoms(shelf: Shelf, ask: Ask) -> Response:
    """All fandoms by their number of works."""
    counts = shelf.kept("fandoms", lambda: shelf.facets(None, ("fandom",), MANY))
    return render.page(ask, "fandoms.html", charts=[chart("Works", counts["fandom"], fandom_url)])


def fandom(shelf: Shelf, ask: Ask) -> Response:
    """A fandom: its characters, relationships, years, and who writes in it."""
    title = ask.value("title")
    ids = shelf.catalog.of_fandom(title)
    if not ids:
        raise NoSuchWork(f"the catalogue knows no fandom {title!r}")
    names = ("character", "relationship", "year", "rating", "words", "author", "beta", "tag")
    counts = shelf.kept(("fandom", title), lambda: shelf.facets(ids, names, BARS * 5))
    inside = _within(Choice("fandom", title))
    return render.page(
        ask,
        "fandom.html",
        title=title,
        works=len(ids),
        url=State(choices=(Choice("fandom", title),)).url(),
        charts=_charts(counts, inside, {"character": BARS * 2}),
    )


def overview(shelf: Shelf, ask: Ask) -> Response:
    """The whole catalogue in pictures."""
    names = ("year", "words", "rating", "fandom", "beta", "author", "language", "status", "tag", "source")
    counts = shelf.kept("overview", lambda: shelf.facets(None, names, BARS * 5))
    stats = shelf.kept("stats", shelf.catalog.stats)
    return render.page(ask, "overview.html", stats=stats, charts=_charts(counts, _within(), {}))


def _charts(
    counts: dict[str, list[tuple[str, int]]], url: Callable[[str], Callable[[str], str]], most: dict[str, int]
) -> list[Chart]:
    """A chart of each facet: years and lengths in their order, all else by number."""
    made = []
    for facet, found in counts.items():
        shown: Counts = found[: most.get(facet, BARS)]
        if facet == "year":
            shown = _years(found)
        elif facet == "words":
            shown = sorted(found, key=lambda item: int(item[0].partition("..")[0]))
        elif facet == "rating":
            shown = sorted(found, key=lambda item: LEVELS.index(item[0]) if item[0] in LEVELS else len(LEVELS))
        if shown:
            made.append(chart(LABELS[facet], shown, url(facet), facet, upright=facet == "year"))
    return made
