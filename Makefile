# Two commands are enough: `make demo` and `make test`.
PYTHON ?= python3
MAKE_PY = @$(PYTHON) scripts/make.py

.PHONY: help demo fuzz test test-long test-host serve shell env lint bench screens clean

help: ## Show the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

demo: ## The demo company's month, reports into out/, then serve Odoo (SERVE=0: end)
	$(MAKE_PY) demo

test: ## Every test, from nothing (ARGS="..." goes to pytest)
	$(MAKE_PY) test

test-long: ## The same, with long property tests
	$(MAKE_PY) test-long

fuzz: ## Codecs against damaged files, guided by coverage (CODEC=m3 FUZZ_SECONDS=60)
	$(MAKE_PY) fuzz

test-host: ## Odoo's own tests of the modules we build on, with the add-ons installed
	$(MAKE_PY) test-host

serve: ## Serve a database (DB=immex_demo, PORT=8069)
	$(MAKE_PY) serve

shell: ## Odoo's shell on a database (DB=immex_demo); takes a script on standard input
	$(MAKE_PY) shell

env: ## Only Odoo, the virtual environment, PostgreSQL and .cache/odoo.conf
	$(MAKE_PY) env

lint: ## ruff, pylint-odoo, OCA's hooks
	$(MAKE_PY) lint

bench: ## Measure, as ratios within one run (BENCH_SCALE=0.05: a twentieth of the rows)
	$(MAKE_PY) bench

screens: ## Pictures of every screen of the demo into docs/screens (ONLY=layer: some)
	$(MAKE_PY) screens

clean: ## Remove everything that was made
	$(MAKE_PY) clean
