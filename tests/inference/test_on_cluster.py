"""`ferd predict --cluster` on a scheduler and workers, each a process: rows, deaths, stops."""

import os
import signal
import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pyarrow.parquet as pq
import pytest
from distributed import Client, KilledWorker

from ferd.inference.classifier import Classifier
from ferd.inference.model_file import ModelError
from ferd.inference.partitions import on_cluster
from ferd.inference.partitions.on_cluster import IN_FLIGHT, Network, run
from ferd.inference.partitions.parts import Outcome, split
from tests.helpers.dask_processes import busy_workers, dask_processes, start, wait_until
from tests.helpers.predicting import PHOTO, PRIOR, environment, save, write_model, write_video
from tests.helpers.sketches import face, scene

HOSTS = ("127.0.0.1", "127.0.0.2")
FERD = (sys.executable, "-m", "ferd", "predict")


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """Address of a scheduler with two workers, whose working folder is not the command's."""
    with dask_processes(tmp_path_factory.mktemp("cluster"), HOSTS) as (address, _):
        yield address


@pytest.fixture
def album(tmp_path):
    """A folder with an album: photos, a video, and files that cannot be read."""
    for number in range(10):
        save(tmp_path / "album" / f"{number}.png", face("happy", number, 80))
    save(tmp_path / "album" / "a.png")
    save(tmp_path / "album" / "deep" / os.fsdecode(b"caf\xe9.png"), scene(0, 50))
    write_video(tmp_path / "album" / "b.avi", [PHOTO] * 3)
    (tmp_path / "album" / "5.png").write_bytes(b"hello")
    (tmp_path / "album" / "c.mp4").write_bytes(b"")
    return tmp_path


def predict(folder, *words):
    """What the packaged network predicts; its rows are the same to the last digit in any batch."""
    command = [*FERD, *map(str, words)]
    return subprocess.run(command, cwd=folder, env=environment(), capture_output=True)


def save_slow(folder):
    """24 photos; of most it takes dlib a while to say that they show no face."""
    happy, none = face("happy", 0, 80), scene(0, 100)
    for number in range(24):
        save(folder / f"{number:02d}.png", none if number % 3 else happy)


@pytest.mark.parametrize("kind, more", [("jsonl", ()), ("csv", ("--every", 2, "--smooth", 1))])
def test_rows_and_problems_are_those_without_a_cluster_byte_for_byte(album, cluster, kind, more):
    words = ("album", "none.jpg", "--format", kind, *more)
    plain = predict(album, *words)
    found = predict(album, *words, "--cluster", cluster, "--partition-size", 4)
    assert found.stdout == plain.stdout and len(plain.stdout.splitlines()) > 14
    assert found.stderr == plain.stderr and len(plain.stderr.splitlines()) == 3
    assert found.returncode == plain.returncode == 1


@pytest.mark.parametrize("more", [(), ("--top-k", 2, "--abstain-below", 0.5, "--smooth", 1)])
def test_workers_adjust_to_the_prior(tmp_path, cluster, more):
    for number in range(3):
        save(tmp_path / "album" / f"{number}.png", face("happy", number, 80))
    write_video(tmp_path / "album" / "b.avi", [PHOTO] * 3)
    model = write_model(tmp_path / "tiny.onnx", prior=PRIOR)
    # In batches of one, the tiny network's probabilities are the same to the last digit, too.
    words = ("album", "--model", model, "--batch-size", 1, "--threads", 1, *more)
    plain, adjusted = predict(tmp_path, *words), predict(tmp_path, *words, "--prior", "uniform")
    assert plain.returncode == adjusted.returncode == 0 and plain.stdout != adjusted.stdout
    spread = ("--cluster", cluster, "--partition-size", 1)
    found = predict(tmp_path, *words, "--prior", "uniform", *spread)
    assert (found.stdout, found.stderr) == (adjusted.stdout, b"")


@pytest.mark.slow
def test_a_worker_killed_meanwhile_changes_no_byte(tmp_path):
    save_slow(tmp_path / "album")
    wanted = predict(tmp_path, "album").stdout
    with dask_processes(tmp_path, HOSTS) as (address, processes):
        words = ("album", "--cluster", address, "--partition-size", "1")
        head = start(tmp_path, *FERD, *words, stdout=subprocess.PIPE)
        found = head.stdout.readline()
        busy = busy_workers(address)
        (killed, *_) = [process for process in processes if process.pid in busy]
        killed.send_signal(signal.SIGKILL)
        assert len(busy) == 2 and head.poll() is None
        found += head.stdout.read()
        assert head.wait(60) == 0 and killed.wait(60) == -signal.SIGKILL
    assert found == wanted and len(found.splitlines()) == 24


