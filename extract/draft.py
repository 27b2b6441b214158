"""The workbench that extraction components share while a Document becomes a Work."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..lexicon import Lexicon
from ..model import Block, Document, Evidence, Role, Span, Value
from ..text import straighten_same_length

if TYPE_CHECKING:
    from .mentions import Mentions

NAMED, LONGEST_NAME = frozenset(("title", "authors")), 2_000
"""Fields that name, and the characters of what a file may declare there."""
RESTATED = frozenset({"characters", "fandoms", "relationships", "rating"})
"""Fields whose declared values are read by their component, which states them under canonical names."""


@dataclass(frozen=True, slots=True)
class HeaderLine:
    """A `Key: value` line: `field` is what data/phrases/header.toml makes of the key.

    `stated`: the reader has declared what stands in it.
    """

    key: str
    field: str
    value: Span
    line: Span
    stated: bool = False


@dataclass(frozen=True, slots=True)
class TitlePage:
    """What stands over a story: title and author's name with their places; `proof` is the title's confidence."""

    title: Span | None
    words: str
    name: Span | None
    proof: float = 0.92


@dataclass(slots=True)
class Draft:
    """A Document, what was understood of it so far, and every claim made about it.

    `plain` is the text with straight quotes and dashes, offsets unchanged: match on it, quote `text`.
    `segments` are the Document's blocks, finer where needed, each with its role; they cut the text
    without gaps. `header` holds the header lines in order of the text, `page` the title page and
    `told` titles that a preface quotes (extract/titlepage.py). `mentions` counts the story's capitalised
    words (extract/mentions.py).
    """

    document: Document
    lexicon: Lexicon
    plain: str = ""
    segments: tuple[Block, ...] = ()
    header: tuple[HeaderLine, ...] = ()
    page: TitlePage | None = None
    told: tuple[tuple[str, Span], ...] = ()
    evidence: list[Evidence] = field(default_factory=list)
    mentions: Mentions | None = None

    def __post_init__(self) -> None:
        self.plain = straighten_same_length(self.document.text)
        declared = (e for e in self.document.declared if e.field not in RESTATED)
        self.evidence.extend(e for e in declared if e.field not in NAMED or len(str(e.value)) <= LONGEST_NAME)

    def declared(self, field: str) -> Iterator[Evidence]:
        """What file or site state of one of RESTATED."""
        return (e for e in self.document.declared if e.field == field)

    @property
    def text(self) -> str:
        return self.document.text

    def quote(self, span: Span) -> str:
        return self.document.text[span.start : span.end]

    def claim(self, field: str, value: Value, span: Span | None, rule: str, confidence: float) -> None:
        self.evidence.append(Evidence(field, value, span, rule, confidence))

    def claims(self, *fields: str) -> Iterator[Evidence]:
        return (e for e in self.evidence if e.field in fields)

    def with_role(self, *roles: Role) -> Iterator[Block]:
        return (b for b in self.segments if b.role in roles)

    def header_lines(self, field: str) -> Iterator[HeaderLine]:
        """Those that are still to be read."""
        return (line for line in self.header if line.field == field and not line.stated)
