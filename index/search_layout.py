"""How the catalogue's fields lie in Whoosh's index: words with their positions, numbers and sort keys as columns."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from whoosh.codec.whoosh3 import W3Codec, W3LeafMatcher
from whoosh.columns import NumericColumn, VarBytesColumn
from whoosh.fields import COLUMN, FieldType, Schema
from whoosh.formats import Positions
from whoosh.lang.porter2 import stem as porter2

from . import search_fields as known

if TYPE_CHECKING:
    from .search_writer import TermWriter

GAP = 20
"""Positions between two values of a field, so that no phrase runs from one into the next."""


@lru_cache(100_000)
def stem(word: str) -> str:
    """An English word without its ending; others as they are."""
    return str(porter2(word)) if word.isascii() and word.isalpha() else word


@lru_cache(50_000)
def _encoded(places: tuple[int, ...]) -> bytes:
    return bytes(Positions().encode(places))


class Terms(FieldType):  # type: ignore[misc]
    """A field of words with their positions; a stemmed one holds every word and its stem in one place."""

    def __init__(self, key: str) -> None:
        super().__init__(Positions(), None)
        self.key = key
        self.stemmed = key in known.PROSE
        self.whole = key in known.WHOLE

    def postings(self, rooms: known.Rooms) -> Iterator[tuple[str, bytes]]:
        """(term, its positions as Whoosh encodes them) of every term in the texts of the rooms."""
        places: dict[str, list[int]] = {}
        at = 0
        for number, texts in enumerate(rooms):
            at = max(at, number * known.ROOM)
            for text in texts:
                words = known.tokens(text)
                if self.whole:
                    places.setdefault(known.exact(words), []).append(at)
                for at, word in enumerate(words, at):  # noqa: B020  (the count goes on)
                    places.setdefault(word, []).append(at)
                    if self.stemmed and (root := stem(word)) != word:
                        places.setdefault(root, []).append(at)
                at += GAP
        return ((term, _encoded(tuple(found))) for term, found in places.items())


@lru_cache(50_000)
def _decoded(places: bytes) -> tuple[int, ...]:
    return tuple(Positions().decode_positions(places))


def numbers_of(matcher: Any) -> Iterator[int]:
    """The documents of a posting list, a block at a time where nothing of it is deleted: twenty times faster."""
    if not isinstance(matcher, W3LeafMatcher):
        yield from matcher.all_ids()
        return
    while matcher.is_active():
        matcher.id()  # reads the block
        yield from matcher._ids
        matcher._next_block()


def places_of(matcher: Any) -> Iterator[tuple[int, tuple[int, ...]]]:
    """(document, positions) of a posting list."""
    while matcher.is_active():
        yield matcher.id(), _decoded(matcher.value())
        matcher.next()


def place_of(matcher: Any) -> tuple[int, ...]:
    """The positions in the document where a posting list stands."""
    return _decoded(matcher.value())


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


class Codec(W3Codec):  # type: ignore[misc]
    """Whoosh's own format. It need not look up the lengths of fields, as we score by none.

    An index names this class, so that who only reads it loads this file and not what writes.
    """

    length_stats = False

    def field_writer(self, storage: Any, segment: Any) -> TermWriter:
        """What Whoosh asks of a codec."""
        from .search_writer import TermWriter

        return TermWriter(self, storage, segment)


LAYOUT = Schema(
    **{key: Terms(key) for key in known.INDEXED},
    **{f"n_{key}": COLUMN(Numbers("i")) for key in known.NUMBERS},
    n_has=COLUMN(Numbers("q")),
    title_order=COLUMN(VarBytesColumn()),
    author_order=COLUMN(VarBytesColumn()),
)
