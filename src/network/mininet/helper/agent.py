"""The program that each host runs: it sends messages to other agents and receives theirs, as real
bytes over TCP. Usage: agent.py DESCRIPTOR, of the stream to the helper.

An agent keeps one connection to each agent that it sends to, opened when first needed. On it travel
a greeting and then the messages, each as a header and as many bytes as the message has. The greeting
is the connection's generation, which grows from one connection to the next between the same two:
so one that was given up is told from its successor.

The helper says
    send IP GENERATION [[ID, BYTES], ...]   put these messages on the connection to IP
    close IP                                give that connection up, with all that waits
    drop IP GENERATION                      give up those from IP, up to that generation
and the agent
    ready                                   it can be connected to
    arrived ID TIME                         it read a message's last byte
    broken IP GENERATION                    that connection to IP ended by itself
"""

import collections
import errno
import selectors
import socket
import struct
import sys
import time

sys.dont_write_bytecode = True  # nothing is left behind, also no compiled module

from process import die_with_parent, settle, work_for  # noqa: E402
from wire import Wire, encode  # noqa: E402

PORT = 5005
GREETING = struct.Struct("!Q")  # generation
HEADER = struct.Struct("!QQ")  # message, bytes
ZEROS = memoryview(bytes(65536))  # the contents of all messages: the simulator keeps the real ones
READ_AT_ONCE = 262144
READ, WRITE = selectors.EVENT_READ, selectors.EVENT_WRITE


def abort(stream):
    """Closes a connection at once: what has not left yet never will."""
    stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    stream.close()


class Outgoing:
    """The connection to one other agent."""

    def __init__(self, agent, address, generation):
        self._agent, self._address, self._generation = agent, address, generation
        self._queue = collections.deque([(memoryview(GREETING.pack(generation)), 0)])
        self._stream = socket.socket()
        self._stream.setblocking(False)
        # The last bytes of a message do not wait for more to fill a packet.
        self._stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        # Most machines use Cubic. Where another one is set, times should not differ for it.
        try:
            self._stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_CONGESTION, b"cubic")
        except OSError:
            pass  # a kernel without Cubic
        agent.watch(self._stream, READ | WRITE, self.go_on)
        if self._stream.connect_ex((address, PORT)) not in (0, errno.EINPROGRESS):
            self._break()

    def send(self, messages):
        idle = not self._queue
        self._queue.extend((memoryview(HEADER.pack(*message)), message[1]) for message in messages)
        if idle and self._stream.fileno() >= 0:
            self.go_on(WRITE)

    def close(self):
        if self._stream.fileno() >= 0:
            self._agent.forget(self._stream)
            abort(self._stream)

    def go_on(self, events):
        try:
            if events & WRITE:
                self._write()
            if events & READ and not self._stream.recv(1):  # nobody answers here but by leaving
                self._break()
        except BlockingIOError:
            pass
        except OSError:
            self._break()

    def _write(self):
        try:
            while self._queue:
                head, rest = self._queue[0]
                sent = self._stream.sendmsg([head, ZEROS[:rest]])
                of_head = min(sent, len(head))
                head, rest = head[of_head:], rest - (sent - of_head)
                if head or rest:
                    self._queue[0] = head, rest
                else:
                    self._queue.popleft()
        finally:
            self._agent.watch(self._stream, READ | WRITE if self._queue else READ, self.go_on)

    def _break(self):
        self.close()
        self._agent.broken(self._address, self._generation)


