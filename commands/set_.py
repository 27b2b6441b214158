"""`ficdex set`."""

from __future__ import annotations

from collections.abc import Sequence

import click

from ..cli import OK, Settings
from ..console import say
from ..index.corrections import Change, parse


@click.command
@click.argument("work")
@click.argument("changes", nargs=-1, required=True, metavar="FIELD=VALUE...")
@click.pass_obj
def command(settings: Settings, work: str, changes: tuple[str, ...]) -> int:
    """Correct a work's values; your word beats what was extracted, after every later import too.

    \b
      ficdex set 12 title="A Tale of Two Sinners" rating=PG-13
      ficdex set 12 betas+=Trisha:brit-picker betas-=Joan
      ficdex set 12 fandoms="Buffy the Vampire Slayer; Angel"
    """
    return correct(settings, work, [parse(change) for change in changes], "set")


def correct(settings: Settings, work: str, changes: Sequence[Change], done: str) -> int:
    """Correct a work in the catalogue and its index; `done` says what was done to its fields."""
    from ..index.search import SearchIndex

    with settings.open(write=True) as catalog:
        id_ = catalog.find(work)
        catalog.correct(id_, changes)
        SearchIndex.open(catalog).catch_up()
    if settings.level >= 0:
        say(f"work {id_}: {', '.join(dict.fromkeys(c.field for c in changes))} {done}; `ficdex undo` takes it back")
    return OK
