"""Checks of both search indexes: in step with the catalogue, and readable."""

from __future__ import annotations

import sqlite3

from ..text import counted
from . import schema
from .findings import Check, Finding, Patient

_FIX = "run `ficdex doctor --fix` or `ficdex reindex`"


def _counter(patient: Patient) -> tuple[int, int]:
    """(the number of the newest change, the highest that a work bears): indexes go by it."""
    highest = "SELECT max(coalesce((SELECT max(seq) FROM works), 0), coalesce((SELECT max(seq) FROM removed), 0))"
    return patient.catalog.last_seq(), int(patient.db.execute(highest).fetchone()[0])


def _sequence(patient: Patient) -> Finding:
    last, highest = _counter(patient)
    if last >= highest:
        return Finding(f"{counted(last, 'change')}")
    return Finding(f"the counter stands at {last:,} and a work bears {highest:,}", "run `ficdex doctor --fix`", True)


def _advance(patient: Patient) -> str:
    _, highest = _counter(patient)
    patient.db.execute("UPDATE meta SET value = ? WHERE key = 'seq'", (str(highest),))
    return f"counter set to {highest:,}"


_DIFFERENT = (
    "SELECT (SELECT count(*) FROM story_text WHERE work_id NOT IN (SELECT id FROM story_index_docsize)),"
    " (SELECT count(*) FROM story_index_docsize WHERE id NOT IN (SELECT work_id FROM story_text))"
)


def _stories(patient: Patient) -> Finding:
    try:
        lacking, surplus = patient.db.execute(_DIFFERENT).fetchone()
        patient.db.execute("INSERT INTO story_index(story_index) VALUES ('integrity-check')")
    except sqlite3.DatabaseError as problem:
        return Finding(f"damaged ({problem})", _FIX, wrong=True)
    if lacking or surplus:
        said = f"{counted(lacking, 'story', 'stories')} not in it, {surplus:,} in it that are gone"
        return Finding(said, _FIX, wrong=True)
    return Finding("in step with the stories")


def _reindex_stories(patient: Patient) -> str:
    try:
        patient.catalog.reindex_text()
    except sqlite3.DatabaseError:  # too damaged to be emptied
        with patient.catalog.transaction():
            patient.db.execute("DROP TABLE IF EXISTS story_index")
            for statement in schema.STORY_INDEX:
                patient.db.execute(statement)
            patient.catalog.reindex_text()
    return "index of story texts built anew"


def _search(patient: Patient) -> Finding:
    from .search import SearchIndex

    index = SearchIndex.open(patient.catalog)
    try:
        wrong = index.ailment()
    finally:
        index.close()
    return Finding(wrong, _FIX, wrong=True) if wrong else Finding("in step with the catalogue")


def _rebuild(patient: Patient) -> str:
    from .search import SearchIndex

    return f"{counted(SearchIndex.open(patient.catalog).rebuild(), 'work')} indexed anew"


CHECKS = (
    Check("counter", _sequence, _advance),
    Check("story index", _stories, _reindex_stories),
    Check("search index", _search, _rebuild),
)
