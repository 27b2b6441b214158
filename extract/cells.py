"""The front of a plain text line by line: what each line, or column of a line, says about the work."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from ..lexicon import alternation, phrases
from ..model import Span
from ..text import fold
from . import markers
from .draft import Draft, HeaderLine
from .titling import is_title_text, signs_off, unframed

FRONT_BLOCKS, FRONT_CELLS = 80, 160
"""A title page comes within so much of the top, a long preface and an archive's header included."""
LONGEST = 160
_CELL = re.compile(r"\S(?:[^\n\t]*?\S)??(?=[ \t]{5,}|\t|[ \t]*(?:\n|\Z))")
_WORD = re.compile(r"[^\W_]")
_DIALOGUE = re.compile(r"[\s*_]*[\"“«„]")
_ASIDE = re.compile(r"(?:for|from|to|with|(?i:dedicated to|based (?:up)?on|rated|draft|inspired by|version|rev))\b")
_MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?"
_NAME_END = re.compile(
    rf"\s*(?:[(<{{\[*|•·©]|\s-{{1,2}}\s|\s[–—]\s|,?\s+(?:\d|'\d\d)|,\s*(?:\d|(?:an?|the|based|with)\b)"
    rf"|,?\s+{_MONTH},?\s+'?\d|,?\s+(?:copyright|draft|email|e-mail|rated|all rights)\b"
    r"|(?<=(?-i:[a-z]{4}))[.!]\s|\s{4,}).*$",
    re.IGNORECASE,
)
_DATE = re.compile(
    rf"[\W_]*(?:(?:\w{{3,9}}day,?\s+)?(?:\d{{1,2}}(?:st|nd|rd|th)?\s+)?{_MONTH}(?:\s+\d{{1,2}}(?:st|nd|rd|th)?)?,?"
    r"(?:\s+'?\d{2,4})?|\d{1,4}[-/.]\d{1,2}(?:[-/.]\d{2,4})?|(?:19|20)\d\d)[\W_]*",
    re.IGNORECASE,
)
_FACTS = re.compile(
    r"(?:.*\b)?(?:about|approx\.?|roughly|ca\.)?\s*\d[\d,.]*k?\s*(?:-?odd\s+|ish\s+|or so\s+)?"
    r"(?:words|chapters|parts|pages|worte|wörter|mots|palabras|parole)\b.*|rated\s.*|.*,\s*PG(?:-?13)?\b.*",
    re.IGNORECASE,
)
"""How long it is and for whom: "3 chapters, finished", "about 600 words, PG"."""
_INITIALS = re.compile(r"[\w.]{1,3}")
_GOES_ON = re.compile(r"[.!?]\s+(?:\S+\s+){2}")
_UNKNOWN_KEY = re.compile(r"[^\W\d_][\w /]{1,20}:\s")
_PARTICLES = frozenset(("de", "la", "le", "van", "von", "der", "and", "of", "the", "ap", "du", "da"))


@dataclass(frozen=True, slots=True)
class Cell:
    """A line or a column of one: its words without frame, where they stand, in which block, and what they are.

    `kind`: rule, header, part, date, fandom, by (its name stands on the next line), byline, copyright, mail,
    both (title and author), signed (a sentence that names the author), kind ("an X-Files story"), aside, short
    (may be a title), long.
    """

    text: str
    span: Span
    block: int
    kind: str
    title: str = ""
    name: str = ""


