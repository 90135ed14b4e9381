#!/usr/bin/env python3
"""How the Mininet helper ends: what it refuses, and that nothing of it stays."""

import os
import pathlib
import select
import shutil
import signal
import socket
import subprocess
import unittest

from mininet_helper import (HELPER, HELPER_FOLDER, MS, PYTHON, ROOT, WATCHDOG, Helper, HelperTest,
                            link, skip_where_it_cannot_work)


def setUpModule():
    skip_where_it_cannot_work()


class Hostile(HelperTest):
    GOOD = {"do": "begin", "protocol": 1, "backend": "mininet", "seed": 1, "link": link(),
            "options": {}}

    def said(self, *lines):
        """A helper that was told these lines, and may be at work on them still: so several start
        at the same time."""
        helper = Helper(self)
        for line in lines:
            helper.say(**line)
        return helper

    def test_a_beginning_that_makes_no_sense_is_refused(self):
        cases = [(change, part, self.said({**self.GOOD, **change})) for change, part in (
                             ({"protocol": 2}, "protocol"), ({"backend": "ns3"}, "ns3"),
                             ({"do": "send"}, "begin"), ({"link": None}, "link"),
                             ({"options": {"mtu": 9000}}, "mtu"), ({"options": {"ttl": 0}}, "ttl"),
                             ({"seed": -1}, "seed"))]
        for change, part, helper in cases:
            with self.subTest(change):
                self.assert_refused(helper, part)

    def test_bytes_that_are_no_lines_of_the_protocol_are_refused(self):
        for data in (b"\n", b"[" * 10**5 + b"\n", b"x" * (17 * 2**20)):
            with self.subTest(data[:10]):
                helper = Helper(self)
                helper.write(data)
                self.assert_refused(helper)

    def test_a_line_that_makes_no_sense_is_refused_in_place_of_the_next_answer(self):
        message = {"do": "send", "id": 1, "from": 0, "to": 1, "bytes": 1}
        attach = [{"do": "attach", "node": node} for node in range(2)]
        wait = {"do": "advance", "to": 1}
        cases = [(line, part, self.said(self.GOOD, *attach[:nodes], line, wait))
                 for nodes, line, part in (
                     (0, {"do": "capacity", "node": 0, "up": 1e6, "down": None}, "capacity"),
                     (0, {"do": ["send"]}, "do"), (0, {"do": "drain", "until": 3}, "until"),
                     (0, {"do": "default", "link": link(bandwidth=1)}, "bandwidth"),
                     (0, {"do": "withdraw", "ids": [9]}, "never sent"),
                     (1, {"do": "attach", "node": 0}, "attached before"),
                     (1, message, "Node 1"), (1, {**message, "to": 0}, "itself"),
                     (2, {**message, "bytes": 2**64}, "bytes"))]
        for line, part, helper in cases:
            with self.subTest(line):
                self.assertIn("hello", helper.hear())
                self.assert_refused(helper, part)

    def test_what_is_missing_is_named(self):
        if not ROOT:
            self.skipTest("hides packages, which only root can")
        package = subprocess.run([PYTHON, "-c", "import mininet; print(mininet.__path__[0])"],
                                 check=True, capture_output=True, text=True).stdout.strip()
        for hide, part in ((f"mount -t tmpfs none {package}", "package mininet"),
                           (f"mount --bind /dev/null {shutil.which('brctl')}", "bridge-utils")):
            with self.subTest(part):
                helper = Helper(self, after=["sh", "-c", f'{hide} && exec "$0" "$@"'])
                helper.say(**self.GOOD)
                self.assert_refused(helper, part)
        helper = Helper(self, after=["setpriv", "--bounding-set=-net_admin"])
        helper.say(**self.GOOD)
        self.assert_refused(helper, "may not", "root")


