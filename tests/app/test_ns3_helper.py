"""delstep-ns3 alone, driven line by line as the simulator drives it (docs/internals/network-helpers.md).
Expected times are computed from sizes, rates and latencies; seeds are fixed, so shares hold or fail for good."""

import array
import json
import math
import os
import pathlib
import random
import select
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import unittest

HELPER = os.environ.get("DELSTEP_NS3_HELPER", "")
MS = 1_000_000  # nanoseconds
S = 1000 * MS
PERFECT = {"loss": 0, "latency": 0, "bandwidth": None, "up": True}
WAIT = 300  # seconds until a test gives up on an answer


def link(**changes):
    return {**PERFECT, **changes}


class Helper:
    """One process of the helper, or a forked copy of one, at the other end of a socket."""

    def __init__(self, test, end, process=None, pid=None):
        self.test, self.end, self.process = test, end, process
        self.pid = process.pid if process else pid
        end.settimeout(WAIT)
        self.buffer = b""
        self.now = 0
        self.alive = []  # what it said of itself while it worked
        self.raw = []  # all answers as they came
        test.addCleanup(self.close)

    @classmethod
    def start(cls, test):
        ours, theirs = socket.socketpair()
        number = theirs.fileno()
        # Python's descriptors close themselves in new programs; the copy that is number 3 does not.
        process = subprocess.Popen([HELPER], preexec_fn=lambda: os.dup2(number, 3), close_fds=False,
                                   stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)
        theirs.close()
        return cls(test, ours, process)

    def close(self):
        self.end.close()
        if self.process:
            self.process.wait(WAIT)
            self.process.stderr.close()

    def tell(self, *lines):
        data = "".join(json.dumps(line) + "\n" for line in lines)
        self.end.sendall(data.encode())

    def line(self):
        """The next line that it writes; None: it has closed its end."""
        while b"\n" not in self.buffer:
            try:
                more = self.end.recv(1 << 16)
            except ConnectionResetError:  # it ended without having read all
                more = b""
            if not more:
                return None
            self.buffer += more
        line, _, self.buffer = self.buffer.partition(b"\n")
        return line

    def answer(self):
        while True:
            line = self.line()
            if line is None:
                raise AssertionError("the helper has ended: " + self.last_words())
            value = json.loads(line)
            if "alive" not in value:
                self.raw.append(line)
                return value
            self.alive.append(value["alive"])

    def last_words(self):
        return self.process.stderr.read().decode() if self.process else ""

    def ask(self, **line):
        self.tell(line)
        return self.answer()

    def ended(self, **line):
        """Asks, and gives {message: (at, reason)}; `now` is the clock then."""
        answer = self.ask(**line)
        if "error" in answer:
            raise AssertionError(answer)
        self.now = answer["now"]
        return {message: (at, reason) for message, _, at, reason in answer["ended"]}

    def drain(self, *until):
        return self.ended(do="drain", until=list(until))

    def advance(self, to):
        return self.ended(do="advance", to=to)

    def send(self, message, start, end, size=1000):
        self.tell({"do": "send", "id": message, "from": start, "to": end, "bytes": size})

    def fork(self):
        ours, theirs = socket.socketpair()
        with theirs:
            self.end.sendmsg([b'{"do":"fork"}\n'],
                             [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [theirs.fileno()]))])
            return Helper(self.test, ours, pid=self.answer()["forked"])


@unittest.skipUnless(HELPER, "delstep-ns3 was not built: install libns3-dev and configure again")
class HelperTest(unittest.TestCase):
    def begin(self, nodes=2, seed=1, default=None, **options):
        helper = Helper.start(self)
        hello = helper.ask(do="begin", protocol=1, backend="ns3", seed=seed, link=default or link(),
                           options=options)
        self.assertEqual(hello.get("hello"), 1, hello)
        helper.tell(*({"do": "attach", "node": node} for node in range(nodes)))
        return helper

    def wait_for_end(self, *copies):
        """Until they have gone from the system; a zombie would stay for ever."""
        for copy in copies:
            try:
                with open(os.pidfd_open(copy.pid), "rb") as process:
                    self.assertTrue(select.select([process], [], [], WAIT)[0], "it lives on")
            except ProcessLookupError:
                continue
            while os.path.exists(f"/proc/{copy.pid}"):  # a moment at most
                os.sched_yield()


