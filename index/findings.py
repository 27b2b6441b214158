"""What a check-up of the catalogue looks at, says, and does: the words that all checks share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path

    from .catalog import Catalog


@dataclass(frozen=True, slots=True)
class Patient:
    """The catalogue, open to write, and the version of code and data that extracts now."""

    catalog: Catalog
    extractor: str

    @property
    def db(self) -> sqlite3.Connection:
        return self.catalog.db

    @property
    def path(self) -> Path:
        return self.catalog.path


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found: `said` in a line, the `remedy` if there is anything to do, `items` one by one.

    Not `wrong` and yet with a remedy: nothing is broken, and something could be better.
    """

    said: str
    remedy: str = ""
    wrong: bool = False
    items: tuple[str, ...] = ()

    @property
    def grade(self) -> str:
        return "wrong" if self.wrong else "note" if self.remedy else "ok"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing to look at. `mend` puts right what can be put right safely, and returns what it did."""

    name: str
    examine: Callable[[Patient], Finding]
    mend: Callable[[Patient], str] | None = None


RESTORE = "restore the catalogue from a backup (`ficdex backup` makes them)"
