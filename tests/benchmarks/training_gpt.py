# SPDX-License-Identifier: Apache-2.0
# What benchmark_training_gpt measures beside PyTorch and transformers, turn by turn in one run. Needs the Python
# packages torch and transformers.
#   training_gpt.py BENCHMARK_TRAINING_GPT [--threads 2] [--rounds 3] [--steps 3] [--texts 4] [--tokens 256]
#                   [--settings full] [--device cpu]
# --device is thaw's; with another than cpu, PyTorch's is cuda.
# Prints the seconds of a step, the peak memory of the process, and their ratios, for each setting. Each measurement is
# a process of its own, so that the peak is its own: `training_gpt.py --peer SETTING ...` is that of PyTorch.
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
options.add_argument("--peer", choices=("full", "checkpointed"))
options.add_argument("--threads", type=int, default=2)
options.add_argument("--rounds", type=int, default=3)
options.add_argument("--steps", type=int, default=3)
options.add_argument("--texts", type=int, default=4)
options.add_argument("--tokens", type=int, default=256)
options.add_argument("--settings", default="full")
options.add_argument("--device", default="cpu")
options = options.parse_args()
sizes = [f"--{name}={getattr(options, name)}" for name in ("steps", "texts", "tokens")]


def peer():
    import torch
    import transformers

    torch.set_num_threads(options.threads)
    torch.manual_seed(1)
    device = "cpu" if options.device == "cpu" else "cuda"
    model = transformers.GPT2LMHeadModel(transformers.GPT2Config()).train().to(device)
    if options.peer == "checkpointed":
        model.gradient_checkpointing_enable()
    trained = list(model.parameters())
    optimizer = torch.optim.AdamW(trained, 5e-5, weight_decay=0.01)
    seconds = []
    for step in range(-2, options.steps):
        ids = torch.randint(0, 50000, (options.texts, options.tokens)).to(device)
        begin = time.perf_counter()
        loss = model(input_ids=ids, labels=ids, use_cache=False).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(trained, 1)
        loss.item()
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        if device == "cuda":
            torch.cuda.synchronize()
        if step >= 0:
            seconds.append(time.perf_counter() - begin)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
    print(f"torch {torch.__version__}: step min {min(seconds):.3f} s, median {statistics.median(seconds):.3f} s; "
          f"peak memory {peak:.0f} MB")


# Seconds of the fastest step and of the middle one, megabytes.
def measured(command):
    environment = dict(os.environ, OMP_NUM_THREADS=str(options.threads), THAW_THREADS=str(options.threads))
    said = subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout
    found = re.search(r"step min ([0-9.]+) s, median ([0-9.]+) s; peak memory ([0-9]+) MB", said)
    return [float(number) for number in found.groups()]


def compare(setting):
    ours, theirs = [], []
    for _ in range(options.rounds):
        theirs.append(
            measured([sys.executable, __file__, "--peer", setting, "--threads", str(options.threads), "--device",
                      options.device] + sizes))
        ours.append(measured([options.program, "--device", options.device, "--setting", setting] +
                             [part for size in sizes for part in size.split("=")]))
    ratios = [their[1] / our[1] for our, their in zip(ours, theirs)]
    median = statistics.median
    our_memory, their_memory = max(o[2] for o in ours), max(t[2] for t in theirs)
    print(f"GPT-2 124 M, {setting}, {options.texts} x {options.tokens}, {options.threads} threads, {options.device}: thaw min "
          f"{min(o[0] for o in ours):.3f} s, median {median(o[1] for o in ours):.3f} s, {our_memory:.0f} MB; torch min "
          f"{min(t[0] for t in theirs):.3f} s, median {median(t[1] for t in theirs):.3f} s, {their_memory:.0f} MB; "
          f"speed ratio min {min(ratios):.2f}, median {median(ratios):.2f}; memory ratio "
          f"{our_memory / their_memory:.2f}", flush=True)


if options.peer:
    peer()
else:
    for name in options.settings.split(","):
        compare(name)
