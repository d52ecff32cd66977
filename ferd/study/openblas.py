"""Gives numpy and SciPy their AVX2 kernels on processors that their OpenBLAS does not know.

PyCaret needs numpy 1 and SciPy 1.11, whose wheels have OpenBLAS 0.3.21 and 0.3.23. On an Intel
processor that is newer than they are, these choose the kernels of a Pentium 4 ("Prescott"), several
times slower than AVX2: https://github.com/OpenMathLib/OpenBLAS/issues/4267.
"""

import os
import subprocess
import sys
from pathlib import Path

VARIABLE = "OPENBLAS_CORETYPE"
# Those of OpenBLAS that use AVX2 or more.
FAST = {"Haswell", "Zen", "SkylakeX", "Cooperlake", "SapphireRapids"}
# Not the AVX-512 ones, though a processor may have it: these are what most processors use, so
# rounding is the same.
CHOSEN = "Haswell"
PROBE = """import scipy.linalg, threadpoolctl
for library in threadpoolctl.threadpool_info():
    if library["internal_api"] == "openblas":
        print(library["architecture"])
"""


def choose_kernels(environment=os.environ, processor="/proc/cpuinfo"):
    """Sets OPENBLAS_CORETYPE where OpenBLAS would not use the AVX2 that the processor has.

    To be called before numpy is imported. A value that is set stays. Elsewhere than on Linux with
    an x86-64 processor it does nothing.

    Args:
        environment: Mapping of names to values, changed in place.
        processor: File in which Linux describes the processor.
    """
    if VARIABLE in environment or not has_avx2(processor):
        return
    if kernels(environment) - FAST:
        environment[VARIABLE] = CHOSEN


def has_avx2(processor="/proc/cpuinfo"):
    """Whether the processor that a file describes has AVX2 and fused multiply-add.

    Args:
        processor: Path of the file; one that is not there describes none.
    """
    path = Path(processor)
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    flags = next((line.split() for line in lines if line.startswith("flags")), [])
    return {"avx2", "fma"} <= set(flags)


def kernels(environment=os.environ):
    """Names of the kernels that numpy's and SciPy's OpenBLAS choose, in a process of its own.

    Args:
        environment: That process's variables.

    Returns:
        Set of OpenBLAS' names, such as "Haswell"; empty where neither library has OpenBLAS.

    Raises:
        CalledProcessError: If numpy, SciPy or threadpoolctl cannot be imported.
    """
    command = [sys.executable, "-c", PROBE]
    found = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    return set(found.stdout.split())
