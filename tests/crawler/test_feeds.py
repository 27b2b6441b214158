"""Feeds and sitemaps become links with the day of their last change; what would do harm is refused."""

from __future__ import annotations

import contextlib
import gzip

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ficdex.crawler import feeds
from ficdex.crawler.feeds import is_feed, links
from ficdex.crawler.sites import Link
from ficdex.errors import HostileContent, ReadError

FEED = "https://fic.example/feeds/new.xml"


def rss(*items: str, version: str = "2.0") -> bytes:
    channel = f"<channel><link>/</link>{''.join(items)}</channel>"
    return f'<?xml version="1.0"?>\n<rss version="{version}">{channel}</rss>'.encode()


def atom(entries: str, attributes: str = "") -> bytes:
    return f'<feed xmlns="http://www.w3.org/2005/Atom" {attributes}>{entries}</feed>'.encode()


def sitemap(*urls: str) -> bytes:
    listed = "".join(f"<url><loc>{url}</loc></url>" for url in urls)
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{listed}</urlset>'.encode()


def addresses(data: bytes) -> list[str]:
    return [link.url for link in links(data, FEED)]


def test_rss_lists_its_items_and_not_its_site() -> None:
    data = rss(
        "<item><link>https://fic.example/1</link><pubDate>Tue, 02 Jan 2001 23:30:00 -0500</pubDate></item>",
        "<item><link>/2?sid=3&amp;chapter=4</link></item>",
    )
    assert links(data, FEED) == [
        Link("https://fic.example/1", "page", "2001-01-02"),
        Link("https://fic.example/2?sid=3&chapter=4"),
    ]


def test_a_link_may_stand_in_cdata_and_between_line_ends() -> None:
    assert addresses(rss("<item><link>\n  <![CDATA[ /a?b=1&c=2 ]]>\n</link></item>")) == [
        "https://fic.example/a?b=1&c=2"
    ]


def test_a_permanent_guid_stands_for_a_missing_link() -> None:
    data = rss(
        "<item><guid>https://fic.example/1</guid></item>",
        '<item><guid isPermaLink="false">https://fic.example/2</guid></item>',
        "<item><guid>20010102-3</guid></item>",
        "<item><guid>https://fic.example/x</guid><link>/4</link></item>",
    )
    assert addresses(data) == ["https://fic.example/1", "https://fic.example/4"]


def test_rss_1_0_has_its_items_beside_the_channel() -> None:
    data = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
    xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="/"><link>/</link></channel>
    <item rdf:about="/1"><link>/1</link><dc:date>2004-10-01T18:23:17+00:00</dc:date></item>
    <item rdf:about="/2"/></rdf:RDF>"""
    assert is_feed(data)
    assert links(data, FEED) == [Link("https://fic.example/1", "page", "2004-10-01"), Link("https://fic.example/2")]


def test_the_document_type_of_netscapes_rss_is_borne() -> None:
    data = rss("<item><link>/1</link></item>", version="0.91").replace(
        b"\n",
        b'\n<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN"\n'
        b' "http://my.netscape.com/publish/formats/rss-0.91.dtd">\n',
    )
    assert is_feed(data)
    assert addresses(data) == ["https://fic.example/1"]


def test_atom_lists_its_entries_by_their_alternate_links() -> None:
    data = atom("""<link href="/"/><updated>2020-01-01T00:00:00Z</updated>
      <entry><link rel="edit" href="/edit/1"/><link rel="alternate" href="/1"/><link href="/1.pdf"/>
        <published>2001-05-06T00:00:00Z</published><updated>2003-04-05T00:00:00Z</updated>
        <source><link href="/elsewhere"/><updated>1999-01-01T00:00:00Z</updated></source>
        <content type="xhtml"><div><link href="/within"/></div></content></entry>""")
    assert links(data, FEED) == [Link("https://fic.example/1", "page", "2003-04-05")]


def test_xml_base_moves_where_relative_links_start_from() -> None:
    data = atom(
        '<entry xml:base="tales/"><link href="1"/></entry><entry><link xml:base="/art/" href="2"/></entry>'
        '<entry xml:base="javascript:x"><link href="3"/></entry>',
        'xml:base="https://other.example/a/"',
    )
    assert addresses(data) == [
        "https://other.example/a/tales/1", "https://other.example/art/2", "https://other.example/a/3",
    ]  # fmt: skip


def test_further_pages_of_a_feed_go_on_at_the_same_depth() -> None:
    assert links(atom('<link rel="next" href="?page=2"/>'), FEED) == [
        Link(f"{FEED}?page=2", "listing", same_depth=True),
    ]


def test_a_sitemap_lists_pages_with_the_day_they_changed() -> None:
    data = b"""<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:i="http://www.google.com/schemas/sitemap-image/1.1">
    <url><loc> https://fic.example/1 </loc><lastmod>2005-01-01</lastmod><i:image><i:loc>https://fic.example/1.png</i:loc></i:image></url>
    <url><loc>https://fic.example/2</loc><lastmod>2005-13-01</lastmod></url></urlset>"""
    assert links(data, FEED) == [Link("https://fic.example/1", "page", "2005-01-01"), Link("https://fic.example/2")]


