"""`ficdex config`: what the crawler goes by, and who said so."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ficdex import cli


@pytest.fixture
def shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):  # type: ignore[no-untyped-def]
    """Runs `ficdex config` over a config file of this text; (status, standard output, standard error)."""
    monkeypatch.delenv("FICDEX_CONTACT", raising=False)
    monkeypatch.setenv("FICDEX_CONFIG", str(tmp_path / "config.toml"))

    def run(text: str | None, *arguments: str) -> tuple[int, str, str]:
        if text is not None:
            (tmp_path / "config.toml").write_text(text, encoding="utf-8")
        with pytest.raises(SystemExit) as ended:
            cli.main(["config", *arguments])
        return int(ended.value.code or 0), *capsys.readouterr()

    return run


def test_each_setting_is_a_line_with_its_value_and_origin(shown, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    code, out, _ = shown('[crawl]\ncontact = "me@fic.example"\n[crawl.sites."fic.example"]\ndelay = 20')
    lines = [line.split("\t") for line in out.splitlines()]
    file = str(tmp_path / "config.toml")
    assert code == 0
    assert lines[:2] == [["file", file, "FICDEX_CONFIG"], ["contact", "me@fic.example", file]]
    assert ["delay", "5", "default"] in lines
    assert ["wait_parked", "false", "default"] in lines
    assert ["max_pages_per_host", "", "default"] in lines
    assert lines[-1] == ['sites."fic.example".delay', "20", file]


def test_a_missing_file_is_said_to_be_missing(shown) -> None:  # type: ignore[no-untyped-def]
    assert shown(None)[1].splitlines()[0].endswith("\tFICDEX_CONFIG, not there yet")


def test_without_a_variable_the_file_lies_in_the_users_folder(shown, monkeypatch, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.delenv("FICDEX_CONFIG")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert shown(None)[1].splitlines()[0] == f"file\t{tmp_path / 'ficdex' / 'config.toml'}\tdefault, not there yet"


def test_the_settings_as_json(shown, monkeypatch, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setenv("FICDEX_CONTACT", "env@fic.example")
    code, out, _ = shown("[crawl]\nhosts = 2", "--json")
    told = json.loads(out)
    assert code == 0
    assert (told["file"], told["exists"]) == (str(tmp_path / "config.toml"), True)
    assert told["settings"]["contact"] == {"value": "env@fic.example", "from": "FICDEX_CONTACT"}
    assert told["settings"]["hosts"] == {"value": 2, "from": str(tmp_path / "config.toml")}
    assert told["settings"]["max_pages_per_host"] == {"value": None, "from": "default"}


def test_a_proxys_password_is_not_shown(shown) -> None:  # type: ignore[no-untyped-def]
    _, out, _ = shown('[crawl]\nproxy = "http://me:secret@proxy.example:3128"\nproxy_trusted = true')
    assert "http://me:***@proxy.example:3128" in out
    assert "secret" not in out


def test_a_wrong_setting_is_wrong_usage(shown) -> None:  # type: ignore[no-untyped-def]
    code, out, err = shown("[crawl]\ndelay = 0.1")
    assert (code, out) == (2, "")
    assert "crawl.delay = 0.1 will not do" in err
