"""Traces that other programs left in plain text: codes of mail and news, markup, double spacing (pages: paging.py).

Each repair is made only where it is certain; a text without such traces comes back as it went in.
"""

from __future__ import annotations

import html
import quopri
import re
from collections.abc import Callable
from html.entities import html5
from itertools import pairwise

from .paging import ENDS, RUN_ON, without_pages

_CODE = re.compile(rb"=(?:20|3D|0A|09|[89A-F][0-9A-F])")
_CODED_END = re.compile(rb"[^\r\n=](?:=|=20)\r?\n")
_NO_CODE = re.compile(rb"=(?![0-9A-F]{2}|\r?\n|\Z)")
_ENTITY = re.compile(r"&(?:(#\d{2,6}|#[xX][0-9a-fA-F]{2,5})|[A-Za-z]{2,8}\d{0,2});")
_PAIRED = re.compile(
    r"<(?P<tag>i|b|u|em|strong|center|tt|small|big|font|span)\b[^<>\n]{0,80}>(?P<inner>[^<>]{0,4000}?)</(?P=tag)\s*>",
    re.IGNORECASE,
)
_BREAK = re.compile(r"<br\s*/?>[ \t]*\n?", re.IGNORECASE)
_PARAGRAPH = re.compile(r"</?p>", re.IGNORECASE)
_RULE = re.compile(r"<hr\s*/?>", re.IGNORECASE)
_BBCODE = re.compile(
    r"\[(?P<tag>i|b|u|s|center|size|color|font|url)(?:=[^\[\]\n]{1,80})?\](?P<inner>[^\[\]]{0,4000}?)\[/(?P=tag)\]",
    re.IGNORECASE,
)
_NESTED = 3
"""How deep pairs of tags are undone."""
_QUOTED = re.compile(r"^> ?", re.MULTILINE)
_UNDOUBLED = re.compile(r"^(?:\.|\.{3})(?!\.)", re.MULTILINE)
_SPACED = 8
"""Lines that a text has at least whose spacing is judged."""


def without_mail_codes(data: bytes) -> bytes:
    """The bytes behind quoted-printable, if the file is so coded throughout; else `data`."""
    if data.count(b"=") < 3 or len(_CODED_END.findall(data)) < 2 or not _CODE.search(data) or _NO_CODE.search(data):
        return data
    return quopri.decodestring(data)


def tidy(text: str, repairs: list[str]) -> str:
    """`text` without the traces; what was done is added to `repairs`."""
    for name, mended in _STEPS:
        before, text = text, mended(text)
        if text != before:
            repairs.append(name)
    return text


def _unquoted(text: str) -> str:
    """A text of which every line is quoted, as it was before somebody answered with it."""
    lines = [line for line in text.split("\n") if line.strip()]
    return _QUOTED.sub("", text) if len(lines) > 3 and all(line.startswith(">") for line in lines) else text


def _unstuffed(text: str) -> str:
    """A post as news servers send it (RFC 3977, 3.1.1): it ends with a dot, and dots that begin lines are doubled."""
    body, end, rest = text.rstrip("\n").rpartition("\n.")
    if not end or rest or _UNDOUBLED.search(body):
        return text
    return re.sub(r"^\.\.", ".", body, flags=re.MULTILINE) + "\n"


def _without_entities(text: str) -> str:
    if len(_ENTITY.findall(text)) < 2:
        return text
    return _ENTITY.sub(_character, text)


def _character(entity: re.Match[str]) -> str:
    """What an entity stands for, a blank for what cannot be seen; itself if it is none."""
    if not entity[1] and entity.group()[1:] not in html5:
        return entity.group()
    character = html.unescape(entity.group())
    return character if character.isprintable() else " "


def _without_tags(text: str) -> str:
    if "<" not in text:
        return text
    text = _RULE.sub("\n\n* * *\n\n", _BREAK.sub("\n", text))
    text = _PARAGRAPH.sub("\n\n", text)
    return _without_pairs(_PAIRED, text)


def _without_bbcode(text: str) -> str:
    return _without_pairs(_BBCODE, text) if "[/" in text else text


def _without_pairs(pair: re.Pattern[str], text: str) -> str:
    for _ in range(_NESTED):
        text, undone = pair.subn(lambda found: found["inner"], text)
        if not undone:
            break
    return text


def _single_spaced(text: str) -> str:
    """Without the blank line behind every line, where sentences run on across them."""
    lines = text.split("\n")
    if not _is_double_spaced(lines):
        return text
    width = max(len(line) for line in lines)
    kept: list[str] = []
    for n, line in enumerate(lines):
        blank_between = not line.strip() and 0 < n < len(lines) - 1 and lines[n - 1].strip() and lines[n + 1].strip()
        if not (blank_between and (len(lines[n - 1]) > 0.75 * width or not ENDS.search(lines[n - 1].rstrip()))):
            kept.append(line)
    return "\n".join(kept)


def _is_double_spaced(lines: list[str]) -> bool:
    """Nearly no two lines touch, and many a sentence runs on across the blank between them."""
    filled = [line.strip() for line in lines if line.strip()]
    touching = sum(bool(a.strip() and b.strip()) for a, b in pairwise(lines))
    if len(filled) < _SPACED or touching > 0.05 * len(filled) or max(map(len, filled)) > 100:
        return False
    run_on = sum(bool(RUN_ON.search(a)) and b[:1].islower() for a, b in pairwise(filled))
    return run_on > 0.3 * len(filled)


_STEPS: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("marks of quoting removed", _unquoted),
    ("doubled dots of news removed", _unstuffed),
    ("tags removed", _without_tags),
    ("BBCode removed", _without_bbcode),
    ("entities decoded", _without_entities),
    ("page numbers removed", without_pages),
    ("double spacing removed", _single_spaced),
)
