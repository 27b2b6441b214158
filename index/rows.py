"""Work records to rows and back: the one place that knows which key lies in which table."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from ..fields import FIELDS
from ..text import bare
from .names import Characters, Fandoms, Names

if TYPE_CHECKING:
    from ..model import Record

Row = tuple[Any, ...]

COLUMNS = (
    "kind", "title", "beta_status", "site_id", "url", "rating", "rating_level", "summary", "disclaimer", "status",
    "language", "published", "updated", "words", "usage",
)  # fmt: skip
TAG_KINDS = ("warnings", "categories", "tags", "collections")
BATCH = 500
LARGEST = (1 << 63) - 1
"""The largest whole number that SQLite holds."""
_COUNTS = ("published", "planned")
_UPDATE = (
    f"UPDATE works SET {', '.join(f'{c} = ?' for c in COLUMNS)}, title_key = ?, chapters_published = ?,"
    " chapters_planned = ? WHERE id = ?"
)
CHILDREN: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("authors", ("authors",)),
    ("credits", ("betas",)),
    ("work_fandoms", ("fandoms",)),
    ("work_characters", ("characters", "fandoms")),
    ("relationships", ("relationships",)),
    ("notes", ("notes",)),
    ("tags", TAG_KINDS),
    ("series", ("series",)),
    ("related", ("related",)),
    ("stats", ("stats",)),
)
"""Each table of values, and the keys of the record that it depends on."""


class Writer:
    """Writes the effective values of a work."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db
        self.forget()

    def forget(self) -> None:
        """Drop remembered ids: a transaction that was rolled back may have taken theirs with it."""
        self.people = Names(self.db, "people")
        self.fandoms = Fandoms(self.db)
        self.characters = Characters(self.db, self.fandoms)

    def write(self, id_: int, record: Record, old: Record | None = None) -> None:
        """Bring the rows of a work from `old`, None if it has none yet, to `record`."""
        count: Any = record["chapters"]
        values = (*(record[c] for c in COLUMNS), bare(str(record["title"] or "")), *map(count.get, _COUNTS), id_)
        try:
            self._write(id_, record, old, values)
        except (UnicodeEncodeError, OverflowError):
            safe: Any = storable(record)
            for table, _ in CHILDREN:
                self.db.execute(f"DELETE FROM {table} WHERE work_id = ?", (id_,))
            self._write(id_, safe, None, tuple(map(storable, values)))

    def _write(self, id_: int, record: Record, old: Record | None, values: Row) -> None:
        self.db.execute(_UPDATE, values)
        for table, keys in CHILDREN:
            if old is None or any(old[k] != record[k] for k in keys):
                if old is not None:
                    self.db.execute(f"DELETE FROM {table} WHERE work_id = ?", (id_,))
                if rows := self._rows(table, id_, record):
                    marks = ", ".join("?" * len(rows[0]))
                    self.db.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)

    def _rows(self, table: str, id_: int, record: Any) -> list[Row]:
        def each(key: str, row: Callable[[Any], Row]) -> list[Row]:
            return [(id_, n, *row(value)) for n, value in enumerate(record[key])]

        match table:
            case "authors":
                return each("authors", lambda a: (self.people.id(a),))
            case "credits":
                return each("betas", lambda b: (self.people.id(b["name"]), b["role"]))
            case "work_fandoms":
                return each("fandoms", lambda f: (self.fandoms.id(f),))
            case "work_characters":
                titles = record["fandoms"]
                return each(
                    "characters",
                    lambda c: (self.characters.of(c["name"], titles), _json(c["as"]), c["stage"], c["mentions"]),
                )
            case "notes":
                return each("notes", lambda n: (n["text"], n["position"], n["chapter"]))
            case "series":
                return each("series", lambda s: (s["name"], s["position"]))
            case "related":
                return each("related", lambda r: (r["kind"], r["text"], _json(r["chapters"])))
            case "tags":
                return [(id_, n, kind, name) for kind in TAG_KINDS for n, name in enumerate(record[kind])]
            case "stats":
                return [(id_, n, *item) for n, item in enumerate(record["stats"].items())]
        return each(table, lambda value: (value,))


def storable(value: Any) -> Any:
    """`value` as SQLite can hold it: no lone surrogates, whole numbers of 64 bits."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, int):
        return max(-LARGEST, min(value, LARGEST))
    if isinstance(value, dict):
        return {storable(k): storable(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [storable(v) for v in value]
    return value


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
    for work, name, value in db.execute(
        f"SELECT work_id, name, value FROM stats WHERE work_id IN ({marks}) ORDER BY work_id, position", ids
    ):
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
