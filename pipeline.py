"""The one place that joins crawler, extract and index: files and pages become works of a catalogue.

Worker processes read and extract (reading.py); this process alone writes, the files of some tasks in one transaction,
in the order of the walk.
"""

from __future__ import annotations

import os
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from .crawler.clock import Clock
from .crawler.importer import EVERYTHING, Chosen, FileItem, Skipped, bundles, walk
from .errors import NoStory, ReadError, UnsupportedFormat
from .model import Document
from .reading import STREAMED, Extracted, Item, Result, Task, default_jobs, results

if TYPE_CHECKING:
    from .crawler.answers import Event
    from .crawler.crawl import Crawl
    from .crawler.fetcher import Fetcher
    from .crawler.frontier import Frontier
    from .crawler.settings import CrawlSettings
    from .index.catalog import Catalog
    from .index.files import FileState

__all__ = ["Extracted", "Outcome", "Tally", "crawling", "extract_paths", "frontier_of", "import_paths", "reextract"]

BATCH, BATCH_BYTES = 32, 2 << 20
"""Tasks and bytes of files that are committed together: what a run that is killed may have to do again."""

Kind = Literal["added", "updated", "unchanged", "moved", "duplicate", "joined", "skipped", "failed"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one item: `uri` names it, `reason` says why it was skipped or failed."""

    uri: str
    kind: Kind
    reason: str = ""
    id: int | None = None


@dataclass(slots=True)
class Tally:
    """How many items had which outcome."""

    counts: Counter[str] = field(default_factory=Counter)

    def __getitem__(self, kind: Kind) -> int:
        return self.counts[kind]


def extract_paths(paths: Iterable[Path], jobs: int = 1, *, join: bool = True) -> Iterator[Item | Skipped]:
    """What `ficdex extract` prints: no catalogue is touched, sources are named as given."""
    aside: deque[ReadError | Skipped] = deque()

    def tasks() -> Iterator[Task]:
        for item in bundles(walk(paths)):
            if isinstance(item, tuple):
                yield from _tasks(item, (None,) * len(item), join=join)
            else:
                aside.append(item)

    for result in results(tasks(), jobs):
        yield from result.items or ()
        while aside:
            yield aside.popleft()
    yield from aside


def _tasks(files: tuple[FileItem, ...], known: tuple[str | None, ...], *, join: bool) -> Iterator[Task]:
    if join:
        yield Task(files, known)
    else:
        yield from (Task((file,), (digest,), join=False) for file, digest in zip(files, known, strict=True))


@dataclass(slots=True)
class _Run:
    """One run that fills a catalogue, and who is told; with `dry`, nothing of it is kept."""

    catalog: Catalog
    observe: Callable[[Outcome], None]
    tally: Tally = field(default_factory=Tally)
    dry: bool = False

    def tell(self, uri: str, kind: Kind, reason: str = "", id_: int | None = None) -> None:
        self.tally.counts[kind] += 1
        if kind != "unchanged" and not self.dry:
            self.catalog.log(uri, kind, reason, id_)
        self.observe(Outcome(uri, kind, reason, id_))

    def store(self, batch: list[Result]) -> None:
        """The files of some tasks, whole or not at all; what is too large for that, a work at a time."""
        with self._transaction(sum(file.size for result in batch for file in result.files)):
            for result in batch:
                if result.items is None:
                    self._unchanged(result)
                else:
                    self._changed(result, result.items)

    def _unchanged(self, result: Result) -> None:
        for file, digest in zip(result.files, result.sha256, strict=True):
            self.catalog.seen(file.uri, file.size, file.mtime_ns, digest)
            self.tell(file.uri, "unchanged")

    def _changed(self, result: Result, items: Iterable[Item]) -> None:
        moved = {file.uri: old for file, digest in _read(result) if (old := self._moved(file, digest))}
        twins = self._twins(result)
        found, failed = self._keep(items, moved, twins)
        for file, digest in _read(result):
            if any(_of_file(uri, file.uri, result.files) for uri in failed):
                continue
            works = [uri for uri, origins in found if file.uri in origins]
            self.catalog.seen(file.uri, file.size, file.mtime_ns, digest, works)
            if file.uri in twins and not works:
                self.tell(file.uri, "duplicate", f"the same bytes as {twins[file.uri]}")

    def _keep(
        self, items: Iterable[Item], moved: dict[str, str], twins: dict[str, str]
    ) -> tuple[list[tuple[str, set[str]]], list[str]]:
        """Store what a task found: each work's uri with the files that it comes from, and the uris that failed."""
        found, failed = [], []
        for item in items:
            if isinstance(item, (NoStory, UnsupportedFormat)):
                self.tell(item.uri, "skipped", item.reason)
            elif isinstance(item, ReadError):
                failed.append(item.uri)
                self.tell(item.uri, "failed", item.reason)
            elif item.document.parts or item.document.source.origin not in twins:
                for one in self._apart(item):
                    self._put(one, moved)
                    sources = [part.source for part in one.document.parts] or [one.document.source]
                    found.append((one.document.source.uri, {source.origin or source.uri for source in sources}))
        return found, failed

    def _apart(self, item: Extracted) -> tuple[Extracted, ...]:
        """The work itself, or its pieces, where the owner has taken one of them for a work of its own."""
        uris = [part.source.uri for part in item.document.parts]
        return (item,) if not uris or self.catalog.gather(uris) else item.pieces

    def _put(self, item: Extracted, moved: dict[str, str]) -> None:
        document = item.document
        stored = self.catalog.store(item.work, document)
        uri = document.source.uri
        old = moved.get(document.source.origin or uri)
        if old and stored.outcome == "updated":
            self.tell(uri, "moved", f"from {old}", stored.id)
        else:
            self.tell(uri, stored.outcome, id_=stored.id)
        for part in document.parts[1:]:
            if stored.outcome == "unchanged":
                self.tell(part.source.uri, "unchanged")
            else:
                number = "" if part.number is None else f" {part.number}"
                self.tell(part.source.uri, "joined", f"part{number} of {uri}: {item.why}", stored.id)

    def _moved(self, file: FileItem, digest: str) -> str | None:
        """Where a file was before, if it is known from there and is there no more; its works come along."""
        copies = self.catalog.copies(digest, file.uri)
        old = next((path for path, has_works in copies if has_works and not os.path.lexists(path)), None)
        if old:
            self.catalog.move(old, file.uri)
        return old

    def _twins(self, result: Result) -> dict[str, str]:
        """Files without works of their own, and for each another file of the same bytes that has some or will have."""
        twins: dict[str, str] = {}
        first: dict[str, str] = {}
        for file, digest in _read(result):
            if self.catalog.has_works(file.uri):
                continue
            known = next((path for path, has_works in self.catalog.copies(digest, file.uri) if has_works), None)
            if twin := known or first.get(digest):
                twins[file.uri] = twin
            first.setdefault(digest, file.uri)
        return twins

    def vanished(self, paths: Iterable[str], known: dict[str, FileState]) -> None:
        """Files that are gone: a copy elsewhere takes their works over, or those say since when they are missing."""
        gone = []
        for path in paths:
            copies = self.catalog.copies(known[path].sha256, path) if self.catalog.has_works(path) else []
            copy = next((other for other, has_works in copies if not has_works and os.path.lexists(other)), None)
            if copy and not self.dry:
                self.catalog.move(path, copy)
                self.tell(copy, "moved", f"from {path}")
            gone.append(path)
        if not self.dry:
            self.catalog.mark_missing(gone)

    @contextmanager
    def _transaction(self, size: int) -> Iterator[None]:
        if size > STREAMED and not self.dry:
            yield
            return
        try:
            with self.catalog.transaction():
                yield
                if self.dry:
                    raise _Undone
        except _Undone:
            pass


def _batches(found: Iterable[Result]) -> Iterator[list[Result]]:
    """Results that are stored together: a commit is worth a few stories."""
    batch: list[Result] = []
    held = 0
    for result in found:
        size = sum(file.size for file in result.files)
        if batch and (len(batch) == BATCH or held + size > BATCH_BYTES):
            yield batch
            batch, held = [], 0
        batch.append(result)
        held += size
    if batch:
        yield batch


class _Undone(Exception):
    """Ends a transaction of a dry run."""


def _read(result: Result) -> Iterator[tuple[FileItem, str]]:
    """The files of a task that could be read, and their digests."""
    return ((file, digest) for file, digest in zip(result.files, result.sha256, strict=True) if digest)


def _of_file(uri: str, path: str, files: tuple[FileItem, ...]) -> bool:
    """Whether an item is the file at `path` or a member of it, and of no other file whose name goes on."""
    return path == max((f.uri for f in files if uri.startswith(f.uri)), key=len, default="")


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """How to import: in how many processes, what again, which files, whether parts become one work."""

    jobs: int | None = None
    force: bool = False
    join: bool = True
    dry: bool = False
    chosen: Chosen = EVERYTHING


DEFAULTS = ImportOptions()


def import_paths(
    catalog: Catalog,
    paths: Iterable[Path],
    options: ImportOptions = DEFAULTS,
    *,
    observe: Callable[[Outcome], None] = lambda outcome: None,
) -> Tally:
    """Bring files and folders into the catalogue; `observe` is told of every item.

    A file of known size and time is left alone, then one of known content; `force` extracts them all the
    same. Works whose file is gone from an imported folder are marked, never deleted. With `dry`, the catalogue
    stays as it is.
    """
    run = _Run(catalog, observe, dry=options.dry)
    known = catalog.known()
    roots = [path.resolve() for path in paths]
    met: set[str] = set()

    def is_known(file: FileItem) -> bool:
        state = known.get(file.uri)
        return bool(state and (state.size, state.mtime_ns) == (file.size, file.mtime_ns) and not state.missing)

    def known_digest(file: FileItem) -> str | None:
        """The digest under which a file need not be read again; None where what describes it is newer."""
        state = None if options.force else known.get(file.uri)
        return state.sha256 if state and file.described_ns <= state.mtime_ns else None

    def tasks() -> Iterator[Task]:
        for item in bundles(walk(roots, options.chosen)):
            if isinstance(item, Skipped):
                met.add(item.uri)
                run.tell(item.uri, "skipped", item.reason)
            elif isinstance(item, ReadError):
                met.add(item.uri)
                run.tell(item.uri, "failed", item.reason)
            else:
                met.update(file.uri for file in item)
                if not options.force and all(map(is_known, item)):
                    for file in item:
                        run.tell(file.uri, "unchanged")
                    continue
                digests = (known_digest(file) for file in item)
                yield from _tasks(item, tuple(digests), join=options.join)

    for batch in _batches(results(tasks(), options.jobs or default_jobs())):
        run.store(batch)
    folders = [root for root in roots if root.is_dir()]
    gone = (uri for uri in known if uri not in met)
    run.vanished([u for u in gone if any(options.chosen.covers(Path(u), r) for r in folders)], known)
    return run.tally


def reextract(catalog: Catalog, ids: Iterable[int], observe: Callable[[Outcome], None] = lambda outcome: None) -> Tally:
    """Extract works anew from their stored text; corrections stay."""
    from .extract import extract
    from .lexicon import lexicon

    run = _Run(catalog, observe)
    for id_ in ids:
        document = catalog.document(id_)
        with catalog.transaction():
            stored = catalog.store(extract(document, lexicon()), document)
        run.tell(document.source.uri, stored.outcome, id_=stored.id)
    return run.tally


class _Shelf:
    """What a crawl brings, into the catalogue; part of the crawl's transactions."""

    def __init__(self, run: _Run) -> None:
        self.run = run

    def keep(self, document: Document) -> None:
        """Extract and store a work; what a listing says of one never covers what its page said."""
        from .extract import extract
        from .lexicon import lexicon

        uri, catalog = document.source.uri, self.run.catalog
        known = catalog.id_of(uri)
        if document.kind == "metadata" and known and catalog.kind(known) == "work":
            return
        if document.kind == "work" and known:
            document = _completed(document, catalog.document(known))
        stored = catalog.store(extract(document, lexicon()), document)
        catalog.mark_found(uri)
        self.run.tell(uri, stored.outcome, id_=stored.id)

    def gone(self, uri: str) -> None:
        """The work stays, and says since when it is gone."""
        self.run.catalog.mark_missing([uri])

    def unlisted(self, uri: str) -> None:
        """What a listing said of the work is forgotten; one that was read before stays with its owner."""
        catalog = self.run.catalog
        known = catalog.id_of(uri)
        if known and catalog.kind(known) == "metadata":
            catalog.remove(known)
        else:
            catalog.mark_missing([uri])


LISTED = "listing:"
"""What stands before the rule of a value that a listing stated and the work's own page does not."""


def _completed(page: Document, known: Document) -> Document:
    """A work's page with the fields that only its listing states: a printable view leaves the rating out."""
    stated = {claim.field for claim in page.declared}
    listed = [claim for claim in known.declared if known.kind == "metadata" or claim.rule.startswith(LISTED)]
    kept = (
        replace(claim, rule=LISTED + claim.rule.removeprefix(LISTED), span=None)
        for claim in listed
        if claim.field not in stated
    )
    return replace(page, declared=(*page.declared, *kept))


def frontier_of(catalog: Catalog, clock: Clock) -> Frontier:
    """The frontier in a catalogue's file, made where there is none."""
    from .crawler import frontier

    frontier.migrate(catalog.db)
    catalog.db.execute("PRAGMA synchronous = FULL")  # a host's next time outlives a power cut: 2 ms a page
    return frontier.Frontier(catalog.db, catalog.transaction, clock)


def crawling(
    catalog: Catalog,
    fetcher: Fetcher,
    settings: CrawlSettings,
    clock: Clock,
    *,
    observe: Callable[[Event], None] = lambda event: None,
    observe_work: Callable[[Outcome], None] = lambda outcome: None,
    pulse: Callable[[Crawl], None] = lambda crawl: None,
) -> Crawl:
    """A crawl into the catalogue, ready to be given URLs and to run."""
    from .crawler.crawl import Crawl

    shelf = _Shelf(_Run(catalog, observe_work))
    return Crawl(frontier_of(catalog, clock), fetcher, settings, shelf, clock, observe, pulse)
