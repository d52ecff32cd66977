"""Training on CPUs of several generations: no crash, right gradients, on batches of any size."""

import itertools
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
# What ONEDNN_MAX_CPU_ISA takes, and what the CPU needs for it.
INSTRUCTIONS = {
    "AVX2": "avx2",
    "AVX512_CORE": "avx512dq",
    "AVX512_CORE_BF16": "avx512_bf16",
    "AVX512_CORE_AMX": "amx_bf16",
}


def cpu_flags():
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    return next((line.split() for line in lines if line.startswith("flags")), [])


def run_as(isa, onednn, *command):
    """Runs Python as on a CPU with these instructions; heap corruption ends it by SIGABRT."""
    if INSTRUCTIONS[isa] not in cpu_flags():
        pytest.skip(f"this CPU has no {INSTRUCTIONS[isa]}")
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "ONEDNN_MAX_CPU_ISA": isa,
        "TF_ENABLE_ONEDNN_OPTS": onednn,
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "MALLOC_CHECK_": "3",
    }
    return subprocess.run(
        [sys.executable, *command], env=environment, capture_output=True, text=True, timeout=600
    )


@pytest.mark.parametrize(
    ("isa", "onednn"),
    [*itertools.product(INSTRUCTIONS, ["1"]), ("AVX2", "0"), ("AVX512_CORE_BF16", "0")],
)
def test_the_demo_s_networks_train_on_odd_last_batches(tmp_path, isa, onednn):
    result = run_as(isa, onednn, "-m", "tests.helpers.odd_batches", str(tmp_path))
    assert result.returncode == 0, (result.returncode, result.stderr[-2000:])
    losses = [line for line in result.stdout.splitlines() if ", last batch of " in line]
    assert len(losses) == 6
    fast = onednn == "1" and isa.endswith(("BF16", "AMX"))
    arithmetic = "mixed_bfloat16" if fast else "float32"
    assert all(arithmetic in line for line in losses if line.startswith("recipe"))


GRADIENT = """
import numpy as np
import tensorflow as tf
faces = np.random.default_rng(0).normal(size=(15, 10, 10, 16)).astype("float32")
kernel = np.random.default_rng(1).normal(size=(1, 1, 16, 32)).astype("float32")
for _ in range(50):
    with tf.GradientTape() as tape:
        weights = tf.Variable(kernel)
        loss = tf.reduce_sum(tf.nn.conv2d(faces, weights, 2, "SAME") ** 2)
    found = tape.gradient(loss, weights).numpy()[0, 0]
    rows = faces[:, ::2, ::2].reshape(-1, 16).astype("float64")
    expected = 2 * rows.T @ (rows @ kernel[0, 0].astype("float64"))
    worst = np.abs(found - expected).max() / np.abs(expected).max()
    assert worst < 1e-4, worst
"""


@pytest.mark.parametrize("isa", INSTRUCTIONS)
def test_the_narrowest_strided_convolution_has_the_right_gradient_on_an_odd_batch(isa):
    """Below 16 channels it is wrong or the process dies; params.yaml's check refuses these."""
    result = run_as(isa, "1", "-c", GRADIENT)
    assert result.returncode == 0, (result.returncode, result.stderr[-2000:])
