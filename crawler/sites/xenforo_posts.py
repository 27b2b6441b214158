"""The posts of a thread's page: who wrote each and when, its text, and the threadmark that makes it a chapter."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ...lexicon import phrases, tables
from ...text import count_words, fold
from ..dates import iso_date
from ..markup import inline
from ..nodes import attribute, first, ids, outermost
from .elements import any_of, elements

ENGINE = "xenforo"
LONG = 300
"""Words of a first post that is a story's beginning, where no post has a mark."""
FURTHER = 150
"""Words of a later post by the same writer that goes on with it, and is no answer to a reader."""
MOST = 2_000
"""Posts of a page; a forum shows 10 to 200 of them, a reader's page up to 100."""
_NUMBER = re.compile(r"#?\s*(?P<number>[0-9]{1,4})\b")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Mark:
    """A threadmark: its label, its category ("" where the page names none), and its number where that is shown."""

    label: str
    category: str
    number: int | None

    @property
    def is_chapter(self) -> bool:
        """Whether its category is the one for chapters: side stories, omakes and indexes have others."""
        return not self.category or fold(self.category) in {fold(c) for c in tables(ENGINE)["category"]["chapters"]}


@dataclass(frozen=True, slots=True)
class Post:
    """A post: `text` is its element, without signature and likes."""

    text: LexborNode
    author: str
    posted: str | None
    mark: Mark | None

    def words(self) -> int:
        """How many words it has, those that it quotes included."""
        return count_words(self.text.text(deep=True) or "")

    def aside(self) -> frozenset[int]:
        """What is no text of its own (`mem_id`): buttons, attachments, what other posts said."""
        quoted = (quote for quote in self.text.css(any_of(ENGINE, "quotes")) if _of_another(quote))
        return ids(self.text, elements(ENGINE, "aside")) | {quote.mem_id for quote in quoted}


def posts(tree: LexborHTMLParser) -> list[Post]:
    """The posts of a page, in its order."""
    found = outermost(tree.css(any_of(ENGINE, "posts"))[:MOST])
    return [post for node in found if (post := _post(node))]


def told(found: list[Post], starter: str) -> list[Post]:
    """The posts of a thread without marks that are its story: the long ones of whoever wrote the first.

    None if the first post is no beginning of a story, or not the starter's ("": whose it is does not matter).
    """
    author = starter or (found[0].author if found else "")
    if not found or found[0].author != author or found[0].words() < LONG:
        return []
    return [post for post in found if post.author == author and post.words() >= FURTHER]


def _post(node: LexborNode) -> Post | None:
    text = first(node, elements(ENGINE, "text"))
    if not text:
        return None
    _name_notes(text)
    author = attribute(node, "data-author") or inline(node.css_first(".username"))
    return Post(text, author, date_of(node, "posted"), _mark(node))


def date_of(root: LexborHTMLParser | LexborNode, name: str) -> str | None:
    """The ISO date of the first element of a part that has one."""
    for selector in elements(ENGINE, name):
        if node := root.css_first(selector):
            for said in (attribute(node, "datetime"), attribute(node, "title", "data-datestring"), inline(node)):
                if found := _ISO.match(said):
                    return found.group()
                if day := iso_date(said):
                    return day
    return None


def _name_notes(text: LexborNode) -> None:
    """Leave the names of spoilers that are notes ("Author's Note") in the text: their buttons are none."""
    keys = {fold(key) for key in phrases("header")["note"]}
    for button in text.css(any_of(ENGINE, "spoiler")):
        name = inline(first(button, elements(ENGINE, "spoiler_name"))) or inline(button).partition(":")[2].strip()
        if fold(name.strip(": ")) in keys:
            button.replace_with(f"{name.strip(': ')}:")


def _mark(node: LexborNode) -> Mark | None:
    header = first(node, elements(ENGINE, "mark"))
    if not header:
        return None
    shown = first(header, elements(ENGINE, "label"))
    label = inline(shown) if shown else inline(header)
    category = inline(header.css_first("label"))
    before, colon, behind = label.partition(":")
    if colon and not category and fold(before) in _categories():
        category, label = before, behind.strip()
    number = _NUMBER.search(_without(inline(header), label, category))
    return Mark(label, category, int(number["number"]) if number else None) if label else None


def _without(text: str, *pieces: str) -> str:
    for piece in pieces:
        text = text.replace(piece, " ", 1) if piece else text
    return text


def _categories() -> Iterator[str]:
    return map(fold, tables(ENGINE)["category"]["chapters"])


def _of_another(quote: LexborNode) -> bool:
    """Whether a quotation names its source; without one it is a letter, a sign, a dream of the story."""
    return bool(attribute(quote, "data-quote", "data-author", "data-source", "data-username"))
