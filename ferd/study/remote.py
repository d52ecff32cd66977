"""Pushes what the stages wrote to a DVC remote, or pulls it into another clone.

Outputs with `remote: images` in dvc.yaml hold dataset images or pictures made of them. They are
pushed and pulled only if --images is given, and only to and from the remote `images`.

Reads   dvc.yaml, dvc.lock, data/*.dvc; DVC's cache and configuration
Writes  push: the remote; pull: the outputs in data/, and DVC's cache
Run     make push, make pull; with REMOTE=name and IMAGES=1 where needed
        (or: python -m ferd.study.remote push --remote NAME --images)
Expect  exit status 0 if every output is at the remote (push) or here (pull), images only with
        --images; 3 if some are missing, which are then named, and all others pushed or pulled; 1
        for any other error
"""

import argparse
import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from dvc.exceptions import DvcException
from dvc.repo import Repo
from dvc_data.hashfile.db import get_index
from dvc_data.hashfile.tree import Tree

IMAGES = "images"
# The address that .dvc/config gives the remote `images`: a folder of this machine.
LOCAL_IMAGES = "build/images"
NO_REMOTE = "No remote is set up. For a folder: dvc remote add --default --local shared /path"
NO_REMOTE_OF_IMAGES = (
    "No remote for images is set up. For a folder: dvc remote modify --local images url /path"
)
PACKAGES = "For S3 and SSH: pip install -r requirements-remotes.txt"
ONLY_IMAGES = "The remote `images` is for images only: name another one for all else"
FAILED, MISSING = 1, 3


def main():
    """Pushes or pulls the outputs, as the command line says."""
    parser = argparse.ArgumentParser(
        prog="python -m ferd.study.remote",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("action", choices=["push", "pull"])
    parser.add_argument("--remote", help="the remote's name (default: DVC's default remote)")
    parser.add_argument(
        "--images", action="store_true", help="also the images, to or from the remote `images`"
    )
    arguments = parser.parse_args()
    try:
        status = transfer(arguments.action, arguments.remote, arguments.images)
    except (DvcException, OSError) as error:
        raise SystemExit(str(error)) from None
    except ImportError as error:
        raise SystemExit(f"{error}. {PACKAGES}") from None
    raise SystemExit(status)


def transfer(action, remote=None, with_images=False):
    """Pushes or pulls every cached output of the working folder's pipeline.

    Args:
        action: "push" or "pull".
        remote: Name of the remote for all but images; DVC's default remote if None.
        with_images: Also transfer the images.

    Returns:
        The exit status: 0 or `MISSING`.

    Raises:
        SystemExit: With one line if a remote is not set up or is `images`; with `FAILED` if DVC
            fails.
        DvcException: If a remote has no such name or cannot be reached.
    """
    with Repo() as repo:
        remote = _checked(repo, remote, with_images)
        outputs = cached_outputs(repo)
        images = {path: out for path, out in outputs.items() if out.remote == IMAGES}
        others = {path: out for path, out in outputs.items() if path not in images}
        # DVC reads dvc.lock again for each target, seconds each, so the many others are no
        # targets: with --remote it leaves out those with another remote of their own.
        missing = _transfer(repo, action, remote, others)
        if with_images:
            missing += _transfer(repo, action, IMAGES, images, targets=images)
        else:
            _list("Left out, as they hold dataset images (--images includes them):", images)
    without = "this machine and the remote lack" if action == "push" else "the remote lacks"
    _list(f"Not {action}ed, as {without} them:", missing)
    return MISSING if missing else 0


def cached_outputs(repo):
    """The outputs that DVC stores, and the data that it tracks for the stages.

    Args:
        repo: `dvc.repo.Repo`.

    Returns:
        Dict of path to DVC's `Output`, sorted by path.
    """
    outs = [out for out in repo.index.outs if out.use_cache]
    paths = {Path(out.fs_path).relative_to(repo.root_dir).as_posix(): out for out in outs}
    return dict(sorted(paths.items()))


def _checked(repo, remote, with_images):
    """The remote's name, if this and the one of the images are set up."""
    remote = remote or repo.config["core"].get("remote")
    if not remote:
        raise SystemExit(NO_REMOTE)
    if remote == IMAGES:
        raise SystemExit(ONLY_IMAGES)
    url = repo.config["remote"][IMAGES]["url"]
    if with_images and url == str(Path(repo.root_dir, LOCAL_IMAGES)):
        raise SystemExit(NO_REMOTE_OF_IMAGES)
    return remote


def _transfer(repo, action, remote, outputs, targets=()):
    """Pushes or pulls some outputs; returns the paths of those that are missing."""
    options = ["--allow-missing"] if action == "pull" else []
    command = [action, *options, "--remote", remote, *targets]
    _run(command, remote)
    files = {path: _files(out) for path, out in outputs.items() if out.hash_info}
    every = sorted({file for some in files.values() for file in some})
    present = _sizes(repo.cache.local, every)
    if action == "push":
        storage = repo.cloud.get_remote_odb(remote)
        here, present = present, _sizes(storage, every)
        unfinished = _unfinished(files.values(), here, present)
        if unfinished:
            for file in unfinished:
                storage.fs.remove(storage.oid_to_path(file))
            _run(command, remote)
            present = _sizes(storage, every)
    return [path for path, some in files.items() if not present.keys() >= some]


def _unfinished(outputs, here, there):
    """Files to delete in a remote, so that DVC pushes them again.

    A push over SSH that was stopped leaves a part of a file. And DVC looks for no file of a folder
    whose list of files is in the remote, so that list has to go too.

    Args:
        outputs: The files of each output, as hashes.
        here: Dict of hash to size in the cache.
        there: The same in the remote.
    """
    found = set()
    for files in outputs:
        whole = {file for file in files if file in here and here[file] == there.get(file)}
        if files <= here.keys() and whole != files:
            found |= {file for file in files if file not in whole or file.endswith(".dir")}
    return found & there.keys()


def _forget(remote):
    """Deletes DVC's own lists of what to transfer and of what the remote has.

    After a push that was stopped they can lack files, which DVC would then never push.
    """
    with Repo() as repo:
        with closing(get_index(repo.cloud.get_remote_odb(remote))) as index:
            index.clear()
        repo.drop_data_index()


def _run(words, remote):
    """Runs a DVC command; if it fails, DVC has said why."""
    _forget(remote)
    quiet = os.environ | {"DVC_NO_ANALYTICS": "1"}
    if subprocess.run([sys.executable, "-m", "dvc", *words], env=quiet).returncode:
        raise SystemExit(FAILED)


def _files(out):
    """Hashes of an output's files; of a folder also that of the list of its files."""
    found = out.get_obj()
    listed = {part.value for _, _, part in found} if isinstance(found, Tree) else set()
    return {out.hash_info.value, *listed}


def _sizes(storage, files):
    """Dict of hash to size, for those of some files that the cache or a remote has."""
    paths = [storage.oid_to_path(file) for file in files]
    found = dict(zip(files, storage.fs.info(paths, return_exceptions=True), strict=True))
    for entry in found.values():
        if isinstance(entry, Exception) and not isinstance(entry, FileNotFoundError):
            raise entry
    return {file: entry["size"] for file, entry in found.items() if isinstance(entry, dict)}


def _list(title, paths):
    """Prints a title and a path per line, unless there is no path."""
    if paths:
        print(title, *paths, sep="\n  ", flush=True)


if __name__ == "__main__":
    main()
