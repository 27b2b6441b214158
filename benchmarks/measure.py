"""What is measured with: CPU seconds, memory of a process tree, whole processes, and the table of figures."""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(slots=True)
class Figure:
    """One measured value beside its bar and its yardstick (a figure of the same run to hold it against)."""

    key: str
    value: float
    bar: str
    met: bool
    yardstick: str = ""


@dataclass(slots=True)
class Table:
    """The figures of a run, printed as they come and kept in build/bench.json."""

    figures: list[Figure] = field(default_factory=list)

    def add(
        self,
        key: str,
        value: float,
        at_most: float | None = None,
        at_least: float | None = None,
        yardstick: str = "",
    ) -> None:
        met = value <= at_most if at_most is not None else value >= at_least if at_least is not None else True
        bar = f"<= {at_most:g}" if at_most is not None else f">= {at_least:g}" if at_least is not None else ""
        verdict = "" if not bar else "held" if met else "MISSED"
        figure = Figure(key, round(value, 3), bar, met, yardstick)
        self.figures.append(figure)
        print(
            f"{key:28} {value:12,.2f}  {bar:12} {verdict:8} {yardstick}",
            flush=True,
        )

    def write(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        machine = {"python": platform.python_version(), "cores": os.cpu_count(), "system": platform.system()}
        rows = {f.key: {"value": f.value, "bar": f.bar, "held": f.met, "yardstick": f.yardstick} for f in self.figures}
        path.write_text(json.dumps({"machine": machine, **rows}, indent=1) + "\n", encoding="utf-8")


@dataclass(slots=True)
class Cost:
    """Seconds by the clock, and of this process's CPU."""

    wall: float = 0.0
    cpu: float = 0.0


@contextmanager
def cost() -> Iterator[Cost]:
    result = Cost()
    wall, cpu = time.perf_counter(), time.process_time()
    yield result
    result.wall, result.cpu = time.perf_counter() - wall, time.process_time() - cpu


def percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def _children(pid: int) -> list[int]:
    try:
        listed = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    return [pid, *(deep for child in listed for deep in _children(int(child)))]


def pss(pid: int) -> int:
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    except OSError:
        pass
    return 0


def run(command: list[str], env: dict[str, str], ends: tuple[int, ...] = (0,)) -> tuple[float, float]:
    """A whole process: (wall seconds, peak PSS in MB summed over it and its children); `ends`: its exit statuses.

    Raises:
        subprocess.CalledProcessError: if it fails.
    """
    start = time.perf_counter()
    process = subprocess.Popen(command, env={**os.environ, **env}, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    peak = 0
    done = threading.Event()

    def watch() -> None:
        nonlocal peak
        while not done.wait(0.1):
            peak = max(peak, sum(pss(pid) for pid in _children(process.pid)))

    watcher = threading.Thread(target=watch)
    watcher.start()
    _, stderr = process.communicate()
    wall = time.perf_counter() - start
    done.set()
    watcher.join()
    if process.returncode not in ends:
        raise subprocess.CalledProcessError(process.returncode, command, stderr=stderr.decode(errors="replace"))
    return wall, peak / 1024


def ficdex(*arguments: str | Path) -> list[str]:
    return [sys.executable, "-m", "ficdex", *map(str, arguments)]


def alternate(a: Callable[[], float], b: Callable[[], float], rounds: int = 9) -> tuple[float, float]:
    """Medians of two timings taken in turn, so that a noisy machine is noisy to both."""
    pairs = [(a(), b()) for _ in range(rounds + 1)][1:]
    return statistics.median(x for x, _ in pairs), statistics.median(y for _, y in pairs)
