"""The parts of a search: each knows, for one segment of the index, all documents that it hits and their scores.

A segment is Whoosh's reader, asked for postings, terms and columns; scores are ours (search_fields.WEIGHTS).
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any, NamedTuple, Protocol
from weakref import WeakKeyDictionary

from .engine import TooMuch
from .search_fields import ROOM, SIDES, STORY_WEIGHT
from .search_layout import numbers_of, place_of, places_of

EXPANSIONS, SECONDS = 1_000, 0.6
"""How many words of the index a beginning or a misspelling may stand for, and how long a query looks for them."""
LONGEST = 1.5
"""Seconds after which no more of a query is looked for, so that it ends within two."""

Scores = dict[int, float]
"""Document number -> score."""

_columns: WeakKeyDictionary[Any, dict[str, Any]] = WeakKeyDictionary()


def column(segment: Any, key: str) -> Any:
    """A column of numbers of one segment, by document number."""
    kept = _columns.setdefault(segment, {})
    if key not in kept:
        found = segment.column_reader(f"n_{key}", translate=False)
        kept[key] = found.load() if hasattr(found, "load") else [0] * segment.doc_count_all()
    return kept[key]


def numbered(segment: Any) -> dict[int, int]:
    """Work id -> document number in one segment, of the documents that are not deleted."""
    kept = _columns.setdefault(segment, {})
    if "numbered" not in kept:
        ids = column(segment, "id")
        gone = segment.is_deleted if segment.has_deletions() else None
        kept["numbered"] = {id_: n for n, id_ in enumerate(ids) if not (gone and gone(n))}
    found: dict[int, int] = kept["numbered"]
    return found


def segments(reader: Any) -> list[tuple[Any, int]]:
    """The segments of an index, with the number of the first document of each."""
    return list(reader.leaf_readers()) if reader.doc_count_all() else []


def ordering(segment: Any, sort: str) -> Callable[[int, float], Any]:
    """What hits of a segment are sorted by: best, longest, newest, first in the alphabet first."""
    if sort == "score":
        return lambda n, score: -score
    if sort in ("title", "author"):
        names = segment.column_reader(f"{sort}_order", translate=False)
        return lambda n, score: (not names[n], names[n])
    values = column(segment, "id" if sort == "added" else sort)
    return lambda n, score: -values[n]


class Part(Protocol):
    """A part of a query, or all of it."""

    def scores(self, segment: Any, whole: Any) -> Scores:
        """The documents of one segment of the index `whole` that are hit; the caller may change what it gets."""


class AllOf:
    """What all of `wanted` hit and none of `barred`; `better` adds to the scores of those."""

    def __init__(self, wanted: Sequence[Part], barred: Sequence[Part] = (), better: Sequence[Part] = ()) -> None:
        self.wanted = sorted(wanted, key=lambda part: isinstance(part, Filter))  # those ask less of fewer
        self.barred, self.better = barred, better

    def scores(self, segment: Any, whole: Any) -> Scores:
        first, *others = self.wanted
        found = first.scores(segment, whole)
        for part in others:
            if not found:
                return found
            if isinstance(part, Filter):
                found = part.kept(segment, found)
                continue
            more = part.scores(segment, whole)
            few, many = (found, more) if len(found) < len(more) else (more, found)
            found = {n: score + many[n] for n, score in few.items() if n in many}
        for part in self.barred:
            for n in part.scores(segment, whole) if found else ():
                found.pop(n, None)
        for part in self.better:
            for n, score in part.scores(segment, whole).items() if found else ():
                if n in found:
                    found[n] += score
        return found


class AnyOf:
    """What one of `parts` hits."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self.parts = parts

    def scores(self, segment: Any, whole: Any) -> Scores:
        first, *others = self.parts
        found = first.scores(segment, whole)
        for part in others:
            few, found = sorted((found, part.scores(segment, whole)), key=len)
            for n, score in few.items():
                found[n] = found.get(n, 0.0) + score
        return found


class Story:
    """The works whose story holds the words, as FTS5 says: `ask` gives its (work id, weight)."""

    def __init__(self, ask: Callable[[], list[tuple[int, float]]]) -> None:
        self.ask = ask

    @cached_property
    def works(self) -> list[tuple[int, float]]:
        return self.ask()

    def scores(self, segment: Any, whole: Any) -> Scores:
        slots = numbered(segment)
        return {slots[id_]: STORY_WEIGHT * w / (1 + w) for id_, w in self.works if id_ in slots}


