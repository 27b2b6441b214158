"""Search: Whoosh over the catalogue's fields, FTS5 over the stories, one query tree.

The only file that imports whoosh.
"""

from __future__ import annotations

import heapq
import math
import time
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache, reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self
from weakref import WeakKeyDictionary

from whoosh import query as wq
from whoosh.columns import NumericColumn, VarBytesColumn
from whoosh.fields import COLUMN, FieldType, Schema
from whoosh.filedb.filestore import FileStorage
from whoosh.formats import Positions
from whoosh.index import FileIndex
from whoosh.lang.porter import stem as porter
from whoosh.matching import ListMatcher, NullMatcher
from whoosh.support.levenshtein import distance

from ..errors import SearchIndexError
from ..model import Record
from . import search_fields as known
from . import story_text
from .query import TEXT, And, Exists, Node, Not, Or, Range, Words, parse, terms
from .search_folder import SCHEMA, SearchFolder, Stamp
from .snippets import Snippet, Snippets

if TYPE_CHECKING:
    from .catalog import Catalog

Sort = Literal["score", "title", "author", "words", "updated", "added"]
EXPANSIONS, SECONDS = 1_000, 1.0
"""How many words a prefix or a misspelling may stand for, and how long they are looked for."""
LIMIT_MB = 128
"""Memory of Whoosh's writer before it spills to disk."""
GAP = 20
"""Positions between two values of a field, so that no phrase runs from one into the next."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A work that was found, and where."""

    id: int
    score: float
    snippets: list[Snippet]


@dataclass(frozen=True, slots=True)
class Hits:
    """A page of hits; `total` counts all. `cut`: words of the query that stand for more words than were looked for."""

    total: int
    hits: list[Hit]
    cut: tuple[str, ...] = ()


@lru_cache(100_000)
def stem(word: str) -> str:
    """An English word without its ending; others as they are."""
    return str(porter(word)) if word.isascii() and word.isalpha() else word


@lru_cache(50_000)
def _places(at: tuple[int, ...]) -> bytes:
    return bytes(Positions().encode(at))


class Terms(FieldType):  # type: ignore[misc]
    """A field of words with their positions; a stemmed one holds every word and its stem in one place."""

    def __init__(self, *, stemmed: bool) -> None:
        super().__init__(Positions(), None)
        self.stemmed = stemmed

    def index(self, texts: list[str], **_: Any) -> Iterator[tuple[bytes, int, float, bytes]]:
        """(term, frequency, weight, positions) of every term in `texts`."""
        places: dict[str, list[int]] = {}
        at = 0
        for text in texts:
            words = known.tokens(text)
            places.setdefault(known.exact(words), []).append(at)
            for at, word in enumerate(words, at):  # noqa: B020  (the count goes on)
                places.setdefault(word, []).append(at)
                if self.stemmed and (root := stem(word)) != word:
                    places.setdefault(root, []).append(at)
            at += GAP
        for term, found in places.items():
            yield term.encode(), len(found), 1.0, _places(tuple(found))


class Numbers(NumericColumn):  # type: ignore[misc]
    """A column of whole numbers that is read in one piece."""

    class Reader(NumericColumn.Reader):  # type: ignore[misc]
        """Whoosh's own, but for `load`, which it does value by value."""

        def load(self) -> array[int]:
            """Every value, by document number."""
            values = array(self._typecode)
            values.frombytes(bytes(self._dbfile.get(self._basepos, self._count * self._fixedlen)))
            values.byteswap()  # Whoosh writes the big end first
            values.extend([self._default] * (self._doccount - len(values)))
            return values


SCHEMA_FIELDS = Schema(
    **{key: Terms(stemmed=key in known.PROSE) for key in known.INDEXED},
    **{f"n_{key}": COLUMN(Numbers("i")) for key in known.NUMBERS},
    n_has=COLUMN(Numbers("q")),
    title_order=COLUMN(VarBytesColumn()),
    author_order=COLUMN(VarBytesColumn()),
)

_columns: WeakKeyDictionary[Any, dict[str, Any]] = WeakKeyDictionary()


def column(reader: Any, key: str) -> array[int]:
    """A column of numbers of one segment, by document number."""
    kept = _columns.setdefault(reader, {})
    if key not in kept:
        found = reader.column_reader(f"n_{key}", translate=False)
        kept[key] = found.load() if isinstance(found, Numbers.Reader) else array("i", [0] * reader.doc_count_all())
    values: array[int] = kept[key]
    return values


def numbered(reader: Any) -> dict[int, int]:
    """Work id -> document number in one segment."""
    kept = _columns.setdefault(reader, {})
    if "numbered" not in kept:
        kept["numbered"] = {id_: n for n, id_ in enumerate(column(reader, "id")) if not reader.is_deleted(n)}
    found: dict[int, int] = kept["numbered"]
    return found


