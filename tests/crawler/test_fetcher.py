"""One GET against a server that misbehaves: what comes back, and what the server saw."""

from __future__ import annotations

import gzip
import itertools
import random
import ssl
import subprocess
import sys
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import trustme
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ficdex.crawler.clock import Clock
from ficdex.crawler.fetcher import HEAD, HOSTS, Fetcher, Request, Response, Timeouts
from ficdex.errors import AddressError, AddressRefused, BadAnswer, FetchError, ReadError, Unreachable

from .server import (
    NO_ANSWER,
    FaultServer,
    Hit,
    Reply,
    brotli_bomb,
    endless,
    gzip_bomb,
    gzipped,
    nested_bomb,
    page,
    redirect,
)

Make = Callable[..., Fetcher]


@pytest.fixture
def make(server: FaultServer) -> Iterator[Make]:
    """Fetchers for the server; `speed` is the crawler's clock."""
    with ExitStack() as stack:

        def made(speed: float = 1.0, **options: object) -> Fetcher:
            given = {"clock": Clock(speed), "resolve": server.resolver, "allowed": server.allowed} | options
            return stack.enter_context(Fetcher("ficdex/0 (tests)", **given))

        yield made


def get(fetcher: Fetcher, url: str = "http://a.test/", **options: object) -> Response:
    return fetcher.get(Request(url, **options))


def failure(fetcher: Fetcher, url: str = "http://a.test/", **options: object) -> tuple[type[FetchError], str]:
    with pytest.raises(FetchError) as caught:
        get(fetcher, url, **options)
    assert caught.value.url == url
    return type(caught.value), caught.value.kind


# What a page is.


def test_a_page_comes_with_its_head_and_what_it_cost(server: FaultServer, make: Make) -> None:
    server.on("a.test", "/", Reply(body="Zoë", headers=[("X-A", "1"), ("x-a", "2"), ("ETag", '"é"')]))
    found = get(make())
    assert (found.url, found.status, found.body.decode()) == ("http://a.test/", 200, "Zoë")
    assert (found.headers["x-a"], found.headers["etag"]) == ("1, 2", '"é"')
    assert len(found.body) < found.wire < 200
    assert 0 < found.latency < 10


def test_the_request_says_who_asks_and_takes_gzip_alone(server: FaultServer, make: Make) -> None:
    server.on("a.test", "/x?y=1", page("ok"))
    get(make(), "http://a.test/x?y=1#part", headers={"accept-encoding": "br", "If-None-Match": '"é"'})
    (hit,) = server.hits
    assert (hit.method, hit.path, hit.headers["host"]) == ("GET", "/x?y=1", "a.test")
    assert (hit.headers["user-agent"], hit.headers["accept-encoding"]) == ("ficdex/0 (tests)", "gzip")
    assert hit.headers["if-none-match"].encode("latin-1").decode() == '"é"'


def test_latency_is_in_crawler_seconds(server: FaultServer, make: Make) -> None:
    server.on("a.test", "/", Reply(delay=0.2))
    assert get(make(speed=20)).latency > 4


def test_a_redirect_is_returned_and_not_followed(server: FaultServer, make: Make) -> None:
    server.on("a.test", "/", redirect("http://b.test/"))
    server.on("b.test", "/", page("elsewhere"))
    found = get(make())
    assert (found.status, found.headers["location"]) == (302, "http://b.test/")
    assert server.connected("b.test") == 0


@pytest.mark.parametrize("location", ["http://[bad", "\x7f", "http://a.test:99999999/", "é"])
def test_a_redirect_to_nonsense_is_an_answer_too(server: FaultServer, make: Make, location: str) -> None:
    server.on("a.test", "/", redirect(location))
    assert get(make()).headers["location"] == location


