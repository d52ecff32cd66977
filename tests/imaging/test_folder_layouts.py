"""ferd.imaging.folder_layouts: each layout's labels, images left out, one line if unclear."""

import os

import pytest

from ferd.classes import CLASSES
from ferd.imaging.folder_layouts import LayoutError, read_folder

RAF_DB = {
    **{"1": "surprise", "2": "fear", "3": "disgust", "4": "happy"},
    **{"5": "sad", "6": "angry", "7": "neutral"},
}
FER2013 = {
    **{"0": "angry", "1": "disgust", "2": "fear", "3": "happy"},
    **{"4": "sad", "5": "surprise", "6": "neutral"},
}
AFFECT_NET = {
    **{"0": "neutral", "1": "happy", "2": "sad", "3": "surprise"},
    **{"4": "fear", "5": "disgust", "6": "angry"},
}


def touch(folder, *names):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def listed(folder, **options):
    """The labelled images as a dict of relative path to label, and the other two answers."""
    found = read_folder(folder, **options)
    assert len(dict(found.faces)) == len(found.faces)
    labels = {os.path.relpath(path, folder): label for path, label in found.faces}
    return labels, found.layout, found.left_out


def refusal(folder, **options):
    with pytest.raises(LayoutError) as error:
        read_folder(folder, **options)
    (line,) = str(error.value).splitlines()
    assert line.startswith(f"{folder}: ")
    return line


@pytest.mark.parametrize(
    "name, label",
    [(name, name) for name in CLASSES]
    + [("Anger", "angry"), ("DISGUSTED", "disgust"), ("Fearful", "fear"), ("afraid", "fear")]
    + [("Happiness", "happy"), ("joy", "happy"), ("Sadness", "sad"), ("Surprised", "surprise")],
)
def test_a_folder_of_a_class_or_its_synonym_in_any_case_labels_its_images(tmp_path, name, label):
    touch(tmp_path, f"{name}/1.jpg", f"{name}/deeper/2.png", f"{name}/.hidden")
    wanted = {f"{name}/1.jpg": label, f"{name}/deeper/2.png": label}
    assert listed(tmp_path) == (wanted, "class-folders", {})


def test_a_part_is_taken_by_its_folder_above_or_below_the_classes(tmp_path):
    touch(tmp_path, "Test/sad/1.jpg", "train/sad/2.jpg", "train/fear/3.jpg", "happy/test/4.jpg")
    assert len(listed(tmp_path)[0]) == 4
    wanted = {"Test/sad/1.jpg": "sad", "happy/test/4.jpg": "happy"}
    assert listed(tmp_path, part="test")[0] == wanted
    assert refusal(tmp_path, part="val").endswith("has no part 'val' (there are: test, train)")


def test_classes_the_model_does_not_know_are_counted_and_files_beside_classes_are_not(tmp_path):
    touch(tmp_path, "CK+/anger/1.png", "CK+/Contempt/1.png", "CK+/contempt/2.png")
    touch(tmp_path, "CK+/other/a/1.png", "CK+/labels.csv", "readme.txt", "papers/1.pdf")
    wanted = {"CK+/anger/1.png": "angry"}, "class-folders", {"contempt": 2, "other": 1}
    assert listed(tmp_path) == wanted


def test_folders_1_to_7_are_raf_db(tmp_path):
    names = [f"DATASET/{part}/{number}/a.jpg" for part in ("train", "test") for number in RAF_DB]
    touch(tmp_path, *names, "train_labels.csv", "DATASET/test/notes.txt")
    labels, layout, left_out = listed(tmp_path)
    assert (layout, left_out, len(labels)) == ("raf-db", {}, 14)
    wanted = {f"DATASET/test/{number}/a.jpg": label for number, label in RAF_DB.items()}
    assert listed(tmp_path, part="test")[0] == wanted


def test_folders_0_to_7_are_affectnet_whose_contempt_is_left_out(tmp_path):
    touch(tmp_path, *(f"val_class/{number}/a.jpg" for number in range(8)))
    wanted = {f"val_class/{number}/a.jpg": label for number, label in AFFECT_NET.items()}
    assert listed(tmp_path) == (wanted, "affectnet", {"contempt": 1})


def test_folders_0_to_6_may_be_numbered_in_two_ways(tmp_path):
    touch(tmp_path, *(f"{number}/a.jpg" for number in range(7)))
    assert refusal(tmp_path).endswith("could be fer2013 or affectnet; choose with --layout")
    for layout, names in (("fer2013", FER2013), ("affectnet", AFFECT_NET)):
        wanted = {f"{number}/a.jpg": names[str(number)] for number in range(7)}
        assert listed(tmp_path, layout=layout) == (wanted, layout, {})