@cache
def patterns() -> dict[str, re.Pattern[str]]:
    """What a cell can say, composed from data/phrases/titlepage.toml."""
    groups = {name: alternation(values) for name, values in phrases("titlepage").items()}
    kind = rf"an?\s+(?:[^.,;!?\n()]|\([^()\n]{{0,40}}\)){{0,60}}?\b{groups['kinds']}"
    by = rf"(?:{kind}\s+)?(?:{groups['written']}\s+)?"
    year = r"[\s,-]*(?:(?:19|20)\d\d|'?\d\d\b)(?:\s*[-,/]\s*\d{1,4})*"
    holder = rf"(?:©|\(c\)|copyright(?:ed)?)[\s:]*(?:\(c\)|©)?(?:\s+on\s+\w+)?(?:{year})?[\s,:-]*(?:by|of)?\s*"
    said = {
        "by": rf"{by}{groups['by']}\s*:?",
        "byline": rf"{by}{groups['by']}[ \t]*:?[ \t]+(?P<name>\S.*)",
        "copyright": rf"(?:{holder}|(?:19|20)\d\d\s+)(?P<name>(?-i:[A-Z@_]).*)",
        "kind": rf"(?:{kind}|the\s+{groups['kinds']})\b.*|.{{2,50}}\s(?:fan\s?fic(?:tion)?|fic)",
        "both": rf"(?P<title>[\"“][^\"“”]+[\"”]\s*|\S.*?)(?:(?<!\w){by}(?P<by>by)\b[ \t]*:?|\s{holder})"
        r"[ \t]*(?P<name>[^\s,.].*)",
        "signed": rf".*\b{groups['kinds']}\s+(?:was\s+|is\s+)?(?:written\s+)?by\s+(?P<name>(?-i:[A-Z@_]).*)",
        "described": rf"(?P<title>\S.*?)\s*[,:;–—-]\s*{kind}\b.*",
        "part": rf"[\W_]*(?:{groups['parts']}\b[\s#.:]*[\w./-]{{1,9}}(?:\s*(?:/|of|and|&|-)\s*[\w?]{{1,6}})?"
        rf"|{groups['pieces']}|\d+[a-z]?\s*(?:/|of)\s*\d+)[\W_]*",
        "told": rf"\b{groups['introductions']}\b[^\"'“.]{{0,60}}[\"'“]"
        r"(?P<title>[^\"“”]{2,90}?)[,.]?(?:[\"”]|'(?!\w))",
        "parted": r"[\"“](?P<title>[^\"“”]{2,90})[\"”]\s+(?:is|was|will be)\s+(?:being\s+)?(?:posted|set|told|split)\b",
        "nobody": rf"(?:(?-i:{groups['no_name']})|{groups['no_person']})\b",
        "deed": rf"(?:.*\b)?{groups['deeds']}(?:\s+(?:to|from|on|in)\s+\S+)?",
    }
    return {name: re.compile(pattern, re.IGNORECASE) for name, pattern in said.items()}


def cells(draft: Draft) -> list[Cell]:
    """The cells of the front in order of the text; dialogue ends it."""
    found: list[Cell] = []
    speeches = 0
    for number, block in enumerate(draft.document.blocks[:FRONT_BLOCKS]):
        if block.role is not None:
            continue
        speeches += len(block.span) > 60 and bool(_DIALOGUE.match(draft.plain, block.span.start, block.span.end))
        if speeches > 1 or len(found) > FRONT_CELLS:
            break
        found += _of_block(draft, number, block.span)
    return found


def _of_block(draft: Draft, number: int, span: Span) -> Iterator[Cell]:
    for found in _CELL.finditer(draft.plain, span.start, min(span.end, span.start + 6_000)):
        at = Span(*found.span())
        line = next((line for line in draft.header if line.line.overlaps(at)), None)
        behind = any(at.start - line.line.end in (0, 1) for line in draft.header)
        if line or (behind and _UNKNOWN_KEY.match(found.group())):
            yield _headed(draft, line, at, number)
        else:
            yield _cell(unframed(found.group()) if not signs_off(found.group()) else "", at, number, draft)


def _headed(draft: Draft, line: HeaderLine | None, at: Span, number: int) -> Cell:
    """A header line; `Written by: X` below a title is a byline all the same."""
    signs = line and line.field == "author" and fold(line.key).endswith("by")
    name = author_name(draft.quote(line.value)) if line and signs else ""
    return Cell("", at, number, "byline" if name else "header", "", name)