class Scores(ListMatcher):  # type: ignore[misc]
    """Documents and their scores, skipping by bisection."""

    _i: int

    def skip_to(self, id_: int) -> None:
        self._i = bisect_left(self._ids, id_, self._i)


class Leaf(wq.Query):  # type: ignore[misc]
    """A node of Whoosh's query tree that knows all its hits in a segment at once."""

    fieldname = None

    def hits(self, searcher: Any) -> dict[int, float]:
        """Document number -> score, of one segment."""
        raise NotImplementedError

    def estimate_size(self, reader: Any) -> int:
        return int(reader.doc_count_all())

    def matcher(self, searcher: Any, context: Any = None) -> Any:
        found = self.hits(searcher)
        ids = sorted(found)
        return Scores(ids, [found[n] for n in ids]) if ids else NullMatcher()


class Story(Leaf):
    """The works whose story holds the words, as FTS5 says: `works` are its (work id, weight)."""

    def __init__(self, works: Callable[[], Iterable[tuple[int, float]]]) -> None:
        self.works = lru_cache(1)(lambda: list(works()))

    def hits(self, searcher: Any) -> dict[int, float]:
        slots = numbered(searcher.reader())
        best = known.STORY_WEIGHT
        return {slots[id_]: best * w / (1 + w) for id_, w in self.works() if id_ in slots}


class Filter(Leaf):
    """The works for whose number in a column `test` holds; they all score the same."""

    def __init__(self, key: str, test: Callable[[int], object]) -> None:
        self.key, self.test = key, test

    def hits(self, searcher: Any) -> dict[int, float]:
        reader, test = searcher.reader(), self.test
        found = (n for n, value in enumerate(column(reader, self.key)) if test(value))
        if reader.has_deletions():
            return {n: 0.0 for n in found if not reader.is_deleted(n)}
        return dict.fromkeys(found, 0.0)


class Found(Leaf):
    """The works that hold words in one of several fields; a field's weight counts by the rarity of the words."""

    def __init__(self, wanted: Words, fields: dict[str, float], cut: set[str]) -> None:
        self.wanted, self.fields, self.cut = wanted, fields, cut
        self.words = known.tokens(wanted.text)
        self.until = time.monotonic() + SECONDS

    def hits(self, searcher: Any) -> dict[int, float]:
        whole = searcher.get_parent().reader()
        every = {key: list(self.terms(whole, key)) for key in self.fields}
        common = max((whole.doc_frequency(key, t) for key, ts in every.items() for t in ts), default=0)
        rarity = math.log(2 + whole.doc_count_all() / (1 + common))
        scores: dict[int, float] = {}
        for key, weight in self.fields.items():
            gain = weight * rarity
            for n in self.numbers(searcher, key, every[key]):
                scores[n] = scores.get(n, 0.0) + gain
        return scores

    def numbers(self, searcher: Any, key: str, every: list[bytes]) -> Iterable[int]:
        """The documents of one segment that hold the words in one field."""
        reader, wanted = searcher.reader(), self.wanted
        if len(self.words) > 1 and wanted.kind != "exact":
            texts = [t.decode() for t in every]
            phrase = wq.Phrase(key, texts, slop=wanted.near)
            matcher = phrase.matcher(searcher, searcher.boolean_context())
            return (n for n in matcher.all_ids())
        lists = [reader.postings(key, t).all_ids() for t in every if (key, t) in reader]
        return lists[0] if len(lists) == 1 else set().union(*lists)

    def terms(self, reader: Any, key: str) -> Iterator[bytes]:
        """The terms of the index that the words stand for in a field."""
        match self.wanted.kind:
            case "exact":
                yield known.exact(self.words).encode()
            case "prefix":
                yield from self.bounded(reader.expand_prefix(key, self.words[0]), lambda term: True)
            case "fuzzy":
                word, most = self.words[0], self.wanted.near
                near = self.bounded(reader.expand_prefix(key, word[:1]), lambda t: _alike(t.decode(), word, most))
                yield from near
            case _:
                yield from ((stem(w) if key in known.PROSE else w).encode() for w in self.words)

    def bounded(self, candidates: Iterable[bytes], test: Callable[[bytes], bool]) -> Iterator[bytes]:
        """The candidates that pass, as many and for as long as may be; the query says where there were more."""
        late = False
        passed = (c for c in candidates if test(c))
        for number, term in enumerate(passed):
            late = number >= EXPANSIONS or time.monotonic() > self.until
            if late:
                self.cut.add(self.wanted.text)
                return
            yield term


