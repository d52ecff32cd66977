"""Runs the study on faces that it draws itself, small, in a folder of its own.

Reads   the project's files as git lists them, ferd/sketch/demo.yaml (what differs from params.yaml)
Writes  build/demo/ (with --all build/demo-all/): a copy of the project with its own DVC cache,
        metrics/ and plots/; the committed dvc.lock, metrics/ and plots/ are never touched
Run     make demo       the paper's chain   (or: python -m ferd.sketch.demo [--folder FOLDER])
        make demo-all   every stage         (or: python -m ferd.sketch.demo --all)
Takes   about 2 minutes on 2 cores; every stage: about 9
Expect  accuracies far above chance (1/7) on faces that are far easier than real ones: this shows
        that the study runs, not how good it is
"""

import argparse
import fnmatch
import os
import shutil
import subprocess
import sys
from pathlib import Path

import yaml

from ferd.classes import CLASSES
from ferd.study.pipeline import expand, keep_stages, read_pipeline
from ferd.study.sections import SECTIONS

ROOT = Path(__file__).resolve().parents[2]
# What the copy leaves behind: data and results of the real study.
RESULTS = ("dvc.lock", "metrics/", "plots/", "data/source.zip", "stages/gpu/")
# Else DVC starts a process to look for a newer DVC, and one to report its use. dvc.yaml names the
# remote `images`.
DVC_CONFIG = """[core]
    no_scm = True
    analytics = False
    check_update = False
['remote "images"']
    url = ../build/images
"""


def main():
    parser = argparse.ArgumentParser(
        prog="python -m ferd.sketch.demo",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--all", action="store_true", help="run every stage of the study")
    parser.add_argument("--folder", help="where to work (default: build/demo or build/demo-all)")
    settings = str(ROOT / "ferd" / "sketch" / "demo.yaml")
    differs = "YAML file of what differs from params.yaml (default: ferd/sketch/demo.yaml)"
    parser.add_argument("--settings", default=settings, help=differs)
    arguments = parser.parse_args()
    folder = arguments.folder or ROOT / "build" / ("demo-all" if arguments.all else "demo")
    run_demo(Path(folder), Path(arguments.settings), arguments.all)


def run_demo(folder, settings, every_stage=False):
    """Copies the project, draws the faces, runs the stages through DVC and prints the results.

    Args:
        folder: Where to work; kept from an earlier demo, so that finished stages are not run again.
        settings: YAML file of four sections: `faces` (for `sketch_archive`), `params` (keys of
            params.yaml by section), `chain` (stages to run) and `leave_out` (patterns of those to
            leave out of all). Stages are named as dvc.lock names them.
        every_stage: Run all stages of dvc.yaml but `leave_out`, in place of the chain.

    Raises:
        SystemExit: With DVC's status if a stage fails.
    """
    from ferd.sketch.archive import sketch_archive

    with open(settings, encoding="utf-8") as file:
        changes = yaml.safe_load(file)
    copy_project(folder)
    override(folder / "params.yaml", changes["params"])
    stages = changes["chain"]
    if every_stage:
        stages = all_but(read_pipeline(folder / "dvc.yaml"), changes["leave_out"])
    keep(folder / "dvc.yaml", stages)
    drop_unused(folder / "params.yaml", read_pipeline(folder / "dvc.yaml"))
    sketch_archive(folder / "data" / "source.zip", **changes["faces"])
    if not (folder / ".dvc").exists():
        run_dvc(folder, "init", "--no-scm", "--quiet")
        shutil.copytree(ROOT / ".dvc" / "plots", folder / ".dvc" / "plots")
    # An earlier demo in this folder may have had another one.
    (folder / ".dvc" / "config").write_text(DVC_CONFIG, encoding="utf-8")
    run_dvc(folder, "repro")
    print(
        f"\nOn drawn faces and small settings; chance is {100 / len(CLASSES):.1f}%:\n\n"
        f"{variants(folder)}\n"
        f"Report page: {folder / 'data' / 'report' / 'index.html'}"
    )


def copy_project(folder):
    """Copies what git tracks (and would track) into `folder`, without the committed results."""
    # Without -z git quotes a name that is not ASCII.
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in listed.split("\0")[:-1]:
        source = ROOT / name
        if name.startswith(RESULTS) or name.startswith(".dvc/") or not source.is_file():
            continue
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    (folder / "data").mkdir(exist_ok=True)


def override(path, changes):
    """Changes keys of a params file.

    Args:
        path: params.yaml.
        changes: Dict of section to dict of key to value. As in `dvc exp run -S`, a key with a plus
            sign is added.

    Raises:
        KeyError: For a section or key that the file does not have.
    """
    values = yaml.safe_load(path.read_text(encoding="utf-8"))
    for section, keys in changes.items():
        for key, value in keys.items():
            if key not in values[section] and not key.startswith("+"):
                raise KeyError(f"{section}.{key}")
            values[section][key.removeprefix("+")] = value
    path.write_text(yaml.safe_dump(values, sort_keys=False), encoding="utf-8")


def drop_unused(path, pipeline):
    """Drops the sections that a user added for stages which the demo leaves out.

    Args:
        path: params.yaml.
        pipeline: From `ferd.study.pipeline.read_pipeline`, of the demo's dvc.yaml.
    """
    values = yaml.safe_load(path.read_text(encoding="utf-8"))
    params = (name for stage in pipeline["stages"].values() for name in stage.get("params", ()))
    used = {*SECTIONS, *(name.split(".")[0] for name in params)}
    kept = {section: keys for section, keys in values.items() if section in used}
    path.write_text(yaml.safe_dump(kept, sort_keys=False), encoding="utf-8")


def all_but(pipeline, patterns):
    """Names of all stages of a pipeline but some.

    Args:
        pipeline: From `ferd.study.pipeline.read_pipeline`.
        patterns: Of names, as in .gitignore: the last one that matches a stage decides, and one
            that starts with `!` keeps it.

    Raises:
        KeyError: For a pattern that matches no stage of the pipeline.
    """
    stages = list(expand(pipeline))
    kept = dict.fromkeys(stages, True)
    for pattern in patterns:
        matching = fnmatch.filter(stages, pattern.removeprefix("!"))
        if not matching:
            raise KeyError(pattern)
        kept |= dict.fromkeys(matching, pattern.startswith("!"))
    return [name for name in stages if kept[name]]


def keep(path, stages):
    """Leaves some stages in a dvc.yaml; see `ferd.study.pipeline.keep_stages`."""
    pipeline = keep_stages(read_pipeline(path), stages)
    path.write_text(yaml.safe_dump(pipeline, sort_keys=False), encoding="utf-8")


def variants(folder):
    """The scores of the study in `folder`, as text."""
    command = [sys.executable, "-m", "ferd.report.paper_table", "--variants"]
    done = subprocess.run(command, cwd=folder, check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout


def run_dvc(folder, *arguments):
    """Runs DVC in `folder` with this Python first on the path; ends with its status if it fails."""
    python = str(Path(sys.executable).parent)
    environment = {**os.environ, "PATH": python + os.pathsep + os.environ["PATH"]}
    # `dvc init` would report its use: no .dvc/config forbids it yet.
    environment["DVC_NO_ANALYTICS"] = "1"
    # The demo must not take up a checkpoint of the real study.
    environment.pop("FERD_CHECKPOINTS", None)
    command = [sys.executable, "-m", "dvc", *arguments]
    status = subprocess.run(command, cwd=folder, env=environment).returncode
    if status:
        raise SystemExit(status)


if __name__ == "__main__":
    main()
