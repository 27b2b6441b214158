"""Declared encodings are those that browsers know, under Python's names for what they do."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ficdex.crawler.blob import Blob
from ficdex.crawler.encoding import codec, decode
from ficdex.crawler.readers import html


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("UTF-8", "utf-8"),
        (" 'latin1' ", "cp1252"),
        ("iso-8859-1", "cp1252"),
        ("us-ascii", "cp1252"),
        ("iso-8859-9", "cp1254"),
        ("gb2312", "gb18030"),
        ("shift_jis", "cp932"),
        ("ks_c_5601-1987", "cp949"),
        ("x-mac-cyrillic", "mac-cyrillic"),
    ],
)
def test_a_label_means_what_it_means_to_browsers(label: str, name: str) -> None:
    assert codec(label) == name


@pytest.mark.parametrize(
    "label",
    ["base64", "hex", "zlib", "bz2", "rot13", "undefined", "punycode", "unicode_escape", "utf-7", "utf-16", "utf-16le",
     "iso-2022-kr", "x-user-defined", "cp850", "none", "", "\ud800", "ſhift_jis"],
)  # fmt: skip
def test_other_words_are_no_labels(label: str) -> None:
    assert codec(label) is None


def test_the_first_label_that_is_one_decides() -> None:
    assert decode("Привет".encode("cp1251"), "base64", None, "windows-1251", "koi8-r").text == "Привет"


def test_what_is_called_utf_8_and_is_not_goes_by_the_next_label() -> None:
    assert decode("Привет".encode("cp1251"), "utf-8", "windows-1251").text == "Привет"


def test_valid_utf_8_is_utf_8_whatever_is_declared() -> None:
    assert decode("Zoë".encode(), "windows-1252").text == "Zoë"


@given(st.binary(max_size=60), st.text(max_size=12))
@settings(deadline=None)
def test_any_bytes_under_any_label_are_text(data: bytes, label: str) -> None:
    decode(data, label).text.encode()


@pytest.mark.parametrize("charset", ["windows-1251", "UTF-8", "base64", None])
def test_a_page_is_the_same_text_fetched_and_saved(charset: str | None) -> None:
    page = '<html><head><meta charset="windows-1251"></head><body>Привет, мир</body></html>'.encode("cp1251")
    (document,) = html.read(Blob("https://fic.example/1", page, "1.html", charset=charset))
    assert document.text == "Привет, мир\n\n"


def test_what_the_server_declares_goes_before_what_the_page_says() -> None:
    page = '<html><head><meta charset="iso-8859-1"></head><body>Привет, мир</body></html>'.encode("cp1251")
    (document,) = html.read(Blob("https://fic.example/1", page, "1.html", charset="windows-1251"))
    assert document.text == "Привет, мир\n\n"
