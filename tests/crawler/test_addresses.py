"""A URL has one form; what cannot be crawled is refused in plain words; traps are seen from the URL alone."""

from __future__ import annotations

from urllib.parse import SplitResult

import httpx
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ficdex.crawler import addresses
from ficdex.crawler.addresses import authority, canonical, domains, resolve, robots_url, trap
from ficdex.crawler.sites import Site, Target
from ficdex.errors import AddressError

PIECES = st.sampled_from(
    ["a", "..", ".", "/", "//", "%2e", "%2E%2e", "%", "%4", "%41", "%%41", "%25", "ü", " ", "?", "&", "=", ";", "#",
     "\\", "utm_source=x", "PHPSESSID=1", ";jsessionid=2", "s=" + "0af9" * 8, "sid=12", "+", "[", "|", "@", ":", "日本"]
)  # fmt: skip
HOSTS = st.sampled_from(
    ["h.example", "H.EXAMPLE.", "bücher.example", "127.0.0.1", "[::1]", "h.example:0443", "_a-.b_c.example"]
)
URLS = st.builds(
    lambda scheme, host, rest: f"{scheme}://{host}/{''.join(rest)}",
    st.sampled_from(["http", "HTTPS"]), HOSTS, st.lists(PIECES, max_size=12),
)  # fmt: skip


@pytest.mark.parametrize(
    ("url", "form"),
    [
        ("HTTP://Fic.Example", "http://fic.example/"),
        ("http://fic.example:80/a", "http://fic.example/a"),
        ("https://fic.example:443/a", "https://fic.example/a"),
        ("https://fic.example:8443/a", "https://fic.example:8443/a"),
        ("http://fic.example:/a", "http://fic.example/a"),
        ("http://fic.example./a", "http://fic.example/a"),
        ("  http://fic.example/a\n", "http://fic.example/a"),
        ("http://bücher.example/", "http://xn--bcher-kva.example/"),
        ("http://XN--BCHER-KVA.example/", "http://xn--bcher-kva.example/"),
        ("http://foo_bar.fic.example/", "http://foo_bar.fic.example/"),
        ("http://[0:0::1]:8080/", "http://[::1]:8080/"),
        ("http://fic.example/a/../b/./c/..", "http://fic.example/b/"),
        ("http://fic.example/../../a", "http://fic.example/a"),
        ("http://fic.example/a/%2e%2E/b", "http://fic.example/b"),
        ("http://fic.example/%7ejo/%c3%bc", "http://fic.example/~jo/%C3%BC"),
        ("http://fic.example/a b/ü", "http://fic.example/a%20b/%C3%BC"),
        ("http://fic.example/a%2Fb", "http://fic.example/a%2Fb"),
        ("http://fic.example/100%", "http://fic.example/100%25"),
        ("http://fic.example/a//b", "http://fic.example/a//b"),
        ("http://fic.example\\tales\\one.htm?q=a\\b", "http://fic.example/tales/one.htm?q=a%5Cb"),
        ("http://fic.example/a#chapter-2", "http://fic.example/a"),
        ("http://fic.example/a?", "http://fic.example/a"),
        ("http://fic.example/a?b=1&a=2&b=1&c", "http://fic.example/a?b=1&a=2&b=1&c"),
        ("http://fic.example/a?x=a b&y=a+b&z[]=1", "http://fic.example/a?x=a%20b&y=a+b&z%5B%5D=1"),
    ],
)  # fmt: skip
def test_a_url_has_one_form(url: str, form: str) -> None:
    assert canonical(url) == form


@pytest.mark.parametrize(
    ("url", "form"),
    [
        ("/b?PHPSESSID=0af9&sid=12&chapter=3", "/b?sid=12&chapter=3"),
        ("/b?sid=" + "0aF9" * 8 + "&t=4", "/b?t=4"),
        ("/b?s=" + "0af9" * 8, "/b"),
        ("/b?s=moon", "/b?s=moon"),
        ("/b;jsessionid=0A.node1?x=1", "/b?x=1"),
        ("/b;v=2;JSESSIONID=0A/c", "/b;v=2/c"),
        ("/b?utm_source=feed&UTM_Medium=x&id=7&fbclid=Iw", "/b?id=7"),
        ("/b?aspsessionidqwerty=x&id=7", "/b?id=7"),
        ("/b;/c;", "/b/c"),
        ("/sessionid/phpsessid;x", "/sessionid/phpsessid;x"),
    ],
)
def test_what_names_the_visit_is_no_part_of_it(url: str, form: str) -> None:
    assert canonical(url, "http://fic.example/a") == f"http://fic.example{form}"


@pytest.mark.parametrize(
    ("url", "form"),
    [
        ("two.html", "http://fic.example/tales/two.html"),
        ("../", "http://fic.example/"),
        ("?page=2", "http://fic.example/tales/one.html?page=2"),
        ("#top", "http://fic.example/tales/one.html?page=1"),
        ("//other.example/x", "http://other.example/x"),
        ("..\\art\\1.htm", "http://fic.example/art/1.htm"),
    ],
)
def test_a_relative_url_starts_from_its_page(url: str, form: str) -> None:
    assert canonical(url, "http://fic.example/tales/one.html?page=1") == form


