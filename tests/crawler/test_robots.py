"""robots.txt is read as RFC 9309 has it, strictly where it is unclear; `noindex` counts where it is meant for us."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ficdex.crawler.robots import ALLOW_ALL, DENY_ALL, PARSED, Pattern, Rules, forbids_index, from_status, parse

HOST = "https://archive.example"


def rules(text: str | bytes, agent: str = "ficdex") -> Rules:
    return parse(text.encode() if isinstance(text, str) else text, agent)


def allowed(lines: str, path: str) -> bool:
    """Whether `lines`, said to everyone, allow the path."""
    return rules(f"User-agent: *\n{lines}").allows(HOST + path)


# Google's own cases


def test_every_case_of_googles_parser_is_decided_as_google_does(corpus: Path) -> None:
    cases = json.loads((corpus / "robots" / "google.json").read_text(encoding="utf-8"))
    assert len(cases) == 145
    differing = [
        (case["group"], case["agent"], case["url"][:80])
        for case in cases
        if parse(case["robots"].encode(case["robots_encoding"]), case["agent"]).allows(case["url"]) != case["allowed"]
    ]
    assert not differing  # no exceptions are needed


# Groups, RFC 9309 2.2.1


@pytest.mark.parametrize("named", ["ficdex", "FicDex", "FICDEX/1.0", "ficdex (archive) 2", "  ficdex  # that one"])
def test_a_group_is_ours_whatever_case_and_version_its_agent_has(named: str) -> None:
    assert not rules(f"User-agent: {named}\nDisallow: /\nUser-agent: *\nAllow: /").allows(f"{HOST}/a")


@pytest.mark.parametrize("named", ["ficdexer", "fic", "fic-dex", "ficdex-images", "the ficdex", ""])
def test_a_group_of_another_agent_is_not_ours(named: str) -> None:
    assert rules(f"User-agent: {named}\nDisallow: /").allows(f"{HOST}/a")


def test_our_own_group_replaces_the_one_for_everyone() -> None:
    found = rules("User-agent: *\nDisallow: /a\nUser-agent: ficdex\nDisallow: /b")
    assert found.allows(f"{HOST}/a")
    assert not found.allows(f"{HOST}/b")


def test_our_own_group_without_rules_still_replaces_it() -> None:
    assert rules("User-agent: ficdex\nDisallow:\n\nUser-agent: *\nDisallow: /").allows(f"{HOST}/a")


def test_groups_of_one_agent_are_one() -> None:
    found = rules("User-agent: ficdex\nDisallow: /a\nUser-agent: x\nDisallow: /b\nUser-agent: ficdex\nDisallow: /c")
    assert [found.allows(HOST + path) for path in ("/a", "/b", "/c")] == [False, True, False]


def test_agents_named_one_after_the_other_share_a_group() -> None:
    assert not rules("User-agent: ficdex\nUser-agent: other\nDisallow: /").allows(f"{HOST}/a")


@pytest.mark.parametrize(
    "between", ["Sitemap: https://a.example/s.xml", "Nonsense: 1", "Crawl-delay: 5", "no colon at all", "", "# remark"]
)
def test_what_is_no_rule_does_not_part_the_agents_of_a_group(between: str) -> None:
    assert not rules(f"User-agent: ficdex\n{between}\nUser-agent: other\nDisallow: /").allows(f"{HOST}/a")


def test_blank_lines_part_nothing() -> None:
    assert not rules("User-agent: ficdex\n\n\nDisallow: /a\n\n\nDisallow: /b").allows(f"{HOST}/b")


def test_rules_before_any_agent_are_for_nobody() -> None:
    assert rules("Disallow: /\nUser-agent: *\nAllow: /b").allows(f"{HOST}/a")


# Rules, RFC 9309 2.2.2


@pytest.mark.parametrize("lines", ["Disallow: /a\nAllow: /a/b", "Allow: /a/b\nDisallow: /a"])
def test_the_longest_match_decides_in_any_order(lines: str) -> None:
    assert not allowed(lines, "/a/c")
    assert allowed(lines, "/a/b/c")


@pytest.mark.parametrize("lines", ["Disallow: /a\nAllow: /a", "Allow: /a\nDisallow: /a"])
def test_allow_wins_among_equals_in_any_order(lines: str) -> None:
    assert allowed(lines, "/a/b")


@pytest.mark.parametrize("lines", ["", "Disallow:", "Disallow: # nothing", "Allow: /b"])
def test_what_no_rule_matches_is_allowed(lines: str) -> None:
    assert allowed(lines, "/a")


def test_paths_keep_their_case() -> None:
    assert allowed("Disallow: /Works", "/works")


def test_the_query_is_compared_too_and_the_fragment_is_not() -> None:
    assert not allowed("Disallow: /works?", "/works?page=2")
    assert allowed("Disallow: /works?", "/works#?page=2")
    assert not allowed("Disallow: /works$", "/works#part")


@pytest.mark.parametrize("url", ["", HOST, f"{HOST}?a", f"{HOST}#a", "//archive.example", "/", "?a"])
def test_an_empty_path_is_the_root(url: str) -> None:
    assert not rules("User-agent: *\nDisallow: /").allows(url)
    assert rules("User-agent: *\nDisallow: /a").allows(url)


def test_an_address_in_the_query_is_not_taken_for_the_authority() -> None:
    for url in ("/go?to=https://b.example/x", f"{HOST}/go?to=https://b.example/x"):
        assert not rules("User-agent: *\nDisallow: /go").allows(url)


@pytest.mark.parametrize("file", [rules("User-agent: *\nDisallow: /"), DENY_ALL])
def test_robots_txt_itself_is_always_allowed(file: Rules) -> None:
    assert file.allows(f"{HOST}/robots.txt")
    assert not file.allows(f"{HOST}/robots.txt.bak")
    assert not file.allows(f"{HOST}/a/robots.txt")


@pytest.mark.parametrize(
    ("rule", "path"),
    [
        ("/a/%62%61%7A", "/a/baz"),
        ("/a/baz", "/a/%62%61%7A"),
        ("/%7ejoe", "/~joe"),
        ("/a/ツ", "/a/%E3%83%84"),
        ("/a/%e3%83%84", "/a/ツ"),
        ("/a/%E3%83%84", "/a/%e3%83%84"),
        ("/a?b=http://c.example", "/a?b=http%3A%2F%2Fc.example"),
        ("/a%2fb", "/a/b"),
        ("/a b", "/a%20b"),
        ("/caf\udce9", "/caf%E9"),
    ],
)
def test_a_disallow_holds_for_every_spelling(rule: str, path: str) -> None:
    file = f"User-agent: *\nDisallow: {rule}".encode("utf-8", "surrogateescape")
    assert not parse(file, "ficdex").allows(HOST + path)


@pytest.mark.parametrize(("rule", "path"), [("/wiki?", "/wiki%3Fa"), ("/a%25b", "/a%b"), ("/%2562", "/b")])
def test_an_escape_of_a_reserved_character_is_another_character(rule: str, path: str) -> None:
    assert allowed(f"Disallow: {rule}", path)


@pytest.mark.parametrize(("rule", "path"), [("/a/ツ", "/a/%E3%83%84"), ("/a%2fb", "/a%2Fb"), ("/%7Ejoe", "/%7Ejoe")])
def test_an_allow_holds_for_the_spelling_that_google_takes(rule: str, path: str) -> None:
    assert allowed(f"Disallow: /\nAllow: {rule}", path)


@pytest.mark.parametrize(("rule", "path"), [("/%62az", "/baz"), ("/a/ツ", "/a/ツ"), ("/a%2Fb", "/a/b")])
def test_an_allow_holds_for_no_other(rule: str, path: str) -> None:
    assert not allowed(f"Disallow: /\nAllow: {rule}", path)


def test_a_longer_escape_makes_no_rule_weightier() -> None:
    assert not allowed("Disallow: /a/bc*\nAllow: /a/%62%63", "/a/%62%63/d")
    assert not allowed("Disallow: /a/%62*\nAllow: /a/bc", "/a/%62c")
    assert allowed("Disallow: /%7Ejoe\nAllow: /%7Ejoe", "/%7Ejoe")


def test_a_disallow_without_its_slash_is_meant_as_a_path_and_an_allow_is_not() -> None:
    assert not allowed("Disallow: private", "/private/a")
    assert not allowed("Disallow: /\nAllow: public", "/public")


def test_to_allow_the_index_of_a_folder_is_to_allow_the_folder() -> None:
    lines = "Disallow: /\nAllow: /a/index.html"
    assert [allowed(lines, path) for path in ("/a/", "/a/index.html", "/a/b", "/a")] == [True, True, False, False]


# Wildcards, RFC 9309 2.2.3


@pytest.mark.parametrize(
    ("rule", "path", "denied"),
    [
        ("/*.php", "/a/b.php?c", True),
        ("/*.php", "/php/", False),
        ("/*.php$", "/a.php", True),
        ("/*.php$", "/a.php?b", False),
        ("/*.php$", "/a.php/b.php", True),
        ("/a$", "/a", True),
        ("/a$", "/ab", False),
        ("/a*", "/a", True),
        ("/a*$", "/abc", True),
        ("/a**c", "/abc", True),
        ("*/print", "/works/1/print", True),
        ("*", "/", True),
        ("/a*b*c", "/axbxc", True),
        ("/a*b*c", "/axcxb", False),
        ("/ab*ab$", "/ab", False),
        ("/a*bb$", "/abbb", True),
        ("/a$b", "/a$bc", True),
        ("/a$b", "/a", False),
        ("/a-%2A.html", "/a-*.html", True),
        ("/a-%2A.html", "/a-b.html", False),
        ("/a-%24", "/a-$", True),
        ("/a-%24", "/a-", False),
        ("/tags/*s*", "/tags/A*s*B", True),
    ],
)
def test_a_star_is_anything_and_a_final_dollar_the_end(rule: str, path: str, denied: bool) -> None:
    assert allowed(f"Disallow: {rule}", path) is not denied


def test_an_allow_may_name_a_literal_star() -> None:
    assert allowed("Disallow: /\nAllow: /a-%2A.html", "/a-*.html")


@given(
    st.lists(st.sampled_from([b"", b"a", b"b", b"ab", b"aab"]), min_size=1, max_size=6), st.text("ab"), st.booleans()
)
@settings(max_examples=500, deadline=None)
def test_the_matcher_agrees_with_regular_expressions(pieces: list[bytes], path: str, anchored: bool) -> None:
    expression = b".*".join(pieces) + (rb"\Z" if anchored else b"")
    agrees = re.match(expression, path.encode()) is not None
    assert Pattern(tuple(pieces), anchored).matches(path.encode()) is agrees


class Watched(bytes):
    """A path that counts the octets which a search passed over, and the searches."""

    passed = searches = 0

    def find(self, sub: bytes, start: int = 0) -> int:  # type: ignore[override]
        found = super().find(sub, start)
        self.passed += (found if found >= 0 else len(self)) - start
        self.searches += 1
        return found


@pytest.mark.parametrize("ending", [b"", b"b", b"ba"])
@pytest.mark.parametrize("anchored", [True, False])
def test_the_matcher_passes_over_a_path_once_however_many_stars_there_are(ending: bytes, anchored: bool) -> None:
    path = Watched(b"/" + b"a" * 10_000)
    Pattern((b"/", *[b"a"] * 250_000, ending), anchored).matches(path)
    assert path.passed <= len(path)
    assert path.searches <= len(path) + 1


@pytest.mark.parametrize("ends", [b"\n", b"\ndisallow: /", b"b\ndisallow: ", b"$\nallow: *"])
def test_a_file_full_of_stars_is_decided(ends: bytes) -> None:
    line = b"*a" * 8_000 + ends
    file = b"user-agent: *\ndisallow: " + line * (PARSED // len(line))
    assert isinstance(parse(file, "ficdex").allows(f"{HOST}/{'a' * 10_000}"), bool)


# Lines, encodings, sizes


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n", "\n\r\n"])
def test_lines_end_in_any_way(end: str) -> None:
    found = rules(end.join(["User-agent: *", "Disallow: /a", "Disallow: /b", ""]))
    assert [found.allows(HOST + path) for path in ("/a", "/b", "/c")] == [False, False, True]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_encodings_do_not_hide_a_rule(encoding: str) -> None:
    file = "User-agent: *\n# déjà vu\nDisallow: /a\n".encode(encoding)
    assert not parse(file, "ficdex").allows(f"{HOST}/a")


def test_nuls_do_not_hide_a_rule() -> None:
    assert not rules(b"\0User-agent: *\n\0Dis\0allow: /\0a\0\n\0").allows(f"{HOST}/a")


@pytest.mark.parametrize(
    "line",
    ["disallow:/a", " \t DISALLOW \t : \t /a \t ", "disallow /a", "disallow\t/a", "Disallow: /a#b"]
    + [f"{typo}: /a" for typo in ("dissallow", "dissalow", "disalow", "diasllow", "disallaw")],
)
def test_loosely_written_rules_count(line: str) -> None:
    assert not allowed(line, "/a")


@pytest.mark.parametrize("line", ["useragent: ficdex", "user agent: ficdex", "User-Agent ficdex", "user-agent:ficdex"])
def test_loosely_written_agents_count(line: str) -> None:
    assert not rules(f"{line}\nDisallow: /").allows(f"{HOST}/a")


@pytest.mark.parametrize("line", ["please disallow /a", "disallow /a or not", "# Disallow: /a", "<p>Disallow: /a</p>"])
def test_a_sentence_is_no_rule(line: str) -> None:
    assert allowed(line, "/a")


def test_a_page_of_html_has_no_rules() -> None:
    page = b"<!DOCTYPE html>\n<html><head><title>Not found: 404</title></head>\n<body>User-agent: none</body></html>"
    assert parse(page, "ficdex") == ALLOW_ALL


def test_only_500_kib_are_read() -> None:
    head = b"User-agent: *\nDisallow: /a\n"
    filler = b"#" * (PARSED - len(head) - 1) + b"\n"
    found = parse(head + filler + b"Disallow: /b\n", "ficdex")
    assert [found.allows(HOST + path) for path in ("/a", "/b")] == [False, True]


def test_a_rule_that_the_limit_cuts_is_none() -> None:
    head, rule = b"User-agent: *\nDisallow: /\n", b"Allow: /public\n"
    filler = b"#" * (PARSED - len(head) - len(b"Allow: /pub") - 1) + b"\n"
    assert not parse(head + filler + rule, "ficdex").allows(f"{HOST}/pub")


def test_a_very_long_line_is_cut_as_google_cuts_it() -> None:
    long = "/a/" + "b" * 17_000
    assert not allowed(f"Disallow: {long}/c", f"{long}/d")
    assert not allowed(f"Disallow: {long}/c\nAllow: /a/b", f"{long}/d")


FRAGMENTS = (
    "User-agent: |useragent: ficdex|*|Allow: /|allow|Disallow: |disallow: /a|dissalow /|:| |#|\0|/|$|%|%41|%e3|"
    "a|?|é|Crawl-delay: |9|.5|Sitemap: |Content-Signal: |Content-Usage|=no|\n|\r\n|\r|\f|\u2028|\ufeff|\ud800|<p>"
).split("|")


def every_answer(found: Rules, url: str) -> None:
    assert found.allows(url) in (True, False)
    assert found.rule_for(url) is None or found.spelt
    assert found.crawl_delay is None or 0 <= found.crawl_delay < float("inf")
    assert found.allows(f"{HOST}/robots.txt")


@pytest.mark.slow
@given(st.binary(max_size=300), st.text(max_size=40))
@settings(max_examples=5_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_bytes_are_rules_and_any_text_a_url(file: bytes, url: str) -> None:  # budget: 15 s
    every_answer(parse(file, "ficdex"), url)


@pytest.mark.slow
@given(st.lists(st.sampled_from([*FRAGMENTS, *["\n"] * 5]), max_size=25), st.text("/a*$%?é41#.:", max_size=12))
@settings(max_examples=5_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_garbled_file_is_rules(file: list[str], path: str) -> None:  # budget: 15 s
    every_answer(parse("".join(file).encode("utf-8", "surrogatepass"), "ficdex"), f"{HOST}/{path}")


def test_a_url_that_is_none_is_decided_too() -> None:
    for url in ("http://[", "\ud800", "http://a:b@c:99999999/a", "javascript:alert(1)", "//", "://"):
        assert not rules("User-agent: *\nDisallow: /").allows(url)


# What is asked besides


@pytest.mark.parametrize(
    ("stated", "seconds"),
    [("3", 3.0), ("0.5", 0.5), (".5", 0.5), ("9999", 9999.0), ("0", 0.0), ("10 # please", 10.0)]
    + [(garbage, None) for garbage in ("", "ten", "-1", "nan", "inf", "1e3", "1_0", "5s", "0,5", "٣", "9" * 400)],
)
def test_a_delay_is_kept_as_stated_and_garbage_is_none(stated: str, seconds: float | None) -> None:
    assert rules(f"User-agent: *\nCrawl-delay: {stated}\nDisallow: /a").crawl_delay == seconds


def test_the_delay_is_that_of_our_group_and_the_longest_of_several() -> None:
    text = "User-agent: *\nCrawl-delay: 9\nDisallow: /a\nUser-agent: ficdex\nAllow: /\n"
    assert rules(text).crawl_delay is None
    assert rules(f"{text}Crawl-delay: 2\nCrawl-delay: 5\nCrawl-delay: 1").crawl_delay == 5.0


def test_sitemaps_are_for_everyone_wherever_they_stand() -> None:
    found = rules(
        "Sitemap: https://a.example/1\nUser-agent: x\nsite-map: https://a.example/2\nSITEMAP: https://a.example/1\n"
    )
    assert found.sitemaps == ("https://a.example/1", "https://a.example/2")


SIGNALS = "User-agent: *\nContent-Signal: search=yes, ai-train=no\nContent-Usage: /works train-ai=n\nDisallow: /a\n"


def test_signals_are_kept_as_stated() -> None:
    assert rules(SIGNALS).signals == "search=yes, ai-train=no; /works train-ai=n"
    assert rules("User-agent: *\nContent-Signal:\nAllow: /").signals is None


def test_signals_outside_of_any_group_are_for_everyone() -> None:
    assert rules("Content-Usage: train-ai=n\nUser-agent: *\nDisallow: /a").signals == "train-ai=n"


def test_signals_to_us_replace_those_to_everyone_and_those_to_others_are_not_ours() -> None:
    ours, theirs = "User-agent: ficdex\nContent-Signal: ai-train=yes\nAllow: /\n", "User-agent: x\nContent-Signal: no\n"
    assert rules(SIGNALS + ours + theirs).signals == "ai-train=yes"
    assert rules("User-agent: ficdex\nAllow: /\n" + SIGNALS).signals == "search=yes, ai-train=no; /works train-ai=n"


def test_signals_without_end_are_cut() -> None:
    assert len(rules("User-agent: *\n" + "Content-Signal: ai-train=no\n" * 10_000).signals or "") == 1_000


def test_the_deciding_line_is_given_for_the_log() -> None:
    found = rules("User-agent: *\nDisallow:  /a # private\nAllow: /a/b")
    assert found.rule_for(f"{HOST}/a") == "Disallow:  /a"
    assert found.rule_for(f"{HOST}/a/b") == "Allow: /a/b"
    assert found.rule_for(f"{HOST}/c") is None
    assert found.rule_for(f"{HOST}/robots.txt") is None
    assert "robots.txt" in (DENY_ALL.rule_for(f"{HOST}/a") or "")


# What an answer means, RFC 9309 2.3.1


@pytest.mark.parametrize("status", [200, 203, 206])
def test_an_answer_is_parsed(status: int) -> None:
    found = from_status(status, b"User-agent: *\nDisallow: /a", "ficdex")
    assert found is not None
    assert [found.allows(HOST + path) for path in ("/a", "/b")] == [False, True]


@pytest.mark.parametrize(
    ("status", "means"),
    [(404, ALLOW_ALL), (410, ALLOW_ALL), (400, ALLOW_ALL), (418, ALLOW_ALL), (401, DENY_ALL), (403, DENY_ALL)]
    + [(status, None) for status in (429, 500, 502, 503, 504, 599, 301, 302, 304, 100, 0, 999)],
)
def test_a_status_without_rules_has_a_meaning_whatever_the_body_says(status: int, means: Rules | None) -> None:
    assert from_status(status, b"User-agent: *\nAllow: /\nDisallow: /b", "ficdex") == means


def test_the_constants_allow_and_deny_all() -> None:
    assert ALLOW_ALL.allows(f"{HOST}/a?b")
    assert not DENY_ALL.allows(f"{HOST}/a?b")
    assert not DENY_ALL.allows(HOST)


# noindex


@pytest.mark.parametrize(
    "value",
    [
        "noindex",
        "NoIndex, nofollow",
        "nofollow,noindex",
        "none",
        "nofollow; noindex",
        "nofollow noindex",
        "ficdex: noindex",
        "FICDEX : NONE",
        "*: noindex",
        "robots: noindex",
        "googlebot: nofollow, ficdex: noindex",
        "unavailable_after: 25 Jun 2030 15:00:00 PST, noindex",
        "unavailable_after: Wed, 25-Jun-30 15:00:00 GMT, noindex",
        "unavailable_after: 2030-06-25T15:00:00, noindex",
        "max-snippet:-1, max-image-preview: large, noindex",
        "ficdex/1.0: noindex",
        "noindex: yes",
    ],
)
def test_noindex_for_all_or_for_us_forbids(value: str) -> None:
    assert forbids_index(["all", value], "ficdex")


@pytest.mark.parametrize(
    "value",
    [
        "",
        "all",
        "index, follow",
        "nofollow",
        "noindexing",
        "googlebot: noindex",
        "googlebot: nofollow, noindex",
        "Googlebot-News : none",
        "max-image-preview: none",
        "unavailable_after: 25 Jun 2030 15:00:00 PST",
        "ficdex: nofollow, otherbot: noindex",
        ":::, ;",
    ],
)
def test_anything_else_and_noindex_for_others_does_not(value: str) -> None:
    assert not forbids_index([value], "ficdex")


def test_each_value_begins_for_all_again() -> None:
    assert forbids_index(["googlebot: nofollow", "noindex"], "ficdex")
    assert not forbids_index([], "ficdex")


@given(st.lists(st.text() | st.text("ab :,;-*noindex"), max_size=3))
@settings(max_examples=200, deadline=None)
def test_any_value_is_decided(values: list[str]) -> None:
    assert forbids_index(values, "ficdex") in (True, False)
