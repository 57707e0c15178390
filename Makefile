# Everything a newcomer runs. `make` alone says what there is.

PYTHON ?= python3.11
BIN := .venv/bin
READY := .venv/.ready
# Defendant-cases of the releases that `make bench` makes; the largest takes most of an evening.
BENCH_CASES ?= 1000000 5000000 20000000
BENCH_RELEASE ?= 2021-03

.PHONY: help setup demo test test-slow check bench bench-linkage bench-search up down clean

help:
	@echo "make setup      install everything into .venv (once)"
	@echo "make demo       release 2022-02 of invented data through Airflow, and what the recipient got"
	@echo "make test       every test but the slow ones;  make test-slow: those too"
	@echo "make check      style, types, import contracts, specification"
	@echo "make bench      a whole release at scale (BENCH_CASES=1000000), and police with schools"
	@echo "make bench-linkage  up to 15 million records deduplicated by Splink and by the compiled engine"
	@echo "make bench-search  every linkage model that was tried, and Splink's own (docs/linkage-search.md)"
	@echo "make up, down   start and stop PostgreSQL, S3 and Airflow on this machine"
	@echo "make clean      remove what was made (build/); stops the servers first"

setup: $(READY)

# The lock is complete and every file in it is pinned by its hash, so nothing is resolved anew; and
# what is built is built with what is pinned.
$(READY): requirements.lock requirements-build.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes \
		-r requirements-build.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes \
		--no-build-isolation -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps \
		--no-build-isolation --editable .
	@$(MAKE) --no-print-directory chromium java
	@touch $@

# Only the browser test needs it, and that test says so where it is missing.
.PHONY: chromium
chromium:
	@if command -v chromium chromium-browser >/dev/null; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing Chromium for the browser test ..."; \
		{ apt-get update && apt-get install --yes --no-install-recommends chromium; } \
			>.venv/chromium.log 2>&1 \
			|| echo "Chromium could not be installed (.venv/chromium.log): the browser test is left out."; \
	else echo "No Chromium here, and no right to install it: the browser test is left out."; fi

# Only Spark needs it, and its tests say so where it is missing.
.PHONY: java
java:
	@if command -v java >/dev/null || [ -x "$$JAVA_HOME/bin/java" ]; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing Java for Spark ..."; \
		{ apt-get update && apt-get install --yes --no-install-recommends default-jre-headless; } \
			>.venv/java.log 2>&1 \
			|| echo "Java could not be installed (.venv/java.log): the tests of Spark are left out."; \
	else echo "No Java here, and no right to install it: the tests of Spark are left out."; fi

demo: setup
	@$(BIN)/python -m datafirst.demo

# A file's tests run in one process, because they share what they set up.
TESTS = -n auto --maxprocesses 4 --dist loadfile

test: setup
	@$(BIN)/python -m pytest $(TESTS)

test-slow: setup
	@$(BIN)/python -m pytest $(TESTS) -m ""

check: setup
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy src
	$(BIN)/lint-imports
	$(BIN)/datafirst spec check

bench: setup
	@$(BIN)/python benchmarks/release.py --release $(BENCH_RELEASE) --cases $(BENCH_CASES)
	@$(BIN)/python benchmarks/ladder.py
	@$(BIN)/python benchmarks/interval_coverage.py

bench-linkage: setup
	@$(BIN)/python benchmarks/linkage.py

bench-search: setup
	@$(BIN)/python benchmarks/search.py --baselines

up: setup
	@$(BIN)/python -m datafirst.embedded up

down: setup
	@$(BIN)/python -m datafirst.embedded down

clean:
	@if [ -x $(BIN)/python ]; then $(BIN)/python -m datafirst.embedded down; fi
	rm -rf build
