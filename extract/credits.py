"""Who is credited with work on the text, in which role, and whether anybody read it at all.

Where the text is not story: find the role's cue (cues.py), give the names around it to the nearest cue
(binding.py), then judge the status. Phrases are in data/phrases/credits.toml.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from ..lexicon import WEAK
from ..model import Block, Credit, Layout, Role, Span
from ..text import bare, fold
from . import markers, told
from .binding import Sentence
from .components import Component
from .cues import Cue, checking, cues, other, pattern, plain, roles, sentences, statement
from .draft import Draft, HeaderLine
from .gazetteer import given_names
from .handles import evident, listed
from .header import MAIL_HEADERS
from .notes import words_of

SPOKEN = frozenset("beta thanks note dedication author disclaimer archive other feedback spoilers".split())
"""Header fields whose values are sentences in which somebody may be thanked."""
LEAST_ODDS, SURE_ODDS = -0.1, 1.2
"""Log-odds from which on somebody is credited by what is told, and is so surely."""
BESIDE_TEXT = frozenset(("artist", "cheerleader"))
"""Roles whose credit says nothing against what a note says of its reading."""
ZONES = (Role.NOTE, Role.INLINE_NOTE, Role.HEADER, Role.BYLINE, Role.SIGNATURE, Role.TITLE)
_WORD = re.compile(r"[^\W_]")
_PRONOUN = re.compile(r"^[\W_]*(?:she|he|they|both|sie|er|elle|il|ella|ele|ela|who)\b", re.IGNORECASE)
_YOU = re.compile(r"^[\W_]*you\b", re.IGNORECASE)
_OTHERS = re.compile(r"[,&]|.{40}", re.DOTALL)
_MINE = re.compile(r"\b(?:my|our|meine[rn]?|ma|mi|minha|моей|a)\s+(?:[\w-]+\s+){0,3}b[eê]ta", re.IGNORECASE)
_DONE = re.compile(
    r"(?:(?:^|:)[\W_]*|\b(?:been|was|is|got|getting this|reposted with)\s*)b[eê]ta(?:['’]?e?d|-read|\s+read)\b",
    re.IGNORECASE,
)


def run(draft: Draft) -> None:
    """Claim every credit and the status."""
    zones = [b for b in draft.with_role(*ZONES) if b.rule not in MAIL_HEADERS and not _names_work(draft, b)]
    judge = _Judge(draft, _masked(draft, zones))
    silent = [h.line for h in draft.header if h.field not in SPOKEN]
    for block in zones:
        if any(line.overlaps(block.span) for line in silent) and block.role is Role.HEADER:
            judge.tagged(block.span)
        else:
            judge.zone(block.span)
    for line in draft.header_lines("beta"):
        judge.header(line)
    for block in zones:
        if block.role in (Role.NOTE, Role.INLINE_NOTE):
            judge.told(words_of(draft, block) or block.span)
    for block in zones:
        if block.role in (Role.NOTE, Role.INLINE_NOTE):
            judge.checked(block.span)
    judge.close()


@cache
def _keyed() -> re.Pattern[str]:
    return re.compile(
        rf"(?:{markers.marker().pattern})?[\W_]{{0,30}}(?P<key>{pattern().pattern})(?:\s+by)?[ \t]*[:：][ \t]*",
        re.I | re.M,
    )


@cache
def _further() -> re.Pattern[str]:
    """Another key behind a value: `Beta: X / Brit-picker: Y`."""
    return re.compile(rf"\s*[/;|,]\s*(?={pattern().pattern}[ \t]*[:：])", re.IGNORECASE)


def _names_work(draft: Draft, block: Block) -> bool:
    """Whether a block is a title and no more: "The Beta Problem" credits nobody."""
    named = block.layout is Layout.HEADING or block.rule in ("page", "title.line")
    return block.role is Role.TITLE and named and "\n" not in draft.quote(block.span).strip()


def _masked(draft: Draft, zones: list[Block]) -> str:
    """The text with what is beside the point blanked in the zones, every offset unchanged."""
    pieces, at = [], 0
    for span in sorted((b.span for b in zones), key=lambda s: s.start):
        pieces += [draft.plain[at : span.start], plain(draft.plain[span.start : span.end])]
        at = span.end
    return "".join(pieces) + draft.plain[at:]


class _Judge:
    """Reads the zones one after the other and remembers who was credited and what was said of betas."""

    def __init__(self, draft: Draft, text: str) -> None:
        self.draft = draft
        self.text = text
        self.headed = [h.line for h in draft.header_lines("beta")]
        self.authors = {bare(str(e.value)) for e in draft.claims("authors")}
        self.said: dict[str, Span] = {}
        self.names: list[str] = []
        self.bound: list[Span] = []
        self.credited = False
        self._people: set[str] | None = None

    def zone(self, span: Span) -> None:
        """A note, a header, a byline: sentence by sentence."""
        before: list[Span] = []
        owed: list[Cue] = []
        for start, end in sentences(self.text, span):
            if any(h.start <= start < h.end for h in self.headed) or not _WORD.search(self.text, start, end):
                continue
            if line := self._line(start, end):
                self.header(line)
            else:
                before, owed = self._sentence(start, end, before, owed)

    def _line(self, start: int, end: int) -> HeaderLine | None:
        """A sentence of a note that is a header line: `A/N: Beta: none`."""
        found = _keyed().match(self.text, start, end)
        if not found or fold(found.group("key")) not in roles():
            return None
        return HeaderLine(found.group("key"), "beta", Span(found.end(), end), Span(start, end))

    def tagged(self, span: Span) -> None:
        """A header line that lists: a tag may say that nobody read it, and a line may run on into a credit."""
        self._told(span.start, span.end, cues(self.text, span.start, span.end))
        line = self.text.find("\n", span.start, span.end)
        if line >= 0 and (more := pattern().match(self.text, line + 1, span.end)):
            self.zone(Span(more.start(), span.end))

    def _told(self, start: int, end: int, found: list[Cue]) -> bool:
        """Whether the sentence says that nobody, or the author alone, read it, or asks for somebody."""
        told = statement(self.text, start, end, found)
        if told:
            self.said.setdefault(*told)
        return told is not None

    def _sentence(self, start: int, end: int, before: list[Span], owed: list[Cue]) -> tuple[list[Span], list[Cue]]:
        """Returns the names seen here and the cues that found none, for the sentence behind."""
        found = cues(self.text, start, end)
        sentence = Sentence(self.text, start, end, found)
        names = list(dict.fromkeys(sentence.thanked())) or list(evident(self.text, start, end))
        for span in sentence.presented() if owed else ():
            self._credit(span, owed[0].role, "credits.next-sentence", 0.75)
        if self._told(start, end, found) or not found:
            return names, []
        bound = [(b.span, b.role, b.rule, b.confidence) for b in sentence.bound()]
        if not bound and before and _YOU.match(self.text[start:end]):
            bound = [(before[0], found[0].role, "credits.you", 0.75)]
        if not bound and before and _PRONOUN.match(self.text[start:end]):
            bound = [(span, found[0].role, "credits.pronoun", 0.8) for span in before[-2:]]
        for credit in bound:
            self._credit(*credit)
        unnamed = any(c.role == "beta" for c in found) and self._unnamed(start, end)
        if not bound and (unnamed or sentence.by_kin()):
            self.credited = True
            self.said.setdefault("credited", Span(found[0].start, found[0].end))
        return names, [] if bound else found

    def told(self, zone: Span) -> None:
        """Who is credited in a note by what is told of them, in sentences that no cue explains."""
        for found in told.candidates(self.text, zone, tuple(self.bound)):
            name = bare(self.draft.quote(found.span))
            if name in self.authors or any(_is_part(name, known) for known in self.names):
                continue
            odds = told.credit(found.features)
            if odds > LEAST_ODDS and not self._of_story(self.draft.quote(found.span)):
                self._credit(found.span, told.role(self.text, found), "credits.told", 0.5 if odds < SURE_ODDS else 0.75)

    def checked(self, zone: Span) -> None:
        """What a note says of its reading in words of its own, where nothing else was said."""
        for start, end in sentences(self.text, zone) if not self.said.keys() - {"credited"} else ():
            if said := checking(self.text, start, end):
                self.said.setdefault(*said)

    def _of_story(self, name: str) -> bool:
        """Whether somebody of the story is called so, or of its fandom, or of any if nobody else is."""
        if self._people is None:
            fandoms = {str(e.value) for e in self.draft.claims("fandoms")}
            aliases = (a for title in fandoms for a in self.draft.lexicon.aliases_of.get(title, ()))
            self._people = {" ".join(alias.words) for alias in aliases}
        known = self.draft.lexicon.aliases.named.get(tuple(fold(name).split()), ())
        famous = any(alias.strength > WEAK for alias in known) and fold(name) not in given_names()
        if famous or fold(name) in self._people or bare(name) in self.draft.lexicon.owners:
            return True
        named = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
        return any(named.search(self.text, b.span.start, b.span.end) for b in self.draft.with_role(Role.STORY))

    def _unnamed(self, start: int, end: int) -> bool:
        """`thank you to my beta`, `beta'd`, `one of my betas`: somebody did it, without a name."""
        words = self.text[start:end]
        return bool(_MINE.search(words) or _DONE.search(words))

    def _credit(self, span: Span, role: str, rule: str, confidence: float) -> None:
        name = self.draft.quote(span)
        if any(bare(name) in (known.split()[0], known.split()[-1]) for known in self.names if " " in known):
            return
        self.names.append(bare(name))
        self.bound.append(span)
        if bare(name) in self.authors:
            self.said.setdefault("self", span)
            return
        self.credited |= role not in BESIDE_TEXT
        self.said.setdefault("credited", span)
        self.draft.claim("betas", Credit(" ".join(name.split()).lstrip("@"), role), span, rule, confidence)

    def header(self, line: HeaderLine) -> None:
        """`Beta: X and Y`; a role in brackets behind a name, or a cue within the value, says more."""
        given = [role for role in (roles().get(fold(c)) for c in _key_words(line.key)) if role] or ["beta"]
        start, end = line.value.start, line.value.end
        value = self.text[start:end]
        if other("none").match(value.lstrip(" \t*_([-")):
            seeking = other("wanted").search(value) or other("wish").search(value)
            self.said.setdefault("seeking" if seeking else "unbetaed", Span(start, end))
            return
        if (alone := other("author").match(value)) and not _OTHERS.search(value, alone.end()):
            self.said.setdefault("self", Span(start, end))
            return
        found = cues(self.text, start, end)
        if self._told(start, end, found):
            return
        stop = next(sentences(self.text, Span(start, end)))[1]
        if more := _further().search(self.text, start, stop):
            stop = more.start()
        if not self._listed(start, stop, found, given):
            self._free(line, start, end)
        elif stop < end:
            self.zone(Span(stop, end))

    def _listed(self, start: int, end: int, found: list[Cue], given: list[str]) -> bool:
        """Credit the names that a header's value lists; False if it is a sentence."""
        first = list(listed(self.text, start, end))
        if not first and found:
            return False
        names = [*first, *(s for s in evident(self.text, start, end) if not any(s.overlaps(f) for f in first))]
        names.sort(key=lambda s: s.start)
        for number, span in enumerate(names):
            if any(span.start < c.end and c.start < span.end for c in found):
                continue
            stop = names[number + 1].start if number + 1 < len(names) else end
            near = [c for c in found if span.end <= c.start < min(stop, span.end + 25)]
            near += [c for c in found if 0 <= span.start - c.end < 12]
            for role in [near[0].role] if near else given:
                self._credit(span, role, "header.beta", 0.95)
        return bool(names)

    def _free(self, line: HeaderLine, start: int, end: int) -> None:
        """A header's value that lists nobody: read as a sentence; whatever it says, somebody did it."""
        self.headed = [h for h in self.headed if h != line.line]
        self.zone(Span(start, end))
        if not self.said and self.text[start:end].strip():
            self.credited = True
            self.said.setdefault("credited", Span(start, end))

    def close(self) -> None:
        """Claim the one status that all that was said comes to."""
        order = ["self", "seeking", "unbetaed"]
        order.insert(0 if self.credited else len(order), "credited")
        for status in order:
            if status in self.said:
                self.draft.claim("beta_status", status, self.said[status], "credits.status", 0.9)
                return


def _is_part(name: str, known: str) -> bool:
    """Whether one of two names is in the other, word by word."""
    return f" {name} " in f" {known} " or f" {known} " in f" {name} "


def _key_words(key: str) -> Iterator[str]:
    for word in re.split(r"\s*(?:/|&|\band\b)\s*", re.sub(r"\s*(?:\(s\)|by|von|par|por)\s*$", "", key.lower())):
        yield word.strip()


COMPONENT = Component(
    "credits", needs=("header", "segments", "authors", "fandoms"), gives=("betas", "beta_status"), run=run
)
