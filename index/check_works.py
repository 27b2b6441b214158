"""Checks of what the catalogue holds: every row with its work, every work with its rows and its file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ..text import counted
from . import names
from .findings import Check, Finding, Patient

_FIX = "run `ficdex doctor --fix`"
PARTS = ("story_text", "extractions", "sources")
"""Tables in which every work has a row."""


def _orphans(patient: Patient) -> Finding:
    found: dict[str, int] = {}
    for table, _, parent, _ in patient.db.execute("PRAGMA foreign_key_check"):
        found[f"{table} without {parent}"] = found.get(f"{table} without {parent}", 0) + 1
    if not found:
        return Finding("every row belongs to a work")
    items = tuple(f"{count:,} of {what}" for what, count in found.items())
    return Finding(f"{counted(sum(found.values()), 'row')} of nothing: {', '.join(items[:3])}", _FIX, True, items)


def _references(patient: Patient) -> Iterator[tuple[str, str, str, str]]:
    """(table, column, parent, its column) of each broken reference."""
    broken = {(row[0], row[3]) for row in patient.db.execute("PRAGMA foreign_key_check")}
    for table, number in sorted(broken):
        for id_, _, parent, column, key, *_ in patient.db.execute(f"PRAGMA foreign_key_list({table})").fetchall():
            if id_ == number:
                yield table, column, parent, key or "id"


def _drop_orphans(patient: Patient) -> str:
    """Rows of nothing go; where a row may do without what it refers to, it stays without."""
    count = 0
    with patient.catalog.transaction():
        for table, column, parent, key in _references(patient):
            needed = {c[1]: c[3] or c[5] for c in patient.db.execute(f"PRAGMA table_info({table})")}[column]
            change = f"DELETE FROM {table}" if needed else f"UPDATE OR IGNORE {table} SET {column} = NULL"
            count += patient.db.execute(
                f"{change} WHERE {column} IS NOT NULL"
                f" AND NOT EXISTS (SELECT 1 FROM {parent} p WHERE p.{key} = {table}.{column})"
            ).rowcount
    return f"{counted(count, 'row')} of nothing dropped"


def _nobody(patient: Patient) -> int:
    return sum(
        int(patient.db.execute(f"SELECT count(*) FROM {table} WHERE {unused}").fetchone()[0])
        for table, unused in names.unused()
    )


def _names(patient: Patient) -> Finding:
    count = _nobody(patient)
    return Finding(f"{counted(count, 'name')} that no work has", _FIX) if count else Finding("every name is used")


def _tidy(patient: Patient) -> str:
    count = _nobody(patient)
    with patient.catalog.transaction():
        names.tidy(patient.db)
    return f"{counted(count, 'name')} forgotten"


def _incomplete(patient: Patient) -> list[tuple[int, str]]:
    missing = " OR ".join(f"NOT EXISTS (SELECT 1 FROM {t} WHERE work_id = w.id)" for t in PARTS)
    return patient.db.execute(f"SELECT w.id, w.uri FROM works w WHERE {missing} ORDER BY 1").fetchall()


def _works(patient: Patient) -> Finding:
    lost = _incomplete(patient)
    if not lost:
        count = patient.db.execute("SELECT count(*) FROM works").fetchone()[0]
        return Finding(f"{counted(count, 'work')}, all whole")
    items = tuple(f"{id_} {uri}" for id_, uri in lost)
    remedy = "run `ficdex doctor --fix`, then import or crawl their sources again"
    return Finding(f"{counted(len(lost), 'work')} without text or source", remedy, True, items)


def _read_again(patient: Patient) -> str:
    """Nothing of them counts as known any more, so that the next import stores them whole."""
    lost = _incomplete(patient)
    with patient.catalog.transaction():
        for id_, uri in lost:
            patient.db.execute("UPDATE works SET fingerprint = NULL WHERE id = ?", (id_,))
            patient.db.execute(
                "DELETE FROM files WHERE path = ?2 OR path IN (SELECT origin FROM sources WHERE work_id = ?1)",
                (id_, uri),
            )
    return f"{counted(len(lost), 'work')} will be read anew by the next import"


def _gone(patient: Patient) -> list[str]:
    """Files that are not where they were, and not marked so."""
    return [path for path, state in patient.catalog.known().items() if not state.missing and not Path(path).exists()]


def _files(patient: Patient) -> Finding:
    gone = _gone(patient)
    if gone:
        remedy = "run `ficdex doctor --fix` to mark them, or import the folder they are in now"
        return Finding(f"{counted(len(gone), 'file')} vanished", remedy, True, tuple(gone))
    known = patient.catalog.known()
    marked = tuple(path for path, state in known.items() if state.missing)
    return Finding(
        f"{counted(len(known), 'file')}" + (f", {len(marked):,} of them marked as gone" if marked else ""), items=marked
    )


def _mark(patient: Patient) -> str:
    return f"{counted(patient.catalog.mark_missing(_gone(patient)), 'file')} marked as gone"


def _extractor(patient: Patient) -> Finding:
    older = len(patient.catalog.older(patient.extractor))
    if not older:
        return Finding("this version's")
    return Finding(f"{counted(older, 'work')} extracted by another version", "run `ficdex reextract`")


CHECKS = (
    Check("rows", _orphans, _drop_orphans),
    Check("names", _names, _tidy),
    Check("works", _works, _read_again),
    Check("files", _files, _mark),
    Check("extraction", _extractor),
)
