"""ferd.study.params: a wrong params.yaml ends the stage with the key and its valid values."""

from pathlib import Path

import pytest
import yaml

from ferd.study.params import ParamError, Spec, check, load
from ferd.study.recipe_params import RECIPE_SPECS
from ferd.study.train_params import TRAIN_SPECS
from stages import crop, fetch

REPO = Path(__file__).resolve().parents[2]
SPECS = {
    "epochs": Spec(int, 1, 1000),
    "rate": Spec(float, 0.0, 1.0),
    "flip": Spec(bool),
    "schedule": Spec(str, choices=("cosine", "plateau")),
    "levels": Spec(int, 0, 3, many=True),
    "dropout": Spec(float, 0.0, 0.95, many=True, length=2, repeats=True),
    "models": Spec(str, choices=("et", "lda"), many=True),
    "seed": Spec(int, low=0),
    "offset": Spec(float, high=5.0),
}
GOOD = {
    "epochs": 40,
    "rate": 0.5,
    "flip": False,
    "schedule": "cosine",
    "levels": [0, 3],
    "dropout": [0.5, 0.5],
    "models": ["lda", "et"],
    "seed": 10**12,
    "offset": -1e9,
}
TEXTS = {
    "epochs": "int from 1 to 1000",
    "rate": "float from 0.0 to 1.0",
    "flip": "bool",
    "schedule": "one of cosine, plateau",
    "levels": "a list of one or more: each int from 0 to 3, no value twice",
    "dropout": "a list of 2: each float from 0.0 to 0.95",
    "models": "a list of one or more: each one of et, lda, no value twice",
    "seed": "int from 0 to inf",
    "offset": "float from -inf to 5.0",
}
WRONG = [
    *[("epochs", value) for value in (0, 1001, 40.0, "40", True, None, [40])],
    *[("rate", value) for value in (-0.01, 1.01, "0.5", False, None, float("nan"))],
    *[("flip", value) for value in (0, 1, "yes", None)],
    *[("schedule", value) for value in ("linear", "Cosine", 1, None, ["cosine"])],
    *[("levels", value) for value in ([], [4], [0, -1], [1, 1], [True], [0.0], 1, "12", None)],
    *[("dropout", value) for value in ([], [0.5], [0.5] * 3, [0.5, 1.0], [0.5, True], 0.5)],
    *[("models", value) for value in ([], ["rf"], ["et", "et"], "et")],
    ("seed", -1),
    ("offset", 5.5),
]


def refusal(values, section="stage", specs=SPECS):
    """The message that checking `values` ends with."""
    with pytest.raises(ParamError) as caught:
        check(section, values, specs)
    return str(caught.value)


def test_a_section_that_fits_is_returned_as_it_is():
    assert check("stage", GOOD, SPECS) is GOOD


@pytest.mark.parametrize("bound", [{"epochs": 1}, {"epochs": 1000}, {"rate": 0.0}, {"rate": 1.0}])
def test_bounds_are_inclusive(bound):
    assert check("stage", GOOD | bound, SPECS) == GOOD | bound


@pytest.mark.parametrize(("key", "value"), WRONG)
def test_a_wrong_value_is_refused_with_its_key_and_what_is_allowed(key, value):
    message = refusal(GOOD | {key: value})
    assert message == f"params.yaml: stage.{key} is {value!r}; it takes {TEXTS[key]}"


@pytest.mark.parametrize("value", [True, False])
def test_a_bool_is_neither_an_int_nor_a_float(value):
    assert not Spec(int).allows(value) and not Spec(float).allows(value)
    assert Spec(bool).allows(value)


def test_an_int_is_accepted_for_a_float_but_no_float_for_an_int():
    assert Spec(float, 0, 2).allows(1) and Spec(float, many=True).allows([1, 0.5])
    assert not Spec(int, 0, 2).allows(1.0)


def test_a_list_may_hold_a_value_twice_only_where_the_spec_says_so():
    assert not Spec(int, many=True).allows([1, 1])
    assert Spec(int, many=True, repeats=True).allows([1, 1])


@pytest.mark.parametrize("key", SPECS)
def test_a_missing_key_is_named_with_what_it_takes(key):
    values = {name: value for name, value in GOOD.items() if name != key}
    assert refusal(values) == f"params.yaml: stage.{key} is missing; it takes {TEXTS[key]}"


def test_an_unknown_key_is_named_with_the_allowed_ones():
    message = refusal(GOOD | {"epoch": 1})
    assert message == f"params.yaml: unknown key stage.epoch; allowed: {', '.join(SPECS)}"


@pytest.mark.parametrize("values", [None, [], "epochs", 3])
def test_a_section_that_is_missing_or_no_mapping_is_named(values):
    assert refusal(values) == "params.yaml: section 'stage' is missing or holds no keys"


def test_load_reads_its_own_section_alone(empty_folder):
    text = yaml.safe_dump({"other": {"epochs": "wrong"}, "stage": GOOD})
    (empty_folder / "params.yaml").write_text(text)
    assert load("stage", SPECS) == GOOD


def test_yes_in_yaml_is_a_bool_and_so_no_number(empty_folder):
    (empty_folder / "params.yaml").write_text("stage:\n  epochs: yes\n")
    with pytest.raises(ParamError, match=r"stage\.epochs is True; it takes int"):
        load("stage", {"epochs": SPECS["epochs"]})


@pytest.mark.parametrize("text", ["", "other:\n  epochs: 1\n", "stage:\n", "stage: 1\n"])
def test_a_file_without_the_section_is_refused_by_the_sections_name(empty_folder, text):
    (empty_folder / "params.yaml").write_text(text)
    with pytest.raises(ParamError, match="section 'stage' is missing"):
        load("stage", SPECS)


def test_a_missing_file_is_refused_by_its_name(empty_folder):
    with pytest.raises(ParamError, match=r"params\.yaml cannot be read: .*No such file"):
        load("stage", SPECS)


def test_a_file_that_is_no_yaml_is_refused_with_the_line(empty_folder):
    (empty_folder / "params.yaml").write_text("stage:\n  epochs: [1\n")
    with pytest.raises(ParamError, match=r"params\.yaml cannot be read: (.|\n)*line 3"):
        load("stage", SPECS)


def test_a_refusal_ends_a_stage_without_a_traceback():
    assert issubclass(ParamError, SystemExit)


@pytest.mark.parametrize(
    ("section", "specs"), [("fetch", fetch.SPECS), ("crop", crop.SPECS), ("train", TRAIN_SPECS)]
)
def test_the_committed_params_fit_their_specs(section, specs):
    assert load(section, specs, REPO / "params.yaml").keys() == specs.keys()


def test_a_recipe_with_a_layer_that_onednn_mishandles_is_refused_with_the_reason():
    specs = {key: RECIPE_SPECS[key] for key in ("stem", "widths")}
    assert check("search", {"stem": 16, "widths": [16, 32]}, specs)
    for wrong in ({"stem": 15, "widths": [16]}, {"stem": 16, "widths": [16, 8]}):
        assert "from 16 to 2048 (on fewer channels oneDNN" in refusal(wrong, "search", specs)
