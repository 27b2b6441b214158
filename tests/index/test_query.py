"""What a person types, and the tree it becomes."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ficdex.errors import QueryError
from ficdex.index.query import parse
from ficdex.index.query_tree import And, Exists, Not, Or, Pair, Range, Words, leaves, terms
from ficdex.index.query_values import bounds

EXAMPLES = {
    "willow": Words("willow"),
    "willow tara": And((Words("willow"), Words("tara"))),
    "willow AND tara": And((Words("willow"), Words("tara"))),
    "willow && tara": And((Words("willow"), Words("tara"))),
    '"two words"': Words("two words", None, "phrase"),
    '"two words"~3': Words("two words", None, "phrase", 4),
    "“two words”": Words("two words", None, "phrase"),
    "beta:trisha": Words("trisha", "betas", role="beta"),
    "BETA: trisha": Words("trisha", "betas", role="beta"),
    "credit:trisha": Words("trisha", "betas"),
    "brit-picker:tom": Words("tom", "betas", role="brit-picker"),
    "Brit_Pickers:tom": Words("tom", "betas", role="brit-picker"),
    "-brit-picker:tom": Not(Words("tom", "betas", role="brit-picker")),
    "brit-picker:*": Exists("betas", "brit-picker"),
    "on-stage:tara": Words("tara", "characters", role="on-stage"),
    "mentioned:tara": Words("tara", "characters", role="mentioned"),
    'main:="Tara Maclay"': Words("Tara Maclay", "characters", "exact", role="main"),
    "relationship:spike": Pair((("spike",),)),
    "ship:spike/willow": Pair((("spike",), ("willow",))),
    'pairing:"Spike x Willow"': Pair((("Spike",), ("Willow",))),
    'ship:"spike & willow"': Pair((("spike",), ("willow",))),
    'ship:="Spike/Tara Maclay"': Pair((("Spike",), ("Tara Maclay",)), whole=True),
    "freeform:fluff": Words("fluff", "tags"),
    "creators:joan": Words("joan", "authors"),
    "crossover:yes": Exists("crossover"),
    "crossovers:No": Not(Exists("crossover")),
    "status:complete": Words("complete", "status", "phrase"),
    "status:wip": Words("in-progress", "status", "phrase"),
    'status:"In Progress"': Words("in-progress", "status", "phrase"),
    "complete:no": Words("in-progress", "status", "phrase"),
    "-status:wip*": Not(Words("wip", "status", "prefix")),
    "w?llow": Words("w?llow", None, "wildcard"),
    "title:m*th": Words("m*th", "title", "wildcard"),
    "*wood*": Words("*wood*", None, "wildcard"),
    "who?": Words("who?"),
    "*": Exists("id"),
    "added:2024": Range("added", 20240000, 20249999),
    "beta:trisah~": Words("trisah", "betas", "fuzzy", 1, "beta"),
    'note:"thank you"': Words("thank you", "notes", "phrase"),
    "text:kettle": Words("kettle", "text"),
    "a OR b": Or((Words("a"), Words("b"))),
    "a || b": Or((Words("a"), Words("b"))),
    "a b OR c": Or((And((Words("a"), Words("b"))), Words("c"))),
    "a (b OR c)": And((Words("a"), Or((Words("b"), Words("c"))))),
    "-a": Not(Words("a")),
    "NOT a b": And((Not(Words("a")), Words("b"))),
    "-beta:x": Not(Words("x", "betas", role="beta")),
    "-(a b)": Not(And((Words("a"), Words("b")))),
    "brit-picker": Words("brit-picker"),
    "refrig*": Words("refrig", None, "prefix"),
    "trisah~": Words("trisah", None, "fuzzy", 1),
    "author:trisah~2": Words("trisah", "authors", "fuzzy", 2),
    'character:="Dawn Summers"': Words("Dawn Summers", "characters", "exact"),
    "author:=joan": Words("joan", "authors", "exact"),
    "character:(a -b)": And((Words("a", "characters"), Not(Words("b", "characters")))),
    "beta:*": Exists("betas", "beta"),
    "-beta:*": Not(Exists("betas", "beta")),
    "words:5000": Range("words", 5000, 5000),
    "words:>10k": Range("words", 10_001, None),
    "words:>= 1,000": Range("words", 1000, None),
    "words:<1.5k": Range("words", None, 1499),
    "words:1000..5000": Range("words", 1000, 5000),
    "words:1000-5000": Range("words", 1000, 5000),
    "chapters:..3": Range("chapters", None, 3),
    "published:2003": Range("published", 20030000, 20039999),
    "published:2003-05": Range("published", 20030500, 20030599),
    "published:2002-11..2003-05": Range("published", 20021100, 20030599),
    "updated:>2005-03": Range("updated", 20050400, None),
    "updated:<2005-03-07": Range("updated", None, 20050306),
    "Star Trek: Voyager": And((Words("Star"), Words("Trek:"), Words("Voyager"))),
    "https://example.org/s/1": Words("https://example.org/s/1", "url", "phrase"),
    "willow & tara": And((Words("willow"), Words("tara"))),
}


@pytest.mark.parametrize("query", EXAMPLES)
def test_each_form_of_the_language_has_its_tree(query: str) -> None:
    assert parse(query) == EXAMPLES[query]


@pytest.mark.parametrize(
    ("query", "position", "says"),
    [
        ("", 0, "nothing to search for"),
        ("!!!", 0, "nothing to search for"),
        ("betta:trisha", 0, "did you mean beta"),
        ("xyzzy:1", 0, "no field 'xyzzy'"),
        ('a "b', 2, "not closed"),
        ("a (b", 2, "not closed"),
        ("a ) b", 2, "without its"),
        ("a OR", 2, "both sides"),
        ("AND a", 0, "both sides"),
        ("a NOT", 2, "behind it"),
        ("title:", 6, "wants a value"),
        ("words:many", 6, "no number"),
        ("published:May", 10, "no date"),
        ("published:2003-13", 10, "no date"),
        ("words:..", 6, "one side"),
        ("title:!!!", 6, "no word"),
        ("title:\uff9e*", 6, "no word"),
        ("\uff9e* ", 0, "nothing to search for"),
        ('"a b"~20', 0, "19 words apart"),
        ("brit-piker:x", 0, "did you mean brit-picker"),
        ("crossover:maybe", 10, "yes or no"),
        ("status:abandoned", 7, "complete or in-progress"),
        ("updated:<6 moons", 8, "<6 months"),
        ("ship:a/b/c/d/e/f/g", 5, "6 people"),
        ("a @none", 2, "no search is saved as 'none'"),
        ("(" * 100, 40, "nest"),
        ("a " * 500, 400, "200 terms"),
        ("a" * 5000, 0, "4000 characters"),
    ],
)
def test_a_wrong_query_says_where_and_what_would_be_right(query: str, position: int, says: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(query)
    assert (caught.value.position, says in str(caught.value)) == (position, True), str(caught.value)


def test_the_words_that_hits_may_show_are_those_that_are_not_barred() -> None:
    assert [w.text for w in terms(parse("a -b (c OR d) words:>5"))] == ["a", "c", "d"]


PIECES = st.sampled_from([
    "a", "-", "(", ")", '"', ":", "*", "~", "=", "..", "OR ", "AND ", "NOT ", "||", "&&", " ", "title:", "words:",
    "published:", ">", "<=", "10k", "2003-05", "x:", "é", "’", "魔", "\x00", "http://",
])  # fmt: skip


@given(st.one_of(st.text(max_size=80), st.lists(PIECES, max_size=30).map("".join)))
def test_nothing_that_is_typed_raises_anything_but_a_query_error(query: str) -> None:
    position = 0
    try:
        parse(query)
    except QueryError as error:
        position = error.position
    assert 0 <= position <= len(query)


@pytest.mark.parametrize(
    ("value", "range_"),
    {
        "<6 months": (20250115, None),
        "< 6 months": (20250115, None),
        "6 months ago": (20250115, None),
        ">1 year": (None, 20240715),
        "<2 weeks": (20250701, None),
        "1..2 years": (20230715, 20240715),
        "1-2 weeks": (20250701, 20250708),
        "<99999 years": (10115, None),
    }.items(),
)
def test_ages_count_back_from_today(value: str, range_: tuple[int | None, int | None]) -> None:
    assert bounds("updated", value, date(2025, 7, 15)) == range_


def test_an_age_is_written_with_blanks_and_without_and_ends_where_it_ends() -> None:
    pieces = [parse(q) for q in ("updated:<6 months", "updated:< 6 months ago", "updated:<6months")]
    assert pieces == [pieces[0]] * 3
    assert parse("updated:<6 months ago willow") == And((pieces[0], Words("willow")))


def test_words_say_where_they_stand() -> None:
    query = 'a beta:"b c" (d* OR ship:e)'
    node = parse(query)
    assert isinstance(node, And)
    assert [query[slice(*w.at)] for w in leaves(node)] == ["a", '"b c"', "d*", "e"]
