"""Works that are one work twice: groups of them, and why they are thought so. Nothing is merged here.

The kinds, surest first, are those of KINDS; a group is as sure as its weakest tie. A work contained in a longer one
(a one-shot in an anthology, a first chapter in the whole) is a group of its own kind.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import groupby

from . import editions, lookalikes
from .keeping import best
from .lookalikes import Likeness, Pair, ordered

PART = "part of"
KINDS = ("same bytes", "same text", "same page", "near-duplicate", "same title and author", PART)
LONGER = 1.2
"""How many times as long a text is at least that contains another; two as long as each other are alike or not."""


@dataclass(frozen=True, slots=True)
class Tie:
    """Why two works are thought to be one; `likeness` is 1 for the same bytes, text or page."""

    pair: Pair
    kind: str
    likeness: float


@dataclass(frozen=True, slots=True)
class Group:
    """Works that seem to be one, the one to keep first and the `reason` to keep it; for "part of" that is the whole."""

    kind: str
    likeness: float
    ids: tuple[int, ...]
    reason: str


@dataclass(slots=True)
class _Cluster:
    """Works joined so far, and the weakest tie that joined them."""

    ids: set[int]
    kind: int = 0
    likeness: float = 1.0


_SAME = (
    ("same bytes", "SELECT s.sha256 || t.sha256, w.id FROM sources s JOIN story_text t USING (work_id)"
     " JOIN works w ON w.id = s.work_id WHERE s.position = 0 AND s.sha256 <> '' AND w.kind = 'work'"),
    ("same text", f"SELECT digest, work_id FROM signatures WHERE shingles >= {lookalikes.LEAST}"),
    ("same page", "SELECT site_id, id FROM works WHERE site_id <> '' AND kind = 'work'"),
    ("same page", "SELECT url, id FROM works WHERE url <> '' AND kind = 'work'"),
)  # fmt: skip
"""What two works that are one have in common, to the letter. An anthology's works share bytes, but no text."""


def find(
    db: sqlite3.Connection, transaction: Callable[[], AbstractContextManager[None]], threshold: float
) -> list[Group]:
    """Groups of works that seem to be one, surest first; signatures must be up to date.

    `threshold`, from 0.5 to 1, is the least likeness of near-duplicates, and how much of a work a longer one must hold.
    """
    titled = set(lookalikes.same_title(db))
    compared = lookalikes.compare(db, lookalikes.candidates(db), transaction)
    ties = [*_same(db), *_alike(compared, titled, threshold)]
    clusters = _joined(db, [tie for tie in ties if tie.kind != PART])
    linked, apart = editions.linked(db), editions.dismissed(db)
    groups = [_whole(db, c) for c in clusters.all() if len({linked.get(id_, -id_) for id_ in c.ids}) > 1]
    parts = [t for t in ties if t.kind == PART and t.pair not in apart and not clusters.one(t.pair)]
    return sorted([*groups, *_containing(db, parts)], key=lambda g: (KINDS.index(g.kind), -g.likeness, g.ids))


def _same(db: sqlite3.Connection) -> Iterator[Tie]:
    for kind, query in _SAME:
        for _, same in groupby(db.execute(f"{query} ORDER BY 1, 2"), key=lambda row: row[0]):
            for pair in lookalikes.together([int(row[1]) for row in same]):
                yield Tie(pair, kind, 1.0)


def _alike(compared: Mapping[Pair, Likeness], titled: set[Pair], threshold: float) -> Iterator[Tie]:
    for pair, said in compared.items():
        if said.same:
            yield Tie(pair, "same text", said.jaccard)
        elif said.jaccard >= threshold:
            yield Tie(pair, "near-duplicate", said.jaccard)
        elif said.contained >= threshold and (pair in titled or said.ratio >= LONGER):
            yield Tie(pair, "same title and author" if pair in titled else PART, said.contained)


class _Clusters:
    """Works joined by ties, but never two that the owner said are none."""

    def __init__(self, apart: set[Pair]) -> None:
        self.apart = apart
        self.of_work: dict[int, _Cluster] = {}

    def join(self, pair: Pair, kind: int = 0, likeness: float = 1.0) -> None:
        a, b = (self.of_work.setdefault(id_, _Cluster({id_})) for id_ in pair)
        if a is b or (self.apart and any(ordered(x, y) in self.apart for x in a.ids for y in b.ids)):
            return
        a.kind, a.likeness = max(a.kind, b.kind, kind), min(a.likeness, b.likeness, likeness)
        a.ids |= b.ids
        self.of_work.update(dict.fromkeys(b.ids, a))

    def one(self, pair: Pair) -> bool:
        """Whether two works are in one cluster."""
        return pair[0] in self.of_work and self.of_work[pair[0]] is self.of_work.get(pair[1])

    def all(self) -> list[_Cluster]:
        return list({id(cluster): cluster for cluster in self.of_work.values()}.values())


def _joined(db: sqlite3.Connection, ties: Iterable[Tie]) -> _Clusters:
    """Clusters by the surest ties first; editions of one work are one from the start."""
    clusters = _Clusters(editions.dismissed(db))
    first_of: dict[int, int] = {}
    for id_, edition in editions.linked(db).items():
        clusters.join((first_of.setdefault(edition, id_), id_))
    for tie in sorted(ties, key=lambda t: (KINDS.index(t.kind), -t.likeness, t.pair)):
        clusters.join(tie.pair, KINDS.index(tie.kind), tie.likeness)
    return clusters


def _whole(db: sqlite3.Connection, cluster: _Cluster) -> Group:
    keep, reason = best(db, cluster.ids)
    return Group(KINDS[cluster.kind], cluster.likeness, (keep, *sorted(cluster.ids - {keep})), reason)


def _containing(db: sqlite3.Connection, ties: Iterable[Tie]) -> Iterator[Group]:
    """A group for each work that contains others."""
    size = dict(db.execute("SELECT work_id, shingles FROM signatures"))
    inside: dict[int, list[Tie]] = {}
    for tie in ties:
        inside.setdefault(max(tie.pair, key=size.__getitem__), []).append(tie)
    for whole, found in inside.items():
        parts = sorted({id_ for tie in found for id_ in tie.pair} - {whole})
        yield Group(PART, min(tie.likeness for tie in found), (whole, *parts), "contains the others")
