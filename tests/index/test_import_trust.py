"""An import is something one can trust: what breaks, breaks alone, says so, and the next run goes on."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from ficdex.errors import CatalogError
from ficdex.index.catalog import Catalog
from ficdex.pipeline import ImportOptions, import_paths

STORY = "Title: Tide {n}\nAuthor: Fenn\n\nThe tide number {n} went out, and nobody said a word about it.\n\n{more}\n"
CRASHES = """
import os
from ficdex.crawler import encoding
sound = encoding.decode
def decode(data, *declared):
    if b"THIS KILLS" in data:
        os._exit(9)
    return sound(data, *declared)
encoding.decode = decode
"""


def shelf(tmp_path: Path, count: int, more: str = "") -> Path:
    folder = tmp_path / "fic"
    folder.mkdir()
    for n in range(count):
        (folder / f"tide {n}x.txt").write_text(STORY.format(n=n, more=more), encoding="utf-8")
    return folder


def ficdex(tmp_path: Path, *arguments: object, crashing: bool = False) -> subprocess.Popen[str]:
    """A run of the program; `crashing`: its workers die of a certain text."""
    (tmp_path / "site").mkdir(exist_ok=True)
    if crashing:
        (tmp_path / "site" / "sitecustomize.py").write_text(CRASHES)
    paths = os.pathsep.join([str(tmp_path / "site"), *filter(None, [os.environ.get("PYTHONPATH")])])
    command = [sys.executable, "-m", "ficdex", "--catalog", str(tmp_path / "c.db"), *map(str, arguments)]
    env = {**os.environ, "PYTHONPATH": paths, "XDG_CACHE_HOME": str(tmp_path / "cache")}
    return subprocess.Popen(
        command, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    )


def works(tmp_path: Path) -> int:
    with closing(sqlite3.connect(tmp_path / "c.db")) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return int(db.execute("SELECT count(*) FROM works").fetchone()[0])


def test_a_worker_that_dies_takes_only_its_file_along(tmp_path: Path) -> None:
    folder = shelf(tmp_path, 20)
    (folder / "tide 7x.txt").write_text("THIS KILLS", encoding="utf-8")
    run = ficdex(tmp_path, "import", "--jobs", "2", "--log", tmp_path / "log", folder, crashing=True)
    _, said = run.communicate(timeout=120)
    assert run.returncode == 1
    assert "tide 7x.txt: the process that read it died" in said
    outcomes = [json.loads(line) for line in (tmp_path / "log").read_text().splitlines()]
    assert sorted(o["outcome"] for o in outcomes) == ["added"] * 19 + ["failed"]
    assert works(tmp_path) == 19


def test_the_second_of_two_imports_says_that_one_is_running(tmp_path: Path) -> None:
    folder = shelf(tmp_path, 3)
    with Catalog.open(tmp_path / "c.db", create=True, write=True):
        run = ficdex(tmp_path, "import", folder)
        _, said = run.communicate(timeout=60)
    assert run.returncode == 3
    assert "in use" in said or "another" in said
    assert "Traceback" not in said


def test_ctrl_c_ends_an_import_cleanly_and_the_next_one_goes_on(tmp_path: Path) -> None:
    folder = shelf(tmp_path, 400, more="Nobody spoke. " * 400)
    run = ficdex(tmp_path, "import", "--jobs", "2", folder)
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and not ((tmp_path / "c.db").exists() and _begun(tmp_path)):
        time.sleep(0.05)
    os.killpg(run.pid, signal.SIGINT)
    _, said = run.communicate(timeout=60)
    assert run.returncode == 130
    assert said.strip().endswith("stopped; what was done is kept")
    assert "Traceback" not in said
    assert 0 < works(tmp_path) < 400
    again = ficdex(tmp_path, "-q", "import", "--jobs", "2", folder)
    assert again.communicate(timeout=120)[1] == ""
    assert works(tmp_path) == 400


def _begun(tmp_path: Path) -> bool:
    with closing(sqlite3.connect(tmp_path / "c.db", timeout=5)) as db:
        try:
            return bool(db.execute("SELECT count(*) FROM works").fetchone()[0])
        except sqlite3.Error:
            return False


def _import_into(path: Path, folder: Path, pages: int) -> None:
    """Import, with room for so many pages more."""
    with Catalog.open(path, create=True, write=True) as catalog:
        there = catalog.db.execute("PRAGMA page_count").fetchone()[0]
        catalog.db.execute(f"PRAGMA max_page_count = {there + pages}")
        import_paths(catalog, [folder], ImportOptions(jobs=1))


def test_a_full_disk_is_told_and_what_was_done_is_kept(tmp_path: Path) -> None:
    folder = shelf(tmp_path, 160, more="".join(f"Word{n} was said. " for n in range(600)))
    with pytest.raises(CatalogError, match="the disk is full; make room and run it again"):
        _import_into(tmp_path / "c.db", folder, pages=1000)
    assert 0 < works(tmp_path) < 160
    with Catalog.open(tmp_path / "c.db", write=True) as catalog:
        import_paths(catalog, [folder], ImportOptions(jobs=1))
    assert works(tmp_path) == 160
