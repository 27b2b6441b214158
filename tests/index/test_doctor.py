"""The check-up: every damage is done for real, found, and mended where that is safe."""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ficdex.index import check_file, doctor, story_text
from ficdex.index.catalog import Catalog
from ficdex.index.doctor import CHECKS, Result, examine
from ficdex.index.findings import Check, Finding, Patient
from ficdex.index.search import SearchIndex
from ficdex.model import Block, Document, Source, Span, Work

STORIES = {"a": "The tide went out.", "b": "The moth came in, and nobody said a word."}


def put(catalog: Catalog, path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    document = Document(
        Source(str(path), "text/plain", "1f", len(text), origin=str(path)), text, (Block(Span(0, len(text))),)
    )
    catalog.store(Work(document.source, (str(path),), title=path.stem, authors=("Fenn",), extractor="1"), document)
    catalog.seen(str(path), len(text), 1, "1f", [str(path)])


def filled(folder: Path) -> Catalog:
    """A sound catalogue of two stories with both indexes."""
    catalog = Catalog.open(folder / "c.db", create=True, write=True)
    for name, text in STORIES.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
        put(catalog, folder / f"{name}.txt")
    SearchIndex.open(catalog).catch_up()
    return catalog


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    with filled(tmp_path) as opened:
        yield opened


def results(catalog: Catalog, *, fix: bool = False, extractor: str = "1") -> dict[str, Result]:
    return {result.name: result for result in examine(Patient(catalog, extractor), fix=fix)}


def ill(catalog: Catalog) -> dict[str, str]:
    """The checks that are not ok, and their grades."""
    return {name: r.finding.grade for name, r in results(catalog).items() if r.finding.grade != "ok"}


def unguarded(catalog: Catalog, *statements: str) -> None:
    """Damage past the foreign keys."""
    for statement in ("PRAGMA foreign_keys = OFF", *statements, "PRAGMA foreign_keys = ON"):
        catalog.db.execute(statement)


def test_a_sound_catalogue_is_ok_in_all_checks(catalog: Catalog) -> None:
    assert ill(catalog) == {}


def test_looking_changes_nothing(catalog: Catalog) -> None:
    unguarded(catalog, "DELETE FROM works WHERE id = 1")
    before = list(catalog.db.iterdump())
    results(catalog)
    assert list(catalog.db.iterdump()) == before


def lose_text(catalog: Catalog) -> None:
    story_text.remove(catalog.db, 1, catalog.text(1))


def double_text(catalog: Catalog) -> None:
    story_text.add(catalog.db, 77, "A story of nobody.")


def spoil_text(catalog: Catalog) -> None:
    catalog.db.execute("UPDATE story_index_data SET block = x'00ff00ff' WHERE id > 10")


def orphan_rows(catalog: Catalog) -> None:
    unguarded(
        catalog, "INSERT INTO notes VALUES (77, 0, 'Hello', 'start', NULL)", "INSERT INTO authors VALUES (1, 5, 99)"
    )


def nobodys_name(catalog: Catalog) -> None:
    catalog.db.execute("INSERT INTO people(name) VALUES ('Nobody')")


def vanish(catalog: Catalog) -> None:
    (catalog.path.parent / "a.txt").unlink()


def turn_back(catalog: Catalog) -> None:
    catalog.db.execute("UPDATE meta SET value = '0' WHERE key = 'seq'")


def fall_behind(catalog: Catalog) -> None:
    (catalog.path.parent / "a.txt").write_text("The tide came in.", encoding="utf-8")
    put(catalog, catalog.path.parent / "a.txt")


def truncate_index(catalog: Catalog) -> None:
    for path in SearchIndex.open(catalog).engine.folder.path.glob("MAIN_*"):
        os.truncate(path, path.stat().st_size // 2)


def lose_postings(catalog: Catalog) -> None:
    for path in SearchIndex.open(catalog).engine.folder.path.glob("MAIN_*.pst"):
        os.truncate(path, path.stat().st_size // 2)


def open_to_all(catalog: Catalog) -> None:
    catalog.path.chmod(0o666)


def lose_view(catalog: Catalog) -> None:
    catalog.db.execute("DROP VIEW catalog")
    catalog.db.execute("DROP INDEX works_seq")


def kill_a_backup(catalog: Catalog) -> None:
    folder = catalog.path.parent / ".ficdex-abc"
    folder.mkdir()
    (folder / "b.db").write_bytes(b"half")
    os.utime(folder, (time.time() - 1e6,) * 2)


@pytest.mark.parametrize(
    ("damage", "check", "grade"),
    [
        (lose_text, "story index", "wrong"),
        (double_text, "story index", "wrong"),
        (spoil_text, "story index", "wrong"),
        (orphan_rows, "rows", "wrong"),
        (nobodys_name, "names", "note"),
        (vanish, "files", "wrong"),
        (turn_back, "counter", "wrong"),
        (fall_behind, "search index", "wrong"),
        (truncate_index, "search index", "wrong"),
        (lose_postings, "search index", "wrong"),
        (open_to_all, "rights", "wrong"),
        (lose_view, "schema", "wrong"),
        (kill_a_backup, "leftovers", "note"),
    ],
)
def test_a_damage_is_found_with_its_remedy_and_mended(
    catalog: Catalog, damage: Callable[[Catalog], None], check: str, grade: str
) -> None:
    damage(catalog)
    found = results(catalog)[check]
    assert (found.finding.grade, found.finding.remedy != "", found.done) == (grade, True, "")
    mended = results(catalog, fix=True)
    assert mended[check].done
    assert ill(catalog) == {}
    assert len(list(catalog.records())) == 2


def test_the_story_index_finds_again_after_mending(catalog: Catalog) -> None:
    spoil_text(catalog)
    results(catalog, fix=True)
    assert [id_ for id_, _ in story_text.match(catalog.db, "moth")] == [2]


def test_works_without_text_are_said_and_read_anew_by_the_next_import(catalog: Catalog) -> None:
    catalog.db.execute("DELETE FROM story_text WHERE work_id = 1")
    found = results(catalog, fix=True)["works"]
    assert (found.finding.grade, found.done) == ("wrong", "1 work will be read anew by the next import")
    assert str(catalog.path.parent / "a.txt") not in catalog.known()
    put(catalog, catalog.path.parent / "a.txt")
    assert catalog.text(1) == STORIES["a"]
    assert results(catalog)["works"].finding.grade == "ok"


def test_a_reference_that_may_be_empty_is_emptied_and_its_row_kept(catalog: Catalog) -> None:
    unguarded(catalog, "INSERT INTO characters(name, fandom_id) VALUES ('Odile', 99)")
    catalog.db.execute("INSERT INTO work_characters VALUES (1, 0, 1, '[]', 'main', 1)")
    results(catalog, fix=True)
    assert catalog.db.execute("SELECT name, fandom_id FROM characters").fetchall() == [("Odile", None)]


def test_vanished_files_are_listed_and_their_works_stay(catalog: Catalog) -> None:
    vanish(catalog)
    gone = str(catalog.path.parent / "a.txt")
    assert results(catalog)["files"].finding.items == (gone,)
    after = results(catalog, fix=True)["files"].finding
    assert (after.said, after.items) == ("2 files, 1 of them marked as gone", (gone,))
    assert catalog.missing_since(1)


def test_works_of_another_version_are_a_note(catalog: Catalog) -> None:
    found = results(catalog, fix=True, extractor="2")["extraction"].finding
    assert (found.grade, found.said) == ("note", "2 works extracted by another version")


def test_free_pages_worth_it_are_given_back(catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check_file, "WASTE", 1 << 16)
    catalog.db.execute("CREATE TABLE big (x)")
    catalog.db.execute("INSERT INTO big VALUES (zeroblob(1000000))")
    catalog.db.execute("DROP TABLE big")
    before = catalog.db.execute("PRAGMA page_count").fetchone()[0]
    assert ill(catalog) == {"unused pages": "note"}
    results(catalog, fix=True)
    assert catalog.db.execute("PRAGMA page_count").fetchone()[0] < before / 2


def test_a_disk_that_is_nearly_full_is_said(catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(1 << 30, 1 << 30, 1 << 20))  # type: ignore[attr-defined]
    assert ill(catalog) == {"disk": "wrong"}


def test_a_lost_table_needs_a_backup(catalog: Catalog) -> None:
    catalog.db.execute("DROP TABLE notes")
    found = results(catalog, fix=True)["schema"].finding
    assert (found.grade, "notes" in found.said, "backup" in found.remedy) == ("wrong", True, True)


def test_a_backup_that_may_still_run_is_left_alone(catalog: Catalog) -> None:
    (catalog.path.parent / ".ficdex-abc").mkdir()
    results(catalog, fix=True)
    assert (catalog.path.parent / ".ficdex-abc").exists()


def test_an_index_that_was_never_made_is_no_damage(catalog: Catalog) -> None:
    shutil.rmtree(SearchIndex.open(catalog).engine.folder.path)
    assert ill(catalog) == {}


def test_a_cache_that_cannot_be_used_is_said_and_no_damage_of_the_catalogue(
    catalog: Catalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "cache").write_text("a file, and no folder")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    found = results(catalog)["search index"].finding
    assert (found.grade, "XDG_CACHE_HOME" in found.said, found.remedy) == ("wrong", True, "")


# damage to the file


def damaged(path: Path, tables: tuple[str, ...]) -> None:
    """Overwrite the pages in which some tables begin."""
    db = sqlite3.connect(path)
    size = db.execute("PRAGMA page_size").fetchone()[0]
    marks = ", ".join("?" * len(tables))
    pages = [p for (p,) in db.execute(f"SELECT rootpage FROM sqlite_master WHERE name IN ({marks})", tables)]
    db.close()
    with path.open("r+b") as file:
        for page in pages:
            file.seek((page - 1) * size)
            file.write(b"\xff" * size)


@pytest.fixture
def closed(tmp_path: Path) -> Path:
    filled(tmp_path).close()
    return tmp_path / "c.db"


def test_a_damaged_file_is_examined_as_far_as_it_goes_and_not_written_to(closed: Path) -> None:
    damaged(closed, ("notes", "people"))
    before = closed.read_bytes()
    with Catalog.open(closed, write=True) as catalog:
        found = results(catalog, fix=True)
        assert list(found) == [check.name for check in CHECKS]
        assert (found["file"].finding.grade, "backup" in found["file"].finding.remedy) == ("wrong", True)
        assert not any(result.done for result in found.values())
    assert closed.read_bytes() == before


def test_a_damaged_index_of_sqlites_is_made_anew(closed: Path) -> None:
    db = sqlite3.connect(closed)
    db.execute("PRAGMA writable_schema = ON")
    db.execute("UPDATE sqlite_master SET sql = 'CREATE INDEX works_title ON works(seq)' WHERE name = 'works_title'")
    db.commit()
    db.close()
    with Catalog.open(closed, write=True) as catalog:
        assert results(catalog, fix=True)["file"].done == "SQLite's indexes made anew"
        assert ill(catalog) == {}


def test_a_check_that_fails_does_not_stop_the_others(catalog: Catalog) -> None:
    def fails(patient: Patient) -> Finding:
        raise sqlite3.DatabaseError("torn")

    found = list(examine(Patient(catalog, "1"), (Check("one", fails), Check("two", lambda p: Finding("fine")))))
    assert [(r.finding.grade, r.finding.said) for r in found] == [
        ("wrong", "cannot be examined (torn)"),
        ("ok", "fine"),
    ]


def test_what_cannot_be_mended_says_why(catalog: Catalog) -> None:
    def fails(patient: Patient) -> str:
        raise OSError("no room")

    check = Check("one", lambda p: Finding("broken", "mend it", wrong=True), fails)
    (result,) = doctor.examine(Patient(catalog, "1"), (check,), fix=True)
    assert (result.finding.wrong, result.finding.said) == (True, "broken; could not be mended (no room)")
