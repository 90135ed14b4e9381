"""The protocol of --json, spoken with the program itself. What is sent follows what came
back."""

import json
import os
import pathlib
import pty
import re
import signal
import subprocess
import sys
import time
import unittest

from program import SMALL, PROGRAM, ProgramTest, environment

ROOT = pathlib.Path(__file__).resolve().parents[2]
LONG = "repeat 1000000 { cycle }"


class Talk:
    """A program that answers requests."""

    def __init__(self, test, *words):
        self.test = test
        self.program = test.start("--json", *words)
        self.numbers = 0

    def write(self, line):
        self.test.say(self.program, line)

    def send(self, number, command, **more):
        self.write(json.dumps({"id": number, "cmd": command, **more}))

    def read(self):
        line = self.program.stdout.readline()
        if not line:
            return None
        answer = json.loads(line)
        self.numbers += 1
        self.test.assertEqual(answer["v"], 2)
        self.test.assertEqual(answer["n"], self.numbers)
        return answer

    def until_done(self, number):
        """All objects up to the last one of that request."""
        answers = []
        while True:
            answers.append(self.read())
            self.test.assertIsNotNone(answers[-1], "the program has ended")
            if answers[-1].get("id") == number and answers[-1].get("done"):
                return answers

    def ask(self, number, command, **more):
        self.send(number, command, **more)
        return self.until_done(number)

    def end(self):
        self.program.stdin.close()
        rest = self.program.stdout.read()
        return self.program.wait(timeout=60), rest, self.program.stderr.read()


def codes(answers):
    return [0 if a["ok"] else a["error"]["code"] for a in answers]


