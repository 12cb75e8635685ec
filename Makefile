# Tanzhang 碳账. "make" alone explains itself; nothing but Python 3.11 or later and make is needed.

.DEFAULT_GOAL := help
SHELL := /bin/sh

# The first Python that is new enough; "make PYTHON=/path/to/python" names another.
PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$name && break; done)

VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed

# More words for the command that a target runs: "make test ARGS=tests/engine".
ARGS ?=
# What "make browser" runs as root on Debian and Ubuntu.
BROWSER_INSTALL := apt-get update -qq && apt-get install -y -qq --no-install-recommends \
	chromium fonts-noto-cjk openssl softhsm2
# Processes that run tests side by side.
WORKERS ?= 2

# Commands are started again and again, by people and by the tests: keep compiled modules, even
# where the shell says not to.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help
help: ## Show this list
	@echo "Tanzhang 碳账. Usage: make TARGET [ARGS=\"...\"]"
	@echo
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1\t\2/p' Makefile | expand -t 12

.PHONY: install
install: $(INSTALLED) ## Make the environment in .venv, exactly as locked

# Again only when the lock or the project's own description has changed.
$(INSTALLED): requirements.lock pyproject.toml
	@$(or $(PYTHON),false) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Tanzhang needs Python 3.11 or later; $(or $(PYTHON),none) is not." \
		"Install it, or name it: make PYTHON=/path/to/python3.12" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
		echo "Python could not make an environment in .venv." \
		"On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check \
		--require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check \
		--no-deps --no-build-isolation -e .
	@touch $@

.PHONY: run
run: install ## Install, then run the site with a small fictitious city, until Ctrl-C
	$(BIN)/tanzhang up $(ARGS)

.PHONY: test
test: install ## Run all tests, on a PostgreSQL of their own
	$(BIN)/python -m pytest -n $(WORKERS) $(ARGS)

.PHONY: browser
browser: ## Install Chromium, Chinese fonts, OpenSSL and SoftHSM, for some of the tests
	@if { test -x "$(TANZHANG_BROWSER)" || command -v chromium >/dev/null; } \
		&& command -v openssl >/dev/null && command -v softhsm2-util >/dev/null; then \
		echo "There is a Chromium already, and so are OpenSSL and SoftHSM."; \
	elif ! command -v apt-get >/dev/null; then \
		echo "Install Chromium, the Noto CJK fonts, OpenSSL and SoftHSM 2 by your system's own means," \
		"or set TANZHANG_BROWSER to the path of a Chromium." >&2; exit 1; \
	elif test "$$(id -u)" = 0; then $(BROWSER_INSTALL); \
	elif command -v sudo >/dev/null; then sudo sh -c '$(BROWSER_INSTALL)'; \
	else echo "Run “make browser” as root: it installs system packages." >&2; exit 1; fi

.PHONY: lint
lint: install ## Check style, types, architecture and packs
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/tanzhang pack check

.PHONY: format
format: install ## Put the code into the house's form
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

.PHONY: reference
reference: install ## Write the pages that are made from the code and from data
	$(BIN)/python -m tanzhang.surfaces.cli.reference
	$(BIN)/python -m tanzhang.surfaces.partner_api.developers.reference
	$(BIN)/python -m tanzhang.workbench.requirements

.PHONY: messages
messages: install ## Bring the pages' sentences up to date, and name what lacks Chinese
	$(BIN)/python -m tanzhang.surfaces.look.messages

.PHONY: screenshots
screenshots: install ## Render every screen into docs/screenshots (needs a browser)
	$(BIN)/python .ci/screenshots.py

.PHONY: bench
bench: install ## Measure speed beside the limits of this machine
	$(BIN)/tanzhang bench $(ARGS)

.PHONY: mutate
mutate: install ## Break the code in small ways and count what the tests notice
	$(BIN)/python .ci/mutate.py $(ARGS)

.PHONY: stop
stop: install ## Stop "make run" and the embedded PostgreSQL
	$(BIN)/tanzhang stop

.PHONY: lock
lock: ## Resolve requirements.lock anew (for maintainers; needs uv)
	@command -v uv >/dev/null || { echo "Resolving needs uv: pipx install uv" >&2; exit 1; }
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 \
		--generate-hashes --no-header --no-annotate --upgrade --output-file requirements.lock

.PHONY: clean
clean: ## Remove the environment and all caches; your data in var/ stays
	@if test -x $(BIN)/tanzhang; then $(BIN)/tanzhang stop; fi
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis \
		.import_linter_cache src/*.egg-info
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +
