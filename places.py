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


def config_path() -> Path:
    """Where the settings are: FICDEX_CONFIG, else the user's configuration folder."""
    if given := os.environ.get("FICDEX_CONFIG"):
        return Path(given).expanduser()
    from platformdirs import user_config_path

    return user_config_path("ficdex", appauthor=False) / "config.toml"


def fandoms_path() -> Path:
    """Where the owner's own fandoms are, a file each: FICDEX_FANDOMS, else a folder beside the settings."""
    if given := os.environ.get("FICDEX_FANDOMS"):
        return Path(given).expanduser()
    from platformdirs import user_config_path

    return user_config_path("ficdex", appauthor=False) / "fandoms"
