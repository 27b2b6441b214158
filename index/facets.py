"""Facets: how many works of a result have each value of some fields, the most frequent first.

For a few works SQLite must walk from them to their values, a seek each; the other way round it reads whole tables (a
minute, where this takes milliseconds). CROSS JOIN holds it to that order. For many works the tables are read in one go.
"""

from __future__ import annotations

import json
import re
import sqlite3
from bisect import bisect
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

MANY = 8
"""Of this share of all works and more, tables are read whole: at half of 100,000 works a third of the time."""
_WANTED = "WITH wanted(id) AS MATERIALIZED (SELECT value FROM json_each(?))"
_WORDS = (1_000, 5_000, 20_000, 50_000, 100_000)
"""Where one bucket of lengths ends and the next begins."""
_YEAR = re.compile(r"[0-9]{4}")
_QUOTES = re.compile('["“”„‟«»″]')


class Values(NamedTuple):
    """Where a facet's values lie: rows of `table`, whose `value` is a name, or the id of a name in another table."""

    table: str
    value: str
    names: str = ""
    name: str = ""
    only: str = ""


OF_WORK = {
    "fandom": Values("work_fandoms", "fandom_id", "fandoms", "title"),
    "character": Values("work_characters", "character_id", "characters", "name"),
    "beta": Values("credits", "person_id", "people", "name"),
    "author": Values("authors", "person_id", "people", "name"),
    "relationship": Values("relationships", "name"),
    "tag": Values("tags", "name", only="t.kind = 'tags'"),
}
"""Facets of which a work may have several values."""


def _plain(value: str | None) -> Iterable[str]:
    return [value] if value else []


def _language(tag: str | None) -> Iterable[str]:
    return _plain((tag or "").partition("-")[0].lower())


def _year(date: str | None) -> Iterable[str]:
    found = _YEAR.match(date or "")
    return [found.group()] if found else []


def _bucket(words: int | None) -> Iterable[str]:
    """The bucket of a length, as a query asks for it: 1000..4999."""
    at = bisect(_WORDS, words or 0)
    return [f"{(0, *_WORDS)[at]}..{_WORDS[at] - 1 if at < len(_WORDS) else ''}"]


def _source(site_id: str | None, uri: str) -> Iterable[str]:
    """The site of a work, or the host of its page; the ending of its file."""
    scheme, _, address = uri.partition("://")
    is_page = scheme in ("http", "https")
    if site_id:
        yield site_id.partition(":")[0]
    elif is_page:
        yield address.partition("/")[0]
    name = "" if is_page else uri.partition("#")[0].rpartition("/")[2]
    if "." in name:
        yield "." + name.rpartition(".")[2].lower()


SINGLE: dict[str, tuple[tuple[str, ...], Callable[..., Iterable[str]]]] = {
    "rating": (("rating_level",), _plain),
    "language": (("language",), _language),
    "status": (("status",), _plain),
    "year": (("published",), _year),
    "words": (("words",), _bucket),
    "source": (("site_id", "uri"), _source),
}
"""Facets that follow from columns of the works."""

NAMES = (*OF_WORK, *SINGLE)
"""Every facet."""
_TERMS = {
    "beta": 'credit:="{}"',
    "rating": "level:{}",
    "language": "language:{}",
    "status": 'status:"{}"',
    "year": "published:{}",
    "words": "words:{}",
}


def facets(
    db: sqlite3.Connection, ids: Sequence[int] | None, names: Sequence[str], limit: int = 10
) -> dict[str, list[tuple[str, int]]]:
    """(value, number of works) of each facet in `names`, most frequent first, at most `limit` of each.

    Args:
        db: the catalogue's connection; reading is enough.
        ids: the works to count; None for the whole catalogue.
        names: of NAMES. Values are what `term` takes: "rating" has levels (teen), "language" has no region,
            "words" has ranges (1000..4999), "source" the site that a work is from (ao3), or else the host of its
            page (tower.example), and the ending of its file (.txt). Works without a value are left out.
        limit: how many values of each facet.
    """
    wanted = Wanted(db, ids)
    single = _singles(wanted, [name for name in names if name in SINGLE])
    return {
        name: most(single[name], limit) if name in single else _several(wanted, OF_WORK[name], limit) for name in names
    }


