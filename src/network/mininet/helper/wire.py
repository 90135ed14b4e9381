"""JSON lines between the helper and its own processes: the agents and the relay."""

import json


def encode(*words):
    return json.dumps(words).encode() + b"\n"


class Wire:
    def __init__(self, stream):
        self.stream = stream
        self._pending = b""

    def tell(self, *words):
        """Waits where the other side is slow to read. That it is gone, hear() will tell."""
        try:
            self.stream.sendall(encode(*words))
        except ConnectionError:
            pass

    def hear(self):
        """What has come, waiting for something if nothing has; None: the other side is gone."""
        try:
            more = self.stream.recv(65536)
        except ConnectionError:
            more = b""
        if not more:
            return None
        *lines, self._pending = (self._pending + more).split(b"\n")
        return [json.loads(line) for line in lines]
