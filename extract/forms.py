"""A capitalised run taken apart: words that only open the sentence, titles of honour, the name itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache

from ..lexicon import phrases
from ..text import fold
from .gazetteer import given_names
from .mentions import Mentions, Seen, cue_words, words_of

LONGEST = 4
"""Words of a name without its titles; what is longer is a heading."""


@dataclass(slots=True)
class Form:
    """A name as the story writes it: its words, the title before it, the gender that title tells.

    `shouted`: seen in capitals only.
    """

    words: tuple[str, ...]
    text: str
    title: str = ""
    gender: str = ""
    seen: Seen = field(default_factory=lambda: Seen(0, 0))
    shouted: bool = True

    @property
    def display(self) -> str:
        """As the story says it, title and all."""
        return f"{self.title} {self.text}" if self.title else self.text


@cache
def starters() -> frozenset[str]:
    """Words that open a sentence and are never names."""
    return frozenset(phrases("names")["starters"])


@cache
def titles() -> dict[str, str]:
    """Folded title of honour -> gender that it tells ("" if none)."""
    groups = phrases("titles_of_honour")
    genders = (("male", "m"), ("female", "f"), ("either", ""))
    return {fold(t).rstrip("."): gender for group, gender in genders for t in groups[group]}


@cache
def _civil() -> frozenset[str]:
    return frozenset(fold(t) for t in phrases("titles_of_honour")["civil"])


def is_civil(title: str) -> bool:
    """Does nothing but a name follow this title ("Mrs")? A rank may stand before much else ("General Staff")."""
    return fold(title).rstrip(".") in _civil()


@cache
def place_nouns() -> frozenset[str]:
    """Folded words that make a name one of a place or a thing: "Street", "Hotel"."""
    return frozenset(fold(w) for w in phrases("places")["nouns"])


@cache
def _epithets() -> frozenset[str]:
    return frozenset(fold(e) for e in phrases("titles_of_honour")["epithets"])


@cache
def _suffixes() -> frozenset[str]:
    return frozenset(fold(e) for e in phrases("titles_of_honour")["suffixes"])


@cache
def _particles() -> frozenset[str]:
    return frozenset(w for p in phrases("names")["particles"] for w in p.split())


def uncapped(surface: str) -> str:
    """A word in capitals as a name is written; "MJ" and "EDI" stay for those who know them."""
    if not surface.isupper() or sum(c.isalpha() for c in surface) < 3:
        return surface
    return surface.title()


def forms(mentions: Mentions, taken: Iterable[str]) -> dict[tuple[str, ...], Form]:
    """(title's gender or "", *folded words) -> Form, of all runs but those in `taken` and the mere openers."""
    skip = frozenset(taken) | _openers(mentions)
    found: dict[tuple[str, ...], Form] = {}
    for surface, seen in mentions.runs.items():
        if surface in skip:
            continue
        for form, opener in taken_apart(surface, mentions.folded[surface]):
            key = (form.title and (form.gender or "t"), *form.words)
            known = found.setdefault(key, form)
            offset = surface.find(form.text.split(" ", 1)[0]) if not surface.isupper() else 0
            start = seen.start + max(0, offset)
            if not known.seen.count or start < known.seen.start:
                known.seen.start, known.seen.end = start, min(seen.end, start + len(form.text))
            known.seen.absorb(seen, inside=bool(opener))
            _opened(known.seen, opener, seen.count)
            known.shouted &= surface.isupper()
            known.title = known.title or form.title
    return found


def _openers(mentions: Mentions) -> frozenset[str]:
    """Runs of one word that nothing marks as a name, in no other run either; most of those that open a sentence.

    Names.points can only refuse them, and nobody asks why: half the forms of a story need not be made.
    """
    runs = Counter([word.strip(".") for words in mentions.folded.values() for word in words])
    given = given_names()
    return frozenset(
        surface
        for surface, words in mentions.folded.items()
        if len(words) == 1
        and runs[word := words[0].strip(".")] == 1
        and not mentions.runs[surface].is_marked
        and word not in given
    )


def _opened(seen: Seen, opener: str, count: int) -> None:
    """Count what the word that opens a sentence says about the name behind it: "The Poet", "In Paris"."""
    cues = cue_words()
    if opener in cues.articles:
        seen.article += count
    elif opener in cues.place:
        seen.place += count
    elif opener in cues.goal:
        seen.goal += count


def taken_apart(surface: str, folded: list[str]) -> list[tuple[Form, str]]:
    """The names in a run, each with the word of the run before it ("" if it begins the run)."""
    tokens = uncapped(surface).split()
    if len(tokens) == len(folded) == 1:
        return [(form, "")] if (form := _single(tokens[0], folded[0])) else []
    if not surface.isupper() and len(tokens) > 2:
        tokens = _without_heading(tokens)
        folded = words_of(" ".join(tokens))
    found: list[tuple[Form, str]] = []
    at = 0
    while at < len(tokens):
        last = at
        while last < len(tokens) and not _opens(folded, last, at):
            if at < last < len(tokens) - 1 and _title_starts(folded, last):
                break
            last += 1
        if last > at and (form := _form(tokens[at:last], folded[at:last])):
            found.append((form, folded[at - 1] if at else ""))
        at = last if last > at and last < len(tokens) and _title_starts(folded, last) else max(last, at) + 1
    return found


def _without_heading(tokens: list[str]) -> list[str]:
    """Without the words in capitals of a heading that runs into the first sentence."""
    loud = 0
    while loud < len(tokens) and tokens[loud].isupper() and len(tokens[loud]) != 2:
        loud += 1
    return tokens[loud:] if loud > 1 or (loud and len(tokens[0]) == 1) else tokens


def _title_starts(folded: list[str], at: int) -> bool:
    """A title in the midst of a run belongs to the next name: "Biddy, Mrs Gildea" without the comma."""
    return folded[at].rstrip(".") in titles() and folded[at - 1].rstrip(".") not in (titles().keys() | _epithets())


def _opens(folded: list[str], at: int, first: int) -> bool:
    """Does a word cut a run, as in "Then Spike"? Titles before a name and what belongs into one do not."""
    word = folded[at]
    if word not in starters() or (word.rstrip(".") in titles() and at + 1 < len(folded)):
        return False
    if at and is_civil(folded[at - 1]):
        return False  # "Mrs. Long"
    return at == first or not (word in _particles() or word in place_nouns())


def _single(token: str, word: str) -> Form | None:
    """What `_form` makes of a run of one word, as most are."""
    if word in starters() or word in _particles():
        return None
    word = word.strip(".")
    return Form((word,), token, gender=given_names().get(word, ""))


def _form(tokens: list[str], folded: list[str]) -> Form | None:
    """One stretch of names: titles off, suffixes off."""
    at, gender = 0, ""
    title: list[str] = []
    while at < len(folded):
        word = folded[at].rstrip(".")
        if word in titles() and (at + 1 < len(folded) or title):
            gender = titles()[word] or gender
            title.append(tokens[at])
        elif not (word in _epithets() and at + 1 < len(folded)):
            break
        at += 1
    last = len(folded)
    while last > at and folded[last - 1] in _particles():
        last -= 1
    if title and at < last and folded[at] == "of":
        at, title = 0, []  # "Prince of Wales"
    while at < last and folded[at] in _particles() and tokens[at].islower():
        at += 1
    named = last
    while named - 1 > at and folded[named - 1] in _suffixes():
        named -= 1
    words = tuple(w.strip(".") for w in folded[at:named])
    if not words or len(words) - sum(w in _particles() for w in words) > LONGEST:
        return None
    text = " ".join(tokens[at:last])
    return Form(words, text, " ".join(title), gender or given_names().get(words[0], ""))
