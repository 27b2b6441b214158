# Everything a newcomer needs: `make demo` to see it work, `make test` before a commit.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: demo test quality bench format clean

$(STAMP): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	touch $(STAMP)

# The main job on data/samples, in a catalogue of its own.
demo: export FICDEX_CATALOG = build/demo.db
demo: $(STAMP)
	rm -rf build/demo.db* && mkdir -p build
	$(BIN)/ficdex -v import data/samples
	$(BIN)/ficdex search beta:odile
	$(BIN)/ficdex search 'text:moth character:willow'
	$(BIN)/ficdex show "Moth Season"
	$(BIN)/ficdex show "Moth Season" --evidence | head -n 40
	$(BIN)/ficdex export --output build/demo.csv
	$(BIN)/ficdex stats
	$(BIN)/ficdex crawl --dry-run https://archiveofourown.org/works/12

test: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest --cov --cov-report=term:skip-covered

# Labelled works and phrasings, scored: build/quality.json; fails below quality/floors.toml.
quality: $(STAMP)
	$(BIN)/python -m quality

format: $(STAMP)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(STAMP)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[bench]'
	$(BIN)/python -m benchmarks

clean:
	rm -rf build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage*
