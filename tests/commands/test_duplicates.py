"""`ficdex duplicates`: what it prints, and what the owner can say to it."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ficdex import cli

Run = Callable[..., tuple[int, str, str]]


def story(title: str, seed: int) -> str:
    chance = random.Random(seed)
    words = ["".join(chance.choices("abcdefghijklmnop", k=6)) for _ in range(400)]
    return f"Title: {title}\nAuthor: Fenn\n\n" + " ".join(words)


@pytest.fixture
def ficdex(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command line on a catalogue of three stories, two of them the same."""
    monkeypatch.setenv("FICDEX_CATALOG", str(tmp_path / "c.db"))
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    for name, text in (("a", story("Low Tide", 1)), ("b", story("Low Tide", 1) + "!"), ("c", story("Ebb", 2))):
        (shelf / f"{name}.txt").write_text(text, encoding="utf-8")

    def run(*arguments: Any) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            cli.main([str(a) for a in arguments])
        out, err = capsys.readouterr()
        return int(ended.value.code or 0), out, err

    assert run("-q", "import", shelf)[0] == 0
    return run


def groups(ficdex: Run, *options: str) -> list[Any]:
    return json.loads(ficdex("duplicates", "--json", *options)[1])["groups"]  # type: ignore[no-any-return]


def test_a_group_is_shown_with_its_kind_works_and_reason(ficdex: Run) -> None:
    code, out, err = ficdex("duplicates")
    first, keep, source, *_ = out.splitlines()
    assert (code, first, err.strip()) == (0, "same text, 100%", "1 group")
    assert keep.startswith("  1  Low Tide by Fenn, ")
    assert keep.endswith("was here first")
    assert source.endswith("a.txt")


def test_json_says_the_same(ficdex: Run) -> None:
    (group,) = groups(ficdex)
    assert (group["kind"], group["similarity"], group["keep"]) == ("same text", 1.0, 1)
    assert [(w["id"], w["title"], w["authors"], w["format"]) for w in group["works"]] == [
        (1, "Low Tide", ["Fenn"], "TXT"),
        (2, "Low Tide", ["Fenn"], "TXT"),
    ]


def test_limit_shows_fewer_and_says_so(ficdex: Run) -> None:
    code, out, err = ficdex("duplicates", "--limit", "0")
    assert (code, out) == (0, "")
    assert "1 group, 0 shown" in err


def test_linked_works_are_shown_beside_each_other(ficdex: Run) -> None:
    assert ficdex("duplicates", "--link", "1", "2")[0] == 0
    assert "Also as 2 (TXT)" in ficdex("show", "1")[1]
    assert groups(ficdex) == []


def test_all_groups_are_linked_without_asking_on_yes(ficdex: Run) -> None:
    assert ficdex("duplicates", "--link", "--yes")[0] == 0
    assert groups(ficdex) == []


def test_all_groups_are_linked_only_when_the_owner_agrees(ficdex: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("click.confirm", lambda *a, **k: (_ for _ in ()).throw(cli.click.Abort()))
    assert ficdex("duplicates", "--link")[0] == cli.INTERRUPTED
    assert len(groups(ficdex)) == 1


def test_unlink_takes_it_back(ficdex: Run) -> None:
    ficdex("duplicates", "--link", "1", "2")
    assert ficdex("duplicates", "--unlink", "2")[0] == 0
    assert "Also as" not in ficdex("show", "1")[1]
    assert len(groups(ficdex)) == 1


def test_dismissed_works_are_not_suggested_again(ficdex: Run) -> None:
    assert ficdex("duplicates", "--dismiss", "1", "2")[0] == 0
    assert groups(ficdex) == []


@pytest.mark.parametrize(
    "wrong",
    [
        ("1", "2"),
        ("--link", "1"),
        ("--link", "1", "1"),
        ("--dismiss", "1"),
        ("--unlink",),
        ("--link", "--dismiss", "1", "2"),
    ],
)
def test_wrong_usage_ends_with_2(ficdex: Run, wrong: tuple[str, ...]) -> None:
    code, _, err = ficdex("duplicates", *wrong)
    assert (code, "Usage" in err) == (2, True)


def test_a_work_that_is_not_there_ends_with_1(ficdex: Run) -> None:
    assert ficdex("duplicates", "--link", "1", "99")[0] == 1
