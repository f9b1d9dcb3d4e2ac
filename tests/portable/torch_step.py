# SPDX-License-Identifier: Apache-2.0
# What benchmark_training measures, in PyTorch on its GPU, or on the processor if it sees none. bf16 and f16 are its
# automatic mixed precision. Usage: torch_step.py                               prints version and device
#                                  torch_step.py SHAPE TYPE TEXTS TOKENS STEPS  prints a line as benchmark_training does
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

device = "cuda" if torch.cuda.is_available() else "xpu" if hasattr(torch, "xpu") and torch.xpu.is_available() else "cpu"
accelerator = getattr(torch, device, None) if device != "cpu" else None


class Layer(nn.Module):
    def __init__(self, channels, heads, inner):
        super().__init__()
        self.heads = heads
        self.query, self.key, self.value, self.out = (nn.Linear(channels, channels) for _ in range(4))
        self.up, self.down = nn.Linear(channels, inner), nn.Linear(inner, channels)
        self.norm1, self.norm2 = nn.LayerNorm(channels, 1e-12), nn.LayerNorm(channels, 1e-12)
        self.dropout = nn.Dropout(0.1)

    def attention(self, x):
        q, k, v = (p(x).unflatten(-1, (self.heads, -1)).transpose(1, 2) for p in (self.query, self.key, self.value))
        if hasattr(F, "scaled_dot_product_attention"):
            y = F.scaled_dot_product_attention(q, k, v, dropout_p=0.1)
        else:
            y = self.dropout((q @ k.transpose(-1, -2) / q.shape[-1] ** 0.5).softmax(-1)) @ v
        return self.out(y.transpose(1, 2).flatten(2))

    def forward(self, x):
        x = self.norm1(x + self.dropout(self.attention(x)))
        return self.norm2(x + self.dropout(self.down(F.gelu(self.up(x)))))


class Bert(nn.Module):
    def __init__(self, layers, channels, heads):
        super().__init__()
        self.words, self.positions = nn.Embedding(30522, channels), nn.Embedding(512, channels)
        self.types = nn.Embedding(2, channels)
        self.norm, self.dropout = nn.LayerNorm(channels, 1e-12), nn.Dropout(0.1)
        self.layers = nn.Sequential(*(Layer(channels, heads, 4 * channels) for _ in range(layers)))
        self.pooler, self.classifier = nn.Linear(channels, channels), nn.Linear(channels, 10)

    def forward(self, ids):
        positions = torch.arange(ids.shape[1], device=ids.device)
        x = self.words(ids) + self.positions(positions) + self.types(torch.zeros_like(ids))
        x = self.layers(self.dropout(self.norm(x)))
        return self.classifier(self.dropout(torch.tanh(self.pooler(x[:, 0]))))


def main(shape, kind, texts, tokens, steps):
    low = {"f32": None, "bf16": torch.bfloat16, "f16": torch.float16}[kind]
    model = Bert(*{"minilm": (6, 384, 12), "bert-base": (12, 768, 12)}[shape]).to(device)
    optimizer = torch.optim.AdamW(model.parameters(), 5e-5, weight_decay=0.01)
    scaler = torch.cuda.amp.GradScaler(enabled=low is torch.float16 and device == "cuda")
    classes = torch.arange(texts, device=device) % 10

    def step():
        ids = torch.randint(100, 30100, (texts, tokens), device=device)
        with torch.autocast(device, dtype=low or torch.bfloat16, enabled=low is not None):
            loss = F.cross_entropy(model(ids), classes)
        scaler.scale(loss).backward()
        scaler.unscale_(optimizer)
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        scaler.step(optimizer)
        scaler.update()
        optimizer.zero_grad()
        loss.item()
        if accelerator:
            accelerator.synchronize()

    for _ in range(2):
        step()
    times = []
    for _ in range(steps):
        start = time.perf_counter()
        step()
        times.append(time.perf_counter() - start)
    peak = accelerator.max_memory_allocated() / 1e6 if accelerator else 0
    print(f"step min {min(times):.4f} s, median {sorted(times)[len(times) // 2]:.4f} s; "
          f"{texts * tokens * len(times) / sum(times):.0f} tokens/s; of tensors {peak:.0f} MB")


if len(sys.argv) > 1:
    main(*sys.argv[1:3], *map(int, sys.argv[3:6]))
else:
    print(f"PyTorch {torch.__version__} on {accelerator.get_device_name() if accelerator else 'the processor'}")
