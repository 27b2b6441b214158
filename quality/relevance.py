"""How well search ranks: queries with their right answers over a written catalogue, as nDCG.

The written works (tests/quality/search) stand among generated ones that hold the same words in their stories: what is
right has to come before them.
"""

from __future__ import annotations

import math
import os
import random
import tempfile
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ficdex.index.catalog import Catalog
from ficdex.index.search import SearchIndex
from ficdex.model import Block, Character, Credit, Document, Note, Series, Source, Span, Work

from .names import Average
from .sets import OWN

FOLDER = OWN / "search"
DEPTH, NOISE, LENGTH = 10, 400, 150
"""Hits that are looked at; generated works, and words of each."""
BEST, ALSO = 3.0, 1.0
"""What a right answer gains."""
_LISTS = ("authors", "fandoms", "relationships", "tags", "warnings")
_SINGLE = ("title", "summary", "rating", "status", "language", "published", "updated")


def relevance() -> tuple[Average, list[str]]:
    """The mean nDCG of all queries, and what was wrong in those that are not perfect."""
    works = _rows("works.toml", "work")
    queries = _rows("queries.toml", "query")
    figure, said = Average(), []
    with _catalogue(works) as catalog:
        search = SearchIndex.open(catalog)
        titles = {record["id"]: str(record["title"]) for record in catalog.records()}
        for query in queries:
            found = [titles[hit.id] for hit in search.find(query["ask"], limit=DEPTH).hits]
            gained = ndcg(found, query["best"], query.get("also", ()))
            figure.add(gained)
            if gained < 1:
                said.append(f"{gained:.2f} {query['ask']}: {found}")
    return figure, said


def ndcg(found: Sequence[str], best: Sequence[str], also: Sequence[str]) -> float:
    """Discounted gain of an answer over that of the best possible one."""
    worth = {**dict.fromkeys(also, ALSO), **dict.fromkeys(best, BEST)}
    ideal = sorted(worth.values(), reverse=True)[:DEPTH]
    return _discounted([worth.get(title, 0.0) for title in found]) / _discounted(ideal)


def _discounted(gains: Sequence[float]) -> float:
    return sum(gain / math.log2(rank + 2) for rank, gain in enumerate(gains))


def _rows(name: str, table: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))[table]
    return rows


@contextmanager
def _catalogue(works: Sequence[Mapping[str, Any]]) -> Iterator[Catalog]:
    """The works and the noise around them, with the index in a place of its own."""
    before = os.environ.get("XDG_CACHE_HOME")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_CACHE_HOME"] = folder
        try:
            with Catalog.open(Path(folder) / "c.db", create=True, write=True) as catalog:
                with catalog.transaction():
                    for number, row in enumerate([*works, *_noise(works)]):
                        _store(catalog, f"/shelf/{number}.txt", row)
                yield catalog
        finally:
            os.environ.pop("XDG_CACHE_HOME")
            if before is not None:
                os.environ["XDG_CACHE_HOME"] = before


def _store(catalog: Catalog, uri: str, row: Mapping[str, Any]) -> None:
    notes = tuple(Note(text, "start") for text in row.get("notes", ()))
    text = "\n\n".join([row["title"], row.get("summary", ""), *row.get("notes", ()), row["text"]])
    source = Source(uri, "text/plain", uri, len(text), origin=uri)
    values = {key: tuple(row.get(key, ())) for key in _LISTS} | {key: row[key] for key in _SINGLE if key in row}
    work = Work(
        source,
        (uri,),
        words=row.get("words", len(row["text"].split())),
        characters=tuple(Character(n, stage=s) for s, names in row.get("characters", {}).items() for n in names),
        betas=tuple(Credit(*credit.split(":")) for credit in row.get("betas", ())),
        series=tuple(map(Series, row.get("series", ()))),
        notes=notes,
        rating_level=_LEVELS.get(row.get("rating", "")),
        **values,
    )
    catalog.store(work, Document(source, text, (Block(Span(0, len(text))),)))


_LEVELS = {"NC-17": "explicit", "Explicit": "explicit", "R": "mature", "Mature": "mature", "PG-13": "teen"}


def _noise(works: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """Works by other people whose stories are made of the same words."""
    rng = random.Random(7)
    said = " ".join(" ".join([w["title"], w["text"], w.get("summary", ""), *w.get("notes", ())]) for w in works)
    words = [word for word in said.split() if word.isascii()]
    for number in range(NOISE):
        yield {
            "title": f"Untitled {number}",
            "authors": [f"Writer {rng.randrange(60)}"],
            "fandoms": ["Original Work"],
            "text": " ".join(rng.choices(words, k=LENGTH)),
        }
