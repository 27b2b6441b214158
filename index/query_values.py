"""Numbers, dates and their ranges, as a query writes them: 10k, 1000..5000, >=3, 2003, 2002-11..2003-05."""

from __future__ import annotations

import re

from ..fields import BY_KEY

_NUMBER = re.compile(r"(\d{1,12}|\d{1,3}(?:[,_]\d{3}){1,3}|\d{1,9}\.\d{1,3})([km]?)", re.IGNORECASE)
_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
_SCALE = {"": 1, "k": 1_000, "m": 1_000_000}
_COMPARED = re.compile(r"(<=|>=|<|>|=)?\s*(.*)", re.DOTALL)


class Unreadable(ValueError):
    """A value that is no number or date; its text says what would be one."""


def is_number(field: str) -> bool:
    """Whether a key of the record is compared by size: numbers, dates, and how many chapters there are."""
    return field == "chapters" or (field in BY_KEY and BY_KEY[field].shape in ("number", "date"))


def bounds(field: str, value: str) -> tuple[int | None, int | None]:
    """(lowest, highest) that a value allows, both included; None is open.

    Raises:
        Unreadable: if it is neither a value nor a range.
    """
    extent = date if BY_KEY[field].shape == "date" else number
    if ".." in value:
        first, last = (part.strip() for part in value.split("..", 1))
        if not first and not last:
            raise Unreadable("a range wants a number on one side at least, such as 1000..5000")
        return (extent(first)[0] if first else None, extent(last)[1] if last else None)
    if extent is number and (dashed := re.fullmatch(r"([^-]+)-([^-]+)", value)):
        return number(dashed[1])[0], number(dashed[2])[1]
    compared = _COMPARED.fullmatch(value)
    operator, rest = (compared[1], compared[2]) if compared else (None, value)
    low, high = extent(rest)
    match operator:
        case "<":
            return None, low - 1
        case "<=":
            return None, high
        case ">":
            return high + 1, None
        case ">=":
            return low, None
    return low, high


def number(value: str) -> tuple[int, int]:
    """A number as the range that holds it alone.

    Raises:
        Unreadable: if it is none.
    """
    found = _NUMBER.fullmatch(value)
    if not found:
        raise Unreadable(f"{value[:30]!r} is no number; right would be 5000, 10k, >10000 or 1000..5000")
    digits = found[1].replace(",", "").replace("_", "")
    exact = round(float(digits) * _SCALE[found[2].lower()])
    return exact, exact


def date(value: str) -> tuple[int, int]:
    """A day, month or year as the range of yyyymmdd that it spans.

    Raises:
        Unreadable: if it is none.
    """
    found = _DATE.fullmatch(value)
    year, month, day = (int(g) if g else 0 for g in found.groups()) if found else (0, 0, 0)
    if not found or month > 12 or day > 31:
        raise Unreadable(f"{value[:30]!r} is no date; right would be 2003, 2003-05, >2005-03 or 2002-11..2003-05")
    start = year * 10_000 + month * 100 + day
    return start, start + (0 if found[3] else 99 if found[2] else 9_999)