def udp_time(size, rate, mtu=1500):
    """Nanoseconds until the last bit of a message has left; each packet's time is a whole number of them."""
    payload = mtu - 28
    full, rest = divmod(size, payload)
    sizes = [payload] * full + [rest] * (rest > 0)
    return sum(int((part + 28 + 2) * 8 * S // rate) for part in sizes)  # IP and UDP 28, PPP 2


def fragments(size, mtu=1500):
    return -(-size // (mtu - 28))


class Udp(HelperTest):
    def test_a_message_takes_the_time_of_its_packets_and_the_latency(self):
        for size in (1, 1472, 1473, 101_800):
            for rate, latency in ((1e7, 0), (1e6, 20 * MS), (3e6, 1)):
                helper = self.begin(transport="udp", default=link(bandwidth=rate, latency=latency))
                helper.send(1, 0, 1, size)
                (at, reason), = helper.drain().values()
                self.assertEqual(reason, "")
                # ns-3 may round the time of a packet to either side.
                self.assertAlmostEqual(at, udp_time(size, rate) + latency, delta=fragments(size))
                helper.close()

    def test_jumbo_frames_need_fewer_packets(self):
        helper = self.begin(transport="udp", mtu=9000, default=link(bandwidth=1e7))
        helper.send(1, 0, 1, 101_800)
        self.assertEqual(fragments(101_800, 9000), 12)
        (at, _), = helper.drain().values()
        self.assertAlmostEqual(at, udp_time(101_800, 1e7, 9000), delta=12)

    def test_messages_on_a_link_queue_and_links_share_nothing(self):
        helper = self.begin(3, transport="udp", default=link(bandwidth=1e6))
        for message, (start, end) in enumerate([(0, 1), (0, 1), (0, 2), (1, 0)]):
            helper.send(message, start, end, 10_000)
        ended = helper.drain()
        once = udp_time(10_000, 1e6)
        for message, times in ((0, 1), (1, 2), (2, 1), (3, 1)):
            self.assertAlmostEqual(ended[message][0], times * once, delta=14)

    def test_each_direction_has_its_own_properties(self):
        helper = self.begin(transport="udp", default=link(bandwidth=1e6, latency=5 * MS))
        helper.tell({"do": "link", "from": 0, "to": 1, "link": link(bandwidth=2e6, latency=70 * MS)})
        helper.send(1, 0, 1, 10_000)
        helper.send(2, 1, 0, 10_000)
        ended = helper.drain()
        self.assertAlmostEqual(ended[1][0], udp_time(10_000, 2e6) + 70 * MS, delta=7)
        self.assertAlmostEqual(ended[2][0], udp_time(10_000, 1e6) + 5 * MS, delta=7)

    def test_without_limit_and_latency_a_message_passes_in_the_same_moment(self):
        # ns-3's TCP looks a nanosecond later at what it was given.
        for transport, later in (("udp", 0), ("tcp", 1)):
            helper = self.begin(transport=transport)
            helper.advance(4 * MS)
            helper.send(1, 0, 1, 10_000_000)
            self.assertEqual(helper.advance(4 * MS + later), {1: (4 * MS + later, "")})

    def test_a_message_arrives_if_all_its_packets_do(self):
        # 3 packets each: (1-p)^3 of the messages arrive, within three deviations.
        count, size, loss = 2000, 4000, 0.1
        share = (1 - loss) ** fragments(size)
        for topology in ("mesh", "star", "csma"):
            helper = self.begin(transport="udp", topology=topology, ttl=3000 * S,
                                default=link(loss=loss, bandwidth=1e8))
            for message in range(count):
                helper.send(message, 0, 1, size)
            arrived = sum(reason == "" for _, reason in helper.drain().values())
            self.assertAlmostEqual(arrived, count * share,
                                   delta=3 * math.sqrt(count * share * (1 - share)), msg=topology)

    def test_a_lost_message_ends_when_its_last_packet_would_have_come(self):
        helper = self.begin(transport="udp", default=link(loss=1, bandwidth=1e6, latency=20 * MS))
        helper.send(1, 0, 1, 10_000)
        (at, reason), = helper.drain().values()
        self.assertEqual(reason, "loss")
        self.assertAlmostEqual(at, udp_time(10_000, 1e6) + 20 * MS, delta=7)

    def test_what_is_drawn_on_a_link_depends_on_the_link_and_the_seed_alone(self):
        def fates(seed, start, end, others=()):
            helper = self.begin(4, seed=seed, transport="udp", default=link(loss=0.5, latency=MS))
            for message in range(100):
                helper.send(message, start, end, 100)
                for k, (a, b) in enumerate(others):
                    helper.send(1000 + 10 * message + k, a, b, 5000)
            ended = helper.drain()
            helper.close()
            return [ended[message][1] for message in range(100)]

        alone = fates(7, 0, 1)
        self.assertEqual(fates(7, 0, 1, [(1, 0), (2, 3), (0, 2)]), alone)
        self.assertNotEqual(fates(8, 0, 1), alone)
        self.assertNotEqual(fates(7 + 2**31, 0, 1), alone)
        self.assertNotEqual(fates(7, 1, 0), alone)
        self.assertNotEqual(fates(7, 0, 2), alone)


class Tcp(HelperTest):
    def test_a_message_takes_the_time_of_its_segments_after_a_handshake(self):
        # 1448 bytes of a message are 1502 on the wire: TCP with time stamps 52, PPP 2. Its SYN and the
        # answer to it (58 bytes at most) take a round trip. With 10 segments for a start and no latency
        # to speak of, the link is never idle but at the beginning.
        size, rate = 101_800, 1e7
        bits = 8 * (size + math.ceil(size / 1448) * 54)
        helper = self.begin(default=link(bandwidth=rate))
        helper.send(1, 0, 1, size)
        first = helper.drain()[1][0]
        self.assertGreater(first, bits * S / rate)
        self.assertLess(first, bits * S / rate * 1.02)
        helper.send(2, 0, 1, size)  # the connection is there
        second = helper.drain()[2][0] - first
        self.assertAlmostEqual(second, bits * S / rate, delta=bits * S / rate * 0.005)

    def test_latency_costs_a_round_trip_for_the_handshake_and_those_of_the_slow_start(self):
        # The first 10 segments leave after one round trip; these fit, so 3 latencies in all.
        latency = 50 * MS
        helper = self.begin(default=link(latency=latency))
        helper.send(1, 0, 1, 10 * 1448)
        self.assertEqual(helper.drain()[1], (3 * latency + 1, ""))  # ns-3's TCP adds a nanosecond
        # 1 more: it waits for an answer, another round trip.
        other = self.begin(default=link(latency=latency))
        other.send(1, 0, 1, 11 * 1448)
        self.assertEqual(other.drain()[1], (5 * latency + 1, ""))

    def test_losses_delay_and_lose_nothing(self):
        helper = self.begin(default=link(loss=0.02, bandwidth=1e7, latency=5 * MS))
        for message in range(20):
            helper.send(message, 0, 1, 100_000)
        ended = helper.drain()
        self.assertEqual({reason for _, reason in ended.values()}, {""})
        self.assertEqual(sorted(ended, key=lambda m: ended[m][0]), list(range(20)), "in their order")

    def test_a_flood_of_a_mesh_takes_as_long_as_one_transfer(self):
        # Private links: 132 transfers at once take the 85 ms of one, a little more where answers share
        # a cable with data.
        helper = self.begin(12, default=link(bandwidth=1e7))
        pairs = [(a, b) for a in range(12) for b in range(12) if a != b]
        for _ in range(2):
            start = helper.now
            for message, (a, b) in enumerate(pairs):
                helper.send(start + message, a, b, 101_800)
            ended = helper.drain()
            self.assertEqual(len(ended), 132)
            self.assertEqual({reason for _, reason in ended.values()}, {""})
            self.assertLess(helper.now - start, 1.07 * 8 * (101_800 + 71 * 54) / 1e7 * S)

    def test_what_is_not_there_in_time_expires_and_those_after_it_go_on(self):
        helper = self.begin(ttl=S, default=link(bandwidth=1e6))
        helper.send(1, 0, 1, 1_000_000)  # 8 s
        helper.advance(100 * MS)
        helper.send(2, 0, 1, 5000)  # waits behind it
        helper.send(3, 0, 1, 1_000_000)
        ended = helper.drain()
        self.assertEqual(ended[1], (S, "expired"))
        self.assertEqual(ended[3], (S + 100 * MS, "expired"))
        # From 1 s on: a packet of the first that the cable was at, a handshake of 3 short packets, and 4
        # segments, the last of which the third message fills up. A microsecond a bit.
        self.assertEqual(ended[2][1], "")
        self.assertGreater(ended[2][0] - S, 8 * 4 * 1502 * 1000)
        self.assertLess(ended[2][0] - S, 8 * (5 * 1502 + 3 * 70) * 1000)
        helper.send(4, 0, 1, 10_000)
        self.assertEqual(helper.drain()[4][1], "")

    def test_messages_larger_than_any_buffer_arrive(self):
        helper = self.begin(default=link(bandwidth=1e9, latency=MS))
        helper.send(1, 0, 1, 30_000_000)
        (at, reason), = helper.drain().values()
        self.assertEqual(reason, "")
        # CUBIC leaves the slow start with care, so a part of the link is idle for a while.
        self.assertLess(at, 1.4 * 8 * 30_000_000 * 1502 / 1448 / 1e9 * S)

    def test_the_smallest_and_the_largest_packets_work(self):
        for mtu in (68, 65535):
            helper = self.begin(mtu=mtu, default=link(bandwidth=1e8, loss=0.01))
            helper.send(1, 0, 1, 20_000)
            self.assertEqual(helper.drain()[1][1], "")


class TimeAndEnds(HelperTest):
    def test_time_stops_where_it_was_asked_to(self):
        helper = self.begin(3, transport="udp", default=link(latency=10 * MS))
        helper.tell({"do": "link", "from": 0, "to": 2, "link": link(latency=10 * MS + 1)})
        helper.send(1, 0, 1)
        helper.send(2, 0, 2)
        self.assertEqual(helper.advance(10 * MS - 1), {})
        self.assertEqual(helper.now, 10 * MS - 1)
        self.assertEqual(helper.advance(10 * MS), {1: (10 * MS, "")})
        self.assertEqual(helper.advance(S), {2: (10 * MS + 1, "")})
        self.assertEqual(helper.now, S)

    def test_next_stops_at_the_first_ends(self):
        helper = self.begin(5, transport="udp", default=link(latency=10 * MS))
        helper.tell({"do": "link", "from": 0, "to": 2, "link": link(latency=10 * MS + 1)})
        for message, (a, b) in {1: (0, 1), 2: (0, 2), 4: (2, 1)}.items():
            helper.send(message, a, b)
        self.assertEqual(helper.ended(do="next", limit=10 * MS - 1), {})
        self.assertEqual(helper.now, 10 * MS - 1)
        self.assertEqual(helper.ended(do="next", limit=S), {1: (10 * MS, ""), 4: (10 * MS, "")})
        self.assertEqual(helper.now, 10 * MS)
        self.assertEqual(helper.ended(do="next", limit=S), {2: (10 * MS + 1, "")})
        self.assertEqual(helper.ended(do="next", limit=S), {})
        self.assertEqual(helper.now, S)

    def test_draining_some_stops_at_the_last_of_them(self):
        helper = self.begin(5, transport="udp")
        for node in (1, 2, 3, 4):
            helper.tell({"do": "link", "from": 0, "to": node, "link": link(latency=node * 10 * MS)})
            helper.send(node, 0, node)
        self.assertEqual(helper.drain(77), {})
        self.assertEqual(helper.now, 0)
        self.assertEqual(list(helper.drain(3, 2)), [1, 2, 3])
        self.assertEqual(helper.now, 30 * MS)
        self.assertEqual(helper.drain(), {4: (40 * MS, "")})
        self.assertEqual(helper.drain(), {})
        self.assertEqual(helper.now, 40 * MS)

    def test_ends_are_ordered_by_time_then_by_sending(self):
        helper = self.begin(4, transport="udp", default=link(latency=5 * MS))
        helper.tell({"do": "link", "from": 0, "to": 1, "link": link(latency=9 * MS)})
        for message, (a, b) in ((8, (0, 1)), (7, (0, 2)), (9, (0, 3)), (1, (2, 3))):
            helper.send(message, a, b)
        self.assertEqual(list(helper.drain()), [7, 9, 1, 8])

    def test_the_last_nanosecond_is_reached_at_once(self):
        helper = self.begin(default=link(latency=2**62))
        helper.send(1, 0, 1)
        self.assertEqual(helper.drain()[1], (60 * S, "expired"))
        helper.advance(2**63 - 1)
        self.assertEqual(helper.now, 2**63 - 1)
        helper.send(2, 0, 1)
        self.assertEqual(helper.drain(), {2: (2**63 - 1, "expired")})

    def test_what_is_withdrawn_is_not_reported(self):
        for transport in ("udp", "tcp"):
            helper = self.begin(3, transport=transport, default=link(bandwidth=1e6))
            alone = self.begin(3, transport=transport, default=link(bandwidth=1e6))
            for one in (helper, alone):
                one.send(1, 0, 1, 10_000)
                one.send(2, 0, 1, 10_000)
            helper.tell({"do": "withdraw", "ids": [1]})
            self.assertEqual(helper.drain()[2], alone.drain()[2], "it travels on")
            helper.send(3, 0, 1)
            helper.tell({"do": "node", "node": 0, "up": False}, {"do": "withdraw", "ids": [3]})
            self.assertEqual(helper.drain(), {})


class ComingAndGoing(HelperTest):
    def both(self, nodes, **default):
        for transport in ("udp", "tcp"):
            with self.subTest(transport):
                yield self.begin(nodes, transport=transport, default=link(**default))

    def test_a_node_that_goes_down_ends_its_messages_now(self):
        for helper in self.both(3, latency=20 * MS):
            for message, (a, b) in enumerate([(0, 1), (1, 2), (0, 2)]):
                helper.send(message, a, b)
            helper.advance(5 * MS)
            helper.tell({"do": "node", "node": 1, "up": False})
            self.assertEqual(helper.drain(0), {0: (5 * MS, "down"), 1: (5 * MS, "down")})
            self.assertEqual(helper.drain()[2][1], "")

    def test_a_message_to_a_node_that_is_down_is_lost_unless_it_is_back_in_time(self):
        for helper in self.both(2, latency=20 * MS):
            helper.tell({"do": "node", "node": 1, "up": False})
            helper.send(0, 0, 1)
            ended = helper.drain()
            self.assertEqual(ended[0][1], "down")
            self.assertGreaterEqual(ended[0][0], 20 * MS)
            helper.send(1, 0, 1)
            helper.advance(helper.now + MS)
            helper.tell({"do": "node", "node": 1, "up": True})
            self.assertEqual(helper.drain()[1][1], "")

    def test_a_message_from_a_node_that_is_down_ends_at_once(self):
        for helper in self.both(2, latency=20 * MS):
            helper.tell({"do": "node", "node": 0, "up": False})
            helper.send(0, 0, 1)
            helper.tell({"do": "node", "node": 0, "up": True})
            helper.send(1, 0, 1)
            self.assertEqual(helper.advance(0), {0: (0, "down")})
            self.assertEqual(helper.drain()[1][1], "")

    def test_a_link_that_goes_down_ends_its_messages_now(self):
        for helper in self.both(3, latency=20 * MS):
            helper.send(0, 0, 1)
            helper.send(1, 0, 2)
            helper.advance(5 * MS)
            helper.tell({"do": "link", "from": 0, "to": 1, "link": link(up=False)})
            helper.send(2, 0, 1)
            self.assertEqual(helper.advance(5 * MS), {0: (5 * MS, "unreachable"), 2: (5 * MS, "unreachable")})
            helper.tell({"do": "clear", "from": 0, "to": 1})
            helper.send(3, 0, 1)
            ended = helper.drain()
            self.assertEqual({m: reason for m, (_, reason) in ended.items()}, {1: "", 3: ""})

    def test_a_default_link_that_goes_down_spares_links_of_their_own(self):
        for helper in self.both(3, latency=20 * MS):
            helper.tell({"do": "link", "from": 0, "to": 1, "link": link(latency=20 * MS)},
                        {"do": "link", "from": 1, "to": 0, "link": link(latency=20 * MS)})
            helper.send(0, 0, 1)
            helper.send(1, 0, 2)
            helper.advance(5 * MS)
            helper.tell({"do": "default", "link": link(up=False)})
            ended = helper.drain()
            self.assertEqual(ended[1], (5 * MS, "unreachable"))
            self.assertEqual(ended[0][1], "")

    def test_a_node_that_leaves_ends_its_messages_now_and_others_may_join(self):
        for helper in self.both(3, latency=20 * MS):
            for message, (a, b) in enumerate([(0, 1), (1, 2), (0, 2)]):
                helper.send(message, a, b)
            helper.advance(5 * MS)
            helper.tell({"do": "detach", "node": 1}, {"do": "attach", "node": 7})
            helper.send(3, 0, 7)
            ended = helper.drain()
            self.assertEqual(ended[0], (5 * MS, "detached"))
            self.assertEqual(ended[1], (5 * MS, "detached"))
            self.assertEqual([ended[2][1], ended[3][1]], ["", ""])

    def test_without_a_way_back_tcp_waits_until_it_is_there(self):
        helper = self.begin(ttl=30 * S, default=link(latency=MS))
        helper.tell({"do": "link", "from": 1, "to": 0, "link": link(up=False)})
        helper.send(1, 0, 1)
        self.assertEqual(helper.drain(), {1: (30 * S, "expired")})
        helper.send(2, 0, 1)
        helper.advance(31 * S)
        helper.tell({"do": "clear", "from": 1, "to": 0})
        self.assertEqual(helper.drain()[2][1], "")

    def test_changed_links_leave_packets_on_the_way_their_arrival(self):
        helper = self.begin(transport="udp", default=link(latency=20 * MS))
        helper.send(1, 0, 1)
        helper.advance(5 * MS)
        helper.tell({"do": "default", "link": link(loss=1, latency=100 * MS)})
        self.assertEqual(helper.drain(), {1: (20 * MS, "")})
        helper.send(2, 0, 1)
        self.assertEqual(helper.drain(), {2: (120 * MS, "loss")})


class Topologies(HelperTest):
    def test_on_a_star_a_node_shares_its_uplink_and_its_downlink(self):
        size, rate = 14_720, 1e6  # 10 full packets
        packet, message = udp_time(1472, rate), udp_time(size, rate)
        helper = self.begin(4, topology="star", transport="udp", default=link(bandwidth=rate, latency=10 * MS))
        helper.send(1, 0, 1, size)
        helper.send(2, 0, 2, size)
        ended = helper.drain()
        # Stored at the hub and sent again: a packet more than on one cable.
        self.assertAlmostEqual(ended[1][0], message + packet + 10 * MS, delta=20)
        self.assertAlmostEqual(ended[2][0], 2 * message + packet + 10 * MS, delta=40)
        start = helper.now
        helper.send(3, 1, 0, size)
        helper.send(4, 2, 0, size)
        ended = helper.drain()
        self.assertAlmostEqual(max(at for at, _ in ended.values()) - start, 2 * message + packet + 10 * MS,
                               delta=40)

    def test_on_a_star_the_narrower_of_link_and_capacity_counts(self):
        helper = self.begin(3, topology="star", transport="udp", default=link(bandwidth=4e6))
        helper.tell({"do": "capacity", "node": 0, "up": 1e6, "down": None},
                    {"do": "capacity", "node": 1, "up": 9e9, "down": 2e6})
        helper.send(1, 0, 1, 14_720)
        # The uplink is the narrowest, so the downlink adds its last packet alone.
        self.assertAlmostEqual(helper.drain()[1][0], udp_time(14_720, 1e6) + udp_time(1472, 2e6), delta=20)
        start = helper.now
        helper.send(2, 1, 0, 14_720)
        self.assertAlmostEqual(helper.drain()[2][0] - start, udp_time(14_720, 4e6) + udp_time(1472, 4e6),
                               delta=20)

    def test_tcp_floods_arrive_on_star_bus_and_radio(self):
        for topology, default in (("star", link(bandwidth=1e7, latency=MS)), ("csma", link(bandwidth=1e7)),
                                  ("wifi", link())):
            helper = self.begin(4, topology=topology, default=default)
            for message, (a, b) in enumerate((a, b) for a in range(4) for b in range(4) if a != b):
                helper.send(message, a, b, 20_000)
            ended = helper.drain()
            self.assertEqual(len(ended), 12, topology)
            self.assertEqual({reason for _, reason in ended.values()}, {""}, topology)

    def test_a_bus_carries_one_packet_at_a_time(self):
        helper = self.begin(4, topology="csma", transport="udp", default=link(bandwidth=1e7))
        for message, (a, b) in enumerate(((0, 1), (2, 3))):
            helper.send(message, a, b, 14_720)
        ended = helper.drain()
        self.assertEqual({reason for _, reason in ended.values()}, {""})
        # Ethernet adds 18 bytes to a packet of IP; 20 packets, and the waiting between them.
        self.assertGreaterEqual(helper.now, 20 * 8 * 1518 * 100)

    def test_elsewhere_than_on_a_mesh_single_links_can_be_down_alone(self):
        for topology in ("star", "csma", "wifi"):
            for transport in ("udp", "tcp"):
                helper = self.begin(3, topology=topology, transport=transport)
                helper.tell({"do": "link", "from": 0, "to": 1, "link": link(up=False)})
                helper.send(1, 0, 1)
                helper.send(2, 0, 2)
                ended = helper.drain()
                self.assertEqual([ended[1], ended[2][1]], [(0, "unreachable"), ""], topology)
                wrong = {"do": "link", "from": 0, "to": 1, "link": link(latency=MS)}
                self.assertIn("single link", helper.ask(**wrong)["error"])

    def test_a_radio_reaches_as_far_as_its_range(self):
        def place(node, x):
            return {"do": "legs", "node": node, "legs": [[0, x, 0, 0, x, 0]]}

        for transport, out_of_range in (("udp", "unreachable"), ("tcp", "expired")):
            helper = self.begin(3, topology="wifi", transport=transport, range=100, ttl=20 * S)
            helper.tell(place(0, 0), place(1, 99), place(2, -101))
            helper.send(1, 0, 1, 5000)
            helper.send(2, 0, 2, 5000)
            ended = helper.drain()
            self.assertEqual([ended[1][1], ended[2][1]], ["", out_of_range])

    def test_radios_move(self):
        # At 10 m/s from 150 m to 50 m in 10 s: in range from 5 s on.
        helper = self.begin(2, topology="wifi", transport="udp", range=100)
        helper.tell({"do": "legs", "node": 1, "legs": [[0, 150, 0, 10 * S, 50, 0]]})
        fates = []
        for message, second in enumerate((1, 4, 6, 9)):
            helper.advance(second * S)
            helper.send(message, 0, 1)
            fates.append(helper.drain()[message][1])
        self.assertEqual(fates, ["unreachable", "unreachable", "", ""])


class CopiesAndRepetition(HelperTest):
    LOSSY = link(loss=0.05, bandwidth=1e6, latency=5 * MS)

    def first_half(self, helper):
        for message in range(12):
            helper.send(message, message % 3, (message + 1) % 3, 20_000)
        helper.advance(100 * MS)

    def second_half(self, helper):
        """Everything it answers from here on."""
        helper.raw.clear()
        for message in range(100, 112):
            helper.send(message, message % 3, (message + 2) % 3, 20_000)
        helper.tell({"do": "default", "link": link(loss=0.2, bandwidth=1e6)}, {"do": "attach", "node": 9})
        helper.send(200, 9, 0)
        helper.ended(do="next", limit=S)
        helper.drain()
        return b"\n".join(helper.raw)

    def test_the_same_lines_give_the_same_bytes(self):
        for options in ({"transport": "udp"}, {"transport": "tcp"}, {"topology": "star"},
                        {"topology": "csma", "transport": "udp"}):
            answers = []
            for _ in range(2):
                helper = self.begin(3, default=self.LOSSY, **options)
                self.first_half(helper)
                answers.append(self.second_half(helper))
            self.assertEqual(answers[0], answers[1], options)

    def test_a_copy_goes_on_alone_and_alike(self):
        for transport in ("udp", "tcp"):
            helper = self.begin(3, transport=transport, default=self.LOSSY)
            self.first_half(helper)
            copy = helper.fork()
            again = copy.fork()
            original = self.second_half(helper)
            helper.close()  # of no concern to the copies
            self.assertEqual(self.second_half(copy), original)
            copy.close()
            self.assertEqual(self.second_half(again), original)

    def test_a_journal_that_knows_times_alone_leads_to_the_same_state(self):
        # A fresh helper that is only told how far time went, however it went the first time.
        helper = self.begin(3, default=self.LOSSY)
        self.first_half(helper)
        moments = []
        for _ in range(3):
            helper.ended(do="next", limit=10 * S)
            moments.append(helper.now)
        fresh = self.begin(3, default=self.LOSSY)
        self.first_half(fresh)
        fresh.advance(moments[-1])
        self.assertEqual(self.second_half(fresh), self.second_half(helper))

    def test_copies_end_with_their_own_sockets_and_leave_no_zombies(self):
        helper = self.begin()
        copies = [helper.fork() for _ in range(3)]
        for copy in copies:
            copy.tell({"do": "drain", "until": []})
            self.assertEqual(copy.answer()["ended"], [])
        for copy in copies:
            copy.end.shutdown(socket.SHUT_WR)
            self.assertIsNone(copy.line())
        self.wait_for_end(*copies)
        self.assertEqual(helper.drain(), {})

    def test_a_copy_captures_into_files_of_its_own(self):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="delstep-test-"))
        self.addCleanup(shutil.rmtree, folder)
        helper = self.begin(2, pcap=str(folder / "packets"), transport="udp", default=link(latency=MS))
        helper.send(1, 0, 1, 3000)
        helper.drain()
        copy = helper.fork()
        before = self.packets(folder / "packets/node-0-to-1.pcap")
        copy.send(2, 0, 1, 1000)
        copy.drain()
        self.assertEqual(self.packets(folder / "packets/node-0-to-1.pcap"), before)
        self.assertEqual([size for _, size in before], [1502, 1502, 86])  # 1472 + 1472 + 56 bytes, + 30
        self.assertEqual([at for at, _ in self.packets(folder / "packets/node-1-to-0.pcap")], [MS] * 3)
        self.assertEqual([size for _, size in self.packets(
            folder / f"packets/copy-{copy.pid}/node-0-to-1.pcap")], [1030])

    def packets(self, path):
        """[(nanoseconds, bytes on the wire)]"""
        data = path.read_bytes()
        magic, _, _, _, _, _, link_type = struct.unpack_from("=IHHiIII", data)
        self.assertEqual((magic, link_type), (0xA1B23C4D, 9))
        found, at = [], 24
        while at < len(data):
            seconds, nanoseconds, kept, size = struct.unpack_from("=IIII", data, at)
            found.append((seconds * S + nanoseconds, size))
            at += 16 + kept
        self.assertEqual(at, len(data))
        return found

    def test_what_is_lost_on_a_cable_is_not_captured_at_its_end(self):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="delstep-test-"))
        self.addCleanup(shutil.rmtree, folder)
        helper = self.begin(2, pcap=str(folder), transport="udp", default=link(loss=1))
        helper.send(1, 0, 1)
        self.assertEqual(helper.drain()[1][1], "loss")
        self.assertEqual([path.name for path in folder.iterdir()], ["node-0-to-1.pcap"])


