"""ferd.scoring.agreement and its stage: networks by FER2013's labels and by annotators' majority labels."""

import json
import sys

import numpy as np
import pandas as pd
import pytest
import yaml

from ferd.classes import CLASSES
from ferd.report.agreement_table import agreement_section, agreement_table, pair_tables
from ferd.scoring.agreement import (
    annotators_shares,
    clear_faces,
    clear_rows,
    match_shares,
    one_person,
    set_beside,
)
from stages import agreement

COUNT = 28
NAMES = [f"test/{CLASSES[row % 7]}/{row}" for row in range(COUNT)]
LABELS = pd.Series([name.split("/")[1] for name in NAMES], index=NAMES)
GROUPS = pd.Series(range(COUNT), index=NAMES)
# Annotators choose neutral for every second sad face, and else the label.
ANNOTATORS = LABELS.mask((LABELS == "sad") & (np.arange(COUNT) % 2 == 0), "neutral")
SHARES = ANNOTATORS.value_counts(normalize=True).reindex(list(CLASSES)).to_numpy()


def predictions(answers, sure=0.9):
    """Predictions of `answers`, with `sure` as their probability."""
    table = pd.DataFrame(
        {"name": LABELS.index, "actual": LABELS.values, "predicted": answers.values}
    )
    for name in CLASSES:
        table[f"p_{name}"] = np.where(answers.values == name, sure, (1 - sure) / 6)
    return table


def rows(answers):
    return clear_rows(predictions(answers), ANNOTATORS, SHARES)


def test_clear_faces_are_those_where_enough_annotators_say_one_of_the_seven_classes():
    audit = pd.DataFrame(
        {"ferplus": ["happy", "sad", "no_face", "tie"], "ferplus_votes": [6, 5, 9, 5]},
        index=list("abcd"),
    )
    assert clear_faces(audit, 6).to_dict() == {"a": "happy"}
    assert clear_faces(audit, 5).to_dict() == {"a": "happy", "b": "sad"}


def test_shares_are_of_the_clear_images_among_those_named():
    shares = dict(zip(CLASSES, annotators_shares(NAMES, ANNOTATORS), strict=True))
    assert shares["sad"] == 2 / 28 and shares["neutral"] == 6 / 28 and shares["happy"] == 4 / 28
    assert annotators_shares(NAMES[:1], ANNOTATORS).tolist() == [1, 0, 0, 0, 0, 0, 0]
    with pytest.raises(ValueError, match="no training image is clear"):
        annotators_shares([], ANNOTATORS)


@pytest.mark.parametrize("sharpness", [0.3, 1, 5])
def test_matched_answers_have_the_given_shares_however_sure_the_network_is(sharpness):
    generator = np.random.default_rng(0)
    probabilities = generator.dirichlet(np.ones(7), 500) ** sharpness
    probabilities /= probabilities.sum(axis=1, keepdims=True)
    matched = match_shares(probabilities, SHARES)
    assert matched.mean(axis=0) == pytest.approx(SHARES, abs=1e-5)
    assert matched.sum(axis=1) == pytest.approx(1)
    # One weight per class: the odds of two classes change by the same factor for every face.
    factors = (matched[:, 0] / matched[:, 1]) / (probabilities[:, 0] / probabilities[:, 1])
    assert factors == pytest.approx(factors[0])


def test_answers_of_the_given_shares_already_are_left_alone():
    probabilities = np.random.default_rng(1).dirichlet(np.ones(7), 50)
    assert match_shares(probabilities, probabilities.mean(axis=0)) == pytest.approx(probabilities)


def test_shares_that_no_weights_can_give_are_an_error():
    probabilities = np.tile([0.5, 0.5, 0, 0, 0, 0, 0], (3, 1))
    with pytest.raises(ValueError, match="no weights give"):
        match_shares(probabilities, SHARES, rounds=10)


def test_matching_turns_doubtful_answers_and_leaves_sure_ones():
    for sure, turned in ((0.15, True), (0.999, False)):
        table = clear_rows(predictions(LABELS, sure), ANNOTATORS, SHARES)
        assert (table["predicted"] == table["label"]).all()
        assert (table["matched"] != table["label"]).any() == turned


def test_who_says_what_the_annotators_say_is_right_by_them_and_wrong_by_every_contradicted_label():
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
    assert "`first` minus `second`" in text and text.count("`first` minus `once`") == 3


