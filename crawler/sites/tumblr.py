"""Tumblr: a post's page in any theme, on the blog or in the dashboard.

Themes are their writers' own; what they share is what the engine fills in: names of blogs as links to them, tags as
links to `/tagged/`, a list of notes. Dashboards have no names for their elements at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ...errors import NoStory, StandIn
from ...lexicon import tables
from ...model import Document, Layout, Role, Stat
from ...text import count_words, fold
from .. import generic
from ..blob import Blob, DocumentBuilder
from ..dates import iso_date
from ..head import declare_some
from ..markup import Skip, add_markup, inline, lines_of
from ..nodes import attribute, ids, outermost, within
from ..surroundings import Surroundings
from . import Site
from .elements import any_of, elements
from .header_lines import header_lines, places
from .tumblr_chain import Piece, blog_of, story_of

ENGINE = "tumblr"
MEDIA_TYPE = "text/html"
BLOG = 0.6
"""Of a blog's name as its post's author: writers name themselves otherwise elsewhere."""
TITLE = 0.85
NOTICE = 200
"""Words of a page that stands in the place of a post."""
MOST = 200
"""Posts of a page that are looked at."""
LONGEST = 200
"""Characters of a title or a tag."""
_NOTES = re.compile(r"(?P<count>[0-9][0-9.,]{0,12})\s*notes?\b", re.IGNORECASE)
_ADDRESSES = ("link[rel='canonical']", "meta[property='og:url']", "link[rel='alternate'][href*='.tumblr.com/rss']")


def recognises(tree: LexborHTMLParser) -> bool:
    """Statements and addresses that only this engine writes into a page."""
    return bool(tree.css_first(any_of(ENGINE, "marks")))


def read(tree: LexborHTMLParser, blob: Blob, builder: DocumentBuilder) -> Iterator[Document]:
    """The post of a page; of a blog's page with several, each that holds a story.

    Raises:
        StandIn: where the page asks for consent or a login, or says that there is no such post.
        NoStory: if no post on it holds a story.
    """
    if bar := _barred(tree, blob.uri):
        raise bar
    surroundings, blog = Surroundings(tree), _blog(tree)
    found = _posts(tree)
    if len(found) == 1:
        declare_some(tree, builder, blob.uri, ("url", "published"))
        yield _document(found[0], blog, surroundings, blob, builder)
        return
    for number, post in enumerate(found, 1):
        if inline(post):
            document = _document(post, blog, surroundings, _numbered(blob, number), DocumentBuilder())
            if generic.holds_story(document):
                yield document


def _numbered(blob: Blob, number: int) -> Blob:
    return replace(blob, uri=f"{blob.uri}#post-{number}")


def _posts(tree: LexborHTMLParser) -> list[LexborNode]:
    """The page's posts; on a post's own page, which lists its notes, the one with the most text."""
    for selector in elements(ENGINE, "posts"):
        found = [node for node in outermost(tree.css(selector)[:MOST]) if inline(node)]
        if len(found) > 1 and tree.css_first("ol.notes, li.note, #notes"):
            return [max(found, key=lambda node: len(node.text(deep=True) or ""))]
        if found:
            return found
    return [tree.body] if tree.body else []


def _blog(tree: LexborHTMLParser) -> str:
    """The name of the blog that a page is of."""
    for selector in _ADDRESSES:
        for node in tree.css(selector):
            if name := blog_of(attribute(node, "href", "content")):
                return name
    for node in tree.css("iframe#tumblr_controls[src], meta[property='al:ios:url']"):
        query = parse_qs(urlsplit(attribute(node, "src", "content")).query[:LONGEST])
        if name := next((query[key][0] for key in ("name", "blogName") if key in query), ""):
            return name
    return ""


def _document(
    post: LexborNode, blog: str, surroundings: Surroundings, blob: Blob, builder: DocumentBuilder
) -> Document:
    """A post as its story's Document.

    Raises:
        NoStory: if there is no text in it.
    """
    heads, beside = (
        ids(post, elements(ENGINE, "heads")),
        ids(post, elements(ENGINE, "aside")) | ids(post, elements(ENGINE, "question")),
    )
    title = _title(post, beside)
    named = {title.mem_id} if title else set()

    def aside(node: LexborNode) -> bool:
        """Whether an element is none of the writers' words."""
        known = node.mem_id in beside or node.mem_id in heads or node.mem_id in named
        return known or (node.mem_id != post.mem_id and surroundings(node))

    story = story_of(post, blog, aside, heads)
    _add_front(builder, post, inline(title), [piece.blog for piece in story if piece.blog])
    for question in outermost(post.css(any_of(ENGINE, "question"))):
        builder.add(lines_of(question), role=Role.QUOTED, rule="tumblr.question")
    _add_story(builder, story, aside)
    return builder.build(blob, MEDIA_TYPE)


