# Everything here works from a fresh clone: git, make and python3 >= 3.11 with venv are all it takes.
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile
INSTALLED := $(VENV)/.installed
READY := $(VENV)/.ready
DEPLOY_READY := $(VENV)/.deploy-ready

# Without its caches each process of the tests would compile all modules anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help demo test test-all kill-test lint deploy bench eval eval-redaction lock sample docs pictures clean

help:  ## this list
	@grep -hE "^[a-z-]+:.*##" $(MAKEFILE_LIST) | sed -E "s/:.*## /\t/" | expand -t 16


demo: $(INSTALLED)  ## the report of the packaged sample day
	@$(BIN)/llm-health-check run --sample --dry-run

test: lint  ## the tests that every change has to pass
	$(BIN)/python -m pytest -n 4 --dist worksteal --ignore tests/deploy
	$(BIN)/python -m pytest -n 4 --dist worksteal -m "not nightly" tests/deploy

test-all: lint  ## all tests, with those that take an hour
	$(BIN)/python -m pytest -n 4 --dist worksteal --ignore tests/deploy
	$(BIN)/python -m pytest -n 4 --dist worksteal tests/deploy tests/deploy/kill_all.py

kill-test: $(READY)  ## the deploy killed after each of its changes, each time on a fresh host
	$(BIN)/python -m pytest -n 4 --dist load tests/deploy/kill_all.py

lint: $(READY)  ## format, lint, strict types, import rules, the Ansible role
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/yamllint --strict .
	$(BIN)/python docs/generate.py --check
	cd ansible && ../$(BIN)/ansible-lint --offline --strict -q -c ../.ansible-lint.yml

deploy: $(DEPLOY_READY)  ## deploy to the hosts of the inventory: make deploy ARGS='--check --diff'
	cd ansible && ../$(BIN)/ansible-playbook deploy.yml $(ARGS)

bench: $(READY)  ## measure time and memory
	$(BIN)/python benchmarks/bench.py

eval: $(READY)  ## measure classification and redaction on labeled texts: make eval CORPUS=FILE_OR_FOLDER
	@$(BIN)/python benchmarks/evaluate.py "$(CORPUS)"

CORPORA ?= ../shared/corpus
eval: eval-redaction
eval-redaction: $(READY)  ## what redaction leaves and loses, and what each of its rules decides
	-@$(BIN)/python benchmarks/evaluate_redaction.py tests/redaction/secrets.jsonl $(wildcard $(CORPORA)/secrets-dev*.jsonl)

sample: $(READY)  ## regenerate the packaged sample day
	$(BIN)/python benchmarks/make_sample.py

LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header
lock: $(READY)  ## resolve the dependencies again, with hashes
	$(BIN)/python -m pip install --quiet uv
	$(LOCK) pyproject.toml -o requirements/run.txt
	$(LOCK) -c requirements/run.txt pyproject.toml --group dev -o requirements/dev.txt
	$(LOCK) -c requirements/dev.txt --group pyproject.toml:build -o requirements/build.txt
	$(LOCK) -c requirements/dev.txt --group pyproject.toml:deploy -o requirements/deploy.txt

docs: $(READY)  ## regenerate the generated pages and tables
	$(BIN)/python docs/generate.py

pictures: $(READY)  ## retake the README's picture of the sample day
	$(BIN)/python benchmarks/take_picture.py docs/sample-report.png

clean:
	rm -rf $(VENV) dist build

# The package alone first: the demo needs neither a test server nor ansible.
$(INSTALLED): requirements/run.txt requirements/build.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("This needs Python 3.11 or newer; set PYTHON=/path/to/python3." if sys.version_info < (3, 11) else 0)'
	@echo "Setting up $(VENV), which may take a few minutes ..." >&2
	@$(PYTHON) -m venv --clear $(VENV)
	@$(PIP) --require-hashes -r requirements/run.txt -r requirements/build.txt
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $(INSTALLED)

$(READY): $(INSTALLED) requirements/dev.txt
	@echo "Setting up what the tests need ..." >&2
	@$(PIP) --require-hashes -r requirements/dev.txt
	@touch $(READY)

# Everything that the tests need holds what the deploy needs; where it is there, nothing is fetched.
$(DEPLOY_READY): $(INSTALLED) requirements/deploy.txt
	@echo "Setting up what the deploy needs ..." >&2
	@$(PIP) --require-hashes -r requirements/deploy.txt
	@touch $(DEPLOY_READY)
