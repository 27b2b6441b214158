"""Who is in the story: known people of its fandoms, people no list knows, and those that header and tags declare."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from ..lexicon import Aliases, Fandom, Lexicon
from ..model import Character, Credit, Evidence, Span
from ..text import bare, fold
from .cast import Cast, Figure
from .components import Component
from .draft import Draft
from .fandoms import known_fandom
from .forms import Form, forms
from .gazetteer import people_of
from .mentions import Mentions, collect, words_of
from .names import ENOUGH, around, chance, points, refusal
from .stage import narrator, stage_of
from .tagged import name_in_full, person_called, plain_names, same_short, stated, tagged

FEW_CAPITALS = 0.02
"""Capitalised words for each word of a story, below which it is written without capitals."""
MOST_REFUSED = 30
NAME = 4
"""Words of a name at the beginning of a tag."""
MOST_PEOPLE = 2_000
"""People of one work; hostile input may name more."""


def run(draft: Draft) -> None:
    """Claim the characters of `draft`, and the names that were refused."""
    if draft.mentions is None:
        return
    fandoms = chosen_fandoms(draft)
    cast, mentions = listed_cast(draft)
    _place_others(draft, cast, mentions)
    name_in_full(cast, [str(item.value) for item in draft.declared("characters")], fandoms)
    ego = narrator(cast.figures.values(), mentions)
    most = max((f.seen.count for f in cast.figures.values()), default=0)
    found = {id(f): _character(f, stage_of(f, most, mentions, ego)) for f in cast.figures.values()}
    for figure in cast.figures.values():
        _claim(draft, figure, found[id(figure)])
    for item, meant, person in tagged(draft, cast, fandoms):
        draft.claim("characters", found[id(meant)] if meant else person, item.span, item.rule, 0.9)
    for character, span in _in_header(draft, cast):
        draft.claim("characters", character, span, "header.characters", 0.9)
    for character, claim in _in_tags(draft, cast):
        draft.claim("characters", character, claim.span, claim.rule, 0.6)


def listed_cast(draft: Draft) -> tuple[Cast, Mentions]:
    """The people of the story's fandoms that it names, and the mentions they were found in."""
    fandoms = chosen_fandoms(draft)
    mentions = _with_small(draft, fandoms)
    cast = Cast(aliases_in(draft.lexicon, frozenset(f.title for f in fandoms)), draft.plain)
    cast.place_known(mentions)
    return cast, mentions


def chosen_fandoms(draft: Draft) -> list[Fandom]:
    """The known fandoms that are claimed with enough certainty."""
    found = {}
    for claim in draft.claims("fandoms"):
        if claim.confidence >= 0.5 and isinstance(claim.value, str) and (fandom := known_fandom(draft, claim.value)):
            found[fandom.title] = fandom
    return list(found.values())


@lru_cache(maxsize=64)  # of the sets of fandoms that stories cross, which are without number
def aliases_in(lexicon: Lexicon, titles: frozenset[str]) -> Aliases:
    """The aliases of these fandoms alone."""
    return Aliases(alias for title, found in lexicon.aliases_of.items() if title in titles for alias in found)


def _with_small(draft: Draft, fandoms: list[Fandom]) -> Mentions:
    """The mentions; read once more where the story writes names without capitals."""
    mentions = draft.mentions or Mentions()
    named = sum(s.count for surface, s in mentions.runs.items() if s.mid and not surface.isupper())
    if not fandoms or named > FEW_CAPITALS * mentions.words:
        return mentions
    small = people_of(fandoms) & mentions.lower
    return collect(draft, small) if small else mentions


