"""Patterns that find authors' notes, ends and chapter headings, composed from data/phrases/notes.toml."""

from __future__ import annotations

import re
from functools import cache

from ..lexicon import alternation, phrases, tables
from ..text import fold

_SEPARATOR = r"[ \t]*(?:\d{1,2}[ \t]*)?[*_\])]{0,4}[ \t]*(?:[:：;,.~=/\\|—–-]+|(?=\n))[*_]{0,3}"
_PLAIN = r"[ \t]*(?:\d{1,2}[ \t]*)?[*_\])]{0,4}[ \t]*(?:[:：;=/\\|]+|[~—–-]+(?=[\s\w])|(?=\n))[*_]{0,3}"
"""Behind a word that prose uses too: no full stop, comma or ellipsis ("... far more / important.  Mr Data")."""
_OPTIONAL = r"(?:[ \t]*\d{1,2}(?![\w.]))?[*_]{0,3}[ \t]*[:：;,.~=/\\|—–\]-]*[*_]{0,3}"
_LEAD = r"[ \t>]*+[*_~#=•-]{0,4}[ \t]*+[(\[{【<«]{0,2}[*_ \t]{0,4}"
LONGEST_FOOT, SHORT_LINE, FOOT_CHARACTERS = 60, 10, 1_000
"""Words of what stands below a text, and of a line that counts its comments; characters of either."""
LONGEST_DISCLAIMER = 70
"""Words of an unmarked disclaimer."""
MOST_BESIDE = 18
"""Words of it in sentences that say nothing of owners."""
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
ROMAN = r"(?=[IVXLC])(?:X{0,3})(?:IX|IV|V?I{0,3})"


@cache
def marker_here() -> re.Pattern[str]:
    """The same in the middle of a line, for a note that is glued to a sentence."""
    return re.compile(marker().pattern.removeprefix("^"), re.IGNORECASE)


@cache
def marker() -> re.Pattern[str]:
    """A note's marker at the start of a line, with brackets, emphasis and separator around it."""
    groups = phrases("notes")
    return re.compile(
        rf"^(?P<lead>{_LEAD})(?:(?:{alternation(groups['certain'])})(?![^\W\d]|')(?:{_OPTIONAL})"
        rf"|(?:{alternation(groups['separated'])})(?:{_PLAIN})"
        rf"|(?:(?:an?|one|quick|small|little|brief|short|important)\s+){{0,3}}notes?\s+{alternation(groups['noted'])}"
        rf"(?:{_PLAIN})|(?-i:{alternation(groups['capitals'])})(?:{_SEPARATOR}))[ \t]*",
        re.IGNORECASE | re.MULTILINE,
    )


_LINE_START = re.compile(r"\n[ \t>*_~#=•(\[{【<«-]*+(?P<word>[^\W\d_]+)")
_FIRST_WORD = re.compile(r"[^\W\d_]+")


@cache
def _first_words() -> frozenset[str]:
    """The words that markers start with."""
    groups = phrases("notes")
    every = (value for name in ("certain", "separated", "capitals") for value in groups[name])
    return frozenset(found.group().lower() for value in every if (found := _FIRST_WORD.search(value)))


def marked_lines(text: str) -> list[int]:
    """Where lines start with a note's marker; only lines whose first word is one's are looked at closely.

    Within a paragraph a small word continues a sentence ("... she turned to her / notes. He"), but for "a/n".
    """
    words, lines = _first_words(), f"\n{text}"
    return [
        m.start()
        for m in _LINE_START.finditer(lines)
        if m["word"].lower() in words
        and (m["word"][0].isupper() or lines.startswith("/", m.end()) or _opens_paragraph(text, m.start()))
        and marker().match(text, m.start())
    ]


def _opens_paragraph(text: str, at: int) -> bool:
    """Whether a line follows upon a blank one, or upon one that ends a sentence."""
    above = text[max(0, at - 3) : at]
    return not above.strip("\n") or above.endswith("\n\n") or above.rstrip()[-1:] in ".!?\"'”’)*_~-"


def glued_marks(text: str) -> list[int]:
    """Where a certain marker stands right behind the end of a sentence: `...he said."A/N: thanks!`."""
    return [found.start("mark") for found in _glued_marker().finditer(text)]


@cache
def _glued_marker() -> re.Pattern[str]:
    """Begins with one set of characters, which is looked for fastest; initials end sentences themselves."""
    certain = alternation(value.lower() for value in phrases("notes")["certain"] if value[1] != ".")
    return re.compile(
        r"[.!?\"'”’…*)~-][ \t]*+"
        rf"(?P<mark>[(\[{{*_]{{0,3}}(?:{certain})(?:[ \t]*\d)?[*_]{{0,2}}[ \t]*[:：;-])",
        re.IGNORECASE,
    )


