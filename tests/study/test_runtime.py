"""ferd.study.base.runtime: what the study's libraries read from the environment."""

import os

import pytest

from ferd.study.base import runtime


def test_every_variable_has_a_default():
    environment = {}
    runtime.set_environment(environment)
    cores = str(runtime.available_cores())
    assert environment == {
        "TF_ENABLE_ONEDNN_OPTS": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "TF_NUM_INTRAOP_THREADS": cores,
        "OMP_NUM_THREADS": cores,
    }


def test_values_that_the_user_has_set_are_kept():
    environment = {"TF_ENABLE_ONEDNN_OPTS": "0", "OMP_NUM_THREADS": "1"}
    runtime.set_environment(environment)
    assert environment["TF_ENABLE_ONEDNN_OPTS"] == "0"
    assert environment["OMP_NUM_THREADS"] == "1"


@pytest.mark.parametrize(
    ("quota", "cores"), [("max 100000", 8), ("150000 100000", 2), ("10000 100000", 1), ("", 8)]
)
def test_a_container_s_quota_bounds_the_cores(tmp_path, monkeypatch, quota, cores):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(8)))
    path = tmp_path / "cpu.max"
    path.write_text(quota)
    assert runtime.available_cores(path) == cores
    assert runtime.available_cores(tmp_path / "none") == 8
