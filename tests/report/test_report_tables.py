"""ferd.report.tables.report_tables: the tables say what the metrics say."""

from ferd.report.tables import report_tables
from ferd.scoring.paired_tests import PAIRS

ENTRY = {"low": -0.01, "high": 0.03, "only_first": 5, "only_second": 3, "p": 0.0002}
SCORES = {"faces": 5334, "accuracy": 0.67079, "low": 0.658, "high": 0.683, "macro_f1": 0.6}


def test_parts_without_images_have_no_column_and_a_missing_score_an_empty_cell():
    models = {"cnn": {"detected": SCORES, "all": SCORES}, "stack": {"detected": SCORES}}
    lines = report_tables.parts_table(models).splitlines()
    assert lines[0] == "| accuracy, % | all test faces (5,334) | all test images (5,334) |"
    assert lines[3] == "| stacking | 67.1 (65.8 to 68.3) |  |"


def test_pairs_are_in_points_and_a_tiny_p_is_not_written_as_0():
    entry = {**ENTRY, "difference": -0.0124, "p": 1e-9, "p_holm": 1e-8}
    row = report_tables.tests_table({"stack - cnn": entry}).splitlines()[2]
    assert row == ("| stacking minus CNN | -1.24 | -1.00 to +3.00 | 5 / 3 | < 0.0001 | < 0.0001 |")


def test_audit_without_votes_says_nothing_of_them():
    groups = {"groups": 3, "images": 7, "largest": 3, "groups_of_several_labels": 1}
    test = {"images": 70, "exact": 4, "exact_other_label": 1, "near": 2, "copy_share": 0.0857}
    test |= {"shifted_copy": 3, "shifted_other_label": 1}
    audit = {"images": 100, "blank": 0, "exact": groups, "near": groups}
    text = report_tables.audit_text({**audit, "test": test, "test_detected": test})
    assert "FER+" not in text
    assert "- 4 of the 70 test images have an exact copy in train, 1 of them with another" in text


def test_gain_from_cropping_is_split_into_easier_images_and_better_pixels():
    def scores(detected, everything):
        return {"detected": {"accuracy": detected}, "all": {"accuracy": everything}}

    models = {"cnn": scores(0.67, 0.63), "cnn, whole images": scores(0.68, 0.65)}
    cells = [line.split(" | ")[1:] for line in report_tables.crop_split(models).splitlines()[2:]]
    assert cells[1][1] == "+3.00 |" and cells[2][1] == "-1.00 |"


def test_augmentation_has_a_row_per_network_and_kind_of_faces():
    cells = {"accuracy": 0.4, "rare_recall": 0.7, "others_called_rare": 0.57}
    look = {"rare_classes": 3, "cosine": dict.fromkeys(("plain", "strong"), cells)}
    table = report_tables.look_table({**look, "cosine_augment": look["cosine"]})
    row = "| CNN, differential augmentation | augmented | 40.0 | 70.0 | 57.0 |"
    assert table.splitlines()[5] == row


def test_choices_are_pairs_that_are_tested_and_those_not_run_are_left_out():
    pairs = {f"{first} - {second}" for first, second in PAIRS}
    assert {pair for _, pair in report_tables.CHOICES} <= pairs
    entry = {"difference": -0.0047, "low": -0.02, "high": 0.011}
    table = report_tables.choices_table({"cnn - cnn, whole images": entry})
    pair = "CNN minus CNN on whole images"
    row = f"| crops in place of whole images | {pair} | -0.47 | -2.00 to +1.10 |"
    assert table.splitlines()[2:] == [row]


def test_gap_is_the_cross_validated_less_the_test_accuracy():
    def scores(inside, outside):
        return {"cross_validated": {"accuracy": inside}, "accuracy": outside}

    both = {"soft": scores(0.77, 0.66), "stack": scores(0.76, 0.65)}
    metrics = {
        "cosine_voting": {"soft": scores(0.75, 0.68)},
        "cosine_stacking": {"stack": scores(0.7, 0.7)},
        "cosine_unseen": {f"unseen_{name}": scores(0.64, 0.642) for name in both}
        | {f"seen_{name}": both[name] for name in both},
    }
    lines = report_tables.gap_table(metrics).splitlines()
    assert "| stacking, all training faces | 70.00 | 70.00 | 0.00 |" in lines
    assert "| soft voting, a tenth, known to the CNN | 77.00 | 66.00 | +11.00 |" in lines
    assert "| stacking, a tenth, new to the CNN | 64.00 | 64.20 | -0.20 |" in lines
