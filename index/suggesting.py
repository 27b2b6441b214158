"""Did you mean: names, fandoms and words of the catalogue that are spelled nearly like what was asked for.

Names come from the catalogue's tables, words from the stories' vocabulary; neither is stemmed.
"""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice

from ..text import bare
from . import story_text
from .query_names import NAMES, asked
from .query_tree import TEXT
from .search_fields import AO3_RATINGS, language, tokens

MOST = 3
"""Suggestions for one word."""
_NAMES = {
    "authors": "SELECT name FROM people WHERE id IN (SELECT person_id FROM authors)",
    "betas": "SELECT name FROM people WHERE id IN (SELECT person_id FROM credits)",
    "fandoms": "SELECT title FROM fandoms",
    "characters": "SELECT DISTINCT name FROM characters",
    "relationships": "SELECT DISTINCT name FROM relationships",
    "series": "SELECT DISTINCT name FROM series",
    **{kind: f"SELECT DISTINCT name FROM tags WHERE kind = '{kind}'" for kind in ("tags", "warnings", "categories")},
    "collections": "SELECT DISTINCT name FROM tags WHERE kind = 'collections'",
    "rating": "SELECT DISTINCT rating FROM works UNION SELECT DISTINCT rating_level FROM works",
    "title": "SELECT title FROM works",
}
_ANYWHERE = ("fandoms", "characters", "authors", "betas", "series", "tags")
_SPOKEN = (None, TEXT, "title", "summary", "notes")
"""Fields of words that stand in the stories' vocabulary too: a document holds its title and notes."""

Distance = Callable[[str, str, int], int]
"""In how many letters two words differ; beyond the limit, anything above it."""


def near(db: sqlite3.Connection, field: str | None, text: str, distance: Distance, until: float) -> list[str]:
    """What may have been meant by `text` in a field, or anywhere: whole names and words of them, nearest first.

    It is looked for until time.monotonic() is `until`.
    """
    wanted = " ".join(tokens(text))
    most = _misspelled(wanted)
    found: dict[str, tuple[int, bool, str]] = {}
    for shown in _candidates(db, field, wanted) if most else ():
        if time.monotonic() > until:
            break
        word = " ".join(tokens(shown))
        if word not in found and word != wanted and _may_be(word, wanted, most):
            apart = distance(word, wanted, most)
            if apart <= most:
                found[word] = (apart, word[0] != wanted[0], shown)
    return [shown for _, _, shown in sorted(found.values())[:MOST]]


def _misspelled(wanted: str) -> int:
    """How many letters of a word may be wrong."""
    length = len(wanted)
    return 0 if length < 3 else 1 if length < 5 else 2 if length < 12 else 3


def _may_be(word: str, wanted: str, most: int) -> bool:
    """Whether it is worth comparing the two letter by letter: lengths and letters are nearly the same."""
    return abs(len(word) - len(wanted)) <= most and len(set(wanted) - set(word)) <= most


def _candidates(db: sqlite3.Connection, field: str | None, wanted: str) -> Iterator[str]:
    fields = [key for key in ([field] if field else _ANYWHERE) if key in _NAMES]
    aliases = (db.execute("SELECT alias FROM aliases WHERE field = ?", (key,)) for key in fields)
    for (name,) in chain.from_iterable((*(db.execute(_NAMES[key]) for key in fields), *aliases)):
        yield from _forms(name or "")
    if field == "rating":
        yield from AO3_RATINGS.values()
    if field == "language":
        yield from (language(tag) for (tag,) in db.execute("SELECT DISTINCT language FROM works WHERE language <> ''"))
    if field in _SPOKEN and " " not in wanted:
        yield from story_text.vocabulary(db, wanted[0])


def _forms(name: str) -> Iterator[str]:
    """A name as a whole, and each of its words."""
    yield name
    words = tokens(name[:200])
    if len(words) > 1:
        yield from words


COMPLETIONS = 50
"""Names that a shell is offered."""


def completions(db: sqlite3.Connection, before: Sequence[str], incomplete: str) -> list[str]:
    """What a shell may complete a word of a query to: the names of fields, or of what the catalogue has in a field.

    `before` are the words in front of it; bash cuts at a colon, so that ("beta", ":") may stand there.
    """
    name, colon, start = incomplete.rpartition(":")
    head = f"{name}:" if colon else ""
    if not colon and before and before[-1] == ":":
        name = before[-2] if len(before) > 1 else ""
    elif not colon:
        return [f"{field}:" for field in NAMES if field.startswith(incomplete)]
    known = asked(name)
    if not known or known.key not in _NAMES:
        return []
    wanted = " ".join(tokens(start))
    names = (str(row[0]) for row in db.execute(_NAMES[known.key]) if row[0])
    return [_typed(head, one) for one in islice((n for n in names if bare(n).startswith(wanted)), COMPLETIONS)]


def _typed(head: str, name: str) -> str:
    """A name as it has to be typed: one with blanks as a phrase that the shell leaves alone."""
    return f"{head}{name}" if _PLAIN.fullmatch(name) else f"'{head}\"{name}\"'"


_PLAIN = re.compile(r"[\w\-]+")
