# What to type; README.md says what each costs and yields.
#   make demo                 the paper's chain on faces that the project draws
#   make demo-all             every stage on faces that the project draws
#   make paper [DATA=path]    the paper's chain and its ablations on the real faces
#   make study [DATA=path]    the whole study on the real faces; with WORKERS=2 two stages at a time,
#                             with CLUSTER=tcp://host:8786 on a Dask cluster
#   make other-images         changes params.yaml for images that are not FER2013's: type it before
#                             `make paper` or `make study`
#   make sweep SECTION=search TRIALS=40   a search of hyperparameters; WORKERS and CLUSTER as above
#   make lint                 ruff and mypy: style, docstrings and types; `make format` mends what it can
#   make test                 lint, then the tests to run after an edit
#   make test-all             every test, demo-all and the CPU matrix included
#   make fuzz COUNT=5000 SEED=7   damaged files through every reader; `make test` runs a few of them
#   make push, make pull      trained networks and features to and from a DVC remote [REMOTE=name]
#                             [IMAGES=1]; docs/usage.md says how a group sets one up
#   make verify               computes docs/results.md again from plots/, with code of its own
#   make docs                 the documentation as web pages, into build/docs
# These write benchmarks/results.json and docs/performance.md:
#   make bench                speed
#   make times                what the commands above take
#   make peers                our networks beside other packages (after make study)
#   make gpu                  trains and scores the networks that need one GPU (after make study)
# Others: format, picture, requirements, clean.

PYTHON ?= python3.11
VENV ?= .venv
BIN := $(VENV)/bin
# Where `make docs` writes, and its own environment.
SITE ?= build/docs
DOCS_VENV ?= build/docs-venv
# Stages are started as `python -m stages.x`: let that be the environment's Python.
export PATH := $(abspath $(BIN)):$(PATH)
# No DVC that is started here reports its use, also before a project's .dvc/config forbids it.
export DVC_NO_ANALYTICS := 1
# The stages of the paper's chain and its ablations whose results `make paper` prints.
CHAIN := score@train score_ensembles@automl_compare \
  score_ensembles@automl_voting score_ensembles@automl_stacking
ABLATIONS := score@ablation_uncropped score@ablation_cbam score@ablation_augment \
  score_ensembles@ablation_smote
PYTEST := $(BIN)/python -m pytest --numprocesses auto --dist loadfile --no-loadscope-reorder

.PHONY: demo demo-all paper study other-images sweep push pull lint format test test-all fuzz verify docs \
  bench times peers gpu picture requirements clean

demo: $(VENV)/installed
	$(BIN)/python -m ferd.sketch.demo

demo-all: $(VENV)/installed
	$(BIN)/python -m ferd.sketch.demo --all

paper: $(VENV)/installed
	$(BIN)/python -m ferd.dataset.reading.source $(if $(DATA),"$(DATA)")
	$(BIN)/dvc add --quiet data/source.zip
	$(BIN)/dvc repro $(CHAIN)
	$(BIN)/dvc repro $(ABLATIONS)
	$(BIN)/python -m ferd.report.paper_table $(notdir $(subst @,/,$(CHAIN) $(ABLATIONS)))

study: $(VENV)/installed
	$(BIN)/python -m ferd.dataset.reading.source $(if $(DATA),"$(DATA)")
	$(BIN)/dvc add --quiet data/source.zip
	$(if $(WORKERS)$(CLUSTER),$(BIN)/python -m ferd.cluster $(if $(CLUSTER),--scheduler $(CLUSTER),--workers $(WORKERS)))
	$(BIN)/dvc repro
	$(BIN)/python -m ferd.report

sweep: $(VENV)/installed
	$(BIN)/python -m ferd.cluster.sweep $(SECTION) --trials $(TRIALS) \
	  $(if $(CLUSTER),--scheduler $(CLUSTER),--workers $(or $(WORKERS),1))

other-images: $(VENV)/installed
	$(BIN)/python -m ferd.study.other_images

push pull: $(VENV)/installed
	$(BIN)/python -m ferd.study.remote $@ $(if $(REMOTE),--remote "$(REMOTE)") $(if $(IMAGES),--images)

lint: $(VENV)/installed
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m mypy

