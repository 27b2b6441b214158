"""JSON: an array of work records."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import IO

from ...model import Record
from . import Exporter, Options
from .selection import chosen


def write(records: Iterator[Record], stream: IO[str], options: Options) -> int:
    """Write as the records come; returns how many there were."""
    count = 0
    stream.write("[")
    for record in records:
        stream.write(",\n " if count else "\n ")
        stream.write(json.dumps(chosen(record, options), ensure_ascii=False))
        count += 1
    stream.write("\n]\n")
    return count


EXPORTER = Exporter("json", ".json", write, evidence=True)
