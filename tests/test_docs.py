"""The documentation says what is true: every command and option, the record, the README's commands."""

from __future__ import annotations

import json
import re
import shlex
import sqlite3
from pathlib import Path

import click
import pytest

from ficdex import cli
from ficdex.extract import components
from ficdex.fields import FIELDS
from ficdex.index.catalog import Catalog

ROOT = Path(__file__).parent.parent
COMMANDS_PAGE = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
DESIGN = (ROOT / "docs" / "design.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")


def commands() -> dict[str, click.Command]:
    context = click.Context(cli.group)
    found = {name: cli.group.get_command(context, name) for name in cli.group.list_commands(context)}
    commands = {name: command for name, command in found.items() if command}
    groups = {name: command for name, command in commands.items() if isinstance(command, click.Group)}
    return commands | {
        name if below == "run" else f"{name} {below}": command
        for name, group in groups.items()
        for below, command in group.commands.items()
    }


def section(name: str) -> str:
    found = re.search(rf"^## ficdex {name}\b(.*?)(?=^## |\Z)", COMMANDS_PAGE, re.MULTILINE | re.DOTALL)
    assert found, f"docs/commands.md has no section for {name}"
    return found.group(1)


@pytest.mark.parametrize("name", sorted(commands()))
def test_every_command_and_option_is_documented(name: str) -> None:
    text = section(name)
    for parameter in commands()[name].params:
        if isinstance(parameter, click.Option):
            assert any(f"`{option}" in text for option in parameter.opts), parameter.opts


@pytest.mark.parametrize("name", sorted(commands()))
def test_every_command_and_option_has_help(name: str) -> None:
    command = commands()[name]
    assert command.help
    assert all(p.help for p in command.params if isinstance(p, click.Option))


@pytest.mark.parametrize("field", [f.key for f in FIELDS])
def test_every_key_of_the_record_is_described(field: str) -> None:
    assert re.search(rf"\b{field}\b", DESIGN.partition("## The work record")[2])


def test_the_order_of_components_is_the_documented_one() -> None:
    listed = re.findall(r"^\d+\. `(\w+)`", DESIGN, re.MULTILINE)
    assert listed == [c.name for c in components()]


def test_the_commands_of_the_readme_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FICDEX_CATALOG", str(tmp_path / "catalog.db"))
    monkeypatch.chdir(ROOT)
    shown = re.findall(r"^\s*\$ (ficdex .*)$", README, re.MULTILINE)
    assert len(shown) >= 4
    for line in shown:
        arguments = shlex.split(line.replace("fic.csv", str(tmp_path / "fic.csv")))[1:]
        with pytest.raises(SystemExit) as ended:
            cli.main(arguments)
        assert ended.value.code == 0, line


def test_what_datasette_is_told_is_true_of_a_catalogue(tmp_path: Path) -> None:
    with Catalog.open(tmp_path / "catalog.db", create=True, write=True):
        said = json.loads((ROOT / "docs" / "datasette.json").read_text(encoding="utf-8"))["databases"]["catalog"]
        db = sqlite3.connect(tmp_path / "catalog.db")
        tables = {name for (name,) in db.execute("SELECT name FROM sqlite_master")}
        assert said["tables"].keys() <= tables
        for query in said["queries"].values():
            db.execute(query["sql"], dict.fromkeys(re.findall(r":(\w+)", query["sql"]), "0")).fetchall()
        db.close()
