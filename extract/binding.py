"""Who did what: the names around the cues of one sentence, each given to the cue that it belongs to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from ..lexicon import alternation, tables
from ..model import Span
from .cues import Cue
from .handles import evident, listed, trimmed

CALLED = 40
"""Characters at the beginning of a sentence within which somebody is spoken to."""
BEFORE = 160
"""Characters before a cue in which its subject may begin."""
NEAR = 16
"""Characters between a cue and a name that no phrase ties to it."""
_CLAUSE = re.compile(
    r"\s{0,2}(?:;|,?\s+(?:and|und|et|y|e|und auch)\s+(?=(?:to|à|an|für|a)\s)|,\s+(?=(?:to|à)\s)|"
    r",\s+(?=[^,;]{2,40}\s(?:was|is)\s)|,?\s+and\s+(?=[^,;.]{2,50}?\s(?:for|by)\s+(?:the\s+)?\w+)|"
    r",\s+(?=[^,;]{2,30}\sfor\s))",
    re.IGNORECASE,
)
_REASON = re.compile(r"\b(?:for|por|pour|für|fürs|because)\b", re.IGNORECASE)
_CALLED = re.compile(
    r"(?:^|[.!?,:]\s*|\bso\s+)(?:thank(?:s| you)(?: so much| again| very much)?)(?:,\s*|\s+(?=[A-Z@_]|"
    r"[a-z]+[_\d]|[a-z]+[!.,]))",
    re.IGNORECASE,
)
_CALLED_LAST = re.compile(
    r"\bthanks?\b[^.!?\n]*,\s*(?P<name>[^\s,.!?]{1,40}(?:\s+[A-Z][^\s,.!?]{0,40})?)\s*[.!?]*\s*$", re.IGNORECASE
)
_CALLED_FIRST = re.compile(r"\W?(?P<name>\w[^\s,.!?]{0,40}+(?:\s+[A-Z][^\s,.!?]{0,40}+)?),\s+thank", re.IGNORECASE)
_JOINED = re.compile(r"[ \t]*(?:and|&|/|,|und|et|y|and also)[ \t]*(?:an?\s+(?:\w+\s+)?|the\s+|my\s+)?", re.IGNORECASE)
_BRACKET = re.compile(r"(?:^|[,;:.!]|\b(?:and|to|for)\b)\s*(?P<names>[^,;:.!()]{2,50}?)\s*[(\[]\s*$")
_BRACKETED = re.compile(r"\s*\((?P<names>[^()\n]{2,60})\)")
_NO_SIGN = re.compile(r"[^,;:–—]*")
_APPOSED = re.compile(r"(?:,\s*(?:(?:who|whom|my|our|the|both)\b[^,;:–—]*)?)|[^,;:–—]*")
_ABSENT = re.compile(r"\b(?:an?|the)\s+$")


@cache
def _slots() -> dict[str, re.Pattern[str]]:
    """Where names stand around a cue, composed from the words of data/phrases/credits.toml."""
    words = {name: alternation(values) for name, values in tables("credits")["binding"].items()}
    opening = rf"(?-i:(?:{words['praise']}|ever-\w+)[ \t]+){{0,4}}"
    past = r"(?:is|was|were|are|has been|have been)"
    said = {
        "by": r"(?:[ \t]*,[^,.;\n]{1,40},)?"
        r"(?:[ \t]+(?!(?:and|by|with|to|for|is|was|were|are)\b)[\w'’-]+){0,5}?[ \t]+"
        rf"(?:{past}[ \t]+(?=by\b))?{words['by']}[ \t]*:?[ \t]+"
        r"(?:(?<=by )(?:the|my|our)\s+(?-i:[a-z-]+\s+){0,3}(?=\S)"
        r"|(?-i:(?:the|my|our)\s+(?:[a-z-]+\s+){0,3}(?=[A-Z@_]|\w*[_\d])))?",
        "opening": rf"[ \t]*:?[ \t]+{opening}",
        "team": r"[^,.;:!?()]{3,50},[ \t]+(?=\S)",
        "is": rf"(?:[ \t]+(?!(?:and|by|to|is|was)\b)[\w'’-]+){{0,6}}?[ \t]*(?P<sign>[:–—]|-(?=[ \t])|\b{past}\b)"
        rf"[ \t]*(?:{words['again']},?[ \t]+)?{opening}",
        "comma": rf"[ \t]*(?:(?:for|of|and)\s+[^,:.;]{{1,24}})?,[ \t]*(?!(?:and|und|et|y|e)\b){opening}(?=\S)",
        "bare": r"[ \t]+(?!(?:and|und|et|y|e|for|to)\b|&)(?=\S)",
        "thanked": rf"\b{words['thanks']}\b[^.!?\n]{{0,45}}?\b{words['to']}\s+(?-i:my\s+|the\s+|our\s+)?"
        rf"|\b{words['applause']}\s+"
        r"|\b(?:would|could)(?:n['’]?t| not| never)\b[^.!?\n]{0,45}?\bwithout\s+"
        r"|\b(?:were\s+it\s+not|if\s+it\s+(?:weren['’]?t|wasn['’]?t|were\s+not)|if\s+not)\s+for\s+",
        "kin": rf"\bmy\s+(?:[\w-]+\s+){{0,2}}?{words['kin']}\s+(?=\S)",
        "mine": rf"\bmy\s+(?:[\w-]+\s+){{0,2}}?{words['kin']}\b",
        "presented": rf"\b{words['presented']}\s+(?=\S)",
        "subject": r"(?:^|[,;:.!–—]|\b(?:to|by|let|and|und|et|y)\b)\s*"
        r"(?P<names>(?:(?!\b(?:for|to|with)\b)[^;:.!]){2,90}?),?\s+"
        rf"(?:(?:{words['does']}|(?:my|the|a|our)(?:\s+[\w'’-]+){{1,2}})\s+){{0,5}}$",
        "asked": rf".*(?<!n't )(?<!not )(?<!could )(?<!would )(?<!should )\b{words['asked']}\s+"
        r"(?P<names>\S[^,;:.!]{1,40}?)(?:\s+(?:to|into|do|the|a))*\s*$",
        "also": r"(?:[,;]|\b(?:and|und|et|y|e|en))\s+(?:also\s+)?(?:to|an|aan|à|a)\s+(?:my\s+|the\s+|our\s+)?(?=\S)",
    }
    return {name: re.compile(pattern, re.IGNORECASE | re.DOTALL) for name, pattern in said.items()}


@dataclass(frozen=True, slots=True)
class Bound:
    """A name with its role, and how it was tied to its cue."""

    span: Span
    role: str
    rule: str
    confidence: float


@dataclass(slots=True)
class Sentence:
    """One sentence with its cues; `slots` are the places of names: span -> (rule, confidence, cue or None)."""

    text: str
    start: int
    end: int
    cues: list[Cue]
    slots: dict[Span, tuple[str, float, Cue | None]] = field(default_factory=dict)

    def bound(self) -> Iterator[Bound]:
        """Every name, with the role of its own cue, else of its clause's nearest."""
        for number, cue in enumerate(self.cues):
            stop = self.cues[number + 1].start if number + 1 < len(self.cues) else self.end
            self._behind(cue, stop)
            self._before(cue, self.cues[number - 1].end if number else self.start)
        self._thanked()
        self._beside()
        for span, (rule, confidence, tied) in sorted(self._distinct(), key=lambda item: item[0].start):
            if any(span.start < c.end and c.start < span.end for c in self.cues) or self._qualifies(span):
                continue
            for role in self._with_joined(tied, self.cues) if tied else self._roles(span):
                yield Bound(span, role, rule, confidence)

    def _qualifies(self, span: Span) -> bool:
        """A small word right before a cue only qualifies it: "my anonymous beta"."""
        small = self.text[span.start : span.end].islower() and self.text[span.start : span.end].isalpha()
        called = re.search(r"\b(?:had|made|got|to|and|,)\s+$", self.text[max(0, span.start - 8) : span.start])
        return small and not called and any(self.text[span.end : c.start] == " " for c in self.cues)

    def thanked(self) -> Iterator[Span]:
        """Names in a slot of thanks, whatever they are thanked for."""
        first = None
        for pattern in (_slots()["thanked"], _slots()["kin"]):
            for found in pattern.finditer(self.text, self.start, self.end):
                first = first or found
                yield from listed(self.text, found.end(), self.end)
        for found in _slots()["also"].finditer(self.text, first.end(), self.end) if first else ():
            yield from listed(self.text, found.end(), self.end, small=False)

    def by_kin(self) -> bool:
        """Whether one of the author's own did it, whatever the name: "my brother proofread it"."""
        return bool(_slots()["mine"].search(self.text, self.start, self.end))

    def presented(self) -> list[Span]:
        """Whom a sentence speaks to or presents that follows upon "I have a beta": `Thanks, Wren!`."""
        found = next(_CALLED.finditer(self.text, self.start, min(self.end, self.start + CALLED)), None)
        if found:
            return list(listed(self.text, found.end(), self.end))[:2]
        found = _slots()["presented"].search(self.text, self.start, self.end)
        return list(listed(self.text, found.end(), self.end, small=False))[:2] if found else []

    def _add(self, spans: Iterator[Span], rule: str, confidence: float, tied: Cue | None) -> bool:
        new = [span for span in spans if span not in self.slots]
        self.slots.update(dict.fromkeys(new, (rule, confidence, tied)))
        return bool(new)

    def _behind(self, cue: Cue, stop: int) -> None:
        """Names behind a cue: "betaed by X", "my beta was X", "my beta, X", "my beta X"."""
        text, end = self.text, stop
        if text[cue.start : cue.end].lower().endswith(" by") and (
            direct := _slots()["opening"].match(text, cue.end, end)
        ):
            self._add(listed(text, direct.end(), end), "credits.by", 0.93, cue)
            return
        if (by := _slots()["by"].match(text, cue.end, end)) and by.end() <= stop:
            team = _slots()["team"].match(text, by.end(), end)
            if self._add(listed(text, by.end(), end), "credits.by", 0.93, cue):
                return
            if team and self._add(listed(text, team.end(), end), "credits.by", 0.9, cue):
                return
        if (is_ := _slots()["is"].match(text, cue.end, end)) and is_.start("sign") <= stop:
            small = is_.group("sign") in ":–—-"
            if self._add(listed(text, is_.end(), end, small=small), "credits.is", 0.85, cue):
                return
        if bracket := _BRACKETED.match(text, cue.end, end):
            self._add(evident(text, *bracket.span("names")), "credits.brackets", 0.85, cue)
        word = text[cue.start : cue.end].lower()
        noun = not word.endswith(("ed", "'d", "ing", "read", "picked"))
        if noun and (comma := _slots()["comma"].match(text, cue.end, end)):
            self._add(listed(text, comma.end(), end), "credits.apposition", 0.85, cue)
        elif noun and (bare := _slots()["bare"].match(text, cue.end, end)):
            self._add(listed(text, bare.end(), end, small=False), "credits.apposition", 0.8, cue)

    def _before(self, cue: Cue, start: int) -> None:
        """Names before a cue: "X betaed this", "X was my beta", "made X beta this"."""
        start = max(start, cue.start - BEFORE)
        before = self.text[start : cue.start]
        if (bracket := _BRACKET.search(before)) or ((bracket := _BRACKET.search(before[1:])) and (start := start + 1)):
            at = start + bracket.start("names")
            if self._add(listed(self.text, at, start + bracket.end("names") + 2), "credits.brackets", 0.92, cue):
                return
        if asked := _slots()["asked"].search(before):
            at = start + asked.start("names")
            if self._add(listed(self.text, at, start + asked.end("names")), "credits.asked", 0.85, cue):
                return
        if found := _slots()["subject"].search(before):
            at, to = start + found.start("names"), start + found.end("names")
            names = list(listed(self.text, at, to, small=False))
            if names and names[-1].end >= to - 2:
                if not self.text[names[-1].end : cue.start].strip():
                    self.slots.pop(names[-1], None)  # "... by X, and Y cheered": Y is the subject of what follows
                self._add(iter(names), "credits.subject", 0.85, cue)

    def _thanked(self) -> None:
        self._add(self.thanked(), "credits.thanks", 0.9, None)
        if "thank" not in self.text[self.start : self.end].lower():
            return
        for called in _CALLED.finditer(self.text, self.start, self.end):
            self._add(listed(self.text, called.end(), self.end), "credits.vocative", 0.8, None)
        for pattern in (_CALLED_LAST, _CALLED_FIRST):
            found = pattern.search(self.text[self.start : self.end])
            at = self.start + (found.start("name") if found else 0)
            if found and (span := trimmed(self.text, at, self.start + found.end("name"))):
                self._add(iter([span]), "credits.vocative", 0.8, None)

    def _beside(self) -> None:
        """Names by their own shape, close to a cue; any sentence begins with a capital."""
        for span in evident(self.text, self.start, self.end):
            if span.start - self.start < 2 and self.text[span.start : span.end].isalpha():
                continue
            beside = any(self._is_beside(span, cue) for cue in self.cues)
            called = not _ABSENT.search(self.text, self.start, span.start)
            if beside and called and not any(span.overlaps(s) for s in self.slots):
                self.slots[span] = ("credits.near", 0.7, None)

    def _is_beside(self, span: Span, cue: Cue) -> bool:
        before = span.end <= cue.start
        between = self.text[span.end : cue.start] if before else self.text[cue.end : span.start]
        return len(between) <= NEAR and bool((_APPOSED if before else _NO_SIGN).fullmatch(between))

    def _distinct(self) -> list[tuple[Span, tuple[str, float, Cue | None]]]:
        """Of names that overlap, the longest."""
        kept: list[tuple[Span, tuple[str, float, Cue | None]]] = []
        for span, how in sorted(self.slots.items(), key=lambda item: -len(item[0])):
            if not any(span.overlaps(other) for other, _ in kept):
                kept.append((span, how))
        return kept

    def _roles(self, span: Span) -> list[str]:
        """The roles of a name: of its own clause's nearest cue, else of any; none if thanked for something else."""
        a, b = self._clause(span)
        own = [c for c in self.cues if a <= c.start < b]
        if not own:
            handed = self.text[a : span.start].strip().lower().startswith(("to ", "à ", "an ", "a "))
            if _REASON.search(self.text, span.end, b) or (
                a > self.start and handed and _REASON.search(self.text, self.start, a)
            ):
                return []
            own = self.cues
        nearest = min(own, key=lambda c: c.start - span.end if c.start >= span.end else (span.start - c.end) + 3)
        return self._with_joined(nearest, own)

    def _with_joined(self, nearest: Cue, cues: list[Cue]) -> list[str]:
        """The role of a cue, and those that are joined to it: "cheerleader and beta"."""
        joined = [nearest.role]
        for cue in cues:
            between = self.text[min(cue.end, nearest.end) : max(cue.start, nearest.start)]
            if cue is not nearest and cue.role != nearest.role and _JOINED.fullmatch(between):
                joined.append(cue.role)
        return joined

    def _clause(self, span: Span) -> tuple[int, int]:
        a, b = self.start, self.end
        for found in _CLAUSE.finditer(self.text, self.start, self.end):
            if found.end() <= span.start:
                a = found.end()
            elif found.start() >= span.end:
                b = found.start()
                break
        return a, b
