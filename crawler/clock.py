"""Time as the crawler sees it: one object that tests can wind."""

from __future__ import annotations

import time
from dataclasses import dataclass, field


@dataclass(slots=True)
class Clock:
    """Seconds since 1970 for what is stored (`wall`), seconds that never jump for what is waited for (`ticks`).

    `speed` crawler seconds pass in a real one; `skew` is what the wall clock is off by. Both are the tests'.
    """

    speed: float = 1.0
    skew: float = 0.0
    _start: tuple[float, float] = field(default_factory=lambda: (time.time(), time.monotonic()))

    def ticks(self) -> float:
        """Crawler seconds of the monotonic clock."""
        return self._start[1] + (time.monotonic() - self._start[1]) * self.speed

    def wall(self) -> float:
        """Crawler seconds since 1970."""
        if self.speed == 1.0:
            return time.time() + self.skew
        return self._start[0] + (time.monotonic() - self._start[1]) * self.speed + self.skew

    def real(self, seconds: float) -> float:
        """How long `seconds` of the crawler's take in the world: for timeouts and waits."""
        return seconds / self.speed
