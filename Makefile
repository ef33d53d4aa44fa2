# The tasks of this project. `make` alone lists them.
# Nothing is built twice: what is done leaves a file in .venv/state, and is done again when its sources change.

MAKEFLAGS += --no-builtin-rules
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.SUFFIXES:

VENV   := .venv
STATE  := $(VENV)/state
PY     := $(VENV)/bin/python
# The first Python that is new enough; a name that exists but does not run (a shim) is passed over.
PYTHON  = $(firstword $(foreach name,python3.11 python3.12 python3.13 python3.14 python3,\
	$(shell $(name) -c 'import sys; print("$(name)" if sys.version_info >= (3, 11) else "")' 2>/dev/null)))

PIP     := $(PY) -m pip install --quiet --disable-pip-version-check --no-input
PYTEST  := $(PY) -m pytest
WORKERS ?= logical
ARGS    ?=
CODE    := src tests tools $(wildcard bench)

##@ Every day
help:  ## List these tasks
	@awk 'BEGIN {FS = ":.*## "} /^##@ / {printf "\n%s\n", substr($$0, 5)} \
		/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

setup: $(STATE)/project  ## Make .venv with the pinned requirements and this project in it

run: $(STATE)/project  ## Run the command line: make run ARGS="info --json"
	$(VENV)/bin/zhangshi $(ARGS)

fix: $(STATE)/project  ## Format the code and mend what can be mended by itself
	$(PY) -m ruff check --fix $(CODE)
	$(PY) -m ruff format $(CODE)

##@ Proof
test: check $(STATE)/project  ## Everything: the checks below, and the whole suite on SQLite and PostgreSQL
	$(PYTEST) -n $(WORKERS) -m "not nightly"

test-fast: $(STATE)/project  ## The suite without its slow tests
	$(PYTEST) -n $(WORKERS) -m "not slow and not nightly"

test-nightly: $(STATE)/project  ## The suite with a hundred times as many random examples
	$(PYTEST) -n $(WORKERS) --hypothesis-profile=nightly --timeout=14400

bench: $(STATE)/project  ## Measure speed and memory; writes JSON and a table
	$(PY) -m bench $(ARGS)

##@ Checks
check: lint types imports deptry tidy  ## All checks that need no database

lint: $(STATE)/project  ## Manner: ruff with every rule, and the formatting
	$(PY) -m ruff check $(CODE)
	$(PY) -m ruff format --check $(CODE)

types: $(STATE)/project  ## Types: mypy, strict
	$(PY) -m mypy $(CODE)

imports: $(STATE)/project  ## Architecture: who may import whom
	$(VENV)/bin/lint-imports

deptry: $(STATE)/project  ## Dependencies: each declared one is used, each used one is declared
	$(PY) -m deptry src

tidy: $(STATE)/project  ## Size, floats, commits and clocks in the wrong place
	$(PY) -m tools.tidy

##@ Now and then
docs: $(STATE)/project  ## Write the generated pages of docs/reference
	$(PY) -m tools.generate_reference
	$(PY) -m tools.generate_refusals

lock:  ## Choose versions anew and pin them by hash in requirements/
	test -x $(VENV)-lock/bin/uv || { $(PYTHON) -m venv $(VENV)-lock && $(VENV)-lock/bin/pip install --quiet uv==0.13.9; }
	$(call compile,base.txt,)
	$(call compile,dev.txt,--group dev)
compile = $(VENV)-lock/bin/uv pip compile pyproject.toml $(2) --quiet --upgrade --universal --python-version 3.11 \
	--generate-hashes --no-header --no-annotate --output-file requirements/$(1)

clean:  ## Remove caches and builds; .venv and data stay
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache dist
	find $(CODE) -name __pycache__ -type d -prune -exec rm -rf {} +

# What `setup` consists of -------------------------------------------------------------------------------------

$(PY):
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is missing: install it, then run make again." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(STATE)/requirements: requirements/dev.txt | $(PY)
	$(PIP) --require-hashes --requirement requirements/dev.txt
	@mkdir -p $(STATE) && touch $@

# --no-build-isolation: the build backend is pinned with the rest, so nothing unpinned is fetched here.
$(STATE)/project: pyproject.toml $(STATE)/requirements
	$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

.PHONY: help setup run fix test test-fast test-nightly bench check lint types imports deptry tidy docs lock clean
