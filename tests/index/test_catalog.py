"""The catalogue keeps what was found, what the owner said, and itself."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing, suppress
from pathlib import Path

import pytest

from ficdex.errors import AmbiguousWork, CatalogBusy, CatalogDamaged, CatalogError, CorrectionError, NoSuchWork
from ficdex.extract import extract
from ficdex.fields import to_record
from ficdex.index.catalog import Catalog
from ficdex.index.corrections import parse, unset
from ficdex.index.search import SearchIndex
from ficdex.lexicon import lexicon
from ficdex.pipeline import ImportOptions, Outcome, import_paths, reextract

STORY = (
    "Title: {title}\nAuthor: Fenn\n\nA/N: Thanks to {beta} for the beta.\n\nThe tide went out, and nobody said a word."
)


def write(folder: Path, name: str, title: str = "Low Tide", beta: str = "Odile") -> Path:
    path = folder / name
    path.write_text(STORY.format(title=title, beta=beta), encoding="utf-8")
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "stories"
    place.mkdir()
    return place


def run(tmp_path: Path, *paths: Path, jobs: int = 1) -> dict[str, str]:
    """Import; file name -> what became of it."""
    outcomes: list[Outcome] = []
    with Catalog.open(tmp_path / "c.db", create=True, write=True) as catalog:
        import_paths(catalog, paths, ImportOptions(jobs=jobs), observe=outcomes.append)
        SearchIndex.open(catalog).catch_up()
    return {Path(o.uri).name: o.kind for o in outcomes}


def test_importing_twice_changes_nothing(tmp_path: Path, folder: Path) -> None:
    write(folder, "a.txt")
    assert run(tmp_path, folder) == {"a.txt": "added"}
    with Catalog.open(tmp_path / "c.db") as catalog:
        before = catalog.last_seq()
    assert run(tmp_path, folder) == {"a.txt": "unchanged"}
    with Catalog.open(tmp_path / "c.db") as catalog:
        assert catalog.last_seq() == before


def test_a_touched_file_is_known_by_its_content(tmp_path: Path, folder: Path) -> None:
    path = write(folder, "a.txt")
    run(tmp_path, folder)
    os.utime(path, (1, 1))
    assert run(tmp_path, folder) == {"a.txt": "unchanged"}


def test_a_changed_file_keeps_id_corrections_and_first_seen(tmp_path: Path, folder: Path) -> None:
    write(folder, "a.txt")
    run(tmp_path, folder)
    with Catalog.open(tmp_path / "c.db", write=True) as catalog:
        catalog.correct(1, [parse("rating=PG")])
        first = catalog.db.execute("SELECT first_seen FROM works").fetchone()
    write(folder, "a.txt", title="High Tide", beta="Trisha")
    assert run(tmp_path, folder) == {"a.txt": "updated"}
    with Catalog.open(tmp_path / "c.db") as catalog:
        record = catalog.record(1)
        assert (record["title"], record["rating"]) == ("High Tide", "PG")
        assert record["betas"] == [{"name": "Trisha", "role": "beta"}]
        assert catalog.db.execute("SELECT first_seen FROM works").fetchone() == first


def test_a_vanished_file_is_marked_and_comes_back(tmp_path: Path, folder: Path) -> None:
    path = write(folder, "a.txt")
    run(tmp_path, folder)
    text = path.read_bytes()
    path.unlink()
    run(tmp_path, folder)
    with Catalog.open(tmp_path / "c.db") as catalog:
        assert catalog.missing_since(1)
    path.write_bytes(text)
    run(tmp_path, folder)
    with Catalog.open(tmp_path / "c.db") as catalog:
        assert catalog.missing_since(1) is None


def test_several_processes_give_the_same_ids_as_one(tmp_path: Path, folder: Path) -> None:
    for number in range(30):
        write(folder, f"{number:02}.txt", title=f"Tide {number}")
    run(tmp_path, folder, jobs=2)
    with Catalog.open(tmp_path / "c.db") as catalog:
        assert [r["title"] for r in catalog.records()] == [f"Tide {n}" for n in range(30)]


def test_the_record_that_comes_back_is_the_one_that_was_stored(tmp_path: Path, folder: Path) -> None:
    samples = Path(__file__).parent.parent.parent / "data" / "samples"
    run(tmp_path, samples)
    with Catalog.open(tmp_path / "c.db") as catalog:
        for id_ in catalog.ids():
            document = catalog.document(id_)
            assert catalog.record(id_) == to_record(extract(document, lexicon()), document.text, id_)


def test_corrections_beat_are_undone_and_unset(tmp_path: Path, folder: Path) -> None:
    write(folder, "a.txt")
    run(tmp_path, folder)
    with Catalog.open(tmp_path / "c.db", write=True) as catalog:
        catalog.correct(1, [parse('title="Ebb"'), parse("betas+=Tom:brit-picker"), parse("beta-=Odile")])
        record = catalog.record(1)
        assert (record["title"], record["betas"]) == ("Ebb", [{"name": "Tom", "role": "brit-picker"}])
        assert [e["rule"] for e in record["evidence"] if e["field"] == "title"] == ["owner"]  # type: ignore[attr-defined]
        assert "Low Tide" in [e["value"] for e in catalog.rejected(1)]
        reextract(catalog, [1])
        assert catalog.record(1)["title"] == "Ebb"
        catalog.correct(1, [unset("title")])
        assert catalog.record(1)["title"] == "Low Tide"
        catalog.undo()
        catalog.undo(1)
        assert catalog.record(1)["betas"] == [{"name": "Odile", "role": "beta"}]
        with pytest.raises(CatalogError):
            catalog.undo()


@pytest.mark.parametrize(
    "wrong", ["title", "colour=red", "published=soon", "status=maybe", "words=many", "title+=x", "chapters=a/b"]
)
def test_a_wrong_correction_says_what_would_be_right(wrong: str) -> None:
    with pytest.raises(CorrectionError):
        parse(wrong)


def test_a_work_is_found_by_id_title_and_beginning(tmp_path: Path, folder: Path) -> None:
    write(folder, "a.txt", title="Low Tide")
    write(folder, "b.txt", title="Low Water")
    run(tmp_path, folder)
    with Catalog.open(tmp_path / "c.db") as catalog:
        assert catalog.find("2") == 2
        assert catalog.find("low tide!") == 1
        assert catalog.find("low w") == 2
        with pytest.raises(AmbiguousWork):
            catalog.find("low")
        with pytest.raises(NoSuchWork):
            catalog.find("high")


def test_a_removed_work_is_gone_from_catalogue_and_search(tmp_path: Path, folder: Path) -> None:
    write(folder, "a.txt")
    run(tmp_path, folder)
    with Catalog.open(tmp_path / "c.db", write=True) as catalog:
        catalog.remove(1)
        assert list(catalog.records()) == []
        assert SearchIndex.open(catalog).find("tide").total == 0
    assert run(tmp_path, folder) == {"a.txt": "added"}


def test_only_one_run_writes(tmp_path: Path) -> None:
    with Catalog.open(tmp_path / "c.db", create=True, write=True):
        with pytest.raises(CatalogBusy):
            Catalog.open(tmp_path / "c.db", write=True)
        Catalog.open(tmp_path / "c.db").close()


def test_what_is_no_catalogue_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("no database at all, only words" * 50)
    other = sqlite3.connect(tmp_path / "other.db")
    other.execute("CREATE TABLE mine (x)")
    other.close()
    for name in ("text.db", "other.db"):
        with pytest.raises(CatalogDamaged):
            Catalog.open(tmp_path / name, write=True)


def test_a_backup_is_a_whole_catalogue(tmp_path: Path, folder: Path) -> None:
    write(folder, "a.txt")
    run(tmp_path, folder)
    with Catalog.open(tmp_path / "c.db") as catalog:
        catalog.backup(tmp_path / "copy.db")
    with Catalog.open(tmp_path / "copy.db") as copy:
        assert copy.record(1)["title"] == "Low Tide"


def test_the_view_reads_as_one_row_a_work(tmp_path: Path, folder: Path) -> None:
    write(folder, "a.txt")
    run(tmp_path, folder)
    with Catalog.open(tmp_path / "c.db") as catalog:
        row = catalog.db.execute("SELECT title, authors, betas, beta_status FROM catalog").fetchone()
    assert row == ("Low Tide", "Fenn", "Odile", "credited")


@pytest.mark.slow
def test_an_import_killed_twenty_times_comes_to_the_same_catalogue(tmp_path: Path, folder: Path) -> None:
    """Budget: 90 s; 2,000 files, a third of them chapters of works in pieces."""
    rng = random.Random(9)
    for number in range(2_000):
        place = folder / f"shelf {number // 100}"
        place.mkdir(exist_ok=True)
        if number % 3:
            write(place, f"tide_{number}x.txt", title=f"Tide {number}")
        else:
            write(place, f"work{number // 30} ch{number % 30 // 3 + 1}.txt", title=f"Work {number // 30}")
    path = tmp_path / "killed.db"
    command = [sys.executable, "-m", "ficdex", "--catalog", str(path), "-q", "import", "--jobs", "2", str(folder)]
    kills = 0
    while kills < 20:
        process = subprocess.Popen(command, stderr=subprocess.DEVNULL, start_new_session=True)
        with suppress(subprocess.TimeoutExpired):
            assert process.wait(timeout=rng.uniform(0.3, 1.6)) == 0
            break
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        kills += 1
        if path.exists():
            with closing(sqlite3.connect(path)) as check:
                assert check.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert subprocess.run(command, check=False).returncode == 0
    run(tmp_path, folder, jobs=2)
    with Catalog.open(path, write=True) as killed, Catalog.open(tmp_path / "c.db") as whole:
        assert list(killed.records(evidence=True)) == list(whole.records(evidence=True))
        assert SearchIndex.open(killed).find("title:tide").total == 1_333
        assert not killed.db.execute("PRAGMA foreign_key_check").fetchall()
    assert kills > 5
