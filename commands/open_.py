"""`ficdex open`."""

from __future__ import annotations

import click

from ..cli import FAILED, OK, Settings
from ..errors import CatalogError


@click.command
@click.argument("work")
@click.option("--print", "only_print", is_flag=True, help="Print the file's path or the address instead of opening it.")
@click.pass_obj
def command(settings: Settings, work: str, only_print: bool) -> int:
    """Open a work's file, or its page when there is no file, with the program that the system has for it."""
    with settings.open() as catalog:
        id_ = catalog.find(work)
        document = catalog.document(id_)
        record = catalog.record(id_)
        gone = catalog.missing_since(id_)
    place = str(document.source.origin or document.source.uri)
    if gone:
        place = str(record["url"] or "")
    if not place:
        raise CatalogError(
            f"the file of work {id_} is gone, and no address is known; `ficdex read {id_}` shows its text"
        )
    if only_print:
        click.echo(place)
        return OK
    return FAILED if click.launch(place) else OK
