"""Header lines: `Key: value` in any order and style, at the top of a work or around its parts."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache

from ..lexicon import alternation, phrases
from ..model import Block, Layout, Role, Span
from ..text import fold
from .components import Component
from .draft import Draft, HeaderLine

FRONT_BLOCKS = 60
"""Headers stand at the top; a multi-part post repeats a short one further down (as HEADER blocks or runs)."""
STRONG = frozenset(
    "title author fandom rating disclaimer relationship summary beta warnings spoilers feedback archive".split()
)
"""Fields whose key makes a header line by itself near the top; "note" or "part" alone could be prose."""
FRONT_ALONE = 14
LONGEST_RUN = 6_000
"""Characters of an unmarked block that are looked at: a whole story can be one block."""
LONGEST_VALUE = 10_000
"""Characters of a header line's value: a summary or disclaimer of some length."""
MAIL_HEADERS = frozenset(("text.rfc822", "mail.header"))
"""Blocks whose lines the reader has declared already."""


@cache
def keys() -> dict[str, str]:
    """Folded key -> field."""
    return {fold(key): field for field, group in phrases("header").items() for key in group}


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    known = alternation({k for g in phrases("header").values() for key in g for k in _spellings(key)})
    bullet = r"[ \t>|]*+(?:[-*•·–~#+=_]++[ \t]*+)?[*_\[【(«~=-]{0,4}[ \t]*+"
    separator = r"(?:[:：=]|-(?=[ \t])|(?<=[】\]]))"
    line = re.compile(
        rf"^{bullet}(?P<key>{known})[ \t]*[*_\]】)»]{{0,4}}[ \t]*{separator}[ \t]*[*_]{{0,3}}[ \t]*",
        re.IGNORECASE | re.MULTILINE,
    )
    glued = re.compile(rf"(?<=[^\s:])(?P<key>(?-i:(?=[A-ZÀ-Þ])){known})[ \t]*[:：][ \t]*", re.IGNORECASE)
    name = r"[^\W\d_][\w/'()& -]{1,28}"
    unknown = re.compile(rf"^{bullet}(?P<key>{name})[*_\]】]{{0,4}}[ \t]*[:：][*_]{{0,3}}[ \t]+(?=\S)", re.MULTILINE)
    return line, glued, unknown


def _spellings(key: str) -> Iterator[str]:
    """A folded key and the accented forms in which it is written: patterns match unfolded text."""
    yield key
    for plain, accented in _ACCENTED.items():
        if plain in key:
            yield key.replace(plain, accented)


_ACCENTED = {
    "resume": "résumé", "titulo": "título", "clasificacion": "clasificación", "classificacao": "classificação",
    "genero": "gênero", "beta": "bêta", "capitulo": "capítulo", "ubersetz": "übersetz",
    "veroffentlicht": "veröffentlicht",
    "traduccion": "traducción", "categorie": "catégorie", "publie": "publié", "mis a jour": "mis à jour",
    "worter": "wörter", "dedicace": "dédicace", "corrige": "corrigé", "legal": "légal",
}  # fmt: skip


def run(draft: Draft) -> None:
    """Collect the header lines of every block where a header is certain; a script's speakers are none."""
    by_block = [found for part in draft.document.by_part() for found in _headed(draft, part)]
    alone = Counter(fold(found[0].key) for found in by_block if len(found) == 1)
    draft.header = tuple(
        line for found in by_block if len(found) > 1 or alone[fold(found[0].key)] < 3 for line in found
    )


def _headed(draft: Draft, part: Sequence[Block]) -> Iterator[list[HeaderLine]]:
    """The header lines of each block of a part that has some."""
    behind = False
    stated = sorted(e.span.start for e in draft.document.declared if e.span is not None)
    for number, block in enumerate(part):
        if block.rule in MAIL_HEADERS:
            continue
        declared = block.role is Role.HEADER
        if not declared and (number >= FRONT_BLOCKS or block.role is not None or block.layout is Layout.SEPARATOR):
            continue
        found = [replace(line, stated=declared and _is_stated(line, stated)) for line in _lines(draft, block)]
        behind = declared or _certain(found, number, block) or (behind and bool(found) and _whole(found, block))
        if found and behind:
            yield found


