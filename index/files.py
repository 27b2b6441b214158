"""Files on disk that were imported: what is known of them, and which of their works are gone."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .packing import to_json


@dataclass(frozen=True, slots=True)
class FileState:
    """What is known of a file on disk."""

    size: int
    mtime_ns: int
    sha256: str
    missing: bool


def known(db: sqlite3.Connection) -> dict[str, FileState]:
    """Every file that was ever imported, by path."""
    found = db.execute("SELECT path, size, mtime_ns, sha256, missing_since FROM files")
    return {path: FileState(size, mtime, sha, missing is not None) for path, size, mtime, sha, missing in found}


def seen(
    db: sqlite3.Connection, now: str, path: str, size: int, mtime_ns: int, sha256: str, found: Sequence[str] | None
) -> None:
    """A file was met. `found`: the works in it; those it holds no longer are marked, and no others any more."""
    db.execute(
        "INSERT INTO files VALUES (?, ?, ?, ?, ?, ?, NULL) ON CONFLICT(path) DO UPDATE"
        " SET size = excluded.size, mtime_ns = excluded.mtime_ns, sha256 = excluded.sha256,"
        " last_seen = excluded.last_seen, missing_since = NULL",
        (path, size, mtime_ns, sha256, now, now),
    )
    inside = (
        "" if found is None else " AND work_id {} (SELECT id FROM works WHERE uri IN (SELECT value FROM json_each(?2)))"
    )
    values = (path,) if found is None else (path, to_json(found))
    db.execute(
        f"UPDATE sources SET missing_since = NULL WHERE origin = ?1 AND missing_since IS NOT NULL{inside.format('IN')}",
        values,
    )
    if found is not None:
        db.execute(
            "UPDATE sources SET missing_since = ?3"
            f" WHERE origin = ?1 AND missing_since IS NULL{inside.format('NOT IN')}",
            (*values, now),
        )


def mark_missing(db: sqlite3.Connection, now: str, paths: Iterable[str]) -> int:
    """Files that are gone: their works stay, and say so. Returns how many were not known to be gone."""
    marked = 0
    for path in paths:
        for table, column in (("files", "path"), ("sources", "origin")):
            changed = db.execute(
                f"UPDATE {table} SET missing_since = ? WHERE {column} = ? AND missing_since IS NULL", (now, path)
            )
            marked += changed.rowcount if table == "files" else 0
    return marked


def mark_found(db: sqlite3.Connection, origin: str) -> None:
    """A place that was gone holds its works again."""
    db.execute("UPDATE sources SET missing_since = NULL WHERE origin = ? AND missing_since IS NOT NULL", (origin,))


def copies(db: sqlite3.Connection, sha256: str, path: str) -> list[tuple[str, bool]]:
    """Other files of the same bytes, and whether works are known from them; those first."""
    found = db.execute(
        "SELECT path, EXISTS (SELECT 1 FROM sources WHERE origin = path) FROM files"
        " WHERE sha256 = ? AND path <> ? ORDER BY 2 DESC, path",
        (sha256, path),
    )
    return [(str(other), bool(has_works)) for other, has_works in found]


def has_works(db: sqlite3.Connection, path: str) -> bool:
    """Whether works are known from the file at `path`."""
    return bool(db.execute("SELECT EXISTS (SELECT 1 FROM sources WHERE origin = ?)", (path,)).fetchone()[0])
