"""A catalogue of the samples, and clients of its server."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from ficdex.index.catalog import Catalog
from ficdex.index.search import SearchIndex
from ficdex.web.access import Access
from ficdex.web.app import create

PORT = 8432
Serve = Callable[..., TestClient]


@pytest.fixture
def path(samples: Path, tmp_path: Path) -> Path:
    """A test's own catalogue of the samples."""
    copy = tmp_path / "c.db"
    shutil.copyfile(samples, copy)
    with Catalog.open(copy) as catalog:
        SearchIndex.open(catalog).catch_up()
    return copy


@pytest.fixture
def serve(path: Path) -> Iterator[Serve]:
    """Makes clients of servers with that access."""
    opened: list[TestClient] = []

    def client(**access: object) -> TestClient:
        app = create(path, Access(port=PORT, **access))  # type: ignore[arg-type]
        made = TestClient(app, base_url=f"http://127.0.0.1:{PORT}", follow_redirects=False)
        opened.append(made.__enter__())
        return opened[-1]

    yield client
    for one in opened:
        one.__exit__(None, None, None)


@pytest.fixture
def client(serve: Serve) -> TestClient:
    """A client of a server with nothing special about it."""
    return serve()


@pytest.fixture
def catalog(path: Path) -> Iterator[Catalog]:
    """The served catalogue, to look into."""
    with Catalog.open(path) as opened:
        yield opened
