"""Bytes with a name and a place, and how they become a Document."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace

from ..errors import HostileContent, NoStory, ReadError
from ..model import Block, Document, Evidence, Layout, Position, Role, Source, Span, Value

LONGEST = 64 << 20
"""Characters of the longest text that is read as one work: the longest known have 24 million."""


def check_length(uri: str, length: int) -> None:
    """That a text of so many characters can be one work.

    Raises:
        HostileContent: if it is longer than LONGEST.
    """
    if length > LONGEST:
        raise HostileContent(uri, f"a text of {length / 1e6:,.0f} million characters is no one work; split it")


@dataclass(frozen=True, slots=True)
class Blob:
    """An item to read: a file, a page, or a member of a container.

    `uri` as in Source; `name` is the file name alone, for suffixes and last-resort titles; `declared` is
    what the container or a side file states about it; `charset` is the encoding that a server declared.
    """

    uri: str
    data: bytes
    name: str
    mtime: float | None = None
    origin: str | None = None
    retrieved: str | None = None
    media_type: str | None = None
    charset: str | None = None
    declared: tuple[Evidence, ...] = ()
    failure: ReadError | None = None

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()

    def source(self, media_type: str) -> Source:
        return Source(
            self.uri,
            media_type,
            self.sha256,
            len(self.data),
            self.mtime,
            self.retrieved,
            self.origin or self.uri,
        )


@dataclass(slots=True)
class DocumentBuilder:
    """Collects blocks, so that every reader cuts its text without gaps.

    Blocks are joined by a blank line; a block's span takes in the line ends behind it.
    """

    parts: list[str] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    declared: list[Evidence] = field(default_factory=list)
    repairs: list[str] = field(default_factory=list)
    length: int = 0

    def add(
        self,
        text: str,
        layout: Layout = Layout.PARAGRAPH,
        *,
        role: Role | None = None,
        chapter: int | None = None,
        position: Position | None = None,
        level: int = 0,
        styles: frozenset[str] = frozenset(),
        rule: str = "",
        end: str = "\n\n",
    ) -> Span | None:
        """Append a block; returns the span of its words (without line ends), None if there are none."""
        text = text.strip("\n")
        if not text.strip():
            return None
        start = self.length
        self.parts += (text, end)
        self.length += len(text) + len(end)
        span = Span(start, self.length)
        self.blocks.append(Block(span, layout, role, chapter, position, level, styles, rule))
        return Span(start, start + len(text))

    def locate(self, words: str, within: Span | None) -> Span | None:
        """Where `words` stand in the block just added, of which `within` is the span."""
        start = self.parts[-2].find(words) if within and words else -1
        return Span(within.start + start, within.start + start + len(words)) if within and start >= 0 else None

    def drop_last(self) -> None:
        """Take back the block added last: a rule that divides nothing."""
        gone = self.blocks.pop()
        del self.parts[-2:]
        self.length = gone.span.start

    def declare(self, field: str, value: Value, rule: str, confidence: float = 0.99, span: Span | None = None) -> None:
        self.declared.append(Evidence(field, value, span, rule, confidence))

    def build(self, blob: Blob, media_type: str) -> Document:
        """The Document of `blob`.

        Raises:
            NoStory: if nothing was added.
            HostileContent: if it is too long for a work.
        """
        if not self.blocks:
            raise NoStory(blob.uri, "there is no text in it")
        check_length(blob.uri, self.length)
        return Document(
            source=blob.source(media_type),
            text="".join(self.parts),
            blocks=tuple(self.blocks),
            declared=(*blob.declared, *self.declared),
            repairs=tuple(self.repairs),
        )


def stating_usage(document: Document, stated: str, rule: str) -> Document:
    """A Document with what its page or site asks of those who use it, as stated."""
    return replace(document, declared=(*document.declared, Evidence("usage", stated, None, rule, 0.99)))
