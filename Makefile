# make demo   install, train the published experiment and watch its heads form in a browser
# make test   install, then run the whole test suite
# make lint   ruff and mypy --strict
# make crash  kill a run and a job at every operation on the disk and every system call, and resume one after many kills
# make fuzz   feed damaged bytes to every reader and every callback
# make audit  look for insecure code and for known holes in what is installed
# make bench  time everything against plain TransformerLens

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt

.PHONY: demo test lint crash fuzz audit bench

demo: $(VENV)/.installed
	$(BIN)/headlapse demo

test: $(VENV)/.installed-dev
	$(BIN)/python -m pytest -n 2

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/mypy

crash: $(VENV)/.installed-dev
	OMP_NUM_THREADS=1 $(BIN)/python -m tests.crash.harness --jobs 2 --compound-stride 13 --plant
	OMP_NUM_THREADS=1 $(BIN)/python -m tests.crash.jobs --jobs 2 --compound-stride 7 --plant
	OMP_NUM_THREADS=1 $(BIN)/python -m tests.crash.syscalls --jobs 2 --plant
	OMP_NUM_THREADS=1 $(BIN)/python -m tests.crash.resume --seeds 20 --kills 5
	OMP_NUM_THREADS=1 $(BIN)/python -m tests.crash.concurrency --seconds 60

FUZZ_SECONDS ?= 60
fuzz: $(VENV)/.installed-dev
	@$(PIP) -e '.[fuzz]'
	$(BIN)/python -m fuzz.targets --all --seconds $(FUZZ_SECONDS)

audit: $(VENV)/.installed-dev
	@$(PIP) -e '.[audit]'
	$(BIN)/bandit -q -r src -c pyproject.toml
	$(BIN)/python -m tests.audit

bench: $(VENV)/.installed-dev
	$(BIN)/python -m benchmarks

$(VENV)/.installed: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' \
	    || { echo "headlapse needs Python 3.11 to 3.13; try: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	@echo "installing headlapse into $(VENV) (a few minutes the first time)"
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) torch
	@$(PIP) -e .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	@$(PIP) -e '.[dev]'
	@touch $@