def test_interim_answers_are_passed_over(server: FaultServer, make: Make) -> None:
    early = b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n"
    server.on("a.test", "/", Reply(raw=early + b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"))
    assert get(make()).body == b"ok"


@pytest.mark.parametrize("status", [204, 304])
def test_an_answer_without_a_body_is_whole(server: FaultServer, make: Make, status: int) -> None:
    server.on("a.test", "/", Reply(status, headers={"Content-Encoding": "gzip", "ETag": '"1"'}))
    assert get(make()).body == b""


@pytest.mark.parametrize(
    "reply",
    [
        Reply(429, b"cut", {"Retry-After": "7"}, length=100, ending="close"),
        Reply(429, b"\x1f\x8b???", {"Retry-After": "7", "Content-Encoding": "gzip"}),
        Reply(429, b"\0", {"Retry-After": "7", "Content-Encoding": "br"}),
        Reply(429, endless().body, {"Retry-After": "7"}),
        Reply(429, b"x" * 1000, {"Retry-After": "7"}, drip=10),
    ],
)
def test_a_broken_body_does_not_hide_a_retry_after(server: FaultServer, make: Make, reply: Reply) -> None:
    server.on("a.test", "/", reply)
    found = get(make(speed=50))
    assert (found.status, found.headers["retry-after"], found.body) == (429, "7", b"")


# Where it may go.


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://127.0.0.1:{port}/",
        "http://localhost:{port}/",
        "http://2130706433:{port}/",
        "http://0x7f.1:{port}/",
        "http://0177.0.0.1:{port}/",
        "http://127.1:{port}/",
        "http://0:{port}/",
        "http://[::1]:{port}/",
        "http://[::ffff:127.0.0.1]:{port}/",
        "http://[64:ff9b::7f00:1]:{port}/",
        "http://[2002:7f00:1::]:{port}/",
        "http://[fe80::1]:{port}/",
        "http://secret.test/",
        "https://secret.test/",
        "http://user:word@a.test/",
        "file:///etc/passwd",
        "ftp://a.test/",
        "gopher://a.test/",
        "//a.test/",
        "a.test",
        "http:///path",
        "http://a.test:99999/",
        "http://a.test:0/",
        "http://a.test\x00/",
        "http://[::1/",
        "",
    ],
)
def test_an_address_that_is_not_public_is_never_connected_to(server: FaultServer, make: Make, url: str) -> None:
    server.listen("a.test")
    secret = server.listen("secret.test", allowed=False).port

    def resolve(host: str, port: int) -> list[tuple[str, int]]:
        return [("127.0.0.1", port)] if host == "localhost" else server.resolver(host, port)

    assert failure(make(resolve=resolve), url.format(port=secret)) == (AddressRefused, "address")
    assert server.connections == []


def test_one_private_address_among_public_ones_spoils_the_name(server: FaultServer, make: Make) -> None:
    port = server.listen("a.test", allowed=False).port
    fetcher = make(resolve=lambda host, _: [("93.184.215.14", 80), ("127.0.0.1", port)])
    assert failure(fetcher) == (AddressRefused, "address")
    assert server.connections == []


def test_the_address_that_was_checked_is_the_one_connected_to(server: FaultServer, make: Make) -> None:
    server.on("a.test", "/", page("public"))
    secret = server.listen("secret.test", allowed=False).port
    answers = [[("127.0.0.1", server.port("a.test"))], [("127.0.0.1", secret)]]
    assert get(make(resolve=lambda host, port: answers.pop(0))).body == b"public"
    assert answers == [[("127.0.0.1", secret)]]  # nobody asked a second time
    assert server.hits[0].headers["host"] == "a.test"


def test_a_name_that_turns_private_later_is_refused(server: FaultServer, make: Make) -> None:
    server.on("a.test", "/", Reply(body="public", ending="close", headers={"Connection": "close"}))
    secret = server.listen("secret.test", allowed=False).port
    answers = [[("127.0.0.1", server.port("a.test"))], [("127.0.0.1", secret)]]
    fetcher = make(resolve=lambda host, port: answers.pop(0))
    get(fetcher)
    assert failure(fetcher) == (AddressRefused, "address")
    assert server.connected("secret.test") == 0


