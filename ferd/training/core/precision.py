"""Chooses the arithmetic of training: bfloat16 if the hardware multiplies it, else float32."""

import os

import keras
import tensorflow as tf

# Values of oneDNN's ONEDNN_MAX_CPU_ISA below the first instructions for bfloat16: there oneDNN
# refuses it or emulates it.
WITHOUT_BFLOAT16 = (
    *("SSE41", "AVX", "AVX2", "AVX2_VNNI", "AVX2_VNNI_2"),
    *("AVX512_CORE", "AVX512_CORE_VNNI"),
)


def choose_precision(wish="auto"):
    """Sets Keras' dtype policy.

    Args:
        wish: "float32", "bfloat16", or "auto": bfloat16 on a GPU of compute capability 8 or more
            and on a CPU with AVX-512 BF16 or AMX that oneDNN may use, float32 elsewhere (bfloat16
            is then emulated, several times slower).

    Returns:
        The policy's name: "float32" or "mixed_bfloat16" (weights stay float32).
    """
    fast = wish == "bfloat16" or (wish == "auto" and _has_bfloat16())
    policy = "mixed_bfloat16" if fast else "float32"
    keras.mixed_precision.set_dtype_policy(policy)
    return policy


def _has_bfloat16():
    devices = tf.config.list_physical_devices("GPU")
    if devices:
        details = [tf.config.experimental.get_device_details(device) for device in devices]
        return all(detail.get("compute_capability", (0, 0)) >= (8, 0) for detail in details)
    # Without oneDNN TensorFlow emulates bfloat16.
    if os.environ.get("TF_ENABLE_ONEDNN_OPTS") == "0":
        return False
    if os.environ.get("ONEDNN_MAX_CPU_ISA", "").upper() in WITHOUT_BFLOAT16:
        return False
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            flags = next((line.split() for line in file if line.startswith("flags")), [])
    except OSError:
        return False
    return "avx512_bf16" in flags or "amx_bf16" in flags
