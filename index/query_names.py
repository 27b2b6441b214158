"""The names by which a query asks for fields, roles and stages: `beta:`, `creators:`, `brit-picker:`, `on-stage:`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from ..fields import BY_QUERY, ROLES, STAGES
from .query_tree import CROSSOVER, TEXT


class Asked(NamedTuple):
    """What a name asks for: a key of the record, TEXT, CROSSOVER or "added", and whom of its people."""

    key: str
    role: str | None = None


ON_STAGE = "on-stage"
WHOM: Mapping[str, Mapping[str, frozenset[int]]] = {
    "betas": {role: frozenset({n}) for n, role in enumerate(ROLES)},
    "characters": {
        **{stage: frozenset({n}) for n, stage in enumerate(STAGES)},
        ON_STAGE: frozenset({STAGES.index("main"), STAGES.index("present")}),
    },
}
"""Key -> what may be said of its people -> the numbers, within ROLES or STAGES, that it stands for."""

NAMES: Mapping[str, Asked] = {
    **{name: Asked(field.key) for name, field in BY_QUERY.items()},
    **{name: Asked(key, name) for key, roles in WHOM.items() for name in roles},
    **{f"{name}s": Asked("betas", name) for name in ROLES},
    TEXT: Asked(TEXT),
    CROSSOVER: Asked(CROSSOVER),
    "crossovers": Asked(CROSSOVER),
    "added": Asked("added"),
}
"""Every name that stands before a colon, in lower case."""


def asked(name: str) -> Asked | None:
    """What a name asks for, however it is written: `Brit_Picker` is brit-picker; None if there is no such field."""
    name = name.lower()
    return NAMES.get(name) or NAMES.get(name.replace("_", "-"))


def nearest(name: str) -> str:
    """What the person may have meant, as the end of a sentence."""
    from difflib import get_close_matches

    near = get_close_matches(name, NAMES, 3, 0.6)
    return f"; did you mean {', '.join(near)}?" if near else '; to search for the words, put them in "quotes"'
