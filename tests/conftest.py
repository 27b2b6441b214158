"""What several tests need: the reference corpus where it lies beside the project, catalogues of their own."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
CORPUS = ROOT.parent / "shared" / "corpus"


@pytest.fixture(autouse=True)
def _private_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test touches the user's catalogue, cache or configuration."""
    home = tmp_path_factory.mktemp("home")
    for name in ("XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(home / name))
    ours = ("CATALOG", "CONFIG", "FANDOMS", "CONTACT", "LOOPBACK")
    for name in (*(f"FICDEX_{name}" for name in ours), "NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def corpus() -> Path:
    """The reference corpus; the test is skipped where it is missing."""
    if not CORPUS.is_dir():
        pytest.skip("the reference corpus is not beside this project")
    return CORPUS
