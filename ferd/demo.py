"""Runs the whole study on sketch faces, small, in a folder of its own.

Reads   the project's files as git lists them, ferd/demo.yaml (what differs from params.yaml)
Writes  build/demo/: a copy of the project with its own DVC cache, metrics/ and plots/; the
        committed dvc.lock, metrics/ and plots/ are never touched
Run     make demo                 (or: python -m ferd.demo [--folder FOLDER])
Takes   about 11 minutes on 2 cores
Expect  accuracies far above 1/7 on faces that are far easier than real ones: this shows that the
        study runs, not how good it is
"""

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[1]
# What the copy leaves behind: data and results of the real study.
RESULTS = ("dvc.lock", "metrics/", "plots/", "data/source.zip")


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--folder", default=str(ROOT / "build" / "demo"))
    parser.add_argument("--settings", default=str(ROOT / "ferd" / "demo.yaml"))
    arguments = parser.parse_args()
    run_demo(Path(arguments.folder), Path(arguments.settings))


def run_demo(folder, settings):
    """Copies the project, draws the faces, runs every stage through DVC and prints the results.

    Args:
        folder: Where to work; kept from an earlier demo, so that finished stages are not run again.
        settings: YAML file of two sections: `faces` (for `sketch_archive`) and `params` (keys of
            params.yaml by section).

    Raises:
        SystemExit: With DVC's status if a stage fails.
    """
    from ferd.sketch_archive import sketch_archive

    with open(settings, encoding="utf-8") as file:
        changes = yaml.safe_load(file)
    copy_project(folder)
    override(folder / "params.yaml", changes["params"])
    sketch_archive(folder / "data" / "source.zip", **changes["faces"])
    if not (folder / ".dvc").exists():
        run_dvc(folder, "init", "--no-scm", "--quiet")
    run_dvc(folder, "repro")
    print((folder / "docs" / "results.md").read_text(encoding="utf-8").split("\n## ")[0])
    print(
        f"Sketch faces, small settings: the paper's figures are for real faces.\n"
        f"Plots: {folder / 'plots' / 'png'}; all tables: {folder / 'docs' / 'results.md'}"
    )


def copy_project(folder):
    """Copies what git tracks (and would track) into `folder`, without the committed results."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in listed.splitlines():
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
        changes: Dict of section to dict of key to value.

    Raises:
        KeyError: For a section or key that the file does not have.
    """
    values = yaml.safe_load(path.read_text(encoding="utf-8"))
    for section, keys in changes.items():
        for key, value in keys.items():
            if key not in values[section]:
                raise KeyError(f"{section}.{key}")
            values[section][key] = value
    path.write_text(yaml.safe_dump(values, sort_keys=False), encoding="utf-8")


def run_dvc(folder, *arguments):
    """Runs DVC in `folder` with this Python first on the path; ends with its status if it fails."""
    python = str(Path(sys.executable).parent)
    environment = {**os.environ, "PATH": python + os.pathsep + os.environ["PATH"]}
    # A checkpoint folder of the real study is none of the demo's business.
    environment.pop("FERD_CHECKPOINTS", None)
    command = [sys.executable, "-m", "dvc", *arguments]
    status = subprocess.run(command, cwd=folder, env=environment).returncode
    if status:
        raise SystemExit(status)


if __name__ == "__main__":
    main()
