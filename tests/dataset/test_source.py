"""ferd.dataset.reading.source: data is copied complete to data/source.zip, or a message helps."""

import hashlib
import os
import shutil
import subprocess
import sys
import time
import types
import zipfile
from pathlib import Path

import pytest

from ferd.classes import CLASSES
from ferd.dataset.reading import source
from ferd.dataset.reading.archive import ArchiveError, read_faces

REPO = Path(__file__).resolve().parents[2]
TARGET = Path("data/source.zip")


@pytest.fixture(autouse=True)
def in_empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def write_folder(folder):
    for split in ("train", "validation"):
        for label in CLASSES:
            path = Path(folder, "images", split, label, "1.jpg")
            path.parent.mkdir(parents=True)
            path.write_bytes(f"{split} {label}".encode())
    return Path(folder)


def write_zip(name):
    write_folder("unpacked")
    return Path(shutil.make_archive(name, "zip", "unpacked"))


def write_table(name):
    rows = [f"{n},{' '.join('7' * 2304)},{u}" for n in range(7) for u in ("Training", "PublicTest")]
    Path(name).write_text("\n".join(["emotion,pixels,Usage", *rows]))
    return Path(name)


def md5(path):
    return hashlib.md5(Path(path).read_bytes()).hexdigest()


def play_kagglehub(monkeypatch, download):
    monkeypatch.setitem(sys.modules, "kagglehub", types.SimpleNamespace(dataset_download=download))


def test_a_zip_is_copied_byte_for_byte(capsys):
    path = write_zip("mine")
    source.main([str(path)])
    assert md5(TARGET) == md5(path)
    assert "written from" in capsys.readouterr().out


def test_a_folder_gives_the_same_zip_wherever_and_whenever_it_was_written(tmp_path):
    source.main([str(write_folder("one"))])
    first = md5(TARGET)
    other = write_folder(tmp_path / "deeper" / "two")
    for path in other.rglob("*.jpg"):
        os.utime(path, (1e9, 1e9))
        path.chmod(0o600)
    TARGET.unlink()
    source.main([str(other)])
    assert md5(TARGET) == first
    assert list(read_faces(TARGET)) == list(read_faces(other))
    with zipfile.ZipFile(TARGET) as archive:
        forms = {(info.compress_type, info.date_time) for info in archive.infolist()}
    assert forms == {(zipfile.ZIP_STORED, (1980, 1, 1, 0, 0, 0))}


def test_a_table_is_packed_as_it_is():
    path = write_table("any_name.csv")
    source.main([str(path)])
    with zipfile.ZipFile(TARGET) as archive:
        assert archive.namelist() == ["fer2013.csv"]
        assert archive.read("fer2013.csv") == path.read_bytes()
    assert len(list(read_faces(TARGET))) == 14


@pytest.mark.parametrize("make", [write_zip, write_folder, write_table])
def test_the_same_data_again_leaves_the_file_alone(make, capsys):
    path = make("data.csv")
    source.main([str(path)])
    before = TARGET.stat()
    source.main([str(path)])
    assert (before.st_ino, before.st_mtime_ns) == (TARGET.stat().st_ino, TARGET.stat().st_mtime_ns)
    assert "already the same" in capsys.readouterr().out
    assert os.listdir("data") == ["source.zip"]


def test_the_target_itself_may_be_given():
    source.main([str(write_folder("one"))])
    before = md5(TARGET)
    source.main([str(TARGET)])
    assert md5(TARGET) == before


@pytest.mark.parametrize("arguments", [[], [""]])
def test_without_data_the_present_file_is_kept(arguments, monkeypatch, capsys):
    play_kagglehub(monkeypatch, lambda name: pytest.fail("downloaded"))
    source.main([str(write_zip("mine"))])
    before = md5(TARGET)
    source.main(arguments)
    assert md5(TARGET) == before
    assert "kept as it is" in capsys.readouterr().out


def test_without_data_and_file_kaggles_folder_is_packed(monkeypatch):
    asked = []
    folder = write_folder("cache")
    play_kagglehub(monkeypatch, lambda name: asked.append(name) or str(folder))
    source.main([])
    assert asked == ["jonathanoheix/face-expression-recognition-dataset"]
    assert list(read_faces(TARGET)) == list(read_faces(folder))


@pytest.mark.parametrize(
    "failure",
    [ConnectionError("no\nnetwork"), PermissionError("403"), ValueError("no account"), None],
)
def test_a_failed_download_names_every_other_way(failure, monkeypatch):
    def download(name):
        raise failure

    play_kagglehub(monkeypatch, download)
    if failure is None:
        monkeypatch.setitem(sys.modules, "kagglehub", None)  # makes the import fail
    with pytest.raises(SystemExit) as caught:
        source.main([])
    message = str(caught.value)
    for way in ("DATA=<zip>", "DATA=<folder>", "DATA=<fer2013.csv>", "Kaggle account", "make demo"):
        assert way in message
    assert "\n" not in message
    assert not TARGET.exists()


def test_bad_data_leaves_the_old_file_and_nothing_half():
    source.main([str(write_zip("mine"))])
    before = md5(TARGET)
    Path("broken.zip").write_bytes(b"PK")
    Path("unpacked/images/train/angry/1.jpg").unlink()
    for bad in ("broken.zip", "unpacked", "nowhere"):
        with pytest.raises(ArchiveError, match=bad):
            source.main([bad])
    assert md5(TARGET) == before
    assert os.listdir("data") == ["source.zip"]


def test_a_copy_that_breaks_off_leaves_nothing_half(monkeypatch):
    def broken_copy(start, end):
        Path(end).write_bytes(b"half")
        raise OSError(28, "No space left on device")

    path = write_zip("mine")
    monkeypatch.setattr(source.shutil, "copyfile", broken_copy)
    with pytest.raises(ArchiveError, match="No space left"):
        source.main([str(path)])
    assert os.listdir("data") == []


def test_what_a_killed_copy_left_is_overwritten():
    Path("data").mkdir()
    Path("data/source.zip.partial").write_bytes(b"half of an older copy")
    path = write_zip("mine")
    source.main([str(path)])
    assert md5(TARGET) == md5(path)
    assert os.listdir("data") == ["source.zip"]


def test_a_failure_on_the_command_line_is_one_line_without_traceback():
    command = [sys.executable, "-m", "ferd.dataset.reading.source", "nowhere"]
    result = subprocess.run(command, cwd=REPO, capture_output=True, text=True)
    assert result.returncode == 1
    assert result.stderr.count("\n") == 1 and "no such file" in result.stderr


def test_help_loads_nothing_heavy():
    start = time.perf_counter()
    command = [sys.executable, "-X", "importtime", "-m", "ferd.dataset.reading.source", "--help"]
    result = subprocess.run(command, cwd=REPO, capture_output=True, text=True, check=True)
    assert "DATA" in result.stdout
    assert not any(name in result.stderr for name in ("numpy", "cv2", "pandas", "kagglehub"))
    assert time.perf_counter() - start < 5  # 0.1 s alone; a busy machine may take longer