@cache
def inline_note() -> re.Pattern[str]:
    """A bracketed note inside of prose: `(A/N: I know, I know)`."""
    certain = alternation(phrases("notes")["certain"])
    return re.compile(
        r"[(\[{][*_ ]{0,3}"
        rf"(?:{certain}|(?-i:AN))[*_]{{0,2}}[ \t]*[:：;,.~-]*[*_]{{0,2}}[ \t]*(?P<body>[^()\[\]{{}}]{{1,1500}})[)\]}}]",
        re.IGNORECASE,
    )


@cache
def end_mark() -> re.Pattern[str]:
    """A line that says only that the story, or a part of it, ends."""
    ends = alternation(phrases("notes")["ends"])
    return re.compile(
        rf"[\W_]*(?:{ends})(?:[ \t]+(?:of[ \t]+)?(?:part|chapter|book|teil|kapitel)?[ \t]*(?:\d{{1,3}}|"
        rf"one|two|three|four|five)?(?:/\d+)?)?[\W_]*",
        re.IGNORECASE,
    )


@cache
def chapter_heading() -> re.Pattern[str]:
    """A line that heads a chapter or part: `Chapter 3: Moths`, `Kapitel IV`, `Prologue`, `3.`, `Part Two`."""
    number = (
        rf"(?P<number>\d{{1,4}}|(?-i:{ROMAN})\b|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|"
        r"thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|erstes|zweites|drittes|un|deux|trois|"
        r"uno|dos|tres|um|dois|première?|primera|first|second|third|last|final)"
    )
    counted = r"kapitel|teil|chapitre|partie|cap[íi]tulo|parte|capitolo|глава|часть|hoofdstuk|deel"
    word = (
        r"chapter|chap\.?|ch\.?|part|pt\.?|book|act|scene|kapitel|teil|chapitre|partie|cap[íi]tulo|parte|capitolo|"
        r"глава|часть|hoofdstuk|deel|episode|interlude|chapter\s+the"
    )
    return re.compile(
        rf"[ \t]*[\W_]{{0,6}}(?:(?P<first>\d{{1,3}}|erstes|zweites|drittes)\.?[ \t]+(?:{counted})\b"
        rf"|(?:{word})[ \t]*[#:.-]?[ \t]*{number}(?![\w])(?:[ \t]*(?:/|of)[ \t]*(?:\d+|\?))?"
        rf"|(?P<named>prologue|epilogue|prolog|epilog|prólogo|epílogo|prologo|epilogo|interlude|пролог|эпилог))"
        rf"(?P<title>[ \t]*(?:[:：.–—-][^\n]{{0,100}}|[(\[\"“][^\n]{{0,100}})?)[\W_]{{0,6}}$",
        re.IGNORECASE,
    )


def is_aside(heading: str) -> bool:
    """A prologue or interlude is a heading, and counts as a chapter only where nothing else does."""
    found = chapter_heading().fullmatch(heading)
    return bool(found and found.group("named") and found.group("named").lower().startswith("interlude"))


_WORD = re.compile(r"[^\W\d_][\w&/.'-]*[\w]|[^\W_]")


@cache
def _vocabulary() -> tuple[frozenset[str], frozenset[str], re.Pattern[str]]:
    groups = phrases("notes")
    folded = [fold(w) for w in groups["words"]]
    several = alternation(w for w in folded if " " in w)
    return (
        frozenset(w for w in folded if " " not in w),
        frozenset(map(fold, groups["everyday"])),
        re.compile(several),
    )


