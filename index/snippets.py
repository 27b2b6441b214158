"""The passages of a hit that show why it was found: cut and marked for the works that are shown, and no others."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from ..text import cjk, fold, straighten_same_length
from .hits import Snippet
from .query_tree import TEXT, Words
from .search_fields import PROSE, patterns

if TYPE_CHECKING:
    from ..model import Record

WIDTH = 160
"""Characters of a snippet, more or less: it is cut at blanks."""
MOST_MARKS = 2_000
"""Places of one text that are looked at for the best passage."""
SHOWN = ("characters", "relationships", "series", "tags", "notes", "summary", TEXT)
"""Fields that a snippet is cut from; a hit shows its title, authors, fandoms and betas whole."""
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_BLANK = re.compile(r"\s")


def snippets(
    record: Record, story: Callable[[int], str], wanted: Sequence[Words], stem: Callable[[str], str]
) -> list[Snippet]:
    """The best passage of each field that shows what was asked for.

    `story` gives the text of a work by its id; `wanted` are the query's words, `stem` cuts their endings.
    """
    shown = []
    for field in SHOWN:
        cut = stem if field in PROSE or field == TEXT else str  # names have no endings
        marker = Marker([w for w in wanted if w.field in (None, field)], cut)
        best = max(
            (found for text in _texts(record, field, story, marker) if (found := marker.best(field, text))),
            key=lambda counted: counted[0],
            default=None,
        )
        if best:
            shown.append(best[1])
    return shown


def _texts(record: Record, field: str, story: Callable[[int], str], marker: Marker) -> Iterator[str]:
    if not marker.wanted:
        return
    if field == TEXT:
        yield story(cast("int", record["id"]))
    elif isinstance(values := record.get(field), list):
        yield from (value if isinstance(value, str) else _named(value) for value in values)
    else:
        yield str(record.get(field) or "")


def _named(value: dict[str, Any]) -> str:
    """A note's words, a series, a character with the other names that the story uses."""
    name = str(value.get("text") or value.get("name") or "")
    return f"{name} ({', '.join(value['as'])})" if value.get("as") else name


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


class _Wanted(NamedTuple):
    """Words that stand one behind the other; `roots` are their stems, `open` lets the last one go on."""

    words: tuple[str, ...]
    roots: tuple[str, ...]
    open: bool

    @property
    def bounded(self) -> bool:
        """Whether the words begin where others end: CJK has no blanks."""
        return not any(map(_has_cjk, self.words))

    def pattern(self) -> re.Pattern[str]:
        """A regex that finds at least every place of them in a folded text."""
        return re.compile(r"[\W_]{1,4}".join(map(_form, self.words, self.roots)))

    def fits(self, found: list[str], stem: Callable[[str], str]) -> bool:
        """Whether words of the text are those that are wanted."""
        pairs = zip(found, self.words, self.roots, strict=False)
        same = [w == word or stem(w) == root or (_has_cjk(word) and bool(cjk().match(word))) for w, word, root in pairs]
        if self.open and len(same) == len(self.words):
            same[-1] = found[-1].startswith(self.words[-1])
        return len(same) == len(self.words) and all(same)


def _wild(words: Words) -> Iterator[re.Pattern[str]]:
    """A regex for each word of a pattern with * and ?."""
    for word in patterns(words.text):
        form = "".join({"*": r"[^\W_]{0,30}", "?": r"[^\W_]"}.get(c) or re.escape(c) for c in word)
        yield re.compile(form + r"(?![^\W_])")


def _wanted(words: Words, stem: Callable[[str], str]) -> Iterator[_Wanted]:
    for part in words.text.split("/") if words.kind == "words" else [words.text]:
        found = tuple(w.removesuffix("'s") for w in _WORD.findall(fold(part)))
        if found:
            yield _Wanted(found, tuple(map(stem, found)), words.kind == "prefix")


def _form(word: str, root: str) -> str:
    """A regex for a word whatever its ending; bounded, as a hostile text may be one long word."""
    if _has_cjk(word):
        return re.escape(word)
    return re.escape(_shared(word, root)) + r"[^\W_]{0,30}(?:'s)?"


def _has_cjk(word: str) -> bool:
    return not word.isascii() and bool(cjk().search(word))


def _shared(a: str, b: str) -> str:
    """What two words begin with in common."""
    return a[: next((n for n, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))]


class Marker:
    """Finds the words of a query in a text, as search finds them: folded, by their stem, in phrases."""

    def __init__(self, wanted: Iterable[Words], stem: Callable[[str], str]) -> None:
        self.stem = stem
        self.wanted: list[tuple[_Wanted | None, re.Pattern[str]]] = []
        for words in wanted:
            if words.kind == "wildcard":
                self.wanted += [(None, pattern) for pattern in _wild(words)]
            else:
                self.wanted += [(group, group.pattern()) for group in _wanted(words, stem)]

    def marks(self, flat: str) -> list[tuple[int, int]]:
        """(start, end) of what was asked for, in order, in a text that `_flat` folded."""
        return sorted({span for group, pattern in self.wanted for span in self._spans(group, pattern, flat)})

    def _spans(self, group: _Wanted | None, pattern: re.Pattern[str], flat: str) -> Iterator[tuple[int, int]]:
        for match in islice(pattern.finditer(flat), MOST_MARKS):
            start = match.start()
            bounded = group is None or group.bounded
            if bounded and start and flat[start - 1].isalnum():  # a look-behind would make the regex slow
                continue
            if group is None or group.fits([w.removesuffix("'s") for w in _WORD.findall(match.group())], self.stem):
                yield match.span()

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
