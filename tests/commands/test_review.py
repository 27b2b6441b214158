"""`ficdex review`: the least certain values, judged by one key each."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ficdex import cli
from ficdex.commands.review import Review
from ficdex.index.catalog import Catalog
from ficdex.index.review import REVIEWED

Run = Callable[..., tuple[int, str, str]]
STORY = (
    "From: fenn@post.example (Fenn)\nSubject: Low Tide\n\nA/N: Thanks to Marla for the beta.\n\n* * *\n\n"
    "The harbour was empty when Maren came down to it.\n\n“You might have said,” said Maren to Pim, and Pim shrugged.\n"
)


@pytest.fixture
def ficdex(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("FICDEX_CATALOG", str(tmp_path / "c.db"))
    (tmp_path / "a.txt").write_text(STORY, encoding="utf-8")

    def run(*arguments: Any) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            cli.main([str(a) for a in arguments])
        out, err = capsys.readouterr()
        return int(ended.value.code or 0), out, err

    assert run("-q", "import", tmp_path / "a.txt")[0] == 0
    return run


@pytest.fixture
def catalog(ficdex: Run, tmp_path: Path) -> Iterator[Catalog]:
    with Catalog.open(tmp_path / "c.db", write=True) as opened:
        yield opened


def keys(monkeypatch: pytest.MonkeyPatch, *pressed: str) -> None:
    waiting = iter(pressed)
    monkeypatch.setattr("click.getchar", lambda: next(waiting, "q"))


def values(catalog: Catalog, field: str) -> Any:
    return next(iter(catalog.records()))[field]


def test_a_pipe_gets_the_doubts_least_certain_first_with_the_words_they_came_from(ficdex: Run) -> None:
    code, out, _ = ficdex("review", "--below", "1")
    rows = [line.split("\t") for line in out.splitlines()]
    assert code == 0
    assert [float(row[3]) for row in rows] == sorted(float(row[3]) for row in rows)
    author = next(row for row in rows if row[1] == "authors")
    assert (author[0], author[2], author[4]) == ("1", "Fenn", "mail.from")


def test_field_below_and_limit_choose(ficdex: Run) -> None:
    assert {line.split("\t")[1] for line in ficdex("review", "--field", "authors", "--below", "1")[1].splitlines()} == {
        "authors"
    }
    assert ficdex("review", "--below", "0")[1] == ""
    assert len(ficdex("review", "--below", "1", "--limit", "1")[1].splitlines()) == 1


def test_what_is_right_stays_and_is_not_asked_again(catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    queue = catalog.doubts(("authors",), 1)
    keys(monkeypatch, "y")
    assert Review(catalog, queue).run() == 1
    assert values(catalog, "authors") == ["Fenn"]
    assert catalog.doubts(("authors",), 1) == []


def test_what_is_wrong_goes(catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    keys(monkeypatch, "n", "n")
    Review(catalog, [*catalog.doubts(("authors",), 1), *catalog.doubts(("title",), 1)]).run()
    assert (values(catalog, "authors"), values(catalog, "title")) == ([], None)


def test_another_value_is_typed_in_its_place(catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    keys(monkeypatch, "e")
    monkeypatch.setattr("click.prompt", lambda *_, **__: "Fenn Hollis")
    Review(catalog, catalog.doubts(("authors",), 1)).run()
    assert values(catalog, "authors") == ["Fenn Hollis"]


def test_a_value_that_cannot_be_leaves_the_question_open(catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    keys(monkeypatch, "e", "q")
    monkeypatch.setattr("click.prompt", lambda *_, **__: "nobody knows")
    assert Review(catalog, catalog.doubts(("beta_status",), 1)).run() == 0
    assert values(catalog, "beta_status") == "credited"


def test_undo_takes_back_the_last_answer_and_asks_again(catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    queue = catalog.doubts(("authors", "title"), 1)
    keys(monkeypatch, "n", "u", "s", "q")
    assert Review(catalog, queue).run() == 0
    assert (values(catalog, "authors"), values(catalog, "title")) == (["Fenn"], "Low Tide")
    assert catalog.doubts(("authors", "title"), 1) == queue


def test_undo_without_an_answer_and_later_change_nothing(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    keys(monkeypatch, "u", "x", "s", "q")
    assert Review(catalog, catalog.doubts(REVIEWED, 1)).run() == 0
    assert "no answer to take back" in capsys.readouterr().err


def test_on_a_terminal_a_key_is_enough(ficdex: Run, tmp_path: Path) -> None:
    master, terminal = pty.openpty()
    command = [sys.executable, "-m", "ficdex", "review", "--field", "authors", "--below", "1"]
    process = subprocess.Popen(command, stdin=terminal, stdout=terminal, stderr=terminal)
    os.close(terminal)
    seen = b""
    for _ in range(600):  # a key that comes before the terminal is ready for keys is lost: it is pressed again
        if not select.select([master], [], [], 0.1)[0]:
            os.write(master, b"n" if b"q quit" in seen else b"")
            continue
        try:
            seen += os.read(master, 1000)
        except OSError:  # the other end is closed
            break
    assert process.wait(30) == 0
    os.close(master)
    assert b"Fenn" in seen
    assert b"1 judged, 0 left" in seen
    with Catalog.open(tmp_path / "c.db") as catalog:
        assert values(catalog, "authors") == []
