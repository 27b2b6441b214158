"""The language of the story: declared, in the header, or as its words tell."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from ..lexicon import tables
from ..model import Role
from ..text import fold
from .components import Component
from .draft import Draft

SAMPLE = 2_000
"""Characters from the middle of the story: enough for the library, and past headers in English."""
LEAST = 60


@cache
def _ready() -> None:
    import eldc

    eldc.init()


@cache
def _names() -> dict[str, str]:
    """Folded name of a language -> its tag."""
    return {fold(form): tag for tag, forms in tables("languages")["names"].items() for form in forms}


def run(draft: Draft) -> None:
    """Claim the language as a BCP 47 tag; names of languages become tags."""
    names = _names()
    for number, claim in enumerate(draft.evidence):
        if claim.field == "language":
            draft.evidence[number] = replace(claim, value=names.get(fold(str(claim.value)), claim.value))
    for line in draft.header_lines("language"):
        if known := names.get(fold(draft.quote(line.value)).strip(" .")):
            draft.claim("language", known, line.value, "header.language", 0.95)
    if found := spoken(draft):
        draft.claim("language", found, None, "language.eldc", 0.9)


def spoken(draft: Draft) -> str | None:
    """What the middle of the story is written in; None for too little text."""
    import eldc

    story = list(draft.with_role(Role.STORY))
    if not story:
        return None
    middle = story[len(story) // 2].span.start
    start = max(story[0].span.start, middle - SAMPLE // 2)
    sample = draft.text[start : start + SAMPLE]
    if len(sample.strip()) < LEAST:
        return None
    _ready()
    return str(eldc.detect(sample)) or None


COMPONENT = Component("language", needs=("header", "segments"), gives=("language",), run=run)
