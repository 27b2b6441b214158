"""`ficdex doctor`: what it prints, and how it ends."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ficdex import cli
from ficdex.crawler.clock import Clock
from ficdex.index.catalog import Catalog
from ficdex.index.lock import Lock
from ficdex.pipeline import frontier_of

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def ficdex(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command line on a catalogue of one story."""
    monkeypatch.setenv("FICDEX_CATALOG", str(tmp_path / "c.db"))
    (tmp_path / "a.txt").write_text("Title: Low Tide\nAuthor: Fenn\n\nThe tide went out.", encoding="utf-8")

    def run(*arguments: Any) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            cli.main([str(a) for a in arguments])
        out, err = capsys.readouterr()
        return int(ended.value.code or 0), out, err

    assert run("-q", "import", tmp_path / "a.txt")[0] == 0
    return run


def test_a_sound_catalogue_is_a_line_a_check_and_0(ficdex: Run) -> None:
    code, out, _ = ficdex("doctor")
    assert code == 0
    assert {line.split()[0] for line in out.splitlines()} == {"ok"}


def test_what_is_wrong_ends_with_1_and_mended_with_0(ficdex: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").unlink()
    code, out, _ = ficdex("doctor")
    assert (code, "wrong files         1 file vanished; run `ficdex doctor --fix`" in out) == (1, True)
    code, out, _ = ficdex("doctor", "--fix")
    assert (code, "mended: 1 file marked as gone" in out) == (0, True)
    assert ficdex("doctor")[0] == 0


def test_verbose_lists_the_items_and_quiet_only_what_is_wrong(ficdex: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").unlink()
    assert str(tmp_path / "a.txt") in ficdex("-v", "doctor")[1]
    assert len(ficdex("-q", "doctor")[1].splitlines()) == 1


def test_json_has_every_check(ficdex: Run) -> None:
    checks = json.loads(ficdex("doctor", "--json")[1])["checks"]
    assert {"check", "grade", "said", "remedy", "mended", "items"} == set(checks[0])
    assert {check["grade"] for check in checks} == {"ok"}


@pytest.mark.parametrize("content", [b"no database at all" * 500, b"SQLite format 3\0" + b"\xff" * 9000])
def test_a_file_that_cannot_be_opened_is_said_with_its_remedy(ficdex: Run, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "c.db").write_bytes(content)
    for name in ("c.db-wal", "c.db-shm"):
        (tmp_path / name).unlink(missing_ok=True)
    code, out, _ = ficdex("doctor", "--fix")
    assert (code, out.startswith("wrong file"), "backup" in out) == (1, True, True)


def test_a_truncated_file_is_said_with_its_remedy(ficdex: Run, tmp_path: Path) -> None:
    path = tmp_path / "c.db"
    os.truncate(path, path.stat().st_size // 2)
    code, out, _ = ficdex("doctor", "--fix")
    assert (code, "damaged" in out, "backup" in out) == (1, True, True)


def test_another_run_that_writes_ends_it_with_3(ficdex: Run, tmp_path: Path) -> None:
    lock = Lock(tmp_path / "c.db")
    assert ficdex("doctor")[0] == cli.BUSY
    lock.release()
    assert ficdex("doctor")[0] == 0


def test_pages_of_a_killed_crawl_wait_again(ficdex: Run, tmp_path: Path) -> None:
    with Catalog.open(tmp_path / "c.db", write=True) as catalog:
        frontier_of(catalog, Clock()).host("archive.example", 5)
        catalog.db.execute(
            "INSERT INTO url(canon, fetch_url, host_id, kind, depth, prio, state)"
            " VALUES ('https://archive.example/1', '', 1, 'work', 0, 0, 'leased')"
        )
    code, out, _ = ficdex("doctor")
    assert (code, "1 page in hand of a crawl that was killed" in out) == (0, True)
    assert "1 page waiting again" in ficdex("doctor", "--fix")[1]
    with sqlite3.connect(tmp_path / "c.db") as db:
        assert db.execute("SELECT state FROM url").fetchall() == [("new",)]
