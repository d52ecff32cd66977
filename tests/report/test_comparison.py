"""ferd.report.comparison: every figure of the paper is compared with the right one of ours."""

import pytest

from ferd.classes import CLASSES
from ferd.report import paper_results
from ferd.report.comparison import PARTS, beside, compare, compare_variants, long_table


def test_beside_gives_paper_ours_and_difference_and_drops_what_the_paper_lacks():
    result = beside({"a": {"b": 0.5}}, {"a": {"b": 0.75, "c": 1}, "d": 2})
    assert result == {"a": {"b": {"paper": 0.5, "ours": 0.75, "difference": 0.25}}}


def test_a_figure_of_the_paper_that_ours_lacks_is_an_error_not_a_gap():
    with pytest.raises(KeyError):
        beside({"auc": 0.9}, {"accuracy": 0.5})


def test_voting_is_compared_with_the_soft_vote_and_cnn_with_its_test_scores():
    scores = dict(paper_results.VOTING)
    metrics = {"automl_voting": {"hard": {"accuracy": 0.0}, "soft": scores}}
    assert all(row["difference"] == 0 for _, row in long_table(compare(metrics)).iterrows())
    cnn = {k: v for k, v in paper_results.CNN.items() if k != "parameters"}
    metrics = {"train": {"parameters": 4049671, "test": cnn, "validation": {"accuracy": 0.1}}}
    assert compare(metrics)["cnn"]["accuracy"]["ours"] == 0.6672


def test_variants_are_measured_against_the_cnn():
    def scores(accuracy):
        return {"faces": 10, "accuracy": accuracy, "macro": {"f1": 0.5}}

    metrics = {
        "cosine": {"parameters": 5, "test": scores(0.6)},
        "cosine_cbam": {"parameters": 7, "test": scores(0.5)},
    }
    variants = compare_variants(metrics)
    assert list(variants) == ["cnn", "cnn, CBAM"]
    letter = {
        "train": {"test": scores(0.8)},
        "automl_voting": {"soft": scores(0.9), "hard": scores(0.5)},
    }
    found = compare_variants(metrics | letter)["soft vote, to the letter"]
    assert found["accuracy_minus_cnn"] == pytest.approx(0.1)
    assert variants["cnn"]["accuracy_minus_cnn"] == 0
    assert variants["cnn, CBAM"]["accuracy_minus_cnn"] == pytest.approx(-0.1)
    assert variants["cnn, CBAM"]["parameters"] == 7


def test_supports_of_each_table_add_up_to_the_papers_test_faces():
    for tree in (paper_results.CNN, paper_results.VOTING, paper_results.STACKING):
        assert sum(row["support"] for row in tree["per_class"].values()) == 5354
        assert tuple(tree["per_class"]) == CLASSES


def test_crop_counts_of_the_paper_add_up():
    crop = paper_results.CROP
    assert sum(crop[split]["found"] for split in ("train", "test")) == crop["found"]
    for split in ("train", "test"):
        assert sum(crop[split]["found_per_class"].values()) == crop[split]["found"]


def test_every_part_names_a_stage_and_place():
    assert all(
        isinstance(stage, str) and isinstance(place, tuple) for _, stage, place in PARTS.values()
    )


def test_where_every_face_is_found_all_test_images_are_the_detected_ones():
    uncropped = {"test": dict(paper_results.UNCROPPED)}
    compared = compare({"cosine_uncropped": uncropped})
    assert compared["uncropped_all"] == compared["uncropped_detected"]
