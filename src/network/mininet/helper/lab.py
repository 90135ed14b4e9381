"""The Mininet network: one Linux bridge as a switch, and hosts that join and leave it at any time.
It knows addresses and processes; what a message is, only session.py knows."""

import ipaddress
import pathlib
import selectors
import socket
import subprocess
import sys
import time
from subprocess import DEVNULL, PIPE, STDOUT

import shaping
from mininet.link import Link
from mininet.log import setLogLevel
from mininet.net import Mininet
from mininet.nodelib import LinuxBridge
from protocol import Problem
from shaping import Shape, Tree
from wire import Wire

HERE = pathlib.Path(__file__).resolve().parent
NETWORK = ipaddress.ip_network("10.0.0.0/8")
LONGEST_START = 60.0  # s for all agents
LONGEST_WAIT = 1.0  # s; who waits says in between that it gets on
MOST_HOSTS = 1000  # a Linux bridge has 1024 ports
# -E and -s: nothing of the user's own Python gets in; -S: the start is twice as fast.
PYTHON = [sys.executable, "-E", "-s", "-S"]


class Host:
    """A Mininet host and its agent."""

    def __init__(self, index, mininet, port, wire, process):
        self.index = index  # in the order of joining
        self.mininet, self.port, self.wire, self.process = mininet, port, wire, process
        self.ip = address(index)
        self.device = mininet.defaultIntf().name
        self.sends, self.receives = Tree(self.device, "dst"), Tree(port, "src")
        self.ready = False  # its agent listens
        self.shapes = {}  # of what it sends, by the receiver's index


def address(index):
    return str(NETWORK[index + 1])


def run(node, command):
    """Runs a command in a Mininet node's shell, which is silent when all goes well."""
    said = node.cmd(command).strip()
    if said:
        raise Problem(f"Mininet's {node.name} cannot be set up: {' '.join(said.split())[:300]}")


