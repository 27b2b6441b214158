"""The information line of FanFiction.net: "Rated: Fiction T - English - Humor/Romance - [A, B] C - Chapters: 3 - ...".

Parts with a key say what they are; those without stand in one order: language, genres, characters. The mobile pages put
commas between the parts, and write numbers short ("12k+").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

from selectolax.lexbor import LexborNode

from ...lexicon import tables
from ...text import fold
from ..dates import iso_date
from ..markup import inline

ENGINE = "ffn"
_PARTS = re.compile(r"\s+-\s+|(?<=\w),\s+(?=(?:words|favs|follows|updated|published|chapters|reviews|rated)\b)", re.I)
_KEYED = re.compile(r"(?P<key>[A-Za-z][A-Za-z ]{1,14}):\s*(?P<value>.*)", re.DOTALL)
_BEGINS = re.compile(r"(?:Fiction )?Rated:")
_RATING = re.compile(r"(?:Fiction\s+)?(?P<rating>[A-Z][A-Z+-]{0,4}(?:-?1[37])?)(?!\w)")
_PAIRING = re.compile(r"\[([^\[\]]+)\]")
_NUMBER = re.compile(r"\d[\d,.]*")


@dataclass(frozen=True, slots=True)
class Facts:
    """What the line states; dates as ISO, `stats` by the names of data/phrases/ffn.toml."""

    rating: str = ""
    language: str = ""
    genres: tuple[str, ...] = ()
    characters: tuple[str, ...] = ()
    pairings: tuple[str, ...] = ()
    chapters: int | None = None
    words: int | None = None
    published: str | None = None
    updated: str | None = None
    complete: bool = False
    number: str = ""
    stats: tuple[tuple[str, int], ...] = ()


@cache
def _keys() -> dict[str, str]:
    return {fold(key): name for name, keys in tables(ENGINE)["key"].items() for key in keys}


def facts(node: LexborNode | None) -> Facts | None:
    """The facts of an element whose text has the line; None if it has none."""
    text = inline(node)
    begins = _BEGINS.search(text)
    if node is None or not begins:
        return None
    keyed: dict[str, str] = {}
    plain: list[str] = []
    for part in filter(None, map(str.strip, _PARTS.split(text[begins.start() :]))):
        found = _KEYED.match(part)
        if found and (name := _keys().get(fold(found["key"]))):
            keyed.setdefault(name, found["value"].strip())
        else:
            plain.append(part)
    words = tables(ENGINE)["word"]
    language = next((p for p in plain if p in words["languages"]), "")
    genres = next((g for p in plain if (g := _genres(p))), ())
    cast = next((p for p in plain if p != language and not _genres(p) and fold(p) not in words["complete"]), "")
    days = dict(_days(node, keyed))
    rating = _RATING.match(keyed.get("rating", ""))
    return Facts(
        rating=rating["rating"] if rating else "",
        language=language,
        genres=genres,
        characters=tuple(n.strip() for n in re.split(r"[,\[\]&]", cast) if n.strip()) if "rating" in keyed else (),
        pairings=tuple("/".join(n.strip() for n in pair.split(",")) for pair in _PAIRING.findall(cast) if "," in pair),
        chapters=_number(keyed.get("chapters", "")),
        words=_number(keyed.get("words", "")),
        published=days.get("published"),
        updated=days.get("updated"),
        complete=any(fold(p) in words["complete"] for p in (*plain, keyed.get("status", ""))),
        number=str(_number(keyed.get("id", "")) or ""),
        stats=tuple((n, v) for n in ("reviews", "favs", "follows") if (v := _number(keyed.get(n, ""))) is not None),
    )


def _genres(part: str) -> tuple[str, ...]:
    """The genres that a part lists, up to two of them; "Hurt/Comfort" is one."""
    known = tables(ENGINE)["word"]["genres"]
    for genre in known:
        if part == genre:
            return (genre,)
        if part.startswith(f"{genre}/") and part[len(genre) + 1 :] in known:
            return genre, part[len(genre) + 1 :]
    return ()


def _number(text: str) -> int | None:
    found = _NUMBER.match(text)
    if not found or text[found.end() :].startswith(("k", "K")):
        return None
    digits = re.sub(r"\D", "", found.group())
    return int(digits[:12])


def _days(node: LexborNode, keyed: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Dates by their names: as seconds since 1970 in the markup, else as written, the month first."""
    names = [name for name in ("updated", "published") if name in keyed]
    marked = [span.attributes.get("data-xutime") or "" for span in node.css("span[data-xutime]")]
    for place, name in enumerate(names):
        stamp = marked[place] if len(marked) == len(names) else ""
        if stamp.isascii() and stamp.isdecimal() and len(stamp) < 12:
            yield name, datetime.fromtimestamp(int(stamp), UTC).date().isoformat()
        elif date := iso_date(keyed[name], days_lead=False):
            yield name, date
