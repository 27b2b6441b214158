"""What an import says of every item: moved, duplicate, joined, and what a dry run would do."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from ficdex.crawler.importer import Chosen
from ficdex.index.catalog import Catalog
from ficdex.index.corrections import parse
from ficdex.pipeline import ImportOptions, Outcome, import_paths, reextract


def story(title: str, word: str = "tide") -> str:
    return (
        f"Title: {title}\nAuthor: Fenn\n\nThe {word} went out, and nobody said a word about the {word} or the boats"
        f" that had gone out with it.\n"
    )


def part(number: int) -> str:
    head = "HARBOUR\nby Fenn\n\n" if number == 1 else ""
    return f"{head}Chapter {number}\n\nThe boat number {number} came in on the tide, and the quay was empty for once.\n"


class Shelf:
    """A folder of stories and the catalogue that it is imported into."""

    def __init__(self, place: Path) -> None:
        self.folder, self.path = place / "fic", place / "c.db"
        self.folder.mkdir()

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_text(text, encoding="utf-8")
        return path

    def run(self, **options: object) -> dict[str, Outcome]:
        """Import the folder; path below it -> what became of it."""
        outcomes: list[Outcome] = []
        with Catalog.open(self.path, create=True, write=True) as catalog:
            import_paths(catalog, [self.folder], ImportOptions(jobs=1, **options), observe=outcomes.append)  # type: ignore[arg-type]
            assert not catalog.db.execute("PRAGMA foreign_key_check").fetchall()
        return {str(Path(o.uri).relative_to(self.folder.resolve())): o for o in outcomes}

    def kinds(self, **options: object) -> dict[str, str]:
        return {name: outcome.kind for name, outcome in self.run(**options).items()}

    def works(self) -> dict[int, tuple[object, list[str]]]:
        with Catalog.open(self.path) as catalog:
            return {
                int(str(r["id"])): (r["title"], [Path(p).name for p in r["parts"]])  # type: ignore[attr-defined]
                for r in catalog.records()
            }


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path)


def test_a_moved_file_keeps_its_id_and_corrections(shelf: Shelf) -> None:
    path = shelf.write("a.txt", story("Low Tide"))
    shelf.run()
    with Catalog.open(shelf.path, write=True) as catalog:
        catalog.correct(1, [parse("rating=PG")])
    (shelf.folder / "sorted").mkdir()
    shutil.move(path, shelf.folder / "sorted" / "b.txt")
    found = shelf.run()["sorted/b.txt"]
    assert (found.kind, found.id) == ("moved", 1)
    assert found.reason.endswith("a.txt")
    with Catalog.open(shelf.path) as catalog:
        record = catalog.record(1)
        assert (record["rating"], record["source"]) == ("PG", str(shelf.folder.resolve() / "sorted" / "b.txt"))
        assert catalog.missing_since(1) is None
    assert shelf.kinds() == {"sorted/b.txt": "unchanged"}


def test_a_moved_archive_takes_its_members_along(shelf: Shelf) -> None:
    for name in ("one", "two"):
        shelf.write(f"in/{name}.txt", story(name.title(), name))
    archive = Path(shutil.make_archive(str(shelf.folder / "a"), "zip", shelf.folder / "in"))
    shutil.rmtree(shelf.folder / "in")
    shelf.run()
    archive.rename(shelf.folder / "b.zip")
    assert set(shelf.kinds().values()) == {"moved"}
    assert sorted(shelf.works()) == [1, 2]


def test_the_same_bytes_again_are_a_duplicate_and_no_second_work(shelf: Shelf) -> None:
    shelf.write("a.txt", story("Low Tide"))
    shelf.write("z/copy.txt", story("Low Tide"))
    assert shelf.kinds() == {"a.txt": "added", "z/copy.txt": "duplicate"}
    assert shelf.kinds() == {"a.txt": "unchanged", "z/copy.txt": "unchanged"}
    assert shelf.kinds(force=True) == {"a.txt": "unchanged", "z/copy.txt": "duplicate"}
    assert len(shelf.works()) == 1


def test_copies_in_one_folder_are_one_work(shelf: Shelf) -> None:
    for name in ("a.txt", "copy of a.txt", "copy of copy of a.txt"):
        shelf.write(name, story("Low Tide"))
    assert list(shelf.kinds().values()) == ["added", "duplicate", "duplicate"]
    assert shelf.works() == {1: ("Low Tide", ["a.txt"])}


def test_a_copy_takes_a_work_over_when_its_file_goes(shelf: Shelf) -> None:
    path = shelf.write("a.txt", story("Low Tide"))
    shelf.write("z/copy.txt", story("Low Tide"))
    shelf.run()
    path.unlink()
    assert shelf.kinds() == {"z/copy.txt": "moved"}
    assert shelf.works() == {1: ("Low Tide", ["copy.txt"])}
    with Catalog.open(shelf.path) as catalog:
        assert catalog.missing_since(1) is None


def test_parts_are_joined_and_say_why(shelf: Shelf) -> None:
    for number in (1, 2):
        shelf.write(f"ch{number}.txt", part(number))
    found = shelf.run()
    assert {name: o.kind for name, o in found.items()} == {"ch1.txt": "added", "ch2.txt": "joined"}
    assert "number them" in found["ch2.txt"].reason
    assert shelf.works() == {1: ("HARBOUR", ["ch1.txt", "ch2.txt"])}
    assert set(shelf.kinds().values()) == {"unchanged"}


def test_a_new_chapter_joins_the_work_that_is_there(shelf: Shelf) -> None:
    shelf.write("ch1.txt", part(1))
    shelf.run()
    shelf.write("ch2.txt", part(2))
    assert shelf.kinds() == {"ch1.txt": "updated", "ch2.txt": "joined"}
    assert shelf.works() == {1: ("HARBOUR", ["ch1.txt", "ch2.txt"])}


def test_works_that_turn_out_to_be_parts_are_one_under_the_oldest_id(shelf: Shelf) -> None:
    shelf.write("ch2.txt", part(2))
    shelf.run()
    shelf.write("ch1.txt", part(1))
    shelf.write("ch3.txt", part(3))
    shelf.run()
    assert shelf.works() == {1: ("HARBOUR", ["ch1.txt", "ch2.txt", "ch3.txt"])}


def test_a_part_that_the_owner_has_corrected_stays_a_work_of_its_own(shelf: Shelf) -> None:
    for number in (1, 2):
        shelf.write(f"ch{number}.txt", part(number))
    shelf.run(join=False)
    with Catalog.open(shelf.path, write=True) as catalog:
        catalog.correct(2, [parse("title=Outtake")])
    shelf.run(force=True)
    assert shelf.works() == {1: ("HARBOUR", ["ch1.txt"]), 2: ("Outtake", ["ch2.txt"])}


def test_a_joined_work_is_rebuilt_whole_from_the_catalogue(shelf: Shelf) -> None:
    for number in (1, 2, 3):
        shelf.write(f"ch{number}.txt", part(number))
    shelf.run()
    with Catalog.open(shelf.path, write=True) as catalog:
        before = catalog.record(1)
        assert [p.number for p in catalog.document(1).parts] == [1, 2, 3]
        assert reextract(catalog, [1])["unchanged"] == 1
        assert catalog.record(1) == before


def test_a_dry_run_says_what_would_be_and_keeps_nothing(shelf: Shelf) -> None:
    shelf.write("a.txt", story("Low Tide"))
    shelf.run()
    shelf.write("a.txt", story("High Tide"))
    shelf.write("b.txt", story("Ebb"))
    with Catalog.open(shelf.path) as catalog:
        before = catalog.db.execute("SELECT count(*), max(at) FROM import_log").fetchall()
    assert shelf.kinds(dry=True) == {"a.txt": "updated", "b.txt": "added"}
    assert shelf.works() == {1: ("Low Tide", ["a.txt"])}
    with Catalog.open(shelf.path) as catalog:
        assert catalog.db.execute("SELECT count(*), max(at) FROM import_log").fetchall() == before
    assert shelf.kinds() == {"a.txt": "updated", "b.txt": "added"}


def test_patterns_choose_files_and_leave_folders_out(shelf: Shelf) -> None:
    for name in ("a.txt", "b.htm", "old/c.txt", "new/d.txt"):
        shelf.write(name, story(name, name[0]))
    assert set(shelf.run(chosen=Chosen(("*.txt",), ("old",)))) == {"a.txt", "new/d.txt"}
    assert set(shelf.run(chosen=Chosen((), ("new/*",)))) == {"a.txt", "b.htm", "old/c.txt"}


def test_what_a_pattern_leaves_out_is_not_taken_for_gone(shelf: Shelf) -> None:
    shelf.write("a.txt", story("Low Tide"))
    shelf.run()
    shelf.run(chosen=Chosen(("*.htm",)))
    with Catalog.open(shelf.path) as catalog:
        assert catalog.missing_since(1) is None


def test_what_takes_too_long_fails_alone(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    from ficdex import limits

    def slow(document: object, lexicon: object) -> object:
        while True:
            pass

    monkeypatch.setattr(limits, "SECONDS", 0.05)
    shelf.write("a.txt", story("Low Tide"))
    monkeypatch.setattr("ficdex.extract.extract", slow)
    found = shelf.run()["a.txt"]
    assert (found.kind, found.reason.split(";")[0]) == ("failed", "takes too long to extract")
    monkeypatch.undo()
    assert shelf.kinds() == {"a.txt": "added"}


def test_a_book_is_read_again_when_what_describes_it_has_changed(tmp_path: Path) -> None:
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    (shelf / "moths.txt").write_text("Dusk fell over the house.\n\nNight fell too, and nobody lit a lamp.\n")
    (shelf / "moths.json").write_text('{"title": "Moths", "author": "Odette", "storyUrl": "https://moths.example/7"}')
    with Catalog.open(tmp_path / "c.db", create=True, write=True) as catalog:
        assert import_paths(catalog, [shelf])["added"] == 1
        assert not import_paths(catalog, [shelf])["updated"]
        described = shelf / "moths.json"
        described.write_text(described.read_text().replace("Odette", "Odile"))
        later = described.stat().st_mtime_ns + 2_000_000_000
        os.utime(described, ns=(later, later))
        assert import_paths(catalog, [shelf])["updated"] == 1
        assert catalog.record(1)["authors"] == ["Odile"]
        assert not import_paths(catalog, [shelf])["updated"]
