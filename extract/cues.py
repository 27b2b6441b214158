"""Words that credit somebody with work on the text, and sentences that say who did not read it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from ..lexicon import alternation, tables
from ..model import Span
from ..text import fold

_SENTENCE = re.compile(
    r"(?<=[.!?…])(?<!\bMr\.)(?<!\bMs\.)(?<!\bDr\.)(?<!\bMrs\.)(?<!\bSgt\.)(?<!\bCapt\.)(?<!\bLt\.)(?<!\bProf\.)(?<!\bRev\.)(?<!\bSt\.)(?<!\b[A-Z]\.)[\"'”’)]*\s+(?=[^a-z\s])|"
    r"\n\s*\n|\s\|\s|\s•\s|\n(?=[ \t]*(?i:beta|edited|proof|brit-?pick|thank|art by|banner|alpha|cheer|translat))"
)
_LJ = re.compile(r"<lj\s+(?:user|comm)=[\"']?|(?<=\w)[\"']?\s*/?>")
_TITLE_DOT = re.compile(r"(?<=\bMr|\bMs|\bDr|\bSt)\.|(?<=\bMrs)\.")
_ASIDE = re.compile(r"\([^()\n]{1,120}\)|\[[^\[\]\n]{1,120}\]")
_NOT_REALLY = re.compile(
    r"\b(?:not only|no doubt|couldn['’]?t|could not|wouldn['’]?t|would not|can['’]?t|never have)\b", re.IGNORECASE
)
_ANOTHER = re.compile(r"\b(?:apart from|except|besides|but)\s+(?!me\b|myself\b|i\b)\w", re.IGNORECASE)
_PREDICATE = re.compile(r"\b(?:is|was|are|were|being|as)\s+(?:an?|the)\s+$", re.IGNORECASE)
_SERVES = re.compile(r"[\s-]+(?:for|of|on|reader|to)\b", re.IGNORECASE)
LONGEST = 2_000
"""Characters of a sentence."""
REACH = 32
"""Characters between a negation or a wish and the cue that it is about."""


@dataclass(frozen=True, slots=True)
class Cue:
    """A word that credits: where it stands, and for which role."""

    role: str
    start: int
    end: int
    told: bool = False
    """Whether the work is told rather than named: nothing is said by it but of those who did it."""


@cache
def roles() -> dict[str, str]:
    """Folded phrase -> role."""
    return {fold(phrase): role for role, group in tables("credits")["roles"].items() for phrase in group}


@cache
def pattern() -> re.Pattern[str]:
    """Every cue, as whole words."""
    every = alternation(phrase for group in tables("credits")["roles"].values() for phrase in group)
    return re.compile(rf"(?<![\w'’/-]){every}(?!['’]?\w)(?!-\w)", re.IGNORECASE)


@cache
def other(name: str) -> re.Pattern[str]:
    """A group of data/phrases/credits.toml as whole words."""
    return re.compile(rf"(?<!\w){alternation(tables('credits')['other'][name])}(?!\w)", re.IGNORECASE)


@cache
def _not() -> re.Pattern[str]:
    """A negation, or an "un" that is written apart."""
    words = alternation(tables("credits")["other"]["negation"])
    return re.compile(
        rf"(?<!\w)(?:{words}|\w+n['’]t|(?:did|do|is|was|has|have)nt)(?!\w)|\bun-?(?=beta|edited|proof)", re.IGNORECASE
    )


@cache
def _machine() -> re.Pattern[str]:
    """`Spellcheck was my only beta`."""
    machines = alternation(tables("credits")["other"]["machines"])
    return re.compile(
        rf"(?<!\w){machines}\s+(?:was|were|is|are)\s+(?:my|our|the)\s+(?:only\s+)?{pattern().pattern}", re.I
    )


@cache
def _by_nobody() -> re.Pattern[str]:
    return re.compile(rf"\s+by\s+{alternation(tables('credits')['other']['negation'])}(?!\w| other)", re.IGNORECASE)


@cache
def _status(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-]){alternation(tables('credits')['status'][name])}", re.IGNORECASE)


def _is_rank(text: str, found: re.Match[str]) -> bool:
    """`Stiles is a beta`: somebody's place in a pack."""
    ranked = found.group().lower() in ("beta", "betas", "alpha", "alphas")
    before = _PREDICATE.search(text, max(0, found.start() - 12), found.start())
    return ranked and before is not None and not _SERVES.match(text, found.end())


