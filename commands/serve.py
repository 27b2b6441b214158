"""`ficdex serve`."""

from __future__ import annotations

import contextlib
from pathlib import Path

import click

from ..cli import OK, Settings
from ..console import say
from ..errors import SettingsError
from ..places import catalog_path

PARTS = ("starlette", "jinja2", "uvicorn")
"""What the extra brings."""


@click.command
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option("--port", type=click.IntRange(0, 65535), default=8432, show_default=True, help="The port; 0 for any.")
@click.option("--open", "open_", is_flag=True, help="Open it in the browser.")
@click.option("--read-only", is_flag=True, help="Nothing can be corrected.")
@click.option(
    "--password-file", type=click.Path(path_type=Path, dir_okay=False), help="Ask for the password in this file."
)
@click.pass_obj
def command(settings: Settings, host: str, port: int, open_: bool, read_only: bool, password_file: Path | None) -> int:
    """Open the catalogue in a browser: search, read, correct. Ctrl-C ends it.

    Only this machine can reach it, unless --host says otherwise; then a password is needed.
    """
    try:
        from ..web.access import Access
        from ..web.server import serve
    except ModuleNotFoundError as missing:
        part = (missing.name or "").partition(".")[0]
        if part not in PARTS:
            raise
        raise SettingsError(f"{part} is not installed: pip install 'ficdex[web]'") from missing

    def started(address: str) -> None:
        if settings.level >= 0:
            say(f"{address}   (Ctrl-C ends it)")
        if open_:
            click.launch(address)

    password = _password(password_file) if password_file else None
    with contextlib.suppress(KeyboardInterrupt):
        serve(catalog_path(settings.catalog), Access(host, port, password, read_only), started)
    return OK


def _password(path: Path) -> str:
    """The first line of the file.

    Raises:
        SettingsError: if there is none.
    """
    try:
        password = path.read_text(encoding="utf-8").partition("\n")[0].strip()
    except (OSError, UnicodeDecodeError) as problem:
        raise SettingsError(f"{path}: the password cannot be read ({problem})") from problem
    if not password:
        raise SettingsError(f"{path}: there is no password in its first line")
    return password
