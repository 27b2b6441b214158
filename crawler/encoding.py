"""Bytes to clean Unicode: encodings, line ends and damage, and a record of what was found and mended."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable
from dataclasses import dataclass

from webencodings import lookup

from .letters import known_encodings, likelihoods, usualness
from .mojibake import without_mojibake

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE, _FEW = 64_000, 4_000
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff\ud800-\udfff]")
_BREAKS = {"\f": "\n\n", "\x85": "\n", "\v": "\n", "\u2028": "\n", "\u2029": "\n\n"}
_HIGH = bytes(range(0x80, 0x100))
_NO_LABEL = frozenset(("replacement", "x-user-defined", "utf-16le", "utf-16be"))
_WIDER = {"gbk": "gb18030"}
"""Encodings whose pages hold more than Python's codec of that name; browsers read them so."""
_USUAL = -8.0
"""The mean log likelihood of the characters of a text that is read as what it is; of mere chance it is below."""
_OVERRULED = 0.1, 12.0
"""How much likelier than a declared encoding another must be: by so much of its likelihood, and at least so much."""
_SEQUENCE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}",
)
_NAMES = {
    "cp866": "DOS (code page 866)", "cp437": "DOS (code page 437)", "cp850": "DOS (code page 850)",
    "cp852": "DOS (code page 852)", "cp932": "shift_jis", "cp949": "euc-kr", "cp874": "windows-874",
    "euc_jp": "euc-jp", "mac-roman": "Macintosh (roman)", "mac-latin2": "Macintosh (Central European)",
    "mac-cyrillic": "Macintosh (Cyrillic)",
}  # fmt: skip
"""What people call an encoding; see `_named` for the rest."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text with LF line ends, without NULs, lone surrogates and controls; `repairs` as in Document."""

    text: str
    encoding: str
    repairs: tuple[str, ...]


def decode(data: bytes, *declared: str | None) -> Decoded:
    """Any bytes as text; never fails.

    A byte order mark decides, then NUL patterns (UTF-16/32 without one), then UTF-8 if the bytes are valid or most
    of their lines are; then the first of `declared` that is a label, unless the letters speak against it; then the
    encoding whose letters are likeliest.
    """
    encoding = _encoding(data, declared)
    if encoding is None:
        return _mixed(data)
    text = data.decode(encoding, "replace")
    name = "utf-8" if encoding in ("utf-8-sig", "ascii") else encoding
    repairs = [] if name == "utf-8" else [f"encoding: {_named(name)}"]
    if "\ufffd" in text:
        repairs.append(f"bytes that are no {_named(name)} replaced")
    return clean(text, name, repairs)


def _named(encoding: str) -> str:
    if re.fullmatch(r"cp125\d", encoding):
        return f"windows-{encoding[2:]}"
    return _NAMES.get(encoding, encoding.replace("iso8859", "iso-8859"))


def _mixed(data: bytes) -> Decoded:
    """UTF-8 into which lines in another encoding were pasted."""
    lines = data.split(b"\n")
    pasted = b"\n".join(line for line in lines if not line.isascii() and not _SEQUENCE.search(line))
    other = _likeliest(pasted, ()) if pasted else "utf-8"
    text = "\n".join(line.decode("utf-8" if _SEQUENCE.search(line) else other, "replace") for line in lines)
    repairs = [f"encoding: utf-8, and {_named(other)} in some lines"] if pasted else []
    if "\ufffd" in text:
        repairs.append("bytes that are no utf-8 replaced")
    return clean(text, "utf-8", repairs)


def clean(text: str, encoding: str = "utf-8", repairs: list[str] | None = None) -> Decoded:
    """The mending that every text gets, from wherever it comes."""
    repairs = [] if repairs is None else repairs
    if "\r" in text:
        repairs.append("line ends: CRLF" if "\r\n" in text else "line ends: CR")
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    sound = without_mojibake(text)
    if sound != text:
        repairs.append("mojibake repaired")
    if "\f" in sound:
        repairs.append("form feeds")
    for sign, breaks in _BREAKS.items():
        sound = sound.replace(sign, breaks)
    cleaned = _CONTROLS.sub("", sound)
    if len(cleaned) != len(sound):
        repairs.append("control characters removed")
    return Decoded(cleaned, encoding, tuple(repairs))


