"""One writer a catalogue: a lock file that the system releases when its process ends, however it ends."""

from __future__ import annotations

import os
from pathlib import Path

from ..errors import CatalogBusy


class Lock:
    """The writer's lock on the catalogue at `path`.

    Raises:
        CatalogBusy: if another process holds it.
    """

    def __init__(self, path: Path) -> None:
        name = path.with_name(path.name + ".lock")
        self._file = os.open(name, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            self._take()
        except OSError as problem:
            os.close(self._file)
            raise CatalogBusy(
                f"{path}: another run of ficdex is writing to this catalogue; wait for it to end"
            ) from problem

    def _take(self) -> None:
        try:
            import fcntl
        except ImportError:  # Windows
            import msvcrt

            msvcrt.locking(self._file, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        else:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def release(self) -> None:
        """Let the next writer in."""
        os.close(self._file)
