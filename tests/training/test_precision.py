"""ferd.training.core.precision: bfloat16 only if it is requested or the hardware multiplies it."""

import io

import keras
import pytest
import tensorflow as tf

from ferd.training.core import precision
from ferd.training.core.precision import choose_precision


@pytest.fixture(autouse=True)
def policy_restored():
    yield
    keras.mixed_precision.set_dtype_policy("float32")


@pytest.fixture
def play(monkeypatch):
    """Function that plays a machine: its GPUs' compute capabilities and its cpuinfo."""

    def play(gpus=(), cpuinfo=""):
        def open_cpuinfo(*arguments, **options):
            if cpuinfo is None:
                raise FileNotFoundError
            return io.StringIO(cpuinfo)

        details = [{} if gpu is None else {"compute_capability": gpu} for gpu in gpus]
        monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind: list(range(len(gpus))))
        monkeypatch.setattr(tf.config.experimental, "get_device_details", details.__getitem__)
        monkeypatch.setattr(precision, "open", open_cpuinfo, raising=False)
        monkeypatch.setenv("TF_ENABLE_ONEDNN_OPTS", "1")
        monkeypatch.delenv("ONEDNN_MAX_CPU_ISA", raising=False)

    return play


@pytest.mark.parametrize(
    ("wish", "policy"), [("float32", "float32"), ("bfloat16", "mixed_bfloat16")]
)
@pytest.mark.parametrize("cpuinfo", ["flags : avx2\n", "flags : avx512_bf16\n"])
def test_a_wish_is_met_whatever_the_machine(play, wish, policy, cpuinfo):
    play(cpuinfo=cpuinfo)
    assert choose_precision(wish) == policy
    assert keras.mixed_precision.dtype_policy().name == policy


@pytest.mark.parametrize(
    ("cpuinfo", "policy"),
    [
        ("model name : A\nflags\t\t: fpu avx512_bf16 avx\n", "mixed_bfloat16"),
        ("flags\t\t: fpu amx_bf16\n", "mixed_bfloat16"),
        ("flags\t\t: fpu avx512f avx512_bf16x\n", "float32"),
        ("model name : avx512_bf16\n", "float32"),
        ("", "float32"),
        (None, "float32"),
    ],
)
def test_auto_takes_bfloat16_on_a_cpu_that_multiplies_it(play, cpuinfo, policy):
    play(cpuinfo=cpuinfo)
    assert choose_precision("auto") == policy
    assert keras.mixed_precision.dtype_policy().name == policy


@pytest.mark.parametrize(
    ("gpus", "policy"),
    [
        ([(8, 0)], "mixed_bfloat16"),
        ([(9, 0), (8, 6)], "mixed_bfloat16"),
        ([(7, 5)], "float32"),
        ([(8, 0), (7, 0)], "float32"),
        ([None], "float32"),
    ],
)
def test_auto_goes_by_the_gpus_where_there_are_some(play, gpus, policy):
    play(gpus, cpuinfo="flags : avx512_bf16\n" if policy == "float32" else "flags : avx2\n")
    assert choose_precision() == policy


def test_weights_stay_float32_under_bfloat16():
    choose_precision("bfloat16")
    layer = keras.layers.Dense(2)
    assert layer(keras.Input((3,))).dtype == "bfloat16"
    assert layer.kernel.dtype == "float32"


@pytest.mark.parametrize(
    ("isa", "policy"),
    [
        ("AVX2", "float32"),
        ("avx512_core", "float32"),
        ("AVX512_CORE_BF16", "mixed_bfloat16"),
        ("AVX512_CORE_AMX", "mixed_bfloat16"),
        ("DEFAULT", "mixed_bfloat16"),
    ],
)
def test_auto_takes_float32_where_onednn_is_told_to_act_as_an_older_cpu(
    play, monkeypatch, isa, policy
):
    """In bfloat16 a training then ends by SIGILL."""
    play(cpuinfo="flags : avx512_bf16\n")
    monkeypatch.setenv("ONEDNN_MAX_CPU_ISA", isa)
    assert choose_precision("auto") == policy


def test_auto_takes_float32_without_onednn(play, monkeypatch):
    """TensorFlow then emulates bfloat16, several times slower."""
    play(cpuinfo="flags : avx512_bf16\n")
    monkeypatch.setenv("TF_ENABLE_ONEDNN_OPTS", "0")
    assert choose_precision("auto") == "float32"
