"""The page's server, driven over HTTP as a browser and as an attacker would. The page itself is tested in tests/page."""

import http.client
import json
import signal
import socket
import subprocess
import threading
import unittest

from page_client import PageTest
from program import PROGRAM, environment


class Rights(PageTest):
    def setUp(self):
        super().setUp()
        self.program, self.site = self.start_page("--page", "0")

    def refused(self, *request, status=403, **headers):
        got, text = self.site.ask(*request, **headers)
        self.assertEqual(got, status, text)
        error = json.loads(text)["error"]
        self.assertTrue(error["message"])
        self.assertIn("hint", error)

    def test_the_printed_addresses_show_the_page_with_its_nodes_in_its_text(self):
        for token in (self.site.command, self.site.watch):
            status, text = self.site.ask("GET", f"/?token={token}", token="")
            self.assertEqual(status, 200)
            self.assertIn("<li>10.0.0.4", text)
        self.assertIn("frame-ancestors 'none'", self.site.headers["Content-Security-Policy"])
        self.assertEqual(self.site.headers["Cache-Control"], "no-store")
        self.assertEqual(self.site.headers["Referrer-Policy"], "no-referrer")

    def test_without_the_token_nothing_is_answered(self):
        for path in ("/api/hello", "/api/stream", "/metrics", "/none"):
            self.refused("GET", path, token="")
            self.refused("GET", path, token="0" * 32)
        self.assertEqual(self.site.ask("GET", "/", token="0" * 32)[0], 403)
        self.refused("POST", "/api/cmd", "train", token="")

    def test_who_types_the_address_without_its_token_is_told_in_words(self):
        status, text = self.site.ask("GET", "/", token="")
        self.assertEqual(status, 403)
        self.assertEqual(text, "DEL-Step does not show this page: the token is missing\n"
                               "hint: open the address that the program has printed\n")
        self.assertEqual(self.site.headers["Content-Type"], "text/plain; charset=utf-8")

    def test_foreign_hosts_and_origins_are_refused(self):
        port = self.site.port
        for host in ("evil.example", f"evil.example:{port}", "127.0.0.1", "127.0.0.1:1"):
            self.refused("GET", "/api/hello", Host=host)
        for origin in ("http://evil.example", "null", f"https://127.0.0.1:{port}", "http://127.0.0.1:1"):
            self.refused("POST", "/api/cmd", "train", Origin=origin)
            self.refused("GET", "/api/stream", Origin=origin)
        self.assertEqual(self.site.get("/api/history")["present"], 0)
        own = f"http://localhost:{port}"
        self.assertEqual(self.site.ask("POST", "/api/cmd", "train", Origin=own, Host=f"localhost:{port}")[0], 200)

    def test_a_second_host_header_is_refused(self):
        with socket.create_connection((self.site.host, self.site.port), timeout=60) as raw:
            raw.sendall((f"GET /api/hello HTTP/1.1\r\nHost: 127.0.0.1:{self.site.port}\r\nHost: evil.example\r\n"
                         f"X-Delstep-Token: {self.site.command}\r\nConnection: close\r\n\r\n").encode())
            self.assertIn(b" 403 ", raw.recv(200))

    def test_who_looks_on_may_not_act(self):
        watch = self.site.watch
        for path in ("/api/cmd", "/api/cancel", "/api/ask", "/api/none"):
            self.refused("POST", path, "{}", token=watch)
        self.assertEqual(self.site.get("/api/history")["present"], 0)
        hello = json.loads(self.site.ask("GET", "/api/hello", token=watch)[1])
        self.assertEqual(hello["rights"], "watch")
        self.assertIsNone(hello["share"])
        self.assertEqual(self.site.get("/api/hello")["rights"], "command")
        self.assertIn(watch, self.site.get("/api/hello")["share"])

    def test_what_the_watchers_see_never_has_the_token_of_commands(self):
        stream = self.open_stream(self.site, token=self.site.watch)
        stream.until("hello")
        self.site.run("page")
        answer = stream.until("answer")
        self.assertEqual(answer["cmd"], "page")
        self.assertNotIn(self.site.command, json.dumps(answer))
        for path in ("/api/hello", "/api/events", "/api/history", "/api/state"):
            self.assertNotIn(self.site.command, self.site.ask("GET", path, token=self.site.watch)[1])

    def test_unknown_paths_and_moments_are_404(self):
        self.refused("GET", "/api/none", status=404)
        self.refused("POST", "/api/none", "{}", status=404)
        self.refused("PUT", "/api/cmd", "{}", status=404)
        self.refused("GET", "/api/state?moment=99", status=404)
        self.refused("GET", "/api/node?node=10.0.0.99", status=404)
        self.refused("GET", "/api/lesson?file=../../etc/passwd", status=404)
        self.refused("GET", "/api/state?moment=x", status=400)

    def test_bodies_over_a_mebibyte_are_413(self):
        self.refused("POST", "/api/cmd", "#" * ((1 << 20) + 1), status=413)
        self.assertEqual(self.site.ask("POST", "/api/cmd", "#" * (1 << 20))[0], 200)

    def test_bodies_without_a_length_have_the_same_limit(self):
        connection = http.client.HTTPConnection(self.site.host, self.site.port, timeout=60)
        self.addCleanup(connection.close)
        try:
            connection.request("POST", "/api/cmd", (b"#" * 65536 for _ in range(17)), encode_chunked=True,
                               headers={"X-Delstep-Token": self.site.command, "Transfer-Encoding": "chunked"})
            self.assertEqual(connection.getresponse().status, 413)
        except (BrokenPipeError, ConnectionResetError):  # it need not read what it refuses
            pass
        self.assertEqual(self.site.get("/api/history")["present"], 0)

    def test_half_a_command_is_not_run(self):
        head = (f"POST /api/cmd HTTP/1.1\r\nHost: 127.0.0.1:{self.site.port}\r\nX-Delstep-Token: {self.site.command}\r\n"
                "Content-Length: 100\r\n\r\n")
        with socket.create_connection(("127.0.0.1", self.site.port), 60) as connection:
            connection.sendall((head + "node down 10.0.0.1").encode())
            connection.shutdown(socket.SHUT_WR)
            answer = connection.recv(65536).decode()
        self.assertNotIn(" 200 ", answer.split("\r\n")[0])  # most often the connection just ends
        self.assertEqual(self.site.get("/api/history")["present"], 0)

    def test_parts_of_the_page_are_not_answered_one_by_one(self):
        whole, page = self.site.ask("GET", "/")
        for ranges in ("bytes=0-99", "bytes=" + ",".join(["0-"] * 2000)):
            status, text = self.site.ask("GET", "/", Range=ranges)
            self.assertEqual((status, text), (whole, page))

    def test_what_no_command_is_read_of_is_refused(self):
        self.refused("POST", "/api/cmd", " \n", status=400)
        self.refused("POST", "/api/cmd", '{"cmd":"status"} x', status=400)

    def test_names_of_files_are_not_for_those_who_look_on(self):
        self.refused("GET", f"/api/complete?line=load%20/&token={self.site.watch}", token="")

    def drip(self, begins, pieces):
        """Connections that begin a request and send a byte now and then, until the test ends."""
        slow = []
        for _ in range(pieces):
            slow.append(socket.create_connection((self.site.host, self.site.port), timeout=60))
            slow[-1].sendall(begins.encode())
        done = threading.Event()

        def send_on():
            while not done.wait(0.2):
                for connection in slow:
                    try:
                        connection.sendall(b"s")
                    except OSError:  # the server has had enough of it
                        pass

        thread = threading.Thread(target=send_on)
        thread.start()

        def end():
            done.set()
            thread.join()
            for connection in slow:
                connection.close()

        self.addCleanup(end)

    def test_slow_heads_do_not_keep_others_waiting(self):
        self.drip("GET /api/history HTTP/1.1\r\nHo", 200)
        self.assertEqual(self.site.get("/api/history")["present"], 0)
        self.assertEqual(self.site.run("train")["code"], 0)
        self.assertEqual(self.site.ask("GET", "/api/hello", token=self.site.watch)[0], 200)

    def test_slow_votes_do_not_keep_others_waiting(self):
        self.drip(f"POST /api/vote HTTP/1.1\r\nHost: 127.0.0.1:{self.site.port}\r\nX-Delstep-Token: {self.site.watch}\r\n"
                  "Content-Length: 100000\r\n\r\n{", 120)
        self.assertEqual(self.site.run("train")["code"], 0)
        self.assertEqual(self.site.ask("GET", "/api/hello", token=self.site.watch)[0], 200)

    def test_what_follows_a_body_that_was_not_read_is_no_request(self):
        head = f"POST /api/cmd HTTP/1.1\r\nHost: 127.0.0.1:{self.site.port}\r\nX-Delstep-Token: {self.site.watch}\r\n"
        body = f"GET /api/hello?token={self.site.command} HTTP/1.1\r\nHost: 127.0.0.1:{self.site.port}\r\n\r\n"
        with socket.create_connection((self.site.host, self.site.port), 60) as connection:
            connection.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n{body}".encode())
            answer = b""
            while piece := connection.recv(65536):
                answer += piece
        self.assertEqual(answer.count(b"HTTP/1.1 "), 1, answer)
        self.assertIn(b"403", answer.split(b"\r\n")[0])

    def test_a_body_of_two_lengths_is_refused(self):
        # The first one counted: `echo d` ran as `echo`.
        body = json.dumps({"cmd": "train"}) + " "
        head = f"POST /api/cmd HTTP/1.1\r\nHost: 127.0.0.1:{self.site.port}\r\nX-Delstep-Token: {self.site.command}\r\n"
        with socket.create_connection((self.site.host, self.site.port), 60) as connection:
            connection.sendall(f"{head}Content-Length: {len(body) - 1}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n{body}".encode())
            answer = b""
            while piece := connection.recv(65536):
                answer += piece
        self.assertIn(b"400", answer.split(b"\r\n")[0])
        self.assertEqual(self.site.get("/api/history")["present"], 0)

    def test_one_address_cannot_fill_a_vote(self):
        def vote(voter, source):
            connection = http.client.HTTPConnection(self.site.host, self.site.port, 60, source_address=(source, 0))
            self.addCleanup(connection.close)
            connection.request("POST", "/api/vote", json.dumps({"ask": "1", "choice": 0, "voter": str(voter)}),
                               {"X-Delstep-Token": self.site.watch})
            return connection.getresponse().status

        self.site.ask("POST", "/api/ask", '{"ask":"1","question":"Who?","answers":["ann"]}')
        self.assertEqual([vote(i, "127.0.0.2") for i in range(200)], [200] * 200)
        self.assertEqual(vote(200, "127.0.0.2"), 409)
        self.assertEqual(vote(200, "127.0.0.3"), 200)
        self.assertEqual(self.site.get("/api/votes")["counts"], [201])

    def test_bad_json_is_400(self):
        self.refused("POST", "/api/cmd", '{"command":"train"}', status=400)
        self.refused("POST", "/api/cmd", '{"cmd":5}', status=400)
        for body in ("", "{", "[]", '{"ask":"1"}'):
            self.refused("POST", "/api/ask", body, status=400)
            self.refused("POST", "/api/vote", body, status=400)


