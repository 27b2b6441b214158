"""The leaves of a search: each knows, for one segment of the index, all documents that it hits and their scores.

A segment is Whoosh's reader, asked for postings, terms and columns; scores are ours (search_fields.WEIGHTS).
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import Any, Literal, NamedTuple
from weakref import WeakKeyDictionary

from .search_fields import STORY_WEIGHT

EXPANSIONS, SECONDS = 1_000, 1.0
"""How many words of the index a beginning or a misspelling may stand for, and how long a query looks for them."""

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


class Story:
    """The works whose story holds the words, as FTS5 says: `ask` gives its (work id, weight)."""

    def __init__(self, ask: Callable[[], list[tuple[int, float]]]) -> None:
        self.ask = ask

    @cached_property
    def works(self) -> list[tuple[int, float]]:
        return self.ask()

    def scores(self, segment: Any, whole: Any) -> dict[int, float]:
        """Document number -> score."""
        slots = numbered(segment)
        return {slots[id_]: STORY_WEIGHT * w / (1 + w) for id_, w in self.works if id_ in slots}


class Filter:
    """The works for whose number in a column `test` holds; they all score the same."""

    def __init__(self, key: str, test: Callable[[int], object]) -> None:
        self.key, self.test = key, test

    def scores(self, segment: Any, whole: Any) -> dict[int, float]:
        """Document number -> 0."""
        test = self.test
        found = (n for n, value in enumerate(column(segment, self.key)) if test(value))
        if segment.has_deletions():
            found = (n for n in found if not segment.is_deleted(n))
        return dict.fromkeys(found, 0.0)


class Patience:
    """How long the words of one query are expanded; `cut` collects those that stand for more than was looked for."""

    def __init__(self) -> None:
        self.until = time.monotonic() + SECONDS
        self.cut: set[str] = set()

    def bounded(self, word: str, candidates: Iterable[bytes], test: Callable[[bytes], bool]) -> Iterator[bytes]:
        """The candidates that pass, as many and for as long as may be."""
        passed = 0
        for number, term in enumerate(candidates):
            if passed == EXPANSIONS or (number % 64 == 0 and time.monotonic() > self.until):
                self.cut.add(word)
                return
            if test(term):
                passed += 1
                yield term


class InField(NamedTuple):
    """What is wanted of a field: terms of the index, and what the field counts."""

    key: str
    weight: float
    terms: tuple[str, ...]


class Found:
    """The works that hold the terms in one of several fields, the fields' weights counting by the words' rarity.

    `kind`: the terms one behind the other at most `near` apart, a beginning, or words that are `alike`.
    """

    def __init__(
        self,
        fields: tuple[InField, ...],
        kind: Literal["phrase", "prefix", "fuzzy"],
        patience: Patience,
        near: int,
        alike: Callable[[str, str], bool],
    ) -> None:
        self.fields, self.kind, self.patience, self.near, self.alike = fields, kind, patience, near, alike
        self._expanded: list[tuple[InField, list[bytes]]] | None = None
        self._rarity: float | None = None

    def scores(self, segment: Any, whole: Any) -> dict[int, float]:
        """Document number -> score."""
        scores: dict[int, float] = {}
        for wanted, terms in self.expanded(whole):
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
                for n, term in enumerate(terms if self.kind == "phrase" else terms[:1]):
                    counts[n] = max(counts.get(n, 0), whole.doc_frequency(wanted.key, term))
            self._rarity = math.log(2 + whole.doc_count_all() / (1 + min(counts.values(), default=0)))
        return self._rarity

    def _terms(self, whole: Any, wanted: InField) -> Iterator[bytes]:
        word = wanted.terms[0]
        if self.kind == "prefix":
            return self.patience.bounded(word, whole.expand_prefix(wanted.key, word), lambda term: True)
        if self.kind == "fuzzy":
            near = whole.expand_prefix(wanted.key, word[:1])
            return self.patience.bounded(word, near, lambda term: self.alike(term.decode(), word))
        return (term.encode() for term in wanted.terms)

    def documents(self, segment: Any, key: str, terms: list[bytes]) -> Iterable[int]:
        """The documents of one segment that hold the terms in one field."""
        if self.kind == "phrase" and len(terms) > 1:
            return _phrase(segment, key, terms, self.near)
        lists = [segment.postings(key, term).all_ids() for term in terms if (key, term) in segment]
        return lists[0] if len(lists) == 1 else set().union(*lists)


def _phrase(segment: Any, key: str, terms: list[bytes], near: int) -> list[int]:
    """The documents where each term stands behind the one before it, at most `near` places on."""
    if any((key, term) not in segment for term in terms):
        return []
    rarest = min(set(terms), key=lambda term: segment.doc_frequency(key, term))
    places = {rarest: _places(segment, key, rarest, None)}
    for term in terms:
        if term not in places:
            places[term] = _places(segment, key, term, places[rarest])
    found = []
    for n in places[rarest]:
        ends = set(places[terms[0]].get(n, ()))
        for term in terms[1:]:
            at = places[term].get(n, ())
            ends = {p for p in at if any(p - step in ends for step in range(1, near + 1))}
        if ends:
            found.append(n)
    return found


def _places(segment: Any, key: str, term: bytes, among: Iterable[int] | None) -> dict[int, list[int]]:
    """Document -> positions of a term in a field; only of the documents `among`, if these are given."""
    matcher = segment.postings(key, term)
    places: dict[int, list[int]] = {}
    if among is None:
        while matcher.is_active():
            places[matcher.id()] = matcher.value_as("positions")
            matcher.next()
        return places
    for n in among:
        if matcher.is_active() and matcher.id() < n:
            matcher.skip_to(n)
        if not matcher.is_active():
            break
        if matcher.id() == n:
            places[n] = matcher.value_as("positions")
    return places
