"""DOCUMENT -> WORK: one file a question, joined by what each needs and gives."""

from __future__ import annotations

from ..lexicon import Lexicon
from ..model import Document, Work
from .components import components
from .draft import Draft
from .resolve import resolve

__all__ = ["components", "extract"]


def extract(document: Document, lexicon: Lexicon) -> Work:
    """Everything a catalogue wants to know of `document`, each value with its Evidence."""
    draft = Draft(document, lexicon)
    for component in components():
        component.run(draft)
    return resolve(draft)
