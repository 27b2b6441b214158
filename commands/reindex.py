"""`ficdex reindex`."""

from __future__ import annotations

import click

from ..cli import OK, Settings
from ..console import say


@click.command
@click.pass_obj
def command(settings: Settings) -> int:
    """Build the search indexes anew from the catalogue."""
    from ..index.search import SearchIndex

    with settings.open(write=True) as catalog:
        catalog.reindex_text()
        catalog.learn_aliases()
        count = SearchIndex.open(catalog).rebuild()
    if settings.level >= 0:
        say(f"{count} works indexed")
    return OK
