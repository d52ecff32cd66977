"""ferd.scoring.agreement: networks by FER2013's and by majority labels."""

import numpy as np
import pandas as pd
import pytest

from ferd.classes import CLASSES
from ferd.report.tables.agreement_table import agreement_section, agreement_table, pair_tables
from ferd.scoring.agreement import (
    TRUTHS,
    clear_faces,
    clear_rows,
    one_person,
    set_beside,
)

COUNT = 28
NAMES = [f"test/{CLASSES[row % 7]}/{row}" for row in range(COUNT)]
LABELS = pd.Series([name.split("/")[1] for name in NAMES], index=NAMES)
GROUPS = pd.Series(range(COUNT), index=NAMES)
# Annotators choose neutral for every second sad face, and else the label.
ANNOTATORS = LABELS.mask((LABELS == "sad") & (np.arange(COUNT) % 2 == 0), "neutral")
SHARES = ANNOTATORS.value_counts(normalize=True).reindex(list(CLASSES)).to_numpy()


def predictions(given, sure=0.9):
    """Predictions of the classes `given`, with `sure` as their probability."""
    table = pd.DataFrame({"name": LABELS.index, "actual": LABELS.values, "predicted": given.values})
    for name in CLASSES:
        table[f"p_{name}"] = np.where(given.values == name, sure, (1 - sure) / 6)
    return table


def rows(given):
    return clear_rows(predictions(given), ANNOTATORS, SHARES)


def test_clear_faces_are_those_where_enough_annotators_chose_one_of_the_seven_classes():
    audit = pd.DataFrame(
        {"ferplus": ["happy", "sad", "no_face", "tie"], "ferplus_votes": [6, 5, 9, 5]},
        index=list("abcd"),
    )
    assert clear_faces(audit, 6).to_dict() == {"a": "happy"}
    assert clear_faces(audit, 5).to_dict() == {"a": "happy", "b": "sad"}


def test_matching_turns_doubtful_predictions_and_leaves_sure_ones():
    for sure, turned in ((0.15, True), (0.999, False)):
        table = clear_rows(predictions(LABELS, sure), ANNOTATORS, SHARES)
        assert (table["predicted"] == table["label"]).all()
        assert (table["matched"] != table["label"]).any() == turned


def test_matched_counts_give_each_class_its_share_and_move_the_least_sure_faces():
    table = predictions(LABELS, 0.3)
    # The first two sad faces are nearly neutral: as many as annotators choose neutral for.
    doubtful = table.index[table["actual"] == "sad"][:2]
    table.loc[doubtful, ["p_sad", "p_neutral"]] = 0.45, 0.44
    found = clear_rows(table, ANNOTATORS, SHARES).loc[table["name"]]
    assert found["counted"].value_counts().to_dict() == ANNOTATORS.value_counts().to_dict()
    # Networks that are seldom sure have the right mean probabilities, but no sad face is left.
    assert "sad" not in set(found["matched"])
    moved = found.index[found["counted"] != found["predicted"]]
    assert set(moved) == set(table.loc[doubtful, "name"])


def test_each_way_to_match_is_scored_by_the_majority_labels():
    found = set_beside({"labels": {1: rows(LABELS)}}, [], GROUPS, 100, 0)
    scores = found["networks"]["labels"]["seeds"]["1"]
    assert set(scores) == {*TRUTHS, "agreed", "contradicted"}
    counted = (rows(LABELS)["counted"] == rows(LABELS)["annotators"]).mean()
    assert scores["annotators_counts"]["accuracy"] == pytest.approx(counted)


def test_who_predicts_majority_labels_is_right_by_them_and_wrong_by_contradicted_labels():
    found = set_beside(
        {"annotators": {1: rows(ANNOTATORS)}, "labels": {1: rows(LABELS)}}, [], GROUPS, 100, 0
    )
    contradicted = int((ANNOTATORS != LABELS).sum())
    assert found["clear"] == {"faces": COUNT, "contradicted": contradicted} and contradicted == 2
    annotators, labels = (
        found["networks"][name]["seeds"]["1"] for name in ("annotators", "labels")
    )
    assert annotators["annotators"]["accuracy"] == labels["label"]["accuracy"] == 1
    assert (
        annotators["label"]["accuracy"]
        == labels["annotators"]["accuracy"]
        == 1 - contradicted / COUNT
    )
    assert annotators["contradicted"] == {"label": 0, "annotators": 1, "neither": 0}
    assert labels["contradicted"] == {"label": 1, "annotators": 0, "neither": 0}
    assert annotators["agreed"] == labels["agreed"] == 1


