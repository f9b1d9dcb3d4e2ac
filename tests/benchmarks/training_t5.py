# SPDX-License-Identifier: Apache-2.0
# What benchmark_training_t5 measures beside PyTorch and transformers, turn by turn in one run. Needs the Python
# packages torch and transformers.
#   training_t5.py BENCHMARK_TRAINING_T5 [--threads 2] [--rounds 3] [--steps 5] [--texts 16] [--tokens 64] [--labels 32]
# Prints the seconds of a step, the peak memory of the process, and their ratios, for each setting. Each measurement is
# a process of its own, so that the peak is its own: `training_t5.py --peer SETTING ...` is that of PyTorch.
import argparse
import os
import re
import resource
import statistics
import subprocess
import sys
import time

options = argparse.ArgumentParser()
options.add_argument("program", nargs="?")
options.add_argument("--peer")
options.add_argument("--threads", type=int, default=2)
options.add_argument("--rounds", type=int, default=3)
options.add_argument("--steps", type=int, default=5)
options.add_argument("--texts", type=int, default=16)
options.add_argument("--tokens", type=int, default=64)
options.add_argument("--labels", type=int, default=32)
options = options.parse_args()
sizes = [f"--{name}={getattr(options, name)}" for name in ("steps", "texts", "tokens", "labels")]


def peer():
    import torch
    import transformers

    torch.set_num_threads(options.threads)
    torch.manual_seed(1)
    model = transformers.T5ForConditionalGeneration(transformers.T5Config(decoder_start_token_id=0)).train()
    if options.peer != "full":  # PyTorch computes a frozen encoder in each step
        model.encoder.requires_grad_(False)
        model.shared.requires_grad_(False)
    trained = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(trained, 5e-5, weight_decay=0.01)
    seconds = []
    for step in range(-2, options.steps):
        ids = torch.randint(100, 32100, (options.texts, options.tokens))
        labels = torch.randint(100, 32100, (options.texts, options.labels))
        begin = time.perf_counter()
        loss = model(input_ids=ids, labels=labels).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(trained, 1)
        loss.item()
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        if step >= 0:
            seconds.append(time.perf_counter() - begin)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
    print(f"torch {torch.__version__}: step min {min(seconds):.3f} s, median {statistics.median(seconds):.3f} s; "
          f"peak memory {peak:.0f} MB")


# Seconds of the middle step, megabytes.
def measured(command):
    environment = dict(os.environ, OMP_NUM_THREADS=str(options.threads), THAW_THREADS=str(options.threads))
    said = subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout
    found = re.search(r"median ([0-9.]+) s; peak memory ([0-9]+) MB", said)
    anew = re.search(r"([0-9.]+) times as long", said)
    return float(found.group(1)), float(found.group(2)), float(anew.group(1)) if anew else None


def compare(setting):
    ours, theirs = [], []
    for _ in range(options.rounds):
        theirs.append(
            measured([sys.executable, __file__, "--peer", setting, "--threads", str(options.threads)] + sizes))
        ours.append(measured([options.program, "--device", "cpu", "--setting", setting] +
                             [part for size in sizes for part in size.split("=")]))
    ratios = [their[0] / our[0] for our, their in zip(ours, theirs)]
    median = statistics.median
    our_memory, their_memory = max(o[1] for o in ours), max(t[1] for t in theirs)
    print(f"{setting}, {options.texts} x {options.tokens} -> {options.labels}, {options.threads} threads: thaw "
          f"{median(o[0] for o in ours):.3f} s, {our_memory:.0f} MB; torch {median(t[0] for t in theirs):.3f} s, "
          f"{their_memory:.0f} MB; speed ratio min {min(ratios):.2f}, median {median(ratios):.2f}; memory ratio "
          f"{our_memory / their_memory:.2f}", flush=True)
    if setting == "encoder_kept":
        print(f"thaw with the encoder computed in each step: {median(o[2] for o in ours):.2f} times as long", flush=True)


if options.peer:
    peer()
else:
    for name in ("full", "encoder_frozen", "encoder_kept"):
        compare(name)
