# SPDX-License-Identifier: Apache-2.0
# What benchmark_lstm measures beside PyTorch's LSTM, turn by turn in one run. Needs the Python package torch.
#   lstm_peer.py BENCHMARK_LSTM [--threads 2] [--rounds 3] [--runs 10] [--sizes "3x384x16x64,3x768x32x50 packed"]
# A size: layers x hidden x sequences x length; "packed" behind it gives torch a packed sequence, which its fast kernel
# does not take; "ragged" the same with sequences of all lengths up to that; "norms" gives thaw the layer norms of Lu
# et al. 2021, and torch its own plain LSTM, the nearest it has.
# Prints milliseconds and ratios: torch's time by thaw's, of the least and of the middle of all runs.
import argparse
import os
import re
import statistics
import subprocess
import sys
import time

options = argparse.ArgumentParser()
options.add_argument("program", nargs="?")
options.add_argument("--peer")
options.add_argument("--threads", type=int, default=2)
options.add_argument("--rounds", type=int, default=3)
options.add_argument("--runs", type=int, default=10)
options.add_argument("--sizes", default="3x384x16x64,3x384x32x128,3x768x16x64,3x768x32x50,3x384x16x64 packed,"
                                        "3x384x32x128 ragged,3x384x16x64 norms")
options = options.parse_args()


def numbers(size):
    return [int(number) for number in re.findall(r"\d+", size)]


def say(what, seconds):
    print(f"{what}: min {1e3 * min(seconds):.3f} ms, median {1e3 * statistics.median(seconds):.3f} ms")


def peer():
    import torch

    torch.set_num_threads(options.threads)
    torch.manual_seed(1)
    layers, hidden, sequences, length = numbers(options.peer)
    model = torch.nn.LSTM(hidden, hidden, layers, batch_first=True)
    rows = torch.rand(sequences, length, hidden) * 2 - 1
    dy = torch.rand(sequences, length, hidden) * 2 - 1
    x = rows.clone().requires_grad_()
    lengths = None
    if "packed" in options.peer:
        lengths = torch.full((sequences,), length)
    elif "ragged" in options.peer:
        lengths = (length * torch.arange(1, sequences + 1) + sequences - 1) // sequences

    def run(given):
        if lengths is None:
            return model(given)[0]
        packed = torch.nn.utils.rnn.pack_padded_sequence(given, lengths, batch_first=True, enforce_sorted=False)
        return torch.nn.utils.rnn.pad_packed_sequence(model(packed)[0], batch_first=True)[0]

    forward, step = [], []
    for i in range(-1, options.runs):
        begin = time.perf_counter()
        with torch.no_grad():
            run(rows)
        if i >= 0:
            forward.append(time.perf_counter() - begin)
        begin = time.perf_counter()
        run(x).backward(dy)
        if i >= 0:
            step.append(time.perf_counter() - begin)
        model.zero_grad(set_to_none=True)
        x.grad = None
    say("forward", forward)
    say("forward and backward", step)


# {"forward": (least, middle), ...}, milliseconds
def measured(command):
    environment = dict(os.environ, OMP_NUM_THREADS=str(options.threads), THAW_THREADS=str(options.threads))
    said = subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout
    return {what: (float(least), float(middle))
            for what, least, middle in re.findall(r"(.*): min ([\d.]+) ms, median ([\d.]+) ms", said)}


def compare(size):
    layers, hidden, sequences, length = numbers(size)
    ours, theirs = [], []
    for _ in range(options.rounds):
        theirs.append(measured([sys.executable, __file__, "--peer", size, "--threads", str(options.threads), "--runs",
                                str(options.runs)]))
        ours.append(measured([options.program, "--layers", str(layers), "--hidden", str(hidden), "--sequences",
                              str(sequences), "--length", str(length), "--rounds", str(options.runs), "--layer-norm",
                              str(int("norms" in size)), "--ragged", str(int("ragged" in size))]))
    for what in theirs[0]:
        our, their = ([(min(t[what][0] for t in all), statistics.median(t[what][1] for t in all))
                       for all in (ours, theirs)])
        print(f"{size}, {options.threads} threads, {what}: thaw {our[0]:.1f} / {our[1]:.1f} ms, torch {their[0]:.1f} / "
              f"{their[1]:.1f} ms (min / median); ratio {their[0] / our[0]:.2f} / {their[1] / our[1]:.2f}", flush=True)


if options.peer:
    peer()
else:
    for name in options.sizes.split(","):
        compare(name)