@cache
def _language() -> re.Pattern[str]:
    """`checked my French`, `read it for the Welsh`, `the Polish was kindly corrected`."""
    groups = tables("credits")["other"]
    tongue, checked = alternation(groups["languages"]), alternation(groups["checked"])
    return re.compile(
        rf"\b{checked}\s+(?:\w+\s+){{0,2}}?(?:my|the|all|for|your)\s+{tongue}\b"
        rf"|\b{tongue}\s+(?:\w+\s+){{0,2}}?(?:was|were|is|got)\s+(?:\w+\s+)?{checked}\b",
        re.IGNORECASE,
    )


@cache
def _work() -> re.Pattern[str]:
    """Work on a text that is told and not named: `read every draft`, `corrected my commas`, `pulled apart by`."""
    words = {name: alternation(values) for name, values in tables("credits")["work"].items()}
    return re.compile(
        rf"(?<![\w'’-])(?:{words['verbs']}\s+(?:[\w'’-]+\s+){{0,4}}?{words['objects']}(?!\w)"
        rf"|{words['verbs']}\s+(?:it|this|them|the\s+whole\s+(?:thing|story)|all\s+of\s+(?:it|this))\s+{words['ways']}(?!\w)"
        rf"|{words['passive']}[\w ,-]{{0,45}}?(?=\s+by\s)"
        rf"|{words['objects']}(?=\s+(?:by|courtesy\s+of)\s)|{words['said']}(?!\w))",
        re.IGNORECASE,
    )


def plain(text: str) -> str:
    """`text` with asides that credit nobody, LiveJournal's tags and the stop of "Dr." blanked, offsets unchanged."""
    text = _LJ.sub(lambda m: " " * len(m.group()), text)
    text = _TITLE_DOT.sub(" ", text)
    return _ASIDE.sub(lambda m: m.group() if pattern().search(m.group()) else " " * len(m.group()), text)


def sentences(text: str, span: Span) -> Iterator[tuple[int, int]]:
    """The sentences and header-like lines of a note; what never ends is cut, so that time stays linear."""
    at = span.start
    for end in (*(found.span() for found in _SENTENCE.finditer(text, span.start, span.end)), (span.end, span.end)):
        yield from ((a, min(a + LONGEST, end[0])) for a in range(at, max(at + 1, end[0]), LONGEST))
        at = end[1]


def cues(text: str, start: int, end: int) -> list[Cue]:
    """The cues of a sentence that are none of the beta's false friends: wolves, programs, somebody else's."""
    false = [f.span() for f in other("false").finditer(text, start, end)]
    theirs = [f.span() for f in other("theirs").finditer(text, start, end)]
    false += [(a, b) for a, b in theirs if text[max(0, a - 4) : a].lower() != "for "]  # "for her beta wizardry" thanks
    wolves = any(text[a:b].lower() in ("omega", "omegas", "omegaverse", "a/b/o") for a, b in false)
    found = []
    for match in pattern().finditer(text, start, end):
        role = roles().get(fold(match.group()))
        near = any(a < match.end() and match.start() < b for a, b in false) or _is_rank(text, match)
        if role and not near and not (wolves and role in ("beta", "alpha-reader")):
            found.append(Cue(role, match.start(), match.end()))
    found += [Cue("language-check", *m.span()) for m in _language().finditer(text, start, end)]
    named = [(cue.start, cue.end) for cue in found]
    for match in _work().finditer(text, start, end):
        if not any(a < match.end() and match.start() < b for a, b in named):
            found.append(Cue("beta", match.start(), match.end(), told=True))
    return sorted(found, key=lambda cue: cue.start)


