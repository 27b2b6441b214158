"""`ficdex extract`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from ..cli import FAILED, OK, Settings
from ..console import as_json, is_terminal, say, write
from ..errors import NoStory, ReadError, UnsupportedFormat
from ..fields import to_record
from ..pipeline import Extracted, extract_paths
from ..show import work_lines


@click.command
@click.argument("paths", nargs=-1, metavar="PATH...", type=click.Path(path_type=Path))
@click.option("--jsonl", is_flag=True, help="One work record (JSON) a line; so in a pipe.")
@click.option("--text", "only_text", is_flag=True, help="Print the text that offsets of evidence count in.")
@click.option("--explain-order", is_flag=True, help="Print the components in their order, what each needs and gives.")
@click.option("--no-join", is_flag=True, help="Every file a work of its own, whatever its name or text says.")
@click.option("-j", "--jobs", type=click.IntRange(1, 64), default=1, show_default=True, help="Processes that extract.")
@click.pass_obj
def command(
    settings: Settings,
    paths: tuple[Path, ...],
    jsonl: bool,
    only_text: bool,
    explain_order: bool,
    no_join: bool,
    jobs: int,
) -> int:
    """Print what is found in files, without a catalogue."""
    if explain_order:
        _explain()
        return OK
    if not paths:
        raise click.UsageError("name a file or folder, or ask for --explain-order")
    settings.own_fandoms()
    status = OK
    for item in extract_paths(paths, jobs, join=not no_join):
        if isinstance(item, Extracted):
            for part in item.work.parts[1:] if settings.level >= 0 else ():
                say(f"joined {part}: part of {item.work.source.uri}: {item.why}")
            record = to_record(item.work, item.document.text)
            if only_text:
                click.echo(item.document.text, nl=False)
            elif jsonl or not is_terminal():
                write(json.dumps(record, ensure_ascii=False))
            else:
                for line in work_lines(record, item.work.repairs):
                    write(line)
                write()
        else:
            skipped = not isinstance(item, ReadError) or isinstance(item, (NoStory, UnsupportedFormat))
            if not skipped or settings.level >= 0:
                say(f"{'skipped' if skipped else 'failed'} {item.uri}: {item.reason}")
            status = status if skipped else FAILED
    return status


def _explain() -> None:
    from ..extract import components

    order = components()
    if not is_terminal():
        as_json([{"name": c.name, "needs": c.needs, "gives": c.gives} for c in order])
        return
    for number, component in enumerate(order, 1):
        needs = ", ".join(component.needs) or "nothing"
        write(f"{number:2}. {component.name:14} needs {needs}; gives {', '.join(component.gives)}")
