"""ferd.inference.reading.listing: files in order, one folder in memory at a time, links followed
once."""

import os

import pytest

from ferd.inference.reading.frames import Problem
from ferd.inference.reading.listing import list_sources


@pytest.fixture
def tree(tmp_path, monkeypatch):
    for name in ("b/2", "b/1", "c", "a/deep/3", ".hidden", ".git/4"):
        (tmp_path / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / name).touch()
    monkeypatch.chdir(tmp_path)
    return tmp_path / "in"


def test_files_come_sorted_before_subfolders_and_streams_are_kept(tree):
    names = ["camera:0", "in", "in/c", "-", "in/b/*", "none"]
    *found, none = list_sources(names)
    assert found == [
        *("camera:0", "in/c", "in/a/deep/3", "in/b/1", "in/b/2", "in/c", "-", "in/b/1", "in/b/2"),
    ]
    assert none == Problem("none", "there is no such file or folder")


def test_a_folder_is_opened_when_its_files_are_wanted(tree, monkeypatch):
    opened, scandir = [], os.scandir
    monkeypatch.setattr(os, "scandir", lambda path: opened.append(path) or scandir(path))
    sources = list_sources(["in"])
    assert next(sources) == "in/c" and opened == ["in"]
    assert next(sources) == "in/a/deep/3" and opened == ["in", "in/a", "in/a/deep"]


def test_links_to_folders_are_left_out_and_links_to_files_and_nowhere_are_listed(tree):
    (tree / "d").symlink_to(tree / "b", target_is_directory=True)
    (tree / "e").symlink_to(tree / "c")
    (tree / "f").symlink_to(tree / "nowhere")
    (tree / "g").symlink_to("g")
    found = list(list_sources(["in"]))
    assert found == ["in/c", "in/e", "in/f", "in/g", "in/a/deep/3", "in/b/1", "in/b/2"]


def test_what_is_skipped_is_left_out_under_any_name(tree):
    (tree / "e").symlink_to(tree / "c")
    assert list(list_sources(["in", "in/c*"], skip=["in/c", "in/a"])) == [
        *("in/b/1", "in/b/2"),
        Problem("in/c*", "no file matches the pattern"),
    ]


def test_folders_without_files_and_those_that_cannot_be_read_are_problems(tree, monkeypatch):
    (tree / "empty" / "deep").mkdir(parents=True)
    assert list(list_sources(["in/empty"])) == [Problem("in/empty", "the folder holds no files")]
    scandir = os.scandir

    def refuse(path):
        if path == "in/b":
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    *found, problem = list_sources(["in"])
    assert found == ["in/c", "in/a/deep/3"]
    assert problem == Problem("in/b", "the folder cannot be read (Permission denied)")


def test_links_in_a_circle_are_not_followed_by_a_pattern(tree):
    (tree / "b/up").symlink_to(tree, target_is_directory=True)
    (tree / "a/deep/same").symlink_to(tree / "a", target_is_directory=True)
    everything = ["in/a/deep/3", "in/b/1", "in/b/2", "in/c"]
    for pattern in ("in/**", "**", "**/*", "./in/**/**", f"{tree}/**"):
        found = [os.path.relpath(path) for path in list_sources([pattern])]
        assert found == everything
    assert list(list_sources(["**/[0-9]"])) == everything[:-1]
    assert list(list_sources(["in/**/deep/*"])) == everything[:1]


@pytest.mark.parametrize("address", ["https://example.org/a.jpg?size=1", "rtsp://10.0.0.1/stream"])
def test_an_address_is_told_apart_from_a_file_that_is_missing(address):
    (problem,) = list_sources([address])
    assert problem == Problem(
        address, "is an address, and these are not read: give the path of a file"
    )
