"""`ficdex config`."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from ..cli import OK, Settings
from ..console import as_json, is_terminal, say, table

if TYPE_CHECKING:
    from ..crawler.settings import CrawlSettings


@click.command
@click.option("--json", "json_", is_flag=True, help="Print the settings as JSON.")
@click.pass_obj
def command(settings: Settings, json_: bool) -> int:
    """Show the settings of the crawler, and where each comes from."""
    from ..crawler.settings import load
    from ..places import config_path

    path = config_path()
    rules = load(path, os.environ, {})
    rows = list(_rows(rules))
    if json_:
        shown = {name: {"value": value, "from": origin} for name, value, origin in rows}
        as_json({"file": str(path), "exists": path.exists(), "settings": shown})
        return OK
    place = "FICDEX_CONFIG" if os.environ.get("FICDEX_CONFIG") else "default"
    lines = [(name, _plain(value), origin) for name, value, origin in rows]
    table(("setting", "value", "from"), [("file", path, place if path.exists() else f"{place}, not there yet"), *lines])
    if not rules.contact and is_terminal() and settings.level >= 0:
        say("no contact is set: a crawl needs one, so that sites can reach you")
    return OK


def _rows(rules: CrawlSettings) -> Iterator[tuple[str, object, str]]:
    """(setting, value, where it comes from) of every setting, passwords masked, then of the sites' own."""
    from ..crawler.settings import KEYS, SITE_KEYS, masked

    for name in KEYS:
        yield name, masked(getattr(rules, name)), rules.origins[name]
    for host, site in rules.sites.items():
        for name in SITE_KEYS:
            if origin := rules.origins.get(full := f'sites."{host}".{name}'):
                yield full, getattr(site, name), origin


def _plain(value: object) -> object:
    """A value as the file has it; nothing for nothing."""
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, float) else "" if value is None else value
