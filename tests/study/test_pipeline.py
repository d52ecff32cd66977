"""dvc.yaml, params.yaml, dvc.lock and the tree: all must agree for the numbers to hold."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from dvc.repo import Repo

from ferd.study.pipeline import expand, paths_of, read_pipeline
from ferd.study.remote import cached_outputs
from tests.helpers.code import NO_DEPS, ROOT, closure, hash_of, md5

FILES = ("dvc.yaml", "stages/gpu/dvc.yaml")
PIPELINES = [read_pipeline(ROOT / file) for file in FILES]
STAGES = {name: stage for pipeline in PIPELINES for name, stage in expand(pipeline).items()}
ON_GPU = set(expand(PIPELINES[1]))
PARAMS = yaml.safe_load((ROOT / "params.yaml").read_text())
LOCKED = yaml.safe_load((ROOT / "dvc.lock").read_text())["stages"]
SCRIPTS = sorted(path.stem for path in (ROOT / "stages").glob("*.py"))
# Files in git that no stage writes.
SOURCES = {"params.yaml", "data/source.zip", "data/ferplus.csv", "benchmarks/results.json"}
TEXTS = (".md", ".in", ".txt", ".json")
FITS = {"train", "variant", "replicate", "recipe", "benchmark_ferplus", "mixed"}
FITS |= {"automl_compare", "automl_voting", "automl_stacking", "automl_variant", "ensembles"}


def deps(name):
    return paths_of(STAGES[name], "deps")


def script(stage):
    return STAGES[stage]["cmd"].split()[2].replace(".", "/") + ".py"


def is_covered(path, entries):
    """Whether a file is one of a stage's deps, or in a folder that is."""
    return any(path == entry or path.startswith(entry + "/") for entry in entries)


@pytest.mark.parametrize("stage", STAGES)
def test_every_module_that_a_stage_imports_is_in_its_deps(stage):
    missing = {path for path in closure(script(stage)) if not is_covered(path, deps(stage))}
    assert missing == set()


@pytest.mark.parametrize("stage", STAGES)
def test_no_code_stands_in_the_deps_of_a_stage_that_imports_none_of_it(stage):
    imported = closure(script(stage)) | {script(stage)}
    code = [path for path in deps(stage) if path.startswith(("ferd", "stages"))]
    code = [path for path in code if not path.startswith("ferd/models/")]
    idle = {path for path in code if not any(is_covered(one, [path]) for one in imported)}
    # The stage that checks the settings is the one that depends on their models.
    assert idle - (NO_DEPS if stage == "settings" else set()) == set()


@pytest.mark.parametrize("stage", STAGES)
def test_every_stage_has_a_description_a_script_and_checked_settings(stage):
    assert STAGES[stage]["desc"].endswith(".")
    assert STAGES[stage]["cmd"].startswith("python -m stages.")
    assert script(stage) in deps(stage)
    checked = "data/settings.ok" in deps(stage)
    assert checked == (stage != "settings" and stage not in ON_GPU)
    for key in STAGES[stage].get("params", []):
        section, _, name = key.partition(".")
        assert section in PARAMS and (not name or name in PARAMS[section])


def test_every_script_is_a_stage_and_every_section_belongs_to_one():
    assert set(SCRIPTS) == {Path(script(stage)).stem for stage in STAGES}
    used = {key.split(".")[0] for stage in STAGES.values() for key in stage.get("params", [])}
    # What is shown while a training runs changes no result.
    assert set(PARAMS) == used | {"live"}


@pytest.mark.parametrize("stage", STAGES)
def test_every_data_dep_is_an_output_of_another_stage_or_a_source(stage):
    given = {path for one in STAGES.values() for path in paths_of(one, "outs", "metrics", "plots")}
    folders = {str(parent) for path in given for parent in Path(path).parents}
    data = {path for path in deps(stage) if not path.startswith(("ferd", "stages"))}
    ours = {path for path in data if path.endswith(TEXTS) and "/" not in path.split("docs/")[-1]}
    inside = {path for path in data if is_covered(path, given)}
    assert data - ours - inside <= given | folders | SOURCES


def test_nothing_that_dvc_repro_runs_needs_a_gpu_or_a_file_of_one():
    assert all(STAGES[stage]["frozen"] and STAGES[stage]["wdir"] == "../.." for stage in ON_GPU)
    written = {path for stage in ON_GPU for path in paths_of(STAGES[stage], "outs", "plots")}
    for stage in set(STAGES) - ON_GPU - {"summary", "report"}:
        assert not written & set(deps(stage))
    for stage in ON_GPU:  # a missing cached output would fail `dvc checkout` for everyone
        for entry in STAGES[stage]["outs"]:
            assert next(iter(entry.values())) == {"cache": False}


