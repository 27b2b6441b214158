"""A box's labels as header lines and declared fields."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache

from ...lexicon import lexicon, tables
from ...model import Chapters, Role, Series, Span, Stat, Value
from ...text import fold, one_line
from ..blob import DocumentBuilder
from ..dates import iso_date
from .efiction_boxes import Entry

_NUMBER = re.compile(r"\d{1,3}(?:[,.']\d{3})+|\d{1,9}")
_LISTED = re.compile(r"(?:browse|categories|viewseries|series|challenges|viewpage)\.php", re.IGNORECASE)
"""Scripts whose links are values; other links in a box are the site's: reviews, reports, e-books."""
_LONGEST = 60
"""Characters of a value that no label's list announces."""


def read_box(builder: DocumentBuilder, box: list[Entry], days_lead: bool | None) -> None:
    """Add the labels of a work's box and declare their fields; `days_lead` as `dates.day_first` found it."""
    shown = [entry for entry in box[1:] if entry.field not in ("aside", "summary") and _says(entry)]
    for entry in (e for e in box[1:] if e.field == "summary" and _says(e)):
        summary = re.sub(r"\s*\n\s*", "\n", entry.text)
        span = builder.add(summary, role=Role.SUMMARY, rule="efiction.summary")
        builder.declare("summary", one_line(summary), "efiction.summary", 0.99, span)
    complete = _complete(box)
    for number, entry in enumerate(shown, 1):
        end = "\n\n" if number == len(shown) else "\n"
        if entry.field in ("published", "updated"):
            _declare_date(builder, entry, days_lead, end)
        elif entry.field in _COUNTS:
            _declare_count(builder, entry, complete, end)
        elif entry.field == "fandoms":
            _declare_categories(builder, entry, end)
        else:
            _declare_values(builder, entry, complete, end)


def declare_reviews(builder: DocumentBuilder, counts: Iterator[str]) -> None:
    """How many reviews there are, of the texts of the links to them."""
    if count := next((c for c in counts if c.isdigit()), None):
        builder.declare("stats", Stat("reviews", int(count)), "efiction.reviews")


def declare_rating(builder: DocumentBuilder, rating: str) -> None:
    """A rating that stands beside the title."""
    span = builder.add(f"Rated: {rating}", role=Role.HEADER, rule="efiction.box", end="\n")
    builder.declare("rating", rating, "efiction.rating", 0.99, builder.locate(rating, span))


def known_rating(text: str) -> bool:
    """Whether a word is one of the ratings that archives use."""
    return fold(text) in {fold(form) for forms in tables("works")["rating_level"].values() for form in forms}


def count_of(entry: Entry) -> int | None:
    """The number behind a label."""
    found = _NUMBER.search(entry.before_links)
    return int(re.sub(r"\D", "", found.group())) if found else None


def _says(entry: Entry) -> bool:
    return bool(entry.text) and fold(entry.text) not in _words("nothing")


@cache
def _words(group: str) -> frozenset[str]:
    return frozenset(fold(word) for word in tables("efiction")["value"][group])


def _complete(box: list[Entry]) -> bool | None:
    said = next((fold(e.before_links).split(" ")[0].strip(".,;") for e in box if e.field == "status"), "")
    return True if said in _words("complete") else False if said in _words("in-progress") else None


def _line(builder: DocumentBuilder, label: str, value: str, end: str) -> Span | None:
    return builder.add(f"{label}: {value}", role=Role.HEADER, rule="efiction.box", end=end)


def _declare_date(builder: DocumentBuilder, entry: Entry, days_lead: bool | None, end: str) -> None:
    value = entry.before_links
    span = _line(builder, entry.label, value, end)
    if found := iso_date(value, days_lead):
        builder.declare(entry.field, found, f"efiction.{entry.field}", 0.99, builder.locate(value, span))


def _chapters(count: int, complete: bool | None) -> tuple[str, Value]:
    return "chapters", Chapters(count, count if complete else None)


