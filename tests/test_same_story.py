"""The same story, in whatever file it comes, is the same work."""

from __future__ import annotations

from pathlib import Path

import pytest

from ficdex.pipeline import Extracted, extract_paths

from .story_files import AUTHOR, CHAPTERS, END, FILES, NOTE, TITLE, ascii_text, plain

FIELDS = ("title", "authors", "betas", "beta_status", "fandoms", "rating", "summary", "disclaimer", "chapters")


def record(tmp_path: Path, name: str, data: bytes) -> dict[str, object]:
    """What is found in a file, as far as it does not depend on the format."""
    (tmp_path / name).write_bytes(data)
    (one,) = extract_paths([tmp_path / name])
    assert isinstance(one, Extracted), one
    work = one.work
    found = {field: getattr(work, field) for field in FIELDS}
    found["notes"] = [(" ".join(n.text.split()), n.position) for n in work.notes]
    found["summary"] = " ".join((work.summary or "").split())
    found["cast"] = {(c.name, c.stage, c.mentions) for c in work.characters}
    found["chapter_titles"] = work.chapter_titles
    return found


@pytest.fixture(scope="module")
def wanted(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    return record(tmp_path_factory.mktemp("wanted"), "lamp.txt", plain().encode())


def test_the_plain_text_is_read_right(wanted: dict[str, object]) -> None:
    assert (wanted["title"], wanted["authors"], wanted["rating"]) == (TITLE, (AUTHOR,), "PG-13")
    assert wanted["fandoms"] == ("Buffy the Vampire Slayer",)
    assert wanted["notes"] == [(NOTE, "start"), (END, "end")]
    assert wanted["beta_status"] == "credited"
    assert wanted["chapter_titles"] == tuple(heading for heading, _ in CHAPTERS)


@pytest.mark.parametrize("name", FILES)
def test_the_same_story_is_the_same_work(tmp_path: Path, name: str, wanted: dict[str, object]) -> None:
    assert record(tmp_path, name, FILES[name]()) == wanted


def test_straight_quotes_and_no_accents_change_nothing_but_letters(tmp_path: Path, wanted: dict[str, object]) -> None:
    found = record(tmp_path, "ascii.txt", ascii_text().encode("ascii"))
    for field in ("title", "rating", "fandoms", "betas", "beta_status", "cast", "chapters", "chapter_titles"):
        assert found[field] == wanted[field], field