class Filter:
    """The works for whose number in a column `test` holds; they all score the same."""

    def __init__(self, key: str, test: Callable[[int], object]) -> None:
        self.key, self.test = key, test

    def scores(self, segment: Any, whole: Any) -> Scores:
        test = self.test
        found = (n for n, value in enumerate(column(segment, self.key)) if test(value))
        if segment.has_deletions():
            found = (n for n in found if not segment.is_deleted(n))
        return dict.fromkeys(found, 0.0)

    def kept(self, segment: Any, found: Scores) -> Scores:
        """Those of what was found for which `test` holds."""
        values, test = column(segment, self.key), self.test
        return {n: score for n, score in found.items() if test(values[n])}


class Patience:
    """How long one query may take, and its words be expanded; `cut` collects those that stand for more than was
    looked for.
    """

    def __init__(self) -> None:
        started = time.monotonic()
        self.until, self.end = started + SECONDS, started + LONGEST
        self.cut: set[str] = set()

    def bounded(self, word: str, candidates: Iterable[str], test: Callable[[str], object]) -> Iterator[str]:
        """The candidates that pass, as many and for as long as may be."""
        passed = 0
        for number, term in enumerate(candidates):
            if passed == EXPANSIONS or (number % 64 == 0 and time.monotonic() > self.until):
                self.cut.add(word)
                return
            if test(term):
                passed += 1
                yield term

    def is_over(self) -> bool:
        """Whether the query has taken as long as it may."""
        return time.monotonic() > self.end

    def check(self) -> None:
        """Go on, if there is time.

        Raises:
            TooMuch: if the query has taken as long as it may.
        """
        if self.is_over():
            raise TooMuch


class Expansion(NamedTuple):
    """Which terms of the index a word stands for: those that begin with `start` and pass the `test`."""

    start: str
    test: Callable[[str], object]


class InField(NamedTuple):
    """What is wanted of a field: terms of the index, and what the field counts."""

    key: str
    weight: float
    terms: tuple[str, ...]


