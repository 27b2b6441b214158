"""Saved pages are cut off, lose tags and gain them: whatever is left is read, or refused with a reason."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from ficdex.crawler.blob import Blob
from ficdex.crawler.importer import documents
from ficdex.errors import ReadError
from ficdex.model import Document

PAGES = sorted((Path(__file__).parent / "pages").rglob("*.html"))
TRIES = 12


def damaged(markup: str, chance: random.Random) -> str:
    """A page without some of its tags, with one of them many times over, and cut off."""
    tags = list(re.finditer(r"<[^>]+>", markup))
    for tag in sorted(chance.sample(tags, min(len(tags), 6)), key=lambda tag: -tag.start()):
        markup = markup[: tag.start()] + tag.group() * chance.choice((0, 0, 30)) + markup[tag.end() :]
    return markup[: chance.randrange(len(markup))]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_damaged_page_is_read_or_refused(path: Path) -> None:
    chance = random.Random(path.stem)
    for _ in range(TRIES):
        page = damaged(path.read_text("utf-8"), chance)
        for found in documents(Blob("saved.html", page.encode(), "saved.html")):
            assert isinstance(found, Document | ReadError)
            if isinstance(found, Document):
                assert found.blocks[-1].span.end == len(found.text)