def test_the_base_of_a_recipe_is_the_one_that_params_name():
    for pipeline in PIPELINES:
        for stage in pipeline["stages"].values():
            lines = stage.get("foreach", {})
            for item in lines.values() if isinstance(lines, dict) else lines:
                section = (
                    item.get("recipe", item.get("network")) if isinstance(item, dict) else None
                )
                if section and "base" in item and item.get("root", "recipe") == "recipe":
                    assert item["base"] == PARAMS[section].get("base", "recipe")


def test_a_recipe_reads_only_what_its_settings_ask_for():
    """A dep that the settings switch off trains a network again for nothing."""
    from ferd.study.settings import load_recipe

    for item in PIPELINES[0]["stages"]["recipe"]["foreach"].values():
        recipe = load_recipe(item["recipe"], item["seed"], ROOT / "params.yaml")
        asked = "data/ferplus.csv" if recipe["targets"] == "ferplus" else "data/crops.npz"
        asked = "data/audit.csv" if recipe.get("exclude_test_copies") else asked
        assert item["reads"] == asked


def test_what_every_training_leaves_is_scored():
    """A run without its line in a stage of scores would never reach a table."""
    names = [path for stage in STAGES.values() for path in paths_of(stage, "outs")]
    left = {path for path in names if path.endswith("/results")}
    # Here the whole folder is the output: without votes there are no weights in it.
    whole = [stage for name, stage in STAGES.items() if name.startswith("benchmark_ferplus@")]
    left |= {f"{path}/results" for stage in whole for path in paths_of(stage, "outs")}
    assert left == {path for name in STAGES for path in deps(name) if path.endswith("/results")}


@pytest.mark.parametrize("stage", sorted(set(STAGES) - ON_GPU))
def test_plain_uncached_outputs_cost_no_training_its_run_cache(stage):
    """DVC stores no stage with one in its run cache: such a stage takes minutes at most."""
    uncached = [entry for entry in STAGES[stage].get("outs", []) if isinstance(entry, dict)]
    trains = stage.split("@")[0] in FITS
    assert not (trains and uncached)
    for entry in STAGES[stage].get("metrics", []) + STAGES[stage].get("plots", []):
        assert next(iter(entry.values()))["cache"] is False


def test_files_stay_of_a_size_that_one_reads():
    assert len((ROOT / "dvc.yaml").read_text().splitlines()) < 1000
    assert len((ROOT / "params.yaml").read_text().splitlines()) < 510


@pytest.mark.parametrize("name", ["size", "nfiles"])
def test_no_param_has_a_name_that_dvcs_run_cache_leaves_out(name):
    """It leaves them out of files' entries and, by mistake, of params (treeverse/dvc#10296): a
    sweep over one gets the files of another value, as `Stage is cached`.
    """
    assert name not in keys_of(PARAMS)


def keys_of(values):
    """Keys of a mapping and of all mappings in it."""
    if not isinstance(values, dict):
        return set()
    return set(values).union(*(keys_of(value) for value in values.values()))


@pytest.mark.parametrize("name", SCRIPTS)
def test_help_of_every_script_starts_without_heavy_imports(name):
    code = f"""import sys, runpy
sys.argv = ['{name}', '--help']
try:
    runpy.run_module('stages.{name}', run_name='__main__')
except SystemExit as end:
    assert end.code == 0
heavy = {{'tensorflow', 'keras', 'jax', 'pycaret', 'matplotlib', 'sklearn', 'cv2', 'pandas'}}
heavy &= set(sys.modules)
assert not heavy, heavy"""
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def test_every_stage_is_locked_and_no_other():
    assert set(LOCKED) == set(STAGES) - ON_GPU


@pytest.mark.parametrize("stage", LOCKED)
def test_locked_code_and_params_are_those_of_the_tree(stage):
    """A stage whose code or params changed since must be rerun before it is committed."""
    assert LOCKED[stage]["cmd"] == STAGES[stage]["cmd"]
    locked = {entry["path"]: entry["md5"] for entry in LOCKED[stage]["deps"]}
    assert list(locked) == sorted(set(deps(stage)), key=list(locked).index)
    for path in locked:
        if path.startswith(("ferd", "stages")):
            assert locked[path] == hash_of(ROOT / path), path
    for key, value in LOCKED[stage].get("params", {}).get("params.yaml", {}).items():
        section, _, name = key.partition(".")
        assert value == (PARAMS[section][name] if name else PARAMS[section])


