"""`ficdex stats`."""

from __future__ import annotations

import click

from ..cli import OK, Settings
from ..console import as_json, bold, one_line, write


@click.command
@click.option("--json", "json_", is_flag=True, help="Print the counts as JSON.")
@click.pass_obj
def command(settings: Settings, json_: bool) -> int:
    """Count what is in the catalogue."""
    with settings.open() as catalog:
        counts = catalog.stats()
        place = catalog.path
    if json_:
        as_json({"catalog": str(place), **counts})
        return OK
    write(bold(str(place)))
    for name, value in counts.items():
        label = name.replace("_", " ").replace("top ", "most ")
        if isinstance(value, dict):
            write(f"{label:14} " + ", ".join(f"{one_line(key)} {count:,}" for key, count in value.items()))
        else:
            write(f"{label:14} {value:,}")
    return OK