def _is_stated(line: HeaderLine, stated: list[int]) -> bool:
    """Whether the reader has declared what stands in the line: it knows "Hurt/Comfort" for one tag."""
    first = bisect_left(stated, line.value.start)
    return first < len(stated) and stated[first] < line.value.end


def field_of(text: str) -> str:
    """The field of the known key that a block begins with; "" if there is none."""
    return key_of(text, 0, len(text))[0]


def key_of(text: str, start: int, end: int) -> tuple[str, int]:
    """The field of the known key that stands at `start`, and where its value begins; ("", start) if there is none."""
    found = _patterns()[0].match(text, start, end)
    return (keys().get(fold(found.group("key")), ""), found.end()) if found else ("", start)


def starts_header(text: str) -> bool:
    """Whether a block begins with a known key, other than a note's."""
    return field_of(text) not in ("", "note", "other")


def _whole(found: list[HeaderLine], block: Block) -> bool:
    """Whether a block right behind header lines starts with a known key."""
    return found[0].line.start == block.span.start


def _certain(found: list[HeaderLine], number: int, block: Block) -> bool:
    """Two known keys, or one strong one near the top, and not inside of prose."""
    if not found:
        return False
    fields = {line.field for line in found} - {"other"}
    first = found[0].line.start - block.span.start
    if first > 0 and len(fields) < 2:
        return False
    if len(fields) >= 2:
        return True
    return number < FRONT_ALONE and bool(fields & STRONG)


def _lines(draft: Draft, block: Block) -> Iterator[HeaderLine]:
    """Header lines of one block; a value runs on over lines that start no key of their own."""
    text, end = draft.plain, block.span.end
    if block.role is not Role.HEADER:
        end = min(end, block.span.start + LONGEST_RUN)
    _, glued, unknown = _patterns()
    starts = list(_keyed(text, block.span.start, end))
    if starts and len(more := list(glued.finditer(text, block.span.start, end))) >= 2:
        starts = _by_start([*starts, *more])
    if len(starts) >= 2 or (starts and block.role is Role.HEADER):
        starts = _by_start([*starts, *unknown.finditer(text, block.span.start, end)])
    for number, match in enumerate(starts):
        stop = starts[number + 1].start() if number + 1 < len(starts) else end
        value = _trimmed(text, match.end(), min(stop, match.end() + LONGEST_VALUE))
        key = match.group("key").strip()
        yield HeaderLine(key, keys().get(fold(key), "other"), value, Span(match.start(), stop))


_FIRST = re.compile(r"^[^\w\n]*_*(?P<word>[^\W\d_]+)", re.MULTILINE)
_LETTERS = re.compile(r"[^\W\d_]+")


@cache
def _first_words() -> frozenset[str]:
    """The words that keys begin with, in small letters."""
    spelled = (form for key in keys() for form in _spellings(key))
    return frozenset(found.group() for form in spelled if (found := _LETTERS.search(form)))


def _keyed(text: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """The lines that begin with a known key; only those are looked at closely whose first word is one's."""
    line, words = _patterns()[0], _first_words()
    for first in _FIRST.finditer(text, start, end):
        if first.group("word").lower() in words and (found := line.match(text, first.start(), end)):
            yield found


def _by_start(matches: list[re.Match[str]]) -> list[re.Match[str]]:
    """In order, without matches that begin inside of another's key."""
    kept: list[re.Match[str]] = []
    for match in sorted(matches, key=lambda m: (m.start("key"), -m.end())):
        if not kept or match.start("key") >= kept[-1].end():
            kept.append(match)
    return kept


def _trimmed(text: str, start: int, end: int) -> Span:
    """Without the white space and the markup's asterisks around a value."""
    while end > start and text[end - 1] in " \t\n*_":
        end -= 1
    while start < end and text[start] in " \t\n*":
        start += 1
    return Span(start, end)


COMPONENT = Component("header", needs=(), gives=("header",), run=run)
