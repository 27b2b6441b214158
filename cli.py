"""`ficdex`: a command is a file of commands/, found by its name and loaded when it is called.

Exit status: 0 all well, 1 some items failed, 2 wrong usage, 3 the catalogue is in use by another run.
"""

from __future__ import annotations

import gc
import importlib
import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from . import __version__, errors

if TYPE_CHECKING:
    from .index.catalog import Catalog

OK, FAILED, USAGE, BUSY, INTERRUPTED = 0, 1, 2, 3, 130


@dataclass(slots=True)
class Settings:
    """What holds for every command: `level` is -1 for -q, 0, or 1 for -v."""

    catalog: str | None = None
    level: int = 0

    def open(self, *, create: bool = False, write: bool = False) -> Catalog:
        """The catalogue of --catalog, FICDEX_CATALOG or the default place."""
        from .index.catalog import Catalog
        from .places import catalog_path

        return Catalog.open(catalog_path(self.catalog), create=create, write=write)

    def own_fandoms(self) -> None:
        """Say which of the owner's fandoms cannot be used, once, before works are extracted."""
        from .console import say
        from .fandom_files import own_fandoms
        from .places import fandoms_path

        for problem in own_fandoms(fandoms_path()).problems:
            say(f"ficdex: {problem}")


class Commands(click.Group):
    """The lazy group: `import_.py` is the command `import`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        import pkgutil  # not on the way of a single command

        package = importlib.import_module("ficdex.commands")
        return sorted(m.name.rstrip("_") for m in pkgutil.iter_modules(package.__path__))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        for name in (cmd_name, f"{cmd_name}_"):
            try:
                module = importlib.import_module(f"ficdex.commands.{name}")
            except ModuleNotFoundError as missing:
                if missing.name != f"ficdex.commands.{name}":
                    raise
            else:
                return module.command  # type: ignore[no-any-return]
        return None


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="ficdex")
@click.option("--catalog", metavar="FILE", help="The catalogue to use, over FICDEX_CATALOG and the default place.")
@click.option("-q", "--quiet", is_flag=True, help="Say only what went wrong.")
@click.option("-v", "--verbose", is_flag=True, help="Say what became of every item.")
@click.pass_context
def group(ctx: click.Context, catalog: str | None, quiet: bool, verbose: bool) -> None:
    """Catalogue fan fiction, and find it again by what stands in its text.

    \b
      ficdex import ~/fic                      read a folder of stories into the catalogue
      ficdex search 'beta:trisha vampire'      find them
      ficdex show 12 --evidence                look at one, with the words each value came from
      ficdex export -o fic.csv                 take the catalogue elsewhere
    """
    ctx.obj = Settings(catalog, -1 if quiet else int(verbose))


def main(arguments: list[str] | None = None) -> None:
    """Run a command line; ends the process with its exit status."""
    gc.set_threshold(50_000)  # collecting while modules load costs a search 5 of its 90 ms
    sys.exit(_run(arguments))


def _run(arguments: list[str] | None) -> int:
    from .console import say

    try:
        result = group.main(arguments, prog_name="ficdex", standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.Exit as end:
        return int(end.exit_code)
    except click.ClickException as problem:
        problem.show()
        return USAGE
    except (click.Abort, KeyboardInterrupt):
        say("stopped; what was done is kept")
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except errors.CatalogBusy as problem:
        say(f"ficdex: {problem}")
        return BUSY
    except (errors.AmbiguousWork, errors.QueryError, errors.CorrectionError, errors.SettingsError) as problem:
        say(f"ficdex: {problem}")
        return USAGE
    except errors.FicdexError as problem:
        say(f"ficdex: {problem}")
        return FAILED
    return result if isinstance(result, int) else OK