class Leaving(HelperTest):
    """However it ends, nothing of it stays."""

    def setUp(self):
        self.interfaces = self.run_and_read("ip", "-o", "link").count("\n")
        self.namespaces = self.run_and_read("ip", "netns")

    @staticmethod
    def run_and_read(*words):
        return subprocess.run(words, check=True, capture_output=True, text=True).stdout

    @staticmethod
    def members(namespace):
        """The processes in a pid namespace, without those that have ended."""
        found = []
        for process in pathlib.Path("/proc").glob("[0-9]*"):
            try:
                ended = "\nState:\tZ" in (process / "status").read_text()
                if os.readlink(process / "ns/pid") == namespace and not ended:
                    found.append(int(process.name))
            except OSError:  # it has ended, or is not ours
                pass
        return found

    @staticmethod
    def command(process):
        return pathlib.Path(f"/proc/{process}/cmdline").read_bytes().decode().split("\0")

    def at_work(self, **words):
        """A helper in the middle of a transfer that takes an hour, and its processes."""
        helper = Helper(self, **words)
        self.assertIn("hello", helper.begin(link(bandwidth=1e6, latency=MS), nodes=3))
        for pair in ((0, 1), (1, 2), (2, 0)):
            helper.send(*pair, 450_000_000)
        helper.ends("advance", to=20 * MS)
        helper.say("drain", until=[])
        child, = pathlib.Path(f"/proc/{helper.process.pid}/task/{helper.process.pid}/children"
                              ).read_text().split()
        self.namespace = os.readlink(f"/proc/{child}/ns/pid")
        self.assertNotEqual(self.namespace, os.readlink("/proc/self/ns/pid"))
        # Itself, and a shell and an agent for each node; a relay where there is no netem.
        members = self.members(self.namespace)
        self.assertGreaterEqual(len(members), 7)
        self.processes = [os.pidfd_open(process) for process in members]
        for process in self.processes:
            self.addCleanup(os.close, process)
        return helper, int(child)

    def assert_gone(self, helper):
        """Waits until all its processes have ended: each is told by its descriptor."""
        helper.process.wait(timeout=WATCHDOG)
        for process in self.processes:
            ended, _, _ = select.select([process], [], [], WATCHDOG)
            self.assertTrue(ended, "a process of the helper has not ended")
        self.assertEqual(self.members(self.namespace), [])
        self.assertEqual(self.run_and_read("ip", "-o", "link").count("\n"), self.interfaces)
        self.assertEqual(self.run_and_read("ip", "netns"), self.namespaces)

    def test_when_unshare_is_killed(self):
        helper, _ = self.at_work()
        helper.process.kill()
        self.assert_gone(helper)

    def test_when_the_helper_itself_is_killed(self):
        helper, child = self.at_work()
        os.kill(child, signal.SIGKILL)
        self.assert_gone(helper)

    def test_when_the_simulator_goes(self):
        helper, _ = self.at_work()
        helper.stream.shutdown(socket.SHUT_WR)  # as its death would
        self.assert_gone(helper)

    def test_when_an_agent_is_killed_which_is_told(self):
        helper, _ = self.at_work()
        agents = [process for process in self.members(self.namespace)
                  if "agent.py" in " ".join(self.command(process))]
        self.assertEqual(len(agents), 3)
        os.kill(agents[1], signal.SIGKILL)
        self.assert_refused(helper, "agent", "ended")
        self.assert_gone(helper)

    def test_no_file_is_left_in_any_folder_for_such_files(self):
        if not ROOT:
            self.skipTest("gives the helper empty folders to litter, which only root can")
        folders = ["/tmp", "/run", "/var/tmp", "/dev/shm"]
        if any(str(HELPER).startswith(folder + "/") for folder in folders):
            self.skipTest("the helper itself lies in one of " + ", ".join(folders))
        mounts = "".join(f"mount -t tmpfs none {folder} && " for folder in folders)
        keeper = subprocess.Popen(["unshare", "-m", "sh", "-c", mounts + "echo there && read end"],
                                  stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.addCleanup(keeper.communicate)
        self.assertEqual(keeper.stdout.readline(), b"there\n")
        there = self.files(keeper, folders)
        helper, child = self.at_work(before=["nsenter", f"--mount=/proc/{keeper.pid}/ns/mnt"])
        os.kill(child, signal.SIGKILL)
        self.assert_gone(helper)
        self.assertEqual(self.files(keeper, folders), there)

    @staticmethod
    def files(process, folders):
        """All that another process sees there, and in the helper's own folder."""
        root = f"/proc/{process.pid}/root"
        return sorted(path for folder in [*folders, HELPER_FOLDER]
                      for path in pathlib.Path(f"{root}{folder}").rglob("*"))

    def test_two_at_once_do_not_disturb_each_other(self):
        first, second = (self.started(link(bandwidth=1e7), nodes=3) for _ in range(2))
        sent = [helper.send(*pair) for helper in (first, second) for pair in ((0, 1), (1, 2))]
        first.say("drain", until=[])
        self.assertEqual([row[3] for row in second.ask("drain", until=[])["ended"]], ["", ""])
        second.process.kill()
        self.assertEqual([row[3] for row in first.hear()["ended"]], ["", ""])
        self.assertEqual(sent, [1, 2, 1, 2])
        self.assertEqual(first.one(2, 0), "")


if __name__ == "__main__":
    unittest.main()
