"""Formats that only a large library can open are opened in a process that may take so much memory and time.

Their libraries were written for books of one's own: they take sizes and references from the file, and write to disk.
"""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from ..errors import HostileContent, ReadError, UnsupportedFormat
from .blob import Blob

SECONDS = 120
"""By the clock; programs/limits.py has the time that it may compute, and the memory."""


def opened(blob: Blob, program: str, library: str, extra: str) -> bytes:
    """What `program` (programs/PROGRAM.py) makes of a file; all that it writes is in a folder that is gone afterwards.

    Raises:
        UnsupportedFormat: if `library` is not installed; it comes with the extra `extra`.
        ReadError: with the program's reason.
        HostileContent: if the program was stopped at its limits, or died.
    """
    if find_spec(library) is None:
        raise UnsupportedFormat(blob.uri, f"this format needs an optional part: pip install 'ficdex[{extra}]'")
    with TemporaryDirectory(prefix="ficdex-") as folder:
        Path(folder, "book").write_bytes(blob.data)
        try:
            ended = subprocess.run(
                [sys.executable, "-P", "-m", f"{__package__}.programs.{program}"],
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=SECONDS,
                check=False,
            ).returncode
        except subprocess.TimeoutExpired as problem:
            raise HostileContent(blob.uri, f"it takes more than {SECONDS} s to open; convert it to EPUB") from problem
        if Path(folder, "reason").exists():
            raise ReadError(blob.uri, Path(folder, "reason").read_text(encoding="utf-8"))
        if ended:
            raise HostileContent(
                blob.uri, "more memory or time than a book needs, or a fatal fault; convert it to EPUB"
            )
        return Path(folder, "result").read_bytes()
