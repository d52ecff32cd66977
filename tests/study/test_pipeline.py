"""dvc.yaml, params.yaml, dvc.lock and the tree: all must agree for the numbers to hold."""

import ast
import hashlib
import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from ferd.study.params import check
from ferd.study.pipeline import paths_of
from tests.helpers.pipeline import expanded

ROOT = Path(__file__).resolve().parents[2]
# The second is not for `dvc repro` in the top folder; its paths are of that folder all the same.
FOLDERS = (ROOT, ROOT / "stages/gpu")
FILES = [yaml.safe_load((folder / "dvc.yaml").read_text())["stages"] for folder in FOLDERS]
PIPELINE = {name: stage for stages in FILES for name, stage in stages.items()}
PARAMS = yaml.safe_load((ROOT / "params.yaml").read_text())
STAGES = expanded(PIPELINE, PARAMS)
LOCKED = {
    name: stage
    for folder in FOLDERS
    for name, stage in yaml.safe_load((folder / "dvc.lock").read_text())["stages"].items()
}
OURS = ("ferd", "stages")
SUPERVISOR = ROOT / "ferd/study/supervisor.py"
KINDS = ("plots", "metrics", "metrics/cost")
TEXTS = (".md", ".in", ".txt", ".html", ".css", ".js")  # of the repository, that a stage reads


def local_imports(file):
    """Our modules and scripts that a file imports, functions included, and what those import.

    Left out: ferd/__init__.py, which gives the public names of prediction on first use; and
    ferd/study/supervisor.py, which changes no output of a stage.
    """
    found, waiting = set(), [file]
    while waiting:
        for node in ast.walk(ast.parse(waiting.pop().read_text())):
            names = []
            if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in OURS:
                names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names if alias.name.startswith("ferd.")]
            paths = {ROOT / (name.replace(".", "/") + ".py") for name in names}
            new = {path for path in paths if path.exists()} - found
            found |= new
            waiting += new
    return {str(path.relative_to(ROOT)) for path in found - {SUPERVISOR}}


def script(stage):
    return f"stages/{stage.split('@')[0]}.py"


def paths(stage, *kinds):
    """Paths of a stage's deps, outs, metrics or plots; each may carry options."""
    return paths_of(STAGES[stage], *kinds)


def test_import_finder_sees_imports_inside_functions_and_behind_modules():
    found = local_imports(ROOT / "stages" / "train.py")
    assert {
        "ferd/training/paper/train_cnn.py",
        "ferd/networks/batch_norm.py",
        "ferd/study/train_params.py",
    } <= found
    assert "ferd/report/figures.py" not in found
    assert "stages/train.py" in local_imports(ROOT / "stages" / "ablation_precision.py")


@pytest.mark.parametrize("stage", STAGES)
def test_every_module_a_stage_imports_is_in_its_deps_and_no_other(stage):
    code = {path for path in paths(stage, "deps") if path.endswith(".py")}
    imported = local_imports(ROOT / script(stage))
    if stage.startswith(
        "replicate@"
    ):  # Of the scripts that stages/replicate.py knows each variant needs its own.
        imported -= {path for path in imported if path.startswith("stages/")}
        imported.add(script(stage.split("@")[1].split("-")[0]))
    assert code == {script(stage)} | imported


@pytest.mark.parametrize("stage", STAGES)
def test_every_stage_has_a_description_its_own_script_and_a_section_of_its_name(stage):
    name = stage.split("@")[0]
    assert STAGES[stage]["desc"].endswith(".")
    assert STAGES[stage]["cmd"].split()[:2] == ["python", script(stage)]
    # One more seed in the section `replicate` must not make the others run again; those of the
    # final recipes stand in the section `headline`, which nothing that trains may take.
    assert (name in STAGES[stage]["params"]) == (name != "replicate")
    assert "headline" not in STAGES[stage]["params"] or name in ("headline", "agreement")
    assert name in PARAMS
    assert set(STAGES[stage]["params"]) <= set(PARAMS)


@pytest.mark.parametrize("stage", STAGES)
def test_every_data_dep_is_an_output_of_another_stage_or_the_source(stage):
    given = {path for other in STAGES for path in paths(other, "outs", "metrics", "plots")}
    data = {path for path in paths(stage, "deps") if not path.endswith(".py")}
    ours = {path for path in data if path.endswith(TEXTS) and (ROOT / path).is_file()}
    sources = {"data/source.zip", "data/ferplus.csv", "benchmarks/results.json", "docs/trail.json"}
    matrices = [name for name, entry in PIPELINE.items() if "matrix" in entry]
    folders = {f"{kind}/{name}" for kind in ("data", *KINDS) for name in matrices}
    assert data - ours <= given | sources | folders


def test_nothing_that_dvc_repro_runs_waits_for_a_gpu():
    on_gpu = set(FILES[1])
    assert {stage["wdir"] for stage in FILES[1].values()} == {"../.."}
    for stage in expanded(FILES[0], PARAMS):
        found = {part for path in paths(stage, "deps") for part in Path(path).parts}
        assert not on_gpu & {Path(part).stem for part in found}, stage


def test_locked_results_are_those_of_the_data_that_dvc_tracks():
    """Tracked, so that queued experiments, which run in a copy of the tree, get the data too."""
    tracked = yaml.safe_load((ROOT / "data/source.zip.dvc").read_text())["outs"][0]
    locked = {entry["path"]: entry for entry in LOCKED["fetch"]["deps"]}
    assert tracked["md5"] == locked["data/source.zip"]["md5"]


