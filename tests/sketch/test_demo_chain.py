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


@pytest.mark.slow
def test_the_papers_chain_learns_and_ends_with_the_table_and_the_page(tmp_path, capfd):
    demo.run_demo(tmp_path / "study", ROOT / "ferd/sketch/demo.yaml")
    table, page = capfd.readouterr().out.split("\nOn drawn faces")[1].strip().rsplit("\n\n", 1)
    path = Path(page.removeprefix("Report page: ").strip())
    assert path.read_text().startswith("<!doctype html>")
    accuracies = {line[:30].strip(): line[30:].split() for line in table.splitlines()[2:]}
    for name in ("CNN", "hard voting", "soft voting", "stacking"):
        name = f"{name} to the letter"
        # Chance is 14.3; see test_demo.py.
        assert float(accuracies[name][0]) > 40, name
    assert {"CNN", "CNN with CBAM", "CNN, differential augmentation"} < set(accuracies)


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
