"""Whole archives, crawled to their end through twenty kills: every work as its archive knows it."""

from __future__ import annotations

import signal
import ssl
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote

import pytest
import trustme

from ficdex.model import Record

from .archives import FANDOMS, Answer, Story
from .archives.ao3 import AO3
from .archives.efiction import EFiction
from .server import FaultServer, Hit, Reply
from .world import World, gets_on

SPEED = 250.0


def served(server: FaultServer, host: str, respond: Callable[[str], Answer], tls: ssl.SSLContext | None = None) -> None:
    def answer(hit: Hit) -> Reply:
        status, headers, body = respond(hit.path)
        return Reply(status, body, headers)

    server.listen(host, tls=tls)
    server.default(host, answer)


def crawled(server: FaultServer, path: Path, host: str, starts: list[str], kills: int, trust: str = "system") -> None:
    """Crawl from `starts` in processes that are killed `kills` times."""
    driver = [sys.executable, str(Path(__file__).parent / "driver.py"), str(path), str(SPEED)]
    places = f"{host}=127.0.0.1:{server.port(host)}"
    began = time.monotonic()
    for turn in range(kills + 1):
        skew = str((time.monotonic() - began) * (SPEED - 1))
        command = [*driver, skew, trust, places, *([] if server.seen(host) else starts)]
        process = subprocess.Popen(command, stderr=subprocess.PIPE)
        if turn < kills and gets_on(server, host, process, 2 + turn % 5):
            process.send_signal(signal.SIGKILL)
            process.communicate()
            continue
        _, problem = process.communicate(timeout=120)
        assert process.returncode == 0, problem.decode()
        return


def seen(world: World) -> dict[str, Record]:
    return {str(work["url"]): work for work in world.works()}


def said(work: Record) -> list[str]:
    """What the notes of a record say, paragraph by paragraph; notes of work and chapter in one place are one."""
    notes: Any = work["notes"]
    return [paragraph for note in notes for paragraph in note["text"].split("\n\n")]


def written(story: Story) -> list[str]:
    """All notes of a story, in the order of its pages."""
    chapters = [note for c in story.chapters for note in (c.note, c.end_note)]
    return [note for note in (story.note, *chapters, story.end_note) if note]


@pytest.mark.slow
def test_an_otw_archive_of_200_works_is_catalogued_whole(server: FaultServer, tmp_path: Path) -> None:
    """Budget: 90 s."""
    archive, host, path = AO3(), "squidgeworld.org", tmp_path / "catalog.db"
    authority, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    authority.issue_cert(host).configure_cert(context)
    served(server, host, archive.respond, context)
    starts = [f"https://{host}/tags/{quote(fandom)}/works" for fandom in FANDOMS]
    crawled(server, path, host, starts, kills=20, trust=str(tmp_path / "ca.pem"))
    world = World(server, path, speed=SPEED)
    world.held(host, 5.0)
    found, states = seen(world), world.states()
    for number, shown in archive.truth.items():
        story, url = shown.story, f"https://{host}/works/{number}"
        work, state = found.get(url), states.get(url.partition("//")[2])
        if story.state in ("gone", "unrevealed") or story.noindex:
            assert work is None, (url, state)
            continue
        assert work, (url, state)
        assert work["kind"] == ("metadata" if story.state == "login" else "work"), (url, state)
        assert work["title"] == story.title
        assert work["authors"] == (["Anonymous"] if shown.anonymous else list(story.authors)), url
        assert work["rating"] == shown.rating
        assert work["words"] == story.words
        assert work["summary"] == story.summary
        assert set(story.tags) <= set(cast("list[str]", work["tags"]))
        if work["kind"] == "work":
            assert said(work) == written(story), url
            assert work["betas"] == [{"name": name, "role": "beta"} for name in story.betas], url


@pytest.mark.slow
def test_an_efiction_archive_of_200_works_is_catalogued_whole(server: FaultServer, tmp_path: Path) -> None:
    """Budget: 90 s."""
    archive, host, path = EFiction(), "archive.test", tmp_path / "catalog.db"
    served(server, host, archive.respond)
    crawled(server, path, host, [f"http://{host}/archive/browse.php?type=titles"], kills=20)
    world = World(server, path, speed=SPEED)
    world.held(host, 5.0)
    found, states = seen(world), world.states()
    for number, story in archive.truth.items():
        url = f"http://{host}/archive/viewstory.php?sid={number}"
        work, state = found.get(url), states.get(url.partition("//")[2])
        assert work, (url, state, story.state)
        assert work["kind"] == ("work" if story.state in ("open", "adult") else "metadata"), (url, state, story.state)
        assert work["title"] == story.title
        assert work["authors"] == list(story.authors)
        assert work["rating"] == story.rating
        assert work["words"] == story.words
        assert work["summary"] == story.summary
        if work["kind"] == "work":
            assert said(work) == written(story), url
            assert work["betas"] == [{"name": name, "role": "beta"} for name in story.betas], url