class Incoming:
    """A connection that another agent opened."""

    def __init__(self, agent, stream, address):
        self._agent, self._stream, self.address = agent, stream, address
        self.generation = None  # not heard yet
        self._head = b""  # the part of a greeting or header that has come
        self._message, self._rest = None, 0
        stream.setblocking(False)
        agent.watch(stream, READ, self.go_on)

    def close(self):
        self._agent.forget(self._stream)
        abort(self._stream)

    def go_on(self, _events):
        try:
            size = self._stream.recv_into(self._agent.buffer)
        except BlockingIOError:
            return
        except OSError:
            size = 0
        if size:
            self._read(self._agent.buffer[:size])
        else:
            self._agent.left(self)

    def _read(self, data):
        while data:
            if self._rest:
                taken = min(self._rest, len(data))
                self._rest -= taken
            else:
                kind = HEADER if self.generation is not None else GREETING
                taken = min(kind.size - len(self._head), len(data))
                self._head += data[:taken]
                if len(self._head) < kind.size:
                    return
                if kind is GREETING:
                    self.generation, = kind.unpack(self._head)
                    if self._agent.is_dropped(self):
                        return self._agent.left(self)
                else:
                    self._message, self._rest = kind.unpack(self._head)
                self._head = b""
            data = data[taken:]
            if self._message is not None and not self._rest:
                self._agent.arrived(self._message)
                self._message = None


class Agent:
    def __init__(self, wire):
        self.buffer = memoryview(bytearray(READ_AT_ONCE))
        self._selector = selectors.DefaultSelector()
        self._outgoing = {}  # by address
        self._incoming = set()
        self._dropped = {}  # the last generation that is given up, by address
        self._reports = bytearray()
        self._wire = wire
        wire.stream.setblocking(False)
        self._listener = socket.create_server(("", PORT), backlog=4096)
        self._listener.setblocking(False)
        self._selector.register(self._listener, READ, self._accept)
        self._selector.register(wire.stream, READ, self._obey)
        self._reports += encode("ready")
        self._report()

    def run(self):
        while True:
            for key, events in self._selector.select():
                # One that was closed by an event just before is not touched any more.
                if key.fileobj.fileno() >= 0:
                    key.data(events)
            self._report()

    def watch(self, stream, events, call):
        """From now on call(events) is made when one of the events can be had."""
        if stream in self._selector.get_map():
            self._selector.modify(stream, events, call)
        else:
            self._selector.register(stream, events, call)

    def forget(self, stream):
        self._selector.unregister(stream)

    def arrived(self, message):
        self._reports += encode("arrived", message, time.monotonic_ns())

    def broken(self, address, generation):
        self._outgoing.pop(address, None)
        self._reports += encode("broken", address, generation)

    def is_dropped(self, incoming):
        return (incoming.generation is not None
                and incoming.generation <= self._dropped.get(incoming.address, -1))

    def left(self, incoming):
        self._incoming.discard(incoming)
        incoming.close()

    def _report(self):
        """Never waits: the helper may be busy telling us something."""
        try:
            while self._reports:
                del self._reports[:self._wire.stream.send(self._reports)]
        except BlockingIOError:
            pass
        self.watch(self._wire.stream, READ | WRITE if self._reports else READ, self._obey)

    def _accept(self, _events):
        try:
            stream, (address, _) = self._listener.accept()
        except (BlockingIOError, ConnectionAbortedError):  # it was given up before we came
            return
        self._incoming.add(Incoming(self, stream, address))

    def _obey(self, events):
        orders = self._wire.hear() if events & READ else []
        if orders is None:
            sys.exit()
        for word, address, *rest in orders:
            if word == "send":
                generation, messages = rest
                if address not in self._outgoing:
                    self._outgoing[address] = Outgoing(self, address, generation)
                self._outgoing[address].send(messages)
            elif word == "close":
                connection = self._outgoing.pop(address, None)
                if connection:
                    connection.close()
            elif word == "drop":
                self._dropped[address], = rest
                for incoming in [i for i in self._incoming if i.address == address]:
                    if self.is_dropped(incoming):
                        self.left(incoming)


if __name__ == "__main__":
    settle()
    die_with_parent()
    helper = Wire(socket.socket(fileno=int(sys.argv[1])))
    work_for(helper, "agent", lambda: Agent(helper).run())
