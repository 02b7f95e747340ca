# `make demo` and `make test` do all the set-up on a fresh machine; Python 3.11 or newer and make are enough.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

.PHONY: demo test check

# What `make test` installed does for the demo as well: it runs the source as it stands.
demo: $(if $(wildcard $(VENV)/.installed-test),$(VENV)/.installed-test,$(VENV)/.installed)
	$(BIN)/archiver clean raw/ clean/
	$(BIN)/archiver explain raw/seed/un-meeting-in-qatar.txt
	$(BIN)/archiver show raw/news.example.ir/neyzar-wetland-returns.html

test: $(VENV)/.installed-test
	$(BIN)/python -m pytest -n auto

# What the tests do not see: style, types, the directions of imports.
check: $(VENV)/.installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

# Compiled, where a C compiler is at hand (see setup.py); takes a minute.
$(VENV)/.installed: pyproject.toml setup.py $(shell find src -name '*.py' -o -name '*.tsv' -o -name '*.json') | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check .
	touch $@

$(VENV)/.installed-test: pyproject.toml setup.py | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test,bench]'
	touch $@
