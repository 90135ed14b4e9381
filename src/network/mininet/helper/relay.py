"""Delays and drops packets where the kernel has no netem. Usage: relay.py DESCRIPTOR SWITCH SEED.

It stands beside the switch. Where a direction between two hosts has a latency or a loss, the
sender's neighbour table gives the receiver the switch's own hardware address, and so the relay gets
these packets. What is not lost goes back to the switch when its time has come, addressed to the
receiver now. All other packets pass through the kernel alone.

    the helper says                        the relay says
    path IP IP LATENCY LOSS   from, to, ns   done
"""

import heapq
import itertools
import random
import select
import socket
import sys
import time

sys.dont_write_bytecode = True

from process import die_with_parent, settle, work_for  # noqa: E402
from wire import Wire  # noqa: E402

ETH_P_IP = 0x0800
SO_RCVBUFFORCE = 33
ROOM = 16 * 2**20  # bytes of packets that wait to be read
AT_ONCE = 64  # packets read before looking whether others are due
ADDRESSES = slice(26, 34)  # both IP addresses in an Ethernet frame
RECEIVER = slice(30, 34)


def hardware_address(ip):
    """The helper gives each host the hardware address that its IP address names."""
    return b"\x02\x00" + ip


class Relay:
    def __init__(self, wire, switch, seed):
        self._wire = wire
        self._seed = seed
        self._paths = {}  # (latency, loss, draw) by both addresses
        self._waiting = []  # (due, order of coming, frame): a heap
        self._order = itertools.count()
        self._packets = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_IP))
        self._packets.bind((switch, ETH_P_IP))
        self._packets.setblocking(False)
        try:
            self._packets.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, ROOM)
        except PermissionError:  # then as much as anybody may have
            self._packets.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, ROOM)

    def run(self):
        sources = [self._packets, self._wire.stream]
        while True:
            wait = None
            if self._waiting:
                wait = max(0, self._waiting[0][0] - time.monotonic_ns()) / 1e9
            ready, _, _ = select.select(sources, [], [], wait)
            if self._packets in ready:
                self._take_in()
            self._let_out()
            if self._wire.stream in ready:
                self._obey()

    def _take_in(self):
        now = time.monotonic_ns()
        for _ in range(AT_ONCE):
            try:
                frame = self._packets.recv(65536)
            except BlockingIOError:
                return
            latency, loss, draw = self._paths.get(frame[ADDRESSES], (0, 0, None))
            if loss and draw() < loss:
                continue
            frame = hardware_address(frame[RECEIVER]) + frame[6:]
            # Of one path the packets keep their order: also at the same moment.
            heapq.heappush(self._waiting, (now + latency, next(self._order), frame))

    def _let_out(self):
        now = time.monotonic_ns()
        while self._waiting and self._waiting[0][0] <= now:
            try:
                self._packets.send(heapq.heappop(self._waiting)[2])
            except OSError:
                pass  # a switch with no room drops packets, and TCP sends them again

    def _obey(self):
        orders = self._wire.hear()
        if orders is None:
            sys.exit()
        for _path, sender, receiver, latency, loss in orders:
            pair = socket.inet_aton(sender) + socket.inet_aton(receiver)
            draw = random.Random(f"{self._seed} {sender} {receiver}").random
            self._paths[pair] = (latency, loss, draw)
            self._wire.tell("done")


if __name__ == "__main__":
    settle()
    die_with_parent()
    helper = Wire(socket.socket(fileno=int(sys.argv[1])))
    work_for(helper, "relay", lambda: Relay(helper, *sys.argv[2:]).run())
