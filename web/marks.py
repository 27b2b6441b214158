"""Text with the places that values came from: cut so that every piece lies in the same ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any, NamedTuple

from ..fields import BY_KEY
from ..model import Record


class Place(NamedTuple):
    """Where the text says something: `field`, and in words what of it ("Beta: Odile")."""

    start: int
    end: int
    field: str
    said: str

    @property
    def rank(self) -> tuple[int, bool]:
        """The narrowest place says most; that somebody is credited says less than who."""
        return self.end - self.start, self.field == "beta_status"


class Piece(NamedTuple):
    """A run of text inside the same places; `start` is its offset."""

    text: str
    start: int
    places: tuple[Place, ...]

    @property
    def said(self) -> str:
        """What the places say, the narrowest first."""
        return " · ".join(dict.fromkeys(p.said for p in sorted(self.places, key=lambda p: p.rank)))

    @property
    def field(self) -> str:
        """The field of the narrowest place."""
        return min(self.places, key=lambda p: p.rank).field


def places(evidence: Iterable[Record]) -> list[Place]:
    """Where the text says what a record holds, in order."""
    items: Iterable[Any] = evidence
    found = (
        Place(e["start"], e["end"], e["field"], f"{BY_KEY[e['field']].label}: {name(e['value'])}")
        for e in items
        if e["start"] is not None and e["start"] < e["end"] and e["field"] in BY_KEY
    )
    return sorted(found)


def name(value: Any) -> str:
    """A value of a list as one short line."""
    if isinstance(value, dict):
        value = value.get("name") or value.get("text") or "/".join(str(v or "?") for v in value.values())
    line = " ".join(str(value).split())
    return line if len(line) <= 80 else line[:78] + " …"


def pieces(text: str, start: int, end: int, marked: Iterable[Place]) -> Iterator[Piece]:
    """`text[start:end]`, cut where a place begins or ends."""
    inside = [p for p in marked if p.start < end and start < p.end]
    cuts = sorted({start, end, *(c for p in inside for c in (p.start, p.end) if start < c < end)})
    for a, b in pairwise(cuts):
        yield Piece(text[a:b], a, tuple(p for p in inside if p.start <= a and b <= p.end))