@pytest.mark.parametrize(
    ("url", "word"),
    [
        ("ftp://fic.example/", "not ftp:"),
        ("javascript:alert(1)", "not javascript:"),
        ("mailto:jo@fic.example", "not mailto:"),
        ("file:///etc/passwd", "not file:"),
        ("fic.example/a", "https:// in front"),
        ("", "https:// in front"),
        ("http:///a", "no host"),
        ("https:fic.example", "no host"),
        ("http://:80/", "no host"),
        ("http://jo:secret@fic.example/", "before the @"),
        ("http://fic.example:0/", "no port"),
        ("http://fic.example:65536/", "no port"),
        ("http://fic.example:+80/", "no port"),
        ("http://fic.example:８０/", "no port"),
        ("http://fic..example/", "no host name"),
        ("http://fi c.example/", "no host name"),
        ("http://fic%2eexample/", "no host name"),
        ("http://" + "a" * 64 + ".example/", "no host name"),
        ("http://" + "a." * 130 + "example/", "no host name"),
        ("http://" + "ü" * 100_000 + "/", "no host name"),
        ("http://xn--/", "no host name"),
        ("http://2130706433/", "no host name"),
        ("http://0x7f.1/", "no host name"),
        ("http://0177.0.0.1/", "no host name"),
        ("http://1.2.3.4.5/", "no host name"),
        ("http://[::1/", "typing error"),
        ("http://[fe80::1%25eth0]/", "no host name"),
        ("http://fic.example/a\r\nHost: x", "control characters"),
        ("http://fic.example/\ud800", "control characters"),
        ("http://fic.example/" + "a" * 2_000, "longer than 2,000"),
        ("http://fic.example/" + "ü" * 400, "longer than 2,000"),
    ],
)  # fmt: skip
def test_what_cannot_be_crawled_is_refused_in_plain_words(url: str, word: str) -> None:
    with pytest.raises(AddressError) as refused:
        canonical(url)
    assert word in refused.value.reason
    assert len(str(refused.value)) < 400


@given(URLS)
@example("http://h.example/a;;b;")
@example("http://h.example/..;jsessionid=1/b")
@example("http://h.example/a;x;jsessionid=1/%2e%2e;jsessionid=2/b")
@settings(deadline=None)
def test_the_form_of_a_form_is_itself(url: str) -> None:
    form = canonical(url)
    assert canonical(form) == form
    assert canonical(form, "http://other.example/x") == form


@given(st.text(max_size=60), st.sampled_from(["", "http://h.example/a/b?c"]))
@settings(deadline=None)
def test_any_text_is_a_url_or_refused(text: str, base: str) -> None:
    for url in (text, f"http://{text}", f"http://h.example/{text}"):
        try:
            form = canonical(url, base)
        except AddressError:
            continue
        assert form.isascii()
        assert canonical(form) == form


@given(URLS)
@settings(deadline=None)
def test_what_was_checked_is_what_is_asked_for(url: str) -> None:
    form = canonical(url)
    sent = httpx.URL(form)
    assert str(sent) == form
    assert sent.netloc.decode() == authority(form)


@pytest.mark.parametrize(
    ("url", "slot"),
    [
        ("http://fic.example/a", "fic.example"),
        ("https://fic.example/b", "fic.example"),
        ("http://fic.example:8080/a", "fic.example:8080"),
        ("https://[::1]:81/", "[::1]:81"),
    ],
)
def test_a_host_is_one_slot_whatever_the_scheme(url: str, slot: str) -> None:
    assert authority(url) == slot


def test_robots_txt_lies_at_the_root_of_scheme_host_and_port() -> None:
    assert robots_url("https://fic.example:81/a/b?c") == "https://fic.example:81/robots.txt"


def test_a_host_is_part_of_the_domains_above_it() -> None:
    assert list(domains("a.fic.example:81")) == ["a.fic.example:81", "a.fic.example", "fic.example", "example"]


@pytest.mark.parametrize(
    ("path", "word"),
    [
        ("/x" + "/y%d" * 13 % tuple(range(13)), "deep"),
        ("/a/a/a", "'a' 3 times"),
        ("/x/y/x/y/x/y", "'x' 3 times"),
        ("/fic/art/fic/index/fic", "'fic' 3 times"),
        ("/p?" + "&".join(f"a{n}=1" for n in range(13)), "parameters"),
        ("/login?to=%2Flogin%3Fto%3D%252Flogin%253Fto%253D%25252Flogin", "one within the other"),
    ],
)
def test_a_trap_is_seen_from_its_url(path: str, word: str) -> None:
    assert word in (trap(canonical(path, "http://fic.example/")) or "")


@pytest.mark.parametrize(
    "path",
    [
        "/collections/yuletide/works/12/chapters/34",
        "/2011/11/11/11.html",
        "/s/1/1/1",
        "/a/b/a/b",
        "/viewstory.php?sid=12&action=printable&textsize=0&chapter=all",
        "/login?return_to=%2Ftags%2FA%252FB",
    ],
)
def test_an_archives_own_urls_are_no_traps(path: str) -> None:
    assert trap(canonical(path, "http://fic.example/")) is None


def test_a_site_says_what_its_urls_mean(monkeypatch: pytest.MonkeyPatch) -> None:
    def target(url: SplitResult) -> Target | None:
        return (
            Target("http://fic.example/works/1", "work", "http://fic.example/works/1?all")
            if url.path == "/w/1"
            else None
        )

    site = Site("mine", lambda tree: False, lambda tree, blob, builder: iter(()), target=target)
    monkeypatch.setattr(addresses, "sites", lambda: (site,))
    assert resolve("1", "http://fic.example/w/") == Target(
        "http://fic.example/works/1", "work", "http://fic.example/works/1?all"
    )
    assert resolve("http://fic.example/x#y") == Target("http://fic.example/x", "page", "")
