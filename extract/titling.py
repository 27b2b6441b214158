"""What lines look like that name a work or its author."""

from __future__ import annotations

import re
from functools import cache

from ..lexicon import alternation, lexicon, phrases, tables
from ..model import Block, Layout
from ..text import bare, fold
from . import markers

LONGEST = 110
"""Characters of the longest title."""
LONGEST_SUBJECT = 400
"""Characters of a title with all that may stand around it."""
_SENTENCE_END = re.compile(r"[.,;:]['\"”’)]?$")
_ELLIPSIS = re.compile(r"(?:\.\.\.|…)['\"”’)]?$")
_SPACED = re.compile(r"(?:[^\W_][ \t]){3,}[^\W_]")
_SIGNS_OFF = re.compile(r"(?:--|[–—])\s*[\w.]+(?:\s[\w.]+)?")
_CLOCK = re.compile(r"\W*\d{1,2}[:.]\d\d\b")
_COLUMN = re.compile(r"\t| {5,}")
_SINGLE = re.compile(r"(?<!\S)\S(?!\S)")
_FRAME = re.compile(r"^[\s|+*=~#_<>•·-]+|[\s|+*=~#_<>•·-]+$")


def unframed(text: str) -> str:
    """A line without its box, stars, underline and emphasis; S P A C E D letters and under_scores undone."""
    lines = [line for raw in text.strip().split("\n") if (line := _unboxed(raw))]
    if " " not in text.strip() and text.strip()[:1] == text.strip()[-1:] == "_":
        return text.replace("_", " ").strip()
    text = _COLUMN.split(lines[0])[0] if lines else ""
    if _SPACED.fullmatch(text) or (len(text) > 7 and len(_SINGLE.findall(text)) > 0.7 * len(text.split())):
        gap = min(map(len, re.findall(r"[ \t]+", text)))
        words = re.split(rf"[ \t]{{{gap + 1},}}", text)
        text = " ".join(re.sub(r"[ \t]", "", word) for word in words)
    return text.strip('"“” ') if text.count('"') == 2 and text[0] == text[-1] == '"' else text


def _unboxed(line: str) -> str:
    """A line without what is drawn around it; brackets that hold all of it are drawn too."""
    line = _FRAME.sub("", line)
    return line[1:-1].strip() if line[:1] + line[-1:] == "[]" and line.count("[") == 1 else line


def signs_off(text: str) -> bool:
    """Whether a line is a name behind dashes, as people sign a preface: "--Kim"."""
    return bool(_SIGNS_OFF.fullmatch(text.strip()))


def is_title_line(text: str, block: Block) -> bool:
    """A short paragraph of one line that is no sentence, no greeting and no marker."""
    lines = text.strip().split("\n")
    if signs_off(text) or (len(lines) > 1 and (len(lines) > 3 or len(text.split()) > 16 or max(map(len, lines)) > 64)):
        return False
    line = unframed(text)
    if block.layout is Layout.HEADING:
        return 1 < len(line) <= LONGEST and not markers.chapter_heading().fullmatch(line)
    return is_title_text(line, ended="center" in block.styles)


def is_title_text(line: str, *, ended: bool = False) -> bool:
    """Whether an unframed line can be a title; `ended`: even with a full stop."""
    if not 1 < len(line) <= LONGEST or not re.search(r"[^\W_]", line):
        return False
    if markers.chapter_heading().fullmatch(line) or markers.end_mark().fullmatch(line):
        return False
    if _CLOCK.match(line):
        return False
    if line[0] in "\"“«„—'‘" and not (line[-1] in "\"”»'’" and len(line.split()) <= 8 and "." not in line[-3:]):
        return False
    if _SENTENCE_END.search(line) and not _ELLIPSIS.search(line) and not ended:
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


@cache
def _trimmings() -> dict[str, re.Pattern[str]]:
    """What stands around a title in subjects and page titles, composed from data/phrases/titlepage.toml."""
    groups = {name: alternation(values) for name, values in phrases("titlepage").items()}
    number = r"(?:\d{1,3}[a-z]?|[ivx]+\b|one|two|three|four|five|six|seven)"
    several = rf"{number}(?:\s*(?:/|of|von|de|and|und|&|-)\s*(?:{number}|\?|x\b))?"
    date = r"(?:\d{1,2}[./-]\d{1,2}[./-]\d{2,4})"
    said = {
        "part": rf"[\s,:*~–—-]*[\[(]?\s*(?:(?<!\w){groups['parts']}[\s.#]*{several}"
        r"|\d{1,3}[a-z]?\s*(?:/|of)\s*(?:\d{1,3}|\?))\s*[\])]?[\s*]*$"
        rf"|[\s]*(?:[,:*~(\[–—]|-\s)[\s]*{groups['pieces']}[\s)*\]]*$",
        "kind": rf"\s*[,:;(–—-]+\s*(?:an?\s+(?:[\w:'-]+\s+){{0,4}}|\(?long\s+|\(?short\s+)?{groups['kinds']}[.)!]*$",
        "rights": rf"[\s*|,:;-]*(?:©|\(c\)|copyright).*$|\s+[-,]?\s*(?:rev\.?\s*)?{date}$",
        "tag": rf"^(?:(?!(?:an?|the)\b)(?:[\w:/'.*-]+\s+){{0,3}}(?:new|{groups['kinds']})\b[^:>]{{0,12}}[:>]\s*"
        r"|\[[^\]]*\]\s*)+(?=\S)",
    }  # fmt: skip
    return {name: re.compile(pattern, re.IGNORECASE) for name, pattern in said.items()}


