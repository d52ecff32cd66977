"""Puts outputs of stages into the DVC cache and takes them out, those included that git keeps.

DVC itself stores a stage's uncached outputs only for its run cache, and not for every stage. Here
all are stored, because a worker has no other way to get what another one wrote.
"""

from dvc.dvcfile import load_file
from dvc.stage import PipelineStage, create_stage
from dvc.stage.loader import StageLoader
from dvc.stage.serialize import to_single_stage_lockfile

from ferd.cluster.entries import place_of


def stages_of(repo, names):
    """DVC's stages of some names. Each file is read once, where `repo.index` reads all of all.

    Args:
        repo: `dvc.repo.Repo`.
        names: As DVC has them: `train`, `stages/gpu/dvc.yaml:fit`, `data/source.zip.dvc`.
    """
    found, files = {}, {}
    for name in names:
        if name.endswith(".dvc"):
            found[name] = load_file(repo, name).stage
        else:
            file, own = place_of(name)
            if file not in files:
                files[file] = load_file(repo, file).stages
            found[name] = files[file][own]
    return found


def entry_of(stage):
    """The entry of a stage in dvc.lock, a dict of cmd, deps, params and outs."""
    return to_single_stage_lockfile(stage)


def is_stored(stage, entry):
    """Whether the cache has every output of a stage.

    Args:
        stage: DVC's.
        entry: Of dvc.lock.
    """
    return _cached(stage, entry).outs_cached()


def restore(stage, entry=None):
    """Writes the outputs of a stage into the work tree.

    Args:
        stage: DVC's.
        entry: Of dvc.lock; None for a .dvc file, which has the hashes itself.

    Raises:
        DvcException: If the cache lacks one.
    """
    in_git = {out.def_path for out in stage.outs if not out.use_cache}
    local = stage.repo.cache.local
    links = local.cache_types
    with stage.repo.lock:
        for out in (_cached(stage, entry) if entry else stage).outs:
            # A file that git keeps must not be a link into the cache.
            local.cache_types = ["copy"] if out.def_path in in_git else links
            out.checkout(force=True)
    local.cache_types = links


def store(stage):
    """Puts the uncached outputs of a stage into the cache and leaves them in the work tree.

    Args:
        stage: DVC's, with the hashes of its outputs.
    """
    uncached = {out.def_path for out in stage.outs if not out.use_cache}
    for out in _cached(stage, entry_of(stage)).outs:
        if out.def_path in uncached:
            out.commit(relink=False)


def store_what_is_there(repo, names):
    """Puts the uncached outputs of stages into the cache that are those of dvc.lock.

    Args:
        repo: `dvc.repo.Repo`.
        names: Of stages, as DVC has them.
    """
    for stage in repo.index.stages:
        uncached = [out for out in stage.outs if not out.use_cache]
        known = stage.addressing in names and all(out.hash_info for out in stage.outs)
        if stage.cmd and uncached and known and not any(out.changed_checksum() for out in uncached):
            store(stage)


def refuse_changed(repo, names):
    """Refuses files that are not those of their .dvc file or dvc.lock: workers take these.

    Args:
        repo: `dvc.repo.Repo`.
        names: Of .dvc files and frozen stages, as DVC has them.

    Raises:
        SystemExit: With what to do.
    """
    there = {stage.addressing: stage.outs for stage in repo.index.stages}
    changed = [name for name in names if any(map(_is_new, there[name]))]
    if changed:
        raise SystemExit(f"not as DVC knows them; run this first: dvc commit {' '.join(changed)}")


def _is_new(out):
    return not out.hash_info or (out.exists and out.changed_checksum())


def _cached(stage, entry):
    """A stage of DVC with the outputs of an entry, all of them cached ones."""
    paths = [out["path"] for out in entry["outs"]]
    options = {"path": stage.path, "wdir": stage.wdir, "cmd": entry["cmd"], "outs": paths}
    found = create_stage(PipelineStage, repo=stage.repo, **options)
    StageLoader.fill_from_lock(found, entry)
    return found