class Lab:
    def __init__(self, machine, seed, get_on):
        """`get_on` is called between steps that may take long; see channel.py."""
        self._machine, self._seed, self._get_on = machine, seed, get_on
        setLogLevel("critical")  # what goes wrong is found out and told here
        # Mininet would raise limits of the whole machine, and leave them so.
        Mininet.inited = True
        self._net = Mininet(controller=None, switch=LinuxBridge, link=Link, build=False)
        self._switch = self._net.addSwitch("s1", inNamespace=False)
        self._switch.start([])
        run(self._switch, f"ip link set s1 address {shaping.SWITCH_ADDRESS}; "
                          "sysctl -qw net.ipv4.ip_forward=0; " + self._without_ipv6())
        self._relay = None  # its wire, once it is needed
        self._hosts = set()
        self._wires = selectors.DefaultSelector()  # data: (wire, host, or None for the relay's)

    @staticmethod
    def _without_ipv6():
        """Its routers are looked for in the background, and nobody needs them here."""
        name = "net.ipv6.conf.all.disable_ipv6"
        return f"if [ -e /proc/sys/{name.replace('.', '/')} ]; then sysctl -qw {name}=1; fi"

    def add(self, index):
        """A host joins. Its agent may still be starting when this returns."""
        if index >= MOST_HOSTS:
            raise Problem(f"The Mininet network has {index} nodes, and no room for one more")
        ip = address(index)
        self._get_on()
        node = self._net.addHost(f"h{index + 1}", ip=None)
        link = self._net.addLink(node, self._switch, addr1=shaping.hardware_address(ip))
        device, port = link.intf1.name, link.intf2.name
        # Without offloads and with one segment at a time, each packet is one that fits on the wire:
        # htb counts real packets, and their checksums are in them when the relay sees them.
        run(node, f"{self._without_ipv6()}; "
                  f"ethtool -K {device} tx off sg off tso off gso off gro off >/dev/null; "
                  f"ip link set {device} gso_max_segs 1; "
                  f"ifconfig {device} {ip}/{NETWORK.prefixlen} up")
        run(self._switch, f"brctl addif s1 {port}; ifconfig {port} up")
        ours, its = socket.socketpair()
        with its:
            process = start(node.popen, "agent.py", its)
        host = Host(index, node, port, Wire(ours), process)
        self._hosts.add(host)
        self._wires.register(ours, selectors.EVENT_READ, (host.wire, host))
        return host

    def remove(self, host):
        """It leaves: its processes end, and so its namespace."""
        self._get_on()
        self._hosts.discard(host)
        self._wires.unregister(host.wire.stream)
        host.wire.stream.close()
        host.process.kill()
        host.process.wait()
        self._net.delNode(host.mininet)
        host.mininet.terminate()
        # Its end of the link went with it; the name is used no more.
        run(self._switch, f"ip link del {host.port} 2>/dev/null; true")

    def plug(self, host, up):
        """Puts its cable into the switch, or pulls it out."""
        run(self._switch, f"ifconfig {host.port} {'up' if up else 'down'}")

    def wait_until_ready(self, report):
        ends = time.monotonic() + LONGEST_START
        while not all(host.ready for host in self._hosts):
            if time.monotonic() > ends:
                raise Problem(f"An agent has not begun to listen within {LONGEST_START:g} s",
                              "is the machine very busy?")
            self.hear(LONGEST_WAIT, report)

    def hear(self, seconds, report):
        """Waits for what agents say, not longer than `seconds`, and calls report(host, words)."""
        self._get_on()
        for key, _ in self._wires.select(min(seconds, LONGEST_WAIT)):
            wire, host = key.data
            said = wire.hear()
            if said is None:
                who = f"agent of host {host.mininet.name}" if host else "relay"
                raise Problem(f"The {who} has ended")
            for words in said:
                if words[0] == "failed":
                    raise Problem(f"The {words[1]}")
                if words[0] == "ready":
                    host.ready = True
                else:
                    report(host, words)

    def shape(self, wanted):
        """Gives each direction (sender, receiver) its Shape."""
        commands = {}  # lines by (program, the host in whose namespace it runs, or None for ours)
        for (sender, receiver), new in wanted.items():
            met = receiver.index in sender.shapes
            old = sender.shapes.get(receiver.index, Shape())
            sender.shapes[receiver.index] = new
            if not met or self._relayed(new) != self._relayed(old):
                commands.setdefault(("ip", sender), []).append(
                    shaping.neighbour(sender.device, receiver.ip, self._relayed(new)))
            if new.rate != old.rate:
                commands.setdefault(("tc", sender), []).extend(
                    sender.sends.limit(receiver.index, receiver.ip, new.rate))
            if (new.latency, new.loss) == (old.latency, old.loss):
                continue
            if self._machine.netem:
                commands.setdefault(("tc", None), []).extend(
                    receiver.receives.delay(sender.index, sender.ip, new))
            else:
                self._tell_relay(sender, receiver, new)
        self._run_all(commands)

    def _relayed(self, shape):
        return shape.delays and not self._machine.netem

    def _run_all(self, commands):
        """All hosts at the same time."""
        started = []
        for (program, host), lines in commands.items():
            self._get_on()
            popen = host.mininet.popen if host else subprocess.Popen
            process = popen([program, "-batch", "-"], stdin=PIPE, stdout=PIPE, stderr=STDOUT)
            started.append((process, program, lines))
        for process, program, lines in started:
            self._get_on()
            said, _ = process.communicate("".join(line + "\n" for line in lines).encode())
            if process.returncode:
                raise Problem(f"{program} refused: "
                              f"{' '.join(said.decode(errors='replace').split())[:300]}")

    def _tell_relay(self, sender, receiver, shape):
        if self._relay is None:
            self._relay = self._start_relay()
        self._relay.tell("path", sender.ip, receiver.ip, shape.latency, shape.loss)
        said = self._relay.hear()
        if said != [["done"]]:
            why = said[0][1] if said else "it has ended"
            raise Problem(f"The relay, which gives links latency and loss, does not work ({why})",
                          "it needs packet sockets: CONFIG_PACKET and the right CAP_NET_RAW")

    def _start_relay(self):
        ours, its = socket.socketpair()
        with its:
            start(subprocess.Popen, "relay.py", its, self._switch.name, str(self._seed))
        relay = Wire(ours)
        self._wires.register(ours, selectors.EVENT_READ, (relay, None))
        return relay


def start(popen, program, stream, *words):
    """Starts a program of this folder that speaks over `stream`; returns its process."""
    return popen([*PYTHON, str(HERE / program), str(stream.fileno()), *words],
                 pass_fds=[stream.fileno()], stdin=DEVNULL, stdout=DEVNULL, stderr=DEVNULL)
