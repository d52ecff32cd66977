"""The command `ferd` as a user runs it: its rows, options, failures and exit status."""

import csv
import io
import json
import os
import pty
import subprocess
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ferd.classes import CLASSES
from ferd.cli import main as command
from ferd.cli.inputs import MODELS
from ferd.inference.classifier import Classifier
from tests.helpers.predicting import (
    NO_FFMPEG,
    PHOTO,
    environment,
    save,
    started,
    write_model,
    write_video,
)
from tests.helpers.sketches import face, scene
from tests.helpers.videos import zeroed

TINY = face("happy", 100)


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return write_model(tmp_path_factory.mktemp("model") / "tiny.onnx")


@pytest.fixture
def run(tmp_path, model):
    """Runs `python -m ferd predict` in a folder of its own and returns what came of it."""

    def run(*words, **options):
        options = {"capture_output": True, "text": True, "timeout": 300} | options
        options = {"env": environment(), "cwd": tmp_path} | options
        return subprocess.run(started(model, *words), **options)

    return run


def parsed(result):
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_rows_are_the_answers_of_the_library(run, model, tmp_path):
    save(tmp_path / "a.png")
    result = run("a.png")
    assert (result.returncode, result.stderr) == (0, "")
    found = Classifier.load(model).predict_faces(PHOTO)
    for number, (row, one) in enumerate(zip(parsed(result), found, strict=True)):
        wanted = asdict(one)
        emotion = wanted.pop("emotion")
        wanted |= {f"p_{name}": value for name, value in emotion["probabilities"].items()}
        wanted |= {"label": emotion["label"], "confidence": emotion["confidence"]}
        assert (row.pop("file"), row.pop("frame"), row.pop("face")) == ("a.png", 0, number)
        assert row.pop("seconds") is row.pop("track") is None
        assert row.pop("label") == wanted.pop("label")
        assert row == pytest.approx(wanted, abs=2e-6)


def test_csv_and_json_lines_say_the_same(run, tmp_path):
    save(tmp_path / "a.png")
    save(tmp_path / "b.png", scene(0, 200))
    lines = parsed(run("a.png", "b.png"))
    result = run("a.png", "b.png", "--format", "csv", "--output", "rows.csv")
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "rows.csv").read_text())))
    assert [row["label"] for row in rows][2:] == ["no face"] and len(rows) == 3
    for row, line in zip(rows, lines, strict=True):
        assert row == {name: "" if value is None else str(value) for name, value in line.items()}


