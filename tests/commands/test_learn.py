"""`ficdex learn`: people whom works name and the gazetteer lacks, into files of the owner's."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ficdex import cli
from ficdex.commands.learn import Lesson
from ficdex.fandom_files import load_fandom
from ficdex.index import strangers
from ficdex.index.catalog import Catalog
from ficdex.lexicon import lexicon

Run = Callable[..., tuple[int, str, str]]
HEAD = "Title: {title}\nAuthor: Fenn\nFandom: Tidewrack\n\n"
STORIES = {
    "Low Tide": "The harbour was empty when Maren Voss came down to it.\n\n"
    "“You might have said,” said Maren to Pim, and Pim shrugged. Maren laughed.\n",
    "Neap": "Nobody spoke. Captain Voss turned the glass, and Pim watched her.\n\n"
    "“Is that all, Captain Voss?” asked Pim.\n\n“It is,” said Captain Voss.\n",
    "Slack Water": "“Leave it,” said Maren. Maren sat down beside Pim.\n\n“It leaks,” said Pim to Maren.\n",
    "Springs": "“A gull,” said Odo. Odo and Maren looked up. “Where?” asked Maren.\n",
}


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache that these tests share: compiling the gazetteer takes a second."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def owner(cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    folder = tmp_path / "own"
    monkeypatch.setenv("FICDEX_FANDOMS", str(folder))
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
    yield folder
    lexicon.cache_clear()


@pytest.fixture
def ficdex(owner: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("FICDEX_CATALOG", str(tmp_path / "c.db"))
    (tmp_path / "fic").mkdir()
    for title, story in STORIES.items():
        (tmp_path / "fic" / f"{title}.txt").write_text(HEAD.format(title=title) + story, encoding="utf-8")

    def run(*arguments: Any) -> tuple[int, str, str]:
        if owner.exists():
            lexicon.cache_clear()  # as a new process
        with pytest.raises(SystemExit) as ended:
            cli.main([str(a) for a in arguments])
        out, err = capsys.readouterr()
        return int(ended.value.code or 0), out, err

    assert run("-q", "import", "-j", "1", tmp_path / "fic")[0] == 0
    return run


def people(ficdex: Run, *options: str) -> dict[str, Any]:
    return {row["name"]: row for row in json.loads(ficdex("learn", "--json", *options)[1])}


def characters(tmp_path: Path, title: str) -> dict[str, Any]:
    with Catalog.open(tmp_path / "c.db") as catalog:
        (record,) = (r for r in catalog.records() if r["title"] == title)
        found: Any = record["characters"]
        return {c["name"]: c for c in found}


def test_names_of_one_person_are_pooled_over_the_works(ficdex: Run) -> None:
    found = people(ficdex)
    assert set(found) == {"Maren Voss", "Pim"}
    assert set(found["Maren Voss"]["as"]) == {"Maren", "Captain Voss"}
    assert len(found["Maren Voss"]["works"]) == 4


def test_each_person_comes_with_examples_that_quote_the_name(ficdex: Run) -> None:
    examples = people(ficdex)["Pim"]["examples"]
    assert len(examples) == 3
    assert all("Pim" in example["text"] for example in examples)


def test_who_is_named_by_too_few_works_is_left_out(ficdex: Run) -> None:
    assert "Odo" in people(ficdex, "--works", "1")
    assert set(people(ficdex, "--works", "4")) == {"Maren Voss"}


def test_a_pipe_gets_a_person_a_line(ficdex: Run) -> None:
    rows = [line.split("\t") for line in ficdex("learn", "tidewrack")[1].splitlines()]
    assert [row[:3] for row in rows] == [["Tidewrack", "Maren Voss", "4"], ["Tidewrack", "Pim", "3"]]


def test_a_fandom_that_no_work_has_is_wrong_usage(ficdex: Run) -> None:
    code, _, err = ficdex("learn", "Driftglass")
    assert code == 2
    assert "Driftglass" in err


def test_who_is_accepted_is_written_and_known_from_then_on(ficdex: Run, owner: Path, tmp_path: Path) -> None:
    before = lexicon().version
    code, _, err = ficdex("learn", "Tidewrack", "--accept", "Captain Voss")
    assert code == 0
    assert "1 added" in err
    (person,) = load_fandom(owner / "tidewrack.toml").people
    assert (person.name, set(person.strong), set(person.mid)) == (
        "Maren Voss",
        {"Maren Voss", "Captain Voss"},
        {"Maren", "Voss"},
    )
    assert set(people(ficdex)) == {"Pim"}
    assert lexicon().version != before
    assert "4 updated" in ficdex("reextract")[2]
    assert "Maren Voss" in characters(tmp_path, "Slack Water")


def test_yes_accepts_all_and_adds_to_the_file_that_is_there(ficdex: Run, owner: Path) -> None:
    ficdex("learn", "--accept", "Pim")
    written = (owner / "tidewrack.toml").read_text() + "# mine\n"
    (owner / "tidewrack.toml").write_text(written)
    ficdex("learn", "--yes")
    assert (owner / "tidewrack.toml").read_text().startswith(written)
    assert [p.name for p in load_fandom(owner / "tidewrack.toml").people] == ["Pim", "Maren Voss"]
    assert people(ficdex) == {}


def test_a_file_that_takes_nothing_behind_it_is_left_as_it_is(ficdex: Run, owner: Path) -> None:
    owner.mkdir()
    mine = 'title = "Tidewrack"\ncharacters = [\n  { name = "Odo" },\n]\n'
    (owner / "tidewrack.toml").write_text(mine)
    ficdex("learn", "--accept", "Pim")
    assert (owner / "tidewrack.toml").read_text() == mine
    assert [p.name for p in load_fandom(owner / "tidewrack_2.toml").people] == ["Pim"]
    lexicon.cache_clear()
    assert {p.name for p in lexicon().fandom_names["tidewrack"].people} == {"Odo", "Pim"}


def test_a_file_for_a_listed_fandom_adds_to_it(owner: Path) -> None:
    owner.mkdir()
    (owner / "mine.toml").write_text(
        """title = "BtVS"
