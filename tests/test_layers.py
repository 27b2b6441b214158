"""Data flows one way: who may import whom."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LEAVES = {"model", "fields", "errors", "text", "lexicon", "compiled", "fandom_files", "places"}
ALLOWED = {
    "crawler": LEAVES | {"crawler"},
    "extract": LEAVES | {"extract", "__init__"},
    "index": LEAVES | {"index", "__init__"},
    "web": LEAVES | {"index", "web", "__init__"},
}


def modules() -> list[Path]:
    return [p for p in sorted(ROOT.rglob("*.py")) if p.relative_to(ROOT).parts[0] in {*ALLOWED} or p.parent == ROOT]


def imports(path: Path) -> set[str]:
    """The top-level modules of ours that a file imports, wherever in it."""
    inside = path.relative_to(ROOT).parts
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            names = node.module.split(".") if node.module else []
            if node.level:
                names = [*inside[: len(inside) - node.level], *names]
            elif names[:1] == ["ficdex"]:
                names = names[1:]
            else:
                continue
            found.update([names[0]] if names else [alias.name for alias in node.names])
        elif isinstance(node, ast.Import):
            found.update(a.name.split(".")[1] for a in node.names if a.name.startswith("ficdex."))
    return {"__init__" if name == "__version__" else name for name in found}


@pytest.mark.parametrize("package", ALLOWED)
def test_packages_import_only_themselves_the_leaves_and_what_lies_below_them(package: str) -> None:
    for path in (ROOT / package).rglob("*.py"):
        assert imports(path) <= ALLOWED[package], path


@pytest.mark.parametrize("leaf", sorted(LEAVES))
def test_leaves_import_only_leaves(leaf: str) -> None:
    assert imports(ROOT / f"{leaf}.py") <= LEAVES | {"__init__"}


def importers_of(library: str) -> set[str]:
    found = set()
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and not node.level:
                names = [node.module or ""]
            if any(name.split(".")[0] == library for name in names):
                found.add(str(path.relative_to(ROOT)))
    return found


def test_a_library_of_one_purpose_is_imported_by_one_file() -> None:
    assert importers_of("whoosh") <= {"index/embedded.py", "index/search_layout.py", "index/search_writer.py"}
    assert importers_of("rensa") == {"index/signatures.py"}
    assert importers_of("httpx") | importers_of("httpcore") <= {"crawler/fetcher.py"}


def test_no_root_module_hides_one_of_the_standard_library() -> None:
    import sys

    assert not {p.stem for p in ROOT.glob("*.py")} & set(sys.stdlib_module_names)