def test_a_broken_file_among_good_ones_is_reported_and_the_rest_is_done(run, tmp_path):
    save(tmp_path / "in" / "a.png")
    content = (tmp_path / "in" / "a.png").read_bytes()
    (tmp_path / "in" / "b.png").write_bytes(content[: len(content) // 2])
    (tmp_path / "in" / "c.jpg").write_text("hello")
    (tmp_path / "in" / "c1.mp4").write_text("hello")
    save(tmp_path / "in" / "d.png", TINY)
    result = run("in", "none.jpg")
    assert result.returncode == 1
    assert [row["file"] for row in parsed(result)] == ["in/a.png", "in/a.png", "in/d.png"]
    lines = result.stderr.splitlines()
    reasons = ("b.png: is cut off", "c.jpg: is not an", "c1.mp4: is no video", "none.jpg: there is")
    assert len(lines) == 4
    for line, reason in zip(lines, reasons, strict=True):
        assert line.startswith("ferd: ") and reason in line


def test_batches_do_not_change_the_rows(run, tmp_path):
    for number in range(5):
        save(tmp_path / "in" / f"{number}.png", face("happy", 100 + number))
    save(tmp_path / "in" / "9.png")
    single, many = parsed(run("in", "--batch-size", 1)), parsed(run("in", "--batch-size", 64))
    assert len(single) == 7
    for row, other in zip(single, many, strict=True):
        assert row.pop("file") == other.pop("file") and row.pop("label") == other.pop("label")
        assert row == pytest.approx(other, abs=2e-6)


def test_a_photo_taken_sideways_gives_the_rows_of_the_upright_one(run, tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(np.rot90(PHOTO)).save(tmp_path / "turned.png", exif=exif)
    save(tmp_path / "upright.png")
    upright, turned = parsed(run("upright.png")), parsed(run("turned.png"))
    assert len(upright) == 2
    assert [row | {"file": ""} for row in turned] == [row | {"file": ""} for row in upright]


def test_standard_input_is_read(run, tmp_path):
    save(tmp_path / "a.png")
    with open(tmp_path / "a.png", "rb") as file:
        assert [row["file"] for row in parsed(run("-", stdin=file))] == ["-", "-"]


def test_a_video_gives_rows_by_frame_and_one_annotated_video(run, tmp_path):
    write_video(tmp_path / "clip.avi", [PHOTO, scene(0, 640)[:520], PHOTO])
    result = run("clip.avi", "--annotated", "out", env=environment(PATH=""))
    assert (result.returncode, result.stderr) == (0, NO_FFMPEG)
    found = [(row["frame"], row["seconds"], row["face"]) for row in parsed(result)]
    assert found == [(0, 0, 0), (0, 0, 1), (1, 0.04, None), (2, 0.08, 0), (2, 0.08, 1)]
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["clip.webm"]


def test_a_thinned_video_gives_tracks_and_averages(run, tmp_path):
    moved = [np.roll(PHOTO, 10 * number, axis=1) for number in range(9)]
    write_video(tmp_path / "clip.avi", moved)
    every, fps = run("clip.avi", "--every", "4"), run("clip.avi", "--fps", "6.25")
    assert every.stdout == fps.stdout
    rows = parsed(every)
    assert [(row["frame"], row["seconds"]) for row in rows[::2]] == [(0, 0), (4, 0.16), (8, 0.32)]
    assert [row["track"] for row in rows] == [0, 1] * 3
    smooth = parsed(run("clip.avi", "--every", "4", "--smooth", "0.3"))
    weight = np.exp(-0.16 / 0.3)
    for before, now, average in zip(rows[:2], rows[2:4], smooth[2:4], strict=True):
        for name in ("p_happy", "p_sad"):
            wanted = weight * before[name] + (1 - weight) * now[name]
            assert average[name] == pytest.approx(wanted, abs=2e-6)


def test_a_damaged_video_is_a_problem_and_the_rest_has_its_rows(run, tmp_path):
    (tmp_path / "in").mkdir()
    noise = np.random.default_rng(0).integers(0, 256, (60, 64, 64), dtype=np.uint8)
    whole = write_video(tmp_path / "whole.mp4", list(noise))
    zeroed(whole, tmp_path / "in" / "a.mp4", 0.3)
    save(tmp_path / "in" / "b.png", TINY)
    (tmp_path / "in" / os.fsdecode(b"caf\xe9.mp4")).write_bytes(whole.read_bytes())
    result = run("in", "--every", "59", "--whole-image")
    assert result.returncode == 1
    found = [(row["file"], row["frame"]) for row in parsed(result)]
    name = os.fsdecode(b"in/caf\xe9.mp4")
    assert found == [*(("in/a.mp4", n) for n in (0, 59)), ("in/b.png", 0), (name, 0), (name, 59)]
    assert result.stderr.startswith("ferd: in/a.mp4: the video is damaged: ")
    assert result.stderr.endswith(" of 60 frames cannot be read\n")


def test_annotated_pictures_inside_the_folder_read_are_not_read_themselves(run, tmp_path):
    save(tmp_path / "in" / "a.png")
    save(tmp_path / "in" / "b" / "a.png")
    words = ("in", "--annotated", "in/out", "--output", "in/rows.jsonl", "--quiet")
    for _ in range(2):
        assert run(*words).returncode == 0
        assert len((tmp_path / "in" / "rows.jsonl").read_text().splitlines()) == 4
    names = sorted(path.name for path in (tmp_path / "in" / "out").iterdir())
    assert names == ["a-2.png", "a-3.png", "a-4.png", "a.png"]


def test_the_likeliest_classes_and_abstention_are_options(run, tmp_path):
    save(tmp_path / "a.png", TINY)
    (full,) = parsed(run("a.png"))
    (row,) = parsed(run("a.png", "--top-k", 2, "--abstain-below", 1))
    best = sorted(CLASSES, key=lambda name: -full[f"p_{name}"])[:2]
    assert [row["label_1"], row["label_2"]] == best == [full["label"], best[1]]
    assert [row["p_1"], row["p_2"]] == [full[f"p_{name}"] for name in best]
    assert full["confidence"] < 1 and row["label"] == "unsure" and "p_happy" not in row


def test_a_whole_image_is_taken_for_a_face(run, tmp_path):
    save(tmp_path / "a.png", scene(0, 200))
    (row,) = parsed(run("a.png", "--whole-image"))
    assert (row["right"], row["bottom"], row["level"]) == (200, 200, None)
    assert row["label"] in CLASSES


@pytest.mark.parametrize(
    "words, reason",
    [
        ([], "required: PATH"),
        (["a.png", "--top-k", "8"], "--top-k"),
        (["a.png", "--batch-size", "0"], "'0' is not a whole number above 0"),
        (["a.png", "--threads", "-1"], "'-1' is not a whole number above 0"),
        (["a.png", "--abstain-below", "nan"], "'nan' is not a number from 0 to 1"),
        (["a.png", "--abstain-below", "1.5"], "'1.5' is not a number from 0 to 1"),
        (["a.png", "--format", "xml"], "--format"),
        (["a.avi", "--every", "0"], "'0' is not a whole number above 0"),
        (["a.avi", "--fps", "0"], "'0' is not a number above 0"),
        (["a.avi", "--smooth", "inf"], "'inf' is not a number above 0"),
        (["a.avi", "--fps", "5", "--every", "2"], "--every: not allowed with argument --fps"),
        (["a.png", "--cluster", "host"], "'host' is no address, as tcp://host:8786, and no number"),
        (["a.png", "--cluster", "0"], "'0' is not a whole number above 0"),
        (["-", "--cluster", "2"], "--cluster reads files only"),
        (["camera:0", "--format", "parquet"], "--format parquet reads files only"),
        (["a.png", "--cluster", "2", "--annotated", "out"], "--annotated does not go with"),
        (["a.png", "--format", "parquet"], "--format parquet needs --output FOLDER"),
        (["a.png", "--output", "a.png"], "--output a.png would write over an input"),
    ],
)
def test_a_wrong_call_ends_with_2_and_the_reason(words, reason, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    save(tmp_path / "a.png", TINY)
    before = (tmp_path / "a.png").read_bytes()
    with pytest.raises(SystemExit) as end:
        command.main(["predict", *words])
    assert end.value.code == 2 and reason in capsys.readouterr().err
    assert (tmp_path / "a.png").read_bytes() == before


@pytest.mark.parametrize(
    "paths, output, name",
    [
        (["in"], "in/a.png", "a file of in"),
        (["in"], "in/deep/b.avi", "a file of in"),
        (["in/*.png"], "in/a.png", "a file of in/*.png"),
        (["i*"], "in/deep/b.avi", "a file of i*"),
        (["in"], "in/notes.txt", "a file of in"),
        (["in"], "link", "a file of in"),
        (["link"], "in/a.png", "an input"),
        (["in"], "tiny.onnx", "the model"),
        (["in"], "tiny.json", "the model"),
        (["-"], "packaged", "the model"),
    ],
)
def test_an_output_over_a_file_that_is_read_is_refused(
    paths, output, name, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    write_model(tmp_path / "tiny.onnx")
    save(tmp_path / "in" / "a.png", TINY)
    (tmp_path / "in" / "deep").mkdir()
    write_video(tmp_path / "in" / "deep" / "b.avi", [TINY])
    (tmp_path / "in" / "notes.txt").write_text("notes")
    (tmp_path / "link").symlink_to("in/a.png")
    if output == "packaged":
        output = str(MODELS / "ferd.json")
    before = Path(output).read_bytes()
    with pytest.raises(SystemExit) as end:
        command.main(["predict", *paths, "--model", "tiny.onnx", "--output", output])
    assert end.value.code == 2
    assert f"--output {output} would write over {name}" in capsys.readouterr().err
    assert Path(output).read_bytes() == before


@pytest.mark.parametrize("name", ["-photo.jpg", "-h.jpg", "--photo.png", "-1.tiff", "-a b.png"])
def test_a_file_whose_name_begins_with_a_dash_gets_a_hint(name, capsys):
    with pytest.raises(SystemExit) as end:
        command.main(["predict", "a.jpg", name])
    assert end.value.code == 2
    hint = f"{name} is taken for an option because of its dash: write ./{name};"
    assert hint in capsys.readouterr().err


def test_a_file_whose_name_begins_with_a_dash_can_be_named(run, tmp_path):
    save(tmp_path / "-photo.png", TINY)
    (row,) = parsed(run("./-photo.png"))
    assert parsed(run("--", "-photo.png")) == [row | {"file": "-photo.png"}]


def test_an_output_that_cannot_be_written_is_named(run, tmp_path):
    save(tmp_path / "a.png", TINY)
    for option in ("--output", "--annotated"):
        (tmp_path / "file").touch()
        result = run("a.png", option, "file/below")
        assert result.returncode == 1 and len(result.stderr.splitlines()) == 1
        assert "file/below" in result.stderr


def test_a_wrong_model_ends_with_one_line_and_leaves_the_output_alone(run, tmp_path, model):
    save(tmp_path / "a.png", TINY)
    (tmp_path / "rows").write_text("earlier")
    (tmp_path / "other.onnx").write_bytes(model.read_bytes() + b" ")
    (tmp_path / "other.json").write_bytes(model.with_suffix(".json").read_bytes())
    for name in ("none.onnx", "other.onnx"):
        result = run("a.png", "--model", name, "--output", "rows")
        assert result.returncode == 1 and len(result.stderr.splitlines()) == 1
        assert name in result.stderr and (tmp_path / "rows").read_text() == "earlier"


def test_a_camera_that_is_not_there_is_one_line(run):
    result = run("camera:97")
    assert result.returncode == 1 and result.stdout == ""
    assert result.stderr == "ferd: camera:97: there is no such camera\n"


def test_names_of_files_do_not_control_the_terminal(run, tmp_path):
    name = "a\x1b[31m\n\x9b2J.png"
    save(tmp_path / "in" / name, TINY)
    (tmp_path / "in" / f"b{name}").write_text("hello")
    result = run("in", "--format", "csv")
    assert result.stdout.count(name) == 1  # a file or another program gets it as it is
    (line,) = result.stderr.splitlines()
    assert line.startswith(r"ferd: in/ba\x1b[31m\n\x9b2J.png: is not an image")
    assert run("in", "--format", "csv", "--output", "none/rows").stderr.count("\n") == 1
    head, inner = pty.openpty()
    run("in", "--format", "csv", capture_output=False, stdout=inner, stderr=inner)
    os.close(inner)
    shown = os.read(head, 1 << 16).decode()
    assert r"in/a\x1b[31m" in shown and "label" in shown and not set("\x1b\x9b") & set(shown)


def test_a_name_that_is_not_utf_8_stays_in_json_and_is_escaped_in_csv(run, tmp_path):
    name = os.fsdecode(b"caf\xe9.png")
    save(tmp_path / name, TINY)
    result = run(".", "--format", "csv")
    assert result.returncode == 0 and "./caf\\udce9.png,0,,0,," in result.stdout
    assert json.loads(run(".").stdout)["file"] == f"./{name}"
