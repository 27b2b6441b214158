"""`ficdex import`."""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..cli import FAILED, OK, Settings
from ..console import is_terminal, say
from ..crawler.importer import Chosen, FileItem, walk
from ..errors import CatalogError
from ..pipeline import ImportOptions, Outcome, Tally, import_paths

if TYPE_CHECKING:
    from ..index.catalog import Catalog

LOUD = ("failed", "skipped", "joined", "duplicate")
"""Outcomes that are told without being asked for: what a person did not expect."""


@click.command
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path(path_type=Path))
@click.option("-j", "--jobs", type=click.IntRange(1, 64), help="Processes that read and extract (as many as cores).")
@click.option("--force", is_flag=True, help="Extract files anew that have not changed.")
@click.option("--dry-run", is_flag=True, help="Say what would become of every item; change nothing.")
@click.option("--glob", "globs", multiple=True, metavar="PATTERN", help="Of folders, only such files ('*.txt').")
@click.option("--exclude", multiple=True, metavar="PATTERN", help="Neither such files nor what is in such folders.")
@click.option("--no-join", is_flag=True, help="Every file a work of its own, whatever its name or text says.")
@click.option("--log", "log", type=click.Path(path_type=Path), help="Append each item's outcome to FILE (JSON lines).")
@click.pass_obj
def command(
    settings: Settings,
    paths: tuple[Path, ...],
    jobs: int | None,
    force: bool,
    dry_run: bool,
    globs: tuple[str, ...],
    exclude: tuple[str, ...],
    no_join: bool,
    log: Path | None,
) -> int:
    """Read files and folders into the catalogue.

    Folders are read with all below them. A file that has not changed is left alone; a changed one updates
    its work, which keeps its id and your corrections, also where the file was moved; a work whose file is gone is
    marked, never deleted. Files that say that they are parts of one work become one. One bad item never stops the rest.
    """
    from ..index.search import SearchIndex
    from ..lexicon import extractor_version

    started = time.monotonic()
    settings.own_fandoms()
    options = ImportOptions(jobs, force, not no_join, dry_run, Chosen(globs, exclude))
    with ExitStack() as stack:
        catalog = stack.enter_context(_opened(settings, dry=dry_run))
        write = stack.enter_context(_log(log))
        show = stack.enter_context(_progress(settings, paths, options.chosen))

        def observe(outcome: Outcome) -> None:
            show(outcome)
            write(outcome)
            loud = outcome.kind == "failed" or (outcome.kind in LOUD and settings.level >= 0)
            if loud or settings.level > 0 or dry_run:
                reason = f": {outcome.reason}" if outcome.reason else ""
                say(f"{outcome.kind:9} {outcome.uri}{reason}")

        tally = import_paths(catalog, paths, options, observe=observe)
        if not dry_run:
            SearchIndex.open(catalog).catch_up()
        older = len(catalog.older(extractor_version()))
    if settings.level >= 0:
        say(summary(tally, time.monotonic() - started) + (" (nothing was changed)" if dry_run else ""))
        if older:
            say(f"{older} works were extracted by another version; `ficdex reextract` brings them up to date")
    return FAILED if tally["failed"] else OK


@contextmanager
def _opened(settings: Settings, *, dry: bool) -> Iterator[Catalog]:
    """The catalogue to write to; for a dry run where there is none yet, an empty one that is thrown away."""
    from ..places import catalog_path

    if dry and not catalog_path(settings.catalog).exists():
        with tempfile.TemporaryDirectory(prefix="ficdex-") as folder:
            apart = Settings(str(Path(folder) / "dry.db"), settings.level)
            with apart.open(create=True, write=True) as catalog:
                yield catalog
        return
    with settings.open(create=True, write=True) as catalog:
        yield catalog


def summary(tally: Tally, seconds: float) -> str:
    """The closing line: counts of what became of the items, and the time."""
    said = ", ".join(f"{count} {kind}" for kind, count in tally.counts.items()) or "nothing to do"
    return f"{said} in {seconds:.1f} s"


@contextmanager
def _log(path: Path | None) -> Iterator[Callable[[Outcome], None]]:
    """Writes outcomes to a file as they come, an object a line: item, outcome, reason, work (its id or null).

    Raises:
        CatalogError: if the file cannot be written.
    """
    if path is None:
        yield lambda outcome: None
        return
    try:
        stream = path.open("a", encoding="utf-8", errors="backslashreplace")
    except OSError as problem:
        raise CatalogError(f"{path}: {problem.strerror}; choose another place for --log") from problem
    with stream:

        def write(outcome: Outcome) -> None:
            line = {"item": outcome.uri, "outcome": outcome.kind, "reason": outcome.reason, "work": outcome.id}
            stream.write(json.dumps(line, ensure_ascii=False) + "\n")

        yield write


@contextmanager
def _progress(settings: Settings, paths: tuple[Path, ...], chosen: Chosen) -> Iterator[Callable[[Outcome], None]]:
    """On a terminal a bar by bytes, with the rate and the time that is left; nothing elsewhere."""
    if settings.level < 0 or not is_terminal():
        yield lambda outcome: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn

    total = sum(isinstance(item, FileItem) for item in walk((p.resolve() for p in paths), chosen))
    rate = TextColumn("{task.fields[rate]:.0f}/s")
    columns = (SpinnerColumn(), BarColumn(), MofNCompleteColumn(), rate, TimeRemainingColumn())
    with Progress(*columns, console=Console(file=sys.stderr), transient=True) as bar:
        task = bar.add_task("reading", total=total, rate=0.0)

        def advance(outcome: Outcome) -> None:
            done = bar.tasks[0]
            bar.update(task, advance=0 if "!/" in outcome.uri or "#" in outcome.uri else 1, rate=done.speed or 0.0)

        yield advance
