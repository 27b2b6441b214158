"""How an import is going, by its log."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ficdex.index.catalog import Catalog
from ficdex.index.progress import PAUSE, RUNNING, progress

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    with Catalog.open(tmp_path / "c.db", create=True, write=True) as catalog:
        yield catalog


def log(catalog: Catalog, ago: float, outcome: str) -> None:
    at = (NOW - timedelta(seconds=ago)).strftime("%Y-%m-%dT%H:%M:%SZ")
    catalog.db.execute("INSERT INTO import_log(at, uri, outcome) VALUES (?, '/a', ?)", (at, outcome))


def test_nothing_was_imported(catalog: Catalog) -> None:
    found = catalog.progress(5)
    assert (found.outcomes, found.last, found.is_running) == ({}, [], False)


def test_only_the_newest_run_counts(catalog: Catalog) -> None:
    for ago, outcome in ((500, "added"), (500 - PAUSE - 1, "added"), (300, "failed"), (290, "added"), (290, "added")):
        log(catalog, ago, outcome)
    found = progress(catalog.db, 2, NOW)
    assert found.outcomes == {"added": 3, "failed": 1}
    assert (found.seconds, found.rate) == (89, 4 / 89)
    assert [line.outcome for line in found.last] == ["added", "added"]
    assert not found.is_running


def test_an_import_is_under_way_as_long_as_lines_come(catalog: Catalog) -> None:
    log(catalog, RUNNING - 1, "added")
    assert progress(catalog.db, 1, NOW).is_running
    assert not progress(catalog.db, 1, NOW + timedelta(seconds=2)).is_running
