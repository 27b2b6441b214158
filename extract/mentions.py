"""Every capitalised run of the story's prose, counted once with what stands around it.

One pass of one regex over the STORY blocks; nothing here knows who is a person. Later questions (fandoms,
characters) read these counts and never the text again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import chain

from ..lexicon import alternation, phrases
from ..model import Block, Role, Span
from ..text import fold, straighten_same_length
from .components import Component
from .draft import Draft

UPPER = "".join(c for c in map(chr, range(0x41, 0x530)) if c.isupper())
"""The capitals of Latin, Greek and Cyrillic script."""
LONGEST_RUN = 7
"""Words of a name with all its titles; longer runs are headings and shouting."""
MOST_SURFACES = 50_000
"""Different runs that are counted; no story has as many, hostile input may."""
_END = frozenset(".!?:*_([{/|~-'\x01")
NOUNS = 0.08
"""Capitals in mid-sentence for each word, from which on they may be those of all nouns."""
_GLUED = "\x01\"'-\u2014\u2013(*_"
_VOCATIVE_BEFORE = frozenset(',"\x01')
_VOCATIVE_AFTER = frozenset(',.!?;"-')
TURN = "\x01"
"""Stands for a dash that opens or closes speech."""


@dataclass(slots=True)
class Seen:
    """How often a run occurs and where.

    `mid` in the middle of a sentence, `quoted` in speech, `said` beside a verb of speech, `acted` before a
    verb of action or beside a quotation, `told` before "had" or "would", `towards` as the object of a look or
    touch, `called` in address, `owner` with 's, `article` behind "the" or "a", `place` behind "in" or "from",
    `part` behind "of", `goal` behind "to" or "at", `subject` before any verb that can be told by its form,
    `kin` behind "aunt" or "called".
    """

    start: int
    end: int
    count: int = 0
    mid: int = 0
    quoted: int = 0
    said: int = 0
    acted: int = 0
    told: int = 0
    towards: int = 0
    called: int = 0
    owner: int = 0
    article: int = 0
    place: int = 0
    part: int = 0
    subject: int = 0
    kin: int = 0
    goal: int = 0
    last: int = 0

    @property
    def is_marked(self) -> bool:
        """Does anything that speaks for a person's name stand beside it?"""
        beside = self.mid or self.said or self.subject or self.told or self.kin or self.called or self.owner
        return beside > 0

    def absorb(self, other: Seen, *, inside: bool = False) -> None:
        """Add the counts of `other`; `inside`: as part of a longer run, so in mid-sentence."""
        self.count += other.count
        self.mid += other.count if inside else other.mid
        self.quoted += other.quoted
        self.said += other.said
        self.acted += other.acted
        self.told += other.told
        self.towards += other.towards
        self.called += other.called
        self.owner += other.owner
        self.article += 0 if inside else other.article
        self.place += 0 if inside else other.place
        self.part += 0 if inside else other.part
        self.subject += other.subject
        self.kin += 0 if inside else other.kin
        self.goal += 0 if inside else other.goal
        self.last = max(self.last, other.last)


@dataclass(slots=True)
class Mentions:
    """Surface of a run -> how it occurs, and its words folded; `ego` counts the narrator's "I", `spans` are the
    stretches of story, `lower` the words that it writes small; `nouns`: its language writes every noun with a
    capital.
    """

    runs: dict[str, Seen] = field(default_factory=dict)
    folded: dict[str, list[str]] = field(default_factory=dict)
    ego: int = 0
    spans: list[Span] = field(default_factory=list)
    lower: frozenset[str] = frozenset()
    nouns: bool = False
    words: int = 0


@cache
def _run() -> re.Pattern[str]:
    """A quotation mark, or a capitalised run with the possessive and the word behind it.

    Begins with one set of characters, which the regex engine looks for fastest.
    """
    titles = {t for group in phrases("titles_of_honour").values() for t in group if t.endswith(".")}
    titles |= set(phrases("names")["abbreviated"])
    dotted = "|".join(rf"(?<=\b{re.escape(t)})" for t in sorted(titles) if " " not in t)
    tail = r"\w*+(?:['\-](?!(?:s|d|ll|re|ve|m|S|D|LL|RE|VE|M)\b)\w++){0,4}"
    dot = rf"(?:\.(?:{dotted}|(?<=\b[{UPPER}]\.)))?"
    particle = alternation(phrases("names")["particles"])
    gap = r"(?:[ ]|[ \t]*\n[ \t]*(?!\n))"
    more = rf"(?:{gap}(?:{particle}{gap})?(?!I\b)[{UPPER}]{tail}{dot}){{0,{LONGEST_RUN - 1}}}"
    return re.compile(
        rf"([\"{TURN}{UPPER}](?:(?<=[\"{TURN}])|(?<!\w[{UPPER}])(?<!\w'[{UPPER}]){tail}{dot}{more}))"
        r"('s?(?!\w))?(?:[ \n]([a-zà-ÿ]\w*)| ?(?=([^\w\s])))?"
    )


