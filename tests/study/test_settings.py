"""ferd.study.settings: a wrong params.yaml ends the stage with the key and its valid values."""

import subprocess
import sys
from copy import deepcopy
from pathlib import Path

import pytest

from ferd.study.recipe_sections import RECIPES
from ferd.study.sections import SECTIONS
from ferd.study.settings import ParamError, check_all, load
from stages import settings as stage
from tests.helpers.settings import COMMITTED, REPO, VALUES, refusal, write

# Of each kind of text: values that it refuses.
WRONG = {
    "bool": [0, 1, "yes", None],
    "int": [True, 1.0, "1", None, [1], -1, 10**30],
    "float": [False, "0.5", None, float("nan"), -0.01, 1e9, [0.5]],
    "one": ["strange", 1.5, None, ["auto"], 1, 0],
    "a": [[], 1, None, "12", [None], [True], ["strange"], [-1]],
}
OF_INTS = {"one of 1, 3, 5, 7, 9": [True, 5.0, 2, "5"]}


@pytest.mark.parametrize("section", SECTIONS)
def test_a_value_of_the_wrong_type_or_out_of_range_is_refused(section, empty_folder):
    for key, field in SECTIONS[section].model_fields.items():
        text = field.description
        for value in OF_INTS.get(text) or WRONG[text.split()[0]]:
            if value == 10**30 and text.endswith("to inf"):
                continue
            write({section: VALUES[section] | {key: value}})
            message = f"params.yaml: {section}.{key} is {value!r}; it takes {text}"
            assert refusal(load, section) == message


@pytest.mark.parametrize("section", SECTIONS)
def test_an_unknown_key_is_named_with_the_allowed_ones(section, empty_folder):
    sections = deepcopy(VALUES)
    sections[section] = {"foo": 1} | sections[section]
    write(sections)
    allowed = ", ".join(SECTIONS[section].model_fields)
    message = f"params.yaml: unknown key {section}.foo; allowed: {allowed}"
    assert refusal(load, section) == refusal(check_all) == message


@pytest.mark.parametrize("section", SECTIONS)
def test_a_missing_key_is_named_with_what_it_takes(section, empty_folder):
    for key, field in SECTIONS[section].model_fields.items():
        values = {name: value for name, value in VALUES[section].items() if name != key}
        write({section: values})
        if field.is_required():
            message = f"params.yaml: {section}.{key} is missing; it takes {field.description}"
            assert refusal(load, section) == message
        else:
            assert load(section) == values


@pytest.mark.parametrize("section", SECTIONS)
def test_a_section_that_is_missing_or_no_mapping_is_named(section, empty_folder):
    message = f"params.yaml: section '{section}' is missing or holds no keys"
    for sections in ({}, *({section: values} for values in (None, [], "epochs", 3))):
        write(sections)
        assert refusal(load, section) == message


@pytest.mark.parametrize(
    ("section", "key", "values", "text"),
    [
        ("train", "epochs", (1, 1000), "int from 1 to 1000"),
        ("train", "l2", (0.0, 0, 1.0, 1), "float from 0.0 to 1.0"),
        ("train", "flip", (True, False), "bool"),
        ("train", "schedule", ("cosine", "plateau"), "one of cosine, plateau, constant"),
        ("crop", "levels", ([0], [3, 1]), "a list of one or more: each int from 0 to 3, no value"),
        ("train", "block_dropout", ([0.5] * 4,), "a list of 4: each float from 0.0 to 0.95"),
        ("fetch", "max_pixels", (1, 10**12), "int from 1 to inf"),
        ("audit", "near_correlation", (0.5, 1), "float from 0.5 to 1.0"),
        ("cosine_copies", "exclude_test_copies", (True,), "one of True"),
        ("ablation_smote", "fix_imbalance", (False,), "one of False"),
    ],
)
def test_bounds_are_inclusive_and_stated(section, key, values, text, empty_folder):
    sections = deepcopy(VALUES)
    assert SECTIONS[section].model_fields[key].description.startswith(text)
    for value in values:
        sections[section][key] = value
        write(sections)
        assert load(section)[key] == value