class Requests(ProgramTest):
    def test_ids_come_back_as_they_were(self):
        talk = Talk(self)
        for number in (7, "a\"b ü", -3, 2 ** 62):
            answers = talk.ask(number, "cycle; cycle")
            self.assertEqual([a["id"] for a in answers], [number, number])
            self.assertEqual([a.get("done") for a in answers], [None, True])
        talk.write('{"id":1.50,"cmd":"cycle"}')
        self.assertIn('"id":1.50,', talk.program.stdout.readline())
        self.assertEqual(talk.end()[0], 0)

    def test_repeat_and_load_answer_behind_their_parts(self):
        self.write("two.del", "cycle\nrepeat 2 cycle\n")
        talk = Talk(self)
        answers = talk.ask(1, "repeat 2 load two.del; repeat 0 cycle")
        self.assertEqual([(a["cmd"], a.get("parts")) for a in answers], [
            ("cycle", None), ("cycle", None), ("cycle", None), ("repeat 2 cycle", 2), ("load two.del", 4),
            ("cycle", None), ("cycle", None), ("cycle", None), ("repeat 2 cycle", 2), ("load two.del", 4),
            ("repeat 2 load two.del", 10), ("repeat 0 cycle", 0)])
        self.assertEqual(answers[10]["result"], {"times": 2, "failed": 0})

    def test_an_error_ends_its_request_only(self):
        talk = Talk(self)
        answers = talk.ask(1, "cycle; repeat 3 { repeat 2 { cycle; train 10.0.0.99; cycle } }; cycle")
        self.assertEqual([(a["cmd"].split()[0], a["ok"], a.get("parts")) for a in answers], [
            ("cycle", True, None), ("cycle", True, None), ("train", False, None), ("repeat", False, 2),
            ("repeat", False, 3)])
        self.assertEqual(codes(answers), [0, 0, 1, 1, 1])
        self.assertNotIn("fatal", answers[-1])
        self.assertEqual(codes(talk.ask(2, "bogus")), [2])
        self.assertEqual(codes(talk.ask(3, "status")), [0])
        self.assertEqual(talk.end(), (0, "", ""))

    def test_an_error_ends_the_request_with_keep_going_too(self):
        talk = Talk(self, "--keep-going")
        self.assertEqual(codes(talk.ask(1, "bogus; cycle")), [2])

    def test_what_is_open_does_not_wait(self):
        talk = Talk(self)
        for number, command in enumerate(["repeat 2 {", 'train "10.0.0.1', "repeat 2", "}", "{ cycle }", "repeat 2\n"]):
            answers = talk.ask(number, command)
            self.assertEqual(codes(answers), [2], command)
            self.assertEqual(len(answers), 1)
        # Nor does what was left open before the request.
        talk.write("repeat 2 {")
        answers = talk.ask("x", "cycle")
        self.assertEqual(codes(answers), [2, 0])
        self.assertNotIn("fatal", answers[0])

    def test_nothing_to_do_is_answered_once(self):
        talk = Talk(self)
        for command in ("", "  ", "# only a comment", ";;", "\n\n"):
            answers = talk.ask("e", command)
            self.assertEqual(len(answers), 1, command)
            self.assertTrue(answers[0]["ok"])

    def test_wrong_requests_are_answered(self):
        talk = Talk(self)
        wrong = {
            '{"id":1,"cmd":"cycle"': 1, '{"id":2}': 2, '{"id":3,"cmd":4}': 3, '{"id":4,"cmd":"a","cmd":"b"}': 4,
            '{"cmd":"cycle"}': None, '{"id":null,"cmd":"cycle"}': None, '{"id":[1],"cmd":"cycle"}': None,
            '{"id":{"a":1},"cmd":"cycle"}': None, '{"id":5,"cmd":"cycle","x":1}': 5, '{"id":6,"cmd":"cycle"} x': 6,
            '{}': None, '{"id":7,"cancel":7}': 7, '{"id":8,"cmd":"cycle","progress":1}': 8, "{": None,
            "{" * 10000: None, '{"id":true,"cmd":"cycle"}': None, '{"cancel":null}': None,
        }
        for line, number in wrong.items():
            talk.write(line)
            answer = talk.read()
            self.assertEqual((answer["ok"], answer["error"]["code"], answer["done"], answer["cmd"], answer.get("id")),
                             (False, 2, True, "", number), line[:60])
        self.assertEqual(talk.ask(9, "cycle")[0]["cycle"], 0)

    def test_plain_lines_work_among_requests(self):
        talk = Talk(self)
        talk.write("cycle")
        self.assertNotIn("id", talk.read())
        talk.write("repeat 2\n{ cycle\n}")
        self.assertEqual([talk.read()["cmd"] for _ in range(3)], ["cycle", "cycle", "repeat 2 { ... }"])
        self.assertEqual(codes(talk.ask(1, "cycle")), [0])

    def test_an_error_names_its_line_of_all_that_came(self):
        """Lines that were requests did not count."""
        text = '{"id":1,"cmd":"cycle"}\n\n#x\nbogus\n{"id":2,"cmd":"cycle"}\nrepeat 2\n{ bogus }\n'
        answers = [json.loads(line) for line in self.run_program("--json", text=text).stdout.splitlines()]
        # The last one is of the `repeat` that its part has ended.
        self.assertEqual([a["error"]["line"] for a in answers if "error" in a], [4, 7, 7])

    def test_after_a_request_no_plain_line_ends_the_session(self):
        talk = Talk(self)
        talk.ask(1, "cycle")
        for line, code in (("bogus; cycle", 2), ("train 10.0.0.99", 1), ("expect lost > 0", 5), ("load nowhere.del", 3),
                           ("}", 2)):
            talk.write(line)
            answer = talk.read()
            self.assertEqual((answer["error"]["code"], "fatal" in answer, "id" in answer), (code, False, False))
        self.assertEqual(codes(talk.ask(2, "cycle")), [0])
        talk.write("repeat 2 {")
        talk.program.stdin.close()
        self.assertNotIn("fatal", talk.read())
        self.assertEqual(talk.program.wait(timeout=20), 0)

    def test_a_plain_line_before_the_first_request_still_ends_it(self):
        done = self.run_program("--json", text='bogus\n{"id":1,"cmd":"cycle"}\n')
        answers = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertTrue(answers[0]["fatal"])
        self.assertEqual(done.returncode, 2)
        self.assertEqual([a["id"] for a in answers[1:]] in ([], [1]), True)

    def test_a_byte_order_mark_is_no_part_of_the_first_line(self):
        for words, text in ((["--json"], '{"id":1,"cmd":"cycle"}\n'), (["--json"], "cycle\n"), ([], "cycle")):
            done = self.run_program(*words, text="\ufeff" + text)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(self.run_program(text="\ufeff").returncode, 0)

    def test_a_terminal_may_bring_requests(self):
        ours, theirs = pty.openpty()
        program = subprocess.Popen(self.command("--json"), stdin=theirs, stdout=subprocess.PIPE, text=True,
                                   stderr=subprocess.PIPE, cwd=self.folder, env=environment())
        self.addCleanup(self.put_down_terminal, program, ours, theirs)
        for line in ("bogus", "cycle", '{"id":7,"cmd":"cycle"}', "exit"):
            os.write(ours, (line + "\n").encode())
        answers = [json.loads(line) for line in program.stdout.read().splitlines()]
        self.assertEqual([(a["ok"], a.get("id"), a.get("fatal")) for a in answers],
                         [(False, None, None), (True, None, None), (True, 7, None), (True, None, None)])
        self.assertEqual((program.wait(timeout=20), program.stderr.read()), (0, ""))

    @staticmethod
    def put_down_terminal(program, *ends):
        program.kill()
        program.wait()
        program.stdout.close()
        program.stderr.close()
        for end in ends:
            os.close(end)

    def test_exit_ends_with_0(self):
        talk = Talk(self)
        talk.ask(1, "bogus")
        self.assertTrue(talk.ask(2, "exit; cycle")[0]["ok"])
        self.assertEqual(talk.program.wait(timeout=60), 0)

    def test_the_end_of_input_in_the_middle_of_a_request(self):
        done = self.run_program("--json", text='{"id":1,"cmd":"cycle"}\n{"id":2,"cmd":"cyc')
        answers = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual(codes(answers), [0, 2])
        self.assertEqual(done.returncode, 0)
        done = self.run_program("--json", text='{"id":1,"cmd":"repeat 3 cycle"}\n{"id":2,"cmd":"cycle"}')
        self.assertEqual([json.loads(line)["id"] for line in done.stdout.splitlines()], [1] * 4 + [2])

    def test_any_bytes_are_answered_with_objects(self):
        lines = [b'{"id":1,"cmd":"train \xff\xfe"}', b'{"id":2,"cmd":"train \x00"}', b'{"id":3,"cmd":"train \\u0000"}',
                 b'{"id":4,"cmd":"' + b"x" * 3_000_000 + b'"}', b'{"id":5,"cmd":"cycle \xc3"}', b"train \xff\x00",
                 b'{"id":"\\ud800","cmd":"cycle"}', b'{"id":6,"cmd":"cycle"}\r', b"[1]", b'"cycle"']
        done = subprocess.run([PROGRAM, *SMALL, "--json", "--keep-going"], input=b"\n".join(lines) + b"\n",
                              capture_output=True, env=environment(), timeout=120, check=False)
        answers = [json.loads(line) for line in done.stdout.decode().splitlines()]
        self.assertEqual(len(answers), len(lines))
        self.assertEqual(codes(answers), [2, 2, 2, 2, 2, 2, 2, 0, 2, 0])
        self.assertEqual(done.stderr, b"")


