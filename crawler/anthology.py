"""Files that hold several stories: where each of them begins, by the headers that they bring along.

Only what the text says itself counts: mails or posts with subjects of their own, or headers that each state a title and
one more field. Parts of one work name it, or say which part they are, and songs in a story have no header.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import cache
from hashlib import sha256
from itertools import pairwise

from ..lexicon import alternation, phrases, tables
from ..model import Block, Document, Evidence, Span
from ..text import bare, count_words
from .mail import header_end, subject_title
from .numbered import count

LEAST = 80
"""Words of a story, its header aside; fewer under a title are an entry of a list."""
FRONT = 300
"""Words of what may stand before the first story and is none: a collection's title, contents, a preface."""
ALIKE = 0.75
"""Of two titles; from here they are one, with a slip of the pen in it."""
NEAR = 700
"""Characters around a title within which another field of the same header stands."""
WHOLE = frozenset(("language", "usage"))
"""Declared fields that hold for every story of a file."""
_SUBJECT = re.compile(r"^Subject:[ \t]*(?P<title>\S.*)$", re.MULTILINE)
_GAP = re.compile(r"\n[ \t]*\n\s*")


@dataclass(frozen=True, slots=True)
class Start:
    """Where a story may begin, where its header ends, its folded title; `further`: it says that it is a later part."""

    at: int
    body: int
    title: str
    further: bool


@cache
def _keys() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Lines that state a title; lines that state another field of a header."""
    groups = phrases("header")
    titles = [key for key in groups["title"] if key not in ("story", "fic")]
    others = [key for name in ("author", "fandom", "rating", "summary", "disclaimer") for key in groups[name]]
    lead, end = r"^[ \t>*_#~=-]{0,6}", r"[ \t]*[*_]{0,3}[ \t]*:[*_]{0,3}[ \t]*"
    title = rf"{lead}{alternation(titles)}{end}(?P<title>\S[^\n]{{0,120}})$"
    return (
        re.compile(title, re.IGNORECASE | re.MULTILINE),
        re.compile(rf"{lead}{alternation(others)}{end}\S", re.IGNORECASE | re.MULTILINE),
    )


def split(document: Document) -> tuple[Document, ...]:
    """The stories of a document, each under its number ("x.txt#2"); the document itself if it is one work.

    What stands before the first of them is left out if it is short, and is a document of its own if it is not.
    """
    if document.kind != "work" or any(claim.field == "site_id" for claim in document.declared):
        return (document,)
    starts = _several(document.text, list(_posts(document.text))) or _several(
        document.text, list(_headers(document.text))
    )
    if not starts:
        return (document,)
    edges = [start.at for start in starts] + [len(document.text)]
    if count_words(document.text[: edges[0]]) >= FRONT:
        edges.insert(0, 0)
    return tuple(_slice(document, number, a, b) for number, (a, b) in enumerate(pairwise(edges), 1))


def _several(text: str, found: list[Start]) -> list[Start]:
    """The starts of stories with titles of their own; none unless there are two, and each has enough of a story."""
    starts = [start for n, start in enumerate(found) if not n or not _goes_on(start, found[n - 1])]
    titles = [start.title for start in starts]
    if len(starts) < 2 or len(set(titles)) < len(titles):
        return []
    ends = [start.at for start in starts[1:]] + [len(text)]
    enough = all(count_words(text[start.body : end]) >= LEAST for start, end in zip(starts, ends, strict=True))
    return starts if enough else []


def _goes_on(one: Start, before: Start) -> bool:
    """Whether it is a part of the story before it: by what it says, or by a title that is much the same."""
    title, other = one.title, before.title
    same = title in other or other in title or SequenceMatcher(None, title, other).ratio() > ALIKE
    return one.further or same


@cache
def _part() -> re.Pattern[str]:
    """What a title says of the part that it names: "- Part II", ", Act One", "(2/3)", "Teaser"."""
    groups = phrases("titlepage")
    ordinals = alternation(word for words in tables("works")["ordinal"].values() for word in words)
    number = rf"(?P<n>\d{{1,3}}|{ordinals}(?!\w)|[ivx]{{1,5}}(?!\w))"
    counted = rf"(?<!\w){alternation(groups['parts'])}[\s.#]*{number}|[(\[]\s*(?P<n2>\d{{1,3}})\s*(?:/|of)\s*\d{{1,3}}"
    return re.compile(rf"[\s,:~–—-]*(?:{counted}|(?<!\w){alternation(groups['pieces'])}(?!\w))", re.IGNORECASE)


def _start(at: int, body: int, stated: str) -> Start | None:
    """A start under a stated title; None if it only names a part."""
    part = _part().search(stated)
    title = bare(subject_title(stated[: part.start()] if part else stated))
    number = count((part["n"] or part["n2"] or "1").strip()) if part else 1
    later = number is None or number > 1
    return Start(at, body, title, later) if title else None


def _posts(text: str) -> Iterator[Start]:
    """Headers of mails or posts that stand at the beginning of a paragraph."""
    if text.count("Subject:") < 2:
        return
    for start in (0, *(gap.end() for gap in _GAP.finditer(text))):
        end = header_end(text[start : start + 6_000])
        subject = _SUBJECT.search(text, start, start + end) if end else None
        if subject and (found := _start(start, start + end, subject["title"])):
            yield found


def _headers(text: str) -> Iterator[Start]:
    """Headers with a title and another field, from the first line of their paragraph."""
    stated, others = _keys()
    if text.count(":") < 4:
        return
    for found in stated.finditer(text):
        gap = text.rfind("\n\n", 0, found.start())
        above = gap + 2 if gap >= 0 else 0
        around = [*others.finditer(text, max(above, found.start() - NEAR), found.end() + NEAR)]
        at = above if found.start() - above < NEAR else found.start()
        if around and (start := _start(at, found.end(), found["title"])):
            yield start


def _slice(document: Document, number: int, start: int, end: int) -> Document:
    """The story between two offsets."""
    text = document.text[start:end]
    data = text.encode("utf-8", "replace")
    uri = f"{document.source.uri}#{number}"
    source = replace(document.source, uri=uri, sha256=sha256(data).hexdigest(), size=len(data))
    return replace(
        document,
        source=source,
        text=text,
        blocks=tuple(_blocks(document.blocks, start, end)),
        declared=tuple(_declared(document.declared, start, end)),
        repairs=(*document.repairs, f"story {number} of an anthology"),
    )


def _blocks(blocks: tuple[Block, ...], start: int, end: int) -> Iterator[Block]:
    """The blocks between two offsets, those on an edge cut there."""
    for block in blocks:
        a, b = max(block.span.start, start), min(block.span.end, end)
        if a < b:
            yield replace(block, span=Span(a - start, b - start))


def _declared(claims: tuple[Evidence, ...], start: int, end: int) -> Iterator[Evidence]:
    """What is stated within the story, or of all stories."""
    for claim in claims:
        if claim.span is None:
            if claim.field in WHOLE:
                yield claim
        elif start <= claim.span.start and claim.span.end <= end:
            yield replace(claim, span=Span(claim.span.start - start, claim.span.end - start))
