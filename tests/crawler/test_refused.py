"""Sites that are not crawled live are named with the reason and the way in."""

from __future__ import annotations

from pathlib import Path

import pytest

from ficdex.crawler import refused
from ficdex.crawler.refused import refusal
from ficdex.errors import DataError


@pytest.mark.parametrize(
    "host",
    ["fanfiction.net", "www.fanfiction.net", "m.fanfiction.net:8080", "somebody.livejournal.com", "a.dreamwidth.org",
     "forums.spacebattles.com", "forum.questionablequesting.com", "blog.tumblr.com", "www.royalroad.com"],
)  # fmt: skip
def test_a_site_that_does_not_want_programs_is_refused_with_its_subdomains(host: str) -> None:
    assert "ficdex import" in (refusal(host) or "")


@pytest.mark.parametrize(
    "host", ["archiveofourown.org", "notfanfiction.net", "spacebattles.com", "net", "127.0.0.1:81"]
)
def test_other_hosts_may_be_asked(host: str) -> None:
    assert refusal(host) is None


@pytest.mark.parametrize(
    "text", ["", "[", 'way_in = "x"', 'way_in = "x"\nsite = []', 'way_in = "x"\n[[site]]\nhosts = ["a.example"]']
)
def test_a_list_that_is_broken_is_an_error_that_names_it(tmp_path: Path, monkeypatch, text: str) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "refused_sites.toml"
    path.write_text(text)
    monkeypatch.setattr(refused, "FILE", path)
    with pytest.raises(DataError, match=r"refused_sites\.toml"):
        refusal("a.example")
