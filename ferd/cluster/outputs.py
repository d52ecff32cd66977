"""Puts outputs of stages into the DVC cache and takes them out, those included that git keeps.

DVC itself stores a stage's uncached outputs only for its run cache, and not for every stage. Here
all are stored, because a worker has no other way to get what another one wrote.
"""

from dvc.stage import PipelineStage, create_stage
from dvc.stage.loader import StageLoader
from dvc.stage.serialize import to_single_stage_lockfile


def entry_of(stage):
    """The entry of a stage in dvc.lock, a dict of cmd, deps, params and outs."""
    return to_single_stage_lockfile(stage)


def is_stored(repo, entry):
    """Whether the cache has every output of a stage.

    Args:
        repo: `dvc.repo.Repo`.
        entry: Of dvc.lock.
    """
    return _cached(repo, entry).outs_cached()


def restore(repo, entry):
    """Writes the outputs of a stage into the work tree.

    Args:
        repo: `dvc.repo.Repo`.
        entry: Of dvc.lock.

    Raises:
        DvcException: If the cache lacks one.
    """
    in_git = {out.def_path for out in repo.index.outs if not out.use_cache}
    local = repo.cache.local
    links = local.cache_types
    with repo.lock:
        for out in _cached(repo, entry).outs:
            # A file that git keeps must not be a link into the cache.
            local.cache_types = ["copy"] if out.def_path in in_git else links
            out.checkout(force=True)
    local.cache_types = links


def store(repo, stage):
    """Puts the uncached outputs of a stage into the cache and leaves them in the work tree.

    Args:
        repo: `dvc.repo.Repo`.
        stage: DVC's, with the hashes of its outputs.
    """
    uncached = {out.def_path for out in stage.outs if not out.use_cache}
    for out in _cached(repo, entry_of(stage)).outs:
        if out.def_path in uncached:
            out.commit(relink=False)


def store_what_is_there(repo, names):
    """Puts the uncached outputs of stages into the cache that are those of dvc.lock.

    Args:
        repo: `dvc.repo.Repo`.
        names: Of stages, as dvc.lock has them.
    """
    for stage in repo.index.stages:
        uncached = [out for out in stage.outs if not out.use_cache]
        known = stage.addressing in names and all(out.hash_info for out in stage.outs)
        if uncached and known and not any(out.changed_checksum() for out in uncached):
            store(repo, stage)


def _cached(repo, entry):
    """A stage of DVC with the outputs of an entry, all of them cached ones."""
    paths = [out["path"] for out in entry["outs"]]
    stage = create_stage(
        PipelineStage, repo=repo, path="dvc.yaml", cmd=entry["cmd"] or "none", outs=paths
    )
    StageLoader.fill_from_lock(stage, entry)
    return stage
