# SPDX-License-Identifier: Apache-2.0
# What benchmark_vision measures beside PyTorch and transformers, turn by turn in one run. Needs the Python packages
# torch and transformers.
#   vision.py BENCHMARK_VISION [--threads 2] [--rounds 3] [--steps 3] [--pictures 16] [--settings inference,training]
#             [--size 224] [--patch 16] [--layers 12] [--width 768] [--heads 12] [--attention sdpa] [--device cpu]
# --device is thaw's; with another than cpu, PyTorch's is cuda. --attention is how PyTorch's model computes it.
# Prints the seconds of a step, the peak memory of the process, and their ratios, for each setting. Each measurement is
# a process of its own, so that the peak is its own: `vision.py --peer SETTING ...` is that of PyTorch.
import argparse
import os
import re
import resource
import statistics
import subprocess
import sys
import time

settings = ("inference", "training", "checkpointed")
options = argparse.ArgumentParser()
options.add_argument("program", nargs="?")
options.add_argument("--peer", choices=settings)
options.add_argument("--threads", type=int, default=2)
options.add_argument("--rounds", type=int, default=3)
options.add_argument("--steps", type=int, default=3)
options.add_argument("--pictures", type=int, default=16)
options.add_argument("--size", type=int, default=224)
options.add_argument("--patch", type=int, default=16)
options.add_argument("--layers", type=int, default=12)
options.add_argument("--width", type=int, default=768)
options.add_argument("--heads", type=int, default=12)
options.add_argument("--settings", default="inference,training")
options.add_argument("--attention", default="sdpa", choices=("sdpa", "eager"))
options.add_argument("--device", default="cpu")
options = options.parse_args()
sizes = [part for name in ("steps", "pictures", "size", "patch", "layers", "width", "heads")
         for part in (f"--{name}", str(getattr(options, name)))]


def peer():
    import torch
    import transformers

    torch.set_num_threads(options.threads)
    torch.manual_seed(1)
    device = "cpu" if options.device == "cpu" else "cuda"
    config = transformers.ViTConfig(image_size=options.size, patch_size=options.patch, hidden_size=options.width,
                                    num_hidden_layers=options.layers, num_attention_heads=options.heads,
                                    intermediate_size=4 * options.width, num_labels=10,
                                    attn_implementation=options.attention)
    training = options.peer != "inference"
    model = transformers.ViTForImageClassification(config).train(training).to(device)
    if options.peer == "checkpointed":
        model.gradient_checkpointing_enable()
    trained = list(model.parameters())
    optimizer = torch.optim.AdamW(trained, 5e-5, weight_decay=0.01)
    seconds = []
    for step in range(-2, options.steps):
        pictures = (2 * torch.rand(options.pictures, 3, options.size, options.size) - 1).to(device)
        labels = (torch.arange(options.pictures) % 10).to(device)
        begin = time.perf_counter()
        if training:
            loss = model(pixel_values=pictures, labels=labels).loss
            loss.backward()
            torch.nn.utils.clip_grad_norm_(trained, 1)
            loss.item()
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
        else:
            with torch.inference_mode():
                model(pixel_values=pictures).logits.cpu()
        if device == "cuda":
            torch.cuda.synchronize()
        if step >= 0:
            seconds.append(time.perf_counter() - begin)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
    print(f"torch {torch.__version__}: step min {min(seconds):.4f} s, median {statistics.median(seconds):.4f} s; "
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
                      options.device, "--attention", options.attention] + sizes))
        ours.append(measured([options.program, "--device", options.device, "--setting", setting] + sizes))
    ratios = [their[1] / our[1] for our, their in zip(ours, theirs)]
    median = statistics.median
    our_memory, their_memory = max(o[2] for o in ours), max(t[2] for t in theirs)
    print(f"ViT {options.layers} x {options.width}, {setting}, {options.pictures} of {options.size} x {options.size}, "
          f"{options.threads} threads, {options.device}: thaw min {min(o[0] for o in ours):.4f} s, "
          f"median {median(o[1] for o in ours):.4f} s, {our_memory:.0f} MB; torch ({options.attention}) min "
          f"{min(t[0] for t in theirs):.4f} s, median {median(t[1] for t in theirs):.4f} s, {their_memory:.0f} MB; "
          f"speed ratio min {min(ratios):.2f}, median {median(ratios):.2f}; memory ratio "
          f"{our_memory / their_memory:.2f}", flush=True)


if options.peer:
    peer()
else:
    for name in options.settings.split(","):
        compare(name)
