"""ferd.inference.reading.media: named sources become frames in order, every failure one line."""

import io
import os
import sys
from types import SimpleNamespace

import numpy as np
from PIL import Image

from ferd.inference.reading import media
from ferd.inference.reading.media import Frame, Problem, read_media
from ferd.inference.reading.thinning import Thinning
from tests.helpers.predicting import rgb
from tests.helpers.sketches import face

FACE = face("happy", 1, 64)


def save(path, pixels=FACE):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(path)
    return str(path)


def read(*names, **options):
    return list(read_media(names, **options))


def sources(items):
    return [os.path.basename(item.source) for item in items]


def only_problem(*names, **options):
    """The message of the one problem that reading gives."""
    (problem,) = read(*names, **options)
    assert isinstance(problem, Problem) and "\n" not in problem.message
    assert problem.source == names[0]
    return problem.message


def test_a_photo_is_one_frame_of_rgb(tmp_path):
    (frame,) = read(save(tmp_path / "a.png"))
    assert (frame.source, frame.number, frame.rate) == (str(tmp_path / "a.png"), 0, None)
    assert np.array_equal(frame.pixels, rgb(FACE))


def test_names_may_be_paths_and_keep_their_order(tmp_path):
    save(tmp_path / "a.png")
    save(tmp_path / "b.png")
    assert sources(read(tmp_path / "b.png", tmp_path / "a.png")) == ["b.png", "a.png"]


def test_a_folder_is_read_sorted_with_its_subfolders_and_without_hidden_files(tmp_path):
    for name in ("b/2.png", "b/1.png", "c.png", "a/deep/3.png", ".hidden.png", ".git/4.png"):
        save(tmp_path / name)
    assert sources(read(tmp_path)) == ["c.png", "3.png", "1.png", "2.png"]


def test_skipped_paths_are_left_out_of_folders_and_patterns(tmp_path):
    for name in ("a.png", "rows.png", "out/b.png"):
        save(tmp_path / name)
    skip = [tmp_path / "rows.png", tmp_path / "out"]
    assert sources(read(tmp_path, skip=skip)) == ["a.png"]
    assert sources(read(f"{tmp_path}/*", skip=skip)) == ["a.png"]


def test_a_link_to_a_parent_folder_is_not_followed(tmp_path):
    save(tmp_path / "a.png")
    (tmp_path / "loop").symlink_to(tmp_path)
    assert sources(read(tmp_path)) == ["a.png"]


def test_a_pattern_gives_each_file_once_and_sorted(tmp_path):
    for name in ("b.png", "a.png", "c.bmp", "deep/d.png"):
        save(tmp_path / name)
    assert sources(read(f"{tmp_path}/*.png")) == ["a.png", "b.png"]
    assert sorted(sources(read(f"{tmp_path}/**"))) == ["a.png", "b.png", "c.bmp", "d.png"]
    assert sources(read(f"{tmp_path}/de*")) == ["d.png"]


def test_a_file_whose_name_looks_like_a_pattern_is_that_file(tmp_path):
    save(tmp_path / "a.png")
    assert sources(read(save(tmp_path / "[a].png"))) == ["[a].png"]


def test_a_broken_file_does_not_stop_the_rest(tmp_path):
    save(tmp_path / "a.png")
    (tmp_path / "b.png").write_bytes((tmp_path / "a.png").read_bytes()[:900])
    (tmp_path / "c.jpg").write_text("hello")
    save(tmp_path / "d.png")
    kinds = [type(item) for item in read(tmp_path)]
    assert kinds == [Frame, Problem, Problem, Frame]


def test_an_animation_is_read_as_a_video(tmp_path):
    shades = [Image.fromarray(np.full_like(FACE, 40 * n)) for n in range(6)]
    path = tmp_path / "a.gif"
    shades[0].save(path, save_all=True, append_images=shades[1:], duration=100)
    frames = read(path)
    assert [(one.number, one.seconds) for one in frames] == [(n, n / 10) for n in range(6)]
    assert all(one.rate for one in frames) and frames[1].follows(frames[0])
    for thinning, wanted in ((Thinning(every=2), [0, 2, 4]), (Thinning(fps=3), [0, 4])):
        assert [one.number for one in read(path, thinning=thinning)] == wanted


