"""Files and folders to Blobs and Documents: walks, loads, opens containers."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from ..errors import HostileContent, ReadError
from ..model import Document
from .beside import DESCRIBING, describing, stated_beside
from .blob import Blob
from .joining import HEAD, headline
from .numbered import place_of
from .readers import reader_for

LARGEST = 256 << 20
"""Bytes of the largest file that is read."""
MOST_PARTS = 500
"""Files that are read together at the most: more with one name are a collection."""
SMALL_FOLDER, SMALL_BYTES = 40, 4 << 20
"""Files and bytes of a folder that is read as a whole, also when one of them has changed."""
DEPTH = 3
"""How deep containers may nest."""
NEVER_STORIES = frozenset(
    ".jpg .jpeg .png .gif .bmp .tif .tiff .webp .svg .ico .css .js .mp3 .mp4 .ogg .avi .mov"
    " .wav .exe .dll .so .pyc .db .sqlite .sqlite3 .woff .woff2 .ttf .otf .toc .seg".split()
)


@dataclass(frozen=True, slots=True)
class FileItem:
    """A file to read; `uri` is how its works are named.

    `mtime_ns` is the time of the newest of it and the files that describe it, `described_ns` of these alone (0: none).
    """

    path: Path
    uri: str
    size: int
    mtime_ns: int
    described_ns: int = 0


@dataclass(frozen=True, slots=True)
class Skipped:
    """An item that is no story, and why."""

    uri: str
    reason: str


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which files of folders are wanted: shell patterns, of the name alone or (with a "/") of the path's end."""

    globs: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()

    def wants(self, path: Path) -> bool:
        return not self.globs or any(path.match(glob) for glob in self.globs)

    def leaves_out(self, path: Path) -> bool:
        return any(path.match(pattern) for pattern in self.excluded)

    def covers(self, path: Path, root: Path) -> bool:
        """Whether a walk of `root` would come by a file that is there no more."""
        if not path.is_relative_to(root):
            return False
        between = (p for p in (path, *path.parents) if p != root and p.is_relative_to(root))
        return self.wants(path) and not any(map(self.leaves_out, between))


EVERYTHING = Chosen()


def walk(paths: Iterable[Path], chosen: Chosen = EVERYTHING) -> Iterator[FileItem | Skipped | ReadError]:
    """Every chosen file of `paths`: of a folder its files in order of name, then the folders below it.

    Links are not followed; a path that is named itself is taken, whatever its name.
    """
    for path in paths:
        try:
            mode = path.stat().st_mode
        except OSError as problem:
            yield ReadError(str(path), f"{problem.strerror or problem}; check the path")
            continue
        if stat.S_ISDIR(mode):
            yield from _folder(path, chosen)
        else:
            yield _file(path, path.stat())


def _folder(folder: Path, chosen: Chosen) -> Iterator[FileItem | Skipped | ReadError]:
    try:
        with os.scandir(folder) as listing:
            entries = sorted(listing, key=lambda entry: entry.name)
    except OSError as problem:
        yield ReadError(str(folder), f"{problem.strerror or problem}; check its permissions")
        return
    below: list[Path] = []
    described = {e.name: e for e in entries if Path(e.name).suffix.lower() in DESCRIBING}
    for entry in entries:
        path = folder / entry.name
        if chosen.leaves_out(path):
            continue
        try:
            if entry.name.startswith("."):
                yield Skipped(str(path), "hidden")
            elif entry.is_symlink():
                yield Skipped(str(path), "a link; import what it points to")
            elif entry.is_dir(follow_symlinks=False):
                below.append(path)
            elif chosen.wants(path):
                item = _file(path, entry.stat(follow_symlinks=False))
                yield _described(item, described) if described and isinstance(item, FileItem) else item
        except OSError as problem:
            yield ReadError(str(path), f"{problem.strerror or problem}; check the file")
    for path in below:
        yield from _folder(path, chosen)


def _described(item: FileItem, beside: Mapping[str, os.DirEntry[str]]) -> FileItem:
    """A file with the time of what describes it, so that a book is read again when that has changed."""
    times = [beside[name].stat().st_mtime_ns for name in describing(item.path) if name in beside]
    newest = max(times, default=0)
    return replace(item, mtime_ns=max(item.mtime_ns, newest), described_ns=newest)


