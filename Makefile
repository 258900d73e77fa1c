# Two commands: `make run` (a private environment, the sample digests indexed, the page opened) and `make test`.
# `make run DIGESTS=path/to/digests` uses your own folder and a store of its own.
PYTHON  ?= python3
VENV    := .venv
BIN     := $(VENV)/bin
DIGESTS ?= seeds
TRAIN   ?= ../shared/train
STORE   ?= .nonmun/$(if $(filter seeds,$(DIGESTS)),seeds,$(notdir $(abspath $(DIGESTS)))-$(shell printf %s "$(abspath $(DIGESTS))" | cksum | cut -d' ' -f1))

WORK    := corpus or gate
ALONE   := browser or server
# Two browsers at a time may be too many for a busy machine: what fails is asked once more, alone. What fails twice is red.
AGAIN   := $(BIN)/python -m pytest --last-failed --last-failed-no-failures none -m "($(ALONE)) and not ($(WORK))"
SLOW    := $(WORK) or $(ALONE)

.PHONY: reader run test test-peers faults soak unit bench bench-scale fuzz audit lint javascript screenshots lock browser clean

run: $(VENV)/run.ready
	$(BIN)/nonmun ingest "$(DIGESTS)" --store "$(STORE)"
	$(BIN)/nonmun serve --store "$(STORE)" --open

test: $(VENV)/dev.ready browser javascript
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -n 2 -m "not ($(SLOW))"
	$(BIN)/python -m pytest -n 2 --dist loadfile -m "$(WORK)"
	$(BIN)/python -m pytest -n 2 --dist loadfile -m "($(ALONE)) and not ($(WORK))" || $(AGAIN)

# Real OpenAI-compatible servers with tiny models made on the spot. One of them is compiled first, which takes ten minutes
# and a C++ compiler; on Linux PyTorch brings some gigabytes of CUDA along.
test-peers: $(VENV)/dev.ready $(VENV)/peers/ready
	NONMUN_TEST_PEERS="$(abspath $(VENV))/peers/bin/python" $(BIN)/python -m pytest tests/peers

$(VENV)/peers/ready: tests/peers/requirements.lock | $(VENV)/bin/python
	$(PYTHON) -m venv $(VENV)/peers
	$(VENV)/peers/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r tests/peers/requirements.lock
	@touch $@

# Speed beside other systems, and with up to 200,000 papers, into docs/performance.md (docs/performance.json holds the figures).
# The peers get an environment of their own; on Linux it takes 7 GB, most of it CUDA libraries that PyPI's torch asks for and nothing
# here uses. `make bench BENCH=--resume` goes on where a run was stopped; bench-scale always does, unless BENCH=--fresh.
bench: $(VENV)/run.ready $(VENV)/bench/ready browser
	$(BIN)/python -m benchmarks.speed --peers "$(abspath $(VENV))/bench/bin/python" $(BENCH)
	$(VENV)/bench/bin/python -m benchmarks.performance

bench-scale: $(VENV)/run.ready $(VENV)/bench/ready
	$(BIN)/python -m benchmarks.scale $(BENCH)
	$(VENV)/bench/bin/python -m benchmarks.performance

$(VENV)/bench/ready: benchmarks/requirements.lock | $(VENV)/bin/python
	$(PYTHON) -m venv $(VENV)/bench
	$(VENV)/bench/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r benchmarks/requirements.lock
	@touch $@

unit: $(VENV)/dev.ready
	$(BIN)/python -m pytest -n 2 -m "not ($(SLOW))"

# Half an hour: an ingest of the real digests killed at 40 random points, damaged stores, full disks, servers that stop.
faults: $(VENV)/dev.ready
	$(BIN)/python -m pytest -m faults -v

