"""benchmarks/: what the scripts compute from measurements, on made-up measurements."""

import contextlib
import json
import re
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest

from ferd.decoding.pictures import decode
from ferd.imaging.images import BadImage

ROOT = Path(__file__).resolve().parents[2]
MAKEFILE = (ROOT / "Makefile").read_text()
SCRIPTS = sorted(path for path in (ROOT / "benchmarks").glob("*.py") if path.stem != "common")


@pytest.fixture
def load(monkeypatch):
    """Imports a script of benchmarks/ by its name, apart from modules of the same name."""

    def load(name):
        import importlib

        monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
        for other in ("common", "crop", "train", "automl", "predict", "serve", "limits", "report"):
            monkeypatch.delitem(sys.modules, other, raising=False)
        return importlib.import_module(name)

    return load


@pytest.mark.parametrize("script", [path for path in SCRIPTS if path.stem != "report"])
def test_help_says_what_a_benchmark_reads_writes_and_takes(script):
    command = [sys.executable, str(script), "--help"]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert all(word in text for word in ("Reads", "Writes", "Run", "Takes", "Expect"))


def test_make_bench_peers_and_gpu_run_every_benchmark_and_the_report_last():
    ran = {}
    for target in ("bench", "peers", "gpu"):
        lines = MAKEFILE.split(f"\n{target}: ")[1].split("\n\n")[0]
        ran[target] = [
            line.split("/")[-1].split()[0] for line in lines.splitlines() if "benchmarks/" in line
        ]
        assert ran[target].pop() == "report.py"
    assert ran["peers"] == ["peers.py", "peers_annotators.py", "front.py"]
    assert ran["gpu"] == ["gpu.py"]
    assert "\ntimes: $(VENV)/installed\n\t$(BIN)/python benchmarks/commands.py\n" in MAKEFILE
    everything = [*ran["bench"], *ran["peers"], *ran["gpu"], "report.py", "commands.py"]
    assert sorted(everything) == [path.name for path in SCRIPTS]


def test_no_recipe_goes_on_after_a_command_that_failed():
    """Of a pipe only the last command's status counts, so `make gpu` would commit old results."""
    recipes = [line for line in MAKEFILE.splitlines() if line.startswith("\t")]
    assert not [line for line in recipes if line.startswith("\t-")]
    commands = [re.sub(r"\|\||'[^']*'|\"[^\"]*\"", "", line) for line in recipes]
    assert not [line for line in commands if "|" in line]


def test_median_is_taken_of_each_number_by_itself(load):
    rows = [{"a": 1, "b": 9}, {"a": 2, "b": 7}, {"a": 30, "b": 8}]
    assert load("common").median_of(rows) == {"a": 2, "b": 8}


def test_variants_take_turns(load, monkeypatch):
    common, order = load("common"), []

    def run(command, **_):
        order.append(command[-1])
        return subprocess.CompletedProcess(command, 0, stdout=f'{{"seconds": {len(order)}}}\n')

    monkeypatch.setattr(common.subprocess, "run", run)
    results = common.take_turns("crop", ["plain", "ours"], 2)
    assert order == ["plain", "ours", "plain", "ours"]
    assert results == {
        "plain": [{"seconds": 1}, {"seconds": 3}],
        "ours": [{"seconds": 2}, {"seconds": 4}],
    }


def test_a_variant_that_fails_ends_the_benchmark_with_its_message(load, monkeypatch):
    common = load("common")
    failed = subprocess.CompletedProcess([], 1, stdout="", stderr="no such file")
    monkeypatch.setattr(common.subprocess, "run", lambda *_, **__: failed)
    with pytest.raises(SystemExit, match="no such file"):
        common.take_turns("crop", ["plain"], 1)


