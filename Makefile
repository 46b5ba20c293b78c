# make demo   install, train the published experiment and watch its heads form in a browser
# make test   install, then run the whole test suite
# make lint   ruff, mypy --strict and the order of imports; tsc and Biome for what is in web/
# make web    bundle web/ into src/headlapse/static, with the node that pip brings
# make docs   build the documentation site into build/docs, without network; a warning is an error
# make crash  kill a run and a job at every operation on the disk and every system call, and resume one after many kills
# make kills  whole sweeps, here and on Ray; kill their workers, drivers and nodes at random moments
# make fuzz   feed damaged bytes to every reader and every callback
# make audit  look for insecure code and workflows, and for known holes in what is installed
# make bench  time everything against plain TransformerLens, and training beside other work
# make release-check   build wheel and sdist, check both, install each into a clean environment and use it there
# make coverage   run the whole suite and report the branches of src that it takes
# make mutation   change operators and constants in results, analysis and models, and count the changes that tests notice
# make help   this list

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt

# On Linux the package index has the CUDA build of torch, 5 GB; PyTorch's own has one for the CPU. Where there is a GPU, or an
# index is named by TORCH_INDEX, that is taken. Only torch itself comes from there, because such an index may lack the versions of
# other packages that constraints.txt names. A machine that does not reach it takes the build of its own package index.
TORCH_INDEX ?= $(if $(shell command -v nvidia-smi),,https://download.pytorch.org/whl/cpu)
NO_TORCH := no torch from $(TORCH_INDEX); taking the build of the package index, 5 GB with CUDA on Linux
TORCH := $(PIP) --retries 0 --timeout 20 --no-deps --index-url $(TORCH_INDEX) torch 2>/dev/null || echo "$(NO_TORCH)"

NPM := PATH="$(abspath $(BIN)):$$PATH" $(abspath $(BIN))/npm --prefix web --loglevel=error
NODE_MODULES := web/node_modules/.installed

.PHONY: demo test lint web docs crash kills fuzz audit bench release-check coverage mutation help

demo: $(VENV)/.installed
	$(BIN)/headlapse demo

test: $(VENV)/.installed-dev $(NODE_MODULES)
	$(BIN)/python -m pytest -n 3 --dist worksteal

lint: $(VENV)/.installed-dev $(NODE_MODULES)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	@if [ -e $(NODE_MODULES) ]; then $(NPM) run check; fi

web: $(NODE_MODULES)
	$(NPM) run build

docs: $(VENV)/.installed-dev
	@$(PIP) -e '.[docs]'
	$(BIN)/python -m sphinx -W --keep-going -q -c docs . build/docs

crash: $(VENV)/.installed-dev
	$(BIN)/python -m tests.crash.harness --jobs 2 --compound-stride 13 --plant
	$(BIN)/python -m tests.crash.jobs --jobs 2 --compound-stride 7 --plant
	$(BIN)/python -m tests.crash.syscalls --jobs 2 --plant
	$(BIN)/python -m tests.crash.resume --seeds 20 --kills 5
	$(BIN)/python -m tests.crash.recordings --kills 40
	$(BIN)/python -m tests.crash.concurrency --seconds 60
	$(BIN)/python -m tests.crash.leases --handovers 1000

kills: $(VENV)/.installed-dev
	@$(PIP) -e '.[ray]'
	HEADLAPSE_KILLS=1 $(BIN)/python -m pytest tests/sweep
	$(BIN)/python -m tests.crash.sweeps --kills 10

FUZZ_SECONDS ?= 60
fuzz: $(VENV)/.installed-dev
	@$(PIP) -e '.[fuzz]'
	$(BIN)/python -m fuzz.targets --all --seconds $(FUZZ_SECONDS)

audit: $(VENV)/.installed-dev
	@$(PIP) -e '.[audit]'
	$(BIN)/bandit -q -r src -c pyproject.toml
	$(BIN)/zizmor --offline --quiet .github
	$(BIN)/python -m tests.audit

bench: $(VENV)/.installed-dev
	$(BIN)/python -m benchmarks

release-check: $(VENV)/.installed-dev
	@$(PIP) -e '.[release]'
	$(BIN)/python -m tests.release $(if $(DIST),--dist $(DIST))

coverage: $(VENV)/.installed-dev
	$(BIN)/coverage erase
	-$(BIN)/coverage run -m pytest -n 3 --dist worksteal
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

MUTATIONS ?= 20
mutation: $(VENV)/.installed-dev
	$(BIN)/python -m tests.mutation --sample $(MUTATIONS)

help:
	@sed -n 's/^# make /make /p' Makefile

# only web/ needs it; without the npm registry everything else works
$(NODE_MODULES): web/package-lock.json $(VENV)/.installed-dev
	@if $(NPM) ci; then touch $@; else echo "npm cannot install; web/ is not checked"; fi

$(VENV)/.installed: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	    || { echo "headlapse needs Python 3.11 or newer; try: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	@echo "installing headlapse into $(VENV) (a few minutes the first time)"
	@$(PYTHON) -m venv $(VENV)
	@$(if $(TORCH_INDEX),$(TORCH))
	@$(PIP) -e '.[train]'
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	@$(PIP) -e '.[dev]'
	@touch $@
