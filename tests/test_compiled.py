"""The compiled gazetteer is what the TOML files say, however the cache looks."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import platformdirs
import pytest

from ficdex.compiled import rows

CODE = Path(__file__)
Parse = Callable[[Path], dict[str, Any]]


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    paths = [tmp_path / "a.toml", tmp_path / "b.toml"]
    for path in paths:
        path.write_text(path.stem)
    return paths


def cache() -> Path:
    return platformdirs.user_cache_path("ficdex", appauthor=False) / "x.json"


def counting() -> tuple[list[str], Parse]:
    parsed: list[str] = []

    def parse(path: Path) -> dict[str, Any]:
        parsed.append(path.stem)
        return {"text": path.read_text()}

    return parsed, parse


def test_files_are_parsed_once(files: list[Path]) -> None:
    parsed, parse = counting()
    first, second = (rows(files, parse, "x.json", CODE) for _ in range(2))
    assert first == second == [{"text": "a"}, {"text": "b"}]
    assert parsed == ["a", "b"]


def test_a_changed_file_is_parsed_again(files: list[Path]) -> None:
    _, parse = counting()
    rows(files, parse, "x.json", CODE)
    files[1].write_text("changed")
    assert rows(files, parse, "x.json", CODE)[1] == {"text": "changed"}


def test_files_are_parsed_again_by_changed_code(files: list[Path]) -> None:
    code = files[0].with_suffix(".py")
    parsed, parse = counting()
    for text in ("old", "newer"):
        code.write_text(text)
        rows(files, parse, "x.json", code)
    assert parsed == ["a", "b"] * 2


@pytest.mark.parametrize("damaged", ["", "[", "[]", json.dumps({"key": "other", "rows": []})])
def test_a_damaged_or_foreign_cache_is_made_anew(files: list[Path], damaged: str) -> None:
    _, parse = counting()
    rows(files, parse, "x.json", CODE)
    cache().write_text(damaged)
    assert rows(files, parse, "x.json", CODE) == [{"text": "a"}, {"text": "b"}]
    assert json.loads(cache().read_text())["rows"] == [{"text": "a"}, {"text": "b"}]


def test_a_cache_that_cannot_be_written_is_done_without(files: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = files[0].parent / "blocked"
    blocked.write_text("no folder")
    monkeypatch.setenv("XDG_CACHE_HOME", str(blocked))
    assert rows(files, counting()[1], "x.json", CODE) == [{"text": "a"}, {"text": "b"}]


def test_nothing_else_is_left_in_the_cache(files: list[Path]) -> None:
    rows(files, counting()[1], "x.json", CODE)
    assert list(cache().parent.iterdir()) == [cache()]
