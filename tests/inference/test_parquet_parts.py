"""`ferd predict --format parquet`: the rows of JSON lines, in parts that a second run keeps."""

import errno
import json
import os
import re
import sys
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from ferd.cli import main as command
from ferd.inference.partitions import parquet_parts
from ferd.inference.reading import listing
from tests.helpers.predicting import PHOTO, PRIOR, save, write_facts, write_model, write_video
from tests.helpers.sketches import face, scene

WORDS = ("--format", "parquet", "--output", "rows", "--partition-size", "2")


@pytest.fixture
def predict(tmp_path, monkeypatch):
    """Runs `ferd predict album` in this process and returns its exit status."""
    monkeypatch.chdir(tmp_path)
    model = write_model(tmp_path / "tiny.onnx", prior=PRIOR)
    for number in range(4):
        save(tmp_path / "album" / f"{number}.png", face("happy", number, 80))
    (tmp_path / "album" / "2.png").write_bytes(b"hello")
    return lambda *words: command.main(["predict", "album", "--model", str(model), *words])


def parts():
    """When each file but the lock was written, by its name."""
    names = sorted(set(os.listdir("rows")) - {".lock"})
    return {name: os.stat(f"rows/{name}").st_mtime_ns for name in names}


def test_a_second_command_into_the_folder_is_refused(predict):
    assert predict(*WORDS) == 1
    first = parts()
    with parquet_parts.only_command("rows"):
        wanted = r"process \d+ on \S+ is writing into rows"
        with pytest.raises(SystemExit, match=wanted):
            predict(*WORDS, "--whole-image")
    assert parts() == first
    assert predict(*WORDS, "--whole-image") == 1 and parts() != first


def test_a_file_system_without_locks_is_written_to_all_the_same(tmp_path, monkeypatch, capsys):
    def flock(file, flags):
        raise OSError(errno.ENOLCK, "no locks")

    monkeypatch.setattr("fcntl.flock", flock)
    with parquet_parts.only_command(str(tmp_path)):
        line = f"ferd: {tmp_path} cannot be locked: start no second command\n"
        assert capsys.readouterr() == ("", line)


def test_rows_are_those_of_json_lines(predict, tmp_path, capsys, monkeypatch):
    save(tmp_path / "album" / os.fsdecode(b"caf\xe9.png"), scene(0, 50))
    write_video(tmp_path / "album" / "b.avi", [PHOTO, PHOTO, PHOTO])
    monkeypatch.setattr(parquet_parts, "ROWS", 2)
    assert predict() == 1
    lines, problem = capsys.readouterr()
    assert predict(*WORDS) == 1
    assert capsys.readouterr() == ("", problem)
    wanted = [json.loads(line) for line in lines.splitlines()]
    wanted[-1]["file"] = r"album/caf\udce9.png"
    table = pq.read_table("rows")
    assert table.to_pylist() == wanted and len(wanted) == 10
    assert (
        table.schema.field("face").type == "int64" and table.schema.field("p_sad").type == "double"
    )
    assert list(parts()) == [f"part-{number:08d}.parquet" for number in range(3)]


def test_a_second_run_writes_the_missing_parts_and_repeats_the_problems(predict, capsys):
    assert predict(*WORDS) == 1
    first, problems = parts(), capsys.readouterr().err
    os.unlink("rows/part-00000000.parquet")
    for name, age in (("left", 2 * parquet_parts.DAY), ("new", 0)):
        Path(f"rows/.part-00000007-{name}").touch()
        os.utime(f"rows/.part-00000007-{name}", (time.time() - age,) * 2)
    assert predict(*WORDS) == 1
    assert capsys.readouterr().err == problems and "2.png" in problems
    second = parts()
    # Another command may be writing it.
    assert second.keys() == {*first, ".part-00000007-new"}


def test_a_photo_that_can_be_read_later_gets_its_rows(predict, capsys):
    assert predict(*WORDS) == 1
    first = parts()
    save(Path("album/2.png"), face("happy", 2, 80))
    assert predict(*WORDS) == 0 and capsys.readouterr().err.count("2.png") == 1
    assert parts()["part-00000000.parquet"] == first["part-00000000.parquet"]
    assert pq.read_table("rows").num_rows == 4


