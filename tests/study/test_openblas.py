"""ferd.study.openblas: AVX2 kernels on processors that OpenBLAS does not know, and only there."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from ferd.study import openblas

ROOT = Path(__file__).resolve().parents[2]
AVX2 = "processor\t: 0\nflags\t\t: fpu fma sse4_2 avx avx2\n\nprocessor\t: 1\nflags\t\t: fpu\n"
OLDER = "processor\t: 0\nflags\t\t: fpu fma sse4_2 avx\n"
STAGE = """from ferd.study import supervisor

def main():
    import scipy.linalg, threadpoolctl
    found = [one for one in threadpoolctl.threadpool_info() if one["internal_api"] == "openblas"]
    print(*(one["architecture"] for one in found))

supervisor.run(main)
"""


@pytest.fixture
def processor(tmp_path):
    """Writes a description of a processor; gives its path."""

    def write(text):
        path = tmp_path / "cpuinfo"
        path.write_text(text)
        return path

    return write


def chosen(monkeypatch, processor, found, **environment):
    """The variables after the choice, on a processor on which OpenBLAS chooses `found`."""
    monkeypatch.setattr(openblas, "kernels", lambda environment: found)
    openblas.choose_kernels(environment, processor)
    return environment


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ({"Prescott"}, {"OPENBLAS_CORETYPE": "Haswell"}),
        ({"Prescott", "Haswell"}, {"OPENBLAS_CORETYPE": "Haswell"}),
        ({"Zen"}, {}),
        ({"SkylakeX", "Cooperlake"}, {}),
        (set(), {}),
    ],
)
def test_kernels_are_chosen_only_where_openblas_does_not_use_avx2(
    monkeypatch, processor, found, expected
):
    assert chosen(monkeypatch, processor(AVX2), found) == expected


def test_what_a_user_set_stays(monkeypatch, processor):
    kept = {"OPENBLAS_CORETYPE": "Nehalem"}
    assert chosen(monkeypatch, processor(AVX2), {"Nehalem"}, **kept) == kept


def test_a_processor_without_avx2_or_without_a_description_gets_none(monkeypatch, processor):
    assert chosen(monkeypatch, processor(OLDER), {"Prescott"}) == {}
    assert chosen(monkeypatch, processor("Hardware : ARM\n"), {"Prescott"}) == {}
    assert chosen(monkeypatch, Path("no/such/file"), {"Prescott"}) == {}


@pytest.mark.skipif(not openblas.has_avx2(), reason="no Linux on x86-64 with AVX2")
@pytest.mark.parametrize("name", ["Prescott", "Haswell"])
def test_openblas_obeys_the_variable(name):
    assert openblas.kernels({**os.environ, "OPENBLAS_CORETYPE": name}) == {name}


@pytest.mark.skipif(not openblas.has_avx2(), reason="no Linux on x86-64 with AVX2")
def test_a_stage_uses_avx2_on_this_processor_too(tmp_path):
    (tmp_path / "small.py").write_text(STAGE)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    environment.pop("OPENBLAS_CORETYPE", None)
    command = [sys.executable, str(tmp_path / "small.py")]
    result = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert set(result.stdout.split()) <= openblas.FAST
    assert result.stdout.split()
