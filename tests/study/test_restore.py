"""ferd.study.restore on the committed results: the files that dvc.lock says the runs wrote."""

import sys

import pytest
import yaml

from ferd.study import restore
from ferd.study.pipeline import expand, paths_of, read_pipeline
from tests.helpers.code import ROOT, hash_of

LOCKED = yaml.safe_load((ROOT / "dvc.lock").read_text())["stages"]
RESTORED = [
    paths_of(stage, "deps")[1]
    for name, stage in expand(read_pipeline(ROOT / "dvc.yaml")).items()
    if name.startswith("score")
]


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    """A clone without data/ in which the results were restored."""
    folder = tmp_path_factory.mktemp("clone")
    for name in ("dvc.yaml", "metrics", "plots"):
        (folder / name).symlink_to(ROOT / name)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setattr(sys, "argv", ["restore"])
        restore.main()
    return folder


def test_every_run_is_restored(clone):
    assert len(RESTORED) == len(set(RESTORED)) > 30
    for path in RESTORED:
        assert (clone / path).is_dir()


@pytest.mark.parametrize("path", RESTORED)
def test_restored_files_are_those_that_the_run_wrote(clone, path):
    # What the scoring stages read: of some runs it is a part of an output.
    read = {dep["path"]: dep["md5"] for stage in LOCKED.values() for dep in stage["deps"]}
    assert hash_of(clone / path) == read[path]
