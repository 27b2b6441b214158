from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ficdex.extract import characters, fandoms, mentions
from ficdex.extract.draft import Draft, HeaderLine
from ficdex.lexicon import Lexicon, load_fandom
from ficdex.model import Block, Character, Credit, Document, Evidence, Role, Source, Span

HARBOUR = """
title = "Harbour Lights"
names = ["HL"]
owners = ["Brightwater Pictures"]
words = ["Port Ember"]
characters = [
  { name = "Marianne Thorne", gender = "f", mid = ["Mari"], weak = ["the Keeper", "Keeper", "Ginger"] },
  { name = "Josiah Thorne", gender = "m", weak = ["Bosun"] },
  { name = "Ezekiel Barr", gender = "m", mid = ["Zeke"] },
  { name = "Ottoline", gender = "f" },
]
"""
NONE = Lexicon([])


@pytest.fixture
def harbour(tmp_path: Path) -> Lexicon:
    path = tmp_path / "harbour.toml"
    path.write_text(HARBOUR, encoding="utf-8")
    return Lexicon([load_fandom(path)])


def drafted(story: str, lexicon: Lexicon = NONE, *, note: str = "", header: str = "") -> Draft:
    """A Draft with a note, a header line ("field: value") and the story, its fandom and people claimed."""
    text = f"{note}\n\n{header}\n\n{story}"
    first, second = len(note) + 2, len(note) + len(header) + 4
    blocks = (
        Block(Span(0, first), role=Role.NOTE),
        Block(Span(first, second), role=Role.HEADER),
        *_paragraphs(text, second),
    )
    draft = Draft(Document(Source("tale.txt", "text/plain", "", 0), text, blocks), lexicon)
    draft.segments = blocks
    if header:
        field, _, value = header.partition(": ")
        at = Span(second - 2 - len(value), second - 2)
        draft.header = (HeaderLine(field, field, at, Span(first, second)),)
    draft.claim("betas", Credit("Trixie"), None, "test", 0.9)
    return draft


def _paragraphs(text: str, at: int) -> list[Block]:
    blocks = []
    for piece in text[at:].split("\n\n"):
        end = min(at + len(piece) + 2, len(text))
        blocks.append(Block(Span(at, end), role=Role.STORY))
        at = end
    return blocks


def cast(story: str, lexicon: Lexicon = NONE, *, note: str = "", header: str = "") -> dict[str, Character]:
    """Name -> Character of everyone found; a known fandom is stated."""
    header = header or ("fandom: Harbour Lights" if lexicon.fandoms else "")
    draft = drafted(story, lexicon, note=note, header=header)
    for module in (mentions, fandoms, characters):
        module.run(draft)
    found = [c for c in draft.claims("characters") if c.confidence >= 0.5]
    for claim in found:
        assert claim.span is None or draft.text[claim.span.start : claim.span.end]
    return {c.value.name: c.value for c in found if isinstance(c.value, Character)}


TALE = """\
Marianne put the lamp down. "You're late, Zeke," she said.

"Blame the tide, Ginger." Zeke shook the rain off his hat. The Keeper never laughed, but she nearly did.

"Ottoline had the same excuse," said Marianne.
"""


def test_all_forms_of_a_known_person_stand_under_one_name(harbour: Lexicon) -> None:
    assert {"Marianne", "Ginger", "Keeper"} <= set(cast(TALE, harbour)["Marianne Thorne"].forms)


def test_who_speaks_is_on_stage_and_who_is_talked_of_is_mentioned(harbour: Lexicon) -> None:
    found = cast(TALE, harbour)
    assert {n: c.stage != "mentioned" for n, c in found.items()} == {
        "Marianne Thorne": True,
        "Ezekiel Barr": True,
        "Ottoline": False,
    }


def test_a_weak_alias_counts_for_nothing_without_its_fandom(harbour: Lexicon) -> None:
    story = '"Pass the salt, Ginger," said Walter. Walter sighed.'
    assert "Marianne Thorne" not in cast(story, harbour, header="fandom: Salt and Pepper")


