"""Damaged files through every reader: no crash, no hang, no traceback, and each one reported.

`make fuzz COUNT=5000 SEED=7` runs more of them.
"""

import json
import os
import random
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest

from tests.fuzz.archives import FACES
from tests.fuzz.mutations import damaged, images
from tests.fuzz.process import MOST_MEMORY, run
from tests.fuzz.videos import videos
from tests.helpers.predicting import environment, heed_ctrl_c, write_model

SEED = int(os.environ.get("FUZZ_SEED") or 1)
COUNT = int(os.environ.get("FUZZ_COUNT") or 120)
SECONDS = 30  # that one file may take
FORM = "multipart/form-data; boundary=edge"

# What is said of files of which a part is predicted.
IN_PART = re.compile(r": (is cut off: |after \d+ pictures, which are used, )")


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return write_model(tmp_path_factory.mktemp("model") / "tiny.onnx")


def write(folder, mutants):
    """Writes mutants into a folder; dict of their names to them."""
    folder.mkdir(parents=True)
    named = {f"{number:05}.{one.ending}": one for number, one in enumerate(mutants)}
    for name, one in named.items():
        (folder / name).write_bytes(one.content)
    return named


def reported(errors, folder):
    """Names of the files in the lines `ferd: <folder>/<name>: <reason>`."""
    lines = [line.split(": ", 2) for line in errors.splitlines() if ": holds several" not in line]
    assert all(len(line) == 3 and line[0] == "ferd" and line[2] for line in lines), errors
    return {line[1].removeprefix(f"{folder}/") for line in lines}


def test_predict_reports_each_file_or_predicts_it(model, tmp_path):
    named = write(tmp_path / "in", images(SEED, COUNT))
    words = [sys.executable, "-m", "ferd", "predict", "--model", str(model), "--whole-image", "in"]
    ended = run(words, tmp_path, SECONDS * len(named)).check()
    rows = {json.loads(line)["file"].removeprefix("in/") for line in ended.output.splitlines()}
    refused = reported(ended.errors, "in")
    assert ended.status == 1 and rows | refused == set(named)
    in_part = [line for line in ended.errors.splitlines() if IN_PART.search(line)]
    assert rows & refused == reported("\n".join(in_part), "in")
    assert {name for name, one in named.items() if one.is_noticed} <= refused


