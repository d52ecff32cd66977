"""benchmarks/peers_annotators.py and its parts, with made-up predictions: no package installed."""

import numpy as np
import pandas as pd
import pytest

FACTS = {"version": "1", "trained_on": "something"}


@pytest.fixture
def data(tmp_path):
    """Six images; PrivateTest holds all but the first, and four of these are clear."""
    numbers = (5, 32298, 32300, 33000, 34000, 35886)
    labels = ("sad", "sad", "sad", "happy", "fear", "fear")
    audit = pd.DataFrame(
        {
            "split": "test",
            "class": labels,
            "name": [str(number) for number in numbers],
            "copy_group": [0, 1, 1, 2, 3, 4],
            "ferplus": ["sad", "sad", "neutral", "happy", "fear", "contempt"],
            "ferplus_votes": [10, 8, 6, 10, 5, 9],
        }
    )
    audit.loc[4, "ferplus_votes"] = 7
    audit.to_csv(tmp_path / "audit.csv", index=False)
    names = np.array([f"test/{label}/{n}" for label, n in zip(labels, numbers, strict=True)])
    whole = np.arange(6, dtype="uint8")[:, None, None] * np.ones((1, 48, 48), "uint8")
    np.savez(tmp_path / "crops.npz", names=names, whole=whole)
    return tmp_path


def test_clear_faces_of_private_test_are_read_with_labels_and_annotators_answers(load, data):
    faces = load("peer.annotators").read_clear_faces(data, 6)
    assert faces.pixels[:, 0, 0].tolist() == [1, 2, 3, 4]
    assert faces.table["label"].tolist() == ["sad", "sad", "happy", "fear"]
    assert faces.table["annotators"].tolist() == ["sad", "neutral", "happy", "fear"]
    assert faces.groups.tolist() == [1, 1, 2, 3]
    assert faces.person["all"] == pytest.approx((0.8 + 0.6 + 1 + 0.7) / 4)
    assert len(load("peer.annotators").read_clear_faces(data, 8).table) == 2


def test_a_study_without_votes_ends_with_what_to_set(load, data):
    audit = pd.read_csv(data / "audit.csv").drop(columns=["ferplus", "ferplus_votes"])
    audit.to_csv(data / "audit.csv", index=False)
    with pytest.raises(SystemExit, match=r"audit\.ferplus"):
        load("peer.annotators").read_clear_faces(data, 6)
    (data / "crops.npz").unlink()
    with pytest.raises(SystemExit, match="dvc repro audit"):
        load("peer.annotators").read_clear_faces(data, 6)


def test_answers_are_held_against_labels_and_annotators(load, data):
    annotators = load("peer.annotators")
    faces = annotators.read_clear_faces(data, 6)
    scores = annotators.score_by_annotators(["Sadness", "sad", "happy", "contempt"], faces)
    assert scores["by_label"] == 0.75 and scores["by_annotators"] == 0.5
    assert scores["agreed"] == pytest.approx(2 / 3)
    assert (scores["says_label"], scores["says_annotators"]) == (1, 0)
    assert scores["by_annotators_low"] <= 0.5 <= scores["by_annotators_high"]
    with pytest.raises(ValueError, match="3 labels for 4 faces"):
        annotators.score_by_annotators(["sad"] * 3, faces)


def test_every_variant_is_asked_once_and_stands_in_the_table_best_by_annotators_first(
    load, data, monkeypatch, tmp_path
):
    module = load("peers_annotators")
    monkeypatch.setattr(module.common, "ROOT", tmp_path / "root")
    (tmp_path / "root").mkdir()
    (tmp_path / "root/data").symlink_to(data)
    said = {
        "annotators": ["sad", "neutral", "happy", "fear"],
        "compact": ["sad", "sad", "happy", "fear"],
    }
    monkeypatch.setattr(module, "packaged", lambda model, pixels: said[model])
    monkeypatch.setattr(module, "ask", lambda name, pixels: ["fear"] * len(pixels))
    section = module.measure(6)
    assert set(section["accuracy"]) == {"ferd_annotators", "ferd_compact", *module.PEERS}
    assert section["faces"] == 4 and section["contradicted"] == 1
    accuracy, differ = load("peer.annotators").annotators_table(section).split("\n\n")
    rows, second = accuracy.splitlines(), differ.splitlines()
    assert "on 4 clear faces" in rows[0] and "(1)" in second[0]
    assert rows[2].startswith("| `ferd_annotators` | this repository |") and "| 1.000 (" in rows[2]
    assert second[3].startswith("| `ferd_compact`") and second[3].endswith("| 100.0% | 0.0% |")
    assert len(rows) == 2 + 2 + len(module.PEERS) + 1
    assert rows[-1].startswith("| a single annotator |  |  | 0.775 |")


def test_ours_are_the_packaged_networks_that_never_saw_private_test(load):
    from ferd.inference.classifier import PACKAGED

    module = load("peers_annotators")
    assert {model for model, _ in module.PACKAGED.values()} == set(PACKAGED) - {"general", "fast"}
    assert "ferd" not in module.PEERS and "fer" in module.PEERS


def test_a_packaged_network_names_crops(load):
    words = load("peers_annotators").packaged("annotators", np.zeros((2, 48, 48), "uint8"))
    assert len(words) == 2 and words[0] == words[1]


def test_the_page_has_a_section_of_its_own(load):
    accuracy = {
        "by_label": 0.5,
        "by_label_low": 0.4,
        "by_label_high": 0.6,
        **{"by_annotators": 0.7, "by_annotators_low": 0.6, "by_annotators_high": 0.8},
        **{"agreed": 0.9, "says_label": 0.1, "says_annotators": 0.8},
    }
    section = {
        "faces": 10,
        "contradicted": 2,
        "one_person": {"all": 0.8, "agreed": 0.9, "contradicted": 0.7},
        "facts": {"one": FACTS},
        "accuracy": {"one": accuracy},
    }
    text = load("report").measured({"peers_annotators": section}, {})
    assert "### peers_annotators" in text
    assert "| 0.700 (0.600-0.800) | 0.500 (0.400-0.600) |" in text
    assert "| `one` | 90.0% | 10.0% | 80.0% |" in text
