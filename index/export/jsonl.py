"""JSON Lines: the work record of docs/design.md, one work a line."""

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
    for record in records:
        stream.write(json.dumps(chosen(record, options), ensure_ascii=False) + "\n")
        count += 1
    return count


EXPORTER = Exporter("jsonl", ".jsonl", write, evidence=True)
