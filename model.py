"""What flows through the house: Source -> Document -> Work, all frozen.

Offsets are counted in code points of `Document.text`; `text[span.start:span.end]` is always the
quoted surface.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise
from typing import Literal, TypeAlias


@dataclass(frozen=True, slots=True)
class Source:
    """Where a document came from.

    `uri` is a path, a URL, or a member of a container: "x.zip!/a.txt", "x.mbox#2". `sha256` is of the
    bytes of the item itself, `size` in bytes, `mtime` in seconds since 1970 (of the container for a
    member), `retrieved` an ISO date and time for what came over the network. `origin` is the file on
    disk that holds the item, when there is one.
    """

    uri: str
    media_type: str
    sha256: str
    size: int
    mtime: float | None = None
    retrieved: str | None = None
    origin: str | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of code points in a Document's text."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"no span: {self.start}..{self.end}")

    def __reduce__(self) -> tuple[type[Span], tuple[int, int]]:
        """For what workers send: a dataclass with slots looks its fields up each time. So in Block and Evidence."""
        return Span, (self.start, self.end)

    def __len__(self) -> int:
        return self.end - self.start

    def contains(self, other: Span) -> bool:
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: Span) -> bool:
        return self.start < other.end and other.start < self.end


class Layout(StrEnum):
    """What a block is on the page."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    SEPARATOR = "separator"


class Role(StrEnum):
    """What a block is in the work."""

    TITLE = "title"
    BYLINE = "byline"
    HEADER = "header"
    SUMMARY = "summary"
    NOTE = "note"
    INLINE_NOTE = "inline-note"
    CHAPTER_HEADING = "chapter-heading"
    SEPARATOR = "separator"
    STORY = "story"
    COMMENT = "comment"
    SIGNATURE = "signature"
    QUOTED = "quoted"


Position = Literal["start", "end", "chapter_start", "chapter_end", "inline"]


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a Document.

    A reader sets `layout`, `level` (of a heading, 1-6) and `styles` ("bold", "italic", "center",
    "small", "list", "table"); it sets `role`, `chapter` (1-based) and `position` (of a note) only
    where format or site states them. Segmentation (extract/segments.py) gives every block a role; `rule`
    names the code that said so. `span` includes the line ends behind the block.
    """

    span: Span
    layout: Layout = Layout.PARAGRAPH
    role: Role | None = None
    chapter: int | None = None
    position: Position | None = None
    level: int = 0
    styles: frozenset[str] = frozenset()
    rule: str = ""

    def __reduce__(self) -> tuple[type[Block], tuple[object, ...]]:
        rest = (self.position, self.level, self.styles, self.rule)
        return Block, (self.span, self.layout, self.role, self.chapter, *rest)

    def named(self, role: Role, rule: str) -> Block:
        """The block with the role that `rule` gave it; `dataclasses.replace` takes four times as long."""
        return Block(self.span, self.layout, role, self.chapter, self.position, self.level, self.styles, rule)


@dataclass(frozen=True, slots=True)
class Note:
    """An author's note, without its marker and enclosing brackets; `chapter` is 1-based."""

    text: str
    position: Position
    chapter: int | None = None


@dataclass(frozen=True, slots=True)
class Credit:
    """Somebody credited with work on the text; `role` is one of fields.ROLES."""

    name: str
    role: str = "beta"


@dataclass(frozen=True, slots=True)
class Character:
    """A person of the story; `forms` are the other names this story uses, `mentions` counts all of them."""

    name: str
    forms: tuple[str, ...] = ()
    stage: Literal["main", "present", "mentioned"] = "present"
    mentions: int = 0


@dataclass(frozen=True, slots=True)
class Series:
    """A series and the work's 1-based place in it."""

    name: str
    position: int | None = None


@dataclass(frozen=True, slots=True)
class Related:
    """Another work, or another part of this one, that the text says this belongs to."""

    kind: Literal["during", "sequel", "prequel", "inspired-by", "same-series"]
    text: str
    chapters: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Chapters:
    """How many chapters there are, and how many were announced."""

    published: int = 1
    planned: int | None = None


@dataclass(frozen=True, slots=True)
class Stat:
    """A counter that a site shows: ("kudos", 12)."""

    name: str
    value: int