format: $(VENV)/installed
	$(BIN)/python -m ruff check --fix .
	$(BIN)/python -m ruff format .

test: lint
	$(PYTEST) -m "not slow"

test-all: lint
	$(PYTEST)

fuzz: $(VENV)/installed
	FUZZ_COUNT=$(COUNT) FUZZ_SEED=$(SEED) $(PYTEST) tests/fuzz

verify: $(VENV)/installed
	$(BIN)/python docs/verify.py

# Needs a package index the first time. Not --quiet: with it --strict does not count the warnings.
docs: $(DOCS_VENV)/installed
	$(DOCS_VENV)/bin/python -m mkdocs build --strict --config-file docs/mkdocs.yml \
	  --site-dir "$(abspath $(SITE))"

$(DOCS_VENV)/installed: requirements-docs.txt
	$(PYTHON) -m venv $(DOCS_VENV)
	$(DOCS_VENV)/bin/python -m pip install --quiet --disable-pip-version-check -r requirements-docs.txt
	touch $@

bench: $(VENV)/installed
	$(BIN)/python benchmarks/crop.py
	$(BIN)/python benchmarks/train.py
	$(BIN)/python benchmarks/automl.py
	$(BIN)/python benchmarks/predict.py
	$(BIN)/python benchmarks/detectors.py
	$(BIN)/python benchmarks/dark.py
	$(BIN)/python benchmarks/serve.py
	$(BIN)/python benchmarks/pressure.py
	$(BIN)/python benchmarks/limits.py
	$(BIN)/python benchmarks/breakdown.py
	$(BIN)/python benchmarks/scale.py
	$(BIN)/python benchmarks/joblib_backends.py
	$(BIN)/python benchmarks/workers.py --rounds 1
	$(BIN)/python benchmarks/report.py

times: $(VENV)/installed
	$(BIN)/python benchmarks/commands.py

# Needs the real data and a package index: each package gets an environment of its own.
peers: $(VENV)/installed
	$(BIN)/python benchmarks/peers.py
	$(BIN)/python benchmarks/peers_annotators.py
	$(BIN)/python benchmarks/front.py
	$(BIN)/python -m ferd.report.models.front_figure
	$(BIN)/python benchmarks/report.py
	$(BIN)/python -m ferd.report

# Needs the real data, one GPU and `.venv/bin/pip install "jax[cuda12]==0.5.3"`.
gpu: $(VENV)/installed
	mkdir -p build
	$(BIN)/python -m ferd.study.pipeline stages/gpu/dvc.yaml > build/gpu.sh
	sh -ex build/gpu.sh
	$(BIN)/dvc commit --force stages/gpu/dvc.yaml
	$(BIN)/python benchmarks/gpu.py
	$(BIN)/python benchmarks/report.py

picture: $(VENV)/installed
	$(BIN)/python -m ferd.report.readme.picture

# The version is checked before anything is installed: a later Python fails half-way through pip,
# with a message about a package.
$(VENV)/installed: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || { \
	  echo "This project needs Python 3.11 (PyCaret 3.3.2 runs on no later one);" \
	    "'$(PYTHON)' is not one. Name it: make PYTHON=/path/to/python3.11 ..."; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

# One file of pins with hashes for each environment, for all systems. uv repeats the conditions of pyproject.toml
# at each pin; they are left out, because pip would then install nothing on another Python, without an error.
COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
  --custom-compile-command "make requirements" --upgrade
ALWAYS := python_full_version < '3.12'|platform_python_implementation == 'CPython'

requirements:
	$(COMPILE) requirements.in -o requirements.txt
	$(COMPILE) -c requirements.txt requirements-remotes.in -o requirements-remotes.txt
	$(COMPILE) -c requirements.txt requirements-test.in -o requirements-test.txt
	$(COMPILE) -c requirements.txt --extra serve pyproject.toml docs/container/requirements.in \
	  -o docs/container/requirements.txt
	$(COMPILE) requirements-docs.in -o requirements-docs.txt
	perl -pi -e "s/ and ($(ALWAYS))|($(ALWAYS)) and //g; s/ ; ($(ALWAYS))//" \
	  requirements*.txt docs/container/requirements.txt

clean:
	rm -rf $(VENV) build .checkpoints .mypy_cache .pytest_cache .ruff_cache