words = ["Brackenridge"]
characters = [{ name = "Willow Rosenberg", mid = ["Wilhelmina"] }, { name = "Corrie Hale" }]
"""
    )
    lexicon.cache_clear()
    buffy = lexicon().fandom_names["buffy the vampire slayer"]
    willow = next(p for p in buffy.people if p.name == "Willow Rosenberg")
    assert {"Willow", "Wilhelmina"} <= set(willow.mid)
    assert "Red" in willow.weak
    assert "Corrie Hale" in {p.name for p in buffy.people}
    assert "Brackenridge" in buffy.words


def test_a_name_that_nobody_has_is_wrong_usage(ficdex: Run) -> None:
    code, _, err = ficdex("learn", "--accept", "Nemo")
    assert code == 2
    assert "Nemo" in err


def test_a_damaged_file_is_named_and_the_rest_goes_on(ficdex: Run, owner: Path) -> None:
    ficdex("learn", "--accept", "Pim")
    (owner / "broken.toml").write_text("title = ")
    (owner / "odd.toml").write_text('title = "Odd"\ncharacters = ["Pim"]\n')
    code, out, err = ficdex("learn", "--json")
    assert code == 0
    assert {row["name"] for row in json.loads(out)} == {"Maren Voss"}
    assert "broken.toml" in err
    assert "odd.toml: each of `characters` is a table" in err
    assert err.count("mend the file or move it away") == 2


def test_a_folder_that_cannot_be_written_to_says_what_to_do(ficdex: Run, owner: Path) -> None:
    owner.write_text("no folder")
    code, _, err = ficdex("learn", "--yes")
    assert code == 1
    assert "FICDEX_FANDOMS names another folder" in err


def test_keys_add_refuse_leave_and_end(
    ficdex: Run,
    owner: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    pressed = iter("xnysq")
    monkeypatch.setattr("click.getchar", lambda: next(pressed))
    with Catalog.open(tmp_path / "c.db") as catalog:
        found = catalog.strangers(lexicon(), None, 1)
        lesson = Lesson(catalog, lexicon(), found)
        lesson.ask(found)
    assert "Maren Voss, also Maren, Captain Voss" in capsys.readouterr().out
    assert (lesson.added, lesson.refused) == (1, 1)
    written = load_fandom(owner / "tidewrack.toml")
    assert [p.name for p in written.people] == ["Pim"]
    assert written.refused == {"maren voss", "maren", "captain voss"}
    assert set(people(ficdex)) == set()


def stranger(name: str, *forms: str, works: tuple[int, ...] = (1, 2)) -> strangers.Stranger:
    found = strangers.Stranger("Tidewrack", name, mentions=9, works=set(works))
    found.forms.update((name, *forms))
    return found


def test_a_name_that_two_people_share_is_nobodys_alias() -> None:
    pair = [stranger("Maren Voss", "Voss"), stranger("Piet Voss", "Voss", "the Boatman")]
    row = strangers.as_row(pair[1], pair, lexicon())
    assert (row["strong"], row["never"]) == (["the Boatman"], ["Voss"])
    assert "mid" not in row


def test_a_title_is_no_name_and_a_word_is_a_weak_one() -> None:
    row = strangers.as_row(stranger("Captain Voss", "Captain", "Voss"), [], lexicon())
    assert row == {"name": "Captain Voss", "weak": ["Captain"]}
