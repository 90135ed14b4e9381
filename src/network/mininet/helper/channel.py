"""The stream to the simulator: lines in, lines out, and a sign of life in between."""

import json
import os
import queue
import threading
import time

from protocol import LONGEST_LINE, Problem, decode

WORK = ("advance", "next", "drain")  # the simulator waits for the answer
BEAT = 1.0  # seconds
STUCK = 20.0  # seconds; no single step of the work takes as long, even on a machine that is busy


class Channel:
    """Two threads keep the promises that the work must not delay: one reads, so that the helper is
    gone as soon as the simulator is; the other says that it lives while the simulator waits, as long
    as the work gets on."""

    def __init__(self, stream, clock, wall=time.monotonic):
        """`clock` returns what the network's clock shows, `wall` seconds of the wall's."""
        self._stream, self._clock, self._wall = stream, clock, wall
        self._lines = queue.SimpleQueue()
        self._lock = threading.Lock()  # of the two below
        self._owed = 0  # answers
        self._done = threading.Event()
        self._got_on = wall()
        threading.Thread(target=self._read, daemon=True).start()
        threading.Thread(target=self._beat, daemon=True).start()

    def get_on(self):
        """The work calls this between its steps. A work that stands still has no sign of life: what it
        waits for, a shell that was killed perhaps, may never come."""
        self._got_on = self._wall()

    def next_line(self):
        """The next line as an object; raises a Problem if it is none."""
        line = self._lines.get()
        self.get_on()
        if isinstance(line, Problem):
            raise line
        return line

    def answer(self, value):
        with self._lock:
            self._owed = max(0, self._owed - 1)
            self._write(value)

    def refuse(self, problem):
        """The last line of all."""
        with self._lock:
            self._done.set()
            self._write({"error": problem.error, "hint": problem.hint})

    def _write(self, value):
        try:
            self._stream.sendall(json.dumps(value, separators=(",", ":")).encode() + b"\n")
        except OSError:  # nobody listens any more
            os._exit(0)

    def _read(self):
        pending = bytearray()
        while True:
            try:
                more = self._stream.recv(65536)
            except OSError:
                more = b""
            if not more:
                # Everything goes at once: the agents and interfaces are of process 1's namespaces.
                os._exit(0)
            pending += more
            if b"\n" in more:
                *lines, pending = pending.split(b"\n")
                for line in lines:
                    self._put(bytes(line))
            if len(pending) > LONGEST_LINE:
                self._lines.put(Problem(f"A line is longer than {LONGEST_LINE} bytes"))
                return self._wait_for_the_end()

    def _put(self, line):
        try:
            value = decode(line)
        except Problem as problem:
            self._lines.put(problem)
            return
        if value.get("do") in WORK:
            with self._lock:
                self._owed += 1
        self._lines.put(value)

    def _wait_for_the_end(self):
        """What follows a line that was too long is of no use, but its end is."""
        while self._stream.recv(65536):
            pass
        os._exit(0)

    def _beat(self):
        while not self._done.wait(BEAT):
            self._say_that_it_lives()

    def _say_that_it_lives(self):
        with self._lock:
            gets_on = self._wall() - self._got_on < STUCK
            if self._owed and gets_on and not self._done.is_set():
                self._write({"alive": self._clock()})
