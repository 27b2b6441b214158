"""What the name of a file says of its place in a work: "ch01", "salt_2of3", "Salt (2_3)", "03 - The Lake"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from ..lexicon import alternation, phrases, tables
from ..text import bare, fold

LAST = 1000
"""The number of an epilogue."""


@dataclass(frozen=True, slots=True)
class Place:
    """A part's number, of `total` if that is said.

    `work` is what the names of all its parts share, folded; "" if they share nothing but numbers. `title` is what
    stands behind the number. `sure`: a word says that the number counts parts ("ch", "of").
    """

    work: str
    number: int
    total: int | None = None
    title: str = ""
    sure: bool = False


_BEHIND = re.compile(r"(?P<work>.*[^\W\d].*?)[\W_]*(?<!\d)(?P<n>\d{1,3})")
_BEFORE = re.compile(r"(?P<n>\d{1,3})(?:[\W_]+(?P<title>.*))?")
_WORK_WORDS = re.compile(r"[\W_]+")


@cache
def _worded() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """A number of a number; a word that counts parts with its number; a prologue or an epilogue."""
    groups = phrases("parts")
    spelt = rf"(?:{alternation(_ordinals())}|[IVXivx]{{1,5}})(?![^\W\d_])"
    number = rf"(?P<n>(?<![^\W\d_])(?i:{spelt})|\d{{1,3}}(?!\d))"
    starts = r"(?P<work>.*?(?:^|[\W\d_]|(?<=[a-z])(?=[A-Z])))"
    of = (
        rf"(?P<work>.*?)[\W_]*(?:(?<![^\W\d_]){alternation(groups['words'])}[\W_]*)?(?:"
        r"[\[(]\s*(?P<n>\d{1,3})\s*[_/-]\s*(?P<of>\d{1,3})\s*[\])]"
        rf"|(?<!\d)(?P<n2>\d{{1,3}})[\W_]*{alternation(groups['of'])}[\W_]*(?P<of2>\d{{1,3}}))(?!\d)(?P<title>.*)"
    )
    part = rf"{starts}(?i:{alternation(groups['words'])})[\W_]*{number}(?P<title>.*)"
    first, last = (alternation(groups[name]) for name in ("first", "last"))
    ends = rf"{starts}(?i:(?P<first>{first})|{last})(?![^\W\d_])(?P<title>.*)"
    return re.compile(of, re.IGNORECASE), re.compile(part), re.compile(ends)


@cache
def _ordinals() -> dict[str, int]:
    return {form: int(number) for number, forms in tables("works")["ordinal"].items() for form in forms}


def place_of(stem: str) -> Place | None:
    """The place that a name without its suffix states; None if it states none."""
    of, part, ends = _worded()
    if found := of.fullmatch(stem):
        number, total = int(found["n"] or found["n2"]), int(found["of"] or found["of2"])
        if number <= total:
            return _place(found, number, total, sure=True)
    if (found := part.fullmatch(stem)) and (counted := count(found["n"])) is not None:
        return _place(found, counted, sure=True)
    if found := ends.fullmatch(stem):
        return _place(found, 0 if found["first"] else LAST, sure=True)
    for pattern in (_BEFORE, _BEHIND):
        if found := pattern.fullmatch(stem):
            return _place(found, int(found["n"]))
    return None


def _place(found: re.Match[str], number: int, total: int | None = None, *, sure: bool = False) -> Place:
    groups = found.groupdict()
    title = _WORK_WORDS.sub(" ", groups.get("title") or "").strip()
    return Place(bare(_WORK_WORDS.sub(" ", groups.get("work") or "")), number, total, title, sure)


def count(word: str) -> int | None:
    """A number in digits, Roman letters or words; None if it is none."""
    if word.isdigit():
        return int(word)
    if (named := _ordinals().get(fold(word))) is not None:
        return named
    return _roman(word.upper())


def _roman(letters: str) -> int | None:
    values = [{"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}.get(letter, 0) for letter in letters]
    if not values or 0 in values:
        return None
    return sum(-v if v < max(values[n:]) else v for n, v in enumerate(values))