@pytest.mark.parametrize("numbers", [range(1, 7), range(9), [1, 2, 3, 4, 5, 6, 7, 77]])
def test_other_numbers_need_the_layouts_name(tmp_path, numbers):
    touch(tmp_path, *(f"{number}/a.jpg" for number in numbers))
    assert "numbered folders are not" in refusal(tmp_path) and "--layout" in refusal(tmp_path)
    for layout, names in (("raf-db", RAF_DB), ("affectnet", AFFECT_NET | {"7": "contempt"})):
        labels, _, left_out = listed(tmp_path, layout=layout)
        known = {f"{n}/a.jpg": names[str(n)] for n in numbers if names.get(str(n)) in CLASSES}
        assert labels == known
        assert sum(left_out.values()) == len(numbers) - len(known)


def test_an_empty_numbered_folder_counts_as_there(tmp_path):
    touch(tmp_path, *(f"{number}/a.jpg" for number in (1, 2, 4, 5, 6, 7)))
    (tmp_path / "3").mkdir()
    assert listed(tmp_path)[1] == "raf-db"


def test_numbered_folders_within_classes_are_persons(tmp_path):
    touch(tmp_path, *(f"happy/{number}/a.jpg" for number in range(1, 8)))
    labels, layout, _ = listed(tmp_path)
    assert layout == "class-folders" and set(labels.values()) == {"happy"}


def write_list(folder, *lines):
    path = folder / "basic" / "EmoLabel" / "list_patition_label.txt"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n")


def test_raf_dbs_list_labels_the_aligned_images_else_the_original_ones(tmp_path):
    write_list(tmp_path, "train_00001.jpg 5", "test_0001.jpg 1", "test_0002.jpg 7")
    touch(tmp_path, "basic/Image/aligned/train_00001_aligned.jpg", "basic/Image/test_0001.jpg")
    touch(tmp_path, "basic/Image/original/train_00001.jpg")
    wanted = {
        "basic/Image/aligned/train_00001_aligned.jpg": "sad",
        "basic/Image/test_0001.jpg": "surprise",
        "test_0002.jpg": "neutral",  # missing, which reading it reports
    }
    assert listed(tmp_path) == (wanted, "raf-db-list", {})
    assert set(listed(tmp_path, part="test")[0].values()) == {"surprise", "neutral"}


def test_a_line_of_raf_dbs_list_that_is_no_label_is_named(tmp_path):
    write_list(tmp_path, "test_0001.jpg 1", "test_0002.jpg 8")
    with pytest.raises(LayoutError, match=r"'test_0002\.jpg 8' is not an image and a number"):
        read_folder(tmp_path)


def test_jaffes_labels_are_in_its_file_names(tmp_path):
    names = {
        **{"KA.AN1.39.tiff": "angry", "KL.DI3.172.tiff": "disgust", "KM.FE2.24.tiff": "fear"},
        **{"KR.HA1.74.tiff": "happy", "MK.NE1.113.tiff": "neutral", "NA.SA2.206.tiff": "sad"},
        **{"ym.su3.60.TIF": "surprise"},
    }
    touch(tmp_path, *names, "README.txt", "KA.XX1.39.tiff")
    assert listed(tmp_path) == (names, "jaffe", {})


def test_two_layouts_at_once_need_a_name_and_a_given_one_is_taken(tmp_path):
    touch(tmp_path, "fear/KA.AN1.39.tiff")
    assert refusal(tmp_path).endswith("could be class-folders or jaffe; choose with --layout")
    assert listed(tmp_path, layout="jaffe")[0] == {"fear/KA.AN1.39.tiff": "angry"}
    assert listed(tmp_path, layout="class-folders")[0] == {"fear/KA.AN1.39.tiff": "fear"}


def test_a_folder_without_labels_is_one_line(tmp_path):
    assert refusal(tmp_path / "none").endswith("there is no such folder")
    touch(tmp_path, "images/1.jpg", "labels/1.txt")
    assert "no labels found" in refusal(tmp_path)
    assert "holds no list_patition_label.txt" in refusal(tmp_path, layout="raf-db-list")
    touch(tmp_path, "only/contempt/1.jpg", "only/happy/.hidden")
    assert "no image of the seven classes" in refusal(tmp_path / "only")
