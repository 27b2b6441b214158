"""Corrections in the browser are those of `ficdex set` and `ficdex review`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser
from starlette.testclient import TestClient

from ficdex.fields import FIELDS
from ficdex.index.catalog import Catalog
from ficdex.index.corrections import can_be_set, parse, written

from .conftest import Serve


class Owner:
    """Sends forms as a browser would."""

    def __init__(self, client: TestClient) -> None:
        self.client = client

    def send(self, address: str, **values: str) -> Any:
        token = re.search(r'name="token" value="(\w+)"', self.client.get("/").text)
        assert token
        return self.client.post(address, data={"token": token[1], **values})


@pytest.fixture
def owner(client: TestClient) -> Owner:
    return Owner(client)


@pytest.fixture
def moth(catalog: Catalog) -> int:
    return catalog.find("Moth Season")


def value(catalog: Catalog, id_: int, field: str) -> Any:
    return catalog.record(id_)[field]


@pytest.mark.parametrize(
    ("field", "op", "typed", "expected"),
    [
        ("title", "=", '  "Moths", he said ', '"Moths", he said'),
        ("title", "=", "", None),
        ("authors", "=", "Fenn; Old; Tom", ["Fenn", "Old", "Tom"]),
        ("fandoms", "=", "Buffy;; Angel", ["Buffy; Angel"]),
        ("betas", "=", "Odile; Tom:editor", [{"name": "Odile", "role": "beta"}, {"name": "Tom", "role": "editor"}]),
        ("words", "=", "1,234", 1234),
        ("summary", "=", "Two\nlines", "Two\nlines"),
        ("rating_level", "=", "teen", "teen"),
        ("tags", "+=", "moths", ["moths"]),
    ],
)
def test_a_field_is_corrected(
    owner: Owner, catalog: Catalog, moth: int, field: str, op: str, typed: str, expected: Any
) -> None:
    answer = owner.send(f"/work/{moth}/set", field=field, op=op, value=typed)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/work/{moth}#{field}")
    assert value(catalog, moth, field) == expected


def test_characters_come_and_go_one_by_one(owner: Owner, catalog: Catalog, moth: int) -> None:
    before = value(catalog, moth, "characters")
    owner.send(f"/work/{moth}/set", field="characters", op="+=", value="Anya Jenkins")
    owner.send(f"/work/{moth}/set", field="characters", op="-=", value="Giles")
    now = value(catalog, moth, "characters")
    assert [c["name"] for c in now] == [c["name"] for c in before if c["name"] != "Giles"] + ["Anya Jenkins"]
    assert now[0] == before[0]


def test_a_correction_is_searched_at_once(owner: Owner, moth: int) -> None:
    assert "0 works" in owner.client.get("/?q=title:lepidoptera").text
    owner.send(f"/work/{moth}/set", field="title", op="=", value="Lepidoptera")
    assert "1 work<" in owner.client.get("/?q=title:lepidoptera").text


@pytest.mark.parametrize(
    ("field", "op", "typed", "said"),
    [
        ("words", "=", "many", "whole number"),
        ("id", "=", "3", "cannot be corrected"),
        ("title", "*", "x", "does nothing"),
    ],
)
def test_what_cannot_be_says_why_and_changes_nothing(
    owner: Owner, catalog: Catalog, moth: int, field: str, op: str, typed: str, said: str
) -> None:
    answer = owner.send(f"/work/{moth}/set", field=field, op=op, value=typed)
    assert answer.status_code == 400
    assert said in answer.text
    assert "Moth Season" in answer.text
    assert catalog.corrections(moth) == []


def test_a_correction_is_undone_or_given_back(owner: Owner, catalog: Catalog, moth: int) -> None:
    for title in ("One", "Two"):
        owner.send(f"/work/{moth}/set", field="title", op="=", value=title)
    owner.send(f"/work/{moth}/undo")
    assert value(catalog, moth, "title") == "One"
    owner.send(f"/work/{moth}/set", field="title", op="unset")
    assert value(catalog, moth, "title") == "Moth Season"
    history = [item.text() for item in HTMLParser(owner.client.get(f"/work/{moth}").text).css(".history code")]
    assert history == ["title=One", "title unset"]


def test_every_value_is_typed_so_that_it_says_the_same(catalog: Catalog) -> None:
    for record in catalog.records():
        for field in FIELDS:
            held: Any = record[field.key]
            if can_be_set(field) and field.key != "characters" and held not in (None, []):
                assert parse(f'{field.key}="{written(held)}"').value == held


@pytest.mark.parametrize("name", ["a; b", "odd: name", "x:beta", "#4"])
def test_odd_names_are_typed_so_that_they_say_the_same(name: str) -> None:
    credits_ = [{"name": name, "role": "beta"}, {"name": name, "role": "editor"}]
    assert parse(f'betas="{written(credits_)}"').value == credits_
    assert parse(f'tags="{written([name])}"').value == [name]


def test_while_another_run_writes_nothing_is_corrected(owner: Owner, catalog: Catalog, moth: int, path: Path) -> None:
    with Catalog.open(path, write=True):
        answer = owner.send(f"/work/{moth}/set", field="title", op="=", value="One")
        assert owner.client.get(f"/work/{moth}").status_code == 200
    assert answer.status_code == 503
    assert value(catalog, moth, "title") == "Moth Season"


def test_what_is_only_read_has_no_forms_and_takes_none(serve: Serve, moth: int) -> None:
    reader = Owner(serve(read_only=True))
    for address in ("/", f"/work/{moth}", "/imports"):
        text = reader.client.get(address).text
        assert "/set" not in text
        assert "/review" not in text
    assert reader.send(f"/work/{moth}/set", field="title", op="=", value="One").status_code == 404
    assert reader.send(f"/work/{moth}/undo").status_code == 404
    assert reader.client.get("/review").status_code == 404


# the review queue


def asked(owner: Owner, address: str = "/review") -> tuple[str, str]:
    """The value that is asked about, and the place in the queue."""
    tree = HTMLParser(owner.client.get(address).text)
    name, at = tree.css_first(".doubt h2 bdi"), tree.css_first('input[name="at"]')
    return (name.text(), str(at.attributes["value"])) if name and at else ("", "")


def test_the_queue_asks_for_what_review_asks(owner: Owner, catalog: Catalog) -> None:
    names = []
    while (found := asked(owner))[0]:
        names.append(found[0])
        owner.send("/review", key="s", at=found[1])
    assert names == [d.name for d in catalog.doubts(("title", "authors", "betas", "beta_status", "fandoms",
                                                     "relationships", "characters"), 0.8)]  # fmt: skip
    assert names


def test_a_value_is_right_wrong_or_another(owner: Owner, catalog: Catalog) -> None:
    doubts = catalog.doubts(("characters",), 0.8)[:3]
    at = "/review?field=characters"
    for key, typed in (("y", ""), ("n", ""), ("e", "Somebody Else")):
        answer = owner.send(at, key=key, at=asked(owner, at)[1], value=typed)
        assert (answer.status_code, answer.headers["location"]) == (303, at)
    names = [[c["name"] for c in value(catalog, d.work, "characters")] for d in doubts]
    assert doubts[0].name in names[0]
    assert doubts[1].name not in names[1]
    assert doubts[2].name not in names[2]
    assert "Somebody Else" in names[2]
    assert not {d.name for d in doubts} & {d.name for d in catalog.doubts(("characters",), 0.8)}


def test_undo_takes_the_last_answer_back_and_asks_again(owner: Owner, catalog: Catalog) -> None:
    first = asked(owner)
    owner.send("/review", key="n", at=first[1])
    assert asked(owner) != first
    owner.send("/review", key="u")
    assert asked(owner) == first
    owner.send("/review", key="u")
    assert asked(owner) == first
    assert catalog.stats()["corrections"] == 0


def test_an_answer_to_what_is_not_asked_any_more_does_nothing(owner: Owner, catalog: Catalog) -> None:
    _, at = asked(owner)
    owner.send("/review", key="s", at=at)
    owner.send("/review", key="n", at=at)
    owner.send("/review", key="x", at=asked(owner)[1])
    owner.send("/review", key="e", at=asked(owner)[1], value=" ")
    assert catalog.stats()["corrections"] == 0


def test_a_value_that_cannot_be_is_asked_for_again(owner: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ficdex.web.desk.BELOW", 1.0)
    at = "/review?field=beta_status"
    first = asked(owner, at)
    answer = owner.send(at, key="e", at=first[1], value="perhaps")
    assert answer.status_code == 400
    assert "beta_status is one of" in answer.text
    assert asked(owner, at) == first


def test_the_queue_is_filled_anew_when_asked(owner: Owner) -> None:
    first = asked(owner)
    owner.send("/review", key="s", at=first[1])
    owner.send("/review", key="again")
    assert asked(owner) == first


def test_an_import_is_watched(client: TestClient, path: Path) -> None:
    text = client.get("/imports").text
    assert "moth_season.txt" in text
    with Catalog.open(path, write=True) as catalog:
        catalog.log("/shelf/new.txt", "failed", "it is damaged")
        shown = HTMLParser(client.get("/imports").text)
    assert shown.css_first("[data-refresh]")
    row = shown.css_first(".log tbody tr")
    assert row
    assert "it is damaged" in row.text()


def test_pages_are_read_while_an_import_writes(client: TestClient, path: Path) -> None:
    with Catalog.open(path, write=True) as catalog, catalog.transaction():
        catalog.log("/shelf/new.txt", "added")
        for address in ("/", "/?q=moth", "/work/1", "/work/1/read", "/people", "/overview", "/imports"):
            assert client.get(address).status_code == 200, address


def test_a_catalogue_that_is_damaged_says_what_to_do(client: TestClient, path: Path) -> None:
    with Catalog.open(path, write=True) as catalog:
        catalog.db.execute("UPDATE story_text SET text = x'00'")
        catalog.db.execute("DROP TABLE notes")
    for address in ("/work/1", "/work/1/read"):
        answer = client.get(address)
        assert answer.status_code == 500
        assert "backup" in answer.text
