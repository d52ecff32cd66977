"""ferd.scoring.paired_tests and its stage: pairs of models by their committed predictions."""

import numpy as np
import pandas as pd
import pytest

from ferd.classes import CLASSES
from ferd.scoring.paired_tests import PAIRS, PARTS, TABLES, paired_tests, read_predictions
from ferd.study.base.results import write_table
from stages import paired_tests as stage
from tests.helpers.small_study import read, write_audit, write_params

NAMES = [f"test/{CLASSES[row % 7]}/{row}" for row in range(28)]
ACTUAL = np.array([name.split("/")[1] for name in NAMES])
OTHER = [f"test/happy/{row}" for row in range(100, 104)]


def predictions(wrong, names=NAMES):
    actual = np.array([name.split("/")[1] for name in names])
    given = np.where(np.isin(np.arange(len(names)), wrong), "none", actual)
    return pd.DataFrame({"name": names, "actual": actual, "predicted": given})


def audit_rows(copied):
    """The audit's rows of `NAMES`; two faces each are copies of one picture."""
    copy = ["exact" if row in copied else "none" for row in range(28)]
    columns = {"class": ACTUAL, "found": 1, "copy": copy, "shifted_copy": 0}
    return pd.DataFrame(columns | {"copy_other_label": 0, "copy_group": np.arange(28) // 2})


def models(**wrong):
    return pd.DataFrame({name: predictions(rows)["predicted"] for name, rows in wrong.items()})


def test_only_pairs_of_models_that_are_there_are_tested_on_parts_that_have_faces():
    given = models(cnn=range(3), stack=range(3, 5))
    tests = paired_tests(audit_rows([]), given, 100, 0)
    assert list(tests) == ["detected", "without_copy", "without_any_copy"]
    assert list(tests["detected"]) == ["stack - cnn"]
    found = tests["detected"]["stack - cnn"]
    assert (found["only_first"], found["only_second"]) == (3, 2)
    assert found["difference"] == pytest.approx(1 / 28)


def test_a_part_has_its_own_correction_and_copies_count_together():
    given = models(cnn=range(8), stack=[], **{"soft vote": []})
    tests = paired_tests(audit_rows(range(4)), given, 100, 0)
    found = tests["with_copy"]["stack - cnn"]
    assert found["p"] == 2 * 0.5**4 and found["p_groups"] == 2 * 0.5**2
    # Of three pairs two have this p, and one has 1.
    assert found["p_holm"] == 3 * found["p"] and found["p_groups_holm"] == 1
    assert tests["detected"]["stack - cnn"]["p_groups_holm"] == 3 * 2 * 0.5**4


@pytest.fixture
def tables(empty_folder):
    """Tables of all models, all right but for the CNN; one network predicts for other images."""
    write_params()
    write_audit([*NAMES, *OTHER], [True] * 28 + [False] * 4, NAMES[:4])
    for model in {name for pair in PAIRS for name in pair}:
        table = predictions(range(10) if model == "cnn" else [])
        if model == "cnn, whole images":
            table = predictions([], [*OTHER, *reversed(NAMES)])
        write_table(f"plots/{TABLES[model]}.csv", table)


def test_the_stage_tests_every_pair_on_detected_faces_alone(tables):
    stage.main()
    found = read("metrics/details/paired_tests.json")
    assert tuple(found) == PARTS
    for part in PARTS:
        assert list(found[part]) == [f"{first} - {second}" for first, second in PAIRS]
    whole = found["detected"]["cnn - cnn, whole images"]
    assert (whole["only_first"], whole["only_second"]) == (0, 10)
    assert whole["difference"] == pytest.approx(-10 / 28, abs=1e-6)
    assert found["without_copy"]["cnn - cnn, whole images"]["only_second"] == 6


def test_a_table_that_lacks_a_face_is_refused(tables):
    write_table(f"plots/{TABLES['stack']}.csv", predictions([]).iloc[1:])
    with pytest.raises(KeyError, match="test/angry/0"):
        read_predictions(NAMES)
