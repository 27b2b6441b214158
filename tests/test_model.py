"""The dataclasses that flow through the house."""

from __future__ import annotations

import pickle

from ficdex.model import Block, Character, Evidence, Layout, Role, Span


def test_what_a_worker_sends_arrives_as_it_was() -> None:
    block = Block(Span(3, 9), Layout.HEADING, Role.NOTE, 2, "chapter_end", 1, frozenset({"bold"}), "rule")
    claim = Evidence("characters", Character("Buffy", ("Slayer",)), Span(3, 9), "rule", 0.9)
    assert pickle.loads(pickle.dumps((block, claim))) == (block, claim)
