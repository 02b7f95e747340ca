# `make demo` and `make test` do all the set-up on a fresh machine; Python 3.11 or newer and make are enough.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

.PHONY: demo test check chromium

# What `make test` installed does for the demo as well: it runs the source as it stands.
demo: $(if $(wildcard $(VENV)/.installed-test),$(VENV)/.installed-test,$(VENV)/.installed)
	$(BIN)/archiver clean raw/ clean/
	$(BIN)/archiver explain raw/seed/un-meeting-in-qatar.txt
	$(BIN)/archiver show raw/news.example.ir/neyzar-wetland-returns.html

test: $(VENV)/.installed-test chromium
	$(BIN)/python -m pytest -n auto

# The browser whose saved pages tests/test_chromium.py reads: a package of the system. Without it those tests are
# skipped, or fail where CI=true.
chromium:
	@for name in chromium chromium-browser google-chrome google-chrome-stable; do \
		if command -v $$name > /dev/null; then exit 0; fi; \
	done; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get > /dev/null; then \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq --yes --no-install-recommends chromium \
			> /dev/null && exit 0; \
	fi; \
	echo "no Chromium for the tests: install it (Debian: sudo apt-get install chromium; or Google Chrome's package)" >&2

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
