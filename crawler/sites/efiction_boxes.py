"""The box of labels that eFiction puts around a work, in whatever skin: found by its labels, read between them.

Skins differ in elements and classes; what they share are the labels ("Summary:", "Completed:", ...), in
`span.label` or in bold (skins of 2.0 to 3.5). One box holds one "Completed:" and a few others. An archive's own
totals (`#infoblock`) and the random story of a sidebar have no "Completed:".
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ...lexicon import tables
from ...text import fold, one_line
from ..markup import inline
from .efiction_urls import story_link

FEW = 4
"""Different labels that make a box: a listing's blurb has twelve, a review four of its own that are not counted."""
NESTING = 40
HEAD = 200
"""Nodes before a blurb's first label."""
WITHIN = 20
"""Nodes inside a label: bold type that is never closed has the rest of the page inside."""
LONGEST = 60
"""Characters of a label."""
STORY = "#story, div.story, div.chapter, .notes, .noteinfo, #infoblock"
_SILENT = frozenset(("script", "style", "select", "form", "noscript", "textarea"))
_BREAKS = frozenset(("br", "p", "div", "li", "tr", "td", "h1", "h2", "h3", "h4", "hr", "blockquote"))
_EDGES = " \t\n\xa0:;|•·&,[("


@dataclasses.dataclass(slots=True)
class Entry:
    """A label and what stands behind it: `field` is "" for a label that no list knows, `links` are (text, href)."""

    label: str
    field: str
    pieces: list[tuple[str, str]] = dataclasses.field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(text for text, _ in self.pieces).strip(_EDGES)

    @property
    def before_links(self) -> str:
        """What stands before the first link: counts and ratings, without "Table of Contents" and "Reviews"."""
        words = []
        for text, href in self.pieces:
            if href:
                break
            words.append(text)
        return one_line("".join(words)).strip(_EDGES)

    @property
    def links(self) -> list[tuple[str, str]]:
        return [(text, href) for text, href in self.pieces if href]


@dataclasses.dataclass(frozen=True, slots=True)
class Blurb:
    """A work in a listing: its box with the title, its number, the link that is its title."""

    box: LexborNode
    sid: str
    title: LexborNode


def entries(box: LexborNode) -> list[Entry]:
    """What a box holds in order; the first has no label: what stands before all of them."""
    found = [Entry("", "")]
    stack = [box]
    while stack:
        node = stack.pop()
        tag = node.tag or ""
        if tag == "-text":
            found[-1].pieces.append((node.text_content or "", ""))
        elif tag in _SILENT or tag.startswith(("-", "_", "!")):
            continue
        elif known := _label(node):
            found.append(Entry(*known))
        elif tag == "a" and (href := node.attributes.get("href")):
            found[-1].pieces.append((inline(node), href))
        else:
            if tag in _BREAKS:
                found[-1].pieces.append(("\n", ""))
            stack += reversed(list(children(node)))
    return found


def children(node: LexborNode) -> Iterator[LexborNode]:
    """Elements and texts directly below an element."""
    child = node.child
    while child is not None:
        yield child
        child = child.next


def above(node: LexborNode) -> Iterator[LexborNode]:
    """The elements around one, innermost first, as far as `body` and no further than pages nest."""
    outer = node.parent
    for _ in range(NESTING):
        if outer is None or outer.tag in ("body", "html"):
            return
        yield outer
        outer = outer.parent


def boxes(tree: LexborHTMLParser) -> list[LexborNode]:
    """The smallest element around each work's labels."""
    counted = _Counted(tree)
    found = {}
    for label in counted.statuses:
        for outer in above(label):
            if counted.works(outer) > 1:
                break
            if counted.fields(outer) >= FEW:
                found[outer.mem_id] = outer
                break
    return list(found.values())


def blurbs(tree: LexborHTMLParser) -> list[Blurb]:
    """The works that a listing describes: boxes, widened until a title stands before their first label."""
    counted = _Counted(tree)
    found = {}
    for box in boxes(tree):
        for outer in (box, *above(box)):
            if counted.works(outer) > 1:
                break
            if title := _title(outer):
                link = story_link(title.attributes.get("href") or "")
                if link:
                    found[outer.mem_id] = Blurb(outer, link.sid, title)
                break
    return list(found.values())


def _title(box: LexborNode) -> LexborNode | None:
    """The link to a work that stands before a box's first label."""
    for node in _below(box, HEAD):
        if _label(node):
            return None
        if node.tag == "a" and story_link(node.attributes.get("href") or ""):
            return node
    return None


def _below(root: LexborNode, most: int) -> Iterator[LexborNode]:
    """The nodes below an element in order, `most` of them: a page may hold a million, and ask for each again."""
    stack = list(children(root))[::-1]
    for _ in range(most):
        if not stack:
            return
        node = stack.pop()
        yield node
        stack += list(children(node))[::-1] if node.tag != "-text" else []


class _Counted:
    """How many labels of which kind stand below each element of a page."""

    def __init__(self, tree: LexborHTMLParser) -> None:
        self.statuses: list[LexborNode] = []
        self._below: dict[int, Counter[str]] = {}
        prose = {node.mem_id for node in tree.css(STORY)}
        for node in tree.css("span.label, b, strong"):
            known = _label(node)
            outer = list(above(node)) if known and known[1] not in ("", "aside") else []
            if not known or any(o.mem_id in prose for o in outer):
                continue
            if known[1] == "status":
                self.statuses.append(node)
            for element in outer:
                self._below.setdefault(element.mem_id, Counter())[known[1]] += 1

    def works(self, node: LexborNode) -> int:
        return self._below.get(node.mem_id, Counter())["status"]

    def fields(self, node: LexborNode) -> int:
        return len(self._below.get(node.mem_id, ()))


@cache
def _labels() -> Mapping[str, str]:
    return {fold(label): name for name, labels in tables("efiction")["label"].items() for label in labels}


def _label(node: LexborNode) -> tuple[str, str] | None:
    """(label, field) of a label's element; links to report the story may stand in it before the word."""
    marked = node.tag == "span" and "label" in (node.attributes.get("class") or "").split()
    if not marked and node.tag not in ("b", "strong"):
        return None
    inside = list(_below(node, WITHIN + 1))
    label = "".join(n.text_content or "" for n in inside if n.tag == "-text").rpartition("]")[2].strip(_EDGES + "\n")
    known = _labels().get(fold(label)) if len(label) <= LONGEST else None
    if len(inside) > WITHIN or not 0 < len(label) <= LONGEST or not (marked or known):
        return None
    return label, known or ""
