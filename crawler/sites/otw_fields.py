"""What the OTW archive states of a work, declared as it stands: byline, tags, series, statistics.

Each list becomes a line `Label: value, value` of the text, and each value's span is its place in that line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from selectolax.lexbor import LexborNode

from ...lexicon import alternation, tables
from ...model import Chapters, Layout, Role, Series, Span, Stat
from ...text import fold, one_line
from ..blob import DocumentBuilder
from ..markup import add_markup, inline, lines_of
from .otw_urls import site_id

NESTING = 40
"""Elements around a chapter: a download has 3."""
MOST_SERIES = 100
"""Series of one work; hostile pages may have more."""
CERTAIN = 0.99
"""A site's own field."""
_PLACE = r"Part\s+(?P<place>[0-9]{1,6})\s+of\s+(?:the\s+)?"
_SERIES = re.compile(rf"{_PLACE}(?P<name>[^,]{{1,250}}?)(?:\s+series)?(?=\s*(?:,\s*Part\s+[0-9]|[←→]|Next Work|$))")
_COUNT = re.compile(r"(?P<published>[0-9]{1,6})\s*/\s*(?P<planned>[0-9]{1,6}|\?)")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_TAG = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*", re.ASCII)


def ancestors(node: LexborNode) -> Iterator[LexborNode]:
    """The elements around one, innermost first; no further than a page has reason to nest."""
    above = node.parent
    for _ in range(NESTING):
        if above is None:
            return
        yield above
        above = above.parent


def classes(node: LexborNode) -> list[str]:
    """The classes of an element, of which text and comments have none."""
    return ((node.attributes or {}).get("class") or "").split()


def own(nodes: Sequence[LexborNode]) -> list[LexborNode]:
    """The elements that the archive wrote: without those in what its users did."""
    return [node for node in nodes if not any("userstuff" in classes(above) for above in ancestors(node))]


@cache
def _keys() -> Mapping[str, str]:
    return {label: key for key, labels in tables("otw")["fields"].items() for label in labels}


def key_of(*labels: str) -> str | None:
    """The record key that a label or a class names, the first that names one."""
    return next((_keys()[label] for label in map(str.lower, labels) if label in _keys()), None)


def declare_title(builder: DocumentBuilder, title: str) -> None:
    """The title, as a heading of the text."""
    if span := builder.add(title, Layout.HEADING, role=Role.TITLE, level=1, rule="otw.title"):
        builder.declare("title", title, "otw.title", CERTAIN, span)


def declare_address(builder: DocumentBuilder, host: str, number: str) -> None:
    """The address and the short id of the work `number` of an archive."""
    builder.declare("url", f"https://{host}/works/{number}", "otw.address")
    builder.declare("site_id", site_id(host, number), "otw.address")


def declare_authors(builder: DocumentBuilder, links: Sequence[LexborNode], byline: str) -> None:
    """The names of a byline as they stand; `byline` is all of its text, "by " included or not."""
    names = _archived([inline(link) for link in links], byline)
    if not names:
        names = [name for name in [_without_by(byline)] if name]
    span = builder.add(byline, role=Role.BYLINE, rule="otw.byline")
    start = 0
    for name in names:
        at = byline.find(name, start)
        start = at + len(name) if at >= 0 else start
        where = Span(span.start + at, span.start + at + len(name)) if span and at >= 0 else None
        builder.declare("authors", name, "otw.byline", CERTAIN, where)


def _without_by(byline: str) -> str:
    before = alternation(tables("otw")["byline"]["before"])
    return re.sub(rf"^{before}\s+", "", byline, flags=re.IGNORECASE)


def _archived(names: list[str], byline: str) -> list[str]:
    """With writers that have no account in the place of the account that archived them."""
    cue = alternation(tables("otw")["byline"]["archived"])
    for found in re.finditer(rf"(?P<writer>[^,\[\]]{{1,200}})\[{cue}\s+(?P<archivist>[^\]]{{1,200}})\]", byline):
        writer, archivist = _without_by(found["writer"].strip()), found["archivist"].strip()
        if writer and archivist in names:
            names[names.index(archivist)] = writer
    return names


def byline_behind(title: LexborNode) -> str:
    """The byline that follows a title's link in a heading: "by Ann, Bea", without whom it is for."""
    said: list[str] = []
    node = title.next
    while node is not None and "/gifts" not in ((node.attributes or {}).get("href") or ""):
        said.append(node.text(deep=True) or "")
        node = node.next
    gift = alternation(tables("otw")["byline"]["gift"]) if node is not None else r"(?!)"
    return re.sub(rf"(?:^|\s){gift}$", "", one_line("".join(said)))


def declare_summary(builder: DocumentBuilder, node: LexborNode, chapter: int | None = None) -> None:
    """The summary of a work (declared) or of one of its chapters (text alone)."""
    span = add_markup(builder, node, role=Role.SUMMARY, chapter=chapter, rule="otw.summary")
    if chapter is None and span:
        builder.declare("summary", one_line(lines_of(node)), "otw.summary", 0.99, span)


def declare_list(builder: DocumentBuilder, label: str, field: str, values: Sequence[str]) -> None:
    """A line of the text for a list, and each of its values declared at its place."""
    start = builder.length + len(label) + 2
    if not builder.add(f"{label}: {', '.join(values)}", role=Role.HEADER, rule="otw.tags", end="\n"):
        return
    for value in values:
        builder.declare(field, value, f"otw.{field}", CERTAIN, Span(start, start + len(value)))
        start += len(value) + 2


