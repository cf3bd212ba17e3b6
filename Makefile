# Everything here works from a fresh clone: git, make and python3 >= 3.11 with venv are all it takes.
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test lint bench eval lock sample clean

demo: $(READY)  ## the report of the packaged sample day
	@$(BIN)/llm-health-check run --sample --dry-run

test: lint  ## the whole test suite
	$(BIN)/python -m pytest -n auto --dist worksteal

lint: $(READY)  ## format, lint, strict types, import rules
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(READY)  ## how fast, and in how much memory
	$(BIN)/python benchmarks/bench.py

eval: $(READY)  ## how well the taxonomy does: make eval CORPUS=FILE
	@$(BIN)/python benchmarks/evaluate.py "$(CORPUS)"

sample: $(READY)  ## make the packaged sample day again
	$(BIN)/python benchmarks/make_sample.py

lock: $(READY)  ## resolve the dependencies anew, with hashes
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header pyproject.toml -o requirements/run.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header pyproject.toml --group dev -o requirements/dev.txt

clean:
	rm -rf $(VENV) dist build

$(READY): requirements/dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("This needs Python 3.11 or newer; set PYTHON=/path/to/python3." if sys.version_info < (3, 11) else 0)'
	@echo "Setting up $(VENV) ..." >&2
	@$(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(READY)