def _alike(term: str, word: str, most: int) -> bool:
    return abs(len(term) - len(word)) <= most and distance(term, word, limit=most) <= most


class Planner:
    """The query's tree as Whoosh's; `cut` collects the words that stood for too many."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.cut: set[str] = set()

    def plan(self, node: Node) -> Any:
        match node:
            case Words():
                return self.words(node)
            case Range(field, low, high):
                lowest = low if low is not None else int(field in ("published", "updated"))
                return Filter(field, lambda n: lowest <= n and (high is None or n <= high))
            case Exists(field) if field == TEXT:
                sql = "SELECT work_id, 1.0 FROM story_text"
                return Story(lambda: self.catalog.db.execute(sql).fetchall())
            case Exists(field):
                bit = known.BIT[field]
                return Filter("has", lambda n: n & bit)
            case Or(parts):
                return wq.Or([self.plan(p) for p in parts])
            case Not():
                return self.all((node,))
            case And(parts):
                return self.all(parts)

    def all(self, parts: tuple[Node, ...]) -> Any:
        wanted = [self.plan(p) for p in parts if not isinstance(p, Not)]
        barred = [self.plan(p.part) for p in parts if isinstance(p, Not)]
        found = reduce(lambda a, b: wq.And([a, b]), wanted) if wanted else Filter("id", lambda n: True)
        bare = [p for p in parts if isinstance(p, Words) and p.field is None and p.kind == "words"]
        if len(bare) == len(parts):  # words that are a whole title or name together rank first
            whole = Words(" ".join(p.text for p in bare), None, "exact")
            found = wq.AndMaybe(found, Found(whole, known.WEIGHTS, self.cut))
        return wq.AndNot(found, wq.Or(barred)) if barred else found

    def words(self, node: Words) -> Any:
        parts = self.split(node)
        if len(parts) > 1:
            return self.all(parts)
        if not known.tokens(node.text):
            return wq.NullQuery
        story = Story(lambda: story_text.match(self.catalog.db, node.text, prefix=node.kind == "prefix"))
        if node.field == TEXT:
            return story
        if node.field:
            return Found(node, {node.field: known.WEIGHTS.get(node.field, 1.0)}, self.cut)
        found = Found(node, known.WEIGHTS, self.cut)
        return found if node.kind == "exact" else wq.Or([found, story])

    @staticmethod
    def split(node: Words) -> tuple[Words, ...]:
        """ "spike/willow" is two words in any order; of "brit-pick*" only the last is a beginning."""
        if node.kind == "words" and "/" in node.text and node.field not in ("url", "source", "parts"):
            return tuple(Words(t, node.field) for t in node.text.split("/") if known.tokens(t))
        if node.kind in ("prefix", "fuzzy") and node.field != TEXT:
            *first, last = known.tokens(node.text) or [""]
            return (*(Words(t, node.field) for t in first), Words(last, node.field, node.kind, node.near))
        return (node,)


class SearchIndex:
    """The search index of a catalogue, in the user's cache folder; made, mended and rebuilt as need be."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.folder = SearchFolder(catalog.key)
        self._searcher: Any = None

    @classmethod
    def open(cls, catalog: Catalog) -> Self:
        """The catalogue's index; one that is missing, older or damaged is rebuilt, at the latest when it is asked.

        Raises:
            SearchIndexError: if there is no place to keep it.
        """
        return cls(catalog)

    def _stamp(self) -> Stamp | None:
        """What the index holds, if it is one of this catalogue and this version."""
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
            try:
                return self._update(stamp.seq) if stamp else self._rebuild()
            except SearchIndexError:
                raise
            except Exception:  # whatever a damaged file makes Whoosh raise
                return self._rebuild()

    def rebuild(self) -> int:
        """Make the index anew; the old one serves until the new one is whole.

        Raises:
            SearchIndexError: if it cannot be written, or another process is writing it.
        """
        with self.folder.locked() as mine:
            if not mine:
                raise SearchIndexError(f"{self.folder.path}: another run is writing the search index; try again then")
            return self._rebuild()

    def _index(self, folder: Path | None = None) -> FileIndex:
        return FileIndex(FileStorage(str(folder or self.folder.path)), schema=None)

    def _rebuild(self) -> int:
        """Make the index anew in a folder that then takes the old one's place."""
        seq = self.catalog.last_seq()
        self._close()
        with self.folder.replaced() as folder:
            index = FileIndex.create(FileStorage(str(folder)), SCHEMA_FIELDS, "MAIN")
            count = self._write(index, None, set())
            self.folder.write_stamp(self._new_stamp(seq), folder)
        return count

    def _update(self, seq: int) -> int:
        """Index what has changed since `seq`."""
        newest = self.catalog.last_seq()
        changed = {id_: gone for _, id_, gone in self.catalog.changed_since(seq)}
        self._close()
        self._write(self._index(), [id_ for id_, gone in changed.items() if not gone], set(changed))
        self.folder.write_stamp(self._new_stamp(newest))
        return len(changed)

    def _new_stamp(self, seq: int) -> Stamp:
        return Stamp(SCHEMA, str(self.catalog.path.resolve()), seq)

    def _write(self, index: FileIndex, ids: list[int] | None, replaced: set[int]) -> int:
        """Add works to the index, after taking out the old documents of `replaced`; one commit."""
        writer = index.writer(limitmb=LIMIT_MB)
        try:
            if replaced:
                with index.reader() as reader:
                    for leaf, offset in reader.leaf_readers():
                        slots = numbered(leaf)
                        for id_ in replaced & slots.keys():
                            writer.delete_document(offset + slots[id_])
            count = 0
            for count, record in enumerate(self.catalog.records(ids), 1):  # noqa: B007
                writer.add_document(**self._document(record))
        except BaseException:
            writer.cancel()
            raise
        writer.commit()
        return count

    @staticmethod
    def _document(record: Record) -> dict[str, object]:
        found: dict[str, object] = dict(known.values(record))
        found.update((f"n_{key}", number) for key, number in known.numbers(record).items())
        found["n_has"] = known.presence(record)
        found.update((key, text.encode()) for key, text in known.sort_keys(record).items())
        return found

    def _open(self) -> Any:
        """A searcher over what the catalogue holds now."""
        self.catch_up()
        if self._searcher is None:
            try:
                self._searcher = self._index().searcher()
            except Exception:  # whatever a damaged file makes Whoosh raise
                self.rebuild()
                self._searcher = self._index().searcher()
        return self._searcher

    def _close(self) -> None:
        if self._searcher is not None:
            self._searcher.close()
            self._searcher = None

    def _matches(self, query: str) -> tuple[Node, list[tuple[float, int, Any, int]], tuple[str, ...]]:
        """(tree, (score, work id, segment's reader, document number) of every hit, words that were cut)."""
        node = parse(query)
        searcher = self._open()
        planner = Planner(self.catalog)
        plan = planner.plan(node)
        found: list[tuple[float, int, Any, int]] = []
        for leaf, _ in searcher.leaf_searchers():
            ids, reader = column(leaf.reader(), "id"), leaf.reader()
            matcher = plan.matcher(leaf, leaf.context())
            while matcher.is_active():
                number = matcher.id()
                found.append((matcher.score(), ids[number], reader, number))
                matcher.next()
        return node, found, tuple(sorted(planner.cut))

    def find(self, query: str, *, limit: int = 20, offset: int = 0, sort: Sort = "score") -> Hits:
        """The hits of a query from `offset` on, at most `limit`, each with its snippets.

        Raises:
            QueryError: if the query cannot be understood.
            SearchIndexError: if there is no index, and none can be made.
        """
        node, found, cut = self._matches(query)
        page = heapq.nsmallest(offset + limit, found, key=_order(sort))[offset:]
        snippets = Snippets(terms(node), stem)
        records = self.catalog.records([id_ for _, id_, _, _ in page])
        texts = {id_: score for score, id_, _, _ in page}
        hits = []
        for record in records:
            id_: Any = record["id"]
            hits.append(Hit(id_, texts[id_], snippets.of(record, self.catalog.text(id_))))
        return Hits(len(found), hits, cut)

    def ids(self, query: str) -> Iterator[int]:
        """The work id of every hit, best first.

        Raises:
            QueryError: if the query cannot be understood.
        """
        _, found, _ = self._matches(query)
        yield from (id_ for _, id_, _, _ in sorted(found, key=_order("score")))


def _order(sort: Sort) -> Callable[[tuple[float, int, Any, int]], Any]:
    """The key that puts hits in order: numbers and dates from the largest, names from A; then the oldest id."""
    if sort in ("words", "updated"):
        return lambda hit: (-column(hit[2], sort)[hit[3]], hit[1])
    if sort in ("title", "author"):
        return lambda hit: (_name(hit[2], f"{sort}_order", hit[3]), hit[1])
    if sort == "added":
        return lambda hit: -hit[1]
    return lambda hit: (-hit[0], hit[1])


def _name(reader: Any, key: str, number: int) -> tuple[bool, bytes]:
    """A sort key of one document; works without one stand last."""
    kept = _columns.setdefault(reader, {})
    if key not in kept:
        kept[key] = reader.column_reader(key, translate=False)
    value = bytes(kept[key][number])
    return not value, value
