"""Page numbers and running titles in plain text that was once laid out in pages."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

RUN_ON = re.compile(r"[^\W\d_][,;]?$")
"""The end of a line in whose middle a sentence is."""
ENDS = re.compile(r"[.!?:…\"'”’»)*_-]$")
"""The end of a line that ends a sentence."""
PAGE_LINES = 12
"""Lines of text that a page has at least; numbers nearer to one another number something else."""
FEWEST_PAGES = 3
_PAGE = re.compile(
    r"[ \t]*(?:page[ \t]+(\d{1,4})(?:[ \t]+of[ \t]+\d{1,4})?|[-–—~][ \t]*(\d{1,4})[ \t]*[-–—~]|(\d{1,4}))[ \t]*",
    re.IGNORECASE,
)


def without_pages(text: str) -> str:
    """Without the numbers of pages and the lines that stand at the head or foot of each."""
    lines = text.split("\n")
    numbered = _page_lines(lines)
    if not numbered:
        return text
    gone = {*numbered, *_running(lines, numbered)}
    for at in numbered:
        _close(lines, at, gone)
    return "\n".join(line for n, line in enumerate(lines) if n not in gone)


def _page_lines(lines: list[str]) -> list[int]:
    """Where page numbers stand: they count up by one, a page apart, and most cut a sentence or say "page"."""
    chain = _longest_count([(n, m) for n, line in enumerate(lines) if (m := _PAGE.fullmatch(line))])
    if len(chain) < FEWEST_PAGES:
        return []
    named = all(match[1] for _, match in chain)
    cut = sum(_cuts(lines, n) for n, _ in chain)
    return [n for n, _ in chain] if named or cut * 3 >= len(chain) else []


def _longest_count(found: list[tuple[int, re.Match[str]]]) -> list[tuple[int, re.Match[str]]]:
    """The longest of the chains in which each number is one more than the last, and stands a page below it."""
    before: list[int | None] = []
    length: list[int] = []
    latest: dict[int, int] = {}
    for here, (line, match) in enumerate(found):
        number = int(match[1] or match[2] or match[3])
        last = latest.get(number - 1)
        joins = last is not None and line - found[last][0] > PAGE_LINES
        before.append(last if joins else None)
        length.append(length[last] + 1 if joins and last is not None else 1)
        latest[number] = here
    chain: list[tuple[int, re.Match[str]]] = []
    at = max(range(len(found)), key=length.__getitem__, default=None)
    while at is not None:
        chain.append(found[at])
        at = before[at]
    return chain[::-1]


def _cuts(lines: list[str], at: int) -> bool:
    """Whether a sentence runs on from before line `at` to behind it, a running title between them or not."""
    above, below = [*lines[max(0, at - 6) : at], ""], ["", *lines[at + 1 : at + 7]]
    before = [line.strip() for line, next_one in pairwise(above) if line.strip() and not next_one.strip()][-2:]
    behind = [line.strip() for last, line in pairwise(below) if line.strip() and not last.strip()][:2]
    return any(RUN_ON.search(b) for b in before) and any(b[:1].islower() for b in behind)


def _running(lines: list[str], numbered: list[int]) -> set[int]:
    """The lines next to page numbers that are the same on most pages, but for the first of each."""
    beside: list[int] = []
    for at in numbered:
        for nearby in (range(at - 1, max(-1, at - 4), -1), range(at + 1, min(len(lines), at + 5))):
            beside += [next((n for n in nearby if lines[n].strip()), at)]
    places = [n for n in dict.fromkeys(beside) if n not in numbered]
    often = Counter(lines[n].strip() for n in places)
    titles = {line for line, times in often.items() if times >= max(2, 0.6 * len(numbered) - 1)}
    first = {title: next(n for n, line in enumerate(lines) if line.strip() == title) for title in titles}
    return {n for n in places if lines[n].strip() in titles and n != first[lines[n].strip()]}


def _close(lines: list[str], at: int, gone: set[int]) -> None:
    """Mark the blank lines around a page's end as gone too, where a sentence runs on across it."""
    start, end = at, at
    while start > 0 and (start - 1 in gone or not lines[start - 1].strip()):
        start -= 1
    while end < len(lines) - 1 and (end + 1 in gone or not lines[end + 1].strip()):
        end += 1
    before, behind = lines[start - 1].rstrip() if start else "", lines[end + 1].lstrip() if end + 1 < len(lines) else ""
    if before and not ENDS.search(before) and behind[:1].islower():
        gone.update(range(start, end + 1))