class Stopping(ProgramTest):
    def running(self, *words):
        talk = Talk(self, *words)
        talk.send(1, LONG)
        talk.read()
        return talk

    def assert_stopped(self, answers):
        self.assertEqual(answers[-1]["error"]["code"], 130)
        self.assertEqual(answers[-1]["cmd"], "repeat 1000000 { ... }")
        self.assertEqual(answers[-1]["parts"], answers[-1]["n"] - 1)

    def test_a_cancel_stops_the_command_and_the_session_goes_on(self):
        talk = self.running()
        talk.write('{"cancel":1}')
        self.assert_stopped(talk.until_done(1))
        self.assertEqual(codes(talk.ask(2, "cycle")), [0])
        self.assertEqual(talk.end()[0], 0)

    def test_a_cancel_stops_a_training(self):
        talk = Talk(self, "training.epochs=1000000")
        talk.send("t", "train; cycle", progress=True)
        self.assertIn("progress", talk.read())
        talk.write('{"cancel":"t"}')
        answers = talk.until_done("t")
        self.assertEqual([(a["cmd"], a["error"]["code"]) for a in answers if "cmd" in a], [("train", 130)])

    def test_an_interrupt_does_the_same(self):
        talk = self.running()
        talk.program.send_signal(signal.SIGINT)
        self.assert_stopped(talk.until_done(1))
        talk.program.send_signal(signal.SIGINT)  # idle: nothing to stop, and nothing tells when it came
        time.sleep(0.2)
        self.assertEqual(codes(talk.ask(2, "cycle")), [0])
        self.assertEqual(talk.end()[0], 0)

    def test_interrupts_at_any_moment_never_end_the_session(self):
        talk = self.running()
        for number in range(2, 30):
            talk.program.send_signal(signal.SIGINT)
            talk.until_done(number - 1)
            talk.program.send_signal(signal.SIGINT)  # at rest, or nearly: it may stop the next one before it begins
            talk.send(number, LONG)
            if talk.read().get("done"):
                talk.send(number, LONG)
                talk.read()
        talk.program.send_signal(signal.SIGINT)
        talk.until_done(29)
        self.assertEqual(talk.ask(30, "cycle")[-1]["id"], 30)
        self.assertEqual(talk.end()[0], 0)

    def test_an_interrupt_with_keep_going_ends_a_line_only(self):
        talk = Talk(self, "--keep-going")
        talk.write(LONG)
        talk.read()
        talk.program.send_signal(signal.SIGINT)
        while "parts" not in (answer := talk.read()):
            pass
        self.assertEqual(answer["error"]["code"], 130)
        talk.write("cycle")
        self.assertTrue(talk.read()["ok"])

    def test_a_request_to_end_ends(self):
        talk = self.running()
        talk.program.send_signal(signal.SIGTERM)
        answers = talk.until_done(1)
        self.assertEqual(answers[-1]["error"]["code"], 143)
        self.assertTrue(answers[-1]["fatal"])
        self.assertEqual(talk.program.wait(timeout=60), 143)

    def test_a_request_to_end_ends_although_nobody_reads(self):
        for words in (["--json"], []):
            program = self.start(*words)
            # More than the pipe holds, and then more than a driver would wait for.
            program.stdin.write((json.dumps({"id": 1, "cmd": LONG}) if words else "repeat 1000000 status") + "\n")
            program.stdin.flush()
            time.sleep(1)
            program.terminate()
            self.assertEqual(program.wait(timeout=20), 143, words)
            self.put_down(program)

    def test_a_request_to_end_loses_nothing_that_is_read(self):
        talk = self.running()
        time.sleep(0.5)  # the pipe is full by now
        talk.program.terminate()
        self.assertEqual(talk.until_done(1)[-1]["error"]["code"], 143)
        self.assertEqual(talk.program.wait(timeout=20), 143)

    def test_what_waits_is_answered_at_the_end(self):
        talk = self.running()
        talk.send(2, "cycle; cycle")
        talk.send("x", "cycle")
        talk.send(3, LONG)  # read, as soon as its cancel is answered
        talk.write('{"cancel":3}')
        talk.until_done(3)
        talk.program.terminate()
        talk.until_done(1)
        for number in (2, "x"):
            (answer,) = talk.until_done(number)
            self.assertEqual((answer["error"]["code"], answer["fatal"]), (143, True))
        self.assertEqual((talk.read(), talk.program.wait(timeout=20)), (None, 143))

    def test_what_waits_behind_an_exit_is_answered(self):
        talk = Talk(self)
        for number, command in ((1, "repeat 20000 cycle; exit"), (2, "cycle"), (3, "cycle")):
            talk.send(number, command)
        talk.write('{"cancel":3}')
        talk.until_done(3)
        talk.until_done(1)
        (answer,) = talk.until_done(2)
        self.assertEqual((answer["error"]["code"], "fatal" in answer), (1, False))
        self.assertEqual(talk.program.wait(timeout=20), 0)

    def test_a_pipe_without_a_writer_can_be_left(self):
        os.mkfifo(self.folder / "pipe")
        talk = Talk(self)
        talk.send(1, "cycle; load pipe; cycle")
        talk.read()
        talk.write('{"cancel":1}')
        self.assertEqual(codes(talk.until_done(1)), [130])
        talk.send(2, "load pipe")
        time.sleep(0.2)
        talk.program.send_signal(signal.SIGINT)
        self.assertEqual(codes(talk.until_done(2)), [130])
        talk.send(3, "load pipe")
        (self.folder / "pipe").write_text("\ufeffcycle\ntrain 10.0.0.99\n")
        answers = talk.until_done(3)
        self.assertEqual(codes(answers), [0, 1, 1])
        self.assertEqual(answers[1]["error"]["file"], "pipe")
        talk.send(4, "load pipe")
        time.sleep(0.2)
        talk.program.terminate()
        self.assertEqual(codes(talk.until_done(4)), [143])
        self.assertEqual(talk.program.wait(timeout=20), 143)
        for sent, code in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
            program = self.start("-f", "pipe")
            time.sleep(1)
            program.send_signal(sent)
            self.assertEqual(program.wait(timeout=20), code)

    def test_scripts_still_come_by_pipes(self):
        done = subprocess.run(["bash", "-c", 'exec "$@" -f <(echo cycle; echo bogus)', "bash", *self.command()],
                              capture_output=True, text=True, env=environment(), timeout=60, check=False)
        self.assertEqual((done.returncode, done.stdout), (2, "cycle 1\n"))
        self.assertIn("no command named 'bogus'", done.stderr)

    def test_standard_input_is_not_read_twice(self):
        talk = Talk(self)
        for number, name in enumerate(("/dev/stdin", "/dev/fd/0", "/proc/self/fd/0")):
            self.assertEqual(codes(talk.ask(number, "load " + name)), [1])
        done = self.run_program("--keep-going", text="load /dev/stdin\ncycle\n")
        self.assertEqual((done.returncode, done.stdout), (1, "cycle 1\n"))
        self.write("main.del", "load /dev/stdin\n")
        self.assertEqual(self.run_program("-f", "main.del", text="cycle\n").stdout, "cycle 1\n")

    def test_what_waits_is_cancelled_at_once(self):
        talk = self.running()
        talk.send(2, "cycle")
        talk.send(3, "cycle")
        talk.write('{"cancel":2}')
        answers = talk.until_done(2)
        self.assertEqual((answers[-1]["error"]["code"], answers[-1]["cmd"]), (130, "cycle"))
        talk.write('{"cancel":1}')
        self.assertEqual(talk.until_done(1)[-1]["error"]["code"], 130)
        self.assertEqual(codes(talk.until_done(3)), [0])

    def test_an_unknown_id_is_an_error(self):
        talk = self.running()
        talk.write('{"cancel":"1"}')  # a text is no number
        answers = talk.until_done("1")
        self.assertEqual((answers[-1]["ok"], answers[-1]["error"]["code"], answers[-1]["cancel"]), (False, 1, True))
        talk.write('{"cancel":1}')
        talk.until_done(1)
        talk.write('{"cancel":1}')
        self.assertEqual(talk.read()["error"]["code"], 1)
        for number in range(100, 300):  # as soon as the last object is there, there is nothing to cancel
            talk.ask(number, "cycle")
            talk.write(json.dumps({"cancel": number}))
            self.assertTrue(talk.read()["cancel"])

    def test_many_cancels_at_any_moment(self):
        talk = Talk(self)
        for number in range(200):
            talk.send(number, "cycle; cycle; cycle")
            talk.write(json.dumps({"cancel": number}))
        done = set()
        while len(done) < 200:
            answer = talk.read()
            if answer.get("done") and "cancel" not in answer:
                self.assertNotIn(answer["id"], done)
                done.add(answer["id"])
        talk.program.stdin.close()
        for line in talk.program.stdout.read().splitlines():
            self.assertTrue(json.loads(line)["cancel"])

    def test_progress_only_where_it_was_asked_for(self):
        talk = Talk(self, "training.epochs=1000000")
        talk.send(1, "train", progress=True)
        progress = talk.read()
        self.assertEqual(set(progress["progress"]), {"seconds", "answers", "nodes_done", "nodes_total"})
        self.assertEqual(progress["progress"]["nodes_total"], 4)
        talk.write('{"cancel":1}')
        talk.until_done(1)


