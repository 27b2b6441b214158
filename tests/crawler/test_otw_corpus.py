"""Real pages of the OTW archive give what they say of themselves; skipped where the reference corpus is missing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser

from ficdex.crawler.importer import documents, load
from ficdex.errors import StandIn
from ficdex.fields import to_record
from ficdex.model import Document, Role
from ficdex.pipeline import Extracted, extract_paths

TAGS = {"fandoms_tags": "fandoms", "characters_tags": "characters", "relationships_tags": "relationships"}
LANGUAGES = {"English": "en", "Русский": "ru", "Français": "fr"}
CLASSES = {
    "rating": "rating", "warning": "warnings", "category": "categories", "fandom": "fandoms",
    "relationship": "relationships", "character": "characters", "freeform": "tags",
}  # fmt: skip
LABELS = {
    "Rating": "rating", "Archive Warning": "warnings", "Category": "categories", "Categories": "categories",
    "Fandom": "fandoms", "Relationship": "relationships", "Relationships": "relationships",
    "Character": "characters", "Characters": "characters", "Additional Tags": "tags",
}  # fmt: skip


@pytest.fixture(scope="module")
def records() -> dict[str, dict[str, Any]]:
    """End of source -> the record that `ficdex extract` prints."""
    folder = Path(__file__).parents[3] / "shared" / "corpus" / "ao3"
    found = {}
    for item in extract_paths([folder / f"listing-{n}.html" for n in (1, 2)]) if folder.is_dir() else ():
        assert isinstance(item, Extracted), item
        record: dict[str, Any] = to_record(item.work, item.document.text)
        found[record["source"].rsplit("/", 1)[-1]] = record
    return found


@pytest.fixture
def blurbs(corpus: Path, records: dict[str, dict[str, Any]]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """(what the listing states, our record) of each of the forty works."""
    stated = json.loads((corpus / "ao3" / "listings.json").read_text(encoding="utf-8"))
    assert {row["file"].split("/")[1] for row in stated} == records.keys()
    return [(row, records[row["file"].split("/")[1]]) for row in stated]


def quotes(record: dict[str, Any], field: str) -> list[str]:
    return [e["quote"] for e in record["evidence"] if e["field"] == field and e["rule"].startswith("otw.")]


def pressed(text: str | None) -> str | None:
    """Without white space: the labels of the listings have some at the edges of emphasis, where the page has none."""
    return None if text is None else "".join(text.split())


def test_listings_state_titles_authors_ratings_words_and_tags(blurbs: list[Any]) -> None:
    for stated, record in blurbs:
        for field in ("title", "authors", "tags", "rating", "words"):
            assert record[field] == stated[field]
        assert pressed(record["summary"]) == pressed(stated["summary"])
        published, _, planned = stated["chapters"].partition("/")
        assert record["chapters"]["published"] == int(published)
        assert not planned or str(record["chapters"]["planned"] or "?") == planned
        assert record["language"] == LANGUAGES[stated["language"]]
        assert quotes(record, "language") == [stated["language"]]


def test_listings_keep_their_tags_as_they_stand_beside_our_names(blurbs: list[Any]) -> None:
    for stated, record in blurbs:
        for name, field in TAGS.items():
            assert sorted(quotes(record, field)) == sorted(stated[name])
            assert len(record[field]) <= len(stated[name])


def test_listings_date_every_work_and_say_whether_it_is_done(blurbs: list[Any]) -> None:
    for _, record in blurbs:
        assert record["updated"].startswith("2021-02-")
        assert record["status"] in ("complete", "in-progress")
        assert record["kind"] == "metadata"


def test_those_who_get_a_gift_did_not_write_it(blurbs: list[Any]) -> None:
    authors = {a for _, record in blurbs for a in record["authors"]}
    assert authors.isdisjoint({"imnotokaywiththerunning", "tablelamp", "zaan", "Just_A_Simple_Tailor"})


def one(path: Path) -> Document:
    (found,) = documents(load(path))
    assert isinstance(found, Document), found
    return found


def said(document: Document, field: str) -> list[Any]:
    return [e.value for e in document.declared if e.field == field and e.rule.startswith("otw.")]


def texts(tree: LexborHTMLParser, selector: str) -> list[str]:
    return [" ".join(node.text().split()) for node in tree.css(selector)]


PAGES = ("unlockedWork", "unlockedWorkNoSkin", "multipleSeries", "work-3738184", "work-6475531")


@pytest.mark.parametrize("name", PAGES)
def test_a_work_page_gives_its_own_tags(corpus: Path, name: str) -> None:
    path = corpus / "ao3" / f"{name}.html"
    found, tree = one(path), LexborHTMLParser(path.read_text(encoding="utf-8"))
    for selector, field in CLASSES.items():
        assert said(found, field) == texts(tree, f"dl.work.meta dd.{selector}.tags a.tag")
    assert said(found, "title") == texts(tree, "h2.title.heading")
    assert said(found, "authors") == texts(tree, "h3.byline.heading a[rel=author]")
    assert said(found, "language") == ["en"]
    assert said(found, "collections") == texts(tree, "dd.collections a")
    assert [s.name for s in said(found, "series")] == texts(tree, "dd.series span.position a")
    stats = {s.name: s.value for s in said(found, "stats")}
    counters = {n: texts(tree, f"dl.stats dd.{n}") for n in ("comments", "kudos", "bookmarks", "hits")}
    assert stats == {n: int(shown[0].replace(",", "")) for n, shown in counters.items() if shown}
    assert said(found, "published") == texts(tree, "dd.published")
    assert said(found, "updated") == texts(tree, "dd.status")
    assert [f"{w:,}" for w in said(found, "words")] == texts(tree, "dd.words")
    assert [f"{c.published}/{c.planned or '?'}" for c in said(found, "chapters")] == texts(tree, "dd.chapters")
    assert f"/works/{said(found, 'site_id')[0].removeprefix('ao3:')}/share" in (tree.html or "")


@pytest.mark.parametrize("name", ["htmlTest.html", "workInSeries.html", "epubTest.epub", "workInSeries.epub"])
def test_a_download_gives_its_own_tags_in_every_format(corpus: Path, name: str) -> None:
    found = one(corpus / "ao3" / name)
    page = (corpus / "ao3" / name.replace("epubTest", "htmlTest")).with_suffix(".html")
    tree = LexborHTMLParser(page.read_text(encoding="utf-8"))
    labels = [text.rstrip(":") for text in texts(tree, "#preface dt")]
    for label, box in zip(labels, tree.css("#preface dd"), strict=True):
        if field := LABELS.get(label):
            assert said(found, field) == [" ".join(a.text().split()) for a in box.css("a")]
    assert said(found, "title") == texts(tree, "#preface h1")
    assert said(found, "authors") == texts(tree, "#preface .byline a")
    assert said(found, "url") == texts(tree, "#preface .message a")[1:]
    assert said(found, "summary") == [" ".join(node.text().split()) for node in tree.css("#preface blockquote")[:1]]
    notes = [found.text[b.span.start : b.span.end] for b in found.blocks if b.role is Role.NOTE]
    assert pressed("".join(notes)) == pressed(
        "".join(
            texts(tree, "#preface blockquote")[1:] + texts(tree, "#chapters .meta blockquote, #afterword blockquote")
        )
    )
    dd = tree.css("#preface dd")[-1]
    assert all(f"{words:,}" in dd.text() for words in said(found, "words"))


@pytest.mark.parametrize(
    ("name", "state", "proceed"),
    [
        ("explicitWorkLoggedOut", "gated_adult", "https://archiveofourown.org/works/35369560?view_adult=true"),
        ("lockedWorkLoggedOut", "gated_login", None),
        ("hiddenWork", "gated_login", None),
        ("deletedWork", "gone", None),
    ],
)
def test_a_page_in_the_place_of_a_work_says_what_it_means(
    corpus: Path, name: str, state: str, proceed: str | None
) -> None:
    (found,) = documents(load(corpus / "ao3" / f"{name}.html"))
    assert isinstance(found, StandIn)
    assert (found.state, found.proceed) == (state, proceed)
