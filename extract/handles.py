"""The names under which people are thanked: handles of every shape, and lists of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from ..lexicon import alternation, phrases, tables
from ..model import Span
from ..text import fold

_REST = r"[\w'’.-]{0,60}"
"""The rest of a word of a name: bounded, as hostile text may be one long word."""
_CAP = rf"[^\W\d_a-zà-öø-ÿа-яёα-ω]{_REST}"
_CONNECT = r"(?:of|the|de|la|le|van|von|der|du|da|del|ap|with|from|&)"
_STRONG_HANDLE = (
    rf"(?:@[a-zA-Z][\w.-]{{1,60}}|[@~]?(?={_REST}[a-zA-Z])"
    rf"(?:{_REST}[_\d]{_REST}|[a-z]{{1,30}}(?:-[a-z]{{1,30}}){{2,9}}|[A-Z]?[a-z]{{1,30}}[A-Z][\w'’-]{{0,60}}))"
)
_CONTRACTED = re.compile(
    r"\w+'(?:m|ve|d|ll|re|t)|[a-z]{1,2}'[a-z]+|(?:it|that|he|she|there|here|what|who|world|let|one|year|day|week)'s|[\d/.-]+"
)
_FOLLOWS_NAME = re.compile(
    r"\s*(?:[,.!;:?)\n&+\](<-]|–|—|\Z|(?:for|who|and|und|et|y|e|was|is|has|did|whose|beta\w*|on|who's|too|again|this|both)\b)"
)
_PLAIN = r"(?P<plain>(?<![\w'’.@~-])(?:[a-z]++(?:[\s,;:!?]++|\Z))++)"
"""Small words in a row: no name begins among them, which takes long to find out at every letter."""
_POSSESSIVE_HANDLE = r"[\w-]+['’]s\s+[a-z]+"


@cache
def _shapes() -> re.Pattern[str]:
    """A handle that nothing else looks like, or a run of capitalised words with a title before it; or plain words."""
    titles = alternation(tables("credits")["other"]["titles"])
    return re.compile(
        rf"{_PLAIN}|{_STRONG_HANDLE}|(?:(?:The|{titles})\s+)?{_CAP}(?:\s+(?:{_CONNECT}\s+){{0,2}}{_CAP}"
        rf"|\s+[\"“][\w .-]{{2,20}}[\"”](?=\s+{_CAP})){{0,4}}(?:\s+\d+\w*)?"
    )


@cache
def _handle() -> re.Pattern[str]:
    return re.compile(rf"(?<!\S){_STRONG_HANDLE}")


@cache
def _nobody() -> frozenset[str]:
    return frozenset(map(fold, (*tables("credits")["other"]["nobody"], *phrases("names")["starters"])))


def is_name(text: str) -> bool:
    """Whether a candidate can be somebody."""
    if re.fullmatch(r"[A-Z]\.", text):
        return True
    folded = fold(text).strip(".,!?:;'\"()")
    if _CONTRACTED.fullmatch(folded):
        return False
    return (
        len(folded) > 1 and folded not in _nobody() and bool(re.search(r"[^\W_]", folded)) and len(folded.split()) <= 6
    )


def trimmed(text: str, start: int, end: int) -> Span | None:
    """A candidate without the words and signs around it that are no part of a name; None if nothing stays."""
    while start < end and (text[start].isspace() or text[start] in "\"“”'‘(*[<:,;-–—~"):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in "\"“”’'*)]>,;:!?-–—~…&+"):
        end -= 1
    while (
        end > start
        and text[end - 1] == "."
        and not re.search(r"(?:^|\s)\w\.$|^(?:\w\.)+$|[\s.][A-Z]\.$", text[start:end])
    ):
        end -= 1
    words = list(re.finditer(r"\S+", text[start:end]))
    while words and _empty(words[0].group(), rest=len(words)):
        words.pop(0)
    while words and _empty(words[-1].group(), rest=1) and not (len(words) > 1 and words[-1].group()[0].isupper()):
        words.pop()
    if not words:
        return None
    if words[0].start() and len(words) > 1:  # something was in front: "the long-suffering Dot"
        while len(words) > 1 and words[0].group().replace("-", "").islower() and words[-1].group()[0].isupper():
            words.pop(0)
    span = Span(start + words[0].start(), start + words[-1].end())
    if text[span.end - 2 : span.end] in ("'s", "’s") and text[span.start].isupper():
        span = Span(span.start, span.end - 2)
    return span if is_name(text[span.start : span.end]) else None


def _empty(word: str, rest: int) -> bool:
    """A word that no name begins or ends with; "The" may begin one when more follows."""
    folded = fold(word).strip(".,!?:;'\"()*")
    titled = rest > 1 and (word in ("The", "A") or word in tables("credits")["other"]["titles"])
    return folded in _nobody() and not titled


def evident(text: str, start: int, end: int) -> Iterator[Span]:
    """Names that show by their own shape: handles with digits or underscores, capitalised runs."""
    taken = start
    for found in _shapes().finditer(text, start, end):
        at, to = found.span()
        if at < taken or found["plain"]:
            continue
        span = trimmed(text, at, to)
        if span:
            taken = span.end
            yield span


_JOINT = re.compile(
    r"(?:\s{0,8},)?\s{1,20}(?:and|und|et|y|e|&|\+|og|en|и)\s{1,20}(?:also\s{1,20})?(?:to\s+|an\s+|à\s+|a\s+)?"
    r"|\s{0,8}[,;&+]\s{1,20}(?:and\s+|und\s+|et\s+|y\s+)?",
    re.IGNORECASE,
)
_STOP = re.compile(
    r"[!?…]|\n\s*\n|\s/\s|(?<!\bMr)(?<!\bMs)(?<!\bDr)(?<!\bMrs)(?<!\b[A-Z])\.(?:\s|$)|\s[-–—]{1,2}\s|\s(?:for|who|whose|whom|which|that|has|have|had|is|was|were|did|does|because|as|in|on|at|with|without|from|when|while|where|if|so|but|"
    r"again|once|too|all|both|this|these|it|made|makes|told|said|says|also|gave|give|caught|kept|helped|supplied|provided|went|got|took|thank|thanks|to\s+whom|"
    r"who's|she|he|they|i|any|one|über|für|fürs|pour|por|para|qui|que|die|der|das|mit|per|которая|который|за|beta\w*|aka|cheer\w*|read|reading|looked|checked|did)\b|[(\[<:]|$",
    re.IGNORECASE,
)


def listed(text: str, start: int, end: int, *, small: bool = True) -> Iterator[Span]:
    """Names in a slot that is known to hold them ("betaed by ..."), as far as the list goes.

    `small`: a plain lower-case word may be one, if what follows is what follows a name.
    """
    whole = end
    stop = _STOP.search(text, start, end)
    end = stop.start() if stop else end
    parts = [*_split(text, start, end)]
    for number, (at, to) in enumerate(parts):
        span = trimmed(text, at, to)
        if span is None:
            if number:
                return
            small = False  # "my editor and partner"
            continue
        words = text[span.start : span.end].split()
        plain = len(words) == 1 and words[0].replace("-", "", 1).isalpha() and words[0].islower()
        if plain and not (
            small
            and not text[at : span.start].strip(" \t*\"'(")
            and (_FOLLOWS_NAME.match(text, span.end, whole) or _STOP.match(text, span.end, whole))
        ):
            return
        looks = bool(next(evident(text, span.start, span.end), None)) or re.fullmatch(
            _POSSESSIVE_HANDLE, " ".join(words)
        )
        if len(words) > 1 and not looks and not (number and _coherent(words)):
            return
        if len(words) > 1 and not _coherent(words):
            first = next(evident(text, span.start, span.end), None)
            last = next((m for m in _handle().finditer(text, span.start, span.end) if m.end() == span.end), None)
            if last:
                yield Span(*last.span())
            elif first and (first.start == span.start or text[span.start : first.start].count(" ") == 1):
                yield first
            return
        yield span


def _coherent(words: list[str]) -> bool:
    """All words of a name are capitalised, connect others, or belong to a handle with an apostrophe."""
    small = [
        w
        for w in words
        if w[:1].islower() and fold(w) not in ("of", "the", "de", "la", "le", "van", "von", "der", "du", "da", "ap")
    ]
    return not small or (("'" in words[0] or "’" in words[0]) and len(words) <= 3)


def _split(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    at = start
    for joint in _JOINT.finditer(text, start, end):
        if joint.start() > at:
            yield at, joint.start()
        at = joint.end()
    yield at, end
