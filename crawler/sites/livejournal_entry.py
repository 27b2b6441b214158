"""Where an entry's page has its parts: the text, and nearest to it the subject, the poster, the date, the tags.

Journal styles name their elements as they like, and every journal may have its own. What they share: the entry's parts
stand closer to its text than those of any other entry, and comments stand apart from both.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, takewhile

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ...lexicon import tables
from ...text import fold, one_line
from ..blob import DocumentBuilder
from ..dates import iso_date
from ..markup import add_markup, inline, lines_of
from ..nodes import around, attribute, classes, ids, outermost, within
from ..saved import original
from .elements import any_of, elements

ENGINE = "livejournal"
CLOSE = 8
"""Elements around the text in which the entry's other parts are looked for."""
MOST = 200
"""Texts of a page that are looked at; a journal shows 50 entries at once."""
LONGEST = 300
"""Characters of a subject, a user's name, or what holds a date."""
SHORT = 40
"""Characters of what holds a date and nothing else."""
LINES = 40
"""Lines beside the text that may say when it was posted, where no element does."""
_LINES = frozenset("p div small center i em span td".split())
_NAME = re.compile(r"[A-Za-z0-9_-]{1,40}")
_HOST = re.compile(
    r"https?://(?P<name>[\w-]{1,40})\.(?:livejournal|dreamwidth|insanejournal|deadjournal|journalfen)\.\w+/"
)
_TITLED = re.compile(r"[\w-]{1,40}(?::| \|) (?P<subject>\S.*)")
_ISO = re.compile(r"(?<!\d)\d{4}-\d{2}-\d{2}(?!\d)")


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a page: its text; the elements (`mem_id`) inside of it that its writer did not write (`aside`), and
    those that belong to comments or to the journal (`apart`); and those that hold other entries too (`shared`).
    """

    tree: LexborHTMLParser
    text: LexborNode
    aside: frozenset[int]
    apart: frozenset[int]
    shared: frozenset[int] = frozenset()

    def add_text(self, builder: DocumentBuilder) -> None:
        """Add what the writer wrote; the poster's name may be the first of it."""
        opening = self._opening()
        beside = self.aside | self.apart | ({opening.mem_id} if opening else set())
        add_markup(builder, self.text, skip=lambda node: node.mem_id in beside or _points_elsewhere(node))

    def subject(self) -> str:
        """What the entry is called, "" if its writer left that out."""
        nothing = {fold(words) for words in tables(ENGINE)["nothing"]["subjects"]}
        named = (words for node in self._near("subject") if (words := inline(node)) and len(words) <= LONGEST)
        found = next(named, "") or ("" if self.shared else self._of_page_title())
        return "" if fold(found) in nothing else found

    def _of_page_title(self) -> str:
        """What the browser's title says behind the journal's name ("ferry: Low Water", "ferry | Low Water")."""
        title = inline(self.tree.css_first("title"))
        found = _TITLED.fullmatch(title) if len(title) <= LONGEST else None
        return found["subject"] if found else ""

    def poster(self) -> str:
        """Who posted it: never the community it was posted in."""
        opening = self._opening()
        users = [node for node in self._near("user") if not _is_community(node)]
        users += [opening] if opening else []
        return next((name for node in users if (name := _name_of(node))), "") or self._owner()

    def _opening(self) -> LexborNode | None:
        """The user whose name the text begins with, alone on its line: styles without an element of its own."""
        user = self.text.css_first(any_of(ENGINE, "user"))
        first = lines_of(self.text, lambda node: node.mem_id in self.aside).partition("\n")[0].strip() if user else ""
        return user if user and first and first == inline(user) else None

    def _owner(self) -> str:
        """The journal's name, of the page's own address."""
        told = (
            attribute(n, "content", "href") for n in self.tree.css("meta[property='og:url'], link[rel='canonical']")
        )
        found = (_HOST.match(original(address)) for address in told)
        name = next((match["name"] for match in found if match), "").replace("-", "_")
        return "" if name in ("www", "community", "users") else name

    def date(self) -> tuple[str, str] | None:
        """(date as it stands, ISO date) of the entry."""
        for node in self._near("date"):
            words = inline(node)
            for said in (attribute(node, "datetime", "title"), words):
                if found := _iso(said):
                    return (words if 0 < len(words) <= SHORT else found), found
        beside = lines_of(self.text.parent or self.text, self._beside)
        return next((("", found) for line in beside.split("\n")[:LINES] if (found := _iso(line))), None)

    def _beside(self, node: LexborNode) -> bool:
        return node.mem_id == self.text.mem_id or node.mem_id in self.apart

    def tags(self) -> list[str]:
        """The entry's tags."""
        for box in self._near("tags"):
            links = [inline(link) for link in box.css("a")]
            label, colon, listed = inline(box).partition(":")
            values = links or (listed if colon else label).split(",")
            return [value for value in map(str.strip, values) if value and len(value) <= LONGEST]
        return []

    def states(self) -> Iterator[tuple[str, str]]:
        """(label, value) of the writer's mood, music and place."""
        known = {fold(label) for labels in tables(ENGINE)["label"].values() for label in labels}
        seen: set[str] = set()
        for box in outermost(self._near("meta")):
            for label, value in _labelled(lines_of(box)):
                if value and fold(label) in known and fold(label) not in seen and len(value) <= LONGEST:
                    seen.add(fold(label))
                    yield label, value

    def _near(self, name: str) -> list[LexborNode]:
        """The elements of a part in the nearest element around the text that has one; in the order of the selectors."""
        own = takewhile(lambda outer: outer.mem_id not in self.shared, around(self.text))
        for outer in (self.text, *islice(own, CLOSE)):
            for selector in elements(ENGINE, name):
                found = [node for node in outer.css(selector) if not self._foreign(node)]
                if found:
                    return found
        return []

    def _foreign(self, node: LexborNode) -> bool:
        """Whether an element is part of a comment, of the journal's frame, or of what the writer wrote."""
        written = within(node, {self.text.mem_id}) and not within(node, self.aside)
        return written or within(node, self.apart)


