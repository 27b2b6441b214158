"""`ficdex set`."""

from __future__ import annotations

import click

from ..cli import OK, Settings
from ..console import say
from ..index.corrections import parse


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
    from ..index.search import SearchIndex

    parsed = [parse(change) for change in changes]
    with settings.open(write=True) as catalog:
        id_ = catalog.find(work)
        catalog.correct(id_, parsed)
        SearchIndex.open(catalog).catch_up()
    if settings.level >= 0:
        say(f"work {id_}: {', '.join(dict.fromkeys(c.field for c in parsed))} set; `ficdex undo` takes it back")
    return OK
