"""Names that many works share, each kept once: people, fandoms, characters of a fandom."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING

from ..text import fold
from . import aliases

if TYPE_CHECKING:
    from ..lexicon import Fandom

LARGEST = 50_000
"""How many ids a table of names remembers."""


@cache
def _fandoms() -> Mapping[str, tuple[Fandom, frozenset[str]]]:
    """Folded canonical title -> the fandom, and the names of its people."""
    from ..lexicon import lexicon  # not on the way of who only reads

    return {fold(f.title): (f, frozenset(p.name for p in f.people)) for f in lexicon().fandoms}


class Names:
    """Ids of names in one table; a name that is new gets one."""

    def __init__(self, db: sqlite3.Connection, table: str, column: str = "name", beside: str = "") -> None:
        self.db, self.known = db, dict[tuple[str, object], int]()
        self.find = f"SELECT id FROM {table} WHERE {column} = ?"
        self.add = f"INSERT INTO {table}({column}) VALUES (?)"
        if beside:
            self.add = f"INSERT INTO {table}({column}, {beside}) VALUES (?, ?)"

    def id(self, name: str) -> int:
        return self._id((name, None), self.find, (name,))

    def _id(self, key: tuple[str, object], find: str, values: tuple[object, ...]) -> int:
        if (known := self.known.get(key)) is not None:
            return known
        row = self.db.execute(find, values).fetchone()
        found = int(row[0]) if row else self._added(*key)
        if len(self.known) >= LARGEST:
            self.known.clear()
        self.known[key] = found
        return found

    def _added(self, name: str, beside: object) -> int:
        return int(self.db.execute(self.add, (name,)).lastrowid or 0)


class Fandoms(Names):
    """Ids of fandoms; AO3's tag stands beside a title that the gazetteer knows."""

    def __init__(self, db: sqlite3.Connection) -> None:
        super().__init__(db, "fandoms", "title", beside="ao3")

    def _added(self, name: str, beside: object) -> int:
        known = _fandoms().get(fold(name))
        added = int(self.db.execute(self.add, (name, known[0].ao3 if known else None)).lastrowid or 0)
        if known:
            aliases.learn(self.db, added, known[0])
        return added


class Characters(Names):
    """Ids of characters: one a name and fandom where the gazetteer places the name, else one a name."""

    def __init__(self, db: sqlite3.Connection, fandoms: Fandoms) -> None:
        super().__init__(db, "characters", beside="fandom_id")
        self.fandoms = fandoms
        self.find += " AND coalesce(fandom_id, 0) = coalesce(?, 0)"

    def of(self, name: str, titles: Collection[str]) -> int:
        """The id of `name` in a work of these fandoms."""
        home = next((t for t in titles if (known := _fandoms().get(fold(t))) and name in known[1]), None)
        fandom = None if home is None else self.fandoms.id(home)
        return self._id((name, fandom), self.find, (name, fandom))

    def _added(self, name: str, beside: object) -> int:
        return int(self.db.execute(self.add, (name, beside)).lastrowid or 0)


ORPHANS = {
    "people": ("authors.person_id", "credits.person_id"),
    "characters": ("work_characters.character_id",),
    "fandoms": ("work_fandoms.fandom_id", "characters.fandom_id"),
}


def unused() -> Iterator[tuple[str, str]]:
    """(table, condition) of the names that no work has any more."""
    for table, uses in ORPHANS.items():
        yield (
            table,
            " AND ".join(
                f"NOT EXISTS (SELECT 1 FROM {use.partition('.')[0]} WHERE {use} = {table}.id)" for use in uses
            ),
        )


def tidy(db: sqlite3.Connection) -> None:
    """Forget the names that no work has any more."""
    for table, condition in unused():
        db.execute(f"DELETE FROM {table} WHERE {condition}")
