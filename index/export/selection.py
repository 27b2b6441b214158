"""The keys of a record that an export was asked for."""

from __future__ import annotations

from ...fields import FIELDS
from ...model import Record
from . import Options

_ALL = tuple(f.column for f in FIELDS)


def chosen(record: Record, options: Options) -> Record:
    """The whole record, or those of its keys whose columns were named."""
    if tuple(options.columns) == _ALL:
        return record
    return {f.key: record[f.key] for f in FIELDS if f.column in options.columns}