def statement(text: str, start: int, end: int, found: list[Cue]) -> tuple[str, Span] | None:
    """What a sentence says of the status: that the author alone read it, that somebody is sought, that nobody did."""
    for status in ("self", "seeking", "unbetaed"):
        if phrase := _status(status).search(text, start, end):
            return status, Span(*phrase.span())
    if machine := _machine().search(text, start, end):
        return "unbetaed", Span(*machine.span())
    reading = [cue for cue in found if cue.role in ("beta", "proofreader", "editor") and not cue.told]
    for cue in reading:
        if nobody := _by_nobody().match(text, cue.end, end):
            return "unbetaed", Span(*nobody.span())
    ways = (("self", other("myself"), True), ("seeking", other("wish"), True), ("unbetaed", _not(), False))
    if sought := _sought().search(text, start, end):
        return "seeking", Span(*sought.span())
    for status, words, behind in (*ways, ("unbetaed", other("absent"), True)):
        for cue in reading:
            if told := _near(words, text, cue, start, end, behind=behind):
                return (status, told) if status != "unbetaed" or _nobody(text, start, end) else None
    return None


@cache
def _sought() -> re.Pattern[str]:
    """`if anybody would like to be my beta`, `I need somebody to look over the dialogue`."""
    work = alternation(tables("credits")["work"]["verbs"])
    return re.compile(
        rf"\b(?:any|some)(?:one|body)\b[^.!?;\n]{{0,40}}?\b(?:like|want|wants|willing|love|care)\s+to\s+(?:be|become)\s+(?:my|our|a)\s+"
        rf"{pattern().pattern}"
        rf"|\b(?:need|needs|want|wants|looking\s+for|seeking|could\s+use)\s+(?:any|some)(?:one|body)\s+(?:[\w'’-]+\s+){{0,3}}?(?:to|who)"
        rf"\s+(?:can\s+|could\s+|would\s+)?(?:{work}|{pattern().pattern})",
        re.IGNORECASE,
    )


def checking(text: str, start: int, end: int) -> tuple[str, Span] | None:
    """What a sentence says of the status in its own words: `not a soul has vetted this`, `read twice by me`."""
    for status, said in _checking().items():
        if found := said.search(text, start, end):
            return status, Span(*found.span())
    return None


@cache
def _checking() -> dict[str, re.Pattern[str]]:
    words = {name: rf"(?<![\w'-]){alternation(values)}(?!\w)" for name, values in tables("credits")["checking"].items()}
    gap = r"[^.!?;\n]{0,60}?"
    said = {
        "seeking": rf"{words['somebody']}{gap}{words['able']}{gap}{words['read']}|{words['vacant']}",
        "unbetaed": rf"{words['nobody']}[^.!?;,\n]{{0,40}}?{words['read']}|{words['raw']}",
        "self": rf"{words['read']}{gap}{words['alone']}|{words['alone']}{gap}{words['read']}|{words['aloud']}",
    }
    return {status: re.compile(pattern, re.IGNORECASE) for status, pattern in said.items()}


def _near(words: re.Pattern[str], text: str, cue: Cue, start: int, end: int, *, behind: bool) -> Span | None:
    """Where one of `words` stands close to a cue, with no comma between them."""
    a, b = max(start, cue.start - REACH), min(end, cue.end + REACH) if behind else cue.start
    for found in words.finditer(text, a, b):
        between = text[found.end() : cue.start] if found.end() <= cue.start else text[cue.end : found.start()]
        if not re.search(r"[,;.!?–—]|\b(?:my|and|but)\b", between):
            return Span(*found.span())
    return None


def _nobody(text: str, start: int, end: int) -> bool:
    """Whether a negation means that nobody read it: "couldn't have done it without my beta" does not."""
    return not _NOT_REALLY.search(text, start, end) and not _ANOTHER.search(text, start, end)
