"""`ferd evaluate` on a CSV file: the same scores as of the folder, and what it refuses."""

import json

import pytest

from ferd.cli import main as command
from ferd.cli.labelled_table import read_table
from ferd.imaging.folder_layouts import LayoutError
from ferd.imaging.label_names import RAF_DB
from tests.helpers.predicting import save, write_model
from tests.helpers.sketches import face

FACES = [("faces/a.png", "happy"), ("faces/b.png", "sad"), ("faces/c.png", "angry")]
NUMBERS = {name: number for number, name in RAF_DB.items()}


def write(path, *lines, encoding="utf-8"):
    path.write_text("\n".join(lines) + "\n", encoding=encoding)
    return str(path)


def labels(found):
    return [label for _, label in found.faces]


def refusal(*arguments):
    with pytest.raises(LayoutError) as error:
        read_table(*arguments)
    return str(error.value)


def test_a_table_has_the_scores_of_the_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_model(tmp_path / "tiny.onnx")
    rows = []
    for name in ("happy", "sad", "surprise"):
        for seed in range(2):
            save(tmp_path / "set" / name / f"{seed}.png", face(name, 100 + seed))
            rows.append(f"set/{name}/{seed}.png,{name.upper()}")
    write(tmp_path / "labels.csv", "Image,Emotion", *rows, "set/sad/0.png,contempt")
    scores = {}
    for source in ("labels.csv", "set"):
        words = [source, "--model", "tiny.onnx", "--output", "scores.json", "--whole-image"]
        assert command.main(["evaluate", *words]) == 0
        report = json.loads((tmp_path / "scores.json").read_text())
        scores[source] = report["scores"]
    assert scores["labels.csv"] == scores["set"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_delimiters_a_byte_order_mark_and_further_columns_are_read(delimiter, tmp_path):
    lines = [delimiter.join(row) for row in (("id", "File", "LABEL"), *(("1", *f) for f in FACES))]
    path = write(tmp_path / "a.csv", *lines, "", encoding="utf-8-sig")
    found = read_table(path)
    assert found.faces == [(str(tmp_path / name), label) for name, label in FACES]
    assert (found.layout, found.left_out) == ("table", {})


def test_the_true_class_of_a_table_of_predictions_is_read(tmp_path):
    path = write(tmp_path / "a.csv", "file,label,actual", "a.png,sad,happy")
    assert labels(read_table(path)) == ["happy"]


def test_numbers_are_read_as_the_layout_says_and_refused_without_one(tmp_path):
    lines = [f"{name},{NUMBERS[label]}.0" for name, label in FACES]
    path = write(tmp_path / "a.csv", "path,label", *lines)
    found = read_table(path, "raf-db")
    assert (labels(found), found.layout) == ([label for _, label in FACES], "table, raf-db")
    assert labels(read_table(path, "affectnet")) != labels(found)
    assert "the label '4' is a number: write class names, or give --layout" in refusal(path)


def test_spaces_after_commas_and_rows_without_a_label_are_allowed(tmp_path):
    path = write(tmp_path / "a.csv", "file, label", "a.png, sad", "b.png, ", "c.png,")
    found = read_table(path)
    assert found.faces == [(str(tmp_path / "a.png"), "sad")]
    assert found.left_out == {"(no label)": 2}


def test_a_table_in_utf_16_and_one_that_an_output_would_replace_are_refused(tmp_path, capsys):
    path = tmp_path / "a.csv"
    path.write_bytes("file,label\na.png,sad\n".encode("utf-16-le"))
    assert "save it as CSV in UTF-8" in refusal(str(path))
    path.write_text("file\tlabel\na.png\tsad\n")
    with pytest.raises(SystemExit) as end:
        command.main(["evaluate", str(path), "--output", str(path)])
    assert end.value.code == 2 and "written over an input" in capsys.readouterr().err


def test_a_part_is_a_value_of_its_column(tmp_path):
    path = write(tmp_path / "a.csv", "file,label,Split", "a.png,sad,Train", "b.png,fear,Test")
    assert labels(read_table(path, None, "test")) == ["fear"]
    assert refusal(path, None, "val").endswith("has no part 'val' (there are: Test, Train)")
    path = write(tmp_path / "b.csv", "file,label", "a.png,sad")
    assert "has none of the columns part, split" in refusal(path, None, "test")


@pytest.mark.parametrize(
    "lines, reason",
    [
        ([""], "is empty"),
        (["a,b", "1,2"], "has none of the columns file, path, .* (it has: a, b)"),
        (["file,mood", "a.png,sad"], "has none of the columns actual, label"),
        (["file,label", "a.png,sad,1"], "line 2 has 3 columns instead of 2: a.png,sad,1"),
        (["file,label", "a.png,contempt"], "has no row with one of the seven classes"),
    ],
)
def test_what_is_no_table_of_labels_is_one_line(lines, reason, tmp_path):
    line = refusal(write(tmp_path / "a.csv", *lines))
    assert "\n" not in line and line.startswith(str(tmp_path / "a.csv"))
    for part in reason.split(".*"):
        assert part in line


def test_a_layout_of_folders_and_a_file_that_is_no_table_are_refused(tmp_path):
    path = write(tmp_path / "a.csv", "file,label", "a.png,sad")
    assert "is a table, and --layout jaffe is for folders" in refusal(path, "jaffe")
    save(tmp_path / "a.png", face("sad", 1))
    with pytest.raises(SystemExit, match="is neither a folder nor a table"):
        command.main(["evaluate", str(tmp_path / "a.png")])
