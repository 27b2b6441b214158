"""What else the gazetteer calls the fandoms, people and pairings of a catalogue.

Kept in the catalogue itself: loading the gazetteer takes longer than a search.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from ..text import fold

if TYPE_CHECKING:
    from ..lexicon import Fandom

SURE = 2
"""The strength (lexicon.MID) from which on an alias means its person wherever it stands; "Red" may be a colour."""


class Known(NamedTuple):
    """What an alias stands for: a person, fandom or pairing, in works of a fandom."""

    name: str
    fandom: str


def key(text: str) -> str:
    """How an alias is looked up: its folded words without "the"."""
    from .search_fields import tokens

    return " ".join(tokens(text)).removeprefix("the ")


def learn(db: sqlite3.Connection, fandom_id: int, fandom: Fandom) -> None:
    """Keep every alias of a fandom that is in the catalogue under this id."""
    db.executemany(
        "INSERT OR IGNORE INTO aliases(field, alias, name, strength, fandom_id) VALUES (?, ?, ?, ?, ?)",
        [(*row, fandom_id) for row in chain(_people(fandom), _titles(fandom), _pairings(fandom))],
    )


def learn_all(db: sqlite3.Connection) -> None:
    """Keep the aliases of all fandoms in the catalogue, as the gazetteer has them now."""
    from ..lexicon import lexicon

    known = {fold(fandom.title): fandom for fandom in lexicon().fandoms}
    db.execute("DELETE FROM aliases")
    for id_, title in db.execute("SELECT id, title FROM fandoms").fetchall():
        if fandom := known.get(fold(title)):
            learn(db, id_, fandom)


def meanings(db: sqlite3.Connection, field: str, text: str, least: int = 0) -> list[Known]:
    """What `text` is another name for in `field` (characters, fandoms, relationships), of that strength at least."""
    found = db.execute(
        "SELECT a.name, f.title FROM aliases a JOIN fandoms f ON f.id = a.fandom_id"
        " WHERE a.field = ? AND a.alias = ? AND a.strength >= ? ORDER BY a.strength DESC, a.name LIMIT 20",
        (field, key(text), least),
    )
    return [Known(*row) for row in found]


def _people(fandom: Fandom) -> Iterator[tuple[str, str, str, int]]:
    for person in fandom.people:
        name = f" {key(person.name)} "
        for strength, forms in ((3, person.strong), (2, person.mid), (1, person.weak)):
            for alias in map(key, forms):
                if alias and f" {alias} " not in name:  # words of the name find it by themselves
                    yield "characters", alias, person.name, strength


def _titles(fandom: Fandom) -> Iterator[tuple[str, str, str, int]]:
    title = f" {key(fandom.title)} "
    for alias in map(key, fandom.names):
        if alias and f" {alias} " not in title:
            yield "fandoms", alias, fandom.title, SURE


def _pairings(fandom: Fandom) -> Iterator[tuple[str, str, str, int]]:
    for alias, pair in fandom.pairs.items():
        yield "relationships", key(alias), "/".join(pair), SURE
