"""The passages of a hit that show why it was found: cut and marked for the works that are shown, and no others."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

from ..model import Record
from ..text import fold, straighten_same_length
from .hits import Snippet
from .query import TEXT, Words

WIDTH = 160
"""Characters of a snippet, more or less: it is cut at blanks."""
MOST_MARKS = 2_000
"""Places of one text that are looked at for the best passage."""
SHOWN = ("notes", "summary", TEXT)
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_BLANK = re.compile(r"\s")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]")


def snippets(
    record: Record, story: Callable[[int], str], wanted: Sequence[Words], stem: Callable[[str], str]
) -> list[Snippet]:
    """The best passage of each field that shows what was asked for, at most three.

    `story` gives the text of a work by its id; `wanted` are the query's words, `stem` cuts their endings.
    """
    shown = []
    for field in SHOWN:
        marker = Marker([w for w in wanted if w.field in (None, field)], stem)
        best = max(
            (found for text in _texts(record, field, story, marker) if (found := marker.best(field, text))),
            key=lambda counted: counted[0],
            default=None,
        )
        if best:
            shown.append(best[1])
    return shown


def _texts(record: Record, field: str, story: Callable[[int], str], marker: Marker) -> Iterator[str]:
    if not marker.pattern:
        return
    if field == TEXT:
        yield story(cast("int", record["id"]))
    elif field == "notes":
        yield from (note["text"] for note in cast("list[dict[str, Any]]", record.get("notes") or []))
    else:
        yield str(record.get(field) or "")


class _Unaccented(dict[int, str]):
    """For str.translate: each character without case and accents, as long as that is one character."""

    def __missing__(self, code: int) -> str:
        plain = fold(chr(code))
        self[code] = plain if len(plain) == 1 else chr(code)
        return self[code]


_UNACCENTED = _Unaccented()


def _flat(text: str) -> str:
    """`text` folded, every offset unchanged."""
    if text.isascii():
        return text.lower()
    return straighten_same_length(text).translate(_UNACCENTED)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Words that stand one behind the other; `roots` are their stems, `open` lets the last one go on."""

    words: tuple[str, ...]
    roots: tuple[str, ...]
    open: bool

    def pattern(self) -> str:
        """A regex that finds at least every place of them in a folded text."""
        parts = [re.escape(_shared(w, r)) + r"[^\W_]*(?:'s)?" for w, r in zip(self.words, self.roots, strict=True)]
        joined = r"[\W_]{1,4}".join(parts)
        return joined if _CJK.search(joined) else r"(?<![^\W_])" + joined

    def fits(self, found: list[str], stem: Callable[[str], str]) -> bool:
        """Whether words of the text are those that are wanted."""
        pairs = zip(found, self.words, self.roots, strict=False)
        same = [w == word or stem(w) == root or bool(_CJK.match(word)) for w, word, root in pairs]
        if self.open and len(same) == len(self.words):
            same[-1] = found[-1].startswith(self.words[-1])
        return len(same) == len(self.words) and all(same)


def _wanted(words: Words, stem: Callable[[str], str]) -> Iterator[_Wanted]:
    for part in words.text.split("/") if words.kind == "words" else [words.text]:
        found = tuple(w.removesuffix("'s") for w in _WORD.findall(fold(part)))
        if found and words.kind != "exact":
            yield _Wanted(found, tuple(map(stem, found)), words.kind == "prefix")


def _shared(a: str, b: str) -> str:
    """What two words begin with in common."""
    return a[: next((n for n, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))]


class Marker:
    """Finds the words of a query in a text, as search finds them: folded, by their stem, in phrases."""

    def __init__(self, wanted: Iterable[Words], stem: Callable[[str], str]) -> None:
        self.stem = stem
        self.wanted = [group for words in wanted for group in _wanted(words, stem)]
        self.pattern = re.compile("|".join(g.pattern() for g in self.wanted)) if self.wanted else None

    def marks(self, flat: str) -> list[tuple[int, int]]:
        """(start, end) of what was asked for, in order, in a text that `_flat` folded."""
        found = []
        for match in self.pattern.finditer(flat) if self.pattern else ():
            words = [w.removesuffix("'s") for w in _WORD.findall(match.group())]
            if any(group.fits(words, self.stem) for group in self.wanted):
                found.append(match.span())
                if len(found) == MOST_MARKS:
                    break
        return found

    def best(self, field: str, text: str) -> tuple[int, Snippet] | None:
        """The passage with most different words, and how many; None if there is no word of them."""
        flat = _flat(text)
        marks = self.marks(flat)
        if not marks:
            return None
        starts = [a for a, _ in marks]
        best, count = 0, 0
        for n, start in enumerate(starts):
            inside = marks[n : min(bisect_left(starts, start + WIDTH // 2), n + 20)]
            different = len({self.stem(flat[a:b]) for a, b in inside})
            if different > count:
                best, count = n, different
        return count, _cut(field, text, marks, best)


def _cut(field: str, text: str, marks: list[tuple[int, int]], first: int) -> Snippet:
    """About WIDTH characters from somewhat before a mark on, whole words."""
    start = max(0, marks[first][0] - WIDTH // 4)
    if start:
        blank = _BLANK.search(text, start, marks[first][0])
        start = blank.end() if blank else start
    end = min(len(text), max(start + WIDTH, min(marks[first][1], start + 2 * WIDTH)))
    if end < len(text):
        while end > marks[first][1] and not text[end].isspace():
            end -= 1
    inside = [(a - start, b - start) for a, b in marks[first:] if b <= end]
    return Snippet(field, _BLANK.sub(" ", text[start:end].rstrip()), inside)