def test_the_order_of_a_table_does_not_matter_and_other_images_are_refused():
    mixed = predictions(ANNOTATORS).sample(frac=1, random_state=0)
    tables = {"one": {1: rows(LABELS)}, "other": {1: clear_rows(mixed, ANNOTATORS, SHARES)}}
    found = set_beside(tables, [("other", "one")], GROUPS, 100, 0)
    assert found["tests"]["annotators"]["other - one"]["only_first"] == 2
    assert found["tests"]["label"]["other - one"]["only_second"] == 2
    tables["other"] = {1: rows(LABELS).iloc[1:]}
    with pytest.raises(ValueError, match="same images"):
        set_beside(tables, [], GROUPS, 100, 0)


def test_only_networks_of_several_seeds_are_compared_over_seeds():
    worse = LABELS.mask(np.arange(COUNT) < 3, "fear")
    tables = {
        "once": {1: rows(ANNOTATORS)},
        "first": {1: rows(LABELS), 2: rows(ANNOTATORS)},
        "second": {1: rows(worse), 2: rows(LABELS)},
    }
    pairs = [("first", "second"), ("first", "once")]
    found = set_beside(tables, pairs, GROUPS, 100, 0)
    assert list(found["seeds"]["label"]) == ["first - second"]
    assert "spread" not in found["networks"]["once"]
    assert found["networks"]["first"]["spread"]["annotators"]["seeds"] == 2
    text = "\n".join(pair_tables(found))
    assert "`first` minus `second`" in text and text.count("`first` minus `once`") == len(TRUTHS)


def test_the_tables_have_the_majority_label_itself_and_a_row_per_network():
    tables = {"once": {1: rows(LABELS)}, "twice": {1: rows(ANNOTATORS), 2: rows(LABELS)}}
    accuracy, differ = agreement_table(set_beside(tables, [], GROUPS, 100, 0)).split("\n\n")
    lines = accuracy.splitlines()
    assert len(lines) == 5 and "28 clear faces" in lines[0]
    assert lines[2] == "| always the majority label | 92.86 | 100 |  |  |"
    assert lines[3].startswith("| `once` | 100.00 | 92.86 |") and "96.43 ± 5.05" in lines[4]
    lines = differ.splitlines()
    assert "(26 faces)" in lines[0] and "(2 faces)" in lines[0]
    assert lines[3] == "| `once` | 100.0 | 100.0 | 0.0 |"


def test_one_annotator_chooses_the_majority_label_as_often_as_the_votes_show():
    counts = pd.Series(6, index=NAMES).mask(ANNOTATORS != LABELS, 9)
    assert one_person(rows(LABELS), counts) == pytest.approx(
        {"all": (26 * 0.6 + 2 * 0.9) / 28, "agreed": 0.6, "contradicted": 0.9}
    )
    table = rows(LABELS)
    same = table[table["label"] == table["annotators"]]
    assert one_person(same, counts) == pytest.approx({"all": 0.6, "agreed": 0.6})


def test_a_single_annotator_has_a_row_in_each_table():
    found = set_beside({"once": {1: rows(LABELS)}}, [], GROUPS, 100, 0)
    found["clear"]["one_person"] = {"all": 0.8, "agreed": 0.61, "contradicted": 0.9}
    accuracy, differ = (table.splitlines() for table in agreement_table(found).split("\n\n"))
    assert accuracy[3] == "| a single annotator, their own vote included |  | 80.00 |  |  |"
    assert differ[3].endswith("| 61.0 |  | 90.0 |")
    del found["clear"]["one_person"]["contradicted"]
    assert agreement_table(found).split("\n\n")[1].splitlines()[3].endswith("| 61.0 |  |  |")


def test_scores_from_before_a_kind_of_label_was_added_have_no_column_for_it():
    found = set_beside({"once": {1: rows(LABELS)}}, [], GROUPS, 100, 0)
    assert "matched by counts" in agreement_table(found).splitlines()[0]
    del (
        found["tests"]["annotators_counts"],
        found["networks"]["once"]["seeds"]["1"]["annotators_counts"],
    )
    head, _, *lines = agreement_table(found).split("\n\n")[0].splitlines()
    assert "matched by counts" not in head
    assert {line.count("|") for line in (head, *lines)} == {5}


def test_a_study_without_votes_has_no_section():
    assert agreement_section({}) == [] and agreement_section(None) == []