def test_every_script_in_stages_is_a_stage_and_every_section_belongs_to_one():
    scripts = {path.stem for path in (ROOT / "stages").glob("*.py")}
    assert scripts == set(PIPELINE) == set(PARAMS)


@pytest.mark.parametrize("stage", STAGES)
def test_uncached_outputs_stand_under_metrics_or_plots_only(stage):
    for entry in STAGES[stage].get("outs", []):
        assert isinstance(entry, str), "a plain out without options is cached"
    for entry in STAGES[stage].get("metrics", []) + STAGES[stage].get("plots", []):
        assert next(iter(entry.values()))["cache"] is False


@pytest.mark.parametrize("stage", PARAMS)
def test_committed_params_are_allowed_by_the_stage(stage):
    specification = importlib.util.spec_from_file_location(stage, ROOT / "stages" / f"{stage}.py")
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    names = {"automl_voting": "VOTING_SPECS", "automl_stacking": "STACKING_SPECS"}
    names |= {"train": "TRAIN_SPECS", "ablation_augment": "STRONG_SPECS"}
    names |= {"replicate": "REPLICATE_SPECS"}
    specs = getattr(module, names.get(stage, "SPECS"))
    assert check(stage, PARAMS[stage], specs) == PARAMS[stage]


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


@pytest.mark.parametrize("stage", PARAMS)
def test_help_of_every_stage_starts_without_heavy_imports(stage):
    code = f"""import sys, runpy
sys.argv = ['stages/{stage}.py', '--help']
try:
    runpy.run_path('stages/{stage}.py', run_name='__main__')
except SystemExit as end:
    assert end.code == 0
heavy = {{'tensorflow', 'keras', 'jax', 'pycaret', 'matplotlib', 'sklearn', 'cv2', 'numpy'}}
heavy &= set(sys.modules)
assert not heavy, heavy"""
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


@pytest.mark.parametrize("stage", LOCKED)
def test_locked_code_and_params_are_those_of_the_tree(stage):
    """A stage whose code or params changed since must be rerun before it is committed."""
    for entry in LOCKED[stage]["deps"]:
        if entry["path"].endswith(".py"):
            assert entry["md5"] == md5(ROOT / entry["path"]), entry["path"]
    for section, values in LOCKED[stage].get("params", {}).get("params.yaml", {}).items():
        assert values == PARAMS[section]
    assert LOCKED[stage]["cmd"] == STAGES[stage]["cmd"]


@pytest.mark.parametrize("stage", LOCKED)
def test_committed_metrics_and_plots_are_those_of_the_lock(stage):
    committed = set(paths(stage, "metrics", "plots"))
    assert committed <= {entry["path"] for entry in LOCKED[stage]["outs"]}
    for entry in LOCKED[stage]["outs"]:
        if entry["path"] in committed:
            assert entry["md5"] == hash_of(ROOT / entry["path"]), entry["path"]


@pytest.mark.parametrize("stage", LOCKED)
def test_each_locked_stage_took_the_very_outputs_of_the_stages_before_it(stage):
    given = {out["path"]: out["md5"] for other in LOCKED.values() for out in other["outs"]}
    for entry in LOCKED[stage]["deps"]:
        if entry["path"] in given:
            assert entry["md5"] == given[entry["path"]], entry["path"]


def test_no_array_model_or_picture_of_a_face_is_in_git():
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    files = listed.stdout.split()
    kept = {"data/.gitkeep", "data/ferplus.csv", "data/source.zip.dvc"}
    assert {file for file in files if file.startswith("data/")} == kept
    endings = (".jpg", ".jpeg", ".npz", ".npy", ".pkl", ".h5", ".keras", ".zip", ".csv.gz")
    assert not [file for file in files if file.endswith(endings)]
    pictures = [file for file in files if file.endswith((".png", ".gif", ".webp"))]
    # The README's picture shows faces that the project draws: no image of a data set.
    drawn = "docs/picture.png"
    assert all(file.startswith("plots/png/") or file == drawn for file in pictures)


def md5(path):
    return hashlib.md5(path.read_bytes()).hexdigest()


def hash_of(path):
    """DVC's md5 of a file, or of a folder: that of the JSON list of its files."""
    if path.is_file():
        return md5(path)
    files = sorted(file for file in path.rglob("*") if file.is_file())
    listing = [
        {"md5": md5(file), "relpath": file.relative_to(path).as_posix()}
        for file in sorted(files, key=lambda file: file.relative_to(path).parts)
    ]
    return hashlib.md5(json.dumps(listing, sort_keys=True).encode()).hexdigest() + ".dir"


@pytest.mark.parametrize(
    "path", sorted({path for stage in STAGES for path in paths(stage, "outs")})
)
def test_every_cached_output_is_ignored_by_git_and_seen_by_dvc(path):
    """A pattern over the folder (/data/*) would hide data/source.zip.dvc from DVC."""
    ignored = subprocess.run(["git", "check-ignore", "-q", path], cwd=ROOT).returncode == 0
    assert ignored
    assert subprocess.run(["git", "check-ignore", "-q", "data/x"], cwd=ROOT).returncode == 1
