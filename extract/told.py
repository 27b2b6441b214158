"""Credits that are told and not announced: `Petra removed forty commas`, `found the hole in chapter two`.

Every name of a note is judged by the words around it. Kinds of words are those of data/phrases/work_on_texts.toml; what
they weigh is learned from labelled notes (quality/learn.py writes data/weights/credit.toml).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from ..lexicon import alternation, phrases, tables, weights
from ..model import Span
from ..text import fold
from .cues import cues, other, pattern, sentences
from .gazetteer import given_names
from .handles import evident

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_PRONOUN = re.compile(
    r"[\W_]*(?:she|he|they|both|her|his|their|sie|er|elle|il|ella|él|ele|ela|lei|lui|zij|ze|hij|она|он)\b",
    re.IGNORECASE,
)
_NO_NAME = re.compile(r"(?:P\.?P?\.?S|A\.N|N\.B)\.?(?: .*)?|\d+\w{0,4}|[A-Z]{4,}|\W?\w\W?")
_GERMAN = re.compile(r"\b(?:der|die|das|und|ich|nicht|mir|für|ein|eine|von)\b")
_QUOTED = re.compile(r'"[^"\n]{2,80}"|(?<!\w)\'[^\'\n]{2,60}\'(?!\w)')
_TOKEN = re.compile(r"\S+")
HANDLE = re.compile(r"\w*(?:[_\d]|[a-z][A-Z])\w*")
GERMAN = 4
"""Small German words of a note in which every noun has a capital."""
FURTHER = 2
"""Sentences behind that go on with a pronoun."""
NEXT = 3
"""Words right behind a name."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A name in a note, with what its surroundings say of it."""

    span: Span
    features: frozenset[str]
    sentence: Span
    clause: Span
    """From the name before it in the sentence to the one behind it."""


def candidates(text: str, zone: Span, bound: Sequence[Span]) -> Iterator[Candidate]:
    """Every name of a note that shows by its shape, but for those `bound` to a cue; `text` has straight quotes."""
    is_german = len(_GERMAN.findall(text, zone.start, zone.end)) > GERMAN
    anywhere = {"BOUND IN NOTE"} if any(zone.contains(b) for b in bound) else set()
    held = [Span(*found) for found in sentences(text, zone)]
    for n, sentence in enumerate(held):
        more: list[str] = []
        for following in held[n + 1 : n + 1 + FURTHER]:
            if not _PRONOUN.match(text, following.start, following.end):
                break
            more += _words(text, following.start, following.end)
        said = {f"CUE {cue.role}" for cue in cues(text, sentence.start, sentence.end)}
        said |= anywhere | ({"BOUND ALSO"} if any(sentence.contains(b) for b in bound) else set())
        said |= _kinds("ALSO", _words(text, sentence.start, sentence.end)) | _kinds("THEN", more)
        names = list(_names(text, sentence))
        for m, name in enumerate(names):
            if any(name.overlaps(b) for b in bound):
                continue
            before = names[m - 1].end if m else sentence.start
            behind = names[m + 1].start if m + 1 < len(names) else sentence.end
            ahead, after = _words(text, before, name.start), _words(text, name.end, behind)
            near = {f"< {w}" for w in ahead[-2:]} | {f"> {w}" for w in after[:2]}
            kinds = _kinds("HERE", ahead + after) | _kinds("NEXT", after[:NEXT])
            features = frozenset(said | near | kinds | _shape(text, name, sentence, is_german))
            yield Candidate(name, features, sentence, Span(before, behind))


def _names(text: str, sentence: Span) -> Iterator[Span]:
    """The names of a sentence, without titles of works, cues, tongues, and words that only open it."""
    quoted = [Span(*found.span()) for found in _QUOTED.finditer(text, sentence.start, sentence.end)]
    for run in evident(text, sentence.start, sentence.end):
        name = _within(text, run, sentence)
        words = text[name.start : name.end]
        if any(q.start < name.start and name.end < q.end and len(q) > len(name) + 2 for q in quoted):
            continue
        if pattern().search(words) or other("languages").fullmatch(words) or _NO_NAME.fullmatch(words):
            continue
        if fold(words) in _places():
            continue
        opens = name.start - sentence.start < 3 and words.isalpha() and words[1:].islower()
        if opens and fold(words) in _common():
            continue
        yield name


def _within(text: str, run: Span, sentence: Span) -> Span:
    """The name in a run of capitalised words: its handle, or what stands behind the word that opens a sentence."""
    words = list(_TOKEN.finditer(text, run.start, run.end))
    handles = [w for w in words if HANDLE.fullmatch(w.group())]
    if len(words) > 1 and len(handles) == 1:
        return Span(*handles[0].span())
    opens = run.start - sentence.start < 3 and len(words) > 1 and fold(words[0].group()) in _common()
    return Span(words[1].start(), run.end) if opens else run


@cache
def _places() -> frozenset[str]:
    return frozenset(fold(place) for group in phrases("places").values() for place in group)


@cache
def _common() -> frozenset[str]:
    """Words that open sentences and are no names: those that were learned with a weight of their own."""
    return frozenset(w for w in weights("talk").words if w not in given_names())


def _shape(text: str, name: Span, sentence: Span, is_german: bool) -> set[str]:
    words = text[name.start : name.end]
    found = {"HANDLE" if not words.replace(" ", "").isalpha() else "NAME"}
    if fold(words.split()[0]) in given_names():
        found.add("GIVEN")
    elif is_german and "NAME" in found:
        found.add("NOUN")
    if " " in words:
        found.add("LONG")
    if text[name.end : name.end + 2] in ("'s", "s'"):
        found.add("POSSESSIVE")
    if name.start - sentence.start < 3:
        found.add("FIRST")
    if text[name.end : name.end + 2] == ", ":
        found.add("COMMA")
    return found


def _kinds(where: str, words: list[str]) -> set[str]:
    """The kinds of words of data/phrases/work_on_texts.toml, with where they stand."""
    kinds = _kind_of()
    return {f"{kind.upper()} {where}" for word in words for kind in kinds.get(word, ())}


@cache
def _kind_of() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for kind, group in phrases("work_on_texts").items():
        for word in map(fold, group):
            found[word] = tuple(dict.fromkeys((*found.get(word, ()), kind)))
    return found


def _words(text: str, start: int, end: int) -> list[str]:
    return [fold(w) for w in _WORD.findall(text[start:end])]


def credit(features: frozenset[str]) -> float:
    """Log-odds that somebody is credited with work on the text."""
    return weights("credit").odds(features)


def role(text: str, found: Candidate) -> str:
    """The role that the words around a name tell, those of its clause before those of its sentence."""
    for span in (found.clause, found.sentence):
        named = {cue.role for cue in cues(text, span.start, span.end) if not cue.told}
        if len(named) == 1:
            return named.pop()
        for kind, words in _roles().items():
            if words.search(text, span.start, span.end):
                return kind
    return "beta"


@cache
def _roles() -> dict[str, re.Pattern[str]]:
    told = tables("credits")["told"]
    return {kind: re.compile(rf"(?<!\w){alternation(words)}(?!\w)", re.IGNORECASE) for kind, words in told.items()}