def term(name: str, value: str) -> str:
    """The term of the query language that finds the works which `facets` counts under a value.

    `character` finds those too that have the name as another form, `source` those with the ending elsewhere in their
    path.
    """
    said = _QUOTES.sub(" ", value)
    if name == "source":
        return f'source:"{said.removeprefix(".")}"' if "." in said else f'site_id:"{said}"'
    return _TERMS.get(name, name + ':="{}"').format(said)


class Wanted:
    """The works to count, None for all, and how a statement comes by their rows in a table."""

    def __init__(self, db: sqlite3.Connection, ids: Sequence[int] | None) -> None:
        self.db = db
        self.ids = None if ids is None else json.dumps(list(ids))
        last = db.execute("SELECT coalesce(max(id), 0) FROM works").fetchone()[0]
        self.many = ids is not None and len(ids) * MANY > last

    def rows(self, table: str, key: str, only: str = "") -> tuple[str, str]:
        """What comes before SELECT, and what behind FROM, for the wanted works' rows of `table` as t."""
        begin, source, conditions = _WANTED, f"wanted CROSS JOIN {table} t", [f"t.{key} = wanted.id", only]
        if self.ids is None:
            begin, source, conditions = "", f"{table} t", [only]
        elif self.many:
            source, conditions = f"{table} t", [f"+t.{key} IN (SELECT id FROM wanted)", only]
        where = " AND ".join(filter(None, conditions))
        return begin, f"{source} WHERE {where}" if where else source

    def execute(self, sql: str, *values: object) -> sqlite3.Cursor:
        return self.db.execute(sql, values if self.ids is None else (self.ids, *values))


def _several(wanted: Wanted, of: Values, limit: int) -> list[tuple[str, int]]:
    begin, rows = wanted.rows(of.table, "work_id", of.only)
    named = f" CROSS JOIN {of.names} v ON v.id = counted.value" if of.names else ""
    found = wanted.execute(
        f"{begin + ',' if begin else 'WITH'} counted(value, n) AS MATERIALIZED"
        f" (SELECT t.{of.value}, count(DISTINCT t.work_id) FROM {rows} GROUP BY 1)"
        f" SELECT {f'v.{of.name}' if of.names else 'value'}, sum(n) FROM counted{named}"
        " GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ?",
        limit,
    )
    return [(str(value), int(n)) for value, n in found]


def _singles(wanted: Wanted, names: Sequence[str]) -> dict[str, Counter[str]]:
    """How often each value occurs: of all these facets in one pass over the works."""
    if not names:
        return {}
    columns = list(dict.fromkeys(column for name in names for column in SINGLE[name][0]))
    begin, rows = wanted.rows("works", "id")
    read = list(zip(*wanted.execute(f"{begin} SELECT {', '.join(f't.{c}' for c in columns)} FROM {rows}"), strict=True))
    values: dict[str, Sequence[Any]] = dict(zip(columns, read or [()] * len(columns), strict=True))
    return {name: _counted(SINGLE[name][1], *(values[c] for c in SINGLE[name][0])) for name in names}


def _counted(meant: Callable[..., Iterable[str]], *columns: Sequence[Any]) -> Counter[str]:
    """What is `meant` by the rows of some columns, each different row looked at once."""
    counts = Counter[str]()
    for row, n in Counter(zip(*columns, strict=True)).items():
        for value in meant(*row):
            counts[value] += n
    return counts


def most(counts: Counter[str], limit: int) -> list[tuple[str, int]]:
    """The most frequent values; those that are equally frequent by the alphabet."""
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:limit]
