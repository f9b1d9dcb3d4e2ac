# SPDX-License-Identifier: Apache-2.0
# What `benchmarks` measures of products with LoRA, DoRA and IA3 beside PyTorch and peft, turn by turn in one run. Needs
# the Python packages torch and peft.
#   low_rank_peer.py BENCHMARKS [--threads 2] [--rounds 3]
# Prints the milliseconds forward and backward of each, the least of the rounds, and their ratio.
import argparse
import os
import re
import subprocess
import time

import peft
import torch

options = argparse.ArgumentParser()
options.add_argument("program")
options.add_argument("--threads", type=int, default=2)
options.add_argument("--rounds", type=int, default=3)
options = options.parse_args()
torch.set_num_threads(options.threads)


class Product(torch.nn.Module):
    def __init__(self, inputs, outputs, activation):
        super().__init__()
        self.product = torch.nn.Linear(inputs, outputs)
        self.activation = torch.nn.GELU() if activation else torch.nn.Identity()

    def forward(self, x):
        return self.activation(self.product(x))


def methods(rank):
    def lora(**more):
        return peft.LoraConfig(r=rank, lora_alpha=2 * rank, target_modules=["product"], **more)

    return {
        "frozen": None,
        "LoRA": lora(),
        "LoRA, dropout": lora(lora_dropout=0.1),
        "DoRA": lora(use_dora=True),
        "DoRA, dropout": lora(use_dora=True, lora_dropout=0.1),
        "IA3, of the output": peft.IA3Config(target_modules=["product"], feedforward_modules=[]),
        "IA3, of the input": peft.IA3Config(target_modules=["product"], feedforward_modules=["product"]),
    }


# Milliseconds of {"1024 x 384 x 384, r 8": {"LoRA": ...}}
def ours():
    environment = {**os.environ, "OMP_NUM_THREADS": str(options.threads), "THAW_THREADS": str(options.threads)}
    printed = subprocess.run([options.program, "cpu", "products with LoRA"], env=environment, check=True, text=True,
                             capture_output=True).stdout
    found = {}
    for line in printed.splitlines():
        if re.match(r"\d+ x \d+ x \d+, r \d+", line):
            times = found.setdefault(line, {})
        elif method := re.match(r"  (\S.*?) +([\d.]+) ms ", line):
            times[method[1]] = float(method[2])
    return found


def theirs(setting):
    tokens, inputs, outputs, rank = map(int, re.findall(r"\d+", setting)[:4])
    times = {}
    for name, config in methods(rank).items():
        model = Product(inputs, outputs, "gelu" in setting).requires_grad_(False)
        if config:
            model = peft.get_peft_model(model, config)
        model.train()
        x, dy = torch.randn(tokens, inputs, requires_grad=True), torch.randn(tokens, outputs)
        best = float("inf")
        for _ in range(15):
            begin = time.perf_counter()
            model(x).backward(dy)
            best = min(best, time.perf_counter() - begin)
            model.zero_grad()
            x.grad = None
        times[name] = 1e3 * best
    return times


def least(best, now):
    for name, milliseconds in now.items():
        best[name] = min(best.get(name, float("inf")), milliseconds)


all_ours, all_theirs = {}, {}
for _ in range(options.rounds):
    for setting, times in ours().items():
        least(all_ours.setdefault(setting, {}), times)
        least(all_theirs.setdefault(setting, {}), theirs(setting))
for setting, times in all_theirs.items():
    print(f"{setting}: thaw, peft (ms), ratio")
    for name, milliseconds in times.items():
        mine = all_ours[setting][name]
        print(f"  {name:<20}{mine:9.3f}{milliseconds:9.3f}{milliseconds / mine:8.2f}")
