"""Reads the entries of dvc.lock, and keeps those of a run that has not written dvc.lock yet."""

import hashlib
import json
from pathlib import Path

import yaml

JOURNAL = Path(".dvc/tmp/ferd-cluster.json")


def locked(repo):
    """The entries of dvc.lock, as plain dicts and lists."""
    lock = Path(repo.root_dir, "dvc.lock")
    return yaml.safe_load(lock.read_text(encoding="utf-8"))["stages"] if lock.exists() else {}


def journal(repo):
    """The entries of a run that was stopped before it wrote dvc.lock; none if that is newer."""
    path = Path(repo.root_dir, JOURNAL)
    found = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return found["entries"] if found.get("lock") == digest(repo) else {}


def write_journal(repo, entries):
    """Writes entries for `journal`."""
    path = Path(repo.root_dir, JOURNAL)
    unfinished = path.with_suffix(".part")
    text = json.dumps({"lock": digest(repo), "entries": entries})
    unfinished.write_text(text, encoding="utf-8")
    unfinished.replace(path)


def digest(repo):
    """SHA-256 of dvc.lock; of nothing where there is none."""
    lock = Path(repo.root_dir, "dvc.lock")
    return hashlib.sha256(lock.read_bytes() if lock.exists() else b"").hexdigest()
