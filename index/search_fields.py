"""What of a work record is indexed, how text becomes words, and what a word weighs where."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from ..fields import FIELDS
from ..text import bare, cjk, fold
from .query import TEXT, Words

if TYPE_CHECKING:
    from ..model import Record

PROSE = frozenset({"title", "summary", "notes", "tags", "disclaimer", "related"})
"""Fields whose words are stemmed; names never are."""
WHOLE = frozenset(
    {"title", "authors", "characters", "betas", "fandoms", "relationships", "series", "tags", "collections", "warnings"}
)
"""Fields whose values can be asked for whole: character:="Dawn"."""
NUMBERS = ("id", "words", "chapters", "published", "updated")
"""Kept as columns, compared by size. Dates are yyyymmdd, unknown parts 00."""
INDEXED = tuple(f.key for f in FIELDS if f.key not in NUMBERS)

WEIGHTS = {
    "title": 8.0,
    "authors": 6.0,
    "characters": 5.0,
    "betas": 5.0,
    "fandoms": 5.0,
    "relationships": 4.0,
    "series": 4.0,
    "tags": 3.0,
    "summary": 2.5,
    "notes": 2.0,
}
"""What a bare word is looked for in, and what it counts there."""
STORY_WEIGHT = 0.5
"""The most that a word of the story counts: less than in any field of the catalogue."""

LONGEST_WORD = 60
LONGEST_VALUE = 200_000
"""Characters of one value that are indexed; a longer note is no note."""
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")


def tokens(text: str) -> list[str]:
    """The folded words of a text. "Ada's" is ada, "don't" dont; each CJK character is a word."""
    folded = fold(text[:LONGEST_VALUE])
    if not folded.isascii():
        folded = cjk().sub(r" \g<0> ", folded)
    found = _WORD.findall(folded)
    if "'" in folded:
        found = [w.removesuffix("'s").replace("'", "") if "'" in w else w for w in found]
    return [w[:LONGEST_WORD] for w in found]


def exact(words: list[str]) -> str:
    """The term that stands for a whole value; no word can look like it."""
    return "=" + " ".join(words)[: LONGEST_VALUE // 1_000]


def values(record: Record) -> dict[str, list[str]]:
    """The texts to index of a record, by key; keys with nothing to say are left out."""
    found = {key: [t for t in _texts(key, record.get(key)) if t] for key in INDEXED}
    found["rating"] += found["rating_level"]
    found["parts"] = found["parts"][1:]  # the first is the source
    return {key: texts for key, texts in found.items() if texts}


def _texts(key: str, value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case list():
            for item in value:
                yield from _texts(key, item)
        case dict() if key == "stats":
            yield from value
        case dict():
            yield str(value.get("name") or value.get("text") or "")
            yield from value.get("as", ())


def numbers(record: Record) -> dict[str, int]:
    """The numbers of a record, by key."""
    chapters = cast("dict[str, int | None]", record.get("chapters") or {})
    return {
        "id": cast("int", record["id"]),
        "words": min(cast("int", record.get("words") or 0), 2**31 - 1),
        "chapters": min(chapters.get("published") or 0, 2**31 - 1),
        "published": _day(record.get("published")),
        "updated": _day(record.get("updated")),
    }


def _day(value: object) -> int:
    parts = [int(p) for p in re.findall(r"\d{1,4}", str(value or ""))[:3]]
    year, month, day = (*parts, 0, 0, 0)[:3]
    return min(year, 9_999) * 10_000 + min(month, 99) * 100 + min(day, 99)


def document(record: Record) -> dict[str, Any]:
    """A record as the index takes it: texts by key, numbers and sort keys as columns."""
    columns = {f"n_{key}": value for key, value in numbers(record).items()}
    orders = {key: value.encode() for key, value in sort_keys(record).items()}
    return {**values(record), **columns, **orders, "n_has": presence(record)}


BIT = {f.key: 1 << n for n, f in enumerate(FIELDS)}


def presence(record: Record) -> int:
    """A bit for every key that the record says something for."""
    empty: tuple[object, ...] = (None, "", 0, "none", [], {})
    return sum(bit for key, bit in BIT.items() if record.get(key) not in empty)


def sort_keys(record: Record) -> dict[str, str]:
    """What title and author are sorted by."""
    authors = cast("list[str]", record.get("authors") or [])
    return {
        "title_order": bare(str(record.get("title") or ""))[:LONGEST_WORD],
        "author_order": bare(authors[0] if authors else "")[:LONGEST_WORD],
    }


def split(node: Words) -> tuple[Words, ...]:
    """The parts to find each on its own: "spike/willow" in any order; of "brit-pick*" only the last is a beginning."""
    if node.kind == "words" and "/" in node.text and node.field not in ("url", "source", "parts"):
        return tuple(replace(node, text=t) for t in node.text.split("/") if tokens(t))
    if node.kind in ("prefix", "fuzzy") and node.field != TEXT:
        *first, last = tokens(node.text)
        return (*(Words(t, node.field) for t in first), replace(node, text=last))
    return (node,)
