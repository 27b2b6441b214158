"""The least certain values of a catalogue, for the owner to judge."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ..text import bare
from .corrections import Change

REVIEWED = ("title", "authors", "betas", "beta_status", "fandoms", "relationships", "characters")
"""What a person wants to be sure of first."""
_SINGLE = frozenset(("title", "beta_status"))
_WRONG: dict[str, Any] = {"title": None, "beta_status": "none"}
"""What a field with one value says when its value was wrong."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A value that was chosen with little confidence, and where in the work's text it stands."""

    work: int
    field: str
    value: Any
    start: int | None
    end: int | None
    rule: str
    confidence: float

    @property
    def name(self) -> str:
        """The value as a line of text."""
        return str(self.value["name"]) if isinstance(self.value, dict) else str(self.value)

    @property
    def right(self) -> Change:
        """The owner's word that the value is right."""
        return Change(self.field, "=" if self.field in _SINGLE else "+=", self.value)

    @property
    def wrong(self) -> Change:
        """The owner's word that it is wrong."""
        if self.field in _SINGLE:
            return Change(self.field, "=", _WRONG[self.field])
        return Change(self.field, "-=", self.value)


def doubts(db: sqlite3.Connection, fields: Sequence[str], below: float) -> list[Doubt]:
    """Values with a confidence below `below` that the owner has not judged, least certain first."""
    judged = _judged(db)
    found = (
        doubt
        for work, claims in db.execute("SELECT work_id, evidence FROM extractions ORDER BY 1")
        for doubt in _of_work(int(work), claims)
        if doubt.field in fields and doubt.confidence < below
    )
    return sorted(
        (d for d in found if not {(d.work, d.field, ""), (d.work, d.field, bare(d.name))} & judged),
        key=lambda d: d.confidence,
    )


def _of_work(work: int, claims: str) -> Iterator[Doubt]:
    for field, value, start, end, rule, confidence in json.loads(claims):
        yield Doubt(work, field, value, start, end, rule, confidence)


def _judged(db: sqlite3.Connection) -> set[tuple[int, str, str]]:
    """(work, field, value) of every correction; no value where the whole field was said."""
    found = set()
    for work, field, op, value in db.execute("SELECT work_id, field, op, value FROM corrections"):
        said = json.loads(value)
        name = said["name"] if isinstance(said, dict) and "name" in said else said
        found.add((int(work), str(field), bare(str(name)) if op in ("+=", "-=") else ""))
    return found
