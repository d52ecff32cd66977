"""Runs a stage in a child process and reports a crash in one line.

A crash inside a compiled library ends a process by a signal, and Python then prints nothing. The
parent process says which signal it was. It changes no output of a stage, so no stage depends on
this file.
"""

import ctypes
import os
import signal
import sys
from pathlib import Path

from ferd.study.base.runtime import set_environment
from ferd.study.openblas import choose_kernels

# Signals of a crash in compiled code, as against those that somebody sends.
CRASHES = ("SIGSEGV", "SIGABRT", "SIGILL", "SIGBUS", "SIGFPE")
SET_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of prctl(2)


def run(main):
    """Sets the environment, runs a stage's `main` and ends the process as it ended.

    Elsewhere than on Linux `main` runs in this process.

    Args:
        main: Function without arguments.

    Raises:
        SystemExit: With the status of `main`, or with 128 and the signal's number where a signal
            ended it, after one line on stderr that has the stage and the signal.
    """
    set_environment()
    choose_kernels()
    if not sys.platform.startswith("linux"):
        main()
        return
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:  # closed by the caller
            stream.flush()  # else both processes would write what is in its buffer
    parent, handled = os.getpid(), {signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, handled)
    child = os.fork()
    if child == 0:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        _end_with(parent)
        main()
        return
    code = _wait_for(child, handled)
    if code < 0:
        print(crash_notice(Path(sys.argv[0]).stem, -code), file=sys.stderr, flush=True)
        code = 128 - code
    raise SystemExit(code)


def crash_notice(stage, number, environment=os.environ):
    """One line on the signal that ended a stage.

    Args:
        stage: The stage's name.
        number: The signal's number.
        environment: Mapping of the variables in force.
    """
    known = {member.value: member.name for member in signal.Signals}
    name = known.get(number, f"signal {number}")
    notice = f"stage {stage} was ended by {name} ({signal.strsignal(number)})"
    if name in CRASHES:
        notice += ", a crash in compiled code"
        if environment.get("TF_ENABLE_ONEDNN_OPTS") != "0":
            notice += ": give the command again with TF_ENABLE_ONEDNN_OPTS=0 before it"
    elif name == "SIGKILL":
        notice += ": often the system does this when memory runs out"
    return notice


def _end_with(parent):
    """Makes this child process end when its parent does, even by SIGKILL."""
    ctypes.CDLL(None).prctl(SET_DEATH_SIGNAL, signal.SIGKILL)
    if os.getppid() != parent:  # it ended before the line above
        os._exit(1)


def _wait_for(child, handled):
    """Exit status of a child process, or the negative number of the signal that ended it.

    A signal that a process sent to this one goes on to the child. One from the terminal (Ctrl-C)
    does not: the terminal sends it to both.

    Args:
        child: The child's process id.
        handled: Set of blocked signals, SIGCHLD among them.
    """
    while True:
        received = signal.sigwaitinfo(handled)
        if received.si_signo != signal.SIGCHLD:
            if received.si_code <= 0:  # SI_USER and its like: not from the kernel
                os.kill(child, received.si_signo)
            continue
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
