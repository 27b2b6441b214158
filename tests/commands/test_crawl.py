"""`ficdex crawl` as a person uses it, against servers on this machine and in real time."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ficdex import cli
from tests.crawler.server import FaultServer, Reply
from tests.crawler.world import index, story

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[FaultServer]:
    with FaultServer() as running:
        monkeypatch.setenv("FICDEX_LOOPBACK", f"a.test=127.0.0.1:{running.port('a.test')}")
        yield running


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.setenv("FICDEX_CATALOG", str(tmp_path / "catalog.db"))
    monkeypatch.setenv("FICDEX_CONTACT", "me@example.org")

    def call(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            cli.main(list(arguments))
        out, err = capsys.readouterr()
        return int(str(ended.value.code)), out, err

    return call


def crawl(run: Run, *arguments: str) -> tuple[int, str, str]:
    return run("crawl", "--delay", "1", *arguments)


def test_a_work_comes_into_the_catalogue_and_is_found(server: FaultServer, run: Run) -> None:
    server.on("a.test", "/moth", story("Moth Season"))
    status, out, _ = crawl(run, "http://a.test/moth")
    assert (status, out) == (0, "a.test\tdone\t1\n")
    assert "Moth Season" in run("search", "title:moth")[1]
    assert "http://a.test/moth" in run("show", "Moth Season")[1]
    assert server.hits[-1].headers["user-agent"].endswith("(me@example.org)")


def test_without_a_contact_it_does_not_start_and_says_why(
    server: FaultServer, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("FICDEX_CONTACT")
    status, _, err = crawl(run, "http://a.test/moth")
    assert status == 2
    assert "--contact" in err
    assert server.hits == []


def test_a_dry_run_sends_nothing_and_makes_no_catalogue(server: FaultServer, run: Run, tmp_path: Path) -> None:
    status, out, err = run("crawl", "--dry-run", "http://a.test/1", "http://a.test/2")
    assert status == 0
    assert out.split() == ["http://a.test/robots.txt", "http://a.test/1", "http://a.test/2"]
    assert "10 s to 15 s" in err
    assert server.connections == []
    assert not (tmp_path / "catalog.db").exists()


def test_a_site_that_is_not_crawled_live_is_refused_with_the_way_in(run: Run) -> None:
    status, _, err = crawl(run, "https://www.fanfiction.net/s/1/1/Moth")
    assert status == 1
    assert "ficdex import" in err


def test_what_was_left_of_an_earlier_crawl_goes_on_without_a_url(server: FaultServer, run: Run) -> None:
    server.on("a.test", "/", index("/1", "/2", "/3"))
    for path in ("/1", "/2", "/3"):
        server.on("a.test", path, story(f"Moth {path[1:]}"))
    status, _, err = crawl(run, "--max-pages", "2", "http://a.test/")
    assert (status, err) == (0, "2 pages wait: the limit of this run is reached; `ficdex crawl` goes on\n")
    assert crawl(run)[1] == "a.test\tdone\t4\n"
    assert server.paths("a.test") == ["/robots.txt", "/", "/1", "/2", "/3"]


def test_fresh_starts_over(server: FaultServer, run: Run) -> None:
    server.on("a.test", "/1", story())
    crawl(run, "http://a.test/1")
    assert crawl(run, "--fresh")[1] == ""
    assert crawl(run, "--fresh", "http://a.test/1")[1] == "a.test\tdone\t1\n"


def test_urls_come_from_a_file_with_comments(server: FaultServer, run: Run, tmp_path: Path) -> None:
    server.on("a.test", "/1", story())
    listed = tmp_path / "urls.txt"
    listed.write_text("\ufeff# mine\n\nhttp://a.test/1\nftp://a.test/2\n", encoding="utf-8")
    status, out, err = crawl(run, "--infile", str(listed))
    assert (status, out) == (1, "a.test\tdone\t1\n")
    assert "ftp://a.test/2" in err


def test_a_page_that_fails_makes_status_1_and_can_wait_again(server: FaultServer, run: Run) -> None:
    server.on("a.test", "/1", [Reply(403), story()])
    status, _, err = crawl(run, "http://a.test/1")
    assert status == 1
    assert "save the page" in err
    assert run("crawl", "retry", "nonsense")[0] == 2
    assert run("crawl", "retry", "blocked")[2].startswith("1 page waits again")
    assert run("crawl", "retry", "blocked")[2] == "no page is blocked\n"


def test_every_request_stands_in_the_log(server: FaultServer, run: Run) -> None:
    server.on("a.test", "/1", story())
    crawl(run, "http://a.test/1")
    lines = [line.split("\t") for line in run("crawl", "log", "--host", "a.test")[1].splitlines()]
    assert [(line[1], line[2], line[5]) for line in lines] == [
        ("a.test", "404", "http://a.test/robots.txt"),
        ("a.test", "200", "http://a.test/1"),
    ]
    assert run("crawl", "log", "--host", "b.test")[1] == ""


def test_status_shows_pages_by_host_and_state(server: FaultServer, run: Run) -> None:
    assert run("crawl", "status")[0] == 1
    server.on("a.test", "/1", story())
    crawl(run, "http://a.test/1")
    assert run("crawl", "status")[1].split("\t")[:3] == ["a.test", "1 done", "1 s"]


def test_a_page_can_be_forgotten_and_its_work_stays(server: FaultServer, run: Run) -> None:
    server.on("a.test", "/1", story())
    crawl(run, "http://a.test/1")
    assert run("crawl", "forget", "http://a.test/1")[0] == 0
    assert run("crawl", "forget", "http://a.test/1")[0] == 1
    assert json.loads(run("stats", "--json")[1])["works"] == 1


def test_what_a_site_says_on_ai_is_kept_and_exported(server: FaultServer, run: Run) -> None:
    server.on("a.test", "/robots.txt", Reply(body="User-agent: *\nContent-Signal: ai-train=no\nAllow: /"))
    server.on("a.test", "/1", story())
    crawl(run, "http://a.test/1")
    assert json.loads(run("export", "--format", "jsonl")[1])["usage"] == "ai-train=no"
    assert "ai-train=no" in run("export", "--fields", "title,usage")[1]


def test_a_page_that_is_gone_is_named_and_not_asked_for_again(server: FaultServer, run: Run) -> None:
    assert "gone" in crawl(run, "http://a.test/1")[2]
    status, _, err = crawl(run, "http://a.test/1")
    assert status == 0
    assert "forget" in err
    assert server.paths("a.test") == ["/robots.txt", "/1"]


@pytest.mark.slow
def test_a_second_crawl_ends_with_status_3_and_ctrl_c_keeps_what_was_done(server: FaultServer, run: Run) -> None:
    """Budget: 30 s."""
    server.on("a.test", "/1", story())
    server.on("a.test", "/2", Reply(delay=60))
    command = [sys.executable, "-m", "ficdex", "crawl", "--delay", "1", "http://a.test/1", "http://a.test/2"]
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(
            signal.SIGINT, signal.SIG_DFL
        ),  # who starts tests in the background ignores it
    )
    stop = time.monotonic() + 20
    while "/2" not in server.paths("a.test") and time.monotonic() < stop:
        time.sleep(0.1)
    assert crawl(run, "http://a.test/1")[0] == 3
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=10)
    assert process.returncode == 130
    assert "what was done is kept" in err.decode()
    assert out.decode() == "a.test\tdone\t1\na.test\tnew\t1\n"


def test_a_page_that_was_named_and_may_not_be_asked_for_is_told_with_the_rule(server: FaultServer, run: Run) -> None:
    server.on("a.test", "/robots.txt", Reply(body="User-agent: *\nDisallow: /private"))
    status, _, err = crawl(run, "http://a.test/private/1")
    assert (status, err) == (0, "denied_robots http://a.test/private/1: robots.txt: Disallow: /private\n")


def test_a_dry_run_with_nothing_to_ask_for_says_so(run: Run) -> None:
    assert run("crawl", "--dry-run")[2] == "there is nothing to ask for now; nothing was sent\n"


@pytest.mark.parametrize("content", [None, b"\xff\xfe\xff"])
def test_a_list_that_cannot_be_read_is_named_once(run: Run, tmp_path: Path, content: bytes | None) -> None:
    listed = tmp_path / "urls.txt"
    if content:
        listed.write_bytes(content)
    status, _, err = run("crawl", "--infile", str(listed))
    assert status == 2
    assert err.count("urls.txt") == 1
