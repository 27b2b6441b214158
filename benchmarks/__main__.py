"""`make bench`: every figure of docs/design.md that this machine can give, in one table.

python -m benchmarks [--small] [PART...]     --small: a tenth of the sizes, to try the bench itself
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from ficdex.crawler.importer import documents, load
from ficdex.extract import extract
from ficdex.index.catalog import Catalog
from ficdex.index.search import SearchIndex
from ficdex.lexicon import lexicon
from ficdex.model import Document
from ficdex.text import count_words

from . import browsing, yardsticks
from .formats import FORMATS
from .hostile import hostile
from .measure import Table, alternate, cost, ficdex, percentile, run
from .stories import WORDS, Stories

BUILD = Path(__file__).parent.parent / "build"
PARTS = (
    "extraction", "importing", "unchanged", "hostile", "indexes", "cold_search", "warm_search", "add_one", "crawling",
    "everything",
)  # fmt: skip


class Bench:
    """One run: a folder of its own, the shelf of stories, the table."""

    def __init__(self, folder: Path, scale: float) -> None:
        self.folder = folder
        self.scale = scale
        self.stories = Stories()
        self.table = Table()
        self.env = {"XDG_CACHE_HOME": str(folder / "cache"), "XDG_DATA_HOME": str(folder / "data")}
        os.environ.update(self.env)
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # as on a user's machine: compiled once

    def size(self, full: int) -> int:
        return max(20, int(full * self.scale))

    def documents(self, count: int, length: int = WORDS, first: int = 0) -> Iterator[Document]:
        place = self.folder / f"documents{length}"
        self.stories.write(place, count, length, first)
        for path in sorted(place.rglob("*.txt")):
            yield from (d for d in documents(load(path)) if isinstance(d, Document))
        shutil.rmtree(place)

    def extraction(self) -> None:
        shelf = list(self.documents(self.size(200)))
        words = sum(count_words(d.text) for d in shelf)
        extract(shelf[0], lexicon())
        with cost() as ours:
            for document in shelf:
                extract(document, lexicon())
        with cost() as counting:
            for document in shelf:
                count_words(document.text)
        share = f"counting the words takes {counting.cpu / ours.cpu:.0%} of that"
        self.table.add("extract.words_per_s", words / ours.cpu, at_least=400_000, yardstick=share)

    def importing(self) -> Path:
        """Imports at two sizes; returns the larger catalogue."""
        rates = {}
        for count in (self.size(1_000), self.size(20_000)):
            place, catalog = self.folder / f"stories{count}", self.folder / f"import{count}.db"
            self.stories.write(place, count)
            rates[count] = self._import(f"@{count}", place, catalog, count)
        small, large = rates.values()
        self.table.add("import.growth", large / small, at_least=0.9, yardstick="the larger over the smaller")
        count = self.size(1_000)
        self.stories.write(self.folder / "mixed", count, formats=FORMATS)
        self._import("@mixed", self.folder / "mixed", self.folder / "mixed.db", count)
        return catalog

    def _import(self, name: str, place: Path, catalog: Path, count: int) -> float:
        """Import a folder; how many stories a second."""
        with cost() as reading:
            size = sum(len(path.read_bytes()) for path in place.rglob("*.*"))
        wall, memory = run(ficdex("--catalog", catalog, "-q", "import", place), self.env)
        beside = f"reading the bytes: {size / 1e6 / reading.wall:.0f} MB/s, {reading.wall / wall:.1%} of the time"
        self.table.add(f"import.stories_per_s{name}", count / wall, at_least=100, yardstick=beside)
        self.table.add(f"import.rss_mb{name}", memory, at_most=300, yardstick="PSS of all processes, peak")
        shutil.rmtree(place)
        return count / wall

    def unchanged(self) -> None:
        count = self.size(10_000)
        place, catalog = self.folder / "unchanged", self.folder / "unchanged.db"
        self.stories.write(place, count, length=40)
        run(ficdex("--catalog", catalog, "-q", "import", place), self.env)
        start = time.perf_counter()
        for _, _, files in os.walk(place):
            len(files)
        walking = time.perf_counter() - start
        wall, _ = run(ficdex("--catalog", catalog, "-q", "import", place), self.env)
        self.table.add("import.unchanged_s", wall, at_most=2, yardstick=f"walking the folder: {walking:.2f} s")

    def hostile(self) -> None:
        """The slowest and the largest of the files that were made to do harm."""
        for path in hostile(self.folder):
            catalog = self.folder / "hostile.db"
            wall, memory = run(ficdex("--catalog", catalog, "-q", "import", path), self.env, ends=(0, 1))
            self.table.add(f"hostile.s@{path.name}", wall, yardstick=f"{memory:.0f} MB at the peak")

    def indexes(self) -> None:
        count = self.size(1_000)
        works = [(extract(d, lexicon()), d) for d in self.documents(count)]
        with Catalog.open(self.folder / "indexes.db", create=True, write=True) as catalog:
            with cost() as storing, catalog.transaction():
                for work, document in works:
                    catalog.store(work, document)
            with cost() as indexing:
                SearchIndex.open(catalog).catch_up()
        fts = yardsticks.fts5(self.folder / "fts.db", [d.text for _, d in works])
        whole = yardsticks.stock_whoosh(self.folder / "whoosh", [d.text for _, d in works[: count // 10]])
        ours = (storing.cpu + indexing.cpu) / count * 1000
        stock = whole / (count // 10) * 1000
        beside = f"FTS5 alone {fts / count * 1000:.2f}, stock Whoosh on the whole text {stock:.1f}"
        self.table.add("index.cpu_ms_per_story", ours, at_most=5, yardstick=beside)

    def library(self, name: str, count: int, with_text: int) -> Path:
        """A catalogue of `count` works of 100 words, the first `with_text` of them of 4,000."""
        path = self.folder / f"{name}.db"
        rng = random.Random(1)
        shelf = [(extract(d, lexicon()), d) for d in self.documents(min(count, 2_000), length=100)]
        with Catalog.open(path, create=True, write=True) as catalog:
            with catalog.transaction():
                for document in self.documents(with_text, first=count):
                    catalog.store(extract(document, lexicon()), document)
                for number in range(count - with_text):
                    work, document = shelf[number % len(shelf)]
                    source = replace(document.source, uri=f"/shelf/{number}.txt", origin=f"/shelf/{number}.txt")
                    title = " ".join(w.capitalize() for w in rng.sample(self.stories.words[200:9_000], 3))
                    work = replace(
                        work, source=source, parts=(source.uri,), title=title, words=rng.randint(100, 99_999)
                    )
                    catalog.store(work, replace(document, source=source))
            SearchIndex.open(catalog).catch_up()
        return path

    def cold_search(self) -> None:
        catalog = self.library("cold", self.size(10_000), 20)
        words = self.stories.words

        def timed(command: list[str]) -> Callable[[], float]:
            def once() -> float:
                start = time.perf_counter()
                subprocess.run(command, check=True, capture_output=True, env={**os.environ, **self.env})
                return time.perf_counter() - start

            return once

        ours, bare = alternate(
            timed(ficdex("--catalog", catalog, "search", words[300], "beta:trisha")),
            timed([sys.executable, "-c", "import whoosh.index"]),
        )
        self.table.add("search.cold_ratio", ours / bare, at_most=2, yardstick=f"{ours:.3f} s over {bare:.3f} s")

    def queries(self) -> list[str]:
        rng, words = random.Random(5), self.stories.words
        shapes: list[Callable[[], str]] = [
            lambda: rng.choice(words[:20_000]),
            lambda: f"{rng.choice(words[:2_000])} {rng.choice(words[:2_000])}",
            lambda: f"beta:{rng.choice(['trisha', 'dave'])} character:{rng.choice(['willow', 'ron'])}",
            lambda: f'note:"{rng.choice(words[:500])}"',
            lambda: f"title:{rng.choice(words[200:9_000])}*",
            lambda: f"fandom:buffy -character:{rng.choice(['tara', 'dawn'])} words:>{rng.randint(1, 90)}000",
            lambda: f"text:{rng.choice(words[:5_000])} OR title:{rng.choice(words[200:9_000])}",
            lambda: f'text:"{rng.choice(words[:200])} {rng.choice(words[:200])}"',
        ]
        return [shapes[n % len(shapes)]() for n in range(200)]

    def warm_search(self) -> Path:
        count = self.size(100_000)
        path = self.library("warm", count, self.size(5_000))
        with Catalog.open(path, write=True) as catalog:
            index = SearchIndex.open(catalog)
            index.find("warm up")
            times = []
            for query in self.queries():
                start = time.perf_counter()
                index.find(query)
                times.append((time.perf_counter() - start) * 1000)
            beside = f"{count} works; slowest {max(times):.0f} ms"
            self.table.add("search.warm_p50_ms", percentile(times, 0.5), at_most=10, yardstick=beside)
            self.table.add("search.warm_p99_ms", percentile(times, 0.99), at_most=150, yardstick=beside)
        return path

    def add_one(self) -> None:
        documents = list(self.documents(9, first=900_000))
        with Catalog.open(self.folder / "cold.db", write=True) as catalog:
            times = []
            for document in documents:
                work = extract(document, lexicon())
                with cost() as one:
                    catalog.store(work, document)
                    SearchIndex.open(catalog).catch_up()
                times.append(one.wall * 1000)
        self.table.add("search.add_one_ms", percentile(times, 0.5), at_most=100, yardstick="both indexes committed")

    def export(self, catalog: Path) -> None:
        target = self.folder / "catalog.csv"
        wall, memory = run(ficdex("--catalog", catalog, "-q", "export", "--format", "csv", "-o", target), self.env)
        with cost() as reading:
            rows = target.read_bytes().count(b"\r\n")
        self.table.add(
            "export.csv_s", wall, at_most=20, yardstick=f"{rows} lines; reading the file {reading.wall:.2f} s"
        )
        self.table.add("export.rss_mb", memory, at_most=150, yardstick="PSS, peak")

    def browsing(self, catalog: Path | None = None) -> None:
        """200 mixed pages, one after another."""
        catalog = catalog or self.library("browse", self.size(10_000), 20)
        paths = browsing.addresses(catalog, self.stories.words)
        with browsing.serving(catalog, self.env) as (base, memory):
            times, used = browsing.timed(base, paths), memory()
        listed, one = browsing.datasette(catalog, self.env)
        name = f"@{catalog.stem}"
        beside = f"Datasette: a list with three facets {listed:.0f}, a row {one:.0f}"
        self.table.add(f"web.p50_ms{name}", percentile(times, 0.5), at_most=200, yardstick=beside)
        slowest = paths[times.index(max(times))]
        self.table.add(f"web.worst_ms{name}", max(times), at_most=1_000, yardstick=f"of {len(times)}: {slowest}")
        self.table.add(f"web.rss_mb{name}", used, at_most=200, yardstick="PSS after them")

    def crawling(self) -> None:
        """The crawler with politeness taken away, beside Scrapy on the same pages; memory at two sizes."""
        pages = self.size(5_000)
        found: dict[str, tuple[dict[str, float], float]] = {}
        module = [sys.executable, "-m", "benchmarks.crawling"]
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = str(free.getsockname()[1])
        server = subprocess.Popen([*module, "serve", port, str(pages)])
        try:
            time.sleep(2)
            for what, count in (("ficdex", pages // 5), ("ficdex", pages), ("scrapy", pages)):
                place = self.folder / f"{what}{count}"
                place.mkdir()
                _, memory = run([*module, what, port, str(count), str(place)], self.env)
                found[f"{what}{count}"] = (json.loads((place / "crawl.json").read_text()), memory)
        finally:
            server.terminate()
            server.wait()
        (ours, memory), (theirs, theirs_memory) = found[f"ficdex{pages}"], found[f"scrapy{pages}"]
        cpu, their_cpu = (1000 * f["cpu"] / f["pages"] for f in (ours, theirs))
        rate, their_rate = (f["pages"] / f["wall"] for f in (ours, theirs))
        self.table.add("crawl.cpu_ms_per_page", cpu, at_most=4, yardstick=f"Scrapy with JOBDIR {their_cpu:.2f}")
        self.table.add("crawl.pages_per_s", rate, yardstick=f"Scrapy {their_rate:.0f}; one request a host at a time")
        few = found[f"ficdex{pages // 5}"][1]
        beside = f"{few:.0f} after {pages // 5} pages; Scrapy {theirs_memory:.0f}"
        self.table.add("crawl.rss_mb", memory, at_most=100, yardstick=beside)

    def everything(self) -> None:
        self.extraction()
        self.indexes()
        self.importing()
        self.hostile()
        self.unchanged()
        self.cold_search()
        self.add_one()
        catalog = self.warm_search()
        self.export(catalog)
        self.browsing()
        self.browsing(catalog)
        self.crawling()
        used = resource.getrusage(resource.RUSAGE_SELF)
        print(f"\nthe bench itself: {used.ru_utime + used.ru_stime:.0f} s of CPU")


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description="Measure what docs/design.md has bars for."
    )
    parser.add_argument("--small", action="store_true", help="a tenth of the sizes, to try the bench itself")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"one of {', '.join(PARTS)}; all of them by default")
    said = parser.parse_args()
    if unknown := set(said.parts) - set(PARTS):
        parser.error(f"there is no part {', '.join(sorted(unknown))}; the parts are {', '.join(PARTS)}")
    BUILD.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="ficdex-bench-") as folder:
        bench = Bench(Path(folder), 0.1 if said.small else 1.0)
        for part in said.parts or ["everything"]:
            getattr(bench, part)()
        bench.table.write(BUILD / "bench.json")


if __name__ == "__main__":
    main()
