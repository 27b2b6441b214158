"""Writes segments of Whoosh's own format, three times as fast as its writer does.

Whoosh's pipeline (writer, pool of postings, codec) with its two slow parts replaced: postings are inverted in memory
rather than sorted one by one, and a term's few postings are written in one piece. Whoosh reads what comes of it.
"""

from __future__ import annotations

import heapq
import marshal
import tempfile
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import groupby, pairwise
from operator import itemgetter
from pickle import dumps
from struct import Struct
from typing import IO, Any
from zlib import compress, crc32

from whoosh.codec.whoosh3 import WHOOSH3_HEADER_MAGIC, W3FieldWriter
from whoosh.filedb.filetables import HashWriter, OrderedHashWriter
from whoosh.util.numlists import GrowableArray
from whoosh.writing import SegmentWriter

from .search_layout import LAYOUT, Codec, Terms

RUN = 64 << 20
"""Bytes of postings that are held in memory, more or less; then they go to disk as a sorted run."""
BLOCK = 128
"""Postings a block, as Whoosh has it."""
WORTH_PACKING = 256
"""Bytes of a block from which on compressing it saves more than a header."""

_POSTING, _TERM = 16, 300  # bytes that a posting, a new term take in memory
_LENGTH, _KEY = Struct("!i"), Struct("!H")
_INFO = Struct("!BfIBBfIIqi")
"""W3TermInfo's row: not inlined, total weight, documents, least and most length, most weight, first and last document,
where the postings begin, how many bytes they are."""
_ROW, _SLOT = Struct("!ii"), Struct("!Iq")

Group = tuple[str, str, list[int], list[bytes]]
"""A field, a term, the documents that have it, and its positions in each of them."""


class Inverted:
    """Postings by field and term; the documents come in ascending order. Stands for Whoosh's pool of postings."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self._fields: dict[str, dict[str, tuple[list[int], list[bytes]]]] = {}
        self._size = 0
        self._runs: list[IO[bytes]] = []

    def put(self, field: str, number: int, postings: Iterable[tuple[str, bytes]]) -> None:
        """The terms of one document's field, with their positions."""
        terms = self._fields.setdefault(field, {})
        for term, places in postings:
            found = terms.get(term)
            if found is None:
                found = terms[term] = ([], [])
                self._size += _TERM
            found[0].append(number)
            found[1].append(places)
            self._size += _POSTING
        if self._size > RUN:
            self._save()

    def add(self, item: tuple[str, bytes, int, float, bytes]) -> None:
        """A posting of an older segment, as Whoosh hands them over when it merges."""
        field, term, number, _, places = item
        self.put(field, number, ((term.decode(), places),))

    def _save(self) -> None:
        run = tempfile.TemporaryFile(dir=self.folder)  # noqa: SIM115  (closed in cleanup)
        self._runs.append(run)
        for group in self._sorted():
            marshal.dump(group, run, 2)  # version 2: none of the later ones' search for shared objects
        self._fields, self._size = {}, 0

    def _sorted(self) -> Iterator[Group]:
        for field, terms in sorted(self._fields.items()):
            for term in sorted(terms):  # by code point, which is the order of UTF-8 too
                yield (field, term, *terms[term])

    def iter_postings(self) -> Iterator[Group]:
        """Every term in order of field and term."""
        if not self._runs:
            yield from self._sorted()
            return
        key = itemgetter(0, 1)
        merged = heapq.merge(*map(_reread, self._runs), self._sorted(), key=key)
        for (field, term), groups in groupby(merged, key):
            numbers: list[int] = []
            places: list[bytes] = []
            for group in groups:  # of equals, the earlier run comes first
                numbers += group[2]
                places += group[3]
            yield field, term, numbers, places

    def cleanup(self) -> None:
        """Close the runs, which removes them."""
        for run in self._runs:
            run.close()


def _reread(run: IO[bytes]) -> Iterator[Group]:
    run.seek(0)
    while True:
        try:
            yield marshal.load(run)  # noqa: S302  (a file without a name that this process wrote)
        except EOFError:
            return


