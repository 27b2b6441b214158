"""FTS5 over the text of the stories, in the catalogue's own file and transaction.

Contentless: the text itself is kept compressed in `story_text`. SQLite before 3.43 cannot delete from a
contentless table, so a row goes by FTS5's 'delete' command with the old text. unicode61 keeps a run of CJK as
one word, so such runs are fed, and asked for, as overlapping pairs.
"""

from __future__ import annotations

import re
import sqlite3

from ..errors import SearchIndexError
from ..text import fold

COMMON = 5_000
"""A term in more works than this counts with a constant weight: bm25 over all of them is slow."""
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]+")
_WORD = re.compile(r"\w+")


def searchable(text: str) -> str:
    """`text` as it is indexed: CJK runs as overlapping pairs of characters."""
    if text.isascii() or not _CJK.search(text):
        return text
    return _CJK.sub(lambda m: f" {pairs(m.group())} ", text)


def pairs(run: str) -> str:
    """Overlapping pairs of a run of characters; a single one stays."""
    return " ".join(run[n : n + 2] for n in range(len(run) - 1)) or run


def add(db: sqlite3.Connection, id_: int, text: str) -> None:
    """Index a work's text."""
    db.execute("INSERT INTO story_index(rowid, text) VALUES (?, ?)", (id_, searchable(text)))


def remove(db: sqlite3.Connection, id_: int, text: str) -> None:
    """Take a work's text out again; `text` is what was added."""
    db.execute("INSERT INTO story_index(story_index, rowid, text) VALUES ('delete', ?, ?)", (id_, searchable(text)))


def match(db: sqlite3.Connection, words: str, *, prefix: bool = False) -> list[tuple[int, float]]:
    """(work id, weight above 0) of every work whose text holds the phrase `words`, in order of id.

    Raises:
        SearchIndexError: if the index is damaged.
    """
    terms = [term for word in _WORD.findall(searchable(words)) for term in [word]]
    if not terms:
        return []
    query = '"' + " ".join(terms) + '"' + (" *" if prefix else "")
    weight = "1.0" if _is_common(db, terms, prefix=prefix) else "-bm25(story_index)"
    sql = f"SELECT rowid, {weight} FROM story_index WHERE story_index MATCH ? ORDER BY rowid"
    try:
        return [(row[0], max(row[1], 1e-6)) for row in db.execute(sql, (query,))]
    except sqlite3.DatabaseError as problem:
        raise SearchIndexError(f"the index of story texts cannot be read ({problem}); run ficdex reindex") from problem


def _is_common(db: sqlite3.Connection, terms: list[str], *, prefix: bool) -> bool:
    if prefix:
        return True
    rarest = min((_works_with(db, term) for term in terms), default=0)
    return rarest > COMMON


def _works_with(db: sqlite3.Connection, term: str) -> int:
    row = db.execute("SELECT doc FROM story_words WHERE term = ?", (fold(term),)).fetchone()
    return int(row[0]) if row else 0
