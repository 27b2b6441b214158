"""Search: Whoosh over the catalogue's fields, FTS5 over the stories, one query tree.

Our query as Whoosh's tree, and the index in step with the catalogue; search_layout.py says how fields lie in it,
search_writer.py writes it. No other file imports whoosh.
"""

from __future__ import annotations

import heapq
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, cast, get_args

from whoosh import query as tree
from whoosh.filedb.filestore import FileStorage
from whoosh.index import FileIndex
from whoosh.matching import ListMatcher, NullMatcher
from whoosh.support.levenshtein import distance

from ..errors import FicdexError, SearchIndexError
from . import search_fields as known
from . import story_text
from .hits import Hit, Hits, Sort
from .query import TEXT, And, Exists, Node, Not, Or, Range, Words, parse, terms
from .search_folder import SCHEMA, SearchFolder, Stamp
from .search_layout import LAYOUT, stem
from .search_leaves import Filter, Found, InField, Patience, Story, column, numbered, ordering, segments
from .snippets import snippets

if TYPE_CHECKING:
    from .catalog import Catalog


class Scores(ListMatcher):  # type: ignore[misc]
    """Documents of a segment and their scores, skipping by bisection."""

    def skip_to(self, id_: int) -> None:
        self._i: int = bisect_left(self._ids, id_, self._i)


class Segment:
    """What Whoosh's compound queries ask a searcher for; its own is slow to import and to make."""

    def __init__(self, reader: Any, whole: Any) -> None:
        self._reader, self.whole = reader, whole

    def reader(self) -> Any:
        return self._reader

    def doc_count_all(self) -> int:
        return int(self._reader.doc_count_all())

    def boolean_context(self) -> None:
        """None: nothing but the tree's shape decides how it is matched."""


class Leaf(tree.Query):  # type: ignore[misc]
    """A node of Whoosh's query tree that is answered in one piece, by Found, by a column, or by FTS5."""

    fieldname = None

    def __init__(self, answer: Found | Filter | Story) -> None:
        self.answer = answer

    def estimate_size(self, reader: Any) -> int:
        return int(reader.doc_count_all())

    def matcher(self, searcher: Any, context: Any = None) -> Any:
        found = self.answer.scores(searcher.reader(), searcher.whole)
        ids = sorted(found)
        return Scores(ids, [found[n] for n in ids]) if ids else NullMatcher()


class Planner:
    """The tree of a query as Whoosh's."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.patience = Patience()

    def plan(self, node: Node) -> Any:
        match node:
            case Words():
                return self.words(node)
            case Range(field, low, high):
                lowest = low if low is not None else int(field in ("published", "updated"))  # 0: unknown
                return Leaf(Filter(field, lambda n: lowest <= n and (high is None or n <= high)))
            case Exists(field) if field == TEXT:
                return Leaf(Story(self.catalog.db.execute("SELECT work_id, 1.0 FROM story_text").fetchall))
            case Exists(field):
                bit = known.BIT[field]
                return Leaf(Filter("has", lambda n: n & bit))
            case Or(parts):
                return tree.Or([self.plan(p) for p in parts])
            case And(parts):
                return self.all(parts)
            case Not():
                return self.all((node,))

    def all(self, parts: tuple[Node, ...]) -> Any:
        wanted = [self.plan(p) for p in parts if not isinstance(p, Not)]
        barred = [self.plan(p.part) for p in parts if isinstance(p, Not)]
        found = tree.And(wanted) if wanted else Leaf(Filter("id", lambda n: True))
        bare = [p for p in parts if isinstance(p, Words) and p.field is None and p.kind == "words"]
        if len(bare) == len(parts):  # words that are together a whole title or name rank first
            whole = Words(" ".join(p.text for p in bare), None, "exact")
            found = tree.AndMaybe(found, Leaf(self.found(whole)))
        return tree.AndNot(found, tree.Or(barred)) if barred else found

    def words(self, node: Words) -> Any:
        parts = known.split(node)
        if len(parts) > 1:
            return tree.And([self.words(p) for p in parts])
        if node.field == TEXT:
            return Leaf(self.story(node))
        if node.field or node.kind == "exact":
            return Leaf(self.found(node))
        return tree.Or([Leaf(self.found(node)), Leaf(self.story(node))])

    def story(self, node: Words) -> Story:
        return Story(lambda: story_text.match(self.catalog.db, node.text, prefix=node.kind == "prefix"))

    def found(self, node: Words) -> Found:
        words = known.tokens(node.text)
        weights = {node.field: known.WEIGHTS.get(node.field, 1.0)} if node.field else known.WEIGHTS
        fields = tuple(InField(key, weight, terms_of(key, node.kind, words)) for key, weight in weights.items())
        kind = node.kind if node.kind in ("prefix", "fuzzy") else "phrase"
        return Found(fields, kind, self.patience, node.near, lambda a, b: alike(a, b, node.near))


def terms_of(key: str, kind: str, words: list[str]) -> tuple[str, ...]:
    """The terms of a field's index that words of a query ask for."""
    if kind == "exact":
        return (known.exact(words),)
    if kind in ("words", "phrase") and key in known.PROSE:
        return tuple(map(stem, words))
    return tuple(words)


