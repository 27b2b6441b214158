"""The catalogue's file: who may open it, what it says of itself, how it reads in any SQLite browser."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ficdex.errors import CatalogBusy, CatalogDamaged, CatalogError
from ficdex.fields import FIELDS
from ficdex.index import schema
from ficdex.index.catalog import Catalog
from ficdex.index.export.cells import cell
from ficdex.index.lock import Lock
from ficdex.model import Block, Credit, Document, Evidence, Source, Span, Work

from .works import documents, works


def make(path: Path) -> Path:
    Catalog.open(path, create=True, write=True).close()
    return path


def pragma(path: Path, *statements: str) -> tuple[object, ...]:
    db = sqlite3.connect(path)
    answers = tuple((db.execute(f"PRAGMA {s}").fetchone() or (None,))[0] for s in statements)
    db.close()
    return answers


def test_a_new_file_is_stamped_and_sound(tmp_path: Path) -> None:
    path = make(tmp_path / "new" / "c.db")
    asked = ("application_id", "user_version", "journal_mode", "integrity_check")
    assert pragma(path, *asked) == (schema.APPLICATION_ID, schema.VERSION, "wal", "ok")


def test_its_key_stays_and_no_two_have_the_same(tmp_path: Path) -> None:
    keys = []
    for name in ("a.db", "b.db", "a.db"):
        with Catalog.open(tmp_path / name, create=True) as catalog:
            keys.append(catalog.key)
    assert keys[0] == keys[2] != keys[1]
    assert len(keys[0]) == 32


def test_a_newer_catalogue_is_left_alone(tmp_path: Path) -> None:
    path = make(tmp_path / "c.db")
    pragma(path, f"user_version = {schema.VERSION + 1}")
    with pytest.raises(CatalogDamaged, match="update ficdex"):
        Catalog.open(path)


def test_a_missing_or_empty_file_is_no_catalogue_yet(tmp_path: Path) -> None:
    (tmp_path / "empty.db").touch()
    for name in ("none.db", "empty.db"):
        with pytest.raises(CatalogError, match="ficdex import"):
            Catalog.open(tmp_path / name)
    assert not (tmp_path / "none.db").exists()


def test_a_folder_is_no_catalogue(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match="opened"):
        Catalog.open(tmp_path, create=True)


@pytest.mark.parametrize("done", ["application_id", "tables"])
def test_a_creation_that_was_killed_is_gone_on_with(tmp_path: Path, done: str) -> None:
    path = tmp_path / "c.db"
    if done == "tables":
        make(path)
        pragma(path, "user_version = 0")
    else:
        pragma(path, f"application_id = {schema.APPLICATION_ID}")
    with Catalog.open(path, write=True) as catalog:
        assert catalog.last_seq() == 0
    assert pragma(path, "user_version") == (schema.VERSION,)


def test_an_old_catalogue_is_not_changed_while_another_run_writes(tmp_path: Path) -> None:
    path = make(tmp_path / "c.db")
    pragma(path, "user_version = 0")
    lock = Lock(path)
    with pytest.raises(CatalogBusy):
        Catalog.open(path)
    lock.release()
    Catalog.open(path).close()


def test_who_only_reads_cannot_write(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match="written"), Catalog.open(make(tmp_path / "c.db")) as catalog:
        catalog.log("x", "added")


def test_readers_see_the_last_commit_while_another_writes(tmp_path: Path) -> None:
    path = make(tmp_path / "c.db")
    with Catalog.open(path, write=True) as writer, Catalog.open(path) as reader, writer.transaction():
        writer.log("x", "added")
        assert reader.db.execute("SELECT count(*) FROM import_log").fetchone() == (0,)


def test_damage_is_said_with_what_to_do(tmp_path: Path) -> None:
    path = make(tmp_path / "c.db")
    data = bytearray(path.read_bytes())
    data[4096:] = b"\xff" * (len(data) - 4096)
    path.write_bytes(data)
    with pytest.raises(CatalogDamaged, match="backup"), Catalog.open(path) as catalog:
        list(catalog.records())


def test_reading_does_not_load_what_only_writing_needs(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from ficdex.index.catalog import Catalog\n"
        f"with Catalog.open(Path({str(make(tmp_path / 'c.db'))!r})) as c: list(c.records())\n"
        "print({'sqlite_utils', 'ficdex.lexicon', 'tempfile', 'hashlib'} & set(sys.modules))"
    )
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "set()"


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_the_catalog_view_says_what_csv_says(tmp_path: Path, data: st.DataObject) -> None:
    with Catalog.open(tmp_path / "c.db", create=True, write=True) as catalog:
        document = data.draw(documents())
        catalog.store(data.draw(works(document)), document)
        columns = [f.column for f in FIELDS]
        row = catalog.db.execute(f"SELECT {', '.join(columns)} FROM catalog").fetchone()
        record = next(catalog.records())
    for column, value in zip(columns, row, strict=True):
        assert ("" if value is None else str(value)) == cell(record, column, "; "), column


def test_the_evidence_reads_as_rows(tmp_path: Path) -> None:
    text = "Low Tide"
    document = Document(Source("/a", "text/plain", "1f", 8), text, (Block(Span(0, 8)),))
    chosen = (
        Evidence("title", "Low Tide", Span(0, 8), "title.line", 0.9),
        Evidence("betas", Credit("Odile"), None, "otw.dl", 0.99),
    )
    lost = (Evidence("words", 2, None, "header.words", 0.25),)
    with Catalog.open(tmp_path / "c.db", create=True, write=True) as catalog:
        catalog.store(Work(document.source, ("/a",), evidence=chosen, rejected=lost), document)
        rows = catalog.db.execute("SELECT * FROM evidence").fetchall()
    assert rows == [
        (1, "title", "Low Tide", 0, 8, "title.line", 0.9, 1),
        (1, "betas", '{"name":"Odile","role":"beta"}', None, None, "otw.dl", 0.99, 1),
        (1, "words", 2, None, None, "header.words", 0.25, 0),
    ]


def test_a_catalogue_of_the_first_schema_is_brought_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "catalog.db"
    with Catalog.open(path, create=True, write=True) as catalog:
        catalog.db.execute("INSERT INTO fandoms(title) VALUES ('Firefly')")
        for (view,) in catalog.db.execute("SELECT name FROM sqlite_master WHERE type = 'view'").fetchall():
            catalog.db.execute(f"DROP VIEW {view}")
        catalog.db.execute("ALTER TABLE works DROP COLUMN usage")
        for index in ("files_sha256", "relationships_name", "series_name"):
            catalog.db.execute(f"DROP INDEX {index}")
        for table in ("compared", "signatures", "editions", "dismissed", "aliases", "saved_searches", "story_words"):
            catalog.db.execute(f"DROP TABLE {table}")
        catalog.db.execute("DELETE FROM _sqlite_migrations WHERE name <> 'm001_tables'")
        catalog.db.execute("PRAGMA user_version = 1")
    with Catalog.open(path) as catalog:
        assert catalog.db.execute("SELECT count(usage) FROM catalog").fetchone() == (0,)
        assert catalog.db.execute("SELECT name FROM aliases WHERE alias = 'captain reynolds'").fetchall()
