"""ferd.scoring.claims, its stage and its families: each claim over the seeds that there are."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.multitest import multipletests

from ferd.classes import CLASSES
from ferd.scoring.claim_list import CHOICES, CLAIMS
from ferd.scoring.claims import compare_families, compare_runs, score_family
from ferd.scoring.families import COMPARED, ENSEMBLES, NETWORKS, read_runs, tables_of
from ferd.scoring.seeds_and_faces import (
    balanced_accuracy_difference,
    mean_accuracy,
    mean_difference,
)
from ferd.study.base.results import write_table
from ferd.study.pipeline import read_pipeline, written_by
from stages import claims as stage
from tests.helpers.settings import REPO
from tests.helpers.small_study import read, write_audit, write_params, write_pipeline

FACES = 70
NAMES = [f"test/{CLASSES[row % 7]}/{row}" for row in range(FACES)]
ACTUAL = np.arange(FACES) % 7
GROUPS = np.arange(FACES) // 2


def predicted(seeds, rate, seed=0):
    """Class indices of some runs, each right for this share of the faces or so."""
    generator = np.random.default_rng(seed)
    right = generator.random((seeds, FACES)) < rate
    return np.where(right, ACTUAL, generator.choice(7, (seeds, FACES)))


def audit_rows(copied=()):
    copy = ["exact" if row in copied else "none" for row in range(FACES)]
    columns = {"class": np.array(CLASSES)[ACTUAL], "found": 1, "copy": copy, "shifted_copy": 0}
    return pd.DataFrame(columns | {"copy_other_label": 0, "copy_group": GROUPS})


def test_a_family_has_the_runs_that_the_pipeline_writes_each_with_its_own_seeds():
    written = [
        *("plots/ablation_augment/predictions.csv", "plots/ablation_augment/confusion.csv"),
        *("plots/ablation_augment_all/predictions.csv", "plots/train/predictions.csv"),
        *("plots/replicate/ablation_augment_2025/predictions.csv",),
        *("plots/replicate/ablation_augment_all_2026/predictions.csv",),
    ]
    assert tables_of("letter", written) == {
        "cnn": ["train/predictions"],
        "cnn, differential augmentation": [
            *("ablation_augment/predictions", "replicate/ablation_augment_2025/predictions")
        ],
        "cnn, all classes augmented": [
            *("ablation_augment_all/predictions", "replicate/ablation_augment_all_2026/predictions")
        ],
    }
    written = ["plots/cosine_voting", "plots/automl_voting", "plots/replicate/automl_voting_7"]
    assert tables_of("cosine", written) == {"soft vote": ["cosine_voting/predictions_soft"]}
    assert tables_of("letter", written) == {
        "soft vote": [
            *("automl_voting/predictions_soft", "replicate/automl_voting_7/predictions_soft")
        ]
    }


def test_the_committed_pipeline_has_both_cnns_and_every_model_of_our_settings():
    written = written_by(read_pipeline(REPO / "dvc.yaml"), "plots")
    assert set(tables_of("cosine", written)) == {*NETWORKS["cosine"], *ENSEMBLES["cosine"]}
    assert len(tables_of("cosine", written)["cnn"]) > 1
    assert tables_of("letter", written)["cnn"]


def test_every_claim_is_about_models_of_our_settings():
    models = {*NETWORKS["cosine"], *ENSEMBLES["cosine"]}
    assert {name for claim in CLAIMS for name in (claim.first, claim.second)} <= models


def test_every_choice_is_between_two_networks_of_one_settings():
    for choice in CHOICES:
        families = [set(models) for models in NETWORKS.values()]
        assert any({choice.first, choice.second} <= models for models in families)


def test_choices_are_corrected_apart_from_the_claims():
    runs = {model: predicted(2, 0.5 + 0.06 * n, n) for n, model in enumerate(NETWORKS["letter"])}
    found = score_family("letter", runs, audit_rows(), 0.95)["detected"]
    assert not set(found["claims"]) & set(found["choices"])
    entries = list(found["choices"].values())
    assert list(found["choices"]) == [one.pair for one in CHOICES if one.first in runs]
    expected = multipletests([one["p_faces"] for one in entries], method="holm")[1]
    assert [one["p_faces_holm"] for one in entries] == pytest.approx(list(expected))
    pair = "cnn, square-root class weights - cnn"
    first, second = (runs[name] == ACTUAL for name in pair.split(" - "))
    expected = mean_difference(first, second, GROUPS, False, 0.95)
    assert {key: found["choices"][pair][key] for key in expected} == expected


def test_recalls_are_of_the_pairs_that_balanced_accuracy_decides():
    runs = {"soft vote": predicted(2, 0.7), "soft vote, no SMOTE": predicted(3, 0.5, 1)}
    found = score_family("letter", runs, audit_rows(), 0.95)["detected"]["recalls"]
    assert list(found) == ["soft vote - soft vote, no SMOTE"]
    classes = found["soft vote - soft vote, no SMOTE"]
    assert list(classes) == list(CLASSES)
    for label, name in enumerate(CLASSES):
        of_class = label == ACTUAL
        first, second = (
            runs[one][:2, of_class] == label for one in ("soft vote", "soft vote, no SMOTE")
        )
        expected = mean_difference(first, second, GROUPS[of_class], True, 0.95)
        assert {key: classes[name][key] for key in expected} == expected
        assert classes[name]["first"] == first.mean() and classes[name]["faces"] == 10
        assert classes[name]["second"] == second.mean()
    expected = multipletests([one["p_faces"] for one in classes.values()], method="holm")[1]
    assert [one["p_faces_holm"] for one in classes.values()] == pytest.approx(list(expected))


def test_networks_are_compared_over_all_seeds_and_ensembles_with_the_cnn_of_their_seed():
    runs = {"cnn": predicted(3, 0.6), "cnn, CBAM": predicted(2, 0.5, 1)}
    runs["soft vote"] = predicted(1, 0.8, 2)
    found = score_family("cosine", runs, audit_rows(), 0.9)["detected"]["claims"]
    assert list(found) == ["soft vote - cnn", "cnn, CBAM - cnn"]
    right = {name: values == ACTUAL for name, values in runs.items()}
    cases = (
        ("soft vote - cnn", right["soft vote"], right["cnn"][:1], True),
        ("cnn, CBAM - cnn", right["cnn, CBAM"], right["cnn"], False),
    )
    for pair, first, second, paired in cases:
        expected = mean_difference(first, second, GROUPS, paired, 0.9)
        assert {key: found[pair][key] for key in expected} == expected
    assert found["soft vote - cnn"]["one_run"] == 1
    assert found["cnn, CBAM - cnn"]["second_seeds"] == 3


def test_accuracies_are_of_every_model_and_parts_have_their_own_faces():
    runs = {"cnn": predicted(2, 0.6), "stack": predicted(1, 0.7, 3)}
    found = score_family("cosine", runs, audit_rows(range(20)), 0.95)
    assert list(found) == ["detected", "without_copy", "without_any_copy"]
    assert found["detected"]["accuracy"]["stack"] == mean_accuracy(runs["stack"] == ACTUAL, GROUPS)
    alone = found["without_copy"]["accuracy"]["cnn"]
    assert alone["faces"] == 50 and alone["seeds"] == 2
    assert alone["mean"] == pytest.approx((runs["cnn"] == ACTUAL)[:, 20:].mean())


def test_each_kind_of_p_is_corrected_over_the_claims_of_a_family_and_part():
    runs = {
        model: predicted(2, 0.4 + 0.07 * seed, seed)
        for seed, model in enumerate(NETWORKS["cosine"])
    }
    entries = score_family("cosine", runs, audit_rows(), 0.95)["detected"]["claims"].values()
    assert len(entries) == 3
    for key, found in (
        ("p_faces", list(entries)),
        ("p", [entry["balanced"] for entry in entries]),
    ):
        expected = multipletests([one[key] for one in found], method="holm")[1]
        assert [one[f"{key}_holm"] for one in found] == pytest.approx(list(expected))


def test_balanced_accuracy_stands_beside_accuracy():
    first, second = predicted(2, 0.8), predicted(2, 0.5, 1)
    found = compare_runs(ACTUAL, first, second, GROUPS, False, 0.95)
    expected = balanced_accuracy_difference(ACTUAL, first, second, GROUPS, False)
    assert found["balanced"] == expected


def test_the_cnns_of_two_families_are_not_pairs():
    first, second = predicted(3, 0.8), predicted(2, 0.5, 1)
    found = compare_families(first, second, audit_rows(), 0.95)["detected"]
    expected = mean_difference(first == ACTUAL, second == ACTUAL, GROUPS, False)
    assert {key: found[key] for key in expected} == expected


def write_runs(written):
    """Tables of random predictions for the detected faces, and for another image."""
    paths = [
        path for family in NETWORKS for one in tables_of(family, written).values() for path in one
    ]
    names = ["test/sad/999", *NAMES]
    actual = [name.split("/")[1] for name in names]
    for seed, path in enumerate(paths):
        given = np.array(CLASSES)[[0, *predicted(1, 0.6, seed)[0]]]
        table = pd.DataFrame({"name": names, "actual": actual, "predicted": given})
        write_table(f"plots/{path}.csv", table)


@pytest.fixture
def study(empty_folder):
    write_params()
    lines = {"train": "train", "cosine": "cosine", "cosine_cbam": "cosine_cbam"}
    lines |= {"cosine_7": "replicate/cosine_7", "train_7": "replicate/train_7"}
    write_pipeline(score=lines)
    write_audit([*NAMES, "test/sad/999"], [True] * FACES + [False], NAMES[:10])
    written = written_by(read_pipeline(), "plots")
    write_runs(written)
    return written


def test_the_stage_scores_both_families_and_sets_their_cnns_beside_each_other(study):
    stage.main()
    found = read("metrics/details/claims.json")
    pairs = {f"{first}_and_{second}" for first, second in COMPARED}
    assert set(found) == {"letter", "cosine", "improved"} | pairs
    about_ensembles = {one.pair for one in CLAIMS if one.first in ENSEMBLES["letter"]}
    assert set(found["letter"]["detected"]["claims"]) == about_ensembles
    assert found["letter"]["detected"]["accuracy"]["cnn"]["seeds"] == 2
    pairs = set(found["cosine"]["detected"]["claims"])
    left_out = ("cnn - cnn, whole images", "cnn, differential augmentation - cnn")
    assert pairs == {claim.pair for claim in CLAIMS} - set(left_out)
    assert found["cosine"]["detected"]["claims"]["cnn, CBAM - cnn"]["one_run"] == 1
    runs = read_runs(tables_of("cosine", study), NAMES)
    cnn = found["cosine"]["without_copy"]["accuracy"]["cnn"]
    assert cnn["mean"] == pytest.approx((runs["cnn"] == ACTUAL)[:, 10:].mean(), abs=1e-6)
    assert found["letter_and_cosine"]["detected"]["first_seeds"] == 2
    assert found["improved_and_letter"]["detected"]["first_seeds"] == 3
    assert found["improved"]["detected"]["claims"] == {}


def test_a_run_of_the_pipeline_without_predictions_stops_the_stage(study):
    Path("plots/replicate/train_7/predictions.csv").unlink()
    with pytest.raises(FileNotFoundError, match="train_7"):
        stage.main()
