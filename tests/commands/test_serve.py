"""`ficdex serve`: what it wants before it serves, and one server from start to end."""

from __future__ import annotations

import signal
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from ficdex import cli
from ficdex.index.catalog import Catalog

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def catalog(tmp_path: Path) -> Path:
    with Catalog.open(tmp_path / "c.db", create=True, write=True) as made:
        return made.path


@pytest.fixture
def ficdex(catalog: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*arguments: str) -> tuple[int, str]:
        with pytest.raises(SystemExit) as ended:
            cli.main(["--catalog", str(catalog), "serve", *arguments])
        return int(ended.value.code or 0), capsys.readouterr().err

    return run


@pytest.mark.parametrize("part", ["starlette", "jinja2", "uvicorn"])
def test_a_missing_extra_is_named(part: str) -> None:
    program = f"import sys; sys.modules[{part!r}] = None; from ficdex import cli; cli.main(['serve'])"
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (ended.returncode, ended.stderr) == (2, f"ficdex: {part} is not installed: pip install 'ficdex[web]'\n")


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.4", "::", "shelf.example"])
def test_an_address_that_others_reach_wants_a_password(ficdex: Run, host: str) -> None:
    code, said = ficdex("--host", host)
    assert code == 2
    assert "--password-file" in said


@pytest.mark.parametrize("content", [None, "", "\nsecond line"])
def test_a_password_that_is_none_is_an_error(ficdex: Run, tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "password").write_text(content)
    code, said = ficdex("--password-file", str(tmp_path / "password"))
    assert code == 2
    assert "password" in said


def test_without_a_catalogue_there_is_nothing_to_serve(ficdex: Run, catalog: Path) -> None:
    catalog.unlink()
    code, said = ficdex("--port", "0")
    assert code == 1
    assert "there is no catalogue yet" in said


def test_it_serves_until_it_is_interrupted(catalog: Path) -> None:
    command = [sys.executable, "-m", "ficdex", "--catalog", str(catalog), "serve", "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as server:
        try:
            assert server.stderr
            address = server.stderr.readline().split()[0]
            with urllib.request.urlopen(address, timeout=20) as answer:
                assert b"0 works" in answer.read()
        finally:
            server.send_signal(signal.SIGINT)
        assert server.wait(20) == 0


def test_a_port_that_is_taken_is_an_error(ficdex: Run) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        code, said = ficdex("--port", str(taken.getsockname()[1]))
    assert code == 2
    assert "--port" in said
