""".ci/refused_files.py: pieces of the data set and large files are refused, the rest is not."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

REPO = Path(__file__).parents[2]
SCRIPT = REPO / ".ci/refused_files.py"
SPEC = importlib.util.spec_from_file_location("refused_files", SCRIPT)
refused_files = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(refused_files)


@pytest.mark.parametrize(
    ("path", "size"),
    [
        ("data/raw/train/happy/1.jpg", 100),
        ("data/crops.npz", 100),
        ("docs/face.PNG", 100),
        ("plots/train/faces.jpeg", 100),
        ("plots/train/history.csv", 500_001),
        ("notes/ferd/models.bin", 500_001),
    ],
)
def test_data_pictures_and_large_files_are_refused(path, size):
    assert path in refused_files.reason(path, size)


@pytest.mark.parametrize(
    ("path", "size"),
    [
        ("data/ferplus.csv", 1_602_762),
        ("docs/picture.png", 200_000),
        ("plots/png/train_history.png", 50_000),
        ("ferd/models/ferd.onnx", 1_433_319),
        ("plots/replicate/cosine_2025/predictions.csv", 654_637),
        ("plots/audit/images.csv", 1_500_000),
        ("plots/train/history.csv", 500_000),
        ("ferd/dataset/faces.py", 5_000),
    ],
)
def test_what_belongs_in_git_is_not(path, size):
    assert refused_files.reason(path, size) is None


def test_no_tracked_file_is_refused():
    names = subprocess.run(
        ["git", "ls-files", "-z"], cwd=REPO, check=True, capture_output=True, text=True
    ).stdout
    there = [name for name in names.split("\0") if name and (REPO / name).exists()]
    assert there
    done = subprocess.run(
        [sys.executable, SCRIPT, *there], cwd=REPO, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (0, "")


def test_a_refused_file_ends_with_status_1_and_its_reason(tmp_path):
    (tmp_path / "large.bin").write_bytes(b"0" * 500_001)
    words = [sys.executable, SCRIPT, "large.bin"]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (
        1,
        "large.bin: has 500,001 bytes, more than 500,000\n",
    )