class Found:
    """The works that hold the terms in one of several fields, the fields' weights counting by the words' rarity.

    Terms stand one behind the other, at most `near` apart; with `expansion`, one of those that it finds is enough.
    `rooms`: they stand in one of these rooms of the field.
    """

    def __init__(
        self,
        fields: tuple[InField, ...],
        patience: Patience,
        near: int = 1,
        expansion: Expansion | None = None,
        rooms: Collection[int] = (),
    ) -> None:
        self.fields, self.patience, self.near, self.expansion, self.rooms = fields, patience, near, expansion, rooms
        self._expanded: list[tuple[InField, list[bytes]]] | None = None
        self._rarity: float | None = None

    def scores(self, segment: Any, whole: Any) -> Scores:
        scores: Scores = {}
        for wanted, terms in self.expanded(whole):
            self.patience.check()
            gain = wanted.weight * self.rarity(whole)
            for n in self.documents(segment, wanted.key, terms):
                scores[n] = scores.get(n, 0.0) + gain
        return scores

    def expanded(self, whole: Any) -> list[tuple[InField, list[bytes]]]:
        """Each field with the terms of the whole index that the words stand for; worked out once."""
        if self._expanded is None:
            self._expanded = [(wanted, list(self._terms(whole, wanted))) for wanted in self.fields]
        return self._expanded

    def rarity(self, whole: Any) -> float:
        """How much it says that a work holds the words: the rarest counts, in the field where it is commonest."""
        if self._rarity is None:
            counts: dict[int, int] = {}
            for wanted, terms in self.expanded(whole):
                for n, term in enumerate(terms[:1] if self.expansion else terms):
                    counts[n] = max(counts.get(n, 0), whole.doc_frequency(wanted.key, term))
            self._rarity = math.log(2 + whole.doc_count_all() / (1 + min(counts.values(), default=0)))
        return self._rarity

    def _terms(self, whole: Any, wanted: InField) -> Iterator[bytes]:
        words: Iterable[str] = wanted.terms
        if self.expansion:
            near = map(bytes.decode, whole.expand_prefix(wanted.key, self.expansion.start))
            words = self.patience.bounded(wanted.terms[0], near, self.expansion.test)
        return map(str.encode, words)

    def documents(self, segment: Any, key: str, terms: list[bytes]) -> Iterable[int]:
        """The documents of one segment that hold the terms in one field."""
        if len(terms) > 1 and not self.expansion:
            return self._within({n: ends for n, ends in phrase(segment, key, terms, self.near).items() if ends})
        held = [term for term in terms if (key, term) in segment]
        if self.rooms:
            return {n for term in held for n in self._within(_places(segment, key, term, None))}
        lists = [numbers_of(segment.postings(key, term)) for term in held]
        return lists[0] if len(lists) == 1 else set().union(*lists)

    def _within(self, places: dict[int, Collection[int]]) -> Iterable[int]:
        """The documents with a place in one of the rooms that are asked for."""
        if not self.rooms:
            return places
        return [n for n, at in places.items() if any(place // ROOM in self.rooms for place in at)]


class Together:
    """The works with a value of `key` in which each of the sides has a room of its own.

    A side is some lists of terms, of which one stands there, one term behind the other.
    """

    def __init__(self, key: str, weight: float, sides: Sequence[Sequence[list[bytes]]], patience: Patience) -> None:
        self.key, self.weight, self.sides, self.patience = key, weight, sides, patience

    def scores(self, segment: Any, whole: Any) -> Scores:
        self.patience.check()
        common = min(self._count(side, whole) for side in self.sides)
        gain = self.weight * math.log(2 + whole.doc_count_all() / (1 + common))
        first, *others = (self._rooms(side, segment) for side in self.sides)
        shared = [n for n in first if all(n in other for other in others)]
        return {n: gain for n in shared if _one_value([first[n], *(other[n] for other in others)])}

    def _count(self, side: Sequence[list[bytes]], whole: Any) -> int:
        """In how many works a side may stand, at most."""
        return sum(min(whole.doc_frequency(self.key, term) for term in terms) for terms in side)

    def _rooms(self, side: Sequence[list[bytes]], segment: Any) -> dict[int, set[int]]:
        """Document -> the rooms where the side stands."""
        found: dict[int, set[int]] = {}
        for terms in side:
            for n, places in phrase(segment, self.key, terms, 1).items():
                found.setdefault(n, set()).update(place // ROOM for place in places)
        return found


def _one_value(options: Sequence[set[int]]) -> bool:
    """Whether there is a value of the field with a different room for each of the `options`."""
    values = set.intersection(*({room // SIDES for room in rooms} for rooms in options))
    return any(_apart([{r for r in rooms if r // SIDES == value} for rooms in options]) for value in values)


def _apart(options: Sequence[set[int]]) -> bool:
    """Whether each option can have a room to itself."""
    if not options:
        return True
    first, *others = sorted(options, key=len)
    return any(_apart([rooms - {room} for rooms in others]) for room in first)


def phrase(segment: Any, key: str, terms: list[bytes], near: int) -> dict[int, Collection[int]]:
    """Document -> where the last term ends a row of all, each at most `near` places behind the one before it."""
    if any((key, term) not in segment for term in terms):
        return {}
    rarest = min(set(terms), key=lambda term: segment.doc_frequency(key, term))
    places = {rarest: _places(segment, key, rarest, None)}
    for term in terms:
        if term not in places:
            places[term] = _places(segment, key, term, places[rarest])
    found: dict[int, Collection[int]] = {}
    for n in places[rarest]:
        ends: Collection[int] = places[terms[0]].get(n, ())
        for term in terms[1:]:
            before = set(ends)
            at = places[term].get(n, ())
            ends = {p for p in at if any(p - step in before for step in range(1, near + 1))}
        if ends:
            found[n] = ends
    return found


def _places(segment: Any, key: str, term: bytes, among: Iterable[int] | None) -> dict[int, Collection[int]]:
    """Document -> positions of a term in a field; only of the documents `among`, if these are given."""
    matcher = segment.postings(key, term)
    if among is None:
        return dict(places_of(matcher))
    places: dict[int, Collection[int]] = {}
    for n in among:
        if matcher.is_active() and matcher.id() < n:
            matcher.skip_to(n)
        if not matcher.is_active():
            break
        if matcher.id() == n:
            places[n] = place_of(matcher)
    return places