def test_an_address_that_takes_no_connection_hides_no_other(server: FaultServer, make: Make) -> None:
    server.on("a.test", "/", page("second"))
    closed = ("127.0.0.1", 1)
    there = ("127.0.0.1", server.port("a.test"))
    fetcher = make(resolve=lambda host, port: [closed, there], allowed={closed, there})
    assert get(fetcher).body == b"second"


def test_a_name_that_nobody_has_is_a_dns_failure(make: Make) -> None:
    assert failure(make(), "http://nobody.test/") == (Unreachable, "dns")
    assert failure(make(resolve=lambda host, port: [])) == (Unreachable, "dns")
    assert failure(make(), f"http://{'a' * 64}.test/")[1] in ("dns", "address")


def test_a_resolver_that_hangs_is_not_waited_for(make: Make) -> None:
    hold = threading.Event()
    fetcher = make(speed=50, resolve=lambda host, port: [(host, port)] if hold.wait(20) else [])
    assert failure(fetcher) == (Unreachable, "timeout")
    hold.set()


def test_a_closed_port_is_a_connect_failure(make: Make) -> None:
    fetcher = make(resolve=lambda host, port: [("127.0.0.1", 1)], allowed={("127.0.0.1", 1)})
    assert failure(fetcher) == (Unreachable, "connect")


@given(st.text(max_size=60))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_for_a_url_is_refused_or_fetched(make: Make, text: str) -> None:
    fetcher = make(resolve=lambda host, port: [])
    for url in (text, "http://" + text, "http://a.test/" + text):
        with pytest.raises(FetchError):
            fetcher.get(Request(url))


# Time.


def drips() -> list[Reply]:
    many = b"".join(b"X-%d: 1\r\n" % n for n in range(2000))
    return [
        Reply(body=b"x" * 10_000, drip=20),
        Reply(body=b"x" * 10_000, drip=20, drip_head=True, headers={"X-Long": "y" * 10_000}),
        Reply(raw=b"HTTP/1.1 200 OK\r\n" + many, drip=200),
        Reply(raw=b"HTTP/1.1 100 Continue\r\n\r\n" * 2000, drip=500),
        Reply(body=lambda: itertools.repeat(b"x"), drip=20),
    ]


@pytest.mark.parametrize("reply", drips(), ids=["body", "head", "headers", "interim", "chunks"])
def test_a_dripping_server_meets_the_deadline(server: FaultServer, make: Make, reply: Reply) -> None:
    server.on("a.test", "/", reply)
    clock = Clock(speed=40)
    start = clock.ticks()
    assert failure(make(clock=clock, timeouts=Timeouts(read=60))) == (Unreachable, "deadline")
    assert 60 <= clock.ticks() - start < 120


@pytest.mark.parametrize(
    ("timeouts", "kind"), [(Timeouts(), "timeout"), (Timeouts(read=1000, total=20), "deadline")], ids=["read", "total"]
)
def test_a_server_that_says_nothing_is_not_waited_for(
    server: FaultServer, make: Make, timeouts: Timeouts, kind: str
) -> None:
    server.on("a.test", "/", Reply(delay=30))
    assert failure(make(speed=40, timeouts=timeouts)) == (Unreachable, kind)


def test_closing_ends_what_is_under_way(server: FaultServer, make: Make) -> None:
    arrived = threading.Event()
    server.on("a.test", "/", lambda hit: arrived.set() or Reply(delay=30))
    fetcher = make()
    threading.Thread(target=lambda: arrived.wait(10) and fetcher.close()).start()
    assert failure(fetcher) == (Unreachable, "reset")


# Bodies.


def test_gzip_of_several_members_is_one_body(server: FaultServer, make: Make) -> None:
    both = gzip.compress(b"One, ") + gzip.compress(b"two.")
    server.on("a.test", "/", Reply(body=both, headers={"Content-Encoding": "gzip"}))
    assert get(make()).body == b"One, two."


