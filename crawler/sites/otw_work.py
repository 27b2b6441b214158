"""A work of the OTW archive: a download, a work page, one chapter's page, a chapter index."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ...model import Chapters, Layout, Position, Role
from ..blob import DocumentBuilder
from ..markup import add_markup, inline
from .otw_fields import (
    ancestors,
    byline_behind,
    classes,
    declare_address,
    declare_authors,
    declare_summary,
    declare_tags,
    declare_title,
    own,
)
from .otw_urls import origin, target, work_number

_CHAPTER = re.compile(r"chapter\s+([0-9]{1,6})", re.IGNORECASE)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
TAGS = 'dl[class^="tags"]'
"""The list of a download's tags; e-books number the classes that they keep: "tags1"."""
_NAMING = (
    "li.share a", "li.chapter a", ".chapter.preface h3.title a", "dd.bookmarks a", "li.style a", "li.download a",
)  # fmt: skip
"""Where a work page names its own work, the surest first."""


def read_download(tree: LexborHTMLParser, builder: DocumentBuilder) -> None:
    """A download, in one file or (as an EPUB has it) the pages of one laid end to end."""
    declare_title(builder, inline(tree.css_first("#preface h1")))
    byline = tree.css_first('#preface [class^="byline"]')
    declare_authors(builder, byline.css('a[rel="author"]') if byline else [], inline(byline))
    declare_tags(builder, tree.css_first(f"#preface {TAGS}"))
    _posted_at(builder, tree.css("#preface .message a"))
    # An e-book made of a download has two prefaces, and none of its classes but the byline's.
    _labelled(builder, (byline.parent if byline else None) or tree.css_first("#preface .meta, #preface"), None)
    single = not tree.css_first('.meta.group, #chapters h2[class^="heading"]')
    number = 1 if single else 0
    for node in _chapter_nodes(tree):
        if _has_heading(node):
            heading = node.css_first(".heading") or node.css_first("h2")
            if heading:
                number = _chapter_number(inline(heading), number)
                _heading(builder, inline(heading), number)
            _labelled(builder, node, number)
        elif (node.attributes.get("id") or "").startswith("endnotes"):
            quote = node.css_first("blockquote") or node
            add_markup(builder, quote, role=Role.NOTE, chapter=number, position="chapter_end", rule="otw.endnotes")
        else:
            add_markup(builder, node, role=Role.STORY, chapter=number, rule="otw.chapter")
    for quote in tree.css("#afterword blockquote"):
        add_markup(builder, quote, role=Role.NOTE, position="end", rule="otw.endnotes")


def _chapter_nodes(tree: LexborHTMLParser) -> Iterator[LexborNode]:
    """Chapter headings, texts and end notes in order; a single chapter's text is #chapters itself."""
    found = [node for node in tree.css("div") if _is_part(node) and not _inside(node, ("preface", "afterword"))]
    outer = {node.mem_id for node in found}
    found = [node for node in found if not any(above.mem_id in outer for above in ancestors(node))]
    if not any(_has_story(node) for node in found):
        found = [*found, *tree.css("#chapters")]
    for node in found:
        endnotes = node.css_first('div[id^="endnotes"]')
        yield endnotes if endnotes and not _has_heading(node) else node


def _is_part(node: LexborNode) -> bool:
    """Whether an element is a chapter's heading, text or end notes; e-books keep no class of a heading's box."""
    return (
        "meta" in classes(node)
        or (_has_story(node) and node.attributes.get("id") != "chapters")
        or (node.attributes.get("id") or "").startswith("endnotes")
        or _has_heading(node)
    )


def _has_heading(node: LexborNode) -> bool:
    """Whether a chapter's heading stands in the element itself."""
    child = node.child
    while child is not None and not (child.tag == "h2" and (child.attributes.get("class") or "").startswith("heading")):
        child = child.next
    return child is not None or "group" in classes(node)


def _inside(node: LexborNode, ids: tuple[str, ...]) -> bool:
    """Whether an ancestor of the element has one of these ids."""
    return any((above.attributes or {}).get("id") in ids for above in ancestors(node))


def _has_story(node: LexborNode) -> bool:
    return (node.attributes.get("class") or "").startswith("userstuff")


def _chapter_number(heading: str, before: int) -> int:
    found = _CHAPTER.search(heading)
    return int(found.group(1)) if found else before + 1


def _heading(builder: DocumentBuilder, text: str, number: int) -> None:
    builder.add(text, Layout.HEADING, role=Role.CHAPTER_HEADING, chapter=number, level=2, rule="otw.chapter.heading")


def _labelled(builder: DocumentBuilder, box: LexborNode | None, chapter: int | None) -> None:
    """ "Summary" and "Notes" paragraphs, each with the block quote behind it."""
    label = ""
    node = box.child if box else None
    while node is not None:
        if node.tag == "p":
            label = inline(node).lower()
        elif node.tag == "blockquote" and "summary" in label:
            declare_summary(builder, node, chapter)
        elif node.tag == "blockquote":
            _note(builder, node, chapter)
        node = node.next


