"""What on a page is the site's or the readers', and no part of the work: menus, sidebars, comments, counters.

Told by names (class, id, element) where a page has them, else by links, place and a few words that only sites say. What
holds most of a page's words is never left out: blog engines call the frame of a story a widget, too.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ..lexicon import phrases
from ..text import fold
from .markup import inline, lines_of
from .nodes import around

HEADINGS = "h1, h2, h3"
MENU_LINKS = range(2, 201)
MENU_LETTERS = 2_000
MOST = 0.5
"""Part of a page's letters from which an element holds the work, whatever it is called."""
MAIN = 5
"""Times as many letters as a sidebar's has what it stands beside."""
SIDE_LINKS, LINKED = 3, 0.25
"""Links of a sidebar at least (a column of a table: one less), and the part of its letters that is in them: a note with
a link or two is no sidebar."""
NOTICE = 300
"""Letters of what a site says about itself, above or below a story."""
LABEL = 60
"""Letters of a link that leads through a site."""
_NAME_PART = re.compile(r"[a-z]+")
_BLOCKS = frozenset("div td ul table p ol center".split())
_FRAMES = frozenset("div td section ul table".split())
_SILENT = frozenset("script style noscript template select textarea".split())
_NOTICES = frozenset("p div td li center small table section h2 h3 h4 h5 span font".split())
_STATED = re.compile(r"(?:^|\n)\s*[^\W\d_][\w /']{1,24}:\s", re.MULTILINE)
_WIDTH = re.compile(r"\s*(?P<number>[0-9]{1,5})\s*(?P<unit>%?)\s*")
_RIGHTS = re.compile(r"©|\(c\)|copyright", re.IGNORECASE)
_ARROWS = " \t\n\xa0<>«»‹›→←⇒–—-=~*|:.,…!?[](){}\"'"


class Surroundings:
    """Whether an element is one that surrounds the work; made once a page."""

    def __init__(self, tree: LexborHTMLParser) -> None:
        self.letters = _counted(tree.body)
        self.all = self.letters[tree.body.mem_id] if tree.body else 0
        self.headings = len(tree.css(HEADINGS))
        self.has_notices = bool(tree.body and _notices().search(fold(tree.body.text(deep=True))))
        self.links: Counter[int] = Counter()
        self.linked: Counter[int] = Counter()
        self.replies: Counter[int] = Counter()
        replies = {fold(words) for words in phrases("chrome")["replies"]}
        for link in tree.css("a[href]"):
            letters = self.letters[link.mem_id]
            replying = letters <= LABEL and fold(inline(link)) in replies
            for outer in around(link):
                self.links[outer.mem_id] += 1
                self.linked[outer.mem_id] += letters
                self.replies[outer.mem_id] += replying

    def __call__(self, node: LexborNode) -> bool:
        if node.tag in ("body", "html"):
            return False
        names = _names(node)
        if node.tag == "a":
            return _is(names, "away") or (self.letters[node.mem_id] <= LABEL and _leads_on(node))
        if names and _is(names, "comments"):
            return True
        if node.tag in ("ol", "ul") and "notes" in names:
            return True
        if self._is_frame(node, names) or self._is_aside(node):
            return not self._holds_most(node)
        return (node.tag in _BLOCKS and self._only_links(node)) or self._is_notice(node)

    def _is_frame(self, node: LexborNode, names: list[str]) -> bool:
        """Whether its name says that it belongs to the site."""
        if (node.attributes.get("id") or "").lower() in ("header", "masthead", "footer"):
            return True
        if node.tag in ("header", "footer", "aside"):
            inner = any(outer.tag in ("article", "main", "section") for outer in around(node))
            return not inner and (node.tag != "header" or len(node.css(HEADINGS)) < self.headings)
        return bool(names) and _is(names, "away")

    def _is_aside(self, node: LexborNode) -> bool:
        """A sidebar without a name, or what readers answered: links, beside something much longer."""
        if self.replies[node.mem_id] > 1:
            return True
        least = SIDE_LINKS - 1 if node.tag == "td" else SIDE_LINKS
        if node.tag not in _FRAMES or self.links[node.mem_id] < least:
            return False
        own = self.letters[node.mem_id]
        linked = _is_narrow(node) or self.linked[node.mem_id] >= LINKED * own
        if not linked or _STATED.search(lines_of(node)[:400]):
            return False
        return any(self.letters[other.mem_id] >= MAIN * own for other in _beside(node))

    def _holds_most(self, node: LexborNode) -> bool:
        return self.letters[node.mem_id] > MOST * self.all

    def _only_links(self, node: LexborNode) -> bool:
        """Two links and more, and hardly a letter outside them: a menu."""
        if self.links[node.mem_id] not in MENU_LINKS or self.linked[node.mem_id] > MENU_LETTERS:
            return False
        return self.linked[node.mem_id] > 0.75 * self.letters[node.mem_id]

    def _is_notice(self, node: LexborNode) -> bool:
        """A few words that only sites say: counters, rings, hosts. What states rights says who wrote the story, too."""
        if (
            not self.has_notices
            or node.tag not in _NOTICES
            or self.letters[node.mem_id] > NOTICE
            or self._holds_most(node)
        ):
            return False
        said = inline(node)
        return bool(_notices().search(fold(said))) and not _RIGHTS.search(said)


