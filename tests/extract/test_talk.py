"""Talk to readers is told from story by its words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ficdex.extract.talk import features, talk
from ficdex.lexicon import weights
from quality.learn import Example, Way, learned

TALK = (
    "This is my first attempt at these two, so be kind. It is set before the finale and ignores the comics.",
    "Sorry this chapter took so long! Real life happened, and then my laptop died.",
    "Petra went over every page with a pencil, and I put half of the commas back when she wasn't looking.",
)
STORY = (
    "He set the lamp down on the step and waited. Nobody came. After a while it began to rain.",
    '"You never told me," she said, and turned the key. "Eleven years, and you never told me."',
    "I had been at sea for nine days when the wind dropped, and the captain came down to where I lay.",
)


@pytest.mark.parametrize("text", TALK)
def test_talk_to_readers(text: str) -> None:
    assert talk(text) > 0.5


@pytest.mark.parametrize("text", STORY)
def test_story(text: str) -> None:
    assert talk(text) < -0.5


def test_speech_counts_as_such_and_not_by_its_words() -> None:
    assert features('"Thanks for the beta," he said.') == {"SPEECH", "he", "said"}


@given(st.text(max_size=300))
def test_any_text_has_a_finite_score(text: str) -> None:
    assert -40 < talk(text) < 40


def test_what_was_learned_tells_the_two_apart() -> None:
    pytest.importorskip("sklearn", reason="weights are learned with scikit-learn")
    rows = [Example(f"{n}", frozenset(["draft", "the", f"w{n}"]), True) for n in range(9)]
    rows += [Example(f"s{n}", frozenset(["door", "the", f"v{n}"]), False) for n in range(18)]
    found = learned(rows, Way(10, 5))
    assert found.odds(["draft", "the"]) > 0 > found.odds(["door", "the"])
    assert not any(name.startswith(("w", "v")) for name in found.words)


def test_the_weights_have_no_capitals_but_signs() -> None:
    signs = {name for name in weights("talk").words if name != name.lower()}
    assert signs <= {"SPEECH", "SMILEY", "BRACKET"}
