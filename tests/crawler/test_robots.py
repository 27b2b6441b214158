"""robots.txt as RFC 9309 has it, and as Google's parser reads it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ficdex.crawler.robots import ALLOW_ALL, DENY_ALL, LARGEST, Rules, forbids_index, from_status, parse

CASES = Path(__file__).parents[3] / "shared" / "corpus" / "robots" / "google.json"


def rules(*lines: str) -> Rules:
    return parse("\n".join(lines).encode(), "ficdex")


def allowed(path: str, *lines: str) -> bool:
    return rules(*lines).allows(f"https://archive.test{path}")


@pytest.mark.skipif(not CASES.exists(), reason="the reference corpus is not here")
def test_every_case_of_googles_parser_is_read_as_google_reads_it() -> None:
    wrong = [
        case
        for case in json.loads(CASES.read_text(encoding="utf-8"))
        if parse(case["robots"].encode(case["robots_encoding"]), case["agent"]).allows(case["url"]) != case["allowed"]
    ]
    assert wrong == []


def test_the_longest_match_wins_and_of_equals_the_one_that_allows() -> None:
    lines = ("User-agent: *", "Disallow: /works", "Allow: /works/1", "Disallow: /a", "Allow: /a")
    assert not allowed("/works/2", *lines)
    assert allowed("/works/12", *lines)
    assert allowed("/a", *lines)


def test_what_no_rule_matches_is_allowed_and_so_is_robots_txt_itself() -> None:
    assert allowed("/", "User-agent: *", "Disallow: /x")
    assert allowed("/robots.txt", "User-agent: *", "Disallow: /")


def test_an_empty_disallow_forbids_nothing() -> None:
    assert allowed("/works", "User-agent: *", "Disallow:")


def test_our_own_group_binds_and_the_one_for_everybody_does_not_then() -> None:
    lines = ("User-agent: *", "Disallow: /", "", "User-agent: FicDex/2.0", "Disallow: /private")
    assert allowed("/works", *lines)
    assert not allowed("/private", *lines)


def test_groups_of_one_agent_are_one() -> None:
    lines = (
        "User-agent: ficdex",
        "Disallow: /a",
        "User-agent: other",
        "Disallow: /",
        "User-agent: ficdex",
        "Disallow: /b",
    )
    assert not allowed("/a", *lines)
    assert not allowed("/b", *lines)
    assert allowed("/c", *lines)


def test_a_line_that_is_unknown_parts_no_group() -> None:
    assert not allowed("/a", "User-agent: *", "Noindex: /x", "Crawl-delay: 3", "User-agent: other", "Disallow: /a")


def test_another_program_whose_name_begins_like_ours_is_not_us() -> None:
    assert allowed("/", "User-agent: ficdexer", "Disallow: /")


@pytest.mark.parametrize(
    ("pattern", "path", "matches"),
    [
        ("/*.php", "/index.php", True), ("/*.php", "/index.php?x=1", True), ("/*.php$", "/index.php?x=1", False),
        ("/*.php$", "/a/index.php", True), ("/fish*", "/fish.html", True), ("/fish$", "/fish/", False),
        ("/a*b*c", "/a-b-c-d", True), ("/a*b*c$", "/a-b-c-b-c", True), ("/a*c$", "/abcd", False), ("*", "/x", True),
        ("/a*a$", "/a", False), ("/works?", "/works?page=2", True), ("/works?", "/works/1", False), ("$", "/", False),
    ],
)  # fmt: skip
def test_a_star_stands_for_anything_and_a_dollar_for_the_end(pattern: str, path: str, matches: bool) -> None:
    assert allowed(path, "User-agent: *", f"Disallow: {pattern}") != matches


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("/%7ejoe/", "/~joe/"),
        ("/~joe/", "/%7Ejoe/"),
        ("/caf\u00e9", "/caf%C3%A9"),
        ("/a%3cd", "/a%3Cd"),
        ("/b%61r", "/bar"),
    ],
)
def test_a_path_is_denied_in_whatever_way_it_is_escaped(pattern: str, path: str) -> None:
    assert not allowed(path, "User-agent: *", f"Disallow: {pattern}")


def test_an_escaped_slash_is_no_slash() -> None:
    assert allowed("/a/b", "User-agent: *", "Disallow: /a%2Fb")


def test_an_allowed_index_page_allows_its_folder() -> None:
    assert allowed("/fic/", "User-agent: *", "Disallow: /", "Allow: /fic/index.html")
    assert not allowed("/fic/1", "User-agent: *", "Disallow: /", "Allow: /fic/index.html")


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
def test_lines_end_as_they_like(end: str) -> None:
    assert not parse(f"User-agent: *{end}Disallow: /a{end}".encode(), "ficdex").allows("https://archive.test/a")


@pytest.mark.parametrize(
    "line", ["useragent: *", "User agent: *", "user-agent *", "USER-AGENT:*", "\ufeffUser-agent: *"]
)
def test_agent_lines_are_read_with_their_typing_errors(line: str) -> None:
    assert not allowed("/a", line, "Dissallow: /a # no")


@pytest.mark.parametrize(
    ("stated", "seconds"), [("3", 3.0), ("0.5", 0.5), ("9999", 9999.0), ("soon", None), ("-1", None)]
)
def test_crawl_delay_is_what_our_group_states(stated: str, seconds: float | None) -> None:
    assert rules("User-agent: *", f"Crawl-delay: {stated}", "Disallow: /x").crawl_delay == seconds
    assert rules("User-agent: other", f"Crawl-delay: {stated}", "Disallow: /x").crawl_delay is None


def test_sitemaps_stand_outside_of_groups() -> None:
    found = rules("Sitemap: https://archive.test/a.xml", "User-agent: other", "Disallow: /", "sitemap: /b.xml")
    assert found.sitemaps == ("https://archive.test/a.xml", "/b.xml")


def test_what_is_said_on_the_use_by_ai_is_kept_as_stated() -> None:
    found = rules("User-agent: *", "Content-Signal: search=yes, ai-train=no", "Content-Usage: train-ai=n", "Allow: /")
    assert found.signals == "search=yes, ai-train=no; train-ai=n"


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (401, DENY_ALL),
        (403, DENY_ALL),
        (404, ALLOW_ALL),
        (410, ALLOW_ALL),
        (400, ALLOW_ALL),
        (429, None),
        (500, None),
        (503, None),
    ],
)
def test_a_status_says_whether_anything_may_be_asked(status: int, expected: Rules | None) -> None:
    assert from_status(status, b"User-agent: *\nDisallow: /", "ficdex") == expected


def test_the_rule_that_decides_can_be_named() -> None:
    assert str(rules("User-agent: *", "Disallow: /a").rule_for("https://archive.test/ab")) == "Disallow: /a"


def test_what_stands_behind_500_kib_does_not_count() -> None:
    data = b"User-agent: *\n" + b"#\n" * (LARGEST // 2) + b"Disallow: /a\n"
    assert parse(data, "ficdex").allows("https://archive.test/a")


def test_patterns_full_of_stars_are_searched_once_a_piece() -> None:
    """Anything that tries every way to match would not end."""
    lines = ["User-agent: *", *(f"Disallow: /{'a*' * 400}{n}b$" for n in range(400))]
    assert allowed("/" + "a" * 10_000, *lines)


@pytest.mark.parametrize(
    ("values", "forbids"),
    [
        (["noindex"], True), (["NOINDEX, nofollow"], True), (["none"], True), (["nofollow"], False), ([""], False), ([], False),
        (["googlebot: noindex"], False), (["ficdex: noindex"], True), (["googlebot: nofollow, ficdex: noindex"], True),
        (["unavailable_after: 25 Jun 2010 15:00:00 PST, noindex"], True), (["index", "noindex"], True),
        (["googlebot: nofollow, noindex"], False), (["max-snippet: 20, none"], True),
    ],
)  # fmt: skip
def test_noindex_counts_when_it_is_said_to_all_or_to_us(values: list[str], forbids: bool) -> None:
    assert forbids_index(values, "ficdex") is forbids


GARBAGE = st.lists(
    st.one_of(
        st.binary(max_size=60),
        st.sampled_from(
            [b"User-agent: *", b"User-agent: ficdex", b"Disallow: /", b"Allow:", b"Crawl-delay: 1e99", b"\xff\xfe"]
        ),
        st.from_regex(rb"(?:user-agent|disallow|allow|sitemap):? ?[*$%/a-f0-9?]{0,20}", fullmatch=True),
    )
).map(b"\n".join)


@pytest.mark.slow
@settings(max_examples=10_000, deadline=None)
@given(GARBAGE, st.text(max_size=30))
def test_ten_thousand_files_of_garbage_are_read(data: bytes, path: str) -> None:
    """Budget: 40 s."""
    found = parse(data, "ficdex")
    assert found.allows(f"https://archive.test/{path}") in (True, False)
    assert found.allows(path) in (True, False)


@given(st.lists(st.text(max_size=40)))
def test_no_robots_word_raises(values: list[str]) -> None:
    assert forbids_index(values, "ficdex") in (True, False)