@dataclass(frozen=True, slots=True)
class Cues:
    """Words beside a run that say something about it."""

    said: frozenset[str]
    acted: frozenset[str]
    told: frozenset[str]
    towards: frozenset[str]
    place: frozenset[str]
    articles: frozenset[str]
    verbs: frozenset[str]
    kin: frozenset[str]
    goal: frozenset[str]


@cache
def cue_words() -> Cues:
    """The words of data/phrases that stand beside names."""
    speech = phrases("speech")
    groups = (speech["said"], speech["acted"], speech["told_of"], speech["towards"], phrases("places")["before"])
    said, acted, told, towards, place = map(frozenset, groups)
    verbs = said | acted | told | frozenset(speech["verbs"])
    names, goal = phrases("names"), frozenset(phrases("places")["goal"])
    return Cues(
        said,
        acted,
        told,
        towards,
        place,
        frozenset(names["articles"]),
        verbs,
        frozenset(names["kin"]) | frozenset(speech["objects"]),
        goal,
    )


@cache
def _suffix() -> re.Pattern[str]:
    return re.compile(rf"-(?:{'|'.join(phrases('titles_of_honour')['japanese'])})$")


def words_of(surface: str) -> list[str]:
    """The folded words of a run, without "-chan" and its like."""
    folded = fold(surface)
    if "-" in folded:
        return [_suffix().sub("", w) for w in folded.split()]
    return folded.split()


def run(draft: Draft) -> None:
    """Count the runs of all STORY blocks into `draft.mentions`."""
    draft.mentions = collect(draft, frozenset())


def collect(draft: Draft, small: frozenset[str]) -> Mentions:
    """The runs of the story; words in `small` count as capitalised (stories that use no capitals)."""
    found = Mentions()
    blocks = [b for b in draft.segments if b.role is Role.STORY]
    found.spans = list(stretches(blocks))
    text = _speech_marked(_with_dashes(draft), blocks)
    if small:
        pattern = re.compile(rf"(?<!\w){alternation(small)}(?!\w)")
        text = pattern.sub(lambda m: m[0].title() if len(m[0].title()) == len(m[0]) else m[0], text)
    for block in blocks:
        _scan(text, block.span, found)
    prose = [text[s.start : s.end] for s in found.spans]
    found.words = sum(p.count(" ") + p.count("\n") for p in prose)
    found.lower = _small_words(prose)
    found.folded = {surface: words_of(surface) for surface in found.runs}
    found.nouns = _nouns_are_capital(found)
    return found


def _nouns_are_capital(found: Mentions) -> bool:
    """Is every third capital in mid-sentence behind an article, as in German?"""
    inside = sum(seen.mid for seen in found.runs.values())
    return (
        inside > 20 and 3 * sum(seen.article for seen in found.runs.values()) > inside and inside > found.words * NOUNS
    )


_SMALL = frozenset(map(chr, (*range(ord("a"), ord("z") + 1), *range(ord("à"), ord("ÿ") + 1))))
_LOWER = re.compile(r"\b[a-zà-ÿ][\w']*+")


def _small_words(prose: list[str]) -> frozenset[str]:
    """The words that begin with a small letter; only those beside signs are looked at closely."""
    found = set(chain.from_iterable(map(str.split, prose)))
    letters = set(filter(str.isalpha, found))
    return frozenset(word for word in letters if word[0] in _SMALL).union(_LOWER.findall(" ".join(found - letters)))


def _with_dashes(draft: Draft) -> str:
    """The text with straight quotes and its long dashes kept, which unlike hyphens part words."""
    if any(dash in draft.text for dash in _LONG_DASHES):
        text = draft.text
        for typographic, straight in _QUOTES:
            text = text.replace(typographic, straight)
        return text
    return draft.plain.replace("--", "\u2014\u2014") if "--" in draft.plain else draft.plain


_LONG_DASHES = "\u2013\u2014\u2015"
_QUOTES = tuple((c, straighten_same_length(c)) for c in "‘’‚‛´`ʼ′“”„‟«»″\u00a0\u202f\u2009")


def stretches(blocks: Iterable[Block]) -> Iterator[Span]:
    """The blocks' spans, neighbours joined."""
    start = end = -1
    for block in blocks:
        if block.span.start != end:
            if end > start:
                yield Span(start, end)
            start = block.span.start
        end = block.span.end
    if end > start:
        yield Span(start, end)