_QUOTED = re.compile(
    r"(?:^|[:,–—-]\s*|\s--\s*)(?<!\w)[\"“'](?P<title>[^\"“”]{2,}?),?(?:[\"”]|'(?!\w))(?=\s*(?:[-–—(,]|$))"
)
_TAG = re.compile(
    r"^\s*[\[(](?:fic|ff|fanfic|new|story|oneshot|one-shot|repost|drabble)[\])]\s*|^(?:fic|fanfic|new|story)\s*:\s*",
    re.IGNORECASE,
)
_CODES = re.compile(
    r"\s*[\[(](?:[^()\[\]]*\b(?:PG(?:-?13)?|NC-?17|G|R|K\+?|T|M|MA|E|\w+/\w+|WIP|(?i:complete|repost|version|sequel|prequel)|"
    r"\d+/\d+)\b[^()\[\]]*)[\])]\s*$",
)


_BRACKETED = re.compile(r"\s*[\[(](?P<said>[^()\[\]]{2,60})[\])]\s*$")
_WORLDS = re.compile(r"\s*[/,|;&+]\s*|\s+(?:x|meets)\s+", re.IGNORECASE)
_KIND = re.compile(r"(?:^|\s+)(?:au|crossover|x-?over|fic|fanfic|fanfiction|alt-?power|si)$", re.IGNORECASE)
_DASHED = re.compile(r"\s+(?:--?|–|—|\|)\s+|\s*::\s*")
_PAIR = re.compile(r"[\w.' ]{1,20}(?:/[\w.' ]{1,20})+")


def _without_worlds(title: str) -> str:
    """A title without what says nothing but fandom, pairing and rating around it.

    "Low Water (Merlin)", "Low Water [Worm AU]", "Low Water - Merlin, Arthur/Gwen, PG", "New ST:TNG -- Low Water".
    """
    ahead = _DASHED.search(title)
    if ahead and ahead.start() and _ends_in_world(title[: ahead.start()]):
        title = title[ahead.end() :]
    found = _BRACKETED.search(title)
    if found and found.start() and all(map(_is_world, _WORLDS.split(found["said"]))):
        return title[: found.start()]
    first, *others = _DASHED.split(title)
    said = [piece for other in others for piece in re.split(r"\s*,\s*", other)]
    return first if said and all(_is_world(p) or _PAIR.fullmatch(p) or fold(p) in _ratings() for p in said) else title


def _ends_in_world(said: str) -> bool:
    """Whether what stands before a title is a fandom's name, or ends with its abbreviation."""
    last = said.split()[-1]
    return _is_world(said) or (last.isupper() and _is_world(last))


def _is_world(said: str) -> bool:
    """Whether a few words are a fandom's name, or say by themselves that they name one ("Worm AU")."""
    return bool(_KIND.search(said)) or fold(said) in lexicon().fandom_names


@cache
def _ratings() -> frozenset[str]:
    return frozenset(fold(form) for forms in tables("works")["rating_level"].values() for form in forms)


def trimmed_title(title: str, *, loose: bool = False) -> str:
    """A title without site names, tags, rating codes and part numbers.

    `loose`: what stands in a subject or on a title page, where kinds ("NEW STORY:", ", a vignette"), rights and
    dates surround the title, and quotation marks say which words it is.
    """
    title = _generic()[1].sub("", " ".join(unframed(title[:LONGEST_SUBJECT]).split()))
    title = _TAG.sub("", title)
    cuts = _trimmings()
    if loose:
        title = _cut(title, cuts["tag"], cuts["rights"], cuts["kind"])
        if (quoted := _QUOTED.search(title)) and not cuts["part"].search(title[: quoted.start()] or "-"):
            title = quoted.group("title")
    title = _cut(title, _CODES, cuts["part"], _CODES, *([cuts["kind"]] if loose else []))
    title = _without_worlds(title) if loose else title
    return title.strip(" *_").rstrip(":").strip() or title


def _cut(title: str, *patterns: re.Pattern[str]) -> str:
    """A title without what the patterns match, unless nothing or a mere part number would stay."""
    for pattern in patterns:
        shorter = pattern.sub("", title).strip()
        title = shorter if shorter and not is_generic(shorter) else title
    return title
