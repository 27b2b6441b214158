"""Dates as archives write them, as ISO 8601; the part that nobody can be certain of is left out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from functools import cache

from ..lexicon import tables
from ..text import fold

_NUMBERS = re.compile(r"(?<![\d/.-])(\d{4}|\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{1,2})(?!\d)")
_DAY_MONTH = re.compile(r"(?<!\d)(\d{1,2})(?:st|nd|rd|th|\.)?\s+(?:of\s+)?([^\W\d_]{3,12})\.?,?\s+(\d{4}|\d{2})(?!\d)")
_MONTH_DAY = re.compile(r"([^\W\d_]{3,12})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4}|\d{2})(?!\d)")
_MONTHS = 12
_YOUNGEST = 69
"""Of years in two digits, those from here are of the last century, as `strptime` has it."""


@cache
def _months() -> dict[str, int]:
    return {fold(name): int(number) for number, names in tables("works")["month"].items() for name in names}


def day_first(texts: Iterable[str]) -> bool | None:
    """Whether a site writes the day before the month, by the dates that leave no choice; None if they do not say."""
    certain = {found for text in texts if (found := _day_first(text)) is not None}
    return certain.pop() if len(certain) == 1 else None


def _day_first(text: str) -> bool | None:
    found = _NUMBERS.search(text)
    if not found or len(found[1]) == 4:
        return None
    first, second = int(found[1]), int(found[3])
    return first > second if (first > _MONTHS) != (second > _MONTHS) else None


def iso_date(text: str, days_lead: bool | None = None) -> str | None:
    """The first date of `text` as "YYYY-MM-DD"; "YYYY" where day and month could be each other; None without one.

    `days_lead` is what `day_first` found out about other dates of the same site.
    """
    if found := _NUMBERS.search(text):
        return _numeric(found[1], found[3], found[4], days_lead if days_lead is not None else _day_first(text))
    for pattern, day, month in ((_DAY_MONTH, 1, 2), (_MONTH_DAY, 2, 1)):
        for found in pattern.finditer(text):
            if number := _months().get(fold(found[month])):
                return _date(_year(found[3]), number, int(found[day]))
    return None


def _numeric(first: str, second: str, third: str, days_lead: bool | None) -> str | None:
    if len(first) == 4:
        return _date(int(first), int(second), int(third)) if len(third) < 4 else None
    if len(third) == 1:
        return None
    one, other = int(first), int(second)
    if days_lead is None and one != other:
        return f"{_year(third):04}" if _date(_year(third), one, other) and _date(_year(third), other, one) else None
    day, month = (one, other) if days_lead else (other, one)
    return _date(_year(third), month, day)


def _year(text: str) -> int:
    year = int(text)
    return year if len(text) == 4 else year + (1900 if year >= _YOUNGEST else 2000)


def _date(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None
