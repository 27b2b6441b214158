"""The least certain values of a catalogue, for the owner to judge."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..text import bare
from .corrections import Change, parse

if TYPE_CHECKING:
    from .catalog import Catalog

REVIEWED = ("title", "authors", "betas", "beta_status", "fandoms", "relationships", "characters")
"""What a person wants to be sure of first."""
_CONFIDENCE = re.compile(r",([0-9][0-9.e+-]*)\]")
"""What ends a claim in packed evidence."""
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

    def instead(self, typed: str) -> list[Change]:
        """The owner's word that another value is right; of a list, instead of this one.

        Raises:
            CorrectionError: if the field cannot hold it.
        """
        if self.field in _SINGLE:
            return [parse(f'{self.field}="{typed}"')]
        return [self.wrong, parse(f'{self.field}+="{typed}"')]


class Queue:
    """Doubts, judged one after another; `at` is the place of the next. Answers are taken back in reverse order."""

    def __init__(self, doubts: Sequence[Doubt]) -> None:
        self.doubts = doubts
        self.at = 0
        self._answered: list[int] = []

    @property
    def current(self) -> Doubt | None:
        """What is to be judged; None at the end."""
        return self.doubts[self.at] if self.at < len(self.doubts) else None

    @property
    def judged(self) -> int:
        """How many answers stand."""
        return len(self._answered)

    def judge(self, catalog: Catalog, changes: Sequence[Change]) -> None:
        """Write the answer to the current doubt down, and go on to the next."""
        catalog.correct(self.doubts[self.at].work, changes)
        self._answered.append(self.at)
        self.at += 1

    def pass_over(self) -> None:
        """Leave the current doubt for another time."""
        self.at += 1

    def undo(self, catalog: Catalog) -> bool:
        """Take the last answer back, and go back to its doubt; False if there is none."""
        if not self._answered:
            return False
        self.at = self._answered.pop()
        catalog.undo(self.doubts[self.at].work)
        return True


def doubts(db: sqlite3.Connection, fields: Sequence[str], below: float) -> list[Doubt]:
    """Values with a confidence below `below` that the owner has not judged, least certain first."""
    judged = _judged(db)
    found = (
        doubt
        for work, claims in db.execute("SELECT work_id, evidence FROM extractions ORDER BY 1")
        if any(float(confidence) < below for confidence in _CONFIDENCE.findall(claims))  # reading JSON takes longer
        for doubt in _of_work(int(work), claims, fields, below)
    )
    return sorted(
        (d for d in found if not {(d.work, d.field, ""), (d.work, d.field, bare(d.name))} & judged),
        key=lambda d: d.confidence,
    )


def _of_work(work: int, claims: str, fields: Sequence[str], below: float) -> Iterator[Doubt]:
    for field, value, start, end, rule, confidence in json.loads(claims):
        if confidence < below and field in fields:
            yield Doubt(work, field, value, start, end, rule, confidence)


def _judged(db: sqlite3.Connection) -> set[tuple[int, str, str]]:
    """(work, field, value) of every correction; no value where the whole field was said."""
    found = set()
    for work, field, op, value in db.execute("SELECT work_id, field, op, value FROM corrections"):
        said = json.loads(value)
        name = said["name"] if isinstance(said, dict) and "name" in said else said
        found.add((int(work), str(field), bare(str(name)) if op in ("+=", "-=") else ""))
    return found
