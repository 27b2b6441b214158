"""Where things lie on this machine."""

from __future__ import annotations

import os
from pathlib import Path


def catalog_path(option: str | None = None) -> Path:
    """Where the catalogue is: the option, else FICDEX_CATALOG, else the user's data folder."""
    if given := option or os.environ.get("FICDEX_CATALOG"):
        return Path(given).expanduser()
    from platformdirs import user_data_path

    return user_data_path("ficdex", appauthor=False) / "catalog.db"
