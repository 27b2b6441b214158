"""What of a work record is indexed, how text becomes words, and what a word weighs where."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from ..fields import BY_KEY, FIELDS, ROLES, STAGES
from ..text import bare, cjk, fold
from .query_names import WHOM
from .query_tree import CROSSOVER, TEXT, Exists, Kind, Words
from .query_values import sides

if TYPE_CHECKING:
    from ..model import Record

PROSE = frozenset({"title", "summary", "notes", "tags", "disclaimer", "related"})
"""Fields whose words are stemmed; names never are."""
WHOLE = frozenset(
    {
        "title", "authors", "characters", "betas", "fandoms", "relationships", "series", "tags", "collections",
        "warnings", "categories", "rating", "rating_level", "status", "language", "beta_status", "kind", "site_id",
    }
)  # fmt: skip
"""Fields whose values can be asked for whole: character:="Dawn". Of others, the words are looked for."""
NUMBERS = ("id", "words", "chapters", "published", "updated", "added")
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
_WILD_WORD = re.compile(r"(?:[^\W_]|[*?])+")

ROOM = 1 << 16
"""Positions of a field from one room to the next. Those who did one thing, who stand on one stage, and each person of
a relationship have a room, so that it can be told from the position what a name is there."""
SIDES = 16
"""Rooms of a relationship: its people, the last of them together if there are more."""
AO3_RATINGS = {"general": "General Audiences", "teen": "Teen And Up Audiences"}
"""How AO3 calls the levels that are not called so there."""

Rooms = list[list[str]]
"""The texts of a field, room by room."""


def tokens(text: str) -> list[str]:
    """The folded words of a text. "Ada's" is ada, "don't" dont; each CJK character is a word."""
    folded = fold(text[:LONGEST_VALUE])
    if not folded.isascii():
        folded = cjk().sub(r" \g<0> ", folded)
    found = _WORD.findall(folded)
    if "'" in folded:
        found = [w.removesuffix("'s").replace("'", "") if "'" in w else w for w in found]
    return [w[:LONGEST_WORD] for w in found]


def patterns(text: str) -> list[str]:
    """The folded words of a text with * and ? in them."""
    return [w[:LONGEST_WORD] for w in _WILD_WORD.findall(fold(text).replace("'", ""))]


def exact(words: list[str]) -> str:
    """The term that stands for a whole value; no word can look like it."""
    return "=" + " ".join(words)[: LONGEST_VALUE // 1_000]


def values(record: Record) -> dict[str, Rooms]:
    """The texts to index of a record, by key and room; keys with nothing to say are left out."""
    found = {key: [t for t in _texts(key, record.get(key)) if t] for key in INDEXED if key not in _ROOMED}
    found["rating"] += [AO3_RATINGS.get(level, level) for level in found["rating_level"]]
    found["language"] += [name for tag in found["language"] if (name := language(tag))]
    found["parts"] = found["parts"][1:]  # the first is the source
    rooms = {key: [texts] for key, texts in found.items() if texts}
    return rooms | {key: some for key, split in _ROOMED.items() if any(some := split(record.get(key) or []))}


def _by_kind(key: str, named: str, kinds: tuple[str, ...]) -> Callable[[Any], Rooms]:
    def rooms(items: Any) -> Rooms:
        return [[t for item in items if item[named] == kind for t in _texts(key, item)] for kind in kinds]

    return rooms


def _relationships(items: Any) -> Rooms:
    """Each relationship SIDES rooms on from the one before, a room for each of its people."""
    found: Rooms = []
    for item in items:
        people = sides(item)
        found += [[side] for side in people[: SIDES - 1]] + [people[SIDES - 1 :]]
        found += [[]] * (-len(found) % SIDES)
    return found


_ROOMED: dict[str, Callable[[Any], Rooms]] = {
    "betas": _by_kind("betas", "role", ROLES),
    "characters": _by_kind("characters", "stage", STAGES),
    "relationships": _relationships,
}


@cache
def language(tag: str) -> str:
    """The English name of a language."""
    from ..lexicon import tables  # not on the way of a search

    names = tables("languages")["names"]
    found = names.get(tag) or names.get(tag.partition("-")[0])
    return found[0] if found else ""


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


def numbers(record: Record, added: str) -> dict[str, int]:
    """The numbers of a record, by key; `added` is when it came into the catalogue."""
    chapters = cast("dict[str, int | None]", record.get("chapters") or {})
    return {
        "id": cast("int", record["id"]),
        "words": min(cast("int", record.get("words") or 0), 2**31 - 1),
        "chapters": min(chapters.get("published") or 0, 2**31 - 1),
        "published": _day(record.get("published")),
        "updated": _day(record.get("updated")),
        "added": _day(added),
    }


def _day(value: object) -> int:
    parts = [int(p) for p in re.findall(r"\d{1,4}", str(value or ""))[:3]]
    year, month, day = (*parts, 0, 0, 0)[:3]
    return min(year, 9_999) * 10_000 + min(month, 99) * 100 + min(day, 99)


def document(record: Record, added: str) -> dict[str, Any]:
    """A record, added then, as the index takes it: texts by key, numbers and sort keys as columns."""
    columns = {f"n_{key}": value for key, value in numbers(record, added).items()}
    orders = {key: value.encode() for key, value in sort_keys(record).items()}
    return {**values(record), **columns, **orders, "n_has": presence(record)}


_SAID = [f.key for f in FIELDS] + [CROSSOVER]
_ROLE = {(key, role): n for key, kinds in (("betas", ROLES), ("characters", STAGES)) for n, role in enumerate(kinds)}
_BIT = {what: 1 << n for n, what in enumerate([*_SAID, *_ROLE])}
_EMPTY: tuple[object, ...] = (None, "", 0, "none", [], {})


def bits(node: Exists) -> int:
    """The bits of `presence` of which a work has one that the node finds."""
    if node.role is None:
        return _BIT[node.field]
    rooms = WHOM[node.field][node.role]
    return sum(_BIT[what] for what, room in _ROLE.items() if what[0] == node.field and room in rooms)


def presence(record: Record) -> int:
    """A bit for every key that the record says something for, for a crossover, and for the roles that people have."""
    said = {key for key in BY_KEY if record.get(key) not in _EMPTY}
    if len(cast("list[str]", record.get("fandoms") or [])) > 1:
        said.add(CROSSOVER)
    roles = {("betas", credit["role"]) for credit in cast("Any", record.get("betas") or [])}
    stages = {("characters", person["stage"]) for person in cast("Any", record.get("characters") or [])}
    return sum(bit for what, bit in _BIT.items() if what in said or what in roles or what in stages)


def sort_keys(record: Record) -> dict[str, str]:
    """What title and author are sorted by."""
    authors = cast("list[str]", record.get("authors") or [])
    return {
        "title_order": bare(str(record.get("title") or ""))[:LONGEST_WORD],
        "author_order": bare(authors[0] if authors else "")[:LONGEST_WORD],
    }


def split(node: Words) -> tuple[Words, ...]:
    """The parts to find each on its own: "willow/tara" in any order; of "brit-pick*" only the last is a beginning."""
    if node.kind == "words" and "/" in node.text and node.field not in ("url", "source", "parts"):
        return tuple(replace(node, text=t) for t in node.text.split("/") if tokens(t))
    if node.kind in ("prefix", "fuzzy") and node.field != TEXT:
        *first, last = tokens(node.text)
        return (*(replace(node, text=t, kind="words") for t in first), replace(node, text=last))
    if node.kind == "wildcard":
        kinds: dict[bool, Kind] = {False: "words", True: "wildcard"}
        return tuple(replace(node, text=t, kind=kinds["*" in t or "?" in t]) for t in patterns(node.text))
    return (node,)
