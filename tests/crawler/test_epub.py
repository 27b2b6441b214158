"""EPUB: what the package states, which pages are the story, and what becomes of damaged and encrypted books."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ficdex.crawler.blob import Blob
from ficdex.crawler.importer import documents
from ficdex.errors import HostileContent, ReadError
from ficdex.extract import extract
from ficdex.lexicon import lexicon
from ficdex.model import Document, Layout, Role, Series

CONTAINER = '<?xml version="1.0"?><container><rootfiles><rootfile full-path="OPS/book.opf"/></rootfiles></container>'
NAMES = 'xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/"'


def page(body: str, attributes: str = "", head: str = "<title/>") -> str:
    start = f'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><head>{head}</head>'
    return f"{start}<body {attributes}>{body}</body></html>"


def opf(metadata: str = "", *pages: str, spine: bool = True, more: str = "") -> str:
    items = "".join(
        f'<item id="i{n}" href="{name}" media-type="application/xhtml+xml"/>' for n, name in enumerate(pages)
    )
    references = "".join(f'<itemref idref="i{n}"/>' for n in range(len(pages))) if spine else ""
    return (
        f'<?xml version="1.0"?><package {NAMES}><metadata>{metadata}</metadata><manifest>{items}{more}</manifest>'
        f"<spine>{references}</spine></package>"
    )


def epub(package: str | None, pages: dict[str, str], **more: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("mimetype", "application/epub+zip", zipfile.ZIP_STORED)
        made.writestr("META-INF/container.xml", more.pop("container", CONTAINER))
        if package is not None:
            made.writestr("OPS/book.opf", package)
        for name, text in pages.items():
            made.writestr(f"OPS/{name}", text)
        for name, text in more.items():
            made.writestr(f"META-INF/{name}.xml", text)
    return stream.getvalue()


def read(data: bytes) -> list[Document | ReadError]:
    return list(documents(Blob("moths.epub", data, "moths.epub")))


def one(data: bytes) -> Document:
    (found,) = read(data)
    assert isinstance(found, Document), found
    return found


STORY = {"1.xhtml": page("<p>Dusk fell.</p>"), "2.xhtml": page("<p>Night fell.</p>")}


def declared(metadata: str) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for item in one(epub(opf(metadata, *STORY), STORY)).declared:
        found.setdefault(item.field, []).append(item.value)
    return found


def lines(document: Document) -> list[str]:
    return [document.text[b.span.start : b.span.end].strip() for b in document.blocks]


def test_pages_are_read_in_the_spine_s_order_and_elements_that_close_themselves_end() -> None:
    pages = {
        "b.xhtml": page('<p><a id="x"/>Dusk fell.</p><p/><div/><p>Tea.</p>'),
        "a.xhtml": page("<p>Night fell.</p>"),
    }
    assert lines(one(epub(opf("", *pages), pages))) == ["Dusk fell.", "Tea.", "Night fell."]


@pytest.mark.parametrize(
    ("package", "container"),
    [
        (opf("", *STORY, spine=False), CONTAINER),
        (opf("", *STORY).replace("<spine>", "<spin").partition("<spin")[0], CONTAINER),
        (opf("", *STORY), "<container"),
        (opf("", *STORY), CONTAINER.replace("book.opf", "moved.opf")),
        ("<not a package", CONTAINER),
        (None, CONTAINER),
    ],
)
def test_without_a_sound_package_the_pages_are_read_in_order_of_manifest_or_name(package: str, container: str) -> None:
    assert lines(one(epub(package, STORY, container=container))) == ["Dusk fell.", "Night fell."]


def test_pages_without_any_order_are_read_by_their_numbers() -> None:
    pages = {f"part{n}.xhtml": page(f"<p>Part {n}.</p>") for n in (10, 9, 2)}
    assert lines(one(epub(None, pages))) == ["Part 2.", "Part 9.", "Part 10."]


def test_only_authors_are_authors() -> None:
    assert declared(
        '<dc:creator opf:role="aut">Odette</dc:creator><dc:creator opf:role="edt">Odile</dc:creator>'
        '<dc:creator id="c">Siegfried</dc:creator><meta refines="#c" property="role">trl</meta>'
        '<dc:creator id="d">Rothbart</dc:creator><meta refines="#d" property="role">aut</meta>'
    )["authors"] == ["Odette", "Rothbart"]


def test_what_programs_write_that_know_nothing_is_not_declared() -> None:
    found = declared(
        "<dc:title>Untitled</dc:title><dc:creator>Unknown</dc:creator><dc:language>und</dc:language>"
        "<dc:date>0101-01-01T00:00:00+00:00</dc:date><dc:subject>FanFiction</dc:subject>"
        "<dc:identifier>urn:uuid:1</dc:identifier>"
    )
    assert found == {}


def test_series_are_those_of_calibre_and_the_collections_of_epub_3() -> None:
    assert declared('<meta name="calibre:series" content="Summer"/><meta name="calibre:series_index" content="2.0"/>')[
        "series"
    ] == [Series("Summer", 2)]
    assert declared(
        '<meta property="belongs-to-collection" id="s">Winter</meta>'
        '<meta refines="#s" property="collection-type">series</meta>'
        '<meta refines="#s" property="group-position">3</meta>'
        '<meta property="belongs-to-collection" id="t">Prize Stories</meta>'
        '<meta refines="#t" property="collection-type">set</meta>'
    )["series"] == [Series("Winter", 3)]


def test_subjects_are_tags() -> None:
    assert declared("<dc:subject>Moths</dc:subject><dc:subject>Slow Burn</dc:subject>")["tags"] == [
        "Moths",
        "Slow Burn",
    ]


def test_addresses_dates_and_descriptions_are_declared() -> None:
    found = declared(
        '<dc:source>https://moths.example/7</dc:source><dc:date opf:event="publication">2013-05-04T00:00:00Z</dc:date>'
        '<dc:date opf:event="modification">2014</dc:date><dc:description>'
        "&lt;p&gt;Forty &lt;b&gt;moths&lt;/b&gt;.&lt;/p&gt;</dc:description>"
    )
    assert found == {
        "url": ["https://moths.example/7"], "published": ["2013-05-04"], "updated": ["2014"],
        "summary": ["Forty moths."],
    }  # fmt: skip
    assert declared("<dc:identifier>url:http://archiveofourown.org/works/77</dc:identifier>")["site_id"] == ["ao3:77"]


def test_columns_of_calibre_are_read_where_their_name_says_what_they_are() -> None:
    column = '<meta name="calibre:user_metadata:#{}" content="{{&quot;#value#&quot;: {}}}"/>'
    found = declared(
        column.format("genre", "[&quot;Angst&quot;, &quot;Tea&quot;]")
        + column.format("fandom", "&quot;Buffy the Vampire Slayer&quot;")
        + column.format("shelf", "&quot;Kitchen&quot;")
        + column.format("ships", "[{}, 7]")
    )
    assert found == {"tags": ["Angst", "Tea"], "fandoms": ["Buffy the Vampire Slayer"]}


NCX = '<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>'


def ncx(**titles: str) -> str:
    points = "".join(
        f'<navPoint><navLabel><text>{title}</text></navLabel><content src="{name}.xhtml"/></navPoint>'
        for name, title in titles.items()
    )
    return f'<?xml version="1.0"?><ncx><docTitle><text>Moths</text></docTitle><navMap>{points}</navMap></ncx>'


def test_the_table_of_contents_gives_headings_to_pages_that_have_none() -> None:
    pages = {
        "a.xhtml": page("<p>A cover.</p>"),
        "b.xhtml": page("<p>Dusk fell.</p>"),
        "c.xhtml": page("<h2>Night</h2><p>Night fell.</p>"),
        "d.xhtml": page("<p><b>Dawn</b></p><p>Day broke.</p>"),
        "toc.ncx": ncx(a="Title Page", b="Dusk", c="Chapter 2", d="Dawn"),
    }
    found = one(epub(opf("", "a.xhtml", "b.xhtml", "c.xhtml", "d.xhtml", more=NCX), pages))
    assert lines(found) == ["A cover.", "Dusk", "Dusk fell.", "Night", "Night fell.", "Dawn", "Day broke."]
    assert [b.layout for b in found.blocks][1] is Layout.HEADING


def test_navigation_covers_and_hidden_text_are_no_part_of_the_story() -> None:
    nav = '<item id="n" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>'
    pages = {
        "cover.xhtml": page("<p>Cover art by Odile</p>", 'epub:type="cover"'),
        "contents.xhtml": page("<h1>Contents</h1><p>Dusk</p>"),
        "1.xhtml": page("<p>Dusk fell.</p><p hidden='hidden'>Stolen!</p>"),
        "ad.xhtml": page("<section epub:type='advertisement'><p>Buy more moths!</p></section>"),
        "nav.xhtml": page("<nav epub:type='toc'><ol><li><a href='1.xhtml'>Dusk</a></li></ol></nav>"),
    }
    guide = '</spine><guide><reference type="toc" href="contents.xhtml"/></guide>'
    package = opf("", "cover.xhtml", "contents.xhtml", "1.xhtml", "ad.xhtml", more=nav).replace("</spine>", guide)
    package = package.replace("<spine>", '<spine><itemref idref="n"/>')
    assert lines(one(epub(package, pages))) == ["Dusk fell."]


def test_a_book_that_calls_its_only_page_a_cover_is_read_all_the_same() -> None:
    pages = {"1.xhtml": page("<p>Dusk fell.</p>", 'epub:type="cover"')}
    assert lines(one(epub(opf("", *pages), pages))) == ["Dusk fell."]


FANFICFARE = (
    '<h3><a href="https://moths.example/7">Moth Season</a> by <a href="/o">Odette</a></h3><div>'
    "<b>Category:</b> Buffy: The Vampire Slayer<br/><b>Genre:</b> Drama, Tea<br/>"
    "<b>Characters:</b> Willow R., Tara M.<br/>"
    "<b>Relationships:</b> Willow R./Tara M.<br/><b>Status:</b> In-Progress<br/><b>Published:</b> 2013-05-04<br/>"
    "<b>Series:</b> Summer [2]<br/><b>Words:</b> 1,234<br/><b>Rating:</b> PG-13<br/><b>Packaged:</b> 2020-01-01<br/>"
    "<b>Summary:</b> Forty moths: all of them.</div>"
)


@pytest.mark.parametrize("marked", ['class="fff_titlepage"', ""])
@pytest.mark.parametrize("table", [False, True])
def test_fanficfare_s_title_page_is_read_field_by_field(table: bool, marked: str) -> None:
    title = FANFICFARE
    if table:
        title = title.replace("<b>", "<tr><td><b>").replace("</b>", "</b></td><td>").replace("<br/>", "</td></tr>")
        title = title.replace("<div>", "<table>").replace("</div>", "</td></tr></table>")
    pages = {
        "title.xhtml": page(title, marked),
        "toc.xhtml": page("<p>Dusk</p>", 'class="fff_tocpage"'),
        "1.xhtml": page("<h3>Dusk</h3><p>Dusk fell.</p>"),
        "2.xhtml": page("<h3>Night</h3><p>Night fell.</p>"),
    }
    found = one(epub(opf("<dc:subject>Willow R.</dc:subject><dc:title>Moth Season</dc:title>", *pages), pages))
    said: dict[str, list[Any]] = {}
    for item in found.declared:
        said.setdefault(item.field, []).append(item.value)
        if item.span and isinstance(item.value, str) and item.field != "status":
            assert found.text[item.span.start : item.span.end] == item.value
    assert said["fandoms"] == ["Buffy: The Vampire Slayer"]
    assert said["tags"] == ["Drama", "Tea"]
    assert said["characters"] == ["Willow R.", "Tara M."]
    assert said["relationships"] == ["Willow R./Tara M."]
    assert said["series"] == [Series("Summer", 2)]
    assert (said["status"], said["published"], said["words"]) == (["in-progress"], ["2013-05-04"], [1234])
    assert (said["rating"], said["summary"]) == (["PG-13"], ["Forty moths: all of them."])
    assert said["title"] == ["Moth Season", "Moth Season"]
    assert (said["authors"], said["url"]) == (["Odette"], ["https://moths.example/7"])
    assert [b.role for b in found.blocks if b.role][:3] == [Role.TITLE, Role.BYLINE, Role.HEADER]
    assert lines(found)[-4:] == ["Dusk", "Dusk fell.", "Night", "Night fell."]
    assert [b.chapter for b in found.blocks if b.role is Role.CHAPTER_HEADING] == [1, 2]


def test_fanficfare_s_book_makes_a_work_with_its_fields() -> None:
    pages = {"t.xhtml": page(FANFICFARE, 'class="fff_titlepage"'), "1.xhtml": page("<p>Willow slept.</p>" * 9)}
    work = extract(
        one(epub(opf("<dc:title>Moth Season</dc:title><dc:creator>Odette</dc:creator>", *pages), pages)), lexicon()
    )
    assert (work.title, work.authors, work.fandoms) == ("Moth Season", ("Odette",), ("Buffy the Vampire Slayer",))
    assert (work.tags, work.status, work.rating_level) == (("Drama", "Tea"), "in-progress", "teen")


def download(*parts: str, box: str) -> dict[str, str]:
    """The pages of a download of the archive, as those of 2012 and those of today part them."""
    preface = (
        '<div id="preface"><p class="message"><b>Moths</b><br/>Posted originally on the <a href="/">Archive</a> at '
        '<a href="http://archiveofourown.org/works/77">http://archiveofourown.org/works/77</a>.</p>'
        f'<dl class="{"tags" if box == "meta" else "tags1"}">'
        '<dt>Rating:</dt><dd><a href="/tags/T">Teen And Up Audiences</a></dd>'
        '<dt>Additional Tags:</dt><dd><a href="/tags/M">Moths, many</a>, <a href="/tags/N">Tea</a></dd>'
        "<dt>Stats:</dt><dd>Published: 2013-05-04 Chapters: 2/2 Words: 12</dd></dl>"
    )
    byline = '<div class="byline">by <a rel="author" href="/o">Odette</a></div>'
    meta = f'<div class="{box}"><h1>Moths</h1>{byline}</div></div>'
    pages = [page(preface + (meta if box == "meta" else "</div>"))]
    pages += [] if box == "meta" else [page(f'<div id="preface">{meta}')]
    return {f"{n}.xhtml": text for n, text in enumerate([*pages, *map(page, parts)])}


@pytest.mark.parametrize(("box", "group"), [("meta", "meta group"), ("calibre1", "calibre2")])
def test_downloads_of_the_archive_of_all_years_give_tags_and_chapters(box: str, group: str) -> None:
    pages = download(
        f'<div id="chapters"><div class="{group}"><h2 class="heading">Dusk</h2><p>Chapter Notes</p><blockquote>Tea!'
        '</blockquote></div><div class="userstuff2"><p>Dusk fell.</p></div></div>',
        f'<div id="chapters"><div class="{group}"><h2 class="heading1">Chapter 2</h2></div><div class="userstuff2">'
        "<p>Night fell.</p></div></div>",
        box=box,
    )
    found = one(epub(opf("<dc:subject>Moths, many</dc:subject><dc:date>2013-05-04</dc:date>", *pages), pages))
    said = [(e.field, e.value) for e in found.declared]
    assert [value for field, value in said if field == "tags"] == ["Moths, many", "Tea"]
    assert ("rating", "Teen And Up Audiences") in said
    assert "updated" not in dict(said)
    story = [(found.text[b.span.start : b.span.end].strip(), b.chapter) for b in found.blocks if b.role is Role.STORY]
    assert story == [("Dusk fell.", 1), ("Night fell.", 2)]
    assert [b.chapter for b in found.blocks if b.role is Role.CHAPTER_HEADING] == [1, 2]


def encryption(algorithm: str, name: str) -> str:
    return (
        '<encryption xmlns:enc="http://www.w3.org/2001/04/xmlenc#"><enc:EncryptedData>'
        f'<enc:EncryptionMethod Algorithm="{algorithm}"/><enc:CipherData><enc:CipherReference URI="{name}"/>'
        "</enc:CipherData></enc:EncryptedData></encryption>"
    )


def test_encrypted_books_say_so_and_obfuscated_fonts_do_no_harm() -> None:
    def kept(algorithm: str, name: str) -> Document | ReadError:
        (found,) = read(epub(opf("", *STORY), STORY, encryption=encryption(algorithm, name)))
        return found

    assert isinstance(kept("http://www.idpf.org/2008/embedding", "OPS/font.otf"), Document)
    assert isinstance(kept("http://ns.adobe.com/pdf/enc#RC", "OPS/font.otf"), Document)
    locked = kept("http://www.w3.org/2001/04/xmlenc#aes128-cbc", "OPS/1.xhtml")
    assert isinstance(locked, ReadError)
    assert "DRM" in locked.reason


def test_entities_and_books_that_unpack_without_end_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    (error,) = read(epub('<!DOCTYPE p [<!ENTITY a "moth">]>' + opf("", *STORY), STORY))
    assert isinstance(error, ReadError)
    monkeypatch.setattr("ficdex.crawler.bounds.LARGEST_MEMBER", 1000)
    (error,) = read(epub(opf("", *STORY), STORY | {"1.xhtml": page("<p>moth</p>" * 5000)}))
    assert isinstance(error, HostileContent)


@given(st.binary(min_size=1, max_size=60), st.integers(0, 2000))
@settings(max_examples=100, deadline=None)
def test_damage_anywhere_is_read_or_an_error(noise: bytes, at: int) -> None:
    whole = epub(opf("<dc:title>Moths</dc:title>", *STORY), STORY)
    read(whole[:at] + noise + whole[at + len(noise) :])


@given(st.text(max_size=200))
@settings(max_examples=100, deadline=None)
def test_any_text_may_stand_in_a_package(text: str) -> None:
    read(epub(opf(text, *STORY) + text, STORY))
