"""Files that accompany photos: passed over in folders and patterns with one line, read if named."""

from collections import Counter

import pytest

from ferd.cli.main import main
from ferd.inference.reading.frames import Problem
from ferd.inference.reading.listing import list_sources
from ferd.inference.reading.sidecars import kind_of, passed_over
from tests.helpers.predicting import save, write_model
from tests.helpers.sketches import face

SIDECARS = ("a.jpg.json", "b.XMP", "c.aae", "C1.THM", "Thumbs.db", "desktop.ini", "notes.txt")


@pytest.fixture
def album(tmp_path, monkeypatch):
    save(tmp_path / "album" / "a.png", face("happy", 100))
    for name in (*SIDECARS, "deep/d.json", "DCIM/Thumbs.db", ".DS_Store", "._a.png"):
        (tmp_path / "album" / name).parent.mkdir(exist_ok=True)
        (tmp_path / "album" / name).write_text("x")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "album"


@pytest.mark.parametrize(
    "name", ["a.jpg", "json", "a.json.png", "thumbs.db.jpg", "db", ".json", "a.db"]
)
def test_other_files_are_none_of_these(name):
    assert kind_of(name) is None


@pytest.mark.parametrize("name", ["album", "album/**", "alb*"])
def test_they_are_passed_over_and_counted(album, name):
    passed = Counter()
    assert list(list_sources([name], passed=passed)) == ["album/a.png"]
    assert passed == {
        ".json": 2, ".xmp": 1, ".aae": 1, ".thm": 1, "Thumbs.db": 2, ".ini": 1, ".txt": 1
    }  # fmt: skip


def test_named_ones_are_read_and_so_are_those_of_a_pattern_for_them(album):
    passed = Counter()
    found = list(list_sources(["album/a.jpg.json", "album/*.json"], passed=passed))
    assert found == ["album/a.jpg.json"] * 2 and not passed


def test_a_folder_or_pattern_without_anything_else_is_a_problem(album):
    assert list(list_sources(["album/deep"])) == [
        Problem("album/deep", "the folder holds no photos or videos")
    ]
    assert list(list_sources(["album/[bc].*"])) == [
        Problem("album/[bc].*", "no photo or video matches the pattern")
    ]


def test_one_line_says_how_many_of_which_kinds():
    line = "ferd: passed over 1,203 files that accompany photos and videos: 1,200 .json, 3 .xmp"
    assert passed_over({".xmp": 3, ".json": 1200}) == line
    assert passed_over({"Icon\r": 1}) == (
        "ferd: passed over 1 file that accompanies photos and videos: 1 Icon"
    )


@pytest.mark.parametrize("words", [[], ["--format", "parquet", "--output", "rows"]])
def test_the_command_prints_that_line_and_ends_with_0(album, words, capsys):
    model = write_model(album.parent / "tiny.onnx")
    options = ["--model", str(model), "--whole-image", *words]
    assert main(["predict", "album", *options]) == 0
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("ferd: passed over 9 files that accompany photos and videos: 2 .json, ")
    assert main(["predict", "album/a.jpg.json", "--model", str(model)]) == 1
    assert capsys.readouterr().err.startswith("ferd: album/a.jpg.json: is not an image")
