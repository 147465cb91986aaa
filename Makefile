# Two commands matter: `make run` and `make test`. Both set up everything they need.

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

.PHONY: setup run test check catalogue bench bench-channels soak lock clean

setup: $(READY)
	@$(BIN)/python -m bot train >/dev/null

$(READY): requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; this is " + sys.version.split()[0])'
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $(READY)

run: setup
	@$(BIN)/python -m bot run

test: setup
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/python -m pytest

check: setup
	@$(BIN)/python -m bot check

# Brings the English catalogues up to date after Vietnamese sentences have changed.
catalogue: setup
	@$(BIN)/python -m bot translate

bench: setup
	@$(BIN)/python -m bench

# Half an hour. With redis-server on the machine (apt-get install redis-server) there is one row more.
bench-channels: setup
	@$(BIN)/python -m bench.channels

soak: setup
	@$(BIN)/python -m tests.soak

# Needs uv. The file names no download address, so that it works with any mirror of PyPI.
lock:
	uv pip compile --universal --python-version 3.11 --generate-hashes --extra rasa --no-header --no-emit-index-url \
		--no-emit-find-links --group dev pyproject.toml -o requirements.lock

clean:
	rm -rf .venv .cache
