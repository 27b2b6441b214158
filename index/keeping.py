"""Which of several editions of a work to keep, and why."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from typing import Any

from . import rows
from .editions import format_in

NEARLY = 0.98
"""Of the longest edition's words: another that has so many holds the same text."""
_RICH = ("TXT", "RTF", "Markdown", "ODT", "DOCX", "HTML", "EPUB")
"""Formats, what says the most of its work last; a site's own page, which names its fields, is above all."""
_REASONS = (
    "its file is there", "has more text", "has your corrections", "is newer", "comes in a richer format",
    "has more fields", "was here first",
)  # fmt: skip


def best(db: sqlite3.Connection, ids: Collection[int]) -> tuple[int, str]:
    """The work to keep, and the first reason that sets it above the next best."""
    records: Any = rows.read(db, sorted(ids))
    longest = max(record["words"] or 0 for record in records.values())
    ranks = {id_: (*_rank(db, record, longest), -id_) for id_, record in records.items()}
    first, second = sorted(ranks, key=ranks.__getitem__, reverse=True)[:2]
    pairs = zip(_REASONS, ranks[first], ranks[second], strict=True)
    return first, next(reason for reason, one, other in pairs if one > other)


def _rank(db: sqlite3.Connection, record: Any, longest: int) -> tuple[Any, ...]:
    """What speaks for a work, in the order of _REASONS."""
    missing, corrections = db.execute(
        "SELECT s.missing_since, (SELECT count(*) FROM corrections c WHERE c.work_id = s.work_id)"
        " FROM sources s WHERE s.work_id = ? AND s.position = 0",
        (record["id"],),
    ).fetchone() or (None, 0)
    name = format_in(db, record["id"])
    return (
        missing is None,
        (record["words"] or 0) >= NEARLY * longest,
        corrections > 0,
        record["updated"] or record["published"] or "",
        _RICH.index(name) if name in _RICH else len(_RICH),
        sum(1 for value in record.values() if value),
    )
