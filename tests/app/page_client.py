"""What the tests of the page's server share: a program that serves one, requests, and streams."""

import http.client
import json
import re
import subprocess
import urllib.parse

from program import PROGRAM, SMALL, ProgramTest, environment

ADDRESS = re.compile(r"http://([\w.\[\]:]+):(\d+)/\?token=([0-9a-f]{32})")


class Site:
    """One page's server, as its two lines on standard error tell of it."""

    def __init__(self, lines):
        found = [ADDRESS.search(line) for line in lines]
        self.host, self.port = found[0][1], int(found[0][2])
        self.command, self.watch = found[0][3], found[-1][3]

    def ask(self, method, path, body=None, token=None, **headers):
        """Status and body. `token`: instead of the one that may do everything; "" for none."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=60)
        token = self.command if token is None else token
        if token:
            headers["X-Delstep-Token"] = token
        try:
            connection.request(method, path, body, {k.replace("_", "-"): v for k, v in headers.items()})
            answer = connection.getresponse()
            self.headers = answer.headers
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def get(self, path, **parameters):
        """The JSON of a question that must succeed."""
        query = "?" + urllib.parse.urlencode(parameters) if parameters else ""
        status, text = self.ask("GET", path + query)
        if status != 200:
            raise AssertionError(f"{path}{query}: {status} {text}")
        return json.loads(text)

    def run(self, commands, **headers):
        status, text = self.ask("POST", "/api/cmd", json.dumps({"cmd": commands}), **headers)
        if status != 200:
            raise AssertionError(f"{commands}: {status} {text}")
        return json.loads(text)

    def stream(self, since=None, token=None):
        return Stream(self, since, token)


class Stream:
    """Server-sent events, one after the other."""

    def __init__(self, site, since, token):
        self.connection = http.client.HTTPConnection(site.host, site.port, timeout=60)
        headers = {"X-Delstep-Token": token or site.command}
        if since is not None:
            headers["Last-Event-ID"] = str(since)
        self.connection.request("GET", "/api/stream", headers=headers)
        self.answer = self.connection.getresponse()
        self.last_id = None

    def next(self):
        """Kind and data of the next one; None at the end. Comments are passed over."""
        kind, data = None, None
        while True:
            line = self.answer.readline().decode()
            if not line:
                return None
            line = line.rstrip("\n")
            name, _, value = line.partition(": ")
            if name == "event":
                kind = value
            elif name == "data":
                data = json.loads(value)
            elif name == "id":
                self.last_id = int(value)
            elif not line and kind is not None:
                return kind, data

    def until(self, kind, accept=lambda data: True):
        """The data of the first of its kind that is accepted."""
        while True:
            got = self.next()
            if got is None:
                raise AssertionError(f"the stream ended before {kind}")
            if got[0] == kind and accept(got[1]):
                return got[1]

    def close(self):
        self.answer.close()
        self.connection.close()


class PageTest(ProgramTest):
    def start_page(self, *words, small=True):
        """The program, which serves, and where. Standard input stays open."""
        words = [PROGRAM, *(SMALL if small else []), *words]
        # Into a file: a pipe that nobody reads would make commands wait.
        with open(self.folder / "stdout.txt", "w", encoding="utf-8") as out:
            program = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=out, text=True,
                                       stderr=subprocess.PIPE, bufsize=1, cwd=self.folder,
                                       env=environment())
        program.stdout = open(self.folder / "stdout.txt", encoding="utf-8")
        self.addCleanup(self.put_down, program)
        return program, self.site_of(program)

    def site_of(self, program):
        lines = []
        while not lines or (len(lines) < 2 and "events of" not in lines[0]):
            line = program.stderr.readline()
            if not line:
                self.fail("the program ended before it served a page")
            if ADDRESS.search(line):
                lines.append(line)
        return Site(lines)

    def open_stream(self, site, since=None, token=None):
        stream = site.stream(since, token)
        self.addCleanup(stream.close)
        return stream
