"""Tab-separated values: as CSV, but a tab, line end or backslash in a cell is written as `\\t`, `\\n`, `\\\\`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

from ...model import Record
from . import Exporter, Options
from .cells import cell, guarded

_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def write(records: Iterator[Record], stream: IO[str], options: Options) -> int:
    """Write as the records come; returns how many there were."""
    if options.bom:
        stream.write("\ufeff")
    stream.write("\t".join(options.columns) + "\n")
    count = 0
    for record in records:
        row = (cell(record, column, options.separator) for column in options.columns)
        stream.write("\t".join((guarded(c) if options.guard else c).translate(_ESCAPES) for c in row) + "\n")
        count += 1
    return count


EXPORTER = Exporter("tsv", ".tsv", write)
