"""The one place that joins crawler, extract and index: files and pages become works of a catalogue.

Worker processes read and extract files; this process alone writes, one file at a time in one transaction, in
the order of the walk, so that ids are the same whatever the number of workers.
"""

from __future__ import annotations

import multiprocessing
import os
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from .crawler.clock import Clock
from .crawler.importer import FileItem, Skipped, documents, load, walk
from .errors import NoStory, ReadError, UnsupportedFormat
from .model import Document, Work

if TYPE_CHECKING:
    from .crawler.answers import Event
    from .crawler.crawl import Crawl
    from .crawler.fetcher import Fetcher
    from .crawler.frontier import Frontier
    from .crawler.settings import CrawlSettings
    from .index.catalog import Catalog

Kind = Literal["added", "updated", "unchanged", "skipped", "failed"]

CHUNK_FILES = 8
CHUNK_BYTES = 1 << 20
"""A task of a worker: at most so many files, and closed once it holds so many bytes."""
STREAMED = 16 << 20
"""A larger file is read in this process, a document at a time: no worker could send it in one answer."""
IN_FLIGHT = 3
"""Tasks a worker may be ahead of the writer: what bounds memory."""


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


@dataclass(frozen=True, slots=True)
class Extracted:
    """A document and the work that it became."""

    document: Document
    work: Work


Item = Extracted | ReadError


@dataclass(frozen=True, slots=True)
class FileResult:
    """All that one file held; `items` is None when its bytes were those already known."""

    file: FileItem
    sha256: str
    items: Iterable[Item] | None


@dataclass(frozen=True, slots=True)
class _Task:
    file: FileItem
    known_sha256: str | None


def _process(task: _Task) -> FileResult:
    """Read and extract one file; its items are made as they are asked for."""
    from .extract import extract
    from .lexicon import lexicon

    try:
        blob = load(task.file.path, task.file.uri)
    except ReadError as problem:
        return FileResult(task.file, "", [problem])
    if blob.sha256 == task.known_sha256:
        return FileResult(task.file, blob.sha256, None)

    def items() -> Iterator[Item]:
        for found in documents(blob):
            if isinstance(found, ReadError):
                yield found
                continue
            try:
                yield Extracted(found, extract(found, lexicon()))
            except Exception as problem:  # a fault of ours costs one item, never the batch
                where = f"{type(problem).__name__}: {problem}"
                yield ReadError(found.source.uri, f"could not be extracted ({where}); please report this file")

    return FileResult(task.file, blob.sha256, items())


def _process_all(tasks: list[_Task]) -> list[FileResult]:
    """`_process` for a worker: everything made before it is sent."""
    done = (_process(task) for task in tasks)
    return [FileResult(r.file, r.sha256, None if r.items is None else list(r.items)) for r in done]


def _chunks(tasks: Iterator[_Task]) -> Iterator[list[_Task]]:
    chunk: list[_Task] = []
    size = 0
    for task in tasks:
        large = task.file.size > STREAMED
        if chunk and (large or len(chunk) >= CHUNK_FILES or size + task.file.size > CHUNK_BYTES):
            yield chunk
            chunk, size = [], 0
        if large:
            yield [task]
            continue
        chunk.append(task)
        size += task.file.size
    if chunk:
        yield chunk


