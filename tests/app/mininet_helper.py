"""Starts the helper of the backend `mininet` as the simulator does, and speaks its protocol with it
(docs/internals/network-helpers.md); what the tests of it share."""

import json
import os
import pathlib
import socket
import subprocess
import sys
import unittest

HELPER_FOLDER = pathlib.Path(__file__).resolve().parents[2] / "src/network/mininet/helper"
HELPER = HELPER_FOLDER / "delstep_mininet.py"
PYTHON = "/usr/bin/python3"  # the distribution's, which has Mininet
UNSHARE = ["unshare", "-nmpf", "--kill-child", "--mount-proc"]
AS_NOBODY = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
ROOT = os.getuid() == 0
WATCHDOG = 60  # seconds; only a helper that hangs takes that long
MS = 10**6  # ns
MODEL = 101800  # bytes


def skip_where_it_cannot_work():
    """For setUpModule(); says why."""
    reason = None
    namespaces = subprocess.run([*UNSHARE, *([] if ROOT else ["-Ur"]), "true"], check=False,
                                capture_output=True, text=True)
    if namespaces.returncode:
        reason = "this user may have no namespaces: " + namespaces.stderr.strip()
    elif subprocess.run([PYTHON, "-c", "import mininet.net"], check=False,
                        capture_output=True).returncode:
        reason = "the package mininet is not installed"
    if reason:
        print(f"*** THE MININET HELPER IS NOT TESTED: {reason} ***", file=sys.stderr, flush=True)
        raise unittest.SkipTest(reason)


def link(loss=0, latency=0, bandwidth=None, up=True):
    return {"loss": loss, "latency": latency, "bandwidth": bandwidth, "up": up}


class Helper:
    """A helper and the stream to it."""

    def __init__(self, test, before=(), after=(), user=not ROOT):
        """`before` and `after` are words before and after unshare's own."""
        ours, its = socket.socketpair()
        words = [*before, *UNSHARE, *(["-Ur"] if user else []), *after, PYTHON, str(HELPER)]
        command = 'exec 3<&"$0"; eval "exec $0<&-"; exec "$@"'
        # Python itself must not keep it from leaving compiled modules.
        plain = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
        with its:
            self.process = subprocess.Popen(["bash", "-c", command, str(its.fileno()), *words],
                                            pass_fds=[its.fileno()], stdin=subprocess.DEVNULL,
                                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                            env=plain)
        ours.settimeout(WATCHDOG)
        self.stream, self.lines = ours, ours.makefile("rb")
        self.alive = []  # of its clock
        self.messages = 0
        test.addCleanup(self.put_down)

    def put_down(self):
        self.lines.close()
        self.stream.close()
        self.process.kill()
        self.process.communicate()

    def write(self, data):
        try:
            self.stream.sendall(data)
        except (BrokenPipeError, ConnectionResetError):  # it refused and has ended
            pass

    def say(self, do, **words):
        self.write(json.dumps({"do": do, **words}).encode() + b"\n")

    def hear(self):
        """Its next answer; None if it has ended."""
        while True:
            try:
                line = self.lines.readline()
            except ConnectionResetError:
                return None
            if not line:
                return None
            answer = json.loads(line)
            if set(answer) != {"alive"}:
                return answer
            self.alive.append(answer["alive"])

    def ask(self, do, **words):
        self.say(do, **words)
        return self.hear()

    def begin(self, default=None, nodes=0, **options):
        hello = self.ask("begin", protocol=1, backend="mininet", seed=1, link=default or link(),
                         options=options)
        for node in range(nodes):
            self.say("attach", node=node)
        return hello

    def send(self, sender, receiver, size=MODEL):
        """Returns the message's number."""
        self.messages += 1
        self.say("send", id=self.messages, **{"from": sender, "to": receiver}, bytes=size)
        return self.messages

    def one(self, sender, receiver, size=1000):
        """How a message ends when nothing else is on the way."""
        message = self.send(sender, receiver, size)
        return self.ends()[message][1]

    def set_link(self, sender, receiver, **properties):
        self.say("link", **{"from": sender, "to": receiver}, link=link(**properties))

    def ends(self, do="drain", **words):
        """What has ended: {message: (time it took, reason)}; the answer is in self.answer."""
        self.answer = self.ask(do, **words or {"until": []})
        return {m: (at - sent, reason) for m, sent, at, reason in self.answer["ended"]}

    def end(self):
        """Its exit code, and what it wrote outside of the protocol."""
        output = self.process.communicate(timeout=WATCHDOG)[0]
        return self.process.returncode, output.decode(errors="replace")


class HelperTest(unittest.TestCase):
    def started(self, *words, **options):
        helper = Helper(self)
        hello = helper.begin(*words, **options)
        self.assertEqual(hello.get("hello"), 1, hello)
        return helper

    def assert_refused(self, helper, *parts):
        """It answers with an error that has these parts, and ends with 1, without a traceback."""
        answer = helper.hear()
        self.assertIsNotNone(answer, "it ended without a word")
        self.assertEqual(set(answer), {"error", "hint"}, answer)
        for part in parts:
            self.assertIn(part, answer["error"] + " | " + answer["hint"])
        code, output = helper.end()
        self.assertEqual((code, output), (1, ""))
