"""How an import is going, as its log says: for who looks on from another process."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import takewhile

PAUSE = 120
"""Seconds without a line of the log, after which the next line belongs to another run."""
RUNNING = 20
"""Seconds since the last line, up to which an import is under way."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the import log."""

    at: datetime
    uri: str
    outcome: str
    reason: str
    work: int | None


@dataclass(frozen=True, slots=True)
class Progress:
    """The newest run: what became of its items by outcome, its `last` lines (newest first), and how long it took."""

    outcomes: dict[str, int]
    last: list[Line]
    seconds: float
    is_running: bool

    @property
    def rate(self) -> float:
        """Items a second."""
        return sum(self.outcomes.values()) / max(1.0, self.seconds)


def progress(db: sqlite3.Connection, limit: int, now: datetime | None = None) -> Progress:
    """How the newest import went, or is going."""
    now = now or datetime.now(UTC)
    stamps = _Run()
    outcomes: dict[str, int] = {}
    for _, outcome in takewhile(stamps.goes_on, db.execute("SELECT at, outcome FROM import_log ORDER BY id DESC")):
        outcomes[outcome] = outcomes.get(outcome, 0) + 1
    lines = db.execute(
        "SELECT at, uri, outcome, coalesce(reason, ''), work_id FROM import_log ORDER BY id DESC LIMIT ?", (limit,)
    )
    last = [Line(datetime.fromisoformat(at), uri, outcome, reason, work) for at, uri, outcome, reason, work in lines]
    is_running = bool(last) and now - last[0].at < timedelta(seconds=RUNNING)
    return Progress(dict(sorted(outcomes.items())), last, stamps.seconds, is_running)


class _Run:
    """Follows the log backwards as long as its lines are close together."""

    def __init__(self) -> None:
        self.newest: datetime | None = None
        self.oldest: datetime | None = None
        self.stamp = ""

    @property
    def seconds(self) -> float:
        return (self.newest - self.oldest).total_seconds() if self.newest and self.oldest else 0.0

    def goes_on(self, line: tuple[str, str]) -> bool:
        """Whether a line is of the same run as the one after it."""
        if line[0] == self.stamp:  # many lines a second
            return True
        at = datetime.fromisoformat(line[0])
        if self.oldest and self.oldest - at > timedelta(seconds=PAUSE):
            return False
        self.newest, self.oldest, self.stamp = self.newest or at, at, line[0]
        return True
