"""`ficdex undo`."""

from __future__ import annotations

import click

from ..cli import OK, Settings
from ..console import say


@click.command
@click.argument("work", required=False)
@click.pass_obj
def command(settings: Settings, work: str | None) -> int:
    """Take back the last correction, of one work or of all."""
    from ..index.search import SearchIndex

    with settings.open(write=True) as catalog:
        id_, what = catalog.undo(catalog.find(work) if work else None)
        SearchIndex.open(catalog).catch_up()
    if settings.level >= 0:
        say(f"work {id_}: undone: {what}")
    return OK
