"""What users would pick instead: installs it and says how to run it.

A peer that cannot be installed or run costs one line and is left out.
"""
import os
import subprocess
import sys
from dataclasses import dataclass, field

HERE = os.path.dirname(os.path.abspath(__file__))
BLAS_SETTINGS = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")
ONE_THREAD = {name: "1" for name in
              ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")}
# The allocator gives memory back to the system after each batch and asks for it again. These
# settings, which hardly anybody knows, forbid it.
KEEP_MEMORY = {"MALLOC_TRIM_THRESHOLD_": str(1 << 30), "MALLOC_TOP_PAD_": str(1 << 28),
               "MALLOC_MMAP_THRESHOLD_": str(1 << 30)}
NOT_INSTALLABLE = {"BlazeFL": "its packages need Python 3.12 or newer, Debian 12 has 3.11",
                   "decentralizepy": "it is in no package registry",
                   "krum": "the registry of Python packages has none of that name"}


@dataclass(frozen=True)
class Peer:
    name: str
    program: str  # a script of this folder, or a program of the build
    environment: str = "base"
    arguments: tuple = ()  # after the data folder and the number of cycles
    workloads: tuple = ("seed", "seed-3-cycles")
    variables: dict = field(default_factory=dict)


CYCLES = {"seed": "1", "seed-3-cycles": "3", "cnn-12": "1"}
CORES = str(len(os.sched_getaffinity(0)))
PEERS = (
    Peer("PyTorch loop", "torch_loop.py"),
    Peer("PyTorch loop, a process a core", "torch_loop.py", arguments=(CORES,),
         workloads=("seed",)),
    Peer("PyTorch loop", "torch_loop.py", arguments=("1", "cnn"), workloads=("cnn-12",)),
    Peer("LibTorch loop", "libtorch_loop", environment=""),
    Peer("LibTorch loop, all cores", "libtorch_loop", environment="", arguments=(CORES,)),
    Peer("gossipy as installed", "gossipy_loop.py"),
    Peer("gossipy, malloc tuned", "gossipy_loop.py", variables=KEEP_MEMORY, workloads=("seed",)),
    Peer("Flower", "flower_loop.py", environment="flower", workloads=("seed",)),
    Peer("fluke", "fluke_loop.py", environment="fluke", workloads=("seed",)),
    Peer("Keras loop", "keras_loop.py", environment="keras", workloads=("seed",)),
)


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def install(environment, folder):
    """Makes a virtual environment with what its requirements pin; returns its Python. All but the
    base see the packages of the base, so PyTorch is there once (some GiB)."""
    base = environment == "base"
    home = folder if base else f"{folder}-{environment}"
    name = "requirements.txt" if base else f"requirements-{environment}.txt"
    python, stamp = os.path.join(home, "bin", "python"), os.path.join(home, "installed.txt")
    with open(os.path.join(HERE, name), encoding="utf-8") as file:
        wanted = file.read()
    if os.path.exists(stamp):
        with open(stamp, encoding="utf-8") as file:
            if file.read() == wanted:
                return python
    print(f"installing what {name} pins into {home}", file=sys.stderr)
    run(sys.executable, "-m", "venv", home)
    if not base:
        where = "import sysconfig; print(sysconfig.get_path('purelib'))"
        own, below = (run(p, "-c", where)
                      for p in (python, os.path.join(folder, "bin", "python")))
        with open(os.path.join(own, "base.pth"), "w", encoding="utf-8") as file:
            file.write(below + "\n")
    run(python, "-m", "pip", "install", "--quiet", "-r", os.path.join(HERE, name))
    with open(stamp, "w", encoding="utf-8") as file:
        file.write(wanted)
    return python


def last_line(text):
    return (text.strip().splitlines() or ["no message"])[-1]


def own_kernels(core=""):
    """Words that let the library below a peer choose its kernels: settings of the environment that
    would choose for it are left out, for that command alone. `core`: the kernels that an OpenBLAS is
    told to take, as the program tells the one below LibTorch; empty: it finds its own."""
    left_out = [word for name in BLAS_SETTINGS if name in os.environ for word in ("-u", name)]
    return left_out + ([f"{BLAS_SETTINGS[0]}={core}"] if core else [])


def commands(build, folder, data, core):
    """{(workload, name of the peer): command}."""
    prefixes = {"": []}
    for environment in ("base", "flower", "fluke", "keras"):
        try:
            if environment == "base" or "base" in prefixes:
                prefixes[environment] = [install(environment, folder), "-B"]
        except (OSError, subprocess.CalledProcessError) as error:
            reason = last_line(getattr(error, "stderr", None) or str(error))
            print(f"not compared, environment '{environment}': {reason}")
    for name, reason in NOT_INSTALLABLE.items():
        print(f"not compared, {name}: {reason}")
    result = {}
    for peer in PEERS:
        place = HERE if peer.environment else os.path.join(build, "bench")
        program = os.path.join(place, peer.program)
        if peer.environment not in prefixes or not os.path.exists(program):
            print(f"not compared, {peer.name}: it is not there")
            continue
        settings = [f"{k}={v}" for k, v in (ONE_THREAD | peer.variables).items()]
        for workload in peer.workloads:
            result[workload, peer.name] = [
                "env", *own_kernels(core), *settings, *prefixes[peer.environment], program, data,
                CYCLES[workload], *peer.arguments]
    return result
