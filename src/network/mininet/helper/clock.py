"""The clock of the network."""

import time


AT_ONCE = 200_000_000  # nanoseconds between two lines of one wait, on a busy machine


class Clock:
    """The wall's clock, which counts only while the simulator lets time pass: it stands between two
    of its lines, unless the second one comes at once: a simulator that asks for time in pieces would
    else make every latency shorter. All times are whole nanoseconds; `wall` is time.monotonic_ns(), which is the same
    clock in every process of this machine."""

    def __init__(self, start=0):
        # What it showed when it last stopped, and when it was started since on the wall's clock, or
        # None: one value, since another thread reads it meanwhile.
        self._state = start, None
        self._showed = None  # when, by the wall, it showed what it stands at

    def start(self):
        now = time.monotonic_ns()
        goes_on = self._showed is not None and 0 <= now - self._showed <= AT_ONCE
        self._state = self._state[0], self._showed if goes_on else now

    def stop(self, at):
        """It stands at `at` from now on."""
        base, started = self._state
        self._showed = None if started is None else started + at - base
        self._state = at, None

    def runs(self):
        return self._state[1] is not None

    def now(self):
        return self.at(time.monotonic_ns())

    def at(self, wall):
        """What it showed at a moment of the wall's clock: not before it last started, since what
        happened while it stood happened at the time it showed then."""
        base, started = self._state
        return base if started is None else base + max(0, wall - started)

    def wait(self, until):
        """Seconds of the wall's clock until it shows `until`."""
        return max(0, until - self.now()) / 1e9
