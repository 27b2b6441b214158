"""Lines where a page has them become the paragraphs that were set: joined, without what every page repeats."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

LARGER = 1.15
"""A line that is so many times as high as most is a heading, or its own paragraph."""
GAP = 1.35
"""Line spacings from one line to the next from which there is a gap between them."""
FAR = 1.6
"""Gaps between paragraphs from which a paragraph is set off."""
INDENT = 0.7
"""Line heights by which a paragraph's first line is set in."""
VERSE = 0.8
"""The part of the width up to which a line of verse goes; those of prose end later, unless a long word follows."""
END = 60
"""Characters at the end of a line that say how it ends."""
LONGEST_HEADING = 200
EDGE = 2
"""Lines at the head and at the foot of a page that may be its running title and number."""
REPEATED = 0.3
"""The part of the pages that a running title is on; left and right pages may have different ones."""
_NUMBERS = re.compile(r"\d+|\b[ivxlc]{1,7}\b", re.IGNORECASE)
_LETTERS = re.compile(r"[^\W\d_]+")
_LAST_NUMBER = re.compile(r"(?<!\S)[0-9]{1,5}$")
_ENDED = re.compile(r"[.!?…:][\"'”’)*\]]*$")
_BROKEN = re.compile(r"([^\W\d_]+)[-\u2010\xad]$")
_HYPHENATED = re.compile(r"\b[^\W\d_]+(?:-[^\W\d_]+)+")
_KEYED = re.compile(r"[A-Z][\w /]{2,30}:\s")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page and where it stands, in points from the page's lower left corner."""

    page: int
    left: float
    bottom: float
    right: float
    top: float
    text: str

    @property
    def height(self) -> float:
        return self.top - self.bottom


@dataclass(frozen=True, slots=True)
class Paragraph:
    """What was set as one; lines of verse and of headers stay lines. `apart`: set off from what is above it."""

    text: str
    left: float
    heading: bool = False
    centred: bool = False
    apart: bool = False


@dataclass(frozen=True, slots=True)
class _Measure:
    """What most lines of a document have in common."""

    spacing: float
    height: float
    gap: float
    middle: float
    foot: float
    rights: Mapping[int, float]
    spaced: bool

    def right(self, line: Line) -> float:
        """Where lines end that begin where this one does."""
        return self.rights.get(round(line.left / 4), max(self.rights.values()))


def paragraphs(lines: Sequence[Line]) -> Iterator[Paragraph]:
    """The paragraphs of a document, in order."""
    lines = list(_without_running_titles(lines))
    if not lines:
        return
    measure = _measured(lines)
    known = {word.lower() for line in lines for word in _HYPHENATED.findall(line.text)}
    start = 0
    for at in range(1, len(lines) + 1):
        if at == len(lines) or _begins(lines[start], lines[at - 1], lines[at], measure):
            before = lines[start - 1] if start else None
            yield _paragraph(lines[start:at], before, measure, known)
            start = at


def _without_running_titles(lines: Sequence[Line]) -> Iterator[Line]:
    """Without what the edges of many pages have in common, and without a page's number alone at its edge."""
    pages = [list(page) for _, page in groupby(lines, key=lambda line: line.page)]
    counted = Counter(key for page in pages for key in {key for line in _edges(page) for key in _marks(line)})
    often = {key for key, count in counted.items() if count >= max(3, REPEATED * len(pages))}
    for page in pages:
        running = {e for e in _edges(page) if not often.isdisjoint(_marks(e)) or e.text == str(e.page + 1)}
        yield from (line for line in page if line not in running)


def _marks(line: Line) -> list[str]:
    """By what a running line is known again: its words, and how far the number that ends it is from its page's."""
    found = _LAST_NUMBER.search(line.text)
    return [_NUMBERS.sub("#", line.text).casefold(), *([f"page+{int(found.group()) - line.page}"] if found else [])]


def _edges(page: list[Line]) -> list[Line]:
    by_height = sorted(page, key=lambda line: -line.bottom)
    return by_height[:EDGE] + by_height[EDGE:][-EDGE:]


