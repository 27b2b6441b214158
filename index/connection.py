"""Opening the catalogue's file: what it must be, how SQLite is set, and what its errors mean."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from ..errors import CatalogBusy, CatalogDamaged, CatalogError
from . import schema
from .lock import Lock

WAIT = 10
"""Seconds to wait for a lock of SQLite's own."""
PRAGMAS = (
    "synchronous = NORMAL",
    "foreign_keys = ON",
    "cache_size = -32000",
    "journal_size_limit = 67108864",
)


def connect(path: Path, *, write: bool) -> sqlite3.Connection:
    """The catalogue at `path`, an empty file at first, brought to this version's schema.

    Raises:
        CatalogDamaged: if it is no catalogue, or one of a newer version.
        CatalogBusy: if it must be brought up to date, and another run writes.
        CatalogError: if it cannot be opened.
    """
    try:
        db = sqlite3.connect(path, timeout=WAIT, isolation_level=None, cached_statements=256)
    except sqlite3.Error as problem:
        raise explained(path, problem) from problem
    try:
        version = _checked(path, db)
        for pragma in PRAGMAS:
            db.execute(f"PRAGMA {pragma}")
        if version < schema.VERSION:
            lock = None if write else Lock(path)
            try:
                schema.migrate(db)
            finally:
                if lock:
                    lock.release()
        if not write:
            db.execute("PRAGMA query_only = ON")
    except sqlite3.Error as problem:
        db.close()
        raise explained(path, problem) from problem
    except BaseException:
        db.close()
        raise
    return db


def _checked(path: Path, db: sqlite3.Connection) -> int:
    """The version of its schema, 0 for a file that is still to become a catalogue."""
    application, version = (int(db.execute(f"PRAGMA {p}").fetchone()[0]) for p in ("application_id", "user_version"))
    if application != schema.APPLICATION_ID and db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
        raise CatalogDamaged(f"{path}: a database, and no ficdex catalogue; choose another file with --catalog")
    if version > schema.VERSION:
        raise CatalogDamaged(f"{path}: made by a newer ficdex (schema {version}, not {schema.VERSION}); update ficdex")
    return version


_MEANING: dict[int, tuple[type[CatalogError], str]] = {
    sqlite3.SQLITE_NOTADB: (CatalogDamaged, "not a ficdex catalogue; choose another file with --catalog"),
    sqlite3.SQLITE_CORRUPT: (CatalogDamaged, "the catalogue is damaged; restore it from a backup"),
    sqlite3.SQLITE_BUSY: (CatalogBusy, "another program holds the catalogue; close it and try again"),
    sqlite3.SQLITE_LOCKED: (CatalogBusy, "another program holds the catalogue; close it and try again"),
    sqlite3.SQLITE_FULL: (CatalogError, "the disk is full; make room and run it again, what was done is kept"),
    sqlite3.SQLITE_READONLY: (CatalogError, "it cannot be written to; check the rights of file and folder"),
    sqlite3.SQLITE_CANTOPEN: (CatalogError, "it cannot be opened; check the rights of file and folder"),
    sqlite3.SQLITE_IOERR: (CatalogError, "the disk reports an error; check it, and keep a backup"),
}


def explained(path: Path, problem: sqlite3.Error) -> CatalogError:
    """An error of SQLite's as one of ours: what is wrong with the catalogue, and what to do."""
    code = getattr(problem, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    kind, meaning = _MEANING.get(
        code, (CatalogDamaged, "the catalogue is not as it should be; restore it from a backup")
    )
    return kind(f"{path}: {meaning} ({problem})")
