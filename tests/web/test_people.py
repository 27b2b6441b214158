"""Pages of people and fandoms, and the overview."""

from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser
from starlette.testclient import TestClient

from ficdex.index.catalog import Catalog
from ficdex.web.drawing import drawn


def page(client: TestClient, address: str) -> HTMLParser:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    return HTMLParser(answer.text)


def words(tree: HTMLParser) -> str:
    assert tree.body
    return " ".join(tree.body.text().split())


def test_a_persons_page_says_for_whom_they_betaed(client: TestClient) -> None:
    tree = page(client, "/person?name=hollow_crown")
    assert tree.css_first('a[href="/person?name=speckled_bandit"]')
    assert tree.css_first('a[href="/?has=beta%3Ahollow_crown&has=fandom%3ASherlock"]')
    assert tree.css_first('a[href="/?has=beta%3Ahollow_crown&has=year%3A2012"]')
    assert "A Kettle for Two" in words(tree)


def test_a_persons_page_lists_what_they_wrote(client: TestClient) -> None:
    text = words(page(client, "/person?name=speckled_bandit"))
    assert "Wrote 1 work" in text
    assert "A Kettle for Two" in text
    assert "Betaed by" in text


@pytest.mark.parametrize("address", ["/person", "/person?name=nobody", "/fandom?title=none", "/fandom"])
def test_nobody_and_nothing_are_not_there(client: TestClient, address: str) -> None:
    assert client.get(address).status_code == 404


def test_people_are_found_by_a_part_of_their_name(client: TestClient) -> None:
    tree = page(client, "/people?q=CROWN")
    assert [a.text() for a in tree.css(".names a")] == ["hollow_crown"]


def test_it_is_drawn_who_betas_for_whom(client: TestClient, catalog: Catalog) -> None:
    tree = page(client, "/people")
    said = {t.text() for t in tree.css(".ties title")}
    assert said == {f"{beta} → {author}: {n}" for beta, author, n in catalog.ties(60)}


def test_neighbours_stand_beside_each_other() -> None:
    made = drawn([("a", "X", 4), ("b", "Y", 2), ("c", "X", 1), ("d", "Y", 1)])
    order = [label.name for label in made.betas]
    assert {tuple(order[:2]), tuple(order[2:])} in ({("a", "c"), ("b", "d")}, {("c", "a"), ("b", "d")})
    assert max(line.width for line in made.lines) == 10
    assert all(0 < label.y < made.height for label in [*made.betas, *made.authors])


def test_a_fandoms_page_counts_its_characters(client: TestClient, catalog: Catalog) -> None:
    tree = page(client, "/fandom?title=Harry+Potter")
    known = dict(catalog.facets(catalog.of_fandom("Harry Potter"), ["character"])["character"])
    shown = {row.css_first("th").text(): int(row.css_first(".count").text()) for row in tree.css(".bars tr")}
    assert known.items() <= shown.items()


def test_the_overview_counts_the_whole_catalogue(client: TestClient) -> None:
    tree = page(client, "/overview")
    assert {d.text() for d in tree.css(".totals dd")} >= {"14", "18"}
    assert {"Year", "Length", "Rating", "Fandom", "Beta"} <= set(words(tree).split())


def test_every_bar_leads_to_as_many_works_as_it_says(client: TestClient) -> None:
    for row in page(client, "/overview").css(".bars tr"):
        link, count = row.css_first("th a"), row.css_first(".count")
        assert link
        assert count
        found = page(client, str(link.attributes["href"])).css_first(".total strong")
        assert found
        assert found.text().split()[0] == count.text()
