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
from pathlib import Path

from ferd.cluster.connect import add_options, connected, only_head, snapshot, source_of
from ferd.cluster.entries import JOURNAL, journal, locked, write_journal, write_locks


def main():
    parser = argparse.ArgumentParser(
        prog="python -m ferd.cluster",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
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
        SystemExit: If a stage fails, after all that do not depend on it have run; if another
            process runs stages of this folder.
    """
    from dvc.repo import Repo

    from ferd.cluster.head import line_of, run_plan
    from ferd.cluster.outputs import refuse_changed, store_what_is_there
    from ferd.cluster.plan import read_plan, sources_of

    with contextlib.closing(Repo()) as repo, only_head(Path(repo.root_dir, JOURNAL)):
        try:
            plan = read_plan(repo, targets)
        except KeyError as error:
            raise SystemExit(f"dvc.yaml has no stage {error}") from None
        sources = sources_of(plan)
        refuse_changed(repo, sources)
        source = source_of(repo, snapshot(repo.root_dir), url, folder)
        store_what_is_there(repo, {*plan, *sources})
        kept, new, left = journal(repo), {}, set(plan)

        def ended(name, result):
            left.discard(name)
            print(line_of(name, result, len(plan) - len(left), len(plan)), flush=True)
            if result["log"]:
                print(*result["log"], sep="\n", flush=True)
            if result["entry"]:
                new[name] = result["entry"]
                write_journal(repo, kept | new)

        failed, not_run = run_plan(client, plan, source, locked(repo) | kept, ended)
        write_results(repo, {name: new[name] for name in plan if name in new})
        # Stages of other targets, which a stopped run has left.
        write_journal(repo, {name: kept[name] for name in kept if name not in new})
    if failed:
        rest = f"; not run because of them: {', '.join(not_run)}" if not_run else ""
        raise SystemExit(f"failed: {', '.join(sorted(failed))}{rest}")


def write_results(repo, entries):
    """Writes entries into dvc.lock and the outputs of their stages into the work tree.

    Args:
        repo: `dvc.repo.Repo`.
        entries: Dict of stage to its entry.
    """
    from ferd.cluster.outputs import restore

    stages = {stage.addressing: stage for stage in repo.index.stages}
    with repo.scm_context:
        for name in entries:
            for out in stages[name].outs:
                out.ignore()
    for name, entry in entries.items():
        restore(stages[name], entry)
    write_locks(repo, entries)


if __name__ == "__main__":
    main()
