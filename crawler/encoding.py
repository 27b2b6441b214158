"""Bytes to clean Unicode: encodings, line ends and damage, and a record of what was found and mended."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable
from dataclasses import dataclass

from webencodings import lookup

from .codepages import code_page

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE = 64_000
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f\u2028\u2029\ufeff\ud800-\udfff]")
_MOJIBAKE = re.compile("[ÃÂâÐÑ][\u0080-\u00bf\u0152-\u0178\u02c6-\u02dc\u2013-\u203a\u20ac\u2122]")
"""What UTF-8 looks like when it was read as windows-1252: only then is the slow repair asked."""
_NO_LABEL = frozenset(("replacement", "x-user-defined", "utf-16le", "utf-16be"))
_WIDER = {"gbk": "gb18030"}
"""Encodings whose pages hold more than Python's codec of that name; browsers read them so."""
_COMMON_CJK = re.compile("[\u3001-\u3003\u3041-\u30ff\uff0c的了是不我一在人]")
_SPACES = frozenset(b" \n\r\t,.")
LATIN = 0.3
"""Of the bytes of a text in Latin script, no more are above ASCII."""
EXPLAINED = 0.5
"""A code page that explains fewer of them is not the one (crawler/codepages.py)."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text with LF line ends, without NULs, lone surrogates and controls; `repairs` as in Document."""

    text: str
    encoding: str
    repairs: tuple[str, ...]


def decode(data: bytes, *declared: str | None) -> Decoded:
    """Any bytes as text; never fails.

    A byte order mark decides, then NUL patterns (UTF-16/32 without one), then UTF-8 if the bytes are valid, then the
    first of `declared` that is a label, then windows-1252 for what looks like a Western text, then a statistical
    guess.
    """
    encoding = _encoding(data, declared)
    name = "utf-8" if encoding in ("utf-8-sig", "ascii") else encoding
    repairs = [] if name == "utf-8" else [f"encoding: {name}"]
    if name != "utf-8" and (lines := _mixed(data)):
        name, text = "utf-8", "\n".join(lines)
        repairs = ["encoding: utf-8, in some lines cp1252"]
    else:
        text = data.decode(encoding, "replace")
    if "\ufffd" in text:
        repairs.append(f"bytes that are no {name} replaced")
    return clean(text, name, repairs)


def _mixed(data: bytes) -> list[str]:
    """The lines of a UTF-8 text into which some in windows-1252 were pasted; none if it is anything else."""
    lines: list[str] = []
    sound = 0
    for line in data.split(b"\n"):
        try:
            lines.append(line.decode("utf-8"))
            sound += not line.isascii()
        except UnicodeDecodeError:
            lines.append(line.decode("cp1252", "replace"))
            sound -= 1
    return lines if sound > 1 else []


def clean(text: str, encoding: str = "utf-8", repairs: list[str] | None = None) -> Decoded:
    """The mending that every text gets, from wherever it comes."""
    repairs = [] if repairs is None else repairs
    if "\r" in text:
        repairs.append("line ends: CRLF" if "\r\n" in text else "line ends: CR")
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\f" in text:
        repairs.append("form feeds")
        text = text.replace("\f", "\n\n")
    text = text.replace("\x85", "\n").replace("\v", "\n")
    cleaned = _CONTROLS.sub("", text)
    if len(cleaned) != len(text):
        repairs.append("control characters removed")
    if _MOJIBAKE.search(cleaned):
        cleaned = _repair(cleaned, repairs)
    return Decoded(cleaned, encoding, tuple(repairs))


def _repair(text: str, repairs: list[str]) -> str:
    """Undo mojibake where it certainly is: line by line, since most lines are sound."""
    from ftfy import fix_encoding

    lines = [fix_encoding(line) if _MOJIBAKE.search(line) else line for line in text.split("\n")]
    repaired = "\n".join(lines)
    if repaired != text:
        repairs.append("mojibake repaired")
    return _CONTROLS.sub("", repaired)


def _encoding(data: bytes, declared: Iterable[str | None]) -> str:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return encoding
    if b"\0" in data[:_SAMPLE] and (wide := _wide(data[:_SAMPLE])):
        return wide
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as problem:
        if problem.reason == "unexpected end of data":
            return "utf-8"  # cut off in the middle of a character
    else:
        return "utf-8"
    known = (codec(label) for label in declared if label)
    return next((name for name in known if name and name != "utf-8"), None) or _guess(data[:_SAMPLE])


def _wide(sample: bytes) -> str | None:
    """UTF-16 or UTF-32 without a mark, by where blanks, line ends and the letters of ASCII stand among NULs."""
    quarter = max(1, len(sample) // 4)
    nuls = [sample[n::4].count(0) / quarter for n in range(4)]
    if min(nuls[2:]) > 0.9 > nuls[0]:
        return "utf-32-le"
    if min(nuls[:2]) > 0.9 > nuls[3]:
        return "utf-32-be"
    pairs = list(zip(sample[::2], sample[1::2], strict=False))
    little = sum(low in _SPACES and not high for low, high in pairs)
    big = sum(low in _SPACES and not high for high, low in pairs)
    if max(little, big) >= 0.04 * len(pairs):
        return "utf-16-le" if little > big else "utf-16-be"
    common = {name: len(_COMMON_CJK.findall(sample.decode(name, "replace"))) for name in ("utf-16-le", "utf-16-be")}
    likely = max(common, key=lambda name: common[name])
    return likely if common[likely] > 0.1 * len(pairs) else None


def codec(label: str) -> str | None:
    """Python's codec for a declared label, as browsers read it (encoding.spec.whatwg.org); None for any other word.

    Python alone would take "base64" and "undefined" for encodings, and latin-1 for what it says. UTF-16 is known by
    its marks and its NULs: a label that a program could read without either is wrong.
    """
    known = lookup(label.strip("\"' \t\r\n\f")) if label.isascii() else None
    if known is None or known.name in _NO_LABEL:
        return None
    return _WIDER.get(known.name) or str(known.codec_info.name)


def _guess(sample: bytes) -> str:
    high = sum(byte >= 0x80 for byte in sample)
    if high < LATIN * len(sample):
        page, explained = code_page(sample)
        if explained > EXPLAINED:
            return page
    from charset_normalizer import from_bytes

    best = from_bytes(sample, threshold=0.4).best()
    return best.encoding if best else "cp1252"