# A million digests, two hundred thousand questions, days of digests, whole questions up to their answers (over the index that
# NONMUN_TEST_STORE names), and what the page and the gate make of them: hours on a busy machine. A run that
# was stopped goes on where it was; what it finds lies in build/fuzz/TARGET/found, its account in build/fuzz/TARGET.json.
FUZZ := $(BIN)/python -m tests.fuzz
fuzz: $(VENV)/dev.ready
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r tests/fuzz/requirements.txt
	$(FUZZ) digests --upto 1000000
	$(FUZZ) questions --upto 40000
	$(FUZZ) questions --upto 200000 --unguided
	$(FUZZ) markup --upto 50000
	$(FUZZ) gate --upto 50000
	$(FUZZ) days --upto 20000
	$(FUZZ) answers --upto 20000

# Train the question reader from its sentence templates (rag/questions/templates): about twenty minutes on two cores. DIGESTS fills the
# templates with names and topics; TRAIN holds topic_headings.jsonl.gz and aux_en_papers.jsonl.gz.
reader: $(VENV)/train/ready
	$(VENV)/train/bin/python -m tools.train_reader "$(DIGESTS)" "$(TRAIN)"

$(VENV)/train/ready: pyproject.toml | $(VENV)/bin/python
	$(PYTHON) -m venv $(VENV)/train
	$(VENV)/train/bin/python -m pip install --quiet --disable-pip-version-check "torch==2.13.0"
	$(VENV)/train/bin/python -m pip install --quiet --disable-pip-version-check -e ".[train]"
	@touch $@

# Asks the advisories of the Python packages for what is locked: needs a network, unlike all else here.
audit: | $(VENV)/bin/python
	$(PYTHON) -m venv $(VENV)/audit
	$(VENV)/audit/bin/python -m pip install --quiet --disable-pip-version-check pip-audit
	$(VENV)/audit/bin/pip-audit --require-hashes --disable-pip -r requirements.lock

# Ten minutes: fifty people who ask the page at once, beside 500 connections that say nothing (docs/load.md); DIGESTS as in make run.
soak: $(VENV)/run.ready
	$(BIN)/nonmun ingest "$(DIGESTS)" --store "$(STORE)"
	$(BIN)/python -m benchmarks.soak "$(STORE)" --idle 500 --record docs/load.md

# The page's JavaScript: layout, mistakes, types. Node is needed for these checks only, and never to run the page.
NODE := $(shell node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)' 2>/dev/null && command -v npm)
javascript:
ifeq ($(NODE),)
	@echo "The page's JavaScript is not checked: that needs Node.js 20.19 or newer, with npm." >&2
else
	@$(MAKE) --no-print-directory node_modules/.ready
	npx --no-install prettier --check --log-level warn web/static/*.js web/types.d.ts
	npx --no-install eslint .
	npx --no-install tsc
endif

node_modules/.ready: package-lock.json
	npm ci --silent
	@touch $@

lint: $(VENV)/dev.ready
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/mypy
	@if [ -f node_modules/.ready ]; then npx --no-install prettier --write --log-level warn web/static/*.js web/types.d.ts; fi

# The main states of the page, wide and narrow, light and dark, Korean and English, in build/screens.
screenshots: $(VENV)/dev.ready browser
	NONMUN_TEST_PICTURES=1 $(BIN)/python -m pytest tests/test_page.py -k "looks or without_an_index or zero_results or limits or models_words or model_that_is_down or hostile_digests or taken_away or long_answer"

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; set PYTHON=..." >&2; exit 2; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/run.ready: requirements.lock pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/dev.ready: requirements-dev.lock $(VENV)/run.ready
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

# The browser tests drive the system's Chromium. Where it is missing it is installed if that needs no password.
browser:
	@sh tools/browser.sh

lock:
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --extra build pyproject.toml -o requirements.lock
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --extra build --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock
	cp requirements.lock benchmarks/requirements.lock  # the same versions where the peers allow them
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --extra bench pyproject.toml -o benchmarks/requirements.lock
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate tests/peers/requirements.in -o tests/peers/requirements.lock

clean:
	rm -rf $(VENV) .nonmun build *.egg-info node_modules
