"""Files beside a book state its fields, and are no works themselves."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ficdex.crawler.beside import stated_beside
from ficdex.crawler.blob import Blob
from ficdex.crawler.importer import documents, load
from ficdex.errors import NoStory
from ficdex.model import Chapters, Document, Evidence, Series
from ficdex.pipeline import Extracted, extract_paths

OPF = (
    '<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:opf="http://www.idpf.org/2007/opf"><metadata><dc:title>Moth Season</dc:title>'
    '<dc:creator opf:role="aut">Odette</dc:creator><dc:subject>Tea</dc:subject><dc:language>eng</dc:language>'
    '<dc:identifier opf:scheme="URL">https://moths.example/7</dc:identifier>'
    '<meta name="calibre:series" content="Summer"/><meta name="calibre:series_index" content="2.0"/>'
    "</metadata></package>"
)
JSON: dict[str, Any] = {
    "title": "Moth Season", "author": "Odette, Odile", "category": ["Buffy the Vampire Slayer"], "genre": "Drama, Tea",
    "characters": "Willow R., Tara M.", "ships": "Willow R./Tara M.", "warnings": "None apply",
    "extratags": "FanFiction",
    "series": "Summer [2]", "status": "In-Progress", "language": "English", "datePublished": "2013-05-04 00:00:00",
    "dateUpdated": "2014-06-05", "rating": "PG-13", "numChapters": "12", "numWords": "12,345",
    "description": "<p>Forty <b>moths</b>.</p>", "storyUrl": "https://moths.example/7", "siteabbrev": "moths",
    "cover_image": None, "zchapters": [[1, {"title": "Dusk"}]],
}  # fmt: skip


def book(folder: Path, name: str = "moths.txt") -> Path:
    path = folder / name
    path.write_text("Dusk fell.\n\nNight fell.")
    return path


def stated(path: Path) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for item in stated_beside(path):
        assert item.confidence >= 0.9
        found.setdefault(item.field, []).append(item.value)
    return found


def test_calibre_s_metadata_describes_the_one_book_of_its_folder(tmp_path: Path) -> None:
    path = book(tmp_path)
    for name in ("metadata.opf", "moths.epub", "cover.jpg"):
        (tmp_path / name).write_text(OPF)
    assert stated(path) == {
        "title": ["Moth Season"], "authors": ["Odette"], "tags": ["Tea"], "language": ["eng"],
        "url": ["https://moths.example/7"], "series": [Series("Summer", 2)],
    }  # fmt: skip
    assert Evidence("title", "Moth Season", None, "calibre.opf.title", 0.9) in stated_beside(path)


def test_metadata_in_a_folder_of_many_books_describes_none(tmp_path: Path) -> None:
    path = book(tmp_path)
    book(tmp_path, "another.txt")
    (tmp_path / "metadata.opf").write_text(OPF)
    assert stated_beside(path) == ()
    (tmp_path / "moths.opf").write_text(OPF)
    assert stated(path)["title"] == ["Moth Season"]


def test_fanficfare_s_json_is_read_field_by_field(tmp_path: Path) -> None:
    path = book(tmp_path)
    for name in ("moths.json", "moths.txt.json"):
        (tmp_path / name).write_text(json.dumps(JSON))
        assert stated(path) == {
            "title": ["Moth Season"], "authors": ["Odette", "Odile"], "fandoms": ["Buffy the Vampire Slayer"],
            "tags": ["Drama", "Tea"], "characters": ["Willow R.", "Tara M."], "relationships": ["Willow R./Tara M."],
            "warnings": ["None apply"], "series": [Series("Summer", 2)], "status": ["in-progress"],
            "language": ["English"], "published": ["2013-05-04"], "updated": ["2014-06-05"], "rating": ["PG-13"],
            "chapters": [Chapters(12)], "words": [12345], "summary": ["Forty moths."],
            "url": ["https://moths.example/7"],
        }  # fmt: skip
        (tmp_path / name).unlink()


def test_a_story_of_the_archive_gets_its_short_id(tmp_path: Path) -> None:
    path = book(tmp_path)
    address = "https://archiveofourown.org/works/77"
    (tmp_path / "moths.json").write_text(json.dumps({"title": "Moths", "storyUrl": f"{address}?view_adult=true"}))
    assert stated(path) == {"title": ["Moths"], "url": [address], "site_id": ["ao3:77"]}


def test_a_book_is_read_with_what_is_stated_beside_it(tmp_path: Path) -> None:
    path = book(tmp_path)
    (tmp_path / "moths.json").write_text(json.dumps(JSON))
    (found,) = documents(load(path))
    assert isinstance(found, Document)
    assert Evidence("fandoms", "Buffy the Vampire Slayer", None, "fanficfare.json.category", 0.9) in found.declared
    (work,) = [item.work for item in extract_paths([tmp_path]) if isinstance(item, Extracted)]
    assert (work.title, work.authors, work.rating, work.language) == ("Moth Season", ("Odette", "Odile"), "PG-13", "en")


def test_a_file_that_describes_a_book_is_no_work() -> None:
    for name, text in (("metadata.opf", OPF), ("moths.json", json.dumps(JSON))):
        (found,) = documents(Blob(name, text.encode(), name))
        assert isinstance(found, NoStory)
        assert "describes the book beside it" in found.reason


def test_damaged_and_foreign_files_beside_a_book_state_nothing(tmp_path: Path) -> None:
    path = book(tmp_path)
    for text in ("{", "[1, 2]", '{"name": "moths"}', "[" * 100_000, '{"title": {}, "storyUrl": [[]]}'):
        (tmp_path / "moths.json").write_text(text)
        assert stated_beside(path) == ()
    (tmp_path / "moths.opf").write_text('<!DOCTYPE p [<!ENTITY a "b">]>' + OPF)
    assert stated_beside(path) == ()
