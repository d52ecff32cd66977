"""Runs a model once, within limits of time and memory, before it is used.

A model is a program: a small file can ask for a loop without end or a tensor of a terabyte. The
limits end such a model with one line. They are no reason to run a model of unknown origin.
"""

import contextlib
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnxruntime

from ferd.inference.model_file import ModelError, read_model
from ferd.inference.onnx_network import OUTSIDE
from ferd.inference.onnx_network import _check_shapes as check_shapes

LOAD_SECONDS = 20.0
LOAD_BYTES = 1 << 30  # beyond what the process has, and four times the model
_LOCK = threading.Lock()


def check_load(path: Path) -> None:
    """Loads a model without optimizing it, which would compute parts of it, and runs it.

    Args:
        path: The ONNX file, with its JSON file beside it.

    Raises:
        ModelError: If it cannot be loaded or run, or takes more than `LOAD_SECONDS` or
            `LOAD_BYTES`; and as in `ferd.inference.onnx_network.OnnxNetwork`.
    """
    if os.path.exists(path) and not os.path.isfile(path):
        raise ModelError(f"{path}: the model cannot be read (it is no file)")
    content, facts = read_model(path)
    faces = np.zeros((2, facts["size"], facts["size"], 1), "float32")
    options = onnxruntime.RunOptions()
    options.log_severity_level = 4
    timer = threading.Timer(LOAD_SECONDS, setattr, (options, "terminate", True))
    timer.daemon = True
    with _LOCK, _limited_memory(LOAD_BYTES + 4 * len(content)):
        session = _start(path, content)
        names = check_shapes(session, path, facts["size"])
        timer.start()
        try:
            session.run([names[1]], {names[0]: faces}, options)
        except Exception as error:  # ONNX Runtime's own classes, with no common base
            reason = f"takes more than {LOAD_SECONDS:g} seconds for two faces"
            if not options.terminate:
                reason = f"ONNX Runtime cannot run it ({_first_line(error)})"
            raise ModelError(f"{path}: {reason}") from error
        finally:
            timer.cancel()


def _start(path: Path, content: bytes) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # each thread reserves memory of its own
    options.log_severity_level = 4  # errors come as exceptions; the log repeats them on stderr
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.add_session_config_entry(OUTSIDE, os.devnull)
    try:
        return onnxruntime.InferenceSession(
            content, options, providers=["CPUExecutionProvider"], enable_fallback=0
        )
    except Exception as error:
        reason = f"ONNX Runtime cannot load it ({_first_line(error)})"
        raise ModelError(f"{path}: {reason}") from error


def _first_line(error: Exception) -> str:
    return (str(error) or type(error).__name__).splitlines()[0]


@contextlib.contextmanager
def _limited_memory(more: int) -> Iterator[None]:
    """Lets the process have `more` bytes beyond what it has now, where the platform can."""
    try:
        import resource

        with open("/proc/self/statm", encoding="ascii") as file:
            size = int(file.read().split()[0]) * resource.getpagesize()
        before, hard = resource.getrlimit(resource.RLIMIT_AS)
        if before != resource.RLIM_INFINITY and before <= size + more:
            raise ValueError("the limit of the process is lower")
        resource.setrlimit(resource.RLIMIT_AS, (size + more, hard))
    except (ImportError, OSError, ValueError):
        yield
        return
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (before, hard))
