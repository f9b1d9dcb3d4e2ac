# SPDX-License-Identifier: Apache-2.0
# What benchmark_training measures of partial fine-tuning beside PyTorch and peft, turn by turn in one run. Needs the
# Python packages torch, transformers and peft.
#   training_peft.py BENCHMARK_TRAINING [--threads 2] [--rounds 3] [--steps 5] [--texts 16] [--tokens 128]
#                    [--shape minilm] [--settings full,head,bitfit,lora,dora,ia3]
# Prints the seconds of a step, the peak memory of the process, and their ratios, for each setting. Each measurement is
# a process of its own, so that the peak is its own: `training_peft.py --peer SETTING ...` is that of PyTorch.
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
options.add_argument("--tokens", type=int, default=128)
options.add_argument("--shape", choices=("minilm", "bert-base"), default="minilm")
options.add_argument("--settings", default="full,head,bitfit,lora,dora,ia3")
options = options.parse_args()
sizes = [f"--{name}={getattr(options, name)}" for name in ("steps", "texts", "tokens", "shape")]


def tuned(model, setting):
    import peft

    head = ["classifier"]
    if setting in ("lora", "dora"):
        return peft.get_peft_model(model, peft.LoraConfig(r=8, lora_alpha=8, use_dora=setting == "dora",
                                                          target_modules=["query", "value"], modules_to_save=head))
    if setting == "ia3":
        return peft.get_peft_model(model, peft.IA3Config(target_modules=["key", "value", "output.dense"],
                                                         feedforward_modules=["output.dense"], modules_to_save=head))
    if setting != "full":
        for name, parameter in model.named_parameters():
            parameter.requires_grad = name.startswith("classifier.") or (setting == "bitfit" and name.endswith(".bias"))
    return model


def peer():
    import torch
    import transformers

    torch.set_num_threads(options.threads)
    torch.manual_seed(1)
    shape = {"hidden_size": 384, "num_hidden_layers": 6, "intermediate_size": 1536} if options.shape == "minilm" else {}
    config = transformers.BertConfig(num_labels=10, **shape)
    model = tuned(transformers.BertForSequenceClassification(config), options.peer).train()
    trained = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(trained, 5e-5, weight_decay=0.01)
    seconds = []
    for step in range(-2, options.steps):
        ids = torch.randint(100, 30100, (options.texts, options.tokens))
        labels = torch.arange(options.texts) % 10
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
    found = re.search(r"median ([0-9.]+) s.*; peak memory ([0-9]+) MB", said)
    return float(found.group(1)), float(found.group(2))


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
    print(f"{setting}, {options.shape}, {options.texts} x {options.tokens}, {options.threads} threads: thaw "
          f"{median(o[0] for o in ours):.3f} s, {our_memory:.0f} MB; torch {median(t[0] for t in theirs):.3f} s, "
          f"{their_memory:.0f} MB; speed ratio min {min(ratios):.2f}, median {median(ratios):.2f}; memory ratio "
          f"{our_memory / their_memory:.2f}", flush=True)


if options.peer:
    peer()
else:
    for name in options.settings.split(","):
        compare(name)
