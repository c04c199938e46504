# make run     a demo store from nothing to filled marts and docs
# make stop    end what `make run` started; the data stay
# make clean   stop, and delete everything that was made here
# make dashboard  the marts as pages, at an address that it prints
# make test    everything that CI runs
# make help    the rest

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
LOGS   := .tandem/logs
DASHBOARD := orchestrate/dashboard
PORT   ?= 8501
TANDEM := $(BIN)/tandem
UV     := $(shell sed -n 's/^ *"\(uv[~=].*\)",/\1/p' pyproject.toml)

export MELTANO_PROJECT_ROOT            := $(CURDIR)
export MELTANO_CLI_DISABLE_VERSION_CHECK := true
export DBT_SEND_ANONYMOUS_USAGE_STATS  := false
export UV_PYTHON_DOWNLOADS             := never
export UV_NO_PROGRESS                  := 1
unexport PYTHONUNBUFFERED

# $(call step,LOG,WHAT IT DOES,COMMAND): the output goes to a log; a failure is one sentence.
define step
@mkdir -p $(LOGS); printf '%-46s' '$(2) …'; began=$$(date +%s); \
if { $(3); } > $(LOGS)/$(1).log 2>&1 < /dev/null; then \
	echo "$$(($$(date +%s) - began)) s"; \
else \
	echo "failed"; tail -n 3 $(LOGS)/$(1).log | cut -c1-400; \
	echo "$(2) failed: the log is $(LOGS)/$(1).log"; exit 1; \
fi
endef

.NOTPARALLEL:
.PHONY: help run setup plugins dashboard database sync docs summary stop clean test pytest lint format bench

help:
	@sed -n 's/^# make/make/p' $(firstword $(MAKEFILE_LIST))
	@echo "make lint    ruff, mypy, sqlfluff, and no secret in the files"
	@echo "make bench   the measurements of the README, printed (QUICK=1: a few minutes)"
	@echo "make docs    build the dbt docs site anew"

run: setup plugins database sync docs summary

setup: $(VENV)/.ready

$(VENV)/.ready: uv.lock pyproject.toml $(wildcard */pyproject.toml */*/pyproject.toml)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; name one: make run PYTHON=python3.12"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(call step,environment,Installing the environment,\
		{ test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet --disable-pip-version-check '$(UV)'; } \
		&& $(BIN)/uv sync --locked)
	@touch $@

# Each plugin gets a venv of its own, at the versions of uv.lock.
plugins: .meltano/.ready

.meltano/.ready: $(VENV)/.ready meltano.yml extract/tap-shopify-adapter/constraints.txt
	@mkdir -p .meltano $(LOGS)
	$(call step,plugins,Installing the Meltano plugins,\
		$(BIN)/uv export --frozen --quiet --no-hashes --no-emit-workspace -o .tandem/constraints.txt \
		&& MELTANO_DATABASE_URI=sqlite:///$(CURDIR)/.meltano/install.db \
		UV_CONSTRAINT=$(CURDIR)/.tandem/constraints.txt $(BIN)/meltano install)
	@touch $@

# A venv of its own: Streamlit brings pandas and pyarrow.
$(DASHBOARD)/.venv/.ready: $(VENV)/.ready $(DASHBOARD)/uv.lock $(DASHBOARD)/pyproject.toml
	@mkdir -p $(LOGS)
	$(call step,dashboard,Installing the dashboard,\
		$(BIN)/uv sync --locked --python $(BIN)/python --project $(DASHBOARD))
	@touch $@

dashboard: database $(DASHBOARD)/.venv/.ready
	@cd $(DASHBOARD) && TANDEM_COMMAND=$(CURDIR)/$(TANDEM) \
		TANDEM_DATABASE_URL="$$($(CURDIR)/$(TANDEM) database url)" \
		.venv/bin/streamlit run app.py --server.port $(PORT)

database: setup
	@$(TANDEM) database start
	@$(TANDEM) database migrate

sync: setup plugins database
	@$(TANDEM) demo start
	@$(TANDEM) sync --environment demo --cadence first_sync

docs: setup plugins database
	$(call step,docs,Building the docs,$(BIN)/meltano --environment=demo invoke dbt-postgres:docs)

summary: database
	@$(TANDEM) demo summary

stop:
	@if test -x $(TANDEM); then $(TANDEM) demo stop; $(TANDEM) database stop; \
	else echo "Nothing was started here."; fi

clean:
	@if test -x $(TANDEM); then $(TANDEM) demo forget; fi
	@rm -rf .tandem .meltano $(VENV) $(DASHBOARD)/.venv transform/target transform/logs transform/dbt_packages \
		.pytest_cache .mypy_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -not -path './.git/*' -prune -exec rm -rf {} +
	@echo "Clean."

test: setup plugins $(DASHBOARD)/.venv/.ready lint pytest

pytest: setup
	@$(BIN)/pytest -n 2 --dist loadfile

lint: setup
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/sqlfluff lint --disable-progress-bar transform orchestrate/tandem/migrations
	@$(BIN)/python .ci/check-secrets

format: setup
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: setup
	@$(BIN)/python tests/bench $(if $(QUICK),--quick)
