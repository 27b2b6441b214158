"""Folding, straightening and counting agree with what their definitions say of any text."""

from hypothesis import given
from hypothesis import strategies as st

from ficdex import text as texts

WRITTEN = st.text("ab1_・ '-’‘“—…é日ж.\n") | st.text()


@given(WRITTEN)
def test_words_are_counted_as_the_pattern_of_a_word_finds_them(text: str) -> None:
    assert texts.count_words(text) == len(texts._WORD.findall(texts.cjk().sub(" x ", text)))


@given(WRITTEN)
def test_straightening_changes_no_offset_and_no_other_sign(text: str) -> None:
    straight = texts.straighten_same_length(text)
    assert len(straight) == len(text)
    assert straight == text.translate({k: v for k, v in texts._TYPOGRAPHY.items() if len(v) == 1})


def test_joints_join_letters_only() -> None:
    assert texts.count_words("well-known, 'tis don't a-b-c x--y rock-'n'-roll") == 9
