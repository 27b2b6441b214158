"""Works that are editions of one work, as the owner says, and those that are none."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from itertools import combinations

from ..errors import NoSuchWork

FORMATS = {
    "application/epub+zip": "EPUB",
    "text/html": "HTML",
    "application/xhtml+xml": "HTML",
    "text/markdown": "Markdown",
    "text/plain": "TXT",
    "application/rtf": "RTF",
    "application/vnd.oasis.opendocument.text": "ODT",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "DOCX",
}


def format_of(media_type: str | None, site_id: str | None) -> str:
    """The name of a work's format, as a person says it; of a site's page the site ("AO3")."""
    if media_type == "text/html" and site_id:
        return site_id.partition(":")[0].upper()
    return FORMATS.get(media_type or "", (media_type or "?").rpartition("/")[2])


def format_in(db: sqlite3.Connection, id_: int) -> str:
    """The name of the format that a work came in."""
    found = db.execute(
        "SELECT s.media_type, w.site_id FROM works w JOIN sources s ON s.work_id = w.id AND s.position = 0"
        " WHERE w.id = ?",
        (id_,),
    ).fetchone()
    return format_of(*found) if found else "?"


def link(db: sqlite3.Connection, ids: Sequence[int]) -> None:
    """Make works editions of one work, with all that any of them was one with already.

    Raises:
        NoSuchWork: if one of them is not in the catalogue.
    """
    _known(db, ids)
    marks = ", ".join("?" * len(ids))
    joined = [row[0] for row in db.execute(f"SELECT edition FROM editions WHERE work_id IN ({marks})", tuple(ids))]
    free = db.execute("SELECT coalesce(max(edition), 0) + 1 FROM editions").fetchone()[0]
    edition = min(joined, default=free)
    for old in set(joined):
        db.execute("UPDATE editions SET edition = ? WHERE edition = ?", (edition, old))
    db.executemany("INSERT OR REPLACE INTO editions VALUES (?, ?)", [(id_, edition) for id_ in ids])
    db.executemany("DELETE FROM dismissed WHERE a = ? AND b = ?", _pairs(ids))


def unlink(db: sqlite3.Connection, id_: int) -> bool:
    """Take a work out of its editions; whether it was in any. One that is left alone is an edition no more."""
    row = db.execute("SELECT edition FROM editions WHERE work_id = ?", (id_,)).fetchone()
    db.execute("DELETE FROM editions WHERE work_id = ?", (id_,))
    db.execute(
        "DELETE FROM editions WHERE edition = ?1 AND (SELECT count(*) FROM editions WHERE edition = ?1) = 1",
        row or (None,),
    )
    return row is not None


def dismiss(db: sqlite3.Connection, ids: Sequence[int]) -> None:
    """No two of these works are the same: they are not suggested again.

    Raises:
        NoSuchWork: if one of them is not in the catalogue.
    """
    _known(db, ids)
    db.executemany("INSERT OR IGNORE INTO dismissed VALUES (?, ?)", _pairs(ids))


def dismissed(db: sqlite3.Connection) -> set[tuple[int, int]]:
    """Every pair that the owner dismissed, the smaller id first."""
    return set(db.execute("SELECT a, b FROM dismissed").fetchall())


def linked(db: sqlite3.Connection) -> dict[int, int]:
    """Work -> its edition."""
    return dict(db.execute("SELECT work_id, edition FROM editions").fetchall())


def beside(db: sqlite3.Connection, id_: int) -> list[tuple[int, str]]:
    """(id, format) of the other editions of a work."""
    found = db.execute(
        "SELECT o.work_id FROM editions e JOIN editions o ON o.edition = e.edition AND o.work_id <> e.work_id"
        " WHERE e.work_id = ? ORDER BY 1",
        (id_,),
    )
    return [(int(other), format_in(db, other)) for (other,) in found]


def _pairs(ids: Iterable[int]) -> list[tuple[int, int]]:
    return list(combinations(sorted(set(ids)), 2))


def _known(db: sqlite3.Connection, ids: Iterable[int]) -> None:
    for id_ in ids:
        if not db.execute("SELECT 1 FROM works WHERE id = ?", (id_,)).fetchone():
            raise NoSuchWork(f"no work has the id {id_}")