def _measured(lines: Sequence[Line]) -> _Measure:
    height = sorted(line.height for line in lines)[len(lines) // 2]
    steps = [a.bottom - b.bottom for a, b in pairwise(lines) if a.page == b.page]
    steps = [step for step in steps if 0.5 * height < step < 8 * height] or [height]
    spacing = _usual(steps)
    gaps = [step for step in steps if step > GAP * spacing]
    return _Measure(
        spacing=spacing,
        height=height,
        gap=_usual(gaps or [2 * spacing]),
        middle=(min(line.left for line in lines) + max(line.right for line in lines)) / 2,
        foot=min(line.bottom for line in lines),
        rights=_rights(lines),
        spaced=len(gaps) > 0.1 * len(steps),
    )


def _usual(steps: Iterable[float]) -> float:
    """The shortest length that is nearly as common as the commonest."""
    counted = Counter(round(step) for step in steps)
    return float(min(step for step, count in counted.items() if 3 * count >= max(counted.values())))


def _rights(lines: Sequence[Line]) -> dict[int, float]:
    """Where lines end, by where they begin; where few begin alike, as all do."""
    by_left = defaultdict(list)
    for line in lines:
        by_left[round(line.left / 4)].append(line.right)
    most = max(line.right for line in lines)
    return {
        left: sorted(rights)[len(rights) * 19 // 20] if len(rights) > 3 else most for left, rights in by_left.items()
    }


def _begins(first: Line, last: Line, line: Line, measure: _Measure) -> bool:
    """Whether a line begins a paragraph, given the first and the last line of the one before it."""
    step = last.bottom - line.bottom
    if max(last.height, line.height) > LARGER * min(last.height, line.height) + 1:
        return True
    set_in = line.left > first.left + INDENT * measure.height and bool(_ENDED.search(last.text[-END:]))
    if line.page != last.page or step < 0:
        return set_in or _is_short(last, line, measure)
    if step > GAP * measure.spacing or set_in:
        return True
    return not measure.spaced and _is_short(last, line, measure)


def _is_short(last: Line, line: Line, measure: _Measure) -> bool:
    """Whether the next line's first word had found room on the line before."""
    letter = min((one.right - one.left) / len(one.text) for one in (last, line))
    word = len(line.text.split(maxsplit=1)[0]) + 1
    return last.right + word * letter < measure.right(last) - 0.5 * letter


def _paragraph(lines: Sequence[Line], before: Line | None, measure: _Measure, known: set[str]) -> Paragraph:
    first = lines[0]
    parts = [first.text]
    for last, line in pairwise(lines):
        if _stay_lines(first, last, line, measure):
            parts.append(f"\n{line.text}")
        else:
            _join(parts, line.text, known)
    text = "".join(parts)
    apart = before is None or (
        before.bottom > measure.foot + 4 * measure.spacing
        if before.page != first.page
        else before.bottom - first.bottom > FAR * measure.gap
    )
    heading = first.height > LARGER * measure.height and len(text) < LONGEST_HEADING
    return Paragraph(text, min(line.left for line in lines), heading, _is_centred(lines, measure), apart)


def _stay_lines(first: Line, last: Line, line: Line, measure: _Measure) -> bool:
    """Whether a paragraph's lines are lines of their own: fields, or verse that is far from the edge."""
    if _KEYED.match(first.text) and _KEYED.match(line.text):
        return True
    far = last.right - first.left < VERSE * (measure.right(last) - first.left)
    return far and line.page == last.page and _is_short(last, line, measure)


def _join(parts: list[str], line: str, known: set[str]) -> None:
    """Put a line behind others; a word that was cut in two is one again, unless it is written with a hyphen."""
    cut = _BROKEN.search(parts[-1][-END:])
    if not cut or not line[:1].islower():
        parts.append(f" {line}")
        return
    rest = _LETTERS.match(line)
    if f"{cut.group(1)}-{rest.group() if rest else ''}".lower() not in known:
        parts[-1] = parts[-1][:-1]
    parts.append(line)


def _is_centred(lines: Sequence[Line], measure: _Measure) -> bool:
    return (
        all(
            abs((line.left + line.right) / 2 - measure.middle) < 2 * measure.height
            and line.right < measure.right(line) - 20
            for line in lines
        )
        and lines[0].left > min(measure.rights) * 4 + 20
    )
