"""Work records to rows and back: the one place that knows which key lies in which table."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from ..fields import FIELDS
from ..model import Record
from ..text import bare

Row = tuple[Any, ...]

COLUMNS = (
    "kind", "title", "beta_status", "site_id", "url", "rating", "rating_level", "summary", "disclaimer", "status",
    "language", "published", "updated", "words",
)  # fmt: skip
TAG_KINDS = ("warnings", "categories", "tags", "collections")
BATCH = 500


class Names:
    """Ids of names in a table of names, remembered up to a bound."""

    LARGEST = 50_000

    def __init__(self, db: sqlite3.Connection, table: str, column: str = "name") -> None:
        self.db, self.known = db, dict[str, int]()
        self.find = f"SELECT id FROM {table} WHERE {column} = ?"
        self.add = f"INSERT INTO {table}({column}) VALUES (?)"

    def id(self, name: str) -> int:
        if (known := self.known.get(name)) is not None:
            return known
        row = self.db.execute(self.find, (name,)).fetchone()
        found = int(row[0]) if row else int(self.db.execute(self.add, (name,)).lastrowid or 0)
        if len(self.known) >= self.LARGEST:
            self.known.clear()
        self.known[name] = found
        return found


CHILDREN = (
    "authors", "credits", "work_fandoms", "work_characters", "relationships", "notes", "tags", "series", "related",
    "stats",
)  # fmt: skip


class Writer:
    """Writes the effective values of a work; a work's old rows go first."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db
        self.forget()

    def forget(self) -> None:
        """Drop remembered ids: a transaction that was rolled back may have taken theirs with it."""
        self.people = Names(self.db, "people")
        self.fandoms = Names(self.db, "fandoms", "title")
        self.characters = Names(self.db, "characters")

    def write(self, id_: int, record: Record) -> None:
        values = [record.get(c) for c in COLUMNS]
        count: Any = record["chapters"]
        key = bare(str(record["title"] or ""))
        self.db.execute(
            f"UPDATE works SET {', '.join(f'{c} = ?' for c in COLUMNS)}, title_key = ?, chapters_published = ?,"
            " chapters_planned = ? WHERE id = ?",
            (*values, key, count["published"], count["planned"], id_),
        )
        for table in CHILDREN:
            self.db.execute(f"DELETE FROM {table} WHERE work_id = ?", (id_,))
        for statement, rows in self._children(id_, record):
            if rows:
                self.db.executemany(statement, rows)

    def _children(self, id_: int, record: Any) -> Iterator[tuple[str, list[Row]]]:
        def each(key: str, row: Callable[[Any], Row]) -> list[Row]:
            return [(id_, n, *row(value)) for n, value in enumerate(record[key])]

        yield "INSERT INTO authors VALUES (?, ?, ?)", each("authors", lambda a: (self.people.id(a),))
        yield "INSERT INTO credits VALUES (?, ?, ?, ?)", each("betas", lambda b: (self.people.id(b["name"]), b["role"]))
        yield "INSERT INTO work_fandoms VALUES (?, ?, ?)", each("fandoms", lambda f: (self.fandoms.id(f),))
        yield (
            "INSERT INTO work_characters VALUES (?, ?, ?, ?, ?, ?)",
            each(
                "characters",
                lambda c: (self.characters.id(c["name"]), _json(c["as"]), c["stage"], c["mentions"]),
            ),
        )
        yield "INSERT INTO relationships VALUES (?, ?, ?)", each("relationships", lambda r: (r,))
        yield (
            "INSERT INTO notes VALUES (?, ?, ?, ?, ?)",
            each("notes", lambda n: (n["text"], n["position"], n["chapter"])),
        )
        yield "INSERT INTO series VALUES (?, ?, ?, ?)", each("series", lambda s: (s["name"], s["position"]))
        yield (
            "INSERT INTO related VALUES (?, ?, ?, ?, ?)",
            each("related", lambda r: (r["kind"], r["text"], _json(r["chapters"]))),
        )
        tags = [(id_, kind, n, name) for kind in TAG_KINDS for n, name in enumerate(record[kind])]
        yield "INSERT INTO tags VALUES (?, ?, ?, ?)", tags
        yield "INSERT INTO stats VALUES (?, ?, ?)", [(id_, k, v) for k, v in record["stats"].items()]


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def read(db: sqlite3.Connection, ids: Sequence[int]) -> dict[int, Record]:
    """The records of up to BATCH works, one query a table; an id that is no work's is left out."""
    marks = ",".join("?" * len(ids))
    records: dict[int, Record] = {}
    columns = f"id, {', '.join(COLUMNS)}, chapters_published, chapters_planned"
    for row in db.execute(f"SELECT {columns} FROM works WHERE id IN ({marks})", ids):
        records[row[0]] = _empty(row)

    def fill(key: str, select: str, value: Callable[[Row], object]) -> None:
        for row in db.execute(
            f"SELECT t.work_id, {select} WHERE t.work_id IN ({marks}) ORDER BY t.work_id, t.position", ids
        ):
            records[row[0]][key].append(value(row))  # type: ignore[attr-defined]

    fill("authors", "p.name FROM authors t JOIN people p ON p.id = t.person_id", lambda r: r[1])
    fill(
        "betas",
        "p.name, t.role FROM credits t JOIN people p ON p.id = t.person_id",
        lambda r: {"name": r[1], "role": r[2]},
    )
    fill("fandoms", "f.title FROM work_fandoms t JOIN fandoms f ON f.id = t.fandom_id", lambda r: r[1])
    fill(
        "characters",
        "c.name, t.forms, t.stage, t.mentions FROM work_characters t JOIN characters c ON c.id = t.character_id",
        lambda r: {"name": r[1], "as": json.loads(r[2]), "stage": r[3], "mentions": r[4]},
    )
    fill("relationships", "t.name FROM relationships t", lambda r: r[1])
    fill(
        "notes", "t.text, t.place, t.chapter FROM notes t", lambda r: {"text": r[1], "position": r[2], "chapter": r[3]}
    )
    fill("series", "t.name, t.place FROM series t", lambda r: {"name": r[1], "position": r[2]})
    fill(
        "related",
        "t.kind, t.text, t.chapters FROM related t",
        lambda r: {"kind": r[1], "text": r[2], "chapters": json.loads(r[3])},
    )
    fill("parts", "t.uri FROM sources t", lambda r: r[1])
    for work, kind, name in db.execute(
        f"SELECT work_id, kind, name FROM tags WHERE work_id IN ({marks}) ORDER BY work_id, kind, position",
        ids,
    ):
        records[work][kind].append(name)  # type: ignore[attr-defined]
    for work, name, value in db.execute(f"SELECT work_id, name, value FROM stats WHERE work_id IN ({marks})", ids):
        records[work]["stats"][name] = value  # type: ignore[index]
    for record in records.values():
        record["source"] = record["parts"][0]  # type: ignore[index]
    return records


def _empty(row: Row) -> Record:
    """A record with its plain columns, its lists still empty; keys in the order of FIELDS."""
    record: Record = {"source": "", "parts": [], "id": row[0]}
    plain = dict(zip(COLUMNS, row[1:], strict=False))
    for field in FIELDS:
        if field.key in record:
            continue
        if field.key == "chapters":
            record["chapters"] = {"published": row[-2], "planned": row[-1]}
        elif field.key == "stats":
            record["stats"] = {}
        else:
            record[field.key] = plain.get(field.key, [])
    return record


def batched(ids: Iterable[int]) -> Iterator[list[int]]:
    """Ids in lists of BATCH."""
    batch: list[int] = []
    for id_ in ids:
        batch.append(id_)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
