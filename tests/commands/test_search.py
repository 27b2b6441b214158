"""`ficdex search` and `ficdex related`: their forms of output, saved searches, what a shell completes."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ficdex import cli
from ficdex.index.catalog import Catalog

from ..index.shelf import fill


class Result:
    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err


Run = Callable[..., Result]


@pytest.fixture
def ficdex(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command line on the catalogue of tests/index/shelf.py."""
    monkeypatch.setenv("FICDEX_CATALOG", str(tmp_path / "c.db"))
    with Catalog.open(tmp_path / "c.db", create=True, write=True) as catalog:
        fill(catalog)

    def run(*arguments: str) -> Result:
        with pytest.raises(SystemExit) as ended:
            cli.main(list(arguments))
        out, err = capsys.readouterr()
        return Result(int(ended.value.code or 0), out, err)

    return run


def test_hits_as_csv_have_the_columns_of_an_export_in_the_order_of_the_hits(ficdex: Run) -> None:
    rows = list(csv.DictReader(io.StringIO(ficdex("search", "--csv", "--sort", "title", "fandom:btvs").out)))
    assert [row["title"] for row in rows] == ["A Kettle for Two Sinners", "Moth Season"]
    assert rows[0]["betas"] == "Petra; Odd Ludwig (brit-picker)"


def test_hits_are_counted_by_facet(ficdex: Run) -> None:
    assert ficdex("search", "--facets", "fandom,rating", "willow").out.splitlines() == [
        "fandom\tBuffy the Vampire Slayer\t2", "fandom\tAngel\t1", "fandom\tFirefly\t1",
        "rating\texplicit\t1", "rating\tteen\t1",
    ]  # fmt: skip
    both = json.loads(ficdex("search", "--json", "--facets", "beta", "kettle").out)
    assert (both["total"], both["facets"]) == (1, {"beta": [["Odd Ludwig", 1], ["Petra", 1]]})
    assert "these are: fandom" in ficdex("search", "--facets", "colour", "kettle").err


def test_a_search_is_saved_used_listed_and_forgotten(ficdex: Run) -> None:
    assert ficdex("search", "--save", "buffy", "fandom:btvs").out.count("\n") == 2
    assert ficdex("search", "--ids", "@buffy", "-kettle").out == "3\n"
    assert ficdex("search", "--saved").out == "@buffy\tfandom:btvs\n"
    assert ficdex("search", "--forget", "buffy").code == 0
    assert ficdex("search", "--saved").out == ""
    assert ficdex("search", "@buffy").code == 2


@pytest.mark.parametrize("wrong", [(), ("--save", "a b", "kettle"), ("--save", "x", "(kettle"), ("bufffy:x",)])
def test_wrong_usage_ends_with_2(ficdex: Run, wrong: tuple[str, ...]) -> None:
    assert ficdex("search", *wrong).code == 2


def test_related_works_come_with_what_they_share(ficdex: Run) -> None:
    line = ficdex("related", "Moth Season").out.splitlines()[0].split("\t")
    assert (line[0], line[1]) == ("1", "A Kettle for Two Sinners")
    assert "Buffy the Vampire Slayer" in line[3]
    assert json.loads(ficdex("related", "--json", "3").out)[0]["why"]
    assert ficdex("related", "--ids", "--limit", "1", "3").out == "1\n"


def test_a_work_with_nothing_in_common_says_so(ficdex: Run) -> None:
    result = ficdex("related", "4")
    assert (result.code, result.out) == (0, "")
    assert "nothing" not in result.out
    assert "in common" in result.err


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("rela", {"related"}),
        ("search brit-", {"brit-picker:", "brit-pickers:"}),
        ("search brit-picker:", {"brit-picker:Petra", "'brit-picker:\"Odd Ludwig\"'"}),
        ("search author:jo", {"author:Joan", "'author:\"João Sá\"'"}),
        ("search fandom : fire", {"Firefly"}),
        ("search words:", set()),
        ("search --save", {"--save", "--saved"}),
    ],
)
def test_a_shell_completes_commands_fields_and_names(ficdex: Run, words: str, offered: set[str]) -> None:
    typed = {"COMP_WORDS": f"ficdex {words}", "COMP_CWORD": str(words.count(" ") + 1)}
    env = {**os.environ, "_FICDEX_COMPLETE": "bash_complete", **typed}
    command = [sys.executable, "-c", "from ficdex.cli import main; main()"]
    said = subprocess.run(command, env=env, capture_output=True, text=True, check=False).stdout
    assert {line.partition(",")[2] for line in said.splitlines() if line} == offered


LOADED = """
import sys
from ficdex.cli import main
try:
    main(["search", "character:red OR ship:spike/willow"])
finally:
    spare = "rich", "sqlite_utils", "whoosh.query", "whoosh.writing", "ficdex.lexicon", "ficdex.index.suggesting"
    print(sorted(set(spare) & set(sys.modules)))
"""


def test_a_search_loads_nothing_that_only_others_need(ficdex: Run) -> None:
    assert ficdex("search", "willow").code == 0
    done = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
