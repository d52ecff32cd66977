"""Connects to a Dask scheduler, or starts workers on this machine; what both commands share."""

import contextlib
import os
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from ferd.commands.lock import only_process
from ferd.commands.option_values import whole

REF = "refs/ferd/cluster"
# DVC's settings that change what a worker's DVC does, and that git does not bring if they are the
# user's own.
KEPT = {
    "cache": ("type", "shared", "slow_link_warning", "verify"),
    "core": ("hardlink_lock", "checksum_jobs"),
    "parsing": ("bool", "list"),
}


def add_options(parser):
    """Adds the options on where the workers are.

    Args:
        parser: `argparse.ArgumentParser`.
    """
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--workers", type=whole, help="number of workers on this machine")
    where.add_argument("--scheduler", help="address of a Dask scheduler, as tcp://host:8786")
    parser.add_argument("--url", help="how workers reach this repository (default: its path)")
    parser.add_argument("--folder", help="where workers make their clones (default: temporary)")


@contextlib.contextmanager
def connected(arguments):
    """A client of the workers that the options name; Ctrl-C ends the block with one line.

    Args:
        arguments: With the options of `add_options`.

    Yields:
        `distributed.Client`, and the folder for clones, or None.

    Raises:
        SystemExit: After Ctrl-C.
    """
    from distributed import Client, LocalCluster

    with contextlib.ExitStack() as stack:
        scheduler, folder = arguments.scheduler, arguments.folder
        if arguments.workers:
            # A worker deletes Dask's own folder as it ends. A clone in there takes it longer than
            # Dask allows.
            folder = folder or stack.enter_context(TemporaryDirectory())
            scheduler = stack.enter_context(LocalCluster(**local_options(arguments.workers)))
        client = stack.enter_context(Client(scheduler))
        try:
            yield client, folder
        except KeyboardInterrupt:
            raise SystemExit("stopped; the same command goes on from here") from None


def local_options(workers):
    """Keyword arguments of `distributed.LocalCluster`: each worker has an equal part of the memory.

    Args:
        workers: Their number.
    """
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    resources = {"MEMORY": memory / workers}
    # The stages' memory is not the worker's: Dask must not end a worker because of its own.
    return {
        **{"n_workers": workers, "threads_per_worker": 1, "memory_limit": 0},
        **{"resources": resources, "dashboard_address": "127.0.0.1:8787"},
    }


def source_of(repo, commit, url=None, folder=None):
    """What workers need to know to make a clone; see `ferd.cluster.worker.run_on_worker`.

    Args:
        repo: `dvc.repo.Repo`.
        commit: Hash that they check out.
        url: How workers reach the repository; None for its path.
        folder: Where they make clones; None for their temporary folders.
    """
    checkpoints = os.environ.get("FERD_CHECKPOINTS") or shared(repo, "checkpoints")
    return {
        **{"url": url or repo.root_dir, "commit": commit, "folder": folder},
        **{"config": clone_config(repo), "checkpoints": os.path.abspath(checkpoints)},
        "user": {f"user.{key}": value for key, value in user_of(repo.root_dir).items()},
    }


def user_of(folder):
    """Git's name and email of the user, or stand-ins: DVC commits an experiment."""
    command = ["git", "-C", folder, "config", "--get"]
    found = {"name": "ferd", "email": "ferd@localhost"}
    for key in found:
        done = subprocess.run([*command, f"user.{key}"], capture_output=True, text=True)
        found[key] = done.stdout.strip() or found[key]
    return found


def clone_config(repo):
    """DVC's configuration in a clone: the cache of this repository, and what `KEPT` names."""
    own = {"cache": {"dir": repo.cache.local_cache_dir}}
    own["core"] = {"analytics": False, "check_update": False}
    lines = []
    for section, keys in KEPT.items():
        given = repo.config.get(section, {})
        values = {key: given[key] for key in keys if key in given} | own.get(section, {})
        lines += [f"[{section}]", *(f"    {key} = {text_of(values[key])}" for key in values)]
    return "\n".join([*lines, ""])


def text_of(value):
    """A value as DVC's configuration files have it."""
    if isinstance(value, list):
        return ",".join(value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def shared(repo, name):
    """A folder that all workers reach, in the shared cache, with the permissions of its folders."""
    folder = Path(repo.cache.local_cache_dir, "ferd", name)
    repo.cache.local.makedirs(str(folder))
    return folder


@contextlib.contextmanager
def only_head(journal):
    """Lets one process at a time use a journal, as `ferd.commands.lock.only_process`.

    Args:
        journal: File; the lock is beside it.

    Raises:
        SystemExit: If another process has it.
    """
    journal.parent.mkdir(parents=True, exist_ok=True)
    path = journal.with_suffix(".lock")
    warning = f"{path} cannot be locked; start no second command beside this one"
    with only_process(path, lambda other: f"already running: {other} has {path}", warning):
        yield


def snapshot(folder):
    """Makes a git commit of the work tree as it is, and of new files; no branch has it.

    Args:
        folder: The repository's.

    Returns:
        Its hash.

    Raises:
        SystemExit: If the folder is in no git repository with a commit.
    """
    with TemporaryDirectory() as temporary:
        index = {"GIT_INDEX_FILE": str(Path(temporary, "index"))}
        git(folder, "read-tree", "HEAD", **index)
        git(folder, "add", "--all", **index)
        tree = git(folder, "write-tree", **index)
        name = {"GIT_AUTHOR_NAME": "ferd", "GIT_AUTHOR_EMAIL": "ferd@localhost"}
        name |= {"GIT_COMMITTER_NAME": "ferd", "GIT_COMMITTER_EMAIL": "ferd@localhost"}
        commit = git(folder, "commit-tree", tree, "-p", "HEAD", "-m", "the work tree", **name)
    git(folder, "update-ref", REF, commit)
    return commit


def git(folder, *arguments, **variables):
    """Runs git in a folder and returns what it prints.

    Raises:
        SystemExit: With git's message if it fails.
    """
    command = ["git", "-C", folder, *arguments]
    environment = {**os.environ, **variables}
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"workers take the project from git, which fails: {done.stderr}")
    return done.stdout.strip()
