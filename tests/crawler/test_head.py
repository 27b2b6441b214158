"""What a page's head states is declared, each claim with its rule, and never more than it can be trusted."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ficdex.crawler.blob import Blob
from ficdex.crawler.readers import html

PAGE = "https://fic.example/tales/1"


def declared(head: str, uri: str = PAGE) -> dict[str, list[object]]:
    """Rule -> the values that it states of a page with this head."""
    page = f"<!DOCTYPE html><html><head>{head}</head><body><p>It rained.</p></body></html>"
    (document,) = html.read(Blob(uri, page.encode("utf-8", "surrogatepass"), "1.html"))
    found: dict[str, list[object]] = {}
    for claim in document.declared:
        found.setdefault(claim.rule, []).append(claim.value)
    return found


def linked(*data: object) -> dict[str, list[object]]:
    return declared("".join(f'<script type="application/ld+json">{json.dumps(one)}</script>' for one in data))


def test_the_title_is_the_least_of_what_a_head_states() -> None:
    page = b"""<html><head><title>Salt | Fic</title><meta property="og:title" content="Salt">
    <script type="application/ld+json">{"@type": "Article", "name": "Salt", "description": "Tea."}</script>
    </head><body>It rained.</body></html>"""
    (document,) = html.read(Blob(PAGE, page, "1.html"))
    titles = {e.rule: e.confidence for e in document.declared if e.field == "title"}
    assert sorted(titles, key=titles.__getitem__) == ["html.title", "html.og.title", "html.ld.name"]


def test_opengraph_is_read() -> None:
    assert declared("""
      <meta property="og:title" content="Salt &amp; Tea"><meta property="og:description" content="A kettle
        is stolen."><meta property="article:author" content="Jo"><meta property="article:author" content="Ann">
      <meta property="og:url" content="/tales/1?utm_source=x">
      <meta property="article:published_time" content="2012-02-07T23:00:00-05:00">""") == {
        "html.og.title": ["Salt & Tea"],
        "html.og.description": ["A kettle is stolen."],
        "html.og.author": ["Jo", "Ann"],
        "html.og.url": [PAGE],
        "html.og.published_time": ["2012-02-07"],
    }


@pytest.mark.parametrize(
    "head",
    [
        '<meta property="og:title" content="  ">',
        '<meta property="og:title">',
        '<meta property="article:author" content="https://social.example/jo">',
        '<meta property="og:description" content="It rained, and then it...">',
        '<meta property="og:url" content="javascript:alert(1)">',
        '<meta property="article:published_time" content="2012-13-07">',
        '<meta property="article:published_time" content="yesterday">',
        '<meta name="author" content="' + "x" * 20_000 + '">',
        '<link rel="canonical" href="mailto:jo@fic.example">',
    ],
)
def test_what_is_no_such_value_is_not_declared(head: str) -> None:
    assert declared(head) == {}


def test_a_canonical_link_is_the_address() -> None:
    assert declared('<link rel="canonical" href="/tales/1#top">') == {"html.link.canonical": [PAGE]}


def test_a_saved_page_has_no_address_to_start_from() -> None:
    assert declared('<link rel="canonical" href="/tales/1">', "saved/1.html") == {}
    assert declared(f'<link rel="canonical" href="{PAGE}">', "saved/1.html") == {"html.link.canonical": [PAGE]}


def test_linked_data_is_read() -> None:
    assert linked(
        {
            "@context": "https://schema.org", "@type": ["CreativeWork", "ShortStory"], "name": "Salt &amp; Tea",
            "author": [{"@type": "Person", "name": "Jo"}, "Ann"], "datePublished": "2012-02",
            "dateModified": "2013-01-02T03:04:05Z", "inLanguage": "en_GB", "description": "A kettle is stolen.",
            "url": "/tales/1",
        }
    ) == {
        "html.ld.name": ["Salt & Tea"],
        "html.ld.author": ["Jo", "Ann"],
        "html.ld.datePublished": ["2012-02"],
        "html.ld.dateModified": ["2013-01-02"],
        "html.ld.inLanguage": ["en-GB"],
        "html.ld.description": ["A kettle is stolen."],
        "html.ld.url": [PAGE],
    }  # fmt: skip


def test_a_work_is_found_in_a_graph_and_its_author_by_reference() -> None:
    found = linked(
        {"@graph": [
            {"@type": "WebPage", "name": "Salt - Fic"},
            {"@type": "Article", "headline": "Salt", "author": {"@id": "#jo"}, "mainEntityOfPage": {"@id": PAGE}},
            {"@type": "Person", "@id": "#jo", "name": "Jo"},
        ]}
    )  # fmt: skip
    assert found == {"html.ld.name": ["Salt"], "html.ld.author": ["Jo"], "html.ld.url": [PAGE]}


def test_a_work_is_found_in_a_list_and_within_its_page() -> None:
    assert linked([{"@type": "WebSite", "name": "Fic"}, {"@type": "http://schema.org/Book", "name": "Salt"}]) == {
        "html.ld.name": ["Salt"]
    }
    assert linked({"@type": "WebPage", "mainEntity": {"@type": "Book", "name": "Salt"}}) == {"html.ld.name": ["Salt"]}


def test_of_several_works_the_first_is_the_pages() -> None:
    found = linked({"@type": "Article", "headline": "Salt"}, {"@type": "Article", "headline": "Next: Pepper"})
    assert found == {"html.ld.name": ["Salt"]}


def test_a_site_is_no_author_and_a_language_has_a_tag() -> None:
    found = linked(
        {
            "@type": "Article",
            "author": {"@type": "Organization", "name": "Fic"},
            "inLanguage": {"@type": "Language", "name": "English", "alternateName": "en"},
        }
    )
    assert found == {"html.ld.inLanguage": ["en"]}


PROPERTIES = st.sampled_from(
    ["@type", "@id", "@graph", "name", "author", "url", "mainEntity", "inLanguage", "datePublished"]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(PROPERTIES, inner, max_size=4),
    max_leaves=12,
)


@given(JSON)
@settings(deadline=None)
def test_any_json_is_borne(data: object) -> None:
    for value in (data, {"@type": "Article", "author": data, "name": data, "url": data, "inLanguage": data}):
        for values in linked(value).values():
            assert all(str(v).encode() for v in values)


@pytest.mark.parametrize("text", ["{", "[" * 100_000, "9" * 10_000, '{"@type": "Article", "name": "\\ud800"}'])
def test_no_script_breaks_a_page(text: str) -> None:
    declared(f'<script type="application/ld+json">{text}</script>')