def _note(builder: DocumentBuilder, node: LexborNode, chapter: int | None) -> None:
    position: Position = "start" if chapter is None else "chapter_start"
    add_markup(builder, node, role=Role.NOTE, chapter=chapter, position=position, rule="otw.notes")


def _posted_at(builder: DocumentBuilder, links: list[LexborNode]) -> None:
    """The address that a download says it was posted at."""
    for link in links:
        address = (link.attributes.get("href") or "").strip()
        if address.startswith(("http://", "https://")) and (number := work_number(address)):
            url = urlsplit(address)
            known = target(url)
            declare_address(builder, urlsplit(known.canon).netloc if known else url.netloc, number)
            return


def read_page(tree: LexborHTMLParser, uri: str, builder: DocumentBuilder) -> None:
    """A work page as the site shows it, whole work or one chapter."""
    declare_title(builder, inline(tree.css_first("h2.title")))
    byline = tree.css_first("h3.byline")
    declare_authors(builder, byline.css('a[rel="author"]') if byline else [], inline(byline))
    declare_tags(builder, own(tree.css("dl.work.meta"))[0])
    if number := _own_number(tree, uri):
        declare_address(builder, urlsplit(origin(uri, tree)).netloc, number)
    for box in tree.css("#workskin > div.preface:not(.afterword) > div.summary > blockquote"):
        declare_summary(builder, box)
    for box in tree.css("#workskin > div.preface:not(.afterword) > div.notes > blockquote"):
        _note(builder, box, None)
    chapters = tree.css("#chapters > div.chapter") or [n for n in [tree.css_first("#chapters")] if n]
    for position, chapter in enumerate(chapters, 1):
        _page_chapter(builder, chapter, position, single=len(chapters) == 1)
    for box in tree.css("#work_endnotes blockquote"):
        add_markup(builder, box, role=Role.NOTE, position="end", rule="otw.endnotes")


def _own_number(tree: LexborHTMLParser, uri: str) -> str | None:
    """The id of the work that a page shows: by its URL, else by the links of its menu."""
    if uri.startswith(("http://", "https://")) and (number := work_number(uri)):
        return number
    links = (link for where in _NAMING for link in own(tree.css(where)))
    found = (re.search(r"/(?:works|downloads)/([0-9]{1,12})(?!\w)", a.attributes.get("href") or "") for a in links)
    return next((m.group(1) for m in found if m), None)


def _page_chapter(builder: DocumentBuilder, chapter: LexborNode, number: int, *, single: bool) -> None:
    heading = chapter.css_first("h3.title")
    if heading:
        number = _chapter_number(inline(heading), number)
        _heading(builder, inline(heading), number)
    for box in chapter.css("div.chapter.preface div.summary > blockquote"):
        declare_summary(builder, box, number)
    for box in chapter.css("div.chapter.preface div.notes:not(.end) > blockquote"):
        _note(builder, box, None if single and not heading else number)
    for story in chapter.css('div.userstuff[role="article"]') or chapter.css("div.userstuff"):
        add_markup(builder, story, skip=_landmark, role=Role.STORY, chapter=number, rule="otw.chapter")
    for box in chapter.css("div.end.notes blockquote"):
        add_markup(builder, box, role=Role.NOTE, chapter=number, position="chapter_end", rule="otw.endnotes")


def _landmark(node: LexborNode) -> bool:
    return "landmark" in classes(node)


def read_index(tree: LexborHTMLParser, uri: str, builder: DocumentBuilder) -> None:
    """A chapter index ("Full-Page Index"): title, authors, chapters with their headings, first and last date."""
    heading = tree.css_first("#main h2.heading")
    link = heading.css_first('a[href*="/works/"]') if heading else None
    if heading and link:
        declare_title(builder, inline(link))
        declare_authors(builder, heading.css('a[rel="author"]'), byline_behind(link))
        if number := work_number(link.attributes.get("href") or ""):
            declare_address(builder, urlsplit(origin(uri, tree)).netloc, number)
    entries = tree.css("ol.chapter.index li")
    for number_here, entry in enumerate(entries, 1):
        _heading(builder, inline(entry.css_first("a")), number_here)
    builder.declare("chapters", Chapters(len(entries)), "otw.index")
    if days := index_days(tree):
        builder.declare("published", min(days), "otw.index")
        builder.declare("updated", max(days), "otw.index")


def index_days(tree: LexborHTMLParser) -> list[str]:
    """The ISO dates of a chapter index, one a chapter."""
    said = (inline(node) for node in tree.css("ol.chapter.index li .datetime"))
    return [day.group() for text in said if (day := _DAY.search(text))]
