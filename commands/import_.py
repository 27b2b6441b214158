"""`ficdex import`."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from ..cli import FAILED, OK, Settings
from ..console import is_terminal, say
from ..pipeline import Outcome, Tally, import_paths


@click.command
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path(path_type=Path))
@click.option("-j", "--jobs", type=click.IntRange(1, 64), help="Processes that read and extract (as many as cores).")
@click.option("--force", is_flag=True, help="Extract files anew that have not changed.")
@click.pass_obj
def command(settings: Settings, paths: tuple[Path, ...], jobs: int | None, force: bool) -> int:
    """Read files and folders into the catalogue.

    Folders are read with all below them. A file that has not changed is left alone; a changed one updates
    its work, which keeps its id and your corrections; a work whose file is gone is marked, never deleted.
    One bad item never stops the rest.
    """
    from ..index.search import SearchIndex
    from ..lexicon import extractor_version

    started = time.monotonic()
    with settings.open(create=True, write=True) as catalog:
        with _progress(settings) as show:

            def observe(outcome: Outcome) -> None:
                show(outcome)
                loud = outcome.kind == "failed" or (outcome.kind == "skipped" and settings.level >= 0)
                if loud or settings.level > 0:
                    reason = f": {outcome.reason}" if outcome.reason else ""
                    say(f"{outcome.kind:9} {outcome.uri}{reason}")

            tally = import_paths(catalog, paths, jobs=jobs, force=force, observe=observe)
        SearchIndex.open(catalog).catch_up()
        older = len(catalog.older(extractor_version()))
    if settings.level >= 0:
        say(summary(tally, time.monotonic() - started))
        if older:
            say(f"{older} works were extracted by another version; `ficdex reextract` brings them up to date")
    return FAILED if tally["failed"] else OK


def summary(tally: Tally, seconds: float) -> str:
    """The closing line: counts of what became of the items, and the time."""
    said = ", ".join(f"{count} {kind}" for kind, count in tally.counts.items()) or "nothing to do"
    return f"{said} in {seconds:.1f} s"


@contextmanager
def _progress(settings: Settings) -> Iterator[Callable[[Outcome], None]]:
    """A running count on a terminal, nothing elsewhere."""
    if settings.level < 0 or not is_terminal():
        yield lambda outcome: None
        return
    from rich.console import Console
    from rich.progress import MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reading", total=None)
        yield lambda outcome: bar.advance(task)
