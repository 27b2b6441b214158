"""Counts of the whole catalogue, for `ficdex stats`."""

from __future__ import annotations

import sqlite3
from typing import Any

_COUNTS = {
    "works": "count(*) FROM works",
    "words": "coalesce(sum(words), 0) FROM works",
    "authors": "count(DISTINCT person_id) FROM authors",
    "betas": "count(DISTINCT person_id) FROM credits",
    "people": "count(*) FROM people",
    "notes": "count(*) FROM notes",
    "fandoms": "count(DISTINCT fandom_id) FROM work_fandoms",
    "characters": "count(DISTINCT character_id) FROM work_characters",
    "missing": "count(DISTINCT work_id) FROM sources WHERE missing_since IS NOT NULL",
    "corrections": "count(*) FROM corrections",
}
_MOST = {
    "top_fandoms": "f.title, count(*) FROM work_fandoms t JOIN fandoms f ON f.id = t.fandom_id",
    "top_betas": "p.name, count(*) FROM credits c JOIN people p ON p.id = c.person_id",
    "ratings": "coalesce(rating_level, 'none'), count(*) FROM works",
    "languages": "coalesce(language, 'unknown'), count(*) FROM works",
    "years": "coalesce(substr(published, 1, 4), 'unknown'), count(*) FROM works",
}


def figures(db: sqlite3.Connection, size: int) -> dict[str, Any]:
    """Counts, the `size` of the file in bytes, and the ten most frequent values of some fields."""
    counts: dict[str, Any] = {name: db.execute(f"SELECT {sql}").fetchone()[0] for name, sql in _COUNTS.items()}
    counts["bytes"] = size
    for name, sql in _MOST.items():
        counts[name] = dict(db.execute(f"SELECT {sql} GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 10").fetchall())
    return counts
