"""What FanFicFare states of a story: on the title page of its books, and in the JSON that it writes beside them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import chain

from selectolax.lexbor import LexborHTMLParser

from ..lexicon import tables
from ..model import Chapters, Layout, Role, Series, Span, Value
from ..text import bare, fold, one_line
from .blob import DocumentBuilder
from .markup import inline, lines_of, parse
from .opf import declare_address, status_of
from .sites.otw_fields import number_of

_LISTS = frozenset(("authors", "fandoms", "tags", "characters", "relationships", "warnings", "categories"))
_SERIES = re.compile(r"(?P<name>.*?)\s*(?:\[(?P<place>[0-9]{1,5})(?:\.0)?\])?")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
LONGEST = 10_000
"""Characters of a value."""
MOST_LABELS = 50
"""Labels of a title page."""
LONGEST_NAME = 300
"""Characters of a series with its number."""


def is_title_page(tree: LexborHTMLParser) -> bool:
    """Whether a page is the title page that FanFicFare makes: it says so, or says when it packaged the book."""
    return bool(tree.css_first("body.fff_titlepage")) or any(
        fold(inline(node).rstrip(": ")) in _signs() for node in tree.css("b")[:MOST_LABELS]
    )


def read_title_page(tree: LexborHTMLParser, builder: DocumentBuilder) -> None:
    """Title and byline, and its labelled lines as header lines, what stands in them declared."""
    _read_heading(tree, builder)
    for label, said in _labelled(tree):
        start = builder.length + len(label) + 2
        builder.add(f"{label}: {said}", role=Role.HEADER, rule="fanficfare.page", end="\n")
        if field := _fields("labels").get(fold(label)):
            for value, words in values(field, said):
                at = said.find(words)
                where = Span(start + at, start + at + len(words)) if at >= 0 else None
                builder.declare(field, value, f"fanficfare.page.{fold(label)}", 0.9, where)


def _read_heading(tree: LexborHTMLParser, builder: DocumentBuilder) -> None:
    """The heading "TITLE by AUTHOR, AUTHOR", each of them a link; without links the book's package says it alone."""
    title, *authors = tree.css("h1 a, h2 a, h3 a")[:MOST_LABELS] or (None,)
    if title is None or not authors:
        return
    if span := builder.add(inline(title), Layout.HEADING, role=Role.TITLE, level=1, rule="fanficfare.page"):
        builder.declare("title", inline(title), "fanficfare.page.title", 0.95, span)
    declare_address(builder, title.attributes.get("href") or "", "fanficfare.page.url")
    names = [inline(author) for author in authors]
    span = builder.add(f"by {', '.join(names)}", role=Role.BYLINE, rule="fanficfare.page")
    for name in names:
        builder.declare("authors", name, "fanficfare.page.author", 0.95, builder.locate(name, span))


def _labelled(tree: LexborHTMLParser) -> Iterator[tuple[str, str]]:
    """(label, value) of each line "Label: value"; in a table the value is a cell of its own."""
    held = ""
    for line in (lines_of(tree.body) if tree.body else "").split("\n"):
        label, colon, said = (held + line).partition(":")
        held = ""
        if colon and not said.strip() and len(label) < 40:
            held = f"{label}: "
        elif colon and said.strip() and len(label) < 40:
            yield label.strip(), said.strip()[:LONGEST]


def declare_json(builder: DocumentBuilder, stated: Mapping[str, object]) -> None:
    """The fields of its JSON, of which the values are texts, or lists of them."""
    for name, said in stated.items():
        if field := _fields("fanficfare").get(fold(name)):
            parts = said if isinstance(said, list) else [said]
            texts = [str(part)[:LONGEST] for part in parts if isinstance(part, (str, int))]
            rule = f"fanficfare.json.{name}"
            for text in texts if field == "url" else ():
                declare_address(builder, text.strip(), rule)
            for value, _ in chain.from_iterable(values(field, text) for text in texts if field != "url"):
                builder.declare(field, value, rule, 0.9)


def values(field: str, said: str) -> Iterator[tuple[Value, str]]:
    """(value, how it stands there) of each value in the text of a field."""
    if field in _LISTS:
        noise = _noise()
        yield from ((one, one) for one in _parted(said) if field != "tags" or bare(one) not in noise)
    elif field == "series":
        found = _SERIES.fullmatch(one_line(said)[:LONGEST_NAME])
        if found and found["name"]:
            yield Series(found["name"], int(found["place"]) if found["place"] else None), found["name"]
    elif field == "status":
        yield from ((known, said) for known in [status_of(said)] if known)
    elif field in ("published", "updated"):
        yield from ((day.group(), day.group()) for day in [_DAY.search(said)] if day)
    elif field in ("words", "chapters"):
        number = number_of(said.strip())
        if number is not None:
            yield (number if field == "words" else Chapters(number)), said.strip()
    elif field == "summary":
        body = parse(said, "").body
        if body and (text := one_line(lines_of(body))):
            yield text, text
    elif said.strip():
        yield said.strip(), said.strip()


def _parted(said: str) -> Iterable[str]:
    return (part.strip() for part in said.split(",") if part.strip())


@cache
def _fields(table: str) -> Mapping[str, str]:
    return {fold(name): field for field, names in tables("side_files")[table].items() for name in names}


@cache
def _signs() -> frozenset[str]:
    return frozenset(map(fold, tables("side_files")["title_page"]["signs"]))


@cache
def _noise() -> frozenset[str]:
    return frozenset(map(bare, tables("side_files")["noise"]["tags"]))