def _file(path: Path, found: os.stat_result) -> FileItem | Skipped:
    if not stat.S_ISREG(found.st_mode):
        return Skipped(str(path), "not a regular file")
    if path.suffix.lower() in NEVER_STORIES:
        return Skipped(str(path), f"{path.suffix.lower()} files hold no stories")
    if not found.st_size:
        return Skipped(str(path), "empty")
    return FileItem(path, named(path), found.st_size, found.st_mtime_ns)


def bundles(
    walked: Iterable[FileItem | Skipped | ReadError],
) -> Iterator[tuple[FileItem, ...] | Skipped | ReadError]:
    """What was walked, with those files of one folder together that may be parts of one work.

    A small folder as a whole, since texts may say so where names do not; of a large one, files whose names do, or
    whose first lines number a part of the same work.
    """
    folder: list[FileItem] = []
    for item in walked:
        if not isinstance(item, FileItem):
            yield item
            continue
        if folder and folder[0].path.parent != item.path.parent:
            yield from _bundled(folder)
            folder = []
        folder.append(item)
    yield from _bundled(folder)


def _bundled(folder: list[FileItem]) -> Iterator[tuple[FileItem, ...]]:
    if 0 < len(folder) <= SMALL_FOLDER and sum(file.size for file in folder) <= SMALL_BYTES:
        yield tuple(folder)
        return
    together: dict[object, list[FileItem]] = {}
    for n, item in enumerate(folder):
        place = place_of(item.path.stem)
        together.setdefault((place.work, item.path.suffix.lower()) if place else n, []).append(item)
    bundled = [tuple(files) for files in together.values() if _fits(files)]
    bundled += _by_headline([item for files in together.values() if not _fits(files) for item in files])
    place_in = {item.uri: n for n, item in enumerate(folder)}
    yield from sorted(bundled, key=lambda files: place_in[files[0].uri])


def _by_headline(files: list[FileItem]) -> Iterator[tuple[FileItem, ...]]:
    """Files whose names say nothing of parts, or too much: "msg0001.txt" to "msg4000.txt"."""
    together: dict[object, list[FileItem]] = {}
    for n, item in enumerate(files):
        line = headline(_head(item))
        together.setdefault((line, item.path.suffix.lower()) if line else n, []).append(item)
    for found in together.values():
        yield from [tuple(found)] if _fits(found) else ((file,) for file in found)


def _fits(files: list[FileItem]) -> bool:
    return 1 < len(files) <= MOST_PARTS and sum(file.size for file in files) <= LARGEST


def _head(file: FileItem) -> bytes:
    try:
        with file.path.open("rb") as opened:
            return opened.read(HEAD)
    except OSError:  # said when it is read
        return b""


def named(path: Path) -> str:
    """A path as text that can be written anywhere; bytes that are no UTF-8 (old Latin-1 names) are spelt out."""
    return str(path).encode("utf-8", "backslashreplace").decode()


def load(path: Path, uri: str | None = None) -> Blob:
    """The bytes of one file.

    Raises:
        ReadError: if it cannot be read, or is larger than LARGEST.
    """
    uri = uri or named(path)
    try:
        size = path.stat().st_size
        if size > LARGEST:
            raise HostileContent(uri, f"{size >> 20} MB; files above {LARGEST >> 20} MB are not read, split it")
        data = path.read_bytes()
        return Blob(uri, data, path.name, path.stat().st_mtime, origin=named(path), declared=stated_beside(path))
    except OSError as problem:
        raise ReadError(uri, f"{problem.strerror or problem}; check the file") from problem


def documents(blob: Blob, depth: int = 0) -> Iterator[Document | ReadError]:
    """Every story in `blob`, those of containers too; what cannot be read is yielded as its error."""
    if blob.failure:
        yield blob.failure
        return
    try:
        for found in reader_for(blob).read(blob):
            if isinstance(found, Document):
                yield found
            elif depth >= DEPTH:
                yield HostileContent(found.uri, f"containers nest deeper than {DEPTH}; unpack it and import that")
            else:
                yield from documents(found, depth + 1)
    except ReadError as problem:
        yield problem
    except RecursionError:
        yield HostileContent(blob.uri, "its structure nests too deeply to be read")
