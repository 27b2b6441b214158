"""One file a format; an exporter is a module of this package with an `EXPORTER`."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import IO

from ...fields import FIELDS
from ...model import Record


@dataclass(frozen=True, slots=True)
class Options:
    """What all formats understand: `columns` to write, the list `separator`, the formula `guard`, a `bom`."""

    columns: Sequence[str] = tuple(f.column for f in FIELDS)
    separator: str = "; "
    guard: bool = True
    bom: bool = False


@dataclass(frozen=True, slots=True)
class Exporter:
    """A format: `write(records, stream, options)` writes as it goes and returns the number of works.

    `stream` is a text stream that translates no line ends. `evidence`: the format shows it.
    """

    name: str
    suffix: str
    write: Callable[[Iterator[Record], IO[str], Options], int]
    evidence: bool = False


@cache
def exporters() -> dict[str, Exporter]:
    """Every exporter by its name."""
    package = importlib.import_module(__name__)
    modules = (importlib.import_module(f"{__name__}.{m.name}") for m in pkgutil.iter_modules(package.__path__))
    return {m.EXPORTER.name: m.EXPORTER for m in modules if hasattr(m, "EXPORTER")}
