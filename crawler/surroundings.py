"""What on a page is the site's or the readers', and no part of the work: menus, sidebars, comments, counters."""

from __future__ import annotations

import re
from collections import Counter

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ..lexicon import phrases
from .markup import inline

_NAME_PART = re.compile(r"[a-z]+")


class Surroundings:
    """What on a page is the site's or the readers', and no part of the work; made once a page."""

    MENU_LINKS = range(2, 201)
    MENU_LETTERS = 2_000
    NESTING = 40

    def __init__(self, tree: LexborHTMLParser) -> None:
        self.links: Counter[int] = Counter()
        self.linked: Counter[int] = Counter()
        for link in tree.css("a[href]"):
            letters = _letters(link)
            above = link.parent
            for _ in range(self.NESTING):
                if above is None:
                    break
                self.links[above.mem_id] += 1
                self.linked[above.mem_id] += letters
                above = above.parent

    def __call__(self, node: LexborNode) -> bool:
        tag, attributes = node.tag, node.attributes
        if tag in ("body", "html"):
            return False
        if (attributes.get("id") or "").lower() in ("header", "masthead", "footer"):
            return True
        if tag in ("header", "footer", "aside") and node.parent and node.parent.tag == "body":
            return True
        names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}".lower().split()
        if names and (_is(names, "away") or _is(names, "comments")):
            return True
        if tag in ("ol", "ul") and "notes" in names:
            return True
        return tag in ("div", "td", "ul", "table", "p", "ol", "center") and self._only_links(node)

    def _only_links(self, node: LexborNode) -> bool:
        """Two links and more, and hardly a letter outside them: a menu."""
        if self.links[node.mem_id] not in self.MENU_LINKS or self.linked[node.mem_id] > self.MENU_LETTERS:
            return False
        return self.linked[node.mem_id] > 0.75 * _letters(node)


def _letters(node: LexborNode) -> int:
    return sum(map(str.isalnum, inline(node)))


def _is(names: list[str], group: str) -> bool:
    known = phrases("chrome")[group]
    return any(name in known or _first_part(name) in known for name in names)


def _first_part(name: str) -> str | None:
    """The part of a class or id that may decide: "comment" of "comment-depth-1"."""
    found = _NAME_PART.match(name)
    return found.group() if found else None