def test_each_page_is_a_photo_and_thinning_leaves_none_out(tmp_path):
    pages = [Image.fromarray(FACE), Image.fromarray(FACE.T)]
    pages[0].save(tmp_path / "a.tif", save_all=True, append_images=pages[1:])
    frames = read(tmp_path / "a.tif", thinning=Thinning(every=2))
    found = [(one.number, one.seconds, one.rate) for one in frames]
    assert found == [(0, None, None), (1, None, None)]


def test_a_photo_that_is_cut_off_is_a_frame_with_a_note_and_a_problem(tmp_path):
    save(tmp_path / "a.jpg")
    (tmp_path / "a.jpg").write_bytes((tmp_path / "a.jpg").read_bytes()[:-2])
    frame, problem = read(tmp_path / "a.jpg")
    assert frame.notes == (frame.damage,) == (problem.message,)
    assert problem.message.startswith("is cut off: its end")
    assert problem.source == frame.source == str(tmp_path / "a.jpg")


def test_notes_are_told_and_stay_with_the_frame(tmp_path, caplog):
    save(tmp_path / "a.jpg", np.tile(FACE, (4, 4)))
    (frame,) = read(tmp_path / "a.jpg", max_pixels=30_000)
    (note,) = frame.notes
    assert caplog.messages == [f"ferd: {tmp_path / 'a.jpg'}: {note}"] and "1/2" in note


def test_each_kind_of_failure_says_what_it_is(tmp_path):
    whole = save(tmp_path / "whole.png")
    (tmp_path / "cut.png").write_bytes((tmp_path / "whole.png").read_bytes()[:900])
    (tmp_path / "text.jpg").write_text("hello")
    (tmp_path / "empty").mkdir()
    (tmp_path / "link.png").symlink_to(tmp_path / "gone.png")
    os.mkfifo(tmp_path / "pipe.png")
    assert only_problem(f"{tmp_path}/none.png") == "there is no such file or folder"
    assert only_problem(f"{tmp_path}/*.webp") == "no file matches the pattern"
    assert only_problem(f"{tmp_path}/empty") == "the folder holds no files"
    assert only_problem(f"{tmp_path}/cut.png").startswith("is cut off or damaged")
    assert only_problem(f"{tmp_path}/text.jpg").startswith("is not an image")
    assert only_problem(f"{tmp_path}/link.png") == "is a link to a file that does not exist"
    assert only_problem(f"{tmp_path}/pipe.png") == "is neither a file nor a folder"
    assert only_problem(whole, max_pixels=100).startswith("is 64 x 64 pixels, more than the 100")
    assert only_problem("camera:front") == "a camera is named by its number, as in camera:0"
    assert only_problem("camera:98") == "there is no such camera"


def test_an_unreadable_folder_is_named_and_the_others_are_read(tmp_path, monkeypatch):
    save(tmp_path / "a" / "1.png")
    save(tmp_path / "b" / "2.png")
    scandir = os.scandir

    def refuse(path):
        if str(path).endswith("a"):
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    frame, problem = read(tmp_path)
    assert os.path.basename(frame.source) == "2.png"
    assert problem.source == str(tmp_path / "a") and "Permission denied" in problem.message
    assert only_problem(str(tmp_path / "a")).startswith("the folder cannot be read")


def test_standard_input_is_one_photo(tmp_path, monkeypatch):
    save(tmp_path / "a.png")
    content = io.BytesIO((tmp_path / "a.png").read_bytes())
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=content))
    (frame,) = read("-")
    assert frame.source == "-" and np.array_equal(frame.pixels, rgb(FACE))
    assert only_problem("-") == "is an empty file"


def test_standard_input_without_end_is_refused(monkeypatch):
    monkeypatch.setattr(media, "MAX_INPUT_BYTES", 1000)
    with open("/dev/zero", "rb") as endless:
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=endless))
        assert only_problem("-") == "is longer than 1,000 bytes"


def test_reading_is_lazy(tmp_path):
    save(tmp_path / "a.png")
    frames = read_media([str(tmp_path / "a.png"), str(tmp_path / "b.png")])
    assert isinstance(next(frames), Frame)
    save(tmp_path / "b.png")
    assert isinstance(next(frames), Frame)
