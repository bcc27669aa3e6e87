# Every target does its own set-up; `make help` lists them.
SHELL := /bin/sh
.DEFAULT_GOAL := help

VENV := .venv
BIN := $(VENV)/bin
HOST ?= 127.0.0.1
PORT ?= 8000
DATA ?=
NAME ?=
# passes of `make test`: everything on SQLite, then what asks a database again on the others
PANDA ?= sqlite mariadb postgresql
# tests at once on SQLite, more than processors, for some wait; then passes: on a server each is one process
WORKERS ?= 4
PYTEST = $(BIN)/python -m pytest
LOCKS := $(wildcard packaging/requirements/*.txt)
DATABASE_ROOMS = $(wildcard $(addprefix tests/,panda state sources queries payloads web follow rollups schedule truth \
	demo/test_simulation_database.py demo/test_schema.py demo/test_bulk.py demo/test_import_tables.py \
	plugins/test_scope.py plugins/test_fields.py plugins/htcondor/test_pushing.py plugins/htcondor/test_migrations.py \
	plugins/htcondor/test_cleaning.py plugins/lsst/test_service.py plugins/lsst/test_migrations.py plugins/atlas/test_migrations.py faults/test_outages.py))
SERVERS = $(filter-out sqlite,$(PANDA))
# files in their order, not those of many tests first: the longest have few
PASS_sqlite = -n $(WORKERS) --dist loadfile --no-loadscope-reorder
AGAIN = -m "not browser and not packaging and not once" $(DATABASE_ROOMS)
PASS_mariadb = --panda=mariadb --turn=0 $(AGAIN)
PASS_postgresql = --panda=postgresql --turn=1 $(AGAIN)

# RPMs are built for an interpreter in /usr/bin: 3.11, 3.12, by default the newest there
RPM_PYTHON ?=
BDIST_RPM = $(BIN)/python setup.py -q bdist_rpm $(if $(RPM_PYTHON),--python=$(RPM_PYTHON))
TREE ?=

.PHONY: help run stack test check lint bench bench-upstream bench-full soak assets screenshots new-plugin clean sources rpms rpm-tree repo release-check

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(VENV)/ready-%: packaging/bootstrap.sh setup.py $(LOCKS)
	sh packaging/bootstrap.sh $*

run: $(VENV)/ready-run ## a monitor on loopback with a simulated PanDA (PORT=8000, DATA=path of saved records)
	@sh packaging/assets.sh --optional
	$(BIN)/bigpandamon demo run --host $(HOST) --port $(PORT) $(if $(DATA),--data "$(DATA)")

test: $(VENV)/ready-test ## everything: SQLite, MariaDB, PostgreSQL, services, browser, wheels (PANDA=mariadb: that pass)
	@$(if $(filter sqlite,$(PANDA)),$(MAKE) sources,sh packaging/assets.sh)
	$(if $(filter sqlite,$(PANDA)),$(MAKE) pass-sqlite)
	$(if $(SERVERS),$(MAKE) --jobs=2 --output-sync=target $(SERVERS:%=pass-%))

pass-%: ; $(PYTEST) $(PASS_$*)

# what imports libraries that make check does not install
BEYOND = tests/services tests/browser tests/web/test_fuzz.py tests/panda/test_columns.py tests/panda/test_schemas.py \
	tests/plugins/test_pages_looked_at.py

check: $(VENV)/ready-check ## unit tests and one pass on SQLite: under 3 minutes, nothing beyond Python
	HYPOTHESIS_PROFILE=again $(PYTEST) $(PASS_sqlite) $(addprefix --ignore=,$(BEYOND)) -m "not services and not browser and not packaging and not slow"

lint: $(VENV)/ready-lint ## ruff, pylint, mypy and eslint
	sh packaging/lint.sh

bench: $(VENV)/ready-test ## how fast it is, a tenth of the largest instance known: under five minutes (prints a table)
	$(BIN)/python -m benchmarks.run --scale 0.1

bench-upstream: $(VENV)/ready-test ## whole answers on what the upstream monitor was measured on: five minutes
	$(BIN)/python -m benchmarks.run --scale 0.3 --parts pages nouns streams

bench-full: $(VENV)/ready-test ## the same with two million ended and 250,000 live jobs
	$(BIN)/python -m benchmarks.run --scale 1

stack: $(VENV)/ready-test ## a whole instance under supervisor: nginx, memcached, MariaDB and a simulated PanDA (PORT=8000)
	@sh packaging/assets.sh --optional
	$(BIN)/python -m tests.stack --port $(PORT)

soak: $(VENV)/ready-test ## long campaigns, by hand: more examples, more time
	HYPOTHESIS_PROFILE=soak $(PYTEST) -m "slow and not packaging"

assets: ## fetch the locked browser libraries and copy what the pages load
	sh packaging/assets.sh

sources: $(VENV)/ready-test ## fetch what RPMs are made of: locked libraries and browser libraries
	$(BIN)/python packaging/rpm/wheelhouse.py fetch $(RPM_PYTHON)
	@sh packaging/assets.sh

rpms: sources ## every RPM, into dist/, offline once there are sources (make rpm-lsst: one)
	$(BDIST_RPM) --runtime
	for key in $$($(BIN)/python -c 'import setup; print(*(row.key for row in setup.DISTRIBUTIONS))'); do \
		BIGPANDAMON_DIST=$$key $(BDIST_RPM) || exit 1; done

rpm-tree: sources ## the RPM of a plugin elsewhere: make rpm-tree TREE=folder of its pyproject.toml
	@test -n "$(TREE)" || { echo "say which: make rpm-tree TREE=folder of its pyproject.toml" >&2; exit 2; }
	$(BDIST_RPM) --tree="$(TREE)"

rpm-%: sources
	$(if $(filter runtime,$*),$(BDIST_RPM) --runtime,BIGPANDAMON_DIST=$* $(BDIST_RPM))

repo: rpms ## dist/ as a repository for dnf
	createrepo_c --quiet dist

release-check: $(VENV)/ready-lint ## is this commit a release: tag, changelog, clean tree, locks, linters
	$(BIN)/python packaging/release.py

screenshots: $(VENV)/ready-test ## every page on desktop, phone and dark, into build/screenshots
	$(BIN)/python -m tests.browser.screenshots

new-plugin: $(VENV)/ready-run ## a plugin to start from: make new-plugin NAME=myvo
	$(BIN)/python packaging/new_plugin.py "$(NAME)"

clean: ## remove builds and caches, keep the environment and var/
	rm -rf build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis $(wildcard */*.egg-info)
