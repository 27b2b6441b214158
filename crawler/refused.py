"""Hosts that ficdex does not crawl live (data/refused_sites.toml), and what the user can do instead."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from ..errors import DataError
from ..lexicon import DATA
from .addresses import domains

FILE = DATA / "refused_sites.toml"


def refusal(authority: str) -> str | None:
    """Why a host, or a domain that it is part of, is not crawled live, and the way in; None if it may be."""
    refused = _refused(FILE)
    return next((refused[name] for name in domains(authority) if name in refused), None)


@cache
def _refused(path: Path) -> Mapping[str, str]:
    """Host -> what the user is told.

    Raises:
        DataError: naming the file, if it is no TOML, or an entry has no host or no reason.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        refused = {
            host: f"{host} is not crawled live: {site['reason']}; {table['way_in']}"
            for site in table["site"]
            for host in site["hosts"]
        }
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise DataError(f"{path}: {problem!r}; each site needs hosts and a reason") from problem
    if not refused:
        raise DataError(f"{path}: it names no host")
    return refused
