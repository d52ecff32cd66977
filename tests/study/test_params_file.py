"""The committed params.yaml: valid, explained, and kept whole by `dvc exp run -S`."""

import json
import shutil
from copy import deepcopy
from pathlib import Path

import pytest
from dvc.utils.hydra import apply_overrides

from ferd.study.sections import SECTIONS
from ferd.study.settings import check_all, load, load_recipe
from tests.helpers.settings import COMMITTED, PARAMS, VALUES, write

LINES = COMMITTED.splitlines()
# A change of each section, of lists where it has some.
CHANGES = {
    "fetch": ("max_bad_images", 7),
    "crop": ("levels", [2, 1]),
    "audit": ("ferplus", False),
    "train": ("block_dropout", [0.1, 0.2, 0.3, 0.4]),
    "predict": ("batch_size", 16),
    "automl": ("folds", 2),
    "automl_compare": ("models", ["lr", "lda", "et", "ridge", "rf", "lightgbm"]),
    "automl_voting": ("models", ["et", "rf"]),
    "automl_stacking": ("models", ["et", "rf"]),
    "ablation_uncropped": ("train_on", "detected"),
    "ablation_cbam": ("kernel_size", 5),
    "ablation_augment": ("zoom", 0.3),
    "ablation_augment_all": ("rare_share", 5.0),
    "sqrt_weights": ("class_weights", "sqrt"),
    "cosine_balanced": ("class_weights", "balanced"),
    "train_search": ("epochs", 50),
    "live": ("enabled", False),
    "cosine_copies": ("exclude_test_copies", True),
    "cosine_precision": ("precision", "bfloat16"),
    "cosine": ("epochs", 30),
    "copy_sensitivity": ("correlations", [0.8]),
    "redraws": ("draws", 500),
    "ablation_smote": ("fix_imbalance", False),
    "cosine_automl": ("tune", True),
    "few_faces": ("folds", 5),
    "sampling": ("bootstrap_draws", 500),
    "evaluate": ("bins", 10),
    "seeds": ("confidence", 0.9),
    "recipe": ("widths", [16, 32, 64]),
    "search": ("blocks", [2, 1, 2]),
    "improved": ("views", "flip"),
    "benchmark_fer2013": ("split", "paper"),
    "compact": ("blocks", [1, 1, 1, 1]),
    "compact_ferplus": ("targets", "labels"),
    "compact_copies": ("exclude_test_copies", True),
    "benchmark_ferplus": ("label_smoothing", 0.1),
    "mixed": ("label_share", 0.3),
    "benchmark_gpu": ("widths", [16, 32, 64]),
    "distilled_gpu": ("distillation", 0.5),
    "compact_gpu": ("epochs", 100),
    "agreement": ("votes", 5),
    "explain": ("faces", 10),
    "export": ("batch_size", 32),
    "export_improved": ("views", "ten"),
    "figures": ("dpi", 50),
    "report": ("mistakes_per_pair", 3),
}
# Their stages measure the effect of this one value.
ONE_VALUE = ("sqrt_weights", "cosine_balanced", "cosine_copies", "ablation_smote", "compact_copies")


def comments(path="params.yaml"):
    return [line for line in Path(path).read_text().splitlines() if line.strip().startswith("#")]


@pytest.mark.parametrize("section", SECTIONS)
def test_every_committed_section_is_loaded_with_the_values_of_the_file(section):
    values = load(section, PARAMS)
    assert values == VALUES[section]


def test_the_committed_params_pass_as_a_whole_and_have_no_other_section(empty_folder):
    sections = deepcopy(VALUES)
    write(sections)
    check_all()
    assert set(SECTIONS) <= set(sections)


def test_every_key_has_a_comment_that_says_what_the_paper_has():
    for section, values in VALUES.items():
        at = LINES.index(f"{section}:") + 1
        lists = [key for key in values if isinstance(values[key], list)]
        for key in values:
            comment = ""
            while LINES[at].startswith("  #"):
                comment += LINES[at].removeprefix("  #")
                at += 1
            assert LINES[at].startswith(f"  {key}: "), f"{section}.{key}"
            at += 1
            if key in lists[1:]:
                assert comment == "", f"{section}.{key}: -S drops a comment after a list"
                continue
            assert "paper" in comment and comment.endswith("."), f"{section}.{key}"
            if len(lists) > 1 and key == lists[0]:
                assert all(f" {name} " in comment for name in lists), f"{section}.{key}"
                assert comment.count("aper ") >= len(lists) - 1
        assert list(values)[len(values) - len(lists) :] == lists, f"{section}: lists come last"


def test_the_file_is_short_and_plain():
    assert len(LINES) < 500 and max(map(len, LINES)) <= 100
    values = "\n".join(line for line in LINES if not line.strip().startswith("#"))
    assert not any(mark in values for mark in ("${", "&", "*", "<<"))


@pytest.mark.parametrize("section", SECTIONS)
def test_exp_run_changes_a_value_and_keeps_every_comment(section, empty_folder):
    """A second change too, because the first writes lists in block style."""
    shutil.copy(PARAMS, "params.yaml")
    key, value = CHANGES[section]
    for _ in range(2):
        apply_overrides("params.yaml", [f"{section}.{key}={json.dumps(value)}"])
        assert load(section) == VALUES[section] | {key: value}
        assert comments() == comments(PARAMS)
    assert VALUES[section][key] != value or section in ONE_VALUE
    check_all()


def test_exp_run_adds_a_key_of_the_recipe_to_a_section_of_differences(empty_folder):
    shutil.copy(PARAMS, "params.yaml")
    apply_overrides("params.yaml", ["+search.dropout_rate=0.3"])
    assert (
        load_recipe("search", 1)["dropout_rate"]
        == 0.3
        != load_recipe("improved", 1)["dropout_rate"]
    )
    assert comments() == comments(PARAMS)