def _title(post: LexborNode, beside: frozenset[int]) -> LexborNode | None:
    """A post's title, where its theme sets one apart."""
    for selector in elements(ENGINE, "title"):
        for node in post.css(selector):
            if 0 < len(inline(node)) <= LONGEST and not within(node, beside):
                return node
    return None


def _add_front(builder: DocumentBuilder, post: LexborNode, title: str, blogs: list[str]) -> None:
    """Title and blogs, then the post's date and tags as header lines, and how many notes it has."""
    if span := builder.add(title, Layout.HEADING, level=2):
        builder.declare("title", title, "tumblr.title", TITLE, span)
    names = list(dict.fromkeys(blogs))
    byline = builder.add(", ".join(names), role=Role.BYLINE, rule="tumblr.blog")
    for name, place in places(names, byline):
        builder.declare("authors", name, "tumblr.blog", BLOG, place)
    tags, date = _tags(post), _date(post)
    lines = [("Date", date), ("Tags", ", ".join(tags))]
    spans = header_lines(builder, [line for line in lines if line[1]], "tumblr.post")
    if date:
        builder.declare("published", date, "tumblr.date", 0.9, spans["Date"])
    for tag, place in places(tags, spans.get("Tags")):
        builder.declare("tags", tag, "tumblr.tags", 0.97, place)
    if (notes := _notes(post)) is not None:
        builder.declare("stats", Stat("notes", notes), "tumblr.notes", 0.97)


def _add_story(builder: DocumentBuilder, story: list[Piece], aside: Skip) -> None:
    for number, piece in enumerate(story):
        if number:
            builder.add("* * *", Layout.SEPARATOR, rule="tumblr.reblog")
        add_markup(builder, piece.root, skip=piece.skipping(aside))


def _tags(post: LexborNode) -> list[str]:
    """A post's tags: what stands in its list of them, else every link that a "#" begins."""
    boxes = [box for selector in elements(ENGINE, "tags") for box in post.css(selector)]
    links = [link for box in boxes for link in box.css("a")] or post.css("a[href*='/tagged/'], a[href*='/tag/']")
    listed = [inline(link) for link in links if boxes or inline(link).startswith("#")]
    if not listed and boxes:
        listed = re.split(r"\s*(?:,|(?=#))\s*", inline(boxes[0]).partition(":")[2] or inline(boxes[0]))
    values = (value.strip("#, ") for value in listed)
    return list(dict.fromkeys(value for value in values if value and len(value) <= LONGEST))


def _date(post: LexborNode) -> str:
    for selector in elements(ENGINE, "date"):
        for node in post.css(selector):
            for said in (attribute(node, "datetime", "title"), inline(node)):
                found = re.match(r"\d{4}-\d{2}-\d{2}", said)
                day = found.group() if found else iso_date(said[:LONGEST])
                if day and len(day) == len("2015-03-02"):
                    return day
    return ""


def _notes(post: LexborNode) -> int | None:
    """How many notes a post is said to have."""
    for selector in elements(ENGINE, "count"):
        for node in post.css(selector):
            if found := _NOTES.match(inline(node)[:LONGEST]):
                return int(re.sub(r"\D", "", found["count"]))
    return None


def _barred(tree: LexborHTMLParser, uri: str) -> NoStory | None:
    """What stands in the place of a post: a gate, a lock, nothing."""
    said = fold(inline(tree.body))
    if count_words(said) > NOTICE:
        return None
    gates = tables(ENGINE)["gate"]
    if any(fold(phrase) in said for phrase in gates["adult"]):
        return StandIn(uri, "the blog asks for consent first; save the post behind it", "gated_adult")
    if any(fold(phrase) in said for phrase in gates["login"]):
        return StandIn(
            uri, "the blog shows its posts to people who are logged in; save the post while you are", "gated_login"
        )
    if any(fold(phrase) in said for phrase in gates["gone"]):
        return StandIn(uri, "the site says that there is no such post (deleted?)", "gone")
    return None


SITE = Site("tumblr", recognises, read)
