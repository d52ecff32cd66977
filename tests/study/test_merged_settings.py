"""ferd.study.settings: recipes and ensembles merge sections, and their values must fit together."""

from copy import deepcopy

import pytest

from ferd.ensembles import pycaret_experiment
from ferd.study.ensemble_sections import ENSEMBLES, MODELS, NO_PROBABILITIES
from ferd.study.recipe_sections import RECIPES, Recipe
from ferd.study.sections import SECTIONS
from ferd.study.settings import check_all, load, load_ensemble, load_recipe
from tests.helpers.settings import PARAMS, VALUES, refusal, write


@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_is_complete_and_its_own_values_win(name, empty_folder):
    sections = deepcopy(VALUES)
    merged = load_recipe(name, 7, PARAMS)
    own = {key: value for key, value in sections[name].items() if key != "base"}
    assert merged["seed"] == 7 and "base" not in merged
    assert set(Recipe.model_fields) <= merged.keys()
    assert {key: merged[key] for key in own} == own


def test_a_chain_of_bases_is_merged_from_the_recipe_on(empty_folder):
    sections = deepcopy(VALUES)
    sections["recipe"] |= {"epochs": 1, "batch_size": 2, "crop_size": 8, "zoom": 0.0}
    sections["benchmark_gpu"] |= {"epochs": 3, "batch_size": 4, "crop_size": 9}
    sections["distilled_gpu"] |= {"epochs": 5, "batch_size": 6}
    sections["benchmark_gpu"].pop("zoom")
    write(sections)
    merged = load_recipe("distilled_gpu", 1)
    assert [merged[key] for key in ("epochs", "batch_size", "crop_size", "zoom")] == [5, 6, 9, 0.0]
    assert load_recipe("benchmark_gpu", 1)["batch_size"] == 4
    assert load_recipe("search", 1)["batch_size"] == 2


def test_a_wrong_value_in_a_base_is_refused_under_the_bases_name(empty_folder):
    sections = deepcopy(VALUES)
    sections["compact"]["epochs"] = 0
    write(sections)
    message = "params.yaml: compact.epochs is 0; it takes int from 1 to 1000"
    assert refusal(load_recipe, "compact_ferplus", 1) == message


@pytest.mark.parametrize("seed", [-1, 2**31, "1", True, None])
def test_a_wrong_seed_of_a_run_is_refused(seed):
    message = refusal(load_recipe, "improved", seed, PARAMS)
    assert f"improved.seed is {seed!r}; it takes int from 0 to 2147483647" in message


def test_one_block_count_is_needed_for_each_width(empty_folder):
    sections = deepcopy(VALUES)
    sections["compact"]["blocks"] = [1, 1]
    write(sections)
    message = "compact: widths has 4 stages and blocks has 2; they take one value per stage"
    assert message in refusal(load_recipe, "compact", 1)
    assert message in refusal(check_all)


def test_a_taught_network_needs_the_split_of_its_teacher(empty_folder):
    sections = deepcopy(VALUES)
    sections["benchmark_gpu"]["split"] = "paper"
    write(sections)
    assert "distilled_gpu: split is 'paper'; distillation above 0 takes official" in refusal(
        load_recipe, "distilled_gpu", 1
    )
    sections["distilled_gpu"]["distillation"] = 0.0
    write(sections)
    assert load_recipe("distilled_gpu", 1)["split"] == "paper"


def test_distillation_is_a_setting_of_taught_networks_alone():
    taught = {name for name, (_, merged) in RECIPES.items() if "teacher" in merged.model_fields}
    assert taught == {"distilled_gpu", "compact_gpu"}
    assert taught == {name for name in RECIPES if "teacher" in SECTIONS[name].model_fields}


def test_an_ensemble_has_the_common_values_its_own_and_the_changed_ones(empty_folder):
    sections = deepcopy(VALUES)
    voting, common = sections["automl_voting"], sections["automl"]
    assert load_ensemble("automl_voting", path=PARAMS) == common | voting
    write(sections)
    changed = load_ensemble("automl_voting", "ablation_smote", "few_faces")
    assert changed == common | voting | {"fix_imbalance": False, "folds": 3}
    assert load_ensemble("automl_compare")["folds"] == sections["automl_compare"]["folds"]


@pytest.mark.parametrize("out", NO_PROBABILITIES)
def test_a_soft_vote_needs_two_models_with_probabilities(out, empty_folder):
    sections = deepcopy(VALUES)
    sections["automl_voting"] = {"models": [out, "et"], "methods": ["hard"]}
    write(sections)
    assert load_ensemble("automl_voting")["models"] == [out, "et"]
    sections["automl_voting"]["methods"] = ["soft"]
    write(sections)
    message = "automl_voting: a soft vote needs two models that can cast it; here: 1"
    assert message in refusal(load, "automl_voting")


@pytest.mark.parametrize("section", ["automl_voting", "automl_stacking"])
def test_only_compared_models_have_hyperparameters(section, empty_folder):
    sections = deepcopy(VALUES)
    sections[section]["models"] = ["et", "lda", "knn"]
    write(sections)
    message = f"{section}.models has knn; add it to automl_compare.models"
    assert message in refusal(check_all)
    sections["automl_compare"]["models"].append("knn")
    write(sections)
    check_all()


def test_the_models_are_those_that_the_experiment_can_build():
    assert MODELS == pycaret_experiment.MODELS
    assert {"automl_compare", "automl_voting", "automl_stacking"} == set(ENSEMBLES)
