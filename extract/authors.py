"""Who wrote it: declared, in the header, in a byline."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from ..lexicon import alternation, phrases
from ..model import Role, Span
from ..text import bare, fold
from .cells import author_name, title_and_author
from .components import Component
from .draft import Draft
from .gazetteer import given_names

SIGNED_OFF = 0.5
POSTED = frozenset(("mail.from", "mail.forwarded"))
SIGNED = 0.95
"""A site's own byline is believed from here, even if it says "Anonymous"."""
_MAIL = re.compile(r"\s*[<(\[]?\s*(?:mailto:)?[\w.+%-]+(?:@|\s+at\s+)[\w-]+(?:\.[\w-]+)+\s*[>)\]]?")
_JOINT = re.compile(r"\s+(?:and|und|et|y|e|with)\s+|\s*[&+;]\s*|\s*,\s*(?!(?:Jr|Sr|MD|PhD|Esq|Attorney)\b)")
_ASIDE = re.compile(r"\s*[(\[](?:aka|a\.k\.a\.|formerly|also)?[^()\[\]]*[)\]]\s*$", re.IGNORECASE)
_TAIL = re.compile(r"\s+(?:\(c\)|©|copyright|email:|e-mail:|aka\b).*$", re.IGNORECASE)
_RIGHTS = re.compile(
    r"(?:©|\(c\)|copyright)[\s:]*(?:\(c\)\s*)?(?:19|20)\d\d[\d, -]*\s*(?:by\s+|of\s+)?(?P<name>[A-Z][^\n]{2,60})",
    re.IGNORECASE,
)
_SIGNED_OFF = re.compile(
    r"(?:\A|\n)(?:[ \t]{20,}|[ \t]*(?:--?|[–—~]+)[ \t]*)(?P<name>[^\W\d_][\w.'’-]*(?:[ \t]+[\w.'’-]+){0,2})[ \t]*"
    r"(?:\n[ \t]*[<(]?\S{1,40}@\S{1,60})?\s*\Z"
)
_FULL_NAME = re.compile(r"\s*(?P<name>[^\W\d_][\w.'’-]*(?:[ \t][^\W\d_][\w.'’-]*){1,2})\s*")


def run(draft: Draft) -> None:
    """Claim every author named, each under the rule of the place that names them."""
    for title in [e for e in draft.claims("title") if e.confidence < 0.9]:
        if both := title_and_author(str(title.value)):
            draft.claim("authors", both[1], title.span, "title.by", 0.7)
    declared = [e for e in draft.evidence if e.field == "authors"]
    draft.evidence = [e for e in draft.evidence if e.field != "authors"]
    reposted = _is_reposted(draft)
    for claim in declared:
        if reposted and claim.rule in POSTED:
            draft.evidence.append(replace(claim, confidence=0.3))
        elif claim.confidence >= SIGNED or not is_nobody(str(claim.value)):
            draft.evidence.append(replace(claim, value=str(claim.value).strip()))
    for line in draft.header_lines("author"):
        by = bare(line.key) == "by"
        for name, span in names(draft.quote(line.value), line.value.start):
            draft.claim("authors", name, span, "header.author", 0.85 if by else 0.96)
    if draft.page and draft.page.name:
        place = draft.page.name
        for name, span in names(draft.quote(place), place.start):
            draft.claim("authors", name, span, "byline", 0.9)
    _copyright(draft)
    _signed_off(draft)


def _is_reposted(draft: Draft) -> bool:
    """Whether a note says that who posted the story did not write it."""
    said = alternation(phrases("titlepage")["reposted"])
    notes = (fold(draft.quote(block.span)) for block in draft.with_role(Role.NOTE))
    return any(re.search(rf"(?<!\w){said}(?!\w)", note) for note in notes)


def _signed_off(draft: Draft) -> None:
    """Who signs a note, where nobody else is named.

    Pushed to the right, behind a dash, or on a line below the title with a name that the notes repeat.
    """
    if any(e.confidence >= SIGNED_OFF for e in draft.claims("authors")):
        return
    notes = "".join(draft.quote(b.span) for b in draft.with_role(Role.NOTE))
    for block in draft.with_role(Role.NOTE, Role.HEADER, Role.SIGNATURE, Role.TITLE):
        if block.role is not Role.TITLE or block.rule == "title.further":
            text = draft.quote(block.span)
            found = _SIGNED_OFF.search(text) or (_FULL_NAME.fullmatch(text) if block.role is Role.TITLE else None)
            if found and (name := _signatory(found, notes)):
                start = block.span.start + found.start("name")
                draft.claim("authors", name, Span(start, start + len(name)), "note.signed", SIGNED_OFF)
                return


def _signatory(found: re.Match[str], notes: str) -> str:
    """The name of a signature; a full name without its signs must be a person's that the notes repeat."""
    name = author_name(found["name"])
    if found.re is _FULL_NAME and not (fold(name.split()[0] if name else "") in given_names() and name in notes):
        return ""
    return "" if is_nobody(name) else name


def _copyright(draft: Draft) -> None:
    """`(c) 1995 Jane Roe` around a story that names nobody else; rights holders of its world are no authors."""
    for block in draft.with_role(Role.HEADER, Role.TITLE, Role.NOTE, Role.SIGNATURE):
        for found in _RIGHTS.finditer(draft.text, block.span.start, block.span.end):
            name = author_name(found.group("name"))
            if name and bare(name) not in draft.lexicon.owners:
                at = found.start("name")
                for one, span in names(name, at):
                    draft.claim("authors", one, span, "copyright", 0.5)
                return


def names(text: str, offset: int) -> Iterator[tuple[str, Span]]:
    """The names of a value with their places; joint authors are told apart, addresses taken off."""
    text = text.split("\n")[0] if text.count("\n") > 2 else text
    cleaned = _TAIL.sub("", _MAIL.sub("", text.replace("\n", " ")))
    parts = _JOINT.split(cleaned) if _is_joint(cleaned) else [cleaned]
    for part in parts:
        name = (
            _ASIDE.sub("", part).strip(' \t*_"“”<>()[]:,-').rstrip(".")
            if len(part.split()) > 1
            else part.strip(" *_<>()[]:,-")
        )
        name = _dotted(name, part)
        if not name or is_nobody(name) or len(name) > 60:
            continue
        start = text.find(name)
        at = offset + max(0, start)
        yield name, Span(at, at + len(name))


def _dotted(name: str, part: str) -> str:
    """An initial at the end keeps its full stop: "Tamsin R."."""
    return f"{name}." if re.search(r"(?:^|\s)[A-Z]$", name) and f"{name}." in part else name


def _is_joint(text: str) -> bool:
    """Whether a conjunction joins people: not in handles like "tuppence for the birds and bees"."""
    parts = [p.strip() for p in _JOINT.split(text) if p.strip()]
    return len(parts) > 1 and all(len(p.split()) <= 3 for p in parts)


@cache
def _nobody() -> frozenset[str]:
    groups = phrases("generic")
    return frozenset(bare(v) for v in (*groups["unknown"], *groups["sites"], "anonymous", "anon", "me", "yours truly"))


def is_nobody(name: str) -> bool:
    """What programs and sites write where an author should stand, and names that tell nothing."""
    return bare(name) in _nobody() or not re.search(r"\w", name)


COMPONENT = Component("authors", needs=("header", "segments"), gives=("authors",), run=run)
