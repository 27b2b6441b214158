"""More works like one: of its series, said to belong to it, by the same people, of the same relationships and cast.

What few works share says more than what many do.
"""

from __future__ import annotations

import math
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from ..text import bare
from .query_values import sides


@dataclass(frozen=True, slots=True)
class Like:
    """A work that is like another: how much, and what they share, the most telling first."""

    id: int
    score: float
    why: tuple[str, ...]


class _Kind(NamedTuple):
    """Something that works share: what it counts, how it is said, a work's values, the works of a value."""

    weight: float
    said: str
    values: str
    works: str


_KINDS = (
    _Kind(
        8,
        "series {}",
        "SELECT name, name FROM series WHERE work_id = ?",
        "SELECT work_id FROM series WHERE name = ?",
    ),
    _Kind(
        4,
        "by {}",
        "SELECT p.id, p.name FROM authors t JOIN people p ON p.id = t.person_id WHERE work_id = ?",
        "SELECT work_id FROM authors WHERE person_id = ?",
    ),
    _Kind(
        3,
        "beta {}",
        "SELECT p.id, p.name FROM credits t JOIN people p ON p.id = t.person_id WHERE work_id = ?",
        "SELECT work_id FROM credits WHERE person_id = ?",
    ),
    _Kind(
        3,
        "{}",
        "SELECT name, name FROM relationships WHERE work_id = ?",
        "SELECT work_id FROM relationships WHERE name = ?",
    ),
    _Kind(
        1.5,
        "{}",
        "SELECT f.id, f.title FROM work_fandoms t JOIN fandoms f ON f.id = t.fandom_id WHERE work_id = ?",
        "SELECT work_id FROM work_fandoms WHERE fandom_id = ?",
    ),
    _Kind(
        1,
        "{}",
        "SELECT c.id, c.name FROM work_characters t JOIN characters c ON c.id = t.character_id"
        " WHERE work_id = ? AND t.stage <> 'mentioned'",
        "SELECT work_id FROM work_characters WHERE character_id = ? AND stage <> 'mentioned'",
    ),
)
STATED = 10
"""What it counts that a work says it belongs to another, against _Kind.weight."""
COMMONEST = 20_000
"""What more works than this share is no sign of anything, and takes long to collect."""
SAID = 4
"""Reasons that are given for one work."""


def related(db: sqlite3.Connection, id_: int, limit: int = 10) -> list[Like]:
    """The works most like one, without its other editions."""
    works = int(db.execute("SELECT count(*) FROM works").fetchone()[0])
    scores: dict[int, float] = defaultdict(float)
    why: dict[int, list[tuple[float, str]]] = defaultdict(list)
    for weight, said, shared in _shared(db, id_):
        gain = weight * math.log(1 + works / (1 + len(shared)))
        for other in shared:
            scores[other] += gain
            why[other].append((-gain, said))
    for same in {id_, *_editions(db, id_)}:
        scores.pop(same, None)
    best = sorted(scores, key=lambda other: (-scores[other], other))[:limit]
    return [Like(other, scores[other], _reasons(why[other])) for other in best]


def _reasons(why: list[tuple[float, str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(said for _, said in sorted(why)))[:SAID]


def _shared(db: sqlite3.Connection, id_: int) -> Iterator[tuple[float, str, set[int]]]:
    """(weight, what it is, the works that have it) of everything that a work may share with others."""
    for kind in _KINDS:
        for value, name in db.execute(kind.values, (id_,)).fetchall():
            shared = {work for written in _written(value) for work in _works(db, kind, written)}
            if len(shared) <= COMMONEST:
                yield kind.weight, kind.said.format(name), shared
    for other, said in _stated(db, id_):
        yield STATED, said, {other}


def _works(db: sqlite3.Connection, kind: _Kind, value: object) -> Iterator[int]:
    found = db.execute(f"{kind.works} LIMIT {COMMONEST + 1}", (value,))
    return (int(row[0]) for row in found)


def _written(value: object) -> set[object]:
    """A relationship of two in either order; other values as they are."""
    if isinstance(value, str) and len(pair := sides(value)) == 2:
        return {value, value.replace(pair[0], "\0").replace(pair[1], pair[0]).replace("\0", pair[1])}
    return {value}


def _stated(db: sqlite3.Connection, id_: int) -> Iterator[tuple[int, str]]:
    """(work, what is said) where one names the other as its sequel, prequel or the like.

    A title of few words is believed where the authors are the same.
    """
    (mine,) = db.execute("SELECT title_key FROM works WHERE id = ?", (id_,)).fetchone()
    for kind, text in db.execute("SELECT kind, text FROM related WHERE work_id = ?", (id_,)).fetchall():
        named = "SELECT id, title_key FROM works WHERE title_key <> '' AND instr(?, ' ' || title_key || ' ')"
        for other, title in db.execute(named, (f" {bare(text)} ",)).fetchall():
            if other != id_ and _believed(db, title, id_, other):
                yield other, f"{kind} of it"
    for other, kind, text in db.execute(
        "SELECT work_id, kind, text FROM related WHERE work_id <> ?", (id_,)
    ).fetchall():
        if mine and f" {mine} " in f" {bare(text)} " and _believed(db, mine, id_, other):
            yield other, f"it says: {kind}"


def _believed(db: sqlite3.Connection, title: str, one: int, other: int) -> bool:
    same = "SELECT 1 FROM authors a JOIN authors b USING (person_id) WHERE a.work_id = ? AND b.work_id = ?"
    return len(title.split()) > 2 or bool(db.execute(same, (one, other)).fetchone())


def _editions(db: sqlite3.Connection, id_: int) -> list[int]:
    same = "SELECT work_id FROM editions WHERE edition = (SELECT edition FROM editions WHERE work_id = ?)"
    return [int(row[0]) for row in db.execute(same, (id_,))]
