#!/usr/bin/env python3
"""Writes the seeds of idx_fuzz into corpus/idx beside this file."""
import gzip
import pathlib
import struct

FOLDER = pathlib.Path(__file__).parent / "corpus" / "idx"


def idx(sizes, values, kind=8):
    return bytes([0, 0, kind, len(sizes)]) + struct.pack(f">{len(sizes)}I", *sizes) + bytes(values)


def pack(content):
    return gzip.compress(content, mtime=0)


def seeds():
    images, labels = idx([2, 2, 3], range(12)), idx([4], [3, 1, 0, 9])
    yield "images", images
    yield "labels", labels
    yield "images.gz", pack(images)
    yield "labels.gz", pack(labels)
    yield "two_members.gz", pack(images[:9]) + pack(images[9:])
    yield "empty", b""
    yield "magic_only", images[:4]
    yield "short_header", images[:15]
    yield "short_values", images[:-1]
    yield "long_values", images + b"\0"
    yield "floats", idx([2], range(8), kind=13)
    yield "four_dimensions", idx([1, 1, 1, 1], [7])
    yield "zero_images", idx([0, 28, 28], [])
    yield "zero_columns", idx([5, 28, 0], [])
    most = 2**32 - 1
    yield "overflow", idx([most] * 3, [1])
    yield "wraps_to_zero", idx([2**31, 2**31, 4], [])
    yield "absurd_labels", idx([most], [1])
    yield "absurd.gz", pack(idx([2**30, 2**16, 2**16], bytes(1000)))
    yield "bomb.gz", pack(idx([100], bytes(2_000_000)))
    yield "justified_bomb.gz", pack(idx([1000, 28, 28], bytes(784_000)))
    yield "long.gz", pack(images + b"\0")
    yield "truncated.gz", pack(images)[:-5]
    yield "wrong_sum.gz", pack(images)[:-8] + bytes(8)
    yield "wrong_block.gz", pack(images)[:10] + b"\7" + pack(images)[11:]
    yield "trailing.gz", pack(images) + b"more"
    yield "gz_in_gz.gz", pack(pack(images))
    yield "gz_magic_only", b"\x1f\x8b"


FOLDER.mkdir(parents=True, exist_ok=True)
for name, content in seeds():
    (FOLDER / name).write_bytes(content)
