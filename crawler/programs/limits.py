"""What one of these programs may take, and how it says what it found."""

from __future__ import annotations

import resource
from collections.abc import Callable
from pathlib import Path

MEMORY = 1 << 30
FILE = 64 << 20
SECONDS = 60


class Refused(Exception):
    """The book cannot be read; the message is for its reader."""


def run(convert: Callable[[Path], bytes]) -> None:
    """Write what `convert` makes of the file "book" of this folder to "result", or why there is none to "reason"."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE, FILE))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        Path("result").write_bytes(convert(Path("book")))
    except MemoryError:
        raise
    except Refused as problem:
        _because(str(problem))
    except Exception as problem:  # whatever a library makes of damage
        _because(f"damaged, or of a kind that is not known ({problem}); convert it to EPUB")


def _because(reason: str) -> None:
    Path("reason").write_text(" ".join(reason.split()), encoding="utf-8", errors="replace")
