"""Checks of the catalogue's file: whole, complete, with room and rights, without what killed runs left."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from ..text import counted
from . import schema
from .findings import RESTORE, Check, Finding, Patient

ROOM = 256 << 20
"""Bytes of disk to be left: an import of some thousand stories."""
WASTE, SHARE = 8 << 20, 0.2
"""Bytes of free pages, and their share of the file, from which it is worth making it smaller."""
LEFT = 86_400
"""Seconds after which no backup can still be at work on its folder."""
_MEBIBYTE = 1 << 20
_OF_AN_INDEX = re.compile(r"missing from index|wrong # of entries in index|non-unique entry in index")


def _integrity(patient: Patient) -> Finding:
    said = [str(row[0]) for row in patient.db.execute("PRAGMA integrity_check(20)")]
    if said == ["ok"]:
        return Finding("sound")
    remedy = "run `ficdex doctor --fix`" if _only_indexes(said) else RESTORE
    return Finding(f"damaged: {said[0]}", remedy, wrong=True, items=tuple(said))


def _only_indexes(said: list[str]) -> bool:
    return all(map(_OF_AN_INDEX.search, said))


def _rebuild_indexes(patient: Patient) -> str:
    """Indexes are made of their tables, which a damaged table is not."""
    if not _only_indexes([str(row[0]) for row in patient.db.execute("PRAGMA integrity_check(20)")]):
        return ""
    patient.db.execute("REINDEX")
    return "SQLite's indexes made anew"


def _expected() -> dict[str, tuple[str, str]]:
    """Name -> (type, SQL) of everything in a new catalogue."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as new:
        schema.migrate(new)
        found = new.execute("SELECT name, type, sql FROM sqlite_master WHERE sql IS NOT NULL")
        return {name: (type_, sql) for name, type_, sql in found}


def _missing(patient: Patient) -> dict[str, tuple[str, str]]:
    there = {row[0] for row in patient.db.execute("SELECT name FROM sqlite_master")}
    return {name: what for name, what in _expected().items() if name not in there}


def _schema(patient: Patient) -> Finding:
    missing = _missing(patient)
    if not missing:
        return Finding(f"version {schema.VERSION}")
    lost = any(type_ == "table" for type_, _ in missing.values())
    remedy = RESTORE if lost else "run `ficdex doctor --fix`"
    names = tuple(f"{type_} {name}" for name, (type_, _) in missing.items())
    return Finding(f"version {schema.VERSION} without {', '.join(names[:5])}", remedy, wrong=True, items=names)


def _make_missing(patient: Patient) -> str:
    """Indexes and views; a table that is missing held something."""
    made = [(name, sql) for name, (type_, sql) in _missing(patient).items() if type_ != "table"]
    for _, sql in made:
        patient.db.execute(sql)
    return f"made {', '.join(name for name, _ in made)}" if made else ""


def _room(patient: Patient) -> Finding:
    free = shutil.disk_usage(patient.path.parent).free
    said = f"{free // _MEBIBYTE:,} MB left"
    if free >= ROOM:
        return Finding(said)
    return Finding(said, "make room, or move the catalogue to another disk and name it with --catalog", wrong=True)


def _pages(patient: Patient) -> tuple[int, int]:
    """(free, all) bytes of the file."""
    free, every, size = (
        int(patient.db.execute(f"PRAGMA {p}").fetchone()[0]) for p in ("freelist_count", "page_count", "page_size")
    )
    return free * size, every * size


def _waste(patient: Patient) -> Finding:
    free, size = _pages(patient)
    said = f"{free // _MEBIBYTE:,} of {size // _MEBIBYTE:,} MB unused"
    worthwhile = free >= WASTE and free >= SHARE * size
    return Finding(said, "run `ficdex doctor --fix` to make the file smaller" if worthwhile else "")


def _vacuum(patient: Patient) -> str:
    free, size = _pages(patient)
    if shutil.disk_usage(patient.path.parent).free < 2 * size:
        return ""  # it takes a copy of the file, and its log
    patient.db.execute("VACUUM")
    return f"made {free // _MEBIBYTE:,} MB smaller"


def _rights(patient: Patient) -> Finding:
    if not os.access(patient.path, os.W_OK) or not os.access(patient.path.parent, os.W_OK):
        return Finding(f"{patient.path} or its folder cannot be written to", "give yourself the right to", wrong=True)
    if patient.path.stat().st_mode & 0o002:
        return Finding("everybody may write to the catalogue", "run `ficdex doctor --fix`, or chmod o-w", wrong=True)
    return Finding("yours to write")


def _close_to_others(patient: Patient) -> str:
    mode = patient.path.stat().st_mode
    if not mode & 0o002:
        return ""
    patient.path.chmod(mode & ~0o002)
    return "closed to others"


def _left_behind(patient: Patient) -> list[Path]:
    """Folders of backups that were killed. The lock is none: the system releases it with its process."""
    old = time.time() - LEFT
    return [p for p in patient.path.parent.glob(".ficdex-*") if p.is_dir() and p.stat().st_mtime < old]


def _leftovers(patient: Patient) -> Finding:
    found = _left_behind(patient)
    if not found:
        return Finding("none; no other run writes")
    said = f"{counted(len(found), 'folder')} of backups that were killed"
    return Finding(said, "run `ficdex doctor --fix`", items=tuple(map(str, found)))


def _sweep(patient: Patient) -> str:
    found = _left_behind(patient)
    for folder in found:
        shutil.rmtree(folder)
    return f"{counted(len(found), 'folder')} removed"


INTEGRITY = Check("file", _integrity, _rebuild_indexes)
CHECKS = (
    INTEGRITY,
    Check("schema", _schema, _make_missing),
    Check("rights", _rights, _close_to_others),
    Check("disk", _room),
    Check("leftovers", _leftovers, _sweep),
    Check("unused pages", _waste, _vacuum),
)
