"""Whether a form is a person's name: signs for and against, weighed as learned."""

from __future__ import annotations

from pathlib import Path

from ficdex.extract import mentions
from ficdex.extract.draft import Draft
from ficdex.extract.forms import Form, forms
from ficdex.extract.names import around, chance, features, points, refusal
from ficdex.lexicon import Lexicon, weights
from ficdex.model import Block, Document, Role, Source, Span

STORY = """Ibrik sat down. "Is that Maren Voss?" said Ibrik. Maren laughed, and Ibrik watched Maren walk to Sarnport.

"Hello, Maren," said Ibrik. In Sarnport nobody knew her. Captain Voss, they said, had come from Sarnport.

She bought a Gleamwork. The harbour of Drane was shut."""


def judged(text: str, *, listed: bool = False) -> tuple[dict[str, float], dict[str, Form], set[str]]:
    """Display form -> chance, the forms, and the features that any of them has."""
    block = Block(Span(0, len(text)), role=Role.STORY)
    draft = Draft(Document(Source("x", "text/plain", "", 0), text, (block,)), Lexicon([]))
    draft.segments = (block,)
    found = mentions.collect(draft, frozenset())
    named = forms(found, ())
    beside = around(named.values(), listed=listed)
    sure = {form.display: chance(points(form, found, beside)) for form in named.values()}
    signs = {name for form in named.values() for name, _ in features(form, found, beside)}
    return sure, {form.display: form for form in named.values()}, signs


def test_who_speaks_and_is_spoken_to_is_surely_somebody() -> None:
    sure, _, _ = judged(STORY)
    assert sure["Ibrik"] > 0.9
    assert sure["Maren"] > 0.9


def test_where_people_go_and_what_they_buy_is_nobody() -> None:
    sure, _, _ = judged(STORY)
    assert sure["Sarnport"] < 0.5
    assert sure["Gleamwork"] < 0.5


def test_beside_people_whom_the_gazetteer_knows_a_stranger_is_rarer() -> None:
    alone, _, _ = judged(STORY)
    beside, _, _ = judged(STORY, listed=True)
    assert all(beside[name] < alone[name] for name in ("Captain Voss", "Maren Voss", "Drane"))


def test_every_sign_that_a_story_shows_has_been_weighed() -> None:
    _, _, signs = judged(STORY)
    assert signs <= weights("name").words.keys()


def test_a_name_that_ends_like_a_place_is_refused_without_a_first_name_that_tells() -> None:
    _, found, _ = judged("Ibrik went to Harrow Moss. Kate Moss was there with Ibrik.")
    assert refusal(found["Harrow Moss"], {}) == "place"
    assert refusal(found["Kate Moss"], {}) == ""


def test_the_weights_are_those_of_signs_that_exist() -> None:
    source = Path(mentions.__file__).with_name("names.py").read_text(encoding="utf-8")
    assert [name for name in weights("name").words if f'"{name}"' not in source] == []