def alike(term: str, word: str, most: int) -> bool:
    """Whether at most `most` letters differ."""
    return abs(len(term) - len(word)) <= most and distance(term, word, limit=most) <= most


class SearchIndex:
    """The search index of a catalogue, in the user's cache folder; made, mended and rebuilt as need be."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.folder = SearchFolder(catalog.key)
        self._reader: Any = None

    @classmethod
    def open(cls, catalog: Catalog) -> Self:
        """The catalogue's index; a missing, older or damaged one is rebuilt when it is first used.

        Raises:
            SearchIndexError: if there is no place to keep it.
        """
        return cls(catalog)

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
                writer.add_document(**known.document(record))
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

    def find(self, query: str, *, limit: int = 20, offset: int = 0, sort: str = "score") -> Hits:
        """A page of the works that a query finds, with the passages that show why.

        Raises:
            QueryError: if the query cannot be understood.
            SearchIndexError: if the index can neither be used nor rebuilt.
        """
        if sort not in get_args(Sort):
            raise SearchIndexError(f"hits cannot be sorted by {sort!r}; right would be {', '.join(get_args(Sort))}")
        node = parse(query)
        found, cut = self._answered(node, sort)
        page = heapq.nsmallest(offset + limit, found)[offset:]
        scores = {id_: score for _, id_, score in page}
        wanted = list(terms(node))
        shown = {
            cast("int", record["id"]): snippets(record, self.catalog.text, wanted, stem)
            for record in self.catalog.records(scores)
        }
        hits = [Hit(id_, score, shown[id_]) for id_, score in scores.items() if id_ in shown]
        return Hits(len(found), hits, tuple(sorted(cut)))

    def ids(self, query: str) -> Iterator[int]:
        """Every work that a query finds, in the order of their ids.

        Raises:
            QueryError: if the query cannot be understood.
            SearchIndexError: if the index can neither be used nor rebuilt.
        """
        found, _ = self._answered(parse(query), "added")
        yield from sorted(id_ for _, id_, _ in found)

    def _answered(self, node: Node, sort: str) -> tuple[list[tuple[Any, int, float]], set[str]]:
        """(sort key, id, score) of every hit; an index that cannot be read is rebuilt, once."""
        try:
            return self._collected(node, sort)
        except FicdexError:
            raise
        except Exception:  # whatever a damaged file makes Whoosh raise
            self.rebuild()
        try:
            return self._collected(node, sort)
        except FicdexError:
            raise
        except Exception as problem:
            raise SearchIndexError(
                f"{self.folder.path}: the search index cannot be read ({problem}); remove that folder"
            ) from problem

    def _collected(self, node: Node, sort: str) -> tuple[list[tuple[Any, int, float]], set[str]]:
        if self._reader is None:
            self.catch_up()  # a run that was killed may have left works that are not indexed
            if not self.catch_up() and self._stamp() is None:
                self.rebuild()
            self._reader = self._index().reader()
        planner, found = Planner(self.catalog), []
        plan = planner.all(node.parts if isinstance(node, And) else (node,))
        for segment, _ in segments(self._reader):
            matcher = plan.matcher(Segment(segment, self._reader))
            ids, order = column(segment, "id"), ordering(segment, sort)
            while matcher.is_active():
                n, score = matcher.id(), matcher.score()
                found.append((order(n, score), ids[n], score))
                matcher.next()
        return found, planner.patience.cut
