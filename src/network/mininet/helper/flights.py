"""The messages on the way and those that have ended: bookkeeping alone, without any network."""

import heapq
from typing import NamedTuple

ARRIVED = ""


class Flight(NamedTuple):
    """A message on the way."""

    id: int
    sent: int  # ns of the network's clock
    pair: tuple  # (from, to)
    bytes: int
    place: int  # in the order of sending


class Flights:
    """Every message that was sent ends once, whoever says so first: what is said later of a message
    that has ended is not heard. So a message that a connection carried twice arrives once."""

    def __init__(self, ttl=None):
        self._ttl = ttl  # ns; None: they may take as long as they want
        self._on_the_way = {}  # by id, in the order of sending
        self._arrivals = []  # (at, place, id) of those whose arrival is known: a heap
        self._ended = []  # (at, place, id, sent, reason), not yet reported
        self._last = 0  # when the last one ended
        self._used = set()

    def __contains__(self, message):
        return message in self._on_the_way

    def __len__(self):
        return len(self._on_the_way)

    def known(self, message):
        """Was it ever sent?"""
        return message in self._used

    def any_ended(self):
        """Is there something to report?"""
        return bool(self._ended)

    def send(self, message, now, pair, size):
        flight = Flight(message, now, pair, size, len(self._used))
        self._used.add(message)
        self._on_the_way[message] = flight
        return flight

    def get(self, message):
        """The flight, or None if the message is not on the way."""
        return self._on_the_way.get(message)

    def arrive(self, flight, at):
        """It arrives at `at`, if nothing ends it before the clock shows that. One that is heard of
        only when a later one has ended ends with that one: time does not go back."""
        heapq.heappush(self._arrivals, (max(at, flight.sent, self._last), flight.place, flight.id))

    def end(self, message, at, reason):
        """It ends at `at`, not before its sending; nothing happens if it has ended already."""
        flight = self._on_the_way.pop(message, None)
        if flight:
            self._last = max(self._last, at)
            self._ended.append((at, flight.place, message, flight.sent, reason))

    def of(self, affected):
        """Those on the way for whose pair affected(from, to) holds, in the order of sending."""
        return [f for f in self._on_the_way.values() if affected(*f.pair)]

    def next_end(self):
        """When the next one arrives or has lived as long as it may, as far as is known, or None."""
        while self._arrivals and self._arrivals[0][2] not in self._on_the_way:
            heapq.heappop(self._arrivals)
        times = [self._arrivals[0][0]] if self._arrivals else []
        if self._ttl is not None and self._on_the_way:
            times.append(self._first().sent + self._ttl)
        return min(times, default=None)

    def pass_to(self, now):
        """Ends all that arrives or expires up to `now`, in this order at the same moment. Returns
        the directions over which something expired."""
        expired = {}
        while (at := self.next_end()) is not None and at <= now:
            if self._arrivals and self._arrivals[0][0] == at:
                self.end(heapq.heappop(self._arrivals)[2], at, ARRIVED)
            else:
                expired[self._first().pair] = True
                self.end(self._first().id, at, "expired")
        return list(expired)

    def withdraw(self, message):
        """Its end will not be reported, also if it came already."""
        self._on_the_way.pop(message, None)
        self._ended = [row for row in self._ended if row[2] != message]

    def take(self):
        """What has ended since it was last called: the protocol's rows, in their order."""
        rows, self._ended = sorted(self._ended), []
        return [[message, sent, at, reason] for at, _, message, sent, reason in rows]

    def _first(self):
        # All may live equally long and the clock never goes back: so it is the first to expire.
        return next(iter(self._on_the_way.values()))