def test_a_surname_belongs_to_whom_the_story_names_most(harbour: Lexicon) -> None:
    story = f"{TALE}\nJosiah coughed.\n\nIt was Marianne who spoke. They all looked at Thorne, who sighed."
    assert "Thorne" in cast(story, harbour)["Marianne Thorne"].forms


def test_another_first_name_on_a_known_surname_is_another_person(harbour: Lexicon) -> None:
    found = cast(f'{TALE}\nPhineas Thorne came in. "Evening," said Phineas Thorne.', harbour)
    assert "Phineas Thorne" in found


def test_a_title_of_the_other_gender_is_not_that_person(harbour: Lexicon) -> None:
    found = cast(f"{TALE}\nThey had always been afraid of Mr. Thorne.", harbour)
    assert "Josiah Thorne" in found


def test_people_that_no_list_knows_are_found_by_what_they_do() -> None:
    story = '"Hand me the chisel," said Ibrik. Oswin laughed. "Ask me nicely, Ibrik," said Oswin, and threw it.'
    assert cast(story).keys() == {"Ibrik", "Oswin"}


def test_first_name_surname_and_title_are_one_person() -> None:
    story = (
        "Hettie Carbuncle ran the shop. Everyone liked Hettie. "
        '"Good morning, Miss Carbuncle," said the postman. Hettie smiled and said, "Is it?"'
    )
    assert set(cast(story)["Hettie Carbuncle"].forms) == {"Hettie", "Miss Carbuncle"}


def test_mr_and_mrs_are_two() -> None:
    story = "Mr. Quibb sneezed. Mrs. Quibb handed Mr. Quibb a towel. Nobody pitied Mrs. Quibb."
    assert cast(story).keys() == {"Mr. Quibb", "Mrs. Quibb"}


def test_a_pet_form_joins_the_name_it_is_made_of() -> None:
    story = 'Thomas Fenwick yawned. "Bed, Tommy," said his aunt. Thomas Fenwick shook his head.'
    assert "Tommy" in cast(story)["Thomas Fenwick"].forms


def test_names_that_are_words_are_told_from_the_words() -> None:
    story = 'Hope had no hope of supper. "Will you eat?" said Hope. "I will," Will said. Will sat down beside Hope.'
    assert cast(story).keys() == {"Hope", "Will"}


@pytest.mark.parametrize(
    "nobody", ["London", "Tuesday", "God", "Sisyphus", "French", "Baker Street", "Google", "King Street Station"]
)
def test_places_days_and_gods_are_nobody(nobody: str) -> None:
    assert nobody not in cast(f"Ibrik said that he liked {nobody}. Ibrik thought of {nobody} often.")


def test_shouting_makes_no_names() -> None:
    assert cast('"WHERE IS MY CHEESE," Ibrik yelled. "I WANT MY CHEESE!"').keys() == {"Ibrik"}


def test_the_narrator_is_named_by_those_who_speak_to_her() -> None:
    story = (
        'I put the kettle on. I had been up since four. "Corisande," said Ibrik, "sit down." I sat. '
        '"You never listen, Corisande," he said. I never do. I drank my tea and I watched Ibrik fuss.'
    )
    assert cast(story)["Corisande"].stage == "main"


def test_a_beta_named_once_in_the_story_is_refused() -> None:
    draft = drafted("Ibrik waved. He had once read a book to Trixie. Ibrik said so.")
    for module in (mentions, fandoms, characters):
        module.run(draft)
    refused = [c for c in draft.claims("characters") if c.rule == "characters.refused.outsider"]
    assert [c.value.name for c in refused if isinstance(c.value, Character)] == ["Trixie"]
    assert all(c.confidence < 0.5 for c in refused)


def test_people_of_the_notes_are_no_characters(harbour: Lexicon) -> None:
    assert "Gwendolyn" not in cast(TALE, harbour, note="Thanks to Gwendolyn, who said Gwendolyn would wait.")


def test_speech_between_single_quotes_or_dashes_is_speech_too() -> None:
    single = "'Where is Ottokar?' said Ibrik.\n\n'Gone,' said Oswin.\n\n'Poor Ottokar,' said Ibrik."
    dashed = "—Where is Ottokar? —said Ibrik.\n\n—Gone —said Oswin.\n\n—They took Ottokar —said Ibrik."
    for story in (single, dashed):
        found = cast(story)
        assert {n for n, c in found.items() if c.stage != "mentioned"} == {"Ibrik", "Oswin"}


