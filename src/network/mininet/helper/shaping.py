"""What makes a direction between two hosts as slow and unreliable as wanted, as commands for `tc`
and `ip`.

What a host sends waits for the bandwidth in its own namespace, where htb has a class for each
receiver. Latency and loss come behind that, so that the queue that waits for the bandwidth stays
short: TCP fills the sender's own queue only as far as it must. They come from netem at the switch's
port to the receiver, in a class for each sender; or from the relay, where the kernel has no netem.
"""

import ipaddress
from typing import NamedTuple, Optional

from protocol import Problem

SLOWEST = 100  # bit/s: below, the waiting times do not fit into htb's tables
FASTEST = 10**11  # bit/s; stands for no limit where a class was needed once
FRAME = 1514  # bytes of the largest packet, that is:
HEADERS = 66  # of Ethernet, IP and TCP with its timestamps, and
SEGMENT = FRAME - HEADERS
MESSAGE_HEADER = 16  # bytes that an agent sends before each message
QUANTUM = 1e-4  # s
SWITCH_ADDRESS = "02:01:00:00:00:00"  # the switch's own hardware address; the relay reads there


class Shape(NamedTuple):
    """What a direction asks of the kernel."""

    rate: Optional[float] = None  # bit/s
    latency: int = 0  # ns
    loss: float = 0

    @property
    def delays(self):
        """Is there something for netem or the relay?"""
        return self.latency > 0 or self.loss > 0


def check(link, machine):
    """Raises a Problem that names the property if no link can be so here."""
    if link.bandwidth is None:
        return
    if not machine.bandwidth:
        raise Problem("`bandwidth` cannot be limited: the kernel has no htb, or no u32 filter",
                      "it needs CONFIG_NET_SCH_HTB and CONFIG_NET_CLS_U32; or leave it unlimited")
    if link.bandwidth < SLOWEST:
        raise Problem(f"`bandwidth` {link.bandwidth:g} bit/s is too small for htb",
                      f"it can be {SLOWEST} bit/s and more")


def burst(rate):
    """How many bytes may pass at once after a pause, besides the packet that is always let go: as
    many as in 0.1 ms, since the kernel is too slow to wake up for each packet of a fast link."""
    return max(1, int(rate * QUANTUM / 8))


def last_packet_time(rate, size):
    """How long the last packet of a message with `size` bytes is on the wire, in ns. htb lets a
    packet go when its transmission would begin, and so the receiver has it that much too early."""
    if rate is None:
        return 0
    return round(8e9 * ((size + MESSAGE_HEADER - 1) % SEGMENT + 1 + HEADERS) / rate)


class Tree:
    """The queues of a device: one for each host at the other end."""

    def __init__(self, device, end):
        """`end` is the other host's: `dst` for what is sent to it, `src` for what comes from it."""
        self._device, self._end = device, end
        self._classes = set()

    def limit(self, index, ip, rate):
        """Commands for tc that give the host `index`, whose address is `ip`, a bandwidth."""
        lines = []
        if not self._classes:
            lines.append(f"qdisc add dev {self._device} root handle 1: htb")
        rate = min(rate or FASTEST, FASTEST)
        size = burst(rate)
        name = f"1:{index + 1:x}"
        lines.append(f"class replace dev {self._device} parent 1: classid {name} htb "
                     f"rate {int(rate)}bit burst {size} cburst {size} quantum {FRAME}")
        if index not in self._classes:
            lines.append(f"filter add dev {self._device} parent 1: protocol ip prio {index + 1} "
                         f"u32 match ip {self._end} {ip}/32 flowid {name}")
        self._classes.add(index)
        return lines

    def delay(self, index, ip, shape):
        """The same with netem's latency and loss."""
        lines = [] if index in self._classes else self.limit(index, ip, None)
        lines.append(f"qdisc replace dev {self._device} parent 1:{index + 1:x} "
                     f"handle {index + 2:x}: netem limit 1000000 "
                     f"delay {shape.latency / 1000:.3f}us loss {100 * shape.loss:.6f}%")
        return lines


def hardware_address(ip):
    """Names the IP address: so the relay needs no table."""
    return "02:00:" + ":".join(f"{byte:02x}" for byte in ipaddress.ip_address(ip).packed)


def neighbour(device, ip, relayed):
    """A command for ip that tells a host where to send what is for `ip`. All are told: the table of
    learnt neighbours is one for the whole machine, and too small for some dozens of nodes."""
    address = SWITCH_ADDRESS if relayed else hardware_address(ip)
    return f"neigh replace {ip} lladdr {address} dev {device} nud permanent"
