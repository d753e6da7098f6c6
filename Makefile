# The two commands: `make demo` builds and shows the graph, `make test` passes the tests. Both set everything up.
PYTHON ?= python3
VENV ?= .venv
DEMO ?= demo
BIN = $(VENV)/bin
READY = $(VENV)/.ready
TEST_READY = $(VENV)/.test-ready

.DEFAULT_GOAL := help
.PHONY: help demo test lint bench lock clean

help: ## Show this help.
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "kg needs Python 3.11 or later; set PYTHON=…"; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(READY): pyproject.toml .ci/constraints.txt | $(BIN)/python
	@echo "Setting up $(VENV) …"
	@$(BIN)/python -m pip install -q --disable-pip-version-check -c .ci/constraints.txt -e .
	@touch $@

$(TEST_READY): pyproject.toml .ci/constraints.txt | $(BIN)/python
	@echo "Setting up $(VENV) for the tests …"
	@$(BIN)/python -m pip install -q --disable-pip-version-check -c .ci/constraints.txt -e '.[test]'
	@touch $@ $(READY)

demo: $(READY) ## Build the graph of data/met-police, answer three questions, write the network and the RDF.
	@mkdir -p $(DEMO)
	@$(BIN)/kg build data/met-police --graph $(DEMO)/graph
	@echo && $(BIN)/kg stats --graph $(DEMO)/graph
	@echo && echo "Who takes up, and who rejects, the frame of a few bad apples?"
	@$(BIN)/kg query frame topic="bad apples" --graph $(DEMO)/graph
	@echo && echo "How many officers were removed, in whose words?"
	@$(BIN)/kg query figure-versions measure="officers and staff removed" --graph $(DEMO)/graph
	@echo && echo "Who apologised to whom?"
	@$(BIN)/kg query apologies --graph $(DEMO)/graph
	@echo
	@$(BIN)/kg view --graph $(DEMO)/graph --output $(DEMO)/network.html | sed 's/^/The network, to open in a browser: /'
	@$(BIN)/kg export $(DEMO)/met-police.trig --graph $(DEMO)/graph | sed 's/^/The graph as RDF (TriG): /'
	@echo "Ask it a question: $(BIN)/kg query apologies --graph $(DEMO)/graph (kg query --list names all)"
	@echo "The same as a web site with a SPARQL endpoint: $(BIN)/kg serve --graph $(DEMO)/graph --open"

test: $(TEST_READY) ## Run the linters, the type checker and all tests.
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy
	@$(BIN)/pytest -n auto -rs

lint: $(TEST_READY) ## Format the code and mend what the linters can.
	@$(BIN)/ruff check --fix . ; $(BIN)/ruff format . && $(BIN)/mypy

bench: $(TEST_READY) ## Measure building, queries, memory and serving against plain rdflib and rdflib-endpoint.
	@$(BIN)/python -m pip install -q --disable-pip-version-check -c .ci/constraints.txt -e '.[bench]'
	@$(BIN)/python -m tests.benchmarks

lock: ## Write the versions that are installed now as those of a fresh set-up.
	@$(BIN)/python -m pip freeze --exclude-editable > .ci/constraints.txt

clean: ## Remove what the other targets made.
	@rm -rf $(VENV) $(DEMO) build dist .pytest_cache .mypy_cache .ruff_cache
