"""Saved pages say where they came from, in the words of the browser that saved them."""

from __future__ import annotations

import pytest

from ficdex.crawler.blob import Blob
from ficdex.crawler.importer import documents
from ficdex.crawler.saved import original, saved_from
from ficdex.model import Document

STORY = "<p>The ferry left without them, and nobody minded.</p>"
SAVED = {
    "Internet Explorer": "<!-- saved from url=(0026)http://tidewrack.example/a.htm -->\n<html>",
    "Chrome": "<!DOCTYPE html>\n<!-- saved from url=(0026)http://tidewrack.example/a.htm -->\n<html>",
    "SingleFile": "<html><!--\n Page saved with SingleFile \n url: http://tidewrack.example/a.htm \n-->",
}


@pytest.mark.parametrize("browser", SAVED)
def test_the_address_that_a_browser_noted_is_declared(browser: str) -> None:
    (document,) = documents(Blob("a.html", f"{SAVED[browser]}<body>{STORY}</body>".encode(), "a.html"))
    assert isinstance(document, Document)
    assert [e.value for e in document.declared if e.field == "url"] == ["http://tidewrack.example/a.htm"]


@pytest.mark.parametrize("address", ["about:internet", "file:///c:/a.htm", ""])
def test_what_is_no_address_is_none(address: str) -> None:
    assert saved_from(f"<!-- saved from url=(0014){address} -->".encode()) == ""


@pytest.mark.parametrize(
    "address",
    [
        "https://web.archive.org/web/20071231235959/http://tidewrack.example/a.htm",
        "//web.archive.org/web/2007id_/http://tidewrack.example/a.htm",
        "/web/20071231235959/http://tidewrack.example/a.htm",
        "http://tidewrack.example/a.htm",
    ],
)
def test_an_archived_address_is_the_original_one(address: str) -> None:
    assert original(address) == "http://tidewrack.example/a.htm"
