"""Chooses among the Evidence of a Draft, and keeps the losers."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from .. import __version__
from ..model import Chapters, Character, Credit, Evidence, Note, Related, Series, Stat, Work
from ..text import bare, fold
from .draft import RESTATED, Draft

Choice = tuple[list[Evidence], list[Evidence]]

LEAST = 0.06
"""Below it not even the only claim is believed: "Untitled Document" is no title."""
ENOUGH = 0.5
"""A value of a list field counts from here; below, it is a losing candidate."""


def _ranked(claims: list[Evidence]) -> list[Evidence]:
    return sorted(claims, key=lambda e: -e.confidence)


def _best(claims: list[Evidence]) -> Choice:
    """The most certain claim; the first of equals, so that what stands higher in the text wins."""
    ranked = _ranked(claims)
    won = 1 if ranked[0].confidence >= LEAST else 0
    return ranked[:won], ranked[won:]


def _best_rule(claims: list[Evidence]) -> Choice:
    """All that the most certain rule says: a header's authors, not those and the e-book's too."""
    rule = _ranked(claims)[0].rule
    return _distinct([e for e in claims if e.rule == rule], [e for e in claims if e.rule != rule])


def _all(claims: list[Evidence]) -> Choice:
    """Every sufficiently certain value, once."""
    return _distinct([e for e in claims if e.confidence >= ENOUGH], [e for e in claims if e.confidence < ENOUGH])


def _distinct(claims: list[Evidence], losers: list[Evidence]) -> Choice:
    best: dict[Hashable, Evidence] = {}
    for claim in claims:
        key = _identity(claim)
        if key not in best:
            best[key] = claim
        elif claim.confidence > best[key].confidence:
            losers.append(best[key])
            best[key] = claim
        else:
            losers.append(claim)
    return list(best.values()), losers


def _identity(claim: Evidence) -> Hashable:
    """Two claims with the same identity are one value."""
    match claim.value:
        case str(text) if claim.field == "relationships":
            return (bare(text), "&" in text)
        case str(text):
            return bare(text)
        case Note(text, position, chapter):
            return (claim.span or fold(text), position, chapter)
        case Credit(name, role):
            return (fold(name), role)
        case Character(name) | Series(name) | Stat(name):
            return bare(name)
        case Related(kind, text):
            return (kind, fold(text))
    return claim.value


def _agreeing(draft: Draft, field: str, winners: list[Evidence], losers: list[Evidence]) -> dict[Evidence, None]:
    """A site's own tags that say what was chosen: evidence beside the story's, so that they stay at hand."""
    rules = {e.rule for e in draft.declared(field)} if field in RESTATED else set()
    values = {e.value for e in winners} if rules else set()
    return {e: None for e in losers if e.rule in rules and e.value in values}


ONE_VALUE = (
    "title", "beta_status", "site_id", "url", "rating", "rating_level", "summary", "disclaimer", "status",
    "language", "published", "updated", "words", "chapters", "usage",
)  # fmt: skip
MANY_VALUES: dict[str, Callable[[list[Evidence]], Choice]] = {
    "authors": _best_rule,
    "series": _best_rule,
    "categories": _all,
    "warnings": _best_rule,
    "fandoms": _all,
    "characters": _all,
    "relationships": _all,
    "notes": _all,
    "betas": _all,
    "tags": _all,
    "collections": _all,
    "related": _all,
    "stats": _all,
    "chapter_titles": _all,
}


def resolve(draft: Draft) -> Work:
    """The Work that the Draft's evidence speaks for."""
    by_field: dict[str, list[Evidence]] = {}
    for claim in draft.evidence:
        by_field.setdefault(claim.field, []).append(claim)
    chosen: list[Evidence] = []
    rejected: list[Evidence] = []
    values: dict[str, object] = {}
    for name, claims in by_field.items():
        winners, losers = (_best if name in ONE_VALUE else MANY_VALUES[name])(claims)
        if name == "notes":
            winners.sort(key=lambda e: e.span.start if e.span else 0)
        if name not in ONE_VALUE:
            values[name] = tuple(w.value for w in winners)
        elif winners:
            values[name] = winners[0].value
        agreeing = _agreeing(draft, name, winners, losers)
        chosen += [*winners, *agreeing]
        rejected += [e for e in losers if e not in agreeing]
    source = draft.document.source
    values.setdefault("chapters", Chapters())
    return Work(
        source=source,
        parts=tuple(part.source.uri for part in draft.document.parts) or (source.uri,),
        kind=draft.document.kind,
        evidence=tuple(chosen),
        rejected=tuple(rejected),
        repairs=draft.document.repairs,
        extractor=f"{__version__}+{draft.lexicon.version}",
        **values,  # type: ignore[arg-type]
    )
