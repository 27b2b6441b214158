"""URLs of archives that run the OTW's engine: one name for each work and listing."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ficdex.crawler.sites import Target
from ficdex.crawler.sites.otw import SITE

AO3 = "https://archiveofourown.org"


def target(url: str) -> Target | None:
    return SITE.target(urlsplit(url))


@pytest.mark.parametrize(
    "url",
    [
        f"{AO3}/works/12",
        f"{AO3}/works/12/",
        f"{AO3}/works/0012",
        f"{AO3}/works/12/chapters/34",
        f"{AO3}/works/12/chapters/34?view_adult=true#comments",
        f"{AO3}/works/12?view_full_work=true&view_adult=true",
        f"{AO3}/works/12?show_comments=true",
        f"{AO3}/collections/yule/works/12",
        "http://www.archiveofourown.org:80/works/12",
        "https://ArchiveOfOurOwn.org./works/12",
        "http://insecure.archiveofourown.org/works/12",
        "https://ao3.org/works/12",
    ],
)
def test_a_work_has_one_name_and_is_asked_for_whole(url: str) -> None:
    assert target(url) == Target(f"{AO3}/works/12", "work", f"{AO3}/works/12?view_full_work=true")


@pytest.mark.parametrize(
    "host", ["squidgeworld.org", "adastrafanfic.com", "superlove.sayitditto.net", "cfaarchive.org"]
)
def test_every_archive_of_the_engine_has_these_rules(host: str) -> None:
    found = target(f"http://www.{host}/works/12/chapters/3")
    assert found == Target(f"https://{host}/works/12", "work", f"https://{host}/works/12?view_full_work=true")
    assert host in SITE.hosts


@pytest.mark.parametrize(
    ("path", "canon"),
    [
        ("/tags/T/works", "/tags/T/works"),
        ("/tags/T/works/?page=1", "/tags/T/works"),
        ("/tags/T/works?utf8=x&page=03&commit=Sort", "/tags/T/works?page=3"),
        ("/tags/A%20T:%20%c3%9c%28x%29/works", "/tags/A%20T:%20%C3%9C(x)/works"),
        ("/tags/A*s*B/bookmarks", "/tags/A*s*B/bookmarks"),
        ("/users/ann/works?page=2&fandom_id=7", "/users/ann/works?fandom_id=7&page=2"),
        ("/users/ann/pseuds/Annie/works", "/users/ann/pseuds/Annie/works"),
        ("/users/ann/bookmarks?page=x", "/users/ann/bookmarks"),
        ("/series/7?page=2", "/series/7?page=2"),
        ("/collections/yule/works", "/collections/yule/works"),
        ("/collections/yule/works/12/navigate", "/works/12/navigate"),
        ("/works/12/navigate?view_adult=true", "/works/12/navigate"),
        ("/works", "/works"),
    ],
)
def test_a_listing_keeps_what_chooses_its_works_in_one_order(path: str, canon: str) -> None:
    assert target(AO3 + path) == Target(AO3 + canon, "listing")


@pytest.mark.parametrize(
    "path",
    [
        "/works?tag_id=T&page=2",
        "/works/search?work_search%5Bquery%5D=x",
        "/downloads/12/Salt.html?updated_at=1",
        "/works/12/bookmarks",
        "/works/12/comments/34",
        "/works/new",
        "/works/0",
        "/chapters/34",
        "/tags/T",
        "/users/ann",
        "/",
    ],
)
def test_other_paths_keep_their_form_so_that_what_is_denied_stays_denied(path: str) -> None:
    assert target(f"http://www.archiveofourown.org{path}") == Target(AO3 + path)


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/works/12",
        "https://archiveofourown.org.example/works/12",
        "https://archiveofourown.org@example.org/works/12",
        "https://user@archiveofourown.org/works/12",
        "https://archiveofourown.org:8443/works/12",
        "https://archiveofourown.org:x/works/12",
        "ftp://archiveofourown.org/works/12",
        "/works/12",
    ],
)
def test_other_hosts_are_none_of_ours(url: str) -> None:
    assert target(url) is None


@given(st.text(max_size=40), st.text(max_size=40))
def test_whatever_the_path_its_name_is_its_own_name(path: str, query: str) -> None:
    try:
        url = urlsplit(f"{AO3}/{path}?{query}")
    except ValueError:
        return
    if found := SITE.target(url):
        again = target(found.canon)
        assert again is not None
        assert again.canon == found.canon
