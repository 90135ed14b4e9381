"""What this machine has. The kernel is asked by doing it, in a network namespace that is thrown
away: Mininet itself goes on without a delay where the kernel cannot give it one."""

import os
import shutil
import subprocess
from typing import NamedTuple

from protocol import Problem

TOOLS = {"mnexec": "mininet", "bash": "bash", "ip": "iproute2", "tc": "iproute2",
         "brctl": "bridge-utils", "ifconfig": "net-tools", "ethtool": "ethtool",
         "unshare": "util-linux", "sysctl": "procps", "stty": "coreutils"}
CHECKS = {  # in this order: each may need those before it
    "veth": "ip link add p0 type veth peer name p1",
    "bridge": "ip link add b0 type bridge",
    "htb": "tc qdisc add dev p0 root handle 1: htb"
           " && tc class add dev p0 parent 1: classid 1:2 htb rate 1mbit",
    "u32": "tc filter add dev p0 parent 1: protocol ip prio 2 u32 match ip dst 10.0.0.1/32"
           " flowid 1:2",
    "netem": "tc qdisc add dev p1 root netem delay 1ms loss 1%",
}
RIGHTS = ("run it as root, or allow users to have namespaces of their own (user.max_user_namespaces "
          "above 0; where they exist, kernel.unprivileged_userns_clone 1 and "
          "kernel.apparmor_restrict_unprivileged_userns 0)")


class Machine(NamedTuple):
    version: str  # of Mininet
    bandwidth: bool  # it can limit a link's
    netem: bool


def look():
    """Raises a Problem that names what is missing."""
    if os.getpid() != 1:
        raise Problem("The helper would change this machine's own network",
                      "start it by unshare -nmpf --kill-child --mount-proc")
    # A user's path has often none of the folders of the tools.
    os.environ["PATH"] = os.environ.get("PATH", "") + ":/usr/sbin:/usr/bin:/sbin:/bin"
    try:
        from mininet.net import VERSION
    except ImportError as missing:
        raise Problem(f"Mininet is not installed ({missing})",
                      "install the package mininet") from None
    for tool, package in TOOLS.items():
        if shutil.which(tool) is None:
            raise Problem(f"The program {tool} is missing", f"install the package {package}")
    has = kernel()
    return Machine(f"Mininet {VERSION}", has["htb"] and has["u32"], has["netem"])


def kernel():
    """Which of the checks pass."""
    script = "".join(f"({command}) 2>&1 && echo {name} passed\n"
                     for name, command in CHECKS.items())
    done = subprocess.run(["unshare", "-n", "sh", "-c", script], capture_output=True, text=True,
                          check=False, stdin=subprocess.DEVNULL)
    lines = done.stdout.splitlines()
    has = {name: f"{name} passed" in lines for name in CHECKS}
    for name, setting in (("veth", "CONFIG_VETH"), ("bridge", "CONFIG_BRIDGE")):
        if not has[name]:
            said = " ".join((done.stdout + done.stderr).split())[:200]
            if "not permitted" in said:
                raise Problem(f"This user may not set up a network ({said})", RIGHTS)
            raise Problem(f"The kernel has no {name} ({said})", f"it needs {setting}")
    return has