def test_a_story_without_capitals_finds_its_known_people(harbour: Lexicon) -> None:
    story = 'marianne put the lamp down. "you are late," she said to zeke.\n\nzeke shook his hat. marianne sighed.'
    assert cast(story, harbour, header="fandom: Harbour Lights").keys() == {"Marianne Thorne", "Ezekiel Barr"}


def test_declared_people_whom_the_story_never_names_are_listed() -> None:
    draft = drafted("Ibrik said hello. Ibrik sat down.")
    declared = (Evidence("characters", "Old Mother Quill (Harbour Lights)", None, "otw.tags", 0.99),)
    draft.document = Document(draft.document.source, draft.text, draft.document.blocks, declared)
    for module in (mentions, fandoms, characters):
        module.run(draft)
    assert "Old Mother Quill" in {c.value.name for c in draft.claims("characters") if isinstance(c.value, Character)}


def test_the_first_mention_is_the_evidence(harbour: Lexicon) -> None:
    draft = drafted(TALE, harbour, header="fandom: Harbour Lights")
    for module in (mentions, fandoms, characters):
        module.run(draft)
    quotes = {c.value.name: draft.quote(c.span) for c in draft.claims("characters") if c.span and c.confidence > 0.5}
    assert quotes == {"Marianne Thorne": "Marianne", "Ezekiel Barr": "Zeke", "Ottoline": "Ottoline"}


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="ABIMRSabdr .,'\"-—\n’“”ßÉ", max_size=300))
def test_any_text_is_read_without_an_error_and_quoted_where_it_stands(story: str) -> None:
    draft = drafted(story)
    for module in (mentions, fandoms, characters):
        module.run(draft)
    for claim in draft.claims("characters"):
        assert claim.span is not None
        assert 0 <= claim.span.start < claim.span.end <= len(draft.text)


def test_an_aunt_who_is_only_a_figure_of_speech_is_nobody() -> None:
    story = 'Ibrik sighed. "It is no vase from Great Aunt Edna," said Ibrik. Ibrik put the lid on.'
    assert cast(story).keys() == {"Ibrik"}


def test_a_surname_that_is_a_word_is_a_name_behind_mrs() -> None:
    story = 'Ibrik bowed. "Is it far?" asked Mrs. Long. Mrs. Long sat down, and Ibrik poured for Mrs. Long.'
    assert cast(story).keys() == {"Ibrik", "Mrs. Long"}


def test_a_general_is_not_the_lady_of_his_name() -> None:
    story = (
        "Mrs. Shaw smiled, and Ibrik sat beside Mrs. Shaw. Ibrik knew General Shaw, who lost his hat. "
        '"Sit down," said General Shaw. He was tired. "No," said Mrs. Shaw.'
    )
    assert cast(story).keys() == {"Ibrik", "Mrs. Shaw", "General Shaw"}


def test_a_couples_surname_alone_is_his_where_nothing_says_hers() -> None:
    story = (
        'Madame St. Aubert smiled. "Stay," said Monsieur St. Aubert to Madame St. Aubert. '
        "St. Aubert closed the door. Ibrik watched St. Aubert, and he sighed."
    )
    found = cast(story)
    assert found.keys() == {"Ibrik", "Madame St. Aubert", "Monsieur St. Aubert"}
    assert "St. Aubert" in found["Monsieur St. Aubert"].forms


def test_a_place_that_ends_like_a_surname_is_nobody() -> None:
    story = "Ibrik walked from Harrow Moss. Ibrik liked Harrow Moss. Ibrik met Kate Moss. Kate Moss laughed."
    assert cast(story).keys() == {"Ibrik", "Kate Moss"}


def test_the_aunt_of_a_pet_form_is_not_the_girl_of_the_full_name() -> None:
    story = 'Aunt Polly sighed. "Mary," said Aunt Polly, "sit." Mary sat down. "Yes," said Mary to Aunt Polly.'
    assert cast(story).keys() == {"Aunt Polly", "Mary"}