def _counted(body: LexborNode | None) -> Counter[int]:
    """How many letters each element of a page holds, by `mem_id`; every node is looked at once."""
    letters: Counter[int] = Counter()
    for node in reversed(list(body.traverse(include_text=True)) if body else []):
        if node.tag == "-text":
            letters[node.mem_id] = sum(map(str.isalnum, node.text_content or ""))
        elif node.tag in _SILENT:
            letters[node.mem_id] = 0
        if node.parent is not None:
            letters[node.parent.mem_id] += letters[node.mem_id]
    return letters


def _is_narrow(node: LexborNode) -> bool:
    """Whether a column of a table is as wide as menus are: to 200 pixels, to a quarter of the page."""
    width = _WIDTH.fullmatch(node.attributes.get("width") or "") if node.tag == "td" else None
    return width is not None and int(width["number"]) <= (25 if width["unit"] else 200)


def _beside(node: LexborNode) -> list[LexborNode]:
    """The elements next to one, before and behind, no more than a page's columns are."""
    found, before, behind = [], node.prev, node.next
    for _ in range(12):
        found += [other for other in (before, behind) if other is not None and other.tag in _FRAMES]
        before, behind = before.prev if before else None, behind.next if behind else None
    return found


def _leads_on(link: LexborNode) -> bool:
    """Whether a link leads home, back or to the next page, and stands in no sentence."""
    if not link.attributes.get("href") or any(_says(near) for near in (link.prev, link.next)):
        return False
    words = fold(inline(link)).strip(_ARROWS)
    return (words in _ways() or words.startswith(_returns())) and not _is_value(link)


def _is_value(link: LexborNode) -> bool:
    """Whether a key stands before a link, or before the cell that it is alone in: "Genre: Music"."""
    for node in (link, link.parent):
        before = node.prev if node else None
        while before is not None and before.tag == "-text" and not (before.text_content or "").strip():
            before = before.prev
        if before is not None and inline(before)[-1:] == ":":
            return True
    return False


def _says(node: LexborNode | None) -> bool:
    """Whether a text beside a link has words."""
    return node is not None and node.tag == "-text" and any(map(str.isalnum, node.text_content or ""))


@cache
def _ways() -> frozenset[str]:
    groups = phrases("home_pages")
    return frozenset(fold(words) for group in ("aside", "next") for words in groups[group])


@cache
def _returns() -> tuple[str, ...]:
    return tuple(fold(words) for words in phrases("home_pages")["back"])


@cache
def _notices() -> re.Pattern[str]:
    return re.compile("|".join(re.escape(fold(words)) for words in phrases("chrome")["notices"]))


def _names(node: LexborNode) -> list[str]:
    return f"{node.attributes.get('class') or ''} {node.attributes.get('id') or ''}".lower().split()


def _is(names: list[str], group: str) -> bool:
    known = _known(group)
    return any(name in known or _first_part(name) in known for name in names)


@cache
def _known(group: str) -> frozenset[str]:
    return frozenset(phrases("chrome")[group])


def _first_part(name: str) -> str | None:
    """The part of a class or id that may decide: "comment" of "comment-depth-1"."""
    found = _NAME_PART.match(name)
    return found.group() if found else None
