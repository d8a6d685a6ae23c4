# Homing. `make run` and `make test` set up what they need; neither needs root, neither changes the host.
# (With HOMING_LAB=apt, as continuous integration sets it, the lab's servers are installed with apt.)

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
# Twice at most: with uv's own certificates, then with this machine's (a proxy may sign with one of those).
UV_INSTALL = $(BIN)/uv pip install --quiet --python $(BIN)/python --constraint constraints.txt --group dev --editable '.[ui]'

.DEFAULT_GOAL := help
.PHONY: help run test lint bench corpus docs soak clean

help: ## say what there is to make
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 18

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Homing needs Python 3.11 or newer as '$(PYTHON)' (apt install python3), or: make PYTHON=/path/to/python3.12 $(MAKECMDGOALS)" >&2; exit 2; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "Python's venv module is missing. Run: apt install python3-venv" >&2; exit 2; }
	@echo "Setting up $(VENV) (once; about a minute)"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt uv
	@$(UV_INSTALL) 2>/dev/null || UV_SYSTEM_CERTS=1 $(UV_INSTALL)
	@touch $(READY)

run: $(READY) ## the whole job, in a sandbox of its own (.sandbox/): no configuration, no root
	@$(BIN)/homing up --sandbox

test: $(READY) ## every test, against real servers under .lab/
	@$(BIN)/python -m tests.lab.setup
	@$(BIN)/python -m pytest -n auto --dist worksteal $(ARGS)

lint: $(READY) ## ruff, mypy --strict, pyright
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/pyright --level error

bench: $(READY) ## what we claim about speed, measured against a peer in the same run
	@$(BIN)/python -m bench $(ARGS)

soak: $(READY) ## the long forms of the tests
	@$(BIN)/python -m tests.lab.setup
	@HOMING_SOAK=1 $(BIN)/python -m pytest -m soak $(ARGS)

corpus: $(READY) ## score the cases that others wrote (HOMING_CORPORA, default ../shared/corpora)
	@$(BIN)/python -m tests.corpus.score $(ARGS)

docs: $(READY) ## write the pages of docs/checks from the wording and the examples
	@$(BIN)/python -m tests.checks.pages

clean: ## remove the environment, the lab and the sandbox
	@rm -rf $(VENV) .lab .sandbox .artefacts
