"""A work page of the OTW archive that was copied as text, with all the lines of the page around it.

Browsers copy a label and its value on lines of their own, list entries without what stands between them, and set in by
some blanks what is quoted, or not at all; the words are those of the page, and so is their order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from html import escape

from ...lexicon import alternation, tables
from .otw_fields import key_of
from .otw_plain import Piece, page

FRONT = 120
"""Lines within which the list of tags begins."""
LISTED = 400
"""Lines of the list of tags."""
NEAR = 12
"""Lines between the rating and the warnings."""
_LABEL = re.compile(r"\s*(?P<label>[A-Z][\w /]{2,30}):\s*(?P<value>.*)")
_CHAPTER = re.compile(r"\s*Chapter [0-9]{1,6}(?:: .{1,300})?\s*")
_COUNT = re.compile(r"[\d\s,./?-]+")
_GLUED = re.compile(r"(?<=[a-z]{3})(?=[A-Z])|(?<=\))(?=[A-Z])")
"""Where one entry of a list ends and the next begins."""


@cache
def _are(group: str) -> re.Pattern[str]:
    return re.compile(rf"\s*\(?{alternation(tables('otw')['copied'][group])}", re.IGNORECASE)


@cache
def _stat() -> re.Pattern[str]:
    return re.compile(rf"\s*(?={alternation(v for group in tables('otw')['stats'].values() for v in group)}:)")


def page_of(text: str) -> str | None:
    """The page of a copied work as a download has it; None for any other text."""
    lines = text.split("\n")
    start = next((n for n, line in enumerate(lines[:FRONT]) if line.strip().startswith("Rating:")), None)
    if start is None or not any(_are("warning").match(line) for line in lines[start : start + NEAR]):
        return None
    fields, end = _fields(lines, start)
    if not any(f.text.startswith("Stats:") for f in fields):
        return None
    title, author, end = _named(lines, start, end)
    byline = author if author.startswith("by ") else f"by {author}"
    return page([*fields, _piece(title), _piece(byline), *_story(lines[end:])], "") if author else None


def _named(lines: Sequence[str], start: int, end: int) -> tuple[str, str, int]:
    """Title and author, and where the rest begins: they stand below the tags, or above them where somebody put them."""
    below = [n for n in range(end, len(lines)) if lines[n].strip()][:2]
    above = [n for n in range(start) if lines[n].strip() and not _are("below").fullmatch(lines[n])][-2:]
    if len(below) == 2 and not any(_are(group).match(lines[n]) for n in below for group in ("label", "text", "more")):
        return lines[below[0]].strip(), lines[below[1]].strip(), below[1] + 1
    return (lines[above[0]].strip(), lines[above[1]].strip(), end) if len(above) == 2 else ("", "", end)


def _piece(text: str, quoted: bool = False, heading: bool = False) -> Piece:
    html = escape(text.strip(), quote=False).replace("\n", "<br>")
    return Piece(text.strip(), f"<p>{html}</p>", quoted, heading=heading)


def _fields(lines: Sequence[str], start: int) -> tuple[list[Piece], int]:
    """The entries of the list of tags, and the line behind them: the list ends with the statistics."""
    held: list[tuple[str, list[str]]] = []
    at = start
    for at in range(start, min(start + LISTED, len(lines))):
        line = lines[at]
        label = _LABEL.fullmatch(line)
        if held and key_of(held[-1][0]) == "stats":
            if line.strip() and held[-1][1] and not (_stat().search(line) or _COUNT.fullmatch(line)):
                break
        elif label and key_of(label["label"]):
            held.append((label["label"], []))
            line = label["value"]
        if held and line.strip():
            held[-1][1].append(line.strip())
    return [_piece(f"{label}: {_value(label, values)}") for label, values in held], at


def _value(label: str, values: Sequence[str]) -> str:
    if key_of(label) == "stats":
        return " ".join(_stat().sub(" ", " ".join(values)).split())
    return ", ".join(entry for value in values for entry in ([value] if ", " in value else _GLUED.split(value)))


def _story(lines: Sequence[str]) -> Iterator[Piece]:
    """Preface, chapters and notes; what the page says below the work is left out."""
    lines = _worked(lines)
    has_chapters = any(_CHAPTER.fullmatch(line) for line in lines)
    has_label = any(_are("text").match(line) for line in lines)
    told = False
    quoted = False
    for paragraph in _paragraphs(lines):
        first = paragraph.split("\n")[0]
        if _are("text").match(first):
            told, quoted = True, False
        elif _CHAPTER.fullmatch(paragraph):
            told, quoted = False, False
            yield _piece(paragraph, heading=True)
        elif _are("label").fullmatch(paragraph):
            end = "Chapter End Notes" if has_chapters else "End Notes"
            yield _piece(end if told else paragraph)
            quoted = True
        elif _are("more").match(first):
            yield _piece(paragraph.strip().strip("()"))
        else:
            is_quoted = quoted and (has_label or paragraph.startswith(("  ", "\t")))
            told, quoted = told or not is_quoted, is_quoted
            yield _piece(paragraph, is_quoted)


def _worked(lines: Sequence[str]) -> Sequence[str]:
    """The lines up to where the page goes on with buttons, kudos and comments."""
    begun = next((n for n, line in enumerate(lines) if _are("text").match(line)), 0)
    end = next((n for n in range(begun, len(lines)) if _are("below").fullmatch(lines[n])), len(lines))
    return lines[:end]


def _paragraphs(lines: Sequence[str]) -> Iterator[str]:
    """Lines between blank ones; a label, a heading and what says where the text begins stand alone."""
    held: list[str] = []
    for line in [*lines, ""]:
        alone = _CHAPTER.fullmatch(line) or any(_are(group).fullmatch(line) for group in ("label", "text"))
        if (alone or not line.strip()) and held:
            yield "\n".join(held)
            held = []
        if alone:
            yield line.strip()
        elif line.strip():
            held.append(line)