@pytest.mark.parametrize("coding", ["br", "deflate", "zstd", "gzip, gzip", "gzip, br", "??"])
def test_an_encoding_that_was_not_asked_for_is_refused(server: FaultServer, make: Make, coding: str) -> None:
    server.on("a.test", "/", Reply(body=zlib.compress(b"page"), headers={"Content-Encoding": coding}))
    assert failure(make()) == (BadAnswer, "encoding")


def test_gzip_that_breaks_off_is_no_page_though_its_length_is_right(server: FaultServer, make: Make) -> None:
    packed = gzip.compress(random.Random(1).randbytes(5000))
    server.on("a.test", "/", Reply(body=packed[:-20], headers={"Content-Encoding": "gzip"}))
    assert failure(make()) == (BadAnswer, "truncated")


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (Reply(body=b"half a page", length=1000, ending="close"), "truncated"),
        (Reply(body=b"x" * 1000, cut=500, ending="reset"), "reset"),
        (Reply(body=[b"half", b"a page"], cut=0, ending="close"), "truncated"),
        (Reply(body=[b"half", b"a page"], cut=0, ending="reset"), "reset"),
        (Reply(raw=b"HTTP/1.1 200 OK\r\nContent-Le", ending="close"), "truncated"),
        (Reply(raw=b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"), "protocol"),
        (Reply(body=b"x", headers=[("Content-Length", "7")]), "protocol"),
    ],
)
def test_half_a_page_is_no_page(server: FaultServer, make: Make, reply: Reply, kind: str) -> None:
    server.on("a.test", "/", reply)
    assert failure(make()) == (BadAnswer, kind)


@pytest.mark.parametrize(
    ("reply", "kind"),
    [(NO_ANSWER, "reset"), (Reply(raw=b"", ending="close"), "reset")],
)
def test_no_answer_is_a_reset_and_nothing_is_asked_twice(
    server: FaultServer, make: Make, reply: Reply, kind: str
) -> None:
    server.on("a.test", "/", [page("first"), reply, page("third")])
    fetcher = make()
    get(fetcher)
    assert failure(fetcher) == (Unreachable, kind)
    assert len(server.seen("a.test")) == 2
    assert get(fetcher).body == b"third"


def test_a_body_is_bounded_by_the_limit_of_its_request(server: FaultServer, make: Make) -> None:
    server.on("a.test", "/", Reply(body=b"x" * 1000))
    assert get(make(), limit=1000).body == b"x" * 1000
    assert failure(make(), limit=999) == (BadAnswer, "too_big")


@pytest.mark.parametrize("chunk", [b"x" * 50_000, b"x"], ids=["large", "small"])
def test_chunks_without_end_are_cut_off(server: FaultServer, make: Make, chunk: bytes) -> None:
    server.on("a.test", "/", endless(chunk))
    assert failure(make(), limit=100_000) == (BadAnswer, "too_big")