def test_crop_grows_by_what_is_above_the_smaller_run(load):
    row = {"images_per_second": 100, "seconds": 10, "peak_memory_gib": 1}
    medians = {
        "plain": row | {"images_per_second": 50},
        "ours_1000": row,
        "ours": row | {"seconds": 40, "peak_memory_gib": 1 + 3000 * 4608 / 2**30},
        "ours_16000": row | {"seconds": 160, "peak_memory_gib": 1 + 15000 * 4608 / 2**30},
    }
    result = load("crop").compare(medians)
    assert result["times_plain"] == 2
    assert set(result["seconds_for_4_times_the_images"].values()) == {4}
    assert list(result["bytes_per_further_image"].values()) == pytest.approx([4608, 4608])


def test_epochs_to_95_percent_counts_to_the_first_epoch_that_reaches_it(load, tmp_path):
    train = load("train")
    (tmp_path / "plots/some").mkdir(parents=True)
    table = "epoch,val_accuracy\n1,0.5\n2,0.77\n3,0.7\n4,0.8\n"
    (tmp_path / "plots/some/history.csv").write_text(table)
    train.common.ROOT = tmp_path
    assert train.epochs_to_95_percent("some") == 2


def test_operations_are_counted_by_kind_and_unknown_ones_as_the_rest(load):
    kind_of = load("breakdown").kind_of
    assert kind_of("_MklNativeConv2DBackpropFilterWithBias") == "gradient of the kernels"
    assert kind_of("_MklNativeFusedConv2D") == "convolution"
    assert kind_of("_FusedMatMul") == "dense"
    assert kind_of("AssignSubVariableOp") == "Adam, dropout, loss and the rest"


def test_report_puts_every_number_into_the_document(load):
    report = load("report")
    machine = {"processor": "P", "cores": 2, "instructions": ["avx2"], "memory_gib": 8}
    section = {"rounds": 3, "machine": machine, "median": {"plain": {"seconds": 2.5}}}
    results = {"crop": section | {"times_plain": 1.9}, "breakdown": {"median": {"x": {"a": 3}}}}
    costs = {"fetch": {"seconds": 30}, "train": {"seconds": 60, "training_seconds": 120}}
    text = report.measured(json.loads(json.dumps(results)), costs)
    assert "| plain | 2.5 |" in text and "| speed-up over plain | 1.9 |" in text
    assert "| a | 3 | 100% |" in text
    assert "| `train` | 2 |" in text and "| so far | 2.5 |" in text
    assert {"audit", "automl_compare"} < set(report.PAPER_CHAIN)
    costs |= {stage: {"seconds": 60} for stage in report.PAPER_CHAIN if stage not in costs}
    assert f"| all | {len(report.PAPER_CHAIN) + 0.5} |" in report.measured(results, costs)


def test_what_a_benchmark_draws_is_made_whole_once(load, tmp_path):
    common, folder, made = load("common"), tmp_path / "some/photos", []

    def make(where):
        made.append(where)
        (where / "one").write_text("1")
        if len(made) == 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        common.made_once(folder, make)
    assert not folder.exists()
    for _ in range(2):
        assert common.made_once(folder, make) == folder
        assert [path.name for path in folder.iterdir()] == ["one"] and len(made) == 2


def test_an_answer_that_is_no_http_counts_as_an_error(load):
    serve, answers = load("serve"), []
    from serving.health import ask

    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        thread = threading.Thread(target=answer_nonsense, args=(listener,), daemon=True)
        thread.start()
        assert not ask(port)[1]
        end = time.monotonic() + 0.1
        serve.client(port, "/predict", [(b"", "image/png", 200)], 1, end, answers)
    assert answers and not any(is_expected for *_, is_expected in answers)


def answer_nonsense(listener):
    """Answers every connection with a line that is no HTTP, until the listener is closed."""
    with contextlib.suppress(OSError):
        while True:
            connection, _ = listener.accept()
            with connection:
                connection.recv(1000)
                connection.sendall(b"nonsense\r\n\r\n")


