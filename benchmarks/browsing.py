"""Page times of `ficdex serve`, and Datasette's on the same file."""

from __future__ import annotations

import os
import random
import re
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import httpx

from ficdex.index.catalog import Catalog

from .measure import ficdex, pss

REQUESTS = 200


def addresses(catalog: Path, words: Sequence[str]) -> list[str]:
    """REQUESTS addresses as a reader asks for them: searches, facets, works, texts, people, the overview."""
    rng = random.Random(11)
    with Catalog.open(catalog) as opened:
        count = opened.stats()["works"]
        known = opened.facets(None, ("fandom", "beta", "author", "character"), 40)

    def one(facet: str) -> str:
        return rng.choice(known[facet])[0]

    shapes: list[Callable[[], str]] = [
        lambda: "/",
        lambda: "/?" + urlencode({"q": rng.choice(words[:20_000])}),
        lambda: "/?" + urlencode({"q": f"{rng.choice(words[:2_000])} {rng.choice(words[:2_000])}"}),
        lambda: "/?" + urlencode([("has", f"fandom:{one('fandom')}"), ("has", "rating:teen"), ("sort", "words")]),
        lambda: "/?" + urlencode([("q", rng.choice(words[:60])), ("not", f"character:{one('character')}")]),
        lambda: f"/?sort=title&page={rng.randint(1, count // 40 + 1)}",
        lambda: f"/work/{rng.randint(1, count)}",
        lambda: f"/work/{rng.randint(1, count)}/read?marks=1",
        lambda: "/person?" + urlencode({"name": one("beta")}),
        lambda: "/person?" + urlencode({"name": one("author")}),
        lambda: "/fandom?" + urlencode({"title": one("fandom")}),
        lambda: rng.choice(["/people", "/overview", "/fandoms", "/imports"]),
    ]
    return [shapes[n % len(shapes)]() for n in range(REQUESTS)]


def timed(base: str, paths: Sequence[str]) -> list[float]:
    """Milliseconds of each page, one after another."""
    times = []
    with httpx.Client(base_url=base, timeout=120) as client:
        for path in paths:
            start = time.perf_counter()
            answer = client.get(path)
            times.append((time.perf_counter() - start) * 1000)
            assert answer.status_code == 200, (path, answer.status_code)
    return times


@contextmanager
def serving(catalog: Path, env: dict[str, str]) -> Iterator[tuple[str, Callable[[], float]]]:
    """A server of ours: its address, and what memory it has."""
    command = ficdex("--catalog", catalog, "serve", "--port", "0")
    with subprocess.Popen(command, env={**os.environ, **env}, stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr
        address = re.match(r"(http://\S+)/", server.stderr.readline())
        assert address
        yield address[1], lambda: pss(server.pid) / 1024
        server.terminate()


def datasette(catalog: Path, env: dict[str, str]) -> tuple[float, float]:
    """Datasette's median for a page of works with three facets, and for one work."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    options = ["--setting", "facet_time_limit_ms", "20000", "--setting", "sql_time_limit_ms", "20000"]
    command = [sys.executable, "-m", "datasette", "serve", str(catalog), "--port", port, *options]
    base, name = f"http://127.0.0.1:{port}", catalog.stem
    with subprocess.Popen(
        command, env={**os.environ, **env}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        for _ in range(100):
            try:
                httpx.get(base, timeout=20)
                break
            except httpx.TransportError:
                time.sleep(0.2)
        lists = [f"/{name}/works?_size=20&_facet=rating_level&_facet=language&_facet=status"] * 10
        works = [f"/{name}/works/{n}" for n in range(1, 11)]
        found = statistics.median(timed(base, lists)), statistics.median(timed(base, works))
        server.terminate()
    return found
