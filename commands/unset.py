"""`ficdex unset`."""

from __future__ import annotations

import click

from ..cli import OK, Settings
from ..console import say
from ..index.corrections import unset


@click.command
@click.argument("work")
@click.argument("fields", nargs=-1, required=True, metavar="FIELD...")
@click.pass_obj
def command(settings: Settings, work: str, fields: tuple[str, ...]) -> int:
    """Give fields of a work back the values that were extracted."""
    from ..index.search import SearchIndex

    changes = [unset(field) for field in fields]
    with settings.open(write=True) as catalog:
        id_ = catalog.find(work)
        catalog.correct(id_, changes)
        SearchIndex.open(catalog).catch_up()
    if settings.level >= 0:
        say(f"work {id_}: {', '.join(c.field for c in changes)} as extracted; `ficdex undo` takes it back")
    return OK
