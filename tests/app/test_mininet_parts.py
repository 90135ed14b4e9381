#!/usr/bin/env python3
"""Parts of the Mininet helper that need no network: they are tested everywhere."""

import socket
import sys
import unittest

from mininet_helper import HELPER_FOLDER, link

sys.dont_write_bytecode = True
sys.path.insert(0, str(HELPER_FOLDER))
import protocol  # noqa: E402
import shaping  # noqa: E402
from channel import STUCK, Channel  # noqa: E402
from flights import Flights  # noqa: E402


class Reading(unittest.TestCase):
    """Of lines, without a helper."""

    def assert_problem(self, part, read, *arguments):
        with self.assertRaises(protocol.Problem) as raised:
            read(*arguments)
        self.assertIn(part, raised.exception.error)

    def test_a_link_is_in_its_ranges_and_has_nothing_unknown(self):
        good = protocol.link({"link": link(0.5, 7, 1e6, False)})
        self.assertEqual(good, (0.5, 7, 1e6, False))
        for change, part in (({"loss": 1.5}, "loss"), ({"loss": None}, "loss"),
                             ({"loss": float("nan")}, "loss"), ({"loss": True}, "loss"),
                             ({"latency": -1}, "latency"), ({"latency": 0.5}, "latency"),
                             ({"bandwidth": 0}, "bandwidth"), ({"bandwidth": 10**400}, "bandwidth"),
                             ({"bandwidth": "1e6"}, "bandwidth"), ({"up": 1}, "up"),
                             ({"jitter": 1}, "jitter")):
            with self.subTest(change):
                self.assert_problem(part, protocol.link, {"link": {**link(), **change}})
        self.assert_problem("link", protocol.link, {})

    def test_numbers_are_whole_and_in_64_bits(self):
        self.assertEqual(protocol.whole({"id": 2**63 - 1}, "id"), 2**63 - 1)
        for value in (-1, 2**63, 1.0, True, None, "1", []):
            self.assert_problem("id", protocol.whole, {"id": value}, "id")
            self.assert_problem("ids", protocol.wholes, {"ids": [1, value]}, "ids")

    def test_a_line_is_one_object(self):
        self.assertEqual(protocol.decode(b' {"do": "drain"}\r'), {"do": "drain"})
        for line in (b"", b"[]", b"{", b"\xff", b"[" * 10**5, b"1" * 10**5):
            self.assert_problem("", protocol.decode, line)


class SignOfLife(unittest.TestCase):
    # A shell of Mininet's that had been killed was waited for without end, and the helper said all the
    # time that it lived.
    def test_work_that_stands_still_has_none(self):
        wall = [0.0]
        ours, its = socket.socketpair()
        self.addCleanup(ours.close)
        channel = Channel(its, lambda: 12, lambda: wall[0])
        ours.sendall(b'{"do":"drain"}\n')
        self.assertEqual(channel.next_line(), {"do": "drain"})
        wall[0] = STUCK
        channel._say_that_it_lives()
        with self.assertRaises(BlockingIOError):
            ours.recv(1, socket.MSG_DONTWAIT)
        channel.get_on()
        channel._say_that_it_lives()
        self.assertEqual(ours.recv(100).splitlines()[0], b'{"alive":12}')


class Bookkeeping(unittest.TestCase):
    """Of the messages, without any network."""

    def rows(self, flights):
        return [(message, at, reason) for message, _, at, reason in flights.take()]

    def test_a_message_ends_once_whoever_says_so_first(self):
        flights = Flights()
        flight = flights.send(5, 10, (0, 1), 100)
        flights.arrive(flight, 30)
        flights.arrive(flight, 40)
        flights.pass_to(20)
        self.assertEqual(self.rows(flights), [])
        flights.pass_to(100)
        flights.end(5, 100, "down")
        self.assertEqual(self.rows(flights), [(5, 30, "")])
        self.assertEqual((len(flights), flights.next_end()), (0, None))

    def test_an_end_comes_before_an_arrival_that_lies_ahead(self):
        flights = Flights()
        flights.arrive(flights.send(1, 0, (0, 1), 100), 50)
        flights.end(1, 20, "down")
        flights.pass_to(100)
        self.assertEqual(self.rows(flights), [(1, 20, "down")])

    def test_arrival_and_expiry_go_by_the_clock(self):
        flights = Flights(ttl=40)
        for message, arrival in ((1, 40), (2, 41), (3, 12)):
            flights.arrive(flights.send(message, 0, (0, message), 100), arrival)
        self.assertEqual(flights.next_end(), 12)
        self.assertEqual(flights.pass_to(60), [(0, 2)])
        self.assertEqual(self.rows(flights), [(3, 12, ""), (1, 40, ""), (2, 40, "expired")])

    def test_one_that_is_heard_of_after_a_later_one_has_ended_ends_with_that_one(self):
        flights = Flights()
        first, second, third = (flights.send(message, 0, (0, 1), 100) for message in (1, 2, 3))
        flights.arrive(second, 40)
        flights.pass_to(50)
        flights.arrive(first, 30)  # its agent was slow to say so
        self.assertEqual(flights.next_end(), 40)
        flights.pass_to(50)
        flights.arrive(third, 45)
        flights.pass_to(50)
        self.assertEqual(self.rows(flights), [(1, 40, ""), (2, 40, ""), (3, 45, "")])

    def test_the_last_packet_of_a_message_takes_its_time(self):
        self.assertEqual(shaping.last_packet_time(None, 100), 0)
        # One packet: 16 bytes of the message's header and 66 of the packet's; 8 ns a byte.
        self.assertEqual(shaping.last_packet_time(1e9, 0), 8 * (16 + 66))
        self.assertEqual(shaping.last_packet_time(1e9, 1432), 8 * 1514)
        self.assertEqual(shaping.last_packet_time(1e9, 1433), 8 * 67)


if __name__ == "__main__":
    unittest.main()
