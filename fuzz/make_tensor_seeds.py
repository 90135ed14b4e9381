#!/usr/bin/env python3
"""Writes the seeds of safetensors_fuzz.cc and pickle_fuzz.cc out of src/weights/samples."""
import zipfile
from pathlib import Path

FOLDER = Path(__file__).parent / "corpus"
SAMPLES = Path(__file__).parent.parent / "src/weights/samples"


def seeds():
    for sample in sorted(SAMPLES.glob("*.safetensors")):
        whole = sample.read_bytes()
        yield "safetensors", sample.stem, whole
        yield "safetensors", sample.stem + "_cut", whole[:-5]
    yield "safetensors", "overlap", (SAMPLES / "plain.safetensors").read_bytes().replace(
        b"[8,32]", b"[4,28]")
    for sample in sorted(SAMPLES.glob("*.pt")):
        if not zipfile.is_zipfile(sample):
            yield "pickle", sample.stem, sample.read_bytes()[:200]
            continue
        archive = zipfile.ZipFile(sample)
        pickle = next(name for name in archive.namelist() if name.endswith("/data.pkl"))
        yield "pickle", sample.stem, archive.read(pickle)
    yield "pickle", "system", b"\x80\x02cos\nsystem\n(X\x04\x00\x00\x00exittR."
    yield "pickle", "itself", b"\x80\x02}q\x00X\x01\x00\x00\x00ah\x00s."


def main():
    for target, name, content in seeds():
        (FOLDER / target).mkdir(exist_ok=True)
        (FOLDER / target / name).write_bytes(content)


if __name__ == "__main__":
    main()