def test_a_folder_that_is_not_there_costs_no_rows(predict, capsys):
    predict(*WORDS)
    first = parts()
    Path("album").rename("away")
    with pytest.raises(SystemExit, match="album"):
        predict(*WORDS)
    assert parts() == first
    Path("album").mkdir()
    save(Path("album/0.png"), face("happy", 0, 80))
    Path("album/deep").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(listing, "_entries", unreadable(listing._entries))
        assert predict(*WORDS) == 1
    assert "keeps later parts" in capsys.readouterr().err
    assert parts().keys() == first.keys()


def unreadable(entries):
    """Lists a folder `deep` as one that may not be read, also to a superuser."""

    def listed(parent, skip, problems):
        if os.path.basename(parent) == "deep":
            problems.append(PermissionError(13, "Permission denied", parent))
            return [], []
        return entries(parent, skip, problems)

    return listed


def test_a_damaged_part_is_written_again(predict):
    predict(*WORDS)
    part = Path("rows/part-00000001.parquet")
    whole = part.read_bytes()
    for damaged in (whole[:-9], whole[:-40] + b"x" * 32 + whole[-8:]):
        part.write_bytes(damaged)
        predict(*WORDS)
        assert part.read_bytes() == whole


@pytest.mark.parametrize(
    "change",
    [("--top-k", "1"), ("--whole-image",), ("--abstain-below", "1"), ("--prior", "uniform")],
)
def test_other_options_write_every_part_again(predict, change):
    predict(*WORDS)
    first = parts()
    predict(*WORDS, *change)
    assert not set(first.values()) & set(parts().values()) and len(parts()) == 2


def test_parts_are_kept_for_the_same_prior_however_it_is_written_and_for_no_other(predict):
    first = "angry=1,disgust=1,fear=1,happy=1,neutral=1,sad=1,surprise=1"
    os.unlink("album/2.png")
    assert predict(*WORDS, "--prior", first) == 0
    written = parts()
    predict(*WORDS, "--prior", "uniform")
    assert parts() == written
    predict(*WORDS, "--prior", first.replace("sad=1", "sad=2"))
    assert not set(written.values()) & set(parts().values())


def test_parts_depend_on_the_networks_own_prior_only_if_it_is_used(predict):
    os.unlink("album/2.png")
    for words, are_kept in (((), True), (("--prior", "uniform"), False)):
        write_facts(Path("tiny.onnx"), prior=PRIOR)
        predict(*WORDS, *words)
        written = parts()
        write_facts(Path("tiny.onnx"), prior=PRIOR | {"happy": 0.25, "sad": 0.15})
        predict(*WORDS, *words)
        assert (parts() == written) == are_kept


def test_parts_of_more_files_than_there_are_now_are_removed(predict):
    predict(*WORDS)
    first = parts()
    os.unlink("album/3.png")
    os.unlink("album/2.png")
    Path("rows/notes.txt").touch()
    predict(*WORDS)
    assert parts().pop("notes.txt")
    assert {"notes.txt", *list(first)[:1]} == parts().keys()
    assert parts()["part-00000000.parquet"] == first["part-00000000.parquet"]


@pytest.mark.parametrize(
    "name, words, where",
    [
        ("pyarrow", WORDS, ""),
        ("distributed", ("--cluster", "2"), ", on each worker too"),
    ],
)
def test_a_missing_package_is_one_line(predict, monkeypatch, name, words, where):
    for module in ("parquet_parts", "on_cluster"):
        monkeypatch.delitem(sys.modules, f"ferd.inference.partitions.{module}", raising=False)
    monkeypatch.setitem(sys.modules, name, None)
    line = f"ferd: this needs the package {name}{where}: pip install 'ferd[cluster]'"
    with pytest.raises(SystemExit, match=re.escape(line)):
        predict(*words)
