"""FTS5 over the text of the stories, in the catalogue's own file and transaction.

Contentless: the text itself is kept compressed in `story_text`. SQLite before 3.43 cannot delete from a
contentless table, so a row goes by FTS5's 'delete' command with the old text. Words are kept as they stand
(unicode61, without accents) and not stemmed: a reader who quotes a story means these words, and a stemmer would
fit one language only.

unicode61 keeps a run of CJK as one word. Such a run is fed as overlapping pairs of characters and its last
character alone, so that every piece of it, a single character too, begins with a pair or is one.
"""

from __future__ import annotations

import math
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache

from ..errors import SearchIndexError

COMMON = 5_000
"""A phrase in more works than this counts with one weight for all: bm25 over so many takes longer than finding them."""
LEAST = 1e-6
"""The smallest weight: FTS5's own for what stands in half of all works and more."""
_WORD = re.compile(r"[^\W_]")
_WORDS = re.compile(r"[^\W_]+")


@cache
def _cjk() -> re.Pattern[str]:
    """A run of CJK; made when first asked for, which takes 3 ms."""
    return re.compile(
        r"[\u3005\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\uff66-\uff9f"
        r"\U00020000-\U000323af]+"
    )


def searchable(text: str) -> str:
    """`text` as it is indexed: CJK runs as pairs and a last character, nothing that SQLite cannot hold."""
    if text.isascii():
        return text
    return _cjk().sub(lambda m: f" {pairs(m.group(), last=True)} ", text.encode("utf-8", "replace").decode())


def pairs(run: str, *, last: bool = False) -> str:
    """Overlapping pairs of a run of characters, on request its last one too; a single character stays."""
    two = [run[n : n + 2] for n in range(len(run) - 1)]
    return " ".join([*two, run[-1]] if last or not two else two)


def add(db: sqlite3.Connection, id_: int, text: str) -> None:
    """Index a work's text."""
    db.execute("INSERT INTO story_index(rowid, text) VALUES (?, ?)", (id_, searchable(text)))


def remove(db: sqlite3.Connection, id_: int, text: str) -> None:
    """Take a work's text out again; `text` is what was added."""
    db.execute("INSERT INTO story_index(story_index, rowid, text) VALUES ('delete', ?, ?)", (id_, searchable(text)))


class Waiting:
    """What is to be indexed when the transaction ends.

    FTS5 writes what it holds at every savepoint, and a transaction has one for each work: all at once is twice as fast.
    """

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db
        self._steps: list[tuple[Callable[[sqlite3.Connection, int, str], None], int, str]] = []

    def __len__(self) -> int:
        return len(self._steps)

    def add(self, id_: int, text: str) -> None:
        """Index a work's text."""
        self._steps.append((add, id_, text))

    def remove(self, id_: int, text: str) -> None:
        """Take a work's text out again; `text` is what was added."""
        self._steps.append((remove, id_, text))

    def forget(self, first: int) -> None:
        """Drop the steps from the number `first` on: what they belong to was rolled back."""
        del self._steps[first:]

    def carry_out(self) -> None:
        """Every step in its order."""
        for step, id_, text in self._steps:
            step(self.db, id_, text)
        self._steps.clear()


def expression(words: str, *, prefix: bool = False, apart: int = 0) -> str:
    """The FTS5 query for a phrase, "" if there is no word in it.

    `prefix`: its last word goes on. `apart`: so many words may stand between two of it, which then come in any order.
    """
    words = words.encode("utf-8", "replace").decode().replace('"', " ").replace("\0", " ").rstrip()
    runs = () if words.isascii() else _cjk().finditer(words)
    if final := next((m for m in runs if m.end() == len(words)), None):
        prefix = prefix or len(final.group()) == 1
        words = f"{searchable(words[: final.start()])} {pairs(final.group())}"
    else:
        words = searchable(words)
    if not _WORD.search(words):
        return ""
    if apart and len(each := _WORDS.findall(words)) > 1:
        span = (apart + 1) * (len(each) - 1) - 1
        quoted = " ".join(f'"{word}"' for word in each)
        return f"NEAR({quoted}, {span})"
    return f'"{words}"' + (" *" if prefix else "")


def match(db: sqlite3.Connection, *phrases: str, prefix: bool = False, apart: int = 0) -> list[tuple[int, float]]:
    """(work id, weight above 0) of every work whose text holds one of the phrases, in order of id.

    The weight is bm25, or for what is COMMON the part of bm25 that is the same for all of them, its rarity.

    Raises:
        SearchIndexError: if the index is damaged.
    """
    query = " OR ".join(filter(None, (expression(words, prefix=prefix, apart=apart) for words in phrases)))
    if not query:
        return []
    with _explained():
        ids = [id_ for (id_,) in db.execute("SELECT rowid FROM story_index WHERE story_index MATCH ?", (query,))]
        if len(ids) > COMMON:
            works = db.execute("SELECT count(*) FROM story_text").fetchone()[0]
            rarity = max(math.log((works - len(ids) + 0.5) / (len(ids) + 0.5)), LEAST)
            return [(id_, rarity) for id_ in ids]
        ranked = "SELECT rowid, -bm25(story_index) FROM story_index WHERE story_index MATCH ? ORDER BY rowid"
        return [(int(id_), max(weight, LEAST)) for id_, weight in db.execute(ranked, (query,))]


def vocabulary(db: sqlite3.Connection, start: str) -> Iterator[str]:
    """The words of all stories that begin with `start`, folded, in order.

    Raises:
        SearchIndexError: if the index is damaged.
    """
    with _explained():
        last = start + "\U0010ffff"
        yield from (
            row[0] for row in db.execute("SELECT term FROM story_words WHERE term BETWEEN ? AND ?", (start, last))
        )


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except sqlite3.DatabaseError as problem:
        raise SearchIndexError(f"the index of story texts cannot be read ({problem}); run ficdex reindex") from problem