@pytest.mark.parametrize("stage", LOCKED)
def test_committed_files_are_those_of_the_lock(stage):
    uncached = {
        next(iter(entry))
        for kind in ("outs", "metrics", "plots")
        for entry in STAGES[stage].get(kind, [])
        if isinstance(entry, dict) and next(iter(entry.values())).get("cache") is False
    }
    locked = {entry["path"]: entry["md5"] for entry in LOCKED[stage]["outs"]}
    assert uncached <= set(locked)
    for path in uncached:
        assert locked[path] == hash_of(ROOT / path), path


@pytest.mark.parametrize("stage", LOCKED)
def test_each_locked_stage_took_the_very_outputs_of_the_stages_before_it(stage):
    given = {out["path"]: out["md5"] for other in LOCKED.values() for out in other["outs"]}
    for entry in LOCKED[stage]["deps"]:
        if entry["path"] in given:
            assert entry["md5"] == given[entry["path"]], entry["path"]


def test_locked_results_are_those_of_the_data_that_dvc_tracks():
    """Tracked, so that queued experiments, which run in a copy of the tree, get the data too."""
    tracked = yaml.safe_load((ROOT / "data/source.zip.dvc").read_text())["outs"][0]
    locked = {entry["path"]: entry for entry in LOCKED["fetch"]["deps"]}
    assert tracked["md5"] == locked["data/source.zip"]["md5"]


def test_no_array_model_or_picture_of_a_face_is_in_git():
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    files = listed.stdout.split()
    kept = {f"data/{name}" for name in (".gitkeep", "ferplus.csv", "ferplus.LICENSE.md")}
    kept.add("data/source.zip.dvc")
    assert {file for file in files if file.startswith("data/")} == kept
    endings = (".jpg", ".jpeg", ".npz", ".npy", ".pkl", ".h5", ".keras", ".zip", ".csv.gz")
    assert not [file for file in files if file.endswith(endings)]
    pictures = [file for file in files if file.endswith((".png", ".gif", ".webp"))]
    # The README's picture shows faces that the project draws: no image of a data set.
    drawn = "docs/picture.png"
    assert all(file.startswith("plots/png/") or file == drawn for file in pictures)


def test_every_cached_output_is_ignored_by_git_and_seen_by_dvc():
    """A pattern over the folder (/data/*) would hide data/source.zip.dvc from DVC."""
    with Repo(ROOT) as repo:
        cached = sorted(cached_outputs(repo))
    command = ["git", "check-ignore", *cached]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True).stdout.split("\n")
    assert set(cached) - set(listed) == set()
    assert subprocess.run(["git", "check-ignore", "-q", "data/x"], cwd=ROOT).returncode == 1


@pytest.mark.parametrize("stage", STAGES)
def test_metrics_files_hold_few_numbers_under_common_names(stage):
    names = {"faces", "accuracy", "accuracy_without_copies", "balanced_accuracy", "macro_f1"}
    names |= {"auc", "kappa", "mcc", "validation_accuracy", "parameters"}
    for path in paths_of(STAGES[stage], "metrics"):
        files = [ROOT / path] if path.endswith(".json") else sorted((ROOT / path).glob("*.json"))
        assert files
        for file in files:
            row = json.loads(file.read_text(encoding="utf-8"))
            assert set(row) <= names and len(row) <= 12


def test_the_metrics_of_all_stages_are_a_table_of_at_most_14_columns():
    paths = [path for stage in STAGES.values() for path in paths_of(stage, "metrics")]
    files = [
        file
        for path in paths
        for file in ([ROOT / path] if path.endswith(".json") else (ROOT / path).glob("*.json"))
    ]
    columns = set().union(*(json.loads(file.read_text(encoding="utf-8")) for file in files))
    assert len(columns) + 1 <= 14


def test_md5_of_a_folder_is_dvcs(tmp_path):
    (tmp_path / "b").write_text("two")
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "c").write_text("one")
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "b.pyc").write_text("made by Python")
    listing = [
        {"md5": md5(tmp_path / "a" / "c"), "relpath": "a/c"},
        {"md5": md5(tmp_path / "b"), "relpath": "b"},
    ]
    import hashlib

    text = json.dumps(listing, sort_keys=True)
    assert hash_of(tmp_path) == hashlib.md5(text.encode()).hexdigest() + ".dir"
