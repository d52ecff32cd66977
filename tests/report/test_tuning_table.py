"""ferd.report.tables.tuning_table, and the ranges of the search in docs/reproduction.md."""

import re
from pathlib import Path

import pytest

from ferd.report.tables.tuning_table import tuning_part, tuning_table
from tests.helpers.automl_data import load_pycaret

ROOT = Path(__file__).resolve().parents[2]
COMPARED = {
    "lda": {
        **{"tuned": True, "improved": True, "default_accuracy": 0.7, "tuned_accuracy": 0.75},
        **{"hyperparameters": {"solver": "lsqr", "shrinkage": 0.01}},
    },
    "et": {
        **{"tuned": True, "improved": False, "default_accuracy": 0.8, "tuned_accuracy": 0.6},
        **{"hyperparameters": {}},
    },
    "rf": {"tuned": False, "improved": False, "cross_validated": {"accuracy": 0.81}},
}


def test_each_model_has_both_accuracies_and_what_is_used():
    rows = tuning_table(COMPARED).splitlines()[2:]
    assert rows == [
        "| LDA | 70.00 | 75.00 | shrinkage 0.01, solver lsqr |",
        "| Extra Trees | 80.00 | 60.00 | PyCaret's defaults |",
        "| random forest | 81.00 | not tuned | PyCaret's defaults |",
    ]


def test_there_is_no_table_where_nothing_was_tuned():
    assert tuning_part({}) == [] == tuning_part({"rf": COMPARED["rf"]})
    assert tuning_part(COMPARED)[0] == "## Tuned hyperparameters"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "container"),
    [
        *(("ridge", "RidgeClassifier"), ("lda", "LinearDiscriminantAnalysis")),
        *(("lr", "LogisticRegressionClassifier"), ("et", "ExtraTreesClassifier")),
    ],
)
def test_the_documented_ranges_are_of_pycarets_hyperparameters(name, container):
    load_pycaret()
    import inspect

    from pycaret.containers.models import classification

    text = (ROOT / "docs/reproduction.md").read_text(encoding="utf-8")
    (row,) = re.findall(rf"^  \| `{name}` \| (.*) \|$", text, re.MULTILINE)
    source = inspect.getsource(getattr(classification, f"{container}Container"))
    grid = source.split("tune_grid = {")[1].split("tune_distributions")[0]
    named = re.findall(r"`(\w+)`", row)
    assert named
    assert all(f'"{key}"' in source for key in named)
    keys = set(re.findall(r'"(\w+)": \[|"(\w+)": np_list', grid))
    assert {one for pair in keys for one in pair if one} <= set(named)
