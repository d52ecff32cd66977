"""A git repository with a pipeline of small stages that note each of their runs."""

import os
import subprocess
import sys
from pathlib import Path

import yaml

# Waits, notes its run and writes its outputs: what it reads, one line more.
WORK = """
import sys, time
from pathlib import Path
name, log, seconds, deps, outs = sys.argv[1:]
with open(log, "a") as file:
    print("start", name, file=file)
time.sleep(float(seconds))
if name == Path("broken.txt").read_text().strip():
    sys.exit(f"{name} is broken")
found = [Path(path) for path in deps.split(",") if path]
files = [one for path in found for one in (sorted(path.rglob("*")) if path.is_dir() else [path])]
text = "".join(one.read_text() for one in files) + name + "\\n"
for path in map(Path, outs.split(",")):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
with open(log, "a") as file:
    print("end", name, file=file)
"""
# Name: deps and outputs. Those in data/ are cached, the others are in git.
STAGES = {
    "first": (["data/source.txt"], ["data/first.txt"]),
    "left": (["data/first.txt"], ["data/left.txt", "metrics/details/left.json"]),
    "right": (["data/first.txt"], ["data/right.txt", "metrics/details/right.json"]),
    "last": (["metrics/details", "data/left.txt"], ["metrics/last.json"]),
}


def git(folder, *arguments):
    command = ["git", "-c", "user.name=a", "-c", "user.email=a@b", *arguments]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout


def dvc(folder, *arguments):
    environment = {**os.environ, "DVC_NO_ANALYTICS": "1"}
    environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    command = [sys.executable, "-m", "dvc", *arguments]
    options = {"cwd": folder, "env": environment, "capture_output": True, "text": True}
    return subprocess.run(command, check=True, **options).stdout


def make_study(folder, log, seconds=0.0, stages=STAGES, meta=()):
    """Writes the repository and commits it.

    Args:
        folder: Where; it must not exist.
        log: File in which the stages note when they start and end.
        seconds: How long each takes.
        stages: As `STAGES`.
        meta: Dict of stage to its `meta` in dvc.yaml.
    """
    folder.mkdir(parents=True)
    (folder / "work.py").write_text(WORK)
    (folder / "broken.txt").write_text("none\n")
    (folder / "data").mkdir()
    (folder / "data/source.txt").write_text("source\n")
    found = {}
    for name, (deps, outs) in stages.items():
        command = f"python work.py {name} {log} {seconds} {','.join(deps)} {','.join(outs)}"
        found[name] = {"cmd": command, "deps": [*deps, "work.py"]}
        found[name]["outs"] = [
            one if one.startswith("data/") else {one: {"cache": False}} for one in outs
        ]
        if name in meta:
            found[name]["meta"] = meta[name]
    (folder / "dvc.yaml").write_text(yaml.safe_dump({"stages": found}, sort_keys=False))
    git(folder, "init", "-q")
    # What `dvc init` makes; each call of DVC takes a second.
    (folder / ".dvc").mkdir()
    (folder / ".dvc/.gitignore").write_text("/config.local\n/tmp\n/cache\n")
    (folder / ".dvc/config").write_text("[core]\n    analytics = false\n    check_update = false\n")
    dvc(folder, "add", "-q", "data/source.txt")
    (folder / "data/.gitignore").write_text("*.txt\n")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "a small study")


def noted(log, what="start"):
    """Names of the stages that started or ended, sorted."""
    lines = Path(log).read_text().split("\n") if Path(log).exists() else []
    return sorted(line.split()[1] for line in lines if line.startswith(what))