def publishing_words(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """The distinct words of fandom and publishing in `text`: (telling ones, everyday ones)."""
    single, everyday, several = _vocabulary()
    folded = fold(text)
    found = single.intersection(_WORD.findall(folded)).union(several.findall(folded))
    return found - everyday, found & everyday


_CHAT = re.compile(
    r"!!|\?\?|[:;]-?[)D]|<3|\^\^|♥|[\U0001f300-\U0001faff]|\b(?:u|ur|pls|plz|lol|omg|thx|lmao\w*|btw)\b", re.IGNORECASE
)
_ADDRESS = re.compile(
    r"\b(?:i|i['’]\w+|im|ive|my|me|mine|myself|you|you['’]\w+|your|yours|u|ur|we|we['’]\w+|us|our|ya"
    r"|ich|mir|mich|mein\w*|ihr|euch|je|j['’]\w+|m['’]\w+|moi|mon|ma|mes|vous|vos|yo|mi|mis|vosotr[oa]s|ustedes|os|eu|meu|minha|voc[êe]s?"
    r"|io|mio|mia|miei|vi|voi|ik|mijn|jullie|я|мне|меня|мой|моя|мои|вам|вас|вы)\b",
    re.IGNORECASE,
)
_LEAD_IN = re.compile(r"(?:(?:ok|okay|so|well|and|anyway|alright|right)\b[\s,.!?:-]*)+")
_RIGHTS = re.compile(r"[\W_]*(?:©|\(c\)|copyright\b)", re.IGNORECASE)


@cache
def _sure() -> re.Pattern[str]:
    words = (*phrases("notes")["sure"], *tables("credits")["status"]["unbetaed"])
    return re.compile(rf"(?<![\w-]){alternation(words)}(?![\w-])", re.IGNORECASE)


def is_sure(text: str) -> bool:
    """Whether a paragraph says what no story says: "unbeta'd", "my first fic"."""
    return bool(_sure().search(text))


def is_chat(text: str) -> bool:
    """Whether it is written as people chat: smileys, "!!", "pls"."""
    return bool(_CHAT.search(text))


def is_address(text: str) -> bool:
    """Whether it says I or you."""
    return bool(_ADDRESS.search(text))


def is_rights(text: str) -> bool:
    """Whether a paragraph begins as a copyright line does."""
    return bool(_RIGHTS.match(text))


@cache
def disclaiming() -> re.Pattern[str]:
    """What disclaimers say: "property of", "not mine"."""
    return re.compile(rf"(?<![\w-]){alternation(phrases('notes')['disclaimers'])}(?![\w-])", re.IGNORECASE)


def is_disclaimer(text: str) -> bool:
    """Whether a short paragraph says who owns the characters, and little else."""
    if len(text.split()) > LONGEST_DISCLAIMER or not (owned := disclaiming()).search(text):
        return False
    beside = [s for s in _SENTENCE_END.split(text) if not owned.search(s)]
    return sum(len(s.split()) for s in beside) <= MOST_BESIDE and not any(publishing_words(s)[0] for s in beside)


_GREETING = re.compile(
    r"(?:dear|hi+|hey+|hello+|hallo|salut|coucou|hola|ciao|oi|ol[áa]|hoi|привет|greetings|good\s+evening|evening)\b[^.?]{0,40}[,!.:;]+",
    re.IGNORECASE,
)
_ADDRESS_LINE = re.compile(r"[\W_]*(?:\S{1,60}@\S{1,60}|https?://\S+|www\.\S+)[\W_]*")


def is_greeting(text: str) -> bool:
    """Whether a line greets readers and says no more: "Dear all,", "Hey y'all!"."""
    return bool(_GREETING.fullmatch(text))


@cache
def _feet() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """What only feet say; what they begin with; what says how many comments stand below."""
    words = {name: alternation(phrases("notes")[name]) for name in ("feet", "ways", "comments", "asking")}
    way = rf"{words['ways']}(?!\w)"
    below = rf"\d{{1,5}}\s+{words['comments']}\b.*|{words['comments']}[\W_]*\(\d{{1,5}}\).*|{words['asking']}[\W_]*"
    return (
        re.compile(
            rf"(?<!\w){words['feet']}(?!\w)|[|»«•·<>\]\[]\s*{way}|^[\W_]*{way}[^.!?]*[|»«•·<>\]\[]", re.IGNORECASE
        ),
        re.compile(rf"[\W_]*{way}", re.IGNORECASE),
        re.compile(rf"[\W_]*(?:{below})", re.IGNORECASE),
    )


def is_foot(text: str) -> bool:
    """Whether a paragraph is what a page or a list has below a text: ways to go on, addresses, how to unsubscribe."""
    words = len(text.split()) if len(text) <= FOOT_CHARACTERS else LONGEST_FOOT + 1
    says, begins, _ = _feet()
    if words > LONGEST_FOOT:
        return False
    if _ADDRESS_LINE.fullmatch(text) or (words <= SHORT_LINE and begins.match(text) and text[-1] not in '.!?"'):
        return True
    return bool(says.search(text))


def counts_comments(text: str) -> bool:
    """Whether a line counts the comments that stand below it, or asks for one: "( 31 comments - Leave a comment )"."""
    return len(text) <= FOOT_CHARACTERS and len(text.split()) <= SHORT_LINE and bool(_feet()[2].fullmatch(text))


def is_aside_whole(text: str) -> bool:
    """Whether a paragraph is one bracket, or emphasised as a whole."""
    return len(text) > 12 and text[0] + text[-1] in ("()", "**", "__") and text.count("(") <= 2


def opens(text: str, group: str) -> bool:
    """Whether it begins as notes after the end do (`openings`), or as only they do (`farewells`)."""
    folded = " ".join(fold(text).lstrip(" ~*-_([").split())
    starts = tuple(fold(o) for o in phrases("notes")[group])
    return folded.startswith(starts) or _LEAD_IN.sub("", folded, count=1).startswith(starts)
