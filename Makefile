# Every command of the project. Each sets up .venv by itself, so that a fresh checkout needs nothing but make and
# Python 3.11 or newer.

.DEFAULT_GOAL := help

PYTHON ?= python3
# Any other interpreter than the default has a .venv of its own.
VENV := .venv$(if $(filter-out python3,$(PYTHON)),-$(notdir $(PYTHON)))
PYTHONS := python3.11 python3.12 python3.13 python3.14
READY := $(VENV)/.ready
RUN := $(VENV)/bin/python
# --cov measures the tests of the runtime; whatever a shell calls by this name does not count.
COVERAGE :=
# What is about Leap and its package is neither checked nor run where another API's package is in their place.
LEFT_OUT = $(shell test -d generated/leap_client || cat tests/leap.txt 2>/dev/null)

# A path that is meant for other projects would come before the pinned packages.
unexport PYTHONPATH

# The prompt travels as an environment variable, so that neither make nor the shell reads anything into it. Only a
# prompt on the command line counts: some shells keep their own in a variable of the same name.
ifeq ($(origin PROMPT),command line)
override PROMPT := $(value PROMPT)
export PROMPT
else
unexport PROMPT
endif

.PHONY: demo test httpx2 soak smoke matrix generate check-drift changes lint types sandbox record vendor bench docs
.PHONY: picture build lock ci clean help

demo: $(READY)  ## Generate an image end to end, without a key against the sandbox; PROMPT="..." sets the prompt
	@$(RUN) scripts/demo.py

test: $(READY)  ## Run the tests; PYTHON=python3.13 to choose the interpreter
	@$(strip $(RUN) -m pytest $(COVERAGE) $(addprefix --ignore ,$(LEFT_OUT)) $(ARGS))

httpx2: $(READY)  ## Run the contract, the faults and the jobs over a package that uses httpx2 instead of httpx
	@rm -rf dist/httpx2
	@$(RUN) scripts/generate.py --httpx2 dist/httpx2
	@$(RUN) -m pytest -p tests.support.httpx2 --override-ini "pythonpath=dist/httpx2 scripts" --numprocesses 2 \
		$(filter-out $(LEFT_OUT),tests/test_contract.py tests/test_faults.py tests/test_jobs.py) -k "not aiohttp"

soak: $(READY)  ## Run the tests that depend on chance at their full size, which takes minutes
	@$(RUN) -m pytest --full --override-ini faulthandler_timeout=0 --durations=10 \
		tests/test_bulk.py tests/test_storm.py tests/test_vendor.py -k "kill or storm"

smoke: $(READY)  ## Run a part of the tests that shows whether an interpreter works, as CI does for all there are
	@$(RUN) -m pytest --numprocesses 2 \
		$(filter-out $(LEFT_OUT),$(patsubst %,tests/test_%.py,client contract errors faults jobs reference webhooks))

matrix:  ## Run the tests with every supported Python that is on the PATH
	@for python in $(PYTHONS); do \
		! $$python -c "" 2>/dev/null || { echo "== $$python"; $(MAKE) test PYTHON=$$python || exit 1; }; \
	done

generate: $(READY)  ## Rewrite generated/ from openapi.yaml and scripts/; ARGS=--accept-upstream after an upgrade
	@$(RUN) scripts/generate.py $(ARGS)

check-drift: $(READY)  ## Fail if generated/ is not what `make generate` would write
	@$(RUN) scripts/generate.py --check

changes: $(READY)  ## Report what breaks for users since the git revision BASE, in Python and on the wire
	@$(RUN) scripts/changes "$(BASE)"

lint: $(READY)  ## Check the style of the code and the rules of openapi.yaml
	@$(RUN) -m ruff check
	@$(RUN) -m ruff format --check scripts tests
	@$(RUN) -m spec

types: $(READY)  ## Check the types with mypy --strict, and what users see and write with basedpyright too
	@$(strip $(RUN) -m mypy $(addprefix --exclude ,$(LEFT_OUT)))
	@$(RUN) -m basedpyright $(filter-out $(LEFT_OUT),$(wildcard generated tests/typing))

