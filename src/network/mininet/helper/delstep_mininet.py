#!/usr/bin/python3
"""Carries the simulator's messages over a real network of Mininet hosts.

The simulator starts it, with a stream socket as descriptor 3, as
    unshare -nmpf --kill-child --mount-proc /usr/bin/python3 delstep_mininet.py
(with -Ur besides where it is not root) and speaks the protocol of docs/internals/network-helpers.md.
So it is process 1 of namespaces of its own: when it ends, in whatever way, the kernel ends all
processes in them and takes all interfaces away, and other helpers never see any of it.
"""

import os
import socket
import sys

sys.dont_write_bytecode = True  # nothing is left behind, also no compiled module

import probe  # noqa: E402
from channel import Channel  # noqa: E402
from process import settle  # noqa: E402
from protocol import Problem, shown  # noqa: E402

DESCRIPTOR = 3
PROTOCOL = 1


def begin(channel):
    """Answers the first line; returns what does the others."""
    line = channel.next_line()
    if line.get("do") != "begin":
        raise Problem(f"The first line must begin the session, not do {shown(line.get('do'))}")
    if line.get("protocol") != PROTOCOL:
        raise Problem(f"This helper speaks protocol {PROTOCOL}, not {shown(line.get('protocol'))}",
                      "use the helper that came with the simulator")
    if line.get("backend") != "mininet":
        raise Problem(f"This helper's backend is mininet, not {shown(line.get('backend'))}")
    machine = probe.look()
    from session import Session  # needs Mininet, which is known to be there only now
    session = Session(line, machine, channel.get_on)
    channel.answer({"hello": 1, "version": machine.version, "netem": machine.netem})
    return session


def serve(stream):
    """Does line after line; returns when there is something that it cannot do."""
    session = None
    channel = Channel(stream, lambda: session.clock.now() if session else 0)
    try:
        session = begin(channel)
        while True:
            answer = session.do(channel.next_line())
            if answer:
                channel.answer(answer)
    except Problem as problem:
        channel.refuse(problem)
    except Exception as fault:  # of the helper or of the machine; the simulator must hear of it
        channel.refuse(Problem(f"The Mininet helper failed: {type(fault).__name__}: {fault}"))


if __name__ == "__main__":
    try:
        peer = socket.socket(fileno=DESCRIPTOR)
    except OSError:
        sys.exit("delstep_mininet.py is started by delstep, with a socket as descriptor 3")
    settle()
    serve(peer)
    os._exit(1)  # at once; as process 1 it takes everything along
