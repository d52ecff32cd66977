"""Runs the stages of dvc.yaml side by side, on this machine or on a Dask cluster.

Reads   dvc.yaml, dvc.lock, the work tree as it is; what `dvc add` tracks, from DVC's cache
Writes  dvc.lock, and every output into DVC's cache and the work tree, as `dvc repro` would
Run     make study WORKERS=2                     two workers here, each with half of the cores
        make study CLUSTER=tcp://host:8786       the workers of a Dask scheduler
        (or: python -m ferd.cluster [STAGE ...] --workers 2 | --scheduler ADDRESS)
Takes   the costs of the committed runs say what each stage takes; see docs/cluster.md
Expect  a line for each stage that ends. Given again after a stop, it runs what had not ended
"""

import argparse
import contextlib
import hashlib
import json
from pathlib import Path

from ferd.cluster.connect import add_options, connected, snapshot, source_of

JOURNAL = Path(".dvc/tmp/ferd-cluster.json")


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("stages", nargs="*", metavar="STAGE", help="these and all before them")
    add_options(parser)
    arguments = parser.parse_args()
    with connected(arguments) as (client, folder):
        run_study(client, arguments.stages, arguments.url, folder)


def run_study(client, targets=(), url=None, folder=None):
    """Runs stages on the workers of a client and writes what `dvc repro` would write.

    Args:
        client: `distributed.Client`.
        targets: Names of stages; none for all.
        url: How workers reach this repository; None for its path.
        folder: Where workers make their clones; None for their temporary folders.

    Raises:
        SystemExit: If a stage fails, after all that do not depend on it have run.
    """
    from dvc.repo import Repo

    from ferd.cluster.head import line_of, run_plan
    from ferd.cluster.outputs import store_what_is_there
    from ferd.cluster.plan import read_plan

    with contextlib.closing(Repo()) as repo:
        try:
            plan = read_plan(repo, targets)
        except KeyError as error:
            raise SystemExit(f"dvc.yaml has no stage {error}") from None
        source = source_of(repo, snapshot(repo.root_dir), url, folder)
        store_what_is_there(repo, set(plan))
        entries, states = locked(repo) | journal(repo), {}

        def ended(name, result):
            states[name] = result
            print(line_of(name, result, len(states), len(plan)), flush=True)
            if result["log"]:
                print(*result["log"], sep="\n", flush=True)
            new = {name: entries[name] for name, one in states.items() if one["entry"]}
            write_journal(repo, new)

        failed, not_run = run_plan(client, plan, source, entries, ended)
        done = [name for name, result in states.items() if result["entry"]]
        write_results(repo, {name: entries[name] for name in plan if name in done})
        Path(repo.root_dir, JOURNAL).unlink(missing_ok=True)
    if failed:
        rest = f"; not run because of them: {', '.join(not_run)}" if not_run else ""
        raise SystemExit(f"failed: {', '.join(sorted(failed))}{rest}")


def locked(repo):
    """The entries of dvc.lock, as plain dicts and lists."""
    from dvc.utils.serialize import load_yaml

    lock = Path(repo.root_dir, "dvc.lock")
    return json.loads(json.dumps(load_yaml(lock)["stages"])) if lock.exists() else {}


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


def write_results(repo, entries):
    """Writes entries into dvc.lock and the outputs of their stages into the work tree.

    Args:
        repo: `dvc.repo.Repo`.
        entries: Dict of stage to its entry.
    """
    from dvc.utils.serialize import dump_yaml, load_yaml

    from ferd.cluster.outputs import restore

    with repo.scm_context:
        for stage in repo.index.stages:
            for out in stage.outs if stage.addressing in entries else ():
                out.ignore()
    for entry in entries.values():
        restore(repo, entry)
    path = Path(repo.root_dir, "dvc.lock")
    lock = load_yaml(path) if path.exists() else {"schema": "2.0", "stages": {}}
    lock["stages"] |= entries
    dump_yaml(path, lock)


if __name__ == "__main__":
    main()