def test_the_tables_have_the_majority_label_itself_and_a_row_per_network():
    tables = {"once": {1: rows(LABELS)}, "twice": {1: rows(ANNOTATORS), 2: rows(LABELS)}}
    accuracy, differ = agreement_table(set_beside(tables, [], GROUPS, 100, 0)).split("\n\n")
    lines = accuracy.splitlines()
    assert len(lines) == 5 and "28 clear faces" in lines[0]
    assert lines[2] == "| always the majority label | 92.86 | 100 |  |"
    assert lines[3].startswith("| `once` | 100.00 | 92.86 |") and "96.43 ± 5.05" in lines[4]
    lines = differ.splitlines()
    assert "(26 faces)" in lines[0] and "(2 faces)" in lines[0]
    assert lines[3] == "| `once` | 100.0 | 100.0 | 0.0 |"


def test_one_person_says_what_most_say_as_often_as_their_votes_tell():
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
    assert accuracy[3] == "| a single annotator, their own vote included |  | 80.00 |  |"
    assert differ[3].endswith("| 61.0 |  | 90.0 |")
    del found["clear"]["one_person"]["contradicted"]
    assert agreement_table(found).split("\n\n")[1].splitlines()[3].endswith("| 61.0 |  |  |")


def test_a_study_without_votes_has_no_section():
    assert agreement_section({}) == [] and agreement_section(None) == []


@pytest.fixture
def study(tmp_path, monkeypatch):
    """A study of few images; every network predicts the labels, the CNN the majority labels."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["stage"])
    sections = {
        "agreement": {"votes": 6},
        "replicate": {"variants": ["train"], "seeds": [3]},
        "headline": {
            **{name: [1] for name in ("benchmark_fer2013", "compact")},
            **{"improved": [1, 2], "seed": 0, "draws": 100},
        },
    }
    (tmp_path / "params.yaml").write_text(yaml.safe_dump(sections))
    table = pd.DataFrame([name.split("/") for name in NAMES], columns=["split", "class", "name"])
    table = pd.concat([table.assign(split="train"), table])
    annotators = np.tile(ANNOTATORS.values, 2)
    table = table.assign(found=1, copy_group=range(2 * COUNT), copy="none", shifted_copy=0)
    table = table.assign(copy_other_label=0)
    table = table.assign(ferplus=annotators, ferplus_votes=7)
    # As many Training images as there are test images: any row number below 28,709 is one.
    for path in ("train", "replicate/train_3"):
        write(predictions(ANNOTATORS), f"{path}/predictions")
    others = ("ablation_uncropped/predictions", *agreement.ONCE.values())
    finals = (f"{name}/1/predictions" for name in ("improved", *agreement.OFFICIAL))
    taught = f"{agreement.TAUGHT_BY_ANNOTATORS}/predictions"
    for path in (*others, *finals, "improved/2/predictions", taught):
        write(predictions(LABELS), path)
    (tmp_path / "data").mkdir()
    return table


def write(table, path):
    from ferd.study.results import write_table

    write_table(f"plots/{path}.csv", table)


def run(table):
    table.to_csv("data/audit.csv", index=False)
    agreement.main()
    with open("metrics/agreement.json", encoding="utf-8") as file:
        return json.load(file)


def test_stage_scores_every_network_on_every_part(study):
    study.loc[(study["split"] == "test") & (study.index < 7), "copy"] = "exact"
    found = run(study)
    assert set(found) == {"detected", "without_any_copy", "private_test"}
    clear = found["detected"]["clear"]
    assert clear["faces"] == COUNT and clear["one_person"]["all"] == 0.7
    assert found["without_any_copy"]["clear"]["faces"] == COUNT - 7
    networks = found["detected"]["networks"]
    assert set(networks["cnn"]["seeds"]) == {"first", "3"}
    assert networks["cnn"]["seeds"]["3"]["annotators"]["accuracy"] == 1
    assert networks["improved"]["spread"]["annotators"]["mean"] < 1
    assert set(found["detected"]["seeds"]["annotators"]) == {"improved - cnn"}


def test_stage_writes_nothing_where_nobody_voted(study):
    assert run(study.drop(columns=["ferplus", "ferplus_votes"])) == {}