def _encoding(data: bytes, declared: Iterable[str | None]) -> str | None:
    """The encoding of all of `data`; None if it is UTF-8 with pieces in another."""
    for bom, encoding in _BOMS:
        if data.startswith(bom) and _is_valid(data, encoding):
            return encoding
    if unmarked := wide(data[:_SAMPLE]):
        return unmarked
    if _is_valid(data, "utf-8"):
        return "utf-8"
    if _mostly_utf8(data):
        return None
    labels = [name for label in declared if label and (name := codec(label)) and name != "utf-8"]
    return _likeliest(data, labels)


def _is_valid(data: bytes, encoding: str) -> bool:
    """Whether the bytes are of the encoding, but for a last character cut off; a mark proves UTF-16 and UTF-32."""
    if not encoding.startswith("utf-8"):
        return True
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as problem:
        return problem.reason == "unexpected end of data"
    return True


def _mostly_utf8(data: bytes) -> bool:
    """More sequences of UTF-8 than bytes that are part of none; by chance they are one to ten."""
    rest, sequences = _SEQUENCE.subn(b"", data)
    return sequences > len(rest) - len(rest.translate(None, _HIGH))


def _likeliest(data: bytes, labels: Iterable[str]) -> str:
    """The first of `labels`, unless another encoding is clearly likelier by its letters; without labels that one."""
    stated = next(iter(labels), None)
    if stated and stated not in known_encodings():
        return stated
    scores = likelihoods(data, *[stated] if stated else [])
    best = max(scores, key=lambda name: scores[name])
    if stated is None:
        return best
    margin = max(_OVERRULED[1], -_OVERRULED[0] * scores[stated])
    return best if scores[best] - scores[stated] > margin else stated


def wide(sample: bytes) -> str | None:
    """UTF-16 or UTF-32 without a mark, by its NULs; None for anything else, binary data and text with NULs too."""
    if b"\0" not in sample:
        return None
    quarter = max(1, len(sample) // 4)
    nuls = [sample[n::4].count(0) / quarter for n in range(4)]
    if min(nuls[2:]) > 0.95 > nuls[0]:
        return "utf-32-le"
    if min(nuls[:2]) > 0.95 > nuls[3]:
        return "utf-32-be"
    if min(nuls[1], nuls[3]) > 0.3 and max(nuls[0], nuls[2]) < 0.1:
        return "utf-16-le"
    if min(nuls[0], nuls[2]) > 0.3 and max(nuls[1], nuls[3]) < 0.1:
        return "utf-16-be"
    return _utf16(sample[:_FEW])


def _utf16(sample: bytes) -> str | None:
    """UTF-16 if read so it is a text of some language: UTF-8 with stray NULs gives rare characters, a program NULs."""
    texts = {name: sample.decode(name, "replace") for name in ("utf-16-le", "utf-16-be")}
    usual = {name: usualness(text) for name, text in texts.items() if not _CONTROLS.search(text)}
    best = max(usual, key=lambda name: usual[name], default=None)
    return best if best and usual[best] > _USUAL else None


def codec(label: str) -> str | None:
    """Python's codec for a declared label, as browsers read it (encoding.spec.whatwg.org); None for any other word.

    Python alone would take "base64" and "undefined" for encodings, and latin-1 for what it says. UTF-16 is known by
    its marks and its NULs: a label that a program could read without either is wrong.
    """
    known = lookup(label.strip("\"' \t\r\n\f")) if label.isascii() else None
    if known is None or known.name in _NO_LABEL:
        return None
    return _WIDER.get(known.name) or str(known.codec_info.name)
