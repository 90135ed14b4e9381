"""Arithmetic on results: medians, rates and their share of the machine's peaks, ratios, targets.

A result is the JSON object of one play: "seconds" of each phase, of the "process" from outside,
and, where known, the "work" of a phase and the "peaks" of the machine.
"""
import statistics

KIB = 1024
# How many times faster than a peer of one thread `train` shall be, with two cores, by the kernels.
TRAIN_TARGETS = {
    "avx2": {"PyTorch loop": 16, "LibTorch loop": 10, "gossipy as installed": 20,
             "gossipy, malloc tuned": 14},
    "avx512": {"PyTorch loop": 24, "LibTorch loop": 13, "gossipy as installed": 27,
               "gossipy, malloc tuned": 14},
}
PROCESS_TARGETS = {"gossipy as installed": 24, "LibTorch loop": 8}
SMALL_CACHE = 512 * 1024  # bytes of a second cache that the rows of a dense step do not fit
AGGREGATIONS = ([f"{shape}-{n}" for shape in ("mesh", "mean", "regular") for n in (12, 100, 1000)] +
                ["mixed-1000", "mixed-1000-unfollowed"])
TRAININGS = ("seed", "seed-50", "seed-100", "gossip-1000", "cnn-12")
RATED = ([(name + thread, "train") for name in TRAININGS for thread in (" on one thread", "")] +
         [("evaluate", "test")] + [(name, "ag") for name in AGGREGATIONS])


def one_thread(name):
    return name + " on one thread"


def medians(runs):
    """Of several results of one workload: the median of each number."""
    result = dict(runs[0])
    result["process"] = statistics.median(r["process"] for r in runs)
    for group in ("seconds", "peaks"):
        if group in result:
            result[group] = {key: statistics.median(r[group][key] for r in runs)
                             for key in runs[0][group]}
    return result


def peaks_for(name, phase, peaks):
    """{"fma" | "sgemm" | "triad": the peak that this phase of this workload could reach}."""
    alone = name.endswith("on one thread")
    found = {"fma": peaks["fma 1" if alone else "fma"]}
    if phase == "train" and "sgemm step 1" in peaks and not name.startswith("cnn"):
        cores = 1 if alone else peaks["fma"] / peaks["fma 1"]
        found["sgemm"] = peaks["sgemm step 1"] * cores
    shape, _, nodes = name.removesuffix("-unfollowed").rpartition("-")
    if phase == "ag" and shape == "mesh" and f"sgemm {nodes}" in peaks:
        found["sgemm"] = peaks[f"sgemm {nodes}"]
    if phase == "ag" and shape in ("mean", "regular", "mixed"):
        found = {"triad": peaks[f"triad {nodes}"]}
    return found


def rate(result, name, phase, peaks):
    """Of a phase: "ms" a command, the rate of its work, and the "shares" of the peaks."""
    work, seconds = result["work"][phase], result["seconds"][phase]
    found = peaks_for(name, phase, peaks)
    unit, amount = ("GB/s", "gigabytes") if "triad" in found else ("GFLOP/s", "gflop")
    value = work[amount] / seconds
    return {"ms": 1000 * seconds / work["times"], "unit": unit, "rate": value,
            "shares": {peak: value / most for peak, most in found.items()}}


def rates(results, peaks):
    """{(workload, phase): its rate} of all that were played."""
    return {(name, phase): rate(results[name], name, phase, peaks) for name, phase in RATED
            if name in results}


def microseconds_a_message(result):
    seconds = result["seconds"]
    return 1e6 * (seconds["flood"] + seconds["nstep"]) / result["work"]["nstep"]["messages"]


def recording(workloads):
    """How many times longer a recorded round is late in a run than early; and than an unrecorded one."""
    early, late = "rounds 1 to 500", "rounds 3501 to 4000"
    recorded, plain = workloads["recorded-12"]["seconds"], workloads["rounds-12"]["seconds"]
    return recorded[late] / recorded[early], recorded[late] / plain[late]


def following(workloads):
    """How many times longer the cycles take where nodes know where their models come from (`why`)."""
    def seconds(name):
        return sum(workloads[name]["seconds"].values())
    return seconds("seed-3-cycles") / seconds("seed-3-cycles-unfollowed")


def ratios(results, peers):
    """{(workload, peer): {what: how many times faster than the peer}}. The evaluation of a peer is
    compared with that of twelve different models: of equal ones we compute only one."""
    table = {}
    for (name, peer), theirs in peers.items():
        ours, row = results[name], {}
        row["train"] = theirs["seconds"]["train"] / ours["seconds"]["train"]
        if one_thread(name) in results:
            row["train, one thread"] = (theirs["seconds"]["train"] /
                                        results[one_thread(name)]["seconds"]["train"])
        row["ag"] = theirs["seconds"]["ag"] / ours["seconds"]["ag"]
        if name == "seed" and "test" in theirs["seconds"] and "evaluate" in results:
            row["test"] = theirs["seconds"]["test"] / results["evaluate"]["seconds"]["test"]
        row["process"] = theirs["process"] / ours["process"]
        table[name, peer] = row
    return table


def targets(document):
    """[(what, reached, target, whether more is better)] of what this run measured."""
    workloads, peaks = document["workloads"], document["peaks"]
    against = ratios(workloads, {tuple(k.split(" | ")): v for k, v in document["peers"].items()})
    reached = rates(workloads, peaks)
    kernels = document["kernels used"]
    lines = []

    def add(what, table, key, field, target, more=True):
        if key in table and (value := field(table[key])) is not None:
            lines.append((what, value, target, more))

    for peer, target in TRAIN_TARGETS.get(kernels, {}).items():
        add(f"train, against {peer}", against, ("seed", peer), lambda r: r["train"],
            target)
    add("train on one thread, against PyTorch loop", against, ("seed", "PyTorch loop"),
        lambda r: r.get("train, one thread"), 9)
    add("test, against LibTorch loop", against, ("seed", "LibTorch loop"),
        lambda r: r.get("test"), 8)
    for peer, target in PROCESS_TARGETS.items():
        add(f"process of 3 cycles, against {peer}", against, ("seed-3-cycles", peer),
            lambda r: r["process"], target)
    add("CNN: train, against PyTorch loop", against, ("cnn-12", "PyTorch loop"),
        lambda r: r["train"], 2.3)
    micro = document.get("kernels", {})
    add("sparse step, of the peak", micro, f"TrainSparse/{kernels}", lambda r: r["of_peak"], 1.25)
    small = 0 < document.get("second cache", 0) <= SMALL_CACHE
    add("dense step, of the peak", micro, f"TrainDense/{kernels}", lambda r: r["of_peak"],
        0.72 if small else 0.80)
    add("ag, mesh of 100, of SGEMM", reached, ("mesh-100", "ag"),
        lambda r: r["shares"].get("sgemm"), 0.80)
    add("ag, 1,000 nodes x 8, of the triad", reached, ("regular-1000", "ag"),
        lambda r: r["shares"]["triad"], 0.50)
    add("us a message", workloads, "messages", microseconds_a_message, 1, False)
    add("KiB a node", workloads, "memory-100", lambda r: r["bytes a node"] / KIB, 400, False)
    if "seed-3-cycles-unfollowed" in workloads:
        lines.append(("3 cycles with why, of those without", following(workloads), 1.02, False))
    add("start to prompt, s", document, "start-up", float, 0.1, False)
    return lines