class Faults(HelperTest):
    def endless(self, helper):
        """Starts what would take hours, and returns when it is in the middle of it."""
        helper.send(1, 0, 1, 2**40)
        helper.tell({"do": "drain", "until": []})
        self.assertIn("alive", json.loads(helper.line()))

    def test_it_says_that_it_lives_and_ends_when_nobody_listens(self):
        helper = self.begin(ttl=10**18, default=link(bandwidth=1e9))
        self.endless(helper)
        self.assertGreater(json.loads(helper.line())["alive"], 0)
        helper.end.close()
        self.assertEqual(helper.process.wait(WAIT), 0)

    def test_a_copy_lives_and_ends_alike(self):
        helper = self.begin(ttl=10**18, default=link(bandwidth=1e9))
        copy = helper.fork()
        self.endless(copy)
        copy.end.close()
        self.wait_for_end(copy)

    def test_it_needs_its_socket(self):
        done = subprocess.run([HELPER], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 2)
        self.assertIn("descriptor 3", done.stderr)
        version = subprocess.run([HELPER, "--version"], capture_output=True, text=True, check=False)
        self.assertRegex(version.stdout, r"ns-3 3\.\d+")

    BEGIN = {"do": "begin", "protocol": 1, "backend": "ns3", "seed": 1, "link": PERFECT, "options": {}}

    def refused(self, first, *lines):
        """The error after these lines; the helper ends with 1."""
        helper = Helper.start(self)
        data = b"".join(line if isinstance(line, bytes) else json.dumps(line).encode() + b"\n"
                        for line in (first, *lines))
        try:
            helper.end.sendall(data)
        except (BrokenPipeError, ConnectionResetError):
            pass  # it had its reasons after the first lines
        answer = helper.answer()
        if "hello" in answer:
            answer = helper.answer()
        self.assertIn("error", answer)
        self.assertIn("hint", answer)
        self.assertIsNone(helper.line())
        self.assertEqual(helper.process.wait(WAIT), 1)
        helper.close()
        return answer["error"]

    def test_a_beginning_that_makes_no_sense_is_refused(self):
        begin = self.BEGIN
        for changed in ({"do": "drain"}, {"protocol": 2}, {"backend": "mininet"}, {"seed": -1}, {"seed": 2**64},
                        {"link": {}}, {"link": link(loss=1.1)}, {"link": link(latency=-1)},
                        {"link": link(latency=1.5)}, {"link": link(latency=2**63)},
                        {"link": link(bandwidth=0)}, {"link": link(bandwidth="fast")}, {"link": None},
                        {"options": {"topology": "ring"}}, {"options": {"transport": "sctp"}},
                        {"options": {"mtu": 67}}, {"options": {"mtu": 65536}}, {"options": {"ttl": -1}},
                        {"options": {"range": "far"}}, {"options": {"colour": "red"}},
                        {"options": {"pcap": "/proc/no/such/folder"}}, {"options": []},
                        {"options": {"topology": "wifi"}, "link": link(latency=1)},
                        {"options": {"topology": "wifi", "mtu": 9000}}):
            with self.subTest(changed):
                self.refused({**begin, **changed})

    def test_lines_that_make_no_sense_are_refused(self):
        two = [{"do": "attach", "node": 0}, {"do": "attach", "node": 1}]
        sent = {"do": "send", "id": 1, "from": 0, "to": 1, "bytes": 1000}
        for line in (b"{\n", b"\xff\xfe\n", b"1e999\n", b"[" * 10_000 + b"\n", b"[1]\n", {}, {"do": 5}, {"do": "dance"},
                     {"do": "attach", "node": 1}, {"do": "attach", "node": -1}, {"do": "attach", "node": 2**31},
                     {"do": "detach", "node": 5}, {"do": "node", "node": 0, "up": 1},
                     {"do": "send", "id": 1, "from": 0, "to": 0, "bytes": 5}, {**sent, "to": 7},
                     {**sent, "bytes": 0}, {**sent, "bytes": 2**40 + 1}, {**sent, "id": -1}, {**sent, "id": "a"},
                     {"do": "link", "from": 0, "to": 5, "link": link()},
                     {"do": "link", "from": 0, "to": 1, "link": link(loss=math.nan)},
                     {"do": "clear", "from": 3, "to": 1}, {"do": "capacity", "node": 0, "up": 1e6, "down": None},
                     {"do": "legs", "node": 0, "legs": [[0, 0, 0, 1, 1, 1]]}, {"do": "withdraw", "ids": [4]},
                     {"do": "withdraw", "ids": 4}, {"do": "advance", "to": -1}, {"do": "advance", "to": 2**63},
                     {"do": "advance", "to": 1.5}, {"do": "advance"}, {"do": "next", "limit": None},
                     {"do": "drain"}, {"do": "fork"}, {**self.BEGIN}):
            with self.subTest(line):
                self.refused(self.BEGIN, *two, line)
        with self.subTest("the same number twice"):
            self.refused(self.BEGIN, *two, sent, sent)
        with self.subTest("a line that never ends"):
            self.refused(self.BEGIN, b" " * ((64 << 20) + 100_000))

    def test_legs_that_make_no_sense_are_refused(self):
        begin = {**self.BEGIN, "options": {"topology": "wifi"}}
        for legs in (5, [5], [[0, 0, 0, 1, 1]], [[5, 0, 0, 4, 0, 0]], [[0, "a", 0, 1, 0, 0]],
                     [[0, 0, 0, 9, 0, 0], [8, 0, 0, 10, 0, 0]], [[0, 1e300, 0, 1, 0, 0]],
                     [[-1, 0, 0, 1, 0, 0]]):
            with self.subTest(legs):
                self.refused(begin, {"do": "attach", "node": 0}, {"do": "legs", "node": 0, "legs": legs})

    def test_random_lines_never_crash_it(self):
        draw = random.Random(5)
        numbers = [0, 1, 2, 3, 5, -1, 2**31, 2**63 - 1, 2**64, 1.5, 1e300, None, "", "0", [], {}, True]

        def number():
            return draw.choice(numbers) if draw.random() < 0.02 else draw.randrange(4)

        def any_link():
            made = link(loss=draw.choice([0, 0.3, 1]), latency=draw.choice([0, MS, S]),
                        bandwidth=draw.choice([None, 1e5, 1e9]), up=draw.random() < 0.8)
            if draw.random() < 0.02:
                made[draw.choice(list(made))] = draw.choice(numbers)
            return made

        def any_line(clock):
            node, other = number(), number()
            made = draw.choice([
                {"do": "attach", "node": draw.randrange(50)}, {"do": "detach", "node": node},
                {"do": "node", "node": node, "up": draw.random() < 0.5}, {"do": "default", "link": any_link()},
                {"do": "link", "from": node, "to": other, "link": any_link()},
                {"do": "clear", "from": node, "to": other},
                {"do": "capacity", "node": node, "up": draw.choice([None, 1e6]), "down": None},
                {"do": "legs", "node": node, "legs": [[0, number(), 0, S, number(), 0]]},
                *[{"do": "send", "id": draw.randrange(10**9), "from": node, "to": other,
                   "bytes": draw.choice([1, 1000, 50_000])}] * 12,
                {"do": "withdraw", "ids": [number()]},
                *[{"do": "next", "limit": clock + S}, {"do": "drain", "until": []},
                  {"do": "advance", "to": clock + S}] * 2])
            if draw.random() < 0.01:
                del made[draw.choice(list(made))]
            return made

        for session in range(60):
            topology = ("mesh", "star", "csma", "wifi")[session % 4]
            default = link() if topology == "wifi" else link(loss=0.1, latency=MS, bandwidth=1e7)
            helper = self.begin(4, seed=session, topology=topology, ttl=2 * S, default=default,
                                transport=draw.choice(["tcp", "udp"]))
            # Each question lets at most 2 s pass, so these limits are never in the past.
            lines = [any_line(3 * S * k) for k in range(60)]
            clock = 0
            for line in lines:
                try:
                    helper.tell(line)
                except (BrokenPipeError, ConnectionResetError):
                    break  # it has ended for a line before this one
                if line.get("do") not in ("next", "drain", "advance"):
                    continue
                answer = helper.answer()
                if "error" in answer:
                    break
                self.assertGreaterEqual(answer["now"], clock)
                clock = answer["now"]
            helper.end.shutdown(socket.SHUT_WR)
            self.assertIn(helper.process.wait(WAIT), (0, 1), helper.last_words())
            helper.close()


if __name__ == "__main__":
    if not HELPER:
        print("SKIPPED: delstep-ns3 was not built: install libns3-dev and configure again", file=sys.stderr)
        sys.exit(77)
    unittest.main()
