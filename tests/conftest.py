"""What several tests need: the reference corpus where it lies beside the project, catalogues of their own."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

from ficdex.index.catalog import Catalog
from ficdex.lexicon import lexicon
from ficdex.pipeline import ImportOptions, import_paths

settings.register_profile("ficdex", deadline=None)  # machines are noisy: an example that takes long is none that fails
settings.load_profile("ficdex")

ROOT = Path(__file__).parent.parent
CORPUS = ROOT.parent / "shared" / "corpus"


@pytest.fixture(scope="session")
def gazetteer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The compiled gazetteer, made once: every process of a test would parse its files anew, for most of a second."""
    home = tmp_path_factory.mktemp("gazetteer")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(home))
        lexicon.cache_clear()
        lexicon()
    return home / "ficdex" / "gazetteer.json"


@pytest.fixture(autouse=True)
def _private_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch, gazetteer: Path) -> None:
    """No test touches the user's catalogue, cache or configuration."""
    home = tmp_path_factory.mktemp("home")
    cache = home / "XDG_CACHE_HOME" / "ficdex"
    cache.mkdir(mode=0o700, parents=True)
    os.link(gazetteer, cache / gazetteer.name)
    for name in ("XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(home / name))
    ours = ("CATALOG", "CONFIG", "FANDOMS", "CONTACT", "LOOPBACK")
    for name in (*(f"FICDEX_{name}" for name in ours), "NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A catalogue of data/samples, made once; tests take copies."""
    path = tmp_path_factory.mktemp("samples") / "c.db"
    with Catalog.open(path, create=True, write=True) as catalog:
        import_paths(catalog, [ROOT / "data" / "samples"], ImportOptions(jobs=1))
    return path


@pytest.fixture
def corpus() -> Path:
    """The reference corpus; the test is skipped where it is missing."""
    if not CORPUS.is_dir():
        pytest.skip("the reference corpus is not beside this project")
    return CORPUS