class Errors(ProgramTest):
    def objects(self, *words, text="", **more):
        done = self.run_program("--json", *words, text=text, **more)
        return done, [json.loads(line) for line in done.stdout.splitlines()]

    def test_errors_before_the_first_command(self):
        self.write("old.toml", "seed = ten\n")
        self.run_program("--out", "run", "-c", "cycle")
        for words, code in ((["nodes.cnt=3"], 2), (["nowhere"], 2), (["--bogus"], 2), (["old.toml"], 3),
                            (["--out", "run", "-c", "cycle"], 1), (["data.name=mnist", "data.path=/nowhere"], 3)):
            done, objects = self.objects(*words)
            self.assertEqual((done.returncode, done.stderr), (code, ""), words)
            self.assertEqual(len(objects), 1)
            self.assertEqual((objects[0]["ok"], objects[0]["fatal"], objects[0]["error"]["code"]), (False, True, code))
            self.assertTrue(objects[0]["error"]["message"])
        done, objects = self.objects("old.toml")
        self.assertEqual((objects[0]["error"]["file"], objects[0]["error"]["line"]), ("old.toml", 1))

    def test_checking(self):
        self.write("bad.del", "cycle\nbogus\ntrain 10.0.0.99\n")
        done, objects = self.objects("--check", "bad.del")
        self.assertEqual((done.returncode, done.stderr), (2, ""))
        self.assertEqual([(o["error"]["file"], o["error"]["line"]) for o in objects[:-1]], [("bad.del", 2), ("bad.del", 3)])
        self.assertEqual((objects[-1]["ok"], objects[-1]["result"]), (False, {"scripts": ["bad.del"], "errors": 2, "code": 2}))

    def test_verbs_of_the_shell(self):
        for words, member in ((["doctor"], "findings"), (["--version"], "learners"), (["--help"], "text"),
                              (["docs", "json"], "text")):
            done, objects = self.objects(*words, small=False)
            self.assertEqual(len(objects), 1, words)
            self.assertIn(member, objects[0]["result"])
            self.assertEqual(done.stderr, "")

    def test_the_first_error_of_plain_lines_is_fatal_and_says_so(self):
        done, objects = self.objects(text="cycle\nbogus\ncycle\n")
        self.assertEqual(done.returncode, 2)
        self.assertEqual([o.get("fatal") for o in objects], [None, True])
        done, objects = self.objects("--keep-going", text="bogus\ncycle\n")
        self.assertEqual((done.returncode, [o.get("fatal") for o in objects]), (2, [None, None]))

    def test_errors_do_not_fill_a_pipe_that_nobody_reads(self):
        program = self.start("--json", "--keep-going")
        for _ in range(2000):
            self.say(program, "train 10.0.0.99")
            self.assertFalse(json.loads(program.stdout.readline())["ok"])
        program.stdin.close()
        self.assertEqual((program.wait(timeout=60), program.stderr.read()), (1, ""))

    def test_an_error_in_a_loaded_script_names_who_loaded_it(self):
        self.write("inner.del", "bogus\n")
        self.write("outer.del", "load inner.del\n")
        _, objects = self.objects("-f", "outer.del", "--keep-going")
        self.assertEqual(objects[0]["error"]["loaded_from"], ["outer.del:1"])
        self.write("outest.del", "cycle\nload outer.del\n")
        for words in (["-f", "outest.del"], ["--check", "outest.del"]):
            _, objects = self.objects(*words)
            self.assertEqual(objects[0]["error"]["loaded_from"], ["outer.del:1", "outest.del:2"])
            self.assertNotIn("outer", objects[0]["error"]["hint"])
            self.assertEqual(objects[0]["cmd"], "--check" if "--check" in words else "")

    def test_a_failed_expect_carries_what_was_measured(self):
        _, objects = self.objects("--keep-going", text="expect lost > 0\nexpect clock >= 1ms\nexpect clock < 1.5\n")
        self.assertEqual([o["ok"] for o in objects], [False, False, True])
        self.assertEqual((objects[0]["error"]["code"], objects[0]["error"]["metric"], objects[0]["error"]["value"]),
                         (5, "lost", 0))
        self.assertEqual(objects[1]["error"]["conditions"], [
            {"condition": "clock >= 1ms", "metric": "clock", "value": 0, "bound": 1000000, "holds": False}])
        self.assertEqual(objects[2]["result"]["conditions"][0]["bound"], 1500000000)

    def test_a_record_that_fails_is_told_behind_the_parts(self):
        command = 'ulimit -f 4; exec "$@"'
        done = subprocess.run(["bash", "-c", command, "bash", *self.command("--json", "--out", "run")],
                              input='{"id":1,"cmd":"cycle; repeat 500 cycle"}\n{"id":2,"cmd":"cycle"}\n',
                              capture_output=True, text=True, cwd=self.folder, env=environment(), timeout=60,
                              check=False)
        objects = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual([o["parts"] for o in objects if "parts" in o], [500])
        (told,) = [i for i, o in enumerate(objects) if o["cmd"] == ""]
        self.assertEqual((told, objects[told]["error"]["code"], objects[told - 1]["done"]), (502, 3, True))
        self.assertEqual(done.returncode, 3)

    def test_a_full_disk_is_said_on_standard_error(self):
        with open("/dev/full", "w", encoding="utf-8") as full:
            done = subprocess.run(self.command("--json", "-c", "cycle"), stdout=full, stderr=subprocess.PIPE, text=True,
                                  env=environment(), timeout=120, check=False)
        self.assertEqual(done.returncode, 3)
        self.assertIn("cannot write standard output", done.stderr)


class Documents(ProgramTest):
    def test_the_driver_of_the_guide_runs(self):
        guide = (ROOT / "docs/guide/programs.md").read_text()
        (driver,) = re.findall(r"^```python\n(.*?)^```", guide, re.M | re.S)
        self.write("driver.py", driver)
        folder = str(pathlib.Path(PROGRAM).parent)
        done = subprocess.run([sys.executable, "driver.py", *SMALL, "training.epochs=20"], capture_output=True, text=True,
                              cwd=self.folder, env=environment(PATH=folder + ":" + os.environ["PATH"]), timeout=120,
                              check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        lines = done.stdout.splitlines()
        self.assertTrue(lines[0].startswith("mean accuracy: 0."), lines)
        self.assertEqual(lines[1:], ["error: no node named '10.0.0.99'", "stopped with 130 after some trainings", "cycle 1"])

    def test_the_guide_shows_objects(self):
        guide = (ROOT / "docs/guide/programs.md").read_text()
        for block in re.findall(r"^```json\n(.*?)^```", guide, re.M | re.S):
            for line in block.splitlines():
                json.loads(line)


if __name__ == "__main__":
    unittest.main()
