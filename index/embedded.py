"""The search engine within: Whoosh over the catalogue's fields, FTS5 over the stories, one query tree.

What a tree asks of both, and the index in step with the catalogue; search_layout.py says how fields lie in it,
search_writer.py writes it, search_leaves.py answers from it.
"""

from __future__ import annotations

import heapq
import re
import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast, get_args

from whoosh.filedb.filestore import FileStorage
from whoosh.index import FileIndex
from whoosh.support.levenshtein import distance

from ..errors import FicdexError, SearchIndexError
from ..text import fold
from . import search_fields as known
from . import story_text
from .engine import Suggestion, TooMuch
from .hits import Hit, Hits, Sort
from .query_names import WHOM
from .query_tree import TEXT, And, Exists, Node, Not, Or, Pair, Range, Words, leaves, terms
from .query_values import DATES
from .search_folder import SCHEMA, SearchFolder, Stamp
from .search_layout import LAYOUT, stem
from .search_leaves import (
    AllOf,
    AnyOf,
    Expansion,
    Filter,
    Found,
    InField,
    Part,
    Patience,
    Story,
    Together,
    column,
    numbered,
    ordering,
    segments,
)
from .snippets import snippets

if TYPE_CHECKING:
    from .catalog import Catalog

STEPS = 1_000
"""Steps of SQLite's between two looks at the time."""


class Planner:
    """The tree of a query as parts that answer it."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.patience = Patience()

    def plan(self, node: Node) -> Part:
        match node:
            case Words():
                return self.words(node)
            case Pair():
                return self.pair(node)
            case Range(field, low, high):
                lowest = low if low is not None else int(field in DATES)  # 0: unknown
                return Filter(field, lambda n: lowest <= n and (high is None or n <= high))
            case Exists(field) if field == TEXT:
                return Story(self.catalog.db.execute("SELECT work_id, 1.0 FROM story_text").fetchall)
            case Exists():
                bits = known.bits(node)
                return Filter("has", lambda n: n & bits)
            case Or(parts):
                return AnyOf([self.plan(p) for p in parts])
            case And(parts):
                return self.all(parts)
            case Not():
                return self.all((node,))

    def all(self, parts: tuple[Node, ...]) -> Part:
        wanted = [self.plan(p) for p in parts if not isinstance(p, Not)]
        barred = [self.plan(p.part) for p in parts if isinstance(p, Not)]
        whole = _whole(parts)
        return AllOf(wanted or [Filter("id", lambda n: True)], barred, [self.found(whole)] if whole else [])

    def words(self, node: Words) -> Part:
        if node.also:
            return AnyOf([self.words(replace(node, also=())), *map(self.plan, node.also)])
        parts = known.split(node)
        if len(parts) > 1:
            return AllOf([self.words(p) for p in parts])
        (node,) = parts or (node,)
        if node.field == TEXT:
            return self.story(node)
        if node.field or node.kind == "exact":
            return self.found(node)
        return AnyOf([self.found(node), self.story(node)])

    def story(self, node: Words) -> Part:
        db, expansion = self.catalog.db, expansion_of(node)

        def ask() -> list[tuple[int, float]]:
            self.patience.check()
            if expansion is None or node.kind == "prefix":  # beginnings are what FTS5 knows itself
                return story_text.match(db, node.text, prefix=node.kind == "prefix", apart=node.near - 1)
            words = story_text.vocabulary(db, expansion.start)
            return story_text.match(db, *self.patience.bounded(node.text, words, expansion.test))

        return Story(ask)

    def found(self, node: Words) -> Part:
        words = known.tokens(node.text) or [fold(node.text)]
        weights = {node.field: known.WEIGHTS.get(node.field, 1.0)} if node.field else _ANYWHERE[node.kind == "exact"]
        fields = tuple(InField(k, weight * node.weight, terms_of(k, node.kind, words)) for k, weight in weights.items())
        rooms = WHOM[node.field][node.role] if node.field and node.role else ()
        return Found(fields, self.patience, node.near, expansion_of(node), rooms)

    def pair(self, node: Pair) -> Part:
        if node.also:
            return AnyOf([self.pair(replace(node, also=())), *map(self.plan, node.also)])
        kind: Any = "exact" if node.whole else "phrase"
        sides = [[_encoded(terms_of("relationships", kind, known.tokens(n))) for n in names] for names in node.sides]
        return Together("relationships", known.WEIGHTS["relationships"], sides, self.patience)


_ANYWHERE = {False: known.WEIGHTS, True: {k: weight for k, weight in known.WEIGHTS.items() if k in known.WHOLE}}
"""Where a word, and where a whole value, is looked for that no field is named for."""


def _whole(parts: tuple[Node, ...]) -> Words | None:
    """Bare words that may be together a whole title or name: such works rank first."""
    bare = [p for p in parts if isinstance(p, Words) and p.field is None and p.kind == "words"]
    return Words(" ".join(p.text for p in bare), None, "exact") if len(bare) == len(parts) else None


def _encoded(terms: Iterable[str]) -> list[bytes]:
    return [term.encode() for term in terms]


def terms_of(key: str, kind: str, words: list[str]) -> tuple[str, ...]:
    """The terms of a field's index that words of a query ask for."""
    if kind == "exact" and key in known.WHOLE:
        return (known.exact(words),)
    if kind in ("words", "phrase", "exact") and key in known.PROSE:
        return tuple(map(stem, words))
    return tuple(words)