@pytest.mark.slow
def test_after_ctrl_c_the_parts_that_are_there_are_kept(tmp_path, cluster):
    save_slow(tmp_path / "album")
    rows, parts = tmp_path / "rows", lambda: sorted((tmp_path / "rows").glob("part-*"))
    words = ("album", "--format", "parquet", "--output", "rows", "--partition-size", "1")
    words += ("--cluster", cluster)
    head = start(tmp_path, *FERD, *words)
    wait_until(lambda: len(parts()) > 3)
    head.send_signal(signal.SIGINT)
    assert head.wait(60) == 130
    wait_until(lambda: not busy_workers(cluster))
    kept = {path: path.stat().st_mtime_ns for path in parts()}
    assert 3 < len(kept) < 24
    done = predict(tmp_path, *words)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert {path.name for path in rows.iterdir()} == {".lock", *(path.name for path in parts())}
    assert len(parts()) == 24
    assert all(path.stat().st_mtime_ns == number for path, number in kept.items())
    assert predict(tmp_path, *words[:5], "--partition-size", 1, "--output", "local").stderr == b""
    assert all(
        path.read_bytes() == (tmp_path / "local" / path.name).read_bytes() for path in parts()
    )
    assert pq.read_table(rows).num_rows == 24


def identity(classifier, number, sources):
    """Which process it runs in, and which network it is given there."""
    return Outcome(number, (f"{os.getpid()} {id(classifier)}",))


def test_each_worker_gets_the_network_once_and_few_partitions_wait(cluster):
    listed = []
    names = (listed.append(number) or str(number) for number in range(40))
    with Client(cluster) as client:
        outcomes = run(client, Classifier.load(threads=1), split(names, 1), identity)
        found = [next(outcomes)]
        assert len(listed) == 2 * IN_FLIGHT
        found += outcomes
    assert [one.frames for one in found] == list(range(40))
    assert len({one.problems for one in found}) == 2


def killing(classifier, number, sources):
    if number == 1:
        raise KilledWorker("task", SimpleNamespace(address="tcp://one"), 3)
    return Outcome(1, ())


def test_a_partition_on_which_every_worker_dies_is_one_line(cluster):
    with Client(cluster) as client:
        partitions = split(map(str, range(6)), 2)
        found = list(run(client, Classifier.load(threads=1), partitions, killing))
    line = "ferd: 2 to 3: 2 files skipped; 4 workers died while they read them"
    assert [one.problems for one in found] == [(), (line,), ()]


def networks(dask_scheduler):
    return [name for name in dask_scheduler.worker_plugins if name.startswith("ferd-")]


def test_the_network_of_a_command_that_was_killed_leaves_the_workers(cluster):
    classifier = Classifier.load(threads=1)
    with Client(cluster) as client, Client(cluster) as other:
        killed = Network(classifier, "Client-that-is-gone")
        running = Network(classifier, other.id)
        client.register_plugin(killed)
        client.register_plugin(running)
        assert list(run(client, classifier, split(["a"], 1), killing))
        assert client.run_on_scheduler(networks) == [running.name]
        client.unregister_worker_plugin(running.name)


def elsewhere(classifier, number, sources):
    """Writes a file, as a worker does whose folder is not the command's."""
    return Outcome(1, (), file=sources[0])


def test_a_file_that_only_the_worker_can_see_ends_the_command(cluster, tmp_path, monkeypatch):
    monkeypatch.setattr(on_cluster, "PATIENCE", 0.2)
    there = tmp_path / "part"
    there.touch()
    with Client(cluster) as client:
        partitions = split([str(there), str(tmp_path / "none")], 1)
        outcomes = run(client, Classifier.load(threads=1), partitions, elsewhere)
        assert next(outcomes).file == str(there)
        with pytest.raises(OSError, match=r"none, and this machine cannot see it: --output must"):
            next(outcomes)


class Strange(Classifier):
    """A network that no worker can load."""

    def __reduce__(self):
        return eval, ("__import__('nowhere')",)


def test_a_worker_that_cannot_load_the_network_is_one_line(cluster):
    with Client(cluster) as client:
        strange = Strange(Classifier.load(threads=1).network)
        with pytest.raises(ModelError, match=r"cannot load the network .*'nowhere'.*ferd\[cluster"):
            list(run(client, strange, split(["a.png"], 1), killing))
        assert list(run(client, Classifier.load(threads=1), split(["a"], 1), killing))


def test_workers_on_this_machine_are_started_and_ended(tmp_path):
    save(tmp_path / "a.png")
    found = predict(tmp_path, "a.png", "--cluster", 1)
    assert found.stdout == predict(tmp_path, "a.png").stdout != b""
    assert (found.returncode, found.stderr) == (0, b"")


def test_the_packaged_networks_predict_a_face_the_same_in_any_batch():
    faces = np.stack([face("happy", number, 48) for number in range(40)])
    for model in (None, "annotators", "compact"):
        single, several = (Classifier.load(model, threads).network for threads in (1, 2))
        wanted = single.calibrated(faces, 1)
        assert all(np.array_equal(single.calibrated(faces, size), wanted) for size in (7, 32, 40))
        assert np.array_equal(several.calibrated(faces, 32), wanted)
