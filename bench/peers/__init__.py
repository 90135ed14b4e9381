"""Installs the peers and says how to run them."""
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
NAMES = {"torch loop": "torch_loop.py", "gossipy": "gossipy_loop.py"}
BLAS_SETTINGS = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")


def install(folder):
    """Makes a virtual environment with what requirements.txt pins; returns its Python."""
    python = os.path.join(folder, "bin", "python")
    requirements = os.path.join(HERE, "requirements.txt")
    stamp = os.path.join(folder, "installed.txt")
    with open(requirements, encoding="utf-8") as file:
        wanted = file.read()
    if os.path.exists(stamp):
        with open(stamp, encoding="utf-8") as file:
            if file.read() == wanted:
                return python
    print(f"installing PyTorch and gossipy into {folder} (some GiB)", file=sys.stderr)
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    subprocess.run([python, "-m", "pip", "install", "--quiet", "-r", requirements], check=True)
    with open(stamp, "w", encoding="utf-8") as file:
        file.write(wanted)
    return python


def commands(folder, data):
    """A command a peer. The library below PyTorch chooses its own kernels: settings of the
    environment that would choose for it are left out, for these commands alone."""
    python = install(folder)
    unset = [word for name in BLAS_SETTINGS if name in os.environ for word in ("-u", name)]
    show = "import torch; print(torch.__version__, torch.backends.mkl.is_available() and 'MKL')"
    used = subprocess.run([python, "-c", show], capture_output=True, text=True, check=True).stdout
    print(f"peers: torch {used.strip()}; unset for them: {unset[1::2] or 'nothing'}")
    return {name: ["env", *unset, python, "-B", os.path.join(HERE, script), data]
            for name, script in NAMES.items()}
