"""Who is credited with work on the text, in which role, and whether anybody read it at all.

Where the text is not story: find the role's cue, find the names around it, give each name to the nearest
cue; then judge the status. Phrases are in data/phrases/credits.toml.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from ..lexicon import alternation, tables
from ..model import Credit, Role, Span
from ..text import bare, fold
from .components import Component
from .draft import Draft, HeaderLine
from .handles import evident, listed, trimmed

NEAR = 16
"""Characters between a cue and a name that no phrase ties to it."""
SPOKEN = frozenset("beta thanks note dedication author disclaimer archive other feedback spoilers".split())
"""Header fields whose values are sentences in which somebody may be thanked."""
_ASKED = re.compile(r"\b(?:had|made|asked|got|let)\s*$")
ZONES = (Role.NOTE, Role.INLINE_NOTE, Role.HEADER, Role.BYLINE, Role.SIGNATURE, Role.TITLE)
_SENTENCE = re.compile(
    r"(?<=[.!?…])(?<!\bMr\.)(?<!\bMs\.)(?<!\bDr\.)(?<!\bMrs\.)(?<!\b[A-Z]\.)[\"'”’)]*\s+(?=[^a-z\s])|"
    r"\n\s*\n|\s\|\s|\s•\s|\n(?=[ \t]*(?i:beta|edited|proof|brit-?pick|thank|art by|banner|alpha|cheer|translat))"
)
_CLAUSE = re.compile(
    r"\s*(?:;|,?\s+(?:and|und|et|y|e|und auch)\s+(?=(?:to|à|an|für|a)\s)|,\s+(?=(?:to|à)\s)|"
    r",\s+(?=[^,;]{2,40}\s(?:was|is)\s)|,?\s+and\s+(?=[^,;.]{2,50}?\s(?:for|by)\s+(?:the\s+)?\w+))",
    re.IGNORECASE,
)
_REASON = re.compile(r"\b(?:for|por|pour|für|fürs|because)\b", re.IGNORECASE)
_BY = re.compile(
    r"(?:[ \t]*,[^,.;\n]{1,40},)?(?:[ \t]+(?!and\b|by\b|with\b|to\b)[\w'’-]+){0,5}?[ \t]+"
    r"(?:by|of|von|par|por|di|durch|goes\s+(?:jointly\s+)?to|van|received\s+\S+\s+from)[ \t]+"
    r"(?:(?:the|my|our)\s+(?:[a-z-]+\s+){0,3}(?=[A-Z@_]|\w*[_\d]))?",
    re.IGNORECASE,
)
_APPOSED = re.compile(
    r"[ \t]*(?:\([^)]*\)[ \t]*)?(?:(?:for this|"
    r"of this)[^,:]{0,20})?[,:]?[ \t]*(?:[-–—:,][ \t]*)?(?:is\s+|was\s+|were\s+|are\s+)?(?=\S)"
)
_THANKED = re.compile(
    r"\b(?:thanks?(?:\s+you)?|thank-?you|shout-?\s?outs?|hugs|kudos|love|gratitude|cookies|credit|"
    r"props|danke?|dank|merci|gracias|obrigad[ao]|grazie|спасибо|dedicated|hat tip|"
    r"bows)\b[^.!?\n]{0,45}?\b(?:to|an|à|a|goes to|go to|for)\s+(?:my\s+|the\s+|our\s+)?",
    re.IGNORECASE,
)
_VOCATIVE = re.compile(
    r"(?:^|[.!?,]\s*|\bso\s+)(?:thank(?:s| you)(?: so much| again| very much)?)(?:,\s*|\s+(?=[A-Z@_]|"
    r"[a-z]+[_\d]|[a-z]+[!.,]))",
    re.IGNORECASE,
)
_VOCATIVE_END = re.compile(
    r"\bthanks?\b[^.!?\n]*,\s*(?P<name>[^\s,.!?]+(?:\s+[A-Z][^\s,.!?]*)?)\s*[.!?]*\s*$", re.IGNORECASE
)
_PRONOUN = re.compile(r"^[\W_]*(?:she|he|they|both|sie|er|elle|il|ella|ele|ela|who)\b", re.IGNORECASE)


_OTHERS = re.compile(r"[,&]|.{40}", re.DOTALL)
_JOINED = re.compile(r"[ \t]*(?:and|&|/|,|und|et|y|and also)[ \t]*(?:an?\s+|the\s+|my\s+)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Cue:
    """A word that credits: where it stands, and for which role."""

    role: str
    start: int
    end: int


@cache
def _cues() -> tuple[re.Pattern[str], dict[str, str]]:
    roles = {fold(phrase): role for role, group in tables("credits")["roles"].items() for phrase in group}
    every = alternation(phrase for group in tables("credits")["roles"].values() for phrase in group)
    return re.compile(rf"(?<![\w'’/-]){every}(?!['’]?\w)(?!-\w)", re.IGNORECASE), roles


@cache
def _status(name: str) -> re.Pattern[str]:
    every = alternation(tables("credits")["status"][name])
    return re.compile(rf"(?<![\w-]){every}", re.IGNORECASE)


@cache
def _answer(name: str) -> re.Pattern[str]:
    """A header's value that begins with one of a group of answers."""
    return re.compile(rf"(?<![^\W_])[\W_]*{alternation(tables('credits')['other'][name])}(?!\w)", re.IGNORECASE)


