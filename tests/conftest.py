"""Fixtures that several test modules share."""

import importlib
import os
from pathlib import Path

import pytest

from ferd.study import openblas
from ferd.study.base import runtime
from tests.helpers.small_faces import make_faces, write_crops

runtime.set_environment()
openblas.choose_kernels()
# No DVC that a test starts reports its use, whatever its folder's .dvc/config says.
os.environ["DVC_NO_ANALYTICS"] = "1"


def pytest_collection_modifyitems(items):
    """The demo first: it takes as long as half of the others, which another core runs meanwhile."""
    items.sort(key=lambda item: item.path.name != "test_demo.py")


@pytest.fixture
def empty_folder(tmp_path, monkeypatch):
    """An empty folder, which is the working folder during the test."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def small_faces():
    """`Faces` of 28 random 8x8 images, four of each class."""
    return make_faces()


@pytest.fixture
def small_crops(empty_folder):
    """The arrays of a small data/crops.npz, which lies in the working folder."""
    return write_crops()


@pytest.fixture
def load(monkeypatch):
    """Imports a module of benchmarks/."""
    monkeypatch.syspath_prepend(str(Path(__file__).resolve().parents[1] / "benchmarks"))
    return importlib.import_module