MEASURE = """
import sys
from ficdex.crawler.clock import Clock
from ficdex.crawler.fetcher import Fetcher, Request
from ficdex.errors import FetchError

def memory(name):
    return int(next(l for l in open("/proc/self/status") if l.startswith(name)).split()[1])

where = ("127.0.0.1", int(sys.argv[1]))
with Fetcher("x", clock=Clock(), resolve=lambda h, p: [where], allowed=[where]) as fetcher:
    fetcher.get(Request("http://a.test/"))
    before, kinds = memory("VmRSS:"), []
    for path in sys.argv[2:]:
        try:
            fetcher.get(Request("http://a.test" + path))
            kinds.append("whole")
        except FetchError as error:
            kinds.append(error.kind)
print(*kinds, (memory("VmHWM:") - before) >> 10)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak is read from /proc")
def test_bombs_and_floods_take_less_than_32_mb(server: FaultServer) -> None:
    nested = nested_bomb(64 << 20)
    replies = {
        "/": page("small"),
        "/gzip": gzip_bomb(),
        "/slow-gzip": gzipped(random.Random(1).randbytes(1 << 16) * 100),
        "/brotli": brotli_bomb(),
        "/nested": nested,
        "/nested-unsaid": Reply(body=nested.body, headers={"Content-Encoding": "gzip"}),
        "/endless": endless(),
        "/headers": Reply(raw=b"HTTP/1.1 200 OK\r\nX: " + b"x" * (20 << 20)),
        "/interim": Reply(raw=b"HTTP/1.1 100 Continue\r\n\r\n" * 1_000_000),
    }
    for path, reply in replies.items():
        server.on("a.test", path, reply)
    command = [sys.executable, "-c", MEASURE, str(server.port("a.test")), *list(replies)[1:]]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100, check=True)
    *kinds, grown = done.stdout.split()
    assert kinds == ["ratio", "whole", "encoding", "encoding", "whole", "too_big", "too_big", "too_big"]
    assert int(grown) < 32


# Heads.


@pytest.mark.parametrize(
    "raw",
    [
        b"HELO\r\n\r\n",
        b"HTTP/1.1\r\n\r\n",
        b"HTTP/2 200\r\n\r\n",
        b"HTTP/1.1 999999 No\r\n\r\n",
        b"ICY 200 OK\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"HTTP/1.1 200 OK\r\nNo colon\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nA: \0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5, 6\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: " + b"9" * 30 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
        b"<html>It works!</html>\n",
    ],
)
def test_what_is_no_http_is_a_bad_answer(server: FaultServer, make: Make, raw: bytes) -> None:
    server.on("a.test", "/", Reply(raw=raw, ending="close"))
    kind, name = failure(make())
    assert (kind, name) in [(BadAnswer, "protocol"), (BadAnswer, "truncated")]


@pytest.mark.parametrize("headers", [{"X-Long": "x" * HEAD}, {f"X-{n}": "x" * 100 for n in range(HEAD // 100)}])
def test_a_huge_head_is_refused(server: FaultServer, make: Make, headers: dict[str, str]) -> None:
    server.on("a.test", "/", Reply(body="page", headers=headers))
    assert failure(make()) == (BadAnswer, "too_big")


WORDS = [
    *(b"HTTP/1.1 200 OK\r\n", b"HTTP/1.0 302 \r\n", b"Content-Length: 3\r\n", b"Transfer-Encoding: chunked\r\n"),
    *(b"Content-Encoding: gzip\r\n", b"Set-Cookie: a=\xff; Max-Age\r\n", b"\r\n", b"3\r\nabc\r\n", b"0\r\n\r\n"),
]


@given(st.lists(st.sampled_from(WORDS) | st.binary(max_size=12), max_size=8).map(b"".join))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_an_answer_or_a_failure(server: FaultServer, make: Make, raw: bytes) -> None:
    server.on("a.test", "/", Reply(raw=raw, ending="close"))
    fetcher = make()
    for _ in range(2):
        try:
            assert isinstance(get(fetcher), Response)
        except FetchError as error:
            assert error.kind in {"protocol", "truncated", "reset", "encoding"}  # noqa: PT017


# Connections.


def test_a_connection_is_used_again(server: FaultServer, make: Make) -> None:
    server.default("a.test", lambda hit: gzipped(b"page"))
    fetcher = make()
    for path in "abc":
        get(fetcher, f"http://a.test/{path}")
    assert (server.paths("a.test"), server.connected("a.test")) == (["/a", "/b", "/c"], 1)


def test_a_connection_is_left_before_the_server_would_close_it(server: FaultServer, make: Make) -> None:
    server.default("a.test", lambda hit: Reply(headers={"Keep-Alive": "timeout=1, max=100"}))
    fetcher = make()
    get(fetcher)
    get(fetcher)
    assert server.connected("a.test") == 2


def test_a_connection_that_the_server_closed_meanwhile_is_replaced(server: FaultServer, make: Make) -> None:
    server.on("a.test", "/", [Reply(body="once", ending="close"), page("again")])
    fetcher = make()
    get(fetcher)
    time.sleep(0.3)  # its FIN comes after its answer; between two requests of a crawl lie seconds
    assert get(fetcher).body == b"again"


def test_an_answer_that_nobody_asked_for_is_given_to_no_request(server: FaultServer, make: Make) -> None:
    forged = b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged"
    first = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfirst"
    server.on("a.test", "/", Reply(raw=first + forged))
    server.on("a.test", "/next", page("true"))
    fetcher = make()
    assert get(fetcher).body == b"first"
    assert failure(fetcher, "http://a.test/next") == (BadAnswer, "protocol")
    assert get(fetcher, "http://a.test/next").body == b"true"


def test_several_hosts_are_asked_at_once_and_one_host_is_not(server: FaultServer, make: Make) -> None:
    gate = threading.Barrier(4, timeout=10)
    fetcher = make()
    for name in "abcd":
        server.on(f"{name}.test", "/", Reply(body=name, delay=0.3))
    bodies = []

    def ask(name: str) -> None:
        gate.wait()
        bodies.extend([get(fetcher, f"http://{name}.test/").body for _ in range(2)])

    threads = [threading.Thread(target=ask, args=(name,)) for name in "aabc"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert b"".join(sorted(bodies)) == b"aaaabbcc"
    assert min(server.gaps("a.test")) > 0.25
    assert server.hits[-1].at - server.hits[0].at < 1.9
    assert server.connected("a.test") == 1


def test_hosts_asked_long_ago_are_forgotten(server: FaultServer, make: Make) -> None:
    def one_for_all(host: str, port: int) -> list[tuple[str, int]]:
        return [("127.0.0.1", server.port("a.test"))]

    server.default("a.test", lambda hit: Reply(headers={"Set-Cookie": "a=1"}))
    fetcher = make(resolve=one_for_all)
    for number in range(HOSTS + 1):
        get(fetcher, f"http://{number}.test/")
    get(fetcher, f"http://{HOSTS}.test/")
    get(fetcher, "http://0.test/")
    assert ["cookie" in hit.headers for hit in server.hits[-2:]] == [True, False]


# Cookies.


@pytest.mark.parametrize(
    "setting", ["k=1", "k=1; Domain=b.test", "k=1; Domain=test", "k=1; Domain=.test", "k=1; Domain=", "k=1; Path=/"]
)
def test_cookies_stay_at_home(server: FaultServer, make: Make, setting: str) -> None:
    server.default("a.test", lambda hit: Reply(headers={"Set-Cookie": setting}))
    for host in ("b.test", "sub.a.test", "test"):
        server.default(host, lambda hit: Reply())
    fetcher = make()
    get(fetcher)
    for host in ("b.test", "sub.a.test", "test"):
        get(fetcher, f"http://{host}/")
        assert "cookie" not in server.hits[-1].headers
    get(fetcher)
    assert ("cookie" in server.hits[-1].headers) == (setting != "k=1; Domain=b.test")


def test_a_cookie_of_a_redirect_comes_back(server: FaultServer, make: Make) -> None:
    server.on("a.test", "/", Reply(302, b"", [("Location", "/in"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")]))
    server.on("a.test", "/in", lambda hit: Reply(body=hit.headers.get("cookie", "")))
    fetcher = make()
    get(fetcher)
    assert get(fetcher, "http://a.test/in").body == b"a=1; b=2"


def test_no_cookie_breaks_the_next_request(server: FaultServer, make: Make) -> None:
    bad = [("Set-Cookie", value) for value in ["a=é", "b=\udcff", "c=1; Max-Age", "=", ";", "d", "e=" + "x" * 5000]]
    server.on("a.test", "/", [Reply(headers=bad), page("ok")])
    fetcher = make()
    get(fetcher)
    assert get(fetcher).body == b"ok"
    assert server.hits[-1].headers.get("cookie") == "c=1"


# TLS.


@pytest.fixture
def authority(tmp_path: Path) -> trustme.CA:
    made = trustme.CA()
    made.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    return made


def secure(server: FaultServer, host: str, authority: trustme.CA, *names: str) -> list[str]:
    """Serve `host` with a certificate for `names`; returns the names that clients ask for, as they come."""
    context, asked = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), []
    authority.issue_cert(*names).configure_cert(context)
    context.sni_callback = lambda _, name, __: asked.append(name)
    server.listen(host, tls=context)
    server.on(host, "/", page("secret"))
    return asked


def test_the_name_is_asked_for_and_verified_though_the_address_is_connected_to(
    server: FaultServer, make: Make, authority: trustme.CA, tmp_path: Path
) -> None:
    asked = secure(server, "a.test", authority, "a.test")
    assert get(make(trust=str(tmp_path / "ca.pem")), "https://a.test/").body == b"secret"
    assert asked == ["a.test"]
    assert server.hits[0].headers["host"] == "a.test"


@pytest.mark.parametrize("trust", ["system", "bundled"])
def test_a_certificate_that_nobody_vouches_for_is_refused(
    server: FaultServer, make: Make, authority: trustme.CA, trust: str
) -> None:
    secure(server, "a.test", authority, "a.test")
    assert failure(make(trust=trust), "https://a.test/") == (Unreachable, "tls")
    assert server.hits == []


def test_a_certificate_for_another_name_is_refused(
    server: FaultServer, make: Make, authority: trustme.CA, tmp_path: Path
) -> None:
    secure(server, "a.test", authority, "b.test", "127.0.0.1")
    assert failure(make(trust=str(tmp_path / "ca.pem")), "https://a.test/") == (Unreachable, "tls")
    assert server.hits == []


def test_a_server_that_leaves_the_handshake_hanging_times_out(server: FaultServer, make: Make) -> None:
    server.on("a.test", "/", page("plain"))
    assert failure(make(speed=20), "https://a.test/") == (Unreachable, "timeout")


def test_a_file_without_certificates_is_named(make: Make, tmp_path: Path) -> None:
    (tmp_path / "empty.pem").write_text("nothing")
    for name in ("empty.pem", "missing.pem"):
        with pytest.raises(ReadError, match=name):
            make(trust=str(tmp_path / name))


# A proxy.


def test_a_proxy_is_asked_for_the_whole_url_with_the_same_bounds(server: FaultServer, make: Make) -> None:
    asked: list[str] = []

    def forward(hit: Hit) -> Reply:
        asked.append(hit.path)
        return endless() if hit.path.endswith("/endless") else Reply(body=hit.headers["host"])

    server.default("proxy.test", forward)
    fetcher = make(proxy=f"http://127.0.0.1:{server.port('proxy.test')}")
    assert get(fetcher, "http://far.test/page").body == b"far.test"
    assert failure(fetcher, "http://far.test/endless") == (BadAnswer, "too_big")
    assert asked == ["http://far.test/page", "http://far.test/endless"]


def test_behind_a_proxy_an_address_in_a_url_is_checked_all_the_same(server: FaultServer, make: Make) -> None:
    fetcher = make(proxy=f"http://127.0.0.1:{server.port('proxy.test')}")
    for url in ("http://169.254.169.254/", "http://2130706433/", "http://[::1]/"):
        assert failure(fetcher, url) == (AddressRefused, "address")
    assert server.connections == []


def test_a_proxy_that_refuses_is_a_connect_failure(server: FaultServer, make: Make) -> None:
    server.default("proxy.test", lambda hit: Reply(403))
    fetcher = make(proxy=f"http://127.0.0.1:{server.port('proxy.test')}")
    assert failure(fetcher, "https://far.test/") == (Unreachable, "connect")


@pytest.mark.parametrize("proxy", ["socks5://a:1", "https://a:1", "a:1", "", "http://[::1", "http://"])
def test_a_proxy_that_is_no_http_url_is_refused(make: Make, proxy: str) -> None:
    with pytest.raises(AddressError, match="http://host:port"):
        make(proxy=proxy)
