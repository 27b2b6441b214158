"""`ficdex export`."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import click

from ..cli import OK, Settings
from ..console import say
from ..errors import CatalogError
from ..fields import FIELDS
from ..index.catalog import Catalog
from ..index.export import Options, exporters


@click.command
@click.option(
    "-f", "--format", "name", help="csv, tsv, json, jsonl or md; by default the ending of --output, else csv."
)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="The file to write; standard output without.")
@click.option("--fields", help="Columns to write, by commas, in this order.")
@click.option("--query", help="Only the works that this search finds, in its order.")
@click.option(
    "--ids", type=click.File(), help="Only the works whose ids stand in this file, one a line; - for standard input."
)
@click.option(
    "--separator", default="; ", show_default=True, help="Between the values of a list; doubled within a value."
)
@click.option("--bom", is_flag=True, help="Begin with a byte order mark, as older spreadsheets want.")
@click.option("--no-formula-guard", is_flag=True, help="Leave cells as they are that a spreadsheet would run.")
@click.pass_obj
def command(
    settings: Settings, name: str | None, output: Path | None, fields: str | None, query: str | None,
    ids: IO[str] | None, separator: str, bom: bool, no_formula_guard: bool,
) -> int:  # fmt: skip
    """Write the catalogue, or a part of it, to a file."""
    known = exporters()
    name = name or (output.suffix.lstrip(".").lower() if output else "csv")
    if name not in known:
        raise click.UsageError(f"no format {name!r}; these are: {', '.join(sorted(known))}")
    if not separator:
        raise click.UsageError("--separator must not be empty")
    options = Options(_columns(fields), separator, not no_formula_guard, bom)
    with settings.open() as catalog, _target(output) as stream:
        records = catalog.records(_chosen(catalog, query, ids), evidence=known[name].evidence and not fields)
        count = known[name].write(records, stream, options)
    if output and settings.level >= 0:
        say(f"{count} works written to {output}")
    return OK


def _columns(fields: str | None) -> tuple[str, ...]:
    every = {f.column: f.column for f in FIELDS} | {f.key: f.column for f in FIELDS}
    wanted = [f.strip() for f in fields.split(",")] if fields else [f.column for f in FIELDS]
    for name in wanted:
        if name not in every:
            raise click.UsageError(f"no column {name!r}; these are: {', '.join(f.column for f in FIELDS)}")
    return tuple(every[name] for name in wanted)


def _chosen(catalog: Catalog, query: str | None, ids: IO[str] | None) -> Iterable[int] | None:
    if query is not None:
        from ..index.search import SearchIndex

        return SearchIndex.open(catalog).ids(query)
    return _numbers(ids) if ids else None


def _numbers(ids: IO[str]) -> Iterator[int]:
    for line in ids:
        if word := line.split("\t")[0].strip():
            if not word.isdigit():
                raise click.UsageError(f"--ids wants one id a line, not {word!r}")
            yield int(word)


@contextmanager
def _target(output: Path | None) -> Iterator[IO[str]]:
    """Standard output, or a temporary file beside `output` that takes its name when it is whole."""
    if output is None:
        sys.stdout.reconfigure(newline="", errors="replace")  # type: ignore[union-attr]
        yield sys.stdout
        return
    try:
        handle, partial = tempfile.mkstemp(prefix=f".{output.name}.", dir=output.absolute().parent)
    except OSError as problem:
        raise CatalogError(f"{output}: {problem.strerror}; choose another place with --output") from problem
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="replace", newline="") as stream:
            yield stream
        mask = os.umask(0)
        os.umask(mask)
        Path(partial).chmod(0o666 & ~mask)
        Path(partial).replace(output)
    except BaseException:
        Path(partial).unlink(missing_ok=True)
        raise
