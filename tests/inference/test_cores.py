"""The threads by default: the cores of the process' affinity and of its container's quota."""

import builtins
import io
import os

import pytest

from ferd.inference.classifier import Classifier
from tests.helpers.predicting import write_model

FOLDER = "/sys/fs/cgroup/"
V2 = f"{FOLDER}cpu.max"
V1 = f"{FOLDER}cpu/cpu.cfs_quota_us", f"{FOLDER}cpu/cpu.cfs_period_us"


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return write_model(tmp_path_factory.mktemp("model") / "tiny.onnx")


@pytest.fixture
def machine(monkeypatch):
    """Has the process see a machine of 8 cores with other files of cgroups."""

    def machine(files, allowed=8):
        exists, really_open = os.path.exists, builtins.open

        def exists_(path):
            return path in files if str(path).startswith(FOLDER) else exists(path)

        def open_(path, *arguments, **options):
            made_up = str(path).startswith(FOLDER)
            return io.StringIO(files[path]) if made_up else really_open(path, *arguments, **options)

        monkeypatch.setattr(os, "cpu_count", lambda: 8)
        monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(allowed)), raising=False)
        monkeypatch.setattr(os.path, "exists", exists_)
        monkeypatch.setattr(builtins, "open", open_)
        monkeypatch.delenv("LOKY_MAX_CPU_COUNT", raising=False)

    return machine


@pytest.mark.parametrize(
    "files, allowed, threads",
    [
        ({}, 8, 8),
        ({}, 3, 3),
        ({V2: "max 100000\n"}, 8, 8),
        ({V2: "150000 100000\n"}, 8, 2),
        ({V2: "50000 100000\n"}, 8, 1),
        ({V2: "600000 100000\n"}, 3, 3),
        ({V1[0]: "150000\n", V1[1]: "100000\n"}, 8, 2),
        ({V1[0]: "-1\n", V1[1]: "100000\n"}, 8, 8),
    ],
)
def test_threads_are_the_cores_that_the_process_may_use(files, allowed, threads, machine, model):
    machine(files, allowed)
    assert Classifier.load(model).network.threads == threads
    assert Classifier.load(model, threads=5).network.threads == 5
