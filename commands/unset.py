"""`ficdex unset`."""

from __future__ import annotations

import click

from ..cli import Settings
from ..index.corrections import unset
from .set_ import correct


@click.command
@click.argument("work")
@click.argument("fields", nargs=-1, required=True, metavar="FIELD...")
@click.pass_obj
def command(settings: Settings, work: str, fields: tuple[str, ...]) -> int:
    """Give fields of a work back the values that were extracted."""
    return correct(settings, work, [unset(field) for field in fields], "as extracted")
