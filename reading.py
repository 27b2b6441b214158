"""Files to works, in this process and in others: what import stores and extract prints.

A task is one file, or several that may be parts of one work. Results come in the order of the
tasks, so that ids are the same whatever the number of workers.
"""

from __future__ import annotations

import multiprocessing
import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import chain, islice

from . import limits
from .crawler.anthology import split
from .crawler.blob import Blob
from .crawler.importer import FileItem, documents, load
from .crawler.joining import Joined, Piece, as_document, groups, piece
from .errors import ReadError
from .model import Document, Work

CHUNK_FILES = 8
CHUNK_BYTES = 1 << 20
"""A task of a worker: at most so many files, and closed once it holds so many bytes."""
STREAMED = 16 << 20
"""A larger file is read in this process, a document at a time: no worker could send it in one answer."""
IN_FLIGHT = 3
"""Tasks a worker may be ahead of the writer: what bounds memory."""
HELD = 32 << 20
"""Characters of texts that wait for other parts of their work; a larger mailbox is joined by stretches."""


@dataclass(frozen=True, slots=True)
class Extracted:
    """A document and the work that it became; of a joined one, why it was, and its pieces as they are alone."""

    document: Document
    work: Work
    why: str = ""
    pieces: tuple[Extracted, ...] = ()


Item = Extracted | ReadError


@dataclass(frozen=True, slots=True)
class Task:
    """Files to be read together, the digest of each that is known, and whether parts become one work."""

    files: tuple[FileItem, ...]
    known: tuple[str | None, ...]
    join: bool = True

    @property
    def size(self) -> int:
        return sum(file.size for file in self.files)


@dataclass(frozen=True, slots=True)
class Result:
    """All that the files of a task held, and their digests ("": not read); `items` is None when all are known."""

    files: tuple[FileItem, ...]
    sha256: tuple[str, ...]
    items: Iterable[Item] | None


def process(task: Task) -> Result:
    """Read and extract the files of a task; items are made as they are asked for."""
    blobs = [_loaded(file) for file in task.files]
    digests = tuple("" if isinstance(blob, ReadError) else blob.sha256 for blob in blobs)
    if all(digest and digest == known for digest, known in zip(digests, task.known, strict=True)):
        return Result(task.files, digests, None)
    found = chain.from_iterable([b] if isinstance(b, ReadError) else _items(b) for b in blobs)
    return Result(task.files, digests, _joined(found) if task.join else found)


def _loaded(file: FileItem) -> Blob | ReadError:
    try:
        return load(file.path, file.uri)
    except ReadError as problem:
        return problem


def _items(blob: Blob) -> Iterator[Item]:
    """The works of a file; a fault, or what takes too long or too much, costs that item and no more."""
    found = iter(documents(blob))
    while True:
        try:
            with limits.timed(len(blob.data)):
                item = next(found, None)
        except limits.OutOfTime:
            yield ReadError(blob.uri, "takes too long to read; split it, or convert it to plain text")
            return
        except MemoryError:
            yield ReadError(blob.uri, "takes too much memory to read; split it, or convert it to plain text")
            return
        if item is None:
            return
        if isinstance(item, ReadError):
            yield item
        else:
            yield from map(_extracted, split(item))


def _extracted(document: Document, why: str = "", pieces: tuple[Extracted, ...] = ()) -> Item:
    from .extract import extract
    from .lexicon import lexicon

    try:
        with limits.timed(len(document.text)):
            return Extracted(document, extract(document, lexicon()), why, pieces)
    except limits.OutOfTime:
        return ReadError(document.source.uri, "takes too long to extract; please report this file")
    except Exception as problem:  # a fault of ours costs one item, never the batch
        where = f"{type(problem).__name__}: {problem}"
        return ReadError(document.source.uri, f"could not be extracted ({where}); please report this file")


def _joined(items: Iterable[Item]) -> Iterator[Item]:
    """Works in one piece as they come; those that say which part they are behind them, joined where they belong."""
    held: list[Piece] = []
    for item in items:
        if isinstance(item, ReadError):
            yield item
            continue
        one = piece(item.document, item.work)
        if not one.says_its_place:
            yield item
            continue
        held.append(one)
        if sum(len(p.document.text) for p in held) > HELD:
            yield from _grouped(held)
            held = []
    yield from _grouped(held)


def _grouped(held: list[Piece]) -> Iterator[Item]:
    for group in groups(held):
        if isinstance(group, Joined):
            alone = tuple(Extracted(p.document, p.work) for p in group.pieces)
            yield _extracted(as_document(group), group.why, alone)
        else:
            yield Extracted(group.document, group.work)


def _process_all(tasks: list[Task]) -> list[Result]:
    """`process` for a worker: everything made before it is sent."""
    done = (process(task) for task in tasks)
    return [Result(r.files, r.sha256, None if r.items is None else list(r.items)) for r in done]


def _chunks(tasks: Iterator[Task]) -> Iterator[list[Task]]:
    chunk: list[Task] = []
    files = size = 0
    for task in tasks:
        large = task.size > STREAMED
        if chunk and (large or files >= CHUNK_FILES or size + task.size > CHUNK_BYTES):
            yield chunk
            chunk, files, size = [], 0, 0
        if large:
            yield [task]
            continue
        chunk.append(task)
        files += len(task.files)
        size += task.size
    if chunk:
        yield chunk


def _pool(jobs: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn"), initializer=limits.worker)


def _one_by_one(tasks: list[Task]) -> Iterator[Result]:
    """The tasks of a chunk in whose midst a worker died, one at a time, and at last file by file."""
    with ExitStack() as stack:
        pool = stack.enter_context(_pool(1))
        for task in tasks:
            try:
                yield from pool.submit(_process_all, [task]).result()
            except BrokenProcessPool:
                pool = stack.enter_context(_pool(1))
                if len(task.files) > 1:
                    files = zip(task.files, task.known, strict=True)
                    yield from _one_by_one([Task((file,), (known,), task.join) for file, known in files])
                else:
                    why = "the process that read it died (out of memory?); convert it to plain text, or leave it out"
                    yield Result(task.files, ("",), [ReadError(task.files[0].uri, why)])


def results(tasks: Iterator[Task], jobs: int) -> Iterator[Result]:
    """Every task's result in the order given, from `jobs` processes; a few files need no second process."""
    first = list(islice(tasks, CHUNK_FILES))
    if jobs < 2 or sum(len(task.files) for task in first) < CHUNK_FILES:
        yield from map(process, first)
        yield from map(process, tasks)
        return
    pool = _pool(jobs)
    waiting: deque[tuple[list[Task], Future[list[Result]] | None]] = deque()

    def answer() -> Iterator[Result]:
        nonlocal pool
        chunk, future = waiting.popleft()
        if future is None:
            yield from map(process, chunk)
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
            large = chunk[0].size > STREAMED
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
