"""Who wrote what in a post: reblogs hang one contribution onto another, and any of them may be the story.

Three shapes: a paragraph "name:" with a block quote behind it, one inside the other (until 2015, and in themes since);
a box for each contribution under the name of its blog; one name over all of it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from ...text import count_words
from ..markup import Skip, inline, lines_of
from ..nodes import around, attribute, classes, within
from ..saved import original

MOST = 100
"""Names in a post that are looked at; chains of more are no story's."""
STORY = 3
"""A contribution belongs to the story if it has at least this part (a third) of the longest one's words."""
_BLOG = re.compile(
    r"(?:https?:)?//(?:(?:www\.)?tumblr\.com/(?:blog/view/|blog/)?(?P<path>[\w-]+)|(?P<host>[\w-]+)\.tumblr\.com)(?:/|$)"
)
_NAME = re.compile(r"[\w-]{1,40}")


@dataclass(frozen=True, slots=True)
class Piece:
    """What one blog contributed: everything below `root` but for the elements of other pieces (`mem_id`)."""

    blog: str
    root: LexborNode
    others: frozenset[int] = frozenset()

    def skipping(self, aside: Skip) -> Skip:
        """Whether an element is no part of it."""
        return lambda node: node.mem_id in self.others or aside(node)

    def words(self, aside: Skip) -> int:
        """How many words it has."""
        return count_words(lines_of(self.root, self.skipping(aside)))


def blog_of(address: str) -> str:
    """The blog that an address belongs to, "" if it is none's."""
    found = _BLOG.match(original(address))
    name = (found["path"] or found["host"] or "") if found else ""
    return (
        "" if name in ("www", "assets", "static", "tagged", "search", "dashboard", "explore", "login", "rss") else name
    )


def story_of(post: LexborNode, blog: str, aside: Skip, heads: frozenset[int]) -> list[Piece]:
    """The pieces of a post that are the story: the longest contribution, and those that come near it."""
    pieces = list(_pieces(post, blog, aside, heads))
    lengths = [piece.words(aside) for piece in pieces]
    least = max(lengths, default=0) / STORY
    return [piece for piece, length in zip(pieces, lengths, strict=True) if length and length >= least]


def _pieces(post: LexborNode, blog: str, aside: Skip, heads: frozenset[int]) -> Iterator[Piece]:
    links = {link.mem_id: link for link in post.css("a, .tumblr_blog")[:MOST]}.values()
    names = [link for link in links if _named(link) and not _inside(link, post, aside, heads)]
    quoting = [(link, quote) for link in names if (quote := _quoted(link))]
    if quoting:
        yield from _unfolded(post, blog, quoting)
        return
    named = Counter(outer.mem_id for link in names for outer in around(link))
    boxes = {link.mem_id: _box(link, post, named) for link in names}
    if len(names) == 1:
        yield Piece(_named(names[0]), post)
        return
    empty = ""
    for link in names:
        box = boxes[link.mem_id]
        piece = Piece(_named(link), box, frozenset((link.mem_id,)))
        if piece.words(aside):
            yield piece
        else:
            empty = piece.blog
    yield Piece(empty or blog, post, frozenset(box.mem_id for box in boxes.values()))


def _named(link: LexborNode) -> str:
    """The blog that a link or a label is the name of, alone in its line."""
    said = inline(link).strip(":@ ")
    if not _NAME.fullmatch(said):
        return ""
    if "tumblr_blog" in classes(link):
        return said
    return said if said.lower() == blog_of(attribute(link, "href")).lower() else ""


def _inside(link: LexborNode, post: LexborNode, aside: Skip, heads: frozenset[int]) -> bool:
    """Whether a name stands in what is no part of the post, other than the head over a contribution."""
    for outer in (link, *around(link)):
        if outer.mem_id == post.mem_id:
            return False
        if outer.mem_id in heads:
            return False
        if aside(outer):
            return True
    return True


def _quoted(link: LexborNode) -> LexborNode | None:
    """The block quote behind the paragraph that a name is alone in."""
    paragraph = link.parent if link.parent and link.parent.tag == "p" else link
    if not inline(paragraph).endswith(":"):
        return None
    follower = paragraph.next
    while follower is not None and follower.tag == "-text" and not (follower.text_content or "").strip():
        follower = follower.next
    return follower if follower is not None and follower.tag == "blockquote" else None


def _unfolded(post: LexborNode, blog: str, quoting: list[tuple[LexborNode, LexborNode]]) -> Iterator[Piece]:
    """Contributions that quote one another, the oldest first, the blog's own last."""
    quotes = [quote for _, quote in quoting]
    lines = frozenset((link.parent or link).mem_id for link, _ in quoting)
    for link, quote in reversed(quoting):
        within_it = frozenset(q.mem_id for q in quotes if q.mem_id != quote.mem_id and within(q, {quote.mem_id}))
        yield Piece(_named(link), quote, within_it | lines)
    yield Piece(blog, post, frozenset(q.mem_id for q in quotes) | lines)


def _box(link: LexborNode, post: LexborNode, named: Counter[int]) -> LexborNode:
    """The largest element around a name that has no other's in it; `named` counts the names in each element."""
    box = link
    for outer in around(link):
        if outer.mem_id == post.mem_id or named[outer.mem_id] > 1:
            break
        box = outer
    return box