def declare_tags(builder: DocumentBuilder, box: LexborNode | None) -> None:
    """The `dl` of a work page or a download: lists, language, series, statistics."""
    label = ""
    child = box.child if box else None
    while child is not None:
        if child.tag == "dt":
            label = inline(child).rstrip(":").rstrip()
        elif child.tag == "dd":
            _entry(builder, child, label)
        child = child.next


def _entry(builder: DocumentBuilder, node: LexborNode, label: str) -> None:
    field = key_of(*classes(node), label)
    if field == "series":
        declare_series(builder, node)
    elif field == "stats":
        declare_stats(builder, node)
    elif field == "language":
        start = builder.length + len(label) + 2
        name = inline(node)
        if builder.add(f"{label}: {name}", role=Role.HEADER, rule="otw.tags", end="\n"):
            declare_language(builder, name, node, Span(start, start + len(name)))
    elif field and (values := list(_values(node))):
        declare_list(builder, label, field, values)


def _values(node: LexborNode) -> Iterator[str]:
    """Its links' texts; no tag has a comma, so text without links is cut there."""
    links = node.css("a.tag") or [a for a in node.css("a") if "/tags/" in (a.attributes.get("href") or "")]
    links = links or node.css("a")
    for value in [inline(a) for a in links] or inline(node).split(","):
        if value.strip():
            yield value.strip()


def declare_language(builder: DocumentBuilder, name: str, node: LexborNode, span: Span | None) -> None:
    """A language by its BCP 47 tag: as its name says, else as the element's `lang` does, else its name."""
    given = node.attributes.get("lang") or ""
    known = _languages().get(fold(name)) or (given if _TAG.fullmatch(given) else name)
    builder.declare("language", known, "otw.language", CERTAIN, span)


@cache
def _languages() -> Mapping[str, str]:
    return {fold(name): tag for tag, names in tables("otw")["languages"].items() for name in names}


def declare_series(builder: DocumentBuilder, node: LexborNode) -> None:
    """Every "Part 3 of NAME" of an element; NAME is a link's text, where there are links."""
    said = inline(node)
    position = 0
    for name in [inline(a) for a in node.css('a[href*="/series/"]')[:MOST_SERIES]]:
        if name and (found := re.compile(rf"{_PLACE}{re.escape(name)}").search(said, position)):
            position = found.end()
            _one_series(builder, name, int(found["place"]))
    if not position:
        for found in _SERIES.finditer(said):
            _one_series(builder, found["name"].strip(), int(found["place"]))


def _one_series(builder: DocumentBuilder, name: str, place: int) -> None:
    line = f"Series: Part {place} of {name}"
    if span := builder.add(line, role=Role.HEADER, rule="otw.series", end="\n"):
        builder.declare("series", Series(name, place), "otw.series", CERTAIN, Span(span.end - len(name), span.end))


@cache
def _stats() -> tuple[Mapping[str, str], re.Pattern[str]]:
    labels = {label: key for key, names in tables("otw")["stats"].items() for label in names}
    return labels, re.compile(rf"(?<!\w)(?P<label>{alternation(labels)}):\s*(?P<value>[0-9][0-9,./?-]*)", re.ASCII)


def declare_stats(builder: DocumentBuilder, node: LexborNode) -> Span | None:
    """ "Published: 2012-02-07 Words: 31,623 Chapters: 8/8" as a line, its values declared; returns its span."""
    box = node if node.tag == "dl" else node.css_first("dl") or node
    text = " ".join(said for item in box.iter() if item.tag in ("dt", "dd") and (said := inline(item))) or inline(node)
    span = builder.add(text, role=Role.HEADER, rule="otw.stats", end="\n")
    labels, pattern = _stats()
    for found in pattern.finditer(text) if span else ():
        start = span.start if span else 0
        _stat(builder, labels[found["label"]], found["value"], Span(start + found.start("value"), start + found.end()))
    return span


def _stat(builder: DocumentBuilder, key: str, value: str, span: Span) -> None:
    if key in ("published", "updated"):
        if _DAY.fullmatch(value):
            builder.declare(key, value, f"otw.{key}", CERTAIN, span)
    elif key == "chapters":
        if found := _COUNT.fullmatch(value.replace(",", "")):
            planned = int(found["planned"]) if found["planned"] != "?" else None
            _chapters(builder, Chapters(int(found["published"]), planned), span)
    elif (number := number_of(value)) is not None:
        if key == "words":
            builder.declare("words", number, "otw.words", CERTAIN, span)
        else:
            builder.declare("stats", Stat(key, number), "otw.stats", CERTAIN, span)


def _chapters(builder: DocumentBuilder, count: Chapters, span: Span) -> None:
    builder.declare("chapters", count, "otw.chapters", CERTAIN, span)
    status = "complete" if count.published == count.planned else "in-progress"
    builder.declare("status", status, "otw.chapters", CERTAIN, span)


def number_of(text: str) -> int | None:
    """ "31,623" as a number; None if it is none that a counter could show."""
    digits = re.sub(r"[,.]", "", text)
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) <= 12 else None
