"""How files are named whose names are not."""

import os
import sys
from pathlib import Path

import pytest

from ficdex.crawler.importer import FileItem, load, walk


@pytest.mark.skipif(sys.platform in ("darwin", "win32"), reason="there every file name is Unicode")
def test_names_that_are_no_utf8_are_told_apart_and_can_be_written(tmp_path: Path) -> None:
    for raw in (b"caf\xe9.txt", b"caf\xe8.txt"):
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + raw)).write_text("The tide went out.")
    items = [item for item in walk([tmp_path]) if isinstance(item, FileItem)]
    uris = {item.uri for item in items}
    assert len(uris) == 2
    for item in items:
        assert item.uri.encode("utf-8")
        blob = load(item.path, item.uri)
        assert (blob.uri, blob.origin) == (item.uri, item.uri)
