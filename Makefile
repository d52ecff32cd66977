# What to type; README.md says what each costs and yields.
#   make demo                 the paper's chain on faces that the project draws
#   make demo-all             every stage on faces that the project draws
#   make paper [DATA=path]    the paper's chain and its ablations on the real faces
#   make study [DATA=path]    the whole study on the real faces
#   make test                 the tests to run after an edit
#   make test-all             every test, demo-all and the CPU matrix included
#   make bench                benchmarks, into benchmarks/results.json and docs/performance.md
#   make times                what these commands take, into the same
#   make peers                the network beside other packages, into the same (after make study)
#   make gpu                  the networks that are trained on one GPU, into the same (after make study)
# Others: lint, picture, requirements, clean.

PYTHON ?= python3.11
VENV ?= .venv
BIN := $(VENV)/bin
# Stages are started as `python stages/x.py`: let that be the environment's Python.
export PATH := $(abspath $(BIN)):$(PATH)
# The stages of the paper's chain and its ablations whose results `make paper` prints.
CHAIN := automl_compare automl_voting automl_stacking
ABLATIONS := ablation_uncropped ablation_cbam ablation_augment ablation_smote ablation_smote_recall
PYTEST := $(BIN)/python -m pytest --numprocesses auto --dist loadfile --no-loadscope-reorder

.PHONY: demo demo-all paper study test test-all style bench times peers gpu lint picture requirements clean

demo: $(VENV)/installed
	$(BIN)/python -m ferd.sketch.demo

demo-all: $(VENV)/installed
	$(BIN)/python -m ferd.sketch.demo --all

paper: $(VENV)/installed
	$(BIN)/python -m ferd.dataset.reading.source $(if $(DATA),"$(DATA)")
	$(BIN)/dvc add --quiet data/source.zip
	$(BIN)/dvc repro $(CHAIN)
	$(BIN)/dvc repro $(ABLATIONS)
	$(BIN)/python -m ferd.report.paper_table $(CHAIN) $(ABLATIONS)

study: $(VENV)/installed
	$(BIN)/python -m ferd.dataset.reading.source $(if $(DATA),"$(DATA)")
	$(BIN)/dvc add --quiet data/source.zip
	$(BIN)/dvc repro

style: $(VENV)/installed
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .

test: style
	$(PYTEST) -m "not slow"

test-all: style
	$(PYTEST)

bench: $(VENV)/installed
	$(BIN)/python benchmarks/crop.py
	$(BIN)/python benchmarks/train.py
	$(BIN)/python benchmarks/automl.py
	$(BIN)/python benchmarks/predict.py
	$(BIN)/python benchmarks/serve.py
	$(BIN)/python benchmarks/limits.py
	$(BIN)/python benchmarks/breakdown.py
	$(BIN)/python benchmarks/report.py

times: $(VENV)/installed
	$(BIN)/python benchmarks/commands.py

# Needs the real data and a package index: each package gets an environment of its own.
peers: $(VENV)/installed
	$(BIN)/python benchmarks/peers.py
	$(BIN)/python benchmarks/peers_annotators.py
	$(BIN)/python benchmarks/report.py

# Needs the real data, one GPU and `.venv/bin/pip install "jax[cuda12]==0.5.3"`.
gpu: $(VENV)/installed
	$(BIN)/dvc repro stages/gpu/dvc.yaml
	$(BIN)/python benchmarks/gpu.py
	$(BIN)/python benchmarks/report.py

lint: $(VENV)/installed
	$(BIN)/python -m ruff check --fix .
	$(BIN)/python -m ruff format .

picture: $(VENV)/installed
	$(BIN)/python -m ferd.report.readme_picture

# The version is checked before anything is installed: a later Python fails half-way through pip,
# with a message about a package.
$(VENV)/installed: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || { \
	  echo "This project needs Python 3.11 (PyCaret 3.3.2 runs on no later one);" \
	    "'$(PYTHON)' is not one. Name it: make PYTHON=/path/to/python3.11 ..."; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

requirements: requirements.in
	uv pip compile --quiet --no-emit-index-url --custom-compile-command "make requirements" \
	  --python-version 3.11 --upgrade requirements.in -o requirements.txt

clean:
	rm -rf $(VENV) build .checkpoints .pytest_cache .ruff_cache