class TermTable(OrderedHashWriter):  # type: ignore[misc]
    """Whoosh's table of terms, hashed by CRC-32 (one of its three ways) and written in large pieces."""

    def __init__(self, file: Any) -> None:
        HashWriter.__init__(self, file, hashtype=1)
        self.index = GrowableArray("H")
        self._rows: list[bytes] = []
        self._at = int(file.tell())

    def add(self, key: bytes, value: bytes) -> None:
        """A term and what is known of it; keys come in ascending order."""
        self.index.append(self._at)
        code = crc32(key)
        self.buckets[code & 255].append((code, self._at))
        self._rows.append(_ROW.pack(len(key), len(value)) + key + value)
        self._at += _ROW.size + len(key) + len(value)
        if len(self._rows) == 10_000:
            self._flush()

    def _flush(self) -> None:
        self.dbfile.write(b"".join(self._rows))
        self._rows.clear()

    def _write_hashes(self) -> None:
        self._flush()
        empty = bytes(_SLOT.size)
        for entries in self.buckets:
            count = 2 * len(entries)
            self.directory.append((self._at, count))
            slots = [empty] * count
            for code, at in entries:
                slot = (code >> 8) % count
                while slots[slot] is not empty:
                    slot = (slot + 1) % count
                slots[slot] = _SLOT.pack(code, at)
            self.dbfile.write(b"".join(slots))
            self._at += _SLOT.size * count


class TermWriter(W3FieldWriter):  # type: ignore[misc]
    """Whoosh's writer of terms and postings, given all postings of a term at once. Every weight is 1."""

    def __init__(self, codec: Codec, storage: Any, segment: Any) -> None:
        super().__init__(codec, storage, segment)
        self._tindex: Any = TermTable(self._create_file(codec.TERMS_EXT))
        self._tindex.extras["fieldmap"] = self._fieldmap

    def add_postings(self, schema: Any, lengths: None, groups: Iterable[Group]) -> None:
        """Write all of them, in their order; `schema` and `lengths` are what Whoosh's own would look at."""
        write, add, fields = self._postfile.write, self._tindex.add, self._fieldmap
        at = int(self._postfile.tell())
        for field, term, numbers, places in groups:
            blocks = _blocks(numbers, places)
            write(blocks)
            key = _KEY.pack(fields.setdefault(field, len(fields))) + term.encode()
            count = len(numbers)
            add(key, _INFO.pack(0, count, count, 0, 0, 1.0, numbers[0], numbers[-1], at, len(blocks)))
            at += len(blocks)


def _blocks(numbers: list[int], places: list[bytes]) -> bytes:
    """A posting list as Whoosh 3 has it: blocks of pickles, the last one's length negative."""
    pieces = [WHOOSH3_HEADER_MAGIC]
    for start in range(0, len(numbers), BLOCK):
        ids = numbers[start : start + BLOCK]
        gaps = (ids[0], *[b - a for a, b in pairwise(ids)])
        data = dumps((gaps, None, tuple(places[start : start + BLOCK])), 2)
        packed = int(len(data) >= WORTH_PACKING)
        if packed:
            data = compress(data, 1)
        info = _info(len(ids), ids[-1], packed)
        length = len(info) + len(data)
        pieces += (_LENGTH.pack(length if start + BLOCK < len(numbers) else -length), info, data)
    return b"".join(pieces)


@lru_cache(10_000)
def _info(count: int, last: int, packed: int) -> bytes:
    """What a block says of itself: postings, last document, most weight, compression, least and most length."""
    return dumps((count, last, 1.0, packed, 0, 0), 2)


class Writer(SegmentWriter):  # type: ignore[misc]
    """Whoosh's writer of one segment, with a pool of postings of ours."""

    def __init__(self, index: Any) -> None:
        super().__init__(index, codec=Codec(), compound=False)
        self.pool = Inverted(index.storage.folder)

    def add_document(self, **fields: Any) -> None:
        """A document: texts of the fields that have words, values of the columns."""
        columns = self.perdocwriter
        columns.start_doc(self.docnum)
        for name, value in fields.items():
            kind = _KINDS[name]
            if isinstance(kind, Terms):
                self.pool.put(name, self.docnum, kind.postings(value))
            else:
                columns.add_column_value(name, kind.column_type, value)
        columns.finish_doc()
        self._added = True
        self.docnum += 1


_KINDS = dict(LAYOUT.items())
