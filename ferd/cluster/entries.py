"""Reads the entries of dvc.lock, and keeps those of a run that has not written dvc.lock yet."""

import hashlib
import json
from pathlib import Path

import yaml

JOURNAL = Path(".dvc/tmp/ferd-cluster.json")


def place_of(name):
    """The file of a stage, and its name there: DVC says `stages/gpu/dvc.yaml:fit`, or `fit`."""
    file, _, own = name.rpartition(":")
    return file or "dvc.yaml", own


def lock_of(name):
    """The dvc.lock of a stage, relative to the top folder."""
    return Path(place_of(name)[0]).with_suffix(".lock")


def locked(repo):
    """The entries of every dvc.lock, as plain dicts and lists, by DVC's names of the stages."""
    names = [stage.addressing for stage in repo.index.stages if stage.cmd]
    found = {}
    for file in locks(repo):
        entries = yaml.safe_load(file.read_text(encoding="utf-8"))["stages"]
        inside = [name for name in names if Path(repo.root_dir, lock_of(name)) == file]
        found |= {name: entries[own] for name in inside if (own := place_of(name)[1]) in entries}
    return found


def locks(repo):
    """Each dvc.lock that exists, sorted."""
    files = {Path(repo.root_dir, lock_of(one.addressing)) for one in repo.index.stages if one.cmd}
    return sorted(file for file in files if file.exists())


def journal(repo):
    """The entries of a run that was stopped before it wrote dvc.lock; none if that is newer."""
    path = Path(repo.root_dir, JOURNAL)
    found = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return found["entries"] if found.get("lock") == digest(repo) else {}


def write_journal(repo, entries):
    """Writes entries for `journal`; without any there is no file."""
    path = Path(repo.root_dir, JOURNAL)
    if not entries:
        path.unlink(missing_ok=True)
        return
    unfinished = path.with_suffix(".part")
    text = json.dumps({"lock": digest(repo), "entries": entries})
    unfinished.write_text(text, encoding="utf-8")
    unfinished.replace(path)


def write_locks(repo, entries):
    """Writes entries into each dvc.lock, beside those that are there.

    Args:
        repo: `dvc.repo.Repo`.
        entries: Dict of stage to its entry.
    """
    from dvc.utils.serialize import dump_yaml, load_yaml

    for file in dict.fromkeys(lock_of(name) for name in entries):
        path = Path(repo.root_dir, file)
        lock = load_yaml(path) if path.exists() else {"schema": "2.0", "stages": {}}
        inside = {name: entry for name, entry in entries.items() if lock_of(name) == file}
        lock["stages"] |= {place_of(name)[1]: entry for name, entry in inside.items()}
        dump_yaml(path, lock)


def digest(repo):
    """SHA-256 of every dvc.lock."""
    return hashlib.sha256(b"".join(file.read_bytes() for file in locks(repo))).hexdigest()
