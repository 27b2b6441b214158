"""`ficdex reextract`."""

from __future__ import annotations

import time

import click

from ..cli import OK, Settings
from ..console import say
from ..pipeline import reextract
from .import_ import summary


@click.command
@click.argument("query", nargs=-1)
@click.option("--all", "every", is_flag=True, help="All works, not only those that another version extracted.")
@click.pass_obj
def command(settings: Settings, query: tuple[str, ...], every: bool) -> int:
    """Extract works anew from their stored text, with this version's code and data.

    Works that another version extracted; with a QUERY those that it finds. Corrections stay.
    """
    from ..index.search import SearchIndex
    from ..lexicon import extractor_version

    settings.own_fandoms()
    started = time.monotonic()
    with settings.open(write=True) as catalog:
        index = SearchIndex.open(catalog)
        if query:
            ids = list(index.ids(" ".join(query)))
        else:
            ids = list(catalog.ids()) if every else catalog.older(extractor_version())
        tally = reextract(catalog, ids)
        catalog.learn_aliases()
        index.catch_up()
    if settings.level >= 0:
        say(summary(tally, time.monotonic() - started))
    return OK