@cache
def _false() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){alternation(tables('credits')['other']['false'])}(?!\w)", re.IGNORECASE)


def run(draft: Draft) -> None:
    """Claim every credit and the status."""
    judge = _Judge(draft)
    silent = [h.line for h in draft.header if h.field not in SPOKEN]
    for block in draft.with_role(*ZONES):
        if any(line.overlaps(block.span) for line in silent) and block.role is Role.HEADER:
            judge.tagged(block.span)
        else:
            judge.zone(block.span)
    for line in draft.header_lines("beta"):
        judge.header(line)
    judge.close()


class _Judge:
    """Reads the zones one after the other and remembers who was credited and what was said of betas."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.text = draft.plain
        self.headed = [h.line for h in draft.header_lines("beta")]
        self.authors = {bare(str(e.value)) for e in draft.claims("authors")}
        self.said: dict[str, Span] = {}
        self.tied: dict[Span, Cue] = {}
        self.names: list[str] = []
        self.credited = False

    def zone(self, span: Span) -> None:
        """A note, a header, a byline: sentence by sentence."""
        before: list[Span] = []
        owed: list[Cue] = []
        for start, end in self._sentences(span):
            if any(h.start <= start < h.end for h in self.headed):
                continue
            before, owed = self._sentence(start, end, before, owed)

    def tagged(self, span: Span) -> None:
        """A header line that lists: a tag may say that nobody read it, and a line may run on into a credit."""
        self._statement(span.start, span.end)
        line = self.text.find("\n", span.start, span.end)
        if line >= 0 and (more := _cues()[0].match(self.text, line + 1, span.end)):
            self.zone(Span(more.start(), span.end))

    def _sentences(self, span: Span) -> Iterator[tuple[int, int]]:
        at = span.start
        for found in _SENTENCE.finditer(self.text, span.start, span.end):
            yield at, found.start()
            at = found.end()
        yield at, span.end

    def _sentence(self, start: int, end: int, before: list[Span], owed: list[Cue]) -> tuple[list[Span], list[Cue]]:
        """Returns the names seen here and the cues that found none, for the sentence behind."""
        names = list(dict.fromkeys([*self._thanked(start, end), *evident(self.text, start, end)]))
        if owed and (found := next(_VOCATIVE.finditer(self.text, start, min(end, start + 40)), None)):
            for span in list(listed(self.text, found.end(), end))[:2]:
                self._credit(span, owed[0].role, "credits.next-sentence", 0.75)
        cues = self._real_cues(start, end)
        if self._statement(start, end) or not cues:
            return names, []
        bound = list(self._bound(cues, start, end))
        if not bound and before and _PRONOUN.match(self.text[start:end]):
            bound = [(span, cues[0].role, "credits.pronoun", 0.8) for span in before[-2:]]
        for span, role, rule, confidence in bound:
            self._credit(span, role, rule, confidence)
        if not bound and self._unnamed(cues, start, end):
            self.credited = True
            self.said.setdefault("credited", Span(cues[0].start, cues[0].end))
        return names, [] if bound else cues

    def _real_cues(self, start: int, end: int) -> list[Cue]:
        """The cues of a sentence that are none of the beta's false friends."""
        pattern, roles = _cues()
        false = [f.span() for f in _false().finditer(self.text, start, end)]
        cues = []
        for found in pattern.finditer(self.text, start, end):
            role = roles.get(fold(found.group()))
            if role and not any(a < found.end() and found.start() < b for a, b in false):
                cues.append(Cue(role, found.start(), found.end()))
        wolves = any(self.text[a:b].lower() in ("omega", "omegas", "omegaverse", "a/b/o") for a, b in false)
        return [c for c in cues if not (wolves and c.role in ("beta", "alpha-reader"))]

    def _statement(self, start: int, end: int) -> bool:
        """Whether the sentence says that nobody, or the author alone, read it, or asks for somebody."""
        for status in ("self", "seeking", "unbetaed"):
            if found := _status(status).search(self.text, start, end):
                self.said.setdefault(status, Span(*found.span()))
                return True
        return False

    def _thanked(self, start: int, end: int) -> Iterator[Span]:
        for found in _THANKED.finditer(self.text, start, end):
            yield from listed(self.text, found.end(), end)

    def _bound(self, cues: list[Cue], start: int, end: int) -> Iterator[tuple[Span, str, str, float]]:
        """Names of one sentence, each with the role of its nearest cue."""
        slots = self._slots(cues, start, end)
        for span, (rule, confidence) in sorted(self._distinct(slots), key=lambda item: item[0].start):
            if any(span.start < c.end and c.start < span.end for c in cues):
                continue
            for role in self._roles(span, cues, start, end):
                yield span, role, rule, confidence

    def _slots(self, cues: list[Cue], start: int, end: int) -> dict[Span, tuple[str, float]]:
        """Where names stand around the cues of a sentence: name -> (rule, confidence)."""
        slots: dict[Span, tuple[str, float]] = {}
        for number, cue in enumerate(cues):
            stop = cues[number + 1].start if number + 1 < len(cues) else end
            if (by := _BY.match(self.text, cue.end, end)) and by.end() <= stop:
                for span in listed(self.text, by.end(), end):
                    slots[span] = ("credits.by", 0.93)
                    self.tied[span] = cue
            elif near := _APPOSED.match(self.text, cue.end, end):
                for span in listed(self.text, near.end(), end):
                    if span.start - cue.end < 40 and self._is_apposed(cue, near.end()):
                        slots.setdefault(span, ("credits.apposition", 0.85))
            for span in self._subject(cue, start):
                slots.setdefault(span, ("credits.subject", 0.85))
        slots.update((s, ("credits.thanks", 0.9)) for s in self._thanked(start, end) if s not in slots)
        last = _VOCATIVE_END.search(self.text[start:end])
        called = trimmed(self.text, start + last.start("name"), start + last.end("name")) if last else None
        if called:
            slots.setdefault(called, ("credits.vocative", 0.8))
        for span in evident(self.text, start, end):
            beside = min(max(c.start - span.end, span.start - c.end) for c in cues) <= NEAR
            if beside and not any(span.overlaps(s) for s in slots):
                slots[span] = ("credits.near", 0.7)
        return slots

    @staticmethod
    def _distinct(slots: dict[Span, tuple[str, float]]) -> list[tuple[Span, tuple[str, float]]]:
        """Of names that overlap, the longest."""
        kept: list[tuple[Span, tuple[str, float]]] = []
        for span, how in sorted(slots.items(), key=lambda item: -len(item[0])):
            if not any(span.overlaps(other) for other, _ in kept):
                kept.append((span, how))
        return kept

    def _is_apposed(self, cue: Cue, at: int) -> bool:
        """`my beta, X`, `Beta: X`, `my beta X`: a name stands right behind a noun."""
        word = self.text[cue.start : cue.end].lower()
        between = self.text[cue.end : at]
        noun = not word.endswith(("ed", "'d", "ing", "read", "picked"))
        return noun or any(sign in between for sign in ":-–—")

    def _subject(self, cue: Cue, start: int) -> Iterator[Span]:
        """`X beta-read this`, `X was my beta`, `X, my beta`, `had X beta read`: names right before the cue."""
        before = self.text[start : cue.start]
        found = re.search(
            r"(?:^|[,;:(.!–—]|\b(?:had|have|has|made|asked|got|to|by|let|and|und|et|"
            r"y)\b)\s*(?P<names>[^,;:(.!]{2,60}?(?:(?:,\s*|\s+and\s+|\s+&\s+)[^,;:(.!]{2,40}?){0,3})"
            r"(?:,)?\s+(?:(?:has|have|had|did|does|was|is|were|are|kindly|also|both|very|quickly|who|"
            r"hat|a|my|the|our|his|her|this|week's|as)\s+){0,4}$",
            before,
            re.IGNORECASE,
        )
        if found:
            at = start + found.start("names")
            small = bool(_ASKED.search(self.text, max(start, at - 8), at))
            yield from listed(self.text, at, start + found.end("names"), small=small)

    def _roles(self, span: Span, cues: list[Cue], start: int, end: int) -> list[str]:
        """The roles of a name: of its own clause's nearest cue, else of any; none if thanked for something else."""
        if span in self.tied:
            return self._with_joined(self.tied[span], cues)
        a, b = self._clause(span, start, end)
        own = [c for c in cues if a <= c.start < b]
        if not own:
            reason = _REASON.search(self.text, span.end, b)
            if reason or (
                a > start
                and self.text[a : span.start].strip().lower().startswith(("to ", "à ", "an ", "a "))
                and _REASON.search(self.text, start, a)
            ):
                return []
            own = cues
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

    def _clause(self, span: Span, start: int, end: int) -> tuple[int, int]:
        a, b = start, end
        for found in _CLAUSE.finditer(self.text, start, end):
            if found.end() <= span.start:
                a = found.end()
            elif found.start() >= span.end:
                b = found.start()
                break
        return a, b

    def _unnamed(self, cues: list[Cue], start: int, end: int) -> bool:
        """`thank you to my beta`, `beta'd`, `one of my betas`: somebody did it, without a name."""
        words = self.text[start:end].lower()
        if not any(c.role == "beta" for c in cues):
            return False
        mine = re.search(r"\b(?:my|our|meine[rn]?|ma|mi|minha|моей|a)\s+(?:[\w-]+\s+){0,3}b[eê]ta", words)
        done = re.search(
            r"(?:^|\b(?:been|was|is|got|getting this|reposted with))\s*b[eê]ta(?:['’]?e?d|-read|\s+read)\b",
            words.strip(" \n*_([-"),
        )
        return bool(mine or done)

    def _credit(self, span: Span, role: str, rule: str, confidence: float) -> None:
        name = self.draft.quote(span)
        if any(bare(name) in (known.split()[0], known.split()[-1]) for known in self.names if " " in known):
            return
        self.names.append(bare(name))
        if bare(name) in self.authors:
            self.said.setdefault("self", span)
            return
        self.credited = True
        self.said.setdefault("credited", span)
        self.draft.claim("betas", Credit(" ".join(name.split()).lstrip("@"), role), span, rule, confidence)

    def header(self, line: HeaderLine) -> None:
        """`Beta: X and Y`; a role in brackets behind a name, or a cue within the value, says more."""
        roles = [role for role in (_cues()[1].get(fold(c)) for c in self._key_words(line.key)) if role] or ["beta"]
        start, end = line.value.start, line.value.end
        value = self.text[start:end]
        if _answer("none").match(value):
            seeking = _answer("wanted").search(value) or _status("seeking").search(value)
            self.said.setdefault("seeking" if seeking else "unbetaed", Span(start, end))
            return
        if (alone := _answer("author").match(value)) and not _OTHERS.search(value, alone.end()):
            self.said.setdefault("self", Span(start, end))
            return
        if self._statement(start, end):
            return
        cues = self._real_cues(start, end)
        stop = self._first_sentence(start, end)
        names = list(self._listed_all(start, stop))
        if cues and len(value.split()) > 8:
            self.headed = [h for h in self.headed if h != line.line]
            self.zone(Span(start, end))
            return
        for span in names:
            if any(span.start < c.end and c.start < span.end for c in cues):
                continue
            near = [c for c in cues if 0 <= c.start - span.end < 25 or 0 <= span.start - c.end < 12]
            for role in [near[0].role] if near else roles:
                self._credit(span, role, "header.beta", 0.95)
        if not names and value.strip():
            self.credited = True
            self.said.setdefault("credited", Span(start, end))
        if stop < end:
            self.zone(Span(stop, end))

    def _listed_all(self, start: int, end: int) -> Iterator[Span]:
        found = list(listed(self.text, start, end))
        yield from found
        yield from (s for s in evident(self.text, start, end) if not any(s.overlaps(f) for f in found))

    def _first_sentence(self, start: int, end: int) -> int:
        found = _SENTENCE.search(self.text, start, end)
        return found.end() if found else end

    @staticmethod
    def _key_words(key: str) -> Iterator[str]:
        for word in re.split(r"\s*(?:/|&|\band\b)\s*", re.sub(r"\s*(?:\(s\)|by|von|par|por)\s*$", "", key.lower())):
            yield word.strip()

    def close(self) -> None:
        """Claim the one status that all that was said comes to."""
        order = ("credited", "self", "unbetaed", "seeking") if self.credited else ("self", "seeking", "unbetaed")
        for status in order:
            if status in self.said:
                self.draft.claim("beta_status", status, self.said[status], "credits.status", 0.9)
                return


COMPONENT = Component("credits", needs=("header", "segments", "authors"), gives=("betas", "beta_status"), run=run)
