"""make push and make pull in a tiny study: a folder, a local S3 server, a local SSH server."""

import configparser
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from dvc.repo import Repo

from ferd.sketch.demo import DVC_CONFIG
from ferd.study.pipeline import paths_of, read_pipeline
from ferd.study.remote import LOCAL_IMAGES, MISSING, cached_outputs
from tests.helpers.code import ROOT

# Outputs that hold no dataset images and no pictures made of them, as dvc.yaml writes them.
NO_IMAGES = {
    *("data/settings.ok", "data/crops.csv", "data/audit.csv", "data/test_copies.csv"),
    *("data/copy_correlations.csv", "data/split_groups.csv", "data/tuned.json"),
    *("data/train/model.keras", "data/train/results", "data/features/train.npz"),
    *("data/${key}/model.keras", "data/${key}/results", "data/features/${key}.npz"),
    *("data/replicate/${key}/model.keras", "data/replicate/${key}/results"),
    *(f"data/${{item.recipe}}/${{item.seed}}/{name}" for name in ("model.keras", "results")),
    *("data/features/unseen.npz", "data/features/seen.npz", "data/features/improved_${item}.npz"),
    *("data/automl_compare", "data/automl_voting", "data/automl_stacking", "data/${item.run}"),
    *("data/probabilities.npz", "data/flip_averaging/results", "data/export/${item.network}"),
    *("data/packaged", "data/${item.network}/${item.seed}"),
    *("data/mixed/${item}/model.keras", "data/mixed/${item}/results"),
}
PIPELINE = """
stages:
  raw:
    cmd: mkdir -p data/raw && cp data/source.zip data/raw/1 && echo 1 > count.json
    deps: [data/source.zip]
    outs:
    - data/raw: {remote: images}
    metrics:
    - count.json: {cache: false}
  train:
    foreach: [1, 2]
    do:
      cmd:
      - mkdir data/${item}
      - echo network ${item} > data/${item}/model
      - seq ${item} > data/${item}/log
      deps: [data/raw]
      outs:
      - data/${item}
"""
IGNORED = "/data/raw\n/data/source.zip\n/data/1\n/data/2\n/build\n"
IMAGE = b"picture of a face"
NEEDED = ("dvc_s3", "dvc_ssh", "moto", "flask_cors")
with_extra = pytest.mark.skipif(
    not all(map(importlib.util.find_spec, NEEDED)) and os.environ.get("CI") != "true",
    reason="not installed: pip install -r requirements-test.txt",
)
SSH_SERVER = """
import asyncio, asyncssh, sys
async def serve():
    key = asyncssh.generate_private_key("ssh-ed25519")
    options = {"authorized_client_keys": sys.argv[1] + "/authorized", "sftp_factory": True}
    server = await asyncssh.listen("127.0.0.1", 0, server_host_keys=[key], **options)
    print(server.get_port(), flush=True)
    await server.wait_closed()
asyncio.run(serve())
"""
# Kills `dvc push`, as a power cut does, when it opens a file in the nth folder below another one.
STOP = """
import os, signal, sys
seen = set()
def stop(event, args):
    if event == "open" and os.environ["STOP_AT"] in str(args[0]):
        seen.add(os.path.dirname(args[0]))
        if len(seen) == int(os.environ["STOP_TIME"]):
            os.kill(os.getpid(), signal.SIGKILL)
if sys.orig_argv[2:4] == ["dvc", "push"]:
    sys.addaudithook(stop)
"""
KEYS = {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b", "AWS_DEFAULT_REGION": "us-east-1"}


def test_every_cached_output_is_marked_as_images_or_listed_as_none():
    """A new output that holds images needs `remote: images` in dvc.yaml, any other a line above."""
    written = list(read_pipeline(ROOT / "dvc.yaml")["stages"].values())
    bodies = [stage.get("do", stage) for stage in written]
    entries = [
        entry
        for body in bodies
        for kind in ("outs", "metrics", "plots")
        for entry in body.get(kind, [])
        if isinstance(entry, str) or next(iter(entry.values())).get("cache", True)
    ]
    plain = {entry for entry in entries if isinstance(entry, str)}
    marked = {path for path in paths_of({"outs": entries}, "outs") if path not in plain}
    assert plain == NO_IMAGES
    with Repo(ROOT) as repo:
        remotes = {path: out.remote for path, out in cached_outputs(repo).items()}
    found = {path for path, remote in remotes.items() if remote}
    assert found == marked | {"data/source.zip"}
    assert {remotes[path] for path in found} == {"images"}


@pytest.mark.parametrize("text", [(ROOT / ".dvc/config").read_text(), DVC_CONFIG])
def test_no_dvc_command_sends_images_away_before_a_group_gives_them_an_address(text):
    config = configparser.ConfigParser()
    config.read_string(re.sub(r"(?m)^ +", "", text))
    assert config["'remote \"images\"'"]["url"] == f"../{LOCAL_IMAGES}"
    assert "remote" not in config["core"]


def test_the_extra_has_dvc_as_the_study_pins_it():
    setup = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]
    (extra,) = setup["dynamic"]["optional-dependencies"]["remotes"]["file"]
    lines = [line for line in (ROOT / extra).read_text().splitlines() if line[0] != "#"]
    (pin,) = re.findall(r"(?m)^dvc==(.*)$", (ROOT / "requirements.in").read_text())
    assert lines == [f"dvc[s3,ssh]=={pin}"]


