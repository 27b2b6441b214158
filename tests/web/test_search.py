"""The search page: cards, facets, order, pages, errors, CSV, hidden ratings."""

from __future__ import annotations

import csv
import re

import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser
from starlette.testclient import TestClient

from ficdex.index.catalog import Catalog
from ficdex.web import search


def page(client: TestClient, address: str, status: int = 200) -> HTMLParser:
    answer = client.get(address)
    assert answer.status_code == status, answer.text
    return HTMLParser(answer.text)


def titles(tree: HTMLParser) -> list[str]:
    return [node.text().strip() for node in tree.css(".card h2 > a")]


def total(tree: HTMLParser) -> int:
    found = tree.css_first(".total strong")
    assert found
    return int(found.text().split()[0])


def test_without_a_query_the_whole_catalogue_is_shown(client: TestClient) -> None:
    tree = page(client, "/")
    assert total(tree) == len(titles(tree)) == 14


def test_a_hit_says_what_it_is_and_why_it_was_found(client: TestClient) -> None:
    tree = page(client, "/?q=moth")
    card = tree.css_first(".card")
    assert card
    text = " ".join(card.text().split())
    assert "Moth Season" in text
    assert "Buffy the Vampire Slayer" in text
    assert "312 words" in text
    assert "beta Odile" in text
    assert {m.text() for m in card.css("mark")} == {"moth"}
    assert [c.text() for c in card.css(".chip.main")] == ["Willow Rosenberg", "Spike"]


def test_a_card_shows_rating_status_series_and_summary(client: TestClient) -> None:
    card = page(client, '/?q=title:"kettle for two"').css_first(".card")
    assert card
    text = " ".join(card.text().split())
    for said in ("speckled_bandit", "General Audiences", "complete", "Small Appliances #2", "The kettle is evidence"):
        assert said in text


def test_every_facet_leads_to_as_many_works_as_it_says(client: TestClient) -> None:
    tree = page(client, "/")
    assert len(tree.css(".facet")) == 12
    for item in tree.css(".facet li"):
        value, count = item.css_first("a.value"), item.css_first(".count")
        assert value
        assert count
        found = total(page(client, str(value.attributes["href"])))
        assert found == int(count.text()), value.text()


def test_facets_combine_and_toggle(client: TestClient) -> None:
    tree = page(client, "/?has=fandom:Harry+Potter&not=character:Neville+Longbottom")
    assert titles(tree) == ["La clef sous le paillasson"]
    chips = [str(a.attributes["href"]) for a in tree.css(".chosen a")]
    assert len(titles(page(client, chips[1]))) == 2
    assert len(titles(page(client, chips[0]))) == 13


def test_hits_are_sorted_as_asked(client: TestClient) -> None:
    found = titles(page(client, "/?sort=title"))
    assert found == sorted(found, key=str.casefold)


def test_hits_come_in_pages(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "PAGE", 5)
    first, last = page(client, "/?sort=title"), page(client, "/?sort=title&page=3")
    assert (len(titles(first)), len(titles(last))) == (5, 4)
    following = first.css_first("a[rel=next]")
    assert following
    assert following.attributes["href"] == "/?sort=title&page=2"
    assert not first.css("a[rel=prev]")
    assert not last.css("a[rel=next]")


@pytest.mark.parametrize(("query", "here"), [('willow "moth', '"'), ("titel:moth", "t"), ("moth OR", "O")])
def test_an_error_points_at_the_place(client: TestClient, query: str, here: str) -> None:
    tree = page(client, "/?" + search.State(q=query).url().partition("?")[2], 400)
    mark = tree.css_first(".pointed mark")
    assert mark
    assert mark.text() == here
    assert tree.css_first(".problem p")


def test_what_was_meant_is_offered_where_nothing_is_found(client: TestClient) -> None:
    tree = page(client, "/?q=author:bergamot")
    link = tree.css_first(".meant a")
    assert link
    assert total(page(client, str(link.attributes["href"]))) == 1


def test_the_result_comes_as_csv(client: TestClient) -> None:
    answer = client.get("/works.csv?q=moth")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer.headers["content-disposition"]
    rows = list(csv.DictReader(answer.text.splitlines()))
    assert [row["title"] for row in rows] == ["Moth Season"]


def test_ratings_of_the_owners_choice_are_hidden_until_shown_again(client: TestClient, catalog: Catalog) -> None:
    ratings = [record["rating_level"] for record in catalog.records()]
    token = re.search(r'name="token" value="(\w+)"', client.get("/").text)
    assert token
    sent = {"token": token[1], "general": "1", "back": "/?sort=title"}
    answer = client.post("/hide", data=sent)
    assert (answer.status_code, answer.headers["location"]) == (303, "/?sort=title")
    assert total(page(client, "/")) == len(ratings) - ratings.count("general")
    client.post("/hide", data={"token": token[1]})
    assert total(page(client, "/")) == len(ratings)


@pytest.mark.parametrize("back", ["//evil.example/", "https://evil.example/", "/\\evil.example", "javascript:x"])
def test_forms_lead_back_to_this_server_only(back: str) -> None:
    assert search.own(back) == "/"


def test_a_passage_of_the_story_is_shown_where_nothing_else_says_why(client: TestClient) -> None:
    card = page(client, "/?q=text:porch").css_first(".card .passage")
    assert card
    assert [m.text() for m in card.css("mark")] == ["porch"]
