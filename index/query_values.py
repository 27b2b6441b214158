"""What stands behind a field's colon, where not just any word may.

Numbers (10k, 1000..5000, >=3), dates (2003, 2002-11..2003-05), ages (<6 months, >2 years, 1..2 weeks), yes and no.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping

from .query_tree import CROSSOVER, Exists, Node, Not, Range, Words

DATES = frozenset({"published", "updated", "added"})
NUMBERS = frozenset({"id", "words", "chapters"})

_NUMBER = re.compile(r"(\d{1,12}|\d{1,3}(?:[,_]\d{3}){1,3}|\d{1,9}\.\d{1,3})([km]?)", re.IGNORECASE)
_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
_SCALE = {"": 1, "k": 1_000, "m": 1_000_000}
_COMPARED = re.compile(r"(<=|>=|<|>|=)?\s*(.*)", re.DOTALL)
UNIT = re.compile(r"(day|week|month|year)s?", re.IGNORECASE)
_AGE = re.compile(
    r"(?P<sign><=?|>=?)?\s*(?P<from>\d{1,5})(?:(?:\.\.|-)(?P<to>\d{1,5}))?\s*(?P<unit>day|week|month|year)s?(?:\s+ago)?",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"[/&×]|\sx\s", re.IGNORECASE)
_MONTHS = {"month": 1, "year": 12}
_DAYS = {"day": 1, "week": 7}

_STATUS: Mapping[str, frozenset[str]] = {
    "complete": frozenset({"complete", "completed", "finished", "yes"}),
    "in-progress": frozenset({"in-progress", "in progress", "wip", "incomplete", "unfinished", "ongoing", "no"}),
}
_CROSSOVER: Mapping[str, bool] = {"yes": True, "true": True, "no": False, "false": False}


class Unreadable(ValueError):
    """A value that a field cannot have; its text says what would be right."""


def special(key: str, text: str, *, words: bool) -> Node | None:
    """The node for a value of a field that has numbers, dates or a few values only; None for all other fields.

    `words`: it is a plain word or phrase, no beginning, whole value or the like.

    Raises:
        Unreadable: if the field cannot have this value.
    """
    if key in NUMBERS or key in DATES:
        return Range(key, *bounds(key, text))
    if key == CROSSOVER:
        if text.lower() not in _CROSSOVER:
            raise Unreadable("crossover is yes or no")
        return Exists(CROSSOVER) if _CROSSOVER[text.lower()] else Not(Exists(CROSSOVER))
    if key == "status" and words:
        for status, names in _STATUS.items():
            if text.lower() in names:
                return Words(status, key, "phrase")
        raise Unreadable("status is complete or in-progress (wip)")
    return None


def sides(relationship: str) -> list[str]:
    """The people of a relationship: "A/B", "A & B", "A x B"."""
    return [side for side in map(str.strip, _BETWEEN.split(relationship)) if side]


def bounds(key: str, value: str, today: datetime.date | None = None) -> tuple[int | None, int | None]:
    """(lowest, highest) that a value allows, both included; None is open. Ages count back from `today`.

    Raises:
        Unreadable: if it is neither a value nor a range.
    """
    if key in DATES and (age := _AGE.fullmatch(value.strip())):
        return _aged(age, today or datetime.date.today())
    extent = date if key in DATES else number
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
        raise Unreadable(
            f"{value[:30]!r} is no date; right would be 2003, 2003-05, >2005-03, 2002-11..2003-05 or <6 months"
        )
    start = year * 10_000 + month * 100 + day
    return start, start + (0 if found[3] else 99 if found[2] else 9_999)


def _aged(age: re.Match[str], today: datetime.date) -> tuple[int | None, int | None]:
    """`<6 months` is younger, `>6 months` older, `1..2 years` between them; bare, an age is the most it may be."""
    unit = age["unit"].lower()
    near, far = sorted((int(age["from"]), int(age["to"] or 0)))
    if age["to"]:
        return _before(today, far, unit), _before(today, near, unit)
    edge = _before(today, far, unit)
    return (None, edge) if (age["sign"] or "<").startswith(">") else (edge, None)


def _before(today: datetime.date, count: int, unit: str) -> int:
    """The day so long ago, yyyymmdd; what lies before the first year is the first day of it."""
    if unit in _DAYS:
        then = today - datetime.timedelta(days=count * _DAYS[unit])  # 99,999 weeks are 1,916 years
        return then.year * 10_000 + then.month * 100 + then.day
    months = max(today.year * 12 + today.month - 1 - count * _MONTHS[unit], 12)
    return months // 12 * 10_000 + (months % 12 + 1) * 100 + today.day
