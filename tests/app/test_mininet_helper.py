#!/usr/bin/env python3
"""What the Mininet helper carries. Its networks are real: no test says how fast anything must be,
only how slow."""

import subprocess
import sys
import unittest

from mininet_helper import (AS_NOBODY, HELPER, MODEL, MS, ROOT, UNSHARE, Helper, HelperTest, link,
                            skip_where_it_cannot_work)


def setUpModule():
    skip_where_it_cannot_work()


class Carrying(HelperTest):
    def flood(self, helper, nodes):
        """All to all: each message ends once, in order, and none before its last bit was sent."""
        pairs = [(a, b) for a in range(nodes) for b in range(nodes) if a != b]
        sent = [helper.send(*pair) for pair in pairs]
        ends = helper.ends()
        rows = helper.answer["ended"]
        self.assertEqual(sorted(row[0] for row in rows), sent)
        self.assertEqual(rows, sorted(rows, key=lambda row: (row[2], row[0])))
        self.assertEqual(helper.answer["now"], rows[-1][2])
        for message in sent:
            took, reason = ends[message]
            self.assertEqual(reason, "")
            self.assertGreaterEqual(took, 8 * MODEL / 1e7 * 1e9)

    def test_a_flood_arrives_no_faster_than_the_bandwidth_allows(self):
        helper = self.started(link(bandwidth=1e7), nodes=4, ttl=60_000 * MS)
        for _ in range(3):  # over the same connections
            self.flood(helper, 4)

    def test_the_size_of_a_message_counts_also_when_it_fits_in_one_packet(self):
        helper = self.started(link(bandwidth=1e5), nodes=2)
        for size in (1000, 3000, 0):
            message = helper.send(0, 1, size)
            self.assertGreaterEqual(helper.ends()[message][0], 8 * size / 1e5 * 1e9)

    def test_each_direction_has_its_own_bandwidth_and_messages_queue_behind_each_other(self):
        helper = self.started(nodes=2)
        helper.set_link(0, 1, bandwidth=2e6)
        there = [helper.send(0, 1, 50000) for _ in range(3)]
        back = [helper.send(1, 0, 50000) for _ in range(3)]
        ends = helper.ends()
        for place, message in enumerate(there, 1):
            self.assertGreaterEqual(ends[message][0], place * 8 * 50000 / 2e6 * 1e9)
        # A message of its own time passes 200 ms before the slow ones are through.
        self.assertLess(ends[back[-1]][0], ends[there[-1]][0])
        helper.say("clear", **{"from": 0, "to": 1})
        helper.say("default", link=link(bandwidth=4e6))
        message = helper.send(1, 0, 100000)
        self.assertGreaterEqual(helper.ends()[message][0], 8 * 100000 / 4e6 * 1e9)

    def test_latency_is_of_one_direction_and_never_cut_short(self):
        helper = self.started(link(latency=5 * MS), nodes=3)
        messages = [helper.send(a, b, 1000) for a in range(3) for b in range(3) if a != b]
        ends = helper.ends()
        # The first message needs a handshake: there, back, and there again.
        self.assertTrue(all(ends[m][0] >= 15 * MS for m in messages), ends)
        helper.say("default", link=link())
        helper.set_link(0, 1, latency=400 * MS)
        there, back = helper.send(0, 1, 1000), helper.send(1, 0, 1000)
        ends = helper.ends()
        self.assertGreaterEqual(ends[there][0], 400 * MS)
        self.assertLess(ends[back][0], ends[there][0])

    def test_what_no_packet_survives_expires_and_harms_nobody_else(self):
        helper = self.started(nodes=3, ttl=700 * MS)
        helper.set_link(0, 1, loss=1)
        lost, carried = helper.send(0, 1), helper.send(1, 2)
        ends = helper.ends()
        self.assertEqual(ends[lost], (700 * MS, "expired"))
        self.assertEqual(ends[carried][1], "")
        helper.say("clear", **{"from": 0, "to": 1})
        self.assertEqual(helper.one(0, 1), "")

    def test_a_message_behind_one_that_expires_goes_on_over_a_fresh_connection(self):
        helper = self.started(link(bandwidth=1e6), nodes=2, ttl=1000 * MS)
        large = helper.send(0, 1, 10**6)  # 8 s
        self.assertEqual(helper.ends("advance", to=500 * MS), {})
        small = helper.send(0, 1, 1000)
        ends = helper.ends()
        self.assertEqual(ends[large], (1000 * MS, "expired"))
        self.assertEqual(ends[small][1], "")
        self.assertGreaterEqual(ends[small][0], 500 * MS)

    def test_going_down_ends_what_is_on_the_way_in_both_directions(self):
        helper = self.started(link(bandwidth=1e6), nodes=3)
        there, back, other = helper.send(0, 1), helper.send(1, 0), helper.send(0, 2)
        helper.ends("advance", to=50 * MS)
        helper.say("node", node=1, up=False)
        helper.say("node", node=1, up=False)  # which it is
        from_down, to_down = helper.send(1, 2), helper.send(2, 1)
        ends = helper.ends("advance", to=50 * MS)
        self.assertEqual(ends, {there: (50 * MS, "down"), back: (50 * MS, "down"),
                                from_down: (0, "down"), to_down: (0, "down")})
        self.assertEqual(helper.ends()[other][1], "")
        helper.say("node", node=1, up=True)
        self.assertEqual([helper.one(0, 1), helper.one(1, 0), helper.one(2, 1)], ["", "", ""])

    def test_a_node_that_comes_up_again_has_the_links_it_had(self):
        helper = self.started(link(latency=30 * MS), nodes=2)
        helper.one(0, 1)
        helper.say("node", node=1, up=False)
        helper.ends()
        helper.say("node", node=1, up=True)
        there, back = helper.send(0, 1, 1000), helper.send(1, 0, 1000)
        ends = helper.ends()
        self.assertGreaterEqual(min(ends[there][0], ends[back][0]), 90 * MS)  # with the handshake

    def test_a_link_that_goes_down_ends_what_is_on_the_way_in_its_direction_alone(self):
        helper = self.started(link(bandwidth=1e6), nodes=2)
        there, back = helper.send(0, 1), helper.send(1, 0)
        helper.ends("advance", to=50 * MS)
        helper.set_link(0, 1, up=False)
        late = helper.send(0, 1)
        ends = helper.ends()
        self.assertEqual(ends[there], (50 * MS, "unreachable"))
        self.assertEqual(ends[late], (0, "unreachable"))
        self.assertEqual(ends[back][1], "")
        helper.say("default", link=link(up=False))
        self.assertEqual(helper.one(1, 0), "unreachable")
        helper.set_link(0, 1)
        self.assertEqual(helper.one(0, 1), "")

    def test_nodes_leave_and_join_while_messages_are_on_the_way(self):
        helper = self.started(link(bandwidth=1e6), nodes=3)
        gone, stays = helper.send(0, 1), helper.send(0, 2)
        helper.ends("advance", to=50 * MS)
        helper.set_link(2, 0, latency=200 * MS)  # which is not forgotten over what follows
        helper.say("detach", node=1)
        helper.say("attach", node=7)
        new, late = helper.send(2, 7), helper.send(2, 0, 10)
        ends = helper.ends()
        self.assertGreaterEqual(ends[late][0], 200 * MS)
        self.assertEqual(ends[gone], (50 * MS, "detached"))
        self.assertEqual([ends[stays][1], ends[new][1]], ["", ""])
        self.assertGreaterEqual(ends[new][0], 8 * MODEL / 1e6 * 1e9)
        helper.send(0, 1)
        self.assert_refused(helper, "Node 1 is not attached")