def _cell(text: str, at: Span, number: int, draft: Draft) -> Cell:
    if _WORD.search(text) and fold(text).strip(" :*_.\"'-") in draft.lexicon.fandom_names:
        return Cell(text, at, number, "fandom")
    if kind := _plain_kind(text):
        return Cell(text, at, number, kind)
    kind, title, name = _signed(text)
    return Cell(text, at, number, kind, title, name)


def _plain_kind(text: str) -> str:
    """What a cell is that names nobody; "" if it might."""
    if not _WORD.search(text):
        return "rule"
    if len(text) > LONGEST or markers.marker().match(text):
        return "long"
    if markers.chapter_heading().fullmatch(text) or patterns()["part"].fullmatch(text):
        return "part"
    if _DATE.fullmatch(text):
        return "date"
    if patterns()["by"].fullmatch(text):
        return "by"
    return "aside" if _INITIALS.fullmatch(text) or _FACTS.fullmatch(text) else ""


def _signed(text: str) -> tuple[str, str, str]:
    """Kind, title and author's name of a cell."""
    for kind in ("byline", "copyright"):
        found = patterns()[kind].fullmatch(text)
        name = author_name(found.group("name")) if found else ""
        if found and name and not (kind == "byline" and _GOES_ON.match(found.group("name"), len(name))):
            return kind, "", name
    if both := title_and_author(text):
        return "both", *both
    found = patterns()["signed"].fullmatch(text)
    if found and (name := author_name(found.group("name"))):
        return "signed", "", name
    if "@" in text or "://" in text:
        return "mail", "", ""
    if len(text) < 80 and patterns()["kind"].fullmatch(text):
        return "kind", "", ""
    if _ASIDE.match(text):
        return "aside", "", ""
    described = patterns()["described"].fullmatch(text)
    if described and is_headline(described.group("title")):
        return "short", described.group("title"), ""
    return ("short" if is_title_text(text) else "long"), text, ""


def author_name(text: str) -> str:
    """The name at the start of what follows "by", without dates, addresses and rights; "" if there is none."""
    name = _NAME_END.sub("", text.lstrip("~*=. ")).strip(" *_~,:-")
    words = [word for word in name.split() if _WORD.search(word)]
    if not words or len(words) > 6 or patterns()["nobody"].match(name) or re.search(r"[;:!?=]|\.\.|@\w+\.", name):
        return ""
    small = [w for w in words if w[0].islower() and w not in _PARTICLES]
    return "" if len(small) > 1 and len(small) < len(words) else name


def title_and_author(text: str) -> tuple[str, str] | None:
    """Title and author's name of a line like `VOICES by Brenda S. Antrim, a Star Trek story`."""
    found = patterns()["both"].fullmatch(text)
    name = author_name(found.group("name")) if found else ""
    if not found or not name or (found.group("by") == "By" and " " not in name):
        return None
    title = found.group("title").rstrip(" \t,:;*-–—")
    if quoted := re.search(r"[\"“](?P<title>[^\"“”]+?),?[\"”]", title):
        title = quoted.group("title")
    if len(title.split()) > 14 or patterns()["deed"].fullmatch(title) or re.search(r"[.!?]\s+[a-zA-Z]", title):
        return None
    named = name[0].isupper() or name[0] in "@_" or title.isupper() or " " not in name
    return (title, name) if named and is_headline(title) else None


def is_headline(title: str) -> bool:
    """Whether the longer words start with capitals, and so does the last."""
    words = [word.strip("\"'(*_-") for word in title.split()]
    longer = [w for w in words if len(w) > 3 or w == words[-1]]
    return (
        bool(longer) and sum(not w[:1].islower() for w in longer) >= 0.7 * len(longer) and not words[-1][:1].islower()
    )
