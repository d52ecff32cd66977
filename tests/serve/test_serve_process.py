"""`ferd serve` as a process: its address, start, end and imports."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.helpers.predicting import PHOTO, environment, heed_ctrl_c, write_model
from tests.helpers.serving import packed

WITHOUT_THE_STUDY = """
import sys
BANNED = {"tensorflow", "keras", "pandas", "sklearn", "scipy", "pycaret", "yaml", "onnx"}
class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in BANNED:
            raise AssertionError(name + " is imported")
sys.meta_path.insert(0, Refuse())
from ferd.cli.main import main
sys.exit(main(["serve", "--port", "0", *sys.argv[1:]]))
"""
# With any of these set, ONNX Runtime keeps and sends nothing whatever ferd does.
TURNED_OFF_BY = ("ORT_DISABLE_TELEMETRY", "ORT_RUNNING_UNIT_TESTS", "CI", "GITHUB_ACTIONS")


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return write_model(tmp_path_factory.mktemp("model") / "tiny.onnx")


@pytest.fixture
def empty(tmp_path):
    folder = tmp_path / "empty"
    folder.mkdir()
    return folder


def start(model, folder):
    """Starts the server in a folder of its own, which is also that of all it might keep."""
    mine = dict.fromkeys(("TMPDIR", "HOME", "XDG_CACHE_HOME"), str(folder))
    others = {name: value for name, value in environment().items() if name not in TURNED_OFF_BY}
    return subprocess.Popen(
        [sys.executable, "-c", WITHOUT_THE_STUDY, "--model", str(model)],
        cwd=folder,
        env=others | mine,
        preexec_fn=heed_ctrl_c,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def url_of(process):
    """The address in the first line that the server prints."""
    return re.fullmatch(r"ferd: (http://127\.0\.0\.1:\d+/) .*\n", process.stdout.readline())[1]


def fetch(url, content=None, **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(url, content, named)
    with urllib.request.urlopen(request, timeout=120) as answer:
        return json.load(answer)


def listening(process):
    """`address:port`, in /proc's hexadecimal, of the sockets on which a process listens."""
    links = [os.readlink(file) for file in Path(f"/proc/{process.pid}/fd").iterdir()]
    mine = {link[8:-1] for link in links if link.startswith("socket:[")}
    lines = Path(f"/proc/{process.pid}/net/tcp").read_text().splitlines()[1:]
    lines += Path(f"/proc/{process.pid}/net/tcp6").read_text().splitlines()[1:]
    rows = [line.split() for line in lines]
    return [row[1] for row in rows if row[3] == "0A" and row[9] in mine]


def test_photos_are_answered_on_the_loopback_address_alone_and_leave_nothing(model, empty):
    with start(model, empty) as process:
        url = url_of(process)
        assert fetch(f"{url}healthz")["status"] == "ok"
        answer = fetch(f"{url}predict?explain=1", packed(PHOTO, "BMP"), content_type="image/bmp")
        assert len(answer["faces"]) == 2
        with pytest.raises(urllib.error.HTTPError) as refused:
            fetch(f"{url}predict", b"hello", content_type="image/png")
        assert refused.value.code == 422
        assert [address.split(":")[0] for address in listening(process)] == ["0100007F"]
        process.send_signal(signal.SIGINT)
        assert (process.stdout.read(), process.stderr.read()) == ("", "")
    assert process.returncode == 130 and list(empty.iterdir()) == []


def test_the_port_is_given_back_at_once_and_a_taken_one_is_one_line(model, empty):
    with start(model, empty) as process:
        port = int(url_of(process).split(":")[2].strip("/"))
        words = ["serve", "--port", str(port), "--model", str(model)]
        done = run(words, empty)
        assert done.returncode == 1 and len(done.stderr.splitlines()) == 1
        assert f"ferd: port {port}: Address already in use" in done.stderr
        process.terminate()
    with socket.create_server(("127.0.0.1", port)):
        assert process.returncode == -signal.SIGTERM


def run(words, folder):
    return subprocess.run(
        [sys.executable, "-m", "ferd", *words],
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=300,
    )


def test_a_missing_model_ends_with_one_line(empty):
    done = run(["serve", "--port", "0", "--model", "none.onnx"], empty)
    assert (done.returncode, done.stdout) == (1, "") and len(done.stderr.splitlines()) == 1
    assert "none.onnx: the model cannot be read" in done.stderr


def test_without_the_extra_the_line_says_what_to_install(empty):
    code = (
        "import sys; sys.modules['fastapi'] = None; from ferd.cli.main import main; main(['serve'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=empty, env=environment(), capture_output=True, text=True
    )
    line = "ferd: serve needs the package fastapi: pip install 'ferd[serve]'\n"
    assert (done.returncode, done.stdout, done.stderr) == (1, "", line)


@pytest.mark.parametrize("words", [["--port", "65536"], ["--port", "-1"], ["--workers", "0"]])
def test_a_wrong_call_ends_with_2_and_the_reason(words, empty):
    done = run(["serve", *words], empty)
    assert done.returncode == 2 and "is not a whole number" in done.stderr


def test_help_loads_nothing_heavy_and_names_every_option():
    code = "from ferd.cli.main import main; main(['serve', '--help'])"
    timed = [sys.executable, "-X", "importtime", "-c", code]
    done = subprocess.run(timed, env=environment(), capture_output=True, text=True)
    loaded = {line.split("|")[-1].strip() for line in done.stderr.splitlines()}
    assert "ferd.classes" in loaded
    assert not loaded & {"numpy", "cv2", "onnxruntime", "fastapi", "uvicorn", "starlette"}
    options = (
        "--port",
        "--model",
        "--workers",
        "--threads",
        "--max-bytes",
        "--max-pixels",
        "--open",
    )
    for option in (*options, "--host", "--allow-host", "--token"):
        assert option in done.stdout