sandbox: $(READY)  ## Serve an imitation of the API on loopback until Ctrl-C; ARGS="--port 8000 --seconds 4 20"
	@$(RUN) -m sandbox $(ARGS)

record: $(READY)  ## Record a round with the live API; needs LEAP_API_KEY and pays for an image: CONFIRM=yes
	@$(RUN) scripts/record.py $(if $(filter yes,$(CONFIRM)),--yes)

bench: $(READY)  ## Time the client beside its peers, and print a table; ARGS="--quick" only tries it out
	@$(RUN) -m benchmark $(ARGS)

docs: $(VENV)/docs/.ready  ## Write the HTTP reference as one HTML page, dist/reference.html; needs npm
	@said=$$(REDOCLY_SUPPRESS_UPDATE_NOTICE=true $(VENV)/docs/node_modules/.bin/redocly build-docs api \
		--config scripts/docs/redocly.yaml --inlineBundle --output dist/reference.html 2>&1) || { echo "$$said" >&2; exit 1; }
	@echo "dist/reference.html is written. It needs no network."

vendor:  ## Copy the package into another project: DEST=acme/_vendor/NAME, with CHECK=1 or FORCE=1
	@cd "$(or $(PWD),.)" && $(if $(findstring /,$(PYTHON)),$(abspath $(PYTHON)),$(PYTHON)) "$(CURDIR)/scripts/vendor.py" \
		$(if $(CHECK),--check) $(if $(FORCE),--force) "$(DEST)"

picture: $(READY)  ## Draw the screen of the demo for README.md, scripts/docs/demo.svg
	@env -u LEAP_API_KEY $(RUN) scripts/picture.py

build: $(READY)  ## Build the wheel and the sdist of generated/ into dist/
	@rm -rf dist
	@$(RUN) -m build --no-isolation --outdir dist generated

lock: $(READY)  ## Rewrite requirements.txt from pyproject.toml; UPGRADE=1 also renews what is not pinned there
	@$(RUN) -m uv pip compile --quiet $(if $(UPGRADE),--upgrade) --group dev --python-version 3.11 --universal \
		--generate-hashes --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
		--output-file requirements.txt

# Tests are run once, and measured on the way; the floor stands in pyproject.toml.
ci: COVERAGE := --cov
ci: lint types check-drift build test httpx2  ## Run every check that must pass before a merge

clean:  ## Remove what the other commands made, but not out/, since images may have cost money
	rm -rf .venv .venv-* dist .coverage* .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find generated scripts tests -name __pycache__ -type d -prune -exec rm -rf {} +

help:  ## List the commands
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "make %-17s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(VENV)/docs/.ready: scripts/docs/package-lock.json
	@command -v npm >/dev/null || { \
		echo "npm is needed for this command, and for no other. It comes with Node.js 20.19 or newer." >&2; exit 1; }
	@mkdir -p $(@D)
	@cp scripts/docs/package.json scripts/docs/package-lock.json $(@D)
	@npm ci --prefix $(@D) --ignore-scripts --no-audit --no-fund >/dev/null
	@touch $@

# The paths in checkout.pth are relative, so that a copy of the checkout imports its own code and not the original's.
$(READY): requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Python 3.11 or newer is needed, and $(PYTHON) is not. Name another: make PYTHON=python3.12 ..." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' || { \
		echo "$(PYTHON) cannot make virtual environments. On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	@echo "Setting up $(VENV) with what requirements.txt pins. This is done once and takes about a minute."
	@$(PYTHON) -m venv --clear $(VENV)
	@$(RUN) -m pip install --quiet --quiet --disable-pip-version-check --require-hashes --requirement requirements.txt || { \
		echo "The packages were not installed. Is the network there, and the package index? Then run this again." >&2; exit 1; }
	@$(RUN) -c 'import os, sysconfig; site = sysconfig.get_path("purelib"); \
		open(os.path.join(site, "checkout.pth"), "w").writelines( \
		os.path.relpath(path, site) + "\n" for path in ("generated", "scripts"))'
	@touch $@
