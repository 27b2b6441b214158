"""What lines look like that name a work or its author."""

from __future__ import annotations

import re
from functools import cache

from ..lexicon import alternation, phrases
from ..model import Block, Layout
from ..text import bare, fold
from . import markers

LONGEST = 110
"""Characters of the longest title."""
_BYLINE = re.compile(
    r"[\W_]*(?:(?:an?\s+)?(?:original\s+)?(?:story|tale|fic|novel|ficlet|fanfic|fan\s?fiction|fanfiction)\s+)?"
    r"(?:written\s+|a\s+story\s+|created\s+)?(?:by|von|par|por|di|door|автор)[ \t]*:?[ \t]+(?P<name>\S[^\n]{0,80})",
    re.IGNORECASE,
)
_TITLE_BY = re.compile(
    r"(?P<title>[^\n]{2,100}?)[ \t]*[,:–—-]*\s+(?:written\s+by|by|"
    r"BY)[ \t]*:?\s+(?P<name>[^\n]{2,60}?)(?P<rest>,[^\n]*|\([^\n]*)?[.]?[ \t]*"
)
_SENTENCE_END = re.compile(r"[.,;:]['\"”’)]?$")
_ELLIPSIS = re.compile(r"(?:\.\.\.|…)['\"”’)]?$")
_SPACED = re.compile(r"(?:[^\W_][ \t]){3,}[^\W_]")
_FRAME = re.compile(r"^[\s|+*=~#_<>\[\]•·-]+|[\s|+*=~#_<>\[\]•·-]+$")


def unframed(text: str) -> str:
    """A line without its box, stars, underline and emphasis; S P A C E D letters joined."""
    lines = [line for raw in text.strip().split("\n") if (line := _FRAME.sub("", raw).strip())]
    text = next((line for line in lines if not is_byline(line)), "")
    if _SPACED.fullmatch(text) or (
        len(text) > 7 and len(re.findall(r"(?<!\S)\S(?!\S)", text)) > 0.7 * len(text.split())
    ):
        text = " ".join(word.replace(" ", "") for word in re.split(r"[ \t]{2,}", text))
    return text.strip('"“” ') if text.count('"') == 2 and text[0] == text[-1] == '"' else text


def is_byline(text: str) -> bool:
    """A line of its own that says only who wrote the work."""
    found = _BYLINE.fullmatch(text)
    return bool(found) and len(text) < 90 and not _SENTENCE_END.search(text.rstrip(".")) and len(text.split()) <= 9


def byline_name(text: str) -> str | None:
    """The name of a byline."""
    found = _BYLINE.fullmatch(text)
    return found.group("name").strip(" *_.") if found else None


def title_and_author(text: str) -> tuple[str, str] | None:
    """Title and author of a line like `VOICES by Brenda S. Antrim`, or of two lines that say so."""
    if len(text) > 160 or text.count("\n") > 3:
        return None
    flat = "\n".join(line.strip() for line in text.split("\n") if line.strip())
    joined = flat.replace("\n", " ")
    found = _TITLE_BY.fullmatch(joined)
    if not found:
        return None
    name, title = found.group("name").strip(), unframed(found.group("title"))
    if not title or len(name.split()) > 5 or not re.search(r"[A-Z\d_]", name[0] + title[0]):
        return None
    if not ("\n" in flat or title.isupper() or name[0].isupper() or _capitalised(title)):
        return None
    if re.search(r"[.!?]\s+[a-zA-Z]", title) or name.split()[0].lower() in (
        "the",
        "a",
        "an",
        "my",
        "his",
        "her",
        "this",
    ):
        return None
    return title, name


def _capitalised(title: str) -> bool:
    """Headline style: the longer words start with capitals."""
    longer = [w for w in title.split() if len(w) > 3]
    return bool(longer) and sum(w[0].isupper() for w in longer) >= 0.7 * len(longer)


def is_title_line(text: str, block: Block) -> bool:
    """A short paragraph of one line that is no sentence, no greeting and no marker."""
    line = unframed(text)
    if not 1 < len(line) <= LONGEST or not re.search(r"[^\W_]", line):
        return False
    lines = text.strip().split("\n")
    if len(lines) > 1 and (len(lines) > 3 or len(text.split()) > 16 or max(map(len, lines)) > 64):
        return False
    if block.layout is Layout.HEADING:
        return not markers.chapter_heading().fullmatch(line)
    if markers.chapter_heading().fullmatch(line) or markers.end_mark().fullmatch(line):
        return False
    if line[0] in "\"“«„—'‘" and not (line[-1] in "\"”»'’" and len(line.split()) <= 8 and "." not in line[-3:]):
        return False
    if _SENTENCE_END.search(line) and not _ELLIPSIS.search(line) and "center" not in block.styles:
        return False
    return len(line.split()) <= 14 and "@" not in line and "://" not in line


@cache
def _generic() -> tuple[frozenset[str], re.Pattern[str]]:
    groups = phrases("generic")
    names = frozenset(bare(v) for group in ("titles", "unknown", "sites") for v in groups[group])
    sites = re.compile(rf"\s*(?:[|:–—-]+|::|\[)\s*(?:{alternation(groups['sites'])})\b.*$", re.IGNORECASE)
    return names, sites


def is_generic(title: str) -> bool:
    """What programs and sites write where a title should stand."""
    folded = bare(title)
    return (
        folded in _generic()[0]
        or bool(markers.chapter_heading().fullmatch(title.strip()))
        or bool(re.fullmatch(r"(?:new page|document|untitled|chapter|page|part|story|file)?\s*\d*", folded))
    )


_PART = re.compile(
    r"\s*[\[(]?\s*(?:(?:part|pt|chapter|chap|ch)\.?\s*)?\d{1,3}[a-z]?\s*(?:/|of|von|de)\s*(?:\d{1,3}|\?|x)\s*[\])]?\s*$"
    r"|\s*[,:–—-]?\s*[\[(]?\s*(?:part|pt|chapter|chap|ch|kapitel|chapitre|cap[íi]tulo|"
    r"teil)\.?\s*#?(?:\d{1,3}|[ivx]+|one|two|three)\s*[\])]?\s*$",
    re.IGNORECASE,
)
_TAG = re.compile(
    r"^\s*[\[(](?:fic|ff|fanfic|new|story|oneshot|one-shot|repost|drabble)[\])]\s*|^(?:fic|fanfic|new|story)\s*:\s*",
    re.IGNORECASE,
)
_CODES = re.compile(
    r"\s*[\[(](?:[^()\[\]]*\b(?:PG(?:-?13)?|NC-?17|G|R|K\+?|T|M|MA|E|\w+/\w+|complete|WIP|"
    r"\d+/\d+)\b[^()\[\]]*)[\])]\s*$"
)


def trimmed_title(title: str) -> str:
    """A title without site names, tags, rating codes and part numbers."""
    title = _generic()[1].sub("", " ".join(unframed(title).split()))
    title = _TAG.sub("", title)
    for pattern in (_CODES, _PART, _CODES):
        shorter = pattern.sub("", title).strip()
        title = shorter or title
    return title.strip(" *_").rstrip(":").strip() or title


def same(one: str, other: str) -> bool:
    """Whether two strings are one title or name."""
    return bare(one) == bare(other) or fold(one) == fold(other)
