"""Names by any alias: `character:red` also looks for Willow Rosenberg in works of Buffy the Vampire Slayer."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import replace

from . import aliases
from .aliases import Known
from .hits import Widened
from .query_tree import And, Node, Not, Or, Pair, Words
from .query_values import sides

WEIGHT = 0.5
"""What a name counts that was asked for by an alias."""
_NAMED = ("characters", "fandoms", "relationships")


class Widening:
    """Widens trees by what the catalogue `db` knows of its fandoms; `done` is what was widened, each once."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db
        self._done: dict[Widened, None] = {}

    @property
    def done(self) -> tuple[Widened, ...]:
        return tuple(self._done)

    def widen(self, node: Node) -> Node:
        """The tree with `also` filled in where a name is an alias."""
        match node:
            case Words():
                return replace(node, also=tuple(self._words(node)))
            case Pair(whole=False):
                return self._pair(node)
            case Not(part):
                return Not(self.widen(part))
            case And(parts) | Or(parts):
                return type(node)(tuple(map(self.widen, parts)))
        return node

    def _words(self, node: Words) -> Iterator[Node]:
        if node.kind not in ("words", "phrase") or node.near > 1:
            return
        for field in _NAMED:
            if node.field in (None, field):
                least = 0 if node.field else aliases.SURE  # "red" anywhere is a colour
                for known in self._known(field, node.text, least):
                    yield _meant(field, known, node.role)

    def _pair(self, node: Pair) -> Pair:
        names = tuple((*side, *self._names(side)) for side in node.sides)
        if len(node.sides) > 1:
            return replace(node, sides=names)
        ((only, *_),) = node.sides
        pairings = self._known("relationships", only, 0)
        return replace(node, sides=names, also=tuple(_meant("relationships", known) for known in pairings))

    def _names(self, side: Iterable[str]) -> Iterator[str]:
        for name in side:
            yield from dict.fromkeys(known.name for known in self._known("characters", name, 0))

    def _known(self, field: str, text: str, least: int) -> list[Known]:
        found = aliases.meanings(self.db, field, text, least)
        self._done.update((Widened(text, *known), None) for known in found)
        return found


def _meant(field: str, known: Known, role: str | None = None) -> Node:
    """The works where an alias means what is known of it."""
    if field == "fandoms":
        return Words(known.name, field, "exact", weight=WEIGHT)
    here = Words(known.fandom, "fandoms", "exact", weight=0)
    if field == "relationships":
        return And((here, Pair(tuple((side,) for side in sides(known.name)), whole=True)))
    return And((here, Words(known.name, field, "exact", role=role, weight=WEIGHT)))