def run(folder, *command, status=0, **variables):
    """Runs a command, with `dvc` and `remote` those of the Python that runs the tests."""
    module = {"dvc": "dvc", "remote": "ferd.study.remote"}.get(command[0])
    words = [sys.executable, "-m", module, *command[1:]] if module else command
    environment = {
        **{**os.environ, "PYTHONPATH": str(ROOT), "DVC_NO_ANALYTICS": "1"},
        **{"GIT_CONFIG_GLOBAL": "/dev/null", "NO_PROXY": "*", **variables},
    }
    done = subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True)
    assert done.returncode == status, done.stdout + done.stderr
    return done.stdout + done.stderr


def runs_nothing(folder, *options):
    text = run(folder, "dvc", "repro", *options)
    return "Data and pipelines are up to date." in text and "Running stage" not in text


def place(folder, content):
    """The file of a remote, or of a cache, that has this content."""
    files = [path for path in Path(folder).rglob("*") if path.is_file()]
    (found,) = [path for path in files if path.read_bytes() == content]
    return found


def stored(folder):
    """The files of a remote, as one text."""
    return b"".join(path.read_bytes() for path in Path(folder).rglob("*") if path.is_file())


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    """A tiny study whose stages were run and committed, without a remote."""
    folder = tmp_path_factory.mktemp("remote") / "original"
    (folder / "data").mkdir(parents=True)
    (folder / "dvc.yaml").write_text(PIPELINE)
    (folder / ".gitignore").write_text(IGNORED)
    (folder / "data/source.zip").write_bytes(IMAGE)
    run(folder, "git", "init", "-q")
    run(folder, "dvc", "init", "-q")
    shutil.copyfile(ROOT / ".dvc/config", folder / ".dvc/config")
    run(folder, "dvc", "add", "-q", "data/source.zip")
    with open(folder / "data/source.zip.dvc", "a") as file:
        file.write("  remote: images\n")
    run(folder, "dvc", "repro", "-q")
    run(folder, "git", "add", "-A")
    author = ["-c", "user.name=a", "-c", "user.email=a@b"]
    run(folder, "git", *author, "commit", "-qm", "a tiny study")
    return folder


@pytest.fixture
def study(original, tmp_path):
    """A copy of it, and a function that clones it; both have the remote `shared`, a folder."""
    shutil.copytree(original, tmp_path / "study")
    set_up(tmp_path / "study", tmp_path / "shared")
    return tmp_path / "study"


def set_up(folder, url, images=None, more=""):
    """Writes .dvc/config.local, as `dvc remote` with --local does."""
    text = f"[core]\n    remote = shared\n['remote \"shared\"']\n    url = {url}\n{more}"
    text += f"['remote \"images\"']\n    url = {images}\n" if images else ""
    (folder / ".dvc/config.local").write_text(text)


def clone(study):
    """A clone with the same remotes and an empty cache."""
    folder = study.parent / "clone"
    run(study.parent, "git", "clone", "-q", study, folder)
    shutil.copyfile(study / ".dvc/config.local", folder / ".dvc/config.local")
    return folder


@pytest.mark.slow
def test_without_a_remote_or_its_package_one_line_says_what_to_do(original, study):
    for action in ("push", "pull"):
        text = run(original, "remote", action, status=1)
        assert len(text.splitlines()) == 1 and "dvc remote add --default --local" in text
    text = run(original, "remote", "push", "--remote", "images", status=1)
    assert len(text.splitlines()) == 1 and "for images only" in text
    set_up(study, "gs://bucket")
    text = run(study, "remote", "push", status=1)
    assert len(text.splitlines()) == 1 and "requires 'dvc-gs'" in text


@pytest.mark.slow
def test_a_clone_pulls_all_but_images_from_a_folder_and_runs_nothing(study):
    assert "  data/raw\n  data/source.zip\n" in run(study, "remote", "push")
    assert b"network 2" in stored(study.parent / "shared")
    folder = clone(study)
    assert "  data/raw\n  data/source.zip\n" in run(folder, "remote", "pull")
    assert (folder / "data/2/model").read_text() == "network 2\n"
    assert not (folder / "data/raw").exists()
    assert runs_nothing(folder, "--allow-missing")
    assert run(folder, "git", "status", "--short") == ""


@pytest.mark.slow
def test_images_go_to_a_remote_of_their_own_only_when_asked_for(study):
    text = run(study, "remote", "push", "--images", status=1)
    assert len(text.splitlines()) == 1 and "dvc remote modify --local images url" in text
    set_up(study, study.parent / "shared", images=study.parent / "pictures")
    run(study, "remote", "push", "--images")
    assert IMAGE not in stored(study.parent / "shared")
    assert IMAGE in stored(study.parent / "pictures")
    folder = clone(study)
    run(folder, "remote", "pull", "--images")
    assert (folder / "data/raw/1").read_bytes() == IMAGE
    assert runs_nothing(folder)


