"""Made-up archives: pages with the structure of the real engines, generated from a seed, and the truth about them.

Each archive answers `respond("/path?query")` with (status, headers, body), always the same for the same path, and
404 for what it does not have. Nothing in the stories, names and notes is anybody's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from html import escape
from random import Random

from ficdex.text import count_words

Answer = tuple[int, dict[str, str], bytes]

FANDOMS = {
    "Buffy the Vampire Slayer": ("Willow Rosenberg", "Xander Harris", "Rupert Giles", "Dawn Summers"),
    "Merlin": ("Merlin", "Gwen", "Gaius", "Arthur Pendragon"),
    "Highlander": ("Duncan MacLeod", "Methos", "Joe Dawson", "Amanda Darieux"),
    "Stargate SG-1": ("Samantha Carter", "Daniel Jackson", "Jack O'Neill", "Teal'c"),
    "The Lamplighters": ("Orla Finch", "Tobias Reed", "Mother Quill", "Cassius Vane"),
}
RATINGS = ("G", "PG", "PG-13", "R", "NC-17")
TAGS = ("Humor", "Hurt/Comfort", "Friendship", "Casefic", "Slow Burn", "Tea", "First Time", "Fix-It", "Road Trip")
_HANDLES = (
    "mothwing", "Zoë_Quill", "saltmarsh", "tin_whistle", "Ottoline", "greylag", "Bertille", "nine_of_cups", "Fenwick",
    "larkspurred", "Oddments", "halcyone", "Crumpet Queen", "J. D. Marsh", "pilchard", "Émilie", "rookery", "vesper9",
    "The Understudy", "brambleton", "Quince", "sedge", "Anselm_K", "wren & co", "tallow", "Isolde Parr", "mudlark",
    "cantrip", "Ruby Lyle", "stormpetrel", "gorse", "Halloran", "plum_duff", "sorrel", "Tansy-May", "oxbow",
)  # fmt: skip
_BETAS = ("Trisha", "odile_b", "Marguerite", "kestrel_7", "Hob", "Persis", "thimblerig", "Lottie")
_FIRST = ("The", "A", "One", "No", "Another", "Every", "Somebody's", "That")
_MIDDLE = ("Quiet", "Borrowed", "Crooked", "Second", "Salted", "Broken", "Patient", "Unpaid", "Blue")
_LAST = ("Lantern", "Kettle", "Bridge", "Harbour", "Sparrow", "Winter", "Ledger", "Door", "Orchard", "Letter")
_WHO = ("the ferryman", "her sister", "the old dog", "nobody", "the landlady", "a stranger", "the boy from the mill")
_DID = ("waited by", "walked past", "never mentioned", "mended", "laughed at", "remembered", "turned back from")
_WHAT = ("the cold stove", "the garden gate", "the last train", "a box of letters", "the river", "the empty chair")
_WHEN = ("before the rain", "at dusk", "without a word", "in the long grass", "until the bells stopped", "again")
_SAID = ("I told you so", "You are late", "Mind the step", "It was never about the money", "Leave the light on")


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter as it was written."""

    title: str
    paragraphs: tuple[str, ...]
    note: str = ""
    end_note: str = ""

    @property
    def html(self) -> str:
        return "".join(f"<p>{escape(p, quote=False)}</p>\n" for p in self.paragraphs)


@dataclass(frozen=True)
class Story:
    """A work as it was posted: what a reader of its pages has to find out.

    `authors` are empty for an anonymous work. `betas` are the people whom the notes credit with the beta. `series`
    are (name, place). `state` says what a visitor without an account sees: "open", "adult", "login", "unrevealed",
    "gone". The catalogue must not list one with `noindex`.
    """

    number: int
    title: str
    authors: tuple[str, ...]
    fandom: str
    characters: tuple[str, ...]
    tags: tuple[str, ...]
    rating: str
    summary: str
    published: date
    updated: date
    complete: bool
    chapters: tuple[Chapter, ...]
    note: str = ""
    end_note: str = ""
    betas: tuple[str, ...] = ()
    series: tuple[tuple[str, int], ...] = ()
    state: str = "open"
    noindex: bool = False

    @cached_property
    def words(self) -> int:
        return sum(count_words(p) for chapter in self.chapters for p in chapter.paragraphs)


def stories(seed: int, count: int) -> list[Story]:
    """`count` works, numbered from 1; every archive shapes them further."""
    return [_story(Random(f"{seed}/{number}"), number) for number in range(1, count + 1)]


def _story(dice: Random, number: int) -> Story:
    fandom = dice.choice(list(FANDOMS))
    published = date(2003, 1, 1) + timedelta(days=dice.randrange(5_000))
    chapters = tuple(_chapter(dice, n) for n in range(1, dice.choice((1, 1, 1, 2, 3, 5)) + 1))
    beta = dice.choice(_BETAS)
    thanks, betas = dice.choice(
        (
            (f"Many thanks to {beta} for the beta.", (beta,)),
            (f"Beta: {beta}. All remaining mistakes are mine.", (beta,)),
            ("Unbetaed, so be kind.", ()),
            ("", ()),
        )
    )
    tail = dice.choice(("", "", ", Part 1", " & After"))
    return Story(
        number,
        f"{dice.choice(_FIRST)} {dice.choice(_MIDDLE)} {dice.choice(_LAST)}{tail}",
        tuple(dice.sample(_HANDLES, dice.choice((1, 1, 1, 1, 2, 3)))),
        fandom,
        tuple(dice.sample(FANDOMS[fandom], 2)),
        tuple(dice.sample(TAGS, dice.randrange(4))),
        dice.choice(RATINGS),
        f"{dice.choice(_SAID)}, says {dice.choice(_WHO)}. Nobody listens – not at first.",
        published,
        published + timedelta(days=31 * (len(chapters) - 1)),
        dice.random() < 0.7,
        chapters,
        note=thanks,
        end_note=dice.choice(("", "", "More soon, weather permitting.")),
        betas=betas,
    )


def _chapter(dice: Random, number: int) -> Chapter:
    return Chapter(
        dice.choice((f"Chapter {number}", f"{dice.choice(_MIDDLE)} {dice.choice(_LAST)}")),
        tuple(_paragraph(dice) for _ in range(dice.randrange(4, 9))),
        note=dice.choice(("", "", "Set in the week after the flood.")),
        end_note=dice.choice(("", "", "The song is traditional.")),
    )


def _paragraph(dice: Random) -> str:
    sentences = [
        f"{dice.choice(_WHO)} {dice.choice(_DID)} {dice.choice(_WHAT)} {dice.choice(_WHEN)}.".capitalize()
        for _ in range(dice.randrange(2, 6))
    ]
    if dice.random() < 0.4:
        sentences.insert(1, f"“{dice.choice(_SAID)},” said {dice.choice(_WHO)}.")
    return " ".join(sentences)


def page(body: str, status: int = 200, encoding: str = "utf-8", **headers: str) -> Answer:
    """An HTML answer; what the encoding does not have is written as a character reference, as servers do."""
    stated = {"Content-Type": "text/html", **{name.replace("_", "-"): value for name, value in headers.items()}}
    return status, stated, body.encode(encoding, "xmlcharrefreplace")


def text(body: str) -> Answer:
    """A plain text answer, such as robots.txt."""
    return 200, {"Content-Type": "text/plain; charset=utf-8"}, body.encode()


def moved(where: str) -> Answer:
    """A redirect."""
    return 302, {"Location": where, "Content-Type": "text/html"}, b""


NOT_FOUND: Answer = (404, {"Content-Type": "text/html"}, b"<html><title>404 Not Found</title><h1>Not Found</h1></html>")
