"""ferd.dataset.parts.votes: FER+'s file is read in FER2013's order, with our class names."""

import pytest

from ferd.classes import CLASSES
from ferd.dataset.parts import votes

HEADER = (
    "Usage,Image name,neutral,happiness,surprise,sadness,anger,disgust,fear,contempt,unknown,NF"
)


def write(folder, lines, header=HEADER):
    path = folder / "votes.csv"
    path.write_text("\n".join([header, *lines]) + "\n")
    return path


@pytest.fixture
def table(tmp_path, monkeypatch):
    lines = [
        "Training,a.png,4,0,0,1,3,2,0,0,0,0",
        "Training,b.png,0,10,0,0,0,0,0,0,0,0",
        "Training,c.png,5,0,0,0,5,0,0,0,0,0",
        "Training,,0,0,0,0,0,0,0,0,0,10",
        "Training,d.png,0,0,0,0,0,0,3,7,0,0",
    ]
    monkeypatch.setattr(votes, "IMAGES", len(lines))
    return votes.read_votes(write(tmp_path, lines))


def test_columns_bear_our_names_and_rows_the_images_numbers(table):
    assert set(CLASSES) < set(table.columns) and list(table.index) == [0, 1, 2, 3, 4]
    assert table.loc[1, "happy"] == 10 and table.loc[0, "angry"] == 3


def test_top_answer_names_ties_and_answers_that_are_no_class(table):
    top = votes.top_answers(table)
    assert list(top["answer"]) == ["neutral", "happy", "tie", "no_face", "contempt"]
    assert list(top["votes"]) == [4, 10, 5, 10, 7]


def test_majority_is_one_of_the_seven_classes_by_more_than_half(table):
    assert list(votes.top_answers(table)["majority"]) == ["", "happy", "", "", ""]


def test_a_file_of_another_length_is_refused(tmp_path):
    with pytest.raises(SystemExit, match=r"1 lines.*needs 35887"):
        votes.read_votes(write(tmp_path, ["Training,a.png,4,0,0,1,3,2,0,0,0,0"]))


def test_a_missing_column_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(votes, "IMAGES", 1)
    path = write(tmp_path, ["Training,a.png"], "Usage,Image name")
    with pytest.raises(SystemExit, match="without anger, disgust"):
        votes.read_votes(path)


def test_a_missing_file_ends_with_its_name(tmp_path):
    with pytest.raises(SystemExit, match=r"none\.csv"):
        votes.read_votes(tmp_path / "none.csv")
