"""A search engine that reads every record for every query: slow, and so plain that others can be held against it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from ficdex.index import search_fields as known
from ficdex.index.catalog import Catalog
from ficdex.index.embedded import alike
from ficdex.index.engine import Suggestion
from ficdex.index.hits import Hit, Hits
from ficdex.index.query_names import WHOM
from ficdex.index.query_tree import CROSSOVER, TEXT, And, Exists, Node, Not, Or, Pair, Range, Words
from ficdex.index.query_values import sides
from ficdex.index.search_layout import stem
from ficdex.model import Record


class BruteForce:
    """Finds what a query means, by the letter of docs/search.md."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog

    def find(self, query: Node, *, limit: int = 20, offset: int = 0, sort: str = "score") -> Hits:
        ids = list(self.ids(query))
        if sort == "added":
            ids.reverse()
        return Hits(len(ids), [Hit(id_, 1.0, []) for id_ in ids[offset : offset + limit]])

    def ids(self, query: Node) -> Iterator[int]:
        for record in self.catalog.records():
            id_: Any = record["id"]
            if Holds(record, self.catalog.text(id_), self.catalog.added(id_)).node(query):
                yield id_

    def suggestions(self, query: Node, until: float) -> list[Suggestion]:
        return []

    def catch_up(self) -> int:
        return 0

    def rebuild(self) -> int:
        return sum(1 for _ in self.catalog.ids())

    def ailment(self) -> str:
        return ""

    def close(self) -> None:
        pass


class Holds:
    """Whether one work is what a query asks for."""

    def __init__(self, record: Record, text: str, added: str) -> None:
        self.record: Any = record
        self.text, self.numbers = text, known.numbers(record, added)

    def node(self, node: Node) -> bool:
        match node:
            case And(parts):
                return all(map(self.node, parts))
            case Or(parts):
                return any(map(self.node, parts))
            case Not(part):
                return not self.node(part)
            case Range(field, low, high):
                value = self.numbers[field]
                least = low if low is not None else int(field in ("published", "updated", "added"))
                return least <= value and (high is None or value <= high)
            case Exists():
                return self.exists(node)
            case Pair():
                return self.pair(node) or any(map(self.node, node.also))
            case Words():
                return self.words(node) or any(map(self.node, node.also))

    def exists(self, node: Exists) -> bool:
        if node.field == CROSSOVER:
            return len(self.record["fandoms"]) > 1
        if node.field == TEXT:
            return True
        if node.role:
            return bool(list(self.people(node.field, node.role)))
        return self.record[node.field] not in (None, "", 0, "none", [], {})

    def people(self, field: str, role: str) -> Iterator[str]:
        """The names of those with a role, on a stage."""
        kinds, key = (known.ROLES, "role") if field == "betas" else (known.STAGES, "stage")
        for person in self.record[field]:
            if kinds.index(person[key]) in WHOM[field][role]:
                yield from (person["name"], *person.get("as", ()))

    def values(self, field: str, role: str | None) -> Iterator[str]:
        if field == TEXT:
            yield self.text
        elif role:
            yield from self.people(field, role)
        elif field == "relationships":
            for value in self.record[field]:
                yield from sides(value)
        else:
            for texts in known.values(self.record).get(field, ()):
                yield from texts

    def pair(self, node: Pair) -> bool:
        kind: Any = "exact" if node.whole else "phrase"

        def fits(name: str, wanted: Iterable[str]) -> bool:
            return any(_stands(Words(w, "relationships", kind), name) for w in wanted)

        def apart(wanted: tuple[tuple[str, ...], ...], names: list[str]) -> bool:
            if not wanted:
                return True
            rest = ((names[:n] + names[n + 1 :]) for n, name in enumerate(names) if fits(name, wanted[0]))
            return any(apart(wanted[1:], others) for others in rest)

        return any(apart(node.sides, sides(value)) for value in self.record["relationships"])

    def words(self, node: Words) -> bool:
        parts = known.split(node)
        if len(parts) > 1:
            return all(map(self.words, parts))
        anywhere = (
            [key for key in known.WEIGHTS if key in known.WHOLE] if node.kind == "exact" else [*known.WEIGHTS, TEXT]
        )
        fields = [node.field] if node.field else anywhere
        return any(_stands(parts[0], value, field) for field in fields for value in self.values(field, node.role))


def _stands(node: Words, value: str, field: str = "relationships") -> bool:
    """Whether a value of a field holds the words."""
    words, wanted = known.tokens(value), known.tokens(node.text)
    if node.kind == "exact" and field in known.WHOLE:
        return words == wanted
    if node.kind in ("words", "phrase", "exact"):
        if field in known.PROSE:
            words, wanted = [stem(w) for w in words], [stem(w) for w in wanted]
        return any(_row(words, wanted, at, node.near) for at in range(len(words)))
    each = {*words, *map(stem, words)} if field in known.PROSE else set(words)
    return any(_like(node, word) for word in each)


def _row(words: list[str], wanted: list[str], at: int, near: int) -> bool:
    """Whether the wanted words stand one behind the other from a place on."""
    if words[at] != wanted[0]:
        return False
    following = range(at + 1, min(at + near, len(words) - 1) + 1)
    return len(wanted) == 1 or any(_row(words, wanted[1:], n, near) for n in following)


def _like(node: Words, word: str) -> bool:
    match node.kind:
        case "prefix":
            return word.startswith(known.tokens(node.text)[-1])
        case "fuzzy":
            wanted = known.tokens(node.text)[-1]
            return word[0] == wanted[0] and alike(word, wanted, node.near)
    (pattern,) = known.patterns(node.text)
    return bool(re.fullmatch(pattern.replace("*", ".*").replace("?", "."), word))
