"""Dates as people write them, as ISO 8601; only as much of them as is certain."""

from __future__ import annotations

import re
from functools import cache

from ..lexicon import alternation, tables
from ..text import fold

_ISO = re.compile(r"\b(\d{4})[-/.](\d{1,2})(?:[-/.](\d{1,2}))?\b")
_NUMERIC = re.compile(r"\b(\d{1,2})\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*(\d{4}|\d{2})\b")
_YEAR = re.compile(r"\b(19[789]\d|20[0-4]\d)\b")


@cache
def _months() -> tuple[dict[str, int], re.Pattern[str]]:
    names = {fold(form): int(number) for number, forms in tables("works")["month"].items() for form in forms}
    month = alternation(names)
    return names, re.compile(
        rf"(?:\b(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.|er)?\s*(?:of\s+|de\s+)?)?\b(?P<month>{month})\b\.?,?\s*"
        r"(?:(?P<day2>\d{1,2})(?:st|nd|rd|th)?,?\s+)?(?:de\s+)?(?P<year>\d{4}|'?\d{2}(?!\d))?"
    )


def iso_date(text: str) -> str | None:
    """YYYY, YYYY-MM or YYYY-MM-DD; day and month apart only where they cannot be mistaken; None if no date."""
    folded = fold(text)
    if found := _ISO.search(folded):
        year, month, day = found.groups()
        return _joined(int(year), int(month), int(day) if day else None)
    names, pattern = _months()
    for found in pattern.finditer(folded):
        if found.group("year"):
            day = found.group("day") or found.group("day2")
            return _joined(_full(found.group("year")), names[found.group("month")], int(day) if day else None)
    if found := _NUMERIC.search(folded):
        one, two, year = int(found.group(1)), int(found.group(2)), _full(found.group(3))
        if one == two or one > 12 or two > 12:
            return _joined(year, min(one, two) if max(one, two) > 12 else one, max(one, two))
        return str(year)
    year_only = _YEAR.search(folded)
    return year_only.group() if year_only else None


def _full(year: str) -> int:
    number = int(year.lstrip("'"))
    return number if number > 99 else number + (1900 if number > 69 else 2000)


def _joined(year: int, month: int, day: int | None) -> str:
    if not 1 <= month <= 12:
        return str(year)
    if day is None or not 1 <= day <= 31:
        return f"{year:04}-{month:02}"
    return f"{year:04}-{month:02}-{day:02}"