def test_an_index_lists_further_listings() -> None:
    listed = b"<sitemap><loc>/1.xml.gz</loc><lastmod>2005-01-01T10:00:00+02:00</lastmod></sitemap>"
    data = b"<sitemapindex>" + listed + b"</sitemapindex>"
    assert links(data, FEED) == [Link("https://fic.example/1.xml.gz", "listing", "2005-01-01", same_depth=True)]


def test_a_page_is_listed_once_and_what_cannot_be_crawled_never() -> None:
    assert addresses(
        sitemap("/1", "/1#top", "mailto:jo@fic.example", "ftp://fic.example/2", "http://jo@fic.example/")
    ) == ["https://fic.example/1"]


def test_a_feed_has_no_more_links_than_a_sitemap_may_have(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "MOST_LINKS", 10)
    assert len(addresses(sitemap(*(f"/{n}" for n in range(30))))) == 10


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1", "windows-1252", "gb2312", "shift_jis"]
)
def test_a_feed_may_have_any_encoding_that_pages_have(encoding: str) -> None:
    title = {"gb2312": "中文", "shift_jis": "日本"}.get(encoding, "é")
    text = f'<?xml version="1.0" encoding="{encoding}"?><rss><item><link>/1?t={title}</link></item></rss>'
    (url,) = addresses(text.encode(encoding))
    assert url == links(rss(f"<item><link>/1?t={title}</link></item>"), FEED)[0].url


def test_bytes_that_are_not_what_the_feed_declares_cost_no_link() -> None:
    assert addresses(
        b'<?xml version="1.0" encoding="utf-8"?><rss><item><title>caf\xe9\x0b</title><link>/1</link></item></rss>'
    )


def test_a_sitemap_may_be_compressed() -> None:
    data = gzip.compress(sitemap("/1"))
    assert is_feed(data)
    assert addresses(data) == ["https://fic.example/1"]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b'<!DOCTYPE rss [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><rss><item>&b;</item></rss>', "entities"),
        (b'<!DOCTYPE rss SYSTEM "file:///etc/passwd"><rss/>', "document type"),
        (b'<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss>&x;</rss>', "document type"),
        (b'<!DOCTYPE rss PUBLIC "-//Netscape//" "http://x" [<!ENTITY a "b">]><rss/>', "document type"),
        (b"<rss>" + b"<a>" * 200_000, "nest"),
        (gzip.compress(b"<rss>" + b" " * (20 << 20) + b"</rss>"), "inflates"),
    ],
)  # fmt: skip
def test_what_would_do_harm_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(HostileContent, match=reason) as refused:
        links(data, FEED)
    assert refused.value.uri == FEED


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"<rss><item><link>/1</item></rss>", "malformed"),
        (b"<rss><item><link>/1</link></item>", "malformed"),
        (b"<rss><item><link>/1?a&b</link></item></rss>", "malformed"),
        (b"", "malformed"),
        (b"<html><body/></html>", "no feed"),
        (gzip.compress(sitemap("/1"))[:-9], "cut off"),
        (b"\x1f\x8bnonsense", "damaged"),
    ],
)
def test_what_is_no_feed_is_an_error_that_names_the_url(data: bytes, reason: str) -> None:
    with pytest.raises(ReadError, match=reason) as refused:
        links(data, FEED)
    assert refused.value.uri == FEED


@pytest.mark.parametrize(
    "data",
    [
        rss(),
        atom(""),
        sitemap(),
        b"\xef\xbb\xbf \n<!-- made by hand --><?xml-stylesheet href='a'?><rss>",
        '<?xml version="1.0"?><rss>'.encode("utf-16"),
        b"<a:feed xmlns:a='http://www.w3.org/2005/Atom'>",
        b"<sitemapindex>",
    ],
)
def test_a_feed_is_known_by_its_beginning(data: bytes) -> None:
    assert is_feed(data)


@pytest.mark.parametrize(
    "data",
    [
        b"<!DOCTYPE html><html>",
        b"<html><!-- <rss> -->",
        b"The <rss> element is",
        b"<feeding>",
        b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:foaf="http://xmlns.com/foaf/0.1/">',
        gzip.compress(b"<html>"),
        b"\x1f\x8bnonsense",
        b"",
    ],
)
def test_other_content_is_no_feed(data: bytes) -> None:
    assert not is_feed(data)


@given(
    st.one_of(
        st.binary(max_size=300), st.text(alphabet="<>/&;rssitemlnk![CDATA]-\"'=: \0", max_size=200).map(str.encode)
    )
)
@settings(deadline=None)
def test_any_bytes_are_links_or_an_error(data: bytes) -> None:
    is_feed(data)
    for feed in (data, b"<rss><item><link>" + data + b"</link></item></rss>"):
        with contextlib.suppress(ReadError):
            assert all(link.url.startswith("http") for link in links(feed, FEED))
