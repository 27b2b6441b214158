"""`ficdex backup`."""

from __future__ import annotations

from pathlib import Path

import click

from ..cli import OK, Settings
from ..console import say


@click.command
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.pass_obj
def command(settings: Settings, file: Path) -> int:
    """Copy the whole catalogue to a file, safely while it is in use."""
    with settings.open() as catalog:
        catalog.backup(file)
    if settings.level >= 0:
        say(f"copied to {file}; use it with --catalog {file}")
    return OK
