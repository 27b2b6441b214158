"""The page of a work, and its reading view."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser
from starlette.testclient import TestClient

from ficdex.index.catalog import Catalog
from ficdex.model import Block, Document, Layout, Role, Source, Span
from ficdex.web import reading
from ficdex.web.marks import Place, pieces


def page(client: TestClient, address: str) -> HTMLParser:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    return HTMLParser(answer.text)


def of(catalog: Catalog, title: str) -> int:
    return catalog.find(title)


def test_every_value_shows_the_words_it_came_from(client: TestClient, catalog: Catalog) -> None:
    id_ = of(catalog, "A Kettle for Two")
    tree = page(client, f"/work/{id_}")
    shown = [" ".join(q.text().split()) for q in tree.css(".said .reasons q")]
    record: Any = catalog.record(id_)
    hidden = {"chapter_titles", "characters"}
    for item in record["evidence"]:
        if item["quote"] and item["field"] not in hidden:
            quote = " ".join(item["quote"].split())[:200]
            assert any(quote in said for said in shown), item["field"]


def test_values_of_every_kind_are_there(client: TestClient, catalog: Catalog) -> None:
    tree = page(client, f"/work/{of(catalog, 'A Kettle for Two')}")
    assert tree.body
    text = " ".join(tree.body.text().split())
    for said in (
        "speckled_bandit", "Sherlock Holmes & John Watson", "General Audiences", "Case Fic if you squint",
        "Small Appliances #2", "brit-picker", "hollow_crown", "2/2", "A_Kettle_for_Two.html", "ao3:99000417",
    ):  # fmt: skip
        assert said in text
    stages = [h.text() for h in tree.css("section[aria-labelledby=h-cast] h3")]
    assert stages == ["main", "mentioned"]
    assert [h.text() for h in tree.css("section[aria-labelledby=h-notes] h3")] == ["Chapter 2"]
    assert tree.css_first('a[href="/person?name=Marigold+Fenn"]')


def test_schema_org_stands_in_the_head(client: TestClient, catalog: Catalog) -> None:
    node = page(client, f"/work/{of(catalog, 'A Kettle for Two')}").css_first('script[type="application/ld+json"]')
    assert node
    said = json.loads(node.text())
    assert (said["@type"], said["name"]) == ("CreativeWork", "A Kettle for Two")
    assert said["author"] == [{"@type": "Person", "name": "speckled_bandit"}]
    assert said["isPartOf"] == [{"@type": "CreativeWorkSeries", "name": "Small Appliances", "position": 2}]


def test_other_editions_are_named(client: TestClient, path: Any) -> None:
    with Catalog.open(path, write=True) as catalog:
        one, other = of(catalog, "Moth Season"), of(catalog, "The Ledger")
        catalog.link([one, other])
    assert page(client, f"/work/{one}").css_first(f'section[aria-labelledby=h-related] a[href="/work/{other}"]')


@pytest.mark.parametrize("address", ["/work/999", "/work/99999999999999999999999", "/work/999/read", "/nowhere"])
def test_what_is_not_there_says_so(client: TestClient, address: str) -> None:
    assert client.get(address).status_code == 404


def test_the_text_is_read_by_chapters(client: TestClient, catalog: Catalog) -> None:
    id_ = of(catalog, "A Kettle for Two")
    first, second = page(client, f"/work/{id_}/read"), page(client, f"/work/{id_}/read/2")
    following, before = first.css_first("a[rel=next]"), second.css_first("a[rel=prev]")
    assert following
    assert before
    assert following.attributes["href"] == f"/work/{id_}/read/2"
    assert before.attributes["href"] == f"/work/{id_}/read/1"
    texts = [" ".join(node.text().split()) for tree in (first, second) for node in tree.css(".story")]
    assert "Chapter 1: Evidence" in texts[0]
    assert texts[1].startswith("Chapter 2: Limescale")
    assert not first.css("mark")


def test_evidence_is_marked_when_that_is_switched_on(client: TestClient, catalog: Catalog) -> None:
    tree = page(client, f"/work/{of(catalog, 'Moth Season')}/read?marks=1")
    marks = {m.text(): m.attributes["title"] for m in tree.css(".story mark")}
    assert marks["Moth Season"] == "Title: Moth Season"
    assert marks["Willow"] == "Character: Willow Rosenberg"
    assert str(marks["Odile"]).startswith("Beta: Odile · ")


def test_the_way_to_the_words_leads_to_their_mark(client: TestClient, catalog: Catalog) -> None:
    id_ = of(catalog, "The Understairs Society")
    links = [str(a.attributes["href"]) for a in page(client, f"/work/{id_}").css(".reasons a")]
    assert len(links) > 10
    for link in links:
        address, _, anchor = link.partition("#")
        assert page(client, address).css_first(f"mark#{anchor}"), link


def document(text: str, *ends: int, **looks: Any) -> Document:
    cuts = [0, *ends, len(text)]
    blocks = tuple(Block(Span(a, b), **looks) for a, b in pairwise(cuts))
    return Document(Source("/a", "text/plain", "", 1), text, blocks)


def test_a_long_chapter_is_cut_between_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LONGEST", 10)
    made = document("x" * 26, 8, 16, 24)
    cut = reading.sections(made, [(1, "One", 4)])
    assert [(s.number, s.title, s.start, s.end) for s in cut] == [
        (1, "One", 0, 8), (2, "One, continued", 8, 16), (3, "One, continued", 16, 26),
    ]  # fmt: skip


def test_a_block_without_end_is_cut_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LONGEST", 10)
    cut = reading.sections(document("x" * 25), [])
    assert [(s.start, s.end) for s in cut] == [(0, 10), (10, 20), (20, 25)]
    assert "".join(p.pieces[0].text for s in cut for p in reading.paragraphs(document("x" * 25), s, [])) == "x" * 25


@pytest.mark.parametrize(
    ("text", "looks", "tag", "look"),
    [
        ("One long line of prose that goes on and on, as lines of prose do", {}, "p", ""),
        ("roses are red\nviolets are blue", {}, "p", "lines"),
        ("Chapter One", {"layout": Layout.HEADING}, "h2", ""),
        ("* * *", {"role": Role.SEPARATOR}, "p", "separator"),
        ("Title: Moths", {"role": Role.HEADER}, "p", "front lines"),
        ("gone", {"styles": frozenset({"italic", "table"})}, "p", "italic lines"),
    ],
)
def test_a_block_looks_like_what_it_is(text: str, looks: Any, tag: str, look: str) -> None:
    made = document(text, **looks)
    (found,) = reading.paragraphs(made, reading.Section(1, "", 0, len(text)), [])
    assert (found.tag, found.look) == (tag, look)


def test_text_is_cut_where_places_begin_and_end() -> None:
    note, beta = Place(0, 8, "notes", "Note: x"), Place(2, 4, "betas", "Beta: y")
    found = list(pieces("abcdefghij", 1, 10, [note, beta]))
    assert [(p.text, p.start, p.said) for p in found] == [
        ("b", 1, "Note: x"), ("cd", 2, "Beta: y · Note: x"), ("efgh", 4, "Note: x"), ("ij", 8, ""),
    ]  # fmt: skip


def test_a_few_words_are_shown_with_those_around_them(client: TestClient, catalog: Catalog) -> None:
    tree = page(client, f"/work/{of(catalog, 'Moth Season')}")
    said = tree.css_first(".credits .reasons q")
    assert said
    around = " ".join(said.text().split())
    assert "A thousand thanks to Odile, who is the best beta" in around
    assert len(around) < 140
    assert [m.text() for m in said.css("mark")] == ["Odile"]
