"""When the catalogue changed, and in which order: the time as it writes it, the numbers of its changes."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime


def now() -> str:
    """The time as the catalogue writes it, UTC."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def last_seq(db: sqlite3.Connection) -> int:
    """The number of the newest change."""
    return int(db.execute("SELECT value FROM meta WHERE key = 'seq'").fetchone()[0])


def next_seq(db: sqlite3.Connection) -> int:
    """The number of the change being made."""
    db.execute("UPDATE meta SET value = value + 1 WHERE key = 'seq'")
    return last_seq(db)
