"""Does what the simulator's lines say: keeps nodes, links and messages, and lets time pass."""

import protocol
import shaping
from clock import Clock
from flights import Flights
from lab import Lab
from protocol import Problem, truth, whole, wholes
from shaping import Shape


class Node:
    def __init__(self, host):
        self.host, self.up = host, True


class Session:
    """Connections are kept by direction, (from, to). Everything that is sent waits until the clock
    runs: so no message is ahead of it, and none arrives earlier than its link allows."""

    def __init__(self, begin, machine, get_on):
        options = begin.get("options", {})
        if not isinstance(options, dict):
            raise Problem(f"`options` must be an object, not {protocol.shown(options)}")
        unknown = sorted(set(options) - {"ttl", "start"})
        if unknown:
            raise Problem(f"Mininet has no option {unknown[0]}", "it has ttl and start")
        ttl = whole(options, "ttl") if "ttl" in options else None
        if ttl == 0:
            raise Problem("`ttl` must be above 0")
        self._machine = machine
        self._default = self._link(begin)
        self.clock = Clock(whole(options, "start", 0))
        self._lab = Lab(machine, whole(begin, "seed"), get_on)
        self._flights = Flights(ttl)
        self._nodes = {}  # those that are attached
        self._numbers = {}  # node numbers, also of those that left, by host index
        self._links = {}  # those that differ from the default
        self._unshaped = set()  # directions whose properties have changed
        self._generations = {}  # of the connection that is open or would be opened next
        self._open = set()  # directions that have a connection
        self._arrivals = {}  # when the last message over a direction arrives
        self._waiting = []  # sent, but not yet given to an agent

    def do(self, line):
        """Returns the answer, or None if the line has none."""
        word = line.get("do")
        if not isinstance(word, str) or word not in self.LINES:
            raise Problem(f"`do` cannot be {protocol.shown(word)} with Mininet",
                          "it can be " + ", ".join(self.LINES))
        return self.LINES[word](self, line)

    # What changes something.

    def _attach(self, line):
        number = whole(line, "node")
        if number in self._numbers.values():
            raise Problem(f"Node {number} was attached before")
        host = self._lab.add(len(self._numbers))
        self._numbers[host.index] = number
        for other in self._nodes:
            self._unshaped |= {(number, other), (other, number)}
        self._nodes[number] = Node(host)

    def _detach(self, line):
        number = self._number(line, "node")
        self._end("detached", lambda *pair: number in pair)
        self._links = {p: link for p, link in self._links.items() if number not in p}
        self._unshaped = {p for p in self._unshaped if number not in p}
        self._lab.remove(self._nodes.pop(number).host)

    def _set_up(self, line):
        number, up = self._number(line, "node"), truth(line, "up")
        node = self._nodes[number]
        if node.up == up:
            return
        if not up:
            self._end("down", lambda *pair: number in pair)
        node.up = up
        self._lab.plug(node.host, up)

    def _set_default(self, line):
        self._default = self._link(line)
        self._changed((a, b) for a in self._nodes for b in self._nodes
                      if a != b and (a, b) not in self._links)

    def _set_link(self, line):
        pair = self._pair(line)
        self._links[pair] = self._link(line)
        self._changed([pair])

    def _clear_link(self, line):
        pair = self._pair(line)
        self._links.pop(pair, None)
        self._changed([pair])

    def _send(self, line):
        message, pair, size = whole(line, "id"), self._pair(line), whole(line, "bytes")
        if self._flights.known(message):
            raise Problem(f"Message {message} was sent before")
        now = self.clock.now()
        flight = self._flights.send(message, now, pair, size)
        sender, receiver = (self._nodes[number] for number in pair)
        if not sender.up:
            self._flights.end(message, now, "down")
        elif not self._of(pair).up:
            self._flights.end(message, now, "unreachable")
        elif not receiver.up:
            self._flights.end(message, now, "down")
        else:
            self._waiting.append(flight)

    def _withdraw(self, line):
        for message in wholes(line, "ids"):
            if not self._flights.known(message):
                raise Problem(f"Message {message} was never sent")
            self._flights.withdraw(message)

    # What lets time pass.

    def _advance(self, line):
        until = self._later(line, "to")
        self._pass(until, lambda: False)
        return self._stand(until)

    def _next(self, line):
        limit = self._later(line, "limit")
        return self._stand(self._pass(limit, self._flights.any_ended))

    def _drain(self, line):
        messages = set(wholes(line, "until"))
        if messages:
            at = self._pass(None, lambda: not any(m in self._flights for m in messages))
        else:
            at = self._pass(None, lambda: not self._flights)
        return self._stand(at)

    def _pass(self, until, enough):
        """Lets the clock run until enough(), or until it shows `until` (None: no limit). Returns
        what it shows then: the time of an end, if that was enough. Where nothing is on the way, the
        rest of the time passes at once, since nothing can happen in it."""
        self._lab.hear(0, self._report)
        at = self.clock.now()
        self._run_to(at)
        if enough() or until == at:
            return at
        self._lab.wait_until_ready(self._report)
        self._shape()
        self.clock.start()
        self._release()
        while self._flights:
            times = [t for t in (until, self._flights.next_end()) if t is not None]
            self._lab.hear(self.clock.wait(min(times, default=protocol.LARGEST)), self._report)
            now = self.clock.now() if until is None else min(self.clock.now(), until)
            while (end := self._flights.next_end()) is not None and end <= now:
                self._run_to(end)
                if enough():
                    return end
            if now == until:
                break
        return until

    def _run_to(self, at):
        # A connection cannot leave out a message: those behind one that expired need a fresh one.
        for pair in self._flights.pass_to(at):
            self._send_again(pair)

    def _stand(self, at):
        """The clock stands at `at`; returns the answer."""
        self.clock.stop(at)
        return {"now": at, "ended": self._flights.take()}

    def _report(self, host, words):
        """An agent says something."""
        word, *rest = words
        if word == "arrived":
            message, wall = rest
            flight = self._flights.get(message)
            if flight:
                rate = self._of(flight.pair).bandwidth
                at = self.clock.at(wall) + shaping.last_packet_time(rate, flight.bytes)
                # A short one does not pass the one before it, whose last packet is longer.
                at = self._arrivals[flight.pair] = max(at, self._arrivals.get(flight.pair, 0))
                self._flights.arrive(flight, at)
        elif word == "broken":
            address, generation = rest
            pair = self._numbers[host.index], self._number_at(address)
            # The system gave the connection up, which we did not ask for: again on a fresh one.
            if pair in self._open and self._generations[pair] == generation:
                self._send_again(pair)

    # The links and their connections.

    def _of(self, pair):
        return self._links.get(pair, self._default)

    def _changed(self, pairs):
        """The properties of these are not what they were."""
        pairs = set(pairs)
        self._unshaped |= pairs
        down = {pair for pair in pairs if not self._of(pair).up}
        if down:
            self._end("unreachable", lambda *pair: pair in down)

    def _end(self, reason, affected):
        """Ends what is on the way where affected(from, to), and the connections there."""
        now = self.clock.now()
        for flight in self._flights.of(affected):
            self._flights.end(flight.id, now, reason)
        for pair in [pair for pair in self._open if affected(*pair)]:
            self._close(pair)

    def _close(self, pair):
        """At both ends; the next message opens a fresh connection."""
        sender, receiver = (self._nodes[number].host for number in pair)
        generation = self._generations[pair]
        sender.wire.tell("close", receiver.ip)
        receiver.wire.tell("drop", sender.ip, generation)
        self._generations[pair] = generation + 1
        self._open.discard(pair)

    def _send_again(self, pair):
        """What is on the way over this direction goes on a fresh connection."""
        if pair in self._open:
            self._close(pair)
        self._waiting = [flight for flight in self._waiting if flight.pair != pair]
        self._waiting += self._flights.of(lambda *its: its == pair)
        if self.clock.runs():
            self._release()

    def _shape(self):
        """Gives the links the properties that have changed since time last passed."""
        wanted = {}
        for pair in self._unshaped:
            link = self._of(pair)
            hosts = tuple(self._nodes[number].host for number in pair)
            wanted[hosts] = Shape(link.bandwidth, link.latency, link.loss)
        self._unshaped = set()
        self._lab.shape(wanted)

    def _release(self):
        """Gives the agents what was sent and has not ended meanwhile."""
        batches = {}
        for flight in self._waiting:
            if flight.id in self._flights:
                batches.setdefault(flight.pair, []).append((flight.id, flight.bytes))
        self._waiting = []
        for pair, messages in batches.items():
            sender, receiver = (self._nodes[number].host for number in pair)
            self._open.add(pair)
            sender.wire.tell("send", receiver.ip, self._generations.setdefault(pair, 0), messages)

    # What a line says.

    def _link(self, line):
        link = protocol.link(line)
        shaping.check(link, self._machine)
        return link

    def _number(self, line, key):
        number = whole(line, key)
        if number not in self._nodes:
            raise Problem(f"Node {number} is not attached")
        return number

    def _number_at(self, address):
        """None if its node has left meanwhile."""
        return next((number for number, node in self._nodes.items() if node.host.ip == address),
                    None)

    def _pair(self, line):
        pair = self._number(line, "from"), self._number(line, "to")
        if pair[0] == pair[1]:
            raise Problem(f"Node {pair[0]} has no link to itself")
        return pair

    def _later(self, line, key):
        time = whole(line, key)
        if time < self.clock.now():
            raise Problem(f"`{key}` is {time}, but the clock shows {self.clock.now()} already")
        return time

    LINES = {"attach": _attach, "detach": _detach, "node": _set_up, "default": _set_default,
             "link": _set_link, "clear": _clear_link, "send": _send, "withdraw": _withdraw,
             "advance": _advance, "next": _next, "drain": _drain}