_OPENS = re.compile(rf"(?<![\w'])'(?=[{UPPER}]\w*[ ,.!?'])")
_SINGLE = re.compile(
    r"(?<!\w)'(?!(?:cos|cause|em|til|bout|tis|twas|round|n|s|d)\b)(?=[\w.])|(?<=[,.!?\-])'(?!\w)", re.IGNORECASE
)
_DASHES = re.compile(r"(?m)^[ \t]*[-–—](?=\s?[\w¿¡])|(?<= )[-–—](?=[\w ])|(?<=[\w.,!?])[-–—](?=[ ,.;])")


_DASH = frozenset("-\u2013\u2014")


def _speech_marked(text: str, blocks: list[Block]) -> str:
    """`text`, offsets unchanged, with double quotes for single ones and TURN for dashes, where those mark speech."""
    if not blocks:
        return text
    head, tail = blocks[0].span.start, blocks[-1].span.end
    doubles = text.count('"', head, tail)
    if doubles * 3000 > tail - head:
        return text
    if len(_OPENS.findall(text, head, min(tail, head + 100_000))) >= 3:
        return text[:head] + _SINGLE.sub('"', text[head:tail]) + text[tail:]
    dashed = sum(text[b.span.start : b.span.start + 3].lstrip()[:1] in _DASH for b in blocks)
    if dashed >= 3:
        return text[:head] + _DASHES.sub(lambda m: m[0][:-1] + TURN, text[head:tail]) + text[tail:]
    return text


def _scan(text: str, block: Span, found: Mentions) -> None:
    """Count the runs of one block; a quotation open at its end ends with it."""
    cues, runs, quoted, begin = cue_words(), found.runs, False, block.start
    for match in _run().finditer(text, begin, block.end):
        surface, owner, after, mark = match.groups()
        start = match.start()
        if surface == '"' or surface == TURN:
            quoted = _opens(text, start, begin) if surface == '"' else not quoted
            continue
        if surface == "I":
            found.ego += not quoted
            continue
        seen = runs.get(surface)
        if seen is None:
            if len(runs) >= MOST_SURFACES:
                continue
            seen = runs[surface] = Seen(start, start + len(surface))
        seen.count += 1
        seen.last = start
        if owner:
            seen.owner += 1
        at = start - 1
        while at > begin and text[at] in " \n\t*_":
            at -= 1
        before = text[at] if at >= begin else ""
        _followed(seen, after, mark, before, quoted, cues)
        if before.isalpha() or before == "," or (before == "'" and text[at - 1].isalpha()):
            _preceded(seen, text[max(begin, at - 13) : at + 1], quoted, cues)
        elif before and before not in _END and not (before == '"' and quoted):
            seen.mid += before != '"' or text[at - 1] == ","


def _followed(seen: Seen, after: str | None, mark: str | None, before: str, quoted: bool, cues: Cues) -> None:
    """Count what the word or mark behind a run says about it; `before` is the character in front."""
    if after and (after in cues.verbs or after.endswith("ed")):
        seen.subject += 1
    if quoted:
        seen.quoted += 1
        if mark and mark in _VOCATIVE_AFTER and (not before or before in _VOCATIVE_BEFORE):
            seen.called += 1
    elif after in cues.said or (mark == ":" and not before):
        seen.said += 1
    elif after in cues.acted or (before == '"' and after and after not in cues.told):
        seen.acted += 1
    elif after in cues.told:
        seen.told += 1


def _preceded(seen: Seen, ahead: str, quoted: bool, cues: Cues) -> None:
    """Count what the last word of `ahead`, before a run in mid-sentence, says about it."""
    word = ahead.rpartition(" ")[2].rpartition("\n")[2].lstrip(_GLUED)
    seen.mid += 1
    if word in cues.goal:
        seen.goal += 1
    if word in cues.articles or word.endswith("'s"):
        seen.article += 1
    elif word in cues.place:
        seen.place += 1
    elif word == "of":
        seen.part += 1
    elif word in cues.kin or "name" in ahead:
        seen.kin += 1
    if quoted:
        return
    if word in cues.said:
        seen.said += 1
    elif word in cues.towards:
        seen.towards += 1


def _opens(text: str, at: int, begin: int) -> bool:
    """Does the quotation mark at `at` open speech? Told by the white space beside it."""
    before = text[at - 1] if at > begin else " "
    after = text[at + 1 : at + 2] or " "
    return before in " \n\t([{-*_" and not after.isspace() if before in " \n\t" or after.isspace() else after.isalnum()


COMPONENT = Component("mentions", needs=("segments",), gives=("mentions",), run=run)