def expansion_of(node: Words) -> Expansion | None:
    """Which words of the index the words of a query stand for, if for more than themselves."""
    if node.kind == "wildcard":
        (word,) = known.patterns(node.text)
        start = re.split(r"[*?]", word, maxsplit=1)[0]
        pattern = re.compile("(?!=)" + "".join({"*": ".*", "?": "."}.get(c, c) for c in word))
        return Expansion(start, pattern.fullmatch)
    word = (known.tokens(node.text) or [""])[-1]
    if node.kind == "prefix":
        return Expansion(word, lambda term: True)
    if node.kind == "fuzzy":
        return Expansion(word[:1], lambda term: alike(term, word, node.near))
    return None


def alike(term: str, word: str, most: int) -> bool:
    """Whether at most `most` letters differ."""
    return abs(len(term) - len(word)) <= most and distance(term, word, limit=most) <= most


class Embedded:
    """The engine of one catalogue; its index lies in the user's cache folder, made, mended and rebuilt as need be."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.folder = SearchFolder(catalog.key)
        self._reader: Any = None
        self._read: Stamp | None = None

    def close(self) -> None:
        if self._reader is not None:
            self._reader.close()
            self._reader = None

    def _stamp(self) -> Stamp | None:
        """What the index holds, if it is of this catalogue and this version."""
        stamp = self.folder.stamp()
        path = str(self.catalog.path.resolve())
        ours = stamp and (stamp.schema, stamp.catalog) == (SCHEMA, path) and stamp.seq <= self.catalog.last_seq()
        return stamp if ours else None

    def catch_up(self) -> int:
        """Bring the index in step with the catalogue; how many works that concerned.

        While another process does that, this one goes on with what there is.

        Raises:
            SearchIndexError: if the index cannot be written.
        """
        stamp = self._stamp()
        if stamp and stamp.seq == self.catalog.last_seq():
            return 0
        with self.folder.locked() as mine:
            if not mine:
                return 0
            stamp = self._stamp()
            if stamp:
                try:
                    return self._update(stamp.seq)
                except FicdexError:
                    raise
                except Exception:  # whatever a damaged file makes Whoosh raise
                    self.close()
            return self._rebuild()

    def rebuild(self) -> int:
        """Make the index anew; the old one serves until the new one is whole.

        Raises:
            SearchIndexError: if it cannot be written, or another process is writing it.
        """
        with self.folder.locked() as mine:
            if not mine:
                raise SearchIndexError(f"{self.folder.path}: another run is writing the search index; try again later")
            return self._rebuild()

    def _rebuild(self) -> int:
        self.close()
        seq = self.catalog.last_seq()
        with self.folder.replaced() as new:
            index = FileIndex.create(FileStorage(str(new)), LAYOUT)
            count = self._write(index, self.catalog.ids(), {})
            self._sign(seq, new)
        return count

    def _update(self, since: int) -> int:
        self.close()
        changes = {id_: (seq, gone) for seq, id_, gone in self.catalog.changed_since(since)}
        index = self._index()
        old: dict[int, int] = {}
        with closing(index.reader()) as reader:
            for segment, offset in segments(reader):
                slots = numbered(segment)
                old |= {id_: offset + slots[id_] for id_ in changes if id_ in slots}
        self._write(index, [id_ for id_, (_, gone) in changes.items() if not gone], old)
        self._sign(max(seq for seq, _ in changes.values()) if changes else self.catalog.last_seq())
        return len(changes)

    def _write(self, index: Any, ids: Iterable[int], old: dict[int, int]) -> int:
        """One commit: the documents of `old` go, the works `ids` come."""
        from .search_writer import Writer

        writer = Writer(index)
        try:
            for number in old.values():
                writer.delete_document(number)
            for record in self.catalog.records(ids):
                writer.add_document(**known.document(record, self.catalog.added(cast("int", record["id"]))))
            count = int(writer.doc_count())
            writer.commit()
        except BaseException:
            writer.cancel()
            raise
        return count

    def _sign(self, seq: int, folder: Path | None = None) -> None:
        self.folder.write_stamp(Stamp(SCHEMA, str(self.catalog.path.resolve()), seq), folder)

    def ailment(self) -> str:
        """What is wrong with the index; "" if it is in step, or is still to be made by the first search."""
        stamp = self._stamp()
        if stamp is None:
            return "not to be trusted, or of another version" if self.folder.path.exists() else ""
        if behind := self.catalog.last_seq() - stamp.seq:
            return f"{behind:,} changes behind the catalogue"
        try:
            with closing(self._index().reader()) as reader:
                held = sorted(id_ for segment, _ in segments(reader) for id_ in numbered(segment))
                for segment, _ in segments(reader):
                    for field, term in segment.all_terms():
                        segment.postings(field, term).all_ids()
        except Exception as problem:  # whatever a damaged file makes Whoosh raise
            return f"cannot be read ({type(problem).__name__}: {problem})"
        return "" if held == list(self.catalog.ids()) else "holds other works than the catalogue"

    def _index(self) -> Any:
        return FileIndex(FileStorage(str(self.folder.path)), schema=LAYOUT)

    def find(self, query: Node, *, limit: int = 20, offset: int = 0, sort: Sort = "score") -> Hits:
        """A page of the works that a query finds, with the passages that show why; see SearchEngine."""
        if sort not in get_args(Sort):
            raise SearchIndexError(f"hits cannot be sorted by {sort!r}; right would be {', '.join(get_args(Sort))}")
        found, patience = self._answered(query, sort)
        page = heapq.nsmallest(offset + limit, found)[offset:]
        scores = {id_: score for _, id_, score in page}
        wanted = list(terms(query))
        shown = {
            cast("int", record["id"]): [] if patience.is_over() else snippets(record, self.catalog.text, wanted, stem)
            for record in self.catalog.records(scores)
        }
        hits = [Hit(id_, score, shown[id_]) for id_, score in scores.items() if id_ in shown]
        return Hits(len(found), hits, tuple(sorted(patience.cut)))

    def ids(self, query: Node) -> Iterator[int]:
        """Every work that a query finds, in the order of their ids."""
        found, _ = self._answered(query, "added")
        yield from sorted(id_ for _, id_, _ in found)

    def suggestions(self, query: Node, until: float) -> list[Suggestion]:
        """What may have been meant by words of a query that no work has."""
        found = []
        for leaf in leaves(query):
            if leaf.at != (0, 0) and time.monotonic() < until and not any(self.ids(leaf)):
                found += [Suggestion(leaf.at, text) for text in self._near(leaf, until)]
        return found

    def _near(self, leaf: Words | Pair, until: float) -> list[str]:
        from .suggesting import near

        db = self.catalog.db
        if isinstance(leaf, Words):
            return near(db, leaf.field, leaf.text, distance, until) if leaf.kind in ("words", "phrase", "exact") else []
        names = [side[0] for side in leaf.sides]
        others = [near(db, "characters", name, distance, until) for name in names]
        best = [other[0] if other else name for name, other in zip(names, others, strict=True)]
        return ["/".join(best)] if best != names else []

    def _answered(self, node: Node, sort: str) -> tuple[list[tuple[Any, int, float]], Patience]:
        """(sort key, id, score) of every hit; an index that cannot be read is rebuilt, once."""
        try:
            return self._collected(node, sort)
        except (FicdexError, TooMuch):
            raise
        except Exception:  # whatever a damaged file makes Whoosh raise
            self.rebuild()
        try:
            return self._collected(node, sort)
        except (FicdexError, TooMuch):
            raise
        except Exception as problem:
            raise SearchIndexError(
                f"{self.folder.path}: the search index cannot be read ({problem}); remove that folder"
            ) from problem

    def _collected(self, node: Node, sort: str) -> tuple[list[tuple[Any, int, float]], Patience]:
        reader = self._opened()
        planner, found = Planner(self.catalog), []
        plan = planner.all(node.parts if isinstance(node, And) else (node,))
        with self._patient(planner.patience):
            for segment, _ in segments(reader):
                ids, order = column(segment, "id"), ordering(segment, sort)
                found += [(order(n, score), ids[n], score) for n, score in plan.scores(segment, reader).items()]
        return found, planner.patience

    def _opened(self) -> Any:
        """A reader of the index as it is now, whoever wrote it."""
        stamp = self._stamp()
        if self._reader is None or stamp != self._read:
            self.close()
            self.catch_up()  # a run that was killed may have left works that are not indexed
            if self._stamp() is None:
                self.rebuild()
            self._read = self._stamp()
            self._reader = self._index().reader()
        return self._reader

    @contextmanager
    def _patient(self, patience: Patience) -> Iterator[None]:
        """SQLite stops too when the time is over."""
        db = self.catalog.db
        db.set_progress_handler(patience.is_over, STEPS)
        try:
            yield
        except (SearchIndexError, sqlite3.Error):
            patience.check()
            raise
        finally:
            db.set_progress_handler(None, 0)