@pytest.mark.parametrize(
    ("section", "key", "value"),
    [
        ("crop", "levels", [1, 1]),
        ("automl_voting", "models", ["et", "et"]),
        ("train", "dense_dropout", [0.5] * 3),
        ("train", "dense_dropout", [0.5]),
        ("train", "epochs", 1001),
        ("audit", "near_correlation", 0.49),
        ("compact", "blocks", [0, 1, 1, 1]),
    ],
)
def test_a_list_with_repeats_or_another_length_and_a_bound_are_refused(
    section, key, value, empty_folder
):
    sections = deepcopy(VALUES)
    sections[section][key] = value
    write(sections)
    assert f"{section}.{key} is {value!r}; it takes " in refusal(load, section)


@pytest.mark.parametrize("section", ["recipe", *RECIPES])
def test_a_layer_that_onednn_mishandles_is_refused_with_the_reason(section, empty_folder):
    sections = deepcopy(VALUES)
    for wrong in ({"stem": 15}, {"widths": [16, 8]}):
        write(sections | {section: sections[section] | wrong})
        message = refusal(load, section)
        reason = "(on fewer channels oneDNN computes wrong gradients or crashes)"
        assert "from 16 to 2048" in message and message.endswith(reason)


def test_an_unknown_section_is_refused_by_its_name(empty_folder):
    sections = deepcopy(VALUES)
    write(sections | {"extract": {"batch_size": 1}})
    assert refusal(check_all).startswith("params.yaml: unknown section 'extract'; allowed: fetch,")


def test_load_reads_its_own_section_alone(empty_folder):
    sections = deepcopy(VALUES)
    write({"fetch": sections["fetch"], "other": {"epochs": "wrong"}})
    assert load("fetch") == sections["fetch"]


def test_a_number_in_quotes_is_a_text_and_refused(empty_folder):
    Path("params.yaml").write_text(COMMITTED.replace("l2: 0.0003", 'l2: "0.0003"'))
    assert refusal(load, "train") == (
        "params.yaml: train.l2 is '0.0003'; it takes float from 0.0 to 1.0"
    )


@pytest.mark.parametrize("text", ["", "other:\n  epochs: 1\n", "fetch:\n", "fetch: 1\n"])
def test_a_file_without_the_section_is_refused_by_the_sections_name(empty_folder, text):
    Path("params.yaml").write_text(text)
    assert "section 'fetch' is missing" in refusal(load, "fetch")


def test_a_missing_file_and_one_that_is_no_yaml_are_refused_in_one_line(empty_folder):
    assert "params.yaml cannot be read: " in refusal(load, "fetch")
    for text, reason in (("fetch:\n  max_pixels: [1\n", "line 3"), ("- 1\n", "no sections")):
        Path("params.yaml").write_text(text)
        for message in (refusal(load, "fetch"), refusal(check_all)):
            assert reason in message and "\n" not in message


def test_a_refusal_ends_a_stage_without_a_traceback():
    assert issubclass(ParamError, SystemExit)


def test_the_settings_are_read_without_a_heavy_package():
    heavy = "{'numpy', 'pandas', 'tensorflow', 'keras', 'sklearn'}"
    code = f"import sys, stages.settings; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=REPO, capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"


def test_the_stage_writes_the_same_text_whatever_the_values(empty_folder, monkeypatch):
    sections = deepcopy(VALUES)
    monkeypatch.setattr(sys, "argv", ["settings"])
    texts = set()
    for epochs in (3, 4):
        sections["train"]["epochs"] = epochs
        write(sections)
        stage.main()
        texts.add(stage.DONE.read_text())
    assert len(texts) == 1


def test_the_stage_ends_with_one_line_and_writes_nothing_for_a_wrong_value(empty_folder):
    sections = deepcopy(VALUES)
    sections["train"]["epochs"] = "abc"
    write(sections)
    done = subprocess.run(
        [sys.executable, "-m", "stages.settings"],
        env={"PYTHONPATH": str(REPO), "PATH": ""},
        capture_output=True,
        text=True,
    )
    message = "params.yaml: train.epochs is 'abc'; it takes int from 1 to 1000\n"
    assert (done.returncode, done.stderr, done.stdout) == (1, message, "")
    assert not stage.DONE.exists()
