"""The OTW archive's engine (AO3, SquidgeWorld, ...): downloads, saved work pages, listings.

Structure read off real downloads and pages of 2012 to 2023: `#preface` with `dl.tags`, `#chapters` with a
`.meta.group` a chapter and `div.userstuff`, `#afterword`; on work pages `dl.work.meta`, `#chapter-N`,
`div.preface`; in listings `li.work.blurb`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ...errors import NoStory
from ...model import Chapters, Document, Layout, Position, Role, Series, Span, Stat
from ...text import one_line
from ..blob import Blob, DocumentBuilder
from ..markup import add_markup, inline, lines_of
from . import Site

MEDIA_TYPE = "text/html"
NESTING = 40
"""Elements around a chapter: a download has 3."""
_WORK = re.compile(r"https?://(?:www\.)?([\w.-]+)/works/(\d+)")
_CHAPTER = re.compile(r"chapter\s+(\d+)", re.IGNORECASE)
_SERIES = re.compile(r"Part\s+(\d+)\s+of\s+(?:the\s+)?(.+?)(?:\s+series)?$")
_STAT = re.compile(r"(Published|Completed|Updated|Words|Chapters|Kudos|Comments|Bookmarks|Hits):\s*([\d,./?-]+)")
_PREFIXES = {
    "archiveofourown.org": "ao3",
    "squidgeworld.org": "squidgeworld",
    "superlove.sayitditto.net": "superlove",
}
_KINDS = {
    "rating": "rating", "archive warning": "warnings", "category": "categories", "categorie": "categories",
    "fandom": "fandoms", "relationship": "relationships", "character": "characters", "additional tag": "tags",
    "freeform": "tags", "warning": "warnings", "collection": "collections",
}  # fmt: skip
_LANGUAGES = {
    "english": "en", "deutsch": "de", "français": "fr", "español": "es", "português brasileiro": "pt-BR",
    "português europeu": "pt-PT", "italiano": "it", "русский": "ru", "nederlands": "nl", "polski": "pl",
    "中文-普通话 國語": "zh", "中文-普通话": "zh", "日本語": "ja", "한국어": "ko", "svenska": "sv", "suomi": "fi",
    "čeština": "cs", "magyar": "hu", "türkçe": "tr", "українська": "uk", "bahasa indonesia": "id",
    "tiếng việt": "vi", "norsk": "no", "dansk": "da",
}  # fmt: skip


def recognises(tree: LexborHTMLParser) -> bool:
    """A download, a page or a listing of the archive, or one of its gates."""
    if tree.css_first("#preface dl.tags, dl.work.meta, li.work.blurb, li.bookmark.blurb"):
        return True
    return bool(tree.css_first('body.logged-out #outer.wrapper #main, body #outer #header a[href="/media"]'))


def read(tree: LexborHTMLParser, blob: Blob, builder: DocumentBuilder) -> Iterator[Document]:
    """The work of a page, or the works that a listing describes.

    Raises:
        NoStory: saying which gate or error the page is.
    """
    if tree.css_first("#preface dl.tags"):
        read_download(tree, builder)
    elif tree.css_first("dl.work.meta"):
        _read_page(tree, builder)
    elif blurbs := tree.css("li.work.blurb, li.bookmark.blurb"):
        yield from _read_listing(blurbs, blob)
        return
    else:
        raise NoStory(blob.uri, _barred(tree))
    yield builder.build(blob, MEDIA_TYPE)


def _barred(tree: LexborHTMLParser) -> str:
    said = inline(tree.css_first("#main"))
    lowered = said.lower()
    if "adult content" in lowered:
        return "this is the archive's adult gate, not the work; save the page behind Proceed"
    if "only available to registered users" in lowered:
        return "the work is locked; save it while logged in"
    if "mystery work" in lowered or "unrevealed" in lowered:
        return "the work is unrevealed"
    if "404" in lowered or "couldn't find" in lowered:
        return "the archive says that there is no such work (deleted?)"
    return f"a page of the archive without a work: {said[:80]}"


def read_download(tree: LexborHTMLParser, builder: DocumentBuilder) -> None:
    """A download, in one file or (as an EPUB has it) the pages of one laid end to end."""
    _title(builder, inline(tree.css_first("#preface h1")))
    _authors(builder, tree.css('#preface .byline a[rel="author"]'), inline(tree.css_first("#preface .byline")))
    _tags(builder, tree.css_first("#preface dl.tags"))
    _address(builder, tree.css("#preface .message a"))
    _labelled(builder, tree.css_first("#preface .meta") or tree.css_first("#preface"), None)
    single = not tree.css_first("#chapters .meta.group, .meta.group")
    number = 1 if single else 0
    for node in _chapter_nodes(tree):
        classes = (node.attributes.get("class") or "").split()
        if "group" in classes:
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
    found = [
        node
        for node in tree.css('.meta, div[class^="userstuff"]:not(#chapters)')
        if not _inside(node, ("preface", "afterword"))
    ]
    outer = {node.mem_id for node in found}
    found = [node for node in found if not any(above.mem_id in outer for above in _ancestors(node))]
    if not any(_has_story(node) for node in found):
        found = [*found, *tree.css("#chapters")]
    for node in found:
        endnotes = node.css_first('div[id^="endnotes"]')
        if "group" not in (node.attributes.get("class") or "") and endnotes:
            yield endnotes
        else:
            yield node


def _inside(node: LexborNode, ids: tuple[str, ...]) -> bool:
    """Whether an ancestor of the element has one of these ids."""
    return any((above.attributes or {}).get("id") in ids for above in _ancestors(node))


def _ancestors(node: LexborNode) -> Iterator[LexborNode]:
    """The elements around one, innermost first; no further than a page has reason to nest."""
    above = node.parent
    for _ in range(NESTING):
        if above is None:
            return
        yield above
        above = above.parent


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
        elif node.tag == "blockquote":
            _summary_or_note(builder, node, "summary" if "summary" in label else "notes", chapter)
        node = node.next


def _summary_or_note(builder: DocumentBuilder, node: LexborNode, what: str, chapter: int | None) -> None:
    if what == "summary":
        span = add_markup(builder, node, role=Role.SUMMARY, chapter=chapter, rule="otw.summary")
        if chapter is None and span:
            builder.declare("summary", one_line(lines_of(node)), "otw.summary", 0.99, span)
        return
    position: Position = "start" if chapter is None else "chapter_start"
    add_markup(builder, node, role=Role.NOTE, chapter=chapter, position=position, rule="otw.notes")


def _title(builder: DocumentBuilder, title: str) -> None:
    if span := builder.add(title, Layout.HEADING, role=Role.TITLE, level=1, rule="otw.title"):
        builder.declare("title", title, "otw.title", 0.99, span)


def _authors(builder: DocumentBuilder, links: list[LexborNode], byline: str) -> None:
    span = builder.add(byline, role=Role.BYLINE, rule="otw.byline") if byline else None
    names = [inline(a) for a in links] or ([byline.removeprefix("by ")] if byline else [])
    for name in names:
        at = builder.locate(name, span)
        builder.declare("authors", name, "otw.byline", 0.99, at)


def _tags(builder: DocumentBuilder, box: LexborNode | None) -> None:
    """A `dl` of tags as header lines, each value declared."""
    label = ""
    for node in box.css("dt, dd") if box else []:
        if node.tag == "dt":
            label = inline(node).rstrip(":")
            continue
        kind = label.lower().rstrip("s")
        values = [inline(a) for a in node.css("a")] or [inline(node)]
        line = f"{label}: {', '.join(values)}"
        if kind == "serie":
            _series(builder, node)
        elif kind == "stat":
            _stats(builder, inline(node))
        elif kind == "language":
            builder.add(line, role=Role.HEADER, rule="otw.tags", end="\n")
            builder.declare("language", _LANGUAGES.get(values[0].lower(), values[0]), "otw.language")
        elif field := _KINDS.get(kind):
            span = builder.add(line, role=Role.HEADER, rule="otw.tags", end="\n")
            for value in values:
                builder.declare(field, value, f"otw.{field}", 0.99, builder.locate(value, span))


def _series(builder: DocumentBuilder, node: LexborNode) -> None:
    for entry in re.split(r",\s*(?=Part\s+\d)|(?<=\w)\s+(?=Part \d+ of)", inline(node)):
        entry = re.sub(r"^(?:←|→|Previous Work|\s)+|(?:Next Work|→|←|\s)+$", "", entry)
        if found := _SERIES.search(entry):
            span = builder.add(f"Series: {entry}", role=Role.HEADER, rule="otw.series", end="\n")
            name = found.group(2).strip()
            builder.declare("series", Series(name, int(found.group(1))), "otw.series", 0.99, builder.locate(name, span))


def _stats(builder: DocumentBuilder, text: str) -> None:
    """ "Published: 2012-02-07 Words: 31,623 Chapters: 8/8": dates, words, chapters, status, counters."""
    span = builder.add(text, role=Role.HEADER, rule="otw.stats")
    for name, value in _STAT.findall(text):
        at = builder.locate(value, span)
        _stat(builder, name.lower(), value, at)


def _stat(builder: DocumentBuilder, name: str, value: str, span: Span | None) -> None:
    if name == "published":
        builder.declare("published", value, "otw.published", 0.99, span)
    elif name in ("completed", "updated"):
        builder.declare("updated", value, "otw.updated", 0.99, span)
    elif name == "words":
        builder.declare("words", int(value.replace(",", "")), "otw.words", 0.99, span)
    elif name == "chapters":
        published, _, planned = value.partition("/")
        count = Chapters(int(published), int(planned) if planned.isdigit() else None)
        builder.declare("chapters", count, "otw.chapters", 0.99, span)
        status = "complete" if count.published == count.planned else "in-progress"
        builder.declare("status", status, "otw.chapters", 0.99, span)
    elif (number := value.replace(",", "")).isdigit():
        builder.declare("stats", Stat(name, int(number)), "otw.stats", 0.99, span)


def _address(builder: DocumentBuilder, links: list[LexborNode]) -> None:
    for link in links:
        if found := _WORK.match(link.attributes.get("href") or ""):
            _declare_address(builder, found.group(1), found.group(2))
            return


def _declare_address(builder: DocumentBuilder, host: str, number: str) -> None:
    builder.declare("url", f"https://{host}/works/{number}", "otw.address")
    builder.declare("site_id", f"{_PREFIXES.get(host, host)}:{number}", "otw.address")


def _read_page(tree: LexborHTMLParser, builder: DocumentBuilder) -> None:
    """A work page as the site shows it, whole work or one chapter."""
    _title(builder, inline(tree.css_first("h2.title.heading")))
    _authors(builder, tree.css('h3.byline a[rel="author"]'), inline(tree.css_first("h3.byline")))
    _tags(builder, tree.css_first("dl.work.meta"))
    link = tree.css_first('li.download a[href*="/downloads/"], a[href*="/works/"][href*="view_full_work"]')
    number = re.search(r"/(?:downloads|works)/(\d+)", (link.attributes.get("href") or "") if link else "")
    if number:
        _declare_address(builder, "archiveofourown.org", number.group(1))
    for box in tree.css("#workskin > div.preface > div.summary > blockquote"):
        _summary_or_note(builder, box, "summary", None)
    for box in tree.css("#workskin > div.preface > div.notes > blockquote"):
        _summary_or_note(builder, box, "notes", None)
    chapters = tree.css("#chapters > div.chapter") or [n for n in [tree.css_first("#chapters")] if n]
    for position, chapter in enumerate(chapters, 1):
        _page_chapter(builder, chapter, position, single=len(chapters) == 1)
    for box in tree.css("#work_endnotes blockquote"):
        add_markup(builder, box, role=Role.NOTE, position="end", rule="otw.endnotes")


def _page_chapter(builder: DocumentBuilder, chapter: LexborNode, number: int, *, single: bool) -> None:
    heading = chapter.css_first("h3.title")
    if heading:
        number = _chapter_number(inline(heading), number)
        _heading(builder, inline(heading), number)
    for box in chapter.css("div.chapter.preface div.summary > blockquote"):
        _summary_or_note(builder, box, "summary", number)
    for box in chapter.css("div.chapter.preface div.notes:not(.end) > blockquote"):
        _summary_or_note(builder, box, "notes", None if single and not heading else number)
    for story in chapter.css('div.userstuff[role="article"]') or chapter.css("div.userstuff"):
        add_markup(builder, story, skip=_landmark, role=Role.STORY, chapter=number, rule="otw.chapter")
    for box in chapter.css("div.end.notes blockquote"):
        add_markup(builder, box, role=Role.NOTE, chapter=number, position="chapter_end", rule="otw.endnotes")


def _landmark(node: LexborNode) -> bool:
    return "landmark" in (node.attributes.get("class") or "")


def _read_listing(blurbs: list[LexborNode], blob: Blob) -> Iterator[Document]:
    """A Document of kind "metadata" for each blurb that stands for a work."""
    for blurb in blurbs:
        link = blurb.css_first('h4.heading a[href*="/works/"]')
        number = re.search(r"/works/(\d+)", (link.attributes.get("href") or "") if link else "")
        if not link or not number:
            continue
        builder = DocumentBuilder()
        _title(builder, inline(link))
        names = blurb.css('h4.heading a[rel="author"]')
        _authors(builder, names, ", ".join(inline(a) for a in names) or "Anonymous")
        _declare_address(builder, "archiveofourown.org", number.group(1))
        _blurb_tags(builder, blurb)
        if summary := blurb.css_first("blockquote.summary"):
            _summary_or_note(builder, summary, "summary", None)
        if stats := blurb.css_first("dl.stats"):
            _stats(builder, inline(stats))
        document = builder.build(replace(blob, uri=f"{blob.uri}#work_{number.group(1)}"), MEDIA_TYPE)
        yield replace(document, kind="metadata")


def _blurb_tags(builder: DocumentBuilder, blurb: LexborNode) -> None:
    groups: dict[str, list[str]] = {"fandoms": [inline(a) for a in blurb.css("h5.fandoms a.tag")]}
    for item in blurb.css("ul.tags li"):
        classes = (item.attributes.get("class") or "").split()
        field = _KINDS.get(classes[0].rstrip("s")) if classes else None
        if field and (value := inline(item.css_first("a.tag"))):
            groups.setdefault(field, []).append(value)
    for icon in blurb.css("ul.required-tags span.rating, ul.required-tags span.category"):
        field = "rating" if "rating" in (icon.attributes.get("class") or "").split() else "categories"
        groups.setdefault(field, [inline(icon)] if field == "rating" else inline(icon).split(", "))
    for field, values in groups.items():
        span = builder.add(f"{field.capitalize()}: {', '.join(values)}", role=Role.HEADER, rule="otw.blurb", end="\n")
        for value in values:
            builder.declare(field, value, f"otw.{field}", 0.99, builder.locate(value, span))
    if language := inline(blurb.css_first("dd.language")):
        builder.declare("language", _LANGUAGES.get(language.lower(), language), "otw.language")
    for entry in blurb.css("ul.series li"):
        _series(builder, entry)


SITE = Site("otw", recognises, read)