_COUNTS: dict[str, Callable[[int, bool | None], tuple[str, Value]]] = {
    "chapters": _chapters,
    "words": lambda count, complete: ("words", count),
    "reads": lambda count, complete: ("stats", Stat("reads", count)),
}


def _declare_count(builder: DocumentBuilder, entry: Entry, complete: bool | None, end: str) -> None:
    count = count_of(entry)
    if count is None:
        return
    value = entry.before_links
    span = _line(builder, entry.label, value, end)
    name, declared = _COUNTS[entry.field](count, complete)
    if entry.field != "chapters" or count:
        builder.declare(name, declared, f"efiction.{entry.field}", 0.99, builder.locate(value, span))


def _declare_values(builder: DocumentBuilder, entry: Entry, complete: bool | None, end: str) -> None:
    """Ratings and states, and the lists; labels that no list knows are an archive's own kinds of tags."""
    rule = f"efiction.{entry.field or 'class'}"
    if entry.field in ("rating", "status"):
        value = entry.before_links
        span = _line(builder, entry.label, value, end)
        if entry.field == "rating":
            builder.declare("rating", value, rule, 0.99, builder.locate(value, span))
        elif complete is not None:
            builder.declare(
                "status", "complete" if complete else "in-progress", rule, 0.99, builder.locate(value, span)
            )
        return
    values = [v for path in _paths(entry) for v in path]
    if not entry.field:
        values = [v for v in values if len(v) <= _LONGEST and not _NUMBER.fullmatch(v)]
    span = _line(builder, entry.label, ", ".join(values), end) if values else None
    for value in values:
        declared: Value = Series(value) if entry.field == "series" else value
        confidence = 0.99 if entry.field else 0.8
        builder.declare(entry.field or "tags", declared, rule, confidence, builder.locate(value, span))


def _declare_categories(builder: DocumentBuilder, entry: Entry, end: str) -> None:
    """Categories are fandoms on most archives; genres and the ends of a path below a fandom are tags."""
    fandoms: dict[str, float] = {}
    tags: list[str] = []
    for path in _paths(entry):
        names = [n for n in path if fold(n) not in _category("media")]
        known = [n for n in names if fold(n) in lexicon().fandom_names]
        others = [n for n in names if n not in known]
        guessed = [n for n in others if fold(n) not in _category("genres")][:1] if not known else []
        fandoms |= dict.fromkeys(guessed, 0.6) | dict.fromkeys(known, 0.97)
        tags += [n for n in others if n not in guessed]
    if fandoms:
        span = _line(builder, "Fandom", ", ".join(fandoms), "\n" if tags else end)
        for name, confidence in fandoms.items():
            builder.declare("fandoms", name, "efiction.categories", confidence, builder.locate(name, span))
    if tags:
        span = _line(builder, "Tags", ", ".join(tags), end)
        for name in tags:
            builder.declare("tags", name, "efiction.categories", 0.9, builder.locate(name, span))


@cache
def _category(group: str) -> frozenset[str]:
    return frozenset(fold(word) for word in tables("efiction")["category"][group])


def _paths(entry: Entry) -> list[list[str]]:
    """The values of a list, each with those above it ("Books > Merlin"); links tell values apart, else commas."""
    paths: list[list[str]] = []
    deeper = False
    if not any(_LISTED.search(href) for _, href in entry.pieces):
        return [[v for v in map(_value, part.split(" > ")) if v] for part in re.split(r",\s+|\n", entry.text)]
    for text, href in entry.pieces:
        if not href:
            deeper = text.strip().endswith(">") or (deeper and not text.strip())
        elif _LISTED.search(href) and (value := _value(text)):
            if deeper and paths:
                paths[-1].append(value)
            else:
                paths.append([value])
            deeper = False
    return paths


def _value(text: str) -> str:
    value = one_line(text).strip(" .;|")
    return "" if fold(value) in _words("nothing") else value
