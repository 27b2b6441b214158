"""Why a work was found: a window of its notes, its summary or its story around the words of the query."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from ..model import Record
from . import search_fields as known
from .query import TEXT, Words

WIDTH = 160
"""Characters of a snippet."""
MOST = 3
"""Snippets of a hit."""
_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_BLANKS = re.compile(r"\s")


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of a field's text; `marks` are the offsets in it of what was looked for."""

    field: str
    text: str
    marks: list[tuple[int, int]]


class Snippets:
    """Cuts snippets for the words of one query; `stem` makes words comparable."""

    def __init__(self, wanted: Iterable[Words], stem: Any) -> None:
        self.wanted = list(wanted)
        self.stem = stem

    def of(self, record: Record, text: str) -> list[Snippet]:
        """The snippets of one hit, the fields a person wrote first, then the story."""
        data: Any = record
        found = []
        for field, texts in (
            ("note", [n["text"] for n in data["notes"]]),
            ("summary", [data["summary"] or ""]),
            (TEXT, [text]),
        ):
            wanted = [w for w in self.wanted if w.field in (None, "notes" if field == "note" else field)]
            best = max(
                (s for t in texts if (s := self._best(field, t, wanted))), key=lambda s: len(s.marks), default=None
            )
            if best:
                found.append(best)
        return found[:MOST]

    def _best(self, field: str, text: str, wanted: list[Words]) -> Snippet | None:
        marks = sorted({m for w in wanted for m in self._marks(text, w)})
        if not marks:
            return None
        start = max(marks, key=lambda m: sum(m[0] <= other[0] < m[0] + WIDTH for other in marks))[0]
        begin = max(0, start - WIDTH // 4)
        begin = begin if not begin else text.find(" ", begin, start) + 1 or begin
        end = min(len(text), begin + WIDTH)
        end = end if end == len(text) else max(text.rfind(" ", start + 1, end), min(end, start + 20))
        inside = [(max(a, begin) - begin, min(b, end) - begin) for a, b in marks if a < end and b > begin]
        return Snippet(field, _BLANKS.sub(" ", text[begin:end]), inside)

    def _marks(self, text: str, wanted: Words) -> Iterator[tuple[int, int]]:
        """Where the words of one term stand: a phrase as a whole, others each."""
        words = known.tokens(wanted.text)
        if not words or len(text) > known.LONGEST_VALUE * 20:
            return
        first = re.escape(words[0][:3])
        hits = (
            list(_TOKEN.finditer(text))
            if not text.isascii()
            else re.finditer(rf"\b{first}[\w'’]*", text, re.IGNORECASE)
        )
        for hit in hits:
            if wanted.kind in ("phrase", "exact") and len(words) > 1:
                if end := self._phrase(text, hit.start(), words):
                    yield hit.start(), end
            elif self._same(hit.group(), words[0], prefix=wanted.kind == "prefix"):
                yield hit.span()
        if wanted.kind in ("words",) and len(words) > 1:
            for word in words[1:]:
                yield from self._marks(text, Words(word, wanted.field))

    def _phrase(self, text: str, start: int, words: list[str]) -> int | None:
        end = start
        for word, hit in zip(words, _TOKEN.finditer(text, start), strict=False):
            if not self._same(hit.group(), word, prefix=False):
                return None
            end = hit.end()
        return end

    def _same(self, found: str, word: str, *, prefix: bool) -> bool:
        folded = "".join(known.tokens(found))
        if prefix:
            return folded.startswith(word)
        return folded == word or self.stem(folded) == self.stem(word)
