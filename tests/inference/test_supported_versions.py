"""`pip install .` and `ferd predict` with the lowest and the newest packages that are allowed.

Both environments predict the same photo, video and broken file, and so does the one that runs the
tests: the rows must be the same.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.helpers.predicting import NO_FFMPEG, PHOTO, REPO, environment, photo, save, write_video
from tests.helpers.sketches import scene

pytestmark = pytest.mark.slow
SETUP = tomllib.loads((REPO / "pyproject.toml").read_text())["project"]
LOWEST = dict(re.match("(.+)>=(.+),<", line).groups() for line in SETUP["dependencies"])
# In the order of preference. Where none is there, the Python that runs the tests takes part.
PYTHONS = {"lowest": ["3.10"], "newest": ["3.13", "3.12"]}
TOLERANCE = 1e-4  # of scores and probabilities: other kernels may round otherwise
PACKAGE = ("ferd", "pyproject.toml", "README.md", *map(str, REPO.glob("requirements*.in")))
COMPLETE = """
import pathlib, pickle, ferd
from ferd import Classifier
is_typed = (pathlib.Path(ferd.__file__).parent / "py.typed").exists()
print(is_typed, len(pickle.loads(pickle.dumps(Classifier.load())).network.classes))
"""
# So that an installed program does not find the package in the repository.
ALONE = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}


def find_python(versions):
    """The first of these Pythons that runs: on the path or installed by pyenv."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    for version in versions:
        for path in [f"python{version}", *sorted(pyenv.glob(f"{version}.*/bin/python"))]:
            words = [path, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
            found = shutil.which(path) and subprocess.run(words, capture_output=True, text=True)
            if found and found.stdout.strip() == version:
                return str(path)
    return sys.executable


def pip(python, *words):
    words = [python, "-m", "pip", "--disable-pip-version-check", *map(str, words)]
    return subprocess.run(words, capture_output=True, text=True)


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    """Skips where no package index answers, but not in CI."""
    folder = tmp_path_factory.mktemp("index")
    words = ["--no-deps", "--no-cache-dir", "--retries", 1, "--timeout", 10, "--dest", folder]
    done = pip(sys.executable, "download", "tqdm", *words)
    if done.returncode and os.environ.get("CI") != "true":
        pytest.skip(f"no package index can be reached: {done.stderr.strip().splitlines()[-1]}")
    assert done.returncode == 0, done.stderr


def install(which, folder):
    """An environment of its own with the package and the lowest or newest of what it needs."""
    source = folder / which / "source"
    source.mkdir(parents=True)
    for path in (REPO / name for name in PACKAGE):
        copy = shutil.copytree if path.is_dir() else shutil.copy
        copy(path, source / path.name)
    venv = folder / which / "venv"
    subprocess.run([find_python(PYTHONS[which]), "-m", "venv", venv], check=True)
    pins = [f"{name}=={version}" for name, version in LOWEST.items()] if which == "lowest" else []
    done = pip(venv / "bin" / "python", "install", "--quiet", source, *pins)
    assert done.returncode == 0, done.stderr
    return venv / "bin"


@pytest.fixture(scope="module")
def installed(index, tmp_path_factory):
    """The folder of programs in each of the two environments."""
    folder = tmp_path_factory.mktemp("versions")
    with ThreadPoolExecutor() as pool:
        programs = pool.map(lambda which: install(which, folder), PYTHONS)
        return dict(zip(PYTHONS, programs, strict=True))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with a photo, a file cut off, a video and another photo."""
    folder = tmp_path_factory.mktemp("media")
    save(folder / "in" / "a.png")
    (folder / "in" / "b.png").write_bytes((folder / "in" / "a.png").read_bytes()[:900])
    other = photo([("surprise", 7, 300, 100, 100)], 640, 520)
    write_video(folder / "in" / "c.avi", [PHOTO, scene(0, 640)[:520], other])
    save(folder / "in" / "d.jpg", other)
    return folder


def run(words, folder, env=ALONE):
    return subprocess.run([*map(str, words)], cwd=folder, env=env, capture_output=True, text=True)


def predict(words, folder, *options, env=ALONE):
    done = run([*words, "predict", "in", *options], folder, env)
    assert done.returncode == 1 and len(done.stderr.splitlines()) == 1, done.stderr
    assert done.stderr.startswith("ferd: in/b.png: is cut off or damaged")
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize("which", PYTHONS)
@pytest.mark.parametrize("model", [[], ["--model", "annotators"]], ids=["default", "annotators"])
def test_the_rows_are_those_of_the_studys_versions(installed, folder, which, model):
    wanted = predict([sys.executable, "-m", "ferd"], folder, *model, env=environment())
    found = predict([installed[which] / "ferd"], folder, *model)
    places = [(row["file"], row["frame"], row["face"]) for row in found]
    assert places == [
        *(("in/a.png", 0, 0), ("in/a.png", 0, 1), ("in/c.avi", 0, 0), ("in/c.avi", 0, 1)),
        *(("in/c.avi", 1, None), ("in/c.avi", 2, 0), ("in/d.jpg", 0, 0)),
    ]
    for row, other in zip(found, wanted, strict=True):
        assert row.pop("label") == other.pop("label") and row.pop("file") == other.pop("file")
        assert row == pytest.approx(other, abs=TOLERANCE)


def versions(python):
    listed = json.loads(pip(python, "list", "--format", "json").stdout)
    return {entry["name"].lower(): entry["version"] for entry in listed}


def test_the_lowest_versions_are_the_ones_that_were_run(installed):
    found = versions(installed["lowest"] / "python")
    for name, version in LOWEST.items():
        assert re.fullmatch(re.escape(version) + r"(\.0)*", found[name])


@pytest.mark.parametrize("which", PYTHONS)
def test_the_package_that_is_installed_is_complete(installed, which, tmp_path):
    done = run([installed[which] / "python", "-c", COMPLETE], tmp_path)
    assert (done.returncode, done.stdout) == (0, "True 7\n"), done.stderr


@pytest.mark.parametrize("which", PYTHONS)
def test_all_versions_annotate_a_video_that_browsers_play(installed, folder, tmp_path, which):
    words = [installed[which] / "ferd", "predict", "in", "--annotated", tmp_path / "out"]
    done = run(words, folder, ALONE | {"PATH": ""})
    assert done.returncode == 1 and NO_FFMPEG in done.stderr
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == ["a.png", "c.webm", "d.jpg"]