def test_report_says_where_the_machine_was_busy(load):
    report = load("report")
    machine = {"processor": "P", "cores": 2, "instructions": ["avx2"], "memory_gib": 8}
    section = {"rounds": 3, "machine": machine}
    assert report.circumstances(section | {"busy_cores": 0.1}).endswith("8 GiB.")
    assert "1.9 cores were busy" in report.circumstances(section | {"busy_cores": 1.9})


def test_a_load_is_summed_up_from_its_answers_and_memory(load):
    serve = load("serve")
    answers = [(float(number), number % 10 == 0, number != 5) for number in range(101)]
    row = serve.summary(answers, 10.1)
    assert row == {
        "requests_per_second": 10,
        "requests": 101,
        "malformed": 11,
        "errors": 1,
        "median_milliseconds": 50,
        "milliseconds_of_99_percent": 99,
    }
    row["busy_cores"] = 0.5
    medians = {"photos": row | {"peak_mib_at_30_s": 200, "peak_mib_at_60_s": 210}}
    assert serve.compare(medians) == {"peak_growth": {"photos": 1.05}, "busy_cores": 0.5}
    medians["two_workers"] = row | {"peak_mib_at_30_s": 400, "peak_mib_at_60_s": 400}
    assert serve.compare(medians)["further_mib_with_a_second_worker"] == 190


def test_answers_of_healthz_are_summed_up(load):
    load("serve")
    from serving.health import figures

    assert figures([(float(number), number != 7) for number in range(101)]) == {
        "healthz_answers": 101,
        "healthz_errors": 1,
        "healthz_milliseconds_of_99_percent": 99,
        "healthz_milliseconds_at_most": 100,
    }
    medians = {
        "scans": {"healthz_milliseconds_at_most": 40, "busy_cores": 0.3},
        "connections": {"healthz_milliseconds_at_most": 430, "busy_cores": 0.1},
    }
    wanted = {"slowest_healthz_milliseconds": 430, "busy_cores": 0.3}
    assert load("pressure").compare(medians) == wanted


def test_hostile_photos_are_what_they_are_called(load):
    load("pressure")
    from serving import attackers

    content = attackers.jpeg_of_scans()
    assert 2_300_000 < len(content) < 2_500_000
    with pytest.raises(BadImage, match="scans"):
        decode(content, 10**6)
    attackers.SIDE = 70
    # That libjpeg warns of it is known once it has been decoded, which is what takes seconds.
    with pytest.raises(BadImage, match="damaged"):
        decode(attackers.slow_photo(), 10**6)


def test_a_default_that_does_not_end_is_stopped_with_its_children_and_says_so():
    code = """
import subprocess, sys
sys.path.insert(0, "benchmarks")
import automl
child = subprocess.Popen(["sleep", "60"])
print(child.pid, flush=True)
automl.stop_after(0.2)
child.wait()
import time
time.sleep(60)
"""
    ended = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    first, *_, last = ended.stdout.splitlines()
    assert ended.returncode == 0 and json.loads(last) == {"seconds": 0.2, "finished": 0}
    deadline = time.monotonic() + 30
    while is_running(first) and time.monotonic() < deadline:  # a killed process takes a moment
        time.sleep(0.05)
    assert not is_running(first)


def is_running(number):
    """Whether a process has not ended; a zombie, which nobody has buried yet, has."""
    try:
        return psutil.Process(int(number)).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_a_timed_command_keeps_the_times_of_the_others(load, monkeypatch, tmp_path):
    commands = load("commands")
    for module in (commands, sys.modules["common"]):
        monkeypatch.setattr(module, "RESULTS", tmp_path / "results.json")
    commands.record({"test": 60.04, "demo": 120.0})
    commands.record({"test": 90.0})
    found = json.loads((tmp_path / "results.json").read_text())["commands"]
    assert {name: run["seconds"] for name, run in found.items()} == {"demo": 120.0, "test": 90.0}
    assert found["demo"]["machine"]["cores"] > 0
