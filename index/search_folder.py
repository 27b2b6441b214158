"""Where a catalogue's search index lies, and whether it may be trusted.

Whoosh keeps pickles, which run as code when read: so an index lies in the user's own cache folder, closed to
others, and whatever is not so is not opened. It can be rebuilt at any time, so what looks wrong goes.
"""

from __future__ import annotations

import json
import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import platformdirs

from ..errors import CatalogBusy, SearchIndexError
from .lock import Lock

SCHEMA = 4
"""Raised whenever what is indexed changes: an older index is rebuilt."""
_STAMP = "ficdex.json"


class Stamp(NamedTuple):
    """What an index holds: all changes of `catalog` (its path) up to `seq`."""

    schema: int
    catalog: str
    seq: int


class SearchFolder:
    """The folder of one catalogue's index.

    Raises:
        SearchIndexError: if the cache folder cannot be used; the message says what to do.
    """

    def __init__(self, key: str) -> None:
        self.root = platformdirs.user_cache_path("ficdex") / "index"
        self.path = self.root / key
        with _explained(self.root):
            self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not _is_private(self.root):
                self.root.chmod(0o700)  # fails where it is somebody else's

    def stamp(self) -> Stamp | None:
        """What the index holds; None if there is none, or none to be trusted."""
        if not _is_private(self.path):
            return None
        try:
            return Stamp(**json.loads((self.path / _STAMP).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def write_stamp(self, stamp: Stamp, folder: Path | None = None) -> None:
        """Say what the index holds, at once or not at all."""
        target = (folder or self.path) / _STAMP
        partial = target.with_suffix(".partial")
        with _explained(target):
            partial.write_text(json.dumps(stamp._asdict()), encoding="utf-8")
            partial.replace(target)

    @contextmanager
    def locked(self) -> Iterator[bool]:
        """Whether this process may write; False while another does."""
        try:
            with _explained(self.root):
                lock = Lock(self.path)
        except CatalogBusy:
            yield False
            return
        try:
            yield True
        finally:
            lock.release()

    @contextmanager
    def replaced(self) -> Iterator[Path]:
        """An empty folder that becomes the index when the block ends well; until then the old one serves."""
        new, old = self.path.with_suffix(".new"), self.path.with_suffix(".old")
        with _explained(self.path):
            for leftover in (new, old):
                _remove(leftover)
            new.mkdir(mode=0o700)
            yield new
            if self.path.is_symlink() or self.path.exists():
                self.path.rename(old)
            new.rename(self.path)
            _remove(old)


def _is_private(path: Path) -> bool:
    """A real folder, ours, and closed to everybody else."""
    try:
        found = path.lstat()
    except OSError:
        return False
    ours = not hasattr(os, "getuid") or (found.st_uid == os.getuid() and not found.st_mode & 0o077)
    return stat.S_ISDIR(found.st_mode) and ours


def _remove(path: Path) -> None:
    if path.is_symlink() or path.is_file():
        path.unlink()
    elif path.exists():
        shutil.rmtree(path)


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as problem:
        reason = problem.strerror or str(problem)
        raise SearchIndexError(
            f"{path}: the search index cannot be kept there ({reason}); remove that folder if it is not yours,"
            " make room, or set XDG_CACHE_HOME to a folder of your own"
        ) from problem
