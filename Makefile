# What to type; README.md says what each costs and yields.
#   make demo                 the whole study on sketch faces, small
#   make study [DATA=path]    the whole study on the real faces
#   make test                 the test suite
#   make bench                benchmarks, into benchmarks/results.json and docs/performance.md
#   make peers                the network beside other packages, into the same (after make study)
#   make gpu                  the networks that are trained on one GPU, into the same (after make study)
# Others: lint, requirements, clean.

PYTHON ?= python3.11
VENV ?= .venv
BIN := $(VENV)/bin
# TensorFlow's start-up notices: ten lines about CUDA on a machine that has none.
export TF_CPP_MIN_LOG_LEVEL ?= 3
# TensorFlow leaves oneDNN off on a CPU without AVX-512, where training is 1.6 times faster with it.
export TF_ENABLE_ONEDNN_OPTS ?= 1
# Stages are started as `python stages/x.py`: let that be the environment's Python.
export PATH := $(abspath $(BIN)):$(PATH)

.PHONY: demo study test bench peers gpu lint requirements clean

demo: $(VENV)/installed
	$(BIN)/python -m ferd.demo

study: $(VENV)/installed
	$(BIN)/python -m ferd.source $(if $(DATA),"$(DATA)")
	$(BIN)/dvc add --quiet data/source.zip
	$(BIN)/dvc repro

test: $(VENV)/installed
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile --no-loadscope-reorder

bench: $(VENV)/installed
	$(BIN)/python benchmarks/crop.py
	$(BIN)/python benchmarks/train.py
	$(BIN)/python benchmarks/automl.py
	$(BIN)/python benchmarks/predict.py
	$(BIN)/python benchmarks/serve.py
	$(BIN)/python benchmarks/limits.py
	$(BIN)/python benchmarks/breakdown.py
	$(BIN)/python benchmarks/report.py

# Needs the real data and a package index: each package gets an environment of its own.
peers: $(VENV)/installed
	$(BIN)/python benchmarks/peers.py
	$(BIN)/python benchmarks/peers_people.py
	$(BIN)/python benchmarks/report.py

# Needs the real data, one GPU and `.venv/bin/pip install "jax[cuda12]==0.5.3"`.
gpu: $(VENV)/installed
	$(BIN)/dvc repro stages/gpu/dvc.yaml
	$(BIN)/python benchmarks/gpu.py
	$(BIN)/python benchmarks/report.py

lint: $(VENV)/installed
	$(BIN)/python -m ruff check --fix .
	$(BIN)/python -m ruff format .

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
