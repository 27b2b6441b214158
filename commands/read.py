"""`ficdex read`."""

from __future__ import annotations

import click

from ..cli import OK, Settings
from ..console import is_terminal, safe, write


@click.command
@click.argument("work")
@click.pass_obj
def command(settings: Settings, work: str) -> int:
    """Read a work's text, page by page on a terminal."""
    with settings.open() as catalog:
        text = safe(catalog.text(catalog.find(work)))
    if is_terminal():
        click.echo_via_pager(text)
    else:
        write(text)
    return OK
