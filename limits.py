"""How long one item may take, and how much memory a worker may have, so that no file stops an import."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

SECONDS, SECONDS_A_MB = 60.0, 4.0
"""What an item may take: a minute, and four seconds for each of its MB (extraction takes one at 200,000 words/s)."""
MEMORY = 3 << 30
"""Bytes of address space of a worker: a file of the largest size needs less."""


class OutOfTime(Exception):
    """The item took longer than it may."""


@contextmanager
def timed(size: int) -> Iterator[None]:
    """Bound what is done for an item of `size` bytes; only the main thread of a process can.

    Raises:
        OutOfTime: when the time is over.
    """
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        yield
        return

    def ring(number: int, frame: object) -> None:
        raise OutOfTime

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, SECONDS + SECONDS_A_MB * size / (1 << 20))
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def worker() -> None:
    """What a worker process begins with: Ctrl-C is its parent's to answer; memory has an end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":  # elsewhere the limit of the address space is not kept
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, resource.getrlimit(resource.RLIMIT_AS)[1]))
