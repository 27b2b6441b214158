"""What a library must not be let do in this process: it is stopped at its limits, and the file is named."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from ficdex.crawler import confined
from ficdex.crawler.blob import Blob
from ficdex.errors import HostileContent

BOOK = Blob("moths.pdf", b"%PDF-1.4", "moths.pdf")


def run(tmp_path: Path, body: str) -> tuple[int, str]:
    """How a program ended, and the reason that it gave."""
    code = f"from ficdex.crawler.programs.limits import *\ndef convert(book):\n    {body}\nrun(convert)"
    ended = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, stderr=subprocess.DEVNULL, check=False)
    reason = tmp_path / "reason"
    return ended.returncode, reason.read_text(encoding="utf-8") if reason.exists() else ""


def test_a_program_may_take_a_gigabyte_and_no_more(tmp_path: Path) -> None:
    assert run(tmp_path, "return bytes(100 << 20)[:9]") == (0, "")
    ended, reason = run(tmp_path, "return bytes(2 << 30)")
    assert ended
    assert not reason


def test_a_result_or_a_file_has_an_end(tmp_path: Path) -> None:
    ended, reason = run(tmp_path, "return bytes(80 << 20)")
    assert ended or "large" in reason


def test_whatever_a_library_makes_of_damage_is_a_reason(tmp_path: Path) -> None:
    assert "no such table" in run(tmp_path, "raise KeyError('no such table')")[1]


def test_a_program_that_dies_or_hangs_is_an_error_that_names_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(HostileContent, match=r"moths\.pdf"):
        confined.opened(BOOK, "missing", "json", "pdf")
    monkeypatch.setattr(confined, "SECONDS", 0.001)
    with pytest.raises(HostileContent, match=r"moths\.pdf"):
        confined.opened(BOOK, "pdf", "json", "pdf")
