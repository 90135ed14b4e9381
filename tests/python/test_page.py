"""The page of a session in Python, asked over HTTP as a browser asks it."""

import json
import threading
import unittest
import urllib.error
import urllib.parse
import urllib.request

import delstep
from small import SmallTest, session


class Page(SmallTest):
    def setUp(self):
        super().setUp()
        self.s = session()
        self.addCleanup(self.s.close)

    def ask(self, path, body=None, address=None):
        """The JSON of an answer."""
        url = urllib.parse.urlsplit(address or self.s.page().command)
        request = urllib.request.Request(f"http://{url.netloc}{path}?{url.query}",
                                         None if body is None else body.encode())
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)

    def do(self, commands, address=None):
        return self.ask("/api/cmd", json.dumps({"cmd": commands}), address)

    def test_it_is_served_until_it_is_off(self):
        page = self.s.page()
        self.assertEqual(self.s.page(), page)
        self.assertNotEqual(page.command, page.watch)
        self.assertIn(page.command, repr(page))
        self.assertIn(f'href="{page.watch}"', page._repr_html_())
        self.assertEqual(self.ask("/api/hello")["rights"], "command")
        self.assertEqual(self.ask("/api/hello", address=page.watch)["rights"], "watch")
        self.assertEqual(self.ask("/api/hello")["scenario"], "mnist-12")
        with urllib.request.urlopen(page.command, timeout=60) as html:
            self.assertIn(b"10.0.0.4", html.read())
        self.assertIsNone(self.s.page(off=True))
        self.assertIsNone(self.s.page(off=True))
        with self.assertRaises(urllib.error.URLError):
            self.ask("/api/hello", address=page.command)
        self.assertNotEqual(self.s.page().command, page.command)  # another token

    def test_both_see_what_the_other_does(self):
        self.s("train")
        self.assertEqual(self.ask("/api/history")["present"], 1)
        self.assertEqual(self.do("train 10.0.0.2; mark here")["code"], 0)
        self.assertEqual(self.s.moment, 2)
        self.assertEqual(self.s.nodes().column("trainings"), [1, 2, 1, 1])
        self.s("cycle")
        self.assertEqual(self.ask("/api/state")["cycle"], 1)
        self.assertEqual(self.s.events()[-1]["command"], "cycle")
        commands = [e["command"] for e in self.s.events() if e["type"] == "command_done"]
        self.assertEqual(commands, ["train", "train 10.0.0.2", "mark here", "cycle"])
        self.assertEqual(self.ask("/api/events")["events"][-1]["command"], "cycle")

    def test_looking_makes_no_moment_for_the_page(self):
        self.s.page()
        version = self.ask("/api/history")["version"]
        self.s.nodes(), self.s.now, self.s.model("10.0.0.1")
        self.assertEqual(self.ask("/api/history")["version"], version)

    def test_rules_in_python_work_for_commands_of_the_page(self):
        seen = []

        def equal(models):
            seen.append(models.nodes[0])
            return [1 / len(models)] * len(models)

        self.s = session(**{"aggregation.name": equal})
        self.addCleanup(self.s.close)
        self.assertEqual(self.do("train; flood; nstep; ag")["code"], 0)
        self.assertEqual(sorted(seen), [f"10.0.0.{k}" for k in (1, 2, 3, 4)])

    def test_a_rule_that_fails_changes_nothing(self):
        def broken(models):
            raise ValueError("no")

        def reaches(models):
            self.s.nodes()

        for rule, said in ((broken, "raised ValueError: no"), (reaches, "cannot be used in it")):
            self.s = session(**{"aggregation.name": rule})
            self.addCleanup(self.s.close)
            self.do("train; flood; nstep")
            before = self.s("hash")["world"]
            done = self.do("ag")
            self.assertEqual(done["code"], 1)
            self.assertIn(said, done["answers"][0]["error"]["message"])
            self.assertEqual(self.s("hash")["world"], before)

    def test_exit_in_the_page_ends_the_page_alone(self):
        address = self.s.page().command
        self.assertEqual(self.do("exit")["code"], 0)
        self.s("cycle")
        self.assertFalse(self.s.closed)
        with self.assertRaises(urllib.error.URLError):
            self.ask("/api/hello", address=address)
        self.s("exit")
        self.assertTrue(self.s.closed)

    def test_the_session_ends_while_the_page_runs_a_command(self):
        done = []
        address = self.s.page().command

        def run():
            try:
                done.append(self.do("repeat 1000000 { cycle }", address)["code"])
            except (urllib.error.URLError, ConnectionError):  # it ended before the answer was read
                done.append(130)

        worker = threading.Thread(target=run)
        worker.start()
        while not self.ask("/api/history", address=address)["present"]:
            pass
        self.s.close()
        worker.join(60)
        self.assertEqual(done, [130])

    def test_words_that_do_not_fit(self):
        for port in (-1, 70000, "8642"):
            with self.assertRaisesRegex(ValueError, "a port is a number"):
                self.s.page(port)
        port = urllib.parse.urlsplit(self.s.page().command).port
        other = session()
        self.addCleanup(other.close)
        with self.assertRaises(delstep.CommandError) as caught:
            other.page(port)
        self.assertEqual(caught.exception.code, 4)
        self.assertIn("session.page()", self.refused("page", other).hint)
        self.assertEqual(self.s("page")["port"], port)
        self.s("page off")
        with self.assertRaises(delstep.CommandError):
            self.s("page off")
        self.s.close()
        with self.assertRaisesRegex(delstep.CommandError, "closed"):
            self.s.page()


if __name__ == "__main__":
    unittest.main()
