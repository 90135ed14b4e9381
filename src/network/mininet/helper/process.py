"""What the processes of the helper have in common."""

import ctypes
import resource
import signal
import sys

PR_SET_PDEATHSIG = 1


def settle():
    """An interrupt from the terminal is for the simulator, which ends us when it wants; and there
    are several descriptors for each node. Returns nothing."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def die_with_parent():
    """Without the helper an agent is of no use. Process 1 takes all others along anyway; this also
    holds for a helper that a debugger runs as another process."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def work_for(wire, who, work):
    """Does the work of a process until it fails, which the helper is told; it never returns."""
    try:
        work()
    except Exception as fault:  # whatever it is, the helper must hear of it
        wire.stream.setblocking(True)
        wire.tell("failed", f"{who} failed: {type(fault).__name__}: {fault}")
    sys.exit(1)
