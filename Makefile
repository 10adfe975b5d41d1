# Fashion-MNIST Lab. `make` lists the targets; nothing has to be installed by hand first.

PYTHON := .venv/bin/python

# Many container images set this; without bytecode every start takes seconds longer.
unexport PYTHONDONTWRITEBYTECODE

.NOTPARALLEL:
.PHONY: help run test test-slow lint screenshots references bench setup dev data

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile

run: data ## start the app (flags: make run ARGS="--server.port 8600")
	@$(PYTHON) -m streamlit run app.py $(ARGS)

test: data dev ## run the tests (flags: make test PYTEST_ARGS="-k words")
	@bash scripts/test.sh $(PYTEST_ARGS)

test-slow: ## run the tests that are too slow for every change
	@$(MAKE) test PYTEST_ARGS="-m slow --durations 10"

lint: dev ## check style and types
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m ruff format --check .
	@$(PYTHON) -m mypy fmnist_core

screenshots: data dev ## make the pictures of the documentation anew
	@CHROMIUM="$$(bash scripts/browser.sh)" && export CHROMIUM && PYTHONPATH=. $(PYTHON) docs/screenshots.py

references: data ## train the runs that come with the app, some hours, and ship them
	@PYTHONPATH=. nice $(PYTHON) docs/reference_runs.py

bench: data ## run the benchmarks
	@set -e; for script in benchmarks/*.py; do echo "$$script"; PYTHONPATH=. $(PYTHON) "$$script"; done

setup:
	@bash scripts/install.sh requirements.txt

dev: setup
	@bash scripts/install.sh requirements-dev.txt

data: setup
	@bash scripts/data.sh
