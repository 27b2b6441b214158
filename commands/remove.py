"""`ficdex remove`."""

from __future__ import annotations

import click

from ..cli import OK, Settings
from ..console import say


@click.command
@click.argument("works", nargs=-1, required=True, metavar="WORK...")
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def command(settings: Settings, works: tuple[str, ...], yes: bool) -> int:
    """Take works out of the catalogue, with their corrections; the story's file stays."""
    from ..index.search import SearchIndex

    with settings.open(write=True) as catalog:
        ids = [catalog.find(work) for work in works]
        if not yes:
            titles = "; ".join(str(r["title"] or r["id"]) for r in catalog.records(ids))
            click.confirm(f"Remove {titles}?", abort=True, err=True)
        for id_ in ids:
            catalog.remove(id_)
        SearchIndex.open(catalog).catch_up()
    if settings.level >= 0:
        say(f"{len(ids)} removed")
    return OK
