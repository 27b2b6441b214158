"""Bytes to clean Unicode: encodings, line ends and damage, and a record of what was found and mended."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable
from dataclasses import dataclass

from webencodings import lookup

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
_LATIN_WORDS = re.compile(rb"[A-Za-z][\x80-\xff]?[A-Za-z]")


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
    text = data.decode(encoding, "replace")
    name = "utf-8" if encoding in ("utf-8-sig", "ascii") else encoding
    repairs = [] if name == "utf-8" else [f"encoding: {name}"]
    if "\ufffd" in text:
        repairs.append(f"bytes that are no {name} replaced")
    return clean(text, name, repairs)


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
    """UTF-16 or UTF-32 without a mark, by where the NULs stand."""
    quarter = max(1, len(sample) // 4)
    nuls = [sample[n::4].count(0) / quarter for n in range(4)]
    if min(nuls[1:]) > 0.5 > nuls[0]:
        return "utf-32-le"
    if min(nuls[:3]) > 0.5 > nuls[3]:
        return "utf-32-be"
    if min(nuls[1], nuls[3]) > 0.3 and max(nuls[0], nuls[2]) < 0.1:
        return "utf-16-le"
    if min(nuls[0], nuls[2]) > 0.3 and max(nuls[1], nuls[3]) < 0.1:
        return "utf-16-be"
    return None


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
    if high / max(1, len(sample)) < 0.12 and len(_LATIN_WORDS.findall(sample)) > high and _is_cp1252(sample):
        return "cp1252"
    from charset_normalizer import from_bytes

    best = from_bytes(sample, threshold=0.4).best()
    return best.encoding if best else "cp1252"


def _is_cp1252(sample: bytes) -> bool:
    """Mac text has its quotes at 0xd0-0xd5, where windows-1252 has rare capitals."""
    mac = sum(sample.count(b) for b in (b"\xd2", b"\xd3", b"\xd5", b"\x8e", b"\xd0"))
    windows = sum(sample.count(b) for b in (b"\x91", b"\x92", b"\x93", b"\x94", b"\x96", b"\x97", b"\xe9", b"\xa0"))
    return mac <= windows
