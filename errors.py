"""Every error that ficdex raises on purpose.

A message names the item, says what is wrong and what to do about it.

    FicdexError
      ReadError                 a file or page cannot be turned into a Document
        UnsupportedFormat       no reader knows this content
        HostileContent          a bomb, traversal, or other content that must not be opened
        NoStory                 the content was read, and holds no story (a gate, an error page)
          StandIn               a site's page in the place of a work; `state` says what it means for a crawl
      AddressError              a URL that cannot be crawled; `url` and `reason`
      FetchError                a request that gave no usable answer; `kind` names the failure in the audit
        AddressRefused          the address must not be connected to: not global, or no http(s)
        Unreachable             no answer: DNS, connection, TLS, time
        BadAnswer               an answer that cannot be trusted: cut off, too large, inflating without end
      DataError                 a file under data/, or one of the owner's fandoms, breaks its schema
      SettingsError             a setting that is unknown, or cannot hold its value (exit status 2)
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

from typing import Literal


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


State = Literal["gone", "gated_login", "gated_adult", "blocked", "retry"]


class StandIn(NoStory):
    """A site's page in the place of a work.

    `state` is what it means for a crawl: "gone" (deleted), "gated_login" (locked, unrevealed), "gated_adult"
    (`proceed` is the absolute URL behind the gate, where it is known), "blocked" (a challenge), "retry" (an
    error page, whatever its status).
    """

    def __init__(self, uri: str, reason: str, state: State = "gone", proceed: str | None = None) -> None:
        super().__init__(uri, reason)
        self.state = state
        self.proceed = proceed

    def __reduce__(self) -> tuple[type[StandIn], tuple[str, str, State, str | None]]:  # type: ignore[override]
        return type(self), (self.uri, self.reason, self.state, self.proceed)


class AddressError(FicdexError):
    """The URL `url` cannot be crawled; `reason` says why and what to do."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(f"{url}: {reason}")
        self.url = url
        self.reason = reason


class FetchError(FicdexError):
    """A request that gave no usable answer; `kind` is one word for the audit ("dns", "timeout", "too_big")."""

    def __init__(self, url: str, kind: str, reason: str) -> None:
        super().__init__(f"{url}: {reason}")
        self.url = url
        self.kind = kind
        self.reason = reason


class AddressRefused(FetchError):
    """An address that must not be connected to."""


class Unreachable(FetchError):
    """No answer came: DNS, connection, TLS, time."""


class BadAnswer(FetchError):
    """An answer came that cannot be trusted: cut off, too large, inflating without end."""


class DataError(FicdexError):
    """A file under data/ breaks its schema."""


class SettingsError(FicdexError):
    """A setting that is unknown or cannot hold its value; the message names place, key, and what would be right."""


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
