#!/usr/bin/env python3
"""Makes the seeds of checkpoint_fuzz.cc: states of a tiny run, as the program writes them.

    fuzz/make_checkpoint_seeds.py PROGRAM
"""
import pathlib
import subprocess
import sys
import tempfile
import zipfile

# As in checkpoint_fuzz.cc.
SCENARIO = ["data.name=blobs", "nodes.count=3", "data.samples=40", "data.features=1", "data.classes=2",
            "model.hidden=[]", "training.epochs=1", "training.threads=1", "partition.samples_per_node=10",
            "network.latency=10ms"]
SEEDS = {
    "start": "",
    "mail": "train; flood; nstep; ag; flood; nstep 5ms; gossip 1; nstep 10.0.0.1 20ms; test global",
    "changes": "node add; group create g; group g add all; labels 10.0.0.1 noise 0.5; link 10.0.0.1 10.0.0.2 loss 0.5; "
               "set training.lr 0.5 10.0.0.2; node remove 10.0.0.3; node down 10.0.0.2; cycle; lrate 0.5",
}

folder = pathlib.Path(__file__).parent / "corpus" / "checkpoint"
folder.mkdir(parents=True, exist_ok=True)
for name, commands in SEEDS.items():
    with tempfile.TemporaryDirectory() as work:
        file = pathlib.Path(work) / "a.ckpt"
        subprocess.run([sys.argv[1], *SCENARIO, "-c", f"{commands}; checkpoint {file}"], check=True, stdout=subprocess.DEVNULL)
        (folder / f"{name}.bin").write_bytes(zipfile.ZipFile(file).read("world.bin"))
