# Two commands do all the set-up: `make demo` and `make test`. They need Python 3.11 or later, make and a
# package index that pip can reach. `uv.lock` names versions and hashes but no index, so any index serves.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
JOBS   ?= 2
UV     := uv==0.13.9

export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: demo test lint bench validate lock clean

demo: $(READY)
	$(BIN)/parloir demo

test: lint
	$(BIN)/pytest -n $(JOBS)

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

bench: $(READY)
	$(BIN)/python -m benchmarks

validate: $(READY)
	$(BIN)/python -m parloir.trials.validate
	$(BIN)/python -m parloir.trials.presence_sweeps
	$(BIN)/python -m benchmarks presence_scores presence_engines
	$(BIN)/python -m tests.kill 100
	$(BIN)/python -m tests.readers.mutate 1000000

lock: $(BIN)/uv
	$(BIN)/uv lock --upgrade
	$(BIN)/python tools/strip_lock.py uv.lock

$(BIN)/uv:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet "$(UV)"

$(READY): uv.lock pyproject.toml | $(BIN)/uv
	$(BIN)/uv export --quiet --frozen --all-groups --no-emit-project --no-header --no-annotate -o $(VENV)/requirements.txt
	$(BIN)/python -m pip install --quiet --require-hashes -r $(VENV)/requirements.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $(READY)

clean:
	rm -rf $(VENV) parloir-demo bench-data validate-data