Value: TypeAlias = str | int | Note | Credit | Character | Series | Related | Chapters | Stat


@dataclass(frozen=True, slots=True)
class Evidence:
    """One claim that `field` has `value`.

    `span` is where the text says so (None: a field of the file or site that the text does not show),
    `rule` names the code that said so ("header.line", "otw.dl.tags", "owner"), `confidence` is
    the chance that the claim is right (0 to 1).
    """

    field: str
    value: Value
    span: Span | None
    rule: str
    confidence: float

    def __reduce__(self) -> tuple[type[Evidence], tuple[object, ...]]:
        return Evidence, (self.field, self.value, self.span, self.rule, self.confidence)


@dataclass(frozen=True, slots=True)
class Part:
    """One of several sources that are one work: `span` is its text, `number` what it says its place is."""

    source: Source
    span: Span
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A story as a reader of the file would see it, without the site around it.

    `blocks` cut `text` without gaps: block n+1 starts where block n ends, the last ends with the text.
    `declared` is what file or site state in their own fields, never a guess. `repairs` says what was
    found and mended on the way in ("encoding: windows-1252", "line ends: CRLF", "mojibake repaired").
    `parts` is empty unless several sources were joined; then `source` is the first of them, and they cut
    `text` and `blocks` without gaps.
    """

    source: Source
    text: str
    blocks: tuple[Block, ...]
    declared: tuple[Evidence, ...] = ()
    repairs: tuple[str, ...] = ()
    kind: Literal["work", "metadata"] = "work"
    parts: tuple[Part, ...] = ()

    def by_part(self) -> list[tuple[Block, ...]]:
        """The blocks of each part; of a work in one piece, all of them."""
        ends = [part.span.end for part in self.parts[:-1]]
        places = [0, *(bisect_left(self.blocks, end, key=lambda b: b.span.end) + 1 for end in ends), len(self.blocks)]
        return [self.blocks[a:b] for a, b in pairwise(places)]


@dataclass(frozen=True, slots=True)
class Work:
    """One work of the catalogue: the chosen values, each with its Evidence; the losers beside them.

    The fields are those of the work record (docs/design.md); fields.py maps them to JSON, CSV and views.
    """

    source: Source
    parts: tuple[str, ...]
    kind: Literal["work", "metadata"] = "work"
    title: str | None = None
    authors: tuple[str, ...] = ()
    fandoms: tuple[str, ...] = ()
    characters: tuple[Character, ...] = ()
    relationships: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    betas: tuple[Credit, ...] = ()
    beta_status: str = "none"
    site_id: str | None = None
    url: str | None = None
    rating: str | None = None
    rating_level: str | None = None
    warnings: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    collections: tuple[str, ...] = ()
    summary: str | None = None
    disclaimer: str | None = None
    usage: str | None = None
    status: str | None = None
    language: str | None = None
    published: str | None = None
    updated: str | None = None
    words: int = 0
    chapters: Chapters = field(default_factory=Chapters)
    series: tuple[Series, ...] = ()
    related: tuple[Related, ...] = ()
    stats: tuple[Stat, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    rejected: tuple[Evidence, ...] = ()
    chapter_titles: tuple[str, ...] = ()
    repairs: tuple[str, ...] = ()
    extractor: str = ""
    """The version of code and data that made this work: `ficdex reextract` asks for it."""


Record: TypeAlias = dict[str, object]
"""The work record of docs/design.md as plain JSON values."""


def plain(value: Value) -> object:
    """A value as JSON: strings and numbers as they are, the rest as the objects of the work record."""
    match value:
        case Note(text, position, chapter):
            return {"text": text, "position": position, "chapter": chapter}
        case Credit(name, role):
            return {"name": name, "role": role}
        case Character(name, forms, stage, mentions):
            return {"name": name, "as": list(forms), "stage": stage, "mentions": mentions}
        case Series(name, position):
            return {"name": name, "position": position}
        case Related(kind, text, chapters):
            return {"kind": kind, "text": text, "chapters": list(chapters)}
        case Chapters(published, planned):
            return {"published": published, "planned": planned}
        case Stat(name, number):
            return {"name": name, "value": number}
    return value