def entries(tree: LexborHTMLParser) -> list[Entry]:
    """The entries of a page: one, or all of a journal's recent ones."""
    comments, sides = ids(tree, elements(ENGINE, "comments")), ids(tree, elements(ENGINE, "sides"))
    for selector in elements(ENGINE, "text"):
        found = outermost(tree.css(selector)[:MOST])
        own = [node for node in found if not within(node, comments | sides)] or found[:1]
        if own:
            held = Counter(outer.mem_id for node in own for outer in around(node))
            shared = frozenset(element for element, count in held.items() if count > 1)
            return [Entry(tree, node, ids(node, elements(ENGINE, "aside")), comments | sides, shared) for node in own]
    return []


def _iso(said: str) -> str | None:
    """The day that a few words name."""
    found = _ISO.search(said) if len(said) <= LONGEST else None
    whole = found.group() if found else iso_date(said) if len(said) <= LONGEST else None
    return whole if whole and len(whole) == len("2007-03-02") else None


def _points_elsewhere(node: LexborNode) -> bool:
    """Whether an element is what crossposting adds: where else the entry stands, and that comments belong there."""
    if node.tag not in _LINES or len(said := inline(node)) > LONGEST:
        return False
    folded = fold(said)
    return any(fold(words) in folded for words in tables(ENGINE)["nothing"]["crossposts"])


def _labelled(lines: str) -> Iterator[tuple[str, str]]:
    """ "Mood: sleepy", "Music:" over "rain", or several of them in one line."""
    text = re.sub(r":[ \t]*\n+", ": ", lines)
    for line in re.split(r"\n+|\s[·|]\s", text):
        label, colon, value = line.partition(":")
        if colon:
            yield one_line(label).strip("[]| "), one_line(value).strip("[]| ")


def _is_community(node: LexborNode) -> bool:
    if "i-ljuser-type-C" in classes(node):
        return True
    pictures = (attribute(picture, name) for picture in node.css("img") for name in ("src", "alt"))
    signs = tables(ENGINE)["nothing"]["communities"]
    return any(sign in said for said in pictures for sign in signs)


def _name_of(node: LexborNode) -> str:
    name = attribute(node, "lj:user", "data-ljuser", "data-user")
    said = name or inline(node.css_first(".i-ljuser-username") or node.css_first("b") or node)
    return said if _NAME.fullmatch(said) else ""
