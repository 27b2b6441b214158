"""Which works might be alike, by their signatures, and how alike two texts are in truth.

Three ways find candidates: works whose MinHashes agree in a band (locality-sensitive hashing), works whose samples
share shingles (one may contain the other), works of one title by one author. What is found is compared in full, and
the result kept until a text changes.
"""

from __future__ import annotations

import sqlite3
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, groupby, pairwise

from . import packing, signatures
from .signatures import Text

Pair = tuple[int, int]
"""Two works, the smaller id first."""

LEAST = 20
"""Shingles that a text must have to be compared: two shorter ones (a gate, a stub) are alike by chance."""
BAND = 16
"""Bytes of a band, four hashes of 32: two texts with a likeness of .5 share one with .87, of .7 with .9998."""
CROWD = 30
"""More works than these in one place are not compared each with each; a shingle of so many is a phrase of all."""
SHARED = 2
"""Sampled shingles that two works share at least, if one may be contained in the other."""
PARTS = 16
"""Passes over the samples, so that a sixteenth of them is sorted at a time."""
ENDS = 300
"""Words at either end in which the same story may differ: a header, a disclaimer, notes."""
MOST = 0.9
"""Of the shorter text's words that the same story has in one run: two drabbles may share a long disclaimer."""
BATCH = 200


@dataclass(frozen=True, slots=True)
class Likeness:
    """`jaccard`: shingles that both texts have, of all; `contained`: of the shorter text's. `same` but for its ends."""

    jaccard: float
    contained: float
    same: bool

    @property
    def ratio(self) -> float:
        """How many times as many shingles as the shorter text the longer one has."""
        return self.contained / self.jaccard + self.contained - 1 if self.jaccard else 0.0


def ordered(a: int, b: int) -> Pair:
    """Two works as a pair."""
    return (a, b) if a < b else (b, a)


def together(ids: Sequence[int]) -> Iterator[Pair]:
    """Each work with each other, of a crowd each with the next."""
    found = sorted(ids)
    yield from pairwise(found) if len(found) > CROWD else combinations(found, 2)


def candidates(db: sqlite3.Connection) -> set[Pair]:
    """Pairs of works that may be alike; of works with the same words only the first is looked at."""
    rows = db.execute(
        "SELECT min(work_id), minhash, sample FROM signatures WHERE shingles >= ? GROUP BY digest ORDER BY 1", (LEAST,)
    ).fetchall()
    ids = [int(row[0]) for row in rows]
    found = set(_of_bands(ids, [row[1] for row in rows]))
    found.update(_of_samples(ids, [row[2] for row in rows]))
    return found | set(same_title(db))


def _of_bands(ids: list[int], minhashes: list[bytes]) -> Iterator[Pair]:
    for at in range(0, signatures.HASHES * 4, BAND):
        first: dict[bytes, int] = {}
        buckets: dict[int, list[int]] = {}
        for id_, minhash in zip(ids, minhashes, strict=True):
            if (other := first.setdefault(minhash[at : at + BAND], id_)) != id_:
                buckets.setdefault(other, [other]).append(id_)
        for bucket in buckets.values():
            yield from together(bucket)


def _of_samples(ids: list[int], samples: list[bytes]) -> Iterator[Pair]:
    """Works that share a good part of the shorter one's sample."""
    shared = Counter[Pair]()
    for part in _parts(samples):
        for _, same in groupby(sorted(part), key=lambda item: item >> 24):
            rows = [item & 0xFFFFFF for item in same]
            if 1 < len(rows) <= CROWD:
                shared.update(combinations(rows, 2))
    for (a, b), count in shared.items():
        if count >= max(SHARED, min(len(samples[a]), len(samples[b])) // 8 * 0.3):
            yield ids[a], ids[b]


def _parts(samples: list[bytes]) -> list[array[int]]:
    """The shingles of all samples by their hash: 40 bits of it over the number of the row in one number."""
    parts = [array("Q") for _ in range(PARTS)]
    for row, sample in enumerate(samples):
        for shingle in array("Q", sample):
            parts[shingle % PARTS].append((shingle << 24 | row) & 0xFFFFFFFFFFFFFFFF)
    return parts


def same_title(db: sqlite3.Connection) -> Iterator[Pair]:
    """Works of one title by one author."""
    found = db.execute(
        "SELECT w.title_key, a.person_id, w.id FROM works w JOIN authors a ON a.work_id = w.id"
        " JOIN signatures s ON s.work_id = w.id WHERE w.title_key <> '' AND s.shingles >= ? ORDER BY 1, 2, 3",
        (LEAST,),
    )
    for _, same in groupby(found, key=lambda row: (row[0], row[1])):
        yield from together([int(row[2]) for row in same])


def compare(
    db: sqlite3.Connection, pairs: Iterable[Pair], transaction: Callable[[], AbstractContextManager[None]]
) -> dict[Pair, Likeness]:
    """How alike the two works of each pair are; what was compared before is not compared again."""
    known = {(a, b): Likeness(j, c, bool(s)) for a, b, j, c, s in db.execute("SELECT * FROM compared")}
    wanted = set(pairs)
    new = sorted(wanted - known.keys())
    read = lru_cache(4)(lambda id_: _text(db, id_))  # few, since a text may have a million words
    for at in range(0, len(new), BATCH):
        found = {pair: likeness(read(pair[0]), read(pair[1])) for pair in new[at : at + BATCH]}
        with transaction():
            rows = [(*pair, said.jaccard, said.contained, said.same) for pair, said in found.items()]
            db.executemany("INSERT INTO compared VALUES (?, ?, ?, ?, ?)", rows)
        known |= found
    return {pair: known[pair] for pair in wanted}


def _text(db: sqlite3.Connection, id_: int) -> Text:
    row = db.execute("SELECT text FROM story_text WHERE work_id = ?", (id_,)).fetchone()
    return signatures.compared(packing.unpacked(row[0]))


def likeness(a: Text, b: Text) -> Likeness:
    """How alike two texts are, counted and not estimated."""
    both = len(a.shingles & b.shingles)
    every = len(a.shingles) + len(b.shingles) - both
    return Likeness(
        both / every if every else 1.0,
        both / (min(len(a.shingles), len(b.shingles)) or 1),
        _same_but_ends(a.words, b.words),
    )


def _same_but_ends(a: list[str], b: list[str]) -> bool:
    """Whether one run of words is nearly all of both texts, found from the middle of the shorter one."""
    short, long = sorted((a, b), key=len)
    if len(long) - len(short) > 2 * ENDS:
        return False
    middle = len(short) // 2
    anchor = short[middle : middle + 2 * signatures.SHINGLE]
    reach = range(max(middle - 2 * ENDS, 0), min(middle + 2 * ENDS, len(long)) + 1)
    at = next((n for n in reach if long[n : n + len(anchor)] == anchor), None)
    if at is None:
        return False
    before = _alike(reversed(short[:middle]), reversed(long[:at]))
    after = _alike(short[middle:], long[at:])
    heads = max(middle, at) - before
    tails = max(len(short) - middle, len(long) - at) - after
    return max(heads, tails) <= ENDS and before + after >= MOST * len(short)


def _alike(a: Iterable[str], b: Iterable[str]) -> int:
    """How many words two runs begin with alike."""
    count = 0
    for one, other in zip(a, b, strict=False):
        if one != other:
            break
        count += 1
    return count