class Commands(PageTest):
    def setUp(self):
        super().setUp()
        self.program, self.site = self.start_page("--page", "0")

    def test_commands_run_and_are_answered_as_objects_of_json(self):
        done = self.site.run("train 10.0.0.1; flood; nstep")
        self.assertEqual((done["ok"], done["code"]), (True, 0))
        self.assertEqual([a["cmd"] for a in done["answers"]], ["train 10.0.0.1", "flood", "nstep"])
        self.assertEqual(done["answers"][2]["result"]["delivered"], 12)
        self.assertEqual(json.loads(self.site.ask("POST", "/api/cmd", "cycle")[1])["ok"], True)

    def test_an_error_ends_a_request_and_nothing_else(self):
        done = self.site.run("cycle; train 10.0.0.99; cycle")
        self.assertEqual((done["ok"], done["code"], len(done["answers"])), (False, 1, 2))
        self.assertEqual(self.site.run("repeat 2 {")["code"], 2)
        self.assertEqual(self.site.run("cycle")["code"], 0)

    def test_two_pages_and_the_terminal_see_the_same(self):
        one, other = self.open_stream(self.site), self.open_stream(self.site, token=self.site.watch)
        one.until("hello"), other.until("hello")
        self.site.run("cycle", X_Delstep_Client="a")
        self.site.run("train 10.0.0.2", X_Delstep_Client="b")
        self.say(self.program, "train 10.0.0.3")
        for stream in (one, other):
            answers = [stream.until("answer") for _ in range(3)]
            self.assertEqual([a["cmd"] for a in answers], ["cycle", "train 10.0.0.2", "train 10.0.0.3"])
            self.assertEqual([a["client"] for a in answers], ["page 1", "page 2", "script"])
            self.assertTrue(all(a["ok"] and a["text"] and a["says"] for a in answers))
        # What there is to look at follows right behind the answer.
        while self.site.get("/api/history")["present"] < 3:
            pass
        self.assertEqual(self.site.get("/api/history")["present"], 3)

    def test_commands_of_many_pages_at_once_all_run(self):
        threads = [threading.Thread(target=self.site.run, args=("cycle",)) for _ in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(self.site.get("/api/state")["cycle"], 20)

    def test_a_class_may_open_its_pages_in_the_same_moment(self):
        # While the program stands still, nobody takes a connection: all of them wait with the kernel.
        self.program.send_signal(signal.SIGSTOP)
        pages = [socket.create_connection((self.site.host, self.site.port), timeout=60) for _ in range(100)]
        self.program.send_signal(signal.SIGCONT)
        for page in pages:
            page.sendall((f"GET /api/history HTTP/1.1\r\nHost: {self.site.host}:{self.site.port}\r\n"
                          f"X-Delstep-Token: {self.site.command}\r\nConnection: close\r\n\r\n").encode())
        for page in pages:
            with page:
                self.assertIn(b" 200 ", page.recv(200))

    def test_questions_are_answered_while_a_command_runs_and_cancel_stops_it(self):
        stream = self.open_stream(self.site)
        stream.until("hello")
        done = []
        worker = threading.Thread(target=lambda: done.append(self.site.run("repeat 1000000 { train }")))
        worker.start()
        # The program's own start may still be at work.
        stream.until("present", lambda data: (data["busy"] or {}).get("client") == "page")
        self.assertEqual(self.site.get("/api/state")["nodes"]["index"], [0, 1, 2, 3])
        self.assertIn("train", self.site.get("/api/complete", line="tr")["words"])
        while not self.site.get("/api/history")["present"] and not done:
            pass
        self.assertEqual(json.loads(self.site.ask("POST", "/api/cancel", "{}")[1]), {"stopped": True})
        worker.join(60)
        self.assertEqual(done[0]["code"], 130)
        self.assertEqual(self.site.run("cycle")["code"], 0)

    def test_help_and_completion_come_from_the_command_table(self):
        self.assertEqual(self.site.get("/api/complete", line="train 10.0.0.")["begin"], 6)
        words = []
        while not words:  # nodes are known to whoever has the session: the program's own start may be at work
            words = self.site.get("/api/complete", line="train 10.0.0.")["words"]
        self.assertIn("10.0.0.4", words)
        self.assertIn("train [NODE...]", "\n".join(self.site.get("/api/help", command="train")["lines"]))
        usages = [c["usage"] for c in self.site.get("/api/hello")["commands"]]
        self.assertIn("page [PORT|off]", usages)

    def test_votes_are_counted_once_per_voter(self):
        self.site.ask("POST", "/api/ask", '{"ask":"1","question":"Who?","answers":["ann","ben"]}')
        for voter, choice in (("x", 0), ("y", 1), ("x", 1)):
            status, _ = self.site.ask("POST", "/api/vote", json.dumps({"ask": "1", "choice": choice, "voter": voter}),
                                      token=self.site.watch)
            self.assertEqual(status, 200)
        self.assertEqual(self.site.get("/api/votes")["counts"], [0, 2])

    def test_a_question_ends_for_all(self):
        stream = self.open_stream(self.site, token=self.site.watch)
        self.site.ask("POST", "/api/ask", '{"ask":"1","question":"Who?","answers":["ann","ben"]}')
        stream.until("votes", lambda votes: votes["ask"] == "1")
        end = '{"end":"1"}'
        self.assertEqual(self.site.ask("POST", "/api/ask", end, token=self.site.watch)[0], 403)
        self.assertEqual(self.site.ask("POST", "/api/ask", end)[0], 200)
        self.assertEqual(stream.until("votes", lambda votes: votes["ask"] is None)["counts"], [0, 0])
        late = self.open_stream(self.site, token=self.site.watch)
        self.assertIsNone(late.until("votes")["ask"])
        vote = '{"ask":"1","choice":0,"voter":"x"}'
        self.assertEqual(self.site.ask("POST", "/api/vote", vote, token=self.site.watch)[0], 409)

    def test_a_lesson_is_read_out_of_a_script(self):
        self.write("first.del", "# title: First\n# say: Hello\n# note: the answer\ntrain\n")
        self.write("plain.del", "# nothing for a page\ntrain\n")
        files = {lesson["file"]: lesson["title"] for lesson in self.site.get("/api/lessons")["lessons"]}
        self.assertEqual(files["first.del"], "First")
        self.assertNotIn("plain.del", files)
        step = self.site.get("/api/lesson", file="first.del")["steps"][0]
        self.assertEqual((step["say"], step["note"]), (["Hello"], ["the answer"]))

    def test_a_lesson_has_its_notes_and_questions_for_the_speaker_alone(self):
        self.write("asks.del", "# say: Who?\n# note: It is ann.\n# ask: Who? | ann | ben\ntrain\n")
        step = self.site.get("/api/lesson", file="asks.del")["steps"][0]
        self.assertEqual((step["note"], step["ask"]), (["It is ann."], {"question": "Who?", "answers": ["ann", "ben"]}))
        seen = json.loads(self.site.ask("GET", "/api/lesson?file=asks.del", token=self.site.watch)[1])
        self.assertEqual(seen["steps"], [step | {"note": [], "ask": None}])


class Looking(PageTest):
    def setUp(self):
        super().setUp()
        self.program, self.site = self.start_page("--page", "0", "topology.name=ring", "network.latency=20ms")

    def test_the_past_is_looked_at_without_going_there(self):
        self.site.run("train; flood; mark sent; nstep; ag; test local")
        history = self.site.get("/api/history")
        self.assertEqual((history["present"], history["marks"]), (4, [{"mark": "sent", "moment": 2}]))
        self.assertEqual([m["cmd"] for m in history["moments"]], ["", "train", "flood", "nstep", "ag"])
        then, now = self.site.get("/api/state", moment=2), self.site.get("/api/state")
        self.assertEqual(then["nodes"]["outbox"], [2, 2, 2, 2])
        self.assertEqual((then["t"], now["t"]), (0, 20_000_000))
        self.assertEqual(now["nodes"]["guestbook"], [2, 2, 2, 2])
        self.assertEqual(now["last_scope"], "local")
        self.assertEqual(len(now["nodes"]["tests"]["local"]["accuracy"]), 4)
        self.assertEqual(now["counts"]["delivered"], 8)
        self.assertEqual(self.site.get("/api/history")["present"], 4)

    def test_state_and_json_tell_the_same_counts(self):
        self.site.run("train; flood; nstep; ag")
        stats = self.site.run("stats")["answers"][0]["result"]
        counts = self.site.get("/api/state")["counts"]
        for name in ("sent", "delivered", "lost", "in_flight", "bytes"):
            self.assertEqual(counts[name], stats[name], name)

    def test_links_change_their_version_with_what_is_in_them(self):
        links = self.site.get("/api/links")
        self.assertEqual(links["pairs"], [[0, 1], [0, 3], [1, 2], [2, 3]])
        self.assertEqual(links["default"]["latency"], {"kind": "constant", "a": 20_000_000, "b": 0})
        self.site.run("train")
        self.assertEqual(self.site.get("/api/links")["version"], self.site.get("/api/state", moment=1)["links"])
        self.site.run("link 10.0.0.1 10.0.0.2 loss 0.5; link 10.0.0.2 10.0.0.3 down")
        changed = self.site.get("/api/links")
        self.assertNotEqual(changed["version"], links["version"])
        self.assertEqual(changed["down"], [[1, 2], [2, 1]])
        self.assertEqual({(o["from"], o["to"]): o["loss"] for o in changed["own"]}[(0, 1)], 0.5)
        self.assertEqual(self.site.get("/api/links", moment=1)["own"], [])

    def test_a_node_with_its_guestbook_and_where_its_model_comes_from(self):
        self.site.run("train; flood; nstep; ag")
        node = self.site.get("/api/node", node="10.0.0.1")
        self.assertEqual([r["node"] for r in node["guestbook"]], ["10.0.0.2", "10.0.0.4"])
        self.assertEqual(node["neighbours"], ["10.0.0.2", "10.0.0.4"])
        self.assertEqual((node["trained"], node["not_met"]), (1, []))
        self.assertEqual(sum(node["labels"]), node["examples"] + node["held_out"])
        why = self.site.get("/api/why", node="10.0.0.1")
        said = self.run_program("--json", "topology.name=ring", "-c", "train; flood; nstep; ag; why 10.0.0.1")
        self.assertEqual(why["sources"], json.loads(said.stdout.splitlines()[-1])["result"]["sources"])
        self.assertAlmostEqual(sum(s["initial"] for s in why["sources"]), 1)
        way = self.site.get("/api/why", node="10.0.0.1", source="10.0.0.2")
        self.assertEqual([(h["from"], h["to"]) for h in way["way"]], [("10.0.0.2", "10.0.0.1")])
        self.assertEqual(self.site.get("/api/node", node="10.0.0.1", moment=1)["not_met"], ["10.0.0.2", "10.0.0.4"])

    def test_messages_in_flight_have_their_times(self):
        self.site.run("flood 10.0.0.1; nstep 5ms")
        messages = self.site.get("/api/messages")["messages"]
        self.assertEqual([(m["state"], m["sent"], m["arrives"]) for m in messages], [("flight", 0, 20_000_000)] * 2)
        self.assertEqual(self.site.get("/api/messages", node="10.0.0.2")["messages"], messages[:1])
        self.assertEqual(self.site.get("/api/messages", limit=1)["left_out"], 1)

    def test_curves_follow_the_branch(self):
        self.site.run("train; test local; undo; train 10.0.0.1; test local")
        stream = self.open_stream(self.site)
        stream.until("present", lambda data: data["moment"] == 2)
        curves = self.site.get("/api/curves")
        self.assertEqual(curves["moment"], [0, 2])
        accuracy = curves["metrics"]["test_acc:local"]
        self.assertEqual((accuracy["count"], len(accuracy["nodes"])), ([0, 4], 4))
        self.assertEqual(self.site.get("/api/curves", moment=1)["moment"], [0, 1])
        self.assertGreater(curves["metrics"]["consensus_distance"]["value"][1], 0)
        heat = self.site.get("/api/heat", metric="accuracy", sort="accuracy")
        self.assertEqual((len(heat["order"]), len(heat["mean"]), len(heat["columns"])), (4, 4, 2))
        self.assertEqual(sum(self.site.get("/api/consensus")["moments"][-1]["counts"]), 4)

    def test_prometheus_text_has_the_counts(self):
        self.site.run("train; flood; nstep; test local")
        status, text = self.site.ask("GET", "/metrics")
        self.assertEqual(status, 200)
        self.assertIn('delstep_messages{outcome="delivered"} 8\n', text)
        self.assertIn('delstep_nodes{state="up"} 4\n', text)
        self.assertIn('delstep_accuracy{scope="local"} ', text)


class Streaming(PageTest):
    def events_of(self, stream, count):
        """So many events of a stream, with the number of the first one."""
        first, events = None, []
        while len(events) < count:
            data = stream.until("events")
            first = data["first"] if first is None else first
            self.assertEqual(data["first"], first + len(events))
            events += data["events"]
        return first, events

    def test_a_page_that_was_away_misses_nothing(self):
        _, site = self.start_page("--page", "0")
        stream = self.open_stream(site)
        stream.until("hello")
        site.run("train; flood")
        total = site.get("/api/events")["next"]
        first, events = self.events_of(stream, total)
        self.assertEqual(first, 0)
        last = stream.last_id
        stream.close()
        site.run("nstep; ag; undo; train")
        again = self.open_stream(site, since=last)
        end = site.get("/api/events")["next"]
        self.assertEqual(again.until("hello"), {"next_event": end})
        first, more = self.events_of(again, end - last)
        self.assertEqual(first, last)
        self.assertEqual(events + more, site.get("/api/events", since=0, limit=100000)["events"])

    def test_the_log_has_what_the_record_has(self):
        program, site = self.start_page("--page", "0", "--out", "run")
        site.run("train; flood; cycle; nstep; mark a; undo; ag")
        live = site.get("/api/events", limit=100000)["events"]
        recorded = [e for e in self.events("run")]
        self.assertEqual(live, recorded[4:])  # four nodes are told of first
        kinds = [e["type"] for e in live]
        for moment in site.get("/api/history")["moments"][1:]:
            self.assertEqual(kinds[moment["event"] - 1], "command_done")

    def test_over_200_nodes_single_messages_are_summed_up(self):
        _, site = self.start_page("--page", "0", "nodes.count=201", "data.samples=2010", "topology.name=ring")
        stream = self.open_stream(site)
        stream.until("hello")
        site.run("flood; nstep")
        sums = {"sent": 0, "delivered": 0, "lost": 0}
        while sums["delivered"] + sums["lost"] < 402:
            for event in stream.until("events")["events"]:
                self.assertNotIn(event["type"], ("queued", "sent", "delivered", "lost"))
                for name in sums:
                    sums[name] += event.get(name, 0) if event["type"] == "traffic" else 0
        self.assertEqual(sums, {"sent": 402, "delivered": 402, "lost": 0})

    def test_a_slow_reader_is_dropped_and_nobody_waits_for_it(self):
        _, site = self.start_page("--page", "0", "nodes.count=100", "data.samples=1000")
        slow = socket.create_connection((site.host, site.port), timeout=60)
        self.addCleanup(slow.close)
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        slow.sendall((f"GET /api/stream HTTP/1.1\r\nHost: 127.0.0.1:{site.port}\r\n"
                      f"X-Delstep-Token: {site.command}\r\n\r\n").encode())
        slow.recv(1)
        rounds = 10  # of 100 * 99 messages, three events each: 4 MB
        for _ in range(rounds):
            self.assertTrue(site.run("flood; nstep; ag; undo 3")["ok"])
        while "delstep_page_streams 1\n" in site.ask("GET", "/metrics")[1]:
            self.assertTrue(site.run("status")["ok"])
        read = 0
        while piece := slow.recv(1 << 20):
            read += len(piece)
        self.assertLess(read, rounds * (4 << 20))

    def test_those_who_look_on_leave_room_for_the_one_who_commands(self):
        _, site = self.start_page("--page", "0")
        head = f"GET /api/stream HTTP/1.1\r\nHost: 127.0.0.1:{site.port}\r\nX-Delstep-Token: {site.watch}\r\n\r\n"
        answers = []
        for _ in range(70):
            watcher = socket.create_connection((site.host, site.port), timeout=60)
            self.addCleanup(watcher.close)
            watcher.sendall(head.encode())
            answers.append(watcher.recv(12))
        # 64 streams, 4 of them kept.
        self.assertEqual((answers.count(b"HTTP/1.1 200"), answers.count(b"HTTP/1.1 503")), (60, 10))
        self.open_stream(site).until("hello")
        self.assertEqual(site.run("train")["code"], 0)

    def test_the_end_of_the_session_is_told(self):
        program, site = self.start_page("--page", "0")
        stream = self.open_stream(site)
        stream.until("hello")
        done = site.run("exit")
        self.assertTrue(done["ok"])
        self.assertEqual(stream.until("end"), {})
        self.assertIsNone(stream.next())
        self.assertEqual(program.wait(60), 0)


class Coming(PageTest):
    def test_a_port_in_use_is_exit_4_and_names_the_port(self):
        _, site = self.start_page("--page", "0")
        done = self.run_program("--page", str(site.port), "-c", "train")
        self.assert_code(done, 4)
        self.assertIn(f"port {site.port}", done.stderr)
        self.assertEqual(done.stdout, "")
        done = self.run_program("-c", f"page {site.port}")
        self.assert_code(done, 4)

    def test_wrong_ports_are_usage_errors(self):
        for words in (["--page=x"], ["--page", "65536"], ["--page=-1"], ["--page-bind"]):
            self.assert_code(self.run_program(*words, "-c", "exit"), 2)
        self.assert_code(self.run_program("-c", "page 65536"), 2)
        self.assert_code(self.run_program("-c", "page on"), 2)

    def test_the_command_begins_tells_and_ends_a_page(self):
        program = self.start()
        self.say(program, "train 10.0.0.1")
        self.say(program, "page 0")
        site = self.site_of(program)
        self.assertEqual(site.get("/api/history")["present"], 1)
        self.say(program, "page")
        self.assertEqual(self.site_of(program).command, site.command)
        self.assertEqual(site.run("page off")["code"], 0)
        self.say(program, f"page {site.port}")  # which is free at once
        other = self.site_of(program)
        self.assertEqual(other.port, site.port)
        self.assertNotEqual(other.command, site.command)
        self.assertEqual(other.get("/api/history")["present"], 1)
        self.say(program, "page off\nexit")
        self.assertEqual(program.wait(60), 0)
        self.assert_code(self.run_program("-c", "page off"), 1)

    def test_a_port_that_is_no_number_is_told_so(self):
        for port in ("abc", "-1"):
            done = self.run_program("mnist-12", "--page", port, small=False)
            self.assert_code(done, 2)
            self.assertIn("the port of --page is a number", done.stderr)

    def test_it_stays_after_scripts_until_exit_from_a_page(self):
        program, site = self.start_page("--page", "0", "-c", "train")
        self.open_stream(site).until("present", lambda data: data["moment"] == 1)
        site.run("exit")
        self.assertEqual(program.wait(60), 0)

    def test_it_stays_where_standard_input_is_at_its_end_at_once(self):
        program, site = self.start_page("--page", "0")
        program.stdin.close()
        self.assertEqual(site.run("train")["code"], 0)
        program.send_signal(signal.SIGINT)
        self.assertEqual(program.wait(60), 130)

    def test_page_off_ends_it_where_the_page_was_the_only_way_in(self):
        program, site = self.start_page("--page", "0", "-c", "train")
        self.assertEqual(site.run("page off")["code"], 0)
        self.assertEqual(program.wait(60), 0)

    def test_the_end_of_commands_from_standard_input_ends_it(self):
        done = self.run_program("--page", "0", text="train\n")
        self.assert_code(done, 0)
        self.assertEqual(done.stderr.count("token="), 2)

    def test_a_script_that_fails_ends_it(self):
        self.assert_code(self.run_program("--page", "0", "-c", "train 10.0.0.99"), 1)

    def test_stop_in_a_page_ends_the_script_and_not_the_session(self):
        endless = "train; repeat 1000000 { cycle }; train 10.0.0.2"
        self.write("endless.del", endless.replace("; ", "\n"))
        for words, given in ((["-c", endless], ""), (["-f", "endless.del"], ""), (["--keep-going", "-c", endless], ""),
                             (["--json", "-c", endless], ""), (["-i", "-c", endless], ""), ([], endless + "\ntrain\n")):
            with self.subTest(words=words):
                program, site = self.start_page("--page", "0", *words)
                self.say(program, given) if given else None
                stream = self.open_stream(site)
                stream.until("present", lambda data: data["busy"] is not None and data["moment"] > 1)
                self.assertEqual(json.loads(site.ask("POST", "/api/cancel", "{}")[1]), {"stopped": True})
                stream.until("present", lambda data: data["busy"] is None)
                # What came after it in the script did not run.
                self.assertNotIn("train 10.0.0.2", [m["cmd"] for m in site.get("/api/history")["moments"]])
                self.assertEqual(site.run("train 10.0.0.1")["code"], 0)
                site.run("exit")
                self.assertEqual(program.wait(60), 130)

    def test_after_a_script_that_was_stopped_in_a_page_the_next_one_begins(self):
        program, site = self.start_page("--page", "0", "-c", "repeat 1000000 { cycle }", "-c", "train 10.0.0.2")
        stream = self.open_stream(site)
        stream.until("present", lambda data: data["busy"] is not None and data["moment"] > 1)
        site.ask("POST", "/api/cancel", "{}")
        stream.until("present", lambda data: data["busy"] is None)
        while site.get("/api/history")["moments"][-1]["cmd"] != "train 10.0.0.2":
            pass
        program.send_signal(signal.SIGINT)
        self.assertEqual(program.wait(60), 130)

    def test_a_signal_ends_it_while_a_page_runs_a_command(self):
        program, site = self.start_page("--page", "0", "-c", "cycle")
        stream = self.open_stream(site)
        worker = threading.Thread(target=lambda: site.ask("POST", "/api/cmd", "repeat 1000000 { train }"))
        worker.start()
        stream.until("present", lambda data: data["busy"] is not None and data["moment"] > 1)
        program.send_signal(signal.SIGTERM)
        self.assertEqual(program.wait(60), 143)
        worker.join(60)

    def test_commands_of_the_terminal_are_as_without_a_page(self):
        commands = "train; flood; nstep; ag; test local; status\nlog results\n"
        plain, served = self.run_program(text=commands), self.run_program("--page", "0", text=commands)
        self.assertEqual(plain.stdout, served.stdout)


class Recorded(PageTest):
    def test_a_recorded_run_is_looked_at(self):
        self.assert_code(self.run_program("--out", "run", "-c", "train; flood; mark here; undo; ag"), 0)
        _, site = self.start_page("view", "run", "0", small=False)
        hello = site.get("/api/hello")
        self.assertEqual((hello["recorded"], hello["rights"], len(hello["nodes"])), (True, "watch", 4))
        self.assertEqual(site.get("/api/events", limit=100000)["events"], self.events("run"))
        history = site.get("/api/history")
        self.assertEqual([(m["moment"], m["parent"], m["cmd"]) for m in history["moments"]],
                         [(0, None, ""), (1, 0, "train"), (2, 1, "flood"), (3, 1, "ag")])
        self.assertEqual(history["branch"], "main-2")
        self.assertEqual(site.get("/api/state", moment=0)["nodes"]["trained"], [0, 0, 0, 0])
        self.assertEqual(len(site.get("/api/links")["pairs"]), 6)
        self.assertEqual(len(site.get("/api/labels")["nodes"]), 4)
        self.assertEqual(site.ask("GET", "/api/state?moment=1")[0], 404)
        self.assertEqual(site.ask("POST", "/api/cmd", "train")[0], 403)
        self.assertEqual(site.ask("GET", "/", token="")[0], 403)
        stream = self.open_stream(site)
        self.assertEqual(stream.until("hello")["next_event"], hello["next_event"])
        self.assertEqual(stream.until("present")["moment"], 3)

    def test_a_recorded_run_knows_where_moving_nodes_were(self):
        moving = ["topology.name=radio", "radio.range=300", "mobility.name=random-waypoint", "mobility.area=900x600", "mobility.speed=20"]
        commands = "run 10s; positions; run 7s; positions; undo; node remove 10.0.0.2; node add like 10.0.0.1; positions; run 1s; positions; train"
        done = self.run_program(*moving, "--json", "--out", "run", "-c", commands)
        self.assert_code(done, 0)
        told = [answer["result"]["positions"] for answer in map(json.loads, done.stdout.splitlines()) if answer["cmd"] == "positions"]
        _, site = self.start_page("view", "run", "0", small=False)
        self.assertIs(site.get("/api/hello")["places"], True)

        def places(moment):
            columns = site.get("/api/places", moment=moment)
            return dict(zip(columns["node"], zip(columns["x"], columns["y"])))

        def assert_places(moment, rows):
            found = places(moment)
            for node, *exact in rows:  # rounded to four decimals, of a float
                for got, wanted in zip(found[node], exact):
                    self.assertAlmostEqual(got, wanted, delta=2e-4)
        start = site.get("/api/state", moment=0)["nodes"]
        assert_places(0, zip([f"10.0.0.{k}" for k in range(1, 5)], start["x"], start["y"]))
        # Moments: 1 and 2 the runs, 3 the removal, 4 the node that comes, 5 a second later, 6 a training that takes no time.
        for moment, rows in zip((1, 2, 4, 5, 6), [*told, told[-1]]):
            assert_places(moment, [(row["node"], row["x"], row["y"]) for row in rows])
        self.assertEqual(sorted({row["node"] for row in told[2]}), ["10.0.0.1", "10.0.0.3", "10.0.0.4", "10.0.0.5"])
        self.assertNotEqual(places(1)["10.0.0.1"], places(2)["10.0.0.1"])
        self.assertEqual(site.ask("GET", "/api/places?moment=9")[0], 404)
        stream = self.open_stream(site)
        self.assertEqual(stream.until("present")["nodes"], 4)
        # The file has a row per node that is elsewhere than before: all at 0, 1 and 2, who came at 4, the rest at 5.
        rows = [line.split(",") for line in (self.folder / "run/positions.csv").read_text().splitlines()[1:]]
        self.assertEqual([moment for moment, *_ in rows], ["0"] * 4 + ["1"] * 4 + ["2"] * 4 + ["4"] + ["5"] * 4)

    def test_a_run_without_places_records_none(self):
        self.assert_code(self.run_program("--out", "run", "-c", "train"), 0)
        self.assertFalse((self.folder / "run/positions.csv").exists())
        _, site = self.start_page("view", "run", "0", small=False)
        self.assertIs(site.get("/api/hello")["places"], False)
        self.assertEqual(site.ask("GET", "/api/places")[0], 404)

    def test_a_folder_without_a_run_is_exit_3(self):
        self.assert_code(self.run_program("view", ".", small=False), 3)
        self.assert_code(self.run_program("view", small=False), 2)
        self.assert_code(self.run_program("view", "run", "x", small=False), 2)

    def test_a_page_knows_the_words_that_begin_the_same_session(self):
        self.write("first.del", "train\n")
        _, site = self.start_page("--page", "0", "-f", "first.del", "-c", 'echo "a b"')
        words = site.get("/api/hello")["words"]
        self.assertEqual(words[-4:], ["-f", "first.del", "-c", 'echo "a b"'])
        again = self.run_program(*words, "--json", "-c", "hash", small=False)
        self.assertEqual(json.loads(again.stdout.splitlines()[-1])["result"],
                         site.run("hash")["answers"][0]["result"])
        self.assertEqual([word for word in words if word.startswith("nodes.count=")], ["nodes.count=4"])

    def test_a_damaged_line_is_named_and_a_cut_off_one_is_said(self):
        self.assert_code(self.run_program("--out", "run", "-c", "train; flood"), 0)
        events = self.folder / "run/events.jsonl"
        lines = events.read_bytes().splitlines(keepends=True)
        for damaged in (b"\n", b'{"garbage\n', b"\xff\xfe\n", b"null\n", b'{"type":"moment_made","moment":"x"}\n'):
            events.write_bytes(b"".join(lines[:2] + [damaged] + lines[3:]))
            done = self.run_program("view", "run", "0", small=False)
            self.assert_code(done, 3)
            self.assertIn("events.jsonl:3", done.stderr)
        # What shows only when the line is parsed: those who ask for it are told.
        events.write_bytes(b"".join(lines[:2] + [b'{"type":"trained","loss":}\n'] + lines[3:]))
        _, site = self.start_page("view", "run", "0", small=False)
        status, text = site.ask("GET", "/api/events")
        self.assertEqual(status, 500)
        self.assertIn("events.jsonl:3", json.loads(text)["error"]["message"])
        self.assertEqual(site.get("/api/events", since=3)["next"], len(lines))
        events.write_bytes(b"".join(lines)[:-2])
        cut = subprocess.Popen([PROGRAM, "view", "run", "0"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                               stderr=subprocess.PIPE, cwd=self.folder, env=environment())
        self.addCleanup(self.put_down, cut)
        self.assertIn(f"events.jsonl:{len(lines)} is cut off", cut.stderr.readline())

    def test_equal_runs_begin_with_equal_files(self):
        for run in ("a", "b"):
            self.assert_code(self.run_program("--out", run, "-c", "train"), 0)
        self.assertEqual((self.folder / "a/start.json").read_text(), (self.folder / "b/start.json").read_text())


if __name__ == "__main__":
    unittest.main()
