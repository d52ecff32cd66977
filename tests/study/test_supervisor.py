"""ferd.study.supervisor: a crash of a stage is one line, and signals reach the stage once."""

import fcntl
import os
import signal
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest

from ferd.study.supervisor import crash_notice

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = """import os, signal, sys, time
from ferd.study import supervisor

def main():
    {body}

if __name__ == "__main__":
    supervisor.run(main)
"""


@pytest.fixture
def stage(tmp_path):
    """Writes a stage named `small` whose `main` is the given code; gives the command and options
    of `subprocess`."""

    def write(body):
        path = tmp_path / "small.py"
        path.write_text(SCRIPT.format(body=body))
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        return [sys.executable, str(path)], {"env": environment, "text": True}

    return write


def ended(stage, body):
    command, options = stage(body)
    return subprocess.run(command, capture_output=True, timeout=60, **options)


@pytest.mark.parametrize("name", ["SIGSEGV", "SIGABRT", "SIGILL", "SIGFPE"])
def test_a_crash_gives_one_line_with_stage_signal_and_what_to_try(stage, name):
    result = ended(stage, f"os.kill(os.getpid(), signal.{name})")
    assert result.returncode == 128 + getattr(signal, name)
    (line,) = result.stderr.splitlines()
    assert line.startswith(f"stage small was ended by {name} ")
    assert line.endswith("with TF_ENABLE_ONEDNN_OPTS=0 before it")


def test_a_kill_is_not_reported_as_a_crash(stage):
    result = ended(stage, "os.kill(os.getpid(), signal.SIGKILL)")
    (line,) = result.stderr.splitlines()
    assert "SIGKILL" in line and "memory" in line and "ONEDNN" not in line


@pytest.mark.parametrize("code", [0, 1, 3])
def test_the_status_of_the_stage_is_that_of_the_process(stage, code):
    result = ended(stage, f"print('written'); raise SystemExit({code})")
    assert (result.returncode, result.stdout) == (code, "written\n")


def test_an_exception_keeps_its_traceback_and_status_1(stage):
    result = ended(stage, "raise ValueError('broken')")
    assert result.returncode == 1
    assert result.stderr.splitlines()[-1] == "ValueError: broken"


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_the_child_ends_with_its_parent(stage, sent):
    command, options = stage("print(os.getpid(), flush=True); time.sleep(60)")
    parent = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        # A shell starts what runs behind it (CI, nohup) with Ctrl-C ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        **options,
    )
    child = int(parent.stdout.readline())
    parent.send_signal(sent)
    assert parent.wait(timeout=30) != 0
    parent.stdout.close()
    for _ in range(100):
        if not Path(f"/proc/{child}").exists():
            return
        time.sleep(0.1)
    os.kill(child, signal.SIGKILL)
    pytest.fail("the child went on")


def test_the_environment_is_set_before_the_stage_runs(stage):
    command, options = stage("print(os.environ['TF_ENABLE_ONEDNN_OPTS'])")
    options["env"].pop("TF_ENABLE_ONEDNN_OPTS", None)
    assert subprocess.check_output(command, **options) == "1\n"


def test_with_onednn_off_it_is_not_advised_again():
    notice = crash_notice("small", signal.SIGSEGV, {"TF_ENABLE_ONEDNN_OPTS": "0"})
    assert (
        notice == "stage small was ended by SIGSEGV (Segmentation fault), a crash in compiled code"
    )


def test_a_signal_without_a_name_is_reported_by_its_number():
    assert crash_notice("small", 40).startswith("stage small was ended by signal 40 ")


SAVING = """
    try:
        print('ready', flush=True)
        time.sleep(60)
    finally:
        time.sleep(0.5)
        print('saved', flush=True)
"""


@pytest.mark.parametrize("by", ["process", "terminal"])
def test_ctrl_c_reaches_the_stage_once_and_lets_it_save(stage, by):
    command, options = stage(SAVING)
    controller, terminal = os.openpty()

    def own_terminal():
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.setsid()
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)

    with subprocess.Popen(
        command,
        stdin=terminal,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        preexec_fn=own_terminal,
        **options,
    ) as parent:
        assert parent.stdout.readline() == "ready\n"
        if by == "terminal":
            os.write(controller, b"\x03")
        else:
            parent.send_signal(signal.SIGINT)
        assert parent.stdout.read() == "saved\n"
        assert parent.wait(timeout=30) == 128 + signal.SIGINT
    os.close(controller)
    os.close(terminal)


def test_what_was_printed_before_is_not_printed_twice(stage):
    command, options = stage("pass")
    script = Path(command[-1])
    script.write_text(
        script.read_text().replace("    supervisor", "    print('once')\n    supervisor")
    )
    assert subprocess.check_output(command, **options) == "once\n"


def test_a_stage_runs_with_its_output_closed(stage, tmp_path):
    command, options = stage(f"open({str(tmp_path / 'done')!r}, 'w').close()")
    shell = f"exec {' '.join(command)} >&- 2>&-"
    assert subprocess.run(shell, shell=True, timeout=60, **options).returncode == 0
    assert (tmp_path / "done").exists()
