"""Markdown: a reading list, one section a work."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO, Any

from ...fields import FIELDS
from ...model import Record
from . import Exporter, Options
from .cells import cell

_SPECIAL = re.compile(r"([\\`*_\[\]<>#|])")


def write(records: Iterator[Record], stream: IO[str], options: Options) -> int:
    """Write as the records come; returns how many there were."""
    count = 0
    for record in records:
        data: Any = record
        stream.write(f"## {_plain(data['title'] or 'Untitled')}\n\n")
        if data["authors"]:
            stream.write(f"by {_plain(', '.join(data['authors']))}\n\n")
        for field in FIELDS:
            if field.key in ("id", "title", "authors", "parts") or field.column not in options.columns:
                continue
            if value := cell(record, field.column, options.separator):
                stream.write(f"- **{field.label}:** {_plain(value)}\n")
        stream.write("\n")
        count += 1
    return count


def _plain(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


EXPORTER = Exporter("md", ".md", write)