@pytest.mark.slow
def test_dvc_push_alone_sends_no_images_to_the_remote(study):
    run(study, "dvc", "push", "--run-cache")
    assert b"network 2" in stored(study.parent / "shared")
    assert IMAGE not in stored(study.parent / "shared")
    run(study, "dvc", "push", "--remote", "shared")
    assert IMAGE not in stored(study.parent / "shared")


@pytest.mark.slow
def test_what_no_cache_here_has_is_named_and_the_rest_transferred(study):
    """The cache lacks a file of an output; the list of the output's files is there."""
    place(study / ".dvc/cache/files", b"network 1\n").unlink()
    shutil.rmtree(study / "data/1")
    text = run(study, "remote", "push", status=MISSING)
    assert "as this machine and the remote lack them:\n  data/1\n" in text
    folder = clone(study)
    text = run(folder, "remote", "pull", status=MISSING)
    assert "as the remote lacks them:\n  data/1\n" in text
    assert (folder / "data/2/model").exists() and "Traceback" not in text


@pytest.mark.slow
def test_pushes_that_were_killed_are_completed_by_the_next(study, tmp_path):
    """The first while DVC lists the files of the outputs, the second while it copies them."""
    (tmp_path / "sitecustomize.py").write_text(STOP)
    path = {"PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}"}
    for where, time in (("/.dvc/cache/", 2), ("/shared/", 3)):
        killed = {**path, "STOP_AT": where, "STOP_TIME": str(time)}
        run(study, "remote", "push", status=1, **killed)
    whole = [path for path in (tmp_path / "shared/files/md5").glob("*/*") if path.suffix != ".tmp"]
    assert len(whole) == 1
    run(study, "remote", "push")
    folder = clone(study)
    run(folder, "remote", "pull")
    for name in ("1/model", "1/log", "2/model", "2/log"):
        assert (folder / "data" / name).read_bytes() == (study / "data" / name).read_bytes()


@pytest.mark.slow
def test_what_the_remote_has_lost_is_pushed_again(study, tmp_path):
    """DVC by itself looks for no file of a folder whose list of files is in the remote."""
    run(study, "remote", "push")
    file = place(tmp_path / "shared", b"network 1\n")
    file.unlink()
    run(study, "remote", "push")
    assert file.read_bytes() == b"network 1\n"


@pytest.fixture
def s3(monkeypatch):
    """The address of a local S3 server with an empty bucket `group`, and a client of it."""
    import boto3
    from moto.server import ThreadedMotoServer

    for key, value in KEYS.items():
        monkeypatch.setenv(key, value)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    url = f"http://127.0.0.1:{server.get_host_and_port()[1]}"
    client = boto3.client("s3", endpoint_url=url)
    client.create_bucket(Bucket="group")
    yield url, client
    server.stop()


@pytest.mark.slow
@with_extra
def test_a_clone_pulls_from_an_s3_server_and_runs_nothing(study, s3):
    url, client = s3
    set_up(study, "s3://group/ferd", more=f"    endpointurl = {url}\n")
    run(study, "remote", "push")
    keys = [one["Key"] for one in client.list_objects_v2(Bucket="group")["Contents"]]
    bodies = [client.get_object(Bucket="group", Key=key)["Body"].read() for key in keys]
    assert b"network 1\n" in bodies and IMAGE not in b"".join(bodies)
    folder = clone(study)
    run(folder, "remote", "pull")
    assert (folder / "data/1/model").read_text() == "network 1\n"
    assert runs_nothing(folder, "--allow-missing")


@pytest.fixture
def ssh(tmp_path):
    """The port and the client's key of a local SSH server."""
    import asyncssh

    key = asyncssh.generate_private_key("ssh-ed25519")
    key.write_private_key(tmp_path / "key")
    key.write_public_key(tmp_path / "authorized")
    server = subprocess.Popen(
        [sys.executable, "-c", SSH_SERVER, tmp_path], stdout=subprocess.PIPE, text=True
    )
    yield int(server.stdout.readline()), tmp_path / "key"
    server.terminate()
    server.wait()


@pytest.mark.slow
@with_extra
def test_a_clone_pulls_over_ssh_and_runs_nothing(study, ssh):
    """A push that was stopped leaves a part of a file there; the next one mends it."""
    port, key = ssh
    far = study.parent / "far"
    set_up(study, f"ssh://someone@127.0.0.1:{port}{far}", more=f"    keyfile = {key}\n")
    run(study, "remote", "push")
    file = place(far, b"network 1\n")
    file.write_bytes(b"netw")
    run(study, "remote", "push")
    assert file.read_bytes() == b"network 1\n" and IMAGE not in stored(far)
    folder = clone(study)
    run(folder, "remote", "pull")
    assert (folder / "data/1/model").read_text() == "network 1\n"
    assert runs_nothing(folder, "--allow-missing")
