"""Every error that ficdex raises on purpose.

A message names the item, says what is wrong and what to do about it.

    FicdexError
      ReadError                 a file or page cannot be turned into a Document
        UnsupportedFormat       no reader knows this content
        HostileContent          a bomb, traversal, or other content that must not be opened
        NoStory                 the content was read, and holds no story (a gate, an error page)
      DataError                 a file under data/ breaks its schema
      CatalogError              the catalogue cannot do what was asked
        CatalogBusy             another run holds the catalogue (exit status 3)
        CatalogDamaged          the file is no catalogue, or a newer one than this program knows
        NoSuchWork              no work has this id or title
        AmbiguousWork           several works have this title; `candidates` lists them
      CorrectionError           `field=value` names no field, or a value that the field cannot hold
      QueryError                a search that cannot be understood; `position` is where
      SearchIndexError          the search index cannot be used (it can always be rebuilt)
"""

from __future__ import annotations


class FicdexError(Exception):
    """The root of the tree: catch this to catch everything that ficdex raises on purpose."""


class ReadError(FicdexError):
    """The item `uri` cannot be read; `reason` says why and what to do."""

    def __init__(self, uri: str, reason: str) -> None:
        super().__init__(f"{uri}: {reason}")
        self.uri = uri
        self.reason = reason

    def __reduce__(self) -> tuple[type[ReadError], tuple[str, str]]:
        return type(self), (self.uri, self.reason)  # these cross process borders


class UnsupportedFormat(ReadError):
    """No reader knows this content."""


class HostileContent(ReadError):
    """Content that would do harm if opened: bombs, traversal, absurd sizes."""


class NoStory(ReadError):
    """The content is readable and holds no story."""


class DataError(FicdexError):
    """A file under data/ breaks its schema."""


class CatalogError(FicdexError):
    """The catalogue cannot do what was asked."""


class CatalogBusy(CatalogError):
    """Another run holds the catalogue."""


class CatalogDamaged(CatalogError):
    """The file is not a catalogue that this version can use."""


class NoSuchWork(CatalogError):
    """No work has this id or title."""


class AmbiguousWork(CatalogError):
    """Several works answer to this title; `candidates` holds (id, title) of each."""

    def __init__(self, wanted: str, candidates: list[tuple[int, str]]) -> None:
        listed = "; ".join(f"{id_} {title}" for id_, title in candidates[:10])
        super().__init__(f"{wanted!r} names {len(candidates)} works, use an id: {listed}")
        self.candidates = candidates


class CorrectionError(FicdexError):
    """A correction that names no field, or a value that the field cannot hold."""


class QueryError(FicdexError):
    """A search that cannot be understood; `position` is the 0-based character it stumbled on."""

    def __init__(self, query: str, position: int, problem: str) -> None:
        super().__init__(f"{problem}\n  {query}\n  {' ' * position}^")
        self.query = query
        self.position = position
        self.problem = problem


class SearchIndexError(FicdexError):
    """The search index cannot be used; `ficdex reindex` rebuilds it."""
