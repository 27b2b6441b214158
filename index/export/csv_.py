"""CSV (RFC 4180): one row a work, peers' column names, CRLF, every cell quoted that needs it."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import IO

from ...model import Record
from . import Exporter, Options
from .cells import cell, guarded


def write(records: Iterator[Record], stream: IO[str], options: Options) -> int:
    """Write as the records come; returns how many there were."""
    if options.bom:
        stream.write("\ufeff")
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(options.columns)
    count = 0
    for record in records:
        row = [cell(record, column, options.separator) for column in options.columns]
        writer.writerow([guarded(c) for c in row] if options.guard else row)
        count += 1
    return count


EXPORTER = Exporter("csv", ".csv", write)
