"""People and fandoms: what somebody wrote and betaed, who betas for whom, which works a fandom has."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from .rows import storable


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the catalogue: the works that they wrote, and their roles in works of others, by work."""

    name: str
    written: list[int]
    credited: dict[int, list[str]]


def person(db: sqlite3.Connection, name: str) -> Person:
    """Who has exactly this name; without any work if nobody has."""
    said = storable(name)
    written = db.execute(
        "SELECT a.work_id FROM people p CROSS JOIN authors a ON a.person_id = p.id WHERE p.name = ? ORDER BY 1", (said,)
    )
    credited: dict[int, list[str]] = {}
    for work, role in db.execute(
        "SELECT c.work_id, c.role FROM people p CROSS JOIN credits c ON c.person_id = p.id WHERE p.name = ?"
        " ORDER BY c.work_id, c.position",
        (said,),
    ):
        credited.setdefault(int(work), []).append(str(role))
    return Person(name, [int(work) for (work,) in written], credited)


def named(db: sqlite3.Connection, part: str, limit: int) -> list[str]:
    """Names that hold `part`, whatever its case; the shortest first."""
    escaped = storable(part).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    found = db.execute(
        "SELECT name FROM people WHERE name LIKE ? ESCAPE '\\' ORDER BY length(name), name LIMIT ?",
        (f"%{escaped}%", limit),
    )
    return [str(name) for (name,) in found]


def ties(db: sqlite3.Connection, limit: int, name: str | None = None) -> list[tuple[str, str, int]]:
    """(beta, author, works that one betaed for the other), most works first; of one person only if `name` is given."""
    begin, rows, where = "WITH", "credits c", ""
    values: tuple[str, ...] = ()
    if name is not None:
        begin = (
            "WITH one(id) AS MATERIALIZED (SELECT id FROM people WHERE name = ?), shared(work) AS MATERIALIZED"
            " (SELECT c.work_id FROM one CROSS JOIN credits c ON c.person_id = one.id"
            " UNION SELECT a.work_id FROM one CROSS JOIN authors a ON a.person_id = one.id),"
        )
        rows = "one CROSS JOIN shared CROSS JOIN credits c ON c.work_id = shared.work"
        where, values = " WHERE one.id IN (c.person_id, a.person_id)", (storable(name),)
    found = db.execute(
        f"{begin} tied(beta, author, n) AS MATERIALIZED (SELECT c.person_id, a.person_id, count(DISTINCT c.work_id)"
        f" FROM {rows} CROSS JOIN authors a ON a.work_id = c.work_id AND a.person_id <> c.person_id{where}"
        " GROUP BY 1, 2)"
        " SELECT b.name, a.name, n FROM tied CROSS JOIN people b ON b.id = tied.beta"
        " CROSS JOIN people a ON a.id = tied.author ORDER BY n DESC, 1, 2 LIMIT ?",
        (*values, limit),
    )
    return [(str(beta), str(author), int(n)) for beta, author, n in found]


def of_fandom(db: sqlite3.Connection, title: str) -> list[int]:
    """The works of a fandom, in the order of their ids."""
    found = db.execute(
        "SELECT t.work_id FROM fandoms f CROSS JOIN work_fandoms t ON t.fandom_id = f.id WHERE f.title = ? ORDER BY 1",
        (storable(title),),
    )
    return [int(work) for (work,) in found]