class Clock(HelperTest):
    def test_time_passes_only_as_far_as_it_is_asked_to(self):
        helper = self.started(link(bandwidth=1e6), nodes=3, start=7)
        slow, fast = helper.send(0, 1), helper.send(1, 2, 1000)
        self.assertEqual(list(helper.ends("next", limit=10_000 * MS)), [fast])
        first = helper.answer["now"]
        self.assertEqual(helper.answer["ended"], [[fast, 7, first, ""]])
        self.assertEqual(helper.ends("advance", to=first + 20 * MS), {})
        self.assertEqual(helper.answer["now"], first + 20 * MS)
        self.assertEqual(helper.ends("next", limit=first + 30 * MS), {})
        self.assertEqual(helper.answer["now"], first + 30 * MS)
        self.assertEqual(list(helper.ends("next", limit=10**18)), [slow])
        now = helper.answer["now"]
        self.assertEqual((helper.ends(), helper.answer["now"]), ({}, now))
        # Nothing is on the way, so a century passes at once.
        self.assertEqual(helper.ends("advance", to=10**18), {})
        self.assertEqual(helper.answer["now"], 10**18)
        helper.say("advance", to=10**18 - 1)
        self.assert_refused(helper, "clock")

    def test_a_drain_waits_for_the_messages_it_names(self):
        helper = self.started(link(bandwidth=1e6), nodes=3)
        slow, fast, withdrawn = helper.send(0, 1), helper.send(1, 2, 1000), helper.send(2, 1)
        self.assertEqual(list(helper.ends("drain", until=[fast])), [fast])
        helper.say("withdraw", ids=[withdrawn])
        self.assertEqual(list(helper.ends("drain", until=[slow, fast, withdrawn])), [slow])

    def test_a_sign_of_life_comes_while_it_works(self):
        helper = self.started(link(bandwidth=1e5), nodes=2)
        message = helper.send(0, 1, 15000)
        took = helper.ends()[message][0]
        self.assertGreaterEqual(took, 1_200 * MS)
        self.assertGreaterEqual(len(helper.alive), 1)  # one a second
        self.assertEqual(helper.alive, sorted(helper.alive))


class Unprivileged(HelperTest):
    def test_nobody_special_can_run_it_where_user_namespaces_are_allowed(self):
        before = AS_NOBODY if ROOT else []
        tried = subprocess.run([*before, *UNSHARE, "-Ur", "cat", str(HELPER)], check=False,
                               stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        if tried.returncode:
            print(f"*** not tested without root: {tried.stderr} ***", file=sys.stderr, flush=True)
            self.skipTest(tried.stderr)
        helper = Helper(self, before=before, user=True)
        hello = helper.begin(link(bandwidth=1e7, latency=10 * MS), nodes=2)
        self.assertIn("hello", hello)
        message = helper.send(0, 1)
        took, reason = helper.ends()[message]
        self.assertEqual(reason, "")
        self.assertGreaterEqual(took, 8 * MODEL / 1e7 * 1e9 + 10 * MS)


if __name__ == "__main__":
    unittest.main()