def test_predict_reads_each_video_or_reports_it(model, tmp_path):
    (tmp_path / "in").mkdir()
    count = max(20, COUNT // 5)
    files = {
        f"{number:05}.{ending}": content
        for number, (ending, content) in enumerate(videos(SEED + 4, count, tmp_path))
    }
    for name, content in files.items():
        (tmp_path / "in" / name).write_bytes(content)
    words = [sys.executable, "-m", "ferd", "predict", "--model", str(model), "--whole-image", "in"]
    ended = run([*words, "--every", "3"], tmp_path, SECONDS * count).check()
    rows = {json.loads(line)["file"].removeprefix("in/") for line in ended.output.splitlines()}
    assert ended.status == 1 and rows | reported(ended.errors, "in") == set(files)


def test_evaluate_counts_each_file(model, tmp_path):
    half = COUNT // 2
    named = {
        f"{label}/{name}": one
        for number, label in enumerate(("happy", "sad"))
        for name, one in write(tmp_path / f"in/{label}", images(SEED + 1 + number, half)).items()
    }
    words = [sys.executable, "-m", "ferd", "evaluate", "--model", str(model), "--whole-image"]
    words += ["--output", "scores.json", "in"]
    ended = run(words, tmp_path, SECONDS * len(named)).check()
    counts = json.loads((tmp_path / "scores.json").read_text())["images"]
    refused = reported(ended.errors, "in")
    assert counts["unreadable"] + counts["cut_off"] == len(refused)
    assert counts["unreadable"] == len(named) - counts["scored"]
    assert {name for name, one in named.items() if one.is_noticed} <= refused


def worker(kind, tmp_path):
    words = [sys.executable, "-m", "tests.fuzz.worker", kind, str(SEED), str(COUNT), str(tmp_path)]
    ended = run(words, tmp_path, 60 + SECONDS * COUNT).check()
    assert ended.status == 0, ended.errors[-3000:]
    found = [json.loads(line)[1] for line in ended.output.splitlines()]
    assert len(found) == COUNT
    for text in found:
        assert not isinstance(text, str) or (text and text.isprintable() and len(text) < 2000)
    return found


def test_fetch_refuses_an_archive_or_counts_each_of_its_files(tmp_path):
    found = worker("archives", tmp_path)
    assert [one for one in found if not isinstance(one, str) and sum(one) != FACES] == []
    assert any(isinstance(one, str) for one in found)


def test_fetch_keeps_or_skips_each_photo_of_an_archive(tmp_path):
    found = worker("photos", tmp_path)
    assert [one for one in found if one == [False, True]] == []
    assert [True, False] in found and [False, False] in found


def test_a_model_is_refused_or_predicts_probabilities(tmp_path):
    found = worker("models", tmp_path)
    assert [one for one in found if not isinstance(one, str) and abs(one - 1) > 1e-3] == []
    assert any(isinstance(one, str) for one in found)


def post(url, content, kind="image/any"):
    """Status of an upload, whether a part of the photo is missing, and seconds."""
    request = urllib.request.Request(f"{url}predict", content, {"content-type": kind})
    begin = time.monotonic()
    try:
        with urllib.request.urlopen(request, timeout=2 * SECONDS) as answer:
            notes = json.load(answer)["notes"]
            in_part = any(note.startswith("is cut off: ") for note in notes)
            return answer.status, in_part, time.monotonic() - begin
    except urllib.error.HTTPError as error:
        assert json.load(error)["error"]
        return error.code, False, time.monotonic() - begin


def damaged_form(generator, content):
    """A form with a photo, whose lines around the photo are damaged, and its content type."""
    disposition = b'Content-Disposition: form-data; name="photo"; filename="a.jpg"'
    head = b"--edge\r\n" + disposition + b"\r\nContent-Type: image/jpeg\r\n\r\n"
    way = generator.choice(("flip", "run", "number", "join"))
    if generator.random() < 0.5:
        return head + content + damaged(generator, b"\r\n--edge--\r\n", way), FORM
    return damaged(generator, head, way) + content + b"\r\n--edge--\r\n", FORM


def test_serve_answers_each_upload_and_goes_on(model, tmp_path):
    words = [sys.executable, "-m", "ferd", "serve", "--port", "0", "--model", str(model)]
    with (tmp_path / "errors.txt").open("w") as errors:
        process = subprocess.Popen(
            words,
            env=environment(),
            preexec_fn=heed_ctrl_c,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
    try:
        url, generator = process.stdout.readline().split()[1], random.Random(SEED)
        for mutant in images(SEED + 3, COUNT):
            status, in_part, seconds = post(url, mutant.content)
            is_noticed = mutant.is_noticed and not in_part
            assert status in ((422,) if is_noticed else (200, 422)), mutant
            assert seconds < SECONDS
            # What is missed of a damaged form may leave a whole photo.
            status, in_part, seconds = post(url, *damaged_form(generator, mutant.content))
            is_noticed = mutant.is_noticed and not in_part
            assert status in ((400, 422) if is_noticed else (200, 400, 422)), mutant
            assert seconds < SECONDS
        with urllib.request.urlopen(f"{url}healthz", timeout=SECONDS) as answer:
            assert json.load(answer)["status"] == "ok"
        assert most_memory(process.pid) < MOST_MEMORY
    finally:
        process.terminate()
        process.communicate(timeout=60)
    assert (tmp_path / "errors.txt").read_text() == ""


def most_memory(pid):
    """Most memory, in bytes, that a process or one that it started has had."""
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        line = next(line for line in file if line.startswith("VmHWM"))
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
        children = [int(word) for word in file.read().split()]
    return max([int(line.split()[1]) * 1024, *map(most_memory, children)])
