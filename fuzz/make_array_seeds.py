#!/usr/bin/env python3
"""Writes the seeds of npz_fuzz.cc, npy_fuzz.cc, csv_fuzz.cc and cifar_fuzz.cc (needs numpy)."""
import gzip
import io
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).parent / "corpus"
PIXELS = np.arange(2 * 2 * 3, dtype=np.uint8).reshape(2, 2, 3)
Y = np.array([0, 1])


def npz(save=np.savez, **arrays):
    file = io.BytesIO()
    save(file, **arrays)
    return file.getvalue()


def npy(array):
    file = io.BytesIO()
    np.save(file, array, allow_pickle=True)
    return file.getvalue()


def npz_seeds():
    keras = dict(x_train=PIXELS, y_train=Y, x_test=PIXELS[:1], y_test=Y[:1])
    yield "keras", npz(**keras)
    yield "compressed", npz(np.savez_compressed, **keras)
    yield "floats", npz(x=np.ones((2, 3), np.float32), y=Y)
    yield "channels_last", npz(x=np.ones((2, 2, 2, 3)), y=np.eye(2))
    yield "gap", npz(x=PIXELS, y=Y * 2)
    yield "bools", npz(x=PIXELS > 3, y=Y)
    yield "cut", npz(**keras)[:-30]


def npy_seeds():
    yield "fortran", npy(np.asfortranarray(np.arange(6.0).reshape(2, 3)))
    yield "big_endian", npy(np.arange(3, dtype=">i4"))
    yield "half", npy(np.array([0.5, np.inf], np.float16))
    yield "scalar", npy(np.array(3, np.uint64))
    yield "structured", npy(np.zeros(2, [("a", "f4"), ("b", "i2")]))
    yield "objects", npy(np.array([{}], object))
    yield "text", npy(np.array(["a", "bc"]))
    yield "absurd", npy(np.zeros(3)).replace(b"(3,)", b"(3000000000, 3000000000)"[:20])


def csv_seeds():
    quoted = b'\xef\xbb\xbfx,label\r\n1.5,"a, ""b"""\r\n-2e3,"two\nlines"\r\n'
    yield "quoted", quoted
    yield "packed.gz", gzip.compress(quoted, mtime=0)
    yield "semicolons", b"x;y;label\n1;2;3\n4;5;6\n"
    yield "tabs", b"label\tx\nb\t+1\na\t1e-60\n"
    yield "not_closed", b'x,label\n1,"a\n'
    yield "text_column", b"x,label\nred,a\n"
    yield "no_header", b"1,2\n3,4\n"


def cifar_seeds():
    yield "ten", b"\x03" + bytes(3072) + b"\x09" + bytes(3072)
    yield "hundred", b"\x03\x63" + bytes(3072)
    yield "packed.gz", gzip.compress(b"\x03" + bytes(3072), mtime=0)
    yield "cut", b"\x03" + bytes(3000)
    yield "label", b"\xff" + bytes(3072)


for folder, seeds in {"npz": npz_seeds, "npy": npy_seeds, "csv": csv_seeds,
                      "cifar": cifar_seeds}.items():
    (FOLDER / folder).mkdir(parents=True, exist_ok=True)
    for name, content in seeds():
        (FOLDER / folder / name).write_bytes(content)