def _place_others(draft: Draft, cast: Cast, mentions: Mentions) -> None:
    """Judge every form that no alias explains; refused ones are claimed below the threshold."""
    outsiders = _outsiders(draft)
    accepted: list[tuple[Form, float]] = []
    refused: list[tuple[float, Form, str]] = []
    found = forms(mentions, cast.taken)
    beside = around(found.values(), listed=bool(cast.figures))
    for form in found.values():
        why = refusal(form, draft.lexicon.fandom_words)
        sure = points(form, mentions, beside)
        if not why and " ".join(form.words) in outsiders and sure < 3.0:
            why = "outsider"
        if not why and sure >= ENOUGH:
            accepted.append((form, sure))
        elif form.seen.mid or form.title:
            refused.append((sure, form, why or "points"))
    accepted.sort(key=lambda found: -found[0].seen.count)
    cast.place_unknown(_without_families(accepted[:MOST_PEOPLE]))
    for sure, form, why in sorted(refused, key=lambda r: -r[0])[:MOST_REFUSED]:
        value = Character(form.display, (), "mentioned", form.seen.count)
        draft.claim(
            "characters",
            value,
            Span(form.seen.start, form.seen.end),
            f"characters.refused.{why}",
            0.1 if why != "points" else round(min(0.45, chance(sure)), 2),
        )


def _without_families(accepted: list[tuple[Form, float]]) -> list[tuple[Form, float]]:
    """Without plurals ("the Jarndyces") of names that stand for one person."""
    single = {word for form, _ in accepted for word in form.words}
    return [
        (form, sure)
        for form, sure in accepted
        if len(form.words) > 1 or not form.words[0].endswith("s") or form.words[0][:-1] not in single
    ]


def _outsiders(draft: Draft) -> frozenset[str]:
    """Folded names of people with the text rather than in it: writers, betas, owners of rights."""
    names = set()
    for claim in draft.claims("authors", "betas"):
        value = claim.value.name if isinstance(claim.value, Credit) else claim.value
        if isinstance(value, str):
            names.add(bare(value))
    return frozenset(names)


def _character(figure: Figure, stage: str) -> Character:
    name = figure.name.strip()
    others = tuple(f for f, _ in figure.forms.most_common(12) if fold(f) != fold(name))
    return Character(name, others, stage, figure.seen.count)  # type: ignore[arg-type]


def _claim(draft: Draft, figure: Figure, character: Character) -> None:
    sure = 0.95 if figure.person else max(0.5, min(0.95, chance(figure.points)))
    rule = "characters.known" if figure.person else "characters.open"
    draft.claim("characters", character, Span(figure.seen.start, figure.seen.end), rule, round(sure, 2))


def _in_header(draft: Draft, cast: Cast) -> Iterator[tuple[Character, Span]]:
    """People that the header's list declares and that the story's own names have not found."""
    known = {bare(f) for figure in cast.figures.values() for f in (figure.name, *figure.forms)}
    for line in draft.header_lines("characters"):
        pieces = re.split(r"[,;/&]\s*|\s+and\s+", draft.quote(line.value))
        for name in (piece.strip(" .") for piece in pieces if piece.strip(" .")):
            plain = plain_names(name)[-1]
            person = person_called(cast, plain)
            if len(plain.split()) > 5 or bare(plain) in known or (person and bare(person) in known):
                continue
            if any(same_short(plain, figure) for figure in cast.figures.values()):
                continue
            known.add(bare(person or plain))
            yield stated(plain, person), line.value


def _in_tags(draft: Draft, cast: Cast) -> Iterator[tuple[Character, Evidence]]:
    """People of the story's fandoms that a tag begins with ("Zeff is in this for a second") and the text does not name.

    Only for sites whose tags are of all kinds; where characters have a list of their own, it is complete.
    """
    if next(draft.declared("characters"), None):
        return
    known = {bare(f) for figure in cast.figures.values() for f in (figure.name, *figure.forms)}
    for tag in draft.declared("tags"):
        words = words_of(str(tag.value))
        named = (person_called(cast, " ".join(words[:length])) for length in range(min(len(words), NAME), 0, -1))
        if (person := next(filter(None, named), None)) and bare(person) not in known:
            known.add(bare(person))
            yield Character(person, stage="mentioned"), tag


COMPONENT = Component(
    "characters",
    needs=("fandoms", "mentions", "header", "authors", "betas"),
    gives=("characters",),
    run=run,
)
