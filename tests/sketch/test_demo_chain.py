"""ferd.sketch.demo: what `make demo` changes, copies and prints."""

import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from ferd.sketch import demo
from ferd.sketch.demo import override
from ferd.study.pipeline import expand, paths_of, read_pipeline
from ferd.study.settings import check_all

ROOT = Path(__file__).resolve().parents[2]
WRITTEN = ("outs", "metrics", "plots")
LEFT_OUT = yaml.safe_load((ROOT / "ferd/sketch/demo.yaml").read_text())["leave_out"]


def test_the_chain_needs_nothing_but_its_own_outputs_files_of_the_project_and_the_archive(tmp_path):
    chain = yaml.safe_load((ROOT / "ferd/sketch/demo.yaml").read_text())["chain"]
    (tmp_path / "dvc.yaml").write_text((ROOT / "dvc.yaml").read_text())
    demo.keep(tmp_path / "dvc.yaml", chain)
    stages = read_pipeline(tmp_path / "dvc.yaml")["stages"]
    written = {path for stage in stages.values() for path in paths_of(stage, *WRITTEN)}
    needed = {path for stage in stages.values() for path in paths_of(stage, "deps")}
    results = ("metrics/", "plots/", "data/")
    missing = {path for path in needed - written if path.startswith(results)}
    folders = {str(folder) for path in written for folder in Path(path).parents}
    assert missing - folders == {"data/source.zip", "data/ferplus.csv"}
    assert all((ROOT / path).exists() for path in needed - written - missing)


def test_every_stage_but_those_left_out_is_run(tmp_path):
    pipeline = read_pipeline(ROOT / "dvc.yaml")
    names = demo.all_but(pipeline, LEFT_OUT)
    left_out = [name for name in expand(pipeline) if name not in names]
    assert "recipe@improved_2024" in names and "recipe@improved_2025" in left_out
    assert all(name.endswith(("2025", "2026")) for name in left_out)
    assert [name for name in names if name.endswith(("2025", "2026"))] == [
        *("replicate@cosine_2025", "score@cosine_2025")
    ]
    with pytest.raises(KeyError, match="recipe@improved_1"):
        demo.all_but(pipeline, ["recipe@improved_1"])


def test_what_is_left_out_is_no_dep_of_the_others(tmp_path):
    pipeline = read_pipeline(ROOT / "dvc.yaml")
    stages, kept = expand(pipeline), demo.all_but(pipeline, LEFT_OUT)
    left_out = [stage for name, stage in stages.items() if name not in kept]
    written = {path for stage in left_out for path in paths_of(stage, *WRITTEN)}
    kept = [stages[name] for name in kept]
    assert not written & {path for stage in kept for path in paths_of(stage, "deps")}


def test_the_demos_settings_are_valid_in_every_section(tmp_path):
    shutil.copyfile(ROOT / "params.yaml", tmp_path / "params.yaml")
    changes = yaml.safe_load((ROOT / "ferd/sketch/demo.yaml").read_text())["params"]
    override(tmp_path / "params.yaml", changes)
    check_all(tmp_path / "params.yaml")


def test_sections_of_a_users_own_trainings_are_known_and_left_out_with_their_stages(tmp_path):
    path = tmp_path / "params.yaml"
    path.write_text((ROOT / "params.yaml").read_text() + "slow:\n  learning_rate: 0.0001\n")
    line = "      cosine: {script: train,"
    own = "      slow: {script: train, base: cosine, change: slow, reads: data/crops.npz}\n"
    text = (ROOT / "dvc.yaml").read_text().replace(line, own + line)
    for stages, there in ((["settings", "variant@slow"], True), (["settings", "train"], False)):
        (tmp_path / "dvc.yaml").write_text(text)
        demo.keep(tmp_path / "dvc.yaml", stages)
        demo.drop_unused(path, read_pipeline(tmp_path / "dvc.yaml"))
        assert ("slow" in yaml.safe_load(path.read_text())) == there
        check_all(path)


def test_override_refuses_a_key_that_params_yaml_lacks(tmp_path):
    path = tmp_path / "params.yaml"
    path.write_text("train:\n  epochs: 3\n")
    with pytest.raises(KeyError, match=r"train\.epoch$|train\.epoch'"):
        override(path, {"train": {"epoch": 1}})
    override(path, {"train": {"epochs": 1}})
    assert yaml.safe_load(path.read_text()) == {"train": {"epochs": 1}}
    override(path, {"train": {"+seed": 2}})
    assert yaml.safe_load(path.read_text()) == {"train": {"epochs": 1, "seed": 2}}


def test_copy_leaves_results_behind(tmp_path):
    demo.copy_project(tmp_path)
    assert (tmp_path / "stages/train.py").exists()
    assert not (tmp_path / "dvc.lock").exists()
    assert not (tmp_path / "metrics").exists()


def test_a_dvc_command_that_fails_ends_the_demo_with_its_status(tmp_path):
    with pytest.raises(SystemExit) as end:
        demo.run_dvc(tmp_path, "repro")  # no DVC project
    assert end.value.code not in (0, None)


def test_the_demo_takes_up_no_checkpoint_of_the_study(tmp_path, monkeypatch):
    given = {}

    def run(command, env, **_):
        given.update(env)
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(demo.subprocess, "run", run)
    monkeypatch.setenv("FERD_CHECKPOINTS", "/somewhere")
    demo.run_dvc(tmp_path, "repro")
    assert "PATH" in given and "FERD_CHECKPOINTS" not in given


@pytest.mark.parametrize("start", [demo.run_dvc, None])
def test_a_dvc_that_we_start_reports_nothing(start, tmp_path, monkeypatch):
    """`dvc init` would, as there is no configuration yet that forbids it."""
    from ferd.study import remote

    monkeypatch.delenv("DVC_NO_ANALYTICS")
    given = {}

    def run(command, env=None, **_):
        given.update(env or {})
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(subprocess, "run", run)
    if start:
        start(tmp_path, "init")
    else:
        monkeypatch.setattr(remote, "_forget", lambda name: None)
        remote._run(["push"], "x")
    assert given["DVC_NO_ANALYTICS"] == "1"


def test_make_starts_no_dvc_that_reports_its_use():
    assert "\nexport DVC_NO_ANALYTICS := 1\n" in (demo.ROOT / "Makefile").read_text()