def _pool(jobs: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn"))


def _one_by_one(tasks: list[_Task]) -> Iterator[FileResult]:
    """The files of a chunk in whose midst a worker died, each in a process of its own."""
    for task in tasks:
        with _pool(1) as pool:
            try:
                yield from pool.submit(_process_all, [task]).result()
            except BrokenProcessPool:
                died = ReadError(task.file.uri, "the process that read it died (out of memory?); import it alone")
                yield FileResult(task.file, "", [died])


def _results(tasks: Iterator[_Task], jobs: int) -> Iterator[FileResult]:
    """Every file's result in the order given, from `jobs` processes; a few files need no second process."""
    first = list(islice(tasks, CHUNK_FILES))
    if jobs < 2 or len(first) < CHUNK_FILES:
        yield from map(_process, first)
        yield from map(_process, tasks)
        return
    pool = _pool(jobs)
    waiting: deque[tuple[list[_Task], Future[list[FileResult]] | None]] = deque()

    def answer() -> Iterator[FileResult]:
        nonlocal pool
        chunk, future = waiting.popleft()
        if future is None:
            yield from map(_process, chunk)
            return
        try:
            yield from future.result()
        except BrokenProcessPool:
            pool.shutdown(wait=False)
            pool = _pool(jobs)
            yield from _one_by_one(chunk)
            again = [(c, None if f is None else pool.submit(_process_all, c)) for c, f in waiting]
            waiting.clear()
            waiting.extend(again)

    try:
        for chunk in _chunks(chain(first, tasks)):
            large = chunk[0].file.size > STREAMED
            waiting.append((chunk, None if large else pool.submit(_process_all, chunk)))
            if len(waiting) > jobs * IN_FLIGHT:
                yield from answer()
        while waiting:
            yield from answer()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def default_jobs() -> int:
    """One worker a core that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def extract_paths(paths: Iterable[Path], jobs: int = 1) -> Iterator[Extracted | ReadError | Skipped]:
    """What `ficdex extract` prints: no catalogue is touched, sources are named as given."""
    aside: deque[ReadError | Skipped] = deque()

    def tasks() -> Iterator[_Task]:
        for item in walk(paths):
            if isinstance(item, FileItem):
                yield _Task(item, None)
            else:
                aside.append(item)

    for result in _results(tasks(), jobs):
        yield from result.items or ()
        while aside:
            yield aside.popleft()
    yield from aside


@dataclass(slots=True)
class _Run:
    """One run that fills a catalogue, and who is told."""

    catalog: Catalog
    observe: Callable[[Outcome], None]
    tally: Tally = field(default_factory=Tally)

    def tell(self, uri: str, kind: Kind, reason: str = "", id_: int | None = None) -> None:
        self.tally.counts[kind] += 1
        if kind != "unchanged":
            self.catalog.log(uri, kind, reason, id_)
        self.observe(Outcome(uri, kind, reason, id_))

    def store(self, result: FileResult) -> None:
        """One file, whole or not at all; a file too large for that, a work at a time."""
        file = result.file
        if result.items is None:
            self.catalog.seen(file.uri, file.size, file.mtime_ns, result.sha256)
            self.tell(file.uri, "unchanged")
            return
        with self._transaction(file):
            found, failed = [], False
            for item in result.items:
                if isinstance(item, (NoStory, UnsupportedFormat)):
                    self.tell(item.uri, "skipped", item.reason)
                elif isinstance(item, ReadError):
                    failed = True
                    self.tell(item.uri, "failed", item.reason)
                else:
                    stored = self.catalog.store(item.work, item.document)
                    found.append(item.document.source.uri)
                    self.tell(item.document.source.uri, stored.outcome, id_=stored.id)
            if not failed:
                self.catalog.seen(file.uri, file.size, file.mtime_ns, result.sha256, found)

    @contextmanager
    def _transaction(self, file: FileItem) -> Iterator[None]:
        if file.size > STREAMED:
            yield
        else:
            with self.catalog.transaction():
                yield


def import_paths(
    catalog: Catalog,
    paths: Iterable[Path],
    *,
    jobs: int | None = None,
    force: bool = False,
    observe: Callable[[Outcome], None] = lambda outcome: None,
) -> Tally:
    """Bring files and folders into the catalogue; `observe` is told of every item.

    A file of known size and time is left alone, then one of known content; `force` extracts them all the
    same. Works whose file is gone from an imported folder are marked, never deleted.
    """
    run = _Run(catalog, observe)
    known = catalog.known()
    roots = [path.resolve() for path in paths]
    met: set[str] = set()

    def tasks() -> Iterator[_Task]:
        for item in walk(roots):
            met.add(item.uri)
            if isinstance(item, Skipped):
                run.tell(item.uri, "skipped", item.reason)
            elif isinstance(item, ReadError):
                run.tell(item.uri, "failed", item.reason)
            elif (state := known.get(item.uri)) and not force:
                if (state.size, state.mtime_ns) == (item.size, item.mtime_ns) and not state.missing:
                    run.tell(item.uri, "unchanged")
                else:
                    yield _Task(item, state.sha256)
            else:
                yield _Task(item, None)

    for result in _results(tasks(), jobs or default_jobs()):
        run.store(result)
    gone = [uri for uri in known if uri not in met and any(Path(uri).is_relative_to(r) for r in roots if r.is_dir())]
    catalog.mark_missing(gone)
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
