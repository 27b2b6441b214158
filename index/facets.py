"""Facets: how many works of a result have each value of some fields, the most frequent first.

SQLite must walk from the works to their values, a seek each: the other way round it reads whole tables for a few
works (a minute, where this takes milliseconds). CROSS JOIN holds it to that order.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

_WANTED = "WITH wanted(id) AS MATERIALIZED (SELECT value FROM json_each(?))"
_WORDS = (1_000, 5_000, 20_000, 50_000, 100_000)
"""Where one bucket of lengths ends and the next begins."""
_QUOTES = re.compile(r"[\"“”„‟«»″]")


class _Values(NamedTuple):
    """Where a facet's values lie: rows of `table` with a work_id; their `value` is a name, or the `key` of one."""

    table: str
    value: str
    names: str = ""
    name: str = ""
    only: str = ""


_OF_WORK = {
    "fandom": _Values("work_fandoms", "fandom_id", "fandoms", "title"),
    "character": _Values("work_characters", "character_id", "characters", "name"),
    "beta": _Values("credits", "person_id", "people", "name"),
    "author": _Values("authors", "person_id", "people", "name"),
    "relationship": _Values("relationships", "name"),
    "tag": _Values("tags", "name", only="t.kind = 'tags'"),
}
"""Facets of which a work may have several values."""


def _bucket() -> str:
    """The bucket of a work's length, written as a query asks for it: 1000..4999."""
    ranges = zip((0, *_WORDS), _WORDS, strict=False)
    cases = "".join(f" WHEN coalesce(w.words, 0) < {end} THEN '{start}..{end - 1}'" for start, end in ranges)
    return f"CASE{cases} ELSE '{_WORDS[-1]}..' END"


_PLACE = "substr(w.uri, 1, instr(w.uri || '#', '#') - 1)"
_FILE = f"replace({_PLACE}, rtrim({_PLACE}, replace({_PLACE}, '/', '')), '')"
_HOST = "substr(w.uri, instr(w.uri, '://') + 3)"
_SITE = f"""CASE WHEN w.site_id IS NOT NULL THEN substr(w.site_id, 1, instr(w.site_id || ':', ':') - 1)
  WHEN w.uri LIKE 'http%://%' THEN substr({_HOST}, 1, instr({_HOST} || '/', '/') - 1) END"""
_ENDING = f"""CASE WHEN w.uri NOT LIKE 'http%://%' AND instr({_FILE}, '.')
  THEN lower('.' || replace({_FILE}, rtrim({_FILE}, replace({_FILE}, '.', '')), '')) END"""
_SINGLE = {
    "rating": ("w.rating_level",),
    "language": ("lower(substr(w.language, 1, instr(w.language || '-', '-') - 1))",),
    "status": ("w.status",),
    "year": ("CASE WHEN w.published GLOB '[0-9][0-9][0-9][0-9]*' THEN substr(w.published, 1, 4) END",),
    "words": (_bucket(),),
    "source": (_SITE, _ENDING),
}
"""Facets that are columns of the works."""

NAMES = (*_OF_WORK, *_SINGLE)
"""Every facet."""
_TERMS = {
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
            page (tower.example), and the ending of its file (.txt).
            Works without a value are left out.
        limit: how many values of each facet.
    """
    works = () if ids is None else (json.dumps(ids if isinstance(ids, list) else list(ids)),)
    single = _singles(db, works, [name for name in names if name in _SINGLE])
    return {
        name: _most(single[name], limit) if name in single else _several(db, works, _OF_WORK[name], limit)
        for name in names
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


def _several(db: sqlite3.Connection, works: tuple[str, ...], of: _Values, limit: int) -> list[tuple[str, int]]:
    begin, rows = (f"{_WANTED},", "wanted CROSS JOIN ") if works else ("WITH", "")
    conditions = [c for c in ("t.work_id = wanted.id" if works else "", of.only) if c]
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    named = f" CROSS JOIN {of.names} v ON v.id = counted.value" if of.names else ""
    found = db.execute(
        f"{begin} counted(value, n) AS MATERIALIZED"
        f" (SELECT t.{of.value}, count(DISTINCT t.work_id) FROM {rows}{of.table} t{where} GROUP BY 1)"
        f" SELECT {f'v.{of.name}' if of.names else 'value'}, sum(n) FROM counted{named}"
        " GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ?",
        (*works, limit),
    )
    return [(str(value), int(n)) for value, n in found]


def _singles(db: sqlite3.Connection, works: tuple[str, ...], names: Sequence[str]) -> dict[str, Counter[str]]:
    """How often each value occurs: of all these facets in one pass over the works."""
    columns = [(name, column) for name in names for column in _SINGLE[name]]
    if not columns:
        return {}
    begin, rows = (_WANTED, "wanted CROSS JOIN works w ON w.id = wanted.id") if works else ("", "works w")
    found = db.execute(f"{begin} SELECT {', '.join(c for _, c in columns)} FROM {rows}", works)
    counts = {name: Counter[str]() for name in names}
    for (name, _), values in zip(columns, zip(*found, strict=True), strict=False):
        counts[name].update(filter(None, values))
    return counts


def _most(counts: Counter[str], limit: int) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:limit]
