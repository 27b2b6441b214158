"""What is kept of a story's text to find others like it: its words' digest, a MinHash, a sample of its shingles.

The only file that imports rensa. A shingle is SHINGLE words in a row, as a hash of 64 bits. The MinHash says how
alike two texts are as wholes (Jaccard), whatever their length; of the sample, which holds the same shingles of every
text that has them, a short text's is found again in that of a long one which contains it.
"""

from __future__ import annotations

import re
import sqlite3
from array import array
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from hashlib import blake2b

from rensa import RMinHash

from ..text import cjk, fold
from . import packing

MAKER = 1 << 8 | RMinHash.ALGORITHM_VERSION
"""Ours, raised whenever a signature would come out otherwise, and rensa's: older ones are made anew."""
SHINGLE = 5
"""Words of a shingle: as long as most phrases are, so that two stories of one fandom share next to none."""
HASHES = 128
"""Of a MinHash; the error of its likeness is .03."""
SAMPLED = 1 << 57
"""Shingles whose hash is below it are in the sample: one in 128."""
BATCH = 200
_SEED = 1
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Text:
    """A story's text as it is compared: its words without case, accents and punctuation, and their shingles."""

    words: list[str]
    shingles: frozenset[int]


def compared(text: str) -> Text:
    """`text` as it is compared. An apostrophe parts no word, so that "don't" and "dont" are the same."""
    words = _WORD.findall(cjk().sub(r" \g<0> ", fold(text)).replace("'", ""))
    runs = {" ".join(words)} if len(words) <= SHINGLE else set(map(" ".join, zip(*_shifted(words), strict=False)))
    return Text(words, frozenset(RMinHash.hash_token_sets([runs])[0] if words else ()))


def _shifted(words: list[str]) -> Iterator[list[str]]:
    return (words[n:] for n in range(SHINGLE))


def _signature(text: str) -> tuple[bytes, int, bytes, bytes]:
    """(digest of the words, number of shingles, MinHash, sample) of a text."""
    given = compared(text)
    matrix = RMinHash.digest_matrix_from_token_hash_sets([given.shingles], HASHES, _SEED)
    sample = array("Q", sorted(h for h in given.shingles if h < SAMPLED))
    digest = blake2b(" ".join(given.words).encode(), digest_size=16).digest()
    return digest, len(given.shingles), array("I", matrix.to_rows()[0]).tobytes(), sample.tobytes()


_STALE = (
    "FROM works w JOIN story_text t ON t.work_id = w.id LEFT JOIN signatures s ON s.work_id = w.id"
    " WHERE w.kind = 'work' AND (s.sha256 IS NOT t.sha256 OR s.maker <> ?)"
)


def stale(db: sqlite3.Connection) -> list[int]:
    """The works whose text is new or has changed since its signature was made."""
    return [int(row[0]) for row in db.execute(f"SELECT w.id {_STALE} ORDER BY 1", (MAKER,))]


def refresh(
    db: sqlite3.Connection,
    transaction: Callable[[], AbstractContextManager[None]],
    observe: Callable[[int], None] = lambda count: None,
) -> int:
    """Make the signatures that are missing, some a transaction, so that a run that is stopped keeps them.

    `observe` hears how many works each transaction did. Returns how many it did in all.
    """
    ids = stale(db)
    for at in range(0, len(ids), BATCH):
        with transaction():
            for id_ in ids[at : at + BATCH]:
                _sign(db, id_)
        observe(len(ids[at : at + BATCH]))
    return len(ids)


def _sign(db: sqlite3.Connection, id_: int) -> None:
    digest, text = db.execute("SELECT sha256, text FROM story_text WHERE work_id = ?", (id_,)).fetchone()
    db.execute("DELETE FROM signatures WHERE work_id = ?", (id_,))  # what was compared goes with it
    row = (id_, digest, MAKER, *_signature(packing.unpacked(text)))
    db.execute("INSERT INTO signatures VALUES (?, ?, ?, ?, ?, ?, ?)", row)
