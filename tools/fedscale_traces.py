#!/usr/bin/env python3
"""Turns the traces of FedScale into the two tables that DEL-Step reads:

  fedscale_traces.py --nodes 100 --capacity client_device_capacity --speeds speeds.csv
  fedscale_traces.py --nodes 100 --behaviour client_behave_trace --online online.csv

and then  delstep nodes.count=100 compute.file=speeds.csv churn.name=trace churn.file=online.csv

FedScale keeps its traces as Python pickles, and a pickle may run code when it is read. DEL-Step never
reads one. This script reads them with everything but plain numbers, texts, lists and dictionaries
forbidden, so a file that wants more is refused.

--capacity: {id: {"computation": ms per example of inference, "communication": kbit/s}}. A training
step is three times the inference, forward and backward (as in FedScale's client_metadata.py). The
link is taken for both directions; a k is 1000 bits.

--behaviour: {id: {"active": [...], "inactive": [...], "finish_time": ...}} in seconds. Both lists
together, in order, say when a device comes and goes; one that begins with "inactive" is online at 0.
Everything comes again after finish_time. The table has one period for all: the greatest one, or
--period; devices with a shorter one are repeated up to it.

Node i is the i-th device of the file that can be used: for --behaviour, one that is online at some
time. Nodes are written by their usual addresses, 10.0.0.1 and so on."""
import argparse
import csv
import pickle
import sys

INFERENCE_TO_TRAINING = 3


class PlainUnpickler(pickle.Unpickler):
    """Numbers, texts, lists and dictionaries need no names from modules; all else is refused."""

    def find_class(self, module, name):
        raise pickle.UnpicklingError(f"the file wants {module}.{name}, which is no plain data")


def read(path):
    with open(path, "rb") as file:
        devices = PlainUnpickler(file).load()
    if not isinstance(devices, dict):
        raise pickle.UnpicklingError("the file is no dictionary of devices")
    return list(devices.values())


def address(node):
    return f"10.{node // 254 // 256}.{node // 254 % 256}.{node % 254 + 1}"


def speeds(devices, count):
    """Rows of compute.file."""
    for node, device in enumerate(devices[:count]):
        kbps = device["communication"]
        yield address(node), INFERENCE_TO_TRAINING * device["computation"], kbps, kbps


def online_times(device):
    """[(from, to)] of one cycle, ascending."""
    end = device["finish_time"]
    changes = [(time, True) for time in device["active"]]
    changes += [(time, False) for time in device["inactive"]]
    changes.sort()
    times = []
    since = 0 if changes and not changes[0][1] else None
    for time, comes in changes:
        if comes and since is None:
            since = time
        elif not comes and since is not None:
            times.append((since, time))
            since = None
    if since is not None:
        times.append((since, end))
    return [(begin, min(to, end)) for begin, to in times if begin < min(to, end)]


def repeated(times, cycle, period):
    """The times of a cycle, again and again up to the period."""
    begin = 0
    while begin < period:
        for since, to in times:
            if begin + since < period:
                yield begin + since, min(begin + to, period)
        begin += cycle


def online(devices, count, period=None):
    """The period, and rows of churn.file."""
    usable = [(online_times(device), device["finish_time"]) for device in devices]
    usable = [(times, cycle) for times, cycle in usable if times][:count]
    period = period or max(cycle for _, cycle in usable)
    rows = [(address(node), since, to)
            for node, (times, cycle) in enumerate(usable)
            for since, to in repeated(times, cycle, period)]
    return period, rows


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--nodes", type=int, required=True, help="how many devices to take")
    parser.add_argument("--capacity", help="FedScale's client_device_capacity")
    parser.add_argument("--speeds", help="where to write compute.file")
    parser.add_argument("--behaviour", help="FedScale's client_behave_trace")
    parser.add_argument("--online", help="where to write churn.file")
    parser.add_argument("--period", type=float, help="seconds; default: the longest of the traces")
    options = parser.parse_args()
    if bool(options.capacity) != bool(options.speeds) or \
            bool(options.behaviour) != bool(options.online) or \
            not (options.capacity or options.behaviour):
        parser.error("give --capacity with --speeds, --behaviour with --online, or all four")
    if options.nodes < 1 or (options.period is not None and options.period < 1):
        parser.error("--nodes and --period begin at 1")
    try:
        if options.capacity:
            with open(options.speeds, "w", newline="", encoding="utf-8") as file:
                writer = csv.writer(file, lineterminator="\n")
                writer.writerow(["node", "ms_per_example", "up_kbps", "down_kbps"])
                writer.writerows(speeds(read(options.capacity), options.nodes))
        if options.behaviour:
            period, rows = online(read(options.behaviour), options.nodes, options.period)
            with open(options.online, "w", newline="", encoding="utf-8") as file:
                file.write(f"# period {period}\n")
                writer = csv.writer(file, lineterminator="\n")
                writer.writerow(["node", "from", "to"])
                writer.writerows(rows)
    except (OSError, pickle.UnpicklingError, EOFError, KeyError, TypeError, ValueError) as error:
        sys.exit(f"fedscale_traces.py: {type(error).__name__}: {error}")


if __name__ == "__main__":
    main()
