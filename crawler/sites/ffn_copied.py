"""A page of FanFiction.net that was copied as text, given the page's markup again.

In order: trail, title, byline, summary, the information line, story.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from html import escape

from ...lexicon import alternation, tables
from .ffn_facts import ENGINE

FRONT = 40
"""Lines within which the information line and the byline stand."""
NEAR = 8
"""Lines between them."""
LONGEST_SUMMARY = 400
"""Characters; the site allows 384."""
_FACTS = re.compile(r"\s*(?:Fiction )?Rated: \S.*? - .*\b(?:Words|id|Chapters|Published): .*")
_BYLINE = re.compile(r"\s*By:\s*(?P<name>\S.{0,60})")
_TRAIL = re.compile(r"\s*(?P<kind>\w[\w/ ]{2,20}?)\s*[»>]\s*(?P<fandom>[^»>\n]{2,80})(?:[»>].*)?")


@cache
def _chrome() -> re.Pattern[str]:
    return re.compile(rf"\W*{alternation(tables(ENGINE)['copied']['buttons'])}\W*", re.IGNORECASE)


def page_of(text: str) -> str | None:
    """The page of a copied story; None for any other text."""
    lines = text.split("\n")
    front = range(min(FRONT, len(lines)))
    line = next((n for n in front if _FACTS.fullmatch(lines[n])), None)
    byline = next((n for n in front if _BYLINE.fullmatch(lines[n])), None)
    if line is None or byline is None or abs(line - byline) > NEAR:
        return None
    title = next((lines[n].strip() for n in range(byline - 1, -1, -1) if _says(lines[n])), "")
    name = _BYLINE.fullmatch(lines[byline])
    trail = next((found for n in front if n < byline and (found := _TRAIL.fullmatch(lines[n]))), None)
    summary, story = _summary(lines, line, byline)
    if not title or not name:
        return None
    return (
        f'<body><div id="pre_story_links">{_links(trail)}</div><div id="profile_top">'
        f'<b class="xcontrast_txt">{escape(title)}</b> By: <a href="/u/">{escape(name["name"].strip())}</a>'
        f'<div class="xcontrast_txt" style="">{escape(summary)}</div>'
        f'<span class="xgray xcontrast_txt">{escape(lines[line].strip())}</span></div>'
        f'<div id="storytext">{_paragraphs(lines[story:])}</div></body>'
    )


def _says(line: str) -> bool:
    """Whether a line is not blank, and no button."""
    return bool(line.strip()) and not _chrome().fullmatch(line)


def _summary(lines: Sequence[str], line: int, byline: int) -> tuple[str, int]:
    """The summary behind the byline, and the line where the story begins."""
    if line > byline:
        return " ".join(one.strip() for one in lines[byline + 1 : line] if _says(one)), line + 1
    behind = next((n for n in range(byline + 1, len(lines)) if _says(lines[n])), len(lines))
    if behind < len(lines) and len(lines[behind]) <= LONGEST_SUMMARY:
        return lines[behind].strip(), behind + 1
    return "", behind


def _links(trail: re.Match[str] | None) -> str:
    return "".join(f"<a>{escape(trail[part].strip())}</a>" for part in ("kind", "fandom")) if trail else ""


def _paragraphs(lines: Sequence[str]) -> str:
    """The story's lines but for the page's buttons; blank ones divide paragraphs."""
    text = "\n".join(line for line in lines if not line.strip() or _says(line))
    pieces = (escape(piece.strip(), quote=False).replace("\n", "<br>") for piece in re.split(r"\n\s*\n", text))
    return "".join(f"<p>{piece}</p>" for piece in pieces if piece)
